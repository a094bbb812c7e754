"""Trials of words: two wordings of a kiosk's key or a notice on alternating days, started, read and ended here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from queuedesk.core.charts.chart import Point
from queuedesk.core.charts.difference_rows import Certainty, DifferenceRow, Figure
from queuedesk.core.errors import QueueDeskError
from queuedesk.core.figures.comparing import SHARE
from queuedesk.core.improvement.wording import NEW, OLD, WEEKS
from queuedesk.core.improvement.wording_effect import Judged, Tried, Verdict, path
from queuedesk.core.setup.rows import Setup, offered_languages
from queuedesk.i18n import _, current, date_short, figure_range, n_, named, say
from queuedesk.i18n.figures.compare_words import signed
from queuedesk.i18n.figures.meanings import TRIALS, meaning
from queuedesk.i18n.improvement.project_words import verdict_word
from queuedesk.i18n.improvement.wording_words import (
    about_text,
    days_text,
    gone_text,
    left_out_text,
    new_words,
    old_words,
    state_text,
    verdict_text,
)
from queuedesk.i18n.names import service_name
from queuedesk.i18n.numerals import UNKNOWN, percent, whole
from queuedesk.reports.draw.project_pictures import difference_title
from queuedesk.stations.manager.improvement.trials_controller import TrialsController
from queuedesk.stations.manager.parts.page import Act, Page, PageSpec
from queuedesk.stations.manager.parts.table import Column, ListCard, TableSpec
from queuedesk.stations.widgets.buttons import SecondaryButton
from queuedesk.stations.widgets.charts.bars import DifferenceRows
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.panels import Card, GroundArea, spread
from queuedesk.stations.widgets.questions.dialogs import Dialog
from queuedesk.stations.widgets.questions.forms import DropDown, ErrorLine, FormField
from queuedesk.stations.window.style import Look

NOTICE = "notice "
"""So begins the choice of a notice; its place follows. No service's code has a space."""


class StartDialog(Dialog):
    """Asks which key or notice is to have which other words, and for how long; `wanted` gives that. A notice is named
    by its place from 1 on, and comes with the services by whose tickets it is judged."""

    wanted = Signal(object, str, str, int, tuple)

    def __init__(self, host: QWidget, look: Look, setup: Setup) -> None:
        effect = _(
            "From tomorrow every second date has the new words, on the kiosk button or on the displays; tickets and voice keep the hall's own."
        )
        super().__init__(host, look, title=_("What is to have which new words?"), effect=effect, width=640)
        self._setup = setup
        services = {code: service_name(setup, code) for code in setup.services}
        self.about, self.weeks = DropDown(self.look), DropDown(self.look)
        offered = {code: _("Button “{service}”", service=name) for code, name in services.items()}
        texts = (_line(named(one.text, one.text_en)) for one in setup.notices)
        offered |= {f"{NOTICE}{n}": text for n, text in enumerate(texts, start=1)}
        self.about.show_choice(next(iter(offered)), offered)
        self.about.currentIndexChanged.connect(self._show_services)
        self.services = DropDown(self.look)
        self.services.show_choice("", {"": _("All services"), **services})
        self.services.setCurrentIndex(0)
        self.judged_by = FormField(
            self.look, _("Judged by the tickets of", context="field"), edit=self.services, has_line=False
        )
        self.weeks.show_choice("4", {str(n): n_("{n} week", "{n} weeks", n, context="duration") for n in WEEKS})
        for field, letters in ((self.about, 20), (self.services, 12), (self.weeks, 8)):
            field.share_width(letters)
        self.label = FormField(self.look, _("New words", context="field"))
        self.label_en = FormField(self.look, _("New words in English", context="field"))
        self.trouble = ErrorLine(self.look)
        self.trouble.hide()
        beside = QWidget()
        row = QHBoxLayout(beside)
        spread(self.look, row, spacing=12)
        row.addWidget(self.judged_by, 7)
        row.addWidget(FormField(self.look, _("Weeks", context="field"), edit=self.weeks, has_line=False), 3)
        rows = (
            FormField(self.look, _("Button or notice", context="field"), edit=self.about, has_line=False),
            self.label,
            *((self.label_en,) if len(offered_languages(setup)) > 1 else ()),
            beside,
            self.trouble,
        )
        for one in rows:
            self.body.addWidget(one)
        self.put_answers(_("Leave it"), _("Start a trial"), self._do)
        self._show_services()

    @property
    def _notice(self) -> int | None:
        about = str(self.about.currentData())
        return int(about.removeprefix(NOTICE)) if about.startswith(NOTICE) else None

    def _show_services(self) -> None:
        self.judged_by.setVisible(self._notice is not None)

    def first_focus(self) -> QWidget:
        return self.label.edit

    def refuse_with(self, trouble: QueueDeskError) -> None:
        """Say why it was not started; what was typed stays."""
        self.trouble.setText(say(trouble))
        self.trouble.show()

    def _do(self) -> None:
        self.wanted.emit(
            self._notice or str(self.about.currentData()),
            self.label.value(),
            self.label_en.value(),
            int(str(self.weeks.currentData())),
            tuple(filter(None, (str(self.services.currentData() or ""),))),
        )


