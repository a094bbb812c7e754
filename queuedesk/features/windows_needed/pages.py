"""Staffing: how many windows a date needs beside the roster, who is expected beside who came, and the roster as a board
of shifts to change; a date's half hours are read beside the window and saved as a file."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from math import ceil
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QElapsedTimer, QObject, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from queuedesk.core.charts.chart import Chart, HoverTextAndTarget
from queuedesk.core.errors import QueueDeskError
from queuedesk.core.log.event import Event
from queuedesk.core.log.state import HallState
from queuedesk.core.network.roles import MAY, Role
from queuedesk.core.queue import dispatch, offers, overview
from queuedesk.core.setup.hall import CALENDAR, SPECIAL
from queuedesk.core.setup.rows import Setup
from queuedesk.core.setup.time_of_day import clock_text, padded_clock_text, parse_clock_minutes
from queuedesk.core.staffing.day import StaffingDay, StaffingHalfHour
from queuedesk.core.staffing.roster import RosterRow
from queuedesk.core.waits.arrival_forecast import ExpectedCount
from queuedesk.desk.staffing import busyness_of_coming_week
from queuedesk.features.windows_needed import rules, verbs
from queuedesk.features.windows_needed import words as staffing_texts
from queuedesk.features.windows_needed.verbs import ForecastFromPast
from queuedesk.files.writing import write_file
from queuedesk.i18n import (
    _,
    current_language,
    date_for_staff,
    error_sentence,
    list_text,
    n_,
    names,
    time_hm,
    weekday_long,
)
from queuedesk.i18n import staffing as words
from queuedesk.i18n.queue.line_words import wait_text_without_about
from queuedesk.i18n.staffing import roster_conflict_sentence
from queuedesk.reports.draw.pictures import staffing_charts_by_half_hour
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.figures.chart import FigureCard, TableCard
from queuedesk.stations.manager.figures.tables import FigureSource, FigureTableContent
from queuedesk.stations.manager.pages import ControllerCache
from queuedesk.stations.manager.parts.page import DateButtons, ManagerPage, PageAct, PageSpec
from queuedesk.stations.manager.parts.page_controller import LatestRequest, start_writing_to_reports_folder
from queuedesk.stations.manager.setup.fields_form import FieldsDialog
from queuedesk.stations.manager.today.alert_words import ButtonTarget
from queuedesk.stations.widgets import buttons, paint, panels
from queuedesk.stations.widgets.charts.chart_view import ChartView, ChartWithPoints
from queuedesk.stations.widgets.charts.figures import FigureCell, FigureRow
from queuedesk.stations.widgets.questions.dialogs import DropDown
from queuedesk.stations.window.context import SingleCommandRunner, StationContext
from queuedesk.stations.window.style import Look

RESTS_MS = 60_000


class StaffingController(SingleCommandRunner):
    """`shown` gives a StaffingDay of the current date; `failed` why there is none; `saved` the file that was written;
    `planned` says that the roster or a pay day was changed."""

    shown = Signal(object)
    failed = Signal(object)
    saved = Signal(object)
    planned = Signal()

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(context, parent)
        self._past: ForecastFromPast | None = None
        self.day: date | None = None
        self.found: StaffingDay | None = None
        self._last = LatestRequest(context, self)
        self._reading = False
        self._since = QElapsedTimer()

    @property
    def may_change_roster(self) -> bool:
        return "roster" in MAY[self.context.new_ask().who.role]

    def read_date(self, day: date) -> None:
        self._past = None
        if day != self.day:
            self.day, self.found = day, None
        self._read_staffing_day()

    def read_again_if_due(self) -> None:
        """Read again when a minute has passed on a day under way."""
        if self.day is None or self._reading or self._since.elapsed() < RESTS_MS:
            return
        if self.day == self.context.feed.business_date or self.found is None:
            self._read_staffing_day()

    def save_day_file(self, ending: str) -> None:
        """Write the date into the folder of reports."""
        from queuedesk.features.windows_needed.papers import write_staffing_file

        found, desk = self.found, self.context.desk
        if found is None:
            return
        lang, now = current_language(), self.context.clock()
        name = names.staff_name(self.context.feed.setup, self.context.new_ask().who.name, lang)

        def write_staffing(path: Path) -> None:
            write_staffing_file(desk, found, path, lang=lang, now=now, printed_by=name)

        file = f"windows-{found.date.isoformat()}.{ending}"
        start_writing_to_reports_folder(self.context, file, write_staffing, self.saved.emit, self.failed.emit)

    def save_quiet_hours(self) -> None:
        """Write when the next days are quiet into the folder of reports, for the wall."""
        from queuedesk.features.windows_needed.papers import quiet_hours_pdf

        desk, setup, now, lang = self.context.desk, self.context.feed.setup, self.context.clock(), current_language()

        def write_quiet_hours(path: Path) -> None:
            write_file(path, quiet_hours_pdf(setup, busyness_of_coming_week(desk, now), lang, setup.to_hall_time(now)))

        file = f"quiet-hours-{setup.to_hall_time(now).date().isoformat()}.pdf"
        start_writing_to_reports_folder(self.context, file, write_quiet_hours, self.saved.emit, self.failed.emit)

    @property
    def can_save(self) -> bool:
        return self.found is not None and self.context.services.folder is not None

    def save_roster_rows(self, rows: Sequence[Mapping[str, Any]]) -> None:
        self._run_roster_change(partial(verbs.save_roster, self.context.desk, self.context.new_ask(), rows))

    @property
    def may_mark_pay_days(self) -> bool:
        """Whether the person here may mark busy days, in a hall that has them."""
        return self.may_change_roster and self.context.feed.setup.has_pay_days

    def set_pay_day(self, on: bool) -> None:
        """Make the current date a pay day, or not."""
        if self.day is not None:
            act = verbs.add_pay_days if on else verbs.remove_pay_days
            self._run_roster_change(partial(act, self.context.desk, self.context.new_ask(), [self.day]))

    def _run_roster_change(self, work: Callable[[], object]) -> None:
        self.start_unless_busy("roster", work, lambda _document: self.planned.emit())

    def _read_staffing_day(self) -> None:
        if self.day is None:
            return
        self._reading = True
        self._since.start()
        day, now = self.day, self.context.clock()
        last = min(day, self.context.feed.business_date) - timedelta(days=1)
        known = self._past if self._past is not None and (self._past.day, self._past.last) == (day, last) else None

        def read_past_and_staffing() -> tuple[ForecastFromPast, StaffingDay]:
            past = known or verbs.forecast_from_past_days(self.context.desk, day, now)
            return past, verbs.staffing_for_day(self.context.desk, day, now, past)

        self._last.request_work(read_past_and_staffing, self._accept_staffing_day, self._report_failure)

    def _accept_staffing_day(self, read: tuple[ForecastFromPast, StaffingDay]) -> None:
        self._reading = False
        self._past, self.found = read
        self.shown.emit(self.found)

    def _report_failure(self, trouble: QueueDeskError) -> None:
        self._reading = False
        self.failed.emit(trouble)

    def follow_events(self, events: list[Event]) -> None:
        """Read again what events of the hall have changed."""
        changes = [event for event in events if event.kind == "set-up"]
        if any(event.data.get("part") != verbs.ROSTER for event in changes):
            self._past = None
        if changes and self.found is not None:
            self._read_staffing_day()


MIDDLE, LEFT = Qt.AlignmentFlag.AlignHCenter, Qt.AlignmentFlag.AlignLeft
ROW, AXIS, STEP_MIN, EDGE, SLACK = 44, 26, 15, 9, 5
BOTH, START, END = "both", "start", "end"


class RosterBar(Struct, frozen=True, kw_only=True):
    """One bar: `place` is the index of the shift at its window; minutes since midnight."""

    window: str
    place: int
    start: int
    end: int
    text: str
    breaks: tuple[tuple[int, int], ...] = ()


class RosterBoardData(Struct, frozen=True, kw_only=True):
    """The board's final texts. `adding` has one point for each window, `points` one for each shift."""

    title: str = ""
    windows: Sequence[tuple[str, str]] = ()
    shifts: Sequence[RosterBar] = ()
    first_min: int = 480
    last_min: int = 1080
    adding: Sequence[HoverTextAndTarget] = ()
    points: Sequence[HoverTextAndTarget] = ()
    can_move: bool = False


