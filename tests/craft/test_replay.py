import zlib

import pytest
from msgspec import structs

from tests.craft.test_context import count
from tests.craft.test_surroundings import CLARA, MODEL, around, ask
from writer_app.craft import replay
from writer_app.craft.continuation import plan
from writer_app.craft.replay import Again, Asked
from writer_app.engine.client import EngineClient, counter
from writer_app.engine.protocol import Generate, Text
from writer_app.errors import OtherEngine, OtherModel
from writer_app.story import records
from writer_app.story.records import Header, Note


def asked(**more):
    question = ask(around(CLARA), "Clara rose. ", drawn_seed=7, max_tokens=24, **more)
    request = plan(question, MODEL, count, 3).request
    return Asked(request, "M", "12 ab")


def log(*entries):
    return records.replay(records.file_bytes(Header("d", "", ""), entries))


def test_what_was_asked_comes_back_from_the_log_as_it_was():
    kept = asked()
    found = log(replay.note("other", asked(note="x")), replay.note("a", kept))
    assert replay.find(found.entries, "a") == kept
    assert replay.find(found.entries, "b") is None
    assert kept.request.parts[0].id == "entry:clara"


def test_it_is_asked_again_in_repeatable_mode_one_answer_at_a_time():
    kept = Asked(structs.replace(asked().request, alternatives=3, project="p"))
    again = kept.again(9, alternative=2)
    assert (again.id, again.seed, again.alternatives) == (9, 9, 1)
    assert again.repeatable
    assert not again.project
    assert again.parts == kept.request.parts


def test_only_another_model_or_library_may_answer_otherwise():
    kept = asked()
    assert kept.is_repeatable_with(structs.replace(MODEL, fingerprint="12 ab"))
    assert not kept.is_repeatable_with(structs.replace(MODEL, fingerprint="13 ab"))
    assert not Asked(kept.request).is_repeatable_with(MODEL)


def test_a_log_keeps_the_last_requests_only_and_forgets_them_when_told():
    notes = [replay.note(str(number), asked()) for number in range(replay.MOST + 5)]
    kept = log(*notes).compact()
    assert replay.find(kept.entries, "4") is None
    assert replay.find(kept.entries, "5") is not None
    assert len(kept.data) < replay.MOST * 2_000
    assert replay.find(log(*notes, Note(replay.KIND)).entries, "90") is None
    assert not log(*notes, Note(replay.KIND)).compact().entries


@pytest.mark.parametrize(
    "packed",
    [
        b"",
        b"nonsense",
        zlib.compress(b"\x91" * 500),
        zlib.compress(b"\0" * 50_000_000),
        "text",
        None,
    ],
)
def test_a_damaged_request_is_none(packed):
    assert replay.find([Note(replay.KIND, {"id": "a", "packed": packed})], "a") is None


def test_what_is_too_large_is_not_kept():
    import random

    noise = "".join(map(chr, random.Random(1).choices(range(0x4E00, 0x9FFF), k=200_000)))
    huge = structs.replace(asked().request, suffix=noise)
    assert replay.note("a", Asked(huge)) is None


def test_the_starter_model_writes_the_same_tokens_again(starter):
    client = EngineClient("llama")

    def said(request: Generate):
        return [event.text for event in client.generate(request) if isinstance(event, Text)]

    try:
        for _event in client.load(starter):
            pass
        question = ask(around(CLARA), "Clara rose, and said to him: ", seed=7, max_tokens=24)
        made = plan(question, client.model, counter(client), client.new_id()).request
        kept = replay.note("a", Asked(made, "M", client.model.fingerprint))
        first = "".join(said(made))
        said(structs.replace(made, id=client.new_id(), seed=1, repeatable=False, max_tokens=4))
        found = replay.find(log(kept).entries, "a")
        again = "".join(said(found.again(client.new_id())))
        assert found.is_repeatable_with(client.model)
        assert client.model.begin == "<|endoftext|>" or not client.model.begin
    finally:
        client.close()
    assert first == again
    assert first.strip()


def test_another_model_or_engine_is_named_before_it_writes():
    question = ask(around(CLARA), "Clara rose. ")
    kept = Asked(asked().request, MODEL.name, "12 ab")
    again = Again(kept, 0, question)
    same = structs.replace(MODEL, fingerprint="12 ab")
    assert again.plan(same, count, 9).request == kept.again(9)
    with pytest.raises(OtherEngine):
        again.plan(structs.replace(MODEL, fingerprint="13 ab"), count, 9)
    with pytest.raises(OtherModel):
        again.plan(structs.replace(MODEL, name="Other", fingerprint="14"), count, 9)
    despite = Again(kept, 0, question, despite=True)
    assert despite.plan(MODEL, count, 9).request.seed == kept.request.seed
