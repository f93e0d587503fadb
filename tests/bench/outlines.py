"""Outlines of English premises by a small model: are the trees whole, and how long do they take?

    python tests/bench/outlines.py [--model PATH] [--premises N] [--state FILE] [--show FILE]

Twenty premises, five methods, one seed each. With ``--state`` it goes on where it stopped. Prints one flat object:
``outlines`` made, ``valid`` trees (each node has a title, a sentence and its list of children, and comes through
JSON), ``depth_as_asked``, ``counts_as_asked``, ``distinct_titles`` and ``distinct_summaries`` (shares, within an
outline), ``retried`` and ``mended`` (shares of places that were asked twice; that were ended by rule), ``seconds_mean``
and ``seconds_longest`` for an outline, ``summary_longest`` in characters, ``on_topic`` (share of the nodes on each
level that have a word of the premise in them, by its first five letters). ``--show`` writes the outlines down, to read.
"""

import argparse
import json
import re
import statistics
import time
from pathlib import Path
from typing import Any

from writer_app import assets
from writer_app.craft import recipe
from writer_app.craft.method import Method
from writer_app.craft.outlining import LOGLINE, SYNOPSIS, Filling, Growing, grown
from writer_app.engine import models
from writer_app.engine.client import EngineClient, counter
from writer_app.engine.protocol import Loaded, Text
from writer_app.story.outline import Node, Outline

PREMISES = (
    "A lighthouse keeper's daughter finds a sailor who claims that he drowned a hundred years ago.",
    "Two rival bakers in a small town must share one kitchen for a winter.",
    "A retired detective is asked to solve the theft of his own memoirs.",
    "A girl discovers that the river behind her house flows backwards at night.",
    "An astronaut wakes from cold sleep and finds that the ship has turned back.",
    "A village decides by lot who must leave before the dam is opened.",
    "A young lawyer defends the man who ruined her family.",
    "A tailor sews a coat that makes its wearer tell the truth.",
    "Three brothers inherit one horse and a debt that none of them made.",
    "A schoolteacher in a mining town starts a newspaper that somebody wants to silence.",
    "A ghost hires a house agent to find a family that is not afraid.",
    "The last translator of a dying language is offered a fortune to forget it.",
    "A boy sells his shadow and spends a summer trying to buy it back.",
    "A nurse recognises the voice of a patient who has no name.",
    "A mapmaker is ordered to draw an island that does not exist.",
    "Two strangers exchange suitcases at a station and begin to live each other's lives.",
    "An old king goes unknown among his people to learn who would miss him.",
    "A beekeeper's hives fall silent on the morning of her wedding.",
    "A thief breaks into a house and finds a child who has waited for him.",
    "A town wakes up to find that nobody remembers the mayor.",
)
#: Methods, and how many children a node has on each level.
SHAPES: dict[str, tuple[int, ...]] = {
    "three-acts": (3, 3),
    "kishotenketsu": (4, 2),
    "save-the-cat": (15,),
    "mystery": (9,),
    "short-story": (6,),
}


#: Words of premises that say nothing about what they are about, as :func:`_stems` has them.
_COMMON = {
    "claim",
    "each",
    "find",
    "finds",
    "from",
    "have",
    "into",
    "must",
    "other",
    "that",
    "their",
    "they",
    "where",
    "whose",
    "with",
}


def outline(client: EngineClient, model: Loaded, method: Method, premise: str, seed: int) -> Any:
    """One outline, and what it took."""
    started = time.monotonic()
    shape = SHAPES[method.id]
    asked = Filling(method, Outline(premise=premise), LOGLINE, drawn_seed=seed)
    empty, places = grown(method, asked.outline, shape, asked.tongue)
    asked = Filling(method, empty, LOGLINE, drawn_seed=seed)
    growing = Growing(asked, (LOGLINE, SYNOPSIS, *places))
    while question := growing.question():
        plan = question.plan(model, counter(client), client.new_id())
        events = client.generate(plan.request)
        growing.take("".join(event.text for event in events if isinstance(event, Text)))
    made = growing.outline
    return {
        "method": method.id,
        "premise": premise,
        "seconds": round(time.monotonic() - started, 2),
        "places": len(places) + 2,
        "retried": growing.retried,
        "mended": growing.mended,
        "title": made.logline,
        "summary": made.synopsis,
        "children": [_branch(each) for each in made.nodes],
    }


