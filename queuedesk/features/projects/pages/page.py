"""Improve, projects: the list of the hall's improvement projects, and one of them: its way of eight steps at the left,
each with its result in one fact, and the page of the chosen step.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPaintEvent, QPen, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QSizePolicy, QWidget

from queuedesk.core.charts.chart import Point
from queuedesk.core.errors import QueueDeskError
from queuedesk.core.improvement.project import Ending, Judgement, Step
from queuedesk.core.quality.cited import CITED_CASE, CITED_INSPECTION, CITED_TICKET, CITED_VIEWS, is_page_of_reasons
from queuedesk.core.quality.why import TICKET as TICKET_OF_DAY
from queuedesk.core.quality.why import path
from queuedesk.core.setup.rows import Setup
from queuedesk.desk import improvement
from queuedesk.desk.change import Ask, Desk, Document
from queuedesk.features.projects.pages.asking import ProjectAsking, SampleDialog
from queuedesk.features.projects.pages.controller import ProjectData, ProjectsController, make_report
from queuedesk.features.projects.pages.panes import (
    CITES,
    DONE,
    LATER,
    NOW,
    EffectPane,
    EvidencePane,
    StepPane,
    WayStep,
    asked_for,
    cause_facts,
    cited_fact,
    head_line,
    measure_facts,
    stand_word,
    take_word,
    target_facts,
    topic_facts,
    way_steps,
)
from queuedesk.features.projects.verbs import leading
from queuedesk.features.projects.words import missing_words, sample_document
from queuedesk.i18n import _, date_short, day_staff
from queuedesk.i18n.figures.drilldown_words import cited_name
from queuedesk.i18n.improvement import standard_word, step_word
from queuedesk.i18n.names import staff_name
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.improvement.fact_list import Fact
from queuedesk.stations.manager.pages import REPORTS, Controllers
from queuedesk.stations.manager.parts.page import Act, Page, PageSpec
from queuedesk.stations.manager.parts.page_controller import Papers
from queuedesk.stations.manager.parts.record_page import RecordPage
from queuedesk.stations.manager.parts.records import CHOICE, Form, Input, RecordAct, RecordSpec
from queuedesk.stations.manager.parts.table import Column
from queuedesk.stations.manager.today.alert_words import CASES, IMPROVE, INSPECTIONS, Place
from queuedesk.stations.manager.today.alert_words import Place as Way
from queuedesk.stations.widgets.charts.chart_view import PointedChart
from queuedesk.stations.widgets.paint import Painter, fit_px
from queuedesk.stations.widgets.panels import EmptyCard, EmptyState, OnePage, spread
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.style import Look


def _read(desk: Desk, ask: Ask) -> list[Document]:
    return improvement.projects_of(desk, ask.now)


def _columns(context: StationContext) -> list[Column[Document]]:
    setup = context.feed.setup
    return [
        Column(title=_("No.", context="project"), text=lambda row: str(row["project"]), is_right=True),
        Column(title=_("Title", context="project"), text=lambda row: row["title"], bold=True, gives=True, grows=True),
        Column(title=_("Led by"), text=lambda row: staff_name(setup, row["leader"]) or row["leader"]),
        Column(title=_("Since", context="project"), text=lambda row: date_short(date.fromisoformat(row["date"]))),
        Column(
            title=_("Causes judged"), text=lambda row: f"{row['judged_count']} / {row['cause_count']}", is_right=True
        ),
        Column(title=step_word("measures"), text=lambda row: str(row["measure_count"]), is_right=True),
        Column(
            title=_("Step", context="project"),
            text=stand_word,
            token=lambda row: "ink2" if row["ended"] else "primary",
            icon=lambda row: "check" if row["ended"] else "",
        ),
    ]


def _people(context: StationContext) -> Mapping[str, str]:
    setup = context.feed.setup
    return {code: staff_name(setup, code) for code in setup.staff}


def _oneself(context: StationContext) -> str:
    name = context.ask().who.name
    return name if name in context.feed.setup.staff else ""


NEW = Form(
    title=lambda: _("A new project"),
    rows=(
        (
            Input(
                key="title",
                label=lambda: _("Title", context="project"),
                hint=lambda: _("in a few words, as on the report"),
                needed=True,
            ),
        ),
        (Input(key="leader", label=lambda: _("Led by"), kind=CHOICE, choices=_people, first=_oneself, needed=True),),
    ),
    yes=lambda: _("Start it"),
)


def _show_sample(page: RecordPage[Document], _row: None) -> None:
    SampleDialog(page.host, page.context.look, page.context.feed.setup, sample_document()).open_dialog()


def _project(one: Document) -> Place:
    return Place(IMPROVE, project=one["project"])


PROJECTS = RecordSpec[Document](
    title=lambda: _("Improve", context="page"),
    name=lambda: _("Projects", context="tab"),
    icon="arrow-up",
    read=_read,
    depends=lambda context: (context.feed.day, tuple(context.feed.state.projects.values())),
    columns=_columns,
    key=lambda row: row["project"],
    chooses=False,
    leads=_project,
    wraps=True,
    empty=lambda: (
        _("No project yet"),
        _(
            "A project goes from a finding to its causes, and from measures to their effect, judged by the log's own data."
        ),
        _("Open the sample project"),
    ),
    acts=(
        RecordAct(
            text=lambda: _("Sample"),
            tip=lambda: _("Open the sample project"),
            icon="book",
            asks=_show_sample,
            stands_alone=True,
            changes_hall=False,
        ),
        RecordAct(
            text=lambda: _("New project"),
            verb="project",
            icon="plus",
            call=leading.open_project,
            form=NEW,
            said=None,
            leads=_project,
        ),
    ),
)


WIDE, NARROW, STEP = 204, 52, 74
RING, INSET = 28, 11


class ProjectWay(PointedChart):
    """`picked` gives the key of a step that was pressed. Where there is little room it is a column of rings; their
    words come to who points or steps there."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self.steps: tuple[WayStep, ...] = ()
        self.shown = ""
        self._is_narrow = False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)

    def set_steps(self, title: str, steps: Sequence[WayStep], shown: str) -> None:
        """Show the steps, with the one whose page is `shown` marked."""
        self.steps, self.shown = tuple(steps), shown
        told = "; ".join(step.spoken for step in steps)
        self.set_points(title, told, [Point((step.word, step.fact or step.spoken), step.key) for step in steps])

    def set_narrow(self, is_narrow: bool) -> None:
        """Show rings alone, or words too."""
        if is_narrow != self._is_narrow:
            self._is_narrow = is_narrow
            self.relook()

    def sizeHint(self) -> QSize:
        wide = self.look.px(NARROW) if self._is_narrow else self.look.wide(WIDE)
        return QSize(wide, self.look.px(STEP) * max(1, len(self.steps)))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.sizeHint().width(), self.look.px(36) * max(1, len(self.steps)))

    def _high(self) -> float:
        return min(self.look.px(STEP), self.height() / max(1, len(self.steps)))

    def _places(self) -> list[QRectF]:
        high = self._high()
        return [QRectF(0, high * n, self.width(), high) for n in range(len(self.steps))]

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look = Painter(self, self.look), self.look
        ring, left = look.px(RING), look.px(INSET)
        for n, (step, place) in enumerate(zip(self.steps, self._places(), strict=True)):
            is_shown = step.key == self.shown
            if is_shown:
                painter.box(place.adjusted(0, 1, 0, -1), 10, "soft", edge="primary", width=3)
            middle = QPointF(left + ring / 2, place.center().y())
            if n:
                above = QPointF(middle.x(), middle.y() - place.height() + ring / 2)
                is_done = self.steps[n - 1].state == DONE
                pen = QPen(look.color("primary" if is_done else "edge"), look.px(2))
                if not is_done:
                    pen.setDashPattern([3, 2])
                painter.setPen(pen)
                painter.drawLine(above, QPointF(middle.x(), middle.y() - ring / 2))
            self._paint_ring(painter, step, n + 1, QRectF(left, middle.y() - ring / 2, ring, ring))
            if not self._is_narrow:
                self._paint_words(painter, step, place, is_shown=is_shown)
        self.paint_pointed(painter)

    def _paint_ring(self, painter: Painter, step: WayStep, number: int, at: QRectF) -> None:
        look = self.look
        if step.state == DONE:
            painter.box(at, RING / 2, "surface", edge="primary", width=1.5)
            side = look.px(18)
            painter.icon("check", "primary", at.center().x() - side / 2, at.center().y() - side / 2, 18)
            return
        if step.state == NOW:
            painter.box(at, RING / 2, "primary")
        else:
            painter.box(at, RING / 2, "paper", edge="edge", width=1.5, dashed=True)
        ink = "on_primary" if step.state == NOW else "ink2"
        painter.words_in(str(number), look.font(15, bold=True), ink, at, Qt.AlignmentFlag.AlignHCenter)

    def _paint_words(self, painter: Painter, step: WayStep, place: QRectF, *, is_shown: bool) -> None:
        look, left = self.look, self.look.px(INSET + RING + 10)
        room = place.width() - left - look.px(8)
        bold, token = step.state != LATER or is_shown, "on_soft" if is_shown else "ink"
        middle = place.center().y()
        px = fit_px(step.word, room, look.px(17), bold=bold, least=look.px(12)) / look.scale.k
        painter.words_in(
            step.word, look.font(px, bold=bold), token, QRectF(left, middle - look.px(21), room, look.px(22))
        )
        px = fit_px(step.fact, room, look.px(13), least=look.px(10)) / look.scale.k
        painter.words_in(step.fact, look.font(px), "ink2", QRectF(left, middle + look.px(1), room, look.px(19)))


