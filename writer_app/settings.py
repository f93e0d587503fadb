"""The writer's settings: typed, with defaults, and read so that no mistake in the file can block the start.

Each topic is a frozen struct and each field says its own title, range and choices, from which the settings
page is made. The file is TOML and holds only what differs from the defaults. Keys we do not know (of a newer
version) are kept as they are; values that do not fit are dropped and reported, once.
"""

import contextlib
import dataclasses
import os
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import msgspec
import tomli_w

from writer_app.assets import private
from writer_app.errors import N_, SettingsDropped, SettingsUnsaved, WriterError
from writer_app.reasons import reason_for

FILE_NAME: Final = "settings.toml"


def _title(text: str, **extra: object) -> msgspec.Meta:
    """What the settings page says beside a field; ``extra`` holds its kind of widget, labels, a hint."""
    return msgspec.Meta(title=text, extra=extra)


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """How the manuscript is set."""

    family_en: Annotated[str, _title(N_("Typeface, English"), kind="font")] = ""
    family_zh: Annotated[str, _title(N_("Typeface, Chinese"), kind="font")] = ""
    size: Annotated[float, _title(N_("Type size"), unit=N_(" pt")), msgspec.Meta(ge=8, le=48)] = (
        14.0
    )
    line_spacing: Annotated[float, _title(N_("Line spacing")), msgspec.Meta(ge=1, le=3)] = 1.5
    measure: Annotated[
        int,
        _title(N_("Characters in a line"), hint=N_("A 汉字 is as wide as two letters.")),
        msgspec.Meta(ge=30, le=160),
    ] = 66
    indent: Annotated[
        Literal["auto", "always", "never"],
        _title(
            N_("Indent paragraphs"),
            labels={
                "auto": N_("As the language has it"),
                "always": N_("Always"),
                "never": N_("Never"),
            },
        ),
    ] = "auto"


class Typing(msgspec.Struct, frozen=True, kw_only=True):
    """What is set right while she types, and in text of the model."""

    quotes: Annotated[bool, _title(N_("Curly quotation marks"))] = True
    dashes: Annotated[bool, _title(N_("Long dashes for two hyphens"))] = True
    ellipsis: Annotated[bool, _title(N_("An ellipsis for three dots"))] = True


class Files(msgspec.Struct, frozen=True, kw_only=True):
    """What happens to files besides saving them."""

    backups: Annotated[
        str,
        _title(
            N_("Back up on close to"),
            kind="folder",
            hint=N_(
                "One zip of the text with its earlier versions, the last ten of each; empty: none. "
                "File › Open a backup brings one back, on another computer too."
            ),
        ),
    ] = ""


class Interface(msgspec.Struct, frozen=True, kw_only=True):
    """The window itself."""

    language: Annotated[
        Literal["auto", "en", "zh_CN"],
        _title(
            N_("Language"),
            labels={"auto": N_("Like the system"), "en": "English", "zh_CN": "简体中文"},
        ),
    ] = "auto"
    theme: Annotated[
        Literal["system", "light", "dark"],
        _title(
            N_("Appearance"),
            labels={"system": N_("Like the system"), "light": N_("Light"), "dark": N_("Dark")},
        ),
    ] = "system"
    restore: Annotated[bool, _title(N_("Open what was open last time"))] = True


class Server(msgspec.Struct, frozen=True, kw_only=True):
    """A server that she has connected. Its key is not here but in the system's keyring.

    Attributes:
        model: Its name there; empty: the server's first one.
    """

    name: str
    address: str
    model: str = ""


