"""Every sampler there is, in one table: what it is called, what it does to the prose, its settings and their range.

The form that shows them, the presets that are read and what the writer sets herself all follow from it.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from writer_app.engine.protocol import Sampling
from writer_app.errors import N_

#: Tokens back to which a restraint looks that are more than any text has: "all of it", as others write it.
FAR = 1_000_000
#: Strings of a list that are taken over; the engine compares each with all that was written.
MOST_TEXTS = 200
#: The order of a chain that nobody has touched.
USUAL_ORDER: tuple[str, ...] = Sampling().order
#: Those that remember what was written; they count where all others stand aside.
RESTRAINTS = ("penalties", "dry")


@dataclass(frozen=True)
class Field:
    """One setting.

    Attributes:
        name: Of the field of :class:`Sampling`.
        low: Least value taken over; ``high``: greatest, ``step``: of an arrow key. All 0: it is no number.
        decimals: Shown behind the point; 0 is a whole number.
        off: The value that makes it do nothing; ``None``: it only says how, or how far.
    """

    name: str
    title: str
    hint: str = ""
    low: float = 0.0
    high: float = 0.0
    step: float = 0.0
    decimals: int = 2
    off: float | None = None

    @property
    def is_number(self) -> bool:
        """Whether it is a number, not a list of texts or of words with their bias."""
        return self.high > self.low

    def works(self, sampling: Sampling) -> bool:
        """Whether its value does anything. Below the range is as good as its end: -1 is often "off"."""
        return self.off is not None and max(getattr(sampling, self.name), self.low) != self.off

    def fitting(self, value: object) -> Any:  # noqa: ANN401 - of the field's type
        """``value`` in the field's type and range. Raises ``ValueError`` where it has another type, or is no number."""
        if not self.is_number:
            return _biases(value) if self.name == "logit_bias" else _texts(value)
        if isinstance(value, bool) or not isinstance(value, int | float) or not _is_finite(value):
            raise ValueError(self.name)
        if value <= self.low == self.off:
            return getattr(
                Sampling(), self.name
            )  # "off" in one way only, so that it can be compared
        near = min(max(value, self.low), self.high)
        return float(near) if self.decimals else round(near)


@dataclass(frozen=True)
class Sampler:
    """A sampler, by the name it has in ``Sampling.order``."""

    name: str
    title: str
    hint: str
    fields: tuple[Field, ...]


_BACK = N_("Looks back over this many tokens; -1: over all of the text, 0: over nothing.")

