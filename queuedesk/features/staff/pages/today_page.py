"""Staff and shifts of the day: a timeline for everybody who sat at a window, and who is at which station."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from math import ceil

from msgspec import Struct
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from queuedesk.core.log.state import HallState
from queuedesk.core.log.ticket_history import Span
from queuedesk.core.queue import hallday, overview
from queuedesk.core.queue import ticket as ticket_records
from queuedesk.core.setup.rows import Setup
from queuedesk.core.talk.screen import split_station_and_pc
from queuedesk.features.staff.rules import day_shifts
from queuedesk.i18n import _, figure_range, list_text, n_, role_word, time_hm
from queuedesk.i18n.names import staff_name, window_name
from queuedesk.i18n.queue.line_words import reason_words
from queuedesk.i18n.talk import device_kind_word
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.pages import ControllerCache
from queuedesk.stations.manager.parts.page import ManagerPage, PageAct, PageSpec
from queuedesk.stations.widgets import panels
from queuedesk.stations.widgets.lists.lists import ColumnHeadRow, ScrollingRowsArea
from queuedesk.stations.widgets.paint import TEXT, FollowsLook, Painter, width_of_text
from queuedesk.stations.window.style import Look

# -- words -------------------------------------------------------------------------------------------------------------

OPEN, PAUSED, SERVING = "open", "paused", "serving"


class TimelineSegment(Struct, frozen=True):
    """A part of a timeline: OPEN, PAUSED or SERVING, from and to as shares of its width."""

    kind: str
    start: float
    end: float


class StaffRow(Struct, frozen=True, kw_only=True):
    """A person's row: name, current place, the bars, the line below them, the figures."""

    code: str
    name: str
    second: str
    bars: tuple[TimelineSegment, ...]
    line: str
    figures: tuple[str, str, str, str]
    spoken: str


class StaffPageContent(Struct, frozen=True, kw_only=True):
    """The whole page: rows, the hours above them as (share, text), the place of now, and who is at which station."""

    rows: tuple[StaffRow, ...]
    hours: tuple[tuple[float, str], ...]
    now: float | None
    stations: str


def staff_page_content(state: HallState, day: date, now: datetime) -> StaffPageContent:
    setup = overview.set_up(state)
    days = day_shifts.staff_shifts_of_day(state, day, now)
    opens, closes = (
        hallday.utc_moment_of_hall_minute(setup, day, minute) for minute in (setup.hall.opens, setup.hall.closes)
    )
    bounds = day_shifts.day_timeline_bounds(days, opens, closes, now)
    return StaffPageContent(
        rows=tuple(_staff_row(setup, state, each, bounds, now) for each in days),
        hours=_hour_marks(setup, bounds),
        now=_share_of_span_passed_at(bounds, now) if bounds[0] <= now <= bounds[1] else None,
        stations=_signed_in_stations_text(setup, state),
    )


def staff_figure_titles() -> tuple[str, str, str, str]:
    return (
        _("Open (min)", context="staff"),
        _("Paused (min)", context="staff"),
        _("Serving (min)", context="staff"),
        _("Served", context="staff"),
    )


