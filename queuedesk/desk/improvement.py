"""What other pages and papers ask of improvement projects: which there are, which effects fade, what became standard;
and lets a project cite what they show."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from queuedesk.core.errors import RuleError
from queuedesk.core.figures.comparing import Part, figures_in
from queuedesk.core.figures.measures.document import LogRange, figures
from queuedesk.core.figures.measures.figure import scope_of
from queuedesk.core.figures.periods import WEEK, dates_between, span_of
from queuedesk.core.figures.satisfaction import FEWEST_RANKED
from queuedesk.core.improvement.following import EvidenceResult, Level, better_of, is_beyond, is_minutes, rows_of
from queuedesk.core.improvement.project import (
    Ending,
    Finding,
    Judgement,
    Kind,
    Measure,
    Place,
    Project,
    StandardItem,
)
from queuedesk.core.log.state import INSPECTIONS, PROJECTS
from queuedesk.core.network.roles import ReadScope
from queuedesk.core.quality.cited import (
    CITED_CASE,
    CITED_INSPECTION,
    CITED_TICKET,
    Citation,
)
from queuedesk.core.queue.hallday import business_date
from queuedesk.core.setup.rows import Setup
from queuedesk.desk.change import Ask, Change, Desk, Document, changes, iso
from queuedesk.desk.figures.comparing import as_cited, share_parts
from queuedesk.desk.reading import LONGEST_CITED, needed, words_of
from queuedesk.store.figures.counted import tally_of
from queuedesk.store.figures.measured import Reader
from queuedesk.store.parts import halls, part_tables, tickets

MOST_CITED = 12


def projects_of(desk: Desk, now: datetime) -> list[Document]:
    """Return every project without its figures, the latest first: {"project", "title", "leader", "date", "step",
    "cause_count", "judged_count", "measure_count", "ended", "ending"}; `step` is the first that is not done, null where
    all are."""
    with desk.db.read() as tx:
        setup = halls.setup(tx, halls.load(tx, desk.hall))
        found = sorted(part_tables.of_days(tx, desk.hall, PROJECTS).values(), key=lambda one: one.number, reverse=True)
        words = words_of(tx, desk.hall, [one.title for one in found])
        day = business_date(setup, now)
    return [line_of(setup, one, words.get(one.title, ""), day) for one in found]


def line_of(setup: Setup, one: Project, title: str, today: date) -> Document:
    """Return a project as a line of the list."""
    causes = [cause for _n, cause in one.standing_causes]
    step = one.current(today)
    return {
        "project": one.number,
        "title": title,
        "leader": one.leader,
        "date": one.date.isoformat(),
        "step": step and str(step),
        "cause_count": len(causes),
        "judged_count": sum(cause.judgement is not Judgement.OPEN for cause in causes),
        "measure_count": len(one.standing_measures),
        "ended": iso(setup, one.ended),
        "ending": one.ending and str(one.ending),
    }


# -- an effect that fades ----------------------------------------------------------------------------------------------


def fading(desk: Desk, now: datetime) -> list[Document]:
    """Return the effects that fade: figures with an alarm line that lay beyond it over the whole of last week, of
    projects whose measures had begun by then and that were not dropped. Below 30 rows nothing is told."""
    with desk.db.read() as tx:
        setup = halls.setup(tx, halls.load(tx, desk.hall))
        first, last = span_of(WEEK, business_date(setup, now) - timedelta(days=7))
        watched = [day for day in part_tables.of_days(tx, desk.hall, PROJECTS).values() if _is_watched(day, first)]
        words = words_of(tx, desk.hall, [project.title for project in watched])
    if not watched:
        return []
    parts = parts_of_dates(desk, first, last, now)
    timed = {follow.figure for project in watched for follow in project.follows if follow.alarm is not None}
    levels = levels_of_dates(desk, first, last, now, [path for path in timed if is_minutes(path)])
    rows = []
    for project in watched:
        for followed in project.follows:
            part = levels.get(followed.figure) or parts.get(followed.figure, Part(0, 0))
            value, n = (part.minutes, part.n) if isinstance(part, Level) else (part.rate, part.of)
            if followed.alarm is None or value is None or n < FEWEST_RANKED:
                continue
            if is_beyond(better_of(followed.figure), value, followed.alarm):
                rows.append(
                    {
                        "project": project.number,
                        "title": words.get(project.title, ""),
                        "leader": project.leader,
                        "figure": followed.figure,
                        "from": first.isoformat(),
                        "to": last.isoformat(),
                        **part_document(part),
                        "alarm": followed.alarm,
                    }
                )
    return rows


def _is_watched(one: Project, week: date) -> bool:
    has_line = any(followed.alarm is not None for followed in one.follows)
    return has_line and one.spans is not None and one.spans.measures <= week and one.ending is not Ending.DROPPED


def parts_of_dates(desk: Desk, first: date, last: date, now: datetime) -> Mapping[str, Part]:
    """Return the numerators and denominators of all shares of the dates from `first` to `last`, by path. Raises
    OutsideError when the database does not answer."""
    with desk.db.read() as tx:
        setup = halls.setup(tx, halls.load(tx, desk.hall))
        tally = tally_of(Reader(tx, desk.hall, setup, now), dates_between(first, last), desk.db.path)
    return share_parts(figures(scope_of(setup, first, last), tally, LogRange()), tally)


def levels_of_dates(desk: Desk, first: date, last: date, now: datetime, paths: Collection[str]) -> dict[str, Level]:
    """Return figures in minutes of the dates from `first` to `last`, by path. Raises OutsideError when the database
    does not answer."""
    if not paths:
        return {}
    with desk.db.read() as tx:
        setup = halls.setup(tx, halls.load(tx, desk.hall))
        tally = tally_of(Reader(tx, desk.hall, setup, now), dates_between(first, last), desk.db.path)
    return levels_in(figures(scope_of(setup, first, last), tally, LogRange()), paths)


def levels_in(document: Mapping[str, Any], paths: Collection[str]) -> dict[str, Level]:
    """Return figures in minutes of a document of figures, by path."""
    known = dict(figures_in(document)) if paths else {}
    return {path: Level(known.get(path), known.get(rows_of(path)) or 0) for path in paths}


# -- what became standard ----------------------------------------------------------------------------------------------


def standards_of(desk: Desk) -> list[Document]:
    """Return what projects made standard, and what waits for somebody who may change the set-up ("asked"), in the order
    of the projects: {"project", "title", "measure", "place", "ref", "texts", "value", "asked", "by"}. `texts` are what
    it says where it stands, in the hall's languages."""
    with desk.db.read() as tx:
        projects = sorted(part_tables.of_days(tx, desk.hall, PROJECTS).values(), key=lambda one: one.number)
        kept = [one.title for one in projects]
        kept += [id for one in projects for each in one.measures if each.standard for id in _words_of(each) if id]
        said = words_of(tx, desk.hall, kept)
    rows = []
    for project in projects:
        for n, measure in project.standing_measures:
            made = measure.standard
            if made is None or made.place is Place.NOTHING or (made.is_asked and not project.is_open):
                continue
            words = StandardItem.read(made.place, made.ref, said[made.words]) if made.words in said else None
            texts = (words.text, words.text_en) if words else (said.get(measure.words, ""),)
            rows.append(
                {
                    "project": project.number,
                    "title": said.get(project.title, ""),
                    "measure": n,
                    "place": str(made.place),
                    "ref": made.ref,
                    "texts": [text for text in texts if text],
                    "value": words.value if words else "",
                    "asked": made.is_asked,
                    "by": made.by,
                }
            )
    return rows


