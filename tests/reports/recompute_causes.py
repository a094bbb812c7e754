"""What explains a long wait, worked out again from a day that was relived. Imports nothing of the program."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from statistics import mean
from typing import Any

from tests.reports.recompute import Recount, handling_s_of_leg_ended_by, seconds, share_at

Leg = dict[str, Any]
Cause = dict[str, Any]
Spans = list[tuple[datetime, datetime]]


def causes(day: Recount, label: str, leg: Leg) -> list[Cause]:
    """Return at most two causes of the wait of a leg that was called, else how many were before it; who was called at
    once did not wait for anything."""
    if leg["called"] <= leg["joined"]:
        return []
    return list(_each(day, label, leg))[:2] or list(_ahead(day, leg))


def _cause(kind: str, window: str | None = None, minutes: float | None = None, n: float | None = None) -> Cause:
    return {"kind": kind, "window": window, "minutes": minutes, "n": n}


def _each(day: Recount, label: str, leg: Leg) -> Iterator[Cause]:
    yield from _free(day, label, leg)
    yield from _long_before(day, leg)
    yield from _paused(day, leg)
    if day.overtaken[label]:
        yield _cause("overtaken", n=day.overtaken[label])
    yield from _few_windows_cause(day, leg)
    yield from _arrivals(day, leg)


def _legs(day: Recount) -> list[tuple[str, Leg]]:
    return [(label, leg) for label, ticket in day.tickets.items() for leg in ticket["legs"]]


def _long_before(day: Recount, leg: Leg) -> Iterator[Cause]:
    there = [
        (other["finished"], label, other)
        for label, other in _legs(day)
        if other["window"] == leg["window"] and other is not leg and other["finished"]
    ]
    there = [one for one in there if one[0] <= leg["called"]]
    if not there:
        return
    _at, _label, last = max(there, key=lambda one: one[:2])
    took = handling_s_of_leg_ended_by([last])
    if last["finished"] <= leg["joined"] or not took:
        return
    known = sorted(handling_s_of_leg_ended_by(other for _, other in _legs(day)))
    if took[0] >= 15 * 60 and took[0] > 2 * share_at(known, 0.9):
        yield _cause("long_before", leg["window"], took[0] / 60)


def _free(day: Recount, label: str, leg: Leg) -> Iterator[Cause]:
    """Which window of the line stood free for two minutes and a quarter of the wait while it could call this one."""
    ticket = day.tickets[label]
    n = ticket["legs"].index(leg)
    since = max([leg["joined"], *([ticket["legs"][n - 1]["ended"]] if n else [ticket["not_before"] or leg["joined"]])])
    longest, at = 0.0, ""
    for shift in sorted(_able(day, leg), key=lambda one: str(one["window"])):
        first = since
        if leg["only_until"]:
            window, staff = leg["only_for"]
            is_for_it = window == shift["window"] if window else staff in (None, shift["staff"])
            first = since if is_for_it else max(since, leg["only_until"])
        if leg["service"] not in day.services_at(shift["window"], shift["staff"]):
            first = max(first, shift["lent"][leg["service"]])
        for span in shift["free"]:
            if (length := _both(span, (first, max(first, leg["called"])))) > longest:
                longest, at = length, shift["window"]
    if longest >= 120 and longest >= seconds(leg["joined"], leg["called"]) / 4:
        yield _cause("free", at, longest / 60)


def _able(day: Recount, leg: Leg) -> list[dict[str, Any]]:
    """Return the shifts whose window and clerk may serve the line."""
    return [shift for shift in day.shifts if leg["service"] in day.offered_in(shift)]


def _paused(day: Recount, leg: Leg) -> Iterator[Cause]:
    paused: Counter[str] = Counter()
    for shift in _able(day, leg):
        for start, end in shift["pauses"]:
            paused[shift["window"]] += _both((start, end or day.until()), (leg["joined"], leg["called"]))
    longest = max(paused.values(), default=0)
    if longest >= 10 * 60:
        yield _cause("paused", min(w for w, length in paused.items() if length == longest), longest / 60)


def _both(one: tuple[datetime, datetime], other: tuple[datetime, datetime]) -> float:
    return max(0.0, seconds(max(one[0], other[0]), min(one[1], other[1])))


def _taking(day: Recount, leg: Leg) -> dict[str, Spans]:
    """Return when each window that may serve the line took customers."""
    found: dict[str, Spans] = {}
    for shift in _able(day, leg):
        at = shift["open"]
        for start, end in [*shift["pauses"], (shift["close"] or day.until(), None)]:
            if start > at:
                found.setdefault(shift["window"], []).append((at, start))
            at = end or day.until()
    return found


def _few_windows_cause(day: Recount, leg: Leg) -> Iterator[Cause]:
    taking, wait = _taking(day, leg), (leg["joined"], leg["called"])
    spans = [span for own in taking.values() for span in own]
    most = max((sum(a <= moment < b for a, b in spans) for moment, _ in spans), default=0)
    if not most or not seconds(*wait):
        return
    mean = sum(_both(span, wait) for span in spans) / seconds(*wait)
    if mean <= most / 2:
        yield _cause("few_windows", n=round(mean, 1))


def _arrivals(day: Recount, leg: Leg) -> Iterator[Cause]:
    def half(moment: datetime) -> int:
        return int(seconds(midnight, moment) // 1800)

    midnight = datetime.fromisoformat(day.day).replace(tzinfo=day.zone)
    came = Counter(half(ticket["arrived"]) for ticket in day.tickets.values())
    n = came[half(leg["joined"])]
    if n and n >= 0.9 * max(came.values()) and n >= 1.5 * mean(came.values()):
        yield _cause("arrivals", n=n)


def _ahead(day: Recount, leg: Leg) -> Iterator[Cause]:
    able = {shift["window"] for shift in _able(day, leg)}
    n = sum(
        other["joined"] < leg["joined"] <= other["called"] <= leg["called"]
        for _, other in _legs(day)
        if other["called"] and other["window"] in able
    )
    if n:
        yield _cause("ahead", n=n)
