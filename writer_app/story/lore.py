"""One entry of a foreign lorebook as an entry of our bible, whatever program wrote it.

The programs call the same things differently, and have rules that we have not. What an entry says that finds no place
here is counted under the name that it has there, so that the window can tell.
"""

import re
from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any

from writer_app.story.bible import Bible, Entry, Kind
from writer_app.text.hidden import without

#: Entries of one file, characters of one text, and keys of one entry.
MOST, LONGEST, MOST_KEYS = 20_000, 400_000, 500
_KEYS = ("key", "keys", "keywords")
_TITLES = ("comment", "displayName", "name", "title", "entryName")
_TEXTS = ("content", "text", "entry", "manual_text", "value")
_ALWAYS = ("constant", "forceActivation", "alwaysActive", "always")
_OFF = ("disable", "disabled", "widisabled")
_ON = ("enabled",)
_ORDERS = ("order", "insertion_order", "insertorder", "priority", "weight", "budgetPriority")
#: Numbers and dates by which a program knows its own entries, and how it shows them: nothing of the story.
_THEIRS_TEXT = (
    "uid id displayIndex lastUpdatedAt addMemo folder category num bookVersion mode extensions contextConfig wigroup "
    "folderName useProbability case_sensitive caseSensitive comment_ type"
)
_THEIRS = frozenset(_THEIRS_TEXT.split())
#: Values that change nothing there.
_IDLE: Mapping[str, Collection[Any]] = {
    "probability": (100,),
    "position": (0, 1, "before_char", "after_char"),
    "selectiveLogic": (0,),
    "depth": (4,),
    "scanDepth": (None,),
    "searchRange": (1_000, 10_000),
    "groupWeight": (100,),
    "use_regex": (False,),
    "role": (0, None),
}
_REGEX = re.compile(r"/(.+)/([a-z]*)\Z", re.DOTALL)
_HAN_NAME = re.compile("[\u3400-\u9fff·]{1,6}\\Z")
_KINDS = (
    (Kind.CHARACTER, re.compile(r"(?i)character|people|person|cast|角色|人物")),
    (Kind.PLACE, re.compile(r"(?i)place|location|city|region|地点|地理|场所")),
    (Kind.OBJECT, re.compile(r"(?i)item|object|thing|weapon|物品|道具")),
    (Kind.GROUP, re.compile(r"(?i)group|faction|organi[sz]ation|guild|race|组织|势力|门派|种族")),
    (Kind.RULE, re.compile(r"(?i)rule|magic|lore|world|system|设定|规则|世界")),
)
_PERSON = re.compile(r"(?i)\b(?:she|he|her|his|personality|gender|aged?)\b|[他她]|性格|年龄|性别")


class Lost(Counter[str]):
    """What had no place, by the name that it has in the file, and how often."""

    def told(self) -> tuple[tuple[str, int], ...]:
        """By name."""
        return tuple(sorted(self.items()))


