"""When things happen: what words say of it, and the order that follows."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from writer_app.text.chronology import DAY, Time, places
from writer_app.text.times import read


def order(*words: str) -> list[str]:
    """The scenes as they happen; one without words is called by its number."""
    stand = places([read(each) for each in words])
    sorted_ = sorted(range(len(words)), key=lambda at: (stand[at], at))
    return [words[at] or str(at) for at in sorted_]


def told_in_order(*words: str) -> bool:
    stand = places([read(each) for each in words])
    return stand == sorted(stand)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("3 May 1812, evening", {"year": 1812, "days": (3, 3), "clock": (17 * 60, 23 * 60)}),
        ("Friday, May 3rd, 1812", {"year": 1812, "months": (5, 5), "days": (3, 3)}),
        ("the third of May", {"months": (5, 5), "days": (3, 3), "year": None}),
        ("1812-05-03 18:30", {"days": (3, 3), "clock": (1110, 1111)}),
        ("late May", {"days": (21, 31)}),
        ("winter 1812", {"year": 1812, "months": (12, 14)}),
        ("44 BC", {"year": -43}),
        ("Christmas Eve 1811", {"year": 1811, "months": (12, 12), "days": (24, 24)}),
        ("Day three, night", {"nth": 3, "clock": (20 * 60, 30 * 60)}),
        ("the next morning", {"step": DAY, "clock": (5 * 60, 12 * 60)}),
        ("ten years earlier", {"step": -round(3652.5 * DAY)}),
        ("half an hour later", {"step": 30, "is_fine": True}),
        ("6:30 in the evening", {"clock": (1110, 1111)}),
        ("建安五年春", {"year": 200, "months": (3, 5)}),
        ("贞观元年", {"year": 627}),
        ("一八一二年五月初三夜", {"year": 1812, "months": (5, 5), "days": (3, 3)}),
        ("２０２６年３月５日", {"year": 2026, "months": (3, 3), "days": (5, 5)}),
        ("公元前221年", {"year": -220}),
        ("帝国历302年三月", {"calendar": "帝国历", "year": 302, "months": (3, 3)}),
        ("腊月廿三", {"months": (12, 12), "days": (23, 23)}),
        ("五月中旬", {"days": (11, 20)}),
        ("第三天夜里", {"nth": 3, "clock": (20 * 60, 30 * 60)}),
        ("次日清晨", {"step": DAY, "clock": (5 * 60, 7 * 60)}),
        ("十年前", {"step": -round(3652.5 * DAY)}),
        ("一個半月後", {"step": round(1.5 * 30.4375 * DAY)}),
        ("下午三点半", {"clock": (930, 931)}),
        ("晚上8:30", {"clock": (1230, 1231)}),
        ("星期天", {"weekday": 6}),
    ],
)
def test_times_are_read_as_writers_write_them(words, said):
    time = read(words)
    assert time is not None
    assert {name: getattr(time, name) for name in said} == said


@pytest.mark.parametrize("words", ["", "at the inn", "maybe", "中秋", "后来", "？", "1840s"])
def test_what_has_no_order_says_nothing(words):
    assert read(words) is None


def test_a_scene_without_a_time_stands_with_the_one_before_it():
    assert order("4 May 1812", "", "3 May 1812", "") == ["3 May 1812", "3", "4 May 1812", "1"]
    assert order("", "", "") == ["0", "1", "2"]


def test_inside_a_span_the_order_of_the_text_holds():
    assert told_in_order("3 May 1812, evening", "3 May 1812", "May 1812", "1812", "spring 1812")
    assert told_in_order("Monday", "evening", "morning", "noon", "Tuesday", "that night")
    assert told_in_order("五月三日夜", "三更", "凌晨", "清晨", "五月")


def test_a_look_back_leaves_the_story_where_it_was():
    words = ("3 May 1812", "ten years earlier", "that night", "", "the next day")
    assert order(*words) == ["ten years earlier", "that night", "3 May 1812", "3", "the next day"]
    assert order("建安五年", "十年前", "次日", "")[2:] == ["建安五年", "3"]
    assert order("March 1812", "ten years earlier", "10 April")[1:] == ["March 1812", "10 April"]


def test_a_prologue_from_the_end_happens_last():
    assert order("1850", "3 May 1812", "", "June") == ["3 May 1812", "2", "June", "1850"]


def test_dates_without_a_year_go_on_rather_than_back():
    assert told_in_order("28 December 1812", "3 January", "April", "December", "February")
    assert told_in_order("三年后的春天", "同年冬", "次年春", "夏", "winter", "spring")
    assert order("5 May", "3 May") == ["3 May", "5 May"]
    assert order("5 May", "6 May 1812") == ["5 May", "6 May 1812"]
    assert told_in_order("三月初二", "十五日", "初三")


def test_days_are_counted_from_the_first_and_the_second_follows_what_was_told():
    assert order("Day 1", "Day 3", "Day 2") == ["Day 1", "Day 2", "Day 3"]
    assert told_in_order("", "第二天早", "第二天晚", "第三天")
    late = order("五月三日", "第二天早", "第二天晚", "五月五日", "五月四日午后")
    assert late == ["五月三日", "第二天早", "五月四日午后", "第二天晚", "五月五日"]


def test_years_of_an_era_of_ones_own_are_in_order():
    assert order("帝国历302年三月", "帝国历301年", "帝国历302年五月")[0] == "帝国历301年"


@given(st.dates(date(1, 1, 3), date(9999, 12, 28)), st.integers(1, 2))
def test_the_calendar_is_the_one_we_have(day, by):
    after = day + timedelta(days=by)
    one, two = places(
        [Time(year=d.year, months=(d.month,) * 2, days=(d.day,) * 2) for d in (day, after)]
    )
    assert two - one == by * DAY
    assert places([read(day.isoformat()), Time(weekday=day.weekday())])[0] == one
    assert (
        len(
            set(
                places(
                    [
                        Time(year=day.year, months=(day.month,) * 2, days=(day.day,) * 2),
                        Time(weekday=day.weekday()),
                    ]
                )
            )
        )
        == 1
    )


@given(
    st.lists(st.text("0123456789年月日天第三夜后前初Dday May1812:. -st十", max_size=16), max_size=8)
)
def test_whatever_is_written_there_is_an_order(words):
    assert len(places([read(each) for each in words])) == len(words)
