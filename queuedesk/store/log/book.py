"""The tables as an event's board inside one write transaction; the hall as they hold it, and the tables made anew.

The board is read on demand and written back at its end. A station starts with the hall as the tables hold it; a rebuild
makes them anew from the log."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from datetime import date
from functools import partial
from itertools import islice
from operator import attrgetter
from typing import Any, cast

from queuedesk.core.errors import RuleError
from queuedesk.core.log import state as log_state
from queuedesk.core.log.apply import apply_event, apply_or_set_aside, event_kinds_of_feature
from queuedesk.core.log.event import (
    EARLIEST,
    LATEST,
    Event,
    EventFault,
    canonical_json,
    date_of_text,
    owning_feature_name,
    require_storable,
)
from queuedesk.core.queue.hallday import begin_of_day, end_of_day
from queuedesk.core.queue.ticket import Ticket, TicketId, Window
from queuedesk.core.setup.rows import Setup
from queuedesk.core.waits.estimates import Estimates, PromiseBoundFactors
from queuedesk.core.waits.experts import FOLLOWED
from queuedesk.store.engine.server_link import pipelined_writes, run_writes_at_commit
from queuedesk.store.engine.types import Transaction
from queuedesk.store.log import events
from queuedesk.store.parts import halls, part_tables, sharing, tickets
from queuedesk.store.parts.part_tables import FOLLOWING, ROWS
from queuedesk.store.rights.withheld_ratings import may_read_ratings
from queuedesk.store.schema import LEARNED, table_named

_TEXTS = ("service", "window", "staff", "command")
_texts_of = attrgetter(*_TEXTS)
_AT_CLOSE: tuple[log_state.RecordKind[Any, Any], ...] = (log_state.WINDOWS, log_state.OVERTAKES)
"""What changes several times within a change, or is much at once: written at its end, with the tickets. The rest is
written as it comes."""


class HallWriter(log_state.EventTargetBoard):
    """One hall inside an open write transaction. `record` appends an event and applies it, `take_over` an event of
    another database's log; `close` writes the changes."""

    def __init__(self, tx: Transaction, hall: int) -> None:
        self._tx = tx
        self._later: list[Callable[[], None]] = []
        self.id = hall
        row = halls.load_hall_row(tx, hall)
        self._now = row.now
        self._setup: Setup | None = halls.setup_of_hall_row(tx, row) if row.setup_hash else None
        self._tickets: dict[TicketId, Ticket] = {}
        self._stored: dict[TicketId, Ticket] = {}
        self._held: dict[log_state.RecordKind[Any, Any], dict[Any, Any]] = defaultdict(dict)
        self._changed: dict[log_state.RecordKind[Any, Any], dict[Any, Any]] = defaultdict(dict)
        self._series: dict[tuple[date, str], int] = {}
        self._retold: set[date | None] = set()
        self._replays = False

    @property
    def tx(self) -> Transaction:
        """The transaction, in which whoever asks finds all that comes in order; what comes at the close is still to be
        written."""
        if self._later:
            with pipelined_writes(self._tx):
                self._run_deferred_writes()
        return self._tx

    def defer_write(self, write: Callable[[], None]) -> None:
        """Write in order with the rest, at the latest at the close: a server is not waited for each time."""
        self._later.append(write)

    def _run_deferred_writes(self) -> None:
        later, self._later = self._later, []
        for write in later:
            write()

    def record_event(self, event: Event) -> Event:
        """Append `event` with the next seq and its place in the chain, apply it, and return it complete. Raises
        RuleError "bad_value" for a text that not every database can keep, and for a date of years that no log has."""
        for name, text in zip(_TEXTS, _texts_of(event), strict=True):
            if text is not None:
                require_storable(name, text)
        data_text = canonical_json(event.data)
        require_storable("", event.data, data_text)
        if (fault := event.reading_fault()) is not None:
            if (day := date_of_text(event.data.get(fault.field))) is not None:
                years = f"{EARLIEST.year}–{LATEST.year - 1}"
                raise RuleError("bad_value", field="date", value=day.isoformat(), why="out_of_range", limit=years)
            raise ValueError(event.kind, *fault)
        complete = self._append_event(event, data_text)
        apply_event(complete, self)
        return self._remember_retold_date(complete)

    def take_over_event(self, event: Event) -> Event:
        """Append an event of another database's log, whatever it holds: what is in a log stays in it. One that can't be
        applied is set aside."""
        complete = self._append_event(event)
        apply_or_set_aside(complete, self)
        return self._remember_retold_date(complete)

    def replay_log(self, log: Iterable[Event]) -> dict[int, EventFault]:
        """Apply the existing log of a hall whose tables are empty, and write the result; return the events set aside,
        by seq. Memory stays within the changes of one page, however long the log is."""
        aside: dict[int, EventFault] = {}
        self._replays, log = True, iter(log)
        while page := list(islice(log, events.PAGE)):
            for event in page:
                if (fault := apply_or_set_aside(event, self)) is not None:
                    aside[event.seq] = fault
            self.close()
            self._forget_read_tickets()
        return aside

    def _append_event(self, event: Event, data_text: str | None = None) -> Event:
        prev = self._now.hash
        complete = (
            event.with_chain_hash(prev) if data_text is None else event.chained_with_encoded_data(prev, data_text)
        )
        self.defer_write(partial(events.append_event, self._tx, self.id, complete, data_text))
        return complete

    def _remember_retold_date(self, event: Event) -> Event:
        if event.kind == "correct" or event.is_paper:
            self._retold.add(event.date)
        return event

    def close(self) -> None:
        """Write what the recorded events changed since the last time; the transaction is committed by whoever opened
        it."""
        with pipelined_writes(self._tx):
            self._write_changes()

    def close_with_commit(self) -> None:
        """As close(), with the commit: nothing is read any more."""
        run_writes_at_commit(self._tx, self._write_changes)

    def _write_changes(self) -> None:
        tx = self._tx
        self._run_deferred_writes()
        for id, ticket in self._tickets.items():
            before = self._stored.get(id)
            if ticket is not before:
                tickets.save_ticket(tx, self.id, ticket, before)
                self._stored[id] = ticket
        for part in _AT_CLOSE:
            part_tables.save_objects(tx, self.id, part, *self._changed.pop(part, {}).values())
        for (day, prefix), number in self._series.items():
            tickets.save_last_number(tx, self.id, day, prefix, number)
        halls.save_counters(tx, self.id, self._now)
        for day in sorted(when for when in self._retold if when is not None):
            sharing.forget_taught_day(tx, self.id, day)
        self._retold.clear()

    # -- the board ---------------------------------------------------------------------------------------------------

    def find_ticket(self, id: TicketId) -> Ticket | None:
        """Return the ticket as it is now, None if that number was never issued on that date."""
        if id not in self._tickets:
            ticket = tickets.find_ticket(self.tx, self.id, id)
            if ticket is None:
                return None
            self._tickets[id] = self._stored[id] = ticket
        return self._tickets[id]

    def was_ticket_issued(self, id: TicketId) -> bool:
        return id in self._tickets or tickets.was_ticket_issued(self.tx, self.id, id)

    def find_record(self, part: log_state.RecordKind[log_state.K, log_state.T], key: log_state.K) -> log_state.T | None:
        if part is log_state.TICKETS:
            return cast(log_state.T | None, self.find_ticket(cast(TicketId, key)))
        held = self._held[part]
        if key not in held:
            found = part_tables.find_object(self.tx, self.id, part, key)
            if found is None:
                return None
            held[key] = found
        return cast(log_state.T, held[key])

    def put_record(self, part: log_state.RecordKind[log_state.K, log_state.T], one: log_state.T) -> None:
        if isinstance(one, Ticket):
            self._tickets[one.id] = one
            return
        key = part.key_of(one)
        if not part.is_list:
            self._held[part][key] = one
        if part in _AT_CLOSE:
            self._changed[part][key] = one
        else:
            may_read_ratings(self._tx)  # Asked now: nothing is read while writes wait for their answers.
            self.defer_write(partial(part_tables.save_objects, self._tx, self.id, part, one))

    def drop_record(self, part: log_state.RecordKind[log_state.K, log_state.T], key: log_state.K | None = None) -> None:
        self._held.pop(part, None)
        part_tables.delete_objects(self.tx, self.id, part, key)

    def windows(self) -> dict[str, Window]:
        held = self._held[log_state.WINDOWS]
        for code, window in part_tables.objects_of_days(self.tx, self.id, log_state.WINDOWS).items():
            held.setdefault(code, window)
        codes = self._setup.windows if self._setup else ()
        return {code: held.setdefault(code, Window(code=code)) for code in codes}

    def put_series(self, day: date, prefix: str, number: int) -> None:
        self._series[(day, prefix)] = number

    def last_number(self, day: date, prefix: str) -> int | None:
        """Return the last number issued in the series on that date, None if there was none."""
        if (day, prefix) in self._series:
            return self._series[(day, prefix)]
        return tickets.last_number(self.tx, self.id, day, prefix)

    def put_signed_in(self, station: str, staff: str | None) -> None:
        self.defer_write(partial(tickets.save_station_sign_in, self._tx, self.id, station, staff))

    def put_promise_bounds(self, tracker: PromiseBoundFactors) -> None:
        self.defer_write(partial(sharing.save_promise_bound_factors, self._tx, self.id, tracker))

    def drop_wrong_time(self, wrong: log_state.LogSectionWithWrongTime) -> None:
        """As HallState does. What was recorded before is written first, and read again afterwards."""
        self.close()
        events.delete_rows_made_by_wrong_clock(self.tx, self.id, wrong)
        if not self._replays:
            events.forget_wrong_time_traces(self.tx, self.id, wrong)
        self._forget_read_tickets()

    def _forget_read_tickets(self) -> None:
        for known in (self._tickets, self._stored, self._held, self._series):
            known.clear()

    def hall_counters(self) -> log_state.HallCounters:
        return self._now

    def put_hall_counters(self, now: log_state.HallCounters) -> None:
        self._now = now

    def setup(self) -> Setup | None:
        return self._setup

    def put_setup(self, setup: Setup) -> None:
        self._setup = setup
        halls.save_setup(self.tx, self.id, self._now.hash, setup)


