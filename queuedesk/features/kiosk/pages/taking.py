"""The kiosk's services with their figures, in groups; tickets are taken, printed and found.

A ticket is issued whatever the printer does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from enum import Enum, StrEnum
from functools import partial
from math import ceil
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal

from queuedesk.core.errors import OutsideError, QueueDeskError, RuleError
from queuedesk.core.features import features_used_by_hall, import_reference
from queuedesk.core.log.event import Event
from queuedesk.core.log.state import HallState
from queuedesk.core.network.roles import HALL
from queuedesk.core.queue import dispatch, hallday, offers, overview
from queuedesk.core.queue.hallday import business_date
from queuedesk.core.queue.ticket import Ticket, TicketState
from queuedesk.core.setup.rows import NOT_CHOSEN, PriorityClass, Service, Setup
from queuedesk.desk import looking
from queuedesk.desk.change import Desk, Document, ticket_document
from queuedesk.desk.queue import calling, issuing
from queuedesk.printing.qr import TicketCodeContent, TicketCodeTextAndAdvice
from queuedesk.stations import service_search
from queuedesk.stations.acts.printer_choice import configured_slip_printer
from queuedesk.stations.service_search import SearchIndex, missing_digit_count, searchable_entries
from queuedesk.stations.window.context import HallPaperService, StationContext

NORMAL = "normal"
FIGURES_S = 10


class ServiceFacts(Struct, frozen=True, kw_only=True):
    """A service now: how many wait, how many will be called before another ticket, the wait it would be quoted, and why
    the service gives no ticket (None while it does)."""

    code: str
    waiting: int
    ahead: int
    wait: dispatch.QuotedWait | dispatch.NoQuoteReason
    trouble: QueueDeskError | None


class GroupFacts(Struct, frozen=True, kw_only=True):
    """Services under one key; `name` is the group's own, untranslated, and identifies it."""

    name: str
    services: tuple[ServiceFacts, ...]

    @property
    def waiting_count(self) -> int:
        return sum(one.waiting for one in self.services)


Key = ServiceFacts | GroupFacts


