"""Markdown rebuilt from foreign HTML: words, and a short list of what they mean. Nothing else comes through.

Paragraphs, line breaks, headings, emphasis, lists, quotations and links to the web survive. Scripts, styles,
comments, pictures and what is hidden do not; of a picture its alternative text stays. Words that look like
Markdown are escaped, so that no markup comes in as text either.
"""

import re
from collections import Counter
from functools import lru_cache
from typing import NamedTuple

from writer_app.text.hypertext import RAW, Tag, names, pieces
from writer_app.text.inline import Look, escaped_start, inline, target_of

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LISTS = names("ul ol menu dir")
_BLOCKS = names(
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure"
    " footer form header hgroup html legend li main nav p pre section summary table tbody tfoot thead tr"
).union(_HEADINGS, _LISTS)
_VOID = names("area base br col embed frame hr img input link meta param source track wbr")
_DROPPED = RAW | names(
    "applet audio button canvas colgroup datalist head map math object option output progress select svg template"
    " video"
)
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|mso-hide\s*:\s*all"
    r"|opacity\s*:\s*0(?:\.0*)?\s*(?:;|!|$)|font-size\s*:\s*0(?:\.0*)?[a-z%]{0,4}\s*(?:;|!|$)"
    r"|(?:left|top|text-indent)\s*:\s*-\d{4}"
)
_WEIGHT = re.compile(r"font-weight\s*:\s*([a-z]+|\d{1,5})")
_SLANT = re.compile(r"font-style\s*:\s*([a-z]+)")
_SPACE = re.compile(r"[ \t\n\r\f\u2029]+")  # U+2029 would begin a line of its own
#: At the end of a heading it would not be read as words.
_CLOSING = re.compile(r"(?<!\S)#+$")
#: Deeper quotations and lists are shown as deep as this: each level would cost every line of it.
_DEEPEST = 5


class _Paragraph(NamedTuple):
    """A paragraph, finished but for its place.

    Attributes:
        quoted: How deep in quotations.
        item: Of a list: the mark before it, or as many spaces for what follows in the same item; else empty.
    """

    text: str
    quoted: int
    item: str


def rebuilt(source: str) -> str:
    """The words of the HTML in ``source`` as Markdown; empty where there are none."""
    writer = _Writer()
    for piece in pieces(source):
        if isinstance(piece, str):
            writer.write(piece)
        elif piece.closes:
            writer.close(piece.name)
        else:
            writer.open(piece)
    return writer.finish()


