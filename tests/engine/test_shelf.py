"""Several texts take turns, and none drives the others out of what the engine remembers."""

from writer_app.engine.protocol import Done, Generate, Part
from writer_app.engine.shelf import WORTH_KEEPING


def read(client, text, **settings):
    request = Generate(
        id=client.new_id(), parts=(Part(id="text", text=text),), max_tokens=2, seed=1, **settings
    )
    done = list(client.generate(request))[-1]
    assert isinstance(done, Done)
    return done


def test_three_texts_by_turns_are_each_read_once(client, sherlock):
    texts = [sherlock[start : start + 1_100] for start in (20_000, 90_000, 160_000)]
    assert all(read(client, text).tokens_reused <= 1 for text in texts)
    for turn in range(2):
        for text in texts:
            done = read(client, text + " And then" * (turn + 1))
            assert done.tokens_read < 40
            assert done.tokens_reused > WORTH_KEEPING


def test_an_edit_near_the_beginning_and_its_undo_read_the_text_once_more_only(client, sherlock):
    text = sherlock[30_000:32_000]
    edited = text[:200] + "Something else happened. " + text[200:]
    read(client, text)
    assert read(client, edited).tokens_read > 300
    assert read(client, text).tokens_read < 40
    assert read(client, edited).tokens_read < 40


def test_a_repeatable_answer_in_between_takes_nothing_away(client, sherlock):
    text, other = sherlock[40_000:41_100], sherlock[70_000:70_500]
    read(client, text)
    read(client, other, repeatable=True)
    assert read(client, text).tokens_read < 40


def test_what_comes_back_is_what_was_there(client, sherlock):
    """The same answer from a text that was on the shelf and from one that never left."""

    def answer(text):
        request = Generate(
            id=client.new_id(), parts=(Part(id="text", text=text),), max_tokens=24, seed=3
        )
        return "".join(getattr(event, "text", "") for event in client.generate(request))

    text, other = sherlock[50_000:51_100], sherlock[80_000:81_100]
    answer(text)  # read in large batches, whose numbers differ in their last bits
    never_left = answer(text)
    read(client, other)
    assert answer(text) == never_left
