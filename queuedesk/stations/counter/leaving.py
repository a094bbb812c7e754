"""Who is still waiting when a window stops, and which windows could serve them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from queuedesk.core.network.people import Role
from queuedesk.core.queue.window import WindowState
from queuedesk.stations.counter.scene import Kind, Scene

WHO_MAY_SIT = (Role.CLERK, Role.MANAGER, Role.ADMIN)


@dataclass(frozen=True, slots=True)
class Left:
    """A service with people waiting that no open window but this one serves; `could` are windows that might."""

    service: str
    waiting: int
    could: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Taker:
    """A paused window whose clerk can serve some of those left: `services` of them."""

    window: str
    staff: str
    back: datetime | None
    services: tuple[str, ...]


def left_by(scene: Scene) -> list[Left]:
    """Return the services that nobody would serve if this window stopped now, though people wait for them."""
    if scene.kind in (Kind.CLOSED, Kind.PAUSED):
        return []
    return [
        Left(
            s,
            scene.waiting[s],
            tuple(w for w, spec in scene.setup.windows.items() if w != scene.window.code and s in spec.services),
        )
        for s in scene.services
        if scene.waiting[s] and not scene.open_elsewhere[s]
    ]


def takers(scene: Scene, left: list[Left]) -> list[Taker]:
    """Return the paused windows that could serve some of those left, the one back soonest first."""
    found = []
    for code, window in scene.windows.items():
        if code == scene.window.code or window.state is not WindowState.PAUSED or window.staff is None:
            continue
        serves = scene.setup.served_by(window)
        can = tuple(one.service for one in left if one.service in serves)
        if can:
            found.append(Taker(code, window.staff, window.back, can))
    return sorted(found, key=lambda taker: (taker.back is None, taker.back))


def reliefs(scene: Scene) -> list[str]:
    """Return who could go on at this window: able to serve something here and at no other window, clerks first."""
    at = {w.staff for w in scene.windows.values() if w.state is not WindowState.CLOSED}
    able = [
        person
        for person in scene.setup.staff.values()
        if person.role in WHO_MAY_SIT
        and person.code not in at
        and scene.setup.services_at(scene.window.code, person.code)
    ]
    return [person.code for person in sorted(able, key=lambda p: WHO_MAY_SIT.index(p.role))]
