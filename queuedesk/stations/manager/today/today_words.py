"""The manager's day in words: five figures, windows, notes; and the table of its services."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from queuedesk.core.figures import targets
from queuedesk.core.figures.satisfaction import is_interval_too_wide
from queuedesk.core.log.state import HallState
from queuedesk.core.queue import overview
from queuedesk.core.queue import ticket as ticket_records
from queuedesk.core.setup.rows import Setup
from queuedesk.i18n import _, figure_range, list_text, minutes_seconds, minutes_text, n_, time_hm, window_state_word
from queuedesk.i18n.calendar_words import calendar_day_text
from queuedesk.i18n.figures.figure_titles import target_figure_text
from queuedesk.i18n.names import service_letter_or_code, service_name, staff_name
from queuedesk.i18n.queue.line_words import past_target_and_longest_text, reason_words, waiting_past_target_text
from queuedesk.stations.manager.today.day_acts import note_line_text
from queuedesk.stations.widgets import buttons, cards, paint, panels
from queuedesk.stations.widgets.lists.lists import LEVELS, ColumnHeadRow, ScrollingRowsArea
from queuedesk.stations.widgets.lists.strips import DayFigureTexts
from queuedesk.stations.window.style import Look, font_of_size

UNKNOWN = "—"
CLOSED_NAMED = 3
CALLED_LONG_S = 180
"""Whoever was called longer ago than this has not come: the card asks to be looked at."""
Figures = Mapping[str, Any]


class ServiceRowText(Struct, frozen=True, kw_only=True):
    """A row of the services' table; `level` ("", "amber", "red") colours the longest wait, `mean_level` the mean."""

    code: str
    letter: str
    name: str
    waiting: str
    longest: str
    level: str
    mean: str
    mean_level: str = ""


def one_decimal_or_dash(value: float | None) -> str:
    """Return minutes as managers see them, with one decimal; "—" if unknown."""
    return UNKNOWN if value is None else f"{value:.1f}"


def percent_with_one_decimal(share: float) -> str:
    return f"{share * 100:.1f}"


# -- figures -----------------------------------------------------------------------------------------------------


def today_key_figures(state: HallState, day: Figures, now: datetime) -> list[DayFigureTexts]:
    """Return waiting, mean wait, share within the target, open windows, satisfaction."""
    waiting = len(state.waiting_tickets())
    first = DayFigureTexts(
        _("Waiting now"),
        str(waiting),
        n_("person", "people", waiting, context="after the number"),
        _("{issued} issued · {finished} finished", issued=day["issued"], finished=day["finished"]),
        short_second=_("{issued} issued, {finished} done", issued=day["issued"], finished=day["finished"]),
    )
    return [
        first,
        _mean_wait_figure(day),
        _within_target_figure(day, overview.waiting_past_target_summary(state, now)),
        _open_windows_figure(state, now),
        _satisfaction_figure(day),
    ]


def _mean_wait_figure(day: Figures) -> DayFigureTexts:
    mean, target = day["wait"]["mean"], day["wait"]["target_minutes"]
    if mean is None:
        return DayFigureTexts(_("Mean wait"), UNKNOWN, "", _("nobody called yet"))
    token = "red" if mean > target else "ink"
    return DayFigureTexts(
        _("Mean wait"),
        one_decimal_or_dash(mean),
        _("min", context="unit"),
        _("target {n} min or less", n=target),
        token,
        short_second=_("target: {n} min", n=target),
    )


def _within_target_figure(day: Figures, late: overview.WaitingCountPastTarget | None) -> DayFigureTexts:
    share, target = day["wait"]["within_target"], day["wait"]["target_minutes"]
    title, short = _("Called within {n} min", n=target), _("Within {n} min", n=target)
    if late is not None:
        shown, unit = (UNKNOWN, "") if share is None else (f"{share * 100:.0f}", "%")
        return DayFigureTexts(
            title, shown, unit, past_target_and_longest_text(late), "red", short, waiting_past_target_text(late)
        )
    if share is None:
        return DayFigureTexts(title, UNKNOWN, "", _("nobody called yet"), short_title=short)
    at_least, _is_whole = targets.in_time_goal_and_if_all_dates(day, targets.WITHIN_TARGET_AT_LEAST)
    token = "red" if share < at_least else "ink"
    second = _("target {share} %", share=target_figure_text(targets.WITHIN_TARGET, at_least))
    return DayFigureTexts(title, f"{share * 100:.0f}", "%", second, token, short)


