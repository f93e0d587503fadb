"""Finds ``resources/`` in a checkout, in an installed wheel and in a frozen bundle."""

import sys
from functools import cache
from pathlib import Path


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
