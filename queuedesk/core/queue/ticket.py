"""Tickets, their legs and what happened to them (states, the verbs that may change them, calls, ratings), windows,
shifts."""

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


class State(StrEnum):
    """The state of a ticket; the words are those of the log and of the commands."""

    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    PARKED = "parked"
    MISSED = "missed"
    FINISHED = "finished"
    LEFT = "left"
    VOID = "void"


OPEN_STATES = frozenset({State.WAITING, State.CALLED, State.SERVING, State.PARKED, State.MISSED})

NEEDS = ("blind", "wheelchair", "deaf", "other")
"""Why a customer is fetched when it is nearly their turn, in the order in which it is asked."""
_NEED, FETCHED, _SPEAKS = "need_", "fetched", "speaks_"
"""How the flag of a need begins, the flag of a customer who was fetched for the line they wait in, and how the flag of
a language begins."""

FINISHED_ENDS = frozenset({"finish", "day-end"})
"""How a leg ends whose work a window finished; work that a day-end interrupted counts as finished."""

# From which states a verb may move a ticket. `issue` and `serve` make one; `rate` is checked on the visit.
MOVES: dict[str, frozenset[State]] = {
    "call": frozenset({State.WAITING}),
    "recall": frozenset({State.CALLED}),
    "start": frozenset({State.CALLED}),
    "miss": frozenset({State.CALLED}),
    "return": frozenset({State.CALLED}),
    "leave": frozenset({State.WAITING, State.CALLED, State.MISSED, State.PARKED}),
    "void": frozenset({State.WAITING, State.CALLED}),
    "reinstate": frozenset({State.MISSED}),
    "finish": frozenset({State.SERVING, State.CALLED}),
    "add": frozenset({State.SERVING}),
    "stall": frozenset({State.SERVING}),
    "unstall": frozenset({State.SERVING}),
    "park": frozenset({State.SERVING}),
    "unpark": frozenset({State.PARKED}),
    "transfer": frozenset({State.SERVING, State.CALLED}),
    "redirect": frozenset({State.SERVING, State.CALLED, State.WAITING}),
    "reopen": frozenset({State.FINISHED}),
    "defer": frozenset({State.WAITING}),
    "postpone": frozenset({State.WAITING}),
    "need": OPEN_STATES - {State.SERVING},
    "fetched": frozenset({State.WAITING, State.CALLED}),
    "rate": frozenset({State.FINISHED}),
    "correct": frozenset(State) - {State.VOID},
}

MISSES_ALLOWED = 3  # the third miss of a day ends the ticket as a no-show
MICROSECOND, _SECOND_US = timedelta(microseconds=1), 1_000_000
TURN_STEP = 1 << 20  # room between two issues of one instant for tickets put between them later


def visit_name(label: str, day: clock.date) -> str:
    """Return a ticket of another date as the log names it, "B012@2026-11-18"."""
    return f"{label}@{day.isoformat()}"


class Leg(Struct, frozen=True, kw_only=True):
    """One service's part of a visit.

    `joined` is when its line was joined; a redirected ticket keeps the arrival of the leg it comes from. `item` is one
    of its own service. `held_us` are the microseconds set aside (parked, or finished and reopened), `stalled_us` those
    that another system took; neither counts as handling.
    """

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
    def held_s(self) -> int:
        """The whole seconds set aside, for screens and learned lengths; figures take `held_us`."""
        return self.held_us // _SECOND_US

    @property
    def aside(self) -> timedelta:
        """What does not count as handling."""
        return timedelta(microseconds=self.held_us + self.stalled_us)


class MadeOf(Struct, frozen=True, kw_only=True, array_like=True):
    """What a quoted wait was made of: `place` in the own line (1: nobody of it before), and what each expert of
    core/waits/experts.py said, in seconds (None: nothing). Four in five waits were expected between `low_s` and
    `high_s`."""

    place: int
    low_s: int
    high_s: int
    points_s: tuple[int | None, ...]

    def row(self) -> list[object]:
        """Return it as the log and the database hold it."""
        return [self.place, self.low_s, self.high_s, list(self.points_s)]


