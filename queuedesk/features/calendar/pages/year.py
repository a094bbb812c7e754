"""The calendar's page: a year of days as one picture, the panel of those chosen, and taking in a table; and what reads
and changes days for it."""

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
    QPointingDevice,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.features import load, used
from queuedesk.core.network.roles import MAY
from queuedesk.core.setup.hall import HOLIDAY, SPECIAL, WORKING, is_working, rows_of_calendar, working_days_in
from queuedesk.core.setup.hall import Row as CalendarRow
from queuedesk.core.setup.rows import Setup
from queuedesk.desk.setup import calendaring
from queuedesk.desk.setup.calendaring import PublishedYear
from queuedesk.features.calendar.pages.day import PANEL, DayPanel, YearData, day_words
from queuedesk.features.calendar.verbs import read_calendar_file
from queuedesk.features.calendar.words import law_only_text, row_text
from queuedesk.i18n import _, day_staff, n_, weekday_long, weekday_short
from queuedesk.i18n.calendar_words import sources_text
from queuedesk.i18n.moments import month_long
from queuedesk.stations.manager.parts.page import LISTS, Page, PageSpec
from queuedesk.stations.manager.parts.table import TableQuestion
from queuedesk.stations.manager.setup_frame.set_up_controller import SetUpController
from queuedesk.stations.widgets.buttons import IconButton, SecondaryButton
from queuedesk.stations.widgets.paint import Follows, Painter, announce, ring_in, ring_out, width_of
from queuedesk.stations.widgets.panels import FixedSize, GroundArea, Label, spread
from queuedesk.stations.widgets.questions.dialogs import confirm
from queuedesk.stations.widgets.questions.files import ask_file
from queuedesk.stations.window.day_dialog import ask_day
from queuedesk.stations.window.frame import page_of
from queuedesk.stations.window.style import PAGE, Look

LEAST_LEFT, WIDE_LEFT = 400, 600
"""Narrower than the first, months and panel are two pages; narrower than the second, the head leaves words out."""
CELL_W, CELL_H, HEAD, WEEK, GAP_X, GAP_Y = 20, 24, 22, 18, 12, 12
BODY = HEAD + WEEK + 6 * CELL_H
MIDDLE = Qt.AlignmentFlag.AlignHCenter
MONDAY = date(2024, 1, 1)
FIRST_YEAR, LAST_YEAR = 2000, 2100
_DAYS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -7, Qt.Key.Key_Down: 7}
_MONTHS = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}


