"""A day lived through again, and a hall's set-up at any time, from the printed log. Imports nothing of the program."""

from collections import Counter, defaultdict
from datetime import datetime, timedelta, timezone, tzinfo
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

Event = dict[str, Any]
Setup = dict[str, Any]
BY_PLACE = ("notices", "targets")


def as_it_stands(log: list[Event]) -> Setup:
    return versions(log)[-1][1]


def at_the_end_of(log: list[Event], day: str) -> Setup:
    """Return the set-up as it stood when `day` was over; a date before the first has what the hall began with."""
    known = versions(log)
    return next((setup for since, setup in reversed(known) if since <= day), known[0][1])


def versions(log: list[Event]) -> list[tuple[str, Setup]]:
    """Return the set-up after each change, with its date: never before that of the change before it."""
    found: list[tuple[str, Setup]] = []
    for event in log:
        if event["kind"] != "set-up":
            continue
        data = event["data"]
        setup = data["setup"] if "setup" in data else _after(found[-1][1], data)
        found.append((max(data["date"], found[-1][0]) if found else data["date"], setup))
    return found


def _after(setup: Setup, data: dict[str, Any]) -> Setup:
    part, op = data["part"], data["op"]
    if op == "pin":
        return setup
    if part in ("settings", "hall", "scheme"):
        return setup | {part: setup.get(part, {}) | data["row"]}
    listed = enumerate(setup.get(part, ()), start=1)
    rows = {str(place) if part in BY_PLACE else row["code"]: row for place, row in listed}
    if op == "add":
        return setup | {part: [*rows.values(), data["row"]]}
    if op == "remove":
        return setup | {part: [row for name, row in rows.items() if name != data["code"]]}
    return setup | {part: [row | data["row"] if name == data["code"] else row for name, row in rows.items()]}