class Promise(Struct, frozen=True, kw_only=True):
    """The wait quoted at issue: whole minutes as printed, the point in seconds, people ahead; None where nothing was
    quoted. `sd_s` is the standard deviation that the pass gave, `bounds` the factors of the spreads of `made_of` (of
    `sd_s` in tickets without) that made the range, as texts, `naive_s` the wait by people ahead × usual handling ÷
    windows, `leads` the expert that weighed most."""

    ahead: int | None = None
    low: int | None = None
    high: int | None = None
    point_s: int | None = None
    reason: str | None = None
    sd_s: int | None = None
    naive_s: int | None = None
    bounds: tuple[str, ...] = ()
    made_of: MadeOf | None = None
    leads: str | None = None


def promise_of(values: Mapping[str, Any]) -> Promise:
    """Return a promise of the values that the log and the tables hold."""
    made_of = values.get("made_of")
    return Promise(
        **{
            **values,
            "bounds": tuple(values.get("bounds") or ()),
            "made_of": None if made_of is None else convert(made_of, MadeOf),
        }
    )


class InLine(Struct, frozen=True, kw_only=True):
    """What a waiting ticket's turn depends on; `date` and `label` name the ticket within its hall.

    `turn` decides between equal places: it follows from the issue unless a new place was given. `not_before`: from when
    it may be called, for who came early to an appointment. `overtaken`: how often a later place was called first by a
    window that could have served it. `flags`: what else is known of it, a need and a language too.
    """

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
    def by_place(self) -> tuple[datetime, int]:
        return (self.place, self.turn)

    @property
    def jumps(self) -> bool:
        """Whether its credit can still put it before an earlier place."""
        return self.has_credit and self.credit_s > 0

    @property
    def speaks(self) -> str:
        """The language that this customer speaks in place of the hall's, as the set-up writes it, or ""."""
        return next((flag.removeprefix(_SPEAKS) for flag in self.flags if flag.startswith(_SPEAKS)), "")


