"""What somebody reads of the own work: six months of sheets, the running day, namings and training."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import dropwhile

from queuedesk.core.appraisal.own_change import MONTHS_BEFORE, own_change
from queuedesk.core.appraisal.own_work import OwnWork, ended, own_day
from queuedesk.core.appraisal.person_sheet import MonthSheets
from queuedesk.core.appraisal.scheme import HANDLING
from queuedesk.core.errors import RuleError
from queuedesk.core.figures.periods import MONTH, span_of
from queuedesk.core.network.roles import Actor
from queuedesk.desk.appraisal.sheets import month_sheets
from queuedesk.desk.appraisal.training import named_for, trainings_of
from queuedesk.desk.change import Desk
from queuedesk.store.parts import halls


def own_work(desk: Desk, who: Actor, month: date, now: datetime) -> OwnWork:
    """Return the own work of `who` in the month that `month` lies in, with the five months before; one of those whose
    text was deleted is left out. Raises what `month_sheets` raises."""
    staff = who.name
    whole = month_sheets(desk, who, month, now, staff=staff)
    months = [*_before(desk, who, whole.first, now), ended(whole, staff)]
    first, last = span_of(MONTH, month)
    named = [one for one in named_for(desk, who) if first.isoformat() <= one["date"] <= last.isoformat()]
    sessions = trainings_of(desk, who, first, last, staff=staff)
    with desk.db.read() as tx:
        wanted = halls.setup(tx, halls.load(tx, desk.hall)).number("training_minutes")
    return OwnWork(
        staff=staff,
        months=tuple(months),
        whole=whole,
        day=own_day(whole, staff),
        change=own_change(months, staff, HANDLING),
        named=tuple(named),
        sessions=tuple(sessions),
        minutes=sum(one["minutes"] for one in sessions),
        wanted=wanted,
    )


def _before(desk: Desk, who: Actor, first: date, now: datetime) -> list[MonthSheets]:
    """Return the months before, oldest first, from the first in which the hall served anybody."""
    found = []
    for _n in range(MONTHS_BEFORE):
        first = (first - timedelta(days=1)).replace(day=1)
        try:
            found.append(month_sheets(desk, who, first, now, staff=who.name))
        except RuleError as refused:
            if refused.code != "closed_gone":
                raise
    return [*dropwhile(_is_empty, found[::-1])]


def _is_empty(one: MonthSheets) -> bool:
    return not (one.rows.handled or one.rows.ratings or one.version)
