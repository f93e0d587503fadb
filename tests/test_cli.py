"""The verbs as a user runs them: real processes, the real starter model."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.journeys.served import serve
from writer_app import assets, cli, verbs
from writer_app.assets import Places
from writer_app.craft import recipe
from writer_app.craft.passage import Passage
from writer_app.craft.question import Plan
from writer_app.craft.rewriting import Rewriting
from writer_app.craft.transform import Transform
from writer_app.engine.protocol import Generate, Load, Loaded, Text
from writer_app.errors import NothingUseful
from writer_app.settings import FILE_NAME

KEYS = {
    "text",
    "model",
    "tokens_read",
    "tokens_reused",
    "tokens_written",
    "decode_calls",
    "seconds",
}


def run(*arguments, lang="en_GB.UTF-8", **more):
    environment = {
        k: v
        for k, v in os.environ.items()
        if k not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "LANGUAGE")
    }
    return subprocess.run(
        [sys.executable, "-m", "writer_app", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=90,
        env=environment | {"LC_ALL": lang} | more,
        check=False,
    )


@pytest.fixture
def story(tmp_path):
    path = tmp_path / "故事 story.md"
    path.write_text(
        "# One\n\nIt was a dark night, and the wind went round the old house. The old man said",
        "utf-8",
    )
    return path


def test_a_story_goes_on_and_the_same_seed_gives_the_same_text(starter, story):
    one = run("continue", story, "--max-tokens", 24, "--seed", 1)
    other = run("continue", story, "--max-tokens", 24, "--seed", 1, "--json")
    assert (one.returncode, one.stderr) == (0, "")
    assert one.stdout.strip()
    report = json.loads(other.stdout)
    assert report["text"].strip() == one.stdout.strip()
    assert other.stdout.count("\n") == 1


def test_what_is_banned_on_the_command_line_is_not_written(starter, story):
    def said(*more):
        return run("continue", story, "--max-tokens", 24, "--seed", 1, *more).stdout

    banned = max(re.findall(r"\w+", said()), key=len)
    assert banned not in re.findall(r"\w+", said("--ban", banned, "--ban", "zzz"))


def test_the_report_has_the_keys_it_promises(starter, story):
    report = json.loads(run("continue", story, "--max-tokens", 8, "--json").stdout)
    assert set(report) == KEYS
    assert set(report["seconds"]) == {"load", "read", "write"}
    assert 0 < report["tokens_written"] <= 8
    assert report["tokens_read"] > 10
    assert report["tokens_reused"] == 0
    assert report["decode_calls"] >= report["tokens_written"]


def test_the_place_to_continue_is_counted_in_characters(starter, tmp_path):
    path = tmp_path / "emoji.md"
    text = "😀😀 The capital of France is the city of Par. And then he went home"
    path.write_text(text, "utf-8")
    caret = text.index("Par") + 3
    report = json.loads(
        run("continue", path, "--at", caret, "--temperature", 0, "--max-tokens", 4, "--json").stdout
    )
    assert report["text"].startswith("is")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["continue", "nowhere.md"], "nowhere.md"),
        (["continue", "STORY", "--model", "nowhere.gguf"], "nowhere.gguf"),
        (["continue", "STORY", "--at", "99999"], "--at"),
        (["continue", "STORY", "--at", "-1"], "--at"),
        (["continue", "STORY", "--max-tokens", "0"], "--max-tokens"),
        (["continue", "STORY", "--temperature", "nan"], "--temperature"),
        (["continue", "STORY", "--seed", "-1"], "--seed"),
        (["continue", "STORY", "--recipe", "haiku"], "haiku"),
        (["continue", "STORY", "--ban", "/(/"], "/(/"),
        (["bench"], "--text"),
        (["bench", "--text", "STORY"], "150,000"),
        (["continue"], "FILE"),
        (["continue", "STORY", "--nonsense"], "--nonsense"),
        (["rewrite", "STORY"], "--recipe"),
        (["rewrite", "STORY", "--recipe", "haiku"], "shorten"),
        (["rewrite", "STORY", "--recipe", "tidy", "--span", "5"], "--span"),
        (["rewrite", "STORY", "--recipe", "tidy", "--span", "0:99999"], "--span"),
        (["rewrite", "STORY", "--recipe", "tidy", "--span", "0:" + "9" * 5_000], "--span"),
        (["rewrite", "STORY", "--recipe", "tidy", "--span", "5:5"], "no words"),
        (["rewrite", "STORY", "--recipe", "tidy", "--instruction", "upside down"], "compact"),
        (["rewrite", "STORY", "--recipe", "tidy", "--candidates", "9"], "--candidates"),
        (["outline", "An idea.", "--method", "haiku"], "kishotenketsu"),
        (["outline", " \n", "--method", "blank"], "PREMISE"),
        (["outline", "An idea.", "--method", "essay", "--depth", "9"], "--depth"),
        (["outline", "An idea.", "--method", "three-acts", "--counts", "4"], "3 to 3"),
        (["outline", "An idea.", "--method", "blank", "--counts", "1,x"], "--counts"),
        ([], "xvfb-run"),
    ],
)
def test_a_users_mistake_is_one_sentence_and_status_2(story, arguments, words):
    ran = run(*[story if word == "STORY" else word for word in arguments])
    assert ran.returncode == 2
    assert words in ran.stderr
    assert ran.stderr.count("\n") == 1
    assert ran.stdout == ""


def test_a_broken_model_is_one_sentence_and_status_3(story, tmp_path):
    model = tmp_path / "broken.gguf"
    model.write_bytes(b"GGUF" + b"\0" * 100)
    ran = run("continue", story, "--model", model)
    assert ran.returncode == 3
    assert "broken.gguf" in ran.stderr
    assert ran.stderr.count("\n") == 1


def test_a_binary_file_is_refused_in_one_sentence(tmp_path):
    path = tmp_path / "picture.md"
    path.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)) * 8)
    ran = run("continue", path)
    assert ran.returncode == 2
    assert ran.stderr.count("\n") == 1


def test_chinese_for_an_english_model_is_refused_with_two_ways_out(starter, tmp_path):
    path = tmp_path / "红楼.md"
    path.write_text("宝玉笑道：“妹妹来了，快请坐下。”黛玉听了，低头不语。" * 5, "utf-8")
    ran = run("continue", path, "--model", starter, "--json")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "Chinese" in ran.stderr
    assert "--anyway" in ran.stderr
    assert run("continue", path, "--model", starter, "--max-tokens", 2, "--anyway").returncode == 0


def test_chinese_is_continued_by_the_chinese_model_unasked(chinese_model, tmp_path):
    path = tmp_path / "红楼.md"
    path.write_text("宝玉笑道：“妹妹来了，快请坐下。”黛玉听了，低头不语。" * 5, "utf-8")
    report = json.loads(run("continue", path, "--max-tokens", 16, "--seed", 1, "--json").stdout)
    assert "gemma" in report["model"]
    assert "\ufffd" not in report["text"]


def test_a_guessed_encoding_is_said_and_the_text_goes_on(chinese_model, tmp_path):
    path = tmp_path / "旧稿.txt"
    path.write_bytes(("宝玉笑道：“妹妹来了，快请坐下。”黛玉听了，低头不语。" * 5).encode("gb18030"))
    ran = run("continue", path, "--max-tokens", 8, "--json")
    assert ran.returncode == 0
    assert ran.stderr.count("\n") == 1
    assert "gb18030" in ran.stderr.lower()
    assert json.loads(ran.stdout)["text"]


def test_an_empty_file_can_be_started(starter, tmp_path):
    path = tmp_path / "empty.md"
    path.write_bytes(b"")
    ran = run("continue", path, "--max-tokens", 12, "--seed", 3)
    assert ran.returncode == 0
    assert ran.stdout.strip()


def test_messages_come_in_the_language_asked_for(story):
    assert "没有" in run("continue", "nowhere.md", "--lang", "zh").stderr
    assert "没有" in run("continue", "nowhere.md", lang="zh_CN.UTF-8").stderr
    assert "no file" in run("continue", "nowhere.md", "--lang", "en", lang="zh_CN.UTF-8").stderr


def test_installed_models_are_listed(starter):
    rows = json.loads(run("models", "--json").stdout)["models"]
    assert starter in {row["path"] for row in rows}
    assert "SmolLM2" in run("models").stdout


def test_a_reader_that_leaves_early_is_no_error(starter, story):
    command = f'"{sys.executable}" -m writer_app continue "{story}" --max-tokens 40 | head -c 5'
    ran = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    assert ran.stderr == ""


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Жил-был старик со своею старухой у самого синего моря. " * 3, "Russian"),
        ("Il était une fois une jeune fille qui rêvait de voir la mer et le ciel. " * 3, "French"),
        ("# むかしむかし、あるところに、おじいさんが住んでいました。", "Japanese"),
    ],
)
def test_other_languages_are_refused_by_name(starter, tmp_path, text, language):
    path = tmp_path / "story.md"
    path.write_text(text, "utf-8")
    for place in ([], ["--at", 1]):
        ran = run("continue", path, "--model", starter, *place)
        assert (ran.returncode, ran.stdout) == (2, "")
        assert language in ran.stderr


@pytest.mark.parametrize(
    "text",
    [
        "I love cats 😀👨‍👩‍👧‍👦🐈 and dogs 🐕🐶 so much! " * 6,
        "The old scholar turned the page. " * 9 + "He read: “满纸荒唐言，一把辛酸泪。” Then he",
    ],
)
def test_english_with_emoji_or_a_foreign_verse_is_still_english(starter, tmp_path, text):
    path = tmp_path / "story.md"
    path.write_text(text, "utf-8")
    assert run("continue", path, "--model", starter, "--max-tokens", 2).returncode == 0


def test_a_long_paragraph_and_a_blank_line_are_read(starter, tmp_path):
    path = tmp_path / "story.md"
    path.write_text("It was a dark night, and the wind went round. " * 4_000 + "\n\n", "utf-8")
    report = json.loads(run("continue", path, "--max-tokens", 2, "--json").stdout)
    assert report["tokens_read"] > 500


@pytest.mark.parametrize("redirect", [">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_are_no_error(starter, story, redirect):
    command = f'"{sys.executable}" -m writer_app continue "{story}" --max-tokens 2 {redirect}'
    ran = subprocess.run(["bash", "-c", command], capture_output=True, timeout=90, check=False)
    assert (ran.returncode, ran.stderr) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("json_option", [[], ["--json"]])
def test_a_full_disk_behind_the_output_is_one_sentence(starter, story, json_option):
    with Path("/dev/full").open("wb") as full:
        ran = subprocess.run(
            [sys.executable, "-m", "writer_app", "continue", story, "--max-tokens=2", *json_option],
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=90,
            check=False,
        )
    assert ran.returncode == 2
    assert ran.stderr.count(b"\n") == 1


def test_output_is_utf_8_whatever_the_locale_says(tmp_path):
    ran = run("continue", tmp_path / "红楼.md", PYTHONIOENCODING="ascii")
    assert "红楼.md" in ran.stderr


def test_a_model_with_a_name_too_long_is_missing(story):
    ran = run("continue", story, "--model", "a" * 5_000)
    assert ran.returncode == 2
    assert ran.stderr.count("\n") == 1


@pytest.mark.skipif(sys.platform != "linux", reason="names of bytes that are no text")
def test_a_note_that_is_no_text_is_refused_in_one_sentence(starter, story):
    ran = run("continue", story, "--note", "a \udcff b")
    assert ran.returncode in (2, 3)
    assert "U+DCFF" in ran.stderr


@pytest.mark.parametrize(("kept", "layers"), [("", -1), ("[model]\ngraphics = false\n", 0)])
def test_a_graphics_processor_switched_off_in_the_window_is_left_alone_here(tmp_path, kept, layers):
    places = Places(*(tmp_path / name for name in ("config", "data", "state", "cache")))
    places.config.mkdir()
    (places.config / FILE_NAME).write_text(kept, "utf-8")
    asked = verbs.engine(places)._fallback.next_try(Load(id=0, model="any"), 1)
    assert asked.gpu_layers == layers


def test_damaged_settings_are_said_and_the_story_goes_on(starter, story, tmp_path):
    folder = tmp_path / "config" / "longhand"
    folder.mkdir(parents=True)
    (folder / FILE_NAME).write_text("[model\n", "utf-8")
    ran = run("continue", story, "--max-tokens", 4, XDG_CONFIG_HOME=str(tmp_path / "config"))
    assert ran.returncode == 0
    assert ran.stdout.strip()
    assert FILE_NAME in ran.stderr


def rewritten(*arguments):
    ran = run("rewrite", *arguments, "--json")
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.count("\n") == 1
    report = json.loads(ran.stdout)
    assert set(report) == {"recipe", "candidates"}
    for candidate in report["candidates"]:
        assert set(candidate) == {"text", "checks", "changes"}
        assert all(isinstance(passed, bool) for passed in candidate["checks"].values())
    return report, ran.stderr


def test_a_passage_is_rewritten_and_what_failed_is_said_beside_the_report(starter, story):
    text = story.read_text("utf-8")
    start = text.index("It was")
    arguments = ["--span", f"{start}:{len(text)}", "--candidates", 2, "--seed", 1]
    report, said = rewritten(story, "--recipe", "expand", "--instruction", "double", *arguments)
    assert report["recipe"] == "expand"
    assert 1 <= len(report["candidates"]) <= 2
    for number, candidate in enumerate(report["candidates"], 1):
        assert candidate["text"].strip()
        assert set(candidate["checks"]) == {"length", "language", "names", "numbers", "balanced"}
        assert (candidate["changes"] > 0) is (candidate["text"] != text[start:])
        assert all(candidate["checks"].values()) is (f"candidate {number} before" not in said)


def test_a_span_is_counted_in_characters_and_a_rule_needs_no_model(tmp_path):
    path = tmp_path / "emoji.md"
    path.write_bytes("😀😀 他 走 了 。\r\n\r\n他 走".encode())
    report, said = rewritten(path, "--recipe", "tidy", "--span", "3:10", "--model", "nowhere.gguf")
    assert report["candidates"] == [{"text": "他走了。", "checks": {}, "changes": 3}]
    assert said == ""


def test_a_question_about_a_long_text_says_that_only_its_beginning_was_read(monkeypatch, capsys):
    asked = Rewriting("Tom went. " * 700, (0, 7_000), _transform("summarise"))
    monkeypatch.setattr(verbs, "_load", lambda _client, _path: Loaded(name="M", context=8_000))
    monkeypatch.setattr(verbs, "_plan", lambda *_asked: Plan(Generate(id=1)))
    (candidate,) = verbs._ask(Answering("Tom is gone."), Passage(asked), "")
    assert candidate.text == "Tom is gone."
    assert "beginning" in capsys.readouterr().err


def test_an_answer_of_no_use_is_an_error_and_no_candidate(monkeypatch):
    asked = Rewriting("Tom went.", (0, 9), _transform("polish"), candidates=2)
    monkeypatch.setattr(verbs, "_load", lambda _client, _path: Loaded(name="M", context=8_000))
    monkeypatch.setattr(verbs, "_plan", lambda *_asked: Plan(Generate(id=1)))
    with pytest.raises(NothingUseful):
        verbs._ask(Answering("I'm sorry, but I can't assist with that."), Passage(asked), "")
    assert len(verbs._ask(Answering("Tom left."), Passage(asked), "")) == 1


class Answering:
    """A client whose model gives one answer to everything."""

    def __init__(self, answer):
        self._answer = answer

    def generate(self, request):
        yield Text(id=request.id, text=self._answer)


def _transform(name):
    return recipe.load(assets.resources() / "recipes" / "rewrite" / f"{name}.toml", Transform)


def test_recipes_are_listed_with_all_that_can_be_said_to_them():
    report = json.loads(run("recipes", "--json").stdout)
    assert set(report) == {"recipes"}
    found = {(each["kind"], each["id"]): each for each in report["recipes"]}
    assert len(found) == len(report["recipes"])
    shorten, tidy = found["rewrite", "shorten"], found["rewrite", "tidy"]
    assert shorten["choices"] == ["half", "third", "quarter", "sentence"]
    assert shorten["checks"] == ["length", "language", "numbers", "balanced"]
    assert (shorten["needs_model"], tidy["needs_model"]) == (True, False)
    assert found["continue", "steady"]["titles"]["zh"]


def test_a_broken_recipe_of_the_users_is_said_and_costs_only_itself(tmp_path):
    folder = tmp_path / "longhand" / "recipes" / "rewrite"
    folder.mkdir(parents=True)
    (folder / "mine.toml").write_text("id = 3", "utf-8")
    ran = run("recipes", "--lang", "zh", XDG_DATA_HOME=str(tmp_path))
    assert "rewrite\tshorten\t缩写" in ran.stdout
    assert "mine.toml" in ran.stderr
    assert ran.stderr.count("\n") == 1


def told(*arguments):
    ran = run("context", *arguments, "--json")
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.count("\n") == 1
    report = json.loads(ran.stdout)
    assert set(report) == {"parts", "left_out", "tokens", "budget"}
    keys = {"id", "kind", "title", "tokens", "why", "text"}
    assert all(set(each) == keys for each in (*report["parts"], *report["left_out"]))
    assert sum(each["tokens"] for each in report["parts"]) == report["tokens"]
    assert 0 < report["tokens"] <= report["budget"]
    return report


def test_what_a_model_would_read_of_a_loose_file_is_listed_with_its_tokens(starter, story):
    text = story.read_text("utf-8")
    report = told(story, "--at", 60, "--note", "the wind drops")
    read = "".join(each["text"] for each in report["parts"] if each["kind"] == "text")
    assert read == text[:60]
    assert [each["why"] for each in report["parts"] if each["id"] == "note"] == [
        "what you want to happen next"
    ]


def test_what_the_project_of_a_file_says_is_found_by_its_folder(starter, tmp_path):
    novel = tmp_path / "novel"
    for folder in ("text", "bible"):
        (novel / folder).mkdir(parents=True)
    item = '{id = "s1", kind = "scene", file = "text/one.md", synopsis = "Clara waits."}'
    (novel / "project.toml").write_text(f'items = [{item}]\n[style]\nmemory = "A lake."\n')
    (novel / "bible" / "clara.toml").write_text('name = "Clara"\ndescription = "A maid."\n')
    (novel / "bible" / "torn.toml").write_text("name = ")
    scene = novel / "text" / "one.md"
    scene.write_text("Clara rose, and went to the window of the room. ")
    report = told(scene)
    parts = {each["id"]: each["text"].strip() for each in report["parts"]}
    assert parts["entry:clara"] == "Clara: A maid."
    assert parts["memory"] == "About this book: A lake."
    assert parts["outline"] == "In this scene: Clara waits."
    ran = run("context", scene, "--lang", "zh_CN")
    assert ran.returncode == 0
    assert "torn.toml" in ran.stderr
    assert "entry:clara" in ran.stdout


def test_an_idea_becomes_a_tree_as_deep_and_wide_as_asked(starter):
    idea = "Two rival bakers must share one kitchen."
    ran = run("outline", idea, "--method", "blank", "--counts", "1,2", "--json")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.count("\n") == 1
    tree = json.loads(ran.stdout)

    def shape(node):
        assert set(node) == {"title", "summary", "children"}
        assert node["title"].strip()
        assert node["summary"].strip()
        return [shape(child) for child in node["children"]]

    assert shape(tree) == [[[], []]]


def test_an_idea_that_the_model_cannot_write_about_is_refused(starter):
    refused = run(
        "outline", "一个普通学生能看见别人剩下的寿命。", "--method", "blank", "--model", starter
    )
    assert refused.returncode == 2
    assert "Chinese" in refused.stderr


@pytest.mark.parametrize(
    "wrong", [("--counts", "1,2,1,1,1"), ("--counts", "0"), ("--depth", "9"), ("--counts", "two")]
)
def test_an_outline_that_the_method_does_not_have_is_refused(wrong, capsys):
    arguments = ["outline", "A baker.", "--method", "blank", *wrong, "--lang", "en"]
    assert cli.main([*arguments, "--model", __file__]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith(f"The option {wrong[0]} does not fit: ")


def test_a_server_is_asked_with_the_key_of_the_environment_and_the_model_named(
    story, capsys, monkeypatch
):
    monkeypatch.setenv("LONGHAND_KEY", "sk-secret")
    with serve([[{"text": " that"}, {"text": " it was late."}]]) as (address, play):
        arguments = ["--endpoint", address + "/v1", "--model", "Scripted", "--json"]
        assert cli.main(["continue", str(story), *arguments]) == 0
        assert cli.main(["continue", str(story), "--endpoint", address, "--model", "other"]) == 3
    said = capsys.readouterr()
    report = json.loads(said.out)
    assert set(report) == KEYS
    assert (report["text"], report["model"]) == (" that it was late.", "Scripted")
    assert [each["key"] for each in play.asked] == ["Bearer sk-secret"]
    assert "“other”" in said.err
    assert "LONGHAND_KEY" not in os.environ


def test_what_is_no_address_of_a_server_is_a_mistake_and_nothing_is_asked(story, capsys):
    assert cli.main(["context", str(story), "--endpoint", "gpu:8000"]) == 2
    assert "begin with http" in capsys.readouterr().err
