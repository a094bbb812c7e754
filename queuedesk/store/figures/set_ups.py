"""Reads how parts of the set-up stood on a date, by the log's changes of them; and these changes themselves."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from operator import itemgetter
from typing import Any

from msgspec import Struct, field
from sqlalchemy import ColumnElement, Text, bindparam, select, type_coerce

from queuedesk.core.log.event import Event, are_event_data_readable
from queuedesk.core.setup.file import WHOLE, document_after_change
from queuedesk.store.engine.types import Transaction
from queuedesk.store.log.events import events_with_seqs
from queuedesk.store.schema import events

# The kind stands in the statement itself: with a parameter in its place no partial index would do.
_SET_UP: ColumnElement[str] = bindparam(None, "set-up", literal_execute=True)
_ONE_ROW = ("settings", *WHOLE)
# Data is written in one way; inside a text its quotes would be escaped.
_PUSH = '%"push":{%'


class SetUpVersions(Struct):
    """One hall's changes of `parts`, read once."""

    tx: Transaction
    hall: int
    parts: tuple[str, ...]
    _days: list[date] | None = None
    _versions: list[Mapping[str, Any]] = field(default_factory=list)

    def at(self, day: date) -> int:
        """Return the place of what stood at a date's end, for of(); a date before the hall was set up has what it began
        with."""
        return max(0, bisect_right(self._read_versions_and_dates(), day) - 1)

    def of(self, at: int) -> Mapping[str, Any] | None:
        """Return the parts after a change, None in a hall without any."""
        self._read_versions_and_dates()
        return self._versions[at] if self._versions else None

    def during(self, day: date) -> Sequence[Mapping[str, Any]]:
        """Return the parts as they stood at the end of the date before and after each change of this one."""
        before, last = self.at(day - timedelta(days=1)), self.at(day)
        return self._versions[before : last + 1]

    def first_date_with_part(self, part: str) -> date | None:
        """Return the business date of the first change after which a part has rows, None if it never had."""
        days = self._read_versions_and_dates()
        return next((day for day, version in zip(days, self._versions, strict=True) if version.get(part)), None)

    def since(self, at: int) -> date | None:
        """Return the business date of a change."""
        days = self._read_versions_and_dates()
        return days[at] if days else None

    def _read_versions_and_dates(self) -> list[date]:
        """Fill the versions with the parts after each change of any; return the business dates of the changes, in
        order."""
        if self._days is not None:
            return self._days
        statement = select(events.c.seq, events.c.date, events.c.data).where(
            events.c.hall == self.hall, events.c.kind == _SET_UP
        )
        days: list[date] = []
        document: Mapping[str, Any] = {}
        # Asked for their order, the planner would walk through the whole log, which has it.
        for _seq, day, data in sorted(self.tx.execute(statement), key=itemgetter(0)):
            if day is None or not are_event_data_readable("set-up", data):
                continue
            if "setup" in data:
                document = {part: data["setup"].get(part, {} if part in _ONE_ROW else ()) for part in self.parts}
            elif data.get("part") in self.parts:
                document = document_after_change(document, data)
            else:
                continue
            # A clock that was put back makes no earlier change of a later one.
            days.append(max(day, days[-1]) if days else day)
            self._versions.append(document)
        self._days = days
        return days


def setup_change_events(tx: Transaction, hall: int) -> list[Event]:
    """Return every change of a hall's set-up, in order."""
    return _set_up_events(tx, hall)


def pushes(tx: Transaction, hall: int) -> list[Event]:
    """Return what a hall's log tells of pushes, in order."""
    found = _set_up_events(tx, hall, type_coerce(events.c.data, Text).like(_PUSH))
    return [event for event in found if isinstance(event.data.get("push"), dict)]


def _set_up_events(tx: Transaction, hall: int, *among: Any) -> list[Event]:
    seqs = select(events.c.seq).where(events.c.hall == hall, events.c.kind == _SET_UP, *among)
    found = events_with_seqs(tx, hall, sorted(tx.execute(seqs).scalars()))
    return [event for event in found if event.kind == "set-up"]
