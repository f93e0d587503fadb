"""What the program keeps is the writer's alone, and what it tells of itself holds none of her words."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.kill import places_in
from tests.journeys.writer import furnish, play

CANARY = "the canary in the cellar"
#: What is made to hold her text: logs of open and closed texts, earlier versions, wishes and places, what the model
#: has read; and, in the statistics of days, the name of her file.
KEPT = ("journal", "history", "versions.db", "memory.json", "memory", "days.json")


@pytest.fixture
def sitting(tmp_path):
    """A short sitting of a writer; gives (its folders, what was seen meanwhile, its error stream)."""
    places = places_in(tmp_path)
    for folder in (places.state, places.config):
        folder.mkdir(parents=True)
        folder.chmod(0o755)  # as an older version made it
    furnish(places)
    file = tmp_path / f"{CANARY}.md"
    file.write_text("# One\n\n", "utf-8")
    answer = [{"text": f" She told of {CANARY}."}]
    names = {"CONFIG": "config", "DATA": "data", "STATE": "state", "CACHE": "cache"}
    homes = {f"XDG_{name}_HOME": str(tmp_path / place) for name, place in names.items()}
    root = str(Path(__file__).parents[2])
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.faults.sitting",
            str(play(tmp_path, [answer])),
            str(file),
            CANARY,
        ],
        cwd=root,
        env=os.environ | homes | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2_000:]
    assert file.read_text("utf-8").count(CANARY) == 2, "she wrote, and the model did"
    return places, json.loads(done.stdout), done.stderr


def loose(modes):
    """What others may look into."""
    return {path: oct(mode) for path, mode in modes.items() if mode & 0o077}


def test_all_that_is_kept_is_for_this_user_only_whatever_the_umask_is(sitting):
    places, seen, _errors = sitting
    meanwhile = seen["modes"]
    assert loose(meanwhile) == {}
    kept = {Path(path).name for path in meanwhile}
    assert {"settings.toml", "journal", "memory.json", "errors.log"} <= kept
    assert any(name.endswith(".journal") for name in kept)
    assert any(name.startswith("fault-") for name in kept)
    roots = (places.config, places.data, places.state, places.cache)
    left = [each for root in roots for each in (root, *root.rglob("*"))]
    assert loose({str(each): stat.S_IMODE(each.lstat().st_mode) for each in left}) == {}
    assert not any(each.name.startswith("fault-") for each in left), "it ended well"


def test_logs_reports_arguments_and_environments_hold_no_word_of_hers(sitting):
    places, seen, errors = sitting
    assert "ValueError" in seen["report"]
    assert "ValueError" in errors
    for told in (
        seen["report"],
        errors,
        json.dumps(seen["arguments"]),
        json.dumps(seen["environments"]),
    ):
        assert "canary" not in told
    assert len(seen["arguments"]) >= 1, "the engine ran"
    holding = [
        each.relative_to(root).parts[0]
        for root in (places.config, places.data, places.state, places.cache)
        for each in root.rglob("*")
        if each.is_file() and b"canary" in each.read_bytes()
    ]
    assert set(holding) <= set(KEPT)
    assert "memory.json" in holding, "the search finds what is there"
