"""Compares several halls live and in a period, and shows the day of one of them, to read only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from queuedesk.core.log.state import HallState
from queuedesk.core.queue import hallday
from queuedesk.core.queue.overview import set_up
from queuedesk.core.queue.ticket import whole_seconds_between
from queuedesk.core.setup.rows import Setup
from queuedesk.features.halls.pages import HallsController
from queuedesk.features.halls.rules import HallOverviewRow
from queuedesk.i18n import _, date_for_staff, minutes_text, moment_short, n_, name_in_language, time_hm
from queuedesk.i18n.queue.event_words import alert_words
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.pages import ControllerCache
from queuedesk.stations.manager.parts.page import ManagerPage, PageSpec
from queuedesk.stations.manager.today.alert_words import alert_texts
from queuedesk.stations.manager.today.today_page import TodayPage, fill_today_page
from queuedesk.stations.manager.today.today_words import date_time_live_text
from queuedesk.stations.widgets import buttons
from queuedesk.stations.widgets.lists.lists import ColumnHeadRow, ScrollingRowsArea
from queuedesk.stations.widgets.lists.tiles import TabRow
from queuedesk.stations.widgets.paint import Painter, largest_fitting_px, width_of_text
from queuedesk.stations.widgets.panels import Card, remove_and_delete_widgets, set_scaled_margins
from queuedesk.stations.window.style import Look, font_of_size

if TYPE_CHECKING:
    from queuedesk.features.halls.pages.period import HallsPeriodController, HallsPeriodPage
    from queuedesk.features.halls.pages.push import SetupPushController, SetupPushPage

# -- words -------------------------------------------------------------------------------------------------------------

UNKNOWN = "—"


class HallRowText(Struct, frozen=True, kw_only=True):
    """A hall's row. `cells` are waiting, longest wait, open windows, served, called in time, each with its token and
    whether it is bold."""

    code: str
    name: str
    icon: str
    token: str
    word: str
    cells: tuple[tuple[str, str, bool], ...]


def figure_column_titles() -> tuple[str, ...]:
    """Return the heads of the columns behind the name."""
    return (
        _("Waiting", context="column"),
        _("Longest", context="column"),
        _("Open windows"),
        _("Served", context="halls"),
        _("Called in time"),
    )


def hall_row_text(one: HallOverviewRow, state: HallState, setup: Setup, now: datetime) -> HallRowText:
    """Return a hall's row from its own `state`; times are on the own hall's clock, of `setup`."""
    icon, token, word = _state_icon_colour_word(one, state, setup, now)
    longest, late = UNKNOWN, one.level or "ink"
    if one.longest_since is not None:
        longest = minutes_text(whole_seconds_between(one.longest_since, now) // 60)
    within = UNKNOWN if one.within_target is None else f"{one.within_target * 100:.0f} %"
    short = one.is_short_of_target or one.late is not None
    if one.late is not None:
        within = _("{share} · {n} waiting longer", share=within, n=one.late.n)
    return HallRowText(
        code=one.code,
        name=name_in_language(one.name, one.name_en),
        icon=icon,
        token=token,
        word=word,
        cells=(
            (str(one.waiting), "ink", True),
            (longest, late, bool(one.level)),
            (f"{one.open_windows} / {one.windows}", "ink", False),
            (str(one.served), "ink", False),
            (within, "red" if short else "ink", short),
        ),
    )


def hall_row_spoken(text: HallRowText) -> str:
    """Return a row as it is read out."""
    figures = (f"{head} {cell}" for head, (cell, _token, _bold) in zip(figure_column_titles(), text.cells, strict=True))
    return ", ".join([f"{text.name} {text.code}", text.word, *figures])


def _state_icon_colour_word(
    one: HallOverviewRow, state: HallState, setup: Setup, now: datetime
) -> tuple[str, str, str]:
    """Return the sign of a hall's state: icon, colour, word; what somebody has to look at comes first."""
    if one.silent_since is not None and one.is_working:
        return "away", "amber", _("No sign of life since {time}", time=_time_or_date_text(one.silent_since, setup, now))
    if one.worst is not None:
        fact, more = alert_words(state, one.worst, now).fact, one.red + one.amber - 1
        words = n_("{fact} · {n} more", "{fact} · {n} more", more, fact=fact) if more else fact
        return ("clock", "red", words) if one.red else ("warning", "amber", words)
    if not one.is_working:
        return "minus", "ink2", _("Closed", context="hall")
    return "dot", "primary", _("Open, nothing to look at")