def _staff_row(
    setup: Setup, state: HallState, of: day_shifts.PersonShiftsOfDay, bounds: Span, now: datetime
) -> StaffRow:
    bars = [bar for shift in of.shifts for bar in _bars_of_one_shift(shift, bounds, now)]
    figures = (str(of.open_s // 60), str(of.paused_s // 60), str(of.serving_s // 60), str(of.finished))
    name, second = staff_name(setup, of.staff), _current_window_words(state, of)
    line = " · ".join(_shift_text_with_pauses(setup, shift) for shift in of.shifts)
    told = ", ".join(f"{title} {figure}" for title, figure in zip(staff_figure_titles(), figures, strict=True))
    spoken = ", ".join((name, second, line, told))
    return StaffRow(
        code=of.staff, name=name, second=second, bars=tuple(bars), line=line, figures=figures, spoken=spoken
    )


def _bars_of_one_shift(shift: day_shifts.WorkedShift, bounds: Span, now: datetime) -> list[TimelineSegment]:
    spans = [(OPEN, shift.start, shift.end or now)]
    spans += [(PAUSED, pause.start, pause.end or now) for pause in shift.pauses]
    spans += [(SERVING, start, end) for start, end in shift.served]
    return [
        TimelineSegment(kind, _share_of_span_passed_at(bounds, start), _share_of_span_passed_at(bounds, end))
        for kind, start, end in spans
    ]


def _current_window_words(state: HallState, of: day_shifts.PersonShiftsOfDay) -> str:
    for window in state.windows.values():
        if window.staff == of.staff and window.state is not ticket_records.WindowState.CLOSED:
            name = window_name(window.code)
            return _("{window}, paused", window=name) if window.state is ticket_records.WindowState.PAUSED else name
    return _("gone", context="staff")


def _shift_text_with_pauses(setup: Setup, shift: day_shifts.WorkedShift) -> str:
    times = _shift_times(setup, shift.start, shift.end)
    pauses = [
        _(
            "{times} ({reason})",
            context="pause",
            times=_shift_times(setup, p.start, p.end),
            reason=reason_words(p.reason),
        )
        for p in shift.pauses
    ]
    whole = _("{window} {times}", context="shift", window=window_name(shift.window), times=times)
    if not pauses:
        return whole
    return _("{shift}; paused {pauses}", shift=whole, pauses=list_text(pauses))


def _shift_times(setup: Setup, start: datetime, end: datetime | None) -> str:
    begun = time_hm(setup.to_hall_time(start))
    return (
        figure_range(begun, time_hm(setup.to_hall_time(end))) if end else _("since {time}", context="shift", time=begun)
    )


def _signed_in_stations_text(setup: Setup, state: HallState) -> str:
    """Return who is signed in where, windows left out: their rows say it."""
    at = [
        _("{station}: {name}", context="station", station=station_name(station), name=_name_with_role(setup, code))
        for station, code in sorted(state.signed_in.items())
        if not station.startswith("counter")
    ]
    open_ = sum(window.state is not ticket_records.WindowState.CLOSED for window in state.windows.values())
    counters = n_("{n} window staffed", "{n} windows staffed", open_)
    return " · ".join((*at, counters))


def _name_with_role(setup: Setup, code: str) -> str:
    person = setup.staff.get(code)
    return _("{name} ({role})", name=staff_name(setup, code), role=role_word(str(person.role))) if person else code


def station_name(station: str) -> str:
    """Return the name of a station of the log, "guide-2" by its kind and number, with its PC if it has one."""
    own, pc = split_station_and_pc(station)
    if pc:
        return _("{name} on {pc}", context="station", name=station_name(own), pc=pc)
    kind, _dash, number = station.partition("-")
    words = {"guide": _("Front desk"), "manager": _("Manager's station"), "kiosk": _("Kiosk")}
    return " ".join(part for part in (words.get(kind) or device_kind_word(kind), number) if part)


def _hour_marks(setup: Setup, bounds: Span) -> tuple[tuple[float, str], ...]:
    first = setup.to_hall_time(bounds[0])
    hours = round((bounds[1] - bounds[0]).total_seconds() / 3600)
    found: Sequence[int] = range(hours + 1)
    return tuple((at / max(1, hours), f"{(first.hour + at) % 24}:00") for at in found)


def _share_of_span_passed_at(bounds: Span, moment: datetime) -> float:
    whole = (bounds[1] - bounds[0]).total_seconds() or 1.0
    return min(1.0, max(0.0, (moment - bounds[0]).total_seconds() / whole))


ROW, HEAD, NAME, BAR = 76, 44, 168, 22
TIMELINE_AT_LEAST = 320
RIGHT, MIDDLE = Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignHCenter
TINTS = {OPEN: "soft", PAUSED: "violetbg", SERVING: "primary"}


class _StaffRowColumnPositions:
    """Where the timeline and the figures' columns stand, alike in the head and in every row."""

    def __init__(self) -> None:
        self.titles: Sequence[str] = ()

    def is_narrow(self, look: Look, width: int) -> bool:
        """Whether the figures stand below the timelines, which need the width."""
        columns = sum(width_of_text(look.font(15), title) + look.gap(16) for title in self.titles)
        return width - look.large_px(NAME) - columns < look.px(TIMELINE_AT_LEAST)

    def figure_column_right_ends(self, look: Look, width: int) -> list[float]:
        """Return the right ends of the figures' columns; none where they stand below."""
        ends: list[float] = []
        right = float(width)
        if self.is_narrow(look, width):
            return ends
        for title in reversed(self.titles):
            ends.append(right)
            right -= width_of_text(look.font(15), title) + look.gap(16)
        return ends[::-1]

    def timeline_left_and_right(self, look: Look, width: int) -> tuple[float, float]:
        """Return where the hours begin and end: half the last one's name stands behind the end."""
        ends = self.figure_column_right_ends(look, width)
        first = width_of_text(look.font(15), self.titles[0]) if self.titles else 0
        half = width_of_text(look.font(14, tabular=True), "00:00") / 2 + look.px(2)
        return float(look.large_px(NAME)), (ends[0] - first - look.gap(24) if ends else float(width)) - half


def hour_labels_that_fit(
    hours: tuple[tuple[float, str], ...], width: float, room: float
) -> tuple[tuple[float, str], ...]:
    """Return every hour, or every second, third ..., so that each has `room` on an axis of `width`."""
    apart = width * (hours[1][0] - hours[0][0]) if len(hours) > 1 else width
    return hours[:: max(1, ceil(room / max(apart, 1.0)))]


class _StaffTableHead(ColumnHeadRow):
    """The hours above the timelines and the names of the columns."""

    def __init__(self, look: Look, places: _StaffRowColumnPositions) -> None:
        super().__init__(look)
        self._places = places
        self._hours: tuple[tuple[float, str], ...] = ()

    def set_hour_labels(self, hours: tuple[tuple[float, str], ...]) -> None:
        self._hours = hours
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(600), self.look.px(HEAD))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look, high = Painter(self, self.look), self.look, self.height() - 1
        width = self.width() - self.inset
        for end, title in zip(self._places.figure_column_right_ends(look, width), self._places.titles, strict=False):
            painter.draw_words_and_give_end_x(title, look.font(15), "ink2", QRectF(0, 0, end, high), RIGHT)
        left, right = self._places.timeline_left_and_right(look, width)
        small = look.font(14, tabular=True)
        widest = max((width_of_text(small, text) + look.px(4) for _share, text in self._hours), default=1.0)
        for share, text in hour_labels_that_fit(self._hours, right - left, widest + look.px(10)):
            x = left + share * (right - left) - widest / 2
            painter.draw_words_and_give_end_x(text, small, "ink2", QRectF(x, 0, widest, high), MIDDLE)
        painter.draw_divider(QRectF(0, high, 1, 0).topLeft(), QRectF(self.width(), high, 1, 0).topLeft())


class StaffRowWidget(FollowsLook, QWidget):
    """One person's row: to be read, and reached by Tab for screen readers."""

    spoken_role = TEXT

    def __init__(self, look: Look, places: _StaffRowColumnPositions) -> None:
        super().__init__()
        self.follow_look(look)
        self._places = places
        self._said: StaffRow | None = None
        self._now: float | None = None
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_row(self, said: StaffRow, now: float | None) -> None:
        self._said, self._now = said, now
        self.setAccessibleName(said.spoken)
        self.setToolTip(said.line)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(600), self.look.px(ROW))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look, said = Painter(self, self.look), self.look, self._said
        if said is None:
            return
        width, high = self.width(), self.height() - 1
        left, right = self._places.timeline_left_and_right(look, width)
        room = left - look.gap(12)
        painter.draw_words_and_give_end_x(
            said.name, look.font(17, bold=True), "ink", QRectF(0, look.px(10), room, look.px(26))
        )
        painter.draw_words_and_give_end_x(said.second, look.font(15), "ink2", QRectF(0, look.px(38), room, look.px(24)))
        top, bar = look.px(12), look.px(BAR)
        painter.draw_box(QRectF(left, top, right - left, bar), 4, "sunken")
        for kind in (OPEN, PAUSED, SERVING):
            for each in (one for one in said.bars if one.kind == kind):
                x, end = left + each.start * (right - left), left + each.end * (right - left)
                inset = look.px(4) if kind == SERVING else 0
                rect = QRectF(x, top + inset, max(1.0, end - x), bar - 2 * inset)
                outlined = look.theme.outlined and kind != SERVING
                edge = ("violet" if kind == PAUSED else "primary") if outlined else ""
                painter.draw_box(rect, 2, TINTS[kind], edge=edge)
        if self._now is not None:
            x = round(left + self._now * (right - left))
            painter.fillRect(QRectF(x, top - look.px(4), 1.5, bar + look.px(8)), look.color("ink"))
        below = QRectF(left, look.px(38), width - left, look.px(26))
        painter.draw_words_and_give_end_x(self._text_below_timeline(said), look.font(15), "ink2", below)
        for end, figure in zip(self._places.figure_column_right_ends(look, width), said.figures, strict=False):
            painter.draw_words_and_give_end_x(
                figure, look.font(17, tabular=True), "ink", QRectF(0, look.px(10), end, look.px(26)), RIGHT
            )
        painter.draw_divider(QRectF(0, high, 1, 0).topLeft(), QRectF(width, high, 1, 0).topLeft())
        if self.hasFocus():
            painter.draw_box(QRectF(self.rect()).adjusted(1, 1, -2, -2), 8, "", edge="ink", width=3)

    def _text_below_timeline(self, said: StaffRow) -> str:
        if not self._places.is_narrow(self.look, self.width()):
            return said.line
        told = zip(self._places.titles, said.figures, strict=True)
        return " · ".join(f"{title} {figure}" for title, figure in told)


