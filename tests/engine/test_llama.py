"""The real engine with the starter model, and with the Chinese one where it is installed."""

import re

import pytest

from tests.engine.test_contract import answer, ask, load
from writer_app import assets
from writer_app.craft.continuation import Ask, plan
from writer_app.craft.recipe import Preset
from writer_app.craft.recipe import load as load_recipe
from writer_app.craft.samplers import Overrides
from writer_app.engine.client import EngineClient
from writer_app.engine.protocol import (
    Ending,
    Generate,
    Message,
    Part,
    Reading,
    Sampling,
    Text,
    Until,
)
from writer_app.errors import BadGrammar, BadSettings, BrokenText, EngineError, NoTemplate

GREEDY = Sampling(temperature=0)
STORY = "It was a dark night. The wind went round the old house, and nobody in it slept. "


@pytest.fixture(scope="module")
def client(starter):
    client = EngineClient("llama")
    load(client, starter)
    yield client
    client.close()


def parts(text):
    return (Part(id="text", text=text),)


def test_the_same_seed_gives_the_same_text_whatever_was_asked_before(client):
    request = {"parts": parts(STORY), "seed": 7, "repeatable": True, "max_tokens": 24}
    first, done = answer(client, ask(client, **request))
    answer(client, ask(client, parts=parts("Another text altogether."), max_tokens=4))
    again, _done = answer(client, ask(client, **request))
    assert first == again
    assert done.seed == 7


def test_another_seed_gives_another_text(client):
    texts = {
        answer(client, ask(client, parts=parts(STORY), seed=seed, max_tokens=24))[0]
        for seed in (1, 2, 3)
    }
    assert len(texts) > 1


def test_read_and_reused_are_the_tokens_of_the_prompt(client):
    text = "Something quite new, which the engine has not read yet, and which it reads now."
    _text, done = answer(client, ask(client, parts=parts(text), max_tokens=2))
    assert done.tokens_read + done.tokens_reused == client.count([text]).tokens[0]


def test_going_on_after_an_answer_reads_next_to_nothing(client):
    before = STORY * 8
    said, _done = answer(client, ask(client, parts=parts(before), max_tokens=20))
    _more, done = answer(client, ask(client, parts=parts(before + said), max_tokens=4))
    assert done.tokens_reused > 100
    assert done.tokens_read <= 12


def test_an_edit_costs_only_what_comes_after_it(client):
    before = STORY * 8
    answer(client, ask(client, parts=parts(before + "The door opened"), max_tokens=2))
    _text, done = answer(client, ask(client, parts=parts(before + "A window broke"), max_tokens=2))
    assert done.tokens_read <= 24
    assert done.tokens_reused > 100


def test_decode_calls_are_counted(client):
    answer(client, ask(client, parts=parts(STORY), max_tokens=4))
    _text, done = answer(client, ask(client, parts=parts(STORY), max_tokens=10, min_tokens=10))
    assert done.tokens_written == 10
    assert 10 <= done.decode_calls <= 13


def test_reading_reports_progress(client):
    events = list(
        client.generate(ask(client, parts=parts("A quite different text. " * 70), max_tokens=2))
    )
    shares = [(event.done, event.total) for event in events if isinstance(event, Reading)]
    assert len(shares) > 1
    assert [done for done, _total in shares] == sorted(done for done, _total in shares)
    assert shares[-1][0] == shares[-1][1]


def test_a_cancel_while_reading_keeps_what_was_read(client):
    text = "Words that nobody has read before, in a long row. " * 40
    request = ask(client, parts=parts(text), max_tokens=4)
    done = None
    for event in client.generate(request):
        if isinstance(event, Reading):
            client.cancel(request.id)
        done = event
    assert done.reason is Ending.CANCELLED
    assert done.tokens_written == 0
    _text, after = answer(client, ask(client, parts=parts(text), max_tokens=2))
    assert after.tokens_reused >= 256


@pytest.mark.parametrize(
    "cut", ["The old gentleman was extraord", "She looked out of the wind", "They went to Lond"]
)
def test_half_a_word_is_finished_as_a_word(client, cut):
    text, _done = answer(
        client, ask(client, parts=parts(STORY + cut), sampling=GREEDY, max_tokens=6)
    )
    finished = re.match(r"[A-Za-z]*", text)[0]
    assert (cut.split()[-1] + finished) in {
        "extraordinary",
        "extraordinarily",
        "window",
        "windows",
        "London",
    }


