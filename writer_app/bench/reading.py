"""What is read again, how soon an answer begins, and how soon it stops."""

import threading
import time
from collections.abc import Callable, Iterator

from writer_app.bench.rig import PROMPT, Asked, Bench, prompt_tokens
from writer_app.craft.layout import Fact, Layout
from writer_app.craft.planner import lay_out
from writer_app.engine.client import counter
from writer_app.engine.protocol import Generate, Part, Read, Text

PROJECT = "bench"
#: Characters of an entry of a story bible, about 80 tokens.
_ENTRY = 330


def rereading(bench: Asked) -> Iterator[tuple[str, float]]:
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


def appending(bench: Asked, counting: Bench) -> Iterator[tuple[str, float]]:
    """200 times 20 tokens more, over at least two steps of the window, which is laid out as ours is."""
    count = counter(counting.client)
    start = bench.text.index("\n\n", 20_000) + 2
    caret = start + bench.size
    layouts: tuple[Layout, ...] = ()
    last, again, total, steps = caret, 0, 0, 0
    for number in range(200):
        before, layouts = layouts, lay_out(bench.text, caret, (), PROMPT, count, layouts)
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
    caret = start + 2 * bench.size
    entries = [Fact(f"entry {n}", _sentences(bench.text[n * 1_000 :])) for n in range(3, 8)]
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
    for key, old, new in (("", " ", " not "), ("_again", " not ", " never ")):
        added = Fact(added.id, added.text.replace(old, new, 1))
        yield f"reread_bible_correction{key}", ask([added, *entries[2:5]], added)


def _sentences(text: str) -> str:
    """Whole sentences, about as long as an entry: one that is cut off would be corrected by adding to it."""
    begin = text.index(". ") + 2
    return text[begin : text.index(". ", begin + _ENTRY) + 1]


def restarting(bench: Asked, save: Callable[[], object]) -> Iterator[tuple[str, float]]:
    """A project that is opened again."""
    text = bench.prompt(1)
    bench.restart()
    _, done, cold = bench.ask(text, project=PROJECT)
    save()
    bench.restart()
    _, done, warm = bench.ask(text, project=PROJECT)
    yield "reread_after_restart", done.tokens_read / prompt_tokens(done)
    yield "restart_ttft_ratio", warm / cold


def along(bench: Bench) -> Iterator[tuple[str, float]]:
    """What was read along: at rest before the last 200 characters, and again behind them."""
    bench.restart()
    _, _, cold = bench.ask(bench.prompt(1))
    text = bench.prompt(2)
    for read in (text[:-200], text):
        bench.client.read(Read(id=bench.client.new_id(), parts=(Part(id="text", text=read),)))
    yield "readalong_ttft_ratio", bench.ask(text)[2] / cold


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
            cancelled: list[float] = []

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
