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
    (
        [],
        ["They met on Tuesday the second.", "Some weeks went by.", "On Friday the sixth, he came."],
    ),
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


IRENE = person("Irene Falk", fact("eyes", "grey"), fact("sex", "female"))
PAUL = person("Paul Reuss", fact("sex", "male"))
LAN = person("兰蕴之", fact("瞳色", "黑色"))
QIU = person("秋禾")
LOOKS = (
    # The first name alone, and a pronoun in a later paragraph, behind what somebody says.
    ([IRENE, PAUL], ["Irene sat down.\n\n“Well?” said Paul.\n\nShe lifted her brown eyes to him."]),
    # A scene that begins with a pronoun goes on with the only woman whom the last one ended with.
    (
        [IRENE, PAUL],
        [
            "At last Irene left.",
            "She had come for the quiet.\n\n“I can go,” said Paul.\n\nHe saw her brown eyes.",
        ],
    ),
    (
        [LAN, QIU],
        ["兰蕴之走进来。\n\n秋禾停住了手。她没有抬头。\n\n他坐下，一双蓝色的眸子望着灯。"],
    ),
    ([LAN], ["兰蕴之，县令的独子，走进来。\n\n“坐。”\n\n他坐下，一双蓝色的眸子望着灯。"]),
    ([LAN], ["兰蕴之坐下，抬起一双蓝眸。"]),
    ([LAN], ["“坐。”兰蕴之的金瞳亮了一下。"]),
    ([person("尤三", fact("发色", "银白"))], ["尤三一头黑发，站在门口。"]),
    ([IRENE, PAUL], ["Paul looked at the brown of Irene’s eyes."]),
    ([IRENE, PAUL], ["Paul sat.\n\nIrene sat down. He liked the brown of her eyes."]),
)
NOT_LOOKS = (
    ([LAN], ["兰蕴之坐下，一双黑眸望着灯。"]),
    ([LAN], ["兰蕴之坐下，灰眼圈更重了。"]),
    ([LAN], ["兰蕴之像是有一双蓝眸。"]),
    ([person("尤三", fact("发色", "黑"))], ["尤三气得脸红发抖。"]),
    (
        [IRENE, PAUL, person("Ada Falk", fact("sex", "female"))],
        ["Irene and Ada sat down.\n\nShe lifted her brown eyes to Paul."],
    ),
    ([IRENE, PAUL], ["Irene sat down.\n\nThe girl came in. She lifted her brown eyes to him."]),
    ([IRENE, PAUL], ["Irene sat down.\n\nMarta came in. She lifted her brown eyes to him."]),
    ([IRENE, PAUL], ["Irene met the nurse.\n\nShe lifted her brown eyes to him."]),
    ([IRENE, PAUL], ["Irene sat down.\n\n***\n\nShe lifted her brown eyes to Paul."]),
    (
        [IRENE, PAUL],
        [
            "At last Irene left.",
            "Paul came. “A visitor.” A woman sat there. She lifted her brown eyes.",
        ],
    ),
    ([IRENE, PAUL], ["At last Irene left.", "Rain fell.", "She lifted her brown eyes to Paul."]),
    ([IRENE, PAUL], ["Irene sat down.\n\n“Well?” said Paul.\n\nShe lifted her grey eyes to him."]),
    ([LAN, QIU], ["兰蕴之走进来。\n\n秋禾的手停住了。\n\n他坐下，一双蓝色的眸子望着灯。"]),
    ([LAN], ["兰蕴之走进来。\n\n那人跟在后面。他坐下，一双蓝色的眸子望着灯。"]),
)


@pytest.mark.parametrize(("entries", "texts"), LOOKS)
def test_a_pronoun_that_can_mean_but_one_person_is_understood_across_paragraphs(entries, texts):
    assert [each.kind for each in alarms(entries, *texts)] == [Kind.TRAIT]


@pytest.mark.parametrize(("entries", "texts"), NOT_LOOKS)
def test_a_pronoun_that_may_mean_somebody_else_says_nothing(entries, texts):
    assert alarms(entries, *texts) == []


