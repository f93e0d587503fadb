"""What the bridge makes of an engine's events (a scripted child)."""

import json
from dataclasses import replace

import pytest

from tests.journeys.served import serve
from writer_app import assets
from writer_app.craft import recipe
from writer_app.craft.continuation import Ask
from writer_app.engine import models
from writer_app.engine.keys import Keys
from writer_app.engine.models import Model
from writer_app.engine.protocol import Ending
from writer_app.errors import ServerMissing
from writer_app.settings import Server
from writer_app.ui.bridge import Bridge

SHORT = [{"reading": [100, 500]}, {"text": "She"}, {"text": " rose."}]


@pytest.fixture
def steady():
    return recipe.load_all([assets.resources() / "recipes"], recipe.Preset)[0]["steady"]


@pytest.fixture
def make_bridge(places, tmp_path, qtbot):
    made = []

    def make(*answers):
        path = tmp_path / "script.json"
        path.write_text(json.dumps({"answers": answers}), "utf-8")
        made.append(Bridge(places, ("scripted", str(path))))
        return made[-1]

    yield make
    for bridge in made:
        bridge.close()


def test_the_break_before_a_new_paragraph_comes_with_its_first_word_so_that_reading_is_called_reading(
    make_bridge, steady, qtbot
):
    bridge = make_bridge(SHORT)
    said, phases = [], []
    bridge.arrived.connect(lambda text, _number: said.append(text))
    bridge.phase_changed.connect(phases.append)
    text = "It rained.\n\nIt poured.\n"
    with qtbot.waitSignal(bridge.finished):
        bridge.start(Ask(text=text, caret=len(text), recipe=steady))
    assert "".join(said) == "\nShe rose."
    assert said[0] == "\nShe"
    assert phases.index("reading") < phases.index("writing")
    assert phases.count("writing") == 1


def test_the_break_comes_with_the_first_word_of_each_of_several_answers(make_bridge, steady, qtbot):
    bridge = make_bridge([{"text": t, "alternative": n} for t in ("She", " rose.") for n in (1, 0)])
    said = ["", ""]
    bridge.arrived.connect(lambda text, number: said.__setitem__(number, said[number] + text))
    text = "It rained.\n\nIt poured.\n"
    with qtbot.waitSignal(bridge.finished) as ended:
        bridge.start(Ask(text=text, caret=len(text), recipe=steady, alternatives=2, drawn_seed=5))
    assert said == ["\nShe rose.", "\nShe rose."]
    assert [each.seed for each in ended.args[0].alternatives] == [5, 6]


def test_one_of_several_answers_can_be_dropped_and_the_others_go_on(make_bridge, steady, qtbot):
    steps = [{"text": "She", "alternative": 1}, {"wait": 0.4}]
    steps += [{"text": " rose.", "alternative": number} for number in (0, 1)]
    bridge = make_bridge(steps)
    said = []
    bridge.arrived.connect(lambda text, number: said.append((number, text)))
    bridge.arrived.connect(lambda _text, number: bridge.drop(1) if number else None)
    with qtbot.waitSignal(bridge.finished) as ended:
        bridge.start(Ask(text="It rained.", caret=10, recipe=steady, alternatives=2))
    assert said == [(1, "She"), (0, " rose.")]
    assert [each.reason for each in ended.args[0].alternatives] == [Ending.END, Ending.CANCELLED]
    bridge.drop(0)  # nothing is being written: nothing happens


def test_a_bundled_model_is_called_by_the_name_it_has_in_the_list(
    make_bridge, steady, qtbot, tmp_path, monkeypatch
):
    bridge = make_bridge(SHORT)
    path = tmp_path / "odd-file-name.Q4_1.gguf"
    path.touch()
    bundled = Model("Starter", path, 0, ("en",), bundled=True)
    monkeypatch.setattr(models, "_bundled", lambda _cache: iter([bundled]))
    bridge._worker._backend = "llama"  # look for models as with the real engine
    with qtbot.waitSignal(bridge.model_changed) as changed:
        bridge.warm(Ask(text="It rained.", caret=10, recipe=steady))
    assert changed.args[0].name == "Starter"


def test_loading_a_model_ahead_leaves_the_bridge_idle_and_ready_to_read_along(
    make_bridge, steady, qtbot
):
    bridge = make_bridge(SHORT)
    ask = Ask(text="It rained.", caret=10, recipe=steady)
    with qtbot.waitSignal(bridge.model_changed):
        bridge.warm(ask)
    qtbot.wait(50)
    assert bridge.phase == "idle"
    bridge.read_along(ask)
    qtbot.waitUntil(lambda: bridge._worker.jobs.empty() and not bridge._worker._reading)
    bridge.forget("a project")
    with qtbot.waitSignal(bridge.finished):
        bridge.start(ask)


