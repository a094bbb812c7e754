"""Why ratings are low, worked out a second time from the printed log alone. Imports nothing of the program."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.reports.recompute import wilson
from tests.reports.relived import Event, time_of

LOW = (1, 2)
QUESTIONS = ("attitude", "competence")
Rated = dict[str, Any]


def rated(log: list[Event], days: list[str], zone: str) -> list[Rated]:
    """Return each rating that counts, with where, when and for what its visit was."""
    visits: dict[tuple[str, str], Rated] = {}
    shifts: dict[str, Rated] = {}
    for event in log:
        kind, data, window = event["kind"], event["data"], event["window"]
        if kind in ("open", "hand-over") and window:
            shifts[window] = {"staff": event["staff"], "since": time_of(event)}
        elif kind == "resume" and window in shifts:
            shifts[window]["since"] = time_of(event)
        if not event["ticket"]:
            continue
        key = (data["date"], event["ticket"])
        if kind in ("issue", "serve"):
            came = time_of(event).astimezone(ZoneInfo(zone))
            visits[key] = {
                "service": event["service"],
                "class": data["class"],
                "hour": f"{came:%H}:00",
                "item": f"{event['service']}/{data['item']}" if data.get("item") else "-",
            }
        visit = visits[key]
        if kind in ("call", "start", "serve"):
            visit["stretch"] = _stretch(shifts.get(window), time_of(event))
        if kind in ("redirect", "transfer") or (kind == "call" and "window" in visit):
            visit["item"] = "-"  # it went on to another line, without what was asked for
        if kind == "finish":
            visit |= {"service": event["service"], "window": window}
        elif kind == "rate":
            visit |= {name: data[name] for name in ("level", "tags", *QUESTIONS) if name in data}
        elif kind == "reasons":
            visit |= {name: data[name] for name in ("tags", *QUESTIONS) if name in data}
    return [one for (day, _label), one in visits.items() if day in days and "level" in one]


def _stretch(shift: Rated | None, begun: datetime) -> str | None:
    if shift is None:
        return None
    lasted = begun - shift["since"]
    if lasted < timedelta(hours=1):
        return "under_1h"
    return "1h_to_2h" if lasted < timedelta(hours=2) else "over_2h"


def share(n: int, of: int) -> Rated:
    """Return a share with Wilson's interval by the textbook, of fewer than thirty without."""
    found: Rated = {"n": n, "of": of, "rate": None, "low": None, "high": None}
    if of >= 30:
        low, high = wilson(n, of)
        found |= {"rate": round(n / of, 6), "low": round(low, 6), "high": round(high, 6)}
    return found


def why_of(those: list[Rated], by: str) -> Rated:
    """Return what `quality why` answers of these ratings, rows by their names."""
    groups = {name: [one for one in those if one[by] == name] for name in {one[by] for one in those}}
    tags = {tag for one in those for tag in one.get("tags") or ()}
    asked = [question for question in QUESTIONS if any(question in one for one in those)]
    known = [one for one in those if one.get("stretch")]
    return {
        "ratings": len(those),
        "low": _low(those),
        "groups": {name: len(own) for name, own in groups.items()},
        "reasons": {
            tag: {
                name: share(sum(tag in (one.get("tags") or ()) for one in own), len(own))
                for name, own in groups.items()
            }
            for tag in tags
        },
        "questions": {
            question: {
                name: share(sum(one.get(question) in LOW for one in own), sum(question in one for one in own))
                for name, own in groups.items()
            }
            for question in asked
        },
        "stretch": {
            band: share(_low(own), len(own))
            for band in ("under_1h", "1h_to_2h", "over_2h")
            for own in [[one for one in known if one["stretch"] == band]]
        }
        if known
        else {},
    }


def _low(those: list[Rated]) -> int:
    return sum(one["level"] in LOW for one in those)
