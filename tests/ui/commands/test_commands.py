"""The table of commands holds together, and each command is really there."""

from collections import Counter

import pytest
from PySide6.QtGui import QKeySequence

from writer_app import assets
from writer_app.craft import recipe
from writer_app.craft.transform import Transform
from writer_app.ui.commands import COMMANDS, MENUS, all_commands, recipe_commands
from writer_app.ui.session.state import State


@pytest.fixture(scope="module")
def recipes():
    folders = [assets.resources() / "recipes"]
    presets, bad_presets = recipe.load_all(folders, recipe.Preset)
    transforms, bad_transforms = recipe.load_all(folders, Transform)
    assert bad_presets == bad_transforms == []
    return presets, transforms


def keys(command):
    return [each for each in command.shortcut.split("; ") if each]


def test_ids_are_unique(recipes):
    counted = Counter(command.id for command in all_commands(*recipes))
    assert [name for name, count in counted.items() if count > 1] == []


def test_shortcuts_are_unique_and_known_to_qt(recipes):
    counted = Counter(
        QKeySequence.fromString(key).toString()
        for command in all_commands(*recipes)
        for key in keys(command)
    )
    assert [key for key, count in counted.items() if count > 1 or not key] == []


def test_every_command_stands_in_a_menu_that_exists(recipes):
    assert {command.place.partition(".")[0] for command in all_commands(*recipes)} == set(MENUS)


def test_each_recipe_is_a_command(recipes):
    assert [command.id for command in recipe_commands(recipes[0])] == [
        f"continue.with-{name}" for name in recipes[0]
    ]


def test_every_state_has_an_answer_and_reading_only_forbids_writing():
    idle, locked = State(), State(is_read_only=True, has_selection=True)
    for command in COMMANDS:
        assert isinstance(command.enabled(idle), bool)
    forbidden = {command.id for command in COMMANDS if not command.enabled(locked)}
    assert {"edit.cut", "edit.paste", "file.save", "format.bold", "continue.start"} <= forbidden
    assert "edit.copy" not in forbidden


def test_every_command_is_an_action_in_a_menu_with_its_shortcut(window):
    in_menus = [
        action
        for menu in window.menuBar().actions()
        for action in menu.menu().actions()
        if not action.isSeparator()
    ]
    for command in COMMANDS:
        action = window.actions_made.by_id[command.id]
        assert action in in_menus
        assert len(action.shortcuts()) == len(keys(command))


def test_a_recipe_command_continues_with_that_recipe_once(session, engine, window):
    session.page.insertPlainText("It rained")
    window.actions_made.by_id["continue.with-surprising"].trigger()
    assert engine.asks[0].recipe.id == "surprising"
    assert session.choices.options.recipe == "steady"


@pytest.mark.parametrize(
    ("command", "before", "after"),
    [
        ("format.bold", "word", "**word**"),
        ("format.italic", "word", "*word*"),
        ("format.heading-2", "word", "## word"),
    ],
)
def test_format_commands_change_the_page(session, window, command, before, after):
    session.page.insertPlainText(before)
    session.page.select(0, len(before))
    window.actions_made.by_id[command].trigger()
    assert session.document.text == after
    session.undo()
    assert session.document.text == before
