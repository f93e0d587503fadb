"""What a project has to say around the text that is being written: the context compiler.

From the project, the bible, the outline and the summaries it makes what the model may be told besides the text, each
with the reason why, and what is not told, with the reason why not. How many tokens there are for it is decided later
(:mod:`~writer_app.craft.planner`); where there is no room for all, what stands first here goes first:

1. the author's note, the memory of the book, the synopsis and beats of this scene, what she pinned;
2. what she wants and does not want of the style;
3. entries of the bible: by priority, named ones before those that others bring along, the nearest first;
4. how the characters who are there speak;
5. her own pages as an example; what earlier chapters tell, the latest first; the scenes before and after.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property

from writer_app.craft import activation, retelling
from writer_app.craft.activation import Active, Near, activate
from writer_app.craft.layout import Fact, Stability
from writer_app.craft.recipe import Phrase
from writer_app.craft.retelling import Scene, Why
from writer_app.errors import N_
from writer_app.story.bible import Entry
from writer_app.story.bible import Kind as About
from writer_app.story.project import Style
from writer_app.story.tree import Item, Tree
from writer_app.text.sentences import last_end

#: Characters of a page of hers that is shown as an example.
_SAMPLE = 900
#: Sample pages shown.
_SAMPLES = 2
#: Characters of a neighbouring scene's synopsis.
_LINE = 160
#: Characters of the texts before this one that may be read as one text with it.
BEFORE = 40_000
#: What stands between two texts that are read as one.
BREAK = "\n\n***\n\n"


class Kind(StrEnum):
    """What a part of the prompt is."""

    MEMORY = "memory"
    PREFERENCES = "preferences"
    SAMPLE = "sample"
    ENTRY = "entry"
    FACT = "fact"
    VOICE = "voice"
    OUTLINE = "outline"
    NEIGHBOUR = "neighbour"
    SUMMARY = "summary"
    PINNED = "pinned"
    AUTHOR_NOTE = "author_note"
    WISH = "wish"
    TEXT = "text"


@dataclass(frozen=True)
class Page:
    """A note pinned to a scene, or what an earlier chapter tells.

    Attributes:
        id: Of the item.
        title: Of the item, with its number.
        text: Its words.
        is_stale: Whether the chapter has changed since this was made of it.
        muted: Whether it is never told.
    """

    id: str
    title: str
    text: str
    is_stale: bool = False
    muted: bool = False


@dataclass(frozen=True)
class Told:
    """Something that the model is told where there is room, or that is left out for a reason.

    Attributes:
        id: Names it, in the prompt too.
        title: For people; empty where the kind says enough.
        why: Why it is told, or why not.
    """

    id: str
    kind: Kind
    text: str
    why: Why
    stability: Stability = Stability.BIBLE
    depth: int = 0
    order: int = 0
    title: str = ""

    @property
    def fact(self) -> Fact:
        """As the planner knows it."""
        return Fact(self.id, self.text.strip(), self.stability, self.depth, self.order)


@dataclass(frozen=True)
class Compiled:
    """What the model may be told besides the text.

    Attributes:
        told: Most important first.
        left_out: What is not told whatever room there is, with the reason.
        silent: What is not active, as it would be told; of use where the model was told of it before.
    """

    told: tuple[Told, ...] = ()
    left_out: tuple[Told, ...] = ()
    silent: Mapping[str, str] = field(default_factory=dict)

    def silent_facts(self, ids: frozenset[str]) -> list[Fact]:
        """Those of ``ids`` that are not told now, as they are now: with no words where they are no more."""
        now = {each.id for each in self.told}
        return [
            Fact(each, self.silent.get(each, ""), stability)
            for each in sorted(ids - now)
            for stability in (Stability.BIBLE, Stability.OUTLINE, Stability.SYSTEM)
        ]


NOTHING = Compiled()

_PREFERENCES = Phrase(en="Style of this book: {words}", zh="本书的文风：{words}")
_SHOWN = Phrase(en="An example of the author's style:\n\n{words}", zh="作者文风示例：\n\n{words}")
_MEMORY = Phrase(en="About this book: {words}", zh="关于本书：{words}")
_NOTE = Phrase(en="[Author's note: {words}]", zh="【作者注：{words}】")
_SYNOPSIS = Phrase(en="In this scene: {words}", zh="本场：{words}")
_BEATS = Phrase(en="Still to happen: {words}", zh="尚待发生：{words}")
_PREVIOUS = Phrase(en="The scene before: {words}", zh="上一场：{words}")
_NEXT = Phrase(en="The scene after: {words}", zh="下一场：{words}")
_SUMMARY = Phrase(en="Earlier, in “{title}”: {words}", zh="前情·{title}：{words}")
_PINNED = Phrase(en="Note “{title}”: {words}", zh="笔记“{title}”：{words}")

_MUTED = N_("muted")
_DONE = N_("done already")
_EMPTY = N_("the entry says nothing of it yet")
_NOTHING_READ = N_("it is empty, or cannot be read")
_MORE_SAMPLES = N_("only the first {count} pages of yours are shown")
_FROM_PROJECT = N_("you wrote it in the project")
_STYLE_SAMPLE = N_("a page of yours, as an example of your voice")
_THIS_SCENE = N_("the outline of this scene")
_BEFORE = N_("the scene before")
_AFTER = N_("the scene after")
_EARLIER = N_("what an earlier chapter tells")
_EARLIER_STALE = N_("what an earlier chapter tells; the chapter has changed since")
_IS_PRESENT = N_("how someone speaks who is here")
_NOTE_AT = N_("your author’s note, so many paragraphs before the caret: {depth}")

_NO_TREE = Tree()
_NO_STYLE = Style()


@dataclass(frozen=True)
class Surroundings:
    """What there is around one text of a project.

    Attributes:
        tree: The project's; empty for a text by itself.
        here: Id of the item whose text it is; empty where it is none.
        entries: The story bible.
        style: The writer's voice, the memory of the book, and her note.
        pinned: What is pinned to this item.
        summaries: What earlier chapters tell, in their order.
        before: The end of what precedes this text in the manuscript.
        mutes: Ids of parts that she does not want told.
        pins: Ids of entries that she wants told in any case.
        scan: Paragraphs before the caret in which names are looked for.
    """

    tree: Tree = _NO_TREE
    here: str = ""
    entries: tuple[Entry, ...] = ()
    style: Style = _NO_STYLE
    pinned: tuple[Page, ...] = ()
    summaries: tuple[Page, ...] = ()
    before: str = ""
    mutes: frozenset[str] = frozenset()
    pins: frozenset[str] = frozenset()
    scan: int = activation.SCAN_DEPTH

    @cached_property
    def item(self) -> Item | None:
        """The item whose text it is."""
        if self.here not in self.tree:
            return None
        return self.tree[self.here]

    def with_choices(self, mutes: frozenset[str], pins: frozenset[str]) -> "Surroundings":
        """The same with what she wants told, and what not."""
        return replace(self, mutes=mutes, pins=pins)

    def read_with(self, text: str, caret: int) -> tuple[str, int]:
        """The text with what precedes it, and the caret in that."""
        before = self.before.rstrip()
        if not before:
            return text, caret
        return before + BREAK + text, len(before) + len(BREAK) + caret

    def compile(self, text: str, caret: int, tongue: str, wish: str = "") -> Compiled:
        """All that may be told where the writer goes on at ``caret`` (code points) of ``text``.

        Args:
            text: As :meth:`read_with` made it.
            caret: In ``text``.
            tongue: ISO code of the text's language.
            wish: What should happen next.
        """
        return _Compiler(self, self._scene(tongue)).compile(text, caret, wish)

    def _scene(self, tongue: str) -> Scene:
        at = self.tree.position(self.here) if self.item else len(self.tree.manuscript)
        return Scene(
            self.tree,
            at,
            {entry.id: entry for entry in self.entries},
            self._eyes(),
            "zh" if tongue == "zh" else "en",
        )

    def _eyes(self) -> str:
        """Through whose eyes the scene is seen: the character that the item's label names."""
        label = self.item.label.strip() if self.item else ""
        found = (e.id for e in self.entries if e.kind is About.CHARACTER and label in e.names)
        return next(found, "") if label else ""


