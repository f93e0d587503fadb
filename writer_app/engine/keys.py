"""The keys of servers: in the system's keyring, else in memory until the program ends; never in a file of ours.

A key belongs to the address that it was given for. Who changes the address of a server, in the settings' file too,
does not get its key sent there.
"""

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from writer_app.errors import BadKey

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

_SERVICE = "Longhand"
#: Seconds that a keyring may take: it may be asking her for its password.
_PATIENCE = 120.0
_TICK = 0.05
#: What only stores plainly, or nowhere, ranks lower.
_LEAST_PRIORITY = 1


def checked(key: str) -> str:
    """A key as it was meant, without spaces around it.

    Raises:
        BadKey: It has characters that cannot be sent.
    """
    key = key.strip()
    if not (key.isascii() and key.isprintable()):
        raise BadKey
    return key


class Keys:
    """Keys by the addresses of their servers; may be used from any thread.

    The keyring may ask her for its password and wait, so :meth:`get` and :meth:`keep` never belong on the
    window's thread.
    """

    def __init__(self) -> None:
        self._held: dict[str, str] = {}

    def hold(self, address: str, key: str) -> None:
        """Use this key from now on, until the program ends; empty: none."""
        self._held[address] = key

    def keep(self, address: str) -> bool:
        """Let the keyring have what is held for an address; false where that lasts only as long as the program."""
        key = self._held.get(address, "")

        def work(keyring: "KeyringBackend") -> str:
            if key:
                keyring.set_password(_SERVICE, address, key)
            elif keyring.get_password(_SERVICE, address) is not None:
                keyring.delete_password(_SERVICE, address)
            return ""

        return _in_keyring(work) is not None or not key

    def get(self, address: str, is_wanted: Callable[[], bool] = lambda: True) -> str:
        """The key for an address; empty: none.

        Args:
            address: Of the server.
            is_wanted: Whether to go on waiting for the keyring.
        """
        if address not in self._held:
            found = list[str | None]()
            # Nobody can end a keyring that waits for a password, and the program must be able to.
            asking = threading.Thread(target=lambda: found.append(_asked(address)), daemon=True)
            asking.start()
            end = time.monotonic() + _PATIENCE
            while asking.is_alive() and is_wanted() and time.monotonic() < end:
                asking.join(_TICK)
            if not found or found[0] is None:
                return ""
            self._held.setdefault(address, found[0])
        return self._held[address]


def _asked(address: str) -> str | None:
    return _in_keyring(lambda keyring: keyring.get_password(_SERVICE, address) or "")


def _in_keyring(work: Callable[["KeyringBackend"], str]) -> str | None:
    """What ``work`` finds in the system's keyring; ``None`` where there is none, or it refuses."""
    import keyring  # takes a fifth of a second, for what few ever need

    try:
        found = keyring.get_keyring()
        return work(found) if found.priority >= _LEAST_PRIORITY else None
    except Exception:  # noqa: BLE001 - the edge: each system's keyring fails in ways of its own, and it is never needed
        return None
