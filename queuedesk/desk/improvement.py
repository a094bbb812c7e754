"""Reads improvement projects for pages and papers (the list, fading effects, standards), and records citations."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from queuedesk.core.errors import RuleError
from queuedesk.core.figures import comparing, periods, satisfaction
from queuedesk.core.figures.measures.document import LogRange, figures_document
from queuedesk.core.figures.measures.figure import hall_figure_scope
from queuedesk.core.improvement import following
from queuedesk.core.improvement.project import (
    CauseJudgement,
    EvidenceCitation,
    EvidenceKind,
    Measure,
    Project,
    ProjectEnding,
    ResultingStandard,
    StandardContent,
)
from queuedesk.core.log.state import INSPECTIONS, PROJECTS
from queuedesk.core.network.roles import ReadScope
from queuedesk.core.quality.case import CITED_CASE, CITED_INSPECTION, CITED_TICKET, Citation
from queuedesk.core.queue.hallday import business_date
from queuedesk.core.setup.rows import Setup
from queuedesk.desk.change import Ask, Desk, Document, HallChange, iso_local, runs_in_transaction
from queuedesk.desk.figures import new_citation_of_current_figure, share_counts_by_path
from queuedesk.desk.reading import LONGEST_CITED, store_required_words, stored_words
from queuedesk.store.figures.counted import tally_of_dates
from queuedesk.store.figures.measured import HallReader
from queuedesk.store.parts import halls, part_tables, tickets

MOST_CITED = 12


def all_project_rows(desk: Desk, now: datetime) -> list[Document]:
    """Return all projects without figures, latest first: {"project", "title", "leader", "date", "step", "cause_count",
    "judged_count", "measure_count", "ended", "ending"}; `step` is the first that is not done, null if all are done."""
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        rows = sorted(
            part_tables.objects_of_days(tx, desk.hall, PROJECTS).values(), key=lambda row: row.number, reverse=True
        )
        words = stored_words(tx, desk.hall, [project.title for project in rows])
        day = business_date(setup, now)
    return [project_list_row(setup, project, words.get(project.title, ""), day) for project in rows]


def project_list_row(setup: Setup, project: Project, title: str, today: date) -> Document:
    causes = [cause for _n, cause in project.numbered_unremoved_causes]
    step = project.current_step(today)
    return {
        "project": project.number,
        "title": title,
        "leader": project.leader,
        "date": project.date.isoformat(),
        "step": step and str(step),
        "cause_count": len(causes),
        "judged_count": sum(cause.judgement is not CauseJudgement.OPEN for cause in causes),
        "measure_count": len(project.numbered_unremoved_measures),
        "ended": iso_local(setup, project.ended),
        "ending": project.ending and str(project.ending),
    }


# -- fading effects ----------------------------------------------------------------------------------------------------


def fading_effects(desk: Desk, now: datetime) -> list[Document]:
    """Return the fading effects: figures that were beyond their alarm line over the whole of last week, of projects not
    dropped whose measures had begun by then. Figures of fewer than 30 rows are left out."""
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        first, last = periods.period_span_containing(periods.WEEK, business_date(setup, now) - timedelta(days=7))
        projects = part_tables.objects_of_days(tx, desk.hall, PROJECTS).values()
        watched = [project for project in projects if _is_followed_in_week(project, first)]
        words = stored_words(tx, desk.hall, [project.title for project in watched])
    if not watched:
        return []
    parts = counts_of_all_shares_in_dates(desk, first, last, now)
    timed = {follow.figure for project in watched for follow in project.follows if follow.alarm is not None}
    levels = minute_figures_of_dates(
        desk, first, last, now, [path for path in timed if following.is_minutes_figure_path(path)]
    )
    rows = []
    for project in watched:
        for followed in project.follows:
            part = levels.get(followed.figure) or parts.get(followed.figure, comparing.NumeratorAndDenominator(0, 0))
            value, n = (part.minutes, part.n) if isinstance(part, following.FigureMinutes) else (part.rate, part.of)
            if followed.alarm is None or value is None or n < satisfaction.FEWEST_RANKED:
                continue
            if following.is_beyond_alarm_line(following.better_direction(followed.figure), value, followed.alarm):
                rows.append(
                    {
                        "project": project.number,
                        "title": words.get(project.title, ""),
                        "leader": project.leader,
                        "figure": followed.figure,
                        "from": first.isoformat(),
                        "to": last.isoformat(),
                        **share_or_minutes_document(part),
                        "alarm": followed.alarm,
                    }
                )
    return rows


def _is_followed_in_week(project: Project, week: date) -> bool:
    spans, has_line = project.spans, any(followed.alarm is not None for followed in project.follows)
    return has_line and spans is not None and spans.measures <= week and project.ending is not ProjectEnding.DROPPED


def counts_of_all_shares_in_dates(
    desk: Desk, first: date, last: date, now: datetime
) -> Mapping[str, comparing.NumeratorAndDenominator]:
    """Return the numerators and denominators of all shares of the dates from `first` to `last`, by path. Raises
    OutsideError."""
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        tally = tally_of_dates(HallReader(tx, desk.hall, setup, now), periods.dates_between(first, last), desk.db.path)
    return share_counts_by_path(figures_document(hall_figure_scope(setup, first, last), tally, LogRange()), tally)


def minute_figures_of_dates(
    desk: Desk, first: date, last: date, now: datetime, paths: Collection[str]
) -> dict[str, following.FigureMinutes]:
    """Return the figures in minutes of the dates from `first` to `last`, by path. Raises OutsideError."""
    if not paths:
        return {}
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        tally = tally_of_dates(HallReader(tx, desk.hall, setup, now), periods.dates_between(first, last), desk.db.path)
    return minute_figures_by_path(figures_document(hall_figure_scope(setup, first, last), tally, LogRange()), paths)


def minute_figures_by_path(document: Mapping[str, Any], paths: Collection[str]) -> dict[str, following.FigureMinutes]:
    by_path = dict(comparing.figure_paths_and_values(document)) if paths else {}
    return {
        path: following.FigureMinutes(by_path.get(path), by_path.get(following.row_count_path(path)) or 0)
        for path in paths
    }


# -- standards ---------------------------------------------------------------------------------------------------------


def all_project_standards(desk: Desk) -> list[Document]:
    """Return the standards that projects made, and those that still need somebody with the right to change the set-up
    ("asked"), in the order of the projects: {"project", "title", "measure", "place", "ref", "texts", "value", "asked",
    "by"}. `texts` are the standard's texts in the hall's languages."""
    with desk.db.read() as tx:
        projects = sorted(
            part_tables.objects_of_days(tx, desk.hall, PROJECTS).values(), key=lambda project: project.number
        )
        standards = [measure for project in projects for measure in project.measures if measure.standard]
        stored = [project.title for project in projects]
        stored += [id for measure in standards for id in _text_ids_of_measure(measure) if id]
        texts_by_id = stored_words(tx, desk.hall, stored)
    rows = []
    for project in projects:
        for n, measure in project.numbered_unremoved_measures:
            made = measure.standard
            if made is None or made.place is ResultingStandard.NOTHING or (made.is_asked and not project.is_open):
                continue
            text = texts_by_id.get(made.words or "")
            item = None if text is None else StandardContent.read(made.place, made.ref, text)
            texts = (item.text, item.text_en) if item else (texts_by_id.get(measure.words, ""),)
            rows.append(
                {
                    "project": project.number,
                    "title": texts_by_id.get(project.title, ""),
                    "measure": n,
                    "place": str(made.place),
                    "ref": made.ref,
                    "texts": [text for text in texts if text],
                    "value": item.value if item else "",
                    "asked": made.is_asked,
                    "by": made.by,
                }
            )
    return rows


def _text_ids_of_measure(measure: Measure) -> tuple[str | None, ...]:
    return measure.words, measure.standard.words if measure.standard else None


# -- citations ---------------------------------------------------------------------------------------------------------


def set_finding(desk: Desk, ask: Ask, number: int, finding: EvidenceCitation) -> Document:
    """Set a project's finding. Raises RuleError "not_there", "project_ended", "bad_value", "unknown_ticket"."""
    return _record_finding(desk, ask, number, finding, citation_with_present_values(desk, ask, finding))


