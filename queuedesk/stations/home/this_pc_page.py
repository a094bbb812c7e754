"""The page with the settings of this PC: screens and from how far each can be read, folders, printer, and what opens at
log-in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace
from PySide6.QtCore import QObject, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QPaintEvent, QResizeEvent, QScreen
from PySide6.QtWidgets import QApplication, QBoxLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.features import feature_stations_by_name, has_station, import_reference
from queuedesk.core.setup.rows import Setup
from queuedesk.core.talk import display
from queuedesk.core.talk.screen import (
    INCHES,
    LAYOUTS,
    OF_ITS_PLACE,
    Monitor,
    ScreenSpec,
    ScreenState,
    customer_stations,
    screen_size_mm,
)
from queuedesk.i18n import _, date_for_staff, error_sentence, list_text, name_in_language, time_hm
from queuedesk.i18n.talk import device_kind_word
from queuedesk.stations.acts.printer_choice import PrinterChooser, printer_display_name
from queuedesk.stations.display.view import DisplayView, display_readability
from queuedesk.stations.home.controller import SCREENS, FoundHall, HomeController, ThisPcController
from queuedesk.stations.home.page import NO_LIMIT_PX, HomePage, data_location_text, this_pc_name_item
from queuedesk.stations.widgets import panels
from queuedesk.stations.widgets.buttons import PrimaryButton, SecondaryButton
from queuedesk.stations.widgets.lists.tiles import TickBox
from queuedesk.stations.widgets.paint import TEXT, Painter
from queuedesk.stations.widgets.questions.dialogs import DropDown, ErrorLine, FormField
from queuedesk.stations.widgets.questions.files import ask_file, open_folder_dialog
from queuedesk.stations.window.context import StationServices, WorkLanes, main_pc_address
from queuedesk.stations.window.style import HALL, Look, font_of_size, load_fonts

NEAR_ENOUGH_M = 0.05
"""What a person at a tape measure would call the same."""
USUAL_INCHES = (32, 43, 50, 55, 65, 75, 85, 98, 110)
WIDE_LAYOUTS, TALL_LAYOUTS = ("standard", "calls"), ("portrait", "calls")


class ReadabilityRemedy(Struct, frozen=True):
    """What would make a screen readable from its distance: a layout, or the least usual diagonal (0: none)."""

    layout: str = ""
    inches: int = 0


def reading_distance_m(
    spec: ScreenSpec, monitor: Monitor, screen_size_in_mm: tuple[float, float], setup: Setup | None = None
) -> float | None:
    """Return the distance from which its calls can be read, None for a station that is read at its counter. Without the
    hall's set-up, whose windows take room from the numbers, it is the layout's maximum."""
    added = feature_stations_by_name().get(spec.station)
    reach = added.reach if added is not None else ""
    if spec.station != "display" and not reach:
        return None
    load_fonts()  # a command has no window that did
    if reach:
        number_px, canvas = import_reference(reach)(spec.window, setup)
        mm_per_px = display.mm_per_px(screen_size_in_mm, monitor.width_px, monitor.height_px, canvas)
        return display.readable_distance_m(number_px, mm_per_px)
    if setup is not None:
        pixels = (monitor.width_px, monitor.height_px)
        return display_readability(
            setup, spec.layout, pixels, screen_size_in_mm, spec.distance_m, zone=spec.zone
        ).readable_m
    view = DisplayView(Look(HALL), spec.layout)
    size = QSize(monitor.width_px, monitor.height_px)
    view.resize(size)
    # A view that nobody sees is not told of its size by itself.
    QApplication.sendEvent(view, QResizeEvent(size, size))
    view.set_screen_size_and_distance(screen_size_in_mm, spec.distance_m)
    found = view.readable_m()
    view.deleteLater()
    return found


def is_readable_enough(spec: ScreenSpec, found_m: float | None) -> bool:
    return found_m is None or found_m >= spec.distance_m - NEAR_ENOUGH_M


def readability_remedy(
    spec: ScreenSpec, monitor: Monitor, screen_size_in_mm: tuple[float, float], setup: Setup | None = None
) -> ReadabilityRemedy:
    if spec.station == "display":
        for layout in TALL_LAYOUTS if monitor.height_px > monitor.width_px else WIDE_LAYOUTS:
            other = replace(spec, layout=layout)
            if layout != spec.layout and is_readable_enough(
                other, reading_distance_m(other, monitor, screen_size_in_mm, setup)
            ):
                return ReadabilityRemedy(layout=layout)
    for inches in USUAL_INCHES:
        larger = screen_size_mm(str(inches), monitor.width_px, monitor.height_px)
        if larger is None or larger[0] <= screen_size_in_mm[0] or inches > INCHES[1]:
            continue
        if is_readable_enough(spec, reading_distance_m(spec, monitor, larger, setup)):
            return ReadabilityRemedy(inches=inches)
    return ReadabilityRemedy()


# -- what is said of a screen, and the row in which it is set ------------------------------------------------------


def layout_display_name(layout: str) -> str:
    words = {
        "auto": _("By screen shape", context="layout"),
        "standard": _("Calls and waiting", context="layout"),
        "calls": _("Calls only", context="layout"),
        "portrait": _("Portrait", context="layout"),
        "zones": _("By zone", context="layout"),
        "order": _("Order list", context="layout"),
    }
    return words.get(layout, layout)


def screen_title(shown: ScreenState) -> str:
    one = shown.monitor
    if one is None:
        return _("Screen {screen} · not connected", screen=shown.screen_number_or_name)
    return _(
        "Screen {number} · {name} · {width} × {height}",
        number=one.number,
        name=one.name,
        width=one.width_px,
        height=one.height_px,
    )


def readability_sentence_and_fault(shown: ScreenState, found_m: float | None) -> tuple[str, bool]:
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
    if is_readable_enough(spec, found_m):
        return _("Can be read from {metres} m", metres=f"{found_m:.1f}"), False
    return (
        _(
            "At this size it can be read from up to {metres} m, but people are {distance} m away.",
            metres=f"{found_m:.1f}",
            distance=f"{spec.distance_m:g}",
        ),
        True,
    )


def readability_remedy_text(better: ReadabilityRemedy) -> str:
    if better.layout:
        return _("Change to: {layout}", layout=layout_display_name(better.layout))
    return _("A screen of {inches} inches would do.", inches=better.inches) if better.inches else ""


def autostart_item_name(name: str) -> str:
    """Return what opens with the PC, from its name: "counter-3" is the counter of window 3."""
    station, _dash, place = name.partition("-")
    word = device_kind_word(station) if station else _("QueueDesk")
    return f"{word} {place}".strip()


AT_A_WINDOW = ("plate", "line", "rating")


class ScreenSettingsCard(panels.Card):
    """Writes every change at once through the controller; a refusal is shown under the fields until it is fixed."""

    def __init__(self, look: Look, controller: ThisPcController, parent: QWidget | None = None) -> None:
        super().__init__(look, parent=parent)
        self._does = controller
        self.shown = ScreenState(monitor=None, spec=None)
        self._setup: Setup | None = None
        self._windows: list[str] = []
        self._zones: list[str] = []
        self._filling = False
        self.badge = panels.LetterBadge(look, "", side=44)
        self.title = panels.ShrinkingLabel(look, px=19, least=12, bold=True)
        self.station = self._make_drop_down_of_codes((), letters=9)
        self.layout_field = FormField(look, "", edit=self._make_drop_down_of_codes(LAYOUTS))
        self.zone = FormField(look, "", edit=self._make_drop_down_of_codes(()))
        self.window_field = FormField(look, "", edit=self._make_drop_down_of_codes(()))
        self.size_field, self.distance_field = FormField(look, ""), FormField(look, "")
        self.verdict = ErrorLine(look)
        self.offer = SecondaryButton(look, height=40, px=15)
        self.offer.clicked.connect(self._apply_offered_layout)
        self._offered = ReadabilityRemedy()
        head, fields, foot = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        for line, space in ((head, 12), (fields, 12), (foot, 16)):
            panels.set_scaled_margins(look, line, spacing=space)
        head.addWidget(self.badge)
        head.addWidget(self.title, 3)
        head.addWidget(self.station, 2)
        for cell, stretch in (
            (self.layout_field, 3),
            (self.zone, 2),
            (self.window_field, 2),
            (self.size_field, 2),
            (self.distance_field, 2),
        ):
            fields.addWidget(cell, stretch)
        foot.addWidget(self.verdict, 1)
        foot.addWidget(self.offer, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        panels.set_scaled_margins(look, column, (20, 12, 20, 12), 2)
        for part in (head, fields, foot):
            column.addLayout(part)
        self.station.activated.connect(self._apply_station_choice)
        for name, cell in (("layout", self.layout_field), ("zone", self.zone), ("window", self.window_field)):
            self._drop_down_of(cell).activated.connect(partial(self._save_picked_value, name))
        for name, cell in (("size", self.size_field), ("distance_m", self.distance_field)):
            self._line_edit_of(cell).editingFinished.connect(partial(self._save_typed_measure, name))

    def _make_drop_down_of_codes(self, codes: Sequence[str], letters: int = 4) -> DropDown:
        box = DropDown(self.look).set_minimum_letters(letters)
        for code in codes:
            box.addItem(code, code)
        return box

    @staticmethod
    def _drop_down_of(field: FormField) -> DropDown:
        assert isinstance(field.edit, DropDown)
        return field.edit

    @staticmethod
    def _line_edit_of(field: FormField) -> QLineEdit:
        assert isinstance(field.edit, QLineEdit)
        return field.edit

    # -- showing --
    def set_hall(self, setup: Setup, windows: Sequence[str], zones: Sequence[str]) -> None:
        self._setup, self._windows, self._zones = setup, list(windows), list(zones)
        self.show_monitor_settings(self.shown)

    def show_monitor_settings(self, shown: ScreenState) -> None:
        self._filling = True
        self.shown = shown
        spec = shown.spec or ScreenSpec(screen=shown.screen_number_or_name)
        self.badge.set_letter(str(shown.monitor.number) if shown.monitor else "–")
        self.title.setText(screen_title(shown))
        self._fill_station_choices(shown.spec.station if shown.spec else "")
        self.station.setAccessibleName(_("What this screen shows"))
        self.station.setCurrentIndex(self.station.findData(shown.spec.station if shown.spec else ""))
        layouts = self._drop_down_of(self.layout_field)
        for at in range(layouts.count()):
            layouts.setItemText(at, layout_display_name(layouts.itemData(at)))
        layouts.setCurrentIndex(layouts.findData(spec.layout))
        self._fill_drop_down(self.zone, self._zones, spec.zone, _("The whole hall"))
        self._fill_drop_down(self.window_field, self._windows, spec.window, "" if spec.station == "plate" else "–")
        self.size_field.set_value(spec.size)
        self.distance_field.set_value(f"{spec.distance_m:g}")
        for cell, words in (
            (self.layout_field, _("Layout", context="field")),
            (self.zone, _("Part of the hall")),
            (self.window_field, _("Window", context="field")),
            (self.size_field, _("Diagonal (inches)")),
            (self.distance_field, _("Read from (m)")),
        ):
            cell.set_label(words)
            cell.set_error("")
        is_display = shown.spec is not None and spec.station == "display"
        self.layout_field.setVisible(is_display)
        self.zone.setVisible(shown.spec is not None and spec.station in OF_ITS_PLACE)
        self.window_field.setVisible(shown.spec is not None and spec.station in AT_A_WINDOW)
        self.size_field.setVisible(shown.spec is not None)
        self.distance_field.setVisible(shown.spec is not None and spec.station in ("display", "plate"))
        self._show_readability(shown)
        self._filling = False

    def _fill_station_choices(self, now: str) -> None:
        """Offer what the hall uses; what the screen shows now stays until something else is chosen."""
        used = (
            "",
            *(name for name in customer_stations() if self._setup is None or has_station(self._setup.hall, name)),
        )
        names = [*used, *([now] if now not in used else [])]
        if [self.station.itemData(at) for at in range(self.station.count())] != names:
            self.station.clear()
            for name in names:
                self.station.addItem("", name)
        for at, name in enumerate(names):
            self.station.setItemText(at, device_kind_word(name) if name else _("Not used here"))

    def _fill_drop_down(self, field: FormField, codes: Sequence[str], now: str, none: str) -> None:
        box = self._drop_down_of(field)
        box.clear()
        if none:
            box.addItem(none, "")
        for code in codes if now in ("", *codes) else [*codes, now]:
            box.addItem(code, code)
        box.setCurrentIndex(box.findData(now))

    def _show_readability(self, shown: ScreenState) -> None:
        spec, monitor, size = shown.spec, shown.monitor, shown.size_mm
        self._offered = ReadabilityRemedy()
        found_m = reading_distance_m(spec, monitor, size, self._setup) if spec and monitor and size else None
        if spec and monitor and size and not is_readable_enough(spec, found_m):
            self._offered = readability_remedy(spec, monitor, size, self._setup)
        words, is_short = readability_sentence_and_fault(shown, found_m)
        self.verdict.show_message(words, refused=is_short)
        self.verdict.setVisible(bool(words))
        offered = readability_remedy_text(self._offered)
        self.offer.setText(offered)
        self.offer.setVisible(bool(offered and self._offered.layout))
        if offered and not self._offered.layout:
            self.verdict.show_message(f"{words} {offered}", refused=True)

    def show_error(self, field: str, words: str) -> None:
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
            self.verdict.show_message(words, refused=True)
            self.verdict.show()

    # -- changing --
    def _apply_station_choice(self) -> None:
        station = str(self.station.currentData())
        window = self.shown.spec.window if self.shown.spec else ""
        if station == "plate" and not window:
            window = self._windows[0] if self._windows else ""
        if station or self.shown.spec is not None:
            self._does.show_station_on_screen(
                self.shown.screen_number_or_name, station, window=window if station in AT_A_WINDOW else ""
            )

    def _save_picked_value(self, name: str, _index: int) -> None:
        if self._filling:
            return
        field = {"layout": self.layout_field, "zone": self.zone, "window": self.window_field}[name]
        self._does.change_screen(
            self.shown.screen_number_or_name, **{name: str(self._drop_down_of(field).currentData() or "")}
        )

    def _save_typed_measure(self, name: str) -> None:
        field = self.size_field if name == "size" else self.distance_field
        spec = self.shown.spec
        if self._filling or spec is None:
            return
        kept = spec.size if name == "size" else f"{spec.distance_m:g}"
        if field.value().strip() != kept:
            self._does.change_screen(self.shown.screen_number_or_name, **{name: field.value()})
        else:
            field.set_error("")

    def _apply_offered_layout(self) -> None:
        if self._offered.layout:
            self._does.change_screen(self.shown.screen_number_or_name, layout=self._offered.layout)


# -- the screens' numbers ------------------------------------------------------------------------------------------

SHOWN_MS = 4000
SHARE = 0.35
"""Of a screen's shorter side."""


