"""What model files say of themselves, and why some are refused: each one sentence, and never our end."""

import os
import signal

import pytest

from tests.engine import tiny_models
from writer_app.engine import inspection
from writer_app.engine.facts import is_first, parts, title
from writer_app.engine.inspection import Inspection, Known
from writer_app.errors import (
    ModelDamaged,
    ModelMissing,
    ModelTooNew,
    NotAModel,
    NotForWriting,
    PartMissing,
    WriterError,
)
from writer_app.language import explain


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with a name that is not ASCII, and long."""
    place = tmp_path_factory.mktemp("模型 é") / ("深" * 60) / ("d" * 120)
    place.mkdir(parents=True)
    return place


@pytest.fixture(scope="module")
def looking(folder):
    with Inspection([folder / "any.gguf"]) as made:
        yield made


def made(folder, kind, name, *, head=b"", **facts):
    """A tiny model of a kind that says something more of itself."""
    path = folder / f"{name}.gguf"
    tiny_models._write(path, kind, facts, {"output_norm.weight": (32,)}, [])
    return path


def test_a_model_says_what_it_is(looking, folder):
    path = folder / "小模型.gguf"
    tiny_models.sliding(path)
    facts = looking.facts(path)
    assert facts.architecture == "gemma3"
    assert facts.size == path.stat().st_size
    assert facts.context == 4_096
    assert facts.rewinds
    assert (facts.shape.layers, facts.shape.sliding, facts.shape.window) == (6, 5, 512)


def test_a_model_that_cannot_go_back_says_so(looking, folder):
    tiny_models.hybrid(folder / "hybrid.gguf")
    facts = looking.facts(folder / "hybrid.gguf")
    assert not facts.rewinds
    assert facts.shape.attending == 1
    assert facts.shape.state_bytes > 0


@pytest.mark.parametrize(
    ("kind", "facts", "reason"),
    [
        ("clip", {}, "see or hear"),
        ("llama", {"general.type": "mmproj"}, "see or hear"),
        ("llama", {"general.type": "adapter"}, "changes another model"),
        ("nomic-bert", {}, "compares texts"),
        ("qwen3", {"qwen3.pooling_type": 3}, "compares texts"),
        ("t5", {}, "something else"),
    ],
)
def test_what_writes_no_text_is_refused_with_the_reason(looking, folder, kind, facts, reason):
    path = made(folder, kind, "refused", **facts)
    with pytest.raises(NotForWriting) as refused:
        looking.facts(path)
    assert reason in explain(refused.value)


def test_a_kind_that_is_not_known_is_called_newer(looking, folder):
    with pytest.raises(ModelTooNew) as refused:
        looking.facts(made(folder, "llama9", "newer"))
    assert "llama9" in explain(refused.value)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (lambda data: data[: len(data) // 2], ModelDamaged),
        (lambda data: data[:6], ModelDamaged),
        (lambda _data: b"", NotAModel),
        (lambda _data: b"PK\x03\x04 an archive", NotAModel),
        (lambda data: b"tjgg" + data[4:], NotForWriting),
        (lambda data: b"GGUF\0\0\0\x03" + data[8:], NotForWriting),
        (lambda data: data[:8] + b"\xff" * 16 + data[24:], ModelDamaged),
    ],
)
def test_a_broken_or_foreign_file_is_one_sentence(looking, folder, change, error):
    path = folder / "broken.gguf"
    tiny_models.plain(path)
    path.write_bytes(change(path.read_bytes()))
    with pytest.raises(error) as refused:
        looking.facts(path)
    assert path.name in explain(refused.value)


def test_a_model_in_parts_needs_them_all(looking, folder):
    for number in (1, 3):
        tiny_models.plain(folder / f"split-{number:05}-of-00003.gguf")
    with pytest.raises(PartMissing) as refused:
        looking.facts(folder / "split-00001-of-00003.gguf")
    assert refused.value.params == {"model": "split-00001-of-00003.gguf", "part": 2, "count": 3}


def test_a_file_that_is_not_there_or_out_of_reach_is_a_sentence(looking, folder, tmp_path):
    with pytest.raises(ModelMissing):
        looking.facts(folder / "none.gguf")
    secret = tmp_path / "elsewhere.gguf"
    tiny_models.plain(secret)
    with pytest.raises(WriterError):  # the child may read only what it was started for
        looking.facts(secret)


def test_a_file_that_ends_the_child_is_a_sentence_and_the_next_is_read(folder):
    path = folder / "fine.gguf"
    tiny_models.plain(path)
    with Inspection([path]) as looking:
        looking.facts(path)
        os.kill(looking._child.pid, signal.SIGSTOP)
        os.kill(looking._child.pid, signal.SIGKILL)
        with pytest.raises(ModelDamaged):
            looking.facts(path)
        assert looking.facts(path).architecture == "llama"


def test_what_is_known_is_not_looked_up_again_until_the_file_changes(tmp_path, monkeypatch):
    path = tmp_path / "model.gguf"
    tiny_models.plain(path)
    kept = tmp_path / "cache" / "known.json"
    assert not Known(kept).learn([path])
    monkeypatch.setattr(inspection, "command", None)  # no child is started
    known = Known(kept)
    assert not known.learn([path])
    assert known.get(path).shape.layers == 2
    path.write_bytes(path.read_bytes() + b" ")
    assert known.get(path) is None
    kept.write_bytes(b"\xff{")
    assert Known(kept).get(path) is None


def test_the_names_of_parts(tmp_path):
    first = tmp_path / "a-b-00001-of-00002.gguf"
    assert [part.name for part in parts(first)] == [
        "a-b-00001-of-00002.gguf",
        "a-b-00002-of-00002.gguf",
    ]
    assert title(first) == "a-b"
    assert is_first(first)
    assert not is_first(parts(first)[1])
    for odd in ("a-00001-of-00001.gguf", "a-00001-of-99999.gguf", "a.gguf"):
        assert parts(tmp_path / odd) == [tmp_path / odd]
