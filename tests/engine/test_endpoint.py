"""A server of a team's: what it is asked, what it answers, and what is said when it does not."""

import contextlib
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.engine import recorded
from writer_app.engine.endpoint import EndpointBackend
from writer_app.engine.protocol import Ending, Generate, Load, Message, Part, Sampling, Text, Until
from writer_app.errors import (
    EndpointBusy,
    EndpointFailed,
    EndpointRefused,
    EndpointUnknown,
    EndpointUnreachable,
    TooLong,
)

LLAMA = {"id": "m", "owned_by": "llamacpp", "meta": {"n_params": 135_000_000}}


@contextlib.contextmanager
def server(
    answer: Callable[[dict[str, Any]], tuple[int, bytes]], models: Any = (LLAMA,), size: int = 4096
) -> Iterator[tuple[EndpointBackend, list[dict[str, Any]]]]:
    """A llama-server whose completions ``answer`` makes; yields who asks it, and what it was asked."""
    asked: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            said = {
                "/v1/models": {"data": list(models)},
                "/props": {"default_generation_settings": {"n_ctx": size}},
            }.get(self.path)
            self.say(404 if said is None else 200, json.dumps(said).encode())

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if self.path == "/tokenize":
                self.say(200, json.dumps({"tokens": body["content"].split()}).encode())
                return
            asked.append(body | {"path": self.path, "key": self.headers["Authorization"]})
            self.say(*answer(body))

        def say(self, status: int, data: bytes) -> None:
            self.send_response(status)
            self.send_header("Location", "http://127.0.0.1:9/v1/completions")
            self.end_headers()
            with contextlib.suppress(OSError):  # whoever asked may hang up
                self.wfile.write(data)

        def log_message(self, *_args: object) -> None:
            pass

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=httpd.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield EndpointBackend(f"http://127.0.0.1:{httpd.server_port}/v1/", "secret"), asked
    finally:
        httpd.shutdown()
        httpd.server_close()
        thread.join()


def says(*pieces: str) -> tuple[int, bytes]:
    return 200, recorded.completion(list(pieces))


def ask(backend: EndpointBackend, **more: Any) -> tuple[list[Text], Any]:
    texts: list[Text] = []
    backend.ready()
    backend.load(Load(id=1, model="m"), lambda _event: None)
    if "chat" not in more:
        more = {"parts": (Part(id="text", text="It was dark."),)} | more
    done = backend.generate(Generate(id=2, **more), texts.append)
    return texts, done


def test_it_says_what_the_server_has():
    with server(lambda _body: says(" It")) as (backend, _asked):
        loaded = backend.load(Load(id=1, model=""), lambda _event: None)
        assert (loaded.name, loaded.context, loaded.parameters) == ("m", 4096, 135_000_000)
        assert loaded.machine.library == "llama.cpp"
        counted = backend.count(("one two three",), 3)
        assert (counted.tokens, counted.estimated) == ((3,), False)


def test_every_sampler_is_passed_on_since_the_servers_own_defaults_are_not_neutral():
    with server(lambda _body: says(" It")) as (backend, asked):
        sampling = Sampling(min_p=0.05, xtc_probability=0.5, dry_multiplier=0.8)
        ask(backend, sampling=sampling, grammar='root ::= "a"', stop=("x",), seed=7)
    (body,) = asked
    assert body["key"] == "Bearer secret"
    assert (body["min_p"], body["xtc_probability"], body["dry_multiplier"]) == (0.05, 0.5, 0.8)
    assert (body["top_k"], body["top_p"], body["repeat_penalty"]) == (0, 1.0, 1.0)
    assert (body["grammar"], body["stop"], body["seed"]) == ('root ::= "a"', ["x"], 7)
    assert "typ_p" in body["samplers"]


def test_a_server_that_does_not_know_them_is_asked_for_what_all_servers_know():
    def answer(body: dict[str, Any]) -> tuple[int, bytes]:
        return (400, b'{"error": {"message": "min_p?"}}') if "min_p" in body else says(" It")

    with server(answer) as (backend, asked):
        texts, _done = ask(backend, sampling=Sampling(min_p=0.05))
    assert "".join(text.text for text in texts) == " It"
    assert "temperature" in asked[-1]


