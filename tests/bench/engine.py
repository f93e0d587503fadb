"""Measure what the engine spares a writer: counts and ratios, the starter model, prompts of 3,000 tokens.

    python tests/bench/engine.py [--model PATH] [--text FILE] [--only NAME ...] --json

Prints one flat JSON object. ``KEY_a`` is the same figure for llama-cpp-python's own ``Llama``; what cannot be
had is null, with ``KEY_why``. ``reread_*`` are tokens read again over tokens in the prompts: what is new in
a prompt is not counted: of ``reread_bible_*`` a new version of an entry of 80 tokens. There ``change`` is the worst
of an entry that becomes active, one that falls silent, and one that is added to; ``correction`` takes back what stands in
the head, which must be read anew, and ``correction_again`` corrects the same entry once more. ``session_*``
are tokens read again in an editing session (tests/engine/editing.py) over those of other tools' rules. Run it alone: ratios of times are taken within one run, but two cores are easily
disturbed.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

from tests.conftest import BOOKS
from tests.engine.editing import BIBLE
from tests.engine.reuse_rules import tokens_read, vocabulary_of
from writer_app.craft import recipe
from writer_app.craft.layout import Fact, Layout
from writer_app.craft.planner import lay_out
from writer_app.engine import models
from writer_app.engine.answer import Answer
from writer_app.engine.client import EngineClient, counter
from writer_app.engine.llama import LlamaBackend
from writer_app.engine.protocol import Done, Ending, Generate, Load, Part, Read, Sampling, Text

PROMPT = 3_000  # tokens
GREEDY = Sampling(temperature=0)
STEADY = recipe.load_all([Path(__file__).parents[2] / "resources" / "recipes"], "continue")[0][
    "steady"
].sampling
PROJECT = "bench"


class Bench:
    """A text, a model, and clients made as needed."""

    def __init__(self, model: str, text: str, folder: Path) -> None:
        self.model = model
        self.text = text
        self.folder = folder
        self._clients: list[EngineClient] = []
        self.client = self.fresh()
        #: Characters that make a prompt.
        self.size = len(text[: self._characters(PROMPT)])

    def fresh(self, *, threads: int = 0) -> EngineClient:
        """A client with a child and a model of its own; any other is closed."""
        self.close()
        client = EngineClient("llama", str(self.folder))
        list(client.load(self.model, threads=threads))
        self._clients.append(client)
        self.client = client
        return client

    def close(self) -> None:
        """End all children."""
        for client in self._clients:
            client.close()
        self._clients.clear()

    def prompt(self, number: int) -> str:
        """One of several stretches of the text, each of about :data:`PROMPT` tokens."""
        start = self.text.index("\n\n", 20_000 + number * 2 * self.size) + 2
        return self.text[start : start + self.size].rstrip()

    def ask(self, text: str, **settings: Any) -> tuple[str, Done, float]:
        """(answer, done, seconds to the first text)."""
        given = {"max_tokens": 1, "min_tokens": 1, "seed": 1} | settings
        request = Generate(id=self.client.new_id(), parts=(Part(id="text", text=text),), **given)
        began, first, said = time.perf_counter(), 0.0, []
        for event in self.client.generate(request):
            if isinstance(event, Text):
                first = first or time.perf_counter() - began
                said.append(event.text)
        assert isinstance(event, Done)
        return "".join(said), event, first or time.perf_counter() - began

    def tokens(self, text: str) -> int:
        """Tokens of a text."""
        return self.client.count([text]).tokens[0]

    def _characters(self, tokens: int) -> int:
        sample = self.text[20_000:60_000]
        return int(len(sample) / self.tokens(sample) * tokens)


def prompt_tokens(done: Done) -> int:
    """All tokens of a prompt."""
    return done.tokens_read + done.tokens_reused


def rereading(bench: Bench) -> Iterator[tuple[str, float]]:
    """Appending, retrying, editing: what is read again."""
    text = bench.prompt(0)
    bench.ask(text)
    _, done, _ = bench.ask(text)
    yield "reread_retry", done.tokens_read / prompt_tokens(done)

    near = text[:-200].rstrip() + " quietly" + text[-200:]
    _, done, _ = bench.ask(near)
    new = bench.tokens(" quietly")
    yield "reread_edit_near_end", max(0, done.tokens_read - new) / prompt_tokens(done)

    middle = text[: len(text) // 2].rstrip() + " quietly" + text[len(text) // 2 :]
    _, done, _ = bench.ask(middle)
    yield "reread_edit_middle", max(0, done.tokens_read - new) / prompt_tokens(done)
    after = bench.tokens(text[len(text) // 2 :])
    yield "reread_edit_middle_after", after / prompt_tokens(done)


def appending(bench: Bench) -> Iterator[tuple[str, float]]:
    """200 times 20 tokens more, over at least two steps of the window."""
    start = bench.text.index("\n\n", 20_000) + 2
    caret = start + bench.size
    layouts, last, again, total, steps = (), caret, 0, 0, 0
    for number in range(200):
        before, layouts = (
            layouts,
            lay_out(bench.text, caret, (), PROMPT, counter(bench.client), layouts),
        )
        begin = layouts[0].start.at
        steps += bool(before) and begin != before[0].start.at
        _, done, _ = bench.ask(bench.text[begin:caret])
        if number:
            again += max(0, done.tokens_read - bench.tokens(bench.text[last:caret]))
            total += prompt_tokens(done)
        last, caret = caret, caret + bench.size * 20 // PROMPT
    yield "reread_append", again / total
    yield "append_window_steps", steps


def changing_the_bible(bench: Bench) -> Iterator[tuple[str, float]]:
    """Entries of the story bible that become active, fall silent and are edited, with room left in the window."""
    start = bench.text.index("\n\n", 20_000) + 2
    caret, entries = start + 2 * bench.size, [Fact(*entry) for entry in BIBLE.items()]
    layouts: tuple[Layout, ...] = ()

    def ask(facts: list[Fact], new: Fact | None = None) -> float:
        """Share of the prompt that is read again."""
        nonlocal layouts
        budget = PROMPT + 400 if layouts else PROMPT
        layouts = lay_out(bench.text, caret, facts, budget, counter(bench.client), layouts)
        text = "".join(part.text for part in layouts[0].parts(bench.text[:caret]))
        _, done, _ = bench.ask(text)
        new_tokens = bench.tokens(new.paragraph) if new else 0
        return max(0, done.tokens_read - new_tokens) / prompt_tokens(done)

    ask(entries[:4])
    active = ask(entries[:5], entries[4])
    silent = ask(entries[1:5])
    added = Fact(entries[1].id, entries[1].text + " He is expected tomorrow.")
    adding = ask([added, *entries[2:5]], added)
    yield "reread_bible_change", max(active, silent, adding)
    for key, old, new in (("", "ten thousand", "two thousand"), ("_again", "two", "four")):
        added = Fact(added.id, added.text.replace(old, new))
        yield f"reread_bible_correction{key}", ask([added, *entries[2:5]], added)


def session(bench: Bench) -> Iterator[tuple[str, float]]:
    """200 steps of a writer over one chapter: tokens read again, against other rules."""
    book = (BOOKS / "pride-and-prejudice.md").read_text("utf-8")
    with vocabulary_of(bench.model) as vocabulary:
        read, new = tokens_read(vocabulary, book, seed=0)
    for other in ("plain", "kobold"):
        yield f"session_reread_over_{other}", (read["ours"] - new) / (read[other] - new)


def restarting(bench: Bench) -> Iterator[tuple[str, float]]:
    """A project that is opened again, and what was read along."""
    text = bench.prompt(1)
    bench.fresh()
    _, done, cold = bench.ask(text, project=PROJECT)
    bench.client.save()
    bench.fresh()
    _, done, warm = bench.ask(text, project=PROJECT)
    yield "reread_after_restart", done.tokens_read / prompt_tokens(done)
    yield "restart_ttft_ratio", warm / cold

    text = bench.prompt(2)
    bench.client.read(Read(id=bench.client.new_id(), parts=(Part(id="text", text=text[:-200]),)))
    bench.client.read(Read(id=bench.client.new_id(), parts=(Part(id="text", text=text),)))
    _, done, first = bench.ask(text)
    yield "readalong_ttft_ratio", first / cold


def alternatives(bench: Bench) -> Iterator[tuple[str, float]]:
    """Four answers beside one."""
    text = bench.prompt(3)
    bench.ask(text)
    settings = {"max_tokens": 48, "min_tokens": 48, "sampling": STEADY}
    calls, seconds = [], []
    for _ in range(3):
        one = bench.ask(text, **settings)[1]
        four = bench.ask(text, **settings, alternatives=4)[1]
        calls.append(four.decode_calls / one.decode_calls)
        seconds.append(four.seconds.write / one.seconds.write)
    yield "alternatives4_steps_ratio", statistics.median(calls)
    yield "alternatives4_time_ratio", statistics.median(seconds)


def cancelling(bench: Bench) -> Iterator[tuple[str, float]]:
    """From the cancel to the end, while reading and while writing."""
    text = bench.prompt(4)
    for name, pause, fresh in (("prompt", 0.3, True), ("decode", 0.0, False)):
        waits = []
        for number in range(20):
            shown = f"{number} {text}" if fresh else text[:600]
            request = Generate(
                id=bench.client.new_id(),
                parts=(Part(id="text", text=shown),),
                max_tokens=400,
                min_tokens=400,
            )
            cancelled = []

            def cancel(request_id: int = request.id, into: list[float] = cancelled) -> None:
                into.append(time.perf_counter())
                bench.client.cancel(request_id)

            timer = threading.Timer(pause, cancel)
            if fresh:
                timer.start()
            for event in bench.client.generate(request):
                if not fresh and isinstance(event, Text) and not cancelled:
                    cancel()
            timer.cancel()
            waits.append((time.perf_counter() - cancelled[0]) * 1000)
        yield f"cancel_{name}_ms_p95", sorted(waits)[18]


def lookup(bench: Bench) -> Iterator[tuple[str, float]]:
    """Answers that repeat an edited passage, with and without drafts from the unedited one."""
    passages = [p for p in bench.text.split("\n\n") if 700 < len(p) < 1100 and p.isascii()][:20]
    bench.close()
    backend = LlamaBackend()
    backend.load(Load(id=1, model=bench.model), lambda _event: None)
    pairs = [
        dictated(backend, passage, edited(passage, Random(number + 1)))
        for number, passage in enumerate(passages)
    ]
    yield (
        "lookup_calls_per_token",
        sum(calls for calls, _, _ in pairs) / sum(n for _, n, _ in pairs),
    )
    yield "lookup_time_ratio", statistics.median(ratio for _, _, ratio in pairs)
    backend._model.free()
    bench.fresh()

    ratios, same = [], True
    for passage in passages[:8]:
        head = f"{passage}\n\nThe same, corrected:\n\n"
        settings = {"max_tokens": 120, "min_tokens": 120, "sampling": GREEDY}
        bench.ask(head)
        plain = bench.ask(head, **settings)
        drafted = bench.ask(head, **settings, like=passage)
        ratios.append(drafted[1].seconds.write / plain[1].seconds.write)
    yield "lookup_natural_time_ratio", statistics.median(ratios)
    bench.fresh(threads=1)
    for passage in passages[:4]:
        head = f"{passage}\n\nThe same, corrected:\n\n"
        settings = {"max_tokens": 60, "min_tokens": 60, "sampling": GREEDY}
        bench.ask(head)
        same = (
            same and bench.ask(head, **settings)[0] == bench.ask(head, **settings, like=passage)[0]
        )
    yield "lookup_identical", same
    bench.fresh()


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


def dictated(backend: LlamaBackend, passage: str, target: str) -> tuple[int, int, float]:
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
    answer._write_drafting(Dictated(tokens), (start, None), start, len(head.tokens))
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


def raw(bench: Bench) -> Iterator[tuple[str, Any]]:
    """Our tokens per second through the whole pipe over the bare C loop, in alternating slices.

    The bare loop runs in a process of its own with the same chain of samplers, threads and settings.
    """
    from tests.bench.raw_loop import Bare

    # Ends with a sentence: to finish a word takes looks besides.
    text = bench.prompt(5)[:1_500]
    text, count = text[: text.rindex(". ") + 1], 64
    settings = {"max_tokens": count, "min_tokens": count, "sampling": STEADY}
    bench.ask(text)
    with Bare(bench.model, text, count) as bare:
        pairs = []
        for _ in range(9):
            done = bench.ask(text, **settings)[1]
            ours = done.tokens_written / done.seconds.write
            pairs.append(ours / bare.tokens_per_second())
    yield "decode_ratio_raw", statistics.median(pairs)


def pacing(bench: Bench) -> Iterator[tuple[str, Any]]:
    """Our tokens per second over llama.cpp's defaults, alone and beside a busy process, in alternating slices.

    The defaults are the bare loop with a thread for each processor and nothing told to the library that makes
    them wait. ``threads_chosen_s`` are seconds from the start of the busy process until our last change of
    threads in the ten seconds that follow.
    """
    from tests.bench.raw_loop import Bare

    text = bench.prompt(5)[:1_500]
    text, count = text[: text.rindex(". ") + 1], 32
    settings = {"max_tokens": count, "min_tokens": count, "sampling": STEADY}
    bench.fresh()
    with Bare(bench.model, text, count, plain=True) as bare:

        def ratio() -> float:
            done = bench.ask(text, **settings)[1]
            return done.tokens_written / done.seconds.write / bare.tokens_per_second()

        ratio()  # reads the text, and finds the threads for a start
        yield "alone_ratio", statistics.median(ratio() for _ in range(7))
        busy = subprocess.Popen([sys.executable, "-c", "while True: pass"])
        try:
            began, chosen = time.perf_counter(), list[tuple[float, int]]()
            while (now := time.perf_counter() - began) < 10:
                done = bench.ask(text, **settings | {"max_tokens": 6, "min_tokens": 6})[1]
                if not chosen or done.threads != chosen[-1][1]:
                    chosen.append((now + done.seconds.read + done.seconds.write, done.threads))
            yield "threads_chosen_s", chosen[-1][0]
            yield "busy_gain", statistics.median(ratio() for _ in range(5))
            yield "busy_threads", done.threads
        finally:
            busy.kill()
            busy.wait()


#: What is not built yet, and why there is no figure.
MISSING = {
    "readalong_key_ratio": "not measured yet",
    "lookup_first_gap_max": "not measured yet",
}
PARTS: dict[str, Callable[[Bench], Iterator[tuple[str, Any]]]] = {
    "rereading": rereading,
    "appending": appending,
    "changing_the_bible": changing_the_bible,
    "session": session,
    "restarting": restarting,
    "alternatives": alternatives,
    "cancelling": cancelling,
    "lookup": lookup,
    "raw": raw,
    "pacing": pacing,
}


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", default="")
    parser.add_argument("--text", type=Path, default=BOOKS / "sherlock-holmes.md")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--json", action="store_true", help="print one line of JSON (always done)")
    options = parser.parse_args()
    if not options.text.is_file():
        sys.stderr.write(f"{options.text} is not there; name a text with --text\n")
        return 2
    figures: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        cache = Path(tempfile.gettempdir()) / "longhand-bench"
        model = options.model or str(
            models.prepare(models.for_text(models.installed(cache, cache), "en"))
        )
        bench = Bench(model, options.text.read_text("utf-8"), Path(folder))
        try:
            for name in options.only:
                for key, value in PARTS[name](bench):
                    figures[key] = round(value, 4) if isinstance(value, float) else value
        finally:
            bench.close()
    for key, reason in MISSING.items():
        figures |= {key: None, f"{key}_why": reason}
    print(json.dumps(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
