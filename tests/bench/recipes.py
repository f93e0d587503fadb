"""How well a model does what the shipped recipes ask: which checks its answers pass, on passages of real books.

    python tests/bench/recipes.py --text BOOK [--model PATH] [--only ID ...] [--passages N] [--show] [--json]

One answer a passage, with a seed of its own. ``--show`` prints passages and answers, to be read. The figures are
``ID_passed`` (passages whose answer passes all checks), ``ID_useful`` (that have an answer that changes anything),
``ID_CHECK`` for each check, all of ``passages``, and ``ID_seconds`` for one.
"""

import argparse
import json
import random
import re
import sys
import time
from collections import Counter
from pathlib import Path

from writer_app import assets
from writer_app.craft import recipe
from writer_app.craft.candidate import Judge
from writer_app.craft.rewriting import Rewriting
from writer_app.craft.transform import Result, Transform
from writer_app.engine import models
from writer_app.engine.client import EngineClient, counter
from writer_app.engine.protocol import Text
from writer_app.text.habits import ALL_ON
from writer_app.text.script import language_of

#: Characters of a passage: a short paragraph.
SIZES = {"zh": (50, 150), "en": (150, 450)}


def passages(text: str, count: int, seed: int = 1) -> list[tuple[int, int]]:
    """Spans of paragraphs, spread over the book, always the same ones."""
    low, high = SIZES.get(language_of(text[:5_000]), SIZES["en"])
    found = [each.span() for each in re.finditer(r"^[^#\n][^\n]+$", text, re.MULTILINE)]
    fitting = [(start, end) for start, end in found if low <= end - start <= high]
    return random.Random(seed).sample(fitting, count)


def measure(
    client: EngineClient, text: str, transform: Transform, spans: list[tuple[int, int]], show: bool
) -> dict[str, object]:
    """The figures of one recipe."""
    counts: Counter[str] = Counter()
    started = time.monotonic()
    for number, span in enumerate(spans):
        start, end = span
        while text[start].isspace():
            start += 1
        needs = transform.parameter is not None and transform.parameter.needed
        wish = (
            ("Say it more briefly." if language_of(text[start:end]) == "en" else "说得更简短。")
            if needs
            else ""
        )
        if transform.translates:
            wish = "zh" if language_of(text[start:end]) == "en" else "en"
        asked = Rewriting(text, (start, end), transform, wish, drawn_seed=number, anyway=True)
        assert client.model is not None
        plan = asked.plan(client.model, counter(client), client.new_id())
        answer = "".join(
            event.text for event in client.generate(plan.request) if isinstance(event, Text)
        )
        candidate = Judge(asked, ALL_ON).finish(answer)
        changed = candidate.text.strip() != asked.passage.strip()
        counts["useful"] += candidate.is_useful and changed
        counts["same"] += not changed
        enough = len(candidate.items) >= 4 or transform.result is not Result.LIST
        counts["passed"] += candidate.is_useful and not candidate.failed and enough
        for verdict in candidate.verdicts:
            counts[verdict.check.value] += verdict.passed
        if show:
            failed = {each.check.value: each.about for each in candidate.failed}
            sys.stderr.write(
                f"\n[{transform.id}] {asked.passage}\n  -> {candidate.text}\n  {failed}\n"
            )
    checks = [each.value for each in {v.check for v in candidate.verdicts}]
    return {
        f"{transform.id}_{name}": counts[name]
        for name in ("passed", "useful", "same", *sorted(checks))
    } | {f"{transform.id}_seconds": round((time.monotonic() - started) / len(spans), 2)}


def main() -> None:
    """Print one flat object."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--text", required=True)
    parser.add_argument("--model")
    parser.add_argument("--only", nargs="+", default=[])
    parser.add_argument("--passages", type=int, default=20)
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    text = Path(options.text).read_text("utf-8")
    transforms, problems = recipe.load_all([assets.resources() / "recipes"], Transform)
    assert not problems, problems
    places = assets.Places.standard()
    found = models.installed(places.models, places.cache)
    path = options.model or str(models.prepare(models.for_text(found, language_of(text[:5_000]))))
    figures: dict[str, object] = {"model": Path(path).name, "passages": options.passages}
    client = EngineClient("llama")
    for _event in client.load(path):
        pass
    spans = passages(text, options.passages)
    for transform in transforms.values():
        if not transform.rule and (not options.only or transform.id in options.only):
            figures |= measure(client, text, transform, spans, options.show)
            sys.stderr.write(f"{transform.id}: {dict(list(figures.items())[-8:])}\n")
    client.close()
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
