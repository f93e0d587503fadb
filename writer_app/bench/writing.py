"""How fast is written: alternatives, drafts, threads."""

import statistics
import subprocess
import sys
import time
from collections.abc import Iterator

from writer_app.bench.bare import Bare
from writer_app.bench.rig import STEADY, Asked, Bench


def alternatives(bench: Asked) -> Iterator[tuple[str, float]]:
    """Four answers beside one."""
    text = bench.prompt(3)
    bench.ask(text)
    settings = {"max_tokens": 48, "min_tokens": 48, "sampling": STEADY}
    calls, seconds = [], []
    for _ in range(3):
        one = bench.ask(text, **settings)[1]
        four = bench.ask(text, **settings, alternatives=4)[1]
        if one.decode_calls:  # a peer does not tell
            calls.append(four.decode_calls / one.decode_calls)
        seconds.append(four.seconds.write / one.seconds.write)
    if calls:
        yield "alternatives4_steps_ratio", statistics.median(calls)
    yield "alternatives4_time_ratio", statistics.median(seconds)


def raw(bench: Asked) -> Iterator[tuple[str, float]]:
    """Our tokens per second through the whole pipe over the bare C loop, in alternating slices.

    The bare loop runs in a process of its own with the same chain of samplers, threads and settings.
    """
    # Ends with a sentence: to finish a word takes looks besides.
    text = bench.prompt(5)[:1_500]
    text, count = text[: text.rindex(". ") + 1], 64
    settings = {"max_tokens": count, "min_tokens": count, "sampling": STEADY}
    bench.ask(text)
    with Bare(bench, text, count) as bare:
        pairs = []
        for _ in range(9):
            done = bench.ask(text, **settings)[1]
            ours = done.tokens_written / done.seconds.write
            pairs.append(ours / bare.tokens_per_second())
    yield "decode_ratio_raw", statistics.median(pairs)


def pacing(bench: Bench) -> Iterator[tuple[str, float]]:
    """Our tokens per second over llama.cpp's defaults, alone and beside a busy process, in alternating slices.

    The defaults are the bare loop with a thread for each processor and nothing told to the library that makes
    them wait. ``threads_chosen_s`` are seconds from the start of the busy process until our last change of
    threads in the ten seconds that follow.
    """
    text = bench.prompt(5)[:1_500]
    text, count = text[: text.rindex(". ") + 1], 32
    settings = {"max_tokens": count, "min_tokens": count, "sampling": STEADY}
    bench.restart()
    with Bare(bench, text, count, plain=True) as bare:

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
