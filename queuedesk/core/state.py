"""The hall as it stands: what the events have come to, held in memory or in tables."""

from __future__ import annotations

import datetime as clock
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from queuedesk.core.appointment import Appointment, Booked
from queuedesk.core.cards import CardRun
from queuedesk.core.channel import ChannelTotal, Key
from queuedesk.core.device import Device, Outage
from queuedesk.core.device import Key as DeviceKey
from queuedesk.core.event import FIRST_PREV, Event
from queuedesk.core.event_shapes import EARLIEST, LATEST, Fault
from queuedesk.core.fairness import Overtake
from queuedesk.core.hallday import day_begins
from queuedesk.core.help_call import HelpCall
from queuedesk.core.messages import Message
from queuedesk.core.move import MadeMove
from queuedesk.core.opening_checks import Check, Waiver
from queuedesk.core.promise.learned import Learned
from queuedesk.core.promise.tracker import Tracker
from queuedesk.core.remarks import Alarm, DayNote, Offer, Opinion, PushedNotice
from queuedesk.core.setup import Setup
from queuedesk.core.ticket import State, Ticket
from queuedesk.core.window import Shift, Window, WindowState
from queuedesk.core.wrong_time import WrongTime

TicketId = tuple[date, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class HallNow:
    """The hall's own counters. `date` is the latest business date of any change; `normal_calls` counts on `calls_date`."""

    seq: int = 0
    hash: str = FIRST_PREV
    at: datetime | None = None
    date: clock.date | None = None
    normal_calls: int | None = None
    calls_date: clock.date | None = None

    def normal_calls_on(self, day: clock.date) -> int | None:
        """Return normal calls since the last priority call of `day`; None when there was none: the first jump is free."""
        return self.normal_calls if self.calls_date == day else None

    def after(self, event: Event) -> HallNow:
        """Return it after `event`. A business date never goes back: a rating may belong to an earlier one, and paper to any.

        A time that no hall has moves nothing on.
        """
        day = None if event.is_paper else event.date
        return HallNow(
            seq=event.seq,
            hash=event.hash,
            at=event.at if EARLIEST <= event.at < LATEST else self.at,
            date=day if self.date is None or (day is not None and day > self.date) else self.date,
            normal_calls=self.normal_calls,
            calls_date=self.calls_date,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CallMade:
    """One first call of a ticket to a window (also a customer served without a ticket)."""

    seq: int
    time: datetime
    date: date
    label: str
    service: str
    window: str
    staff: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """What a customer said of a finished ticket; credited to its last leg. The comment itself stands outside the log.

    One that is `excluded` was taken out of the figures by a correction.
    """

    date: date
    label: str
    level: int
    time: datetime
    service: str
    window: str | None
    staff: str | None
    tags: tuple[str, ...] = ()
    comment: str | None = None
    attitude: int | None = None
    competence: int | None = None
    reasons: bool = False
    excluded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NotReady:
    """A visitor who came without the papers: no ticket, counted once."""

    seq: int
    date: date
    time: datetime
    service: str
    item: str | None
    guide: str | None


class Board(Protocol):
    """What an event is applied to: the tables inside a transaction, or a station's copy in memory."""

    def ticket(self, id: TicketId) -> Ticket: ...
    def put_ticket(self, ticket: Ticket) -> None: ...
    def window(self, code: str) -> Window: ...
    def put_window(self, window: Window) -> None: ...
    def shift(self, id: int) -> Shift: ...
    def put_shift(self, shift: Shift) -> None: ...
    def rating(self, id: TicketId) -> Rating: ...
    def put_rating(self, rating: Rating) -> None: ...
    def put_series(self, day: date, prefix: str, number: int) -> None: ...
    def put_call(self, call: CallMade) -> None: ...
    def put_overtake(self, overtake: Overtake) -> None: ...
    def put_not_ready(self, entry: NotReady) -> None: ...
    def put_signed_in(self, station: str, staff: str | None) -> None: ...
    def put_offer(self, offer: Offer) -> None: ...
    def put_totals(self, rows: Sequence[tuple[Key, ChannelTotal | None]]) -> None: ...
    def put_pushed(self, notice: PushedNotice) -> None: ...
    def drop_pushed(self, seq: int) -> None: ...
    def put_day_note(self, note: DayNote) -> None: ...
    def drop_day_note(self, seq: int) -> None: ...
    def appointment(self, seq: int) -> Appointment: ...
    def put_appointment(self, one: Appointment) -> None: ...
    def opinion(self, seq: int) -> Opinion: ...
    def put_opinion(self, opinion: Opinion) -> None: ...
    def alarm(self, seq: int) -> Alarm: ...
    def put_alarm(self, alarm: Alarm) -> None: ...
    def drop_alarm(self, seq: int) -> None: ...
    def clear_alarms(self) -> None: ...
    def device(self, key: DeviceKey) -> Device | None: ...
    def put_device(self, device: Device) -> None: ...
    def outage(self, seq: int) -> Outage: ...
    def put_outage(self, outage: Outage) -> None: ...
    def message(self, seq: int) -> Message: ...
    def put_message(self, message: Message) -> None: ...
    def card_run(self, seq: int) -> CardRun: ...
    def put_card_run(self, run: CardRun) -> None: ...
    def help_call(self, seq: int) -> HelpCall: ...
    def put_help_call(self, call: HelpCall) -> None: ...

    def put_move(self, made: MadeMove) -> None: ...
    def put_tracker(self, tracker: Tracker) -> None: ...
    def put_check(self, check: Check) -> None: ...
    def put_waiver(self, waiver: Waiver) -> None: ...
    def drop_wrong_time(self, wrong: WrongTime) -> None: ...
    def hall(self) -> HallNow: ...
    def put_hall(self, now: HallNow) -> None: ...
    def setup(self) -> Setup | None: ...
    def put_setup(self, setup: Setup) -> None: ...


@dataclass
class HallState:
    """The hall in memory: a station starts it from a snapshot and applies the events that follow; a rebuild starts it empty.

    `aside` are the events that were set aside since, by seq. `tickets`, `calls`, `overtakes` and `not_ready` hold what was loaded: a station's snapshot has the current business date only, and of
    other channels' `totals` only what came since. `learned` and `seen`, the last forecast, do not follow from the log.
    """

    setup_now: Setup | None = None
    now: HallNow = HallNow()
    tickets: dict[TicketId, Ticket] = field(default_factory=dict)
    windows: dict[str, Window] = field(default_factory=dict)
    shifts: dict[int, Shift] = field(default_factory=dict)
    ratings: dict[TicketId, Rating] = field(default_factory=dict)
    series: dict[tuple[date, str], int] = field(default_factory=dict)
    calls: list[CallMade] = field(default_factory=list)
    overtakes: list[Overtake] = field(default_factory=list)
    not_ready: list[NotReady] = field(default_factory=list)
    signed_in: dict[str, str] = field(default_factory=dict)
    offers: list[Offer] = field(default_factory=list)
    totals: dict[Key, ChannelTotal] = field(default_factory=dict)
    pushed: list[PushedNotice] = field(default_factory=list)
    day_notes: list[DayNote] = field(default_factory=list)
    opinions: dict[int, Opinion] = field(default_factory=dict)
    appointments: dict[int, Appointment] = field(default_factory=dict)
    alarms: dict[int, Alarm] = field(default_factory=dict)
    devices: dict[DeviceKey, Device] = field(default_factory=dict)
    outages: dict[int, Outage] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    help_calls: dict[int, HelpCall] = field(default_factory=dict)
    card_runs: dict[int, CardRun] = field(default_factory=dict)
    moves: dict[int, MadeMove] = field(default_factory=dict)
    checks: list[Check] = field(default_factory=list)
    waivers: list[Waiver] = field(default_factory=list)
    learned: Learned = field(default_factory=Learned, compare=False)
    tracker: Tracker = field(default_factory=Tracker)
    aside: dict[int, Fault] = field(default_factory=dict, compare=False)
    seen: Any = field(default=None, compare=False, repr=False)

    def ticket(self, id: TicketId) -> Ticket:
        return self.tickets[id]

    def put_ticket(self, ticket: Ticket) -> None:
        self.tickets[ticket.id] = ticket

    def window(self, code: str) -> Window:
        return self.windows.get(code) or Window(code=code)

    def put_window(self, window: Window) -> None:
        self.windows[window.code] = window

    def shift(self, id: int) -> Shift:
        return self.shifts[id]

    def put_shift(self, shift: Shift) -> None:
        self.shifts[shift.id] = shift

    def rating(self, id: TicketId) -> Rating:
        return self.ratings[id]

    def put_rating(self, rating: Rating) -> None:
        self.ratings[(rating.date, rating.label)] = rating

    def put_series(self, day: date, prefix: str, number: int) -> None:
        self.series[(day, prefix)] = number

    def put_call(self, call: CallMade) -> None:
        self.calls.append(call)

    def put_overtake(self, overtake: Overtake) -> None:
        self.overtakes.append(overtake)

    def put_not_ready(self, entry: NotReady) -> None:
        self.not_ready.append(entry)

    def put_signed_in(self, station: str, staff: str | None) -> None:
        if staff is None:
            self.signed_in.pop(station, None)
        else:
            self.signed_in[station] = staff

    def put_offer(self, offer: Offer) -> None:
        self.offers.append(offer)

    def put_totals(self, rows: Sequence[tuple[Key, ChannelTotal | None]]) -> None:
        """Keep what channels reported; None takes a total away."""
        for key, total in rows:
            if total is None:
                self.totals.pop(key, None)
            else:
                self.totals[key] = total

    def put_pushed(self, notice: PushedNotice) -> None:
        self.pushed.append(notice)

    def drop_pushed(self, seq: int) -> None:
        self.pushed = [n for n in self.pushed if n.seq != seq]

    def put_day_note(self, note: DayNote) -> None:
        self.day_notes.append(note)

    def drop_day_note(self, seq: int) -> None:
        self.day_notes = [n for n in self.day_notes if n.seq != seq]

    def appointment(self, seq: int) -> Appointment:
        return self.appointments[seq]

    def put_appointment(self, one: Appointment) -> None:
        self.appointments[one.seq] = one

    def opinion(self, seq: int) -> Opinion:
        return self.opinions[seq]

    def put_opinion(self, opinion: Opinion) -> None:
        self.opinions[opinion.seq] = opinion

    def alarm(self, seq: int) -> Alarm:
        return self.alarms[seq]

    def put_alarm(self, alarm: Alarm) -> None:
        self.alarms[alarm.seq] = alarm

    def drop_alarm(self, seq: int) -> None:
        self.alarms.pop(seq, None)

    def clear_alarms(self) -> None:
        self.alarms.clear()

    def device(self, key: DeviceKey) -> Device | None:
        return self.devices.get(key)

    def put_device(self, device: Device) -> None:
        self.devices[device.key] = device

    def outage(self, seq: int) -> Outage:
        return self.outages[seq]

    def put_outage(self, outage: Outage) -> None:
        self.outages[outage.seq] = outage

    def message(self, seq: int) -> Message:
        return self.messages[seq]

    def put_message(self, message: Message) -> None:
        self.messages[message.seq] = message

    def help_call(self, seq: int) -> HelpCall:
        return self.help_calls[seq]

    def put_help_call(self, call: HelpCall) -> None:
        self.help_calls[call.seq] = call

    def card_run(self, seq: int) -> CardRun:
        return self.card_runs[seq]

    def put_card_run(self, run: CardRun) -> None:
        self.card_runs[run.seq] = run

    def put_move(self, made: MadeMove) -> None:
        self.moves[made.seq] = made

    def put_tracker(self, tracker: Tracker) -> None:
        self.tracker = tracker

    def put_check(self, check: Check) -> None:
        self.checks.append(check)

    def put_waiver(self, waiver: Waiver) -> None:
        self.waivers.append(waiver)

    def drop_wrong_time(self, wrong: WrongTime) -> None:
        """Let go of what a clock that was ahead has made; nobody is called, nothing is open by it. As store/wrong_times.py does with the tables."""
        gone = {ticket.id for ticket in self.tickets.values() if wrong.takes(ticket)}
        self.tickets = {id: wrong.ticket(ticket) for id, ticket in self.tickets.items() if id not in gone}
        self.ratings = {id: one for id, one in self.ratings.items() if id not in gone}
        self.windows = {
            code: wrong.window(one, forgets=one.last in gone) if one.state is WindowState.CLOSED else one
            for code, one in self.windows.items()
        }
        self.shifts = {id: wrong.shift(one) for id, one in self.shifts.items() if not wrong.holds(id, one.date)}
        for name in ("calls", "overtakes", "not_ready", "offers", "checks", "waivers"):
            setattr(self, name, [one for one in getattr(self, name) if not wrong.holds(one.seq, one.date)])
        for name in ("opinions", "messages", "help_calls", "card_runs", "moves"):
            kept = {seq: one for seq, one in getattr(self, name).items() if not wrong.holds(seq, one.date)}
            setattr(self, name, kept)
        self.pushed = [one for one in self.pushed if not wrong.holds(one.seq, one.date)]
        self.appointments = {seq: wrong.appointment(one) for seq, one in self.appointments.items()}
        outages = {seq: wrong.outage(one) for seq, one in self.outages.items()}
        self.outages = {seq: one for seq, one in outages.items() if one is not None}
        self.devices = {key: wrong.device(one) for key, one in self.devices.items()}
        self.alarms.clear()
        self.tracker, self.learned = Tracker(), Learned()

    def hall(self) -> HallNow:
        return self.now

    def put_hall(self, now: HallNow) -> None:
        self.now = now

    def setup(self) -> Setup | None:
        return self.setup_now

    def put_setup(self, setup: Setup) -> None:
        """Take another set-up; what was learned with the last one's services in mind has to be asked for again."""
        self.setup_now = setup
        self.learned = Learned()

    # -- what screens ask ----------------------------------------------------------------------------------------

    def in_state(self, *states: State) -> list[Ticket]:
        """Return today's tickets in any of `states`, longest there first."""
        return sorted(
            (t for t in self.tickets.values() if t.state in states), key=lambda t: (t.since or t.arrived, t.turn)
        )

    def waiting(self) -> list[Ticket]:
        waiting = State.WAITING  # Looked up once: of a day there are a thousand, and each issue asks.
        return [t for t in self.tickets.values() if t.state is waiting]

    def forget_before(self, day: date) -> None:
        """Drop what belongs to earlier dates and is over; a station does so when the date turns."""
        self.tickets = {k: t for k, t in self.tickets.items() if t.date >= day or t.is_open}
        self.ratings = {k: r for k, r in self.ratings.items() if k[0] >= day}
        self.calls = [c for c in self.calls if c.date >= day]
        self.overtakes = [o for o in self.overtakes if o.date >= day]
        self.not_ready = [n for n in self.not_ready if n.date >= day]
        self.offers = [o for o in self.offers if o.date >= day]
        self.day_notes = [n for n in self.day_notes if n.day >= day]
        self.appointments = {k: a for k, a in self.appointments.items() if a.date >= day or a.state is Booked.BOOKED}
        self.opinions = {k: o for k, o in self.opinions.items() if o.date >= day}
        self.moves = {k: m for k, m in self.moves.items() if m.date >= day}
        self.checks = [c for c in self.checks if c.date >= day]
        self.waivers = [w for w in self.waivers if w.date >= day]
        self.series = {k: n for k, n in self.series.items() if k[0] >= day}
        self.shifts = {k: s for k, s in self.shifts.items() if s.date >= day or s.closed is None}
        self.messages = {k: m for k, m in self.messages.items() if m.date >= day or m.is_open}
        self.help_calls = {k: c for k, c in self.help_calls.items() if c.date >= day or c.is_open}
        self.card_runs = {k: r for k, r in self.card_runs.items() if r.date >= day or r.is_open}
        if self.setup_now is not None:
            begins = day_begins(self.setup_now, day)
            self.outages = {k: o for k, o in self.outages.items() if o.end is None or o.end > begins}
