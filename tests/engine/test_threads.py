"""The real engine on changing numbers of threads."""

import itertools

import pytest

from writer_app.engine import cores
from writer_app.engine.answer import Answer
from writer_app.engine.llama import LlamaBackend
from writer_app.engine.loading import Log
from writer_app.engine.native import NativeModel
from writer_app.engine.pace import Pace, counts
from writer_app.engine.protocol import Generate, Load, Part, Read, Sampling, Text
from writer_app.engine.stop import StopFlag

LENGTH = 6  # tokens, two turns of the restless


class Restless:
    """Another number of threads at every call."""

    most = 3
    is_settled = False

    def __init__(self):
        self._turns = itertools.cycle((3, 1, 2))

    @property
    def threads(self):
        return next(self._turns)

    chosen = threads

    def tell(self, *_step):
        pass


class Noted(Pace):
    """Always the same number of threads; keeps which were used as it is told."""

    def __init__(self, threads):
        super().__init__([threads])
        self.rows = []

    def tell(self, began, ended, rows=1):
        assert began <= ended
        self.rows.append(rows)


@pytest.fixture(scope="module")
def backend(starter):
    made = LlamaBackend()
    made.load(Load(id=1, model=starter, context=2_048), lambda _event: None)
    yield made
    made._model.free()


def answer(backend, pace, text, **settings):
    """(text, Done), with a context that remembers nothing and computes as ``pace`` says."""
    context = backend._model.context
    context.clear()
    context.pace, context._at_most = pace, pace.most
    given = {"max_tokens": LENGTH, "min_tokens": LENGTH, "seed": 5} | settings
    said = []
    request = Generate(id=2, parts=(Part(id="text", text=text),), **given)
    done = backend.generate(request, said.append)
    return "".join(event.text for event in said if isinstance(event, Text)), done


@pytest.mark.parametrize(
    "settings",
    [{"repeatable": True}, {"sampling": Sampling(temperature=0)}, {"alternatives": 3}],
    ids=["repeatable", "greedy", "several"],
)
def test_whatever_happens_to_the_threads_the_text_is_the_same(backend, sherlock, settings):
    text = sherlock[20_000:20_200]
    texts = {
        answer(backend, pace, text, **settings)[0] for pace in (Restless(), Noted(1), Noted(2))
    }
    assert len(texts) == 1


def test_the_scores_are_the_same_to_the_last_bit(backend, sherlock):
    seen = []
    for pace in (Restless(), Noted(1), Noted(2)):
        answer(backend, pace, sherlock[20_000:20_200], max_tokens=4, min_tokens=4)
        seen.append(backend._model.context.scores(own=True).tobytes())
    assert len(set(seen)) == 1


def test_steps_of_writing_are_told_and_nothing_else(backend, sherlock):
    text = sherlock[20_000:20_100].rstrip() + "\n\n"
    pace = Noted(2)
    answer(backend, pace, text)
    assert pace.rows.count(1) in range(LENGTH - 2, LENGTH + 2)
    pace = Noted(2)
    answer(backend, pace, text, alternatives=3, max_tokens=10, min_tokens=10)
    assert pace.rows.count(3) >= 8


@pytest.mark.parametrize(("saving", "used"), [(False, {4}), (True, {2})])
def test_on_battery_half_the_threads_are_used_and_nothing_is_measured(
    backend, monkeypatch, saving, used
):
    asked = set()
    monkeypatch.setattr(
        "writer_app.engine.context.native.llama_set_n_threads",
        lambda _context, threads, batch: asked.update((threads, batch)),
    )
    pace = Noted(4)
    answer(backend, pace, "It was late.", saving=saving)
    assert asked == used
    assert bool(pace.rows) is not saving


def test_reading_along_uses_half_the_threads(backend, monkeypatch):
    asked = set()
    monkeypatch.setattr(
        "writer_app.engine.context.native.llama_set_n_threads",
        lambda _context, threads, batch: asked.update((threads, batch)),
    )
    context = backend._model.context
    context.pace, context._at_most = Noted(4), 4
    backend.read(Read(id=3, parts=(Part(id="text", text="Nobody had read this."),)), print)
    assert asked == {2}
    assert context._at_most == 4


@pytest.mark.parametrize(("threads", "tried"), [(1, (1,)), (0, counts(cores.usable()))])
def test_the_writers_own_number_is_kept(starter, threads, tried):
    model = NativeModel(
        starter, size=512, threads=threads, stop=StopFlag(), log=Log(), progress=lambda _share: None
    )
    request = Generate(id=1, max_tokens=4, min_tokens=4)
    done = Answer(model, request, lambda _event: None, "It was late.").run()
    pace = model.context.pace
    model.free()
    assert pace._tried == tried
    assert done.threads == (threads or (pace.chosen if pace.is_settled else 0))
