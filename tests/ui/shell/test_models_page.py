"""Which models there are, which one writes, and how to get another one."""

import pytest
from PySide6.QtWidgets import QLabel, QPushButton

from writer_app.engine.models import Model
from writer_app.ui.session.state import Wish
from writer_app.ui.shell.models_page import ModelsPage, advice, facts


@pytest.fixture
def installed(places, tmp_path, monkeypatch):
    """A bundled English model, and one that the writer has put into the folder."""
    places.models.mkdir(parents=True)
    (places.models / "own.gguf").write_bytes(b"x" * 2_000_000)
    starter = Model("Starter", tmp_path / "starter.gguf", 98_000_000, ("en",), bundled=True)
    monkeypatch.setattr("writer_app.engine.models._bundled", lambda _cache: iter([starter]))
    return starter


@pytest.fixture
def page(installed, window):
    window.fulfil(Wish.MODELS)
    return window.findChild(ModelsPage)


def names(page):
    return [each.text() for each in page.choices.buttons()]


def said(page):
    return "\n".join(each.text() for each in page.findChildren(QLabel))


def test_the_models_page_lists_what_is_installed_with_size_languages_and_place(page, installed):
    assert names(page) == ["The one that fits the text", "Starter", "own"]
    assert page.choices.checkedButton().text() == "The one that fits the text"
    assert f"98 MB · writes English\n{installed.path}" in said(page)
    assert not page.isModal()


def test_a_model_chosen_on_the_page_is_asked_from_then_on_and_loaded_ahead(
    page, session, engine, places
):
    page.choices.buttons()[2].click()
    assert session.services.preferences.values.model.path == str(places.models / "own.gguf")
    assert engine.warmed[-1].model == str(places.models / "own.gguf")
    page.choices.buttons()[0].click()
    assert session.services.preferences.values.model.path == ""


def test_a_model_chosen_by_file_joins_the_list(page, session, tmp_path):
    (tmp_path / "elsewhere.gguf").touch()
    session.choose_model(str(tmp_path / "elsewhere.gguf"))
    assert page.choices.checkedButton().text() == "elsewhere"
    (tmp_path / "elsewhere.gguf").unlink()
    page.refresh()
    assert "The file is not there any more." in said(page)


def test_a_file_put_into_the_folder_is_seen_without_a_new_start(page, places):
    (places.models / "another.gguf").touch()
    page.refresh()
    assert "another" in names(page)


def test_the_page_says_when_the_fitting_model_does_not_write_the_language(
    installed, window, session
):
    session.page.insertPlainText("第一回 甄士隐梦幻识通灵")
    window.fulfil(Wish.MODELS)
    assert "Now Starter, which does not write Chinese." in said(window.findChild(ModelsPage))


def test_the_folder_is_made_and_opened(page, places, monkeypatch):
    opened = []
    monkeypatch.setattr(
        "writer_app.ui.shell.models_page.QDesktopServices.openUrl",
        lambda url: opened.append(url.toLocalFile()),
    )
    next(
        each for each in page.findChildren(QPushButton) if each.text() == "Open the models folder"
    ).click()
    assert opened == [str(places.models)]
    assert places.models.is_dir()


def test_how_to_get_chinese_is_said_only_where_no_model_writes_it(tmp_path):
    chinese = Model("G", tmp_path / "g.gguf", 1, ("zh",))
    assert "--group zh" in advice([], tmp_path)
    assert "--group zh" not in advice([chinese], tmp_path)
    assert "later version" in advice([chinese], tmp_path)
    assert str(tmp_path) in advice([chinese], tmp_path)


def test_a_model_of_unknown_languages_claims_none(tmp_path):
    assert facts(Model("G", tmp_path / "g.gguf", 2_000_000)) == f"2 MB\n{tmp_path / 'g.gguf'}"
