"""The About box: what the model runs on, to be read and to be copied into a bug report."""

import msgspec
import pytest
from PySide6.QtGui import QGuiApplication

from tests.ui.stub import ENGLISH
from writer_app import __version__
from writer_app.engine.protocol import Machine
from writer_app.ui.session.state import Wish
from writer_app.ui.shell.about import About

MACHINE = Machine(
    library="llama-cpp-python 0.3.36",
    system="CPU : AVX2 = 1",
    variant="zen4",
    threads=2,
    graphics="Some RTX",
    layers=12,
    all_layers=31,
    sandbox="network",
)


@pytest.fixture
def about(session, window):
    session.wished.emit(Wish.ABOUT)
    return window.findChild(About)


def on(machine):
    return msgspec.structs.replace(ENGLISH, machine=machine)


def test_before_a_model_is_loaded_it_says_so_and_then_follows_it(about, engine):
    assert about.facts.toPlainText() == "No model is loaded yet."
    engine.load(on(MACHINE))
    lines = about.facts.toPlainText().splitlines()
    assert lines == [
        "Model: SmolLM2 135M",
        "Context: 2,048 tokens",
        "Engine: llama-cpp-python 0.3.36",
        "Processor variant: zen4",
        "Threads: 2",
        "Graphics processor: Some RTX, 12 of 31 layers",
        "System: CPU : AVX2 = 1",
        "Sandbox: cannot connect to the internet or start programs itself; files and local sockets stay open to it",
    ]


def test_a_graphics_processor_that_failed_is_named_with_its_reason(about, engine):
    engine.load(on(Machine(library="llama", graphics_failed="a memory error")))
    assert "Graphics processor: not used: it failed (a memory error)" in about.facts.toPlainText()


@pytest.mark.parametrize(
    ("held", "said"),
    [
        ("full", "Sandbox: only its own files, no network, no other programs"),
        ("", "Sandbox: none on this system; the model runs in a process of its own"),
    ],
)
def test_what_the_engine_is_held_to_is_said_as_it_is(about, engine, held, said):
    engine.load(on(Machine(library="llama", sandbox=held)))
    assert said in about.facts.toPlainText().splitlines()


def test_of_a_server_nothing_is_said_that_it_is_held_to(about, engine):
    engine.load(on(Machine()))
    assert "Sandbox" not in about.facts.toPlainText()


def test_everything_can_be_selected_and_copied(about, engine, qtbot):
    engine.load(on(MACHINE))
    assert about.facts.isReadOnly()
    about.copy()
    copied = QGuiApplication.clipboard().text()
    assert copied.startswith(f"Longhand {__version__}\n")
    assert "zen4" in copied


def test_asked_for_twice_it_is_one_window_and_not_modal(about, session, window):
    session.wished.emit(Wish.ABOUT)
    assert window.findChildren(About) == [about]
    assert not about.isModal()


def test_the_status_bar_says_on_asking_what_the_model_runs_on(window, engine):
    label = window.statusBar().engine
    engine.load(on(MACHINE))
    assert label.toolTip() == "On Some RTX"
    engine.load(on(Machine()))
    assert label.toolTip() == "On the processor"
    engine.load(None)
    assert label.toolTip() == ""


def test_the_setting_reaches_the_engine_at_once_and_the_model_is_loaded_anew(session, engine):
    session.set_preference("model", "graphics", False)
    assert not engine.graphics_wanted
    assert len(engine.warmed) == 1
    session.set_preference("model", "graphics", True)
    assert engine.graphics_wanted


def test_where_it_is_off_it_is_off_from_the_start(make_program, places):
    places.config.mkdir(parents=True)
    (places.config / "settings.toml").write_text("[model]\ngraphics = false\n")
    assert not make_program().engine.graphics_wanted
