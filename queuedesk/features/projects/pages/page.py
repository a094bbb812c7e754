"""Improve, projects: the list of the hall's improvement projects, and one of them: its way of eight steps at the left,
each with its result in one fact, and the page of the chosen step."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPaintEvent, QPen, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QSizePolicy, QWidget

from queuedesk.core.charts.chart import HoverTextAndTarget
from queuedesk.core.errors import QueueDeskError
from queuedesk.core.improvement.project import CauseJudgement, ImprovementStep, ProjectEnding
from queuedesk.core.quality import case as cases
from queuedesk.core.quality import figures as quality_figures
from queuedesk.core.quality.figures import TICKET as TICKET_OF_DAY
from queuedesk.core.setup.rows import Setup
from queuedesk.desk import improvement
from queuedesk.desk.change import Ask, Desk, Document
from queuedesk.features.projects.pages import asking, panes
from queuedesk.features.projects.verbs import leading
from queuedesk.features.projects.words import missing_in_step_text, sample_project_document
from queuedesk.i18n import _, date_for_staff, date_short
from queuedesk.i18n.figures.ribbon_words import cited_name
from queuedesk.i18n.names import staff_name
from queuedesk.i18n.quality import project_step_word, resulting_standard_text
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.improvement import FactRowContent
from queuedesk.stations.manager.pages import REPORTS, ControllerCache
from queuedesk.stations.manager.parts import records
from queuedesk.stations.manager.parts.page import ManagerPage, PageAct, PageSpec
from queuedesk.stations.manager.parts.page_controller import PaperSaverAndPrinter
from queuedesk.stations.manager.parts.table import TableColumn
from queuedesk.stations.manager.today.alert_words import CASES, IMPROVE, INSPECTIONS, ButtonTarget
from queuedesk.stations.manager.today.alert_words import ButtonTarget as Way
from queuedesk.stations.widgets.charts.chart_view import ChartWithPoints
from queuedesk.stations.widgets.paint import Painter, largest_fitting_px
from queuedesk.stations.widgets.panels import CurrentPageSizedStack, EmptyState, EmptyStateCard, set_scaled_margins
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.style import Look


def _read_projects(desk: Desk, ask: Ask) -> list[Document]:
    return improvement.all_project_rows(desk, ask.now)


def _project_columns(context: StationContext) -> list[TableColumn[Document]]:
    setup = context.feed.setup
    return [
        TableColumn(title=_("No.", context="project"), text=lambda row: str(row["project"]), is_right=True),
        TableColumn(
            title=_("Title", context="project"), text=lambda row: row["title"], bold=True, gives=True, grows=True
        ),
        TableColumn(title=_("Led by"), text=lambda row: staff_name(setup, row["leader"]) or row["leader"]),
        TableColumn(title=_("Since", context="project"), text=lambda row: date_short(date.fromisoformat(row["date"]))),
        TableColumn(
            title=_("Causes judged"), text=lambda row: f"{row['judged_count']} / {row['cause_count']}", is_right=True
        ),
        TableColumn(title=project_step_word("measures"), text=lambda row: str(row["measure_count"]), is_right=True),
        TableColumn(
            title=_("Step", context="project"),
            text=panes.project_status_word,
            token=lambda row: "ink2" if row["ended"] else "primary",
            icon=lambda row: "check" if row["ended"] else "",
        ),
    ]


def _staff_names_by_code(context: StationContext) -> Mapping[str, str]:
    setup = context.feed.setup
    return {code: staff_name(setup, code) for code in setup.staff}


def _own_staff_code(context: StationContext) -> str:
    name = context.new_ask().who.name
    return name if name in context.feed.setup.staff else ""


NEW = records.RecordFormSpec(
    title=lambda: _("A new project"),
    rows=(
        (
            records.FormInput(
                key="title",
                label=lambda: _("Title", context="project"),
                hint=lambda: _("in a few words, as on the report"),
                needed=True,
            ),
        ),
        (
            records.FormInput(
                key="leader",
                label=lambda: _("Led by"),
                kind=records.CHOICE,
                choices=_staff_names_by_code,
                first=_own_staff_code,
                needed=True,
            ),
        ),
    ),
    yes=lambda: _("Start it"),
)


def _open_sample_project(page: records.RecordPage[Document], _row: None) -> None:
    asking.SampleProjectViewDialog(
        page.host_widget, page.context.look, page.context.feed.setup, sample_project_document()
    ).open_dialog()


def _project_link(one: Document) -> ButtonTarget:
    return ButtonTarget(IMPROVE, project=one["project"])


PROJECTS = records.RecordPageSpec[Document](
    title=lambda: _("Improve", context="page"),
    name=lambda: _("Projects", context="tab"),
    icon="arrow-up",
    read=_read_projects,
    depends=lambda context: (context.feed.business_date, tuple(context.feed.state.projects.values())),
    columns=_project_columns,
    key=lambda row: row["project"],
    by_one_press=True,
    leads=_project_link,
    wraps=True,
    empty=lambda: (
        _("No project yet"),
        _(
            "A project goes from a finding to its causes, and from measures to their effect, judged by the log's own data."
        ),
        _("Open the sample project"),
    ),
    acts=(
        records.RecordAct(
            text=lambda: _("Sample"),
            tip=lambda: _("Open the sample project"),
            icon="book",
            asks=_open_sample_project,
            stands_alone=True,
            changes_hall=False,
        ),
        records.RecordAct(
            text=lambda: _("New project"),
            verb="project",
            icon="plus",
            call=leading.open_project,
            form=NEW,
            said=None,
            leads=_project_link,
        ),
    ),
)

WIDE, NARROW, STEP = 204, 52, 74
RING, INSET = 28, 11


class ProjectStepsChart(ChartWithPoints):
    """`picked` gives the key of a step that was pressed. Where there is little room it is a column of rings; their
    words come to who points or steps there."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self.steps: tuple[panes.ProgressStep, ...] = ()
        self.shown = ""
        self._is_narrow = False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)

    def set_steps(self, title: str, steps: Sequence[panes.ProgressStep], shown: str) -> None:
        """Show the steps, with the one whose page is `shown` marked."""
        self.steps, self.shown = tuple(steps), shown
        told = "; ".join(step.spoken for step in steps)
        self.set_points(
            title, told, [HoverTextAndTarget((step.word, step.fact or step.spoken), step.key) for step in steps]
        )

    def set_narrow(self, is_narrow: bool) -> None:
        """Show rings alone, or words too."""
        if is_narrow != self._is_narrow:
            self._is_narrow = is_narrow
            self.measure_again()

    def sizeHint(self) -> QSize:
        wide = self.look.px(NARROW) if self._is_narrow else self.look.large_px(WIDE)
        return QSize(wide, self.look.px(STEP) * max(1, len(self.steps)))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.sizeHint().width(), self.look.px(36) * max(1, len(self.steps)))

    def _step_height(self) -> float:
        return min(self.look.px(STEP), self.height() / max(1, len(self.steps)))

    def _point_rects(self) -> list[QRectF]:
        high = self._step_height()
        return [QRectF(0, high * n, self.width(), high) for n in range(len(self.steps))]

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look = Painter(self, self.look), self.look
        ring, left = look.px(RING), look.px(INSET)
        for n, (step, place) in enumerate(zip(self.steps, self._point_rects(), strict=True)):
            is_shown = step.key == self.shown
            if is_shown:
                painter.draw_box(place.adjusted(0, 1, 0, -1), 10, "soft", edge="primary", width=3)
            middle = QPointF(left + ring / 2, place.center().y())
            if n:
                above = QPointF(middle.x(), middle.y() - place.height() + ring / 2)
                is_done = self.steps[n - 1].state == panes.DONE
                pen = QPen(look.color("primary" if is_done else "edge"), look.px(2))
                if not is_done:
                    pen.setDashPattern([3, 2])
                painter.setPen(pen)
                painter.drawLine(above, QPointF(middle.x(), middle.y() - ring / 2))
            self._paint_ring(painter, step, n + 1, QRectF(left, middle.y() - ring / 2, ring, ring))
            if not self._is_narrow:
                self._paint_words(painter, step, place, is_shown=is_shown)
        self.paint_current_point_marker(painter)

    def _paint_ring(self, painter: Painter, step: panes.ProgressStep, number: int, at: QRectF) -> None:
        look = self.look
        if step.state == panes.DONE:
            painter.draw_box(at, RING / 2, "surface", edge="primary", width=1.5)
            side = look.px(18)
            painter.draw_icon("check", "primary", at.center().x() - side / 2, at.center().y() - side / 2, 18)
            return
        if step.state == panes.NOW:
            painter.draw_box(at, RING / 2, "primary")
        else:
            painter.draw_box(at, RING / 2, "paper", edge="edge", width=1.5, dashed=True)
        ink = "on_primary" if step.state == panes.NOW else "ink2"
        painter.draw_words_and_give_end_x(str(number), look.font(15, bold=True), ink, at, Qt.AlignmentFlag.AlignHCenter)

    def _paint_words(self, painter: Painter, step: panes.ProgressStep, place: QRectF, *, is_shown: bool) -> None:
        look, left = self.look, self.look.px(INSET + RING + 10)
        room = place.width() - left - look.px(8)
        bold, token = step.state != panes.LATER or is_shown, "on_soft" if is_shown else "ink"
        middle = place.center().y()
        px = largest_fitting_px(step.word, room, look.px(17), bold=bold, least=look.px(12)) / look.scale.k
        painter.draw_words_and_give_end_x(
            step.word, look.font(px, bold=bold), token, QRectF(left, middle - look.px(21), room, look.px(22))
        )
        px = largest_fitting_px(step.fact, room, look.px(13), least=look.px(10)) / look.scale.k
        painter.draw_words_and_give_end_x(
            step.fact, look.font(px), "ink2", QRectF(left, middle + look.px(1), room, look.px(19))
        )