class Relived:
    """A hall's day as its events tell it, one after the other."""

    def __init__(self, log: list[Event], day: str, now: datetime) -> None:
        self.setup = as_it_stands(log)
        self.zone = zone(self.setup["hall"].get("timezone") or "Asia/Shanghai")
        self.day, self.now = day, now
        self.events = [e for e in log if e["data"].get("date") == day]
        self.target_s = 60 * self.setup.get("settings", {}).get("wait_target_minutes", 15)
        self.tickets: dict[str, dict[str, Any]] = {}
        self.windows: dict[str, dict[str, Any]] = {}
        self.shifts: list[dict[str, Any]] = []
        self.not_ready: Counter[str] = Counter()
        self.reasons: Counter[str] = Counter()
        self.overtaken: Counter[str] = Counter()
        self.lost: Counter[str] = Counter()
        self.serving: Counter[str] = Counter()
        self.idle: Counter[str] = Counter()
        self.clock: datetime | None = None
        for event in as_corrected(self.events):
            self._pass_time(time_of(event))
            self.take(event)
        self._pass_time(self.until())
        for (label, n), seconds in stalls(self.events).items():
            self.tickets[label]["legs"][n - 1]["stalled"] = seconds

    # -- the day goes by -----------------------------------------------------------------------------------------------

    def until(self) -> datetime:
        midnight = datetime.fromisoformat(self.day).replace(tzinfo=self.zone) + timedelta(days=1)
        last = [time_of(e) for e in self.events]
        return max([min(self.now, midnight), *last])

    def _pass_time(self, to: datetime) -> None:
        """Credit the seconds since the last event to whoever served or stood idle meanwhile."""
        if self.clock is not None and to > self.clock:
            edges = {self.clock, to}
            edges |= {t["held"] for t in self.tickets.values() if t.get("held") and self.clock < t["held"] < to}
            stops = sorted(edges)
            for start, end in pairwise(stops):
                self._credit(start, (end - start).total_seconds())
        self.clock = max(self.clock, to) if self.clock else to

    def _credit(self, at: datetime, seconds: float) -> None:
        for code, window in self.windows.items():
            if window["state"] == "closed":
                continue
            label = window["ticket"]
            if window["state"] == "open" and label is None:
                self._stays_free(window["shift"]["free"], at, at + timedelta(seconds=seconds))
            if label is not None:
                if self.tickets[label]["state"] == "serving":
                    self.serving[code] += seconds
                continue
            if window["state"] == "open" and any(self._may_call(code, window, t, at) for t in self.tickets.values()):
                self.idle[window["staff"]] += seconds

    @staticmethod
    def _stays_free(spans: list[list[datetime]], start: datetime, end: datetime) -> None:
        if spans and spans[-1][1] == start:
            spans[-1][1] = end
        else:
            spans.append([start, end])

    def _may_call(self, code: str, window: dict[str, Any], ticket: dict[str, Any], at: datetime) -> bool:
        if ticket["state"] != "waiting" or ticket["legs"][-1]["service"] not in self.offered_in(window["shift"]):
            return False
        if ticket.get("held") is None or at >= ticket["held"]:
            return True
        to_window, to_staff = ticket["held_for"]
        return to_window == code if to_window else to_staff == window["staff"]

    def services_at(self, window: str, staff: str) -> set[str]:
        served = next((set(w["services"]) for w in self.setup["windows"] if w["code"] == window), set())
        skills = next((set(p.get("skills") or ()) for p in self.setup["staff"] if p["code"] == staff), set())
        return served & skills if skills else served

    def offered_in(self, shift: dict[str, Any]) -> set[str]:
        """Return what a window could be called for in a shift: what it serves, and what it was lent."""
        return self.services_at(shift["window"], shift["staff"]) | shift["lent"].keys()

    # -- one event -----------------------------------------------------------------------------------------------------

    def take(self, event: Event) -> None:
        kind, data, now = event["kind"], event["data"], time_of(event)
        if kind in ("issue", "serve"):
            self.take_issue(event)
        ticket = self.tickets.get(event["ticket"]) if event["ticket"] else None
        if ticket is not None and kind not in ("issue", "serve"):
            self.move(ticket, event)
        if kind in ("call", "serve"):
            for label in data.get("passed", ()):
                self.overtaken[label] += 1
                self.reasons[data["why"]] += 1
        if kind == "not-ready":
            self.not_ready[event["service"]] += 1
        window = event["window"]
        if kind == "open":
            shift = {"window": window, "staff": event["staff"], "open": now, "close": None, "pauses": [], "free": []}
            self.shifts.append(shift | {"lent": {}})
            self.windows[window] = {"state": "open", "staff": event["staff"], "ticket": None, "shift": self.shifts[-1]}
        elif kind == "pause" and self.windows[window]["state"] == "open":
            self.windows[window]["state"] = "paused"
            self.windows[window]["shift"]["pauses"].append([now, None])
        elif kind == "resume":
            self._resume(self.windows[window], now)
        elif kind == "close":
            self._close(self.windows[window], now)
        elif kind == "lend":
            lent = self.windows[window]["shift"]["lent"]
            if lent.pop(event["service"], None) is None:
                lent[event["service"]] = now
        elif kind == "day-end":
            self._day_end_words(data, now)

    def take_issue(self, event: Event) -> None:
        data, now = event["data"], time_of(event)
        self.tickets[event["ticket"]] = {
            "label": event["ticket"],
            "arrived": now,
            "state": "waiting",
            "legs": [_leg(event["service"], now)],
            "steps": list(data.get("steps", ())),
            "not_before": datetime.fromisoformat(data["not_before"]) if data.get("not_before") else None,
            "promise": (data.get("promise") or {}).get("high"),
            "misses": 0,
            "flags": set(),
            "rating": None,
            "excluded": False,
        }
        if event["kind"] == "serve":
            ticket = self.tickets[event["ticket"]]
            self._call(ticket, event)
            self._start(ticket, now)

    def move(self, ticket: dict[str, Any], event: Event) -> None:
        kind, data, now, leg = event["kind"], event["data"], time_of(event), ticket["legs"][-1]
        at_window = self.windows.get(event["window"]) if event["window"] else None
        if kind == "call":
            self._call(ticket, event)
        elif kind == "start":
            self._start(ticket, now)
        elif kind == "miss":
            ticket["misses"] += 1
            ticket["state"] = "missed"
            if ticket["misses"] == 3:
                self._over(ticket, "leave", now, "left", "no_show")
        elif kind == "return":
            ticket["state"] = "waiting"
            leg["rounds"] -= 1
            if not leg["rounds"]:  # no call before it that the customer missed
                leg["called"] = None
            leg["window"] = leg["staff"] = None
        elif kind == "leave":
            self._over(ticket, "leave", now, "left")
        elif kind == "void":
            self._over(ticket, "void", now, "void")
            for step in ticket["legs"]:
                step["void"] = True
        elif kind == "defer":
            self._over(ticket, "defer", now, "left")
        elif kind == "reinstate":
            ticket["state"] = "waiting"
        elif kind == "add":
            ticket["steps"].insert(0, data["added"])
        elif kind == "park":
            self._spend(leg, now)
            ticket["state"], leg["held_since"] = "parked", now
        elif kind == "unpark":
            self._hold(leg, leg["held_since"], now)
            leg["window"], leg["staff"] = event["window"], event["staff"]
            leg["at_window_since"] = now
            ticket["state"] = "serving"
            at_window["ticket"] = ticket["label"]
        elif kind == "reopen":
            self._hold(leg, leg["finished"], now)
            leg["finished"] = leg["end"] = None
            leg["at_window_since"] = now
            ticket["state"] = "serving"
            at_window["ticket"] = ticket["label"]
        elif kind == "finish":
            self._finish(ticket, event)
        elif kind in ("transfer", "redirect"):
            self._onward(ticket, event)
        elif kind == "rate":
            ticket["rating"] = (data["level"], leg["staff"])
        elif kind == "went":
            self._over(ticket, "day-end", now, "finished")
            at_window = at_window if at_window and at_window["ticket"] == ticket["label"] else None
        elif kind == "correct":
            self._correct_ticket_fields(ticket, data["leg"], data["new"])
        if kind in ("miss", "return", "leave", "void", "finish", "park", "transfer", "redirect", "went") and at_window:
            at_window["ticket"] = None

    def _correct_ticket_fields(self, ticket: dict[str, Any], n: int, new: dict[str, Any]) -> None:
        leg = ticket["legs"][n - 1]
        leg.update({name: new[name] for name in ("outcome", "form_free", "staff") if name in new})
        if "started" in new:
            leg.update(started=datetime.fromisoformat(new["started"]), assumed=False)
        if "finished" in new:
            leg.update(finished=datetime.fromisoformat(new["finished"]), inaccurate=False)
        if ticket["rating"]:
            ticket["rating"] = (ticket["rating"][0], ticket["legs"][-1]["staff"])
        if "rating" in new:
            ticket["excluded"] = new["rating"] == "excluded"
            if not ticket["excluded"]:
                ticket["rating"] = (new["rating"], ticket["rating"][1])

    def _call(self, ticket: dict[str, Any], event: Event) -> None:
        now, leg = time_of(event), ticket["legs"][-1]
        leg["called"] = leg["called"] or now
        leg["rounds"] += 1
        leg["this_call"] = leg["at_window_since"] = now
        leg["window"], leg["staff"] = event["window"], event["staff"]
        ticket["state"], ticket["held"] = "called", None
        self.windows[event["window"]]["ticket"] = ticket["label"]

    def _start(self, ticket: dict[str, Any], now: datetime) -> None:
        ticket["legs"][-1]["started"] = now
        ticket["state"] = "serving"

    def _finish(self, ticket: dict[str, Any], event: Event) -> None:
        now, leg = time_of(event), ticket["legs"][-1]
        if leg["started"] is None:
            leg["started"], leg["assumed"] = leg["this_call"], True
            self.serving[event["window"]] += (now - leg["this_call"]).total_seconds()
        leg["finished"] = now
        self._over(ticket, "finish", now, "finished")
        if ticket["steps"]:
            ticket["legs"].append(_leg(ticket["steps"].pop(0), joined(event)))
            ticket["state"] = "waiting"

    def _onward(self, ticket: dict[str, Any], event: Event) -> None:
        kind, data, now, leg = event["kind"], event["data"], time_of(event), ticket["legs"][-1]
        if kind == "redirect" and ticket["state"] in ("called", "serving"):
            self._spend(leg, now)
            self.lost.update(leg["spent"])
        if leg["started"]:
            leg["finished"] = now
        self._over(ticket, kind, now, "waiting")
        ticket["legs"].append(_leg(data["to"], leg["joined"] if kind == "redirect" else joined(event)))
        until = data.get("held_until")
        ticket["held"] = datetime.fromisoformat(until) if until else None
        ticket["held_for"] = (data.get("to_window"), data.get("to_staff"))
        ticket["legs"][-1] |= {"only_until": ticket["held"], "only_for": ticket["held_for"]}

    def _spend(self, leg: dict[str, Any], now: datetime) -> None:
        """Note what the leg took of the clerk it is with now."""
        since = max(leg["started"], leg["at_window_since"]) if leg["started"] else leg["this_call"]
        leg["spent"][leg["staff"]] += (now - since).total_seconds()

    def _hold(self, leg: dict[str, Any], since: datetime, now: datetime) -> None:
        leg["held"] += (now - since).total_seconds()

    def _over(self, ticket: dict[str, Any], end: str, now: datetime, state: str, *flags: str) -> None:
        ticket["legs"][-1]["end"], ticket["legs"][-1]["ended"] = end, now
        ticket["state"] = state
        ticket["flags"] |= set(flags)

    def _resume(self, window: dict[str, Any], now: datetime) -> None:
        if window["state"] == "paused":
            window["shift"]["pauses"][-1][1] = now
        window["state"] = "open"

    def _close(self, window: dict[str, Any], now: datetime) -> None:
        self._resume(window, now)
        window["shift"]["close"] = now
        window.update(state="closed", ticket=None)

    def _day_end_words(self, data: dict[str, Any], now: datetime) -> None:
        for label in data["waiting"]:
            self._over(self.tickets[label], "day-end", now, "left", "ended_waiting")
        for label in data["gone"]:
            self._over(self.tickets[label], "day-end", now, "left", "no_show")
        for label in data["finished"]:
            leg = self.tickets[label]["legs"][-1]
            leg["finished"], leg["inaccurate"] = now, True
            self._over(self.tickets[label], "day-end", now, "finished")
        for code in data["windows"]:
            self._close(self.windows[code], now)


