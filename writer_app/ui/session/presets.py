"""The writer's presets for the samplers: files of her own folder, and any other she opens or saves. Done aside."""

from collections.abc import Callable
from enum import StrEnum
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from writer_app.assets import private
from writer_app.craft import presets
from writer_app.craft.presets import Imported
from writer_app.craft.samplers import SAMPLERS, Overrides
from writer_app.engine.protocol import Sampling
from writer_app.errors import (
    N_,
    FileMissing,
    FileUnreadable,
    PresetError,
    PresetUnsaved,
    WriterError,
)
from writer_app.language import _
from writer_app.reasons import reason_for
from writer_app.story import atomic
from writer_app.ui.session.services import Services
from writer_app.ui.session.state import Notice

#: The notice about the last preset; the next one takes its place.
KEY = "preset"
_ENDINGS = (".toml", ".json")


class Format(StrEnum):
    """The kinds of file a preset can be saved as."""

    OURS = "toml"
    KOBOLD = "kobold"
    TAVERN = "sillytavern"


class Presets(QObject):
    """Opens and saves presets, and knows those in the user's folder ``presets``.

    Signals:
        chosen: :class:`Overrides` to use from now on.
        listed: There are others in the folder now.
        failed: A :class:`WriterError`; noticed: what does not fit; settled: that this is over.
    """

    chosen = Signal(object)
    listed = Signal()
    failed = Signal(object)
    noticed = Signal(object)
    settled = Signal(str)

    def __init__(self, services: Services, parent: QObject) -> None:
        super().__init__(parent)
        self.folder = services.places.data / "presets"
        self._aside = services.aside

    def own(self) -> list[Path]:
        """The presets in her folder, by name. What cannot be listed is not there."""
        try:
            found = [each for each in self.folder.iterdir() if each.suffix.lower() in _ENDINGS]
        except OSError:
            return []
        return sorted(found, key=lambda path: path.name.casefold())

    def open(self, path: Path) -> None:
        """Read a preset and use it from now on, all of it."""
        self._do(partial(_read, path), self._take)

    def save(self, path: Path, form: Format, sampling: Sampling) -> None:
        """Write ``sampling`` to ``path``."""

        def done(lost: tuple[str, ...]) -> None:
            self.settled.emit(KEY)
            if path.parent == self.folder:
                self.listed.emit()
            if lost:
                text = _("“{name}” is saved. This kind of file has no place for: {settings}.")
                names = "; ".join(titles(lost))
                self.noticed.emit(Notice(text.format(name=path.name, settings=names), key=KEY))

        self._do(partial(_write, path, form, sampling), done)

    def _take(self, found: Imported) -> None:
        self.settled.emit(KEY)
        self.chosen.emit(Overrides.of(found.sampling))
        if found.ignored or found.limited:
            self.noticed.emit(Notice(_told(found), key=KEY))

    def _do(self, work: Callable[[], object], done: Callable[..., object]) -> None:
        def judge(found: object) -> None:
            if isinstance(found, WriterError):
                self.failed.emit(found)
            else:
                done(found)

        self._aside.run(work, judge, self, patience=_PATIENCE)


#: Seconds that a disk may take before the window goes on; a preset is a small file.
_PATIENCE = 0.05


def titles(names: tuple[str, ...]) -> list[str]:
    """Settings of ours as the form names them, each with its sampler where that has several."""
    found = []
    for sampler in SAMPLERS:
        for field in sampler.fields:
            if field.name in names:
                parts = (sampler.title, field.title)[: len(sampler.fields)]
                found.append(" – ".join(map(_, parts)))
    return [*found, _("Order")] if "order" in names else found


def _told(found: Imported) -> str:
    """One text for each case: how sentences are joined is a matter of the language."""
    if not found.limited:
        text = _("“{name}” is in use. Left out, because Longhand has nothing like it: {ignored}.")
    elif not found.ignored:
        text = _("“{name}” is in use. Brought within the range: {limited}.")
    else:
        text = _(
            "“{name}” is in use. Left out, because Longhand has nothing like it: {ignored}. "
            "Brought within the range: {limited}."
        )
    ignored, limited = ", ".join(found.ignored), ", ".join(found.limited)
    return text.format(name=found.name, ignored=ignored, limited=limited)


def _read(path: Path) -> Imported:
    """Raises a :class:`WriterError`."""
    try:
        with path.open("rb") as file:
            data = file.read(presets.LIMIT + 1)
    except FileNotFoundError as error:
        raise FileMissing(path=str(path)) from error
    except OSError as error:
        raise FileUnreadable(path=str(path), reason=reason_for(error)) from error
    if len(data) > presets.LIMIT:
        raise PresetError(path=str(path), reason=N_("it is larger than 1 MB"))
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise PresetError(path=str(path), reason=N_("it is not text in UTF-8")) from error
    return presets.read(text, str(path))


def _write(path: Path, form: Format, sampling: Sampling) -> tuple[str, ...]:
    """Returns the names of the fields that the format has no place for. Raises :class:`PresetUnsaved`."""
    writers: dict[Format, Callable[[Sampling], str]] = {
        Format.OURS: partial(presets.to_toml, name=path.stem),
        Format.KOBOLD: presets.to_kobold,
        Format.TAVERN: presets.to_sillytavern,
    }
    text = writers[form](sampling)
    try:
        private(path.parent)
        with atomic.written_beside(path, text.encode(), atomic.state(path)) as temporary:
            temporary.replace(path)
    except OSError as error:
        raise PresetUnsaved(path=str(path), reason=reason_for(error)) from error
    return presets.lost(sampling, text)
