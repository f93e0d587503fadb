"""How much faster is written what resembles a known text, and whether it is the same."""

import math
import statistics
import time
from collections.abc import Iterator
from itertools import zip_longest
from random import Random
from typing import Any, cast

from writer_app.bench.rig import GREEDY, Bench
from writer_app.engine.answer import Answer
from writer_app.engine.branch import Branch
from writer_app.engine.llama import LlamaBackend
from writer_app.engine.protocol import Ending, Generate, Load, Part, Text, Token


def lookup(bench: Bench) -> Iterator[tuple[str, float | bool]]:
    """Answers that repeat an edited passage, with and without drafts from the unedited one."""
    passages = [p for p in bench.text.split("\n\n") if 700 < len(p) < 1100][:20]
    bench.close()
    backend = LlamaBackend()
    backend.load(Load(id=1, model=bench.model, avoid=bench.avoid), lambda _event: None)
    pairs = [
        write_dictated(backend, passage, edited(passage, Random(number + 1)))
        for number, passage in enumerate(passages)
    ]
    calls, tokens = sum(calls for calls, _, _ in pairs), sum(n for _, n, _ in pairs)
    yield "lookup_calls_per_token", calls / tokens
    yield "lookup_time_ratio", statistics.median(ratio for _, _, ratio in pairs)
    backend._model.free()
    bench.restart()

    ratios, gaps = [], []
    for passage in passages[:8]:
        head = _correct(passage)
        settings = {"max_tokens": 120, "min_tokens": 120, "sampling": GREEDY}
        bench.ask(head)
        plain = bench.ask(head, **settings)
        drafted = bench.ask(head, **settings, like=passage)
        ratios.append(drafted[1].seconds.write / plain[1].seconds.write)
        gaps.append(_gap(_reported(bench, head), _reported(bench, head, like=passage)))
    yield "lookup_natural_time_ratio", statistics.median(ratios)
    yield "lookup_first_gap_max", max(gaps)

    bench.restart(threads=1)
    same = True
    for passage in passages[:4]:
        head = _correct(passage)
        settings = {"max_tokens": 60, "min_tokens": 60, "sampling": GREEDY}
        bench.ask(head)
        plain, drafted = bench.ask(head, **settings), bench.ask(head, **settings, like=passage)
        same = same and plain[0] == drafted[0]
    yield "lookup_identical", same
    bench.restart()


def _correct(passage: str) -> str:
    return f"{passage}\n\nThe same, corrected:\n\n"


def _reported(bench: Bench, text: str, **more: Any) -> list[Token]:  # noqa: ANN401 - of a request
    """The tokens of an answer, each with the probabilities of the two best."""
    request = Generate(
        id=bench.client.new_id(),
        parts=(Part(id="text", text=text),),
        max_tokens=120,
        min_tokens=120,
        sampling=GREEDY,
        seed=1,
        probabilities=2,
        **more,
    )
    events = bench.client.generate(request)
    return [token for event in events if isinstance(event, Text) for token in event.tokens]


def _gap(plain: list[Token], drafted: list[Token]) -> float:
    """Difference of the two best logits of ``plain`` where the two first differ; 0 where they do not."""
    for one, other in zip_longest(plain, drafted):
        if one is None or other is None or one.text != other.text:
            return math.log(one.best[0][1] / one.best[1][1]) if one else math.inf
    return 0.0


class Dictated:
    """A branch whose tokens are those of a given text, whatever the scores say."""

    def __init__(self, tokens: list[int]) -> None:
        self._tokens = tokens
        self.written = 0
        self.ending: Ending | None = None

    def draw(self, *_scores: object) -> int | None:
        """The next token; ``None`` at the end."""
        self.written += 1
        if self.written <= len(self._tokens):
            return self._tokens[self.written - 1]
        self.ending = Ending.END
        return None


def write_dictated(backend: LlamaBackend, passage: str, target: str) -> tuple[int, int, float]:
    """(calls with drafts, tokens, time with drafts over time without) of writing ``target``.

    Both sides do all that a step does, but for the drawing, which costs both the same.
    """
    model = backend._model
    context, tokens = model.context, model.vocabulary.tokenise(target.encode())
    request = Generate(id=1, max_tokens=len(tokens) + 1, like=passage)
    answer = Answer(model, request, lambda _event: None, passage)
    head = answer._tokens()
    context.hold(head)
    plain, began = Dictated(tokens), time.perf_counter()
    scores = context.scores()
    while (token := plain.draw(scores)) is not None:
        context.extend({0: token})
        scores = context.scores()
    alone = time.perf_counter() - began
    context.hold(head)
    calls, began = context.decode_calls, time.perf_counter()
    start = context.scores()
    dictated = cast("Branch", Dictated(tokens))
    answer._write_drafting(dictated, (start, None), start, len(head.tokens))
    return context.decode_calls - calls, len(tokens), (time.perf_counter() - began) / alone


def edited(passage: str, chance: Random) -> str:
    """The passage with 4 % of its words replaced, deleted or inserted."""
    made = []
    for word in passage.split(" "):
        deed = chance.choice(("replace", "delete", "insert")) if chance.random() < 0.04 else ""
        if deed != "delete":
            made.append("quite" if deed == "replace" else word)
        if deed == "insert":
            made.append("very")
    return " ".join(made)
