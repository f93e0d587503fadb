"""Reading and saving: byte-identical, or not at all."""

import errno
import os
import signal
import stat
import subprocess
import sys
import tracemalloc
from pathlib import Path

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from writer_app.errors import (
    ChangedOnDisk,
    FileMissing,
    FileUnreadable,
    NotInEncoding,
    NotText,
    SaveBroken,
    SavedInPlace,
    SaveFailed,
    SaveFailedCopied,
    SaveUnsure,
)
from writer_app.story import atomic, files
from writer_app.story import form as forms
from writer_app.story.form import FileForm, Newline

NASTY = "a b\n\r\t\0\x0b\x0c\x1c\x85\xa0\u200f\u2028\u2029\ufdd0\ufdd1\ufeff\ufffc\ufffe\uf8ff雪，😀e\u0301\U0010ffff"
PLAIN = "It was the best of times, it was the worst of times. "


def saved_again(path, data):
    """The bytes after opening and saving without an edit."""
    path.write_bytes(data)
    found = files.read(path)
    assert files.write(path, found.text, found.form, found.digest) == found.digest
    return path.read_bytes()


@given(
    st.text(
        alphabet=st.one_of(st.sampled_from(NASTY), st.characters(exclude_categories=["Cs"])),
        max_size=40,
    ),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]),
)
@example("\r", "utf-8")
@example("\r\r\n\n\r\n\r", "utf-8")
@example("a\u2029b\ufdd0c\rd\n\ufdd1 \uf8ff", "utf-8")
@example("\ufeff\ufeffdouble mark", "utf-8-sig")
@example("no final newline", "utf-16")
def test_an_unedited_file_becomes_the_same_bytes(text, codec):
    data = (PLAIN * 8 + text).encode(codec)
    opened, form, guessed = forms.decode(data)
    assert forms.encode(opened, form) == data
    assert not guessed
    assert not set(opened) & set(forms.UNHOLDABLE), (
        "what the page cannot hold is not in the document"
    )
    assert opened.count("\n") == len(opened.split("\n")) - 1


@given(st.binary(max_size=80))
def test_any_bytes_are_refused_or_kept(data):
    try:
        text, form, _ = forms.decode(data)
    except NotText:
        return
    assert forms.encode(text, form) == data


def test_the_empty_file_opens_and_stays_empty(tmp_path):
    assert saved_again(tmp_path / "empty.md", b"") == b""


@pytest.mark.parametrize("book", ["hong-lou-meng-1-40.md", "sherlock-holmes.md"])
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_whole_book_survives_in_every_encoding(tmp_path, books, book, codec):
    data = (books / book).read_text(encoding="utf-8").replace("\n", "\r\n").encode(codec)
    assert saved_again(tmp_path / "book.txt", data) == data


@pytest.mark.parametrize(
    ("text", "codec", "expected"),
    [
        ("此开卷第一回也。作者自云曾历过一番梦幻之后，故将真事隐去。" * 10, "gb18030", "gb18030"),
        ("此开卷第一回也。作者自云。", "gb18030", "gb18030"),
        ("「你說什麼？」他問道。這個問題很難回答，因為沒有人知道真相。" * 3, "big5", "big5"),
        (PLAIN * 5, "utf-16-le", "utf-16-le"),
        (PLAIN * 5, "utf-16-be", "utf-16-be"),
        (
            "此开卷第一回也。作者自云曾历过一番梦幻之后，故将真事隐去。" * 5,
            "utf-16-le",
            "utf-16-le",
        ),
        ("“He’s a café owner,” she said — naïve as ever.", "cp1252", "cp1252"),
        ("Le café était fermé, l'été à la plage.", "latin-1", "cp1252"),
        ("Le café était fermé.", "cp1252", "cp1252"),
        ("此开卷第一回也。\n作者自云。", "utf-16-be", "utf-16-be"),
        ("Все счастливые семьи похожи друг на друга.", "cp1251", "cp1251"),
    ],
)
def test_an_encoding_is_guessed_and_said_to_be_guessed(tmp_path, text, codec, expected):
    path = tmp_path / "old.txt"
    path.write_bytes(text.encode(codec))
    found = files.read(path)
    assert found.text == text
    assert found.form.encoding.replace("big5hkscs", "big5") == expected
    assert [warning.code for warning in found.warnings] == ["EncodingGuessed"]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param("good text 雪花 ".encode() * 20 + b"\xff\xfe", id="damaged UTF-8"),
        pytest.param(b"half a \xed\xa0\xbd character", id="lone surrogate"),
        pytest.param(b"\xff\xfea\0\x3d\xd8b\0", id="lone surrogate in UTF-16"),
        pytest.param(b"\xff\xfea\0b", id="UTF-16 cut in half"),
        pytest.param(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)) * 4, id="picture"),
        pytest.param(b"\x7fELF\x02\x01\x01" + b"\0" * 200, id="program"),
        pytest.param(b"\0" * 4096, id="nothing but zeros"),
        pytest.param(b"PK\x03\x04" + bytes(range(0, 256, 3)) * 10, id="archive"),
    ],
)
def test_what_is_no_sound_text_is_refused(tmp_path, data):
    path = tmp_path / "x.txt"
    path.write_bytes(data)
    with pytest.raises(NotText) as caught:
        files.read(path)
    assert caught.value.params["path"] == str(path)
    assert path.read_bytes() == data


