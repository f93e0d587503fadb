"""What KoboldCpp and SillyTavern call the samplers' settings, and what they have that we have not.

A table of names, no code: the names are those of KoboldCpp's interface and KoboldAI Lite's settings, and of
SillyTavern's presets for text completion.
"""

from typing import Any, NamedTuple


class Key(NamedTuple):
    """A setting of ours in their files.

    Attributes:
        field: Of :class:`Sampling`.
        kobold, tavern: The name it is written by; empty: that format has no place for it.
        also: Other names it is read by.
    """

    field: str
    kobold: str
    tavern: str
    also: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """All it is read by."""
        return tuple(filter(None, (self.kobold, self.tavern, *self.also)))


KEYS = (
    Key("temperature", "temperature", "temp"),
    Key("top_k", "top_k", "top_k"),
    Key("top_p", "top_p", "top_p"),
    Key("min_p", "min_p", "min_p"),
    Key("typical_p", "typical", "typical_p", ("typ_s",)),
    Key("top_n_sigma", "nsigma", "nsigma"),
    Key("repeat_penalty", "rep_pen", "rep_pen"),
    Key("penalty_last_n", "rep_pen_range", "rep_pen_range"),
    Key("presence_penalty", "presence_penalty", "presence_pen"),
    Key("frequency_penalty", "", "freq_pen", ("frequency_penalty",)),
    Key("dry_multiplier", "dry_multiplier", "dry_multiplier"),
    Key("dry_base", "dry_base", "dry_base"),
    Key("dry_allowed_length", "dry_allowed_length", "dry_allowed_length"),
    Key("dry_last_n", "dry_penalty_last_n", "dry_penalty_last_n"),
    Key("dry_breakers", "dry_sequence_breakers", "dry_sequence_breakers"),
    Key("xtc_probability", "xtc_probability", "xtc_probability"),
    Key("xtc_threshold", "xtc_threshold", "xtc_threshold"),
    Key("mirostat_tau", "mirostat_tau", "mirostat_tau", ("miro_tau",)),
    Key("mirostat_eta", "mirostat_eta", "mirostat_eta", ("miro_eta",)),
)
#: 0 off, 1 and 2 the two versions of Mirostat; ours is the second.
MIROSTAT = ("mirostat", "mirostat_mode", "miro_type")
#: By tokens in KoboldCpp, which only their model knows; by text in SillyTavern.
BIAS = "logit_bias"


class Other(NamedTuple):
    """A setting that we cannot follow.

    Attributes:
        idle: Values with which it does nothing; the first is written.
        kobold, tavern: Whether that format has it under this name.
    """

    name: str
    idle: tuple[Any, ...]
    kobold: bool = True
    tavern: bool = True


#: Everything else that shapes what is drawn.
OTHERS = (
    Other("tfs", (1,)),
    Other("top_a", (0,)),
    Other("rep_pen_slope", (1, 0)),
    Other("smoothing_factor", (0,)),
    Other("dynatemp_range", (0,), tavern=False),
    Other("dynatemp", (False,), kobold=False),
    Other("adaptive_target", (-1,), tavern=False),
    Other("adaptivep_target", (-1,), kobold=False, tavern=False),
    Other("tfs_s", (1,), kobold=False, tavern=False),
    Other("epsilon_cutoff", (0,), kobold=False),
    Other("eta_cutoff", (0,), kobold=False),
    Other("rep_pen_decay", (0,), kobold=False),
    Other("no_repeat_ngram_size", (0,), kobold=False),
    Other("encoder_rep_pen", (1,), kobold=False),
    Other("penalty_alpha", (0,), kobold=False),
    Other("num_beams", (1,), kobold=False),
    Other("skew", (0,), kobold=False),
    Other("guidance_scale", (1,), kobold=False),
    Other("min_length", (0,), kobold=False),
    Other("ban_eos_token", (False,), kobold=False),
    Other("banned_tokens", ("", []), kobold=False),
    Other("tokenbans", ("",), kobold=False, tavern=False),
    Other("logitbiasdict", ({},), kobold=False, tavern=False),
    Other("grammar", ("",), tavern=False),
    Other("grammar_string", ("",), kobold=False),
    Other("json_schema", (None, {}), kobold=False),
)
#: Names that tell the two formats apart.
ONLY_KOBOLD = {
    *("typical", "typ_s", "tfs_s", "mirostat", "miro_type", "temperature", "presence_penalty"),
    *("dynatemp_range", "adaptive_target", "adaptivep_target", "logitbiasdict", "tokenbans"),
}
ONLY_TAVERN = {
    *("typical_p", "mirostat_mode", "freq_pen", "presence_pen", "samplers", "sampler_priority"),
    *("temperature_last", "epsilon_cutoff", "eta_cutoff", "do_sample", "dynatemp", "banned_tokens"),
}
#: Where their exports keep the settings of the samplers, if not at the top.
INSIDE = ("savedsettings", "params", "preset", "textgenerationwebui_settings")

#: KoboldCpp numbers its samplers; min-p follows top-p and top-nσ the temperature there, DRY is first, XTC last.
KOBOLD_SLOTS: dict[int, tuple[str, ...]] = {
    0: ("top_k",),
    1: (),  # top-a
    2: ("top_p", "min_p"),
    3: (),  # tail-free
    4: ("typical_p",),
    5: ("temperature", "top_n_sigma"),
    6: ("penalties",),
}
#: SillyTavern has a list of names for llama.cpp and one for others; which of their names are ours.
TAVERN_NAMES = {
    "penalties": "penalties",
    "repetition_penalty": "penalties",
    "presence_penalty": "penalties",
    "frequency_penalty": "penalties",
    "dry": "dry",
    "top_n_sigma": "top_n_sigma",
    "top_k": "top_k",
    "typ_p": "typical_p",
    "typical_p": "typical_p",
    "top_p": "top_p",
    "min_p": "min_p",
    "xtc": "xtc",
    "temperature": "temperature",
}
