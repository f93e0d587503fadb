"""Quotes, dashes and ellipsis: as typed, and in a model's stream."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from writer_app.text.typography import (
    Adapter,
    Dash,
    Dots,
    Habits,
    Quotes,
    Switches,
    as_typed,
    completed,
)

ENGLISH = Habits.of("", "en")
CHINESE = Habits.of("", "zh")
CORNER = Habits(Quotes.CORNER, Dash.CHINESE, Dots.CHINESE, full_width=True)
PLAIN = Habits(Quotes.STRAIGHT, Dash.HYPHENS, Dots.THREE)
ALL_HABITS = [
    Habits(quotes, dash, dots, full_width)
    for quotes in Quotes
    for dash in Dash
    for dots in Dots
    for full_width in (False, True)
]


def typed(keys: str, habits: Habits, switches: Switches = Switches()) -> str:  # noqa: B008 - frozen
    """The text after typing ``keys`` one by one."""
    text = ""
    for key in keys:
        text += key
        mark = completed(text)
        if mark:
            before = text[: -len(mark)]
            better = as_typed(before, mark, habits, switches)
            text = before + (mark if better is None else better)
    return text


def adapted(text: str, habits: Habits, before: str = "", switches: Switches = Switches()) -> str:  # noqa: B008
    adapter = Adapter(habits, switches)
    return adapter.feed(text, before) + adapter.finish()


@pytest.mark.parametrize(
    ("text", "language", "habits"),
    [
        ("", "en", Habits(Quotes.CURLY, Dash.EM, Dots.CHARACTER, full_width=False)),
        ("", "zh", Habits(Quotes.CURLY, Dash.CHINESE, Dots.CHINESE, full_width=True)),
        ('"Well," he said, "no--really..."', "en", PLAIN),
        ("“Well,” he said – and left – at…", "en", Habits(dash=Dash.SPACED_EN)),
        ("“Well” — he said", "en", Habits(dash=Dash.SPACED_EM)),
        ("「好」，他說，「走吧——」……", "zh", CORNER),
        (
            '他说:"好,走吧"...',
            "zh",
            Habits(Quotes.STRAIGHT, Dash.CHINESE, Dots.THREE, full_width=False),
        ),
        ("# Title\n\n---\n\n| a |\n|---|\n\n<!-- remark -->", "en", ENGLISH),
    ],
)
def test_habits_are_what_the_manuscript_shows(text, language, habits):
    assert Habits.of(text, language) == habits


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ('"Hello," she said. "It\'s me."', "“Hello,” she said. “It’s me.”"),
        ("\"'Hi,' he said,\" she said.", "“‘Hi,’ he said,” she said."),
        ('("quoted")', "(“quoted”)"),
        ('"No--" he began. He--"the man"--left.', "“No—” he began. He—“the man”—left."),
        ('Wait... "what...?"', "Wait… “what…?”"),
        ('*"word"*', "*“word”*"),
        ("the dogs' bowls", "the dogs’ bowls"),
        ("---", "---"),
        ("one\n---\ntwo", "one\n---\ntwo"),
        ('a <!-- "note" --> b', 'a <!-- "note" --> b'),
        ('say `"code"` here', 'say `"code"` here'),
        ("|---|:--|", "|---|:--|"),
    ],
)
def test_english_as_typed(keys, expected):
    assert typed(keys, ENGLISH) == expected


@pytest.mark.parametrize(
    ("keys", "habits", "expected"),
    [
        ('他说："好。"又说："走吧。"', CHINESE, "他说：“好。”又说：“走吧。”"),
        ("\"他说'好'了\"", CHINESE, "“他说‘好’了”"),
        ('他说："好。"她说："他说\'走\'。"', CORNER, "他说：「好。」她说：「他说『走』。」"),
        ("他--不，等等...", CHINESE, "他——不，等等……"),
        ('"六！""七！"混叫', CHINESE, "“六！”“七！”混叫"),
        ("I don't know，他说", CORNER, "I don’t know，他说"),
        ("I don't know，他说", CHINESE, "I don’t know，他说"),
    ],
)
def test_chinese_as_typed(keys, habits, expected):
    assert typed(keys, habits) == expected


def test_dashes_with_spaces_are_set_with_spaces():
    assert typed("one--two -- three", Habits(dash=Dash.SPACED_EN)) == "one – two – three"


def test_a_manuscript_with_straight_marks_is_left_as_it_is():
    keys = '"It\'s--well..."'
    assert typed(keys, PLAIN) == keys


KEYS = 'A "b" it\'s--so...'


@pytest.mark.parametrize(
    ("switches", "expected"),
    [
        (Switches(quotes=False), 'A "b" it\'s—so…'),
        (Switches(dashes=False), "A “b” it’s--so…"),
        (Switches(ellipsis=False), "A “b” it’s—so..."),
        (Switches(quotes=False, dashes=False, ellipsis=False), KEYS),
    ],
)
def test_each_conversion_can_be_switched_off(switches, expected):
    assert typed(KEYS, ENGLISH, switches) == expected
    assert adapted(KEYS, ENGLISH, switches=switches) == expected


@pytest.mark.parametrize(
    ("text", "habits", "expected"),
    [
        ('"It\'s--well..." he said.', ENGLISH, "“It’s—well…” he said."),
        ("“It’s—well…” he said.", PLAIN, '"It\'s--well..." he said.'),
        ("“I was—” ‘no’ — yes", Habits(dash=Dash.SPACED_EN), "“I was –” ‘no’ – yes"),
        ("He was – she thought – late.", ENGLISH, "He was—she thought—late."),
        ("1914–1918, 3-4, 5--6, well-known", ENGLISH, "1914–1918, 3-4, 5--6, well-known"),
        (
            "'Tis the dogs' day, 'twas '90s, rock 'n' roll",
            ENGLISH,
            "’Tis the dogs’ day, ’twas ’90s, rock ’n’ roll",
        ),
        ('"\'To the sundial.\' "\n\n"In \'82,"', ENGLISH, "“‘To the sundial.’ ”\n\n“In ’82,”"),
        ("'Stop,' she said.", ENGLISH, "‘Stop,’ she said."),
        ("The end....\n\n---\n\n- item\n-- x", ENGLISH, "The end….\n\n---\n\n- item\n-- x"),
        ('他说:"好,走吧..."', CHINESE, "他说：“好，走吧……”"),
        ("他说：“好—走吧…”", CORNER, "他说：「好——走吧……」"),
        ("「他說『好』」", CHINESE, "“他說‘好’”"),
        ("版本3.5, iPhone's, 1.2", CHINESE, "版本3.5, iPhone’s, 1.2"),
        ("“don’t”", CORNER, "「don’t」"),
    ],
)
def test_a_models_text_is_brought_to_the_habits_of_the_manuscript(text, habits, expected):
    assert adapted(text, habits) == expected


def test_a_quotation_left_open_before_the_caret_is_closed():
    assert adapted('走吧。"她说。', CHINESE, before="他说：“好，") == "走吧。”她说。"
    assert adapted(' I said."', ENGLISH, before="“No,") == " I said.”"


MARKS = "\"'“”‘’「」『』-–—.… ,:?!\n|>*"
STREAM = st.text(alphabet=MARKS + "ab1tis雪说é\u0301😀", max_size=60)


@given(STREAM, STREAM, st.sampled_from(ALL_HABITS), st.data())
def test_where_a_stream_is_cut_makes_no_difference(before, text, habits, data):
    whole = adapted(text, habits, before)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=8)))
    adapter, pieces = Adapter(habits), []
    for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True):
        pieces.append(adapter.feed(text[start:end], before + "".join(pieces)))
    assert "".join(pieces) + adapter.finish() == whole


@given(STREAM, STREAM, st.sampled_from(ALL_HABITS))
def test_nothing_but_marks_and_their_spaces_ever_changes(before, text, habits):
    def rest(string):
        return [character for character in string if character not in f"{MARKS}，。？！：；"]

    assert rest(adapted(text, habits, before)) == rest(text)


@given(STREAM, st.sampled_from([ENGLISH, CHINESE, CORNER, PLAIN]))
def test_with_everything_switched_off_the_stream_is_the_same(text, habits):
    off = Switches(quotes=False, dashes=False, ellipsis=False, full_width=False)
    assert adapted(text, habits, switches=off) == text


@given(STREAM, st.sampled_from(ALL_HABITS))
def test_a_line_end_leaves_nothing_held_back(text, habits):
    adapter = Adapter(habits)
    adapter.feed(text + "word\n")
    assert adapter.finish() == ""


def test_a_plain_word_is_shown_at_once():
    adapter = Adapter(ENGLISH)
    assert adapter.feed("Hello") == "Hello"
    assert adapter.feed(" wor") == " wor"
    assert adapter.feed(" -") == ""
    assert adapter.feed("-") == ""
    assert adapter.feed(" no") == "—no"
