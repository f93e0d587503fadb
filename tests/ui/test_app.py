"""What the composition root decides by itself."""

from tests.ui.stub import StubBridge
from writer_app import app, language


def test_a_language_asked_for_on_the_command_line_goes_before_the_settings(places, qtbot):
    program = app.Program(places, StubBridge, lang="zh_CN")
    try:
        program.begin([])
        assert program.desk.windows[0].tabs.tabText(0) == "续写"
        assert program.services.preferences.values.interface.language == "auto"
        program.services.preferences.set("interface", "language", "en")
        qtbot.waitUntil(lambda: program.desk.windows[0].tabs.tabText(0) == "Continue")
    finally:
        for window in tuple(program.desk.windows):
            window.leaving.leave_without()
        program.end()
    assert language.current() == "en"
