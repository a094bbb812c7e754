"""A hall's morning, and the same morning with one event that is another or one more, or two that meet in no figure."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from queuedesk.desk.change import Ask
from queuedesk.desk.setup import setting_up
from tests.hall import CONSOLE, DAY, Clock, Hall, preset

Deed = tuple[float, tuple[Any, ...], dict[str, Any]]
"""How many minutes after nine, what is done, and with which words."""
TARGETS = [
    {"measure": "satisfaction", "value": 60},
    {"measure": "within_target", "value": 80},
    {"measure": "mean_wait", "value": 9, "from": "2026-11-20"},
]
RULES = {"wait_target_minutes": 10, "form_free_minutes": 4}


def _deed(minute: float, *what: Any, **words: Any) -> Deed:
    return minute, what, words


MORNING: dict[str, Deed] = {
    "1 opens": _deed(0, "open", "1", staff="C1"),
    "3 opens": _deed(0, "open", "3", staff="C3"),
    "5 opens": _deed(0, "open", "5", staff="C5"),
    "A001 comes": _deed(0.5, "issue", "A"),
    "B001 comes": _deed(1, "issue", "B", guide="G1"),
    "C001 comes": _deed(2, "issue", "C", guide="G1"),
    "A002 comes": _deed(3, "issue", "A"),
    "A003 comes": _deed(4, "issue", "A", klass="elderly"),
    "A001 is called": _deed(5, "call", "1", ticket="A001", reason="chosen"),
    "A001 starts": _deed(5.5, "start", "1"),
    "D001 comes": _deed(6, "issue", "D"),
    "B001 is called": _deed(6, "call", "3", ticket="B001", reason="chosen"),
    "B001 starts": _deed(6.5, "start", "3"),
    "B002 comes": _deed(7, "issue", "B"),
    "C001 is called": _deed(7, "call", "5", ticket="C001", reason="chosen"),
    "C001 starts": _deed(8, "start", "5"),
    "A001 is done": _deed(12, "finish", "1", outcome="done"),
    "A001 rates": _deed(12.5, "rate", "A001", 5),
    "A004 comes": _deed(12.75, "issue", "A"),
    "A002 is called": _deed(14, "call", "1", ticket="A002", reason="chosen"),
    "C001 is done": _deed(15, "finish", "5"),
    "B001 is done": _deed(16, "finish", "3"),
    "B001 rates": _deed(16.25, "rate", "B001", 4),
    "A002 starts": _deed(16.5, "start", "1"),
    "A003 is called": _deed(17, "call", "3", ticket="A003", reason="chosen"),
    "A003 starts": _deed(17.5, "start", "3"),
    "D001 is called": _deed(18, "call", "5", ticket="D001", reason="chosen"),
    "D001 starts": _deed(18.5, "start", "5"),
    "bank is offered": _deed(20, "offer", "A", to="bank", declined=True),
    "A002 is done": _deed(22, "finish", "1"),
    "A002 rates": _deed(22.5, "rate", "A002", 2),
    "A003 is done": _deed(24, "finish", "3"),
    "3 pauses": _deed(25, "pause", "3", reason="meal"),
    "D001 is done": _deed(31, "finish", "5"),
    "D001 rates": _deed(31.5, "rate", "D001", 1),
    "3 goes on": _deed(47, "resume", "3"),
}
EVENTS: dict[str, dict[str, Deed]] = {
    "a later call": {"A002 is called": _deed(15.5, "call", "1", ticket="A002", reason="chosen")},
    "a finish without a form, an offer taken": {
        "A003 is done": _deed(24, "finish", "3", form_free=True),
        "bank is offered": _deed(20, "offer", "A", to="bank"),
    },
    "another level": {"A002 rates": _deed(22.5, "rate", "A002", 4)},
    "a redirect": {"C001 is done": _deed(15, "redirect", "D", window="5")},
    "a leave, a rating taken out": {
        "B002 leaves": _deed(40, "leave", "B002"),
        "a correction": _deed(60, "correct", "A002", changes={"rating": "excluded"}, reason="wrong_key", second="AD"),
    },
    "a shorter target": {"a set-up": _deed(60, "set-setting", "wait_target_minutes", 4)},
}
"""By what is different: the deeds that take the place of those of the same name, or come on top."""


def hall_with(folder: Path, event: str = "") -> Hall:
    """Return a hall at a quarter past ten, on a Friday, after a short Monday; `event` is one of EVENTS."""
    nine = DAY.replace(hour=9)
    clock, path = Clock(nine - timedelta(days=4)), folder / "hall.sqlite"
    document = preset(targets=TARGETS, settings=RULES)
    hall = Hall(setting_up.create_hall(path, document, Ask(CONSOLE, clock())), clock, path)
    _monday(hall)
    deeds = sorted({**MORNING, **EVENTS.get(event, {})}.values(), key=lambda deed: deed[0])
    for minute, (verb, *args), words in deeds:
        clock.now = nine + timedelta(minutes=minute)
        hall.do(verb, *args, **words)
    clock.now = nine + timedelta(minutes=75)
    return hall


def _monday(hall: Hall) -> None:
    hall.open("1", "C1")
    for level in (5, 3):
        label = hall.issue("A")
        hall.clock.move(minutes=4)
        hall.serve_out("1")
        hall.do("rate", label, level)
    hall.do("day-end")
