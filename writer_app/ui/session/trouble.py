"""What a writer can do when the model could not write: which ways on each kind of error has. Pure."""

from enum import Enum

from writer_app.errors import (
    N_,
    BadBan,
    EndpointFailed,
    EngineDied,
    EngineStalled,
    GraphicsFailed,
    LanguageMismatch,
    ModelMissing,
    NoModelInstalled,
    OtherEngine,
    OtherModel,
    ServerMissing,
    UsageError,
    WriterError,
)


class Way(Enum):
    """A way on, with what its button says."""

    AGAIN = N_("Try again")
    ANYWAY = N_("Continue anyway")
    CHOOSE_MODEL = N_("Choose a model file…")
    MODELS = N_("Get a fitting model…")
    SERVERS = N_("Models…")
    SETTINGS = N_("Settings…")


#: The first row whose kinds fit counts.
_WAYS: tuple[tuple[tuple[type[WriterError], ...], tuple[Way, ...]], ...] = (
    ((LanguageMismatch,), (Way.CHOOSE_MODEL, Way.MODELS, Way.ANYWAY)),
    ((OtherModel, OtherEngine), (Way.CHOOSE_MODEL, Way.ANYWAY)),
    ((ModelMissing, NoModelInstalled), (Way.CHOOSE_MODEL, Way.MODELS)),
    ((ServerMissing,), (Way.SERVERS,)),
    ((EndpointFailed,), (Way.AGAIN, Way.SERVERS)),
    ((EngineDied, EngineStalled, GraphicsFailed), (Way.AGAIN,)),
    ((BadBan,), (Way.SETTINGS, Way.AGAIN)),
    ((UsageError,), ()),
    ((WriterError,), (Way.AGAIN, Way.CHOOSE_MODEL)),
)


def ways_on(error: WriterError) -> tuple[Way, ...]:
    """The ways on from ``error``, the likeliest first."""
    return next(ways for kinds, ways in _WAYS if isinstance(error, kinds))
