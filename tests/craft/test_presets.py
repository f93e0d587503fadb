import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from writer_app import assets
from writer_app.craft.presets import (
    LIMIT,
    lost,
    read,
    to_kobold,
    to_sillytavern,
    to_toml,
)
from writer_app.craft.samplers import FAR, FIELDS, USUAL_ORDER, acting, without_idle
from writer_app.engine.protocol import Sampling
from writer_app.errors import PresetError, PresetValue
from writer_app.language import explain

#: The names are theirs, the values are ours.
TAVERN = {
    "temp": 1.1,
    "temperature_last": True,
    "top_p": 0.95,
    "top_k": -1,
    "top_a": 0.2,
    "tfs": 1,
    "typical_p": 1,
    "min_p": 0.02,
    "rep_pen": 1.1,
    "rep_pen_range": 0,
    "freq_pen": 0.3,
    "presence_pen": 0.1,
    "no_repeat_ngram_size": 0,
    "dynatemp": False,
    "min_temp": 0,
    "max_temp": 2,
    "smoothing_factor": 0.25,
    "dry_allowed_length": 3,
    "dry_multiplier": 0.8,
    "dry_base": 1.75,
    "dry_sequence_breakers": '["\\n", "「", "_", "_"]',
    "dry_penalty_last_n": 0,
    "mirostat_mode": 0,
    "mirostat_tau": 5,
    "mirostat_eta": 0.1,
    "banned_tokens": "shivers\ntestament",
    "grammar_string": "",
    "json_schema": None,
    "logit_bias": [
        {"id": "1", "text": "{ moon}", "value": 2},
        {"id": "2", "text": "sun", "value": -150},
        {"id": "3", "text": "[12, 13]", "value": 1},
    ],
    "samplers": ["dry", "penalties", "top_k", "tfs_z", "typ_p", "min_p", "top_p", "temperature"],
    "sampler_order": [6, 0, 1, 3, 4, 2, 5],
    "xtc_threshold": 0.1,
    "xtc_probability": 0.5,
    "nsigma": 0,
}
KOBOLD = {
    "temperature": 0.75,
    "top_k": 100,
    "top_p": 0.92,
    "min_p": 0,
    "typical": 0.9,
    "tfs": 0.97,
    "top_a": 0,
    "rep_pen": 1.05,
    "rep_pen_range": 360,
    "rep_pen_slope": 0.7,
    "presence_penalty": 0.0,
    "sampler_order": [6, 5, 0, 1, 3, 4, 2],
    "mirostat": 0,
    "mirostat_tau": 5.0,
    "dynatemp_range": 0.75,
    "smoothing_factor": 0,
    "dry_multiplier": 0.8,
    "dry_penalty_last_n": 320,
    "dry_sequence_breakers": ["\n", ":"],
    "xtc_probability": 0,
    "nsigma": 1.5,
    "logit_bias": {"12": -3},
    "prompt": "Once upon a time",
}


def test_a_preset_of_sillytavern_says_what_it_says_there():
    found = read(json.dumps(TAVERN), "/somewhere/Moonlit.json")
    assert found.name == "Moonlit"
    sampling = found.sampling
    assert (sampling.temperature, sampling.top_k, sampling.min_p) == (1.1, 0, 0.02)
    assert (sampling.frequency_penalty, sampling.presence_penalty) == (0.3, 0.1)
    assert (sampling.penalty_last_n, sampling.dry_last_n) == (-1, -1)
    assert sampling.dry_breakers == ("\n", "「", "_")
    assert sampling.logit_bias == {" moon": 2.0, " sun": -100.0}
    assert sampling.mirostat_tau == 0
    assert found.ignored == ("logit_bias", "top_a", "smoothing_factor", "banned_tokens")
    assert found.limited == ("logit_bias",)


def test_the_list_for_llama_cpp_is_the_chain_of_a_sillytavern_preset():
    order = read(json.dumps(TAVERN)).sampling.order
    assert order == (
        *("top_n_sigma", "dry", "penalties", "top_k", "typical_p"),
        *("min_p", "top_p", "temperature", "xtc"),
    )
    others = {**TAVERN, "samplers": None, "sampler_priority": ["temperature", "top_k", "tfs"]}
    order = read(json.dumps(others)).sampling.order
    assert order.index("temperature") < order.index("top_k")
    assert sorted(order) == sorted(USUAL_ORDER)


def test_a_preset_of_koboldcpp_says_what_it_says_there():
    found = read(json.dumps({**KOBOLD, "preset": "Foggy"}))
    sampling = found.sampling
    assert found.name == "Foggy"
    assert (sampling.temperature, sampling.typical_p, sampling.top_n_sigma) == (0.75, 0.9, 1.5)
    assert (sampling.repeat_penalty, sampling.penalty_last_n) == (1.05, 360)
    assert sampling.dry_last_n == 320
    assert sampling.order == (
        *("dry", "penalties", "temperature", "top_n_sigma", "top_k"),
        *("typical_p", "top_p", "min_p", "xtc"),
    )
    assert set(found.ignored) == {"tfs", "rep_pen_slope", "dynatemp_range", "logit_bias"}
    assert found.limited == ()


