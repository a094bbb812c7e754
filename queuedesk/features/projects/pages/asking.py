"""The questions of a project, and what is done with the answers; and the sample project to learn from: a published one,
step by step, with its own table worked out anew.

Reads a project beside the window, takes its steps, and makes its report."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from msgspec import Struct
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from queuedesk.core.figures.comparing import joined_figure_path, split_figure_path
from queuedesk.core.imports import half_width_text
from queuedesk.core.improvement import project as projects
from queuedesk.core.improvement.following import LEVELS, MOST_MINUTES, is_minutes_figure_path, is_share_path
from queuedesk.core.setup.file import HALL_RULES
from queuedesk.core.setup.rows import Setup
from queuedesk.desk import improvement
from queuedesk.desk.change import Document
from queuedesk.desk.quality import inspecting
from queuedesk.features.projects import words
from queuedesk.features.projects.pages.panes import CARD, JUDGEMENT_ICONS, EvidencePane
from queuedesk.features.projects.rules import BONES, OWN_BONE, NewEvidence, PlannedMeasure
from queuedesk.features.projects.verbs import leading, telling
from queuedesk.features.projects.words import bone_word, count_of_total_text
from queuedesk.i18n import _, current_language, date_short, list_text, name_in_language, wording_in_current_language
from queuedesk.i18n.figures.ribbon_words import figure_name
from queuedesk.i18n.moments import figure_range
from queuedesk.i18n.names import percent_text, staff_name
from queuedesk.i18n.quality import project_step_word, project_verdict_word, share_or_minutes_with_counts
from queuedesk.stations.manager.improvement import FactList, FactRowContent
from queuedesk.stations.manager.parts import records
from queuedesk.stations.manager.parts.page import ManagerPage
from queuedesk.stations.manager.parts.page_controller import PageController, PaperSaverAndPrinter
from queuedesk.stations.widgets.panels import FixedSizeKeeper, VerticalScrollArea, set_scaled_margins
from queuedesk.stations.widgets.questions.dialogs import Dialog
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.style import Look


class ProjectData(Struct, frozen=True):
    """A project as it stands, in words and in the log, and its effect so far, None where no spans are set."""

    project: Document
    effect: Document | None
    stood: projects.Project


DEEDS: Mapping[str, Callable[..., Document]] = {
    "rename": leading.rename_or_reassign_project,
    "finding": improvement.set_finding,
    "state": improvement.add_state_citation,
    "drop-state": leading.remove_present_state_item,
    "target": leading.set_target,
    "follow": leading.set_followed_figures,
    "spans": leading.set_comparison_spans,
    "next": leading.set_next_step,
    "cause": leading.add_cause,
    "change-cause": leading.change_cause,
    "remove-cause": leading.remove_cause,
    "evidence": leading.add_evidence,
    "remove-evidence": leading.remove_evidence,
    "judge": leading.judge_cause,
    "measure": leading.add_measure,
    "change-measure": leading.change_measure,
    "remove-measure": leading.remove_measure,
    "done": leading.record_measure_done,
    "standard": leading.make_measure_standard,
    "take": leading.make_requested_standard,
    "end": leading.close_or_drop_project,
}
"""What can be done with a project, by the verb that `done` and `refused` give."""


class ProjectsController(PageController[ProjectData]):
    """Reads the project `number`, 0 for none. `shares_read` gives the names of the shares of a span, by path;
    `inspections_read` the signed inspections of this month and the last."""

    KEEPS = timedelta(minutes=2)
    """So long while nothing of the project changes: its figures are counted anew from the log."""

    shares_read = Signal(object)
    inspections_read = Signal(list)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(context, parent, is_long=True)
        self.number = 0

    @property
    def today(self) -> date:
        return self.context.feed.business_date

    @property
    def may_edit_project(self) -> bool:
        """Whether the person here leads projects."""
        return self.context.who is not None and self.context.who.may("project")

    @property
    def may_change_setup(self) -> bool:
        return self.context.who is not None and self.context.who.may("set-up")

    def load_project(self, number: int, *, again: bool = False) -> None:
        """Read a project, unless what was read of it still holds or, with `again`, in any case."""
        if number != self.number:
            self.number, self.found = number, None
        self.refresh(anew=again)

    def _dependency_key(self) -> object:
        known = (one for one in self.context.feed.state.projects.values() if one.number == self.number)
        return self.number, next(known, None), self.today

    def _is_reread_due(self, since: timedelta) -> bool:
        return since >= self.KEEPS

    def _read_function(self) -> Callable[[], ProjectData]:
        return partial(_read_project_data, self.context, self.number, self.context.clock())

    def _store_found(self, read: ProjectData) -> None:
        # The feed may tell only now of what was read already: once is enough.
        self._known = (read.stood.number, read.stood, self.today)
        if read.stood.number == self.number:
            super()._store_found(read)

    def read_share_names(self, first: date, last: date) -> None:
        """Read which shares there are of a span, with their names."""
        desk, setup, now = self.context.desk, self.context.feed.setup, self.context.clock()

        def share_names_by_path() -> dict[str, str]:
            found = improvement.counts_of_all_shares_in_dates(desk, first, last, now)
            return {path: figure_name(path, setup) for path in found if is_share_path(path)}

        self.context.tasks.run_in_long_work_lane(
            share_names_by_path, self.shares_read.emit, partial(self.refused.emit, "shares"), may_drop=True
        )

    def read_signed_inspections(self) -> None:
        """Read the inspections that were signed this month or the last, the latest first."""
        desk, now, day = self.context.desk, self.context.clock(), self.today

        def read_recent_signed() -> list[Document]:
            found: list[Document] = []
            for one in (day.replace(day=1) - timedelta(days=1), day):
                found += inspecting.inspections_of_month(desk, one, now)["inspections"]
            return [one for one in reversed(found) if one["signed"]]

        refused = partial(self.refused.emit, "inspections")
        self.context.tasks.run_in_long_work_lane(read_recent_signed, self.inspections_read.emit, refused, may_drop=True)

    def run_act(self, verb: str, *words: Any, **more: Any) -> None:
        """Do something with a project: one of DEEDS."""
        self.start_unless_busy(verb, partial(DEEDS[verb], self.context.desk, self.context.new_ask(), *words, **more))

    def run_act_for_each_in_turn(self, verb: str, each: list[tuple[Any, ...]]) -> None:
        """Do the same several times, one after the other; the first refusal ends it."""
        desk, context = self.context.desk, self.context

        def run_for_each() -> Document:
            document: Document = {}
            for named in each:
                document = DEEDS[verb](desk, context.new_ask(), *named)
            return document

        self.start_unless_busy(verb, run_for_each)


def _hall_minutes_figure_paths() -> list[str]:
    """Return the minutes of the whole hall that a project may mend."""
    return [joined_figure_path(time, level) for time in ("wait", "handling") for level in LEVELS]


def _hall_share_figure_paths() -> list[str]:
    """Return the shares of the whole hall that a project may mend."""
    from queuedesk.core.figures.measures.figures import SHARES

    paths = [f"measures.{figure.key}.rate" for figure in SHARES]
    return [
        path
        for path in ("wait.within_target", "ratings.rate", *paths)
        if is_share_path(path) and len(split_figure_path(path)) < 4
    ]


def _read_project_data(context: StationContext, number: int, now: datetime) -> ProjectData:
    found = telling.project_with_words(context.desk, number, now)
    project = telling.project_document(found, telling.SpanFigureReader(context.desk, now))
    effect = telling.before_after_effect(context.desk, number, now)
    return ProjectData(project, telling.effect_document(effect) if effect is not None else None, found.project)


def save_or_print_project_report(papers: PaperSaverAndPrinter, number: int, *, send: bool) -> None:
    """Save the report of a project in the folder of reports, or print it."""
    from queuedesk.features.projects.papers import write_project_report

    desk, ask, lang, by = papers.context.desk, papers.context.new_ask(), current_language(), papers.printed_by()
    papers.save_or_print(
        f"{papers.local_now():%Y-%m-%d}-project-{number}.pdf",
        lambda path: write_project_report(desk, ask.who, number, path, lang=lang, now=ask.now, printed_by=by),
        send=send,
    )


HIGH = 460


def step_rows_of_sample_project(setup: Setup, sample: Mapping[str, Any]) -> list[FactRowContent]:
    """Return the sample's steps as rows: what it said, and what can be told of it."""
    effect, target = sample["effect"], sample["target"]
    months = [
        f"{row['month']}  {count_of_total_text(row['n'], row['of'])}  {percent_text(row['rate'])} %"
        for row in sample["state"]
    ]
    found = [
        FactRowContent(name=project_step_word("state"), second="\n".join(months)),
        FactRowContent(
            name=project_step_word("target"),
            second=target["reason"],
            figure=f"{figure_name(target['figure'], setup)} {percent_text(target['value'])} %",
        ),
        FactRowContent(name=project_step_word("evidence"), second=sample["by_words"]),
    ]
    for cause in sample["causes"]:
        icon, token = JUDGEMENT_ICONS[cause["judgement"]]
        look_at = figure_name(cause["look_at"], setup) if cause["look_at"] else ""
        stated = _("the report said: {word}", word=words.judgement_word(cause["stated"]))
        second = " · ".join(part for part in (words.bone_word(cause["bone"]), stated, look_at) if part)
        word = words.judgement_word(cause["judgement"])
        found.append(FactRowContent(name=cause["name"], second=second, icon=icon, token=token, word=word, bold=False))
    found += [
        FactRowContent(name=one["what"], second=project_step_word("measures"), bold=False) for one in sample["measures"]
    ]
    change = figure_range(
        words.share_difference_in_points(effect["low"]), words.share_difference_in_points(effect["high"])
    )
    both = f"{share_or_minutes_with_counts(effect['before'])} → {share_or_minutes_with_counts(effect['after'])}"
    notes = "\n".join((both, *effect["notes"], *(one["message"] for one in sample["audit"])))
    found.append(
        FactRowContent(
            name=project_step_word("effect"),
            second=notes,
            icon="help",
            word=project_verdict_word(effect["verdict"]),
            figure=f"{words.share_difference_in_points(effect['difference'])} ({change})",
        )
    )
    found.append(FactRowContent(name=project_step_word("standard"), second=f"{sample['standard']}\n{sample['next']}"))
    return found


