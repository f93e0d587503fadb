"""The buttons of the Rewrite panel: five recipes that the writer has pinned, and a menu with all of them."""

from collections.abc import Callable
from functools import partial

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QGridLayout, QMenu, QPushButton, QWidget

from writer_app.craft.transform import Group, Transform
from writer_app.language import _, current
from writer_app.ui.editor.plain import tip
from writer_app.ui.panels.widgets import button
from writer_app.ui.session.session import Session
from writer_app.ui.session.state import GROUPS

#: So many recipes are pinned at most.
MOST = 5
_COLUMNS = 3


class RecipeButtons(QWidget):
    """Starts a recipe with a click, or with the choice that it asks for.

    Args:
        session: Whose recipes these are.
        run: Called with a recipe's id and the choice taken, empty for none.
    """

    def __init__(self, session: Session, run: Callable[[str, str], object]) -> None:
        super().__init__()
        self._session = session
        self._run = run
        self.buttons: list[QPushButton] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(6)
        self.more = button(
            _("More"), lambda: None, hint=_("Everything that can be done to a passage")
        )
        self.more.setMenu(QMenu(self.more))
        self.more.menu().aboutToShow.connect(self._fill)
        self.show_pinned()

    def show_pinned(self) -> None:
        """Make the buttons anew."""
        for each in self.buttons:
            self._grid.removeWidget(each)
            each.deleteLater()
        self._grid.removeWidget(self.more)
        self.buttons = [self._button(each) for each in self._pinned()]
        for place, each in enumerate([*self.buttons, self.more]):
            self._grid.addWidget(each, place // _COLUMNS, place % _COLUMNS)
            self._grid.setColumnStretch(place % _COLUMNS, 1)

    def set_enabled(self, *, enabled: bool) -> None:
        """Let them be used, or not."""
        for each in (*self.buttons, self.more):
            each.setEnabled(enabled)

    def _pinned(self) -> list[Transform]:
        transforms = self._session.services.recipes.transforms
        chosen = self._session.services.preferences.values.rewriting.pinned
        return [transforms[each] for each in chosen[:MOST] if each in transforms]

    def _button(self, transform: Transform) -> QPushButton:
        title = transform.title(current())
        made = button(title, lambda: None, hint=transform.summary.in_language(current()))
        made.setMinimumWidth(1)
        if transform.parameter and transform.parameter.choices:
            made.setMenu(self._choices(transform, QMenu(made)))
        else:
            made.clicked.connect(partial(self._start, transform.id, ""))
        return made

    def _choices(self, transform: Transform, menu: QMenu) -> QMenu:
        for choice in transform.parameter.choices if transform.parameter else ():
            action = menu.addAction(choice.titles.in_language(current()))
            action.triggered.connect(partial(self._start, transform.id, choice.id))
        return menu

    def _start(self, recipe: str, choice: str, _checked: bool = False) -> None:
        self._run(recipe, choice)

    def _fill(self) -> None:
        """All recipes in their groups, and which of them are pinned."""
        menu = self.more.menu()
        menu.clear()
        transforms = self._session.services.recipes.transforms.values()
        for group in Group:
            inside = menu.addMenu(_(GROUPS[group]))
            inside.setToolTipsVisible(True)
            for transform in (each for each in transforms if each.group is group):
                title = transform.title(current())
                if transform.parameter and transform.parameter.choices:
                    action = self._choices(transform, inside.addMenu(title)).menuAction()
                else:
                    action = inside.addAction(title, partial(self._start, transform.id, ""))
                action.setToolTip(tip(transform.summary.in_language(current())))
        menu.addSeparator()
        pins = menu.addMenu(_("Buttons"))
        pinned = self._session.services.preferences.values.rewriting.pinned
        for transform in transforms:
            action = pins.addAction(transform.title(current()))
            action.setCheckable(True)
            action.setChecked(transform.id in pinned)
            action.setEnabled(transform.id in pinned or len(self._pinned()) < MOST)
            action.toggled.connect(partial(self._pin, transform.id, action))

    def _pin(self, recipe: str, _action: QAction, wanted: bool) -> None:
        pinned = self._session.services.preferences.values.rewriting.pinned
        others = tuple(each for each in pinned if each != recipe)
        self._session.set_preference("rewriting", "pinned", (*others, recipe) if wanted else others)
        self.show_pinned()
