"""What a business date knows of its targets and rules: as the hall was set up at its end, by the log."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, bindparam, select

from queuedesk.core.figures.measures.rows import TargetRows
from queuedesk.core.figures.measures.targets import standing
from queuedesk.core.log.shapes import fits
from queuedesk.core.setup.file import changed
from queuedesk.core.setup.values import SETTINGS, Setup
from queuedesk.store.engine.transaction import Transaction
from queuedesk.store.schema.tables import events

_PARTS = ("targets", "settings", "classes")
# The kind stands in the statement itself: with a parameter in its place no partial index would do.
_SET_UP: ColumnElement[str] = bindparam(None, "set-up", literal_execute=True)


@dataclass(slots=True)
class TargetReader:
    """Reads one hall's dates. The hall's changes of targets and rules are read once; what still runs lasts until `now`."""

    tx: Transaction
    hall: int
    setup: Setup
    now: datetime
    _days: list[date] | None = None
    _versions: list[Mapping[str, Any]] = field(default_factory=list)

    def day(self, day: date) -> TargetRows:
        """Return what is known of one business date."""
        if self._days is None:
            self._days = self._read()
        # A date before the hall was set up has what it began with.
        at = max(0, bisect_right(self._days, day) - 1)
        then = self._versions[at] if self._versions else self.setup.document
        settings = {**SETTINGS, **then.get("settings", {})}
        credits = {row["code"]: row.get("credit_minutes") or 0 for row in then.get("classes", ())}
        return standing(day, then.get("targets", ()), self.setup.targets, settings, credits)

    def _read(self) -> list[date]:
        """Fill the versions with targets and rules after each change of either; return the business dates of the changes, in order."""
        statement = select(events.c.seq, events.c.date, events.c.data).where(
            events.c.hall == self.hall, events.c.kind == _SET_UP
        )
        days: list[date] = []
        document: Mapping[str, Any] = {}
        # Asked for their order, the planner would walk through the whole log, which has it.
        for _seq, day, data in sorted(self.tx.execute(statement), key=itemgetter(0)):
            if day is None or not fits("set-up", data):
                continue
            if "setup" in data:
                document = {part: data["setup"].get(part, {} if part == "settings" else ()) for part in _PARTS}
            elif data.get("part") in _PARTS:
                document = changed(document, data)
            else:
                continue
            # A clock that was put back makes no earlier change of a later one.
            days.append(max(day, days[-1]) if days else day)
            self._versions.append(document)
        return days
