"""Which language a text is in."""

import pytest

from writer_app.text.script import in_language, language_of, may_be


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("", ""),
        ("12 + 3 = 15 … 😀", ""),
        ("It was late", "en"),
        ("Déjà vu, mon ami", "en"),  # too little to tell
        ("Il était une fois une reine qui ne riait pas, et le roi était triste.", "fr"),
        ("Es war einmal ein König, der hatte eine Tochter, und sie war nicht froh.", "de"),
        ("Había una vez una niña que no quería dormir, y su madre le contaba un cuento.", "es"),
        ("C'era una volta un re che non aveva figli, e la regina era triste per il re.", "it"),
        ("Era uma vez um rei que não tinha filhos, e a rainha não sabia o que fazer.", "pt"),
        ("Er was eens een koning die niet blij was, want het meisje zag hem niet.", "nl"),
        ("宝玉笑道", "zh"),
        ("山へ芝刈りに行きました", "ja"),
        ("Жил-был старик", "ru"),
        ("שלום עולם", "he"),
    ],
)
def test_the_language_is_told_by_script_and_small_words(text, language):
    assert language_of(text) == language


def test_english_prose_is_never_taken_for_another_language(pride, sherlock):
    for book in (pride, sherlock):
        assert {language_of(book[at : at + 600]) for at in range(0, len(book), 600)} == {"en"}


def test_words_of_another_script_and_emoji_are_left_out():
    assert in_language("He said “红楼梦” 😀 twice.", "en") == "He said   twice."
    assert in_language("He 红楼，梦", "zh") == " 红楼梦"


@pytest.mark.parametrize(
    ("text", "language", "may"),
    [
        ("", "en", True),
        ("123 …", "zh", True),
        ("Bonjour monsieur.", "fr", True),
        ("Bonjour monsieur.", "en", True),
        ("The man was not here and he had it.", "fr", False),
        ("Il était une fois une fille qui avait les yeux et que", "en", False),
        ("他走了。", "en", False),
        ("He went.", "zh", False),
        ("漢字", "ja", True),
        ("ひらがな", "zh", False),
    ],
)
def test_few_latin_words_may_be_in_any_language(text, language, may):
    assert may_be(text, language) is may
