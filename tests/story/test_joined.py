"""Several texts as one."""

from hypothesis import given
from hypothesis import strategies as st

from writer_app.errors import ReadOnly
from writer_app.story.changes import Origin
from writer_app.story.document import Document
from writer_app.story.joined import Joined

TEXTS = ("One.\n", "Two", "\n", "", "Three 林\n\n")


def joined(*texts):
    return Joined([Document(text) for text in texts])


def texts(joined):
    return [part.text for part in joined.parts]


def write(joined, words, inserted="", gone=0):
    """Replace ``gone`` characters at the place of ``words``."""
    at = joined.whole.text.index(words)
    joined.whole.replace(at, at + gone, inserted)


def test_what_is_written_goes_into_the_text_it_is_written_in():
    book = joined("One.\n", "Two", "Three")
    assert book.whole.text == "One.\nTwo\nThree"
    write(book, "Two", "Then two")
    write(book, "ne.", "", gone=3)
    assert texts(book) == ["O\n", "Then twoTwo", "Three"]
    assert book.borders == (2, 14)


def test_a_line_end_that_was_lent_is_no_part_of_the_text():
    book = joined("One", "Two")
    book.whole.replace(3, 3, "!")
    assert texts(book) == ["One!", "Two"]
    book.whole.replace(4, 4, "\nMore")
    assert texts(book) == ["One!\nMore", "Two"]


def test_what_is_written_where_one_begins_belongs_to_it():
    book = joined("One.\n", "Two\n")
    book.whole.replace(5, 5, "And ")
    assert texts(book) == ["One.\n", "And Two\n"]


def test_a_stretch_over_several_texts_is_taken_out_of_each_and_one_undo_brings_all_back():
    book = joined("One.\n", "Two", "Three\n")
    group = book.whole.open_group()
    book.whole.replace(2, 11, "—", group=group)
    assert "".join(texts(book)) == book.whole.text == "On—ree\n"
    book.whole.undo()
    assert texts(book) == ["One.\n", "Two", "Three\n"]
    book.whole.redo()
    assert "".join(texts(book)) == "On—ree\n"


def test_a_border_that_was_deleted_is_where_it_was_after_undo():
    book = joined("One", "Two")
    book.whole.replace(3, 4, "")  # the line end between them
    book.whole.undo()
    assert texts(book) == ["One", "Two"]
    book.whole.replace(4, 4, "x")
    assert texts(book) == ["One", "xTwo"]


def test_each_text_knows_who_wrote_into_it():
    book = joined("One.\n", "Two\n")
    book.whole.replace(
        8, 8, " more", origin=Origin.MODEL, group=book.whole.open_group(), source="r1"
    )
    record = book.parts[1].log.records[-1]
    assert (record.offset, record.inserted, record.origin, record.source) == (
        3,
        " more",
        Origin.MODEL,
        "r1",
    )
    assert not book.parts[0].log.records


def test_a_text_that_is_changed_by_itself_changes_the_whole():
    book = joined("One.\n", "Two", "Three\n")
    book.parts[1].replace(0, 3, "Deux, trois", origin=Origin.IMPORTED)
    assert book.whole.text == "One.\nDeux, trois\nThree\n"
    write(book, "Three", "x")
    assert texts(book) == ["One.\n", "Deux, trois", "xThree\n"]


edits = st.lists(
    st.one_of(
        st.tuples(
            st.integers(0, 40), st.integers(0, 12), st.sampled_from(["", "a", "\n", "b\nc", "林"])
        ),
        st.sampled_from(["undo", "redo"]),
    ),
    max_size=25,
)


@given(st.lists(st.sampled_from(TEXTS), min_size=1, max_size=5), edits)
def test_the_parts_are_always_the_whole_and_undo_brings_the_first_texts_back(given_texts, done):
    book = joined(*given_texts)
    first = book.whole.text
    for each in done:
        if each == "undo":
            book.whole.undo()
        elif each == "redo":
            book.whole.redo()
        else:
            at, gone, come = each
            at = min(at, book.whole.length)
            book.whole.replace(at, min(at + gone, book.whole.length), come)
        for number, part in enumerate(book.parts):
            start, end = book.span(number)
            assert book.whole.text[start:end] in (part.text, part.text + "\n")
    while book.whole.can_undo:
        book.whole.undo()
    assert book.whole.text == first
    assert texts(book) == given_texts


def test_of_a_joined_text_with_one_that_may_not_be_written_nothing_may():
    locked = Document("x")
    locked.read_only = ReadOnly(path="x", reason="y")
    assert Joined([Document("a"), locked]).whole.read_only is locked.read_only
