"""Figures as the page writes them: one decimal in tables, exact in what is said of a point, with how many stand behind
it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from msgspec import Struct

from queuedesk.core.charts.chart import Point
from queuedesk.core.figures.comparing import COUNT, MINUTES, SHARE, Difference, Pictured, path_of
from queuedesk.core.figures.satisfaction import says_little
from queuedesk.core.queue.overview import Late
from queuedesk.core.setup.rows import Setup
from queuedesk.i18n import _, figure_range, n_, numerals
from queuedesk.i18n.figures import figure_titles
from queuedesk.i18n.figures.figure_titles import figure_title
from queuedesk.i18n.names import item_name, letter_of, service_name, staff_name, window_name
from queuedesk.i18n.numerals import UNKNOWN, whole
from queuedesk.stations.widgets.charts.figures import FigureCell

Row = Mapping[str, Any]
Path = tuple[str, ...]


class Behind(Struct, frozen=True):
    """Where a figure leads: to the tickets that make up `path` from `first` to `last`; `title` says which figure it
    is."""

    path: str
    first: date
    last: date
    title: str


def counted_words(done: int, of: int) -> str:
    """Return how far the dates are counted that somebody waits for."""
    return _("Counting past dates: {done} of {of}. The next reading is quick.", done=whole(done), of=whole(of))


# -- numbers -----------------------------------------------------------------------------------------------------


def exact(value: float | None) -> str:
    """Return minutes with the two decimals of the document, and their unit."""
    return UNKNOWN if value is None else _("{minutes} min", context="exact", minutes=f"{value:,.2f}")


def percent(share: float | None, digits: int = 1) -> str:
    """Return a share as tables show it."""
    return UNKNOWN if share is None else f"{numerals.percent(share, digits)} %"


def share_of(share: float | None, n: int | None, of: int | None) -> str:
    """Return "94.83 %, 55 of 58"."""
    if n is None or of is None:
        return percent(share, 2)
    return _("{share}, {n} of {of}", context="exact", share=percent(share, 2), n=whole(n), of=whole(of))


def bounds(low: float | None, high: float | None) -> str:
    """Return "91.8–97.8 %", or that there are too few for bounds."""
    if low is None or high is None:
        return UNKNOWN
    if says_little(low, high):
        return _("too few to say")
    return f"{figure_range(f'{low * 100:.1f}', f'{high * 100:.1f}')} %"


def bounds_line(row: Mapping[str, Any]) -> str:
    """Return "95 % interval 91.8–97.8 %" of a rate, or that there are too few for it; "" where there are none."""
    low, high = row["low"], row["high"]
    if low is None or high is None:
        return ""
    if says_little(low, high):
        return _("too few ratings to say")
    return _("95 % interval {range}", range=bounds(low, high))


def difference_text(found: Difference) -> str:
    """Return "+0.8", "−2.1 pp" for shares."""
    value = found.difference
    if value is None:
        return UNKNOWN
    if found.kind == SHARE:
        return _("{points} pp", context="difference of shares", points=figure_titles.signed(value * 100))
    return figure_titles.signed(value, 0 if found.kind == COUNT else 2)


# -- what is told of a period --------------------------------------------------------------------------------------


class ShownPeriod(Struct, frozen=True):
    """A period with the set-up that has its names; `late` are the people who wait past the target now, if it is not
    over."""

    found: Pictured
    setup: Setup
    late: Late | None = None

    @property
    def figures(self) -> dict[str, Any]:
        return self.found.figures

    @property
    def measures(self) -> dict[str, Any]:
        return dict(self.found.figures.get("measures", {}))

    def title(self, *path: str) -> str:
        """Return a figure's title."""
        return figure_title(path_of(*path), self.setup)

    def behind(self, title: str, *parts: str) -> Behind:
        """Return where the figure at the path of `parts` leads."""
        return Behind(path_of(*parts), self.found.first, self.found.last, title)

    def point(self, *said: str, path: Path, title: str = "", leads: bool = True) -> Point:
        """Return a point that names the figure at `path`, then says `said` and its comparison, and leads to its
        tickets."""
        title = title or self.title(*path)
        lines = (title, *(line for line in said if line), *self.against(path_of(*path)))
        return Point(lines, self.behind(title, *path) if leads else None)

    def against(self, path: str) -> list[str]:
        """Return a figure's comparison, nothing without one."""
        versus = self.found.versus
        found = versus.differences.get(path) if versus else None
        if versus is None or not versus.ours.days or found is None or found.difference is None:
            return []
        if found.kind == COUNT:
            pair = (whole(found.ours), whole(found.theirs))
        elif found.kind == MINUTES:
            pair = (exact(found.ours), exact(found.theirs))
        else:
            pair = (percent(found.ours, 2), percent(found.theirs, 2))
        lines = [
            n_(
                "On {n} equal weekday: {ours} against {theirs}, {difference}",
                "On {n} equal weekdays: {ours} against {theirs}, {difference}",
                len(versus.ours.days),
                ours=pair[0],
                theirs=pair[1],
                difference=difference_text(found),
            )
        ]
        if found.verdict is not None:
            lines.append(verdict_text(found))
        return lines

    def cell(
        self, text: str, *said: str, path: Path, title: str = "", token: str = "ink", leads: bool = True
    ) -> FigureCell:
        """Return a table's figure with its point."""
        return FigureCell(text, self.point(*said, path=path, title=title, leads=leads), token)

    def count(self, n: int | None, path: Path, *said: str) -> FigureCell:
        """Return a plain count as a table's figure."""
        return self.cell(whole(n), *(said or (whole(n),)), path=path, leads=n is not None)

    # -- names -----------------------------------------------------------------------------------------------------

    def service(self, code: str) -> str:
        """Return "A Pay a bill"."""
        name = service_name(self.setup, code)
        return f"{letter_of(self.setup, code)} {name}" if name != code else code

    def item(self, service: str, item: str | None) -> str:
        """Return "A Pay a bill · Print an invoice", only the service without an item."""
        said = self.service(service)
        return f"{said} · {item_name(self.setup, service, item)}" if item else said

    def window(self, code: str) -> str:
        return window_name(code)

    def person(self, code: str) -> str:
        name = staff_name(self.setup, code)
        return name or code


def interval_text(found: Difference) -> str:
    """Return the interval of a share's difference: "−1.2 to +0.9 pp"; "" without one."""
    if found.low is None or found.high is None:
        return ""
    low, high = (figure_titles.signed(end * 100) for end in (found.low, found.high))
    return _("{low} to {high} pp", low=low, high=high)


def verdict_text(found: Difference) -> str:
    """Return the verdict on a share's difference, with its interval."""
    range_ = interval_text(found)
    if not range_:
        return ""
    said = _("{verdict}, 95 % interval {range}", verdict=verdict_word(found), range=range_)
    return f"{said} · {figure_titles.mix_words(found.alike)}" if found.is_of_mix else said


def verdict_word(found: Difference) -> str:
    """Return "higher", "lower", "can't tell"; "" without a verdict."""
    return figure_titles.verdict_word(found.verdict) if found.verdict is not None else ""
