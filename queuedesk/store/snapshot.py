"""The hall as the tables hold it: a station's start, and what a rebuild is compared with."""

from __future__ import annotations

from dataclasses import fields
from datetime import date

from queuedesk.core.hallday import day_begins, day_turns
from queuedesk.core.promise.learned import Learned
from queuedesk.core.setup import Setup
from queuedesk.core.state import HallState
from queuedesk.core.whole_event import fold
from queuedesk.core.window import Window
from queuedesk.store import (
    appointments,
    cards,
    channels,
    checks,
    counters,
    devices,
    events,
    halls,
    help_calls,
    learned,
    messages,
    moves,
    remarks,
    tickets,
)
from queuedesk.store.schema import FOLLOWING
from queuedesk.store.schema_promise import LEARNED
from queuedesk.store.transaction import Transaction
from queuedesk.store.types import to_json
from queuedesk.store.values import hall_text

RECENT_CALLS = 100
"""Today's pace shows in the last calls."""


def of_day(tx: Transaction, hall: int, day: date) -> HallState:
    """Return the hall with the tickets, calls, ratings … of one business date; `now.seq` is where a follower goes on.

    What is still open from earlier dates is there too: the day-end that is due will name it.
    """
    row = halls.load(tx, hall)
    setup = halls.setup(tx, row)
    known = counters.all_windows(tx, hall)
    shifts = [*counters.open_shifts(tx, hall), *counters.shifts_of(tx, hall, day)]
    return HallState(
        setup_now=setup,
        now=row.now,
        tickets={t.id: t for t in [*tickets.open_tickets(tx, hall), *tickets.of_day(tx, hall, day)]},
        windows={code: known.get(code) or Window(code=code) for code in setup.windows},
        shifts={s.id: s for s in shifts},
        ratings={(r.date, r.label): r for r in counters.ratings_of(tx, hall, day)},
        series=counters.all_series(tx, hall, day),
        calls=counters.calls_of(tx, hall, day),
        overtakes=counters.overtakes_of(tx, hall, day),
        not_ready=counters.not_ready_of(tx, hall, day),
        signed_in=counters.people_at_stations(tx, hall),
        offers=remarks.offers_of(tx, hall, day),
        pushed=remarks.pushed(tx, hall),
        day_notes=remarks.day_notes_of(tx, hall, day, day),
        opinions=remarks.opinions_of(tx, hall, day),
        appointments={one.seq: one for one in [*appointments.kept(tx, hall), *appointments.of_days(tx, hall, day)]},
        alarms=remarks.alarms(tx, hall),
        devices=devices.devices(tx, hall),
        outages=devices.outages_between(tx, hall, day_begins(setup, day), day_turns(setup, day)),
        messages=messages.still_open(tx, hall) | messages.of_days(tx, hall, day, day),
        help_calls=help_calls.still_open(tx, hall) | help_calls.of_days(tx, hall, day, day),
        card_runs=cards.still_open(tx, hall) | cards.of_days(tx, hall, day, day),
        moves=moves.moves_of(tx, hall, day),
        checks=checks.checks_of(tx, hall, day),
        waivers=checks.waivers_of(tx, hall, day),
        learned=_learned(tx, row, setup, day),
        tracker=learned.tracker(tx, hall),
    )


def of_lines(tx: Transaction, hall: int, day: date) -> HallState:
    """Return what waits are told from, but for what was learned: who is in the hall, the calls of `day`, whom the last of them called, windows."""
    row = halls.load(tx, hall)
    setup = halls.setup(tx, row)
    known = counters.all_windows(tx, hall)
    bounds = learned.tracker(tx, hall)
    calls = counters.calls_of(tx, hall, day)
    recent = {c.label for i, c in enumerate(reversed(calls)) if i < RECENT_CALLS or c.seq > bounds.upto}
    shifts = [*counters.open_shifts(tx, hall), *counters.shifts_of(tx, hall, day)]
    return HallState(
        setup_now=setup,
        now=row.now,
        tickets={t.id: t for t in [*tickets.open_tickets(tx, hall), *tickets.of_labels(tx, hall, day, sorted(recent))]},
        windows={code: known.get(code) or Window(code=code) for code in setup.windows},
        shifts={s.id: s for s in shifts},
        calls=calls,
        overtakes=counters.overtakes_of(tx, hall, day),
        appointments={one.seq: one for one in appointments.kept(tx, hall)},
        help_calls=help_calls.still_open(tx, hall),
        tracker=bounds,
    )


def _learned(tx: Transaction, row: halls.HallRow, setup: Setup, day: date) -> Learned:
    """Return what was learned before `day`; on a date that is over nobody waits, and nothing is told."""
    if row.now.date is not None and day < row.now.date:
        return Learned()
    return learned.of_date(tx, row.id, setup, row.setup_hash, day)


def watched(tx: Transaction, hall: int) -> HallState:
    """Return as little of the hall as its alerts are made from: what is open, windows, the date's series, alarms, equipment."""
    row = halls.load(tx, hall)
    setup = halls.setup(tx, row)
    known = counters.all_windows(tx, hall)
    return HallState(
        setup_now=setup,
        now=row.now,
        tickets={t.id: t for t in tickets.open_tickets(tx, hall)},
        windows={code: known.get(code) or Window(code=code) for code in setup.windows},
        series=counters.all_series(tx, hall, row.now.date) if row.now.date else {},
        alarms=remarks.alarms(tx, hall),
        devices=devices.devices(tx, hall),
    )


