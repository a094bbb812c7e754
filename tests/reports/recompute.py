"""A day's figures, counted again from the printed log by the words of the contract. Imports nothing of the program."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from tests.reports.relived import Event, Relived


def day_of(log: list[Event], day: str, now: datetime) -> dict[str, Any]:
    """Return the figures of `day` from a printed log whose first event holds the set-up; nothing is rounded."""
    return Recount(log, day, now).figures()


def span_of_days(log: list[Event], days: list[str], now: datetime) -> dict[str, Any]:
    """Return the figures of several dates as of one long one: every leg, rating and shift of them together."""
    parts = [Recount(log, day, now) for day in days]
    whole, hours = parts[0], _hours_together(parts)
    for part in parts:
        for shift in part.shifts:  # of a date that is not over
            shift["close"] = shift["close"] or part.until()
            shift["pauses"] = [[start, end or part.until()] for start, end in shift["pauses"]]
    for part in parts[1:]:
        whole.tickets |= {f"{part.day} {label}": ticket for label, ticket in part.tickets.items()}
        whole.shifts += part.shifts
        whole.events += part.events
        whole.overtaken.update({f"{part.day} {label}": n for label, n in part.overtaken.items()})
        for name in ("not_ready", "reasons", "lost", "serving", "idle"):
            getattr(whole, name).update(getattr(part, name))
    return whole.figures() | {"hours": hours}


def _hours_together(parts: list["Recount"]) -> list[dict[str, Any]]:
    """Add up the half-hours of several dates; those in between on no date are empty."""
    rows: dict[str, dict[str, Any]] = {}
    waits: dict[str, list[float]] = {}
    for part in parts:
        legs = [leg for ticket in part.tickets.values() for leg in ticket["legs"]]
        for row in part.hours_from_row(list(part.tickets.values()), legs):
            known = rows.setdefault(row["from"], {"arrivals": 0, "calls": 0, "open_windows": 0})
            known["arrivals"] += row["arrivals"]
            known["calls"] += row["calls"]
            known["open_windows"] = max(known["open_windows"], row["open_windows"])
        for leg in legs:
            if leg["called"] and fair(leg):
                local = leg["called"].astimezone(part.zone)
                label = f"{local.hour:02}:{local.minute // 30 * 30:02}"
                waits.setdefault(label, []).append(seconds(leg["joined"], leg["called"]))
    if not rows:
        return []
    first, last = (int(end[:2]) * 2 + int(end[3:]) // 30 for end in (min(rows), max(rows)))
    empty = {"arrivals": 0, "calls": 0, "open_windows": 0}
    names = [f"{n // 2:02}:{n % 2 * 30:02}" for n in range(first, last + 1)]
    means = {name: standard_deviation_of_count(waits.get(name, []))["mean"] for name in names}
    return [{"from": name, **rows.get(name, empty), "mean_wait": means[name]} for name in names]


class Recount(Relived):
    # -- the figures ---------------------------------------------------------------------------------------------------

    def figures(self) -> dict[str, Any]:
        tickets = list(self.tickets.values())
        legs = [leg for t in tickets for leg in t["legs"]]
        states = Counter(t["state"] for t in tickets)
        redirected = Counter(leg["service"] for leg in legs if leg["end"] == "redirect")
        return {
            "hall": self.setup["hall"]["code"],
            "from": self.day,
            "to": self.day,
            "issued": len(tickets),
            "called": sum(any(leg["called"] for leg in t["legs"]) for t in tickets),
            "finished": states["finished"],
            "missed": sum(t["misses"] > 0 for t in tickets),
            "left": states["left"],
            "no_show": sum("no_show" in t["flags"] for t in tickets),
            "void": states["void"],
            "waiting_at_end": states["waiting"] + sum("ended_waiting" in t["flags"] for t in tickets),
            "wait": self._wait(legs),
            "way": standard_deviation_of_count(
                [seconds(g["called"], g["started"]) for g in legs if fair(g) and g["started"] and not g["assumed"]]
            ),
            "handling": self._handling(legs),
            "services": [self._service(code, legs) for code in self._codes("services", (g["service"] for g in legs))],
            "windows": [self._window(code, legs) for code in self._codes("windows", self._windows_used(legs))],
            "staff": [
                self._person(code, legs) for code in self._codes("staff", self._seen(legs)) if self._worked(code, legs)
            ],
            "hours": self.hours_from_row(tickets, legs),
            "ratings": self.ratings_of([t["rating"][0] for t in rated(tickets)], self._unrated(None)),
            "redirects": {
                "n": sum(redirected.values()),
                "minutes_lost": minutes(sum(self.lost.values())),
                "by_service": dict(redirected),
            },
            "not_ready": {"n": sum(self.not_ready.values()), "by_service": dict(self.not_ready)},
            "overtakes": {
                "tickets": len(self.overtaken),
                "max": max(self.overtaken.values(), default=0),
                "by_reason": dict(self.reasons),
            },
            "promise": self._promise(tickets),
            "cases": {"opened": 0, "closed": 0, "overdue": 0},
            "log": {
                "first_seq": self.events[0]["seq"] if self.events else None,
                "last_seq": self.events[-1]["seq"] if self.events else None,
                "hash": self.events[-1]["hash"] if self.events else None,
            },
        }

    def _codes(self, part: str, seen: Iterable[str | None]) -> list[str]:
        """Return the codes of the set-up in its order, then those that it no longer has."""
        known = [row["code"] for row in self.setup[part]]
        return known + sorted({code for code in seen if code} - set(known))

    def _windows_used(self, legs: list[dict[str, Any]]) -> list[str | None]:
        return [shift["window"] for shift in self.shifts] + [leg["window"] for leg in legs if done(leg)]

    def _seen(self, legs: list[dict[str, Any]]) -> list[str | None]:
        return [shift["staff"] for shift in self.shifts] + [leg["staff"] for leg in legs]

    def _wait(self, legs: list[dict[str, Any]]) -> dict[str, Any]:
        waits = [seconds(g["joined"], g["called"]) for g in legs if fair(g) and g["called"]]
        gone = [g for g in legs if not g["called"] and g["end"] in ("leave", "defer", "day-end")]
        asked = len(waits) + sum(seconds(g["joined"], g["ended"]) > self.target_s for g in gone)
        kept = sum(w <= self.target_s for w in waits)
        return {
            **standard_deviation_of_count(waits),
            "max": minutes(max(waits)) if waits else None,
            "target_minutes": self.target_s // 60,
            "within_target": kept / asked if asked else None,
        }

    def _handling(self, legs: list[dict[str, Any]]) -> dict[str, Any]:
        return standard_deviation_of_count(handling_s_of_leg_ended_by(legs))

    def _service(self, code: str, legs: list[dict[str, Any]]) -> dict[str, Any]:
        own = [g for g in legs if g["service"] == code]
        return {
            "code": code,
            "issued": sum(g["end"] != "redirect" for g in own),
            "finished": sum(done(g) for g in own),
            "left": sum(g["end"] in ("leave", "defer", "day-end") and not done(g) for g in own),
            "wait": self._wait(own),
            "handling": self._handling(own),
            "redirected_away": sum(g["end"] == "redirect" for g in own),
        }

    def _window(self, code: str, legs: list[dict[str, Any]]) -> dict[str, Any]:
        until = self.until()
        own = [s for s in self.shifts if s["window"] == code]
        return {
            "code": code,
            "finished": sum(done(g) and g["window"] == code for g in legs),
            "open_minutes": minutes(sum(seconds(s["open"], s["close"] or until) for s in own)),
            "paused_minutes": minutes(sum(seconds(a, b or until) for s in own for a, b in s["pauses"])),
            "serving_minutes": minutes(self.serving[code]),
        }

    def _worked(self, code: str, legs: list[dict[str, Any]]) -> bool:
        return any(s["staff"] == code for s in self.shifts) or any(g["staff"] == code for g in legs)

    def _unrated(self, staff: str | None) -> int:
        finished = [t for t in self.tickets.values() if t["state"] == "finished" and t["rating"] is None]
        return sum(staff in (None, t["legs"][-1]["staff"]) for t in finished)

    def _person(self, code: str, legs: list[dict[str, Any]]) -> dict[str, Any]:
        own = [g for g in legs if g["staff"] == code]
        ratings = [t["rating"] for t in rated(self.tickets.values())]
        return {
            "code": code,
            "finished": sum(done(g) for g in own),
            "handling": self._handling(own),
            "redirect_minutes": minutes(self.lost[code]),
            "idle_minutes": minutes(self.idle[code]),
            "ratings": self.ratings_of([level for level, staff in ratings if staff == code], self._unrated(code)),
        }

    def ratings_of(self, levels: list[int], unrated: int) -> dict[str, Any]:
        good = sum(level >= 3 for level in levels)
        n = len(levels)
        low, high = wilson(good, n)
        by_level = {str(k): levels.count(k) for k in range(1, 6)}
        counts = {"n": n, "unrated": unrated, "levels": by_level, "satisfied": good, "dissatisfied": n - good}
        return counts | {"rate": good / n if n else None, "low": low, "high": high}

    def hours_from_row(self, tickets: list[dict[str, Any]], legs: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if not tickets:
            return []
        called = [g["called"] for g in legs if g["called"]]
        first = min(t["arrived"] for t in tickets).astimezone(self.zone)
        slot = first.replace(minute=first.minute // 30 * 30, second=0, microsecond=0)
        last = max(called) if called else max(t["arrived"] for t in tickets)
        rows = []
        while slot <= last:
            end = slot + timedelta(minutes=30)
            here = [g for g in legs if g["called"] and slot <= g["called"] < end]
            rows.append(
                {
                    "from": slot.strftime("%H:%M"),
                    "arrivals": sum(slot <= t["arrived"] < end for t in tickets),
                    "calls": len(here),
                    "mean_wait": standard_deviation_of_count(
                        [seconds(g["joined"], g["called"]) for g in here if fair(g)]
                    )["mean"],
                    "open_windows": len({s["window"] for s in self.shifts if self._takes_between(s, slot, end)}),
                }
            )
            slot = end
        return rows

    def _takes_between(self, shift: dict[str, Any], start: datetime, end: datetime) -> bool:
        """Whether the shift's window was open and not paused at any moment between: just after each change."""
        close = shift["close"] or self.until()
        moments = [max(start, shift["open"]), *(b for _, b in shift["pauses"] if b)]
        return any(
            start <= m < end
            and (shift["open"] <= m < close or m == shift["open"] == close)
            and not any(a <= m and (b is None or m < b) for a, b in shift["pauses"])
            for m in moments
        )

    def _promise(self, tickets: list[dict[str, Any]]) -> dict[str, Any]:
        over = []
        for t in tickets:
            calls = [g["called"] for g in t["legs"] if g["called"]]
            if t["promise"] is not None and calls and t["state"] != "void":
                over.append(seconds(t["arrived"], min(calls)) - 60 * t["promise"])
        late = [s for s in over if s > 0]
        beyond = minutes(sum(late) / len(late)) if late else None
        counts = {"n": len(over), "within": len(over) - len(late), "beyond": len(late)}
        return counts | {"mean_minutes_beyond": beyond}


