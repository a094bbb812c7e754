"""The further measures of dates, what explains long waits, and which devices worked, counted again from the printed log
alone. Imports nothing of the program.
"""

from calendar import monthrange
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta, tzinfo
from itertools import pairwise
from math import ceil
from statistics import mean
from typing import Any

from tests.reports import recompute
from tests.reports.recompute import (
    Recount,
    done,
    fair,
    handling_s_of_leg_ended_by,
    minutes,
    seconds,
    share_at,
    standard_deviation_of_count,
)
from tests.reports.relived import Event, time_of

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


Row = dict[str, Any]
Key = tuple[str, str]
WEEK = timedelta(days=7)


def devices(log: list[Event], days: list[Recount]) -> dict[Key, Row]:
    """Return the devices of several dates by device and station."""
    told: dict[Key, list[Event]] = {}
    for event in log:
        if event["kind"] == "device":
            told.setdefault((event["data"]["device"], event["data"]["station"]), []).append(event)
    told, ends = as_named_now(told)
    found: dict[Key, Row] = {}
    for day in days:
        for key, events in told.items():
            _add_day(found, key, events, day, ends.get(key))
    return {key: own | {"rate": own["up_minutes"] / own["open_minutes"]} for key, own in found.items()}


Told = dict[Key, list[Event]]


def as_named_now(told: Told) -> tuple[Told, dict[tuple[str, str], datetime]]:
    """Return the events of devices by the names they go by since their hall was shared, and when those that told
    nothing under a new name were put off.

    The first PC that told of a device with its name ("display@Door") is the one that shared; what has no PC's name was
    on it, and is put down as stopped once the name changes.
    """
    named = [
        (time_of(events[0]), name.partition("@")[2].partition("#")[0])
        for (device, name), events in told.items()
        if "@" in name and device != "clock"
    ]
    if not named:
        return told, {}
    shared, sharer = min(named)
    found, ends = dict(told), dict[tuple[str, str], datetime]()
    for (device, name), events in told.items():
        if "@" in name:
            continue
        stem, sign, n = name.partition("#")
        later = (device, f"{stem}@{sharer}{sign}{n}")
        last = events[-1]["data"]
        is_put_off = last["cause"] == "stopped" and time_of(events[-1]) >= shared
        if later in told and time_of(events[-1]) <= time_of(told[later][0]):
            went_on = [events[-1] | {"data": last | {"state": "up"}}] if is_put_off else events[-1:]
            found[later] = [*events[:-1], *went_on, *told[later]]
            del found[(device, name)]
        elif is_put_off:
            ends[(device, name)] = time_of(events[-1])
    return found, ends


def _outages(events: list[Event]) -> list[tuple[datetime, datetime | None, str]]:
    """Return each time that the device was down, to whatever it told next."""
    ended = pairwise([*events, None])
    return [
        (time_of(one), max(time_of(one), time_of(after)) if after else None, one["data"]["cause"])
        for one, after in ended
        if one["data"]["state"] == "down"
    ]


def _add_day(found: dict[Key, Row], key: Key, events: list[Event], day: Recount, ends: datetime | None) -> None:
    if not day.shifts:
        return
    opened = min(shift["open"] for shift in day.shifts)
    closed = max(shift["close"] or day.until() for shift in day.shifts)
    is_open = any(shift["close"] is None for shift in day.shifts)
    start = max(opened, time_of(events[0]))
    closed = min(closed, ends) if ends else closed
    outages = _outages(events)
    downs = [(max(at, start), min(end or closed, closed), why, is_open and end is None) for at, end, why in outages]
    downs = [one for one in downs if one[0] < one[1]]
    down_s = sum(seconds(since, end) for since, end, *_ in downs)  # no two of a device at once
    up_s = seconds(start, closed) - down_s
    if start >= closed or (not up_s and downs and _is_out_of_use(events, downs, opened, closed)):
        return
    own = found.setdefault(key, {"open_minutes": 0.0, "up_minutes": 0.0, "outages": []})
    own["open_minutes"] += minutes(seconds(start, closed))
    own["up_minutes"] += minutes(up_s)
    own["outages"] += [
        {
            "date": day.day,
            "from": clock(day, since),
            "to": None if goes_on else clock(day, end),
            "cause": cause,
            "minutes": minutes(seconds(since, end)),
        }
        for since, end, cause, goes_on in downs
    ]


