"""A morning of what is seldom: kiosk and guide, offers, questions, opinions, systems that wait, a second visit."""

from queuedesk.core.network.roles import Actor, Role, actor_of_station
from tests.hall import Hall


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
