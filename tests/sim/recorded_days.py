"""Makes days that can have happened, as files in both shapes. Imports nothing of the program."""

import csv
import io
from datetime import UTC, datetime, timedelta, timezone
from functools import partial
from random import Random
from typing import Any

ACTIONS = ["time", "action", "ticket", "service", "window", "staff", "class", "value", "reason"]
TICKETS = ["ticket", "service", "class", "arrived", "called", "started", "finished", "left", "window", "staff"]
SERVICES = ["A", "B", "C"]
WINDOWS = ["1", "2", "3"]
STAFF = {"1": "C1", "2": "C2", "3": None}
CLASSES = ["", "", "", "normal", "elderly", "pregnant", "vip"]
NEXT = {
    "called": ["start", "start", "start", "recall", "finish", "miss", "return"],
    "serving": ["finish", "finish", "finish", "park", "transfer", "redirect"],
}
OFFSETS = [480, 120, -210, 0, 345]
MORNING = 9 * 60


def csv_text(columns: list[str], rows: list[dict[str, Any]]) -> str:
    text = io.StringIO()
    table = csv.DictWriter(text, columns, lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    return text.getvalue()


def mornings(rng: Random, days: int) -> list[datetime]:
    zone = timezone(timedelta(minutes=rng.choice(OFFSETS)))
    return [datetime(2026, 3, 2, tzinfo=zone) + timedelta(days=n, minutes=MORNING) for n in range(days)]


def tickets_file(rng: Random, tickets: int, days: int = 1) -> str:
    """Return days of tickets: some never called, left or without a start, calls out of turn, equal times."""
    rows = []
    for morning in mornings(rng, days):
        free = dict.fromkeys(WINDOWS, morning)
        at = morning
        for n in range(tickets):
            at += timedelta(seconds=rng.choice([0, 0, 15, 45, 60, 240]))
            rows.append(_life(rng, n, at, free))
    rng.shuffle(rows)
    return csv_text(TICKETS, rows)


def _life(rng: Random, n: int, arrived: datetime, free: dict[str, datetime]) -> dict[str, Any]:
    service = rng.choice(SERVICES)
    row: dict[str, Any] = {"ticket": f"{service}{n + 1:03d}", "service": service, "class": rng.choice(CLASSES)}
    row["arrived"] = _text(rng, arrived)
    fate = rng.random()
    if fate < 0.1:  # waits until the date's end
        return row
    if fate < 0.2:
        row["left"] = _text(rng, arrived + timedelta(seconds=rng.choice([0, 300, 1200])))
        return row
    code = rng.choice(WINDOWS)
    called = max(arrived, free[code]) + timedelta(seconds=rng.choice([0, 0, 10, 60]))
    row |= {"window": code, "staff": STAFF[code], "called": _text(rng, called)}
    ended = called + timedelta(seconds=rng.choice([0, 30, 120, 400]))
    if fate < 0.25:
        row["left"] = _text(rng, ended)
    else:
        if fate < 0.85:
            started = min(called + timedelta(seconds=rng.choice([0, 20])), ended)
            row["started"] = _text(rng, started)
        row["finished"] = _text(rng, ended)
    free[code] = ended + timedelta(seconds=rng.choice([0, 5]))
    return row


def _text(rng: Random, when: datetime) -> str:
    """Return a time, sometimes told by another clock."""
    return when.isoformat() if rng.random() < 0.9 else when.astimezone(UTC).isoformat()


class ActionDay:
    """One date of recorded actions: at each moment one of what can happen next happens."""

    def __init__(self, rng: Random, morning: datetime) -> None:
        self.rng, self.now, self.numbers = rng, morning, 0
        self.rows: list[dict[str, Any]] = []
        self.at: dict[str, list[Any] | None] = {}
        self.waiting: list[str] = []
        self.missed: dict[str, int] = {}
        self.parked: list[str] = []
        self.finished: list[str] = []
        self.service: dict[str, str] = {}
        self.calls: dict[str, int] = {}
        self.paused: set[str] = set()

    def play(self, steps: int) -> list[dict[str, Any]]:
        for _ in range(steps):
            self.now += timedelta(seconds=self.rng.choice([0, 10, 20, 60, 150]))
            self.rng.choice(self.possible())()
        return self.rows

    def possible(self) -> list[Any]:
        deeds: list[Any] = [self.issue, self.issue]
        if self.waiting:
            deeds += [self.leave, self.redirect_waiting, self.void]
        if self.missed:
            deeds.append(self.reinstate)
        if self.finished:
            deeds.append(self.rate)
        if self.rng.random() < 0.1:
            deeds.append(self.not_ready)
        for code in WINDOWS:
            held = self.at.get(code)
            if code in self.paused:
                deeds.append(partial(self.resume, code))
            elif held is None:
                deeds += [partial(self.serve, code)]
                deeds += [partial(self.call, code)] * (6 if self.waiting else 0)
                deeds += [partial(self.unpark, code)] * (2 if self.parked else 0)
                deeds += [partial(self.pause, code)]
            else:
                deeds += [partial(self.at_window, code, kind) for kind in NEXT[held[1]]]
        return deeds

    def row(self, action: str, **cells: Any) -> None:
        self.rows.append({"time": self.now.isoformat(), "action": action, **cells})

    def named(self, code: str) -> dict[str, Any]:
        return {"window": code, "staff": STAFF[code] if self.rng.random() < 0.8 else None}

    def new(self, service: str) -> str:
        self.numbers += 1
        label = f"{service}{self.numbers:03d}"
        self.service[label] = service
        return label

    def issue(self) -> None:
        label = self.new(self.rng.choice(SERVICES))
        self.row("issue", ticket=label, service=self.service[label], **{"class": self.rng.choice(CLASSES)})
        self.waiting.append(label)

    def serve(self, code: str) -> None:
        label = self.new(self.rng.choice(SERVICES))
        self.row("serve", ticket=label, service=self.service[label], **self.named(code))
        self.at[code] = [label, "serving", 1]

    def call(self, code: str) -> None:
        label = self.rng.choice(self.waiting[:4])
        self.row("call", ticket=label, **self.named(code))
        self.waiting.remove(label)
        self.at[code] = [label, "called", 1]

    def unpark(self, code: str) -> None:
        label = self.parked.pop(self.rng.randrange(len(self.parked)))
        self.row("unpark", ticket=label, **self.named(code))
        self.at[code] = [label, "serving", 1]

    def at_window(self, code: str, kind: str) -> None:
        held = self.at[code]
        assert held is not None
        label = held[0]
        if kind == "recall" and held[2] >= 3:
            kind = "miss"
        service = None
        if kind in ("transfer", "redirect"):
            service = self.rng.choice([s for s in SERVICES if s != self.service[label]])
            self.service[label] = service
        told = {"ticket": label if self.rng.random() < 0.6 else None, "service": service}
        if kind == "transfer":
            told["value"] = self.rng.choice([None, "visit", "end"])
        self.row(kind, **told, **self.named(code))
        if kind == "start":
            held[1] = "serving"
            return
        if kind == "recall":
            held[2] += 1
            return
        self.at[code] = None
        if kind == "finish":
            self.finished.append(label)
        elif kind == "park":
            self.parked.append(label)
        elif kind in ("return", "transfer", "redirect"):
            self.waiting.append(label)
        else:
            self.calls[label] = self.calls.get(label, 0) + 1
            if self.calls[label] < 3:
                self.missed[label] = 1

    def leave(self) -> None:
        self.row("leave", ticket=self.waiting.pop(self.rng.randrange(len(self.waiting))))

    def void(self) -> None:
        self.row("void", ticket=self.waiting.pop(), reason="issued_twice")

    def redirect_waiting(self) -> None:
        label = self.rng.choice(self.waiting)
        self.service[label] = self.rng.choice([s for s in SERVICES if s != self.service[label]])
        self.row("redirect", ticket=label, service=self.service[label])

    def reinstate(self) -> None:
        label = self.rng.choice(sorted(self.missed))
        del self.missed[label]
        self.row("reinstate", ticket=label)
        self.waiting.append(label)

    def rate(self) -> None:
        self.row("rate", ticket=self.finished.pop(), value=self.rng.randint(1, 5))

    def not_ready(self) -> None:
        self.row("not-ready", service=self.rng.choice(SERVICES))

    def pause(self, code: str) -> None:
        self.row("pause", reason="tea", **self.named(code))
        self.paused.add(code)

    def resume(self, code: str) -> None:
        self.row("resume", window=code)
        self.paused.discard(code)


def actions_file(rng: Random, steps: int, days: int = 1) -> str:
    rows = []
    for morning in mornings(rng, days):
        rows += ActionDay(rng, morning).play(steps)
    return csv_text(ACTIONS, rows)
