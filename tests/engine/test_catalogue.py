"""The models that can be had: what comes with the program is consistent, and a mistake of the user's costs one entry."""

import pytest

from writer_app import assets
from writer_app.engine import catalogue, speed
from writer_app.language import explain

ENTRY = """
[[model]]
id = "{id}"
name = "My own"
languages = {{ en = 3 }}
kind = "base"
licence = "MIT"
context = 4_096
shape = {{ parameters = 1_000, vocabulary = 10, width = 8, layers = 2, heads = 2, kv_heads = 2, key_length = 4, value_length = 4 }}
[[model.builds]]
quantisation = "Q8_0"
repository = "me/mine"
files = [{{ name = "mine.gguf", size = 1_100 }}]
"""


@pytest.fixture(scope="module")
def shipped():
    return assets.resources() / catalogue.FILE_NAME


def test_what_comes_with_the_program_has_no_mistake(shipped):
    entries, mistakes = catalogue.load(shipped)
    assert not mistakes
    assert len(entries) >= 20
    assert {"en", "zh"} <= {code for entry in entries.values() for code in entry.languages}
    sizes = [entry.shape.parameters for entry in entries.values()]
    assert min(sizes) < 0.2e9
    assert max(sizes) > 65e9


def test_sizes_shapes_and_quantisations_agree_with_each_other(shipped):
    """Each comes from another place, so a slip of one would show here."""
    for entry in catalogue.load(shipped)[0].values():
        shape = entry.shape
        for build in entry.builds:
            work = speed.work_of(shape, build.quantisation)
            table = 0 if shape.tied else shape.output
            kinds = [*work.blocks.items(), *work.output.items()]
            total = sum(count for _, count in kinds) + table
            bits = sum(speed.KERNELS[kind].bits * count for kind, count in kinds) + 4.5 * table
            if shape.active:
                bits, total = 4.85 * shape.parameters, shape.parameters
            assert abs(total / shape.parameters - 1) < 0.02, entry.id
            assert abs(build.size * 8 / bits - 1) < 0.12, (entry.id, build.quantisation)


def test_an_entry_of_the_users_adds_or_replaces(shipped, tmp_path):
    own = tmp_path / "models.toml"
    own.write_text(ENTRY.format(id="mine") + ENTRY.format(id="qwen3-8b"), "utf-8")
    entries, mistakes = catalogue.load(shipped, own)
    assert not mistakes
    assert entries["mine"].name == entries["qwen3-8b"].name == "My own"
    assert len(entries) == len(catalogue.load(shipped)[0]) + 1


@pytest.mark.parametrize(
    ("change", "line", "says"),
    [
        (("context = 4_096", 'context = "long"'), 21, "context"),
        (("licence =", "license ="), 20, "license"),
        (('"mine.gguf"', '"../mine.gguf"'), 26, "files"),
        (("layers = 2", "layers = 0"), 22, "layers"),
        (('"base"', '"both"'), 19, "kind"),
    ],
)
def test_a_mistake_names_its_line_and_the_others_hold(shipped, tmp_path, change, line, says):
    own = tmp_path / "models.toml"
    own.write_text(ENTRY.format(id="good") + ENTRY.format(id="bad").replace(*change), "utf-8")
    entries, (mistake,) = catalogue.load(shipped, own)
    assert "good" in entries
    assert "bad" not in entries
    assert mistake.params["line"] == line
    assert says in mistake.params["reason"]
    assert str(own) in explain(mistake)


@pytest.mark.parametrize(
    "text", ["[[model]\n", "model = 3\n", "\xff", "[model]\nid = 1\n", "x = 1\n"]
)
def test_a_file_that_is_none_is_a_sentence_and_the_shipped_ones_hold(shipped, tmp_path, text):
    own = tmp_path / "models.toml"
    own.write_bytes(text.encode("latin-1"))
    entries, mistakes = catalogue.load(shipped, own)
    assert len(entries) >= 20
    assert len(mistakes) == 1


def test_where_the_user_has_no_file_nothing_is_said(shipped, tmp_path):
    assert not catalogue.load(shipped, tmp_path / "models.toml")[1]
