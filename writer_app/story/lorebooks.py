"""Lorebooks, character cards and stories of other programs: SillyTavern, NovelAI, KoboldAI, KoboldCpp, mikupad.

A file is recognised by what it holds. What has a place here becomes entries, notes and text; what has none is listed
by the name that it has there. Nothing is run, fetched or looked up; patterns stay text.

World info and cards of SillyTavern: V1, V2 and V3, as JSON or inside a PNG. NovelAI: ``.lorebook``, ``.story`` and
``.scenario``; newer stories keep their text in a binary form of their own, which is said. KoboldAI and KoboldCpp: saved
stories. mikupad: sessions, one a file. AI Dungeon: story cards.
"""

import base64
import binascii
import re
import struct
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path, PurePath
from typing import Any

import msgspec

from writer_app.errors import N_, ImportRefused
from writer_app.story import files
from writer_app.story.bible import Bible, Entry, Kind
from writer_app.story.lore import Lost, entries_of, text_of

#: Bytes of a file; cards carry a picture.
LIMIT = 64 * 1024 * 1024
#: Values of a file, counted by what stands before one, in texts too: each takes as much memory as a long word.
_MOST_VALUES = 4_000_000
_BEGINNINGS = (b",", b"[", b"{")
#: Suffixes that are offered to open.
SUFFIXES = (".json", ".png", ".lorebook", ".story", ".scenario")
_PNG = b"\x89PNG\r\n\x1a\n"
#: Keywords of a picture's text that hold a card or a lorebook, the best first.
_EMBEDDED = (b"ccv3", b"chara", b"naidata")
#: What a card may say besides, and where it goes: none of it is the character.
_ASIDE = {
    "scenario": N_("Scenario"),
    "first_mes": N_("First message"),
    "creator_notes": N_("Notes of whoever made the card"),
}
_CARD_IDLE_TEXT = (
    "name nickname description personality scenario first_mes mes_example creator_notes character_book "
    "alternate_greetings group_only_greetings tags creator character_version spec spec_version data avatar chat "
    "create_date metadata talkativeness fav creatorcomment creation_date modification_date source json_data"
)
#: Their words for who plays and for the character, in any capitals.
_PLAYER = re.compile(r"(?i)\{\{user\}\}|<user>")
_CHARACTER = re.compile(r"(?i)\{\{char\}\}|<bot>|<char>")
_CARD_IDLE = frozenset(_CARD_IDLE_TEXT.split())


class Note(msgspec.Struct, frozen=True):
    """A text beside the story; ``title`` is of the catalogue where it is ours."""

    title: str
    text: str


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    """What a file holds that has a place here.

    Attributes:
        kind: What sort of file it is, as its program calls it.
        title: Of the story, lorebook or character.
        entries: For the bible; their ids are unlike each other, not unlike those that the bible has.
        notes: Texts that are no entries.
        text: Of a story.
        memory: What the model was always told.
        note: The author's note.
        dropped: What had no place, by its name in the file, and how often.
    """

    kind: str
    title: str = ""
    entries: tuple[Entry, ...] = ()
    notes: tuple[Note, ...] = ()
    text: str = ""
    memory: str = ""
    note: str = ""
    dropped: tuple[tuple[str, int], ...] = ()

    def into(self, bible: Bible, taken: frozenset[str] = frozenset()) -> Bible:
        """The bible with all entries, each under a free id. ``taken`` as :meth:`Bible.free_id`."""
        named = bible.free_ids((entry.name for entry in self.entries), taken)
        pairs = zip(self.entries, named, strict=True)
        return bible.put(*(msgspec.structs.replace(entry, id=each) for entry, each in pairs))


def open_file(path: Path) -> Imported:
    """Read a file of another program.

    Raises:
        FileMissing, FileUnreadable: It cannot be read.
        ImportRefused: Nothing can be taken from it.
    """
    try:
        data = files.bytes_up_to(path, LIMIT)
    except OverflowError as problem:
        raise ImportRefused(path=str(path), reason=N_("it is larger than 64 MB")) from problem
    return read(data, str(path))


def read(data: bytes, path: str = "") -> Imported:
    """Read what a file of another program holds. ``path`` is for its title and for errors.

    Raises:
        ImportRefused: Nothing can be taken from it.
    """
    if data.startswith(_PNG):
        data = _embedded(data, path)
    found = _parsed(data, path)
    lost = Lost()
    for recognise, take in _FORMATS:
        if recognise(found):
            taken = take(found, lost)
            title = taken.title or PurePath(path).stem
            return msgspec.structs.replace(taken, title=title, dropped=lost.told())
    raise ImportRefused(
        path=path,
        reason=N_("it is no lorebook, character card or story of a program that Longhand knows"),
    )


# -- recognising ----------------------------------------------------------------------------------


def _is_card(found: Mapping[str, Any]) -> bool:
    data = found.get("data")
    card = (
        data
        if isinstance(data, dict) and str(found.get("spec", "")).startswith("chara_card")
        else found
    )
    return (
        isinstance(card.get("name"), str)
        and ("description" in card or "first_mes" in card)
        and ("personality" in card or "mes_example" in card or "first_mes" in card)
    )


