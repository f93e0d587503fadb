"""A variant or a graphics processor that fails is replaced; a scripted child dies as real ones do."""

import contextlib
import json
import signal
import threading
import time
from pathlib import Path

import pytest

from tests.engine.test_contract import PROMPT, answer, ask, load
from writer_app.engine.client import EngineClient, _death
from writer_app.engine.processor import Found, Tried
from writer_app.engine.protocol import Ending, Loaded, Loading, Read, Text
from writer_app.errors import (
    EngineDied,
    EngineError,
    GraphicsFailed,
    ModelCrashed,
    NotEnoughMemory,
    WriterError,
)
from writer_app.language import explain

ANSWER = [{"text": " It"}, {"text": " was."}]
DIES = [{"signal": "SIGILL"}]
ABORTS = [{"signal": "SIGABRT"}]
CARD = {"name": "Scripted RTX", "layers": [31, 31]}


@pytest.fixture
def tried(tmp_path):
    return Tried(tmp_path / "machine.json")


@pytest.fixture
def begin(tmp_path, tried):
    """A client of a child that plays these parts, and what it was warned of."""
    made = []

    def make(**script):
        path = tmp_path / f"script{len(made)}.json"
        path.write_text(json.dumps({"answers": [ANSWER]} | script), "utf-8")
        warnings = []
        made.append(EngineClient("scripted", str(path), tried=tried, warned=warnings.append))
        return made[-1], warnings

    yield make
    for client in made:
        client.close()


# -- variants of the processor's code -----------------------------------------------------------


def test_each_variant_that_dies_on_trial_is_left_for_the_next_lower_one(begin, tried):
    client, warnings = begin(variants={"amx": {"loads": DIES}, "vnni": {"loads": DIES}, "avx2": {}})
    assert load(client, "x").machine.variant == "avx2"
    assert answer(client, ask(client))[0] == " It was."
    assert tried.found == Found(died=("amx", "vnni"), served=("avx2",))
    assert warnings == []


def test_the_next_start_does_not_try_again_what_died(begin, tried):
    script = {"variants": {"amx": {"loads": DIES}, "avx2": {}}}
    load(begin(**script)[0], "x")
    client, _warnings = begin(**script)
    *_, loaded = client.load("x")
    assert loaded.machine.variant == "avx2"
    assert loaded.id == 1, "the first child it asked"


def test_a_variant_that_dies_before_the_first_word_costs_only_a_moment(begin, tried):
    client, _warnings = begin(variants={"amx": {"answers": DIES}, "avx2": {}})
    assert load(client, "x").machine.variant == "amx"
    events = list(client.generate(ask(client)))
    assert "".join(event.text for event in events if isinstance(event, Text)) == " It was."
    assert [type(event) for event in events[:2]] == [Loading, Loaded]
    assert events[1].machine.variant == "avx2"
    assert client.model == events[1]
    assert tried.found == Found(died=("amx",), served=("avx2",))


def test_one_that_dies_after_words_were_heard_is_told_and_the_next_request_takes_the_lower(
    begin, tried
):
    client, _warnings = begin(
        variants={"amx": {}, "avx2": {}}, answers=[[{"text": " It"}, *DIES], ANSWER]
    )
    load(client, "x")
    with pytest.raises(EngineDied) as death:
        answer(client, ask(client))
    assert death.value.params["cause"] == "SIGILL"
    assert load(client, "x").machine.variant == "avx2"


def test_one_that_dies_while_reading_along_is_replaced_quietly(begin):
    client, _warnings = begin(variants={"amx": {"answers": DIES}, "avx2": {}})
    load(client, "x")
    done = client.read(Read(id=client.new_id(), parts=PROMPT))
    assert done.reason is Ending.END
    assert client.model.machine.variant == "avx2"


def test_where_every_variant_dies_that_is_said_and_it_ends(begin, tried):
    client, _warnings = begin(variants={"amx": {"loads": DIES}, "avx2": {"loads": DIES}})
    with pytest.raises(EngineError):
        load(client, "x")
    assert tried.found.died == ("amx", "avx2")


