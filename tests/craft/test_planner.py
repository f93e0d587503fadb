from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.craft.test_context import PARAGRAPH, count
from writer_app.craft.layout import Fact, Layout, Place, Stability
from writer_app.craft.planner import lay_out

CLARA = Fact("clara", "Clara Bell is the housekeeper's daughter. Her eyes are green.")
WARD = Fact("ward", "Miss Ward teaches music in the town.")
OUTLINE = Fact("outline", "They meet at the inn.", Stability.OUTLINE)
BUDGET = 400


def story(paragraphs):
    """A text whose paragraphs all differ."""
    return "".join(f"{number} {PARAGRAPH}" for number in range(paragraphs))


def prompt(layout, text):
    return "".join(part.text for part in layout.parts(text[: layout.caret]))


def standing(layout):
    return [fact.id for fact in layout.head], [inset.fact.id for inset in layout.insets]


class Desk:
    """Asks again and again over one manuscript."""

    def __init__(self, text="", facts=(), budget=BUDGET):
        self.text, self.facts, self.budget = text, list(facts), budget
        self.layouts = ()

    def ask(self, caret=None):
        caret = len(self.text) if caret is None else caret
        before = prompt(self.layouts[0], self.text) if self.layouts else ""
        self.layouts = lay_out(self.text, caret, self.facts, self.budget, count, self.layouts)
        now = prompt(self.layouts[0], self.text)
        same = next(
            (at for at, pair in enumerate(zip(before, now, strict=False)) if pair[0] != pair[1]),
            min(len(before), len(now)),
        )
        #: Share of the prompt that stands behind the first difference to the one before.
        self.reread = 1 - same / len(now) if now else 0.0
        return self.layouts[0]

    def write(self, paragraphs=1):
        start = self.text.count("\n\n")
        self.text += "".join(f"{number} {PARAGRAPH}" for number in range(start, start + paragraphs))


def test_the_window_stays_while_the_text_grows_and_then_takes_a_large_step_to_a_paragraph():
    desk, starts = Desk(story(40)), []
    for _ in range(40):
        starts.append(desk.ask().start.at)
        desk.write()
    assert len(set(starts)) <= 5
    assert starts == sorted(starts)
    assert all(desk.text[start - 2 : start] == "\n\n" for start in starts)


def test_the_first_facts_stand_in_the_head_bible_before_outline():
    desk = Desk(story(3), [OUTLINE, CLARA, WARD])
    assert standing(desk.ask()) == (["clara", "ward", "outline"], [])


def test_an_entry_newly_active_is_set_in_behind_the_far_text_and_costs_at_most_a_quarter():
    desk = Desk(story(12))
    desk.ask()
    desk.facts.append(CLARA)
    layout = desk.ask()
    assert standing(layout) == ([], ["clara"])
    assert desk.reread <= 0.25
    place = layout.insets[0].place.at
    assert desk.text[place - 2 : place] == "\n\n"
    assert desk.text[place:].strip()


def test_it_moves_to_the_head_with_the_next_step_of_the_window_and_not_before():
    desk = Desk(story(12), [WARD])
    start, place = desk.ask().start.at, None
    desk.facts.append(CLARA)
    while (layout := desk.ask()).start.at == start:
        assert standing(layout) == (["ward"], ["clara"])
        assert place in (None, layout.insets[0].place.at)
        assert place is None or desk.reread < 0.3  # what was written, and no more
        place = layout.insets[0].place.at
        desk.write()
    assert standing(layout) == (["ward", "clara"], [])


def test_a_silent_entry_stays_until_the_next_step_of_the_window():
    desk = Desk(story(12), [CLARA, WARD])
    start = desk.ask().start.at
    desk.facts.remove(CLARA)
    assert standing(desk.ask()) == (["clara", "ward"], [])
    assert desk.reread == 0
    while (layout := desk.ask()).start.at == start:
        desk.write()
    assert standing(layout) == (["ward"], [])


def test_entries_that_become_active_one_after_another_share_a_place_while_it_is_near():
    desk = Desk(story(150), [], 4_000)
    desk.ask()
    desk.facts.append(CLARA)
    first = desk.ask().insets[0].place.at
    desk.facts.append(WARD)
    assert [inset.place.at for inset in desk.ask().insets] == [first, first]
    desk.write(40)
    desk.facts.append(OUTLINE)
    desk.ask()
    desk.facts.append(Fact("late", "The inn has burnt down."))
    places = [inset.place.at for inset in desk.ask().insets]
    assert places[:2] == [first, first]
    assert places[2] == places[3] > first
    assert desk.reread <= 0.25


