"""A text that is closed is backed up where that was asked for, and brought back from there."""

import pytest

from tests.ui.projects import novel
from writer_app.story import backup


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "backups"


@pytest.fixture
def story(tmp_path, session, folder):
    path = tmp_path / "story.md"
    path.write_text("Once.", "utf-8")
    session.set_preference("files", "backups", str(folder))
    session.open(path)
    return path


def save(session, qtbot):
    with qtbot.waitSignal(session.filing.saved):
        session.save()


def test_what_was_changed_is_backed_up_when_it_is_closed(
    story, session, window, program, folder, tmp_path, qtbot
):
    session.page.insertPlainText("More. ")
    save(session, qtbot)
    window.close()
    qtbot.waitUntil(lambda: len(list(folder.glob("*.zip"))) == 1)
    (made,) = folder.glob("*.zip")
    assert backup.manifest(made).name == "story.md"
    other = program.desk.new_window()
    other.session.filing.bring_back(made, tmp_path)
    again = tmp_path / "story (2).md"
    qtbot.waitUntil(lambda: other.session.document.path == again)
    assert other.session.document.text == "More. Once."
    other.session.undo()
    assert other.session.document.text == "Once."


def test_at_the_end_of_the_program_it_is_there_before_the_process_is_gone(
    story, session, window, program, folder, qtbot
):
    session.page.insertPlainText("More. ")
    save(session, qtbot)
    program.desk.quit()
    program.end()
    assert len(list(folder.iterdir())) == 1


def test_what_was_only_read_is_not_backed_up(story, session, window, program, folder):
    window.close()
    program.end()
    assert not folder.exists()


@pytest.mark.parametrize("place", ["~nobody-of-this-name/backups", "backups"])
def test_a_folder_that_nobody_can_find_is_said_and_the_window_closes(
    story, session, window, program, qtbot, tmp_path, monkeypatch, place
):
    monkeypatch.chdir(tmp_path)
    session.set_preference("files", "backups", place)
    session.page.insertPlainText("More. ")
    save(session, qtbot)
    other = program.desk.new_window()
    window.close()
    assert program.desk.windows == [other]
    qtbot.waitUntil(lambda: other.notices.notices != [])
    assert "the folder does not exist" in other.notices.notices[0].text
    assert not (tmp_path / place).exists()


def test_a_backup_that_fails_is_said_and_the_text_is_saved_all_the_same(
    story, session, window, program, folder, qtbot
):
    folder.write_text("in the way")
    session.page.insertPlainText("More. ")
    save(session, qtbot)
    other = program.desk.new_window()
    window.close()
    qtbot.waitUntil(lambda: other.notices.notices != [])
    assert "backup" in other.notices.notices[0].text
    assert story.read_text("utf-8") == "More. Once."


def test_any_other_file_is_refused_with_a_sentence(session, window, tmp_path, qtbot):
    path = tmp_path / "a.zip"
    path.write_bytes(b"no zip")
    session.filing.bring_back(path, tmp_path)
    qtbot.waitUntil(lambda: window.notices.notices != [])
    assert "no backup of Longhand" in window.notices.notices[0].text


def test_of_a_project_all_is_backed_up_at_the_end_and_brought_back(
    make_program, folder, tmp_path, qtbot
):
    book = novel(tmp_path / "boat")
    program = make_program(book.path("text/fog.md"))
    session = program.desk.windows[0].session
    session.set_preference("files", "backups", str(folder))
    session.page.insertPlainText("Thick ")
    save(session, qtbot)
    program.desk.quit()
    program.end()
    (made,) = folder.glob("boat *.zip")
    session = make_program().desk.new_window().session
    session.filing.bring_back(made, tmp_path)
    qtbot.waitUntil(lambda: session.book.binder.project is not None)
    assert session.document.path == tmp_path / "boat (2)" / "text" / "fog.md"
    assert session.document.text == "Thick Fog lay.\n"
    session.undo()
    assert session.document.text == "Fog lay.\n"
