"""The current state of a hall, its parts, and the boards that hold it: in memory, and for a day recorded on paper.

Also doubts about a hall's time, and the repair of records that were made by a clock that was ahead."""

from __future__ import annotations

import datetime as clock
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable
from copy import copy
from dataclasses import dataclass, field, fields
from datetime import date, datetime, timedelta
from functools import cached_property, partial
from operator import attrgetter
from typing import Any, Generic, TypeVar, cast

from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core import appraisal as appraisals
from queuedesk.core import errors, imports
from queuedesk.core.improvement.project import Project, WordingTrial
from queuedesk.core.log.event import EARLIEST, FIRST_PREV, LATEST, Event, EventFault
from queuedesk.core.quality.case import Case, CommentReadMark, Rectification, SpokenComment
from queuedesk.core.quality.inspection import Briefing, Inspection, SignedOpeningOrClosing
from queuedesk.core.quality.thanks import Forum, Thanks
from queuedesk.core.queue import ticket as ticket_records
from queuedesk.core.queue.appointment import Appointment, AppointmentState
from queuedesk.core.queue.dispatch import Overtake
from queuedesk.core.queue.hallday import begin_of_day
from queuedesk.core.setup.rows import Setup
from queuedesk.core.setup.sentences import CardRun
from queuedesk.core.staffing.roster import AnsweredMove
from queuedesk.core.talk.device import CheckWaiver, Device, DeviceCheck, Outage
from queuedesk.core.talk.device import Key as DeviceKey
from queuedesk.core.talk.messages import HelpCall, Message
from queuedesk.core.talk.remarks import Alarm, ChannelOffer, DayNote, PushedNotice, TicketlessOpinion
from queuedesk.core.waits.estimates import Estimates, PromiseBoundFactors

K = TypeVar("K")
T = TypeVar("T", bound=Struct)


def _is_open_never(_object: Any) -> bool:
    return False


class RecordKind(Struct, Generic[K, T], frozen=True, eq=False, dict=True):
    """One kind of record: instances of `kind`, in HallState under `name` as a list that only grows or a dictionary by
    key. `key` are the identifying fields: the key is their value, or the tuple of their values. `day` is the field with
    the business date, None for records without a date, which stay until they are dropped. Open records stay in memory
    after their date: those whose field `open_while` is None, else by `is_open`. `goes`: records made by a clock that
    was ahead are removed when the time is set right; their first key is then the seq of the event that made them."""

    name: str
    kind: type[T]
    key: tuple[str, ...] = ("seq",)
    day: str | None = "date"
    is_open: Callable[[T], bool] = _is_open_never
    open_while: str = ""
    is_list: bool = False
    goes: bool = True

    @cached_property
    def key_of(self) -> Callable[[T], K]:
        return cast(Callable[[T], K], attrgetter(*self.key))

    def records_by_key(self, records: Iterable[T]) -> dict[K, T]:
        return {self.key_of(record): record for record in records}

    def records_in_own_container(self, records: Iterable[T]) -> Any:
        """Return records in the container that HallState uses for this part."""
        return list(records) if self.is_list else self.records_by_key(records)

    def is_still_kept(self, day: date, record: T) -> bool:
        """Whether a record is still kept in memory on the business date `day`."""
        return self.day is None or getattr(record, self.day) >= day or self.is_record_open(record)

    def is_record_open(self, record: T) -> bool:
        return getattr(record, self.open_while) is None if self.open_while else self.is_open(record)


CERTAIN_WITHIN = timedelta(minutes=15)
"""A gap in the log up to this long needs no confirmation, and clocks that differ by less count as equal."""
LONGEST_QUIET = timedelta(days=4)
"""A closed hall may be idle this long (a weekend and a holiday) before the time has to be confirmed."""
SKEW_TOLD = timedelta(minutes=2)
"""A PC's clock that is wrong by this much is reported."""


def longest_allowed_idle_time(holidays: int) -> timedelta:
    """Return how long a closed hall may be idle without confirmation, with `holidays` in the calendar meanwhile."""
    return LONGEST_QUIET + timedelta(days=holidays)


