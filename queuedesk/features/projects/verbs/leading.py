"""Leads an improvement project: opens it, sets what its steps hold, writes down causes, evidence and measures, judges,
makes a measure standard, ends it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from queuedesk.core.errors import RuleError
from queuedesk.core.figures.comparing import Part
from queuedesk.core.improvement.following import (
    MOST_MINUTES,
    EvidenceContent,
    Group,
    better_direction,
    is_followable,
    is_minutes,
    is_share,
)
from queuedesk.core.improvement.project import (
    Cause,
    EffectFigure,
    Ending,
    Finding,
    Judgement,
    Kind,
    Measure,
    Place,
    Project,
    Spans,
    StandardItem,
)
from queuedesk.core.log.apply import MILLION
from queuedesk.core.log.state import PROJECTS
from queuedesk.core.network.roles import ReadScope
from queuedesk.core.quality.cited import Citation
from queuedesk.core.quality.inspection import OPENING, SHEETS
from queuedesk.core.setup.file import HALL_RULES, rows_of
from queuedesk.desk.change import Ask, Change, Desk, Document, changes
from queuedesk.desk.improvement import (
    citation_of_finding,
    looked_at,
    parts_of_dates,
    put,
    require_case,
    require_open_project,
    require_room_for_one_more,
    store_citation,
)
from queuedesk.desk.looking import today
from queuedesk.desk.quality import morning
from queuedesk.desk.reading import LONGEST_CITED, keep, needed, words_of
from queuedesk.desk.setup import setting_up
from queuedesk.features.projects.rules import BONES, OWN_BONE, NewEvidence, Plan
from queuedesk.store.parts import part_tables

LONGEST_TITLE, LONGEST_NAME, LONGEST_WORDS = 60, 60, 300
MOST_CAUSES, MOST_EVIDENCE, MOST_MEASURES, MOST_FOLLOWED = 30, 10, 20, 8
MOST_COST = 1_000_000_000
LONGEST_SPAN = timedelta(days=366)
SET_UP = (Place.OPENING, Place.CARD, Place.RULE)
"""What is made by changing the set-up, which takes the right to."""


# -- topic, state, target, what is followed ----------------------------------------------------------------------------


def open_project(desk: Desk, ask: Ask, title: str, leader: str, finding: Finding | None = None) -> Document:
    """Open a project, from a finding if there is one. Raises RuleError "bad_value", "unknown_staff", "not_there",
    "unknown_ticket"."""
    return _open(desk, ask, title, leader, finding, looked_at(desk, ask, finding))


@changes("project")
def _open(change: Change, title: str, leader: str, finding: Finding | None, seen: Citation | None) -> Document:
    change.setup.person(leader)
    kept = needed(change, "title", title, longest=LONGEST_TITLE)
    cited = store_citation(change, citation_of_finding(change, finding, seen)) if finding else None
    numbers = [one.number for one in part_tables.among(change.tx, change.book.id, PROJECTS).values()]
    event = change.record(
        "project-open",
        number=max(numbers, default=0) + 1,
        title=kept,
        leader=leader,
        finding=cited,
        salt=change.salts(),
    )
    return {"project": change.book.get(PROJECTS, event.seq).number}


@changes("project")
def rename(change: Change, number: int, *, title: str = "", leader: str = "") -> Document:
    """Give a project another title or leader. Raises RuleError "not_there", "project_ended", "bad_value",
    "unknown_staff"."""
    project = require_open_project(change, number)
    if leader:
        change.setup.person(leader)
    return put(change, project, title=keep(change, "title", title, longest=LONGEST_TITLE), leader=leader or None)


@changes("project")
def drop_state(change: Change, number: int, n: int) -> Document:
    """Take back what the present state cites in place `n`, from 1. Raises RuleError "not_there", "project_ended"."""
    project = require_open_project(change, number)
    if not 1 <= n <= len(project.state):
        raise RuleError("not_there", kind="state", code=str(n))
    return put(change, project, state=[one for at, one in enumerate(project.state, start=1) if at != n])


@changes("project")
def set_target(change: Change, number: int, figure: str, value: float, *, by: date, reason: str) -> Document:
    """Set what a figure is to reach, a share in 0..1 or minutes, by when and why; it is followed from then on. Raises
    RuleError "not_there", "project_ended", "bad_value"."""
    project = require_open_project(change, number)
    _must_be_followed(figure)
    _must_be_in_range("value", value, figure)
    words = needed(change, "reason", reason, longest=LONGEST_WORDS)
    put(change, project, figure=figure, value=round(value * MILLION), by=by.isoformat(), words=words)
    if all(one.figure != figure for one in project.follows):
        _follow(change, project, [EffectFigure(figure), *project.follows])
    return {"project": number}


@changes("project")
def follow(change: Change, number: int, follows: Sequence[EffectFigure]) -> Document:
    """Say which figures the effect is asked of, each with the line beyond which a week is told the leader. Raises
    RuleError "not_there", "project_ended", "bad_value"."""
    project = require_open_project(change, number)
    for one in follows:
        _must_be_followed(one.figure)
        if one.alarm is not None:
            _must_be_in_range("alarm", one.alarm, one.figure)
            if better_direction(one.figure) is None:
                raise RuleError("bad_value", field="alarm", value=one.figure, why="not_a_choice")
    return _follow(change, project, follows)


def _follow(change: Change, project: Project, follows: Sequence[EffectFigure]) -> Document:
    rows: dict[str, dict[str, Any]] = {}
    for one in follows:
        alarm = {} if one.alarm is None else {"alarm": round(one.alarm * MILLION)}
        rows[one.figure] = {"figure": one.figure, **alarm}
    require_room_for_one_more("figure", len(rows) - 1, MOST_FOLLOWED)
    return put(change, project, follows=list(rows.values()))


@changes("project")
def set_spans(change: Change, number: int, spans: Spans) -> Document:
    """Say which dates are compared: those before and those after the day on which the measures began. Raises RuleError
    "not_there", "project_ended", "bad_value" for spans that overlap or touch the wrong side of that day."""
    project = require_open_project(change, number)
    (first, last), (then, until) = spans.before, spans.after
    if not first <= last < spans.measures <= then <= until:
        raise RuleError("bad_value", field="date", value=spans.measures.isoformat(), why="out_of_range")
    if max(last - first, until - then) > LONGEST_SPAN:
        raise RuleError("bad_value", field="date", value=until.isoformat(), why="out_of_range")
    days = {"first": first, "last": last, "measures": spans.measures, "then": then, "until": until}
    return put(change, project, **{name: day.isoformat() for name, day in days.items()})


@changes("project")
def set_next(change: Change, number: int, words: str) -> Document:
    """Write down the next step. Raises RuleError "not_there", "project_ended", "bad_value"."""
    project = require_open_project(change, number)
    return put(change, project, next=needed(change, "next", words, longest=LONGEST_WORDS))


# -- causes and their evidence -----------------------------------------------------------------------------------------


@changes("project")
def add_cause(change: Change, number: int, name: str, bone: str, *, own_bone: str = "") -> Document:
    """Write down a cause on a bone. Raises RuleError "not_there", "project_ended", "bad_value"."""
    project = require_open_project(change, number)
    require_room_for_one_more("cause", len(project.standing_causes), MOST_CAUSES)
    return _write_cause(change, project, len(project.causes) + 1, named=(name, bone, own_bone))


@changes("project")
def change_cause(change: Change, number: int, n: int, name: str, bone: str, *, own_bone: str = "") -> Document:
    """Name a cause otherwise, or put it on another bone. Raises as add_cause."""
    project = require_open_project(change, number)
    _cause(project, n)
    return _write_cause(change, project, n, named=(name, bone, own_bone))


def _write_cause(change: Change, project: Project, n: int, *, named: tuple[str, str, str]) -> Document:
    name, bone, own_bone = named
    if bone not in BONES:
        raise RuleError("bad_value", field="bone", value=bone, why="not_a_choice", limit=list(BONES))
    own = needed(change, "bone", own_bone, longest=LONGEST_NAME) if bone == OWN_BONE else None
    words = needed(change, "cause", name, longest=LONGEST_NAME)
    change.record("project-cause", of=project.seq, n=n, words=words, bone=bone, own_bone=own, salt=change.salts())
    return {"project": project.number, "cause": n}


@changes("project")
def remove_cause(change: Change, number: int, n: int) -> Document:
    """Remove a cause that was written down by mistake; one with evidence stays and is rejected. Raises RuleError
    "not_there", "project_ended", "cause_has_evidence"."""
    project = require_open_project(change, number)
    if _cause(project, n).evidence:
        raise RuleError("cause_has_evidence", cause=n)
    change.record("project-cause", of=project.seq, n=n, removed=True, salt=change.salts())
    return {"project": number, "cause": n}


def add_evidence(desk: Desk, ask: Ask, number: int, n: int, gathered: NewEvidence) -> Document:
    """Add a piece of evidence to a cause, for or against it. Raises RuleError "not_there", "project_ended",
    "bad_value", "unknown_ticket"."""
    finding = gathered.finding
    parts: dict[str, Part] = {}
    if gathered.groups and finding and finding.first and finding.last and ask.who.may_read(ReadScope.FIGURES):
        if not finding.first <= finding.last <= today(desk, ask.now):
            raise RuleError("bad_value", field="date", value=finding.last.isoformat(), why="out_of_range")
        parts = dict(parts_of_dates(desk, finding.first, finding.last, ask.now))
    seen = None if gathered.groups else looked_at(desk, ask, finding)
    return _add_evidence(desk, ask, number, n, gathered, seen=seen, parts=parts)


@changes("project")
def _add_evidence(
    change: Change, number: int, n: int, gathered: NewEvidence, *, seen: Citation | None, parts: dict[str, Part]
) -> Document:
    project = require_open_project(change, number)
    cause = _cause(project, n)
    require_room_for_one_more("evidence", len(cause.evidence), MOST_EVIDENCE)
    said = _said(change, gathered, seen, parts)
    words = needed(change, "evidence", said.words, longest=LONGEST_CITED)
    change.record("project-evidence", of=project.seq, n=n, kind=str(said.kind), words=words, salt=change.salts())
    return {"project": number, "cause": n}


def _said(change: Change, gathered: NewEvidence, seen: Citation | None, parts: dict[str, Part]) -> EvidenceContent:
    note = " ".join(gathered.note.split())
    if len(note) > LONGEST_WORDS:
        raise RuleError("bad_value", field="note", value=note[:20], why="too_long")
    finding = gathered.finding
    if gathered.groups:
        groups = tuple(_group(one, finding, parts) for one in gathered.groups)
        has_path = any(one.path for one in groups)
        dates = (finding.first, finding.last) if finding and has_path else (None, None)
        return EvidenceContent(
            kind=Kind.COMPARE, note=note, first=dates[0], last=dates[1], groups=(groups[0], groups[1])
        )
    if gathered.tickets:
        found = [change.ticket(label, day) for day, label in gathered.tickets]
        return EvidenceContent(
            kind=Kind.TICKETS, note=note, tickets=tuple(dict.fromkeys((one.date, one.label) for one in found))
        )
    if gathered.cases:
        for one in gathered.cases:
            require_case(change, one)
        return EvidenceContent(kind=Kind.CASES, note=note, cases=tuple(dict.fromkeys(gathered.cases)))
    if finding is not None:
        return EvidenceContent(kind=Kind.FIGURE, note=note, cited=citation_of_finding(change, finding, seen))
    if not note:
        raise RuleError("bad_value", field="note", value=None, why="empty")
    n, of = _counts(gathered.counted, may_lack_whole=True)
    return EvidenceContent(kind=Kind.COUNT, note=note, n=n, of=of)


def _group(text: str, finding: Finding | None, parts: dict[str, Part]) -> Group:
    if "/" in text and text.replace("/", "").isdecimal():
        n, of = _counts(text)
        return Group(n=n, of=of)
    _must_be_share(text)
    if finding is None or finding.first is None or finding.last is None:
        raise RuleError("bad_value", field="date", value=None, why="empty")
    found = parts.get(text, Part(0, 0))
    return Group(n=found.n, of=found.of, path=text)


def _counts(text: str, *, may_lack_whole: bool = False) -> tuple[int, int]:
    """Return what was counted by hand, "12/60"."""
    n, has_whole, of = text.partition("/")
    if not n.isdecimal() or (has_whole and not of.isdecimal()) or not (has_whole or may_lack_whole) or len(text) > 15:
        raise RuleError("bad_value", field="counted", value=text[:20], why="not_a_number")
    if has_whole and not 0 <= int(n) <= int(of) != 0:
        raise RuleError("bad_value", field="counted", value=text, why="out_of_range", limit=f"0–{of}")
    return int(n), int(of or 0)


@changes("project")
def remove_evidence(change: Change, number: int, n: int, place: int) -> Document:
    """Take back a piece of evidence by its place, from 1; a cause that was confirmed and has none left is open again.
    Raises RuleError "not_there", "project_ended"."""
    project = require_open_project(change, number)
    if not 1 <= place <= len(_cause(project, n).evidence):
        raise RuleError("not_there", kind="evidence", code=f"{n}/{place}")
    change.record("project-evidence", of=project.seq, n=n, removed=place, salt=change.salts())
    return {"project": number, "cause": n}


@changes("project")
def judge(change: Change, number: int, n: int, judgement: Judgement) -> Document:
    """Judge a cause; a later judgement takes the place of an earlier one. Raises RuleError "not_there",
    "project_ended", "no_evidence" for one to be confirmed that has none."""
    project = require_open_project(change, number)
    cause = _cause(project, n)
    if judgement is Judgement.CONFIRMED and not cause.evidence:
        raise RuleError("no_evidence", cause=n)
    if judgement is not cause.judgement:
        change.record("project-judge", of=project.seq, n=n, judgement=str(judgement), salt=change.salts())
    return {"project": number, "cause": n}


# -- measures and the end ----------------------------------------------------------------------------------------------


@changes("project")
def add_measure(change: Change, number: int, plan: Plan) -> Document:
    """Write down a measure. Raises RuleError "not_there", "project_ended", "bad_value", "unknown_staff"."""
    project = require_open_project(change, number)
    require_room_for_one_more("measure", len(project.standing_measures), MOST_MEASURES)
    return _write_measure(change, project, len(project.measures) + 1, plan)


@changes("project")
def change_measure(change: Change, number: int, n: int, plan: Plan) -> Document:
    """Write a measure anew. Raises as add_measure."""
    project = require_open_project(change, number)
    measure_of(project, n)
    return _write_measure(change, project, n, plan)


def _write_measure(change: Change, project: Project, n: int, plan: Plan) -> Document:
    change.setup.person(plan.who)
    for one in plan.causes:
        _cause(project, one)
    if plan.cost is not None and not 0 <= plan.cost <= MOST_COST:
        raise RuleError("bad_value", field="cost", value=plan.cost, why="out_of_range", limit=f"0–{MOST_COST}")
    change.record(
        "project-measure",
        of=project.seq,
        n=n,
        words=needed(change, "measure", plan.what, longest=LONGEST_WORDS),
        where=keep(change, "where", plan.where, longest=LONGEST_NAME),
        who=plan.who,
        due=plan.due.isoformat(),
        cost=plan.cost,
        causes=list(plan.causes),
        salt=change.salts(),
    )
    return {"project": project.number, "measure": n}


@changes("project")
def note_done(change: Change, number: int, n: int, day: date) -> Document:
    """Note on which date a measure was done. Raises RuleError "not_there", "project_ended", "bad_value" for a date to
    come."""
    project = require_open_project(change, number)
    measure_of(project, n)
    if day > change.date:
        raise RuleError("bad_value", field="done", value=day.isoformat(), why="out_of_range")
    change.record("project-measure", of=project.seq, n=n, done=day.isoformat(), salt=change.salts())
    return {"project": number, "measure": n}


@changes("project")
def remove_measure(change: Change, number: int, n: int) -> Document:
    """Remove a measure that became nothing yet. Raises RuleError "not_there", "project_ended",
    "measure_is_standard"."""
    project = require_open_project(change, number)
    if measure_of(project, n).standard is not None:
        raise RuleError("measure_is_standard", measure=n)
    change.record("project-measure", of=project.seq, n=n, removed=True, salt=change.salts())
    return {"project": number, "measure": n}


@changes("project")
def end(change: Change, number: int, ending: Ending, words: str = "") -> Document:
    """Close a project whose effect was looked at, or drop it, which needs a reason. Raises RuleError "not_there",
    "project_ended", "reason_needed", "project_not_done" with the first step that lacks something."""
    project = require_open_project(change, number)
    if ending is Ending.DROPPED:
        change.reason(words)
    elif (step := project.current(change.date)) is not None:
        raise RuleError("project_not_done", number=number, step=str(step))
    kept = keep(change, "reason", words, longest=LONGEST_WORDS)
    change.record("project-end", of=project.seq, ending=str(ending), words=kept, salt=change.salts())
    return {"project": number}


# -- what becomes standard ---------------------------------------------------------------------------------------------


@changes("project")
def make_standard(change: Change, number: int, n: int, made: StandardItem) -> Document:
    """Make a measure standard in one act: what it becomes, and that it did. The words of an item, step or point stand
    in the set-up and the briefing, where everybody reads them. Who may not change the set-up asks for it: it waits for
    somebody who may.

    Raises RuleError "not_there", "project_ended", "measure_is_standard", "bad_value".
    """
    project = require_open_project(change, number)
    was = measure_of(project, n).standard
    if was is not None and was.place is not Place.NOTHING and not was.is_asked:
        raise RuleError("measure_is_standard", measure=n)
    if made.place not in (Place.RULE, Place.NOTHING) and not made.text.strip():
        raise RuleError("bad_value", field="text", value=None, why="empty")
    words = keep(change, "standard", made.words) if made.place is not Place.NOTHING else None
    if made.place in SET_UP and not change.who.may("set-up"):
        _record(change, project, n, made, ref=_known(change, made), words=words, asked=True)
    else:
        _record(change, project, n, made, ref=_MAKE[made.place](change, made), words=words)
    return {"project": number, "measure": n}


@changes("project")
def take_over(change: Change, number: int, n: int) -> Document:
    """Make standard what somebody without the right to the set-up asked for. Raises RuleError "not_your_role",
    "not_there" where nothing waits, "project_ended", "bad_value"."""
    change.who.must("set-up")
    project = require_open_project(change, number)
    was = measure_of(project, n).standard
    said = words_of(change.tx, change.book.id, [was.words]) if was is not None and was.is_asked else {}
    if was is None or was.words not in said:
        raise RuleError("not_there", kind="standard", code=f"{number}/{n}")
    made = StandardItem.read(was.place, was.ref, said[was.words])
    _record(change, project, n, made, ref=_MAKE[made.place](change, made), words=was.words, asked_by=was.by)
    return {"project": number, "measure": n}


def _record(change: Change, project: Project, n: int, made: StandardItem, **data: Any) -> None:
    change.record("project-standard", of=project.seq, n=n, place=str(made.place), **data, salt=change.salts())


def _known(change: Change, made: StandardItem) -> str:
    """Return what names the place of something that is asked for."""
    if made.place is Place.CARD:
        _setup_row(change, "cards", made.card)
    if made.place is Place.RULE and (made.key not in HALL_RULES or not made.value):
        raise RuleError("bad_value", field=made.key or "key", value=made.value, why="not_a_choice")
    return made.card or made.key


def _opening(change: Change, made: StandardItem) -> str:
    code = SHEETS[OPENING]
    items = [*_setup_row(change, "sheets", code)["items"], {"text": made.text, "text_en": made.text_en, "weight": 5}]
    setting_up.set_row_within(change, "sheets", code, {"items": items})
    return str(len(items))


def _card(change: Change, made: StandardItem) -> str:
    step = {"text": made.text, "text_en": made.text_en}
    setting_up.set_row_within(
        change, "cards", made.card, {"steps": [*_setup_row(change, "cards", made.card)["steps"], step]}
    )
    return made.card


def _rule(change: Change, made: StandardItem) -> str:
    setting_up.set_row_within(change, "settings", made.key, {made.key: made.value})
    return made.key


def _briefing(change: Change, made: StandardItem) -> str:
    return str(morning.add_briefing_point(change, made.text, made.text_en))


def _nothing(_change: Change, _made: StandardItem) -> str | None:
    return None


_MAKE: dict[Place, Any] = {
    Place.OPENING: _opening,
    Place.CARD: _card,
    Place.RULE: _rule,
    Place.BRIEFING: _briefing,
    Place.NOTHING: _nothing,
}


def _setup_row(change: Change, part: str, code: str) -> Document:
    found = next((row for row in rows_of(change.setup.document, part) if row["code"] == code), None)
    if found is None:
        raise RuleError("not_there", kind=part, code=code)
    return dict(found)


# -- what they have in common ------------------------------------------------------------------------------------------


def _cause(project: Project, n: int) -> Cause:
    found = project.cause(n)
    if found is None:
        raise RuleError("not_there", kind="cause", code=str(n))
    return found


def measure_of(project: Project, n: int) -> Measure:
    """Return a measure by its number. Raises RuleError "not_there"."""
    found = project.measure(n)
    if found is None:
        raise RuleError("not_there", kind="measure", code=str(n))
    return found


def _must_be_share(path: str) -> None:
    if not is_share(path):
        raise RuleError("bad_value", field="figure", value=path, why="not_a_choice")


def _must_be_followed(path: str) -> None:
    if not is_followable(path):
        raise RuleError("bad_value", field="figure", value=path, why="not_a_choice")


def _must_be_in_range(field: str, value: float, figure: str) -> None:
    most = MOST_MINUTES if is_minutes(figure) else 1
    if not 0 <= value <= most:
        raise RuleError("bad_value", field=field, value=str(value), why="out_of_range", limit=f"0–{most:g}")
