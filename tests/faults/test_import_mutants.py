"""A model file with anything wrong in it is imported or refused with one sentence; the process that asks goes on."""

import random
from collections import Counter

import pytest

from tests.engine import tiny_models
from tests.faults.mutants import _mutate
from writer_app import language
from writer_app.engine import importing
from writer_app.engine.inspection import Known
from writer_app.errors import EngineError, LoadFailed, WriterError


def imported(count, seed, folder):
    """What became of so many mutants, all imported from one folder: names of errors, or ``"added"``."""
    place, ends = folder / "mutants", Counter[str]()
    place.mkdir()
    bases = [
        (folder / kind.__name__)
        for kind in (tiny_models.plain, tiny_models.recurrent, tiny_models.hybrid)
    ]
    originals = []
    for base in bases:
        getattr(tiny_models, base.name)(base)
        originals.append(base.read_bytes())
    chance = random.Random(seed)
    paths = [place / f"mutant {number}.gguf" for number in range(count)]
    for path in paths:
        path.write_bytes(_mutate(chance.choice(originals), chance, originals))
    known = Known(folder / "known.json")
    failed = known.learn(paths)
    for path in paths:
        if path in failed:
            problem = failed[path]
            assert type(problem) not in {WriterError, EngineError, LoadFailed}, problem.detail
            for tongue in ("en", "zh_CN"):
                language.use(tongue)
                said = language.explain(problem)
                assert said.strip()
                assert "{" not in said
                assert "\n" not in said
            ends[problem.code] += 1
        else:
            assert known.get(path) is not None
            assert importing.bring_in(path, path.stem, folder / "models").exists()
            ends["added"] += 1
    assert sum(ends.values()) == count
    return ends


def test_twenty_mutants_are_each_a_sentence_or_added(tmp_path):
    ends = imported(20, 1, tmp_path)
    assert ends["added"]
    assert ends["ModelDamaged"]


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_five_hundred_mutants_are_each_a_sentence_or_added(tmp_path):
    ends = imported(500, 2, tmp_path)
    assert ends["added"] > 20
    assert ends["ModelDamaged"] > 100