def _is_out_of_use(events: list[Event], downs: list[Any], opened: datetime, closed: datetime) -> bool:
    if all(cause == "stopped" for _, _, cause, _ in downs):
        return True
    outages = (one for one in _outages(events) if one[0] < closed)
    return any(since <= opened - WEEK and (end is None or end > opened) for since, end, _ in outages)


def clock(day: Recount, moment: datetime) -> str:
    """Return a moment as "08:30" on the hall's clock."""
    return f"{moment.astimezone(day.zone):%H:%M}"


LONG_PAUSE_S = 20 * 60


def measures_of(log: list[Event], days: list[str], now: datetime) -> dict[str, Any]:
    """Return the measures of several dates from a printed log; lists without an order of their own are keyed."""
    return Measures(log, days, now).document()


class _Day(Recount):
    """One date with what the further measures need of its events."""

    def __init__(self, log: list[Event], day: str, now: datetime) -> None:
        self.jumps: list[tuple[str, str]] = []
        self.stalls: Counter[str | None] = Counter()
        self.offers: list[tuple[str, bool]] = []
        super().__init__(log, day, now)

    def take(self, event: Event) -> None:
        kind, data = event["kind"], event["data"]
        super().take(event)
        if kind in ("call", "serve"):
            self.jumps += [(data["why"], label) for label in data.get("passed", ())]
        elif kind == "stall":
            self.stalls[data.get("reason")] += 1
        elif kind == "offer":
            self.offers.append((data["to"], data["accepted"]))
        elif kind == "pause" and event["window"] in self.windows:
            self.windows[event["window"]]["shift"].setdefault("why", []).append(data.get("reason"))

    def take_issue(self, event: Event) -> None:
        super().take_issue(event)
        data = event["data"]
        self.tickets[event["ticket"]] |= {
            "first": event["service"],
            "class": data.get("class", "normal"),
            "item": data.get("item"),
            "guide": data.get("guide"),
            "kiosk": event["kind"] == "issue" and str(event["actor"]).startswith("station:"),
            "before": data.get("return_of"),
            "repeat": bool(data.get("repeat")),
            "reinstated": False,
            "marks": {},
        }

    def move(self, ticket: Row, event: Event) -> None:
        kind, data = event["kind"], event["data"]
        leg = ticket["legs"][-1]
        if kind == "finish":
            leg["outcome"], leg["form_free"] = data.get("outcome"), bool(data.get("form_free"))
        elif kind == "reinstate":
            ticket["reinstated"] = True
        super().move(ticket, event)
        if kind in ("rate", "reasons"):
            ticket["marks"] |= {name: data[name] for name in ("attitude", "competence") if data.get(name)}


