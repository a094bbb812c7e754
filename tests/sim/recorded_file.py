"""What the rows of a recorded file say, in the order in which they happened. Imports nothing of the program."""

import csv
import io
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

Act = dict[str, Any]


def read(text: str) -> tuple[list[Act], timezone]:
    """Return what the rows say, in order, and the first row's offset."""
    rows = list(csv.DictReader(io.StringIO(text)))
    is_tickets = "arrived" in rows[0]
    first = datetime.fromisoformat(rows[0]["arrived" if is_tickets else "time"])
    zone = timezone(first.utcoffset() or timedelta())
    if not is_tickets:
        acts = [{k: (v or None) for k, v in row.items()} | {"time": moment(row["time"])} for row in rows]
        return sorted(acts, key=lambda act: act["time"]), zone
    placed = []
    for n, row in enumerate(rows):
        life = [(k, moment(row[c])) for k, c in STEPS if row[c]]
        for i, (action, when) in enumerate(life):
            now = [k for k, other in life if other == when]
            turn = TURNS.index(action)
            if now[-1] in ("finish", "leave"):
                turn = TURNS.index(now[-1]) if set(now) <= {"start", "finish", "leave"} else TURNS.index("at once")
            act = dict.fromkeys(("service", "class", "window", "staff", "value", "reason"))
            act |= {"action": action, "time": when, "ticket": row["ticket"]}
            if action == "issue":
                act |= {"service": row["service"], "class": row["class"] or None}
            elif row["called"]:
                act |= {"window": row["window"], "staff": row["staff"] or None}
            placed.append(((when, turn, n, i), act))
    return [act for _key, act in sorted(placed, key=lambda one: one[0])], zone


STEPS = (("issue", "arrived"), ("call", "called"), ("start", "started"), ("finish", "finished"), ("leave", "left"))
TURNS = ["finish", "leave", "at once", "issue", "call", "start"]


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