GREGOR = person("Gregor", fact("sex", "male"))
WEI = person("魏长庚", fact("性别", "男"))
DEATHS = (
    ([GREGOR], ["Gregor was lowered into the grave at noon.", "Rain.", "Gregor poured the tea."]),
    ([GREGOR], ["At dawn they found Gregor’s body below the weir.", "“Well,” said Gregor."]),
    ([GREGOR], ["Gregor lay down. He never woke again.", "Gregor opened the door."]),
    ([GREGOR], ["They buried Gregor on the hill.", "Gregor laughed."]),
    ([WEI], ["魏长庚躺下去，再也没有醒来。", "魏长庚推开门。"]),
    ([WEI], ["天亮前，他们把魏长庚葬在后山。", "魏长庚推开门，道：“来了？”"]),
    ([WEI], ["众人给魏长庚守灵。", "“坐。”魏长庚说。"]),
    (
        [GREGOR, IRENE],
        ["Gregor lay still.\n\nIrene wept. They buried him on Friday.", "Rain.", "Gregor laughed."],
    ),
    (
        [GREGOR, IRENE],
        ["Gregor sat down.\n\n“Rest,” said Irene.\n\nHe died at noon.", "Rain.", "Gregor laughed."],
    ),
    ([WEI], ["魏长庚躺下去。\n\n天亮前，众人把他葬在后山。", "魏长庚推开门。"]),
)
NOT_DEATHS = (
    (
        [GREGOR, IRENE],
        [
            "Gregor sat down.\n\nIrene wept for her father. They buried him on Friday.",
            "Gregor laughed.",
        ],
    ),
    (
        [GREGOR, IRENE, PAUL],
        ["Gregor and Paul sat down.\n\nIrene wept. They buried him on Friday.", "Gregor laughed."],
    ),
    ([GREGOR, IRENE], ["Gregor wept. He buried him on Friday.", "Gregor laughed."]),
    (
        [GREGOR, IRENE],
        ["Gregor sat down.\n\nAn old man came in.\n\nHe died at noon.", "Gregor laughed."],
    ),
    ([WEI], ["魏长庚坐下来。\n\n老人死了。天亮前，他们把他葬在后山。", "魏长庚推开门。"]),
    ([GREGOR], ["Gregor was lowered into the well.", "Gregor poured the tea."]),
    ([GREGOR], ["They never found Gregor’s body.", "“Well,” said Gregor."]),
    ([GREGOR], ["Gregor never moved house again.", "Gregor opened the door."]),
    ([GREGOR], ["They buried Gregor in blankets.", "Gregor laughed."]),
    (
        [GREGOR],
        ["They buried Gregor on the hill.", "Gregor laughed. Then she woke, and it was morning."],
    ),
    ([WEI], ["魏长庚从此没有再来。", "魏长庚推开门。"]),
    ([WEI], ["他们把魏长庚葬在后山。", "魏长庚推开门，笑了笑。她喊了一声，就醒了。"]),
    ([WEI], ["魏长庚把银子埋在后山。", "魏长庚推开门。"]),
)


@pytest.mark.parametrize(("entries", "texts"), DEATHS)
def test_a_death_told_without_the_word_is_a_death(entries, texts):
    assert [each.kind for each in alarms(entries, *texts)] == [Kind.DEAD]


@pytest.mark.parametrize(("entries", "texts"), NOT_DEATHS)
def test_who_only_seems_to_die_or_is_dreamt_of_raises_no_alarm(entries, texts):
    assert alarms(entries, *texts) == []


