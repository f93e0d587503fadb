"""The starter model and a whole book: from opening it to finding it again the next day."""

from PySide6.QtCore import Qt

from writer_app.story import form as forms

TYPED = "x"


def on_disk(document):
    """The bytes that a save would write."""
    return forms.encode(document.text, document.form)


def test_a_book_is_continued_stopped_taken_back_saved_and_found_again(
    sit_down_for_real, pride, tmp_path
):
    path = tmp_path / "pride-and-prejudice.md"
    path.write_text(pride, "utf-8", newline="")
    original = path.read_bytes()

    writer = sit_down_for_real(path)
    assert on_disk(writer.document) == original
    writer.key(Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    before = writer.text
    assert writer.page.caret == len(before)
    writer.ask()
    writer.wait_for_stream()
    started = writer.document.length
    writer.wait(lambda: writer.document.length >= started + 12 or not writer.state.is_generating)

    writer.type(TYPED)
    assert not writer.state.is_generating
    stopped = writer.text
    assert stopped.startswith(before)
    assert stopped.endswith(TYPED)
    assert stopped[len(before) : -len(TYPED)].strip()
    writer.wait_for_silence()
    assert writer.text == stopped, "something arrived after she typed"

    while writer.state.can_undo:
        writer.undo()
    assert on_disk(writer.document) == original
    assert not writer.state.is_changed
    while writer.state.can_redo:
        writer.redo()
    assert writer.text == stopped

    writer.save()
    assert not writer.state.is_changed
    assert path.read_bytes() == on_disk(writer.document) != original
    caret = len(before) + 3
    writer.page.set_caret(caret)
    writer.leave()

    again = sit_down_for_real()  # nothing named: what was open last comes back
    assert again.document.path == path
    assert again.text == stopped
    assert again.page.caret == caret
    assert again.notices == []
    again.ask()
    assert again.wait_for_stream().startswith(stopped[:caret])
    again.escape()
    again.wait_for_silence()


def test_a_first_answer_ends_by_itself_and_a_second_reads_only_what_is_new(
    sit_down_for_real, tmp_path
):
    path = tmp_path / "story.md"
    text = "The old lighthouse keeper climbed the stairs once more. The lamp was out, and"
    path.write_text(text, "utf-8")
    writer = sit_down_for_real(path)
    done = []
    writer.engine.finished.connect(done.append)
    length = writer.window.continuation.length
    length.setCurrentIndex(0)  # a sentence
    writer.page.set_caret(len(text))
    writer.ask()
    writer.wait(lambda: writer.state.is_generating)
    first = writer.wait_for_answer()
    assert first.startswith(text + " ")
    writer.ask()
    writer.wait(lambda: writer.state.is_generating)
    assert writer.wait_for_answer().startswith(first)
    assert len(done) == 2
    assert done[0].tokens_reused == 0
    assert done[1].tokens_reused >= done[0].tokens_read
