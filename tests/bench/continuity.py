"""How well contradictions are found: planted ones and decoys, written by somebody who had not seen the checker.

    python tests/bench/continuity.py [--half open|second|kept|kept-second] [--show] [--json]

A case counts as found where an alarm quotes one of the places that contradict each other, and as a false alarm
where an alarm is raised in a case without a contradiction, or elsewhere than where one was planted. ``precision`` is
the share of alarms that are right, ``recall`` the share of the contradictions found, of both also by kind. The half
``kept`` and ``kept-second`` are for the end: who mends the checker by them has nothing left to measure with.
"""

import argparse
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec

from writer_app.story.bible import Entry
from writer_app.story.continuity import check
from writer_app.story.tree import Item, Kind, Tree

CASES = Path(__file__).parents[1] / "data" / "continuity"


def judge(case: dict[str, Any]) -> tuple[int, int, list[str]]:
    """(alarms where the contradiction is, other alarms, all of them in words)."""
    scenes = case["scenes"]
    tree = Tree(
        tuple(
            Item(id=each["id"], kind=Kind.SCENE, title=each["title"], file=f"text/{each['id']}.md")
            for each in scenes
        )
    )
    texts = {each["id"]: each["text"] for each in scenes}
    entries = msgspec.convert(case["entries"], list[Entry])
    right = wrong = 0
    told = []
    for alarm in check(tree, texts, {entry.id: entry for entry in entries}):
        sides = ((alarm.scene, alarm.quote), (alarm.against_scene, alarm.against_quote))
        planted = [(each["scene"], each["quote"]) for each in case["where"]]
        hit = any(
            scene == place and scene and (said in quote or quote in said)
            for scene, quote in sides
            for place, said in planted
        )
        right, wrong = right + hit, wrong + (not hit)
        told.append(
            f"{'+' if hit else '-'} {alarm.kind}: {alarm.quote!r} / {alarm.against_quote!r}"
        )
    return right, wrong, told


def main() -> None:
    """Print one flat object."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--half", choices=("open", "second", "kept", "kept-second"), default="open")
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    cases = json.loads((CASES / f"{options.half}.json").read_text("utf-8"))
    counts: Counter[str] = Counter()
    for case in cases:
        right, wrong, told = judge(case)
        planted = case["contradiction"]
        for name in ("all", case["kind"], case["language"], case["difficulty"]):
            counts[f"{name}_planted"] += planted
            counts[f"{name}_decoys"] += not planted
            counts[f"{name}_found"] += planted and right > 0
            counts[f"{name}_false"] += wrong
        counts["alarms_right"] += right
        counts["alarms_wrong"] += wrong
        if options.show:
            sys.stderr.write(
                f"{case['id']} ({case['note']})\n  " + "\n  ".join(told or ["nothing"]) + "\n"
            )
    alarms = counts["alarms_right"] + counts["alarms_wrong"]
    found, planted = counts["all_found"], counts["all_planted"]
    figures = {
        "half": options.half,
        "precision": round(counts["alarms_right"] / alarms, 3) if alarms else None,
        "recall": round(found / planted, 3),
        **counts,
    }
    if not alarms:
        figures["precision_why"] = "no alarm was raised"
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
