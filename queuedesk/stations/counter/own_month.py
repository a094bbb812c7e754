"""A clerk's own month over the counter's stage and rail: own figures beside the team's median, nobody else's."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QPoint, QRect, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from queuedesk.core.appraisal.dispute import is_untold
from queuedesk.core.appraisal.own_change import MONTHS_BEFORE, OwnChange, up_to
from queuedesk.core.appraisal.person_sheet import (
    BETTER,
    FEWEST_TOLD,
    MET,
    NOT_MET,
    TOO_FEW,
    WORSE,
    ItemResult,
    MonthSheets,
    row_of,
)
from queuedesk.core.appraisal.scheme import HANDLING, SATISFACTION
from queuedesk.core.charts.chart import Chart, Curve
from queuedesk.core.charts.chart import Panel as ChartPanel
from queuedesk.core.errors import QueueDeskError
from queuedesk.core.setup.rows import Setup
from queuedesk.i18n import _, n_, say
from queuedesk.i18n.appraisal import sheet_words as words
from queuedesk.i18n.moments import month_long, month_short, month_words
from queuedesk.i18n.names import service_name
from queuedesk.i18n.numerals import UNKNOWN, decimal
from queuedesk.stations.acts.dispute_questions import OwnDisputeDialog, own_rows
from queuedesk.stations.counter.acts import Act, primary
from queuedesk.stations.counter.controller import CounterController
from queuedesk.stations.counter.questions import Putting
from queuedesk.stations.counter.scene import Scene
from queuedesk.stations.counter.words import act_word
from queuedesk.stations.manager.appraisal.sheet_parts import NoteBox
from queuedesk.stations.widgets.buttons import PrimaryButton, SecondaryButton
from queuedesk.stations.widgets.charts.chart_view import ChartView
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.paint import Painter
from queuedesk.stations.widgets.panels import Card, EvenGrid, FixedSize, GroundArea, Panel, Rule, spread
from queuedesk.stations.widgets.pills import Pill
from queuedesk.stations.widgets.questions.dialogs import Dialog
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.style import XL, Look, M, S

RAIL_WIDTH, BESIDE_FROM, CHART_PX = 400, 1240, 170
SHOWN = 4
"""So many answers have room; the latest stand there."""
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
LEFT = Qt.AlignmentFlag.AlignVCenter
_TINTS = {BETTER: ("soft", "on_soft"), MET: ("soft", "on_soft")} | dict.fromkeys(
    (WORSE, NOT_MET, TOO_FEW), ("amberbg", "amber")
)


# -- what is told ------------------------------------------------------------------------------------------------------


def own_disputes(setup: Setup, found: MonthSheets, staff: str) -> list[str]:
    """Return what was asked about rows of the own sheet, and the answers."""
    lines = []
    for one in sorted(found.rows.disputes, key=lambda each: each.seq, reverse=True):
        if one.staff == staff:
            what = one.name if one.is_told(staff) and one.name else _("a rating") if is_untold(one.item) else one.name
            said = words.dispute_words(setup, one, found.notes).replace("\n", " ")
            lines.append(f"{words.disputed_item(one.item)} · {what}: {said}")
    return lines[:SHOWN]


class Visit(NamedTuple):
    """A visit of today: its number and service, what was taken out of it, and its minutes."""

    label: str
    service: str
    out: str
    minutes: str


def todays_visits(setup: Setup, found: MonthSheets, staff: str, today: date) -> list[Visit]:
    """Return who was sent to the right counter today, and whom the person served, the latest first."""
    redirected = {one.label for one in found.rows.redirected if (one.staff, one.day) == (staff, today)}
    excluded = {one.name for one in found.rows.disputes if one.excluded and (one.staff, one.item) == (staff, HANDLING)}
    own = [one for one in found.rows.handled if (one.staff, one.day) == (staff, today)]
    rows = []
    for one in reversed(own):
        out = ""
        if row_of(one.day, one.label) in excluded:
            out = _("excluded", context="dispute")
        elif one.label in redirected:
            out = _("sent on, not counted")
        elif one.stalled:
            out = _("{minutes} min of systems out", minutes=decimal(one.stalled))
        shown = decimal(one.minutes) if one.minutes is not None else UNKNOWN
        rows.append(Visit(one.label, service_name(setup, one.service), out, shown))
    there = {one.label for one in own}
    return [Visit(label, "", _("sent on, not counted"), UNKNOWN) for label in sorted(redirected - there)] + rows


def own_line(months: Sequence[MonthSheets], staff: str) -> Chart:
    """Return the own handling beside the team's median, month by month; a month without a sheet is a gap."""
    firsts = [months[-1].first]
    for _n in range(MONTHS_BEFORE):
        firsts.append((firsts[-1] - timedelta(days=1)).replace(day=1))
    firsts.reverse()
    by_first = {one.first: one for one in months}
    items = [_own_item(by_first.get(first), staff) for first in firsts]
    own = [item.value if item is not None else None for item in items]
    usual = [item.median if item is not None and item.value is not None else None for item in items]
    if not any(value is not None for value in own):
        return Chart(empty=_("No month with a figure yet"))
    both = [(mine, middle) for mine, middle in zip(own, usual, strict=True) if mine is not None and middle is not None]
    higher = bool(both) and both[-1][0] > both[-1][1]
    lines = [
        Curve(values=usual, is_past=True, name=_("team median"), figure=_last(usual), above=not higher, other=own),
        Curve(values=own, colour="primary", name=_("me"), figure=_last(own), above=higher, other=usual),
    ]
    return Chart(
        panels=[ChartPanel(series=lines, is_ratio=True)],
        slots=len(firsts),
        labels=[(n + 0.5, month_short(first)) for n, first in enumerate(firsts)],
        summary="; ".join(_told(firsts, own, usual)),
    )


