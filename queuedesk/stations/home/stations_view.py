"""Home's page that asks what this PC is for: all stations, the last choice marked."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from queuedesk.core.network.sharing import may_open
from queuedesk.i18n import _, current_words, day_staff, named, time_hm, use_words, window_state
from queuedesk.stations.home.controller import AT_A_WINDOW, NEEDS_WINDOW, STATIONS, HallThere, HomeController
from queuedesk.stations.home.join_page import let_in_text, main_pc_text
from queuedesk.stations.home.page import NO_LIMIT_PX, HomePage, StationCard, this_pc_item
from queuedesk.stations.widgets.buttons import PrimaryButton, SecondaryButton
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.lists.tiles import TickBox, ToggleChoice
from queuedesk.stations.widgets.panels import FixedSize, Panel, spread
from queuedesk.stations.widgets.questions.dialogs import Answer, PickDialog
from queuedesk.stations.widgets.topbar import TopBar, TopItem
from queuedesk.stations.window.style import Look

ICONS = {
    "guide": "person",
    "counter": "window",
    "manager": "chart",
    "lobby": "board",
    "display": "screen",
    "kiosk": "kiosk",
    "plate": "plate",
    "line": "bar",
    "rating": "star",
}
STAFF, CUSTOMERS = STATIONS[:4], STATIONS[4:]
LOOK_AGAIN_TICKS = 60
LOW_PX, FLAT_PX = 620, 450
NARROW_PX, TIGHT_PX = 900, 660
TICK_PX = 17
MARGIN, FLAT_MARGIN, HEAD = 28, 12, 20
IN_A_NARROW_ROW, CARDS = 3, 100


class StationsPage(HomePage):
    """Stations in two rows: for staff, and full-screen for customers. `this_pc_wanted` leads to the PC's screens,
    `join_wanted` to another hall."""

    this_pc_wanted = Signal()
    join_wanted = Signal()

    def __init__(self, look: Look, controller: HomeController, parent: QWidget | None = None) -> None:
        super().__init__(look, controller, parent)
        self._hall: HallThere | None = None
        self._halls: list[tuple[str, str, str]] = []
        self._ticks, self._today = 0, ""
        self.bar = TopBar(look, height=64, margin=48)
        self.bar.menu_wanted.connect(self.menu_wanted)
        self.cards = {name: StationCard(look, ICONS[name]) for name in STATIONS}
        for card in self.cards.values():
            card.clicked.connect(self._show_choice)
        stage = Panel(look)
        self._question = Label(look, px=36, bold=True)
        self._second = Label(look, px=19, token="ink2")
        self._staff, self._customers = (
            Label(look, px=16, bold=True, token="ink2"),
            Label(look, px=16, bold=True, token="ink2"),
        )
        inside = self._inside = QVBoxLayout(stage)
        spread(look, inside, (48, MARGIN, 48, MARGIN), 0)
        inside.addWidget(self._question)
        inside.addWidget(self._second)
        self._heads, self._rows = [QVBoxLayout(), QVBoxLayout()], [QHBoxLayout() for _row in range(3)]
        for head, title, row in zip(self._heads, (self._staff, self._customers), self._rows, strict=False):
            spread(look, head, (0, HEAD, 0, 0))
            head.addWidget(title)
            inside.addLayout(head)
            inside.addLayout(row, CARDS)
        inside.addLayout(self._rows[-1])
        for row in self._rows:
            spread(look, row, (0, 8, 0, 0), 16)
        self._is_narrow: bool | None = None
        inside.addStretch(1)
        inside.addLayout(self._window_picker())
        inside.addWidget(self.refusal)
        inside.addLayout(self._acts())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(stage, 1)
        look.changed.connect(self._make_room)
        controller.looked.connect(self.show_hall)
        controller.hall_wanted.connect(self.ask_hall)
        controller.busy_changed.connect(self.enter_button.set_busy)
        last = controller.choice.station
        self.cards[last if last in self.cards else STATIONS[0]].setChecked(True)
        self._make_room()
        self.retranslate()
        controller.look()

    def chosen(self) -> str:
        """Return the chosen station."""
        return next(name for name, card in self.cards.items() if card.isChecked())

    def chosen_window(self) -> str:
        """Return the chosen window, "" to be asked for at the station."""
        return next((code for code, pill in self.windows.items() if pill.isChecked()), "")

    def _window_picker(self) -> QHBoxLayout:
        """Return the line that asks for the window of a counter or a rating screen; its room is kept when it is not
        asked."""
        look = self.look
        self.windows: dict[str, ToggleChoice] = {}
        self._which = Label(look, px=17, bold=True, elide=False)
        self._which_hint = Label(look, px=16, token="ink2")
        self._pills = QHBoxLayout()
        spread(look, self._pills, spacing=8)
        room = QWidget()
        FixedSize(look, room, width=0, height=44)
        line = self._picker = QHBoxLayout()
        spread(look, line, (0, 14, 0, 6), 16)
        line.addWidget(self._which)
        line.addLayout(self._pills)
        line.addWidget(self._which_hint, 1)
        line.addWidget(room)
        return line

    def _acts(self) -> QHBoxLayout:
        look = self.look
        self.try_button = SecondaryButton(look, icon="people", height=52, px=17)
        self.try_button.clicked.connect(self.controller.try_it)
        self.demo_button = SecondaryButton(look, icon="play", height=52, px=17)
        self.demo_button.clicked.connect(self.controller.watch_demo)
        self.this_pc_button = SecondaryButton(look, icon="screen", height=52, px=17)
        self.this_pc_button.clicked.connect(self.this_pc_wanted)
        self.join_button = SecondaryButton(look, icon="plug", height=52, px=17)
        self.join_button.clicked.connect(self.join_wanted)
        self.at_start = TickBox(look, "", px=17)
        self.at_start.setChecked(self.controller.choice.open_at_start)
        self.enter_button = PrimaryButton(look, trailing="arrow-right", height=60, px=21)
        self.enter_button.clicked.connect(self.enter)
        acts = self._deeds = QHBoxLayout()
        spread(look, acts, (0, 8, 0, 0), 12)
        for button in (self.try_button, self.demo_button, self.this_pc_button, self.join_button):
            acts.addWidget(button)
        acts.addStretch(1)
        acts.addWidget(self.enter_button)
        return acts

    # -- texts --
    def retranslate(self) -> None:
        super().retranslate()
        self.bar.set_more_name(_("More"))
        self._show_place()
        self._question.setText(_("What is this computer for?"))
        self._show_second()
        self._staff.setText(_("For staff"))
        self._customers.setText(_("For customers · full screen"))
        for name, (title, line) in station_texts().items():
            self.cards[name].set_texts(title, [line])
        self._which.setText(_("Which window?"))
        self.this_pc_button.setText(_("Screens of this PC"))
        self.join_button.setText(_("Join a hall"))
        self.try_button.setText(_("Try it"))
        self.demo_button.setText(_("Watch a demo day"))
        self.at_start.setText(_("Open at start-up"))
        self._show_choice()

    def tick(self, now: datetime) -> None:
        local = self._hall.setup.local(now) if self._hall else now.astimezone()
        self._today = day_staff(local.date())
        self._show_items()
        self.bar.set_clock(time_hm(local))
        self.controller.look_here()
        self._ticks += 1
        if self._ticks % LOOK_AGAIN_TICKS == 0:
            self.controller.look()

    def _show_second(self) -> None:
        """Say with which PC this one works, and why it does not open every station, or else how people come back."""
        main_pc = main_pc_text(self.controller.place)
        second = let_in_text(self._hall.kind if self._hall else None)
        second = second or _("Ctrl+Shift+H brings you back here from any station.")
        self._second.setText(_("{one} {two}", context="sentences", one=main_pc, two=second) if main_pc else second)

    def _show_items(self) -> None:
        items = [this_pc_item(self._hall), TopItem(self._today, rule=True)]
        # In a narrow window the hall's name counts for more.
        self.bar.set_items(items[: 2 - sum(self.width() < self.look.px(least) for least in (NARROW_PX, TIGHT_PX))])

    def show_hall(self, hall: HallThere) -> None:
        """Show the hall's name, whether it is open, and its windows."""
        self._hall, self._halls = hall, []
        words = hall.setup.hall.words
        if (words.window, words.ticket) != current_words():
            use_words(words.window, words.ticket)
            self.retranslate()
        self.show_trouble(None)
        if list(self.windows) != hall.codes:
            self._list_windows(hall.codes)
        for name, card in self.cards.items():
            card.setEnabled(may_open(hall.kind, name))
        if not self.cards[self.chosen()].isEnabled():
            next(card for card in self.cards.values() if card.isEnabled()).setChecked(True)
        self._show_choice()
        self._show_place()
        self._show_second()
        self._show_items()

    def ask_hall(self, halls: list[tuple[str, str, str]]) -> None:
        """Ask which of several halls is meant; a person who leaves that open is asked again by the button."""
        is_new, self._halls = not self._halls, halls
        self._show_choice()
        if is_new:
            self._open_halls()

    def _open_halls(self) -> None:
        answers = [Answer(code, named(name, name_en), second=code) for code, name, name_en in self._halls]
        dialog = PickDialog(self, self.look, title=_("Which hall?"), answers=answers, no=_("Not now"), in_column=True)
        dialog.picked.connect(self.controller.choose_hall)
        dialog.open_dialog()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        """Leave out what can be done without where the window is low for its text size, and put the cards three to a
        row where it is narrow."""
        look = self.look
        is_roomy, is_narrow = self.height() >= look.px(LOW_PX), self.width() < look.px(NARROW_PX)
        # A hall is joined from the page about this PC too.
        for part in (self._second, self._staff, self._customers, self.join_button):
            part.setVisible(is_roomy and not is_narrow)
        is_flat = self.height() < look.px(FLAT_PX)
        self._question.setVisible(not is_flat)
        side, margin = look.gap(48), look.gap(FLAT_MARGIN if is_flat else MARGIN)
        self._inside.setContentsMargins(side, margin, side, margin)
        for head in self._heads:
            head.setContentsMargins(0, 0 if is_narrow else look.gap(HEAD), 0, 0)
        self.demo_button.setVisible(self.width() >= look.px(TIGHT_PX))
        self.this_pc_button.set_icon("screen" if is_roomy else None)
        self.demo_button.set_icon("play" if is_roomy else None)
        self.try_button.set_icon("people" if is_roomy else None)
        self._show_items()
        if is_narrow != self._is_narrow:
            self._is_narrow = is_narrow
            self._place_cards()
            self._fit_windows()
            self._show_choice()
            self._deeds.removeWidget(self.at_start)
            self._picker.removeWidget(self.at_start)
            if is_narrow:
                self._picker.addWidget(self.at_start, 1, Qt.AlignmentFlag.AlignRight)
            else:
                self._deeds.insertWidget(self._deeds.count() - 1, self.at_start)

    def _place_cards(self) -> None:
        self._inside.setStretchFactor(self._rows[-1], CARDS if self._is_narrow else 0)
        for name, card in self.cards.items():
            for row in self._rows:
                row.removeWidget(card)
            in_wide = 0 if name in STAFF else 1
            at = STATIONS.index(name) // IN_A_NARROW_ROW if self._is_narrow else in_wide
            self._rows[at].addWidget(card, 1)

    def _show_place(self) -> None:
        if self._hall is None:
            self.bar.set_place(_("QueueDesk"))
            self.bar.set_pill("closed", "")
            return
        spec, state = self._hall.setup.hall, "open" if self._hall.is_open else "closed"
        self.bar.set_place(named(spec.name, spec.name_en))
        self.bar.set_pill(state, window_state(state))

    def _list_windows(self, codes: list[str]) -> None:
        chosen = self.chosen_window() or self.controller.choice.window
        for pill in self.windows.values():
            self._pills.removeWidget(pill)
            pill.hide()
            pill.deleteLater()
        self.windows = {code: ToggleChoice(self.look, code, height=44, px=17) for code in codes}
        for code, pill in self.windows.items():
            pill.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            pill.setChecked(code == chosen)
            pill.clicked.connect(self._pick_window)
            self._pills.addWidget(pill)
        self._fit_windows()

    def _fit_windows(self) -> None:
        """Let the windows give up their air where the start-up stands beside them."""
        for pill in self.windows.values():
            least = pill.minimumSizeHint().width() + self.look.px(TICK_PX)
            pill.setMaximumWidth(least if self._is_narrow else NO_LIMIT_PX)

    # -- choosing --
    def enter(self) -> None:
        """Start the chosen station, after asking for the hall if there are several."""
        if self._halls:
            self._open_halls()
            return
        self.show_trouble(None)
        self.controller.enter(self.chosen(), window=self.chosen_window(), opens_at_start=self.at_start.isChecked())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.enter_button.click()
        else:
            super().keyPressEvent(event)

    def stop(self) -> None:
        super().stop()
        self.controller.looked.disconnect(self.show_hall)
        self.controller.hall_wanted.disconnect(self.ask_hall)
        self.controller.busy_changed.disconnect(self.enter_button.set_busy)

    def _pick_window(self) -> None:
        sender = self.sender()
        for pill in self.windows.values():
            pill.setChecked(pill is sender and pill.isChecked())
        self._show_choice()

    def _show_choice(self) -> None:
        name = self.chosen()
        words = {
            "guide": _("Open front desk"),
            "counter": _("Open window"),
            "manager": _("Open duty manager"),
            "lobby": _("Open lobby board"),
            "display": _("Open hall display"),
            "kiosk": _("Open kiosk"),
            "plate": _("Open window plate"),
            "line": _("Open LED line"),
            "rating": _("Open rating screen"),
        }
        if self._halls:
            self.enter_button.allow(_("Choose the hall"))
        elif name in NEEDS_WINDOW and self.windows and not self.chosen_window():
            self.enter_button.block(_("Choose a window first"))
        else:
            self.enter_button.allow(words[name])
        self._which_hint.setText("" if name in NEEDS_WINDOW else without_window(name))
        asks = name in AT_A_WINDOW and bool(self.windows)
        for pill in self.windows.values():
            pill.setVisible(asks)
        for label in (self._which, self._which_hint):  # where it is narrow the start-up stands beside the windows
            label.setVisible(asks and not self._is_narrow)


def station_texts() -> dict[str, tuple[str, str]]:
    """Return each station's name and what it is for."""
    return {
        "guide": (_("Front desk"), _("Greet, give tickets, check papers")),
        "counter": (_("Counter", context="station"), _("Call, serve, transfer")),
        "manager": (_("Duty manager"), _("Today, reports, set-up")),
        "lobby": (_("Lobby board"), _("The hall at a glance, advice")),
        "display": (_("Hall display"), _("Calls, waiting, notices")),
        "kiosk": (_("Kiosk"), _("Take a ticket alone")),
        "plate": (_("Window plate"), _("Above one window")),
        "line": (_("LED line", context="device"), _("A line of dots")),
        "rating": (_("Rating screen"), _("Rate the visit")),
    }


def without_window(name: str) -> str:
    """Return what a station does when no window is chosen for it."""
    if name == "line":
        return _("Not chosen: it shows the whole hall.")
    return _("Not chosen: it stands at the exit.") if name == "rating" else _("Not chosen: the station asks.")