def test_the_settings_of_koboldai_lite_are_found_in_its_story_files():
    settings = {"temperature": 0.6, "typ_s": 0.8, "miro_type": 2, "miro_tau": 4, "tfs_s": 0.9}
    found = read(json.dumps({"actions": ["…"], "savedsettings": settings}), "story.json")
    assert found.name == "story"
    assert (found.sampling.typical_p, found.sampling.mirostat_tau) == (0.8, 4)
    assert found.ignored == ("tfs_s",)


def test_older_names_and_a_moving_temperature_are_understood():
    old = {"temp": 0.7, "typical": 0.5, "rep_pen": 0, "mirostat": 1, "mirostat_tau": 4}
    found = read(json.dumps(old))
    assert (found.sampling.temperature, found.sampling.repeat_penalty) == (0.7, 1.0)
    assert found.ignored == ("mirostat = 1",)
    moving = {**TAVERN, "dynatemp": True, "min_temp": 0.5, "max_temp": 1.5}
    assert read(json.dumps(moving)).sampling.temperature == 1.0
    assert "dynatemp" in read(json.dumps(moving)).ignored
    greedy = {**TAVERN, "do_sample": False}
    assert read(json.dumps(greedy)).sampling.temperature == 0


def test_values_out_of_range_are_brought_to_its_end_and_told():
    wild = {"temperature": 99, "top_p": -3, "top_k": 10**15, "dry_allowed_length": 0, "typical": 1}
    found = read(json.dumps(wild))
    assert found.sampling.temperature == 5
    assert found.sampling.top_p == 0
    assert set(found.limited) == {"temperature", "top_p", "dry_allowed_length"} | {"top_k"}


def test_a_whole_recipe_and_a_table_alone_are_presets_of_our_own():
    path = assets.resources() / "recipes" / "continue" / "plain.toml"
    found = read(path.read_text("utf-8"))
    assert found.name == "plain"
    assert found.sampling.temperature == 0.4
    found = read('[sampling]\nmin_p = 0.1\nastrology = 3\norder = ["min_p", "magic"]')
    assert found.sampling == Sampling(min_p=0.1, order=("min_p",))
    assert found.ignored == ("astrology", "magic")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Once upon a time", "neither TOML nor JSON"),
        ("", "no part named [sampling]"),
        ("[1, 2]", "neither TOML nor JSON"),
        ("sampling = 3", "no part named [sampling]"),
        ('{"temperature": 1', "not valid JSON"),
        ('{"temperature": NaN, "top_p": 1}', "not valid JSON"),
        ('{"temperature": 1e999, "top_p": 1}', "not valid JSON"),
        ("{}", "no settings of samplers"),
        ('{"temp": 1}', "no settings of samplers"),
        ('{"name": "Ada", "description": "A countess"}', "no settings of samplers"),
        ('{"a":' + "[" * 50_000, "nested too deep"),
        ("a = " + "[" * 50_000, "nested too deep"),
        ("x" * (LIMIT + 1), "larger than 1 MB"),
        ('{"temp": "hot", "top_p": 1}', "“temp” is not of the kind"),
        ('{"temp": true, "top_p": 1}', "“temp” is not of the kind"),
        ('{"temp": [], "top_p": 1}', "“temp” is not of the kind"),
        ('{"temp": 1, "top_p": 1, "mirostat": "on"}', "“mirostat” is not of the kind"),
        ('{"temp": 1, "top_p": 1, "mirostat": {}}', "“mirostat” is not of the kind"),
        ('{"temp": 1, "top_p": 1, "sampler_order": "6,0"}', "“sampler_order” is not"),
        ('{"temp": 1, "dry_sequence_breakers": "["}', "“dry_sequence_breakers” is not"),
        ('{"temp": 1, "dry_sequence_breakers": [1]}', "“dry_sequence_breakers” is not"),
        ('{"temp": 1, "typical_p": 1, "samplers": [{}]}', "“order” is not"),
        ('{"temp": 1, "top_p": 1, "dynatemp": true, "min_temp": [], "max_temp": 1}', "is not"),
        ('{"temp": 1, "top_p": 1, "logit_bias": [{"text": "a", "value": "b"}]}', "“logit_bias”"),
        ("[sampling]\ntemperature = nan", "“temperature” is not of the kind"),
        ("[sampling]\ntop_n_sigma = inf", "“top_n_sigma” is not of the kind"),
        ('[sampling]\ntemperature = "0.7"', "“temperature” is not of the kind"),
        ("[sampling]\norder = 3", "“order” is not"),
    ],
)
def test_what_is_no_preset_is_refused_in_a_sentence_that_names_the_file(text, reason):
    with pytest.raises(PresetError) as refused:
        read(text, "/here/odd.json")
    sentence = explain(refused.value)
    assert "/here/odd.json" in sentence
    assert reason in sentence
    assert "{" not in sentence


