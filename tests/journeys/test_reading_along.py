"""The starter model reads along while the writer pauses, so that asking answers from what is read."""

from PySide6.QtCore import Qt


def test_after_a_pause_an_answer_needs_no_reading(sit_down_for_real, sherlock, tmp_path):
    path = tmp_path / "story.md"
    path.write_text(sherlock[:60_000], "utf-8")
    writer = sit_down_for_real(path)
    done = []
    writer.engine.finished.connect(done.append)
    writer.window.session.warm()
    writer.wait(lambda: writer.engine.model is not None)
    writer.key(Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    writer.type(" He rose")
    worker = writer.engine._worker
    writer.wait(lambda: worker._reading > 0)
    writer.wait(lambda: worker._reading == 0)
    writer.ask()
    writer.wait(lambda: bool(done))
    assert done[0].tokens_reused > 60
    assert done[0].tokens_read < 12
