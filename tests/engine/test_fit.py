"""The verdict on a model: whether it fits, how fast, with what context and how many layers elsewhere."""

import msgspec
import pytest

from tests.engine.test_speed import PROBE, shape
from writer_app.engine import fit, speed
from writer_app.engine.catalogue import Build, Entry, File
from writer_app.engine.fit import Room, Verdict
from writer_app.engine.measuring import Measured
from writer_app.engine.speed import Pace

GB = 10**9
ROOM = Room(total=16 * GB, available=10 * GB)
HERE = Measured(processor=PROBE)


def judged(billions, room=ROOM, measured=HERE, trained=32_768, **more):
    made = shape(billions)
    size = int(billions * 1e9 * 4.85 / 8)
    work = speed.work_of(made, "Q4_K_M")
    return fit.fit(made, work, size=size, trained=trained, room=room, measured=measured, **more)


def entry(billions, *kinds, name="it", **more):
    builds = tuple(
        Build(
            quantisation=kind,
            repository="a/b",
            files=(File(name=f"{kind}.gguf", size=int(billions * 1e9 * bits / 8)),),
        )
        for kind, bits in kinds
    )
    usual = {"languages": {"en": 3}, "kind": "instruct", "licence": "MIT", "context": 32_768}
    return Entry(id=name, name=name, shape=shape(billions), builds=builds, **(usual | more))


def test_a_small_model_is_fast_a_larger_one_slow_and_a_huge_one_does_not_fit():
    assert judged(0.4).verdict is Verdict.FAST
    assert judged(8).verdict is Verdict.SLOW
    assert judged(70).verdict is Verdict.TOO_LARGE
    assert not judged(70).fits
    assert judged(70).pace is None


def test_without_a_measurement_only_the_memory_is_judged():
    found = judged(8, measured=None)
    assert found.verdict is Verdict.FITS
    assert found.pace is None


def test_memory_that_other_programs_hold_now_counts_as_far_as_they_could_be_closed():
    busy = Room(total=16 * GB, available=1 * GB)
    assert judged(8, room=busy).fits
    assert not judged(24, room=busy).fits


def test_what_a_model_really_did_replaces_what_was_expected():
    found = judged(8, seen=Pace(400.0, 30.0))
    assert found.verdict is Verdict.FAST
    assert found.is_measured
    assert found.pace.write_tps == 30.0


@pytest.mark.parametrize("billions", [0.4, 3, 8, 14])
def test_the_context_chosen_fits_and_is_no_longer_than_the_model_was_trained_for(billions):
    for trained in (1_024, 4_096, 100_000):
        found = judged(billions, trained=trained)
        assert found.context <= trained
        assert not found.fits or found.needed <= ROOM.usable
    quick = judged(billions, seen=Pace(10_000.0, 100.0), trained=100_000)
    assert quick.context >= judged(billions, trained=100_000).context


def test_layers_go_where_there_is_room_for_them_and_make_a_large_model_possible():
    graphics = msgspec.structs.replace(PROBE, pace=Pace(9_000.0, 900.0))
    beside = Measured(processor=PROBE, graphics=graphics, graphics_free=(24 * GB,))
    alone, helped = judged(20), judged(20, measured=beside)
    assert alone.verdict is Verdict.TOO_LARGE
    assert helped.layers == 25
    assert helped.verdict is Verdict.FAST
    partly = Measured(processor=PROBE, graphics=graphics, graphics_free=(6 * GB,))
    some = judged(14, measured=partly)
    assert 0 < some.layers < 25
    assert judged(14).pace.write_tps < some.pace.write_tps < helped.pace.write_tps * 20 / 14


def test_the_largest_quantisation_that_is_fast_is_taken_else_the_usual_one():
    kinds = (("Q4_K_M", 4.85), ("Q6_K", 6.6), ("Q8_0", 8.5))
    assert fit.choose(entry(0.4, *kinds), ROOM, HERE)[0].quantisation == "Q8_0"
    assert fit.choose(entry(8, *kinds), ROOM, HERE)[0].quantisation == "Q4_K_M"
    assert fit.choose(entry(0.4, *kinds), ROOM, None)[0].quantisation == "Q4_K_M"
    small = Room(6 * GB, 4 * GB)
    chosen, found = fit.choose(entry(8, ("Q8_0", 8.5), ("Q2_K", 2.6)), small, HERE)
    assert chosen.quantisation == "Q2_K"
    assert found.fits
    assert fit.choose(entry(8), ROOM, HERE) is None


def test_the_best_is_the_strongest_of_those_that_are_fast_for_a_language():
    quick = entry(0.3, ("Q4_K_M", 4.85), name="quick", languages={"en": 1, "zh": 1})
    good = entry(0.5, ("Q4_K_M", 4.85), name="good", languages={"en": 2})
    great = entry(14, ("Q4_K_M", 4.85), name="great", languages={"en": 5, "zh": 5})
    candidates = [(each, fit.choose(each, ROOM, HERE)[1]) for each in (quick, good, great)]
    assert fit.best(candidates, "en") is good
    assert fit.best(candidates, "zh") is quick
    assert fit.best(candidates, "fr") is None
