"""The hall as numbers for one pass: everything in minutes from now, nothing left to look up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from queuedesk.core.queue.ticket import TicketId
from queuedesk.core.waits.estimates import Learned


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveTicket:
    """Somebody in line. `only` are the windows that may call it until `held_min` (None: any that serves its service).

    `since_min` is since when they wait, `not_before_min` from when they may be called. `expected`: nobody yet, a
    priority ticket that will probably be issued then.
    """

    id: TicketId | None
    service: str
    place_min: float
    turn: int
    credit_min: float = 0.0
    not_before_min: float = 0.0
    only: frozenset[str] | None = None
    held_min: float = 0.0
    since_min: float = 0.0
    redirected: bool = False
    overtaken: int = 0
    expected: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveWindow:
    """A window that will call. It is free `free_min` from now with variance `free_var` (minutes²); what it serves takes
    `factor` as long as usual.

    `breaks` are those still to come, (start, length); from `closes_min` on it calls nobody. `now_serving` is the
    service of whom it has, `now_id` their ticket. Not `is_sure`: somebody went away without saying until when.
    """

    code: str
    services: frozenset[str]
    staff: str | None = None
    free_min: float = 0.0
    free_var: float = 0.0
    factor: float = 1.0
    pause_min: float = 0.0
    breaks: tuple[tuple[float, float], ...] = ()
    closes_min: float | None = None
    now_serving: str | None = None
    now_id: TicketId | None = None
    is_sure: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """The hall at one moment. `normal_calls`, `jump_every` and `guard` as in core.dispatch; `arrivals` are expected
    priority tickets, in order of time.

    `follow_ups` are the further services of tickets in line or at a window, where they are known; `returning` those who
    were put aside: (service, minutes until they are back), to be taken first. `unknown` are services of which nobody
    knows how long they take. `doubt` is how far, as a share, what was learned may be from the truth of a usual day:
    much at first, nothing after many days.
    """

    tickets: tuple[LiveTicket, ...]
    windows: tuple[LiveWindow, ...]
    learned: Learned
    services: tuple[str, ...]
    arrivals: tuple[LiveTicket, ...] = ()
    normal_calls: int | None = None
    jump_every: int = 3
    guard: int = 0
    follow_ups: Mapping[TicketId, tuple[str, ...]] = field(default_factory=dict)
    returning: tuple[tuple[str, float], ...] = ()
    unknown: frozenset[str] = frozenset()
    doubt: float = 0.0


@dataclass(frozen=True, slots=True)
class Turn:
    """When somebody is called, minutes from now, and the standard deviation of that; `window` is the one that would
    call."""

    at_min: float
    sd_min: float
    window: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What one pass found. Who has no entry in `turns` is never reached as things stand.

    `newcomers` is the turn of a normal ticket issued now, by service; `clear_min` when the last of a service's line is
    done, by service.
    """

    turns: Mapping[TicketId, Turn]
    newcomers: Mapping[str, Turn]
    clear_min: Mapping[str, float]
