"""A pack's figures over six months as charts, on paper and on the screen."""

from __future__ import annotations

from collections.abc import Sequence

from queuedesk.core.charts.chart import Chart, Curve, Level, Panel, Point, Signs, Spans
from queuedesk.reports.packs.shown import Trend


def trend_chart(trend: Trend, points: Sequence[Point] = ()) -> Chart:
    """Return a figure over six months on a scale of its own, the interval of a rate as upright lines.

    Where its months are `points` that can be pressed, each shows its figure, underlined; else the first and the last.
    """
    spans = [Spans(values=trend.low, ends=trend.high, colour="chart", thick=2.4)] if trend.low else []
    levels = [Level(value=trend.target, name=trend.target_text)] if trend.target is not None else []
    known = [n for n, value in enumerate(trend.values) if value is not None]
    told = set(known) if points else {known[0], known[-1]} if known else set()
    words = [shown.text if n in told else "" for n, shown in enumerate(trend.shown)]
    signs = Signs(
        values=[value if n in told else None for n, value in enumerate(trend.values)],
        labels=words,
        tops=trend.high or trend.values,
        underlined=bool(points),
    )
    series = [*spans, Curve(values=trend.values), signs]
    panel = Panel(series=series, levels=levels, is_percent=bool(trend.low), points=points)
    labels = [(n + 0.5, month) for n, month in enumerate(trend.months)]
    said = [f"{month} {shown.text}" for month, shown in zip(trend.months, trend.shown, strict=True)]
    return Chart(panels=[panel], slots=len(trend.months), labels=labels, summary=", ".join([trend.title, *said]))