class Model(msgspec.Struct, frozen=True, kw_only=True):
    """The language model."""

    path: Annotated[
        str,
        _title(
            N_("Model file"), kind="file", hint=N_("Empty: the installed model that fits the text.")
        ),
    ] = ""
    read_tokens: Annotated[
        int,
        _title(
            N_("Read at most"),
            unit=N_(" tokens"),
            zero=N_("what takes about 5 seconds"),
            hint=N_("More is slower to begin and remembers more of the story."),
        ),
        msgspec.Meta(ge=0, le=1_000_000),
    ] = 0
    read_along: Annotated[
        bool,
        _title(
            N_("Read along while you pause"),
            hint=N_("Then an answer begins at once. Not on battery."),
        ),
    ] = True
    summaries: Annotated[
        bool,
        _title(
            N_("Sum up earlier chapters while you rest"),
            hint=N_(
                "Of a project: the model is told of them. Not on battery, and never by a server."
            ),
        ),
    ] = False
    saver: Annotated[
        bool,
        _title(
            N_("Spare the battery"),
            hint=N_(
                "On battery the model uses half the processor at most, and writes more slowly."
            ),
        ),
    ] = True
    graphics: Annotated[
        bool,
        _title(
            N_("Use the graphics processor"),
            hint=N_(
                "As much of the model as fits there. Off and on again: one that failed is tried anew."
            ),
        ),
    ] = True
    servers: Annotated[tuple[Server, ...], _title("", kind="hidden")] = ()
    bans: Annotated[
        tuple[str, ...],
        _title(
            N_("Never write"),
            kind="lines",
            hint=N_("One word or phrase a line. /Between slashes/ is a regular expression."),
        ),
    ] = ()


class Continuing(msgspec.Struct, frozen=True, kw_only=True):
    """What the Continue panel starts with; the panel itself changes it."""

    recipe: Annotated[str, _title("", kind="hidden")] = "steady"
    length: Annotated[
        Literal["sentence", "paragraph", "amount", "until_stopped"], _title("", kind="hidden")
    ] = "paragraph"
    amount: Annotated[int, _title("", kind="hidden"), msgspec.Meta(ge=5, le=5_000)] = 150
    alternatives: Annotated[int, _title("", kind="hidden"), msgspec.Meta(ge=1, le=4)] = 1
    #: What she set herself of the samplers, by the names of their settings; judged where those are known.
    sampling: Annotated[
        dict[str, int | float | tuple[str, ...] | dict[str, float]], _title("", kind="hidden")
    ] = {}


class Rewriting(msgspec.Struct, frozen=True, kw_only=True):
    """Rewriting a passage; the buttons and the number are chosen in the Rewrite panel."""

    pinned: Annotated[tuple[str, ...], _title("", kind="hidden")] = (
        "correct",
        "polish",
        "shorten",
        "vivid",
        "tone",
    )
    candidates: Annotated[int, _title("", kind="hidden"), msgspec.Meta(ge=1, le=4)] = 1
    last: Annotated[str, _title("", kind="hidden")] = ""
    button: Annotated[bool, _title(N_("A button beside highlighted text"))] = True
    glossary: Annotated[
        tuple[str, ...],
        _title(
            N_("Glossary"),
            kind="lines",
            hint=N_("A term and how it is translated, or always spelt: 黛玉 = Daiyu. One a line."),
        ),
    ] = ()


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """All settings by topic."""

    page: Annotated[Page, _title(N_("Page"))] = Page()
    typing: Annotated[Typing, _title(N_("Typing"))] = Typing()
    files: Annotated[Files, _title(N_("Files"))] = Files()
    interface: Annotated[Interface, _title(N_("Window"))] = Interface()
    model: Annotated[Model, _title(N_("Model"))] = Model()
    rewriting: Annotated[Rewriting, _title(N_("Rewriting"))] = Rewriting()
    continuing: Annotated[Continuing, _title("", kind="hidden")] = Continuing()

    def changed(self, topic: str, field: str, value: object) -> "Settings":
        """A copy with one field changed.

        Raises:
            msgspec.ValidationError: The value does not fit the field.
            AttributeError: There is no such topic or field.
        """
        section = getattr(self, topic)
        found = next((each for each in fields(type(section)) if each.name == field), None)
        if found is None:
            raise AttributeError(f"{topic}.{field}")
        fitting = msgspec.convert(value, found.type)
        return msgspec.structs.replace(
            self, **{topic: msgspec.structs.replace(section, **{field: fitting})}
        )