#: Those of the chain in its usual order, then what stands beside the chain.
SAMPLERS = (
    Sampler(
        "penalties",
        N_("Penalties"),
        N_(
            "Makes words less likely that were used a moment ago. Too much of it, and names and small words "
            "are avoided too."
        ),
        (
            Field(
                "repeat_penalty",
                N_("Repetition"),
                N_("1 is off; 1.05 to 1.15 is usual."),
                *(0.01, 10.0, 0.01, 2, 1.0),
            ),
            Field(
                "frequency_penalty",
                N_("Frequency"),
                N_("Grows with each use of a word; 0 is off."),
                *(-10.0, 10.0, 0.05, 2, 0.0),
            ),
            Field(
                "presence_penalty",
                N_("Presence"),
                N_(
                    "The same for every word that was used at all; brings in new matters. 0 is off."
                ),
                *(-10.0, 10.0, 0.05, 2, 0.0),
            ),
            Field("penalty_last_n", N_("Reach"), _BACK, -1, FAR, 64, 0),
        ),
    ),
    Sampler(
        "dry",
        N_("DRY"),
        N_(
            "Keeps whole phrases from coming back word for word, and leaves single words alone. The kindest "
            "way to stop a text that goes round in circles."
        ),
        (
            Field(
                "dry_multiplier",
                N_("Strength"),
                N_("0 is off; 0.8 is usual."),
                *(0.0, 100.0, 0.1, 2, 0.0),
            ),
            Field(
                "dry_base",
                N_("Growth"),
                N_("How much harder each further word of a repeated phrase is punished."),
                *(1.0, 10.0, 0.05, 2),
            ),
            Field(
                "dry_allowed_length",
                N_("Free length"),
                N_("Tokens that may be repeated without harm."),
                *(1, 1_000, 1, 0),
            ),
            Field("dry_last_n", N_("Reach"), _BACK, -1, FAR, 64, 0),
            Field(
                "dry_breakers",
                N_("Broken off by"),
                N_(
                    "One a line; a phrase is not followed past any of these. \\n is a line end. "
                    "Write “ and 「 here for dialogue."
                ),
            ),
        ),
    ),
    Sampler(
        "top_n_sigma",
        N_("Top-nσ"),
        N_(
            "Keeps only words nearly as good as the best one, however hot the temperature is. Lower is stricter."
        ),
        (
            Field(
                "top_n_sigma",
                N_("Width"),
                N_("In standard deviations; 0 is off, 1 is usual."),
                *(0.0, 100.0, 0.1, 2, 0.0),
            ),
        ),
    ),
    Sampler(
        "top_k",
        N_("Top-k"),
        N_(
            "Draws from so many of the likeliest words only. Fewer make the prose safer and plainer."
        ),
        (Field("top_k", N_("Words"), N_("0 is off; 40 to 100 is usual."), 0, FAR, 5, 0, 0),),
    ),
    Sampler(
        "typical_p",
        N_("Typical"),
        N_(
            "Prefers words about as surprising as the text is at this place; leaves out the obvious and the absurd."
        ),
        (
            Field(
                "typical_p",
                N_("Share"),
                N_("1 is off; lower is stricter."),
                *(0.0, 1.0, 0.05, 2, 1.0),
            ),
        ),
    ),
    Sampler(
        "top_p",
        N_("Top-p"),
        N_("Leaves out the tail of unlikely words. Lower makes the prose more predictable."),
        (
            Field(
                "top_p",
                N_("Share"),
                N_("1 is off; 0.9 to 0.95 is usual."),
                *(0.0, 1.0, 0.05, 2, 1.0),
            ),
        ),
    ),
    Sampler(
        "min_p",
        N_("Min-p"),
        N_(
            "Leaves out words far less likely than the best one, more where the model is sure. Keeps a hot "
            "temperature sane."
        ),
        (
            Field(
                "min_p",
                N_("Share of the best"),
                N_("0 is off; 0.05 to 0.1 is usual."),
                *(0.0, 1.0, 0.01, 3, 0.0),
            ),
        ),
    ),
    Sampler(
        "xtc",
        N_("XTC"),
        N_(
            "Now and then leaves out the most obvious words, so that the story takes turns nobody expected."
        ),
        (
            Field(
                "xtc_probability",
                N_("How often"),
                N_("0 is off, 1 is always; 0.3 to 0.5 is usual."),
                *(0.0, 1.0, 0.05, 2, 0.0),
            ),
            Field(
                "xtc_threshold",
                N_("Obvious from"),
                N_("Words at least this likely may be left out; above 0.5 none are."),
                *(0.0, 1.0, 0.01, 2),
            ),
        ),
    ),
    Sampler(
        "temperature",
        N_("Temperature"),
        N_("Evens out the chances of all words that are left. It is set above."),
        (
            Field(
                "temperature",
                N_("Temperature"),
                N_("0 always takes the likeliest word; above 1 it gets wild."),
                *(0.0, 5.0, 0.05, 2, 1.0),
            ),
        ),
    ),
    Sampler(
        "mirostat",
        N_("Mirostat"),
        N_(
            "Steers towards an even measure of surprise all by itself. While it is on, only the penalties, DRY "
            "and the temperature count beside it."
        ),
        (
            Field(
                "mirostat_tau",
                N_("Surprise"),
                N_("0 is off; 3 is calm, 6 is lively."),
                *(0.0, 100.0, 0.1, 2, 0.0),
            ),
            Field(
                "mirostat_eta",
                N_("Pace of steering"),
                N_("0.1 is usual."),
                *(0.0, 1.0, 0.05, 2),
            ),
        ),
    ),
    Sampler(
        "bias",
        N_("Bias of words"),
        N_(
            "Makes words likelier or less likely wherever they could stand. What is never to be written belongs in "
            "Settings, Model, “Never write”."
        ),
        (
            Field(
                "logit_bias",
                N_("Words and their bias"),
                N_(
                    "One a line: word = number, from -100 to 100. A word within a sentence begins with a space."
                ),
            ),
        ),
    ),
)
FIELDS = {field.name: field for sampler in SAMPLERS for field in sampler.fields}
_SAMPLER_OF = {field.name: sampler.name for sampler in SAMPLERS for field in sampler.fields}
_REACH = {"penalties": "penalty_last_n", "dry": "dry_last_n"}


