"""A hall with a ticket and a window in every state, a morning of what is seldom, and stations that start and stop."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from queuedesk.core.log.event import Event
from queuedesk.core.log.ticket_history import TicketHistory
from queuedesk.core.network.roles import CUSTOMER, HALL, Actor, Role, actor_of_station
from queuedesk.desk import looking, setting_up
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.talk import devices
from queuedesk.desk.talk.devices import BEAT_S
from queuedesk.i18n.queue.event_words import ticket_history_lines
from tests import engines
from tests.hall import ADMIN, Clock, Hall, simple_hall, simple_setup

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


def story_of(hall: Hall, label: str, lang: str = "en", *, typed: bool = True) -> list[str]:
    """Return the details of the lines of a ticket of today; without `typed` nobody's own words are among them."""
    ticket, own = looking.ticket_with_events(hall.desk, hall.date, label)
    story = TicketHistory(ticket=ticket, events=tuple(own), broken=None)
    state, setup = looking.hall_state_on(hall.desk, hall.date), looking.setup_of_hall(hall.desk)
    return [line.detail for line in ticket_history_lines(state, setup, story, lang, typed=typed)]


def remarkable(hall: Hall) -> None:
    """Let it happen in a power hall, from its clock's time on."""
    kiosk, guide = actor_of_station("kiosk"), Actor("G1", Role.GUIDE)
    for window in ("1", "3", "5"):
        hall.open(window, f"C{window}")
    hall.do("issue", "A", item="jdf", who=kiosk)  # A001
    hall.do("issue", "B", who=kiosk)  # B001
    hall.do("issue", "A", who=guide)  # A002
    hall.do("issue", "A", klass="elderly", repeat=True)  # A003
    hall.do("issue", "A", item="jdf", who=kiosk)  # A004
    hall.do("offer", "A", to="online")
    hall.do("offer", "A", to="bank", declined=True, ticket="A002")
    hall.do("opinion", 2)
    hall.play("not-ready B", 3, "redirect B ticket=A002", "redirect D ticket=A004", "call 1 ticket=A001 reason=frail")
    hall.play("start 1", "stall 1 reason=network", 2, "unstall 1")
    hall.do("finish", "1", outcome="done", form_free=True)
    hall.do("rate", "A001", 4, attitude=5, competence=3)
    hall.do("serve", "1", "A", reason="one_question")
    hall.do("finish", "1", outcome="a.b/c #2")
    hall.play("serve 1 A reason=one_question", "finish 1", 18, "call 3 ticket=B001 reason=deadline", "start 3")
    hall.play("transfer 3 A", "call 1 ticket=A003 reason=frail", "miss 1", "reinstate A003")
    for window in ("1", "1", "3", "5"):
        hall.serve_out(window, minutes=3)


DISPLAY, KIOSK = ("display", "display"), ("kiosk", "K1")
VOICE, PRINTER = ("voice", "display"), ("printer", "K1")


def only_shown(hall: Hall) -> None:
    """Let the hall have no loudspeaker: its calls are only shown from now on."""
    setting_up.change_single_row_part(hall.desk, hall.ask(ADMIN), "voice", {"spoken": False})


def as_(hall: Hall, name: str) -> Ask:
    return hall.ask(actor_of_station(name))


def start(hall: Hall, *keys: tuple[str, str]) -> None:
    for device, name in keys:
        devices.record_station_start(hall.desk, as_(hall, name), device, name)


def stop(hall: Hall, key: tuple[str, str]) -> None:
    devices.record_station_stop(hall.desk, as_(hall, key[1]), *key)


def send_heartbeat(hall: Hall, *keys: tuple[str, str], for_s: float = 0) -> None:
    """Let stations give their signs of life at once, and for so long."""
    for _time in range(int(for_s // BEAT_S) + 1):
        for key in keys:
            devices.record_sign_of_life(hall.desk, as_(hall, key[1]), *key)
        hall.clock.move(seconds=BEAT_S if for_s else 0)


def look(hall: Hall) -> list[tuple[str, str]]:
    return [tuple(key) for key in devices.record_lost_stations(hall.desk, hall.ask(HALL))["lost"]]
