"""Drawing the next token: llama.cpp's sampler chain over candidates that we may narrow first."""

import ctypes
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import llama_cpp as native
import numpy as np
from numpy.typing import NDArray

from writer_app.engine.protocol import Sampling, Token
from writer_app.engine.vocabulary import Vocabulary
from writer_app.errors import BadGrammar, BadSettings

_DTYPE = np.dtype([("id", np.int32), ("logit", np.float32), ("p", np.float32)])
Scores = NDArray[np.float32]
#: Characters of a grammar: llama.cpp takes minutes for a much longer one, and its parser recurses.
_LONGEST_GRAMMAR = 16_384

#: Lets a chain draw a token and take it.
Sample = Callable[[ctypes.c_void_p], int]

# Each sampler of the chain by the name a recipe uses; ``None`` where its setting switches it off.
_Builder = Callable[[Sampling, Vocabulary, int], ctypes.c_void_p | None]


def _reach(last: int, trained: int) -> int:
    """Tokens a restraint looks back over: never more than there can be, for llama.cpp makes room for all."""
    return min(last, trained) if last >= 0 else trained


def _dry(settings: Sampling, vocabulary: Vocabulary, trained: int) -> ctypes.c_void_p | None:
    if settings.dry_multiplier <= 0:
        return None
    breakers = [text.encode() for text in settings.dry_breakers]
    array = (ctypes.c_char_p * len(breakers))(*breakers)
    return native.llama_sampler_init_dry(
        vocabulary.handle,
        settings.dry_multiplier,
        settings.dry_base,
        settings.dry_allowed_length,
        _reach(settings.dry_last_n, trained),
        array,
        len(breakers),
    )


def _penalties(s: Sampling, vocabulary: Vocabulary, trained: int) -> ctypes.c_void_p | None:
    if (s.repeat_penalty, s.frequency_penalty, s.presence_penalty) == (1.0, 0.0, 0.0):
        return None
    last = _reach(s.penalty_last_n, trained)
    return native.llama_sampler_init_penalties(
        vocabulary.size, last, s.repeat_penalty, s.frequency_penalty, s.presence_penalty
    )


_SAMPLERS: dict[str, _Builder] = {
    "penalties": _penalties,
    "dry": _dry,
    "top_n_sigma": lambda s, v, n: (
        native.llama_sampler_init_top_n_sigma(s.top_n_sigma) if s.top_n_sigma > 0 else None
    ),
    "top_k": lambda s, v, n: native.llama_sampler_init_top_k(s.top_k) if s.top_k > 0 else None,
    "typical_p": lambda s, v, n: (
        native.llama_sampler_init_typical(s.typical_p, 1) if s.typical_p < 1 else None
    ),
    "top_p": lambda s, v, n: native.llama_sampler_init_top_p(s.top_p, 1) if s.top_p < 1 else None,
    "min_p": lambda s, v, n: native.llama_sampler_init_min_p(s.min_p, 1) if s.min_p > 0 else None,
    "temperature": lambda s, v, n: native.llama_sampler_init_temp(s.temperature),
}

#: Those that remember what was written.
_RESTRAINTS = ("penalties", "dry")


def check(settings: Sampling) -> None:
    """Refuse what no chain can be built from. Raises :class:`BadSettings`."""
    for name in settings.order:
        if name not in _SAMPLERS and name != "xtc":
            raise BadSettings(
                name="order", value=name, reason=f"known: {', '.join(_SAMPLERS)}, xtc"
            )
    if len(set(settings.order)) != len(settings.order):
        raise BadSettings(
            name="order", value=", ".join(settings.order), reason="a sampler stands twice"
        )


@dataclass
class Pick:
    """The token drawn, and what was reported of it."""

    token: int
    probability: float = 0.0
    best: tuple[tuple[int, float], ...] = ()


