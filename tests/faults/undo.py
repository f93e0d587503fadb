"""Typing, streaming, undo, saving and crashes in any order, against a plain list of texts.

The model knows nothing of records and groups: a step is a text, undo goes back in the list, redo forward. Each
rule is what a writer takes for one step; time passes between two of them, so that typing does not join.
"""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from writer_app.story import files, recovery
from writer_app.story.changes import PAUSE_SECONDS, Origin
from writer_app.story.document import Document
from writer_app.story.journal import Journal

STEPS = 50
#: Emoji with and without joiners, CJK, a combining mark, right to left, what Qt treats in its own way.
LETTERS = ("a", "b", " ", "门", "，", "😀", "👩‍👩‍👧", "e\u0301", "\u2028", "\xa0", "ש", "𠀋")
WORDS = st.lists(st.sampled_from(LETTERS), min_size=1, max_size=6).map("".join)
LINES = st.lists(st.sampled_from((*LETTERS, "\n")), min_size=1, max_size=12).map("".join)
PLACES = st.floats(0, 1, allow_nan=False)


class Model:
    """Undo as everyone understands it. A step is a list of one text: the same text by another way is another."""

    def __init__(self, text: str) -> None:
        self.steps = [[text]]
        self.now = 0
        self.saved = self.steps[0]

    @property
    def text(self) -> str:
        """The text as it is now."""
        return self.steps[self.now][0]

    def put(self, text: str) -> None:
        """A step to a text; what was taken back is gone."""
        del self.steps[self.now + 1 :]
        self.steps.append([text])
        self.now += 1

    def move(self, by: int) -> None:
        """One step back or forward, where there is one."""
        self.now = min(max(self.now + by, 0), len(self.steps) - 1)

    def save(self) -> None:
        """The text is in the file now."""
        self.saved = self.steps[self.now]

    @property
    def is_changed(self) -> bool:
        """Whether it is another text than the saved one, or the same by another way."""
        return self.steps[self.now] is not self.saved