def _is_novelai_story(found: Mapping[str, Any]) -> bool:
    return "storyContainerVersion" in found or "scenarioVersion" in found


def _is_kobold(found: Mapping[str, Any]) -> bool:
    return "actions" in found and ("gamestarted" in found or "prompt" in found)


def _is_mikupad(found: Mapping[str, Any]) -> bool:
    return "prompt" in found and (
        "memoryTokens" in found or "worldInfo" in found or "authorNoteTokens" in found
    )


def _is_lorebook(found: Mapping[str, Any]) -> bool:
    inner = found.get("data")
    if isinstance(inner, dict) and "entries" in inner:
        return True
    return isinstance(found.get("entries"), dict | list) or isinstance(inner, list)


# -- taking ---------------------------------------------------------------------------------------


def _card(found: Mapping[str, Any], lost: Lost) -> Imported:
    inner = found.get("data")
    card = inner if isinstance(inner, dict) and "name" in inner else found
    name = text_of(card.get("name"), lost, "name") or "1"

    def said(key: str) -> str:
        return _with_name(text_of(card.get(key), lost, key), name, lost)

    samples = tuple(filter(None, (each.strip() for each in said("mes_example").split("<START>"))))
    tags = [text_of(each, lost, "tags") for each in _list(card.get("tags"))]
    fields = {"personality": said("personality"), "tags": ", ".join(filter(None, tags))}
    nickname = text_of(card.get("nickname"), lost, "nickname")
    character = Entry(
        id=Bible().free_id(name),
        kind=Kind.CHARACTER,
        name=" ".join(name.split())[:120],
        aliases=(nickname,) if nickname else (),
        description=said("description"),
        samples=samples,
        fields={key: value for key, value in fields.items() if value},
    )
    notes = [Note(title, text) for key, title in _ASIDE.items() if (text := said(key))]
    for key in ("alternate_greetings", "group_only_greetings"):
        for each in _list(card.get(key)):
            if text := _with_name(text_of(each, lost, key), name, lost):
                notes.append(Note(_ASIDE["first_mes"], text))
    for key, value in card.items():
        if key not in _CARD_IDLE and value:
            lost[str(key)[:60]] += 1
    book = card.get("character_book")
    entries = [
        msgspec.structs.replace(each, description=_with_name(each.description, name, lost))
        for each in (_book(book, lost).entries if isinstance(book, dict) else ())
    ]
    return Imported(
        kind=N_("character card"), title=name, entries=(character, *entries), notes=tuple(notes)
    )


def _book(found: Mapping[str, Any], lost: Lost) -> Imported:
    inner = found.get("data")
    if isinstance(inner, list):
        found = {"entries": inner}
    elif isinstance(inner, dict) and "entries" in inner:
        found = inner
    categories = {
        str(each.get("id")): str(each.get("name", ""))
        for each in _list(found.get("categories"))
        if isinstance(each, dict)
    }
    return Imported(
        kind=N_("lorebook"),
        title=text_of(found.get("name"), lost, "name"),
        entries=entries_of(found.get("entries"), lost, categories),
    )


def _novelai_story(found: Mapping[str, Any], lost: Lost) -> Imported:
    content = _table(found.get("content")) or found
    about = _table(found.get("metadata")) or found
    context = [_table(each) for each in _list(content.get("context"))]
    told = [text_of(each.get("text"), lost, "context") for each in context]
    story = _table(content.get("story"))
    text = text_of(story.get("text"), lost, "story") or "".join(
        each["data"]
        for each in map(_table, _list(story.get("fragments")))
        if isinstance(each.get("data"), str)
    )
    text = text or text_of(content.get("prompt"), lost, "prompt")
    if not text and content.get("document"):
        lost["document"] += 1
    lore = _book(_table(content.get("lorebook")), lost) if content.get("lorebook") else None
    for extra in told[2:]:
        lost["context"] += bool(extra)
    for key in ("ephemeralContext", "phraseBiasGroups", "bannedSequenceGroups"):
        if content.get(key):
            lost[key] += 1
    notes = [text_of(about.get("description"), lost, "description")]
    return Imported(
        kind=N_("NovelAI story"),
        title=text_of(about.get("title"), lost, "title"),
        entries=lore.entries if lore else (),
        notes=tuple(Note(N_("About this story"), each) for each in notes if each),
        text=text_of(text, lost, "story"),
        memory=told[0] if told else "",
        note=told[1] if len(told) > 1 else "",
    )


def _kobold(found: Mapping[str, Any], lost: Lost) -> Imported:
    actions = found.get("actions")
    pieces = [found.get("prompt"), *_kobold_actions(actions)]
    world = _table(found.get("worldinfo_v2")).get("entries") or found.get("worldinfo")
    for key in (
        "wifolders_d",
        "extrastopseq",
        "savedsettings",
        "completed_imgs_meta",
        "documentdb_data",
    ):
        if found.get(key):
            lost[key] += 1
    return Imported(
        kind=N_("KoboldAI story"),
        title=text_of(found.get("title"), lost, "title"),
        entries=entries_of(world or [], lost),
        text=text_of("".join(each for each in pieces if isinstance(each, str)), lost, "actions"),
        memory=text_of(found.get("memory"), lost, "memory"),
        note=text_of(found.get("authorsnote"), lost, "authorsnote"),
    )


