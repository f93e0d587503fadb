"""A context without a child around it: what is read into it, and what it says then."""

from writer_app.engine.cache import Sequence
from writer_app.engine.context import Context
from writer_app.engine.drafting import Costs
from writer_app.engine.loading import Log
from writer_app.engine.native import NativeModel
from writer_app.engine.sampling import Scores
from writer_app.engine.stop import StopFlag


def loaded(path: str) -> NativeModel:
    """A model with room for 1,536 tokens, on one thread: other tests have the other core."""
    log = Log()
    log.capture()
    return NativeModel(
        path, size=1_536, threads=1, stop=StopFlag(), log=log, progress=lambda _share: None
    )


def tokens(model: NativeModel, text: str, count: int) -> list[int]:
    """So many tokens from the middle of a book."""
    return model.vocabulary.tokenise(text[20_000 : 20_000 + 8 * count].encode(), bos=True)[:count]


def sequence(tokens: list[int]) -> Sequence:
    """As if each token spelled one byte."""
    return Sequence(list(tokens), list(range(1, len(tokens) + 1)), bytes(len(tokens)))


def says(context: Context, read: list[int]) -> tuple[int, Scores]:
    """(tokens not read again, what the model says next)."""
    reused, complete = context.hold(sequence(read))
    assert complete
    assert context.held[0].tokens == read
    return reused, context.scores()


def says_afresh(context: Context, read: list[int]) -> Scores:
    """What the model says next when nothing was held."""
    context.clear()
    return says(context, read)[1]


class KnownCosts(Costs):
    """Drafted tokens that cost a tenth of a call each, whatever else this machine does meanwhile.

    With measured costs a busy machine rightly drafts less, and a count of calls would show how busy it was.
    """

    def of(self, drafted: int) -> float:
        return 1 + drafted / 10