class TimelineLegend(FollowsLook, QWidget):
    spoken_role = TEXT

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.follow_look(look)
        self._words: tuple[tuple[str, str], ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_words(self, words: tuple[tuple[str, str], ...]) -> None:
        self._words = words
        self.setAccessibleName(", ".join(word for _kind, word in words))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(300), self.look.px(28))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look, x = Painter(self, self.look), self.look, 0.0
        font, side = look.font(15), look.px(14)
        for kind, word in self._words:
            edge = "violet" if kind == PAUSED else "primary"
            painter.draw_box(QRectF(x, (self.height() - side) / 2, side, side), 3, TINTS[kind], edge=edge)
            x += side + look.px(7)
            painter.draw_words_and_give_end_x(
                word, font, "ink2", QRectF(x, 0, width_of_text(font, word) + 2, self.height())
            )
            x += width_of_text(font, word) + look.px(22)


class StaffPage(ManagerPage):
    """Who worked where today; follows the hall. `roster_wanted` asks for who is planned where, in a hall with a
    roster."""

    roster_wanted = Signal()

    def __init__(self, controller: ManagerController, parent: QWidget | None = None) -> None:
        self._controller, look = controller, controller.context.look
        plan = PageAct(
            text=lambda: _("Plan who works at which window"),
            do=self._emit_roster_wanted,
            icon="calendar",
            offered=self._is_windows_needed_feature_on,
        )
        super().__init__(look, PageSpec(title=lambda: _("Staff and shifts"), acts=(plan,)), parent)
        self._places = _StaffRowColumnPositions()
        self._shown: StaffPageContent | None = None
        self.lines: dict[str, StaffRowWidget] = {}
        self.stations = panels.Label(look, px=16, wrap=True)
        self._legend = TimelineLegend(look)
        self._legend.set_words(
            (
                (OPEN, _("Window open", context="legend")),
                (PAUSED, _("Paused", context="legend")),
                (SERVING, _("Serving", context="legend")),
            )
        )
        self._hours = _StaffTableHead(look, self._places)
        self._empty = panels.EmptyState(look, "people")
        self._empty.set_texts(
            _("Nobody has opened a window today"),
            _("People appear here once they open a window."),
            _("Plan who works at which window") if self._is_windows_needed_feature_on() else "",
        )
        self.add_part(self.stations)
        self._card = panels.Card(look)
        inside = QVBoxLayout(self._card)
        panels.set_scaled_margins(look, inside, (20, 8, 20, 8), 0)
        inside.addWidget(self._legend)
        inside.addWidget(self._hours)
        self._area = ScrollingRowsArea(look, self._hours, gap=6)
        inside.addWidget(self._area, 1)
        self.add_part(self._card, 1)
        self._nothing = panels.EmptyStateCard(look, self._empty)
        self._empty.acted.connect(self.roster_wanted)
        self.add_part(self._nothing, 1)
        self._places.titles = staff_figure_titles()

    def _emit_roster_wanted(self) -> None:
        self.roster_wanted.emit()

    def _is_windows_needed_feature_on(self) -> bool:
        return self._controller.context.feed.setup.has_feature("windows_needed")

    def refresh(self, now: datetime) -> None:
        said = staff_page_content(self._controller.hall_state, self._controller.business_date, now)
        if said == self._shown:
            return
        self._shown = said
        self.stations.setText(said.stations)
        self._hours.set_hour_labels(said.hours)
        if [row.code for row in said.rows] != list(self.lines):
            panels.remove_and_delete_widgets(self.lines.values())
            self.lines = {row.code: StaffRowWidget(self._look, self._places) for row in said.rows}
            for at, line in enumerate(self.lines.values()):
                self._area.column.insertWidget(at, line)
        for row in said.rows:
            self.lines[row.code].set_row(row, said.now)
        self._card.setVisible(bool(said.rows))
        self._nothing.setVisible(not said.rows)

    def state_to_restore(self) -> tuple[()]:
        return ()

    def restore_state(self, left: tuple[()]) -> None:
        """It is only looked at."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 5, Qt.Key.Key_PageUp: -5}
        if event.key() in steps:
            bar = self._area.verticalScrollBar()
            bar.setValue(bar.value() + steps[Qt.Key(event.key())] * self._look.px(ROW))
        else:
            super().keyPressEvent(event)


def staff_today_page(controller: ManagerController, _own: ControllerCache) -> StaffPage:
    return StaffPage(controller)