def _branch(node: Node) -> dict[str, Any]:
    children = [_branch(each) for each in node.children]
    return {"title": node.title, "summary": node.summary, "children": children}


def _nodes(tree: dict[str, Any]) -> list[dict[str, Any]]:
    return [each for child in tree["children"] for each in (child, *_nodes(child))]


def _is_valid(tree: dict[str, Any]) -> bool:
    return tree == json.loads(json.dumps(tree)) and all(
        isinstance(each[key], str)
        and each[key].strip()
        and each[key].isprintable()
        and isinstance(each["children"], list)
        for each in (tree, *_nodes(tree))
        for key in ("title", "summary")
    )


def _depths(tree: dict[str, Any], at: int = 0) -> set[int]:
    """How deep the leaves lie."""
    if not tree["children"]:
        return {at}
    return set().union(*(_depths(each, at + 1) for each in tree["children"]))


def _is_counted(tree: dict[str, Any], shape: tuple[int, ...]) -> bool:
    here = len(tree["children"]) == (shape[0] if shape else 0)
    return here and all(_is_counted(each, shape[1:]) for each in tree["children"])


def _stems(text: str) -> set[str]:
    return {word[:5] for word in re.findall(r"[a-z]{4,}", text.lower())} - _COMMON


def _on_topic(made: list[dict[str, Any]], level: int) -> float:
    """The share of nodes on a level that say a word of the premise."""
    hits = [
        bool(_stems(f"{node['title']} {node['summary']}") & _stems(tree["premise"]))
        for tree in made
        for first in tree["children"]
        for node in ([first] if level == 1 else first["children"])
    ]
    return sum(hits) / max(1, len(hits))


def figures(made: list[dict[str, Any]]) -> dict[str, object]:
    """What is printed."""
    rows = [_nodes(tree) for tree in made]
    nodes = [each for row in rows for each in row]
    seconds = [tree["seconds"] for tree in made]
    places = sum(tree["places"] for tree in made)
    distinct = {
        key: sum(len({each[key].casefold() for each in row}) for row in rows) / len(nodes)
        for key in ("title", "summary")
    }
    return {
        "outlines": len(made),
        "nodes": len(nodes),
        "valid": sum(map(_is_valid, made)),
        "depth_as_asked": sum(_depths(t) == {len(SHAPES[t["method"]])} for t in made),
        "counts_as_asked": sum(_is_counted(t, SHAPES[t["method"]]) for t in made),
        "distinct_titles": round(distinct["title"], 4),
        "distinct_summaries": round(distinct["summary"], 4),
        "retried": round(sum(tree["retried"] for tree in made) / places, 4),
        "mended": round(sum(tree["mended"] for tree in made) / places, 4),
        "seconds_mean": round(statistics.mean(seconds), 2),
        "seconds_longest": max(seconds),
        "summary_longest": max(len(each["summary"]) for each in nodes),
        "on_topic_1": round(_on_topic(made, 1), 3),
        "on_topic_2": round(_on_topic(made, 2), 3),
    }


def main() -> None:
    """Make them, and print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--model")
    parser.add_argument("--premises", type=int, default=len(PREMISES))
    parser.add_argument("--state", type=Path)
    parser.add_argument("--show", type=Path)
    options = parser.parse_args()
    places = assets.Places.standard()
    found = models.installed(places.models, places.cache)
    path = options.model or str(models.prepare(models.for_text(found, "en")))
    methods, _broken = recipe.load_all([assets.resources() / "recipes"], Method)
    made: list[dict[str, Any]] = []
    if options.state and options.state.exists():
        made = [json.loads(line) for line in options.state.read_text("utf-8").splitlines()]
    done = {(tree["method"], tree["premise"]) for tree in made}
    client = EngineClient("llama")
    try:
        *_events, model = client.load(path)
        assert isinstance(model, Loaded)
        # Method after method: what it shows the model is read once.
        for method in SHAPES:
            for number, premise in enumerate(PREMISES[: options.premises]):
                if (method, premise) in done:
                    continue
                made.append(outline(client, model, methods[method], premise, 100 * number))
                if options.state:
                    with options.state.open("a", encoding="utf-8") as state:
                        state.write(json.dumps(made[-1]) + "\n")
    finally:
        client.close()
    if options.show:
        options.show.write_text(json.dumps(made, indent=1), "utf-8")
    print(json.dumps(figures(made)))


if __name__ == "__main__":
    main()