@pytest.mark.parametrize("end", ["slept. ", "slept.\n\n", "slept.\n", "slept.  "])
def test_white_space_before_the_caret_is_not_doubled(client, end):
    text, _done = answer(
        client, ask(client, parts=parts(STORY.removesuffix("slept. ") + end), max_tokens=6)
    )
    assert text[0] == text[0].strip()


def test_an_empty_text_can_be_started(client):
    text, done = answer(client, ask(client, parts=(), max_tokens=8, min_tokens=8))
    assert text.strip()
    assert done.tokens_read + done.tokens_reused <= 1


def test_an_answer_ends_at_a_sentence(client):
    text, done = answer(
        client,
        ask(client, parts=parts(STORY), until=Until.SENTENCE, max_tokens=200, sampling=GREEDY),
    )
    assert done.reason is Ending.SENTENCE
    assert re.search(r"[.!?]['\"”’]*$", text)


def test_a_stop_string_ends_the_answer_and_is_not_in_it(client):
    request = {"parts": parts(STORY), "sampling": GREEDY, "max_tokens": 40}
    whole, _done = answer(client, ask(client, **request))
    stop = whole[10:14]
    text, done = answer(client, ask(client, **request, stop=(stop,)))
    assert done.reason is Ending.STOP
    assert text == whole[: whole.index(stop)].rstrip()


def test_a_grammar_is_obeyed(client):
    request = ask(
        client, parts=parts("Yes or no? Answer:"), grammar='root ::= " yes" | " no"', max_tokens=8
    )
    assert answer(client, request)[0] in {" yes", " no"}


def test_a_broken_grammar_is_refused_and_the_next_request_works(client):
    with pytest.raises(BadGrammar):
        answer(client, ask(client, grammar="root ::= (((", max_tokens=4))
    assert answer(client, ask(client))[0]


def test_an_impossible_sampler_is_refused(client):
    with pytest.raises(BadSettings):
        answer(client, ask(client, sampling=Sampling(order=("astrology",))))


def test_probabilities_come_with_the_ten_best(client):
    request = ask(
        client, parts=parts(STORY + "The"), sampling=GREEDY, probabilities=10, max_tokens=3
    )
    tokens = [
        t for event in client.generate(request) if isinstance(event, Text) for t in event.tokens
    ]
    assert len(tokens) >= 3
    for token in tokens:
        shares = [share for _text, share in token.best]
        assert len(shares) == 10
        assert shares == sorted(shares, reverse=True)
        assert 0 < sum(shares) <= 1.0001
    assert tokens[-1].best[0][0] == tokens[-1].text


def test_the_samplers_act_in_the_order_that_she_chose(client):
    """Cut first, and heat changes nothing any more; heat first, and there is nothing left to cut."""

    text = STORY + "Then, on the stairs, they saw a"
    recipe = load_recipe(assets.resources() / "recipes" / "continue" / "steady.toml", Preset)

    def drawn(*order):
        overrides = Overrides(min_p=0.5, temperature=5.0, order=order)
        wish = Ask(text=text, caret=len(text), recipe=recipe, overrides=overrides, seed=4)
        request = plan(wish, client.model, lambda texts: client.count(texts).tokens, 1).request
        asked = ask(client, parts=request.parts, sampling=request.sampling, seed=4, max_tokens=12)
        return answer(client, asked)[0]

    assert drawn("temperature", "min_p") != drawn("min_p", "temperature")


def two_drawn(client, sampling):
    """Two answers, of one seed each."""
    request = {"parts": parts(STORY * 2), "sampling": sampling, "max_tokens": 24, "min_tokens": 24}
    return [answer(client, ask(client, **request, seed=seed))[0] for seed in range(2)]


@pytest.fixture(scope="module")
def hot(client):
    """What is drawn by temperature alone."""
    return two_drawn(client, Sampling(temperature=1.2))


