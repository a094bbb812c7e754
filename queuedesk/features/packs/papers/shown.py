"""What a pack shows: texts, figures with the path of what they count, tables, six months as charts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core.charts.chart import Chart, Curve, Level, Panel, Signs, Spans
from queuedesk.core.charts.chart import Point as ChartPoint
from queuedesk.core.figures.targets import Verdict
from queuedesk.features.packs.rules import Point
from queuedesk.i18n.numerals import UNKNOWN, decimal, percent, whole
from queuedesk.reports.draw.pdf import unescape


class Shown(Struct, frozen=True):
    """A text, or a figure with its value and the path of what it counts, "" where that is nothing. `span` are its dates
    where they are not the pack's; `late`: something is past its last day; `why` is the reason why a figure opens
    nothing though it is something, or other rows than it was counted from."""

    text: str
    value: float | str | None = None
    path: str = ""
    span: tuple[date, date] | None = None
    late: bool = False
    why: str = ""


class Tile(Struct, frozen=True):
    """One of the four figures: with its unit, lesser figures below it, and where it has a target what became of
    that."""

    label: str
    shown: Shown
    unit: str
    lesser: tuple[Shown, ...]
    verdict: Verdict | None = None
    told: str = ""

    @property
    def line(self) -> str:
        return " · ".join(one.text for one in self.lesser)

    @property
    def is_missed(self) -> bool:
        return self.verdict is Verdict.NOT_MET


class Said(Struct, frozen=True):
    """A point to decide: a sentence with <b> and </b>, everything else escaped. `span` are the dates of its figure
    where they are not the pack's; `opens` says whether its rows may be seen."""

    markup: str
    point: Point
    span: tuple[date, date] | None = None
    opens: bool = True


class Trend(Struct, frozen=True):
    """A figure over the months, with the ends of its interval where it is a rate, in percent then; None where nobody
    came. `told` says of how many each is."""

    title: str
    months: tuple[str, ...]
    shown: tuple[Shown, ...]
    values: tuple[float | None, ...]
    told: tuple[str, ...] = ()
    low: tuple[float | None, ...] = ()
    high: tuple[float | None, ...] = ()
    target: float | None = None
    target_text: str = ""

    @property
    def is_empty(self) -> bool:
        return all(value is None for value in self.values)


class Head(Struct, frozen=True):
    """A column: its title, whether it holds texts."""

    title: str
    is_text: bool = False


class Part(Struct, frozen=True):
    """A table with its title; `empty` stands there without any row, `note` below it."""

    key: str
    title: str
    columns: tuple[Head, ...]
    rows: tuple[tuple[Shown, ...], ...]
    total: tuple[Shown, ...] = ()
    unit: str = ""
    note: str = ""
    empty: str = ""


class PackDocument(Struct, frozen=True, kw_only=True):
    """Everything a pack says, in the order in which it says it; `last_line` are what is left out, and how rates are
    made."""

    period: str
    first: date
    last: date
    hall: str
    title: str
    span: str
    facts: tuple[str, ...]
    owner: str
    tiles: tuple[Tile, ...]
    points: tuple[Said, ...]
    quiet: str
    trends: tuple[Trend, ...]
    trends_note: str
    parts: tuple[Part, ...]
    last_line: str

    @property
    def drawn(self) -> tuple[Trend, ...]:
        """The figures that have a month to draw."""
        return tuple(trend for trend in self.trends if not trend.is_empty)

    def part(self, key: str) -> Part | None:
        return next((one for one in self.parts if one.key == key), None)


def figure(text: str, value: float | None, path: str, *, late: bool = False) -> Shown:
    """Return a figure, which opens what it counts where there is anything."""
    return Shown(text, value, path if value else "", late=late and bool(value))


def count(value: int, path: str, *, late: bool = False) -> Shown:
    return figure(whole(value), value, path, late=late)


def share(value: float | None, path: str) -> Shown:
    return figure(UNKNOWN if value is None else f"{percent(value)} %", value, path)


def minutes(value: float | None, path: str) -> Shown:
    return figure(decimal(value), value, path)


def without(document: PackDocument, paths: tuple[str, ...], why: str) -> PackDocument:
    """Return the pack for somebody who may not see the rows of figures whose paths begin with one of these: `why` is
    said in their place."""

    def shut(row: tuple[Shown, ...]) -> tuple[Shown, ...]:
        return tuple(replace(one, path="", why=why) if one.path.startswith(paths) else one for one in row)

    parts = (replace(one, rows=tuple(map(shut, one.rows)), total=shut(one.total)) for one in document.parts)
    points = (replace(one, opens=not one.point.path.startswith(paths)) for one in document.points)
    return replace(document, parts=tuple(parts), points=tuple(points))


def plain(markup: str) -> str:
    """Return a sentence without its marks."""
    return unescape(markup.replace("<b>", "").replace("</b>", ""))


# -- six months as charts ----------------------------------------------------------------------------------------------


def trend_chart(trend: Trend, points: Sequence[ChartPoint] = ()) -> Chart:
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