NARROW_UNDER = 860
ProjectDocument = Mapping[str, Any]


class ProjectPage(Page):
    """`back` leads to the list, `behind_wanted` to a figure's tickets, `days_wanted` to them without some dates,
    `place_wanted` to a case, a page or a chart."""

    back = Signal()
    behind_wanted = Signal(str, object, object, str)
    days_wanted = Signal(str, object, object, str, tuple)
    place_wanted = Signal(object)

    def __init__(self, controller: ProjectsController, parent: QWidget | None = None) -> None:
        context = controller.context
        look = context.look
        self.controller, self.context = controller, context
        self.paper = Papers(context)
        self.step = ""
        self._left: QWidget | None = None
        spec = PageSpec(
            title=lambda: self.project["title"] if self.found else "",
            line=lambda: head_line(self.setup, self.project) if self.found else "",
            acts=(
                Act(text=lambda: _("All projects"), do=self._go_back, icon="arrow-left"),
                Act(
                    text=self._print_words,
                    do=lambda: make_report(self.paper, self.number, send=True),
                    icon="print",
                    offered=lambda: self.paper.can_print and self.found is not None,
                ),
                Act(
                    text=lambda: _("More", context="cause"),
                    do=self._offer_more,
                    icon="chevron-down",
                    offered=lambda: self.found is not None and (self.can_save or self.may_act),
                ),
            ),
            names=True,
        )
        super().__init__(look, spec, parent)
        self.paper.setParent(self)
        self.way = ProjectWay(look)
        self.panes: dict[Step, StepPane] = {
            step: StepPane(look, "arrow-up") for step in Step if step not in (Step.EVIDENCE, Step.EFFECT)
        }
        self.no_effect = StepPane(look, "chart")
        self.evidence, self.effect = EvidencePane(look), EffectPane(look)
        self.asking = ProjectAsking(self, controller, self.evidence)
        self.stack = OnePage()
        self.nothing = EmptyState(look, "hourglass")
        self.nothing.set_texts(_("Counting the log …"))
        self._waiting = EmptyCard(look, self.nothing, bare=True)
        for pane in (self._waiting, *self.panes.values(), self.no_effect, self.evidence, self.effect):
            self.stack.addWidget(pane)
        row = QHBoxLayout()
        spread(look, row, spacing=20)
        row.addWidget(self.way)
        row.addWidget(self.stack, 1)
        self.put(row, 1)
        self._connect()
        self._show_project()

    def _show_project(self) -> None:
        """Show what was read of the project, or that it is being read."""
        self.show_head()
        if self.found is None or not self.step:
            self.way.hide()
            self.stack.setCurrentWidget(self._waiting)
            return
        self.way.show()
        steps = way_steps(self.setup, self.project, self.found.effect)
        self.way.set_steps(_("The steps of a project"), steps, self.step)
        self._show_pane()

    def _connect(self) -> None:
        controller = self.controller
        self.way.picked.connect(self.show_step)
        for step, pane in self.panes.items():
            pane.wanted.connect(partial(self._act, step))
            pane.second_wanted.connect(partial(self._act_again, step))
            pane.picked.connect(self._press)
        self.no_effect.wanted.connect(self.asking.ask_spans)
        self.no_effect.picked.connect(self._press)
        self.no_effect.head.button.hide()
        evidence, effect = self.evidence, self.effect
        evidence.judged.connect(lambda n, code: controller.do("judge", self.number, n, Judgement(code)))
        evidence.go_on.connect(partial(self.show_step, Step.MEASURES))
        evidence.cause_wanted.connect(self.asking.ask_cause)
        evidence.gather_wanted.connect(self.asking.offer_evidence)
        evidence.menu_wanted.connect(self.asking.offer_cause)
        effect.standards_wanted.connect(self.asking.make_standards)
        effect.take_wanted.connect(self._take_over)
        effect.measures_wanted.connect(partial(self.show_step, Step.MEASURES))
        effect.spans_wanted.connect(self.asking.ask_spans)
        effect.go_on.connect(partial(self.show_step, Step.STANDARD))
        for part in (evidence, effect):
            part.picked.connect(self._press)
        controller.changed.connect(self._take)
        controller.done.connect(self._done)
        controller.refused.connect(self._refuse)
        controller.unread.connect(self.warn)
        self.follow_papers(self.paper, *self.buttons[1:])
        acts = [button for pane in (*self.panes.values(), self.no_effect) for button in pane.buttons]
        keys = (evidence.act_button, evidence.gather_button, evidence.more_button, evidence.head.button)
        self.hall_acts = (*self.hall_acts, *acts, *keys, effect.act_button, effect.head.button)

    # -- what is shown -----------------------------------------------------------------------------------------------

    @property
    def setup(self) -> Setup:
        return self.context.feed.setup

    @property
    def number(self) -> int:
        return self.controller.number

    @property
    def found(self) -> ProjectData | None:
        return self.controller.found

    @property
    def project(self) -> ProjectDocument:
        assert self.found is not None
        return self.found.project

    def open_project(self, number: int) -> None:
        """Show a project at its first step that is not done."""
        if number != self.number:
            self.step = ""
        self.controller.look_at(number, again=True)
        self._show_project()

    def left_as(self) -> str:
        return self.step

    def take_up(self, left: str) -> None:
        self.step = left
        self._show_project()

    def refresh(self, now: datetime) -> None:
        """Read the project anew where something of it has changed."""
        if self.number:
            self.controller.look_at(self.number)

    def _take(self) -> None:
        if not self.step:
            waits = self.controller.may_set_up and asked_for(self.project)
            self.step = Step.STANDARD if waits else self.project["step"] or Step.STANDARD
        self._show_project()

    @property
    def may_act(self) -> bool:
        """Whether the person here may do something with the project: not once it has ended, and no reader."""
        return self.controller.may_act and not self.project["ended"]

    @property
    def can_save(self) -> bool:
        return self.context.services.folder is not None

    def _offer_more(self) -> None:
        entries: list[tuple[str, Callable[[], object]]] = []
        if self.can_save:
            entries.append((_("Save the report as PDF"), partial(make_report, self.paper, self.number, send=False)))
        self.pop(self.buttons[-1], [*entries, *(self.asking.seldom_asked() if self.may_act else [])])

    def _print_words(self) -> str:
        return _("Print report") if self.found and self.found.effect else _("Print so far")

    def show_step(self, step: object) -> None:
        """Show a step's page."""
        self.step = str(step)
        self._show_project()

    def _show_pane(self) -> None:
        project, effect, setup = self.project, self.found.effect if self.found else None, self.setup
        if self.step == Step.EVIDENCE and project["causes"]:
            self.evidence.show_project(setup, project, may_act=self.may_act)
            self.stack.setCurrentWidget(self.evidence)
            return
        if self.step == Step.EFFECT and effect is not None:
            may_set_up = self.controller.may_set_up
            self.effect.show_effect(setup, project, effect, may_act=self.may_act, may_set_up=may_set_up)
            self.stack.setCurrentWidget(self.effect)
            return
        if self.step == Step.EFFECT:
            pane = self.no_effect
            pane.head.say(step_word(self.step))
            pane.hint.setText(_("Two periods with the same weekdays are compared, allowing for chance."))
            pane.show_facts(step_word(self.step), [], (_("No dates are compared yet"), ""))
            pane.act_button.allow(_("Choose what is compared"))
            pane.act_button.setVisible(self.may_act)
            self.stack.setCurrentWidget(pane)
            return
        self._show_plain(Step.CAUSES if self.step == Step.EVIDENCE else Step(self.step))

    def _show_plain(self, step: Step) -> None:
        setup, project, pane = self.setup, self.project, self.panes[step]
        texts: dict[Step, tuple[str, str, str, list[Fact]]] = {
            Step.TOPIC: (
                _("What is to be improved?"),
                _("A topic comes from a finding: a figure, a case, a ticket or an inspection."),
                _("Another finding") if project["finding"] else "",
                topic_facts(setup, project),
            ),
            Step.STATE: (
                _("What is the situation now?"),
                _("Figures and charts stay live: they open as they were and show what has changed since."),
                _("Cite another") if project["state"] else "",
                [cited_fact(setup, one, ("state", one["n"])) for one in project["state"]],
            ),
            Step.TARGET: (
                _("What is to be reached, by when, and why?"),
                _("A share or minutes, so that its effect can be told apart from chance."),
                _("Change it", context="target") if project["target"] else "",
                target_facts(setup, project),
            ),
            Step.CAUSES: (
                _("What might cause it?"),
                _("List every cause anybody thinks of; data decides, not opinions."),
                _("Add a cause") if project["causes"] else "",
                cause_facts(setup, project),
            ),
            Step.MEASURES: (
                _("What is done, by whom and until when?"),
                _("A measure names the causes that it is against."),
                _("Add a measure") if project["measures"] else "",
                measure_facts(setup, project),
            ),
            Step.STANDARD: (
                _("What becomes standard?"),
                _("A measure that became standard is in the opening check, on a card, in a rule or in the briefing."),
                _("Write the next step") if project["measures"] else "",
                self._standard_facts(),
            ),
        }
        title, hint, second, facts = texts[step]
        pane.head.say(title, "", second if self.may_act else "")
        pane.hint.setText(hint)
        pane.show_facts(
            step_word(step),
            facts,
            (missing_words([self._missing(step)] if self._missing(step) else []) or _("Nothing here yet"), ""),
        )
        self._label_act(pane, step)
        self.stack.setCurrentWidget(pane)

    def _missing(self, step: str) -> str:
        return next((row["missing"][0] for row in self.project["steps"] if row["step"] == step and row["missing"]), "")

    def _label_act(self, pane: StepPane, step: Step) -> None:
        """Name the one thing to do: what the step lacks, else the next step."""
        project = self.project
        words = {
            Step.TOPIC: _("Cite what it came from"),
            Step.STATE: _("Cite a figure"),
            Step.TARGET: _("Set the target"),
            Step.CAUSES: _("Add the first cause"),
            Step.MEASURES: _("Note what is done") if project["measures"] else _("Add a measure"),
            Step.STANDARD: _("See the effect"),
        }
        asked = asked_for(project) if step is Step.STANDARD else []
        pane.act_button.show()
        if not self.may_act:
            pane.act_button.hide()
        elif asked and self.controller.may_set_up:
            pane.act_button.allow(take_word(asked))
        elif asked and all(one["standard"] for one in project["measures"]):
            pane.act_button.block(_("Waits for an admin"))
        elif self._missing(step):
            pane.act_button.allow(words[step])
        elif step is Step.STANDARD and project["step"] is None:
            pane.act_button.allow(_("Close the project"))
        elif step is Step.STANDARD:
            pane.act_button.block(_("Still to do: {step}", step=step_word(project["step"])))
        else:
            following = list(Step)[list(Step).index(step) + 1]
            pane.act_button.allow(_("Go on to: {step}", step=step_word(following)))

    def _standard_facts(self) -> list[Fact]:
        found = []
        for one in self.project["measures"]:
            made = one["standard"]
            word = standard_word(made, self.setup) if made else _("nothing yet", context="standard")
            token, icon = ("primary", "check") if made and not made["asked"] else ("ink2", "dot")
            says = made["text"] if made and made["text"] != one["what"] else ""
            second = " · ".join(part for part in (staff_name(self.setup, one["who"]), says) if part)
            found.append(Fact(name=one["what"], second=second, word=word, token=token, icon=icon))
        if self.project["next"]:
            found.append(Fact(name=self.project["next"], second=_("next step", context="project"), leads=("next",)))
        if self.project["reason"]:
            found.append(Fact(name=self.project["reason"], second=_("why it ended", context="project"), bold=False))
        return found

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.way.set_narrow(self.width() < self._look.px(NARROW_UNDER))

    def _go_back(self) -> None:
        self.back.emit()

    # -- where figures lead ------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._left is not None:
            # After the page that leads back has given the keyboard to the station.
            QTimer.singleShot(0, self, self._come_back)

    def _come_back(self) -> None:
        left, self._left = self._left, None
        if left is not None and left.isVisible():
            left.setFocus(Qt.FocusReason.OtherFocusReason)

    def _leave(self, emit: Callable[[], object]) -> None:
        focused = QApplication.focusWidget()
        sender = self.sender()
        self._left = focused if focused is not None and self.isAncestorOf(focused) else None
        if self._left is None and isinstance(sender, QWidget):
            self._left = sender
        emit()

    def _press(self, leads: Any) -> None:
        """Open what a row or a figure leads to."""
        if not isinstance(leads, tuple):
            return
        kind = leads[0]
        if len(leads) == 5 and isinstance(leads[1], date):
            self._leave(partial(self.days_wanted.emit, *leads))
        elif kind == CITES:
            self._leave(partial(self._open_cited, leads[1]))
        elif kind == "tickets":
            self._offer_tickets(leads[1])
        elif kind == "cases":
            self._offer_cases(leads[1])
        elif kind == "cause":
            self.evidence.number = leads[1]
            self.show_step(Step.EVIDENCE)
        elif self.may_act:
            pane = self.stack.currentWidget()
            under = pane.head if isinstance(pane, StepPane) else self.evidence.rows
            self.asking.offer_row(leads, under)

    def _open_cited(self, cites: ProjectDocument) -> None:
        first, last = date.fromisoformat(cites["from"]), date.fromisoformat(cites["to"])
        if cites["what"] in CITED_VIEWS:
            page = CASES if is_page_of_reasons(cites["name"]) else REPORTS
            self.place_wanted.emit(Way(page, project=self.number, cites=cites))
        elif cites["what"] == CITED_TICKET:
            self.behind_wanted.emit(path(((TICKET_OF_DAY, cites["name"]),)), first, last, cites["name"])
        elif cites["what"] == CITED_CASE:
            self.place_wanted.emit(Way(CASES, case=cites["name"]))
        elif cites["what"] == CITED_INSPECTION:
            self.place_wanted.emit(Way(INSPECTIONS, inspection=int(cites["name"].partition("/")[0])))
        elif cites["what"] == "figure":
            self.behind_wanted.emit(cites["name"], first, last, cited_name(self.setup, cites))

    def _offer_tickets(self, rows: tuple[ProjectDocument, ...]) -> None:
        entries = []
        for row in rows:
            day = date.fromisoformat(row["date"])
            opened = path(((TICKET_OF_DAY, row["ticket"]),))
            act = partial(self._leave, partial(self.behind_wanted.emit, opened, day, day, row["ticket"]))
            entries.append((f"{row['ticket']} · {day_staff(day)}", act))
        self.pop(self.evidence.rows, entries)

    def _offer_cases(self, rows: tuple[ProjectDocument, ...]) -> None:
        self.pop(
            self.evidence.rows,
            [(row["number"], partial(self.place_wanted.emit, Way(CASES, case=row["number"]))) for row in rows],
        )

    # -- acts --------------------------------------------------------------------------------------------------------

    def _act(self, step: Step) -> None:
        """Do the one thing that a step's page names."""
        if not self._missing(step) and step is not Step.STANDARD:
            self.show_step(list(Step)[list(Step).index(step) + 1])
        elif step is Step.STANDARD and not self._missing(step):
            self.asking.ask_end(Ending.CLOSED)
        elif step is Step.STANDARD and self.controller.may_set_up and (asked := asked_for(self.project)):
            self._take_over(asked)
        elif step is Step.STANDARD:
            self.show_step(Step.EFFECT)
        elif step is Step.MEASURES and self.project["measures"]:
            self.asking.note_first()
        else:
            self._act_again(step)

    def _take_over(self, measures: list[int]) -> None:
        self.controller.do_all("take", [(self.number, n) for n in measures])

    def _act_again(self, step: Step) -> None:
        topic = self.panes[Step.TOPIC]
        asks: dict[Step, Callable[[], None]] = {
            Step.TOPIC: partial(self.asking.offer_finding, topic.act_button if self._missing(step) else topic.head),
            Step.STATE: partial(self.asking.ask_cited, "state"),
            Step.TARGET: self.asking.ask_target,
            Step.CAUSES: self.asking.ask_cause,
            Step.MEASURES: self.asking.ask_measure,
            Step.STANDARD: self.asking.ask_next,
        }
        asks[step]()

    def _done(self, _verb: str, document: ProjectDocument) -> None:
        self.close_question()
        if document.get("project") == self.number:
            self.banner.hide()
            self.controller.look_at(self.number, again=True)

    def _refuse(self, _verb: str, trouble: QueueDeskError) -> None:
        if self.dialog is not None or self.isVisible():
            self.refuse(trouble)

    def stop(self) -> None:
        """Throw away what was made for the printer."""
        self.paper.stop()


def project_page(controller: ManagerController, own: Controllers) -> ProjectPage:
    """Return the page of one project, which takes the whole section."""
    return ProjectPage(own(ProjectsController, controller.context))
