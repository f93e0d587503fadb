"""Tidying (一键排版): what is put right, and what is left alone."""

import re
import textwrap
import time
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from writer_app.text.habits import Quotes
from writer_app.text.tidy import Options, tidy

ENGLISH = "“Well,” he said. “I never saw the like of it in all my life—never…”"
CHINESE = "他说：“好，我们走。”她没有回答……"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('"Well," he said, "it\'s \'odd\'."', "“Well,” he said, “it’s ‘odd’.”"),
        ("He came--and went -- and so on...", "He came—and went—and so on…"),
        ("Too  many   spaces .  And here ,  too !", "Too many spaces. And here, too!"),
        ("He wrote --help and 1--2 and a ---- b.", "He wrote --help and 1--2 and a ---- b."),
        ('He is 6\'2" tall, "or so".', "He is 6'2\" tall, “or so”."),
        ("Wait. . . no.... Yes.", "Wait… no…. Yes."),
        ("the end   \n\n\n\nthe start", "the end\n\nthe start"),
        ("One line  \nbroken by hand", "One line  \nbroken by hand"),
    ],
)
def test_english_is_put_right(text, wanted):
    assert tidy(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('他说:"好,走吧!"', "他说：“好，走吧！”"),
        ("他走了...她也走了。。。我…走", "他走了……她也走了……我……走"),
        ("我--不,我们－－不是―他—们。", "我——不，我们——不是——他——们。"),
        ("圆周率是3.14,时间12:30,版本v1.2.", "圆周率是3.14，时间12:30，版本v1.2."),
        ("他有３本ＡＢＣ书。", "他有3本ABC书。"),
        ("他 走 了 。她,没有 走", "他走了。她，没有走"),
        ("白日依山尽 黄河入海流", "白日依山尽 黄河入海流"),
        (
            "用 Python 写(很快)的 Hello, world 程序(v2).",
            "用 Python 写（很快）的 Hello, world 程序（v2）。",
        ),
        ("见 https://a.cn/b,c.html 和 a.b@c.cn。", "见 https://a.cn/b,c.html 和 a.b@c.cn。"),
        ("他说（是的), 好", "他说（是的），好"),
        ("好!!!真的?!", "好！！！真的？！"),
        ("1990—2000年，3－5人", "1990—2000年，3－5人"),
        ("“你好”,他说.", "“你好”，他说。"),
        ("我用iPhone,你呢?", "我用iPhone，你呢？"),
        ("到了23:15. 他说：“ 走 ”。", "到了23:15。他说：“走”。"),
    ],
)
def test_chinese_is_put_right(text, wanted):
    assert tidy(text, CHINESE) == wanted


def test_a_text_with_half_width_marks_only_gets_full_width_ones():
    assert tidy("他走了,她没有走.你呢?\n\n我(不)走!") == "他走了，她没有走。你呢？\n\n我（不）走！"


def test_quotes_are_those_of_the_manuscript():
    manuscript = "「好。」「走。」「不。」他說：「走。」"
    assert tidy('他說："走。"', manuscript) == "他說：「走。」"
    assert tidy("他說：“‘走’了。”", manuscript) == "他說：「『走』了。」"
    assert tidy("他说：「走。」", "", Options(quotes=Quotes.CURLY)) == "他说：“走。”"
    assert tidy("他说：“走。”", "", Options(quotes=Quotes.CORNER)) == "他说：「走。」"


def test_indents_are_those_of_the_manuscript_or_as_asked():
    indented = "　　他走了。\n　　“好。”\n　　她没有走。"
    assert tidy("    他回来了。", indented) == "　　他回来了。"
    assert tidy("他回来了。", indented) == "　　他回来了。"
    assert tidy(indented, "", Options(indent=False)) == "他走了。\n“好。”\n她没有走。"
    assert tidy("他走了。\n“好。”", "", Options(indent=True)) == "　　他走了。\n　　“好。”"
    assert tidy("  他走了。", "他回来了。\n\n她没有走。\n\n  他走了。") == "他走了。"


def test_what_begins_inside_a_paragraph_gets_no_indent():
    manuscript = "　　他走了。她没有走。\n　　“好。”\n　　他说。"
    assert (
        tidy("她没有走。\n“好。”", manuscript.replace("\n　　“", "\n“")) == "她没有走。\n　　“好。”"
    )


