"""The calendar's page: as many months of a year as fit, the panel of the days chosen, and taking in a table; and what
reads and changes days for it."""

from __future__ import annotations

import calendar as months
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainterPath,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.features import features_used_by_hall, import_reference
from queuedesk.core.figures.periods import dates_between
from queuedesk.core.network.roles import MAY
from queuedesk.core.setup import hall as hall_setup
from queuedesk.core.setup.hall import Row as CalendarRow
from queuedesk.core.setup.rows import Setup
from queuedesk.desk import calendaring
from queuedesk.desk.calendaring import PublishedHolidayYear
from queuedesk.features.calendar.pages.day import PANEL, DayPanel, YearContentWithChosenDates, day_and_month_text
from queuedesk.features.calendar.verbs import calendar_changes, read_calendar_file
from queuedesk.features.calendar.words import calendar_row_text, calendar_sources_texts, law_days_only_text
from queuedesk.i18n import _, date_for_staff, n_, weekday_long, weekday_short
from queuedesk.i18n.moments import figure_range, month_long, month_short
from queuedesk.stations.manager.parts.page import TABLES, ManagerPage, PageSpec
from queuedesk.stations.manager.parts.table import TableImportQuestion
from queuedesk.stations.manager.setup_frame.draft import SetUpController
from queuedesk.stations.widgets import paint
from queuedesk.stations.widgets.buttons import IconButton, SecondaryButton
from queuedesk.stations.widgets.panels import FixedSizeKeeper, Label, VerticalScrollArea, set_scaled_margins
from queuedesk.stations.widgets.questions.dialogs import ask_and_do_if_confirmed
from queuedesk.stations.widgets.questions.files import ask_file
from queuedesk.stations.window.frame import station_page_of_widget
from queuedesk.stations.window.style import PAGE, Look

LEAST_LEFT, WIDE_LEFT = 400, 600
"""Narrower than the first, months and panel are two pages; narrower than the second, the head leaves words out."""
LEAST_CELL, MOST_CELL_W, MOST_CELL_H = 36, 48, 44
"""A finger needs the first of each date; the others are what a date takes of spare room."""
HEAD, WEEK, GAP_X, GAP_Y, LEGEND, MONTHS_WIDE = 24, 18, 24, 12, 24, 150
MIDDLE = Qt.AlignmentFlag.AlignHCenter
MONDAY = date(2024, 1, 1)
FIRST_YEAR, LAST_YEAR = 2000, 2100
WEEKEND, CLOSED = "weekend", "closed"
"""Kinds of a date beside those of the calendar: no working day of the week, and closed by the hall alone."""
_DAYS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -7, Qt.Key.Key_Down: 7}
_MONTHS = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}


