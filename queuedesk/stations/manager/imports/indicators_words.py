"""The words of the page of yearly indicators: its table of a year, the picture of all years, what is said of a file."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from queuedesk.core.charts.chart import Point
from queuedesk.core.charts.years import YearsRow
from queuedesk.core.imports.indicator import Compared, Course, Indicator, courses, lacking
from queuedesk.i18n import _, n_
from queuedesk.i18n.figures import indicator_words as words
from queuedesk.stations.widgets.charts.figure_table import FigureCell, FigureRow

UNKNOWN = "–"
LONGEST_SOURCE = 18


@dataclass(frozen=True, slots=True)
class Edit:
    """The indicator and year that a press leads to."""

    name: str
    year: int


def heads(year: int) -> list[str]:
    """Return the titles of a year's columns."""
    return [
        _("Score {year}", year=year),
        str(year - 1),
        _("Change", context="field"),
        _("As stated", context="column"),
        _("Weight", context="field"),
        _("Source", context="field"),
    ]


def table_rows(rows: Sequence[Compared], year: int, fresh: Collection[tuple[int, str]]) -> list[FigureRow]:
    """Return a year's table, each figure leading to where it is put right; `fresh` came with a file that is looked
    at."""
    told = {row.indicator.name for row in rows if row.indicator.year == year - 1 and row.indicator.score is not None}
    own = [
        _row(row, is_fresh=(year, row.indicator.name) in fresh, is_implied=row.indicator.name not in told)
        for row in rows
        if row.indicator.year == year
    ]
    before = {row.indicator.name: row.indicator for row in rows if row.indicator.year == year - 1}
    return own + [_lacking(before[name], year) for name in lacking(rows, year)]


def _lacking(before: Indicator, year: int) -> FigureRow:
    """Return a row for what the year before had: a press puts it in."""
    point = Point((f"{before.name} {year}", words.not_reported(), _("Press to put it right")), Edit(before.name, year))
    there = Point(
        (f"{before.name} {before.year}", words.score_text(before.score, before.top), _("Press to put it right")),
        Edit(before.name, before.year),
    )
    rest = tuple(FigureCell(UNKNOWN, point, "ink2") for _column in range(4))
    return FigureRow(
        before.name,
        (FigureCell(words.not_reported(), point, "amber"), FigureCell(_figure(before.score), there), *rest),
        is_sum=before.is_overall,
    )


def _row(row: Compared, *, is_fresh: bool, is_implied: bool) -> FigureRow:
    one = row.indicator
    point = Point(_said(row, is_fresh=is_fresh), Edit(one.name, one.year))
    before = Point(_said_before(row, is_implied=is_implied), Edit(one.name, one.year - 1))
    token = "primary" if is_fresh else "ink"
    source = one.source if len(one.source) <= LONGEST_SOURCE else f"{one.source[: LONGEST_SOURCE - 1]}…"
    if one.score is None:
        score = FigureCell(words.not_reported(), point, "amber" if not is_fresh else token)
    else:
        score = FigureCell(words.score_text(one.score, one.top), point, token, bold=True)
    cells = (
        score,
        FigureCell(_figure(row.before), before, "ink2" if is_implied else "ink"),
        FigureCell(words.change_text(row.change) or UNKNOWN, point, "ink"),
        FigureCell(words.change_text(one.change) or UNKNOWN, point, "red" if _differs(row) else "ink2"),
        FigureCell(_figure(one.weight), point, "ink2"),
        FigureCell(source or UNKNOWN, point, "ink2"),
    )
    return FigureRow(one.name, cells, is_sum=one.is_overall)


def _differs(row: Compared) -> bool:
    stated = row.indicator.change
    return stated is not None and row.change is not None and stated != row.change


def _said(row: Compared, *, is_fresh: bool) -> tuple[str, ...]:
    one = row.indicator
    said = [f"{one.name} {one.year}", words.score_text(one.score, one.top)]
    if row.change is not None and row.before is not None:
        said.append(
            _(
                "{change} on the year before ({before})",
                change=words.change_text(row.change),
                before=_figure(row.before),
            )
        )
    if one.source:
        said.append(_("Source: {source}", source=one.source))
    return (*said, _("New in this file") if is_fresh else _("Press to put it right"))


def _said_before(row: Compared, *, is_implied: bool) -> tuple[str, ...]:
    one = row.indicator
    if row.before is None:
        return f"{one.name} {one.year - 1}", words.not_reported()
    score = words.score_text(row.before, one.top)
    told = _("{score}, as the stated change implies", score=score) if is_implied else score
    return f"{one.name} {one.year - 1}", told, _("Press to put it right")


def picture_rows(rows: Sequence[Compared]) -> tuple[list[str], list[YearsRow]]:
    """Return the years and a row for each indicator; nothing while no score is known."""
    found = courses(rows)
    if not found:
        return [], []
    overall = {row.indicator.name for row in rows if row.indicator.is_overall}
    changes = {(row.indicator.name, row.indicator.year): row.change for row in rows}
    return (
        [str(step.year) for step in found[0].steps],
        [
            YearsRow(
                name=one.name,
                shares=tuple(None if step.score is None else float(step.score / one.top) for step in one.steps),
                hollow=frozenset(n for n, step in enumerate(one.steps) if step.is_implied),
                last=words.score_text(one.steps[-1].score, one.top),
                change=words.change_text(changes.get((one.name, one.steps[-1].year))),
                point=Point(_told(one), Edit(one.name, one.steps[-1].year)),
                is_bold=one.name in overall,
            )
            for one in found
        ],
    )


def _told(one: Course) -> tuple[str, ...]:
    lines = []
    for step in one.steps:
        score = words.score_text(step.score, one.top)
        if step.is_implied:
            score = _("{score}, as the stated change implies", score=score)
        lines.append(f"{step.year}: {score}")
    return one.name, *lines


def preview_texts(file: str, coming: Sequence[Indicator], fresh: int) -> tuple[str, str]:
    """Return what a file would bring, and that nothing is put in yet."""
    years = sorted({one.year for one in coming})
    span = str(years[0]) if len(years) == 1 else f"{years[0]}–{years[-1]}"
    figures = n_("{n} figure of {years}", "{n} figures of {years}", len(coming), years=span)
    if not fresh:
        return _("{file}: {figures}, all as they stand here already", file=file, figures=figures), ""
    news = n_("{n} of them new or different", "{n} of them new or different", fresh)
    return _("{file}: {figures}, {news}", file=file, figures=figures, news=news), _("Nothing is put in yet.")


def _figure(value: Decimal | None) -> str:
    return UNKNOWN if value is None else words.plain(value)