class Measures:
    def __init__(self, log: list[Event], days: list[str], now: datetime) -> None:
        self.log, self.names, self.now = log, days, now
        self.days = [_Day(log, day, now) for day in days]
        self.rules = self.days[0].setup.get("settings", {})
        self.tickets = [t for day in self.days for t in day.tickets.values()]
        self.legs = [leg for t in self.tickets for leg in t["legs"]]

    def document(self) -> dict[str, Any]:
        return {
            "served": self._served(),
            "service_level": self._service_level_fact(),
            "first_visit": self._first_visit_fact(),
            "wrong_counter": self._wrong_counter_note(),
            "form_free": self._form_free(),
            "items": self._items(),
            "outcomes": Counter(leg.get("outcome") for leg in self._finished_legs()),
            "papers": {
                "not_ready": sum(sum(day.not_ready.values()) for day in self.days),
                "repeat": sum(t["repeat"] for t in self.tickets),
            },
            "idle_minutes": minutes(sum(sum(day.idle.values()) for day in self.days)),
            "system_wait": self._apart("stalled") | {"by_reason": sum((day.stalls for day in self.days), Counter())},
            "set_aside": self._apart("held"),
            "missed": {
                "n": sum(t["misses"] > 0 for t in self.tickets),
                "reinstated": sum(t["reinstated"] for t in self.tickets),
            },
            "questions": {name: self._question(name) for name in ("attitude", "competence")},
            "classes": self._classes(),
            "overtakes": self._overtakes(),
            "counters": self._counters(),
            "pauses": self._pauses(),
            "longest_waits": self._longest(),
            "diversion": self._diversion() | ledger(self.log, self.days),
            "devices": devices(self.log, self.days),
            "help": help_of(self.log, self.names),
            "promise": promise_of(self.log, self.names, self.days[0].zone),
        }

    def _state(self, *states: str) -> list[Row]:
        return [t for t in self.tickets if t["state"] in states]

    def _finished_legs(self) -> list[Row]:
        return [leg for leg in self.legs if leg["end"] == "finish"]

    def _served(self) -> Row:
        over = len(self._state("finished", "left"))
        return _share(len(self._state("finished")), over)

    def _service_level_fact(self) -> Row:
        target_s = 60 * self.rules.get("wait_target_minutes", 15)
        waits = [seconds(g["joined"], g["called"]) for g in self.legs if fair(g) and g["called"]]
        gone = [g for g in self.legs if not g["called"] and g["end"] in ("leave", "defer", "day-end")]
        late = sum(seconds(g["joined"], g["ended"]) > target_s for g in gone)
        found = _share(sum(w <= target_s for w in waits), len(waits) + late)
        return found | {"target_minutes": target_s // 60, "left_early": len(gone) - late}

    def _first_visit_fact(self) -> Row:
        days = self.rules.get("first_visit_days", 7)
        linked_on: dict[str, list[date]] = {}
        followed = linked = 0
        last = date.fromisoformat(self.names[-1]) + timedelta(days=days)
        void = {(e["data"]["date"], e["ticket"]) for e in self.log if e["kind"] == "void"}
        for event in self.log:
            if event["kind"] not in ("issue", "serve"):
                continue
            day, before = date.fromisoformat(event["data"]["date"]), event["data"].get("return_of")
            if (event["data"]["date"], event["ticket"]) in void:
                continue
            if date.fromisoformat(self.names[0]) <= day <= last:
                followed += 1
                linked += before is not None
            if before is not None:
                linked_on.setdefault(before, []).append(day)
        of = transferred = returned = not_over = 0
        for one in self.days:
            day = date.fromisoformat(one.day)
            over = (day + timedelta(days=days)) < self.now.astimezone(one.zone).date()
            for ticket in one.tickets.values():
                if ticket["state"] != "finished":
                    continue
                of += 1
                not_over += not over
                if any(leg["end"] == "transfer" for leg in ticket["legs"]):
                    transferred += 1
                elif any(0 <= (back - day).days <= days for back in linked_on.get(f"{ticket['label']}@{one.day}", ())):
                    returned += 1
        told = {"days": days, "transferred": transferred, "returned": returned}
        told |= {"not_over": not_over, "followed": followed, "linked": linked}
        return _share(of - transferred - returned, of) | told

    def _wrong_counter_note(self) -> Row:
        valid = [t for t in self.tickets if t["state"] != "void"]

        def wrong(t: Row) -> bool:
            return t["legs"][0]["end"] == "redirect"

        def by(key: Callable[[Row], Any], those: Iterable[Row]) -> dict[Any, Row]:
            rows = [(key(t), wrong(t)) for t in those]
            return {k: _share(sum(w for other, w in rows if other == k), sum(o == k for o, _ in rows)) for k, _ in rows}

        return _share(sum(map(wrong, valid)), len(valid)) | {
            "minutes_lost": minutes(sum(sum(day.lost.values()) for day in self.days)),
            "by_service": by(lambda t: t["first"], valid),
            "by_guide": by(lambda t: t["guide"], [t for t in valid if t["guide"]]),
            "by_label": by(lambda t: (t["first"], t["item"]), [t for t in valid if t["kiosk"]]),
        }

    def _form_free(self) -> Row:
        """Where no service has a form and nobody needed one, nobody goes without one."""
        legs = []
        for day in self.days:
            own = [leg for t in day.tickets.values() for leg in t["legs"] if leg["end"] == "finish"]
            can_need_forms = not all(row.get("form_free") for row in day.setup["services"])
            legs += own if can_need_forms or not all(leg.get("form_free") for leg in own) else []
        free = [leg for leg in legs if leg.get("form_free")]
        each = self.rules.get("form_free_minutes", 0)
        return _share(len(free), len(legs)) | {
            "minutes_each": each,
            "minutes_saved": len(free) * each if each else None,
            "by_service": {
                code: _share(sum(g["service"] == code for g in free), sum(g["service"] == code for g in legs))
                for code in {leg["service"] for leg in legs}
            },
        }

    def _items(self) -> Row:
        reported = [(dates_of(period), service) for _, _, period, service in latest_reported_indicators(self.log)]
        rows: dict[Any, list[tuple[bool, bool, float]]] = {}
        for day in self.days:
            elsewhere = {service for dates, service in reported if day.day in dates}
            for t in (t for t in day.tickets.values() if t["state"] != "void"):
                took = sum(recompute.handling_s_of_leg_ended_by(t["legs"]))
                again = bool(t["before"]) or t["repeat"]
                rows.setdefault((t["first"], t["item"]), []).append((again, t["first"] in elsewhere, took))

        def counts(those: list[tuple[bool, bool, float]]) -> Row:
            again, elsewhere, took = (sum(one[at] for one in those) for at in range(3))
            return _share(int(again), len(those)) | {"elsewhere": int(elsewhere), "minutes": minutes(took)}

        every = [one for those in rows.values() for one in those]
        return counts(every) | {"by_item": {name: counts(those) for name, those in rows.items()}}

    def _apart(self, what: str) -> Row:
        legs = [leg for leg in self._finished_legs() if not leg["inaccurate"] and leg[what] >= 1]
        return {"legs": len(legs), "minutes": minutes(sum(leg[what] for leg in legs))}

    def _question(self, name: str) -> Row:
        levels = [t["marks"][name] for t in recompute.rated(self.tickets) if name in t["marks"]]
        return {"n": len(levels), "levels": {str(k): levels.count(k) for k in range(1, 6)}}

    def _classes(self) -> dict[str, Row]:
        found = {}
        for code in {t["class"] for t in self.tickets}:
            own = [t for t in self.tickets if t["class"] == code]
            legs = [leg for t in own for leg in t["legs"]]
            waits = [seconds(g["joined"], g["called"]) for g in legs if fair(g) and g["called"]]
            finished = sum(t["state"] == "finished" for t in own)
            found[code] = {"issued": len(own), "finished": finished, "wait": standard_deviation_of_count(waits)}
        return found

    def _overtakes(self) -> dict[str, Row]:
        passed = Counter((why, day.day, label) for day in self.days for why, label in day.jumps)
        found = {}
        for reason in {why for why, _, _ in passed}:
            own = [n for (why, _, _), n in passed.items() if why == reason]
            found[reason] = {"n": sum(own), "tickets": len(own), "most": max(own)}
        return found

    def _counters(self) -> dict[str, Row]:
        found = {}
        for kind in ("single", "several"):
            legs = [(day, leg) for day in self.days for t in day.tickets.values() for leg in t["legs"]]
            legs = [g for day, g in legs if g["called"] and g["window"] and self._kind(day, g) == kind]
            if not legs:
                continue
            found[kind] = {
                "finished": sum(map(done, legs)),
                "wait": standard_deviation_of_count([seconds(g["joined"], g["called"]) for g in legs if fair(g)]),
                "handling": standard_deviation_of_count(recompute.handling_s_of_leg_ended_by(legs)),
            }
        return found

    def _kind(self, day: _Day, leg: Row) -> str | None:
        services = day.services_at(leg["window"], leg["staff"])
        return "single" if len(services) == 1 else "several" if services else None

    def _pauses(self) -> list[Row]:
        found = []
        for day in self.days:
            for shift in day.shifts:
                for (start, end), why in zip(shift["pauses"], shift.get("why", ()), strict=True):
                    length = seconds(start, end or day.until())
                    if length >= LONG_PAUSE_S:
                        row = {"date": day.day, "window": shift["window"], "staff": shift["staff"]}
                        times = {"from": clock(day, start), "to": clock(day, end) if end else None}
                        found.append(row | times | {"minutes": minutes(length), "reason": why})
        return sorted(found, key=lambda p: (-p["minutes"], p["date"], p["from"], p["window"]))[:20]

    def _longest(self) -> list[Row]:
        waits = [
            (-seconds(leg["joined"], leg["called"]), day.day, label, n)
            for day in self.days
            for label, ticket in day.tickets.items()
            for n, leg in enumerate(ticket["legs"])
            if fair(leg) and leg["called"]
        ]
        by_name = {day.day: day for day in self.days}
        return [self._long(by_name[name], label, n) for _, name, label, n in sorted(waits)[:5]]

    def _long(self, day: _Day, label: str, n: int) -> Row:
        leg = day.tickets[label]["legs"][n]
        return {
            "date": day.day,
            "ticket": label,
            "service": leg["service"],
            "minutes": minutes(seconds(leg["joined"], leg["called"])),
            "arrived": clock(day, leg["joined"]),
            "causes": causes(day, label, leg),
        }

    def _diversion(self) -> Row:
        offers = [offer for day in self.days for offer in day.offers]
        taken = sum(accepted for _, accepted in offers)
        return {
            "offered": len(offers),
            "accepted": taken,
            "declined": len(offers) - taken,
            "rate": taken / len(offers) if offers else None,
            "by_channel": {
                to: {
                    "offered": sum(o == to for o, _ in offers),
                    "accepted": sum(o == to and accepted for o, accepted in offers),
                }
                for to in {o for o, _ in offers}
            },
        }


def _share(n: int, of: int) -> Row:
    return {"n": n, "of": of, "rate": n / of if of else None}


def help_of(log: list[Event], days: list[str]) -> Row:
    """Return the calls for help of several dates: pressed, answered, over."""
    helps = [event for event in log if event["kind"] == "help"]
    answers = ("ack", "arrived", "cancelled")
    pressed = [event for event in helps if event["data"]["date"] in days and not {*answers} & set(event["data"])]
    told = {(verb, event["data"][verb]): event for event in helps for verb in answers if verb in event["data"]}
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
    spans = {"answer": standard_deviation_of_count(waits), "arrival": standard_deviation_of_count(comings)}
    return {"n": len(pressed), **spans, "unanswered": alone, "cancelled": back}


def latest_reported_indicators(log: list[Event]) -> dict[tuple[str, str, str, str], int]:
    """Return what counts of the ledger: of a channel, site, month or date and service the last that was said."""
    found: dict[tuple[str, str, str, str], int] = {}
    for row in (row for event in log if event["kind"] == "channels" for row in event["data"]["rows"]):
        key = (row["channel"], row["site"] or "", row["period"], row["service"])
        found.pop(key, None)
        if row["n"] is not None:
            found[key] = row["n"]
    return found


def dates_of(period: str) -> list[str]:
    """Return the dates of "2026-10", or the one date."""
    if len(period) > 7:
        return [period]
    year, month = map(int, period.split("-"))
    return [f"{period}-{day:02}" for day in range(1, monthrange(year, month)[1] + 1)]


def ledger(log: list[Event], days: list[Recount]) -> dict[str, dict[Any, Any]]:
    """Return "ledger" by channel and service, and "hall_share" by service, of dates that follow each other."""
    elsewhere: Counter[tuple[str, str]] = Counter()
    dates: dict[str, set[str]] = defaultdict(set)
    for (channel, _site, period, service), n in latest_reported_indicators(log).items():
        own = dates_of(period)
        if days[0].day <= own[0] and own[-1] <= days[-1].day:
            elsewhere[channel, service] += n
            dates[service].update(own)
    shares = {}
    for service, covered in dates.items():
        tickets = [ticket for day in days if day.day in covered for ticket in day.tickets.values()]
        here = sum(done(leg) and leg["service"] == service for ticket in tickets for leg in ticket["legs"])
        there = sum(n for (_, of), n in elsewhere.items() if of == service)
        shares[service] = {"hall": here, "elsewhere": there, "share": here / (here + there) if here + there else None}
    return {"ledger": {key: {"n": n} for key, n in elsewhere.items()}, "hall_share": shares}


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
        **_promise_figures(rows, bounds),
        "services": {
            code: _promise_figures([r for r in rows if r["service"] == code], bounds)
            for code in {row["service"] for row in rows}
        },
        "half_hours": {
            name: _promise_figures([r for r in rows if half_hour(r["at"]) == name], bounds)
            for name in {half_hour(row["at"]) for row in rows}
        },
        "experts": {
            name: _scored([_own_range(r) for r in rows if r.get("leads") == name])
            for name in {row["leads"] for row in rows if row.get("leads")}
        },
    }


def _fitted(pairs: list[tuple[float, float]]) -> Any:
    """Return what gives the range of a naive figure: its group's tenths, of at most six groups of 20 or more."""
    pairs.sort()
    groups = max(1, min(6, len(pairs) // 20))
    parts = [pairs[len(pairs) * n // groups : len(pairs) * (n + 1) // groups] for n in range(groups)]

    def bounds(said: float) -> tuple[float, float]:
        own = [part for part in parts if part is parts[0] or part[0][0] <= said][-1]
        off = sorted(wait - figure for figure, wait in own)
        rank = min(len(off), ceil(0.9 * (len(off) + 1)))
        return max(0, said + off[-rank]), max(0, said + off[rank - 1])

    return bounds


def _promise_figures(rows: list[Row], bounds: Any) -> Row:
    own = [_own_range(r) for r in rows]
    naive = [(*bounds(r["naive_s"]), r["naive_s"], r["wait"]) for r in rows if r.get("naive_s") is not None]
    return {**_scored(own), "naive": _scored(naive)}


def _own_range(row: Row) -> tuple[float, float, float, float]:
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
