"""The methods that come with the program, and what the loader says of broken ones."""

import pytest

from writer_app import assets
from writer_app.craft.method import Method
from writer_app.craft.recipe import load, load_all
from writer_app.errors import RecipeError

SHIPPED = sorted((assets.resources() / "recipes" / "outline").glob("*.toml"))
IDS = [
    "three-acts",
    "save-the-cat",
    "heros-journey",
    "snowflake",
    "kishotenketsu",
    "mystery",
    "romance",
    "short-story",
    "essay",
    "news",
    "lesson",
    "blank",
    "golden-three",
    "hook-chain",
    "ladder",
    "episodes",
    "fine-outline",
]
TITLE_MOST = {"en": 46, "zh": 16}


def test_every_method_of_the_issue_is_there_in_menu_order():
    methods, problems = load_all([assets.resources() / "recipes"], Method)
    assert list(methods) == IDS
    assert problems == []


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
@pytest.mark.parametrize("tongue", ["en", "zh"])
def test_what_a_method_shows_is_as_long_as_what_it_asks_for(path, tongue):
    method = load(path, Method)
    limit = {"en": 182, "zh": 70}[tongue]
    for level in method.levels:
        shown = [(s.title, s.example) for s in level.slots]
        shown += [(s.title, s.summary) for s in level.samples]
        for title, summary in shown:
            assert len(title.in_language(tongue)) <= TITLE_MOST[tongue]
            assert len(summary.in_language(tongue)) <= limit
            assert summary.in_language(tongue)[-1] in ".!?。！？"


def test_save_the_cat_has_its_fifteen_beats():
    method = load(assets.resources() / "recipes" / "outline" / "save-the-cat.toml", Method)
    assert len(method.levels[0].slots) == 15
    assert method.levels[0].slots[3].title.en == "Catalyst"


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("depth = 2", "depth = 9", "depth"),
        ("depth = 2", "depth = 4\nlength = 3", "length"),
        ('becomes = "volume"', 'becomes = "beat"', "outside in"),
        ('title = { en = "Middle"', 'title = { en = "beginning"', "same title"),
        ("usual = 4", "usual = 41", "40"),
        ("least = 1", "least = 6", "go up"),
    ],
)
def test_a_mistake_in_a_method_is_named(tmp_path, old, new, reason):
    source = (assets.resources() / "recipes" / "outline" / "three-acts.toml").read_text("utf-8")
    assert old in source
    path = tmp_path / "three-acts.toml"
    path.write_text(source.replace(old, new, 1), "utf-8")
    with pytest.raises(RecipeError) as refused:
        load(path, Method)
    assert reason in str(refused.value.params["reason"])
