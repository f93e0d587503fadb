"""Connecting a server on the page of the models, and what is said of where text goes."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.journeys.served import serve
from writer_app.errors import EndpointRefused
from writer_app.settings import Server
from writer_app.ui.session.state import Wish
from writer_app.ui.shell.models_page import ModelsPage
from writer_app.ui.shell.server_form import ServerForm
from writer_app.ui.shell.server_list import ServerList

TEAM = Server(name="Team", address="http://gpu:8000", model="m")
HERE = Server(name="Here", address="http://localhost:8080")


@pytest.fixture
def servers(window):
    """The list on the page."""
    window.fulfil(Wish.MODELS)
    return window.findChild(ModelsPage).findChild(ServerList)


@pytest.fixture
def form(servers):
    """A form to fill, of another server or of a connected one."""

    def open_(server=None):
        servers.edit(server)
        return servers.window().findChildren(ServerForm)[-1]

    return open_


def press(form, text):
    (found,) = (each for each in form.findChildren(type(form.try_it)) if each.text() == text)
    QTest.mouseClick(found, Qt.MouseButton.LeftButton)


def kept(session):
    return session.services.preferences.values.model


def test_a_server_is_connected_under_its_computers_name_and_writes_when_she_says_so(
    form, servers, session, engine, keyring_held, qtbot
):
    assert not servers._empty.isHidden()
    filled = form()
    QTest.keyClicks(filled.address, "https://gpu.example.org/v1")
    QTest.keyClicks(filled.key, "sk-1")
    press(filled, "Connect")
    (made,) = kept(session).servers
    assert made == Server(name="gpu.example.org", address="https://gpu.example.org")
    assert engine.servers == (made,)
    assert kept(session).path == ""
    qtbot.waitUntil(lambda: keyring_held == {("Longhand", made.address): "sk-1"})
    servers.rows[0].use.click()
    assert kept(session).path == "endpoint:gpu.example.org"
    assert engine.warmed[-1].model == "endpoint:gpu.example.org"
    assert not servers.rows[0].use.isEnabled()
    session.services.preferences.flush()
    assert "sk-1" not in session.services.preferences.file.path.read_text()


def test_what_does_not_fit_is_said_in_the_form_and_nothing_is_kept(form, servers, session):
    servers.connecting.save(TEAM, None)
    filled = form()
    press(filled, "Connect")
    assert "has to begin with http" in filled.said.text()
    QTest.keyClicks(filled.address, "http://gpu2:8000")
    assert "not encrypted" in filled.said.text()
    QTest.keyClicks(filled.name, "Team")
    press(filled, "Connect")
    assert "already" in filled.said.text()
    QTest.keyClicks(filled.name, "2")
    filled.key.setText("clé")
    press(filled, "Connect")
    assert "Copy it once more" in filled.said.text()
    assert kept(session).servers == (TEAM,)


def test_a_change_of_address_leaves_the_key_behind_and_a_change_of_name_keeps_it_chosen(
    form, servers, session, keyring_held, qtbot
):
    servers.connecting.save(TEAM, "sk-1")
    servers.connecting.use(TEAM)
    filled = form(TEAM)
    filled.name.setText("Ours")
    filled.address.setText("http://gpu2:8000")
    press(filled, "Save")
    assert kept(session).path == "endpoint:Ours"
    assert kept(session).servers == (Server(name="Ours", address="http://gpu2:8000", model="m"),)
    qtbot.waitUntil(lambda: keyring_held == {})
    assert session.services.keys.get("http://gpu2:8000") == ""


def test_one_that_is_removed_takes_its_key_along_and_this_machine_writes_again(
    servers, session, keyring_held, qtbot
):
    servers.connecting.save(TEAM, "sk-1")
    servers.connecting.use(TEAM)
    servers.connecting.remove(TEAM)
    assert (kept(session).servers, kept(session).path) == ((), "")
    qtbot.waitUntil(lambda: keyring_held == {})
    assert servers.banner.isHidden()


def test_without_a_keyring_that_is_said(servers, qtbot):
    with qtbot.waitSignal(servers.connecting.unkept):
        servers.connecting.save(TEAM, "sk-1")
    assert "until Longhand closes" in servers.said.text()
    assert not servers.said.isHidden()


def test_a_server_is_asked_when_that_is_pressed_and_says_what_it_has(form, servers, qtbot):
    with serve([[]]) as (address, play):
        filled = form()
        QTest.keyClicks(filled.address, address)
        assert play.requests == 0
        press(filled, "Try it")
        qtbot.waitUntil(filled.try_it.isEnabled)
    assert filled.said.text() == (
        "It answers, and speaks OpenAI’s protocol. It has 1 model: Scripted."
    )
    assert (filled.model.itemText(0), filled.model.currentText()) == ("Scripted", "")
    servers.connecting.save(Server(name="s", address=address), None)
    servers.rows[0].try_it.click()
    qtbot.waitUntil(servers.rows[0].try_it.isEnabled)
    assert "cannot be reached" in servers.rows[0].said.text()


def test_where_text_goes_is_said_as_long_as_a_server_is_chosen(window, servers, session):
    bar = window.statusBar()
    assert bar.destination.isHidden()
    for server, said in (
        (TEAM, "Text goes to gpu, not encrypted"),
        (HERE, "Text goes to a server on this computer"),
    ):
        servers.connecting.save(server, None)
        servers.connecting.use(server)
        assert bar.destination.text() == servers.banner.text() == said
        assert bar.destination.isVisible()
        assert servers.banner.isVisible()
    window.toggle_only_page()
    assert bar.destination.isVisible()
    session.choose_model("")
    window.toggle_only_page()
    assert not bar.destination.isVisible()


def test_a_chosen_server_is_no_missing_file_on_the_page(window, servers, session):
    servers.connecting.save(TEAM, None)
    servers.connecting.use(TEAM)
    page = window.findChild(ModelsPage)
    page.refresh()
    assert page.choices.checkedButton() is None
    assert "Team" not in [each.text() for each in page.choices.buttons()]


def test_what_a_server_refuses_leads_to_the_models(window, session, engine):
    session.continue_text()
    engine.fail(EndpointRefused(address="http://gpu:8000"))
    (notice,) = window.notices.notices
    assert [way.label for way in notice.actions] == ["Try again", "Models…"]
    notice.actions[1].run()
    assert window.findChild(ModelsPage)