def test_a_text_with_a_nul_in_it_is_still_a_text(tmp_path):
    data = b"A line.\nAnother\0 line.\n"
    assert saved_again(tmp_path / "a.txt", data) == data


def test_missing_and_unreadable_files_are_errors_not_empty_documents(tmp_path, monkeypatch):
    with pytest.raises(FileMissing):
        files.read(tmp_path / "none.md")
    with pytest.raises(FileUnreadable):
        files.read(tmp_path)
    path = tmp_path / "a.md"
    path.write_text("text")

    def refuse(_):
        raise PermissionError(errno.EACCES, "denied")

    monkeypatch.setattr(type(path), "read_bytes", refuse)
    with pytest.raises(FileUnreadable) as caught:
        files.read(path)
    assert caught.value.params["reason"] == "you are not allowed to write or read there"


class TestMixedLineEndings:
    DATA = b"one\r\ntwo\nthree\r\nfour\nfive\r\n\r\nsix\nseven"

    def edited(self, old, new):
        text, form, _ = forms.decode(self.DATA)
        assert form.is_mixed
        assert old in text
        return forms.encode(text.replace(old, new), form)

    def test_untouched_lines_keep_theirs(self):
        assert self.edited("four", "4") == self.DATA.replace(b"four\n", b"4\r\n")

    def test_lines_moved_by_an_insertion_keep_theirs(self):
        new = self.edited("two\n", "two\nnew\n")
        assert new == self.DATA.replace(b"two\n", b"two\nnew\r\n")

    def test_a_removed_line_takes_its_ending_along(self):
        assert self.edited("three\n", "") == self.DATA.replace(b"three\r\n", b"")

    def test_edits_at_both_ends_keep_the_middle(self):
        text, form, _ = forms.decode(self.DATA)
        assert (
            forms.encode("zero\n" + text + "\neight", form)
            == b"zero\r\n" + self.DATA + b"\r\neight"
        )

    @given(st.lists(st.sampled_from(["a", "b", "", "\r\n", "\n"]), max_size=30))
    def test_unedited_they_all_stay(self, pieces):
        data = "".join(["x\r\n", "y\n", *pieces]).encode()
        text, form, _ = forms.decode(data)
        assert forms.encode(text, form) == data


def test_private_characters_entered_later_are_not_taken_for_stand_ins():
    text, form, _ = forms.decode("a\u2029b".encode())
    assert forms.encode(text + "\uf8ff\ue000", form) == "a\u2029b\uf8ff\ue000".encode()


def test_new_lines_take_the_ending_of_the_file():
    for newline, ending in ((Newline.LF, b"\n"), (Newline.CRLF, b"\r\n"), (Newline.CR, b"\r")):
        text, form, _ = forms.decode(b"a" + ending + b"b")
        assert form.newline is newline
        assert forms.encode(text + "\nc", form) == b"a" + ending + b"b" + ending + b"c"


def test_a_character_that_the_encoding_lacks_is_named_and_utf8_holds_it(tmp_path):
    path = tmp_path / "old.txt"
    path.write_bytes("Le café était fermé.".encode("cp1252"))
    found = files.read(path)
    with pytest.raises(NotInEncoding) as caught:
        files.write(path, found.text + " 雪", found.form, found.digest)
    assert caught.value.params == {"character": "雪", "code": "U+96EA", "encoding": "cp1252"}
    assert path.read_bytes() == "Le café était fermé.".encode("cp1252")
    files.write(path, found.text + " 雪", found.form.as_utf8(), found.digest)
    assert path.read_text(encoding="utf-8") == "Le café était fermé. 雪"


def test_a_form_survives_being_written_down():
    _, form, _ = forms.decode("mixed\r\n\u2029lines\n".encode())
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(form), type=FileForm) == form


@pytest.fixture
def book(tmp_path):
    """A saved file with its hash, and a check that nothing else lies in its folder afterwards."""
    path = tmp_path / "folder" / "book.md"
    path.parent.mkdir()
    path.write_bytes(b"old text\n")
    yield path
    assert [left for left in path.parent.iterdir() if left.name.startswith(".longhand")] == []