NARROW_UNDER = 860
ProjectDocument = Mapping[str, Any]


class ProjectPage(ManagerPage):
    """`back` leads to the list, `behind_wanted` to a figure's tickets, `days_wanted` to them without some dates,
    `place_wanted` to a case, a page or a chart."""

    back = Signal()
    behind_wanted = Signal(str, object, object, str)
    days_wanted = Signal(str, object, object, str, tuple)
    place_wanted = Signal(object)

    def __init__(self, controller: asking.ProjectsController, parent: QWidget | None = None) -> None:
        context = controller.context
        look = context.look
        self.controller, self.context = controller, context
        self.paper = PaperSaverAndPrinter(context)
        self.step = ""
        self._left: QWidget | None = None
        spec = PageSpec(
            title=lambda: self.project["title"] if self.project_data else "",
            line=lambda: panes.project_facts_line(self.hall_setup, self.project) if self.project_data else "",
            acts=(
                PageAct(text=lambda: _("All projects"), do=self._emit_back, icon="arrow-left"),
                PageAct(
                    text=self._print_button_label,
                    do=lambda: asking.save_or_print_project_report(self.paper, self.project_number, send=True),
                    icon="print",
                    offered=lambda: self.paper.can_print and self.project_data is not None,
                ),
                PageAct(
                    text=lambda: _("More", context="cause"),
                    do=self._open_more_menu,
                    icon="chevron-down",
                    offered=lambda: self.project_data is not None and (self.can_save or self.may_edit_project),
                ),
            ),
            names=True,
        )
        super().__init__(look, spec, parent)
        self.paper.setParent(self)
        self.way = ProjectStepsChart(look)
        self.panes: dict[ImprovementStep, panes.ProjectStepPane] = {
            step: panes.ProjectStepPane(look, "arrow-up")
            for step in ImprovementStep
            if step not in (ImprovementStep.EVIDENCE, ImprovementStep.EFFECT)
        }
        self.no_effect = panes.ProjectStepPane(look, "chart")
        self.evidence, self.effect = panes.EvidencePane(look), panes.EffectPane(look)
        self.asking = asking.ProjectQuestions(self, controller, self.evidence)
        self.stack = CurrentPageSizedStack()
        self.nothing = EmptyState(look, "hourglass")
        self.nothing.set_texts(_("Counting the log …"))
        self._waiting = EmptyStateCard(look, self.nothing, bare=True)
        for pane in (self._waiting, *self.panes.values(), self.no_effect, self.evidence, self.effect):
            self.stack.addWidget(pane)
        row = QHBoxLayout()
        set_scaled_margins(look, row, spacing=20)
        row.addWidget(self.way)
        row.addWidget(self.stack, 1)
        self.add_part(row, 1)
        self._connect_signals()
        self._show_project()

    def _show_project(self) -> None:
        """Show what was read of the project, or that it is being read."""
        self.show_head()
        if self.project_data is None or not self.step:
            self.way.hide()
            self.stack.setCurrentWidget(self._waiting)
            return
        self.way.show()
        steps = panes.project_progress_steps(self.hall_setup, self.project, self.project_data.effect)
        self.way.set_steps(_("The steps of a project"), steps, self.step)
        self._show_step_pane()

    def _connect_signals(self) -> None:
        controller = self.controller
        self.way.picked.connect(self.show_step)
        for step, pane in self.panes.items():
            pane.wanted.connect(partial(self._do_step_action, step))
            pane.second_wanted.connect(partial(self._open_step_question, step))
            pane.picked.connect(self._open_linked_target)
        self.no_effect.wanted.connect(self.asking.ask_compared_dates)
        self.no_effect.picked.connect(self._open_linked_target)
        self.no_effect.head.button.hide()
        evidence, effect = self.evidence, self.effect
        evidence.judged.connect(
            lambda n, code: controller.run_act("judge", self.project_number, n, CauseJudgement(code))
        )
        evidence.go_on.connect(partial(self.show_step, ImprovementStep.MEASURES))
        evidence.cause_wanted.connect(self.asking.ask_cause)
        evidence.gather_wanted.connect(self.asking.offer_evidence_kinds)
        evidence.menu_wanted.connect(self.asking.offer_cause_actions)
        effect.standards_wanted.connect(self.asking.make_measures_standard)
        effect.take_wanted.connect(self._accept_waiting_standards)
        effect.measures_wanted.connect(partial(self.show_step, ImprovementStep.MEASURES))
        effect.spans_wanted.connect(self.asking.ask_compared_dates)
        effect.go_on.connect(partial(self.show_step, ImprovementStep.STANDARD))
        for part in (evidence, effect):
            part.picked.connect(self._open_linked_target)
        controller.changed.connect(self._show_project_at_current_step)
        controller.done.connect(self._reload_after_change)
        controller.refused.connect(self._show_refusal_if_visible)
        controller.unread.connect(self.show_warning)
        self.connect_paper_signals(self.paper, *self.buttons[1:])
        acts = [button for pane in (*self.panes.values(), self.no_effect) for button in pane.buttons]
        keys = (evidence.act_button, evidence.gather_button, evidence.more_button, evidence.head.button)
        self.hall_acts = (*self.hall_acts, *acts, *keys, effect.act_button, effect.head.button)

    # -- what is shown -----------------------------------------------------------------------------------------------

    @property
    def hall_setup(self) -> Setup:
        return self.context.feed.setup

    @property
    def project_number(self) -> int:
        return self.controller.number

    @property
    def project_data(self) -> asking.ProjectData | None:
        return self.controller.found

    @property
    def project(self) -> ProjectDocument:
        assert self.project_data is not None
        return self.project_data.project

    def open_project(self, number: int) -> None:
        """Show a project at its first step that is not done."""
        if number != self.project_number:
            self.step = ""
        self.controller.load_project(number, again=True)
        self._show_project()

    def state_to_restore(self) -> str:
        return self.step

    def restore_state(self, left: str) -> None:
        self.step = left
        self._show_project()

    def refresh(self, now: datetime) -> None:
        """Read the project anew where something of it has changed."""
        if self.project_number:
            self.controller.load_project(self.project_number)

    def _show_project_at_current_step(self) -> None:
        if not self.step:
            waits = self.controller.may_change_setup and panes.measure_numbers_awaiting_admin(self.project)
            self.step = ImprovementStep.STANDARD if waits else self.project["step"] or ImprovementStep.STANDARD
        self._show_project()

    @property
    def may_edit_project(self) -> bool:
        """Whether the person here may do something with the project: not once it has ended, and no reader."""
        return self.controller.may_edit_project and not self.project["ended"]

    @property
    def can_save(self) -> bool:
        return self.context.services.folder is not None

    def _open_more_menu(self) -> None:
        entries: list[tuple[str, Callable[[], object]]] = []
        if self.can_save:
            entries.append(
                (
                    _("Save the report as PDF"),
                    partial(asking.save_or_print_project_report, self.paper, self.project_number, send=False),
                )
            )
        self.open_menu(
            self.buttons[-1], [*entries, *(self.asking.rare_menu_entries() if self.may_edit_project else [])]
        )

    def _print_button_label(self) -> str:
        return _("Print report") if self.project_data and self.project_data.effect else _("Print so far")

    def show_step(self, step: object) -> None:
        """Show a step's page."""
        self.step = str(step)
        self._show_project()

    def _show_step_pane(self) -> None:
        project, effect, setup = self.project, self.project_data.effect if self.project_data else None, self.hall_setup
        if self.step == ImprovementStep.EVIDENCE and project["causes"]:
            self.evidence.show_project(setup, project, may_edit_project=self.may_edit_project)
            self.stack.setCurrentWidget(self.evidence)
            return
        if self.step == ImprovementStep.EFFECT and effect is not None:
            may_change_setup = self.controller.may_change_setup
            self.effect.show_effect(
                setup, project, effect, may_edit_project=self.may_edit_project, may_change_setup=may_change_setup
            )
            self.stack.setCurrentWidget(self.effect)
            return
        if self.step == ImprovementStep.EFFECT:
            pane = self.no_effect
            pane.head.set_texts(project_step_word(self.step))
            pane.hint.setText(_("Two periods with the same weekdays are compared, allowing for chance."))
            pane.show_facts(project_step_word(self.step), [], (_("No dates are compared yet"), ""))
            pane.act_button.enable_with_label(_("Choose what is compared"))
            pane.act_button.setVisible(self.may_edit_project)
            self.stack.setCurrentWidget(pane)
            return
        self._show_step_facts(
            ImprovementStep.CAUSES if self.step == ImprovementStep.EVIDENCE else ImprovementStep(self.step)
        )

    def _show_step_facts(self, step: ImprovementStep) -> None:
        setup, project, pane = self.hall_setup, self.project, self.panes[step]
        texts: dict[ImprovementStep, tuple[str, str, str, list[FactRowContent]]] = {
            ImprovementStep.TOPIC: (
                _("What is to be improved?"),
                _("A topic comes from a finding: a figure, a case, a ticket or an inspection."),
                _("Another finding") if project["finding"] else "",
                panes.topic_facts(setup, project),
            ),
            ImprovementStep.STATE: (
                _("What is the situation now?"),
                _("Figures and charts stay live: they open as they were and show what has changed since."),
                _("Cite another") if project["state"] else "",
                [panes.citation_fact_row_content(setup, one, ("state", one["n"])) for one in project["state"]],
            ),
            ImprovementStep.TARGET: (
                _("What is to be reached, by when, and why?"),
                _("A share or minutes, so that its effect can be told apart from chance."),
                _("Change it", context="target") if project["target"] else "",
                panes.target_facts(setup, project),
            ),
            ImprovementStep.CAUSES: (
                _("What might cause it?"),
                _("List every cause anybody thinks of; data decides, not opinions."),
                _("Add a cause") if project["causes"] else "",
                panes.fact_rows_of_causes(setup, project),
            ),
            ImprovementStep.MEASURES: (
                _("What is done, by whom and until when?"),
                _("A measure names the causes that it is against."),
                _("Add a measure") if project["measures"] else "",
                panes.facts_of_all_measures(setup, project),
            ),
            ImprovementStep.STANDARD: (
                _("What becomes standard?"),
                _("A measure that became standard is in the opening check, on a card, in a rule or in the briefing."),
                _("Write the next step") if project["measures"] else "",
                self._fact_rows_of_standards(),
            ),
        }
        title, hint, second, facts = texts[step]
        pane.head.set_texts(title, "", second if self.may_edit_project else "")
        pane.hint.setText(hint)
        pane.show_facts(
            project_step_word(step),
            facts,
            (
                missing_in_step_text([self._first_missing_of_step(step)] if self._first_missing_of_step(step) else [])
                or _("Nothing here yet"),
                "",
            ),
        )
        self._label_next_action(pane, step)
        self.stack.setCurrentWidget(pane)

    def _first_missing_of_step(self, step: str) -> str:
        return next((row["missing"][0] for row in self.project["steps"] if row["step"] == step and row["missing"]), "")

    def _label_next_action(self, pane: panes.ProjectStepPane, step: ImprovementStep) -> None:
        """Name the one thing to do: what the step lacks, else the next step."""
        project = self.project
        words = {
            ImprovementStep.TOPIC: _("Cite what it came from"),
            ImprovementStep.STATE: _("Cite a figure"),
            ImprovementStep.TARGET: _("Set the target"),
            ImprovementStep.CAUSES: _("Add the first cause"),
            ImprovementStep.MEASURES: _("Note what is done") if project["measures"] else _("Add a measure"),
            ImprovementStep.STANDARD: _("See the effect"),
        }
        asked = panes.measure_numbers_awaiting_admin(project) if step is ImprovementStep.STANDARD else []
        pane.act_button.show()
        if not self.may_edit_project:
            pane.act_button.hide()
        elif asked and self.controller.may_change_setup:
            pane.act_button.enable_with_label(panes.accept_measures_button_text(asked))
        elif asked and all(one["standard"] for one in project["measures"]):
            pane.act_button.disable_with_reason(_("Waits for an admin"))
        elif self._first_missing_of_step(step):
            pane.act_button.enable_with_label(words[step])
        elif step is ImprovementStep.STANDARD and project["step"] is None:
            pane.act_button.enable_with_label(_("Close the project"))
        elif step is ImprovementStep.STANDARD:
            pane.act_button.disable_with_reason(_("Still to do: {step}", step=project_step_word(project["step"])))
        else:
            following = list(ImprovementStep)[list(ImprovementStep).index(step) + 1]
            pane.act_button.enable_with_label(_("Go on to: {step}", step=project_step_word(following)))

    def _fact_rows_of_standards(self) -> list[FactRowContent]:
        found = []
        for one in self.project["measures"]:
            made = one["standard"]
            word = resulting_standard_text(made, self.hall_setup) if made else _("nothing yet", context="standard")
            token, icon = ("primary", "check") if made and not made["asked"] else ("ink2", "dot")
            says = made["text"] if made and made["text"] != one["what"] else ""
            second = " · ".join(part for part in (staff_name(self.hall_setup, one["who"]), says) if part)
            found.append(FactRowContent(name=one["what"], second=second, word=word, token=token, icon=icon))
        if self.project["next"]:
            found.append(
                FactRowContent(name=self.project["next"], second=_("next step", context="project"), leads=("next",))
            )
        if self.project["reason"]:
            found.append(
                FactRowContent(name=self.project["reason"], second=_("why it ended", context="project"), bold=False)
            )
        return found

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.way.set_narrow(self.width() < self._look.px(NARROW_UNDER))

    def _emit_back(self) -> None:
        self.back.emit()

    # -- where figures lead ------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._left is not None:
            # After the page that leads back has given the keyboard to the station.
            QTimer.singleShot(0, self, self._restore_focus_on_return)

    def _restore_focus_on_return(self) -> None:
        left, self._left = self._left, None
        if left is not None and left.isVisible():
            left.setFocus(Qt.FocusReason.OtherFocusReason)

    def _remember_focus_and_emit(self, emit: Callable[[], object]) -> None:
        focused = QApplication.focusWidget()
        sender = self.sender()
        self._left = focused if focused is not None and self.isAncestorOf(focused) else None
        if self._left is None and isinstance(sender, QWidget):
            self._left = sender
        emit()

    def _open_linked_target(self, leads: Any) -> None:
        """Open what a row or a figure leads to."""
        if not isinstance(leads, tuple):
            return
        kind = leads[0]
        if len(leads) == 5 and isinstance(leads[1], date):
            self._remember_focus_and_emit(partial(self.days_wanted.emit, *leads))
        elif kind == panes.CITES:
            self._remember_focus_and_emit(partial(self._open_citation, leads[1]))
        elif kind == "tickets":
            self._offer_ticket_links(leads[1])
        elif kind == "cases":
            self._offer_case_links(leads[1])
        elif kind == "cause":
            self.evidence.number = leads[1]
            self.show_step(ImprovementStep.EVIDENCE)
        elif self.may_edit_project:
            pane = self.stack.currentWidget()
            under = pane.head if isinstance(pane, panes.ProjectStepPane) else self.evidence.rows
            self.asking.offer_row_actions(leads, under)

    def _open_citation(self, cites: ProjectDocument) -> None:
        first, last = date.fromisoformat(cites["from"]), date.fromisoformat(cites["to"])
        if cites["what"] in cases.CITED_VIEWS:
            page = CASES if cases.is_rating_reasons_page(cites["name"]) else REPORTS
            self.place_wanted.emit(Way(page, project=self.project_number, cites=cites))
        elif cites["what"] == cases.CITED_TICKET:
            self.behind_wanted.emit(
                quality_figures.figure_path_of_rating_conditions(((TICKET_OF_DAY, cites["name"]),)),
                first,
                last,
                cites["name"],
            )
        elif cites["what"] == cases.CITED_CASE:
            self.place_wanted.emit(Way(CASES, case=cites["name"]))
        elif cites["what"] == cases.CITED_INSPECTION:
            self.place_wanted.emit(Way(INSPECTIONS, inspection=int(cites["name"].partition("/")[0])))
        elif cites["what"] == "figure":
            self.behind_wanted.emit(cites["name"], first, last, cited_name(self.hall_setup, cites))

    def _offer_ticket_links(self, rows: tuple[ProjectDocument, ...]) -> None:
        entries = []
        for row in rows:
            day = date.fromisoformat(row["date"])
            opened = quality_figures.figure_path_of_rating_conditions(((TICKET_OF_DAY, row["ticket"]),))
            act = partial(
                self._remember_focus_and_emit, partial(self.behind_wanted.emit, opened, day, day, row["ticket"])
            )
            entries.append((f"{row['ticket']} · {date_for_staff(day)}", act))
        self.open_menu(self.evidence.rows, entries)

    def _offer_case_links(self, rows: tuple[ProjectDocument, ...]) -> None:
        self.open_menu(
            self.evidence.rows,
            [(row["number"], partial(self.place_wanted.emit, Way(CASES, case=row["number"]))) for row in rows],
        )

    # -- acts --------------------------------------------------------------------------------------------------------

    def _do_step_action(self, step: ImprovementStep) -> None:
        """Do the one thing that a step's page names."""
        if not self._first_missing_of_step(step) and step is not ImprovementStep.STANDARD:
            self.show_step(list(ImprovementStep)[list(ImprovementStep).index(step) + 1])
        elif step is ImprovementStep.STANDARD and not self._first_missing_of_step(step):
            self.asking.ask_why_to_end(ProjectEnding.CLOSED)
        elif (
            step is ImprovementStep.STANDARD
            and self.controller.may_change_setup
            and (asked := panes.measure_numbers_awaiting_admin(self.project))
        ):
            self._accept_waiting_standards(asked)
        elif step is ImprovementStep.STANDARD:
            self.show_step(ImprovementStep.EFFECT)
        elif step is ImprovementStep.MEASURES and self.project["measures"]:
            self.asking.ask_done_date_of_open_measure()
        else:
            self._open_step_question(step)

    def _accept_waiting_standards(self, measures: list[int]) -> None:
        self.controller.run_act_for_each_in_turn("take", [(self.project_number, n) for n in measures])

    def _open_step_question(self, step: ImprovementStep) -> None:
        topic = self.panes[ImprovementStep.TOPIC]
        asks: dict[ImprovementStep, Callable[[], None]] = {
            ImprovementStep.TOPIC: partial(
                self.asking.offer_finding_kinds, topic.act_button if self._first_missing_of_step(step) else topic.head
            ),
            ImprovementStep.STATE: partial(self.asking.ask_figure_to_cite, "state"),
            ImprovementStep.TARGET: self.asking.ask_target,
            ImprovementStep.CAUSES: self.asking.ask_cause,
            ImprovementStep.MEASURES: self.asking.ask_measure,
            ImprovementStep.STANDARD: self.asking.ask_project_next_step,
        }
        asks[step]()

    def _reload_after_change(self, _verb: str, document: ProjectDocument) -> None:
        self.close_question()
        if document.get("project") == self.project_number:
            self.banner.hide()
            self.controller.load_project(self.project_number, again=True)

    def _show_refusal_if_visible(self, _verb: str, trouble: QueueDeskError) -> None:
        if self.dialog is not None or self.isVisible():
            self.show_refusal(trouble)

    def stop(self) -> None:
        """Throw away what was made for the printer."""
        self.paper.stop()


def project_page(controller: ManagerController, own: ControllerCache) -> ProjectPage:
    """Return the page of one project, which takes the whole section."""
    return ProjectPage(own(asking.ProjectsController, controller.context))
