"""What is in the files of recipes for rewriting, and what is refused there."""

import pytest

from writer_app import assets
from writer_app.craft.checks import Aim, Check, verify
from writer_app.craft.recipe import load, load_all
from writer_app.craft.rewriting import verified
from writer_app.craft.transform import Group, Result, Transform
from writer_app.errors import RecipeError
from writer_app.text.rules import RULES

FOLDER = assets.resources() / "recipes"
SHIPPED = sorted((FOLDER / "rewrite").glob("*.toml"))
RECIPES = {path.stem: load(path, Transform) for path in SHIPPED}
TONE = (FOLDER / "rewrite" / "tone.toml").read_text("utf-8")

every_recipe = pytest.mark.parametrize("recipe", RECIPES.values(), ids=RECIPES)


@every_recipe
def test_every_shipped_recipe_speaks_both_languages(recipe):
    assert recipe.id in RECIPES
    parts = [recipe.titles, recipe.summary]
    parts += [recipe.instruction] if recipe.instruction else []
    parameter = recipe.parameter
    if parameter:
        parts += [parameter.titles, *(each.titles for each in parameter.choices)]
        parts += [each.words for each in parameter.choices if each.words]
    for part in parts:
        assert part.en == part.en.strip()
        assert part.zh == part.zh.strip()
    assert any("\u4e00" <= letter <= "\u9fff" for letter in recipe.titles.zh)
    assert recipe.titles.en.isascii() or "’" in recipe.titles.en


@every_recipe
def test_every_shipped_recipe_that_asks_a_model_shows_how_in_both_languages(recipe):
    if recipe.rule:
        assert recipe.instruction is None
        assert not recipe.examples
        return
    choices = [each.id for each in recipe.parameter.choices] if recipe.parameter else []
    for choice in choices or [""]:
        shown = {each.language for each in recipe.examples if each.choice in ("", choice)}
        into = {"en", "zh"} - ({choice} if recipe.translates else set())
        assert shown == into
    assert recipe.result is Result.LIST or Check.LANGUAGE in recipe.checks


@every_recipe
def test_examples_pass_the_checks_of_their_recipe(recipe):
    for each in recipe.examples:
        others = {"en": "zh", "zh": "en"}
        target = others[each.language] if recipe.translates else each.language
        aim = Aim(target, recipe.limits(each.choice))
        assert all(v.passed for v in verify(verified(recipe), each.before, each.after, aim)), each


@every_recipe
def test_rules_know_all_their_choices_and_the_first_is_the_usual_one(recipe):
    if recipe.rule:
        choices = tuple(each.id for each in recipe.parameter.choices)
        assert choices == RULES[recipe.rule].choices


def test_no_two_recipes_share_a_place_or_a_title():
    for language in ("en", "zh"):
        assert len({each.title(language) for each in RECIPES.values()}) == len(RECIPES)
    places = {(each.group, each.order) for each in RECIPES.values()}
    assert len(places) == len(RECIPES)
    assert {each.group for each in RECIPES.values()} == set(Group)


@pytest.mark.parametrize(
    ("old", "new", "line_of"),
    [
        ("[0.5, 1.8]", "[1.8, 0.5]", "length"),
        ("[0.5, 1.8]", "[0.0, inf]", "length"),
        ("[0.5, 1.8]", "[nan, nan]", "length"),
        ("[0.5, 1.8]", '["a", 1]', "length"),
        ('"names"', '"nome"', "checks"),
        ("free = true", "free = 3", "free"),
        ("order = 50", "order = 1\nstop = ['']", "stop"),
        ("order = 50", "order = 1\nrule = 'tidy'", "[instruction]"),
        ("order = 50", "order = 1979-05-27", "order"),
        ("order = 50", "order = 1\nresult = 'nowhere'", "result"),
        ('group = "style"', 'group = "zoo"', "group"),
        ('id = "tone"', 'id = ""', "id"),
        ('id = "tone"', 'id = "other"', "id"),
        ('en = "Tone"', 'en = " "', "en"),
        ('id = "cold"\n', 'id = "warm"\n', "[[parameter.choices]]"),
        ('id = "cold"\n', 'id = "cold"\nlength = [3, 1]\n', "[[parameter.choices]]"),
        ('titles = { en = "Grave"', 'title = { en = "Grave"', "title ="),
        ('words = { en = "grave", zh = "庄重" }', "", "[[parameter.choices]]"),
        ('words = { en = "grave", zh = "庄重" }', 'words = { en = "x" }', "words = { en = "),
        ("[sampling]", "[bans]\nen = ['/(/']\n[sampling]", "en = ['/(/']"),
        ("[sampling]", "[sampling]\ntemperatura = 1", "temperatura"),
        ('language = "zh"', 'language = "zh"\nchoice = "pink"', "[[examples]]"),
    ],
)
def test_a_mistake_is_reported_with_file_and_line(tmp_path, old, new, line_of):
    path = tmp_path / "tone.toml"
    assert old in TONE
    path.write_text(TONE.replace(old, new, 1), "utf-8")
    with pytest.raises(RecipeError) as refused:
        load(path, Transform)
    assert refused.value.params["path"] == str(path)
    line = path.read_text("utf-8").splitlines()[int(refused.value.params["line"]) - 1]
    assert line.startswith(line_of)


