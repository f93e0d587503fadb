"""A backend that plays a script: a real child process without a model, for tests of everything around it.

The script is a JSON file: ``{"context": 4096, "name": "Scripted", "loads": [...], "answers": [[step, ...], ...]}``.
Each ``generate`` plays the next answer, the last one again and again. A step is one of::

    {"text": "words "}      a token                {"stall": 5}        silence for so many seconds, heartbeat and all
    {"wait": 0.05}          a pause                {"garbage": "..."}  a line that is no event
    {"reading": [64, 512]}  progress of reading    {"signal": "SIGSEGV"}  the process dies of it
    {"fail": "TooLong", "params": {...}}           {"exit": 137}       the process ends
    {"echo": true}          a token with the request's prompt and suffix, as JSON

A ``text`` step with ``"alternative": 1`` beside it belongs to the second alternative, and so on.

What computes is played too: ``"variants": {"amx": part, "avx2": part}``, the best one first, and
``"graphics": part``. A part says what happens while it is used: ``{"loads": [step, ...], "answers": [step, ...]}``
before the model is loaded, and before each answer or reading; for graphics also ``"name"`` and ``"layers": [held, all]``.
"""

import json
import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

import msgspec

from writer_app.engine.backend import Cancelled, Emit
from writer_app.engine.protocol import (
    Alternative,
    Counted,
    Done,
    Ending,
    Generate,
    Load,
    Loaded,
    Loading,
    Read,
    Reading,
    Seconds,
    Text,
    Trying,
)
from writer_app.errors import EngineError, ModelMissing, TooLong, from_code


