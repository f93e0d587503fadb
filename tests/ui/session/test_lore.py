"""The story bible of a project, as its windows see it."""

import json

import pytest

from tests.ui.projects import novel
from writer_app.errors import EngineDied
from writer_app.story.bible import Entry, Fact, Kind
from writer_app.story.bible_files import BibleFolder
from writer_app.story.project import Project
from writer_app.story.tree import Section
from writer_app.ui.session.state import Wish

TEXT = (
    "Anna Lund was a tall woman with grey eyes. “Come,” said Anna. Tom Hale looked at Anna. "
    "Tom Hale had been a doctor. “Yes,” said Tom Hale."
)
ANNA = Entry(
    id="anna",
    name="Anna Lund",
    aliases=("Anna",),
    facts=(
        Fact(attribute="home", value="Bergen"),
        Fact(attribute="home", value="Oslo", since="lamp"),
    ),
)


@pytest.fixture
def book(tmp_path) -> Project:
    return novel(tmp_path / "boat")


@pytest.fixture
def program(make_program, book):
    path = book.path(book.tree["oars"].file)
    path.write_text(TEXT, "utf-8")
    return make_program(path)


@pytest.fixture
def lore(session, qtbot):
    qtbot.waitUntil(lambda: session.book.binder.current == "oars")
    qtbot.waitUntil(lambda: session.book.lore.entries.is_read)
    qtbot.waitUntil(lambda: session.book.lore.entries.index.knows("lamp"))
    return session.book.lore


def answer(engine, inquiry):
    lines = [
        f"{number} | {hint.attribute} | {hint.stretches[0]}"
        for number, each in enumerate(inquiry.hints, 1)
        for hint in each[:1]
    ]
    engine.load()
    engine.write("\n".join(["person", *lines, "end"]))
    engine.finish()


def test_a_change_holds_at_once_is_written_and_can_be_taken_back(lore, book, qtbot):
    lore.entries.put(ANNA)
    folder = BibleFolder(book.folder / Project.BIBLE)
    qtbot.waitUntil(lambda: "anna" in folder.load())
    lore.undo()
    assert "anna" not in lore.bible
    qtbot.waitUntil(lambda: "anna" not in folder.load())
    lore.redo()
    assert lore.bible["anna"] == ANNA
    qtbot.waitUntil(lambda: "anna" in folder.load())


def test_it_is_known_where_a_name_is_mentioned_as_one_types(lore, session, qtbot):
    lore.entries.put(ANNA, Entry(id="fog", name="Fog"))
    qtbot.waitUntil(lambda: bool(lore.appearances("fog")))
    assert [(item.id, each.times) for item, each in lore.appearances("anna")] == [
        ("oars", 3),
        ("names", 1),
    ]
    session.page.insertPlainText("Anna! ")
    qtbot.waitUntil(lambda: lore.appearances("anna")[0][1].times == 4)


def test_a_new_name_is_looked_for_in_what_is_not_saved_yet(lore, session, qtbot):
    session.page.insertPlainText("Bergen! ")
    lore.entries.put(Entry(id="bergen", name="Bergen"))
    assert [each.first for _item, each in lore.appearances("bergen")] == [(0, 6)]
    session.page.insertPlainText("Bergen? ")
    qtbot.waitUntil(lambda: lore.appearances("bergen")[0][1].times == 2)


def test_going_to_a_mention_opens_its_text(lore, session, qtbot):
    lore.entries.put(Entry(id="lamp", name="lamp"))
    qtbot.waitUntil(lambda: bool(lore.appearances("lamp")))
    (item, found) = lore.appearances("lamp")[0]
    lore.go(item.id, found.first[0])
    qtbot.waitUntil(lambda: session.book.binder.current == "lamp")
    qtbot.waitUntil(lambda: session.page.caret == found.first[0])


def test_a_card_tells_what_is_true_at_this_scene(lore):
    lore.entries.put(ANNA)
    card = lore.card_at(2)
    ((entry, facts),) = card.entries
    assert (entry.id, [each.value for each in facts]) == ("anna", ["Bergen"])
    assert (card.start, card.end) == (0, 9)
    assert lore.card_at(TEXT.index("tall")) is None


def test_a_chapter_proposes_and_nothing_is_added_before_she_accepts(lore, session, engine):
    session.book.read_for_bible()
    while lore.is_reading:
        answer(engine, engine.asks[-1])
    anna, tom = sorted(lore.proposals, key=lambda each: each.name)
    assert len(lore.bible) == 0
    assert anna.facts[0].since == "oars"
    lore.accept(anna)
    assert [each.name for each in lore.bible] == ["Anna Lund"]
    lore.dismiss(tom)
    assert lore.proposals == ()
    session.book.read_for_bible()
    assert {each.name.name for each in engine.asks[-1:]} <= {"Anna Lund"}


def test_where_the_engine_fails_what_code_found_is_proposed(lore, session, engine):
    session.book.read_for_bible()
    engine.fail(EngineDied(reason="x", cause="y"))
    assert not lore.is_reading
    assert {each.name for each in lore.proposals} == {"Anna Lund", "Tom Hale"}


def test_continuing_goes_before_reading(lore, session, engine):
    session.book.read_for_bible()
    session.continue_text()
    assert not lore.is_reading
    assert len(lore.proposals) == 2


def test_a_story_of_another_program_becomes_entries_notes_and_text(lore, session, tmp_path, qtbot):
    path = tmp_path / "saved.json"
    world = [{"key": "Anna", "content": "Tall.", "probability": 20}]
    saved = {"gamestarted": True, "prompt": "It was late.", "actions": [], "worldinfo": world}
    path.write_text(json.dumps(saved | {"memory": "Sea", "authorsnote": "Brief"}), "utf-8")
    told = []
    session.noticed.connect(lambda notice: told.append(notice.text))
    lore.take_in(path)
    qtbot.waitUntil(lambda: any(each.title == "saved" for each in lore.tree))
    assert [each.name for each in lore.bible] == ["Anna"]
    assert session.book.binder.project.facts.style.memory == "Sea"
    assert lore.tree.section(Section.TEXT)[-1].title == "saved"
    assert "probability (1)" in told[-1]


def test_an_unreadable_entry_is_told_and_stays(make_program, book, qtbot):
    bad = book.folder / Project.BIBLE / "bad.toml"
    bad.parent.mkdir()
    bad.write_text("name =", "utf-8")
    window = make_program(book.path(book.tree["oars"].file)).desk.windows[0]
    qtbot.waitUntil(lambda: window.session.book.binder.project is not None)
    entries = window.session.book.binder.project.entries
    qtbot.waitUntil(lambda: entries.is_read)
    assert entries.taken == {"bad"}
    assert window.session.book.lore.add(Kind.PLACE, "bad") == "bad 2"
    assert bad.read_text("utf-8") == "name ="


def test_a_text_by_itself_has_no_bible(make_program, tmp_path):
    session = make_program().desk.windows[0].session
    wishes = []
    session.wished.connect(wishes.append)
    session.book.read_for_bible()
    assert wishes == [Wish.BIBLE]
    assert session.book.lore.add(Kind.PLACE, "x") == ""
    assert session.book.lore.card_at(0) is None