def test_several_answers_come_at_once_each_with_a_seed_of_its_own():
    with server(lambda body: says(f" {body['seed']}", " yes")) as (backend, asked):
        texts, done = ask(backend, alternatives=3, seed=5)
    said = {n: "".join(t.text for t in texts if t.alternative == n) for n in range(3)}
    assert said == {0: " 5 yes", 1: " 6 yes", 2: " 7 yes"}
    assert [each.seed for each in done.alternatives] == [5, 6, 7]
    assert sorted(body["seed"] for body in asked) == [5, 6, 7]


def test_what_is_banned_is_asked_for_again_behind_what_stands():
    def answer(body: dict[str, Any]) -> tuple[int, bytes]:
        again = body["prompt"].endswith("She took")
        return (
            says(" a", " breath", ".") if again else says(" She", " took", " the", " tapestry", ".")
        )

    with server(answer) as (backend, asked):
        texts, done = ask(backend, bans=("the tapestry",), seed=1)
    assert "".join(text.text for text in texts) == " She took a breath."
    assert (done.bans_avoided, done.bans_passed) == (1, 0)
    assert [body["prompt"] for body in asked] == ["It was dark.", "It was dark. She took"]
    assert asked[0]["seed"] != asked[1]["seed"]


def test_an_answer_ends_at_a_sentence_and_the_server_is_let_go():
    with server(lambda _body: says(" One.", " Two.", " Three.")) as (backend, _asked):
        texts, done = ask(backend, until=Until.SENTENCE)
    assert "".join(text.text for text in texts) == " One."
    assert done.reason is Ending.SENTENCE


def test_probabilities_come_in_either_way_that_servers_have():
    older = {"tokens": [" a"], "token_logprobs": [0.0], "top_logprobs": [{" a": 0.0, " b": -1.0}]}
    newer = {
        "content": [
            {"token": " a", "logprob": 0.0, "top_logprobs": [{"token": " b", "logprob": -1.0}]}
        ]
    }
    for way, best in ((older, " a"), (newer, " b")):
        event = {"choices": [{"text": " a", "logprobs": way}]}
        data = b"data: " + json.dumps(event).encode() + b"\n\ndata: [DONE]\n"
        with server(lambda _body, data=data: (200, data)) as (backend, _asked):
            (text,), _done = ask(backend, probabilities=2)
        assert (text.tokens[0].probability, text.tokens[0].best[0][0]) == (1.0, best)


def test_a_chat_is_asked_as_a_chat():
    with server(lambda _body: says(" Yes")) as (backend, asked):
        ask(backend, chat=(Message("user", "Is it?"),))
    assert asked[0]["path"] == "/v1/chat/completions"
    assert asked[0]["messages"] == [{"role": "user", "content": "Is it?"}]


@pytest.mark.parametrize(
    ("status", "said", "kind"),
    [
        (401, b"", EndpointRefused),
        (403, b"", EndpointRefused),
        (404, b"", EndpointUnknown),
        (429, b"", EndpointBusy),
        (503, b'{"error": "Loading model"}', EndpointBusy),
        (302, b"", EndpointFailed),
        (500, b"no", EndpointFailed),
        (200, b"data: {broken\n", EndpointFailed),
        (200, b"data: [1]\n", EndpointFailed),
    ],
)
def test_each_refusal_is_said_and_a_key_follows_no_redirect(status, said, kind):
    with server(lambda _body: (status, said)) as (backend, asked), pytest.raises(kind) as failure:
        ask(backend)
    assert failure.value.params["address"].startswith("http://127.0.0.1:")
    assert len(asked) <= 2


def test_a_model_that_the_server_does_not_have_is_named_with_those_it_has():
    with (
        server(lambda _body: says(" It")) as (backend, _asked),
        pytest.raises(EndpointUnknown) as failure,
    ):
        backend.load(Load(id=1, model="other"), lambda _event: None)
    assert failure.value.params["model"] == "other"
    assert failure.value.detail == "m"


def test_a_server_that_is_not_there_is_said_to_be_out_of_reach():
    with pytest.raises(EndpointUnreachable):
        EndpointBackend("http://127.0.0.1:9").load(Load(id=1, model="m"), lambda _event: None)


def test_what_is_too_long_for_it_is_not_sent():
    long = Part(id="text", text="word " * 200)
    with (
        server(lambda _body: says(" It"), size=100) as (backend, asked),
        pytest.raises(TooLong),
    ):
        ask(backend, parts=(long,), max_tokens=50)
    assert asked == []