def test_a_build_without_variants_says_that_it_does_not_fit_the_processor(begin, tried):
    client, _warnings = begin(answers=[DIES])
    load(client, "x")
    with pytest.raises(EngineDied) as death:
        answer(client, ask(client))
    assert death.value.params["reason"] == "this build does not fit the processor"
    assert tried.found == Found()


def test_another_death_says_nothing_about_the_variant(begin, tried):
    client, _warnings = begin(variants={"amx": {"answers": [{"exit": 1}]}, "avx2": {}})
    load(client, "x")
    with pytest.raises(EngineDied):
        answer(client, ask(client))
    assert tried.found.died == ()


@pytest.mark.parametrize(
    ("status", "cause"),
    [
        (-signal.SIGILL, "SIGILL"),
        (0xC000001D, "SIGILL"),
        (0xC0000005, "SIGSEGV"),
        (137, "exit 137"),
    ],
)
def test_a_death_is_named_alike_on_every_system(status, cause):
    assert _death(status, "").params["cause"] == cause


# -- graphics processors ------------------------------------------------------------------------


def test_what_holds_the_layers_is_told(begin):
    machine = load(begin(graphics=CARD)[0], "x").machine
    assert (machine.graphics, machine.layers, machine.all_layers) == ("Scripted RTX", 31, 31)


@pytest.mark.parametrize(
    "steps",
    [
        ABORTS,
        [{"exit": 134}],
        [{"signal": "SIGSEGV"}],
        [{"fail": "LoadFailed", "params": {"model": "m", "reason": "no device"}}],
        [{"fail": "NotEnoughMemory", "params": {"model": "m", "context": 4096}}],
    ],
)
def test_a_driver_that_fails_on_loading_leaves_it_to_the_processor_with_one_warning(
    begin, tried, steps
):
    client, warnings = begin(graphics=CARD | {"loads": steps})
    machine = load(client, "x").machine
    assert machine.graphics == ""
    assert machine.graphics_failed
    assert answer(client, ask(client))[0] == " It was."
    (warning,) = warnings
    assert isinstance(warning, GraphicsFailed)
    assert warning.params["device"] == "Scripted RTX"
    assert tried.found.graphics == machine.graphics_failed == warning.params["reason"]


def test_a_driver_that_dies_before_the_first_word_costs_only_a_moment(begin, tried):
    client, warnings = begin(graphics=CARD | {"answers": ABORTS})
    assert load(client, "x").machine.graphics
    assert answer(client, ask(client))[0] == " It was."
    assert client.model.machine.graphics == ""
    assert len(warnings) == 1


def test_a_driver_that_dies_in_mid_stream_is_named_and_left_alone_from_then_on(begin, tried):
    client, warnings = begin(graphics=CARD, answers=[[{"text": " It"}, *ABORTS], ANSWER])
    load(client, "x")
    with pytest.raises(GraphicsFailed):
        answer(client, ask(client))
    assert load(client, "x").machine.graphics_failed
    assert warnings == [], "the error itself was the word about it"
    assert tried.found.graphics


def test_the_next_start_leaves_it_alone_without_a_word_until_it_is_asked_for_again(begin, tried):
    load(begin(graphics=CARD | {"loads": ABORTS})[0], "x")
    client, warnings = begin(graphics=CARD)
    assert load(client, "x").machine.graphics == ""
    assert warnings == []
    client.use_graphics(wanted=False)
    client.use_graphics(wanted=True)
    assert load(client, "x").machine.graphics == "Scripted RTX"
    assert tried.found.graphics == ""


def test_where_it_is_not_wanted_it_is_not_touched(begin):
    client, _warnings = begin(graphics=CARD | {"loads": ABORTS})
    client.use_graphics(wanted=False)
    machine = load(client, "x").machine
    assert machine.graphics == machine.graphics_failed == ""


def test_a_model_that_fails_on_the_processor_too_is_not_the_drivers_fault(begin, tried):
    refused = {"fail": "NotEnoughMemory", "params": {"model": "m", "context": 4096}}
    client, warnings = begin(graphics=CARD, loads=[refused])
    with pytest.raises(NotEnoughMemory):
        load(client, "x")
    assert warnings == []
    assert tried.found.graphics == ""


