"""Errors as the window words them, where the usual sentence speaks of command-line options."""

from writer_app.errors import (
    N_,
    GraphicsFailed,
    LanguageMismatch,
    ModelMissing,
    NoModelInstalled,
    TooLong,
    WriterError,
)
from writer_app.language import _, explain

_SENTENCES: dict[type[WriterError], str] = {
    GraphicsFailed: N_(
        "The graphics processor failed ({device}: {reason}). Longhand goes on with the processor alone, "
        "which is slower. Your text is safe. To try it again, turn “Use the graphics processor” off and on "
        "in Settings, Model."
    ),
    LanguageMismatch: N_(
        "The model “{model}” cannot write {language}, the language of this text. "
        "Choose a model file that can, or get one."
    ),
    ModelMissing: N_("There is no model file at “{path}” any more. Choose another one."),
    NoModelInstalled: N_(
        "No language model is installed yet. Choose a model file (GGUF); writing works without one."
    ),
    TooLong: N_(
        "The text to read is too long for this model. Let it read less: Settings, Model, “Read at most”."
    ),
}


def in_window(error: WriterError) -> str:
    """The sentence for ``error`` in the window."""
    sentence = _SENTENCES.get(type(error))
    if sentence is None:
        return explain(error)
    params = {name: _(str(value)) for name, value in error.params.items()}
    return _(sentence).format(**params)