class _ShiftDrag(Struct):
    shift: RosterBar
    part: str
    from_x: float
    moved: RosterBar
    is_far: bool = False


class RosterBoard(ChartWithPoints):
    """`moved` gives the shift as it was and as it is to be. A press on or beside a shift is `picked`."""

    moved = Signal(object, object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.data = RosterBoardData()
        self._drag: _ShiftDrag | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_board_data(self, data: RosterBoardData) -> None:
        self.data, self._drag = data, None
        told = ", ".join(" ".join(point.said[:2]) for point in data.points)
        self.set_points(data.title, told, [*data.adding, *data.points])

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(620), self.look.px(ROW * max(1, len(self.data.windows)) + AXIS))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.large_px(320), self.sizeHint().height())

    # -- places ------------------------------------------------------------------------------------------------------

    def _names_column_width(self) -> float:
        font = self.look.font(15)
        return max([paint.width_of_text(font, text) for _code, text in self.data.windows], default=0.0) + self.look.px(
            14
        )

    def x_of_minute(self, minute: float) -> float:
        data, left = self.data, self._names_column_width()
        share = (minute - data.first_min) / max(1, data.last_min - data.first_min)
        return left + share * (self.width() - left - self.look.px(8))

    def minutes_of_pixels(self, pixels: float) -> float:
        data = self.data
        room = self.width() - self._names_column_width() - self.look.px(8)
        return pixels / max(1.0, room) * (data.last_min - data.first_min)

    def _row_top(self, window: str) -> float:
        codes = [code for code, _text in self.data.windows]
        return self.look.px(ROW) * codes.index(window)

    def _shift_bar_rect(self, shift: RosterBar) -> QRectF:
        top, pad = self._row_top(shift.window), self.look.px(5)
        left, right = self.x_of_minute(shift.start), self.x_of_minute(shift.end)
        return QRectF(left, top + pad, max(2.0, right - left), self.look.px(ROW) - 2 * pad)

    def _point_rects(self) -> list[QRectF]:
        high = self.look.px(ROW)
        rows = [
            QRectF(
                self.x_of_minute(self.data.first_min),
                self._row_top(code),
                self.x_of_minute(self.data.last_min) - self._names_column_width(),
                high,
            )
            for code, _text in self.data.windows
        ]
        return [*rows[: len(self.data.adding)], *(self._shift_bar_rect(shift) for shift in self.data.shifts)]

    # -- by hand -----------------------------------------------------------------------------------------------------

    def _shift_at(self, place: QPointF) -> RosterBar | None:
        n = self.point_index_at(place)
        first = len(self.data.adding)
        return self.data.shifts[n - first] if n is not None and n >= first else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        shift = self._shift_at(event.position())
        if shift is not None and self.data.can_move and event.button() == Qt.MouseButton.LeftButton:
            self._drag = _ShiftDrag(shift, self._grabbed_part(shift, event.position().x()), event.position().x(), shift)

    def _grabbed_part(self, shift: RosterBar, x: float) -> str:
        bar, edge = self._shift_bar_rect(shift), self.look.px(EDGE)
        if bar.width() > 3 * edge:
            if x < bar.left() + edge:
                return START
            if x > bar.right() - edge:
                return END
        return BOTH

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        drag = self._drag
        if drag is None:
            super().mouseMoveEvent(event)
            shift = self._shift_at(event.position())
            if shift is not None and self.data.can_move:
                sideways = self._grabbed_part(shift, event.position().x()) != BOTH
                shape = Qt.CursorShape.SizeHorCursor if sideways else Qt.CursorShape.PointingHandCursor
                self.setCursor(shape)
            return
        gone = event.position().x() - drag.from_x
        if abs(gone) > self.look.px(SLACK):
            drag.is_far = True
            self.set_current_point(None)
        step = round(self.minutes_of_pixels(gone) / STEP_MIN) * STEP_MIN
        drag.moved = _moved_or_resized_shift(drag.shift, drag.part, step)
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        drag, self._drag = self._drag, None
        self.update()
        if drag is None or not drag.is_far:
            super().mouseReleaseEvent(event)
        elif drag.moved != drag.shift:
            self.moved.emit(drag.shift, drag.moved)

    # -- painting ----------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = paint.Painter(self, self.look)
        self._paint_hours(painter)
        font = self.look.font(15)
        for code, text in self.data.windows:
            place = QRectF(0, self._row_top(code), self._names_column_width(), self.look.px(ROW))
            painter.draw_words_and_give_end_x(text, font, "ink2", place, LEFT)
        for shift in self.data.shifts:
            drag = self._drag
            self._paint_shift(painter, drag.moved if drag is not None and drag.shift == shift else shift)
        self.paint_current_point_marker(painter)

    def _paint_hours(self, painter: paint.Painter) -> None:
        look, data = self.look, self.data
        small, bottom = look.font(13.5), look.px(ROW) * len(data.windows)
        hours = range(ceil(data.first_min / 60), data.last_min // 60 + 1)
        apart = self.x_of_minute(60) - self.x_of_minute(0)
        every = max(1, ceil((paint.width_of_text(small, "00:00") + look.px(8)) / max(1.0, apart)))
        free_from, wide = 0.0, look.px(56)
        for hour in hours:
            x = round(self.x_of_minute(60 * hour))
            painter.draw_divider(QPointF(x, 0), QPointF(x, bottom))
            word = f"{hour}:00"
            left = min(x - wide / 2, self.width() - wide)
            begins = left + (wide - paint.width_of_text(small, word)) / 2
            if hour % every == 0 and begins >= free_from:
                place = QRectF(left, bottom + look.px(2), wide, look.px(22))
                painter.draw_words_and_give_end_x(word, small, "ink2", place, MIDDLE)
                free_from = left + (wide + paint.width_of_text(small, word)) / 2 + look.px(6)
        for n in range(len(data.windows) + 1):
            y = round(look.px(ROW) * n)
            painter.draw_divider(QPointF(self._names_column_width(), y), QPointF(self.width() - look.px(8), y))

    def _paint_shift(self, painter: paint.Painter, shift: RosterBar) -> None:
        look, bar = self.look, self._shift_bar_rect(shift)
        painter.draw_box(bar, 6, "soft", edge="chart", width=1.5)
        for start, length in shift.breaks:
            left, right = self.x_of_minute(start), self.x_of_minute(start + length)
            painter.fillRect(QRectF(left, bar.top(), right - left, bar.height()), look.color("surface"))
            painter.draw_divider(QPointF(left, bar.top()), QPointF(left, bar.bottom()), "chart")
            painter.draw_divider(QPointF(right, bar.top()), QPointF(right, bar.bottom()), "chart")
        painter.save()
        painter.setClipRect(bar)
        painter.draw_words_and_give_end_x(
            shift.text, look.font(15, bold=True), "on_soft", bar.adjusted(look.px(10), 0, 0, 0), LEFT
        )
        painter.restore()


def _moved_or_resized_shift(shift: RosterBar, part: str, by: int) -> RosterBar:
    """Return a shift with its start, its end or both moved, within the day and never shorter than a step."""
    if part == START:
        return replace(shift, start=min(max(0, shift.start + by), shift.end - STEP_MIN))
    if part == END:
        return replace(shift, end=max(min(1440, shift.end + by), shift.start + STEP_MIN))
    by = min(max(by, -shift.start), 1440 - shift.end)
    breaks = tuple((start + by, length) for start, length in shift.breaks)
    return replace(shift, start=shift.start + by, end=shift.end + by, breaks=breaks)


# -- the question for one shift ----------------------------------------------------------------------------------------


class ShiftDialog(FieldsDialog):
    """`wanted` gives the shift as a row without its days. `busy` are the people already planned on that date."""

    def __init__(
        self,
        host: QWidget,
        look: Look,
        setup: Setup,
        window: str,
        *,
        days: str,
        known: Row | None,
        busy: Collection[str] = (),
    ) -> None:
        super().__init__(host, look, title=f"{names.window_name(window)} · {days}", width=700)
        self.staff = DropDown(self.look)
        # Those who serve all day first, of them those who are not planned yet.
        for person in sorted(setup.staff.values(), key=lambda one: (one.role is not Role.CLERK, one.code in busy)):
            if rules.can_serve_at_window(setup, window, person.code):
                self.staff.addItem(f"{person.code} {names.staff_name(setup, person.code)}", person.code)
        self.place_declared_fields(
            RosterRow, [("staff",), ("from", "to"), ("breaks",)], {"staff": self.staff}, removable=known is not None
        )
        start, end = (
            (known["from"], known["to"])
            if known
            else (padded_clock_text(setup.hall.opens), padded_clock_text(setup.hall.closes))
        )
        self.fields["from"].set_value(clock_text(parse_clock_minutes(start)))
        self.fields["to"].set_value(clock_text(parse_clock_minutes(end)))
        if known:
            self.staff.setCurrentIndex(self.staff.findData(known["staff"]))
            told = (
                f"{clock_text(parse_clock_minutes(one['from']))}/{one['minutes']}" for one in known.get("breaks") or ()
            )
            self.fields["breaks"].set_value(", ".join(told))

    def read_typed_values(self) -> dict[str, Any] | None:
        """Return what was typed, or None after showing the mistake at its field."""
        found, staff = self.read_declared_fields(RosterRow, ("from", "to", "breaks")), self.staff.currentData()
        if staff is None:
            self.show_field_errors({"staff": _("Who is at this window?")})
        if found is None or staff is None:
            return None
        return {"staff": staff, **{key: value for key, value in found.items() if value}}

    def field_of_refusal(self, trouble: QueueDeskError) -> str:
        return ""

    def first_field(self) -> QWidget:
        return self.staff


THAT_DATE, WEEKDAYS, EVERY_DAY = "date", "1,2,3,4,5", ""
Row = Mapping[str, Any]


class RosterCard(panels.Card):
    """`wanted` gives the new rows of the whole roster, `calendar_wanted` a date to be opened."""

    wanted, calendar_wanted = Signal(object), Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent=parent)
        self._look = look
        self._setup: Setup | None = None
        self._day: date | None = None
        self._may = self._may_plan = self._is_away = False
        self.dialog: ShiftDialog | None = None
        self.title = panels.Label(look, bold=True)
        self.scope_label = panels.Label(look, _("Changes are for"), px=15, token="ink2", elide=False)
        self.scope = DropDown(look).set_minimum_letters(14)
        self.scope.setAccessibleName(self.scope_label.text())
        self.hint = panels.Label(look, px=15, token="ink2", wrap=True)
        self.trouble = panels.Label(look, px=15, token="red", wrap=True)
        self.open_key = buttons.SecondaryButton(look, _("Special hours …"), icon="calendar", height=44, px=16)
        self.board = RosterBoard(look)
        column = QVBoxLayout(self)
        panels.set_scaled_margins(look, column, (18, 10, 18, 12), 6)
        head = QHBoxLayout()
        panels.set_scaled_margins(look, head, spacing=10)
        head.addWidget(self.title, 1)
        head.addWidget(self.scope_label)
        head.addWidget(self.scope)
        column.addLayout(head)
        column.addWidget(self.hint)
        column.addWidget(self.open_key, alignment=LEFT)
        for part in (self.board, self.trouble):
            column.addWidget(part)
        self.open_key.clicked.connect(lambda: self.calendar_wanted.emit(self._day))
        self.board.picked.connect(self._open_shift_dialog)
        self.board.moved.connect(self._move_shift)

    # -- what is shown -----------------------------------------------------------------------------------------------

    def show_day(self, setup: Setup, day: date, *, may_change_roster: bool) -> None:
        """Show who is planned on a date; read-only without the right to plan."""
        chosen = self.scope.currentData()
        self._may_plan = may_change_roster
        may_change_roster = self._may = may_change_roster and not self._is_away
        self._setup, self._day = setup, day
        self.title.setText(_("Roster of {day}", day=date_for_staff(day)))
        self.scope.clear()
        for data, word in self._day_scope_choices(day):
            self.scope.addItem(word, data)
        self.scope.setCurrentIndex(max(0, self.scope.findData(chosen)))
        is_closed = setup.calendar.is_closed(day)
        self.scope.setVisible(may_change_roster and not is_closed)
        self.scope_label.setVisible(may_change_roster and not is_closed)
        hint = _("Click next to a bar to plan somebody, a bar to change it; drag it or its ends.")
        if is_closed:
            hint = _("Nobody can be planned: the hall is closed on this date. To open specially, give it hours first.")
        self.hint.setText(hint)
        self.hint.setVisible(may_change_roster or is_closed)
        self.open_key.setVisible(may_change_roster and is_closed)
        rows = rules.roster_rows_on_day(rules.roster_rows_of_setup(setup), day, setup.calendar)
        self.board.set_board_data(self._board_data(setup, rows))
        said = [
            roster_conflict_sentence(current_language(), one.refusal_details())
            for one in rules.roster_conflicts(setup, rules.roster_rows_of_setup(setup))
        ]
        self.trouble.setText("\n".join(said))
        self.trouble.setVisible(bool(said))

    def set_hall_away(self, away: bool) -> None:
        """Make the roster read-only while the hall is away."""
        self._is_away = away
        if self._setup is not None and self._day is not None:
            self.show_day(self._setup, self._day, may_change_roster=self._may_plan)

    def _day_scope_choices(self, day: date) -> list[tuple[str, str]]:
        found = [(THAT_DATE, _("only {day}", day=date_for_staff(day)))]
        assert self._setup is not None
        known = self._setup.calendar.entry_on(day)
        if known is not None and known.kind != SPECIAL:
            # What is planned for its weekday has nothing to do with such a date.
            return found
        found += [(str(day.isoweekday()), _("every {weekday}", weekday=weekday_long(day)))]
        if day.isoweekday() <= 5:
            found.append((WEEKDAYS, _("Monday to Friday")))
        return [*found, (EVERY_DAY, _("every day"))]

    def _board_data(self, setup: Setup, rows: list[Row]) -> RosterBoardData:
        shifts, points = [], []
        for code in setup.windows:
            for place, row in enumerate(_window_entries(rows, code)):
                who = f"{row['staff']} {names.staff_name(setup, row['staff'])}"
                breaks = tuple((parse_clock_minutes(one["from"]), one["minutes"]) for one in row.get("breaks") or ())
                start, end = parse_clock_minutes(row["from"]), parse_clock_minutes(row["to"])
                shifts.append(RosterBar(window=code, place=place, start=start, end=end, text=who, breaks=breaks))
                leads = (code, place) if self._may else None
                points.append(HoverTextAndTarget((names.window_name(code), who, staffing_texts.shift_text(row)), leads))
        ends = [shift.end for shift in shifts]
        starts = [shift.start for shift in shifts]
        return RosterBoardData(
            title=self.title.text(),
            windows=[(code, names.window_name(code)) for code in setup.windows],
            shifts=shifts,
            first_min=min([setup.hall.opens, *starts]) // 60 * 60,
            last_min=-(-max([setup.hall.closes, *ends]) // 60) * 60,
            adding=[
                HoverTextAndTarget((names.window_name(code), _("Plan somebody")), (code, None))
                for code in setup.windows
            ]
            if self._may and self._day is not None and not setup.calendar.is_closed(self._day)
            else (),
            points=points,
            can_move=self._may,
        )

    # -- changes -----------------------------------------------------------------------------------------------------

    @property
    def _scope_code_or_date_text(self) -> str:
        assert self._day is not None
        scope = str(self.scope.currentData() or "")
        return self._day.isoformat() if scope == THAT_DATE else scope

    def displayed_roster_rows(self) -> list[Row]:
        if self._setup is None or self._day is None:
            return []
        return rules.roster_rows_on_day(rules.roster_rows_of_setup(self._setup), self._day, self._setup.calendar)

    def _window_shift_rows(self, window: str) -> list[Row]:
        return _window_entries(self.displayed_roster_rows(), window)

    def _emit_roster_with_window_shifts(self, window: str, shifts: list[Row]) -> None:
        assert self._setup is not None and self._day is not None
        self.wanted.emit(
            rules.roster_with_window_shifts(
                rules.roster_rows_of_setup(self._setup), window, self._scope_code_or_date_text, self._day, shifts
            )
        )

    def _move_shift(self, before: RosterBar, after: RosterBar) -> None:
        shifts = self._window_shift_rows(before.window)
        row = dict(shifts[before.place])
        row |= {"from": padded_clock_text(after.start), "to": padded_clock_text(after.end)}
        kept = [(start, length) for start, length in after.breaks if after.start <= start <= after.end - length]
        row.pop("breaks", None)
        if kept:
            row["breaks"] = [{"from": padded_clock_text(start), "minutes": length} for start, length in kept]
        shifts[before.place] = row
        self._emit_roster_with_window_shifts(before.window, shifts)

    def _open_shift_dialog(self, leads: tuple[str, int | None]) -> None:
        window, place = leads
        if self._setup is None or self.dialog is not None:
            return
        shifts = self._window_shift_rows(window)
        known = None if place is None else shifts[place]
        words = self.scope.currentText()
        busy = {str(row["staff"]) for row in self.displayed_roster_rows()}
        dialog = self.dialog = ShiftDialog(
            self.window(), self._look, self._setup, window, days=words, known=known, busy=busy
        )

        def put_shift(row: dict[str, Any]) -> None:
            others = [one for n, one in enumerate(shifts) if n != place]
            self._emit_roster_with_window_shifts(
                window, sorted([*others, row], key=lambda one: parse_clock_minutes(one["from"]))
            )

        def remove_shift() -> None:
            self._emit_roster_with_window_shifts(window, [one for n, one in enumerate(shifts) if n != place])

        dialog.wanted.connect(put_shift)
        dialog.removal_wanted.connect(remove_shift)
        dialog.refused.connect(self._forget_dialog)
        dialog.open_dialog()

    def done(self) -> None:
        if self.dialog is not None:
            self.dialog.close_dialog()
            self._forget_dialog()

    def try_to_show_refusal_in_dialog(self, trouble: QueueDeskError) -> bool:
        if self.dialog is None:
            return False
        self.dialog.show_trouble(trouble)
        return True

    def _forget_dialog(self) -> None:
        self.dialog = None


def _window_entries(rows: list[Row], window: str) -> list[Row]:
    return sorted((row for row in rows if row["window"] == window), key=lambda row: parse_clock_minutes(row["from"]))


# -- words -------------------------------------------------------------------------------------------------------------


def windows_needed_chart(found: StaffingDay, now_min: int | None) -> Chart:
    if not _has_chart_data(found):
        return Chart(summary=words.forecast_basis_text(found), empty=words.forecast_basis_text(found))
    windows = [HoverTextAndTarget((half_hour_span_text(one), *_window_point_texts(one))) for one in found.half_hours]
    people = [HoverTextAndTarget((half_hour_span_text(one), *_people_point_texts(one))) for one in found.half_hours]
    return staffing_charts_by_half_hour(found, current_language(), (windows, people), now_min)


def _has_chart_data(found: StaffingDay) -> bool:
    """Whether there is anything to draw; where there is not, the picture's place says why."""
    return bool(found.forecast.has_enough_past_days or found.has_roster or found.came)


def half_hour_span_text(one: StaffingHalfHour) -> str:
    return f"{clock_text(one.start_min)}–{clock_text(one.start_min + 30)}"


def roster_gap_sentences(setup: Setup, found: StaffingDay) -> list[str]:
    """Return where the roster is short and what a line adds, in sentences; nothing where the headline says it all."""
    said = []
    if found.forecast.has_enough_past_days and found.has_roster and not setup.calendar.is_closed(found.date):
        gaps = words.roster_gap_lines(setup, found)
        said += gaps if any(one.short_of or (one.missing_window_count or 0) > 0 for one in found.half_hours) else []
    if found.backlog is not None:
        said.append(words.backlog_windows_text(setup, found.backlog))
    return said


def waits_if_coming_now_text(state: HallState, now: datetime) -> str:
    """Return how long people who come now will wait, as display and kiosk tell them; "" if unknown. A service that
    gives no ticket now is left out unless somebody waits for it."""
    setup = state.setup_now
    told = [
        f"{names.service_letter_or_code(setup, line.service)} {wait_text_without_about(line.wait, ahead=line.ahead_and_coming_count)}"
        for line in overview.service_lines(state, now)
        if setup is not None
        and isinstance(line.wait, dispatch.QuotedWait)
        and (line.waiting or offers.ticket_offer_now(state, line.service, now).refusal() is None)
    ]
    return _("Wait for somebody arriving now: {waits}.", waits=list_text(told)) if told else ""


def figure_basis_lines(found: StaffingDay) -> list[str]:
    total = [words.expected_and_came_text(found)] if found.total else []
    return [
        *total,
        words.forecast_basis_text(found),
        *staffing_texts.forecast_error_lines(found.error),
        words.window_count_method_text(),
    ]


def half_hours_table(found: StaffingDay) -> FigureTableContent:
    rows = [FigureRow(half_hour_span_text(one), _half_hour_cells(found, one)) for one in found.half_hours]
    return FigureTableContent(
        title=_("By half hour"),
        name=_("Half hour"),
        columns=[
            _("Expected", context="people"),
            _("Came", context="people"),
            _("Busy windows"),
            _("Needed", context="windows"),
            _("Roster", context="windows"),
            _("At work"),
        ],
        rows=rows,
        empty=_("The hall is closed on this date."),
    )


def services_demand_table(setup: Setup, found: StaffingDay) -> FigureTableContent:
    from queuedesk.core.waits.arrival_forecast import expected_arrival_count_in_span

    rows = []
    for code, keeps in found.keeps.items():
        people = expected_arrival_count_in_span(found.forecast, 0, 1440, [code])
        name = names.service_name(setup, code)
        taught = n_("learned from {n} customer", "learned from {n} customers", keeps.n) if keeps.n else _("as set up")
        cells = (
            _expected_cell(name, people),
            FigureCell(names.decimal_text(keeps.mean_min), HoverTextAndTarget((name, taught))),
            FigureCell(names.whole_number_text(keeps.n)),
        )
        rows.append(FigureRow(name, cells, names.service_letter_or_code(setup, code)))
    return FigureTableContent(
        title=_("By service"),
        name=_("Service", context="report"),
        columns=[_("Expected", context="people"), _("Minutes at windows"), _("Customers behind it")],
        rows=rows,
    )


def _window_point_texts(one: StaffingHalfHour) -> tuple[str, ...]:
    said = []
    if one.needed is not None and one.load is not None:
        said.append(_("needed {n}, {load} busy at its heaviest", n=one.needed, load=names.decimal_text(one.load)))
        said.append(_("on one day in ten {n}", n=one.needed_busy))
    if one.planned is not None:
        said.append(_("in the roster {n}", n=one.planned))
    if one.at_work is not None:
        said.append(_("at work {n}", n=names.decimal_text(one.at_work)))
    return tuple(said)


def _people_point_texts(one: StaffingHalfHour) -> tuple[str, ...]:
    said = []
    if one.people is not None:
        mean = names.decimal_text(one.people.mean)
        said.append(_("expected {mean}, {low} to {high}", mean=mean, low=one.people.low, high=one.people.high))
    if one.came is not None:
        said.append(_("came {n}", n=one.came))
    return tuple(said)


def _half_hour_cells(found: StaffingDay, one: StaffingHalfHour) -> tuple[FigureCell, ...]:
    span, lacks = half_hour_span_text(one), (one.missing_window_count or 0) > 0
    busy = (
        HoverTextAndTarget((span, _("on one day in ten {n}", n=one.needed_busy)))
        if one.needed_busy is not None
        else None
    )
    behind = FigureSource("issued", found.date, found.date, _("Tickets issued")) if one.came else None
    came = HoverTextAndTarget((span, _("Press for the tickets of the day.")), behind) if behind else None
    return (
        _expected_cell(span, one.people),
        FigureCell(names.whole_number_text(one.came), came),
        FigureCell(names.decimal_text(one.load)),
        FigureCell(names.whole_number_text(one.needed), busy, token="red" if lacks else "ink"),
        FigureCell(names.whole_number_text(one.planned), token="red" if lacks else "ink", bold=lacks),
        FigureCell(names.decimal_text(one.at_work)),
    )


def _expected_cell(name: str, people: ExpectedCount | None) -> FigureCell:
    """Return how many are expected; its range is said when it is pointed at."""
    if people is None:
        return FigureCell(names.UNKNOWN)
    mean = names.decimal_text(people.mean)
    said = _("expected {mean}, {low} to {high}", mean=mean, low=people.low, high=people.high)
    return FigureCell(mean, HoverTextAndTarget((name, said)))


AHEAD_DAYS = 366
CHART = 478
"""The height of both charts together: with what stands over them they fill a window of 1366×768."""


# -- the page ----------------------------------------------------------------------------------------------------------


class StaffingPage(ManagerPage):
    """`behind_wanted` gives path, first and last date and title of a figure whose tickets are asked for, `place_wanted`
    leads to a date of the calendar."""

    behind_wanted = Signal(str, object, object, str)
    place_wanted = Signal(object)

    def __init__(
        self, controller: ManagerController, staffing_controller: StaffingController, parent: QWidget | None = None
    ) -> None:
        self._controller, self._staffing_controller = controller, staffing_controller
        spec = PageSpec(
            title=lambda: _("Staffing", context="tab"),
            acts=(
                PageAct(
                    text=self._pay_day_button_text,
                    do=self._toggle_pay_day,
                    changes_hall=True,
                    offered=lambda: staffing_controller.found is not None and staffing_controller.may_mark_pay_days,
                ),
                PageAct(text=lambda: _("Save", context="table"), do=self._ask_file_format, icon="save"),
            ),
            foot=0,
        )
        super().__init__(controller.context.look, spec, parent)
        look = self._look
        self.pay_button, self.save_button = self.buttons
        self.dates = DateButtons(look, self)
        self.add_tools(*self.dates.widgets)
        self.headline = panels.Label(look, px=20, bold=True, wrap=True)
        self.facts = panels.Label(look, px=15, token="ink2", wrap=True)
        self.chart = ChartView(look, height=CHART, least=320, is_fixed=True)
        self.more = FigureCard(look)
        self.roster = RosterCard(look)
        self.half_hours, self.services = TableCard(look), TableCard(look)
        self.figure_basis_lines = panels.Label(look, px=14, token="ink2", wrap=True)
        self.body = panels.ScrolledBody(look)
        stack, told = self.body.stack, QVBoxLayout()
        panels.set_scaled_margins(look, told, spacing=2)
        told.addWidget(self.headline)
        told.addWidget(self.facts)
        stack.addLayout(told)
        for part in (self.chart, self.more, self.roster, self.half_hours, self.services, self.figure_basis_lines):
            stack.addWidget(part)
        stack.addStretch(1)
        self.add_part(self.body, 1, inset=False)
        self._connect_signals()
        self._show_staffing_or_chosen_day()

    def _show_staffing_or_chosen_day(self) -> None:
        """Show what was worked out, or what is looked at."""
        if self._staffing_controller.found is not None:
            self._show_staffing_day(self._staffing_controller.found)
        else:
            self._show_chosen_period_or_day()

    def _connect_signals(self) -> None:
        staffing_controller = self._staffing_controller
        self.dates.picked.connect(self.open_day)
        self.body.wait.acted.connect(self.dates.ask_other_date)
        for card in (self.half_hours, self.services):
            card.picked.connect(self._emit_rows_wanted)
        staffing_controller.shown.connect(self._show_staffing_day)
        staffing_controller.failed.connect(self._show_load_failure)
        staffing_controller.saved.connect(self.show_saved_file)
        self.roster.wanted.connect(staffing_controller.save_roster_rows)
        self.roster.calendar_wanted.connect(lambda day: self.place_wanted.emit(ButtonTarget(CALENDAR, day=day)))
        staffing_controller.busy_changed.connect(self.pay_button.set_busy)
        staffing_controller.planned.connect(self._announce_roster_saved)
        staffing_controller.refused.connect(self._show_roster_refusal)
        # By the page, which may be let go: nothing is read for one that is not there.
        self._controller.context.feed.changed.connect(self._pass_events_to_controller)

    def set_hall_away(self, away: bool) -> None:
        """Allow only looking, not planning, while the hall is away."""
        self.roster.set_hall_away(away)

    # -- what is looked at -------------------------------------------------------------------------------------------

    @property
    def shown_day(self) -> date:
        return self._staffing_controller.day or self._controller.business_date

    def refresh(self, _now: datetime) -> None:
        """Read today when the page is first shown; follow it while it runs."""
        if self._staffing_controller.day is None:
            self.open_day(self._controller.business_date)
        else:
            self._staffing_controller.read_again_if_due()

    def open_day(self, day: date) -> None:
        self.banner.hide()
        self._staffing_controller.read_date(day)
        self._show_chosen_period_or_day()

    def _show_chosen_period_or_day(self) -> None:
        last = self._controller.business_date + timedelta(days=AHEAD_DAYS)
        self.dates.show_day(self.shown_day, (self._controller.first_logged_date(), last))
        if self._staffing_controller.found is None:
            self.body.wait.set_texts(_("Reading the days before …"), _("Everything else works."))
        self.body.show_parts_or_waiting_text(self._staffing_controller.found is not None)
        self.save_button.setEnabled(self._staffing_controller.can_save)

    # -- what was read -----------------------------------------------------------------------------------------------

    def _show_staffing_day(self, found: StaffingDay) -> None:
        self.banner.hide()
        context = self._controller.context
        setup, now = context.feed.setup, context.clock()
        kind = words.pay_day_relation_text(found.forecast.pay_day)
        goal = staffing_texts.goal_text(found.goal)
        self.head.set_subtitle(f"{goal} · {kind}" if kind else goal)
        is_today, local = found.date == self._controller.business_date, setup.to_hall_time(now)
        minute = local.hour * 60 + local.minute if is_today else None
        # Where nothing can be drawn the picture's place says why.
        is_past = found.date < self._controller.business_date
        told = (
            staffing_texts.roster_advice_headline(setup, found, from_min=minute or 0, is_past=is_past)
            if _has_chart_data(found)
            else ""
        )
        self._set_text_or_hide(self.headline, told)
        self._set_text_or_hide(self.facts, staffing_texts.day_calendar_and_arrivals_line(setup, found))
        more = [
            *roster_gap_sentences(setup, found),
            waits_if_coming_now_text(context.feed.state, now) if is_today else "",
        ]
        self.more.set_title_and_line(_("More about this day"), "\n".join(text for text in more if text))
        self.more.setVisible(any(more))
        chart = windows_needed_chart(found, minute)
        self.chart.set_chart(chart, _("Windows needed"))
        self.pay_button.setText(self._pay_day_button_text())
        self.pay_button.setVisible(self._staffing_controller.may_mark_pay_days)
        self.roster.show_day(setup, found.date, may_change_roster=self._staffing_controller.may_change_roster)
        self.half_hours.show_table(half_hours_table(found))
        self.services.show_table(services_demand_table(setup, found))
        lines = figure_basis_lines(found)
        if is_today:
            lines.insert(0, _("As of {time}.", time=time_hm(local)))
        self.figure_basis_lines.setText("\n".join(lines))
        self._show_chosen_period_or_day()

    def _set_text_or_hide(self, label: panels.Label, text: str) -> None:
        label.setText(text)
        label.setVisible(bool(text))

    def _show_load_failure(self, trouble: QueueDeskError) -> None:
        self.show_warning(trouble)
        if self._staffing_controller.found is None:
            self.body.wait.set_texts(error_sentence(trouble), act=_("Choose another day"))

    def _announce_roster_saved(self) -> None:
        self.banner.hide()
        self.roster.done()
        self.said.emit(_("Saved", context="toast"), "check")

    def _show_roster_refusal(self, _verb: str, trouble: QueueDeskError) -> None:
        if not self.roster.try_to_show_refusal_in_dialog(trouble):
            self.show_warning(trouble)

    def _pay_day_button_text(self) -> str:
        is_pay_day = self.shown_day in self._controller.context.feed.setup.pay_days
        return _("Not a busy day") if is_pay_day else _("Mark as a busy day")

    def _toggle_pay_day(self) -> None:
        self._staffing_controller.set_pay_day(self.shown_day not in self._controller.context.feed.setup.pay_days)

    def _emit_rows_wanted(self, behind: FigureSource) -> None:
        self.behind_wanted.emit(behind.path, behind.first, behind.last, behind.title)

    def _pass_events_to_controller(self, events: list[Event]) -> None:
        self._staffing_controller.follow_events(events)

    def state_to_restore(self) -> bool | None:
        is_planning = self.roster.dialog is not None or self.roster.scope.currentIndex() > 0
        return None if is_planning else self._staffing_controller.found is not None

    def restore_state(self, left: bool) -> None:
        if left:
            self._staffing_controller.read_date(self.shown_day)

    # -- files -------------------------------------------------------------------------------------------------------

    def save_day_file(self, ending: str) -> None:
        """Write the date as a file of that kind."""
        self._staffing_controller.save_day_file(ending)

    def save_quiet_hours(self) -> None:
        self._staffing_controller.save_quiet_hours()

    def _ask_file_format(self) -> None:
        quiet = (_("Quiet hours of the next days, for the wall (.pdf)"), self.save_quiet_hours)
        self.open_file_kind_menu(self.save_button, ("pdf", "csv"), self.save_day_file, quiet)

    # -- the rest ----------------------------------------------------------------------------------------------------


def staffing_page(controller: ManagerController, own: ControllerCache) -> StaffingPage:
    return StaffingPage(controller, own(StaffingController, controller.context))