def _open_windows_figure(state: HallState, now: datetime) -> DayFigureTexts:
    windows = [state.window(code) for code in overview.set_up(state).windows]
    open_ = sum(w.state is ticket_records.WindowState.OPEN for w in windows)
    unit = _("of {n}", context="open windows", n=len(windows))
    long, short = _not_open_windows_texts(windows, now)
    return DayFigureTexts(_("Open windows"), str(open_), unit, long, short_second=short)


def _not_open_windows_texts(windows: Sequence[ticket_records.Window], now: datetime) -> tuple[str, str]:
    paused = [w for w in windows if w.state is ticket_records.WindowState.PAUSED]
    closed = [w for w in windows if w.state is ticket_records.WindowState.CLOSED]
    if len(paused) == 1:
        minutes, code = ticket_records.whole_seconds_between(paused[0].since, now) // 60, paused[0].code
        long = _("window {window} paused for {minutes} min", window=code, minutes=minutes)
        return long, _("window {window} paused", window=code)
    if paused:
        return _("windows {windows} paused", windows=list_text([w.code for w in paused])), _(
            "{n} paused", n=len(paused)
        )
    if len(closed) == len(windows):
        return _("all closed"), ""
    short = n_("{n} closed", "{n} closed", len(closed), context="windows")
    if len(closed) > CLOSED_NAMED:
        return short, ""
    if closed:
        named = list_text([w.code for w in closed])
        return n_("window {windows} closed", "windows {windows} closed", len(closed), windows=named), short
    return _("all of them"), ""


def _satisfaction_figure(day: Figures) -> DayFigureTexts:
    ratings = day["ratings"]
    if ratings["rate"] is None:
        return DayFigureTexts(_("Satisfaction"), UNKNOWN, "", _("nobody rated yet"))
    if is_interval_too_wide(ratings["low"], ratings["high"]):
        few = n_("{n} rating · too few to say", "{n} ratings · too few to say", ratings["n"])
        return DayFigureTexts(
            _("Satisfaction"), percent_with_one_decimal(ratings["rate"]), "%", few, short_second=_("too few to say")
        )
    low, high = round(ratings["low"] * 100), round(ratings["high"] * 100)
    second = n_("{n} rating · {range} %", "{n} ratings · {range} %", ratings["n"], range=figure_range(low, high))
    short = _("{n} rated · {range} %", n=ratings["n"], range=figure_range(low, high))
    token = "red" if targets.is_target_missed(day, targets.SATISFACTION) else "ink"
    return DayFigureTexts(
        _("Satisfaction"), percent_with_one_decimal(ratings["rate"]), "%", second, token, short_second=short
    )


# -- windows -----------------------------------------------------------------------------------------------------


def card_texts_by_window(state: HallState, now: datetime) -> dict[str, cards.WindowCardText]:
    setup = overview.set_up(state)
    return {code: _window_card_text(setup, state, state.window(code), now) for code in setup.windows}


def full_to_short_name_forms(name: str) -> list[str]:
    """Return a name in full, with initials, and the last alone: "Dr Jane Okafor", "Dr J. Okafor", "Okafor"."""
    words = name.split()
    if len(words) < 2:
        return [name]
    first, *middle, last = words
    initials = [f"{word[0]}." for word in middle or [first]]
    return [name, " ".join([*([first] if middle else []), *initials, last]), last]


