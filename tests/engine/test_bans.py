import re
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from writer_app.engine import bans as module
from writer_app.engine.bans import Bans, Hit, Watch, compiled
from writer_app.errors import BadBan

calm = settings(deadline=None)


def first(entries, answer, *, context=""):
    """The first hit in a whole answer, written in tokens of one character."""
    watch = Watch(compiled(tuple(entries)), context)
    hits = (hit for character in answer if (hit := watch.feed(character)))
    return next(hits, None) or watch.finish()


def held(entries, answer):
    """What of an answer so far has to wait."""
    watch = Watch(compiled(tuple(entries)), "")
    assert not any(watch.feed(character) for character in answer)
    return answer[watch.certain :]


# Phrases


@pytest.mark.parametrize(
    ("phrase", "text", "start"),
    [
        ("art", "the Art of war", 4),
        ("art", "at heart an artist, party", None),
        ("art", "art2 2art", None),
        ("art", "我爱art吗", 2),
        ("art", "_art_", 1),
        ("art", "❤️art", 2),
        ("art", "the art", 4),
        ("sent  shivers", "It sent\n\tshivers down", 3),
        ("don't", "we don’t know", 3),
        ("“No,”", 'she said "No," again', 9),
        ("...", "well...", 4),
        ("C++", "in C++11", 3),
        ("straße", "die STRASSE dort", 4),
        ("café", "the cafe\u0301 there", 4),
        ("cafe", "the cafe\u0301 there", None),
        ("искусство", "это Искусство, да", 4),
        ("кот", "который", None),
        ("不是", "我说：不是的", 3),
        ("예술", "그의 예술은", 3),
        ("か", "しかし", 1),
        ("👍", "yes👍🏽", 3),
        ("AI时代", "在AI时代里", 1),
        ("AI时代", "在OpenAI时代里", None),
        ("/", "and/or", 3),
    ],
)
def test_a_phrase_is_found_as_a_reader_would_find_it(phrase, text, start):
    assert first([phrase], text) == (None if start is None else Hit(start, phrase))


@pytest.mark.parametrize(
    "entry", ["tiger", "tiger's eye", "/t.ger/", "/\\u200bg/", "虎视眈眈", "/虎{1,3}视/"]
)
def test_what_cannot_be_seen_makes_no_other_word_of_it(entry):
    answer = "A t\u200bi\u200b\u2060g\u00ade\U000e0041r’s eye, 虎\u200b视\u2060眈眈."
    assert first([entry], answer)
    assert not first([entry], answer.replace("e", "a").replace("视", "是").replace("\u200b", ""))


def test_a_word_is_no_hit_before_it_has_ended_but_waits():
    watch = Watch(compiled(("art",)), "")
    assert watch.feed("an ") is None
    assert watch.feed("art") is None
    assert watch.certain == 3
    assert watch.feed("ist") is None
    assert watch.certain == 9
    assert watch.feed(" of") is None
    assert watch.feed(" art") is None
    assert watch.feed(".") == Hit(13, "art")


def test_a_word_at_the_end_is_a_hit_when_the_answer_is_over():
    watch = Watch(compiled(("art",)), "")
    assert watch.feed("an art") is None
    assert watch.finish() == Hit(3, "art")


def test_a_chinese_phrase_needs_nothing_behind_it():
    assert Watch(compiled(("不禁",)), "").feed("他不禁") == Hit(1, "不禁")


@pytest.mark.parametrize(
    ("entries", "answer", "waiting"),
    [
        (["a testament to"], "It was a test", "a test"),
        (["a testament to"], "It was a testing", ""),
        (["a testament to"], "It was a testament  \n ", "a testament  \n "),
        (["testament"], "a test", "test"),
        (["testament"], "pretest", ""),
        (["不是", "而是"], "他不", "不"),
        (["不是", "而是"], "他不好", ""),
        (["/不是.{1,12}而是/"], "这不是梦，而", "不是梦，而"),
        (["/不是.{1,12}而是/"], "这不是梦。\n", ""),
        (["/不是.{1,3}而是/"], "这不是一场梦啊", ""),
        ([r"/\bno\b/"], "yes no", "no"),
        ([r"/\bno\b/"], "piano", ""),
    ],
)
def test_only_what_is_still_the_beginning_of_a_match_waits(entries, answer, waiting):
    assert held(entries, answer) == waiting


def test_white_space_between_the_words_of_a_phrase_may_be_of_any_length():
    assert first(["in fact"], "in" + " " * 1_000 + "fact.") == Hit(0, "in fact")


