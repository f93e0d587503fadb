"""A book from its premise to a scene that knows what the one before it told."""

from tests.ui.rig import make_program
from writer_app.ui.session.state import Wish

__all__ = ["make_program"]

PREMISE = "A widow inherits a lighthouse that has been dark for ten years."
STEPS = (
    " Anna Lund must light the lamp before the fleet comes home.\n",
    " Anna comes by boat. Tom Hale guards the door. In spring the lamp burns.\n",
)
SCENES = (
    " Anna Lund lands in the fog and finds the door locked.\n",
    " Tom Hale hands her the key at last.\n",
)
DRAFT = (
    "Anna Lund was a tall woman with grey eyes. “Open,” said Anna. Nobody came. Anna knocked again."
)


def answer(engine, *texts):
    for text in texts:
        engine.write(text)
        engine.finish()


def test_from_a_premise_to_a_drafted_scene_whose_facts_the_next_one_is_told(
    make_program, tmp_path, qtbot
):
    program = make_program()
    engine, session = program.engine, program.desk.windows[0].session
    engine.load()

    # A project of her own, and an outline in it.
    session.book.binder.found("The Lamp", tmp_path)
    qtbot.waitUntil(lambda: session.book.binder.project is not None)
    session.wished.emit(Wish.OUTLINE_PANEL)
    outliner = session.book.outliner
    qtbot.waitUntil(lambda: outliner.book is session.book.binder.project.outline)
    outliner.set_words(premise=PREMISE, method="short-story")
    for step in STEPS:
        session.book.outline_on()
        answer(engine, step)
    session.book.outline_on()
    answer(engine, *SCENES)
    outliner.stop()
    first, second = outliner.outline.nodes[:2]

    # Two nodes become scenes, and one is drafted while another text is on the page.
    scenes = []
    for node in (first, second):
        outliner.accept(node.id)
        qtbot.waitUntil(lambda node=node: bool(outliner.outline[node.id].item))
        scenes.append(outliner.outline[node.id].item)
    tree = session.book.binder.tree
    assert [tree[each].synopsis for each in scenes] == [each.strip() for each in SCENES]
    session.book.binder.change(scenes[0], target=20)
    if session.book.binder.current == scenes[0]:
        session.book.binder.step(-1)
        qtbot.waitUntil(lambda: session.book.binder.current not in scenes)
    asked = len(engine.asks)
    outliner.draft(first.id)
    qtbot.waitUntil(lambda: len(engine.asks) == asked + 1)
    answer(engine, DRAFT)
    qtbot.waitUntil(lambda: session.book.scenes.drafting is None)

    # What the scene tells is proposed, and accepted.
    session.book.binder.go(scenes[0])
    qtbot.waitUntil(lambda: session.book.binder.current == scenes[0])
    assert DRAFT in session.document.text
    lore = session.book.lore
    qtbot.waitUntil(lambda: lore.entries.is_read)
    session.book.read_for_bible()
    while lore.is_reading:
        answer(engine, "person\nend")
    (anna,) = (each for each in lore.proposals if each.name == "Anna Lund")
    lore.accept(anna)

    # The next scene is written with it.
    session.book.binder.go(scenes[1])
    qtbot.waitUntil(lambda: session.book.binder.current == scenes[1])
    session.page.insertPlainText("The key was cold. Anna took it. ")
    qtbot.waitUntil(
        lambda: (
            session.book.around.now is not None
            and session.book.around.now.here == scenes[1]
            and bool(session.book.around.now.entries)
        )
    )
    session.continue_text()
    told = engine.asks[-1].compiled.told
    assert any("Anna Lund" in each.text for each in told if each.id.startswith("entry:"))
    assert any(SCENES[1].strip() in each.text for each in told)
