"""Find and replace."""

import contextlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from writer_app.errors import BadPattern, SearchTooSlow
from writer_app.ui.editor.find import Finder, Query, find_all, find_next


def found(text, *args, **kwargs):
    return [text[start:end] for start, end in find_all(text, Query(*args, **kwargs))]


def test_case_and_whole_words_are_minded_when_asked():
    text = "The theme. the THE"
    assert len(found(text, "the")) == 4
    assert found(text, "the", case=True) == ["the", "the"]
    assert found(text, "the", whole_word=True) == ["The", "the", "THE"]


def test_a_latin_word_among_han_is_whole_and_han_words_have_no_edges():
    assert found("我Jane说，Janet也说", "Jane", whole_word=True) == ["Jane"]
    assert found("宝玉道，贾宝玉笑道", "宝玉", whole_word=True) == ["宝玉", "宝玉"]


def test_offsets_are_code_points_beside_emoji():
    text = "😀a😀a"
    assert find_all(text, Query("a")) == [(1, 2), (3, 4)]
    assert find_all(text, Query("😀")) == [(0, 1), (2, 3)]


@given(st.text("ab😀汉.*", max_size=30), st.text("ab😀汉.*", min_size=1, max_size=3))
def test_plain_search_agrees_with_python(text, words):
    expected, at = [], text.find(words)
    while at >= 0:
        expected.append((at, at + len(words)))
        at = text.find(words, at + len(words))
    assert find_all(text, Query(words, case=True)) == expected


def test_a_bad_pattern_is_a_sentence():
    with pytest.raises(BadPattern):
        find_all("text", Query("(", regex=True))
    assert found("a ( b", "(") == ["("]


@pytest.mark.parametrize("pattern", [r"(a+)+$", r"(\w+\s?)+\d", r"(\w*)*\1z", r"(x+x+)+y"])
def test_a_pattern_that_explodes_does_not_hold_the_window(sherlock, pattern):
    begun = time.perf_counter()
    with contextlib.suppress(SearchTooSlow):
        find_all(sherlock + "a" * 5000 + "b" + "x" * 5000, Query(pattern, regex=True))
    assert time.perf_counter() - begun < 5


def test_find_next_goes_round():
    text = "a b a"
    assert find_next(text, Query("a"), 1) == (4, 5)
    assert find_next(text, Query("a"), 5) == (0, 1)
    assert find_next(text, Query("a"), 3, backwards=True) == (0, 1)
    assert find_next(text, Query("a"), 0, backwards=True) == (4, 5)
    assert find_next(text, Query("z"), 0) is None


def test_replacing_all_is_one_step_and_knows_groups(open_page):
    page = open_page("Mr. Bennet and Mr. Darcy 😀")
    finder = Finder(page)
    assert finder.search(Query(r"Mr\. (\w+)", regex=True)) == 2
    assert finder.replace_all(r"$1 (Mr.)\n") == 2
    assert page.manuscript.text == "Bennet (Mr.)\n and Darcy (Mr.)\n 😀"
    page.undo_step()
    assert page.manuscript.text == "Mr. Bennet and Mr. Darcy 😀"


def test_replacing_one_goes_on_to_the_next(open_page):
    page = open_page("one one one", caret=0)
    finder = Finder(page)
    finder.search(Query("one"))
    assert finder.go()
    assert finder.replace_one("two")
    assert page.manuscript.text == "two one one"
    assert page.selection == (4, 7)
    assert finder.go(backwards=True)
    assert page.selection == (8, 11)


def test_only_what_is_in_view_is_marked_and_edits_are_followed(open_page, qtbot):
    page = open_page("\n\n".join("needle in hay" for _number in range(500)), caret=0)
    finder = Finder(page)
    assert finder.search(Query("needle")) == 500
    assert 3 < len(page.extraSelections()) < 60
    with qtbot.waitSignal(finder.changed) as signal:
        page.replace_span(0, 6, "thread")
    assert signal.args == [499]
    finder.close()
    assert page.extraSelections() == []
