"""The real thing: a llama.cpp built for many processors. Skipped where the installed one is built for one."""

import pytest

from tests.engine.test_contract import answer, ask, load
from writer_app.engine import processor
from writer_app.engine.client import EngineClient
from writer_app.engine.processor import Tried

devices = pytest.importorskip("writer_app.engine.devices")
pytestmark = pytest.mark.skipif(
    not processor.variants(devices.FOLDER),
    reason="llama.cpp is installed without variants (GGML_CPU_ALL_VARIANTS); see the README",
)


@pytest.fixture
def begin():
    made = []

    def make(tried):
        made.append(EngineClient("llama", tried=tried))
        return made[-1]

    yield make
    for client in made:
        client.close()


def test_a_variant_that_runs_here_is_found_named_and_remembered(begin, starter, tmp_path):
    tried = Tried(tmp_path / "machine.json")
    machine = load(begin(tried), starter).machine
    assert machine.variant in tried.found.served
    assert machine.variant not in tried.found.died
    assert machine.system.startswith("CPU : ")
    assert machine.threads > 0
    again = begin(Tried(tmp_path / "machine.json"))
    *_, loaded = again.load(starter)
    assert loaded.machine.variant == machine.variant
    assert loaded.id == 1, "nothing was tried again"


def test_one_that_was_believed_in_and_dies_of_its_first_words_is_replaced_unnoticed(begin, starter):
    tried = Tried()
    scores = {
        name: devices._score(path) for name, path in processor.variants(devices.FOLDER).items()
    }
    tried.found.served = (processor.best(scores, ()),)
    client = begin(tried)
    load(client, starter)
    text, done = answer(client, ask(client))
    assert text.strip()
    assert done.tokens_written == 12
    assert client.model.machine.variant not in tried.found.died


def test_the_plainest_variant_writes_as_well(begin, starter):
    scores = {
        name: devices._score(path) for name, path in processor.variants(devices.FOLDER).items()
    }
    plainest = min((name for name in scores if scores[name]), key=scores.__getitem__)
    tried = Tried()
    tried.found.died = tuple(name for name in scores if name != plainest)
    client = begin(tried)
    assert load(client, starter).machine.variant == plainest
    assert answer(client, ask(client))[0].strip()
