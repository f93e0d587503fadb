"""Several texts as one."""

from hypothesis import given
from hypothesis import strategies as st

from writer_app.errors import ReadOnly
from writer_app.story.changes import Origin
from writer_app.story.document import Document
from writer_app.story.joined import Joined
from writer_app.story.ledger import Ledger
from writer_app.story.records import Header, Note

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


def test_words_typed_over_a_stretch_of_several_texts_stay_together():
    book = joined("One one.\n", "Two two.\n", "Three.\n")
    book.whole.replace(4, 13, "a")
    for at, letter in enumerate("bc", 5):
        book.whole.replace(at, at, letter)
    assert texts(book) == ["One ", "abctwo.\n", "Three.\n"]


def test_an_empty_text_can_be_written_in():
    book = joined("One.\n", "", "Three.\n")
    book.whole.replace(5, 5, "Two")
    assert texts(book) == ["One.\n", "Two", "Three.\n"]


def test_what_was_deleted_comes_back_as_whose_it_was():
    book = joined("One.\n", "Two\n")
    whole = book.whole
    group = whole.open_group()
    whole.replace(0, 0, "Said so. ", origin=Origin.MODEL, group=group, source="r1")
    whole.replace(0, whole.length, "")
    whole.undo()
    assert texts(book) == ["Said so. One.\n", "Two\n"]
    log = book.parts[0].log
    runs = Ledger.of(Header("x", "", "One.\n"), log.records).runs
    assert runs == ((9, "model", "r1", False), (5, "imported", "", False))


def test_a_text_that_is_read_again_beside_one_for_reading_only_is_followed_and_so_is_what_comes_after():
    book = joined("One.\n", "Two.\n")
    locked, other = book.parts
    locked.read_only = book.whole.read_only = ReadOnly(path="x", reason="y")
    other.replace(0, 3, "Deux", origin=Origin.IMPORTED)
    assert book.whole.text == "One.\nDeux.\n"
    assert book.whole.read_only is locked.read_only
    locked.read_only = book.whole.read_only = None
    book.whole.replace(0, 0, "x")
    assert texts(book) == ["xOne.\n", "Deux.\n"]


def test_a_text_that_was_opened_anew_takes_its_place_and_is_written_in():
    book = joined("One.\n", "Two", "Three.\n")
    old, new = book.parts[1], Document("Zwei, ja")
    book.exchange(1, new)
    assert book.whole.text == "One.\nZwei, ja\nThree.\n"
    write(book, "Zwei", "x")
    write(book, "Three", "y")
    assert texts(book) == ["One.\n", "xZwei, ja", "yThree.\n"]
    new.replace(0, 1, "")
    assert book.whole.text == "One.\nZwei, ja\nyThree.\n"
    old.replace(0, 0, "z")
    assert book.whole.text == "One.\nZwei, ja\nyThree.\n"


def test_what_is_kept_beside_the_text_is_kept_with_the_text_it_is_about():
    book = joined("One.\n", "Two.\n")
    notes = [[], []]
    for part, heard in zip(book.parts, notes, strict=True):
        part.subscribe_notes(heard.append)
    book.whole.annotate(Note("asked", {"id": "r1/0"}))
    group = book.whole.open_group()
    book.whole.replace(9, 9, " More", origin=Origin.MODEL, group=group, source="r1")
    book.whole.annotate(Note("request", {"id": "r1"}))
    book.whole.annotate(Note("versions", {"span": [9, 14]}))
    book.whole.annotate(Note("versions"))
    assert notes == [
        [Note("versions")],
        [
            Note("asked", {"id": "r1/0"}),
            Note("request", {"id": "r1"}),
            Note("versions", {"span": [4, 9]}),
            Note("versions"),
        ],
    ]


edits = st.lists(
    st.one_of(
        st.tuples(
            st.integers(0, 40), st.integers(0, 12), st.sampled_from(["", "a", "\n", "b\nc", "林"])
        ),
        st.sampled_from(["undo", "redo"]),
    ),
    max_size=25,
)


steps = st.lists(
    st.lists(
        st.tuples(st.integers(0, 40), st.integers(0, 12), st.sampled_from(["", "a", "b\nc", "林"])),
        min_size=1,
        max_size=4,
    ),
    max_size=8,
)


@given(st.lists(st.sampled_from(TEXTS), min_size=1, max_size=5), steps)
def test_a_step_of_many_changes_is_taken_back_in_every_text(given_texts, done):
    book = joined(*given_texts)
    whole, past = book.whole, [given_texts]
    for step in done:
        group, before = whole.open_group(), whole.revision
        for place, gone, come in step:
            at = min(place, whole.length)
            whole.replace(at, min(at + gone, whole.length), come, group=group)
        if whole.revision > before:
            past.append(texts(book))
    for before in reversed(past[:-1]):
        whole.undo()
        assert texts(book) == before
    for after in past[1:]:
        whole.redo()
        assert texts(book) == after


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