class Sampler:
    """One answer's sampler chain and grammar; :meth:`close` frees both.

    Raises:
        BadSettings, BadGrammar: When it cannot be built.
    """

    def __init__(
        self, settings: Sampling, vocabulary: Vocabulary, seed: int, trained: int, grammar: str = ""
    ) -> None:
        check(settings)
        self._vocabulary = vocabulary
        self._template = np.zeros(vocabulary.size, _DTYPE)
        self._template["id"] = np.arange(vocabulary.size)
        self._bias = _bias(settings, vocabulary)
        self._grammar = None
        if grammar:
            if len(grammar) > _LONGEST_GRAMMAR:
                raise BadGrammar
            self._grammar = native.llama_sampler_init_grammar(
                vocabulary.handle, grammar.encode(), b"root"
            )
            if not self._grammar:
                raise BadGrammar
        self._chain = native.llama_sampler_chain_init(native.llama_sampler_chain_default_params())
        parts = _chain(settings, vocabulary, seed, trained)
        for _name, part in parts:
            native.llama_sampler_chain_add(self._chain, part)
        self._restraints = [part for name, part in parts if name in _RESTRAINTS]

    def close(self) -> None:
        """Free what llama.cpp holds."""
        native.llama_sampler_free(self._chain)
        if self._grammar:
            native.llama_sampler_free(self._grammar)

    def see(self, tokens: Iterable[int]) -> None:
        """Tell the penalties what was read: repetition counts from the prompt on."""
        for token in tokens:
            native.llama_sampler_accept(self._chain, token)

    def rewind(self, read: Iterable[int], drawn: Iterable[int]) -> None:
        """Know only what was ``read`` and then ``drawn``. Chance goes on where it was.

        With a grammar, all that is drawn obeys it.
        """
        for part in self._restraints:
            native.llama_sampler_reset(part)
        if self._grammar:
            native.llama_sampler_reset(self._grammar)
        self.see(read)
        for token in drawn:
            native.llama_sampler_accept(self._chain, token)
            if self._grammar:
                native.llama_sampler_accept(self._grammar, token)

    def bias(self, scores: Scores) -> None:
        """Add the writer's bias to ``scores``, in place."""
        for token, bias in self._bias:
            scores[token] += bias

    def pick(
        self,
        scores: Scores,
        allowed: list[int] | None = None,
        best: int = 0,
        sample: Sample | None = None,
    ) -> Pick:
        """Draw a token from ``scores`` (one logit per token).

        Args:
            scores: Logits, with :meth:`bias`; minus infinity forbids.
            allowed: Only these ids may be drawn; they need not obey the grammar.
            best: Report the probability of the token and this many alternatives.
            sample: Lets a chain draw from these very scores where they lie, without a copy of them.

        Raises:
            BadGrammar: Nothing that is not forbidden obeys it.
        """
        if sample and allowed is None and not (self._grammar or best):
            return Pick(sample(self._chain))
        token = self._draw(scores, allowed)
        if self._grammar and allowed is None:
            if not self._fits_grammar(token):
                token = self._draw(scores, None, strict=True)
            native.llama_sampler_accept(self._grammar, token)
        native.llama_sampler_accept(self._chain, token)
        if not best:
            return Pick(token)
        return _report(scores, token, best)

    def _draw(self, scores: Scores, allowed: list[int] | None, *, strict: bool = False) -> int:
        if allowed is None:
            candidates = self._template.copy()
            candidates["logit"] = scores
        else:
            candidates = np.zeros(len(allowed), _DTYPE)
            candidates["id"] = allowed
            candidates["logit"] = scores[allowed]
        array = _as_array(candidates)
        if strict:
            native.llama_sampler_apply(self._grammar, ctypes.byref(array))
            if not np.isfinite(candidates["logit"].max()):
                raise BadGrammar  # no token can go on; llama.cpp would abort on taking one
        native.llama_sampler_apply(self._chain, ctypes.byref(array))
        chosen = array.data[max(array.selected, 0)]
        return int(chosen.id)

    def _fits_grammar(self, token: int) -> bool:
        one = np.zeros(1, _DTYPE)
        one["id"] = token
        array = _as_array(one)
        native.llama_sampler_apply(self._grammar, ctypes.byref(array))
        return bool(np.isfinite(one["logit"][0]))


def _chain(
    s: Sampling, vocabulary: Vocabulary, seed: int, trained: int
) -> list[tuple[str, ctypes.c_void_p]]:
    """The samplers that are switched on, by name, and last the one that draws."""
    if s.temperature == 0:
        order = [name for name in s.order if name in _RESTRAINTS]
        last = native.llama_sampler_init_greedy()
    elif s.mirostat_tau > 0:
        order = [name for name in s.order if name in (*_RESTRAINTS, "temperature")]
        last = native.llama_sampler_init_mirostat_v2(seed, s.mirostat_tau, s.mirostat_eta)
    else:
        order = list(s.order)
        last = native.llama_sampler_init_dist(seed)
    parts = []
    for name in order:
        if name != "xtc":
            parts.append((name, _SAMPLERS[name](s, vocabulary, trained)))
        elif s.xtc_probability > 0:
            xtc = native.llama_sampler_init_xtc(s.xtc_probability, s.xtc_threshold, 1, seed)
            parts.append((name, xtc))
    return [*((name, part) for name, part in parts if part), ("draw", last)]


def _bias(settings: Sampling, vocabulary: Vocabulary) -> list[tuple[int, float]]:
    """Bias by text: every token of the text gets it, as every peer does it."""
    return [
        (token, bias)
        for text, bias in settings.logit_bias.items()
        for token in vocabulary.tokenise(text.encode())
    ]


def _as_array(candidates: NDArray[np.void]) -> native.llama_token_data_array:
    data = candidates.ctypes.data_as(native.llama_token_data_p)
    return native.llama_token_data_array(data=data, size=len(candidates), selected=-1, sorted=False)


def _report(scores: Scores, token: int, best: int) -> Pick:
    shifted = scores - scores.max()
    weights = np.exp(shifted, dtype=np.float64)
    shares = weights / weights.sum()
    top = np.argpartition(-shares, best)[:best]
    top = top[np.argsort(-shares[top], kind="stable")]
    return Pick(token, float(shares[token]), tuple((int(t), float(shares[t])) for t in top))


def describe(pick: Pick, vocabulary: Vocabulary) -> Token:
    """A pick as the protocol reports it; half characters show as replacement characters."""
    spell = vocabulary.piece
    return Token(
        text=spell(pick.token).decode("utf-8", "replace"),
        probability=pick.probability,
        best=tuple((spell(token).decode("utf-8", "replace"), share) for token, share in pick.best),
    )
