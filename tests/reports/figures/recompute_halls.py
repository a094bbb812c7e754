"""Halls side by side in a month, counted again from their printed logs. Imports nothing of the program."""

from collections import defaultdict
from datetime import datetime
from math import sqrt
from typing import Any

from tests.reports.relived import Event, Relived
from tests.reports.resetup import as_it_stands

Row = dict[str, Any]
Z998 = 3.090232
ENOUGH = 30


def counted(log: list[Event], days: list[str], now: datetime) -> list[Row]:
    """Return every rating of the dates that counts: its date, its service by code and name, whether it was good."""
    setup = as_it_stands(log)
    names = {one["code"]: one.get("name") or one.get("name_en") for one in setup["services"]}
    return [
        {"day": day, "service": (code, names.get(code)), "good": ticket["rating"][0] >= 3}
        for day in days
        for ticket in Relived(log, day, now).tickets.values()
        if ticket["rating"] and not ticket["excluded"]
        for code in [ticket["legs"][-1]["service"]]
    ]


def compared(halls: dict[str, list[Row]]) -> dict[str, Row]:
    """Return each hall's figures from its ratings."""
    all_of_them = [one for own in halls.values() for one in own]
    together = share(all_of_them)
    found = {}
    for code, own in halls.items():
        others = [one for name, rows in halls.items() if name != code for one in rows]
        more = defaultdict(int)
        for one in others:
            more[one["service"]] += 1
        like = [one for one in own if more[one["service"]] >= ENOUGH]
        row: Row = {"n": len(own), "satisfied": sum(one["good"] for one in own), "rate": share(own), "alike": None}
        if len(own) < ENOUGH or len(like) < ENOUGH:
            row["lies"] = row["lies_as_counted"] = "too_few" if len(own) < ENOUGH else "unlike"
            found[code] = row
            continue
        alike = {one["service"] for one in like}
        usual = {service: share([one for one in all_of_them if one["service"] == service]) for service in alike}
        # What the hall would come to if it were as all are at its own services, and how far it is from that.
        expected = sum(usual[one["service"]] for one in like) / len(like)
        row["alike"] = min(1.0, max(0.0, together + share(like) - expected))
        chance = sum(usual[one["service"]] * (1 - usual[one["service"]]) for one in like) / len(like) ** 2
        row["spread"] = sqrt(max(chance, together * (1 - together) / len(like)))
        row["lies"] = place(row["alike"] - together, row["spread"])
        row["lies_as_counted"] = place(row["rate"] - together, sqrt(together * (1 - together) / len(own)))
        row["moved"] = row["lies"] != row["lies_as_counted"] or (row["rate"] > together) != (row["alike"] > together)
        found[code] = row
    return found


def share(rows: list[Row]) -> float:
    return sum(one["good"] for one in rows) / len(rows)


def place(away: float, spread: float) -> str:
    return "inside" if abs(away) <= Z998 * spread else "above" if away > 0 else "below"