class SampleProjectViewDialog(Dialog):
    """Shows the sample; nothing of it stands in the hall."""

    def __init__(self, host: QWidget, look: Look, setup: Setup, sample: Mapping[str, Any]) -> None:
        super().__init__(host, look, title=sample["title"], effect=sample["source"], width=820)
        self.facts = FactList(self.look)
        self.facts.set_facts(sample["title"], step_rows_of_sample_project(setup, sample))
        inner = QWidget()
        rows = QVBoxLayout(inner)
        set_scaled_margins(self.look, rows)
        rows.addWidget(self.facts)
        rows.addStretch(1)
        area = VerticalScrollArea(inner, keys=True)
        FixedSizeKeeper(self.look, area, height=HIGH)
        self.body.addWidget(area)
        self.add_answer_buttons(_("Back"))

    def first_focus_widget(self) -> QWidget:
        return self.no_button


def _parse_percent_or_minutes(text: str) -> float:
    """Read per cent or minutes. Raises ValueError."""
    value = float(half_width_text(text).strip().removesuffix("%").strip())
    if not 0 <= value <= MOST_MINUTES:
        raise ValueError(text)
    return value


def _number_field(key: str, label: str, stands: str, *, needed: bool = True) -> records.FormInput:
    """Return a field that takes any number, None where it may be empty."""
    return records.FormInput(
        key=key,
        label=lambda: label,
        first=lambda _context: stands,
        needed=needed,
        read=_parse_percent_or_minutes,
        wrong=lambda: _("A number such as 12.5"),
    )