@dataclass(frozen=True)
class _Compiler:
    around: Surroundings
    scene: Scene
    texts: dict[str, str] = field(default_factory=dict)  # of entries, by id

    def compile(self, text: str, caret: int, wish: str) -> Compiled:
        around, item = self.around, self.around.item
        outline = "\n".join((item.synopsis, *(beat.text for beat in item.beats))) if item else ""
        near = Near.of(text, caret, f"{wish}\n{around.style.note}", outline, around.scan)
        active = activate(around.entries, near, self._entry, self._pins())
        listed = [
            *self._author_note(),
            *self._memory(),
            *self._outline(),
            *self._pinned(),
            *self._preferences(),
            *self._entries(active),
            *self._voices(active),
            *self._samples(),
            *self._summaries(),
            *self._neighbours(),
        ]
        told = [each for each in listed if each.text.strip() and not self._is_muted(each, active)]
        muted = [
            replace(each, why=Why(_MUTED))
            for each in listed
            if each.text.strip() and self._is_muted(each, active)
        ]
        left_out = (
            *muted,
            *self._empty(active),
            *self._empty_pins(),
            *self._untold(active),
            *self._unfit(),
            *self._beats_done(),
            *self._further_samples(),
        )
        return Compiled(tuple(told), left_out, _Silent(self.scene, around.mutes))

    def _entry(self, entry: Entry) -> str:
        if entry.id not in self.texts:
            self.texts[entry.id] = retelling.told(entry, self.scene)
        return self.texts[entry.id]

    def _pins(self) -> frozenset[str]:
        pins = {each.removeprefix("entry:") for each in self.around.pins}
        return frozenset(pins | set(self.around.item.pinned if self.around.item else ()))

    def _is_muted(self, each: Told, active: list[Active]) -> bool:
        if each.id in self.around.mutes:
            return True
        entry = self.scene.entries.get(each.id.partition(":")[2])
        of_entry = each.kind in (Kind.ENTRY, Kind.VOICE) and entry is not None and entry.muted
        pages = (*self.around.pinned, *self.around.summaries)
        of_page = any(
            page.muted and each.id in (f"note:{page.id}", f"summary:{page.id}") for page in pages
        )
        return of_entry or of_page

    # -- what is told, in order -----------------------------------------------------------------

    def _author_note(self) -> Iterator[Told]:
        style = self.around.style
        if words := style.note.strip():
            depth = max(1, style.note_depth)
            why = Why.of(_NOTE_AT, depth=style.note_depth)
            text = self.scene.say(_NOTE, words=words)
            yield Told("author-note", Kind.AUTHOR_NOTE, text, why, Stability.NEAR, depth)

    def _memory(self) -> Iterator[Told]:
        if words := self.around.style.memory.strip():
            text = self.scene.say(_MEMORY, words=words)
            yield Told("memory", Kind.MEMORY, text, Why(_FROM_PROJECT), Stability.SYSTEM, order=2)

    def _outline(self) -> Iterator[Told]:
        item = self.around.item
        if item is None:
            return
        beats = [beat.text.strip() for beat in item.beats if not beat.done and beat.text.strip()]
        gap = "；" if self.scene.tongue == "zh" else "; "
        lines = [
            self.scene.say(_SYNOPSIS, words=" ".join(item.synopsis.split()))
            if item.synopsis.strip()
            else "",
            self.scene.say(_BEATS, words=gap.join(beats)) if beats else "",
        ]
        text = "\n".join(filter(None, lines))
        yield Told("outline", Kind.OUTLINE, text, Why(_THIS_SCENE), Stability.OUTLINE, order=1)

    def _pinned(self) -> Iterator[Told]:
        for page in self.around.pinned:
            text = self.scene.say(_PINNED, title=page.title, words=page.text.strip())
            why = Why(activation.PINNED)
            if page.text.strip():
                yield Told(f"note:{page.id}", Kind.PINNED, text, why, title=page.title)

    def _preferences(self) -> Iterator[Told]:
        if words := self.around.style.preferences.strip():
            text = self.scene.say(_PREFERENCES, words=words)
            why = Why(_FROM_PROJECT)
            yield Told("preferences", Kind.PREFERENCES, text, why, Stability.SYSTEM, order=1)

    def _entries(self, active: list[Active]) -> Iterator[Told]:
        for each in active:
            entry = each.entry
            text = self._entry(entry)
            if text == entry.name.strip():
                continue
            depth = entry.depth
            stability = Stability.NEAR if depth else Stability.BIBLE
            yield Told(
                f"entry:{entry.id}", Kind.ENTRY, text, each.why, stability, depth, title=entry.name
            )

    def _voices(self, active: list[Active]) -> Iterator[Told]:
        for each in active:
            if each.is_present and each.entry.kind is About.CHARACTER:
                text, name = retelling.voice(each.entry, self.scene), each.entry.name
                why = Why(_IS_PRESENT)
                yield Told(f"voice:{each.entry.id}", Kind.VOICE, text, why, title=name)

    def _samples(self) -> Iterator[Told]:
        for number, sample in enumerate(self.around.style.samples[:_SAMPLES], 1):
            if words := _short(sample, _SAMPLE):
                text = self.scene.say(_SHOWN, words=words)
                yield Told(
                    f"sample:{number}",
                    Kind.SAMPLE,
                    text,
                    Why(_STYLE_SAMPLE),
                    Stability.SYSTEM,
                    order=-number,
                )

    def _summaries(self) -> Iterator[Told]:
        pages = list(enumerate(self.around.summaries))
        for order, page in reversed(pages):
            if page.text.strip():
                text = self.scene.say(_SUMMARY, title=page.title, words=" ".join(page.text.split()))
                why = Why(_EARLIER_STALE if page.is_stale else _EARLIER)
                yield Told(
                    f"summary:{page.id}",
                    Kind.SUMMARY,
                    text,
                    why,
                    Stability.OUTLINE,
                    order=order - len(pages),
                    title=page.title,
                )

    def _neighbours(self) -> Iterator[Told]:
        around = self.around
        if around.item is None or around.item not in around.tree.manuscript:
            return
        at, row = self.scene.at, around.tree.manuscript
        for step, phrase, why in ((-1, _PREVIOUS, _BEFORE), (1, _NEXT, _AFTER)):
            # What stands right before this text is read with it.
            if not 0 <= at + step < len(row) or (step < 0 and around.before.strip()):
                continue
            if words := _short(" ".join(row[at + step].synopsis.split()), _LINE):
                text = self.scene.say(phrase, words=words)
                name = "before" if step < 0 else "after"
                yield Told(name, Kind.NEIGHBOUR, text, Why(why), Stability.OUTLINE, order=1 + step)

    # -- what is not told -----------------------------------------------------------------------

    def _empty(self, active: list[Active]) -> Iterator[Told]:
        """Entries that say nothing here: a name by itself would be taken for a line of the story."""
        for each in active:
            entry = each.entry
            if self._entry(entry) == entry.name.strip() and not entry.muted:
                yield Told(f"entry:{entry.id}", Kind.ENTRY, "", Why(_EMPTY), title=entry.name)

    def _empty_pins(self) -> Iterator[Told]:
        for page in self.around.pinned:
            if not page.text.strip():
                why = Why(_NOTHING_READ)
                yield Told(f"note:{page.id}", Kind.PINNED, "", why, title=page.title)

    def _further_samples(self) -> Iterator[Told]:
        for number, sample in enumerate(self.around.style.samples[_SAMPLES:], _SAMPLES + 1):
            if words := _short(sample, _SAMPLE):
                why = Why.of(_MORE_SAMPLES, count=_SAMPLES)
                yield Told(f"sample:{number}", Kind.SAMPLE, words, why)

    def _untold(self, active: list[Active]) -> Iterator[Told]:
        for each in active:
            if each.entry.muted:
                continue
            for number, text, why in retelling.untold(each.entry, self.scene):
                name = f"entry:{each.entry.id}/{number + 1}"
                yield Told(name, Kind.FACT, text, why, title=each.entry.name)

    def _unfit(self) -> Iterator[Told]:
        for entry in self.around.entries:
            for why in activation.unfit(entry) if not entry.muted else ():
                yield Told(f"entry:{entry.id}", Kind.ENTRY, "", why, title=entry.name)

    def _beats_done(self) -> Iterator[Told]:
        beats = self.around.item.beats if self.around.item else ()
        for number, beat in enumerate(beats, 1):
            if beat.done and beat.text.strip():
                text = beat.text.strip()
                yield Told(f"beat:{number}", Kind.OUTLINE, text, Why(_DONE), title=text)


class _Silent(Mapping[str, str]):
    """Entries as they would be told, made only where somebody asks: a bible may be large."""

    def __init__(self, scene: Scene, mutes: frozenset[str]) -> None:
        self._scene = scene
        self._mutes = mutes

    def __getitem__(self, name: str) -> str:
        kind, _colon, entry_id = name.partition(":")
        entry = self._scene.entries[entry_id]
        if entry.muted or name in self._mutes or kind not in ("entry", "voice"):
            raise KeyError(name)
        tell = retelling.told if kind == "entry" else retelling.voice
        return tell(entry, self._scene)

    def __iter__(self) -> Iterator[str]:
        return (f"entry:{each}" for each in self._scene.entries)

    def __len__(self) -> int:
        return len(self._scene.entries)


def _short(text: str, most: int) -> str:
    """The beginning of a text, up to the end of a sentence where there is one."""
    text = text.strip()
    if len(text) <= most:
        return text
    cut = text[:most]
    return (cut[: last_end(cut)] or cut.rsplit(maxsplit=1)[0]).strip()