class TrialsPage(Page):
    """`days_wanted` asks for the tickets of a wording: path, first and last date, title, dates left out."""

    days_wanted = Signal(str, object, object, str, tuple)

    def __init__(self, controller: TrialsController, parent: QWidget | None = None) -> None:
        self.controller, look = controller, controller.context.look
        spec = PageSpec(
            title=lambda: _("Wording trials"),
            acts=(
                Act(text=lambda: _("Start a trial"), do=self._ask_start, icon="plus", is_main=True, changes_hall=True),
            ),
        )
        super().__init__(look, spec, parent)
        table = TableSpec[Tried](
            name=lambda: _("Wording trials"),
            columns=self._columns,
            key=lambda one: one.trial.seq,
            chooses=True,
            row_height=48,
            rows_seen=(2, 5),
        )
        self.list = ListCard(look, table, "message")
        self.put(self.list)
        self.card = Card(look)
        around, inner = QVBoxLayout(self.card), QWidget()
        spread(look, around, (20, 14, 20, 14), 0)
        column = QVBoxLayout(inner)
        spread(look, column, spacing=8)
        self.verdict = Label(look, px=20, bold=True, wrap=True)
        self.days = Label(look, px=15, token="ink2", wrap=True)
        self.left_out = Label(look, px=15, token="amber", wrap=True)
        for line in (self.verdict, self.days, self.left_out):
            column.addWidget(line)
        self.difference = DifferenceRows(look)
        self.difference.picked.connect(self._open)
        column.addWidget(self.difference)
        self.names = {which: Label(look, px=16, wrap=True) for which in (OLD, NEW)}
        for name in self.names.values():
            column.addWidget(name)
        acts = QHBoxLayout()
        spread(look, acts, (0, 8, 0, 0), 12)
        self.end_buttons = {use: SecondaryButton(look, "", height=48) for use in (False, True, None)}
        for use, end_button in self.end_buttons.items():
            end_button.clicked.connect(partial(self._end, use))
            acts.addWidget(end_button)
        acts.addStretch(1)
        column.addLayout(acts)
        column.addStretch(1)
        around.addWidget(GroundArea(inner, keys=True))
        self.hall_acts = (*self.hall_acts, *self.end_buttons.values())
        self.put(self.card, 1)
        self.dialog: StartDialog | None = None
        self.list.table.selectionModel().selectionChanged.connect(self._show_chosen)
        controller.answered.connect(self._show)
        controller.failed.connect(self._fail)
        controller.started.connect(self._tell_started)
        controller.ended.connect(self._tell_ended)
        controller.refused.connect(self._refuse)

    @property
    def _day(self) -> date:
        return self.controller.context.feed.day

    def _columns(self) -> list[Column[Tried]]:
        setup = self.controller.context.feed.setup
        return [
            Column(title=_("Tried", context="column"), text=lambda one: about_text(setup, one.trial), gives=True),
            Column(
                title=_("Old words", context="column"),
                text=lambda one: _line(old_words(one.trial)),
                gives=True,
                least=90,
            ),
            Column(
                title=_("New words", context="column"),
                text=lambda one: _line(new_words(one.trial)),
                bold=True,
                gives=True,
                grows=True,
                least=90,
            ),
            Column(
                title=_("Dates", context="column"),
                text=lambda one: figure_range(date_short(one.trial.first), date_short(one.trial.last)),
            ),
            Column(title=_("State", context="column"), text=lambda one: state_text(one.trial, self._day)),
        ]

    # -- what is asked -------------------------------------------------------------------------------------------------

    def refresh(self, _now: datetime) -> None:
        """Read again when a trial was started or ended, or a day is over."""
        self.controller.ask()

    def left_as(self) -> tuple[()] | None:
        return () if self.dialog is None else None

    def take_up(self, left: tuple[()]) -> None:
        """What is shown was read by its controller."""

    def _ask_start(self) -> None:
        self.dialog = StartDialog(self.host, self._look, self.controller.context.feed.setup)
        self.dialog.wanted.connect(self._start)
        self.dialog.open_dialog()

    def _start(self, about: str | int, label: str, label_en: str, weeks: int, services: tuple[str, ...]) -> None:
        if isinstance(about, int):
            self.controller.start_notice(about, label, label_en, weeks, services)
        else:
            self.controller.start(about, label, label_en, weeks)

    def _end(self, use: bool | None) -> None:
        one = self.list.table.chosen()
        if one is not None:
            self.controller.end(one.trial.seq, use)

    def _open(self, which: object) -> None:
        one = self.list.table.chosen()
        if one is not None:
            trial = one.trial
            last = min(trial.last, self._day - timedelta(days=1))
            words = _line(old_words(trial) if which == OLD else new_words(trial))
            self.days_wanted.emit(path(trial, str(which), "wrong"), trial.first, last, words, tuple(one.left_out))

    def _tell_started(self, document: Mapping[str, Any]) -> None:
        if self.dialog is not None:
            self.dialog.close_dialog()
            self.dialog = None
        first = date.fromisoformat(document["from"]) + timedelta(days=1)
        text = _("Trial started: the new words are shown from {day} on", day=date_short(first))
        self.said.emit(text, "check")
        self.controller.ask()

    def _tell_ended(self, _document: Mapping[str, Any]) -> None:
        self.said.emit(_("Trial ended"), "check")
        self.controller.ask()

    def _refuse(self, trouble: QueueDeskError) -> None:
        if self.dialog is not None:
            self.dialog.refuse_with(trouble)
        else:
            self.warn(trouble)

    # -- what is shown -------------------------------------------------------------------------------------------------

    def retranslate(self) -> None:
        super().retranslate()
        words = {None: _("End this trial"), False: _("Keep the old words"), True: _("Use the new words")}
        for use, button in self.end_buttons.items():
            button.setText(words[use])
        self.list.table.retranslate()
        if self.controller.found is not None:
            self._show(self.controller.found)
        else:
            self.list.say_empty(_("Reading trials …"))
            self._show_chosen()
            self.controller.ask()

    def _show(self, found: list[Tried]) -> None:
        self.banner.hide()
        self.list.say_empty(
            _("Not yet: no wording of a button or a notice has been tried"),
            _("Two wordings on alternating days show which sends fewer people to the wrong window."),
        )
        self.list.show_rows(found)
        self._show_chosen()

    def _show_chosen(self) -> None:
        one = self.list.table.chosen()
        self.card.setVisible(one is not None)
        if one is None:
            return
        trial, found = one.trial, one.found
        self.verdict.setText(verdict_text(found))
        self.days.setText(f"{days_text(trial)}\n{meaning(TRIALS)}")
        over = self._day > trial.last
        gone = gone_text(trial) if trial.is_open and not over and not one.stands else ""
        self.left_out.setText(" ".join(filter(None, (gone, left_out_text(trial, one.left_out)))))
        self.left_out.setVisible(bool(self.left_out.text()))
        words = {OLD: _line(old_words(trial)), NEW: _line(new_words(trial))}
        told = {OLD: _("Old words: {words}", words=words[OLD]), NEW: _("New words: {words}", words=words[NEW])}
        for which, text in told.items():
            self.names[which].setText(text)
        heads = (_("Old words", context="column"), _("New words", context="column"))
        title = difference_title(SHARE, current())
        row = difference_row(found, words)
        self.difference.set_rows(_("Wording trials"), (*heads, title, _("What it says")), [row])
        for use, button in self.end_buttons.items():
            button.setVisible(
                trial.is_open and (not over if use is None else not use or one.stands or not trial.is_notice)
            )

    def _fail(self, trouble: QueueDeskError) -> None:
        if self.controller.found is None:
            self.list.say_empty(say(trouble))
        else:
            self.warn(trouble)


