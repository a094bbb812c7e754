"""Invented days as files of recorded tickets or actions. Imports nothing of the program."""

import csv
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

from tests.sim.invented_day import InventedDay, Visit
from tests.sim.invented_hall import InventedHall, scenario

ACTIONS = ["time", "action", "ticket", "service", "window", "staff", "class", "value", "reason"]
TICKETS = ["ticket", "service", "class", "arrived", "called", "started", "finished", "left", "window", "staff"]
ZONE = timezone(timedelta(hours=8))
FIRST_DATE = date(2031, 3, 3)
AWAY = frozenset({"open", "pause", "resume", "close"})


def workdays() -> Iterable[date]:
    """Yield days of the week from the first date on, Sundays left out."""
    day = FIRST_DATE
    while True:
        if day.isoweekday() != 7:
            yield day
        day += timedelta(days=1)


def play_days(hall: InventedHall, seed: int, names: Sequence[str]) -> dict[date, InventedDay]:
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
    """Write the days as recorded actions; `with_windows` tells when windows opened, paused and closed."""
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(ACTIONS)
        for day, played in days.items():
            for act in played.acts:
                if with_windows or act.action not in AWAY:
                    row = [_iso_text(day, act.time), act.action, act.ticket, act.service, act.window, act.staff]
                    table.writerow([*row, act.klass, act.value, act.reason])


def write_tickets(path: Path, days: dict[date, InventedDay]) -> None:
    """Write the days as recorded tickets: a further visit of a ticket is a row with a number of its own."""
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(TICKETS)
        for day, played in days.items():
            numbers: dict[str, int] = {}
            for visit in sorted([*played.visits, *played.waiting], key=lambda one: one.arrived):
                label = visit.ticket
                if not visit.first:
                    numbers[visit.ticket[0]] = numbers.get(visit.ticket[0], 5000) + 1
                    label = f"{visit.ticket[0]}{numbers[visit.ticket[0]]}"
                missed, window = visit.how == "miss", visit.window
                seconds = (visit.arrived, visit.called, visit.started, None if missed else visit.ended)
                times = [_iso_text(day, second) for second in (*seconds, visit.ended if missed else None)]
                staff = f"C{window}" if window else ""
                table.writerow([label, visit.service, visit.klass, *times, window, staff])


def _iso_text(day: date, second: int | None) -> str:
    if second is None:
        return ""
    return (datetime(day.year, day.month, day.day, tzinfo=ZONE) + timedelta(seconds=second)).isoformat()