def whole(tx: Transaction, hall: int) -> HallState:
    """Return everything that the tables hold of the hall."""
    row = halls.load(tx, hall)
    return HallState(
        setup_now=halls.setup(tx, row),
        now=row.now,
        tickets={t.id: t for t in tickets.everything(tx, hall)},
        windows=counters.all_windows(tx, hall),
        shifts={s.id: s for s in counters.shifts_of(tx, hall)},
        ratings={(r.date, r.label): r for r in counters.ratings_of(tx, hall)},
        series=counters.all_series(tx, hall),
        calls=counters.calls_of(tx, hall),
        overtakes=counters.overtakes_of(tx, hall),
        not_ready=counters.not_ready_of(tx, hall),
        signed_in=counters.people_at_stations(tx, hall),
        offers=remarks.offers_of(tx, hall),
        totals={one.key: one for one in channels.totals(tx, hall)},
        pushed=remarks.pushed(tx, hall),
        day_notes=remarks.day_notes_of(tx, hall),
        opinions=remarks.opinions_of(tx, hall),
        appointments={one.seq: one for one in appointments.of_days(tx, hall)},
        alarms=remarks.alarms(tx, hall),
        devices=devices.devices(tx, hall),
        outages=devices.all_outages(tx, hall),
        messages=messages.of_days(tx, hall),
        help_calls=help_calls.of_days(tx, hall),
        card_runs=cards.of_days(tx, hall),
        moves=moves.moves_of(tx, hall),
        checks=checks.checks_of(tx, hall),
        waivers=checks.waivers_of(tx, hall),
        tracker=learned.tracker(tx, hall),
    )


def from_log(tx: Transaction, hall: int) -> HallState:
    """Return what the log alone comes to, with the events in `aside` that can't be applied."""
    state = HallState()
    for event in events.all_of(tx, hall):
        fault = fold(event, state)
        if fault is not None:
            state.aside[event.seq] = fault
    state.overtakes.sort(key=lambda o: (o.seq, o.label))
    return state


def differences(tables: HallState, log: HallState) -> list[str]:
    """Return the names of the parts in which the tables do not follow from the log; empty when all do."""
    different = []
    for part in (part for part in fields(HallState) if part.compare):
        left, right = getattr(tables, part.name), getattr(log, part.name)
        if part.name == "setup_now":
            left, right = left and left.document, right and right.document
        if left != right:
            different.append(part.name)
    return different


def strange_row(tx: Transaction, hall: int, log: HallState) -> list[str]:
    """Return what the tables hold that no state has and that does not follow from the log: code, set-up's text and hash, whom messages wait for."""
    told, from_event, text = hall_text(tx, hall)
    setup = log.setup_now
    last = next((event.hash for event in reversed(list(events.of_kinds(tx, hall, ("set-up",))))), "")
    wanted = ("", "", "{}") if setup is None else (setup.hall.code, last, to_json(dict(setup.document)))
    found = zip(("code", "setup_hash", "setup"), (told, from_event, text), wanted, strict=True)
    strange = [name for name, here, there in found if here != there]
    return [*strange, "messages"] if messages.is_open_amiss(tx, hall) else strange


def rebuild(tx: Transaction, hall: int) -> None:
    """Throw away every table that follows from the log and write it anew, inside the caller's write transaction."""
    state = from_log(tx, hall)
    for table in (*FOLLOWING, *LEARNED):
        tx.execute(table.delete().where(table.c.hall == hall))
    for ticket in state.tickets.values():
        tickets.save(tx, hall, ticket, None)
    for window in state.windows.values():
        counters.save_window(tx, hall, window)
    for shift in state.shifts.values():
        counters.save_shift(tx, hall, shift)
    for rating in state.ratings.values():
        counters.save_rating(tx, hall, rating)
    for (day, prefix), number in state.series.items():
        counters.save_series(tx, hall, day, prefix, number)
    for call in state.calls:
        counters.add_call(tx, hall, call)
    counters.add_overtakes(tx, hall, state.overtakes)
    for entry in state.not_ready:
        counters.add_not_ready(tx, hall, entry)
    for station, staff in state.signed_in.items():
        counters.save_signed_in(tx, hall, station, staff)
    for offer in state.offers:
        remarks.add_offer(tx, hall, offer)
    channels.save(tx, hall, list(state.totals.items()))
    for notice in state.pushed:
        remarks.add_pushed(tx, hall, notice)
    for note in state.day_notes:
        remarks.add_day_note(tx, hall, note)
    for opinion in state.opinions.values():
        remarks.save_opinion(tx, hall, opinion)
    for one in state.appointments.values():
        appointments.save(tx, hall, one)
    for alarm in state.alarms.values():
        remarks.save_alarm(tx, hall, alarm)
    for device in state.devices.values():
        devices.save(tx, hall, device)
    for outage in state.outages.values():
        devices.save_outage(tx, hall, outage)
    for message in state.messages.values():
        messages.save(tx, hall, message)
    for call_for_help in state.help_calls.values():
        help_calls.save(tx, hall, call_for_help)
    for run in state.card_runs.values():
        cards.save(tx, hall, run)
    for made in state.moves.values():
        moves.add_move(tx, hall, made)
    for check in state.checks:
        checks.add_check(tx, hall, check)
    for waiver in state.waivers:
        checks.add_waiver(tx, hall, waiver)
    if state.tracker.date is not None:
        learned.save_tracker(tx, hall, state.tracker)
    halls.save(tx, hall, state.now)
    if state.setup_now is not None:
        hash = next(e.hash for e in reversed(list(events.all_of(tx, hall))) if e.kind == "set-up")
        halls.save_setup(tx, hall, hash, state.setup_now)
