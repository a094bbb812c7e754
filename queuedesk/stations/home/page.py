"""The base of home's pages and the cards on them, and the page that joins a hall of another PC."""

from __future__ import annotations

import platform
from abc import abstractmethod
from datetime import datetime
from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.features import feature_stations_by_name, has_station
from queuedesk.core.network import sharing as hall_sharing
from queuedesk.core.setup.rows import hall_languages
from queuedesk.core.talk.screen import customer_stations, staff_stations
from queuedesk.i18n import (
    _,
    are_hall_words,
    choose_language,
    date_for_staff,
    error_sentence,
    is_language_guessed,
    n_,
    name_in_language,
    time_hm,
    use_hall_words,
    window_state_word,
    wording_in_current_language,
)
from queuedesk.stations.home.controller import FOR_CUSTOMERS, FoundHall, HomeController, JoinController
from queuedesk.stations.widgets import buttons, paint, panels, topbar
from queuedesk.stations.widgets.lists.tiles import ChoiceCard, TickBox, ToggleChoice
from queuedesk.stations.widgets.questions.dialogs import ConfirmDialog, ErrorLine, FormField
from queuedesk.stations.window import context as window_context
from queuedesk.stations.window import frame, style

NO_LIMIT_PX = (1 << 24) - 1
"""The largest width that Qt knows."""


def this_pc_name_item(hall: FoundHall | None) -> topbar.TopBarFact:
    name = (hall.pc if hall is not None else "") or platform.node() or "—"
    return topbar.TopBarFact(_("This PC: {name}", name=name))


