"""The recipes of the program, read again when the writer changes hers."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

from writer_app.craft.method import Method
from writer_app.craft.recipe import Preset, load_all
from writer_app.craft.transform import Transform
from writer_app.errors import RecipeError

#: Milliseconds after the last change of a file: an editor writes one in several steps.
SETTLE_MS = 300


class Recipes(QObject):
    """All recipes, shipped and hers.

    Args:
        folders: Where they lie; later ones replace earlier ones.

    Signals:
        changed: Others hold now.

    Attributes:
        presets: For continuing, by id, in menu order; transforms: for rewriting, likewise; methods: for outlining.
        broken: What is wrong with files that were left out.
    """

    changed = Signal()

    def __init__(self, folders: Sequence[Path], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.presets: dict[str, Preset] = {}
        self.transforms: dict[str, Transform] = {}
        self.methods: dict[str, Method] = {}
        self.broken: list[RecipeError] = []
        self._folders = tuple(folders)
        self._watcher = QFileSystemWatcher(self)
        self._pause = QTimer(self, interval=SETTLE_MS, singleShot=True)
        self._pause.timeout.connect(self._renew)
        self._watcher.directoryChanged.connect(lambda _path: self._pause.start())
        self._watcher.fileChanged.connect(lambda _path: self._pause.start())
        self.read()

    def read(self) -> None:
        """Read all of them; what is broken costs only itself."""
        self.presets, bad_presets = load_all(self._folders, Preset)
        self.transforms, bad_transforms = load_all(self._folders, Transform)
        self.methods, bad_methods = load_all(self._folders, Method)
        self.broken = [*bad_presets, *bad_transforms, *bad_methods]
        self._watch()

    def _renew(self) -> None:
        before = self._all
        self.read()
        if before != self._all:
            self.changed.emit()

    @property
    def _all(self) -> tuple[object, ...]:
        return self.presets, self.transforms, self.methods, list(map(str, self.broken))

    def _watch(self) -> None:
        """Of her folder the files too: a file written over in place changes no folder."""
        own = self._folders[-1]
        kinds = [own / shape.folder for shape in (Preset, Transform, Method)]
        wanted = [str(each) for each in (own.parent, own, *kinds) if each.is_dir()]
        wanted += [str(each) for kind in kinds for each in kind.glob("*.toml")]
        new = [each for each in wanted if each not in self._known()]
        if new:
            self._watcher.addPaths(new)

    def _known(self) -> set[str]:
        return {*self._watcher.directories(), *self._watcher.files()}
