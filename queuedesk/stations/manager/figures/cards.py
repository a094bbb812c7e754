"""Cards of the page of figures: bars, tables, ratings, the map of waits, each with a title and a line of words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from msgspec import Struct
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from queuedesk.core.charts.chart import Point
from queuedesk.core.charts.layout import BarRow
from queuedesk.core.charts.waits import WaitMap
from queuedesk.core.figures.comparing import named_rows, path_of
from queuedesk.core.figures.measures.figure import SERVICE, STAFF, Figure, Split
from queuedesk.core.figures.satisfaction import SATISFIED_LEVELS
from queuedesk.core.quality.cited import Changed
from queuedesk.core.setup.rows import Setup
from queuedesk.i18n import _, day_staff, n_, rating_level
from queuedesk.i18n.figures.drilldown_words import changed_words, cited_words
from queuedesk.i18n.figures.figure_titles import ShareWords, outcome_word, overtaken_by
from queuedesk.i18n.names import decimal, item_name, whole
from queuedesk.stations.manager.figures.tables import (
    Path,
    Row,
    ShownPeriod,
    Table,
    bounds,
    bounds_line,
    percent,
    share_of,
)
from queuedesk.stations.manager.today.alert_words import PROJECT
from queuedesk.stations.widgets.buttons import SecondaryButton
from queuedesk.stations.widgets.charts.chart_view import Pointed, WaitMapView
from queuedesk.stations.widgets.charts.figures import BarRows, FigureCell, FigureRow, FigureTable
from queuedesk.stations.widgets.panels import Card, Label, put_beside, spread
from queuedesk.stations.window.style import Look

MOST = 8


class Bars(Struct, frozen=True):
    """The content of BarRows, with a line of words under the title."""

    title: str
    rows: list[BarRow]
    line: str = ""
    empty: str = ""


def _past(told: ShownPeriod, path: Path) -> float | None:
    """Return what the other period has at a path, None without one or where fewer dates of it are compared than this
    one has."""
    versus = told.found.versus
    found = versus.differences.get(path_of(*path)) if versus and versus.ours.is_whole else None
    return found.theirs if found else None


def _count(
    told: ShownPeriod, word: str, n: int, path: Path, token: str = "chart", *said: str, number: str = ""
) -> BarRow:
    point = told.point(*(said or (whole(n),)), path=path)
    return BarRow(word=word, value=n, number=number or whole(n), point=point, colour=token, past=_past(told, path))


def ratings(told: ShownPeriod) -> Bars:
    """Return a bar for each level, best first; people who did not rate are named, never counted as satisfied."""
    own = told.figures["ratings"]
    rows = []
    for level in range(5, 0, -1):
        n = own["levels"][str(level)]
        said = share_of(n / own["n"], n, own["n"]) if own["n"] else whole(n)
        token = "primary" if level in SATISFIED_LEVELS else "red"
        rows.append(_count(told, rating_level(level), n, ("ratings", "levels", str(level)), token, said))
    return Bars(_("Ratings", context="report"), rows)


def rating_figures(told: ShownPeriod) -> list[tuple[str, str, Point]]:
    """Return (title, value, point) of the rate, of those who rated and those who did not."""
    own = told.figures["ratings"]
    rate = told.point(share_of(own["rate"], own["satisfied"], own["n"]), bounds_line(own), path=("ratings", "rate"))
    rated = told.point(whole(own["n"]), path=("ratings", "n"))
    silent = _("silence is never counted as satisfied")
    unrated = told.point(whole(own["unrated"]), silent, path=("ratings", "unrated"))
    return [
        (_("Satisfied (OK or better)"), percent(own["rate"]), rate),
        (_("95 % interval"), bounds(own["low"], own["high"]), rate),
        (_("Rated", context="figure"), whole(own["n"]), rated),
        (_("Not rated"), whole(own["unrated"]), unrated),
    ]


def share(told: ShownPeriod, figure: Figure, words: ShareWords) -> Bars:
    """Return a share split into rows, each with its own."""
    title, empty = _(words.name, context="figure"), _(words.nobody)
    own = told.measures.get(figure.key)
    if own is None:
        return Bars(title, [], "", empty)
    rows = []
    for split in figure.splits:
        for name, row in named_rows(own[split.key] or ()):
            if row["n"]:
                path = ("measures", figure.key, split.key, name, "n")
                rows.append(_share(told, _word(told, split, row), row, path))
    line = ""
    if own["of"]:
        line = " · ".join([percent(own["rate"]), _("{n} of {of}", n=whole(own["n"]), of=whole(own["of"]))])
    if own["n"] and own.get("minutes_lost") is not None:
        minutes = _("{minutes} min", minutes=decimal(own["minutes_lost"]))
        line = _("{share} · {minutes} lost", share=line, minutes=minutes)
    return Bars(title, rows, line, empty)


def _word(told: ShownPeriod, split: Split, row: Row) -> str:
    if split.names == SERVICE:
        return told.service(row["code"])
    if split.names == STAFF:
        return _("guide: {name}", name=told.person(row["code"]))
    name = item_name(told.setup, row["service"], row["item"]) if row["item"] else told.service(row["service"])
    return _("button: {name}", context="kiosk", name=name)


def _share(told: ShownPeriod, word: str, row: Row, path: Path) -> BarRow:
    share = row["n"] / row["of"] if row["of"] else None
    number = f"{whole(row['n'])} · {percent(share)}"
    return _count(told, word, row["n"], path, "amber", share_of(share, row["n"], row["of"]), number=number)


def overtakes(told: ShownPeriod) -> Bars:
    """Return how often a ticket was passed, by reason."""
    own = told.figures["overtakes"]
    rows = []
    for reason, n in sorted(own["by_reason"].items(), key=lambda item: -item[1]):
        path = ("overtakes", "by_reason", reason)
        rows.append(_count(told, overtaken_by(reason), n, path, "blue"))
    line = ""
    if own["tickets"]:
        n = own["tickets"]
        tickets = n_("before {count} ticket", "before {count} tickets", n, count=whole(n))
        line = " · ".join([tickets, n_("at most once each", "at most {n} times each", own["max"])])
    return Bars(_("Later ticket first", context="figure"), rows, line, _("No later ticket went first."))


def outcomes(told: ShownPeriod) -> Bars:
    """Return the noted outcomes of the finished steps."""
    rows = [
        _count(told, outcome_word(row["code"]), row["n"], ("measures", "outcomes", row["code"] or "-", "n"))
        for row in told.measures.get("outcomes", ())[:MOST]
    ]
    return Bars(_("Outcomes"), rows, "", _("Nothing was finished."))


class FigureCard(Card):
    """`picked` gives where a pressed point leads."""

    picked = Signal(object)

    def __init__(self, look: Look, *bodies: Pointed, parent: QWidget | None = None) -> None:
        super().__init__(look, parent=parent)
        self.title = Label(look, bold=True)
        self.line = Label(look, px=15, token="ink2", wrap=True)
        self.line.hide()
        self._column = column = QVBoxLayout(self)
        spread(look, column, (18, 10, 18, 12), 6)
        head = self._head = QHBoxLayout()
        head.addWidget(self.title)
        column.addLayout(head)
        column.addWidget(self.line)
        for body in bodies:
            column.addWidget(body)
            body.picked.connect(self.picked)
        column.addStretch(1)

    def say(self, title: str, line: str = "") -> None:
        self.title.setText(title)
        self.line.setText(line)
        self.line.setVisible(bool(line))


class TableCard(FigureCard):
    """A table under its title, with sentences below it if there are any."""

    def __init__(self, look: Look, parent: QWidget | None = None, *, underlines: bool = False) -> None:
        self.table = FigureTable(look, underlines=underlines)
        super().__init__(look, self.table, parent=parent)

    def show_table(self, table: Table, lines: Sequence[str] = ()) -> None:
        self.say(table.title, "\n".join(lines) or table.line)
        self.table.set_table(table.title, table.name, table.columns, table.rows, table.empty)


class BarsCard(FigureCard):
    """Rows of bars under their title."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        self.bars = BarRows(look)
        super().__init__(look, self.bars, parent=parent)

    def show_bars(self, bars: Bars) -> None:
        self.say(bars.title, bars.line)
        self.bars.set_rows(bars.title, bars.rows, bars.empty)