@dataclass(frozen=True)
class Field:
    """One field as the settings page needs it.

    Attributes:
        type: The annotated type, with its range.
        low: Least value of a number, ``None`` without one; ``high`` likewise.
        choices: Allowed values of a choice with their labels (still to be translated).
        extra: ``kind`` of widget, ``hint``, ``unit``, ``zero``.
    """

    name: str
    type: Any
    default: Any
    title: str = ""
    low: float | None = None
    high: float | None = None
    choices: tuple[tuple[str, str], ...] = ()
    extra: Mapping[str, Any] = dataclasses.field(default_factory=dict)


def fields(struct: type[msgspec.Struct]) -> Iterator[Field]:
    """The fields of a topic in order, or the topics themselves for :class:`Settings`."""
    for each in msgspec.structs.fields(struct):
        metas = [meta for meta in each.type.__metadata__ if isinstance(meta, msgspec.Meta)]
        extra: dict[str, Any] = {}
        for meta in metas:
            extra |= meta.extra or {}
        yield Field(
            name=each.name,
            type=each.type,
            default=each.default,
            title=next((meta.title for meta in metas if meta.title), ""),
            low=next((float(meta.ge) for meta in metas if meta.ge is not None), None),
            high=next((float(meta.le) for meta in metas if meta.le is not None), None),
            choices=tuple(extra.get("labels", {}).items()),
            extra=extra,
        )


class SettingsFile:
    """The settings and the file they live in.

    Attributes:
        values: What holds now.
        problems: What was wrong with the file, each with its sentence; empty when all went well.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE_NAME
        self.values = Settings()
        self.problems: tuple[WriterError, ...] = ()
        self._unknown: dict[str, Any] = {}
        self._read()

    def set(self, topic: str, field: str, value: object) -> None:
        """Change one setting; :meth:`save` makes it last."""
        self.values = self.values.changed(topic, field, value)

    def save(self) -> None:
        """Write what differs from the defaults, atomically, for this user only.

        Raises:
            SettingsUnsaved: The settings hold all the same.
        """
        data = tomli_w.dumps(_merged(self._unknown, _differences(self.values)))
        try:
            private(self.path.parent)
            _replace(self.path, data.encode())
        except OSError as error:
            raise SettingsUnsaved(path=str(self.path), reason=reason_for(error)) from error

    def _read(self) -> None:
        try:
            data = tomllib.loads(self.path.read_text("utf-8"))
        except FileNotFoundError:
            return
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            self.problems = (SettingsDropped(names=self.path.name, detail=str(error)),)
            # What cannot be read is kept for a look, because the next save writes a new file.
            with contextlib.suppress(OSError):
                self.path.replace(self.path.with_suffix(".toml.damaged"))
            return
        dropped = [f"{topic}.{name}" for topic, name in self._take(data)]
        if dropped:
            self.problems = (SettingsDropped(names=", ".join(dropped)),)

    def _take(self, data: dict[str, Any]) -> Iterator[tuple[str, str]]:
        """Take over what fits; yields what does not."""
        topics = {each.name for each in fields(Settings)}
        for topic, content in data.items():
            if topic not in topics:
                self._unknown[topic] = content
                continue
            if not isinstance(content, dict):
                yield topic, ""
                continue
            known = {each.name for each in fields(type(getattr(self.values, topic)))}
            for name, value in content.items():
                if name not in known:
                    self._unknown.setdefault(topic, {})[name] = value
                    continue
                try:
                    self.values = self.values.changed(topic, name, value)
                except msgspec.ValidationError:
                    yield topic, name


def _differences(settings: Settings) -> dict[str, Any]:
    plain = msgspec.to_builtins(settings)
    usual = msgspec.to_builtins(Settings())
    return {
        topic: changed
        for topic, content in plain.items()
        if (changed := {k: v for k, v in content.items() if v != usual[topic][k]})
    }


def _merged(under: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    both = {key: {**under[key], **over[key]} for key in under.keys() & over.keys()}
    return {**under, **over, **both}


def _replace(path: Path, data: bytes) -> None:
    """Write a small file as a whole or not at all; readable by this user only."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
