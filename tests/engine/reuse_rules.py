"""What three rules read again of the same session: ours, the plain longest prefix, and KoboldCpp's.

Each compiles its own prompts from the same requests, of at most :data:`BUDGET` tokens. Counted are all tokens of
prompts that a rule has to evaluate; what a model wrote it remembers, so answers cost no reading. *Read again* is that,
less what nobody can have read before: a first prompt, and all that the writer put in by hand. It is the same
number for every rule.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace

import llama_cpp as native

from tests.engine.editing import Request, Writer
from writer_app.craft.layout import Fact, Layout
from writer_app.craft.planner import lay_out
from writer_app.engine.answer import Answer
from writer_app.engine.cache import Sequence, retokenise
from writer_app.engine.context import BATCH, Context
from writer_app.engine.protocol import Generate, Part
from writer_app.engine.shelf import MOST_BYTES, Shelf
from writer_app.engine.stride import Stride
from writer_app.engine.vocabulary import Vocabulary

#: Tokens of a prompt.
BUDGET = 1_536
#: Tokens of a context, and of an answer at most, as KoboldCpp's thresholds depend on them.
CONTEXT, ANSWER = 2_048, 400
#: What the starter model remembers of a token: 30 layers, 3 heads of 64 numbers, keys and values of 2 bytes.
BYTES_A_TOKEN = 30 * 3 * 64 * 2 * 2
STEPS = 200


@contextmanager
def vocabulary_of(path: str) -> Iterator[Vocabulary]:
    """The vocabulary of a model file whose tokeniser puts no space before a text, without the model."""
    params = native.llama_model_default_params()
    params.vocab_only = True
    model = native.llama_model_load_from_file(path.encode(), params)
    try:
        yield Vocabulary(model, space_prefix=False)
    finally:
        native.llama_model_free(model)


def sit_down(pride: str, seed: int) -> Writer:
    """A writer who has begun chapter XLIII of Pride and Prejudice; the model answers with chapter XVIII."""
    chapters = dict(re.findall(r"(?m)^## (\w+)\n+([^#]+)", pride))
    return Writer(chapters["XLIII"], chapters["XVIII"], seed)


def tokens_read(vocabulary: Vocabulary, pride: str, seed: int) -> tuple[dict[str, int], int]:
    """(tokens read by each rule in one session, how many of them cannot have been read before)."""

    def tokenise(text: str) -> list[int]:
        return vocabulary.tokenise(text.encode())

    writer = sit_down(pride, seed)
    requests = list(writer.write(STEPS))
    rules = {
        "ours": Ours(Uncomputed(), vocabulary, MOST_BYTES // BYTES_A_TOKEN),
        "plain": Sliding(tokenise, longest_prefix),
        "kobold": Sliding(tokenise, one_block),
    }
    new = BUDGET + sum(len(tokenise(added)) for added in writer.added)
    return {name: sum(map(rule.ask, requests)) for name, rule in rules.items()}, new


class Uncomputed(Context):
    """The engine's context without llama.cpp: it holds tokens and computes nothing. A snapshot is a byte a token."""

    def __init__(self) -> None:
        self.size, self.decode_calls = 4_096, 0
        self.held = {0: Sequence()}
        self._stop, self._stride = SimpleNamespace(is_up=False), Stride(BATCH)
        self._shifts = False  # what is asked here is read along, and that guesses nothing

    def rewind(self, number, count):
        self.held[number].cut(count)
        return True

    def _go_back(self, count):
        return self.rewind(0, count)

    def keep_only(self, number):
        self.held = {0: self.held[number]}

    def snapshot(self):
        return bytes(len(self.held[0].tokens))

    def restore(self, held, data):
        self.held = {0: held}
        return True

    def clear(self):
        self.held = {0: Sequence()}

    def _decode(self, rows, wanted=None):
        return True


