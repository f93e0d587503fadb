"""Methods of outlining: the recipes of kind ``outline``.

A method says what levels an outline has, what stands on each, and what is to happen there. It writes no text itself:
the shape of an outline follows from the method alone, and the model only fills in titles and sentences. Every slot has
an example; together they tell one small story, which a model that follows no instructions imitates, and which shows a
writer what the slot is for.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Annotated, ClassVar, Literal

import msgspec

from writer_app.craft.recipe import Bans, Phrase, Recipe

#: Children of one node; more than anybody reads at once.
MOST = 40
#: Places of a method; one made of a long novel has as many as that has chapters.
MOST_SLOTS = 500
#: Levels of an outline: volumes, chapters, scenes, beats.
DEEPEST = 4
#: What a node becomes in a project, from the outside in.
Becomes = Literal["volume", "chapter", "scene", "beat"]
_ORDER = ("volume", "chapter", "scene", "beat")

Count = Annotated[int, msgspec.Meta(ge=1, le=MOST)]


class Slot(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A place in an outline that has a name and a purpose.

    Attributes:
        title: Its name, such as "Catalyst" or 转.
        hint: One line on what has to happen here.
        example: What happens here in the method's example.
    """

    title: Phrase
    hint: Phrase
    example: Phrase


class Sample(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A node of the method's example, on a level without slots."""

    title: Phrase
    summary: Phrase


class Level(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One level of an outline.

    Attributes:
        name: What a node on it is called: Act, 章.
        becomes: What it becomes in a project.
        order: What the model is told to write here, to models that follow instructions.
        slots: Named places, all of them and in this order; empty where nodes are free.
        least, usual, most: How many children a node above has, where there are no slots.
        samples: Of the example, where there are no slots: children of its first node on the level above.
    """

    name: Phrase
    becomes: Becomes
    order: Phrase
    slots: tuple[Slot, ...] = ()
    least: Count = 1
    usual: Count = 3
    most: Count = MOST
    samples: tuple[Sample, ...] = ()

    @property
    def count(self) -> int:
        """How many children a node above gets unless she says otherwise."""
        return len(self.slots) or self.usual

    @property
    def bounds(self) -> tuple[int, int]:
        """The least and the most children that can be asked for."""
        return (len(self.slots),) * 2 if self.slots else (self.least, self.most)


class Example(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The small story that slots and samples tell.

    Attributes:
        premise, logline, synopsis: As she would write them, and the model.
        names: Who and what is peculiar to it, which no other outline gets from here.
    """

    premise: Phrase
    logline: Phrase
    synopsis: Phrase
    names: Bans = Bans()


class Method(Recipe, frozen=True, kw_only=True):
    """A way to outline a text.

    Attributes:
        role: Who the model is and what it plans, in one or two sentences.
        work: What is planned, as a word before the premise: Story, Essay, 故事.
        logline: What the model is told to write in one sentence.
        synopsis: What it is told to write in a few.
        example: Of the steps before the tree.
        levels: From the outside in.
        depth: How many of them a whole outline has unless she says otherwise.
    """

    folder: ClassVar[str] = "outline"

    kind: Literal["outline"]
    role: Phrase
    work: Phrase
    logline: Phrase
    synopsis: Phrase
    example: Example
    levels: Annotated[tuple[Level, ...], msgspec.Meta(min_length=1, max_length=DEEPEST)]
    depth: Annotated[int, msgspec.Meta(ge=1, le=DEEPEST)] = 1

    def mistakes(self) -> Iterator[tuple[str, str]]:
        """What cannot be done, or not as it was meant."""
        yield from super().mistakes()
        if self.depth > len(self.levels):
            yield "depth", f"there are {len(self.levels)} levels"
        kinds = [_ORDER.index(level.becomes) for level in self.levels]
        if any(inner <= outer for outer, inner in pairwise(kinds)):
            yield "levels", f"what levels become goes from the outside in: {', '.join(_ORDER)}"
        for at, level in enumerate(self.levels):
            yield from ((f"levels[{at}]", wrong) for wrong in _mistaken(level))


def _mistaken(level: Level) -> Iterator[str]:
    """What is wrong with a level."""
    if len(level.slots) > MOST_SLOTS:
        yield f"there are more than {MOST_SLOTS} slots"
    if not level.slots and not level.samples:
        yield "a level needs slots or samples"
    if not level.slots and not level.least <= level.usual <= level.most:
        yield "least, usual and most do not go up"
    for language in ("en", "zh"):
        titles = [slot.title.in_language(language).casefold() for slot in level.slots]
        if len(set(titles)) < len(titles):
            yield f"two slots have the same title ({language})"
