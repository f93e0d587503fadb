"""Finishing the word at the caret, with the real starter model."""

import pytest

from tests.engine.test_contract import answer, ask, load
from writer_app.engine.client import EngineClient
from writer_app.engine.protocol import Part, Sampling
from writer_app.engine.word import LOOKS

SCENE = (
    "The carriage stopped before the old house. The coachman climbed down, opened the door and helped the "
    "lady out. She looked up at the windows, where not a single candle was burning, and "
)


@pytest.fixture(scope="module")
def client(starter):
    client = EngineClient("llama")
    load(client, starter)
    yield client
    client.close()


def finished(client, stub, seed):
    request = ask(
        client, parts=(Part("text", SCENE + stub),), seed=seed, max_tokens=6, min_tokens=6
    )
    text, done = answer(client, request)
    return (stub + text).split()[0].strip('.,;:!?’"”'), done


@pytest.mark.parametrize("stub", ["wond", "remem", "noti", "trem", "whisp", "gent"])
def test_whatever_the_seed_half_a_word_becomes_a_word(client, stub):
    words = {finished(client, stub, seed)[0] for seed in range(5)}
    known = {
        "wond": {"wondered", "wonder", "wondering", "wonderful"},
        "remem": {"remembered", "remember", "remembering"},
        "noti": {"noticed", "notice", "noticing"},
        "trem": {"trembled", "tremble", "trembling", "tremendous", "tremor", "tremendously"},
        "whisp": {"whispered", "whisper", "whispering", "whispers"},
        "gent": {"gently", "gentle", "gentleman", "gentlemen", "gentlemanly", "gentility"},
    }
    assert words <= known[stub]


def test_looking_for_the_word_is_bounded(client):
    _word, done = finished(client, "x", 1)
    assert done.decode_calls <= 1 + 2 * LOOKS + 1 + 8


def test_a_finished_word_is_not_forced_to_go_on(client):
    text, _done = answer(
        client,
        ask(
            client,
            parts=(Part("text", SCENE + "said"),),
            sampling=Sampling(temperature=0),
            max_tokens=4,
        ),
    )
    assert not text[0].isalpha()


def test_the_same_seed_finishes_the_word_alike(client):
    request = {
        "parts": (Part("text", SCENE + "s"),),
        "seed": 4,
        "repeatable": True,
        "max_tokens": 8,
    }
    assert answer(client, ask(client, **request))[0] == answer(client, ask(client, **request))[0]