class Ours:
    """The planner of ``craft``, and the engine's own shelf, cache and reading.

    Args:
        context: A real one, or :class:`Uncomputed`.
        vocabulary: The model's.
        most_bytes: Of the shelf's snapshots.
    """

    def __init__(self, context: Context, vocabulary: Vocabulary, most_bytes: int) -> None:
        self._model = SimpleNamespace(context=context, vocabulary=vocabulary)
        self._shelf = Shelf(context, most_bytes=most_bytes)
        self._layouts: tuple[Layout, ...] = ()

    def ask(self, request: Request) -> int:
        """Tokens read for a request."""
        if request.selection:
            prompt = request.order
        else:
            facts = [Fact(*entry) for entry in request.bible]
            self._layouts = lay_out(
                request.text, request.caret, facts, BUDGET, self._count, self._layouts
            )
            parts = self._layouts[0].parts(request.text[: request.caret])
            prompt = "".join(part.text for part in parts)
        self._shelf.turn_to(prompt.encode())
        asked = Generate(id=1, parts=(Part(id="text", text=prompt),), max_tokens=1)
        done = Answer(self._model, asked, lambda _event: None, prompt).read()
        self._hold(prompt + request.answer)
        return done.tokens_read

    def _hold(self, text: str) -> None:
        context, vocabulary = self._model.context, self._model.vocabulary

        def tokenise(piece: bytes, bos: bool) -> list[int]:
            return vocabulary.tokenise(piece, bos=bos)

        context.hold(retokenise(context.held[0], text.encode(), tokenise, vocabulary.piece))

    def _count(self, texts):
        return [self._model.vocabulary.count(text)[0] for text in texts]


class Sliding:
    """How other tools do it: the bible first, then the last tokens of the text, from any token on.

    Args:
        tokenise: Tokens of a text.
        reuse: Given what is held and what is wanted: how many tokens need not be read.
    """

    def __init__(
        self,
        tokenise: Callable[[str], list[int]],
        reuse: Callable[[list[int], list[int]], int],
    ) -> None:
        self._tokenise = tokenise
        self._reuse = reuse
        self._held: list[int] = []

    def ask(self, request: Request) -> int:
        """Tokens read for a request."""
        if request.selection:
            wanted = self._tokenise(request.order)
            after = wanted + self._tokenise(request.answer)
        else:
            memory = self._tokenise("".join(f"{text}\n\n" for _, text in request.bible))
            story = self._tokenise(request.text[: request.caret])
            start = max(0, len(story) - (BUDGET - len(memory)))
            wanted = memory + story[start:]
            whole = self._tokenise(request.text[: request.caret] + request.answer)
            after = memory + whole[start:]
        reused = self._reuse(self._held, wanted)
        self._held = after
        return len(wanted) - min(reused, len(wanted) - 1)


def longest_prefix(held: list[int], wanted: list[int]) -> int:
    """The plain rule: what both have in common from the start."""
    count = 0
    for one, other in zip(held, wanted, strict=False):
        if one != other:
            break
        count += 1
    return count


def one_block(held: list[int], wanted: list[int]) -> int:
    """KoboldCpp's rule: the common beginning, and what follows one block that was cut out behind it.

    From our study of its source ("ContextShift", mission anchors 2.1, and ``gpttype_adapter.cpp`` of a release of
    2025 for the figures): find the first difference; the longest run that the old tail and the new one share must
    start where the new tail starts, and be longer than a threshold; then what stands before it in the old tail
    is removed and the rest moved up. In its favour any run long enough will do, not only the longest.
    """
    start = longest_prefix(held, wanted)
    short = 200 + min(CONTEXT // 30, 140)
    slack = 60 + min(CONTEXT // 60, 70)
    left = len(wanted) - start
    if left < short:
        return start
    least = max(min(left - (ANSWER + slack), int(CONTEXT * 0.45)), short - slack) + 1
    old, new = ("".join(map(chr, tokens)) for tokens in (held[start:], wanted[start:]))
    at = old.find(new[:least])
    if at <= 0 or left < least:
        return start
    return start + longest_prefix(held[start + at :], wanted[start:])
