"""A hall's set-up at any time, told from the printed log alone. Imports nothing of the program."""

from typing import Any

Event = dict[str, Any]
Setup = dict[str, Any]
BY_PLACE = ("notices", "targets")


def as_it_stands(log: list[Event]) -> Setup:
    return versions(log)[-1][1]


def at_the_end_of(log: list[Event], day: str) -> Setup:
    """Return the set-up as it stood when `day` was over; a date before the first has what the hall began with."""
    known = versions(log)
    return next((setup for since, setup in reversed(known) if since <= day), known[0][1])


def versions(log: list[Event]) -> list[tuple[str, Setup]]:
    """Return the set-up after each change, with its date: never before that of the change before it."""
    found: list[tuple[str, Setup]] = []
    for event in log:
        if event["kind"] != "set-up":
            continue
        data = event["data"]
        setup = data["setup"] if "setup" in data else _after(found[-1][1], data)
        found.append((max(data["date"], found[-1][0]) if found else data["date"], setup))
    return found


def _after(setup: Setup, data: dict[str, Any]) -> Setup:
    part, op = data["part"], data["op"]
    if op == "pin":
        return setup
    if part in ("settings", "hall", "scheme"):
        return setup | {part: setup.get(part, {}) | data["row"]}
    listed = enumerate(setup.get(part, ()), start=1)
    rows = {str(place) if part in BY_PLACE else row["code"]: row for place, row in listed}
    if op == "add":
        return setup | {part: [*rows.values(), data["row"]]}
    if op == "remove":
        return setup | {part: [row for name, row in rows.items() if name != data["code"]]}
    return setup | {part: [row | data["row"] if name == data["code"] else row for name, row in rows.items()]}
