"""The verb ``models`` as it is typed; in this process, in folders of its own."""

import json
from pathlib import Path

import pytest

from tests.engine import tiny_models
from tests.engine.scripted_hub import REPOSITORY, serve
from tests.engine.test_catalogue import ENTRY
from writer_app import cli, model_verbs
from writer_app.assets import Places
from writer_app.engine import measuring

KEYS = {"id", "name", "languages", "size_bytes", "installed", "fits", "verdict", "predicted"}


@pytest.fixture
def places(tmp_path, monkeypatch):
    found = Places(*(tmp_path / name for name in ("config", "data", "state", "cache")))
    monkeypatch.setattr(Places, "standard", classmethod(lambda _cls: found))
    return found


@pytest.fixture
def run(places, capsys):
    """Runs a verb; (exit status, what was said to programs, what was said to people)."""

    def said(*arguments):
        status = cli.main(["models", *map(str, arguments), "--lang", "en"])
        out, err = capsys.readouterr()
        return status, out, err

    return said


def rows(out):
    return {row["id"]: row for row in json.loads(out)["models"]}


def test_the_list_has_what_is_installed_first_and_promises_no_speed_before_it_is_measured(
    run, starter
):
    status, out, err = run("list", "--json")
    found = json.loads(out)["models"]
    assert (status, err) == (0, "")
    assert all(row.keys() >= KEYS for row in found)
    assert all(row["predicted"] == {"read_tps": None, "write_tps": None} for row in found)
    installed = [row["installed"] for row in found]
    assert installed == sorted(installed, reverse=True)
    assert starter in {row["path"] for row in found}
    assert rows(out)["smollm2-135m-instruct"]["installed"]
    assert not rows(out)["qwen3-8b"]["installed"]
    assert len(rows(out)) == len(found)


def test_models_alone_lists_and_takes_json_before_the_act_too(run):
    assert run()[1] == run("list")[1]
    assert json.loads(run("--json", "list")[1])["models"]
    assert "SmolLM2" in run()[1]


def test_a_model_is_imported_listed_and_removed_and_its_file_stays(run, places, tmp_path):
    path = tmp_path / "里屋" / "My model-Q4_K_M.gguf"
    path.parent.mkdir()
    tiny_models.plain(path)
    status, out, err = run("import", path, "--json")
    told = json.loads(out)
    assert (status, err) == (0, "")
    assert told["id"] == "my-model-q4_k_m"
    assert told["path"] == str(places.models / "My model-Q4_K_M.gguf")
    row = rows(run("--json")[1])[told["id"]]
    assert row["installed"]
    assert row["fits"]
    assert row["quantisation"] == "Q4_K_M"
    assert json.loads(run("remove", told["id"], "--json")[1]) == told
    assert told["id"] not in rows(run("--json")[1])
    assert path.exists()


def test_a_folder_is_imported_as_far_as_it_goes_and_says_what_was_refused(run, tmp_path):
    folder = tmp_path / "models of mine"
    folder.mkdir()
    for name in ("a", "b"):
        tiny_models.plain(folder / f"{name}.gguf")
    (folder / "c.gguf").write_text("no model", "utf-8")
    status, out, err = run("import", folder, "--json")
    told = json.loads(out)
    assert status == 0
    assert told["id"] == "a"
    assert [each["id"] for each in told["models"]] == ["a", "b"]
    assert "c.gguf" in err


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("import", "nowhere.gguf"), 2),
        (("remove", "smollm2-135m-instruct"), 2),
        (("remove", "qwen3-8b"), 2),
        (("remove", "../../etc"), 2),
        (("get", "nothing-of-that-name"), 2),
        (("get", "qwen3-8b:q1"), 2),
    ],
)
def test_what_cannot_be_done_is_one_sentence(run, starter, arguments, status):
    ended, out, err = run(*arguments, "--json")
    assert (ended, out) == (status, "")
    assert err.count("\n") == 1
    assert "{" not in err


def test_a_mistake_in_the_users_own_list_is_said_aside_and_the_list_is_whole(run, places):
    places.config.mkdir()
    (places.config / "models.toml").write_text("[[model]]\nid = 3\n", "utf-8")
    status, out, err = run("--json")
    assert status == 0
    assert "models.toml, line 2" in err
    assert len(rows(out)) > 20


def test_a_model_of_the_users_own_list_is_fetched_and_found_by_its_id(
    run, places, tmp_path, monkeypatch
):
    data = Path(tiny_models.plain(tmp_path / "tiny.gguf")).read_bytes()
    with serve({"Tiny-Q8_0.gguf": data}) as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.address)
        places.config.mkdir()
        own = ENTRY.format(id="mine").replace("mine.gguf", "Tiny-Q8_0.gguf")
        own = own.replace("me/mine", REPOSITORY).replace("1_100", str(len(data)))
        (places.config / "models.toml").write_text(own, "utf-8")
        status, out, err = run("get", "mine", "--json")
    told = json.loads(out)
    assert (status, err) == (0, "")
    assert told == {"id": "mine", "path": str(places.models / "Tiny-Q8_0.gguf")}
    assert (places.models / "Tiny-Q8_0.gguf").read_bytes() == data
    assert rows(run("--json")[1])["mine"]["installed"]


def test_fit_measures_once_and_promises_a_speed_for_every_model_that_fits(
    run, starter, monkeypatch
):
    for name, value in {"MOST_SECONDS": 0.1, "_FIRST": 18, "_WRITTEN": 3}.items():
        monkeypatch.setattr(measuring, name, value)
    monkeypatch.setattr(measuring, "bandwidth", lambda: 0.0)
    status, out, err = run("fit", "--json")
    assert (status, err) == (0, "")
    for row in rows(out).values():
        assert (row["predicted"]["write_tps"] is not None) == row["fits"]
    speeds = {name: row["predicted"]["write_tps"] for name, row in rows(out).items()}
    assert speeds["smollm2-135m-instruct"] > speeds["qwen3-8b"] > 0
    monkeypatch.setattr(model_verbs, "engine", None)  # no engine is started again
    assert rows(run("fit", "--json")[1])["qwen3-8b"]["predicted"]["write_tps"] == speeds["qwen3-8b"]
