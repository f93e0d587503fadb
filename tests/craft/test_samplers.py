import msgspec
import pytest

from writer_app.craft.samplers import FIELDS, SAMPLERS, USUAL_ORDER, Overrides, acting
from writer_app.engine.protocol import Sampling


def test_the_table_and_the_overrides_know_every_setting():
    names = [field.name for field in msgspec.structs.fields(Sampling)]
    assert sorted([*FIELDS, "order"]) == sorted(names)
    assert sorted(Overrides.__struct_fields__) == sorted(names)
    assert [each.name for each in SAMPLERS][: len(USUAL_ORDER)] == list(USUAL_ORDER)


@pytest.mark.parametrize("field", [f for f in FIELDS.values() if f.is_number], ids=lambda f: f.name)
def test_both_ends_of_a_range_are_settings_that_the_engine_takes(field):
    for value in (field.low, field.high):
        values = {field.name: field.fitting(value)}
        got = getattr(msgspec.convert(values, Sampling), field.name)
        assert max(got, field.low) == value


def test_a_new_sampling_draws_with_its_temperature_alone():
    assert acting(Sampling()) == {"temperature"}
    assert acting(Sampling(temperature=1.0)) == set()


@pytest.mark.parametrize(
    ("values", "working"),
    [
        ({"min_p": 0.1}, {"temperature", "min_p"}),
        ({"top_n_sigma": 0.0}, {"temperature"}),
        ({"frequency_penalty": -0.1}, {"temperature", "penalties"}),
        ({"repeat_penalty": 1.2, "penalty_last_n": 0}, {"temperature"}),
        ({"min_p": 0.1, "order": ("top_k", "temperature")}, {"temperature"}),
        ({"min_p": 0.1, "dry_multiplier": 1, "temperature": 0}, {"temperature", "dry"}),
        ({"min_p": 0.1, "mirostat_tau": 3}, {"temperature", "mirostat"}),
        ({"logit_bias": {"a": 1}}, {"temperature", "bias"}),
    ],
)
def test_only_samplers_at_work_are_called_so(values, working):
    assert acting(Sampling(**values)) == working


def test_what_she_sets_goes_before_the_preset_and_the_rest_stays():
    preset = Sampling(temperature=0.7, min_p=0.08, top_k=80)
    assert Overrides().applied_to(preset) == preset
    mine = Overrides(min_p=0.0, order=("temperature", "top_k"))
    assert mine.applied_to(preset) == Sampling(
        temperature=0.7, top_k=80, order=("temperature", "top_k")
    )
    assert mine.differing(preset) == ("min_p", "order")
    assert Overrides(top_k=80).differing(preset) == ()
    assert Overrides.of(preset).applied_to(Sampling(min_p=0.3)) == preset


def test_a_sampler_that_she_sets_comes_into_a_chain_that_lacks_it():
    preset = Sampling(order=("top_k", "temperature"))
    assert Overrides(min_p=0.1).applied_to(preset).order == ("top_k", "temperature", "min_p")
    assert Overrides(mirostat_tau=3.0).applied_to(preset).order == preset.order


def test_settings_that_somebody_spoilt_are_left_out():
    mine = Overrides(top_k=5, dry_breakers=("\n",), logit_bias={"a": 1.0}, order=("top_k",))
    assert Overrides.read(mine.plain()) == mine
    spoilt = {"top_k": "five", "min_p": float("nan"), "moon": 1, "top_p": 7, "order": ["x", "dry"]}
    assert Overrides.read(spoilt) == Overrides(top_p=1.0, order=("dry",))
