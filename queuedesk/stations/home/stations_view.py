"""Home's page that asks what this PC is for: all stations, the last choice marked."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from queuedesk.i18n import _, named
from queuedesk.stations.home.controller import AT_A_WINDOW, FOR_CUSTOMERS, NEEDS_WINDOW, HallThere, HomeController
from queuedesk.stations.home.join_page import let_in_text, main_pc_text
from queuedesk.stations.home.page import NO_LIMIT_PX, ChoosingPage, is_used, open_text, without_window
from queuedesk.stations.widgets.buttons import SecondaryButton
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.lists.tiles import ToggleChoice
from queuedesk.stations.widgets.panels import FixedSize, Panel, spread
from queuedesk.stations.widgets.questions.dialogs import Answer, PickDialog
from queuedesk.stations.widgets.topbar import TopItem
from queuedesk.stations.window.style import Look

LOW_PX, FLAT_PX = 620, 450
NARROW_PX, TIGHT_PX = 900, 660
TICK_PX = 17
MARGIN, FLAT_MARGIN, HEAD = 28, 12, 20
IN_A_NARROW_ROW, CARDS = 3, 100


class StationsPage(ChoosingPage):
    """Stations in two rows: for staff, and full-screen for customers."""

    def __init__(self, look: Look, controller: HomeController, parent: QWidget | None = None) -> None:
        super().__init__(look, controller, enter_px=60, parent=parent)
        self._halls: list[tuple[str, str, str]] = []
        stage = Panel(look)
        stage.setMinimumWidth(1)  # Whether it is wide or narrow goes by the window, not the window by that.
        self._question = Label(look, _("What is this computer for?"), px=36, bold=True)
        self._second = Label(look, px=19, token="ink2")
        self._staff, self._customers = (
            Label(look, px=16, bold=True, token="ink2"),
            Label(look, px=16, bold=True, token="ink2"),
        )
        self._staff.setText(_("For staff"))
        self._customers.setText(_("For customers · full screen"))
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
        controller.hall_wanted.connect(self.ask_hall)
        last = controller.choice.station
        self.cards[last if last in self.cards else next(iter(self.cards))].setChecked(True)
        self._show_second()
        self.this_pc_button.setText(_("Screens of this PC"))
        self.try_button.setText(_("Try it"))
        self.at_start.setText(_("Open at start-up"))
        self._begin(stage)
        self._show_choice()

    def _window_picker(self) -> QHBoxLayout:
        """Return the line that asks for the window of a counter or a rating screen; its room is kept when it is not
        asked."""
        look = self.look
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
        self.this_pc_button = SecondaryButton(look, icon="screen", height=52, px=17)
        self.this_pc_button.clicked.connect(self.this_pc_wanted)
        self.at_start.setChecked(self.controller.choice.open_at_start)
        acts = self._deeds = QHBoxLayout()
        spread(look, acts, (0, 8, 0, 0), 12)
        for button in (self.try_button, self.demo_button, self.this_pc_button, self.join_button):
            acts.addWidget(button)
        acts.addStretch(1)
        acts.addWidget(self.enter_button)
        return acts

    # -- texts --
    def _show_second(self) -> None:
        """Say with which PC this one works, and why it does not open every station, or else how people come back."""
        main_pc = main_pc_text(self.controller.place)
        second = let_in_text(self._hall.kind if self._hall else None)
        second = second or _("Ctrl+Shift+H brings you back here from any station.")
        self._second.setText(_("{one} {two}", context="sentences", one=main_pc, two=second) if main_pc else second)

    def _items(self) -> list[TopItem]:
        # In a narrow window the hall's name counts for more.
        return super()._items()[: 2 - sum(self.width() < self.look.px(least) for least in (NARROW_PX, TIGHT_PX))]

    def show_hall(self, hall: HallThere) -> None:
        self._halls = []
        super().show_hall(hall)
        for name, card in self.cards.items():
            card.setEnabled(self.offers(name))
            card.setVisible(is_used(hall.setup, name))
        if not self.cards[self.chosen()].isEnabled():
            next(card for card in self.cards.values() if card.isEnabled()).setChecked(True)
        self._show_choice()
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
        dialog = PickDialog(
            self, self.look, title=_("Which hall?"), answers=answers, no=_("Not now", context="hall"), in_column=True
        )
        dialog.picked.connect(self.controller.choose_hall)
        dialog.open_dialog()

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
        self.demo_button.setVisible(self.controller.has_demo and self.width() >= look.px(TIGHT_PX))
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
        for place, (name, card) in enumerate(self.cards.items()):
            for row in self._rows:
                row.removeWidget(card)
            in_wide = 1 if name in FOR_CUSTOMERS else 0
            at = place // IN_A_NARROW_ROW if self._is_narrow else in_wide
            self._rows[at].addWidget(card, 1)

    def _usual_window(self) -> str:
        return self.controller.choice.window

    def _place_windows(self, pills: list[ToggleChoice]) -> None:
        for pill in pills:
            pill.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
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
        else:
            super().enter()

    def stop(self) -> None:
        super().stop()
        self.controller.hall_wanted.disconnect(self.ask_hall)

    def _show_choice(self) -> None:
        name = self.chosen()
        if self._halls:
            self.enter_button.allow(_("Choose the hall"))
        elif name in NEEDS_WINDOW and self.windows and not self.chosen_window():
            self.enter_button.block(_("Choose a window first"))
        else:
            self.enter_button.allow(open_text(name, ""))
        self._which_hint.setText("" if name in NEEDS_WINDOW else without_window(name))
        asks = name in AT_A_WINDOW and bool(self.windows)
        for pill in self.windows.values():
            pill.setVisible(asks)
        for label in (self._which, self._which_hint):  # where it is narrow the start-up stands beside the windows
            label.setVisible(asks and not self._is_narrow)