def _time_or_date_text(moment: datetime, setup: Setup, now: datetime) -> str:
    local = setup.to_hall_time(moment)
    if local.date() == setup.to_hall_time(now).date():
        return time_hm(local)
    return moment_short(local)


# -- the list ----------------------------------------------------------------------------------------------------------

ROW, HEAD = 64, 40
FIGURES_TOP, FIGURES_LINE, FIGURES_FOOT = 60, 30, 8
CELL, STATE, HEAD_PX = 20, 15, 15
MOST_ROOM = 100
"""The list's share of the page's room beside 1 for what lies below it, which takes all that a few rows leave."""
SIGN = 18
LEFT_SHARE, LEAST_NAME = 0.42, 180
RIGHT = Qt.AlignmentFlag.AlignRight


class HallColumnPositions:
    """The right edges of the figures' columns, which share the width beside the names evenly. If there is no room
    there, the figures are below the names, each after its word, in as many lines as needed."""

    def __init__(self) -> None:
        self.texts: Sequence[HallRowText] = ()
        self.are_below = False
        self.row_height = 0

    def choose_figures_place_and_row_height(self, look: Look, width: float) -> None:
        """Choose the place of the figures for rows at least this wide, and thus the height of a row."""
        self.are_below = look.px(LEAST_NAME) + sum(self._needed_column_widths(look)) > width
        lines = max((self.figure_word_positions(look, width, text)[-1][1] + 1 for text in self.texts), default=1)
        self.row_height = look.px(FIGURES_TOP + FIGURES_LINE * lines + FIGURES_FOOT if self.are_below else ROW)

    def figure_word_positions(self, look: Look, width: float, text: HallRowText) -> list[tuple[float, int]]:
        """Return where each figure's word begins, and in which line."""
        found, pad = [], look.px(8)
        x, line = float(pad), 0
        for word, (cell, _token, bold) in zip(figure_column_titles(), text.cells, strict=True):
            wide = (
                width_of_text(look.font(HEAD_PX), word)
                + pad
                + width_of_text(look.font(CELL, bold=bold, tabular=True), cell)
            )
            if x > pad and x + wide > width - pad:
                x, line = float(pad), line + 1
            found.append((x, line))
            x += wide + look.gap(20)
        return found

    def column_right_ends(self, look: Look, width: float) -> list[float]:
        """Return the right edges of the columns."""
        needed = self._needed_column_widths(look)
        left = max(look.px(LEAST_NAME), min(width * LEFT_SHARE, width - sum(needed)))
        spare = max(0.0, width - left - sum(needed)) / len(needed)
        ends, x = [], left
        for one in needed:
            x += one + spare
            ends.append(x)
        return ends

    def names_right_end(self, look: Look, width: float) -> float:
        """Return where the names end."""
        return self.column_right_ends(look, width)[0] - self._needed_column_widths(look)[0]

    def _needed_column_widths(self, look: Look) -> list[float]:
        head, cell, gap = look.font(HEAD_PX), look.font(CELL, bold=True, tabular=True), look.gap(20)
        return [
            max([width_of_text(head, word), *(width_of_text(cell, text.cells[at][0]) for text in self.texts)]) + gap
            for at, word in enumerate(figure_column_titles())
        ]


class _HallTableColumnTitles(ColumnHeadRow):
    """The names of the columns."""

    def __init__(self, look: Look, places: HallColumnPositions) -> None:
        super().__init__(look)
        self._places = places

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(400), self.look.px(HEAD))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look = Painter(self, self.look), self.look
        high = self.height() - 1
        for end, word in zip(
            self._places.column_right_ends(look, self.width() - self.inset), figure_column_titles(), strict=True
        ):
            painter.draw_words_and_give_end_x(word, look.font(HEAD_PX), "ink2", QRectF(0, 0, end, high), RIGHT)
        painter.draw_divider(QPointF(0, high), QPointF(self.width(), high))


