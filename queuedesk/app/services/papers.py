"""Prints slips, lists of papers, reports and ticket histories in the hall's language. A printer's trouble never undoes
a ticket."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, cast

from queuedesk.app.services import printers
from queuedesk.core.errors import OutsideError, QueueDeskError, RuleError
from queuedesk.core.features import features_used_by_hall, import_reference
from queuedesk.core.log.state import HallState
from queuedesk.core.queue import dispatch, offers, overview
from queuedesk.core.queue.hallday import ticket_label_text as ticket_label
from queuedesk.core.queue.ticket import Ticket, TicketState, WindowState
from queuedesk.core.setup.hall import TicketDesign
from queuedesk.core.setup.rows import Service, Setup, hall_languages
from queuedesk.desk import looking
from queuedesk.desk.change import Desk
from queuedesk.i18n import (
    calendar_words,
    current_language,
    date_long,
    date_short,
    moments,
    name_in_language,
    names,
    staffing,
    talk,
    tr,
)
from queuedesk.i18n.queue import line_words
from queuedesk.printing import slip_contents
from queuedesk.printing.qr import TicketCodeTextAndAdvice, ticket_code_text
from queuedesk.printing.spooler import NO_PRINTER, PICTURES, is_receipt_printer

if TYPE_CHECKING:
    from queuedesk.core.waits.arrival_forecast import BusynessSpan
    from queuedesk.printing.slip_contents import FeatureSlip, LabelSlip
    from queuedesk.printing.slip_layout import Printed
    from queuedesk.store.figures.counted import Told


_A_MONDAY = date(2024, 1, 1)
SAMPLE_NUMBER, SAMPLE_TOKEN, SAMPLE_AHEAD, SAMPLE_WAIT = 38, "8KR2WT", 6, (20, 30)
__all__ = ["papers_slip", "quiet_times_slip", "sample_slip", "ticket_slip"]


def _ticket_code(desk: Desk | None, setup: Setup, ticket: Ticket) -> TicketCodeTextAndAdvice:
    """Return the code on a ticket's slip: that of a feature of the hall, or without `desk` and else the plain one."""
    makers = [owner.ticket_code for owner in features_used_by_hall(setup.hall) if owner.ticket_code and desk]
    codes = (import_reference(make)(desk, setup, ticket) for make in makers)
    plain = TicketCodeTextAndAdvice(ticket_code_text(setup.hall.code, ticket.date, ticket.label, ticket.token))
    return next((code for code in codes if code is not None), plain)


def ticket_slip(
    state: HallState, day: date, label: str, now: datetime, *, reprint: bool = False, desk: Desk | None = None
) -> slip_contents.TicketSlip:
    """Return a ticket's slip with the quote given at issue; a reprint for a waiting ticket has the present one. With
    `desk` it has the code that a feature of the hall makes. Raises RuleError "unknown_ticket"."""
    setup = overview.set_up(state)
    ticket = state.tickets.get((day, label))
    if ticket is None:
        raise RuleError("unknown_ticket", ticket=label, date=day)
    stands = _place_and_wait_now(state, ticket, now) if reprint else _place_and_wait_at_issue(state, ticket, now)
    codes = _windows_serving(state, setup, ticket.service)
    further = [_windows_serving(state, setup, service) for service in ticket.steps]
    code = _ticket_code(desk, setup, ticket)
    return slip_contents.slip_in_paper_languages(
        setup, lambda lang: _ticket_slip_in_language(setup, ticket, [codes, *further], stands, lang, code=code)
    )


def _ticket_slip_in_language(
    setup: Setup,
    ticket: Ticket,
    windows: list[list[str]],
    stands: _PlaceAndWaitOnSlip,
    lang: str,
    *,
    code: TicketCodeTextAndAdvice,
) -> slip_contents.TicketSlip:
    """Return a ticket's slip; `windows` are those of its service, then those of each further one."""
    codes = windows[0]
    further = [
        line_words.service_with_windows_text(setup, *step, lang) for step in zip(ticket.steps, windows[1:], strict=True)
    ]
    return slip_contents.TicketSlip(
        lang=lang,
        hall=name_in_language(setup.hall.name, setup.hall.name_en, lang),
        label=ticket.label,
        service=names.service_name(setup, ticket.service, lang),
        item=names.item_name(setup, ticket.service, ticket.item, lang) or None,
        class_name=_public_class_name(setup, ticket.klass, lang),
        issued_at=setup.to_hall_time(ticket.arrived),
        qr_text=code.text,
        qr_advice=code.advice(lang),
        token=ticket.token,
        ahead=stands.ahead,
        ahead_of_all=stands.coming or line_words.has_windows_of_several_services(setup, codes),
        wait=stands.wait,
        window=names.combined_windows_words(setup, codes, lang),
        papers=slip_contents.papers_in_language(setup.services.get(ticket.service), ticket.item, lang),
        steps=(names.service_name(setup, ticket.service, lang), *further) if further else (),
        phone=setup.hall.phone or None,
        warnings=_possibly_not_called_today_lines(setup, ticket, lang),
        elsewhere=talk.other_channels_sentence(offers.channels_to_suggest(setup, ticket.service, stands.wait), lang),
    )


