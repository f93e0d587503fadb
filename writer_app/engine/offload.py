"""How many layers of a model fit on the graphics processors. Pure: bytes in, layers out.

llama.cpp counts from the end: one layer means the output, two the output and the last block, and so on.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

#: Bytes left free on each device for the screen and other programs; llama.cpp's own margin
#: (``--fit-target``, 1,024 MiB).
MARGIN = 2**30
_BLOCK = re.compile(r"blk\.(\d+)\.")
_FLOAT = 4


@dataclass(frozen=True)
class Demand:
    """Bytes that a model would take on a device.

    Attributes:
        output: The output matrix, which goes first.
        blocks: Each block with what its layer remembers of the context, in the model's order.
        working: For computing, on each device that has any layer.
    """

    output: int
    blocks: tuple[int, ...]
    working: int


def demand(tensors: Sequence[tuple[str, int]], *, per_block: int, working: int) -> Demand:
    """What a model would take.

    Args:
        tensors: Names and bytes of its tensors, as in its file.
        per_block: Bytes of keys and values for each block.
        working: Bytes for computing.
    """
    # A model without an output matrix of its own uses the embedding for it: a second copy, on the device.
    own = any(name == "output.weight" for name, _size in tensors)
    last = ("output",) if own else ("output", "token_embd")
    output = sum(size for name, size in tensors if name.startswith(last))
    blocks: dict[int, int] = {}
    for name, size in tensors:
        if found := _BLOCK.match(name):
            number = int(found[1])
            blocks[number] = blocks.get(number, per_block) + size
    return Demand(output, tuple(blocks[number] for number in sorted(blocks)), working)


def working_bytes(*, batch: int, context: int, heads: int, vocabulary: int, width: int) -> int:
    """About what a step of computing takes without flash attention.

    The scores of a batch against the context for each head, its logits, and a few rows of the model's width.
    """
    return batch * _FLOAT * (context * heads + vocabulary + 16 * width)


def layers_that_fit(free: Sequence[int], wanted: Demand) -> int:
    """How many layers of ``wanted`` fit into the ``free`` bytes of the devices; 0 to all, output included."""
    left = sum(max(0, each - MARGIN - wanted.working) for each in free)
    for fitting, cost in enumerate((wanted.output, *reversed(wanted.blocks))):
        if cost > left:
            return fitting
        left -= cost
    return len(wanted.blocks) + 1