RECENT_CALLS = FOLLOWED
"""Today's pace, and what experts say of waits, show in the last calls."""


def hall_state_of_day(tx: Transaction, hall: int, day: date) -> log_state.HallState:
    """Return the hall with the tickets, calls, ratings … of one business date; `now.seq` is where a follower goes on.
    What is still open from earlier dates is included: the day-end that is due will name it."""
    row = halls.load_hall_row(tx, hall)
    setup = halls.setup_of_hall_row(tx, row)
    parts = [part for part in ROWS if part not in (log_state.TOTALS, log_state.OUTAGES, log_state.WINDOWS)]
    there = part_tables.parts_with_rows_or_open(tx, hall, parts, day)
    state = log_state.HallState(
        outages=sharing.outages_between(tx, hall, begin_of_day(setup, day), end_of_day(setup, day)),
        windows=_windows_by_code(tx, hall, setup),
        setup_now=setup,
        now=row.now,
        tickets={
            t.id: t
            for t in [*tickets.open_tickets_on_other_dates(tx, hall, day), *tickets.tickets_of_day(tx, hall, day)]
        },
        series=tickets.last_numbers_by_series(tx, hall, day),
        signed_in=tickets.staff_by_station(tx, hall),
        learned=_estimates_before(tx, row, setup, day),
        tracker=sharing.last_promise_bounds(tx, hall),
    )
    for part in parts:
        state.replace_records(
            part, part.records_in_own_container(_records_of_date_or_open(tx, hall, part, day, there).values())
        )
    return state


