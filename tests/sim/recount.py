"""A recorded file lived through and counted a second time, by the contract alone. Imports nothing of the program."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.reports.recompute import Recount
from tests.reports.recompute_document import left_out
from tests.sim.second_hall import LADDER, Event, SecondHall, read


def figures(text: str, told: list[list[str]]) -> dict[str, dict[str, Any]]:
    """Return the figures that the report of each date must show; `told` is the table of predictions."""
    events = log(text, told)
    found = {}
    for day in sorted({e["data"]["date"] for e in events}):
        later = datetime.fromisoformat(day).replace(tzinfo=UTC) + timedelta(days=9)
        count = Recount(events, day, later)
        found[day] = {**count.figures(), "left_out": left_out([count])}
    return found


def unfit(told: list[list[str]], text: str) -> list[list[str]]:
    """Return what can't stand in a table of predictions: a number too few or out of turn, a range never printed."""
    given = [e for e in log(text, told) if e["kind"] in ("issue", "serve")]
    if [row[:2] for row in told] != [[e["data"]["date"], e["ticket"]] for e in given]:
        return told
    wrong = []
    for (_day, _ticket, low, high, point), event in zip(told, given, strict=True):
        ends = (low, high)
        if event["kind"] == "serve":
            is_fit = ends == ("", "") and not point
        elif low == "":
            is_fit = high == point == ""
        else:
            is_fit = int(low) in LADDER and int(high) in LADDER and int(low) < int(high) and float(point) >= 0
        if not is_fit:
            wrong.append([low, high, point])
    return wrong


def log(text: str, told: list[list[str]]) -> list[Event]:
    """Return what happened as printed events, one after the other."""
    acts, zone = read(text)
    hall = SecondHall(acts, zone, told)
    hall.live()
    return hall.events
