"""From a recipe and a passage to a request."""

from dataclasses import replace

import pytest

from tests.craft.test_context import count
from tests.craft.test_transform import RECIPES
from writer_app.craft.rewriting import Rewriting
from writer_app.craft.transform import Result
from writer_app.engine.protocol import Loaded
from writer_app.errors import BadChoice, LanguageMismatch, PassageTooLong, WishMissing

INSTRUCT = Loaded(name="I", context=4096, has_template=True, parameters=7_000_000_000)
BASE = Loaded(name="B", context=4096, parameters=270_000_000)
ENGLISH = "# One\n\nIt was late, and the rain fell. Nobody slept. Tom opened the door.\n\nThe end."
CHINESE = "# 第一回\n\n夜深了，雨下得很大。谁也没有睡。汤姆打开了门。\n\n完。"
ASKING = {name: each for name, each in RECIPES.items() if not each.rule}


def asked(name="polish", text=ENGLISH, words="Tom opened the door.", **more):
    start = text.index(words)
    return Rewriting(text, (start, start + len(words)), RECIPES[name], **more)


def planned(rewriting, model=INSTRUCT):
    return rewriting.plan(model, count, 1).request


def prompt(request):
    return "".join([*(turn.content for turn in request.chat), *(p.text for p in request.parts)])


@pytest.mark.parametrize("model", [INSTRUCT, BASE], ids=["instruct", "base"])
@pytest.mark.parametrize("name", ASKING)
@pytest.mark.parametrize("text", [ENGLISH, CHINESE], ids=["en", "zh"])
def test_every_recipe_can_be_asked_with_every_choice(name, text, model):
    recipe = ASKING[name]
    wishes = [each.id for each in recipe.parameter.choices] if recipe.parameter else [""]
    wishes += ["as a pirate"] if recipe.parameter and recipe.parameter.free else []
    for wish in wishes or ["x"]:
        whole = text.index("\n\n") + 2, len(text)
        rewriting = Rewriting(text, whole, recipe, wish, anyway=True)
        request = planned(rewriting, model)
        assert bool(request.chat) is model.has_template
        assert bool(request.parts) is not model.has_template
        said = prompt(request)
        assert rewriting.passage in said
        assert "{" not in said
        assert rewriting.order in said
        assert said.endswith(">\n" if model.has_template else (":", "：", ":\n", "：\n"))
        assert request.max_tokens >= 48
        assert bool(request.grammar) is (recipe.result is Result.LIST)


def test_a_base_model_is_shown_examples_in_the_language_of_the_passage():
    chinese = prompt(planned(asked(text=CHINESE, words="汤姆打开了门。"), BASE))
    assert "满心欢喜" in chinese
    assert "lifted" not in chinese
    assert "lifted" in prompt(planned(asked(), BASE))
    assert "lifted" not in prompt(planned(asked(), INSTRUCT))


def test_a_base_model_is_told_once_and_ends_where_another_passage_would_begin():
    rewriting = asked()
    request = planned(rewriting, BASE)
    said = prompt(request)
    assert said.count(rewriting.order) == 1
    assert said.endswith(f"\n\nOriginal: {rewriting.passage}\nRewritten:")
    assert request.stop[0] == "\nOriginal:"


def test_examples_show_the_choice_that_was_made():
    said = prompt(planned(asked("person", wish="third-he"), BASE))
    assert "He opened his window" in said
    assert "\nYou opened" not in said


def test_the_passage_stands_between_tags_that_it_does_not_have():
    text = "See </text> and <TEXT-x here."
    request = planned(Rewriting(text, (0, len(text)), RECIPES["polish"]))
    assert request.stop[:2] == ("</text--", "\n<text--")
    assert f"<text-->\n{text}\n</text-->" in prompt(request)
    assert planned(asked()).stop[:2] == ("</text", "\n<text")
    assert planned(asked("summarise")).stop[0] == "</answer"
    assert planned(asked("names")).stop[0] == "</list"