def _line(words: str) -> str:
    """Return the words of a notice of several lines in one."""
    return " ".join(words.split())


_CERTAINTIES = {
    Verdict.BETTER: Certainty.BETTER,
    Verdict.WORSE: Certainty.WORSE,
    Verdict.CANNOT_TELL: Certainty.UNSURE,
    Verdict.TOO_FEW: Certainty.FEW,
    Verdict.EARLY: Certainty.FEW,
}


def difference_row(found: Judged, words: Mapping[str, str]) -> DifferenceRow:
    """Return both wordings' shares of the wrong window with their difference; a share of some opens its tickets.

    Before the planned end there are only the days: who sees the shares has seen the difference.
    """
    sides = []
    for which, side in ((OLD, found.old), (NEW, found.new)):
        days = n_("{n} day", "{n} days", side.days)
        if found.verdict is Verdict.EARLY:
            sides.append(Figure(UNKNOWN, "", days))
            continue
        rows = _("{n} of {of}", n=whole(side.wrong), of=whole(side.of))
        value = UNKNOWN if side.rate is None else percent(side.rate)
        said = (words[which], f"{value} %", rows, days)
        sides.append(Figure(value, "%", rows, Point(said, which) if side.wrong else None))
    ends: tuple[float, float, float] | None = None
    if found.low is not None and found.difference is not None and found.high is not None:
        ends = (100 * found.low, 100 * found.difference, 100 * found.high)
    return DifferenceRow(
        name=_("To the wrong window"),
        second=n_("{n} day", "{n} days", found.old.days + found.new.days),
        before=sides[0],
        after=sides[1],
        certainty=_CERTAINTIES[found.verdict],
        word=verdict_word(str(found.verdict)),
        value=ends and ends[1],
        low=ends and ends[0],
        high=ends and ends[2],
        said=(signed(ends[0]), signed(ends[1]), signed(ends[2])) if ends else ("", "", ""),
    )
