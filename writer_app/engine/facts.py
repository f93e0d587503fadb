"""What a model file says of itself, as far as it decides whether and how well the model runs here."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from writer_app.engine import filename
from writer_app.engine.footprint import Shape

#: The number by which a file names its quantisation (llama.h, ``llama_ftype``).
QUANTISATIONS: Mapping[int, str] = {
    0: "F32",
    1: "F16",
    2: "Q4_0",
    3: "Q4_1",
    7: "Q8_0",
    8: "Q5_0",
    9: "Q5_1",
    10: "Q2_K",
    11: "Q3_K_S",
    12: "Q3_K_M",
    13: "Q3_K_L",
    14: "Q4_K_S",
    15: "Q4_K_M",
    16: "Q5_K_S",
    17: "Q5_K_M",
    18: "Q6_K",
    19: "IQ2_XXS",
    20: "IQ2_XS",
    21: "Q2_K_S",
    22: "IQ3_XS",
    23: "IQ3_XXS",
    24: "IQ1_S",
    25: "IQ4_NL",
    26: "IQ3_S",
    27: "IQ3_M",
    28: "IQ2_S",
    29: "IQ2_M",
    30: "IQ4_XS",
    31: "IQ1_M",
    32: "BF16",
    36: "TQ1_0",
    37: "TQ2_0",
    38: "MXFP4",
}


class Work(msgspec.Struct, frozen=True):
    """Parameters that one token is multiplied with, by the kind of their blocks (``Q4_K``).

    Attributes:
        blocks: Of the model's layers; of a mixture of experts only those that are asked.
        output: Besides, for a token that is written.
    """

    blocks: dict[str, int]
    output: dict[str, int]


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a model file.

    Attributes:
        architecture: As llama.cpp calls it.
        name: As its makers call it; may be empty.
        quantisation: As llama.cpp calls it; empty for one that is unknown here.
        size: Bytes of all parts.
        context: Tokens that it was trained with.
        rewinds: It can go back to any earlier token.
        template, infill: It has a chat template; it has tokens for filling in the middle.
    """

    architecture: str
    name: str
    quantisation: str
    size: int
    context: int
    shape: Shape
    work: Work
    languages: tuple[str, ...] = ()
    licence: str = ""
    rewinds: bool = True
    template: bool = False
    infill: bool = False


@dataclass(frozen=True)
class Told:
    """What llama.cpp makes of a model; the words are those of :class:`~writer_app.engine.footprint.Shape`."""

    parameters: int
    vocabulary: int
    width: int
    layers: int
    heads: int
    kv_heads: int
    context: int
    window: int
    recurrent: bool
    hybrid: bool
    template: bool
    infill: bool

    @property
    def rewinds(self) -> bool:
        """It can go back to any earlier token."""
        return not (self.recurrent or self.hybrid)


class Answer(msgspec.Struct, frozen=True, omit_defaults=True):
    """What became of a file that was looked into: its facts, or an error's code and parameters."""

    facts: Facts | None = None
    code: str = ""
    params: dict[str, str | int | float] = {}
    detail: str = ""


def parts(path: Path) -> list[Path]:
    """All files of a model, of which one is named; just that one where it is not split."""
    found = filename.part_of(path.name)
    if found is None or found.of == 1:
        return [path]
    names = (filename.part_name(found.stem, n, found.of) for n in range(1, found.of + 1))
    return [path.with_name(name) for name in names]


def title(path: Path) -> str:
    """The name of a model's file without its ending, and without the number of its part."""
    found = filename.part_of(path.name)
    return found.stem if found else path.stem


def is_first(path: Path) -> bool:
    """Whether a file stands for its model: the only one, or the first part."""
    found = filename.part_of(path.name)
    return found is None or found.number == 1
