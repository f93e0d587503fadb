"""What a finished chapter tells of its people, places and things, as proposals for the story bible.

Code finds the names, and for each the sentences that speak of it. The model is asked one name at a time: of what kind
it is, and what the numbered sentences tell of it. A grammar holds its answer to a number, an attribute from a list and
a few words, and code keeps only those whose words stand in that sentence. So the source of each fact is the chapter's
own, whatever the model says; and nothing is added to the bible before she accepts it.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import msgspec
import sentencex

from writer_app.craft.context import CountTokens
from writer_app.craft.layout import Layout
from writer_app.craft.question import Plan
from writer_app.craft.recipe import Phrase
from writer_app.craft.telling import Hint, grammar, hints
from writer_app.engine.protocol import Generate, Loaded, Message, Part, Sampling
from writer_app.errors import PassageTooLong
from writer_app.story.bible import Bible, Entry, Fact, Kind
from writer_app.text.mentions import Names
from writer_app.text.recurring import Recurring, recurring
from writer_app.text.script import language_of

#: Names asked about in one chapter.
MOST = 20
#: Sentences that are shown of a name, and characters of each.
_SHOWN, _LONGEST = 8, 240
_TELLING = 4_000
_TOKENS = 160
#: Kinds that a name can have here; rules and threads have none.
_KINDS = {
    "en": {
        "person": Kind.CHARACTER,
        "place": Kind.PLACE,
        "thing": Kind.OBJECT,
        "group": Kind.GROUP,
        "none": None,
    },
    "zh": {
        "人物": Kind.CHARACTER,
        "地点": Kind.PLACE,
        "物品": Kind.OBJECT,
        "组织": Kind.GROUP,
        "都不是": None,
    },
}
_OF_PLACES = ("place", "位置")
_TASK = Phrase(
    en="You read a chapter and note what its sentences say about a name. First say what has this name: a person, place, "
    "thing, group or none. Then, for what a sentence plainly tells, write its number, what it is about and its own words.",
    zh="阅读章节，记下句子中关于一个名字的内容。先写类别：人物、地点、物品、组织或都不是；再写句子明确说到的信息：句子编号、方面、原文词语。",
)
_EXAMPLE = Phrase(
    en="Sentences about Anna Lund:\n1. Anna Lund, a tall woman with grey eyes, opened the door.\n2. “Good evening,” said "
    "Anna.\n3. She had been a doctor in Bergen for ten years.\n\nkind: person\n1 | eyes | grey\n3 | work | a doctor\n"
    "end\n\n",
    zh="关于“林岚”的句子：\n1. 林岚今年二十岁，住在青石巷。\n2. 林岚笑道：“好。”\n3. 她父亲是城里的医生。\n\n类别：人物\n1 | 年龄 | 二十岁\n"
    "1 | 住处 | 青石巷\n完\n\n",
)
_ASK = Phrase(
    en="Sentences about {name}:\n{sentences}\n\n", zh="关于“{name}”的句子：\n{sentences}\n\n"
)
_BEGIN = Phrase(en="kind: ", zh="类别：")
_END = Phrase(en="end", zh="完")
_LINE = re.compile(r"(\d+) \| ([^|\n]+) \| ([^|\n]+)\Z")


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """Something that the bible might say.

    Attributes:
        name: Of what it is about.
        kind: What that is.
        entry: Id of the entry that has this name already; empty for a new one.
        aliases: Other names in the chapter.
        facts: What the chapter tells, each with its words.
        times: How often it is mentioned in the chapter.
    """

    name: str
    kind: Kind = Kind.CHARACTER
    entry: str = ""
    aliases: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    times: int = 0

    @property
    def keys(self) -> frozenset[str]:
        """By which it is known again when she dismisses it: the name of a new entry, each fact of one there is."""
        if not self.entry:
            return frozenset([_line(self.name)])
        return frozenset(_fact_key(self.entry, fact) for fact in self.facts)

    def accepted(self, bible: Bible, taken: Collection[str] = ()) -> Bible:
        """The bible with it. ``taken`` as :meth:`Bible.free_id`."""
        if self.entry in bible:
            old = bible[self.entry]
            aliases = tuple(each for each in self.aliases if each not in old.names)
            return bible.put(
                msgspec.structs.replace(
                    old,
                    aliases=(*old.aliases, *aliases),
                    facts=(*old.facts, *(each for each in self.facts if each not in old.facts)),
                )
            )
        return bible.put(
            Entry(
                id=bible.free_id(self.name, taken),
                kind=self.kind,
                name=self.name,
                aliases=self.aliases,
                facts=self.facts,
            )
        )


@dataclass(frozen=True)
class Inquiry:
    """What a chapter tells of one name.

    Attributes:
        chapter: Its text, LF newlines.
        name: A name that comes again in it.
        scene: Id of the chapter's item: facts are true from there on.
        entry: The entry that has the name already.
        others: Names of others in the chapter.
        model: Path of the model; empty takes what fits the chapter.
        anyway: Ask even in a language the model cannot write.
        project: The project that what is read belongs to; empty for none.
        seed: For the same answer every time; ``None`` leaves that to the engine.
        saving: Spare the battery.
    """

    chapter: str
    name: Recurring
    scene: str = ""
    entry: Entry | None = None
    others: tuple[str, ...] = ()
    model: str = ""
    anyway: bool = False
    project: str = ""
    seed: int | None = None
    saving: bool = False

    @cached_property
    def language(self) -> str:
        """That of the chapter."""
        return language_of(self.chapter[:_TELLING])

    @property
    def languages(self) -> tuple[str, ...]:
        """That of the chapter."""
        return (self.language,)

    @property
    def sample(self) -> str:
        """The text by which the model's languages are judged."""
        return "\n".join(self.sentences)

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        """What is shown of the chapter: sentences with the name, in order, those first that are likely to tell something."""
        found = _sentences_about(self.chapter, (self.name.name, *self.name.aliases), self._tongue)
        ranked = sorted(range(len(found)), key=lambda at: (not self._hints(found[at]), at))
        return tuple(found[at] for at in sorted(ranked[:_SHOWN]))

    @cached_property
    def hints(self) -> tuple[tuple[Hint, ...], ...]:
        """What each sentence may tell: no attribute twice, for the first sentence mostly says it best."""
        seen: set[str] = set()
        told = []
        for sentence in self.sentences:
            fresh = tuple(each for each in self._hints(sentence) if each.attribute not in seen)
            seen.update(each.attribute for each in fresh)
            told.append(fresh)
        return tuple(told)

    @property
    def needs_model(self) -> bool:
        """Whether there is anything that code cannot tell alone."""
        return any(self.hints) or len(self._kinds) > 1

    @property
    def plain(self) -> Proposal | None:
        """What code can tell alone: whom the chapter is about, where that is plain."""
        return self.read(self._kinds[0]) if len(self._kinds) == 1 else None

    def plan(
        self,
        model: Loaded,
        count: CountTokens,
        request_id: int,
        pace: float | None = None,
        earlier: tuple[Layout, ...] = (),
    ) -> Plan:
        """The request for ``model``.

        Raises:
            PassageTooLong: Not even a few sentences fit into the model's context.
        """
        tongue = self._tongue
        begun = _BEGIN.in_language(tongue)
        # The same for all names, so that it is read once.
        shared = f"{_TASK.in_language(tongue)}\n\n{_EXAMPLE.in_language(tongue)}"
        prompt = f"{shared}{self._asked()}{begun}"
        if count([prompt])[0] + _TOKENS + 64 > model.context:
            raise PassageTooLong(count=len(prompt), model=model.name)
        turns: tuple[Message, ...] = ()
        if model.has_template:
            asked = f"{shared}{self._asked()}".rstrip()
            turns = (Message("user", asked), Message("assistant", begun.rstrip()))
        request = Generate(
            id=request_id,
            chat=turns,
            parts=() if turns else (Part("prompt", prompt),),
            sampling=Sampling(temperature=0.0),
            max_tokens=_TOKENS,
            grammar=grammar(self._kinds, self.hints, _END.in_language(tongue)),
            seed=self.seed,
            repeatable=self.seed is not None,
            project=self.project,
            saving=self.saving,
        )
        return Plan(request, layouts=earlier)

    def read(self, answer: str) -> Proposal | None:
        """What an answer proposes: only what stands in the chapter; ``None`` where it proposes nothing.

        Args:
            answer: Of a model, with or without the beginning that was made for it; may be cut off.
        """
        lines = answer.removeprefix(_BEGIN.in_language(self._tongue)).split("\n")
        kinds = _KINDS[self._tongue]
        kind = kinds.get(lines[0].strip())
        if kind is None:
            return None
        facts = tuple(dict.fromkeys(filter(None, map(self._fact, lines[1:]))))
        known = self.entry
        if known is not None:
            facts = tuple(each for each in facts if not _is_known(each, known))
            if not facts:
                return None
        return Proposal(
            name=known.name if known else self.name.name,
            kind=known.kind if known else kind,
            entry=known.id if known else "",
            aliases=() if known else self.name.aliases,
            facts=facts,
            times=self.name.times,
        )

    # -- inside ---------------------------------------------------------------------------------

    @property
    def _tongue(self) -> Literal["en", "zh"]:
        return "zh" if self.language == "zh" else "en"

    @cached_property
    def _kinds(self) -> tuple[str, ...]:
        """What the name may be: one word where code can tell."""
        kinds = _KINDS[self._tongue]
        certain = self.entry.kind if self.entry else kind_of(self.chapter, self.name)
        return tuple(
            word for word, kind in kinds.items() if certain is None or kind is certain
        ) or (next(iter(kinds)),)

    def _hints(self, sentence: str) -> tuple[Hint, ...]:
        own: list[tuple[int, int]] = []
        others: list[tuple[int, int]] = []
        for each in self._all_names.find(sentence):
            mine = each.name in (self.name.name, *self.name.aliases)
            (own if mine else others).append((each.start, each.end))
        found = hints(sentence, own, others, self._tongue)
        # A person is not five miles from the town, and no house is thirty years old and shy.
        if len(self._kinds) > 1:
            return found
        is_place = _KINDS[self._tongue][self._kinds[0]] is Kind.PLACE
        return tuple(each for each in found if (each.attribute in _OF_PLACES) is is_place)

    @cached_property
    def _all_names(self) -> Names:
        """Those of everybody in the chapter, so that it shows whom a word is about."""
        return Names([*(self.name.name, *self.name.aliases), *self.others])

    def _asked(self) -> str:
        numbered = "\n".join(f"{number}. {each}" for number, each in enumerate(self.sentences, 1))
        asked = _ASK.in_language(self._tongue).replace("{name}", self.name.name)
        return asked.replace("{sentences}", numbered)

    def _fact(self, line: str) -> Fact | None:
        """What a line says, if the sentence it names says so in these words."""
        match = _LINE.match(line.strip())
        if match is None or not 1 <= int(match[1]) <= len(self.sentences):
            return None
        at, attribute, value = int(match[1]) - 1, match[2], match[3]
        told = {hint.attribute: hint.stretches for hint in self.hints[at]}
        source = self.sentences[at]
        if value not in told.get(attribute, ()) or source not in self.chapter:
            return None
        return Fact(attribute=attribute, value=value, since=self.scene, source=source)


