"""How far a period's satisfaction rate can be trusted: by date, against the period before, of halls and of people
side by side. And the tickets behind a figure as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from queuedesk.core.figures import satisfaction
from queuedesk.core.figures.drilldown_rows import FigureDrilldown, FigureRowDetails
from queuedesk.core.figures.halls import (
    MixStandardizedMeans,
    RateWithChanceLimits,
    ShrunkSatisfactionRate,
    control_chart_limits,
    funnel_limits,
    means_with_same_mix,
    shrunk_rates,
)
from queuedesk.core.figures.measures.figure import BY_SERVICE
from queuedesk.core.figures.measures.rows import MINUTE_US
from queuedesk.core.figures.periods import DAY, period_span_containing
from queuedesk.core.setup.rows import Setup
from queuedesk.files.writing import write_file
from queuedesk.i18n.figures import ribbon_words as words
from queuedesk.i18n.figures.figure_titles import figure_title
from queuedesk.reports.figures.findings import DateSpanSums, chart_bar_period, day_week_or_month_sums
from queuedesk.reports.figures.period import HallPeriodFigures, PeriodReport, service_code_among_halls_mapper

if TYPE_CHECKING:
    from xlsxwriter import Workbook

# A cell that begins with one of these is a formula to a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

BOOK = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
"""How a workbook is made in which a text is a text, whatever it looks like."""
A4, USUAL_WIDTH, LANDSCAPE_FROM, ROWS_ON_A_PAGE = 9, 64, 900, 60
"""Widths are in pixels; a chart stands below a table of at most ROWS_ON_A_PAGE, so that one page holds both."""

Cell = str | int | float | None


def formula_safe_text(text: str) -> str:
    """Return a text in a form that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def close_workbook(book: Workbook) -> None:
    """Set up every sheet for printing, one page wide with its head on each page, and close the book."""
    for sheet in book.worksheets():
        columns = range((sheet.dim_colmax or 0) + 1)
        width = sum(sheet.col_info[n].width if n in sheet.col_info else USUAL_WIDTH for n in columns)
        sheet.set_paper(A4)
        if sheet.charts or width > LANDSCAPE_FROM:
            sheet.set_landscape()
        sheet.fit_to_pages(1, int(bool(sheet.charts) and (sheet.dim_rowmax or 0) <= ROWS_ON_A_PAGE))
        if not sheet.repeat_row_range:
            sheet.repeat_rows(0)
        sheet.set_footer("&L&A&R&P / &N")
    book.close()


def csv_cell(value: Cell) -> Cell:
    return formula_safe_text(value) if isinstance(value, str) else "" if value is None else value


# The tickets behind a figure as CSV, in the words of a language: for the manager's own spreadsheet.


def write_rows_csv(path: Path, found: FigureDrilldown, setup: Setup, *, title: str, lang: str) -> None:
    """Write the rows, replacing the file; `title` "" is the figure's own. Raises OutsideError "cannot_write"."""
    write_file(path, figure_tickets_csv_bytes(found, setup, title=title, lang=lang))


def figure_tickets_csv_bytes(found: FigureDrilldown, setup: Setup, *, title: str, lang: str) -> bytes:
    """Return a figure's title, span and value, then a row for each of its tickets; times on the hall's clock."""
    text = io.StringIO(newline="")
    rows = csv.writer(text)
    figure = title or figure_title(found.path, setup, lang)
    rows.writerow([csv_cell(value) for value in (figure, found.first.isoformat(), found.last.isoformat(), found.value)])
    rows.writerow([])
    columns = words.drilldown_columns(found)
    rows.writerow([csv_cell(words.column_title(column, lang)) for column in columns])
    for row in found.rows:
        rows.writerow([csv_cell(_csv_cell_of_ticket(row, column, setup, lang)) for column in columns])
    # With the mark, spreadsheets read Chinese as what it is.
    return text.getvalue().encode("utf-8-sig")


def _csv_cell_of_ticket(row: FigureRowDetails, column: str, setup: Setup, lang: str) -> Cell:
    """Return a cell: figures as figures, dates and times so that a spreadsheet knows them, everything else in words."""
    if column == words.DATE:
        return row.day.isoformat()
    if column == words.ARRIVED:
        return f"{setup.to_hall_time(row.arrived):%H:%M:%S}"
    if column == words.WAITED:
        return None if row.waited_s is None else round(row.waited_s / 60, 2)
    if column == words.AMOUNT:
        return None if row.amount_s is None else round(row.amount_s / 60, 2)
    if column == words.RATING:
        return row.rating
    return words.drilldown_cell_text(row, column, setup, lang)


Counts = tuple[int, int]
"""Satisfied and dissatisfied."""


class RatesByDateWithLimits(Struct, frozen=True):
    """The p-chart: rates of days or months with limits round `centre`, the overall rate; None where nobody rated."""

    slots: Sequence[DateSpanSums]
    points: Sequence[RateWithChanceLimits]
    centre: float | None

    @property
    def indexes_of_points_beyond_chance(self) -> list[int]:
        return [i for i, point in enumerate(self.points) if point.is_beyond_chance_limits]

    @property
    def rated_date_count(self) -> int:
        """How many of the dates have a rating."""
        return sum(point.n > 0 for point in self.points)


