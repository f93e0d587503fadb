"""The real engine goes back where something banned is coming, and nobody sees that it did."""

import re

import pytest

from writer_app.engine.client import EngineClient
from writer_app.engine.protocol import Done, Generate, Part, Sampling, Text
from writer_app.errors import BadBan

STORY = "It was a dark night. The wind went round the old house, and nobody in it slept. "
GREEDY = Sampling(temperature=0, repeat_penalty=1.1, penalty_last_n=256)


@pytest.fixture(scope="module")
def client(starter):
    client = EngineClient("llama")
    list(client.load(starter))
    yield client
    client.close()


def ask(client, text=STORY, **settings):
    """(what was said, piece by piece, of each alternative, and how it ended)."""
    given = {"max_tokens": 40, "min_tokens": 40, "seed": 5, "sampling": GREEDY}
    request = Generate(
        id=client.new_id(), parts=(Part(id="text", text=text),), **(given | settings)
    )
    events = list(client.generate(request))
    done = events[-1]
    assert isinstance(done, Done)
    said = [[] for _ in range(request.alternatives)]
    for event in events:
        if isinstance(event, Text):
            said[event.alternative].append(event)
    return said, done


def answer(client, text=STORY, **settings):
    said, done = ask(client, text, **settings)
    return "".join(event.text for event in said[0]), done


def words(text):
    return re.findall(r"[A-Za-z]{4,}", text)


@pytest.fixture(scope="module")
def free(client):
    """The answer when nothing is banned."""
    return answer(client)[0]


def test_a_banned_word_is_written_around_and_what_comes_before_it_stays(client, free):
    word = words(free)[4]
    text, done = answer(client, bans=(word,))
    assert word.lower() not in re.findall(r"\w+", text.lower())
    assert text.startswith(free[: free.index(word)].rstrip())
    assert done.bans_avoided >= 1
    assert done.bans_passed == 0
    assert done.tokens_written == 40


def test_banning_word_after_word_never_lets_one_through(client):
    banned = []
    for _round in range(6):
        text, done = answer(client, bans=tuple(banned))
        assert not {word.lower() for word in words(text)} & {word.lower() for word in banned}
        banned += words(text)[:2]
    assert done.bans_avoided > 4


def test_part_of_a_word_is_no_word(client, free):
    word = max(words(free), key=len)
    text, done = answer(client, bans=(word[1:-1], word[:-1], word[1:]))
    assert text == free
    assert done.bans_avoided == 0


def test_a_phrase_over_several_tokens_is_taken_back_to_its_beginning(client, free):
    phrase = " ".join(free.split()[3:8]).strip(",.")
    text, done = answer(client, bans=(phrase,))
    assert phrase not in text
    assert done.bans_avoided >= 1
    pattern = "/" + re.escape(free.split()[3]) + r".{1,30}" + re.escape(free.split()[6]) + "/"
    text, _done = answer(client, bans=(pattern,))
    assert not re.search(pattern[1:-1], text)


def test_nothing_banned_is_shown_even_for_a_moment(client, free):
    bans = (*words(free)[2:8], "/[a-z]{1,20}ing\\b/")
    pieces = ask(client, bans=bans, alternatives=4, sampling=Sampling(temperature=1.0))[0]
    for said in pieces:
        for end in range(len(said) + 1):
            shown = "".join(event.text for event in said[:end])
            assert not re.search(r"[a-z]+ing\b", shown)
            assert not set(words(shown)) & set(bans)


def test_no_answer_ends_in_a_dangling_space(client, free):
    for word in words(free):
        text = answer(client, bans=(word,))[0]
        assert text == text.rstrip()


def test_a_banned_word_right_where_the_answer_would_end_is_taken_back(client, free):
    for length in range(3, 12):
        cut = answer(client, max_tokens=length, min_tokens=length)[0]
        last = re.findall(r"\w+", cut)[-1]
        text, done = answer(client, max_tokens=length, min_tokens=length, bans=(last,))
        assert last.lower() not in re.findall(r"\w+", text.lower())
        assert done.tokens_written == length