def test_a_version_that_only_adds_is_set_in_and_the_old_one_stays():
    desk = Desk(story(12), [CLARA])
    desk.ask()
    more = replace(CLARA, text=CLARA.text + " She plays the violin.")
    desk.facts = [more]
    assert desk.ask().facts == (CLARA, more)
    assert desk.reread <= 0.35  # this fact is long for so small a budget, and it is new


@pytest.mark.parametrize("later", [False, True], ids=["in the head", "set in"])
def test_what_is_no_longer_true_is_never_told(later):
    desk = Desk(story(12), [] if later else [CLARA, WARD])
    desk.ask()
    desk.facts = [CLARA, WARD]
    desk.ask()
    for colour in ("blue", "brown", "grey"):
        desk.facts[0] = replace(CLARA, text=CLARA.text.replace("green", colour))
        layout = desk.ask()
        text = prompt(layout, desk.text)
        assert f"eyes are {colour}" in text
        assert text.count("eyes are") == 1


def test_a_correction_takes_the_next_step_at_once_and_the_next_correction_is_cheap():
    desk = Desk(story(60), [CLARA, WARD], 800)
    length = len(prompt(desk.ask(), desk.text))
    desk.facts[0] = replace(CLARA, text=CLARA.text.replace("green", "blue"))
    layout = desk.ask()
    assert standing(layout) == (["ward"], ["clara"])
    assert len(prompt(layout, desk.text)) < 0.75 * length
    desk.facts[0] = replace(CLARA, text=CLARA.text.replace("green", "brown"))
    assert desk.ask().start == layout.start
    assert desk.reread <= 0.3


def test_an_outline_that_changes_is_treated_like_an_entry():
    desk = Desk(story(12), [CLARA, OUTLINE])
    desk.ask()
    desk.facts[1] = replace(OUTLINE, text="They never meet.")
    assert standing(desk.ask()) == (["clara"], ["outline"])


def test_text_put_in_above_the_window_moves_nothing():
    desk = Desk(story(80))
    before = prompt(desk.ask(), desk.text)
    desk.text = "A preface, and much more of it. " * 20 + "\n\n" + desk.text
    after = desk.ask()
    assert after.start.at > 600
    assert prompt(after, desk.text) == before


def test_edits_at_the_beginning_of_the_window_move_nothing():
    desk = Desk(story(80))
    start = desk.ask().start.at
    desk.text = desk.text[:start] + "Somebody else" + desk.text[start + 8 :]
    assert desk.ask().start.at == start


def test_text_put_before_the_beginning_is_read_where_all_fits():
    desk = Desk(story(2))
    assert desk.ask().start.at == 0
    desk.text = "# A title\n\n" + desk.text
    assert prompt(desk.ask(), desk.text) == desk.text


def test_a_caret_far_away_gets_a_window_of_its_own_and_coming_back_finds_the_old_one():
    desk = Desk(story(100))
    desk.ask()
    desk.write(8)
    desk.facts.append(CLARA)
    there = desk.ask()
    away = desk.ask(caret=1_500)
    assert away.start.at <= 1_500
    assert prompt(away, desk.text).endswith(desk.text[1_400:1_500])
    again = desk.ask()
    assert (again.start, again.insets) == (there.start, there.insets)


def test_a_caret_before_an_inset_has_it_set_in_anew_and_loses_nothing():
    desk = Desk(story(18))
    desk.ask()
    desk.facts.append(CLARA)
    there = desk.ask()
    caret = there.insets[0].place.at
    earlier = desk.ask(caret=caret)
    assert earlier.start == there.start
    assert earlier.insets[0].place.at < caret
    assert desk.ask() == there


def test_another_document_finds_nothing_of_the_first_and_does_not_push_it_out():
    desk = Desk(story(12), [CLARA])
    first = desk.ask()
    text, desk.text, desk.facts = desk.text, "Quite another story, of other people.\n\n" * 3, []
    assert standing(desk.ask()) == ([], [])
    desk.text, desk.facts = text, [CLARA]
    assert desk.ask() == first


def test_without_earlier_layouts_the_layout_depends_on_text_and_facts_alone():
    desk = Desk(story(60), [WARD])
    desk.ask()
    desk.facts.append(CLARA)
    desk.ask()
    text = desk.text
    alone = lay_out(text, len(text), desk.facts, BUDGET, count)
    assert alone == lay_out(text, len(text), list(desk.facts), BUDGET, count)
    assert standing(alone[0]) == (["ward", "clara"], [])


