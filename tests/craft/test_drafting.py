"""From a scene's card to stints of writing."""

from writer_app.craft.drafting import LEAST, MOST, next_stint
from writer_app.story.tree import Beat, Item, Kind


def scene(*beats, **fields):
    return Item(id="s", kind=Kind.SCENE, beats=tuple(beats), **fields)


def test_open_beats_share_what_is_left_of_the_target():
    item = scene(Beat("They meet.", done=True), Beat("They part."), Beat("She writes."), target=500)
    stint = next_stint(item, 100, "en")
    assert (stint.note, stint.amount, stint.beat) == ("They part.", 200, 1)
    assert next_stint(item, 5_000, "en").amount == LEAST
    assert next_stint(scene(Beat("x"), target=9_000), 0, "zh").amount == MOST


def test_a_scene_without_beats_goes_on_by_its_synopsis_to_its_length():
    item = scene(synopsis="A storm.", target=400)
    assert next_stint(item, 0, "en").note == "A storm."
    assert next_stint(item, 330, "en").amount == 70
    assert next_stint(item, 350, "en") is None
    assert next_stint(scene(), 0, "en").amount == MOST
    assert next_stint(scene(target=30), 0, "en").amount == 30


def test_a_scene_with_all_beats_done_is_done():
    assert next_stint(scene(Beat("x", done=True), target=5_000), 10, "en") is None
