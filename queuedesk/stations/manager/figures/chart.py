"""The period over time, in finished words: half-hours of a day, days of a week to a quarter, months of a year; the map
of weekdays; and the cards of the page of figures, each with a title and a line of words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from msgspec import Struct
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from queuedesk.core.charts.chart import ChartTimeNote, HoverTextAndTarget
from queuedesk.core.charts.layout import BarRow
from queuedesk.core.charts.waits import WaitHeatMap, WaitHeatMapCell, WaitsOverTicketsChart, hour_labels
from queuedesk.core.figures import comparing, periods, satisfaction
from queuedesk.core.figures.measures.figure import SERVICE, STAFF, FigureBreakdown, FigureDefinition
from queuedesk.core.quality.case import FigureChange
from queuedesk.core.queue.hallday import utc_moment_of_hall_minute
from queuedesk.core.setup.rows import Setup
from queuedesk.core.setup.time_of_day import MINUTES_A_DAY, parse_clock_minutes
from queuedesk.core.talk.remarks import DayNote
from queuedesk.i18n import _, date_for_staff, date_short, n_, rating_level_words, weekday_short
from queuedesk.i18n.figures.figure_titles import ShareFigureTexts, outcome_word, overtake_reason_text
from queuedesk.i18n.figures.ribbon_words import citation_text, figure_name_then_now_texts
from queuedesk.i18n.moments import half_hour_span, month_and_year, month_short
from queuedesk.i18n.names import decimal_text, item_name, whole_number_text
from queuedesk.i18n.talk import day_note_kind_word
from queuedesk.stations.manager.figures import tables
from queuedesk.stations.manager.parts.page_controller import period_button_text
from queuedesk.stations.manager.today.alert_words import PROJECT
from queuedesk.stations.manager.today.day_acts import note_line_text
from queuedesk.stations.widgets.buttons import SecondaryButton
from queuedesk.stations.widgets.charts.chart_view import ChartWithPoints, WaitHeatMapView
from queuedesk.stations.widgets.charts.figures import BarRowChart, FigureCell, FigureRow, FigureTable
from queuedesk.stations.widgets.panels import Card, Label, set_scaled_margins, set_side_by_side_or_stacked
from queuedesk.stations.window.style import Look

MOST = 8


class BarsContent(Struct, frozen=True):
    title: str
    rows: list[BarRow]
    line: str = ""
    empty: str = ""


def _value_of_other_period(told: tables.PeriodFigures, path: tables.Path) -> float | None:
    """Return the other period's value at a path; None without one or where it compares fewer dates than this one."""
    versus = told.found.versus
    found = versus.differences.get(comparing.joined_figure_path(*path)) if versus and versus.ours.is_whole else None
    return found.theirs if found else None


def _bar_row_of_count(
    told: tables.PeriodFigures, word: str, n: int, path: tables.Path, token: str = "chart", *said: str, number: str = ""
) -> BarRow:
    point = told.hover_point(*(said or (whole_number_text(n),)), path=path)
    return BarRow(
        word=word,
        value=n,
        number=number or whole_number_text(n),
        point=point,
        colour=token,
        past=_value_of_other_period(told, path),
    )


def rating_level_bars(told: tables.PeriodFigures) -> BarsContent:
    """Return a bar for each level, best first; people who did not rate are named, never counted as satisfied."""
    own = told.figures["ratings"]
    rows = []
    for level in range(5, 0, -1):
        n = own["levels"][str(level)]
        said = tables.share_and_counts_text(n / own["n"], n, own["n"]) if own["n"] else whole_number_text(n)
        token = "primary" if level in satisfaction.SATISFIED_LEVELS else "red"
        rows.append(
            _bar_row_of_count(told, rating_level_words(level), n, ("ratings", "levels", str(level)), token, said)
        )
    return BarsContent(_("Ratings", context="report"), rows)


def rating_figures(told: tables.PeriodFigures) -> list[tuple[str, str, HoverTextAndTarget]]:
    """Return (title, value, point) of the rate, of those who rated and those who did not."""
    own = told.figures["ratings"]
    rate = told.hover_point(
        tables.share_and_counts_text(own["rate"], own["satisfied"], own["n"]),
        tables.interval_sentence(own),
        path=("ratings", "rate"),
    )
    rated = told.hover_point(whole_number_text(own["n"]), path=("ratings", "n"))
    silent = _("silence is never counted as satisfied")
    unrated = told.hover_point(whole_number_text(own["unrated"]), silent, path=("ratings", "unrated"))
    return [
        (_("Satisfied (OK or better)"), tables.percent_or_unknown(own["rate"]), rate),
        (_("95 % interval"), tables.interval_in_percent_text(own["low"], own["high"]), rate),
        (_("Rated", context="figure"), whole_number_text(own["n"]), rated),
        (_("Not rated"), whole_number_text(own["unrated"]), unrated),
    ]


