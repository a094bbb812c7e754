"""What a customer alone can do at the kiosk, step by step, and ask of the hall's people; no widgets, no sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from enum import StrEnum
from functools import partial
from math import ceil

from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal, Slot

from queuedesk.core.errors import OutsideError, QueueDeskError
from queuedesk.core.improvement.project import WordingTrial, new_words_on
from queuedesk.core.log.event import Event
from queuedesk.core.log.state import HallState
from queuedesk.core.network.roles import CUSTOMER
from queuedesk.core.quality.case import LONGEST_TYPED, OTHER, may_screen_ask_for_comment
from queuedesk.core.queue.offers import channels_to_suggest
from queuedesk.core.setup.rows import Setup
from queuedesk.core.talk.device import has_ticket_printer_in_use
from queuedesk.core.talk.messages import HelpCall, open_help_call_at
from queuedesk.desk.change import Ask, Desk, Document
from queuedesk.desk.quality import thanking
from queuedesk.desk.talk import messaging
from queuedesk.features.kiosk.pages import taking
from queuedesk.i18n import current_language
from queuedesk.stations.acts.hold_to_confirm import RapidTappingActDelayer, make_monotonic_ms_clock
from queuedesk.stations.window.context import PinLock, StationContext

MISTAKEN = "pressed_by_mistake"


class KioskHelpCalling(QObject):
    """The call for help at this kiosk. `refused` carries why it could not be made; what was done comes with the log."""

    refused = Signal(object)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._is_busy = False

    @property
    def current_help_call(self) -> HelpCall | None:
        """The open call at this kiosk."""
        who = self._context.who
        if who is None:
            return None
        return open_help_call_at(self._context.feed.state.help_calls.values(), who.name.removeprefix("station:"))

    def call_for_help(self) -> None:
        """Call for help."""
        if self.current_help_call is None:
            self._run_unless_busy(messaging.call_for_help_at)

    def record_helper_arrival(self) -> None:
        """Note that a helper has arrived."""
        if (call := self.current_help_call) is not None:
            self._run_unless_busy(partial(messaging.record_helper_arrival, seq=call.seq))

    def cancel_help_call(self) -> None:
        """Cancel a call made by mistake."""
        if (call := self.current_help_call) is not None:
            self._run_unless_busy(partial(messaging.cancel_help, seq=call.seq, reason=MISTAKEN))

    def _run_unless_busy(self, deed: Callable[[Desk, Ask], Document]) -> None:
        if self._is_busy or self._context.who is None:
            return
        self._is_busy = True
        desk, ask = self._context.desk, self._context.new_ask()
        self._context.tasks.run(lambda: deed(desk, ask), self._on_act_done, self._on_act_refused)

    def _on_act_done(self, _document: object) -> None:
        self._is_busy = False

    def _on_act_refused(self, trouble: QueueDeskError) -> None:
        self._is_busy = False
        if trouble.code not in ("help_called", "not_there"):  # somebody was quicker: the log says so in a moment
            self.refused.emit(trouble)


class MessageWritingController(QObject):
    """What a customer writes to the manager. `given`: it was handed over; `refused` carries why it could not be."""

    changed = Signal()
    given = Signal()
    refused = Signal(object)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._is_busy = False
        self.words = ""

    @property
    def is_offered(self) -> bool:
        return may_screen_ask_for_comment(self._context.feed.setup.settings["rating_words"], current_language())

    def forget_message(self) -> None:
        self.words = ""

    def write(self, words: str) -> None:
        """Take what stands in the field now."""
        self.words = words[:LONGEST_TYPED]
        self.changed.emit()

    def send_message(self) -> None:
        """Hand the words over, about no ticket."""
        if self._is_busy or not self.words.strip():
            return
        self._is_busy = True
        desk, ask, words = self._context.desk, self._context.new_ask(CUSTOMER), self.words
        self._context.tasks.run(
            lambda: thanking.record_spoken_comment(desk, ask, words, klass=OTHER),
            self._on_words_stored,
            self._on_message_refused,
        )

    def _on_words_stored(self, _document: object) -> None:
        self._is_busy = False
        self.forget_message()
        self.given.emit()

    def _on_message_refused(self, trouble: QueueDeskError) -> None:
        self._is_busy = False
        self.refused.emit(trouble)


class KioskStageName(StrEnum):
    """What the screen shows."""

    GREETING = "greeting"
    GROUP = "group"
    TICKET = "ticket"
    WHERE = "where"
    FIND = "find"
    INFO = "info"
    WORDS = "words"
    CASE = "case"


class KioskSheetName(StrEnum):
    """What is asked or said over the page."""

    NONE = ""
    STILL_THERE = "still-there"
    ANOTHER = "another"
    CLASSES = "classes"
    PERSON = "person"
    FETCH = "fetch"
    SORRY = "sorry"
    HELP = "help"
    PIN = "pin"
    CALM = "calm"
    MANY = "many"
    ELSEWHERE = "elsewhere"
    GOES = "goes"
    THANKED = "thanked"
    CASE = "case"


# -- patience with a customer who does nothing -------------------------------------------------------------------------

# The ring's own time; asking for more can be repeated without end.
RING_S = 20
# A page takes no touch that acts before that: the second half of a double press belongs to what stood there before.
SETTLE_MS = 600


class PageTimer:
    """Times a page on a steady clock in milliseconds. `wait` restarts with every touch."""

    def __init__(self, steady_ms: Callable[[], int]) -> None:
        self._steady_ms = steady_ms
        self._touched_ms = self._shown_ms = steady_ms()
        self._ring_ms: int | None = None

    def record_touch(self) -> None:
        """Note a touch."""
        self._touched_ms = self._steady_ms()
        self._ring_ms = None

    def record_page_shown(self) -> None:
        """Note that another page is shown from now on."""
        self._shown_ms = self._steady_ms()
        self.record_touch()

    def start_countdown(self) -> None:
        """Start asking whether somebody is there."""
        self._ring_ms = self._steady_ms()

    @property
    def is_shown_long_enough(self) -> bool:
        return self._steady_ms() - self._shown_ms >= SETTLE_MS

    @property
    def is_counting_down(self) -> bool:
        return self._ring_ms is not None

    def idle_s(self) -> float:
        """Return the seconds since the last touch."""
        return (self._steady_ms() - self._touched_ms) / 1000

    def seconds_page_shown(self) -> float:
        """Return how long this page has been shown."""
        return (self._steady_ms() - self._shown_ms) / 1000

    def countdown_seconds_left(self) -> int:
        """Return the whole seconds left of the ring; 0 when it is over."""
        if self._ring_ms is None:
            return RING_S
        return max(0, ceil(RING_S - (self._steady_ms() - self._ring_ms) / 1000))


# -- the station itself ------------------------------------------------------------------------------------------------

# A printed ticket is in the hand; a number that has to be noted down takes longer.
TICKET_S, NOTE_DOWN_S = 10, 60
# What a manager has unlocked is locked again after that.
GRANTED_S = 60
# Who was told how far a case is and then takes no ticket for so long has gone.
GONE_S = 20
MOST_SERVICES = 5
# Of a phone or card number: what is shorter too many people share.
LEAST_DIGITS, MOST_DIGITS = 6, 20


class KioskController(QObject):
    """Serves one customer after another. `changed`: show everything anew; `ticked`: only seconds and figures have
    changed."""

    changed = Signal()
    ticked = Signal()

    def __init__(
        self, context: StationContext, parent: QObject | None = None, *, steady_ms: Callable[[], int] | None = None
    ) -> None:
        """`steady_ms` is a steady clock in milliseconds, for time-outs and double presses; tests give their own."""
        super().__init__(parent)
        self.context = context
        steady = steady_ms or make_monotonic_ms_clock()
        self.patience = PageTimer(steady)
        self.lock = PinLock(context, self)
        self.finder = taking.InformationFinder()
        self.taking = taking.TicketIssuing(context, steady_ms=steady, parent=self)
        self.place = taking.LinePlaceEnquiry(context, self.taking, self)
        self.case = taking.CaseEnquiry(context, steady_ms=steady, parent=self)
        self.info_paper, self.quiet_paper = taking.InformationPrint(self), taking.QuietHoursListPrint(context, self)
        self.help, self.writing = KioskHelpCalling(context, self), MessageWritingController(context, self)
        for part in (self.taking, self.place, self.case, self.help, self.writing):
            part.refused.connect(self.show_refusal_sheet)
        self.holding = RapidTappingActDelayer(context, steady, self)
        self.away_since: datetime | None = None
        self._figures = taking.CachedServiceFacts()
        self.least_s = 0  # what switches need to offer every key
        self._reset_for_next_customer()
        self.taking.taken.connect(self._show_taken_ticket)
        self.taking.papered.connect(self._on_slip_state_changed)
        self.taking.noted.connect(self.changed)
        self.taking.printer_changed.connect(self.changed)
        self.info_paper.changed.connect(self.changed)
        self.quiet_paper.changed.connect(self.changed)
        self.place.changed.connect(self._record_touch_and_emit_change)
        self.writing.changed.connect(self._record_touch_and_emit_change)
        self.case.changed.connect(self._on_case_changed)
        self.writing.given.connect(lambda: self._show_sheet(KioskSheetName.THANKED))
        self.lock.changed.connect(self._close_pin_sheet_or_emit_changed)
        self.holding.changed.connect(self._on_rapid_tapping_changed)
        context.feed.changed.connect(self._follow_events)
        context.feed.replaced.connect(self.ticked)

    def _reset_for_next_customer(self) -> None:
        """Be as for a customer who has just come."""
        self.stage, self.sheet, self._under = KioskStageName.GREETING, KioskSheetName.NONE, KioskSheetName.NONE
        self.group = self.language = ""
        self.large = self.contrast = self.several = self.listens = False
        self.place.reset()
        self.case.count_saved_visit(took_ticket=self.taking.given is not None)
        self.case.reset()
        self.holding.drop_waiting_act()
        self.held: taking.TicketOrder | None = None
        self.chosen: list[str] = []
        self.klass = taking.NORMAL
        self.person = ""
        self.taking.forget_given_ticket()
        self.lock.cancel_and_relock()
        self.sorry: QueueDeskError | None = None
        self.asked: taking.TicketOrder | None = None
        self.channels: tuple[str, ...] = ()
        self.info_paper.reset()
        self.quiet_paper.reset()
        self.finder.reset()
        self.writing.forget_message()

    # -- the hall --
    @property
    def hall_state(self) -> HallState:
        return self.context.feed.state

    @property
    def kiosk_setup(self) -> Setup:
        """The set-up as customers read it here: a trial may have another name for a key today."""
        feed = self.context.feed
        return setup_with_trial_names(feed.setup, feed.state.wordings.values(), feed.business_date)

    def time_of_figures(self) -> datetime:
        """Return the time of the figures: the clock's, or that at which the hall's file went away."""
        return self.away_since or self.context.clock()

    def facts_by_service_code(self) -> dict[str, taking.ServiceFacts]:
        found = self._figures.facts_by_code(self.hall_state, self.time_of_figures())
        if self.away_since is None:
            return found
        return {c: replace(facts, trouble=facts.trouble or OutsideError("database_away")) for c, facts in found.items()}

    def may_customers_have_slips(self) -> bool:
        """Whether customers may come with a slip, whose code can be scanned."""
        printed = has_ticket_printer_in_use(
            self.hall_state.devices, self.context.clock(), is_simulated=self.kiosk_setup.hall.simulated
        )
        return self.taking.can_print() or printed

    def is_free_for_next_customer(self) -> bool:
        """Whether nothing here belongs to a customer, so that nothing has to time out."""
        chosen = (
            self.large or self.contrast or self.listens or self.language or self.several or self.klass != taking.NORMAL
        )
        return self.is_at_start() and not chosen

    def is_at_start(self) -> bool:
        """Whether the greeting is shown with nothing over it."""
        return self.stage is KioskStageName.GREETING and self.sheet is KioskSheetName.NONE

    def set_hall_away(self, since: datetime | None) -> None:
        """Note that the hall's file has been unavailable since then, or is back."""
        self.away_since = since
        if since is None and self.sheet is KioskSheetName.SORRY and isinstance(self.sorry, OutsideError):
            self.sheet, self.sorry = KioskSheetName.NONE, None
        self.changed.emit()

    @Slot(list)
    def _follow_events(self, events: list[Event]) -> None:
        if any(event.kind in ("set-up", "web.progress") for event in events):
            self.case.check_any_case_has_progress()
        if any(event.kind == "set-up" for event in events):
            self.finder.drop_search_index()
            self.lock.find_out_if_any_manager_has_pin()
            if self.group and all(one.group != self.group for one in self.kiosk_setup.services.values()):
                self.go_home()
            self.chosen = [code for code in self.chosen if code in self.kiosk_setup.services]
            self.changed.emit()
        else:
            self.ticked.emit()

    # -- going about --
    def record_touch(self) -> None:
        """Note a touch."""
        if self.sheet is not KioskSheetName.STILL_THERE:
            self.patience.record_touch()

    @Slot()
    def _on_rapid_tapping_changed(self) -> None:
        if self.holding.is_tapping_rapidly:
            self.held = None
            if self.sheet in (KioskSheetName.NONE, KioskSheetName.ANOTHER, KioskSheetName.MANY):
                self._show_sheet(KioskSheetName.CALM)
        elif self.sheet is KioskSheetName.CALM:
            self.close_sheet()

    def go_home(self) -> None:
        self._reset_for_next_customer()
        self._show_stage(KioskStageName.GREETING)

    def go_back(self) -> None:
        if self.stage is KioskStageName.INFO and self.finder.service in self.kiosk_setup.services:
            self.finder.close(self.kiosk_setup)
            self._show_stage(KioskStageName.FIND)
        elif self.stage is KioskStageName.FIND and self.finder.service:
            self.finder.back_to_all_services()
            self._show_stage(KioskStageName.FIND)
        elif self.several:
            self.set_choosing_several_services(False)
        elif self.stage in (KioskStageName.TICKET, KioskStageName.WORDS):
            self.go_home()
        else:
            self.group = ""
            self.place.reset()
            self.case.reset()
            self.finder.reset()
            self._show_stage(KioskStageName.GREETING)

    def open_group(self, group: str) -> None:
        self.group = group
        self._show_stage(KioskStageName.GROUP)

    def open_line_place_enquiry(self) -> None:
        self.place.reset()
        self._show_stage(KioskStageName.WHERE)

    def open_case_enquiry(self) -> None:
        self.case.reset()
        self._show_stage(KioskStageName.CASE)

    def ask_case_progress(self) -> None:
        """Ask how far the case is whose reference was typed."""
        if self.patience.is_shown_long_enough and not self.sheet:
            self.case.ask_case_progress(current_language())

    def ask_another_case(self) -> None:
        self.close_sheet()
        self.open_case_enquiry()

    @Slot()
    def _on_case_changed(self) -> None:
        if self.stage is KioskStageName.CASE and self.case.found is not None and not self.sheet:
            self._show_sheet(KioskSheetName.CASE)
        elif self.is_at_start():
            self.changed.emit()  # whether the key is there
        else:
            self._record_touch_and_emit_change()

    def open_information_search(self) -> None:
        """Show what can be read about; where that is nothing but hours, all of them at once."""
        self.finder.prepare_search(self.kiosk_setup)
        self._show_stage(
            KioskStageName.INFO if taking.have_services_only_opening_hours(self.kiosk_setup) else KioskStageName.FIND
        )
        self.quiet_paper.check_quiet_hours_known()

    def open_message_form(self) -> None:
        """Ask for a few words to the manager."""
        self.close_sheet()
        self._show_stage(KioskStageName.WORDS)

    def send_message_to_manager(self) -> None:
        """Hand over what was written."""
        if self.patience.is_shown_long_enough:
            self.writing.send_message()

    def print_papers_list(self) -> None:
        """Print the list of papers that is shown, or beside all hours when the next days are quiet."""
        if self.finder.service not in self.kiosk_setup.services:
            self.print_quiet_hours()
            return
        self.info_paper.print_once(partial(self.taking.print_papers_list, self.finder.service, self.finder.item))

    def print_quiet_hours(self) -> None:
        """Print when the next days are quiet."""
        self.quiet_paper.print_once(self.taking.print_quiet_hours)

    def type_letter(self, letter: str) -> None:
        """Add a letter to the search, or with "" delete one."""
        if not letter or letter.isalnum():
            self.finder.type_letter(letter.lower())
            self.record_touch()
            self.changed.emit()

    def open_service_information(self, service: str, item: str | None) -> None:
        """Show a service's items, or if it has none its papers, steps, fees and hours; likewise for an item."""
        self.finder.open_row(self.kiosk_setup, service, item)
        self.info_paper.reset()
        self._show_stage(KioskStageName.INFO if self.finder.is_open else KioskStageName.FIND)

    def set_large_text(self, large: bool) -> None:
        self.large, self.several, self.chosen = large, False, []
        self._show_stage(self.stage)

    def set_contrast(self, contrast: bool) -> None:
        self.contrast = contrast
        self.changed.emit()

    def set_reading_aloud(self, listens: bool) -> None:
        self.listens = listens
        self.changed.emit()

    def set_language(self, language: str) -> None:  # "" is the hall's own
        self.language = language
        self.changed.emit()

    def set_choosing_several_services(self, several: bool) -> None:
        """Let several services be chosen for one ticket."""
        self.several, self.chosen = several, []
        self._show_stage(self.stage)

    # -- a ticket --
    def take_or_choose_service(self, code: str) -> None:
        """Take a ticket for the service, or add it to the choice of several; or show why that is impossible."""
        if (
            self.taking.is_busy
            or not self.patience.is_shown_long_enough
            or code not in self.kiosk_setup.services
            or self.holding.is_tapping_rapidly
        ):
            return
        trouble = self.facts_by_service_code()[code].trouble
        if trouble is not None:
            self.show_refusal_sheet(trouble)
        elif not self.several:
            self.request_ticket_or_ask_first(taking.TicketOrder((code,)))
        elif code in self.chosen:
            self.chosen.remove(code)
            self.changed.emit()
        elif len(self.chosen) < MOST_SERVICES:
            self.chosen.append(code)
            self.changed.emit()

    def take_ticket_for_chosen(self) -> None:
        if self.chosen and self.patience.is_shown_long_enough:
            self.request_ticket_or_ask_first(taking.TicketOrder(tuple(self.chosen)))

    def take_ticket_for_shown_service(self) -> None:
        if self.finder.service and self.patience.is_shown_long_enough:
            trouble = self.facts_by_service_code()[self.finder.service].trouble
            if trouble is not None:
                self.show_refusal_sheet(trouble)
            else:
                self.request_ticket_or_ask_first(taking.TicketOrder((self.finder.service,), self.finder.item))

    def request_ticket_or_ask_first(self, order: taking.TicketOrder) -> None:
        """Take a ticket in a moment, if nothing else is pressed; ask first if one has just been issued, or offer other
        ways at a peak."""
        if self.taking.has_issued_many_in_a_minute():
            self.asked = order
            self._show_sheet(KioskSheetName.MANY)
        elif self.taking.was_ticket_just_issued():
            self.asked = order
            self._show_sheet(KioskSheetName.ANOTHER)
        elif channels := self._channels_to_offer(order):
            self.asked, self.channels = order, channels
            self._show_sheet(KioskSheetName.ELSEWHERE)
        else:
            self._ask_person_number_or_delay_order(order)

    def _channels_to_offer(self, order: taking.TicketOrder) -> tuple[str, ...]:
        """Return the other ways to offer before this ticket is taken; none for a visit of several services."""
        if len(order.services) > 1 or self.klass != taking.NORMAL:
            return ()
        wait = self.facts_by_service_code()[order.services[0]].wait
        return channels_to_suggest(self.kiosk_setup, order.services[0], wait)

    def record_other_channel_taken(self, channel: str) -> None:
        """Note that the customer takes this other way; no ticket is issued."""
        if self.asked is not None:
            self.taking.record_channel_offer(self.asked.services[0], channel, taken=True)
            self.asked, self.channels = None, (channel,)
            self._show_sheet(KioskSheetName.GOES)

    def decline_channels_and_take_ticket(self) -> None:
        """Note that the customer wants none of the other ways, once for the first of them, and take the ticket."""
        if self.asked is not None:
            self.taking.record_channel_offer(self.asked.services[0], self.channels[0], taken=False)
            self.confirm_asked_order()

    def confirm_asked_order(self) -> None:
        order, self.asked = self.asked, None
        if order is not None:
            self._ask_person_number_or_delay_order(order)

    def type_or_delete_digit(self, digit: str) -> None:
        """Handle a digit of what a sheet asks for, "" for the last one deleted."""
        if self.sheet is not KioskSheetName.PERSON:
            self.lock.add_or_delete_digit(digit)
            return
        self.person = (self.person + digit)[:MOST_DIGITS] if digit else self.person[:-1]
        self.record_touch()
        self.changed.emit()

    @property
    def has_enough_person_digits(self) -> bool:
        return len(self.person) >= LEAST_DIGITS

    def take_ticket_for_person(self) -> None:
        """Take the ticket for whoever has this phone or card number, if they have none."""
        order, person = self.asked, self.person
        if order is not None and self.has_enough_person_digits:
            self.asked, self.person, self.sheet = None, "", KioskSheetName.NONE
            self.taking.issue_and_print_ticket(
                order, self.klass, taking.chosen_spoken_language(self.kiosk_setup, self.language), person
            )
            self.changed.emit()

    def _ask_person_number_or_delay_order(self, order: taking.TicketOrder) -> None:
        if self.kiosk_setup.settings["one_number"] != "off":
            self.asked = order
            self._show_sheet(KioskSheetName.PERSON)
            return
        self.held = order
        self.holding.schedule_act_unless_tapping(self._issue_ticket_for_held_order)
        self.changed.emit()

    def _issue_ticket_for_held_order(self) -> None:
        order, self.held = self.held, None
        if order is not None:
            self.sheet = KioskSheetName.NONE
            self.taking.issue_and_print_ticket(
                order, self.klass, taking.chosen_spoken_language(self.kiosk_setup, self.language)
            )

    @Slot()
    def _show_taken_ticket(self) -> None:
        self.several, self.chosen, self.sheet = False, [], KioskSheetName.NONE
        self.case.count_saved_visit(took_ticket=True)
        self._show_stage(KioskStageName.TICKET)

    @Slot()
    def _on_slip_state_changed(self) -> None:
        self.patience.record_page_shown()
        self.changed.emit()

    # -- where am I in line --
    @Slot()
    def _record_touch_and_emit_change(self) -> None:
        self.record_touch()
        self.changed.emit()

    def handle_scan(self, text: str) -> None:
        """Handle a scanned text: a ticket's code leads to its place in line, from any page; a card's says who asks."""
        self.place.read_slip_code(text, partial(self._act_on_scanned_text, text))

    def _act_on_scanned_text(self, text: str, number: str) -> None:
        if number:
            self.open_line_place_enquiry()
            self.place.set_typed_ticket_number(number)
        elif self.sheet is KioskSheetName.PERSON:
            self.person = "".join(sign for sign in text if sign.isalnum())[:MOST_DIGITS]
            self.take_ticket_for_person()
        elif self.stage is KioskStageName.CASE:
            self.case.write(text)
            self.ask_case_progress()

    # -- sheets --
    def offer_or_undo_priority_class(self) -> None:
        """Ask whether one of the hall's priority classes applies; pressing again undoes it."""
        if self.klass != taking.NORMAL:
            self.choose_priority_class(taking.NORMAL)
        else:
            self._show_sheet(KioskSheetName.CLASSES)

    def choose_priority_class(self, klass: str) -> None:
        """Take the next ticket in this class; staff check the proof when they serve."""
        self.klass = klass
        self.close_sheet()

    def ask_why_to_fetch_customer(self) -> None:
        """Ask why the holder of the ticket just taken is to be fetched for their turn."""
        self._show_sheet(KioskSheetName.FETCH)

    def set_fetch_reason(self, need: str) -> None:
        """Note why they are fetched, "" that they are not."""
        self.taking.record_why_customer_is_fetched(need)
        self.close_sheet()

    def open_help_sheet(self) -> None:
        self._show_sheet(KioskSheetName.HELP)

    def show_refusal_sheet(self, trouble: QueueDeskError) -> None:
        self.sorry = trouble
        self._show_sheet(KioskSheetName.SORRY)

    def run_after_pin_if_locked(self, go: Callable[[], None]) -> None:
        """Do `go` if the person may leave this page: at once while no manager has a PIN, else after one."""
        if self.lock.do_or_await_pin(go):
            return
        self._show_sheet(KioskSheetName.PIN)

    @Slot()
    def _close_pin_sheet_or_emit_changed(self) -> None:
        if self.sheet is KioskSheetName.PIN and not self.lock.is_asking:
            self.close_sheet()
        else:
            self.changed.emit()

    def close_sheet(self) -> None:
        self.sheet, self.sorry, self.asked, self.person = KioskSheetName.NONE, None, None, ""
        self.lock.cancel_and_relock()
        self.patience.record_page_shown()
        self.changed.emit()

    def extend_page_time(self) -> None:
        """Wait longer, as often as wished."""
        self.sheet = self._under
        self.patience.record_page_shown()
        self.changed.emit()

    def _show_sheet(self, sheet: KioskSheetName) -> None:
        self.sheet = sheet
        self.patience.record_page_shown()
        self.changed.emit()

    # -- time --
    def page_limit_s(self) -> int:
        """Return how long the page stays without a touch."""
        given = self.taking.given
        if self.stage is not KioskStageName.TICKET or given is None or self.sheet is not KioskSheetName.NONE:
            return max(self.kiosk_setup.setting_as_int("kiosk_idle_s"), self.least_s)
        stays = given.paper is taking.SlipState.MISSING or self.listens or self.taking.is_slow()
        return NOTE_DOWN_S if stays else TICKET_S

    def ticket_page_left_s(self) -> int:
        """Return the seconds until the ticket's page closes by itself."""
        return max(0, round(self.page_limit_s() - self.patience.idle_s()))

    def check_timeouts(self) -> None:
        """Check the time: ask a silent customer, and go home if nobody answers."""
        self.holding.record_finished_rapid_tapping()
        if self.case.is_answered and self.is_at_start() and self.patience.idle_s() >= GONE_S:
            self.case.count_saved_visit(took_ticket=False)
        if self.lock.is_granted and self.patience.idle_s() >= GRANTED_S:
            self.lock.cancel_and_relock()
        if self.sheet is KioskSheetName.STILL_THERE:
            if self.patience.countdown_seconds_left() == 0:
                self.go_home()
                return
        elif (
            not self.is_free_for_next_customer()
            and not self.taking.is_busy
            and self.patience.idle_s() >= self.page_limit_s()
        ):
            given = self.taking.given
            has_paper = given is not None and given.paper is not taking.SlipState.MISSING
            if self.stage is KioskStageName.TICKET and has_paper and self.sheet is KioskSheetName.NONE:
                self.go_home()
                return
            self._under, self.sheet = self.sheet, KioskSheetName.STILL_THERE
            self.patience.start_countdown()
            self.changed.emit()
            return
        self.ticked.emit()

    # -- inside --
    def _show_stage(self, stage: KioskStageName) -> None:
        self.stage = stage
        self.patience.record_page_shown()
        self.changed.emit()


def setup_with_trial_names(setup: Setup, trials: Iterable[WordingTrial], day: date) -> Setup:
    """Return the set-up as the kiosk shows it on a date, with the new name of a key on trial. Print, voice and other
    screens keep the hall's own."""
    new = new_words_on(setup, trials, day)
    if not new:
        return setup
    services = {
        code: replace(spec, name=words[0], name_en=words[1])
        if (words := new.get((code, spec.name, spec.name_en)))
        else spec
        for code, spec in setup.services.items()
    }
    return replace(setup, services=services)
