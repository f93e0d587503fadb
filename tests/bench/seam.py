"""How well an answer joins the text at the caret: random cuts inside words and, for comparison, before words.

    python tests/bench/seam.py --language en --cuts 200

Prints one flat JSON object. A completed word counts as a non-word when neither book of that language nor
the text before the cut has it. In Chinese, which has no spaces, a cut falls inside a word of the dictionary
or between two; a join counts as odd when the dictionary has no word across the seam and a character left
alone there is one that hardly ever is a word by itself in the book. ``odd_book`` is the same judge's verdict
on the author's own words at the second kind of cut: how often it is wrong.
"""

import argparse
import json
import random
import re
import tempfile
from bisect import bisect_left
from collections import Counter
from itertools import accumulate
from pathlib import Path

import rjieba

from tests.conftest import BOOKS
from writer_app.engine import models
from writer_app.engine.client import EngineClient
from writer_app.engine.protocol import Generate, Part, Sampling, Text

WINDOW = 900  # characters read before each cut
SAMPLING = Sampling(
    temperature=0.7,
    min_p=0.08,
    top_k=80,
    repeat_penalty=1.06,
    penalty_last_n=256,
    dry_multiplier=0.8,
)
#: A character that stands alone more rarely than this, of all its occurrences, is no word by itself.
ALONE = 0.1
WORD = re.compile(r"[A-Za-z]+(?:[’'][A-Za-z]+)*")


def main() -> None:
    options = _options()
    rng = random.Random(options.seed)
    names = {
        "en": ["sherlock-holmes.md", "pride-and-prejudice.md"],
        "zh": ["hong-lou-meng-1-40.md"],
    }[options.language]
    books = [(BOOKS / name).read_text("utf-8") for name in names]
    cache = Path(tempfile.gettempdir()) / "longhand-bench"
    model = models.for_text(models.installed(cache, cache), options.language)
    client = EngineClient("llama")
    for _event in client.load(options.model or str(models.prepare(model))):
        pass
    judge = English(books) if options.language == "en" else Chinese(books)
    report: dict[str, object] = {
        "language": options.language,
        "cuts": options.cuts,
        "model": model.name,
        "odd_book": _verdict_on_the_author(judge, books, rng, options.cuts),
    }
    for place in options.places:
        odd, doubled, examples = 0, 0, []
        for number in range(options.cuts):
            book = rng.choice(books)
            cut = judge.cut(book, rng, place)
            before = book[max(0, cut - WINDOW) : cut]
            answer = _continue(client, before, number)
            joined = judge.join(before, answer)
            if joined and not judge.knows(joined, before):
                odd += 1
                examples.append(joined)
            doubled += bool(re.search(r"[ \t]{2}|\n{3}", before[-2:] + answer[:3]))
        report |= {
            f"odd_{place}": odd,
            f"doubled_{place}": doubled,
            f"examples_{place}": examples[:12],
        }
    client.close()
    print(json.dumps(report, ensure_ascii=False))


def _verdict_on_the_author(
    judge: "English | Chinese", books: list[str], rng: random.Random, cuts: int
) -> int:
    odd = 0
    for _number in range(cuts):
        book = rng.choice(books)
        cut = judge.cut(book, rng, "start")
        before = book[max(0, cut - WINDOW) : cut]
        joined = judge.join(before, book[cut : cut + 30])
        odd += bool(joined) and not judge.knows(joined, before)
    return odd


def _continue(client: EngineClient, before: str, seed: int) -> str:
    request = Generate(
        id=client.new_id(),
        parts=(Part(id="text", text=before),),
        sampling=SAMPLING,
        max_tokens=8,
        min_tokens=4,
        seed=seed,
    )
    return "".join(event.text for event in client.generate(request) if isinstance(event, Text))


class English:
    def __init__(self, books: list[str]) -> None:
        self._words = {_plain(word) for book in books for word in WORD.findall(book)}
        system = Path("/usr/share/dict/words")
        if system.is_file():
            self._words |= {_plain(word) for word in system.read_text("utf-8").split()}

    def cut(self, book: str, rng: random.Random, place: str) -> int:
        while True:
            found = WORD.search(book, rng.randrange(WINDOW, len(book) - 200))
            if found and len(found[0]) >= 4 and book[found.start() - 1] == " ":
                return (
                    found.start()
                    if place == "start"
                    else found.start() + rng.randrange(1, len(found[0]))
                )

    def join(self, before: str, answer: str) -> str:
        text = before[-40:] + answer
        at = len(before[-40:])
        for found in WORD.finditer(text):
            if found.start() <= at < found.end() or found.end() == at:
                return found[0]
        return ""

    def knows(self, word: str, before: str) -> bool:
        plain = _plain(word)
        return plain in self._words or plain in {
            _plain(known) for known in WORD.findall(before)[:-1]
        }


def _plain(word: str) -> str:
    return word.lower().replace("’", "'").removesuffix("'s")


class Chinese:
    """Words are those of rjieba's dictionary; both kinds of cut have Han characters on both sides."""

    def __init__(self, books: list[str]) -> None:
        text = "".join(books)
        words = rjieba.cut(text, False)
        characters = Counter(text)
        alone = Counter(word for word in words if len(word) == 1)
        self._bound = {
            char for char, count in characters.items() if alone[char] < ALONE * count and _han(char)
        }
        self._ends = {book: list(accumulate(map(len, rjieba.cut(book, False)))) for book in books}

    def cut(self, book: str, rng: random.Random, place: str) -> int:
        ends = self._ends[book]
        while True:
            at = rng.randrange(WINDOW, len(book) - 200)
            is_end = ends[bisect_left(ends, at)] == at
            if _han(book[at - 1 : at + 1]) and is_end == (place == "start"):
                return at

    def join(self, before: str, answer: str) -> str:
        """The word across the seam, or the two that meet there, as ``one/two``."""
        line = before[-12:]
        at, start = len(line), 0
        touching = []
        for word in rjieba.cut(line + answer, False):
            if start <= at <= start + len(word):
                touching.append(word)
            if start < at < start + len(word):
                return word
            start += len(word)
        return "/".join(touching) if answer else ""

    def knows(self, joined: str, _before: str) -> bool:
        return not any(word in self._bound for word in joined.split("/"))


def _han(text: str) -> bool:
    return all("\u4e00" <= char <= "\u9fff" for char in text)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--language", choices=["en", "zh"], default="en")
    parser.add_argument("--cuts", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--model", default="")
    parser.add_argument("--places", nargs="+", default=["inside", "start"])
    return parser.parse_args()


if __name__ == "__main__":
    main()
