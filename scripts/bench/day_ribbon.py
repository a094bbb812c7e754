"""Measure how long the day ribbon takes to lay out and draw: a day of 1,000 tickets on 1094 by 298 pixels.

Usage: python scripts/bench/day_ribbon.py [TICKETS [WINDOWS]]
"""

import os
import random
import statistics
import sys
import time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from figures import keep
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QApplication

from queuedesk.core.charts.chart import SurfaceRect
from queuedesk.core.charts.ribbon import (
    DayRibbon,
    RibbonWords,
    TimesOfOneVisitStep,
    WaitingCountForecast,
    WindowOpeningTimes,
    lay_out_ribbon,
)
from queuedesk.stations.widgets.charts.chart_view import LookMeasures, paint_marks
from queuedesk.stations.widgets.paint import Painter
from queuedesk.stations.window.style import Look

OPENS, CLOSES, ROUNDS = 510.0, 1050.0, 50


def a_day(tickets: int, windows: int) -> DayRibbon:
    """Return a made-up day: people come by chance, the first free window takes the first in line."""
    rng = random.Random(7)
    free = dict.fromkeys([str(n + 1) for n in range(windows)], OPENS)
    each = (CLOSES - OPENS) * windows / tickets * 0.92
    strokes = []
    for n, joined in enumerate(sorted(rng.uniform(OPENS, CLOSES - 20) for _ in range(tickets))):
        window = min(free, key=free.__getitem__)
        called = max(joined, free[window])
        started = called + rng.uniform(0.2, 0.8)
        free[window] = ended = started + rng.expovariate(1 / max(0.5, each - 0.5))
        strokes.append(
            TimesOfOneVisitStep(
                name=f"A{n + 1:03}",
                waits=(joined, called) if called > joined else None,
                window=window,
                walks=(called, started),
                served=(started, ended),
            )
        )
    return DayRibbon(
        start=OPENS,
        end=CLOSES,
        now=900,
        strokes=strokes,
        lanes=[WindowOpeningTimes(window=code, open=[(OPENS, CLOSES)], pauses=[(720, 750)]) for code in free],
        usual=[(OPENS + 15 * n, 8.0) for n in range(37)],
        ahead=[WaitingCountForecast(900 + 15 * n, 8 - n, 8, 8 + n) for n in range(5)],
    )


def main() -> None:
    """Print the median and the slowest of the rounds."""
    tickets = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    windows = int(sys.argv[2]) if len(sys.argv) > 2 else 6
    app = QApplication([])
    look = Look()
    day = a_day(tickets, windows)
    words = RibbonWords(title="The day, one line per customer", now="now 15:00")
    laid, drawn = [], []
    for _round in range(ROUNDS):
        fresh = DayRibbon(**{name: getattr(day, name) for name in day.__struct_fields__})
        began = time.perf_counter()
        layout = lay_out_ribbon(fresh, words, LookMeasures(look), SurfaceRect(18, 10, 1058, 282))
        done = time.perf_counter()
        picture = QPixmap(1094, 298)
        picture.fill(look.color("surface"))
        painter = Painter(picture, look)
        paint_marks(painter, layout.marks)
        painter.end()
        drawn.append(1000 * (time.perf_counter() - done))
        laid.append(1000 * (done - began))
    both = [one + other for one, other in zip(laid, drawn, strict=True)]
    print(f"{tickets} tickets, {windows} windows, {day.peak_time_and_count[1]} at most waiting, {ROUNDS} rounds")
    for name, times in (("laid out", laid), ("drawn", drawn), ("both", both)):
        if name == "both":
            keep(f"a day's ribbon of {tickets:,} tickets", statistics.median(times), "ms")
        print(f"{name:>9}: median {statistics.median(times):5.1f} ms, slowest {max(times):5.1f} ms")
    app.quit()


if __name__ == "__main__":
    main()
