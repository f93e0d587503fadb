"""What the kinds of entry, and the items that they name, are called for people."""

from collections.abc import Callable

from PySide6.QtWidgets import QComboBox

from writer_app.errors import N_
from writer_app.language import _
from writer_app.story.bible import Fact, Kind
from writer_app.story.tree import Item, Tree
from writer_app.ui.session.binder import NAMES

#: One of a kind, and all of it.
ONE = {
    Kind.CHARACTER: N_("Character"),
    Kind.PLACE: N_("Place"),
    Kind.OBJECT: N_("Object"),
    Kind.GROUP: N_("Group"),
    Kind.RULE: N_("Rule"),
    Kind.THREAD: N_("Thread"),
}
MANY = {
    Kind.CHARACTER: N_("Characters"),
    Kind.PLACE: N_("Places"),
    Kind.OBJECT: N_("Objects"),
    Kind.GROUP: N_("Groups"),
    Kind.RULE: N_("Rules"),
    Kind.THREAD: N_("Plot threads"),
}


def title_of(item: Item) -> str:
    """What an item of the tree is called."""
    return item.title or _(NAMES[item.kind])


def fact_told(fact: Fact) -> str:
    """A fact on one line."""
    plain = fact.attribute or fact.value
    if fact.attribute and fact.value:
        plain = _("{about}: {value}").format(about=fact.attribute, value=fact.value)
    return " — ".join(filter(None, (plain, fact.text)))


class SceneChoice(QComboBox):
    """A scene of the manuscript, or none.

    Args:
        none: What no scene means.
        name: For screen readers.
    """

    def __init__(self, none: str, name: str) -> None:
        super().__init__()
        self._none = none
        self.setAccessibleName(name)
        self.setMinimumContentsLength(6)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)

    def fill(self, tree: Tree, chosen: str, title: Callable[[Item], str] = title_of) -> None:
        """Offer the texts of the manuscript; one that is gone stays what it is."""
        self.blockSignals(True)
        self.clear()
        self.addItem(self._none, "")
        for item in tree.manuscript:
            self.addItem(title(item), item.id)
        if chosen and self.findData(chosen) < 0:
            self.addItem(_("(a scene that is gone)"), chosen)
        self.setCurrentIndex(max(0, self.findData(chosen)))
        self.blockSignals(False)

    @property
    def scene(self) -> str:
        """The id of the scene that is chosen; empty for none."""
        return str(self.currentData() or "")