class Undoing(RuleBasedStateMachine):
    """The document, its journal and its file, without a window."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory(prefix="undo")
        self.path = Path(self._folder.name) / "story.md"
        self.path.write_text("她 came.\n", "utf-8")
        self.time = 0.0
        self.open()

    # -- how it is done; a window does it in its own way ----------------------------------------

    def show(self) -> None:
        """The document is another one now."""

    def type_text(self, start: int, end: int, text: str) -> None:
        """Keystrokes, the first one replacing ``[start, end)``."""
        for number, character in enumerate(text):
            self.document.replace(start + number, end if number == 0 else start + number, character)

    def erase(self, start: int, end: int, *, forward: bool) -> None:
        """Delete or Backspace, again and again."""
        while start < end:
            at = start if forward else end - 1
            self.document.replace(at, at + 1, "")
            end -= 1

    def paste_text(self, start: int, end: int, text: str) -> None:
        """From the clipboard."""
        self.document.replace(start, end, text, origin=Origin.PASTED)

    def answer(self, start: int, pieces: Sequence[str], *, kept: bool) -> None:
        """Text of a model in pieces, accepted or rejected."""
        group = self.document.open_group()
        for piece in pieces:
            self.document.replace(start, start, piece, origin=Origin.MODEL, group=group)
            start += len(piece)
        if kept:
            self.document.break_group()
        else:
            self.go_back()

    def go_back(self) -> None:
        """Undo."""
        self.document.undo()

    def go_forward(self) -> None:
        """Redo."""
        self.document.redo()

    # -- what the writer does -------------------------------------------------------------------

    @rule(place=PLACES, text=WORDS)
    def types(self, place: float, text: str) -> None:
        at = self._at(place)
        self.type_text(at, at, text)
        self._step(at, at, text)

    @rule(place=PLACES, width=st.integers(1, 5), text=WORDS)
    def types_over(self, place: float, width: int, text: str) -> None:
        """Over a part of a line: with its end the run of keystrokes ends too.

        Where the first letter stands in what it replaces, the page finds a smaller change, a deletion, and
        what is typed after it is a step of its own.
        """
        start, end = self._span(place, width)
        if not {"\n", text[0]} & {*self.document.text[start:end]}:
            self.type_text(start, end, text)
            self._step(start, end, text)

    @rule(place=PLACES, width=st.integers(1, 5), forward=st.booleans())
    def deletes(self, place: float, width: int, forward: bool) -> None:
        start, end = self._span(place, width)
        # Taking a line's end away is a step of its own.
        end = start + len(self.document.text[start:end].partition("\n")[0])
        if start < end:
            self.erase(start, end, forward=forward)
            self._step(start, end, "")

    @rule(place=PLACES, width=st.integers(0, 9), text=LINES)
    def pastes(self, place: float, width: int, text: str) -> None:
        start, end = self._span(place, width)
        if self.document.text[start:end] != text:
            self.paste_text(start, end, text)
            self._step(start, end, text)

    @rule(place=PLACES, pieces=st.lists(LINES, min_size=1, max_size=4), kept=st.booleans())
    def streams(self, place: float, pieces: list[str], kept: bool) -> None:
        """An answer is one step, and so is none that was rejected: redo brings it."""
        at = self._at(place)
        self.answer(at, pieces, kept=kept)
        self._step(at, at, "".join(pieces))
        if not kept:
            self.model.move(-1)

    @rule()
    def undoes(self) -> None:
        self.go_back()
        self.model.move(-1)
        self._pause()

    @rule()
    def redoes(self) -> None:
        self.go_forward()
        self.model.move(1)
        self._pause()

    @rule()
    def goes_all_the_way_back_and_forward(self) -> None:
        while self.model.now > 0:
            self.undoes()
            assert self.document.text == self.model.text
        while self.model.now < len(self.model.steps) - 1:
            self.redoes()
            assert self.document.text == self.model.text

    @rule()
    def saves(self) -> None:
        document = self.document
        document.digest = files.write(self.path, document.text, document.form, document.digest)
        document.mark_saved(document.revision)
        self.journal.note_save(document, document.revision)
        self.model.save()

    @precondition(lambda self: not self.model.is_changed)
    @rule()
    def opens_again(self) -> None:
        self.journal.forget(self.document)
        self.journal.close()
        self.open()

    @rule()
    def crashes(self) -> None:
        """The journal brings back the text, and the program goes on with it."""
        self.journal.close()
        found = recovery.pending(self.journals)
        there = found[0].text if found else files.read(self.path).text
        assert there == self.model.text, f"{there!r} came back"
        for each in found:
            recovery.discard(each)
        self.open()
        if there != self.model.text:
            self.paste_text(0, self.document.length, there)
            self.model.put(there)
            self._pause()

    # -- what must hold -------------------------------------------------------------------------

    @invariant()
    def the_document_is_as_the_model(self) -> None:
        text, wanted = self.document.text, self.model.text
        assert text == wanted, f"{text!r} instead of {wanted!r}"
        assert self.document.can_undo == (self.model.now > 0)
        assert self.document.can_redo == (self.model.now < len(self.model.steps) - 1)
        assert self.document.is_changed == self.model.is_changed

    def teardown(self) -> None:
        """Let go."""
        self.journal.close()
        self._folder.cleanup()

    # -- inside ---------------------------------------------------------------------------------

    @property
    def journals(self) -> Path:
        """Where the crash journals are."""
        return Path(self._folder.name) / "journal"

    def open(self) -> None:
        """Read the file, as a start of the program does."""
        opened = files.read(self.path)
        self.document = Document(
            opened.text, self.path, form=opened.form, digest=opened.digest, clock=lambda: self.time
        )
        self.journal = Journal(self.journals)
        self.journal.follow(self.document)
        self.model = Model(opened.text)
        self.show()

    def _at(self, place: float) -> int:
        return round(place * self.document.length)

    def _span(self, place: float, width: int) -> tuple[int, int]:
        start = self._at(place)
        return start, min(start + width, self.document.length)

    def _step(self, start: int, end: int, text: str) -> None:
        was = self.model.text
        self.model.put(was[:start] + text + was[end:])
        self._pause()

    def _pause(self) -> None:
        self.time += PAUSE_SECONDS + 1


def sequences(machine: type[Undoing], count: int, number: int) -> dict[str, Any]:
    """Run ``count`` sequences drawn from the seed ``number``; the first mismatch ends it, as short as can be."""
    made: list[None] = []

    @seed(number)
    class Counted(machine):  # type: ignore[misc, valid-type]
        def __init__(self) -> None:
            super().__init__()
            made.append(None)

    chosen = settings(
        max_examples=count,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        print_blob=False,
        report_multiple_bugs=False,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    wrong = []
    try:
        run_state_machine_as_test(Counted, settings=chosen)  # type: ignore[no-untyped-call]
    except AssertionError as mismatch:
        wrong.append("\n".join([str(mismatch), *getattr(mismatch, "__notes__", ())]))
    return {"undo_sequences": len(made), "undo_mismatches": len(wrong), "wrong": wrong}


def run(count: int, seed: int, folder: Path) -> dict[str, Any]:
    """``count`` sequences without a window."""
    return sequences(Undoing, count, seed)
