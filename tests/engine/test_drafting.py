"""Drafting, with an answer that is known beforehand in place of a model."""

import itertools
import math
import random
import re
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from writer_app.engine.drafting import MOST, Costs, Drafter, Lookup

#: The Adventures of Sherlock Holmes, first paragraph.
HOLMES = (
    "To Sherlock Holmes she is always the woman. I have seldom heard him mention her under any other name. "
    "In his eyes she eclipses and predominates the whole of her sex. It was not that he felt any emotion akin "
    "to love for Irene Adler. All emotions, and that one particularly, were abhorrent to his cold, precise but "
    "admirably balanced mind. He was, I take it, the most perfect reasoning and observing machine that the "
    "world has seen, but as a lover he would have placed himself in a false position. He never spoke of the "
    "softer passions, save with a gibe and a sneer. They were admirable things for the observer—excellent for "
    "drawing the veil from men’s motives and actions. But for the trained reasoner to admit such intrusions "
    "into his own delicate and finely adjusted temperament was to introduce a distracting factor which might "
    "throw a doubt upon all his mental results. Grit in a sensitive instrument, or a crack in one of his own "
    "high-power lenses, would not be more disturbing than a strong emotion in a nature such as his. And yet "
    "there was but one woman to him, and that woman was the late Irene Adler, of dubious and questionable "
    "memory."
)
#: Pride and Prejudice, chapter one.
BENNET = (
    "It is a truth universally acknowledged, that a single man in possession of a good fortune, must be in want "
    "of a wife. However little known the feelings or views of such a man may be on his first entering a "
    "neighbourhood, this truth is so well fixed in the minds of the surrounding families, that he is considered "
    "as the rightful property of some one or other of their daughters."
)

small = st.lists(st.integers(0, 3), max_size=60)


def tokens(text):
    """Words and pieces of long words, as a tokeniser cuts them."""
    return [zlib.crc32(piece.encode()) for piece in re.findall(r" ?\w{1,6}|\W", text)]


def edited(text, share, draw):
    """The text with this share of its words replaced, deleted or another one inserted."""
    words = []
    for word in text.split():
        change = draw.choice(["replace", "delete", "insert"]) if draw.random() < share else None
        if change in ("replace", "insert"):
            words.append(draw.choice(BENNET.split()))
        if change in ("insert", None):
            words.append(word)
    return " ".join(words)


def rewrites(share):
    """Twenty answers that change this share of the words."""
    return [tokens(edited(HOLMES, share, random.Random(seed))) for seed in range(20)]


def wandering():
    """Twenty answers about something else, which share a few words now and then."""
    answers = []
    shared = tokens(HOLMES)
    for seed in range(20):
        draw = random.Random(seed)
        answer = []
        while len(answer) < 300:
            answer += draw.choices(tokens(BENNET), k=draw.randint(10, 30))
            start = draw.randrange(len(shared))
            answer += shared[start : start + draw.randint(2, 4)]
        answers.append(answer)
    return answers


def on_two_cores(drafted):
    """Batches of 1, 4 and 16 cost 1, 2.6 and 9."""
    return 1 + 8 / 15 * drafted


def nearly_free(drafted):
    """A batch of 16 costs 1.3."""
    return 1 + 0.02 * drafted


def in_blocks(drafted):
    """Four tokens cost what two do."""
    return 1 + 1.6 * math.ceil((drafted + 1) / 4) if drafted else 1


def dear(drafted):
    return 1 + 1.1 * drafted


def write(answer, expected, costs, cost, late=lambda: 1):
    """Write the answer as a decoder would; returns what is written, the calls, and the time of them."""
    drafter = Drafter(expected, costs)
    written, calls, time = [], 0, 0.0
    while len(written) < len(answer):
        draft = drafter.draft(len(answer) - len(written) - 1)
        calls += 1
        time += cost(len(draft))
        costs.tell(len(draft), 0.02 * cost(len(draft)) * late())
        for token in [*draft, None]:
            picked = answer[len(written)]
            drafter.see(picked)
            written.append(picked)
            if picked != token:
                break
    return written, calls, time


def measure(answers, cost, costs=None, late=lambda: 1):
    """Calls a token, and the time as a share of the time without drafts."""
    costs = costs or Costs()
    runs = [write(answer, tokens(HOLMES), costs, cost, late) for answer in answers]
    total = sum(map(len, answers))
    return sum(run[1] for run in runs) / total, sum(run[2] for run in runs) / total


@given(small, small, st.integers(0, 10))
def test_a_draft_is_a_stretch_of_the_expected_text_and_never_longer_than_asked(
    expected, written, most
):
    lookup = Lookup(expected)
    for token in written:
        lookup.see(token)
    draft = lookup.draft(most)
    assert len(draft) <= most
    assert any(expected[at : at + len(draft)] == draft for at in range(len(expected) + 1))


@given(small, small)
def test_the_tokens_matched_are_those_before_the_draft(expected, written):
    lookup = Lookup(expected)
    for token in written:
        lookup.see(token)
    before = expected[: len(expected) - len(lookup.draft(len(expected)))]
    assert before[len(before) - lookup.matched :] == written[len(written) - lookup.matched :]


@given(small)
def test_an_answer_that_says_the_same_is_drafted_from_the_first_token_to_the_last(expected):
    lookup = Lookup(expected)
    assert lookup.draft(len(expected)) == expected
    assert all(lookup.see(token) for token in expected)
    assert lookup.draft(5) == []


