"""Measure what shifting would change of what the model says next, beside what re-reading changes.

    python tests/bench/shifting.py [--model PATH] [--text FILE] [--places N] --json

After an edit, what follows it could stay in the cache at new positions ("shifting"), although it was computed
against the old text. For seeded edits (a word, a few words more or less, a sentence, a name) at several distances
before the caret, the distribution of the next token is compared with that after reading the edited text afresh:
at the caret and behind each of the 16 tokens that truly follow. Keys are ``shift_DISTANCE_LAST_AFTER_FIGURE``:
tokens of text behind the edit; of these, read again before the caret, and right behind the edit; and

``kl``: mean Kullback-Leibler divergence from the fresh read, nats; ``kl_worst``: of the worst edit;
``top``: share of places where the likeliest token is the same.

``twice_*`` and ``thrice_*`` are two and three edits 500 tokens before the caret without a fresh read between.
``edit_DISTANCE_*`` is what the edit itself changes. As few edits matter to what is said next, ``asked_*`` are edits
that do: a name is changed, and the caret stands where the model has to repeat it; ``new`` and ``old`` are the
probabilities of both names.

Yardsticks: ``later_*``, the same text read afresh from one paragraph later, as the window may do any time;
``cut_*``, in batches of another size; ``moved_*``, with all positions one higher, which changes nothing but
how numbers are rounded.

Prints one flat JSON object. Counts, not times: it may run beside anything.
"""

import argparse
import json
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import llama_cpp as native
import numpy as np

from tests.conftest import BOOKS
from writer_app.engine import models
from writer_app.engine.cache import Sequence
from writer_app.engine.context import Context
from writer_app.engine.llama import LlamaBackend
from writer_app.engine.protocol import Load

PROMPT = 1_500  # tokens
DISTANCES = (50, 200, 500, 1_000)
AGAIN = ((1, 0), (16, 0), (64, 0), (128, 0), (64, 32))
BEHIND = 16
KINDS = ("word", "insert", "delete", "sentence", "name")
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{3,}|宝玉|黛玉|宝钗|贾母|凤姐|袭人")
_WORD = re.compile(r"[A-Za-z]{5,}|[\u4e00-\u9fff]{2}")
_WORDS = re.compile(r"(?:[A-Za-z]+ ){3}|[\u4e00-\u9fff]{4}")
_NAMES = ("Marlowe", "Prescott", "Whitby", "Fairfax", "Langley", "Ashdown", "Thornton", "Bellamy")
_ASKED = (
    ("A visitor was announced, a Colonel {} from the north.", "“You are very welcome, Colonel"),
    ("We heard of a certain Dr. {}, who had lately come.", "I had not forgotten this Dr."),
    ("On the table lay the card of Lady {}, nothing more.", "The carriage stopped. It was Lady"),
)
_SENTENCE = re.compile(r"[^.?!。？！\n]{10,}[.?!。？！]")

Rows = np.ndarray[Any, np.dtype[np.float64]]


