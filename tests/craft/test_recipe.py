import os
import sys

import pytest

from writer_app import assets
from writer_app.craft.recipe import Preset, choose, load, load_all
from writer_app.errors import RecipeError, UnknownRecipe

SHIPPED = sorted((assets.resources() / "recipes" / "continue").glob("*.toml"))
GOOD = SHIPPED[0].read_text("utf-8")


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_shipped_recipe_loads_and_restrains_repetition(path):
    recipe = load(path, Preset)
    assert recipe.title("en") != recipe.title("zh_CN")
    assert recipe.sampling.repeat_penalty > 1 or recipe.sampling.dry_multiplier > 0


def write(folder, text, name="plain"):
    path = folder / "continue" / f"{name}.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize(
    ("old", "new", "line_of"),
    [
        ("temperature = 0.4", "temperatur = 0.4", "temperatur = 0.4"),
        ("temperature = 0.4", "temperature = 9", "temperature = 9"),
        ("temperature = 0.4", 'temperature = "hot"', 'temperature = "hot"'),
        ("order = 30", "order = = 30", "order = = 30"),
        ('id = "plain"', 'id = "other"', 'id = "other"'),
        ('kind = "continue"', 'kind = "dance"', 'kind = "dance"'),
        ('zh = "平实"', "", "[titles]"),
        ("{note}]", "]", "[note]"),
        ("[titles]", '[bans]\nen = ["/(/"]\n[titles]', 'en = ["/(/"]'),
        ("temperature = 0.4", "temperature = 0.4\nmirostat_tau = inf", "mirostat_tau = inf"),
        ("temperature = 0.4", "temperature = 0.4\nlogit_bias = {a = -inf}", "logit_bias ="),
    ],
)
def test_a_mistake_is_reported_with_file_and_line(tmp_path, old, new, line_of):
    source = (assets.resources() / "recipes" / "continue" / "plain.toml").read_text("utf-8")
    assert old in source
    path = write(tmp_path, source.replace(old, new, 1))
    with pytest.raises(RecipeError) as refused:
        load(path, Preset)
    assert refused.value.params["path"] == str(path)
    lines = path.read_text("utf-8").splitlines()
    assert lines[int(refused.value.params["line"]) - 1].startswith(line_of)


def test_a_broken_recipe_does_not_cost_the_others(tmp_path):
    write(tmp_path, "no toml", "broken")
    recipes, problems = load_all([assets.resources() / "recipes", tmp_path], Preset)
    assert len(recipes) == len(SHIPPED)
    assert len(problems) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes in folders there")
def test_a_pipe_in_the_folder_holds_nothing_up(tmp_path):
    (tmp_path / "continue").mkdir()
    os.mkfifo(tmp_path / "continue" / "pipe.toml")
    recipes, problems = load_all([tmp_path], Preset)
    assert not recipes
    assert "not a file" in problems[0].params["reason"]


def test_a_recipe_of_the_users_replaces_the_shipped_one(tmp_path):
    source = (assets.resources() / "recipes" / "continue" / "plain.toml").read_text("utf-8")
    write(tmp_path, source.replace("Plain and sober", "Mine"))
    recipes, _problems = load_all([assets.resources() / "recipes", tmp_path], Preset)
    assert recipes["plain"].title("en") == "Mine"


def test_recipes_stand_in_menu_order():
    recipes, _problems = load_all([assets.resources() / "recipes"], Preset)
    assert next(iter(recipes)) == "steady"


def test_an_unknown_recipe_is_refused_with_those_there_are():
    recipes, _problems = load_all([assets.resources() / "recipes"], Preset)
    with pytest.raises(UnknownRecipe) as refused:
        choose(recipes, "haiku")
    assert "steady" in refused.value.params["known"]
