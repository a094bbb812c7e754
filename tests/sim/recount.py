"""A recorded file lived through a second time, by the words of the contract alone: what its log must be and which
figures follow.

Imports nothing of the program. The figures of each date are then worked out of that log by the reports' own second
count.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.reports.recompute import Recount
from tests.sim.second_hall import LADDER, Event, SecondHall, read

TARGET_S = 15 * 60


def figures(text: str, told: list[list[str]]) -> dict[str, dict[str, Any]]:
    """Return the figures of every date of a recorded file, as the report of that date must show them; `told` is the
    table of predictions."""
    events = log(text, told)
    found = {}
    for day in sorted({e["data"]["date"] for e in events}):
        later = datetime.fromisoformat(day).replace(tzinfo=UTC) + timedelta(days=9)
        count = Recount(events, day, later)
        found[day] = {**count.figures(), "left_out": left_out(count)}
    return found


def unfit(told: list[list[str]], text: str) -> list[list[str]]:
    """Return what stands in a table of predictions and can't: a number too few or out of turn, a range that is never
    printed."""
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


def left_out(count: Recount) -> list[dict[str, Any]]:
    """Return what a date's figures leave out, from the tickets as they were lived through."""
    tickets = list(count.tickets.values())
    legs = [leg for t in tickets for leg in t["legs"]]
    fair = [g for g in legs if g["end"] != "redirect" and not g["inaccurate"] and not g["void"]]
    uncalled = [g for g in legs if not g["called"] and g["end"] in ("leave", "defer", "day-end") and not g["void"]]
    told = [t for t in tickets if t["promise"] is not None and t["state"] != "void"]
    served = [g for g in fair if g["started"] and g["finished"]]
    calls = [g["called"] for g in legs if g["called"]]
    last_slot = max(calls) if calls else max((t["arrived"] for t in tickets), default=None)
    late = 0
    if last_slot is not None:
        local = last_slot.astimezone(count.zone)
        end = local.replace(minute=local.minute // 30 * 30, second=0, microsecond=0) + timedelta(minutes=30)
        late = sum(t["arrived"] >= end for t in tickets)
    entries = [
        ("void", sum(t["state"] == "void" for t in tickets), "issued_by_mistake"),
        ("inaccurate", sum(g["inaccurate"] for g in legs), "closed_by_day_end"),
        ("redirected", sum(g["end"] == "redirect" for g in legs), "wrong_line"),
        ("transferred", sum(g["end"] == "transfer" for g in legs), "not_finished_there"),
        ("left_uncalled", len(uncalled), "no_call_no_wait"),
        (
            "left_early",
            sum((g["ended"] - g["joined"]).total_seconds() <= TARGET_S for g in uncalled),
            "left_within_target",
        ),
        ("start_assumed", sum(g["assumed"] for g in fair), "way_unknown"),
        ("held_minutes", round(sum(g["held"] for g in served) / 60, 2), "set_aside_is_not_handling"),
        ("stalled_minutes", round(sum(g["stalled"] for g in served) / 60, 2), "other_system_is_not_handling"),
        ("promised_uncalled", sum(not any(g["called"] for g in t["legs"]) for t in told), "no_first_call"),
        ("unrated", sum(t["state"] == "finished" and t["rating"] is None for t in tickets), "silence_is_no_rating"),
        ("late_arrivals", late, "after_the_last_call"),
        ("open", 0, "not_over"),
    ]
    return [{"what": what, "n": n, "why": why} for what, n, why in entries if n]
