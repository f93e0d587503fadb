"""From a :class:`PageStyle` to Qt's formats: tables of how paragraphs are set and characters look."""

from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QFontMetricsF,
    QTextBlockFormat,
    QTextCharFormat,
    QTextFormat,
)

from writer_app.ui.editor.markdown import Kind, Role
from writer_app.ui.editor.style import PageStyle, blend

#: Size of headings of level 1 to 6, relative to the text.
HEADING_SIZES = (1.6, 1.35, 1.2, 1.1, 1.0, 1.0)
#: Our property of a block format: which kind of line it was made for.
KIND = int(QTextFormat.Property.UserProperty) + 1
#: Distance of lines set single, in font sizes.
SINGLE_SPACING = 1.2
_SAMPLE = "It is a truth universally acknowledged, that a single man in possession of a fortune"


class Formats:
    """Every block and character format of one style, made once.

    Attributes:
        font: Font of the page.
        body: Character format of all text; what else there is lies over it and is never in the text.
    """

    def __init__(self, style: PageStyle) -> None:
        self.style = style
        self.font = QFont(style.family)
        self.font.setPointSizeF(style.size)
        self.font.setStyleHint(QFont.StyleHint.Serif)
        self.body = QTextCharFormat()
        self._blocks = {key: self._block(key) for key in _block_keys()}
        self._characters = self._character_table()

    @property
    def em(self) -> float:
        """Font size in pixels: the width of a 汉字."""
        return QFontMetricsF(self.font).horizontalAdvance("汉")

    def column(self, *, han: bool) -> int:
        """Width of a full line in pixels."""
        if han:
            return round(self.em * self.style.measure / 2)
        average = QFontMetricsF(self.font).horizontalAdvance(_SAMPLE) / len(_SAMPLE)
        return round(average * self.style.measure)

    def block(self, kind: Kind, level: int) -> QTextBlockFormat:
        """How a line of this kind is set."""
        return self._blocks[block_key(kind, level)]

    def character(self, role: Role, level: int, *, near: bool) -> QTextCharFormat:
        """How characters of this role look; marks are fainter where the caret is not ``near``."""
        if role is Role.HEADING:
            return self._headings[level - 1]
        if role is Role.MARK and not near:
            return self._faint_mark
        return self._characters[role]

    def tint(self, colour: str, underline: str = "") -> QTextCharFormat:
        """A background to lay over text, with an underline so that it is not told by colour alone."""
        made = QTextCharFormat()
        made.setBackground(QColor(colour))
        if underline:
            made.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DotLine)
            made.setUnderlineColor(QColor(underline))
        return made

    def _block(self, key: int) -> QTextBlockFormat:
        kind, level = Kind(key // 10), key % 10
        em = self.em
        made = QTextBlockFormat()
        made.setProperty(KIND, key)
        spacing = self.style.line_spacing
        if kind is Kind.BLANK:
            spacing *= 0.25 if self.style.indent else 0.5
        elif kind is Kind.HEADING:
            spacing = (1.0 + (spacing - 1.0) / 2) * HEADING_SIZES[level - 1]
            made.setTopMargin(em * (1.0 if level <= 2 else 0.5))
            made.setHeadingLevel(level)
        elif kind is Kind.BODY and self.style.indent:
            made.setTextIndent(2 * em)
        elif kind is Kind.QUOTE:
            made.setLeftMargin(1.5 * em)
        elif kind is Kind.LIST:
            made.setLeftMargin(1.2 * em)
            made.setTextIndent(-1.2 * em)
        elif kind is Kind.BREAK:
            made.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        # Fixed, not proportional: fonts differ widely in their own line height (1.15 to 1.45 em), and an
        # emoji or a borrowed glyph would push its line away from the others.
        height = SINGLE_SPACING * em * spacing
        made.setLineHeight(height, QTextBlockFormat.LineHeightTypes.FixedHeight.value)
        return made

    def _character_table(self) -> dict[Role, QTextCharFormat]:
        colours = self.style.colours
        table = {role: QTextCharFormat() for role in Role}
        for role in (Role.EMPHASIS, Role.BOTH):
            table[role].setFontItalic(True)
        for role in (Role.STRONG, Role.BOTH):
            table[role].setFontWeight(QFont.Weight.Bold)
        table[Role.STRUCK].setFontStrikeOut(True)
        fixed = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        table[Role.CODE].setFontFamilies([fixed.family()])
        for role, colour in (
            (Role.MARK, colours.dim),
            (Role.COMMENT, colours.dim),
            (Role.CODE, blend(colours.text, colours.dim, 0.6)),
            (Role.QUOTE, blend(colours.text, colours.dim, 0.6)),
            (Role.LINK, colours.accent),
            (Role.FOOTNOTE, colours.accent),
        ):
            table[role].setForeground(QColor(colour))
        self._faint_mark = QTextCharFormat()
        self._faint_mark.setForeground(QColor(blend(colours.dim, colours.paper, 0.45)))
        self._headings = []
        for size in HEADING_SIZES:
            made = QTextCharFormat()
            made.setFontWeight(QFont.Weight.Bold)
            made.setFontPointSize(self.style.size * size)
            self._headings.append(made)
        return table


def block_key(kind: Kind, level: int) -> int:
    """One number for kind and level, kept in the block format itself."""
    return kind.value * 10 + level


def _block_keys() -> list[int]:
    keys = [block_key(kind, 0) for kind in Kind if kind is not Kind.HEADING]
    return keys + [block_key(Kind.HEADING, level) for level in range(1, 7)]
