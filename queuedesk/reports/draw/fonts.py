"""The two typefaces of every PDF: Chinese and Latin from one file, whose digits all have one width."""

from functools import cache
from pathlib import Path
from typing import Any

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont, TTFontFace

from queuedesk.core.errors import OutsideError
from queuedesk.paths import resource

REGULAR = "QDSansSC"
BOLD = "QDSansSC-Bold"
_FILES = {REGULAR: "QDSansSC-Regular.ttf", BOLD: "QDSansSC-Bold.ttf"}
JOINER = "\u2060"
ROUNDING = 0.01
"""What a text may be wider than its room, in points: a sum of widths is not exact to the last digit."""
BETWEEN = " · "
BETWEEN_SHARE, BETWEEN_TIGHTER = 0.8, -0.216
"""What " · " takes, and what each of its characters loses for that, as shares of the size: the dot is as wide as a
Chinese character."""


class _Face(TTFontFace):
    """A typeface that holds its file only while a part of it is taken for a PDF: 2 MB each."""

    def makeSubset(self, subset: Any) -> Any:  # noqa: N802 - reportlab's name
        self._ttf_data = Path(self.filename).read_bytes()
        try:
            return super().makeSubset(subset)
        finally:
            self._let_go()

    def _let_go(self) -> None:
        self._ttf_data = b""


def _slim(face: Any) -> None:
    """Let go of what only other ways of setting text need: 3.6 MB of each typeface."""
    face.__class__ = _Face
    face._let_go()
    face.glyphToChar = {}  # by which reportlab shapes text with HarfBuzz


@cache
def load() -> None:
    """Register the typefaces with reportlab; a second call costs nothing. Raises OutsideError "unknown_font"."""
    for name, file in _FILES.items():
        try:
            font = TTFont(name, str(resource("fonts", file)))
        except (OSError, TTFError) as error:
            raise OutsideError("unknown_font") from error
        _slim(font.face)
        pdfmetrics.registerFont(font)
    pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=REGULAR, boldItalic=BOLD)


def width(text: str, size: float, *, bold: bool = False) -> float:
    """Return the width of one line in points."""
    load()
    parts = text.replace(JOINER, "").split(BETWEEN)
    measured: float = sum(pdfmetrics.stringWidth(part, BOLD if bold else REGULAR, size) for part in parts)
    return measured + BETWEEN_SHARE * size * (len(parts) - 1)


def shortened(text: str, size: float, room: float, *, bold: bool = False) -> str:
    """Return the text, cut with … where it is wider than `room` points."""
    if width(text, size, bold=bold) <= room + ROUNDING:
        return text
    text = text[:-1]
    # A dot at the end is no longer between two words: drawn as wide as it is, it would leave the room.
    while text and (text[-1] in " ·" or width(text + "…", size, bold=bold) > room):
        text = text[:-1]
    return text + "…"