MOST_ASKED = 3
"""So many followed figures are asked for at once."""
HISTORY = 14
"""So many days a span has that is filled in."""
_Document = Mapping[str, Any]
Row = records.FormInput | tuple[records.FormInput, ...]


def figure_value_as_typed(figure: str, value: float) -> str:
    """Return a target or an alarm line as it is typed: minutes, or per cent."""
    return f"{value:g}" if is_minutes_figure_path(figure) else percent_text(value)


def figure_value_from_typed_number(figure: str, typed: float | None) -> float | None:
    """Return what was typed so, a share in 0..1."""
    return typed if typed is None or is_minutes_figure_path(figure) else typed / 100


class ProjectQuestions(QObject):
    """Asks over the page of a project, and has the page's controller do what was answered."""

    def __init__(self, page: ManagerPage, controller: ProjectsController, evidence: EvidencePane) -> None:
        super().__init__(page)
        self._page, self.controller, self._evidence = page, controller, evidence
        self._cause = 0
        self._dates = (date.min, date.min)
        self._standards: list[tuple[int, projects.StandardContent]] = []
        controller.shares_read.connect(self._ask_shares_to_compare)
        controller.inspections_read.connect(self._ask_origin_inspection)

    @property
    def hall_setup(self) -> Setup:
        return self.controller.context.feed.setup

    @property
    def project_number(self) -> int:
        return self.controller.number

    @property
    def project(self) -> _Document:
        assert self.controller.found is not None
        return self.controller.found.project

    def _open_project_form(
        self, title: str, yes: str, asked: Sequence[Row], take: Callable[[dict[str, Any]], object], effect: str = ""
    ) -> None:
        self._page.close_question()
        form = records.RecordFormSpec(
            title=lambda: title,
            effect=lambda: effect,
            rows=[row if isinstance(row, tuple) else (row,) for row in asked],
            yes=lambda: yes,
            no=lambda: _("Leave it", context="project"),
        )
        dialog = records.RecordDialog(self._page.host_widget, self.controller.context, form)
        dialog.wanted.connect(take)
        self._page.open_question(dialog)

    def _figure_choices(self, *more: str) -> dict[str, str]:
        known = [one["name"] for one in self.project["state"] if one["what"] == "figure"]
        target = [self.project["target"]["figure"]] if self.project["target"] else []
        paths = dict.fromkeys(
            (*target, *(one for one in known if one in _hall_share_figure_paths()), *more, *_hall_share_figure_paths())
        )
        return {one: figure_name(one, self.hall_setup) for one in paths}

    def _followable_figures(self, *more: str) -> dict[str, str]:
        """Return what can be followed: shares, and minutes."""
        known = [
            one["name"]
            for one in self.project["state"]
            if one["what"] == "figure" and is_minutes_figure_path(one["name"])
        ]
        return self._figure_choices(*more) | {
            one: figure_name(one, self.hall_setup) for one in dict.fromkeys((*known, *_hall_minutes_figure_paths()))
        }

    def _staff_choices(self) -> dict[str, str]:
        return {code: staff_name(self.hall_setup, code) for code in self.hall_setup.staff}

    def ask_changed_title_and_leader(self) -> None:
        """Ask for another title or leader."""
        project = self.project
        asked: list[Row] = [
            records.prefilled_input_spec("title", _("Title", context="project"), project["title"]),
            records.prefilled_input_spec("leader", _("Led by"), project["leader"], choices=self._staff_choices()),
        ]
        self._open_project_form(
            _("Project {number}", number=self.project_number), _("Keep it"), asked, partial(self._run_verb, "rename")
        )

    def _run_verb(self, verb: str, answer: Mapping[str, Any]) -> None:
        self.controller.run_act(verb, self.project_number, **answer)

    def ask_figure_to_cite(self, verb: str) -> None:
        """Ask for a figure of dates: what the project came from, or its present state."""
        asked: list[Row] = [
            records.prefilled_input_spec("path", _("Figure"), choices=self._figure_choices()),
            self._date_span_fields(),
        ]
        effect = _("Any other figure, chart or page: press “Cite …” next to it.")

        def cite_figure(answer: dict[str, Any]) -> None:
            self.controller.run_act(verb, self.project_number, projects.EvidenceCitation(**answer))

        self._open_project_form(_("Which figure?"), _("Cite it"), asked, cite_figure, effect)

    def offer_finding_kinds(self, under: QWidget) -> None:
        """Ask what kind of thing the project came from."""
        self._page.open_menu(
            under,
            [
                (_("A figure …"), partial(self.ask_figure_to_cite, "finding")),
                (_("A case …"), self.ask_origin_case),
                (_("A ticket …"), self.ask_origin_ticket),
                (_("An inspection …"), self.controller.read_signed_inspections),
            ],
        )

    def _cite_finding(self, finding: projects.EvidenceCitation) -> None:
        self.controller.run_act("finding", self.project_number, finding)

    def ask_origin_case(self) -> None:
        """Ask for the case that a project came from."""
        asked: list[Row] = [records.prefilled_input_spec("number", _("Case"), hint=_("such as 26-036"))]
        take = lambda answer: self._cite_finding(projects.EvidenceCitation(case=answer["number"]))  # noqa: E731
        self._open_project_form(_("Which case?"), _("Cite it"), asked, take)

    def ask_origin_ticket(self) -> None:
        """Ask for the ticket that a project came from."""
        asked: list[Row] = [
            (
                records.prefilled_input_spec("label", _("Ticket"), hint=_("such as A012")),
                records.prefilled_input_spec("day", _("Date"), self.controller.today.isoformat(), kind=records.DAY),
            )
        ]
        take = lambda answer: self._cite_finding(  # noqa: E731
            projects.EvidenceCitation(ticket=half_width_text(answer["label"]).upper(), first=answer["day"])
        )
        self._open_project_form(_("Which ticket?"), _("Cite it"), asked, take)

    def _ask_origin_inspection(self, found: list[_Document]) -> None:
        """Ask which of the inspections of two months it was."""
        if not found:
            self._page.said.emit(_("No inspection was signed this month or the last"), "info")
            return
        words = {
            str(one["inspection"]): list_text(
                [name_in_language(one["name"], one["name_en"]), date_short(date.fromisoformat(one["date"]))]
            )
            for one in found
        }
        asked: list[Row] = [records.prefilled_input_spec("inspection", _("Inspection"), choices=words)]
        take = lambda answer: self._cite_finding(projects.EvidenceCitation(inspection=answer["inspection"]))  # noqa: E731
        self._open_project_form(_("Which inspection?"), _("Cite it"), asked, take)

    def rare_menu_entries(self) -> list[tuple[str, Callable[[], object]]]:
        """Return the entries for what is asked for seldom: what is followed, and the project's end."""
        return [
            (_("Figures followed, and their alarm …"), self.ask_followed_figures),
            (_("Rename it"), self.ask_changed_title_and_leader),
            (_("Drop the project …"), partial(self.ask_why_to_end, projects.ProjectEnding.DROPPED)),
        ]

    def ask_followed_figures(self) -> None:
        """Ask which figures the effect is asked of, each with the line beyond which a week is told the leader."""
        known = list(self.project["follows"])
        choices = {"": _("none", context="figure"), **self._followable_figures(*(one["figure"] for one in known))}
        asked: list[Row] = []
        nothing: _Document = {"figure": "", "alarm": None}
        for n in range(MOST_ASKED):
            one = known[n] if n < len(known) else nothing
            value = "" if one["alarm"] is None else figure_value_as_typed(one["figure"], one["alarm"])
            asked.append(
                (
                    records.prefilled_input_spec(
                        f"figure{n}", _("Figure {n}", n=n + 1), one["figure"], choices=choices, needed=not n
                    ),
                    _number_field(f"alarm{n}", _("Alarm beyond, % or minutes"), value, needed=False),
                )
            )

        def save_followed_figures(answer: dict[str, Any]) -> None:
            said = [(answer[f"figure{n}"], answer[f"alarm{n}"]) for n in range(MOST_ASKED)]
            rows = [
                projects.EffectFigure(figure, figure_value_from_typed_number(figure, alarm)) for figure, alarm in said
            ]
            # More than this question holds stay as they are.
            rows += [projects.EffectFigure(one["figure"], one["alarm"]) for one in known[MOST_ASKED:]]
            self.controller.run_act("follow", self.project_number, [one for one in rows if one.figure])

        effect = _("A whole week beyond the alarm, on the bad side, is reported to the leader on Today.")
        self._open_project_form(_("What is followed?"), _("Follow these"), asked, save_followed_figures, effect)

    def ask_target(self) -> None:
        """Ask what is to be reached by when, and why."""
        target = self.project["target"]
        asked: list[Row] = [
            records.prefilled_input_spec(
                "figure", _("Figure"), target["figure"] if target else "", choices=self._followable_figures()
            ),
            (
                _number_field(
                    "value",
                    _("To reach, % or minutes"),
                    figure_value_as_typed(target["figure"], target["value"]) if target else "",
                ),
                records.prefilled_input_spec("by", _("By"), target["by"] if target else "", kind=records.DAY),
            ),
            records.prefilled_input_spec("reason", _("Why this much?"), target["reason"] if target else ""),
        ]

        def save_target(answer: dict[str, Any]) -> None:
            self._run_verb(
                "target", {**answer, "value": figure_value_from_typed_number(answer["figure"], answer["value"])}
            )

        self._open_project_form(_("The target"), _("Set the target"), asked, save_target)

    def ask_cause(self, n: int = 0) -> None:
        """Ask for a cause and its bone, or for another name of one."""
        cause = next((one for one in self.project["causes"] if one["n"] == n), None)
        asked: list[Row] = [
            records.prefilled_input_spec("name", _("What might cause it?"), cause["name"] if cause else ""),
            (
                records.prefilled_input_spec(
                    "bone",
                    _("Branch"),
                    cause["bone"] if cause else "",
                    choices={bone: bone_word(bone) for bone in BONES},
                ),
                records.prefilled_input_spec(
                    "own_bone", _("Name of your own branch"), (cause["bone_name"] or "") if cause else "", needed=False
                ),
            ),
        ]

        def save_cause(answer: dict[str, Any]) -> None:
            own = answer["own_bone"] if answer["bone"] == OWN_BONE else ""
            words = (answer["name"], answer["bone"])
            if cause is None:
                self.controller.run_act("cause", self.project_number, *words, own_bone=own)
            else:
                self.controller.run_act("change-cause", self.project_number, n, *words, own_bone=own)

        title = _("Cause {n}", n=n) if cause else _("A new cause")
        self._open_project_form(title, _("Add it"), asked, save_cause)

    def offer_cause_actions(self, n: int) -> None:
        self._page.open_menu(
            self._evidence.more_button,
            [
                (_("Rename it"), partial(self.ask_cause, n)),
                (_("Remove the cause"), partial(self.controller.run_act, "remove-cause", self.project_number, n)),
            ],
        )

    # -- evidence ------------------------------------------------------------------------------------------------------

    def offer_evidence_kinds(self, n: int) -> None:
        self._cause = n
        self._page.open_menu(
            self._evidence.gather_button,
            [
                (_("Two groups of the log …"), self.ask_dates_of_groups),
                (_("Two groups counted by hand …"), self.ask_hand_counted_groups),
                (_("A figure …"), self.ask_figure_evidence),
                (_("Tickets …"), self.ask_ticket_evidence),
                (_("Cases …"), self.ask_case_evidence),
                (_("A count, a checklist, remarks …"), self.ask_count_evidence),
            ],
        )

    def _save_evidence(self, gathered: NewEvidence) -> None:
        self.controller.run_act("evidence", self.project_number, self._cause, gathered)

    def _note_field(self) -> records.FormInput:
        return records.prefilled_input_spec("note", _("Note"), needed=False)

    def _date_span_fields(self) -> Row:
        day = self.controller.today
        return (
            records.prefilled_input_spec(
                "first", _("From"), (day - timedelta(days=HISTORY)).isoformat(), kind=records.DAY
            ),
            records.prefilled_input_spec("last", _("To"), (day - timedelta(days=1)).isoformat(), kind=records.DAY),
        )

    def ask_dates_of_groups(self) -> None:
        """Ask of which dates two groups are; then for the groups."""

        def store_dates_and_read_share_names(answer: dict[str, Any]) -> None:
            self._dates = answer["first"], answer["last"]
            self._page.close_question()
            self.controller.read_share_names(*self._dates)

        self._open_project_form(
            _("Two groups of the log"),
            _("Choose the groups"),
            [self._date_span_fields()],
            store_dates_and_read_share_names,
        )

    def _ask_shares_to_compare(self, shares: dict[str, str]) -> None:
        """Ask for the share with the cause and the one without it, of those that there are."""
        first, last = self._dates
        asked: list[Row] = [
            records.prefilled_input_spec("with_", _("With the cause"), choices=shares),
            records.prefilled_input_spec("without", _("Without it"), choices=shares),
            self._note_field(),
        ]

        def save_compared_shares(answer: dict[str, Any]) -> None:
            groups = (answer["with_"], answer["without"])
            self._save_evidence(
                NewEvidence(
                    finding=projects.EvidenceCitation(first=first, last=last), groups=groups, note=answer["note"]
                )
            )

        self._open_project_form(_("Which groups?"), _("Compare them"), asked, save_compared_shares)

    def ask_hand_counted_groups(self) -> None:
        """Ask for two groups that were counted by hand."""
        asked: list[Row] = [
            (
                records.prefilled_input_spec("with_", _("With the cause, n/of"), hint=_("such as 12/60")),
                records.prefilled_input_spec("without", _("Without it, n/of"), hint=_("such as 12/60")),
            ),
            self._note_field(),
        ]

        def save_hand_counts(answer: dict[str, Any]) -> None:
            self._save_evidence(NewEvidence(groups=(answer["with_"], answer["without"]), note=answer["note"]))

        self._open_project_form(_("Two groups counted by hand"), _("Compare them"), asked, save_hand_counts)

    def ask_figure_evidence(self) -> None:
        """Ask for a figure that speaks for or against a cause."""
        asked: list[Row] = [
            records.prefilled_input_spec("path", _("Figure"), choices=self._figure_choices()),
            self._date_span_fields(),
            self._note_field(),
        ]

        def save_figure_evidence(answer: dict[str, Any]) -> None:
            note = answer.pop("note")
            self._save_evidence(NewEvidence(finding=projects.EvidenceCitation(**answer), note=note))

        self._open_project_form(_("Which figure?"), _("Cite it"), asked, save_figure_evidence)

    def ask_ticket_evidence(self) -> None:
        """Ask for tickets of a date."""
        asked: list[Row] = [
            (
                records.prefilled_input_spec("labels", _("Tickets"), hint=_("such as A012 A034")),
                records.prefilled_input_spec("day", _("Date"), self.controller.today.isoformat(), kind=records.DAY),
            ),
            self._note_field(),
        ]

        def save_ticket_evidence(answer: dict[str, Any]) -> None:
            labels = answer["labels"].upper().replace(",", " ").replace("，", " ").split()
            tickets = tuple((answer["day"], label) for label in labels)
            self._save_evidence(NewEvidence(tickets=tickets, note=answer["note"]))

        self._open_project_form(_("Which tickets?"), _("Cite them"), asked, save_ticket_evidence)

    def ask_case_evidence(self) -> None:
        """Ask for cases by their numbers."""
        asked: list[Row] = [
            records.prefilled_input_spec("numbers", _("Cases"), hint=_("such as 26-036 26-041")),
            self._note_field(),
        ]

        def save_case_evidence(answer: dict[str, Any]) -> None:
            numbers = answer["numbers"].replace(",", " ").replace("，", " ").split()
            self._save_evidence(NewEvidence(cases=numbers, note=answer["note"]))

        self._open_project_form(_("Which cases?"), _("Cite them"), asked, save_case_evidence)

    def ask_count_evidence(self) -> None:
        """Ask what was counted by hand, and of what."""
        asked: list[Row] = [
            records.prefilled_input_spec("counted", _("Counted"), hint=_("such as 7 or 7/20")),
            records.prefilled_input_spec("note", _("What was counted?")),
        ]

        def save_count_evidence(answer: dict[str, Any]) -> None:
            self._save_evidence(NewEvidence(**answer))

        self._open_project_form(_("A count"), _("Add it"), asked, save_count_evidence)

    # -- measures, dates, standards, the end -------------------------------------------------------------------------

    def offer_row_actions(self, leads: tuple[Any, ...], under: QWidget) -> None:
        """Offer what can be done with a row."""
        kind = leads[0]
        do, number = self.controller.run_act, self.project_number
        if kind == "title":
            self.ask_changed_title_and_leader()
        elif kind == "finding":
            self.offer_finding_kinds(under)
        elif kind == "target":
            self.ask_target()
        elif kind == "next":
            self.ask_project_next_step()
        elif kind == "state":
            self._page.open_menu(under, [(_("Remove"), partial(do, "drop-state", number, leads[1]))])
        elif kind == "evidence" and self._evidence.number is not None:
            act = partial(do, "remove-evidence", number, self._evidence.number, leads[1])
            self._page.open_menu(under, [(_("Remove"), act)])
        elif kind == "measure":
            n = leads[1]
            self._page.open_menu(
                under,
                [
                    (_("Done …"), partial(self.ask_measure_done_date, n)),
                    (_("Write it again"), partial(self.ask_measure, n)),
                    (_("Remove the measure"), partial(do, "remove-measure", number, n)),
                ],
            )

    def ask_done_date_of_open_measure(self) -> None:
        self.ask_measure_done_date(next(one["n"] for one in self.project["measures"] if one["done"] is None))

    def ask_measure_done_date(self, n: int) -> None:
        what = next(one["what"] for one in self.project["measures"] if one["n"] == n)
        asked: list[Row] = [
            records.prefilled_input_spec("day", _("Done on"), self.controller.today.isoformat(), kind=records.DAY)
        ]
        take = lambda answer: self.controller.run_act("done", self.project_number, n, answer["day"])  # noqa: E731
        self._open_project_form(what, _("Note it"), asked, take)

    def ask_measure(self, n: int = 0) -> None:
        """Ask what is done, by whom, until when, where, at what cost, and against which cause."""
        one = next((each for each in self.project["measures"] if each["n"] == n), None)
        confirmed = [each for each in self.project["causes"] if each["judgement"] == "confirmed"]
        causes = {str(each["n"]): each["name"] for each in confirmed or self.project["causes"]}
        against = str(one["causes"][0]) if one and one["causes"] else next(iter(causes), "")
        asked: list[Row] = [
            records.prefilled_input_spec("what", _("What is done?"), one["what"] if one else ""),
            records.prefilled_input_spec("cause", _("Against which cause?"), against, choices=causes, needed=False),
            (
                records.prefilled_input_spec(
                    "who",
                    _("Who does it?"),
                    one["who"] if one else self.project["leader"],
                    choices=self._staff_choices(),
                ),
                records.prefilled_input_spec("due", _("Until"), one["due"] if one else "", kind=records.DAY),
            ),
            (
                records.prefilled_input_spec("where", _("Where?"), (one["where"] or "") if one else "", needed=False),
                records.prefilled_input_spec(
                    "cost",
                    _("Cost"),
                    "" if one is None or one["cost"] is None else str(one["cost"]),
                    kind=records.NUMBER,
                    needed=False,
                ),
            ),
        ]

        def save_measure(answer: dict[str, Any]) -> None:
            cause = answer.pop("cause")
            plan = PlannedMeasure(**answer, causes=(int(cause),) if cause else ())
            if one is None:
                self.controller.run_act("measure", self.project_number, plan)
            else:
                self.controller.run_act("change-measure", self.project_number, n, plan)

        self._open_project_form(_("Measure {n}", n=n) if one else _("A new measure"), _("Add it"), asked, save_measure)

    def ask_compared_dates(self) -> None:
        spans, day = self.project["spans"], self.controller.today
        done = [one["done"] for one in self.project["measures"] if one["done"]]
        start = spans["measures"] if spans else max(done, default=day.isoformat())
        begun = date.fromisoformat(start)
        known = {
            "first": begun - timedelta(days=HISTORY),
            "last": begun - timedelta(days=1),
            "then": begun,
            "until": begun + timedelta(days=HISTORY - 1),
        }
        if spans:
            keys = (
                ("first", "before", "from"),
                ("last", "before", "to"),
                ("then", "after", "from"),
                ("until", "after", "to"),
            )
            known = {name: date.fromisoformat(spans[side][end]) for name, side, end in keys}
        days = {name: one.isoformat() for name, one in known.items()}
        asked: list[Row] = [
            records.prefilled_input_spec("measures", _("The measures began on"), start, kind=records.DAY),
            (
                records.prefilled_input_spec("first", _("Before: from"), days["first"], kind=records.DAY),
                records.prefilled_input_spec("last", _("to"), days["last"], kind=records.DAY),
            ),
            (
                records.prefilled_input_spec("then", _("After: from"), days["then"], kind=records.DAY),
                records.prefilled_input_spec("until", _("to"), days["until"], kind=records.DAY),
            ),
        ]

        def save_compared_dates(answer: dict[str, Any]) -> None:
            found = projects.ComparedDateSpans(
                before=(answer["first"], answer["last"]),
                measures=answer["measures"],
                after=(answer["then"], answer["until"]),
            )
            self.controller.run_act("spans", self.project_number, found)

        effect = _("Days without a counterpart in the other span are left out and listed.")
        self._open_project_form(_("What is compared?"), _("Compare them"), asked, save_compared_dates, effect)

    def make_measures_standard(self, chosen: dict[int, str]) -> None:
        what = {one["n"]: one["what"] for one in self.project["measures"]}
        made = []
        for n, place in chosen.items():
            if place == projects.ResultingStandard.RULE:
                self._open_rule_standard_form(n, {each: other for each, other in chosen.items() if each != n})
                return
            if place.startswith(CARD):
                made.append(
                    (
                        n,
                        projects.StandardContent(
                            place=projects.ResultingStandard.CARD, text=what[n], card=place.removeprefix(CARD)
                        ),
                    )
                )
            else:
                made.append((n, projects.StandardContent(place=projects.ResultingStandard(place), text=what[n])))
        self._make_standards([*self._standards, *made])

    def _make_standards(self, made: list[tuple[int, projects.StandardContent]]) -> None:
        self._standards = []
        self.controller.run_act_for_each_in_turn("standard", [(self.project_number, n, one) for n, one in made])

    def _open_rule_standard_form(self, n: int, rest: dict[int, str]) -> None:
        rules = {key: wording_in_current_language(rule.title) for key, rule in HALL_RULES.items()}
        asked: list[Row] = [
            (
                records.prefilled_input_spec("key", _("Rule"), choices=rules),
                records.prefilled_input_spec("value", _("Value", context="rule")),
            )
        ]

        def add_rule_standard(answer: dict[str, Any]) -> None:
            self._standards.append((n, projects.StandardContent(place=projects.ResultingStandard.RULE, **answer)))
            self.make_measures_standard(rest) if rest else self._make_standards(self._standards)

        self._open_project_form(_("Which rule?"), _("Set the rule"), asked, add_rule_standard)

    def ask_project_next_step(self) -> None:
        asked: list[Row] = [records.prefilled_input_spec("words", _("Next step"), self.project["next"] or "")]
        self._open_project_form(_("What comes next?"), _("Add it"), asked, partial(self._run_verb, "next"))

    def ask_why_to_end(self, ending: projects.ProjectEnding) -> None:
        """Ask whether the project ends, and why."""
        is_dropped = ending is projects.ProjectEnding.DROPPED
        asked: list[Row] = [
            records.prefilled_input_spec("words", _("Why?") if is_dropped else _("Anything to add?"), needed=is_dropped)
        ]
        title = (
            _("Drop project {number}", number=self.project_number)
            if is_dropped
            else _("Close project {number}", number=self.project_number)
        )
        take = lambda answer: self.controller.run_act("end", self.project_number, ending, answer["words"])  # noqa: E731
        self._open_project_form(title, _("Drop it") if is_dropped else _("Close it"), asked, take)
