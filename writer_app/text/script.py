"""Which language a piece of text is in, as far as its script tells."""

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


def language_of(text: str) -> str:
    """ISO code of the language that most of ``text`` is in.

    Decided by script alone, so every language in Latin letters counts as ``"en"``. Empty for a text
    without letters; ``"other"`` for a script without a name here.
    """
    weights: Counter[str] = Counter()
    for letter, count in Counter(text).items():
        if not letter.isalpha():
            continue
        if letter.isascii():
            weights["en"] += count
            continue
        script = unicodedata.name(letter, "").partition(" ")[0]
        language = _LANGUAGES.get(script, "other")
        weights[language] += count * (_HAN_WEIGHT if language == "zh" else 1)
    if not weights:
        return ""
    # Japanese is written mostly in Han characters; the kana between them decide.
    if weights["ja"] * 5 > weights["zh"] > 0:
        weights["ja"] += weights.pop("zh")
    return weights.most_common(1)[0][0]