def share_split_bars(told: tables.PeriodFigures, figure: FigureDefinition, words: ShareFigureTexts) -> BarsContent:
    """Return a share split into rows, each with its own."""
    title, empty = _(words.name, context="figure"), _(words.nobody)
    own = told.measures.get(figure.key)
    if own is None:
        return BarsContent(title, [], "", empty)
    rows = []
    for split in figure.splits:
        for name, row in comparing.uniquely_named_rows(own[split.key] or ()):
            if row["n"]:
                path = ("measures", figure.key, split.key, name, "n")
                rows.append(_bar_row_of_share(told, _name_of_split_row(told, split, row), row, path))
    line = ""
    if own["of"]:
        line = " · ".join(
            [
                tables.percent_or_unknown(own["rate"]),
                _("{n} of {of}", n=whole_number_text(own["n"]), of=whole_number_text(own["of"])),
            ]
        )
    if own["n"] and own.get("minutes_lost") is not None:
        minutes = _("{minutes} min", minutes=decimal_text(own["minutes_lost"]))
        line = _("{share} · {minutes} lost", share=line, minutes=minutes)
    return BarsContent(title, rows, line, empty)


def _name_of_split_row(told: tables.PeriodFigures, split: FigureBreakdown, row: tables.Row) -> str:
    if split.names == SERVICE:
        return told.service_name(row["code"])
    if split.names == STAFF:
        return _("guide: {name}", name=told.staff_name(row["code"]))
    name = item_name(told.setup, row["service"], row["item"]) if row["item"] else told.service_name(row["service"])
    return _("button: {name}", context="kiosk", name=name)


def _bar_row_of_share(told: tables.PeriodFigures, word: str, row: tables.Row, path: tables.Path) -> BarRow:
    share = row["n"] / row["of"] if row["of"] else None
    number = f"{whole_number_text(row['n'])} · {tables.percent_or_unknown(share)}"
    return _bar_row_of_count(
        told, word, row["n"], path, "amber", tables.share_and_counts_text(share, row["n"], row["of"]), number=number
    )


def overtake_reason_bars(told: tables.PeriodFigures) -> BarsContent:
    own = told.figures["overtakes"]
    rows = []
    for reason, n in sorted(own["by_reason"].items(), key=lambda item: -item[1]):
        path = ("overtakes", "by_reason", reason)
        rows.append(_bar_row_of_count(told, overtake_reason_text(reason), n, path, "blue"))
    line = ""
    if own["tickets"]:
        n = own["tickets"]
        tickets = n_("before {count} ticket", "before {count} tickets", n, count=whole_number_text(n))
        line = " · ".join([tickets, n_("at most once each", "at most {n} times each", own["max"])])
    return BarsContent(_("Later ticket first", context="figure"), rows, line, _("No later ticket went first."))


def outcome_bars(told: tables.PeriodFigures) -> BarsContent:
    rows = [
        _bar_row_of_count(told, outcome_word(row["code"]), row["n"], ("measures", "outcomes", row["code"] or "-", "n"))
        for row in told.measures.get("outcomes", ())[:MOST]
    ]
    return BarsContent(_("Outcomes"), rows, "", _("Nothing was finished."))


class FigureCard(Card):
    """`picked` gives where a pressed point leads."""

    picked = Signal(object)

    def __init__(self, look: Look, *bodies: ChartWithPoints, parent: QWidget | None = None) -> None:
        super().__init__(look, parent=parent)
        self.title = Label(look, bold=True)
        self.line = Label(look, px=15, token="ink2", wrap=True)
        self.line.hide()
        self._column = column = QVBoxLayout(self)
        set_scaled_margins(look, column, (18, 10, 18, 12), 6)
        head = self._head = QHBoxLayout()
        head.addWidget(self.title)
        column.addLayout(head)
        column.addWidget(self.line)
        for body in bodies:
            column.addWidget(body)
            body.picked.connect(self.picked)
        column.addStretch(1)

    def set_title_and_line(self, title: str, line: str = "") -> None:
        self.title.setText(title)
        self.line.setText(line)
        self.line.setVisible(bool(line))


