"""What is expected of a model's speed: physics that must hold whatever the machine is."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from writer_app.engine import speed
from writer_app.engine.facts import Work
from writer_app.engine.footprint import Shape
from writer_app.engine.speed import KERNELS, Pace, Probe


def shape(billions=1.0, **more):
    usual = {"vocabulary": 50_000, "width": 2_048, "layers": 24, "heads": 16, "kv_heads": 4}
    lengths = {"key_length": 128, "value_length": 128}
    return Shape(parameters=int(billions * 1e9), **(usual | lengths | more))


SMALL = shape(0.3)
PROBE = Probe(pace=Pace(200.0, 40.0), context=256, work=speed.work_of(SMALL, "Q4_1"), shape=SMALL)
KINDS = st.sampled_from(sorted(KERNELS))


def test_the_model_that_was_measured_is_predicted_as_it_was_measured():
    for bandwidth in (0.0, 1e6, 1e10, 1e13):
        probe = msgspec.structs.replace(PROBE, bandwidth=bandwidth)
        found = speed.predicted(PROBE.work, SMALL, probe, 256)
        assert found.write_tps == pytest.approx(40.0)
        assert found.read_tps == pytest.approx(200.0)


@given(KINDS, st.floats(0.5, 30), st.floats(1.1, 3))
def test_more_parameters_are_slower_and_a_longer_context_is_never_faster(kind, billions, times):
    small, large = shape(billions), shape(billions * times)
    less = speed.predicted(speed.work_of(small, kind), small, PROBE)
    more = speed.predicted(speed.work_of(large, kind), large, PROBE)
    longer = speed.predicted(speed.work_of(large, kind), large, PROBE, 8_192)
    assert less.read_tps > more.read_tps >= longer.read_tps > 0
    assert less.write_tps > more.write_tps >= longer.write_tps > 0


@given(KINDS, st.floats(1e8, 1e11))
def test_nothing_writes_faster_than_memory_gives(kind, bandwidth):
    probe = msgspec.structs.replace(PROBE, bandwidth=bandwidth)
    large = shape(8)
    work = speed.work_of(large, kind)
    had = speed.fetched(PROBE.work, SMALL, 256) * PROBE.pace.write_tps / speed._MOST_FETCHED
    found = speed.predicted(work, large, probe)
    assert (
        found.write_tps * speed.fetched(work, large, speed.USUAL_CONTEXT)
        <= max(bandwidth, had) * 1.001
    )


def test_of_a_mixture_of_experts_only_those_count_that_are_asked():
    dense, mixture = shape(30), shape(30, active=3_000_000_000)
    slow = speed.predicted(speed.work_of(dense, "Q4_K_M"), dense, PROBE)
    fast = speed.predicted(speed.work_of(mixture, "Q4_K_M"), mixture, PROBE)
    assert fast.write_tps > 5 * slow.write_tps


def test_a_kind_that_was_never_measured_counts_as_one_of_about_as_many_bits():
    work = Work({"IQ3_XXS": 10**9}, {"TQ1_0": 10**8, "NVFP4": 10**8})
    assert speed.predicted(work, shape(), PROBE).write_tps > 0


def test_rows_that_are_no_multiple_of_a_block_are_of_another_kind():
    assert speed.work_of(shape(width=640), "Q4_K_M").output.keys() == {"Q8_0"}
    assert speed.work_of(shape(width=640), "Q4_K_M").blocks.keys() == {"Q5_0", "Q8_0"}


def test_places_that_compute_one_after_the_other_add_their_times():
    half = speed.together([(0.5, Pace(100, 100)), (0.5, Pace(10, 10)), (0.0, Pace())])
    assert half.write_tps == pytest.approx(1 / (0.5 / 100 + 0.5 / 10))
    assert not speed.together([(0.5, Pace(100, 100)), (0.5, Pace())]).write_tps


def test_without_a_measurement_nothing_is_promised():
    assert speed.predicted(PROBE.work, SMALL, msgspec.structs.replace(PROBE, pace=Pace())) == Pace()