def inquiries(
    chapter: str,
    bible: Bible,
    dismissed: Collection[str] = (),
    *,
    scene: str = "",
    most: int = MOST,
    **settings: object,
) -> tuple[Inquiry, ...]:
    """What is to be asked about a chapter, the most frequent names first.

    Args:
        chapter: Its text.
        bible: What is known already; such names are asked about for new facts.
        dismissed: Keys of proposals that she did not want.
        scene: Id of the chapter's item.
        most: Names.
        settings: Further attributes of :class:`Inquiry`.
    """
    asked: list[Inquiry] = []
    done: set[str] = set()
    found = recurring(chapter)
    everybody = [
        *(name for each in found for name in (each.name, *each.aliases)),
        *(name for name in bible.by_name),
    ]
    for each in found:
        known = next(
            (
                bible[bible.by_name[name][0]]
                for name in (each.name, *each.aliases)
                if len(bible.by_name.get(name, ())) == 1
            ),
            None,
        )
        if known is not None:
            if known.id in done or known.muted:
                continue
            done.add(known.id)
        elif each.name in bible.by_name or _line(each.name) in dismissed:
            continue
        own = {each.name, *each.aliases, *(known.names if known else ())}
        others = tuple(name for name in everybody if name not in own)
        asked.append(Inquiry(chapter, each, scene, known, others, **settings))  # type: ignore[arg-type]
    return tuple(asked[:most])


