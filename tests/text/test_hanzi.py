"""Simplified and traditional characters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from writer_app.text import hanzi
from writer_app.text.hanzi import Style, convert

ALPHABET = "云后里台只面发干了着们这说裡後們臺說滑鼠标软体 ，。\n`[](a)*"


@pytest.mark.parametrize(
    ("text", "style", "wanted"),
    [
        ("头发干了，皇后在后面。", "s2t", "頭髮幹了，皇后在後面。"),
        ("鼠标和软件", "s2twp", "滑鼠和軟體"),
        ("鼠标和软件", "s2tw", "鼠標和軟件"),
        ("里面", "s2hk", "裏面"),
        ("裡面的滑鼠", "tw2sp", "里面的鼠标"),
        ("說起來，裏面", "hk2s", "说起来，里面"),
        ("後來", "t2s", "后来"),
        ("Nothing here, 3 times.", "s2t", "Nothing here, 3 times."),
    ],
)
def test_characters_become_the_others(text, style, wanted):
    assert convert(text, style) == wanted


def test_code_and_addresses_stay():
    code = "`后来` [后来](后来.md) <b title=后> https://后来.cn/后 <!-- 后来 -->"
    wanted = "`后来` [後來](后来.md) <b title=后> https://后来.cn/后 <!-- 后来 -->"
    assert convert(code, "s2t") == wanted
    fence = "后来\n\n```\n后来\n```\n\n| 后来 |\n| --- |\n| 后来 |"
    assert convert(fence, "s2t") == fence.replace("后来\n\n`", "後來\n\n`")


def test_a_paragraph_that_is_traditional_already_is_left_alone():
    text = "眾人云云，說了一遍。\n\n众人说了一遍。"
    assert convert(text, "s2t") == "眾人云云，說了一遍。\n\n衆人說了一遍。"
    assert convert("那裡的雲。\n\n皇后了解。", "s2t") == "那裡的雲。\n\n皇后了解。"


def test_an_unknown_style_is_refused():
    with pytest.raises(ValueError, match="x2y"):
        convert("后", "x2y")


@given(st.text(ALPHABET, max_size=60), st.sampled_from(Style))
def test_code_survives_and_lines_are_kept(text, style):
    assert "\n\n`后来`\n\n" in convert(f"后\n\n`后来`\n\n{text}", style)
    assert convert(text, style).count("\n") == text.count("\n")


def test_lone_surrogates_are_no_reason_to_fail():
    assert convert("后来\ud800后来", "s2t") == "後來\ud800後來"


@pytest.mark.parametrize("style", Style)
def test_a_real_book_is_converted_once_and_for_all(dream, style):
    once = convert(dream, style)
    assert convert(once, style) == once
    assert len(once.split("\n")) == len(dream.split("\n"))
    if style in hanzi._TO_TRADITIONAL:
        back = convert(once, {"s2t": "t2s", "s2hk": "hk2s"}.get(style, "tw2s"))
        same = sum(one == other for one, other in zip(back, dream, strict=False))
        assert same > 0.995 * len(dream) or style is Style.S2TWP
