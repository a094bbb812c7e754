"""The evidence step: the causes as a fishbone or a list, and what the rows say of the chosen one."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from queuedesk.core.setup.rows import Setup
from queuedesk.i18n import _, current
from queuedesk.i18n.improvement.project_words import bone_word, evidence_sentence, step_word
from queuedesk.reports.draw.project_pictures import bones_of, fish, group_bars, shown_evidence
from queuedesk.stations.manager.improvement.fact_list import FactList
from queuedesk.stations.manager.improvement.project_texts import cause_facts, evidence_facts, judgement_counts
from queuedesk.stations.manager.improvement.step_panes import PaneHead
from queuedesk.stations.widgets.buttons import IconButton, PrimaryButton, SecondaryButton
from queuedesk.stations.widgets.charts.bars import BarRows
from queuedesk.stations.widgets.charts.fishbone_view import FishboneView
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.panels import Card, FixedSize, GroundArea, put_beside, spread
from queuedesk.stations.widgets.pills import Pill
from queuedesk.stations.window.style import L, Look, M, S

Document = Mapping[str, Any]
ANSWERS = ("confirmed", "rejected", "cannot_tell")
SIDE, BESIDE_FROM, ROW = 300, 640, 33


class AnswerKey(SecondaryButton):
    """One of the three answers; the one that is picked has its icon, and is soft with the edge of the primary."""

    def __init__(self, look: Look, icon: str | None) -> None:
        super().__init__(look, "", height=48, px=15)
        self.setCheckable(True)
        self.toggled.connect(lambda on: self.set_icon(icon if on else None))

    def colors(self) -> tuple[str, str, str]:
        return ("soft", "primary", "on_soft") if self.isChecked() and self.isEnabled() else super().colors()


class EvidencePane(QWidget):
    """`judged` gives a cause and its answer, `go_on` asks for the next step, `cause_wanted` for a new cause,
    `gather_wanted` for evidence of a cause; `picked` gives what a figure or a row leads to, `menu_wanted` the cause
    whose acts are asked for."""

    judged = Signal(int, str)
    go_on = Signal()
    cause_wanted = Signal()
    gather_wanted = Signal(int)
    menu_wanted = Signal(int)
    picked = Signal(object)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._project: Document | None = None
        self._setup: Setup | None = None
        self.number: int | None = None
        self._answer = ""
        self._may_act = True
        self.head = PaneHead(look)
        self.fish, self.list = FishboneView(look), FactList(look)
        self.title = Label(look, px=L, bold=True, wrap=True)
        self.where = Label(look, px=S, token="ink2", wrap=True)
        self.live = Pill(look, "", px=13, height=24)
        self.bars = BarRows(look, row_height=ROW)
        self.rows = FactList(look)
        self.none = Label(look, px=M, token="ink2", wrap=True)
        self.gather_button = SecondaryButton(look, "", icon="plus", height=44, px=15)
        self.more_button = IconButton(look, "more", "", side=44)
        self.question = Label(look, px=M, bold=True, wrap=True)
        self.sentence = Label(look, px=S, token="ink2", wrap=True)
        self.answers = {
            code: AnswerKey(look, icon) for code, icon in zip(ANSWERS, ("check", "close", None), strict=True)
        }
        self.small = Label(look, px=13, token="ink2", wrap=True)
        self.act_button = PrimaryButton(look, "", height=56, px=17, key="Enter")
        self._build()
        for code, key in self.answers.items():
            key.clicked.connect(partial(self.answer, code))
        self.act_button.clicked.connect(self.keep)
        self.head.button.clicked.connect(self.cause_wanted)
        self.gather_button.clicked.connect(lambda: self.gather_wanted.emit(self.number or 0))
        self.more_button.clicked.connect(lambda: self.menu_wanted.emit(self.number or 0))
        self.fish.walked.connect(self.choose)
        self.fish.picked.connect(self._press)
        self.fish.answered.connect(lambda at: self.answer(ANSWERS[at]))
        self.fish.kept.connect(self.keep)
        self.list.picked.connect(self._press)
        self.bars.picked.connect(self.picked)
        self.rows.picked.connect(self.picked)

    def _build(self) -> None:
        look = self._look
        inner, card = QWidget(), Card(look)
        column = QVBoxLayout(inner)
        spread(look, column, spacing=10)
        column.addWidget(self.fish)
        self._split = QBoxLayout(QBoxLayout.Direction.LeftToRight, card)
        spread(look, self._split, (18, 10, 18, 12), 20)
        left, right = QVBoxLayout(), QVBoxLayout()
        spread(look, left, spacing=4)
        spread(look, right, spacing=6)
        top, below = QHBoxLayout(), QHBoxLayout()
        spread(look, top, spacing=8)
        spread(look, below, spacing=10)
        top.addWidget(self.title, 1)
        top.addWidget(self.gather_button)
        top.addWidget(self.more_button)
        below.addWidget(self.where, 1)
        below.addWidget(self.live)
        left.addLayout(top)
        left.addLayout(below)
        left.addWidget(self.bars)
        left.addWidget(self.rows)
        left.addWidget(self.none)
        left.addStretch(1)
        right.addWidget(self.question)
        right.addWidget(self.sentence)
        self._keys = QHBoxLayout()
        spread(look, self._keys, spacing=8)
        for key in self.answers.values():
            self._keys.addWidget(key, 1)
        right.addLayout(self._keys)
        right.addWidget(self.small)
        right.addStretch(1)
        right.addWidget(self.act_button)
        self._right = QWidget()
        self._right.setLayout(right)
        self._right_size = FixedSize(look, self._right, width=SIDE)
        self._split.addLayout(left, 1)
        self._split.addWidget(self._right)
        column.addWidget(card)
        # Below: a cause that is chosen in it is seen at once.
        column.addWidget(self.list)
        column.addStretch(1)
        around = QVBoxLayout(self)
        spread(look, around, spacing=8)
        around.addWidget(self.head)
        around.addWidget(GroundArea(inner), 1)

    # -- what is shown -----------------------------------------------------------------------------------------------

    def show_project(self, setup: Setup, project: Document, *, may_act: bool) -> None:
        """Show the causes; the chosen one stays, at first it is the first that is open. Who may not act only looks."""
        self._setup, self._project = setup, project
        numbers = [one["n"] for one in project["causes"]]
        if self.number not in numbers:
            opened = [one["n"] for one in project["causes"] if one["judgement"] == "open"]
            self.number = next(iter(opened or numbers), None)
            self._answer = ""
        act = _("Add a cause") if may_act else ""
        self.head.say(_("Which causes does the data support?"), judgement_counts(project), act)
        self._may_act = may_act
        for part in (self.gather_button, self.more_button, *self.answers.values(), self.act_button, self.small):
            part.setVisible(may_act)
        self._fit()
        self._show_cause()

    def _fit(self) -> None:
        """Show the fishbone where it has room, else the list with the same rows."""
        project, setup, look = self._project, self._setup, self._look
        if project is None or setup is None:
            return
        lang = current()
        width = max(1, self.width())
        has_fish = not look.scale.is_large and self.fish.has_room(len(bones_of(project, lang)), width)
        self.fish.setVisible(has_fish)
        self.list.setVisible(not has_fish)
        name = step_word("causes")
        if has_fish:
            self.fish.set_fish(fish(setup, project, lang, chosen=self.number), name)
        else:
            self.list.set_facts(name, cause_facts(setup, project), ("cause", self.number))
        beside = width >= look.px(BESIDE_FROM)
        put_beside(beside, self._split)
        self._right.setMinimumWidth(look.wide(SIDE) if beside else 0)
        self._right.setMaximumWidth(look.wide(SIDE) if beside else 16777215)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    @property
    def cause(self) -> Document | None:
        """The chosen cause."""
        causes = self._project["causes"] if self._project is not None else ()
        return next((one for one in causes if one["n"] == self.number), None)

    def _show_cause(self) -> None:
        cause, setup = self.cause, self._setup
        if cause is None or setup is None:
            return
        lang = current()
        row = shown_evidence(cause)
        is_compared = row is not None and row["kind"] == "compare"
        self.title.setText(cause["name"])
        bone = bone_word(cause["bone"], cause["bone_name"])
        self.where.setText(_("{bone} · cause {n}", bone=bone, n=cause["n"]))
        self.live.set_all(_("Live from the log"), tint="soft", token="on_soft", icon="dot")
        self.live.setVisible(is_compared and bool(row and row["live"]))
        self.bars.setVisible(is_compared)
        if is_compared and row is not None:
            self.bars.set_rows(_("With the cause and without it"), group_bars(setup, row, lang))
        facts = evidence_facts(setup, cause)
        self.rows.set_facts(step_word("evidence"), facts)
        self.rows.setVisible(bool(facts))
        self.none.setText(_("No rows yet: cite a figure, tickets or cases, compare two groups, or count by hand."))
        self.none.setVisible(not facts)
        self.gather_button.setText(_("Add evidence"))
        self.more_button.set_name(_("More", context="cause"))
        self.question.setText(_("What does the data say?"))
        self.sentence.setText(
            evidence_sentence({**row, "note": ""}, setup) if row else _("Without rows a cause can't be confirmed.")
        )
        words = {
            "confirmed": _("Confirm"),
            "rejected": _("Reject"),
            "cannot_tell": _("Can't tell", context="judgement"),
        }
        for code, key in self.answers.items():
            key.setText(words[code])
        self.small.setText(_("Printed in the report. Can be changed later."))
        if not self._answer and cause["judgement"] != "open":
            self._answer = cause["judgement"]
        self._show_answer()

    def _show_answer(self) -> None:
        cause = self.cause
        if cause is None:
            return
        for code, key in self.answers.items():
            key.setChecked(code == self._answer)
            key.update()
        following = self._following()
        is_kept = self._answer == cause["judgement"]
        if not self._answer:
            self.act_button.block(_("Pick an answer first"))
        elif self._answer == "confirmed" and not cause["evidence"]:
            self.act_button.block(_("Add evidence first"))
        elif is_kept:
            text = _("Judge cause {n}", n=following) if following else _("Go on to measures")
            self.act_button.allow(text)
        else:
            text = _("Save, judge cause {n}", n=following) if following else _("Save, go on to measures")
            self.act_button.allow(text)

    def _following(self) -> int | None:
        """Return the next open cause after the chosen one, round about."""
        causes = self._project["causes"] if self._project is not None else ()
        opened = [one["n"] for one in causes if one["judgement"] == "open" and one["n"] != self.number]
        later = [n for n in opened if n > (self.number or 0)]
        return next(iter(later or opened), None)

    # -- acts --------------------------------------------------------------------------------------------------------

    def _press(self, leads: object) -> None:
        if isinstance(leads, int):
            self.choose(leads)
        elif isinstance(leads, tuple) and leads[0] == "cause":
            self.choose(leads[1])
        else:
            self.picked.emit(leads)

    def choose(self, number: int) -> None:
        """Show another cause."""
        if number != self.number:
            self.number, self._answer = number, ""
            self.fish.choose(number)
            self._fit()
            self._show_cause()

    def answer(self, code: str) -> None:
        """Pick an answer; it is kept by keep()."""
        self._answer = code
        self._show_answer()

    def keep(self) -> None:
        """Keep the answer and go to the next open cause, or to the next step."""
        cause = self.cause
        if cause is None or not self._may_act or not self.act_button.isEnabled():
            return
        answer, following, number = self._answer, self._following(), cause["n"]
        if answer != cause["judgement"]:
            self.judged.emit(number, answer)
        if following is not None:
            self.choose(following)
        else:
            self.go_on.emit()
