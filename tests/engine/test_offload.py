"""How many layers fit, and how long a step on a graphics processor may be."""

from hypothesis import given
from hypothesis import strategies as st

from writer_app.engine.offload import MARGIN, Demand, demand, layers_that_fit, working_bytes
from writer_app.engine.stride import Stride

#: 4 blocks of 100 bytes and an output of 50.
SMALL = Demand(output=50, blocks=(100,) * 4, working=30)
BASE = MARGIN + SMALL.working


def test_all_layers_fit_where_there_is_room_for_all_and_the_output_counts_as_one():
    assert layers_that_fit([BASE + 450], SMALL) == 5


def test_one_byte_less_is_one_layer_less_taken_from_the_front():
    assert layers_that_fit([BASE + 449], SMALL) == 4
    uneven = Demand(output=50, blocks=(1_000, 100, 100), working=30)
    assert layers_that_fit([BASE + 250], uneven) == 3


def test_nothing_fits_where_the_margin_is_not_even_free():
    assert layers_that_fit([MARGIN], SMALL) == 0
    assert layers_that_fit([], SMALL) == 0


def test_two_devices_add_up_each_with_its_own_margin():
    assert layers_that_fit([BASE + 250, BASE + 200], SMALL) == 5
    assert layers_that_fit([BASE + 250, MARGIN // 2], SMALL) == 3


@given(st.integers(0, 10 * MARGIN), st.integers(0, MARGIN), st.lists(st.integers(1, MARGIN)))
def test_more_memory_never_holds_fewer_layers_and_what_fits_is_never_more_than_there_is(
    free, more, blocks
):
    wanted = Demand(output=7, blocks=tuple(blocks), working=11)
    fitting = layers_that_fit([free], wanted)
    assert fitting <= layers_that_fit([free + more], wanted) <= len(blocks) + 1
    taken = [wanted.output, *reversed(blocks)][:fitting]
    assert not taken or sum(taken) + MARGIN + wanted.working <= free


def test_the_tensors_of_a_file_are_summed_by_block_and_keys_and_values_are_added():
    tensors = [
        ("token_embd.weight", 500),
        ("blk.0.attn_q.weight", 10),
        ("blk.10.attn_q.weight", 30),
        ("blk.1.attn_q.weight", 20),
        ("blk.1.ffn_up.weight", 5),
        ("output_norm.weight", 3),
        ("output.weight", 400),
    ]
    found = demand(tensors, per_block=1_000, working=9)
    assert found == Demand(output=403, blocks=(1_010, 1_025, 1_030), working=9)


def test_a_model_without_an_output_of_its_own_takes_its_embedding_to_the_device_too():
    tensors = [("token_embd.weight", 500), ("output_norm.weight", 3), ("blk.0.x", 1)]
    assert demand(tensors, per_block=0, working=0).output == 503


def test_a_longer_context_and_a_larger_vocabulary_take_more_to_compute():
    small = working_bytes(batch=256, context=4_096, heads=9, vocabulary=49_152, width=576)
    assert small < working_bytes(batch=256, context=8_192, heads=9, vocabulary=49_152, width=576)
    assert small < working_bytes(batch=256, context=4_096, heads=9, vocabulary=250_000, width=576)


def test_a_stride_grows_while_calls_are_quick_and_shrinks_where_they_are_slow():
    stride = Stride(64, least=16, most=256)
    for _ in range(5):
        stride.took(stride.tokens, 0.01)
    assert stride.tokens == 256
    for _ in range(9):
        stride.took(stride.tokens, 1.0)
    assert stride.tokens == 16
    assert stride.usual == 64


def test_the_short_rest_of_a_text_does_not_make_the_stride_grow():
    stride = Stride(64, least=16, most=256)
    stride.took(3, 0.001)
    assert stride.tokens == 64


def test_on_the_processor_every_call_is_as_long_as_ever():
    stride = Stride(256)
    stride.took(256, 9.0)
    stride.took(256, 0.001)
    assert stride.tokens == 256
