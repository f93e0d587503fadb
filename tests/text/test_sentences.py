"""Where a sentence ends while text streams in."""

import pytest

from writer_app.text.sentences import ends_between


@pytest.mark.parametrize(
    ("before", "after", "ends"),
    [
        ("He left.", " She", True),
        ("He met Mr.", " Watson", False),
        ("“He left.", " She", False),
        ("“He left.”", " She", True),
        ("It cost 3.", "5", False),
        ("他走了。", "她", True),
        ("“他走了。", "”", False),
        ("他说……", "她", False),
        ("A few changes:\n1.", " First", False),
        ("It was 1897.", " He", True),
    ],
)
def test_a_sentence_ends_where_a_reader_would_say_so(before, after, ends):
    assert ends_between(before, after) is ends
