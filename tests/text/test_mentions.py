"""Where a text mentions known names."""

import time
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from writer_app.text.difference import Edit
from writer_app.text.mentions import Mention, Names


def found(names: list[str], text: str) -> list[str]:
    return [text[each.start : each.end] for each in Names(names).find(text)]


BENNETS = ["Elizabeth", "Bennet", "Miss Bennet", "Jane", "Jane Bennet", "Anne-Marie", "O'Brien"]


@pytest.mark.parametrize(
    ("text", "mentions"),
    [
        ("Elizabeth’s hat and Elizabeth's shoes", ["Elizabeth", "Elizabeth"]),
        ("Jane Bennet, Miss Bennet, Bennet", ["Jane Bennet", "Miss Bennet", "Bennet"]),
        ("Jane\nBennet and Jane  Bennet", ["Jane\nBennet", "Jane  Bennet"]),
        ("Jane\n\nBennet", ["Jane", "Bennet"]),
        ("Anne Marie, Anne-Marie, Anne-\nMarie, Anne‑Marie", 4),
        ("the Bennets, Janet, elizabeth, Elizabethan", []),
        ("*Jane* _Jane_ “Jane” JANE 珍Jane说", 5),
        ("O’Brien O'Brien", 2),
        ("", []),
    ],
)
def test_a_name_is_words_of_its_own_and_the_longest_wins(text, mentions):
    names = found(BENNETS, text)
    assert len(names) == mentions if isinstance(mentions, int) else names == mentions


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Will you come? I will. Where there is a will.", 0),
        ("He saw Will there. Then Will said no.", 2),
        ("Will said no. “Will’s hat!”", 2),
        ("“Will!” she cried. “Will, where is it? Will it rain?”", 2),
        ("I WILL.", 0),
    ],
)
def test_a_name_that_is_a_word_is_found_where_it_can_only_be_a_name(text, count):
    assert len(found(["Will"], text)) == count


def test_small_letters_and_articles_may_begin_a_sentence():
    assert found(["the old mill", "The Ring"], "The old mill. Not the Ring, the old mill.") == [
        "The old mill",
        "the Ring",
        "the old mill",
    ]


@pytest.mark.parametrize(
    ("names", "text", "mentions"),
    [
        (["宝玉", "贾宝玉"], "贾宝玉笑道，宝玉去了", ["贾宝玉", "宝玉"]),
        (["宝玉", "贾宝玉"], "甄宝玉来了，和宝玉说话", ["宝玉"]),
        (["凤姐", "凤姐儿"], "那凤姐儿与凤姐", ["凤姐儿", "凤姐"]),
        (["云"], "云道：“风云。”白云，小云，云。", ["云", "云", "云"]),
        (["玛丽·居里"], "玛丽・居里和玛丽•居里", ["玛丽・居里", "玛丽•居里"]),
        (["철수"], "철수는 갔다", ["철수"]),
    ],
)
def test_where_no_spaces_part_words_the_longest_name_wins(names, text, mentions):
    assert found(names, text) == mentions


def test_accents_may_be_characters_of_their_own():
    text = unicodedata.normalize("NFD", "Zoë and Éowyn")
    assert len(found(["Zoë", "Éowyn"], text)) == 2
    assert found(["Zoe"], text) == []


def test_what_is_no_name_is_never_found():
    assert found(["", " ", "-", "x" * 500, "("], "x" * 500 + " - ()") == ["("]
    assert found([], "Jane") == []


NAMES = ["Ann", "Ann Lee", "Lee Ann", "Will", "宝玉", "贾宝玉", "玉", "the Ann", "an n"]
pieces = [*"AnLe wilW-.’\n宝玉贾甄道", "Ann", "Ann Lee ", "贾宝玉"]
texts = st.lists(st.sampled_from(pieces), max_size=40).map("".join)


@given(texts)
def test_mentions_never_overlap_and_each_is_a_known_name(text):
    mentions = Names(NAMES).find(text)
    assert all(one.end <= other.start for one, other in pairwise(mentions))
    for each in mentions:
        plain = text[each.start : each.end].replace("-\n", "-").replace("-", " ")
        assert " ".join(plain.split()).casefold() == each.name.casefold()


@given(texts, st.integers(0, 60), st.integers(0, 20), texts, st.integers(0, 400))
def test_searching_the_neighbourhood_of_an_edit_finds_what_searching_all_finds(
    text, at, removed, inserted, padding
):
    text = "Ann. " * padding + text + "玉 " * padding
    at = min(at + 5 * padding, len(text))
    removed = min(removed, len(text) - at)
    after = text[:at] + inserted + text[at + removed :]
    names = Names(NAMES)
    again = names.find_again(names.find(text), after, Edit(at, removed, len(inserted)))
    assert again == names.find(after)


@pytest.mark.parametrize(
    "text",
    ["Ann " * 250_000, "A" * 1_000_000, "Ann\n" * 250_000, "贾" * 1_000_000, " " * 1_000_000],
)
def test_strange_texts_take_no_time(text):
    began = time.monotonic()
    Names([*NAMES, "Ann\nAnn Lee"]).find(text)
    assert time.monotonic() - began < 3


def test_an_edit_in_a_long_text_searches_only_its_neighbourhood():
    names, text = Names(["Ann"]), "Ann and more. " * 70_000
    before = names.find(text)
    began = time.process_time()
    after = names.find_again(before, text[:500_000] + " Ann " + text[500_000:], Edit(500_000, 0, 5))
    once = time.process_time() - began
    assert len(after) in (len(before), len(before) + 1)
    assert once < 1
    assert Mention(0, 3, "Ann") in after
