"""Text of a model is plain text on the page, whatever it says."""

from tests.journeys.writer import says


def test_what_hides_is_taken_out_on_the_way_and_markup_is_words(sit_down):
    answer = says(
        " It\u202e",
        "\x1b[31m was ",
        "<b>so</b>",
        " <img src=file:///etc/passwd>",
        " 👩",
        "\u200d",
        "🚀.",
    )
    writer = sit_down([answer], "She came.")
    writer.ask()
    expected = "She came. It[31m was <b>so</b> <img src=file:///etc/passwd> 👩\u200d🚀."
    assert writer.wait_for_answer() == expected
    assert "<img" not in writer.page.document().toHtml().partition("<body")[2]
    assert "font-weight:700" not in writer.page.document().toHtml()
    writer.undo()
    assert writer.text == "She came."
