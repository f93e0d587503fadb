"""The one door to the rules."""

import time

import pytest

from writer_app.text.rules import RULES


def test_every_choice_of_every_rule_works_and_is_done_once():
    text = "“Well--” he said  at 15:30.\n\n他有3个,后来走了..."
    for rule in RULES.values():
        for choice in rule.choices:
            once = rule(text, choice, text)
            assert rule(once, choice, once) == once


def test_no_choice_is_the_first_and_an_unknown_one_is_refused():
    assert RULES["hanzi"]("后来") == "後來"
    with pytest.raises(ValueError, match="magic"):
        RULES["tidy"]("a", "magic", "")


@pytest.mark.parametrize("name", RULES)
def test_a_long_manuscript_takes_a_few_seconds_at_most(name, dream, pride):
    for text in (dream, pride[: len(pride) // 2]):
        for choice in RULES[name].choices:
            begun = time.perf_counter()
            RULES[name](text, choice, text)
            assert time.perf_counter() - begun < 4
