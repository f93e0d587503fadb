"""Where two texts differ, and edits one after the other."""

from hypothesis import given
from hypothesis import strategies as st

from writer_app.text.difference import Edit, difference

TEXTS = st.text("ab门\n", max_size=20)


@given(TEXTS, TEXTS)
def test_the_difference_of_two_texts_makes_one_of_the_other(old, new):
    at, removed, inserted = difference(old, new)
    assert old[at : at + len(removed)] == removed
    assert old[:at] + inserted + old[at + len(removed) :] == new


@given(
    TEXTS, st.lists(st.tuples(st.integers(0, 40), st.integers(0, 9), TEXTS), min_size=1, max_size=8)
)
def test_edits_one_after_the_other_are_one_edit(old, steps):
    text, whole = old, None
    for place, length, inserted in steps:
        at = min(place, len(text))
        removed = min(length, len(text) - at)
        text = text[:at] + inserted + text[at + removed :]
        edit = Edit(at, removed, len(inserted))
        whole = whole.then(edit) if whole else edit
    come = text[whole.at : whole.at + whole.inserted]
    assert old[: whole.at] + come + old[whole.at + whole.removed :] == text
