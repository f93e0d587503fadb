"""The self-check itself, in a checkout; in a build it runs under the marker ``frozen``."""

import subprocess
import sys

from writer_app import selfcheck


def test_a_whole_installation_passes(starter):
    ran = subprocess.run(
        [sys.executable, "-m", "writer_app", "--self-check"],
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert [line.partition(":")[0] for line in ran.stdout.splitlines()] == list(selfcheck.CHECKS)


def test_a_part_that_is_missing_is_named(monkeypatch, capsys):
    def broken() -> str:
        raise FileNotFoundError("gone")

    monkeypatch.setattr(selfcheck, "CHECKS", {"fonts": broken, "rest": lambda: "fine"})
    assert selfcheck.main() == 3
    said = capsys.readouterr().out
    assert "fonts: FAILED" in said
    assert "gone" in said
    assert "rest: fine" in said