@pytest.mark.parametrize("steps", [[{"signal": "SIGKILL"}], [{"fail": "InvalidNumbers"}]])
def test_what_does_not_speak_of_a_driver_is_not_laid_to_its_charge(begin, tried, steps):
    client, _warnings = begin(graphics=CARD | {"answers": steps})
    load(client, "x")
    with pytest.raises(EngineError):
        answer(client, ask(client))
    assert load(client, "x").machine.graphics


def test_stopped_while_another_try_is_loading_it_ends_as_stopped(begin):
    client, _warnings = begin(
        variants={"amx": {"answers": DIES}, "avx2": {"loads": [{"wait": 30}]}}
    )
    load(client, "x")

    def stop() -> None:
        while client.model is not None:
            time.sleep(0.01)
        while client.model is None and not ended.wait(0.05):
            client.interrupt()

    ended = threading.Event()
    threading.Thread(target=stop, daemon=True).start()
    *_, done = client.generate(ask(client))
    ended.set()
    assert done.reason is Ending.CANCELLED


# -- models that end the child ----------------------------------------------------------------------


@pytest.fixture
def model(tmp_path):
    path = tmp_path / "model.gguf"
    path.write_bytes(b"GGUF")
    return str(path)


@pytest.mark.parametrize(
    "step", [{"signal": "SIGABRT"}, {"signal": "SIGSEGV"}, {"signal": "SIGKILL"}, {"exit": 1}]
)
def test_a_model_that_ends_the_child_is_named_and_remembered_over_a_restart(
    begin, tmp_path, tried, model, step
):
    client, _warnings = begin(loads=[step])
    with pytest.raises(ModelCrashed) as crash:
        load(client, model)
    assert crash.value.params["model"] == "model.gguf"
    assert explain(crash.value)
    assert client.has_crashed(model)
    assert Tried(tmp_path / "machine.json").has_crashed(model)
    assert not tried.has_crashed("another")


def test_one_that_loads_when_it_is_tried_again_is_trusted_again(begin, tmp_path, model):
    with pytest.raises(ModelCrashed):
        load(begin(loads=ABORTS)[0], model)
    client, _warnings = begin()
    assert client.has_crashed(model)
    load(client, model)
    assert not client.has_crashed(model)
    assert not Tried(tmp_path / "machine.json").has_crashed(model)


def test_a_file_that_was_fetched_again_is_another_model(begin, model):
    client, _warnings = begin(loads=ABORTS)
    with pytest.raises(ModelCrashed):
        load(client, model)
    Path(model).write_bytes(b"GGUF, and complete")
    assert not client.has_crashed(model)


def test_a_model_is_written_down_before_it_is_loaded_lest_the_machine_goes_down_with_it(
    begin, tmp_path, model
):
    client, _warnings = begin(loads=[{"reading": [1, 2]}, {"wait": 30}])
    loading = client.load(model)
    next(loading)
    assert Tried(tmp_path / "machine.json").has_crashed(model)
    loading.close()


@pytest.mark.parametrize("fault", ["ModelDamaged", "NotEnoughMemory", "ModelMissing"])
def test_a_refusal_is_no_crash(begin, tmp_path, model, fault):
    params = {"model": "m", "context": 1, "path": "p"}
    client, _warnings = begin(loads=[{"fail": fault, "params": params}])
    with pytest.raises(WriterError):
        load(client, model)
    assert not Tried(tmp_path / "machine.json").has_crashed(model)


@pytest.mark.parametrize("end", ["close", "interrupt"])
def test_a_program_that_ends_while_it_loads_is_no_crash(begin, tmp_path, model, end):
    client, _warnings = begin(loads=[{"reading": [1, 2]}, {"wait": 30}])
    loading = client.load(model)
    next(loading)
    threading.Timer(0.3, getattr(client, end)).start()
    with contextlib.suppress(EngineError):
        list(loading)
    assert not Tried(tmp_path / "machine.json").has_crashed(model)


def test_a_crash_of_a_variant_is_not_laid_to_the_models_charge(begin, tried, model):
    client, _warnings = begin(variants={"amx": {"loads": DIES}, "avx2": {}})
    load(client, model)
    assert not tried.has_crashed(model)
    assert tried.found.died == ("amx",)
