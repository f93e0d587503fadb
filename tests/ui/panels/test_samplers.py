"""The expert form of every sampler, as she uses it."""

import json

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDropEvent, QPalette, QWheelEvent
from PySide6.QtWidgets import QApplication, QFileDialog

from writer_app.craft.samplers import SAMPLERS, UNTOUCHED, USUAL_ORDER, Overrides
from writer_app.engine.protocol import Sampling
from writer_app.ui.panels.chain import ChainList
from writer_app.ui.panels.sampler_fields import biases_box, texts_box
from writer_app.ui.session.presets import Format
from writer_app.ui.shell.dialogs import ask_save_preset


@pytest.fixture
def expert(window):
    window.continuation.fold.handle.setChecked(True)
    window.continuation.expert.fold.handle.setChecked(True)
    return window.continuation.expert


@pytest.fixture
def form(expert):
    return expert.samplers


def choose(form, name):
    """Turn to a sampler; returns its lines."""
    for row in range(form.chain.count()):
        if form.chain.item(row).data(Qt.ItemDataRole.UserRole) == name:
            form.chain.setCurrentRow(row)
    return form.pages[name].rows


def line(form, name):
    rows = map(form.chain.item, range(form.chain.count()))
    return next(item for item in rows if item.data(Qt.ItemDataRole.UserRole) == name)


def test_every_setting_has_its_line_and_only_one_sampler_is_shown_in_full(form):
    for sampler in SAMPLERS:
        choose(form, sampler.name)
        shown = [name for name, page in form.pages.items() if not page.isHidden()]
        assert shown == [sampler.name]
        rows = set() if sampler.name == "temperature" else {each.name for each in sampler.fields}
        assert set(form.pages[sampler.name].rows) == rows


def test_until_she_changes_something_all_is_as_the_preset_has_it(form, session):
    box = choose(form, "min_p")["min_p"].box
    assert box.text() == "preset: 0.08"
    assert session.choices.options.overrides == UNTOUCHED
    assert line(form, "min_p").text().endswith("0.08")
    assert not form.reset.isEnabled()


def test_the_preset_that_is_shown_is_that_of_the_recipe(form, session, window):
    panel = window.continuation
    panel.recipe.setCurrentIndex(panel.recipe.findData("surprising"))
    assert choose(form, "xtc")["xtc_probability"].box.text() == "preset: 0.4"
    assert window.continuation.expert.temperature.text() == "preset: 1"


def test_what_she_sets_goes_with_the_next_request_and_nothing_else_does(
    form, session, engine, qtbot
):
    box = choose(form, "min_p")["min_p"].box
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, "0.2")
    session.continue_text()
    assert engine.asks[0].overrides == Overrides(min_p=0.2)
    assert line(form, "min_p").font().bold()


def test_a_number_can_be_corrected_digit_by_digit(form, session, qtbot):
    box = choose(form, "penalties")["repeat_penalty"].box
    box.setValue(1.05)
    box.lineEdit().end(False)
    qtbot.keyClick(box, Qt.Key.Key_Backspace)
    assert session.choices.options.overrides.repeat_penalty == 1.0
    qtbot.keyClicks(box, "8")
    assert session.choices.options.overrides.repeat_penalty == 1.08


def test_the_first_step_goes_on_from_what_the_preset_has(form, session, qtbot):
    box = choose(form, "min_p")["min_p"].box
    qtbot.keyClick(box, Qt.Key.Key_Up)
    assert session.choices.options.overrides.min_p == pytest.approx(0.09)
    for _ in range(20):
        qtbot.keyClick(box, Qt.Key.Key_Down)
    assert session.choices.options.overrides.min_p == 0.0


def test_a_setting_goes_back_to_the_preset_by_its_button_and_all_by_reset(form, expert, session):
    expert.temperature.setValue(0.3)
    rows = choose(form, "dry")
    rows["dry_multiplier"].box.setValue(2)
    assert expert.fold.handle.text() == "Every sampler · 2 set"
    rows["dry_multiplier"].back.click()
    assert session.choices.options.overrides == Overrides(temperature=0.3)
    assert rows["dry_multiplier"].back.isHidden()
    expert.back.click()
    assert session.choices.options.overrides == UNTOUCHED
    rows["dry_base"].box.setValue(2)
    form.reset.click()
    assert session.choices.options.overrides == UNTOUCHED
    assert expert.fold.handle.text() == "Every sampler"