def _records_of_date_or_open(
    tx: Transaction,
    hall: int,
    part: log_state.RecordKind[log_state.K, log_state.T],
    day: date,
    there: Set[tuple[str, str]],
) -> dict[log_state.K, log_state.T]:
    """Return what a station holds of a part on `day`: what is of that date, or open, or of no date."""
    still = part_tables.objects_still_open(tx, hall, part) if (part.name, "open") in there else {}
    return still | (part_tables.objects_of_days(tx, hall, part, day, day) if (part.name, "day") in there else {})


def _windows_by_code(tx: Transaction, hall: int, setup: Setup) -> dict[str, Window]:
    return _windows_with_defaults(part_tables.objects_of_days(tx, hall, log_state.WINDOWS), setup)


def _windows_with_defaults(known: Mapping[str, Window], setup: Setup) -> dict[str, Window]:
    return {code: known.get(code) or Window(code=code) for code in setup.windows}


def state_for_quotes(tx: Transaction, hall: int, day: date) -> log_state.HallState:
    """Return what a number and its quoted wait depend on, except what was learned: who is in the hall, the calls of
    `day`, the tickets they called last, its last numbers, windows."""
    row = halls.load_hall_row(tx, hall)
    setup = halls.setup_of_hall_row(tx, row)
    bounds = sharing.last_promise_bounds(tx, hall)
    calls = list(part_tables.objects_of_days(tx, hall, log_state.CALLS, day, day).values())
    recent = {c.label for i, c in enumerate(reversed(calls)) if i < RECENT_CALLS or c.seq > bounds.upto}
    return log_state.HallState(
        setup_now=setup,
        now=row.now,
        tickets={
            t.id: t
            for t in [*tickets.open_tickets(tx, hall), *tickets.tickets_with_labels(tx, hall, day, sorted(recent))]
        },
        windows=_windows_by_code(tx, hall, setup),
        shifts=part_tables.objects_still_open(tx, hall, log_state.SHIFTS)
        | part_tables.objects_of_days(tx, hall, log_state.SHIFTS, day, day),
        calls=calls,
        series=tickets.last_numbers_by_series(tx, hall, day),
        overtakes=list(part_tables.objects_of_days(tx, hall, log_state.OVERTAKES, day, day).values()),
        appointments=part_tables.objects_still_open(tx, hall, log_state.APPOINTMENTS),
        help_calls=part_tables.objects_still_open(tx, hall, log_state.HELP_CALLS),
        tracker=bounds,
    )