class UnconfirmedClockJump(Struct, frozen=True, kw_only=True):
    """An unconfirmed jump of a clock to `now` from `last`, the log's end or a station's later sign of life; both are
    local times of the hall. `waiting`, further `open` tickets, `windows` not closed and `appointments` count what a
    day-end at `now` would end; `holidays` those of the calendar in between."""

    last: datetime
    now: datetime
    waiting: int = 0
    open: int = 0
    windows: int = 0
    appointments: int = 0
    was_set: bool = False
    holidays: int = 0

    @property
    def is_beyond_idle_gap(self) -> bool:
        """Whether it is longer than longest_allowed_idle_time(), so that a manager has to confirm it."""
        return self.now - self.last > longest_allowed_idle_time(self.holidays)

    def clock_ahead_error(self) -> errors.RuleError:
        """Return the error for commands given before the time is confirmed."""
        return errors.RuleError("clock_ahead", doubt=self)


class TimesOfLogAheadOfClock(Struct, frozen=True, kw_only=True):
    """A log that ends at `log`, well after what the clock says (`clock`); local times of the hall."""

    log: datetime
    clock: datetime


def certain_clock_skew(asked: datetime, by: datetime, answered: datetime) -> timedelta:
    """Return by how much a PC's clock is certainly ahead of another (negative: behind), zero if it may be right. The
    PC's clock said `asked` before the other clock was read as `by`, and `answered` after it: the time in transit does
    not count as skew."""
    if by < asked:
        return asked - by
    return answered - by if by > answered else timedelta()


def clock_skew_cause(skew: timedelta, known: str | None) -> str | None:
    """Return the cause text of a clock that is wrong by `skew`, "ahead 7" or "behind 7" in minutes; None below
    SKEW_TOLD. The `known` text is kept while its minutes are between half and one and a half times the skew, so that a
    clock that runs fast is not reported every minute."""
    if abs(skew) < SKEW_TOLD:
        return None
    way, minutes = "ahead" if skew > timedelta() else "behind", round(abs(skew) / timedelta(minutes=1))
    before = skew_direction_and_minutes(known)
    if before is not None and before[0] == way and before[1] / 2 <= minutes <= before[1] * 1.5:
        return known
    return f"{way} {minutes}"


def skew_direction_and_minutes(cause: str | None) -> tuple[str, int] | None:
    """Parse a text of clock_skew_cause() into direction and minutes; None for any other cause."""
    way, _blank, minutes = (cause or "").partition(" ")
    return (way, int(minutes)) if way in ("ahead", "behind") and minutes.isdecimal() else None


# -- the repair of records made by a clock that was ahead --------------------------------------------------------------


