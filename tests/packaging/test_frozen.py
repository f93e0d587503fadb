"""The frozen program: built, then tried as a user would, on a machine that has no Python of ours.

pytest -m frozen
"""

import json
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.frozen, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build it; about half a minute."""
    folder = tmp_path_factory.mktemp("frozen")
    command = [
        "uv",
        "run",
        "--group",
        "package",
        "pyinstaller",
        "--noconfirm",
        "--log-level",
        "WARN",
    ]
    places = ["--distpath", str(folder / "dist"), "--workpath", str(folder / "build")]
    subprocess.run(
        [*command, *places, "packaging/longhand.spec"], cwd=ROOT, check=True, timeout=800
    )
    return folder / "dist" / "longhand" / "writer-app"


def run(program: Path, home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run it with an environment of its own: nothing of the build's may help it."""
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(home), "LC_ALL": "C.UTF-8"}
    return subprocess.run(
        [str(program), *arguments],
        env=environment,
        cwd=home,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_every_bundled_part_works(program, tmp_path):
    ran = run(program, tmp_path, "--self-check")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "engine: 20 tokens" in ran.stdout
    assert "FAILED" not in ran.stdout


def test_it_writes_twenty_tokens_and_leaves_no_process(program, tmp_path):
    story = tmp_path / "故事.md"
    story.write_text("It was a dark night. The old man said", "utf-8")
    ran = run(
        program, tmp_path, "continue", str(story), "--max-tokens", "20", "--seed", "1", "--json"
    )
    assert ran.returncode == 0, ran.stderr
    assert 0 < json.loads(ran.stdout)["tokens_written"] <= 20
    running = [p for p in Path("/proc").glob("[0-9]*/exe") if _target(p) == str(program)]
    assert running == []


def _target(link: Path) -> str:
    try:
        return str(link.readlink())
    except OSError:  # it ended meanwhile, or is not ours to see
        return ""
