"""Presets for the samplers: read from a file's text and written, in our format, KoboldCpp's and SillyTavern's.

Everything here is pure. What a file says that we cannot do is never passed over in silence: it is named in
:class:`Imported`, so that the window can say so.
"""

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

import msgspec
import tomli_w

from writer_app.craft import foreign
from writer_app.craft.samplers import (
    FAR,
    FIELDS,
    SAMPLERS,
    USUAL_ORDER,
    Field,
    acting,
    with_all,
    without_idle,
)
from writer_app.engine.protocol import Sampling
from writer_app.errors import N_, PresetError, PresetValue
from writer_app.text import toml

#: Bytes of a preset; real ones have a few thousand.
LIMIT = 1_000_000
#: Names of settings that say how far back something looks.
_REACHES = ("rep_pen_range", "dry_penalty_last_n")
#: Settings that a file must know before it is taken for a preset of others.
_LEAST_KNOWN = 2


class Imported(msgspec.Struct, frozen=True):
    """What a file says of the samplers.

    Attributes:
        name: Of the preset: what the file calls it, else the file's name.
        ignored: Settings, as the file names them, that do something there and that we cannot do.
        limited: Settings whose value lay outside what we allow, and was brought to the nearest.
    """

    sampling: Sampling
    name: str
    ignored: tuple[str, ...] = ()
    limited: tuple[str, ...] = ()


def read(text: str, path: str = "") -> Imported:
    """Read a preset of any kind, recognised by its keys. ``path`` is for its name and for errors.

    Raises:
        PresetError: It is none, or a value in it is of no use.
    """
    if len(text.encode("utf-8", "replace")) > LIMIT:
        raise PresetError(path=path, reason=N_("it is larger than 1 MB"))
    is_json = text.lstrip("\ufeff \t\r\n").startswith("{")
    data = _parse_json(text, path) if is_json else _parse_toml(text, path)
    reader = _Reader(path)
    try:
        name = _own(data, reader) if not is_json else _foreign(data, reader)
    except ValueError as problem:
        raise PresetValue(path=path, setting=str(problem)) from problem
    # The name of no setting holds a lone surrogate, but a text in it may, and nothing could write that down.
    sampling = msgspec.structs.replace(Sampling(), **reader.values)
    if any(_is_broken(each) for each in (*sampling.dry_breakers, *sampling.logit_bias)):
        raise PresetError(path=path, reason=N_("it holds half a character"))
    return Imported(
        sampling,
        name or PurePath(path).stem,
        tuple(dict.fromkeys(reader.ignored)),
        tuple(reader.limited),
    )


def to_toml(sampling: Sampling, name: str = "") -> str:
    """As our own file, every setting of it."""
    return tomli_w.dumps({"name": name, "sampling": msgspec.to_builtins(sampling)})


def to_kobold(sampling: Sampling) -> str:
    """As JSON with the names of KoboldCpp's interface."""
    plain = without_idle(sampling)
    written = {key.kobold: _plain(plain, key.field) for key in foreign.KEYS if key.kobold}
    written |= {other.name: other.idle[0] for other in foreign.OTHERS if other.kobold}
    # 0 is nothing there, and more than the text has is all of it; for DRY it is 0 that is all.
    if plain.penalty_last_n < 0:
        written["rep_pen_range"] = FAR
    written["dry_penalty_last_n"] = max(0, plain.dry_last_n)
    written["mirostat"] = 2 if plain.mirostat_tau > 0 else 0
    written["sampler_order"] = _numbers(plain.order)
    return _json(written)


def to_sillytavern(sampling: Sampling) -> str:
    """As a preset for text completion. It names every setting of theirs, for one that is not named stays as it was."""
    plain = without_idle(sampling)
    written = {key.tavern: _plain(plain, key.field) for key in foreign.KEYS if key.tavern}
    written |= {other.name: other.idle[0] for other in foreign.OTHERS if other.tavern}
    written["dry_sequence_breakers"] = msgspec.json.encode(plain.dry_breakers).decode()
    written["dry_penalty_last_n"] = max(0, plain.dry_last_n)
    written["mirostat_mode"] = 2 if plain.mirostat_tau > 0 else 0
    written["do_sample"] = plain.temperature > 0
    written["temperature_last"] = plain.order[-1] == "temperature"
    written["samplers"] = list(plain.order)
    written["sampler_priority"] = _priority(plain.order)
    written["sampler_order"] = _numbers(plain.order)
    written[foreign.BIAS] = [
        {"id": f"longhand-{number}", "text": f"{{{text}}}", "value": bias}
        for number, (text, bias) in enumerate(plain.logit_bias.items(), 1)
    ]
    return _json(written)