def wanted(proposal: Proposal, dismissed: Collection[str]) -> Proposal | None:
    """What is left of a proposal without what she dismissed before; ``None``: nothing."""
    if not proposal.entry:
        return None if proposal.keys & set(dismissed) else proposal
    facts = tuple(
        each for each in proposal.facts if _fact_key(proposal.entry, each) not in dismissed
    )
    return msgspec.structs.replace(proposal, facts=facts) if facts else None


def kind_of(text: str, name: Recurring) -> Kind | None:
    """What a name is of, where the words around it say so; ``None`` where they do not."""
    forms = [name.name, *name.aliases]
    if any(_TITLE.match(each) or _CALLED.search(each) for each in forms):
        return Kind.CHARACTER
    either = "|".join(map(re.escape, sorted(forms, key=len, reverse=True)))
    says = re.compile(_SAYS.replace("NAME", either))
    if says.search(text) or len(re.findall(f"(?:{either}){_DOES}", text)) > 1:
        return Kind.CHARACTER
    if any(_PLACE.search(each) for each in forms):
        return Kind.PLACE
    located = len(re.findall(rf"\b(?:in|at|near|from|to|towards) (?:{either})\b", text))
    return Kind.PLACE if located * 2 > name.times else None


# -- inside ---------------------------------------------------------------------------------------

