"""A date's roster as a board of shifts, changed by hand for that date, its weekday or every day."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from math import ceil
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from queuedesk.core.charts.chart import Point
from queuedesk.core.errors import QueueDeskError
from queuedesk.core.network.roles import Role
from queuedesk.core.setup.hall import SPECIAL
from queuedesk.core.setup.rows import Setup
from queuedesk.core.setup.time_of_day import clock_text, minutes_of, padded_clock
from queuedesk.core.staffing.roster import RosterRow
from queuedesk.features.windows_needed.rules import conflicts, may_sit, roster_of, rows_on, with_window
from queuedesk.features.windows_needed.words import shift_text
from queuedesk.i18n import _, current, day_staff, weekday_long
from queuedesk.i18n.names import staff_name, window_name
from queuedesk.i18n.staffing.staffing_words import conflict_text
from queuedesk.stations.manager.setup.fields_form import FieldsDialog
from queuedesk.stations.widgets.buttons import SecondaryButton
from queuedesk.stations.widgets.charts.chart_view import Pointed
from queuedesk.stations.widgets.paint import Painter, width_of
from queuedesk.stations.widgets.panels import Card, Label, spread
from queuedesk.stations.widgets.questions.dialogs import DropDown
from queuedesk.stations.window.style import Look

MIDDLE, LEFT = Qt.AlignmentFlag.AlignHCenter, Qt.AlignmentFlag.AlignLeft
ROW, AXIS, STEP_MIN, EDGE, SLACK = 44, 26, 15, 9, 5
BOTH, START, END = "both", "start", "end"


class BoardShift(Struct, frozen=True, kw_only=True):
    """One bar: `place` is the index of the shift at its window; minutes since midnight."""

    window: str
    place: int
    start: int
    end: int
    text: str
    breaks: tuple[tuple[int, int], ...] = ()


class BoardData(Struct, frozen=True, kw_only=True):
    """The board's final texts. `adding` has one point for each window, `points` one for each shift."""

    title: str = ""
    windows: Sequence[tuple[str, str]] = ()
    shifts: Sequence[BoardShift] = ()
    first_min: int = 480
    last_min: int = 1080
    adding: Sequence[Point] = ()
    points: Sequence[Point] = ()
    can_move: bool = False


class _Drag(Struct):
    shift: BoardShift
    part: str
    from_x: float
    moved: BoardShift
    is_far: bool = False


