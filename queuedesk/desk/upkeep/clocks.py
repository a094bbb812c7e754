"""Clocks: confirming a doubtful time, the skew of this PC, a log whose clock was ahead; the day-end by command."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.log import state as log_state
from queuedesk.core.log.event import utc_stamp
from queuedesk.core.log.pc_clock import reliability_of_clock
from queuedesk.core.network.roles import HALL
from queuedesk.core.queue.appointment import AppointmentState
from queuedesk.core.queue.hallday import business_date
from queuedesk.core.queue.ticket import TicketState, WindowState
from queuedesk.core.setup.rows import Setup
from queuedesk.core.talk.device import CLOCK
from queuedesk.core.talk.screen import station_name_at_pc
from queuedesk.desk import change as changes
from queuedesk.desk.talk.devices import record_device_state
from queuedesk.desk.upkeep import dayend
from queuedesk.store.engine.types import Transaction
from queuedesk.store.log import events
from queuedesk.store.log.events import LogTimeLeap
from queuedesk.store.parts import halls, part_tables, sharing, tickets
from queuedesk.store.rights import withheld_ratings


def time_doubt_to_settle(desk: changes.Desk, ask: changes.Ask) -> log_state.UnconfirmedClockJump | None:
    """Return the doubt that staff has to settle before the hall can go on, None without one. Changes nothing."""
    with desk.db.read() as tx:
        return changes.time_doubt_of_request(tx, desk, ask)


def require_certain_request_time(desk: changes.Desk, ask: changes.Ask) -> datetime:
    """Return a request's time, for records outside the log. Raises RuleError "clock_ahead" where it is doubtful."""
    with desk.db.read() as tx:
        if (doubt := changes.time_doubt_of_request(tx, desk, ask)) is not None:
            raise doubt.clock_ahead_error()
        return changes.request_time(tx, ask)


def clock_document_and_doubt(
    desk: changes.Desk, ask: changes.Ask
) -> tuple[changes.Document, log_state.UnconfirmedClockJump | None]:
    """Return the time of the log's end and of the clock, and the open question."""
    doubt = time_doubt_to_settle(desk, ask)
    with desk.db.read() as tx:
        row = halls.load_hall_row(tx, desk.hall)
        setup, clock = halls.setup_of_hall_row(tx, row), changes.request_time(tx, ask)
    document: changes.Document = {
        "log": changes.iso_local(setup, row.now.at) if row.now.at is not None else None,
        "date": row.now.date.isoformat() if row.now.date is not None else None,
        "clock": changes.iso_local(setup, clock),
        "to_confirm": None,
        "to_set_right": row.now.at is not None and row.now.at - clock > log_state.CERTAIN_WITHIN,
    }
    if doubt is not None:
        counts = {"waiting": doubt.waiting, "open": doubt.open, "windows": doubt.windows}
        document["to_confirm"] = {
            "last": changes.iso_local(setup, doubt.last),
            "now": changes.iso_local(setup, doubt.now),
            **counts,
            "appointments": doubt.appointments,
            "by": "manager" if doubt.is_beyond_idle_gap else "staff",
        }
    return document, doubt


def confirm_time(desk: changes.Desk, ask: changes.Ask, seen: datetime | None = None) -> changes.Document:
    """Confirm the clock's time, or the time `seen` with the question, and do what is due. Any member of staff may do so
    after an evening or a weekend, after a longer time only a manager. Raises RuleError "nothing_to_confirm",
    "not_your_role", "clock_ahead" where the clock shows another time by now."""
    if seen is None and (doubt := time_doubt_to_settle(desk, ask)) is not None:
        seen = doubt.now
    return _record_time_confirmation(desk, replace(ask, confirms=seen))


@changes.runs_in_transaction("clock")
def _record_time_confirmation(change: changes.HallChange) -> changes.Document:
    doubt = change.doubt
    if doubt is None:
        raise RuleError("nothing_to_confirm")
    if doubt.is_beyond_idle_gap:
        change.who.require_may("clock-far")
    change.record("clock", was=utc_stamp(doubt.last), waiting=doubt.waiting, windows=doubt.windows)
    return {"now": changes.iso_local(change.setup, change.now), "last": changes.iso_local(change.setup, doubt.last)}


# -- compares this PC's clock with the clock of the shared hall ------------------------------------------------------

SKEW_TRIES = 3