def _public_class_name(setup: Setup, code: str, lang: str) -> str | None:
    """Return a priority class as the customer's paper names it: not one that the hall offers to nobody in public."""
    known = setup.classes.get(code)
    return None if known is not None and known.staff_only else names.priority_name(setup, code, lang) or None


def _possibly_not_called_today_lines(setup: Setup, ticket: Ticket, lang: str) -> tuple[str, ...]:
    """Return that a ticket may not be called on its day, and what it is worth then."""
    service = setup.services.get(ticket.service)
    at = offers.next_closing_time_today(setup, service, ticket.arrived) if service is not None else None
    if "may_not_be_called" not in ticket.flags or at is None:
        return ()
    late = line_words.may_not_be_called_today_text(setup, at, lang)
    if setup.settings["overnight"] != "early_place":
        return (late,)
    return late, tr(lang, "If you are not called, bring this ticket on the next open day: it will have an early place.")


def sample_slip(
    setup: Setup, design: TicketDesign, now: datetime, *, desk: Desk | None = None
) -> slip_contents.TicketSlip:
    """Return a sample ticket with every part that a design may show."""
    service = max(setup.services.values(), key=lambda one: (bool(one.papers or any(i.papers for i in one.items)),))
    item = next((one.code for one in service.items if one.papers), None)
    number = min(service.last, max(service.first, SAMPLE_NUMBER))
    steps = tuple(code for code in setup.services if code != service.code)[:1]
    klass = next((code for code in setup.classes if code != "normal"), "normal")
    token = SAMPLE_TOKEN
    day = setup.to_hall_time(now).date()
    ticket = Ticket(
        date=day,
        label=ticket_label(service.prefix, number),
        service=service.code,
        arrived=now,
        place=now,
        seq=0,
        turn=0,
        token=token,
        item=item,
        klass=klass,
        credit_s=0,
        steps=steps,
        legs=(),
        since=now,
    )
    windows = [[code for code, spec in setup.windows.items() if one in spec.services] for one in (service.code, *steps)]
    stands, code = (
        _PlaceAndWaitOnSlip(SAMPLE_AHEAD, dispatch.QuotedWait(*SAMPLE_WAIT)),
        _ticket_code(desk, setup, ticket),
    )
    return slip_contents.slip_in_paper_languages(
        setup, lambda lang: _ticket_slip_in_language(setup, ticket, windows, stands, lang, code=code), design
    )


def papers_slip(setup: Setup, service_code: str, item: str | None, now: datetime) -> slip_contents.PapersSlip:
    """Return the list of papers of a service or of one item. Raises RuleError "unknown_service", "unknown_item"."""
    service = setup.service_by_code(service_code)
    if item is not None:
        service.item_by_code(item)
    return slip_contents.slip_in_paper_languages(
        setup, lambda lang: _papers_slip_in_language(setup, service, item, now, lang)
    )


def _papers_slip_in_language(
    setup: Setup, service: Service, item: str | None, now: datetime, lang: str
) -> slip_contents.PapersSlip:
    return slip_contents.PapersSlip(
        lang=lang,
        hall=name_in_language(setup.hall.name, setup.hall.name_en, lang),
        service=names.service_name(setup, service.code, lang),
        item=names.item_name(setup, service.code, item, lang) or None,
        issued_at=setup.to_hall_time(now),
        papers=slip_contents.papers_in_language(service, item, lang),
        version=_papers_date_or_version(service, lang),
        steps=_nonempty_lines(name_in_language(service.steps, service.steps_en, lang)),
        fees=_nonempty_lines(name_in_language(service.fees, service.fees_en, lang)),
        hours=(*names.service_hours_lines(setup, service, lang), *_upcoming_calendar_days_text(setup, now, lang)),
        phone=setup.hall.phone or None,
    )


