"""The last lines that an engine child has written to standard error, to be told without the writer's words."""

from collections import defaultdict, deque

from writer_app.engine.protocol import Count, Forget, Generate, Read, Request, Text
from writer_app.text.discreet import scrubbed

_LINES = 40
#: Characters of a line that are kept: more than are told, and few enough to be compared with what must not be.
_LONGEST_LINE = 500
#: Requests whose text is remembered, so that it can be recognised.
_REQUESTS = 12
#: Characters of answers, likewise, of each alternative.
_ANSWERS = 20_000


class ChildLog:
    """Gathers lines, and remembers what must not be told with them."""

    def __init__(self) -> None:
        self._lines: deque[str] = deque(maxlen=_LINES)
        self._asked: deque[str] = deque(maxlen=_REQUESTS)
        self._answered = defaultdict[int, str](str)  # they come in turns, a few letters of each

    def add(self, line: str) -> None:
        """A line that was written."""
        self._lines.append(line[:_LONGEST_LINE])

    def note_request(self, request: Request) -> None:
        """What is asked is the writer's."""
        match request:
            case Generate() | Read():
                texts = [part.text for part in request.parts] + [
                    turn.content for turn in request.chat
                ]
                more = (
                    [request.suffix, request.like, *request.bans]
                    if isinstance(request, Generate)
                    else []
                )
                self._asked.append("\n".join((*texts, *more, request.project)))
            case Count():
                self._asked.append("\n".join(request.texts))
            case Forget():
                self._asked.append(request.project)

    def note_answer(self, answer: Text) -> None:
        """What is answered is hers too."""
        said = self._answered[answer.alternative] + answer.text
        self._answered[answer.alternative] = said[-_ANSWERS:]

    @property
    def tail(self) -> str:
        """The lines, without the writer's words."""
        return scrubbed(self._lines.copy(), (*self._asked, *self._answered.values()))