def _own_item(found: MonthSheets | None, staff: str) -> ItemResult | None:
    return found.team.sheets[staff].item(HANDLING) if found is not None and staff in found.team.sheets else None


def _last(values: Sequence[float | None]) -> str:
    known = [value for value in values if value is not None]
    return words.figure(HANDLING, known[-1]) if known else ""


def _told(firsts: Sequence[date], own: Sequence[float | None], usual: Sequence[float | None]) -> Iterator[str]:
    for first, value, middle in zip(firsts, own, usual, strict=True):
        figures = words.figure(HANDLING, value), words.figure(HANDLING, middle)
        yield _("{month}: {own}, team median {median}", month=month_long(first), own=figures[0], median=figures[1])


# -- the page ----------------------------------------------------------------------------------------------------------


class OwnMonthPage(Dialog):
    """The sheet of a month over `host`, the counter's stage and rail, up to yesterday; today's visits stand apart.
    `turned` asks for another month by its first date, `disagreed` wants a row excluded, `saving` a file of it; `acted`
    carries the act of the primary, once a ticket can be called."""

    done = Signal()
    turned = Signal(object)
    disagreed = Signal()
    saving = Signal()
    acted = Signal(str)
    gives_way = True

    def __init__(
        self,
        host: QWidget,
        look: Look,
        months: Sequence[MonthSheets],
        staff: str,
        *,
        change: OwnChange | None,
        setup: Setup,
        today: date,
        saves: bool,
    ) -> None:
        all_rows = months[-1]
        yesterday = today - timedelta(days=1)
        found = up_to(all_rows, staff, yesterday)
        month, first = month_words(found.first), found.first
        title = _("My month: {month}", month=month if found.is_over else _("{month}, so far", month=month))
        super().__init__(host, look, title=title)
        self.sheet.hide()
        self._act: Act | None = None
        self._months = [*months[:-1], found]
        self._cut = found is not all_rows
        self.ground = QHBoxLayout(self)
        spread(self.look, self.ground)
        self.stage, self.rail = QWidget(), Panel(self.look, "surface", edge="left")
        self._make_stage(title, found, all_rows, staff, setup)
        self.aside = QWidget()
        self._make_aside(change, todays_visits(setup, all_rows, staff, today), staff)
        self._beside = QVBoxLayout(self.rail)
        spread(self.look, self._beside, (25, 20, 24, 20))
        self._rail_area = GroundArea(keys=True)
        self._rail_area.setAccessibleName(_("Handling, six months"))
        self._beside.addWidget(self._rail_area)
        self.ground.addWidget(self.stage, 1)
        self.ground.addWidget(self.rail)
        FixedSize(self.look, self.rail, width=RAIL_WIDTH)
        before, after = first - timedelta(days=1), first + timedelta(days=31)
        self.earlier_button = self._button(month_long(before), "arrow-left", lambda: self._turn(before))
        self.later_button = self._button(month_long(after), "arrow-right", lambda: self._turn(after))
        self.disagree_button = self._button(_("I disagree with an item"), "edit", self._disagree)
        self.save_button = self._button(_("Take it home"), "save", self.saving.emit)
        self.back_button = self._button(_("Back to window"), "", self.refuse)
        self._offered = [
            (self.disagree_button, bool(own_rows(setup, all_rows, staff))),
            (self.save_button, saves),
            (self.earlier_button, True),
            (self.later_button, first < today.replace(day=1)),
        ]
        self.show_scene(None)

    # -- its parts -----------------------------------------------------------------------------------------------

    def _make_stage(self, title: str, found: MonthSheets, all_rows: MonthSheets, staff: str, setup: Setup) -> None:
        sheet = found.team.sheets[staff]
        column = QVBoxLayout(self.stage)
        spread(self.look, column, (48, 16, 48, 24), 12)
        head = QVBoxLayout()
        spread(self.look, head, spacing=2)
        head.addWidget(Label(self.look, title, px=XL, bold=True, wrap=True))
        stood = (
            self._until(),
            words.scheme_words(found.stood.number, found.stood.since),
            words.closed_words(setup, found),
        )
        told = (self._total(found, staff), " · ".join(part for part in stood if part))
        for text in told:
            head.addWidget(Label(self.look, text, px=S, token="ink2", wrap=True))
        column.addLayout(head)
        inside = QWidget()
        self.inside: QVBoxLayout = QVBoxLayout(inside)
        spread(self.look, self.inside, (0, 0, 0, 0), 12)
        card = Card(self.look)
        self.grid = QGridLayout(card)
        spread(self.look, self.grid, (18, 10, 18, 10), 7)
        self.grid.setHorizontalSpacing(self.look.gap(14))
        self.grid.setColumnStretch(0, 1)
        heads = (
            _("Item", context="sheet"),
            _("Weight", context="sheet"),
            _("Own", context="sheet"),
            _("Team median", context="sheet"),
            _("Difference", context="sheet"),
            _("Counted", context="sheet"),
            _("Points", context="sheet"),
        )
        for column_at, text in enumerate(heads):
            self._put(0, column_at, text, token="ink2", px=S)
        for row, item in enumerate(sheet.items, start=1):
            self.grid.addWidget(Rule(self.look), 2 * row - 1, 0, 1, len(heads))
            usual = words.figure(item.code, item.median)
            figures = f"{item.weight} %", words.own_figure(item), usual
            self._put_item(2 * row, item, words.deductions(sheet, item))
            for at, text in enumerate(figures, start=1):
                self._put(2 * row, at, text, bold=at == 2)
            if item.value is not None and (said := words.verdict_chip(item)):
                tint, token = _TINTS.get(item.verdict or "", ("sunken", "ink2"))
                self.grid.addWidget(Pill(self.look, said, tint=tint, token=token, px=S), 2 * row, 4, LEFT)
            self._put(2 * row, 5, self._counted(item), token="ink2", px=S)
            self._put(2 * row, 6, decimal(item.points), bold=True)
        self.inside.addWidget(card)
        self.answers = NoteBox(self.look)
        self.answers.say("\n".join(own_disputes(setup, all_rows, staff)))
        self.inside.addWidget(self.answers)
        kept = _("Ratings are told in sum only, from {n} on. Nobody else's figures are here.", n=FEWEST_TOLD)
        self.inside.addWidget(Label(self.look, kept, px=S, token="ink2", wrap=True))
        self._low = Card(self.look)
        self._below = QVBoxLayout(self._low)
        spread(self.look, self._below, (18, 10, 18, 10))
        self.inside.addWidget(self._low)
        self.inside.addStretch(1)
        self.area = GroundArea(inside, keys=True)
        column.addWidget(self.area, 1)
        self.told = Label(self.look, px=15, token="ink2", wrap=True)
        self.told.hide()
        column.addWidget(self.told)
        self.primary = PrimaryButton(self.look, height=112)
        self.primary.clicked.connect(self._press_primary)
        column.addWidget(self.primary)
        self.acts = EvenGrid(self.look, gap=8)
        column.addWidget(self.acts)

    def _make_aside(self, change: OwnChange | None, visits: Sequence[Visit], staff: str) -> None:
        column = QVBoxLayout(self.aside)
        spread(self.look, column, spacing=8)
        self._head(column, _("Handling, six months"), _("same items = 1"))
        self.chart = ChartView(self.look, height=CHART_PX, least=CHART_PX, is_fixed=True, is_bare=True)
        self.chart.set_chart(own_line(self._months, staff), _("Handling, six months"))
        column.addWidget(self.chart)
        self.change = Label(self.look, words.change_words(change) if change else "", px=M - 1, wrap=True)
        self.change.setVisible(bool(self.change.text()))
        column.addWidget(self.change)
        column.addSpacing(self.look.gap(8))
        self.visits = list(visits)
        if self._cut:
            self._head(column, n_("Today, {n} visit", "Today, {n} visits", len(visits)), _("minutes"))
            grid = QGridLayout()
            spread(self.look, grid, spacing=8)
            grid.setColumnStretch(1, 1)
            for row, visit in enumerate(visits):
                grid.addWidget(Label(self.look, visit.label, px=M, bold=True, elide=False), 2 * row, 0)
                said = [Label(self.look, visit.service, px=15, token="ink2", wrap=True)] if visit.service else []
                out = [Label(self.look, visit.out, px=S, token="blue", wrap=True)] if visit.out else []
                grid.addWidget(self._in_the_middle(*said, *out), 2 * row, 1)
                grid.addWidget(Label(self.look, visit.minutes, px=M, align=RIGHT, elide=False), 2 * row, 2)
                grid.addWidget(Rule(self.look), 2 * row + 1, 0, 1, 3)
            column.addLayout(grid)
        column.addStretch(1)

    def _head(self, column: QBoxLayout, text: str, beside: str) -> None:
        line = QHBoxLayout()
        spread(self.look, line, spacing=8)
        line.addWidget(Label(self.look, text, px=M, bold=True, wrap=True), 1)
        line.addWidget(Label(self.look, beside, px=S, token="ink2", elide=False))
        column.addLayout(line)

    def _button(self, text: str, icon: str, do: Callable[[], object]) -> SecondaryButton:
        key = "" if icon else "Esc"
        button = SecondaryButton(self.look, text, icon=icon or None, key=key, height=56, px=16, parent=self)
        button.clicked.connect(do)
        button.hide()
        return button

    def _put_item(self, row: int, item: ItemResult, out: str) -> None:
        name = Label(self.look, words.item_word(item.code), px=16, bold=True, wrap=True)
        taken = [Label(self.look, out, px=S, token="blue", wrap=True)] if out else []
        self.grid.addWidget(self._in_the_middle(name, *taken), row, 0)

    def _in_the_middle(self, *labels: Label) -> QWidget:
        """Return lines that wrap, in the middle of their row's height."""
        cell = QWidget()
        column = QVBoxLayout(cell)
        spread(self.look, column)
        column.addStretch(1)
        for label in labels:
            column.addWidget(label)
        column.addStretch(1)
        return cell

    def _put(self, row: int, column: int, text: str, *, token: str = "ink", bold: bool = False, px: float = 16) -> None:
        wraps = column in (0, 5)
        at = RIGHT if column in (1, 2, 3, 6) else LEFT
        label = Label(self.look, text, px=px, bold=bold, token=token, wrap=wraps, elide=False)
        if wraps:
            self.grid.addWidget(self._in_the_middle(label), row, column)
        else:
            self.grid.addWidget(label, row, column, at)

    # -- what it says --------------------------------------------------------------------------------------------

    def _until(self) -> str:
        return _("up to yesterday; today stands apart") if self._cut else ""

    @staticmethod
    def _total(found: MonthSheets, staff: str) -> str:
        sheet = found.team.sheets[staff]
        total = _("Total {points} of 100", points=decimal(sheet.total))
        if sheet.low is None or sheet.high is None:
            return " · ".join((total, words.total_verdict(sheet)))
        between = _(
            "Team median {median}; chance alone allows {low} to {high}",
            median=decimal(sheet.median),
            low=decimal(sheet.low),
            high=decimal(sheet.high),
        )
        return " · ".join((total, between, words.total_verdict(sheet)))

    @staticmethod
    def _counted(item: ItemResult) -> str:
        if item.code == SATISFACTION and item.value is not None:
            return n_("{n} rating", "{n} ratings", item.of)
        return words.counted(item)

    def show_scene(self, scene: Scene | None) -> None:
        """Let the primary lead back to the window, or call once there is somebody to call."""
        act = primary(scene) if scene is not None else None
        act = act if act is Act.CALL else None
        if act is self._act and self.primary.text():
            return
        self._act = act
        calls = self._act is not None and scene is not None
        self.primary.setText(act_word(Act.CALL, scene) if calls and scene is not None else _("Back to window"))
        self.primary.set_key(_("Space"))
        offered = [button for button, there in self._offered if there]
        self.acts.set_widgets([*([self.back_button] if calls else []), *offered])

    def follow(self, controller: CounterController) -> None:
        """Show at every change whether somebody can be called."""
        self._controller = controller
        controller.changed.connect(self._show_now)
        self._show_now()

    @Slot()
    def _show_now(self) -> None:
        self.show_scene(self._controller.scene)

    def say_saved(self, file: Path) -> None:
        """Say where the file is: it is this person's to take along."""
        self.told.setText(_("Saved as {file}", file=str(file)))
        self.told.show()

    def say_trouble(self, trouble: QueueDeskError) -> None:
        self.told.setText(say(trouble))
        self.told.show()

    # -- place and keys ------------------------------------------------------------------------------------------

    def _fit(self) -> None:
        self.setGeometry(QRect(QPoint(), self._host.size()))
        self.look.set_theme(self._outer.theme)
        self.look.set_scale(self._outer.scale)
        beside = self.width() >= self.look.wide(BESIDE_FROM)
        if beside and self._rail_area.widget() is not self.aside:
            self._below.removeWidget(self.aside)
            self._rail_area.setWidget(self.aside)
        elif not beside and self._below.indexOf(self.aside) < 0:
            self._rail_area.takeWidget()
            self._below.addWidget(self.aside)
        self.aside.show()
        self.rail.setVisible(beside)
        self._low.setVisible(not beside)
        self.update()

    def _fits(self) -> bool:
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._press_primary()
        elif Qt.Key.Key_F1 <= event.key() <= Qt.Key.Key_F12:
            event.ignore()  # an act of the window, which closes this
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        Painter(self, self.look).fillRect(self.rect(), self.look.color("paper"))

    def _press_primary(self) -> None:
        act = self._act
        self.refuse()
        if act is not None:
            self.acted.emit(str(act))

    def _disagree(self) -> None:
        self.close_dialog()
        self.done.emit()
        self.disagreed.emit()

    def _turn(self, month: date) -> None:
        self.close_dialog()
        self.done.emit()
        self.turned.emit(month)


