"""Reads ratings with their reasons and customers' comments beside the window, and marks comments as read."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

from msgspec import Struct
from PySide6.QtCore import QObject, Signal

from queuedesk.core.quality import case as cases
from queuedesk.core.quality.case import COMMENT_RATING, Comment
from queuedesk.core.quality.thanks import COMMENT
from queuedesk.core.quality.why import RatedVisit
from queuedesk.desk.change import Document
from queuedesk.desk.quality import casework, hearing, thanking
from queuedesk.stations.manager.figures.figures_controller import CitingController
from queuedesk.stations.manager.parts.page_controller import OneReading
from queuedesk.stations.window.context import StationContext

COMMENT_DAYS = 91
"""So far back comments are shown: a quarter."""


class Heard(Struct, frozen=True):
    """What was read: the ratings of the dates from `first` to `last`, and the comments of the last quarter."""

    first: date
    last: date
    visits: tuple[RatedVisit, ...]
    comments: tuple[Comment, ...]


class WhyController(QObject):
    """`answered` gives the Heard last asked for, `failed` why there is none; `marked` the id of a comment and whether
    it is read now, `opened` the number of the case that a comment became, `refused` why that could not be done;
    `citing` lets a case cite what was found."""

    answered = Signal(object)
    failed = Signal(object)
    marked = Signal(str, bool)
    opened = Signal(str)
    refused = Signal(object)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.found: Heard | None = None
        self.citing = CitingController(context, self)
        self._reading = OneReading(context, self)

    @property
    def day(self) -> date:
        return self.context.feed.day

    def ask(self, dates: tuple[date, date]) -> None:
        """Read these dates, unless they were read and nobody has rated or said anything since."""
        wanted = (dates, self.day, self._said())
        self._reading.read_once(wanted, partial(_read, self.context, *dates), self._take, self.failed.emit)

    def ask_again(self, dates: tuple[date, date]) -> None:
        """Read these dates again: words are gone."""
        self._reading.forget()
        self.ask(dates)

    def _said(self) -> object:
        """Return what differs as soon as a customer has said anything more today."""
        state = self.context.feed.state
        explained = sum(one.reasons for one in state.ratings.values())
        opinions = sum(1 + one.explained for one in state.opinions.values())
        read = [(one.id, one.read) for one in state.read_comments.values()]
        newest = max(state.cases, default=0)
        return newest, len(state.ratings), explained, opinions, len(state.spoken_comments), tuple(read)

    def _take(self, found: Heard) -> None:
        self.found = found
        self.answered.emit(found)

    def mark(self, id: str, *, read: bool = True) -> None:
        """Mark a comment as read, or take the mark back."""
        context = self.context
        ask = context.ask()

        def done(_document: Document) -> None:
            self.marked.emit(id, read)

        context.tasks.run(lambda: thanking.mark_read(context.desk, ask, id, read=read), done, self.refused.emit)

    def thank(self, one: Comment, staff: str, words: str) -> None:
        """Thank who served a comment's ticket, and mark the comment as read."""
        context, ticket = self.context, one.ticket
        ask = context.ask()

        def work() -> Document:
            return thanking.thank(
                context.desk,
                ask,
                staff,
                ticket=ticket.label if ticket is not None else None,
                day=ticket.date if ticket is not None else None,
                words=words,
                source=COMMENT,
            )

        context.tasks.run(work, lambda _document: self.mark(one.id), self.refused.emit)

    def open_case(self, one: Comment) -> None:
        """Make a case of a comment, of the hall's class for low ratings, and mark it as read."""
        context = self.context
        klass = casework.rating_class(context.feed.setup)
        if klass is None:
            return
        ticket = one.ticket
        complaint = casework.Complaint(
            klass=klass,
            source=cases.RATING if one.source == COMMENT_RATING else cases.COMMENT,
            kept=one.kept,
            ref=one.id,
            ticket=ticket.label if ticket is not None else None,
            day=ticket.date if ticket is not None else None,
        )
        ask = context.ask()

        def done(document: Document) -> None:
            self.opened.emit(document["number"])
            self.mark(one.id)

        context.tasks.run(lambda: casework.open_case(context.desk, ask, complaint), done, self.refused.emit)


def _read(context: StationContext, first: date, last: date) -> Heard:
    now = context.clock()
    visits = hearing.rated_visits(context.desk, first, last, now)
    today = context.feed.day
    comments = hearing.comments_between(context.desk, today - timedelta(days=COMMENT_DAYS - 1), today)
    return Heard(first, last, tuple(visits), tuple(comments))
