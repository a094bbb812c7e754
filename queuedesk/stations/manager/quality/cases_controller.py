"""Reads cases beside the window; opens them and takes their steps."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from msgspec import Struct
from PySide6.QtCore import QObject, Signal

from queuedesk.core.errors import QueueDeskError, RuleError
from queuedesk.core.queue.ticket import Ticket
from queuedesk.desk import looking
from queuedesk.desk.change import Document
from queuedesk.desk.quality import case_documents, casework, inspecting, thanking
from queuedesk.desk.quality.casework import NewCaseData
from queuedesk.desk.queue import opening
from queuedesk.i18n import current_language
from queuedesk.stations.manager.parts.page_controller import PageController, PaperSaverAndPrinter
from queuedesk.stations.window.context import StationContext


class CaseListData(Struct, frozen=True, kw_only=True):
    """The open cases, the most overdue first, and those closed in the current month; `shown` is the one that was
    `asked` for with its ticket, else the first, `low` the low ratings that ask for a case."""

    asked: str
    open: list[Document]
    closed: list[Document]
    shown: Document | None
    ticket: Ticket | None
    low: list[Document]


PAGE_INCHES = 8.27


class CaseOpeningData(Struct, frozen=True):
    """What a new case begins with: its number unless another is opened first, and low ratings without a case."""

    number: str
    low: list[Document]


def render_and_show_overdue_slip(
    papers: PaperSaverAndPrinter, width_px: float, show: Callable[[list[Any]], None]
) -> None:
    """Make the slip of overdue cases, and have its pages shown as pictures of about so many device pixels wide."""
    printer = papers.context.services.sheet_printer
    if printer is None:
        return
    file, write = papers.passing.path / "overdue-cases.pdf", _overdue_cases_slip_writer(papers)

    def write_and_render_slip() -> list[Any]:
        write(file)
        return list(printer.pdf_page_images(file, max(72.0, width_px / PAGE_INCHES)))

    papers.context.tasks.run_in_long_work_lane(
        write_and_render_slip, show, partial(papers.refused.emit, "show"), may_drop=True
    )


def save_or_print_overdue_slip(papers: PaperSaverAndPrinter, *, send: bool) -> None:
    """Save the slip of overdue cases in the folder of reports, or print it."""
    papers.save_or_print(
        f"{papers.local_now():%Y-%m-%d}-overdue-cases.pdf", _overdue_cases_slip_writer(papers), send=send
    )


def _overdue_cases_slip_writer(papers: PaperSaverAndPrinter) -> Callable[[Path], object]:
    from queuedesk.reports.papers import tickets

    desk, ask, lang, by = papers.context.desk, papers.context.new_ask(), current_language(), papers.printed_by()
    return lambda path: tickets.write_slip_and_list_overdue_cases(
        desk, ask.who, path, lang=lang, now=ask.now, printed_by=by
    )


class CasesController(PageController[CaseListData]):
    """Reads the lists, and the case `number`: without one the first of them. `case_read` gives one case, `opening_read`
    a CaseOpeningData; `pin_needed` the case whose contact is asked for by somebody with a PIN or password, and
    which."""

    case_read = Signal(object)
    opening_read = Signal(object)
    pin_needed = Signal(str, str)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(context, parent)
        self.number = ""

    def read_lists_and_case(self, number: str) -> None:
        self.number = number
        self.refresh()

    def _dependency_key(self) -> object:
        return self.number

    def _is_reread_due(self, since: timedelta) -> bool:
        return True

    def _read_function(self) -> Callable[[], CaseListData]:
        desk, ask, number = self.context.desk, self.context.new_ask(), self.number

        def read_case_list() -> CaseListData:
            rows = case_documents.cases_open_or_of_month(desk, ask.who, None, ask.now)
            month = case_documents.cases_open_or_of_month(desk, ask.who, self.context.feed.business_date, ask.now)
            closed = [one for one in month if one["closed"]]
            shown = _readable_case(number) or _readable_case(next((one["number"] for one in (*rows, *closed)), ""))
            low = case_documents.low_ratings_without_case(desk, ask.who, ask.now)
            return CaseListData(
                asked=number, open=rows, closed=closed, shown=shown, ticket=_ticket_of_case(shown), low=low
            )

        def _readable_case(wanted: str) -> Document | None:
            try:
                return case_documents.case_document_if_permitted(desk, ask.who, wanted, ask.now) if wanted else None
            except RuleError:  # It is none of theirs, or was never there.
                return None

        def _ticket_of_case(shown: Document | None) -> Ticket | None:
            if shown is None or not shown["ticket"]:
                return None
            try:
                return looking.find_ticket(desk, date.fromisoformat(shown["date"]), shown["ticket"])
            except RuleError:  # The ticket was issued by a clock that was wrong.
                return None

        return read_case_list

    def read_case(self, number: str) -> None:
        desk, ask = self.context.desk, self.context.new_ask()
        work = partial(case_documents.case_document_if_permitted, desk, ask.who, number, ask.now)
        self.context.tasks.run_in_side_lane(work, self.case_read.emit, partial(self.refused.emit, "case"))

    def read_new_case_data(self) -> None:
        desk, ask = self.context.desk, self.context.new_ask()

        def read_opening_data() -> CaseOpeningData:
            low = case_documents.low_ratings_without_case(desk, ask.who, ask.now)
            return CaseOpeningData(case_documents.next_number(desk, ask.now), low)

        self.context.tasks.run_in_side_lane(
            read_opening_data, self.opening_read.emit, partial(self.refused.emit, "opening")
        )

    def mark_read(self, comment: str) -> None:
        """Mark a comment as read that needs no case."""
        self.run_desk_function("read", thanking.mark_comment_read, comment)

    def read_and_pass_on_rectification(
        self, seq: int, then: Callable[[Document], None], refused: Callable[[QueueDeskError], None] | None = None
    ) -> None:
        """Read what is to be put right; trouble goes to `refused`, else to the signal."""
        desk, now = self.context.desk, self.context.clock()

        def pass_matching_row(rows: list[Document]) -> None:
            for row in rows:
                if row["rectification"] == seq:
                    then(row)

        work = partial(inspecting.open_and_month_rectifications, desk, None, now)
        self.context.tasks.run_in_side_lane(work, pass_matching_row, refused or partial(self.refused.emit, "fix"))

    def prove_rectification(self, seq: int, proof: str) -> None:
        self.run_desk_function("prove", inspecting.record_rectification_proof, seq, proof)

    def open_case(self, fields: Mapping[str, Any]) -> None:
        self.run_desk_function("open", casework.open_case, NewCaseData(**fields))

    def take_case_step(self, verb: str, number: str, **words: Any) -> None:
        """Take a step of a case: contact, act, call-back, verdict, close, reopen, note, cite-ticket, cite-figure,
        set-contact or owner."""
        deeds: dict[str, Callable[..., Document]] = {
            "contact": casework.record_first_contact,
            "act": casework.record_case_action,
            "call-back": casework.record_call_back,
            "verdict": casework.record_customer_verdict,
            "close": casework.close_case,
            "reopen": casework.reopen_case,
            "note": casework.add_case_note,
            "cite-ticket": casework.cite_ticket_in_case,
            "cite-figure": casework.cite_figure_in_case,
            "set-contact": casework.store_customer_contact,
            "owner": casework.assign_case,
        }
        ask, desk = self.context.new_ask(), self.context.desk
        self.start_unless_busy(verb, partial(deeds[verb], desk, ask, number, **words))

    def take_next_step(self, case: Mapping[str, Any], said: Mapping[str, Any]) -> None:
        """Take the next step of a case with what its question was answered."""
        number, step = case["number"], case["next"]
        if step is None:
            self.take_case_step("reopen", number, reason=said["note"])
        elif step == "call-back":
            self.take_case_step(step, number, reached=True, **said)
        else:
            self.take_case_step(step, number, **said)

    def show_contact_after_pin(self, number: str) -> None:
        """Show a contact; who has a PIN or password is asked for it first."""
        desk, who = self.context.desk, self.context.new_ask().who
        self.context.tasks.run_in_side_lane(
            partial(opening.needed_secret_kind, desk, who.name),
            lambda secret: self.pin_needed.emit(number, secret) if secret else self.show_contact(number),
            partial(self.refused.emit, "contact-shown"),
        )

    def show_contact(self, number: str, pin: str | None = None) -> None:
        """Show a contact, whole; the history keeps it."""
        desk, ask = self.context.desk, self.context.new_ask()

        def check_pin_and_read_contact() -> Document:
            if pin is not None:
                opening.require_and_get_proven_actor(desk, ask.who.name, pin=pin, now=ask.now)
            return casework.reveal_customer_contact(desk, ask, number)

        self.start_unless_busy("contact-shown", check_pin_and_read_contact)

    @property
    def now(self) -> datetime:
        return self.context.clock()

    def possible_owners(self, concerns: Sequence[str] = ()) -> list[str]:
        """Return who may own a case, by code; nobody whom it concerns."""
        return casework.possible_case_owners(self.context.feed.setup, tuple(concerns))

    def default_case_owner(self, concerns: Sequence[str] = ()) -> str | None:
        """Return who owns a case where nobody else is chosen."""
        return casework.default_case_owner(self.context.feed.setup, self.context.new_ask().who, tuple(concerns))

    def case_class_of_low_rating(self) -> str:
        return casework.case_class_of_low_rating(self.context.feed.setup) or ""
