"""Records what became of each call on screens and by voice, outside the log."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from msgspec import Struct

from queuedesk.core.queue.hallday import business_date
from queuedesk.core.queue.ticket import State
from queuedesk.core.setup.rows import Setup
from queuedesk.core.talk.announcement import SILENT, AnnouncementRecord
from queuedesk.desk.change import Desk, Document, iso
from queuedesk.store.log import journal
from queuedesk.store.log.journal import CallSent
from queuedesk.store.parts import halls, tickets

ANNOUNCED_WITHIN = timedelta(seconds=30)
"""A display and a voice that work have reported a call long before."""


class AnnouncementReport(Struct, frozen=True, kw_only=True):
    """What one station did with a call. `link` is what made the sound; "none" when a voice tried and nothing was
    spoken."""

    station: str
    shown: datetime | None = None
    spoken: datetime | None = None
    link: str | None = None

    @property
    def is_silent(self) -> bool:
        """Whether a voice tried and nothing was spoken."""
        return self.link == SILENT


def note_shown(desk: Desk, seq: int, station: str, now: datetime) -> None:
    """Note that `station` has drawn the call `seq`. Raises OutsideError."""
    with desk.db.write(desk.hall) as tx:
        journal.announced(tx, desk.hall, seq, station, shown=now)


def note_spoken(
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
    """Note that the voice of `station` has said the call or notice `seq` by `link`, as `text`; None: it stayed silent
    because of `cause`.

    `delay_ms` is how long after the picture its sound began. Raises OutsideError.
    """
    with desk.db.write(desk.hall) as tx:
        journal.announced(
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


def announced(desk: Desk, seq: int) -> list[AnnouncementReport]:
    """Return what stations have done with the call `seq` so far."""
    with desk.db.read() as tx:
        rows = journal.announcement(tx, desk.hall, seq)
    return [
        AnnouncementReport(station=name, shown=moment, spoken=spoken, link=link) for name, moment, spoken, link in rows
    ]


def said_on(desk: Desk, day: date, since: int = 0) -> list[AnnouncementRecord]:
    """Return what voice and displays did with the calls and spoken notices of a business date from the seq `since` on,
    in order. Raises OutsideError."""
    with desk.db.read() as tx:
        return journal.said_on(tx, desk.hall, day, since)


def said_rows(desk: Desk, day: date) -> list[Document]:
    """Return the same as documents: moments on the hall's clock, lengths in milliseconds. Raises OutsideError."""
    with desk.db.read() as tx:
        setup = halls.setup(tx, halls.load(tx, desk.hall))
        records = journal.said_on(tx, desk.hall, day)
    return [said_document(setup, record) for record in records]


def said_document(setup: Setup, one: AnnouncementRecord) -> Document:
    return {
        "seq": one.seq,
        "kind": one.kind,
        "ticket": one.ticket,
        "window": one.window,
        "shown": iso(setup, one.shown),
        "spoken": iso(setup, one.spoken),
        "station": one.station,
        "link": one.link,
        "text": one.text,
        "sound_ms": one.sound_ms,
        "delay_ms": one.delay_ms,
        "cause": one.cause,
    }


def left_over(desk: Desk, now: datetime, within: timedelta) -> list[CallSent]:
    """Return the calls of the last `within` that no screen showed, or no voice said or gave up, and whose customers may
    still be on their way. A display that comes back after a crash catches up on them. Only the latest call of a ticket
    is included."""
    with desk.db.read() as tx:
        setup = halls.setup(tx, halls.load(tx, desk.hall))
        latest = {call.ticket: call for call in journal.calls_sent(tx, desk.hall, business_date(setup, now))}
        called = {t.label for t in tickets.open_tickets(tx, desk.hall) if t.state is State.CALLED}
    return [
        call
        for call in latest.values()
        if call.ticket in called
        and now - call.time < within
        and (call.shown is None or (call.spoken is None and not call.silent))
    ]


class Unheard(Struct, frozen=True, kw_only=True):
    """A call that the hall did not get as it should: `shown` but not spoken, or neither. `run` is the seq of the first
    call of an unbroken run of calls that no station announced; for a shown call it is its own."""

    seq: int
    run: int
    ticket: str
    window: str
    time: datetime
    shown: bool


def unheard(desk: Desk, day: date, now: datetime, ticket: str | None = None) -> list[Unheard]:
    """Return the calls of a business date that a voice could not say or that no station announced, of one ticket if
    named; none in a simulated hall, and of one whose calls are only shown those that were not. Raises OutsideError."""
    with desk.db.read() as tx:
        setup = halls.setup(tx, halls.load(tx, desk.hall))
        calls = journal.calls_sent(tx, desk.hall, day, ticket)
    if setup.hall.simulated:
        return []
    unheards = unheard_of(calls, now, timedelta(seconds=setup.number("call_gap_s")))
    return unheards if setup.voice.spoken else [call for call in unheards if not call.shown]


def unheard_of(calls: Iterable[CallSent], now: datetime, gap: timedelta) -> list[Unheard]:
    """Return which of `calls` (in order) nobody could hear, or even see, as far as known at `now`.

    A recall sooner than `gap` after the ticket's previous call is ignored: the voice skips it.
    """
    unheards: list[Unheard] = []
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
            unheards.append(_unheard(call, run, shown=False))
            continue
        run = None
        if call.silent and call.spoken is None:
            unheards.append(_unheard(call, call.seq, shown=True))
    return unheards


def _unheard(call: CallSent, run: int, *, shown: bool) -> Unheard:
    return Unheard(seq=call.seq, run=run, ticket=call.ticket, window=call.window, time=call.time, shown=shown)
