"""Contradictions that are found, each with both passages, and what only looks like one."""

import pytest

from writer_app.story.alarms import (
    NAME,
    Kind,
    read_intended,
    sentence,
    without,
    write_intended,
)
from writer_app.story.bible import Entry, Fact, Relation
from writer_app.story.bible import Kind as EntryKind
from writer_app.story.continuity import Checker, check, check_project
from writer_app.story.project import Project
from writer_app.story.tree import Item, Tree
from writer_app.story.tree import Kind as ItemKind


def book(*texts, titles=()):
    """A tree of scenes s1, s2, ... with these texts."""
    ids = [f"s{number}" for number in range(1, len(texts) + 1)]
    named = dict(zip(ids, titles, strict=False))
    items = (
        Item(id=i, kind=ItemKind.SCENE, file=f"text/{i}.md", title=named.get(i, "")) for i in ids
    )
    return Tree(tuple(items)), dict(zip(ids, texts, strict=True))


def person(name, *facts, aliases=(), relations=(), **said):
    return Entry(
        id=name.lower(), name=name, facts=facts, aliases=aliases, relations=relations, **said
    )


def thing(name, *facts, kind=EntryKind.OBJECT, **said):
    return Entry(id=name.replace(" ", "-"), kind=kind, name=name, facts=facts, **said)


def fact(attribute="", value="", **said):
    return Fact(attribute=attribute, value=value, **said)


def alarms(entries, *texts, titles=()):
    tree, by_id = book(*texts, titles=titles)
    return check(tree, by_id, {entry.id: entry for entry in entries})


ANNA = person("Anna", fact("eyes", "grey"), fact("sex", "female"), aliases=("Anna Reed",))
TOM = person("Tom", fact("sex", "male"), aliases=("Tom Hale",))
LIN = person("林晚", fact("眼睛", "黑色"), fact("性别", "女"))
SHEN = person("沈清秋", fact("性别", "男"), aliases=("清秋",))
DEAD_TOM = person("Tom", fact("alive", "no", since="s2"))
DEAD_SHEN = person("沈清秋", fact("生死", "死亡", since="s2"))

