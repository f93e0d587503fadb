"""What an engine child has written is told without the writer's words, and without delay."""

from writer_app.engine.childlog import ChildLog
from writer_app.engine.protocol import Generate, Part, Text

CANARY = "the canary sang in the cellar"
OTHER = "and nobody came to hear it no"


def test_words_asked_and_answered_are_not_told():
    log = ChildLog()
    log.note_request(Generate(id=1, parts=(Part(id="text", text=f"It was night; {CANARY}."),)))
    log.note_answer(Text(id=1, text=OTHER))
    for line in (f"prompt: {CANARY}", f"answer: {OTHER}", "loaded"):
        log.add(line)
    assert log.tail == "[…]\n[…]\nloaded"


def test_alternatives_that_come_in_turns_are_known_again_each():
    log = ChildLog()
    for one, two in zip(CANARY, OTHER, strict=True):
        log.note_answer(Text(id=1, text=one, alternative=0))
        log.note_answer(Text(id=1, text=two, alternative=1))
    log.add(f"first: {CANARY}")
    log.add(f"second: {OTHER}")
    assert log.tail == "[…]\n[…]"


def test_of_an_endless_line_no_more_is_kept_than_can_be_told():
    log = ChildLog()
    log.add("x" * 1_000_000)
    assert sum(map(len, log._lines)) <= 1_000