def _window_card_text(
    setup: Setup, state: HallState, window: ticket_records.Window, now: datetime
) -> cards.WindowCardText:
    number = window.code
    staff = staff_name(setup, window.staff)
    if window.state is ticket_records.WindowState.CLOSED:
        return cards.WindowCardText(number=number, state="closed", word=window_state_word("closed"), away=True)
    time = minutes_seconds(ticket_records.whole_seconds_between(window.since, now))
    if window.state is ticket_records.WindowState.PAUSED:
        reason = reason_words(window.reason or "")
        word = _("{reason}", context="paused", reason=reason) if reason else window_state_word("paused")
        over = (
            ticket_records.whole_seconds_between(window.back, now) // 60
            if window.back is not None and now > window.back
            else 0
        )
        late = over > 0
        if late:
            time = _("+{n} min", n=over)
        return cards.WindowCardText(
            number=number,
            staff=staff,
            state="paused",
            word=word,
            time=time,
            away=True,
            late=late,
            short=window_state_word("paused"),
        )
    ticket = state.tickets.get(window.ticket) if window.ticket else None
    if ticket is None:
        following = next(iter(overview.tickets_callable_by_window(state, window.code, now)), None)
        asks = overview.idle_s_beyond_limit(setup, window, following, now) is not None
        word = _("Free", context="window")
        return cards.WindowCardText(number=number, staff=staff, state="idle", word=word, time=time, asks=asks)
    if ticket.state is ticket_records.TicketState.CALLED:
        word, asks = (
            _("Called", context="state"),
            ticket_records.whole_seconds_between(window.since, now) > CALLED_LONG_S,
        )
        return cards.WindowCardText(
            number=number, staff=staff, ticket=ticket.label, state="called", word=word, time=time, asks=asks
        )
    if ticket.stalled_since is not None:
        return cards.WindowCardText(
            number=number,
            staff=staff,
            ticket=ticket.label,
            state="away",
            word=_("Waiting for a system"),
            short=_("System", context="card"),
            time=minutes_seconds(ticket_records.whole_seconds_between(ticket.stalled_since, now)),
            late=True,
        )
    word = _("Serving", context="card")
    return cards.WindowCardText(
        number=number,
        staff=staff,
        ticket=ticket.label,
        state="serving",
        word=word,
        time=minutes_seconds(ticket_records.current_leg_handling_s(ticket, now)),
        late=_is_handling_late(setup, ticket, now),
    )


def _is_handling_late(setup: Setup, ticket: ticket_records.Ticket, now: datetime) -> bool:
    service = setup.services.get(ticket.service)
    target = service.handling_target if service else None
    return target is not None and ticket_records.current_leg_handling_s(ticket, now) >= target * 60


# -- notes, services -----------------------------------------------------------------------------------------------


def calendar_and_day_note_texts(state: HallState, day: date) -> list[str]:
    told = calendar_day_text(overview.set_up(state).calendar, day)
    return ([told] if told else []) + [note_line_text(note) for note in state.day_notes if note.day == day]


def service_rows(state: HallState, day: Figures, now: datetime) -> list[ServiceRowText]:
    """Return a row for each service of the set-up, and for each that was removed but had tickets today."""
    setup = overview.set_up(state)
    means = {row["code"]: row["wait"]["mean"] for row in day["services"]}
    rows = []
    for line in overview.service_lines(state, now):
        longest = ticket_records.whole_seconds_between(line.longest_since, now) // 60
        rows.append(
            ServiceRowText(
                code=line.service,
                letter=service_letter_or_code(setup, line.service),
                name=service_name(setup, line.service),
                waiting=str(line.waiting),
                longest=minutes_text(longest) if line.waiting else UNKNOWN,
                level=overview.longest_wait_level(
                    setup, (t for t in state.waiting_tickets() if t.service == line.service), now
                ),
                mean=one_decimal_or_dash(means.get(line.service)),
                mean_level=_mean_wait_color_level(means.get(line.service), day),
            )
        )
    for code in [row["code"] for row in day["services"] if row["code"] not in setup.services]:
        rows.append(
            ServiceRowText(
                code=code,
                letter=service_letter_or_code(setup, code),
                name=service_name(setup, code),
                waiting="0",
                longest=UNKNOWN,
                level="",
                mean=one_decimal_or_dash(means[code]),
                mean_level=_mean_wait_color_level(means[code], day),
            )
        )
    return rows


def _mean_wait_color_level(mean: float | None, day: Figures) -> str:
    return "red" if mean is not None and mean > day["wait"]["target_minutes"] else ""


def date_time_live_text(day: str, now: datetime, live: str) -> str:
    """Return the line beside the page's title: date, time, and whether it is live."""
    return " · ".join((day, time_hm(now), live))


ROW, HEAD, HIGHEST_ROW = 38, 34, 48
LARGE_ROW, LARGE_HEAD = 26, 26
HEAD_PX, SMALL_HEAD_PX = 15, 13
RIGHT = Qt.AlignmentFlag.AlignRight
LEAST_ROWS = 4
NARROW = 340
MOST_ROWS = 10
UNBOUND = (1 << 24) - 1  # Qt's own largest height