class TableCard(FigureCard):
    def __init__(self, look: Look, parent: QWidget | None = None, *, underlines: bool = False) -> None:
        self.table = FigureTable(look, underlines=underlines)
        super().__init__(look, self.table, parent=parent)

    def show_table(self, table: tables.FigureTableContent, lines: Sequence[str] = ()) -> None:
        self.set_title_and_line(table.title, "\n".join(lines) or table.line)
        self.table.set_table(table.title, table.name, table.columns, table.rows, table.empty)


class BarsCard(FigureCard):
    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        self.bars = BarRowChart(look)
        super().__init__(look, self.bars, parent=parent)

    def show_bars(self, bars: BarsContent) -> None:
        self.set_title_and_line(bars.title, bars.line)
        self.bars.set_rows(bars.title, bars.rows, bars.empty)


class RatingsCard(FigureCard):
    """The levels as bars; below them the rate, its interval, who rated and who did not."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        self.bars, self.facts = BarRowChart(look), FigureTable(look, row_height=30)
        super().__init__(look, self.bars, self.facts, parent=parent)

    def show_ratings(self, bars: BarsContent, facts: Sequence[tuple[str, str, HoverTextAndTarget]]) -> None:
        self.set_title_and_line(bars.title, bars.line)
        self.bars.set_rows(bars.title, bars.rows)
        rows = [FigureRow(name, (FigureCell(value, point, bold=True),)) for name, value, point in facts]
        self.facts.set_table(bars.title, "", [""], rows)


class WaitMapCard(FigureCard):
    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        self.map = WaitHeatMapView(look)
        super().__init__(look, self.map, parent=parent)

    def show_wait_map(self, title: str, shown: WaitHeatMap) -> None:
        self.set_title_and_line(title)
        self.map.set_wait_heat_map(title, shown)


MOST_CHANGED = 20


class CaseCitationAndChangesCard(TableCard):
    """What a case cites of the page, and which figures of it were others then; its key leads back to the case."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self.back_button = SecondaryButton(look, "", icon="arrow-left", key="Esc", height=44)
        self._head.addStretch(1)
        self._head.addWidget(self.back_button)

    def tell(self, setup: Setup, number: str, cites: Mapping[str, Any], changed: Sequence[FigureChange]) -> None:
        """Say what the case `number`, or with PROJECT before it the project, cites, and what of it is other now."""
        rows = []
        for one in changed[:MOST_CHANGED]:
            name, then, now = figure_name_then_now_texts(setup, cites, one)
            point = HoverTextAndTarget((name, _("{then} then, {now} now", then=then, now=now)))
            rows.append(FigureRow(name, (FigureCell(then, point), FigureCell(now, point, bold=True))))
        more = len(changed) - len(rows)
        lines = [citation_text(setup, cites)]
        day = date_for_staff(date.fromisoformat(cites["as_of"]))
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
        self.show_table(tables.FigureTableContent(title=title, columns=columns, rows=rows), lines)
        self.table.setVisible(bool(rows))


class ResponsiveCardRow(QBoxLayout):
    """Cards side by side by their shares, or in one column if narrow; several of one place form a column."""

    def __init__(self, look: Look, *places: tuple[Sequence[QWidget], int]) -> None:
        super().__init__(QBoxLayout.Direction.LeftToRight)
        set_scaled_margins(look, self, spacing=12)
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
            set_scaled_margins(look, column, spacing=12)
            for card in cards:
                column.addWidget(card)
            column.addStretch(1)
            self.addLayout(column, share)
            self._columns.append((cards, column))

    @property
    def columns(self) -> list[QVBoxLayout]:
        return [column for _cards, column in self._columns if column is not None]

    def column_and_index_of(self, card: QWidget) -> tuple[QBoxLayout, int] | None:
        """Return the column in which a card stands here and its place there, None where it has no column of its own
        (the place over the row is the nearest then) or stands elsewhere."""
        for cards, column in self._columns:
            if card in cards and column is not None:
                return column, column.indexOf(card)
        return None

    def has_card(self, card: QWidget) -> bool:
        return any(card in cards for cards, _column in self._columns)

    def lay_out_parts(self, *, beside: bool) -> None:
        set_side_by_side_or_stacked(beside, self)
        for at, share in enumerate(self._shares):
            self.setStretch(at, share if beside else 0)


