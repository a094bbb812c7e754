"""Halls side by side: the few figures by which somebody who answers for several sees where to look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from queuedesk.core.figures.measures.document import WITHIN_TARGET_AT_LEAST
from queuedesk.core.figures.targets import goal_in_time
from queuedesk.core.log.state import HallState
from queuedesk.core.network.people import Actor, Role
from queuedesk.core.queue.overview import AMBER, RED, Alert, Late, joined, past_target, set_up, wait_level
from queuedesk.core.queue.ticket import seconds
from queuedesk.core.queue.window import WindowState
from queuedesk.core.setup.values import Setup

SILENT_AFTER = timedelta(minutes=3)
"""Every station gives a sign of life each half-minute; a hall without any for longer has no PC that works with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HallBeside:
    """One hall as it stands now.

    `longest_since` is when the longest waiting joined its line, `level` what that is by the hall's rules (AMBER, RED or
    ""); `served` are the tickets finished on this business date; `within_target` is a share, None while nobody was
    called, `is_short_of_target` that it is less than the hall promised, `late` who waits past the target and was not
    called yet; `red` and `amber` count the alerts that nobody has seen, `worst` is the first of them; `silent_since`
    the last sign of life, None while there are signs.
    """

    code: str
    name: str
    name_en: str
    waiting: int
    longest_since: datetime | None
    level: str
    windows: int
    open_windows: int
    served: int
    within_target: float | None
    target_minutes: int
    is_short_of_target: bool
    late: Late | None
    red: int
    amber: int
    worst: Alert | None
    silent_since: datetime | None

    @property
    def is_working(self) -> bool:
        """Whether customers are there or could be served."""
        return bool(self.open_windows or self.waiting)


def may_see(who: Actor, own: str, setup: Setup) -> bool:
    """Whether `who`, of the hall with the code `own`, may look at the hall of `setup`: the console at all, staff where
    they are named."""
    return who.role is Role.CONSOLE or setup.hall.code == own or f"{own}/{who.name}" in setup.hall.seen_by


def beside(
    state: HallState, day: Mapping[str, Any], alerts: Sequence[Alert], sign: datetime | None, now: datetime
) -> HallBeside:
    """Return a hall's row: `day` are its figures of the business date, `sign` is when a station of it last gave a sign
    of life."""
    setup = set_up(state)
    since = min((joined(ticket) for ticket in state.waiting()), default=None)
    last = max((at for at in (sign, state.now.at) if at is not None), default=None)
    fresh = [one for one in alerts if one.acknowledged is None]
    windows = [state.window(code) for code in setup.windows]
    within = day["wait"]["within_target"]
    return HallBeside(
        code=setup.hall.code,
        name=setup.hall.name,
        name_en=setup.hall.name_en,
        waiting=len(state.waiting()),
        longest_since=since,
        level=wait_level(setup, seconds(since, now) // 60) if since is not None else "",
        windows=len(windows),
        open_windows=sum(window.state is WindowState.OPEN for window in windows),
        served=day["finished"],
        within_target=within,
        target_minutes=day["wait"]["target_minutes"],
        is_short_of_target=within is not None and within < goal_in_time(day, WITHIN_TARGET_AT_LEAST)[0],
        late=past_target(state, now),
        red=sum(one.level == RED for one in fresh),
        amber=sum(one.level == AMBER for one in fresh),
        worst=next(iter(fresh), None),
        silent_since=last if last is not None and now - last >= SILENT_AFTER else None,
    )