def test_blank_lines_are_those_of_the_manuscript_or_as_asked():
    close = "他走了。\n“好。”\n她没有走。\n他说：\n“不。”"
    apart = close.replace("\n", "\n\n")
    assert tidy(apart, "", Options(apart=False)) == close
    assert tidy(close, "", Options(apart=True)) == apart
    assert tidy(apart, (close + "\n") * 9 + apart) == close
    assert tidy(close, (apart + "\n\n") * 9 + close) == apart
    assert tidy("他走了。\n\n\n\n她走了。", close) == "他走了。\n\n她走了。"[:None]


@pytest.mark.parametrize("width", [60, 72, 78])
def test_a_wrapped_chapter_comes_back(pride, width):
    chapter = pride[: pride.index("## VI\n")].rstrip("\n")
    wrapped = "\n\n".join(
        textwrap.fill(each, width, break_long_words=False) for each in chapter.split("\n\n")
    )
    assert wrapped.count("\n") > 2 * chapter.count("\n")
    assert tidy(wrapped) == chapter


@pytest.mark.parametrize("book", ["pride", "sherlock"])
def test_a_whole_book_as_a_typewriter_has_it_comes_back(book, request):
    text = request.getfixturevalue(book).rstrip("\n")
    typed = text.translate(
        {
            ord(one): other
            for one, other in zip("“”‘’—…", ['"', '"', "'", "'", "--", "..."], strict=True)
        }
    )
    wrapped = "\n\n".join(
        textwrap.fill(each, 72, break_long_words=False) for each in typed.split("\n\n")
    )
    # Nothing in the text tells that this is no quotation.
    assert tidy(wrapped).replace("‘Frisco", "’Frisco") == text


@pytest.mark.parametrize("width", [30, 38])
@pytest.mark.parametrize("indent", ["", "　　"])
def test_a_wrapped_chinese_chapter_comes_back(dream, width, indent):
    chapter = [each for each in dream[:30_000].split("\n\n") if len(each) > 20][1:-1]
    wrapped = "\n\n".join(
        "\n".join(each[at : at + width] for at in range(0, len(each), width))
        for each in (indent + each for each in chapter)
    )
    back = tidy(wrapped, "", Options(marks=False)).split("\n\n")
    wrong = [one for one, other in zip(back, chapter, strict=True) if one != indent + other]
    assert wrong == []


def test_a_single_torn_sentence_is_mended():
    torn = (
        "It is a truth universally acknowledged, that a single man in possession\n"
        "of a good fortune, must be in want of a wife."
    )
    assert tidy(torn) == torn.replace("\n", " ")
    assert tidy("一个有钱的单身汉总想娶位太太，这已经成了一条举世公认的\n真理。") == (
        "一个有钱的单身汉总想娶位太太，这已经成了一条举世公认的真理。"
    )


def test_typed_indents_become_blank_lines():
    typed = (
        "     It was a dark and stormy night, and the rain fell in torrents, but at\n"
        "times, when it was checked by a gust of wind, which swept up the streets,\n"
        "rattling along the tops.\n"
        '     "Who is there?" he cried.\n\n'
        "          The woods are lovely, dark and deep,\n"
        "          But I have promises to keep,\n"
    )
    tidied = tidy(typed)
    assert tidied.startswith("It was a dark")
    assert "tops.\n\n“Who is there?” he" in tidied
    assert tidied.endswith(typed[-88:])


def test_a_hyphen_of_the_margin_goes_and_one_of_the_word_stays():
    text = "He said something.\n\n" + "\n".join(
        ["And then, as I remember it to this very day, there came some-"] * 1
        + ["thing out of the dark and frightened him, as a well-known old-"]
        + ["fashioned ghost will do when it is late and no one looks at all,"]
        + ["and he ran."]
    )
    assert "came something out" in tidy(text)
    assert "old-fashioned ghost" in tidy(text)