class RatingsCard(FigureCard):
    """The levels as bars; below them the rate, its interval, who rated and who did not."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        self.bars, self.facts = BarRows(look), FigureTable(look, row_height=30)
        super().__init__(look, self.bars, self.facts, parent=parent)

    def show_ratings(self, bars: Bars, facts: Sequence[tuple[str, str, Point]]) -> None:
        self.say(bars.title, bars.line)
        self.bars.set_rows(bars.title, bars.rows)
        rows = [FigureRow(name, (FigureCell(value, point, bold=True),)) for name, value, point in facts]
        self.facts.set_table(bars.title, "", [""], rows)


class HeatCard(FigureCard):
    """The map of weekdays and half-hours."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        self.map = WaitMapView(look)
        super().__init__(look, self.map, parent=parent)

    def show_map(self, title: str, shown: WaitMap) -> None:
        self.say(title)
        self.map.set_map(title, shown)


MOST_CHANGED = 20


class CitedCard(TableCard):
    """What a case cites of the page, and which figures of it were others then; its key leads back to the case."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self.back_button = SecondaryButton(look, "", icon="arrow-left", key="Esc", height=44)
        self._head.addStretch(1)
        self._head.addWidget(self.back_button)

    def tell(self, setup: Setup, number: str, cites: Mapping[str, Any], changed: Sequence[Changed]) -> None:
        """Say what the case `number`, or with PROJECT before it the project, cites, and what of it is other now."""
        rows = []
        for one in changed[:MOST_CHANGED]:
            name, then, now = changed_words(setup, cites, one)
            point = Point((name, _("{then} then, {now} now", then=then, now=now)))
            rows.append(FigureRow(name, (FigureCell(then, point), FigureCell(now, point, bold=True))))
        more = len(changed) - len(rows)
        lines = [cited_words(setup, cites)]
        day = day_staff(date.fromisoformat(cites["as_of"]))
        if not changed:
            lines.append(_("Every figure is as it was on {day}.", day=day))
        elif cites["running"]:
            lines.append(_("As on {day}, which was not over then, and as they are now:", day=day))
        else:
            lines.append(_("As on {day}, and as they are now; the others are as they were:", day=day))
        if more:
            lines.append(n_("and {n} more", "and {n} more", more))
        project = number.removeprefix(PROJECT) if number.startswith(PROJECT) else ""
        back, title = _("Case {number}", number=number), _("Cited by case {number}", number=number)
        if project:
            back, title = _("Project {number}", number=project), _("Cited by project {number}", number=project)
        self.back_button.setText(back)
        columns = [_("Then", context="cited"), _("Now", context="cited")] if rows else []
        self.show_table(Table(title=title, columns=columns, rows=rows), lines)
        self.table.setVisible(bool(rows))


class CardRow(QBoxLayout):
    """Cards side by side by their shares, or one below the other if the width is too small; several of one place form a
    column."""

    def __init__(self, look: Look, *places: tuple[Sequence[QWidget], int]) -> None:
        super().__init__(QBoxLayout.Direction.LeftToRight)
        spread(look, self, spacing=12)
        self._shares = [share for _cards, share in places]
        self._columns: list[tuple[Sequence[QWidget], QVBoxLayout | None]] = []
        for cards, share in places:
            for card in cards:
                # Their shares decide, not their words.
                card.setMinimumWidth(1)
            if len(cards) == 1:
                self.addWidget(cards[0], share)
                self._columns.append((cards, None))
                continue
            column = QVBoxLayout()
            spread(look, column, spacing=12)
            for card in cards:
                column.addWidget(card)
            column.addStretch(1)
            self.addLayout(column, share)
            self._columns.append((cards, column))

    @property
    def columns(self) -> list[QVBoxLayout]:
        return [column for _cards, column in self._columns if column is not None]

    def place_over(self, card: QWidget) -> tuple[QBoxLayout, int] | None:
        """Return the column in which a card stands here and its place there, None where it has no column of its own
        (the place over the row is the nearest then) or stands elsewhere."""
        for cards, column in self._columns:
            if card in cards and column is not None:
                return column, column.indexOf(card)
        return None

    def holds(self, card: QWidget) -> bool:
        return any(card in cards for cards, _column in self._columns)

    def lay(self, *, beside: bool) -> None:
        """Place the cards side by side or not."""
        put_beside(beside, self)
        for at, share in enumerate(self._shares):
            self.setStretch(at, share if beside else 0)
