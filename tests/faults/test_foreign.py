"""Markup that names files and servers opens none of them, watched at the kernel's door."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.kill import places_in
from tests.journeys.writer import furnish, play

#: ``{here}`` is a folder with files of these names. A bare name is looked for in the working folder.
CORPUS = """
<p>before <img src="file://{here}/canary-url.png"> <img src="{here}/canary-path.png"> <img src="canary-bare.png">
<img src="//canary-host.invalid/share/x.png"> <img src="file://canary-host.invalid/share/x.png">
<img src="http://127.0.0.1:9/canary.png"> <img srcset="{here}/canary-set.png 2x" src="qrc:{here}/canary-qrc.png">
<img src="image://{here}/canary-image.png"> <img src="\\\\\\\\canary-host.invalid\\\\share\\\\x.png"></p>
<link rel="stylesheet" href="file://{here}/canary.css"><style>@import "{here}/canary-import.css";
p {{ background-image: url({here}/canary-background.png) }}</style>
<p style="background-image: url({here}/canary-style.png)">styled</p>
<table background="{here}/canary-table.png"><tr><td background="{here}/canary-cell.png">cell</td></tr></table>
<ul style="list-style-image: url({here}/canary-list.png)"><li>item</li></ul>
<object data="{here}/canary-object.html"></object><iframe src="{here}/canary-frame.html"></iframe>
<script src="{here}/canary.js"></script><video poster="{here}/canary-poster.png"></video>
<a href="file://{here}/canary-link.html">link</a> <a href="https://canary-host.invalid/">web</a>
![picture]({here}/canary-markdown.png) ![picture](file://{here}/canary-markdown-url.png)
"""
DOCUMENT = """[hover](file://{here}/canary-link.html)

# <img src="{here}/canary-path.png"> heading

## ![picture]({here}/canary-markdown.png)

### <b>x</b> <img src="file://{here}/canary-url.png">

{corpus}
"""
_OPENED = re.compile(
    r"^\d+ +(?:open|stat|lstat|access|readlink|newfstatat|statx|faccessat|execve|connect)\w*\("
)


@pytest.fixture
def watched(tmp_path):
    """Runs the window under strace: ``watched(how)`` gives the calls that name a canary or reach for a network."""
    strace = shutil.which("strace")
    assert strace, "strace must be installed: apt-get install strace"
    bait = tmp_path / "bait"
    bait.mkdir()
    corpus = CORPUS.format(here=bait)
    for name in set(re.findall(r"canary-?[a-z\-]*\.(?:png|css|html|js)", corpus)):
        (bait / name).write_bytes(b"\x89PNG\r\n\x1a\n")
    file, html = tmp_path / "story.md", tmp_path / "paste.html"
    file.write_text(DOCUMENT.format(here=bait, corpus=corpus), "utf-8")
    html.write_text(corpus, "utf-8")
    furnish(places_in(tmp_path))
    names = {"CONFIG": "config", "DATA": "data", "STATE": "state", "CACHE": "cache"}
    homes = {f"XDG_{name}_HOME": str(tmp_path / place) for name, place in names.items()}
    root = Path(__file__).parents[2]
    path = os.pathsep.join((str(root), os.environ.get("PYTHONPATH", "")))

    def run(how):
        log = tmp_path / f"{how}.log"
        command = [
            strace,
            "-f",
            "--seccomp-bpf",
            "-qq",
            "-s",
            "400",
            "-o",
            str(log),
            "-e",
            "trace=%file,%network",
        ]
        driver = [
            sys.executable,
            "-m",
            "tests.faults.foreign",
            how,
            str(play(tmp_path, [[]])),
            str(file),
            str(html),
        ]
        done = subprocess.run(
            command + driver,
            cwd=bait,  # where a bare name would be found
            env=os.environ | homes | {"QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": path},
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
        )
        assert (done.returncode, done.stdout) == (0, "done\n"), done.stderr[-2_000:]
        calls = log.read_text("utf-8", "replace").splitlines()
        assert len(calls) > 500, "strace saw the program"
        return [
            each
            for each in calls
            if _OPENED.match(each) and ("canary" in each or "AF_INET" in each)
        ]

    return run


def test_nothing_that_a_text_names_is_opened_looked_at_or_connected_to(watched):
    assert watched("ours") == []


def test_where_nobody_takes_care_the_same_text_opens_files(watched):
    opened = "\n".join(watched("careless"))
    assert "canary-path.png" in opened
    assert "canary-host.invalid" in opened
