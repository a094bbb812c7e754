"""The pages of a project's steps: rows and what they are about; the causes as a fishbone or a list with what is said of
each; the effect with figures before and after, the days, and what becomes standard; and their words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from functools import partial
from math import ceil
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from queuedesk.core.charts.chart import SurfaceRect
from queuedesk.core.charts.layout import LaidOutChart
from queuedesk.core.figures.comparing import MINUTES, SHARE
from queuedesk.core.improvement.project import ResultingStandard
from queuedesk.core.setup.rows import Setup
from queuedesk.features.projects import papers, words
from queuedesk.features.projects.rules import FishboneDiagram, can_fishbone_fit, fishbone_height, lay_out_fishbone
from queuedesk.i18n import _, current_language, date_for_staff, date_short, list_text, n_, name_in_language, quality
from queuedesk.i18n.figures.ribbon_words import figure_name, figure_value_text
from queuedesk.i18n.names import staff_name, whole_number_text
from queuedesk.stations.manager.improvement import FactList, FactRowContent
from queuedesk.stations.widgets import panels
from queuedesk.stations.widgets.buttons import IconButton, Pill, PrimaryButton, SecondaryButton
from queuedesk.stations.widgets.charts.chart_view import ChartView, LookMeasures
from queuedesk.stations.widgets.charts.figures import BarRowChart, DifferenceChart
from queuedesk.stations.widgets.questions.dialogs import DropDown
from queuedesk.stations.window.style import L, Look, M, S

Document = Mapping[str, Any]
DONE, NOW, LATER = "done", "now", "later"


class ProgressStep(Struct, frozen=True, kw_only=True):
    """One step: its key, its word, its result in one fact or what it lacks, and whether it is DONE, is worked at NOW or
    comes LATER. `spoken` says all of it."""

    key: str
    word: str
    fact: str
    state: str
    spoken: str


JUDGEMENT_ICONS = {
    "open": ("dot", "amber"),
    "confirmed": ("check", "primary"),
    "rejected": ("close", "ink2"),
    "cannot_tell": ("waiting", "ink2"),
}
CITES = "cites"
"""Beside a Document: a press on it opens what is cited."""


def project_facts_line(setup: Setup, project: Document) -> str:
    """Return number, leader and date of a project."""
    day = date_for_staff(date.fromisoformat(project["date"]))
    told = _(
        "Project {number} · led by {leader} · {day}",
        number=project["project"],
        leader=staff_name(setup, project["leader"]),
        day=day,
    )
    return f"{told} · {project_status_word(project)}" if project["ended"] else told


def project_status_word(project: Document) -> str:
    """Return how a project ended, or which step it is at."""
    if project["ending"]:
        return quality.project_ending_word(project["ending"])
    return quality.project_step_word(project["step"]) if project["step"] else _("all steps done", context="project")


# -- the way -----------------------------------------------------------------------------------------------------------


def project_progress_steps(setup: Setup, project: Document, effect: Document | None) -> list[ProgressStep]:
    """Return the eight steps with their results."""
    steps = []
    for row in project["steps"]:
        step = row["step"]
        state = DONE if row["done"] else NOW if step == project["step"] else LATER
        fact = _step_result(setup, project, effect, step)
        if not fact and row["missing"]:
            fact = words.missing_in_step_text(row["missing"][:1])
        word = {
            DONE: _("done", context="project step"),
            NOW: _("now", context="project step"),
            LATER: _("to come", context="project step"),
        }[state]
        name = quality.project_step_word(step)
        steps.append(ProgressStep(key=step, word=name, fact=fact, state=state, spoken=list_text([name, word, fact])))
    return steps


def _step_result(setup: Setup, project: Document, effect: Document | None, step: str) -> str:
    causes, measures = project["causes"], project["measures"]
    if step == "topic" and project["finding"] and project["finding"]["what"]:
        return figure_value_text(project["finding"]["name"], project["finding"]["value"]) or str(
            project["finding"]["name"]
        )
    if step == "state" and (head := papers.cited_state_of_target_figure(setup, project)) is not None:
        value = figure_value_text(head["name"], head.get("now", head["value"]))
        return f"{words.count_of_total_text(head['now_n'], head['now_of'])} · {value}" if head.get("now_of") else value
    if step == "state" and project["state"]:
        return n_("{n} cited", "{n} cited", len(project["state"]))
    if step == "target" and project["target"]:
        target = project["target"]
        day = date_short(date.fromisoformat(target["by"]))
        return _("{value} by {day}", value=quality.figure_value_with_unit(target["figure"], target["value"]), day=day)
    if step == "causes" and causes:
        return n_("{n} written down", "{n} written down", len(causes))
    if step == "evidence" and causes:
        judged = sum(one["judgement"] != "open" for one in causes)
        confirmed = sum(one["judgement"] == "confirmed" for one in causes)
        if judged == len(causes):
            return _("{n} confirmed of {of}", n=confirmed, of=len(causes))
        return _("{n} of {of} judged", n=judged, of=len(causes))
    if step == "measures" and measures:
        done = sum(one["done"] is not None for one in measures)
        return _("{n} of {of} done", n=done, of=len(measures))
    if step == "effect" and effect is not None:
        return n_("{n} day a side", "{n} days a side", effect["days"])
    if step == "standard" and measures:
        left = sum(one["standard"] is None for one in measures)
        waiting = sum(one["standard"] is not None and one["standard"]["asked"] for one in measures)
        if waiting and not left:
            return n_("{n} waits for an admin", "{n} wait for an admin", waiting)
        return (
            n_("{n} to make standard", "{n} to make standard", left)
            if left
            else _("all made standard", context="project")
        )
    return ""


# -- facts of the steps ------------------------------------------------------------------------------------------------


def judgement_counts_text(project: Document) -> str:
    """Return how many causes were judged how: "2 confirmed · 4 rejected · 3 open"."""
    counts = Counter(one["judgement"] for one in project["causes"])
    told = (
        (counts["confirmed"], _("{n} confirmed", n=counts["confirmed"])),
        (counts["rejected"], _("{n} rejected", n=counts["rejected"])),
        (counts["cannot_tell"], _("{n} can't tell", n=counts["cannot_tell"])),
        (counts["open"], _("{n} open", context="causes", n=counts["open"])),
    )
    return " · ".join(text for n, text in told if n)


def citation_fact_row_content(setup: Setup, cites: Document, leads: object) -> FactRowContent:
    if not cites.get("what"):
        return FactRowContent(name=_("What was cited is not kept any more"), bold=False)
    name = words.citation_text(cites, setup).replace("  ", " · ")
    figure = (
        words.count_of_total_text(cites["now_n"], cites["now_of"])
        if cites.get("now_of")
        else _("open it", context="cited")
    )
    return FactRowContent(name=name, leads=leads, figure=figure, figure_leads=(CITES, dict(cites)))


def topic_facts(setup: Setup, project: Document) -> list[FactRowContent]:
    rows = [
        FactRowContent(name=project["title"], second=_("title", context="project"), leads=("title",)),
        FactRowContent(
            name=staff_name(setup, project["leader"]) or project["leader"],
            second=_("leads it", context="project"),
            leads=("title",),
        ),
    ]
    if project["finding"]:
        rows.append(citation_fact_row_content(setup, project["finding"], ("finding",)))
    return rows


def target_facts(setup: Setup, project: Document) -> list[FactRowContent]:
    target = project["target"]
    if not target:
        return []
    day = date_for_staff(date.fromisoformat(target["by"]))
    name, value = (
        figure_name(target["figure"], setup),
        quality.figure_value_with_unit(target["figure"], target["value"]),
    )
    fact = FactRowContent(
        name=_("{figure}: {value} by {day}", figure=name, value=value, day=day),
        second=target["reason"],
        leads=("target",),
    )
    return [fact]


def fact_rows_of_causes(setup: Setup, project: Document) -> list[FactRowContent]:
    """Return the causes as rows: bone, cause, state, evidence."""
    found = []
    for cause in project["causes"]:
        icon, token = JUDGEMENT_ICONS[cause["judgement"]]
        row = papers.main_evidence_of_cause(cause)
        found.append(
            FactRowContent(
                name=cause["name"],
                second=words.bone_word(cause["bone"], cause["bone_name"]),
                icon=icon,
                token=token,
                word=words.judgement_word(cause["judgement"]),
                figure=words.evidence_summary(row) if row else _("no rows yet"),
                leads=("cause", cause["n"]),
                bold=cause["judgement"] == "confirmed",
            )
        )
    return found


def evidence_facts(setup: Setup, cause: Document) -> list[FactRowContent]:
    """Return the evidence of a cause as rows; each opens what it says."""
    found = []
    for row in cause["evidence"]:
        if not row["kind"]:
            found.append(FactRowContent(name=_("What was gathered is not kept any more"), bold=False))
            continue
        leads = evidence_navigation_target(setup, row)
        name, note = words.evidence_sentence({**row, "note": ""}, setup), row["note"] if row["kind"] != "count" else ""
        if row["kind"] == "compare":
            # What they say stands beside the answers.
            counted = words.hand_count_note(row) or _("counted in the log")
            name, note = note or counted, counted if note else ""
        found.append(
            FactRowContent(
                name=name,
                second=note,
                figure=words.evidence_summary(row) if row["kind"] != "figure" else _("open it", context="cited"),
                figure_leads=leads,
                leads=("evidence", row["n"]),
                bold=False,
            )
        )
    return found


def evidence_navigation_target(setup: Setup, row: Document) -> object:
    """Return where a piece of evidence leads; None where nothing of the log stands behind it."""
    if row["kind"] == "compare" and row["from"] and row["with"]["figure"]:
        path = row["with"]["figure"]
        return papers.figure_drilldown_target(path, row["from"], row["to"], figure_name(path, setup))
    if row["kind"] == "figure" and row.get("what"):
        return (CITES, dict(row))
    if row["kind"] in ("tickets", "cases") and row[row["kind"]]:
        return (row["kind"], tuple(row[row["kind"]]))
    return None


def facts_of_all_measures(setup: Setup, project: Document) -> list[FactRowContent]:
    found = []
    for one in project["measures"]:
        due = date_short(date.fromisoformat(one["due"]))
        parts = [staff_name(setup, one["who"]) or one["who"], _("until {day}", day=due)]
        parts += [one["where"]] if one["where"] else []
        parts += [_("cost {cost}", cost=whole_number_text(one["cost"]))] if one["cost"] is not None else []
        names = {cause["n"]: cause["name"] for cause in project["causes"]}
        against = [names[n] for n in one["causes"] if n in names]
        parts += [_("against: {causes}", causes=list_text(against))] if against else []
        if one["done"]:
            icon, token = "check", "primary"
            word = _("done {day}", day=date_short(date.fromisoformat(one["done"])))
        elif one["overdue"]:
            icon, token, word = "clock", "red", _("overdue", context="measure")
        else:
            icon, token, word = "dot", "ink2", _("to do", context="measure")
        found.append(
            FactRowContent(
                name=one["what"],
                second=" · ".join(parts),
                icon=icon,
                token=token,
                word=word,
                leads=("measure", one["n"]),
            )
        )
    return found


class PaneHead(QWidget):
    """A pane's heading with a line of facts below it, and a second act."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        panels.set_scaled_margins(look, row, spacing=12)
        self.title = panels.Label(look, px=L, bold=True, wrap=True)
        self.note = panels.Label(look, px=S, token="ink2", wrap=True)
        self.button = SecondaryButton(look, "", icon="plus", height=44, px=15)
        words = QVBoxLayout()
        panels.set_scaled_margins(look, words)
        words.addWidget(self.title)
        words.addWidget(self.note)
        row.addLayout(words, 1)
        row.addWidget(self.button)

    def set_texts(self, title: str, note: str = "", act: str = "") -> None:
        self.title.setText(title)
        self.note.setText(note)
        self.note.setVisible(bool(note))
        self.button.setText(act)
        self.button.setVisible(bool(act))