def _words_of(measure: Measure) -> tuple[str | None, ...]:
    return measure.words, measure.standard.words if measure.standard else None


# -- what a project cites ----------------------------------------------------------------------------------------------


def set_finding(desk: Desk, ask: Ask, number: int, finding: Finding) -> Document:
    """Say what a project came from. Raises RuleError "not_there", "project_ended", "bad_value", "unknown_ticket"."""
    return _set_finding(desk, ask, number, finding, looked_at(desk, ask, finding))


@changes("project")
def _set_finding(change: Change, number: int, finding: Finding, seen: Citation | None) -> Document:
    project = open_one(change, number)
    return put(change, project, finding=keep_cited(change, as_found(change, finding, seen)))


def cite_state(desk: Desk, ask: Ask, number: int, finding: Finding) -> Document:
    """Let the present state cite one more figure, page or chart with what it says now. Raises as set_finding,
    and RuleError "bad_value" for anything else."""
    if not finding.path:
        raise RuleError("bad_value", field="figure", value=None, why="empty")
    return _cite_state(desk, ask, number, finding, looked_at(desk, ask, finding))


@changes("project")
def _cite_state(change: Change, number: int, finding: Finding, seen: Citation | None) -> Document:
    project = open_one(change, number)
    must_fit("figure", len(project.state), MOST_CITED)
    return put(change, project, state=[*project.state, keep_cited(change, as_found(change, finding, seen))])


