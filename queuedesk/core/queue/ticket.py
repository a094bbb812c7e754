"""Tickets, their legs, states and the verbs that change them; calls and ratings; windows and shifts."""

from __future__ import annotations

import datetime as clock
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from msgspec import Struct, convert
from msgspec.structs import replace

from queuedesk.core.errors import RuleError

TicketId = tuple[clock.date, str]
"""The business date, and the number within the hall."""


class TicketState(StrEnum):
    """The state of a ticket, in the words of the log and the commands."""

    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    PARKED = "parked"
    MISSED = "missed"
    FINISHED = "finished"
    LEFT = "left"
    VOID = "void"


OPEN_STATES = frozenset(
    {TicketState.WAITING, TicketState.CALLED, TicketState.SERVING, TicketState.PARKED, TicketState.MISSED}
)

NEEDS = ("blind", "wheelchair", "deaf", "other")
"""Reasons to fetch a customer in person when the turn is near, in the order of the list on screens."""
_NEED_FLAG, FETCHED, _LANGUAGE_FLAG = "need_", "fetched", "speaks_"
"""The prefix of the flag of a need, the flag of a customer fetched for the present line, and the prefix of the flag of
a language."""

FINISHED_ENDS = frozenset({"finish", "day-end"})
"""The `end` of legs that a window finished; work that a day-end interrupted counts as finished."""

# The states in which a verb is allowed. `issue` and `serve` create a ticket; `rate` is also checked on the visit.
MOVES: dict[str, frozenset[TicketState]] = {
    "call": frozenset({TicketState.WAITING}),
    "recall": frozenset({TicketState.CALLED}),
    "start": frozenset({TicketState.CALLED}),
    "miss": frozenset({TicketState.CALLED}),
    "return": frozenset({TicketState.CALLED}),
    "leave": frozenset({TicketState.WAITING, TicketState.CALLED, TicketState.MISSED, TicketState.PARKED}),
    "void": frozenset({TicketState.WAITING, TicketState.CALLED}),
    "reinstate": frozenset({TicketState.MISSED}),
    "finish": frozenset({TicketState.SERVING, TicketState.CALLED}),
    "add": frozenset({TicketState.SERVING}),
    "stall": frozenset({TicketState.SERVING}),
    "unstall": frozenset({TicketState.SERVING}),
    "park": frozenset({TicketState.SERVING}),
    "unpark": frozenset({TicketState.PARKED}),
    "transfer": frozenset({TicketState.SERVING, TicketState.CALLED}),
    "redirect": frozenset({TicketState.SERVING, TicketState.CALLED, TicketState.WAITING}),
    "reopen": frozenset({TicketState.FINISHED}),
    "defer": frozenset({TicketState.WAITING}),
    "postpone": frozenset({TicketState.WAITING}),
    "need": OPEN_STATES - {TicketState.SERVING},
    "fetched": frozenset({TicketState.WAITING, TicketState.CALLED}),
    "rate": frozenset({TicketState.FINISHED}),
    "correct": frozenset(TicketState) - {TicketState.VOID},
}

MISS_THAT_ENDS = 3  # the third miss of a day ends the ticket as a no-show
MICROSECOND, _SECOND_US = timedelta(microseconds=1), 1_000_000
TURN_STEP = 1 << 20  # room between two issues of one instant for tickets put between them later


def log_name_of_dated_ticket(label: str, day: clock.date) -> str:
    """Return the name in the log of a ticket of another date, "B012@2026-11-18"."""
    return f"{label}@{day.isoformat()}"