def test_what_ends_first_is_hit_first_and_of_these_what_starts_first():
    assert first(["cold as ice", "as"], "cold as ice").entry == "as"
    assert first(["he was", "was"], "he was.").entry == "he was"


# The writer's own text


def test_a_phrase_that_begins_in_the_writers_text_is_hit_at_the_start_of_the_answer():
    assert first(["a testament to"], " to her", context="It was a testament") == Hit(
        0, "a testament to"
    )


@pytest.mark.parametrize("answer", [" is long", "ist", "y"])
def test_a_phrase_that_stands_in_the_writers_text_is_hers(answer):
    assert first(["art", "/ar./"], answer, context="Life and art") is None


def test_the_writers_own_hit_does_not_hide_a_longer_one():
    assert first(["art", "art deco"], " deco.", context="the art") == Hit(0, "art deco")


def test_a_word_that_the_answer_goes_on_with_began_before_it():
    assert first(["art"], "art.", context="with all his he") is None


def test_nothing_waits_before_the_answer():
    watch = Watch(compiled(("a testament to",)), "It was a testament")
    assert watch.certain == 0
    watch.feed("s")
    assert watch.certain == 1


# Patterns


@pytest.mark.parametrize(
    ("pattern", "text", "start"),
    [
        ("/不是.{1,12}而是/", "这不是梦，而是真的", 1),
        ("/不是.{1,12}而是/", "这不是梦。\n而是", None),
        ("/not (just|only) .{1,9}?, but/", "It was NOT only cold, but wet", 7),
        ("/[^a-z]x{2,3}y?z/", "axxz .XXz", 5),
        (r"/^\w+ly,/", "Sadly,", 0),
        (r"/^[a-z]{1,9}ly,/", "He sadly, said\nSadly, he", 15),
        (r"/[a-z]{1,9}ing$/", "going there\nwas waiting", 16),
        (r"/\Bart\b/", "art heart", 6),
        ("/(?s)a.b/", "a\nb", 0),
        ("/(?x) a b # letters/", "ab", 0),
        ("/(a|b){3}c?/", "xabab", 1),
        (r"/\d{4}/", "in 1999", 3),
        ("/👍{2}/", "👍👍", 0),
        ("/path/to", "my path/to", None),
    ],
)
def test_a_pattern_is_found(pattern, text, start):
    pattern = pattern.replace("+", "{1,20}")
    assert first([pattern], text) == (None if start is None else Hit(start, pattern))


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ("/.*/", "empty"),
        ("/a?/", "empty"),
        (r"/\b/", "empty"),
        ("/a.*b/", "more than 200"),
        ("/a+/", "more than 200"),
        ("/(ab{1,50}){5}/", "more than 200"),
        ("/(/", "brackets"),
        ("/a{9999999999999}/", "repeats"),
        ("/" + "(" * 5_000 + "a" + ")" * 5_000 + "/", "brackets"),
        ("/(?=a)ab/", "only"),
        (r"/(a)\1/", "only"),
        (r"/\Aab/", "only"),
        ("/(?-i:a)b/", "only"),
        ("/a++b/", "200"),
        ("/a{1,9}+b/", "only"),
        ("/(" + "|".join(["abcdef"[n % 6 :] + "xyz" for n in range(99)]) + "){20}/", "complicated"),
        ("word " * 50, "longer than 200"),
    ],
)
def test_what_cannot_be_watched_for_is_refused_with_a_reason(entry, reason):
    with pytest.raises(BadBan) as error:
        Bans([entry])
    assert entry.startswith(error.value.params["entry"])
    assert reason in error.value.params["reason"]


def test_a_blank_entry_bans_nothing():
    assert first(["", " \n"], "any text  at all") is None


def test_equal_entries_are_compiled_once():
    assert compiled(("one", "two")) is compiled(("one", "two"))


@pytest.mark.parametrize("pattern", ["/(a?){99}b/", "/(a|a){99}b/", "/.{1,99}.{1,99}b/"])
def test_a_pattern_that_makes_others_try_for_ever_reads_every_character_once(pattern):
    watch = Watch(compiled((pattern,)), "")
    watch.feed("a" * 300)
    states = {state for thread in watch._threads[-1] for state in thread.states}
    kept = sum(len(thread.states) for thread in watch._threads[-1])
    assert kept == len(states)


# Going back


