"""Yearly indicators that somebody else measured: kept as reported, never averaged or filled in; and drawn through the
years, a row for each, all rising and falling by the same measure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any

from msgspec import Struct

from queuedesk.core.charts import chart as charts
from queuedesk.core.charts.layout import LaidOutChart
from queuedesk.core.imports import ScoreOnScale

SCALE = Decimal(100)
"""What a score is out of where nobody says."""
NOT_REPORTED, UNWEIGHTED, DIFFERS = "not_reported", "overall_unweighted", "change_differs"
_OVERALL = re.compile(r"\boverall\b|\btotal\b|总体|综合|总分|总评", re.IGNORECASE)


class Indicator(Struct, frozen=True, kw_only=True):
    """One indicator of one year. `score` is None where it was not reported, `change` is the stated change from the year
    before. `source` is who measured or published it, "" if unknown."""

    year: int
    name: str
    top: Decimal
    score: Decimal | None = None
    change: Decimal | None = None
    weight: Decimal | None = None
    source: str = ""

    @property
    def is_overall(self) -> bool:
        """Whether it summarizes the others."""
        return _OVERALL.search(self.name) is not None

    def to_document(self) -> dict[str, Any]:
        """Return it as the log keeps it: whole numbers, or text where there is a fraction."""
        figures = {"scale": self.top, "score": self.score, "change": self.change, "weight": self.weight}
        source = {"source": self.source} if self.source else {}
        return {
            "year": self.year,
            "name": self.name,
            **{key: _figure_for_log(value) for key, value in figures.items()},
            **source,
        }


def indicator_from_document(document: Mapping[str, Any]) -> Indicator:
    figures = {
        key: None if document[key] is None else Decimal(str(document[key]))
        for key in ("scale", "score", "change", "weight")
    }
    return Indicator(
        year=document["year"],
        name=document["name"],
        top=SCALE if figures["scale"] is None else figures["scale"],
        score=figures["score"],
        change=figures["change"],
        weight=figures["weight"],
        source=document.get("source", ""),
    )


class IndicatorWithChange(Struct, frozen=True):
    """An indicator with its score of the year before, as reported then, else as the stated change implies; None where
    neither is known."""

    indicator: Indicator
    before: Decimal | None
    change: Decimal | None


class IndicatorCaution(Struct, frozen=True):
    """A caution for readers of a year's figures: its kind and the indicators it is about."""

    kind: str
    year: int
    names: tuple[str, ...]


def removed_indicator_document(year: int, name: str) -> dict[str, Any]:
    """Return the log's form of an indicator of a year that was removed."""
    return {"year": year, "name": name, "removed": True}


def latest_reported_indicators(reports: Iterable[Iterable[Mapping[str, Any]]]) -> dict[tuple[int, str], Indicator]:
    """Return what counts after all reports, given the earliest first: the last one of each indicator and year, unless
    it was removed since."""
    known: dict[tuple[int, str], Indicator] = {}
    for row in (row for report in reports for row in report):
        key = (row["year"], row["name"])
        if row.get("removed"):
            known.pop(key, None)
        else:
            known[key] = indicator_from_document(row)
    return known


def indicators_with_yearly_change(indicators: Iterable[Indicator]) -> list[IndicatorWithChange]:
    """Return all by year, each with its change from the year before; a score on another scale is not compared."""
    known = {(one.year, one.name): one for one in indicators}
    return [
        _indicator_with_yearly_change(one, known.get((one.year - 1, one.name)))
        for one in sorted(known.values(), key=lambda i: i.year)
    ]


def _indicator_with_yearly_change(one: Indicator, earlier: Indicator | None) -> IndicatorWithChange:
    if one.score is None:
        return IndicatorWithChange(one, earlier.score if earlier else None, None)
    if earlier is not None and earlier.score is not None:
        if earlier.top != one.top:
            return IndicatorWithChange(one, None, one.change)
        return IndicatorWithChange(one, earlier.score, one.score - earlier.score)
    return IndicatorWithChange(one, None if one.change is None else one.score - one.change, one.change)


class IndicatorScoreOfYear(Struct, frozen=True):
    """One year of a course; `is_implied` where only the next year's stated change gives the score."""

    year: int
    score: Decimal | None
    is_implied: bool = False