def test_the_word_at_the_caret_is_not_finished_into_a_banned_one(client):
    text, _done = answer(client, STORY + "At last she foll")
    word = "foll" + re.match(r"\w*", text).group()
    other, _done = answer(client, STORY + "At last she foll", bans=(word,))
    assert re.match(r"\w*", other).group() != word[4:]
    assert re.match(r"\w", other), "the word is still finished"


def test_when_the_writer_has_typed_the_banned_word_herself_it_may_only_go_on(client):
    text, _done = answer(client, STORY + "At last she followed", bans=("followed him", "followed"))
    assert not re.match(r" him\b", text)


def test_a_grammar_holds_and_what_it_leaves_no_choice_about_is_let_pass(client):
    grammar = 'root ::= " yes" | " no" | " perhaps"'
    settings = {"text": "Will you come? She said:", "grammar": grammar, "max_tokens": 8}
    text, _done = answer(client, **settings)
    other, done = answer(client, bans=(text,), **settings)
    assert other.strip() in {"yes", "no", "perhaps"} - {text.strip()}
    assert done.bans_avoided >= 1
    last, done = answer(client, bans=("yes", "no", "perhaps"), **settings)
    assert last.strip() in {"yes", "no", "perhaps"}
    assert done.bans_passed >= 1


def test_alternatives_go_back_each_for_itself(client, free):
    bans = tuple(words(free)[:6])
    sampling = Sampling(temperature=0.9)
    said, done = ask(client, bans=bans, alternatives=4, sampling=sampling, repeatable=True)
    texts = ["".join(event.text for event in pieces) for pieces in said]
    assert len(set(texts)) == 4
    assert all(not set(words(text)) & set(bans) for text in texts)
    assert done.bans_avoided == sum(one.bans_avoided for one in done.alternatives)
    for number, one in enumerate(done.alternatives):
        alone, _done = answer(client, bans=bans, sampling=sampling, seed=one.seed, repeatable=True)
        assert alone == texts[number]


def test_the_same_seed_gives_the_same_text_with_bans(client, free):
    settings = {
        "bans": (*words(free)[:3], "the"),
        "sampling": Sampling(temperature=0.8, dry_multiplier=0.8, repeat_penalty=1.1),
        "repeatable": True,
    }
    first, done = answer(client, **settings)
    assert done.bans_avoided >= 1
    answer(client, "Something else. ")
    assert answer(client, **settings)[0] == first


def test_reports_of_tokens_are_of_the_text_that_stands(client, free):
    (said,), _done = ask(client, bans=tuple(words(free)[2:6]), probabilities=3)
    reported = "".join(token.text for event in said for token in event.tokens)
    assert reported.strip() == "".join(event.text for event in said)


def test_going_on_after_an_answer_with_bans_reads_next_to_nothing(client, free):
    before = STORY * 6
    text, _done = answer(client, before, bans=tuple(words(free)[:4]))
    _text, done = answer(client, before + text)
    assert done.tokens_reused > 100
    assert done.tokens_read <= 12


def test_a_pattern_that_is_none_is_refused_with_its_text(client):
    with pytest.raises(BadBan) as refused:
        answer(client, bans=("/(/",))
    assert refused.value.params["entry"] == "/(/"


def test_chinese_phrases_match_without_word_boundaries(chinese_model):
    client = EngineClient("llama")
    try:
        list(client.load(chinese_model))
        text = "宝玉听了，不觉笑了起来，说道："
        free = answer(client, text)[0]
        banned = re.findall(r"[\u4e00-\u9fff]{2}", free)[1]
        other, done = answer(client, text, bans=(banned, "/不是.{1,12}而是/", "/[你我他]们?的/"))
        assert banned not in other
        assert not re.search("[你我他]们?的", other)
        assert done.bans_avoided >= 1
        assert "\ufffd" not in other
    finally:
        client.close()