def lost(sampling: Sampling, written: str) -> tuple[str, ...]:
    """Names of the fields that ``written`` has no place for: what makes a difference and does not come back."""
    meant, came_back = without_idle(sampling), without_idle(read(written).sampling)
    active = acting(meant) | acting(came_back)
    fields = [
        each.name for sampler in SAMPLERS if sampler.name in active for each in sampler.fields
    ]
    names = [each for each in fields if getattr(meant, each) != getattr(came_back, each)]
    # DRY beside the penalties: both only make words less likely, and which is first hardly shows.
    order, order_back = (
        [each for each in sampling.order if each in active - {"dry"}]
        for sampling in (meant, came_back)
    )
    return (*names, "order") if order != order_back else tuple(names)


class _Reader:
    """Takes values over, one by one, and keeps what is to be told."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.values: dict[str, Any] = {}
        self.ignored: list[str] = []
        self.limited: list[str] = []

    def take(self, field: str, name: str, value: object) -> None:
        """Take over a setting. Raises ``ValueError`` naming it where it has the wrong type."""
        try:
            fitting = FIELDS[field].fitting(value)
        except ValueError as problem:
            raise ValueError(name) from problem
        self.values[field] = fitting
        if _is_limited(FIELDS[field], value, fitting):
            self.limited.append(name)


def _is_limited(field: Field, value: Any, fitting: Any) -> bool:  # noqa: ANN401 - of the field's type
    """Whether something was lost on the way into the range. Below 0 where 0 is off is "off" in other words."""
    if field.is_number:
        return bool(fitting != value and not value <= field.low == field.off)
    return len(fitting) < len({*value} - {""}) or (isinstance(value, dict) and fitting != value)


def _parse_json(text: str, path: str) -> Mapping[str, Any]:
    try:
        found = msgspec.json.decode(text.lstrip("\ufeff"))
    except RecursionError as problem:
        raise PresetError(path=path, reason=N_("its parts are nested too deep")) from problem
    except (msgspec.MsgspecError, UnicodeError) as problem:
        reason = N_("it is not valid JSON")
        raise PresetError(path=path, reason=reason, detail=str(problem)) from problem
    assert isinstance(found, dict)  # it begins with a brace
    return found


def _parse_toml(text: str, path: str) -> Mapping[str, Any]:
    try:
        return toml.parse(text.lstrip("\ufeff"))
    except toml.TooDeep as problem:
        raise PresetError(path=path, reason=str(problem)) from problem
    except (ValueError, UnicodeError) as problem:
        reason = N_("it is neither TOML nor JSON")
        raise PresetError(path=path, reason=reason, detail=str(problem)) from problem


def _own(data: Mapping[str, Any], reader: _Reader) -> str:
    """Our own table, or that of a recipe; returns its name."""
    table = data.get("sampling")
    if not isinstance(table, dict):
        raise PresetError(path=reader.path, reason=N_("it has no part named [sampling]"))
    for name, value in table.items():
        if name == "order":
            reader.values[name] = _known(value, {each: each for each in USUAL_ORDER})
            reader.ignored += [str(each) for each in value if each not in USUAL_ORDER]
        elif name in FIELDS:
            reader.take(name, name, value)
        else:
            reader.ignored.append(name)
    called = data.get("name") or data.get("id")
    return called if isinstance(called, str) else ""


def _foreign(data: Mapping[str, Any], reader: _Reader) -> str:
    """KoboldCpp's or SillyTavern's; returns the name, if the file says it."""
    for inside in foreign.INSIDE:
        if isinstance(data.get(inside), dict):
            data = data[inside]
    present = {name: value for name, value in data.items() if value is not None}
    ours = {name for key in foreign.KEYS for name in key.names}
    if len(ours & present.keys()) < _LEAST_KNOWN:
        raise PresetError(path=reader.path, reason=N_("it holds no settings of samplers"))
    tavern, kobold = foreign.ONLY_TAVERN & present.keys(), foreign.ONLY_KOBOLD & present.keys()
    is_tavern = len(tavern) > len(kobold)
    for key in foreign.KEYS:
        name = next((each for each in key.names if each in present), "")
        if name:
            reader.take(key.field, name, _read_as(key.field, present[name]))
    _translate(present, reader, is_tavern=is_tavern)
    reader.values["order"] = _order(present, is_tavern=is_tavern)
    _bias(present, reader)
    reader.ignored += [
        other.name
        for other in foreign.OTHERS
        if other.name in present and not _is_idle(other, present[other.name], reader.values)
    ]
    called = present.get("preset") or present.get("name")
    return called if isinstance(called, str) else ""


def _read_as(field: str, value: object) -> object:
    """Some write a list as JSON inside the JSON."""
    if field == "dry_breakers" and isinstance(value, str):
        try:
            return msgspec.json.decode(value) if value.strip() else []
        except (msgspec.MsgspecError, RecursionError):
            return value  # refused where it is taken over
    return value


def _translate(present: Mapping[str, Any], reader: _Reader, *, is_tavern: bool) -> None:
    """Settings that mean the same by other values."""
    values = reader.values
    reach = values.get("penalty_last_n")
    if reach is not None and (reach >= FAR or (is_tavern and reach == 0)):
        # SillyTavern's own presets have 0 and a penalty: the whole text is meant.
        values["penalty_last_n"] = -1
    if values.get("dry_last_n", FAR) in (0, FAR):
        values["dry_last_n"] = -1
    # What reaches further than any text is all of it, and no loss.
    reader.limited = [
        each for each in reader.limited if each not in _REACHES or present[each] < FAR
    ]
    if present.get("rep_pen") == 0:
        values["repeat_penalty"] = (
            1.0  # "off" to some; at the end of our range it would be anything but
        )
    name = next((each for each in foreign.MIROSTAT if each in present), "")
    mode = present[name] if name else 0
    if mode not in (0, 1, 2):
        raise ValueError(name)
    if not mode:
        values["mirostat_tau"] = 0.0
    elif mode == 1 and values.get("mirostat_tau", 0.0) > 0:
        reader.ignored.append(f"{name} = 1")
    if present.get("do_sample") is False:
        values["temperature"] = 0.0
    low, high = present.get("min_temp"), present.get("max_temp")
    if present.get("dynatemp") is True and None not in (low, high):
        # The fixed temperature does not count there; the middle of the moving one is nearest.
        both = [FIELDS["temperature"].fitting(each) for each in (low, high)]
        values["temperature"] = sum(both) / 2


def _is_idle(other: foreign.Other, value: object, values: Mapping[str, Any]) -> bool:
    if other.name == "rep_pen_slope" and values.get("repeat_penalty", 1.0) == 1.0:
        return True  # it bends a penalty that there is not
    if other.name in ("adaptive_target", "adaptivep_target"):
        return isinstance(value, int | float) and value < 0
    return value in other.idle


def _order(present: Mapping[str, Any], *, is_tavern: bool) -> tuple[str, ...]:
    """The chain. Of SillyTavern's lists that for llama.cpp counts, for that is what draws here."""
    for key in ("samplers", "sampler_priority") if is_tavern else ():
        if present.get(key):
            return with_all(_known(present[key], foreign.TAVERN_NAMES))
    numbers = present.get("sampler_order") or [6, 0, 1, 3, 4, 2, 5]
    if not isinstance(numbers, list) or not all(type(each) is int for each in numbers):
        raise ValueError("sampler_order")
    slots = [name for number in numbers for name in foreign.KOBOLD_SLOTS.get(number, ())]
    found = tuple(dict.fromkeys(("dry", *slots)))
    return (*(each for each in with_all(found) if each != "xtc"), "xtc")


