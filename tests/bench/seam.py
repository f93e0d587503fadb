"""How well an answer joins the text at the caret: random cuts inside words and, for comparison, before words.

    python tests/bench/seam.py --language en --cuts 200

Prints one flat JSON object. A completed word counts as a non-word when neither book of that language nor
the text before the cut has it. In Chinese, which has no spaces, a cut falls inside a pair of characters
and a join counts as odd when the pair of characters across the seam is nowhere in the book.
"""

import argparse
import json
import random
import re
import tempfile
from pathlib import Path

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
    def __init__(self, books: list[str]) -> None:
        self._pairs = {book[at : at + 2] for book in books for at in range(len(book) - 1)}
        self._book = books[0]

    def cut(self, book: str, rng: random.Random, place: str) -> int:
        while True:
            at = rng.randrange(WINDOW, len(book) - 200)
            han = "\u4e00" <= book[at - 1] <= "\u9fff", "\u4e00" <= book[at] <= "\u9fff"
            if han == ((True, True) if place == "inside" else (False, True)):
                return at

    def join(self, before: str, answer: str) -> str:
        return before[-1:] + answer[:1] if answer else ""

    def knows(self, pair: str, _before: str) -> bool:
        return pair in self._pairs


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