FOUND = [
    # The dead.
    (Kind.DEAD, [DEAD_TOM, ANNA], ["Tom fell.", "They buried him.", "“Good morning,” said Tom."]),
    (Kind.DEAD, [DEAD_TOM, ANNA], ["Tom fell.", "They buried him.", "Tom walked in and sat by the fire."]),
    (Kind.DEAD, [TOM, ANNA], ["Tom died that night.", "“Tea?” Anna asked.\n\n“Please,” Tom said."]),
    (Kind.DEAD, [person("Tom", fact(text="Tom is killed in the fire.", since="s1"))], ["Smoke.", "Tom laughed."]),
    (Kind.DEAD, [DEAD_SHEN], ["雨。", "沈清秋倒下了。", "沈清秋笑道：“好久不见。”"]),
    (Kind.DEAD, [SHEN, LIN], ["沈清秋已经死了。", "林晚回头。\n\n沈清秋推开门，走了进来。"]),
    # Bodies.
    (Kind.TRAIT, [ANNA], ["Anna looked up with her bright blue eyes."]),
    (Kind.TRAIT, [ANNA], ["Anna’s eyes were green."]),
    (Kind.TRAIT, [ANNA], ["Anna stood at the window. Her blue eyes followed the ship."]),
    (Kind.TRAIT, [ANNA], ["The blue-eyed Anna was waiting."]),
    (Kind.TRAIT, [person("Mara", fact(text="Has red hair."))], ["Mara brushed back her black hair."]),
    (Kind.TRAIT, [TOM], ["Tom had curly blond hair.", "Tom’s black hair was wet."]),
    (Kind.TRAIT, [person("Tom", fact("height", "190 cm"))], ["Tom was a short man."]),
    (Kind.TRAIT, [person("Tom", fact("scar", "left cheek"))], ["Tom touched the scar on his right cheek."]),
    (Kind.TRAIT, [person("Tom", fact("left arm", "lost in the war"), fact("sex", "male"))], ["Tom clapped both hands."]),
    (Kind.TRAIT, [person("Tom", fact("hand", "left-handed"))], ["Tom was right-handed."]),
    (Kind.TRAIT, [person("Ida", fact(text="She is mute."))], ["“No,” said Ida."]),
    (Kind.TRAIT, [LIN], ["林晚抬起头，那双碧绿的眼睛里有泪。"]),
    (Kind.TRAIT, [LIN], ["林晚站在窗前。她的眼睛是蓝色的。"]),
    (Kind.TRAIT, [SHEN], ["沈清秋一头金色的长发。", "沈清秋披着一头乌黑的长发。"]),
    (Kind.TRAIT, [person("沈清秋", fact("身高", "一米八五"))], ["沈清秋个子很矮。"]),
    (Kind.TRAIT, [person("沈清秋", fact("伤疤", "左脸"))], ["沈清秋摸了摸右脸上的疤。"]),
    (Kind.TRAIT, [thing("brass key", fact("material", "brass"), aliases=("key",))], ["He took the iron key."]),
    (Kind.TRAIT, [thing("The Swan", fact("door", "red"), kind=EntryKind.PLACE)], ["The Swan’s door was green."]),
    # Ages and births.
    (Kind.AGE, [person("Anna", fact("age", "34"))], ["Anna, twenty-nine, was the eldest."]),
    (Kind.AGE, [person("Anna", fact("age", "34"))], ["Anna was forty-one years old."]),
    (Kind.AGE, [person("Anna", fact("born", "1790"))], ["It was 1815. Anna was thirty-six."]),
    (Kind.AGE, [person("Anna", fact("born", "3 May 1790"))], ["Anna was born in 1795."]),
    (Kind.AGE, [person("林晚", fact("年龄", "二十三"))], ["林晚今年十九岁。"]),
    (Kind.AGE, [LIN], ["林晚今年二十三岁。", "二十岁的林晚推开门。"]),
    # Dates.
    (Kind.DATE, [], ["It was Monday, 3 March 2026."]),
    (Kind.DATE, [], ["2026年3月3日，星期四，雨。"]),
    (Kind.DATE, [], ["On Monday, 3 May, they sailed.", "Friday, 6 May, brought fog."]),
    (Kind.DATE, [], ["It was Monday morning. Anna packed. The next day, on Thursday, she left."]),
    (Kind.DATE, [], ["那天是星期一。林晚收拾好了。", "第二天是星期四，她走了。"]),
    # Secrets.
    (
        Kind.KNOWS,
        [person("Anna", fact(text="Tom murdered Harker.", known_by=("tom",)), fact(text="Tom murdered Harker.", known_by=("anna",), since="s3")), TOM, person("Harker")],
        ["Rain.", "“Tom murdered Harker,” said Anna.", "She found the letter."],
    ),
    (
        Kind.KNOWS,
        [thing("密道", Fact(text="密道在枯井下面。", known_by=("沈清秋",))), SHEN, LIN],
        ["林晚低声道：“密道就在枯井下面。”"],
    ),
    # Things.
    (Kind.OBJECT, [thing("silver locket", aliases=("locket",)), ANNA], ["Anna threw the locket into the river.", "Anna touched the silver locket at her throat."]),
    (Kind.OBJECT, [thing("lantern", fact("state", "destroyed", since="s1")), ANNA], ["Glass.", "Anna lit the lantern."]),
    (Kind.OBJECT, [thing("青锋剑", fact("状态", "折断", since="s1")), SHEN], ["雪。", "沈清秋拔出青锋剑。"]),
    (Kind.OBJECT, [thing("族谱"), SHEN], ["沈清秋把族谱烧成了灰。", "沈清秋翻开族谱。"]),
    (
        Kind.PLACE,
        [thing("crown", fact("place", "the chapel")), thing("chapel", kind=EntryKind.PLACE, aliases=("the chapel",)), thing("armoury", kind=EntryKind.PLACE)],
        ["The crown lay in the armoury."],
    ),
    (Kind.PLACE, [thing("ledger", fact("place", "the safe in the study"))], ["The ledger lay in the kitchen."]),
    (Kind.PLACE, [thing("族谱", fact("位置", "祠堂"))], ["族谱就放在书房里。"]),
    # Kin.
    (Kind.KIN, [person("Anna", relations=(Relation(to="tom", what="is the sister of"),)), TOM], ["Tom’s cousin Anna came."]),
    (Kind.KIN, [TOM, ANNA], ["Anna was Tom’s sister.", "Tom’s aunt Anna came."]),
    (Kind.KIN, [person("林晚", relations=(Relation(to="沈清秋", what="是…的妹妹"),)), SHEN], ["沈清秋的姐姐林晚来了。"]),
    (Kind.KIN, [person("林晚", relations=(Relation(to="沈清秋", what="妹妹"),)), SHEN], ["林晚是沈清秋的表妹。"]),
    # Names.
    (Kind.NAME, [person("Marguerite")], ["Marguerite came. Marguerite sat. Marguerite rose. Then Margeurite left."]),
    (Kind.NAME, [SHEN], ["沈清秋来了。沈清秋坐下。沈清秋起身。沈青秋走了。"]),
]  # fmt: skip

