"""Where things are: ``resources/`` in a checkout, an install or a bundle, and the user's own folders."""

import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import platformdirs


@dataclass(frozen=True)
class Places:
    """The user's folders, handed to whoever needs them, so that tests never touch the real ones.

    Attributes:
        config: Settings.
        data: What the user added: models, recipes; snapshots.
        state: Change logs, logs, the last session.
        cache: What can be made again: joined model files, saved sequences.
    """

    config: Path
    data: Path
    state: Path
    cache: Path

    @classmethod
    def standard(cls) -> "Places":
        """The folders this system wants programs to use."""
        dirs = platformdirs.PlatformDirs("longhand", appauthor=False)
        return cls(
            dirs.user_config_path, dirs.user_data_path, dirs.user_state_path, dirs.user_cache_path
        )

    @property
    def models(self) -> Path:
        """Where the user's own GGUF files lie."""
        return self.data / "models"

    @property
    def machine(self) -> Path:
        """What was found out about this machine: what the engine can compute on, and what it dies of."""
        return self.cache / "machine.json"


@cache
def resources() -> Path:
    """The folder with recipes, catalogues, themes and icons.

    Raises:
        FileNotFoundError: In a broken installation that lacks the folder.
    """
    package = Path(__file__).resolve().parent
    bundle = Path(getattr(sys, "_MEIPASS", package))
    for place in (bundle / "resources", package / "resources", package.parent / "resources"):
        if (place / "recipes").is_dir():
            return place
    raise FileNotFoundError("resources")