class Ticket(InLine, frozen=True, kw_only=True):
    """A numbered place in line with its whole history. `seq` is that of the event that made it. `item` is that of the
    current leg, `wanted` that of the visit."""

    arrived: datetime
    seq: int
    token: str
    state: State = State.WAITING
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
    promise: Promise = Promise()
    rating: int | None = None
    return_of: str | None = None
    ref: str | None = None

    @property
    def is_moved(self) -> bool:
        """Whether it has a later place than its number: its holder let somebody go first, or came back after a missed
        call."""
        return self.place > self.arrived

    @property
    def visit(self) -> str:
        return f"{self.date.isoformat()}-{self.label}"

    @property
    def leg(self) -> Leg:
        """The current or last leg."""
        return self.legs[-1]

    @property
    def wanted(self) -> tuple[str, str] | None:
        """The service and item that the customer came for, as last corrected; None for a service alone. What was asked
        for in the wrong line is none."""
        return next(
            ((leg.service, leg.item) for leg in reversed(self.legs) if leg.item and leg.end != "redirect"), None
        )

    @property
    def sent_with(self) -> Leg | None:
        """The leg before the current one where its clerk left a note for this one."""
        before = self.legs[-2] if len(self.legs) > 1 else None
        return before if before is not None and before.note else None

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def is_paper(self) -> bool:
        """Whether it was kept on paper and entered afterwards."""
        return "paper" in self.flags

    @property
    def need(self) -> str:
        """Why this customer is fetched, one of NEEDS, or "". For people at work here alone: it is never shown to the
        hall, printed, spoken or listed."""
        return next((flag.removeprefix(_NEED) for flag in self.flags if flag.startswith(_NEED)), "")

    @property
    def shown_flags(self) -> frozenset[str]:
        """The flags that lists, exports and printed papers may show: all but those of a need or a language."""
        return frozenset(flag for flag in self.flags if not flag.startswith((_NEED, _SPEAKS)) and flag != FETCHED)

    def must(self, verb: str) -> None:
        """Raise RuleError "wrong_state" unless `verb` may move this ticket now."""
        if self.state not in MOVES[verb]:
            raise RuleError("wrong_state", ticket=self.label, state=str(self.state), window=self.window, verb=verb)

    def may_come_back(self, allowed: int | None) -> bool:
        """Whether it may come back into line after this miss where its service allows that so often (`max_returns`)."""
        return allowed is None or self.misses <= allowed

    def must_be_taken_back(self, allowed: int | None, **service: str) -> None:
        """Raise RuleError "no_more_returns" with the service's name where this ticket came back into line after a
        missed call as often as its service allows (`max_returns`): after every miss but this one."""
        if not self.may_come_back(allowed):
            raise RuleError("no_more_returns", ticket=self.label, n=allowed, **service)

    def legs_with(self, **changes: object) -> tuple[Leg, ...]:
        """Return its legs, the current one changed."""
        return (*self.legs[:-1], replace(self.leg, **changes))

    # -- what each move gives -------------------------------------------------------------------------------------

    def needing(self, need: str) -> Ticket:
        """Return it with this need, none for ""; its customer was not fetched yet."""
        return replace(self, flags=self.shown_flags | need_flags(need, self.speaks))

    def fetched(self) -> Ticket:
        return replace(self, flags=self.flags | {FETCHED})

    def called_to(self, window: str, staff: str | None, now: datetime) -> Ticket:
        """Return it called to `window`; the leg keeps its first call."""
        leg = self.leg
        return replace(
            self,
            legs=self.legs_with(
                called=leg.called or now, last_called=now, calls=leg.calls + 1, window=window, staff=staff
            ),
            state=State.CALLED,
            window=window,
            round_calls=1,
            since=now,
            to_window=None,
            to_staff=None,
            held_until=None,
            reason=None,
        )

    def recalled(self, now: datetime) -> Ticket:
        legs = self.legs_with(last_called=now, calls=self.leg.calls + 1)
        return replace(self, legs=legs, round_calls=self.round_calls + 1)

    def started(self, now: datetime) -> Ticket:
        return replace(self, legs=self.legs_with(started=now), state=State.SERVING, since=now)

    def missed(self, now: datetime) -> Ticket:
        """Return it missed, or left as a no-show at the third miss of its day."""
        flags = self.flags - {FETCHED}
        gone = replace(self, misses=self.misses + 1, missed_at=now, window=None, since=now, round_calls=0, flags=flags)
        if gone.misses >= MISSES_ALLOWED:
            return replace(gone._ended("leave", now, State.LEFT), flags=gone.flags | {"no_show"})
        return replace(gone, state=State.MISSED)

    def returned(self, now: datetime, reason: str) -> Ticket:
        """Return it waiting at its own place; the call was a mistake and stays only in the log."""
        leg = self.leg
        earlier = leg.calls > self.round_calls  # a call before a miss was real and stays the leg's first
        legs = (
            self.legs_with(calls=leg.calls - self.round_calls, window=None, staff=None)
            if earlier
            else self.legs_with(called=None, last_called=None, calls=0, window=None, staff=None)
        )
        return replace(self, legs=legs, state=State.WAITING, window=None, round_calls=0, since=now, reason=reason)

    def left(self, now: datetime, *flags: str, end: str = "leave") -> Ticket:
        return replace(self._ended(end, now, State.LEFT), flags=self.flags | set(flags))

    def voided(self, now: datetime, reason: str) -> Ticket:
        return replace(self._ended("void", now, State.VOID), reason=reason)

    def placed(self, place: datetime, turn: int, now: datetime) -> Ticket:
        """Return it waiting at a new place, its credit spent."""
        return replace(
            self, state=State.WAITING, place=place, turn=turn, has_credit=False, since=now, window=None, reason=None
        )

    def stalled(self, now: datetime, reason: str) -> Ticket:
        return replace(self, stalled_since=now, reason=reason)

    def unstalled(self, now: datetime) -> Ticket:
        if self.stalled_since is None:
            return self
        total = self.leg.stalled_us + microseconds(self.stalled_since, now)
        return replace(self, legs=self.legs_with(stalled_us=total), stalled_since=None, reason=None)

    def parked(self, now: datetime, reason: str) -> Ticket:
        return replace(self.unstalled(now), state=State.PARKED, window=None, since=now, reason=reason)

    def unparked(self, window: str, staff: str | None, now: datetime) -> Ticket:
        held = self.leg.held_us + microseconds(self.since, now)
        legs = self.legs_with(held_us=held, window=window, staff=staff)
        return replace(self, legs=legs, state=State.SERVING, window=window, since=now, reason=None)

    def finished(self, now: datetime, **notes: object) -> Ticket:
        """Return it finished, or waiting for the visit's next step with its original arrival. A skipped start is
        assumed at this call (not one missed before it) and flagged."""
        done = self.unstalled(now)
        if done.leg.started is None:
            notes |= {"started": done.since, "start_assumed": True}
            done = replace(done, flags=done.flags | {"start_assumed"})
        done = done._ended("finish", now, State.FINISHED, finished=now, **notes)
        return done._next_leg(done.steps[0], now, steps=done.steps[1:]) if done.steps else done

    def reopened(self, now: datetime) -> Ticket:
        leg = self.leg
        held = leg.held_us + microseconds(leg.finished, now)
        legs = self.legs_with(held_us=held, finished=None, end=None, ended=None)
        return replace(self, legs=legs, state=State.SERVING, window=leg.window, since=now)

    def transferred(self, service: str, now: datetime, note: str | None = None) -> Ticket:
        """Return it waiting for `service` since the visit's arrival; the leg that ends keeps its work, and the note for
        whoever serves the next one."""
        done = self.unstalled(now)._sent_on("transfer", now, note=note)
        return done._next_leg(service, now, steps=self.steps)

    def redirected(self, service: str, now: datetime) -> Ticket:
        """Return it waiting in the right line, by its original arrival."""
        done = self.unstalled(now)._sent_on("redirect", now)
        return done._next_leg(service, now, steps=self.steps, joined=done.leg.joined)

    def _sent_on(self, end: str, now: datetime, **notes: object) -> Ticket:
        finished = {"finished": now} if self.leg.started is not None else {}
        return self._ended(end, now, State.WAITING, **finished, **notes)

    def _ended(self, end: str, now: datetime, state: State, **notes: object) -> Ticket:
        return replace(
            self,
            legs=self.legs_with(end=end, ended=now, **notes),
            state=state,
            window=None,
            since=now,
            to_window=None,
            to_staff=None,
            held_until=None,
            stalled_since=None,
        )

    def _next_leg(
        self, service: str, now: datetime, *, steps: tuple[str, ...], joined: datetime | None = None
    ) -> Ticket:
        item = next((leg.item for leg in reversed(self.legs) if leg.service == service), None)
        leg = Leg(n=self.leg.n + 1, service=service, joined=joined or now, item=item)
        return replace(
            self,
            service=service,
            item=item,
            state=State.WAITING,
            place=self.arrived,
            turn=new_turn(self.seq),
            legs=(*self.legs, leg),
            steps=steps,
            round_calls=0,
            since=now,
            reason=None,
            flags=self.flags - {FETCHED},
        )