def skew_of_this_pc(desk: changes.Desk, clock: Callable[[], datetime]) -> timedelta:
    """Return by how much this PC's clock is certainly ahead of the server's (negative: behind); zero for a file. Time
    in transit is excluded."""
    if not desk.db.is_shared:
        return timedelta()
    skews = []
    with desk.db.read() as tx:
        for _try in range(SKEW_TRIES):
            before = clock()
            server_time = sharing.server_time(tx)
            skews.append(log_state.certain_clock_skew(before, server_time, clock()))
    # A slow answer shows no certain skew, a fast one shows most of it.
    return max(skews, key=abs)


def report_clock_skew(desk: changes.Desk, clock: Callable[[], datetime], pc: str) -> None:
    """Record that the clock of this PC, which the hall calls `pc`, is wrong or right again, if that is new. Raises
    OutsideError. Nothing is recorded for a hall in a file, a stopped clock, or one that was never wrong."""
    clock()
    if not desk.db.is_shared or reliability_of_clock(clock) is None:
        return
    station = station_name_at_pc(CLOCK, pc)
    with desk.db.read() as tx:
        device = part_tables.find_object(tx, desk.hall, log_state.DEVICES, (CLOCK, station))
    cause = log_state.clock_skew_cause(skew_of_this_pc(desk, clock), device.cause if device is not None else None)
    if cause is not None or device is not None:
        record_device_state(desk, changes.Ask.ask_from_clock(clock, HALL), CLOCK, station, cause)


# -- corrects a log whose clock was ahead: wrong events leave the figures, and the hall goes on ------------------------


def log_and_clock_time_if_log_ahead(desk: changes.Desk, ask: changes.Ask) -> log_state.TimesOfLogAheadOfClock | None:
    """Return by how much the log is ahead of the clock, None where the time is right or given. Changes nothing."""
    if ask.reading is None:
        return None
    with desk.db.read() as tx:
        row = halls.load_hall_row(tx, desk.hall)
        setup, clock = halls.setup_of_hall_row(tx, row), changes.request_time(tx, ask)
    if row.now.at is None or setup.hall.simulated or row.now.at - clock <= log_state.CERTAIN_WITHIN:
        return None
    return log_state.TimesOfLogAheadOfClock(log=setup.to_hall_time(row.now.at), clock=setup.to_hall_time(clock))


def preview_log_time_correction(desk: changes.Desk, ask: changes.Ask, first: int | None = None) -> changes.Document:
    """Return what correct_log_time() would do, without changes. Raises as correct_log_time()."""
    ask.who.require_may("set-right")
    with desk.db.read() as tx:
        row = halls.load_hall_row(tx, desk.hall)
        setup = halls.setup_of_hall_row(tx, row)
        return _time_leap_document(
            tx,
            desk.hall,
            setup,
            _find_time_leap(tx, desk.hall, setup, clock=changes.request_time(tx, ask), first=first),
        )


def correct_log_time(
    desk: changes.Desk, ask: changes.Ask, first: int | None = None, seen: datetime | None = None
) -> changes.Document:
    """Declare that the log was ahead from the event `first` on, or from its leap, and go on with the clock's time.
    Customers with tickets of the wrong date need new numbers, windows close, and all staff sign in again. Events of the
    wrong time stay in the log and are in no figure; numbers continue after those issued. `seen` is the time that a
    person confirmed. Raises RuleError "not_your_role", "log_not_ahead", "no_leap", "clock_changed", OutsideError
    "not_this_pc" on a PC that joined a hall."""
    with desk.db.read() as tx:
        if withheld_ratings.hall_id_of_login(tx) is not None:
            raise OutsideError("not_this_pc")
    return _record_log_time_correction(desk, ask, first, seen)


@changes.runs_in_transaction("set-right")
def _record_log_time_correction(
    change: changes.HallChange, first: int | None, seen: datetime | None
) -> changes.Document:
    book, setup = change.book, change.setup
    book.close()  # After the day-end that was due.
    leap = _find_time_leap(change.tx, book.id, setup, clock=change.said, first=first)
    if seen is not None and abs(change.said - seen) > log_state.CERTAIN_WITHIN:
        raise RuleError("clock_changed")
    document = _time_leap_document(change.tx, book.id, setup, leap)
    still_open = tickets.open_tickets(change.tx, book.id)
    for day in sorted({ticket.date for ticket in still_open} | {change.date}):
        dayend.end_day(book, setup, change.who, day, at=change.now, time=change.now, open_tickets=still_open)
    book.close()
    kept_appointments = [
        appointment.seq
        for appointment in part_tables.objects_of_days(change.tx, book.id, log_state.APPOINTMENTS, leap.today).values()
        if appointment.state is AppointmentState.GONE and appointment.reserved_until(setup) >= leap.at
    ]
    change.now, change.date, change.skew_s = leap.at, leap.today, 0
    change.record(
        "set-right",
        first=leap.gap.first,
        since=utc_stamp(leap.gap.since),
        was=utc_stamp(leap.was),
        day=leap.day.isoformat(),
        series=document["series"],
        tickets=document["tickets"],
        ratings=document["ratings"],
        appointments=kept_appointments,
    )
    return document


