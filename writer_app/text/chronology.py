"""When things happen: what words may say of a time, and where in time each scene of a story comes to stand.

Nothing here needs to be a calendar that exists. All that is wanted is an order, and where words do not give one, the
order in which the story is told holds. So a time is a span (an evening, a day, a year), and what is told next to
another thing inside one span stays right behind it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

DAY = 24 * 60
#: A year in which dates without any year are thought.
_SOME_YEAR = 2000


class Time(NamedTuple):
    """What words say of a time; what they do not say is ``None``.

    Attributes:
        year: Of ``calendar``: empty for the usual one, else the name of an era that nobody else has.
        months: First and last, from 1; 13 is January of the year after.
        days: First and last of the month.
        nth: The third day.
        weekday: 0 for Monday to 6 for Sunday.
        step: Minutes after what was told before, or before it where negative.
        is_fine: Whether ``step`` is meant to the minute, not to the day.
        clock: Minutes of the day, half-open; a night goes on beyond the end of its day.
    """

    calendar: str = ""
    year: int | None = None
    months: tuple[int, int] | None = None
    days: tuple[int, int] | None = None
    nth: int | None = None
    weekday: int | None = None
    step: int | None = None
    is_fine: bool = False
    clock: tuple[int, int] | None = None

    @property
    def is_date(self) -> bool:
        """Whether it stands by itself, whatever was told before."""
        return self.step is None and any((self.year is not None, self.months, self.days))


def places(times: Sequence[Time | None]) -> list[int]:
    """Where in time each scene stands, in minutes; only the order of these numbers says anything.

    Args:
        times: Of the scenes, in the order in which they are told; ``None`` where nothing is said. Such a one stands
            with the scene before it, and behind a look back ("ten years earlier") where the story stood before that.
    """
    first = next((each for each in times if each and each.year is not None), None)
    walk = _Walk(_day(_SOME_YEAR, 1, 1) * DAY)
    if first and not first.calendar:
        walk.here = walk.present = walk.span(first)[0]
    return [walk.go(each) for each in times]


@dataclass
class _Walk:
    """Going through the scenes as they are told.

    Attributes:
        here: Where the last scene stands; ``present``: the last one that was no look back.
        is_back: Whether the last scene looked back.
        is_begun: Whether any words said anything.
        first_day: The day that is counted as the first.
        eras: How many days the years of an era are off.
    """

    here: int
    present: int = 0
    is_back: bool = False
    is_begun: bool = False
    first_day: int | None = None
    eras: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.present = self.here

    def go(self, time: Time | None) -> int:
        """Come to the next scene; returns where it stands."""
        if time is None:
            self.here, self.is_back = self.present, False
            return self.here
        start, end = self.span(time)
        if not start <= self.here < end:
            self.here = start
        looks_back = time.step is not None and time.step < 0
        # Inside a look back "that night" and "the next morning" belong to it.
        self.is_back = looks_back or (self.is_back and not time.is_date and time.nth is None)
        if not self.is_back:
            self.present = self.here
        self.is_begun = True
        return self.here

    def span(self, time: Time) -> tuple[int, int]:
        """From when to when a time may be, half-open."""
        if time.step is not None:
            return self._stepped(time, time.step)
        if time.is_date:
            self.first_day = None
            return self._dated(time)
        day = self.here // DAY
        if time.nth is not None:
            if self.first_day is None:
                # Where no first day was told, the second one follows what was told before it.
                self.first_day = day - time.nth + (2 if self.is_begun and time.nth > 1 else 1)
            day = self.first_day + time.nth - 1
        elif time.weekday is not None:
            day += (time.weekday - (day + 3)) % 7
        elif time.clock:
            # A time of day without a day: the next such one.
            day += day * DAY + time.clock[1] <= self.here
        return _of_day(day, day + 1, time.clock)

    # -- inside ---------------------------------------------------------------------------------

    def _stepped(self, time: Time, step: int) -> tuple[int, int]:
        there = self.here + step
        if time.months:
            return self._dated(time._replace(year=_civil(there // DAY)[0]))
        if time.is_fine:
            return there, there + 1
        return _of_day(there // DAY, there // DAY + 1, time.clock)

    def _dated(self, time: Time) -> tuple[int, int]:
        first, last = self._days(time)
        if time.clock and last - first > 1:
            if first <= self.here // DAY < last:
                return self.span(Time(clock=time.clock))
            last = first + 1
        return _of_day(first, last, time.clock)

    def _days(self, time: Time) -> tuple[int, int]:
        """First day, and the one behind the last."""
        # A date is a date of the story, also behind a look back.
        today = (self.present if self.is_back and time.step is None else self.here) // DAY
        year, month = _civil(today)
        if time.year is not None:
            first, last = _days_of(time.year, time.months, time.days)
            if time.calendar:
                off = self.eras.setdefault(time.calendar, today - first)
                return first + off, last + off
            return first, last
        if time.months:
            near = [_days_of(year + by, time.months, time.days) for by in (0, -1, 1)]
            # Stories go on rather than back: winter comes after spring, but April may be before May.
            return min(near, key=lambda days: _distance(days, today))
        assert time.days
        days = _days_of(year, (month, month), time.days)
        return days if days[1] > today else _days_of(year, (month + 1, month + 1), time.days)


def _of_day(first: int, last: int, clock: tuple[int, int] | None) -> tuple[int, int]:
    if clock is None:
        return first * DAY, last * DAY
    return first * DAY + clock[0], (last - 1) * DAY + clock[1]


def _days_of(
    year: int, months: tuple[int, int] | None, days: tuple[int, int] | None
) -> tuple[int, int]:
    if months is None:
        return _day(year, 1, 1), _day(year + 1, 1, 1)
    if days is None:
        return _day(year, months[0], 1), _day(year, months[1] + 1, 1)
    return _day(year, months[0], days[0]), _day(year, months[1], days[1]) + 1


def _distance(days: tuple[int, int], today: int) -> int:
    """How far it is to some days; back it is four times as far."""
    if days[0] <= today < days[1]:
        return 0
    return days[0] - today if days[0] > today else 4 * (today - days[0])


def _day(year: int, month: int, day: int) -> int:
    """Days since the first of January 1970, of any year; months and days may go beyond the end."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    # Years that begin in March end with the day that not all of them have.
    year, month = (year, month - 3) if month > 2 else (year - 1, month + 9)
    return (
        365 * year + year // 4 - year // 100 + year // 400 + (153 * month + 2) // 5 + day - 719469
    )


def _civil(day: int) -> tuple[int, int]:
    """Year and month of a day."""
    year = (day + 719528) * 400 // 146097
    while _day(year + 1, 1, 1) <= day:
        year += 1
    while _day(year, 1, 1) > day:
        year -= 1
    return year, next(month for month in range(12, 0, -1) if _day(year, month, 1) <= day)
