"""Settings never block the start and never lose what they do not know."""

import stat
import tomllib

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from writer_app.errors import SettingsUnsaved
from writer_app.settings import Settings, SettingsFile, fields

VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(),
    st.lists(st.integers(), max_size=2),
)


def read(folder, text):
    folder.mkdir(exist_ok=True)
    (folder / "settings.toml").write_text(text, "utf-8")
    return SettingsFile(folder)


def test_without_a_file_the_defaults_hold_and_nothing_is_written(tmp_path):
    file = SettingsFile(tmp_path / "none")
    assert file.values == Settings()
    assert file.problems == ()
    assert not (tmp_path / "none").exists()


def test_only_what_differs_is_stored_for_this_user_alone(tmp_path):
    file = SettingsFile(tmp_path / "config")
    file.set("page", "measure", 70)
    file.set("page", "size", 18.0)
    file.set("page", "size", 14.0)
    file.save()
    path = tmp_path / "config" / "settings.toml"
    assert tomllib.loads(path.read_text("utf-8")) == {"page": {"measure": 70}}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert SettingsFile(tmp_path / "config").values.page.measure == 70
    assert [each.name for each in path.parent.iterdir()] == ["settings.toml"]


def test_unknown_keys_survive_and_bad_values_are_dropped_with_one_notice(tmp_path):
    source = '[page]\nsize = "big"\nmeasure = 70\nfuture = 1\n[later]\na = [1]\n[model]\nread_tokens = -4\n'
    file = read(tmp_path, source)
    assert file.values.page.measure == 70
    assert file.values.page.size == 14
    (problem,) = file.problems
    assert problem.params == {"names": "page.size, model.read_tokens"}
    file.set("interface", "theme", "dark")
    file.save()
    stored = tomllib.loads((tmp_path / "settings.toml").read_text("utf-8"))
    assert stored == {
        "page": {"measure": 70, "future": 1},
        "later": {"a": [1]},
        "interface": {"theme": "dark"},
    }


@pytest.mark.parametrize("damage", [b"[page", b"\xff\xfe\x00", b"page = 3\n", b""])
def test_a_damaged_file_never_blocks_the_start(tmp_path, damage):
    (tmp_path / "settings.toml").write_bytes(damage)
    file = SettingsFile(tmp_path)
    assert file.values == Settings()
    assert bool(file.problems) == bool(damage)


def test_what_cannot_be_parsed_is_kept_aside(tmp_path):
    read(tmp_path, "[page")
    assert (tmp_path / "settings.toml.damaged").read_text() == "[page"


def test_a_folder_that_cannot_be_written_is_said_and_the_setting_holds(tmp_path):
    (tmp_path / "file").touch()
    file = SettingsFile(tmp_path / "file")
    file.set("page", "measure", 70)
    with pytest.raises(SettingsUnsaved):
        file.save()
    assert file.values.page.measure == 70


@pytest.mark.parametrize("topic", list(fields(Settings)), ids=lambda topic: topic.name)
@given(value=VALUES)
def test_no_value_gets_past_the_range_of_its_field(topic, value):
    for field in fields(type(topic.default)):
        try:
            made = Settings().changed(topic.name, field.name, value)
        except msgspec.ValidationError:
            continue
        kept = getattr(getattr(made, topic.name), field.name)
        assert isinstance(kept, type(field.default))
        if field.low is not None and field.high is not None:
            assert field.low <= kept <= field.high


def test_every_field_on_the_page_has_a_title_and_every_choice_a_label():
    for topic in fields(Settings):
        for field in fields(type(topic.default)):
            assert field.title or field.extra.get("kind") == "hidden"
            if field.choices:
                labelled = [name for name, _title in field.choices]
                assert field.default in labelled
                for name in labelled:
                    Settings().changed(topic.name, field.name, name)