KEPT = [
    "Shall I compare thee to a summer’s day?\nThou art more lovely and more temperate:\n"
    "Rough winds do shake the darling buds of May,\nAnd summer’s lease hath all too short a date:",
    "the fog comes\non little cat feet.\n\nit sits looking\nover harbor and city",
    "床前明月光，\n疑是地上霜。\n举头望明月，\n低头思故乡。",
    "# A title\n\n- one\n- two\n  and more\n\n1. x\n2. y\n\n> said\n> he",
    "A man.\n\n***\n\n* * *\n\n---\n\nA woman.",
    "“Yes,” he said.\n“No,” said I.",
    '```\na  b -- "c"...\n\n\n\nd\n```',
    '    code -- "here"',
    '    code --  "here", for  all and every one\nand then text',
    '---\ntitle: "A -- B"\n---\n\nText.',
    'A `x -- "y"  z` and [a](b--c "d") and <!-- "no"  ... --> end.',
    '| a  | "b" |\n| -- | --- |\n| x... | y |',
    'Text.[^1]\n\n[^1]: A note.\n[ref]: http://a.b/c--d "T"',
    "Dear Sir,\n\nYours truly,\nSherlock Holmes\n221B Baker Street",
    "第一回 甄士隐梦幻识通灵 贾雨村风尘怀闺秀\n\n他走了。",
    "……\n\n！？\n\n◇◇◇\n\n。。。",
    'She said \\"no\\" -\\- so.',
]


@pytest.mark.parametrize("text", KEPT)
def test_what_is_in_order_or_no_prose_is_left_alone(text):
    assert tidy(text) == text
    assert tidy(text, ENGLISH) == text


def test_ends_of_a_selection_stay():
    assert tidy("\n\n\nHe  came.\n\n\n") == "\n\n\nHe came.\n\n\n"
    assert tidy("") == ""
    assert tidy(" \n ") == " \n "


def test_only_lines_and_spaces_change_where_marks_are_not_wanted():
    assert tidy('"A  b"--c...  \n\n\nd', "", Options(marks=False)) == '"A b"--c...\n\nd'


def test_other_languages_keep_their_marks():
    german = '"Das ist nicht der Mann," sagte die Frau, "und sie war mit dem Hund das ganze Jahr."'
    assert tidy(german) == german


PIECES = st.sampled_from(
    [
        *"ab.,?!:;'\"-—…“”‘’()（）。，「」　`*_[]<>|#>1A中文 \n",
        "...",
        "--",
        "\n\n",
        "  ",
        "。。。",
        "中,",
        "- ",
    ]
)
TEXTS = st.lists(PIECES, max_size=30).map("".join)
AROUND = st.sampled_from(["", ENGLISH, CHINESE, "　　" + CHINESE, "「好」「好」「好」「走」，"])


def _said(text: str) -> str:
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text)))


@given(
    TEXTS,
    AROUND,
    st.sampled_from([Options(), Options(indent=True), Options(apart=True), Options(apart=False)]),
)
@example("中.文", CHINESE, Options())
def test_tidying_twice_changes_nothing_more_and_no_letter_is_lost(text, around, options):
    once = tidy(text, around, options)
    assert _said(once) == _said(text)
    assert tidy(once, around, options) == once


@given(TEXTS, TEXTS)
def test_code_survives_whatever_stands_around_it(before, after):
    code = '```\n"a"  -- 中,文...\n```'
    text = before.replace("`", "").replace("<", "").replace("|", "") + f"\n\n{code}\n\n" + after
    assert code in tidy(text)


@given(st.lists(st.text("ab. \"'中，", max_size=80), min_size=5, max_size=9))
def test_no_line_without_a_reason_to_be_joined_disappears(lines):
    text = "\n".join(lines)
    assert (
        len([x for x in tidy(text, "", Options(apart=True)).split("\n") if x.strip()]) >= 1
        or not text.strip()
    )


@pytest.mark.parametrize("book", ["pride", "sherlock"])
def test_a_well_set_english_book_stays_as_it_is(book, request):
    text = request.getfixturevalue(book)
    assert tidy(text) == text


def test_a_well_set_chinese_book_keeps_its_lines(dream):
    tidied = tidy(dream)
    changed = [
        (one, other)
        for one, other in zip(dream.split("\n"), tidied.split("\n"), strict=True)
        if one.replace("──", "——") != other
    ]
    assert len(changed) < 20
    assert all(re.search("[-(?;.－─]", one) for one, _other in changed)


@pytest.mark.parametrize(
    "text",
    ["a" * 100_000, "他说" * 50_000, '"' * 100_000, "-" * 99_999 + "a", "a -- " * 20_000, "。" * 99_999 + "中",
     "(" * 100_000, "中(" * 50_000, "a  " * 33_000, "'a " * 33_000, "\n" * 100_000 + "a", "a\n" * 50_000,
     "`a" * 50_000, "中, " * 30_000, "…" * 99_999 + "a", "  中\n" * 25_000, "A-\n" * 30_000],
)  # fmt: skip
def test_bad_input_takes_no_time(text):
    begun = time.perf_counter()
    tidy(text)
    assert time.perf_counter() - begun < 5
