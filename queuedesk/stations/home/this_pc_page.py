"""The page with the settings of this PC: screens, folders, printer, and what opens at log-in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from msgspec import Struct, field
from PySide6.QtCore import QObject, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QPaintEvent, QResizeEvent, QScreen
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.i18n import _, day_staff, listing, named, say, time_hm
from queuedesk.stations.acts.printer_choice import PrinterChoice, printer_word
from queuedesk.stations.home.controller import HallThere, HomeController
from queuedesk.stations.home.page import NO_LIMIT_PX, HomePage, place_text, this_pc_item
from queuedesk.stations.home.screen_row import ScreenRow, opening_word
from queuedesk.stations.home.this_pc_controller import SCREENS, ThisPcController
from queuedesk.stations.widgets.buttons import PrimaryButton, SecondaryButton
from queuedesk.stations.widgets.lists.tiles import TickBox
from queuedesk.stations.widgets.paint import TEXT, Painter
from queuedesk.stations.widgets.panels import GroundArea, Label, Panel, spread
from queuedesk.stations.widgets.questions.files import ask_folder
from queuedesk.stations.widgets.topbar import TopBar
from queuedesk.stations.window.context import Lanes, Services
from queuedesk.stations.window.style import HALL, Look, font_of

# -- the screens' numbers ------------------------------------------------------------------------------------------

SHOWN_MS = 4000
SHARE = 0.35
"""Of a screen's shorter side."""


class _Number(QWidget):
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
        painter.setFont(font_of(self.height() * 0.7, bold=True))
        painter.setPen(self._look.color("ink"))
        painter.drawText(QRectF(self.rect()), Qt.AlignmentFlag.AlignCenter, str(self._number))


