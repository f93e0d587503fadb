"""Contradictions that are told in more roundabout words, and what only looks like them."""

import pytest

from tests.story.contradictions import fact, person, thing
from tests.story.test_continuity import alarms
from writer_app.story.alarms import Kind, sentence
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


AGES = (
    (
        [],
        [
            "In 1931 I was twelve, and wore boots.",
            "It was the spring of 1940.\n\nI had just turned twenty-six. It rained.",
        ],
    ),
    ([CARLA], ["In 1931 Carla was twelve years old.", "In May 1940 Carla turned twenty-six."]),
    ([], ["I was born in 1950.", "In 1960 I was fourteen, and tall."]),
    ([], ["一九五八年春天我九岁，住在河边。", "一九七〇年，我进了厂。\n\n我刚满二十六，力气大。"]),
    ([person("杜衡")], ["1958年杜衡九岁，住在河边。", "1970年，杜衡已经二十六岁，进了厂。"]),
)
NOT_AGES = (
    (
        [],
        [
            "In 1931 I was twelve, and wore boots.",
            "It was the spring of 1940.\n\nI had just turned twenty-one. It rained.",
        ],
    ),
    (
        [CARLA],
        ["In 1931 Carla was twelve years old.", "In May 1940 Carla looked as if she was thirty."],
    ),
    ([], ["In 1931 I was twelve.", "In 1940 I came home. Years later I was forty, and rich."]),
    ([], ["In 1931 I was twelve.", "“In 1940 I was thirty,” she said."]),
    ([], ["In 1931 I was twelve men short.", "In 1940 I was forty miles from home."]),
    ([], ["一九五八年春天我九岁，住在河边。", "一九七〇年，我进了厂。\n\n我刚满二十一，力气大。"]),
    ([], ["一九五八年春天我九岁，住在河边。", "一九七〇年，我想起那年我六岁，怕水。"]),
    ([person("杜衡")], ["1958年杜衡九岁。", "1970年，杜衡看上去像三十六岁。"]),
)


@pytest.mark.parametrize(("entries", "texts"), AGES)
def test_an_age_in_one_year_must_fit_the_age_in_another(entries, texts):
    assert [each.kind for each in alarms(entries, *texts)] == [Kind.AGE]


@pytest.mark.parametrize(("entries", "texts"), NOT_AGES)
def test_ages_that_fit_or_are_not_meant_are_no_contradiction(entries, texts):
    assert alarms(entries, *texts) == []


def test_two_who_tell_in_the_first_person_may_be_of_two_ages():
    texts = ["In 1931 I was twelve.", "In 1940 I was thirty."]
    assert alarms([CARLA], *texts)
    assert alarms([CARLA], *texts, titles=("Carla", "Mother")) == []


def test_the_narrator_has_no_name_in_the_sentence_for_people():
    (alarm,) = alarms([], *AGES[0][1])
    assert sentence(alarm, {}).startswith("The age of The narrator")


SHUYAN = person("沈书妍", aliases=("书妍",))
HONOR = person("Rosalind Thayer", aliases=("Rosalind", "Mrs. Thayer"))
NAMES = (
    ([SHUYAN], ["沈书妍推门进来。沈书妍坐下了。", "过了一会儿，沈书研才抬起头来。"]),
    ([HONOR], ["Rosalind Thayer came in.", "There sat Rosalynd Thayer, who waited."]),
    ([HONOR], ["Mrs. Thayer came in. So Mrs. Thayer sat.", "They waited for Mrs. Theyer."]),
    ([HONOR], ["Rosalind Thayer came in.", "They called for Rosalind Thaler at noon."]),
)
NOT_NAMES = (
    ([SHUYAN], ["沈书妍推门进来。沈书妍坐下了。", "沈书妍的妹妹沈书雁才抬起头来。"]),
    ([SHUYAN], ["沈书妍推门进来。沈书妍坐下了。", "沈书砚说。", "沈书砚又说。"]),
    ([SHUYAN], ["沈书妍推门进来。沈书妍坐下了。", "沈书琴才抬起头来。"]),
    ([SHUYAN, person("沈书研")], ["沈书妍推门进来。沈书妍坐下了。", "沈书研才抬起头来。"]),
    ([HONOR], ["Rosalind Thayer and Rosalie Thayer came in.", "Rosalie Thayer laughed."]),
    ([HONOR], ["Rosalind Thayer came in.", "There sat Rosamund Thayer, who waited."]),
    ([HONOR], ["Rosalind Thayer came in.", "The Thayers waited."]),
    ([HONOR], ["Mrs. Thayer came in. So Mrs. Thayer and Mrs. Theyer sat.", "Tea came."]),
)


@pytest.mark.parametrize(("entries", "texts"), NAMES)
def test_a_name_one_slip_away_from_one_in_the_bible_is_found_though_it_stands_but_twice(
    entries, texts
):
    assert [each.kind for each in alarms(entries, *texts)] == [Kind.NAME]


@pytest.mark.parametrize(("entries", "texts"), NOT_NAMES)
def test_people_with_names_alike_are_two_people(entries, texts):
    assert alarms(entries, *texts) == []
