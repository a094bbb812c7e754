"""Ends a business day: at its hour, before the first write after it, or by command; never by a doubtful clock."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from queuedesk.core.log.event import Event
from queuedesk.core.log.state import (
    APPOINTMENTS,
    CARD_RUNS,
    CERTAIN_WITHIN,
    HELP_CALLS,
    PUSHED,
    WINDOWS,
    HallCounters,
    UnconfirmedClockJump,
    longest_allowed_idle_time,
)
from queuedesk.core.network.roles import HALL, Actor
from queuedesk.core.queue.hallday import begin_of_day, business_date, end_of_day
from queuedesk.core.queue.ticket import Ticket, TicketState, WindowState
from queuedesk.core.setup.rows import Setup
from queuedesk.store.engine.types import Transaction
from queuedesk.store.log import events, journal
from queuedesk.store.log.book import HallWriter
from queuedesk.store.parts import part_tables, sharing, tickets


def end_earlier_days_and_delete_due(book: HallWriter, setup: Setup, today: date, now: datetime) -> None:
    """End earlier dates that still have open tickets, open windows or people at stations, each at the hour it turned;
    delete contacts and customers' words whose time to delete has come, whether a station runs or not."""
    last = book.hall_counters().date
    if last is None or last >= today:
        return
    left = [t for t in tickets.open_tickets(book.tx, book.id) if t.date < today]
    for day in sorted({t.date for t in left} | {last}):
        end_day(book, setup, HALL, day, at=now, time=min(end_of_day(setup, day), now), open_tickets=left)
    journal.delete_expired_contacts(book.tx, book.id, today)
    if due := customer_word_ids_to_delete(book.tx, book.id, setup, today):
        journal.delete_words_by_id(book.tx, book.id, due)


def customer_word_ids_to_delete(tx: Transaction, hall: int, setup: Setup, today: date) -> set[str]:
    """Return the ids of customers' words past the time for which the hall keeps them."""
    days = setup.setting_as_int("words_days")
    return (
        journal.word_ids_due_for_deletion(tx, hall, begin_of_day(setup, today - timedelta(days=days)))
        if days
        else set()
    )


def end_day(
    book: HallWriter,
    setup: Setup,
    who: Actor,
    day: date,
    *,
    at: datetime,
    time: datetime,
    open_tickets: list[Ticket],
    command: str | None = None,
) -> Event | None:
    """Append and apply the day-end of `day`; None when there is nothing to end."""
    events.delete_person_number_keys(book.tx, book.id)
    states: dict[TicketState, list[str]] = {}
    for ticket in open_tickets:
        if ticket.date == day:
            states.setdefault(ticket.state, []).append(ticket.label)
    waiting = sorted(states.get(TicketState.WAITING, []))
    gone = sorted(states.get(TicketState.MISSED, []) + states.get(TicketState.CALLED, []))
    finished = sorted(states.get(TicketState.SERVING, []) + states.get(TicketState.PARKED, []))
    windows = sorted(code for code, w in book.windows().items() if w.state is not WindowState.CLOSED)
    stations = sorted(tickets.staff_by_station(book.tx, book.id))
    notices = [n.seq for n in part_tables.objects_of_days(book.tx, book.id, PUSHED).values() if n.date <= day]
    helpless = [
        call.seq for call in part_tables.objects_still_open(book.tx, book.id, HELP_CALLS).values() if call.date <= day
    ]
    opened = [
        run.seq for run in part_tables.objects_still_open(book.tx, book.id, CARD_RUNS).values() if run.date <= day
    ]
    # A day ended by hand at noon keeps the afternoon's appointments, because the same date goes on.
    booked = [a for a in part_tables.objects_still_open(book.tx, book.id, APPOINTMENTS).values() if a.date <= day]
    missed = [a.seq for a in booked if time >= min(a.reserved_until(setup), end_of_day(setup, a.date))]
    if not (waiting or gone or finished or windows or stations or notices or helpless or opened or missed):
        return None
    data: dict[str, object] = {
        "date": day.isoformat(),
        "waiting": waiting,
        "gone": gone,
        "finished": finished,
        "windows": windows,
        "stations": stations,
    }
    if notices:
        data["notices"] = notices
    if helpless:
        data["help_calls"] = helpless
    if opened:
        data["cards"] = opened
    if missed:
        data["appointments"] = missed
    if setup.settings["overnight"] == "early_place":
        data["early"] = True
    events.delete_old_station_answers(book.tx, book.id, day)
    return book.record_event(
        Event(
            seq=book.hall_counters().seq + 1,
            at=at,
            time=time,
            kind="day-end",
            actor=who.name,
            command=command,
            data=data,
        )
    )


# -- doubtful times: a wrong clock must not end a day ------------------------------------------------------------------


def doubt_about_time(
    tx: Transaction, hall: int, setup: Setup, stands: HallCounters, *, now: datetime, since: datetime, was_set: bool
) -> UnconfirmedClockJump | None:
    """Return why it is uncertain that `now` is right; None where it is certain, or a wrong time would do no harm.
    `since`: the time is confirmed from then on, by a process of this PC or by the clocks of two PCs. A station's sign
    of life after the log's end confirms it too, but not one after `now`, which comes from a wrong clock."""
    if stands.at is None or stands.date is None or setup.hall.simulated or since - stands.at <= CERTAIN_WITHIN:
        return None
    signs = [sign for sign in sharing.last_signs_by_station(tx, hall).values() if stands.at < sign <= now]
    last = max(signs, default=stands.at)
    if since - last <= CERTAIN_WITHIN:
        return None
    today = business_date(setup, now)
    affected = [t for t in tickets.open_tickets(tx, hall) if t.date < today or was_set]
    waiting = sum(t.state is TicketState.WAITING for t in affected)
    windows = sum(w.state is not WindowState.CLOSED for w in part_tables.objects_of_days(tx, hall, WINDOWS).values())
    booked = [
        a for a in part_tables.objects_still_open(tx, hall, APPOINTMENTS).values() if stands.date < a.date < today
    ]
    ends_something = bool(affected or windows or booked) if today > stands.date or was_set else False
    holidays = sum(
        setup.to_hall_time(last).date() < day <= today for day in setup.calendar.days if setup.calendar.is_closed(day)
    )
    if not ends_something and since - last <= longest_allowed_idle_time(holidays):
        return None
    return UnconfirmedClockJump(
        last=setup.to_hall_time(last),
        now=setup.to_hall_time(now),
        waiting=waiting,
        open=len(affected) - waiting,
        windows=windows,
        appointments=len(booked),
        was_set=was_set,
        holidays=holidays,
    )