class ScreenNumbers(QObject):
    """Shows the numbers of `screens` on them for a while."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._shown: list[_Number] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SHOWN_MS)
        self._timer.timeout.connect(self.hide)

    def show(self, screens: Sequence[QScreen]) -> None:
        """Show them for a few seconds."""
        self.hide()
        self._shown = [_Number(n, one) for n, one in enumerate(screens, start=1)]
        for each in self._shown:
            each.show()
        self._timer.start()

    def hide(self) -> None:
        """Remove them now."""
        self._timer.stop()
        while self._shown:
            gone = self._shown.pop()
            gone.hide()
            gone.deleteLater()


SIDE_PX = 380
LOOK_AGAIN_TICKS = 3
LOW_PX = 620


class ThisPcPlace(Struct):
    """What choosing a printer needs where there is no station."""

    services: Services
    tasks: Lanes
    look: Look
    options: Mapping[str, Any] = field(default_factory=dict)


class ThisPcPage(HomePage):
    """`left` when the person is done, `join_wanted` when this PC is to work in another hall. Changes are kept as they
    are made; 「打开」 opens the screens as they now are."""

    left = Signal()
    join_wanted = Signal()

    def __init__(
        self,
        look: Look,
        controller: HomeController,
        this_pc: ThisPcController,
        tasks: Lanes,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(look, controller, parent)
        self.this_pc = this_pc
        self.rows: list[ScreenRow] = []
        self._hall: HallThere | None = None
        self._ticks = 0
        self._numbers = ScreenNumbers(self)
        self.printer_choice = PrinterChoice(self, ThisPcPlace(this_pc.deeds.services, tasks, look))
        self.printer_choice.chosen.connect(self.show_settings)
        self.bar = TopBar(look, height=64, margin=48)
        self.bar.set_more_name(_("More"))
        self.bar.menu_wanted.connect(self.menu_wanted)
        self._title = Label(look, _("Screens of this PC"), px=36, bold=True)
        about = _("Each screen shows one thing and comes back by itself after a power cut.")
        self._second = Label(look, about, px=18, token="ink2", wrap=True)
        stage = Panel(look)
        inside = QVBoxLayout(stage)
        spread(look, inside, (48, 24, 48, 24), 6)
        inside.addWidget(self._title)
        inside.addWidget(self._second)
        inside.addWidget(self._middle(), 1)
        inside.addWidget(self.refusal)
        inside.addLayout(self._acts())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(stage, 1)
        this_pc.changed.connect(self.show_settings)
        this_pc.refused.connect(self._say_refusal)
        controller.looked.connect(self.show_hall)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.show_settings()
        if controller.hall_exists():
            controller.look()

    def show_settings(self) -> None:
        """Show what this PC has and keeps now."""
        self.bar.set_place(_("QueueDesk") if self._hall is None else self._hall_name())
        self._show_rows()
        self.at_start.setChecked(self.this_pc.opens_at_start())
        others = [opening_word(name) for name in self.this_pc.deeds.opening() if name != SCREENS]
        self._opening.setText(_("Also opens: {stations}", stations=listing(others)) if others else "")
        self._opening.setVisible(bool(others))
        heads = {
            "media": _("Pictures and films for the display"),
            "clips": _("Recorded words for the voice"),
            "printer": _("Printer"),
            "hall": _("Hall", context="set-up"),
        }
        for name, words in heads.items():
            choose = _("Join a hall …") if name == "hall" else _("Choose …")
            self._heads[name].setText(words)
            self.choose[name].setText(choose)
            self.choose[name].setAccessibleName(f"{choose} {words}")
        self.places["hall"].setText(place_text(self.controller.place))
        for part in ("media", "clips"):
            self.places[part].setText(self.this_pc.deeds.folder(part))
        printer = self.this_pc.deeds.printer()
        self.places["printer"].setText(printer_word(printer) if printer else _("System default"))
        self.way_out.setText(self._way_out_words())
        chosen = any(row.shown.spec is not None for row in self.rows)
        if chosen:
            self.open_button.allow(_("Open the screens"))
        else:
            self.open_button.block(_("Choose what a screen shows"))

    def _middle(self) -> GroundArea:
        """Return the screens with the rest beside them, or below where the letters are large."""
        inner = QWidget()
        self._list = QVBoxLayout()
        spread(self.look, self._list, spacing=12)
        self._list.addStretch(1)
        self._side_part = self._side()
        self._parts = QBoxLayout(QBoxLayout.Direction.LeftToRight, inner)
        spread(self.look, self._parts, (0, 10, 12, 0), 28)
        self._parts.addLayout(self._list, 1)
        self._parts.addWidget(self._side_part)
        self.look.changed.connect(self._make_room)
        return GroundArea(inner)

    def _make_room(self) -> None:
        """Put what stands beside the screens below them where the window is low for its text size."""
        is_roomy = self.height() >= self.look.px(LOW_PX)
        self._second.setVisible(is_roomy)
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._parts.setDirection(across if is_roomy else down)
        side = self.look.wide(SIDE_PX)
        self._side_part.setMinimumWidth(side if is_roomy else 0)
        self._side_part.setMaximumWidth(side if is_roomy else NO_LIMIT_PX)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _side(self) -> QWidget:
        """Return what else this PC keeps, one thing below the other."""
        look = self.look
        side = QWidget()
        column = QVBoxLayout(side)
        spread(look, column, spacing=4)
        self.at_start = TickBox(look, _("Open the screens when this PC starts"), px=17)
        self.at_start.clicked.connect(self._switch_start)
        self._opening = Label(look, px=15, token="ink2", wrap=True)
        column.addWidget(self.at_start)
        column.addWidget(self._opening)
        self._heads: dict[str, Label] = {}
        self.places: dict[str, Label] = {}
        self.choose: dict[str, SecondaryButton] = {}
        deeds: dict[str, Callable[[], None]] = {
            "media": partial(self._ask_folder, "media"),
            "clips": partial(self._ask_folder, "clips"),
            "printer": self.printer_choice.ask,
            "hall": self.join_wanted.emit,
        }
        for name, act in deeds.items():
            self._heads[name] = Label(look, px=16, bold=True)
            self.places[name] = Label(look, px=15, token="ink2")
            self.choose[name] = SecondaryButton(look, height=44, px=15)
            self.choose[name].clicked.connect(act)
            words, line = QVBoxLayout(), QHBoxLayout()
            spread(look, words)
            spread(look, line, (0, 12, 0, 0), 12)
            words.addWidget(self._heads[name])
            words.addWidget(self.places[name])
            line.addLayout(words, 1)
            line.addWidget(self.choose[name])
            column.addLayout(line)
        self.way_out = Label(look, px=15, token="ink2", wrap=True)
        room = QVBoxLayout()
        spread(look, room, (0, 16, 0, 0))
        room.addWidget(self.way_out)
        column.addLayout(room)
        column.addStretch(1)
        return side

    def _acts(self) -> QHBoxLayout:
        look = self.look
        self.back_button = SecondaryButton(look, _("Back"), icon="arrow-left", key="Esc", height=52, px=17)
        self.back_button.clicked.connect(self.left)
        self.numbers_button = SecondaryButton(look, _("Show screen numbers"), icon="screen", height=52, px=17)
        self.numbers_button.clicked.connect(self.show_numbers)
        self.open_button = PrimaryButton(look, trailing="arrow-right", height=60, px=21)
        self.open_button.clicked.connect(self.this_pc.open)
        acts = QHBoxLayout()
        spread(look, acts, (0, 8, 0, 0), 12)
        acts.addWidget(self.back_button)
        acts.addWidget(self.numbers_button)
        acts.addStretch(1)
        acts.addWidget(self.open_button)
        return acts

    # -- texts --
    def place_words(self) -> str:
        return _("Screens of this PC")

    def _hall_name(self) -> str:
        assert self._hall is not None
        return named(self._hall.setup.hall.name, self._hall.setup.hall.name_en)

    def _way_out_words(self) -> str:
        if self._hall is None:
            return ""
        if self._hall.is_locked:
            return _("Leaving a full screen takes a manager's PIN.")
        return _("No manager has a PIN, so anybody can close a full screen. An admin can set one in Set-up, Staff.")

    def _show_rows(self) -> None:
        shown = self.this_pc.rows()
        while len(self.rows) > len(shown):
            gone = self.rows.pop()
            self._list.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        while len(self.rows) < len(shown):
            row = ScreenRow(self.look, self.this_pc)
            self._list.insertWidget(len(self.rows), row)
            self.rows.append(row)
            if self._hall is not None:
                self._tell_hall(row, self._hall)
        for row, one in zip(self.rows, shown, strict=True):
            row.show_screen(one)

    def tick(self, now: datetime) -> None:
        local = self._hall.setup.local(now) if self._hall else now.astimezone()
        self.bar.set_items([this_pc_item(self._hall)])
        self.bar.set_clock(time_hm(local))
        self.bar.setToolTip(day_staff(local.date()))
        self._ticks += 1
        # A screen that is plugged in or switched on while somebody looks.
        if self._ticks % LOOK_AGAIN_TICKS == 0 and self.this_pc.rows() != [row.shown for row in self.rows]:
            self.show_settings()

    def show_hall(self, hall: HallThere) -> None:
        """Offer the hall's windows and zones."""
        self._hall = hall
        for row in self.rows:
            self._tell_hall(row, hall)
        self.show_settings()

    @staticmethod
    def _tell_hall(row: ScreenRow, hall: HallThere) -> None:
        zones = dict.fromkeys(spec.zone for spec in hall.setup.windows.values() if spec.zone)
        row.set_hall(hall.setup, hall.codes, list(zones))

    # -- acts --
    def show_numbers(self) -> None:
        """Show each screen's number on it."""
        shown = {one.name(): one for one in QGuiApplication.screens()}
        monitors = [row.shown.monitor for row in self.rows if row.shown.monitor is not None]
        self._numbers.show([shown[one.name] for one in monitors if one.name in shown])

    def _switch_start(self) -> None:
        self.this_pc.open_at_start(self.at_start.isChecked())

    def _ask_folder(self, part: str) -> None:
        folder = self.this_pc.deeds.folder(part)
        ask_folder(self, self._heads[part].text(), folder, partial(self.this_pc.choose_folder, part))

    def _say_refusal(self, screen: str, trouble: QueueDeskError) -> None:
        row = next((row for row in self.rows if screen and row.shown.screen == screen), None)
        if row is None:
            self.show_trouble(trouble)
        else:
            row.show_error(str(trouble.details.get("field", "")), say(trouble))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not event.isAutoRepeat():
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def stop(self) -> None:
        super().stop()
        self._numbers.hide()
        self.this_pc.changed.disconnect(self.show_settings)
        self.this_pc.refused.disconnect(self._say_refusal)
        self.controller.looked.disconnect(self.show_hall)
        self.look.changed.disconnect(self._make_room)