class Leg(Struct, frozen=True, kw_only=True):
    """One service's part of a visit. `joined` is when the ticket joined its line; a redirected one keeps that of the
    leg before. `item` is one of this service. `held_us` are the microseconds set aside (parked, or finished and
    reopened), `stalled_us` those spent waiting for another system; neither counts as handling."""

    n: int
    service: str
    joined: datetime
    called: datetime | None = None
    last_called: datetime | None = None
    calls: int = 0
    started: datetime | None = None
    finished: datetime | None = None
    window: str | None = None
    staff: str | None = None
    end: str | None = None
    ended: datetime | None = None
    held_us: int = 0
    stalled_us: int = 0
    item: str | None = None
    outcome: str | None = None
    note: str | None = None
    form_free: bool = False
    delivered: tuple[str, ...] = ()
    start_assumed: bool = False
    inaccurate: bool = False

    @property
    def whole_s_set_aside(self) -> int:
        """The whole seconds set aside, for screens and estimates; figures use `held_us`."""
        return self.held_us // _SECOND_US

    @property
    def time_set_aside_or_stalled(self) -> timedelta:
        return timedelta(microseconds=self.held_us + self.stalled_us)


class WaitInputs(Struct, frozen=True, kw_only=True, array_like=True):
    """The inputs of a quoted wait: `place` in the service's own line (from 1), and the prediction in seconds of each
    expert of core/waits/experts.py (None: no prediction). Four in five waits were expected between `low_s` and
    `high_s`."""

    place: int
    low_s: int
    high_s: int
    points_s: tuple[int | None, ...]

    def log_row(self) -> list[object]:
        return [self.place, self.low_s, self.high_s, list(self.points_s)]


class WaitPromise(Struct, frozen=True, kw_only=True):
    """The wait quoted at issue: the printed range in whole minutes, the expected seconds, the people ahead; None if not
    quoted. `sd_s` is the forecast's standard deviation; `bounds` are the factors, as texts, of the spreads of `made_of`
    (in tickets without it: of `sd_s`) that gave the range; `naive_s` is people ahead × usual handling ÷ windows;
    `leads` is the expert with the largest weight."""

    ahead: int | None = None
    low: int | None = None
    high: int | None = None
    point_s: int | None = None
    reason: str | None = None
    sd_s: int | None = None
    naive_s: int | None = None
    bounds: tuple[str, ...] = ()
    made_of: WaitInputs | None = None
    leads: str | None = None


def promise_from_values(values: Mapping[str, Any]) -> WaitPromise:
    made_of = values.get("made_of")
    return WaitPromise(
        **{
            **values,
            "bounds": tuple(values.get("bounds") or ()),
            "made_of": None if made_of is None else convert(made_of, WaitInputs),
        }
    )


class LineTicket(Struct, frozen=True, kw_only=True):
    """The fields that decide a waiting ticket's turn; `date` and `label` identify the ticket within its hall. `turn`
    breaks ties between equal places: the order of issue unless a new place was given. `not_before` is the earliest call
    of a customer who came early to an appointment. `overtaken` counts the calls of later places by windows that could
    have served it. `flags` also hold a need and a language."""

    date: clock.date
    label: str
    service: str
    place: datetime
    turn: int
    item: str | None = None
    credit_s: int = 0
    has_credit: bool = True
    to_window: str | None = None
    to_staff: str | None = None
    held_until: datetime | None = None
    not_before: datetime | None = None
    overtaken: int = 0
    flags: frozenset[str] = frozenset()

    @property
    def id(self) -> TicketId:
        return (self.date, self.label)

    @property
    def place_and_turn(self) -> tuple[datetime, int]:
        return (self.place, self.turn)

    @property
    def may_jump(self) -> bool:
        """Whether its credit may still put it before an earlier place."""
        return self.has_credit and self.credit_s > 0

    @property
    def spoken_language(self) -> str:
        """The language that the customer speaks instead of the hall's, as written in the set-up, or ""."""
        return next((flag.removeprefix(_LANGUAGE_FLAG) for flag in self.flags if flag.startswith(_LANGUAGE_FLAG)), "")