def put(change: Change, project: Project, **data: Any) -> Document:
    """Set what a project's steps hold; None leaves a thing as it is."""
    if any(value is not None for value in data.values()):
        change.record("project-set", of=project.seq, **data, salt=change.salts())
    return {"project": project.number}


def open_one(change: Change, number: int) -> Project:
    """Return an open project by its number. Raises RuleError "not_there", "project_ended"."""
    rows = part_tables.among(change.tx, change.book.id, PROJECTS).values()
    project = next((row for row in rows if row.number == number), None)
    if project is None:
        raise RuleError("not_there", kind="project", code=str(number))
    if not project.is_open:
        raise RuleError("project_ended", number=number)
    return project


def looked_at(desk: Desk, ask: Ask, finding: Finding | None) -> Citation | None:
    """Return a figure, page or chart as it is now: read before the hall is held, for that may be long. Who may not read
    it is refused inside."""
    if finding is None or not finding.path or not ask.who.may_read(ReadScope.FIGURES):
        return None
    if finding.first is None or finding.last is None:
        raise RuleError("bad_value", field="date", value=None, why="empty")
    return as_cited(desk, ask.now, finding.path, first=finding.first, last=finding.last)


def as_found(change: Change, finding: Finding, seen: Citation | None) -> Citation:
    """Return what is cited, `seen` where it was looked at. Raises RuleError "not_your_role", "not_there",
    "unknown_ticket"."""
    change.who.must_read(ReadScope.FIGURES)
    if seen is not None:
        return seen
    if finding.ticket:
        ticket = change.ticket(finding.ticket, finding.first)
        return Citation(what=CITED_TICKET, name=ticket.label, first=ticket.date, last=ticket.date)
    if finding.case:
        day = must_be_case(change, finding.case)
        return Citation(what=CITED_CASE, name=finding.case, first=day, last=day)
    seq, _slash, item = finding.inspection.partition("/")
    inspection = change.book.find(INSPECTIONS, int(seq)) if seq.isdecimal() else None
    if inspection is None or (item and not (item.isdecimal() and 1 <= int(item) <= len(inspection.items))):
        raise RuleError("not_there", kind="inspection", code=finding.inspection)
    return Citation(what=CITED_INSPECTION, name=finding.inspection, first=inspection.date, last=inspection.date)


def must_be_case(change: Change, number: str) -> date:
    """Return the date of a case. Raises RuleError "not_there"."""
    case = tickets.by_number(change.tx, change.book.id, number)
    if case is None:
        raise RuleError("not_there", kind="case", code=number)
    return case.date


def keep_cited(change: Change, cited: Citation) -> str:
    """Keep what is cited beside the log, with its kind."""
    result = EvidenceResult(kind=Kind.FIGURE, cited=cited)
    return needed(change, "cited", result.words, longest=LONGEST_CITED)


def must_fit(field: str, have: int, most: int) -> None:
    """Raise RuleError "bad_value" where there are as many as may be."""
    if have >= most:
        raise RuleError("bad_value", field=field, value=have + 1, why="out_of_range", limit=f"1–{most}")


def part_document(part: Part | Level) -> Document:
    """Return a share or minutes as commands print them."""
    if isinstance(part, Level):
        return {"n": part.n, "minutes": part.minutes}
    return {"n": part.n, "of": part.of, "rate": part.rate}