class _ScreenNumberSign(QWidget):
    spoken_role = TEXT

    def __init__(self, number: int, screen: QScreen) -> None:
        flags = Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint | Qt.WindowType.ToolTip
        super().__init__(None, flags)
        self._look, self._number = Look(HALL), number
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAccessibleName(str(number))
        whole = screen.geometry()
        side = round(min(whole.width(), whole.height()) * SHARE)
        self.setScreen(screen)
        self.setGeometry(whole.center().x() - side // 2, whole.center().y() - side // 2, side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = Painter(self, self._look)
        painter.fillRect(self.rect(), self._look.color("surface"))
        painter.setFont(font_of_size(self.height() * 0.7, bold=True))
        painter.setPen(self._look.color("ink"))
        painter.drawText(QRectF(self.rect()), Qt.AlignmentFlag.AlignCenter, str(self._number))


class ScreenNumberOverlays(QObject):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._shown: list[_ScreenNumberSign] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SHOWN_MS)
        self._timer.timeout.connect(self.hide_numbers)

    def show_numbers(self, screens: Sequence[QScreen]) -> None:
        self.hide_numbers()
        self._shown = [_ScreenNumberSign(n, one) for n, one in enumerate(screens, start=1)]
        for each in self._shown:
            each.show()
        self._timer.start()

    def hide_numbers(self) -> None:
        self._timer.stop()
        while self._shown:
            gone = self._shown.pop()
            gone.hide()
            gone.deleteLater()


