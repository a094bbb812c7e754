"""Records how each call was shown and spoken, outside the log."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from msgspec import Struct

from queuedesk.core.queue.hallday import business_date
from queuedesk.core.queue.ticket import TicketState
from queuedesk.core.setup.rows import Setup
from queuedesk.core.talk.announcement import SILENT, AnnouncementRecord
from queuedesk.desk.change import Desk, Document, iso_local
from queuedesk.store.log import journal
from queuedesk.store.log.journal import CallWithOutcome
from queuedesk.store.parts import halls, tickets

ANNOUNCED_WITHIN = timedelta(seconds=30)
"""Working displays and voices report a call much sooner."""


class AnnouncementReport(Struct, frozen=True, kw_only=True):
    """A station's result for a call. `link` made the sound; "none": a voice tried and nothing was spoken."""

    station: str
    shown: datetime | None = None
    spoken: datetime | None = None
    link: str | None = None

    @property
    def is_silent(self) -> bool:
        return self.link == SILENT


def record_call_shown(desk: Desk, seq: int, station: str, now: datetime) -> None:
    """Record that `station` has shown the call `seq`. Raises OutsideError."""
    with desk.db.write(desk.hall) as tx:
        journal.save_announcement_result(tx, desk.hall, seq, station, shown=now)


def record_call_announcement_result(
    desk: Desk,
    seq: int,
    station: str,
    now: datetime,
    *,
    link: str | None,
    text: str | None = None,
    sound_ms: int | None = None,
    delay_ms: int | None = None,
    cause: str | None = None,
) -> None:
    """Record that the voice of `station` spoke the call or notice `seq` by `link`, as `text`; link None: it stayed
    silent because of `cause`. `delay_ms` is how long after the picture its sound began. Raises OutsideError."""
    with desk.db.write(desk.hall) as tx:
        journal.save_announcement_result(
            tx,
            desk.hall,
            seq,
            station,
            spoken=now if link else None,
            link=link or SILENT,
            text=text,
            sound_ms=sound_ms,
            delay_ms=delay_ms,
            cause=None if link else cause,
        )


def announcement_reports_of_call(desk: Desk, seq: int) -> list[AnnouncementReport]:
    """Return the stations' results for the call `seq` so far."""
    with desk.db.read() as tx:
        rows = journal.call_announcement_results(tx, desk.hall, seq)
    return [
        AnnouncementReport(station=name, shown=moment, spoken=spoken, link=link) for name, moment, spoken, link in rows
    ]


def announcements_of_day(desk: Desk, day: date, since: int = 0) -> list[AnnouncementRecord]:
    """Return how calls and spoken notices of a business date from the seq `since` on were shown and spoken, in order.
    Raises OutsideError."""
    with desk.db.read() as tx:
        return journal.announcement_records_of_day(tx, desk.hall, day, since)


def announcement_documents_of_day(desk: Desk, day: date) -> list[Document]:
    """Return announcements_of_day() as documents: times on the hall's clock, lengths in ms. Raises OutsideError."""
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        records = journal.announcement_records_of_day(tx, desk.hall, day)
    return [announcement_document(setup, record) for record in records]


def announcement_document(setup: Setup, record: AnnouncementRecord) -> Document:
    return {
        "seq": record.seq,
        "kind": record.kind,
        "ticket": record.ticket,
        "window": record.window,
        "shown": iso_local(setup, record.shown),
        "spoken": iso_local(setup, record.spoken),
        "station": record.station,
        "link": record.link,
        "text": record.text,
        "sound_ms": record.sound_ms,
        "delay_ms": record.delay_ms,
        "cause": record.cause,
    }


def unannounced_recent_calls(desk: Desk, now: datetime, within: timedelta) -> list[CallWithOutcome]:
    """Return recent calls for a display that restarts after a crash: from the last `within`, not shown, or neither
    spoken nor given up, with the customer still on the way. Only the latest call of a ticket is included."""
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        latest = {call.ticket: call for call in journal.calls_with_outcomes(tx, desk.hall, business_date(setup, now))}
        called = {t.label for t in tickets.open_tickets(tx, desk.hall) if t.state is TicketState.CALLED}
    return [
        call
        for call in latest.values()
        if call.ticket in called
        and now - call.time < within
        and (call.shown is None or (call.spoken is None and not call.silent))
    ]


class UnheardCall(Struct, frozen=True, kw_only=True):
    """A call that failed to reach the hall: `shown` but not spoken, or neither. `run` is the seq of the first in an
    unbroken run of calls that no station announced; for a shown call it is its own."""

    seq: int
    run: int
    ticket: str
    window: str
    time: datetime
    shown: bool


def unheard_calls(desk: Desk, day: date, now: datetime, ticket: str | None = None) -> list[UnheardCall]:
    """Return the calls of a business date, or of one ticket, that no voice could speak or no station announced. None in
    a simulated hall; where calls are only shown, only those not shown. Raises OutsideError."""
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        calls = journal.calls_with_outcomes(tx, desk.hall, day, ticket)
    if setup.hall.simulated:
        return []
    result = find_unheard_calls(calls, now, timedelta(seconds=setup.setting_as_int("call_gap_s")))
    return result if setup.voice.spoken else [call for call in result if not call.shown]


def find_unheard_calls(calls: Iterable[CallWithOutcome], now: datetime, gap: timedelta) -> list[UnheardCall]:
    """Return the calls (given in order) that failed to be spoken or announced, as known at `now`. A recall sooner than
    `gap` after the ticket's previous call is ignored: the voice skips it."""
    result: list[UnheardCall] = []
    due_from: dict[str, datetime] = {}
    run: int | None = None
    for call in calls:
        if call.paper:
            continue
        last = call.time + ANNOUNCED_WITHIN
        reached = [moment for moment in (call.shown, call.spoken) if moment is not None and moment <= last]
        is_due = call.kind != "recall" or call.time >= due_from.get(call.ticket, call.time)
        if is_due:
            due_from[call.ticket] = call.time + gap
        if not reached and not call.silent:
            if now < last or not is_due:
                continue
            run = run or call.seq
            result.append(_unheard_call(call, run, shown=False))
            continue
        run = None
        if call.silent and call.spoken is None:
            result.append(_unheard_call(call, call.seq, shown=True))
    return result


def _unheard_call(call: CallWithOutcome, run: int, *, shown: bool) -> UnheardCall:
    return UnheardCall(seq=call.seq, run=run, ticket=call.ticket, window=call.window, time=call.time, shown=shown)
