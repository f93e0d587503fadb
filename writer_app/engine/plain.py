"""What a model says is plain text: nothing in it turns the direction of writing, hides, or speaks to a terminal.

Every backend's answers pass here, on the asking side of the pipe, because what made them may be anything.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

import msgspec

from writer_app.engine.protocol import AnyEvent, Done, Text
from writer_app.text.hidden import Strainer

#: What a page takes for the end of a paragraph, and what it keeps for itself.
_BREAKS = str.maketrans({"\u2029": "\n", "\ufdd0": None, "\ufdd1": None})


def plain(events: Iterable[AnyEvent]) -> Iterator[AnyEvent]:
    """The events of one request, their text strained, wherever it was cut into pieces.

    Line ends and tabs stay, and so do the hidden parts of an emoji, of a Persian word, of a rare 汉字.
    """
    strainers = defaultdict[int, Strainer](Strainer)
    for event in events:
        match event:
            case Text(text=text, alternative=number):
                strained = strainers[number].feed(text.translate(_BREAKS))
                if strained or event.tokens:
                    yield msgspec.structs.replace(event, text=strained)
            case Done():
                for number, strainer in strainers.items():
                    if rest := strainer.finish():
                        yield Text(id=event.id, text=rest, alternative=number)
                yield event
            case _:
                yield event
