"""Where things are: ``resources/`` in a checkout, an install or a bundle, and the user's own folders."""

import contextlib
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

    def close_to_others(self) -> None:
        """Make the folders, and let nobody but this user into them, also where an older version made them.

        What cannot be made is a matter for whoever writes there.
        """
        for folder in (self.config, self.data, self.state, self.cache):
            with contextlib.suppress(OSError):
                private(folder).chmod(0o700)

    @property
    def models(self) -> Path:
        """Where the user's own GGUF files lie."""
        return self.data / "models"

    @property
    def recipes(self) -> tuple[Path, Path]:
        """Where recipes lie: those that came with the program, then the user's own."""
        return resources() / "recipes", self.data / "recipes"

    @property
    def machine(self) -> Path:
        """What was found out about this machine: what the engine can compute on, and what it dies of."""
        return self.cache / "machine.json"

    @property
    def speeds(self) -> Path:
        """What was measured here: how fast the machine is, and how fast models really were."""
        return self.cache / "speed.json"

    @property
    def heads(self) -> Path:
        """What model files say of themselves, so that each is looked into once."""
        return self.cache / "models.json"


def private(folder: Path) -> Path:
    """``folder``; where it is missing it is made, for this user only whatever the umask says.

    Raises:
        OSError: It cannot be made.
    """
    missing = []
    for each in (folder, *folder.parents):
        if each.is_dir():
            break
        missing.append(each)
    for each in reversed(missing):
        with contextlib.suppress(FileExistsError):  # another window was quicker
            each.mkdir(mode=0o700)
    return folder


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
