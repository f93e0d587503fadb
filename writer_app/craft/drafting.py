"""Drafting a scene: which stints of writing lead from its card to its text."""

from dataclasses import dataclass

from writer_app.story.tree import Item

#: Words (字 in Chinese) of a scene without a target.
USUAL = {"zh": 1_200}
USUAL_LATIN = 800
#: Words at least and at most that are asked for at once: less is no scene, and more wanders off.
LEAST, MOST = 60, 300


@dataclass(frozen=True)
class Stint:
    """One request.

    Attributes:
        note: What is to happen.
        amount: Words, or 字 in Chinese.
        beat: Which of the scene's beats it is, from 0; -1 where it has none.
    """

    note: str
    amount: int
    beat: int = -1


def next_stint(item: Item, written: int, language: str) -> Stint | None:
    """What to write next of a scene that has so many words; ``None`` when it has all its beats and its length.

    Beats that are not done share what is left of the target; a scene without beats goes on by its synopsis.
    """
    target = item.target or USUAL.get(language, USUAL_LATIN)
    left = max(0, target - written)
    open_beats = [number for number, beat in enumerate(item.beats) if not beat.done]
    if open_beats:
        share = left // len(open_beats)
        first = open_beats[0]
        return Stint(item.beats[first].text, min(MOST, max(LEAST, share)), first)
    if item.beats or (left < LEAST and written):
        return None
    return Stint(item.synopsis, min(MOST, left))


def card(item: Item) -> str:
    """What the model is told of the scene while it writes it."""
    return "\n".join(filter(None, (item.title, item.synopsis)))
