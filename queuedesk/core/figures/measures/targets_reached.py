"""The targets and rules of each date in a span, and what was reached under them.

- targets: a row for each run of dates with one target in force, with the figures of just those dates, in the order of
  MEASURES and then of dates. `n` of a share is its numerator and `of` its denominator; of a wait `n` are the waits and
  `of` is None. The shares are those of the document: satisfaction of all ratings, within_target of all who were called
  or left uncalled after longer, served of the issued that are neither void nor still open, first_visit of the finished.
- verdict: of satisfaction by Wilson's interval, because ratings are a sample; of the others by the figure itself, which
  includes everybody; None without data. Of first_visit "cannot_tell" as long as possible returns could bring it below
  the target.
- several halls together: targets that were in force on the same dates in each of them, with their figures summed;
  other targets belong to one hall and are shown with it.
- rules: those of the end of the first date, then a row for each later date at whose end one was another; None where
  halls differ. Dates before the hall was set up have the rules it began with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from msgspec import Struct, field

from queuedesk.core.figures import targets as kinds
from queuedesk.core.figures.measures import rows as figure_rows
from queuedesk.core.figures.measures.day import DayRows
from queuedesk.core.figures.measures.figures import HallDateCounts
from queuedesk.core.figures.satisfaction import satisfaction_rate
from queuedesk.core.figures.targets import SATISFACTION as SATISFIED
from queuedesk.core.imports import ShareOfPeople
from queuedesk.core.setup.file import SETTINGS
from queuedesk.core.setup.rows import Setup

RULES = (
    *("wait_target_minutes", "order", "jump_every", "order_guard"),
    *("calls_before_missed", "return_minutes", "return_numbers", "postponements"),
    *("appointment_early_minutes", "appointment_grace_minutes"),
    *("call_at_finish", "outcome_required", "opening_checks"),
    *("form_free_minutes", "rating_days", "rating_questions", "first_visit_days"),
    *("closing", "closing_margin_minutes", "overnight", "day_end"),
)
"""The hall's rules that affect figures or the order of calls."""
CREDITS = "credits"
"""Key for the credit minutes of priority classes, by code: they affect the order of calls."""
_ONE_DAY = timedelta(days=1)


def current_targets_and_rules(setup: Setup, day: date) -> figure_rows.TargetsInForce:
    credits = {code: priority_class.credit_minutes for code, priority_class in setup.classes.items()}
    return targets_and_rules_in_force(day, setup.targets, setup.targets, setup.settings, credits)


def targets_and_rules_in_force(
    day: date,
    then: Sequence[Mapping[str, Any]],
    now: Sequence[Mapping[str, Any]],
    settings: Mapping[str, int | str],
    credits: Mapping[str, int],
) -> figure_rows.TargetsInForce:
    """Return the targets and rules in force on `day`. `then` are the targets at the end of that day, like `settings`
    and `credits`; `now` are the current targets."""
    targets = (kinds.target_in_force(then, now, measure, day) for measure in kinds.MEASURES)
    return figure_rows.TargetsInForce(
        targets=[target for target in targets if target is not None],
        rules={
            **{key: settings.get(key, SETTINGS[key]) for key in RULES},
            CREDITS: {code: minutes for code, minutes in credits.items() if minutes},
        },
    )


class TargetResult(Struct, kw_only=True):
    """Result under one target from `first` to `last`. `waits` are microseconds; a date without data makes n unknown."""

    target: kinds.MeasureTarget
    first: date
    last: date
    n: int = 0
    of: int = 0
    waits: list[int] = field(default_factory=list)
    early: int = 0
    """Of first_visit: the tickets in `n` whose return may still come."""
    is_known: bool = True

    def add_day(self, rows: DayRows, line: HallDateCounts | None) -> None:
        """Add a date on which the target is in force."""
        self.last = rows.day
        if line is None:
            return
        measure = self.target.measure
        if measure == SATISFIED:
            self.n, self.of = self.n + line.satisfied, self.of + line.rated
        elif measure == kinds.WITHIN_TARGET:
            self.n, self.of = self.n + line.within, self.of + line.asked
        elif measure == kinds.SERVED:
            self.n += line.finished
            self.of += sum(ticket.state in ("finished", "left") for ticket in rows.tickets)
        elif measure == kinds.FIRST_VISIT:
            self._add_first_visit_counts(rows)
        else:
            for alike in rows.legs_combined_by_kind:
                self.waits += alike.waits

    def _add_first_visit_counts(self, rows: DayRows) -> None:
        """Add finished tickets, and those of them without a transfer or a return."""
        finished = {ticket.label for ticket in rows.tickets if ticket.state == "finished"}
        not_first = {leg.label for leg in rows.legs if leg.end == "transfer"}
        if rows.links is None:
            self.is_known = False
        else:
            not_first |= rows.links.returned
        self.of += len(finished)
        self.n += len(finished - not_first)
        if not rows.is_followed:
            self.early += len(finished - not_first)

    def add_result(self, other: TargetResult) -> None:
        """Add the result under an equal target: of another hall on the same dates, or of the following dates."""
        self.n, self.of = self.n + other.n, self.of + other.of
        self.waits += other.waits
        self.early += other.early
        self.is_known = self.is_known and other.is_known
        if self.target.since != other.target.since:
            self.target = kinds.MeasureTarget(self.target.measure, self.target.value)

    def document_row(self) -> figure_rows.Figures:
        target = self.target
        head = {
            "measure": target.measure,
            "value": round(target.figure, 6),
            "from": target.since.isoformat() if target.since else None,
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
        }
        if target.measure in kinds.WAITS:
            waits = figure_rows.duration_statistics_minutes(self.waits)
            minutes = waits[target.measure.removesuffix("_wait")]
            result = kinds.verdict_of_minutes(minutes, target.figure)
            figures = {"n": waits["n"], "of": None, "minutes": minutes, "low": None, "high": None}
            return {**head, **figures, "verdict": _optional_verdict_text(result)}
        low = high = None
        result = None
        whole = figure_rows.rounded_share(self.n, self.of) if self.is_known else None
        if target.measure == SATISFIED:
            interval = satisfaction_rate(self.n, self.of - self.n)
            low, high = (None if end is None else round(end, 6) for end in (interval.low, interval.high))
            result = kinds.compare_rate_with_target(interval, _target_share_of_people(target)) if self.of else None
        elif whole is not None:
            result = kinds.verdict_of_population_share(self.n, self.of, _target_share_of_people(target))
            if (
                result is kinds.TargetVerdict.MET
                and kinds.verdict_of_population_share(self.n - self.early, self.of, _target_share_of_people(target))
                is not kinds.TargetVerdict.MET
            ):
                result = kinds.TargetVerdict.CANNOT_TELL
        figures = {"n": self.n if self.is_known else None, "of": self.of, "rate": whole, "low": low, "high": high}
        return {**head, **figures, "verdict": _optional_verdict_text(result)}