def _upcoming_calendar_days_text(setup: Setup, now: datetime, lang: str) -> tuple[str, ...]:
    told = calendar_words.upcoming_special_days_text(setup.calendar, setup.to_hall_time(now).date(), lang)
    return (told,) if told else ()


def quiet_times_slip(
    setup: Setup, week: Mapping[date, Sequence[BusynessSpan]], now: datetime
) -> slip_contents.QuietTimesSlip:
    """Return when the days of `week` are quiet. Raises RuleError "quiet_hours_unknown" for a hall without a past."""
    if not week:
        raise RuleError("quiet_hours_unknown")
    return slip_contents.slip_in_paper_languages(
        setup, lambda lang: _quiet_times_slip_in_language(setup, week, now, lang)
    )


def _quiet_times_slip_in_language(
    setup: Setup, week: Mapping[date, Sequence[BusynessSpan]], now: datetime, lang: str
) -> slip_contents.QuietTimesSlip:
    return slip_contents.QuietTimesSlip(
        lang=lang,
        hall=name_in_language(setup.hall.name, setup.hall.name_en, lang),
        issued_at=setup.to_hall_time(now),
        days=tuple(
            (f"{moments.weekday_short(day, lang)} {date_short(day, lang)}", staffing.quiet_times_text(spans, lang))
            for day, spans in week.items()
        ),
        phone=setup.hall.phone or None,
    )


class _PlaceAndWaitOnSlip(NamedTuple):
    """What a slip says of the line; `coming`: some of those ahead come from another service."""

    ahead: int | None
    wait: dispatch.QuotedWait | dispatch.NoQuoteReason
    coming: bool = False


def _place_and_wait_at_issue(state: HallState, ticket: Ticket, now: datetime) -> _PlaceAndWaitOnSlip:
    """Return what was told at issue. The log has the wait and who stood in line; who is on the way to it is as now."""
    ahead, wait = ticket.promise.ahead, dispatch.quoted_wait_at_issue(ticket.promise)
    goes_on = ticket.state is TicketState.WAITING and any(one.steps for one in state.open_tickets())
    coming = overview.line_position_and_wait(state, ticket, now).coming if goes_on and ahead is not None else 0
    return _PlaceAndWaitOnSlip((ahead or 0) + coming, wait, True) if coming else _PlaceAndWaitOnSlip(ahead, wait)


def _place_and_wait_now(state: HallState, ticket: Ticket, now: datetime) -> _PlaceAndWaitOnSlip:
    if ticket.state is not TicketState.WAITING:
        return _place_and_wait_at_issue(state, ticket, now)
    stands = overview.line_position_and_wait(state, ticket, now)
    return _PlaceAndWaitOnSlip(stands.ahead_and_coming_count, stands.wait, stands.coming > 0)


def _windows_serving(state: HallState, setup: Setup, service: str) -> list[str]:
    """Return the windows that serve `service`: those open or paused now, all that may when there is none."""
    able = [code for code, spec in setup.windows.items() if service in spec.services]
    here = [code for code in able if state.window(code).state is not WindowState.CLOSED]
    return here or able


def _papers_date_or_version(service: Service, lang: str) -> str | None:
    """Return the date of the list, its number where it has none."""
    if service.papers_date:
        return date_long(date.fromisoformat(service.papers_date), lang)
    return service.papers_version or None


def _nonempty_lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


