"""Reads and notes thanks and forums beside the window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from queuedesk.desk.change import Document
from queuedesk.desk.quality import forums, thanking
from queuedesk.stations.manager.parts.page_controller import PageController
from queuedesk.stations.window.context import StationContext


class ThanksController(PageController[list[Document]]):
    """Reads the thanks of the last 30 days and notes others. `noted` gives who was thanked."""

    noted = Signal(str)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(context, parent)
        self.rows: list[Document] = []

    def _reader(self) -> Callable[[], list[Document]]:
        who = self.context.who
        if who is None:
            return list
        return partial(thanking.thanks_of, self.context.desk, who, self.context.clock())

    def _take(self, read: list[Document]) -> None:
        if read != self.rows:
            self.rows = read
            self.changed.emit()

    def thank(self, staff: str, words: str) -> None:
        """Note thanks to somebody."""
        work = partial(thanking.thank, self.context.desk, self.context.ask(), staff, words=words)
        self._run("thanks", work, self._noted)

    def _noted(self, document: Document) -> None:
        self.noted.emit(document["staff"])
        self.look()


@dataclass(frozen=True, slots=True)
class Row:
    """An issue of a forum; `n` is 0 for a forum at which nothing was noted."""

    forum: int
    n: int
    day: date
    attendees: int
    about: str
    words: str
    case: str
    state: str


def rows_of(found: list[Document]) -> list[Row]:
    """Return a row for each issue, and one for each forum without any."""
    rows = []
    for one in found:
        head = (date.fromisoformat(one["date"]), one["attendees"], one["about"] or "")
        for issue in one["issues"]:
            rows.append(
                Row(one["forum"], issue["n"], *head, issue["words"] or "–", issue["case"] or "", issue["state"] or "")
            )
        if not one["issues"]:
            rows.append(Row(one["forum"], 0, *head, "–", "", ""))
    return rows


class ForumsController(PageController[list[Document]]):
    """Reads the forums and notes others. `done` gives a forum's document."""

    done = Signal(dict)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(context, parent)
        self.rows: list[Row] = []

    def _reader(self) -> Callable[[], list[Document]]:
        return partial(forums.forums_of, self.context.desk)

    def _take(self, read: list[Document]) -> None:
        rows = rows_of(read)
        if rows != self.rows:
            self.rows = rows
            self.changed.emit()

    def add(self, what: dict[str, Any]) -> None:
        """Note a forum."""
        self._run("add", partial(forums.add_forum, self.context.desk, self.context.ask(), **what), self._done_with)

    def open_case(self, row: Row) -> None:
        """Open a case of an issue."""
        work = partial(forums.open_case, self.context.desk, self.context.ask(), row.forum, row.n)
        self._run("case", work, self._done_with)

    def _done_with(self, document: Document) -> None:
        self.done.emit(document)
        self.look()
