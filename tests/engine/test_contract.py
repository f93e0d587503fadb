"""What every backend owes to whoever asks, run on the real engine, a script and a recorded server."""

import os
import signal

import pytest

from writer_app.engine.protocol import Counted, Done, Ending, Generate, Loaded, Part, Text
from writer_app.errors import EngineDied, TooLong

PROMPT = (
    Part(
        id="text", text="It was a dark night, and the wind went round the house. The old man said"
    ),
)


def ask(client, **options):
    options = {"max_tokens": 12, "parts": PROMPT} | options
    return Generate(id=client.new_id(), **options)


def load(client, model):
    *_, last = client.load(model)
    assert isinstance(last, Loaded)
    return last


def answer(client, request):
    events = list(client.generate(request))
    assert isinstance(events[-1], Done)
    return "".join(event.text for event in events if isinstance(event, Text)), events[-1]


def test_an_answer_is_text_and_then_done(engine):
    client, model = engine
    load(client, model)
    text, done = answer(client, ask(client))
    assert text.strip()
    assert done.tokens_written > 0
    assert done.tokens_read + done.tokens_reused > 0
    assert "\ufffd" not in text


def test_a_model_that_is_loaded_is_not_loaded_again(engine):
    client, model = engine
    first = load(client, model)
    child = client.pid
    assert load(client, model) == first
    assert client.pid == child


def test_every_text_is_counted(engine):
    client, model = engine
    load(client, model)
    counted = client.count(["", "one two three", "林黛玉"])
    assert isinstance(counted, Counted)
    assert len(counted.tokens) == 3
    assert counted.tokens[0] == 0
    assert min(counted.tokens[1:]) > 0


def test_a_cancelled_answer_ends_soon_and_the_next_one_works(engine):
    client, model = engine
    load(client, model)
    request = ask(client, max_tokens=2000)
    child = client.pid
    endings = []
    for event in client.generate(request):
        if isinstance(event, Text):
            client.cancel(request.id)
        if isinstance(event, Done):
            endings.append(event.reason)
    assert endings == [Ending.CANCELLED]
    assert client.pid == child
    text, _done = answer(client, ask(client))
    assert text.strip()


def test_a_request_cancelled_before_it_began_writes_nothing(engine):
    client, model = engine
    load(client, model)
    request = ask(client)
    client.cancel(request.id)
    text, done = answer(client, request)
    assert (text, done.reason) == ("", Ending.CANCELLED)


def test_too_long_a_prompt_is_refused_with_the_excess_and_the_next_works(engine):
    client, model = engine
    load(client, model)
    long = (Part(id="text", text="word " * 100_000),)
    with pytest.raises(TooLong) as refused:
        answer(client, ask(client, parts=long))
    assert refused.value.params["excess"] > 0
    assert answer(client, ask(client))[0].strip()


@pytest.mark.parametrize("name", ["SIGKILL", "SIGSEGV", "SIGILL", "SIGABRT"])
def test_a_child_that_dies_is_named_and_the_next_request_works(engine, name):
    client, model = engine
    load(client, model)
    request = ask(client, max_tokens=400)
    said = []

    def play() -> None:
        for event in client.generate(request):
            if isinstance(event, Text):
                said.append(event)
                if len(said) == 1:
                    os.kill(client.pid, getattr(signal, name))

    with pytest.raises(EngineDied) as death:
        play()
    assert death.value.params["cause"] == name
    assert said
    load(client, model)
    assert answer(client, ask(client))[0].strip()


def test_closing_leaves_no_child(engine):
    client, model = engine
    load(client, model)
    child = client.pid
    client.close()
    assert client.pid is None
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)
