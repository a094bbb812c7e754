"""The front desk's head, and its rail: waiting and missed tickets, and what features show there."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import QObject, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QPaintEvent, QResizeEvent, QShortcut
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from queuedesk.core.network.roles import Actor, Role
from queuedesk.core.queue.overview import ServiceLine
from queuedesk.core.setup.rows import Setup
from queuedesk.core.talk.messages import GUIDE
from queuedesk.i18n import _, n_, name_in_language, role_word, time_hm
from queuedesk.i18n.talk import device_down_cause_words
from queuedesk.stations.acts.feature_lines import FeatureMessageLines
from queuedesk.stations.acts.own_cases import OwnCasesCard, OwnCasesController
from queuedesk.stations.guide.controller import SlipPrinter
from queuedesk.stations.guide.texts import MissedRow, RailPersonRow, closing_overload_texts, closing_overload_warning
from queuedesk.stations.talk import HELP_KEY, MESSAGE_KEY, TalkController, TalkPresenter
from queuedesk.stations.widgets import message_place, paint, panels
from queuedesk.stations.widgets.buttons import Button, DangerButton, SecondaryButton, TextButton
from queuedesk.stations.widgets.lists.lists import TicketList, TicketRow
from queuedesk.stations.widgets.lists.strips import SetAsideTicketRow
from queuedesk.stations.widgets.topbar import TopBar, TopBarFact, items_width, width_left_for_items
from queuedesk.stations.window import context as window_context
from queuedesk.stations.window.away import hall_away_texts
from queuedesk.stations.window.frame import StationPage
from queuedesk.stations.window.style import Look

# -- the head ------------------------------------------------------------------------------------------------------

PAPER_PAGE = "days"


class GuideTopBar(QWidget):
    """The top bar, with the `messages` over its middle. `help_wanted` names a page of the user guide."""

    more_wanted = Signal(QPoint)
    help_wanted = Signal(str)

    def __init__(self, look: Look, messages: message_place.StationMessageBar, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.top, self._messages = TopBar(look), messages
        self.top.set_more_button_name(_("More"))
        self.top.menu_wanted.connect(self.more_wanted)
        messages.attach_over_bar(self.top, self.top.free_middle_rect)
        self._shown: tuple[str, ...] = ()
        self.gives_way: Button | None = None
        self._forms: list[list[TopBarFact]] = []
        self._form: list[TopBarFact] = []
        look.changed.connect(self._fit_printer_and_person)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.top)

    def _request_paper_help_page(self, _verb: str, _key: int) -> None:
        self.help_wanted.emit(PAPER_PAGE)

    def set_clock(self, setup: Setup, now: datetime) -> None:
        self.top.set_title_and_hall(_("Front desk"), name_in_language(setup.hall.name, setup.hall.name_en))
        self.top.set_clock(time_hm(setup.to_hall_time(now)))

    def show_printer_and_person(self, setup: Setup, printer: SlipPrinter, who: Actor | None) -> None:
        """Show whether the printer works, as far as known, and the person here. Where none is set up all is well."""
        is_well = printer.trouble is None and not printer.is_slow and not printer.warning
        token = "ink2" if is_well or not printer.is_printer_set_up else "amber"
        said, person = _printer_status_text(printer), _person_with_role(setup, who)
        if (said, token, person) == self._shown:
            return
        self._shown = (said, token, person)
        items = [TopBarFact(text=said, icon="print", token=token)]
        self._forms = [[*items, TopBarFact(text=person, rule=True)]] if person else []
        self._forms += [items, [TopBarFact(icon="print", token=token)]]
        self._fit_printer_and_person()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_printer_and_person()

    def _fit_printer_and_person(self) -> None:
        """Show printer and person, or where the bar is narrow for its letters as much of them as has room whole; then
        the sign alone stands for the key that `gives_way`, so that messages have room too."""
        if not self._forms:
            return
        form = self._forms[0]
        if self.gives_way is not None:
            self.gives_way.set_icon_only(False)
        if items_width(self.top, form) > width_left_for_items(self.top) + self.top.hall_name_width():
            if self.gives_way is not None:
                self.gives_way.set_icon_only(True)
            room = width_left_for_items(self.top) + self.top.hall_name_width()
            form = next((one for one in self._forms if items_width(self.top, one) <= room), self._forms[-1])
        if form != self._form:
            self._form = form
            self.top.set_items(form)

    def set_alert(
        self, feed: window_context.HallFeed, lines: Sequence[ServiceLine], now: datetime, away_since: datetime | None
    ) -> None:
        """Tell that the hall is away, or that not everybody may be served today, or nothing."""
        warning = closing_overload_warning(feed.setup, lines, now) if away_since is None else None
        away: list[message_place.StationMessage] = []
        if away_since is not None:
            fact, rest = hall_away_texts(feed, feed.setup.to_hall_time(away_since))
            lead: tuple[message_place.MessageButtonVerbAndWord, ...] = ()
            if not feed.moves_on:  # That is over before a paper ticket is written.
                lead = (message_place.MessageButtonVerbAndWord("lead", _("How paper tickets work")),)
                rest = _("{what} Please use paper tickets; enter them later.", what=rest)
            away = [message_place.StationMessage("amber", "away", fact, rest, lead)]
        self._messages.tell(message_place.MessageRank.AWAY, *away, do=self._request_paper_help_page)
        full = (
            [message_place.StationMessage("red", "warning", *closing_overload_texts(warning))]
            if warning is not None
            else []
        )
        self._messages.tell(message_place.MessageRank.TOO_FULL, *full)


def _printer_status_text(printer: SlipPrinter) -> str:
    trouble = printer.trouble
    if trouble is None and printer.is_slow:
        return _("Printer is slow")
    if trouble is None and not printer.warning:
        return _("Printer ready") if printer.is_known else _("Printer")
    if printer.has_no_printer:
        gone = device_down_cause_words("no_printer") if trouble and trouble.details.get("printer") else ""
        return _("Printer: {cause}", cause=gone) if gone else _("No printer")
    cause = (
        device_down_cause_words(str(trouble.details.get("cause") or ""))
        if trouble is not None
        else device_down_cause_words(printer.warning)
    )
    return _("Printer: {cause}", cause=cause) if cause else _("Printer did not print")


def _person_with_role(setup: Setup, who: Actor | None) -> str:
    member = setup.staff.get(who.name) if who else None
    if who is None or member is None:
        return ""
    name = name_in_language(member.name, member.name_en)
    # The bar says "Front desk" already: beside a guide's name it would take the room of the hall's.
    return name if who.role is Role.GUIDE else _("{role} · {name}", role=role_word(str(who.role)), name=name)


# -- messages, help and emergencies --------------------------------------------------------------------------------

HEIGHT, PX = 40, 16


class FrontDeskMessaging(QObject):
    """What is told over `head`'s bar, and its buttons for more; `say` gets what was done, with an icon."""

    def __init__(
        self, page: StationPage, head: GuideTopBar, cases: OwnCasesCard, say: Callable[[str, str], None]
    ) -> None:
        super().__init__(page)
        look = page.context.look
        self.own_cases = OwnCasesController(page, cases)
        self.own_cases.said.connect(say)
        self.talking = TalkPresenter(page, TalkController(page.context, lambda: GUIDE))
        self.talking.said.connect(say)
        self.message_button = SecondaryButton(look, _("Message", context="talk"), icon="message", height=HEIGHT, px=PX)
        self.emergency_button = DangerButton(look, _("Emergency notice"), icon="warning", height=HEIGHT, px=PX)
        head.top.add_button(self.message_button)
        head.gives_way = self.message_button
        head.top.add_button(self.emergency_button)
        self.feature_lines = FeatureMessageLines(page)
        self.feature_lines.said.connect(say)
        self.message_button.clicked.connect(self.open_message_dialog)
        self.talking.add_buttons_disabled_when_away(self.message_button, self.emergency_button)
        self.emergency_button.clicked.connect(self.talking.open_emergency_dialog)
        for key, act in ((MESSAGE_KEY, self.open_message_dialog), (HELP_KEY, self.talking.open_help_dialog)):
            QShortcut(QKeySequence(key), page).activated.connect(act)
        self.feature_lines.refresh()
        self.own_cases.refresh()
        self.talking.refresh()

    def open_message_dialog(self) -> None:
        self.talking.open_message_dialog()


