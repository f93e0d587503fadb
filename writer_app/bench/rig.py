"""What is measured with: a text, a model, and an engine that is asked.

A :class:`Bench` asks our engine, a :class:`PeerBench` a peer, and both count and cut the text in the same way.
"""

import time
from pathlib import Path
from typing import Any, Protocol

from writer_app import assets
from writer_app.bench.peers import Peer
from writer_app.craft import recipe
from writer_app.engine.client import EngineClient
from writer_app.engine.processor import Tried
from writer_app.engine.protocol import Done, Generate, Part, Sampling, Text

PROMPT = 3_000  # tokens
GREEDY = Sampling(temperature=0)
STEADY = recipe.load(
    assets.resources() / "recipes" / "continue" / "steady.toml", recipe.Preset
).sampling


class Asked(Protocol):
    """Whoever answers prompts from a text."""

    model: str
    text: str
    size: int

    @property
    def avoid(self) -> tuple[str, ...]:
        """Variants of llama.cpp that this processor does not bear."""

    def prompt(self, number: int) -> str:
        """One of several stretches of the text, each of about :data:`PROMPT` tokens."""

    def ask(self, text: str, **settings: Any) -> tuple[str, Done, float]:  # noqa: ANN401 - of a request
        """(answer, what it cost, seconds to the first text)."""

    def tokens(self, text: str) -> int:
        """Tokens of a text."""

    def restart(self) -> None:
        """End the process that answers and begin a new one; what it keeps on disk, it keeps."""


class Bench:
    """Our engine, in a child made as needed.

    Args:
        model: Path of the model file.
        text: At least some 90,000 characters.
        folder: Where the engine keeps what it has read.
    """

    def __init__(self, model: str, text: str, folder: Path) -> None:
        self.model = model
        self.text = text
        self.folder = folder
        self._tried = Tried()
        self.client = self._begin(0)
        #: Characters that make a prompt.
        self.size = len(text[: self._characters(PROMPT)])

    @property
    def avoid(self) -> tuple[str, ...]:
        """Variants of llama.cpp that this processor does not bear."""
        return self._tried.found.died

    def restart(self, *, threads: int = 0) -> None:
        """Another child, with so many threads always; 0 lets it choose."""
        self.close()
        self.client = self._begin(threads)

    def save(self) -> None:
        """Keep on disk what was read."""
        self.client.save()

    def close(self) -> None:
        """End the child."""
        self.client.close()

    def prompt(self, number: int) -> str:
        """One of several stretches of the text, each of about :data:`PROMPT` tokens."""
        start = self.text.index("\n\n", 20_000 + number * 2 * self.size) + 2
        return self.text[start : start + self.size].rstrip()

    def ask(self, text: str, **settings: Any) -> tuple[str, Done, float]:  # noqa: ANN401 - of a request
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

    def _begin(self, threads: int) -> EngineClient:
        client = EngineClient("llama", str(self.folder), tried=self._tried)
        list(client.load(self.model, threads=threads))
        return client


class PeerBench:
    """A peer, asked about the text of a :class:`Bench`."""

    def __init__(self, kind: str, bench: Bench) -> None:
        self.model, self.text, self.size = bench.model, bench.text, bench.size
        self.prompt, self.tokens = bench.prompt, bench.tokens
        self.avoid = bench.avoid
        self._peer = Peer(kind, bench.model, bench.avoid)
        self.ask = self._peer.ask
        self.restart = self._peer.fresh
        self.close = self._peer.close


def prompt_tokens(done: Done) -> int:
    """All tokens of a prompt."""
    return done.tokens_read + done.tokens_reused