class YearView(Follows, QWidget):
    """`moved` gives the date that a person went to, and whether the dates up to it are chosen with it; `touched` a date
    whose month a finger wants to see large."""

    moved = Signal(object, bool)
    touched = Signal(object)
    spoken_role = QAccessible.Role.Table

    def __init__(self, look: Look, told: Callable[[date], str], parent: QWidget | None = None) -> None:
        """`told` says a date in words, for screen readers."""
        super().__init__(parent)
        today = date(FIRST_YEAR, 1, 1)
        self.data = YearData(year=today.year, today=today, at=today, anchor=today)
        self._told = told
        self.follow(look)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_year(self, data: YearData) -> None:
        """Show other data; a screen reader is told of another date."""
        before, self.data = self.data, data
        self.setAccessibleName(self._told(data.at))
        if (before.at, before.anchor) != (data.at, data.anchor) and self.hasFocus():
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.NameChanged))
            announce(self, self._told(data.at))
        self.update()

    # -- where things are --------------------------------------------------------------------------------------------

    def columns(self, width: float) -> int:
        """Return how many months stand beside each other."""
        fitting = int((width + self.look.px(GAP_X)) // self.look.px(7 * CELL_W + GAP_X))
        return max(1, next((n for n in (4, 3, 2) if fitting >= n), 1))

    def heightForWidth(self, width: int) -> int:
        rows = -(-12 // self.columns(width))
        return rows * self.look.px(BODY) + (rows - 1) * self.look.px(GAP_Y)

    def sizeHint(self) -> QSize:
        width = self.look.px(4 * 7 * CELL_W + 3 * GAP_X)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.px(7 * CELL_W), self.look.px(BODY))

    def _corner(self, month: int) -> QPointF:
        n = self.columns(self.width())
        apart = (self.width() - n * self.look.px(7 * CELL_W)) / max(1, n - 1) if n > 1 else 0.0
        apart = min(apart, self.look.px(2.5 * GAP_X))
        row, column = divmod(month - 1, n)
        return QPointF(column * (self.look.px(7 * CELL_W) + apart), row * (self.look.px(BODY) + self.look.px(GAP_Y)))

    def cell(self, day: date) -> QRectF:
        """Return where a date of the year stands."""
        corner, lead = self._corner(day.month), date(day.year, day.month, 1).weekday()
        row, column = divmod(lead + day.day - 1, 7)
        px = self.look.px
        return QRectF(
            corner.x() + column * px(CELL_W), corner.y() + px(HEAD + WEEK) + row * px(CELL_H), px(CELL_W), px(CELL_H)
        )

    def day_at(self, place: QPointF) -> date | None:
        """Return the date at a place, None where there is none."""
        for month in range(1, 13):
            corner = self._corner(month)
            if QRectF(corner.x(), corner.y(), self.look.px(7 * CELL_W), self.look.px(BODY)).contains(place):
                last = months.monthrange(self.data.year, month)[1]
                days = (date(self.data.year, month, n) for n in range(1, last + 1))
                return next((day for day in days if self.cell(day).contains(place)), None)
        return None

    # -- by hand -----------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        day = self.day_at(event.position())
        if day is None or event.button() != Qt.MouseButton.LeftButton:
            return
        device = event.pointingDevice()
        by_finger = device is not None and device.pointerType() == QPointingDevice.PointerType.Finger
        if by_finger or event.source() != Qt.MouseEventSource.MouseEventNotSynthesized:
            self.touched.emit(day)
        else:
            self.moved.emit(day, bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, data = Qt.Key(event.key()), self.data
        with_them = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if key in _DAYS:
            self._go(data.at + timedelta(days=_DAYS[key]), with_them)
        elif key in _MONTHS:
            self._go(_month_on(data.at, _MONTHS[key]), with_them)
        elif key == Qt.Key.Key_Home:
            self._go(data.today, with_them)
        else:
            super().keyPressEvent(event)

    def _go(self, day: date, with_them: bool) -> None:
        if FIRST_YEAR <= day.year <= LAST_YEAR:
            self.moved.emit(day, with_them)

    def focusInEvent(self, event: QFocusEvent) -> None:
        ring_in(self, event, self.look, 10.0)
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        ring_out(self, event)
        super().focusOutEvent(event)

    # -- painting ----------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look = Painter(self, self.look), self.look
        for month in range(1, 13):
            corner, wide = self._corner(month), look.px(7 * CELL_W)
            if not event.region().intersects(QRectF(corner.x(), corner.y(), wide, look.px(BODY)).toAlignedRect()):
                continue
            first = date(self.data.year, month, 1)
            place = QRectF(corner.x() + look.px(3), corner.y(), wide, look.px(HEAD))
            painter.words_in(month_long(first), look.font(15, bold=True), "ink", place)
            for column in range(7):
                word = _initial(weekday_short(MONDAY.replace(day=column + 1)))
                cell = QRectF(
                    corner.x() + column * look.px(CELL_W), corner.y() + look.px(HEAD), look.px(CELL_W), look.px(WEEK)
                )
                painter.words_in(word, look.font(13), "ink2", cell, MIDDLE)
            for n in range(months.monthrange(first.year, month)[1]):
                self._paint_day(painter, first + timedelta(days=n))

    def _paint_day(self, painter: Painter, day: date) -> None:
        look, data, cell = self.look, self.data, self.cell(day)
        known = data.calendar.on(day)
        kind = known.kind if known is not None else ""
        first, last = data.chosen
        inner = cell.adjusted(look.px(0.5), look.px(1), -look.px(0.5), -look.px(1))
        paint_kind(painter, inner, kind, working=is_working(data.calendar, day))
        if day == data.today:
            painter.box(inner, 5, "", edge="ink", width=1.5)
        if first <= day <= last:
            painter.box(inner, 5, "", edge="primary", width=3)
        bold = kind in (WORKING, SPECIAL) or day == data.today
        token = "ink" if is_working(data.calendar, day) or kind == SPECIAL else "ink2"
        text = inner.adjusted(0, 0, 0, -look.px(3)) if kind else inner
        painter.words_in(str(day.day), look.font(13, bold=bold, tabular=True), token, text, MIDDLE)


def paint_kind(painter: Painter, rect: QRectF, kind: str, *, working: bool = True) -> None:
    """Draw a date's ground and the shape of its kind: bar, dot or triangle, so that colour is never alone."""
    look, outlined = painter.look, painter.look.theme.outlined
    ground = {WORKING: "soft", SPECIAL: "bluebg", HOLIDAY: "sunken"}.get(kind, "" if working else "sunken")
    if ground:
        painter.box(rect, 4, ground, edge="line" if outlined else "")
    middle, foot = rect.center().x(), rect.bottom() - look.px(2)
    painter.setPen(Qt.PenStyle.NoPen)
    if kind == HOLIDAY:
        painter.setBrush(look.color("ink2"))
        painter.drawRect(QRectF(middle - look.px(5), foot - look.px(2), look.px(10), max(2, look.px(2))))
    elif kind == WORKING:
        painter.setBrush(look.color("primary"))
        painter.drawEllipse(QPointF(middle, foot - look.px(2)), look.px(2), look.px(2))
    elif kind == SPECIAL:
        painter.setBrush(look.color("blue"))
        path = QPainterPath(QPointF(middle - look.px(4), foot))
        path.lineTo(middle, foot - look.px(4))
        path.lineTo(middle + look.px(4), foot)
        painter.drawPath(path)


def _initial(word: str) -> str:
    return word.removeprefix("周")[:1]


def _month_on(day: date, step: int) -> date:
    at = day.year * 12 + day.month - 1 + step
    year, month = at // 12, at % 12 + 1
    return date(year, month, min(day.day, months.monthrange(year, month)[1]))


class Legend(Follows, QWidget):
    """What the shapes in the months mean, in as many lines as it takes."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.makes_up = True
        self.follow(look)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def _entries(self) -> list[tuple[str, str]]:
        names = {
            HOLIDAY: _("holiday", context="legend"),
            WORKING: _("make-up working day", context="legend"),
            SPECIAL: _("special hours", context="legend"),
            "today": _("today", context="legend"),
        }
        return [(kind, word) for kind, word in names.items() if kind != WORKING or self.makes_up]

    def _places(self, width: float) -> list[tuple[float, int, str, str]]:
        found, x, line = [], 0.0, 0
        for kind, word in self._entries():
            wide = self.look.px(28) + width_of(self.look.font(15), word)
            if x and x + wide > width:
                x, line = 0.0, line + 1
            found.append((x, line, kind, word))
            x += wide + self.look.px(18)
        return found

    def heightForWidth(self, width: int) -> int:
        return self.look.px(26) * (self._places(width)[-1][1] + 1)

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(300), self.look.px(26))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look = Painter(self, self.look), self.look
        for x, line, kind, word in self._places(self.width()):
            top = look.px(26) * line
            box = QRectF(x, top + look.px(3), look.px(20), look.px(20))
            paint_kind(painter, box, kind)
            if kind == "today":
                painter.box(box, 5, "", edge="ink", width=1.5)
            place = QRectF(x + look.px(28), top, self.width(), look.px(26))
            painter.words_in(word, look.font(15), "ink2", place)


# -- days read and changed ---------------------------------------------------------------------------------------------


class DaysRead(Struct, frozen=True):
    """Days of a table or of a published year: its name, and what they would change, by date before and after.
    `law_only` as of a PublishedYear."""

    name: str
    differences: Mapping[str, tuple[CalendarRow | None, CalendarRow | None]]
    law_only: bool = False


def may_plan_days(controller: SetUpController) -> bool:
    """Whether the person here may change the calendar: a manager too."""
    who = controller.context.who
    return who is not None and "calendar" in MAY[who.role]


def published_of(controller: SetUpController) -> Mapping[int, PublishedYear]:
    """Return the years whose published days come with the program for this hall."""
    return calendaring.published(calendaring.country_of(controller.setup.hall))


def save_days(controller: SetUpController, rows: Mapping[str, CalendarRow | None], saved: Callable[[], None]) -> None:
    """Give dates their rows, None for one that is as its weekday again."""
    controller.change(lambda desk, ask: calendaring.set_days(desk, ask, rows), lambda _days: saved())


def read_days(controller: SetUpController, path: Path, show: Callable[[DaysRead], object]) -> None:
    """Read a table of days, and `show` what it would change, if it can be read."""
    document = controller.setup.document

    def work() -> DaysRead:
        return DaysRead(path.name, calendaring.differences(document, read_calendar_file(path)))

    controller.start("calendar", work, show)


def days_of_year(controller: SetUpController, year: int) -> DaysRead:
    """Compare the published days of a year with the hall's."""
    known = published_of(controller)[year]
    changes = calendaring.differences(controller.setup.document, known.days)
    return DaysRead(str(year), changes, law_only=known.law_only)


# -- the page ----------------------------------------------------------------------------------------------------------


class DaysDialog(TableQuestion):
    """What a table or a published year would change, before it does."""

    def __init__(self, host: QWidget, look: Look, read: DaysRead) -> None:
        n = len(read.differences)
        title = n_("{name}: {n} date differs", "{name}: {n} dates differ", n, name=read.name)
        effect = _("Dates that are not in it stay as they are.") if n else _("Nothing would change here.")
        if n and read.law_only:
            effect = law_only_text()
        super().__init__(host, look, title=title, effect=effect, width=640)
        lines = []
        for day, (before, after) in read.differences.items():
            on = date.fromisoformat(day)
            was = f"{row_text(before)} → " if before is not None else ""
            lines.append(f"{day_staff(on)} {on.year}  {was}{row_text(after)}")
        self.ask_about(lines, title, _("Import these days"))


class CalendarPage(QWidget):
    """Set-up's page of the calendar: the year at the left, the chosen dates at the right, or one behind the other."""

    said = Signal(str, str)

    def __init__(self, look: Look, controller: SetUpController, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._controller = look, controller
        self._setup: Setup | None = None
        self._trouble: QueueDeskError | None = None
        self._is_open = False
        today = controller.context.feed.day
        self._data = YearData(year=today.year, today=today, at=today, anchor=today)
        self.frame = Page(look, PageSpec(title=lambda: _("Calendar", context="field"), foot=8))
        self.head = self.frame.head
        self.before = IconButton(look, "arrow-left", _("Year before"), framed=True)
        self.after = IconButton(look, "arrow-right", _("Year after"), framed=True)
        self.year = Label(look, px=20, bold=True, align=Qt.AlignmentFlag.AlignCenter)
        self.import_button = SecondaryButton(look, "", icon="folder", height=44)
        self.import_button.setAccessibleName(_("Import", context="calendar"))
        self.line = Label(look, px=15, token="ink2", wrap=True)
        self.view = YearView(look, self.told)
        self.legend = Legend(look)
        self.panel = DayPanel(look)
        self._build()
        self.before.clicked.connect(partial(self._turn, -1))
        self.after.clicked.connect(partial(self._turn, 1))
        self.import_button.clicked.connect(self._offer)
        self.view.moved.connect(self.go)
        self.view.touched.connect(self._ask_day)
        self.panel.saving.connect(self._save)
        self.panel.left.connect(self._close_panel)
        controller.busy_changed.connect(self.panel.save_button.set_busy)
        self._arrange()
        self._show()

    def _build(self) -> None:
        look = self._look
        for widget in (self.before, self.year, self.after, self.import_button):
            self.head.add_button(widget)
        self.frame.put(self.line, gap=2)
        inner = QWidget()
        column = QVBoxLayout(inner)
        spread(look, column, (PAGE, 0, 10, 0), 10)
        column.addWidget(self.view)
        column.addWidget(self.legend)
        column.addStretch(1)
        self._area = GroundArea(inner)
        self.frame.put(self._area, 1, inset=False, gap=6)
        FixedSize(look, self.panel, width=PANEL)
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
        self._data = replace(self._data, calendar=setup.calendar, today=self._controller.context.feed.day)
        self._show()

    def show_trouble(self, trouble: QueueDeskError | None) -> None:
        """Show what is wrong; None removes it."""
        self._trouble = trouble
        if trouble is not None:
            self.frame.warn(trouble)
        else:
            self.frame.banner.hide()

    @property
    def is_changed(self) -> bool:
        return self.panel.is_changed

    def discard(self) -> None:
        self.panel.discard()

    def told(self, day: date) -> str:
        """Return a date in words: "Friday 27 November, special hours, 8:30–15:00, chosen"."""
        known = rows_of_calendar(self._setup.document).get(day.isoformat()) if self._setup is not None else None
        first, last = self._data.chosen
        parts = [f"{weekday_long(day)} {day_words(day)}", row_text(known).replace("  ", ", ")]
        if first <= day <= last:
            parts.append(_("chosen", context="day"))
        return ", ".join(parts)

    def _show(self) -> None:
        setup, data = self._setup, self._data
        if setup is None:
            return
        self.year.setText(str(data.year))
        self.view.show_year(data)
        self.legend.makes_up = setup.calendar.makes_up
        self.legend.updateGeometry()
        self.legend.update()
        n = working_days_in(setup.calendar, data.year)
        sources = sources_text(setup.calendar, data.year)
        counted = n_("{n} working day, the others on grey", "{n} working days, the others on grey", n)
        own = any(day.year == data.year for day in setup.calendar.days)
        known = published_of(self._controller)
        none = _("{year} is not published yet: weekends only", year=data.year) if known and not own else ""
        if not own and data.year in known:
            none = _("The days published for {year} have not been imported yet: weekends only", year=data.year)
        if not own and not known:
            none = _("public holidays not entered")
        self.import_button.setToolTip(
            _("Import the published days, or days from a table") if known else _("From a table …")
        )
        self.line.setText(" · ".join(part for part in (counted, *sources, none) if part))
        may = may_plan_days(self._controller)
        self.import_button.setVisible(may)
        self.panel.show_days(setup, data, may=may, moved=self._moved, due=self._due)

    def _moved(self, after: Setup, days: Sequence[date]) -> list[str]:
        state = self._controller.context.feed.state
        told = [load(one.moved)(state, after, days) for one in used(after.hall) if one.moved]
        return [text for text in told if text]

    def _due(self) -> list[date]:
        """Return the last days told of what is open: cases and what is to be put right."""
        state, today = self._controller.context.feed.state, self._data.today
        cases = [one.due(today) for one in state.cases.values()]
        return [one for one in cases if one] + [one.due for one in state.rectifications.values() if one.is_open]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        QTimer.singleShot(0, self, self._bring_chosen)

    def _bring_chosen(self) -> None:
        """Scroll to the date that was chosen last."""
        if self._data.at.year == self._data.year:
            cell, px = self.view.cell(self._data.at), self._look.px
            self._area.ensureVisible(0, round(cell.center().y()), 0, px(110))

    def _arrange(self) -> None:
        look = self._look
        room = self.width() - look.wide(PANEL)
        narrow = room < look.px(LEAST_LEFT)
        self.panel.setMinimumWidth(0 if narrow else look.wide(PANEL))
        self.panel.setMaximumWidth(16777215 if narrow else look.wide(PANEL))
        self.frame.setVisible(not (narrow and self._is_open))
        self.panel.setVisible(not narrow or self._is_open)
        self.panel.back_button.setVisible(narrow)
        compact = (self.width() if narrow else room) < look.px(WIDE_LEFT)
        self.head.title.setVisible(not compact)
        self.import_button.setText("" if compact else _("Import", context="calendar"))

    # -- acts --------------------------------------------------------------------------------------------------------

    def go(self, day: date, with_them: bool = False) -> None:
        """Choose a date, or with the dates up to it; asks where something typed would be lost."""
        if day != self._data.at and self.panel.is_changed:
            confirm(
                page_of(self) or self.window(),
                self._look,
                partial(self._let_go, day, with_them),
                title=_("Discard the changes?"),
                effect=_("What you typed is not saved yet."),
                safe=_("Go on editing"),
                act=_("Discard changes"),
            )
            return
        self._choose(day, with_them)

    def _let_go(self, day: date, with_them: bool) -> None:
        self.panel.discard()
        self._choose(day, with_them)

    def _choose(self, day: date, with_them: bool) -> None:
        self._data = replace(self._data, year=day.year, at=day, anchor=self._data.anchor if with_them else day)
        self.panel.begin()
        self._is_open = True
        self._show()
        self._arrange()
        self._bring_chosen()

    def _close_panel(self) -> None:
        self._is_open = False
        self._arrange()
        self.view.setFocus()

    def _turn(self, step: int) -> None:
        year = self._data.year + step
        if FIRST_YEAR <= year <= LAST_YEAR:
            self._data = replace(self._data, year=year)
            self._show()

    def _ask_day(self, day: date) -> None:
        first, last = date(day.year, 1, 1), date(day.year, 12, 31)
        ask_day(page_of(self) or self.window(), self._look, self.go, chosen=day, first=first, last=last)

    def _offer(self) -> None:
        entries: list[tuple[str, Callable[[], object]]] = [
            (_("Published days of {year}", year=year), partial(self.look_into_year, year))
            for year in sorted(published_of(self._controller), reverse=True)
        ]
        entries.append((_("From a table …"), self._ask_which))
        self.frame.pop(self.import_button, entries)

    def _ask_which(self) -> None:
        ask_file(self, _("Import", context="calendar"), LISTS, self.look_into)

    def look_into(self, path: str) -> None:
        """Show what the table at `path` would change."""
        self.show_trouble(None)
        read_days(self._controller, Path(path), self._show_read)

    def look_into_year(self, year: int) -> None:
        """Show what the days published for a year would change."""
        self.show_trouble(None)
        self._show_read(days_of_year(self._controller, year))

    def _show_read(self, read: DaysRead) -> None:
        self.show_trouble(None)
        dialog = DaysDialog(page_of(self) or self.window(), self._look, read)
        changed = {day: after for day, (_before, after) in read.differences.items()}
        dialog.wanted.connect(partial(self._save, changed))
        dialog.open_dialog()

    def _save(self, rows: Mapping[str, CalendarRow | None]) -> None:
        save_days(self._controller, rows, self._saved)

    def _saved(self) -> None:
        self.show_trouble(None)
        self.panel.begin()
        self.said.emit(_("Saved; it takes effect at once"), "check")