HALF_HOUR_MIN = 30
# What waits are shaded by where no one target goes for all of them.
USUAL_TARGET = 15
MONDAY = date(2024, 1, 1)


def period_chart(told: tables.PeriodFigures) -> WaitsOverTicketsChart:
    return _day_chart(told) if told.found.period == periods.DAY else _multi_day_chart(told)


def _period_legends(told: tables.PeriodFigures) -> tuple[str, str]:
    found = told.found
    if found.versus is None:
        return "", ""
    today = told.setup.to_hall_time(found.now).date()
    theirs = found.versus.theirs
    return (
        period_button_text(found.period, found.first, found.last, today),
        period_button_text(found.period, theirs.first, theirs.last, today),
    )


def _wait_target_and_label(told: tables.PeriodFigures) -> tuple[float | None, str]:
    target = told.figures["wait"]["target_minutes"]
    return target, "" if target is None else _("target {n} min", n=target)


# -- half-hours ----------------------------------------------------------------------------------------------------


def half_hour_path_names(rows: Iterable[tables.Row]) -> list[str]:
    """Return the rows' names in paths: the second of one name, when clocks are put back, ends in "#2"."""
    return [name for name, _row in comparing.uniquely_named_rows(rows)]


def _day_chart(told: tables.PeriodFigures) -> WaitsOverTicketsChart:
    found, rows = told.found, list(told.figures["hours"])
    names, versus = half_hour_path_names(rows), told.found.versus
    past = dict(zip(half_hour_path_names(list(versus.hours)), versus.hours, strict=True)) if versus else {}
    # Half-hours that only the other day has stand there too.
    missing = [name for name in past if name not in names]
    if missing:
        names = sorted({*names, *missing}, key=lambda name: (_minutes_since_day_began(told, name), name))
    known = dict(zip(half_hour_path_names(rows), rows, strict=True))
    waits = dict(zip(half_hour_path_names(rows), found.hour_waits, strict=True))
    past_waits = dict(zip(past, versus.hour_waits, strict=True)) if versus else {}
    line_points, bar_points = [], []
    for name in names:
        row, other = known.get(name), past.get(name)
        slot = half_hour_span(name)
        line_points.append(
            HoverTextAndTarget(
                (
                    slot,
                    *_half_hour_wait_hover_lines(row, waits.get(name, 0)),
                    *_compared_wait_hover_lines(other, past_waits.get(name, 0)),
                ),
                told.figure_source(_("{slot}, waits", slot=slot), "hours", name, "mean_wait") if row else None,
            )
        )
        bar_points.append(
            HoverTextAndTarget(
                (
                    slot,
                    *_half_hour_count_hover_lines(row),
                    *([n_("Against {n} ticket", "Against {n} tickets", other["arrivals"])] if other else []),
                ),
                told.figure_source(_("{slot}, tickets issued", slot=slot), "hours", name, "arrivals") if row else None,
            )
        )
    target, target_text = _wait_target_and_label(told)
    legend, past_legend = _period_legends(told)
    is_today = told.setup.to_hall_time(found.now).date() == found.first
    now, running = _place_of_now_among_half_hours(told, names) if is_today else (None, None)
    return WaitsOverTicketsChart(
        title=_("How many came, how long they waited"),
        line_title=_("Mean wait, minutes"),
        bar_title=_("Tickets per half-hour"),
        line=[known[name]["mean_wait"] if name in known else None for name in names],
        bars=[known[name]["arrivals"] if name in known else None for name in names],
        past_line=[past[name]["mean_wait"] if name in past else None for name in names] if versus else (),
        past_bars=[past[name]["arrivals"] if name in past else None for name in names] if versus else (),
        labels=hour_labels(names),
        target=target,
        target_text=target_text,
        now=now,
        running=running,
        marks=_half_hour_note_marks(told, names),
        legend=legend,
        past_legend=past_legend,
        line_points=line_points,
        bar_points=bar_points,
        empty="" if names else _("No ticket was issued on this day."),
    )


def _minutes_since_day_began(told: tables.PeriodFigures, name: str) -> int:
    turn = parse_clock_minutes(str(told.setup.settings["day_end"]))
    return (parse_clock_minutes(name.partition("#")[0]) - turn) % MINUTES_A_DAY


