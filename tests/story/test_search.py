"""Searching and counting a project in memory, and noticing what has changed on the disk."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from writer_app.errors import FileMissing, OutsideProject
from writer_app.story.project import Project
from writer_app.story.search import Query, places, search
from writer_app.story.texts import Text, Texts, Total, folded
from writer_app.story.tree import Item, Kind, Section, Tree

TEXT = {
    "a": "Jane met ＪＡＮＥ and jane’s brother.\nNot Janet.\n",
    "b": "我Jane说：第一章，ｊａｎｅ。\n" + "长" * 300 + "宝玉" + "长" * 300,
    "n": "A note on Jane.",
}


@pytest.fixture
def project(tmp_path):
    made = Project(tmp_path)
    items = [
        Item(id=name, kind=Kind.SCENE, title=name, file=made.create(name, text),
             section=Section.NOTES if name == "n" else Section.TEXT)
        for name, text in TEXT.items()
    ]  # fmt: skip
    items[0] = Item(
        id="a",
        kind=Kind.SCENE,
        file=items[0].file,
        notes=made.create("of a", "jane here", Project.NOTES),
    )
    made.tree = Tree(tuple(items))
    return made


def found(project, *arguments, **options):
    return [(hit.item, hit.start) for hit in search(Texts(project), Query(*arguments, **options))]


def test_case_and_width_make_no_difference(project):
    assert found(project, "jane") == [
        ("a", 0), ("a", 9), ("a", 18), ("a", 38), ("a", 0), ("b", 1), ("b", 11), ("n", 10),
    ]  # fmt: skip
    assert found(project, "ＪＡＮＥ") == found(project, "jane")
    assert found(project, "Jane", case=True) == [("a", 0), ("a", 38), ("b", 1), ("n", 10)]
    assert ("a", 38) not in found(project, "jane", whole_word=True)
    assert ("b", 1) in found(project, "jane", whole_word=True)


def test_a_hit_has_its_line_or_what_is_near(project):
    hit = search(Texts(project), Query("brother"))[0]
    assert hit.excerpt == TEXT["a"].split("\n")[0]
    assert hit.excerpt[hit.at :].startswith("brother")
    hit = search(Texts(project), Query("宝玉"))[0]
    assert hit.excerpt[hit.at : hit.at + 2] == "宝玉" == TEXT["b"][hit.start : hit.end]
    assert len(hit.excerpt) == 84


def test_nothing_the_trash_and_a_limit(project):
    assert search(Texts(project), Query("")) == []
    assert len(search(Texts(project), Query("jane"), limit=2)) == 2
    project.tree = project.tree.move(["a", "b"], Section.TRASH)
    assert found(project, "jane") == [("n", 10)]


def test_a_text_on_the_page_stands_for_its_file(project):
    texts, file = Texts(project), project.tree["b"].file
    texts.stand_in(file, "unsaved words")
    assert [hit.item for hit in search(texts, Query("unsaved"))] == ["b"]
    assert texts.total([project.tree["b"]]) == Total(2, 2)
    texts.stand_in(file, None)
    assert search(texts, Query("unsaved")) == []


def test_a_changed_file_is_read_again_and_another_is_not(project, monkeypatch):
    texts = Texts(project)
    first = texts.total(project.tree)
    assert texts.of(project.tree["b"].file) is texts.of(project.tree["b"].file)
    path = project.path(project.tree["a"].file)
    path.write_text("three more words", "utf-8")
    os.utime(path, ns=(1, 1))
    other = texts.total(project.tree)
    assert other.words == first.words - Text(TEXT["a"]).words + 3


def test_what_cannot_be_read_is_left_out_and_said(project):
    texts, file = Texts(project), project.tree["a"].file
    texts.total(project.tree)
    project.path(file).unlink()
    assert ("a", 0) not in [(hit.item, hit.start) for hit in search(texts, Query("met"))]
    assert isinstance(texts.problems[file], FileMissing)
    project.path(file).write_text("back", "utf-8")
    texts.total(project.tree)
    assert texts.problems == {}
    with pytest.raises(OutsideProject):
        texts.of("../x.md")


@given(st.text("aAＡａİßΣσςſ我x \n_’́", max_size=30), st.text("aAİσ我Ａ", min_size=1, max_size=3))
def test_every_hit_is_one_and_none_is_missed(text, wanted):
    whole, sought = Text(text), folded(Text(wanted).narrow)
    assert len(whole.folded) == len(text)
    found = list(places(whole, Query(wanted)))
    assert all(whole.folded[at : at + len(sought)] == sought for at in found)
    assert len(found) == whole.folded.count(sought)