class Overrides(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the writer sets herself instead of the preset; ``None`` leaves it as the preset has it.

    The fields are those of :class:`Sampling`.
    """

    temperature: float | None = None
    top_k: int | None = None
    top_p: float | None = None
    min_p: float | None = None
    typical_p: float | None = None
    top_n_sigma: float | None = None
    xtc_probability: float | None = None
    xtc_threshold: float | None = None
    dry_multiplier: float | None = None
    dry_base: float | None = None
    dry_allowed_length: int | None = None
    dry_last_n: int | None = None
    dry_breakers: tuple[str, ...] | None = None
    repeat_penalty: float | None = None
    frequency_penalty: float | None = None
    presence_penalty: float | None = None
    penalty_last_n: int | None = None
    mirostat_tau: float | None = None
    mirostat_eta: float | None = None
    logit_bias: dict[str, float] | None = None
    order: tuple[str, ...] | None = None

    @classmethod
    def of(cls, sampling: Sampling) -> "Overrides":
        """All of ``sampling``, whatever the preset says."""
        return cls(**msgspec.structs.asdict(sampling))

    @classmethod
    def read(cls, values: Mapping[str, object]) -> "Overrides":
        """From the settings file, which anybody may have edited: what does not fit is left out."""
        kept: dict[str, Any] = {}
        for name, value in values.items():
            try:
                kept |= {name: _order(value) if name == "order" else FIELDS[name].fitting(value)}
            except (KeyError, ValueError):
                continue
        return cls(**kept)

    def plain(self) -> dict[str, Any]:
        """What is set, as the settings file keeps it."""
        return dict(msgspec.to_builtins(self))

    def with_value(self, name: str, value: object) -> "Overrides":
        """A copy with one field set; ``None``: as the preset has it."""
        return msgspec.structs.replace(self, **{name: value})

    def applied_to(self, sampling: Sampling) -> Sampling:
        """``sampling`` with what is set here.

        A sampler that she set and that the preset's chain lacks comes in, for else it would do nothing.
        """
        values = {name: value for name, value in _items(self) if value is not None}
        if self.order is None:
            wanted = {_SAMPLER_OF[name] for name in values} & set(USUAL_ORDER)
            values["order"] = _joined(
                sampling.order, [each for each in USUAL_ORDER if each in wanted]
            )
        return msgspec.structs.replace(sampling, **values)

    def differing(self, sampling: Sampling) -> tuple[str, ...]:
        """Names of the fields that change something about ``sampling``."""
        return tuple(
            name
            for name, value in _items(self)
            if value is not None and value != getattr(sampling, name)
        )


#: All as the preset has it.
UNTOUCHED = Overrides()


def acting(sampling: Sampling) -> set[str]:
    """Names of the samplers that do anything, as the engine builds its chain."""
    on = {each.name for each in SAMPLERS if any(field.works(sampling) for field in each.fields)}
    on -= {name for name, reach in _REACH.items() if getattr(sampling, reach) == 0}
    on &= {*sampling.order, "mirostat"}
    if sampling.temperature == 0:
        on &= set(RESTRAINTS)
        on.add("temperature")
    elif "mirostat" in on:
        on &= {*RESTRAINTS, "temperature", "mirostat"}
    return on | ({"bias"} if sampling.logit_bias else set())


def with_all(order: tuple[str, ...]) -> tuple[str, ...]:
    """A chain that has every sampler: restraints that it lacks come first, as others always have them, the rest last."""
    missing = [each for each in USUAL_ORDER if each not in order]
    first = [each for each in missing if each in (*RESTRAINTS, "top_n_sigma")]
    return (*first, *order, *(each for each in missing if each not in first))


def without_idle(sampling: Sampling) -> Sampling:
    """The same effect with every sampler in the chain: one that was left out, or reaches nowhere, is switched off."""
    idle = {each for each in USUAL_ORDER if each not in sampling.order}
    idle |= {name for name, reach in _REACH.items() if getattr(sampling, reach) == 0}
    if sampling.temperature == 0:  # greedy, whether in the chain or not
        idle.discard("temperature")
    values: dict[str, Any] = {
        field.name: field.off if field.decimals else int(field.off)
        for name, field in FIELDS.items()
        if _SAMPLER_OF[name] in idle and field.off is not None
    }
    for reach in _REACH.values():
        if getattr(sampling, reach) == 0:
            values[reach] = getattr(Sampling(), reach)
    return msgspec.structs.replace(sampling, order=with_all(sampling.order), **values)


def _items(overrides: Overrides) -> Iterator[tuple[str, Any]]:
    return iter(msgspec.structs.asdict(overrides).items())


def _joined(order: tuple[str, ...], more: list[str]) -> tuple[str, ...]:
    return (*order, *(each for each in more if each not in order))


def _order(value: object) -> tuple[str, ...]:
    """Names of samplers, each once; unknown ones are left out."""
    if not isinstance(value, list | tuple):
        raise ValueError("order")
    return tuple(dict.fromkeys(each for each in value if each in USUAL_ORDER))


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(each, str) for each in value):
        raise ValueError("texts")
    return tuple(dict.fromkeys(filter(None, value)))[:MOST_TEXTS]


def _biases(value: object) -> dict[str, float]:
    if not isinstance(value, Mapping):
        raise ValueError("biases")
    found: dict[str, float] = {}
    for text, bias in value.items():
        if isinstance(bias, bool) or not isinstance(bias, int | float) or not _is_finite(bias):
            raise ValueError("biases")
        if text:
            found[str(text)] = float(min(max(bias, -100), 100))
    return dict(list(found.items())[:MOST_TEXTS])


def _is_finite(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:  # a whole number of a thousand digits
        return False