class Bench:
    """A model and a text; rows of log probabilities after reading in one way or another."""

    def __init__(self, model: str, text: str) -> None:
        backend = LlamaBackend()
        # One thread: counts are the same, and it does not mind company.
        backend.load(Load(id=1, model=model, threads=1), lambda _event: None)
        self.model = backend._model
        self.text = text
        self.context: Context = self.model.context
        self.figures: dict[str, list[tuple[float, float]]] = {}
        self.told: dict[str, list[tuple[float, float]]] = {}

    def tokens(self, text: str) -> list[int]:
        """Of a text from its beginning."""
        return self.model.vocabulary.tokenise(text.encode(), bos=True)

    def sequence(self, tokens: list[int]) -> Sequence:
        """Held in that way; texts play no part here."""
        return Sequence(list(tokens), [0] * len(tokens), b"", spelled=False)

    def read(self, tokens: list[int], *, batch: int = 256) -> None:
        """Read what is not held of these tokens."""
        self.context.hold(self.sequence(tokens), batch=batch)

    def read_moved(self, tokens: list[int]) -> None:
        """Read tokens at positions one higher than they have."""
        self.context.clear()
        rows = [(0, at, token) for at, token in enumerate(tokens, 1)]
        for start in range(0, len(rows), 256):
            self.context._decode(rows[start : start + 256])
        self.context.held[0] = self.sequence([0, *tokens])

    def piece(self, text: str, tokens: int) -> str:
        """The first so many tokens of a text, or a little less."""
        pieces = [self.model.vocabulary.piece(token) for token in self.tokens(text)[1:]]
        return b"".join(pieces[:tokens]).decode("utf-8", "ignore")

    def rows(self, behind: list[int]) -> Rows:
        """Log probabilities at the caret and behind each token that truly follows; they stay held."""
        first = self.context.scores()
        if behind:
            self.context.read({0: behind}, every=True)
        rows = [first] + [
            self.context.scores(back=len(behind) - 1 - at) for at in range(len(behind))
        ]
        scores = np.array(rows, dtype=np.float64)
        scores -= scores.max(axis=1, keepdims=True)
        made: Rows = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
        return made

    def shift(self, new: list[int], last: int, after: int = 0) -> None:
        """Go from the tokens held to ``new``, reading what was inserted, tokens after it, and the last ones."""
        old = self.context.held[0].tokens
        keep = common(old, new)
        tail = min(common(old[::-1], new[::-1]), min(len(old), len(new)) - keep)
        tail = max(0, tail - after)
        memory, spare = self.context._memory, 7
        native.llama_memory_seq_cp(memory, 0, spare, len(old) - tail, -1)
        # In two sequences: llama.cpp may write over cells of one that lie outside a sliding window.
        native.llama_memory_seq_cp(memory, spare, spare - 1, -1, -1)
        native.llama_memory_seq_rm(memory, 0, keep, -1)
        native.llama_memory_seq_add(memory, spare, -1, -1, len(new) - len(old))
        self.context.held[0].cut(keep)
        inserted = new[keep : len(new) - tail]
        for start in range(0, len(inserted), 256):
            self.context.read({0: inserted[start : start + 256]})
        native.llama_memory_seq_cp(memory, spare, 0, -1, -1)
        for number in (spare, spare - 1):
            native.llama_memory_seq_rm(memory, number, -1, -1)
        self.context.held[0] = self.sequence(new)
        self.context.rewind(0, len(new) - min(last, tail))
        self.read(new)

    def note(self, key: str, fresh: Rows, other: Rows) -> None:
        """Keep (divergence, agreement) of one comparison."""
        divergence = (np.exp(fresh) * (fresh - other)).sum(axis=1).mean()
        agreement = (fresh.argmax(axis=1) == other.argmax(axis=1)).mean()
        self.figures.setdefault(key, []).append((float(divergence), float(agreement)))

    def tell(self, key: str, rows: Rows, tokens: list[int]) -> None:
        """Keep the probabilities of two tokens."""
        one, other = np.exp(rows[0, tokens])
        self.told.setdefault(key, []).append((float(one), float(other)))


def common(one: list[int], other: list[int]) -> int:
    """Length of the common beginning."""
    pairs = zip(one, other, strict=False)
    return next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def edited(text: str, at: int, kind: str, chance: Random, book: str) -> str:
    """``text`` with one edit at the first fitting place from ``at`` on, the words taken from ``book``."""
    pattern = {"word": _WORD, "name": _NAME, "sentence": _SENTENCE}.get(kind, _WORDS)
    found = pattern.search(text, at) or _WORD.search(text, at)
    assert found
    other = found.group()
    while other == found.group():
        there = pattern.search(book, chance.randrange(len(book) - 20_000))
        assert there
        other = there.group()
    if kind == "insert":
        return text[: found.start()] + other + text[found.start() :]
    new = "" if kind == "delete" else other
    return text[: found.start()] + new + text[found.end() :]


def places(bench: Bench, count: int) -> Iterator[tuple[str, list[int]]]:
    """Prompts that start at a paragraph and end between words, and the tokens that truly follow."""
    each = (len(bench.text) - 40_000) // count
    for number in range(count):
        start = bench.text.index("\n\n", 20_000 + number * each) + 2
        prompt = bench.piece(bench.text[start : start + 9_000], PROMPT)
        prompt = prompt[: prompt.rindex(" ")] if " " in prompt[-40:] else prompt
        held = bench.tokens(prompt)
        after = bench.text[start + len(prompt) : start + len(prompt) + 200]
        yield prompt, bench.tokens(prompt + after)[len(held) : len(held) + BEHIND]


def edits(bench: Bench, count: int, chance: Random) -> None:
    """Edits of all kinds at some places, and the yardsticks."""
    context = bench.context
    for number, (prompt, behind) in enumerate(places(bench, count)):
        old = bench.tokens(prompt)
        context.clear()
        bench.read(old)
        before = context.snapshot()
        unedited = bench.rows(behind)
        context.clear()
        bench.read(bench.tokens(prompt[prompt.index("\n\n") + 2 :]))
        bench.note("later", unedited, bench.rows(behind))
        if number < 3:
            context.clear()
            bench.read(old, batch=192)
            bench.note("cut", unedited, bench.rows(behind))
            bench.read_moved(old)
            bench.note("moved", unedited, bench.rows(behind))
        for step, distance in enumerate(DISTANCES):
            kind = KINDS[(number + step) % len(KINDS)]
            at = len(prompt) * (len(old) - distance) // len(old)
            new = edited(prompt, at, kind, chance, bench.text)
            tokens = bench.tokens(new)
            context.restore(bench.sequence(old), before)
            bench.read(tokens)
            fresh = bench.rows(behind)
            bench.note(f"edit_{distance}", fresh, unedited)
            for last, after in AGAIN:
                context.restore(bench.sequence(old), before)
                bench.shift(tokens, last, after)
                bench.note(f"shift_{distance}_{last}_{after}", fresh, bench.rows(behind))
            if distance == 500:
                again(bench, (old, before), new, at, behind, chance)
        sys.stderr.write(f"{number + 1} of {count}\n")


