"""Quotes, dashes and ellipsis as the manuscript has them, for what is typed and for what a model writes.

:class:`Habits` says what the manuscript uses, :func:`as_typed` replaces what was just typed, :class:`Adapter`
converts a stream. Neither ever touches a letter or a digit.
"""

import re

from writer_app.text.habits import ALL_ON, Dash, Dots, Habits, Quotes, Switches

__all__ = [
    "Adapter",
    "Dash",
    "Dots",
    "Habits",
    "Quotes",
    "Switches",
    "as_typed",
    "completed",
]

_CLOSING = {"“": "”", "‘": "’", "「": "」", "『": "』"}
_OPENING = {closing: opening for opening, closing in _CLOSING.items()}
#: The mark opens a quotation after these, whatever came before.
_OPENERS = "([{<（【《〈“‘「『"
#: After these it opens a quotation only where none is open.
_UNDECIDED = "—–-…/\u3000”’」』"
_MARKUP = "*_~"
#: No space between a dash and these.
_CLOSERS = "”’」』)）]】》,.;:?!，。；：？！…\n"
_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_HAN_OR_MARK = re.compile(
    "[\u3000-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef—…\U00020000-\U0003ffff]"
)
_ELIDED = re.compile(
    r"(?:tis|twas|twere|twill|em|un|til|cause|round|bout|pon|n|\d\ds?)\b", re.IGNORECASE
)
_FULL_WIDTH = dict(zip(",.?!:;", "，。？！：；", strict=True))
#: A paragraph's end is all that decides about a mark; longer ones are cut.
_LINE_LENGTH = 4_000

#: What may have to be converted. A run is complete when something else stands behind it.
_TOKEN = re.compile(
    r"""(?P<dash>[ ]*(?:-+|[—–]+)[ ]*)
    |(?P<space>[ ]+)
    |(?P<dots>\.+|…+)
    |(?P<mark>[,?!:;])
    |(?P<quote>["'“”‘’「」『』])(?=(?P<word>\w*))""",
    re.VERBOSE,
)


def completed(line: str) -> str:
    """The end of ``line`` that :func:`as_typed` may replace: ``"``, ``'``, ``--``, ``...`` or nothing."""
    return next((mark for mark in ("...", "--", '"', "'") if line.endswith(mark)), "")


def as_typed(before: str, typed: str, habits: Habits, switches: Switches = ALL_ON) -> str | None:
    """What a just typed ``"``, ``'``, ``--`` or ``...`` should become; ``None`` leaves it.

    Args:
        before: The text before ``typed``; some hundred code points are enough.
        typed: The whole mark, as :func:`completed` returns it.
        habits: What the manuscript uses.
        switches: What may be replaced.
    """
    line = before[before.rfind("\n") + 1 :]
    if line.count("`") % 2 or line.rfind("<!--") > line.rfind("-->"):
        return None
    better: str | None = None
    if typed in ('"', "'") and switches.quotes:
        better = quote(line, typed, habits.quotes)
    elif typed == "--" and switches.dashes and _may_be_dash(line):
        better = habits.dash.strip() if line[-1].isspace() else habits.dash.value
    elif typed == "..." and switches.ellipsis:
        better = habits.ellipsis.value
    return None if better == typed else better


def quote(line: str, mark: str, quotes: Quotes, following: str | None = None) -> str:
    """The quotation mark that belongs where a straight one stands.

    Args:
        line: The paragraph up to the mark.
        mark: ``"`` or ``'``.
        quotes: The manuscript's marks.
        following: The word behind the mark, empty where none follows; ``None`` where that is not known yet.
    """
    if quotes is Quotes.STRAIGHT:
        return mark
    opening, closing = tuple(quotes[2:] if mark == "'" else quotes[:2])
    if mark == "'" and (
        _is_apostrophe(line, following or "") or (_ends_latin(line) and not _is_open(line, opening))
    ):
        return "’"
    return opening if _opens(line, opening, following) else closing


def _opens(line: str, opening: str, following: str | None) -> bool:
    """Whether a quotation begins behind ``line``."""
    last = line.rstrip(_MARKUP)[-1:]
    if not last or last in _OPENERS or last == "：":
        return True
    # Chinese has no spaces that would tell; there, and after dashes, it is closed if it was opened.
    if last in _UNDECIDED or _HAN_OR_MARK.match(last):
        return not _is_open(line, opening)
    # A mark between spaces ends what is open: “‘… sundial.’ ”
    return last.isspace() and (following != "" or not _is_open(line, opening))


def _is_open(line: str, opening: str) -> bool:
    return line.rfind(opening) > line.rfind(_CLOSING[opening])


def _may_be_dash(line: str) -> bool:
    """Whether two hyphens behind ``line`` are a dash: not a scene break, a table or a comment."""
    return bool(line.strip()) and not line.rstrip(":").endswith(("-", "|", "<!"))


