"""A manuscript becomes a project, and the project's files are the manuscript."""

import errno
import os
import sys

import pytest

from tests.story.foreign import BOMBS, docx, entities, paragraph
from writer_app.errors import FileMissing, FolderInUse, ImportFailed, NotText, SaveFailed
from writer_app.story import documents
from writer_app.story.importing import import_file, import_text
from writer_app.story.inspection import inspect
from writer_app.story.numbering import called, labels
from writer_app.story.project import Numbering, Project
from writer_app.story.tree import Kind, Section

ZH = "　　他推开门，外面下着雪。\n　　“谁在那里？”她问。\n" * 20
EN = "It was late when she came to the gate, and nobody had lit the lamp.\n\n" * 8
NOVEL = f"《长夜》\n作者：某人\n\n楔子\n{ZH}第一卷 风起\n第一章 少年\n{ZH}第二章 出门\n{ZH}第二卷 云涌\n第一章 归来\n{ZH}番外 雪\n{ZH}"


def joined(project):
    return b"".join(project.path(item.file).read_bytes() for item in project.tree.manuscript)


def headings(project):
    found = labels(project.tree, project.facts.numbering)
    return [called(found.get(item.id, ""), item.title) for item in project.tree]


@pytest.mark.parametrize(("name", "chapters", "language"), [
    ("pride-and-prejudice", 61, "en"), ("hong-lou-meng-1-40", 40, "zh"), ("sherlock-holmes", 12, "en"),
])  # fmt: skip
def test_a_book_comes_in_whole(books, tmp_path, name, chapters, language):
    source = books / f"{name}.md"
    project = import_file(source, tmp_path / "book")
    assert joined(project) == source.read_bytes()
    assert sum(item.kind is Kind.CHAPTER for item in project.tree) == chapters
    assert (project.facts.title, project.facts.language) == (name, language)
    assert Project.open(tmp_path / "book").tree == project.tree
    assert project.missing() == ()
    with pytest.raises(FolderInUse):
        import_file(source, tmp_path / "book")


def test_numbers_are_taken_from_the_titles_where_they_count(books, tmp_path):
    project = import_file(books / "pride-and-prejudice.md", tmp_path / "p")
    assert project.facts.numbering == Numbering(chapter="{n}", numerals="roman")
    assert headings(project)[:4] == ["I", "II", "III", "IV"]
    project = import_file(books / "hong-lou-meng-1-40.md", tmp_path / "h")
    assert project.facts.numbering == Numbering(chapter="第{n}回", numerals="chinese")
    assert headings(project)[39] == "第四十回 史太君两宴大观园 金鸳鸯三宣牙牌令"
    assert project.tree.items[39].title == "史太君两宴大观园 金鸳鸯三宣牙牌令"
    assert project.tree.items[0].file == "text/第一回 甄士隐梦幻识通灵 贾雨村风尘怀闺秀.md"


def test_volumes_and_chapters_are_called_as_their_headings_are(tmp_path):
    text = "".join(
        f"BOOK THE {volume}\n\n" + "".join(f"CHAPTER {number}\n\n{EN}" for number in row)
        for volume, row in (("FIRST", ("ONE", "TWO")), ("SECOND", ("THREE", "FOUR")))
    )
    project = import_text(text, tmp_path / "p")
    expected = "BOOK THE FIRST|CHAPTER ONE|CHAPTER TWO|BOOK THE SECOND|CHAPTER THREE|CHAPTER FOUR"
    assert headings(project) == expected.split("|")
    mixed = f"第一卷 风\n第1章 雪\n{ZH}第2章 雨\n{ZH}第二卷 云\n第3章 雾\n{ZH}"
    project = import_text(mixed, tmp_path / "q")
    assert headings(project) == ["第一卷 风", "第1章 雪", "第2章 雨", "第二卷 云", "第3章 雾"]
    assert Project.open(tmp_path / "q").facts == project.facts


def test_a_text_without_headings_is_called_as_its_file_and_fits_together(tmp_path):
    source = tmp_path / "雪夜.txt"
    source.write_text(ZH, "utf-8")
    project = import_file(source, tmp_path / "p")
    assert [item.title for item in project.tree] == ["雪夜"]
    assert inspect(project) == []


def test_each_line_keeps_its_end(tmp_path):
    source = tmp_path / "mixed.txt"
    source.write_bytes(f"第一章 雪\r\n{ZH}第二章 雨\r\n风。\r\n风。\n第三章 云\r\n{ZH}".encode())
    project = import_file(source, tmp_path / "p")
    assert len(project.tree) == 3
    assert joined(project) == source.read_bytes()


def test_a_novel_with_volumes_and_what_has_no_number(tmp_path):
    project = import_text(NOVEL, tmp_path / "novel")
    assert joined(project).decode() == NOVEL
    assert project.facts.numbering == Numbering("第{n}卷", "第{n}章", "chinese", restart=True)
    assert headings(project) == ["《长夜》", "楔子", "第一卷 风起", "第一章 少年", "第二章 出门", "第二卷 云涌", "第一章 归来", "番外 雪"]  # fmt: skip
    assert [item.depth for item in project.tree] == [0, 0, 0, 1, 1, 0, 1, 0]
    assert project.tree.section(Section.FRONT) == project.tree.items[:1]
    assert {item.title for item in project.tree if not item.numbered} == {
        "《长夜》",
        "楔子",
        "番外 雪",
    }


