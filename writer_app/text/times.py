"""When something happens, in a writer's own words: read as far as they say it in a way that code can order."""

import unicodedata
from functools import lru_cache

from writer_app.text import chinese_times, english_times
from writer_app.text.chronology import Time

#: Nobody says a time in more characters.
_LONGEST = 200


# A timeline reads those of all scenes again whenever one of them changes.
@lru_cache(maxsize=4_000)
def read(words: str) -> Time | None:
    """What ``words`` say of a time, in English, Chinese or both; ``None`` where they say nothing that has an order."""
    plain = unicodedata.normalize("NFKC", words[:_LONGEST])
    said, rest = chinese_times.read(plain)
    found = said | english_times.read(rest, said.get("clock"))
    return Time(**found) if found else None