def _is_apostrophe(line: str, following: str) -> bool:
    """Whether a single mark between ``line`` and the word ``following`` leaves out letters."""
    if _ends_latin(line):
        return following[:1].isalpha()
    return not line[-1:].isalnum() and bool(_ELIDED.match(following))


def _ends_latin(line: str) -> bool:
    """Whether ``line`` ends inside or right behind a word of a script with spaces."""
    return line[-1:].isalnum() and not _HAN.match(line[-1:])


class Adapter:
    """Brings a stream to the manuscript's habits; where it is cut into pieces makes no difference.

    What cannot be decided yet (a hyphen that may become two, spaces before what may be a dash) is held back
    until the next piece or :meth:`finish`.
    """

    def __init__(self, habits: Habits, switches: Switches = ALL_ON) -> None:
        self._habits = habits
        self._switches = switches
        self._line: str | None = None
        self._held = ""

    def feed(self, text: str, before: str = "") -> str:
        """The next piece, converted as far as it is decided.

        Args:
            text: What the model wrote.
            before: The manuscript before the first piece; looked at once.
        """
        if self._line is None:
            self._line = _last_line(before)
        self._held += text
        return self._take(ended=False)

    def finish(self) -> str:
        """What was still held back."""
        return self._take(ended=True)

    def _take(self, *, ended: bool) -> str:
        held, at, pieces = self._held, 0, list[str]()
        for token in _TOKEN.finditer(held):
            if not ended and max(token.end(), token.end("word")) == len(held):
                self._held = held[token.start() :]
                return "".join((*pieces, self._emit(held[at : token.start()])))
            pieces.append(self._emit(held[at : token.start()]))
            pieces.append(self._emit(self._convert(token)))
            at = token.end()
        self._held = ""
        return "".join((*pieces, self._emit(held[at:])))

    def _emit(self, piece: str) -> str:
        self._line = _last_line((self._line or "") + piece)
        return piece

    def _convert(self, token: re.Match[str]) -> str:
        line, text = self._line or "", token[0]
        following = token.string[token.end() : token.end() + 1]
        if token["quote"] and self._switches.quotes:
            return self._quote(line, text, token["word"])
        if token["dash"] and self._switches.dashes and _is_dash(line, text, following):
            return self._dash(line, text, following)
        if token["dots"] and text != "." and self._switches.ellipsis:
            return self._dots(text)
        if text in _FULL_WIDTH and self._wants_full_width(line, following):
            return _FULL_WIDTH[text]
        return text

    def _quote(self, line: str, mark: str, word: str) -> str:
        quotes = self._habits.quotes
        if mark in "\"'":
            return quote(line, mark, quotes, word)
        if mark == "’" and quotes is not Quotes.STRAIGHT:
            # The apostrophe looks like the closing mark of ‘…’, but has no corner form.
            ends_quotation = _is_open(line, quotes[2]) and not _is_apostrophe(line, word)
            return quotes[3] if ends_quotation else mark
        pair = quotes[2:] if mark in "‘’『』" else quotes[:2]
        return pair[0] if mark in _CLOSING else pair[1]

    def _dash(self, line: str, text: str, following: str) -> str:
        dash = self._habits.dash.value
        if line[-1:] in _OPENERS or line[-1:].isspace():
            dash = dash.lstrip()
        # A straight mark behind a dash opens a quotation only if the model put a space between.
        closes = following in _CLOSERS or (following in "\"'" and not text.endswith(" "))
        return dash.rstrip() if closes else dash

    def _dots(self, text: str) -> str:
        if text.startswith("…"):
            return self._habits.ellipsis.value
        if len(text) < 3:
            return text
        # Four dots are an ellipsis and a full stop, six the Chinese one.
        full_stop = "." if len(text) == 4 and self._habits.ellipsis is not Dots.CHINESE else ""
        return self._habits.ellipsis.value + full_stop

    def _wants_full_width(self, line: str, following: str) -> bool:
        wanted = self._habits.full_width and self._switches.full_width
        latin = following.isascii() and following.isalnum()
        return wanted and not latin and bool(_HAN.match(line[-1:]) or line[-1:] in "”’」』》）")


def _is_dash(line: str, text: str, following: str) -> bool:
    """Whether a run of hyphens or dashes with its spaces is punctuation of a sentence."""
    run = text.strip()
    if not _may_be_dash(line) or (following and following in "|>"):
        return False
    if line[-1].isdigit() and following.isdigit():
        return False
    if run == "–":
        return text != run and text[0] == text[-1] == " "
    return run[0] in "—–" or len(run) > 1


def _last_line(text: str) -> str:
    return text[text.rfind("\n") + 1 :][-_LINE_LENGTH:]