def test_chinese_text_and_entries_are_laid_out_the_same_way():
    def characters(texts):
        return [len(text) for text in texts]

    text = "".join(f"第{number}日，宝玉笑道：“你来了。”众人都笑了。\n" for number in range(60))
    first = lay_out(text, len(text), [], 1_000, characters)
    entry = Fact("黛玉", "林黛玉，贾母的外孙女，体弱，善诗。")
    (layout, *_) = lay_out(text, len(text), [entry], 1_000 + 40, characters, first)
    assert text[layout.start.at] == "第"
    assert text[layout.insets[0].place.at] == "第"
    near = len(text) - layout.insets[0].place.at
    assert near + len(entry.text) <= 1_040 // 4
    changed = Fact("黛玉", "林黛玉，贾母的外孙女，体弱，善画。")
    assert changed.takes_back(entry)
    assert not Fact("黛玉", entry.text + "住潇湘馆。").takes_back(entry)


def test_where_a_paragraph_is_endless_an_entry_is_set_in_between_sentences():
    text = "".join(f"He said so {number} times. " for number in range(200))
    first = lay_out(text, len(text), [], 3_000, count)
    (layout, *_) = lay_out(text, len(text), [CLARA], 3_000, count, first)
    assert f"times. \n\n{CLARA.text}\n\nHe said" in prompt(layout, text)


def test_an_entry_is_never_set_in_within_a_sentence():
    text = "He said to Mr. Moore that " + "it was so and so, " * 300 + "and went. " + "He saw " * 60
    first = lay_out(text, len(text), [], 3_000, count)
    (layout, *_) = lay_out(text, len(text), [CLARA], 3_000, count, first)
    assert text[: layout.insets[0].place.at].endswith("and went. ")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("Her eyes are green.", "Her eyes are green. She is tall.", False),
        ("Her eyes are green.", "Her eyes are blue.", True),
        ("Age: 2", "Age: 20", True),
        ("Eyes:\ngreen\nHair:\nred", "Eyes:\nred\nHair:\ngreen", True),
        ("Eyes: green\nHair: red", "Eyes: green\nHeight: small\nHair: red", False),
        ("体弱。善诗。", "体弱。爱哭。善诗。", False),
        ("Her eyes are green.", "Her eyes are green.", False),
    ],
)
def test_a_version_takes_back_what_it_no_longer_says(old, new, expected):
    assert Fact("a", new).takes_back(Fact("a", old)) is expected
    assert not Fact("b", new).takes_back(Fact("a", old))


FACTS = st.lists(
    st.builds(Fact, st.sampled_from("abc"), st.text("ab. 好", min_size=1, max_size=60)),
    max_size=4,
    unique_by=lambda fact: fact.id,
)


@given(
    st.lists(st.tuples(st.text("ab .\n好", max_size=300), FACTS), max_size=5), st.integers(8, 200)
)
def test_all_active_facts_are_told_or_named_as_left_out_and_all_fit_the_budget(asked, budget):
    text, layouts = "", ()
    for more, facts in asked:
        text += more
        layouts = lay_out(text, len(text), facts, budget, count, layouts)
        told = layouts[0].facts
        for fact in facts:
            assert fact in told or fact.id in layouts[0].left_out
            assert not any(fact.takes_back(other) for other in told)
        made = prompt(layouts[0], text)
        assert made.endswith(text[layouts[0].start.at :][-1:])
        pieces = [text[layouts[0].start.at :], *(fact.paragraph for fact in told)]
        assert sum(count(pieces)) <= budget


@given(st.text("ab \n好", max_size=300), st.data())
def test_a_place_is_found_again_behind_whatever_was_put_before(text, data):
    words = "The clock in the hall struck eleven, and nobody moved. " * 2
    at = data.draw(st.integers(0, len(text)))
    place = Place.of(text[:at] + words + text[at:], at)
    found = place.again("Once more. " + text[:at] + words + text[at:])
    assert found is not None
    assert found.at == (at + len("Once more. ") if at else 0)


def test_a_place_whose_words_are_gone_is_not_found():
    assert Place.of(story(5), 100).again("Nothing of it. " * 20) is None
    assert Layout(Place.of(story(5), 100), 200).again("Nothing of it. " * 20) is None
