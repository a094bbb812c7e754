"""The whole document of figures, counted again from the printed log alone. Imports nothing of the program."""

from datetime import datetime, timedelta
from typing import Any

from tests.reports.recompute import Recount, day_of, fair, minutes, rated, seconds, span_of_days
from tests.reports.recompute_measures import measures_of
from tests.reports.recompute_quality import quality, three_of
from tests.reports.recompute_targets import rules, targets
from tests.reports.relived import Event

Row = dict[str, Any]
SHARES = frozenset({"rate", "low", "high", "within_target", "share", "value", "late", "early"})
NAMED = {
    ("outcomes",): ("code", "n"), ("system_wait", "by_reason"): ("reason", "n"),
    ("wrong_counter", "by_service"): ("code",), ("wrong_counter", "by_guide"): ("code",),
    ("wrong_counter", "by_label"): ("service", "item"), ("form_free", "by_service"): ("code",),
    ("items", "by_item"): ("service", "item"), ("classes",): ("code",), ("overtakes",): ("reason",),
    ("counters",): ("kind",), ("diversion", "by_channel"): ("code",), ("diversion", "ledger"): ("channel", "service"),
    ("diversion", "hall_share"): ("service",), ("devices",): ("device", "station"),
    ("promise", "services"): ("code",), ("promise", "half_hours"): ("from",), ("promise", "experts"): ("code",),
}  # fmt: skip
"""What names the rows that the second count keeps by their names."""


def document(log: list[Event], days: list[str], now: datetime) -> Row:
    """Return the figures of successive dates as they are printed: minutes to two decimals, shares to six."""
    printed: Row = _printed("", unrounded(log, days, now))
    return printed


def unrounded(log: list[Event], days: list[str], now: datetime) -> Row:
    """Return the figures of dates that follow each other; rows that have no order of their own stand in any."""
    figures = day_of(log, days[0], now) if len(days) == 1 else span_of_days(log, days, now)
    told = quality(log, days, now)
    return figures | {
        "from": days[0],
        "to": days[-1],
        "left_out": left_out([Recount(log, day, now) for day in days]),
        "measures": listed(measures_of(log, days, now)),
        "targets": targets(log, days, now),
        "rules": rules(log, days),
        "quality": told,
        "cases": three_of(told),
    }


def listed(measures: Row) -> Row:
    """Return the measures with rows in place of what the second count keeps by their names."""
    for path, names in NAMED.items():
        inside = measures if len(path) == 1 else measures[path[0]]
        rows = []
        for key, row in inside[path[-1]].items():
            values = key if isinstance(key, tuple) else (key,)
            counts = row if isinstance(row, dict) else {names[-1]: row}
            rows.append(dict(zip(names, values, strict=False)) | counts)
        inside[path[-1]] = rows
    return measures


def _printed(name: str, value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _printed(key, inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_printed(name, inner) for inner in value]
    return round(value, 6 if name in SHARES else 2) if isinstance(value, float) else value


def left_out(days: list[Recount]) -> list[Row]:
    """Return what is in no mean or share, and why; what is nothing is not told."""
    tickets = [ticket for day in days for ticket in day.tickets.values()]
    legs = [leg for ticket in tickets for leg in ticket["legs"]]
    gone = [leg for leg in legs if not leg["called"] and leg["end"] in ("leave", "defer", "day-end")]
    early = [leg for leg in gone if seconds(leg["joined"], leg["ended"]) <= days[0].target_s]
    handled = [leg for leg in legs if fair(leg) and leg["started"] and leg["finished"]]
    promised = [ticket for ticket in tickets if ticket["promise"] is not None and ticket["state"] != "void"]
    counts = {
        "void": (sum(t["state"] == "void" for t in tickets), "issued_by_mistake"),
        "inaccurate": (sum(leg["inaccurate"] for leg in legs), "closed_by_day_end"),
        "redirected": (sum(leg["end"] == "redirect" for leg in legs), "wrong_line"),
        "transferred": (sum(leg["end"] == "transfer" for leg in legs), "not_finished_there"),
        "left_uncalled": (len(gone), "no_call_no_wait"),
        "left_early": (len(early), "left_within_target"),
        "start_assumed": (sum(leg["assumed"] and fair(leg) for leg in legs), "way_unknown"),
        "held_minutes": (minutes(sum(leg["held"] for leg in handled)), "set_aside_is_not_handling"),
        "stalled_minutes": (minutes(sum(leg["stalled"] for leg in handled)), "other_system_is_not_handling"),
        "promised_uncalled": (sum(not any(g["called"] for g in t["legs"]) for t in promised), "no_first_call"),
        "unrated": (sum(t["state"] == "finished" and not t["rating"] for t in tickets), "silence_is_no_rating"),
        "excluded": (len([t for t in tickets if t["rating"]]) - len(rated(tickets)), "excluded_by_correction"),
        "late_arrivals": (sum(map(_late_arrivals, days)), "after_the_last_call"),
        "open": (sum(t["state"] not in ("left", "finished", "void") for t in tickets), "not_over"),
    }
    return [{"what": what, "n": n, "why": why} for what, (n, why) in counts.items() if n]


def _late_arrivals(day: Recount) -> int:
    """Return how many came after the half-hour of the last call."""
    called = [leg["called"] for ticket in day.tickets.values() for leg in ticket["legs"] if leg["called"]]
    if not called:
        return 0
    local = max(called).astimezone(day.zone)
    over = local.replace(minute=local.minute // 30 * 30, second=0, microsecond=0) + timedelta(minutes=30)
    return sum(ticket["arrived"] >= over for ticket in day.tickets.values())