class RosterBoard(Pointed):
    """`moved` gives the shift as it was and as it is to be. A press on or beside a shift is `picked`."""

    moved = Signal(object, object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.data = BoardData()
        self._drag: _Drag | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_board(self, data: BoardData) -> None:
        """Show other shifts."""
        self.data, self._drag = data, None
        told = ", ".join(" ".join(point.said[:2]) for point in data.points)
        self.set_points(data.title, told, [*data.adding, *data.points])

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(620), self.look.px(ROW * max(1, len(self.data.windows)) + AXIS))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.wide(320), self.sizeHint().height())

    # -- places ------------------------------------------------------------------------------------------------------

    def _left(self) -> float:
        font = self.look.font(15)
        return max([width_of(font, text) for _code, text in self.data.windows], default=0.0) + self.look.px(14)

    def x_of(self, minute: float) -> float:
        """Return the x of a minute of the day."""
        data, left = self.data, self._left()
        share = (minute - data.first_min) / max(1, data.last_min - data.first_min)
        return left + share * (self.width() - left - self.look.px(8))

    def minutes(self, pixels: float) -> float:
        """Return how many minutes so many pixels are."""
        data = self.data
        room = self.width() - self._left() - self.look.px(8)
        return pixels / max(1.0, room) * (data.last_min - data.first_min)

    def _row(self, window: str) -> float:
        codes = [code for code, _text in self.data.windows]
        return self.look.px(ROW) * codes.index(window)

    def _bar(self, shift: BoardShift) -> QRectF:
        top, pad = self._row(shift.window), self.look.px(5)
        left, right = self.x_of(shift.start), self.x_of(shift.end)
        return QRectF(left, top + pad, max(2.0, right - left), self.look.px(ROW) - 2 * pad)

    def _places(self) -> list[QRectF]:
        high = self.look.px(ROW)
        rows = [
            QRectF(self.x_of(self.data.first_min), self._row(code), self.x_of(self.data.last_min) - self._left(), high)
            for code, _text in self.data.windows
        ]
        return [*rows[: len(self.data.adding)], *(self._bar(shift) for shift in self.data.shifts)]

    # -- by hand -----------------------------------------------------------------------------------------------------

    def _shift_at(self, place: QPointF) -> BoardShift | None:
        n = self.point_at(place)
        first = len(self.data.adding)
        return self.data.shifts[n - first] if n is not None and n >= first else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        shift = self._shift_at(event.position())
        if shift is not None and self.data.can_move and event.button() == Qt.MouseButton.LeftButton:
            self._drag = _Drag(shift, self._part(shift, event.position().x()), event.position().x(), shift)

    def _part(self, shift: BoardShift, x: float) -> str:
        bar, edge = self._bar(shift), self.look.px(EDGE)
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
                sideways = self._part(shift, event.position().x()) != BOTH
                shape = Qt.CursorShape.SizeHorCursor if sideways else Qt.CursorShape.PointingHandCursor
                self.setCursor(shape)
            return
        gone = event.position().x() - drag.from_x
        if abs(gone) > self.look.px(SLACK):
            drag.is_far = True
            self.look_at(None)
        step = round(self.minutes(gone) / STEP_MIN) * STEP_MIN
        drag.moved = _shifted(drag.shift, drag.part, step)
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
        painter = Painter(self, self.look)
        self._paint_hours(painter)
        font = self.look.font(15)
        for code, text in self.data.windows:
            place = QRectF(0, self._row(code), self._left(), self.look.px(ROW))
            painter.words_in(text, font, "ink2", place, LEFT)
        for shift in self.data.shifts:
            drag = self._drag
            self._paint_shift(painter, drag.moved if drag is not None and drag.shift == shift else shift)
        self.paint_pointed(painter)

    def _paint_hours(self, painter: Painter) -> None:
        look, data = self.look, self.data
        small, bottom = look.font(13.5), look.px(ROW) * len(data.windows)
        hours = range(ceil(data.first_min / 60), data.last_min // 60 + 1)
        apart = self.x_of(60) - self.x_of(0)
        every = max(1, ceil((width_of(small, "00:00") + look.px(8)) / max(1.0, apart)))
        free_from, wide = 0.0, look.px(56)
        for hour in hours:
            x = round(self.x_of(60 * hour))
            painter.divider(QPointF(x, 0), QPointF(x, bottom))
            word = f"{hour}:00"
            left = min(x - wide / 2, self.width() - wide)
            begins = left + (wide - width_of(small, word)) / 2
            if hour % every == 0 and begins >= free_from:
                place = QRectF(left, bottom + look.px(2), wide, look.px(22))
                painter.words_in(word, small, "ink2", place, MIDDLE)
                free_from = left + (wide + width_of(small, word)) / 2 + look.px(6)
        for n in range(len(data.windows) + 1):
            y = round(look.px(ROW) * n)
            painter.divider(QPointF(self._left(), y), QPointF(self.width() - look.px(8), y))

    def _paint_shift(self, painter: Painter, shift: BoardShift) -> None:
        look, bar = self.look, self._bar(shift)
        painter.box(bar, 6, "soft", edge="chart", width=1.5)
        for start, length in shift.breaks:
            left, right = self.x_of(start), self.x_of(start + length)
            painter.fillRect(QRectF(left, bar.top(), right - left, bar.height()), look.color("surface"))
            painter.divider(QPointF(left, bar.top()), QPointF(left, bar.bottom()), "chart")
            painter.divider(QPointF(right, bar.top()), QPointF(right, bar.bottom()), "chart")
        painter.save()
        painter.setClipRect(bar)
        painter.words_in(shift.text, look.font(15, bold=True), "on_soft", bar.adjusted(look.px(10), 0, 0, 0), LEFT)
        painter.restore()


def _shifted(shift: BoardShift, part: str, by: int) -> BoardShift:
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
        super().__init__(host, look, title=f"{window_name(window)} · {days}", width=700)
        self.staff = DropDown(self.look)
        # Those who serve all day first, of them those who are not planned yet.
        for person in sorted(setup.staff.values(), key=lambda one: (one.role is not Role.CLERK, one.code in busy)):
            if may_sit(setup, window, person.code):
                self.staff.addItem(f"{person.code} {staff_name(setup, person.code)}", person.code)
        self.lay_declared(
            RosterRow, [("staff",), ("from", "to"), ("breaks",)], {"staff": self.staff}, removable=known is not None
        )
        start, end = (
            (known["from"], known["to"]) if known else (padded_clock(setup.hall.opens), padded_clock(setup.hall.closes))
        )
        self.fields["from"].set_value(clock_text(minutes_of(start)))
        self.fields["to"].set_value(clock_text(minutes_of(end)))
        if known:
            self.staff.setCurrentIndex(self.staff.findData(known["staff"]))
            told = (f"{clock_text(minutes_of(one['from']))}/{one['minutes']}" for one in known.get("breaks") or ())
            self.fields["breaks"].set_value(", ".join(told))

    def typed(self) -> dict[str, Any] | None:
        """Return what was typed, or None after showing the mistake at its field."""
        found, staff = self.read_declared(RosterRow, ("from", "to", "breaks")), self.staff.currentData()
        if staff is None:
            self.say_wrong({"staff": _("Who is at this window?")})
        if found is None or staff is None:
            return None
        return {"staff": staff, **{key: value for key, value in found.items() if value}}

    def meant(self, trouble: QueueDeskError) -> str:
        return ""

    def first_field(self) -> QWidget:
        return self.staff


THAT_DATE, WEEKDAYS, EVERY_DAY = "date", "1,2,3,4,5", ""
Row = Mapping[str, Any]


class RosterCard(Card):
    """`wanted` gives the new rows of the whole roster, `calendar_wanted` a date to be opened."""

    wanted, calendar_wanted = Signal(object), Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent=parent)
        self._look = look
        self._setup: Setup | None = None
        self._day: date | None = None
        self._may = self._may_plan = self._is_away = False
        self.dialog: ShiftDialog | None = None
        self.title = Label(look, bold=True)
        self.scope_label = Label(look, px=15, token="ink2", elide=False)
        self.scope = DropDown(look).share_width(14)
        self.hint = Label(look, px=15, token="ink2", wrap=True)
        self.trouble = Label(look, px=15, token="red", wrap=True)
        self.open_key = SecondaryButton(look, "", icon="calendar", height=44, px=16)
        self.board = RosterBoard(look)
        column = QVBoxLayout(self)
        spread(look, column, (18, 10, 18, 12), 6)
        head = QHBoxLayout()
        spread(look, head, spacing=10)
        head.addWidget(self.title, 1)
        head.addWidget(self.scope_label)
        head.addWidget(self.scope)
        column.addLayout(head)
        column.addWidget(self.hint)
        column.addWidget(self.open_key, alignment=LEFT)
        for part in (self.board, self.trouble):
            column.addWidget(part)
        self.open_key.clicked.connect(lambda: self.calendar_wanted.emit(self._day))
        self.board.picked.connect(self._open)
        self.board.moved.connect(self._move)

    # -- what is shown -----------------------------------------------------------------------------------------------

    def show_day(self, setup: Setup, day: date, *, may_plan: bool) -> None:
        """Show who is planned on a date; read-only without the right to plan."""
        chosen = self.scope.currentData()
        self._may_plan = may_plan
        may_plan = self._may = may_plan and not self._is_away
        self._setup, self._day = setup, day
        self.title.setText(_("Roster of {day}", day=day_staff(day)))
        self.scope_label.setText(_("Changes are for"))
        self.scope.setAccessibleName(self.scope_label.text())
        self.scope.clear()
        for data, word in self._scopes(day):
            self.scope.addItem(word, data)
        self.scope.setCurrentIndex(max(0, self.scope.findData(chosen)))
        is_closed = setup.calendar.is_closed(day)
        self.scope.setVisible(may_plan and not is_closed)
        self.scope_label.setVisible(may_plan and not is_closed)
        hint = _("Click next to a bar to plan somebody, a bar to change it; drag it or its ends.")
        if is_closed:
            hint = _("Nobody can be planned: the hall is closed on this date. To open specially, give it hours first.")
        self.hint.setText(hint)
        self.hint.setVisible(may_plan or is_closed)
        self.open_key.setText(_("Special hours …"))
        self.open_key.setVisible(may_plan and is_closed)
        rows = rows_on(roster_of(setup), day, setup.calendar)
        self.board.set_board(self._board(setup, rows))
        said = [conflict_text(current(), one.details()) for one in conflicts(setup, roster_of(setup))]
        self.trouble.setText("\n".join(said))
        self.trouble.setVisible(bool(said))

    def set_away(self, away: bool) -> None:
        """Make the roster read-only while the hall is away."""
        self._is_away = away
        if self._setup is not None and self._day is not None:
            self.show_day(self._setup, self._day, may_plan=self._may_plan)

    def _scopes(self, day: date) -> list[tuple[str, str]]:
        found = [
            (THAT_DATE, _("only {day}", day=day_staff(day))),
        ]
        assert self._setup is not None
        known = self._setup.calendar.on(day)
        if known is not None and known.kind != SPECIAL:
            # What is planned for its weekday has nothing to do with such a date.
            return found
        found += [
            (str(day.isoweekday()), _("every {weekday}", weekday=weekday_long(day))),
        ]
        if day.isoweekday() <= 5:
            found.append((WEEKDAYS, _("Monday to Friday")))
        return [*found, (EVERY_DAY, _("every day"))]

    def _board(self, setup: Setup, rows: list[Row]) -> BoardData:
        shifts, points = [], []
        for code in setup.windows:
            for place, row in enumerate(_of_window(rows, code)):
                who = f"{row['staff']} {staff_name(setup, row['staff'])}"
                breaks = tuple((minutes_of(one["from"]), one["minutes"]) for one in row.get("breaks") or ())
                start, end = minutes_of(row["from"]), minutes_of(row["to"])
                shifts.append(BoardShift(window=code, place=place, start=start, end=end, text=who, breaks=breaks))
                leads = (code, place) if self._may else None
                points.append(Point((window_name(code), who, shift_text(row)), leads))
        ends = [shift.end for shift in shifts]
        starts = [shift.start for shift in shifts]
        return BoardData(
            title=self.title.text(),
            windows=[(code, window_name(code)) for code in setup.windows],
            shifts=shifts,
            first_min=min([setup.hall.opens, *starts]) // 60 * 60,
            last_min=-(-max([setup.hall.closes, *ends]) // 60) * 60,
            adding=[Point((window_name(code), _("Plan somebody")), (code, None)) for code in setup.windows]
            if self._may and self._day is not None and not setup.calendar.is_closed(self._day)
            else (),
            points=points,
            can_move=self._may,
        )

    # -- changes -----------------------------------------------------------------------------------------------------

    @property
    def _days(self) -> str:
        assert self._day is not None
        scope = str(self.scope.currentData() or "")
        return self._day.isoformat() if scope == THAT_DATE else scope

    def board_rows(self) -> list[Row]:
        """Return the shifts of the date that is shown."""
        if self._setup is None or self._day is None:
            return []
        return rows_on(roster_of(self._setup), self._day, self._setup.calendar)

    def _rows(self, window: str) -> list[Row]:
        return _of_window(self.board_rows(), window)

    def _put(self, window: str, shifts: list[Row]) -> None:
        assert self._setup is not None and self._day is not None
        self.wanted.emit(with_window(roster_of(self._setup), window, self._days, self._day, shifts))

    def _move(self, before: BoardShift, after: BoardShift) -> None:
        shifts = self._rows(before.window)
        row = dict(shifts[before.place])
        row |= {"from": padded_clock(after.start), "to": padded_clock(after.end)}
        kept = [(start, length) for start, length in after.breaks if after.start <= start <= after.end - length]
        row.pop("breaks", None)
        if kept:
            row["breaks"] = [{"from": padded_clock(start), "minutes": length} for start, length in kept]
        shifts[before.place] = row
        self._put(before.window, shifts)

    def _open(self, leads: tuple[str, int | None]) -> None:
        window, place = leads
        if self._setup is None or self.dialog is not None:
            return
        shifts = self._rows(window)
        known = None if place is None else shifts[place]
        words = self.scope.currentText()
        busy = {str(row["staff"]) for row in self.board_rows()}
        dialog = self.dialog = ShiftDialog(
            self.window(), self._look, self._setup, window, days=words, known=known, busy=busy
        )

        def put(row: dict[str, Any]) -> None:
            others = [one for n, one in enumerate(shifts) if n != place]
            self._put(window, sorted([*others, row], key=lambda one: minutes_of(one["from"])))

        def remove() -> None:
            self._put(window, [one for n, one in enumerate(shifts) if n != place])

        dialog.wanted.connect(put)
        dialog.removal_wanted.connect(remove)
        dialog.refused.connect(self._forget)
        dialog.open_dialog()

    def done(self) -> None:
        """Close the question: the roster is changed."""
        if self.dialog is not None:
            self.dialog.close_dialog()
            self._forget()

    def refuse(self, trouble: QueueDeskError) -> bool:
        """Show in the open dialog why the roster was not changed; return False without one."""
        if self.dialog is None:
            return False
        self.dialog.show_trouble(trouble)
        return True

    def _forget(self) -> None:
        self.dialog = None


def _of_window(rows: list[Row], window: str) -> list[Row]:
    return sorted((row for row in rows if row["window"] == window), key=lambda row: minutes_of(row["from"]))