@runs_in_transaction("project")
def _record_finding(change: HallChange, number: int, finding: EvidenceCitation, seen: Citation | None) -> Document:
    project = require_open_project(change, number)
    return record_project_fields(
        change, project, finding=store_citation_outside_log(change, citation_of_finding(change, finding, seen))
    )


def add_state_citation(desk: Desk, ask: Ask, number: int, finding: EvidenceCitation) -> Document:
    """Add a citation of a figure, page or chart with its present values to a project's state. Raises RuleError
    "bad_value" for any other finding, and as set_finding()."""
    if not finding.path:
        raise RuleError("bad_value", field="figure", value=None, why="empty")
    return _record_citation_in_project_state(
        desk, ask, number, finding, citation_with_present_values(desk, ask, finding)
    )


@runs_in_transaction("project")
def _record_citation_in_project_state(
    change: HallChange, number: int, finding: EvidenceCitation, seen: Citation | None
) -> Document:
    project = require_open_project(change, number)
    require_below_limit("figure", len(project.state), MOST_CITED)
    return record_project_fields(
        change,
        project,
        state=[*project.state, store_citation_outside_log(change, citation_of_finding(change, finding, seen))],
    )


def record_project_fields(change: HallChange, project: Project, **data: Any) -> Document:
    """Record new values of a project's fields; None leaves a field unchanged."""
    if any(value is not None for value in data.values()):
        change.record("project-set", of=project.seq, **data, salt=change.salts())
    return {"project": project.number}


