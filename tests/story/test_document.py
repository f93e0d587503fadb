"""The document against plain models of itself."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from writer_app.errors import ReadOnly
from writer_app.story.changes import Change, Origin
from writer_app.story.document import Document

PIECES = (
    "a",
    "word ",
    "",
    "",
    "雪",
    "，",
    "😀",
    "👩‍👩‍👧",
    "e\u0301",
    "\u2028",
    "\xa0",
    "שלום",
    "\n",
    "x" * 50,
)


class Model:
    """Undo as everyone understands it: a stack of whole texts, one for each step."""

    def __init__(self, text: str) -> None:
        self.past, self.text, self.future = [], text, []
        self.group = None

    def replace(self, start: int, end: int, piece: str, group: int) -> None:
        if group != self.group:
            self.past.append(self.text)
        self.text = self.text[:start] + piece + self.text[end:]
        self.group, self.future = group, []

    def undo(self) -> None:
        if self.past:
            self.future.append((self.text, self.group))
            self.text = self.past.pop()
            self.group = None

    def redo(self) -> None:
        if self.future:
            self.past.append(self.text)
            self.text, _ = self.future.pop()
            self.group = None


@pytest.mark.parametrize("seed", range(4))
def test_ten_thousand_edits_undos_and_redos_match_a_stack_of_texts(seed):
    rng = random.Random(seed)
    start_text = "It is a truth 宝玉 😀.\n" * 20
    document, model, mirror = Document(start_text), Model(start_text), Document(start_text)
    heard: list[Change] = []
    document.subscribe(heard.append)
    for _ in range(2_500):
        heard.clear()
        step_at_random(rng, document, model)
        for change in heard:
            mirror.replace(change.offset, change.offset + len(change.removed), change.inserted)
        assert document.text == model.text == mirror.text
        assert document.can_undo == bool(model.past)
        assert document.can_redo == bool(model.future)
        probe = rng.randint(0, document.length)
        assert document.utf16_offset(probe) == units(document.text[:probe])


def step_at_random(rng: random.Random, document: Document, model: Model) -> None:
    action = rng.random()
    if action < 0.18:
        document.undo()
        model.undo()
        return
    if action < 0.3:
        document.redo()
        model.redo()
        return
    start = rng.randint(0, document.length)
    end = min(document.length, start + rng.choice((0, 0, 0, 1, 2, 40)))
    last = document.log.records[-1] if document.log.records else None
    piece = rng.choice(PIECES)
    if last and last.kind == "do" and rng.random() < 0.5:
        start = end = min(last.offset + len(last.inserted), document.length)
        change = document.replace(start, end, piece, origin=Origin.MODEL, group=last.group)
    else:
        change = document.replace(start, end, piece, origin=rng.choice(list(Origin)))
    if change:
        model.replace(start, end, piece, change.group)


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@given(
    st.text(alphabet="a雪😀𠀋\n", max_size=60),
    st.lists(
        st.tuples(st.floats(0, 1), st.integers(0, 5), st.text(alphabet="b😀𠀋", max_size=4)),
        max_size=20,
    ),
)
def test_utf16_offsets_agree_with_encoding_after_any_edits(text, edits):
    document = Document(text)
    for place, width, piece in edits:
        start = round(place * document.length)
        document.replace(start, min(start + width, document.length), piece)
    for offset in range(document.length + 1):
        unit = units(document.text[:offset])
        assert document.utf16_offset(offset) == unit
        assert document.from_utf16(unit) == offset
        if offset < document.length and document.text[offset] > "\uffff":
            assert document.from_utf16(unit + 1) == offset


def test_replacing_a_piece_by_itself_is_no_change():
    document = Document("same")
    assert document.replace(0, 4, "same") is None
    assert (document.revision, document.can_undo, document.is_changed) == (0, False, False)


def test_a_span_outside_the_text_is_refused_and_nothing_happens():
    document = Document("abc")
    for start, end in ((-1, 1), (2, 1), (1, 4)):
        with pytest.raises(ValueError, match="outside"):
            document.replace(start, end, "x")
    assert document.text == "abc"


def test_a_lone_surrogate_is_refused():
    document = Document("abc")
    with pytest.raises(UnicodeEncodeError):
        document.replace(0, 0, "\ud83d")
    assert not document.can_undo


def test_a_read_only_document_raises_its_reason_and_cannot_undo():
    document = Document("abc")
    document.replace(0, 0, "x")
    document.read_only = ReadOnly(path="a.md", reason="")
    with pytest.raises(ReadOnly):
        document.replace(0, 0, "y")
    assert document.undo() == ()
    assert document.text == "xabc"


def test_saved_then_edited_then_undone_is_unchanged():
    document = Document()
    document.replace(0, 0, "a")
    document.mark_saved(document.revision)
    document.replace(1, 1, "b")
    assert document.is_changed
    document.undo()
    assert not document.is_changed
    document.undo()
    assert document.is_changed
    document.redo()
    assert not document.is_changed


def test_a_save_of_an_older_revision_leaves_the_document_changed():
    document = Document()
    document.replace(0, 0, "a")
    saved = document.revision
    document.replace(1, 1, "b")
    document.mark_saved(saved)
    assert document.is_changed
    document.mark_saved(document.revision)
    assert not document.is_changed


def test_the_same_text_by_another_way_still_counts_as_changed():
    document = Document("a")
    document.replace(1, 1, "b")
    document.undo()
    assert not document.is_changed
    document.replace(1, 1, "b")
    assert document.is_changed


def test_listeners_hear_every_applied_change_until_they_leave():
    document, heard = Document("a"), []
    leave = document.subscribe(heard.append)
    document.replace(1, 1, "b")
    document.undo()
    document.redo()
    leave()
    document.replace(0, 0, "z")
    assert [(change.kind, change.inserted, change.removed) for change in heard] == [
        ("do", "b", ""),
        ("undo", "", "b"),
        ("redo", "b", ""),
    ]


def test_ids_are_stable_and_differ():
    first, second = Document(), Document(id="abc")
    assert second.id == "abc"
    assert len(first.id) == 32
    assert first.id != Document().id
