"""Numbers in English prose: small ones in words, larger ones in digits, and only where it is certain what they are."""

import re

from writer_app.text.spelling import ONES, TEENS, TENS, from_words, in_words, ordinal

_WORDS = {
    # What a number stands behind as a name: page 3.
    "labels": "chapter part book page pages line lines verse act scene section number no nos step version volume "
    "level grade type figure table question item room route channel apartment suite flat platform gate class unit "
    "stage phase size model mark area highway bus district episode season track lesson exercise appendix note "
    "equals plus minus divided equal see",
    # What it stands before as a measure: 5 km.
    "units": "km m cm mm kg g mg lb lbs oz ft in mi mph kph hz khz mhz ghz kb mb gb tb px pt am pm a.m p.m ml l w kw "
    "v c f percent per degrees bc ad bce ce million billion thousand hundred",
    # What may begin a sentence with a capital and is no name.
    "small": "about nearly almost some only just over under at least most than the these those all after before in "
    "for with his her my our their your and but or by within exactly another every of on to from not we they there "
    "were was are had have has",
}
_LABELS, _UNITS, _FUNCTION_WORDS = (frozenset(words.split()) for words in _WORDS.values())
_NEAR = r"(?P<before>(?:^|(?<=[.!?…] )|(?<=[“‘\"']))|(?<![\w'’\-])[A-Za-z’]{1,20} )"
_COUNT = re.compile(
    _NEAR
    + r"(?P<number>\d{1,3})(?P<suffix>st|nd|rd|th)?(?![\w%°€£$/:×^+=*_~]|[.,\-–—]\d|[’'\"]\d|-)"
    r"(?=(?P<after> ?[^\s.,;!?]{0,20}))",
    re.MULTILINE,
)
_ABBREVIATED = re.compile(r"\b(?:[A-Z][A-Za-z]{0,3}|p|pp|vol|ch|fig|no|nos|c|ca)\. $")
_MONTHS = re.compile(
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
)
_WORD = rf"(?:(?:{TENS})(?:-(?:{ONES}))?|{TEENS}|{ONES}|hundred|thousand|million)"
_SAID = re.compile(rf"(?<![\w\-'’]){_WORD}(?:(?: and)? {_WORD}){{0,9}}(?![\w\-'’])")
_CLOCK_BEFORE = re.compile(
    r"\b(?:past|to|till|quarter|half|and|or|at|by|out of|a|the|nineteen|eighteen) $"
)
_CLOCK_AFTER = re.compile(
    rf" (?:o[’']clock|past|and\b|or\b|minutes (?:past|to)|to (?:{ONES}|{TEENS}|{TENS}))|[’'-]"
)
#: “About eleven” is a time of day where nothing is counted.
_HOUR_BEFORE = re.compile(r"\b(?:about|nearly|before|after|around|until|almost) $")
_SENTENCE_START = re.compile(r"(?:^|[.!?…][”’\"')\]]*\s|[“‘\"])\s*$")
_LONG = re.compile(r"(?<![\w.,/:#&=+\-–])(?<!No\. )[1-9]\d{4,14}(?![\w/:#&=\-–]|[.,]\d)")


def spelled(line: str) -> str:
    """Whole numbers up to one hundred, and ordinals, in words."""
    return _COUNT.sub(_spelled, line)


def _spelled(found: re.Match[str]) -> str:
    before, digits, suffix = found["before"], found["number"], found["suffix"]
    value = int(digits)
    if value > 100 or (len(digits) > 1 and digits[0] == "0"):
        return found[0]
    line, after = found.string, found["after"]
    word = after.strip(' ”’")(')
    starts = not before or bool(
        re.match(r".*[.!?…]\s$", line[max(0, found.start() - 3) : found.start()])
    )
    if before.strip().lower() in _LABELS or (word.lower() in _UNITS and after.startswith(" ")):
        return found[0]
    if before[:1].isupper() and before.strip().lower() not in _FUNCTION_WORDS:
        return found[0]
    if not before and _ABBREVIATED.search(line[max(0, found.start() - 8) : found.start()]):
        return found[0]
    if not before and not (after.startswith(" ") and word[:1].islower()):
        return found[0]
    if word[:1].isupper() or word[:1].isdigit() or _MONTHS.match(before):
        return found[0]
    if suffix and (not value or not after[1:2].islower() or word in ("of", "inst", "ult", "prox")):
        return found[0]
    said = ordinal(value) if suffix else in_words(value)
    return before + (said[0].upper() + said[1:] if starts and not before else said)


def in_digits(line: str) -> str:
    """Numbers from ten upwards in digits, but for times of day, years and what begins a sentence."""
    return _SAID.sub(_in_digits, line)


def _in_digits(found: re.Match[str]) -> str:
    line, said = found.string, found[0]
    before, after = line[max(0, found.start() - 40) : found.start()], line[found.end() :][:20]
    if _SENTENCE_START.search(before) or _CLOCK_BEFORE.search(before) or _CLOCK_AFTER.match(after):
        return said
    value = from_words(said)
    if value is None or value < 10 or "million" in said:
        return said
    if value <= 12 and _HOUR_BEFORE.search(before) and not re.match(r" [a-z]", after):
        return said
    return f"{value:,}"


def grouped(line: str) -> str:
    """Numbers of five digits and more with commas: 12,345."""
    return _LONG.sub(lambda found: f"{int(found[0]):,}", line)
