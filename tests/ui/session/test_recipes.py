"""Recipes of the writer's are read again when she changes them."""

from writer_app import assets
from writer_app.ui.session.recipes import Recipes

SHIPPED = assets.resources() / "recipes"


def written(folder, title):
    (folder / "rewrite").mkdir(parents=True, exist_ok=True)
    source = (SHIPPED / "rewrite" / "polish.toml").read_text("utf-8")
    path = folder / "rewrite" / "mine.toml"
    path.write_text(source.replace('"polish"', '"mine"').replace('"Polish"', f'"{title}"'), "utf-8")
    return path


def test_one_that_is_added_changed_or_broken_is_noticed(tmp_path, qtbot):
    tmp_path.joinpath("rewrite").mkdir()
    recipes = Recipes([SHIPPED, tmp_path])
    with qtbot.waitSignal(recipes.changed):
        path = written(tmp_path, "Mine")
    assert recipes.transforms["mine"].title("en") == "Mine"
    with qtbot.waitSignal(recipes.changed):
        written(tmp_path, "Mine now")
    assert recipes.transforms["mine"].title("en") == "Mine now"
    with qtbot.waitSignal(recipes.changed):
        path.write_text("no recipe", "utf-8")
    assert "mine" not in recipes.transforms
    assert [each.params["path"] for each in recipes.broken] == [str(path)]
    with qtbot.waitSignal(recipes.changed):
        path.unlink()
    assert recipes.broken == []