def _known(names: object, ours: Mapping[str, str]) -> tuple[str, ...]:
    if not isinstance(names, list) or not all(isinstance(each, str) for each in names):
        raise ValueError("order")
    return tuple(dict.fromkeys(ours[each] for each in names if each in ours))


def _bias(present: Mapping[str, Any], reader: _Reader) -> None:
    """A bias by tokens is one for another model's tokens; by text, it is ours too."""
    entries = present.get(foreign.BIAS) or []
    if not isinstance(entries, list):
        reader.ignored.append(foreign.BIAS)
        return
    found: dict[str, object] = {}
    for entry in entries:
        text = entry.get("text") if isinstance(entry, dict) else None
        if not isinstance(text, str) or text.startswith("[") or not text:
            reader.ignored.append(foreign.BIAS)
            continue
        exact = text[1:-1] if text.startswith("{") and text.endswith("}") else f" {text}"
        found[exact] = entry.get("value", 0)
    reader.take("logit_bias", foreign.BIAS, found)


def _plain(sampling: Sampling, field: str) -> object:
    """A value as they write it: what is below the range is off."""
    value = getattr(sampling, field)
    if not FIELDS[field].is_number:
        return list(value)
    if field == "mirostat_tau" and value <= 0:
        return 5.0  # the usual one; whether it counts stands in the mode
    return max(value, type(value)(FIELDS[field].low))


def _numbers(order: tuple[str, ...]) -> list[int]:
    numbers = {name: number for number, names in foreign.KOBOLD_SLOTS.items() for name in names[:1]}
    chosen = [numbers[name] for name in order if name in numbers]
    return [*chosen, *(number for number in foreign.KOBOLD_SLOTS if number not in chosen)]


def _priority(order: tuple[str, ...]) -> list[str]:
    """The list for other backends, which know the three penalties one by one."""
    three = ("repetition_penalty", "presence_penalty", "frequency_penalty")
    return [part for name in order for part in (three if name == "penalties" else (name,))]


def _json(data: Mapping[str, Any]) -> str:
    return msgspec.json.format(msgspec.json.encode(data), indent=4).decode() + "\n"


def _is_broken(text: str) -> bool:
    return any("\ud800" <= each <= "\udfff" for each in text)
