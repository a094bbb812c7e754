"""How every window looks: sizes, colours and fonts from one object that widgets follow live."""

from collections.abc import Sequence
from math import sqrt
from typing import Literal

from msgspec import Struct
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPalette, QPixmap
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from queuedesk.stations.window.fonts import HERO, XL, XS, XXL, XXXL, L, M, S, font_of, load_fonts
from queuedesk.stations.window.icons import icon_pixmap
from queuedesk.stations.window.theme import (
    CONTRAST,
    HALL,
    IN_STYLE,
    LIGHT,
    MARKS,
    STYLE,
    THEMES,
    TICKET_MARKS,
    WINDOW_MARKS,
    Mark,
    Theme,
)

__all__ = [
    "CONTRAST",
    "FINGER_MM",
    "HALL",
    "HERO",
    "LIGHT",
    "MARKS",
    "NARROW_UNDER",
    "PAGE",
    "THEMES",
    "TICKET_MARKS",
    "WINDOW_MARKS",
    "XL",
    "XS",
    "XXL",
    "XXXL",
    "L",
    "Look",
    "M",
    "Mark",
    "Page",
    "S",
    "Scale",
    "Theme",
    "apply",
    "load_fonts",
    "screen_width_mm",
]

STAFF_WIDTH, STAFF_HEIGHT = 1366, 768
NARROW_UNDER = 1200
"""A narrower window (with large letters, a wider one) has narrow margins, and the manager's list is a rail."""
MAX_STAFF_SCALE = 1.7
Page = Literal["page"]
PAGE: Page = "page"
"""The margin of a page, which is smaller in a narrow window."""
TEXT_SIZES_PCT = (100, 125, 150)
LARGE_TEXT = 1.4


class Scale(Struct, frozen=True):
    """How many device-independent pixels one pixel of the drawings is.

    `k` includes the user's text size, which is `text` alone: letters and controls grow with it fully, gaps between them
    not at all, and large things (rails, the big number) with its square root. So a page drawn for 1366×768 still fits
    there at 150 %.
    """

    k: float = 1.0
    text: float = 1.0
    margin: float = 32
    """Drawn pixels beside the content of a page, `PAGE`."""

    @property
    def is_large(self) -> bool:
        """Whether letters are so large that what is drawn has to give up some of its own room for them."""
        return self.text >= LARGE_TEXT

    @staticmethod
    def staff(width: float, height: float, text_pct: int = 100) -> "Scale":
        """Return the scale of a staff station in a window of this size."""
        fit = sqrt(max(0.0, min(width / STAFF_WIDTH, height / STAFF_HEIGHT)))
        text = text_pct / 100
        k = max(1.0, min(MAX_STAFF_SCALE, fit))
        return Scale(k * text, text, 32 if width >= NARROW_UNDER * k * sqrt(text) else 24)

    @staticmethod
    def canvas(width: float, height: float, drawn_width: float, drawn_height: float) -> "Scale":
        """Return the scale of a full-screen station drawn on a fixed canvas."""
        return Scale(min(width / drawn_width, height / drawn_height))

    def px(self, n: float) -> int:
        """Return `n` drawn pixels of a letter or control in device-independent pixels, whole."""
        return round(n * self.k)

    def gap(self, n: float | Page) -> int:
        """Return `n` drawn pixels of a margin or spacing: they do not grow with the text."""
        return round((self.margin if n == PAGE else n) * self.k / self.text)

    def wide(self, n: float) -> int:
        """Return `n` drawn pixels of something large: it grows with the root of the text size."""
        return round(n * self.k / sqrt(self.text))


FINGER_MM = 15.0
"""How high a key is at least for a finger, where somebody knows how large the screen is."""


def screen_width_mm(measured: object) -> float:
    """Return the measured width, from a width, or width and height; 0 if unknown."""
    if isinstance(measured, Sequence) and not isinstance(measured, str):
        measured = measured[0] if measured else 0
    return float(measured) if isinstance(measured, (int, float)) else 0.0