def _estimates_before(tx: Transaction, row: halls.HallRow, setup: Setup, day: date) -> Estimates:
    """Return what was learned before `day`; on a date that is over nobody waits, and nothing is told."""
    if row.now.date is not None and day < row.now.date:
        return Estimates()
    return sharing.stored_or_computed_estimates(tx, row.id, setup, row.setup_hash, day)


def state_for_alerts(tx: Transaction, hall: int) -> log_state.HallState:
    """Return only what the hall's alerts depend on, and whom they go to: what is open, windows, the date's series,
    alarms, equipment, who is signed in."""
    row = halls.load_hall_row(tx, hall)
    days = {} if row.now.date is None else {hall: row.now.date}
    state = hall_states_for_alerts(tx, {hall: row.now}, {hall: halls.setup_of_hall_row(tx, row)}, days)[hall]
    state.signed_in = tickets.staff_by_station(tx, hall)
    return state


def hall_states_for_alerts(
    tx: Transaction, now: Mapping[int, log_state.HallCounters], setups: Mapping[int, Setup], days: Mapping[int, date]
) -> dict[int, log_state.HallState]:
    """Return only what the alerts of each of several halls depend on, as one statement of each table gives it for all
    of them; the series are those of the hall's date in `days`."""
    open_now, series = tickets.open_tickets_by_hall(tx, now), tickets.last_numbers_by_hall(tx, days)
    windows, alarms, devices = (
        part_tables.part_objects_by_hall(tx, now, part)
        for part in (log_state.WINDOWS, log_state.ALARMS, log_state.DEVICES)
    )
    return {
        hall: log_state.HallState(
            setup_now=setups[hall],
            now=then,
            tickets={t.id: t for t in open_now[hall]},
            windows=_windows_with_defaults(windows[hall], setups[hall]),
            series=series.get(hall, {}),
            alarms=alarms[hall],
            devices=devices[hall],
        )
        for hall, then in now.items()
    }


def setup_from_log(tx: Transaction, hall: int) -> Setup | None:
    """Return the set-up that results from the log, None if it has none."""
    state = log_state.HallState()
    for event in events.all_events_of_kinds(tx, hall, ("set-up",)):
        apply_or_set_aside(event, state)
    return state.setup_now


def fill_feature_tables_from_log(tx: Transaction, hall: int, parts: Sequence[log_state.RecordKind[Any, Any]]) -> None:
    """Write what the log says of features' parts into their tables, which are new and empty."""
    kinds = {kind for part in parts for kind in event_kinds_of_feature(owning_feature_name(part.name))}
    state = log_state.HallState()
    for event in events.all_events_of_kinds(tx, hall, (*kinds, "set-right")):
        apply_or_set_aside(event, state)
    for part in parts:
        held = state.records_of_part(part)
        part_tables.save_objects(tx, hall, part, *(held if part.is_list else held.values()))


def rebuild_from_log_and_give_faults(tx: Transaction, hall: int) -> dict[int, EventFault]:
    """Empty every table that follows from the log and write it anew, inside the caller's write transaction; return the
    events that can't be applied."""
    for table in map(table_named, (*FOLLOWING, *LEARNED)):
        tx.execute(table.delete().where(table.c.hall == hall))
    halls.reset_hall_row(tx, hall)
    return HallWriter(tx, hall).replay_log(events.all_events(tx, hall))
