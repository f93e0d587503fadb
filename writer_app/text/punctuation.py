"""The marks of one line: quotes, dashes, ellipsis, full-width forms and the spaces around them.

A line may hold stand-ins of :mod:`writer_app.text.masking`, which count as neither word nor mark.
"""

import re

from writer_app.text.habits import Dash, Dots, Habits, Quotes
from writer_app.text.typography import quote

_HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_ANY_HAN = re.compile(f"[{_HAN}]")
_LATIN = re.compile(r"[A-Za-z]")
#: So many letters weigh no more than one Han character.
_LETTERS = 4
#: Characters before a quotation mark that decide about it.
_REACH = 4_000

#: White space and Markdown's marks at the beginning of a line.
_HEAD = re.compile(r"\s*(?:(?:\#{1,6}|[-*+>]|\d{1,9}[.)])[ \t]+){0,20}")
_SPACE_RUN = re.compile(r"(?<=\S) {2,}(?=\S)")
_WIDE_LETTERS = re.compile("[Ａ-Ｚａ-ｚ０-９]+")
_TO_NARROW = {code: code - 0xFEE0 for code in range(0xFF10, 0xFF5B)}
_TO_WIDE = str.maketrans(",.?!:;", "，。？！：；")

_BEFORE_MARK = re.compile(
    rf"(?:[{_HAN}》）」』][*_]{{0,3}}|[{_HAN}。，！？…][”’\"'*_]{{1,4}})([,.?!:;]{{1,9}})(?!\[)( *)"
)
_LATIN_MARK = re.compile(
    rf"(?<=[0-9A-Za-z])[,;?!](?=[{_HAN}“「《])|(?<=[0-9])\.(?= {{1,9}}[{_HAN}“「《])"
)
_BRACKETS = re.compile(r"[(（]([^()（）]{1,300})[)）]")
_HAN_GAP = re.compile(rf"(?<=[{_HAN}]) +(?=[{_HAN}])")
_WIDE_GAP = re.compile(
    r"(?<=\S) +(?=[，。！？；：、）》」』])|(?<=[，。！？；：、（《「『]) +(?=\S)"
    rf"|(?<=[“‘]) +(?=[{_HAN}])|(?<=[{_HAN}，。！？…]) +(?=[”’])"
)
_SENTENCE_MARK = re.compile("[，。！？；]")
_DOTS = re.compile(r"(?<![./\\])(?:\. \. \.(?: \.)?|(?>(?:…|\.{3,6}|。{3,9}|・{3,9})+))(?![./\\])")
_CHINESE_DASH = re.compile(
    r"(?<![\-–—―－─<|])(?:-{2,3}|－{1,3}|―{1,3}|─{1,3}|—{1,3})(?![\-–—―－─>|])"
)
_DASH = re.compile(r"(?<=[^\s\-<|])( ?)-{2,3}( ?)(?![\-|>\s])|(?<=[^\s\-<|])( ?)-{2,3}()$")
_SPACE_BEFORE = re.compile(r"(?<=[A-Za-z”’)]) +(?=[,.;:!?](?:[\s”’\")]|$))")
_STRAIGHT = re.compile(r"[\"'](?=(\w{0,40}))")
_CURLY_TO_CORNER = str.maketrans("“”‘", "「」『")
_CORNER_TO_CURLY = str.maketrans("「」『』", "“”‘’")


def is_chinese(line: str) -> bool:
    """Whether a line is Chinese, perhaps with words of another language in it."""
    characters = len(_ANY_HAN.findall(line))
    return bool(characters) and characters * _LETTERS >= len(_LATIN.findall(line))


def improved(line: str, habits: Habits, *, is_title: bool = False) -> str:
    """``line`` with its marks as ``habits`` has them; what already is so stays so.

    Args:
        line: Any line, a paragraph long.
        habits: What the manuscript uses, in a typographer's form.
        is_title: Spaces between Chinese characters part what they stand between.
    """
    head = _HEAD.match(line)
    assert head, "matches nothing, too"
    line = line[head.end() :]
    change = _chinese if is_chinese(line) else _english
    # One mark put right may be what makes another one wrong.
    for _turn in range(4):
        better = change(line, habits, is_title)
        if better == line:
            break
        line = better
    return head[0] + line


def spaced(line: str) -> str:
    """``line`` with single spaces only."""
    return _SPACE_RUN.sub(" ", line)


def _english(line: str, habits: Habits, is_title: bool) -> str:
    line = spaced(line)
    if "." in line or "…" in line:
        usual = Dots.CHARACTER if habits.ellipsis is Dots.CHINESE else habits.ellipsis
        line = _DOTS.sub(lambda found: _english_dots(found, usual), line)
    if "--" in line:
        dash = Dash.EM if habits.dash is Dash.CHINESE else habits.dash
        line = _DASH.sub(lambda found: _english_dash(found, dash), line)
    line = _SPACE_BEFORE.sub("", line)
    return _curled(line, Quotes.CURLY if habits.quotes is Quotes.CORNER else habits.quotes)


