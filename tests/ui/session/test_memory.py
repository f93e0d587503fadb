"""What is remembered, and that remembering never gets in the way."""

from pathlib import Path

from writer_app.ui.session.memory import MOST_CARETS, MOST_RECENT, Memory


def test_memory_comes_back_at_the_next_start(tmp_path):
    memory = Memory(tmp_path)
    memory.note_file(Path("/a.md"))
    memory.note_file(Path("/b.md"))
    memory.note_file(Path("/a.md"))
    memory.note_caret(Path("/a.md"), 12)
    memory.note_wish("  a storm  ")
    memory.note_wish("   ")
    memory.save()
    again = Memory(tmp_path)
    assert again.values.recent == ["/a.md", "/b.md"]
    assert again.caret(Path("/a.md")) == 12
    assert again.caret(Path("/never.md")) == 0
    assert again.values.notes == ["a storm"]


def test_a_damaged_memory_is_an_empty_one(tmp_path):
    (tmp_path / "memory.json").write_bytes(b"{\xff")
    assert Memory(tmp_path).values.recent == []


def test_memory_does_not_grow_without_end(tmp_path):
    memory = Memory(tmp_path)
    for number in range(MOST_CARETS + 50):
        memory.note_file(Path(f"/{number}"))
        memory.note_caret(Path(f"/{number}"), 1)
    assert len(memory.values.recent) == MOST_RECENT
    assert len(memory.values.carets) == MOST_CARETS
    assert memory.caret(Path(f"/{MOST_CARETS + 49}")) == 1


def test_a_folder_that_cannot_be_written_costs_only_the_memory(tmp_path):
    (tmp_path / "file").touch()
    Memory(tmp_path / "file").save()
