"""Waits over tickets: a line over bars on one time axis, the chart of a day, a week, a year."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from queuedesk.core.charts.chart import Bars, Chart, Curve, Key, Level, Note, Panel, Point, Strokes, Values


class WaitsOverTickets(Struct, frozen=True, kw_only=True):
    """A line over bars, one value per slot; `past_*` are the values to compare with, or the usual ones.

    The line shows minutes, or with `is_percent` a share. The other fields are those of `Chart`. An empty `target_text`
    draws no target. With `has_figures` the highest waits show theirs, for readers who can't point at them, and with
    `has_bar_figure` so does the highest bar.
    """

    title: str = ""
    line_title: str = ""
    bar_title: str = ""
    line: Values = ()
    bars: Values = ()
    past_line: Values = ()
    past_bars: Values = ()
    labels: Sequence[tuple[float, str]] = ()
    target: float | None = None
    target_text: str = ""
    now: float | None = None
    now_text: str = ""
    running: int | None = None
    marks: Sequence[Note] = ()
    letters: Sequence[tuple[float, str]] = ()
    legend: str = ""
    past_legend: str = ""
    line_points: Sequence[Point] = ()
    bar_points: Sequence[Point] = ()
    is_percent: bool = False
    has_figures: bool = False
    has_bar_figure: bool = False
    empty: str = ""

    def chart(self) -> Chart:
        """Return it as a chart."""
        keys = [Key("line", self.legend)] if self.legend else []
        if self.past_legend and any(value is not None for value in (*self.past_line, *self.past_bars)):
            keys.append(Key("past" if self.past_line else "stroke", self.past_legend, "ink2"))
        has_target = self.target is not None and self.target_text
        known = [f"{value:g}" for value in self.bars if value is not None]
        told = [f"{self.bar_title}: {', '.join(known)}" if known else self.empty, *(mark.text for mark in self.marks)]
        waits = Panel(
            title=self.line_title,
            series=[
                Curve(values=self.past_line, is_past=True),
                Curve(values=self.line, is_labelled=self.has_figures),
            ],
            levels=[Level(value=self.target, name=self.target_text)] if has_target and self.target is not None else (),
            is_percent=self.is_percent,
            share=0.49,
            points=self.line_points,
        )
        tickets = Panel(
            title=self.bar_title,
            series=[
                Bars(values=self.bars, running=self.running, is_labelled=self.has_bar_figure, over=self.past_bars),
                Strokes(values=self.past_bars),
            ],
            share=0.51,
            points=self.bar_points,
        )
        return Chart(
            panels=[waits, tickets],
            slots=max(len(self.line), len(self.bars), len(self.past_bars), 1),
            title=self.title,
            keys=keys,
            labels=self.labels,
            notes=self.marks,
            letters=self.letters,
            now=self.now,
            now_text=self.now_text,
            summary="; ".join(told),
            empty=self.empty,
        )


def hour_labels(starts: Sequence[str]) -> list[tuple[float, str]]:
    """Return labels for the full hours at the edges of half-hours that begin at `starts` ("09:30"; "01:00#2" where it
    comes again); for both ends of a half-hour alone, as on a hall's first day."""
    hours = [(n, name) for n, name in enumerate(starts) if name[3:5] == "00"]
    found = [(float(n), _clock(int(name[:2])) + (" (2)" if "#" in name else "")) for n, name in hours]
    if starts and starts[-1][3:5] == "30":
        found.append((float(len(starts)), _clock((int(starts[-1][:2]) + 1) % 24)))
    if len(starts) == 1:
        hour = int(starts[0][:2])
        ends = (f"{hour}:30", _clock((hour + 1) % 24)) if starts[0][3:5] == "30" else (_clock(hour), f"{hour}:30")
        found = list(zip((0.0, 1.0), ends, strict=True))
    return found


def _clock(hour: int) -> str:
    return f"{hour}:00"
