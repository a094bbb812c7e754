"""Issues, moves and takes back tickets for the front desk, prints its slips in the background, and follows the
printer's health and the slips still missing; no widgets and no sentences."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import partial
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QObject, QTimer, Signal

from queuedesk.core.errors import OutsideError, QueueDeskError, RuleError
from queuedesk.core.features import import_reference, installed_features
from queuedesk.core.log.event import Event
from queuedesk.core.log.state import HallState
from queuedesk.core.network.roles import Role
from queuedesk.core.queue.hallday import business_date
from queuedesk.core.queue.ticket import Ticket
from queuedesk.core.talk.device import has_ticket_printer_in_use
from queuedesk.desk.change import Ask, Desk, Document
from queuedesk.desk.quality import thanking
from queuedesk.desk.queue import calling, issuing
from queuedesk.printing.qr import TicketCodeContent
from queuedesk.printing.spooler import PICTURES, PrinterService, is_receipt_printer
from queuedesk.stations.acts.printer_choice import configured_slip_printer
from queuedesk.stations.guide import texts
from queuedesk.stations.window.context import ServiceDocument, SingleCommandRunner, StationContext

SLOW_MS = 5000
"""A slip that takes longer is told of while it is printed."""


class Slip(Struct, frozen=True, kw_only=True):
    """A slip to print: a ticket, or without a number the papers of a choice."""

    day: date
    label: str = ""
    reprint: bool = False
    choice: texts.ChosenServiceOrItem | None = None

    @property
    def slip_key(self) -> tuple[date, str, texts.ChosenServiceOrItem | None]:
        return self.day, self.label, self.choice


class SlipPrinter(QObject):
    """Prints slips in turn. `printed` and `not_printed` (with the trouble) follow for each; `slow` while one takes
    long; `changed`: the printer's health; `works_again`: the numbers of tickets still without a slip; `came_out_late`:
    the titles of slips that were not printed, as was told, and came out later or may have."""

    printed = Signal(object)
    not_printed = Signal(object, object)
    slow = Signal(object)
    changed = Signal()
    works_again = Signal(list)
    came_out_late = Signal(list)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        # The last trouble with the printer; None while nothing is wrong as far as known, or while nothing is known.
        self.trouble: QueueDeskError | None = None
        self.warning = ""
        self.is_known = False
        self.is_slow = False
        self._missing: dict[tuple[date, str, texts.ChosenServiceOrItem | None], Slip] = {}
        self._under_way: list[Slip] = []
        self._late = QTimer(self, singleShot=True, interval=SLOW_MS)
        self._late.timeout.connect(self._on_slow_print)
        if context.services.paper is None:
            self.trouble, self.is_known = OutsideError("no_printer"), True
        if context.services.watch_printer is not None:
            context.services.watch_printer(self._take_printer_status, self.came_out_late.emit)

    @property
    def has_no_printer(self) -> bool:
        """Whether no printer is chosen, or the chosen one is not there."""
        return self.trouble is not None and self.trouble.code == "no_printer"

    @property
    def is_printer_set_up(self) -> bool:
        """Whether this PC has a printer to print on, in trouble or not; so it is taken to be while nobody knows."""
        trouble = self.trouble
        return trouble is None or not self.has_no_printer or bool(trouble.details.get("printer"))

    def check_for_printer(self) -> None:
        """Ask for the printers, off the GUI thread, so that trouble shows before the first ticket; not for pictures."""
        known = self._context.services.printers
        if known is None or self._context.options.get("picture"):
            return
        self._context.tasks.run_in_long_work_lane(
            partial(_outside_error_of_own_printer, known),
            self._note_printer_presence,
            self._set_trouble_and_warning,
            may_drop=True,
        )

    def print_slip(self, slip: Slip) -> None:
        """Print `slip`; a printer's trouble undoes nothing."""
        work = self._print_work_for_slip(slip)
        if work is None:
            self._on_print_answer(slip, {"printed": False, "error": OutsideError("no_printer")})
            return
        self._under_way.append(slip)
        self._late.start()
        self._context.tasks.run_in_long_work_lane(
            work, partial(self._on_print_answer, slip), partial(self._keep_unprinted_and_tell, slip)
        )

    def print_slip_again(self, slip: Slip) -> None:
        """Print a slip that failed; a ticket then says how many are ahead by now."""
        self.print_slip(replace(slip, reprint=bool(slip.label)))

    def unprinted_ticket_labels(self) -> list[str]:
        day = self._context.feed.business_date
        return [slip.label for slip in reversed(self._missing.values()) if slip.label and slip.day == day]

    def stop(self) -> None:
        self._late.stop()

    def _note_printer_presence(self, trouble: OutsideError | None) -> None:
        if trouble is not None:
            self._set_trouble_and_warning(trouble)
        elif self.has_no_printer or not self.is_known:
            # It may have been looked at meanwhile, which says more than that the system knows it.
            self._set_trouble_and_warning(None)

    def _take_printer_status(self, status: dict[str, str]) -> None:
        """Take how the printer was found between slips."""
        cause = status["cause"]
        if cause == "stopped":
            return
        had_trouble = self.trouble is not None
        self._set_trouble_and_warning(
            OutsideError("printer_refused", printer=self._context.options.get("printer", ""), cause=cause)
            if cause
            else None,
            status["warning"],
        )
        if had_trouble and not cause and self.unprinted_ticket_labels():
            self.works_again.emit(self.unprinted_ticket_labels())

    def _print_work_for_slip(self, slip: Slip) -> Callable[[], ServiceDocument] | None:
        paper = self._context.services.paper
        if paper is None:
            return None
        if slip.choice is not None:
            return partial(paper.print_papers_list, slip.choice.service, slip.choice.item)
        return partial(paper.print_ticket, slip.day, slip.label, slip.reprint)

    def _on_print_answer(self, slip: Slip, answer: ServiceDocument) -> None:
        if not answer.get("printed"):
            self._keep_unprinted_and_tell(slip, answer.get("error") or OutsideError("no_printer"))
            return
        self._note_slip_print_ended(slip)
        self._missing.pop(slip.slip_key, None)
        self._set_trouble_and_warning(None, str(answer.get("warning") or ""))
        self.printed.emit(slip)

    def _keep_unprinted_and_tell(self, slip: Slip, trouble: QueueDeskError) -> None:
        self._note_slip_print_ended(slip)
        self._missing[slip.slip_key] = slip
        self._set_trouble_and_warning(trouble)
        # The sentence says what counts without paper: the number to note, or that the visitor is counted.
        about = {"ticket": slip.label} if slip.label else {"counted": True}
        self.not_printed.emit(slip, type(trouble)(trouble.code, **{**trouble.details, **about}))

    def _note_slip_print_ended(self, slip: Slip) -> None:
        if slip in self._under_way:
            self._under_way.remove(slip)
        self.is_slow = False
        if self._under_way:
            self._late.start()
        else:
            self._late.stop()

    def _on_slow_print(self) -> None:
        self.is_slow = True
        self.changed.emit()
        self.slow.emit(self._under_way[0])

    def _set_trouble_and_warning(self, trouble: QueueDeskError | None, warning: str = "") -> None:
        self.trouble, self.warning, self.is_known = trouble, warning, True
        self.changed.emit()