def _row_and_head_heights(look: Look) -> tuple[int, int]:
    """Return the heights of a row and of the head: large text leaves them less air, so that more services are seen."""
    row, head = (LARGE_ROW, LARGE_HEAD) if look.scale.is_text_large else (ROW, HEAD)
    return look.px(row), look.px(head)


class ServiceTableColumnEdges:
    """The right edges of the figures' columns, as wide as the widest of their words."""

    def __init__(self) -> None:
        self.words: list[str] = ["", "", ""]
        self.cells: list[list[str]] = [[], [], []]
        self.head_px = HEAD_PX

    def column_right_edges(self, look: Look, width: float) -> list[float]:
        head, cell = look.font(self.head_px), look.font(16, bold=True, tabular=True)
        gap = look.gap(12)
        right, ends = width, []
        for at, (word, cells) in enumerate(zip(reversed(self.words), reversed(self.cells), strict=True)):
            if at == 0 and self.is_narrow(look, width):
                ends.append(0.0)
                continue
            ends.append(right)
            widest = max([paint.width_of_text(head, word), *(paint.width_of_text(cell, text) for text in cells)])
            right -= widest + gap
        return ends[::-1]

    def is_narrow(self, look: Look, width: float) -> bool:
        return width < look.px(NARROW)

    def figures_left_edge(self, look: Look, width: float) -> float:
        head, cell = look.font(self.head_px), look.font(16, bold=True, tabular=True)
        widest = max(
            [paint.width_of_text(head, self.words[0]), *(paint.width_of_text(cell, text) for text in self.cells[0])]
        )
        return self.column_right_edges(look, width)[0] - widest - look.gap(10)


class _ServiceTableHead(ColumnHeadRow):
    def __init__(self, look: Look, columns: ServiceTableColumnEdges) -> None:
        super().__init__(look)
        self._columns, self._title = columns, ""

    def set_title(self, title: str) -> None:
        self._title = title
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(300), _row_and_head_heights(self.look)[1])

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look = paint.Painter(self, self.look), self.look
        high, width = self.height() - 1, self.width() - self.inset
        left = self._columns.figures_left_edge(look, width)
        painter.draw_words_and_give_end_x(self._title, look.font(17, bold=True), "ink", QRectF(0, 0, left, high))
        for end, word in zip(self._columns.column_right_edges(look, width), self._columns.words, strict=True):
            if not end:
                continue
            painter.draw_words_and_give_end_x(
                word, look.font(self._columns.head_px), "ink2", QRectF(0, 0, end, high), RIGHT
            )
        painter.draw_divider(QPointF(0, high), QPointF(self.width(), high))


class _ServiceTableRow(buttons.PaintedButton):
    def __init__(self, look: Look, columns: ServiceTableColumnEdges) -> None:
        super().__init__(look)
        self._columns = columns
        self._said: ServiceRowText | None = None
        self.high = 0  # what its card has for each row
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def service_name(self) -> str:
        return self._said.name if self._said is not None else ""

    def set_row(self, said: ServiceRowText) -> None:
        self._said = said
        words = self._columns.words
        figures = zip(words, (said.waiting, said.longest, said.mean), strict=True)
        self.setAccessibleName(f"{said.letter} {said.name}, " + ", ".join(f"{word} {value}" for word, value in figures))
        self.setToolTip(said.name)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(300), max(self.high, _row_and_head_heights(self.look)[0]))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look, said = paint.Painter(self, self.look), self.look, self._said
        if said is None:
            return
        rect = QRectF(0, 0, self.width(), self.height() - 1)
        if self.underMouse() or self.isDown():
            painter.draw_box(rect, 8, "soft" if self.isDown() else "paper")
        side = look.px(26)
        painter.draw_badge(QRectF(0, (rect.height() - side) / 2, side, side), said.letter)
        x = side + look.px(9)
        left = self._columns.figures_left_edge(look, self.width())
        px = paint.largest_fitting_px(said.name, left - x, look.px(16), bold=True, least=look.px(15))
        font = font_of_size(px, bold=True)
        lines, high, top = [said.name], rect.height(), 0.0
        if paint.width_of_text(font, said.name) > left - x:
            # Two lines stand close together, a little above the middle: the tails of the lower one need room.
            px = min(px, 0.45 * rect.height())
            font, high = font_of_size(px, bold=True), 0.95 * px
            lines, top = paint.wrapped_lines(font, said.name, left - x, 2), rect.height() / 2 - high - 0.15 * px
        for at, line in enumerate(lines):
            painter.draw_words_and_give_end_x(line, font, "ink", QRectF(x, top + at * high, left - x, high))
        styles = (("ink", False), _figure_color_and_bold(said.level), _figure_color_and_bold(said.mean_level))
        ends = self._columns.column_right_edges(look, self.width())
        for end, text, (ink, heavy) in zip(ends, (said.waiting, said.longest, said.mean), styles, strict=True):
            if not end:
                continue
            font = look.font(16, bold=heavy, tabular=True)
            painter.draw_words_and_give_end_x(text, font, ink, QRectF(0, 0, end, rect.height()), RIGHT)
        painter.draw_divider(QPointF(0, rect.height()), QPointF(self.width(), rect.height()))


