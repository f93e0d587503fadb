"""The peers our figures stand beside, each in a process of its own, asked the same prompts as we are.

**a** is llama-cpp-python's own ``Llama`` with its stream, **b** llama.cpp's server through the package
``xllamacpp`` (group ``bench``). Both with their own defaults, but for the size of the context.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Collection
from importlib.util import find_spec
from typing import Any

from writer_app.engine.protocol import Done, Ending, Sampling, Seconds
from writer_app.launch import command

CONTEXT = 4_096
#: The names under which both know our samplers; DRY only b has.
_SAMPLERS = ("temperature", "top_k", "top_p", "min_p", "repeat_penalty")
#: (text, told at the first token) -> (answer, tokens read, tokens reused, tokens written)
_Ask = Callable[[dict[str, Any], Callable[[], None]], tuple[str, int, int, int]]


class CannotAnswer(Exception):
    """A peer does not do what was asked; the text says what."""


def missing(kind: str) -> str:
    """Why a peer cannot be measured; empty when it can."""
    if kind == "b" and find_spec("xllamacpp") is None:
        return "the package xllamacpp is not installed (group bench)"
    return ""


class Peer:
    """A child that answers as a peer does.

    Args:
        kind: ``a`` or ``b``.
        model: Path of the model file.
        avoid: Variants of llama.cpp that this processor does not bear; b brings a library of its own.
    """

    def __init__(self, kind: str, model: str, avoid: Collection[str] = ()) -> None:
        self._kind = kind
        self._arguments = command("--peer", kind, model, *avoid)
        self._child = self._start()

    def close(self) -> None:
        """End it, and what it remembers with it."""
        self._child.kill()
        self._child.wait()

    def fresh(self) -> None:
        """Another one, that has read nothing."""
        self.close()
        self._child = self._start()

    def ask(
        self,
        text: str,
        *,
        max_tokens: int = 1,
        sampling: Sampling | None = None,
        alternatives: int = 1,
        **_ours: object,
    ) -> tuple[str, Done, float]:
        """(answer, what it cost, seconds to the first token)."""
        asked: dict[str, Any] = {"prompt": text, "max_tokens": max_tokens, "seed": 1}
        asked |= {name: getattr(sampling, name) for name in _SAMPLERS} if sampling else {}
        if alternatives > 1 and self._kind == "a":
            raise CannotAnswer("it writes one answer at a time")
        told = self._exchange(asked | ({"n": alternatives} if alternatives > 1 else {}))
        done = Done(
            reason=Ending.LENGTH,
            tokens_read=told["read"],
            tokens_reused=told["reused"],
            tokens_written=told["written"],
            seconds=Seconds(read=told["first"], write=told["all"] - told["first"]),
        )
        return told["text"], done, told["first"]

    def _start(self) -> "subprocess.Popen[bytes]":
        child = subprocess.Popen(
            self._arguments,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert child.stdout
        child.stdout.readline()  # it is ready
        return child

    def _exchange(self, asked: dict[str, Any]) -> dict[str, Any]:
        assert self._child.stdin
        assert self._child.stdout
        self._child.stdin.write(json.dumps(asked).encode() + b"\n")
        self._child.stdin.flush()
        told: dict[str, Any] = json.loads(self._child.stdout.readline())
        return told


def _a(model: str, avoid: Collection[str]) -> _Ask:
    import llama_cpp

    from writer_app.engine import devices

    devices.use_processor(avoid)
    llm = llama_cpp.Llama(model, n_ctx=CONTEXT)
    read, evaluate = [0], llm.eval

    def counted(tokens: list[int]) -> None:
        read[0] += len(tokens)
        evaluate(tokens)

    llm.eval = counted

    def ask(asked: dict[str, Any], begun: Callable[[], None]) -> tuple[str, int, int, int]:
        said: list[str] = []
        at_first = 0
        read[0] = 0
        for chunk in llm.create_completion(**asked, stream=True):
            if not said:
                begun()
                at_first = read[0]
            said.append(chunk["choices"][0]["text"])
        prompt = len(llm.tokenize(asked["prompt"].encode()))
        return "".join(said), at_first, prompt - at_first, max(1, len(said) - 1)

    return ask


def _b(model: str, _avoid: Collection[str]) -> _Ask:
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = model
    params.n_ctx, params.n_parallel, params.kv_unified = CONTEXT, 4, True
    server = xllamacpp.Server(params)

    def ask(asked: dict[str, Any], begun: Callable[[], None]) -> tuple[str, int, int, int]:
        said: list[str] = []
        timings: list[dict[str, Any]] = []

        def hear(chunk: dict[str, Any]) -> bool:
            if not said:
                begun()
            said.extend(choice["text"] for choice in chunk.get("choices", ()))
            if "timings" in chunk:
                timings.append(chunk["timings"])
            return False

        server.handle_completions(asked | {"stream": True}, hear)
        read = max(each["prompt_n"] for each in timings)
        reused = min(each["cache_n"] for each in timings)
        return "".join(said), read, reused, sum(each["predicted_n"] for each in timings)

    return ask


def main(kind: str, model: str, *avoid: str) -> int:
    """The child: a line of JSON in, a line of JSON out, on what was its standard output."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    ask = {"a": _a, "b": _b}[kind](model, avoid)
    print(file=out, flush=True)
    for line in sys.stdin:
        began = time.perf_counter()
        first = [0.0]

        def begun(since: float = began, into: list[float] = first) -> None:
            into[0] = time.perf_counter() - since

        text, read, reused, written = ask(json.loads(line), begun)
        told = {"text": text, "read": read, "reused": reused, "written": written}
        told |= {"first": first[0], "all": time.perf_counter() - began}
        print(json.dumps(told), file=out, flush=True)
    return 0
