"""Reads an improvement project beside the window, takes its steps, and makes its report."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from msgspec import Struct
from PySide6.QtCore import QObject, Signal

from queuedesk.core.figures.comparing import joined_figure_path, split_figure_path
from queuedesk.core.improvement.following import LEVELS, is_share_path
from queuedesk.core.improvement.project import Project
from queuedesk.desk import improvement
from queuedesk.desk.change import Document
from queuedesk.desk.quality import inspecting
from queuedesk.features.projects.verbs import leading, telling
from queuedesk.i18n import current_language
from queuedesk.i18n.figures.drilldown_words import figure_name
from queuedesk.stations.manager.parts.page_controller import PageController, PaperSaverAndPrinter
from queuedesk.stations.window.context import StationContext


class ProjectData(Struct, frozen=True):
    """A project as it stands, in words and in the log, and its effect so far, None where no spans are set."""

    project: Document
    effect: Document | None
    stood: Project


DEEDS: Mapping[str, Callable[..., Document]] = {
    "rename": leading.rename_or_reassign_project,
    "finding": improvement.set_finding,
    "state": improvement.add_state_citation,
    "drop-state": leading.remove_present_state_item,
    "target": leading.set_target,
    "follow": leading.set_followed_figures,
    "spans": leading.set_comparison_spans,
    "next": leading.set_next,
    "cause": leading.add_cause,
    "change-cause": leading.change_cause,
    "remove-cause": leading.remove_cause,
    "evidence": leading.add_evidence,
    "remove-evidence": leading.remove_evidence,
    "judge": leading.judge,
    "measure": leading.add_measure,
    "change-measure": leading.change_measure,
    "remove-measure": leading.remove_measure,
    "done": leading.record_measure_done,
    "standard": leading.make_measure_standard,
    "take": leading.make_requested_standard,
    "end": leading.close_or_drop_project,
}
"""What can be done with a project, by the verb that `done` and `refused` give."""


class ProjectsController(PageController[ProjectData]):
    """Reads the project `number`, 0 for none. `shares_read` gives the names of the shares of a span, by path;
    `inspections_read` the signed inspections of this month and the last."""

    KEEPS = timedelta(minutes=2)
    """So long while nothing of the project changes: its figures are counted anew from the log."""

    shares_read = Signal(object)
    inspections_read = Signal(list)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(context, parent, is_long=True)
        self.number = 0

    @property
    def day(self) -> date:
        return self.context.feed.day

    @property
    def may_edit_project(self) -> bool:
        """Whether the person here leads projects."""
        return self.context.who is not None and self.context.who.may("project")

    @property
    def may_change_setup(self) -> bool:
        return self.context.who is not None and self.context.who.may("set-up")

    def look_at(self, number: int, *, again: bool = False) -> None:
        """Read a project, unless what was read of it still holds or, with `again`, in any case."""
        if number != self.number:
            self.number, self.found = number, None
        self.refresh(anew=again)

    def _depends(self) -> object:
        known = (one for one in self.context.feed.state.projects.values() if one.number == self.number)
        return self.number, next(known, None), self.day

    def _is_old(self, since: timedelta) -> bool:
        return since >= self.KEEPS

    def _reader(self) -> Callable[[], ProjectData]:
        return partial(_read_project_data, self.context, self.number, self.context.clock())

    def _take(self, read: ProjectData) -> None:
        # The feed may tell only now of what was read already: once is enough.
        self._known = (read.stood.number, read.stood, self.day)
        if read.stood.number == self.number:
            super()._take(read)

    def read_share_names(self, first: date, last: date) -> None:
        """Read which shares there are of a span, with their names."""
        desk, setup, now = self.context.desk, self.context.feed.setup, self.context.clock()

        def work() -> dict[str, str]:
            found = improvement.share_counts_of_dates(desk, first, last, now)
            return {path: figure_name(path, setup) for path in found if is_share_path(path)}

        self.context.tasks.run_in_long_work_lane(
            work, self.shares_read.emit, partial(self.refused.emit, "shares"), may_drop=True
        )

    def read_signed_inspections(self) -> None:
        """Read the inspections that were signed this month or the last, the latest first."""
        desk, now, day = self.context.desk, self.context.clock(), self.day

        def work() -> list[Document]:
            found: list[Document] = []
            for one in (day.replace(day=1) - timedelta(days=1), day):
                found += inspecting.month(desk, one, now)["inspections"]
            return [one for one in reversed(found) if one["signed"]]

        refused = partial(self.refused.emit, "inspections")
        self.context.tasks.run_in_long_work_lane(work, self.inspections_read.emit, refused, may_drop=True)

    def do(self, verb: str, *words: Any, **more: Any) -> None:
        """Do something with a project: one of DEEDS."""
        self.start(verb, partial(DEEDS[verb], self.context.desk, self.context.ask(), *words, **more))

    def do_repeatedly(self, verb: str, each: list[tuple[Any, ...]]) -> None:
        """Do the same several times, one after the other; the first refusal ends it."""
        desk, context = self.context.desk, self.context

        def work() -> Document:
            document: Document = {}
            for words in each:
                document = DEEDS[verb](desk, context.ask(), *words)
            return document

        self.start(verb, work)


def hall_minutes_figures() -> list[str]:
    """Return the minutes of the whole hall that a project may mend."""
    return [joined_figure_path(time, level) for time in ("wait", "handling") for level in LEVELS]


def hall_share_figures() -> list[str]:
    """Return the shares of the whole hall that a project may mend."""
    from queuedesk.core.figures.measures.figures import SHARES

    paths = [f"measures.{figure.key}.rate" for figure in SHARES]
    return [
        path
        for path in ("wait.within_target", "ratings.rate", *paths)
        if is_share_path(path) and len(split_figure_path(path)) < 4
    ]


def _read_project_data(context: StationContext, number: int, now: datetime) -> ProjectData:
    found = telling.project_with_words(context.desk, number, now)
    project = telling.project_document(found, telling.SpanFigureReader(context.desk, now))
    effect = telling.before_after_effect(context.desk, number, now)
    return ProjectData(project, telling.effect_document(effect) if effect is not None else None, found.project)


def save_or_print_project_report(papers: PaperSaverAndPrinter, number: int, *, send: bool) -> None:
    """Save the report of a project in the folder of reports, or print it."""
    from queuedesk.features.projects.papers import write_project_report

    desk, ask, lang, by = papers.context.desk, papers.context.ask(), current_language(), papers.printed_by()
    papers.make(
        f"{papers.local_now():%Y-%m-%d}-project-{number}.pdf",
        lambda path: write_project_report(desk, ask.who, number, path, lang=lang, now=ask.now, printed_by=by),
        send=send,
    )