class _Writer:
    """Follows what is open, and gathers paragraphs."""

    def __init__(self) -> None:
        self._done: list[_Paragraph] = []
        self._runs: list[tuple[str, Look]] = []
        self._open: list[tuple[str, bool]] = []  # names, and whether they hide what they hold
        self._names: Counter[str] = Counter()
        self._looks = [Look()]
        self._hiding = self._quoted = self._preserved = self._heading = 0
        self._numbers: list[
            int
        ] = []  # of the next item of each open list; 0 where they are not numbered
        self._item = ""

    def write(self, text: str) -> None:
        """Words."""
        if self._hiding:
            return
        lines = text.splitlines() if self._preserved else [text]
        for number, line in enumerate(lines):
            if number:
                self._break()
            self._add(_SPACE.sub(" ", line))
        if self._preserved and text.endswith("\n"):
            self._break()

    def open(self, tag: Tag) -> None:
        """A start tag."""
        style = tag.attributes.get("style", "").lower()
        hides = tag.name in _DROPPED or "hidden" in tag.attributes or _is_hiding(style)
        is_seen = not hides and not self._hiding
        if tag.name in _VOID:
            if is_seen:
                self._place(tag)
            return
        if is_seen:
            self._begin(tag.name)
        look = self._looks[-1]
        self._looks.append(
            Look(
                _decided(_SLANT, style, tag.name in ("i", "em"), look.slanted),
                _decided(_WEIGHT, style, tag.name in ("b", "strong"), look.strong),
                target_of(tag.attributes.get("href", "")) if tag.name == "a" else look.target,
            )
        )
        self._open.append((tag.name, hides))
        self._names[tag.name] += 1
        self._hiding += hides

    def close(self, name: str) -> None:
        """An end tag; what was opened inside and not closed ends with it."""
        if name in ("br", "p") and not self._names[name]:  # as browsers read a lone one
            self.open(Tag(name, False, {}))
        while self._names[name]:
            gone, hides = self._open.pop()
            self._names[gone] -= 1
            if not self._hiding:
                self._end(gone)
            self._hiding -= hides
            self._looks.pop()
            if gone == name:
                break

    def finish(self) -> str:
        """The Markdown of it all."""
        self._end_paragraph()
        said: list[str] = []
        before: _Paragraph | None = None
        for each in self._done:
            if before is not None:
                shared = min(before.quoted, each.quoted)
                is_tight = bool(before.item and each.item) and before.quoted == each.quoted
                said.append("\n" if is_tight else "\n" + ("> " * shared).rstrip() + "\n")
            first, *others = each.text.split("\n")
            margin = "> " * each.quoted
            said.append(margin + each.item + first)
            said += [(f"\n{margin}" + " " * len(each.item) + line).rstrip(" ") for line in others]
            before = each
        return "".join(said)

    # -- what elements do -----------------------------------------------------------------------

    def _place(self, tag: Tag) -> None:
        if tag.name == "br":
            self._break()
        elif tag.name == "hr":
            self._end_paragraph()
        elif tag.name == "img":
            self._add(_SPACE.sub(" ", tag.attributes.get("alt", "")))

    def _begin(self, name: str) -> None:
        if name in _BLOCKS:
            self._end_paragraph()
        if name in _HEADINGS:
            self._heading = _HEADINGS[name]
        elif name in _LISTS:
            self._numbers.append(int(name == "ol"))
        elif name == "li":
            self._item = self._next_item()
        elif name == "blockquote":
            self._quoted += 1
        elif name == "pre":
            self._preserved += 1
        elif name in ("td", "th"):
            self._add(" ")

    def _end(self, name: str) -> None:
        if name in _BLOCKS:
            self._end_paragraph()
        if name in _HEADINGS:
            self._heading = 0
        elif name in _LISTS:
            self._numbers.pop()
            self._item = ""
        elif name == "li":
            self._item = ""
        elif name == "blockquote":
            self._quoted -= 1
        elif name == "pre":
            self._preserved -= 1

    def _next_item(self) -> str:
        number = self._numbers[-1] if self._numbers else 0
        if number:
            self._numbers[-1] += 1
        margin = "  " * min(max(len(self._numbers) - 1, 0), _DEEPEST)
        return margin + (f"{number}. " if number else "- ")

    # -- words ----------------------------------------------------------------------------------

    def _add(self, text: str) -> None:
        if text:
            look = self._looks[-1]
            # A heading is strong as it is.
            self._runs.append((text, look._replace(strong=look.strong and not self._heading)))

    def _break(self) -> None:
        self._runs.append(("\n", Look()))

    def _end_paragraph(self) -> None:
        runs, self._runs = self._runs, []
        text = inline(runs)
        if not text.strip():
            return
        if self._heading:
            words = _CLOSING.sub(r"\\\g<0>", " ".join(text.split("\n")))
            text = "#" * self._heading + " " + words
        else:
            text = "\n".join(map(escaped_start, text.split("\n")))
        self._done.append(_Paragraph(text, min(self._quoted, _DEEPEST), self._item))
        self._item = " " * len(self._item)


@lru_cache(maxsize=200)
def _is_hiding(style: str) -> bool:
    """Whether words of this style are not to be seen; a document has few styles, each many times."""
    return bool(_HIDING.search(style))


def _decided(pattern: re.Pattern[str], style: str, by_name: bool, inherited: bool) -> bool:
    """Whether words are slanted, or strong: the style says so, else the element's name."""
    said = pattern.search(style)
    if said is None or said[1] == "inherit":
        return by_name or inherited
    return said[1] in ("italic", "oblique", "bold", "bolder") or (
        said[1].isdigit() and int(said[1]) >= 600
    )
