"""How calls for help were answered, worked out a second time from the printed log alone. Imports nothing of the
program."""

from typing import Any

from tests.reports.recompute import seconds, spread_of
from tests.reports.relived import Event, time_of

Row = dict[str, Any]


def help_of(log: list[Event], days: list[str]) -> Row:
    """Return the calls for help of several dates: pressed, answered, over."""
    pressed = [
        event
        for event in log
        if event["kind"] == "help"
        and event["data"]["date"] in days
        and not {"ack", "arrived", "cancelled"} & set(event["data"])
    ]
    told = {
        (verb, event["data"][verb]): event
        for event in log
        for verb in ("ack", "arrived", "cancelled")
        if event["kind"] == "help" and verb in event["data"]
    }
    waits, comings, alone, back = [], [], 0, 0
    for event in pressed:
        ack, there = told.get(("ack", event["seq"])), told.get(("arrived", event["seq"]))
        first = ack or there
        if first is not None:
            waits.append(seconds(time_of(event), time_of(first)))
        if there is not None:
            comings.append(seconds(time_of(event), time_of(there)))
        if ("cancelled", event["seq"]) in told:
            back += 1
        elif first is None:
            alone += 1
    return {
        "n": len(pressed),
        "answer": spread_of(waits),
        "arrival": spread_of(comings),
        "unanswered": alone,
        "cancelled": back,
    }