SIDE_PX = 380
LOOK_AGAIN_TICKS = 3
LOW_PX = 620


class PrinterChoiceContext(Struct):
    """What choosing a printer needs where there is no station."""

    services: StationServices
    tasks: WorkLanes
    look: Look
    options: Mapping[str, Any] = field(default_factory=dict)


class ThisPcPage(HomePage):
    """`left` when the person is done, `join_wanted` when this PC is to work in another hall, `pc_file_chosen` when a
    file says what it is for. Changes are kept as they are made; 「打开」 opens the screens as they now are."""

    left = Signal()
    join_wanted = Signal()
    pc_file_chosen = Signal(str)

    def __init__(
        self,
        look: Look,
        controller: HomeController,
        this_pc: ThisPcController,
        tasks: WorkLanes,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(look, controller, parent)
        self.this_pc = this_pc
        self.rows: list[ScreenSettingsCard] = []
        self._hall: FoundHall | None = None
        self._ticks = 0
        self._numbers = ScreenNumberOverlays(self)
        self.printer_choice = PrinterChooser(self, PrinterChoiceContext(this_pc.deeds.services, tasks, look))
        self.printer_choice.chosen.connect(self.show_settings)
        self.add_top_bar()
        self._title = panels.Label(look, _("Screens of this PC"), px=36, bold=True)
        about = _("Each screen shows one thing and comes back by itself after a power cut.")
        self._second = panels.Label(look, about, px=18, token="ink2", wrap=True)
        stage = panels.Panel(look)
        inside = QVBoxLayout(stage)
        panels.set_scaled_margins(look, inside, (48, 24, 48, 24), 6)
        inside.addWidget(self._title)
        inside.addWidget(self._second)
        inside.addWidget(self._make_screens_area(), 1)
        inside.addWidget(self.refusal)
        inside.addLayout(self._make_buttons_row())
        self.put_below_bar(stage)
        this_pc.changed.connect(self.show_settings)
        this_pc.refused.connect(self._say_refusal_at_row_or_page)
        controller.looked.connect(self.show_hall)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.show_settings()
        if controller.hall_exists():
            controller.read_hall()

    def show_settings(self) -> None:
        self.bar.set_title_and_hall(_("QueueDesk") if self._hall is None else self._hall_name())
        self._show_screen_rows()
        self.at_start.setChecked(self.this_pc.is_opened_at_login())
        others = [autostart_item_name(name) for name in self.this_pc.deeds.opening() if name != SCREENS]
        self._opening.setText(_("Also opens: {stations}", stations=list_text(others)) if others else "")
        self._opening.setVisible(bool(others))
        heads = {
            "media": _("Pictures and films for the display"),
            "clips": _("Recorded words for the voice"),
            "printer": _("Printer"),
            "hall": _("Hall", context="set-up"),
            "file": _("Set-up file", context="set-up"),
        }
        for name in self.choose:
            words = heads[name]
            choose = {"hall": _("Join a hall …"), "file": _("Set up from a file …")}.get(name) or _("Choose …")
            self._heads[name].setText(words)
            self.choose[name].setText(choose)
            self.choose[name].setAccessibleName(f"{choose} {words}")
        self.places["hall"].setText(data_location_text(self.controller.place))
        for part in ("media", "clips"):
            self.places[part].setText(self.this_pc.deeds.folder(part))
        printer = self.this_pc.deeds.printer()
        self.places["printer"].setText(printer_display_name(printer) if printer else _("System default"))
        self.way_out.setText(self._exit_protection_text())
        chosen = any(row.shown.spec is not None for row in self.rows)
        if chosen:
            self.open_button.enable_with_label(_("Open the screens"))
        else:
            self.open_button.disable_with_reason(_("Choose what a screen shows"))

    def _make_screens_area(self) -> panels.VerticalScrollArea:
        """Return the screens with the rest beside them, or below where the letters are large."""
        inner = QWidget()
        self._list = QVBoxLayout()
        panels.set_scaled_margins(self.look, self._list, spacing=12)
        self._list.addStretch(1)
        self._side_part = self._make_side_part()
        self._parts = QBoxLayout(QBoxLayout.Direction.LeftToRight, inner)
        panels.set_scaled_margins(self.look, self._parts, (0, 10, 12, 0), 28)
        self._parts.addLayout(self._list, 1)
        self._parts.addWidget(self._side_part)
        self.look.changed.connect(self._fit_parts_to_window)
        return panels.VerticalScrollArea(inner)

    def _fit_parts_to_window(self) -> None:
        """Put what stands beside the screens below them where the window is low for its text size."""
        is_roomy = self.height() >= self.look.px(LOW_PX)
        self._second.setVisible(is_roomy)
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._parts.setDirection(across if is_roomy else down)
        side = self.look.large_px(SIDE_PX)
        self._side_part.setMinimumWidth(side if is_roomy else 0)
        self._side_part.setMaximumWidth(side if is_roomy else NO_LIMIT_PX)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_parts_to_window()

    def _make_side_part(self) -> QWidget:
        look = self.look
        side = QWidget()
        column = QVBoxLayout(side)
        panels.set_scaled_margins(look, column, spacing=4)
        self.at_start = TickBox(look, _("Open the screens when this PC starts"), px=17)
        self.at_start.clicked.connect(self._save_open_at_login)
        self._opening = panels.Label(look, px=15, token="ink2", wrap=True)
        column.addWidget(self.at_start)
        column.addWidget(self._opening)
        self._heads: dict[str, panels.Label] = {}
        self.places: dict[str, panels.Label] = {}
        self.choose: dict[str, SecondaryButton] = {}
        deeds: dict[str, Callable[[], None]] = {
            "media": partial(self._ask_folder, "media"),
            "clips": partial(self._ask_folder, "clips"),
            "printer": self.printer_choice.ask_printer,
            "hall": self.join_wanted.emit,
        }
        if main_pc_address(self.controller.place) is not None or not self.controller.hall_exists():
            deeds["file"] = self._ask_pc_file
        for name, act in deeds.items():
            self._heads[name] = panels.Label(look, px=16, bold=True)
            self.places[name] = panels.Label(look, px=15, token="ink2")
            self.choose[name] = SecondaryButton(look, height=44, px=15)
            self.choose[name].clicked.connect(act)
            words, line = QVBoxLayout(), QHBoxLayout()
            panels.set_scaled_margins(look, words)
            panels.set_scaled_margins(look, line, (0, 12, 0, 0), 12)
            words.addWidget(self._heads[name])
            words.addWidget(self.places[name])
            line.addLayout(words, 1)
            line.addWidget(self.choose[name])
            column.addLayout(line)
        self.way_out = panels.Label(look, px=15, token="ink2", wrap=True)
        room = QVBoxLayout()
        panels.set_scaled_margins(look, room, (0, 16, 0, 0))
        room.addWidget(self.way_out)
        column.addLayout(room)
        column.addStretch(1)
        return side

    def _make_buttons_row(self) -> QHBoxLayout:
        look = self.look
        self.back_button = SecondaryButton(look, _("Back"), icon="arrow-left", key="Esc", height=52, px=17)
        self.back_button.clicked.connect(self.left)
        self.numbers_button = SecondaryButton(look, _("Show screen numbers"), icon="screen", height=52, px=17)
        self.numbers_button.clicked.connect(self.show_screen_numbers)
        self.open_button = PrimaryButton(look, trailing="arrow-right", height=60, px=21)
        self.open_button.clicked.connect(self.this_pc.open_screens)
        acts = QHBoxLayout()
        panels.set_scaled_margins(look, acts, (0, 8, 0, 0), 12)
        acts.addWidget(self.back_button)
        acts.addWidget(self.numbers_button)
        acts.addStretch(1)
        acts.addWidget(self.open_button)
        return acts

    # -- texts --
    def page_title(self) -> str:
        return _("Screens of this PC")

    def _hall_name(self) -> str:
        assert self._hall is not None
        return name_in_language(self._hall.setup.hall.name, self._hall.setup.hall.name_en)

    def _exit_protection_text(self) -> str:
        if self._hall is None:
            return ""
        if self._hall.is_locked:
            return _("Leaving a full screen takes a manager's PIN.")
        return _("No manager has a PIN, so anybody can close a full screen. An admin can set one in Set-up, Staff.")

    def _show_screen_rows(self) -> None:
        shown = self.this_pc.screen_states()
        while len(self.rows) > len(shown):
            gone = self.rows.pop()
            self._list.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        while len(self.rows) < len(shown):
            row = ScreenSettingsCard(self.look, self.this_pc)
            self._list.insertWidget(len(self.rows), row)
            self.rows.append(row)
            if self._hall is not None:
                self._pass_hall_to_row(row, self._hall)
        for row, one in zip(self.rows, shown, strict=True):
            row.show_monitor_settings(one)

    def tick(self, now: datetime) -> None:
        local = self._hall.setup.to_hall_time(now) if self._hall else now.astimezone()
        self.bar.set_items([this_pc_name_item(self._hall)])
        self.bar.set_clock(time_hm(local))
        self.bar.setToolTip(date_for_staff(local.date()))
        self._ticks += 1
        # A screen that is plugged in or switched on while somebody looks.
        if self._ticks % LOOK_AGAIN_TICKS == 0 and self.this_pc.screen_states() != [row.shown for row in self.rows]:
            self.show_settings()

    def show_hall(self, hall: FoundHall) -> None:
        self._hall = hall
        for row in self.rows:
            self._pass_hall_to_row(row, hall)
        self.show_settings()

    @staticmethod
    def _pass_hall_to_row(row: ScreenSettingsCard, hall: FoundHall) -> None:
        zones = dict.fromkeys(spec.zone for spec in hall.setup.windows.values() if spec.zone)
        row.set_hall(hall.setup, hall.codes, list(zones))

    # -- acts --
    def show_screen_numbers(self) -> None:
        shown = {one.name(): one for one in QGuiApplication.screens()}
        connected_monitors = [row.shown.monitor for row in self.rows if row.shown.monitor is not None]
        self._numbers.show_numbers([shown[one.name] for one in connected_monitors if one.name in shown])

    def _save_open_at_login(self) -> None:
        self.this_pc.set_screens_opened_at_login(self.at_start.isChecked())

    def _ask_folder(self, part: str) -> None:
        folder = self.this_pc.deeds.folder(part)
        open_folder_dialog(self, self._heads[part].text(), folder, partial(self.this_pc.choose_folder, part))

    def _ask_pc_file(self) -> None:
        ask_file(self, _("Set up from a file …"), "*.toml", self.pc_file_chosen.emit)

    def _say_refusal_at_row_or_page(self, screen: str, trouble: QueueDeskError) -> None:
        row = next((row for row in self.rows if screen and row.shown.screen_number_or_name == screen), None)
        if row is None:
            self.show_trouble(trouble)
        else:
            row.show_error(str(trouble.details.get("field", "")), error_sentence(trouble))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not event.isAutoRepeat():
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def stop(self) -> None:
        super().stop()
        self._numbers.hide_numbers()
        self.this_pc.changed.disconnect(self.show_settings)
        self.this_pc.refused.disconnect(self._say_refusal_at_row_or_page)
        self.controller.looked.disconnect(self.show_hall)
        self.look.changed.disconnect(self._fit_parts_to_window)
