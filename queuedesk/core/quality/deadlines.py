"""The deadlines of a case, in working days."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from queuedesk.core.setup.calendar import add_working_days, working_days_between
from queuedesk.core.setup.rows import Setup


class Due(NamedTuple):
    """The last days of a case: for the first contact, the act, the answer, and the hard limit."""

    contact: date
    act: date
    answer: date
    limit: date


def deadlines(setup: Setup, start: date, *, is_rating: bool) -> Due:
    """Return the deadlines of a case that is opened, or opened again, on `start`, by the rules of the hall. The act is
    due half way between contact and answer."""
    contact, limit = setup.number("case_contact_days"), setup.number("case_limit_days")
    answer = max(contact, setup.number("rating_fix_days" if is_rating else "case_answer_days"))
    limit = max(limit, answer)
    return Due(*(add_working_days(setup.calendar, start, n) for n in (contact, (contact + answer) // 2, answer, limit)))


def working_days_over(setup: Setup, due: date, today: date) -> int:
    """Return how many working days `today` is past a last day, at least 1 where it is past it at all; 0 or negative:
    how many are left."""
    if today <= due:
        return -working_days_between(setup.calendar, today, due)
    return max(1, working_days_between(setup.calendar, due, today))
