"""One screen of this PC: what it shows, its size, its distance from the readers, and whether that will do."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from queuedesk.core.setup.rows import Setup
from queuedesk.core.talk.screen import LAYOUTS, OF_ITS_PLACE, ScreenSpec, Shown, hall_screens
from queuedesk.i18n import _
from queuedesk.i18n.talk import device_kind
from queuedesk.stations.home import reach
from queuedesk.stations.home.page import is_used
from queuedesk.stations.home.reach import Better, is_enough
from queuedesk.stations.home.this_pc_controller import ThisPcController
from queuedesk.stations.widgets.buttons import SecondaryButton
from queuedesk.stations.widgets.panels import Card, FittedLabel, LetterBadge, spread
from queuedesk.stations.widgets.questions.dialogs import DropDown, ErrorLine, FormField
from queuedesk.stations.window.style import Look

# -- words ---------------------------------------------------------------------------------------------------------


def station_word(station: str) -> str:
    """Return what a screen shows, "" for nothing of the hall."""
    return device_kind(station) if station else _("Not used here")


def layout_word(layout: str) -> str:
    """Return a layout's name."""
    words = {
        "auto": _("By screen shape", context="layout"),
        "standard": _("Calls and waiting", context="layout"),
        "calls": _("Calls only", context="layout"),
        "portrait": _("Portrait", context="layout"),
        "zones": _("By zone", context="layout"),
        "order": _("Order list", context="layout"),
    }
    return words.get(layout, layout)


def screen_title(shown: Shown) -> str:
    """Return a screen's number, name and px, or that it is not connected."""
    one = shown.monitor
    if one is None:
        return _("Screen {screen} · not connected", screen=shown.screen)
    return _(
        "Screen {number} · {name} · {width} × {height}",
        number=one.number,
        name=one.name,
        width=one.width_px,
        height=one.height_px,
    )


def verdict(shown: Shown, found_m: float | None) -> tuple[str, bool]:
    """Return the distance from which a screen can be read, and whether that is too short."""
    spec = shown.spec
    if spec is None:
        return "", False
    if shown.monitor is None:
        return _("It opens automatically once the screen is connected."), False
    if spec.station not in ("display", "plate"):
        return "", False
    if shown.size_mm is None:
        return _("Please measure the screen diagonally, so that its reading distance is known."), True
    if found_m is None:
        return "", False
    if is_enough(spec, found_m):
        return _("Can be read from {metres} m", metres=f"{found_m:.1f}"), False
    return (
        _(
            "At this size it can be read from up to {metres} m, but people are {distance} m away.",
            metres=f"{found_m:.1f}",
            distance=f"{spec.distance_m:g}",
        ),
        True,
    )


def offer_words(better: Better) -> str:
    """Return what would help, "" if nothing is known to."""
    if better.layout:
        return _("Change to: {layout}", layout=layout_word(better.layout))
    return _("A screen of {inches} inches would do.", inches=better.inches) if better.inches else ""


def opening_word(name: str) -> str:
    """Return what opens with the PC, from its name: "counter-3" is the counter of window 3."""
    station, _dash, place = name.partition("-")
    word = device_kind(station) if station else _("QueueDesk")
    return f"{word} {place}".strip()


AT_A_WINDOW = ("plate", "line", "rating")


