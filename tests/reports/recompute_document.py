"""The whole document of figures, targets and rules of their time, and halls side by side, counted again from the
printed log alone. Imports nothing of the program.
"""

from collections import defaultdict
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import groupby
from math import sqrt
from typing import Any

from tests.reports.recompute import (
    Recount,
    day_of,
    fair,
    minutes,
    rated,
    seconds,
    span_of_days,
    standard_deviation_of_count,
)
from tests.reports.recompute_measures import Measures, measures_of
from tests.reports.recompute_quality import quality, three_of
from tests.reports.relived import Event, Relived, as_it_stands, at_the_end_of

Row = dict[str, Any]
StaffingGoal = tuple[Fraction, str | None]
"""The figure to be reached, and from which date on."""
SHARE_MEASURES = ("satisfaction", "within_target", "served", "first_visit")
WAITS = ("mean_wait", "median_wait", "p90_wait")
RULES = {
    "wait_target_minutes": 15, "order": "credit", "jump_every": 3, "order_guard": 0, "calls_before_missed": 3,
    "return_minutes": 10, "return_numbers": 5, "postponements": 1, "appointment_early_minutes": 15,
    "appointment_grace_minutes": 15, "call_at_finish": "off", "outcome_required": "off", "opening_checks": "off",
    "form_free_minutes": 0, "rating_days": 0, "rating_questions": "off", "first_visit_days": 7, "closing": "warn",
    "closing_margin_minutes": 0, "overnight": "close", "day_end": "00:00",
}  # fmt: skip
"""The rules that figures or the order of calls hang on, with what they are unless a hall says otherwise."""


def rules(log: list[Event], days: list[str]) -> list[Row]:
    """Return the rules at the end of the first date, then those of each date at whose end one was another."""
    found: list[Row] = []
    for day in days:
        setup = at_the_end_of(log, day)
        own: Row = RULES | {key: n for key, n in setup.get("settings", {}).items() if key in RULES}
        minutes_of = {row["code"]: row.get("credit_minutes") for row in setup.get("classes", ())}
        own["credits"] = {code: minutes for code, minutes in minutes_of.items() if minutes}
        if not found or {"from": found[-1]["from"]} | own != found[-1]:
            found.append({"from": day} | own)
    return found


def targets(log: list[Event], days: list[str], now: datetime) -> list[Row]:
    """Return a row for each run of dates on which one target stood, with what was reached on just those."""
    found = []
    for measure in (*SHARE_MEASURES, *WAITS):
        for goal, run in groupby(days, key=lambda day, own=measure: _stood(log, own, day)):
            if goal is not None:
                found.append(_row(log, measure, goal, list(run), now))
    return found


def _rows(setup: Row, measure: str, day: str) -> list[StaffingGoal]:
    rows = [row for row in setup.get("targets", ()) if row["measure"] == measure]
    goals = [(_figure(measure, row["value"]), row.get("from") or None) for row in rows]
    return [goal for goal in goals if goal[1] is None or goal[1] <= day]


def _figure(measure: str, value: object) -> Fraction:
    figure = Fraction(str(value))
    return figure / 100 if measure in SHARE_MEASURES and figure > 1 else figure


def _stood(log: list[Event], measure: str, day: str) -> StaffingGoal | None:
    """Return what stood at the day's end, dated targets of today too; one without a date where there was none."""
    then, now = _rows(at_the_end_of(log, day), measure, day), _rows(as_it_stands(log), measure, day)
    known = [*then, *(goal for goal in now if goal[1])] or now
    return max(enumerate(known), key=lambda one: (one[1][1] or "", one[0]))[1] if known else None


def _row(log: list[Event], measure: str, goal: StaffingGoal, days: list[str], now: datetime) -> Row:
    figure, since = goal
    head = {"measure": measure, "value": float(figure), "from": since, "first": days[0], "last": days[-1]}
    own = Measures(log, days, now)
    if measure in WAITS:
        waits = [seconds(g["joined"], g["called"]) for g in own.legs if fair(g) and g["called"]]
        found = standard_deviation_of_count(waits)
        value = found[measure.removesuffix("_wait")]
        said = None if value is None else _met(round(value, 2) <= figure)
        return head | {"n": found["n"], "of": None, "minutes": value, "low": None, "high": None, "verdict": said}
    n, of = _share(own, measure)
    rate, low, high, said = n / of if of else None, None, None, None
    if measure == "satisfaction":
        levels = [t["rating"][0] for t in rated(own.tickets)]
        interval = Recount(log, days[0], now).ratings_of(levels, 0)
        low, high = interval["low"], interval["high"]
        if of:
            said = "met" if low >= figure else "not_met" if high < figure else "cannot_tell"
    elif of:
        said = _met(Fraction(n, of) >= figure)
        if said == "met" and measure == "first_visit" and Fraction(n - _may_come_again(log, days, now), of) < figure:
            said = "cannot_tell"
    return head | {"n": n, "of": of, "rate": rate, "low": low, "high": high, "verdict": said}


def _met(is_met: bool) -> str:
    return "met" if is_met else "not_met"


def _may_come_again(log: list[Event], days: list[str], now: datetime) -> int:
    """Return how many of those who count as done at the first visit have not been looked after for all their days."""
    each = [Measures(log, [day], now).document()["first_visit"] for day in days]
    return sum(one["n"] for one in each if one["not_over"])


def _share(own: Measures, measure: str) -> tuple[int, int]:
    document = own.document()
    if measure == "satisfaction":
        levels = [t["rating"][0] for t in rated(own.tickets)]
        return sum(level >= 3 for level in levels), len(levels)
    share = document[{"within_target": "service_level"}.get(measure, measure)]
    return share["n"], share["of"]


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
