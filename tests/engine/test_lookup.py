"""Drafts from the text an answer resembles: fewer calls, the same answer."""

import pytest

from tests.engine.contexts import KnownCosts, loaded
from writer_app.engine.answer import Answer
from writer_app.engine.client import EngineClient
from writer_app.engine.protocol import Done, Generate, Part, Sampling, Text

PASSAGE = (
    "The lighthouse keeper had not spoken to anyone for eleven days. On the twelfth, a boat came out of the "
    "fog, and in it sat a woman with a lantern and no oars. He went down to the water and held out his hand. "
    "She did not take it. She looked past him, up to the lamp, and said that it was time to put it out."
)
PROMPT = f"The passage:\n\n{PASSAGE}\n\nThe same passage again:\n\nThe lighthouse keeper had"
GREEDY = Sampling(temperature=0)


@pytest.fixture(scope="module")
def client(starter):
    client = EngineClient("llama")
    list(client.load(starter))
    yield client
    client.close()


def ask(client, **settings):
    given = {
        "parts": (Part(id="text", text=PROMPT),),
        "max_tokens": 60,
        "min_tokens": 60,
        "seed": 3,
    }
    request = Generate(id=client.new_id(), **(given | settings))
    events = list(client.generate(request))
    assert isinstance(events[-1], Done)
    return "".join(event.text for event in events if isinstance(event, Text)), events[-1]


@pytest.fixture(scope="module")
def model(starter):
    """The starter in this process, where what a draft costs can be said instead of measured."""
    model = loaded(starter)
    model.costs = KnownCosts()
    yield model
    model.free()


def compute(model, text=PROMPT, **settings):
    """(answer, how it ended) of 60 tokens, computed in this process."""
    said = []
    given = {"max_tokens": 60, "min_tokens": 60, "sampling": GREEDY}
    done = Answer(model, Generate(id=1, **(given | settings)), said.append, text).run()
    return "".join(event.text for event in said if isinstance(event, Text)), done


def test_a_copied_passage_takes_far_fewer_calls_and_is_the_same(model):
    plain, one_by_one = compute(model)
    drafted, done = compute(model, like=PASSAGE)
    assert drafted == plain
    assert done.tokens_written == one_by_one.tokens_written == 60
    assert done.decode_calls <= one_by_one.decode_calls / 2


def test_drafts_and_bans_agree(model):
    # Short: further on two words are nearly as likely, and the shape of a batch decides between them.
    settings = {"bans": ("eleven", "fog"), "max_tokens": 24, "min_tokens": 24}
    plain, one_by_one = compute(model, **settings)
    drafted, done = compute(model, like=PASSAGE, **settings)
    assert drafted == plain
    assert "eleven" not in drafted
    assert "fog" not in drafted
    assert done.bans_avoided == one_by_one.bans_avoided >= 2
    assert done.decode_calls < one_by_one.decode_calls


def test_a_sampled_answer_is_drawn_from_the_same_scores_as_without_drafts(client):
    """The same seed draws the same numbers; a draw differs only where the last bits of a score decide."""
    settings = {"sampling": Sampling(temperature=2.5), "max_tokens": 5, "min_tokens": 5}
    plain = [ask(client, seed=seed, **settings)[0] for seed in range(20)]
    drafted = [ask(client, seed=seed, like=PASSAGE, **settings)[0] for seed in range(20)]
    assert len(set(plain)) > 6, "a draw that leaves no choice shows nothing"
    same = sum(one == other for one, other in zip(plain, drafted, strict=True))
    assert same >= 16


def test_restraints_and_grammar_hold_with_drafts(client):
    # Short: where nothing is copied any more, two words nearly as likely could change places.
    restrained = {
        "sampling": Sampling(temperature=0, repeat_penalty=1.3, dry_multiplier=0.8),
        "max_tokens": 16,
        "min_tokens": 16,
    }
    assert ask(client, **restrained, like=PASSAGE)[0] == ask(client, **restrained)[0]
    grammar = 'root ::= " not spoken" [a-z ]*'
    text, _ = ask(client, sampling=GREEDY, like=PASSAGE, grammar=grammar, min_tokens=0)
    assert text.startswith(" not spoken")
    assert set(text) <= set("abcdefghijklmnopqrstuvwxyz ")


def test_an_answer_ends_at_its_limit_and_its_stop_string_with_drafts_too(client):
    text, done = ask(client, sampling=GREEDY, like=PASSAGE, max_tokens=7, min_tokens=0)
    assert done.tokens_written == 7
    text, _ = ask(client, sampling=GREEDY, like=PASSAGE, stop=("twelfth",))
    assert "twelfth" not in text
    assert text.endswith("the")


def test_what_was_drafted_and_not_taken_is_not_remembered(client):
    drafted, _ = ask(client, like="something else " + PASSAGE, seed=11)
    follow = (Part(id="text", text=PROMPT + drafted),)
    _, done = ask(client, parts=follow, max_tokens=1, min_tokens=1)
    again, _ = ask(client, parts=follow, max_tokens=8, min_tokens=8, repeatable=True)
    assert done.tokens_read <= 4
    assert again


def test_a_text_that_is_not_resembled_costs_hardly_more_calls(model):
    _, plain = compute(model)
    _, done = compute(model, like="Completely other words about taxes in Ohio. " * 5)
    assert done.decode_calls <= plain.decode_calls * 1.05 + 1
