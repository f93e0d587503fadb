import pytest
from msgspec.structs import replace

from tests.craft.test_context import count
from writer_app import assets
from writer_app.craft.continuation import Ask, Length, lead, plan, read_budget
from writer_app.craft.recipe import Bans, load
from writer_app.engine.protocol import Loaded, Until

STEADY = load(assets.resources() / "recipes" / "continue" / "steady.toml")
MODEL = Loaded(name="M", context=4096)
TEXT = "# One\n\nIt was late, and nobody slept.\n\nThe old man"


def planned(text=TEXT, caret=None, **options):
    ask = Ask(text=text, caret=len(text) if caret is None else caret, recipe=STEADY, **options)
    return plan(ask, options.pop("model_", MODEL), count, 1)


def prompt(made):
    return "".join(part.text for part in made.request.parts)


def test_the_prompt_is_the_text_up_to_the_caret():
    assert prompt(planned(caret=20)) == TEXT[:20]


def test_bans_are_those_of_the_recipe_in_the_language_of_the_text_and_the_writers_own():
    recipe = replace(STEADY, bans=Bans(en=("a tapestry of",), zh=("仿佛",)))
    english = plan(Ask(text=TEXT, caret=len(TEXT), recipe=recipe, bans=("x",)), MODEL, count, 1)
    assert english.request.bans == ("a tapestry of", "x")
    chinese = plan(Ask(text="宝玉笑道", caret=4, recipe=recipe), MODEL, count, 1)
    assert chinese.request.bans == ("仿佛",)


def test_a_note_stands_before_the_paragraph_being_written():
    made = planned(note="the door opens")
    assert prompt(made).endswith("[What happens next: the door opens]\n\nThe old man")
    assert prompt(planned(text="第一回\n\n宝玉笑道", note="{黛玉}来了")).endswith(
        "【接下来：{黛玉}来了】\n\n宝玉笑道"
    )


@pytest.mark.parametrize(
    ("text", "caret", "wanted"),
    [
        ("One.\n\nTwo.\n", 11, "\n"),
        ("One.\n\nTwo.\n\n", 12, ""),
        ("One.\nTwo.\n", 10, ""),
        ("One.\n\nTwo.", 10, ""),
        ("\n", 1, ""),
        ("", 0, ""),
        ("One.\n\nTwo.\nThree.\n\nFour.", 11, "\n"),
    ],
)
def test_the_last_line_end_of_a_file_becomes_a_new_paragraph(text, caret, wanted):
    assert lead(text, caret) == wanted


def test_the_lead_is_part_of_what_the_model_reads():
    made = planned(text="One.\n\nTwo.\n")
    assert made.lead == "\n"
    assert prompt(made) == "One.\n\nTwo.\n\n"


@pytest.mark.parametrize(
    ("length", "until"),
    [
        (Length.SENTENCE, Until.SENTENCE),
        (Length.PARAGRAPH, Until.PARAGRAPH),
        (Length.AMOUNT, Until.SENTENCE),
        (Length.UNTIL_STOPPED, Until.LENGTH),
    ],
)
def test_each_length_ends_where_it_says(length, until):
    assert planned(length=length, amount=100).request.until is until


def test_an_amount_is_measured_in_the_texts_own_words():
    english = planned(text="It was late. " * 50, length=Length.AMOUNT, amount=100).request
    chinese = planned(text="宝玉笑道，你来了。" * 50, length=Length.AMOUNT, amount=100).request
    assert english.soft > chinese.soft  # by this count a word is longer than a character
    assert english.max_tokens > english.soft


def test_a_number_of_tokens_is_a_hard_limit_that_ends_at_a_sentence():
    request = planned(max_tokens=60).request
    assert (request.max_tokens, request.until) == (60, Until.SENTENCE)
    assert request.soft <= 60


def test_a_seed_asks_for_a_repeatable_answer_and_a_fixed_window():
    long = "It was late, and nobody slept.\n\n" * 1000
    request = planned(text=long, seed=3).request
    assert request.repeatable
    ask = Ask(text=long, caret=len(long), recipe=STEADY, seed=3)
    assert plan(ask, MODEL, count, 1, pace=5000.0).request.parts == request.parts
    later = Ask(text=long, caret=len(long), recipe=STEADY, seed=3, previous_start=len(long) - 990)
    assert plan(later, MODEL, count, 1).request.parts == request.parts


def test_a_faster_machine_reads_more_and_never_less_than_the_least():
    assert read_budget(8192, 400, 20.0) == 512
    assert read_budget(8192, 400, 500.0) == 2500
    assert read_budget(2048, 400, 5000.0) == 2048 - 400 - 64
    assert read_budget(8192, 400, 20.0, wish=3000) == 3000


def test_a_small_context_still_gets_a_plan():
    ask = Ask(text=TEXT * 100, caret=len(TEXT) * 100, recipe=STEADY)
    request = plan(ask, Loaded(name="M", context=256), count, 1).request
    assert (
        count([prompt(plan(ask, Loaded(name="M", context=256), count, 1))])[0] + request.max_tokens
        < 256
    )


def test_an_empty_text_starts_from_a_chapter_heading():
    assert prompt(planned(text="")) == "Chapter One\n\n"
    assert prompt(planned(text="", note="宝玉来了")).startswith("第一章")


def test_only_models_with_infill_tokens_are_shown_what_follows():
    ask = Ask(text="One. Two.", caret=4, recipe=STEADY)
    assert plan(ask, MODEL, count, 1).request.suffix == ""
    assert (
        plan(ask, Loaded(name="M", context=4096, has_infill=True), count, 1).request.suffix
        == " Two."
    )


def test_the_writers_temperature_and_stops_go_before_the_recipes():
    request = planned(temperature=0.1, stop=("END",)).request
    assert request.sampling.temperature == 0.1
    assert request.sampling.min_p == STEADY.sampling.min_p
    assert "END" in request.stop
