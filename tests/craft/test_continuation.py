from dataclasses import replace

import pytest
from msgspec import structs

from tests.craft.test_context import count
from writer_app import assets
from writer_app.craft.continuation import Ask, Length, lead, plan, read_budget
from writer_app.craft.recipe import Bans, Preset, load
from writer_app.craft.samplers import Overrides
from writer_app.engine.protocol import Loaded, Until

STEADY = load(assets.resources() / "recipes" / "continue" / "steady.toml", Preset)
MODEL = Loaded(name="M", context=4096)
TEXT = "# One\n\nIt was late, and nobody slept.\n\nThe old man"


def planned(text=TEXT, caret=None, **options):
    ask = Ask(text=text, caret=len(text) if caret is None else caret, recipe=STEADY, **options)
    return plan(ask, options.pop("model_", MODEL), count, 1)


def test_a_battery_is_spared_where_that_is_asked():
    assert planned(saving=True).request.saving
    assert not planned().request.saving


def prompt(made):
    return "".join(part.text for part in made.request.parts)


def test_the_prompt_is_the_text_up_to_the_caret():
    assert prompt(planned(caret=20)) == TEXT[:20]


def test_bans_are_those_of_the_recipe_in_the_language_of_the_text_and_the_writers_own():
    recipe = structs.replace(STEADY, bans=Bans(en=("a tapestry of",), zh=("仿佛",)))
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


def test_a_seed_asks_for_a_repeatable_answer_that_depends_on_nothing_before():
    long = "It was late, and nobody slept.\n\n" * 1000
    told = (("clara", "Clara Bell has green eyes."),)
    ask = Ask(text=long, caret=len(long), recipe=STEADY, seed=3, bible=told)
    request = plan(ask, MODEL, count, 1).request
    assert request.repeatable
    assert plan(ask, MODEL, count, 1, pace=5000.0).request.parts == request.parts
    before = plan(replace(ask, seed=None, caret=len(long) - 990, bible=()), MODEL, count, 1).layouts
    later = plan(replace(ask, earlier=before), MODEL, count, 1)
    assert later.request.parts == request.parts
    assert later.layouts == before  # and nothing after depends on it


def test_the_bible_and_the_outline_stand_before_the_text_stable_parts_first():
    told = (("clara", "Clara Bell has green eyes."), ("ward", "Miss Ward teaches music."))
    made = planned(bible=told, outline="They meet at the inn.", note="the door opens")
    assert [part.id for part in made.request.parts] == [
        "clara",
        "ward",
        "outline",
        "far",
        "note",
        "near",
    ]
    assert prompt(made).startswith(
        "Clara Bell has green eyes.\n\nMiss Ward teaches music.\n\nThey meet"
    )
    stable = [part.stability for part in made.request.parts if part.id != "note"]
    assert stable == sorted(stable, reverse=True)


def test_an_entry_that_becomes_active_leaves_most_of_the_prompt_as_it_was():
    long = "It was late, and nobody slept in the house.\n\n" * 90
    ask = Ask(text=long, caret=len(long), recipe=STEADY)
    first = plan(ask, MODEL, count, 1)
    told = (("clara", "Clara Bell has green eyes."),)
    later = plan(replace(ask, bible=told, earlier=first.layouts), MODEL, count, 1)
    assert [part.id for part in later.request.parts] == ["far", "clara", "near"]
    far = later.request.parts[0].text
    assert prompt(first).startswith(far)
    assert len(far) > 0.8 * len(prompt(first))


def test_what_is_told_and_read_and_written_fits_the_context():
    told = tuple((str(number), "A fact about somebody. " * 10) for number in range(20))
    ask = Ask(
        text=TEXT * 100, caret=len(TEXT) * 100, recipe=STEADY, bible=told, note="the door opens"
    )
    small = Loaded(name="M", context=512)
    made = plan(ask, small, count, 1)
    assert count([prompt(made)])[0] + made.request.max_tokens < 512
    assert made.layouts[0].left_out


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
    request = planned(overrides=Overrides(temperature=0.1), stop=("END",)).request
    assert request.sampling.temperature == 0.1
    assert request.sampling.min_p == STEADY.sampling.min_p
    assert "END" in request.stop


def test_the_order_that_she_chose_is_the_order_of_the_chain():
    order = ("temperature", "min_p", "penalties", "dry", "top_k")
    assert planned(overrides=Overrides(order=order)).request.sampling.order == order


def several(text, model, pace=None, count=count, **options):
    ask = Ask(text=text, caret=len(text), recipe=STEADY, **options)
    return plan(ask, model, count, 1, pace)


@pytest.mark.parametrize("length", list(Length))
@pytest.mark.parametrize("alternatives", [1, 2, 4, 8])
@pytest.mark.parametrize("context", [2048, 8192])
def test_prompt_and_all_alternatives_fit_the_context(context, alternatives, length):
    model = Loaded(name="M", context=context)
    made = several(TEXT * 2000, model, 5000.0, length=length, amount=400, alternatives=alternatives)
    request = made.request
    assert request.alternatives == alternatives
    assert count([prompt(made)])[0] + alternatives * request.max_tokens + 1 <= context
    assert request.max_tokens >= 100
    assert request.soft <= request.max_tokens


def test_for_several_paragraphs_reading_gives_way_before_writing():
    small = Loaded(name="M", context=2048)
    one, four = (several(TEXT * 200, small, 5000.0, alternatives=n) for n in (1, 4))
    assert one.request.max_tokens == 400
    assert count([prompt(four)])[0] < count([prompt(one)])[0]
    assert four.request.max_tokens > 300
    assert count([prompt(four)])[0] > 400
    roomy = Loaded(name="M", context=8192)
    assert several(TEXT, roomy, alternatives=4).request.max_tokens == 400


def test_several_answers_are_compared_by_what_follows_if_anything_does():
    ask = Ask(text="One. Two.\n", caret=4, recipe=STEADY, alternatives=3)
    assert plan(ask, MODEL, count, 1).request.suffix == " Two.\n"
    ask = Ask(text="One. Two.\n", caret=9, recipe=STEADY, alternatives=3)
    assert plan(ask, MODEL, count, 1).request.suffix == ""


def test_what_a_model_is_shown_behind_the_caret_takes_its_room_too():
    filling = Loaded(name="M", context=2048, has_infill=True)
    text = TEXT * 200
    made = plan(
        Ask(text=text, caret=len(text) // 2, recipe=STEADY, read_tokens=9_000, alternatives=4),
        filling,
        count,
        1,
    )
    read = sum(count([prompt(made), made.request.suffix]))
    assert read + 4 * made.request.max_tokens < 2048


def test_a_drawn_seed_is_passed_on_without_asking_for_the_same_text_again():
    drawn = planned(drawn_seed=9).request
    assert (drawn.seed, drawn.repeatable) == (9, False)
    chosen = planned(drawn_seed=9, seed=3, alternatives=4).request
    assert (chosen.seed, chosen.repeatable) == (3, True)


def test_with_a_seed_several_answers_are_planned_the_same_at_any_pace():
    text = TEXT * 2000
    plans = [several(text, MODEL, pace, seed=3, alternatives=4) for pace in (None, 5.0, 5000.0)]
    assert plans[0] == plans[1] == plans[2]