def mean_wait_text(mean: float, n: int) -> str:
    """Return "Mean wait 12.34 min, 18 calls"."""
    return _("Mean wait {mean}, {calls}", mean=tables.exact_minutes(mean), calls=tables.call_count_text(n))


def issued_count_text(n: int) -> str:
    return n_("{count} ticket issued", "{count} tickets issued", n, count=whole_number_text(n))


def _half_hour_wait_hover_lines(row: tables.Row | None, waits: int) -> list[str]:
    if row is None:
        return [_("nothing in this half-hour")]
    if row["mean_wait"] is None:
        return [_("nobody was called")]
    lines = [mean_wait_text(row["mean_wait"], waits), n_("{n} window open", "{n} windows open", row["open_windows"])]
    if row["calls"] != waits:
        other = row["calls"] - waits
        lines.append(n_("{n} more call is in no average", "{n} more calls are in no average", other))
    return lines


def _compared_wait_hover_lines(row: tables.Row | None, waits: int) -> list[str]:
    if row is None or row["mean_wait"] is None:
        return []
    return [
        _("Against {mean}, {calls}", mean=tables.exact_minutes(row["mean_wait"]), calls=tables.call_count_text(waits))
    ]


def _half_hour_count_hover_lines(row: tables.Row | None) -> list[str]:
    if row is None:
        return [_("nothing in this half-hour")]
    return [
        issued_count_text(row["arrivals"]),
        tables.call_count_text(row["calls"]),
        n_("{n} window open", "{n} windows open", row["open_windows"]),
    ]


def _place_of_now_among_half_hours(told: tables.PeriodFigures, names: list[str]) -> tuple[float | None, int | None]:
    """Return where now lies among the half-hours, and which of them still goes on."""
    if not names:
        return None, None
    first = parse_clock_minutes(names[0].partition("#")[0])
    begin = utc_moment_of_hall_minute(told.setup, told.found.first, first)
    place = (told.found.now - begin) / timedelta(minutes=HALF_HOUR_MIN)
    if not 0 <= place <= len(names):
        return None, None
    return place, int(place) if place < len(names) else None


def _half_hour_note_marks(told: tables.PeriodFigures, names: list[str]) -> list[ChartTimeNote]:
    if not names:
        return []
    start = parse_clock_minutes(names[0].partition("#")[0])
    end = start + len(names) * HALF_HOUR_MIN
    found = []
    for note in told.found.notes:
        if note.start is None and note.end is None:
            continue
        first = note.start if note.start is not None else start
        last = note.end if note.end is not None else first
        if first < end and last >= start:
            begin, until = (first - start) / HALF_HOUR_MIN, (last - start) / HALF_HOUR_MIN
            found.append(ChartTimeNote(begin, until, day_note_kind_word(note.kind), note_line_text(note)))
    return sorted(found, key=lambda mark: mark.start)


# -- days and months -----------------------------------------------------------------------------------------------


def _multi_day_chart(told: tables.PeriodFigures) -> WaitsOverTicketsChart:
    found, versus = told.found, told.found.versus
    slots = found.slots
    past = versus.slots if versus else ()
    target, target_text = _wait_target_and_label(told)
    legend, past_legend = _period_legends(told)
    notes = [[note for note in found.notes if slot.first <= note.day <= slot.last] for slot in slots]
    beside = past or (None,) * len(slots)
    return WaitsOverTicketsChart(
        title=_("How many came, how long they waited"),
        line_title=_("Mean wait, minutes"),
        bar_title=_("Tickets per month") if found.period == periods.YEAR else _("Tickets per day"),
        line=[slot.mean_wait for slot in slots],
        bars=[slot.issued for slot in slots],
        past_line=[slot.mean_wait if slot else None for slot in past],
        past_bars=[slot.issued if slot else None for slot in past],
        labels=_slot_axis_labels(told),
        target=target,
        target_text=target_text,
        marks=[
            ChartTimeNote(n, n + 1, day_note_kind_word(own[0].kind), "; ".join(_dated_note_text(note) for note in own))
            for n, own in enumerate(notes)
            if own
        ],
        legend=legend,
        past_legend=past_legend,
        line_points=[
            HoverTextAndTarget(
                (
                    chart_step_name(told, slot),
                    *_slot_wait_hover_lines(slot),
                    *_compared_slot_hover_lines(told, other),
                    *map(_dated_note_text, own),
                ),
                tables.FigureSource(
                    "wait.mean", slot.first, slot.last, _("{slot}, waits", slot=chart_step_name(told, slot))
                ),
            )
            for slot, other, own in zip(slots, beside, notes, strict=True)
        ],
        bar_points=[
            HoverTextAndTarget(
                (
                    chart_step_name(told, slot),
                    *_slot_ticket_hover_lines(slot),
                    *_compared_slot_hover_lines(told, other),
                    *map(_dated_note_text, own),
                ),
                tables.FigureSource(
                    "issued", slot.first, slot.last, _("{slot}, tickets issued", slot=chart_step_name(told, slot))
                ),
            )
            for slot, other, own in zip(slots, beside, notes, strict=True)
        ],
        empty="" if any(slot.issued for slot in slots) else _("No ticket was issued in this time."),
    )