def test_numbers_that_do_not_count_stay_in_the_titles(tmp_path):
    text = "".join(f"第{number}章 雪\n{ZH}" for number in (1, 2, 4, 7, 8))
    project = import_text(text, tmp_path / "novel")
    assert project.facts.numbering.chapter == ""
    assert headings(project) == [f"第{number}章 雪" for number in (1, 2, 4, 7, 8)]
    text = "".join(f"第{number}章 雪\n{ZH}" for number in (*range(1, 12), 11, *range(12, 16)))
    project = import_text(text, tmp_path / "other")
    assert headings(project)[10:13] == ["第11章 雪", "第11章 雪", "第12章 雪"]
    assert joined(project).decode() == text


def test_scenes_are_items_when_asked_for(tmp_path):
    text = f"# One\n\n{EN}***\n\n{EN}# Two\n\n{EN}"
    project = import_text(text, tmp_path / "novel", scenes=True)
    assert [(item.kind.value, item.depth) for item in project.tree] == [
        ("chapter", 0), ("scene", 1), ("scene", 1), ("chapter", 0),
    ]  # fmt: skip
    assert joined(project).decode() == text


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-8-sig", "big5"])
def test_any_encoding_becomes_utf_8(tmp_path, encoding):
    text = (
        "第一章 風起\n\n夜裡下雪，他推開門，沒有人。\n\n第二章 雲湧\n\n她問他是誰，他不回答。\n" * 3
    )
    source = tmp_path / "a.txt"
    source.write_bytes(text.encode(encoding))
    project = import_file(source, tmp_path / "novel")
    assert joined(project).decode("utf-8") == text


def test_line_ends_and_odd_characters_stay_as_they_are(tmp_path):
    data = "# One\r\n\r\na\u2029b\r\n\r\n# Two\r\n\r\nc".encode()
    source = tmp_path / "a.md"
    source.write_bytes(data)
    assert joined(import_file(source, tmp_path / "novel")) == data


def test_equal_titles_get_files_of_their_own(tmp_path):
    project = import_text(f"# A: b\n\n{EN}# a: B\n\n{EN}# CON\n\n{EN}", tmp_path / "novel")
    assert [item.file for item in project.tree] == ["text/A b.md", "text/a B 2.md", "text/CON 1.md"]


def test_an_empty_folder_will_do_and_a_full_one_will_not(tmp_path):
    (tmp_path / "empty").mkdir()
    assert len(import_text(EN, tmp_path / "empty").tree) == 1
    with pytest.raises(FolderInUse):
        import_text(EN, tmp_path)
    (tmp_path / "file").write_text("x", "utf-8")
    with pytest.raises(FolderInUse):
        import_text(EN, tmp_path / "file")
    with pytest.raises(FileMissing):
        import_file(tmp_path / "none.md", tmp_path / "p")
    (tmp_path / "picture.txt").write_bytes(bytes(range(32)) * 99)
    with pytest.raises(NotText):
        import_file(tmp_path / "picture.txt", tmp_path / "p")
    assert not (tmp_path / "p").exists()


@pytest.mark.parametrize("after", [0, 1, 3])
def test_a_disk_that_is_full_half_way_leaves_nothing_behind(tmp_path, monkeypatch, after):
    count = 0
    real = os.fsync

    def fsync(descriptor):
        nonlocal count
        count += 1
        if count > after:
            raise OSError(errno.ENOSPC, "full")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(SaveFailed):
        import_text(NOVEL, tmp_path / "novel")
    assert list(tmp_path.iterdir()) == []


def test_a_document_of_a_word_processor_comes_in(tmp_path):
    source = tmp_path / "a.docx"
    body = (
        paragraph("Chapter 1", 1)
        + paragraph(EN[:60])
        + paragraph("Chapter 2: 雪", 1)
        + paragraph("She &amp; he.")
    )
    source.write_bytes(docx(body))
    project = import_file(source, tmp_path / "novel")
    assert headings(project) == ["Chapter 1", "Chapter 2: 雪"]
    assert "She & he." in joined(project).decode()
    plain = docx("".join(paragraph(line) for line in NOVEL.splitlines() if line))
    source.write_bytes(plain)
    project = import_file(source, tmp_path / "other")
    assert headings(project)[1:4] == ["楔子", "第一卷 风起", "第一章 少年"]


def test_what_a_document_declares_is_not_expanded(tmp_path):
    source = tmp_path / "a.docx"
    source.write_bytes(entities())
    assert len(documents.read(source)) < 100


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_refused_with_a_sentence(tmp_path, bomb):
    source = tmp_path / "a.docx"
    source.write_bytes(BOMBS[bomb]())
    with pytest.raises(ImportFailed) as caught:
        import_file(source, tmp_path / "novel")
    assert caught.value.params["reason"]
    assert [each.name for each in tmp_path.iterdir()] == ["a.docx"]


@pytest.mark.skipif(sys.platform == "win32", reason="no such limits there")
def test_memory_and_time_are_limited(tmp_path, monkeypatch):
    source = tmp_path / "a.docx"
    source.write_bytes(docx(paragraph("x")))
    monkeypatch.setattr(documents, "SECONDS", 0.001)
    with pytest.raises(ImportFailed, match="too long"):
        documents.read(source)
    monkeypatch.setattr(documents, "SECONDS", 20)
    monkeypatch.setattr(documents, "command", lambda _role: [sys.executable, "-c", HUNGRY])
    with pytest.raises(ImportFailed, match="memory"):
        documents.read(source)


HUNGRY = "from writer_app.story import documents as d; d._limit(); b = bytearray(600 * 1024 * 1024)"