class YearView(paint.FollowsLook, QWidget):
    """As many whole months of a year as there is room for. `moved` gives the date that a person went to, and whether
    the dates up to it are chosen with it; `resized` says that other months may be shown."""

    moved = Signal(object, bool)
    resized = Signal()
    spoken_role = QAccessible.Role.Table

    def __init__(self, look: Look, told: Callable[[date], str], parent: QWidget | None = None) -> None:
        """`told` says a date in words, for screen readers."""
        super().__init__(parent)
        today = date(FIRST_YEAR, 1, 1)
        self.data = YearContentWithChosenDates(year=today.year, month=today.month, today=today, at=today, anchor=today)
        self._told = told
        self._is_drawn_over = False
        self.follow_look(look)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_year(self, data: YearContentWithChosenDates) -> None:
        """Show other data; a screen reader is told of another date."""
        before, self.data = self.data, data
        self.setAccessibleName(self._told(data.at))
        if (before.at, before.anchor) != (data.at, data.anchor) and self.hasFocus():
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.NameChanged))
            paint.announce_to_screen_reader(self, self._told(data.at))
        self.update()

    # -- where things are --------------------------------------------------------------------------------------------

    @property
    def shown_months(self) -> range:
        """The months shown, 1 to 12: those of the data's month and as many more as there is room for."""
        columns, rows = self._month_columns_and_rows()
        first = (self.data.month - 1) // (columns * rows) * columns * rows + 1
        return range(first, first + columns * rows)

    def _month_columns_and_rows(self) -> tuple[int, int]:
        """Return how many months stand beside and below each other: of what fits the most by which the year divides."""
        px, least = self.look.px, self._least_month_size()
        wide = (self.width() + px(GAP_X)) // (least.width() + px(GAP_X))
        high = (self.height() + px(GAP_Y)) // (least.height() + px(GAP_Y))
        for n in (12, 6, 4, 3, 2):
            for columns in range(min(n, wide), 0, -1):
                if n % columns == 0 and n // columns <= high:
                    return columns, n // columns
        return 1, 1

    def _least_month_size(self) -> QSize:
        px = self.look.px
        return QSize(7 * px(LEAST_CELL), px(HEAD + WEEK) + 6 * px(LEAST_CELL))

    def _cell_size(self) -> tuple[int, int]:
        (columns, rows), px = self._month_columns_and_rows(), self.look.px
        wide = (self.width() - (columns - 1) * px(GAP_X)) // columns // 7
        high = ((self.height() - (rows - 1) * px(GAP_Y)) // rows - px(HEAD + WEEK)) // 6
        least = px(LEAST_CELL)
        return max(least, min(px(MOST_CELL_W), wide)), max(least, min(px(MOST_CELL_H), high))

    def minimumSizeHint(self) -> QSize:
        return self._least_month_size()

    def sizeHint(self) -> QSize:
        return self._least_month_size()

    def _month_rect(self, month: int) -> QRectF:
        """Return where a month stands that is shown."""
        (columns, _rows), (wide, high), px = self._month_columns_and_rows(), self._cell_size(), self.look.px
        row, column = divmod(month - self.shown_months.start, columns)
        tall = px(HEAD + WEEK) + 6 * high
        return QRectF(column * (7 * wide + px(GAP_X)), row * (tall + px(GAP_Y)), 7 * wide, tall)

    def day_cell_rect(self, day: date) -> QRectF:
        """Return where a date of the months shown stands."""
        block, (wide, high) = self._month_rect(day.month), self._cell_size()
        row, column = divmod(day.replace(day=1).weekday() + day.day - 1, 7)
        top = block.y() + self.look.px(HEAD + WEEK)
        return QRectF(block.x() + column * wide, top + row * high, wide, high)

    def date_at_point(self, place: QPointF) -> date | None:
        """Return the date at a place, None where there is none."""
        for month in self.shown_months:
            if self._month_rect(month).contains(place):
                last = months.monthrange(self.data.year, month)[1]
                days = (date(self.data.year, month, n) for n in range(1, last + 1))
                return next((day for day in days if self.day_cell_rect(day).contains(place)), None)
        return None

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()

    # -- by hand -----------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        day = self.date_at_point(event.position())
        if day is not None and event.button() == Qt.MouseButton.LeftButton:
            self.moved.emit(day, bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
            self._is_drawn_over = self.data.at == day  # not while a question is open

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        day = self.date_at_point(event.position())
        if self._is_drawn_over and day not in (None, self.data.at):
            self.moved.emit(day, True)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._is_drawn_over = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, data = Qt.Key(event.key()), self.data
        with_them = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if key in _DAYS:
            self._emit_move_to_day(data.at + timedelta(days=_DAYS[key]), with_them)
        elif key in _MONTHS:
            self._emit_move_to_day(_same_day_months_later(data.at, _MONTHS[key]), with_them)
        elif key == Qt.Key.Key_Home:
            self._emit_move_to_day(data.today, with_them)
        else:
            super().keyPressEvent(event)

    def _emit_move_to_day(self, day: date, with_them: bool) -> None:
        if FIRST_YEAR <= day.year <= LAST_YEAR:
            self.moved.emit(day, with_them)

    def focusInEvent(self, event: QFocusEvent) -> None:
        paint.show_ring_on_focus_in(self, event, self.look, 10.0)
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        paint.hide_ring_on_focus_out(self, event)
        super().focusOutEvent(event)

    # -- painting ----------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look = paint.Painter(self, self.look), self.look
        wide, _high = self._cell_size()
        for month in self.shown_months:
            block = self._month_rect(month)
            if not event.region().intersects(block.toAlignedRect()):
                continue
            first = date(self.data.year, month, 1)
            place = QRectF(block.x() + look.px(3), block.y(), block.width(), look.px(HEAD))
            painter.draw_words_and_give_end_x(month_long(first), look.font(17, bold=True), "ink", place)
            for column in range(7):
                word = weekday_short(MONDAY.replace(day=column + 1))
                head = QRectF(block.x() + column * wide, block.y() + look.px(HEAD), wide, look.px(WEEK))
                painter.draw_words_and_give_end_x(word, look.font(13), "ink2", head, MIDDLE)
            for n in range(months.monthrange(first.year, month)[1]):
                self._paint_day(painter, first + timedelta(days=n))

    def _paint_day(self, painter: paint.Painter, day: date) -> None:
        look, data, cell = self.look, self.data, self.day_cell_rect(day)
        kind = shown_day_kind(data.calendar, day)
        first, last = data.chosen_date_range
        inner = cell.adjusted(look.px(1), look.px(1), -look.px(1), -look.px(1))
        paint_day_kind(painter, inner, kind)
        if day == data.today:
            painter.draw_box(inner, 5, "", edge="ink", width=1.5)
        if first <= day <= last:
            painter.draw_box(inner, 5, "", edge="primary", width=3)
        bold = kind in (hall_setup.WORKING, hall_setup.SPECIAL) or day == data.today
        token = "ink2" if kind in (WEEKEND, hall_setup.HOLIDAY, CLOSED) else "ink"
        text = inner.adjusted(0, 0, 0, -look.px(8)) if kind not in ("", WEEKEND) else inner
        painter.draw_words_and_give_end_x(str(day.day), look.font(15, bold=bold, tabular=True), token, text, MIDDLE)


def shown_day_kind(calendar: hall_setup.Calendar, day: date) -> str:
    """Return what kind of date the months show: that of its row, a closed day without a source as CLOSED; without a row
    WEEKEND, or "" on a working day."""
    row = calendar.entry_on(day)
    if row is None:
        return "" if hall_setup.is_working_day(calendar, day) else WEEKEND
    return CLOSED if row.kind == hall_setup.HOLIDAY and not row.source else row.kind


def paint_day_kind(painter: paint.Painter, rect: QRectF, kind: str) -> None:
    """Draw a date's ground and the shape of its kind: bar, cross, dot or triangle, so that colour is never alone."""
    look, outlined = painter.look, painter.look.theme.outlined
    ground = {
        hall_setup.WORKING: "soft",
        hall_setup.SPECIAL: "bluebg",
        WEEKEND: "sunken",
        hall_setup.HOLIDAY: "line",
        CLOSED: "sunken",
    }.get(kind, "")
    if kind == CLOSED:
        painter.draw_box(rect, 5, ground, edge="edge", dashed=True)
    elif ground:
        painter.draw_box(rect, 5, "sunken" if outlined else ground, edge="line" if outlined else "")
    middle, foot = rect.center().x(), rect.bottom() - look.px(4)
    painter.setPen(Qt.PenStyle.NoPen)
    if kind == hall_setup.HOLIDAY:
        painter.setBrush(look.color("ink2"))
        painter.drawRect(QRectF(middle - look.px(8), foot - look.px(3), look.px(16), max(2, look.px(3))))
    elif kind == CLOSED:
        painter.setPen(QPen(look.color("ink2"), max(2, look.px(2))))
        side = look.px(3)
        for way in (side, -side):
            painter.drawLine(QPointF(middle - side, foot - side - way), QPointF(middle + side, foot - side + way))
    elif kind == hall_setup.WORKING:
        painter.setBrush(look.color("primary"))
        painter.drawEllipse(QPointF(middle, foot - look.px(3)), look.px(3), look.px(3))
    elif kind == hall_setup.SPECIAL:
        painter.setBrush(look.color("blue"))
        path = QPainterPath(QPointF(middle - look.px(6), foot))
        path.lineTo(middle, foot - look.px(6))
        path.lineTo(middle + look.px(6), foot)
        painter.drawPath(path)


def _same_day_months_later(day: date, step: int) -> date:
    at = day.year * 12 + day.month - 1 + step
    year, month = at // 12, at % 12 + 1
    return date(year, month, min(day.day, months.monthrange(year, month)[1]))


class CalendarLegend(paint.FollowsLook, QWidget):
    """What the shapes in the months mean, in as many lines as it takes."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.makes_up = True
        self.follow_look(look)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def _legend_entries(self) -> list[tuple[str, str]]:
        names = {
            WEEKEND: _("weekend", context="legend"),
            hall_setup.HOLIDAY: _("holiday", context="legend"),
            CLOSED: _("closed by the hall", context="legend"),
            hall_setup.WORKING: _("make-up working day", context="legend"),
            hall_setup.SPECIAL: _("special hours", context="legend"),
            "today": _("today", context="legend"),
        }
        return [(kind, word) for kind, word in names.items() if kind != hall_setup.WORKING or self.makes_up]

    def _entry_places(self, width: float) -> list[tuple[float, int, str, str]]:
        found, x, line = [], 0.0, 0
        for kind, word in self._legend_entries():
            wide = self.look.px(28) + paint.width_of_text(self.look.font(15), word)
            if x and x + wide > width:
                x, line = 0.0, line + 1
            found.append((x, line, kind, word))
            x += wide + self.look.px(18)
        return found

    def heightForWidth(self, width: int) -> int:
        return self.look.px(LEGEND) * (self._entry_places(width)[-1][1] + 1)

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(300), self.look.px(LEGEND))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look = paint.Painter(self, self.look), self.look
        for x, line, kind, word in self._entry_places(self.width()):
            top = look.px(LEGEND) * line
            box = QRectF(x, top + look.px(2), look.px(20), look.px(20))
            paint_day_kind(painter, box, kind)
            if kind == "today":
                painter.draw_box(box, 5, "", edge="ink", width=1.5)
            place = QRectF(x + look.px(28), top, self.width(), look.px(LEGEND))
            painter.draw_words_and_give_end_x(word, look.font(15), "ink2", place)


# -- days read and changed ---------------------------------------------------------------------------------------------


class CalendarDifferences(Struct, frozen=True):
    """Days of a table or of a published year: its name, and what they would change, by date before and after.
    `law_only` as of a PublishedHolidayYear."""

    name: str
    differences: Mapping[str, tuple[CalendarRow | None, CalendarRow | None]]
    law_only: bool = False


def may_change_calendar(controller: SetUpController) -> bool:
    """Whether the person here may change the calendar: a manager too."""
    who = controller.context.who
    return who is not None and "calendar" in MAY[who.role]


def known_holiday_years_for_hall(controller: SetUpController) -> Mapping[int, PublishedHolidayYear]:
    """Return the years whose published days come with the program for this hall."""
    return calendaring.published_years(calendaring.country_of_published_days(controller.setup.hall))


def save_calendar_rows(
    controller: SetUpController, rows: Mapping[str, CalendarRow | None], saved: Callable[[], None]
) -> None:
    """Give dates their rows, None for one that is as its weekday again."""
    controller.run_undoable_change(
        lambda desk, ask: calendaring.set_calendar_days(desk, ask, rows), lambda _days: saved()
    )


def read_and_show_calendar_file_changes(
    controller: SetUpController, path: Path, show: Callable[[CalendarDifferences], object]
) -> None:
    """Read a table of days, and `show` what it would change, if it can be read."""
    document = controller.setup.document

    def read_calendar_changes() -> CalendarDifferences:
        return CalendarDifferences(path.name, calendar_changes(document, read_calendar_file(path)))

    controller.start_unless_busy("calendar", read_calendar_changes, show)


def differences_of_published_year(controller: SetUpController, year: int) -> CalendarDifferences:
    """Compare the published days of a year with the hall's."""
    known = known_holiday_years_for_hall(controller)[year]
    changes = calendar_changes(controller.setup.document, known.days)
    return CalendarDifferences(str(year), changes, law_only=known.law_only)


# -- the page ----------------------------------------------------------------------------------------------------------


class CalendarDifferencesDialog(TableImportQuestion):
    """What a table or a published year would change, before it does."""

    def __init__(self, host: QWidget, look: Look, read: CalendarDifferences) -> None:
        n = len(read.differences)
        title = n_("{name}: {n} date differs", "{name}: {n} dates differ", n, name=read.name)
        effect = _("Dates that are not in it stay as they are.") if n else _("Nothing would change here.")
        if n and read.law_only:
            effect = law_days_only_text()
        super().__init__(host, look, title=title, effect=effect, width=640)
        lines = []
        for day, (before, after) in read.differences.items():
            on = date.fromisoformat(day)
            was = f"{calendar_row_text(before)} → " if before is not None else ""
            lines.append(f"{date_for_staff(on)} {on.year}  {was}{calendar_row_text(after)}")
        self.list_changes_and_offer(lines, title, _("Import these days"))


def _year_count_texts(calendar: hall_setup.Calendar, year: int) -> list[str]:
    """Return a year in figures: its working days, and its dates that are not as their weekday, by kind."""
    kinds = [shown_day_kind(calendar, day) for day in dates_between(date(year, 1, 1), date(year, 12, 31))]
    n = {kind: kinds.count(kind) for kind in (hall_setup.HOLIDAY, CLOSED, hall_setup.SPECIAL)}
    return [
        n_("{n} working day", "{n} working days", hall_setup.working_days_in_year(calendar, year)),
        n_("{n} holiday", "{n} holidays", n[hall_setup.HOLIDAY]) if n[hall_setup.HOLIDAY] else "",
        n_("closed on {n} day", "closed on {n} days", n[CLOSED]) if n[CLOSED] else "",
        n_("special hours on {n} day", "special hours on {n} days", n[hall_setup.SPECIAL])
        if n[hall_setup.SPECIAL]
        else "",
    ]


class CalendarPage(QWidget):
    """Set-up's page of the calendar: months at the left, the chosen dates at the right, or one behind the other."""

    said = Signal(str, str)

    def __init__(self, look: Look, controller: SetUpController, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._controller = look, controller
        self._setup: Setup | None = None
        self._trouble: QueueDeskError | None = None
        self._is_open = False
        today = controller.context.feed.business_date
        self._data = YearContentWithChosenDates(year=today.year, month=today.month, today=today, at=today, anchor=today)
        self.frame = ManagerPage(look, PageSpec(title=lambda: _("Calendar", context="field"), foot=8))
        self.head = self.frame.head
        self.before = IconButton(look, "arrow-left", _("Months before"), framed=True)
        self.after = IconButton(look, "arrow-right", _("Months after"), framed=True)
        self.months = Label(look, px=17, bold=True, align=MIDDLE)
        self.import_button = SecondaryButton(look, "", icon="folder", height=44)
        self.import_button.setAccessibleName(_("Import", context="calendar"))
        self.line = Label(look, px=15, token="ink2", wrap=True)
        self.view = YearView(look, self.date_and_hours_in_words)
        self.legend = CalendarLegend(look)
        self.sources = Label(look, px=15, token="ink2", wrap=True)
        self.panel = DayPanel(look)
        self._lay_out_widgets()
        self.before.clicked.connect(partial(self._turn_months, -1))
        self.after.clicked.connect(partial(self._turn_months, 1))
        self.import_button.clicked.connect(self._offer_import_sources)
        self.view.moved.connect(self.choose_date_or_ask_to_discard)
        self.view.resized.connect(self._show_month_range_in_label)
        self.panel.saving.connect(self._save_day_rows)
        self.panel.left.connect(self._close_day_panel)
        controller.busy_changed.connect(self.panel.save_button.set_busy)
        self._fit_parts_to_width()
        self._show_chosen_year()

    def _lay_out_widgets(self) -> None:
        look = self._look
        self._keys = QWidget()
        row = QHBoxLayout(self._keys)
        set_scaled_margins(look, row, spacing=4)
        for widget in (self.before, self.months, self.after):
            row.addWidget(widget)
        FixedSizeKeeper(look, self.months, width=MONTHS_WIDE)  # the arrows stay where they are
        self.frame.add_part(self.line, gap=2)
        self._low_keys = QHBoxLayout()
        self._low_keys.addStretch(1)
        low = QWidget()
        low.setLayout(self._low_keys)
        self._low_keys.setContentsMargins(0, 0, 0, 0)
        self.frame.add_part(low)
        inner = QWidget()
        column = QVBoxLayout(inner)
        set_scaled_margins(look, column, (PAGE, 0, 10, 0), 6)
        column.addWidget(self.view, 1)
        column.addWidget(self.legend)
        column.addWidget(self.sources)
        self._area = VerticalScrollArea(inner)
        self.frame.add_part(self._area, 1, inset=False, gap=6)
        FixedSizeKeeper(look, self.panel, width=PANEL)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.frame, 1)
        row.addWidget(self.panel)

    def minimumSizeHint(self) -> QSize:
        """Return the room for one of months and panel: with less than for both they are two pages."""
        return QSize(self._look.px(LEAST_LEFT), self._look.px(200))

    # -- what is shown -----------------------------------------------------------------------------------------------

    def show_setup(self, setup: Setup, *, may_change: bool) -> None:
        """Follow the hall; managers may change the calendar too."""
        self._setup = setup
        self._data = replace(self._data, calendar=setup.calendar, today=self._controller.context.feed.business_date)
        self._show_chosen_year()

    def show_trouble(self, trouble: QueueDeskError | None) -> None:
        """Show what is wrong; None removes it."""
        self._trouble = trouble
        if trouble is not None:
            self.frame.show_warning(trouble)
        else:
            self.frame.banner.hide()

    @property
    def is_changed(self) -> bool:
        return self.panel.is_changed

    def discard_edits(self) -> None:
        self.panel.discard_edits()

    def state_to_restore(self) -> tuple[int, int, date, date, bool] | None:
        data = self._data
        return None if self.is_changed else (data.year, data.month, data.at, data.anchor, self._is_open)

    def restore_state(self, left: tuple[int, int, date, date, bool]) -> None:
        year, month, at, anchor, self._is_open = left
        self._data = replace(self._data, year=year, month=month, at=at, anchor=anchor)
        self._show_chosen_year()

    def date_and_hours_in_words(self, day: date) -> str:
        """Return a date in words: "Friday 27 November, special hours, 8:30–15:00, chosen"."""
        known = (
            hall_setup.rows_of_calendar(self._setup.document).get(day.isoformat()) if self._setup is not None else None
        )
        first, last = self._data.chosen_date_range
        parts = [f"{weekday_long(day)} {day_and_month_text(day)}", calendar_row_text(known).replace("  ", ", ")]
        if first <= day <= last:
            parts.append(_("chosen", context="day"))
        return ", ".join(parts)

    def _show_chosen_year(self) -> None:
        setup, data = self._setup, self._data
        if setup is None:
            return
        self.view.show_year(data)
        self._show_month_range_in_label()
        self.legend.makes_up = setup.calendar.makes_up
        self.legend.updateGeometry()
        self.legend.update()
        own = any(day.year == data.year for day in setup.calendar.days)
        known = known_holiday_years_for_hall(self._controller)
        none = _("{year} is not published yet: weekends only", year=data.year) if known and not own else ""
        if not own and data.year in known:
            none = _("The days published for {year} have not been imported yet: weekends only", year=data.year)
        if not own and not known:
            none = _("public holidays not entered")
        self.line.setText(" · ".join(part for part in (*_year_count_texts(setup.calendar, data.year), none) if part))
        self.sources.setText(" · ".join(calendar_sources_texts(setup.calendar, data.year)))
        self.line.setToolTip(self.sources.text())
        self._fit_parts_to_width()
        self.import_button.setToolTip(
            _("Import the published days, or days from a table") if known else _("From a table …")
        )
        may = may_change_calendar(self._controller)
        self.import_button.setVisible(may)
        self.panel.show_chosen_dates(
            setup, data, may=may, moved=self._texts_of_what_no_longer_fits, due=self._due_dates_of_open_work
        )

    def _show_month_range_in_label(self) -> None:
        first, last = (
            date(self._data.year, month, 1) for month in (self.view.shown_months[0], self.view.shown_months[-1])
        )
        named = figure_range(month_short(first), month_short(last))
        self.months.setText(_("{month} {year}", context="period", month=named, year=first.year))

    def _texts_of_what_no_longer_fits(self, after: Setup, days: Sequence[date]) -> list[str]:
        state = self._controller.context.feed.state
        told = [
            import_reference(one.moved)(state, after, days) for one in features_used_by_hall(after.hall) if one.moved
        ]
        return [text for text in told if text]

    def _due_dates_of_open_work(self) -> list[date]:
        """Return the last days told of what is open: cases and what is to be put right."""
        state, today = self._controller.context.feed.state, self._data.today
        cases = [one.next_step_due_date(today) for one in state.cases.values()]
        return [one for one in cases if one] + [one.due for one in state.rectifications.values() if one.is_open]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_parts_to_width()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        QTimer.singleShot(0, self, self._scroll_to_chosen_date)

    def _scroll_to_chosen_date(self) -> None:
        """Scroll to the date that was chosen last."""
        if self._data.at.year == self._data.year and self._data.at.month in self.view.shown_months:
            cell, px = self.view.day_cell_rect(self._data.at), self._look.px
            self._area.ensureVisible(0, round(cell.center().y()), 0, px(110))

    def _fit_parts_to_width(self) -> None:
        look = self._look
        room = self.width() - look.large_px(PANEL)
        narrow = room < look.px(LEAST_LEFT)
        self.panel.setMinimumWidth(0 if narrow else look.large_px(PANEL))
        self.panel.setMaximumWidth(16777215 if narrow else look.large_px(PANEL))
        self.frame.setVisible(not (narrow and self._is_open))
        self.panel.setVisible(not narrow or self._is_open)
        self.panel.back_button.setVisible(narrow)
        compact = (self.width() if narrow else room) < look.px(WIDE_LEFT)
        self.head.title.setVisible(not compact)
        self.sources.setVisible(bool(self.sources.text()) and not compact)
        if compact:
            self._low_keys.insertWidget(0, self._keys)
        else:
            self.head.add_button(self._keys)
        self.head.add_button(self.import_button)
        self.import_button.setText("" if compact else _("Import", context="calendar"))

    # -- acts --------------------------------------------------------------------------------------------------------

    def choose_date_or_ask_to_discard(self, day: date, with_them: bool = False) -> None:
        """Choose a date, or with the dates up to it; asks where something typed would be lost."""
        if day != self._data.at and self.panel.is_changed:
            ask_and_do_if_confirmed(
                station_page_of_widget(self) or self.window(),
                self._look,
                partial(self._discard_edits_and_choose, day, with_them),
                title=_("Discard the changes?"),
                effect=_("What you typed is not saved yet."),
                safe=_("Go on editing"),
                act=_("Discard changes"),
            )
            return
        self._choose_day(day, with_them)

    def _discard_edits_and_choose(self, day: date, with_them: bool) -> None:
        self.panel.discard_edits()
        self._choose_day(day, with_them)

    def _choose_day(self, day: date, with_them: bool) -> None:
        anchor = self._data.anchor if with_them else day
        self._data = replace(self._data, year=day.year, month=day.month, at=day, anchor=anchor)
        self.panel.mark_untouched()
        self._is_open = True
        self._show_chosen_year()
        self._fit_parts_to_width()
        self._scroll_to_chosen_date()

    def _close_day_panel(self) -> None:
        self._is_open = False
        self._fit_parts_to_width()
        self.view.setFocus()

    def _turn_months(self, step: int) -> None:
        """Show the months before or after those shown."""
        shown = self.view.shown_months
        year, month = divmod(self._data.year * 12 + shown.start - 1 + step * len(shown), 12)
        if FIRST_YEAR <= year <= LAST_YEAR:
            self._data = replace(self._data, year=year, month=month + 1)
            self._show_chosen_year()

    def _offer_import_sources(self) -> None:
        entries: list[tuple[str, Callable[[], object]]] = [
            (_("Published days of {year}", year=year), partial(self.preview_published_year, year))
            for year in sorted(known_holiday_years_for_hall(self._controller), reverse=True)
        ]
        entries.append((_("From a table …"), self._ask_file_to_import))
        self.frame.open_menu(self.import_button, entries)

    def _ask_file_to_import(self) -> None:
        ask_file(self, _("Import", context="calendar"), TABLES, self.examine_file)

    def examine_file(self, path: str) -> None:
        """Show what the table at `path` would change."""
        self.show_trouble(None)
        read_and_show_calendar_file_changes(self._controller, Path(path), self._show_import_preview)

    def preview_published_year(self, year: int) -> None:
        """Show what the days published for a year would change."""
        self.show_trouble(None)
        self._show_import_preview(differences_of_published_year(self._controller, year))

    def _show_import_preview(self, read: CalendarDifferences) -> None:
        self.show_trouble(None)
        dialog = CalendarDifferencesDialog(station_page_of_widget(self) or self.window(), self._look, read)
        changed = {day: after for day, (_before, after) in read.differences.items()}
        dialog.wanted.connect(partial(self._save_day_rows, changed))
        dialog.open_dialog()

    def _save_day_rows(self, rows: Mapping[str, CalendarRow | None]) -> None:
        save_calendar_rows(self._controller, rows, self._on_days_saved)

    def _on_days_saved(self) -> None:
        self.show_trouble(None)
        self.panel.mark_untouched()
        self.said.emit(_("Saved; it takes effect at once"), "check")