def _kobold_actions(actions: object) -> Iterator[object]:
    if isinstance(actions, list):
        yield from actions
    inner = _table(_table(actions).get("actions") or actions)
    for _key, each in sorted(inner.items(), key=lambda pair: _number(pair[0])):
        yield _table(each).get("Selected Text")


def _mikupad(found: Mapping[str, Any], lost: Lost) -> Imported:
    def part(key: str) -> Any:  # noqa: ANN401 - as the file has it
        # Older sessions keep each value as JSON inside a string.
        value = found.get(key)
        if isinstance(value, str) and value[:1] in ("[", "{", '"'):
            try:
                return msgspec.json.decode(value)
            except (msgspec.MsgspecError, UnicodeError, RecursionError):
                return value
        return value

    prompt = part("prompt")
    if isinstance(prompt, list):
        pieces = [_table(each).get("content") for each in prompt]
        prompt = "".join(each for each in pieces if isinstance(each, str))
    world, memory = _table(part("worldInfo")), _table(part("memoryTokens"))
    note = _table(part("authorNoteTokens"))
    for name, table in (("memoryTokens", memory), ("authorNoteTokens", note), ("worldInfo", world)):
        for key in ("prefix", "suffix"):
            if text_of(table.get(key), lost, key):
                lost[f"{name}.{key}"] += 1
    return Imported(
        kind=N_("mikupad session"),
        title=text_of(part("name"), lost, "name"),
        entries=entries_of(world.get("entries") or [], lost),
        text=text_of(prompt, lost, "prompt"),
        memory=text_of(memory.get("text"), lost, "memoryTokens"),
        note=text_of(note.get("text"), lost, "authorNoteTokens"),
    )


_FORMATS: tuple[
    tuple[Callable[[Mapping[str, Any]], bool], Callable[[Mapping[str, Any], Lost], Imported]], ...
] = (
    (_is_novelai_story, _novelai_story),
    (_is_mikupad, _mikupad),
    (_is_kobold, _kobold),
    (_is_card, _card),
    (_is_lorebook, _book),
)


# -- inside ---------------------------------------------------------------------------------------


def _parsed(data: bytes, path: str) -> Mapping[str, Any]:
    if sum(map(data.count, _BEGINNINGS)) > _MOST_VALUES:
        raise ImportRefused(path=path, reason=N_("it holds more than any lorebook"))
    try:
        found = msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf"))
    except RecursionError as problem:
        raise ImportRefused(path=path, reason=N_("its parts are nested too deep")) from problem
    except (msgspec.MsgspecError, UnicodeError) as problem:
        reason = N_("it is not valid JSON")
        raise ImportRefused(path=path, reason=reason, detail=str(problem)) from problem
    if isinstance(found, list):
        return {"entries": found}
    if not isinstance(found, dict):
        raise ImportRefused(path=path, reason=N_("it holds no lorebook"))
    return found


def _embedded(data: bytes, path: str) -> bytes:
    """The JSON inside a picture."""
    kept = {keyword: (body, packed) for keyword, body, packed in _png_texts(data)}
    for keyword in _EMBEDDED:
        if keyword in kept:
            body, packed = kept[keyword]
            try:
                return base64.b64decode(_inflated(body) if packed else body, validate=False)
            except (binascii.Error, zlib.error) as problem:
                reason = N_("what is kept in the picture is damaged")
                raise ImportRefused(path=path, reason=reason) from problem
    raise ImportRefused(path=path, reason=N_("there is no character or lorebook in this picture"))


def _png_texts(data: bytes) -> Iterator[tuple[bytes, bytes, bool]]:
    """Keyword and body of each text of a picture, and whether the body is packed; it may be a bomb, so it stays so."""
    at = len(_PNG)
    while at + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        start, at = at + 8, at + 12 + length
        if kind == b"IEND":
            return
        if kind not in (b"tEXt", b"zTXt", b"iTXt"):
            continue
        keyword, _, rest = data[start : start + length].partition(b"\0")
        if kind == b"tEXt":
            yield keyword, rest, False
        elif kind == b"zTXt":
            yield keyword, rest[1:], True
        else:
            yield keyword, rest[2:].split(b"\0", 2)[-1], rest[:1] == b"\1"


def _inflated(data: bytes) -> bytes:
    """Raises ``zlib.error``. What goes on behind the limit is left."""
    return zlib.decompressobj().decompress(data, LIMIT)


def _with_name(text: str, name: str, lost: Lost) -> str:
    """Their word for the character filled in; for whoever plays there is none here."""
    for found in _PLAYER.findall(text):
        lost[found] += 1
    return _CHARACTER.sub(lambda _found: name, text)


def _table(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _number(key: object) -> int:
    digits = str(key)
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else 0
