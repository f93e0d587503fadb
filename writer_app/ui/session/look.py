"""From settings, theme and language of the text to the style of a page."""

from PySide6.QtGui import QFontDatabase

from writer_app.settings import Page as PageSettings
from writer_app.ui.editor.style import PageColours, PageStyle

#: Reading faces, the best first; the first one installed is taken.
SERIFS = {
    "en": (
        "EB Garamond",
        "Georgia",
        "Palatino",
        "Palatino Linotype",
        "Book Antiqua",
        "Libertinus Serif",
        "Noto Serif",
        "Liberation Serif",
        "DejaVu Serif",
    ),
    "zh": (
        "Noto Serif CJK SC",
        "Noto Serif SC",
        "Source Han Serif SC",
        "Source Han Serif CN",
        "Songti SC",
        "STSong",
        "SimSun",
    ),
}


def reading_face(language: str) -> str:
    """The best installed reading face for ``"en"`` or ``"zh"``; ``"serif"`` where none is."""
    installed = set(QFontDatabase.families())
    return next((name for name in SERIFS[language] if name in installed), "serif")


def page_style(settings: PageSettings, colours: PageColours, language: str) -> PageStyle:
    """The style for a text in ``language`` (an ISO code); the other language's face fills in."""
    latin = settings.family_en or reading_face("en")
    han = settings.family_zh or reading_face("zh")
    is_chinese = language == "zh"
    indent = {"always": True, "never": False, "auto": is_chinese}[settings.indent]
    return PageStyle(
        family=f"{han},{latin}" if is_chinese else f"{latin},{han}",
        size=settings.size,
        line_spacing=settings.line_spacing,
        measure=settings.measure,
        indent=indent,
        colours=colours,
    )