class IndicatorHistory(Struct, frozen=True):
    """An indicator through the years, on the scale of its last report; a year that was not reported is a gap."""

    name: str
    top: Decimal
    steps: tuple[IndicatorScoreOfYear, ...]


def indicator_histories(rows: Iterable[IndicatorWithChange]) -> list[IndicatorHistory]:
    """Return every indicator's course over all the years, those of the latest year first, in the order of the
    reports."""
    known = list(rows)
    latest: dict[str, Indicator] = {}
    for row in sorted(known, key=lambda row: -row.indicator.year):
        latest.setdefault(row.indicator.name, row.indicator)
    scores = {
        (row.indicator.name, row.indicator.year): IndicatorScoreOfYear(row.indicator.year, row.indicator.score)
        for row in known
    }
    for row in known:
        key = (row.indicator.name, row.indicator.year - 1)
        if row.before is not None and (key not in scores or scores[key].score is None):
            scores[key] = IndicatorScoreOfYear(key[1], row.before, is_implied=True)
    tops = {(row.indicator.name, row.indicator.year): row.indicator.top for row in known}
    years = sorted({year for _name, year in scores})
    return [
        IndicatorHistory(
            name,
            last.top,
            tuple(
                scores[name, year]
                if (name, year) in scores and tops.get((name, year), last.top) == last.top
                else IndicatorScoreOfYear(year, None)
                for year in range(years[0], years[-1] + 1)
            ),
        )
        for name, last in latest.items()
    ]


def indicators_missing_in_year(rows: Iterable[IndicatorWithChange], year: int) -> tuple[str, ...]:
    """Return the indicators with a score in the year before that are missing in `year`."""
    known = list(rows)
    there = {row.indicator.name for row in known if row.indicator.year == year}
    before = [row.indicator for row in known if row.indicator.year == year - 1]
    return tuple(one.name for one in before if one.score is not None and one.name not in there) if there else ()


def indicator_cautions(rows: Sequence[IndicatorWithChange]) -> list[IndicatorCaution]:
    """Return what is missing, what an overall figure leaves open, and stated changes that contradict the reported
    scores."""
    years: dict[int, list[IndicatorWithChange]] = {}
    for row in rows:
        years.setdefault(row.indicator.year, []).append(row)
    found: list[IndicatorCaution] = []
    for year, own in years.items():
        missing = tuple(row.indicator.name for row in own if row.indicator.score is None) + indicators_missing_in_year(
            rows, year
        )
        overall = tuple(
            row.indicator.name for row in own if row.indicator.is_overall and row.indicator.score is not None
        )
        parts = [row.indicator for row in own if not row.indicator.is_overall]
        off = tuple(
            row.indicator.name
            for row in own
            if row.indicator.change is not None and row.change is not None and row.change != row.indicator.change
        )
        found += [IndicatorCaution(NOT_REPORTED, year, missing)] if missing else []
        if overall and parts and any(part.weight is None for part in parts):
            found.append(IndicatorCaution(UNWEIGHTED, year, overall))
        found += [IndicatorCaution(DIFFERS, year, off)] if off else []
    return found


def indicator_with_checked_score(one: Indicator) -> Indicator:
    """Return the indicator if its score lies on its scale. Raises ValueError."""
    if one.top <= 0:
        raise ValueError(f"no scale: {one.top}")
    if one.score is not None:
        ScoreOnScale(float(one.score), float(one.top))
    return one


def _figure_for_log(value: Decimal | None) -> int | str | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else f"{value.normalize():f}"


ROW, FOOT, SIZE = 40.0, 26.0, 15.0
NAME_SHARE, LEAST_COURSE = 0.36, 70.0
"""Names have this share of the width, and more while the years keep so many pixels."""
DOT, HOLLOW, PAD = 4.0, 2.3, 9.0


class YearsChartRow(Struct, frozen=True):
    """An indicator: `shares` of its scale by year, None for a gap; `hollow` are the places that are only implied;
    `first`, `last` and `change` as text."""

    name: str
    shares: tuple[float | None, ...]
    hollow: frozenset[int]
    last: str
    change: str
    point: charts.HoverTextAndTarget
    is_bold: bool = False
    first: str = ""


def years_chart_height(rows: Sequence[YearsChartRow], surface: charts.ChartSurfaceMetrics) -> float:
    """Return the height of the picture."""
    return surface.px(ROW) * len(rows) + surface.px(FOOT)


