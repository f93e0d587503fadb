"""What a chapter tells, as proposals for the bible."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.craft.test_context import count
from writer_app.craft.proposals import Proposal, inquiries, wanted
from writer_app.engine.client import EngineClient
from writer_app.engine.protocol import Loaded, Text
from writer_app.errors import PassageTooLong
from writer_app.story.bible import Bible, Entry, Fact, Kind

INSTRUCT = Loaded(name="I", context=4096, has_template=True, parameters=7_000_000_000)
BASE = Loaded(name="B", context=4096, parameters=270_000_000)
ENGLISH = (
    "Anna Lund was a tall woman with grey eyes. “Come in,” said Anna. Tom Hale looked at Anna. "
    "Tom had been a doctor in Bergen for ten years. “My brother was a soldier,” said Tom Hale.\n\n"
    "Anna lived in a small house near Bergen. In Bergen it rained. Tom Hale laughed."
)
CHINESE = "林岚今年二十岁，住在青石巷。林岚笑道：“好。”王成听了林岚的话，只不做声。\n\n王成是城里的医生，林岚的哥哥。王成道：“走罢。”"


def asked(text=ENGLISH, bible=None, dismissed=(), **more):
    return {each.name.name: each for each in inquiries(text, bible or Bible(), dismissed, **more)}


def test_code_finds_whom_to_ask_about_and_what_they_are():
    names = asked()
    assert set(names) == {"Anna Lund", "Tom Hale", "Bergen"}
    assert names["Anna Lund"].plain.kind is Kind.CHARACTER
    assert names["Bergen"].plain.kind is Kind.PLACE
    assert set(asked(CHINESE)) == {"林岚", "王成"}


@pytest.mark.parametrize("model", [INSTRUCT, BASE], ids=["instruct", "base"])
@pytest.mark.parametrize("text", [ENGLISH, CHINESE], ids=["en", "zh"])
def test_a_model_can_only_point_at_words_of_the_chapter(text, model):
    for inquiry in asked(text).values():
        request = inquiry.plan(model, count, 1).request
        assert bool(request.chat) is model.has_template
        said = "".join([*(turn.content for turn in request.chat), *(p.text for p in request.parts)])
        assert all(each in text for each in inquiry.sentences)
        assert all(each in said for each in inquiry.sentences)
        told = [one for each in inquiry.hints for hint in each for one in hint.stretches]
        assert all(f'"{each}"' in request.grammar for each in told)
        assert all(each in text for each in told)


def test_an_answer_becomes_facts_with_their_words():
    inquiry = asked(scene="one")["Anna Lund"]
    proposal = inquiry.read("person\n1 | eyes | grey eyes\n5 | x | y\nend")
    assert proposal == Proposal(
        name="Anna Lund",
        aliases=("Anna",),
        times=proposal.times,
        facts=(
            Fact(
                attribute="eyes",
                value="grey eyes",
                since="one",
                source="Anna Lund was a tall woman with grey eyes.",
            ),
        ),
    )
    assert inquiry.read("none\nend") is None


@pytest.mark.parametrize(
    "line",
    [
        "1 | eyes | blue eyes",
        "2 | eyes | grey eyes",
        "9 | eyes | grey eyes",
        "1 | soul | grey eyes",
        "1 | eyes",
    ],
)
def test_what_does_not_stand_there_is_dropped(line):
    assert asked()["Anna Lund"].read(f"person\n{line}\nend").facts == ()


def test_a_word_is_about_whoever_was_mentioned_last_and_nobody_speaks_of_himself():
    names = asked()
    tom = [hint.attribute for each in names["Tom Hale"].hints for hint in each]
    anna = [hint.attribute for each in names["Anna Lund"].hints for hint in each]
    assert "work" in tom
    assert "family" not in tom
    assert {"eyes", "looks", "home"} <= set(anna)
    assert "work" not in anna


def test_nothing_is_added_before_it_is_accepted():
    bible = Bible()
    proposal = asked(bible=bible)["Anna Lund"].read("person\n1 | eyes | grey eyes\nend")
    assert len(bible) == 0
    accepted = proposal.accepted(bible, taken=["anna lund"])
    (entry,) = accepted
    assert (entry.id, entry.name, entry.facts) == ("Anna Lund 2", "Anna Lund", proposal.facts)


def test_of_an_entry_there_is_only_new_facts_are_proposed():
    entry = Entry(
        id="anna", name="Anna", facts=(Fact(attribute="eyes", value="Grey eyes", source="x"),)
    )
    bible = Bible.of([entry])
    inquiry = asked(bible=bible)["Anna Lund"]
    assert inquiry.read("person\n1 | eyes | grey eyes\nend") is None
    proposal = inquiry.read("person\n1 | eyes | grey eyes\n1 | looks | tall\nend")
    assert [each.value for each in proposal.facts] == ["tall"]
    assert [each.value for each in proposal.accepted(bible)["anna"].facts] == ["Grey eyes", "tall"]


def test_what_she_dismissed_is_not_proposed_again():
    proposal = asked()["Anna Lund"].plain
    assert "Anna Lund" not in asked(dismissed=proposal.keys)
    assert wanted(proposal, proposal.keys) is None
    assert wanted(proposal, ()) == proposal
    facts = (Fact(attribute="eyes", value="grey"), Fact(attribute="age", value="ten years old"))
    known = Proposal(name="Anna", entry="anna", facts=facts)
    left = wanted(known, msgspec.structs.replace(known, facts=facts[:1]).keys)
    assert left.facts == facts[1:]
    assert wanted(known, known.keys) is None


def test_a_model_with_hardly_any_context_is_refused():
    with pytest.raises(PassageTooLong):
        asked()["Anna Lund"].plan(msgspec.structs.replace(INSTRUCT, context=64), count, 1)


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=300), st.text(max_size=200))
def test_any_chapter_and_any_answer_is_read(chapter, answer):
    for inquiry in inquiries(chapter * 3, Bible()):
        found = inquiry.read(answer)
        assert found is None or all(each.source in chapter * 3 for each in found.facts)


def test_the_starter_model_gives_an_answer_that_can_be_read(starter):
    client = EngineClient("llama")
    *_, model = client.load(starter)
    inquiry = asked(seed=1)["Anna Lund"]
    plan = inquiry.plan(model, lambda texts: client.count(list(texts)).tokens, 1)
    answer = "".join(each.text for each in client.generate(plan.request) if isinstance(each, Text))
    client.close()
    proposal = inquiry.read(answer)
    assert proposal.kind is Kind.CHARACTER
    assert all(each.source in ENGLISH and each.value in each.source for each in proposal.facts)