class CachedServiceFacts:
    """The services of a hall, computed anew after an event and every few seconds, not at every touch."""

    def __init__(self) -> None:
        self._found: dict[str, ServiceFacts] = {}
        self._of: tuple[object, ...] = ()

    def facts_by_code(self, state: HallState, now: datetime) -> dict[str, ServiceFacts]:
        """Return every service by its code."""
        fresh = (state.now.seq, now.timestamp() // FIGURES_S, id(state))
        if fresh != self._of:
            self._found, self._of = service_facts_by_code(state, now), fresh
        return self._found


def service_facts_by_code(state: HallState, now: datetime) -> dict[str, ServiceFacts]:
    """Return every service's facts by code, in the set-up's order."""
    return {line.service: _facts_of_service_line(state, line, now) for line in overview.service_lines(state, now)}


def greeting_keys(setup: Setup, facts: Sequence[ServiceFacts]) -> list[Key]:
    """Return the greeting's keys: groups at the place of their first service, other services by themselves. If all
    services are in one group, they are shown at once."""
    groups: dict[str, list[ServiceFacts]] = {}
    for one in facts:
        groups.setdefault(setup.services[one.code].group, []).append(one)
    if len(groups) == 1:
        return list(facts)
    keys: list[Key] = []
    for one in facts:
        group = setup.services[one.code].group
        if not group or len(groups[group]) == 1:
            keys.append(one)
        elif groups[group][0] is one:
            keys.append(GroupFacts(name=group, services=tuple(groups[group])))
    return keys


def ticket_refusal_now(state: HallState, service: Service, now: datetime) -> RuleError | None:
    """Return why `service` gives no ticket at `now`, None while it does."""
    refusal = offers.ticket_offer_now(state, service.code, now).refusal()
    if refusal is not None:
        return refusal
    try:
        setup = overview.set_up(state)
        day = business_date(setup, now)
        hallday.next_prefix_and_number(setup, service, now, lambda prefix: state.series.get((day, prefix)))
    except RuleError as refusal:
        return refusal
    return None


def has_papers_has_fees_has_steps(setup: Setup) -> tuple[bool, bool, bool]:
    """Return whether any service says what to bring, what it costs, and how it goes."""
    services = setup.services.values()
    fees = any(service.fees or service.fees_en for service in services)
    return setup.has_services_with_papers, fees, any(service.steps or service.steps_en for service in services)


def have_services_only_opening_hours(setup: Setup) -> bool:
    """Whether the services say nothing but when they are open."""
    told = any(one.items or one.message or one.message_en for one in setup.services.values())
    return not told and not any(has_papers_has_fees_has_steps(setup))


def self_chosen_classes(setup: Setup) -> list[PriorityClass]:
    """Return the classes that customers may choose by themselves."""
    return [klass for code, klass in setup.classes.items() if not klass.staff_only and code not in NOT_CHOSEN]


def _facts_of_service_line(state: HallState, line: overview.ServiceLine, now: datetime) -> ServiceFacts:
    service = overview.set_up(state).services[line.service]
    trouble = ticket_refusal_now(state, service, now)
    return ServiceFacts(
        code=line.service, waiting=line.waiting, ahead=line.ahead_and_coming_count, wait=line.wait, trouble=trouble
    )


# -- finding what a customer reads about -------------------------------------------------------------------------------

LONGEST_QUERY = 16
Row = tuple[str, str | None]


class InformationFinder:
    """The typed text, the service whose items are listed, and what is open for reading (`is_open`)."""

    def __init__(self) -> None:
        self._index: SearchIndex | None = None
        self._setup: Setup | None = None
        self.reset()

    def reset(self) -> None:
        """Start over for another customer."""
        self.query = self.service = ""
        self.item: str | None = None
        self.is_open = False

    def drop_search_index(self) -> None:
        """Note that the set-up has changed."""
        self._index = self._setup = None

    def prepare_search(self, setup: Setup) -> None:
        """Prepare searching; nothing is typed yet."""
        self.reset()
        self._current_search_index(setup)

    def _current_search_index(self, setup: Setup) -> SearchIndex:
        if self._index is None or self._setup is not setup:
            self._index, self._setup = SearchIndex(searchable_entries(setup)), setup
        return self._index

    def service_and_item_rows(self, setup: Setup) -> list[Row]:
        """Return the list: results, a service with its items, or all services."""
        if self.query:
            return [(entry.service, entry.item) for entry in self._current_search_index(setup).find_entries(self.query)]
        if self.service and self.service in setup.services:
            items = setup.services[self.service].items
            return [(self.service, None), *((self.service, item.code) for item in items)]
        return [(code, None) for code in setup.services]

    def type_letter(self, letter: str) -> None:
        """Add a letter to the search; "" deletes the last one."""
        self.query = (self.query + letter)[:LONGEST_QUERY] if letter else self.query[:-1]
        self.service, self.item = "", None

    def clear_query(self) -> None:
        """Clear the search."""
        self.query = ""

    def open_row(self, setup: Setup, service: str, item: str | None) -> None:
        """Open a row: the list of a service's items if it has some and is not shown yet, else its information."""
        spec = setup.services.get(service)
        if spec is None:
            return
        lists = item is None and bool(spec.items) and self.service != service
        self.service, self.item, self.is_open = service, item, not lists
        if lists:
            self.query = ""

    def close(self, setup: Setup) -> None:
        """Go back from the information to the list it was opened from."""
        spec = setup.services.get(self.service)
        self.item, self.is_open = None, False
        if self.query or spec is None or not spec.items:
            self.service = ""

    def back_to_all_services(self) -> None:
        """Go back to all services."""
        self.service, self.item = "", None


# Who asks again so soon after a ticket may have pressed twice, or may be the next customer.
ANOTHER_S = 15
SLOW_S = 5
"""A slip that takes longer is told of while it is printed."""
# So many tickets in so short a time are hardly for as many people.
MANY, MANY_S = 6, 60
NOT_HANDED_OVER = "not_handed_over"
_WRONG_TRIES = "features.web.rules:WrongTokenThrottle"


class SlipState(StrEnum):
    PRINTING = "printing"
    PRINTED = "printed"
    MISSING = "missing"


class IssuedTicket(Struct, frozen=True, kw_only=True):
    """The ticket just issued: what its holder was told, what became of the slip (`trouble` says why there is none),
    why they asked to be fetched, and without a slip the text of the code that their phone reads, "" for none."""

    label: str
    day: date
    services: tuple[str, ...]
    document: Document
    paper: SlipState = SlipState.PRINTING
    need: str = ""
    trouble: QueueDeskError | None = None
    code: str = ""


class TicketOrder(Struct, frozen=True):
    """What a ticket is taken for: services in order, and the item of the first."""

    services: tuple[str, ...]
    item: str | None = None


# How set-ups write the languages that the kiosk speaks, in small letters.
_KNOWN_AS = {"en": ("english", "英语", "英文"), "zh_CN": ("chinese", "mandarin", "中文", "汉语", "普通话")}


def chosen_spoken_language(setup: Setup, language: str) -> str:
    """Return the language that a customer has chosen at the screen as the set-up writes it, "" if nobody speaks it."""
    return next((one for one in setup.staff_languages if one.casefold() in _KNOWN_AS.get(language, ())), "")


Said = Callable[[QueueDeskError | None], None]


class TicketIssuing(QObject):
    """Issues one ticket after another. `taken` when there is one, `papered` when its slip is known, `noted` when it is
    that its holder is to be fetched, `refused` with the trouble, `printer_changed` when this PC has a printer, or has
    none any more."""

    taken = Signal()
    papered = Signal()
    noted = Signal()
    printer_changed = Signal()
    refused = Signal(object)

    def __init__(self, context: StationContext, *, steady_ms: Callable[[], int], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context, self._steady_ms = context, steady_ms
        self._issued_ms: int | None = None
        self._times_ms: list[int] = []
        self._guesses: Any = None
        self.is_busy = False
        self.given: IssuedTicket | None = None
        self.last = ""  # the number given last, also when its customer has gone
        self._is_without = context.services.paper is None  # a printer, as far as is known

    def was_ticket_just_issued(self) -> bool:
        """Whether a ticket was issued so recently that another one may be a mistake."""
        return self._issued_ms is not None and self._steady_ms() - self._issued_ms < ANOTHER_S * 1000

    def has_issued_many_in_a_minute(self) -> bool:
        """Whether this screen has issued so many tickets within a minute that somebody may be playing."""
        since = self._steady_ms() - MANY_S * 1000
        return sum(moment > since for moment in self._times_ms) >= MANY

    def is_slow(self) -> bool:
        """Whether the slip of the ticket just issued takes long."""
        given, since = self.given, self._issued_ms
        is_coming = given is not None and given.paper is SlipState.PRINTING and since is not None
        return is_coming and self._steady_ms() - (since or 0) >= SLOW_S * 1000

    def record_channel_offer(self, service: str, channel: str, *, taken: bool) -> None:
        """Note that a customer was offered another way; whether that can be noted changes nothing for the customer."""
        ask, desk = self._context.new_ask(), self._context.desk

        def record_offer() -> Document:
            return issuing.record_offered_channel(desk, ask, service, to=channel, declined=not taken)

        self._context.tasks.run(record_offer, _ignore_task_answer, _ignore_task_answer)

    def issue_and_print_ticket(
        self, order: TicketOrder, klass: str = NORMAL, speaks: str = "", person: str = ""
    ) -> None:
        """Take a ticket and print it; `speaks` is a language of the customer's that somebody here speaks, `person` is
        their phone or card number. As anybody could try the numbers of others, those that have a ticket are answered
        ever more slowly; until then none is looked up."""
        if self.is_busy:
            return
        if person and self._guesses and (wait_s := self._guesses.blocked_s("", self._steady_ms() / 1000)) > 0:
            self.refused.emit(RuleError("web_try_later", n=ceil(wait_s)))
            return
        self.is_busy = True
        ask, desk = self._context.new_ask(), self._context.desk
        first, *then = order.services

        def issue_ticket() -> Document:
            return issuing.issue_ticket(
                desk, ask, first, klass=klass, item=order.item, then=then, speaks=speaks, person=person or None
            )

        self._context.tasks.run(issue_ticket, partial(self._on_ticket_issued, order), self._on_issue_refused)

    def _on_ticket_issued(self, order: TicketOrder, document: Document) -> None:
        self.is_busy = False
        self._issued_ms = self._steady_ms()
        self._times_ms = [*self._times_ms[1 - MANY :], self._issued_ms]
        day, _, label = document["visit"].rpartition("-")
        paper = SlipState.PRINTING if self.can_print() else SlipState.MISSING
        self.given = IssuedTicket(
            label=label, day=date.fromisoformat(day), services=order.services, document=document, paper=paper
        )
        self.last = label
        self.taken.emit()
        self.print_ticket(label, self.given.day, reprint=False, said=partial(self._on_slip_printed, label))

    def show_example_ticket(self, ticket: Ticket) -> None:
        """Show a ticket that waits as if it had just been taken and printed, for a picture: none is issued."""
        feed = self._context.feed
        document = ticket_document(
            feed.setup,
            ticket,
            dispatch.LinePosition(ticket.promise.ahead or 0, dispatch.quoted_wait_at_issue(ticket.promise)),
        )
        services = (ticket.service, *ticket.steps)
        self.given = IssuedTicket(
            label=ticket.label, day=ticket.date, services=services, document=document, paper=SlipState.PRINTED
        )
        self.taken.emit()

    def _on_issue_refused(self, trouble: QueueDeskError) -> None:
        self.is_busy = False
        if trouble.code == "has_number":
            if self._guesses is None:
                self._guesses = import_reference(_WRONG_TRIES)()
            self._guesses.count_try_and_wait_s("", self._steady_ms() / 1000)
        self.refused.emit(trouble)

    def record_why_customer_is_fetched(self, need: str) -> None:
        """Note why the holder of the ticket just issued is to be fetched, "" that they are not."""
        given = self.given
        if given is None or given.need == need:
            return
        ask, desk = self._context.new_ask(), self._context.desk

        def on_need_recorded(document: Document) -> None:
            if self.given is not None and self.given.label == given.label:
                self.given = replace(self.given, need=document["need"])
                self.noted.emit()

        work = partial(issuing.set_fetching_need, desk, ask, given.label, need, day=given.day)
        self._context.tasks.run(work, on_need_recorded, self.refused.emit)

    def handle_done_but_unanswered(self, event: Event) -> None:
        """Take back a ticket that was issued although no answer came: its customer was sent to the front desk."""
        if event.kind == "issue" and event.ticket is not None:
            ask, desk = self._context.new_ask(HALL), self._context.desk
            work = partial(calling.void_ticket, desk, ask, event.ticket, reason=NOT_HANDED_OVER, day=event.date)
            self._context.tasks.run(work, _ignore_task_answer, _ignore_task_answer)

    def _on_slip_printed(self, label: str, trouble: QueueDeskError | None) -> None:
        if self.given is None or self.given.label != label:
            return  # The next customer stands here; the ticket is valid all the same.
        self.given = replace(self.given, paper=SlipState.MISSING if trouble else SlipState.PRINTED, trouble=trouble)
        self.papered.emit()
        if trouble is not None:
            find = partial(ticket_page_code, self._context.desk, self.given.day, label)
            self._context.tasks.run_in_side_lane(
                find, partial(self._store_phone_code, label), _ignore_task_answer, may_drop=True
            )

    def _store_phone_code(self, label: str, code: str) -> None:
        if code and self.given is not None and self.given.label == label:
            self.given = replace(self.given, code=code)
            self.papered.emit()

    def forget_given_ticket(self) -> None:
        """Forget the customer, who has gone."""
        self.given = None

    # -- paper --
    def can_print(self) -> bool:
        """Whether this PC has a printer, in trouble or not; so it is taken to be while nobody knows."""
        return not self._is_without

    def look_for_printer(self) -> None:
        """See whether this PC has a printer, off the GUI thread. A picture asks nobody, and so claims nothing."""
        context, known = self._context, self._context.services.printers
        if known is None or context.services.paper is None or context.options.get("picture"):
            return
        find = partial(configured_slip_printer, known)
        context.tasks.run_in_long_work_lane(
            find, lambda own: self._set_whether_printer_missing(is_without=not own), _ignore_task_answer, may_drop=True
        )

    def _set_whether_printer_missing(self, *, is_without: bool) -> None:
        if self._is_without != is_without:
            self._is_without = is_without
            self.printer_changed.emit()

    def print_ticket(self, label: str, day: date, *, reprint: bool, said: Said) -> None:
        """Print a ticket; `said` gets the trouble, which names the number: it is valid without the slip."""

        def say_trouble_with_number(trouble: QueueDeskError | None) -> None:
            said(type(trouble)(trouble.code, **{**trouble.details, "ticket": label}) if trouble else None)

        self._print_and_say_trouble(lambda paper: paper.print_ticket(day, label, reprint), say_trouble_with_number)

    def print_papers_list(self, service: str, item: str | None, said: Said) -> None:
        """Print the list of papers of a service or item; nobody is counted."""
        self._print_and_say_trouble(lambda paper: paper.print_papers_list(service, item), said)

    def print_quiet_hours(self, said: Said) -> None:
        """Print when the next days are quiet."""
        self._print_and_say_trouble(lambda paper: paper.print_quiet_hours(), said)

    def _print_and_say_trouble(self, work: Callable[[HallPaperService], Mapping[str, Any]], said: Said) -> None:
        paper = self._context.services.paper

        def on_print_answered(answer: Mapping[str, Any]) -> None:
            trouble = None if answer.get("printed") else answer.get("error") or OutsideError("no_printer")
            gone = trouble is not None and trouble.code == "no_printer" and not trouble.details.get("printer")
            self._set_whether_printer_missing(is_without=gone)
            said(trouble)

        if paper is None:
            said(OutsideError("no_printer"))
        else:
            self._context.tasks.run_in_long_work_lane(lambda: work(paper), on_print_answered, said)


def ticket_page_code(desk: Desk, day: date, label: str) -> str:
    """Return the text of the code that opens a ticket's own page, "" where the hall has no such pages."""
    setup = looking.setup_of_hall(desk)
    makers = [owner.ticket_code for owner in features_used_by_hall(setup.hall) if owner.ticket_code]
    if not makers:
        return ""
    ticket = looking.find_ticket(desk, day, label)
    codes: list[TicketCodeTextAndAdvice | None] = [import_reference(make)(desk, setup, ticket) for make in makers]
    return next((code.text for code in codes if code is not None), "")


def _ignore_task_answer(_answer: object) -> None:
    """A ticket that was called meanwhile stays as it is."""


# -- slips to read at home ---------------------------------------------------------------------------------------------


class InformationPrint(QObject):
    """A printed list of papers or of quiet hours. `said` is the result, None before it is asked for; `changed` when
    that changes."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.said: SlipState | None = None

    def reset(self) -> None:
        """Reset it for another page."""
        self.said = None

    def print_once(self, work: Callable[[Said], None]) -> None:
        """Print it by `work`, once each time its page is opened."""
        if self.said is None:
            self.said = SlipState.PRINTING
            work(self._note_info_slip_printed_or_missing)
            self.changed.emit()

    def _note_info_slip_printed_or_missing(self, trouble: QueueDeskError | None) -> None:
        if self.said is SlipState.PRINTING:
            self.said = SlipState.MISSING if trouble else SlipState.PRINTED
            self.changed.emit()


class QuietHoursListPrint(InformationPrint):
    """The printed quiet hours of the next days. `is_known` says that the hall has the past that they need."""

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._read_on: date | None = None
        self.is_known = False

    def check_quiet_hours_known(self) -> None:
        """See in the background, once a day, whether they are known."""
        context = self._context
        if self._read_on != context.feed.business_date and context.services.paper is not None:
            self._read_on = context.feed.business_date
            now = context.clock()
            context.tasks.run_in_side_lane(
                lambda: self._read_are_quiet_hours_known(now),
                self._store_are_quiet_hours_known,
                self._on_reading_failed,
                may_drop=True,
            )

    def _read_are_quiet_hours_known(self, now: datetime) -> bool:
        from queuedesk.desk.staffing import busyness_of_coming_week

        return bool(busyness_of_coming_week(self._context.desk, now))

    def _store_are_quiet_hours_known(self, known: bool) -> None:
        self.is_known = known
        self.changed.emit()

    def _on_reading_failed(self, _trouble: QueueDeskError) -> None:
        self._read_on = None


# -- how far a case is, in a hall whose back office says so ------------------------------------------------------------

_PROGRESS = "features.web.verbs"
AT_KIOSK = "kiosk"
LONGEST_REFERENCE = 60


class CaseEnquiry(QObject):
    """Asks how far a case is. `typed` is the reference so far, `found` the answer; `changed` with each, `refused` with
    why there is none. Somebody who was answered and takes no ticket is counted as a visit saved."""

    changed = Signal()
    refused = Signal(object)

    def __init__(self, context: StationContext, *, steady_ms: Callable[[], int], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context, self._steady_ms = context, steady_ms
        self._has_cases = False
        self._answering: Any = None
        self.typed = self._asked = ""
        self.found: Document | None = None
        self.is_answered = False  # and it is not known yet whether they take a ticket
        self.check_any_case_has_progress()

    @property
    def is_offered(self) -> bool:
        return self._has_cases and self._context.feed.setup.has_feature("web")

    def check_any_case_has_progress(self) -> None:
        """See in the background whether the back office has said anything."""
        desk = self._context.desk
        if self._context.feed.setup.has_feature("web"):
            self._context.tasks.run_in_side_lane(
                lambda: bool(import_reference(f"{_PROGRESS}:has_progress")(desk)),
                self._store_has_cases,
                _ignore_task_answer,
                may_drop=True,
            )

    def _store_has_cases(self, has: bool) -> None:
        if has != self._has_cases:
            self._has_cases = has
            self.changed.emit()

    def write(self, text: str) -> None:
        """Take what stands in the field now."""
        self.reset()
        self.typed = text[:LONGEST_REFERENCE]
        self.changed.emit()

    def ask_case_progress(self, lang: str) -> None:
        """Ask how far the typed case is. An answer that comes after a change is nobody's: another may stand here."""
        if self.typed == self._asked or not self.typed.strip():
            return
        desk, reference, now_s = self._context.desk, self.typed, self._steady_ms() / 1000
        self._asked = reference

        def answer_case() -> Document:
            if self._answering is None:
                self._answering = import_reference(f"{_PROGRESS}:StationCaseEnquiries")()
            answer: Document = self._answering.answer_case_reference(desk, reference, lang, now_s)
            return answer

        self._context.tasks.run_in_side_lane(
            answer_case, partial(self._on_case_answered, reference), partial(self._on_refused, reference)
        )

    def _on_case_answered(self, reference: str, document: Document) -> None:
        if reference == self._asked:
            self._asked, self.found, self.is_answered = "", document, True
            self.changed.emit()

    def _on_refused(self, reference: str, trouble: QueueDeskError) -> None:
        if reference == self._asked:
            self._asked = ""
            self.refused.emit(trouble)

    def count_saved_visit(self, *, took_ticket: bool) -> None:
        """Count the visit as saved, unless a ticket was taken."""
        answered, self.is_answered = self.is_answered, False
        if answered and not took_ticket:
            record, desk, ask = (
                import_reference(f"{_PROGRESS}:record_case_enquiry"),
                self._context.desk,
                self._context.new_ask(),
            )
            self._context.tasks.run(lambda: record(desk, ask, AT_KIOSK), _ignore_task_answer, _ignore_task_answer)

    def reset(self) -> None:
        """Start over for another customer."""
        self.typed, self._asked, self.found = "", "", None


# -- the ticket that a customer asks about -----------------------------------------------------------------------------


class TicketOfTypedNumber(Struct, frozen=True):
    """The ticket of the number typed so far, or why there is none; both None while more is to be typed."""

    ticket: Ticket | None = None
    trouble: RuleError | None = None


def find_todays_ticket_or_trouble(state: HallState, setup: Setup, today: date, number: str) -> TicketOfTypedNumber:
    if missing_digit_count(number):
        return TicketOfTypedNumber()
    ticket = state.tickets.get((today, number))
    if ticket is not None:
        return TicketOfTypedNumber(ticket)
    return TicketOfTypedNumber(trouble=RuleError("unknown_ticket", ticket=number, date=today))


def ticket_number_or_refusal_of_code(setup: Setup, today: date, code: TicketCodeContent) -> str | RuleError:
    """Return the number in a slip's code, or why it is of no use here."""
    if code.hall != setup.hall.code:
        return RuleError("unknown_ticket", ticket=code.label, date=code.date)
    if code.date != today:
        return RuleError("old_ticket", ticket=code.label, date=code.date, days=(today - code.date).days)
    return code.label


class PostponementStep(Enum):
    """How far somebody is who lets the next person go first."""

    NOT, ASKED, DONE = range(3)


class LinePlaceEnquiry(QObject):
    """Asks for a place in line. `number` is what was typed so far; `changed` with every key, `refused` with why a code
    or a slip is of no use. `has_no_slip`: the reprint asked for last did not come out."""

    changed = Signal()
    refused = Signal(object)

    def __init__(self, context: StationContext, taking: TicketIssuing, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context, self._taking = context, taking
        self.number, self.is_reprinted, self.has_no_slip = "", False, False
        self.postponing = PostponementStep.NOT

    @property
    def _hall_setup(self) -> Setup:
        return self._context.feed.setup

    @property
    def _business_date_now(self) -> date:
        return self._context.feed.business_date

    def reset(self) -> None:
        """Start over for another customer."""
        self.number, self.is_reprinted = "", False
        self.postponing = PostponementStep.NOT

    def type_key(self, key: str) -> None:
        """Add a letter or digit to the number asked about."""
        self._set_typed_number(service_search.ticket_number_after_key(self._hall_setup, self.number, key))

    def delete_last_sign(self) -> None:
        self._set_typed_number(self.number[:-1])

    def clear(self) -> None:
        self._set_typed_number("")

    def _set_typed_number(self, number: str) -> None:
        self.number, self.is_reprinted = number, False
        self.postponing = PostponementStep.NOT
        self.changed.emit()

    def found_ticket(self) -> TicketOfTypedNumber:
        """Return the ticket of the typed number."""
        return find_todays_ticket_or_trouble(
            self._context.feed.state, self._hall_setup, self._business_date_now, self.number
        )

    def read_slip_code(self, text: str, done: Callable[[str], None]) -> None:
        """Call `done` with the number in a ticket's code, "" for anything else; `refused` if it is of no use here."""
        self._context.read_scanned_ticket_code(
            text, partial(self._pass_on_number_of_scanned_code, done), self.refused.emit
        )

    def _pass_on_number_of_scanned_code(self, done: Callable[[str], None], code: TicketCodeContent | None) -> None:
        number = ticket_number_or_refusal_of_code(self._hall_setup, self._business_date_now, code) if code else ""
        if isinstance(number, RuleError):
            self.refused.emit(number)
        done("" if isinstance(number, RuleError) else number)

    def set_typed_ticket_number(self, number: str) -> None:
        self._set_typed_number(number)

    def may_postpone(self) -> bool:
        """Whether the holder of the number shown may let the next person go first here."""
        setup, ticket = self._hall_setup, self.found_ticket().ticket
        if ticket is None or setup.settings["kiosk_postpone"] != "on" or ticket.state is not TicketState.WAITING:
            return False
        return ticket.postponed < setup.setting_as_int("postponements") or self.postponing is PostponementStep.DONE

    def postpone(self) -> None:
        """Let the next person go first: a first touch asks, a second one does it."""
        ticket = self.found_ticket().ticket
        if ticket is None or not self.may_postpone():
            return
        if self.postponing is PostponementStep.NOT:
            self.postponing = PostponementStep.ASKED
        elif self.postponing is PostponementStep.ASKED:
            self.postponing = PostponementStep.DONE
            work = partial(calling.postpone_ticket, self._context.desk, self._context.new_ask(), ticket.label)
            self._context.tasks.run(work, lambda _document: self.changed.emit(), self._on_postpone_refused)
        self.changed.emit()

    def _on_postpone_refused(self, trouble: QueueDeskError) -> None:
        self.postponing = PostponementStep.NOT
        self.refused.emit(trouble)
        self.changed.emit()

    def reprint(self) -> None:
        """Print the ticket shown while it waits; once each time it is shown."""
        ticket = self.found_ticket().ticket
        if ticket is None or ticket.state is not TicketState.WAITING or self.is_reprinted:
            return
        self.is_reprinted, self.has_no_slip = True, False
        self._taking.print_ticket(ticket.label, ticket.date, reprint=True, said=self._emit_refused_if_reprint_failed)
        self.changed.emit()

    def _emit_refused_if_reprint_failed(self, trouble: QueueDeskError | None) -> None:
        if trouble is not None:
            self.has_no_slip = True
            self.changed.emit()
            self.refused.emit(trouble)