def lay_out_years_chart(
    years: Sequence[str], rows: Sequence[YearsChartRow], surface: charts.ChartSurfaceMetrics, rect: charts.SurfaceRect
) -> LaidOutChart:
    """Return the marks of the rows with the years below; each row is a place to point at."""
    px, width = surface.px, surface.text_width
    high, count = px(ROW), len(years)
    firsts = max((width(row.first, charts.AXIS) + px(16) for row in rows if row.first), default=0.0)
    changes = max((width(row.change, SIZE) + px(8) for row in rows if row.change), default=0.0)
    lasts = max((width(row.last, SIZE, bold=True) for row in rows), default=0.0)
    figures = rect.right - changes
    beside = firsts + changes + lasts + px(24) + px(LEAST_COURSE)
    wanted = max((width(row.name, SIZE, bold=row.is_bold) for row in rows), default=0.0)
    names = min(wanted + 1, max(rect.width * NAME_SHARE, rect.width - beside))
    left = rect.left + names + px(10) + firsts
    right = max(left + px(40), figures - lasts - px(14))
    step = (right - left) / max(1, count - 1)
    xs = [left + step * n if count > 1 else (left + right) / 2 for n in range(count)]
    bottom = rect.top + high * len(rows)
    known = [share for row in rows for share in row.shares if share is not None]
    scale = min(known, default=0.0), max(known, default=1.0)
    marks: list[charts.Mark] = [
        charts.PolylineMark([(surface.snap_to_pixel(x), rect.top), (surface.snap_to_pixel(x), bottom)], "line", 0)
        for x in xs
    ]
    places = [charts.SurfaceRect(rect.left, rect.top + high * n, rect.width, high) for n in range(len(rows))]
    for row, place in zip(rows, places, strict=True):
        marks += _indicator_row_marks_over_years(row, place, xs, scale, surface)
        y = charts.text_baseline_y(place.top + high / 2, SIZE, surface)
        marks.append(charts.TextMark(rect.left, y, row.name, SIZE, "ink", bold=row.is_bold, room=names))
        is_known = bool(row.shares) and row.shares[-1] is not None
        marks.append(
            charts.TextMark(figures, y, row.last, SIZE, "ink" if is_known else "ink2", bold=is_known, at="right")
        )
        if row.change:
            marks.append(charts.TextMark(rect.right, y, row.change, SIZE, at="right"))
        if row.first:
            marks.append(charts.TextMark(xs[0] - px(12), y, row.first, charts.AXIS, at="right"))
        edge = surface.snap_to_pixel(place.bottom) - 1
        marks.append(charts.PolylineMark([(rect.left, edge), (rect.right, edge)], "line", 0))
    marks += _year_label_marks(years, xs, bottom, surface)
    return LaidOutChart(marks, places=places)


def _indicator_row_marks_over_years(
    row: YearsChartRow,
    place: charts.SurfaceRect,
    xs: Sequence[float],
    scale: tuple[float, float],
    surface: charts.ChartSurfaceMetrics,
) -> Iterator[charts.Mark]:
    low, top = scale
    pad, px = surface.px(PAD), surface.px
    room = place.height - 2 * pad

    def point_of_share(x: float, share: float) -> charts.Place:
        return x, place.bottom - pad - room * (0.5 if top == low else (share - low) / (top - low))

    dots = [None if share is None else point_of_share(x, share) for x, share in zip(xs, row.shares, strict=True)]
    for before, after in pairwise(dots):
        if before is not None and after is not None:
            yield charts.PolylineMark([before, after], "primary", px(2))
    for n, dot in enumerate(dots):
        if dot is not None:
            yield charts.PolygonMark([dot], "primary", px(DOT))
            if n in row.hollow:
                yield charts.PolygonMark([dot], "surface", px(HOLLOW))


def _year_label_marks(
    years: Sequence[str], xs: Sequence[float], bottom: float, surface: charts.ChartSurfaceMetrics
) -> Iterator[charts.Mark]:
    """Write the years that have room, the last one in any case."""
    free = float("inf")
    for x, year in reversed(list(zip(xs, years, strict=True))):
        half = surface.text_width(year, charts.AXIS) / 2
        if x + half < free:
            yield charts.TextMark(
                x, charts.text_baseline_y(bottom + surface.px(14), charts.AXIS, surface), year, charts.AXIS, at="middle"
            )
            free = x - half - surface.px(6)