class ScreenRow(Card):
    """Writes every change at once through the controller; a refusal is shown under the fields until it is fixed."""

    def __init__(self, look: Look, controller: ThisPcController, parent: QWidget | None = None) -> None:
        super().__init__(look, parent=parent)
        self._does = controller
        self.shown = Shown(monitor=None, spec=None)
        self._setup: Setup | None = None
        self._windows: list[str] = []
        self._zones: list[str] = []
        self._filling = False
        self.badge = LetterBadge(look, "", side=44)
        self.title = FittedLabel(look, px=19, least=12, bold=True)
        self.station = self._choice((), letters=9)
        self.layout_field = FormField(look, "", edit=self._choice(LAYOUTS))
        self.zone = FormField(look, "", edit=self._choice(()))
        self.window_field = FormField(look, "", edit=self._choice(()))
        self.size_field, self.distance_field = FormField(look, ""), FormField(look, "")
        self.verdict = ErrorLine(look)
        self.offer = SecondaryButton(look, height=40, px=15)
        self.offer.clicked.connect(self._take_offer)
        self._offered = reach.Better()
        head, fields, foot = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        for line, space in ((head, 12), (fields, 12), (foot, 16)):
            spread(look, line, spacing=space)
        head.addWidget(self.badge)
        head.addWidget(self.title, 3)
        head.addWidget(self.station, 2)
        for field, stretch in (
            (self.layout_field, 3),
            (self.zone, 2),
            (self.window_field, 2),
            (self.size_field, 2),
            (self.distance_field, 2),
        ):
            fields.addWidget(field, stretch)
        foot.addWidget(self.verdict, 1)
        foot.addWidget(self.offer, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        spread(look, column, (20, 12, 20, 12), 2)
        for part in (head, fields, foot):
            column.addLayout(part)
        self.station.activated.connect(self._pick_station)
        for name, field in (("layout", self.layout_field), ("zone", self.zone), ("window", self.window_field)):
            self._drop(field).activated.connect(partial(self._pick, name))
        for name, field in (("size", self.size_field), ("distance_m", self.distance_field)):
            self._line(field).editingFinished.connect(partial(self._type, name))

    def _choice(self, codes: Sequence[str], letters: int = 4) -> DropDown:
        box = DropDown(self.look).share_width(letters)
        for code in codes:
            box.addItem(code, code)
        return box

    @staticmethod
    def _drop(field: FormField) -> DropDown:
        assert isinstance(field.edit, DropDown)
        return field.edit

    @staticmethod
    def _line(field: FormField) -> QLineEdit:
        assert isinstance(field.edit, QLineEdit)
        return field.edit

    # -- showing --
    def set_hall(self, setup: Setup, windows: Sequence[str], zones: Sequence[str]) -> None:
        """Offer the hall's windows and zones, and use their names for the distance."""
        self._setup, self._windows, self._zones = setup, list(windows), list(zones)
        self.show_screen(self.shown)

    def show_screen(self, shown: Shown) -> None:
        """Show a screen's current state in the current language."""
        self._filling = True
        self.shown = shown
        spec = shown.spec or ScreenSpec(screen=shown.screen)
        self.badge.set_letter(str(shown.monitor.number) if shown.monitor else "–")
        self.title.setText(screen_title(shown))
        self._offer_stations(shown.spec.station if shown.spec else "")
        self.station.setAccessibleName(_("What this screen shows"))
        self.station.setCurrentIndex(self.station.findData(shown.spec.station if shown.spec else ""))
        layouts = self._drop(self.layout_field)
        for at in range(layouts.count()):
            layouts.setItemText(at, layout_word(layouts.itemData(at)))
        layouts.setCurrentIndex(layouts.findData(spec.layout))
        self._fill(self.zone, self._zones, spec.zone, _("The whole hall"))
        self._fill(self.window_field, self._windows, spec.window, "" if spec.station == "plate" else "–")
        self.size_field.set_value(spec.size)
        self.distance_field.set_value(f"{spec.distance_m:g}")
        for field, words in (
            (self.layout_field, _("Layout", context="field")),
            (self.zone, _("Part of the hall")),
            (self.window_field, _("Window", context="field")),
            (self.size_field, _("Diagonal (inches)")),
            (self.distance_field, _("Read from (m)")),
        ):
            field.set_label(words)
            field.set_error("")
        is_display = shown.spec is not None and spec.station == "display"
        self.layout_field.setVisible(is_display)
        self.zone.setVisible(shown.spec is not None and spec.station in OF_ITS_PLACE)
        self.window_field.setVisible(shown.spec is not None and spec.station in AT_A_WINDOW)
        self.size_field.setVisible(shown.spec is not None)
        self.distance_field.setVisible(shown.spec is not None and spec.station in ("display", "plate"))
        self._show_reach(shown)
        self._filling = False

    def _offer_stations(self, now: str) -> None:
        """Offer what the hall uses; what the screen shows now stays until something else is chosen."""
        used = ("", *(name for name in hall_screens() if self._setup is None or is_used(self._setup, name)))
        names = [*used, *([now] if now not in used else [])]
        if [self.station.itemData(at) for at in range(self.station.count())] != names:
            self.station.clear()
            for name in names:
                self.station.addItem("", name)
        for at, name in enumerate(names):
            self.station.setItemText(at, station_word(name))

    def _fill(self, field: FormField, codes: Sequence[str], now: str, none: str) -> None:
        box = self._drop(field)
        box.clear()
        if none:
            box.addItem(none, "")
        for code in codes if now in ("", *codes) else [*codes, now]:
            box.addItem(code, code)
        box.setCurrentIndex(box.findData(now))

    def _show_reach(self, shown: Shown) -> None:
        spec, monitor, size = shown.spec, shown.monitor, shown.size_mm
        self._offered = reach.Better()
        found_m = reach.readable_m(spec, monitor, size, self._setup) if spec and monitor and size else None
        if spec and monitor and size and not reach.is_enough(spec, found_m):
            self._offered = reach.better(spec, monitor, size, self._setup)
        words, is_short = verdict(shown, found_m)
        self.verdict.say(words, refused=is_short)
        self.verdict.setVisible(bool(words))
        offered = offer_words(self._offered)
        self.offer.setText(offered)
        self.offer.setVisible(bool(offered and self._offered.layout))
        if offered and not self._offered.layout:
            self.verdict.say(f"{words} {offered}", refused=True)

    def show_error(self, field: str, words: str) -> None:
        """Show which field has to be fixed."""
        fields = {
            "layout": self.layout_field,
            "zone": self.zone,
            "window": self.window_field,
            "size": self.size_field,
            "distance_m": self.distance_field,
        }
        if field in fields:
            fields[field].set_error(words)
        else:
            self.verdict.say(words, refused=True)
            self.verdict.show()

    # -- changing --
    def _pick_station(self) -> None:
        station = str(self.station.currentData())
        window = self.shown.spec.window if self.shown.spec else ""
        if station == "plate" and not window:
            window = self._windows[0] if self._windows else ""
        if station or self.shown.spec is not None:
            self._does.show_on(self.shown.screen, station, window=window if station in AT_A_WINDOW else "")

    def _pick(self, name: str, _index: int) -> None:
        if self._filling:
            return
        field = {"layout": self.layout_field, "zone": self.zone, "window": self.window_field}[name]
        self._does.change(self.shown.screen, **{name: str(self._drop(field).currentData() or "")})

    def _type(self, name: str) -> None:
        field = self.size_field if name == "size" else self.distance_field
        spec = self.shown.spec
        if self._filling or spec is None:
            return
        kept = spec.size if name == "size" else f"{spec.distance_m:g}"
        if field.value().strip() != kept:
            self._does.change(self.shown.screen, **{name: field.value()})
        else:
            field.set_error("")

    def _take_offer(self) -> None:
        if self._offered.layout:
            self._does.change(self.shown.screen, layout=self._offered.layout)