SILENT = [
    ([DEAD_TOM, ANNA], ["Tom sat.", "He fell.", "Anna remembered him. Tom had said it often."]),
    ([DEAD_TOM, ANNA], ["Tom sat.", "He fell.", "In her dream Tom walked in. “Come,” said Tom."]),
    ([DEAD_TOM, ANNA], ["Tom sat.", "He fell.", "Anna read his letter again.\n\n> Tom said so."]),
    ([DEAD_TOM, ANNA], ["Tom sat.", "He fell.", "Ten years earlier, Tom walked in. “Tea,” said Tom."]),
    ([DEAD_TOM, ANNA], ["“Yes,” said Tom.", "Tom laughed. Then he fell."]),
    ([DEAD_TOM, ANNA], ["Tom sat.", "He fell.", "“Tom said hello,” Anna lied."]),
    ([DEAD_TOM], ["Tom sat.", "He fell.", "Young Tom laughed. Tom Baker walked in. Mrs. Tom said no."]),
    ([TOM, ANNA], ["“I thought he was dead,” said Anna. If Tom died, she would go.", "Tom laughed."]),
    ([TOM, ANNA], ["Tom died of laughter. Tom was dead tired.", "“Yes,” said Tom."]),
    ([DEAD_SHEN, LIN], ["雨。", "他倒下了。", "林晚梦见沈清秋推开门。\n\n沈清秋笑道：“好。”"]),
    ([DEAD_SHEN, LIN], ["雨。", "他倒下了。", "当年，沈清秋也站在这里。沈清秋笑道：“好。”"]),
    ([SHEN, LIN], ["沈清秋吓死了。沈清秋差点死了。", "沈清秋笑道：“好。”"]),
    ([ANNA], ["Her eyes were fire. Anna’s eyes were like blue glass."]),
    ([ANNA], ["“Anna’s eyes are blue,” he lied. Were Anna’s eyes blue? Anna’s eyes were not blue."]),
    ([ANNA, TOM], ["Anna looked at Tom. His blue eyes were tired. Anna met the girl. Her blue eyes shone."]),
    ([ANNA], ["Anna met his blue eyes. Anna’s mother had blue eyes. Anna wore a blue dress, her eyes closed."]),
    ([ANNA], ["Anna’s eyes were red with crying. Anna put in lenses: Anna’s eyes were green."]),
    ([ANNA], ["Anna’s sister had green eyes. Mrs. Anna’s green eyes. Anna Baker’s green eyes shone."]),
    ([TOM], ["Tom had black hair.", "Tom dyed it in the sink.", "Tom’s blond hair was wet."]),
    ([TOM], ["Tom’s hair was white with flour. Tom was short of breath. Tom was short with her."]),
    ([person("Tom", fact("hair", "black", until="s2"), fact("hair", "grey", since="s2"))], ["Tom’s black hair.", "Tom’s grey hair was wet."]),
    ([person("Tom", fact("height", "tall"))], ["Tom was shorter than his brother. “Tom is a short man.”"]),
    ([person("Tom", fact("scar", "left cheek"))], ["Tom touched the scar on his left cheek. The scar on his right hand itched."]),
    ([LIN], ["林晚的眼睛仿佛蓝色的湖。林晚看着他，他的眼睛是蓝色的。林晚的眼睛红了。"]),
    ([LIN, SHEN], ["林晚望着沈清秋，她那双蓝色的眼睛……“林晚的眼睛是绿色的。”"]),
    ([person("Anna", fact("age", "34"))], ["Anna was twelve when it began. Anna was thirty feet away. Anna felt ten years old. Anna was thirty-five."]),
    ([person("Anna", fact("age", "34"))], ["Anna was 34.", "Six years later, Anna was forty."]),
    ([person("林晚", fact("年龄", "二十三"))], ["林晚十岁那年，父亲走了。林晚看上去像十八岁。林晚今年二十四岁。"]),
    ([], ["It was Tuesday, 3 March 2026. “Monday, 3 March 2026,” he said.", "Monday, 2 May. Tuesday, 3 May."]),
    ([thing("locket"), ANNA], ["Anna threw the locket into the river.", "They found the locket. Anna wore the locket."]),
    ([thing("locket"), ANNA], ["Anna nearly threw the locket into the river.", "Anna touched the locket."]),
    ([thing("ledger", fact("place", "the study"))], ["Anna moved the ledger.", "The ledger lay in the kitchen."]),
    ([thing("ledger", fact("place", "the study"))], ["The ledger lay on the desk. The ledger was in the study."]),
    ([], ["It was Monday morning. Two days later, on Wednesday, or so he thought.", "The week went by. It was Friday."]),
    ([person("Anna", relations=(Relation(to="tom", what="is the sister of"),)), TOM], ["Tom’s sister Anna came. With Tom’s cousin, Anna left. “Tom’s cousin Anna!” Tom’s mother, Anna and he."]),
    ([person("林晚", relations=(Relation(to="沈清秋", what="表妹"),)), SHEN], ["沈清秋的妹妹林晚来了。林晚的表哥沈清秋也来了。"]),
    ([person("Bennet"), person("Maria")], ["Bennet, Bennet, Bennet. The Bennets came. Maria, Maria, Maria. Marie came."]),
    ([SHEN], ["沈清秋，沈清秋，沈清秋。沈清歌来了。"]),
    (
        [person("Anna", fact(text="Tom murdered Harker.", known_by=("tom",)), fact(text="Tom murdered Harker.", known_by=("anna",), since="s2")), TOM, person("Harker")],
        ["“Perhaps Tom murdered Harker,” said Anna. “Tom murdered Harker?” said Anna.", "“Tom murdered Harker,” said Anna."],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "entries", "texts"), FOUND)
