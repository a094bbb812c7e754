"""A hall that lives through recorded rows by the words of the contract alone. Imports nothing of the program."""

import csv
import io
import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

Event = dict[str, Any]
Act = dict[str, Any]

CREDITS = {"elderly": 10, "disabled": 15, "pregnant": 15, "appointment": 12}
LADDER = [0, 1, 2, 3, 4, 5, 7, *range(10, 60, 5), *range(60, 121, 10), 150, 180, 240]
CALLS_BEFORE_MISSED = 3
AT_A_WINDOW = {
    "open", "pause", "resume", "close", "call", "recall", "start", "finish", "miss", "return", "serve", "park",
    "unpark", "stall", "unstall", "add", "transfer", "redirect", "reopen",
}  # fmt: skip


def natural(code: str) -> list[Any]:
    return [(0, int(p), "") if p.isdigit() else (1, 0, p) for p in re.findall(r"\d+|\D+", code)]


class SecondHall:
    """A hall that does what the rows say; every window serves everything."""

    def __init__(self, acts: list[Act], zone: timezone, told: list[list[str]]) -> None:
        """`told` are rows of date, ticket, low, high, point."""
        self.acts, self.zone = acts, zone
        self.told = {(row[0], row[1]): tuple(row[2:]) for row in told}
        self.events: list[Event] = []
        self.windows: dict[str, dict[str, Any]] = {}
        self.tickets: dict[str, dict[str, Any]] = {}
        self.served: list[tuple[datetime, str, str]] = []
        self.normal_calls: int | None = None
        self.day = date.min

    def live(self) -> None:
        first = self.acts[0]["time"]
        self.day = self.date_of(first)
        self.write("set-up", first, setup=self.setup())
        for day in sorted({self.date_of(act["time"]) for act in self.acts}):
            self.day = day
            self.tickets, self.windows = {}, {}
            self.normal_calls = None
            today = [act for act in self.acts if self.date_of(act["time"]) == day]
            windows = [self.window_named(today, i) for i in range(len(today))]
            for i, act in enumerate(today):
                self.act(act, windows[i], today[i + 1 :])
                for code in [c for c in self.windows if c not in windows[i + 1 :]]:
                    self.close(code, act["time"])
            self.end(datetime.combine(day + timedelta(days=1), time(0), self.zone).astimezone(UTC))

    def date_of(self, when: datetime) -> date:
        return when.astimezone(self.zone).date()

    def setup(self) -> dict[str, Any]:
        def codes(key: str) -> list[str]:
            return sorted({a[key] for a in self.acts if a[key]}, key=natural)

        span = self.zone.utcoffset(None)
        sign, minutes = ("-", -span) if span < timedelta() else ("+", span)
        hours, rest = divmod(int(minutes.total_seconds()) // 60, 60)
        staff = {*codes("staff"), *codes("window")}
        return {
            "hall": {"code": "REPLAY", "timezone": f"UTC{sign}{hours:02d}:{rest:02d}"},
            "services": [{"code": c} for c in codes("service")],
            "windows": [{"code": c, "services": codes("service")} for c in codes("window") or ["1"]],
            "staff": [{"code": c} for c in sorted(staff, key=natural)],
        }

    def write(self, kind: str, when: datetime, **fields: Any) -> None:
        named = {k: fields.pop(k, None) for k in ("ticket", "service", "window", "staff")}
        data = {k: v for k, v in fields.items() if v is not None} | {"date": self.day.isoformat()}
        seq = len(self.events) + 1
        self.events.append({"seq": seq, "kind": kind, "time": when.isoformat(), **named, "data": data, "hash": "?"})

    def window_named(self, acts: list[Act], i: int) -> str | None:
        """Return the window that a row is one of: the one it names, or where its ticket was called."""
        act = acts[i]
        if act["action"] not in AT_A_WINDOW | {"leave", "void"}:
            return None
        if act["window"] or not act["ticket"] or act["action"] in ("leave", "void", "redirect"):
            return act["window"]
        before = [a for a in acts[:i] if a["ticket"] == act["ticket"]]
        calls = [a["window"] for a in before if a["action"] in ("call", "serve", "unpark")]
        return calls[-1] if calls else None

    def seat(self, code: str, staff: str | None, when: datetime) -> None:
        window = self.windows.get(code)
        if window and (window["ticket"] or staff in (None, window["staff"])):
            return
        self.close(code, when)
        self.windows[code] = {"staff": staff or code, "ticket": None, "paused": False, "last": None}
        self.write("open", when, window=code, staff=staff or code)

    def close(self, code: str, when: datetime) -> None:
        if code in self.windows and not self.windows[code]["ticket"]:
            self.write("close", when, window=code, staff=self.windows.pop(code)["staff"])

    def end(self, when: datetime) -> None:
        states: dict[str, list[str]] = {}
        for label, ticket in self.tickets.items():
            states.setdefault(ticket["state"], []).append(label)
        ends = {
            "waiting": states.get("waiting", []),
            "gone": states.get("missed", []) + states.get("called", []),
            "finished": states.get("serving", []) + states.get("parked", []),
            "windows": list(self.windows),
        }
        if any(ends.values()):
            self.write("day-end", when, **ends)

    def act(self, act: Act, code: str | None, later: list[Act]) -> None:
        kind, when = act["action"], act["time"]
        if kind in ("issue", "serve"):
            self.arrive(act, code)
            return
        if kind == "not-ready":
            self.write(kind, when, service=act["service"])
            return
        if kind not in ("leave", "void", "close", "rate", "reinstate", "postpone", "defer") and act["window"]:
            self.seat(act["window"], act["staff"], when)
        window = self.windows.get(code or act["window"] or "")
        if kind == "open":
            return
        if kind in ("pause", "resume"):
            window["paused"] = kind == "pause"
            self.write(kind, when, window=code, staff=window["staff"], reason=act["reason"] or "recorded")
            return
        if kind == "close":
            self.close(code, when)
            return
        label = act["ticket"] or self.meant(kind, window)
        self.move(act, kind, label, code, later)
        if window is not None and act["window"] and not window["ticket"] and code in self.windows:
            self.seat(code, act["staff"], when)

    def meant(self, kind: str, window: dict[str, Any] | None) -> str | None:
        if kind == "call":
            return None
        return window["last"] if kind in ("rate", "reopen") else window["ticket"]

    def arrive(self, act: Act, code: str | None) -> None:
        kind, when = act["action"], act["time"]
        label, klass = act["ticket"], act["class"] or "normal"
        credit = CREDITS.get(klass, 0) if kind == "issue" else 0
        if kind == "serve":
            self.seat(code, act["staff"], when)
        passed = [t["label"] for t in self.line()]
        ticket = {"label": label, "state": "waiting", "service": act["service"], "arrived": when, "misses": 0}
        ticket |= {"place": when, "turn": float(len(self.events) + 1), "credit": credit, "calls": 0, "steps": []}
        self.tickets[label] = ticket
        if kind == "issue":
            self.write(kind, when, ticket=label, service=act["service"], promise=self.promise(ticket))
            return
        window = self.windows[code]
        told = {"passed": passed or None, "why": "recorded" if passed else None}
        self.write(kind, when, ticket=label, service=act["service"], window=code, staff=window["staff"], **told)
        self.at_window(ticket, code, when, "serving")

    def at_window(self, ticket: dict[str, Any], code: str, when: datetime, state: str) -> None:
        self.served.append((when, ticket["service"], ticket["label"]))
        ticket["state"], ticket["calls"] = state, 1
        ticket["by"] = (code, self.windows[code]["staff"])
        self.windows[code]["ticket"] = ticket["label"]
        if ticket["credit"]:
            self.normal_calls = 0
        elif self.normal_calls is not None:
            self.normal_calls += 1

    def call(self, act: Act, code: str) -> None:
        when, why = act["time"], "recorded"
        waiting = self.line()
        ticket = self.tickets.get(act["ticket"] or "")
        if ticket is None:
            ticket, why = self.next(waiting, self.normal_calls), "priority"
        passed = [t["label"] for t in waiting if (t["place"], t["turn"]) < (ticket["place"], ticket["turn"])]
        fields = {"ticket": ticket["label"], "service": ticket["service"], "window": code}
        self.write("call", when, **fields, staff=self.windows[code]["staff"], passed=passed or None, why=why)
        self.at_window(ticket, code, when, "called")

    def move(self, act: Act, kind: str, label: str | None, code: str | None, later: list[Act]) -> None:
        when = act["time"]
        if kind == "call":
            self.call(act, code)
            return
        ticket = self.tickets[label]
        here = next((c for c, w in self.windows.items() if w["ticket"] == label), None)
        at = here or (code if kind in ("unpark", "reopen") else None)
        staff = (self.windows.get(at or "") or {}).get("staff")
        fields = {"ticket": label, "service": ticket["service"], "window": at, "staff": staff}
        if kind == "recall":
            if ticket["calls"] >= CALLS_BEFORE_MISSED and not still_called(code, label, later):
                kind = "miss"
            else:
                ticket["calls"] += 1
        if kind == "miss":
            ticket["misses"] += 1
            ticket["missed_at"] = when
            ticket["state"] = "left" if ticket["misses"] == 3 else "missed"
        data: dict[str, Any] = {}
        if kind in ("start", "unpark", "reopen"):
            ticket["state"] = "serving"
        elif kind == "finish":
            data["start_assumed"] = True if ticket["state"] == "called" else None
            ticket["state"] = "finished"
            self.windows[here]["last"] = label
            if ticket["steps"]:
                ticket |= {"state": "waiting", "service": ticket["steps"].pop(0), "place": ticket["arrived"]}
        elif kind == "return":
            ticket["state"] = "waiting"
        elif kind in ("transfer", "redirect"):
            self.onward(act, ticket, kind)
            fields["service"] = data["to"] = act["service"]
        elif kind == "add":
            ticket["steps"].insert(0, act["service"])
            data["added"] = act["service"]
        elif kind in ("leave", "defer", "void"):
            ticket["state"] = "void" if kind == "void" else "left"
        elif kind == "park":
            ticket["state"] = "parked"
        elif kind == "reinstate":
            self.come_late(ticket, when)
        elif kind == "rate":
            data["level"] = int(act["value"])
            fields["window"], fields["staff"] = ticket["by"]
        if kind in ("miss", "return", "leave", "void", "finish", "park", "transfer", "redirect") and here:
            self.windows[here]["ticket"] = None
        if kind in ("unpark", "reopen"):
            self.windows[code]["ticket"] = label
            ticket["by"] = (code, self.windows[code]["staff"])
        self.write(kind, when, **fields, **data)

    def onward(self, act: Act, ticket: dict[str, Any], kind: str) -> None:
        place = ticket["arrived"]
        others = self.line()
        if kind == "transfer" and act["value"] == "end":
            place = max([act["time"], *(t["place"] for t in others)])
            ticket |= {"credit_spent": True, "turn": float(len(self.events) + 1)}
        elif kind == "transfer" and act["value"] == "front":
            place = min([*(key(t)[0] for t in others), *(t["place"] for t in others)], default=act["time"])
            place -= timedelta(microseconds=1)
            ticket["credit_spent"] = True
        ticket |= {"state": "waiting", "service": act["service"], "place": place}

    def come_late(self, ticket: dict[str, Any], when: datetime) -> None:
        """Behind the second who waits while ten minutes or five numbers have not gone by; else at the end."""
        order = self.order(self.line(), self.normal_calls)
        missed = ticket["missed_at"]
        numbers = {label for at, service, label in self.served if service == ticket["service"] and at > missed}
        soon = when - missed <= timedelta(minutes=10) or len(numbers) < 5
        ticket |= {"state": "waiting", "credit_spent": True, "turn": float(len(self.events) + 1)}
        ticket["place"] = max([when, *(t["place"] for t in order)])
        if soon and len(order) > 2:
            ticket["place"] = max(key(t)[0] for t in order[:2]) + timedelta(microseconds=1)

    def line(self) -> list[dict[str, Any]]:
        waiting = [t for t in self.tickets.values() if t["state"] == "waiting"]
        return sorted(waiting, key=key)

    def next(self, waiting: list[dict[str, Any]], normal: int | None) -> dict[str, Any]:
        """Return who is called: the smallest key; a jump needs two normal calls since the last priority call."""
        first = min(waiting, key=key)
        has_credit = first["credit"] and not first.get("credit_spent")
        plain = [t for t in waiting if not t["credit"] or t.get("credit_spent")]
        passes = [t for t in plain if (t["place"], t["turn"]) < (first["place"], first["turn"])]
        if has_credit and passes and normal is not None and normal < 2:
            return min(waiting, key=lambda t: (t["place"], t["turn"]))
        return first

    def order(self, waiting: list[dict[str, Any]], normal: int | None) -> list[dict[str, Any]]:
        left, order = list(waiting), []
        while left:
            following = self.next(left, normal)
            left.remove(following)
            order.append(following)
            normal = 0 if following["credit"] else None if normal is None else normal + 1
        return order

    def promise(self, ticket: dict[str, Any]) -> dict[str, Any]:
        """Return what was told, by the table of predictions: how it was come by is tried where it is made."""
        ahead = [t["label"] for t in self.order(self.line(), self.normal_calls)].index(ticket["label"])
        low, high, point = self.told.get((self.day.isoformat(), ticket["label"]), ("", "", ""))
        if not low:
            return {"ahead": ahead}
        return {"ahead": ahead, "low": int(low), "high": int(high), "point_s": round(float(point) * 60)}


def key(ticket: dict[str, Any]) -> tuple[Any, ...]:
    credit = 0 if ticket.get("credit_spent") else ticket["credit"]
    return ticket["place"] - timedelta(minutes=credit), ticket["place"], ticket["turn"]


def still_called(code: str | None, label: str | None, later: list[Act]) -> bool:
    here = (a for a in later if (a["window"] == code and a["action"] in AT_A_WINDOW) or a["ticket"] == label)
    following = next(here, None)
    still = ("recall", "start", "finish", "miss", "return", "transfer", "redirect", "leave", "void")
    return following is not None and following["ticket"] in (None, label) and following["action"] in still


def read(text: str) -> tuple[list[Act], timezone]:
    """Return what the rows say, in order, and the first row's offset."""
    rows = list(csv.DictReader(io.StringIO(text)))
    is_tickets = "arrived" in rows[0]
    first = datetime.fromisoformat(rows[0]["arrived" if is_tickets else "time"])
    zone = timezone(first.utcoffset() or timedelta())
    if not is_tickets:
        acts = [{k: (v or None) for k, v in row.items()} | {"time": moment(row["time"])} for row in rows]
        return sorted(acts, key=lambda act: act["time"]), zone
    placed = []
    for n, row in enumerate(rows):
        life = [(k, moment(row[c])) for k, c in STEPS if row[c]]
        for i, (action, when) in enumerate(life):
            now = [k for k, other in life if other == when]
            turn = TURNS.index(action)
            if now[-1] in ("finish", "leave"):
                turn = TURNS.index(now[-1]) if set(now) <= {"start", "finish", "leave"} else TURNS.index("at once")
            act = dict.fromkeys(("service", "class", "window", "staff", "value", "reason"))
            act |= {"action": action, "time": when, "ticket": row["ticket"]}
            if action == "issue":
                act |= {"service": row["service"], "class": row["class"] or None}
            elif row["called"]:
                act |= {"window": row["window"], "staff": row["staff"] or None}
            placed.append(((when, turn, n, i), act))
    return [act for _key, act in sorted(placed, key=lambda one: one[0])], zone


STEPS = (("issue", "arrived"), ("call", "called"), ("start", "started"), ("finish", "finished"), ("leave", "left"))
TURNS = ["finish", "leave", "at once", "issue", "call", "start"]


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