def test_a_new_file_is_made_and_an_unexpected_one_is_not_overwritten(tmp_path):
    path = tmp_path / "new.md"
    digest = files.write(path, "text\n", FileForm(), None)
    assert path.read_bytes() == b"text\n"
    assert digest == files.digest_of(path)
    with pytest.raises(ChangedOnDisk):
        files.write(path, "other", FileForm(), None)
    assert path.read_bytes() == b"text\n"


def test_a_file_changed_by_another_program_is_not_overwritten(book):
    digest = files.digest_of(book)
    book.write_bytes(b"theirs\n")
    with pytest.raises(ChangedOnDisk):
        files.write(book, "mine\n", FileForm(), digest)
    assert book.read_bytes() == b"theirs\n"


def test_what_has_become_a_film_is_not_read_into_memory_to_be_refused(book):
    opened = files.read(book)
    with book.open("wb") as file:
        file.truncate(200_000_000)
    tracemalloc.start()
    try:
        with pytest.raises(ChangedOnDisk):
            files.write(book, "mine", opened.form, opened.digest)
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


def test_a_change_while_we_save_is_noticed(book, monkeypatch):
    digest = files.digest_of(book)
    real = os.fsync

    def fsync(descriptor):
        book.write_bytes(b"theirs, longer\n")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(ChangedOnDisk):
        files.write(book, "mine\n", FileForm(), digest)
    assert book.read_bytes() == b"theirs, longer\n"


def test_a_file_that_vanished_is_written_anew(book):
    digest = files.digest_of(book)
    book.unlink()
    files.write(book, "mine\n", FileForm(), digest)
    assert book.read_bytes() == b"mine\n"


def test_a_link_stays_a_link(book, tmp_path):
    link = tmp_path / "link.md"
    link.symlink_to(book)
    files.write(link, "new\n", FileForm(), files.digest_of(link))
    assert link.is_symlink()
    assert book.read_bytes() == b"new\n"


def test_rights_are_kept(book):
    book.chmod(0o640)
    files.write(book, "new\n", FileForm(), files.digest_of(book))
    assert stat.S_IMODE(book.stat().st_mode) == 0o640


@pytest.mark.parametrize(
    "prepare", ["hard link", "write-protected", "folder", "link to itself", "no folder"]
)
def test_what_must_not_be_replaced_is_refused_with_a_reason(book, tmp_path, prepare):
    digest, path = files.digest_of(book), book
    if prepare == "hard link":
        os.link(book, tmp_path / "second.md")
    elif prepare == "write-protected":
        book.chmod(0o444)
    elif prepare == "folder":
        path = book.parent
    elif prepare == "link to itself":
        path = tmp_path / "loop.md"
        path.symlink_to(path)
    else:
        path = tmp_path / "nowhere" / "a.md"
    with pytest.raises(SaveFailed) as caught:
        files.write(path, "new\n", FileForm(), digest)
    assert caught.value.params["reason"]
    assert book.read_bytes() == b"old text\n"


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is forbidden to root"
)
def test_a_read_only_folder_is_refused(book):
    digest = files.digest_of(book)
    book.parent.chmod(0o555)
    try:
        with pytest.raises(SaveFailed):
            files.write(book, "new\n", FileForm(), digest)
    finally:
        book.parent.chmod(0o755)


@pytest.fixture
def spare(tmp_path):
    return tmp_path / "state" / "copies"


@pytest.mark.parametrize("text", ["new\n", "n", "a longer text than was there before\n"])
def test_a_file_with_a_second_name_keeps_it(book, tmp_path, spare, text):
    second = tmp_path / "second.md"
    os.link(book, second)
    with pytest.raises(SavedInPlace) as told:
        files.write(book, text, FileForm(), files.digest_of(book), spare)
    assert book.read_text("utf-8") == second.read_text("utf-8") == text
    assert book.stat().st_ino == second.stat().st_ino
    assert told.value.params["digest"] == files.digest_of(book)
    assert list(spare.iterdir()) == [], "the copy is gone when it is not needed any more"


def test_one_that_was_changed_outside_is_not_written_over_either(book, tmp_path, spare):
    os.link(book, tmp_path / "second.md")
    digest = files.digest_of(book)
    (tmp_path / "second.md").write_text("theirs", "utf-8")
    with pytest.raises(ChangedOnDisk):
        files.write(book, "new\n", FileForm(), digest, spare)
    assert book.read_text("utf-8") == "theirs"


