"""Reads inspections and what is to be put right beside the window, and notes what is done with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any

from msgspec import Struct
from PySide6.QtCore import QObject, Signal

from queuedesk.desk import setting_up
from queuedesk.desk.change import Document
from queuedesk.desk.quality import inspecting
from queuedesk.features.inspections import verbs
from queuedesk.stations.manager.parts.page_controller import PageController
from queuedesk.stations.window.context import StationContext

_ACTS: Mapping[str, Callable[..., Document]] = {
    "start": verbs.start_inspection,
    "score": verbs.score_item,
    "sign": verbs.sign_inspection,
    "sheet": setting_up.change_row_fields,
    "sheet-add": setting_up.add_setup_row,
}


class MonthInspections(Struct, frozen=True):
    """What was read: the month with its coverage, what is to be put right, and the month's last mystery visit."""

    month: Document
    fixes: tuple[Document, ...]
    visit: Document | None


class InspectionsController(PageController[MonthInspections]):
    """Reads this month. `sheet` gives an inspection as it is after something was done with it, `done` any other
    answer."""

    sheet = Signal(object)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(context, parent)
        self._ticket: tuple[date, str] | None = None

    @property
    def day(self) -> date:
        return self.context.feed.business_date

    def _dependency_key(self) -> object:
        state = self.context.feed.state
        return self.day, tuple(state.inspections.values()), tuple(state.rectifications.values())

    def _read_function(self) -> Callable[[], MonthInspections]:
        return partial(_read_month_and_visit, self.context, self._ticket)

    def show_visit(self, day: date, ticket: str) -> None:
        """Read the mystery visit of a ticket in place of the month's last one."""
        self._ticket = day, ticket
        self.refresh(anew=True)

    def read_inspection_sheet(self, seq: int) -> None:
        """Read one inspection with its items."""
        work = partial(verbs.inspection_document, self.context.desk, seq)
        self.context.tasks.run_in_side_lane(work, self.sheet.emit, partial(self.refused.emit, "sheet"))

    def start_score_or_sign_sheet(self, act: str, *args: Any, **words: Any) -> None:
        """Start, score or sign a sheet."""
        self._run_act_in_background(self._emit_or_reload_sheet, act, *args, **words)

    def _emit_or_reload_sheet(self, document: Document) -> None:
        """Tell of the sheet; an act asked for again was answered with its number alone."""
        if "items" in document:
            self.sheet.emit(document)
        else:
            self.read_inspection_sheet(document["inspection"])

    def run_act(self, act: str, *args: Any, **words: Any) -> None:
        """Write a score sheet."""
        self._run_act_in_background(partial(self.done.emit, act), act, *args, **words)

    def _run_act_in_background(self, then: Callable[[Document], None], act: str, *args: Any, **words: Any) -> None:
        # Each in its turn, as fast as somebody scores: a touch while another is kept must not be lost.
        work = partial(_ACTS[act], self.context.desk, self.context.new_ask(), *args, **words)
        self.context.tasks.run(work, then, partial(self.refused.emit, act))

    @property
    def is_left_handed(self) -> bool:
        """With which hand score sheets are filled in at this PC."""
        return bool(self.context.options.get("left_handed"))

    def store_writing_hand(self, *, left: bool) -> None:
        """Remember the hand at this PC; where that can't be written it holds until the station ends."""
        own = self.context.services.own_choices
        if own is not None:
            self.context.tasks.run_in_long_work_lane(
                lambda: own.store_writing_hand(left=left), _ignore_outcome, _ignore_outcome
            )


def _ignore_outcome(_outcome: object) -> None:
    pass


def _read_month_and_visit(context: StationContext, ticket: tuple[date, str] | None) -> MonthInspections:
    desk, now = context.desk, context.clock()
    month = inspecting.inspections_of_month(desk, None, now)
    visits = [one for one in month["inspections"] if one["channel"] == "mystery" and one["started"]]
    of_ticket = inspecting.signed_mystery_visit_seq(desk, *ticket) if ticket else None
    wanted = of_ticket or (visits[-1]["inspection"] if visits else None)
    visit = verbs.inspection_document(desk, wanted) if wanted else None
    return MonthInspections(month, tuple(inspecting.open_and_month_rectifications(desk, None, now)), visit)