class HomePage(frame.WindowPage):
    """A page without a hall's feed: it shows the controller's refusals in one line and runs nothing."""

    def __init__(self, look: style.Look, controller: HomeController, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look, self.controller = look, controller
        self.refusal = ErrorLine(look)
        self._trouble: QueueDeskError | None = None
        controller.refused.connect(self.show_trouble)
        self.refusal.hide()

    def add_top_bar(self) -> None:
        """Make the bar at the top, for a page that has one."""
        self.bar = topbar.TopBar(self.look, height=64, margin=48)
        self.bar.set_more_button_name(_("More"))
        self.bar.menu_wanted.connect(self.menu_wanted)

    def put_below_bar(self, stage: QWidget) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(stage, 1)

    def show_trouble(self, trouble: QueueDeskError | None) -> None:
        self._trouble = trouble
        self.refusal.show_refusal(error_sentence(trouble) if trouble else "")

    def state_to_restore(self) -> tuple[Any, ...]:
        return (self._trouble,)

    def restore_state(self, left: tuple[Any, ...]) -> None:
        self.show_trouble(left[0])

    def stop(self) -> None:
        """Disconnect from the controller, which lives longer."""
        self.controller.refused.disconnect(self.show_trouble)


# -- cards to choose from ------------------------------------------------------------------------------------------

TALL_PX, TALLEST_PX, FLAT_PX = 152, 220, 64
LOWEST_PX = 48
NARROW_PX = 190
PAD_PX, MOST_LINES = 8, 3
TITLE_PX, LINE_PX, TICK_PX = 25, 20, 40


class StationCard(ChoiceCard):
    """Icon above name and line, beside them below TALL_PX of height. A `low` card is never high; the lowest shows only
    its name."""

    def __init__(self, look: style.Look, icon: str, *, low: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(look, icon, "", parent=parent)
        self._has_little_height, self._tallest = low, LOWEST_PX if low else TALLEST_PX
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        look.changed.connect(self._limit_height)
        self._limit_height()

    def _limit_height(self) -> None:
        self.setMaximumHeight(self.look.px(self._tallest))

    def set_max_height_px(self, px: int) -> None:
        self._tallest = px
        self._limit_height()
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return super().sizeHint().boundedTo(QSize(NO_LIMIT_PX, self.look.px(self._tallest)))

    def minimumSizeHint(self) -> QSize:
        return QSize(
            self.look.px(120 if self._has_little_height else 160),
            self.look.px(LOWEST_PX if self._has_little_height else FLAT_PX),
        )

    def wrapped_title_and_lines(self) -> tuple[list[str], list[str]]:
        """Return name and line as broken on a flat card; without room, only the first line of the text, or none."""
        return self._wrapped_title_and_lines(self._text_left_edge())

    def _wrapped_title_and_lines(self, left: int) -> tuple[list[str], list[str]]:
        look = self.look
        room, wide = self.width() - left - look.px(TICK_PX), self.width() - left - look.px(12)
        title = paint.wrapped_lines(look.font(19, bold=True), self._title, room, max_lines=2)
        high = self.height() - look.px(PAD_PX) - look.px(TITLE_PX) * len(title)
        most = min(MOST_LINES, high // look.px(LINE_PX))
        plain = look.font(15)
        if most < 1:
            return title, []
        lines = paint.wrapped_lines(plain, " · ".join(self._lines), wide, max_lines=most)
        if lines[-1:] and lines[-1].endswith("…"):
            if self._has_little_height:
                return title, []
            lines = paint.wrapped_lines(plain, self._lines[0], wide, max_lines=most)
        return title, [] if lines[-1:] and lines[-1].endswith("…") else lines

    def _text_left_edge(self) -> int:
        """Return where the words of a flat card begin: a narrow one has room for them or for the icon."""
        beside, alone = self.look.px(16 + 40 + 12), self.look.px(14)
        has_room = self._wrapped_title_and_lines(beside)[1] or not self._wrapped_title_and_lines(alone)[1]
        return beside if self.width() >= self.look.px(NARROW_PX) and has_room else alone

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.height() >= self.look.px(TALL_PX):
            super().paintEvent(event)
            return
        painter, look = paint.Painter(self, self.look), self.look
        self.paint_background(painter)
        pad, side = look.px(16), look.px(40)
        middle = self.height() / 2
        left = self._text_left_edge()
        if left > pad:
            ground = QRectF(pad, middle - side / 2, side, side)
            painter.draw_box(ground, 10, "soft", edge="ink" if look.theme.outlined else "")
            offset = (side - look.px(22)) / 2
            painter.draw_icon(self._icon, self.ink_token("primary"), ground.left() + offset, ground.top() + offset, 22)
        wide = self.width() - left - look.px(12)
        high, leading = look.px(TITLE_PX), look.px(LINE_PX)
        bold, plain = look.font(19, bold=True), look.font(15)
        title, lines = self.wrapped_title_and_lines()
        y = middle - (high * len(title) + len(lines) * leading) / 2
        for words in title:
            painter.draw_words_and_give_end_x(words, bold, self.ink_token(), QRectF(left, y, wide, high))
            y += high
        for words in lines:
            painter.draw_words_and_give_end_x(words, plain, self.ink_token("ink2"), QRectF(left, y, wide, leading))
            y += leading
        if self.isChecked():
            tick = look.px(24)
            place = QRectF(self.width() - look.px(12) - tick, look.px(8), tick, tick)
            painter.draw_box(place, 12, "primary")
            painter.draw_icon("check", "on_primary", place.left() + look.px(4), place.top() + look.px(4), 16)


# -- a page to choose a station on ---------------------------------------------------------------------------------

ICONS = {"guide": "person", "counter": "window", "manager": "chart", "display": "screen", "rating": "star"}
LOOK_AGAIN_TICKS = 60


class StationChoicePage(HomePage):
    """A page that chooses and opens a station. `this_pc_wanted` leads to the PC's screens, `join_wanted` to another
    hall. A subclass lays out the parts made here and its own, then calls `_finish_page_and_look_for_hall`."""

    this_pc_wanted = Signal()
    join_wanted = Signal()

    def __init__(
        self,
        look: style.Look,
        controller: HomeController,
        *,
        enter_px: float,
        low: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """`enter_px` is the height of the button that opens; `low` cards are for a page with little room for them."""
        super().__init__(look, controller, parent)
        self._hall: FoundHall | None = None
        self._ticks, self._today = 0, ""
        self.add_top_bar()
        self.windows: dict[str, ToggleChoice] = {}
        self._which = panels.Label(look, _("Which window?"), px=17, bold=True, elide=False)
        names = (*staff_stations(), *(name for name in FOR_CUSTOMERS if name in customer_stations()))
        self.cards = {name: StationCard(look, station_icon_name(name), low=low) for name in names}
        for card in self.cards.values():
            card.clicked.connect(self._update_enter_button)
        self.at_start = TickBox(look, "", px=17)
        self.at_start.setChecked(controller.choice.open_at_start)
        self.enter_button = buttons.PrimaryButton(look, trailing="arrow-right", height=enter_px, px=21)
        self.try_button = buttons.SecondaryButton(look, icon="people", height=52, px=17)
        self.demo_button = buttons.SecondaryButton(look, _("Watch a demo day"), icon="play", height=52, px=17)
        if not controller.has_demo_feature:
            self.try_button.hide()
            self.demo_button.hide()
        self.join_button = buttons.SecondaryButton(look, _("Join a hall"), icon="plug", height=52, px=17)
        for button, act in (
            (self.enter_button, self.enter_chosen_station),
            (self.try_button, controller.start_hall_trial),
            (self.demo_button, controller.start_demo_process),
            (self.join_button, self.join_wanted),
        ):
            button.clicked.connect(act)
        for name, (title, line) in station_names_and_purposes().items():
            self.cards[name].set_texts(title, [line])

    def _finish_page_and_look_for_hall(self, stage: QWidget) -> None:
        self.put_below_bar(stage)
        self.look.changed.connect(self._fit_parts_to_window)
        self.controller.looked.connect(self.show_hall)
        self.controller.busy_changed.connect(self.enter_button.set_busy)
        self._fit_parts_to_window()
        self._show_hall_and_state_in_bar()
        self.controller.read_hall()

    def tick(self, now: datetime) -> None:
        local = self._to_hall_time(now)
        self._today = date_for_staff(local.date())
        self._show_top_bar_items()
        self.bar.set_clock(time_hm(local))
        self.controller.refresh_local_stations()
        self._ticks += 1
        if self._ticks % LOOK_AGAIN_TICKS == 0:
            self.controller.read_hall()

    def event(self, event: QEvent) -> bool:
        # Whoever comes back to it may have been in Set-up.
        if event.type() == QEvent.Type.WindowActivate and self._hall is not None:
            self.controller.read_hall()
        return super().event(event)

    def show_hall(self, hall: FoundHall) -> None:
        self._hall = hall
        words = hall.setup.hall.words
        if is_language_guessed() or not are_hall_words(words.window, words.ticket, hall=hall.setup.hall.name):
            if is_language_guessed():
                choose_language(hall_languages(hall.setup)[0])
            use_hall_words(words.window, words.ticket, hall=hall.setup.hall.name)
            self.request_rebuild()
        self.show_trouble(None)
        if list(self.windows) != hall.codes:
            self._list_windows(hall.codes)
        self._show_hall_and_state_in_bar()

    def offers_station(self, name: str) -> bool:
        hall = self._hall
        return hall is None or (has_station(hall.setup.hall, name) and hall_sharing.may_open_station(hall.kind, name))

    def page_title(self) -> str:
        return (
            name_in_language(self._hall.setup.hall.name, self._hall.setup.hall.name_en)
            if self._hall is not None
            else ""
        )

    def _show_hall_and_state_in_bar(self) -> None:
        self.place_changed.emit()
        if self._hall is None:
            self.bar.set_title_and_hall(_("QueueDesk"))
            self.bar.set_state_pill("closed", "")
            return
        state = "open" if self._hall.is_open else "closed"
        self.bar.set_title_and_hall(self.page_title())
        # A hall within its hours gives tickets also while nobody is at a window: it is not "closed".
        self.bar.set_state_pill(state, window_state_word(state) if self._hall.is_open else _("No window open"))

    def _show_top_bar_items(self) -> None:
        self.bar.set_items(self._top_bar_items())

    def _top_bar_items(self) -> list[topbar.TopBarFact]:
        return [this_pc_name_item(self._hall), topbar.TopBarFact(self._today, rule=True)]

    def _to_hall_time(self, time: datetime) -> datetime:
        return self._hall.setup.to_hall_time(time) if self._hall is not None else time.astimezone()

    def _list_windows(self, codes: list[str]) -> None:
        """Make a choice for each window; the one that was chosen stays so."""
        chosen = self.chosen_window() or self._default_window()
        gone = list(self.windows.values())
        self.windows = {code: ToggleChoice(self.look, code, height=44, px=17) for code in codes}
        for code, pill in self.windows.items():
            pill.setChecked(code == chosen)
            pill.clicked.connect(partial(self._pick_window, code))
        self._place_window_pills(list(self.windows.values()))
        panels.remove_and_delete_widgets(gone)

    def _default_window(self) -> str:
        """Return the window that is chosen before anybody chose one, "" for none."""
        return ""

    @abstractmethod
    def _place_window_pills(self, pills: list[ToggleChoice]) -> None:
        """Put the windows to choose from where the page has room for them."""

    def chosen_station(self) -> str:
        return next((name for name, card in self.cards.items() if card.isChecked()), "")

    def chosen_window(self) -> str:
        """Return the chosen window, "" for none or to be asked for at the station."""
        return next((code for code, pill in self.windows.items() if pill.isChecked()), "")

    def _pick_window(self, code: str) -> None:
        for other, pill in self.windows.items():
            pill.setChecked(other == code and pill.isChecked())
        self._update_enter_button()

    @abstractmethod
    def _update_enter_button(self) -> None:
        """Say what the button opens, and ask for a window where it needs one."""

    @abstractmethod
    def _fit_parts_to_window(self) -> None:
        """Fit the parts to the window's size and the text's."""

    def enter_chosen_station(self) -> None:
        self.show_trouble(None)
        self.controller.enter_station(
            self.chosen_station(), window=self.chosen_window(), is_opened_at_login=self.at_start.isChecked()
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.enter_button.click()
        else:
            super().keyPressEvent(event)

    def state_to_restore(self) -> tuple[Any, ...]:
        return self._trouble, self._hall, self.chosen_station(), self.chosen_window(), self.at_start.isChecked()

    def restore_state(self, left: tuple[Any, ...]) -> None:
        trouble, hall, station, window, is_at_start = left
        if station:
            self.cards[station].setChecked(True)
        if hall is not None:
            self.show_hall(hall)
        if window in self.windows:
            self.windows[window].setChecked(True)
            self._pick_window(window)
        self.at_start.setChecked(is_at_start)
        self._update_enter_button()
        self.show_trouble(trouble)

    def stop(self) -> None:
        super().stop()
        self.controller.looked.disconnect(self.show_hall)
        self.controller.busy_changed.disconnect(self.enter_button.set_busy)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_parts_to_window()


# -- words ---------------------------------------------------------------------------------------------------------


def station_icon_name(name: str) -> str:
    return ICONS.get(name) or feature_stations_by_name()[name].icon


def station_names_and_purposes() -> dict[str, tuple[str, str]]:
    return {
        "guide": (_("Front desk"), _("Give tickets, check papers")),
        "counter": (_("Counter", context="station"), _("Call, serve, transfer")),
        "manager": (_("Duty manager"), _("Today, reports, set-up")),
        "display": (_("Hall display"), _("Calls, waiting, notices")),
        "rating": (_("Rating screen"), _("Rate the visit")),
        **{
            name: (wording_in_current_language(at.title), wording_in_current_language(at.about))
            for name, at in feature_stations_by_name().items()
        },
    }


def effect_of_no_chosen_window_text(name: str) -> str:
    if name == "line":
        return _("If none is chosen, it shows the whole hall.")
    return (
        _("If no window is chosen, it is for the exit.")
        if name == "rating"
        else _("If none is chosen, it asks when it opens.")
    )


def open_button_text(station: str, window: str) -> str:
    words = {
        "guide": _("Open front desk"),
        "counter": _("Open counter {window}", window=window),
        "manager": _("Open duty manager"),
        "display": _("Open hall display"),
        "rating": _("Open rating screen {window}", window=window),
        **{
            name: wording_in_current_language(at.opens, window=window)
            for name, at in feature_stations_by_name().items()
        },
    }
    return words[station].rstrip()


# -- joining a hall of another PC: words, then the page ------------------------------------------------------------


def main_pc_text(place: object) -> str:
    """Return which main PC this PC works with, "" if it works alone."""
    address = window_context.main_pc_address(place)
    if address is None:
        return ""
    if not address:
        return _("This PC is the hall's main PC: leave it switched on while the hall is open.")
    return _("This PC works with the hall's main PC, {address}.", address=address)


def unavailable_stations_reason(kind: hall_sharing.PcKind | None) -> str:
    """Return why a PC that joined as `kind` can't open every station, "" if it can."""
    if kind in (hall_sharing.PcKind.PUBLIC, hall_sharing.PcKind.WEB):
        return _("It joined as a public screen: staff stations open on a staff PC.")
    if kind is hall_sharing.PcKind.STAFF:
        return _("It joined as a staff PC: the duty manager's station opens on a manager's PC.")
    return ""


def data_location_text(place: object) -> str:
    address = window_context.main_pc_address(place)
    if address is None:
        return _("on this PC alone")
    return _("main PC: {address}", address=address) if address else _("this PC is the main PC")


def join_code_error(text: str) -> str:
    code = hall_sharing.normalize_join_code(text)
    strange = next((letter for letter in code if letter not in hall_sharing.CODE_LETTERS), "")
    if strange:
        return _("Codes never contain {letter}; please check again.", letter=strange)
    return (
        _("A code has {n} letters and digits.", n=hall_sharing.CODE_LENGTH)
        if len(code) > hall_sharing.CODE_LENGTH
        else ""
    )


def missing_join_input_text(address: str, code: str, *, has_joined: bool) -> str:
    """Return what is still to be typed, "" if nothing; a PC that has joined before needs no code."""
    if not address.strip():
        return _("Still to fill in: the address")
    if has_joined and not hall_sharing.normalize_join_code(code):
        return ""
    left = hall_sharing.CODE_LENGTH - len(hall_sharing.normalize_join_code(code))
    return n_("{n} more letter of the code", "{n} more letters of the code", left) if left > 0 else ""


def join_steps_text() -> list[str]:
    return [
        _("Open “{station}” on one of the hall's manager PCs.", station=_("Duty manager")),
        _("Choose “{page}”, then “{part}”.", page=_("Set-up"), part=_("Several PCs", context="set-up")),
        _("Press “{button}”.", button=_("Make a join code")),
        _("Type the address and the code here within ten minutes."),
    ]


SIDE_PX, FIELD_PX, JOIN_NARROW_PX, LOW_PX, JOIN_FLAT_PX = 420, 26, 1000, 620, 480
MARGIN, LOW_MARGIN = 28, 12
OF_THE_CODE = ("bad_code", "code_spent", "not_a_code")


class LargeTextField(FormField):
    """A field for text that is read from paper or another screen."""

    def measure_again(self) -> None:
        super().measure_again()
        self.edit.setFont(self.look.font(FIELD_PX, bold=True))


class JoinPage(HomePage):
    """`left` when the person goes back without joining; when this PC has joined, the controller says so."""

    left = Signal()

    def __init__(
        self, look: style.Look, controller: HomeController, joining: JoinController, parent: QWidget | None = None
    ) -> None:
        super().__init__(look, controller, parent)
        self.joining = joining
        self.add_top_bar()
        self._title = panels.Label(look, _("Join a hall"), px=36, bold=True)
        about = _("This PC then works in a hall that runs on another PC, and keeps no data of its own.")
        self._second = panels.Label(look, about, px=18, token="ink2", wrap=True)
        where = _("As shown there, such as 192.168.1.5")
        self.address = LargeTextField(look, _("Address of the main PC"), hint=where)
        hint = _("Small letters and spaces are fine.")
        if self._has_joined:
            hint = _("Leave it empty if only the address of this hall's main PC has changed.")
        self.code = LargeTextField(look, _("Join code"), hint=hint)
        self.name = FormField(look, _("Name of this PC"), hint=_("The manager's list shows this name"))
        self.name.set_value(joining.name)
        self.back_button = buttons.SecondaryButton(look, _("Back"), icon="arrow-left", key="Esc", height=52, px=17)
        self.leave_button = buttons.TextButton(look, _("Leave the shared hall"), height=52, px=17)
        self.join_button = buttons.PrimaryButton(look, trailing="arrow-right", height=60, px=21)
        self._lay_out_page()
        self.address.edited.connect(self._clear_trouble_and_check_fields)
        self.code.edited.connect(self._show_typed_code_in_groups)
        self.name.edited.connect(self._clear_trouble_and_check_fields)
        self.back_button.clicked.connect(self.left)
        self.leave_button.clicked.connect(self.confirm_leaving_hall)
        self.join_button.clicked.connect(self.join_hall)
        joining.refused.connect(self._show_refusal_and_select_code)
        joining.busy_changed.connect(self.join_button.set_busy)
        # After the layouts have taken their own margins anew.
        look.changed.connect(self._fit_optional_parts_to_room)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocusProxy(self.address.edit)
        self.bar.set_title_and_hall(_("QueueDesk"))
        self.leave_button.setVisible(self._has_joined)
        self._update_join_button()

    def _lay_out_page(self) -> None:
        look, stage = self.look, panels.Panel(self.look)
        inner = QWidget()
        fields = QVBoxLayout(inner)
        panels.set_scaled_margins(look, fields, (0, 0, 12, 0), 10)
        for field in (self.address, self.code, self.name):
            fields.addWidget(field)
        fields.addStretch(1)
        middle = self._middle = QHBoxLayout()
        panels.set_scaled_margins(look, middle, (0, 18, 0, 0), 48)
        middle.addWidget(panels.VerticalScrollArea(inner), 1)
        middle.addWidget(self._make_help_card())
        acts = QHBoxLayout()
        panels.set_scaled_margins(look, acts, (0, 8, 0, 0), 12)
        acts.addWidget(self.back_button)
        acts.addWidget(self.leave_button)
        acts.addStretch(1)
        acts.addWidget(self.join_button)
        inside = self._inside = QVBoxLayout(stage)
        panels.set_scaled_margins(look, inside, (48, MARGIN, 48, MARGIN), 6)
        inside.addWidget(self._title)
        inside.addWidget(self._second)
        inside.addLayout(middle, 1)
        inside.addWidget(self.refusal)
        inside.addLayout(acts)
        self.put_below_bar(stage)

    def _make_help_card(self) -> QWidget:
        look = self.look
        side = self._where = QWidget()
        panels.FixedSizeKeeper(look, side, width=SIDE_PX)
        around = QVBoxLayout(side)
        panels.set_scaled_margins(look, around)
        card = panels.Card(look)
        where_title = panels.Label(look, _("Where do I find the address and the code?"), px=20, bold=True, wrap=True)
        self.steps = panels.NumberedSteps(look)
        self.steps.set_steps(join_steps_text())
        column = QVBoxLayout(card)
        panels.set_scaled_margins(look, column, (20, 16, 20, 16), 12)
        column.addWidget(where_title)
        column.addWidget(self.steps)
        around.addWidget(card)
        around.addStretch(1)
        return side

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_optional_parts_to_room()

    def _fit_optional_parts_to_room(self) -> None:
        """Leave out what can be done without where address and code need the room."""
        look, high = self.look, self.height()
        self._where.setVisible(self.width() >= look.px(JOIN_NARROW_PX))
        self._second.setVisible(high >= look.px(LOW_PX))
        self._title.setVisible(high >= look.px(JOIN_FLAT_PX))
        margin, side = look.gap(MARGIN if high >= look.px(LOW_PX) else LOW_MARGIN), look.gap(48)
        self._inside.setContentsMargins(side, margin, side, margin)
        self._middle.setContentsMargins(0, 0 if self._title.isHidden() else look.gap(18), 0, 0)

    # -- texts -------------------------------------------------------------------------------------------------------

    def page_title(self) -> str:
        return _("Join a hall")

    def tick(self, now: datetime) -> None:
        self.bar.set_items([this_pc_name_item(None)])
        self.bar.set_clock(time_hm(now.astimezone()))

    @property
    def _has_joined(self) -> bool:
        return bool(window_context.main_pc_address(self.controller.place))

    def _update_join_button(self) -> None:
        problem = join_code_error(self.code.value())
        self.code.set_error(problem)
        missing = missing_join_input_text(self.address.value(), self.code.value(), has_joined=self._has_joined)
        if problem:
            self.join_button.disable_with_reason(_("Fix the code first"))
        elif missing:
            self.join_button.disable_with_reason(missing)
        else:
            self.join_button.enable_with_label(
                _("Join this hall") if self.code.value() else _("Connect to this address")
            )

    # -- typing ------------------------------------------------------------------------------------------------------

    def _clear_trouble_and_check_fields(self, _text: str) -> None:
        self.show_trouble(None)
        self._update_join_button()

    def _show_typed_code_in_groups(self, text: str) -> None:
        """Show the code in its groups while it is typed on; who goes back into it is not disturbed."""
        edit, code = self.code.edit, hall_sharing.normalize_join_code(text)
        assert isinstance(edit, QLineEdit)
        if edit.cursorPosition() == len(text) and hall_sharing.CODE_LENGTH // 2 < len(code) <= hall_sharing.CODE_LENGTH:
            edit.setText(hall_sharing.join_code_in_two_groups(code.ljust(hall_sharing.CODE_LENGTH)).rstrip())
        elif edit.cursorPosition() == len(text):
            edit.setText(code)
        edit.setModified(True)  # typed all the same: it stays when the page is made anew
        self._clear_trouble_and_check_fields(text)

    def join_hall(self) -> None:
        if self.join_button.isEnabled() and not self.join_button.is_busy():
            self.show_trouble(None)
            self.joining.join_hall(self.address.value(), self.code.value(), self.name.value())

    def _show_refusal_and_select_code(self, trouble: QueueDeskError) -> None:
        self.show_trouble(trouble)
        if trouble.code in OF_THE_CODE:
            edit = self.code.edit
            assert isinstance(edit, QLineEdit)
            edit.setFocus()
            edit.selectAll()

    def confirm_leaving_hall(self) -> None:
        question = ConfirmDialog(
            self,
            self.look,
            title=_("Leave the shared hall?"),
            effect=_("This PC will work alone again. To come back, it needs a new join code."),
            safe=_("Stay in the hall"),
            act=_("Leave it", context="hall"),
        )
        question.done.connect(self.joining.leave_hall)
        question.open_dialog()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.isAutoRepeat():
            super().keyPressEvent(event)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.join_hall()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def stop(self) -> None:
        super().stop()
        self.joining.refused.disconnect(self._show_refusal_and_select_code)
        self.joining.busy_changed.disconnect(self.join_button.set_busy)