def test_after_going_back_the_same_place_is_watched_again():
    watch = Watch(compiled(("a testament to", "a tribute to")), "It was")
    assert watch.feed(" a testament") is None
    assert watch.feed(" to her") == Hit(1, "a testament to")
    watch.rewind(0)
    assert watch.feed(" a tribute to ") == Hit(1, "a tribute to")
    watch.rewind(0)
    assert watch.feed(" nothing") is None
    assert watch.finish() is None
    assert (watch.hits, watch.passed) == (2, 0)


def test_a_token_is_only_certain_as_a_whole():
    watch = Watch(compiled(("不禁",)), "")
    assert watch.feed("他") is None
    assert watch.feed("也不") is None
    assert watch.certain == 1
    assert watch.feed("禁笑了") == Hit(2, "不禁")
    assert watch.certain == 1


def test_half_a_character_adds_nothing():
    watch = Watch(compiled(("好",)), "")
    assert [watch.feed(text) for text in ("你", "", "好")] == [None, None, Hit(1, "好")]


def test_what_is_shown_stays_when_its_end_is_drawn_after_all():
    # 一 is shown when 二 has come, for 一二 is no match. Then 二 is taken back, and 三 makes it one.
    watch = Watch(compiled(("一三", "二四")), "")
    assert watch.feed("一") is None
    assert watch.feed("二") is None
    assert watch.certain == 1
    assert watch.feed("四") == Hit(1, "二四")
    watch.rewind(1)
    assert watch.feed("三") == Hit(1, "一三")


def test_nothing_is_shown_that_would_be_banned_if_the_answer_ended_there():
    # After "artis" the word is not art, but a hit may take it back to "art".
    watch = Watch(compiled(("art", "/isk/")), "")
    assert watch.feed("an ") is None
    assert watch.feed("art") is None
    assert watch.feed("is") is None
    assert watch.certain == 3
    assert watch.feed("k") == Hit(6, "/isk/")
    watch.rewind(6)
    assert watch.feed(".") == Hit(3, "art")


def test_a_pattern_that_may_begin_with_anything_holds_back_no_more_than_its_length():
    assert len(held(["/.{0,9}不是/"], "这" * 100)) == 9


def test_an_answer_may_go_on_after_an_end_that_was_a_hit():
    watch = Watch(compiled(("the end",)), "")
    assert watch.feed("This is") is None
    assert watch.feed(" the end") is None
    assert watch.finish() == Hit(8, "the end")
    watch.rewind(7)
    assert watch.feed(" all") is None
    assert watch.finish() is None


def test_a_place_where_nothing_else_comes_is_given_up_and_others_are_not():
    watch = Watch(compiled(("art",)), "")
    for _ in range(module._HITS_PER_PLACE):
        assert watch.feed("art ") == Hit(0, "art")
        watch.rewind(0)
    assert watch.feed("art ") is None
    assert watch.certain == 4
    assert watch.feed("for art ") == Hit(8, "art")
    assert (watch.hits, watch.passed) == (module._HITS_PER_PLACE + 1, 1)


def test_what_was_given_up_counts_anew_when_the_text_before_it_is_another():
    watch = Watch(compiled(("art", "/life,/")), "")
    watch.feed("my ")
    watch.allow(8)
    assert watch.feed("life,") == Hit(3, "/life,/")
    watch.rewind(3)
    assert watch.feed("name art.") == Hit(8, "art")


def test_a_word_that_a_grammar_demands_can_be_allowed():
    watch = Watch(compiled(("name",)), "")
    assert watch.feed('{"') is None
    assert watch.feed('name"') == Hit(2, "name")
    watch.rewind(2)
    watch.allow(2)
    assert watch.feed('name"') is None
    assert watch.feed(': "name"') == Hit(10, "name")


@pytest.mark.parametrize("entry", ["art", "/art/", "不是"])
def test_every_answer_ends_whatever_the_model_insists_on(entry):
    word = entry.strip("/")
    watch = Watch(compiled((entry,)), "")
    text = ""
    draws = 0
    while len(text) < 40 * len(word):
        draws += 1
        text += word + " "
        if hit := watch.feed(word + " "):
            text = text[: hit.start]
            watch.rewind(hit.start)
    assert watch.finish() is None
    assert watch.hits == module._HITS_PER_ANSWER == draws - text.count(word)
    assert watch.passed == text.count(word)


# Five thousand phrases


class Counted(str):
    """A phrase that counts how often it is compared."""

    __slots__ = ()
    comparisons = 0

    def __lt__(self, other):
        Counted.comparisons += 1
        return super().__lt__(other)


