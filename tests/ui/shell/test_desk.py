"""Windows, the last session, and what a crash left."""

import multiprocessing
import os
import signal
import sys
import threading
from pathlib import Path

import pytest

from writer_app.story import files, recovery
from writer_app.story.changes import Origin
from writer_app.story.document import Document
from writer_app.story.journal import Journal
from writer_app.ui.session.memory import Memory
from writer_app.ui.shell.compare import Comparison
from writer_app.ui.shell.crash_report import CrashReport


def write(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path


def leave(window):
    window.leaving.leave_without()


def _write_and_die(journals: Path, path: Path | None, base: str, added: str) -> None:
    journal = Journal(journals)
    document = Document(base, path)
    journal.follow(document)
    document.replace(0, 0, added, origin=Origin.TYPED)
    journal.flush()
    os.kill(os.getpid(), signal.SIGKILL)


def crash(places, path, base, added):
    """Another process types ``added`` and is killed."""
    process = multiprocessing.get_context("fork").Process(
        target=_write_and_die, args=(places.state / "journal", path, base, added)
    )
    process.start()
    process.join()


def test_a_file_opens_in_the_untouched_window_and_the_next_in_its_own(program, tmp_path):
    first, second = write(tmp_path / "a.md", "A"), write(tmp_path / "b.md", "B")
    program.desk.open_files([str(first)])
    assert len(program.desk.windows) == 1
    program.desk.open_files([str(second)])
    assert [each.session.document.text for each in program.desk.windows] == ["A", "B"]


def test_a_file_that_is_open_already_is_not_opened_twice(program, tmp_path, qtlog):
    path = write(tmp_path / "a.md", "A")
    with qtlog.disabled():  # the offscreen platform complains about bringing a window to the front
        program.desk.open_files([str(path), str(tmp_path / "." / "a.md")])
    assert len(program.desk.windows) == 1


def test_a_slow_disk_keeps_nobody_from_writing_and_its_file_comes_into_a_window_of_its_own(
    program, window, session, tmp_path, qtbot, monkeypatch
):
    path = write(tmp_path / "a.md", "Slow")
    answers, read = threading.Event(), files.read

    def read_slowly(where):
        answers.wait(20)
        return read(where)

    monkeypatch.setattr("writer_app.ui.shell.desk.PATIENCE", 0.01)
    monkeypatch.setattr("writer_app.ui.shell.desk.files.read", read_slowly)
    program.desk.open_files([str(path)])
    monkeypatch.setattr("writer_app.ui.shell.desk.PATIENCE", 2.0)
    qtbot.waitUntil(lambda: window.notices.notices != [])
    assert "slow to answer" in window.notices.notices[-1].text
    session.page.insertPlainText("Meanwhile")
    answers.set()
    qtbot.waitUntil(lambda: len(program.desk.windows) == 2)
    assert session.document.text == "Meanwhile"
    assert program.desk.windows[1].session.document.text == "Slow"
    assert window.notices.notices == []


def test_a_file_reached_by_a_link_is_not_opened_twice(program, tmp_path):
    path = write(tmp_path / "a.md", "A")
    (tmp_path / "link.md").symlink_to(path)
    program.desk.open_files([str(path), str(tmp_path / "link.md")])
    assert len(program.desk.windows) == 1


def test_a_file_of_the_last_session_that_is_gone_is_passed_over_without_a_word(
    make_program, tmp_path
):
    path = write(tmp_path / "a.md", "A")
    make_program(path).desk.quit()
    path.unlink()
    again = make_program()
    assert [each.session.document.path for each in again.desk.windows] == [None]
    assert again.desk.windows[0].notices.notices == []


def test_what_was_open_comes_back_with_its_caret(make_program, tmp_path):
    paths = [write(tmp_path / "a.md", "Alpha"), write(tmp_path / "b.md", "Beta")]
    first = make_program(*paths)
    first.desk.windows[0].session.page.set_caret(2)
    first.desk.quit()
    assert first.desk.windows == []
    first.end()
    again = make_program()
    assert [each.session.document.path for each in again.desk.windows] == paths
    assert again.desk.windows[0].session.page.caret == 2


def test_after_a_crash_what_was_open_comes_back_too(make_program, places, tmp_path, qtbot):
    paths = [write(tmp_path / "a.md", "Alpha"), write(tmp_path / "b.md", "Beta")]
    make_program(*paths)
    # What a killed program leaves: nothing but what is on the disk by now.
    assert Memory(places.state).values.open == [str(path) for path in paths]
    again = make_program()
    assert [each.session.document.path for each in again.desk.windows] == paths


def test_a_save_writes_down_the_new_name_and_the_caret_for_the_next_start(
    window, session, places, tmp_path, qtbot
):
    session.page.insertPlainText("words")
    session.page.set_caret(3)
    with qtbot.waitSignal(session.filing.saved):
        session.filing.save_as(tmp_path / "a.md")
    memory = Memory(places.state)
    assert memory.values.open == [str(tmp_path / "a.md")]
    assert memory.caret(tmp_path / "a.md") == 3


def test_a_file_named_at_the_start_goes_before_the_last_session(make_program, tmp_path):
    first = make_program(write(tmp_path / "a.md", "A"))
    first.desk.quit()
    again = make_program(write(tmp_path / "b.md", "B"))
    assert [each.session.document.text for each in again.desk.windows] == ["B"]


def test_a_name_without_a_file_begins_an_empty_page_with_a_word_about_it(
    make_program, tmp_path, qtbot
):
    window = make_program(tmp_path / "new.md").desk.windows[0]
    assert "no “new.md” yet" in window.notices.notices[0].text
    window.session.page.insertPlainText("x")
    with qtbot.waitSignal(window.session.filing.saved):
        window.session.save()
    assert (tmp_path / "new.md").read_text() == "x"


def test_a_file_that_cannot_be_read_is_said_and_the_page_stays(make_program, tmp_path):
    (tmp_path / "p.md").write_bytes(bytes(range(256)) * 20)
    window = make_program(tmp_path / "p.md").desk.windows[0]
    assert "is not a text that can be opened safely" in window.notices.notices[0].text
    assert window.session.document.path is None


@pytest.mark.skipif(sys.platform != "linux", reason="names are Unicode there")
def test_a_name_that_is_no_unicode_is_said_and_the_page_can_be_written_on(
    make_program, tmp_path, qtbot
):
    name = os.fsencode(tmp_path) + b"/" + "黑夜.md".encode("gbk")
    path = write(Path(os.fsdecode(name)), "It was a dark night.")
    window = make_program(path).desk.windows[0]
    assert "rename it first" in window.notices.notices[-1].text
    window.session.page.insertPlainText("Once.")
    assert window.session.document.text == "Once."
    assert window.session.services.journal.flush(5)
    window.session.filing.save_as(path)
    qtbot.waitUntil(lambda: not window.session.filing.is_saving)
    assert "rename it first" in window.notices.notices[-1].text
    assert path.read_text("utf-8") == "It was a dark night."


def test_a_recovery_file_that_cannot_be_read_is_said_and_kept(make_program, places):
    crash(places, None, "", "Never saved.")
    (journal,) = (places.state / "journal").iterdir()
    journal.write_bytes(b"\0" * 300)
    window = make_program().desk.windows[0]
    (notice,) = window.notices.notices
    assert "recovery file is damaged" in notice.text
    assert str(journal.with_suffix(".damaged")) in notice.text


def test_closing_an_unsaved_window_asks_above_the_page_and_keeps_it(window, session):
    session.page.insertPlainText("words")
    window.close()
    assert window.isVisible()
    notice = window.notices.notices[-1]
    assert [each.label for each in notice.actions] == [
        "Save and close",
        "Close without saving",
        "Keep writing",
    ]
    notice.actions[2].run()
    assert window.isVisible()
    assert window.notices.notices == []


def test_save_and_close_saves_and_closes(program, window, session, tmp_path, qtbot):
    path = write(tmp_path / "a.md", "A")
    session.open(path)
    session.page.insertPlainText("B")
    window.close()
    with qtbot.waitSignal(program.desk.emptied):
        window.notices.notices[-1].actions[0].run()
    assert path.read_text() == "BA"


def test_save_and_close_closes_also_where_there_is_something_to_say_about_the_save(
    make_program, tmp_path, qtbot
):
    path = write(tmp_path / "a.md", "Once.")
    path.with_name("b.md").hardlink_to(path)
    program = make_program(path)
    (window,) = program.desk.windows
    window.session.page.insertPlainText("Saved. ")
    window.close()
    window.notices.notices[-1].actions[0].run()
    qtbot.waitUntil(lambda: program.desk.windows == [])
    assert path.read_text("utf-8") == "Saved. Once."


def test_thinking_better_of_a_name_keeps_the_window_open(
    window, session, tmp_path, qtbot, monkeypatch
):
    answers = iter(["", str(tmp_path / "a.md")])
    monkeypatch.setattr(
        "writer_app.ui.shell.dialogs.QFileDialog.getSaveFileName", lambda *_a: (next(answers), "")
    )
    session.page.insertPlainText("words")
    window.close()
    window.notices.notices[-1].actions[0].run()
    with qtbot.waitSignal(session.filing.saved):
        session.save()
    assert window.isVisible()


def test_text_of_a_killed_program_is_offered_and_comes_back(make_program, places, tmp_path, qtbot):
    path = write(tmp_path / "a.md", "saved")
    crash(places, path, "saved", "not ")
    crash(places, None, "", "untitled 文字")
    program = make_program(path)
    window = program.desk.windows[0]
    offered = [each for each in window.notices.notices if each.key.startswith("recovery")]
    assert len(offered) == 2
    titled = next(each for each in offered if "a.md" in each.text)
    titled.actions[0].run()
    assert window.session.document.text == "not saved"
    assert window.session.state.is_changed
    window.session.undo()
    assert window.session.document.text == "saved"
    untitled = next(each for each in offered if each is not titled)
    untitled.actions[0].run()
    assert [each.session.document.text for each in program.desk.windows][-1] == "untitled 文字"
    for each in tuple(program.desk.windows):
        leave(each)
    program.end()
    assert make_program().desk.windows[0].notices.notices == []


def test_what_is_brought_back_while_the_disk_is_full_is_not_thrown_away(
    make_program, places, monkeypatch
):
    crash(places, None, "", "words")
    program = make_program()
    (notice,) = program.desk.windows[0].notices.notices
    monkeypatch.setattr(program.services.journal, "flush", lambda timeout=None: False)
    notice.actions[0].run()
    assert program.desk.windows[0].session.document.text == "words"
    monkeypatch.undo()
    leave(program.desk.windows[0])
    program.end()
    assert "Untitled" in make_program().desk.windows[0].notices.notices[0].text


def test_a_folder_of_journals_that_cannot_be_read_does_not_keep_the_program_from_starting(
    make_program, monkeypatch
):
    def refuse(*_given):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("writer_app.story.recovery.pending", refuse)
    assert make_program().desk.windows[0].isVisible()


def test_a_text_on_a_drive_that_is_gone_is_offered_and_brought_back_all_the_same(
    make_program, places, tmp_path, monkeypatch
):
    path = write(tmp_path / "a.md", "base")
    crash(places, path, "base", "more ")
    answers = threading.Event()
    read = Path.read_bytes

    def hang(asked):
        if asked == path:
            answers.wait(20)
        return read(asked)

    monkeypatch.setattr(recovery, "PATIENCE", 0.05)
    monkeypatch.setattr(Path, "read_bytes", hang)
    monkeypatch.setattr("writer_app.story.files.read", hang)
    program = make_program()
    (notice,) = program.desk.windows[0].notices.notices
    notice.actions[0].run()
    assert program.desk.windows[0].session.document.text == "more base"
    answers.set()


def test_what_is_not_answered_is_offered_again(make_program, places):
    crash(places, None, "", "words")
    for _start in range(2):
        program = make_program()
        assert "Untitled" in program.desk.windows[0].notices.notices[0].text
        leave(program.desk.windows[0])
        program.end()


def test_what_is_thrown_away_is_gone_only_then(make_program, places):
    crash(places, None, "", "words")
    program = make_program()
    program.desk.windows[0].notices.notices[0].actions[2].run()
    leave(program.desk.windows[0])
    program.end()
    assert make_program().desk.windows[0].notices.notices == []


def test_comparing_shows_the_difference_and_leaves_the_offer_standing(
    make_program, places, tmp_path, qtbot
):
    path = write(tmp_path / "a.md", "saved\n")
    crash(places, path, "saved\n", "not ")
    window = make_program(path).desk.windows[0]
    window.notices.notices[-1].actions[1].run()
    qtbot.waitUntil(lambda: window.findChild(Comparison) is not None)
    assert "a.md" in window.notices.notices[-1].text


def test_two_books_are_compared_aside(make_program, places, tmp_path, qtbot, monkeypatch):
    path = write(tmp_path / "a.md", "saved\n")
    crash(places, path, "saved\n", "not ")
    window = make_program(path).desk.windows[0]
    threads = []

    def slow(*_arguments):
        threads.append(threading.current_thread())
        return "<p>compared</p>"

    monkeypatch.setattr("writer_app.ui.shell.desk.as_html", slow)
    window.notices.notices[-1].actions[1].run()
    qtbot.waitUntil(lambda: window.findChild(Comparison) is not None)
    assert threading.main_thread() not in threads


def test_an_offer_that_cannot_be_removed_is_made_again(make_program, places, monkeypatch):
    crash(places, None, "", "Never saved.")
    window = make_program().desk.windows[0]

    def refuse(*_arguments, **_more):
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as disk:
        disk.setattr(Path, "unlink", refuse)
        window.notices.notices[-1].actions[2].run()
    leave(window)
    assert "not saved" in make_program().desk.windows[0].notices.notices[-1].text


def test_changing_the_language_rebuilds_the_windows_around_their_text(
    program, window, session, engine, qtbot
):
    session.page.insertPlainText("It rained")
    session.continue_text()
    session.set_preference("interface", "language", "zh_CN")
    qtbot.waitUntil(lambda: program.desk.windows[0] is not window)
    rebuilt = program.desk.windows[0]
    assert rebuilt.tabs.tabText(0) == "续写"
    assert rebuilt.session is session
    engine.write(" on.")
    engine.finish()
    assert session.document.text == "It rained on."
    assert rebuilt.windowTitle().startswith("未命名")
    session.set_preference("interface", "language", "en")
    qtbot.waitUntil(lambda: program.desk.windows[0] is not rebuilt)


def test_changing_the_language_takes_back_no_offer(make_program, places, qtbot):
    crash(places, None, "", "Never saved.")
    program = make_program()
    old = program.desk.windows[0]
    program.services.preferences.set("interface", "language", "zh_CN")
    qtbot.waitUntil(lambda: program.desk.windows[0] is not old)
    window = program.desk.windows[0]
    window.notices.notices[-1].actions[0].run()
    assert window.session.document.text == "Never saved."
    program.services.preferences.set("interface", "language", "en")
    qtbot.waitUntil(lambda: program.desk.windows[0] is not window)


def test_an_unforeseen_error_secures_the_text_and_says_so(
    program, window, session, places, capsys, qtbot
):
    session.page.insertPlainText("words")
    try:
        raise RuntimeError("a bug")
    except RuntimeError as error:
        program.secure(type(error), error, error.__traceback__)
    capsys.readouterr()
    qtbot.waitUntil(lambda: bool(window.notices.notices))
    assert "Your text is safe" in window.notices.notices[-1].text
    (action,) = window.notices.notices[-1].actions
    action.run()
    shown = window.findChild(CrashReport).text.toPlainText()
    logged = (places.state / "errors.log").read_text()
    for told in (shown, logged):
        assert "RuntimeError" in told
        assert "a bug" not in told, "what an exception says may be the writer's text"
    assert any((places.state / "journal").iterdir())


def test_bad_settings_do_not_block_the_start_and_are_said_once(make_program, places):
    places.config.mkdir(parents=True)
    (places.config / "settings.toml").write_text('[interface]\nlanguage = "en"\ntheme = "pink"\n')
    window = make_program().desk.windows[0]
    assert "interface.theme" in window.notices.notices[0].text


def test_a_quit_that_waits_for_an_answer_still_wants_all_its_files_back(
    make_program, tmp_path, qtbot
):
    paths = [write(tmp_path / "a.md", "A"), write(tmp_path / "b.md", "B")]
    program = make_program(*paths)
    program.desk.windows[1].session.page.insertPlainText("unsaved ")
    program.desk.quit()
    assert len(program.desk.windows) == 1
    with qtbot.waitSignal(program.desk.emptied):
        program.desk.windows[0].notices.notices[-1].actions[0].run()
    assert sorted(program.services.memory.values.open) == [str(path) for path in paths]


def test_the_model_is_loaded_before_it_is_asked_for(make_program, tmp_path, qtbot, monkeypatch):
    monkeypatch.setattr("writer_app.app.WARM_MS", 1)
    program = make_program(write(tmp_path / "a.md", "第一回"))
    qtbot.waitUntil(lambda: len(program.engine.warmed) == 1)
    assert program.engine.warmed[0].language == "zh"


def test_settings_that_cannot_be_saved_are_said_once_and_hold(make_program, places, qtbot):
    program = make_program()
    places.config.rename(places.config.with_name("moved"))
    places.config.touch()
    window = program.desk.windows[0]
    for size in (15.0, 16.0):
        window.session.set_preference("page", "size", size)
    qtbot.waitUntil(lambda: bool(window.notices.notices))
    assert "could not be saved" in window.notices.notices[0].text
    assert program.services.preferences.values.page.size == 16
    places.config.unlink()
