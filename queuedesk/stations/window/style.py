"""How every window looks: sizes, colours, fonts and icons from one object that widgets follow live.

Colours go by what they mean; a state is marked by colour, shape and word, always all three."""

from collections.abc import Sequence
from functools import cache, lru_cache
from math import sqrt
from typing import Any, Literal

from msgspec import Struct
from PySide6.QtCore import QObject, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from queuedesk.core.errors import OutsideError
from queuedesk.paths import resource_path

STYLE = "Fusion"
"""Qt's style under the sheet of ours, on every system."""
IN_STYLE = "queuedesk in style"
"""The property of an application that was made in that style."""


class Theme(Struct, frozen=True, kw_only=True):
    """Each token's colour as "#RRGGBB". `outlined` (high contrast): tints become outlines, every border a 2 px line."""

    name: str
    paper: str
    surface: str
    sunken: str
    ink: str
    ink2: str
    ink3: str
    line: str
    edge: str
    primary: str
    on_primary: str
    press: str
    soft: str
    on_soft: str
    amber: str
    amberbg: str
    red: str
    redbg: str
    violet: str
    violetbg: str
    blue: str
    bluebg: str
    chart: str
    toast: str
    on_toast: str
    toast_act: str
    scrim: str
    outlined: bool = False
    # Only the hall's display uses these.
    fresh: str = "#FFC93C"
    fresh_ink: str = "#1A1300"
    teal: str = "#6FD6C0"
    notice: str = "#223A33"
    slide: str = "#17332C"
    alarm: str = "#8E1B14"

    def color(self, token: str) -> str:
        """Return the "#RRGGBB" of `token`; an unknown token is an AttributeError."""
        value: str = getattr(self, token)
        return value


_COLORS = (
    ("paper", "#F4F5F1", "#000000", "#0B1412"),
    ("surface", "#FFFFFF", "#000000", "#15211D"),
    ("sunken", "#E8EBE5", "#000000", "#15211D"),
    ("ink", "#15201C", "#FFFFFF", "#F8F9F5"),
    ("ink2", "#46534D", "#E8E8E8", "#BAC6BF"),
    ("ink3", "#626D67", "#E8E8E8", "#BAC6BF"),
    ("line", "#D5DAD2", "#8A8A8A", "#33433D"),
    ("edge", "#79837D", "#FFFFFF", "#BAC6BF"),
    ("primary", "#0A6A5D", "#FFE14A", "#6FD6C0"),
    ("on_primary", "#FFFFFF", "#000000", "#0B1412"),
    ("press", "#074F45", "#FFF3B0", "#BFF0E4"),
    ("soft", "#DCEDE8", "#000000", "#17332C"),
    ("on_soft", "#074F45", "#FFE14A", "#6FD6C0"),
    ("amber", "#8A5000", "#FFC766", "#FFC93C"),
    ("amberbg", "#FFF0D2", "#000000", "#15211D"),
    ("red", "#B3261E", "#FF9C92", "#FF8F80"),
    ("redbg", "#FCE8E6", "#000000", "#15211D"),
    ("violet", "#5A4799", "#C9BBFF", "#C9BBFF"),
    ("violetbg", "#ECE8F7", "#000000", "#15211D"),
    ("blue", "#1C5DA8", "#9CCBFF", "#9CCBFF"),
    ("bluebg", "#E3EDF8", "#000000", "#15211D"),
    ("chart", "#559A8E", "#8A8A8A", "#6FD6C0"),
    ("toast", "#15201C", "#000000", "#F8F9F5"),
    ("on_toast", "#FFFFFF", "#FFFFFF", "#0B1412"),
    ("toast_act", "#8FE0CE", "#FFE14A", "#0A6A5D"),
    ("scrim", "#15201C", "#000000", "#000000"),
)
"""Each token with its colours in the themes light, contrast and hall."""


def _theme(name: str, column: int, *, outlined: bool = False) -> Theme:
    colors: dict[str, Any] = {row[0]: row[column] for row in _COLORS}
    return Theme(name=name, outlined=outlined, **colors)


LIGHT, CONTRAST, HALL = _theme("light", 1), _theme("contrast", 2, outlined=True), _theme("hall", 3)

THEMES = {theme.name: theme for theme in (LIGHT, CONTRAST, HALL)}


class StateMark(Struct, frozen=True):
    """How a state is shown: the icon, the colour of icon and word, and the tint behind them."""

    icon: str
    token: str
    tint: str


