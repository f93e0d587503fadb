"""The window's process is killed in mid-stream: what stood there a second before is offered at the next start."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.faults.kill import BASE, Killed, run_and_kill
from tests.journeys.writer import play, says, start
from writer_app.story import recovery

#: Windows at a time: writing is mostly waiting.
AT_ONCE = 3


def check(killed: Killed) -> str:
    """Hold one killed window to the promise; returns the text that is offered."""
    assert killed.gone, "the engine child outlived its window"
    if killed.path:
        assert killed.path.read_text("utf-8") == BASE, "the file was touched without a save"
    offered = recovery.pending(killed.places.state / "journal")
    assert len(offered) <= 1
    text = offered[0].text if offered else BASE if killed.path else ""
    if offered:
        assert offered[0].path == killed.path
    elif not killed.path and any(not each.strip() for each in killed.owed):
        return text  # a blank page is not worth offering
    assert text in killed.owed, (
        f"{text[-80:]!r} is none of the texts since a second before the kill"
    )
    return text


def kill_many(folder: Path, seeds: range) -> dict[int, str]:
    """Kill a window for each seed; returns what went wrong."""

    def one(seed: int) -> str:
        killed = run_and_kill(folder / str(seed), seed)
        try:
            check(killed)
        except AssertionError as wrong:
            return str(wrong)
        return ""

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return {
            seed: wrong for seed, wrong in zip(seeds, pool.map(one, seeds), strict=True) if wrong
        }


@pytest.mark.timeout(600)
def test_after_twenty_kills_nothing_older_than_a_second_is_lost(tmp_path):
    assert kill_many(tmp_path, range(20)) == {}


@pytest.mark.soak
@pytest.mark.timeout(4 * 3600)
def test_after_a_thousand_kills_nothing_older_than_a_second_is_lost(tmp_path):
    assert kill_many(tmp_path, range(20, 1_020)) == {}


@pytest.mark.parametrize("seed", [2_000, 2_001], ids=["untitled", "a file"])
def test_the_next_start_offers_the_text_and_brings_it_back(qtbot, tmp_path, seed):
    killed = run_and_kill(tmp_path / "killed", seed)
    paths = [killed.path] if killed.path else []
    writer = start(killed.places, qtbot, play(tmp_path, [says(" More.")]), *paths)
    before = writer.text
    assert before == (BASE if killed.path else "")
    (notice,) = writer.notices
    assert (killed.path.name if killed.path else "Untitled") in notice.text
    writer.press_button("Bring it back")
    found = writer.text
    assert found in killed.owed
    assert found != before
    assert writer.document.path == killed.path
    assert writer.page.caret == len(found)
    assert writer.state.is_changed
    while writer.state.can_undo:
        writer.undo()
    assert writer.text == before, "undo goes on from before the kill, step by step"
    while writer.state.can_redo:
        writer.redo()
    assert writer.text == found
    writer.page.set_caret(len(found))
    writer.ask()
    assert writer.wait_for_answer() == found + " More."
    if killed.path:
        writer.save()
        assert killed.path.read_text("utf-8") == writer.text
    writer.leave()

    again = start(killed.places, qtbot, play(tmp_path, [[]]), *paths)
    assert again.notices == [], "it was answered already"
    again.leave()


def test_what_was_brought_back_survives_a_second_crash_before_a_key_is_pressed(qtbot, tmp_path):
    killed = run_and_kill(tmp_path / "killed", 2_002)
    writer = start(killed.places, qtbot, play(tmp_path, [[]]))
    writer.press_button("Bring it back")
    found = writer.text
    writer.program.end()  # what a crash would do: the window is not closed, the document not let go
    (offered,) = recovery.pending(killed.places.state / "journal")
    assert offered.text == found
    writer.window.dismiss()
    writer.program.deleteLater()