class LogSectionWithWrongTime(Struct, frozen=True, kw_only=True):
    """A section of the log with times that are ahead: from the event `first`, with the time `since` and the business
    date `day`, up to the event `seq`, which sets the time right. `at` is the true time of `seq`. `appointments` are the
    seqs of those that lapsed on dates that had not come yet."""

    seq: int
    first: int
    since: datetime
    day: clock.date
    at: datetime
    appointments: frozenset[int] = frozenset()

    @classmethod
    def from_event(cls, event: Event) -> LogSectionWithWrongTime:
        data = event.data
        return cls(
            seq=event.seq,
            first=data["first"],
            since=datetime.fromisoformat(data["since"]),
            day=clock.date.fromisoformat(data["day"]),
            at=event.at,
            appointments=frozenset(data.get("appointments") or ()),
        )

    def is_record_to_remove(self, seq: int, day: clock.date) -> bool:
        """Whether a record made by the event `seq` for the business date `day` is to be removed. Records entered from
        paper have earlier dates and stay."""
        return self.first <= seq < self.seq and day >= self.day

    def is_record_to_keep(self, part: RecordKind[Any, Any], record: Any) -> bool:
        """Whether a record of a part was made by a clock that was right, and stays."""
        return not self.is_record_to_remove(getattr(record, part.key[0]), record.date)

    def is_ticket_to_remove(self, ticket: ticket_records.Ticket) -> bool:
        """Whether a ticket was issued by the wrong clock, and is removed."""
        return self.is_record_to_remove(ticket.seq, ticket.date) and not ticket.is_paper

    def repaired_ticket(self, ticket: ticket_records.Ticket) -> ticket_records.Ticket:
        """Return an earlier ticket repaired: flagged as inaccurate (left out of averages) if the wrong clock set one of
        its times, and with no end later than now."""
        if ticket.seq >= self.first or ticket.is_paper:
            return ticket
        legs = tuple(self._leg_with_capped_times(leg) for leg in ticket.legs)
        flags = (
            ticket.flags | {"inaccurate"}
            if any(self._is_any_leg_time_wrong(leg) for leg in ticket.legs)
            else ticket.flags
        )
        repaired = replace(ticket, legs=legs, flags=flags, since=self.moment_capped_at_true_time(ticket.since))
        return ticket if repaired == ticket else repaired

    def _leg_with_capped_times(self, leg: ticket_records.Leg) -> ticket_records.Leg:
        is_inaccurate = leg.inaccurate or self._is_any_leg_time_wrong(leg)
        return replace(
            leg,
            ended=self.moment_capped_at_true_time(leg.ended),
            finished=self.moment_capped_at_true_time(leg.finished),
            inaccurate=is_inaccurate,
        )

    def _is_any_leg_time_wrong(self, leg: ticket_records.Leg) -> bool:
        return any(time is not None and time >= self.since for time in (leg.joined, leg.called, leg.started, leg.ended))

    def repaired_shift(self, shift: ticket_records.Shift) -> ticket_records.Shift:
        """Return a shift repaired: no end later than now."""
        if shift.closed is None or shift.closed <= self.at:
            return shift
        pauses = tuple(replace(pause, end=self.moment_capped_at_true_time(pause.end)) for pause in shift.pauses)
        lent = tuple(replace(row, end=self.moment_capped_at_true_time(row.end)) for row in shift.lent)
        return replace(shift, closed=self.at, pauses=pauses, lent=lent)

    def moment_capped_at_true_time(self, time: datetime | None) -> datetime | None:
        return time if time is None or time <= self.at else self.at

    def repaired_window(self, window: ticket_records.Window, *, forgets: bool) -> ticket_records.Window:
        """Return a closed window repaired; `forgets` removes its last ticket."""
        since = None if window.since is None else min(window.since, self.at)
        return replace(window, since=since, last=None if forgets else window.last)

    def repaired_outage(self, outage: Outage) -> Outage | None:
        """Return an outage repaired, None for one that began and ended by the wrong clock."""
        if outage.end is None:
            return replace(outage, start=min(outage.start, self.at))
        if outage.end < self.since:
            return outage
        return None if outage.seq >= self.first else replace(outage, end=max(outage.start, self.at))

    def repaired_device(self, device: Device) -> Device:
        return replace(device, known=min(device.known, self.at), since=min(device.since, self.at))

    def repaired_appointment(self, appointment: Appointment) -> Appointment:
        """Return an appointment, booked again if it lapsed on a wrong date."""
        has_lapsed = appointment.seq in self.appointments and appointment.state is AppointmentState.GONE
        return replace(appointment, state=AppointmentState.BOOKED) if has_lapsed else appointment


class HallCounters(Struct, frozen=True, kw_only=True):
    """The hall's counters. `seq`, `hash` and `at` are those of the last event, `date` is the latest business date of
    any change; `normal_calls` counts on `calls_date`."""

    seq: int = 0
    hash: str = FIRST_PREV
    at: datetime | None = None
    date: clock.date | None = None
    normal_calls: int | None = None
    calls_date: clock.date | None = None

    def normal_calls_since_priority_call(self, day: clock.date) -> int | None:
        """Return the normal calls of `day` since its last priority call, None before the first: that jump is free."""
        return self.normal_calls if self.calls_date == day else None

    def after_event(self, event: Event) -> HallCounters:
        """Return the counters after `event`. The business date never goes back (ratings may belong to an earlier date,
        paper to any); a time out of range is ignored."""
        day = None if event.is_paper else event.date
        return HallCounters(
            seq=event.seq,
            hash=event.hash,
            at=event.at if EARLIEST <= event.at < LATEST else self.at,
            date=day if self.date is None or (day is not None and day > self.date) else self.date,
            normal_calls=self.normal_calls,
            calls_date=self.calls_date,
        )


