"""A graphics processor or a variant of llama.cpp fails under the writer's hands (a scripted child, no card).

No card was ever driven here: what drivers really do is known from reports only.
"""

from tests.journeys.writer import says
from writer_app.engine.processor import Tried

BEFORE = "She came to the door."
CARD = {"name": "Scripted RTX", "layers": [31, 31]}
ABORTS = [{"signal": "SIGABRT"}]
AVX2 = {"amx": {"answers": [{"signal": "SIGILL"}]}, "avx2": {}}


def asked(writer):
    writer.ask()
    writer.wait_for_answer()
    return writer


def machine(writer):
    return writer.window.session.services.turns.model.machine


def test_what_holds_the_layers_stands_in_the_status_bar(sit_down):
    writer = asked(sit_down([says(" It.")], BEFORE, graphics=CARD))
    assert writer.state.graphics == "Scripted RTX"
    assert writer.notices == []


def test_a_driver_that_fails_on_loading_is_one_notice_and_her_answer_comes(sit_down):
    refused = {"fail": "LoadFailed", "params": {"model": "m", "reason": "no device"}}
    writer = asked(sit_down([says(" It.")], BEFORE, graphics=CARD | {"loads": [refused]}))
    assert writer.text == BEFORE + " It."
    (notice,) = writer.notices
    assert "Scripted RTX: no device" in notice.text
    assert "Use the graphics processor" in notice.text
    assert machine(writer).graphics_failed == "no device"
    asked(writer)
    assert len(writer.notices) == 1


def test_a_driver_that_dies_at_the_first_word_is_one_notice_and_her_answer_comes(sit_down, places):
    writer = asked(sit_down([says(" It.")], BEFORE, graphics=CARD | {"answers": ABORTS}))
    assert writer.text == BEFORE + " It."
    assert len(writer.notices) == 1
    assert writer.state.graphics == ""
    assert Tried(places.machine).found.graphics


def test_a_driver_that_dies_in_mid_stream_keeps_the_text_and_trying_again_works(sit_down):
    dying = [*says(" It", " was"), {"wait": 0.1}, *ABORTS]
    writer = asked(sit_down([says(" so.")], BEFORE, graphics=CARD | {"answers": dying}))
    assert writer.text == BEFORE + " It was"
    (notice,) = writer.notices
    assert "Scripted RTX" in notice.text
    writer.press_button("Try again")
    writer.wait_for_answer()
    assert writer.text == BEFORE + " It was so."
    assert writer.notices == []
    assert machine(writer).graphics_failed


def test_one_that_failed_once_is_left_alone_silently_and_tried_anew_when_switched_off_and_on(
    sit_down, places
):
    tried = Tried(places.machine)
    tried.found.graphics = "an old trouble"
    tried.save()
    writer = asked(sit_down([says(" It.")], BEFORE, graphics=CARD))
    assert machine(writer).graphics_failed == "an old trouble"
    assert writer.notices == []
    writer.window.session.set_preference("model", "graphics", False)
    asked(writer)
    assert writer.state.graphics == ""
    writer.window.session.set_preference("model", "graphics", True)
    asked(writer)
    assert writer.state.graphics == "Scripted RTX"


def test_a_variant_that_does_not_fit_the_processor_costs_her_not_even_a_notice(sit_down, places):
    writer = asked(sit_down([says(" It.")], BEFORE, variants=AVX2))
    assert writer.text == BEFORE + " It."
    assert writer.notices == []
    assert machine(writer).variant == "avx2"
    assert Tried(places.machine).found.died == ("amx",)


def test_stopped_while_another_variant_is_tried_nothing_more_is_heard(sit_down):
    variants = {"amx": {"answers": [{"signal": "SIGILL"}]}, "avx2": {"loads": [{"wait": 30}]}}
    writer = sit_down([says(" It.")], BEFORE, variants=variants)
    writer.ask()
    writer.wait(lambda: writer.engine.pid is not None and writer.engine._worker.client.model)
    writer.wait(lambda: writer.engine._worker.client.model is None)
    writer.escape()
    writer.wait_for_silence()
    assert writer.text == BEFORE
    assert writer.notices == []