def text_of(value: object, lost: Lost, name: str) -> str:
    """A text as we keep it: LF newlines, whole characters, none hidden, no blanks around it; empty where it is none.

    What is hidden in it would be told to a model and to nobody else.
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        if value:
            lost[name] += 1
        return ""
    plain = str(value)
    whole = plain.encode("utf-8", "replace").decode()
    lines = whole[:LONGEST].replace("\r\n", "\n").replace("\r", "\n")
    shown = without(lines)
    if whole != plain or len(whole) > LONGEST or shown != lines:
        lost[name] += 1
    return shown.strip()


def entries_of(
    rows: object, lost: Lost, categories: Mapping[str, str] | None = None
) -> tuple[Entry, ...]:
    """Entries from a list or table of foreign ones, each with an id of its own.

    Args:
        rows: As the file has them.
        lost: Told of what has no place.
        categories: Names of the categories that they may be in, by id.
    """
    found = list(rows.values()) if isinstance(rows, dict) else rows
    if not isinstance(found, list):
        if rows:
            lost["entries"] += 1
        return ()
    if len(found) > MOST:
        lost["entries"] += len(found) - MOST
    made: list[Entry] = []
    for number, row in enumerate(found[:MOST], 1):
        if not isinstance(row, dict):
            lost["entries"] += 1
            continue
        entry = _entry(row, number, lost, categories or {})
        if entry is None:
            lost["entries"] += 1
            continue
        made.append(entry)
    named = Bible().free_ids(entry.name for entry in made)
    return tuple(map(_with_id, made, named))


def kind_of(category: str, text: str) -> Kind:
    """What an entry is about, by what its category is called, or else whether it speaks of somebody."""
    for kind, words in _KINDS:
        if words.search(category):
            return kind
    return Kind.CHARACTER if _PERSON.search(text) else Kind.RULE


# -- inside ---------------------------------------------------------------------------------------


def _entry(
    row: Mapping[str, Any], number: int, lost: Lost, categories: Mapping[str, str]
) -> Entry | None:
    """``None`` for one that says nothing."""
    keys = _keys(row, lost)
    title = next((said for key in _TITLES if (said := text_of(row.get(key), lost, key))), "")
    text = next((said for key in _TEXTS if (said := text_of(row.get(key), lost, key))), "")
    if not (keys or title or text):
        return None
    names = [key for key in keys if _is_name(key)]
    if not title or title.replace(" ", "") == ",".join(keys).replace(" ", ""):
        title = (names or keys or [f"{number}"])[0]
    name = " ".join(title.split())[:120]
    aliases = tuple(key for key in names if key != name)
    triggers = tuple(key for key in keys if key not in names and key.casefold() != name.casefold())
    category = categories.get(str(row.get("category", "")), "")
    config = row.get("contextConfig")
    config = config if isinstance(config, dict) else {}
    _note_lost(row, config, lost)
    is_off = any(_is(row.get(key), True) for key in _OFF) or any(
        _is(row.get(key), False) for key in _ON
    )
    return Entry(
        id="x",
        kind=kind_of(category, text),
        name=name,
        aliases=aliases,
        triggers=triggers,
        always=any(_is(row.get(key), True) for key in _ALWAYS),
        muted=is_off,
        priority=_priority({**config, **row}, lost),
        depth=_depth(config, lost),
        description=text,
    )


def _is(value: object, wanted: bool) -> bool:
    """Whether a value is ``wanted``; some programs write yes and no as numbers or words."""
    return str(value).casefold() in (("true", "1") if wanted else ("false", "0"))


def _keys(row: Mapping[str, Any], lost: Lost) -> list[str]:
    found: list[str] = []
    for name in _KEYS:
        value = row.get(name)
        if isinstance(value, str):
            # Commas part keys, but not inside a pattern.
            value = [value] if _REGEX.match(value.strip()) else value.split(",")
        if isinstance(value, list):
            found += (text_of(each, lost, name) for each in value)
        elif value:
            lost[name] += 1
    keys = list(dict.fromkeys(key for key in found if key))
    if len(keys) > MOST_KEYS:
        lost["keys"] += len(keys) - MOST_KEYS
    return keys[:MOST_KEYS]


def _is_name(key: str) -> bool:
    if _REGEX.match(key) or len(key) > 80 or "\n" in key:
        return False
    return bool(_HAN_NAME.match(key)) or key[0].isupper()


def _priority(row: Mapping[str, Any], lost: Lost) -> int:
    for name in _ORDERS:
        value = row.get(name)
        # It may be too large for a float.
        if isinstance(value, int | float) and not isinstance(value, bool):
            limited = max(-1000, min(1000, value))
            if limited != value:
                lost[name] += 1
            return int(limited)
        if value is not None:
            lost[name] += 1
    return 0


def _depth(config: Mapping[str, Any], lost: Lost) -> int:
    """How far before the end it is set in, where that is counted in lines."""
    position = config.get("insertionPosition")
    if not isinstance(position, int) or isinstance(position, bool) or position in (0, -1):
        return 0
    if position > 0 or config.get("insertionType") != "newline":
        lost["insertionPosition"] += 1
        return 0
    return min(1000, -position - 1)


def _note_lost(row: Mapping[str, Any], config: Mapping[str, Any], lost: Lost) -> None:
    known = {*_KEYS, *_TITLES, *_TEXTS, *_ALWAYS, *_OFF, *_ON, *_ORDERS, *_THEIRS}
    more = row.get("extensions")
    for name, value in [*row.items(), *(more.items() if isinstance(more, dict) else ())]:
        if name in known or not value or value in _IDLE.get(name, ()):
            continue
        # Whether further keys are asked for matters only where there are some.
        if name != "selective":
            lost[str(name)[:60]] += 1
    for name in ("prefix", "suffix"):
        if isinstance(config.get(name), str) and config[name].strip():
            lost[f"contextConfig.{name}"] += 1


def _with_id(entry: Entry, named: str) -> Entry:
    return Entry(**{name: getattr(entry, name) for name in entry.__struct_fields__} | {"id": named})
