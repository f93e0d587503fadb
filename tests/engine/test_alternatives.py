"""Several answers to one request: one reading, one batch a step, each with its own seed and end."""

from collections import defaultdict

import pytest

from writer_app.engine.client import EngineClient
from writer_app.engine.protocol import Done, Ending, Generate, Part, Sampling, Text

OPENING = (
    "The lighthouse keeper had not spoken to anyone for eleven days. On the twelfth, a boat came out of "
    "the fog, and in it sat a woman with a lantern and no oars. He went down to the water,"
)


def ask(client, text=OPENING, on_text=None, **settings):
    """(texts by alternative, Done)."""
    given = {"max_tokens": 24, "min_tokens": 24, "seed": 7, "sampling": Sampling(min_p=0.05)}
    request = Generate(
        id=client.new_id(), parts=(Part(id="text", text=text),), **(given | settings)
    )
    texts = defaultdict(str)
    for event in client.generate(request):
        if isinstance(event, Text):
            texts[event.alternative] += event.text
            if on_text:
                on_text(request.id, event)
    assert isinstance(event, Done)
    return dict(texts), event


def test_four_alternatives_cost_hardly_more_steps_than_one(client):
    _, one = ask(client)
    texts, four = ask(client, text=OPENING + " holding", alternatives=4)
    assert sorted(texts) == [0, 1, 2, 3]
    assert len(set(texts.values())) == 4
    assert [ended.seed for ended in four.alternatives] == [7, 8, 9, 10]
    assert four.tokens_written == sum(ended.tokens_written for ended in four.alternatives) == 96
    assert four.decode_calls <= one.decode_calls * 1.05 + 2
    assert one.alternatives == ()


def test_each_seed_alone_gives_the_same_answer_where_it_can_be_repeated(client):
    texts, _ = ask(client, alternatives=3, repeatable=True)
    for number, text in texts.items():
        assert ask(client, seed=7 + number, repeatable=True)[0] == {0: text}


def test_each_ends_by_itself(client):
    _, done = ask(client, alternatives=4, until="sentence", max_tokens=60, min_tokens=0, soft=0)
    assert {ended.reason for ended in done.alternatives} <= {Ending.SENTENCE, Ending.LENGTH}
    assert len({ended.tokens_written for ended in done.alternatives}) > 1


def test_half_a_word_is_finished_in_every_alternative(client):
    texts, _ = ask(client, text=OPENING.removesuffix("he water,") + "he wat", alternatives=3)
    assert all(text[:2] == "er" for text in texts.values())


def test_one_can_be_dropped_and_the_others_go_on(client):
    def drop(request_id, event):
        if event.alternative == 1:
            client.drop(request_id, 1)

    _, done = ask(client, on_text=drop, alternatives=3, max_tokens=40, min_tokens=40)
    reasons = [ended.reason for ended in done.alternatives]
    assert reasons == [Ending.LENGTH, Ending.CANCELLED, Ending.LENGTH]
    assert done.alternatives[1].tokens_written < 40


def test_going_on_with_any_of_them_reads_next_to_nothing(client):
    texts, _ = ask(client, alternatives=4)
    _, done = ask(client, text=OPENING + texts[2])
    assert done.tokens_read <= 4
    assert done.tokens_reused > 50


def test_they_are_compared_by_the_text_behind_the_caret(client):
    behind = " and the lantern went out. She was holding a lantern"
    _, done = ask(client, alternatives=3, suffix=behind)
    assert all(ended.fit is not None and ended.fit < 0 for ended in done.alternatives)
    _, without = ask(client, alternatives=3)
    assert {ended.fit for ended in without.alternatives} == {None}


def test_what_fits_better_is_told_from_what_fits_worse(client):
    """The same answers, once before their own next words and once before words from elsewhere."""
    texts, _ = ask(client, alternatives=1, max_tokens=12, min_tokens=12)
    follow, _ = ask(client, text=OPENING + texts[0], sampling=Sampling(temperature=0))
    _, fitting = ask(client, alternatives=2, max_tokens=12, min_tokens=12, suffix=follow[0])
    _, alien = ask(
        client, alternatives=2, max_tokens=12, min_tokens=12, suffix=" %% 0x7f; } return NULL;"
    )
    assert fitting.alternatives[0].fit > alien.alternatives[0].fit


def test_too_many_for_the_context_is_said_before_anything_is_read(client):
    from writer_app.errors import TooLong

    with pytest.raises(TooLong):
        ask(client, alternatives=8, max_tokens=600)


def test_a_context_that_is_full_after_the_answers_leaves_them_uncompared(starter):
    client = EngineClient("llama")
    try:
        list(client.load(starter, context=256))
        text = "It was late. " * 10
        room = 256 - client.count([text]).tokens[0] - 2
        done = list(
            client.generate(
                Generate(
                    id=client.new_id(),
                    parts=(Part(id="text", text=text),),
                    suffix="And nobody ever heard of it again, neither then nor in all the years after.",
                    alternatives=4,
                    max_tokens=room // 4,
                    min_tokens=room // 4,
                )
            )
        )[-1]
        assert [one.tokens_written for one in done.alternatives] == [room // 4] * 4
        assert all(one.fit is None for one in done.alternatives)
    finally:
        client.close()
