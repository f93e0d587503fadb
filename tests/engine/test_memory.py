"""What was read is kept on disk, for its owner only, and nothing that was changed is believed."""

import os
import stat
import sys
from zlib import crc32

import pytest

from writer_app.engine.cache import Sequence
from writer_app.engine.memory import ProjectMemory

MAKER = "a model, a library, settings"


def text(*words):
    held = Sequence()
    for word in words:
        held.append(crc32(word.encode()) % 1000, word.encode())
    return held


HELD = text("It ", "was ", "late", "。")


@pytest.fixture
def memory(tmp_path):
    return ProjectMemory(tmp_path / "memory", MAKER)


def files(memory):
    return sorted(memory._folder.rglob("*.memory"))


def test_what_was_kept_comes_back_after_a_restart(memory, tmp_path):
    assert memory.save("a novel", HELD, b"state" * 1000)
    again = ProjectMemory(tmp_path / "memory", MAKER)
    (kept,) = again.texts("a novel")
    assert (kept.held.tokens, kept.held.ends, kept.held.text) == (
        HELD.tokens,
        HELD.ends,
        HELD.text,
    )
    assert again.load(kept) == b"state" * 1000
    assert again.texts("another novel") == []


@pytest.mark.skipif(sys.platform == "win32", reason="rights are not bits there")
def test_only_the_owner_may_read_it(memory):
    memory.save("a novel", HELD, b"state")
    for path in [memory._folder, *memory._folder.rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_neither_the_projects_name_nor_its_text_is_in_a_file_name(memory):
    memory.save("My secret novel.md", HELD, b"state")
    assert not any("secret" in str(path) for path in memory._folder.rglob("*"))


@pytest.mark.parametrize(
    "place", [3, 20, 60, 90, -1], ids=["magic", "seal", "length", "header", "data"]
)
def test_a_file_with_one_byte_changed_is_never_believed(memory, place):
    memory.save("a novel", HELD, b"state" * 100)
    (path,) = files(memory)
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(data)
    kept = memory.texts("a novel")
    assert all(memory.load(one) is None for one in kept)
    assert not kept or not path.exists()


@pytest.mark.parametrize("size", [0, 10, 50, 58, 100, 400])
def test_a_truncated_file_is_never_believed(memory, size):
    memory.save("a novel", HELD, b"state" * 100)
    (path,) = files(memory)
    path.write_bytes(path.read_bytes()[:size])
    assert all(memory.load(one) is None for one in memory.texts("a novel"))


def test_a_file_sealed_with_another_key_is_not_believed(memory, tmp_path):
    other = ProjectMemory(tmp_path / "other", MAKER)
    other.save("a novel", HELD, b"evil")
    memory.save("a novel", HELD, b"state")
    (path,), (evil,) = files(memory), files(other)
    path.write_bytes(evil.read_bytes())
    os.utime(path, (1, 1))
    assert all(memory.load(one) is None for one in memory.texts("a novel"))


def test_what_another_model_made_is_ignored(memory, tmp_path):
    memory.save("a novel", HELD, b"state")
    assert ProjectMemory(tmp_path / "memory", "another model").texts("a novel") == []


def test_a_longer_text_takes_the_place_of_its_beginning(memory):
    memory.save("a novel", HELD, b"state")
    memory.save("a novel", text("Chapter ", "two"), b"another")
    memory.save("a novel", text("It ", "was ", "late", "。", "More."), b"more")
    assert {kept.held.text for kept in memory.texts("a novel")} == {
        b"Chapter two",
        "It was late。More.".encode(),
    }


def test_the_least_recently_used_goes_when_there_is_no_room(tmp_path):
    memory = ProjectMemory(tmp_path / "memory", MAKER, most_bytes=3_500)
    for number, project in enumerate(("first", "second", "third")):
        memory.save(project, HELD, b"x" * 1_000)
        for path in files(memory):
            if path.stat().st_mtime > 1_000_000:
                os.utime(path, (number + 1, number + 1))
    memory.load(memory.texts("first")[0])
    memory.save("fourth", HELD, b"x" * 1_000)
    assert [bool(memory.texts(p)) for p in ("first", "second", "third", "fourth")] == [
        True,
        False,
        True,
        True,
    ]


def test_forgetting_a_project_erases_its_files_only(memory):
    memory.save("a novel", HELD, b"state")
    memory.save("another", HELD, b"state")
    memory.forget("a novel")
    assert memory.texts("a novel") == []
    assert len(memory.texts("another")) == 1


def test_a_save_that_is_stopped_leaves_nothing_behind(memory):
    assert not memory.save("a novel", HELD, b"state", stopped=lambda: True)
    assert not files(memory)
    assert not list(memory._folder.rglob("*.part"))