@pytest.mark.parametrize(
    ("written", "following"),
    [
        ([1, 2, 90], [4, 5]),
        ([1, 2, 90, 3], [4, 5]),
        ([1, 2, 90, 91, 4], [5, 6]),
        ([1, 2, 4], [5, 6]),
        ([1, 2, 5], [6, 7]),
    ],
    ids=["replaced", "inserted", "replaced by two", "deleted", "deleted with the next"],
)
def test_the_place_is_found_again_after_a_token_was(written, following):
    lookup = Lookup([1, 2, 3, 4, 5, 6, 7])
    for token in written:
        lookup.see(token)
    assert lookup.draft(2) == following


def test_a_match_nearby_is_believed_before_a_longer_one_far_away():
    lookup = Lookup([1, 2, 3, 4, 5, 6, *range(100, 200), 1, 2, 4, 9])
    for token in [1, 2, 4]:
        lookup.see(token)
    assert lookup.draft(2) == [5, 6]


def test_a_passage_moved_from_far_away_is_found():
    lookup = Lookup([*range(100, 200), 1, 2, 3, 4, 5, 6])
    for token in [1, 2, 3, 4]:
        lookup.see(token)
    assert lookup.draft(2) == [5, 6]


@given(small, small, st.sampled_from([on_two_cores, nearly_free, in_blocks, dear]))
def test_what_is_written_does_not_depend_on_the_draft(expected, answer, cost):
    written, calls, _time = write(answer, expected, Costs(), cost)
    assert written == answer
    assert calls <= len(answer)


@given(st.integers(0, 40))
def test_a_draft_is_never_longer_than_most(most):
    costs = Costs()
    for drafted in [0, 20] * 20:
        costs.tell(drafted, 0.02)
    drafter = Drafter(range(1000), costs)
    for token in range(100):
        drafter.see(token)
    assert drafter.draft(most) == list(range(100, 100 + min(most, MOST)))


@pytest.mark.parametrize(
    ("share", "cost", "calls", "time"),
    [
        (0.04, on_two_cores, 0.30, 0.85),
        (0.04, nearly_free, 0.12, 0.17),
        (0.25, on_two_cores, 0.70, 0.95),
        (0.25, nearly_free, 0.45, 0.50),
        (0.04, in_blocks, 0.30, 0.75),
    ],
)
def test_a_rewrite_takes_fewer_calls_and_less_time(share, cost, calls, time):
    found = measure(rewrites(share), cost)
    assert found[0] <= calls
    assert found[1] <= time


@pytest.mark.parametrize("cost", [on_two_cores, nearly_free, in_blocks, dear])
def test_an_answer_that_wanders_is_not_held_up(cost):
    assert measure(wandering(), cost)[1] <= 1.02


def test_drafts_that_cost_more_than_they_gain_are_given_up():
    assert measure(rewrites(0.04), dear)[1] <= 1.02


def test_calls_that_are_late_now_and_then_change_little():
    draw = random.Random(1)

    def late():
        return draw.lognormvariate(0, 0.15) * draw.choices([1, 5], [49, 1])[0]

    assert measure(rewrites(0.04), on_two_cores, late=late)[1] <= 0.85


@pytest.mark.parametrize("drafted", [0, 4, 8])
def test_one_call_that_is_late_says_little_of_what_drafts_cost(drafted):
    costs = Costs()
    for size in [0, 4, 8] * 10:
        costs.tell(size, 0.02 * on_two_cores(size))
    costs.tell(drafted, 20 * 0.02 * on_two_cores(drafted))
    assert costs.of(8) == pytest.approx(on_two_cores(8), rel=0.15)


def test_an_answer_is_judged_by_its_latest_tokens():
    drafter = Drafter(range(2000), Costs())
    for token in range(1000):
        drafter.see(token)
    assert len(drafter.draft()) == MOST
    for token in range(1000, 1100):
        drafter.see(-1 if token % 5 == 0 else token)
    assert len(drafter.draft()) <= 3


def test_nothing_is_drafted_where_nothing_matches():
    drafter = Drafter(range(2000), costs := Costs())
    drafts = []
    for _token in range(1000):
        drafter.see(-1)
        drafts.append(drafter.draft())
        costs.tell(0, 0.02)
    assert not any(drafts)


def test_what_a_draft_costs_is_remembered_from_answer_to_answer():
    costs = Costs()
    first, second = rewrites(0.04)[:2]
    measure([first], nearly_free, costs)
    assert write(second, tokens(HOLMES), costs, nearly_free)[1] < len(second) * 0.12


@pytest.mark.parametrize(
    ("before", "after"), [(nearly_free, on_two_cores), (dear, nearly_free), (dear, on_two_cores)]
)
def test_a_change_of_the_costs_is_noticed(before, after):
    costs = Costs()
    measure(rewrites(0.04), before, costs)
    measure(rewrites(0.04), after, costs)
    assert costs.of(5) == pytest.approx(after(5), rel=0.25)


def test_a_machine_that_is_slow_at_times_is_no_reason_to_give_up():
    calls = itertools.count()
    found = measure(rewrites(0.04), on_two_cores, late=lambda: 3 if next(calls) // 40 % 2 else 1)
    assert found[1] <= 0.73


@given(st.lists(st.tuples(st.integers(0, MOST), st.floats(0, 1000)), max_size=60))
def test_whatever_a_clock_shows_costs_are_positive_figures(times):
    costs = Costs()
    for drafted, seconds in times:
        costs.tell(drafted, seconds)
    assert costs.of(0) == pytest.approx(1)
    assert all(0 < costs.of(drafted) < math.inf for drafted in range(MOST + 1))
