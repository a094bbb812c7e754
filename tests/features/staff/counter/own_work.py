"""Somebody's filled months for the page of the own work: disputed rows, a closed month, training, a naming."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

from msgspec.structs import replace

from queuedesk.core.appraisal import HANDLING, Dispute
from queuedesk.features.staff.rules.own_work import OwnWork, ended, own_change, own_day
from tests.features.staff.test_rules import FIRSTS, filled_month

AT = datetime(2026, 11, 12, 2, tzinfo=UTC)
NOTE, ANSWER = "The customer went home for the deed and came back", "The ticket could have been set aside meanwhile"


def disputed(seq: int, row: str, *, excluded: bool | None, first: date) -> Dispute:
    """Return what C1 asked about a visit, and what M1 decided, if that."""
    about: dict[str, Any] = {"by": "C1", "staff": "C1", "month": first, "item": HANDLING, "row": row, "words": "note"}
    asked = Dispute(seq=seq, date=AT.date(), time=AT, rated=None, **about)
    return asked if excluded is None else asked.decide(AT + timedelta(hours=3), "M1", "answer", excluded=excluded)


@cache
def filled(*, closed: bool = False) -> OwnWork:
    """Return six months of C1, the last running with three disputed rows, or `closed` with a row excluded since."""
    months = [filled_month(first, 5.0 + n / 10) for n, first in enumerate(FIRSTS)]
    whole, notes = months[-1], {"note": NOTE, "answer": ANSWER}
    first, rows = whole.first, [f"{one.day} {one.label}" for one in whole.rows.handled if one.staff == "C1"]
    if closed:
        later = disputed(9, rows[0], excluded=True, first=first)
        whole = replace(whole, version=1, versions=1, closed=AT, closed_by="M1", later=(later,), notes=notes)
    else:
        states = (None, True, False)
        asked = tuple(disputed(n, rows[n], excluded=state, first=first) for n, state in enumerate(states))
        known = replace(whole.rows, disputes=asked)
        whole = replace(whole, is_over=False, last=first + timedelta(days=11), rows=known, notes=notes)
    months[-1] = ended(whole, "C1")
    need = {"date": "2026-11-10", "by": "M1", "need": "transfers", "service": "A", "reason": "coach", "n": 40, "of": 90}
    return OwnWork(
        staff="C1",
        months=tuple(months),
        whole=whole,
        day=own_day(whole, "C1"),
        change=own_change(months, "C1", HANDLING),
        named=(need | {"from": "2026-11-01", "to": "2026-11-09"},),
        sessions=({"date": "2026-11-05", "topic": "How to explain the list of fees", "minutes": 45},),
        minutes=45,
        wanted=120,
    )
