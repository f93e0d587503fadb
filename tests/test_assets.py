"""The user's folders, and the files in them, are hers alone."""

import os
import stat

import pytest

from writer_app.assets import private
from writer_app.engine.models import Model, prepare
from writer_app.engine.processor import Tried
from writer_app.settings import SettingsFile
from writer_app.ui.session.memory import Memory


@pytest.fixture(autouse=True)
def everybody_may():
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_every_folder_that_is_made_is_private_and_one_that_is_there_is_left_as_it_is(tmp_path):
    (tmp_path / "there").mkdir(mode=0o755)
    made = private(tmp_path / "there" / "one" / "two")
    assert [mode(made), mode(made.parent), mode(made.parent.parent)] == [0o700, 0o700, 0o755]
    assert private(made) == made


def test_what_an_older_version_left_open_is_closed(places):
    places.state.mkdir(mode=0o755)
    places.close_to_others()
    for folder in (places.config, places.data, places.state, places.cache):
        assert mode(folder) == 0o700


def test_a_folder_that_cannot_be_made_blocks_nothing(places):
    places.state.write_text("a file in its place", "utf-8")
    places.close_to_others()
    assert mode(places.cache) == 0o700


def test_every_small_file_is_private_in_a_private_folder(places, tmp_path):
    settings = SettingsFile(places.config)
    settings.set("page", "size", 20.0)
    settings.save()
    memory = Memory(places.state)
    memory.save()
    tried = Tried(places.machine, "here")
    tried.note_service("zen4")
    part = tmp_path / "part"
    part.write_bytes(b"GGUF")
    model = prepare(Model("m", places.cache / "joined" / "m.gguf", 4, parts=(part,)))
    for path in (settings.path, memory.path, places.machine, model):
        assert mode(path) == 0o600, path
        assert mode(path.parent) == 0o700, path