class RateAmongOthers(Struct, frozen=True):
    """A hall or a person among others: counts, limits round the rate of all, the estimate."""

    code: str
    counts: Counts
    found: satisfaction.Rate
    inner: RateWithChanceLimits
    outer: RateWithChanceLimits
    pooled: ShrunkSatisfactionRate
    is_apart: bool = False

    @property
    def outlier_level(self) -> int:
        """How far out the rate lies: 0 where chance may have set it apart from the others', by a limit common to all;
        1 beyond it, 2 beyond the 99.8 % limits too."""
        return self.is_apart + (self.is_apart and self.outer.is_beyond_chance_limits)


class PeriodBeforeRate(Struct, frozen=True):
    """The period before, and how far this one's rate lies above it."""

    first: date
    last: date
    found: satisfaction.Rate
    difference: satisfaction.SatisfactionRateDifference


class HallFiguresAtSameMix(Struct, frozen=True):
    """The halls' figures as if all had had the same mix of services."""

    waits: MixStandardizedMeans
    within: MixStandardizedMeans
    rates: MixStandardizedMeans


class SatisfactionRateWithComparisons(Struct, frozen=True):
    """All that shows of a period's satisfaction rate; `halls` and `alike` only for several halls together."""

    counts: Counts
    found: satisfaction.Rate
    response: satisfaction.ResponseRate
    by_date: RatesByDateWithLimits | None
    before: PeriodBeforeRate
    clerks: Sequence[RateAmongOthers]
    halls: Sequence[RateAmongOthers]
    alike: HallFiguresAtSameMix | None


def period_satisfaction_rates(read: PeriodReport) -> SatisfactionRateWithComparisons:
    """Return a period's rates; a single date has no chart by date."""
    ratings = read.figures["ratings"]
    counts = (ratings["satisfied"], ratings["dissatisfied"])
    clerks = [(row["code"], _satisfied_and_dissatisfied_counts(row["ratings"])) for row in read.figures["staff"]]
    halls = (
        [(hall.setup.hall.code, _satisfied_and_dissatisfied_counts(hall.figures["ratings"])) for hall in read.halls]
        if read.together
        else []
    )
    return SatisfactionRateWithComparisons(
        counts=counts,
        found=satisfaction.satisfaction_rate(*counts),
        response=satisfaction.response_rate_and_bounds(*counts, ratings["unrated"]),
        by_date=_rates_by_date(read),
        before=_rate_of_period_before(read, counts),
        clerks=rates_compared_with_overall(clerks),
        halls=rates_compared_with_overall(halls),
        alike=_same_mix_comparison(read.halls) if read.together else None,
    )


def rates_compared_with_overall(of: Sequence[tuple[str, Counts]]) -> list[RateAmongOthers]:
    """Return everybody who was rated, compared with the rate of all; nothing if there is only one."""
    known = [(code, counts) for code, counts in of if sum(counts)]
    if len(known) < 2:
        return []
    all_counts = [counts for _code, counts in known]
    centre = sum(s for s, _d in all_counts) / sum(s + d for s, d in all_counts)
    limits, pooled = funnel_limits(all_counts, centre), shrunk_rates(all_counts)
    return [
        RateAmongOthers(
            code,
            counts,
            satisfaction.satisfaction_rate(*counts),
            inner,
            outer,
            estimate,
            inner.is_beyond_chance_limits and _is_statistical_outlier(counts, all_counts),
        )
        for (code, counts), (inner, outer), estimate in zip(known, limits, pooled, strict=True)
    ]


def _is_statistical_outlier(own: Counts, every: Sequence[Counts]) -> bool:
    """Whether a rate differs from that of the others by more than chance does to any of them."""
    others = sum(s for s, _d in every) - own[0], sum(d for _s, d in every) - own[1]
    return satisfaction.are_significantly_different(others, own, len(every))


def _satisfied_and_dissatisfied_counts(ratings: dict[str, int]) -> Counts:
    return ratings["satisfied"], ratings["dissatisfied"]


def _rates_by_date(read: PeriodReport) -> RatesByDateWithLimits | None:
    if read.period == DAY:
        return None
    found = day_week_or_month_sums(read.tally.days, read.first, read.last, chart_bar_period(read.period))
    centre, points = control_chart_limits([(slot.satisfied, slot.rated - slot.satisfied) for slot in found])
    return RatesByDateWithLimits(found, points, centre)


def _rate_of_period_before(read: PeriodReport, counts: Counts) -> PeriodBeforeRate:
    first, last = period_span_containing(read.period, read.first - timedelta(days=1))
    earlier = (sum(hall.before[0] for hall in read.halls), sum(hall.before[1] for hall in read.halls))
    return PeriodBeforeRate(
        first,
        last,
        satisfaction.satisfaction_rate(*earlier),
        satisfaction.satisfaction_rate_difference(earlier, counts),
    )


def _same_mix_comparison(halls: Sequence[HallPeriodFigures]) -> HallFiguresAtSameMix:
    waits, within, rated = [], [], []
    for hall in halls:
        code = service_code_among_halls_mapper([report.setup for report in halls], hall.setup)
        steps, found = hall.tally.steps_tally, list(hall.tally.steps_tally.counts[BY_SERVICE, "of"])
        own_waits = {code(name): steps.times_of_breakdown_row(BY_SERVICE, "wait", name) for name in found}
        waits.append({name: (sum(own) / MINUTE_US, len(own)) for name, own in own_waits.items()})
        within.append({code(name): hall.tally.called_in_time_and_all_steps(name) for name in found})
        rated.append({code(name): (s, s + d) for name, (s, d) in hall.rated.items()})
    return HallFiguresAtSameMix(
        means_with_same_mix(waits), means_with_same_mix(within, most=1.0), means_with_same_mix(rated, most=1.0)
    )
