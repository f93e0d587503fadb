"""How the page looks, as plain values: the window makes them from its settings and theme and hands them in."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PageColours:
    """Colours as ``"#rrggbb"``.

    Attributes:
        paper: Background.
        text: The writer's words.
        dim: Marks of Markdown near the caret, quotes, comments.
        accent: Links, footnotes, the underline of fresh text.
        fresh: Tint behind fresh text of the model.
        selection: Behind selected text.
        found: Behind what a search found.
        problem: Words that are gone, or wrong.
    """

    paper: str = "#fcfbf8"
    text: str = "#1f2421"
    dim: str = "#7b807c"
    accent: str = "#2e6b57"
    fresh: str = "#e3efe8"
    selection: str = "#cfe0d8"
    found: str = "#f4e3a8"
    problem: str = "#9b3d2e"


@dataclass(frozen=True)
class PageStyle:
    """Type and measure of the page.

    Attributes:
        family: Font family of the text.
        size: Font size in points; zooming is another size.
        line_spacing: Distance of lines; 1 is single spacing, 1.2 times the font size.
        measure: Latin characters in a full line. A 汉字 is as wide as two of them, so that the usual 66
            are the usual 33 汉字 where the text is Chinese.
        indent: Indent the first line of paragraphs; blank lines between them shrink then.
    """

    family: str = "serif"
    size: float = 14.0
    line_spacing: float = 1.5
    measure: int = 66
    indent: bool = False
    colours: PageColours = PageColours()


def blend(over: str, under: str, share: float) -> str:
    """The colour ``over`` painted on ``under`` with an opacity of ``share`` (0 to 1)."""
    pairs = ((int(over[i : i + 2], 16), int(under[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02x}" for a, b in pairs)
