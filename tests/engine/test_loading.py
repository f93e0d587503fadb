"""Bad model files end in one sentence, and the next request works."""

import shutil

import pytest

from tests.engine.test_contract import answer, ask, load
from writer_app.engine.client import EngineClient
from writer_app.engine.loading import reason
from writer_app.engine.protocol import Loading
from writer_app.errors import (
    EngineError,
    InvalidNumbers,
    LoadFailed,
    ModelDamaged,
    ModelMissing,
    ModelTooNew,
    NotAModel,
    NotEnoughMemory,
)


@pytest.fixture(scope="module")
def client():
    client = EngineClient("llama")
    yield client
    client.close()


@pytest.fixture
def broken(starter, tmp_path):
    """A copy of the starter model with some bytes replaced, or cut off."""

    def make(change):
        path = tmp_path / "模型 broken.gguf"
        shutil.copyfile(starter, path)
        with path.open("r+b") as stream:
            change(stream)
        return str(path)

    return make


def replace(old, new):
    def change(stream):
        head = stream.read(20_000)
        stream.seek(head.index(old))
        stream.write(new)

    return change


def cut(stream):
    stream.truncate(40_000_000)


def cut_header(stream):
    stream.truncate(5)


def not_a_number(stream):
    stream.seek(-2_000_000, 2)
    stream.write(b"\xff" * 2_000_000)


def test_a_missing_model_is_named(client, tmp_path):
    with pytest.raises(ModelMissing) as refused:
        load(client, str(tmp_path / "none.gguf"))
    assert refused.value.params["path"].endswith("none.gguf")


@pytest.mark.parametrize("content", [b"", b"hello", b"%PDF-1.7 and more"])
def test_what_is_no_model_is_said_to_be_none(client, tmp_path, content):
    path = tmp_path / "letter.gguf"
    path.write_bytes(content)
    with pytest.raises(NotAModel):
        load(client, str(path))


@pytest.mark.parametrize("change", [cut, cut_header])
def test_a_model_cut_short_is_said_to_be_incomplete(client, broken, change):
    with pytest.raises(ModelDamaged):
        load(client, broken(change))


def test_a_model_of_an_unknown_kind_is_named(client, broken):
    with pytest.raises(ModelTooNew) as refused:
        load(
            client,
            broken(
                replace(
                    b"\x05\x00\x00\x00\x00\x00\x00\x00llama",
                    b"\x05\x00\x00\x00\x00\x00\x00\x00lamma",
                )
            ),
        )
    assert refused.value.params["architecture"] == "lamma"


def test_a_model_that_returns_no_numbers_is_stopped(client, broken):
    load(client, broken(not_a_number))
    with pytest.raises(InvalidNumbers):
        answer(client, ask(client))


def test_a_context_beyond_memory_is_refused_with_its_size(client, starter):
    with pytest.raises(NotEnoughMemory) as refused:
        for _event in client.load(starter, context=2_000_000_000):
            pass
    assert refused.value.params["context"] == 2_000_000_000


def test_after_every_refusal_a_good_model_loads(client, starter, tmp_path):
    with pytest.raises(EngineError):
        load(client, str(broken_path(tmp_path)))
    load(client, starter)
    assert answer(client, ask(client))[0].strip()


def broken_path(folder):
    path = folder / "x.gguf"
    path.write_bytes(b"GGUF" + b"\xff" * 400)
    return path


def test_loading_reports_progress_and_can_be_cancelled(starter):
    client = EngineClient("llama")
    shares = [event.fraction for event in client.load(starter) if isinstance(event, Loading)]
    client.close()
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


@pytest.mark.parametrize(
    ("log", "kind"),
    [
        (
            "tensor 'a' data is not within the file bounds, model is corrupted or incomplete",
            ModelDamaged,
        ),
        ("error loading model: unknown model architecture: 'mamba9'", ModelTooNew),
        (
            "ggml_backend_cpu_buffer_type_alloc_buffer: failed to allocate buffer of size 9",
            NotEnoughMemory,
        ),
        ("gguf_init_from_file_ptr: invalid magic characters: 'PK'", NotAModel),
        ("error loading model: unknown model architecture: ''", ModelDamaged),
        ("error loading model: unknown model architecture: 'll\x01ma'", ModelDamaged),
        ("error loading model: only an expansion factor of 2 is supported for now", ModelTooNew),
        ("n_ctx and model->hparams.n_ctx_train cannot both be zero", ModelDamaged),
        ("something nobody has seen", LoadFailed),
        ("", LoadFailed),
    ],
)
def test_every_reason_in_the_log_has_its_error(log, kind):
    assert type(reason(log, "folder/model.gguf", 4096)) is kind