def require_open_project(change: HallChange, number: int) -> Project:
    """Return an open project by its number. Raises RuleError "not_there", "project_ended"."""
    rows = part_tables.objects_where(change.tx, change.book.id, PROJECTS).values()
    project = next((row for row in rows if row.number == number), None)
    if project is None:
        raise RuleError("not_there", kind="project", code=str(number))
    if not project.is_open:
        raise RuleError("project_ended", number=number)
    return project


def citation_with_present_values(desk: Desk, ask: Ask, finding: EvidenceCitation | None) -> Citation | None:
    """Return the citation of a figure, page or chart with its present values, None for another finding. Called before
    the hall's lock is taken, as it may take long; None for an actor without the right, who is refused in the change."""
    if finding is None or not finding.path or not ask.who.may_read(ReadScope.FIGURES):
        return None
    if finding.first is None or finding.last is None:
        raise RuleError("bad_value", field="date", value=None, why="empty")
    return new_citation_of_current_figure(desk, ask.now, finding.path, first=finding.first, last=finding.last)


def citation_of_finding(change: HallChange, finding: EvidenceCitation, seen: Citation | None) -> Citation:
    """Return the citation of a finding: `seen` of whoever looked, else a ticket, case or inspection. Raises RuleError
    "not_your_role", "not_there", "unknown_ticket"."""
    change.who.require_read_right(ReadScope.FIGURES)
    if seen is not None:
        return seen
    if finding.ticket:
        ticket = change.ticket_by_label(finding.ticket, finding.first)
        return Citation(what=CITED_TICKET, name=ticket.label, first=ticket.date, last=ticket.date)
    if finding.case:
        day = find_case_date_by_number(change, finding.case)
        return Citation(what=CITED_CASE, name=finding.case, first=day, last=day)
    seq, _slash, item = finding.inspection.partition("/")
    inspection = change.book.find_record(INSPECTIONS, int(seq)) if seq.isdecimal() else None
    if inspection is None or (item and not (item.isdecimal() and 1 <= int(item) <= len(inspection.items))):
        raise RuleError("not_there", kind="inspection", code=finding.inspection)
    return Citation(what=CITED_INSPECTION, name=finding.inspection, first=inspection.date, last=inspection.date)


def find_case_date_by_number(change: HallChange, number: str) -> date:
    """Return the date of a case. Raises RuleError "not_there"."""
    case = tickets.case_with_number(change.tx, change.book.id, number)
    if case is None:
        raise RuleError("not_there", kind="case", code=number)
    return case.date


def store_citation_outside_log(change: HallChange, cited: Citation) -> str:
    """Store a citation outside the log, and return its "id:digest"."""
    result = following.EvidenceContent(kind=EvidenceKind.FIGURE, cited=cited)
    return store_required_words(change, "cited", result.stored_text, longest=LONGEST_CITED)


def require_below_limit(field: str, have: int, most: int) -> None:
    """Raise RuleError "bad_value" if there are `most` already."""
    if have >= most:
        raise RuleError("bad_value", field=field, value=have + 1, why="out_of_range", limit=f"1–{most}")


def share_or_minutes_document(part: comparing.NumeratorAndDenominator | following.FigureMinutes) -> Document:
    if isinstance(part, following.FigureMinutes):
        return {"n": part.n, "minutes": part.minutes}
    return {"n": part.n, "of": part.of, "rate": part.rate}
