"""A hall in the middle of its morning: a ticket in every state, a window in every state."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from queuedesk.core.log.event import Event
from queuedesk.core.network.roles import CUSTOMER
from queuedesk.desk.change import Desk
from tests import engines
from tests.hall import Clock, Hall, simple_hall, simple_setup

# 1 free, its last ticket A002 · 2 serves A003 · 3 has called A004 · 4 paused · 5 closed · 6 free, not for A
WINDOWS = {"1": "A", "2": "AB", "3": "ABC", "4": "ABC", "5": "ABC", "6": "BC"}
OF_A = ("finished", "finished", "serving", "called", "parked", "missed", "left", "void", "waiting", "waiting")
STATES = {f"A{n:03}": state for n, state in enumerate(OF_A, 1)} | {"B001": "waiting"}
"""A001 is rated too; B001 is held for window 3."""
_MADE: dict[str, tuple[bytes, datetime]] = {}


def stage(folder: Path, *, settings: dict[str, Any] | None = None) -> Hall:
    """Return the hall at 9:13, tickets issued each minute from 9:00, lived once for each set of rules."""
    rules = repr(settings)
    if rules not in _MADE:
        with TemporaryDirectory() as first, engines.halls_on(engines.SQLITE):
            hall = _lived(Path(first), settings)
            hall.desk.db.dispose()
            _MADE[rules] = hall.path.read_bytes(), hall.clock()
    content, now = _MADE[rules]
    path = folder / "hall.sqlite"
    path.write_bytes(content)
    return Hall(Desk(engines.opened(path), 1), Clock(now), path)


def _lived(folder: Path, settings: dict[str, Any] | None) -> Hall:
    staff = [*simple_setup()["staff"], {"code": "C5", "name": "C5", "role": "clerk"}]
    staff.append({"code": "CB", "name": "CB", "role": "clerk", "skills": ["B"]})
    windows = [{"code": code, "services": list(can)} for code, can in WINDOWS.items()]
    hall = simple_hall(folder, settings=settings, staff=staff, windows=windows)
    do = hall.do
    for window, clerk in (("1", "C1"), ("2", "C2"), ("3", "C3"), ("4", "C4"), ("6", "C5")):
        hall.open(window, clerk)
    do("pause", "4", reason="tea")
    hall.queue(*"AAAAAAAAAAB", minutes_apart=1)
    hall.call("3")
    do("finish", "3")
    do("rate", "A001", 4, who=CUSTOMER)
    hall.serve_out("1", minutes=1)
    # A003, A004 and A005 are called; A005 is parked, the others put back and called where they belong
    for _ in range(3):
        hall.call("3")
        do("start", "3")
        do("park", "3", reason="form")
    do("unpark", "2", "A003")
    do("unpark", "1", "A004")
    do("redirect", "B", window="1")
    do("redirect", "A", ticket="A004")
    do("call", "3", ticket="A006", reason="test")
    do("miss", "3")
    do("leave", "A007")
    do("void", "A008", reason="twice")
    do("call", "3", ticket="B001", reason="test")
    do("transfer", "3", "B", to_window="3")
    do("call", "3", ticket="A004")
    hall.clock.move(minutes=1)
    assert {label: str(hall.ticket(label).state) for label in STATES} == STATES
    return hall


def four_at_once(hall: Hall, act: Callable[[Desk], object]) -> list[Event]:
    """Let four processes do something at the same moment, and return what it left in the log."""
    seq = hall.last().seq
    desks, start = [Desk(engines.again(hall.desk.db), 1) for _ in range(4)], threading.Barrier(4)

    def work(desk: Desk) -> None:
        start.wait()
        act(desk)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(work, desks))
    for desk in desks:
        desk.db.dispose()
    return hall.log(seq)
