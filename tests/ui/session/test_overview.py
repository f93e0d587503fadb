"""Counts and headings follow the text without counting it all again."""

import random

from writer_app.story.document import Document
from writer_app.text.counts import characters_zh, words
from writer_app.ui.session.overview import SLICE, Overview


def counts_of(overview):
    return overview.counts.words, overview.counts.characters


def test_counts_stay_right_through_random_edits(qtbot):
    chance = random.Random(4)
    document = Document("One two.\n\n第一回 甄士隐。\n" * (SLICE // 12))
    overview = Overview(document)
    qtbot.waitUntil(lambda: overview.counts.words > 0)
    for _burst in range(20):
        place = chance.randrange(document.length + 1)
        for _step in range(10):
            start = min(document.length, max(0, place + chance.randrange(-50, 50)))
            end = min(document.length, start + chance.randrange(12))
            document.replace(start, end, chance.choice(["word", " ", "\n", "字", "。", ""]))
        expected = words(document.text), characters_zh(document.text)
        qtbot.waitUntil(lambda expected=expected: counts_of(overview) == expected)


def test_replacing_all_over_the_book_is_counted(qtbot):
    document = Document("One two.\n\n第一回 甄士隐。\n" * (SLICE // 12))
    overview = Overview(document)
    qtbot.waitUntil(lambda: overview.counts.words > 0)
    text = document.text.replace("two", "two three")
    document.replace(0, document.length, text)
    qtbot.waitUntil(lambda: counts_of(overview) == (words(text), characters_zh(text)))


def test_an_edit_while_the_book_is_still_being_counted_is_not_lost(qtbot):
    document = Document("One two.\n" * 3 * SLICE)
    overview = Overview(document)
    qtbot.wait(1)
    document.replace(0, 3, "Zero one")
    qtbot.waitUntil(lambda: overview.counts.words > 0)
    assert overview.counts.words == words(document.text)


def test_the_selection_is_counted_too(qtbot):
    document = Document("One two three.")
    overview = Overview(document)
    qtbot.waitUntil(lambda: overview.counts.words == 3)
    overview.set_selection(4, 14)
    qtbot.waitUntil(lambda: overview.counts.has_selection)
    assert overview.counts.selected_words == 2
    overview.set_selection(4, 4)
    qtbot.waitUntil(lambda: not overview.counts.has_selection)


def test_headings_are_found_when_typing_pauses_and_the_caret_enters_them(qtbot):
    document = Document("# One\n\ntext\n\n## Two\n\nmore")
    overview = Overview(document)
    qtbot.waitUntil(lambda: [heading.title for heading in overview.headings] == ["One", "Two"])
    with qtbot.waitSignal(overview.entered) as entered:
        overview.set_selection(20, 20)
    assert entered.args == [1]
    with qtbot.waitSignal(overview.outlined):
        document.replace(document.length, document.length, "\n\n# 三\n")
    assert overview.headings[-1].title == "三"
