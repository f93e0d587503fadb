"""What is taken off an answer, and what is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from writer_app.craft.cleaning import clean, is_refusal, items

PASSAGE = "He went home, and it rained."
BITS = [
    *("<think>", "</think>", "<text>", "</text>", "```\n", "\n```", "“", "”", '"', "**", "\n", " "),
    *(
        "Sure! ",
        "Here is the rewritten text:",
        "Text: ",
        "Note: ",
        "好的，",
        "以下是修改后的文字：",
        "\n\n",
    ),
    *(
        "I changed the tone of the text.",
        "I have ",
        "He went.",
        "他走了。",
        "说明：",
        "'",
        "😀",
        "- ",
        "：",
    ),
]
TEXT = st.lists(st.sampled_from(BITS), max_size=8).map("".join)


@given(TEXT, TEXT)
def test_what_is_clean_is_not_cleaned_again(answer, passage):
    once = clean(answer, passage)
    assert clean(once, passage) == once


@given(TEXT | st.text(max_size=40))
def test_an_answer_that_is_the_passage_stays_as_it_is(passage):
    assert clean(passage, passage) == passage.strip()


@given(TEXT | st.text(max_size=40), TEXT)
def test_a_stream_can_be_cleaned_at_any_moment(answer, passage):
    for end in range(len(answer) + 1):
        so_far = answer[:end]
        assert len(clean(so_far, passage)) <= len(so_far)
        is_refusal(so_far, passage)
        items(so_far)


@pytest.mark.parametrize(
    "answer",
    [
        "Sure, here is the rewritten text:\n\nHe left.",
        "Sure! Here's the revised version: He left.",
        "Here is the text:\nHe left.",
        "Sure!\n\nHe left.",
        "I'll rewrite this for you:\nHe left.",
        "The rewritten text is as follows: He left.",
        "Translation: He left.",
        "**He left.**",
        "“He left.”",
        'Text: "He left."',
        "```\nHe left.\n```",
        "Here is the rewritten text:\n```text\nHe left.\n```\nI changed the tone of the text.",
        "<think>He should go.</think>\n\nHe left.",
        "He should go.\n</think>\nHe left.",
        "<text>\nHe left.\n</text>",
        "He left.\n\nI made the sentence shorter for clarity.",
        "He left.\n\nChanges made:\n- “went home” became “left”",
        "He left.\n\n(Note: the tone is the same.)",
        "He left.\n\nLet me know if you would like any changes!",
        "He left.\n\nThe revised text is shorter.",
        "Say it in fewer words. He left.",
        "Say it in fewer words.\nKeep the tone.\n\nHe left.",
        "好的，以下是改写后的文字：\nHe left.",
        "好的！\nHe left.",
        "以下是修改后的版本：He left.",
        "改写后的文字：\nHe left.",
        "He left.\n\n我对原文做了润色，使语句更通顺。",
        "He left.\n说明：更短。",
        "He left.\n\n希望对你有帮助！",
    ],
)
def test_what_is_said_around_an_answer_is_taken_off(answer):
    order = "Say it in fewer words.\nKeep the tone."
    assert clean(answer, PASSAGE, order) == "He left."


@pytest.mark.parametrize(
    "answer",
    [
        "Sure, I can come. See you there.",
        "“Sure, here is the book,” he said.",
        "Yes, he went home. It rained.",
        "This is what he said: go home.",
        "Here is the thing: I don’t love you.",
        "I opened the window.\n\nI have never seen such rain.\n\nThen I went.",
        "She wept.\nI used to know her.\nThe end.",
        "可以，他说：“走吧。”",
        "当然，他知道：雨不会停。",
        "好的，我来了。\n他走了。",
        "我开了窗。\n我把门关上。\n我对她笑了笑。",
        "他走了。\n希望总是有的。\n如果你来，我就走。",
        "“Go,” he said. “No,” said she.",
        "# A heading\n\n> quoted\n\n- item",
    ],
)
def test_a_story_is_left_alone(answer):
    assert clean(answer, PASSAGE) == answer


def test_what_the_passage_has_itself_is_kept():
    for passage, answer in [
        ("Here is the new text: run.", "Here is the new text: go."),
        ("Write <text> and </text>.", "Put <text> and </text>."),
        ("<think>Hm.</think> He went.", "<think>Oh.</think> He left."),
        ("```\na = 1\n```", "```\na = 2\n```"),
        ("He went.\n\nNote: it rained.", "He left.\n\nNote: it poured."),
        ("“Go now.”", '"Go at once."'),
        ("**Go now.**", "**Go at once.**"),
        ("He said “go”", "“He said go”"),
    ]:
        assert clean(answer, passage) == answer


def test_speech_keeps_its_quotation_marks():
    assert clean("“He left.”", PASSAGE, spoken=True) == "“He left.”"


def test_a_thought_without_end_is_no_answer():
    assert clean("<think>He might", PASSAGE) == ""
    assert clean("  \n ", PASSAGE) == ""


@pytest.mark.parametrize(
    ("answer", "refuses"),
    [
        ("I'm sorry, but I can't assist with that.", True),
        ("I cannot rewrite this text.", True),
        ("I am unable to provide a rewriting.", True),
        ("As an AI language model, I have no feelings.", True),
        ("Please provide the text you would like me to rewrite.", True),
        ("抱歉，我无法协助完成这个请求。", True),
        ("作为一个人工智能，我没有感情。", True),
        ("请提供需要改写的文字。", True),
        ("I'm sorry, I can't make it.", False),
        ("I’m sorry, I can’t help you, Tom.", False),
        ("I can’t help but wonder.", False),
        ("I cannot provide for my family.", False),
        ("对不起，我来不了。", False),
        ("作为一个父亲，我不能走。", False),
        ("", False),
    ],
)
def test_a_refusal_is_told_from_people_who_are_sorry(answer, refuses):
    assert is_refusal(answer, PASSAGE) is refuses
    assert not is_refusal(answer, answer)


def test_a_list_has_items_without_marks_and_repetitions():
    said = "- “Yes,” she said.\n1. The End\n* **Bold**\n- ‘Tis\n3.5 miles\n“Home”\n2、张三\n\n- The End"
    assert items(said) == [
        *("“Yes,” she said.", "The End", "Bold", "‘Tis", "3.5 miles", "Home", "张三")
    ]
