"""Contradictions that are told in more roundabout words, and what only looks like them."""

import pytest

from tests.story.contradictions import fact, person, thing
from tests.story.test_continuity import alarms
from writer_app.story.alarms import Kind
from writer_app.story.bible import Kind as EntryKind
from writer_app.story.bible import Relation

CARLA = person("Carla Reuss", fact("sex", "female"), aliases=("Carla",))

DAYS = (
    ([], ["They met on Tuesday the second, by the gate.", "It was Friday the sixth, and he came."]),
    ([], ["On Sunday, the 7th, she left.", "The 18th was a Friday."]),
    ([], ["三号，星期一，他们到了。", "十五号星期五，船来了。"]),
)
NOT_DAYS = (
    ([], ["They met on Tuesday the second, by the gate.", "It was Friday the fifth, and he came."]),
    ([], ["They met on Tuesday the second.", "A month later, on Friday the sixth, he came."]),
    ([], ["They met on Tuesday the twenty-second.", "On Friday the third, he came."]),
    ([], ["They met on Tuesday the second.", "It was like any Friday the thirteenth."]),
    ([], ["On Monday the first snow fell.", "On Friday the second man came."]),
    ([], ["三号，星期一，他们到了。", "十四号星期五，船来了。"]),
    ([], ["三号，星期一，他们到了。", "下个月十五号星期五，船来了。"]),
    ([], ["初三，星期一，他们到了。", "星期五2号线停了。"]),
)


@pytest.mark.parametrize(("entries", "texts"), DAYS)
def test_days_of_one_month_must_fit_their_weekdays(entries, texts):
    assert [each.kind for each in alarms(entries, *texts)] == [Kind.DATE]


@pytest.mark.parametrize(("entries", "texts"), NOT_DAYS)
def test_days_that_fit_or_may_be_of_two_months_are_no_contradiction(entries, texts):
    assert alarms(entries, *texts) == []
