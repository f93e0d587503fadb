"""Who wrote the texts of a project, as a statement of its own."""

import json

from tests.ui.projects import novel


def test_what_is_open_closed_and_never_opened_is_each_told_by_its_log(
    make_program, tmp_path, qtbot
):
    book = novel(tmp_path / "boat")
    session = make_program(book.path("text/fog.md")).desk.windows[0].session
    qtbot.waitUntil(lambda: session.book.binder.current == "fog")
    session.page.insertPlainText("Thick ")
    session.book.binder.go("oars")
    qtbot.waitUntil(lambda: session.book.binder.current == "oars")
    session.page.insertPlainText("Typed now. ")
    target = tmp_path / "who.md"
    with qtbot.waitSignal(session.noticed, check_params_cb=lambda each: each.key == "statement"):
        session.book.statements.write(target)
    said = json.loads(target.with_suffix(".json").read_text("utf-8"))
    counts = {part["id"]: part["counts"] for part in said["parts"]}
    assert (counts["fog"]["typed"], counts["fog"]["imported"]) == (6, 9)
    assert (counts["oars"]["typed"], counts["oars"]["imported"]) == (11, 16)
    assert counts["lamp"]["unknown"] == 10
    assert "The Boat" in target.read_text("utf-8")