def rated(tickets: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return those who rated, but for ratings that a correction took out."""
    return [t for t in tickets if t["rating"] and not t["excluded"]]


def fair(leg: dict[str, Any]) -> bool:
    return leg["end"] != "redirect" and not leg["inaccurate"] and not leg["void"]


def done(leg: dict[str, Any]) -> bool:
    return leg["finished"] is not None and leg["end"] in ("finish", "day-end")


def handling_s_of_leg_ended_by(legs: Iterable[dict[str, Any]]) -> list[float]:
    """Return how long each leg was served, of those of which that is known."""
    ended = [leg for leg in legs if fair(leg) and leg["started"] and leg["finished"]]
    return [seconds(leg["started"], leg["finished"]) - leg["held"] - leg["stalled"] for leg in ended]


def wilson(n: int, of: int) -> tuple[float | None, float | None]:
    """Return the bounds of a share by the textbook: the roots of (of + z²)p² − (2n + z²)p + n²/of."""
    if not of:
        return None, None
    z2 = 1.959963984540054**2
    a, b, c = of + z2, -(2 * n + z2), n * n / of
    root = max(0.0, b * b - 4 * a * c) ** 0.5
    return max(0.0, (-b - root) / (2 * a)), min(1.0, (-b + root) / (2 * a))


def seconds(start: datetime, end: datetime) -> float:
    return (end - start).total_seconds()


def minutes(seconds: float) -> float:
    return seconds / 60


def share_at(ordered: list[float], share: float) -> float:
    """Return what a share of the ordered values lies below, between the two nearest."""
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def standard_deviation_of_count(seconds: list[float]) -> dict[str, Any]:
    ordered = sorted(seconds)
    if not ordered:
        return {"n": 0, "mean": None, "median": None, "p90": None}
    found = {"n": len(ordered), "mean": minutes(sum(ordered) / len(ordered))}
    return found | {"median": minutes(share_at(ordered, 0.5)), "p90": minutes(share_at(ordered, 0.9))}
