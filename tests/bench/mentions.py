"""How long it takes to find the names of a bible in texts.

    python tests/bench/mentions.py --text BOOK [--names N] [--scenes N]

The book is repeated to a million characters; the names are words of it with a capital letter, or where there are none,
its names as :mod:`writer_app.text.recurring` finds them, filled up with their neighbours. Prints one flat object:
``names``, ``mentions``, ``make_ms`` for the pattern, ``find_ms`` for all of it, ``again_ms`` for an edit in the
middle of it, ``scene_again_ms`` for one in a scene of 10,000 characters, ``scenes_ms`` for so many such scenes.
"""

import argparse
import json
import re
import time
from collections.abc import Callable
from pathlib import Path

from writer_app.story.bible import Bible, Entry
from writer_app.story.index import Index
from writer_app.text.difference import Edit
from writer_app.text.mentions import Names
from writer_app.text.recurring import recurring

SCENE = 10_000


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--text", required=True)
    parser.add_argument("--names", type=int, default=500)
    parser.add_argument("--scenes", type=int, default=2_000)
    options = parser.parse_args()
    book = Path(options.text).read_text("utf-8")
    text = (book * (1_000_000 // len(book) + 1))[:1_000_000]
    chosen = _names(book, options.names)
    figures: dict[str, float] = {"names": len(chosen)}
    made, figures["make_ms"] = _timed(lambda: Names(chosen))
    found, figures["find_ms"] = _timed(lambda: made.find(text))
    figures["mentions"] = len(found)
    edited = text[:500_000] + chosen[0] + text[500_000:]
    edit = Edit(500_000, 0, len(chosen[0]))
    _again, figures["again_ms"] = _timed(lambda: made.find_again(found, edited, edit))
    index = Index(Bible.of(Entry(id=f"e{at}", name=name) for at, name in enumerate(chosen)))
    scene = text[:SCENE]
    index.look("scene", scene)
    near = Edit(SCENE // 2, 0, 1)
    changed = scene[: SCENE // 2] + "x" + scene[SCENE // 2 :]
    _same, figures["scene_again_ms"] = _timed(lambda: index.look_again("scene", changed, near))

    def look() -> None:
        for number in range(options.scenes):
            start = number * SCENE % (len(text) - SCENE)
            index.look(f"s{number}", text[start : start + SCENE])

    _all, figures["scenes_ms"] = _timed(look)
    _seen, figures["appearances_ms"] = _timed(lambda: index.appearances("e0"))
    print(json.dumps({key: round(value, 2) for key, value in figures.items()}))


def _names(book: str, count: int) -> list[str]:
    found = sorted(set(re.findall(r"\b[A-Z][a-z]{3,}\b", book)))
    if len(found) < count:
        found = [each.name for each in recurring(book, count)]
        found += [
            f"{one[:1]}{other[-1:]}{one[-1:]}" for one in found for other in found if one != other
        ]
    return list(dict.fromkeys(found))[:count]


def _timed(work: Callable[[], object]) -> tuple[object, float]:
    began = time.perf_counter()
    made = work()
    return made, (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    main()