# -- the rail ------------------------------------------------------------------------------------------------------


class FlushRightTextButton(TextButton):
    """A quiet word whose end is flush with the column's edge."""

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = paint.Painter(self, self.look)
        token = "ink2" if not self.isEnabled() else "on_soft" if self.isDown() else "primary"
        rect, right = QRectF(self.rect()), Qt.AlignmentFlag.AlignRight
        painter.draw_words_and_give_end_x(self.text(), self.look.font(16, bold=True), token, rect, right)


SHOWN = 3
CARD_ROW_HEIGHT, LOW_CARD_ROW_HEIGHT = 48, 40


class RailPersonRowWidget(paint.FollowsLook, QWidget):
    """One person: time or number, two lines of words, and the button for what is done now."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.follow_look(look)
        self.said: RailPersonRow | None = None
        self.button = SecondaryButton(look, "", height=40, px=15, parent=self)
        self.button.ink = "primary"
        self._height = CARD_ROW_HEIGHT
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addStretch(1)
        row.addWidget(self.button)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_person(self, said: RailPersonRow, act: str, *, low: bool) -> None:
        """Show somebody; a `low` row has one line, with what is overdue in it."""
        self.said = said
        self._height = LOW_CARD_ROW_HEIGHT if low else CARD_ROW_HEIGHT
        self.button.setText(act)
        self.button.setAccessibleName(f"{act}: {said.head}, {said.first}, {said.second}")
        self.setToolTip(f"{said.head} {said.first} · {said.second}")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(240), self.look.px(self._height))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.px(120), self.look.px(self._height))

    def paintEvent(self, event: QPaintEvent) -> None:
        said, look, high = self.said, self.look, self.height()
        if said is None:
            return
        painter, bold = paint.Painter(self, look), look.font(19, bold=True, tabular=True)
        token = "amber" if said.late else "ink"
        painter.draw_words_and_give_end_x(
            said.head, bold, token, QRectF(0, 0, paint.width_of_text(bold, said.head) + 2, high)
        )
        left = max(paint.width_of_text(bold, "00:00"), paint.width_of_text(bold, said.head)) + look.px(14)
        wide = self.button.x() - look.px(10) - left
        if self._height == LOW_CARD_ROW_HEIGHT:
            painter.draw_words_and_give_end_x(said.first, look.font(16), "ink", QRectF(left, 0, wide, high))
            return
        half = high / 2
        painter.draw_words_and_give_end_x(said.first, look.font(16), "ink", QRectF(left, look.px(2), wide, half))
        second = said.late or said.second
        second_token = "amber" if said.late else "ink2"
        painter.draw_words_and_give_end_x(
            second, look.font(14), second_token, QRectF(left, half - look.px(2), wide, half)
        )


class UrgentPeopleCard(QWidget):
    """A head and the most urgent people under it, each with a key. `acted` carries the key of the one whose it is."""

    acted = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        # Low until the rail knows its height: what is too tall at first would make the window grow.
        self._low, self._away = True, False
        self.rows: list[RailPersonRowWidget] = []
        self._column = QVBoxLayout(self)
        panels.set_scaled_margins(look, self._column, (0, 8, 0, 0), 2)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.hide()

    @abstractmethod
    def refresh(self) -> None:
        """Show who it is now."""

    def set_hall_away(self, away: bool) -> None:
        self._away = away
        self.refresh()

    def set_rail_is_low(self, low: bool) -> None:
        if low != self._low:
            self._low = low
            self.refresh()

    def show_rows(self, people: Sequence[RailPersonRow], act: str) -> None:
        shown = people[: 1 if self._low else SHOWN]
        while len(self.rows) < len(shown):
            row = RailPersonRowWidget(self._look)
            row.button.clicked.connect(self._emit_pressed_act)
            self._column.addWidget(row)
            self.rows.append(row)
        for place, row in enumerate(self.rows):
            row.setVisible(place < len(shown))
            if place < len(shown):
                row.set_person(shown[place], act, low=self._low)
                row.button.setEnabled(not self._away)

    def _emit_pressed_act(self) -> None:
        pressed = self.sender()
        for row in self.rows:
            if row.button is pressed and row.said is not None:
                self.acted.emit(row.said.key)


class CustomersToFetchCard(UrgentPeopleCard):
    """Customers to fetch now, each with a key for done; hidden if none. `acted` carries the ticket's number."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._people: list[RailPersonRow] = []
        self.head = panels.Label(look, px=16, bold=True, token="amber")
        self._column.addWidget(self.head)

    def set_people(self, people: Sequence[RailPersonRow]) -> None:
        if list(people) != self._people:
            self._people = list(people)
            self.refresh()

    def refresh(self) -> None:
        self.head.setText(n_("Please fetch {n} person", "Please fetch {n} people", len(self._people)))
        self.show_rows(self._people, _("Fetched"))
        self.setVisible(bool(self._people))