def legs_of(events: list[Event]) -> list[tuple[str, int]]:
    """Return of each event its ticket and the leg it belongs to, from 1; one that ends a leg belongs to it."""
    of_leg: list[tuple[str, int]] = []
    at, steps = Counter[str](), Counter[str]()
    for event in events:
        label, kind = event["ticket"], event["kind"]
        of_leg.append((label, at[label] + 1))
        steps[label] += len(event["data"].get("steps", ())) + (kind == "add")
        if kind in ("transfer", "redirect") or (kind == "finish" and steps[label]):
            at[label] += 1
            steps[label] -= kind == "finish"
    return of_leg


def stalls(events: list[Event]) -> dict[tuple[str, int], float]:
    """Return the seconds that other systems took, by ticket and leg, as they were noted, whatever is corrected."""
    found: dict[tuple[str, int], float] = defaultdict(float)
    since: dict[tuple[str, int], datetime] = {}
    for event, leg in zip(events, legs_of(events), strict=True):
        if event["kind"] == "stall":
            since[leg] = time_of(event)
        elif event["kind"] in ("unstall", "park", "finish", "transfer", "redirect") and leg in since:
            found[leg] += (time_of(event) - since.pop(leg)).total_seconds()
    return found


def as_corrected(events: list[Event]) -> list[Event]:
    """Return a day's events in the order of their times, with the starts and ends that corrections gave."""
    given: dict[tuple[str, int], dict[str, Any]] = {}
    for event in events:
        if event["kind"] == "correct":
            given.setdefault((event["ticket"], event["data"]["leg"]), {}).update(event["data"]["new"])
    of_leg = legs_of(events)
    ends = {leg: i for i, leg in enumerate(of_leg) if events[i]["kind"] in ("finish", "transfer", "redirect")}
    told = []
    for i, (event, leg) in enumerate(zip(events, of_leg, strict=True)):
        times = given.get(leg, {})
        time = event["time"]
        if event["kind"] == "start":
            time = times.get("started", time)
        elif ends.get(leg) == i:
            if event["data"].get("start_assumed") and "started" in times:
                told.append(event | {"kind": "start", "time": times["started"], "data": {}})
            time = times.get("finished", time)
        elif event["kind"] == "correct" and "finished" in event["data"]["new"]:
            corrected = event["ticket"], event["data"]["leg"]
            if corrected not in ends:  # a day-end closed it too late
                told.append(event | {"kind": "went", "time": given[corrected]["finished"]})
        told.append(event | {"time": time, "logged": event["time"]})
    return sorted(told, key=time_of)


def _leg(service: str, joined: datetime) -> dict[str, Any]:
    unknown = "called this_call started finished window staff end ended held_since only_until only_for"
    leg = dict.fromkeys(unknown.split()) | {"service": service, "joined": joined, "spent": Counter(), "rounds": 0}
    return leg | {"held": 0.0, "stalled": 0.0, "assumed": False, "inaccurate": False, "void": False}


def joined(event: Event) -> datetime:
    """Return when the next line was joined: a correction of a leg's end moves nobody's place."""
    return datetime.fromisoformat(event.get("logged", event["time"]))


def time_of(event: Event) -> datetime:
    return datetime.fromisoformat(event["time"])


def zone(name: str) -> tzinfo:
    """Return the zone of a name such as Asia/Shanghai or of an offset such as UTC+02:00."""
    if name.startswith("UTC") and len(name) == 9:
        span = timedelta(hours=int(name[4:6]), minutes=int(name[7:]))
        return timezone(-span if name[3] == "-" else span)
    return ZoneInfo(name)
