"""Which files a document's own links may open."""

import pytest

from writer_app.errors import LinkRefused
from writer_app.story.beside import beside


@pytest.fixture
def document(tmp_path):
    folder = tmp_path / "novel"
    (folder / "part two").mkdir(parents=True)
    for name in ("one.md", "第二章　开始.md", "part two/three.txt", "notes.pdf", ".bashrc"):
        (folder / name).write_text("x", "utf-8")
    (tmp_path / "secret.md").write_text("x", "utf-8")
    (folder / "innocent.md").symlink_to(tmp_path / "secret.md")
    return folder / "one.md"


@pytest.mark.parametrize(
    ("target", "name"),
    [
        ("one.md", "one.md"),
        ("./one.md#a-heading", "one.md"),
        ("第二章　开始.md", "第二章　开始.md"),
        ("part%20two/three.txt", "part two/three.txt"),
        ("part two/../one.md", "one.md"),
    ],
)
def test_a_text_in_the_folder_is_found(document, target, name):
    assert beside(target, document) == document.parent.resolve() / name


@pytest.mark.parametrize(
    "target",
    [
        "../secret.md",
        "..%2fsecret.md",
        "innocent.md",
        "/etc/passwd",
        "/etc/x.md",
        "notes.pdf",
        ".bashrc",
        "gone.md",
        "part two",
        "..\\secret.md",
        "one.md\0.txt",
        "#only-a-heading",
        "",
    ],
)
def test_everything_else_is_refused(document, target):
    with pytest.raises(LinkRefused):
        beside(target, document)


def test_a_text_without_a_file_has_nothing_beside_it():
    with pytest.raises(LinkRefused) as refused:
        beside("one.md", None)
    assert "no file yet" in refused.value.params["reason"]
