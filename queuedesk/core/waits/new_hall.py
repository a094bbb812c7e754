"""Limits of quoted waits in a new hall: what its set-up's minutes, the people ahead and its windows give.

Nothing has shown yet whether an idle window is away, nor how much visits differ. Until the hall's own visits tell, no
quoted wait goes far beyond what anybody in the hall can work out.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean

from msgspec.structs import replace

from queuedesk.core.waits.estimates import handling_in
from queuedesk.core.waits.estimation import SURE_VISITS
from queuedesk.core.waits.live import Live, LiveWindow, Turn
from queuedesk.core.waits.weighing import Mixture

MOST = 2
"""The upper end of a wait is at most so many times its figure."""


def is_new(live: Live) -> bool:
    """Whether the hall's own visits tell little: on its first date, and as long as they are few."""
    learned = live.learned
    return not learned.days or sum(handling.n for handling in learned.services.values()) < SURE_VISITS


def limited(live: Live, service: str, ahead: int, turn: Turn, mixture: Mixture) -> tuple[Mixture, float, float]:
    """Return a wait in a new hall and the least and the most minutes that its upper end may be, with `ahead` people
    before somebody whose turn by the pass is `turn`.

    The pass counts an idle window as away for half as long again as it has let people wait. In a new hall it counts as
    one that serves: most likely nobody has begun yet. Who is next there waits for one visit at most. The pass also
    settles which free window takes whom, and nobody else does: with as many ahead as free windows, one may have to
    wait for a visit.
    """
    able = [window for window in live.windows if service in window.services]
    is_idle = any(window.is_idle for window in able)
    given = given_min(live, able, service, max(ahead, is_idle))
    free = sum(window.is_idle or (window.now_serving is None and window.free_min <= 0) for window in able)
    least = min(given, _usual_min(live, [service])) if 0 < free <= ahead else 0.0
    if not is_idle:
        return mixture, least, MOST * max(given, turn.at_min)
    if mixture.point > given:
        share = given / mixture.point
        mixture = Mixture(mixture.low * share, given, mixture.high * share, mixture.leads)
    return mixture, least, MOST * given


def at_work(live: Live) -> tuple[LiveWindow, ...]:
    """Return the windows of a pass, in a new hall with the idle ones free."""
    if not is_new(live):
        return live.windows
    return tuple(replace(w, free_min=0.0, free_var=0.0) if w.is_idle else w for w in live.windows)


def given_min(live: Live, able: Sequence[LiveWindow], service: str, ahead: int) -> float:
    """Return the minutes of the services of those `ahead` ÷ the windows at work of those `able` to serve `service`;
    where each of these has a customer, one visit more, which has to end first. Where only today's few visits say how
    long one takes, all of those under way count."""
    at_work = [w for w in able if w.now_serving is not None or w.is_idle or w.free_min <= 0] or able
    shared = frozenset[str]().union(*(window.services for window in able))
    # Whoever asks may be in line already, behind those ahead.
    order = sorted((t.place_min - t.credit_min, t.place_min, t.turn, t.service) for t in live.tickets)
    asked = [code for *_rank, code in order if code in shared][:ahead] or [service]
    minutes = ahead * _usual_min(live, asked)
    serving = [window.now_serving for window in at_work if window.now_serving is not None]
    if len(serving) == len(at_work):
        by_today = not live.learned.days and handling_in(live.learned, service).n
        minutes += _usual_min(live, serving) * (len(serving) if by_today else 1)
    return minutes / len(at_work)


def _usual_min(live: Live, services: Sequence[str]) -> float:
    return fmean(handling_in(live.learned, code).mean_min for code in services)