TICKETS: RecordKind[ticket_records.TicketId, ticket_records.Ticket] = RecordKind(
    "tickets", ticket_records.Ticket, key=("date", "label"), is_open=lambda ticket: ticket.is_open, goes=False
)
WINDOWS: RecordKind[str, ticket_records.Window] = RecordKind(
    "windows", ticket_records.Window, key=("code",), day=None, goes=False
)
SHIFTS: RecordKind[int, ticket_records.Shift] = RecordKind(
    "shifts", ticket_records.Shift, key=("id",), open_while="closed"
)
RATINGS: RecordKind[ticket_records.TicketId, ticket_records.Rating] = RecordKind(
    "ratings", ticket_records.Rating, key=("date", "label"), goes=False
)
CALLS: RecordKind[int, ticket_records.WindowCall] = RecordKind("calls", ticket_records.WindowCall, is_list=True)
OVERTAKES: RecordKind[tuple[int, date, str], Overtake] = RecordKind(
    "overtakes", Overtake, key=("seq", "date", "label"), is_list=True
)
NOT_READY: RecordKind[int, ticket_records.VisitorLackingPapers] = RecordKind(
    "not_ready", ticket_records.VisitorLackingPapers, is_list=True
)
OFFERS: RecordKind[int, ChannelOffer] = RecordKind("offers", ChannelOffer, is_list=True)
TOTALS: RecordKind[imports.Key, imports.ChannelTotal] = RecordKind(
    "totals", imports.ChannelTotal, key=("channel", "site", "service", "first", "last"), day=None, goes=False
)
PUSHED: RecordKind[int, PushedNotice] = RecordKind("pushed", PushedNotice, day=None, is_list=True)
DAY_NOTES: RecordKind[int, DayNote] = RecordKind("day_notes", DayNote, day="day", is_list=True, goes=False)
OPINIONS: RecordKind[int, TicketlessOpinion] = RecordKind("opinions", TicketlessOpinion)
APPOINTMENTS: RecordKind[int, Appointment] = RecordKind(
    "appointments", Appointment, is_open=lambda appointment: appointment.state is AppointmentState.BOOKED, goes=False
)
ALARMS: RecordKind[int, Alarm] = RecordKind("alarms", Alarm, day=None, goes=False)
DEVICES: RecordKind[DeviceKey, Device] = RecordKind("devices", Device, key=("device", "station"), day=None, goes=False)
OUTAGES: RecordKind[int, Outage] = RecordKind("outages", Outage, day=None, goes=False)
MESSAGES: RecordKind[int, Message] = RecordKind(
    "messages", Message, is_open=lambda message: message.is_unread_by_addressee
)
HELP_CALLS: RecordKind[int, HelpCall] = RecordKind("help_calls", HelpCall, open_while="ended")
CARD_RUNS: RecordKind[int, CardRun] = RecordKind("card_runs", CardRun, open_while="ended")
MOVES: RecordKind[int, AnsweredMove] = RecordKind("moves", AnsweredMove)
CHECKS: RecordKind[int, DeviceCheck] = RecordKind("checks", DeviceCheck, is_list=True)
WAIVERS: RecordKind[int, CheckWaiver] = RecordKind("waivers", CheckWaiver, is_list=True)
SPOKEN_COMMENTS: RecordKind[int, SpokenComment] = RecordKind("spoken_comments", SpokenComment, is_list=True)
READ_COMMENTS: RecordKind[str, CommentReadMark] = RecordKind("read_comments", CommentReadMark, key=("id",), goes=False)
CASES: RecordKind[int, Case] = RecordKind("cases", Case, open_while="closed")
INSPECTIONS: RecordKind[int, Inspection] = RecordKind(
    "inspections", Inspection, is_open=lambda inspection: inspection.is_open
)
RECTIFICATIONS: RecordKind[int, Rectification] = RecordKind(
    "rectifications", Rectification, is_open=lambda fix: fix.is_open
)
FORUMS: RecordKind[int, Forum] = RecordKind("forums", Forum)
THANKS: RecordKind[int, Thanks] = RecordKind("thanks", Thanks, open_while="seen")
BRIEFINGS: RecordKind[int, Briefing] = RecordKind("briefings", Briefing)
OPENINGS: RecordKind[int, SignedOpeningOrClosing] = RecordKind("openings", SignedOpeningOrClosing)
DISPUTES: RecordKind[int, appraisals.SheetDispute] = RecordKind(
    "disputes", appraisals.SheetDispute, open_while="decided"
)
PROJECTS: RecordKind[int, Project] = RecordKind("projects", Project, open_while="ended")
WORDINGS: RecordKind[int, WordingTrial] = RecordKind("wordings", WordingTrial, open_while="ended")
TRAININGS: RecordKind[int, appraisals.TrainingSession] = RecordKind("trainings", appraisals.TrainingSession)
NAMED_NEEDS: RecordKind[int, appraisals.PersonBehindNeedRequest] = RecordKind(
    "named_needs", appraisals.PersonBehindNeedRequest, open_while="seen"
)
CLOSINGS: RecordKind[int, appraisals.AppraisalMonthClosing] = RecordKind("closings", appraisals.AppraisalMonthClosing)
PARTS: list[RecordKind[Any, Any]] = [part for part in list(vars().values()) if isinstance(part, RecordKind)]
"""All parts, those of features at the end. store/parts/part_tables.py maps each to its table."""
ADDED: list[RecordKind[Any, Any]] = []
"""The parts of features (apply.py), which HallState has in `added` by their names."""


