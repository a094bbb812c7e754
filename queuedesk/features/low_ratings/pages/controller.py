"""Reads ratings and comments beside the window, marks comments as read, thanks for them and opens cases of them."""

from __future__ import annotations

from collections.abc import Callable
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
from queuedesk.stations.manager.parts.page_controller import PageController
from queuedesk.stations.window.context import StationContext

COMMENT_DAYS = 91
"""So far back comments are shown: a quarter."""


class Heard(Struct, frozen=True):
    """What was read: the ratings of the dates from `first` to `last`, and the comments of the last quarter."""

    first: date
    last: date
    visits: tuple[RatedVisit, ...]
    comments: tuple[Comment, ...]


class WhyController(PageController[Heard]):
    """Reads `dates`. `marked` gives the id of a comment and whether it is read now, `opened` the number of the case
    that a comment became; `citing` lets a case cite what was found."""

    marked = Signal(str, bool)
    opened = Signal(str)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(context, parent)
        self.dates = (self.day, self.day)
        self.citing = CitingController(context, self)

    @property
    def day(self) -> date:
        return self.context.feed.day

    def ask(self, dates: tuple[date, date]) -> None:
        """Read these dates, unless they were read and nobody has rated or said anything since."""
        self.dates = dates
        self.refresh()

    def _reader(self) -> Callable[[], Heard]:
        return partial(_read, self.context, *self.dates)

    def _depends(self) -> object:
        """Return the dates, and what differs as soon as a customer has said anything more today."""
        state = self.context.feed.state
        explained = sum(one.reasons for one in state.ratings.values())
        opinions = sum(1 + one.explained for one in state.opinions.values())
        read = [(one.id, one.read) for one in state.read_comments.values()]
        newest, spoken = max(state.cases, default=0), len(state.spoken_comments)
        return self.dates, self.day, newest, len(state.ratings), explained, opinions, spoken, tuple(read)

    def mark(self, id: str, *, read: bool = True) -> None:
        """Mark a comment as read, or take the mark back."""
        context = self.context
        ask = context.ask()

        def done(_document: Document) -> None:
            self.marked.emit(id, read)

        work = partial(thanking.mark_read, context.desk, ask, id, read=read)
        context.tasks.run(work, done, partial(self.refused.emit, "read"))

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

        context.tasks.run(work, lambda _document: self.mark(one.id), partial(self.refused.emit, "thanks"))

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

        work = partial(casework.open_case, context.desk, ask, complaint)
        context.tasks.run(work, done, partial(self.refused.emit, "open"))


def _read(context: StationContext, first: date, last: date) -> Heard:
    now = context.clock()
    visits = hearing.rated_visits(context.desk, first, last, now)
    today = context.feed.day
    comments = hearing.comments_between(context.desk, today - timedelta(days=COMMENT_DAYS - 1), today)
    return Heard(first, last, tuple(visits), tuple(comments))
