"""The two type families of every screen and ticket, and fonts by size."""

from functools import cache, lru_cache

from PySide6.QtGui import QFont, QFontDatabase

from queuedesk.core.errors import OutsideError
from queuedesk.paths import resource

LATIN = "QD Inter"
CHINESE = "QD Sans SC"
FILES = ("QDInter-Regular.ttf", "QDInter-Bold.ttf", "QDSansSC-Regular.ttf", "QDSansSC-Bold.ttf")

# Sizes by role, in logical px.
XS, S, M, L, XL, XXL, XXXL = 13, 15, 17, 20, 28, 36, 64
HERO = 204

# From this size on a bold line looks loose and is drawn closer.
_TIGHT_FROM = 64
_TIGHT = -0.025
_TABULAR = QFont.Tag("tnum")


@cache
def load_fonts() -> tuple[str, ...]:
    """Register the program's own fonts once per process; a QGuiApplication must exist.

    Raises OutsideError "unknown_font" with the file's path when one can't be read.
    """
    families = []
    for name in FILES:
        path = resource("fonts", name)
        number = QFontDatabase.addApplicationFont(str(path))
        if number < 0:
            raise OutsideError("unknown_font", path=str(path))
        families += QFontDatabase.applicationFontFamilies(number)
    return tuple(dict.fromkeys(families))


@lru_cache(maxsize=512)
def _font(px: int, bold: bool, tabular: bool) -> QFont:
    font = QFont()
    font.setFamilies([LATIN, CHINESE])
    font.setPixelSize(max(1, px))
    font.setWeight(QFont.Weight.Bold if bold else QFont.Weight.Normal)
    # The widths of the pictures and of paper are the unhinted ones; hinting would move every line's end.
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    if tabular:
        font.setFeature(_TABULAR, 1)
    if px > _TIGHT_FROM:
        font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, _TIGHT * px)
    return font


def font_of(px: float, *, bold: bool = False, tabular: bool = False) -> QFont:
    """Return a font of `px` device-independent pixels; `tabular` gives all figures one width.

    A lone big number wants proportional figures; lists, timers and tables want tabular ones.
    """
    return QFont(_font(round(px), bold, tabular))
