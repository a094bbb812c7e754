"""Leads an improvement project: opens it, sets what its steps hold, writes down causes, evidence and measures, judges,
makes a measure standard, ends it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from queuedesk.core.errors import RuleError
from queuedesk.core.figures.comparing import NumeratorAndDenominator
from queuedesk.core.improvement import following
from queuedesk.core.improvement import project as projects
from queuedesk.core.log.apply import MILLION
from queuedesk.core.log.state import PROJECTS
from queuedesk.core.network.roles import ReadScope
from queuedesk.core.quality.case import Citation
from queuedesk.core.quality.inspection import OPENING, SHEETS, last_briefing_of_date
from queuedesk.core.setup.file import HALL_RULES, rows_of_part
from queuedesk.desk import improvement, setting_up
from queuedesk.desk.change import Ask, Desk, Document, HallChange, runs_in_transaction
from queuedesk.desk.looking import business_date_of_change
from queuedesk.desk.quality import inspecting
from queuedesk.desk.reading import LONGEST_CITED, store_required_words, store_words_and_give_log_reference, stored_words
from queuedesk.features.projects.rules import BONES, OWN_BONE, NewEvidence, PlannedMeasure
from queuedesk.store.parts import part_tables

LONGEST_TITLE, LONGEST_NAME, LONGEST_WORDS = 60, 60, 300
MOST_CAUSES, MOST_EVIDENCE, MOST_MEASURES, MOST_FOLLOWED = 30, 10, 20, 8
MOST_COST = 1_000_000_000
LONGEST_SPAN = timedelta(days=366)
SET_UP = (projects.ResultingStandard.OPENING, projects.ResultingStandard.CARD, projects.ResultingStandard.RULE)
"""What is made by changing the set-up, which takes the right to."""


# -- topic, state, target, what is followed ----------------------------------------------------------------------------


def open_project(
    desk: Desk, ask: Ask, title: str, leader: str, finding: projects.EvidenceCitation | None = None
) -> Document:
    """Open a project, from a finding if there is one. Raises RuleError "bad_value", "unknown_staff", "not_there",
    "unknown_ticket"."""
    return _record_project_opening(
        desk, ask, title, leader, finding, improvement.citation_with_present_values(desk, ask, finding)
    )


@runs_in_transaction("project")
def _record_project_opening(
    change: HallChange, title: str, leader: str, finding: projects.EvidenceCitation | None, seen: Citation | None
) -> Document:
    change.setup.person_by_code(leader)
    kept = store_required_words(change, "title", title, longest=LONGEST_TITLE)
    cited = (
        improvement.store_citation_outside_log(change, improvement.citation_of_finding(change, finding, seen))
        if finding
        else None
    )
    numbers = [one.number for one in part_tables.objects_where(change.tx, change.book.id, PROJECTS).values()]
    event = change.record(
        "project-open",
        number=max(numbers, default=0) + 1,
        title=kept,
        leader=leader,
        finding=cited,
        salt=change.salts(),
    )
    return {"project": change.book.get_record(PROJECTS, event.seq).number}


@runs_in_transaction("project")
def rename_or_reassign_project(change: HallChange, number: int, *, title: str = "", leader: str = "") -> Document:
    """Give a project another title or leader. Raises RuleError "not_there", "project_ended", "bad_value",
    "unknown_staff"."""
    project = improvement.require_open_project(change, number)
    if leader:
        change.setup.person_by_code(leader)
    return improvement.record_project_fields(
        change,
        project,
        title=store_words_and_give_log_reference(change, "title", title, longest=LONGEST_TITLE),
        leader=leader or None,
    )


@runs_in_transaction("project")
def remove_present_state_item(change: HallChange, number: int, n: int) -> Document:
    """Take back what the present state cites in place `n`, from 1. Raises RuleError "not_there", "project_ended"."""
    project = improvement.require_open_project(change, number)
    if not 1 <= n <= len(project.state):
        raise RuleError("not_there", kind="state", code=str(n))
    return improvement.record_project_fields(
        change, project, state=[one for at, one in enumerate(project.state, start=1) if at != n]
    )


@runs_in_transaction("project")
def set_target(change: HallChange, number: int, figure: str, value: float, *, by: date, reason: str) -> Document:
    """Set what a figure is to reach, a share in 0..1 or minutes, by when and why; it is followed from then on. Raises
    RuleError "not_there", "project_ended", "bad_value"."""
    project = improvement.require_open_project(change, number)
    _require_followable_figure(figure)
    _require_in_range("value", value, figure)
    words = store_required_words(change, "reason", reason, longest=LONGEST_WORDS)
    improvement.record_project_fields(
        change, project, figure=figure, value=round(value * MILLION), by=by.isoformat(), words=words
    )
    if all(one.figure != figure for one in project.follows):
        _store_followed_figures(change, project, [projects.EffectFigure(figure), *project.follows])
    return {"project": number}


@runs_in_transaction("project")
def set_followed_figures(change: HallChange, number: int, follows: Sequence[projects.EffectFigure]) -> Document:
    """Say which figures the effect is asked of, each with the line beyond which a week is told the leader. Raises
    RuleError "not_there", "project_ended", "bad_value"."""
    project = improvement.require_open_project(change, number)
    for one in follows:
        _require_followable_figure(one.figure)
        if one.alarm is not None:
            _require_in_range("alarm", one.alarm, one.figure)
            if following.better_direction(one.figure) is None:
                raise RuleError("bad_value", field="alarm", value=one.figure, why="not_a_choice")
    return _store_followed_figures(change, project, follows)


def _store_followed_figures(
    change: HallChange, project: projects.Project, follows: Sequence[projects.EffectFigure]
) -> Document:
    rows: dict[str, dict[str, Any]] = {}
    for one in follows:
        alarm = {} if one.alarm is None else {"alarm": round(one.alarm * MILLION)}
        rows[one.figure] = {"figure": one.figure, **alarm}
    improvement.require_below_limit("figure", len(rows) - 1, MOST_FOLLOWED)
    return improvement.record_project_fields(change, project, follows=list(rows.values()))


@runs_in_transaction("project")
def set_comparison_spans(change: HallChange, number: int, spans: projects.ComparedDateSpans) -> Document:
    """Say which dates are compared: those before and those after the day on which the measures began. Raises RuleError
    "not_there", "project_ended", "bad_value" for spans that overlap or touch the wrong side of that day."""
    project = improvement.require_open_project(change, number)
    (first, last), (then, until) = spans.before, spans.after
    if not first <= last < spans.measures <= then <= until:
        raise RuleError("bad_value", field="date", value=spans.measures.isoformat(), why="out_of_range")
    if max(last - first, until - then) > LONGEST_SPAN:
        raise RuleError("bad_value", field="date", value=until.isoformat(), why="out_of_range")
    days = {"first": first, "last": last, "measures": spans.measures, "then": then, "until": until}
    return improvement.record_project_fields(change, project, **{name: day.isoformat() for name, day in days.items()})


@runs_in_transaction("project")
def set_next_step(change: HallChange, number: int, words: str) -> Document:
    """Write down the next step. Raises RuleError "not_there", "project_ended", "bad_value"."""
    project = improvement.require_open_project(change, number)
    return improvement.record_project_fields(
        change, project, next=store_required_words(change, "next", words, longest=LONGEST_WORDS)
    )


# -- causes and their evidence -----------------------------------------------------------------------------------------


@runs_in_transaction("project")
def add_cause(change: HallChange, number: int, name: str, bone: str, *, own_bone: str = "") -> Document:
    """Write down a cause on a bone. Raises RuleError "not_there", "project_ended", "bad_value"."""
    project = improvement.require_open_project(change, number)
    improvement.require_below_limit("cause", len(project.numbered_unremoved_causes), MOST_CAUSES)
    return _record_cause(change, project, len(project.causes) + 1, named=(name, bone, own_bone))


@runs_in_transaction("project")
def change_cause(change: HallChange, number: int, n: int, name: str, bone: str, *, own_bone: str = "") -> Document:
    """Name a cause otherwise, or put it on another bone. Raises as add_cause."""
    project = improvement.require_open_project(change, number)
    _cause_by_number_or_raise(project, n)
    return _record_cause(change, project, n, named=(name, bone, own_bone))


def _record_cause(change: HallChange, project: projects.Project, n: int, *, named: tuple[str, str, str]) -> Document:
    name, bone, own_bone = named
    if bone not in BONES:
        raise RuleError("bad_value", field="bone", value=bone, why="not_a_choice", limit=list(BONES))
    own = store_required_words(change, "bone", own_bone, longest=LONGEST_NAME) if bone == OWN_BONE else None
    words = store_required_words(change, "cause", name, longest=LONGEST_NAME)
    change.record("project-cause", of=project.seq, n=n, words=words, bone=bone, own_bone=own, salt=change.salts())
    return {"project": project.number, "cause": n}


@runs_in_transaction("project")
def remove_cause(change: HallChange, number: int, n: int) -> Document:
    """Remove a cause that was written down by mistake; one with evidence stays and is rejected. Raises RuleError
    "not_there", "project_ended", "cause_has_evidence"."""
    project = improvement.require_open_project(change, number)
    if _cause_by_number_or_raise(project, n).evidence:
        raise RuleError("cause_has_evidence", cause=n)
    change.record("project-cause", of=project.seq, n=n, removed=True, salt=change.salts())
    return {"project": number, "cause": n}


def add_evidence(desk: Desk, ask: Ask, number: int, n: int, gathered: NewEvidence) -> Document:
    """Add a piece of evidence to a cause, for or against it. Raises RuleError "not_there", "project_ended",
    "bad_value", "unknown_ticket"."""
    finding = gathered.finding
    parts: dict[str, NumeratorAndDenominator] = {}
    if gathered.groups and finding and finding.first and finding.last and ask.who.may_read(ReadScope.FIGURES):
        if not finding.first <= finding.last <= business_date_of_change(desk, ask.now):
            raise RuleError("bad_value", field="date", value=finding.last.isoformat(), why="out_of_range")
        parts = dict(improvement.counts_of_all_shares_in_dates(desk, finding.first, finding.last, ask.now))
    seen = None if gathered.groups else improvement.citation_with_present_values(desk, ask, finding)
    return _add_evidence(desk, ask, number, n, gathered, seen=seen, parts=parts)


@runs_in_transaction("project")
def _add_evidence(
    change: HallChange,
    number: int,
    n: int,
    gathered: NewEvidence,
    *,
    seen: Citation | None,
    parts: dict[str, NumeratorAndDenominator],
) -> Document:
    project = improvement.require_open_project(change, number)
    cause = _cause_by_number_or_raise(project, n)
    improvement.require_below_limit("evidence", len(cause.evidence), MOST_EVIDENCE)
    said = _evidence_content(change, gathered, seen, parts)
    words = store_required_words(change, "evidence", said.stored_text, longest=LONGEST_CITED)
    change.record("project-evidence", of=project.seq, n=n, kind=str(said.kind), words=words, salt=change.salts())
    return {"project": number, "cause": n}


def _evidence_content(
    change: HallChange, gathered: NewEvidence, seen: Citation | None, parts: dict[str, NumeratorAndDenominator]
) -> following.EvidenceContent:
    note = " ".join(gathered.note.split())
    if len(note) > LONGEST_WORDS:
        raise RuleError("bad_value", field="note", value=note[:20], why="too_long")
    finding = gathered.finding
    if gathered.groups:
        groups = tuple(_parse_evidence_share(one, finding, parts) for one in gathered.groups)
        has_path = any(one.path for one in groups)
        dates = (finding.first, finding.last) if finding and has_path else (None, None)
        return following.EvidenceContent(
            kind=projects.EvidenceKind.COMPARE, note=note, first=dates[0], last=dates[1], groups=(groups[0], groups[1])
        )
    if gathered.tickets:
        found = [change.ticket_by_label(label, day) for day, label in gathered.tickets]
        return following.EvidenceContent(
            kind=projects.EvidenceKind.TICKETS,
            note=note,
            tickets=tuple(dict.fromkeys((one.date, one.label) for one in found)),
        )
    if gathered.cases:
        for one in gathered.cases:
            improvement.find_case_date_by_number(change, one)
        return following.EvidenceContent(
            kind=projects.EvidenceKind.CASES, note=note, cases=tuple(dict.fromkeys(gathered.cases))
        )
    if finding is not None:
        return following.EvidenceContent(
            kind=projects.EvidenceKind.FIGURE, note=note, cited=improvement.citation_of_finding(change, finding, seen)
        )
    if not note:
        raise RuleError("bad_value", field="note", value=None, why="empty")
    n, of = _parse_hand_counts(gathered.counted, may_lack_whole=True)
    return following.EvidenceContent(kind=projects.EvidenceKind.COUNT, note=note, n=n, of=of)


def _parse_evidence_share(
    text: str, finding: projects.EvidenceCitation | None, parts: dict[str, NumeratorAndDenominator]
) -> following.EvidenceShare:
    if "/" in text and text.replace("/", "").isdecimal():
        n, of = _parse_hand_counts(text)
        return following.EvidenceShare(n=n, of=of)
    _require_share(text)
    if finding is None or finding.first is None or finding.last is None:
        raise RuleError("bad_value", field="date", value=None, why="empty")
    found = parts.get(text, NumeratorAndDenominator(0, 0))
    return following.EvidenceShare(n=found.n, of=found.of, path=text)


def _parse_hand_counts(text: str, *, may_lack_whole: bool = False) -> tuple[int, int]:
    """Return what was counted by hand, "12/60"."""
    n, has_whole, of = text.partition("/")
    if not n.isdecimal() or (has_whole and not of.isdecimal()) or not (has_whole or may_lack_whole) or len(text) > 15:
        raise RuleError("bad_value", field="counted", value=text[:20], why="not_a_number")
    if has_whole and not 0 <= int(n) <= int(of) != 0:
        raise RuleError("bad_value", field="counted", value=text, why="out_of_range", limit=f"0–{of}")
    return int(n), int(of or 0)


@runs_in_transaction("project")
def remove_evidence(change: HallChange, number: int, n: int, place: int) -> Document:
    """Take back a piece of evidence by its place, from 1; a cause that was confirmed and has none left is open again.
    Raises RuleError "not_there", "project_ended"."""
    project = improvement.require_open_project(change, number)
    if not 1 <= place <= len(_cause_by_number_or_raise(project, n).evidence):
        raise RuleError("not_there", kind="evidence", code=f"{n}/{place}")
    change.record("project-evidence", of=project.seq, n=n, removed=place, salt=change.salts())
    return {"project": number, "cause": n}


@runs_in_transaction("project")
def judge_cause(change: HallChange, number: int, n: int, judgement: projects.CauseJudgement) -> Document:
    """Judge a cause; a later judgement takes the place of an earlier one. Raises RuleError "not_there",
    "project_ended", "no_evidence" for one to be confirmed that has none."""
    project = improvement.require_open_project(change, number)
    cause = _cause_by_number_or_raise(project, n)
    if judgement is projects.CauseJudgement.CONFIRMED and not cause.evidence:
        raise RuleError("no_evidence", cause=n)
    if judgement is not cause.judgement:
        change.record("project-judge", of=project.seq, n=n, judgement=str(judgement), salt=change.salts())
    return {"project": number, "cause": n}


# -- measures and the end ----------------------------------------------------------------------------------------------


@runs_in_transaction("project")
def add_measure(change: HallChange, number: int, plan: PlannedMeasure) -> Document:
    """Write down a measure. Raises RuleError "not_there", "project_ended", "bad_value", "unknown_staff"."""
    project = improvement.require_open_project(change, number)
    improvement.require_below_limit("measure", len(project.numbered_unremoved_measures), MOST_MEASURES)
    return _record_measure(change, project, len(project.measures) + 1, plan)


@runs_in_transaction("project")
def change_measure(change: HallChange, number: int, n: int, plan: PlannedMeasure) -> Document:
    """Write a measure anew. Raises as add_measure."""
    project = improvement.require_open_project(change, number)
    measure_by_number(project, n)
    return _record_measure(change, project, n, plan)


def _record_measure(change: HallChange, project: projects.Project, n: int, plan: PlannedMeasure) -> Document:
    change.setup.person_by_code(plan.who)
    for one in plan.causes:
        _cause_by_number_or_raise(project, one)
    if plan.cost is not None and not 0 <= plan.cost <= MOST_COST:
        raise RuleError("bad_value", field="cost", value=plan.cost, why="out_of_range", limit=f"0–{MOST_COST}")
    change.record(
        "project-measure",
        of=project.seq,
        n=n,
        words=store_required_words(change, "measure", plan.what, longest=LONGEST_WORDS),
        where=store_words_and_give_log_reference(change, "where", plan.where, longest=LONGEST_NAME),
        who=plan.who,
        due=plan.due.isoformat(),
        cost=plan.cost,
        causes=list(plan.causes),
        salt=change.salts(),
    )
    return {"project": project.number, "measure": n}


@runs_in_transaction("project")
def record_measure_done(change: HallChange, number: int, n: int, day: date) -> Document:
    """Note on which date a measure was done. Raises RuleError "not_there", "project_ended", "bad_value" for a date to
    come."""
    project = improvement.require_open_project(change, number)
    measure_by_number(project, n)
    if day > change.date:
        raise RuleError("bad_value", field="done", value=day.isoformat(), why="out_of_range")
    change.record("project-measure", of=project.seq, n=n, done=day.isoformat(), salt=change.salts())
    return {"project": number, "measure": n}


@runs_in_transaction("project")
def remove_measure(change: HallChange, number: int, n: int) -> Document:
    """Remove a measure that became nothing yet. Raises RuleError "not_there", "project_ended",
    "measure_is_standard"."""
    project = improvement.require_open_project(change, number)
    if measure_by_number(project, n).standard is not None:
        raise RuleError("measure_is_standard", measure=n)
    change.record("project-measure", of=project.seq, n=n, removed=True, salt=change.salts())
    return {"project": number, "measure": n}


@runs_in_transaction("project")
def close_or_drop_project(change: HallChange, number: int, ending: projects.ProjectEnding, words: str = "") -> Document:
    """Close a project whose effect was looked at, or drop it, which needs a reason. Raises RuleError "not_there",
    "project_ended", "reason_needed", "project_not_done" with the first step that lacks something."""
    project = improvement.require_open_project(change, number)
    if ending is projects.ProjectEnding.DROPPED:
        change.required_reason(words)
    elif (step := project.current_step(change.date)) is not None:
        raise RuleError("project_not_done", number=number, step=str(step))
    kept = store_words_and_give_log_reference(change, "reason", words, longest=LONGEST_WORDS)
    change.record("project-end", of=project.seq, ending=str(ending), words=kept, salt=change.salts())
    return {"project": number}


# -- what becomes standard ---------------------------------------------------------------------------------------------


@runs_in_transaction("project")
def make_measure_standard(change: HallChange, number: int, n: int, made: projects.StandardContent) -> Document:
    """Make a measure standard in one act: what it becomes, and that it did. The words of an item, step or point stand
    in the set-up and the briefing, where everybody reads them. Who may not change the set-up asks for it: it waits for
    somebody who may.

    Raises RuleError "not_there", "project_ended", "measure_is_standard", "bad_value"."""
    project = improvement.require_open_project(change, number)
    was = measure_by_number(project, n).standard
    if was is not None and was.place is not projects.ResultingStandard.NOTHING and not was.is_asked:
        raise RuleError("measure_is_standard", measure=n)
    if (
        made.place not in (projects.ResultingStandard.RULE, projects.ResultingStandard.NOTHING)
        and not made.text.strip()
    ):
        raise RuleError("bad_value", field="text", value=None, why="empty")
    words = (
        store_words_and_give_log_reference(change, "standard", made.stored_text)
        if made.place is not projects.ResultingStandard.NOTHING
        else None
    )
    if made.place in SET_UP and not change.who.may("set-up"):
        _record_standard(change, project, n, made, ref=_checked_standard_place(change, made), words=words, asked=True)
    else:
        _record_standard(change, project, n, made, ref=_MAKE[made.place](change, made), words=words)
    return {"project": number, "measure": n}


@runs_in_transaction("project")
def make_requested_standard(change: HallChange, number: int, n: int) -> Document:
    """Make standard what somebody without the right to the set-up asked for. Raises RuleError "not_your_role",
    "not_there" where nothing waits, "project_ended", "bad_value"."""
    change.who.require_may("set-up")
    project = improvement.require_open_project(change, number)
    was = measure_by_number(project, n).standard
    said = stored_words(change.tx, change.book.id, [was.words]) if was is not None and was.is_asked else {}
    if was is None or was.words not in said:
        raise RuleError("not_there", kind="standard", code=f"{number}/{n}")
    made = projects.StandardContent.read(was.place, was.ref, said[was.words])
    _record_standard(change, project, n, made, ref=_MAKE[made.place](change, made), words=was.words, asked_by=was.by)
    return {"project": number, "measure": n}


def _record_standard(
    change: HallChange, project: projects.Project, n: int, made: projects.StandardContent, **data: Any
) -> None:
    change.record("project-standard", of=project.seq, n=n, place=str(made.place), **data, salt=change.salts())


def _checked_standard_place(change: HallChange, made: projects.StandardContent) -> str:
    """Return what names the place of something that is asked for."""
    if made.place is projects.ResultingStandard.CARD:
        _require_setup_row(change, "cards", made.card)
    if made.place is projects.ResultingStandard.RULE and (made.key not in HALL_RULES or not made.value):
        raise RuleError("bad_value", field=made.key or "key", value=made.value, why="not_a_choice")
    return made.card or made.key


def _add_opening_sheet_item(change: HallChange, made: projects.StandardContent) -> str:
    code = SHEETS[OPENING]
    items = [
        *_require_setup_row(change, "sheets", code)["items"],
        {"text": made.text, "text_en": made.text_en, "weight": 5},
    ]
    setting_up.set_row_in_change(change, "sheets", code, {"items": items})
    return str(len(items))


def _add_step_to_card(change: HallChange, made: projects.StandardContent) -> str:
    step = {"text": made.text, "text_en": made.text_en}
    setting_up.set_row_in_change(
        change, "cards", made.card, {"steps": [*_require_setup_row(change, "cards", made.card)["steps"], step]}
    )
    return made.card


def _set_rule(change: HallChange, made: projects.StandardContent) -> str:
    setting_up.set_row_in_change(change, "settings", made.key, {made.key: made.value})
    return made.key


def _add_todays_briefing_point(change: HallChange, made: projects.StandardContent) -> str:
    """Add a point to today's briefing, and return the briefing's seq. If only the briefing has a second language, the
    point is the same in both."""
    tx, hall, day = change.tx, change.book.id, change.date
    last = last_briefing_of_date(inspecting.briefings_between(tx, hall, day), day)
    document = inspecting.briefing_documents(tx, hall, change.setup, [last])[0] if last else None
    points, points_en = (document["points"], document["points_en"]) if document else ([], [])
    both = [*points_en, made.text_en or made.text] if points_en or (not points and made.text_en) else ()
    return str(inspecting.record_todays_briefing(change, [*points, made.text], both))


def _leave_setup_unchanged(_change: HallChange, _made: projects.StandardContent) -> str | None:
    return None


_MAKE: dict[projects.ResultingStandard, Any] = {
    projects.ResultingStandard.OPENING: _add_opening_sheet_item,
    projects.ResultingStandard.CARD: _add_step_to_card,
    projects.ResultingStandard.RULE: _set_rule,
    projects.ResultingStandard.BRIEFING: _add_todays_briefing_point,
    projects.ResultingStandard.NOTHING: _leave_setup_unchanged,
}


def _require_setup_row(change: HallChange, part: str, code: str) -> Document:
    found = next((row for row in rows_of_part(change.setup.document, part) if row["code"] == code), None)
    if found is None:
        raise RuleError("not_there", kind=part, code=code)
    return dict(found)


# -- what they have in common ------------------------------------------------------------------------------------------


def _cause_by_number_or_raise(project: projects.Project, n: int) -> projects.ProjectCause:
    found = project.cause_by_number(n)
    if found is None:
        raise RuleError("not_there", kind="cause", code=str(n))
    return found


def measure_by_number(project: projects.Project, n: int) -> projects.Measure:
    """Return a measure by its number. Raises RuleError "not_there"."""
    found = project.measure_by_number(n)
    if found is None:
        raise RuleError("not_there", kind="measure", code=str(n))
    return found


def _require_share(path: str) -> None:
    if not following.is_share_path(path):
        raise RuleError("bad_value", field="figure", value=path, why="not_a_choice")


def _require_followable_figure(path: str) -> None:
    if not following.is_share_or_minutes_path(path):
        raise RuleError("bad_value", field="figure", value=path, why="not_a_choice")


def _require_in_range(field: str, value: float, figure: str) -> None:
    most = following.MOST_MINUTES if following.is_minutes_figure_path(figure) else 1
    if not 0 <= value <= most:
        raise RuleError("bad_value", field=field, value=str(value), why="out_of_range", limit=f"0–{most:g}")
