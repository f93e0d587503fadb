"""What code verifies of an answer."""

import re

import pytest

from writer_app.craft.checks import Aim, Check, size, verify
from writer_app.text.names import names_of
from writer_app.text.script import language_of


def failed(check, passage, answer, **aim):
    (verdict,) = verify([check], passage, answer, Aim(**aim))
    assert verdict.check is check
    assert verdict.passed is not bool(verdict.about)
    return list(verdict.about)


@pytest.mark.parametrize("book", ["pride", "sherlock", "dream"])
def test_a_paragraph_passes_every_check_against_itself(book, request):
    text = request.getfixturevalue(book)[:120_000]
    aim = Aim(
        language_of(text), (0.95, 1.05), names_of(text), (("Holmes", "Holmes"), ("宝玉", "宝玉"))
    )
    for paragraph in re.findall(r"[^\n]+", text)[::3]:
        wrong = [v for v in verify(list(Check), paragraph, paragraph, aim) if not v.passed]
        assert wrong == [], paragraph


@pytest.mark.parametrize(
    ("book", "edits"),
    [
        ("pride", [("very ", ""), (" upon ", " on "), ("; ", ", "), ("Mr. ", "Mister ")]),
        ("sherlock", [("“", '"'), ("”", '"'), ("upon", "on"), ("’", "'")]),
        ("dream", [("罢", "吧"), ("便", "就"), ("，", ", ")]),
    ],
)
def test_a_light_edit_passes_every_check(book, edits, request):
    text = request.getfixturevalue(book)[:60_000]
    aim = Aim(language_of(text), (0.7, 1.3), names_of(text))
    for paragraph in re.findall(r"[^\n]+", text)[::3]:
        edited = paragraph
        for old, new in edits:
            edited = edited.replace(old, new)
        wrong = [
            v
            for v in verify([*Check], paragraph, edited, aim)
            if not v.passed and v.check is not Check.QUOTATIONS
        ]
        assert wrong == [], paragraph


def test_length_is_a_share_of_the_passage_in_words_or_characters():
    ten = "one two three four five six seven eight nine ten. " * 4
    assert not failed(Check.LENGTH, ten, "word " * 20, limits=(0.3, 0.85))
    assert failed(Check.LENGTH, ten, "word " * 38, limits=(0.3, 0.85)) == ["40 → 38"]
    assert failed(Check.LENGTH, ten, "word", limits=(0.3, 0.85)) == ["40 → 1"]
    assert failed(Check.LENGTH, "他走了。" * 10, "他走了。", limits=(0.8, 1.2)) == ["40 → 4"]
    assert not failed(Check.LENGTH, "He smiled.", "He gave a slow, tired smile.", limits=(0.7, 2.2))
    assert size("他走了。") == 4


def test_a_translation_is_measured_by_what_words_weigh():
    chinese = "他没有回答，只是笑了笑，然后走出门去。"
    english = "He did not answer; he only smiled, and then he went out of the door."
    assert not failed(Check.LENGTH, chinese, english, limits=(0.6, 1.6))
    assert not failed(Check.LENGTH, english, chinese, limits=(0.6, 1.6))
    assert failed(Check.LENGTH, english, "他。", limits=(0.6, 1.6))


@pytest.mark.parametrize(
    ("language", "answer", "found"),
    [
        ("en", "He went home and it rained.", []),
        ("en", "他走了，雨下得很大，谁也没有说话。", ["zh"]),
        ("zh", "He went home and it rained.", ["en"]),
        ("zh", "他对Tom说了一声Good morning就走了。", []),
        ("zh", "OK.", []),
        ("fr", "Bonjour, monsieur Dupont.", []),
        ("fr", "The man was not here and he had it.", ["en"]),
        ("", "Anything at all goes here.", []),
        ("en", "1234567890 !!! ……", []),
    ],
)
def test_the_language_is_wrong_only_where_the_text_shows_it(language, answer, found):
    assert failed(Check.LANGUAGE, "", answer, language=language) == found


def test_a_lost_name_is_told_and_a_kept_one_is_not():
    passage = "And then Holmes met Watson."
    assert failed(Check.NAMES, passage, "Holmes was there.") == ["Watson"]
    assert not failed(Check.NAMES, passage, "Watson’s friend is HOLMES, is Holmes.")
    assert failed(Check.NAMES, "宝玉来了。", "他来了。", names=frozenset({"宝玉"})) == ["宝玉"]


def test_a_changed_number_is_told_and_another_spelling_is_not():
    assert failed(Check.NUMBERS, "He paid 40 pounds.", "He paid 50 pounds.") == ["40"]
    assert not failed(Check.NUMBERS, "He paid 240 pounds.", "He paid two hundred and forty pounds.")
    assert not failed(Check.NUMBERS, "他有123两银子。", "他有一百二十三两银子。")


def test_a_quotation_is_the_same_word_for_word():
    passage = "“We heard a crack,” said Ann. “A crack.”"
    assert not failed(
        Check.QUOTATIONS, passage, "Ann said: “We heard a crack.” “A crack!” “A crack.”"
    )
    assert failed(Check.QUOTATIONS, passage, "“We heard cracks,” said Ann. “A crack.”") == [
        "We heard a crack,"
    ]
    assert failed(Check.QUOTATIONS, "“No.” “No.”", "“No.”") == ["No."]


def test_quotation_marks_come_in_pairs_unless_they_never_did():
    assert failed(Check.BALANCED, "“Yes.”", "“Yes.") == ["“”"]
    assert not failed(Check.BALANCED, "Yes.” He went.", "Yes.” He left.")


def test_the_glossary_holds_where_its_term_stands():
    glossary = (("sword", "剑"), ("C++", "C++"), ("Mr.", "先生"))
    assert failed(Check.GLOSSARY, "A sword.", "一把刀。", glossary=glossary) == ["sword = 剑"]
    assert not failed(Check.GLOSSARY, "A sword; swordfish.", "一把剑。", glossary=glossary)
    assert not failed(Check.GLOSSARY, "Swordfish.", "旗鱼。", glossary=glossary)
    assert not failed(Check.GLOSSARY, "He wrote C++ code.", "他写 C++ 代码。", glossary=glossary)
    assert failed(Check.GLOSSARY, "Mr. Li", "李", glossary=glossary) == ["Mr. = 先生"]


def test_paragraphs_are_neither_split_nor_joined():
    assert not failed(Check.PARAGRAPHS, "One.\n\nTwo.", "One.\n \nTwo.\n")
    assert failed(Check.PARAGRAPHS, "One.\n\nTwo.", "One. Two.") == ["2 → 1"]


def test_verdicts_stand_in_one_order_whatever_was_asked():
    asked = [Check.BALANCED, Check.LENGTH, Check.NAMES]
    found = [each.check for each in verify(asked, "a", "a", Aim())]
    assert found == [Check.LENGTH, Check.NAMES, Check.BALANCED]


@pytest.mark.parametrize(
    "text", ["", " ", "\n", "?", "😀", "x", "“", "." * 100_000, "\n" * 100_000]
)
def test_nothing_is_too_strange_to_be_verified(text):
    verify(list(Check), text, text, Aim("en"))
    verify(list(Check), "He went.", text, Aim("en"))
