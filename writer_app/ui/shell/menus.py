"""Menus and actions, made from the commands."""

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar

from writer_app.language import _
from writer_app.ui.commands import MENUS, SUBMENUS, Command
from writer_app.ui.editor.plain import tip
from writer_app.ui.session.session import Session
from writer_app.ui.session.state import State


class Actions(QObject):
    """One ``QAction`` for each command, enabled as the state says.

    Attributes:
        by_id: The actions by the commands' ids, in menu order.
    """

    def __init__(self, commands: Iterable[Command], session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._commands = tuple(commands)
        self._session = session
        self.by_id = {command.id: self._action(command) for command in self._commands}
        session.state_changed.connect(self.update)
        self.update(session.state)

    def update(self, state: State) -> None:
        """Enable what can be used now."""
        for command in self._commands:
            self.by_id[command.id].setEnabled(command.enabled(state))

    def _action(self, command: Command) -> QAction:
        action = QAction(command.label, self)
        action.setShortcuts(
            [
                QKeySequence.fromString(keys, QKeySequence.SequenceFormat.PortableText)
                for keys in command.shortcut.split("; ")
                if keys
            ]
        )
        action.triggered.connect(lambda _checked=False: command.run(self._session))
        return action


def fill(bar: QMenuBar, commands: Iterable[Command], actions: Actions) -> dict[str, QMenu]:
    """Put every command in its place, groups apart; the menus by name."""
    menus = {name: bar.addMenu(_(title)) for name, title in MENUS.items()}
    last: dict[str, str] = {}
    for command in sorted(commands, key=lambda each: list(MENUS).index(_menu(each))):
        menu = menus[_menu(command)]
        if command.place in SUBMENUS:
            if command.place not in menus:
                menus[command.place] = menu.addMenu(_(SUBMENUS[command.place]))
            menus[command.place].addAction(actions.by_id[command.id])
            continue
        if last.get(_menu(command), command.place) != command.place:
            menu.addSeparator()
        last[_menu(command)] = command.place
        menu.addAction(actions.by_id[command.id])
    return menus


def _menu(command: Command) -> str:
    return command.place.partition(".")[0]


def add_recent(menu: QMenu, before: QAction, session: Session) -> None:
    """A submenu with the files used last, read each time it is opened."""
    recent = QMenu(_("Recent files"), menu)

    def refill() -> None:
        recent.clear()
        paths = [Path(each) for each in session.services.memory.values.recent]
        for path in paths:
            action = recent.addAction(path.name.replace("&", "&&"))
            action.setToolTip(tip(str(path)))
            action.triggered.connect(
                lambda _checked=False, path=path: session.files_wanted.emit([str(path)])
            )
        if not paths:
            recent.addAction(_("No files yet")).setEnabled(False)

    recent.setToolTipsVisible(True)
    recent.aboutToShow.connect(refill)
    menu.insertMenu(before, recent)
