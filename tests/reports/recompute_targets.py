"""Targets and rules of their time, counted again from the printed log alone. Imports nothing of the program."""

from datetime import datetime
from fractions import Fraction
from itertools import groupby
from typing import Any

from tests.reports.recompute import Recount, fair, rated, seconds, standard_deviation_of_count
from tests.reports.recompute_measures import Measures
from tests.reports.relived import Event
from tests.reports.resetup import as_it_stands, at_the_end_of

Row = dict[str, Any]
StaffingGoal = tuple[Fraction, str | None]
"""The figure to be reached, and from which date on."""
SHARES = ("satisfaction", "within_target", "served", "first_visit")
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
    for measure in (*SHARES, *WAITS):
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
    return figure / 100 if measure in SHARES and figure > 1 else figure


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
