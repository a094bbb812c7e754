"""Reads the morning beside the window, writes its briefing, notes its training, and signs the hall open or closed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from msgspec import Struct
from PySide6.QtCore import Signal

from queuedesk.core.quality.inspection import CLOSING, OPENING, SHEETS
from queuedesk.core.quality.sheet import ScoreSheetItem
from queuedesk.core.setup.file import sheets_of
from queuedesk.core.talk.opening_checks import requires_opening_checks, unmet_device_checks
from queuedesk.desk import appraisal
from queuedesk.desk.change import Document
from queuedesk.desk.quality.morning import sign_opening_or_closing
from queuedesk.features.morning import verbs
from queuedesk.i18n import current_language
from queuedesk.stations.manager.parts.page_controller import PageController, PaperSaverAndPrinter
from queuedesk.stations.window.context import SingleCommandRunner, StationContext


class Morning(Struct, frozen=True):
    """What was read of today: the briefing with who read it, how the hall was signed open and closed, who is there,
    points that were said before, and the trainings of the last weeks, the latest first."""

    briefing: Document | None
    opening: Document
    attendance: Document
    stock: tuple[Mapping[str, str], ...]
    sessions: tuple[Document, ...] = ()


LATELY = timedelta(days=31)


class MorningController(PageController[Morning]):
    """Reads today's morning, writes its briefing and notes its training. `written` once the briefing is, `trained` once
    a session is noted or taken back."""

    written, trained = Signal(dict), Signal(dict)

    def _reader(self) -> Callable[[], Morning]:
        desk, now, day = self.context.desk, self.context.clock(), self.context.feed.day
        who = self.context.who if self.may("training") else None

        def read() -> Morning:
            return Morning(
                verbs.last_briefing_document(desk, None, now)["briefing"],
                verbs.opening_and_closing_document(desk, None, now),
                verbs.attendance_document(desk, None, now),
                tuple(verbs.reusable_briefing_points(desk, now)),
                tuple(appraisal.readable_trainings_between(desk, who, day - LATELY, day)) if who is not None else (),
            )

        return read

    def write(self, points: Sequence[str], points_en: Sequence[str]) -> None:
        """Write today's briefing, or its next version."""
        work = partial(verbs.write_briefing_version, self.context.desk, self.context.ask(), points, points_en)
        self.start("briefing", work, self._report_briefing_and_refresh)

    def train(self, minutes: int, topic: str, attended: Sequence[str]) -> None:
        """Note a session of today, as Improve > Training does."""
        work = partial(appraisal.add_training, self.context.desk, self.context.ask(), topic, minutes, attended)
        self.start("training", work, self._report_training_and_refresh)

    def drop_training(self, seq: int) -> None:
        """Take a session back that was noted by mistake."""
        work = partial(appraisal.drop_training, self.context.desk, self.context.ask(), seq)
        self.start("training", work, self._report_training_and_refresh)

    def _report_training_and_refresh(self, document: Document) -> None:
        self.trained.emit(document)
        self.refresh(anew=True)

    def _report_briefing_and_refresh(self, document: Document) -> None:
        self.written.emit(document)
        self.refresh(anew=True)


def save_or_print_morning_page(papers: PaperSaverAndPrinter, *, send: bool) -> None:
    """Save the morning's page in the folder of reports, or `send` it to this PC's printer."""
    from queuedesk.features.morning.papers import write_morning_pdf

    context = papers.context
    writing = partial(
        write_morning_pdf,
        context.desk,
        None,
        lang=current_language(),
        now=context.clock(),
        printed_by=papers.printed_by(),
    )
    papers.make(f"morning-{context.feed.day.isoformat()}.pdf", writing, send=send)


# -- the hall signed open or closed ------------------------------------------------------------------------------------


def next_sheet_to_sign(context: StationContext) -> str:
    """Return what the person here can sign next today: the opening, then the closing; "" where they may not, or the
    hall has no sheet for it."""
    who, feed = context.who, context.feed
    if who is None or not who.is_staff or not who.may("opening") or feed.setup.hall.replayed:
        return ""
    if not feed.setup.uses("morning"):
        return ""
    is_open = any(one.date == feed.day and one.what == OPENING for one in feed.state.openings.values())
    what = CLOSING if is_open else OPENING
    return what if SHEETS[what] in sheets_of(feed.setup) else ""


def items_to_sign(context: StationContext, what: str) -> tuple[ScoreSheetItem, ...]:
    return sheets_of(context.feed.setup)[SHEETS[what]].items


class HallSigning(SingleCommandRunner):
    """Signs the hall open or closed in the name of the person here."""

    def lacking(self) -> int:
        """Return how many checks of equipment are missing, 0 where the hall asks for none."""
        context, state = self.context, self.context.feed.state
        if not requires_opening_checks(context.feed.setup):
            return 0
        done = [check for check in state.checks if check.date == context.feed.day]
        return len(unmet_device_checks(context.feed.setup, state.devices, done, context.clock()))

    def sign(self, what: str, marks: Sequence[Mapping[str, Any]], **air: int | None) -> None:
        self.act("opening", sign_opening_or_closing, what, marks, **air)
