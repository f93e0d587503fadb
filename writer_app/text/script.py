"""Which language a piece of text is in: its script tells, and for Latin letters its smallest words."""

import re
import unicodedata
from collections import Counter

# The first word of a letter's Unicode name, and the language we then speak of.
_LANGUAGES = {
    "LATIN": "en",
    "CJK": "zh",
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "HANGUL": "ko",
    "CYRILLIC": "ru",
    "ARABIC": "ar",
    "HEBREW": "he",
    "GREEK": "el",
    "THAI": "th",
    "DEVANAGARI": "hi",
}
#: A Han character carries about as much text as this many letters.
_HAN_WEIGHT = 3

#: Words that are frequent in one language and rare in the others; of Latin letters, English is the usual case.
_SMALL_WORDS = {
    "en": "the and of to was that it his her with he she is for you had not but at my this they",
    "fr": "le les une des et dans il elle était est qui que pas ne sur avec pour au du je nous vous",
    "de": "der und das ist nicht ein eine sie er den dem mit von zu sich auf ich wie sein ihre",
    "es": "el los las una y en que no se con por para su lo era del más como pero había",
    "it": "il gli una e di che non si con per la della era nel più come ma sua aveva sono",
    "pt": "o os uma e de que não se com por para do da em seu era mais como mas ao",
    "nl": "het een en van niet dat zijn hij haar met voor op ze werd maar was naar ik",
}
_WORDS = {language: frozenset(words.split()) for language, words in _SMALL_WORDS.items()}
#: So many small words of another language, and so many times the English ones, make a text that language.
_ENOUGH, _TIMES = 4, 2


def language_of(text: str) -> str:
    """ISO code of the language that most of ``text`` is in.

    Latin letters count as ``"en"`` unless the small words say otherwise; too few words say nothing.
    Empty for a text without letters; ``"other"`` for a script without a name here.
    """
    by_script = _by_script(text)
    return _by_words(text) if by_script == "en" else by_script


def may_be(text: str, language: str) -> bool:
    """Whether nothing in ``text`` shows that it is in another language than this one (an ISO code).

    Few words in Latin letters show nothing, and neither does a text without letters.
    """
    script = _by_script(text)
    if language not in _WORDS or script != "en":
        return script in ("", language) or (script, language) == ("zh", "ja")
    found = _small_words(text)
    return max(found.values()) < max(_ENOUGH, _TIMES * found[language])


def in_language(text: str, language: str) -> str:
    """What of ``text`` is ASCII or letters of the script that ``language`` is written in."""
    script = "en" if language in _SMALL_WORDS else language
    also = {"ja": "zh"}.get(language, script)
    return "".join(
        letter
        for letter in text
        if (letter.isascii() and not letter.isalpha())
        or (letter.isalpha() and _script(letter) in (script, also))
    )


def _by_words(text: str) -> str:
    found = _small_words(text)
    language = max(found, key=found.__getitem__)
    return language if found[language] >= max(_ENOUGH, found["en"] * _TIMES) else "en"


def _small_words(text: str) -> dict[str, int]:
    """How many of the small words of each language there are."""
    written = re.findall(r"[^\W\d_]+", text.lower())
    return {language: sum(word in small for word in written) for language, small in _WORDS.items()}


def _script(letter: str) -> str:
    if letter.isascii():
        return "en"
    return _LANGUAGES.get(unicodedata.name(letter, "").partition(" ")[0], "other")


def _by_script(text: str) -> str:
    weights: Counter[str] = Counter()
    for letter, count in Counter(text).items():
        if not letter.isalpha():
            continue
        language = _script(letter)
        weights[language] += count * (_HAN_WEIGHT if language == "zh" else 1)
    if not weights:
        return ""
    # Japanese is written mostly in Han characters; the kana between them decide.
    if weights["ja"] * 5 > weights["zh"] > 0:
        weights["ja"] += weights.pop("zh")
    return weights.most_common(1)[0][0]
