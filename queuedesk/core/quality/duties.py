"""What somebody has to do next: in the cases that they own, and of what inspections found."""

from __future__ import annotations

import datetime as clock
from collections.abc import Iterable

from msgspec import Struct

from queuedesk.core.quality.case import Case
from queuedesk.core.quality.rectification import Rectification


class Duty(Struct, frozen=True, kw_only=True):
    """One thing to do until the end of `due`: the next step of a case, or putting a finding right."""

    due: clock.date
    case: Case | None = None
    fix: Rectification | None = None

    @property
    def key(self) -> str:
        """Its identity: a case's number, or that of a finding."""
        return self.case.number if self.case is not None else str(self.fix.seq if self.fix is not None else 0)


def duties_of(cases: Iterable[Case], fixes: Iterable[Rectification], who: str, today: clock.date) -> list[Duty]:
    """Return what `who` has to do, the most urgent first. A finding with proof waits for somebody else's second look,
    and a case never waits for whom it concerns."""
    found = [Duty(due=one.due, fix=one) for one in fixes if one.owner == who and one.is_open and not one.is_proven]
    for one in cases:
        due = one.due(today) if one.owner == who and who not in one.concerns else None
        if due is not None:
            found.append(Duty(due=due, case=one))
    return sorted(found, key=lambda each: (each.due, each.case is None, each.key))
