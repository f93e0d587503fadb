"""Commands that write Markdown for the writer; each is one undo step, and the same command takes it off again."""

import re
from collections.abc import Callable

from writer_app.ui.editor.markdown import Kind, read_line
from writer_app.ui.editor.page import Page
from writer_app.ui.editor.spans import Span

_WORD = re.compile(r"[^\W_](?:[^\W_]|['’-](?=[^\W_]))*")
_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]+|$)")
_REFERENCE = re.compile(r"\[\^([^\]\s]{1,60})\](?!:)")
_BLOCK_MARK = re.compile(r" {0,3}(?:#{1,6}[ \t]+|>[ \t]?|(?:[-*+]|\d{1,9}[.)])[ \t]+)")
SCENE_BREAK = "* * *"


def toggle_bold(page: Page) -> None:
    """Make the selection, or the word at the caret, bold; or bold no more."""
    _toggle_marks(page, 2)


def toggle_italic(page: Page) -> None:
    """Make the selection, or the word at the caret, italic; or italic no more."""
    _toggle_marks(page, 1)


def toggle_heading(page: Page, level: int) -> None:
    """Make the lines of the selection headings of ``level`` (1 to 6), or plain again if they all are."""
    mark = "#" * level

    def change(lines: list[str]) -> list[str]:
        written = [line for line in lines if line.strip()] or lines[:1]
        plain = all((found := _HEADING.match(line)) and found[1] == mark for line in written)
        return [
            ("" if plain else mark + " ") + _HEADING.sub("", line, count=1)
            if line in written
            else line
            for line in lines
        ]

    _change_lines(page, change)


def insert_scene_break(page: Page) -> None:
    """Put a scene break at the caret, in the manuscript's own form; on a break, take it away."""
    text, caret = page.manuscript.text, page.caret
    start, end = _lines_of(text, (caret, caret))
    if read_line(text[start:end]).kind is Kind.BREAK:
        page.replace_span(start, min(len(text), end + 1), "")
        page.set_caret(start)
        return
    before, behind = text[:caret].rstrip(" \t\n"), text[caret:].lstrip(" \t\n")
    mark = ("\n\n" if before else "") + _own_break(text) + "\n\n"
    page.replace_span(len(before), len(text) - len(behind), mark)
    page.set_caret(len(before) + len(mark))


def insert_footnote(page: Page) -> None:
    """Put a footnote reference at the caret, its note at the end of the text, and the caret into the note.

    On a reference, the reference and its note are taken away.
    """
    text, caret = page.manuscript.text, page.caret
    for found in _REFERENCE.finditer(text, max(0, caret - 70), min(len(text), caret + 70)):
        if found.start() <= caret <= found.end():
            _remove_footnote(page, found.span(), found[1])
            return
    numbers = [int(name) for name in re.findall(r"\[\^(\d{1,6})\]", text)]
    name = f"[^{max(numbers, default=0) + 1}]"
    kept = len(text.rstrip("\n"))
    last_line = text[text.rfind("\n", 0, kept) + 1 : kept]
    gap = "\n" if re.match(r"\[\^[^\]\s]+\]:", last_line) else "\n\n"
    note = (gap if kept else "") + name + ": "
    at = min(caret, kept)
    with page.one_step() as group:
        page.manuscript.replace(kept, len(text), note + "\n", group=group)
        page.manuscript.replace(at, at, name, group=group)
    page.set_caret(page.manuscript.length - 1)


def _remove_footnote(page: Page, reference: Span, name: str) -> None:
    text = page.manuscript.text
    note = re.search(rf"^\[\^{re.escape(name)}\]:.*\n?", text, re.MULTILINE)
    with page.one_step() as group:
        if note and note.start() >= reference[1]:
            start = note.start()
            only_one = text[note.end() :].strip() == "" and not text[:start].endswith("]\n")
            start = len(text[:start].rstrip("\n")) + 1 if only_one else start
            page.manuscript.replace(min(start, note.start()), note.end(), "", group=group)
        page.manuscript.replace(*reference, "", group=group)
    page.set_caret(reference[0])


def _toggle_marks(page: Page, count: int) -> None:
    """Toggle ``count`` asterisks around each line's part of the selection; three are bold and italic."""
    text, (start, end) = page.manuscript.text, page.selection
    if start == end:
        word = _word_at(text, start)
        if word is None:
            page.replace_span(start, start, "*" * count * 2)
            page.set_caret(start + count)
            return
        start, end = word
    pieces = [_bare(text, piece) for piece in _pieces(text, start, end)]
    if not pieces:
        return
    runs = [_run(text, piece) for piece in pieces]
    marked = all(run >= 2 if count == 2 else run % 2 == 1 for run in runs)
    done, at, first = [], pieces[0][0] - runs[0], pieces[0][0] - runs[0]
    for (begin, stop), run in zip(pieces, runs, strict=True):
        has = run >= 2 if count == 2 else run % 2 == 1
        mark = "*" * (run - count if marked else run if has else run + count)
        done += [text[at : begin - run], mark, text[begin:stop], mark]
        at = stop + run
    new = "".join(done)
    page.replace_span(first, at, new)
    inner = len(done[1])
    page.select(first + inner, first + len(new) - len(done[-1]))


def _pieces(text: str, start: int, end: int) -> list[Span]:
    """The parts of a span, line by line, without white space around them."""
    found = re.compile(r"[^\s](?:[^\n]*[^\s])?").finditer(text, start, end)
    return [match.span() for match in found]


def _bare(text: str, piece: Span) -> Span:
    """``piece`` without the asterisks at its ends and without the mark of its heading, quote or list."""
    start, end = piece
    if text[start - 1 : start] in ("", "\n"):
        found = _BLOCK_MARK.match(text, start, end)
        start = found.end() if found else start
    inner = text[start:end].strip("* \t")
    if not inner:
        return piece
    start = text.index(inner, start)
    return start, start + len(inner)


def _run(text: str, piece: Span) -> int:
    """How many asterisks (at most 3) hug the piece on both sides."""
    start, end = piece
    run = 0
    while run < 3 and start - run > 0 and text[start - run - 1 : start - run] == "*":
        if text[end + run : end + run + 1] != "*":
            break
        run += 1
    return run


def _word_at(text: str, caret: int) -> Span | None:
    start, end = _lines_of(text, (caret, caret))
    for found in _WORD.finditer(text, start, end):
        if found.start() <= caret <= found.end() and (caret - start < 100_000):
            return found.span()
    return None


def _change_lines(page: Page, change: Callable[[list[str]], list[str]]) -> None:
    text, caret = page.manuscript.text, page.caret
    start, end = _lines_of(text, page.selection)
    new = "\n".join(change(text[start:end].split("\n")))
    page.replace_span(start, end, new)
    page.set_caret(max(start, caret + len(new) - (end - start)))


def _lines_of(text: str, span: Span) -> Span:
    """The whole lines that ``span`` touches, without the last newline."""
    end = text.find("\n", span[1])
    return text.rfind("\n", 0, span[0]) + 1, len(text) if end < 0 else end


def _own_break(text: str) -> str:
    """The scene break this manuscript uses already."""
    found = re.search(r"^[ \t\u3000]*([-*_＊⁂](?:[ \t]*[-*_＊]){2,}|⁂)[ \t]*$", text, re.MULTILINE)
    return found[1] if found else SCENE_BREAK
