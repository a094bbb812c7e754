"""Changes the roster and the pay days; each change is one event with the whole set-up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from queuedesk.core.errors import RuleError
from queuedesk.core.setup.file import check_setup
from queuedesk.core.staffing.rostering import new_conflict, placed, roster_of, when, without
from queuedesk.desk.change import Change, Document, changes

ROSTER, PAY_DAYS = "roster", "pay_days"


@changes("roster")
def put_shift(change: Change, row: Mapping[str, Any]) -> Document:
    """Plan a shift, replacing those at its window on the same days with overlapping hours; return the whole roster.

    Raises RuleError "bad_value", "roster_conflict".
    """
    check_setup({**change.setup.document, ROSTER: [dict(row)]})
    return _save(change, placed(roster_of(change.setup), row))


@changes("roster")
def remove_shifts(change: Change, window: str, days: str) -> Document:
    """Remove the shifts planned at a window on those days: a date, weekdays as "1-5", or "" for every day. Raises
    RuleError "not_there"."""
    before = roster_of(change.setup)
    asked = when({"date": days}) if "-" in days and len(days) == len("2026-11-20") else when({"weekday": days})
    after = without(before, window, asked)
    if len(after) == len(before):
        raise RuleError("not_there", kind=ROSTER, code=window)
    return _save(change, after)


@changes("roster")
def save_roster(change: Change, rows: Sequence[Mapping[str, Any]]) -> Document:
    """Replace the whole roster by these rows. Raises RuleError "bad_value", "roster_conflict" for a conflict that was
    not there."""
    return _save(change, rows)


@changes("roster")
def add_pay_days(change: Change, days: Sequence[date]) -> Document:
    """Add pay days; those that are there already stay."""
    return _save_days(change, sorted({*change.setup.pay_days, *days}))


@changes("roster")
def remove_pay_days(change: Change, days: Sequence[date]) -> Document:
    """Remove pay days. Raises RuleError "not_there" for a date that is not a pay day."""
    for day in days:
        if day not in change.setup.pay_days:
            raise RuleError("not_there", kind=PAY_DAYS, code=day.isoformat())
    return _save_days(change, [day for day in change.setup.pay_days if day not in days])


def _save(change: Change, rows: Sequence[Mapping[str, Any]]) -> Document:
    document = {**change.setup.document, ROSTER: [dict(row) for row in rows]}
    setup = check_setup(document)
    conflict = new_conflict(setup, roster_of(change.setup), rows)
    if conflict is not None:
        raise RuleError("roster_conflict", **conflict.details())
    if document[ROSTER] != roster_of(change.setup):
        change.record("set-up", part=ROSTER, op="set", setup=document)
    return {ROSTER: document[ROSTER]}


def _save_days(change: Change, days: Sequence[date]) -> Document:
    texts = [day.isoformat() for day in days]
    if texts != [day.isoformat() for day in change.setup.pay_days]:
        document = {**change.setup.document, PAY_DAYS: texts}
        check_setup(document)
        change.record("set-up", part=PAY_DAYS, op="set", setup=document)
    return {PAY_DAYS: texts}
