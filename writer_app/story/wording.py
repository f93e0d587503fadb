"""What cannot be true of the words themselves: weekdays, names, and what somebody says who does not know it yet."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator

from writer_app.story import knowledge
from writer_app.story.alarms import Alarm, Kind
from writer_app.story.bible import Kind as EntryKind
from writer_app.story.evidence import Evidence, Place
from writer_app.story.lives import TIME_PASSED
from writer_app.text.lookalikes import Spelling
from writer_app.text.monthdays import OTHER_MONTH, MonthDay, month_days
from writer_app.text.narration import said_blanked, told
from writer_app.text.titles import RISES, Titles, ranks
from writer_app.text.weekdays import Dated, dated, name_of, steps

#: Attributes that say a rank, or the place among brothers and sisters.
_TITLE = re.compile(
    r"(?i)\b(?:rank|title|position|office|grade)\b|军衔|职务|职位|官职|头衔|排行|行第|长幼|次序"
)
#: A title that stands oftener may well be right.
_SELDOM = 2
#: Within so many scenes a month may be one and the same without being named.
_SAME_MONTH = 4


def dates(evidence: Evidence) -> Iterator[Alarm]:
    """A date has a weekday that the calendar, or another date of that year, does not allow."""
    last: tuple[Place, Dated] | None = None
    for item in evidence.scenes:
        text = evidence.texts[item.id]
        found = sorted(dated(said_blanked(text)))
        only = evidence.year(item.id) if found else 0
        for each in found:
            here = Place(item.id, each.start, each.end)
            year = each.year or only
            if year:
                true = each.true_weekday(year)
                if true is not None and true != each.weekday:
                    day = name_of(true, chinese="月" in evidence.quote(here))
                    said = f"{year}-{each.month:02}-{each.day:02}: {day}"
                    yield evidence.made(Kind.DATE, "", here, said)
                continue
            if last and _do_not_fit(last[1], each):
                yield evidence.made(Kind.DATE, "", here, last[0])
            last = here, each
        if TIME_PASSED.search(text):
            last = None


def days(evidence: Evidence) -> Iterator[Alarm]:
    """Monday, and the next day is Thursday."""
    last: tuple[Place, int] | None = None
    for item in evidence.scenes:
        for step in steps(told(evidence.texts[item.id])):
            here = Place(item.id, step.start, step.end)
            if step.weekday is None:
                last = None
                continue
            if last and step.days is not None and (last[1] + step.days) % 7 != step.weekday:
                yield evidence.made(Kind.DATE, "", here, last[0])
            last = here, step.weekday


def days_of_month(evidence: Evidence) -> Iterator[Alarm]:
    """Monday the fourth, and in the same month Friday the thirteenth."""
    last: tuple[Place, MonthDay] | None = None
    for item in evidence.scenes:
        text = evidence.texts[item.id]
        if OTHER_MONTH.search(item.title):
            last = None
        if any(month_days(text)):
            text = told(text)
        elif last is None:
            continue
        behind = 0
        for each in month_days(text):
            here = Place(item.id, each.start, each.end)
            if OTHER_MONTH.search(text, behind, each.start) or (
                last and evidence.at[item.id] - evidence.at[last[0].scene] > _SAME_MONTH
            ):
                last = None
            # An earlier day may be one of the next month.
            if last and each.day >= last[1].day and not last[1].fits(each):
                yield evidence.made(Kind.DATE, "", here, last[0])
            else:
                last = here, each
            behind = each.end
        if OTHER_MONTH.search(text, behind):
            last = None


def names(evidence: Evidence) -> Iterator[Alarm]:
    """A name is spelt as it is nowhere else."""
    owner = {
        part: entry.id
        for entry in evidence.entries.values()
        for name in entry.names
        for part in (name, *re.findall(r"[\w’'-]+", name))
    }
    right = [name for entry in evidence.entries.values() for name in entry.names]
    spelling = Spelling([evidence.texts[item.id] for item in evidence.scenes], right)
    for item in evidence.scenes:
        for each in spelling.wrong_in(evidence.texts[item.id]):
            here = Place(item.id, each.start, each.end)
            yield evidence.made(Kind.NAME, owner[each.right], here, each.right)


def titles(evidence: Evidence) -> Iterator[Alarm]:
    """A colonel is a major in one place, and nobody has told of his fall."""
    people = {e.id: e.names for e in evidence.entries.values() if e.kind is EntryKind.CHARACTER}
    known = Titles(people)
    gathered: defaultdict[tuple[str, int], list[tuple[Place, str]]] = defaultdict(list)
    risen = len(evidence.scenes)
    for at, item in enumerate(evidence.scenes):
        text = evidence.texts[item.id]
        for each in known.found(told(text)) if any(known.found(text)) else ():
            here = Place(item.id, each.start, each.end)
            gathered[each.who, each.family].append((here, each.title))
        if risen > at and RISES.search(text):
            risen = at
    early = {item.id for item in evidence.scenes[:risen]}
    for (who, family), said in gathered.items():
        counted = Counter(title for _, title in said)
        first, usual = max(said, key=lambda each: counted[each[1]])
        for here, title in said:
            stated = list(_stated_titles(evidence, who, family, evidence.at[here.scene]))
            right = [each for each, _ in stated] or [usual]
            # Of two that stand equally often, either may be right.
            is_usual = counted[title] > _SELDOM or (not stated and counted[title] == counted[usual])
            if title not in right and not is_usual and here.scene in early:
                against = stated[-1][1] if stated else first
                yield evidence.made(Kind.NAME, who, here, against)


def _stated_titles(evidence: Evidence, who: str, family: int, at: int) -> Iterator[tuple[str, str]]:
    """The titles of a family that the bible gives somebody in a scene, and the bible's words."""
    entry, reader = evidence.entries[who], evidence.reader
    for name in entry.names:
        yield from ((title, name) for of, title in ranks(name) if of == family)
    for fact in entry.facts:
        if reader.position(fact.since, 0) <= at < reader.position(fact.until, reader.last + 1):
            value = fact.value if _TITLE.search(fact.attribute) else ""
            quote = fact.text or f"{fact.attribute}: {fact.value}"
            yield from ((title, quote) for of, title in ranks(value) if of == family)


def secrets(evidence: Evidence) -> Iterator[Alarm]:
    """Somebody says or knows what they have not learnt yet."""
    scenes, at, texts = evidence.scenes, evidence.at, evidence.texts
    given = scenes, at, texts, evidence.entries, evidence.reader
    for leak in (*knowledge.leaks(*given), *knowledge.codes(*given)):
        yield evidence.made(
            Kind.KNOWS, leak.who, Place(leak.scene, leak.start, leak.end), leak.fact
        )
    for leak, later in knowledge.surprises(scenes, texts, evidence.reader.cast):
        here = Place(leak.scene, leak.start, leak.end)
        yield evidence.made(Kind.KNOWS, leak.who, here, later)


def _do_not_fit(before: Dated, now: Dated) -> bool:
    """Whether two dates of one year, a few weeks apart, name weekdays that no year has for both."""
    if abs((before.month - now.month) * 30 + before.day - now.day) > 60:
        return False
    return not any(
        before.true_weekday(year) == before.weekday and now.true_weekday(year) == now.weekday
        for year in range(1872, 1900)
    )