class _LogTimeLeap(Struct, frozen=True, kw_only=True):
    """A leap of the log: its gap and the date after it, the log's end `was`, the true time and date."""

    gap: LogTimeLeap
    day: date
    was: datetime
    at: datetime
    today: date


def _find_time_leap(tx: Transaction, hall: int, setup: Setup, *, clock: datetime, first: int | None) -> _LogTimeLeap:
    log_end = halls.load_hall_row(tx, hall).now
    was = log_end.at
    if was is None or was - clock <= log_state.CERTAIN_WITHIN:
        raise RuleError("log_not_ahead")
    # A log that is ahead has a gap of at least that size. Without one the clock is behind and the log is right.
    least = was - clock - log_state.CERTAIN_WITHIN
    gap = next(
        (
            gap
            for gap in events.time_leaps_of_log(tx, hall, log_end.seq)
            if gap.since - gap.before >= least and first in (None, gap.first)
        ),
        None,
    )
    if gap is None:
        raise RuleError("no_leap", log=setup.to_hall_time(was), clock=setup.to_hall_time(clock))
    at = max(clock, gap.before)
    before = max(business_date(setup, gap.before), business_date(setup, at))
    return _LogTimeLeap(gap=gap, day=business_date(setup, gap.since), was=was, at=at, today=before)


def _time_leap_document(tx: Transaction, hall: int, setup: Setup, leap: _LogTimeLeap) -> changes.Document:
    wrong = log_state.LogSectionWithWrongTime(
        seq=1 << 62, first=leap.gap.first, since=leap.gap.since, day=leap.day, at=leap.at
    )
    removed = [ticket for ticket in tickets.tickets_since_date(tx, hall, leap.day) if wrong.is_ticket_to_remove(ticket)]
    windows = [
        w
        for w in part_tables.objects_of_days(tx, hall, log_state.WINDOWS).values()
        if w.state is not WindowState.CLOSED
    ]
    series: Counter[str] = Counter()
    for (day, prefix), number in tickets.last_numbers_by_series(tx, hall).items():
        if day == leap.today or day in {ticket.date for ticket in removed}:
            series[prefix] = max(series[prefix], number)
    return {
        "first": leap.gap.first,
        "before": changes.iso_local(setup, leap.gap.before),
        "since": changes.iso_local(setup, leap.gap.since),
        "was": changes.iso_local(setup, leap.was),
        "now": changes.iso_local(setup, leap.at),
        "date": leap.today.isoformat(),
        "dates": sorted({ticket.date.isoformat() for ticket in removed}),
        "tickets": len(removed),
        "ratings": sum(ticket.rating is not None for ticket in removed),
        "waiting": sum(ticket.state is TicketState.WAITING for ticket in removed),
        "open": sum(ticket.is_open and ticket.state is not TicketState.WAITING for ticket in removed),
        "windows": len(windows),
        "series": dict(sorted(series.items())),
    }


@changes.runs_in_transaction("day-end")
def end_today(change: changes.HallChange) -> changes.Document:
    """End today's tickets and close every window; nothing is appended when there is nothing to end. Tickets issued
    later that day belong to the same date and continue its numbers."""
    event = dayend.end_day(
        change.book,
        change.setup,
        change.who,
        change.date,
        at=change.now,
        time=change.now,
        open_tickets=tickets.open_tickets(change.tx, change.book.id),
        command=change.command,
    )
    data = event.data if event else {}
    ended = {key: len(data.get(key, ())) for key in ("waiting", "gone", "finished", "windows")}
    return {"date": change.date.isoformat(), **ended}


def end_earlier_open_dates(change: changes.HallChange) -> changes.Document:
    """End open earlier dates (`changes` does that first) and return the date; stations do so regularly."""
    change.current_hall_state()
    return {"date": change.date.isoformat()}


end_due = changes.runs_in_transaction("day-end")(end_earlier_open_dates)