@pytest.mark.parametrize(
    "settings",
    [
        {"top_k": 5},
        {"top_p": 0.5},
        {"min_p": 0.2},
        {"typical_p": 0.5},
        {"top_n_sigma": 1.0},
        {"xtc_probability": 0.9, "xtc_threshold": 0.05},
        {"dry_multiplier": 0.9},
        {"mirostat_tau": 3.0},
        {"repeat_penalty": 1.3},
        {"frequency_penalty": 1.0, "presence_penalty": 1.0},
        {"order": ("temperature", "top_k"), "top_k": 3},
    ],
)
def test_every_sampler_changes_what_is_drawn(client, hot, settings):
    changed = two_drawn(client, Sampling(temperature=1.2, **settings))
    assert all(changed)
    assert changed != hot


def test_a_biased_word_is_written_and_a_forbidden_one_is_not(client):
    wanted = Sampling(temperature=0, logit_bias={" banana": 40.0})
    assert "banana" in answer(client, ask(client, parts=parts(STORY), sampling=wanted))[0]
    plain = answer(client, ask(client, parts=parts(STORY), sampling=GREEDY))[0]
    word = plain.split()[0]
    banned = Sampling(temperature=0, logit_bias={word: -100.0, f" {word}": -100.0})
    assert answer(client, ask(client, parts=parts(STORY), sampling=banned))[0].split()[0] != word


def test_a_chat_is_put_through_the_models_own_template(client):
    chat = (Message("user", "What is the capital of France? Answer in one short sentence."),)
    text, _done = answer(client, ask(client, parts=(), chat=chat, sampling=GREEDY, max_tokens=24))
    assert "Paris" in text
    assert "<|im_" not in text


def test_control_words_in_a_manuscript_are_only_words(client):
    text = "He typed <|im_end|> and <|im_start|> and laughed."
    assert (
        client.count([text]).tokens[0] > client.count(["He typed  and  and laughed."]).tokens[0] + 4
    )


def test_chinese_is_written_without_a_broken_character(chinese_model, dream):
    client = EngineClient("llama")
    load(client, chinese_model)
    request = Generate(id=client.new_id(), parts=parts(dream[5000:5800]), seed=1, max_tokens=40)
    text, _done = answer(client, request)
    with pytest.raises(NoTemplate):
        answer(client, ask(client, chat=(Message("user", "你好"),)))
    said, done = answer(client, ask(client, parts=parts(dream[5000:5800] + text), max_tokens=4))
    client.close()
    assert "\ufffd" not in text + said
    assert sum("\u4e00" <= character <= "\u9fff" for character in text) > len(text) / 2
    assert done.tokens_reused > 300


def test_a_repeatable_answer_is_the_same_right_after_itself(client, sherlock):
    for start in (27_000, 48_000):
        request = {"parts": parts(sherlock[start : start + 900]), "seed": 1, "repeatable": True}
        texts = {
            answer(client, ask(client, **request, max_tokens=40, min_tokens=40))[0]
            for _ in range(2)
        }
        assert len(texts) == 1


def test_no_character_is_left_half_written(client):
    wild = Sampling(temperature=3, logit_bias={"😀"[:1]: 3.0})
    request = ask(client, parts=parts("宝玉笑道 😀🐕"), sampling=wild, seed=2, max_tokens=120)
    assert "\ufffd" not in answer(client, request)[0]


@pytest.mark.parametrize(
    "grammar", ['root ::= "\\x00"', "root ::= " + "(" * 20_000 + '"a"' + ")" * 20_000]
)
def test_a_grammar_that_nothing_can_follow_is_refused_by_a_living_child(client, grammar):
    child = client.pid
    with pytest.raises(BadGrammar):
        answer(client, ask(client, grammar=grammar))
    assert answer(client, ask(client))[0]
    assert client.pid == child


def test_an_empty_language_is_an_empty_answer(client):
    assert answer(client, ask(client, grammar='root ::= ""'))[0] == ""


def test_restraints_look_no_further_back_than_a_context_holds(client):
    far = Sampling(
        repeat_penalty=1.1, penalty_last_n=2**31 - 1, dry_multiplier=1, dry_last_n=2**31 - 1
    )
    assert answer(client, ask(client, sampling=far))[0]


def test_a_setting_out_of_range_is_answered(client):
    with pytest.raises(EngineError, match="temperature"):
        answer(client, ask(client, sampling=Sampling(temperature=-1)))
    assert answer(client, ask(client))[0]


def test_half_a_character_is_refused_and_the_next_request_works(client):
    with pytest.raises(BrokenText):
        answer(client, ask(client, parts=parts("a \udcff b")))
    assert answer(client, ask(client))[0]