class SlipAndReportPrinter:
    """Prints slips and reports of one hall. Every function may take seconds: call them off the GUI thread."""

    def __init__(
        self, desk: Desk, clock: Callable[[], datetime], tell: Callable[[str | None], None] = lambda _cause: None
    ) -> None:
        """`tell` gets why this PC's printer failed with a slip, None for success; on the printing thread."""
        self._desk, self._clock, self._tell = desk, clock, tell

    def print_ticket(self, day: date, label: str, reprint: bool = False, printer: str = "") -> dict[str, Any]:
        """Print a ticket; {"printed", "printer", "error", "warning"}, never an exception for a printer's trouble. A
        reprint says how many are ahead now, the first print what was told at issue."""
        now = self._clock()
        state = looking.hall_state_on(self._desk, day)
        slip = ticket_slip(state, day, label, now, reprint=reprint, desk=self._desk)
        return self._print_slip_return_outcome(slip, label, printer)

    def print_papers_list(self, service: str, item: str | None = None, printer: str = "") -> dict[str, Any]:
        """Print the list of papers of a service or item, for a visitor who lacks some; as print_ticket."""
        setup = looking.setup_of_hall(self._desk)
        slip = papers_slip(setup, service, item, self._clock())
        return self._print_slip_return_outcome(slip, f"papers-{service}{f'-{item}' if item else ''}", printer)

    def print_quiet_hours(self, printer: str = "") -> dict[str, Any]:
        """Print when the next days are quiet; as print_ticket. Raises RuleError "quiet_hours_unknown"."""
        from queuedesk.desk.staffing import busyness_of_coming_week

        now = self._clock()
        slip = quiet_times_slip(looking.setup_of_hall(self._desk), busyness_of_coming_week(self._desk, now), now)
        return self._print_slip_return_outcome(slip, "quiet-hours", printer)

    def print_slip(self, slip: LabelSlip | FeatureSlip, printer: str = "") -> dict[str, Any]:
        """Print what a feature puts on paper; as print_ticket."""
        return self._print_slip_return_outcome(slip, slip.picture_file_name, printer)

    def save_slip(self, slip: LabelSlip | FeatureSlip, path: Path | str, width: int = 576) -> Path:
        """Write what a feature puts on paper, as save_ticket does. Raises OutsideError "cannot_write"."""
        return _save_slip(slip, Path(path), width)

    def print_sample_ticket(self, design: TicketDesign | None = None, printer: str = "") -> dict[str, Any]:
        """Print a sample ticket, in the hall's design or another one; as print_ticket."""
        setup = looking.setup_of_hall(self._desk)
        return self._print_slip_return_outcome(
            sample_slip(setup, design or setup.ticket_design, self._clock(), desk=self._desk), "sample", printer
        )

    def save_sample_ticket(self, path: Path | str, width: int = 576) -> Path:
        """Write a sample ticket as save_ticket does. Raises OutsideError "cannot_write"."""
        setup = looking.setup_of_hall(self._desk)
        return _save_slip(sample_slip(setup, setup.ticket_design, self._clock(), desk=self._desk), Path(path), width)

    def draw_sample_ticket(self, setup: Setup, design: TicketDesign, width: int) -> Any:
        """Return a sample ticket as a QImage of `width` dots; on any thread."""
        from queuedesk.printing import slip_layout

        return slip_layout.draw_slip(sample_slip(setup, design, self._clock(), desk=self._desk), width)

    def print_test_slip(self, printer: str = "") -> dict[str, Any]:
        """Print a test slip, on this PC's printer unless another is named; as print_ticket."""
        from queuedesk.printing.slip_layout import PrinterTestSlip

        setup, now = looking.setup_of_hall(self._desk), self._clock()
        lang = hall_languages(setup)[0]
        chosen = printer or printers.chosen_or_default_printer()
        hall = name_in_language(setup.hall.name, setup.hall.name_en, lang)
        return self._print_slip_return_outcome(
            PrinterTestSlip(lang=lang, hall=hall, printer=chosen, at=setup.to_hall_time(now)), "test", chosen
        )

    def save_ticket(self, day: date, label: str, path: Path | str, width: int = 576) -> Path:
        """Write a ticket as a reprint would show it, as PDF or PNG by the file's ending. Raises RuleError
        "unknown_ticket", OutsideError "cannot_write"."""
        state = looking.hall_state_on(self._desk, day)
        return _save_slip(
            ticket_slip(state, day, label, self._clock(), reprint=True, desk=self._desk), Path(path), width
        )

    def save_papers_list(self, service: str, item: str | None, path: Path | str, width: int = 576) -> Path:
        """Write a list of papers as save_ticket does. Raises RuleError "unknown_service", "unknown_item", OutsideError
        "cannot_write"."""
        setup = looking.setup_of_hall(self._desk)
        return _save_slip(papers_slip(setup, service, item, self._clock()), Path(path), width)

    def write_period_report(
        self,
        period: str,
        day: date,
        path: Path | str,
        lang: str = "",
        printed_by: str | None = None,
        *,
        told: Told | None = None,
    ) -> Path:
        """Write the report of the day, week, month, quarter or year that contains `day`, in the format of the file's
        ending; `told` hears how many of its dates are counted. Raises OutsideError "cannot_write"."""
        from queuedesk.reports.figures.write import write_period_report

        said = lang or current_language()
        return write_period_report(
            self._desk, period, day, path, lang=said, now=self._clock(), printed_by=printed_by, told=told
        )

    def write_ticket_history_pdf(
        self, day: date, label: str, path: Path | str, lang: str = "", printed_by: str | None = None
    ) -> Path:
        """Write a ticket's history as a PDF. Raises RuleError "unknown_ticket", OutsideError "cannot_write"."""
        from queuedesk.reports.papers import tickets

        said = lang or current_language()
        return tickets.write_ticket_history_pdf(
            self._desk, day, label, path, lang=said, now=self._clock(), printed_by=printed_by
        )

    def save_day_tickets_table(self, day: date, path: Path | str, lang: str = "") -> Path:
        """Write a day's tickets as a workbook or CSV, by the file's ending. Raises OutsideError "cannot_write"."""
        from queuedesk.reports.papers import tickets

        state = looking.hall_state_on(self._desk, day)
        tickets.write_tickets_table(Path(path), state, day, lang=lang or current_language(), made=self._clock())
        return Path(path)

    def save_figure_tickets(
        self,
        path: str,
        first: date,
        last: date,
        file: Path | str,
        *,
        title: str = "",
        lang: str = "",
        without: tuple[date, ...] = (),
    ) -> Path:
        """Write a figure's tickets as CSV, except those of the dates `without`. Raises OutsideError "cannot_write"."""
        from queuedesk.desk.figures import tickets_behind_figure
        from queuedesk.reports.figures import rates

        found = tickets_behind_figure(self._desk, path, first, last, self._clock(), most=None, without=without)
        rates.write_rows_csv(
            Path(file), found, looking.setup_of_hall(self._desk), title=title, lang=lang or current_language()
        )
        return Path(file)

    def _print_slip_return_outcome(self, slip: Printed, name: str, printer: str) -> dict[str, Any]:
        chosen = printer or printers.chosen_or_default_printer()
        try:
            warning = self._print_slip_return_warning(slip, name, chosen)
        except QueueDeskError as trouble:
            if chosen not in ("", NO_PRINTER):
                cause = trouble.details.get("cause") or (printers.printer_status(chosen) or {}).get("cause")
                self._tell(str(cause or trouble.code))
            return {"printed": False, "printer": chosen or None, "error": trouble, "warning": ""}
        self._tell(None if warning.endswith("_low") else warning or None)
        return {"printed": True, "printer": chosen, "error": None, "warning": warning}

    @staticmethod
    def _print_slip_return_warning(slip: Printed, name: str, chosen: str) -> str:
        """Print; return what is wrong now, or will soon be, though the slip came out: "" for nothing."""
        if chosen == NO_PRINTER:
            raise OutsideError("no_printer")
        if chosen.startswith(PICTURES):
            _save_slip_picture(slip, chosen, name)
            return ""
        if is_receipt_printer(chosen):
            from queuedesk.printing import escpos

            try:
                with printers.lock_receipt_printer(chosen):
                    return escpos.print_slip_and_get_coming_problem(slip, chosen)
            except RuleError as error:  # somebody wrote it into this PC's file
                raise OutsideError("no_printer", printer=chosen) from error
        from queuedesk.printing import slip_layout, system_printer

        with printers.left_jobs.note_job_if_refused(slip_layout.slip_title_in_print_queue(slip)):
            return system_printer.print_slip_and_give_trouble(slip, chosen)


def _save_slip(slip: Printed, path: Path, width: int) -> Path:
    from queuedesk.printing import slip_layout
    from queuedesk.stations.window.picture import save_png

    if path.suffix.lower() == ".pdf":
        slip_layout.save_slip_pdf(slip, path, width)
    else:
        save_png(slip_layout.draw_slip(slip, width), path)
    return path


def _save_slip_picture(slip: Printed, printer: str, name: str) -> None:
    from queuedesk.printing import slip_layout

    printers.save_to_picture_printer(slip_layout.draw_slip(slip), printer, name)


T = TypeVar("T")


def stand_in_made_at_first_use(make: Callable[[], T]) -> T:
    """Return what stands for the service that `make` makes, with all it needs, once something of it is asked for; on
    any thread. For what a station may be open for days without."""
    return cast("T", _LazyObject(make))


class _LazyObject:
    def __init__(self, make: Callable[[], object]) -> None:
        self._make = make
        self._made: object = None
        self._lock = threading.Lock()

    def __getattr__(self, name: str) -> Any:
        with self._lock:
            if self._made is None:
                self._made = self._make()
        return getattr(self._made, name)