class Ticket(LineTicket, frozen=True, kw_only=True):
    """A numbered place in line with all its legs. `seq` is that of the event that issued it. `item` is that of the
    current leg, `wanted` that of the visit."""

    arrived: datetime
    seq: int
    token: str
    state: TicketState = TicketState.WAITING
    klass: str = "normal"
    steps: tuple[str, ...] = ()
    legs: tuple[Leg, ...] = ()
    window: str | None = None
    round_calls: int = 0
    misses: int = 0
    missed_at: datetime | None = None
    postponed: int = 0
    since: datetime | None = None
    stalled_since: datetime | None = None
    reason: str | None = None
    guide: str | None = None
    promise: WaitPromise = WaitPromise()
    rating: int | None = None
    return_of: str | None = None
    ref: str | None = None

    @property
    def is_moved(self) -> bool:
        """Whether its place is later than its arrival: it was postponed, or reinstated after a missed call."""
        return self.place > self.arrived

    @property
    def visit_id(self) -> str:
        return f"{self.date.isoformat()}-{self.label}"

    @property
    def current_leg(self) -> Leg:
        return self.legs[-1]

    @property
    def service_and_item_customer_came_for(self) -> tuple[str, str] | None:
        """The service and item that the customer came for, as last corrected; None without an item. Redirected legs do
        not count."""
        return next(
            ((leg.service, leg.item) for leg in reversed(self.legs) if leg.item and leg.end != "redirect"), None
        )

    @property
    def previous_leg_if_it_has_note(self) -> Leg | None:
        """The leg before the current one, if its clerk left a note for this one."""
        before = self.legs[-2] if len(self.legs) > 1 else None
        return before if before is not None and before.note else None

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def is_paper(self) -> bool:
        """Whether it was recorded on paper and entered afterwards."""
        return "paper" in self.flags

    @property
    def fetch_reason(self) -> str:
        """Why the customer is fetched, one of NEEDS, or "". For staff only: never shown to the hall, printed, spoken or
        listed."""
        return next((flag.removeprefix(_NEED_FLAG) for flag in self.flags if flag.startswith(_NEED_FLAG)), "")

    @property
    def public_flags(self) -> frozenset[str]:
        """The flags that lists, exports and papers may show: all except those of a need or a language."""
        return frozenset(
            flag for flag in self.flags if not flag.startswith((_NEED_FLAG, _LANGUAGE_FLAG)) and flag != FETCHED
        )

    def require_may(self, verb: str) -> None:
        """Raise RuleError "wrong_state" unless `verb` is allowed in the ticket's state."""
        if self.state not in MOVES[verb]:
            raise RuleError("wrong_state", ticket=self.label, state=str(self.state), window=self.window, verb=verb)

    def may_be_reinstated(self, allowed: int | None) -> bool:
        """Whether it may be reinstated after this miss; `allowed` is the service's `max_returns`, None for any."""
        return allowed is None or self.misses <= allowed

    def require_may_be_reinstated(self, allowed: int | None, **service: str) -> None:
        """Raise RuleError "no_more_returns" with the service's names unless may_be_reinstated()."""
        if not self.may_be_reinstated(allowed):
            raise RuleError("no_more_returns", ticket=self.label, n=allowed, **service)

    def legs_with_current_changed(self, **changes: object) -> tuple[Leg, ...]:
        return (*self.legs[:-1], replace(self.current_leg, **changes))

    # -- the ticket after each verb -------------------------------------------------------------------------------

    def with_fetch_reason(self, need: str) -> Ticket:
        """Return it with this need, none for "", and not fetched."""
        return replace(self, flags=self.public_flags | need_and_language_flags(need, self.spoken_language))

    def with_fetched_flag(self) -> Ticket:
        return replace(self, flags=self.flags | {FETCHED})

    def with_call_to(self, window: str, staff: str | None, now: datetime) -> Ticket:
        """Return it called to `window`; the leg keeps its first call."""
        leg = self.current_leg
        return replace(
            self,
            legs=self.legs_with_current_changed(
                called=leg.called or now, last_called=now, calls=leg.calls + 1, window=window, staff=staff
            ),
            state=TicketState.CALLED,
            window=window,
            round_calls=1,
            since=now,
            to_window=None,
            to_staff=None,
            held_until=None,
            reason=None,
        )

    def with_recall(self, now: datetime) -> Ticket:
        legs = self.legs_with_current_changed(last_called=now, calls=self.current_leg.calls + 1)
        return replace(self, legs=legs, round_calls=self.round_calls + 1)

    def started_ticket(self, now: datetime) -> Ticket:
        return replace(self, legs=self.legs_with_current_changed(started=now), state=TicketState.SERVING, since=now)

    def missed_or_no_show_ticket(self, now: datetime) -> Ticket:
        """Return it missed, or at the third miss of its day left as a no-show."""
        flags = self.flags - {FETCHED}
        gone = replace(self, misses=self.misses + 1, missed_at=now, window=None, since=now, round_calls=0, flags=flags)
        if gone.misses >= MISS_THAT_ENDS:
            return replace(gone._with_leg_ended("leave", now, TicketState.LEFT), flags=gone.flags | {"no_show"})
        return replace(gone, state=TicketState.MISSED)

    def with_mistaken_call_undone(self, now: datetime, reason: str) -> Ticket:
        """Return it waiting at its own place after a mistaken call, which only the log keeps."""
        leg = self.current_leg
        earlier = leg.calls > self.round_calls  # a call before a miss was real and stays the leg's first
        legs = (
            self.legs_with_current_changed(calls=leg.calls - self.round_calls, window=None, staff=None)
            if earlier
            else self.legs_with_current_changed(called=None, last_called=None, calls=0, window=None, staff=None)
        )
        return replace(self, legs=legs, state=TicketState.WAITING, window=None, round_calls=0, since=now, reason=reason)

    def ticket_after_leaving(self, now: datetime, *flags: str, end: str = "leave") -> Ticket:
        return replace(self._with_leg_ended(end, now, TicketState.LEFT), flags=self.flags | set(flags))

    def with_void_state(self, now: datetime, reason: str) -> Ticket:
        return replace(self._with_leg_ended("void", now, TicketState.VOID), reason=reason)

    def waiting_ticket_at_new_place(self, place: datetime, turn: int, now: datetime) -> Ticket:
        """Return it waiting at a new place, without its credit."""
        return replace(
            self,
            state=TicketState.WAITING,
            place=place,
            turn=turn,
            has_credit=False,
            since=now,
            window=None,
            reason=None,
        )

    def stalled_ticket(self, now: datetime, reason: str) -> Ticket:
        return replace(self, stalled_since=now, reason=reason)

    def with_stall_ended(self, now: datetime) -> Ticket:
        if self.stalled_since is None:
            return self
        total = self.current_leg.stalled_us + microseconds_between(self.stalled_since, now)
        return replace(self, legs=self.legs_with_current_changed(stalled_us=total), stalled_since=None, reason=None)

    def parked_ticket(self, now: datetime, reason: str) -> Ticket:
        return replace(self.with_stall_ended(now), state=TicketState.PARKED, window=None, since=now, reason=reason)

    def with_service_resumed_at_window(self, window: str, staff: str | None, now: datetime) -> Ticket:
        held = self.current_leg.held_us + microseconds_between(self.since, now)
        legs = self.legs_with_current_changed(held_us=held, window=window, staff=staff)
        return replace(self, legs=legs, state=TicketState.SERVING, window=window, since=now, reason=None)

    def with_service_finished(self, now: datetime, **notes: object) -> Ticket:
        """Return it finished, or waiting for the visit's next service by its original arrival. A skipped start is
        assumed at this call (not at one missed before it), and flagged."""
        done = self.with_stall_ended(now)
        if done.current_leg.started is None:
            notes |= {"started": done.since, "start_assumed": True}
            done = replace(done, flags=done.flags | {"start_assumed"})
        done = done._with_leg_ended("finish", now, TicketState.FINISHED, finished=now, **notes)
        return done._with_next_leg(done.steps[0], now, steps=done.steps[1:]) if done.steps else done

    def reopened_ticket(self, now: datetime) -> Ticket:
        leg = self.current_leg
        held = leg.held_us + microseconds_between(leg.finished, now)
        legs = self.legs_with_current_changed(held_us=held, finished=None, end=None, ended=None)
        return replace(self, legs=legs, state=TicketState.SERVING, window=leg.window, since=now)

    def transferred_ticket(self, service: str, now: datetime, note: str | None = None) -> Ticket:
        """Return it waiting for `service` by the visit's arrival. The leg that ends keeps its work and the `note` for
        the next clerk."""
        done = self.with_stall_ended(now)._with_leg_ended_for_next_service("transfer", now, note=note)
        return done._with_next_leg(service, now, steps=self.steps)

    def redirected_ticket(self, service: str, now: datetime) -> Ticket:
        """Return it waiting for the right service by its original arrival."""
        done = self.with_stall_ended(now)._with_leg_ended_for_next_service("redirect", now)
        return done._with_next_leg(service, now, steps=self.steps, joined=done.current_leg.joined)

    def _with_leg_ended_for_next_service(self, end: str, now: datetime, **notes: object) -> Ticket:
        finished = {"finished": now} if self.current_leg.started is not None else {}
        return self._with_leg_ended(end, now, TicketState.WAITING, **finished, **notes)

    def _with_leg_ended(self, end: str, now: datetime, state: TicketState, **notes: object) -> Ticket:
        return replace(
            self,
            legs=self.legs_with_current_changed(end=end, ended=now, **notes),
            state=state,
            window=None,
            since=now,
            to_window=None,
            to_staff=None,
            held_until=None,
            stalled_since=None,
        )

    def _with_next_leg(
        self, service: str, now: datetime, *, steps: tuple[str, ...], joined: datetime | None = None
    ) -> Ticket:
        item = next((leg.item for leg in reversed(self.legs) if leg.service == service), None)
        leg = Leg(n=self.current_leg.n + 1, service=service, joined=joined or now, item=item)
        return replace(
            self,
            service=service,
            item=item,
            state=TicketState.WAITING,
            place=self.arrived,
            turn=turn_from_issuing_event(self.seq),
            legs=(*self.legs, leg),
            steps=steps,
            round_calls=0,
            since=now,
            reason=None,
            flags=self.flags - {FETCHED},
        )