class HallRow(buttons.PaintedButton):
    def __init__(self, look: Look, places: HallColumnPositions) -> None:
        super().__init__(look)
        self._places = places
        self.said: HallRowText | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_row(self, said: HallRowText) -> None:
        self.said = said
        self.setAccessibleName(hall_row_spoken(said))
        self.setToolTip(f"{said.name} · {said.word}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(400), self._places.row_height)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look, said = Painter(self, self.look), self.look, self.said
        if said is None:
            return
        high, pad = self.height() - 1, look.px(8)
        if self.underMouse() or self.isDown():
            painter.draw_box(QRectF(0, 0, self.width(), high), 8, "soft" if self.isDown() else "paper")
        are_below = self._places.are_below
        left = self.width() if are_below else self._places.names_right_end(look, self.width())
        room = left - 2 * pad
        font = font_of_size(largest_fitting_px(said.name, room, look.px(18), bold=True, least=look.px(15)), bold=True)
        painter.draw_words_and_give_end_x(said.name, font, "ink", QRectF(pad, look.px(7), room, look.px(27)))
        side = look.px(SIGN)
        painter.draw_icon(said.icon, said.token, pad, look.px(36), SIGN)
        state, x = look.font(STATE, bold=said.token in ("red", "amber")), side + look.px(6)
        painter.draw_words_and_give_end_x(
            said.word, state, said.token, QRectF(pad + x, look.px(33), room - x, look.px(24))
        )
        (self._paint_figures_below_name if are_below else self._paint_figures_beside_name)(painter, said)
        painter.draw_divider(QPointF(0, high), QPointF(self.width(), high))

    def _paint_figures_beside_name(self, painter: Painter, said: HallRowText) -> None:
        look, high = self.look, self.height() - 1
        for end, (text, token, bold) in zip(
            self._places.column_right_ends(look, self.width()), said.cells, strict=True
        ):
            font = look.font(CELL, bold=bold, tabular=True)
            painter.draw_words_and_give_end_x(text, font, token, QRectF(0, 0, end, high), RIGHT)

    def _paint_figures_below_name(self, painter: Painter, said: HallRowText) -> None:
        look, high = self.look, self.look.px(FIGURES_LINE)
        places = self._places.figure_word_positions(look, self.width(), said)
        for (x, line), word, (text, token, bold) in zip(places, figure_column_titles(), said.cells, strict=True):
            top = look.px(FIGURES_TOP) + line * high
            painter.draw_words_and_give_end_x(word, look.font(HEAD_PX), "ink2", QRectF(x, top, self.width(), high))
            behind = x + width_of_text(look.font(HEAD_PX), word) + look.px(8)
            font = look.font(CELL, bold=bold, tabular=True)
            painter.draw_words_and_give_end_x(text, font, token, QRectF(behind, top, self.width(), high))


class HallList(Card):
    """`picked` gives the code of the hall whose row was pressed. A hall keeps its row whatever happens there."""

    picked = Signal(str)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent=parent)
        self.places = HallColumnPositions()
        self.rows: dict[str, HallRow] = {}
        column = QVBoxLayout(self)
        set_scaled_margins(look, column, (10, 4, 18, 6), 0)
        self._head = _HallTableColumnTitles(look, self.places)
        column.addWidget(self._head)
        self._area = ScrollingRowsArea(look, self._head)
        column.addWidget(self._area, 1)
        look.changed.connect(self._fit_height_to_rows)

    def show_hall_rows(self, halls: Sequence[HallRowText]) -> None:
        """Show these; the rows stay while the halls are the same."""
        self.places.texts = halls
        if [one.code for one in halls] != list(self.rows):
            remove_and_delete_widgets(self.rows.values())
            self.rows = {}
            for at, one in enumerate(halls):
                row = HallRow(self.look, self.places)
                row.clicked.connect(partial(self.picked.emit, one.code))
                self._area.column.insertWidget(at, row)
                self.rows[one.code] = row
        for one in halls:
            self.rows[one.code].set_row(one)
        self._head.update()
        self._fit_height_to_rows()

    def _fit_height_to_rows(self) -> None:
        """Be as high as the rows: a card with two of them is no empty page."""
        look, places = self.look, self.places
        # With a scroll bar or without, the figures stay where they are.
        bar = self._area.scroll_bar_width()
        places.choose_figures_place_and_row_height(look, self.contentsRect().width() - look.gap(10 + 18) - bar)
        self._head.setVisible(not places.are_below)
        for row in self.rows.values():
            row.updateGeometry()
        head = 0 if places.are_below else look.px(HEAD)
        self.setMaximumHeight(places.row_height * len(self.rows) + head + 2 * look.gap(12))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_height_to_rows()


NOW, PERIOD, PUSH = "now", "period", "push"


