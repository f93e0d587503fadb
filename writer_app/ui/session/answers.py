"""What arrives for one ask: an answer for each alternative, in the manuscript's own typography. Pure."""

from collections.abc import Iterator

from writer_app.craft.continuation import Ask
from writer_app.engine.protocol import Done, Ending
from writer_app.text.habits import Habits, Switches
from writer_app.text.typography import Adapter
from writer_app.ui.session.versions import Version

#: Characters around the caret that tell whether paragraphs are set apart by blank lines.
_AROUND = 4_000


class Answers:
    """The answers to ``ask`` while they are being written; ``source`` names the request in the log.

    Attributes:
        versions: One for each alternative, in order; they grow only where whoever feeds puts the text.
    """

    def __init__(self, ask: Ask, switches: Switches, source: str = "") -> None:
        habits = Habits.of(ask.text, ask.language)
        seed = ask.drawn_seed if ask.seed is None else ask.seed
        self.versions = [
            # As the engine counts them.
            Version(
                seed=None if seed is None else (seed + number) % 2**32,
                preset=ask.recipe.id,
                source=source,
                answer=number,
            )
            for number in range(ask.alternatives)
        ]
        self._writing = {
            number: (version, Adapter(habits, switches))
            for number, version in enumerate(self.versions)
        }
        self._before = ask.text[max(0, ask.caret - _AROUND) : ask.caret]
        self._trail = _trail(ask.text, ask.caret)

    def feed(self, text: str, alternative: int) -> tuple[Version, str] | None:
        """A piece as the engine wrote it: (where it belongs, what is to be put there); ``None`` when dropped."""
        if alternative not in self._writing:
            return None
        version, adapter = self._writing[alternative]
        return version, adapter.feed(text, self._before)

    def drop(self, version: Version) -> int | None:
        """Take no more of this one; its number, if it was still being written."""
        found = (number for number, (each, _) in self._writing.items() if each is version)
        number = next(found, None)
        if number is not None:
            del self._writing[number]
        return number

    def finish(self, *, parted: bool) -> Iterator[tuple[Version, str]]:
        """What was still held back of each, and, ``parted``, what sets it apart from what follows."""
        for version, adapter in self._writing.values():
            rest = adapter.finish()
            if version.text or rest:
                yield version, rest + (self._trail if parted else "")

    def settle(self, done: Done | None) -> None:
        """Note how each ended; without a ``done`` she has ended them."""
        results = done.alternatives if done else ()
        for number, version in enumerate(self.versions):
            version.reason = done.reason if done else Ending.CANCELLED
            if number < len(results):
                result = results[number]
                version.reason, version.seed, version.fit = result.reason, result.seed, result.fit


def _trail(text: str, caret: int) -> str:
    """What parts the answer from what follows: before a line it is a paragraph, and must not join a heading."""
    begins_line = caret == 0 or text[caret - 1] == "\n"
    if not begins_line or text[caret : caret + 1] in ("", "\n"):
        return ""
    around = text[max(0, caret - _AROUND) : caret + _AROUND]
    return "\n\n" if "\n\n" in around else "\n"
