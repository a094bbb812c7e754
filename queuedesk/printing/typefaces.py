"""The typefaces on paper: the same files as on the screens."""

from PySide6.QtGui import QFont, QFontDatabase

from queuedesk.paths import resource

FAMILIES = ["QD Inter", "QD Sans SC"]
CAP_SHARE = 0.727  # height of a capital, as a share of the size (Inter's)


def load() -> None:
    """Make the bundled fonts known to Qt. Costs nothing the second time; needs a QGuiApplication."""
    if all(QFontDatabase.hasFamily(family) for family in FAMILIES):
        return
    for file in sorted(resource("fonts").glob("*.ttf")):
        QFontDatabase.addApplicationFont(str(file))


def font(size_dots: int, *, bold: bool) -> QFont:
    """Return the font of `size_dots`, unhinted so that it measures the same on paper, PDF and picture."""
    made = QFont(FAMILIES)
    made.setPixelSize(size_dots)
    made.setBold(bold)
    # Inter swaps : and – between figures for glyphs that a PDF's reader can't turn back into characters.
    made.setFeature(QFont.Tag("calt"), 0)
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    if size_dots > 64:
        # Qt's PDF multiplies absolute spacing by the painter's scale; this is the same −0.025 em in figures.
        made.setLetterSpacing(QFont.SpacingType.PercentageSpacing, 96)
    return made