def again(
    bench: Bench,
    start: tuple[list[int], bytes],
    new: str,
    at: int,
    behind: list[int],
    chance: Random,
) -> None:
    """A second and a third edit a little farther on: what lies behind all of them is stale thrice."""
    context, held = bench.context, start
    for number, name in enumerate(("once", "twice", "thrice")):
        if number:
            new = edited(new, at + 150 * number, KINDS[number], chance, bench.text)
        tokens = bench.tokens(new)
        context.restore(bench.sequence(held[0]), held[1])
        bench.shift(tokens, 64)
        held = tokens, context.snapshot()
        shifted = bench.rows(behind)
        if number:
            context.restore(bench.sequence(start[0]), start[1])
            bench.read(tokens)
            bench.note(name, bench.rows(behind), shifted)


def asked(bench: Bench, count: int) -> None:
    """Edits of a name that the model has to repeat."""
    context, each = bench.context, (len(bench.text) - 60_000) // count
    for number in range(count):
        start = bench.text.index("\n\n", 30_000 + number * each) + 2
        lead, question = _ASKED[number % len(_ASKED)]
        names = _NAMES[number % len(_NAMES)], _NAMES[(number + 3) % len(_NAMES)]
        first = [bench.model.vocabulary.tokenise(f" {name}".encode())[0] for name in names]
        for distance in (500, 1_000):
            here = bench.text.index("\n\n", start + 500)
            rest = bench.text[here:]
            tail = rest[: rest.rindex(". ", 0, len(bench.piece(rest[:9_000], distance))) + 1]
            old, new = (f"{bench.text[start:here]}\n\n{lead.format(name)}{tail}" for name in names)
            new_tokens = bench.tokens(new)
            full = [*new_tokens, *bench.model.vocabulary.tokenise(f"\n\n{question}".encode())]
            context.clear()
            bench.read(bench.tokens(old))
            before = context.snapshot()
            bench.read(full)
            fresh = bench.rows([])
            bench.tell(f"asked_{distance}_fresh", fresh, first)
            for last, after in ((1, 0), (64, 0), (64, 32)):
                context.restore(bench.sequence(bench.tokens(old)), before)
                bench.shift(new_tokens, last, after)
                bench.read(full)
                rows = bench.rows([])
                bench.note(f"asked_{distance}_{last}_{after}", fresh, rows)
                bench.tell(f"asked_{distance}_{last}_{after}", rows, first)
            context.clear()
            later = bench.tokens(new[new.index("\n\n") + 2 :])
            bench.read(later + full[len(new_tokens) :])
            bench.note(f"asked_{distance}_later", fresh, bench.rows([]))
        sys.stderr.write(f"asked {number + 1} of {count}\n")


def summed_up(bench: Bench) -> Iterator[tuple[str, float]]:
    """The figures of all comparisons."""
    for key, pairs in bench.figures.items():
        divergences = [divergence for divergence, _ in pairs]
        yield f"{key}_kl", float(np.mean(divergences))
        yield f"{key}_kl_worst", max(divergences)
        yield f"{key}_top", float(np.mean([agreement for _, agreement in pairs]))
    for key, told in bench.told.items():
        for which, name in enumerate(("old", "new")):
            yield f"{key}_{name}", float(np.mean([pair[which] for pair in told]))


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", default="")
    parser.add_argument("--text", type=Path, default=BOOKS / "sherlock-holmes.md")
    parser.add_argument("--places", type=int, default=12)
    parser.add_argument("--json", action="store_true", help="print one line of JSON (always done)")
    options = parser.parse_args()
    if not options.text.is_file():
        sys.stderr.write(f"{options.text} is not there; name a text with --text\n")
        return 2
    cache = Path(tempfile.gettempdir()) / "longhand-bench"
    model = options.model or str(
        models.prepare(models.for_text(models.installed(cache, cache), "en"))
    )
    bench = Bench(model, options.text.read_text("utf-8"))
    edits(bench, options.places, Random(1))
    asked(bench, options.places)
    print(json.dumps({key: round(value, 5) for key, value in summed_up(bench)}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
