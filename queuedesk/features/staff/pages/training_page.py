"""Improve, training: what a month's rows ask for, who it concerns in numbers, and who was trained how long; read, named
and noted beside the window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any

from msgspec import Struct
from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QBrush, QKeyEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStyledItemDelegate, QStyleOptionViewItem, QVBoxLayout, QWidget

from queuedesk.core.appraisal import REASONS
from queuedesk.core.errors import QueueDeskError, RuleError
from queuedesk.core.imports import half_width_text
from queuedesk.core.setup.rows import Setup
from queuedesk.desk import appraisal
from queuedesk.features.staff import verbs, words
from queuedesk.features.staff.pages.sheets_page import RowsBesideMonthPageBase
from queuedesk.features.staff.rules import training
from queuedesk.features.staff.words import n_of_total_text, naming_reason_text, need_title
from queuedesk.i18n import _, date_short, error_sentence, list_text, n_
from queuedesk.i18n.moments import month_short
from queuedesk.i18n.names import staff_name
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.pages import TICKETS, ControllerCache
from queuedesk.stations.manager.parts.page import PageAct, PageSpec, month_turning_acts
from queuedesk.stations.manager.parts.page_controller import MonthChoice, PageController
from queuedesk.stations.manager.parts.records import RecordList, RecordPageSpec
from queuedesk.stations.manager.parts.table import SortableTableView, TableColumn
from queuedesk.stations.manager.today.alert_words import ButtonTarget
from queuedesk.stations.widgets import panels
from queuedesk.stations.widgets.buttons import PrimaryButton, SecondaryButton
from queuedesk.stations.widgets.lists.tiles import TickBox, ToggleChoice
from queuedesk.stations.widgets.questions.dialogs import Dialog, DropDown, ErrorLine, FormField
from queuedesk.stations.window.context import ServiceDocument, StationContext
from queuedesk.stations.window.style import Look


class TrainingMonthData(Struct, frozen=True):
    """What was read of a month: its needs, minutes and shifts, and the sessions of all months shown."""

    needs: training.TrainingNeeds
    months: training.TrainingMonths
    sessions: Sequence[ServiceDocument]


class TrainingController(PageController[TrainingMonthData]):
    """`named` gives who a need is about, `added` says that a session was noted; `effect_read` gives a session's number
    and what came of it."""

    KEEPS = timedelta(minutes=5)
    """So long for a month that runs: today is not in it."""

    named = Signal(list)
    added = Signal()
    effect_read = Signal(int, object)

    def __init__(self, context: StationContext, first_day: Callable[[], date], parent: QObject | None = None) -> None:
        super().__init__(context, parent)
        self.shown = MonthChoice(context, first_day, self)
        self.shown.turned.connect(self.refresh)

    def may_use_verb(self, verb: str) -> bool:
        return self.context.who is not None and self.context.who.may(verb)

    def _dependency_key(self) -> object:
        feed = self.context.feed
        return self.shown.first_date, feed.business_date, feed.state.setup_now, len(feed.state.trainings)

    def _is_reread_due(self, since: timedelta) -> bool:
        return not self.shown.has_later_month and since >= self.KEEPS

    def _read_function(self) -> Callable[[], TrainingMonthData]:
        return partial(_read_training_data, self.context, self.shown.first_date)

    def _store_found(self, read: TrainingMonthData) -> None:
        if read.needs.first == self.shown.first_date:  # else another was turned to meanwhile, and is read next
            super()._store_found(read)

    def reveal_staff_of_training_need(self, need: training.ServiceTrainingNeed, reason: str) -> None:
        """Say who a need is about."""
        desk, ask, about = self.context.desk, self.context.new_ask(), (need.kind, need.service)
        work = partial(verbs.reveal_need_staff, desk, ask, about, self.shown.first_date, reason=reason)
        self.start_unless_busy("training-name", work, lambda document: self.named.emit(document.get("staff", [])))

    def add_session(
        self,
        topic: str,
        minutes: int,
        attended: Sequence[str],
        *,
        day: date,
        led: str | None,
        need: tuple[str, str] | None,
    ) -> None:
        """Note a session; the need that it answers is one of the month that is shown."""
        desk, ask, found = self.context.desk, self.context.new_ask(), self.found
        seen = (found.needs.first, found.needs.last) if need is not None and found is not None else None
        add = partial(verbs.add_training, desk, ask, topic, minutes, attended)
        self.start_unless_busy("training", partial(add, day=day, led=led, need=need, seen=seen), self._on_session_added)

    def _on_session_added(self, _document: ServiceDocument) -> None:
        self.added.emit()
        self.refresh(anew=True)

    def read_session_effect(self, seq: int) -> None:
        """Read what came of a session."""
        context = self.context

        def read_effect() -> training.TrainingEffect | None:
            ask = context.new_ask()
            return verbs.before_after_effect(context.desk, ask.who, seq, ask.now)[1]

        context.tasks.run_in_side_lane(
            read_effect, partial(self.effect_read.emit, seq), partial(self.refused.emit, "effect")
        )


def _read_training_data(context: StationContext, month: date) -> TrainingMonthData:
    ask = context.new_ask()
    found = verbs.training_needs_of_month(context.desk, ask.who, month, ask.now)
    months = verbs.training_figures_of_recent_months(context.desk, ask.who, month, ask.now)
    last = (months.months[-1] + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    sessions = appraisal.readable_trainings_between(context.desk, ask.who, months.months[0], last)
    return TrainingMonthData(found, months, sessions)


_AT = QModelIndex | QPersistentModelIndex


# -- bars in a table ---------------------------------------------------------------------------------------------------


class IntervalBarDelegate(QStyledItemDelegate):
    """Paints the interval of each difference about a line at zero, all by one scale, left of its words."""

    def __init__(self, table: SortableTableView[training.ServiceTrainingNeed], look: Look) -> None:
        super().__init__(table)
        self._table, self._look = table, look

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _AT) -> None:
        super().paint(painter, option, index)
        rows, look = self._table.rows.rows, self._look
        need = rows[index.row()]
        first, last = min(0.0, *(one.found.low for one in rows)), max(0.0, *(one.found.high for one in rows))
        # The same for all rows, so that zero lies below zero.
        text = max(
            option.fontMetrics.horizontalAdvance(self._difference_text(at)) for at in range(len(rows))
        ) + look.px(28)
        room = QRectF(option.rect).adjusted(look.px(8), 0, -text, 0)
        if room.width() < look.px(50):
            return

        def x_of_value(value: float) -> float:
            return room.left() + room.width() * (value - first) / (last - first)

        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        high, middle = look.px(14), room.center().y()
        bar = QRectF(
            x_of_value(need.found.low),
            middle - high / 2,
            x_of_value(need.found.high) - x_of_value(need.found.low),
            high,
        )
        painter.setPen(QPen(look.color("amber" if need.is_worth_training else "line"), 1.5))
        painter.setBrush(QBrush(look.color("amberbg" if need.is_worth_training else "sunken")))
        painter.drawRoundedRect(bar, 2, 2)
        painter.setPen(QPen(look.color("ink"), 2))
        painter.drawLine(QPointF(x_of_value(0), middle - high), QPointF(x_of_value(0), middle + high))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QBrush(look.color("amber" if need.is_worth_training else "ink2")))
        painter.drawEllipse(QPointF(x_of_value(need.found.share_difference), middle), look.px(5), look.px(5))
        painter.restore()

    def _difference_text(self, row: int) -> str:
        return str(self._table.rows.index(row, DIFFERENCE).data())


class MinuteBarDelegate(QStyledItemDelegate):
    """Paints the minutes of the last month to the target."""

    def __init__(
        self, table: SortableTableView[training.PersonTrainingMonths], look: Look, target: Callable[[], int]
    ) -> None:
        super().__init__(table)
        self._table, self._look, self._target = table, look, target

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _AT) -> None:
        super().paint(painter, option, index)
        row, look = self._table.rows.rows[index.row()], self._look
        if target := self._target():
            room = QRectF(option.rect).adjusted(look.px(6), 0, -look.px(10), 0)
            bar = QRectF(room.left(), room.center().y() - look.px(7), room.width(), look.px(14))
            painter.fillRect(bar, look.color("sunken"))
            bar.setWidth(bar.width() * min(1.0, row.minutes[-1] / target))
            painter.fillRect(bar, look.color("chart"))


# -- the panel of what is chosen ---------------------------------------------------------------------------------------


class DrilldownRow(Struct, frozen=True):
    """A row behind a need, a ticket of a date; or a session, by its number."""

    key: str
    when: str
    what: str
    figure: str = ""
    day: date | None = None
    ticket: str = ""
    session: int = 0


class RevealNeedStaffPanel(QWidget):
    """Asks whether to name who a need is about. `name_wanted` gives the reason, `rows_wanted` asks for the rows, `left`
    says that nobody is named."""

    name_wanted = Signal(str)
    rows_wanted = Signal()
    left = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look, self._may = look, False
        self.title, self.text = panels.Label(look, px=18, bold=True, wrap=True), panels.Label(look, px=15, wrap=True)
        self.why = panels.Label(look, _("Why do you want to know?"), px=15, bold=True, wrap=True)
        self.reasons = {code: ToggleChoice(look, naming_reason_text(code), height=44, px=15) for code in REASONS}
        for one in self.reasons.values():
            one.clicked.connect(self._pick_pressed_reason)
        self.leave_button = SecondaryButton(look, _("Leave unnamed"), height=48, px=16)
        self.leave_button.clicked.connect(self.left)
        self.name_button = PrimaryButton(look, "", height=48, px=16)
        self.name_button.clicked.connect(self._emit_name_wanted)
        self.rows_button = SecondaryButton(look, "", height=40, px=15)
        self.rows_button.clicked.connect(self.rows_wanted)
        column = QVBoxLayout(self)
        panels.set_scaled_margins(look, column, (16, 14, 16, 14), 8)
        head = QHBoxLayout()
        panels.set_scaled_margins(look, head, spacing=8)
        head.addWidget(self.title, 1)
        head.addWidget(self.rows_button, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(head)
        for part in (self.text, self.why):
            column.addWidget(part)
        self._answers = QWidget()
        answers = QVBoxLayout(self._answers)
        panels.set_scaled_margins(look, answers, spacing=8)
        for row in (tuple(self.reasons.values()), (self.leave_button, self.name_button)):
            line = QHBoxLayout()
            panels.set_scaled_margins(look, line, spacing=8)
            for button in row:
                line.addWidget(button, 1)
            answers.addLayout(line)
        column.addWidget(self._answers)
        column.addStretch(1)

    @property
    def chosen_reason(self) -> str:
        """Why somebody wants to know, "" before that was said."""
        return next((code for code, one in self.reasons.items() if one.isChecked()), "")

    def pick_reason(self, code: str) -> None:
        """Say why, as the keys 1 and 2 do."""
        for one, button in self.reasons.items():
            button.setChecked(one == code)
        self._update_answer_button()

    def show_need(self, setup: Setup, need: training.ServiceTrainingNeed, named: list[str], *, may: bool) -> None:
        """Show what stands behind a need; `named` are who it is about once that was asked."""
        title = need_title(setup, need.kind, need.service, need.limit)
        rows = n_of_total_text(need.found.n, need.found.of)
        self._may = may and need.can_be_named and not named
        self.title.setText(_("Name the person?") if self._may else title)
        self.text.setText(self._need_panel_explanation(setup, need, named, title, rows))
        self.rows_button.setText(n_("{n} row", "{n} rows", need.found.n))
        self.rows_button.setEnabled(bool(need.rows))
        self.why.setVisible(self._may)
        self._answers.setVisible(self._may)
        self.pick_reason("")

    def _need_panel_explanation(
        self, setup: Setup, need: training.ServiceTrainingNeed, named: list[str], title: str, rows: str
    ) -> str:
        if named:
            who = list_text([staff_name(setup, one) for one in named])
            return _("{rows} rows are {who}'s. They are notified that you looked, and why.", rows=rows, who=who)
        if not need.is_worth_training:
            return _("{rows}: chance alone can explain such a difference, so nobody is named.", rows=rows)
        if not need.can_be_named:
            return _("{rows}: so few do this work that one name would tell both. Please train all of them.", rows=rows)
        about = n_("one person's", "{n} people's", len(need.staff), context="training")
        return "\n".join(
            [
                _(
                    "{need}: {rows} are {whose}. You can train everybody without a name.",
                    need=title,
                    rows=rows,
                    whose=about,
                ),
                _("The person is notified that you looked, and why."),
                _("It appears neither on the sheet nor on any print."),
            ]
        )

    def _pick_pressed_reason(self) -> None:
        sender = self.sender()
        self.pick_reason(next((code for code, one in self.reasons.items() if one is sender and one.isChecked()), ""))

    def _update_answer_button(self) -> None:
        if self.chosen_reason:
            self.name_button.enable_with_label(_("Name the person"))
        else:
            self.name_button.disable_with_reason(_("Pick a reason first"))

    def _emit_name_wanted(self) -> None:
        if self.chosen_reason:
            self.name_wanted.emit(self.chosen_reason)

    def handle_key(self, key: int) -> bool:
        """Take a key: 1 and 2 say why, Esc leaves it unnamed."""
        if self._may and key in (Qt.Key.Key_1, Qt.Key.Key_2):
            self.pick_reason(REASONS[key - Qt.Key.Key_1])
            return True
        return False


# -- a session is noted ------------------------------------------------------------------------------------------------


class SessionDialog(Dialog):
    """Asks for a session: topic, date, minutes, who attended, who led it, and the need it answers. `wanted` gives
    them."""

    wanted = Signal(dict)
    FEWEST = 1

    def __init__(
        self,
        host: QWidget,
        look: Look,
        setup: Setup,
        needs: list[training.ServiceTrainingNeed],
        *,
        today: date,
        chosen: training.ServiceTrainingNeed | None,
    ) -> None:
        super().__init__(host, look, title=_("Record a session"), width=760)
        self._today = today
        self.topic = FormField(self.look, _("Topic"))
        self.day = FormField(self.look, _("Date"))
        self.day.set_value(today.isoformat())
        self.minutes = FormField(self.look, _("Minutes", context="field"))
        self.minutes.set_value("30")
        self.led, self.need = DropDown(self.look), DropDown(self.look)
        elsewhere = {"": _("From elsewhere")}
        self.led.show_choice("", elsewhere | {code: staff_name(setup, code) for code in setup.staff})
        self._needs = {str(at): one for at, one in enumerate(needs)}
        titles = {at: need_title(setup, one.kind, one.service, one.limit) for at, one in self._needs.items()}
        at = next((at for at, one in self._needs.items() if one is chosen), "")
        self.need.show_choice(at, {"": _("None of them")} | titles)
        people = [code for code, one in setup.staff.items() if one.role.value in ("clerk", "guide")]
        self.attended = {code: TickBox(self.look, staff_name(setup, code), px=15) for code in people}
        grid = panels.EqualCellGrid(self.look, height=44, gap=8)
        grid.set_widgets(list(self.attended.values()))
        self._add_fields_in_one_row(self.topic)
        self._add_fields_in_one_row(self.day, self.minutes)
        self.body.addWidget(panels.Label(self.look, _("Who attended"), px=15, bold=True))
        self.body.addWidget(grid)
        self._add_fields_in_one_row(
            FormField(self.look, _("Led by", context="training"), edit=self.led.set_minimum_letters(8), has_line=False),
            FormField(self.look, _("It answers"), edit=self.need.set_minimum_letters(8), has_line=False),
        )
        self.trouble = ErrorLine(self.look)
        self.trouble.hide()
        self.body.addWidget(self.trouble)
        self.add_answer_buttons(_("Leave it"), _("Record it"), self._check_and_emit_session)

    def _add_fields_in_one_row(self, *parts: QWidget) -> None:
        line = QHBoxLayout()
        panels.set_scaled_margins(self.look, line, spacing=12)
        for part in parts:
            line.addWidget(part, 1)
        self.body.addLayout(line)

    def _check_and_emit_session(self) -> None:
        self.trouble.hide()
        typed, minutes = half_width_text(self.day.value()).strip(), half_width_text(self.minutes.value()).strip()
        try:
            day = date.fromisoformat(typed) if typed else self._today
        except ValueError:
            self.show_trouble(RuleError("bad_value", field="date", value=typed, why="not_a_date"))
            return
        if not minutes.isdecimal():
            self.show_trouble(RuleError("bad_value", field="minutes", value=minutes, why="not_a_number"))
            return
        need = self._needs.get(str(self.need.currentData()))
        self.wanted.emit(
            {
                "topic": self.topic.value().strip(),
                "minutes": int(minutes),
                "attended": [code for code, one in self.attended.items() if one.isChecked()],
                "day": day,
                "led": str(self.led.currentData()) or None,
                "need": (need.kind, need.service) if need is not None else None,
            }
        )

    def show_trouble(self, trouble: QueueDeskError) -> None:
        self.trouble.show_refusal(error_sentence(trouble))
        self.trouble.show()

    def first_focus_widget(self) -> QWidget:
        return self.topic.edit


ROW, MOST_ROWS = 40, 1000
"""Both tables are as high as their rows: the page alone scrolls."""
PANEL_LEAST = 340
DIFFERENCE = 4
BAR_SAMPLE, MINUTES_SAMPLE = "0" * 18, "00000"
"""Room for a bar beside the words; no column may be narrower than the table's head lets it be."""
NOTHING, NAME = "–", "name"


