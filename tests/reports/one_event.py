"""A hall's morning, and the same morning with one event that is another or one more, or two that meet in no figure."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from queuedesk.desk import setting_up
from queuedesk.desk.change import Ask
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


COME: dict[str, tuple[float, dict[str, str]]] = {
    "A001": (0.5, {}), "B001": (1, {"guide": "G1"}), "C001": (2, {"guide": "G1"}), "A002": (3, {}),
    "A003": (4, {"klass": "elderly"}), "D001": (6, {}), "B002": (7, {}), "A004": (12.75, {}),
}  # fmt: skip
SERVED: dict[str, tuple[str, float, float, float, dict[str, str]]] = {
    "A001": ("1", 5, 5.5, 12, {"outcome": "done"}), "B001": ("3", 6, 6.5, 16, {}), "C001": ("5", 7, 8, 15, {}),
    "A002": ("1", 14, 16.5, 22, {}), "A003": ("3", 17, 17.5, 24, {}), "D001": ("5", 18, 18.5, 31, {}),
}  # fmt: skip
"""Where, when called, started and finished, and how."""
RATED = {"A001": (12.5, 5), "B001": (16.25, 4), "A002": (22.5, 2), "D001": (31.5, 1)}
MORNING: dict[str, Deed] = {
    **{f"{window} opens": _deed(0, "open", window, staff=f"C{window}") for window in "135"},
    **{f"{label} comes": _deed(at, "issue", label[0], **words) for label, (at, words) in COME.items()},
    **{f"{t} is called": _deed(at, "call", own, ticket=t, reason="chosen") for t, (own, at, *_) in SERVED.items()},
    **{f"{label} starts": _deed(at, "start", window) for label, (window, _called, at, *_) in SERVED.items()},
    **{f"{label} is done": _deed(at, "finish", own, **how) for label, (own, _, _, at, how) in SERVED.items()},
    **{f"{label} rates": _deed(at, "rate", label, level) for label, (at, level) in RATED.items()},
    "bank is offered": _deed(20, "offer", "A", to="bank", declined=True),
    "3 pauses": _deed(25, "pause", "3", reason="meal"),
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
