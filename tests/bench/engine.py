"""Measure what the engine spares a writer: counts and ratios, the starter model, prompts of 3,000 tokens.

    python tests/bench/engine.py [--model PATH] [--text FILE] [--only NAME ...] [--beside a b] --json

Prints one flat JSON object; ``writer-app bench`` prints the same but for ``session_*`` and ``readalong_key_ratio``,
which need this checkout. ``KEY_a`` is the same figure for llama-cpp-python's own ``Llama``, ``KEY_b`` for
llama.cpp's server (group ``bench``); what cannot be had is null, with ``KEY_why``.

``reread_*`` are tokens read again over tokens in the prompts: what is new in a prompt is not counted, of
``reread_bible_*`` a new version of an entry of 80 tokens. There ``change`` is the worst of an entry that becomes
active, one that falls silent, and one that is added to; ``correction`` takes back what stands in the head, which
must be read anew, and ``correction_again`` corrects the same entry once more. ``session_*`` are tokens read again
in an editing session (tests/engine/editing.py) over those of other tools' rules. Run it alone: ratios of
times are taken within one run, but two cores are easily disturbed.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.bench.along import key_ratio
from tests.conftest import BOOKS
from tests.engine.reuse_rules import tokens_read, vocabulary_of
from writer_app.bench.run import PARTS, measure
from writer_app.engine import models


def session(model: str) -> Iterator[tuple[str, float]]:
    """200 steps of a writer over one chapter: tokens read again, against other rules."""
    book = (BOOKS / "pride-and-prejudice.md").read_text("utf-8")
    with vocabulary_of(model) as vocabulary:
        read, new = tokens_read(vocabulary, book, seed=0)
    for other in ("plain", "kobold"):
        yield f"session_reread_over_{other}", round((read["ours"] - new) / (read[other] - new), 4)


def typing(text: Path) -> Iterator[tuple[str, float]]:
    """Keys in the real window while the engine reads along, over keys while it does not."""
    yield "readalong_key_ratio", round(key_ratio(text), 4)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parts = [*PARTS, "session", "typing"]
    parser.add_argument("--model", default="")
    parser.add_argument("--text", type=Path, default=BOOKS / "sherlock-holmes.md")
    parser.add_argument("--only", nargs="+", choices=parts, default=parts)
    parser.add_argument("--beside", nargs="*", choices=["a", "b"], default=["a", "b"])
    parser.add_argument("--json", action="store_true", help="print one line of JSON (always done)")
    options = parser.parse_args()
    if not options.text.is_file():
        sys.stderr.write(f"{options.text} is not there; name a text with --text\n")
        return 2
    cache = Path(tempfile.gettempdir()) / "longhand-bench"
    model = options.model or str(
        models.prepare(models.for_text(models.installed(cache, cache), "en"))
    )
    text = options.text.read_text("utf-8")
    figures = measure(model, text, [n for n in options.only if n in PARTS], options.beside)
    if "session" in options.only:
        figures |= dict(session(model))
    if "typing" in options.only:
        figures |= dict(typing(options.text))
    print(json.dumps(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
