"""How an entry of the story bible is put to the model: as it is at one scene, in the language of the text.

An entry is told as plain sentences, the same ones in the same order as long as nothing changes in the entry or by
the scene: what depended on who is in the room would be read again with each coming and going.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from writer_app.craft.recipe import Phrase
from writer_app.errors import N_
from writer_app.language import _
from writer_app.story.bible import Entry, Fact, Relation, holds, true_at
from writer_app.story.tree import Tree

#: Things that a character would say, as examples of how; more would be read for little.
_SAMPLES = 3
#: Characters of each of them.
_SAMPLE = 240
#: Who knows something: further names say no more.
_KNOWERS = 5
_CLOSED = re.compile(r"[.!?…。！？：:][”’」』\"')）]*\Z")
#: Words by which a fact says that somebody is dead.
_NOT_ALIVE = frozenset(("no", "false", "dead", "否", "不", "死", "已死", "死亡"))

_VOICE = Phrase(en="Way of speaking: {words}", zh="说话：{words}")
_GOAL = Phrase(en="Wants: {words}", zh="想要：{words}")
_SECRETS = Phrase(en="Keeps secret: {words}", zh="隐瞒：{words}")
_DEAD = Phrase(en="{name} is dead.", zh="{name}已死。")
_UNKNOWN_TO = Phrase(en="{name} does not know this.", zh="{name}不知道此事。")
_KNOWN_BY = Phrase(en="Only {names} know this.", zh="只有{names}知道此事。")
_SAYS = Phrase(en="{name} might say: {words}", zh="{name}的口吻：{words}")
_THREAD_PAID = Phrase(en="This is resolved by now.", zh="此事已了结。")


@dataclass(frozen=True)
class Why:
    """Why something is told, or is not; a sentence in the language of the interface.

    Attributes:
        sentence: As the catalogue knows it, with names in braces.
        params: What stands for them.
    """

    sentence: str
    params: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, sentence: str, **params: str | int) -> "Why":
        """With these values for the names in ``sentence``."""
        return cls(sentence, tuple((name, str(value)) for name, value in params.items()))

    def __str__(self) -> str:
        # Only a reason is of the catalogue; a name is not to be translated.
        said = {name: _(value) if name == "reason" else value for name, value in self.params}
        return _(self.sentence).format(**said)


NOT_YET = N_("not yet true in this scene")
NO_MORE = N_("no longer true in this scene")


@dataclass(frozen=True)
class Scene:
    """The scene in which entries are told.

    Attributes:
        tree: Of the project.
        at: Its position in the manuscript (:meth:`Tree.position`).
        entries: The story bible, by id.
        eyes: Id of the character through whose eyes it is seen; empty where that is not known.
        tongue: ``"zh"``, or ``"en"`` for every other language.
    """

    tree: Tree
    at: int
    entries: Mapping[str, Entry]
    eyes: str = ""
    tongue: str = "en"

    def say(self, phrase: Phrase, **words: str) -> str:
        """The phrase in the language of the text."""
        made = phrase.in_language(self.tongue)
        for name, value in words.items():
            made = made.replace("{" + name + "}", value)
        return made

    def name(self, entry: str) -> str:
        """What an entry is called; empty where there is none such."""
        return self.entries[entry].name.strip() if entry in self.entries else ""


def told(entry: Entry, scene: Scene) -> str:
    """The entry as it is at the scene, as one paragraph."""
    zh = scene.tongue == "zh"
    others = ("、" if zh else ", ").join(each.strip() for each in entry.names[1:])
    head = entry.name.strip() + (f"（{others}）" if zh else f" ({others})") * bool(others)
    sentences = [
        *_lines(entry.description),
        *(_fact(entry, fact, scene) for fact in true_at(entry, scene.tree, scene.at)),
        *(
            _relation(each, scene)
            for each in entry.relations
            if holds(each.since, each.until, scene.tree, scene.at)
        ),
        *(f"{name}{'：' if zh else ': '}{value}" for name, value in entry.fields.items() if value),
        *(
            scene.say(phrase, words=words.strip())
            for phrase, words in (
                (_VOICE, entry.voice),
                (_GOAL, entry.goal),
                (_SECRETS, entry.secrets),
            )
            if words.strip()
        ),
    ]
    if entry.paid in scene.tree and scene.tree.position(entry.paid) < scene.at:
        sentences.append(scene.say(_THREAD_PAID))
    closed = (_closed(each, scene) for each in sentences if each.strip())
    said = ("" if zh else " ").join(closed)
    return head + (("：" if zh else ": ") + said if said else "")


def voice(entry: Entry, scene: Scene) -> str:
    """Things that a character would say, in her own voice; empty where there are none."""
    quotes = [" ".join(each.split())[:_SAMPLE] for each in entry.samples if each.strip()]
    if not quotes:
        return ""
    marked = (each if each[0] in "“\"「『'‘" else f"“{each}”" for each in quotes[:_SAMPLES])
    words = ("" if scene.tongue == "zh" else " ").join(marked)
    return scene.say(_SAYS, name=entry.name.strip(), words=words)


def untold(entry: Entry, scene: Scene) -> list[tuple[int, str, Why]]:
    """Facts of the entry that do not hold at the scene: their number, their words, and why."""
    held = true_at(entry, scene.tree, scene.at)
    found = []
    for number, fact in enumerate(entry.facts):
        if fact in held:
            continue
        is_to_come = fact.since in scene.tree and scene.tree.position(fact.since) > scene.at
        why = Why(NOT_YET if is_to_come else NO_MORE)
        found.append((number, _fact(entry, fact, scene), why))
    return found


def _fact(entry: Entry, fact: Fact, scene: Scene) -> str:
    said = fact.text.strip()
    if not said and fact.attribute == "alive" and fact.value.strip().lower() in _NOT_ALIVE:
        said = scene.say(_DEAD, name=entry.name.strip())
    elif not said:
        said = f"{fact.attribute}{'：' if scene.tongue == 'zh' else ': '}{fact.value}".strip(": ：")
    if not said:
        return ""
    return _closed(said, scene) + _knowledge(fact, scene)


def _knowledge(fact: Fact, scene: Scene) -> str:
    """Who does not know it: the one through whose eyes the scene is seen, else all but those who do."""
    names = [name for each in fact.known_by if (name := scene.name(each))]
    if not names or scene.eyes in fact.known_by:
        return ""
    gap = "" if scene.tongue == "zh" else " "
    if scene.name(scene.eyes):
        return gap + scene.say(_UNKNOWN_TO, name=scene.name(scene.eyes))
    listed = ("、" if scene.tongue == "zh" else ", ").join(names[:_KNOWERS])
    return gap + scene.say(_KNOWN_BY, names=listed)


def _relation(relation: Relation, scene: Scene) -> str:
    other = scene.name(relation.to)
    if not other:
        return ""
    return f"{relation.what}{'：' if scene.tongue == 'zh' else ' '}{other}".strip("： ")


def _lines(text: str) -> list[str]:
    """A description as one paragraph: a line end would be one of the story."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def _closed(sentence: str, scene: Scene) -> str:
    sentence = sentence.strip()
    return (
        sentence if _CLOSED.search(sentence) else sentence + ("。" if scene.tongue == "zh" else ".")
    )
