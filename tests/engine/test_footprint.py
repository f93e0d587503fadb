"""What a model takes, held against what llama.cpp itself says that it allocates."""

import re

import llama_cpp as native
import pytest

from tests.engine import tiny_models
from writer_app.engine import context, footprint
from writer_app.engine.header import loaded as dry
from writer_app.engine.inspector import inspect


@pytest.fixture
def said():
    """llama.cpp's log, all of it."""
    lines = list[str]()
    callback = native.llama_log_callback(
        lambda _level, text, _data: lines.append(text.decode("utf-8", "replace"))
    )
    native.llama_log_set(callback, None)
    yield lines
    native.llama_log_set(native.llama_log_callback(), None)


@pytest.mark.parametrize("kind", ["plain", "sliding", "recurrent", "hybrid", "starter"])
def test_the_context_takes_what_llama_cpp_takes_for_it(kind, said, request, tmp_path):
    model = request.getfixturevalue("starter") if kind == "starter" else None
    path = model or getattr(tiny_models, kind)(tmp_path / "m.gguf")
    shape, size = inspect(tmp_path / path).shape, 4_096
    native.llama_log_set(_keeping(said), None)
    handle = native.llama_model_load_from_file(path.encode(), native.llama_model_default_params())
    made = context._make(handle, size, 1)
    native.llama_free(made)
    native.llama_model_free(handle)
    found = re.findall(r"(?:KV|RS) buffer size =\s*([\d.]+) MiB", "".join(said))
    allocated = sum(map(float, found)) * 2**20
    assert footprint.context_bytes(shape, size) == pytest.approx(allocated, rel=0.02, abs=20_000)


_kept = []


def _keeping(lines):
    _kept.append(
        native.llama_log_callback(
            lambda _l, text, _d: lines.append(text.decode("utf-8", "replace"))
        )
    )
    return _kept[-1]


def test_the_constants_are_those_of_the_engine():
    assert footprint.BATCH == context.BATCH
    assert footprint.SEQUENCES == context.SEQUENCES + 1


def test_a_table_of_tokens_that_is_used_twice_counts_once(starter):
    told = dry(starter)
    assert told.parameters == 134_515_008
