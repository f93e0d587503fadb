"""The verb ``project`` as a user runs it."""

import json

import pytest

from writer_app import cli

TEXT = "".join(f"第{number}章 雪\n　　他推开门，外面下着雪。\n" for number in "一二三")


@pytest.fixture
def run(capsys):
    def act(*arguments):
        try:
            status = cli.main(["project", *map(str, arguments), "--lang", "en"])
        except SystemExit as ended:
            status = ended.code
        said = capsys.readouterr()
        return status, said.out, said.err

    return act


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "novel.txt"
    path.write_text(TEXT, "gb18030")
    return path


def test_a_manuscript_is_imported_and_checked(run, source, tmp_path):
    folder = tmp_path / "novel"
    status, out, err = run("import", source, folder, "--json")
    assert (status, err, out.count("\n")) == (0, "", 1)
    report = json.loads(out)
    assert (report["chapters"], report["volumes"], report["scenes"], report["language"]) == (
        3,
        0,
        0,
        "zh",
    )
    assert report["characters_zh"] == 3 * (4 + 11)
    assert run("check", folder) == (0, "Everything fits together.\n", "")
    status, out, err = run("check", folder, "--json")
    assert (status, err) == (0, "")
    assert json.loads(out)["problems"] == []


def test_what_a_stranger_calls_things_does_not_steer_a_terminal(run, tmp_path):
    title = "\\u001b]0;x\\u0007\\u009b2J\\u202e\\nEverything fits together."
    toml = 'items = [{{id = "a", kind = "scene", title = "{title}", file = "{file}"}}]'
    (tmp_path / "project.toml").write_text(toml.format(title=title, file="text/a.md"), "utf-8")
    _status, out, _err = run("check", tmp_path)
    assert "⟨U+001B⟩]0;x⟨U+0007⟩⟨U+009B⟩2J⟨U+202E⟩⟨U+000A⟩Everything" in out
    assert all(line.isprintable() for line in out.splitlines())
    (tmp_path / "project.toml").write_text(toml.format(title="", file="a\\u001b[2J"), "utf-8")
    _status, _out, err = run("check", tmp_path)
    assert "a⟨U+001B⟩[2J" in err


def test_what_is_wrong_is_listed_and_told_by_the_status(run, source, tmp_path):
    folder = tmp_path / "novel"
    run("import", source, folder)
    (folder / "text" / "第二章 雪.md").rename(folder / "text" / "other.md")
    status, out, err = run("check", folder)
    assert (status, err) == (1, "")
    assert (
        out
        == "The file of “雪” is missing: text/第二章 雪.md\nNo item has this file: text/other.md\n"
    )
    status, out, _err = run("check", folder, "--json")
    assert status == 1
    assert [each["fault"] for each in json.loads(out)["problems"]] == ["missing", "unnamed"]


def test_a_folder_that_is_no_project_is_a_mistake(run, source, tmp_path):
    assert run("check", tmp_path)[0] == 2
    (tmp_path / "p").mkdir()
    (tmp_path / "p" / "project.toml").write_text("items = 3", "utf-8")
    status, out, err = run("check", tmp_path / "p")
    assert (status, out) == (2, "")
    assert "cannot be used" in err
    assert run("import", source, tmp_path)[0] == 2
    assert run("import", tmp_path / "none.md", tmp_path / "q")[0] == 2
    assert run()[0] == 2
    assert run("check")[0] == 2
