"""Words and 字数."""

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from writer_app.text import counts
from writer_app.text.counts import Tally, characters_zh, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 0),
        (" \n\t ", 0),
        ("It was a bright cold day in April.", 8),
        ("don't isn’t well-known 1,000 3.14", 5),
        ("one—two--three…four", 4),
        ("e\u0301te\u0301 cafe\u0301", 2),
        ("# Chapter *One*\n\n---\n\n> **quoted** `code`", 4),
        ("1. first\n2. second", 2),
        ('see [the page](https://example.org/a/b "title") now', 4),
        ("a note[^12] here", 3),
        ("kept <!-- a hidden remark --> apart", 2),
        ("宝玉 said hello 了", 5),
        ("Все счастливые семьи", 3),
        ("שלום עולם", 2),
        ("모든 행복한 가정은", 3),
        ("😀 👩‍👩‍👧", 0),
        ("1984", 1),
    ],
)
def test_words(text, expected):
    assert words(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 0),
        ("此开卷第一回也。", 8),
        ("“通灵”说此《石头记》一书也，", 15),
        ("他说：iPhone 15 很好……", 9),
        ("——不，", 4),
        ("　　空格　不算", 4),
        ("don’t", 1),
        ("他说：‘好’", 6),
        ("𠀋是一个字", 5),
        ("## 第一回\n\n*强调*", 5),
        ("ＡＢＣ，１２３", 3),
    ],
)
def test_characters_as_chinese_platforms_count(text, expected):
    assert characters_zh(text) == expected


TEXT = st.text(alphabet="ab1 .,'’-*[]()^<!>\n，。雪宝—…“”", max_size=80)


@given(TEXT, st.integers(0, 2**32))
def test_a_tally_follows_edits(text, seed):
    rng = random.Random(seed)
    tally = Tally(text)
    for _ in range(10):
        start = rng.randint(0, len(text))
        end = rng.randint(start, min(len(text), start + 5))
        inserted = "".join(rng.choices("ab ，雪\n[](1. )<!-->", k=rng.randint(0, 6)))
        removed = text[start:end]
        text = text[:start] + inserted + text[end:]
        tally.update(text, start, removed, inserted)
        assert (tally.words, tally.characters_zh) == (words(text), characters_zh(text))


@pytest.mark.parametrize(
    "sentence", ["It was (late), and nobody's here. ", "天色已晚，没有 a.m. 人来；", "x"]
)
def test_a_tally_follows_edits_in_a_very_long_line_and_reads_only_near_them(sentence, monkeypatch):
    rng = random.Random(3)
    text = sentence * (400_000 // len(sentence))
    tally = Tally(text)
    counted = []
    monkeypatch.setattr(counts, "words", lambda part: counted.append(len(part)) or words(part))
    for _ in range(60):
        start = rng.randint(0, len(text))
        end = min(len(text), start + rng.randint(0, 50))
        inserted = "".join(rng.choices(("ab ", "，", "雪", "\n", " ", "c"), k=rng.randint(0, 6)))
        removed = text[start:end]
        text = text[:start] + inserted + text[end:]
        tally.update(text, start, removed, inserted)
    assert (tally.words, tally.characters_zh) == (words(text), characters_zh(text))
    assert max(counted) <= 2 * counts.STRETCH + 60


@given(TEXT, TEXT)
def test_counts_are_sums_over_lines(first, second):
    joined = f"{first}\n{second}"
    assert words(joined) == words(first) + words(second)
    assert characters_zh(joined) == characters_zh(first) + characters_zh(second)


def test_books_have_about_the_length_they_are_known_for():
    folder = Path(__file__).parents[3] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the books are not beside this checkout")
    pride = (folder / "pride-and-prejudice.md").read_text(encoding="utf-8")
    assert 119_000 < words(pride) < 126_000
    dream = (folder / "hong-lou-meng-1-40.md").read_text(encoding="utf-8")
    assert 0.99 < characters_zh(dream) / len("".join(dream.split())) < 1.0
