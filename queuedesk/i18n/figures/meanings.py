"""What figures mean: a sentence for each, shown beside it on its page, in its report and in the user guide."""

from __future__ import annotations

from collections.abc import Mapping

from queuedesk.core.appraisal import CASES, HANDLING, ORDER, SATISFACTION, SHIFTS
from queuedesk.i18n.catalogue import current, mark, tr

DEPOSIT, AUDIT, EFFECT, WHERE_ELSE, TRIALS, CALLS = "deposit", "audit", "effect", "where_else", "trials", "calls"
MEANINGS: Mapping[str, str] = {
    DEPOSIT: mark(
        "Points and deposit move only with what differs from the others by more than chance, of 30 or more on either side; calls out of order and shifts always count. The weight of everything else goes to the other items.",
        context="meaning",
    ),
    SATISFACTION: mark(
        "Satisfied ÷ all ratings by this person's customers that count; beside it what the others' customers said of the same services and items.",
        context="meaning",
    ),
    HANDLING: mark(
        "This person's minutes ÷ the others' for the same services and items. A step is compared by item where the others have five or more of it, else by service. Other systems, time set aside and wrong windows are left out.",
        context="meaning",
    ),
    ORDER: mark("Calls of somebody who was not next, without a reason.", context="meaning"),
    CASES: mark("Answers given by their day ÷ answers due in the month.", context="meaning"),
    SHIFTS: mark("Shifts begun within 10 minutes of their start ÷ shifts of the roster.", context="meaning"),
    AUDIT: mark(
        "A stated value is wrong when it is off by more than half a unit of its own last digit, or of the commonest number of decimals in its block of consecutive months where it has fewer.",
        context="meaning",
    ),
    EFFECT: mark(
        "Before and after are compared as if the same mix of services had come. “Can't tell” where the mix alone turns the difference, where chance can explain it, or while fewer than eight days before show what is usual.",
        context="meaning",
    ),
    WHERE_ELSE: mark(
        "Visits count by the item that was noted. Where nobody noted an item, the visit is unknown: it counts neither for another place nor for a window here.",
        context="meaning",
    ),
    TRIALS: mark(
        "The verdict comes once, at the planned end: looked at earlier, equal words would differ too often by chance.",
        context="meaning",
    ),
    CALLS: mark(
        "Calls are first calls of steps: a visit with two steps has two, so there can be more calls than people.",
        context="meaning",
    ),
}


def meaning(key: str, lang: str | None = None) -> str:
    return tr(lang or current(), MEANINGS[key], context="meaning")
