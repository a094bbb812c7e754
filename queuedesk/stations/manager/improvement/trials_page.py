"""Trials of words: two names for a kiosk's key on alternating days, started, read and ended here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.improvement.wording import NEW, OLD, WEEKS
from queuedesk.core.improvement.wording_effect import Side, path
from queuedesk.i18n import _, date_short, figure_range, n_, say
from queuedesk.i18n.improvement.wording_words import (
    days_text,
    new_name,
    old_name,
    side_text,
    state_text,
    verdict_text,
)
from queuedesk.i18n.names import service_name
from queuedesk.stations.manager.improvement.trials_controller import Read, TrialsController
from queuedesk.stations.manager.parts.page import Act, Page, PageSpec
from queuedesk.stations.manager.parts.table import Column, ListCard, TableSpec
from queuedesk.stations.widgets.buttons import SecondaryButton, TextButton
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.panels import Card, spread
from queuedesk.stations.widgets.questions.dialogs import Dialog
from queuedesk.stations.widgets.questions.forms import DropDown, ErrorLine, FormField
from queuedesk.stations.window.style import Look


class StartDialog(Dialog):
    """Asks which key is to have which other name, and for how long; `wanted` gives that."""

    wanted = Signal(str, str, str, int)

    def __init__(self, host: QWidget, look: Look, services: dict[str, str]) -> None:
        effect = _(
            "The kiosk shows the new name on every second date from tomorrow on; tickets and voice keep the hall's own."
        )
        super().__init__(host, look, title=_("Which key, and which new name?"), effect=effect, width=640)
        self.service, self.weeks = DropDown(self.look), DropDown(self.look)
        self.service.show_choice(next(iter(services)), services)
        self.weeks.show_choice("4", {str(n): n_("{n} week", "{n} weeks", n, context="duration") for n in WEEKS})
        for field in (self.service, self.weeks):
            field.share_width(20)
        self.label = FormField(self.look, _("New name", context="field"))
        self.label_en = FormField(self.look, _("New name in English", context="field"))
        self.trouble = ErrorLine(self.look)
        self.trouble.hide()
        rows = (
            FormField(self.look, _("Service", context="column"), edit=self.service, has_line=False),
            self.label,
            self.label_en,
            FormField(self.look, _("Weeks", context="field"), edit=self.weeks, has_line=False),
            self.trouble,
        )
        for one in rows:
            self.body.addWidget(one)
        self.put_answers(_("Leave it"), _("Start a trial"), self._do)

    def first_focus(self) -> QWidget:
        return self.label.edit

    def refuse_with(self, trouble: QueueDeskError) -> None:
        """Say why it was not started; what was typed stays."""
        self.trouble.setText(say(trouble))
        self.trouble.show()

    def _do(self) -> None:
        self.wanted.emit(
            str(self.service.currentData()),
            self.label.value(),
            self.label_en.value(),
            int(str(self.weeks.currentData())),
        )


class TrialsPage(Page):
    """`behind_wanted` asks for the tickets of a name."""

    behind_wanted = Signal(str, object, object, str)

    def __init__(self, controller: TrialsController, parent: QWidget | None = None) -> None:
        self._controller, look = controller, controller.context.look
        spec = PageSpec(
            title=lambda: _("Trials of words"),
            acts=(
                Act(text=lambda: _("Start a trial"), do=self._ask_start, icon="plus", is_main=True, changes_hall=True),
            ),
        )
        super().__init__(look, spec, parent)
        table = TableSpec[Read](
            name=lambda: _("Trials of words"),
            columns=self._columns,
            key=lambda one: one[0].seq,
            chooses=True,
            row_height=48,
            rows_seen=(2, 5),
        )
        self.list = ListCard(look, table, "message")
        self.put(self.list)
        self.card = Card(look)
        column = QVBoxLayout(self.card)
        spread(look, column, (20, 14, 20, 14), 8)
        self.verdict = Label(look, px=20, bold=True, wrap=True)
        self.days = Label(look, px=15, token="ink2", wrap=True)
        column.addWidget(self.verdict)
        column.addWidget(self.days)
        self.sides = {which: TextButton(look, "", height=44, px=16) for which in (OLD, NEW)}
        self.names = {which: Label(look, px=16, bold=True, wrap=True) for which in (OLD, NEW)}
        for which, button in self.sides.items():
            row = QHBoxLayout()
            spread(look, row, spacing=12)
            row.addWidget(self.names[which], 1, Qt.AlignmentFlag.AlignVCenter)
            row.addWidget(button)
            column.addLayout(row)
            button.clicked.connect(partial(self._open, which))
        acts = QHBoxLayout()
        spread(look, acts, (0, 8, 0, 0), 12)
        self.end_buttons = {use: SecondaryButton(look, "", height=48) for use in (False, True, None)}
        for use, end_button in self.end_buttons.items():
            end_button.clicked.connect(partial(self._end, use))
            acts.addWidget(end_button)
        acts.addStretch(1)
        column.addLayout(acts)
        self.hall_acts = (*self.hall_acts, *self.end_buttons.values())
        self.put(self.card)
        self._column.addStretch(1)
        self.dialog: StartDialog | None = None
        self.list.table.selectionModel().selectionChanged.connect(self._show_chosen)
        controller.answered.connect(self._show)
        controller.failed.connect(self._fail)
        controller.started.connect(self._tell_started)
        controller.ended.connect(self._tell_ended)
        controller.refused.connect(self._refuse)

    @property
    def _day(self) -> date:
        return self._controller.context.feed.day

    def _columns(self) -> list[Column[Read]]:
        setup = self._controller.context.feed.setup
        return [
            Column(title=_("Key", context="column"), text=lambda one: service_name(setup, one[0].service), gives=True),
            Column(title=_("Old name", context="column"), text=lambda one: old_name(one[0]), gives=True, least=90),
            Column(
                title=_("New name", context="column"),
                text=lambda one: new_name(one[0]),
                bold=True,
                gives=True,
                grows=True,
                least=90,
            ),
            Column(
                title=_("Dates", context="column"),
                text=lambda one: figure_range(date_short(one[0].first), date_short(one[0].last)),
            ),
            Column(title=_("State", context="column"), text=lambda one: state_text(one[0], self._day)),
        ]

    # -- what is asked -------------------------------------------------------------------------------------------------

    def refresh(self, _now: datetime) -> None:
        """Read again when a trial was started or ended, or a day is over."""
        self._controller.ask()

    def _ask_start(self) -> None:
        setup = self._controller.context.feed.setup
        services = {code: service_name(setup, code) for code in setup.services}
        self.dialog = StartDialog(self.host, self._look, services)
        self.dialog.wanted.connect(self._controller.start)
        self.dialog.open_dialog()

    def _end(self, use: bool | None) -> None:
        one = self.list.table.chosen()
        if one is not None:
            self._controller.end(one[0].seq, use)

    def _open(self, which: str) -> None:
        one = self.list.table.chosen()
        if one is not None:
            trial = one[0]
            last = min(trial.last, self._day - timedelta(days=1))
            name = old_name(trial) if which == OLD else new_name(trial)
            self.behind_wanted.emit(path(trial, which, "wrong"), trial.first, last, name)

    def _tell_started(self, document: Mapping[str, Any]) -> None:
        if self.dialog is not None:
            self.dialog.close_dialog()
            self.dialog = None
        first = date.fromisoformat(document["from"]) + timedelta(days=1)
        text = _("Trial started: the new name stands on the key from {day} on", day=date_short(first))
        self.said.emit(text, "check")
        self._controller.ask()

    def _tell_ended(self, _document: Mapping[str, Any]) -> None:
        self.said.emit(_("Trial ended"), "check")
        self._controller.ask()

    def _refuse(self, trouble: QueueDeskError) -> None:
        if self.dialog is not None:
            self.dialog.refuse_with(trouble)
        else:
            self.warn(trouble)

    # -- what is shown -------------------------------------------------------------------------------------------------

    def retranslate(self) -> None:
        super().retranslate()
        words = {None: _("End this trial"), False: _("Keep the old name"), True: _("Use the new name")}
        for use, button in self.end_buttons.items():
            button.setText(words[use])
        self.list.table.retranslate()
        if self._controller.found is not None:
            self._show(self._controller.found)
        else:
            self.list.say_empty(_("Reading trials …"))
            self._show_chosen()
            self._controller.ask()

    def _show(self, found: list[Read]) -> None:
        self.banner.hide()
        self.list.say_empty(
            _("Not yet: no key's words have been tried"),
            _("Two names on alternating days show which sends fewer people to the wrong counter."),
        )
        self.list.show_rows(found)
        self._show_chosen()

    def _show_chosen(self) -> None:
        one = self.list.table.chosen()
        self.card.setVisible(one is not None)
        if one is None:
            return
        trial, found, _dates = one
        self.verdict.setText(verdict_text(found))
        self.days.setText(days_text(trial))
        shown: dict[str, tuple[str, Side]] = {OLD: (old_name(trial), found.old), NEW: (new_name(trial), found.new)}
        for which, (name, side) in shown.items():
            self.names[which].setText(name)
            self.sides[which].setText(side_text(side))
            self.sides[which].setAccessibleName(", ".join((name, side_text(side), _("opens rows"))))
            self.sides[which].setEnabled(bool(side.wrong))
        over = self._day > trial.last
        for use, button in self.end_buttons.items():
            button.setVisible(trial.is_open and (use is not None or not over))

    def _fail(self, trouble: QueueDeskError) -> None:
        if self._controller.found is None:
            self.list.say_empty(say(trouble))
        else:
            self.warn(trouble)
