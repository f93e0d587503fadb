"""Which engine answers: the one on this machine, or one that asks a server. Only one of them has a child at a time."""

from collections.abc import Callable, Sequence

from writer_app.engine import servers
from writer_app.engine.client import EngineClient, counter
from writer_app.engine.dialects import estimate
from writer_app.engine.keys import Keys
from writer_app.settings import Server


class Engines:
    """Goes from one engine to the other as the chosen model says.

    Args:
        local: Asks the models on this machine.

    Attributes:
        now: The one in use.
    """

    def __init__(self, local: EngineClient) -> None:
        self.local = self.now = local
        self._servers: Sequence[Server] = ()
        self._keys = Keys()
        self._reached = "", ""  # address and key of the server in use

    @property
    def is_remote(self) -> bool:
        """Whether a server is in use."""
        return self.now is not self.local

    def know(self, known: Sequence[Server], keys: Keys) -> None:
        """Which servers there are from now on, and where their keys are."""
        self._servers, self._keys = known, keys

    def server(self, model: str) -> Server | None:
        """The server that a chosen model names, if any. Raises :class:`ServerMissing`."""
        return servers.find(model, self._servers)

    def fits(self, model: str) -> bool:
        """Whether the one in use is that for a chosen model. Raises :class:`ServerMissing`."""
        server = self.server(model)
        return self._reached[0] == (server.address if server else "")

    def use(self, model: str, is_wanted: Callable[[], bool]) -> bool:
        """Go to the engine for a chosen model, and end the other one's child; returns whether there was another.

        Args:
            model: As the settings name it.
            is_wanted: Whether to go on waiting for a keyring.

        Raises:
            BadAddress, BadKey, ServerMissing: Which no hand but hers has written into the settings.
        """
        server = self.server(model)
        reached = "", ""
        if server:
            address = servers.checked(server.address)
            reached = server.address, self._keys.get(address, is_wanted)
        if reached == self._reached:
            return False
        before = self.now
        self.now = EngineClient("endpoint", address, key=reached[1]) if server else self.local
        self._reached = reached
        before.close()
        return True

    def count_quietly(self, texts: Sequence[str]) -> Sequence[int]:
        """Tokens of texts that she has not asked anything about: no server gets them, so they are estimated there."""
        return [estimate(text) for text in texts] if self.is_remote else counter(self.local)(texts)

    def close(self) -> None:
        """End the child; called from any thread."""
        self.now.close()
