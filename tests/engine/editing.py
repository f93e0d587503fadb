"""A writer's session over one chapter, step by step, the same every time; no model is needed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

#: How often each step is taken, of 100.
STEPS = {
    "type": 36,
    "continue": 28,
    "retry": 12,
    "edit": 9,
    "bible": 7,
    "rewrite": 5,
    "move": 3,
}
#: Characters of an answer that are accepted, about 40 tokens.
ANSWER = 170
RECIPE = (
    "You are a careful editor. Rewrite the passage so that it says the same more plainly. Keep names, tense and "
    "person, keep every fact, and keep the paragraphs as they are. Answer with the rewritten passage only, without "
    "a word before or behind it."
)
BIBLE = {
    "elizabeth": (
        "Elizabeth Bennet is the second of five daughters, twenty years old. She is quick, playful, and proud of her "
        "judgment. She has fine dark eyes. She walks for pleasure in any weather and cares little for what is said of "
        "her. She is travelling in Derbyshire with her uncle and aunt. She has refused an offer of marriage in April, and "
        "has told nobody of it but her sister Jane."
    ),
    "darcy": (
        "Fitzwilliam Darcy is the master of Pemberley, twenty-eight years old. He has ten thousand a year. He is tall, "
        "reserved, and thought proud. His parents are dead; he is the guardian of his sister, jointly with his cousin. "
        "He wrote a long letter in the spring that explained his conduct. He is not expected at home before tomorrow."
    ),
    "gardiners": (
        "Mr. Gardiner is Mrs. Bennet's brother and a man of trade in London, sensible and fond of fishing. His wife is "
        "some years younger, amiable and elegant. She lived in Lambton as a girl and knows everybody there. They have "
        "four children, who are left in Hertfordshire. Their carriage is an open one."
    ),
    "reynolds": (
        "Mrs. Reynolds is the housekeeper of Pemberley, a respectable elderly woman, much less fine than one expects. "
        "She has known her master since he was four years old, and has never had a cross word from him. She is proud of "
        "the house, of the pictures, and of the new pianoforte. She keeps the keys herself."
    ),
    "pemberley": (
        "Pemberley House stands on rising ground, backed by woods. A stream runs in front of it, with a simple bridge. "
        "The park is ten miles round. The dining-parlour looks upon the hill; the picture gallery is upstairs. The "
        "furniture is handsome without being gaudy. Strangers are shown the house when the family is away."
    ),
    "wickham": (
        "George Wickham is the son of the late steward of Pemberley. His godfather meant him for the church. He has an "
        "easy manner and a good figure, and is now a lieutenant in the militia. He has told many people that he was "
        "wronged. A miniature of him hangs over the mantelpiece, beside that of the young master."
    ),
    "georgiana": (
        "Georgiana Darcy is sixteen years old, tall and shy. She plays and sings all day long. Her brother has had a room "
        "fitted up for her, because she took a liking to it when she was last at home. The year before last she was "
        "nearly persuaded to elope from Ramsgate. She arrives with a large party tomorrow."
    ),
    "lambton": (
        "Lambton is a small market town, five miles from Pemberley. The travellers stay at its inn, which has a "
        "landlord, two parlours and a view of the church. The post comes in the morning. Half the town owes something to "
        "the family of Pemberley, and gossip about it is always to be had. There is a blacksmith by the bridge."
    ),
}


@dataclass(frozen=True)
class Request:
    """What the writer asks a model for.

    Attributes:
        text: The manuscript.
        caret: Where it goes on.
        bible: The entries active now, (id, text).
        answer: What the model says, as far as it is accepted or rejected.
        selection: The passage to be rewritten; empty for a continuation.
    """

    text: str
    caret: int
    bible: tuple[tuple[str, str], ...]
    answer: str
    selection: str = ""

    @property
    def order(self) -> str:
        """The prompt of a rewrite, the same for every tool: system and recipe, bible, passage, instruction."""
        told = "\n\n".join(text for _, text in self.bible)
        return (
            f"<|im_start|>system\n{RECIPE}\n\n{told}<|im_end|>\n<|im_start|>user\n"
            f"{self.selection}\n\nRewrite this passage.<|im_end|>\n<|im_start|>assistant\n"
        )


@dataclass
class Writer:
    """Writes on a chapter that is begun.

    Args:
        chapter: The whole of it; she begins at 45 % and types on from there.
        elsewhere: Text from which the model's answers are taken.
        seed: Of all that is left to chance.

    Attributes:
        added: All that was put into the manuscript or the bible by hand so far.
        steps: How often each step was taken.
    """

    chapter: str
    elsewhere: str
    seed: int = 0
    added: list[str] = field(default_factory=list)
    steps: dict[str, int] = field(default_factory=lambda: dict.fromkeys([*STEPS, "back"], 0))

    def __post_init__(self) -> None:
        begun = self.chapter.rindex("\n\n", 0, int(len(self.chapter) * 0.45)) + 2
        self.text, self._behind = self.chapter[:begun].rstrip(), self.chapter[begun:].split(" ")
        self.caret = len(self.text)
        self._chance = Random(self.seed)
        self._active = dict(list(BIBLE.items())[:4])
        self._versions = dict(BIBLE)
        self._asked: Request | None = None
        self._away = 0

    def write(self, steps: int = 200) -> Iterator[Request]:
        """The requests of so many steps."""
        for _ in range(steps):
            name = self._chance.choices(list(STEPS), list(STEPS.values()))[0]
            if self._away:
                self._away -= 1
                name = "back" if not self._away else "type" if name == "move" else name
            self.steps[name] += 1
            yield from getattr(self, f"_{name}")()

    # -- steps ----------------------------------------------------------------------------------

    def _type(self) -> Iterator[Request]:
        count = self._chance.randint(3, 9)
        words, self._behind = self._behind[:count], self._behind[count:]
        self._put(" " + " ".join(words))
        yield from ()

    def _continue(self) -> Iterator[Request]:
        answer = self._answer()
        asked = Request(self.text, self.caret, tuple(self._active.items()), answer)
        yield asked
        self._put(answer, by_hand=False)
        self._asked = asked

    def _retry(self) -> Iterator[Request]:
        if self._asked is None:
            yield from self._continue()
        self.text, self.caret = self._asked.text, self._asked.caret
        yield from self._continue()

    def _edit(self) -> Iterator[Request]:
        start, end = self._paragraph_above(6)
        words = list(re.finditer(r"[A-Za-z]+", self.text[start:end]))
        word = self._chance.choice(words)
        self._replace(start + word.start(), start + word.end(), "quite")
        self.added.append("quite")
        yield from ()

    def _bible(self) -> Iterator[Request]:
        silent = [name for name in BIBLE if name not in self._active]
        deed = self._chance.choice(("active", "silent", "add", "correct"))
        if len(self._active) < 3 or (deed == "active" and len(self._active) < 6):
            name = self._chance.choice(silent)
            self._active[name] = self._versions[name]
            self.added.append(self._versions[name])
        elif deed in ("active", "silent"):
            del self._active[self._chance.choice(list(self._active))]
        else:
            name = self._chance.choice(list(self._active))
            text = self._versions[name]
            if deed == "correct":
                word = self._chance.choice(re.findall(r"[a-z]{5,}", text))
                text = text.replace(word, "un" + word, 1)
            else:
                text += f" This was settled in chapter {self._chance.randint(10, 40)}."
            self._active[name] = self._versions[name] = text
            self.added.append(text)
        self._asked = None
        yield from ()

    def _rewrite(self) -> Iterator[Request]:
        start, end = self._paragraph_above(8)
        passage = self.text[start:end]
        words = passage.split(" ")
        words[5::12] = ["plainly"] * len(words[5::12])
        answer = " ".join(words)
        yield Request(self.text, self.caret, tuple(self._active.items()), answer, passage)
        if self._chance.random() < 0.6:
            self._replace(start, end, answer)
            self.added.append(answer)

    def _move(self) -> Iterator[Request]:
        ends = [found.start() for found in re.finditer(r"\n\n", self.text)]
        self.caret = self._chance.choice(ends[len(ends) // 4 :])
        self._away, self._asked = self._chance.randint(5, 12), None
        yield from ()

    def _back(self) -> Iterator[Request]:
        self.caret, self._asked = len(self.text), None
        yield from ()

    # -- the manuscript -------------------------------------------------------------------------

    def _put(self, words: str, *, by_hand: bool = True) -> None:
        self.text = self.text[: self.caret] + words + self.text[self.caret :]
        self.caret += len(words)
        self._asked = None
        if by_hand:
            self.added.append(words)

    def _replace(self, start: int, end: int, words: str) -> None:
        self.text = self.text[:start] + words + self.text[end:]
        self.caret += len(words) - (end - start)
        self._asked = None

    def _answer(self) -> str:
        end = self.elsewhere.index(" ", ANSWER)
        answer, self.elsewhere = self.elsewhere[:end], self.elsewhere[end:]
        return answer

    def _paragraph_above(self, most: int) -> tuple[int, int]:
        """One of so many paragraphs above the one of the caret, of some length."""
        found = [m.span() for m in re.finditer(r"[^\n]+", self.text[: self.caret])][:-1]
        near = [span for span in found[-most:] if span[1] - span[0] > 80]
        return self._chance.choice(near or found)
