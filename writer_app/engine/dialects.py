"""What OpenAI-compatible servers understand beyond what all of them do.

A server is known by what it says of its models (``owned_by`` in ``/v1/models``). The names were read in the
documentation and sources of each: llama.cpp's ``tools/server``, llama-cpp-python's ``server/types.py``, vLLM's
``sampling_params.py``, KoboldCpp's ``koboldcpp.py``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from writer_app.engine.protocol import Sampling

#: Fields of :class:`Sampling` and what all servers call them.
_COMMON = {
    "temperature": "temperature",
    "top_p": "top_p",
    "frequency_penalty": "frequency_penalty",
    "presence_penalty": "presence_penalty",
}
_LLAMA = _COMMON | {
    "top_k": "top_k",
    "min_p": "min_p",
    "typical_p": "typical_p",
    "repeat_penalty": "repeat_penalty",
}
_DRY_XTC = {
    "dry_multiplier": "dry_multiplier",
    "dry_base": "dry_base",
    "dry_allowed_length": "dry_allowed_length",
    "dry_breakers": "dry_sequence_breakers",
    "xtc_probability": "xtc_probability",
    "xtc_threshold": "xtc_threshold",
}
#: Samplers that llama.cpp's server calls otherwise.
_SHORT = {"typical_p": "typ_p"}


@dataclass(frozen=True)
class Counting:
    """How a server counts tokens: a path, the field for the text, and where its answer holds tokens or a number."""

    path: str
    text: str
    answer: str


@dataclass(frozen=True)
class Dialect:
    """One kind of server.

    Attributes:
        name: For people.
        sampling: Its names for the fields of :class:`Sampling`; those missing are left to its own defaults.
        grammar: Where a GBNF grammar goes; empty: it takes none.
        bans: Where phrases go that must not be written; empty: none.
        counting: ``None`` where it does not count.
        fixed: Sent with every request.
    """

    name: str
    sampling: Mapping[str, str] = field(default_factory=lambda: _COMMON)
    grammar: tuple[str, ...] = ()
    bans: str = ""
    counting: Counting | None = None
    fixed: Mapping[str, Any] = field(default_factory=dict)

    def settings(self, sampling: Sampling) -> dict[str, Any]:
        """The fields for ``sampling``: all that it knows, since its own defaults are not neutral."""
        found = {theirs: getattr(sampling, ours) for ours, theirs in self.sampling.items()}
        if not sampling.dry_multiplier:
            found.pop("dry_sequence_breakers", None)
        if (
            sampling.dry_last_n < 0
        ):  # the whole context, as is usual; some versions refuse the figure
            found.pop("dry_penalty_last_n", None)
        if sampling.mirostat_tau and "mirostat_tau" in found:
            found["mirostat"] = 2
        if "samplers" in found:
            found["samplers"] = [_SHORT.get(name, name) for name in sampling.order]
        return found


PLAIN = Dialect("OpenAI")
#: By ``owned_by``, in small letters.
DIALECTS = {
    "llamacpp": Dialect(
        "llama.cpp",
        _LLAMA
        | _DRY_XTC
        | {
            "top_n_sigma": "top_n_sigma",
            "penalty_last_n": "repeat_last_n",
            "dry_last_n": "dry_penalty_last_n",
            "mirostat_tau": "mirostat_tau",
            "mirostat_eta": "mirostat_eta",
            "order": "samplers",
        },
        grammar=("grammar",),
        counting=Counting("/tokenize", "content", "tokens"),
        fixed={"cache_prompt": True},
    ),
    "vllm": Dialect(
        "vLLM",
        _COMMON | {"top_k": "top_k", "min_p": "min_p", "repeat_penalty": "repetition_penalty"},
        grammar=("structured_outputs", "grammar"),
        bans="bad_words",
        counting=Counting("/tokenize", "prompt", "count"),
    ),
    "me": Dialect(
        "llama-cpp-python",
        _COMMON | {"top_k": "top_k", "min_p": "min_p", "repeat_penalty": "repeat_penalty"},
        grammar=("grammar",),
        counting=Counting("/extras/tokenize/count", "input", "count"),
    ),
    "koboldcpp": Dialect(
        "KoboldCpp",
        _COMMON | _DRY_XTC | {"top_k": "top_k", "min_p": "min_p", "repeat_penalty": "rep_pen"},
        grammar=("grammar",),
        bans="banned_strings",
    ),
    "organization_owner": Dialect("LM Studio", _LLAMA),
    "library": Dialect("Ollama"),
}


def estimate(text: str) -> int:
    """Tokens of a text where nobody counts them: one per Han character, one per four others."""
    han = sum(1 for character in text if "\u3000" <= character <= "\u9fff")
    return han + -(-(len(text) - han) // 4)