LOCKET = thing("his mother’s locket")
VASE = thing("霁蓝瓶")
FLUTE = thing("竹笛")
LOSSES = (
    (
        [LOCKET],
        [
            "He had the locket in his hand still. Then he flung it far out into the lake.",
            "Rain.",
            "He opened his mother’s locket.",
        ],
    ),
    (
        [LOCKET],
        [
            "It was an old locket. She held it out.\n\nHe let go, and the river closed over it.",
            "He put on his mother’s locket.",
        ],
    ),
    ([FLUTE], ["他从袖中取出竹笛。\n\n他把它扔进河里。", "雨。", "她腰间系着那支竹笛。"]),
    ([FLUTE], ["竹笛落在地上，一声脆响。大的碎片滚到桌下。", "他拿起竹笛。"]),
)
NOT_LOSSES = (
    (
        [LOCKET],
        [
            "He had the locket in his hand. He flung it into the lake.",
            "A diver fished it out.",
            "He opened his mother’s locket.",
        ],
    ),
    (
        [LOCKET],
        [
            "It was a replica. He had the locket in his hand. He flung it into the lake.",
            "He opened his mother’s locket.",
        ],
    ),
    (
        [FLUTE],
        [
            "他从袖中取出竹笛。他把它扔进河里。",
            "有人从河里捞上来一样东西。",
            "她腰间系着那支竹笛。",
        ],
    ),
    (
        [LOCKET],
        [
            "He had the locket in his hand. He would have flung it into the lake.",
            "He opened his mother’s locket.",
        ],
    ),
    (
        [LOCKET],
        [
            "He had the locket on. He took the letter and threw it into the fire.",
            "He opened his mother’s locket.",
        ],
    ),
    (
        [LOCKET, thing("the iron key")],
        [
            "He had the locket and the iron key. He threw it into the lake.",
            "He opened his mother’s locket.",
        ],
    ),
    ([LOCKET], ["He flung it far out into the lake.", "He opened his mother’s locket."]),
    (
        [LOCKET],
        [
            "The locket lay there. The sun sank, and the sea took it.",
            "The locket was returned. He opened his mother’s locket.",
        ],
    ),
    ([FLUTE], ["他取出竹笛。他想把它扔进河里。", "她腰间系着那支竹笛。"]),
    ([FLUTE], ["他取出竹笛。茶碗落地，大的碎片滚到桌下。", "他拿起竹笛。"]),
)


@pytest.mark.parametrize(("entries", "texts"), LOSSES)
def test_the_only_thing_of_a_scene_is_lost_though_it_is_not_named(entries, texts):
    assert [each.kind for each in alarms(entries, *texts)] == [Kind.OBJECT]


@pytest.mark.parametrize(("entries", "texts"), NOT_LOSSES)
def test_what_is_lost_may_be_something_else(entries, texts):
    assert alarms(entries, *texts) == []


SAFE = thing(
    "wall safe", fact(text="The combination of the wall safe is 4471.", known_by=("paul reuss",))
)
BOX = thing("铜匣", fact(text="铜匣的密码是3308。", attribute="密码", known_by=("兰蕴之",)))
CODES = (
    ([IRENE, PAUL, SAFE], ["Irene knelt down, wiped the dust off, and entered 4471. It opened."]),
    ([LAN, QIU, BOX], ["秋禾蹲下来，擦了擦灰，按下3308。灯亮了。"]),
)
NOT_CODES = (
    (
        [IRENE, PAUL, SAFE],
        ["Paul had told her the combination at last.", "Irene knelt down and entered 4471."],
    ),
    ([IRENE, PAUL, SAFE], ["Paul knelt down and entered 4471. It opened."]),
    ([IRENE, PAUL, SAFE], ["“It is 4471,” said Paul.", "Irene knelt down and entered 4471."]),
    ([IRENE, PAUL, SAFE], ["Irene knelt down and entered 4417. Nothing."]),
    ([IRENE, PAUL, SAFE], ["Irene and Paul knelt down and entered 4471."]),
    ([LAN, QIU, BOX], ["纸条上写着3308。", "秋禾蹲下来，按下3308。"]),
)


@pytest.mark.parametrize(("entries", "texts"), CODES)
def test_who_keys_in_a_secret_number_must_have_learnt_it(entries, texts):
    assert [each.kind for each in alarms(entries, *texts)] == [Kind.KNOWS]


@pytest.mark.parametrize(("entries", "texts"), NOT_CODES)
def test_a_number_that_was_told_or_is_another_one_betrays_nothing(entries, texts):
    assert alarms(entries, *texts) == []