class HallsPage(QStackedWidget):
    """The list, or in its place the day of one hall, or the halls in a period. `said` is a notice with its icon,
    `behind_wanted` asks for the own hall's tickets behind a figure."""

    said = Signal(str, str)
    menu_wanted = Signal(QPoint)
    behind_wanted = Signal(str, object, object, str)

    def __init__(self, controller: HallsController, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        look = self._look = controller.context.look
        self._list = ManagerPage(look, PageSpec(title=lambda: _("Halls"), line=self._count_and_time_text))
        self.head = self._list.head
        self.halls = HallList(look)
        self.halls.setAccessibleName(_("Halls"))
        self.tabs = TabRow(look)
        self._tab_rows = {NOW: self.tabs}
        self._list.add_tools(self.tabs)
        self._list.add_part(self.halls, MOST_ROOM)
        self._list.add_part(QWidget(), 1, gap=0)
        self.addWidget(self._list)
        self._of_period: HallsPeriodController | None = None
        self._of_push: SetupPushController | None = None
        self.day: TodayPage | None = None
        self.period: HallsPeriodPage | None = None
        self.push: SetupPushPage | None = None
        self.back_button = buttons.SecondaryButton(look, _("All halls"), icon="arrow-left", key="Esc")
        self.back_button.hide()
        self.back_button.setParent(self)
        self._code = ""
        self.head.more.wanted.connect(self.menu_wanted)
        self.halls.picked.connect(self.open_hall)
        self.tabs.picked.connect(self._open_picked_tab)
        self.back_button.clicked.connect(self.go_back)
        controller.looked.connect(self._show_halls)
        controller.failed.connect(self._show_count_and_time)
        self._fill_and_select_tabs()
        self._show_halls()

    def state_to_restore(self) -> tuple[str, str, HallsPeriodController | None, SetupPushController | None]:
        """Return what is in front and the hall that is looked at, with what was read and chosen of halls."""
        front = PERIOD if self.currentWidget() is self.period else PUSH if self.currentWidget() is self.push else NOW
        return front, self._code, self._of_period, self._of_push

    def restore_state(self, left: tuple[str, str, HallsPeriodController | None, SetupPushController | None]) -> None:
        front, self._code, self._of_period, self._of_push = left
        if front == PERIOD:
            self.open_period()
        elif front == PUSH:
            self.open_push_page()
        self._show_halls()

    # -- now, or in a period -------------------------------------------------------------------------------------------

    def open_period(self) -> None:
        """Show the halls in a period."""
        if self.period is None:
            self.period = self._make_period_page()
        self.setCurrentWidget(self.period)
        self.period.refresh(self._controller.context.clock())

    def _make_period_page(self) -> HallsPeriodPage:
        from queuedesk.features.halls.pages.period import HallsPeriodController, HallsPeriodPage  # late as the page is

        tabs = TabRow(self._look)
        tabs.picked.connect(self._open_picked_tab)
        self._of_period = self._of_period or HallsPeriodController(self._controller.context)
        page = HallsPeriodPage(self._of_period, tabs)
        page.head.more.wanted.connect(self.menu_wanted)
        page.behind_wanted.connect(self.behind_wanted)
        page.said.connect(self.said)
        self.addWidget(page)
        self._tab_rows[PERIOD] = tabs
        self._fill_and_select_tabs()
        return page

    def open_push_page(self) -> None:
        """Show what pushing this hall's set-up to others would change there."""
        if self.push is None:
            from queuedesk.features.halls.pages.push import SetupPushController, SetupPushPage  # late as the page is

            tabs = TabRow(self._look)
            tabs.picked.connect(self._open_picked_tab)
            self._of_push = self._of_push or SetupPushController(self._controller.context)
            self.push = SetupPushPage(self._of_push, tabs)
            self.push.head.more.wanted.connect(self.menu_wanted)
            self.push.said.connect(self.said)
            self.addWidget(self.push)
            self._tab_rows[PUSH] = tabs
            self._fill_and_select_tabs()
        self.setCurrentWidget(self.push)
        self.push.refresh()

    def _open_picked_tab(self, key: str) -> None:
        self._code = ""
        self._controller.keep_reading_whole_day_of_hall("")
        if key == PERIOD:
            self.open_period()
        elif key == PUSH:
            self.open_push_page()
        else:
            self.setCurrentWidget(self._list)
        self._fill_and_select_tabs()

    def _fill_and_select_tabs(self) -> None:
        for key, tabs in self._tab_rows.items():
            names = [(NOW, _("Now", context="halls")), (PERIOD, _("In a period"))]
            if (who := self._controller.context.who) is not None and who.may("set-up"):
                names.append((PUSH, _("Push the set-up")))
            tabs.set_tabs(names)
            tabs.select_without_signal(key)
            tabs.setAccessibleName(_("Halls"))

    # -- one hall ----------------------------------------------------------------------------------------------------

    def open_hall(self, code: str) -> None:
        """Show the day of a hall as soon as it is read; it follows the hall like the list."""
        self._code = code
        self._controller.keep_reading_whole_day_of_hall(code)

    def go_back(self) -> None:
        """Show the list again, at the hall that was shown."""
        self.setCurrentWidget(self._list)
        row = self.halls.rows.get(self._code)
        self._code = ""
        self._controller.keep_reading_whole_day_of_hall("")
        if row is not None:
            row.setFocus()

    def _make_read_only_day_page(self) -> TodayPage:
        """Return the page of a day without what is done there: it is done at that hall's own stations."""
        day = TodayPage(self._look)
        for button in (day.note_button, day.report_button):
            button.hide()
        day.head.add_button(self.back_button)
        self.back_button.show()
        day.head.more.wanted.connect(self.menu_wanted)
        for asked in (day.place_wanted, day.alert_seen, day.notes_wanted, day.unheard_noted, day.behind_wanted):
            asked.connect(self._say_look_only)
        self.addWidget(day)
        return day

    def _say_look_only(self, *_asked: object) -> None:
        self.said.emit(_("You can only look here; the rest is at this hall's own stations."), "info")

    # -- what is shown -----------------------------------------------------------------------------------------------

    def refresh(self, now: datetime) -> None:
        """Read at once; while the page is visible it is read every second anyway."""
        if self.period is not None and self.currentWidget() is self.period:
            self.period.refresh(now)
        else:
            self._controller.refresh()

    def _show_halls(self) -> None:
        context = self._controller.context
        now = context.clock()
        states = ((one, self._controller.alert_state_of_hall(one.code)) for one in self._controller.rows)
        self.halls.show_hall_rows(
            [hall_row_text(one, state, context.feed.setup, now) for one, state in states if state]
        )
        self._show_count_and_time()
        if self._code:
            self._show_day(now)

    def _show_day(self, now: datetime) -> None:
        if all(row.code != self._code for row in self._controller.rows):  # It may be looked at no longer.
            self.go_back()
            return
        state = self._controller.hall_day_state(self._code)
        if state is None:  # What was being read when it was opened is without it.
            return
        if self.day is None:
            self.day = self._make_read_only_day_page()
        setup = set_up(state)
        fill_today_page(self.day, state, hallday.business_date(setup, now), now)
        # Without kind and button nothing is offered to be done about them.
        self.day.set_alerts([replace(text, kind="", button="") for text in alert_texts(state, now)])
        self.day.day.show_day(state, hallday.business_date(setup, now), now)
        self.day.head.set_title(name_in_language(setup.hall.name, setup.hall.name_en))
        self.day.head.set_subtitle(self._date_and_live_text(setup.to_hall_time(now)))
        if self.currentWidget() is self._list:
            self.setCurrentWidget(self.day)
            self.back_button.setFocus()

    def _show_count_and_time(self, _trouble: object = None) -> None:
        self.head.set_subtitle(self._count_and_time_text())

    def _count_and_time_text(self) -> str:
        n = len(self._controller.rows)
        count = n_("{n} hall", "{n} halls", n)
        local = self._controller.context.feed.setup.to_hall_time(self._controller.context.clock())
        return f"{count} · {self._date_and_live_text(local)}"

    def _date_and_live_text(self, local: datetime) -> str:
        since = self._controller.context.feed.away_since
        live = _("live") if since is None else _("stopped at {time}", time=time_hm(since))
        return date_time_live_text(date_for_staff(local.date()), local, live)

    # -- seen or not -------------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._controller.set_reading_every_second(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._controller.set_reading_every_second(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._code:
            self.go_back()
        else:
            super().keyPressEvent(event)

    def stop(self) -> None:
        self._controller.stop()
        if self.period is not None:
            self.period.stop()


def make_halls_page(controller: ManagerController, own: ControllerCache) -> HallsPage:
    """Return the page with the station's controller."""
    return HallsPage(own(HallsController, controller.context))
