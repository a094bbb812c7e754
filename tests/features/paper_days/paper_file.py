"""Files of paper days, and a hall to put them into."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from queuedesk.core.network.roles import Actor
from queuedesk.desk.change import Ask
from queuedesk.features.paper_days import verbs as paper
from tests.hall import MANAGER, Hall, simple_hall

HEADER = "time,action,ticket,service,window,staff,class,value,reason"
TODAY = date(2026, 11, 20)
YESTERDAY = TODAY - timedelta(days=1)

DAY = """
09:00:00,issue,A801,A,,,elderly,,
09:01:00,issue,A802,A,,G1,,,
09:02:00,issue,B801,B,,,,,
09:05:00,call,A801,,2,C2,,,
09:06:00,start,A801,,2,,,,
09:10:00,finish,A801,,2,C2,,paid,
09:10:30,rate,A801,,,,,5,
09:11:00,call,A802,,2,,,,
09:12:00,recall,,,2,,,,
09:13:00,miss,,,2,,,,
09:14:00,call,B801,,2,,,,
09:15:00,start,,,2,,,,
09:20:00,transfer,,A,2,,,end,
09:21:00,pause,,,2,,,,tea
09:31:00,resume,,,2,,,,
09:32:00,not-ready,,C,,,,,
09:33:00,serve,C801,C,3,C3,,,no ticket
09:40:00,finish,C801,,3,,,,
"""


def busy_hall(folder: Path) -> Hall:
    """Return a hall today at eleven: C1 serves A001 at window 1, A002 and A003 wait, somebody is at the door, C4 is at
    window 3."""
    hall = simple_hall(folder, time="10:00")
    hall.do("sign-in", "guide", "G1")
    hall.open("1", "C1")
    hall.open("3", "C4")
    hall.queue("A", "A", "A", minutes_apart=5)
    hall.call("1")
    hall.do("start", "1")
    hall.clock.move(minutes=45)
    return hall


def day_text(rows: str, day: date = YESTERDAY) -> str:
    """Return a file's text: each row begins with its time of day."""
    lines = [line.strip() for line in rows.strip().splitlines()]
    return "\n".join([HEADER, *(f"{day}T{line}" for line in lines)]) + "\n"


def put(hall: Hall, text: str, name: str = "paper.csv", who: Actor = MANAGER) -> dict:
    file = hall.path.with_name(name)
    file.write_text(text, encoding="utf-8")
    checked = paper.check(hall.desk, file, hall.clock())
    return paper.enter(hall.desk, Ask(who, hall.clock()), checked)