def need_flags(need: str, speaks: str) -> frozenset[str]:
    """Return the flags of a need and a language, none for ""."""
    return frozenset([*([_NEED + need] if need else []), *([_SPEAKS + speaks] if speaks else [])])


def new_turn(seq: int) -> int:
    """Return the turn of a ticket whose event is `seq`: later events get later turns, with room between them."""
    return seq * TURN_STEP


def microseconds(start: datetime | None, end: datetime | None) -> int:
    """Return the microseconds from `start` to `end`, never negative; 0 where either is unknown."""
    if start is None or end is None:
        return 0
    return max(0, (end - start) // MICROSECOND)


def seconds(start: datetime | None, end: datetime | None) -> int:
    """Return the whole seconds from `start` to `end`, never negative; 0 where either is unknown."""
    return microseconds(start, end) // _SECOND_US


def handling_s(ticket: Ticket, now: datetime) -> int:
    """Return the handling of the ticket's current leg in whole seconds, without time set aside or spent by another
    system."""
    leg = ticket.leg
    stalled = leg.aside + timedelta(microseconds=microseconds(ticket.stalled_since, now))
    return seconds(leg.started and leg.started + stalled, leg.finished or now)


# -- what happened to tickets and visitors, kept beside the tickets: calls, ratings, missing papers ------------------


class CallMade(Struct, frozen=True, kw_only=True):
    """The first call of a ticket to a window (also of a customer served without a ticket)."""

    seq: int
    time: datetime
    date: date
    label: str
    service: str
    window: str
    staff: str | None


class Rating(Struct, frozen=True, kw_only=True):
    """A customer's rating of a finished ticket, credited to its last leg. The comment is kept outside the log. A
    correction has taken one that is `excluded` out of the figures."""

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


class NotReady(Struct, frozen=True, kw_only=True):
    """A visitor who lacked papers: no ticket, counted once."""

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
    """A counter position now. `ticket` is the one called or serving there, `last` the last one finished there.

    `extra` are services lent to it for now: it serves them too until they are taken back or it closes.
    """

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

    def must_be_open(self) -> None:
        """Raise RuleError "window_closed" or "window_paused" unless the window takes customers now."""
        if self.state is WindowState.CLOSED:
            raise RuleError("window_closed", window=self.code)
        if self.state is WindowState.PAUSED:
            raise RuleError("window_paused", window=self.code)

    def must_be_free(self) -> None:
        """Raise RuleError "window_busy" when a customer is called to it or served there."""
        if self.ticket is not None:
            raise RuleError("window_busy", window=self.code, ticket=self.ticket[1])

    def must_have(self) -> tuple[date, str]:
        """Return the ticket at the window. Raises RuleError "window_closed" or "no_customer"."""
        if self.ticket is None:
            if self.state is WindowState.CLOSED:
                raise RuleError("window_closed", window=self.code)
            raise RuleError("no_customer", window=self.code)
        return self.ticket

    def taking(self, ticket: tuple[date, str], now: datetime) -> Window:
        return replace(self, ticket=ticket, since=now)

    def freed(self, now: datetime, *, last: tuple[date, str] | None = None) -> Window:
        return replace(self, ticket=None, since=now, last=last or self.last)


class Pause(Struct, frozen=True, kw_only=True):
    """A break of a shift: start, end (None while it lasts) and reason."""

    start: datetime
    end: datetime | None
    reason: str


class Lent(Struct, frozen=True, kw_only=True):
    """A service that a window served beside its own during a shift: start, end (None while it lasts)."""

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
    lent: tuple[Lent, ...] = ()

    def paused(self, now: datetime, reason: str) -> Shift:
        return replace(self, pauses=(*self.pauses, Pause(start=now, end=None, reason=reason)))

    def resumed(self, now: datetime) -> Shift:
        """Return it with a running pause ended."""
        if not self.pauses or self.pauses[-1].end is not None:
            return self
        return replace(self, pauses=(*self.pauses[:-1], replace(self.pauses[-1], end=now)))

    def lending(self, service: str, now: datetime) -> Shift:
        return replace(self, lent=(*self.lent, Lent(service=service, start=now, end=None)))

    def taken_back(self, now: datetime, *services: str) -> Shift:
        """Return it with the lending of `services` ended."""
        ends = (replace(lent, end=now) if lent.end is None and lent.service in services else lent for lent in self.lent)
        return replace(self, lent=tuple(ends))

    def ended(self, now: datetime) -> Shift:
        over = self.taken_back(now, *(lent.service for lent in self.lent))
        return replace(over.resumed(now), closed=now)