def test_a_plain_contradiction_is_one_alarm_with_both_passages(kind, entries, texts):
    (alarm,) = alarms(entries, *texts)
    assert alarm.kind is kind
    _, by_id = book(*texts)
    assert by_id[alarm.scene][slice(*alarm.span)] == alarm.quote != ""
    assert alarm.against_quote
    if alarm.against_scene:
        assert by_id[alarm.against_scene][slice(*alarm.against_span)] == alarm.against_quote


@pytest.mark.parametrize(("entries", "texts"), SILENT)
def test_what_only_looks_like_a_contradiction_raises_no_alarm(entries, texts):
    assert alarms(entries, *texts) == []


def test_a_scene_marked_as_a_flashback_may_show_the_dead():
    texts = ["Rain.", "Tom was gone.", "“Tea,” said Tom."]
    assert alarms([DEAD_TOM], *texts)
    assert alarms([DEAD_TOM], *texts, titles=("", "", "Flashback: the summer house")) == []


def test_what_was_called_intended_stays_so_when_the_text_around_it_moves(tmp_path):
    (alarm,) = alarms([ANNA], "Anna’s eyes were green.")
    write_intended(tmp_path, alarm)
    (moved,) = alarms([ANNA], "It rained.", "At last!  Anna’s eyes  were green. They left.")
    assert moved.key == alarm.key
    assert without([moved], read_intended(tmp_path)) == []
    write_intended(tmp_path, alarm, intended=False)
    assert without([moved], read_intended(tmp_path)) == [moved]
    assert (tmp_path / NAME).is_file()


def test_both_passages_are_in_the_sentence_for_people():
    (alarm,) = alarms([ANNA], "Anna’s eyes were green.")
    said = sentence(alarm, {"anna": "Anna"})
    assert "eyes: grey" in said
    assert "Anna’s eyes were green." in said


def test_only_changed_scenes_are_read_again(monkeypatch):
    from writer_app.story import continuity

    read = []
    claims = continuity.claims
    monkeypatch.setattr(
        continuity, "claims", lambda text, *rest: read.append(text) or claims(text, *rest)
    )
    checker = Checker()
    tree, texts = book("Anna sat.", "Anna stood.", "Anna left.")
    entries = {"anna": ANNA}
    checker.check(tree, texts, entries)
    checker.check(tree, texts | {"s2": "Anna ran."}, entries)
    assert read == ["Anna sat.", "Anna stood.", "Anna left.", "Anna ran."]


def test_a_project_on_disk_is_checked_without_what_is_intended(tmp_path):
    project = Project(tmp_path.resolve())
    items = [
        Item(id=name, kind=ItemKind.SCENE, file=project.create(name, text))
        for name, text in (
            ("a", "Anna’s eyes were green."),
            ("b", "Anna’s eyes were blue."),
            ("c", ""),
        )
    ]
    project.tree = Tree(tuple(items))
    (tmp_path / items[2].file).unlink()
    green, blue = check_project(project, {"anna": ANNA})
    write_intended(project.folder, green)
    assert check_project(project, {"anna": ANNA}) == [blue]
