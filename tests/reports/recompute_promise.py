"""How good the waits were that tickets were told, worked out a second time from the printed log alone. Imports nothing
of the program."""

from collections.abc import Iterable
from datetime import datetime, tzinfo
from math import ceil
from typing import Any

from tests.reports.relived import Event, time_of

Row = dict[str, Any]


def promise_of(log: list[Event], days: list[str], zone: tzinfo) -> Row:
    """Return the promises of several dates in a hall of that zone."""

    def half_hour(moment: datetime) -> str:
        local = moment.astimezone(zone)
        return f"{local.hour:02}:{local.minute // 30 * 30:02}"

    told: dict[tuple[str, str], Row] = {}
    for event in log:
        if not event["ticket"] or event["data"].get("date") not in days:
            continue
        key = event["data"]["date"], event["ticket"]
        promise = event["data"].get("promise") or {}
        if event["kind"] == "issue" and promise.get("low") is not None and not event["data"].get("paper"):
            told[key] = {"at": time_of(event), "service": event["service"], **promise}
        elif event["kind"] in ("call", "serve") and key in told and "wait" not in told[key]:
            told[key]["wait"] = (time_of(event) - told[key]["at"]).total_seconds()
            told[key]["calls"] = 0
        if event["kind"] == "call" and "wait" in told.get(key, ()):
            told[key]["calls"] += 1
        elif event["kind"] == "return" and told.get(key, {}).get("calls") == 1:
            del told[key]["wait"]  # The only call was a mistake, and does not count.
        elif event["kind"] == "void":
            told.pop(key, None)
    rows = [row for row in told.values() if "wait" in row]
    known = [row for row in rows if row.get("naive_s") is not None]
    bounds = _fitted([(row["naive_s"], row["wait"]) for row in known])
    return {
        **_figures(rows, bounds),
        "services": {
            code: _figures([r for r in rows if r["service"] == code], bounds)
            for code in {row["service"] for row in rows}
        },
        "half_hours": {
            name: _figures([r for r in rows if half_hour(r["at"]) == name], bounds)
            for name in {half_hour(row["at"]) for row in rows}
        },
        "experts": {
            name: _scored([_own(r) for r in rows if r.get("leads") == name])
            for name in {row["leads"] for row in rows if row.get("leads")}
        },
    }


def _fitted(pairs: list[tuple[float, float]]) -> Any:
    """Return what gives the range of a naive figure: its group's tenth below and above, of at least 20 figures each, at
    most six groups."""
    pairs.sort()
    groups = max(1, min(6, len(pairs) // 20))
    parts = [pairs[len(pairs) * n // groups : len(pairs) * (n + 1) // groups] for n in range(groups)]

    def bounds(said: float) -> tuple[float, float]:
        own = [part for part in parts if part is parts[0] or part[0][0] <= said][-1]
        off = sorted(wait - figure for figure, wait in own)
        rank = min(len(off), ceil(0.9 * (len(off) + 1)))
        return max(0, said + off[-rank]), max(0, said + off[rank - 1])

    return bounds


def _figures(rows: list[Row], bounds: Any) -> Row:
    own = [_own(r) for r in rows]
    naive = [(*bounds(r["naive_s"]), r["naive_s"], r["wait"]) for r in rows if r.get("naive_s") is not None]
    return {**_scored(own), "naive": _scored(naive)}


def _own(row: Row) -> tuple[float, float, float, float]:
    return 60 * row["low"], 60 * row["high"], row["point_s"], row["wait"]


def _scored(told: list[tuple[float, float, float, float]]) -> Row:
    def mean(values: Iterable[float]) -> float | None:
        return round(sum(values) / len(told) / 60, 2) if told else None

    def share(n: int) -> float | None:
        return round(n / len(told), 6) if told else None

    return {
        "n": len(told),
        "late": share(sum(w > h for _l, h, _p, w in told)),
        "early": share(sum(w < lo for lo, _h, _p, w in told)),
        "mean_width": mean(h - lo for lo, h, _p, _w in told),
        "interval_score": mean(h - lo + 10 * max(lo - w, w - h, 0) for lo, h, _p, w in told),
        "mae": mean(abs(w - p) for _l, _h, p, w in told),
    }