def test_each_project_keeps_its_own_layout_until_it_is_forgotten(make_bridge, steady, qtbot):
    bridge = make_bridge(SHORT, SHORT, SHORT)
    paragraph = (
        "It rained, and nobody in the house slept that night, for the wind went round it.\n\n"
    )
    text = "".join(f"{number} {paragraph}" for number in range(200))
    here = Ask(text=text, caret=len(text), recipe=steady, project="here", read_tokens=400)
    there = replace(here, text="Elsewhere. " + text, caret=len(text) // 2, project="there")
    for ask in (here, there):
        with qtbot.waitSignal(bridge.finished):
            bridge.start(ask)
    start = bridge._worker._layouts["here"][0].start
    with qtbot.waitSignal(bridge.finished):
        bridge.start(replace(here, caret=here.caret - 1_000))
    assert bridge._worker._layouts["here"][0].start == start
    bridge.forget("here")
    qtbot.waitUntil(lambda: list(bridge._worker._layouts) == ["there"])


def test_what_would_be_read_is_told_without_reading_it_and_what_was_read_counts_as_read(
    make_bridge, steady, qtbot
):
    bridge = make_bridge(SHORT)
    ask = Ask(text="It rained. ", caret=11, recipe=steady, project="p")
    bridge.tell(ask)  # no model is loaded for that
    asked = []
    bridge.asked.connect(asked.append)
    with qtbot.waitSignal(bridge.finished):
        bridge.start(ask)
    assert "".join(part.text for part in asked[0].request.parts) == "It rained. "
    layouts = dict(bridge._worker._layouts)
    with qtbot.waitSignal(bridge.told) as told:
        bridge.tell(replace(ask, text="Elsewhere it is dry."))
        bridge.tell(replace(ask, text="It rained. And then some.", caret=25))
    account = told.args[0]
    assert account.prompt == "It rained. And then some."
    assert 0 < account.read < account.tokens
    assert bridge._worker._layouts == layouts
    bridge.forget("p")
    with qtbot.waitSignal(bridge.told) as told:
        bridge.tell(ask)
    assert told.args[0].read == 0


def test_a_server_hears_nothing_before_she_asks_and_nothing_that_she_did_not_ask(
    make_bridge, steady, qtbot
):
    bridge = make_bridge(SHORT)
    here = Ask(text="It rained.", caret=10, recipe=steady, project="p")
    there = replace(here, model="endpoint:s")
    with qtbot.waitSignal(bridge.model_changed):
        bridge.warm(here)
    with serve([[{"text": " She"}, {"text": " rose."}]]) as (address, play):
        bridge.use_servers((Server(name="s", address=address),), Keys())
        with qtbot.waitSignal(bridge.model_changed) as changed:
            bridge.warm(there)
        assert changed.args == [None]
        assert (bridge.pid, play.requests) == (None, 0)
        said = []
        bridge.arrived.connect(lambda text, _number: said.append(text))
        with qtbot.waitSignal(bridge.finished):
            bridge.start(there)
        assert ("".join(said), bridge.model.name) == (" She rose.", "Scripted")
        asked = play.requests
        with qtbot.waitSignal(bridge.told) as told:
            bridge.read_along(replace(there, text="It poured."))
            bridge.tell(replace(there, text="It poured again.", caret=16))
        assert told.args[0].prompt == "It poured again."
        assert play.requests == asked
        remote = bridge.pid
        with qtbot.waitSignal(bridge.finished):
            bridge.start(here)
        assert bridge.pid != remote
        assert play.requests == asked


def test_a_server_that_is_connected_no_more_is_said_and_a_stop_ends_one_that_thinks(
    make_bridge, steady, qtbot
):
    bridge = make_bridge(SHORT)
    ask = Ask(text="It rained.", caret=10, recipe=steady, model="endpoint:s")
    with qtbot.waitSignal(bridge.failed) as failed:
        bridge.start(ask)
    assert isinstance(failed.args[0], ServerMissing)
    with serve([[{"text": " She"}, {"wait": 600}]]) as (address, _play):
        bridge.use_servers((Server(name="s", address=address),), Keys())
        bridge.arrived.connect(lambda _text, _number: bridge.stop())
        with qtbot.waitSignal(bridge.finished) as done:
            bridge.start(ask)
    assert done.args[0].reason is Ending.CANCELLED
