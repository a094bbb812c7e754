"""Reads the figures of a period for the manager's charts; those of a long one in a process of their own.

As that process this module has a pickled job at its input and pickled answers at its output."""

from __future__ import annotations

import pickle
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from threading import Lock
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from queuedesk.app.station.processes import environment_with_pythonpath
from queuedesk.core.errors import OutsideError, QueueDeskError, RuleError
from queuedesk.core.figures import comparing
from queuedesk.core.figures.measures.document import ReportTally
from queuedesk.core.figures.measures.rows import MINUTE_US, Figures, rounded_minutes_from_us
from queuedesk.core.figures.periods import DAY, WEEK, YEAR
from queuedesk.desk.change import Desk
from queuedesk.reports.figures.findings import chart_bar_period, day_week_or_month_sums

if TYPE_CHECKING:  # What reads and compares periods is loaded when somebody asks for one.
    from queuedesk.desk.figures import ComparedSpan, Comparison
    from queuedesk.reports.figures.period import PeriodReport
    from queuedesk.store.figures.counted import Told

COMMAND = (sys.executable, "-m", "queuedesk.app.services.pictures")
COUNTED = "counted"
"""What the process says meanwhile, with how many dates of how many are counted."""
READ_HERE = frozenset({DAY, WEEK})
"""What is read in this process; the figures of a longer period would take every picture's time for seconds."""


class PeriodReadJob(Struct, frozen=True):
    """What the process is to read, and from where; `against` is a date of the period to compare with."""

    database: str
    hall: int
    period: str
    day: date
    now: datetime
    against: date | None

    def done(self, desk: Desk, told: Told | None = None) -> comparing.PeriodChartData:
        """Read it; `told` hears how many dates of how many are counted. Raises RuleError "same_period", OutsideError
        when the database does not answer."""
        from queuedesk.reports.figures.period import read_period_report

        found = period_chart_data(read_period_report(desk, self.period, self.day, self.now, told=told))
        if self.against is None:
            return found
        from queuedesk.desk.figures import compare_periods

        return replace(
            found,
            versus=comparison_for_charts(
                compare_periods(desk, self.period, self.day, self.against, self.now, told=told), found
            ),
        )


class PeriodFiguresReader:
    """Reads the figures of one hall's periods. Every function may take seconds: call them off the GUI thread."""

    def __init__(self, desk: Desk, clock: Callable[[], datetime]) -> None:
        self._desk, self._clock = desk, clock
        self._lock = Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._is_stopped = False

    def read(self, period: str, day: date, against: str = "", *, told: Told | None = None) -> comparing.PeriodChartData:
        """Return the current figures of the period that contains `day`. `against`: BEFORE, LAST_YEAR, or a date as
        "2026-11-19"; `told` hears how many dates of how many are counted while this goes on. Raises RuleError
        "same_period", OutsideError "stopped" when `stop` was called meanwhile, else what the database raises."""
        from queuedesk.desk.figures import date_to_compare

        other = date_to_compare(period, day, against) if against else None
        job = PeriodReadJob(self._desk.db.place, self._desk.hall, period, day, self._clock(), other)
        return job.done(self._desk) if period in READ_HERE else self._read_period_in_process(job, told)

    def stop(self) -> None:
        """Stop reading in the other process; may be called from any thread."""
        with self._lock:
            if self._child is not None:
                self._is_stopped = True
                self._child.kill()

    def _read_period_in_process(self, job: PeriodReadJob, told: Told | None) -> comparing.PeriodChartData:
        with tempfile.TemporaryFile() as faults:
            try:
                with self._lock:
                    self._is_stopped = False
                    child = self._child = subprocess.Popen(
                        COMMAND,
                        env=environment_with_pythonpath(),
                        stdin=subprocess.PIPE,
                        stdout=subprocess.PIPE,
                        stderr=faults,
                        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
                    )
            except OSError as error:
                raise OutsideError("cannot_write", path=sys.executable) from error
            with child:
                answer = _send_job_and_read_final_answer(child, job, told)
            with self._lock:
                self._child = None
                is_stopped = self._is_stopped
            # A process that was ended says so by its number on some systems only.
            if is_stopped or child.returncode < 0:
                raise OutsideError("stopped")
            if child.returncode or answer is None:
                faults.seek(0)
                bug = RuntimeError("the process that reads figures failed")
                bug.add_note(faults.read().decode(errors="replace"))
                raise bug
        found = answer_value_or_raise(answer)
        assert isinstance(found, comparing.PeriodChartData)
        return found


def _send_job_and_read_final_answer(
    child: subprocess.Popen[bytes], job: PeriodReadJob, told: Told | None
) -> tuple[str, Any] | None:
    """Return what the process answers in the end, None if it ended without one; `told` hears how far it has come."""
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        with child.stdin:
            child.stdin.write(pickle.dumps(job))
        while True:
            kind, value = pickle.load(child.stdout)
            if kind != COUNTED:
                return kind, value
            if told is not None:
                told(*value)
    except (OSError, EOFError, pickle.UnpicklingError):  # It was ended.
        return None


def answer_value_or_raise(answer: tuple[str, Any]) -> Any:
    kind, value = answer
    if kind == "done":
        return value
    code, details = value
    error: type[QueueDeskError] = RuleError if kind == "rule" else OutsideError
    raise error(code, **details)