@pytest.mark.parametrize("size", [50, 5_000])
def test_five_thousand_phrases_cost_a_few_comparisons_for_each_character(size):
    text = "The morning was cold, and nobody in the village had slept. " * 20
    entries = [
        f"{letter}{n} of them" for n in range(size // 25) for letter in "abcdefghijklmnopqrstuvwxy"
    ]
    bans = Bans(entries)
    bans._phrases = [Counted(phrase) for phrase in bans._phrases]
    Counted.comparisons = 0
    watch = Watch(bans, "")
    assert watch.feed(text) is None
    assert Counted.comparisons < len(text) * size.bit_length()
    assert watch.feed("k100 of them." if size == 5_000 else "k1 of them.")


# Against a plain search of the complete text

ENTRIES = [
    "a", "ab", "b a", "a b a", "b'a", "ß", "é", "e", "不是", "是 a", "是", "👍", "👍a", "'", "ab 不",
    "/a.{1,3}b/", r"/\bab?\b/", "/不.{1,4}是/", "/(a|b ){2}/", "/^b/", "/a$/", r"/b\B/", "/[^ab]a/",
    "/👍|é/",
]  # fmt: skip
PIECES = [
    "a",
    "b",
    " ",
    "  ",
    "\n",
    "'",
    "’",
    "A",
    "e",
    "é",
    "e\u0301",
    "ß",
    "ss",
    "不",
    "是",
    "👍",
]
texts = st.lists(st.sampled_from(PIECES), max_size=14)
entries = st.lists(st.sampled_from(ENTRIES), min_size=1, max_size=4).map(tuple)


def plain(text):
    text = unicodedata.normalize("NFD", text.replace("’", "'")).casefold()
    return " ".join(unicodedata.normalize("NFD", text).split())


def inside_word(text, at):
    before, after = text[:at][-1:], text[at:][:1]
    return all(
        c and unicodedata.category(c)[0] in "LNM" and c not in "不是" for c in (before, after)
    )


def is_match(entry, text, start, end):
    if entry.startswith("/"):
        pattern = rf"(?:{entry[1:-1]})(?=[\s\S]{{{len(text) - end}}}\Z)"
        return re.compile(pattern, re.IGNORECASE | re.MULTILINE).match(text, start) is not None
    found = text[start:end]
    return (
        found == found.strip()
        and plain(found) == plain(entry)
        and not inside_word(text, start)
        and not inside_word(text, end)
    )


def matches(entries, context, answer):
    """Every match in the complete text: its end, its start as a hit has it, and its entry."""
    text, origin = context + answer, len(context)
    return {
        (end, max(0, start - origin), entry)
        for entry in entries
        for end in range(origin + 1, len(text) + 1)
        for start in range(end)
        if is_match(entry, text, start, end)
    }


@calm
@given(entries, texts, texts)
@example(("e",), [], ["e", "e\u0301"])
def test_the_first_hit_is_the_one_that_a_search_of_the_complete_text_finds(bans, context, answer):
    context, answer = "".join(context), "".join(answer)
    found = matches(bans, context, answer)
    watch = Watch(compiled(bans), context)
    hit = watch.feed(answer) or watch.finish()
    if hit is None:
        assert not found
    else:
        end = min(end for end, _, _ in found)
        assert (end, hit.start, hit.entry) in found


@calm
@given(entries, texts, st.lists(st.sampled_from(PIECES) | texts.map("".join), max_size=20))
def test_whatever_is_drawn_nothing_banned_is_shown_and_nothing_shown_is_taken_back(
    bans, context, tokens
):
    context = "".join(context)
    watch = Watch(compiled(bans), context)
    written = [""]
    shown = ""

    def go_back(hit):
        while len("".join(written)) > hit.start:
            written.pop()
        assert "".join(written).startswith(shown)
        watch.rewind(len("".join(written)))

    for token in tokens:
        written.append(token)
        if hit := watch.feed(token):
            go_back(hit)
        before, shown = shown, "".join(written)[: watch.certain]
        assert shown.startswith(before)
        assert watch.passed or not matches(bans, context, shown)
    while hit := watch.finish():
        go_back(hit)
    assert watch.passed or not matches(bans, context, "".join(written))


@calm
@given(entries, texts, texts, st.integers(1, 4))
def test_how_the_text_is_cut_into_tokens_does_not_change_the_first_match(
    bans, context, answer, size
):
    context, answer = "".join(context), "".join(answer)
    whole, cut = (Watch(compiled(bans), context) for _ in range(2))
    tokens = [answer[at : at + size] for at in range(0, len(answer), size)]
    hit = next((hit for token in tokens if (hit := cut.feed(token))), None)
    assert whole.feed(answer) == hit