def need_and_language_flags(need: str, speaks: str) -> frozenset[str]:
    return frozenset([*([_NEED_FLAG + need] if need else []), *([_LANGUAGE_FLAG + speaks] if speaks else [])])


def turn_from_issuing_event(seq: int) -> int:
    """Return the turn of a ticket issued by event `seq`: ascending, with gaps for tickets placed in between."""
    return seq * TURN_STEP


def microseconds_between(start: datetime | None, end: datetime | None) -> int:
    """Return the microseconds from `start` to `end`, never negative; 0 where either is unknown."""
    if start is None or end is None:
        return 0
    return max(0, (end - start) // MICROSECOND)


def whole_seconds_between(start: datetime | None, end: datetime | None) -> int:
    """Return the whole seconds from `start` to `end`, never negative; 0 where either is unknown."""
    return microseconds_between(start, end) // _SECOND_US


def current_leg_handling_s(ticket: Ticket, now: datetime) -> int:
    """Return the current leg's handling in whole seconds, without time set aside or waiting for another system."""
    leg = ticket.current_leg
    stalled = leg.time_set_aside_or_stalled + timedelta(microseconds=microseconds_between(ticket.stalled_since, now))
    return whole_seconds_between(leg.started and leg.started + stalled, leg.finished or now)


# -- records about tickets and visitors: calls, ratings, missing papers ------------------------------------------------


class WindowCall(Struct, frozen=True, kw_only=True):
    """A call of a ticket to a window, without its recalls; also of a customer served without a ticket."""

    seq: int
    time: datetime
    date: date
    label: str
    service: str
    window: str
    staff: str | None


class Rating(Struct, frozen=True, kw_only=True):
    """A customer's rating of a finished ticket, credited to its last leg. The comment is kept outside the log. An
    `excluded` rating was taken out of the figures by a correction."""

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


class VisitorLackingPapers(Struct, frozen=True, kw_only=True):
    """A visitor who lacked papers and got no ticket."""

    seq: int
    date: date
    time: datetime
    service: str
    item: str | None
    guide: str | None


class WindowState(StrEnum):
    OPEN = "open"
    PAUSED = "paused"
    CLOSED = "closed"


class Window(Struct, frozen=True, kw_only=True):
    """A counter position now. `ticket` is the one called or served there, `last` the last one finished there. `extra`
    are services lent to it until they are taken back or it closes."""

    code: str
    state: WindowState = WindowState.CLOSED
    staff: str | None = None
    ticket: tuple[date, str] | None = None
    since: datetime | None = None
    reason: str | None = None
    back: datetime | None = None
    last: tuple[date, str] | None = None
    shift: int | None = None
    extra: frozenset[str] = frozenset()

    def require_open(self) -> None:
        """Raise RuleError "window_closed" or "window_paused" unless it is open."""
        if self.state is WindowState.CLOSED:
            raise RuleError("window_closed", window=self.code)
        if self.state is WindowState.PAUSED:
            raise RuleError("window_paused", window=self.code)

    def raise_if_in_use(self) -> None:
        """Raise RuleError "window_busy" if a ticket is called or served there."""
        if self.ticket is not None:
            raise RuleError("window_busy", window=self.code, ticket=self.ticket[1])

    def require_ticket_at_window(self) -> tuple[date, str]:
        """Return the ticket at the window. Raises RuleError "window_closed" or "no_customer"."""
        if self.ticket is None:
            if self.state is WindowState.CLOSED:
                raise RuleError("window_closed", window=self.code)
            raise RuleError("no_customer", window=self.code)
        return self.ticket

    def window_with_ticket(self, ticket: tuple[date, str], now: datetime) -> Window:
        return replace(self, ticket=ticket, since=now)

    def without_ticket(self, now: datetime, *, last: tuple[date, str] | None = None) -> Window:
        return replace(self, ticket=None, since=now, last=last or self.last)


class Pause(Struct, frozen=True, kw_only=True):
    """A break in a shift; `end` is None while it lasts."""

    start: datetime
    end: datetime | None
    reason: str


class LentService(Struct, frozen=True, kw_only=True):
    """A service lent to a window during a shift; `end` is None while it lasts."""

    service: str
    start: datetime
    end: datetime | None


class Shift(Struct, frozen=True, kw_only=True):
    """One clerk at one window from open to close. `id` is the seq of the event that opened it."""

    id: int
    window: str
    staff: str
    date: date
    opened: datetime
    closed: datetime | None = None
    pauses: tuple[Pause, ...] = ()
    lent: tuple[LentService, ...] = ()

    def paused_shift(self, now: datetime, reason: str) -> Shift:
        return replace(self, pauses=(*self.pauses, Pause(start=now, end=None, reason=reason)))

    def with_pause_ended(self, now: datetime) -> Shift:
        if not self.pauses or self.pauses[-1].end is not None:
            return self
        return replace(self, pauses=(*self.pauses[:-1], replace(self.pauses[-1], end=now)))

    def with_service_lent(self, service: str, now: datetime) -> Shift:
        return replace(self, lent=(*self.lent, LentService(service=service, start=now, end=None)))

    def with_lending_ended(self, now: datetime, *services: str) -> Shift:
        ends = (replace(lent, end=now) if lent.end is None and lent.service in services else lent for lent in self.lent)
        return replace(self, lent=tuple(ends))

    def ended_shift(self, now: datetime) -> Shift:
        over = self.with_lending_ended(now, *(lent.service for lent in self.lent))
        return replace(over.with_pause_ended(now), closed=now)