class ScriptedBackend:
    """Plays the script in the file ``path``."""

    name = "scripted"

    def __init__(self, path: str) -> None:
        if not Path(path).is_file():
            raise ModelMissing(path=path)
        self._script: dict[str, Any] = json.loads(Path(path).read_text("utf-8"))
        self._played = 0
        self._parts: list[dict[str, Any]] = []  # of what computes
        self._stop = threading.Event()
        self._dropped: set[int] = set()

    def cancel(self) -> None:
        """Stop at the next step."""
        self._stop.set()

    def read(self, request: Read, emit: Emit) -> Done:
        """Nothing to read ahead; what computes does what it does before an answer."""
        for step in self._of_parts("answers"):
            self._play(step, request.id, emit)
        return Done(id=request.id, reason=Ending.END)

    def save(self) -> None:
        """Nothing to keep."""

    def forget(self, _project: str) -> None:
        """Nothing to forget."""

    def drop(self, alternative: int) -> None:
        """Say no more of this alternative."""
        self._dropped.add(alternative)

    def ready(self) -> None:
        """Forget an earlier cancel or drop."""
        self._dropped.clear()
        self._stop.clear()

    def load(self, request: Load, emit: Emit) -> Loaded:
        """Play the script's ``loads``, then be ready."""
        machine = self._begin(request, emit)
        for step in [*self._of_parts("loads"), *self._script.get("loads", [])]:
            self._play(step, request.id, emit)
        if self._stop.is_set():
            raise Cancelled
        emit(Loading(id=request.id, fraction=1.0))
        given = self._script.get("loaded", {})
        return msgspec.convert(
            {"id": request.id, "name": "Scripted", "context": 4096, "machine": machine}
            | given
            | {"type": "loaded"},
            Loaded,
        )

    def _begin(self, request: Load, emit: Emit) -> dict[str, Any]:
        """Choose what computes and say so, as the real one does; returns the fields of a ``Machine``."""
        variants = self._script.get("variants", {})
        left = [name for name in variants if name not in request.avoid]
        if variants and not left:
            raise EngineError(reason="no variant left")
        graphics = self._script.get("graphics", {}) if request.gpu_layers else {}
        name, variant = graphics.get("name", ""), left[0] if left else ""
        emit(Trying(id=request.id, variant=variant, graphics=name))
        self._parts = [variants.get(variant, {}), graphics]
        held, everything = graphics.get("layers", (0, 0))
        machine = {"variant": variant, "graphics": name, "layers": held, "all_layers": everything}
        return machine | {"library": "scripted", "system": "SSE = 1", "threads": 2}

    def _of_parts(self, when: str) -> list[dict[str, Any]]:
        return [step for part in self._parts for step in part.get(when, [])]

    def count(self, texts: tuple[str, ...], request_id: int) -> Counted:
        """Four characters to a token, at least one to a text that has any."""
        return Counted(id=request_id, tokens=tuple(-(-len(text) // 4) for text in texts))

    def generate(self, request: Generate, emit: Emit) -> Done:
        """Play the next answer."""
        prompt = "".join(part.text for part in request.parts)
        tokens = self.count((prompt,), 0).tokens[0]
        context = self._script.get("loaded", {}).get("context", 4096)
        if tokens + request.max_tokens > context:
            raise TooLong(excess=tokens + request.max_tokens - context, context=context)
        answers = self._script.get("answers", [[]])
        steps = [*self._of_parts("answers"), *answers[min(self._played, len(answers) - 1)]]
        self._played += 1
        written = 0
        began = time.monotonic()
        for step in steps:
            if self._stop.is_set() or written >= request.max_tokens:
                break
            if "echo" in step:
                said = json.dumps({"prompt": prompt, "suffix": request.suffix}, ensure_ascii=False)
                step = {"text": said}  # noqa: PLW2901 - an echo is a text we only now know
            written += "text" in step
            self._play(step, request.id, emit)
        cut = self._stop.is_set()
        reason = (
            Ending.CANCELLED
            if cut
            else Ending.LENGTH
            if written >= request.max_tokens
            else Ending.END
        )
        return Done(
            id=request.id,
            reason=reason,
            tokens_read=tokens,
            tokens_written=written,
            decode_calls=written + 1,
            seed=request.seed or 0,
            seconds=Seconds(write=time.monotonic() - began),
            alternatives=self._alternatives(request, steps, reason),
        )

    def _alternatives(
        self, request: Generate, steps: list[dict[str, Any]], reason: Ending
    ) -> tuple[Alternative, ...]:
        numbers = range(request.alternatives if request.alternatives > 1 else 0)
        return tuple(
            Alternative(
                reason=Ending.CANCELLED if number in self._dropped else reason,
                tokens_written=sum(
                    "text" in step and step.get("alternative", 0) == number for step in steps
                ),
                seed=(request.seed or 0) + number,
                fit=self._script.get("fits", {}).get(str(number)),
            )
            for number in numbers
        )

    def _play(self, step: dict[str, Any], request_id: int, emit: Emit) -> None:
        match step:
            case {"text": text}:
                number = step.get("alternative", 0)
                if number not in self._dropped:
                    emit(Text(id=request_id, text=text, alternative=number))
            case {"wait": seconds}:
                self._stop.wait(seconds)
            case {"reading": [done, total]}:
                emit(Reading(id=request_id, done=done, total=total, seconds_left=1.0))
            case {"stall": _}:
                os.kill(os.getpid(), signal.SIGSTOP)  # only a kill ends it, as with a hung driver
            case {"garbage": line}:
                # Where the protocol goes, behind its back: the child kept a duplicate of descriptor 1.
                emit(_Raw(text=line))
            case {"signal": name}:
                os.kill(os.getpid(), getattr(signal, name))
            case {"exit": status}:
                sys.stderr.write("script says exit\n")
                sys.stderr.flush()
                os._exit(status)
            case {"fail": code}:
                raise from_code(code, step.get("params", {}))
            case _:
                raise ValueError(f"unknown step {step}")


class _Raw(Text, frozen=True, tag="garbage", kw_only=True):
    """An event no reader knows: what garbage on the pipe looks like."""