# -- from the tally ------------------------------------------------------------------------------------------------


def period_chart_data(read: PeriodReport) -> comparing.PeriodChartData:
    return comparing.PeriodChartData(
        period=read.period,
        first=read.first,
        last=read.last,
        now=read.now,
        figures=read.figures,
        hour_waits=averaged_wait_counts_by_half_hour(read.figures, read.tally),
        slots=figures_per_chart_step(read.tally, read.period, read.first, read.last),
        heat=heat_map_figures(read.tally),
        notes=tuple(note for hall in read.halls for note in hall.notes),
    )


def averaged_wait_counts_by_half_hour(figures: Figures, tally: ReportTally) -> tuple[int, ...]:
    """Return the number of waits in the mean of each half-hour of the document."""
    counted = {(label, nth): hour.waits for (_since, label, nth), hour in tally.hours.items()}
    seen: Counter[str] = Counter()
    found = []
    for row in figures["hours"]:
        found.append(counted.get((row["from"], seen[row["from"]]), 0))
        seen[row["from"]] += 1
    return tuple(found)


def figures_per_chart_step(
    tally: ReportTally, period: str, first: date, last: date
) -> tuple[comparing.ChartStepFigures, ...]:
    """Return the figures for each step of the period's chart; none for a single day."""
    if period == DAY:
        return ()
    return tuple(
        comparing.ChartStepFigures(
            first=slot.first,
            last=slot.last,
            issued=slot.issued,
            waits=slot.waits,
            mean_wait=rounded_minutes_from_us(slot.waited_us / slot.waits) if slot.waits else None,
            within=slot.within,
            asked=slot.asked,
            rated=slot.rated,
            satisfied=slot.satisfied,
        )
        for slot in day_week_or_month_sums(tally.days, first, last, chart_bar_period(period))
    )


def heat_map_figures(tally: ReportTally) -> tuple[comparing.HeatMapCellFigures, ...]:
    """Return the figures of the weekdays and half-hours in which somebody was called."""
    return tuple(
        comparing.HeatMapCellFigures(weekday=weekday, half_hour=label, waits=n, mean_wait=waited / n / MINUTE_US)
        for (weekday, label), (n, waited) in sorted(tally.heat.items())
        if n
    )


def comparison_for_charts(found: Comparison, own: comparing.PeriodChartData) -> comparing.PeriodComparison:
    """Return a comparison in the shape that charts draw beside the period's own slots."""
    theirs = found.theirs
    known = {slot.first: slot for slot in figures_per_chart_step(theirs.tally, own.period, theirs.first, theirs.last)}
    beside: dict[date, date] = {}
    if own.period == YEAR:
        beside = {slot.first: slot.first.replace(year=theirs.first.year) for slot in own.slots}
    else:
        beside = dict(paired_weekday_dates(found.ours.chosen.days, theirs.chosen.days))
    return comparing.PeriodComparison(
        ours=_compared_dates_of_span(found.ours),
        theirs=_compared_dates_of_span(theirs),
        is_running=found.is_running,
        slots=tuple(known.get(beside[slot.first]) if slot.first in beside else None for slot in own.slots),
        hours=tuple(theirs.figures["hours"]) if own.period == DAY else (),
        hour_waits=averaged_wait_counts_by_half_hour(theirs.figures, theirs.tally) if own.period == DAY else (),
        differences={one.path: one for one in found.differences},
    )


def paired_weekday_dates(ours: Sequence[date], theirs: Sequence[date]) -> Iterator[tuple[date, date]]:
    """Yield the pairs of dates that are compared: the first Monday with the first Monday, and so on."""
    by_weekday: dict[int, list[date]] = defaultdict(list)
    for day in sorted(theirs, reverse=True):
        by_weekday[day.weekday()].append(day)
    for day in sorted(ours):
        yield day, by_weekday[day.weekday()].pop()


def _compared_dates_of_span(side: ComparedSpan) -> comparing.DatesOfComparedSpan:
    chosen = side.chosen
    return comparing.DatesOfComparedSpan(first=side.first, last=side.last, days=chosen.days, left_out=chosen.left_out)


# -- the process --------------------------------------------------------------------------------------------------


def answer_period_job_on_stdin() -> None:
    """Answer (COUNTED, (dates done, of how many)) while dates have to be counted, in the end ("done", what was read),
    or ("rule" | "outside", (code, details)) for trouble of the two known kinds."""
    from queuedesk.store.engine.database import Database

    job = pickle.loads(sys.stdin.buffer.read())
    answer: tuple[str, Any]
    try:
        with Database.open(job.database) as db:
            answer = ("done", job.done(Desk(db, job.hall), _report_count_progress))
    except QueueDeskError as trouble:
        kind = "rule" if isinstance(trouble, RuleError) else "outside"
        answer = (kind, (trouble.code, trouble.details))
    _write_answer(answer)


def _report_count_progress(done: int, of: int) -> None:
    _write_answer((COUNTED, (done, of)))


def _write_answer(answer: tuple[str, Any]) -> None:
    sys.stdout.buffer.write(pickle.dumps(answer))
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    from queuedesk.watch import report_bugs_without_values

    report_bugs_without_values()
    answer_period_job_on_stdin()
