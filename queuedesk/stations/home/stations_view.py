"""Home's pages to choose a station on: what this PC is for, or what runs on it and what else can be opened."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from math import ceil

from PySide6.QtCore import QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from queuedesk.core.features import has_station
from queuedesk.core.queue.ticket import WindowState
from queuedesk.core.talk.screen import AWAY, CLOSED, OPENING, RUNNING, RunningStation
from queuedesk.i18n import _, current_language, mark, name_in_language, time_hm, tr
from queuedesk.stations.home import page as home_page
from queuedesk.stations.home.controller import AT_A_WINDOW, FOR_CUSTOMERS, NEEDS_WINDOW, FoundHall, HomeController
from queuedesk.stations.widgets import panels
from queuedesk.stations.widgets.buttons import Pill, SecondaryButton, TextButton
from queuedesk.stations.widgets.lists.tiles import ToggleChoice
from queuedesk.stations.widgets.paint import GROUP, FollowsLook, Painter
from queuedesk.stations.widgets.questions.dialogs import ChoiceButtonsDialog, DialogChoice
from queuedesk.stations.widgets.topbar import TopBarFact
from queuedesk.stations.window.style import Look

RUNNING_NARROW_PX, RUNNING_LOW_PX, SLIM_PX, WIDE_PX = 1000, 700, 1140, 1600
COLUMNS, TILES_PX, TALLEST_TILE_PX, TILES_GAP_PX = 2, 264, 80, 12
"""Three rows of tiles have room at 1366×768; more of them are lower."""
PILLS = {
    RUNNING: ("serving", "on_soft", "soft"),
    AWAY: ("away", "amber", "amberbg"),
    OPENING: ("hourglass", "ink2", "sunken"),
    CLOSED: ("bar", "ink2", "sunken"),
}

# -- words ---------------------------------------------------------------------------------------------------------

COUNTS = (
    mark("two", context="count"),
    mark("three", context="count"),
    mark("four", context="count"),
    mark("five", context="count"),
    mark("six", context="count"),
    mark("seven", context="count"),
    mark("eight", context="count"),
    mark("nine", context="count"),
)


def running_count_title(running: int) -> str:
    if running <= 1:
        return _("This computer runs one station")
    is_named = running - 2 < len(COUNTS)
    count = tr(current_language(), COUNTS[running - 2], context="count") if is_named else str(running)
    return _("This computer runs {count} stations", count=count)


def own_station_name(one: RunningStation) -> str:
    """Return what a station of this PC is called: "Counter 3"."""
    if one.station == "rating" and not one.window:
        return _("Exit rating")
    return f"{home_page.station_names_and_purposes()[one.station][0]} {one.window}".rstrip()


def station_state_word(state: str) -> str:
    words = {
        RUNNING: _("Running", context="station state"),
        AWAY: _("Away", context="station state"),
        OPENING: _("Opening", context="station state"),
        CLOSED: _("Closed", context="station state"),
    }
    return words[state]


def station_status_line(one: RunningStation, local: Callable[[datetime], datetime]) -> str:
    at = time_hm(local(one.since)) if one.since is not None else ""
    if one.state == OPENING:
        return _("This takes a moment.")
    if one.state == CLOSED:
        if one.fell:
            return _("stopped unexpectedly at {time}", time=at)
        return _("closed by {who} at {time}", who=one.who, time=at) if one.who else _("closed at {time}", time=at)
    if one.missing == "screen":
        return _("no screen since {time}", time=at)
    if one.missing == "hall":
        return _("no connection to the hall since {time}", time=at)
    if one.screen:
        full, window = _("screen {screen}, full screen", screen=one.screen), _("screen {screen}", screen=one.screen)
        place = full if one.is_full else window
    else:
        place = _("full screen") if one.is_full else _("in a window")
    return f"{one.who} · {place}" if one.who else place


def _window_in_use_text(window: str, pc: str, *, is_paused: bool) -> str:
    if is_paused:
        return _(
            "Window {window} is paused on PC {pc}. Both will be notified if you open it here.", window=window, pc=pc
        )
    return _("Window {window} is open on PC {pc}. Both will be notified if you open it here.", window=window, pc=pc)


# -- a row ---------------------------------------------------------------------------------------------------------


class _StationBadge(FollowsLook, QWidget):
    def __init__(self, look: Look) -> None:
        super().__init__()
        self.follow_look(look)
        self._icon, self._is_on = "", True
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_icon(self, icon: str, *, is_on: bool) -> None:
        self._icon, self._is_on = icon, is_on
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(44), self.look.px(44))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look = Painter(self, self.look), self.look
        edge = "ink" if look.theme.outlined else ""
        painter.draw_box(QRectF(self.rect()), 10, "soft" if self._is_on else "sunken", edge=edge)
        inset = (self.width() - look.px(24)) / 2
        painter.draw_icon(self._icon, "primary" if self._is_on else "ink2", inset, inset, 24)


class _RowMarginKeeper(QObject):
    def __init__(self, look: Look, line: QHBoxLayout) -> None:
        super().__init__(line)
        self._look, self._line, self._is_narrow_layout = look, line, False
        look.changed.connect(self._set_spacing)
        self._set_spacing()

    def set_narrow_layout(self, is_slim: bool) -> None:
        self._is_narrow_layout = is_slim
        self._set_spacing()

    def _set_spacing(self) -> None:
        above = self._look.gap(12 if self._is_narrow_layout else 16)
        self._line.setContentsMargins(0, above, 0, above)
        self._line.setSpacing(self._look.gap(7 if self._is_narrow_layout else 12))


class StationRow(QWidget):
    spoken_role = GROUP

    brought, closed, opened = Signal(), Signal(), Signal()
    screen_wanted = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.look = look
        self.one = RunningStation(key="", station="guide")
        self.badge = _StationBadge(look)
        self.name, self.where = panels.Label(look, px=17, bold=True), panels.Label(look, px=15, token="ink2")
        self.pill = Pill(look, "", px=14, height=28)
        buttons = [SecondaryButton(look, height=44, px=15) for _button in range(4)]
        self.front_button, self.screen_button, self.close_button, self.open_button = buttons
        for button, told in zip(buttons, (self.brought, self.screen_wanted, self.closed, self.opened), strict=True):
            button.clicked.connect(told)
            button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        words, line, column = QVBoxLayout(), QHBoxLayout(), QVBoxLayout(self)
        panels.set_scaled_margins(look, words)
        self._air = _RowMarginKeeper(look, line)
        panels.set_scaled_margins(look, column)
        self._named, self._line = QHBoxLayout(), line
        panels.set_scaled_margins(look, self._named, spacing=8)
        self._named.addWidget(self.name, 1)
        words.addLayout(self._named)
        words.addWidget(self.where)
        line.addWidget(self.badge)
        line.addLayout(words, 1)
        for part in (self.pill, *buttons):
            line.addWidget(part)
        column.addLayout(line)
        column.addWidget(panels.DividerLine(look))

    def set_narrow_layout(self, is_slim: bool) -> None:
        self.badge.setVisible(not is_slim)
        self._air.set_narrow_layout(is_slim)
        for line in (self._named, self._line):
            line.removeWidget(self.pill)
        if is_slim:
            self._named.addWidget(self.pill)
        else:
            self._line.insertWidget(2, self.pill)

    def show_station_state(self, one: RunningStation, local: Callable[[datetime], datetime]) -> None:
        self.one = one
        is_on = one.state in (RUNNING, AWAY)
        self.badge.set_icon(home_page.station_icon_name(one.station), is_on=is_on)
        self.name.setText(own_station_name(one))
        self.where.setText(station_status_line(one, local))
        self.where.set_color_token("amber" if one.state == AWAY else "ink2")
        self.where.set_bold(one.state == AWAY)
        icon, token, tint = PILLS[one.state]
        self.pill.set_text_and_colors(station_state_word(one.state), tint=tint, token=token, icon=icon)
        for button, words, shown in (
            (self.front_button, _("Bring to front"), is_on and one.missing != "screen"),
            (self.screen_button, _("Choose a screen"), one.missing == "screen" and is_on),
            (self.close_button, _("Close", context="station act"), is_on),
            (self.open_button, _("Open", context="station act"), one.state == CLOSED),
        ):
            button.setText(words)
            button.setVisible(shown)
            button.setAccessibleName(f"{words} {own_station_name(one)}")
        self.setAccessibleName(f"{own_station_name(one)}, {self.where.text()}, {self.pill.text()}")


# -- the page ------------------------------------------------------------------------------------------------------


class RunningStationsPage(home_page.StationChoicePage):
    """What runs on this PC at the left, what else can be opened at the right."""

    def __init__(self, look: Look, controller: HomeController, parent: QWidget | None = None) -> None:
        super().__init__(look, controller, enter_px=64, low=True, parent=parent)
        self.rows: list[StationRow] = []
        self._title = panels.Label(look, px=34, bold=True)
        self._second = panels.Label(
            look, _("Home stays open. Ctrl+Shift+H brings you back here from any of them."), px=17, token="ink2"
        )
        stage = panels.Panel(look)
        inside = QVBoxLayout(stage)
        panels.set_scaled_margins(look, inside, (48, 18, 48, 24), 0)
        inside.addWidget(self._title)
        inside.addWidget(self._second)
        body = QWidget()
        self._body = QBoxLayout(QBoxLayout.Direction.LeftToRight, body)
        panels.set_scaled_margins(look, self._body, (0, 14, 0, 12), 32)
        self._body.addLayout(self._make_running_stations_part(), 18)
        self._body.addLayout(self._make_open_another_layout(), 13)
        inside.addWidget(panels.VerticalScrollArea(body), 1)
        inside.addWidget(self.refusal)
        inside.addLayout(self._make_layout_of_buttons_below())
        controller.here_changed.connect(self._refresh_station_rows)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.at_start.setText(_("Open these at start-up"))
        self._finish_page_and_look_for_hall(stage)
        self._refresh_station_rows()

    def _make_running_stations_part(self) -> QVBoxLayout:
        look = self.look
        self._here_head = panels.Label(look, _("On this PC"), px=16, bold=True)
        card = self._card = panels.Card(look)
        inside = QVBoxLayout(card)
        panels.set_scaled_margins(look, inside, (20, 0, 20, 0), 0)
        self._rows = QWidget()
        self._list = QVBoxLayout(self._rows)
        panels.set_scaled_margins(look, self._list)
        self._list.addStretch(1)
        self.at_start.clicked.connect(
            lambda: self.controller.save_whether_stations_open_at_start(self.at_start.isChecked())
        )
        self.this_pc_button = TextButton(look, _("Screens of this PC"), height=44, px=15)
        self.this_pc_button.clicked.connect(self.this_pc_wanted)
        foot = QHBoxLayout()
        panels.set_scaled_margins(look, foot, (0, 12, 0, 12), 12)
        foot.addWidget(self.at_start)
        foot.addStretch(1)
        foot.addWidget(self.this_pc_button)
        self._rows_area = panels.VerticalScrollArea(self._rows)
        inside.addWidget(self._rows_area, 1)
        inside.addLayout(foot)
        column = QVBoxLayout()
        panels.set_scaled_margins(look, column, spacing=8)
        column.addWidget(self._here_head)
        column.addWidget(card, 1000)
        column.addStretch(1)
        return column

    def _make_open_another_layout(self) -> QVBoxLayout:
        look = self.look
        self._more_head = panels.Label(look, _("Open another"), px=16, bold=True)
        self._tiles = QGridLayout()
        panels.set_scaled_margins(look, self._tiles, spacing=TILES_GAP_PX)
        self._pills = panels.EqualCellGrid(look, height=44, gap=8, share_last=False)
        self.hint = panels.Label(look, px=15, token="ink2", wrap=True)
        room = self._which_room = QWidget()
        kept = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        kept.setHeightForWidth(True)
        kept.setRetainSizeWhenHidden(True)
        room.setSizePolicy(kept)
        asked = QVBoxLayout(room)
        panels.set_scaled_margins(look, asked, (0, 4, 0, 0), 6)
        for part in (self._which, self._pills):
            asked.addWidget(part)
        hint_room = QVBoxLayout()
        panels.set_scaled_margins(look, hint_room)
        hint_room.addWidget(self.hint, 0, Qt.AlignmentFlag.AlignTop)
        hint = QWidget()
        hint.setLayout(hint_room)
        panels.FixedSizeKeeper(look, hint, height=46)
        column = QVBoxLayout()
        panels.set_scaled_margins(look, column, spacing=6)
        column.addWidget(self._more_head)
        column.addLayout(self._tiles)
        column.addWidget(room)
        column.addWidget(hint)
        column.addStretch(1)
        return column

    def _make_layout_of_buttons_below(self) -> QBoxLayout:
        """Return the buttons under the parts that scroll, so that the main one is whole in every window."""
        look = self.look
        others = QHBoxLayout()
        panels.set_scaled_margins(look, others, spacing=12)
        self._nothing_kept = panels.Label(look, _("Nothing from a trial is kept."), px=15, token="ink2", wrap=True)
        for button in (self.try_button, self.demo_button, self.join_button):
            others.addWidget(button)
        others.addWidget(self._nothing_kept, 1, Qt.AlignmentFlag.AlignVCenter)
        self._acts = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        panels.set_scaled_margins(look, self._acts, spacing=12)
        self._acts.addLayout(others, 18)
        self._acts.addWidget(self.enter_button, 13)
        return self._acts

    # -- texts --
    def tick(self, now: datetime) -> None:
        super().tick(now)
        self._fit_parts_to_window()

    def show_hall(self, hall: FoundHall) -> None:
        super().show_hall(hall)
        self._refresh_station_rows()

    # -- what runs --
    def _refresh_station_rows(self) -> None:
        here = self.controller.here
        while len(self.rows) > len(here):
            panels.remove_and_delete_widgets([self.rows.pop()], self._list)
        while len(self.rows) < len(here):
            self.rows.append(self._new_row())
        for row, one in zip(self.rows, here, strict=True):
            row.show_station_state(one, self._to_hall_time)
        self._fit_parts_to_window()
        self._title.setText(running_count_title(sum(one.state != CLOSED for one in here)))
        self._place_openable_station_tiles()
        self._update_enter_button()

    def _new_row(self) -> StationRow:
        row = StationRow(self.look)
        row.set_narrow_layout(self._is_narrow_layout())
        row.brought.connect(lambda: self.controller.bring_forward(row.one))
        row.closed.connect(lambda: self.controller.close(row.one))
        row.opened.connect(lambda: self.controller.reopen_closed_station(row.one))
        row.screen_wanted.connect(self.this_pc_wanted)
        self._list.insertWidget(len(self.rows), row)
        return row

    # -- what else can be opened --
    def _place_openable_station_tiles(self) -> None:
        listed = {one.station for one in self.controller.here}
        shown = [n for n in self.cards if self.offers_station(n) and (n in AT_A_WINDOW or n not in listed)]
        placed = [name for name, card in self.cards.items() if self._tiles.indexOf(card) >= 0]
        if placed != shown:
            for name, card in self.cards.items():
                self._tiles.removeWidget(card)
                if card.parentWidget() is None:
                    card.setParent(self)  # Or it is shown as a window of its own.
                card.setVisible(name in shown)
            rows = ceil(len(shown) / COLUMNS)
            high = max(home_page.LOWEST_PX, (TILES_PX - TILES_GAP_PX * (rows - 1)) // rows)
            for n, name in enumerate(shown):
                self.cards[name].set_max_height_px(min(TALLEST_TILE_PX, high))
                self._tiles.addWidget(self.cards[name], n // COLUMNS, n % COLUMNS)
        if self.chosen_station() not in shown:
            self.cards["counter" if "counter" in shown else shown[0]].setChecked(True)

    def _place_window_pills(self, pills: list[ToggleChoice]) -> None:
        self._pills.set_widgets(pills)

    def _pick_window(self, code: str) -> None:
        super()._pick_window(code)
        self.controller.read_hall()

    def _update_enter_button(self) -> None:
        name = self.chosen_station()
        asks = name in AT_A_WINDOW and bool(self.windows)
        window = self.chosen_window() if asks else ""
        self._which_room.setVisible(asks)
        there = self.controller.running_station(name, window) if name else None
        if not name:
            return
        if there is not None:
            self.hint.setText(_("{station} already runs on this PC.", station=own_station_name(there)))
            self.enter_button.enable_with_label(_("Bring {station} to front", station=own_station_name(there)))
            return
        self.hint.setText(self._window_taken_hint(name, window) if asks else "")
        if name in NEEDS_WINDOW and self.windows and not window:
            self.enter_button.disable_with_reason(_("Choose a window first"))
        else:
            self.enter_button.enable_with_label(home_page.open_button_text(name, window))

    def _window_taken_hint(self, station: str, window: str) -> str:
        taken = self._hall.taken.get(window) if self._hall is not None else None
        if not window:
            return "" if station in NEEDS_WINDOW else home_page.effect_of_no_chosen_window_text(station)
        if station != "counter" or taken is None:
            return ""
        is_paused = taken.state is WindowState.PAUSED
        if taken.pc and self._hall is not None and taken.pc != self._hall.pc:
            return _window_in_use_text(window, taken.pc, is_paused=is_paused)
        if is_paused:
            return _("Window {window} is paused: {who} is signed in there.", window=window, who=taken.who)
        return _("Window {window} is open: {who} is signed in there.", window=window, who=taken.who)

    def stop(self) -> None:
        super().stop()
        self.controller.here_changed.disconnect(self._refresh_station_rows)

    # -- room --
    def _fit_parts_to_window(self) -> None:
        """Put the tiles below the list where the window is narrow for its text size."""
        is_narrow = self.width() < self.look.px(RUNNING_NARROW_PX)
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._body.setDirection(down if is_narrow else across)
        is_slim = self._is_narrow_layout()
        self._acts.setDirection(QBoxLayout.Direction.BottomToTop if is_slim else across)
        words = _("Try it") if self.width() < self.look.px(WIDE_PX) else _("Try it: the whole hall on this screen")
        self.try_button.setText(words)
        self._nothing_kept.setVisible(self.controller.has_demo_feature and self.width() >= self.look.px(WIDE_PX))
        self._second.setVisible(self.height() >= self.look.px(RUNNING_LOW_PX))
        # Below each other the list is as high as it is long: two scroll bars would stand inside one another.
        high = self._rows.sizeHint().height()
        self._rows_area.setMinimumHeight(high if is_narrow else 0)
        self._card.setMaximumHeight(high + self.look.gap(24) + self.this_pc_button.sizeHint().height())
        for row in self.rows:
            row.set_narrow_layout(is_slim)

    def _is_narrow_layout(self) -> bool:
        return self.width() < self.look.px(SLIM_PX)


LOW_PX, FLAT_PX = 620, 450
NARROW_PX, TIGHT_PX = 900, 660
TICK_PX = 17
MARGIN, FLAT_MARGIN, HEAD = 28, 12, 20
IN_A_NARROW_ROW, CARDS = 3, 100


class StationsPage(home_page.StationChoicePage):
    """Stations in two rows: for staff, and full-screen for customers."""

    def __init__(self, look: Look, controller: HomeController, parent: QWidget | None = None) -> None:
        super().__init__(look, controller, enter_px=60, parent=parent)
        self._halls: list[tuple[str, str, str]] = []
        stage = panels.Panel(look)
        stage.setMinimumWidth(1)  # Whether it is wide or narrow goes by the window, not the window by that.
        self._question = panels.Label(look, _("What is this computer for?"), px=36, bold=True)
        self._second = panels.Label(look, px=19, token="ink2")
        self._staff = panels.Label(look, _("For staff"), px=16, bold=True, token="ink2")
        self._customers = panels.Label(look, _("For customers · full screen"), px=16, bold=True, token="ink2")
        inside = self._inside = QVBoxLayout(stage)
        panels.set_scaled_margins(look, inside, (48, MARGIN, 48, MARGIN), 0)
        inside.addWidget(self._question)
        inside.addWidget(self._second)
        self._heads, self._rows = [QVBoxLayout(), QVBoxLayout()], [QHBoxLayout() for _row in range(3)]
        for head, title, row in zip(self._heads, (self._staff, self._customers), self._rows, strict=False):
            panels.set_scaled_margins(look, head, (0, HEAD, 0, 0))
            head.addWidget(title)
            inside.addLayout(head)
            inside.addLayout(row, CARDS)
        inside.addLayout(self._rows[-1])
        for row in self._rows:
            panels.set_scaled_margins(look, row, (0, 8, 0, 0), 16)
        self._is_narrow: bool | None = None
        inside.addStretch(1)
        inside.addLayout(self._make_window_picker())
        inside.addWidget(self.refusal)
        inside.addLayout(self._make_buttons_row())
        controller.hall_wanted.connect(self.ask_hall)
        last = controller.choice.station
        self.cards[last if last in self.cards else next(iter(self.cards))].setChecked(True)
        self._show_subtitle()
        self.try_button.setText(_("Try it"))
        self.at_start.setText(_("Open at start-up"))
        self._finish_page_and_look_for_hall(stage)
        self._update_enter_button()

    def _make_window_picker(self) -> QHBoxLayout:
        """Return the line that asks for a counter's or rating screen's window; a hidden one keeps its room."""
        look = self.look
        self._which_hint = panels.Label(look, px=16, token="ink2")
        self._pills = QHBoxLayout()
        panels.set_scaled_margins(look, self._pills, spacing=8)
        room = QWidget()
        panels.FixedSizeKeeper(look, room, width=0, height=44)
        line = self._picker = QHBoxLayout()
        panels.set_scaled_margins(look, line, (0, 14, 0, 6), 16)
        line.addWidget(self._which)
        line.addLayout(self._pills)
        line.addWidget(self._which_hint, 1)
        line.addWidget(room)
        return line

    def _make_buttons_row(self) -> QHBoxLayout:
        look = self.look
        self.this_pc_button = SecondaryButton(look, _("Screens of this PC"), icon="screen", height=52, px=17)
        self.this_pc_button.clicked.connect(self.this_pc_wanted)
        acts = self._deeds = QHBoxLayout()
        panels.set_scaled_margins(look, acts, (0, 8, 0, 0), 12)
        for button in (self.try_button, self.demo_button, self.this_pc_button, self.join_button):
            acts.addWidget(button)
        acts.addStretch(1)
        acts.addWidget(self.enter_button)
        return acts

    # -- texts --
    def _show_subtitle(self) -> None:
        """Say with which PC this one works, and why it does not open every station, or else how people come back."""
        main_pc = home_page.main_pc_text(self.controller.place)
        second = home_page.unavailable_stations_reason(self._hall.kind if self._hall else None)
        second = second or _("Ctrl+Shift+H brings you back here from any station.")
        self._second.setText(_("{one} {two}", context="sentences", one=main_pc, two=second) if main_pc else second)

    def _top_bar_items(self) -> list[TopBarFact]:
        # In a narrow window the hall's name counts for more.
        return super()._top_bar_items()[
            : 2 - sum(self.width() < self.look.px(least) for least in (NARROW_PX, TIGHT_PX))
        ]

    def show_hall(self, hall: FoundHall) -> None:
        self._halls = []
        super().show_hall(hall)
        for name, card in self.cards.items():
            card.setEnabled(self.offers_station(name))
            card.setVisible(has_station(hall.setup.hall, name))
        if not self.cards[self.chosen_station()].isEnabled():
            next(card for card in self.cards.values() if card.isEnabled()).setChecked(True)
        self._update_enter_button()
        self._show_subtitle()
        self._show_top_bar_items()

    def ask_hall(self, halls: list[tuple[str, str, str]]) -> None:
        """Ask which of several halls is meant; a person who leaves that open is asked again by the button."""
        is_new, self._halls = not self._halls, halls
        self._update_enter_button()
        if is_new:
            self._open_hall_choice_dialog()

    def _open_hall_choice_dialog(self) -> None:
        answers = [
            DialogChoice(code, name_in_language(name, name_en), second=code) for code, name, name_en in self._halls
        ]
        dialog = ChoiceButtonsDialog(
            self, self.look, title=_("Which hall?"), answers=answers, no=_("Not now", context="hall"), in_column=True
        )
        dialog.picked.connect(self.controller.switch_to_hall)
        dialog.open_dialog()

    def _fit_parts_to_window(self) -> None:
        """Hide optional parts in a low or narrow window; a narrow one has three cards to a row."""
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
        self.demo_button.setVisible(self.controller.has_demo_feature and self.width() >= look.px(TIGHT_PX))
        self.this_pc_button.set_icon("screen" if is_roomy else None)
        self.demo_button.set_icon("play" if is_roomy else None)
        self.try_button.set_icon("people" if is_roomy else None)
        self._show_top_bar_items()
        if is_narrow != self._is_narrow:
            self._is_narrow = is_narrow
            self._place_cards()
            self._limit_window_pill_widths()
            self._update_enter_button()
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

    def _default_window(self) -> str:
        return self.controller.choice.window

    def _place_window_pills(self, pills: list[ToggleChoice]) -> None:
        for pill in pills:
            pill.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            self._pills.addWidget(pill)
        self._limit_window_pill_widths()

    def _limit_window_pill_widths(self) -> None:
        """Let the windows give up their air where the start-up stands beside them."""
        for pill in self.windows.values():
            least = pill.minimumSizeHint().width() + self.look.px(TICK_PX)
            pill.setMaximumWidth(least if self._is_narrow else home_page.NO_LIMIT_PX)

    # -- choosing --
    def enter_chosen_station(self) -> None:
        if self._halls:
            self._open_hall_choice_dialog()
        else:
            super().enter_chosen_station()

    def stop(self) -> None:
        super().stop()
        self.controller.hall_wanted.disconnect(self.ask_hall)

    def _update_enter_button(self) -> None:
        name = self.chosen_station()
        if self._halls:
            self.enter_button.enable_with_label(_("Choose the hall"))
        elif name in NEEDS_WINDOW and self.windows and not self.chosen_window():
            self.enter_button.disable_with_reason(_("Choose a window first"))
        else:
            self.enter_button.enable_with_label(home_page.open_button_text(name, ""))
        self._which_hint.setText("" if name in NEEDS_WINDOW else home_page.effect_of_no_chosen_window_text(name))
        asks = name in AT_A_WINDOW and bool(self.windows)
        for pill in self.windows.values():
            pill.setVisible(asks)
        for label in (self._which, self._which_hint):  # where it is narrow the start-up stands beside the windows
            label.setVisible(asks and not self._is_narrow)