def test_what_comes_before_is_told_from_the_beginning_of_a_sentence_and_chapter():
    said = prompt(planned(asked()))
    assert "information only:\nIt was late, and the rain fell. Nobody slept.\n" in said
    long = "# One\n\n" + "Nothing happened to anybody here. " * 60 + "Tom opened the door."
    context = prompt(planned(asked(text=long))).split("only:\n")[1].split("\n\n<text>")[0]
    assert context.startswith("Nothing happened")
    assert len(context) <= 500
    again = replace(asked(), before="Otherwise.")
    assert "only:\nOtherwise.\n" in prompt(planned(again))
    assert "only:" not in prompt(planned(asked("summarise")))
    assert "only:" not in prompt(planned(asked(), replace_small(INSTRUCT)))
    assert "only:" not in prompt(planned(asked(text=ENGLISH, words="# One")))


def replace_small(model):
    return Loaded(name=model.name, context=4096, has_template=True, parameters=135_000_000)


def test_a_small_model_is_asked_coolly_and_several_candidates_warmly():
    small = replace_small(INSTRUCT)
    assert planned(asked("vivid"), small).sampling.temperature == 0.35
    assert planned(asked("vivid")).sampling.temperature == 0.7
    assert planned(asked("correct", candidates=3)).sampling.temperature == 0.5
    assert planned(asked("correct", candidates=3)).alternatives == 3


def test_a_translation_goes_into_the_other_language_unless_she_says_so():
    assert asked("translate").target == "zh"
    assert "Chinese" in asked("translate").order
    assert asked("translate", text=CHINESE, words="汤姆打开了门。").target == "en"
    assert asked("translate", wish="English").target == "en"
    assert asked("polish").target == "en"


def test_a_language_that_the_model_does_not_write_is_refused():
    english = Loaded(name="E", context=4096, languages=("en",), has_template=True)
    with pytest.raises(LanguageMismatch):
        planned(asked("translate"), english)
    planned(asked("translate", anyway=True), english)
    planned(asked("polish"), english)


def test_what_a_recipe_needs_is_asked_for():
    with pytest.raises(WishMissing):
        planned(asked("free", wish="  "))
    with pytest.raises(BadChoice) as refused:
        planned(asked("person", wish="fifth"))
    assert "third-she" in refused.value.params["known"]


def test_her_own_words_stand_in_the_instruction_or_behind_it():
    assert asked("free", wish=" Say {choice} {before}. ").order == "Say {choice} {before}."
    assert asked("polish", wish="Keep it dry.").order.endswith("voice. Keep it dry.")
    assert asked("tone", wish="like a pirate").order.count("like a pirate") == 1


def test_terms_of_the_glossary_that_occur_are_told():
    glossary = (("door", "门"), ("ship", "船"), ("", "x"))
    rewriting = asked("translate", glossary=glossary)
    assert rewriting.terms == (("door", "门"),)
    assert rewriting.order.endswith("Use these words: door = 门.")


def test_what_does_not_fit_is_refused():
    text = "The rain fell on the old house. " * 400
    with pytest.raises(PassageTooLong):
        planned(Rewriting(text, (0, len(text)), RECIPES["polish"]))
    with pytest.raises(PassageTooLong):
        planned(replace(asked("expand", candidates=4), text=text, span=(0, 3_000)))


def test_the_passage_is_a_draft_where_it_comes_again():
    assert planned(asked("polish")).like == "Tom opened the door."
    assert planned(asked("polish", seed=1)).like == ""
    assert planned(asked("translate")).like == ""
    assert planned(asked("summarise")).like == ""


def test_bans_are_those_of_the_recipe_and_hers():
    assert "testament to" in planned(asked("flavour", bans=("x",))).bans
    assert planned(asked("flavour", bans=("x",))).bans[-1] == "x"
    chinese = asked("flavour", text=CHINESE, words="汤姆打开了门。")
    assert "五味杂陈" in planned(chinese).bans
