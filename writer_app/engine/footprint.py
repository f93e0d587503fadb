"""What a model takes of the memory, from its shape alone. Pure: numbers in, bytes out.

The shape comes from the head of its file (:mod:`~writer_app.engine.inspector`) or, for a model that is not here yet,
from the catalogue. The sums are of contexts as this engine makes them (:mod:`~writer_app.engine.context`): keys and
values of 2 bytes, those of sliding windows kept for the whole context so that one can go back, and room for the states
of all sequences in models that keep a state.
"""

from typing import Annotated

import msgspec

from writer_app.engine.offload import Demand, working_bytes

#: Tokens a call while reading, and sequences with the spare one, as in :mod:`~writer_app.engine.context`.
BATCH, SEQUENCES = 256, 9
#: Bytes of the engine's process besides the model: Python, llama.cpp, the vocabulary.
PROCESS = 200 * 2**20
#: Bytes of one key or value.
_HALF = 2

Count = Annotated[int, msgspec.Meta(ge=0)]
Positive = Annotated[int, msgspec.Meta(gt=0)]


class Shape(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How a model is built.

    Attributes:
        parameters: Numbers it has learnt.
        active: How many of them one token is computed with; 0: all (no mixture of experts).
        vocabulary: Tokens that it knows.
        width: Numbers that a token becomes.
        layers: Blocks one after the other.
        heads: Of attention, in a block.
        kv_heads: Of keys and values, in a block that attends.
        key_length, value_length: Numbers of a key and of a value, in one head.
        attending: Blocks that keep keys and values; the others keep a state. ``None``: all.
        sliding: Of these, so many look back only ``window`` tokens.
        window: See ``sliding``.
        state_bytes: Bytes of the states of all blocks that keep one, for one sequence.
        tied: The table of tokens is used for the output too, so that every token reads all of it.
    """

    parameters: Positive
    vocabulary: Positive
    width: Positive
    layers: Positive
    heads: Count
    kv_heads: Count
    key_length: Count
    value_length: Count
    active: Count = 0
    attending: Count | None = None
    sliding: Count = 0
    window: Count = 0
    state_bytes: Count = 0
    tied: bool = False

    @property
    def computed(self) -> int:
        """Parameters that one token of a text is multiplied with, in the blocks: no table of tokens."""
        tables = self.vocabulary * self.width * (1 if self.tied else 2)
        return max(1, (self.active or self.parameters) - tables)

    @property
    def output(self) -> int:
        """Parameters that make a word of what the blocks answered; only for tokens that are written."""
        return self.vocabulary * self.width

    @property
    def bytes_a_token(self) -> int:
        """Bytes of keys and values that the context keeps of a token."""
        blocks = self.layers if self.attending is None else self.attending
        return blocks * self.kv_heads * (self.key_length + self.value_length) * _HALF


def context_bytes(shape: Shape, context: int) -> int:
    """What the model remembers with so many tokens of context."""
    return context * shape.bytes_a_token + SEQUENCES * shape.state_bytes


def working(shape: Shape, context: int) -> int:
    """For computing."""
    return working_bytes(
        batch=BATCH,
        context=context,
        heads=shape.heads,
        vocabulary=shape.vocabulary,
        width=shape.width,
    )


def needed(shape: Shape, size: int, context: int) -> int:
    """Bytes of memory with everything, for a file of ``size`` bytes."""
    return PROCESS + size + context_bytes(shape, context) + working(shape, context)


def demand(shape: Shape, size: int, context: int) -> Demand:
    """What its layers would take of graphics processors, all layers alike."""
    output = size * shape.output // shape.parameters
    blocks = max(0, size - output * (1 if shape.tied else 2))
    a_block = (blocks + context_bytes(shape, context)) // shape.layers
    return Demand(output, (a_block,) * shape.layers, working(shape, context))
