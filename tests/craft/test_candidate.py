"""What becomes of an answer."""

import pytest

from tests.craft.test_transform import RECIPES
from writer_app.craft.candidate import Judge, by_rule
from writer_app.craft.checks import Check
from writer_app.craft.rewriting import Rewriting
from writer_app.errors import BadChoice, PassageEmpty
from writer_app.text.habits import ALL_ON

TEXT = (
    "# The *House*\n\n“It’s late,” said Tom—and [he](http://a.b) went **home**.[^1]\n\n"
    "- one\n- two 😀\n\n> “Go,” she said.\n\n[^1]: A note."
)


def judged(answer, name="polish", passage=None, text=TEXT, wish=""):
    start = text.index(passage) if passage else 0
    span = (start, start + len(passage) if passage else len(text))
    return Judge(Rewriting(text, span, RECIPES[name], wish), ALL_ON).finish(answer)


@pytest.mark.parametrize(
    "answer", ["", "  \n", "<think>Hm", "I'm sorry, but I can't assist with that."]
)
def test_an_answer_without_anything_in_it_is_of_no_use(answer):
    candidate = judged(answer)
    assert not candidate.is_useful
    assert candidate.text == ""


def test_an_answer_that_changes_nothing_is_the_passage_and_passes():
    for passage in (
        "The *House*",
        "“It’s late,” said Tom—and [he](http://a.b) went **home**.[^1]",
        None,
    ):
        candidate = judged(passage or TEXT, passage=passage)
        assert candidate.text == (passage or TEXT)
        assert (candidate.failed, candidate.lost) == ((), ())


def test_marks_she_uses_herself_survive_an_answer_that_changes_nothing():
    text = 'He said "no" -- and went...\n\n' + "“Yes,” she said—“always…”\n" * 9
    text = text.strip()
    assert judged(text, text=text).text == text


@pytest.mark.parametrize("book", ["pride", "dream"])
def test_paragraphs_of_a_book_come_back_as_they_were(book, request):
    text = request.getfixturevalue(book)[:40_000]
    for paragraph in [each for each in text.split("\n") if each.strip()][:60:4]:
        start = text.index(paragraph)
        span = (start, start + len(paragraph))
        judge = Judge(Rewriting(text, span, RECIPES["news"]), ALL_ON)
        for around in ("{}", "Sure, here is the rewritten text:\n\n{}\n", "<text>\n{}\n</text>"):
            candidate = judge.finish(around.format(paragraph))
            assert candidate.text == paragraph
            assert candidate.failed == ()


def test_lost_formatting_is_put_back_and_what_has_no_place_is_told():
    passage = "“It’s late,” said Tom—and [he](http://a.b) went **home**.[^1]"
    candidate = judged('"It is late," said Tom -- and he went home.', passage=passage)
    assert candidate.text == "“It is late,” said Tom—and [he](http://a.b) went **home**.[^1]"
    assert judged("Nobody.", passage=passage).lost == ("[he](http://a.b)", "**home**")


def test_marks_are_those_of_the_manuscript():
    text = "他說：「走。」「好。」她沒有說話……"
    assert judged('他說:"走吧."', passage="他說：「走。」", text=text).text == "他說：「走吧。」"


def test_a_repeated_instruction_is_no_part_of_the_answer():
    order = RECIPES["polish"].instruction.en
    assert judged(f"{order}\n\nTom left.", passage="The *House*").text == "Tom left."
    assert judged("Polish this text:\nTom left.", passage="“Go,” she said.").text == "Tom left."


def test_speech_made_of_narration_keeps_its_marks():
    text = "Tom told her that he was leaving."
    assert judged("“I’m leaving.”", "dialogue", text=text).text == "“I’m leaving.”"
    assert judged("“Tom is leaving.”", "polish", text=text).text == "Tom is leaving."


def test_a_list_has_items_and_its_checks():
    candidate = judged("- Tom\n- Ann\n- Tom\n", "names")
    assert candidate.items == ("Tom", "Ann")
    assert candidate.text == "Tom\nAnn"
    assert [each.check for each in candidate.verdicts] == [Check.LANGUAGE]


def test_only_what_takes_the_place_of_the_passage_is_measured():
    assert Check.LENGTH not in {v.check for v in judged("He went on.", "onward").verdicts}
    assert Check.LENGTH in {v.check for v in judged("He went on.", "shorten").verdicts}


def test_an_endless_answer_fails_its_length():
    looped = judged("He went home and went home and " * 60, passage="“Go,” she said.")
    assert Check.LENGTH in {each.check for each in looped.failed}


def test_part_of_the_passage_fails_its_length():
    text = (
        "It was late. The rain fell on the house. Nobody in it slept. Tom opened the door and went."
    )
    assert Check.LENGTH in {each.check for each in judged("It was late.", text=text).failed}


def test_what_she_has_edited_is_verified_too():
    judge = Judge(Rewriting("He paid 40 pounds.", (0, 18), RECIPES["polish"]), ALL_ON)
    assert [each.check for each in judge.verified("He paid 50 pounds.").failed] == [Check.NUMBERS]


def test_a_stream_shows_no_greeting_and_no_refusal():
    judge = Judge(Rewriting("He went.", (0, 8), RECIPES["polish"]), ALL_ON)
    answer = "Sure, here is the rewritten text:\n\nHe left."
    assert judge.so_far(answer) == "He left."
    assert judge.so_far("I'm sorry, but I can't assist with that.") == ""


def rule(name, text, wish=""):
    return by_rule(Rewriting(text, (0, len(text)), RECIPES[name], wish)).text


def test_rules_need_no_model():
    assert rule("tidy", "Too  many   spaces .") == "Too many spaces."
    assert rule("hanzi", "汉字", "s2t") == "漢字"
    assert rule("numbers", "About 12 men came.", " ") == "About twelve men came."
    with pytest.raises(BadChoice):
        rule("tidy", "a", "upside down")
    with pytest.raises(PassageEmpty):
        rule("tidy", " \n")
