"""The backend for servers against real ones on loopback: llama.cpp's, and llama-cpp-python's."""

import importlib.util
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from writer_app.engine.endpoint import EndpointBackend
from writer_app.engine.protocol import Ending, Generate, Load, Message, Part, Sampling, Text, Until
from writer_app.errors import EndpointFailed

pytestmark = pytest.mark.soak

_PROMPT = "The old man and his daughter lived in a small house by the sea. Every morning"
_XLLAMACPP = """
import sys, xllamacpp
params = xllamacpp.CommonParams()
params.model.path, params.n_ctx, params.n_parallel, params.kv_unified = sys.argv[1], 2048, 2, True
server = xllamacpp.Server(params)
print(server.listening_address, flush=True)
sys.stdin.read()
"""


@pytest.fixture(scope="module", params=["llama.cpp", "llama-cpp-python"])
def served(request: pytest.FixtureRequest, starter: str) -> Iterator[tuple[EndpointBackend, str]]:
    """(backend with a model loaded, name of the kind of server)."""
    if request.param == "llama.cpp":
        wanted, command = "xllamacpp", [sys.executable, "-c", _XLLAMACPP, starter]
    else:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = str(free.getsockname()[1])
        wanted = "uvicorn"
        flags = ["--model", starter, "--n_ctx", "2048", "--port", port]
        command = [sys.executable, "-m", "llama_cpp.server", *flags]
    if importlib.util.find_spec(wanted) is None:
        pytest.fail(f"{wanted} is missing: install the group “servers”")
    pipe = subprocess.PIPE
    child = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=os.environ)
    assert child.stdin
    assert child.stdout
    try:
        address = (
            child.stdout.readline().strip()
            if request.param == "llama.cpp"
            else f"http://127.0.0.1:{port}"
        )
        backend = EndpointBackend(address)
        end = time.monotonic() + 60
        while True:
            try:
                loaded = backend.load(Load(id=1, model=""), lambda _event: None)
                break
            except EndpointFailed:
                if time.monotonic() > end:
                    raise
                time.sleep(0.2)
        assert loaded.machine.library == request.param
        yield backend, request.param
    finally:
        child.kill()
        child.wait()
        child.stdin.close()
        child.stdout.close()


def ask(backend: EndpointBackend, **more: object) -> tuple[str, object]:
    texts: list[Text] = []
    backend.ready()
    parts = () if "chat" in more else (Part(id="text", text=_PROMPT),)
    request = Generate(**{"id": 2, "parts": parts, "max_tokens": 24, "seed": 3} | more)
    return texts, backend.generate(request, texts.append)


def whole(texts: list[Text], alternative: int = 0) -> str:
    return "".join(text.text for text in texts if text.alternative == alternative)


def test_it_counts_and_writes_and_the_same_seed_gives_the_same(served):
    backend, _kind = served
    counted = backend.count(("Once upon a time",), 5)
    assert not counted.estimated
    assert 3 <= counted.tokens[0] <= 6
    greedy = Sampling(temperature=0.0)
    texts, done = ask(backend, sampling=greedy)
    assert len(whole(texts)) > 20
    assert done.tokens_written > 5
    assert whole(ask(backend, sampling=greedy)[0]) == whole(texts)


def test_it_stops_at_a_sentence_and_at_a_string(served):
    backend, _kind = served
    texts, done = ask(
        backend, max_tokens=80, until=Until.SENTENCE, sampling=Sampling(temperature=0.0)
    )
    assert done.reason in (Ending.SENTENCE, Ending.LENGTH)
    word = whole(texts).split()[2]
    cut, done = ask(backend, stop=(word,), sampling=Sampling(temperature=0.0))
    assert done.reason in (Ending.STOP, Ending.END)  # the server may have stopped by itself
    assert word not in whole(cut)


def test_several_answers_and_probabilities_and_bans(served):
    backend, kind = served
    texts, done = ask(backend, alternatives=2, sampling=Sampling(temperature=1.5))
    assert whole(texts, 0) != whole(texts, 1)
    assert len(done.alternatives) == 2
    if kind == "llama.cpp":
        texts, _done = ask(backend, probabilities=3)
        assert any(text.tokens and len(text.tokens[0].best) >= 3 for text in texts)
    plain = whole(ask(backend, sampling=Sampling(temperature=0.7))[0])
    word = next(each for each in plain.split() if len(each) > 3 and each.isalpha())
    texts, done = ask(backend, bans=(word,), sampling=Sampling(temperature=0.7))
    assert done.bans_passed or word.lower() not in whole(texts).lower().split()


def test_a_grammar_binds_it(served):
    backend, _kind = served
    texts, _done = ask(backend, grammar='root ::= "yes" | "no"', until=Until.LENGTH)
    assert whole(texts).strip() in ("yes", "no")


def test_a_chat_is_answered(served):
    backend, _kind = served
    texts, _done = ask(backend, chat=(Message("user", "Say hello."),))
    assert whole(texts).strip()
