"""How many tokens to read in one call where nothing can stop a call: as many as take about a tenth of a second.

On the processor a stop is heard within a call. A graphics processor computes what it was given to the end, and
how long that takes differs a hundredfold between two of them.
"""

#: Seconds a call should take: a cancelled request has half a second to end.
_LONG, _SHORT = 0.2, 0.08


class Stride:
    """Tokens a call, between ``least`` and ``most``, after what the last call took.

    Attributes:
        usual: Where it begins; also for answers that must be computed the same way each time.
        tokens: For the next call.
    """

    def __init__(self, usual: int, least: int = 0, most: int = 0) -> None:
        self.usual = self.tokens = usual
        self._least, self._most = least or usual, most or usual

    def took(self, tokens: int, seconds: float) -> None:
        """A call with so many tokens took so long."""
        if seconds > _LONG:
            self.tokens = max(self._least, self.tokens // 2)
        elif (
            seconds < _SHORT and tokens == self.tokens
        ):  # a short rest says nothing of a whole stride
            self.tokens = min(self._most, self.tokens * 2)
