"""Reads what the pages of figures show: a period, the tickets behind a figure, several halls side by side."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path

from msgspec import Struct
from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal, Slot

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.figures import comparing, drilldown, periods
from queuedesk.core.improvement.project import EvidenceCitation
from queuedesk.core.log.state import HallState
from queuedesk.core.log.ticket_history import TicketHistory
from queuedesk.core.quality.figures import ticket_number_in_path
from queuedesk.desk import figures, looking
from queuedesk.desk.change import Document
from queuedesk.desk.quality import case_documents
from queuedesk.stations.manager.parts.page_controller import LatestRequest, start_writing_to_reports_folder
from queuedesk.stations.manager.today.alert_words import PROJECT
from queuedesk.stations.window.context import SingleCommandRunner, StationContext, tell_unless_gone

LEAST_MS = 1000
LONGEST_MS = 60_000
SHARE, DAY_SHARE, DAY_MS = 20, 8, 3000
"""A period that goes on is read again when it has changed, but at most one twentieth of the time goes into reading; of
a single day an eighth, and it is never more than three seconds late."""
MOST_KEPT = 6


class PeriodChoice(Struct, frozen=True):
    """The period to show: the one of its kind that contains `day`; `against` is the period to compare with, as
    core.comparing names it, "" for none."""

    period: str
    day: date
    against: str = ""

    @property
    def date_span(self) -> tuple[date, date]:
        return periods.period_span_containing(self.period, self.day)


class CitingController(SingleCommandRunner):
    """Lets cases and projects cite figures. `open_read` gives the open cases that may and the open projects,
    `changed_read` which figures of a cited page or chart are others now."""

    open_read = Signal(list, list)
    changed_read = Signal(list)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(context, parent)
        self._last = LatestRequest(context, self)

    def read_open_cases_and_projects(self) -> None:
        """Read the open cases that are not about who is here, and the open projects."""
        desk, ask, has_projects = (
            self.context.desk,
            self.context.new_ask(),
            self.context.feed.setup.has_feature("projects"),
        )

        def open_cases_and_projects() -> tuple[list[Document], list[Document]]:
            from queuedesk.desk import improvement  # What acts is loaded when somebody does.

            cases = case_documents.cases_open_not_about_reader(desk, ask.who, ask.now)
            known = improvement.all_project_rows(desk, ask.now) if has_projects and ask.who.may("project") else []
            return cases, [one for one in known if one["ended"] is None]

        self.context.tasks.run_in_side_lane(
            open_cases_and_projects, lambda found: self.open_read.emit(*found), partial(self.refused.emit, "cases")
        )

    def cite(self, number: str, path: str, first: date, last: date, against: str = "") -> None:
        """Let a case, or with PROJECT before its number a project's present state, cite a figure, a page or a chart."""
        from queuedesk.desk import improvement
        from queuedesk.desk.quality import casework

        if number.startswith(PROJECT):
            finding = EvidenceCitation(path=path, first=first, last=last)
            self.run_desk_function("cite", improvement.add_state_citation, int(number.removeprefix(PROJECT)), finding)
        else:
            self.run_desk_function(
                "cite", casework.cite_figure_in_case, number, path, first=first, last=last, against=against
            )

    def read_changed_cited_figures(self, cites: Document) -> None:
        """Read what of a cited page or chart is other now; an earlier request is dropped."""
        desk, ask = self.context.desk, self.context.new_ask()
        self._last.request_work(
            lambda: case_documents.changed_figures_of_citation(desk, ask.who, cites, ask.now),
            self.changed_read.emit,
            partial(self.refused.emit, "cited"),
        )


def comparison_choice(period: str, first: date, other: date) -> str:
    """Return the choice of what a period is held against, the one whose first date is `other`."""
    for choice in (comparing.BEFORE, comparing.LAST_YEAR):
        if periods.period_span_containing(period, figures.date_to_compare(period, first, choice))[0] == other:
            return choice
    return other.isoformat()