class TrainingPage(RowsBesideMonthPageBase[DrilldownRow]):
    """What the data suggests, above the minutes of each person and what is behind either."""

    def __init__(self, controller: TrainingController, parent: QWidget | None = None) -> None:
        look = controller.context.look
        spec = PageSpec(
            title=lambda: _("Improve", context="page"),
            acts=(
                *month_turning_acts(controller.shown),
                PageAct(
                    text=lambda: _("Record a session"),
                    do=self.open_session_dialog,
                    icon="plus",
                    is_main=True,
                    changes_hall=True,
                    offered=lambda: controller.may_use_verb("training"),
                ),
            ),
            foot=0,
        )
        super().__init__(controller, spec, self._row_columns, "info", parent)
        self._need: training.ServiceTrainingNeed | None = None
        self._person = ""
        self._named: list[str] = []
        self._was_narrow: bool | None = None
        needs = RecordPageSpec[training.ServiceTrainingNeed](
            name=lambda: _("What the data suggests"),
            icon="check",
            columns=lambda _context: self._training_need_columns(),
            key=lambda row: (row.kind, row.service),
            tip=self._need_tip,
            spoken=self._training_need_accessible_text,
            by_one_press=True,
            row_height=ROW,
            rows_seen=(1, MOST_ROWS),
        )
        self.needs = RecordList(controller.context, needs)
        self.foot = panels.Label(look, px=14, wrap=True)
        foot = QVBoxLayout()
        foot.addWidget(self.foot)
        self.needs.add_footer_below_rows(foot)
        people = RecordPageSpec[training.PersonTrainingMonths](
            name=lambda: _("Minutes trained, by person"),
            icon="people",
            columns=self._people_columns,
            key=lambda row: row.staff,
            tip=self._roster_kept_words,
            by_one_press=True,
            row_height=ROW,
            rows_seen=(1, MOST_ROWS),
        )
        self.people = RecordList(controller.context, people)
        self.asking = RevealNeedStaffPanel(look)
        self.panel = panels.CurrentPageSizedStack()
        self._build_layout(look)
        self._connect_all_signals(controller)
        self._show_month()

    def _build_layout(self, look: Look) -> None:
        card, area = panels.Card(look), panels.VerticalScrollArea(self.asking)
        area.setWidgetResizable(True)
        inside = QVBoxLayout(card)
        panels.set_scaled_margins(look, inside, (2, 2, 2, 2))
        inside.addWidget(area)
        listed = QWidget()
        self._lay_out_rows_panel(listed)
        self.panel.addWidget(card)
        self.panel.addWidget(listed)
        self.panel.hide()
        self._body = body = QWidget()
        self._shown, beside = QVBoxLayout(body), QHBoxLayout()
        panels.set_scaled_margins(look, self._shown, (0, 0, 8, 24), 12)
        panels.set_scaled_margins(look, beside, spacing=12)
        self._shown.addWidget(self.needs)
        beside.addWidget(self.panel)
        beside.addWidget(self.people, 1)
        self._shown.addLayout(beside, 1)
        self.area = panels.VerticalScrollArea(body)
        self.stack.addWidget(self.area)
        self._intervals = IntervalBarDelegate(self.needs.table, look)
        self._minutes = MinuteBarDelegate(self.people.table, look, self._monthly_target_minutes)

    def _connect_all_signals(self, controller: TrainingController) -> None:
        controller.named.connect(self._show_named_staff)
        controller.added.connect(self._announce_session_noted)
        controller.effect_read.connect(self._show_effect)
        self.needs.table.opened.connect(self._toggle_need_panel)
        self.people.table.opened.connect(self._toggle_person_panel)
        for table in (self.needs.table, self.people.table):
            table.selectionModel().currentRowChanged.connect(partial(self._scroll_to, table))
        self.asking.name_wanted.connect(self._reveal_need_staff_with_reason)
        self.asking.rows_wanted.connect(self.show_rows_behind_need)
        self.asking.left.connect(self.close_panel)

    # -- what is asked -------------------------------------------------------------------------------------------------

    @property
    def _hall_setup(self) -> Setup:
        return self.controller.context.feed.setup

    @property
    def chosen_need(self) -> training.ServiceTrainingNeed | None:
        """The need that the panel is about."""
        return self._need

    def _toggle_need_panel(self, need: training.ServiceTrainingNeed) -> None:
        is_same = self._need is not None and (self._need.kind, self._need.service) == (need.kind, need.service)
        if is_same and self.panel.isVisible():
            self.close_panel()
        else:
            self.ask_to_reveal_need_staff(need)

    def ask_to_reveal_need_staff(self, need: training.ServiceTrainingNeed) -> None:
        """Ask whether to name who a need is about."""
        self._need, self._person, self._named = need, "", []
        self.asking.show_need(self._hall_setup, need, [], may=self.controller.may_use_verb("training-name"))
        self.panel.setCurrentIndex(0)
        self._fit_panel_and_columns(is_open=True)

    def _reveal_need_staff_with_reason(self, reason: str) -> None:
        if self._need is not None:
            self.controller.reveal_staff_of_training_need(self._need, reason)

    def _show_named_staff(self, staff: list[str]) -> None:
        if self._need is not None:
            self._named = staff
            self.asking.show_need(self._hall_setup, self._need, staff, may=False)

    def show_rows_behind_need(self) -> None:
        """Show the rows behind the chosen need, which name nobody."""
        need = self._need
        if need is None:
            return
        self.rows_title.setText(need_title(self._hall_setup, need.kind, need.service, need.limit))
        self.rows_line.setText(
            n_("{n} row shows it, of {of}", "{n} rows show it, of {of}", need.found.n, of=need.found.of)
        )
        self.rows.show_rows(
            [
                DrilldownRow(
                    f"{at}",
                    date_short(row.day),
                    row.label,
                    _need_row_amount_text(row.kind, row.amount),
                    day=row.day,
                    ticket=row.label,
                )
                for at, row in enumerate(need.rows)
            ]
        )
        self.panel.setCurrentIndex(1)
        self._fit_panel_and_columns(is_open=True)

    def _toggle_person_panel(self, one: training.PersonTrainingMonths) -> None:
        if self._person == one.staff and self.panel.isVisible():
            self.close_panel()
            return
        self._need, self._person = None, one.staff
        self._show_sessions_of_person(one)

    def _roster_kept_words(self, one: training.PersonTrainingMonths) -> str:
        found = self.controller.found
        return words.how_roster_was_kept_text(
            one.shifts, one.days, rostered=found is not None and found.months.has_roster
        )

    def _show_sessions_of_person(self, one: training.PersonTrainingMonths) -> None:
        found = self.controller.found
        assert found is not None
        own = [row for row in found.sessions if one.staff in row["attended"]]
        self.rows_title.setText(staff_name(self._hall_setup, one.staff))
        self.rows_line.setText(self._roster_kept_words(one))
        self.rows.set_empty_texts(_("No session in these months"))
        self.rows.show_rows([self._session_row(row) for row in own])
        self.panel.setCurrentIndex(1)
        self._fit_panel_and_columns(is_open=True)

    def _session_row(self, row: ServiceDocument) -> DrilldownRow:
        what = row["topic"] or ""
        if row["need"]:
            need = need_title(self._hall_setup, row["need"], row["service"] or "", row["limit"])
            what = _("{topic}: {need}", topic=what, need=need)
        seq, when = row["training"], date_short(date.fromisoformat(row["date"]))
        return DrilldownRow(str(seq), when, what, words.minutes_words(row["minutes"]), session=seq)

    def _open_row(self, row: DrilldownRow) -> None:
        if row.ticket and row.day is not None:
            self.place_wanted.emit(ButtonTarget(TICKETS, ticket=row.ticket, day=row.day))
        elif row.session:
            self.controller.read_session_effect(row.session)

    def _show_effect(self, _seq: int, effect: training.TrainingEffect | None) -> None:
        if self._person:
            self.rows_line.setText(words.session_effect_text(effect))

    def state_to_restore(self) -> tuple[()] | None:
        # What the panel shows was asked for, with a reason: it is read once.
        is_open = self._need is not None or bool(self._person)
        return None if is_open else ()

    def close_panel(self) -> None:
        """Leave what was chosen, and nobody named."""
        self._need, self._person = None, ""
        self._fit_panel_and_columns(is_open=False)

    # -- sessions ------------------------------------------------------------------------------------------------------

    def open_session_dialog(self) -> None:
        """Ask for a session that was held."""
        found, controller = self.controller.found, self.controller
        needs = list(found.needs.needs) if found is not None else []
        dialog = SessionDialog(
            self.host_widget,
            self._look,
            self._hall_setup,
            needs,
            today=controller.context.feed.business_date,
            chosen=self._need,
        )
        dialog.wanted.connect(lambda answers: controller.add_session(**answers))
        self.open_question(dialog)

    def _announce_session_noted(self) -> None:
        self.close_question()
        self.said.emit(_("The session is noted"), "check")

    # -- what is shown -------------------------------------------------------------------------------------------------

    def _show_read_month(self) -> None:
        if (found := self.controller.found) is None:
            return
        self.banner.hide()
        self.refresh_act_buttons()
        self.head.set_subtitle(words.needs_dates_text(found.needs))
        self.needs.set_empty_texts(
            _("The data suggests nothing") if found.needs.days else _("No records of this month yet"),
            _("A person is compared with the others from 30 records on each side, from the next day on."),
        )
        self.needs.show_rows(found.needs.needs)
        self.foot.setText(words.needs_table_footnote(found.needs))
        self.people.show_rows(found.months.people)
        self._set_bar_delegates()
        self.stack.setCurrentIndex(1)
        if self._need is not None:
            again = found.needs.find_need(self._need.kind, self._need.service)
            self.close_panel() if again is None else None
        self._fit_panel_and_columns(is_open=self.panel.isVisibleTo(self))

    def _set_bar_delegates(self) -> None:
        """Let the columns of the interval and of the last month paint their bars."""
        plain = QStyledItemDelegate(self.needs.table)
        wide = not self._is_narrow
        for at in range(len(self._training_need_columns())):
            self.needs.table.setItemDelegateForColumn(at, self._intervals if wide and at == DIFFERENCE else plain)
        found = self.controller.found
        if found is not None and found.months.target:
            self.people.table.setItemDelegateForColumn(len(found.months.months) + 1, self._minutes)

    def _monthly_target_minutes(self) -> int:
        found = self.controller.found
        return found.months.target if found is not None else 0

    def _training_need_columns(self) -> list[TableColumn[training.ServiceTrainingNeed]]:
        narrow = self._is_narrow
        columns = [
            TableColumn[training.ServiceTrainingNeed](
                title=_("What the data suggests"),
                text=lambda row: need_title(self._hall_setup, row.kind, row.service, row.limit),
                key=NAME,
                bold=_is_need_worth_training,
                token=_row_colour_token,
                grows=True,
                gives=True,
                least=230,
            ),
            TableColumn[training.ServiceTrainingNeed](
                title=_("Seen"),
                text=lambda row: words.share_percent_text(row.found.own_share),
                is_right=True,
                bold=_is_need_worth_training,
                token=_row_colour_token,
            ),
            TableColumn[training.ServiceTrainingNeed](
                title=_("Rows"),
                text=lambda row: n_of_total_text(row.found.n, row.found.of),
                token=lambda row: "primary" if row.is_worth_training else "ink2",
                is_right=True,
            ),
            TableColumn[training.ServiceTrainingNeed](
                title=_("Others, same work"),
                text=lambda row: words.share_percent_text(row.found.others),
                token=_row_colour_token,
                is_right=True,
            ),
            TableColumn[training.ServiceTrainingNeed](
                title=_("Difference, points"),
                text=lambda row: words.share_difference_in_points(row.found.share_difference),
                is_right=True,
                bold=_is_need_worth_training,
                token=_row_colour_token,
                sample="" if narrow else BAR_SAMPLE,
            ),
            TableColumn[training.ServiceTrainingNeed](
                title=_("Who it concerns"),
                text=words.need_verdict_text,
                token=lambda row: "amber" if row.is_worth_training else "ink2",
                icon=lambda row: "warning" if row.is_worth_training else "",
            ),
            TableColumn[training.ServiceTrainingNeed](title="", text=words.people_needing_training_text, token="ink2"),
        ]
        if narrow:  # The panel names whom and the others; the share is that of the rows.
            del columns[-1], columns[3], columns[1]
        return columns

    def _training_need_accessible_text(
        self, row: training.ServiceTrainingNeed, column: TableColumn[training.ServiceTrainingNeed]
    ) -> str:
        return f"{column.text(row)}, {self._need_tip(row)}" if column.key == NAME else column.text(row)

    def _need_tip(self, row: training.ServiceTrainingNeed) -> str:
        bounds = words.difference_bounds_text(row.found.low, row.found.high)
        difference = words.share_difference_in_points(row.found.share_difference)
        told = _("difference {points} points, 95 % interval {bounds}", points=difference, bounds=bounds)
        return list_text([words.rows_description_of_need_kind(row.kind), told])

    def _people_columns(self, _context: StationContext) -> list[TableColumn[training.PersonTrainingMonths]]:
        found = self.controller.found
        columns = [
            TableColumn[training.PersonTrainingMonths](
                title=_("Person", context="filter"),
                text=lambda row: staff_name(self._hall_setup, row.staff),
                bold=True,
                grows=True,
            )
        ]
        if found is None:
            return columns
        for at, month in enumerate(found.months.months):
            columns.append(
                TableColumn(
                    title=month_short(month),
                    text=lambda row, at=at: str(row.minutes[at]),  # type: ignore[misc]
                    token="primary",
                    is_right=True,
                    sample=MINUTES_SAMPLE,
                )
            )
        target = found.months.target
        if target:
            title = _("{month} of {n} min", month=month_short(found.months.months[-1]), n=target)
            columns.append(TableColumn(title=title, text=lambda _row: "", sample="0" * (6 if self._is_narrow else 12)))
        kept = TableColumn[training.PersonTrainingMonths](
            title=_("Shifts kept") if found.months.has_roster else _("Days worked"),
            text=_shifts_kept_of_planned if found.months.has_roster else lambda row: str(row.days),
            is_right=True,
        )
        return [*columns, kept]

    def _row_columns(self, _context: StationContext) -> list[TableColumn[DrilldownRow]]:
        return [
            TableColumn(title=_("Date"), text=lambda row: row.when),
            TableColumn(title=_("What"), text=lambda row: row.what, bold=True, gives=True, least=80, grows=True),
            TableColumn(title="", text=lambda row: row.figure, is_right=True),
        ]

    # -- where there is little room, and keys --------------------------------------------------------------------------

    def _scroll_to(self, table: SortableTableView[Any], *_moved: object) -> None:
        """Scroll the page to the row that the keyboard came to."""
        if table.hasFocus():
            row = table.visualRect(table.currentIndex())
            self.area.ensureVisible(0, table.viewport().mapTo(self._body, row.center()).y(), 0, row.height())

    def _fit_panel_and_columns(self, *, is_open: bool) -> None:
        self._show_panel_beside_or_alone(self.panel, self.needs, self.people, is_open=is_open)
        self.panel.setMinimumHeight(self._look.px(PANEL_LEAST))
        if is_open:
            self._shown.activate()
            self.area.ensureWidgetVisible(self.panel, 0, 0)
        narrow = self._is_narrow
        if narrow != self._was_narrow:
            self._was_narrow = narrow
            if (found := self.controller.found) is not None:  # with the columns that there is room for now
                self.needs.show_rows(found.needs.needs)
                self.people.show_rows(found.months.people)
            self._set_bar_delegates()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_panel_and_columns(is_open=self.panel.isVisibleTo(self))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_asking = self.panel.isVisibleTo(self) and self.panel.currentIndex() == 0
        if event.key() == Qt.Key.Key_Escape and self.panel.isVisibleTo(self):
            self.close_panel()
        elif not (is_asking and self.asking.handle_key(event.key())):
            super().keyPressEvent(event)


def _is_need_worth_training(row: training.ServiceTrainingNeed) -> bool:
    return row.is_worth_training


def _row_colour_token(row: training.ServiceTrainingNeed) -> str:
    """Return the colour of a row: one that chance may explain is quieter."""
    return "ink" if row.is_worth_training else "ink2"


def _shifts_kept_of_planned(row: training.PersonTrainingMonths) -> str:
    return f"{row.shifts.kept} / {row.shifts.planned}" if row.shifts is not None else NOTHING


def _need_row_amount_text(kind: str, amount: float) -> str:
    if kind == "long":
        return _("{n} min", n=f"{amount:.0f}")
    return _("called {n} times", n=f"{amount:.0f}") if kind == "recalls" else ""


def training_page(controller: ManagerController, own: ControllerCache) -> TrainingPage:
    return TrainingPage(own(TrainingController, controller.context, controller.first_logged_date))
