"""What a month's rows ask to be trained, counted a second time from the printed log; imports nothing of the program."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from math import ceil, comb, sqrt
from statistics import NormalDist
from typing import Any

from tests.reports.relived import Event, Relived

Row = tuple[str, str, str, str, float]
"""Kind, who, service, item, amount."""


def needs(log: list[Event], days: list[str], now: datetime) -> dict[tuple[str, str], dict[str, Any]]:
    """Return each need by kind and service: whom it is about, its rows, the others, the limits."""
    rows = [row for day in days for row in _of_day(log, day, now)]
    limits = _limits(rows)
    groups: dict[tuple[str, str], list[tuple[str, str, str, bool]]] = defaultdict(list)
    for kind, who, service, item, amount in rows:
        over = limits[service] if kind == "long" else {"recalls": 2}.get(kind, 0)
        name = (kind, service if kind in ("transfers", "long") else "")
        groups[name].append((who, service, item, amount > over))
    sides = {
        (name, who): side
        for name, own in groups.items()
        if any(row[3] for row in own)
        for who in {row[0] for row in own}
        if (side := _sides(own, {who})) is not None
    }
    level = 1 - 0.05 / max(1, len(sides))
    found = {}
    for name, own in groups.items():
        each = {who: _compared(side, level) for (its, who), side in sides.items() if its == name}
        if each:
            above = {who for who, one in each.items() if one["low"] > 0}
            about = above or {max(sorted(each), key=lambda who: each[who]["low"])}
            side = _sides(own, about)
            assert side is not None
            found[name] = _compared(side, level) | {"about": about, "worth": bool(above), "limit": limits.get(name[1])}
    return found


def _of_day(log: list[Event], day: str, now: datetime) -> Iterable[Row]:
    lived = Relived(log, day, now)
    items = {e["ticket"]: e["data"].get("item") or "" for e in lived.events if e["kind"] in ("issue", "serve")}
    guides = {e["ticket"]: e["data"].get("guide") for e in lived.events if e["kind"] in ("issue", "serve")}
    for ticket in lived.tickets.values():
        label = ticket["label"]
        for leg in ticket["legs"]:
            done = leg["finished"] is not None and leg["end"] in ("finish", "day-end")
            if not leg["staff"] or not leg["called"] or not (done or leg["end"] == "transfer"):
                continue
            item = items.get(label, "") if leg["service"] == ticket["legs"][0]["service"] else ""
            yield "transfers", leg["staff"], leg["service"], item, int(leg["end"] == "transfer")
            if done and leg["started"] and not leg["inaccurate"]:
                took = max(0.0, (leg["finished"] - leg["started"]).total_seconds())
                minutes = max(0.0, took - leg["held"] - leg["stalled"]) / 60
                yield "long", leg["staff"], leg["service"], item, minutes
        right = [leg for leg in ticket["legs"] if leg["end"] != "redirect"]
        if guides.get(label) and right and ticket["state"] != "void":
            wrong = ticket["legs"][0]["end"] == "redirect"
            yield "misdirected", guides[label], right[0]["service"], "", int(wrong)
    last: dict[str, list[Any]] = {}
    for e in lived.events:
        if e["kind"] == "call":
            if e["ticket"] in last:
                yield ("recalls", *last.pop(e["ticket"]))
            if e["staff"]:
                last[e["ticket"]] = [e["staff"], e["service"], "", 1]
        elif e["kind"] == "recall" and e["ticket"] in last:
            last[e["ticket"]][3] += 1
    yield from (("recalls", *one) for one in last.values())


def _limits(rows: list[Row]) -> dict[str, int]:
    minutes: dict[str, list[float]] = defaultdict(list)
    for kind, _who, service, _item, amount in rows:
        if kind == "long":
            minutes[service].append(amount)
    return {service: max(1, ceil(sorted(own)[ceil(0.9 * len(own)) - 1])) for service, own in minutes.items()}


def _sides(rows: list[tuple[str, str, str, bool]], about: set[str]) -> list[tuple[list[bool], list[bool]]] | None:
    """Return the pairs of alike work, the own rows beside the others'; None under 30 rows on either side."""
    pairs: dict[tuple[str, str], tuple[list[bool], list[bool]]] = {}
    for who, service, item, shown in rows:
        mine = any(row[:3] == (one, service, item) for one in about for row in rows)
        others = sum(row[0] not in about and row[1:3] == (service, item) for row in rows)
        alike = (service, item if item and mine and others >= 5 else "")
        pairs.setdefault(alike, ([], []))[who not in about].append(shown)
    both = [pair for pair in pairs.values() if pair[0] and len(pair[1]) >= 5]
    enough = sum(len(own) for own, _others in both) >= 30 and sum(len(others) for _own, others in both) >= 30
    return both if enough else None


def _compared(pairs: list[tuple[list[bool], list[bool]]], level: float) -> dict[str, Any]:
    n, of = sum(sum(own) for own, _others in pairs), sum(len(own) for own, _others in pairs)
    q = sum(len(own) / of * sum(others) / len(others) for own, others in pairs)
    m = 1 / sum((len(own) / of) ** 2 / len(others) for own, others in pairs)
    z = NormalDist().inv_cdf((1 + level) / 2)
    centre = (q + z * z / (2 * m)) / (1 + z * z / m)
    half = z * sqrt(q * (1 - q) / m + z * z / (4 * m * m)) / (1 + z * z / m)
    tail, p = (1 - level) / 2, n / of
    low = 0.0 if n == 0 else _where(lambda share: _chance(range(n, of + 1), of, share) < tail, 0.0, p)
    high = 1.0 if n == of else _where(lambda share: _chance(range(n + 1), of, share) >= tail, p, 1.0)
    below = p - q - sqrt((p - low) ** 2 + (centre + half - q) ** 2)
    above = p - q + sqrt((high - p) ** 2 + (q - centre + half) ** 2)
    return {"n": n, "of": of, "others": q, "low": below, "high": above}


def _where(holds: Any, low: float, high: float) -> float:
    for _time in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return (low + high) / 2


def _chance(hits: Iterable[int], of: int, share: float) -> float:
    return sum(comb(of, k) * share**k * (1 - share) ** (of - k) for k in hits)
