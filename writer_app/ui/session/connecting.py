"""The servers that she connects: what is kept of them, and what they say when they are tried."""

from collections.abc import Callable
from functools import partial
from urllib.parse import urlsplit

from PySide6.QtCore import QObject, Signal

from writer_app.engine import keys, servers
from writer_app.engine.protocol import Loaded
from writer_app.errors import ServerNamed, WriterError
from writer_app.language import _, ngettext, number
from writer_app.settings import Server
from writer_app.ui.session.session import Session
from writer_app.ui.session.wording import in_window

#: Names of models that are told.
_TOLD = 12


class Connecting(QObject):
    """The list of servers in the settings, and their keys in the keyring. No server is asked but by :meth:`try_out`.

    Signals:
        changed: The list, or which model is chosen.
        unkept: A key will be forgotten when the program ends, because there is no keyring.
    """

    changed = Signal()
    unkept = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._services = session.services
        self._services.preferences.changed.connect(self._on_preference)

    @property
    def servers(self) -> tuple[Server, ...]:
        """All of them, as they were connected."""
        return self._services.preferences.values.model.servers

    @property
    def chosen(self) -> Server | None:
        """The one that writes, if any."""
        return servers.chosen(self._services.preferences.values.model.path, self.servers)

    def save(self, server: Server, key: str | None, old: Server | None = None) -> Server:
        """Connect a server, or keep what she changed of ``old``; returns it as it is kept.

        Args:
            server: Its name may be empty: that of its computer then.
            key: ``None`` leaves the one that is kept for its address; empty forgets it.
            old: As it was before.

        Raises:
            BadAddress, BadKey, ServerNamed: Nothing was kept.
        """
        address = servers.checked(server.address)
        secret = None if key is None else keys.checked(key)
        name = " ".join(server.name.split()) or urlsplit(address).hostname or address
        others = [each for each in self.servers if each != old]
        if any(each.name == name for each in others):
            raise ServerNamed(name=name)
        made = Server(name=name, address=address, model=server.model.strip())
        was_chosen = old is not None and self.chosen == old
        if secret is not None:
            self._keep(address, secret)
        self._set(tuple(made if each == old else each for each in self.servers), made)
        if old:
            self._forget(old)
        if was_chosen:
            self.use(made)
        return made

    def remove(self, server: Server) -> None:
        """Disconnect a server; where it was to write, the model that fits the text does."""
        was_chosen = self.chosen == server
        self._set(tuple(each for each in self.servers if each != server))
        self._forget(server)
        if was_chosen:
            self._session.choose_model("")

    def use(self, server: Server) -> None:
        """Let a server write from now on; it is asked when she asks."""
        self._session.choose_model(servers.model_of(server))

    def try_out(
        self,
        address: str,
        key: str | None,
        done: Callable[[Loaded | WriterError], object],
        owner: QObject,
    ) -> None:
        """Ask a server what it has.

        Args:
            address: As she typed it.
            key: ``None`` for the one that is kept.
            done: Gets what it has, or why not.
            owner: Who wants to know.
        """
        held = self._services.keys

        def work() -> Loaded:
            checked = servers.checked(address)
            return servers.look(checked, held.get(checked) if key is None else keys.checked(key))

        self._services.aside.run(work, done, owner)

    def _set(self, found: tuple[Server, ...], made: Server | None = None) -> None:
        whole = found if made is None or made in found else (*found, made)
        self._services.preferences.set("model", "servers", whole)

    def _keep(self, address: str, key: str) -> None:
        self._services.keys.hold(address, key)
        self._services.aside.run(partial(self._services.keys.keep, address), self._on_kept, self)

    def _forget(self, server: Server) -> None:
        """Its key too, unless another one is at the same address."""
        if all(each.address != server.address for each in self.servers):
            self._keep(server.address, "")

    def _on_kept(self, is_kept: bool | WriterError) -> None:
        if is_kept is False:
            self.unkept.emit()

    def _on_preference(self, topic: str, field: str) -> None:
        if topic == "model" and field in ("servers", "path"):
            self.changed.emit()


def told(found: Loaded | WriterError) -> str:
    """What came of trying a server, in a sentence or two."""
    if isinstance(found, WriterError):
        return in_window(found)
    kind = found.machine.library
    said = [
        _("It answers, and speaks OpenAI’s protocol.")
        if kind == "OpenAI"
        else _("It answers: {kind}.").format(kind=kind)
    ]
    count = len(found.offered)
    if count:
        names = _(", ").join(found.offered[:_TOLD]) + (_(" and more") if count > _TOLD else "")
        text = ngettext("It has {count} model: {names}.", "It has {count} models: {names}.", count)
        said.append(text.format(count=number(count), names=names))
    else:
        said.append(_("It does not say which models it has."))
    return " ".join(said)


def destination(server: Server) -> str:
    """Where her text goes, in a few words."""
    where = servers.host(server.address)
    if not where:
        return _("Text goes to a server on this computer")
    if servers.is_open(server.address):
        return _("Text goes to {host}, not encrypted").format(host=where)
    return _("Text goes to {host}").format(host=where)


def way(server: Server) -> str:
    """What is to be known of the way there; empty: nothing."""
    if not servers.host(server.address):
        return _("this computer")
    return _("not encrypted") if servers.is_open(server.address) else ""
