"""What she says of changes decides exactly what becomes of the passage."""

from hypothesis import given
from hypothesis import strategies as st

from writer_app.craft.candidate import Candidate
from writer_app.text.revision import revise
from writer_app.ui.session.review import Review

WORDS = st.sampled_from(
    [
        "old",
        "new",
        "*never*",
        "她",
        "来了",
        "，",
        "。",
        "😀",
        "é",
        "\n\n",
        "[link](x)",
        "# One",
        "stone",
        "river",
    ]
)
TEXTS = st.lists(WORDS, min_size=1, max_size=30).map(" ".join)


def reviewed(original, candidate):
    return Review(Candidate(candidate), revise(original, candidate), is_complete=True)


def applied(original, edits):
    for start, end, text in reversed(edits):
        original = original[:start] + text + original[end:]
    return original


@given(TEXTS, TEXTS, st.data())
def test_any_mix_applies_exactly_in_however_many_edits(original, candidate, data):
    review = reviewed(original, candidate)
    indices = st.integers(0, max(0, review.changes - 1))
    if review.changes:
        review.decided = data.draw(st.dictionaries(indices, st.booleans()))
    most = data.draw(st.integers(1, 5))
    edits = review.edits(most)
    assert applied(original, edits) == review.text() == review.revision.apply(review.taken)
    assert len(edits) <= most


@given(TEXTS, TEXTS)
def test_rejecting_all_is_the_original_and_accepting_all_the_candidate(original, candidate):
    review = reviewed(original, candidate)
    review.decided = dict.fromkeys(range(review.changes), False)
    assert review.text() == original
    review.decided = dict.fromkeys(range(review.changes), True)
    assert review.text() == candidate


@given(TEXTS, TEXTS)
def test_keys_alone_lead_through_every_change_once(original, candidate):
    review = reviewed(original, candidate)
    review.step(1)
    seen = []
    while len(seen) < review.changes:
        seen.append(review.current)
        if not review.decide_current(accepted=True):
            break
    assert sorted(seen) == list(range(review.changes))


def test_what_stays_between_edits_is_not_written_again():
    review = reviewed("The old man went home and slept.", "The young man went home and woke.")
    assert [(start, text) for start, _end, text in review.edits(40)] == [(4, "young"), (26, "woke")]
