"""Models of other programs: found where they lie, linked and not copied, and never harmed."""

import json
from pathlib import Path

import pytest

from tests.engine import tiny_models
from writer_app.engine import elsewhere, importing, models
from writer_app.engine.models import Model
from writer_app.errors import ModelNotAdded, NotOurs

DIGEST = "ab" * 32


@pytest.fixture
def home(tmp_path):
    """What the programs of somebody who has tried them all leave behind."""
    files = [
        ".lmstudio/models/作者/repo/Great-Q4_K_M.gguf",
        ".lmstudio/models/作者/repo/mmproj-great.gguf",
        ".lmstudio/models/作者/parts/Big-00001-of-00002.gguf",
        ".lmstudio/models/作者/parts/Big-00002-of-00002.gguf",
        ".local/share/nomic.ai/GPT4All/Llama.Q4_0.gguf",
        "koboldcpp/models/Kobold.GGUF",
        f".ollama/models/blobs/sha256-{DIGEST}",
    ]
    for name in files:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        tiny_models.plain(path)
    hub = tmp_path / ".cache/huggingface/hub/models--a--b"
    blob = hub / "blobs/1234"
    blob.parent.mkdir(parents=True)
    tiny_models.plain(blob)
    for revision in ("one", "two"):
        (hub / "snapshots" / revision).mkdir(parents=True)
        (hub / "snapshots" / revision / "Hub-Q8_0.gguf").symlink_to(blob)
    manifest(tmp_path, "registry.ollama.ai/library/llama3.2/3b", f"sha256:{DIGEST}")
    return tmp_path


def manifest(home, name, digest, media=elsewhere._MODEL_LAYER):
    path = home / ".ollama/models/manifests" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    layers = [{"mediaType": "application/vnd.ollama.image.license", "digest": "sha256:00"}]
    layers.append({"mediaType": media, "digest": digest, "size": 1})
    path.write_text(json.dumps({"schemaVersion": 2, "layers": layers}), "utf-8")


def found(home):
    places = elsewhere.places("linux", home, {})
    return {
        each.name: each.path
        for place in places
        if place.is_relative_to(home) and place.is_dir()
        for each in elsewhere.look(place)
    }


def test_models_of_other_programs_are_found_once_each_by_their_first_part(home):
    names = found(home)
    assert names.keys() == {
        *("Great-Q4_K_M", "mmproj-great", "Big", "Llama.Q4_0", "Kobold", "Hub-Q8_0"),
        "llama3.2-3b",
    }
    assert names["llama3.2-3b"].name == f"sha256-{DIGEST}"


@pytest.mark.parametrize(
    "digest", ["sha256:../../../../etc/passwd", "sha256-" + DIGEST, "md5:" + DIGEST, "", DIGEST * 9]
)
def test_a_manifest_is_believed_only_where_it_points_to_a_blob_beside_it(home, digest):
    manifest(home, "evil.example/x/y/z", digest)
    assert len(found(home)) == 7


def test_manifests_that_are_none_are_passed_over(home):
    folder = home / ".ollama/models/manifests/a"
    folder.mkdir()
    (folder / "1").write_bytes(b"\xff\xfe")
    (folder / "2").write_text("[" * 100_000, "utf-8")
    (folder / "3").write_text('{"layers": [{"digest": 3}]}', "utf-8")
    (folder / "4").write_bytes(b" " * 2_000_000)
    assert len(found(home)) == 7


def test_each_system_has_its_own_places():
    home = Path("/h")
    mac = elsewhere.places("darwin", home, {"OLLAMA_MODELS": "/o", "HF_HOME": "/hf"})
    assert home / "Library/Application Support/nomic.ai/GPT4All" in mac
    assert {Path("/o"), Path("/hf/hub")} <= set(mac)
    windows = elsewhere.places("win32", home, {"LOCALAPPDATA": "/local"})
    assert Path("/local/nomic.ai/GPT4All") in windows
    assert Path("/usr/share/ollama/.ollama/models") not in windows


def test_a_studio_that_was_moved_is_found_where_its_pointer_says(tmp_path):
    (tmp_path / ".lmstudio-home-pointer").write_text(str(tmp_path / "moved"), "utf-8")
    assert tmp_path / "moved" / "models" in elsewhere.places("linux", tmp_path, {})


def refuse(_file, _target):
    raise OSError(1, "not permitted")


@pytest.mark.parametrize("refused", [(), ("_symbolic",), ("_symbolic", "_second_name")])
def test_a_model_is_linked_listed_and_removed_and_stays_where_it_is(home, monkeypatch, refused):
    for way in refused:
        monkeypatch.setattr(importing, way, refuse)
    folder, cache = home / "models", home / "cache"
    source = found(home)["llama3.2-3b"]
    before = source.read_bytes()
    path = importing.bring_in(source, "llama3.2-3b", folder)
    assert importing.bring_in(source, "llama3.2-3b", folder) == path
    (model,) = [each for each in models.installed(folder, cache) if each.own]
    assert model.name == "llama3.2-3b"
    assert model.path == path
    assert model.size == len(before)
    importing.remove(model, folder)
    assert not list(folder.iterdir())
    assert source.read_bytes() == before


def test_all_parts_of_a_model_come_along_and_count_as_one(home):
    folder = home / "models"
    path = importing.bring_in(found(home)["Big"], "Big", folder)
    assert path.name == "Big-00001-of-00002.gguf"
    (model,) = [each for each in models.installed(folder, folder) if each.own]
    assert model.name == "Big"
    assert model.size == 2 * path.stat().st_size
    importing.remove(model, folder)
    assert not list(folder.iterdir())
    assert len(found(home)) == 7


def test_another_model_of_the_same_name_gets_another_name(home):
    folder = home / "models"
    first = importing.bring_in(found(home)["Kobold"], "same", folder)
    second = importing.bring_in(found(home)["Great-Q4_K_M"], "same", folder)
    assert (first.name, second.name) == ("same.gguf", "same-2.gguf")


def test_a_link_that_leads_nowhere_any_more_is_no_model(home):
    folder = home / "models"
    source = found(home)["Kobold"]
    importing.bring_in(source, "gone", folder)
    source.unlink()
    assert not [each for each in models.installed(folder, folder) if each.own]
    (folder / "note.gguf.link").write_bytes(b"{")
    assert not [each for each in models.installed(folder, folder) if each.own]


def test_only_what_lies_in_the_models_folder_is_removed(home):
    folder = home / "models"
    elsewhere_too = Model("x", home / "x.gguf", 1, own=home / "x.gguf")
    bundled = Model("y", home / "y.gguf", 1, bundled=True, own=folder / "y.gguf")
    for model in (elsewhere_too, bundled, Model("z", home / "z.gguf", 1)):
        with pytest.raises(NotOurs):
            importing.remove(model, folder)


def test_a_folder_that_cannot_be_written_is_a_sentence(home):
    (home / "models").write_text("a file", "utf-8")
    with pytest.raises(ModelNotAdded):
        importing.bring_in(found(home)["Kobold"], "Kobold", home / "models")


def test_a_folder_called_models_where_the_program_is_started_hides_no_model(
    starter, tmp_path, monkeypatch
):
    (tmp_path / "models").mkdir()
    tiny_models.plain(tmp_path / "models" / "SmolLM2-false.gguf")
    monkeypatch.chdir(tmp_path)
    assert starter in {str(each.path) for each in models.installed(tmp_path, tmp_path)}