class FiguresController(QObject):
    """`shown` gives what was read for `wanted`; `waiting_changed` that nothing of it is there yet; `counted` how many
    of its dates are counted meanwhile, of how many; `failed` the trouble met in reading. `citing` lets a case cite
    it."""

    shown = Signal(object)
    waiting_changed = Signal(bool)
    counted = Signal(int, int)
    failed = Signal(object)
    _counted = Signal(int, int, int)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.citing = CitingController(context, self)
        self.wanted = PeriodChoice(periods.DAY, context.feed.business_date)
        self.found: comparing.PeriodChartData | None = None
        self.is_waiting = False
        self._kept: dict[PeriodChoice, comparing.PeriodChartData] = {}
        self._asked = 0
        self._reading = False
        self._again = False
        self._seq = -1
        self._since = QElapsedTimer()
        self._took_ms = 0
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._start_reading_or_queue_again)
        self._counted.connect(self._forward_count_progress)

    @property
    def has_picture_service(self) -> bool:
        return self.context.services.pictures is not None

    def show_period(self, wanted: PeriodChoice) -> None:
        """Read a period; an earlier reading of it is shown at once, until the new one is there."""
        if wanted != self.wanted or self.found is None:
            self.wanted, self.found = wanted, self._kept.get(wanted)
            if self.found is not None:
                self.shown.emit(self.found)
            self._set_waiting(self.found is None)
        self._start_reading_or_queue_again()

    def read_again_if_due(self) -> None:
        """Read again if the hall has changed, or a minute has passed in a period that is not over."""
        first, last = self.wanted.date_span
        if self._reading or self._timer.isActive() or not first <= self.context.feed.business_date <= last:
            return
        passed = self._since.elapsed() if self._since.isValid() else LONGEST_MS
        if self.context.feed.state.now.seq != self._seq or passed >= LONGEST_MS:
            self._timer.start(max(0, self._min_pause_ms() - passed))

    def _min_pause_ms(self) -> int:
        if self.wanted.period == periods.DAY:
            return min(max(LEAST_MS, self._took_ms * DAY_SHARE), DAY_MS)
        return max(LEAST_MS, self._took_ms * SHARE)

    def stop_reading(self) -> None:
        """Leave the period: nothing is read for a page that nobody sees."""
        self._timer.stop()

    def stop(self) -> None:
        self._timer.stop()
        self._asked += 1
        self._stop_pictures_process()

    def _start_reading_or_queue_again(self) -> None:
        pictures = self.context.services.pictures
        if pictures is None:
            return
        self._timer.stop()
        if self._reading:
            # The lane is free as soon as the other reading has ended; only the last that was asked for follows.
            self._again = True
            self._stop_pictures_process()
            return
        self._reading, self._asked = True, self._asked + 1
        self._seq = self.context.feed.state.now.seq
        self._since.start()
        number, wanted = self._asked, self.wanted
        self.context.tasks.run_in_side_lane(
            partial(
                pictures.read,
                wanted.period,
                wanted.day,
                wanted.against,
                told=partial(tell_unless_gone, self._counted.emit, number),
            ),
            partial(self._keep_and_emit_period_data, number, wanted),
            partial(self._on_reading_failed, number, wanted),
            may_drop=True,
        )

    @Slot(int, int, int)
    def _forward_count_progress(self, number: int, done: int, of: int) -> None:
        if number == self._asked and self._reading and self.is_waiting:
            self.counted.emit(done, of)

    def _keep_and_emit_period_data(self, number: int, wanted: PeriodChoice, found: comparing.PeriodChartData) -> None:
        if not self._end_reading_and_check_if_latest(number):
            return
        self._cache_period_data(wanted, found)
        if wanted == self.wanted:
            self.found = found
            self._set_waiting(False)
            self.shown.emit(found)
        self._read_again_if_queued()

    def _on_reading_failed(self, number: int, wanted: PeriodChoice, trouble: QueueDeskError) -> None:
        if not self._end_reading_and_check_if_latest(number):
            return
        if wanted == self.wanted and not self._again:
            self._set_waiting(False)
            self.failed.emit(trouble)
        self._read_again_if_queued()

    def _end_reading_and_check_if_latest(self, number: int) -> bool:
        """Note the end of a reading; False after `stop`."""
        self._took_ms = self._since.elapsed()
        self._reading = False
        return number == self._asked

    def _read_again_if_queued(self) -> None:
        again, self._again = self._again, False
        if again:
            self._start_reading_or_queue_again()

    def _cache_period_data(self, wanted: PeriodChoice, found: comparing.PeriodChartData) -> None:
        self._kept.pop(wanted, None)
        self._kept[wanted] = found
        while len(self._kept) > MOST_KEPT:
            self._kept.pop(next(iter(self._kept)))

    def _set_waiting(self, waiting: bool) -> None:
        if waiting != self.is_waiting:
            self.is_waiting = waiting
            self.waiting_changed.emit(waiting)

    def _stop_pictures_process(self) -> None:
        if (pictures := self.context.services.pictures) is not None:
            pictures.stop()


