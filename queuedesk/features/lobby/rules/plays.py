"""Plays a moment on with chance in it, with a move and without: in how many of the plays it saves waiting.

People come at random, in every second play as many as in the last half hour, in the others twice as many, because a
lull is when most moves look good and a crowd may follow it; visits are as long as it happens. Both are the same with
the move as without it, and the same moment gives the same plays.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core.waits.estimates import handling_in
from queuedesk.core.waits.live import Forecast, Live, LiveTicket, LiveWindow
from queuedesk.core.waits.schedule import forecast
from queuedesk.features.lobby.rules.outlook import at_in, joined_by

if TYPE_CHECKING:
    import numpy as np

PLAYS = 10
TIMES_AS_MANY = (1.0, 2.0)
"""How many times as many people come as in the last half hour, play by play."""
COUNTED_MIN = 60.0
"""Who waits now and who comes within so long is counted."""
LENGTHS = 60
"""So many visits of a service are drawn for each play."""


class Playing(Struct, frozen=True):
    """One way in which it may go on: who comes, how much longer or shorter each visit is, and how each window's
    customer takes up its time; `before` is when everybody is called without a move."""

    arrivals: tuple[LiveTicket, ...]
    lengths: Mapping[str, Sequence[float]]
    rests: Mapping[str, float]
    before: Forecast


def plays_of(live: Live, per_min: Mapping[str, float], closes_min: Mapping[str, float]) -> list[Playing]:
    """Return PLAYS plays of the hall `live`. `per_min` people a minute came for each service in the last half hour; it
    closes in `closes_min` minutes."""
    # Loaded with the first move that is to be tried: a board's first page must not wait for it.
    import numpy as np

    found = []
    for seed in range(PLAYS):
        rng = np.random.default_rng(seed)
        times = TIMES_AS_MANY[seed % len(TIMES_AS_MANY)]
        one = Playing(
            arrivals=_arrivals(live, {service: times * rate for service, rate in per_min.items()}, closes_min, rng),
            lengths={service: _lengths(live, service, rng) for service in live.services},
            rests={code: float(rng.standard_normal()) for code in sorted(window.code for window in live.windows)},
            before=Forecast(turns={}, newcomers={}, clear_min={}),
        )
        found.append(replace(one, before=_played(live, one)))
    return found


def saved_in(plays: Sequence[Playing], live: Live, changed: Live) -> list[float]:
    """Return by how many minutes a person's wait is shorter on average in `changed` than in `live`, play by play; of
    those who wait in both, and those who come within COUNTED_MIN."""
    return [_saved(one, live, changed) for one in plays]


def _saved(one: Playing, live: Live, changed: Live) -> float:
    after = _played(changed, one)
    kept = {ticket.id for ticket in changed.tickets}
    counted = [t.id for t in live.tickets if t.id is not None and t.id in kept]
    counted += [t.id for t in one.arrivals if t.id is not None and t.place_min <= COUNTED_MIN]
    return fmean(at_in(one.before, id) - at_in(after, id) for id in counted) if counted else 0.0


def _played(live: Live, one: Playing) -> Forecast:
    windows = tuple(_rested(window, one.rests.get(window.code, 0.0)) for window in live.windows)
    return forecast(replace(live, windows=windows, arrivals=one.arrivals), one.lengths)


def _rested(window: LiveWindow, drawn: float) -> LiveWindow:
    """Return a window whose time until it is free is drawn; `drawn` is a standard normal number."""
    if window.free_min <= 0 or window.free_var <= 0:
        return window
    return replace(window, free_min=window.free_min * _factor(math.sqrt(window.free_var) / window.free_min, drawn))


def _factor(variation: float, drawn: float) -> float:
    """Return a log-normal factor of mean 1 with this coefficient of variation."""
    spread = math.sqrt(math.log1p(variation**2))
    return math.exp(spread * drawn - spread**2 / 2)


def _lengths(live: Live, service: str, rng: np.random.Generator) -> list[float]:
    handling = handling_in(live.learned, service)
    variation = math.sqrt(handling.var_min2) / handling.mean_min if handling.mean_min > 0 else 0.0
    return [_factor(variation, float(drawn)) for drawn in rng.standard_normal(LENGTHS)]


def _arrivals(
    live: Live, per_min: Mapping[str, float], closes_min: Mapping[str, float], rng: np.random.Generator
) -> tuple[LiveTicket, ...]:
    """Return those whom the hall expects already, and the others at random times."""
    known = [one for one in live.arrivals if one.id is None]
    drawn = []
    for service in sorted(per_min):
        until = min(COUNTED_MIN, closes_min.get(service, COUNTED_MIN))
        # Priority tickets that the hall expects already are among them.
        expected = per_min[service] * until - sum(one.service == service for one in known)
        times = sorted(rng.uniform(0, until, int(rng.poisson(max(0.0, expected)))).tolist())
        drawn += [(at, service, k) for k, at in enumerate(times)]
    return joined_by(known, drawn)
