"""The effect of a project's measures: figures before and after, the days, and what becomes standard."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from queuedesk.core.figures.comparing import MINUTES, SHARE
from queuedesk.core.improvement.project import Place
from queuedesk.core.setup.rows import Setup
from queuedesk.i18n import _, current, date_short, n_, named
from queuedesk.i18n.figures.drilldown_words import figure_name
from queuedesk.i18n.improvement.project_pieces import compared_lines, span_text, target_text
from queuedesk.i18n.improvement.project_words import effect_heading, goal_words, place_word, standard_word, step_word
from queuedesk.i18n.names import staff_name
from queuedesk.reports.draw.project_pictures import (
    chart_title,
    day_chart,
    difference_rows,
    difference_title,
    of_figure,
    units_of,
)
from queuedesk.stations.manager.improvement.step_panes import PaneHead
from queuedesk.stations.widgets.buttons import PrimaryButton
from queuedesk.stations.widgets.charts.bars import DifferenceRows
from queuedesk.stations.widgets.charts.chart_view import ChartView
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.panels import Card, FixedSize, GroundArea, Rule, discard, put_beside, spread
from queuedesk.stations.widgets.questions.forms import DropDown
from queuedesk.stations.window.style import Look, M, S

Document = Mapping[str, Any]
CARD = "card:"
BESIDE_FROM, CHART_HIGH = 760, 260
CERTAIN = ("better", "less", "more")


def asked_for(project: Document) -> list[int]:
    """Return the measures that wait for somebody who may change the set-up, by their numbers."""
    return [one["n"] for one in project["measures"] if one["standard"] and one["standard"]["asked"]]


def take_word(measures: list[int]) -> str:
    return n_("Accept it", "Accept these {n}", len(measures))


class EffectPane(QWidget):
    """`picked` gives what a figure leads to, `standards_wanted` the places by measures' numbers, `take_wanted` the
    measures that waited for an admin, `measures_wanted` asks for other measures, `spans_wanted` for other dates,
    `go_on` for the next step."""

    picked = Signal(object)
    standards_wanted = Signal(object)
    take_wanted = Signal(object)
    measures_wanted = Signal()
    spans_wanted = Signal()
    go_on = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._can_make = False
        self._may_act = True
        self.head = PaneHead(look)
        self.head.button.set_icon("calendar")
        self.table, self.times = DifferenceRows(look), DifferenceRows(look)
        self.lines = Label(look, px=S, token="ink2", wrap=True)
        self.chart_title = Label(look, px=M, bold=True, wrap=True)
        self.chart_line = Label(look, px=13, token="ink2", wrap=True)
        self.chart = ChartView(look, height=CHART_HIGH, least=200, is_fixed=True, is_bare=True)
        self.standard_title = Label(look, px=M, bold=True, wrap=True)
        self.standard_line = Label(look, px=13, token="ink2", wrap=True)
        self.alarm = Label(look, px=13, token="ink2", wrap=True)
        self.act_button = PrimaryButton(look, "", height=56, px=17, key="Enter")
        self.places: dict[int, DropDown] = {}
        self._picked: dict[int, str] = {}
        self._asked: list[int] = []
        self._rows = QVBoxLayout()
        spread(look, self._rows, spacing=8)
        self._lines: list[QWidget] = []
        self._build()
        self.tables = {SHARE: self.table, MINUTES: self.times}
        for each in self.tables.values():
            each.picked.connect(self.picked)
        self.chart.picked.connect(self.picked)
        self.act_button.clicked.connect(self._do)
        self.head.button.clicked.connect(self.spans_wanted)

    def _build(self) -> None:
        look = self._look
        inner, table = QWidget(), Card(look)
        column = QVBoxLayout(inner)
        spread(look, column, spacing=12)
        within = QVBoxLayout(table)
        spread(look, within, (18, 4, 18, 12), 8)
        for each in (self.table, self.times):
            within.addWidget(each)
        within.addWidget(Rule(look))
        within.addWidget(self.lines)
        column.addWidget(table)
        self._split = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        spread(look, self._split, spacing=12)
        days, standard = Card(look), Card(look)
        left = QVBoxLayout(days)
        spread(look, left, (18, 12, 18, 12), 4)
        for part in (self.chart_title, self.chart_line, self.chart):
            left.addWidget(part)
        left.addStretch(1)
        right = QVBoxLayout(standard)
        spread(look, right, (18, 12, 18, 12), 8)
        right.addWidget(self.standard_title)
        right.addWidget(self.standard_line)
        right.addLayout(self._rows)
        right.addWidget(self.alarm)
        right.addStretch(1)
        right.addWidget(self.act_button)
        self._split.addWidget(days, 1)
        self._split.addWidget(standard, 1)
        column.addLayout(self._split)
        column.addStretch(1)
        around = QVBoxLayout(self)
        spread(look, around, spacing=10)
        around.addWidget(self.head)
        around.addWidget(GroundArea(inner), 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        put_beside(self.width() >= self._look.px(BESIDE_FROM), self._split)

    # -- what is shown -----------------------------------------------------------------------------------------------

    def show_effect(
        self, setup: Setup, project: Document, effect: Document, *, may_act: bool, may_set_up: bool
    ) -> None:
        """Show an effect; without the right to the set-up what needs it is asked for."""
        lang = current()
        self.head.say(effect_heading(effect, setup), target_text(effect), _("Other dates") if may_act else "")
        before, after = (span_text(effect[key]["from"], effect[key]["to"]) for key in ("before", "after"))
        units = units_of(effect)
        for unit, rows in self.tables.items():
            heads = (before, after, difference_title(unit, lang), _("What it says"))
            rows.set_rows(step_word("effect"), heads, difference_rows(setup, effect, lang, unit))
            rows.setVisible(unit in units)
        said = compared_lines(setup, effect)
        if not effect["over"]:
            said.insert(0, _("The second span is not over: this is the effect so far."))
        self.lines.setText("\n".join(said))
        figure = of_figure(effect, project)
        if figure is not None:
            self.chart_title.setText(chart_title(setup, figure, lang))
            self.chart_line.setText(_("tickets open behind every point"))
            self.chart.set_chart(day_chart(setup, project, effect, figure, lang), self.chart_title.text())
        self._may_act = may_act
        self._show_standards(setup, project, may_set_up=may_set_up)
        self._show_act(effect)

    def _show_standards(self, setup: Setup, project: Document, *, may_set_up: bool) -> None:
        self.standard_title.setText(_("What becomes standard?"))
        line = _("Made from the measure in one press; each links back here.")
        if not may_set_up:
            line += "\n" + _("Opening checks, cards and rules wait for an admin, who accepts them in one press.")
        self.standard_line.setText(line)
        self._picked = {n: str(box.currentData() or "") for n, box in self.places.items()}
        discard(self._lines, self._rows)
        self._lines, self.places = [], {}
        self._asked = asked_for(project) if may_set_up else []
        for one in project["measures"]:
            self._lines.append(self._standard_row(setup, one))
        alarms = [one for one in project["follows"] if one["alarm"] is not None]
        leader = staff_name(setup, project["leader"]) or project["leader"]
        told = [
            _(
                "Alarm when {figure} is beyond {value} for a whole week: to {leader}.",
                figure=figure_name(one["figure"], setup),
                value=goal_words(one["figure"], one["alarm"]),
                leader=leader,
            )
            for one in alarms
        ]
        self.alarm.setText("\n".join(told) or _("No alarm line is set."))

    def _standard_row(self, setup: Setup, one: Document) -> QWidget:
        look, line = self._look, QWidget()
        row, words = QHBoxLayout(line), QVBoxLayout()
        spread(look, row, (0, 2, 0, 4), 10)
        spread(look, words, spacing=1)
        words.addWidget(Label(look, one["what"], px=S, bold=True, wrap=True))
        facts = [staff_name(setup, one["who"]) or one["who"]]
        facts += [date_short(date.fromisoformat(one["done"]))] if one["done"] else []
        words.addWidget(Label(look, " · ".join(facts), px=13, token="ink2", wrap=True))
        row.addLayout(words, 1)
        if not self._may_act and one["standard"] is None:
            row.addWidget(Label(look, place_word("nothing"), px=S, token="ink2"))
        elif one["standard"] is not None and (one["standard"]["place"] != "nothing" or not self._may_act):
            row.addWidget(Label(look, standard_word(one["standard"], setup), px=S, token="on_soft", bold=True))
        else:
            box = DropDown(look).share_width(8)
            FixedSize(look, box, height=44)
            places = [Place.OPENING, Place.BRIEFING]
            choices = {str(Place.NOTHING): place_word("nothing"), **{str(each): place_word(each) for each in places}}
            for card in setup.cards.values():
                choices[f"{CARD}{card.code}"] = _("Card: {name}", name=named(card.name, card.name_en))
            choices[str(Place.RULE)] = place_word("rule")
            box.show_choice(self._picked.get(one["n"]) or str(Place.NOTHING), choices)
            box.setAccessibleName(one["what"])
            box.activated.connect(lambda _at: self._count())
            self.places[one["n"]] = box
            row.addWidget(box)
        self._rows.addWidget(line)
        return line

    def _show_act(self, effect: Document) -> None:
        self._can_make = any(one["verdict"] == "better" for one in effect["figures"])
        self._count()

    @property
    def chosen(self) -> dict[int, str]:
        """What was picked for each measure that becomes something."""
        found = {n: str(box.currentData() or "") for n, box in self.places.items()}
        return {n: place for n, place in found.items() if place and place != Place.NOTHING}

    def _count(self) -> None:
        n = len(self.chosen)
        self.act_button.setVisible(self._may_act)
        if n:
            self.act_button.allow(n_("Make it standard", "Make these {n} standard", n))
        elif self._asked:
            self.act_button.allow(take_word(self._asked))
        elif not self._can_make:
            self.act_button.allow(_("Try other measures"))
        elif self.places:
            self.act_button.block(_("Pick what a measure becomes"))
        else:
            self.act_button.allow(_("Go to the last step"))

    def _do(self) -> None:
        if self.chosen:
            self.standards_wanted.emit(self.chosen)
        elif self._asked:
            self.take_wanted.emit(self._asked)
        elif not self._can_make:
            self.measures_wanted.emit()
        else:
            self.go_on.emit()
