from msgspec import structs

from writer_app import assets
from writer_app.craft.recipe import load
from writer_app.craft.summarising import Summarising
from writer_app.craft.transform import Transform
from writer_app.engine.client import EngineClient, counter
from writer_app.engine.protocol import Text

RECIPE = load(assets.resources() / "recipes" / "rewrite" / "summarise.toml", Transform)
PARAGRAPH = (
    "Anna walked to the inn. The driver gave her a letter, and she wept over it all night.\n\n"
)


def finish(work, answer="Anna gets a letter at the inn."):
    asked = 0
    while not work.is_complete:
        question = work.question()
        assert question.passage.strip()
        work.take(answer if isinstance(answer, str) else answer(question))
        asked += 1
    return asked


def test_a_short_chapter_is_one_question():
    work = Summarising(PARAGRAPH * 5, RECIPE)
    assert finish(work, "Here is the summary: Anna gets\na letter.") == 1
    assert work.summary == "Anna gets a letter."


def test_a_long_chapter_goes_piece_by_piece_and_what_was_made_is_summed_up_again():
    work = Summarising(PARAGRAPH * 600, RECIPE)
    asked = finish(work, lambda question: f"Anna gets letter {len(question.text) % 97}. " * 8)
    assert asked >= 12
    assert 0 < len(work.summary) <= 900
    assert work.summary.endswith(".")


def test_chinese_chapters_are_summed_up_in_smaller_pieces():
    work = Summarising("安娜走进客栈，车夫给了她一封信。她哭了一夜。\n" * 200, RECIPE)
    assert work.progress[1] > 2
    finish(work, "安娜在客栈收到一封信。")
    assert work.summary.startswith("安娜在客栈收到一封信。安娜")
    assert len(work.summary) <= 300


def test_an_answer_of_no_use_leaves_its_piece_out_and_an_empty_chapter_has_nothing_to_ask():
    work = Summarising(PARAGRAPH * 5, RECIPE)
    finish(work, "")
    assert (work.summary, work.is_complete) == ("", True)
    assert Summarising(" \n", RECIPE).is_complete


def test_what_is_finished_stays_when_the_rest_is_put_off():
    work = Summarising(PARAGRAPH * 200, RECIPE)
    work.take("Anna gets a letter.")
    assert work.progress[0] == 1
    assert work.question().span[0] > 4_000


def test_the_starter_model_sums_up_a_page(starter):
    client = EngineClient("llama")
    try:
        for _event in client.load(starter):
            pass
        work = Summarising(PARAGRAPH * 3, RECIPE)
        plan = work.question().plan(client.model, counter(client), client.new_id())
        events = client.generate(structs.replace(plan.request, max_tokens=40))
        work.take("".join(event.text for event in events if isinstance(event, Text)))
    finally:
        client.close()
    assert work.is_complete
    assert work.summary
    assert PARAGRAPH not in work.summary