class TargetTally(Struct):
    """Targets with results, and rules by date. `halls` counts merged halls, 0 for a hall's own dates."""

    reached: list[TargetResult] = field(default_factory=list)
    by_date: list[tuple[date, figure_rows.Rules]] = field(default_factory=list)
    halls: int = 0

    def add_day(self, rows: DayRows, line: HallDateCounts | None) -> None:
        """Add a business date, in order of dates; `line` are its counts, None without tickets."""
        for target in rows.targets.targets:
            runs = [result for result in self.reached if result.target == target and result.last == rows.day - _ONE_DAY]
            if not runs:
                runs = [TargetResult(target=target, first=rows.day, last=rows.day)]
                self.reached += runs
            runs[0].add_day(rows, line)
        if rows.targets.rules:
            self._add_rules_if_changed(rows.day, rows.targets.rules)

    def extend(self, other: TargetTally) -> None:
        """Add later dates of the same hall."""
        for result in other.reached:
            runs = [run for run in self.reached if run.target == result.target and run.last == result.first - _ONE_DAY]
            if not runs:
                runs = [TargetResult(target=result.target, first=result.first, last=result.last)]
                self.reached += runs
            runs[0].add_result(result)
            runs[0].last = result.last
        for day, rules in other.by_date:
            self._add_rules_if_changed(day, rules)

    def merge(self, other: TargetTally, hall: str, service: Callable[[str], str]) -> None:
        self.halls += 1
        if self.halls == 1:
            for result in other.reached:
                mine = TargetResult(target=result.target, first=result.first, last=result.last)
                mine.add_result(result)
                self.reached.append(mine)
            self.by_date = list(other.by_date)
            return
        theirs = {_result_measure_figure_and_dates(result): result for result in other.reached}
        self.reached = [result for result in self.reached if _result_measure_figure_and_dates(result) in theirs]
        for result in self.reached:
            result.add_result(theirs[_result_measure_figure_and_dates(result)])
        both, self.by_date = (self.by_date, other.by_date), []
        for day in sorted({day for rows in both for day, _rules in rows}):
            mine_then, theirs_then = (_rules_in_force_on(rows, day) for rows in both)
            alike = {key: value if theirs_then[key] == value else None for key, value in mine_then.items()}
            self._add_rules_if_changed(day, alike)

    def _add_rules_if_changed(self, day: date, rules: figure_rows.Rules) -> None:
        if not self.by_date or self.by_date[-1][1] != rules:
            self.by_date.append((day, rules))

    def target_result_rows(self) -> list[figure_rows.Figures]:
        return [
            run.document_row()
            for run in sorted(self.reached, key=lambda run: (kinds.MEASURES.index(run.target.measure), run.first))
        ]

    def dated_rule_figures(self) -> list[figure_rows.Figures]:
        return [{"from": day.isoformat(), **rules} for day, rules in self.by_date]


def _result_measure_figure_and_dates(result: TargetResult) -> tuple[str, float, date, date]:
    return result.target.measure, result.target.figure, result.first, result.last


def _rules_in_force_on(rows: Iterable[tuple[date, figure_rows.Rules]], day: date) -> figure_rows.Rules:
    """Return the latest rules noted up to `day`, else the first ones."""
    noted = list(rows)
    return next((rules for since, rules in reversed(noted) if since <= day), noted[0][1])


def _target_share_of_people(target: kinds.MeasureTarget) -> ShareOfPeople:
    assert isinstance(target.value, ShareOfPeople)
    return target.value


def _optional_verdict_text(result: kinds.TargetVerdict | None) -> str | None:
    return None if result is None else str(result)