class ProjectStepPane(QWidget):
    """`wanted` is the primary act, `second_wanted` the act at the head's right; `picked` gives what a row leads to."""

    wanted = Signal()
    second_wanted = Signal()
    picked = Signal(object)

    def __init__(self, look: Look, icon: str) -> None:
        super().__init__()
        self.head = PaneHead(look)
        self.facts = FactList(look)
        self.hint = panels.Label(look, px=S, token="ink2", wrap=True)
        self.act_button = PrimaryButton(look, "", height=56, px=17, key="Enter")
        self.empty = panels.EmptyState(look, icon)
        inner, card = QWidget(), panels.Card(look)
        rows = QVBoxLayout(inner)
        panels.set_scaled_margins(look, rows, (16, 8, 16, 8))
        rows.addWidget(self.facts)
        rows.addWidget(self.empty)
        rows.addStretch(1)
        around = QVBoxLayout(card)
        panels.set_scaled_margins(look, around, (1, 4, 1, 4))
        around.addWidget(panels.VerticalScrollArea(inner))
        column = QVBoxLayout(self)
        panels.set_scaled_margins(look, column, spacing=12)
        column.addWidget(self.head)
        column.addWidget(self.hint)
        column.addWidget(card, 1)
        column.addWidget(self.act_button)
        self.act_button.clicked.connect(self.wanted)
        self.head.button.clicked.connect(self.second_wanted)
        self.facts.picked.connect(self.picked)

    def show_facts(self, name: str, facts: list[FactRowContent], empty: tuple[str, str]) -> None:
        """Show rows under a name, or the two sentences that stand where there are none."""
        self.facts.set_facts(name, facts)
        self.facts.setVisible(bool(facts))
        self.empty.set_texts(*empty)
        self.empty.setVisible(not facts)

    @property
    def buttons(self) -> tuple[SecondaryButton | PrimaryButton, ...]:
        return self.act_button, self.head.button