def _outside_error_of_own_printer(known: PrinterService) -> OutsideError | None:
    """Return why the printer of this PC is not there, None if it may be; asks the system only where it has to."""
    own = configured_slip_printer(known)
    if own.startswith(PICTURES) or is_receipt_printer(own) or (own and own in known.system_printer_names()):
        return None
    status = (known.printer_status(own) if own else None) or {"cause": "no_printer"}
    if status["cause"] in ("", "no_printer"):
        return OutsideError("no_printer", printer=own) if status["cause"] else None
    return OutsideError("printer_refused", printer=own, cause=status["cause"])


UNDONE = "undone"  # the reason in the log when the last ticket is taken back at once
Act = Callable[[Desk, Ask, str], Document]
"""A desk function about one ticket or service, given its number or code."""


class GuideController(SingleCommandRunner):
    """Runs the guide's acts one after another and prints beside them. `issued` gives the document of a new ticket;
    `printed` and `not_printed` (with the trouble) follow for each Slip; `earlier_found` gives the Earlier that a
    customer comes back for, `ticket_scanned` the number of a ticket of today, `referred` the reference that a customer
    named, `offered` the document of an offer with the customer's "ticket"; `counted` a visitor who was not ready;
    `quiet_printed` follows a slip of quiet hours; `done` every other act."""

    issued = Signal(dict)
    printed = Signal(object)
    not_printed = Signal(object, object)
    counted = Signal(object)
    quiet_printed = Signal()
    earlier_found = Signal(object)
    ticket_scanned = Signal(str)
    referred = Signal(str)
    offered = Signal(dict)
    printer_changed = Signal()

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(context, parent)
        self.paper = SlipPrinter(context, parent=self)
        self.paper.printed.connect(self.printed)
        self.paper.not_printed.connect(self.not_printed)
        self.paper.changed.connect(self.printer_changed)

    @property
    def hall_state(self) -> HallState:
        return self.context.feed.state

    @property
    def role(self) -> Role | None:
        return self.context.who.role if self.context.who else None

    @property
    def may_customers_have_slips(self) -> bool:
        """Whether customers may come with a slip, whose code can be scanned."""
        setup = self.context.feed.setup
        printed = has_ticket_printer_in_use(
            self.hall_state.devices, self.context.clock(), is_simulated=setup.hall.simulated
        )
        return self.paper.is_printer_set_up or printed

    def look_for_printer(self) -> None:
        """See which printers there are, off the GUI thread."""
        self.paper.check_for_printer()

    # -- tickets ------------------------------------------------------------------------------------------------

    def issue(self, draft: texts.TicketDraft, *, late: bool = False, person: str = "", waive: str = "") -> None:
        """Issue the ticket of `draft` and print it; it is valid even unprinted. The others as in
        issuing.issue_ticket()."""
        earlier = draft.earlier or texts.EarlierTicketRef()
        work = partial(
            issuing.issue_ticket,
            klass=draft.klass,
            item=draft.first.item,
            then=[choice.service for choice in draft.then],
            guide=self._signed_in_person_code(),
            return_of=(earlier.label, earlier.day) if earlier.label and earlier.day else None,
            ref=earlier.ref or None,
            repeat=draft.repeat,
            need=draft.need,
            speaks=draft.speaks,
            late=late,
            person=person or None,
            waive=waive,
        )
        self._run_act_on_ticket("issue", work, draft.first.service, done=self._emit_and_print_ticket)

    def issue_and_print(self, verb: str, work: Callable[[], Document]) -> None:
        self.start_unless_busy(verb, work, self._emit_and_print_ticket)

    def _emit_and_print_ticket(self, document: Document) -> None:
        self.issued.emit(document)
        day, _, label = document["visit"].rpartition("-")
        self.paper.print_slip(Slip(day=date.fromisoformat(day), label=label))

    def handle_done_but_unanswered(self, event: Event) -> None:
        """Print a ticket that was issued although no answer came."""
        if event.kind == "issue" and event.date is not None and event.ticket is not None:
            self.paper.print_slip(Slip(day=event.date, label=event.ticket))

    def count_not_ready_and_print_papers(self, choice: texts.ChosenServiceOrItem) -> None:
        """Count a visitor without the papers and print the list; nobody is queued."""
        work = partial(issuing.record_visitor_not_ready, item=choice.item, guide=self._signed_in_person_code())
        self._run_act_on_ticket(
            "not-ready", work, choice.service, done=partial(self._emit_counted_and_print_papers, choice)
        )

    def _emit_counted_and_print_papers(self, choice: texts.ChosenServiceOrItem, document: Document) -> None:
        self.counted.emit(choice)
        self.paper.print_slip(Slip(day=self.context.feed.business_date, choice=choice))

    def record_channel_offer(self, choice: texts.ChosenServiceOrItem, to: str, taken: bool, ticket: str | None) -> None:
        """Note that a customer was offered another channel; `ticket` is their number of today, if they have one."""
        work = partial(issuing.record_offered_channel, to=to, declined=not taken, ticket=ticket, item=choice.item)
        self._run_act_on_ticket(
            "offer", work, choice.service, done=lambda document: self.offered.emit({**document, "ticket": ticket})
        )

    # -- customers who come back ----------------------------------------------------------------------------------

    @property
    def today(self) -> date:
        """Return the business date, also before its first event."""
        day = business_date(self.context.feed.setup, self.context.clock())
        return max(day, self.hall_state.now.date or day)

    def handle_scanned_code(self, text: str, *, link: bool) -> None:
        """Handle a scanned code: a ticket of today opens its card, an earlier one a new ticket; features have codes of
        their own. With `link` every ticket becomes the draft's earlier one."""
        if not link and self._let_feature_read_scan(text):
            return
        refused = partial(self._refuse_with_sound, "scan")
        self.context.read_scanned_ticket_code(text, partial(self._handle_scanned_ticket_code, text, link), refused)

    def _handle_scanned_ticket_code(self, text: str, link: bool, code: TicketCodeContent | None) -> None:
        if code is None or code.hall != self.hall_code:
            self._refuse_with_sound(
                "scan", RuleError("unknown_ticket", ticket=code.label if code else text[:12], date=self.today)
            )
        elif code.date == self.today and not link and self.todays_ticket(code.label) is not None:
            self.ticket_scanned.emit(code.label)
        else:
            self.look_up_earlier_ticket(code.label, code.date, token=code.token)

    def _let_feature_read_scan(self, text: str) -> bool:
        parts = [one.front_desk for one in installed_features() if one.front_desk is not None and one.front_desk.code]
        return any(import_reference(part.scanned)(self, text) for part in parts if text.split()[:1] == [part.code])

    @property
    def hall_code(self) -> str:
        return self.context.feed.setup.hall.code

    def look_up_earlier_ticket(self, label: str, day: date, *, token: str | None = None) -> None:
        now = self.context.clock()
        self.context.tasks.run(
            lambda: issuing.earlier_ticket_and_early_place(self.context.desk, label, day, now, token=token),
            self._emit_earlier_found,
            partial(self._refuse_with_sound, "look-up"),
        )

    def _emit_earlier_found(self, document: Document) -> None:
        place = document["early_place"]
        self.earlier_found.emit(
            texts.EarlierTicketRef(
                label=document["ticket"],
                day=date.fromisoformat(document["date"]),
                place=datetime.fromisoformat(place) if place else None,
                choice=texts.ChosenServiceOrItem(document["service"], document["item"]),
            )
        )

    # -- paper ------------------------------------------------------------------------------------------------------

    def reprint(self, label: str) -> None:
        self.paper.print_slip(Slip(day=self.context.feed.business_date, label=label, reprint=True))

    def print_quiet_hours(self) -> None:
        paper = self.context.services.paper
        if paper is None:
            self._refuse_with_sound("print", OutsideError("no_printer"))
            return

        def emit_printed_or_refuse(answer: Mapping[str, Any]) -> None:
            if answer.get("printed"):
                self.quiet_printed.emit()
            else:
                self._refuse_with_sound("print", answer.get("error") or OutsideError("no_printer"))

        self.context.tasks.run_in_long_work_lane(
            paper.print_quiet_hours, emit_printed_or_refuse, partial(self._refuse_with_sound, "print")
        )

    def print_slip_again(self, slip: Slip) -> None:
        self.paper.print_slip_again(slip)

    # -- moving -------------------------------------------------------------------------------------------------

    def reinstate(self, label: str) -> None:
        self._run_act_on_ticket("reinstate", calling.reinstate_missed_ticket, label)

    def redirect(self, label: str, service: str) -> None:
        """Move a ticket that waits, or is at a window, to the right line, by its arrival."""
        self._run_act_on_ticket("redirect", partial(calling.redirect_customer, ticket=label), service)

    def postpone(self, label: str) -> None:
        self._run_act_on_ticket("postpone", calling.postpone_ticket, label)

    def set_fetch_reason(self, label: str, need: str) -> None:
        """Note why a ticket's customer is fetched for their turn, "" that they are not."""
        self._run_act_on_ticket("need", partial(issuing.set_fetching_need, need=need), label)

    def record_customer_fetched(self, label: str) -> None:
        self._run_act_on_ticket("fetched", issuing.record_customer_fetched, label)

    def record_thanks(self, label: str, staff: str, words: str) -> None:
        self._run_act_on_ticket("thanks", partial(thanking.record_thanks, ticket=label, words=words), staff)

    def leave(self, label: str) -> None:
        self._run_act_on_ticket("leave", calling.record_customer_left, label)

    def void(self, label: str, reason: str) -> None:
        self._run_act_on_ticket("void", partial(calling.void_ticket, reason=reason), label)

    def undo_ticket_issue(self, label: str) -> None:
        self.void(label, UNDONE)

    def last_ticket_of_this_person(self) -> Ticket | None:
        name = self._signed_in_person_code()
        return texts.last_ticket_of_issuer(self.hall_state, name) if name else None

    def _signed_in_person_code(self) -> str | None:
        """Return who stands at the door, whatever the role: tickets are theirs to undo and to print again."""
        return self.context.who.name if self.context.who else None

    def undoable_ticket_or_refuse(self) -> Ticket | None:
        """Return the last ticket if it can be taken back, None if there is none; else refuse with the reason."""
        last = self.last_ticket_of_this_person()
        if last is None:
            return None
        return last if self.is_act_allowed_or_refuse("void", last) else None

    def is_act_allowed_or_refuse(self, verb: str, ticket: Ticket) -> bool:
        """Return whether a ticket's state allows `verb`; refuses with the reason if not."""
        try:
            ticket.require_may(verb)
        except RuleError as refusal:
            self._refuse_with_sound(verb, refusal)
            return False
        return True

    def todays_ticket(self, label: str) -> Ticket | None:
        return texts.todays_ticket_by_label(self.hall_state, label)

    # -- running and printing -----------------------------------------------------------------------------------

    def _run_act_on_ticket(
        self, verb: str, act: Act, about: str, done: Callable[[Document], None] | None = None
    ) -> None:
        ask = self.context.new_ask()
        work = partial(act, self.context.desk, ask, about)
        self.start_unless_busy(verb, work, done)

    def _on_refused(self, verb: str, trouble: QueueDeskError) -> None:
        self._play_sound("tick")
        super()._on_refused(verb, trouble)

    def play_knock_sound(self) -> None:
        """Sound for something that has to be done now."""
        self._play_sound("knock")

    def _play_sound(self, sound: str) -> None:
        if (sounds := self.context.services.sounds) is not None and not self.context.options.get("picture"):
            sounds.play(sound)

    def _refuse_with_sound(self, verb: str, trouble: QueueDeskError) -> None:
        self._play_sound("tick")
        self.refused.emit(verb, trouble)