class EventTargetBoard(ABC):
    """The target of events: the tables inside a transaction, or a station's copy in memory."""

    @abstractmethod
    def find_record(self, part: RecordKind[K, T], key: K) -> T | None:
        """Return one record in its current state, None if there is none."""

    @abstractmethod
    def put_record(self, part: RecordKind[K, T], record: T) -> None:
        """Add a record, or replace the one with its key."""

    @abstractmethod
    def drop_record(self, part: RecordKind[K, T], key: K | None = None) -> None:
        """Remove one record, or without a key all of them."""

    @abstractmethod
    def put_series(self, day: date, prefix: str, number: int) -> None: ...
    @abstractmethod
    def put_signed_in(self, station: str, staff: str | None) -> None: ...
    @abstractmethod
    def put_promise_bounds(self, tracker: PromiseBoundFactors) -> None: ...
    @abstractmethod
    def drop_wrong_time(self, wrong: LogSectionWithWrongTime) -> None: ...
    @abstractmethod
    def hall_counters(self) -> HallCounters: ...
    @abstractmethod
    def put_hall_counters(self, now: HallCounters) -> None: ...
    @abstractmethod
    def setup(self) -> Setup | None: ...
    @abstractmethod
    def put_setup(self, setup: Setup) -> None: ...

    def get_record(self, part: RecordKind[K, T], key: K) -> T:
        """Return one record in its current state. Raises KeyError."""
        record = self.find_record(part, key)
        if record is None:
            raise KeyError(part.name, key)
        return record

    def window(self, code: str) -> ticket_records.Window:
        """Return a window in its current state; one that was never opened is closed."""
        return self.find_record(WINDOWS, code) or ticket_records.Window(code=code)


class OpenAndCreditedTicketIndex:
    """An index of `tickets`, so that an issue need not scan a day's thousand: those that are `open`, in the order of
    `tickets`, and those `with_credit`. `changed` are the ids put since core/waits/live.py emptied it, `moved` since
    core/waits/experts.py did."""

    __slots__ = ("changed", "moved", "open", "tickets", "with_credit")

    def __init__(self, tickets: dict[ticket_records.TicketId, ticket_records.Ticket]) -> None:
        self.tickets = tickets
        self.open = {id: ticket for id, ticket in tickets.items() if ticket.state in ticket_records.OPEN_STATES}
        self.with_credit = {id: ticket for id, ticket in tickets.items() if ticket.credit_s > 0}
        self.changed: set[ticket_records.TicketId] = set()
        self.moved: set[ticket_records.TicketId] = set()

    def try_index_ticket(self, ticket: ticket_records.Ticket) -> bool:
        """Index a ticket that is about to be put. False for one that is open again: the index must be built anew, as
        its position in the order is not known."""
        id = ticket.id
        self.changed.add(id)
        self.moved.add(id)
        if ticket.state not in ticket_records.OPEN_STATES:
            self.open.pop(id, None)
        elif id in self.tickets and id not in self.open:
            return False
        else:
            self.open[id] = ticket
        if ticket.credit_s > 0:
            self.with_credit[id] = ticket
        else:
            self.with_credit.pop(id, None)
        return True


