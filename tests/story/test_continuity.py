"""Contradictions that are found, each with both passages, and what only looks like one."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.bench.continuity import CASES, judge
from tests.story.contradictions import (
    ANNA,
    DEAD_TOM,
    FOUND,
    LIN,
    MORE,
    MORE_SILENT,
    SILENT,
    TOM,
    person,
)
from tests.story.shapes import FOUND as SHAPES
from tests.story.shapes import SILENT as LOOKALIKES
from writer_app.story.alarms import (
    NAME,
    read_intended,
    sentence,
    without,
    write_intended,
)
from writer_app.story.bible import Entry, Fact
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


def alarms(entries, *texts, titles=()):
    tree, by_id = book(*texts, titles=titles)
    return check(tree, by_id, {entry.id: entry for entry in entries})


@pytest.mark.parametrize(("kind", "entries", "texts"), FOUND)
def test_a_plain_contradiction_is_one_alarm_with_both_passages(kind, entries, texts):
    (alarm,) = alarms(entries, *texts)
    assert alarm.kind is kind
    _, by_id = book(*texts)
    assert by_id[alarm.scene][slice(*alarm.span)] == alarm.quote != ""
    assert alarm.against_quote
    if alarm.against_scene:
        assert by_id[alarm.against_scene][slice(*alarm.against_span)] == alarm.against_quote


@pytest.mark.parametrize(("entries", "texts"), MORE + SHAPES)
def test_other_words_for_a_contradiction_are_understood(entries, texts):
    assert len(alarms(entries, *texts)) == 1


@pytest.mark.parametrize(("entries", "texts"), SILENT + MORE_SILENT + LOOKALIKES)
def test_what_only_looks_like_a_contradiction_raises_no_alarm(entries, texts):
    assert alarms(entries, *texts) == []


def test_a_death_told_by_its_year_says_nothing_of_scenes_without_one():
    died = Fact(text="Tom dies in the spring of 1974.", attribute="died", value="1974")
    tom = person("Tom", died)
    assert not alarms([tom], "“So this is the house,” said Tom. He took off his hat.")
    dead = Fact(text="Tom is dead.", attribute="alive", value="no")
    assert alarms([person("Tom", dead)], "“So this is the house,” said Tom.")


@pytest.mark.parametrize("name", ["open", "second", "kept", "kept-second"])
def test_no_decoy_that_others_have_written_raises_an_alarm(name):
    cases = json.loads((CASES / f"{name}.json").read_text("utf-8"))
    raised = {
        case["id"]: told for case in cases if not case["contradiction"] and (told := judge(case)[2])
    }
    assert len(cases) >= 30
    assert raised == {}


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


PIECES = (
    *"aTm’s “”.,\n*#'\"?没死他她的眼睛蓝色说：，。é😀\x00\u2029",
    *("Anna ", "Tom ", "林晚", "said ", "was ", "dead", "blue eyes", "’s ", "3 March", "岁"),
)


@settings(max_examples=80)
@given(
    st.lists(st.lists(st.sampled_from(PIECES), max_size=50).map("".join), max_size=3),
    st.text(max_size=8),
    st.tuples(st.text(max_size=8), st.text(max_size=8), st.text(max_size=20)),
)
def test_whatever_the_texts_and_the_bible_hold_quotes_are_what_stands_there(texts, name, said):
    attribute, value, text = said
    odd = Fact(attribute=attribute, value=value, text=text, known_by=("x",))
    entries = [
        person("Anna", odd),
        Entry(id="x", name=name, description=text, fields={attribute: value}),
        LIN,
        TOM,
    ]
    _, by_id = book(*texts)
    for alarm in alarms(entries, *texts):
        assert by_id[alarm.scene][slice(*alarm.span)] == alarm.quote
