"""Both themes can be read, by the program and by people."""

import pytest
from PySide6.QtGui import QColor

from writer_app import assets
from writer_app.ui.shell.theme import load

PAIRS = [
    ("text", "paper", 10),
    ("text", "window", 9),
    ("text", "field", 9),
    ("text", "fresh", 8),
    ("text", "selection", 5),
    ("text", "found", 5),
    ("text", "notice", 8),
    ("problem", "notice", 4.5),
    ("dim", "window", 4.2),
    ("dim", "paper", 4.5),
    ("accent", "paper", 4.5),
    ("on_accent", "accent", 4.5),
]


def luminance(colour: str) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue, _alpha = QColor(colour).getRgbF()
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize(("over", "under", "least"), PAIRS)
def test_text_stands_out_from_what_is_behind_it(name, over, under, least):
    theme = load(assets.resources() / "themes", name)
    assert contrast(getattr(theme, over), getattr(theme, under)) >= least