def test_alt_and_an_arrow_move_a_sampler_and_there_is_a_way_back(form, session, qtbot):
    choose(form, "dry")
    qtbot.keyClick(form.chain, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert session.choices.options.overrides.order[:2] == ("dry", "penalties")
    assert form.chain.current == "dry"
    assert form.chain.order[:2] == ("dry", "penalties")
    qtbot.keyClick(form.chain, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert form.chain.order[0] == "dry"
    qtbot.keyClick(form.chain, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert session.choices.options.overrides == UNTOUCHED
    qtbot.keyClick(form.chain, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert not form.usual.isHidden()
    form.usual.click()
    assert session.choices.options.overrides == UNTOUCHED
    assert form.chain.order == USUAL_ORDER


def test_a_line_dragged_elsewhere_is_the_new_order_and_what_stands_beside_the_chain_stays_there(
    form, session, qtbot
):
    chain = form.chain
    choose(form, USUAL_ORDER[0])
    bottom = QPointF(20, chain.height() - 1)
    data = QMimeData()
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    chain.dropEvent(QDropEvent(bottom, Qt.DropAction.MoveAction, data, left, none))
    qtbot.waitUntil(lambda: session.choices.options.overrides.order is not None)
    assert session.choices.options.overrides.order == (*USUAL_ORDER[1:], USUAL_ORDER[0])
    last = [chain.item(chain.count() - back).data(Qt.ItemDataRole.UserRole) for back in (2, 1)]
    assert last == ["mirostat", "bias"]
    assert len(chain.order) == len(USUAL_ORDER)


def test_a_line_goes_before_the_one_that_it_is_dropped_on(form, session):
    form.chain.move_to("min_p", 1)
    assert form.chain.order[:3] == ("penalties", "min_p", "dry")
    form.chain.move_to("penalties", 3)
    assert form.chain.order[:3] == ("min_p", "dry", "penalties")
    form.chain.move_to("mirostat", 0)
    assert session.choices.options.overrides.order == form.chain.order


def test_samplers_that_do_nothing_are_dimmed(form, session):
    dim = form.chain.palette().color(QPalette.ColorRole.PlaceholderText)
    assert line(form, "top_p").foreground().color() == dim
    assert line(form, "top_p").text().endswith("off")
    assert line(form, "min_p").foreground().color() != dim
    choose(form, "mirostat")["mirostat_tau"].box.setValue(4)
    assert line(form, "min_p").foreground().color() == dim
    assert line(form, "mirostat").foreground().color() != dim


def test_the_wheel_changes_no_number_that_she_is_not_in(form, session):
    box = choose(form, "min_p")["min_p"].box
    form.chain.setFocus()
    turned = QWheelEvent(
        QPointF(5, 5),
        QPointF(box.mapToGlobal(QPoint(5, 5))),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(box, turned)
    assert session.choices.options.overrides == UNTOUCHED


def test_texts_are_one_a_line_with_line_ends_written_out(form, session):
    box = choose(form, "dry")["dry_breakers"].box
    box.setPlainText("\\n\n「\n\\\\n\n a")
    assert session.choices.options.overrides.dry_breakers == ("\n", "「", "\\n", " a")
    box.clear()
    assert session.choices.options.overrides == UNTOUCHED


def test_words_get_their_bias_once_the_line_is_whole(form, session, qtbot):
    box = choose(form, "bias")["logit_bias"].box
    qtbot.keyClicks(box, " moon = -5")
    assert session.choices.options.overrides.logit_bias == {" moon": -5.0}
    assert box.toPlainText() == " moon = -5"
    box.setPlainText("moon = -5\nsun")
    assert session.choices.options.overrides.logit_bias == {" moon": -5.0}
    box.setPlainText("a = b = 3\n月 = 900")
    assert session.choices.options.overrides.logit_bias == {" moon": -5.0}
    box.setPlainText("a = b = 3\n月=2")
    assert session.choices.options.overrides.logit_bias == {"a = b": 3.0, "月": 2.0}


@pytest.mark.parametrize("text", ["\n", "\\n", "\\", "\t", "a\\", "\\\\", "=", "月"])
def test_what_is_shown_in_a_box_is_read_back_the_same(text, qtbot):
    for box, value in ((texts_box(), (text,)), (biases_box(), {text: 2.5})):
        qtbot.addWidget(box)
        found = []
        box.edited.connect(found.append)
        box.show_value(value, ())
        box.appendPlainText("x = 1")
        assert next(iter(found[-1])) == text


def test_what_she_set_holds_at_the_next_start(make_program):
    program = make_program()
    mine = Overrides(min_p=0.2, dry_breakers=("\n",), order=("min_p",), logit_bias={"月": 2.0})
    program.desk.windows[0].session.choices.set_overrides(mine)
    program.desk.quit()
    program.end()
    window = make_program().desk.windows[0]
    assert window.session.choices.options.overrides == mine
    assert window.continuation.fold.handle.text().endswith("4 set")


def test_settings_spoilt_by_hand_do_not_block_the_start(make_program, places):
    places.config.mkdir(parents=True)
    (places.config / "settings.toml").write_text(
        '[interface]\nlanguage = "en"\n[continuing]\nsampling = {min_p = nan, top_k = 3, moon = 1}\n'
    )
    assert make_program().desk.windows[0].session.choices.options.overrides == Overrides(top_k=3)


def told(window):
    return [notice.text for notice in window.notices.notices]


def test_a_preset_of_others_is_used_whole_and_what_does_not_fit_is_said(
    form, session, window, tmp_path, monkeypatch
):
    path = tmp_path / "Moonlit.json"
    path.write_text(
        json.dumps({"temp": 1.1, "typical_p": 1, "tfs": 0.9, "top_p": 4, "min_p": 0.02})
    )
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_args: (str(path), ""))
    open_ = next(b for b in form.findChildren(type(form.reset)) if b.text() == "Open…")
    open_.click()
    assert (session.choices.sampling.temperature, session.choices.sampling.min_p) == (1.1, 0.02)
    assert session.choices.sampling.top_k == 0
    assert window.continuation.expert.temperature.text() == "1.1"
    assert told(window) == [
        "“Moonlit” is in use. Left out, because Longhand has nothing like it: tfs. "
        "Brought within the range: top_p."
    ]


def test_a_file_that_is_no_preset_changes_nothing_and_says_why(session, window, tmp_path):
    for name, data in (("a.json", b"{}"), ("b.toml", b"\xff\xfe"), ("c.json", b" " * 1_000_001)):
        (tmp_path / name).write_bytes(data)
        session.presets.open(tmp_path / name)
        assert name in told(window)[-1]
    session.presets.open(tmp_path / "gone.json")
    assert "gone.json" in told(window)[-1]
    assert session.choices.options.overrides == UNTOUCHED


def test_saved_presets_of_her_own_are_offered_by_name(form, session, window, monkeypatch):
    assert form.own.isHidden()
    session.choices.set_overrides(Overrides(min_p=0.0123456, order=("min_p", "temperature")))
    wanted = session.choices.sampling
    path = session.presets.folder / "Foggy 雾.toml"
    kind = "Longhand (*.toml)"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(path), kind))
    save = next(b for b in form.findChildren(type(form.reset)) if b.text() == "Save as…")
    save.click()
    assert path.is_file()
    assert [form.own.itemText(row) for row in range(form.own.count())] == [
        "My presets…",
        "Foggy 雾",
    ]
    form.reset.click()
    form.own.setCurrentIndex(1)
    form.own.activated.emit(1)
    assert session.choices.sampling == wanted
    assert told(window) == []
    # Showing it rounds nothing, and touching one setting leaves the others.
    choose(form, "top_k")["top_k"].box.setValue(7)
    assert session.choices.options.overrides.min_p == 0.0123456


def test_saving_for_others_says_what_has_no_place_there(session, window, tmp_path):
    session.choices.set_overrides(Overrides(frequency_penalty=0.5))
    session.presets.save(tmp_path / "a.json", Format.TAVERN, session.choices.sampling)
    assert told(window) == []
    session.presets.save(tmp_path / "b.json", Format.KOBOLD, session.choices.sampling)
    assert told(window) == [
        "“b.json” is saved. This kind of file has no place for: Penalties – Frequency."
    ]
    session.presets.save(tmp_path / "a.json" / "c.json", Format.KOBOLD, Sampling())
    assert "c.json" in told(window)[-1]


@pytest.mark.parametrize(
    ("typed", "kind", "name", "form"),
    [
        ("mine", "Longhand (*.toml)", "mine.toml", Format.OURS),
        ("mine", "KoboldCpp (*.json)", "mine.json", Format.KOBOLD),
        ("v1.5", "SillyTavern (*.json)", "v1.5.json", Format.TAVERN),
        ("mine.json", "KoboldCpp (*.json)", "mine.json", Format.KOBOLD),
        ("mine.toml", "KoboldCpp (*.json)", "mine.toml", Format.OURS),
        ("mine.json", "Longhand (*.toml)", "mine.json", Format.TAVERN),
    ],
)
def test_name_and_kind_together_say_what_is_written(
    window, tmp_path, monkeypatch, typed, kind, name, form
):
    answer = (str(tmp_path / typed), kind)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: answer)
    assert ask_save_preset(window, tmp_path) == (tmp_path / name, form)


def test_a_chain_that_lacks_samplers_shows_them_last_and_dimmed(qtbot):
    chain = ChainList()
    qtbot.addWidget(chain)
    chain.show_chain(Sampling(order=("min_p", "temperature"), min_p=0.1, top_k=9), UNTOUCHED)
    assert chain.order[:2] == ("min_p", "temperature")
    assert sorted(chain.order) == sorted(USUAL_ORDER)
    texts = {chain.item(row).text() for row in range(chain.count())}
    assert "Top-k  ·  off" in texts
    chain.changeEvent(QEvent(QEvent.Type.PaletteChange))
    assert {chain.item(row).text() for row in range(chain.count())} == texts