def test_a_number_of_a_thousand_digits_is_no_crash():
    with pytest.raises(PresetValue):
        read('[sampling]\ntop_k = {"a"}'.replace('{"a"}', "9" * 1000))


JUNK = st.sampled_from(
    [
        *(
            None,
            True,
            False,
            0,
            1,
            -1,
            2,
            10**30,
            0.5,
            -7.5,
            1e300,
            "",
            "0.5",
            "[",
            '["a"]',
            "\ud800",
        ),
        *([], [0], ["top_k"], [{}], [[1]], [{"text": "a", "value": 1}], [{"text": "\ud800"}]),
        *({}, {"a": 1}, {"text": [], "value": {}}),
    ]
)


@given(st.dictionaries(st.sampled_from(sorted({*TAVERN, *KOBOLD})), JUNK, max_size=8))
def test_no_file_at_all_makes_it_crash(data):
    try:
        found = read(json.dumps({"temp": 1, "top_p": 0.9} | data))
    except PresetError:
        return
    msgspec.convert(msgspec.to_builtins(found.sampling), Sampling)
    assert sorted(found.sampling.order) == sorted(USUAL_ORDER)


def values(field):
    if field.name == "dry_breakers":
        texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=4)
        return st.lists(texts, unique=True, max_size=4).map(tuple)
    if field.name == "logit_bias":
        texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=4)
        return st.dictionaries(texts, st.floats(-100, 100), max_size=3)
    if field.name == "top_n_sigma":
        return st.just(-1.0) | st.floats(0.01, field.high)
    if field.decimals:
        return st.sampled_from([field.low, field.high]) | st.floats(field.low, field.high)
    return st.integers(int(field.low), min(int(field.high), FAR - 1))


SAMPLINGS = st.builds(
    Sampling,
    **{name: values(field) for name, field in FIELDS.items()},
    order=st.permutations(USUAL_ORDER).map(tuple),
)


@given(SAMPLINGS, st.integers(0, len(USUAL_ORDER)), st.text("abc “”長\n"))
def test_our_own_file_gives_back_every_setting(sampling, length, name):
    sampling = msgspec.structs.replace(sampling, order=sampling.order[:length])
    assert read(to_toml(sampling, name)) == read(to_toml(sampling, name), name)
    assert read(to_toml(sampling, name)).sampling == sampling
    assert read(to_toml(sampling, name)).name == name


#: What the formats have no place for: which of two neutral values it was, and what KoboldCpp lacks.
def comparable(sampling, *dropped):
    plain = without_idle(sampling)
    return {
        name: value
        for name, value in msgspec.structs.asdict(plain).items()
        if name not in dropped and (name, plain.mirostat_tau > 0) != ("mirostat_tau", False)
    }


@given(SAMPLINGS)
def test_sillytavern_gives_back_every_setting(sampling):
    found = read(to_sillytavern(sampling))
    assert comparable(found.sampling) == comparable(sampling)
    assert acting(found.sampling) == acting(sampling)
    assert (found.ignored, found.limited) == ((), ())
    assert lost(sampling, to_sillytavern(sampling)) == ()


@given(SAMPLINGS)
def test_koboldcpp_gives_back_every_setting_that_it_has(sampling):
    written = to_kobold(sampling)
    found = read(written)
    dropped = ("frequency_penalty", "logit_bias", "order")
    assert comparable(found.sampling, *dropped) == comparable(sampling, *dropped)
    assert (found.ignored, found.limited) == ((), ())
    assert to_kobold(found.sampling) == to_kobold(sampling)
    numbered = ("penalties", "top_k", "typical_p", "top_p", "temperature")
    first, again = (
        [name for name in each.order if name in numbered] for each in (sampling, found.sampling)
    )
    assert first == again
    assert set(lost(sampling, written)) <= set(dropped)


def test_what_a_format_has_no_place_for_is_told_when_it_is_written():
    sampling = Sampling(frequency_penalty=0.5, logit_bias={"moon": 3}, min_p=0.1, temperature=1.2)
    assert lost(sampling, to_kobold(sampling)) == ("frequency_penalty", "logit_bias")
    assert lost(sampling, to_sillytavern(sampling)) == ()
    hot = Sampling(min_p=0.1, top_k=40, temperature=1.2, order=("min_p", "temperature", "top_k"))
    assert lost(hot, to_kobold(hot)) == ("order",)


def test_a_sampler_left_out_of_the_chain_is_written_as_switched_off():
    sampling = Sampling(top_k=40, min_p=0.1, order=("min_p",))
    for written in (to_kobold(sampling), to_sillytavern(sampling)):
        found = read(written).sampling
        assert (found.top_k, found.min_p, found.temperature) == (0, 0.1, 1.0)
        assert acting(found) == acting(sampling) == {"min_p"}
