"""What a model says is plain text, however it is cut and whichever backend it comes from."""

import pytest

from tests.journeys.writer import play
from writer_app.engine.client import EngineClient
from writer_app.engine.plain import plain
from writer_app.engine.protocol import Done, Ending, Generate, Part, Reading, Text
from writer_app.errors import EngineDied, EngineError

CANARY = "the canary sang in the cellar"
ENGLAND = "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"


def said(*pieces):
    events = [Text(id=1, text=text, alternative=number) for number, text in pieces]
    texts: dict[int, str] = {}
    for event in plain([Reading(id=1, done=1, total=2), *events, Done(id=1, reason=Ending.END)]):
        if isinstance(event, Text):
            texts[event.alternative] = texts.get(event.alternative, "") + event.text
    return texts


@pytest.mark.parametrize(
    ("pieces", "text"),
    [
        (["She\u202e came", "\x1b[31m red\x07"], "She came[31m red"),
        (["a\r\n", "\tb"], "a\n\tb"),
        (["a\u2029", "b\ufdd0c\ufdd1d"], "a\nbcd"),
        (["Hi", "\U000e0068", "\U000e0069", "."], "Hi."),
        (["👩", "\u200d", "🚀!"], "👩\u200d🚀!"),
        (
            ["🏴\U000e0067\U000e0062", "\U000e0065\U000e006e\U000e0067", "\U000e007f."],
            ENGLAND + ".",
        ),
        (["می", "\u200c", "خواهم"], "می\u200cخواهم"),
        (["ends\u200d"], "ends"),
    ],
)
def test_hidden_characters_go_and_needed_ones_stay(pieces, text):
    assert said(*((0, piece) for piece in pieces)) == {0: text}


def test_alternatives_are_strained_each_for_itself():
    assert said((0, "👩"), (1, "b\u200d"), (0, "\u200d"), (1, "c"), (0, "🚀")) == {
        0: "👩\u200d🚀",
        1: "bc",
    }


def test_the_last_event_is_the_done_and_nothing_else_is_touched():
    events = [Reading(id=1, done=1, total=2), Text(id=1, text="x"), Done(id=1, reason=Ending.END)]
    assert list(plain(events)) == events


@pytest.fixture
def ask(tmp_path):
    clients = []

    def begin(*steps):
        clients.append(EngineClient("scripted", str(play(tmp_path, [list(steps)]))))
        list(clients[0].load("x"))
        request = Generate(
            id=clients[0].new_id(), parts=(Part("text", CANARY),), project="/home/ann/a.md"
        )
        return clients[0], clients[0].generate(request)

    yield begin
    for client in clients:
        client.close()


def test_a_real_child_s_text_arrives_strained(ask):
    _client, events = ask({"text": "one\u202e"}, {"text": "\x1b two"})
    assert "".join(event.text for event in events if isinstance(event, Text)) == "one two"


def test_a_bug_in_the_child_is_told_by_its_kind_not_by_what_it_says(ask):
    _client, events = ask({"text": "one"}, {"signal": "SIG canary"})
    with pytest.raises(EngineError) as failure:
        list(events)
    assert failure.value.params == {"reason": "AttributeError"}
    assert "scripted.py:" in failure.value.detail
    assert "canary" not in failure.value.detail


def test_what_a_dying_child_wrote_is_told_without_prompt_and_answer(ask):
    client, events = ask({"text": "a mouse with golden teeth"}, {"wait": 0.2}, {"exit": 9})
    for line in (f"got {CANARY}", "wrote a mouse with golden", "open /home/ann/a.md", "plain line"):
        client._log.add(line)
    with pytest.raises(EngineDied) as death:
        list(events)
    lines = death.value.detail.splitlines()
    assert lines[:4] == ["[…]", "[…]", "[…]", "plain line"]
    assert "script says exit" in lines[-1]
    assert client.log == death.value.detail