# -- reading it --------------------------------------------------------------------------------------------------------


class OwnMonths:
    """Opens the own months over `work`, one at a time, while nobody is called or served; `act` takes what is pressed
    there."""

    def __init__(
        self,
        putting: Putting,
        controller: CounterController,
        context: StationContext,
        work: QWidget,
        act: Callable[[str], None],
    ) -> None:
        self._putting, self._controller, self._context = putting, controller, context
        self._work, self._act = work, act

    def read(self) -> None:
        """Show this month."""
        self._controller.read_month(self._show)

    def _show(self, months: list[MonthSheets], change: OwnChange | None, staff: str) -> None:
        scene, found = self._controller.scene, months[-1]
        if scene is None or scene.ticket is not None or self._putting.dialog is not None:
            return
        page = OwnMonthPage(
            self._work,
            self._putting.look,
            months,
            staff,
            change=change,
            setup=scene.setup,
            today=self._context.feed.day,
            saves=self._controller.can_save,
        )
        page.follow(self._controller)
        self._putting.open(page)
        page.turned.connect(lambda month: self._controller.read_month(self._show, month))
        page.disagreed.connect(lambda: self._ask_to_exclude(found, staff))
        page.saving.connect(lambda: self._controller.save_month(found, staff, page.say_saved, page.say_trouble))
        page.acted.connect(self._act)

    def _ask_to_exclude(self, found: MonthSheets, staff: str) -> None:
        """Ask which row of the own month is disputed; the month is shown again with the answer to come."""
        putting, controller = self._putting, self._controller
        dialog = OwnDisputeDialog(putting.host(), self._putting.look, own_rows(self._context.feed.setup, found, staff))

        def kept() -> None:
            dialog.finished()
            controller.read_month(self._show, found.first)

        dialog.wanted.connect(
            lambda note, _out: controller.dispute(found, dialog.chosen, note, kept, dialog.show_trouble)
        )
        putting.open(dialog)