# The word itself comes from the station: it is text and has a language.
TICKET_MARKS = {
    "waiting": StateMark("waiting", "ink2", "sunken"),
    "called": StateMark("speaker-on", "amber", "amberbg"),
    "serving": StateMark("serving", "on_soft", "soft"),
    "parked": StateMark("pause", "violet", "violetbg"),
    "missed": StateMark("missed", "amber", "amberbg"),
    "finished": StateMark("check", "on_soft", "soft"),
    "left": StateMark("leave", "ink2", "sunken"),
    "void": StateMark("void", "ink2", "sunken"),
}
WINDOW_MARKS = {
    "open": StateMark("dot", "on_soft", "soft"),
    "paused": StateMark("pause", "violet", "violetbg"),
    "closed": StateMark("bar", "ink2", "sunken"),
    "away": StateMark("away", "amber", "amberbg"),
    "idle": StateMark("waiting", "ink2", "sunken"),
}
MARKS = TICKET_MARKS | WINDOW_MARKS


def relative_luminance(color: str) -> float:
    """Return the relative luminance (0..1) of "#RRGGBB", as WCAG 2 defines it."""
    parts = [int(color[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast_ratio(one: str, other: str) -> float:
    """Return the contrast ratio (1..21) of two "#RRGGBB" colours, as WCAG 2 defines it."""
    low, high = sorted((relative_luminance(one), relative_luminance(other)))
    return (high + 0.05) / (low + 0.05)


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
    """Register the program's own fonts once per process; a QGuiApplication must exist. Raises OutsideError
    "unknown_font" with the file's path when one can't be read."""
    families = []
    for name in FILES:
        path = resource_path("fonts", name)
        number = QFontDatabase.addApplicationFont(str(path))
        if number < 0 and path.is_file():  # Windows: slip_painter.load_bundled_fonts()
            number = QFontDatabase.addApplicationFontFromData(path.read_bytes())
        if number < 0:
            raise OutsideError("unknown_font", path=str(path))
        families += QFontDatabase.applicationFontFamilies(number)
    return tuple(dict.fromkeys(families))


@lru_cache(maxsize=512)
def _new_font(px: int, bold: bool, tabular: bool) -> QFont:
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


def font_of_size(px: float, *, bold: bool = False, tabular: bool = False) -> QFont:
    """Return a font of `px` device-independent pixels; `tabular` gives all figures one width. A lone big number wants
    proportional figures; lists, timers and tables want tabular ones."""
    return QFont(_new_font(round(px), bold, tabular))


@lru_cache(maxsize=128)
def _icon_renderer(name: str) -> QSvgRenderer:
    path = resource_path("icons", f"{name}.svg")
    renderer = QSvgRenderer(str(path)) if path.is_file() else QSvgRenderer()
    if not renderer.isValid() and name not in _icon_names_of_program_files():
        raise FileNotFoundError(path)
    return renderer


@lru_cache(maxsize=1)
def _icon_names_of_program_files() -> frozenset[str]:
    """Return the names that the program came with, by its own list of files."""
    try:
        listed = resource_path("files.txt").read_text(encoding="utf-8").split()
    except (OSError, UnicodeError):
        return frozenset()
    return frozenset(name.removeprefix("icons/").removesuffix(".svg") for name in listed if name.startswith("icons/"))


def missing_icon_files() -> list[str]:
    """Return the icon files that came with the program and are missing, sorted, as `doctor` names them."""
    return [
        f"resources/icons/{name}.svg"
        for name in sorted(_icon_names_of_program_files())
        if not resource_path("icons", f"{name}.svg").is_file()
    ]


@lru_cache(maxsize=1024)
def icon_pixmap(name: str, color: str, px: int, dpr: float = 1.0) -> QPixmap:
    """Return icon `name` in `color` ("#RRGGBB"), `px` device-independent pixels square. An unknown name is a bug and
    raises FileNotFoundError. One whose file was lost since (missing_icon_files) leaves its place empty."""
    drawing = _icon_renderer(
        name
    )  # before there is a painter, which an exception would leave behind on a picture that is gone
    side = max(1, round(px * dpr))
    pixmap = QPixmap(side, side)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    drawing.render(painter, QRectF(0, 0, side, side))
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
    painter.fillRect(pixmap.rect(), QColor(color))
    painter.end()
    pixmap.setDevicePixelRatio(dpr)
    return pixmap


__all__ = ["CONTRAST", "FINGER_MM", "HALL", "HERO", "LIGHT", "MARKS", "NARROW_UNDER", "PAGE", "THEMES"]
__all__ += ["TICKET_MARKS", "WINDOW_MARKS", "XL", "XS", "XXL", "XXXL", "L", "Look", "M", "Page", "S", "Scale"]
__all__ += ["StateMark", "Theme", "apply_look_to_app", "load_fonts", "measured_screen_width_mm"]

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
    """How many device-independent pixels one pixel of the drawings is. `k` includes the user's text size, which is
    `text` alone: letters and controls grow with it fully, gaps between them not at all, and large things (rails, the
    big number) with its square root. So a page drawn for 1366×768 still fits there at 150 %."""

    k: float = 1.0
    text: float = 1.0
    margin: float = 32
    """Drawn pixels beside the content of a page, `PAGE`."""

    @property
    def is_text_large(self) -> bool:
        """Whether letters are so large that what is drawn has to give up some of its own room for them."""
        return self.text >= LARGE_TEXT

    @staticmethod
    def staff_scale(width: float, height: float, text_pct: int = 100) -> "Scale":
        fit = sqrt(max(0.0, min(width / STAFF_WIDTH, height / STAFF_HEIGHT)))
        text = text_pct / 100
        k = max(1.0, min(MAX_STAFF_SCALE, fit))
        return Scale(k * text, text, 32 if width >= NARROW_UNDER * k * sqrt(text) else 24)

    @staticmethod
    def canvas_scale(width: float, height: float, drawn_width: float, drawn_height: float) -> "Scale":
        """Return the scale of a full-screen station drawn on a fixed canvas."""
        return Scale(min(width / drawn_width, height / drawn_height))

    def px(self, n: float) -> int:
        """Return `n` drawn pixels of a letter or control in device-independent pixels, whole."""
        return round(n * self.k)

    def gap(self, n: float | Page) -> int:
        """Return `n` drawn pixels of a margin or spacing: they do not grow with the text."""
        return round((self.margin if n == PAGE else n) * self.k / self.text)

    def large_px(self, n: float) -> int:
        """Return `n` drawn pixels of something large: it grows with the root of the text size."""
        return round(n * self.k / sqrt(self.text))


FINGER_MM = 15.0
"""How high a key is at least for a finger, where somebody knows how large the screen is."""


def measured_screen_width_mm(measured: object) -> float:
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
        if theme != self.theme:
            self.theme = theme
            self.changed.emit()

    def set_scale(self, scale: Scale) -> None:
        if scale != self.scale:
            self.scale = scale
            self.changed.emit()

    def px(self, n: float) -> int:
        return self.scale.px(n)

    def gap(self, n: float | Page) -> int:
        return self.scale.gap(n)

    def large_px(self, n: float) -> int:
        return self.scale.large_px(n)

    def color(self, token: str) -> QColor:
        return QColor(self.theme.color(token))

    def font(self, px: float, *, bold: bool = False, tabular: bool = False) -> QFont:
        """Return a font of `px` drawn pixels."""
        return font_of_size(px * self.scale.k, bold=bold, tabular=tabular)

    def icon(self, name: str, token: str, px: float, dpr: float = 1.0) -> QPixmap:
        """Return an icon `px` drawn pixels square in the colour of `token`."""
        return icon_pixmap(name, self.theme.color(token), self.px(px), dpr)


def palette(theme: Theme) -> QPalette:
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


class _AppStyleUpdater(QObject):
    """Dresses the application when its look changes, unless it would wear the same: that dresses every widget anew."""

    def __init__(self, app: QApplication, look: Look) -> None:
        super().__init__(app)
        self._app = app
        self._look = look
        look.changed.connect(self.apply_look)
        self.apply_look()

    def apply_look(self) -> None:
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


def apply_look_to_app(app: QApplication, look: Look) -> None:
    """Give the whole application `look`, now and at each of its changes."""
    load_fonts()
    if app.property(_WORN) is None and not app.property(IN_STYLE):
        app.setStyle(STYLE)
    app.setAttribute(Qt.ApplicationAttribute.AA_SynthesizeMouseForUnhandledTouchEvents)
    # Not looked for among the application's children: Qt's style is one, and would be handed to Python.
    for earlier in filter(isValid, _dressers):
        earlier.deleteLater()
    _dressers[:] = [_AppStyleUpdater(app, look)]


_dressers: list[_AppStyleUpdater] = []