def _figure_color_and_bold(level: str) -> tuple[str, bool]:
    token, bold, _icon = LEVELS[level]
    return token if level else "ink", bold


class ServiceTable(panels.Card):
    """`picked` gives the code of the service whose row was pressed."""

    picked = Signal(str)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent=parent)
        self._columns = ServiceTableColumnEdges()
        self.rows: dict[str, _ServiceTableRow] = {}
        column = QVBoxLayout(self)
        panels.set_scaled_margins(look, column, (18, 6, 18, 6), 0)
        self._head = _ServiceTableHead(look, self._columns)
        column.addWidget(self._head)
        self._area = ScrollingRowsArea(look, self._head, gap=6)
        column.addWidget(self._area, 1)

    def set_words(self, *, title: str, waiting: str, longest: str, mean: str) -> None:
        self._columns.words = [waiting, longest, mean]
        self._head.set_title(title)

    def set_rows(self, rows: Sequence[ServiceRowText]) -> None:
        """Show these services; the rows are kept while the services are the same."""
        cells = [[row.waiting for row in rows], [row.longest for row in rows], [row.mean for row in rows]]
        if cells != self._columns.cells:
            self._columns.cells = cells
            self._head.update()
        if [row.code for row in rows] != list(self.rows):
            panels.remove_and_delete_widgets(self.rows.values())
            self.rows = {}
            for at, row in enumerate(rows):
                widget = _ServiceTableRow(self.look, self._columns)
                widget.clicked.connect(partial(self.picked.emit, row.code))
                self._area.column.insertWidget(at, widget)
                self.rows[row.code] = widget
        for row in rows:
            self.rows[row.code].set_row(row)
        self._stretch_rows_to_card()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._stretch_rows_to_card()

    def _stretch_rows_to_card(self) -> None:
        """Let few rows fill the card."""
        room = self.height() - _row_and_head_heights(self.look)[1] - 2 * self.look.gap(6)
        high = min(room // max(1, len(self.rows)), self.look.px(HIGHEST_ROW))
        for row in self.rows.values():
            if row.high != high:
                row.high = high
                row.updateGeometry()

    def least_height(self, most: int = LEAST_ROWS) -> int:
        """Return the height that shows the first rows without scrolling."""
        rows = min(max(len(self.rows), 1), most)
        return self._needed_height(rows)

    def set_small_column_heads(self, small: bool) -> None:
        """Write the columns' names smaller, for a page that has little width beside the table."""
        self._columns.head_px = SMALL_HEAD_PX if small else HEAD_PX

    def width_for_single_line_names(self) -> int:
        """Return the width at which every name fits in one line beside all figures."""
        look, wide = self.look, UNBOUND
        figures = wide - self._columns.figures_left_edge(look, wide)
        names = [paint.width_of_text(look.font(16, bold=True), row.service_name) for row in self.rows.values()]
        return round(figures + look.px(26 + 9) + max(names, default=0) + 2 * look.gap(18) + look.px(4))

    def _needed_height(self, rows: int) -> int:
        row, head = _row_and_head_heights(self.look)
        return head + row * rows + 2 * self.look.gap(6)

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.large_px(240), self._needed_height(1))