ROW_HEIGHT, LOW_ROW_HEIGHT = 45, 40
MISSED_HEIGHT, MISSED_SHOWN = 56, 2
DRAWN_HEIGHT, PER_MISSED = 712, 150  # a rail taller than drawn shows one more missed ticket for every so many px
LOW_RAIL = 680


class NonScrollingTicketList(TicketList):
    """Shows as many rows as fit: this list never scrolls, the whole one is a touch away."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, row_height=ROW_HEIGHT)
        self._all: list[TicketRow] = []
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def set_all_rows(self, rows: Sequence[TicketRow]) -> None:
        self._all = list(rows)
        self.show_rows_that_fit()

    def show_rows_that_fit(self) -> None:
        fit = max(1, self.viewport().height() // self.look.px(self.row_height))
        self.set_rows(self._all[:fit])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.show_rows_that_fit()


class FrontDeskSideRail(QWidget):
    """Waiting in call order, missed with "back in line", find, reprint, wrong window, undo."""

    all_wanted = Signal()
    missed_wanted = Signal()
    ticket_chosen = Signal(object)
    reinstate_wanted = Signal(str)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._missed: list[MissedRow] = []
        self._waiting_count = 0
        self._back = ""
        self._away = False
        self._prints = True
        self._head = panels.Label(look, px=16, bold=True, token="ink2")
        self.all_button = FlushRightTextButton(look, _("See all"), height=32, px=16)
        self.all_button.clicked.connect(self.all_wanted)
        self.waiting = NonScrollingTicketList(look)
        self.waiting.setAccessibleName(_("Who is waiting"))
        self.waiting.chosen.connect(self.ticket_chosen)
        self._empty = panels.EmptyState(look, "waiting")
        self._empty.set_texts(_("Nobody is waiting"), _("Tickets appear here until they are called."))
        self.tickets_to_fetch = CustomersToFetchCard(look)
        self._missed_head = panels.Label(look, px=16, bold=True, token="ink2")
        self.missed_all = FlushRightTextButton(look, _("See all"), height=32, px=16)
        self.missed_all.clicked.connect(self.missed_wanted)
        self.rows: list[SetAsideTicketRow] = []
        self._added = QVBoxLayout()
        self._added_cards: list[UrgentPeopleCard] = []
        self.cases = OwnCasesCard(look)
        self.find_button = SecondaryButton(look, _("Find a ticket"), icon="ticket", height=56, align="left")
        self.reprint_button = SecondaryButton(look, _("Reprint"), icon="print", height=56, align="left")
        self.redirect_button = SecondaryButton(look, _("Change line"), icon="redirect", height=56, align="left")
        self.undo_button = SecondaryButton(look, _("Undo last"), icon="undo", height=56, align="left")
        self._lay_out_rail(look)
        look.changed.connect(self._fit_to_height)
        self.cases.came_or_went.connect(self._fit_to_height)
        self._back = _("Back in line")
        self._balance_action_columns()
        self._show_missed_tickets()

    def _lay_out_rail(self, look: Look) -> None:
        column = QVBoxLayout(self)
        panels.set_scaled_margins(look, column, (24, 12, 24, 16), 0)
        head = QHBoxLayout()
        head.addWidget(self._head, 1)
        head.addWidget(self.all_button)
        column.addLayout(head)
        column.addWidget(self.waiting, 1)
        column.addWidget(self._empty, 1)
        column.addWidget(self.tickets_to_fetch)
        missed_head = QHBoxLayout()
        panels.set_scaled_margins(look, missed_head, (0, 10, 0, 0), 0)
        missed_head.addWidget(self._missed_head, 1)
        missed_head.addWidget(self.missed_all)
        column.addLayout(missed_head)
        self._missed_rows = QVBoxLayout()
        self._missed_rows.setSpacing(0)
        column.addLayout(self._missed_rows)
        column.addLayout(self._added)
        own = QVBoxLayout()
        panels.set_scaled_margins(look, own, (0, 10, 0, 0), 0)
        own.addWidget(self.cases)
        column.addLayout(own)
        acts = QGridLayout()
        panels.set_scaled_margins(look, acts, (0, 16, 0, 0), 10)
        self._acts = acts
        column.addLayout(acts)
        self._arrange_action_buttons(prints=True)

    def add_card(self, card: UrgentPeopleCard) -> None:
        self._added.addWidget(card)
        self._added_cards.append(card)
        card.set_hall_away(self._away)
        self._fit_to_height()

    def set_printing_available(self, prints: bool) -> None:
        if self._prints == prints:
            return
        self._prints = prints
        self._arrange_action_buttons(prints=prints)
        self.reprint_button.setVisible(prints)

    def _arrange_action_buttons(self, *, prints: bool) -> None:
        first = (self.find_button, self.reprint_button) if prints else (self.find_button,)
        for row, buttons in enumerate((first, (self.redirect_button, self.undo_button))):
            for place, button in enumerate(buttons):
                self._acts.removeWidget(button)
                self._acts.addWidget(button, row, place, 1, 3 - len(buttons))

    def _balance_action_columns(self) -> None:
        """Give both columns of buttons the same width where their words allow it, else a share by their words."""
        left = max(self.find_button.sizeHint().width(), self.redirect_button.sizeHint().width())
        right = max(self.reprint_button.sizeHint().width(), self.undo_button.sizeHint().width())
        half = (self.width() - self._look.px(24 + 24 + 10)) // 2
        equal = max(left, right) <= half
        for column, share in enumerate((1, 1) if equal else (left, right)):
            self._acts.setColumnStretch(column, share)
            self._acts.setColumnMinimumWidth(column, half if equal else 0)

    def show_hall(
        self, *, head: str, missed_head: str, waiting: Sequence[TicketRow], missed: Sequence[MissedRow]
    ) -> None:
        self._head.setText(head)
        self._missed_head.setText(missed_head)
        self._waiting_count = len(waiting)
        self.waiting.set_all_rows(waiting)
        self.waiting.setVisible(bool(waiting))
        self._empty.setVisible(not waiting)
        self.all_button.setVisible(bool(waiting))
        if list(missed) != self._missed:
            self._missed = list(missed)
            self._show_missed_tickets()

    def set_hall_away(self, away: bool) -> None:
        self._away = away
        for button in (self.find_button, self.reprint_button, self.redirect_button, self.undo_button):
            button.setEnabled(not away)
        for card in (*self._added_cards, self.tickets_to_fetch):
            card.set_hall_away(away)
        self.cases.set_hall_away(away)
        self._show_missed_tickets()

    # -- missed -------------------------------------------------------------------------------------------------

    def max_missed_rows(self) -> int:
        height = self.height() / self._look.scale.k
        if height < DRAWN_HEIGHT * 0.75 or self._is_crowded_by_case:
            return 1
        return MISSED_SHOWN + max(0, int((height - DRAWN_HEIGHT) // PER_MISSED))

    @property
    def _is_crowded_by_case(self) -> bool:
        """Whether an own case takes room that those who wait need more than those who come later."""
        return not self.cases.isHidden() and self.height() / self._look.scale.k <= DRAWN_HEIGHT

    def _show_missed_tickets(self) -> None:
        shown = self._missed[: self.max_missed_rows()]
        while len(self.rows) < len(shown):
            row = SetAsideTicketRow(self._look, height=MISSED_HEIGHT, accent=True)
            row.acted.connect(self._request_reinstatement)
            self._missed_rows.addWidget(row)
            self.rows.append(row)
        for place, row in enumerate(self.rows):
            row.setVisible(place < len(shown))
            if place < len(shown):
                one = shown[place]
                row.setObjectName(one.label)
                row.set_row("missed", one.label, self._since_text_that_fits(one), self._back)
                row.button().setEnabled(not self._away)
        self._missed_head.setVisible(bool(shown))
        self.missed_all.setVisible(len(self._missed) > len(shown))

    def _since_text_that_fits(self, row: MissedRow) -> str:
        """Return since when, without the word that stands above where there is no room for it."""
        look = self._look
        taken = (
            look.px(19 * 3.2 + 20 + 32 + 10 + 28)
            + paint.width_of_text(look.font(15, bold=True), self._back)
            + look.gap(48)
        )
        return row.since if paint.width_of_text(look.font(15), row.since) <= self.width() - taken else row.minutes

    def _request_reinstatement(self) -> None:
        row = self.sender()
        if row is not None:
            self.reinstate_wanted.emit(row.objectName())

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit_to_height()

    def _fit_to_height(self) -> None:
        low = self.height() / self._look.scale.k < LOW_RAIL
        self.waiting.row_height = LOW_ROW_HEIGHT if low else ROW_HEIGHT
        self.waiting.measure_again()
        self.waiting.show_rows_that_fit()
        for card in self._added_cards:
            card.set_rail_is_low(low or self._is_crowded_by_case)
        self.tickets_to_fetch.set_rail_is_low(low)
        self.cases.set_rail_is_low(low)
        self._balance_action_columns()
        self._show_missed_tickets()