MAX = person("Max Orlik", fact(text="Max is an only child."))
BIG = person("许曼", relations=(Relation(to="许舟", what="姐姐"),))
BOY = person("许舟")
OLD = person(
    "Ida Moor",
    fact("sex", "female"),
    relations=(Relation(to="ned moor", what="is the elder sister of"),),
)
NED = person("Ned Moor", fact("sex", "male"))
SIBLINGS = (
    ([MAX], ["Max’s younger brother was waiting at the gate."]),
    ([], ["My mother was an only child.", "In the shop stood my mother’s sister."]),
    (
        [],
        [
            "Grandmother had had one child, my mother.",
            "He told me that his mother and mine had been sisters.",
        ],
    ),
    ([], ["我父亲是独子。", "门口站着我父亲的弟弟。"]),
    ([BIG, BOY], ["许曼坐着。许舟看着这个小他两岁的妹妹，笑了。"]),
    ([OLD, NED], ["Ida sat down. Ned looked at this younger sister of his, and laughed."]),
)
NOT_SIBLINGS = (
    ([MAX], ["Max had always wished for a brother. He was like Max’s brother."]),
    ([MAX], ["Max’s half brother was waiting at the gate."]),
    ([], ["My mother was an only child.", "In the shop stood my father’s sister."]),
    ([], ["My mother was an only child.", "“My mother’s sister,” said the man."]),
    ([], ["我父亲是独子。", "门口站着我父亲的结拜弟弟。"]),
    ([BIG, BOY], ["许曼坐着。许舟看着这个大他两岁的姐姐，笑了。"]),
    ([BIG, BOY, person("许岚")], ["许舟说起这个小他两岁的妹妹，笑了。"]),
    ([OLD, NED], ["Ida sat down and looked at this younger brother of hers, and laughed."]),
)


@pytest.mark.parametrize(("entries", "texts"), SIBLINGS)
def test_an_only_child_has_no_brother_and_an_elder_sister_is_not_younger(entries, texts):
    assert {each.kind for each in alarms(entries, *texts)} == {Kind.KIN}


@pytest.mark.parametrize(("entries", "texts"), NOT_SIBLINGS)
def test_other_brothers_and_sisters_are_no_contradiction(entries, texts):
    assert alarms(entries, *texts) == []


PRESS = thing("the Lark Press", fact("address", "Dyer Lane"), kind=EntryKind.PLACE)
MILL = thing("Tarn Mill", kind=EntryKind.PLACE)
TEA = thing("听雨楼", fact("楼层", "三楼"), kind=EntryKind.PLACE)
ADDRESSES = (
    ([PRESS], ["By then the Lark Press was in Copper Street, over a baker’s."]),
    (
        [MILL],
        [
            "Tarn Mill stood on the north bank of the river.",
            "Tarn Mill lay on the south bank, in the sun.",
        ],
    ),
    ([MILL], ["Tarn Mill was on the third floor.", "Tarn Mill was on the fifth floor."]),
    ([TEA], ["听雨楼在二楼，窗子朝东。"]),
)
NOT_ADDRESSES = (
    ([PRESS], ["By then the Lark Press was in Dyer Lane, over a baker’s."]),
    ([PRESS], ["The Lark Press was near Copper Street."]),
    (
        [MILL],
        [
            "Tarn Mill stood on the north bank.",
            "They moved the mill. Tarn Mill stood on the south bank.",
        ],
    ),
    ([MILL], ["Tarn Mill was on the third floor.", "“Tarn Mill is on the fifth floor,” he said."]),
    ([TEA], ["听雨楼在三楼，窗子朝东。", "听雨楼不在二楼。"]),
)


@pytest.mark.parametrize(("entries", "texts"), ADDRESSES)
def test_a_place_is_on_one_floor_in_one_street_and_on_one_bank(entries, texts):
    assert [each.kind for each in alarms(entries, *texts)] == [Kind.PLACE]


@pytest.mark.parametrize(("entries", "texts"), NOT_ADDRESSES)
def test_places_that_have_moved_or_are_only_near_are_no_contradiction(entries, texts):
    assert alarms(entries, *texts) == []
