"""What moves achieved: actual waits compared with those forecast when the move was taken."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from datetime import datetime, timedelta
from statistics import fmean

from msgspec import Struct

from queuedesk.core.queue.ticket import CallMade, Shift
from queuedesk.core.staffing.move import MOVE_KINDS, MadeMove
from queuedesk.features.lobby.rules.proofs import MeanInterval, State, crowd_of, difference_interval

TOLD_AFTER = timedelta(minutes=15)
"""A move's effect is told from then on."""
DONE_WITHIN = TOLD_AFTER
"""A window that opens later than this opens for reasons of its own."""


class RealEffect(Struct, frozen=True, kw_only=True):
    """How much less those who waited when a move was taken have waited than was forecast then, in mean minutes (less
    than 0: more).

    It is based on `n` of the `of` who waited; before it `is_final` on those who should have been called by now, as if
    those who were not were called now. `saved_min` is None while there is nobody.
    """

    saved_min: float | None
    n: int
    of: int
    is_final: bool


def real_effect(made: MadeMove, calls: Iterable[CallMade], waiting: Container[str], now: datetime) -> RealEffect:
    """Return a move's effect by `now`. `calls` are those of its date, `waiting` the numbers of that date that still
    wait."""
    called: dict[str, float] = {}
    for call in calls:
        if call.date == made.date and call.time >= made.time and call.label in made.base:
            called.setdefault(call.label, (call.time - made.time).total_seconds())
    elapsed = (now - made.time).total_seconds()
    is_final = not any(label in waiting and label not in called for label in made.base)
    saved = []
    for label, base in made.base.items():
        if not is_final and base > elapsed:
            continue
        if label in called:
            saved.append(base - called[label])
        elif label in waiting:
            saved.append(base - elapsed)
    mean = fmean(saved) / 60 if saved else None
    return RealEffect(saved_min=mean, n=len(saved), of=len(made.base), is_final=is_final)


def happened(made: MadeMove, shifts: Iterable[Shift]) -> datetime | None:
    """Return when a move was carried out: a window opened, somebody came back; None if not within DONE_WITHIN: then it
    happened for another reason. Other moves happen when they are accepted."""
    if made.move.kind not in ("open_window", "call_back"):
        return made.time
    own = [shift for shift in shifts if shift.window == made.move.window and shift.date == made.date]
    moments = [shift.opened for shift in own]
    if made.move.kind == "call_back":
        moments += [pause.end for shift in own for pause in shift.pauses if pause.end is not None]
    return min((moment for moment in moments if made.time <= moment <= made.time + DONE_WITHIN), default=None)


def by_kind(effects: Sequence[tuple[str, float]], without: Sequence[float]) -> list[tuple[str, MeanInterval]]:
    """Return for each kind of move its mean effect over past moves (kind, minutes) with its bounds; each move counts
    once.

    Forecasts have errors of their own: people walk out, a hall is new. `without` are the same figures of declined
    moves, whose mean is subtracted; with fewer than two of them no effect has bounds.
    """
    found = []
    for kind in MOVE_KINDS:
        over = difference_interval([minutes for one, minutes in effects if one == kind], without)
        if over is not None:
            found.append((kind, over))
    return found


def state_of(made: MadeMove) -> State:
    """Return the state in which a move was made: its kind, and how many waited."""
    return made.move.kind, crowd_of(len(made.base))


def by_state(effects: Sequence[tuple[State, float]], without: Sequence[float]) -> dict[State, MeanInterval]:
    """Return what by_kind() does for each state in which moves were made."""
    found = {}
    for state in sorted({state for state, _minutes in effects}):
        over = difference_interval([minutes for one, minutes in effects if one == state], without)
        if over is not None:
            found[state] = over
    return found