def _english_dots(found: re.Match[str], usual: Dots) -> str:
    stops = found[0].count(".")
    if not 3 <= stops <= 4 or found[0].strip(". "):
        return found[0]
    return usual.value + ("." if stops == 4 and usual is Dots.CHARACTER else "")


def _english_dash(found: re.Match[str], dash: Dash) -> str:
    line, before, after = found.string, found[1] or found[3] or "", found[2] or ""
    last, following = line[found.start() - 1], line[found.end() : found.end() + 1]
    if last.isdigit() and following.isdigit():
        return found[0]
    if before and not after and following.isalnum():
        return found[0]  # an option of a command
    closes = (
        not following or following in "”’」』)）]】,.;:?!…" or (following in "\"'" and not after)
    )
    said = dash.value.rstrip() if closes else dash.value
    return said.lstrip() if last in "([{“‘\"'" else said


def _chinese(line: str, habits: Habits, is_title: bool) -> str:
    line = _WIDE_LETTERS.sub(lambda found: found[0].translate(_TO_NARROW), spaced(line))
    one_dot = habits.ellipsis is Dots.CHARACTER
    line = _DOTS.sub(lambda found: _chinese_dots(found, one_dot), line)
    one_dash = habits.dash is Dash.EM
    line = _CHINESE_DASH.sub(lambda found: _chinese_dash(found, one_dash), line)
    if habits.full_width:
        line = _BRACKETS.sub(_brackets, line)
        line = _BEFORE_MARK.sub(_full_width, line)
        line = _LATIN_MARK.sub(lambda found: found[0].translate(_TO_WIDE), line)
    line = _WIDE_GAP.sub("", line)
    if not is_title and _SENTENCE_MARK.search(line):
        line = _HAN_GAP.sub("", line)
    return _curled(line.replace("＂", '"'), habits.quotes)


def _between_latin(found: re.Match[str]) -> bool:
    line = found.string
    last, following = (
        line[: found.start()].rstrip(" ")[-1:],
        line[found.end() :][:9].lstrip(" ")[:1],
    )
    return last.isascii() and last.isalnum() and following.isascii() and following.isalnum()


def _chinese_dots(found: re.Match[str], one_dot: bool) -> str:
    run = found[0]
    drawn = not run.strip("…")
    if _between_latin(found) or (drawn and (one_dot or len(run) % 2 == 0)):
        return run
    return "…" if one_dot else "…" * (len(run) + 1 if drawn and len(run) > 3 else 2)


def _chinese_dash(found: re.Match[str], one_dash: bool) -> str:
    line, run = found.string, found[0]
    last, following = (
        line[max(0, found.start() - 1) : found.start()],
        line[found.end() : found.end() + 1],
    )
    if _between_latin(found) or last.isdigit() or following.isdigit():
        return run
    if len(run) == 1 and run[0] != "—" and not (_ANY_HAN.match(last) or _ANY_HAN.match(following)):
        return run
    if run[0] == "-" and last.isspace() and following.isascii() and following.isalnum():
        return run
    return run if run == "——" or (one_dash and run[0] == "—") else "—" if one_dash else "——"


def _brackets(found: re.Match[str]) -> str:
    last = found.string[: found.start()][-1:]
    inside = found[1]
    mixed = (found[0][0] == "（") != (found[0][-1] == "）")
    if (
        mixed
        or _ANY_HAN.search(inside)
        or _ANY_HAN.match(last)
        or (last and last in "，。！？；：、”」』》")
    ):
        return f"（{inside}）"
    return found[0]


def _full_width(found: re.Match[str]) -> str:
    line, run = found.string, found[1]
    following = line[found.end() : found.end() + 1]
    if "." in run and (
        run != "." or (not found[2] and following.isascii() and following.isalnum())
    ):
        return found[0]
    if ":" in run and following == "/":
        return found[0]
    gap = "" if following else found[2]
    return found[0][: found.start(1) - found.start()] + run.translate(_TO_WIDE) + gap


def _curled(line: str, quotes: Quotes) -> str:
    """``line`` without straight quotes, but for the signs of feet and inches."""
    if quotes is Quotes.STRAIGHT or ('"' not in line and "'" not in line):
        return line
    pieces: list[str] = []
    built, at = "", 0
    for found in _STRAIGHT.finditer(line):
        before, mark = line[at : found.start()], found[0]
        built = (built + before)[-_REACH:]
        opening = quotes.value[2 if mark == "'" else 0]
        closing = quotes.value[3 if mark == "'" else 1]
        measure = built[-1:].isdigit() and built.rfind(opening) <= built.rfind(closing)
        if not measure or found[1][:1].isalpha():
            mark = quote(built, mark, quotes, found[1])
        pieces += (before, mark)
        built, at = built + mark, found.end()
    return "".join((*pieces, line[at:]))


def requoted(line: str, quotes: Quotes) -> str:
    """``line`` with corner brackets for curly quotes, or the other way round."""
    if quotes is Quotes.CORNER and is_chinese(line):
        line = re.sub(r"(?<![A-Za-z])’(?![A-Za-z0-9])", "』", line.translate(_CURLY_TO_CORNER))
    return line.translate(_CORNER_TO_CURLY) if quotes is Quotes.CURLY else line
