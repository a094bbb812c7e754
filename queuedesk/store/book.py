"""The tables as an event's board: read on demand inside one write transaction, written back at its end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from queuedesk.core.apply import apply
from queuedesk.core.appointment import Appointment
from queuedesk.core.cards import CardRun
from queuedesk.core.channel import ChannelTotal, Key
from queuedesk.core.device import Device, Outage
from queuedesk.core.device import Key as DeviceKey
from queuedesk.core.event import Event
from queuedesk.core.fairness import Overtake
from queuedesk.core.help_call import HelpCall
from queuedesk.core.messages import Message
from queuedesk.core.move import MadeMove
from queuedesk.core.opening_checks import Check, Waiver
from queuedesk.core.promise.tracker import Tracker
from queuedesk.core.remarks import Alarm, DayNote, Offer, Opinion, PushedNotice
from queuedesk.core.setup import Setup
from queuedesk.core.state import CallMade, HallNow, NotReady, Rating, TicketId
from queuedesk.core.storable import must_be_storable
from queuedesk.core.ticket import Ticket
from queuedesk.core.whole_event import fold
from queuedesk.core.window import Shift, Window
from queuedesk.core.wrong_time import WrongTime
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
    wrong_times,
)
from queuedesk.store.server_link import together
from queuedesk.store.transaction import Transaction


class Book:
    """One hall inside an open write transaction. `record` appends an event and applies it, `take_over` one of another database's log; `close` writes what changed."""

    def __init__(self, tx: Transaction, hall: int) -> None:
        self.tx = tx
        self.id = hall
        row = halls.load(tx, hall)
        self._now = row.now
        self._setup: Setup | None = halls.setup(tx, row) if row.setup_hash else None
        self._tickets: dict[TicketId, Ticket] = {}
        self._stored: dict[TicketId, Ticket] = {}
        self._windows: dict[str, Window] = {}
        self._shifts: dict[int, Shift] = {}
        self._changed_windows: set[str] = set()
        self._overtakes: list[Overtake] = []
        self._series: dict[tuple[date, str], int] = {}
        self._retold: set[date | None] = set()

    def record(self, event: Event) -> Event:
        """Append `event` with the next seq and its place in the chain, apply it, and return it complete.

        Raises RuleError "bad_value" for a text that not every database can keep.
        """
        must_be_storable("", {name: getattr(event, name) for name in ("service", "window", "staff", "command")})
        must_be_storable("", event.data)
        if (fault := event.fault()) is not None:
            raise ValueError(event.kind, *fault)
        complete = self._append(event)
        apply(complete, self)
        return self._noted(complete)

    def take_over(self, event: Event) -> Event:
        """Append an event that another database has in its log, whatever it holds: what is in a log stays in it. What can't be applied is set aside."""
        complete = self._append(event)
        fold(complete, self)
        return self._noted(complete)

    def _append(self, event: Event) -> Event:
        complete = event.chained(self._now.hash)
        events.append(self.tx, self.id, complete)
        return complete

    def _noted(self, event: Event) -> Event:
        if event.kind == "correct" or event.is_paper:
            self._retold.add(event.date)
        return event

    def close(self) -> None:
        """Write what the recorded events changed since the last time; the transaction is committed by whoever opened it."""
        with together(self.tx):
            for id, ticket in self._tickets.items():
                before = self._stored.get(id)
                if ticket is not before:
                    tickets.save(self.tx, self.id, ticket, before)
                    self._stored[id] = ticket
            for code in sorted(self._changed_windows):
                counters.save_window(self.tx, self.id, self._windows[code])
            self._changed_windows.clear()
            for (day, prefix), number in self._series.items():
                counters.save_series(self.tx, self.id, day, prefix, number)
            counters.add_overtakes(self.tx, self.id, self._overtakes)
            self._overtakes.clear()
            halls.save(self.tx, self.id, self._now)
        for day in sorted(one for one in self._retold if one is not None):
            learned.forget(self.tx, self.id, day)
        self._retold.clear()

    # -- the board ---------------------------------------------------------------------------------------------------

    def known(self, id: TicketId) -> Ticket | None:
        """Return the ticket as it now stands, None when that number was never given on that date."""
        if id not in self._tickets:
            found = tickets.find(self.tx, self.id, id)
            if found is None:
                return None
            self._tickets[id] = self._stored[id] = found
        return self._tickets[id]

    def ticket(self, id: TicketId) -> Ticket:
        found = self.known(id)
        if found is None:
            raise KeyError(id)
        return found

    def put_ticket(self, ticket: Ticket) -> None:
        self._tickets[ticket.id] = ticket

    def window(self, code: str) -> Window:
        if code not in self._windows:
            self._windows[code] = counters.window(self.tx, self.id, code)
        return self._windows[code]

    def windows(self) -> dict[str, Window]:
        """Return every window of the set-up as it stands."""
        for code, window in counters.all_windows(self.tx, self.id).items():
            self._windows.setdefault(code, window)
        codes = self._setup.windows if self._setup else ()
        return {code: self._windows.setdefault(code, Window(code=code)) for code in codes}

    def put_window(self, window: Window) -> None:
        self._windows[window.code] = window
        self._changed_windows.add(window.code)

    def shift(self, id: int) -> Shift:
        return self._shifts.get(id) or counters.shift(self.tx, self.id, id)

    def put_shift(self, shift: Shift) -> None:
        self._shifts[shift.id] = shift
        counters.save_shift(self.tx, self.id, shift)

    def rating(self, id: TicketId) -> Rating:
        found = counters.rating(self.tx, self.id, id)
        if found is None:
            raise KeyError(id)
        return found

    def put_rating(self, rating: Rating) -> None:
        counters.save_rating(self.tx, self.id, rating)

    def put_series(self, day: date, prefix: str, number: int) -> None:
        self._series[(day, prefix)] = number

    def last_number(self, day: date, prefix: str) -> int | None:
        """Return the last number given in the series on that date, None when none was."""
        if (day, prefix) in self._series:
            return self._series[(day, prefix)]
        return counters.last_number(self.tx, self.id, day, prefix)

    def put_call(self, call: CallMade) -> None:
        counters.add_call(self.tx, self.id, call)

    def put_overtake(self, overtake: Overtake) -> None:
        self._overtakes.append(overtake)

    def put_not_ready(self, entry: NotReady) -> None:
        counters.add_not_ready(self.tx, self.id, entry)

    def put_signed_in(self, station: str, staff: str | None) -> None:
        counters.save_signed_in(self.tx, self.id, station, staff)

    def put_offer(self, offer: Offer) -> None:
        remarks.add_offer(self.tx, self.id, offer)

    def put_totals(self, rows: Sequence[tuple[Key, ChannelTotal | None]]) -> None:
        channels.save(self.tx, self.id, rows)

    def put_pushed(self, notice: PushedNotice) -> None:
        remarks.add_pushed(self.tx, self.id, notice)

    def drop_pushed(self, seq: int) -> None:
        remarks.drop_pushed(self.tx, self.id, seq)

    def put_day_note(self, note: DayNote) -> None:
        remarks.add_day_note(self.tx, self.id, note)

    def drop_day_note(self, seq: int) -> None:
        remarks.drop_day_note(self.tx, self.id, seq)

    def appointment(self, seq: int) -> Appointment:
        found = appointments.find(self.tx, self.id, seq)
        if found is None:
            raise KeyError(seq)
        return found

    def put_appointment(self, one: Appointment) -> None:
        appointments.save(self.tx, self.id, one)

    def opinion(self, seq: int) -> Opinion:
        found = remarks.opinion(self.tx, self.id, seq)
        if found is None:
            raise KeyError(seq)
        return found

    def put_opinion(self, opinion: Opinion) -> None:
        remarks.save_opinion(self.tx, self.id, opinion)

    def alarm(self, seq: int) -> Alarm:
        return remarks.alarms(self.tx, self.id)[seq]

    def put_alarm(self, alarm: Alarm) -> None:
        remarks.save_alarm(self.tx, self.id, alarm)

    def drop_alarm(self, seq: int) -> None:
        remarks.drop_alarm(self.tx, self.id, seq)

    def clear_alarms(self) -> None:
        remarks.drop_alarm(self.tx, self.id, None)

    def device(self, key: DeviceKey) -> Device | None:
        return devices.find(self.tx, self.id, key)

    def put_device(self, device: Device) -> None:
        devices.save(self.tx, self.id, device)

    def outage(self, seq: int) -> Outage:
        return devices.outage(self.tx, self.id, seq)

    def put_outage(self, outage: Outage) -> None:
        devices.save_outage(self.tx, self.id, outage)

    def message(self, seq: int) -> Message:
        found = messages.find(self.tx, self.id, seq)
        if found is None:
            raise KeyError(seq)
        return found

    def put_message(self, message: Message) -> None:
        messages.save(self.tx, self.id, message)

    def help_call(self, seq: int) -> HelpCall:
        found = help_calls.find(self.tx, self.id, seq)
        if found is None:
            raise KeyError(seq)
        return found

    def put_help_call(self, call: HelpCall) -> None:
        help_calls.save(self.tx, self.id, call)

    def card_run(self, seq: int) -> CardRun:
        found = cards.find(self.tx, self.id, seq)
        if found is None:
            raise KeyError(seq)
        return found

    def put_card_run(self, run: CardRun) -> None:
        cards.save(self.tx, self.id, run)

    def put_move(self, made: MadeMove) -> None:
        moves.add_move(self.tx, self.id, made)

    def put_tracker(self, tracker: Tracker) -> None:
        learned.save_tracker(self.tx, self.id, tracker)

    def put_check(self, check: Check) -> None:
        checks.add_check(self.tx, self.id, check)

    def put_waiver(self, waiver: Waiver) -> None:
        checks.add_waiver(self.tx, self.id, waiver)

    def drop_wrong_time(self, wrong: WrongTime) -> None:
        """As HallState does. What was recorded before is written first, and read anew after."""
        self.close()
        wrong_times.take_out(self.tx, self.id, wrong)
        for known in (self._tickets, self._stored, self._windows, self._shifts, self._series):
            known.clear()

    def hall(self) -> HallNow:
        return self._now

    def put_hall(self, now: HallNow) -> None:
        self._now = now

    def setup(self) -> Setup | None:
        return self._setup

    def put_setup(self, setup: Setup) -> None:
        self._setup = setup
        halls.save_setup(self.tx, self.id, self._now.hash, setup)