def chart_step_name(told: tables.PeriodFigures, slot: comparing.ChartStepFigures) -> str:
    """Return "Mon 16 Nov", "November 2026"."""
    if told.found.period == periods.YEAR:
        return month_and_year(slot.first)
    return date_for_staff(slot.first)


def _slot_wait_hover_lines(slot: comparing.ChartStepFigures) -> list[str]:
    if slot.mean_wait is None:
        return [_("nobody was called")]
    within = slot.within / slot.asked if slot.asked else None
    return [
        mean_wait_text(slot.mean_wait, slot.waits),
        _("Called in time {share}", share=tables.share_and_counts_text(within, slot.within, slot.asked)),
    ]


def _slot_ticket_hover_lines(slot: comparing.ChartStepFigures) -> list[str]:
    lines = [issued_count_text(slot.issued)]
    if slot.rated:
        rate = slot.satisfied / slot.rated
        lines.append(_("Satisfied {share}", share=tables.share_and_counts_text(rate, slot.satisfied, slot.rated)))
    return lines


def _compared_slot_hover_lines(told: tables.PeriodFigures, other: comparing.ChartStepFigures | None) -> list[str]:
    if other is None:
        return []
    return [
        _(
            "Against {slot}: {tickets} issued, mean wait {mean}",
            slot=chart_step_name(told, other),
            tickets=whole_number_text(other.issued),
            mean=tables.exact_minutes(other.mean_wait),
        )
    ]


def _dated_note_text(note: DayNote) -> str:
    return f"{date_short(note.day)} {note_line_text(note)}"


def _slot_axis_labels(told: tables.PeriodFigures) -> list[tuple[float, str]]:
    found = told.found
    if found.period == periods.YEAR:
        return [(n + 0.5, month_short(slot.first)) for n, slot in enumerate(found.slots)]
    if found.period == periods.WEEK:
        return [(n + 0.5, f"{weekday_short(slot.first)} {slot.first.day}") for n, slot in enumerate(found.slots)]
    if found.period == periods.MONTH:
        return [(n + 0.5, str(slot.first.day)) for n, slot in enumerate(found.slots)]
    assert found.period == periods.QUARTER
    return [(n + 0.5, date_short(slot.first)) for n, slot in enumerate(found.slots) if slot.first.weekday() == 0]


# -- the map -------------------------------------------------------------------------------------------------------


def wait_heat_map(told: tables.PeriodFigures) -> WaitHeatMap:
    heat = told.found.heat
    weekdays = sorted({one.weekday for one in heat})
    hours = sorted({one.half_hour for one in heat}, key=parse_clock_minutes)
    if hours:
        first, last = parse_clock_minutes(hours[0]), parse_clock_minutes(hours[-1])
        every = range(first, last + 1, HALF_HOUR_MIN)
        hours = [f"{minute // 60:02}:{minute % 60:02}" for minute in every]
    cells = []
    for one in heat:
        weekday = weekday_short(MONDAY.replace(day=one.weekday))
        title = f"{weekday} {half_hour_span(one.half_hour)}"
        said = mean_wait_text(one.mean_wait, one.waits)
        cells.append(
            WaitHeatMapCell(
                row=weekdays.index(one.weekday),
                column=hours.index(one.half_hour),
                minutes=one.mean_wait,
                point=HoverTextAndTarget(
                    (title, said), told.figure_source(title, "heat", str(one.weekday), one.half_hour)
                ),
            )
        )
    return WaitHeatMap(
        rows=[weekday_short(MONDAY.replace(day=weekday)) for weekday in weekdays],
        columns=hours,
        cells=cells,
        target=told.figures["wait"]["target_minutes"] or USUAL_TARGET,
    )
