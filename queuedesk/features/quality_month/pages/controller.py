"""Reads beside the window what a month comes to, and the rows that a figure counts; saves the month's report."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

from PySide6.QtCore import QObject, Signal

from queuedesk.core.quality.figures import cells
from queuedesk.core.quality.inspection import month_of
from queuedesk.desk.change import Ask, Desk, Document
from queuedesk.desk.quality import case_documents, hearing, inspecting
from queuedesk.features.quality_month.pages.texts import (
    COMMENTS,
    INSPECTIONS,
    OF_CASES,
    OVERDUE,
    RECTIFICATIONS,
    MonthRead,
    noted,
)
from queuedesk.stations.manager.parts.page_controller import LastAsked, MonthShown, PageController, save_report
from queuedesk.stations.window.context import StationContext


class MonthController(PageController[MonthRead]):
    """`listed` gives the path of a figure with the documents of its rows, `saved` the file of the month's report."""

    listed = Signal(str, object)
    saved = Signal(object)

    def __init__(self, context: StationContext, first_day: Callable[[], date], parent: QObject | None = None) -> None:
        super().__init__(context, parent)
        self.shown = MonthShown(context, first_day, self)
        self.shown.turned.connect(self._turned)
        self._span: tuple[date, date] | None = None
        self._rows = LastAsked(context, self)

    @property
    def span(self) -> tuple[date, date]:
        """The dates that are read: the month, or those that were asked for."""
        return self._span or month_of(self.shown.first)

    def show_span(self, first: date, last: date) -> None:
        """Read other dates than a month's, until the page is left."""
        self._span = first, last
        self.shown.show_month(first.replace(day=1))
        self.refresh()

    def forget_span(self) -> None:
        """Go back to the month of what was asked for."""
        self._span = None

    def _turned(self) -> None:
        self._span = None
        self.refresh()

    def _depends(self) -> object:
        state = self.context.feed.state
        parts = (state.cases, state.inspections, state.rectifications)
        return self.span, self.context.feed.day, state.setup_now, *(tuple(part.values()) for part in parts)

    def _reader(self) -> Callable[[], MonthRead]:
        return partial(_read_span, self.context, self.span)

    def _take(self, read: MonthRead) -> None:
        if (read.first, read.last) == self.span:  # else another was turned to meanwhile, and is read next
            super()._take(read)

    def list_rows(self, path: str) -> None:
        """Read the rows that a figure counts."""
        if self.found is None or path not in self.found.cells:
            return
        desk, ask, names = self.context.desk, self.context.ask(), self.found.cells[path].rows
        first, last = self.found.first, self.found.last

        def work() -> list[Document]:
            figure = path.partition(".")[0]
            added = noted(figure)
            read = added.read if added is not None else _NOTED.get(figure)
            if read is not None and path != OF_CASES:
                key, documents = read(desk, ask, first, last)
                return [one for one in documents if str(one[key]) in names]
            if path.startswith(INSPECTIONS):
                return inspecting.inspections_named(desk, [int(name) for name in names])
            if path.startswith(RECTIFICATIONS):
                return inspecting.fixes_named(desk, [int(name) for name in names], ask.now)
            return case_documents.cases_named(desk, ask.who, names, ask.now)

        self._rows.ask(work, partial(self.listed.emit, path), self.unread.emit)

    def save(self) -> None:
        """Write the month's report as a PDF into the folder of reports."""
        paper, month = self.context.services.paper, self.shown.first
        if paper is not None:
            name, refused = f"{month:%Y-%m}-month.pdf", partial(self.refused.emit, "save")
            save_report(self.context, name, partial(paper.report, "month", month), self.saved.emit, refused)

    @property
    def can_save(self) -> bool:
        return (
            self.span == month_of(self.shown.first)
            and self.context.services.paper is not None
            and self.context.services.folder is not None
        )


def _comments(desk: Desk, _ask: Ask, first: date, last: date) -> tuple[str, list[Document]]:
    return "id", hearing.comment_rows(desk, hearing.comments_between(desk, first, last))


# What names a row among the figure's, and the rows of these dates.
_NOTED: dict[str, Callable[[Desk, Ask, date, date], tuple[str, list[Document]]]] = {
    COMMENTS: _comments,
}


def _read_span(context: StationContext, span: tuple[date, date]) -> MonthRead:
    first, last = span
    desk, ask = context.desk, context.ask()
    today = context.feed.day
    found = cells(hearing.quality_between(desk, first, last, ask.now))
    overdue = found[OVERDUE].rows if OVERDUE in found and last >= today else ()
    documents = case_documents.cases_named(desk, ask.who, overdue, ask.now)
    return MonthRead(first=first, last=last, today=today, cells=found, overdue=documents)
