"""A morning of what is seldom: kiosk and guide, offers, questions, opinions, systems that wait, a second visit."""

from __future__ import annotations

from queuedesk.core.network.roles import Actor, Role, station
from tests.hall import Hall


def remarkable(hall: Hall) -> None:
    """Let it happen in a power hall, from its clock's time on."""
    kiosk, guide = station("kiosk"), Actor("G1", Role.GUIDE)
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
    hall.do("not-ready", "B")
    hall.clock.move(minutes=3)
    hall.do("redirect", "B", ticket="A002")
    hall.do("redirect", "D", ticket="A004")
    hall.call("1", ticket="A001", reason="frail")
    hall.do("start", "1")
    hall.do("stall", "1", reason="network")
    hall.clock.move(minutes=2)
    hall.do("unstall", "1")
    hall.do("finish", "1", outcome="done", form_free=True)
    hall.do("rate", "A001", 4, attitude=5, competence=3)
    hall.do("serve", "1", "A", reason="one_question")
    hall.do("finish", "1", outcome="a.b/c #2")
    hall.do("serve", "1", "A", reason="one_question")
    hall.do("finish", "1")
    hall.clock.move(minutes=18)
    hall.call("3", ticket="B001", reason="deadline")
    hall.do("start", "3")
    hall.do("transfer", "3", "A")
    hall.call("1", ticket="A003", reason="frail")
    hall.do("miss", "1")
    hall.do("reinstate", "A003")
    for window in ("1", "1", "3", "5"):
        hall.serve_out(window, minutes=3)