_TITLE = re.compile(r"(?:Mr|Mrs|Ms|Dr)\.? |(?:Miss|Sir|Lady|Lord|Captain|Colonel|Aunt|Uncle) ")
_CALLED = re.compile(
    r"(?:姑娘|小姐|公子|先生|夫人|太太|老爷|奶奶|嬷嬷|妈妈|姥姥|大人|师父|姨妈|[哥姐妹弟]|母)\Z"
)
#: Somebody says, thinks or does something.
_SAYS = (
    r"\b(?:said|cried|replied|asked|answered|returned|whispered|shouted) (?:NAME)\b"
    r"|\b(?:NAME) (?:said|cried|replied|asked|answered|returned|whispered|smiled|laughed|nodded|thought|felt|knew|looked)\b"
    r"|(?:NAME)[便忙也又因乃]?(?:[冷微含陪]?[笑哭泣叹怒喝问答回接]|点头|听了|听说)?(?:[道说]道?|问)[：，:“]"
)
#: What only somebody does; 雨村 is no village.
_DOES = "(?:忙|听了|听见|听说|笑|心[中下里]|回头|起身|拱手|点头|自己|也[不便]|便[不问说])"
_PLACE = re.compile(
    r" (?:Street|House|Park|Lodge|Hall|Lane|Road|Bridge|Abbey|Castle|Square|Hill|Wood|Inn|Station|Town|City|Island)\Z"
    r"|[府园寺庙庵观楼阁轩馆院殿宫斋堂亭桥街巷山河湖城县镇村庄国岛谷峰关]\Z"
)


def _sentences_about(text: str, names: Collection[str], tongue: str) -> list[str]:
    """Sentences that mention one of ``names``, in order, each as it stands in ``text``."""
    found: list[str] = []
    looked_for = Names(names)
    for paragraph in text.split("\n"):
        if looked_for.find(paragraph):
            found += (each for each in _cut(paragraph, tongue) if looked_for.find(each))
    return list(dict.fromkeys(found))


def _cut(paragraph: str, tongue: str) -> Iterator[str]:
    for sentence in sentencex.segment(tongue, paragraph):
        plain = sentence.strip()
        yield plain if len(plain) <= _LONGEST else _shortened(plain)


def _shortened(sentence: str) -> str:
    """Its beginning, up to where a word and if possible a clause ends."""
    near = sentence[:_LONGEST]
    ends = [near.rfind(mark) for mark in ",;，；。" if near.rfind(mark) > _LONGEST // 2]
    if ends:
        return near[: max(ends)]
    return near.rpartition(" ")[0] or near


def _is_known(fact: Fact, entry: Entry) -> bool:
    said = {(each.attribute, each.value.casefold()) for each in entry.facts}
    return (fact.attribute, fact.value.casefold()) in said


def _fact_key(entry: str, fact: Fact) -> str:
    return _line(f"{entry}|{fact.attribute}|{fact.value.casefold()}")


def _line(key: str) -> str:
    """A key is kept as one line of a file."""
    return " ".join(key.split())