DIGITS = {Qt.Key.Key_1: 0, Qt.Key.Key_2: 1, Qt.Key.Key_3: 2}


class FishboneView(ChartView):
    """`walked` gives the number of the cause that the keyboard came to or that was pressed, `answered` which of the
    three answers was typed, `kept` that Enter was pressed."""

    walked = Signal(int)
    answered = Signal(int)
    kept = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__(look, is_fixed=True, is_bare=True)
        self._fish: FishboneDiagram | None = None
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_fishbone(self, fishbone_diagram: FishboneDiagram, name: str) -> None:
        """Show other causes under a name, which is read out with them."""
        self._fish, self._layout = fishbone_diagram, None
        told = "; ".join(", ".join(twig.point.said) for twig in fishbone_diagram.causes_of_all_bones if twig.point)
        self.set_points(name, told, fishbone_diagram.points)

    def mark_cause(self, number: int | None) -> None:
        """Mark another cause."""
        if self._fish is not None and self._fish.chosen != number:
            self._fish, self._layout = replace(self._fish, chosen=number), None
            self.update()

    def can_fit_width(self, bones: int, width: int) -> bool:
        """Whether so many bones have room in that width."""
        return can_fishbone_fit(bones, LookMeasures(self.look), width)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return ceil(fishbone_height(self._fish, LookMeasures(self.look), width)) if self._fish is not None else 0

    def sizeHint(self) -> QSize:
        wide = max(self.width(), self.look.px(420))
        return QSize(wide, self.heightForWidth(wide))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.px(320), self.heightForWidth(max(self.width(), self.look.px(320))))

    def _lay_out(self, screen: LookMeasures, room: SurfaceRect) -> LaidOutChart:
        return lay_out_fishbone(self._fish, screen, room) if self._fish is not None else LaidOutChart()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.updateGeometry()

    # -- keys --------------------------------------------------------------------------------------------------------

    def set_current_point(self, n: int | None, *, by_key: bool = False) -> None:
        super().set_current_point(n, by_key=by_key)
        if by_key and self.current_point is not None and isinstance(self.current_point.leads, int):
            self.walked.emit(self.current_point.leads)

    def focusInEvent(self, event: QFocusEvent) -> None:
        if self._fish is not None and self._fish.chosen is not None and self._at is None:
            self._at = next((n for n, one in enumerate(self._points) if one.leads == self._fish.chosen), None)
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in DIGITS:
            self.answered.emit(DIGITS[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.kept.emit()
        else:
            super().keyPressEvent(event)


ANSWERS = ("confirmed", "rejected", "cannot_tell")
SIDE, BESIDE_FROM, ROW = 300, 640, 33


class JudgementButton(SecondaryButton):
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
        self.fishbone_diagram, self.list = FishboneView(look), FactList(look)
        self.title = panels.Label(look, px=L, bold=True, wrap=True)
        self.where = panels.Label(look, px=S, token="ink2", wrap=True)
        self.live = Pill(look, "", px=13, height=24)
        self.bars = BarRowChart(look, row_height=ROW)
        self.rows = FactList(look)
        none = _("No rows yet: cite a figure, tickets or cases, compare two groups, or count by hand.")
        self.none = panels.Label(look, none, px=M, token="ink2", wrap=True)
        self.gather_button = SecondaryButton(look, _("Add evidence"), icon="plus", height=44, px=15)
        self.more_button = IconButton(look, "more", _("More", context="cause"), side=44)
        self.question = panels.Label(look, _("What does the data say?"), px=M, bold=True, wrap=True)
        self.sentence = panels.Label(look, px=S, token="ink2", wrap=True)
        self.answers = {
            code: JudgementButton(look, icon) for code, icon in zip(ANSWERS, ("check", "close", None), strict=True)
        }
        self.small = panels.Label(
            look, _("Printed in the report. Can be changed later."), px=13, token="ink2", wrap=True
        )
        self.act_button = PrimaryButton(look, "", height=56, px=17, key="Enter")
        self._build_layout()
        for code, key in self.answers.items():
            key.clicked.connect(partial(self.choose_answer, code))
        self.act_button.clicked.connect(self.save_answer_and_go_to_next)
        self.head.button.clicked.connect(self.cause_wanted)
        self.gather_button.clicked.connect(lambda: self.gather_wanted.emit(self.number or 0))
        self.more_button.clicked.connect(lambda: self.menu_wanted.emit(self.number or 0))
        self.fishbone_diagram.walked.connect(self.choose_cause)
        self.fishbone_diagram.picked.connect(self._choose_cause_or_emit_target)
        self.fishbone_diagram.answered.connect(lambda at: self.choose_answer(ANSWERS[at]))
        self.fishbone_diagram.kept.connect(self.save_answer_and_go_to_next)
        self.list.picked.connect(self._choose_cause_or_emit_target)
        self.bars.picked.connect(self.picked)
        self.rows.picked.connect(self.picked)

    def _build_layout(self) -> None:
        look = self._look
        inner, card = QWidget(), panels.Card(look)
        column = QVBoxLayout(inner)
        panels.set_scaled_margins(look, column, spacing=10)
        column.addWidget(self.fishbone_diagram)
        self._split = QBoxLayout(QBoxLayout.Direction.LeftToRight, card)
        panels.set_scaled_margins(look, self._split, (18, 10, 18, 12), 20)
        left, right = QVBoxLayout(), QVBoxLayout()
        panels.set_scaled_margins(look, left, spacing=4)
        panels.set_scaled_margins(look, right, spacing=6)
        top, below = QHBoxLayout(), QHBoxLayout()
        panels.set_scaled_margins(look, top, spacing=8)
        panels.set_scaled_margins(look, below, spacing=10)
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
        panels.set_scaled_margins(look, self._keys, spacing=8)
        for key in self.answers.values():
            self._keys.addWidget(key, 1)
        right.addLayout(self._keys)
        right.addWidget(self.small)
        right.addStretch(1)
        right.addWidget(self.act_button)
        self._right = QWidget()
        self._right.setLayout(right)
        self._right_size = panels.FixedSizeKeeper(look, self._right, width=SIDE)
        self._split.addLayout(left, 1)
        self._split.addWidget(self._right)
        column.addWidget(card)
        # Below: a cause that is chosen in it is seen at once.
        column.addWidget(self.list)
        column.addStretch(1)
        around = QVBoxLayout(self)
        panels.set_scaled_margins(look, around, spacing=8)
        around.addWidget(self.head)
        around.addWidget(panels.VerticalScrollArea(inner), 1)

    # -- what is shown -----------------------------------------------------------------------------------------------

    def show_project(self, setup: Setup, project: Document, *, may_edit_project: bool) -> None:
        """Show the causes; the chosen one stays, at first it is the first that is open. Who may not act only looks."""
        self._setup, self._project = setup, project
        numbers = [one["n"] for one in project["causes"]]
        if self.number not in numbers:
            opened = [one["n"] for one in project["causes"] if one["judgement"] == "open"]
            self.number = next(iter(opened or numbers), None)
            self._answer = ""
        act = _("Add a cause") if may_edit_project else ""
        self.head.set_texts(_("Which causes does the data support?"), judgement_counts_text(project), act)
        self._may_act = may_edit_project
        for part in (self.gather_button, self.more_button, *self.answers.values(), self.act_button, self.small):
            part.setVisible(may_edit_project)
        self._show_fishbone_or_list()
        self._show_cause()

    def _show_fishbone_or_list(self) -> None:
        """Show the fishbone where it has room, else the list with the same rows."""
        project, setup, look = self._project, self._setup, self._look
        if project is None or setup is None:
            return
        lang = current_language()
        width = max(1, self.width())
        has_fish = not look.scale.is_text_large and self.fishbone_diagram.can_fit_width(
            len(papers.causes_by_bone(project, lang)), width
        )
        self.fishbone_diagram.setVisible(has_fish)
        self.list.setVisible(not has_fish)
        name = quality.project_step_word("causes")
        if has_fish:
            self.fishbone_diagram.set_fishbone(papers.fishbone_diagram(setup, project, lang, chosen=self.number), name)
        else:
            self.list.set_facts(name, fact_rows_of_causes(setup, project), ("cause", self.number))
        beside = width >= look.px(BESIDE_FROM)
        panels.set_side_by_side_or_stacked(beside, self._split)
        self._right.setMinimumWidth(look.large_px(SIDE) if beside else 0)
        self._right.setMaximumWidth(look.large_px(SIDE) if beside else 16777215)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_fishbone_or_list()

    @property
    def chosen_cause(self) -> Document | None:
        """The chosen cause."""
        causes = self._project["causes"] if self._project is not None else ()
        return next((one for one in causes if one["n"] == self.number), None)

    def _show_cause(self) -> None:
        cause, setup = self.chosen_cause, self._setup
        if cause is None or setup is None:
            return
        lang = current_language()
        row = papers.main_evidence_of_cause(cause)
        is_compared = row is not None and row["kind"] == "compare"
        self.title.setText(cause["name"])
        bone = words.bone_word(cause["bone"], cause["bone_name"])
        self.where.setText(_("{bone} · cause {n}", bone=bone, n=cause["n"]))
        self.live.set_text_and_colors(_("Live from the log"), tint="soft", token="on_soft", icon="dot")
        self.live.setVisible(is_compared and bool(row and row["live"]))
        self.bars.setVisible(is_compared)
        if is_compared and row is not None:
            self.bars.set_rows(_("With the cause and without it"), papers.compared_group_bars(setup, row, lang))
        facts = evidence_facts(setup, cause)
        self.rows.set_facts(quality.project_step_word("evidence"), facts)
        self.rows.setVisible(bool(facts))
        self.none.setVisible(not facts)
        self.sentence.setText(
            words.evidence_sentence({**row, "note": ""}, setup)
            if row
            else _("Without rows a cause can't be confirmed.")
        )
        answer_words = {
            "confirmed": _("Confirm"),
            "rejected": _("Reject"),
            "cannot_tell": _("Can't tell", context="judgement"),
        }
        for code, key in self.answers.items():
            key.setText(answer_words[code])
        if not self._answer and cause["judgement"] != "open":
            self._answer = cause["judgement"]
        self._update_answer_button()

    def _update_answer_button(self) -> None:
        cause = self.chosen_cause
        if cause is None:
            return
        for code, key in self.answers.items():
            key.setChecked(code == self._answer)
            key.update()
        following = self._next_open_cause_number()
        is_kept = self._answer == cause["judgement"]
        if not self._answer:
            self.act_button.disable_with_reason(_("Pick an answer first"))
        elif self._answer == "confirmed" and not cause["evidence"]:
            self.act_button.disable_with_reason(_("Add evidence first"))
        elif is_kept:
            text = _("Judge cause {n}", n=following) if following else _("Go on to measures")
            self.act_button.enable_with_label(text)
        else:
            text = _("Save, judge cause {n}", n=following) if following else _("Save, go on to measures")
            self.act_button.enable_with_label(text)

    def _next_open_cause_number(self) -> int | None:
        """Return the next open cause after the chosen one, round about."""
        causes = self._project["causes"] if self._project is not None else ()
        opened = [one["n"] for one in causes if one["judgement"] == "open" and one["n"] != self.number]
        later = [n for n in opened if n > (self.number or 0)]
        return next(iter(later or opened), None)

    # -- acts --------------------------------------------------------------------------------------------------------

    def _choose_cause_or_emit_target(self, leads: object) -> None:
        if isinstance(leads, int):
            self.choose_cause(leads)
        elif isinstance(leads, tuple) and leads[0] == "cause":
            self.choose_cause(leads[1])
        else:
            self.picked.emit(leads)

    def choose_cause(self, number: int) -> None:
        """Show another cause."""
        if number != self.number:
            self.number, self._answer = number, ""
            self.fishbone_diagram.mark_cause(number)
            self._show_fishbone_or_list()
            self._show_cause()

    def choose_answer(self, code: str) -> None:
        """Pick an answer; it is kept by save_answer_and_go_to_next()."""
        self._answer = code
        self._update_answer_button()

    def save_answer_and_go_to_next(self) -> None:
        """Keep the answer and go to the next open cause, or to the next step."""
        cause = self.chosen_cause
        if cause is None or not self._may_act or not self.act_button.isEnabled():
            return
        answer, following, number = self._answer, self._next_open_cause_number(), cause["n"]
        if answer != cause["judgement"]:
            self.judged.emit(number, answer)
        if following is not None:
            self.choose_cause(following)
        else:
            self.go_on.emit()


CARD = "card:"
EFFECT_BESIDE_FROM, CHART_HIGH = 760, 260


def measure_numbers_awaiting_admin(project: Document) -> list[int]:
    """Return the measures that wait for somebody who may change the set-up, by their numbers."""
    return [one["n"] for one in project["measures"] if one["standard"] and one["standard"]["asked"]]


def accept_measures_button_text(measures: list[int]) -> str:
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
        self.table, self.times = DifferenceChart(look), DifferenceChart(look)
        self.lines = panels.Label(look, px=S, token="ink2", wrap=True)
        self.daily_chart_title = panels.Label(look, px=M, bold=True, wrap=True)
        self.chart_line = panels.Label(look, px=13, token="ink2", wrap=True)
        self.chart = ChartView(look, height=CHART_HIGH, least=200, is_fixed=True, is_bare=True)
        self.standard_title = panels.Label(look, _("What becomes standard?"), px=M, bold=True, wrap=True)
        self.standard_line = panels.Label(look, px=13, token="ink2", wrap=True)
        self.alarm = panels.Label(look, px=13, token="ink2", wrap=True)
        self.act_button = PrimaryButton(look, "", height=56, px=17, key="Enter")
        self.places: dict[int, DropDown] = {}
        self._picked: dict[int, str] = {}
        self._asked: list[int] = []
        self._rows = QVBoxLayout()
        panels.set_scaled_margins(look, self._rows, spacing=8)
        self._lines: list[QWidget] = []
        self._build_layout()
        self.tables = {SHARE: self.table, MINUTES: self.times}
        for each in self.tables.values():
            each.picked.connect(self.picked)
        self.chart.picked.connect(self.picked)
        self.act_button.clicked.connect(self._emit_act_of_button)
        self.head.button.clicked.connect(self.spans_wanted)

    def _build_layout(self) -> None:
        look = self._look
        inner, table = QWidget(), panels.Card(look)
        column = QVBoxLayout(inner)
        panels.set_scaled_margins(look, column, spacing=12)
        within = QVBoxLayout(table)
        panels.set_scaled_margins(look, within, (18, 4, 18, 12), 8)
        for each in (self.table, self.times):
            within.addWidget(each)
        within.addWidget(panels.DividerLine(look))
        within.addWidget(self.lines)
        column.addWidget(table)
        self._split = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        panels.set_scaled_margins(look, self._split, spacing=12)
        days, standard = panels.Card(look), panels.Card(look)
        left = QVBoxLayout(days)
        panels.set_scaled_margins(look, left, (18, 12, 18, 12), 4)
        for part in (self.daily_chart_title, self.chart_line, self.chart):
            left.addWidget(part)
        left.addStretch(1)
        right = QVBoxLayout(standard)
        panels.set_scaled_margins(look, right, (18, 12, 18, 12), 8)
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
        panels.set_scaled_margins(look, around, spacing=10)
        around.addWidget(self.head)
        around.addWidget(panels.VerticalScrollArea(inner), 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        panels.set_side_by_side_or_stacked(self.width() >= self._look.px(EFFECT_BESIDE_FROM), self._split)

    # -- what is shown -----------------------------------------------------------------------------------------------

    def show_effect(
        self, setup: Setup, project: Document, effect: Document, *, may_edit_project: bool, may_change_setup: bool
    ) -> None:
        """Show an effect; without the right to the set-up what needs it is asked for."""
        lang = current_language()
        self.head.set_texts(
            words.effect_result_sentence(effect, setup),
            words.target_verdict_text(effect),
            _("Other dates") if may_edit_project else "",
        )
        before, after = (
            words.iso_dates_range_text(effect[key]["from"], effect[key]["to"]) for key in ("before", "after")
        )
        units = papers.effect_units(effect)
        for unit, rows in self.tables.items():
            heads = (before, after, quality.difference_column_title(unit, lang), _("What it says"))
            rows.set_rows(quality.project_step_word("effect"), heads, papers.difference_rows(setup, effect, lang, unit))
            rows.setVisible(unit in units)
        said = words.comparison_notes(setup, effect)
        if not effect["over"]:
            said.insert(0, _("The second span is not over: this is the effect so far."))
        self.lines.setText("\n".join(said))
        figure = papers.name_of_figure_to_chart(effect, project)
        if figure is not None:
            self.daily_chart_title.setText(papers.daily_chart_title(setup, figure, lang))
            self.chart_line.setText(_("tickets open behind every point"))
            self.chart.set_chart(
                papers.daily_figure_chart(setup, project, effect, figure, lang), self.daily_chart_title.text()
            )
        self._may_act = may_edit_project
        self._show_standards(setup, project, may_change_setup=may_change_setup)
        self._update_act_button_for_effect(effect)

    def _show_standards(self, setup: Setup, project: Document, *, may_change_setup: bool) -> None:
        line = _("Made from the measure in one press; each links back here.")
        if not may_change_setup:
            line += "\n" + _("Opening checks, cards and rules wait for an admin, who accepts them in one press.")
        self.standard_line.setText(line)
        self._picked = {n: str(box.currentData() or "") for n, box in self.places.items()}
        panels.remove_and_delete_widgets(self._lines, self._rows)
        self._lines, self.places = [], {}
        self._asked = measure_numbers_awaiting_admin(project) if may_change_setup else []
        for one in project["measures"]:
            self._lines.append(self._standard_row(setup, one))
        alarms = [one for one in project["follows"] if one["alarm"] is not None]
        leader = staff_name(setup, project["leader"]) or project["leader"]
        told = [
            _(
                "Alarm when {figure} is beyond {value} for a whole week: to {leader}.",
                figure=figure_name(one["figure"], setup),
                value=quality.figure_value_with_unit(one["figure"], one["alarm"]),
                leader=leader,
            )
            for one in alarms
        ]
        self.alarm.setText("\n".join(told) or _("No alarm line is set."))

    def _standard_row(self, setup: Setup, one: Document) -> QWidget:
        look, line = self._look, QWidget()
        row, words = QHBoxLayout(line), QVBoxLayout()
        panels.set_scaled_margins(look, row, (0, 2, 0, 4), 10)
        panels.set_scaled_margins(look, words, spacing=1)
        words.addWidget(panels.Label(look, one["what"], px=S, bold=True, wrap=True))
        facts = [staff_name(setup, one["who"]) or one["who"]]
        facts += [date_short(date.fromisoformat(one["done"]))] if one["done"] else []
        words.addWidget(panels.Label(look, " · ".join(facts), px=13, token="ink2", wrap=True))
        row.addLayout(words, 1)
        if not self._may_act and one["standard"] is None:
            row.addWidget(panels.Label(look, quality.resulting_standard_word("nothing"), px=S, token="ink2"))
        elif one["standard"] is not None and (one["standard"]["place"] != "nothing" or not self._may_act):
            row.addWidget(
                panels.Label(
                    look, quality.resulting_standard_text(one["standard"], setup), px=S, token="on_soft", bold=True
                )
            )
        else:
            box = DropDown(look).set_minimum_letters(8)
            panels.FixedSizeKeeper(look, box, height=44)
            places = [ResultingStandard.OPENING, ResultingStandard.BRIEFING]
            choices = {
                str(ResultingStandard.NOTHING): quality.resulting_standard_word("nothing"),
                **{str(each): quality.resulting_standard_word(each) for each in places},
            }
            for card in setup.cards.values():
                choices[f"{CARD}{card.code}"] = _("Card: {name}", name=name_in_language(card.name, card.name_en))
            choices[str(ResultingStandard.RULE)] = quality.resulting_standard_word("rule")
            box.show_choice(self._picked.get(one["n"]) or str(ResultingStandard.NOTHING), choices)
            box.setAccessibleName(one["what"])
            box.activated.connect(lambda _at: self._update_act_button())
            self.places[one["n"]] = box
            row.addWidget(box)
        self._rows.addWidget(line)
        return line

    def _update_act_button_for_effect(self, effect: Document) -> None:
        self._can_make = any(one["verdict"] == "better" for one in effect["figures"])
        self._update_act_button()

    @property
    def chosen_standards(self) -> dict[int, str]:
        """What was picked for each measure that becomes something."""
        found = {n: str(box.currentData() or "") for n, box in self.places.items()}
        return {n: place for n, place in found.items() if place and place != ResultingStandard.NOTHING}

    def _update_act_button(self) -> None:
        n = len(self.chosen_standards)
        self.act_button.setVisible(self._may_act)
        if n:
            self.act_button.enable_with_label(n_("Make it standard", "Make these {n} standard", n))
        elif self._asked:
            self.act_button.enable_with_label(accept_measures_button_text(self._asked))
        elif not self._can_make:
            self.act_button.enable_with_label(_("Try other measures"))
        elif self.places:
            self.act_button.disable_with_reason(_("Pick what a measure becomes"))
        else:
            self.act_button.enable_with_label(_("Go to the last step"))

    def _emit_act_of_button(self) -> None:
        if self.chosen_standards:
            self.standards_wanted.emit(self.chosen_standards)
        elif self._asked:
            self.take_wanted.emit(self._asked)
        elif not self._can_make:
            self.measures_wanted.emit()
        else:
            self.go_on.emit()
