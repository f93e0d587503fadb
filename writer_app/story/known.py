"""What the bible says, as far as code can compare it: attributes with their values, deaths, losses, kin, secrets.

A fact says it by its attribute and value, or in a sentence, which is read as the text of a scene is, with the entry as
whom it is about. Times are positions in the manuscript.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from writer_app.story.bible import Entry, Fact, Kind
from writer_app.story.tree import Tree
from writer_app.text import kinship, traits
from writer_app.text.cast import Cast
from writer_app.text.claims import What, claims
from writer_app.text.kinship import Kin

_NO = re.compile(
    r"(?i)^\s*(?:no|false|not?\b.*|dead|deceased|died|killed|否|不|死|亡|已死|死亡|已故|去世)"
)
_YES = re.compile(r"(?i)^\s*(?:yes|true|alive|living|是|活|在世|存活)")
_DEAD = re.compile(
    r"(?i)\b(?:dead|deceased|died|killed|murdered|executed)\b|死|亡|去世|过世|已故|牺牲|遇害"
)
_DIES = re.compile(
    r"(?i)^(?:{name}|he|she|it)?\s*(?:is|was|has|had|lies)?\s*(?:already\s+)?(?:dead|dies|died|killed|murdered|executed|drowned|dies|is killed)\b"
)
_DIES_ZH = re.compile(
    r"^(?:{name}|他|她)?(?:在.{{1,10}}?)?(?:已经?|早已)?(?:被.{{1,8}}?)?(?:死|去世|身亡|病逝|过世|阵亡|战死|遇害|牺牲|病故|亡故|殒命)"
)
_GONE = re.compile(
    r"(?i)\b(?:destroyed|burn(?:ed|t)|smashed|shattered|sunk|sank|lost|sold|gone|melted|missing|thrown|broken)\b|毁|烧|碎|丢|遗失|失踪|沉|断|熔|卖|扔"
)
_SUNK = re.compile("(?i)bottom of|\\blost\\b|沉|[江湖海河水井]底|遗失|不明")
_MAIMED = re.compile(rf"{_GONE.pattern}|\b(?:amputated|cut off|blind)\b|砍|失|没|残|瞎")
_MUTE = re.compile(
    r"(?i)\bmute\b|cannot speak|can[’']?t speak|unable to speak|哑巴|不能说话|不会说话|失声"
)
_NOT = re.compile(r"(?i)\b(?:not|never|no longer)\b|n[’']t\b|没|未|不再")
#: A year, as a fact of the bible gives it.
_YEAR = re.compile(r"\b[12]\d{3}\b|[0-9一二三四五六七八九十〇元]{1,5}年")
_FEMALE = re.compile(r"(?i)\b(?:female|woman|girl|f)\b|女")
_MALE = re.compile(r"(?i)\b(?:male|man|boy|m)\b|男")
_SHE = re.compile(
    r"\b(?:she|her|Mrs|Miss|Ms|Lady|Madam|sister|daughter|mother|wife|aunt|niece|queen|princess|duchess|countess|heroine|girl|woman)\b|她|小姐|姑娘|太太|夫人|女儿|姐|妹|母亲|妻|女子|少女",
    re.IGNORECASE,
)
_HE = re.compile(
    r"\b(?:he|him|his|Mr|Sir|Lord|brother|son|father|husband|uncle|nephew|king|prince|duke|count|hero|boy|man)\b|他(?!们)|公子|少爷|先生|儿子|兄|弟|父亲|丈夫|男子|少年",
    re.IGNORECASE,
)

_FIRST = re.compile(r"[A-ZÀ-Þ][a-zà-ÿ]{2,}(?= [A-ZÀ-Þ][a-zà-ÿ]+\Z)")
#: Titles, and first names that are words as well.
_NO_FIRST_WORDS = (
    "Mrs Miss Doctor Professor Master Sir Lady Lord Dame Madam Madame Captain Colonel Major General Sergeant Inspector Detective Aunt Uncle Father Mother"
    " Sister Brother King Queen Prince Princess Young Old Little Big Pastor Reverend Bishop Abbot Saint Grandfather Grandmother Grandpa Grandma Cousin Judge"
    " Duke Duchess Count Countess Baron Baroness Earl Emperor Empress President Mayor Officer Nurse Widow The Great Black White Red Grey Gray Silver Golden"
    " Will Mark Grace Hope Faith Joy Rose May June April August Summer Autumn Dawn Art Drew Chase Hunter Grant Frank Dean Guy Pat Bill Jack Rob Sue Ray"
    " Lily Ivy Iris Violet Daisy Ruby Pearl Amber Jade Olive Hazel Heather Holly Ginger Melody Harmony Patience Prudence Charity Constance Earnest Ernest"
    " Angel Christian Rich Dusty Sandy Rusty Sunny Sky Storm River Robin Jay Martin Basil Forest Cliff Glen Reed Heath Miles Lance Gene Hope Victory"
)
_NO_FIRST = frozenset(_NO_FIRST_WORDS.split())


_ANY_KIN = rf"(?:(?:elder|older|younger|little|big|half|twin|only|eldest|youngest|adopted)[- ])*(?:{kinship.EN_KIN})(?:-in-law)?"
#: Tom’s wife, the wife of Tom, 沈墨的妻子.
_KIN_OF = re.compile(
    rf"(?P<a>[A-Z][\w. -]*?)[’'](?:s )? ?(?P<ak>{_ANY_KIN})$|\b(?:[Tt]he |[Aa] )?(?P<bk>{_ANY_KIN}) (?:of|to) (?P<b>[A-Z][\w. -]*)$"
    rf"|(?P<z>[\u4e00-\u9fff]{{2,6}}?)(?:的|之)(?P<zk>(?:亲|同胞|双胞胎|孪生)?(?:{kinship.ZH_KIN}|[父母夫妻子女兄弟姐妹]))$"
)
_IS = re.compile(r"\s*(?:is|was|,|是|乃|为)\s*\Z")


class Known(NamedTuple):
    """One thing that the bible says of an entry.

    Attributes:
        what: As of a claim; ``TRAIT`` for whatever has a name and a value.
        attribute, value: Which trait; what it is.
        begins: The position from which on it is so.
        ends: The position from which on it is so no more.
        quote: The bible's words.
        has_begin: Whether the bible says since when.
    """

    what: What
    attribute: str
    value: str
    begins: int
    ends: int
    quote: str
    has_begin: bool = False

    def holds(self, at: int) -> bool:
        """Whether it is so in the scene at a position."""
        return self.begins <= at < self.ends


class Bond(NamedTuple):
    """That an entry is ``kin`` to the entry ``of``."""

    of: str
    kin: Kin
    begins: int
    ends: int
    quote: str


def cast_of(entries: Mapping[str, Entry]) -> Cast:
    """The names that the bible has, and the first names of its people where only one of them has it."""
    people = {e.id: e.names for e in entries.values() if e.kind is Kind.CHARACTER}
    parts = Counter(
        part
        for entry in entries.values()
        for part in {part for name in entry.names for part in re.findall(r"[\w’'-]+", name)}
    )
    for who, names in people.items():
        first = _FIRST.match(names[0]) if names else None
        if first and parts[first[0]] == 1 and first[0] not in _NO_FIRST:
            people[who] = (*names, first[0])
    kinds = (Kind.OBJECT, Kind.PLACE)
    things = {e.id: _bare(e.names) for e in entries.values() if e.kind in kinds}
    return Cast(people, things, [who for who in things if entries[who].kind is Kind.OBJECT])


def _bare(names: tuple[str, ...]) -> tuple[str, ...]:
    """Names of a thing, those of several words without their article too: the red lantern, his red lantern."""
    plain = (re.sub(r"^(?:the|a|an) ", "", name, flags=re.IGNORECASE) for name in names)
    return (*names, *(name for name in plain if " " in name and name not in names))


def sexes_of(entries: Mapping[str, Entry]) -> dict[str, str]:
    """``m`` or ``f`` of each character of whom the bible shows it."""
    made: dict[str, str] = {}
    for entry in entries.values():
        stated = [v for k, v in _stated(entry) if traits.attribute(k) == "sex"]
        words = " ".join(
            (
                *entry.names,
                entry.description,
                *(f.text for f in entry.facts),
                *(r.what for r in entry.relations if " of" in r.what),
            )
        )
        if stated and (_FEMALE.search(stated[0]) or _MALE.search(stated[0])):
            made[entry.id] = "f" if _FEMALE.search(stated[0]) else "m"
            continue
        she, he = len(_SHE.findall(words)), len(_HE.findall(words))
        if she != he and min(she, he) * 3 <= max(she, he):
            made[entry.id] = "f" if she > he else "m"
    return made


class Reader:
    """Reads what entries say.

    Args:
        tree: Where the scenes stand that facts name.
        cast: The names of all entries.
        sexes: As :func:`sexes_of`.

    Attributes:
        cast: As given.
        last: The position behind the last scene.
    """

    def __init__(self, tree: Tree, cast: Cast, sexes: Mapping[str, str]) -> None:
        self.cast = cast
        self._sexes = sexes
        self._at = {item.id: place for place, item in enumerate(tree.manuscript)}
        self._tree = tree
        self.last = len(tree.manuscript)

    def position(self, scene: str, otherwise: int) -> int:
        """Where a scene stands; ``otherwise`` for one that is not in the tree."""
        if scene not in self._tree:
            return otherwise
        found = self._at.get(scene)
        return self._tree.position(scene) if found is None else found

    def of(self, entry: Entry) -> list[Known]:
        """What the bible says of ``entry``."""
        made: list[Known] = []
        for fact in entry.facts:
            made += self._of_fact(entry, fact)
        for name, value in entry.fields.items():
            made += self._of_fact(entry, Fact(attribute=name, value=value))
        if entry.description:
            said = self._told(entry, entry.description, Fact())
            made += [each for each in said if each.what is not What.DEAD]
        return made

    def bonds(self, entry: Entry) -> Iterator[Bond]:
        """What kin ``entry`` is to others."""
        for each in entry.relations:
            kin = kinship.kin(each.what)
            if kin:
                # A man who is noted as a sister has one.
                is_turned = {kin.sex, self._sexes.get(entry.id, "-")} == {"m", "f"}
                yield Bond(
                    each.to,
                    kin.inverse if is_turned else kin,
                    self.position(each.since, 0),
                    self.position(each.until, self.last + 1),
                    each.what,
                )

        for fact in entry.facts:
            yield from self._bonds_of(entry, fact)

    def _bonds_of(self, entry: Entry, fact: Fact) -> Iterator[Bond]:
        """What kin a fact makes ``entry``: husband: Tom, or Tom’s wife."""
        span = self.position(fact.since, 0), self.position(fact.until, self.last + 1)
        of = self.cast.owner.get(fact.value.strip(), "")
        named = kinship.kin(fact.attribute) if of in self.cast.people else None
        if named and of != entry.id:
            yield Bond(of, named.inverse, *span, f"{fact.attribute}: {fact.value}")
        for said in (fact.text, fact.value):
            for part in re.split("[,.;，。；]", said):
                found = _KIN_OF.search(part.strip())
                if found is None:
                    continue
                whose, word = found["a"] or found["b"] or found["z"], found["ak"] or found["bk"]
                before = part.strip()[: found.start()].strip()
                of = self.cast.owner.get(whose.strip(), "")
                is_own = not before or self.cast.owner.get(_IS.sub("", before), "") == entry.id
                kin = kinship.kin(word or found["zk"])
                if kin and is_own and of in self.cast.people and of != entry.id:
                    yield Bond(of, kin, *span, said)

    def _of_fact(self, entry: Entry, fact: Fact) -> Iterator[Known]:
        about = traits.attribute(fact.attribute)
        value = fact.value.strip()
        quote = fact.text or (f"{fact.attribute}: {value}" if value else fact.attribute)
        if about in ("alive", "dead", "fate"):
            yield from self._fate(entry, fact, about, value, quote)
        elif about and value:
            what = {"age": What.AGE, "born": What.BORN}.get(about, What.TRAIT)
            if about == "place" and entry.kind is Kind.OBJECT and _SUNK.search(value):
                yield self._made(What.GONE, "fate", value, fact, quote)
            is_limb = traits.sides(fact.attribute) and _MAIMED.search(value)
            if about == "lost":
                value = f"{fact.attribute} {value}"
            elif is_limb:
                about, value = "lost", fact.attribute
            yield self._made(what, about, value, fact, quote)
        if fact.text:
            yield from self._told(entry, fact.text, fact)
        if _MUTE.search(f"{fact.attribute} {value} {fact.text}") and not _NOT.search(value):
            yield self._made(What.TRAIT, "mute", "yes", fact, quote)

    def _fate(
        self, entry: Entry, fact: Fact, about: str, value: str, quote: str
    ) -> Iterator[Known]:
        if entry.kind is not Kind.CHARACTER:
            if _GONE.search(value) or (about == "alive" and _NO.match(value)):
                yield self._made(What.GONE, "fate", value, fact, quote)
            return
        is_dead = about == "dead" and not re.match(r"(?i)\s*(?:no|false|否|未|没)", value)
        is_dead |= (
            about == "alive"
            and bool(_NO.match(value) or _DEAD.search(value))
            and not _YES.match(value)
        )
        if is_dead:
            if value in self._tree and not fact.since:
                fact = Fact(since=value, until=fact.until)
            yield self._made(What.DEAD, "alive", "no", fact, quote)
        elif about == "alive" and _YES.match(value) and fact.until in self._tree:
            yield self._made(What.DEAD, "alive", "no", Fact(since=fact.until), quote)

    def _told(self, entry: Entry, text: str, fact: Fact) -> Iterator[Known]:
        """What a sentence about the entry says, whether or not it names it."""
        name, seen = entry.name.strip() or entry.id, set[tuple[str, str]]()
        for sentence in re.split(r"(?<=[.!?])\s+|(?<=[。！？；])|\n", text):
            if not sentence.strip():
                continue
            stop = "。" if name[0] >= "\u2e80" else "."
            own = sentence.strip().rstrip(".。") + stop
            lower = own[0].lower() + own[1:]
            ways: tuple[str, ...] = (
                own,
                f"{name} {lower}",
                f"{name} has {lower}",
                f"{name} came. {own}",
            )
            if name[0] >= "\u2e80":
                ways = (own, name + own, f"{name}的{own}", f"{name}有一双{own}", f"{name}。{own}")
            for way in ways:
                for claim in claims(way, self.cast, self._sexes):
                    is_own = claim.about == entry.id and claim.what in (
                        What.TRAIT,
                        What.AGE,
                        What.BORN,
                        What.DEAD,
                        What.GONE,
                    )
                    if is_own and (claim.what, claim.attribute) not in seen:
                        seen.add((claim.what, claim.attribute))
                        yield self._made(
                            claim.what, claim.attribute, claim.value, fact, sentence.strip()
                        )
            if (
                entry.kind is Kind.CHARACTER
                and (What.DEAD, "alive") not in seen
                and _says_dies(name, sentence.strip())
            ):
                seen.add((What.DEAD, "alive"))
                yield self._made(What.DEAD, "alive", "no", fact, sentence.strip())

    def _made(self, what: What, about: str, value: str, fact: Fact, quote: str) -> Known:
        begins = self.position(fact.since, 0)
        ends = self.position(fact.until, self.last + 1)
        if what is What.DEAD and not fact.since and _YEAR.search(f"{value} {quote} {fact.value}"):
            begins = self.last + 1  # in a year that no scene is known to come after
        return Known(what, about, value, begins, ends, quote, fact.since in self._tree)


def _says_dies(name: str, sentence: str) -> bool:
    if _NOT.search(sentence):
        return False
    first = re.escape(name)
    return any(
        re.match(p.pattern.replace("{name}", first).replace("{{", "{").replace("}}", "}"), sentence)
        for p in (_DIES, _DIES_ZH)
    )


def _stated(entry: Entry) -> Iterator[tuple[str, str]]:
    yield from entry.fields.items()
    for fact in entry.facts:
        yield fact.attribute, fact.value