@dataclass
class HallState(EventTargetBoard):
    """The hall in memory. A station starts from a snapshot and applies the events that follow; a rebuild starts empty.
    `aside` are the faults of events set aside since, by seq. A snapshot holds only the current business date of
    `tickets`, `calls`, `overtakes` and `not_ready`, and of other channels' `totals` only later ones. Not derived from
    the log: `learned`, `seen` (the last forecast), `visits` (those of the last calls) and `experts` (fitted to them).
    Tickets change by put_record() and drop_record(), or all at once, when `tickets` becomes another dictionary. Parts
    of features are in `added` by name; records_of_part() returns the records of any part."""

    setup_now: Setup | None = None
    now: HallCounters = field(default_factory=HallCounters)
    tickets: dict[ticket_records.TicketId, ticket_records.Ticket] = field(default_factory=dict)
    windows: dict[str, ticket_records.Window] = field(default_factory=dict)
    shifts: dict[int, ticket_records.Shift] = field(default_factory=dict)
    ratings: dict[ticket_records.TicketId, ticket_records.Rating] = field(default_factory=dict)
    series: dict[tuple[date, str], int] = field(default_factory=dict)
    calls: list[ticket_records.WindowCall] = field(default_factory=list)
    overtakes: list[Overtake] = field(default_factory=list)
    not_ready: list[ticket_records.VisitorLackingPapers] = field(default_factory=list)
    signed_in: dict[str, str] = field(default_factory=dict)
    offers: list[ChannelOffer] = field(default_factory=list)
    totals: dict[imports.Key, imports.ChannelTotal] = field(default_factory=dict)
    pushed: list[PushedNotice] = field(default_factory=list)
    day_notes: list[DayNote] = field(default_factory=list)
    opinions: dict[int, TicketlessOpinion] = field(default_factory=dict)
    appointments: dict[int, Appointment] = field(default_factory=dict)
    alarms: dict[int, Alarm] = field(default_factory=dict)
    devices: dict[DeviceKey, Device] = field(default_factory=dict)
    outages: dict[int, Outage] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    help_calls: dict[int, HelpCall] = field(default_factory=dict)
    card_runs: dict[int, CardRun] = field(default_factory=dict)
    moves: dict[int, AnsweredMove] = field(default_factory=dict)
    checks: list[DeviceCheck] = field(default_factory=list)
    waivers: list[CheckWaiver] = field(default_factory=list)
    spoken_comments: list[SpokenComment] = field(default_factory=list)
    read_comments: dict[str, CommentReadMark] = field(default_factory=dict)
    cases: dict[int, Case] = field(default_factory=dict)
    inspections: dict[int, Inspection] = field(default_factory=dict)
    rectifications: dict[int, Rectification] = field(default_factory=dict)
    forums: dict[int, Forum] = field(default_factory=dict)
    thanks: dict[int, Thanks] = field(default_factory=dict)
    briefings: dict[int, Briefing] = field(default_factory=dict)
    openings: dict[int, SignedOpeningOrClosing] = field(default_factory=dict)
    disputes: dict[int, appraisals.SheetDispute] = field(default_factory=dict)
    projects: dict[int, Project] = field(default_factory=dict)
    wordings: dict[int, WordingTrial] = field(default_factory=dict)
    trainings: dict[int, appraisals.TrainingSession] = field(default_factory=dict)
    named_needs: dict[int, appraisals.PersonBehindNeedRequest] = field(default_factory=dict)
    closings: dict[int, appraisals.AppraisalMonthClosing] = field(default_factory=dict)
    added: dict[str, Any] = field(
        default_factory=lambda: {part.name: part.records_in_own_container(()) for part in ADDED}
    )
    learned: Estimates = field(default_factory=Estimates, compare=False)
    tracker: PromiseBoundFactors = field(default_factory=PromiseBoundFactors)
    aside: dict[int, EventFault] = field(default_factory=dict, compare=False)
    seen: Any = field(default=None, compare=False, repr=False)
    visits: Any = field(default=None, compare=False, repr=False)
    experts: Any = field(default=None, compare=False, repr=False)
    _in_hall: OpenAndCreditedTicketIndex | None = field(default=None, init=False, compare=False, repr=False)

    def frozen_copy(self) -> HallState:
        """Return a copy for another thread, which events applied here later do not change."""
        still = copy(self)
        for attribute in fields(self):
            value = getattr(self, attribute.name)
            if isinstance(value, dict | list):  # Their items are immutable.
                setattr(still, attribute.name, value.copy())
        still.added = {name: records.copy() for name, records in self.added.items()}
        still._in_hall = still.visits = still.experts = None
        return still

    def records_of_part(self, part: RecordKind[K, T]) -> Any:
        """Return the records of a part, a list or a dictionary by key; only put_record() and drop_record() may change
        it."""
        added = self.added.get(part.name)
        return getattr(self, part.name) if added is None else added

    def replace_records(self, part: RecordKind[K, T], held: Any) -> None:
        """Replace the records of a part; the caller must not change the container afterwards."""
        if part.name in self.added:
            self.added[part.name] = held
        else:
            setattr(self, part.name, held)

    def find_record(self, part: RecordKind[K, T], key: K) -> T | None:
        held = self.records_of_part(part)
        if part.is_list:
            return next((record for record in held if part.key_of(record) == key), None)
        record: T | None = held.get(key)
        return record

    def put_record(self, part: RecordKind[K, T], record: T) -> None:
        if part.is_list:
            self.records_of_part(part).append(record)
            return
        if isinstance(record, ticket_records.Ticket):
            hall = self._in_hall
            if hall is not None and (hall.tickets is not self.tickets or not hall.try_index_ticket(record)):
                self._in_hall = None
        self.records_of_part(part)[part.key_of(record)] = record

    def drop_record(self, part: RecordKind[K, T], key: K | None = None) -> None:
        held = self.records_of_part(part)
        if held is self.tickets:
            self._in_hall = None
        if key is None:
            held.clear()
        elif part.is_list:
            self._keep_matching_records(part, lambda record: part.key_of(record) != key)
        else:
            held.pop(key, None)

    def put_series(self, day: date, prefix: str, number: int) -> None:
        self.series[(day, prefix)] = number

    def put_signed_in(self, station: str, staff: str | None) -> None:
        if staff is None:
            self.signed_in.pop(station, None)
        else:
            self.signed_in[station] = staff

    def put_promise_bounds(self, tracker: PromiseBoundFactors) -> None:
        self.tracker = tracker

    def drop_wrong_time(self, wrong: LogSectionWithWrongTime) -> None:
        """Remove the records made by a clock that was ahead, as store/log/events.py does in the tables. No window is
        open and nobody is called then."""
        gone = {ticket.id for ticket in self.tickets.values() if wrong.is_ticket_to_remove(ticket)}
        self.tickets = {id: wrong.repaired_ticket(ticket) for id, ticket in self.tickets.items() if id not in gone}
        self.ratings = {id: rating for id, rating in self.ratings.items() if id not in gone}
        self.windows = {
            code: wrong.repaired_window(window, forgets=window.last in gone)
            if window.state is ticket_records.WindowState.CLOSED
            else window
            for code, window in self.windows.items()
        }
        for part in (part for part in PARTS if part.goes):
            self._keep_matching_records(part, partial(wrong.is_record_to_keep, part))
        self.shifts = {id: wrong.repaired_shift(shift) for id, shift in self.shifts.items()}
        self.appointments = {
            seq: wrong.repaired_appointment(appointment) for seq, appointment in self.appointments.items()
        }
        outages = {seq: wrong.repaired_outage(outage) for seq, outage in self.outages.items()}
        self.outages = {seq: outage for seq, outage in outages.items() if outage is not None}
        self.devices = {key: wrong.repaired_device(device) for key, device in self.devices.items()}
        self.alarms.clear()
        self.tracker, self.learned = PromiseBoundFactors(), Estimates()

    def hall_counters(self) -> HallCounters:
        return self.now

    def put_hall_counters(self, now: HallCounters) -> None:
        self.now = now

    def setup(self) -> Setup | None:
        return self.setup_now

    def put_setup(self, setup: Setup) -> None:
        """Replace the set-up and drop the estimates, which were made for the former services."""
        self.setup_now = setup
        self.learned = Estimates()

    # -- queries of screens --------------------------------------------------------------------------------------

    def tickets_in_state(self, *states: ticket_records.TicketState) -> list[ticket_records.Ticket]:
        """Return the tickets in any of `states`, longest in its state first."""
        tickets = self.open_tickets() if ticket_records.OPEN_STATES.issuperset(states) else self.tickets.values()
        return sorted((t for t in tickets if t.state in states), key=lambda t: (t.since or t.arrived, t.turn))

    def waiting_tickets(self) -> list[ticket_records.Ticket]:
        waiting = ticket_records.TicketState.WAITING
        return [t for t in self.open_tickets() if t.state is waiting]

    def open_tickets(self) -> Collection[ticket_records.Ticket]:
        """Return the tickets of people in the hall, in the order of `tickets`."""
        return self.ticket_index().open.values()

    def tickets_with_credit(self) -> Collection[ticket_records.Ticket]:
        return self.ticket_index().with_credit.values()

    def ticket_index(self) -> OpenAndCreditedTicketIndex:
        """Return the index of tickets: the same object while only put_record() changes them and none is opened
        again."""
        index = self._in_hall
        if index is None or index.tickets is not self.tickets:
            index = self._in_hall = OpenAndCreditedTicketIndex(self.tickets)
        return index

    def drop_closed_records_before(self, day: date) -> None:
        """Drop the records of earlier dates that are not open; stations call this when the business date changes."""
        for part in (part for part in PARTS if part.day is not None):
            self._keep_matching_records(part, partial(part.is_still_kept, day))
        self.series = {k: n for k, n in self.series.items() if k[0] >= day}
        if self.setup_now is not None:
            begins = begin_of_day(self.setup_now, day)
            self.outages = {k: o for k, o in self.outages.items() if o.end is None or o.end > begins}

    def _keep_matching_records(self, part: RecordKind[K, T], is_kept: Callable[[T], bool]) -> None:
        held = self.records_of_part(part)
        self.replace_records(
            part,
            [record for record in held if is_kept(record)]
            if part.is_list
            else {key: record for key, record in held.items() if is_kept(record)},
        )