def test_the_choice_that_is_reported_is_the_one_that_is_wrong(tmp_path):
    path = tmp_path / "tone.toml"
    path.write_text(TONE.replace('en = "grave", zh', 'en = "", zh'), "utf-8")
    with pytest.raises(RecipeError) as refused:
        load(path, Transform)
    assert "庄重" in path.read_text("utf-8").splitlines()[int(refused.value.params["line"]) - 1]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('id = "cold"\n', 'id = "klingon"\n'),
        ("free = true", "free = true\nx = 1"),
    ],
)
def test_a_translation_is_into_a_language_that_exists(tmp_path, old, new):
    path = tmp_path / "tone.toml"
    source = TONE.replace("order = 50", "order = 50\ntranslates = true").replace(old, new)
    path.write_text(source, "utf-8")
    with pytest.raises(RecipeError):
        load(path, Transform)


def test_a_choice_needs_a_parameter(tmp_path):
    path = tmp_path / "casual.toml"
    source = (FOLDER / "rewrite" / "casual.toml").read_text("utf-8")
    path.write_text(source.replace('en = "Rewrite', 'en = "{choice} Rewrite'), "utf-8")
    with pytest.raises(RecipeError) as refused:
        load(path, Transform)
    assert "{choice}" in refused.value.params["reason"]


@pytest.mark.parametrize(
    "junk",
    [
        "",
        "\0",
        "a = " + "[" * 3_000,
        "a = " + "9" * 5_000,
        "# " + "x" * 300_000,
        'rule = "nope"',
        "[[parameter.choices]]",
    ],
)
def test_junk_costs_only_itself(tmp_path, junk):
    (tmp_path / "rewrite").mkdir()
    (tmp_path / "rewrite" / "junk.toml").write_text(junk, "utf-8")
    (tmp_path / "rewrite" / "folder.toml").mkdir()
    (tmp_path / "rewrite" / "latin.toml").write_bytes(b'id = "\xe9"')
    recipes, problems = load_all([FOLDER, tmp_path], Transform)
    assert len(recipes) == len(RECIPES)
    assert len(problems) == 3


def test_a_rule_that_does_not_exist_is_said(tmp_path):
    path = tmp_path / "tidy.toml"
    source = (FOLDER / "rewrite" / "tidy.toml").read_text("utf-8")
    path.write_text(source.replace('rule = "tidy"', 'rule = "nope"'), "utf-8")
    with pytest.raises(RecipeError) as refused:
        load(path, Transform)
    assert "hanzi" in refused.value.params["reason"]


@pytest.mark.parametrize("encoded", ["\ufeff" + TONE, TONE.replace("\n", "\r\n")])
def test_what_windows_editors_do_to_a_file_does_no_harm(tmp_path, encoded):
    path = tmp_path / "tone.toml"
    path.write_bytes(encoded.encode("utf-8"))
    assert load(path, Transform) == RECIPES["tone"]


def test_a_choice_is_found_by_id_or_title_in_any_case():
    parameter = RECIPES["tone"].parameter
    for wish in ("cold", "Cold", "COLD ", "冷峻"):
        assert parameter.find(wish).id == "cold"
    for empty in ("", "  "):
        assert parameter.find(empty).id == "warm"
    assert parameter.find("like a pirate") is None


def test_the_length_of_a_choice_goes_before_that_of_the_recipe():
    shorten = RECIPES["shorten"]
    assert shorten.limits("quarter") == (0.08, 0.45)
    assert shorten.limits("to ten words") == shorten.length