class FigureRequest(Struct, frozen=True):
    """The figure to show: its path, first and last date, and its name where it was pressed ("": by its path), with a
    second line for what is to stand beside its value. The dates of `without` are left out."""

    path: str
    first: date
    last: date
    title: str = ""
    without: tuple[date, ...] = ()

    @property
    def figure_name(self) -> str:
        return self.title.partition("\n")[0]

    @property
    def note_beside_value(self) -> str:
        return self.title.partition("\n")[2]

    @property
    def part_paths_of_share(self) -> tuple[str, str, str] | None:
        """The paths of a share's numerator, complement and denominator; None for what is no share."""
        return drilldown.paths_of_share_rest_and_whole(self.path)


class DrilldownController(QObject):
    """Reads beside the commands. `shown` gives the FigureDrilldown of what was asked last, `story_read` a day's
    HallState and a TicketHistory of it; `saved` the file written, `failed` the trouble met. `citing` lets a case cite
    it."""

    shown = Signal(object)
    story_read = Signal(object, object)
    saved = Signal(object)
    failed = Signal(object)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.asked: FigureRequest | None = None
        self._last = LatestRequest(context, self)
        self.citing = CitingController(context, self)

    def read_tickets(self, asked: FigureRequest) -> None:
        """Read the tickets that make up a figure; an earlier request is dropped."""
        self.asked, now, desk = asked, self.context.clock(), self.context.desk
        self._last.request_work(
            lambda: figures.tickets_behind_figure(
                desk, asked.path, asked.first, asked.last, now, without=asked.without
            ),
            self.shown.emit,
            self.failed.emit,
        )

    def read_ticket_history(self, day: date, label: str) -> None:
        context = self.context
        now = context.clock()

        def state_and_history() -> tuple[HallState, TicketHistory]:
            state = looking.hall_state_on(context.desk, day)
            first = min(ticket.seq for ticket in state.tickets.values() if ticket.date == day)
            return state, looking.chain_checked_ticket_history(context.desk, day, label, first, now)

        context.tasks.run_in_long_work_lane(
            state_and_history, lambda found: self.story_read.emit(*found), self.failed.emit, may_drop=True
        )

    def cite_shown_figure(self, number: str) -> None:
        """Let a case cite the figure that is shown, or the one ticket."""
        asked = self.asked
        if asked is None:
            return
        from queuedesk.desk import improvement
        from queuedesk.desk.quality import casework

        label = ticket_number_in_path(asked.path)
        if label is not None and number.startswith(PROJECT):
            finding = EvidenceCitation(ticket=label, first=asked.first)
            self.citing.run_desk_function("cite", improvement.set_finding, int(number.removeprefix(PROJECT)), finding)
        elif label is not None:
            self.citing.run_desk_function("cite", casework.cite_ticket_in_case, number, label, day=asked.first)
        else:
            # A period that is not over is cited as it stands.
            last = max(asked.first, min(asked.last, self.context.feed.business_date))
            self.citing.cite(number, asked.path, asked.first, last)

    @property
    def can_save(self) -> bool:
        return self.context.services.paper is not None and self.context.services.folder is not None

    def save_tickets_file(self) -> None:
        """Write all tickets of the figure, shown or not, into the reports folder, replacing a file of that name."""
        asked, paper = self.asked, self.context.services.paper
        if asked is None or paper is None:
            return
        span = asked.first.isoformat() if asked.first == asked.last else f"{asked.first}-{asked.last}"
        figure = "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in asked.path)

        def write(file: Path) -> None:
            paper.save_figure_tickets(
                asked.path, asked.first, asked.last, file, title=asked.figure_name, without=asked.without
            )

        start_writing_to_reports_folder(self.context, f"{span}-{figure}.csv", write, self.saved.emit, self.failed.emit)
