import pytest

from writer_app.craft.honesty import check, sample
from writer_app.engine.protocol import Counted, Loaded
from writer_app.errors import LanguageMismatch

WHOLE = Counted(tokens=(100,), fragments=(0,))
PIECES = Counted(tokens=(100,), fragments=(50,))


def test_a_text_the_model_must_spell_in_pieces_is_refused():
    with pytest.raises(LanguageMismatch) as refused:
        check("宝玉笑道", PIECES, Loaded(name="Tiny", context=1))
    assert refused.value.params == {"model": "Tiny", "language": "Chinese"}


def test_a_language_the_makers_do_not_name_is_refused():
    with pytest.raises(LanguageMismatch):
        check("宝玉笑道", WHOLE, Loaded(name="Tiny", context=1, languages=("en", "fr")))


@pytest.mark.parametrize(
    "text", ["It was late", "", "12 + 3 = 15", "It was 林黛玉 who came first of all"]
)
def test_what_the_model_can_write_passes(text):
    check(text, WHOLE, Loaded(name="Tiny", context=1, languages=("en",)))


def test_the_text_around_the_caret_decides():
    text = "English words. " * 100 + "宝玉" * 400
    assert "English" not in sample(text, len(text))
    assert sample(text, 0).startswith("English")


def test_emoji_say_nothing_about_the_language():
    assert sample("😀😀 The old man 👩‍👩‍👧", 20) == " The old man "


def test_real_models_are_judged_by_their_own_tokens(starter, chinese_model, dream, sherlock):
    from writer_app.engine.client import EngineClient

    for path, writes_chinese in ((starter, False), (chinese_model, True)):
        client = EngineClient("llama")
        *_, model = client.load(path)
        check(sherlock[5000:5600], client.count([sherlock[5000:5600]]), model)
        if writes_chinese:
            check(dream[5000:5600], client.count([dream[5000:5600]]), model)
        else:
            with pytest.raises(LanguageMismatch):
                check(dream[5000:5600], client.count([dream[5000:5600]]), model)
        client.close()