@pytest.mark.parametrize("call", ["write", "ftruncate", "fsync"])
def test_where_writing_over_ends_half_way_the_whole_text_is_in_a_copy(
    book, tmp_path, spare, monkeypatch, call
):
    os.link(book, tmp_path / "second.md")
    digest, real, calls = files.digest_of(book), getattr(os, call), []

    def fail_later(*given):
        calls.append(given)
        if len(calls) > (call != "ftruncate"):  # the copy itself is written first
            raise OSError(errno.EIO, "broken")
        return real(*given)

    with monkeypatch.context() as patch:
        patch.setattr(os, call, fail_later)
        with pytest.raises(SaveBroken) as told:
            files.write(book, "a new and whole text\n", FileForm(), digest, spare)
    copy = Path(told.value.params["copy"])
    assert copy.read_text("utf-8") == "a new and whole text\n"
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert copy.name.startswith("book ")


def test_where_the_disk_reports_an_error_a_copy_is_kept_and_named(book, spare, monkeypatch):
    digest, real = files.digest_of(book), os.fsync

    def fail(descriptor):
        if spare in Path(f"/proc/self/fd/{descriptor}").readlink().parents:
            real(descriptor)
        else:
            raise OSError(errno.EIO, "broken")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fail)
        with pytest.raises(SaveFailedCopied) as told:
            files.write(book, "new\n", FileForm(), digest, spare)
    assert Path(told.value.params["copy"]).read_text("utf-8") == "new\n"
    assert book.read_bytes() == b"old text\n"


@pytest.mark.parametrize("call", ["open", "write", "fsync", "chmod", "replace"])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EACCES, errno.EROFS])
def test_a_failing_disk_leaves_the_old_file_and_no_litter(book, monkeypatch, call, code):
    digest = files.digest_of(book)

    def fail(*_, **__):
        raise OSError(code, os.strerror(code))

    with monkeypatch.context() as patch:
        if call in ("chmod", "replace"):
            patch.setattr(type(book), call, fail)
        else:
            patch.setattr(os, call, fail)
        with pytest.raises(SaveFailed) as caught:
            files.write(book, "new\n", FileForm(), digest)
    assert caught.value.params["reason"] != os.strerror(code)
    assert book.read_bytes() == b"old text\n"


def test_a_disk_that_takes_half_and_then_is_full_leaves_the_old_file(book, monkeypatch):
    digest, real, calls = files.digest_of(book), os.write, []

    def write(descriptor, data):
        calls.append(len(data))
        if len(calls) > 1:
            raise OSError(errno.ENOSPC, "full")
        return real(descriptor, bytes(data)[:10])

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", write)
        with pytest.raises(SaveFailed):
            files.write(book, "new text, longer than ten\n", FileForm(), digest)
    assert len(calls) == 2
    assert book.read_bytes() == b"old text\n"


def test_a_disk_that_returns_other_bytes_is_noticed(book, monkeypatch):
    digest, real = files.digest_of(book), os.write

    def write(descriptor, data):
        return real(descriptor, b"x" * len(data))

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", write)
        with pytest.raises(SaveFailed):
            files.write(book, "new\n", FileForm(), digest)
    assert book.read_bytes() == b"old text\n"


def test_an_error_after_the_replacement_is_said_as_what_it_is(book, monkeypatch):
    digest = files.digest_of(book)

    def fail(_):
        raise OSError(errno.EIO, "io")

    monkeypatch.setattr(atomic, "sync_folder", fail)
    with pytest.raises(SaveUnsure) as caught:
        files.write(book, "new\n", FileForm(), digest)
    assert book.read_bytes() == b"new\n"
    assert caught.value.params["digest"] == files.digest_of(book)


KILLED_SAVE = """
import os, signal, sys
from pathlib import Path
from writer_app.story import files
name, path = sys.argv[1], Path(sys.argv[2])
target = Path if name in ("replace", "chmod", "unlink") else os
real, digest = getattr(target, name), files.digest_of(path)
def die_before(*args, **options):
    os.kill(os.getpid(), signal.SIGKILL)
def die_after(*args, **options):
    real(*args, **options)
    os.kill(os.getpid(), signal.SIGKILL)
setattr(target, name, die_before if sys.argv[3] == "before" else die_after)
files.write(path, "new text\\n", files.FileForm(), digest)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("call", ["open", "write", "fsync", "close", "chmod", "replace", "unlink"])
def test_a_kill_at_any_moment_leaves_the_old_file_or_the_new_one(tmp_path, call, moment):
    path = tmp_path / "book.md"
    path.write_bytes(b"old text\n")
    ended = subprocess.run([sys.executable, "-c", KILLED_SAVE, call, path, moment], check=False)
    assert ended.returncode == -signal.SIGKILL
    replaced = (call, moment) in {("replace", "after"), ("unlink", "before"), ("unlink", "after")}
    assert path.read_bytes() == (b"new text\n" if replaced else b"old text\n")