# -- the board for a day recorded on paper: its events change that day's records and nothing that is live --------------

FLAG = "paper"
"""The mark of such an event in its data, and of such a ticket among its flags."""

# The parts that are written through, and the live ones that are left unchanged.
_PAPER_PARTS: tuple[RecordKind[Any, Any], ...] = (TICKETS, SHIFTS, RATINGS, OVERTAKES, NOT_READY)
_LIVE_PARTS: tuple[RecordKind[Any, Any], ...] = (WINDOWS, CALLS, ALARMS)


class BoardForPaperDayEvents(EventTargetBoard):
    """A board for events of a day recorded on paper. Tickets, shifts, ratings, overtakes and visitors without papers
    are written through. A window is the shift that the event names. The hall's counters, series, calls on displays,
    sign-ins and alarms are left unchanged. An event that can't be of such a day raises LookupError."""

    def __init__(self, board: EventTargetBoard, event: Event) -> None:
        self._board = board
        self._event = event

    def find_record(self, part: RecordKind[K, T], key: K) -> T | None:
        return self._board.find_record(_require_paper_part(part), key)

    def put_record(self, part: RecordKind[K, T], record: T) -> None:
        if isinstance(record, ticket_records.Ticket):
            record = replace(record, flags=record.flags | {FLAG})
        if part not in _LIVE_PARTS:
            self._board.put_record(_require_paper_part(part), record)

    def drop_record(self, part: RecordKind[K, T], key: K | None = None) -> None:
        if part not in _LIVE_PARTS:
            raise LookupError(part.name)

    def window(self, code: str) -> ticket_records.Window:
        """Return the window on that day: open or paused if the event names its shift, else closed."""
        data = self._event.data
        id = data.get("shift") or data.get("shifts", {}).get(code)
        if id is None:
            return ticket_records.Window(code=code)
        shift = self.get_record(SHIFTS, id)
        is_paused = bool(shift.pauses) and shift.pauses[-1].end is None
        state = ticket_records.WindowState.PAUSED if is_paused else ticket_records.WindowState.OPEN
        return ticket_records.Window(code=code, state=state, staff=shift.staff, shift=shift.id)

    def put_series(self, day: date, prefix: str, number: int) -> None:
        """Leave the live series unchanged; numbers used on paper are skipped at issue."""

    def put_signed_in(self, station: str, staff: str | None) -> None:
        """Leave the sign-ins unchanged."""

    def put_promise_bounds(self, tracker: PromiseBoundFactors) -> None:
        raise LookupError("tracker")

    def drop_wrong_time(self, wrong: LogSectionWithWrongTime) -> None:
        raise LookupError("wrong time")

    def hall_counters(self) -> HallCounters:
        return self._board.hall_counters()

    def put_hall_counters(self, now: HallCounters) -> None:
        """Leave the count of normal calls unchanged; apply_event() stores the log's seq and hash itself."""

    def setup(self) -> Setup | None:
        return self._board.setup()

    def put_setup(self, setup: Setup) -> None:
        raise LookupError("set-up")


def _require_paper_part(part: RecordKind[K, T]) -> RecordKind[K, T]:
    if part not in _PAPER_PARTS:
        raise LookupError(part.name)
    return part
