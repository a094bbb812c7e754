"""Invented days as files of recorded tickets or actions, and the set-up of their hall. Imports nothing of the
program."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from tests.sim.invented_day import Act, InventedDay, Visit
from tests.sim.invented_hall import CREDITS, InventedHall, scenario

ZONE = timezone(timedelta(hours=8))
FIRST_DATE = date(2031, 3, 3)
ACTION_COLUMNS = ("time", "action", "ticket", "service", "window", "staff", "class", "value", "reason")
TICKET_COLUMNS = (
    "ticket",
    "service",
    "class",
    "arrived",
    "called",
    "started",
    "finished",
    "left",
    "window",
    "staff",
)
PAST = (
    "normal",
    "normal",
    "bill-day",
    "normal",
    "rush",
    "normal",
    "normal",
    "absent",
    "bill-day",
    "normal",
    "priority",
    "normal",
)
SCORED = ("normal", "bill-day", "rush", "slow-system", "absent", "priority")
AWAY = frozenset({"open", "pause", "resume", "close"})


def workdays() -> Iterable[date]:
    """Yield days of the week from the first date on, Sundays left out."""
    day = FIRST_DATE
    while True:
        if day.isoweekday() != 7:
            yield day
        day += timedelta(days=1)


def play_days(hall: InventedHall, seed: int, names: Sequence[str]) -> dict[date, InventedDay]:
    """Play a day of each name, one after the other."""
    days = {}
    for n, (day, name) in enumerate(zip(workdays(), names, strict=False)):
        played = InventedDay(hall, scenario(name, hall), [seed, n, 7])
        played.play()
        days[day] = played
    return days


def scored(day: InventedDay) -> list[Visit]:
    """Return the first visits that were called and found no idle window."""
    return [visit for visit in day.visits if visit.first and (visit.called or 0) > visit.arrived]


def write_actions(path: Path, days: dict[date, InventedDay], *, with_windows: bool = True) -> None:
    """Write the days as recorded actions; without `with_windows` nothing says when windows opened, paused and
    closed."""
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(ACTION_COLUMNS)
        for day, played in days.items():
            for act in played.acts:
                if with_windows or act.action not in AWAY:
                    table.writerow(_action(day, act))


def _action(day: date, act: Act) -> list[str]:
    first = [_iso(day, act.time), act.action, act.ticket, act.service, act.window, act.staff]
    return [*first, act.klass, act.value, act.reason]


def write_tickets(path: Path, days: dict[date, InventedDay], *, with_staff: bool = True) -> None:
    """Write the days as recorded tickets: a further visit of a ticket is a row with a number of its own."""
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(TICKET_COLUMNS)
        for day, played in days.items():
            numbers: dict[str, int] = {}
            for visit in sorted([*played.visits, *played.waiting], key=lambda one: one.arrived):
                label = visit.ticket
                if not visit.first:
                    numbers[visit.ticket[0]] = numbers.get(visit.ticket[0], 5000) + 1
                    label = f"{visit.ticket[0]}{numbers[visit.ticket[0]]}"
                missed = visit.how == "miss"
                window = visit.window
                table.writerow(
                    [
                        label,
                        visit.service,
                        visit.klass,
                        _iso(day, visit.arrived),
                        _iso(day, visit.called),
                        _iso(day, visit.started),
                        _iso(day, None if missed else visit.ended),
                        _iso(day, visit.ended if missed else None),
                        window,
                        f"C{window}" if with_staff and window else "",
                    ]
                )


def setup_document(
    hall: InventedHall, pay_days: Sequence[date] = (), guesses: dict[str, int] | None = None
) -> dict[str, Any]:
    """Return the hall's set-up: skills, the roster with its breaks, pay days. `guesses` are minutes that an installer
    set for services."""
    return {
        "hall": {
            "code": "INV",
            "name": "Invented",
            "name_en": "Invented",
            "timezone": "UTC+08:00",
            "opens": "08:30",
            "closes": "17:00",
        },
        "services": [
            {
                "code": code,
                "name": code,
                "name_en": code,
                "prefix": code[0],
                **({"handling_target": guesses[code]} if guesses else {}),
            }
            for code in hall.services
        ],
        "windows": [
            {"code": place.code, "name": place.code, "services": [c for c in hall.services if c in place.skills]}
            for place in hall.places
        ],
        "staff": [
            {
                "code": place.staff,
                "name": place.staff,
                "role": "clerk",
                "skills": [c for c in hall.services if c in place.skills],
            }
            for place in hall.places
        ],
        "classes": [{"code": code, "name": code, "credit_minutes": minutes} for code, minutes in CREDITS.items()],
        "roster": [
            {
                "window": place.code,
                "staff": place.staff,
                "from": _clock(place.opens),
                "to": _clock(place.closes),
                "breaks": [{"from": _clock(due), "minutes": length} for due, length in place.breaks],
            }
            for place in hall.places
        ],
        "pay_days": [day.isoformat() for day in pay_days],
    }


def write_setup(
    path: Path, hall: InventedHall, pay_days: Sequence[date] = (), guesses: dict[str, int] | None = None
) -> None:
    path.write_text(json.dumps(setup_document(hall, pay_days, guesses)), encoding="utf-8")


def _iso(day: date, second: int | None) -> str:
    if second is None:
        return ""
    return (datetime(day.year, day.month, day.day, tzinfo=ZONE) + timedelta(seconds=second)).isoformat()


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
