"""The bare loop over the C functions, in a process of its own: what our engine is measured against."""

import os
import subprocess
import sys
import time

from writer_app.bench.rig import STEADY, Asked
from writer_app.engine.client import _ENVIRONMENT
from writer_app.launch import command

COUNT_SEED = 1


class Bare:
    """A child that writes ``count`` tokens behind ``text`` each time it is asked, and tells its pace.

    It has a thread for each processor, and they wait as ours do, or with ``plain`` as llama.cpp's own do.
    """

    def __init__(self, asked: Asked, text: str, count: int, *, plain: bool = False) -> None:
        others = {name: value for name, value in os.environ.items() if name not in _ENVIRONMENT}
        self._child = subprocess.Popen(
            command("--bare", asked.model, str(count), *asked.avoid),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=others if plain else _ENVIRONMENT | os.environ,
        )
        self._say(text.replace("\n", " "))
        self._hear()

    def __enter__(self) -> "Bare":
        return self

    def __exit__(self, *_: object) -> None:
        self._child.kill()
        self._child.wait()

    def tokens_per_second(self) -> float:
        """Write once; the pace of that."""
        self._say("go")
        return float(self._hear())

    def _say(self, line: str) -> None:
        assert self._child.stdin
        self._child.stdin.write(line.encode() + b"\n")
        self._child.stdin.flush()

    def _hear(self) -> str:
        assert self._child.stdout
        return self._child.stdout.readline().decode()


def main(path: str, given: str, *avoid: str) -> int:
    """The child."""
    import llama_cpp as native

    from writer_app.engine import devices
    from writer_app.engine.sampling import _chain
    from writer_app.engine.vocabulary import Vocabulary

    count = int(given)
    devices.use_processor(avoid)
    native.llama_backend_init()
    model = native.llama_model_load_from_file(path.encode(), native.llama_model_default_params())
    params = native.llama_context_default_params()
    params.n_ctx, params.n_batch, params.n_ubatch = 4_096, 256, 256
    params.flash_attn_type = native.LLAMA_FLASH_ATTN_TYPE_DISABLED
    params.n_threads = params.n_threads_batch = os.cpu_count() or 2
    context = native.llama_init_from_model(model, params)
    vocabulary = Vocabulary(model, space_prefix=False)
    memory = native.llama_get_memory(context)
    tokens = vocabulary.tokenise(sys.stdin.readline().strip().encode(), bos=True)
    for start in range(0, len(tokens), 256):
        part = tokens[start : start + 256]
        array = (native.llama_token * len(part))(*part)
        native.llama_decode(context, native.llama_batch_get_one(array, len(part)))
    print(flush=True)
    one = (native.llama_token * 1)()
    for _line in sys.stdin:
        native.llama_memory_seq_rm(memory, 0, len(tokens) - 1, -1)
        chain = native.llama_sampler_chain_init(native.llama_sampler_chain_default_params())
        for _name, sampler in _chain(STEADY, vocabulary, COUNT_SEED, 2_048):
            native.llama_sampler_chain_add(chain, sampler)
        one[0] = tokens[-1]
        native.llama_decode(context, native.llama_batch_get_one(one, 1))
        began = time.perf_counter()
        for _step in range(count):
            one[0] = native.llama_sampler_sample(chain, context, -1)
            native.llama_decode(context, native.llama_batch_get_one(one, 1))
        print(count / (time.perf_counter() - began), flush=True)
        native.llama_sampler_free(chain)
    return 0