class Look(QObject):
    """The theme and scale of a tree of widgets; `changed` makes them measure and paint again. `still` asks for less
    motion: rows and notices then appear and disappear at once."""

    changed = Signal()

    def __init__(self, theme: Theme = LIGHT, scale: Scale | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.scale = scale or Scale()
        self.still = False

    def set_theme(self, theme: Theme) -> None:
        """Show everything in `theme` from now on."""
        if theme != self.theme:
            self.theme = theme
            self.changed.emit()

    def set_scale(self, scale: Scale) -> None:
        """Show everything at `scale` from now on."""
        if scale != self.scale:
            self.scale = scale
            self.changed.emit()

    def px(self, n: float) -> int:
        """Return `n` drawn pixels of a letter or control in device-independent pixels, whole."""
        return self.scale.px(n)

    def gap(self, n: float | Page) -> int:
        """Return `n` drawn pixels of a margin or spacing: they do not grow with the user's text size."""
        return self.scale.gap(n)

    def wide(self, n: float) -> int:
        """Return `n` drawn pixels of a rail or big number: they grow with the root of the user's text size."""
        return self.scale.wide(n)

    def color(self, token: str) -> QColor:
        """Return the colour of a token such as "ink2"."""
        return QColor(self.theme.color(token))

    def font(self, px: float, *, bold: bool = False, tabular: bool = False) -> QFont:
        """Return a font of `px` drawn pixels."""
        return font_of(px * self.scale.k, bold=bold, tabular=tabular)

    def icon(self, name: str, token: str, px: float, dpr: float = 1.0) -> QPixmap:
        """Return an icon `px` drawn pixels square in the colour of `token`."""
        return icon_pixmap(name, self.theme.color(token), self.px(px), dpr)


def palette(theme: Theme) -> QPalette:
    """Return the palette of plain controls in `theme`."""
    role = QPalette.ColorRole
    colors = {
        role.Window: theme.paper,
        role.WindowText: theme.ink,
        role.Base: theme.surface,
        role.AlternateBase: theme.paper,
        role.Text: theme.ink,
        role.PlaceholderText: theme.ink3,
        role.Button: theme.surface,
        role.ButtonText: theme.ink,
        role.BrightText: theme.red,
        role.Highlight: theme.primary,
        role.HighlightedText: theme.on_primary,
        role.ToolTipBase: theme.toast,
        role.ToolTipText: theme.on_toast,
        role.Link: theme.primary,
    }
    result = QPalette()
    for name, color in colors.items():
        result.setColor(name, QColor(color))
    for name in (role.WindowText, role.Text, role.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, name, QColor(theme.ink2))
    return result


def style_sheet(look: Look) -> str:
    """Return the one style sheet: plain fields, menus, lists and scroll bars; the rest is painted."""
    theme, px = look.theme, look.px
    edge = px(2) if theme.outlined else max(1, px(1))
    thick, refused = px(3), px(2)
    room = px(6)  # border and padding together, so that a field keeps its size in every state
    field = f"background: {theme.surface}; color: {theme.ink}; border: {edge}px solid {theme.edge};"
    chosen = f"background: {theme.soft}; color: {theme.on_soft};"
    if theme.outlined:
        chosen = f"background: {theme.primary}; color: {theme.on_primary};"
    return f"""
    QLineEdit, QPlainTextEdit, QTextEdit, QAbstractSpinBox, QComboBox {{
        {field} border-radius: {px(10)}px; padding: {room - edge}px {px(15) - edge}px; min-height: {px(34)}px;
        placeholder-text-color: {theme.ink3};
        selection-background-color: {theme.primary}; selection-color: {theme.on_primary}; }}
    QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QAbstractSpinBox:focus, QComboBox:focus {{
        border: {thick}px solid {theme.ink}; padding: {room - thick}px {px(15) - thick}px; }}
    QLineEdit:disabled, QComboBox:disabled, QAbstractSpinBox:disabled {{
        background: {theme.sunken}; color: {theme.ink2}; border-style: dashed; }}
    QLineEdit[refused="true"], QPlainTextEdit[refused="true"] {{
        border: {refused}px solid {theme.red}; padding: {room - refused}px {px(15) - refused}px; }}
    QLineEdit[letter="true"] {{ color: {theme.primary}; font-weight: bold; }}
    QLineEdit[bare="true"], QLineEdit[bare="true"]:focus {{
        border: none; background: transparent; padding: 0; min-height: 0; }}
    QComboBox::drop-down {{ border: none; width: {px(28)}px; }}
    QComboBox QAbstractItemView, QMenu {{
        background: {theme.surface}; color: {theme.ink}; border: {edge}px solid {theme.edge};
        padding: {px(6)}px; outline: 0; selection-background-color: {theme.soft}; selection-color: {theme.ink}; }}
    QMenu {{ icon-size: {px(20)}px; }}
    QMenu::item {{ padding: {px(10)}px {px(20)}px; border-radius: {px(8)}px; min-width: {px(160)}px; }}
    QMenu::item:selected {{ {chosen} }}
    QMenu::item:disabled {{ color: {theme.ink2}; }}
    QMenu::separator {{ height: 1px; background: {theme.line}; margin: {px(6)}px {px(8)}px; }}
    QListView, QTreeView, QTableView, QScrollArea {{ background: transparent; border: none; }}
    QScrollBar:vertical {{ background: transparent; width: {px(12)}px; margin: 0; }}
    QScrollBar:horizontal {{ background: transparent; height: {px(12)}px; margin: 0; }}
    QScrollBar::handle {{ background: {theme.edge}; border-radius: {px(4)}px; margin: {px(2)}px;
        min-height: {px(32)}px; min-width: {px(32)}px; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
    QToolTip {{ background: {theme.toast}; color: {theme.on_toast}; border: 1px solid {theme.edge};
        padding: {px(6)}px; }}
    """


_WORN = "queuedesk worn"


class _Dresser(QObject):
    """Dresses the application again whenever its look changes, unless it would wear the same: each time every widget
    that is there is dressed."""

    def __init__(self, app: QApplication, look: Look) -> None:
        super().__init__(app)
        self._app = app
        self._look = look
        look.changed.connect(self.dress)
        self.dress()

    def dress(self) -> None:
        sheet = style_sheet(self._look)
        worn = f"{self._look.theme.name}, {self._look.px(M)} px{sheet}"
        if worn == self._app.property(_WORN):
            return
        self._app.setProperty(_WORN, worn)
        self._app.setPalette(palette(self._look.theme))
        self._app.setFont(self._look.font(M))
        # In place of another one Qt dresses each widget once more for every widget that it is in.
        self._app.setStyleSheet("")
        self._app.setStyleSheet(sheet)


def apply(app: QApplication, look: Look) -> None:
    """Give the whole application `look`, now and at each of its changes."""
    load_fonts()
    if app.property(_WORN) is None and not app.property(IN_STYLE):
        app.setStyle(STYLE)
    app.setAttribute(Qt.ApplicationAttribute.AA_SynthesizeMouseForUnhandledTouchEvents)
    # Not looked for among the application's children: Qt's style is one, and would be handed to Python.
    for earlier in filter(isValid, _dressers):
        earlier.deleteLater()
    _dressers[:] = [_Dresser(app, look)]


_dressers: list[_Dresser] = []
