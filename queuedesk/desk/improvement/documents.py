"""Tells of improvement projects: what stands in them, with every figure asked anew from the log."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from msgspec import Struct, field

from queuedesk.core.errors import RuleError
from queuedesk.core.figures.comparing import Part
from queuedesk.core.improvement.effect import FEWEST
from queuedesk.core.improvement.evidence import Said, is_enough, with_less_without
from queuedesk.core.improvement.following import better_of
from queuedesk.core.improvement.project import OWN_BONE, Cause, Judgement, Kind, Made, Measure, Project, Step
from queuedesk.core.log.state import CASES, PROJECTS
from queuedesk.core.quality.cited import CITED_FIGURE, CITED_VIEWS, Cited, changes
from queuedesk.core.queue.hallday import business_date
from queuedesk.core.setup.rows import Setup
from queuedesk.desk.change import Desk, Document
from queuedesk.desk.documents import iso
from queuedesk.desk.figures.citing import seen_again
from queuedesk.desk.figures.drilldown import tickets_behind
from queuedesk.desk.improvement.counting import parts_of_dates
from queuedesk.desk.kept_words import words_of
from queuedesk.store.engine.types import Transaction
from queuedesk.store.parts import halls, part_tables


class Told(Struct, frozen=True, kw_only=True):
    """A project with the words that stand beside the log, as one moment found them."""

    project: Project
    setup: Setup
    today: date
    words: Mapping[str, str]
    cases: Mapping[str, str] = field(default_factory=dict)
    """The states of all cases, by number."""

    def said(self, kept: str | None) -> str:
        """Return words, "" where there are none or they are not there any more."""
        return self.words.get(kept or "", "")

    def read(self, kept: str | None) -> Said | None:
        """Return what somebody cited or gathered; None where its words are not there any more."""
        words = self.said(kept)
        return Said.read(words) if words else None


def told(desk: Desk, number: int, now: datetime) -> Told:
    """Return a project as it stands. Raises RuleError "not_there"."""
    with desk.db.read() as tx:
        setup = halls.setup(tx, halls.load(tx, desk.hall))
        found = [one for one in _all(tx, desk.hall) if one.number == number]
        if not found:
            raise RuleError("not_there", kind="project", code=str(number))
        known = part_tables.of_days(tx, desk.hall, CASES).values()
        return Told(
            project=found[0],
            setup=setup,
            today=business_date(setup, now),
            words=words_of(tx, desk.hall, _kept(found[0])),
            cases={one.number: str(one.state) for one in known},
        )


def projects_of(desk: Desk, now: datetime) -> list[Document]:
    """Return every project without its figures, the latest first: {"project", "title", "leader", "date", "step",
    "cause_count", "judged_count", "measure_count", "ended", "ending"}; `step` is the first that is not done, null where
    all are."""
    with desk.db.read() as tx:
        setup = halls.setup(tx, halls.load(tx, desk.hall))
        found = sorted(_all(tx, desk.hall), key=lambda one: one.number, reverse=True)
        words = words_of(tx, desk.hall, [one.title for one in found])
        day = business_date(setup, now)
    return [_line(setup, one, words.get(one.title, ""), day) for one in found]


def project_of(desk: Desk, number: int, now: datetime) -> Document:
    """Return a project with all that stands in its steps. What it cites has the figures of then and of now; groups are
    counted anew, their difference with its 95 % interval. A year of many tickets takes some seconds.

    Raises RuleError "not_there", OutsideError when the database does not answer.
    """
    return project_document(told(desk, number, now), Figures(desk, now))


def _all(tx: Transaction, hall: int) -> list[Project]:
    return list(part_tables.of_days(tx, hall, PROJECTS).values())


def _kept(one: Project) -> list[str | None]:
    """Return all that the log holds of words of a project."""
    found = [one.title, one.finding, *one.state, one.next, one.words, one.target.words if one.target else None]
    for cause in one.causes:
        found += [cause.words, cause.own_bone, *(each.words for each in cause.evidence)]
    for measure in one.measures:
        found += [measure.words, measure.where, measure.standard.words if measure.standard else None]
    return found


class Figures(Struct):
    """Where a document asks its figures anew; each span is read once."""

    desk: Desk | None
    now: datetime
    _parts: dict[tuple[date, date], Mapping[str, Part]] = field(default_factory=dict)

    def parts(self, first: date, last: date) -> Mapping[str, Part]:
        """Return the numerators and denominators of all shares of these dates, by path."""
        if self.desk is None:
            return {}
        if (first, last) not in self._parts:
            self._parts[first, last] = parts_of_dates(self.desk, first, last, self.now)
        return self._parts[first, last]

    def cited(self, one: Cited) -> Document:
        """Return what is cited as it is now."""
        if self.desk is None or one.what not in (CITED_FIGURE, *CITED_VIEWS):
            return {}
        if one.view is None:
            value = tickets_behind(self.desk, one.name, one.first, one.last, self.now, most=1).value
            part = self.parts(one.first, one.last).get(one.name)
            return {"now": value, "now_n": part and part.n, "now_of": part and part.of, "changed": value != one.value}
        seen = seen_again(self.desk, one, one.view, self.now)
        rows = [{"figure": c.name, "side": c.side, "then": c.then, "now": c.now} for c in changes(one.view, seen)]
        return {"now": seen.document, "changes": rows, "changed": bool(rows)}


# -- documents ---------------------------------------------------------------------------------------------------------


def _line(setup: Setup, one: Project, title: str, today: date) -> Document:
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


def project_document(found: Told, figures: Figures) -> Document:
    """Return a project as commands print it and windows show it."""
    one, say = found.project, found.said
    target = one.target
    spans = one.spans
    return {
        **_line(found.setup, one, say(one.title), found.today),
        "sample": False,
        "by": one.by,
        "steps": [
            {"step": str(step), "done": not (missing := one.missing(step, found.today)), "missing": list(missing)}
            for step in Step
        ],
        "finding": _cited_document(found.read(one.finding), figures) if one.finding else None,
        "state": [{"n": n, **_cited_document(found.read(kept), figures)} for n, kept in enumerate(one.state, start=1)],
        "target": target
        and {
            "figure": target.figure,
            "value": target.value,
            "better": better_of(target.figure),
            "by": target.by.isoformat(),
            "reason": say(target.words),
        },
        "causes": [_cause_document(found, n, cause, figures) for n, cause in one.standing_causes],
        "measures": [_measure_document(found, n, measure) for n, measure in one.standing_measures],
        "follows": [
            {"figure": each.figure, "better": better_of(each.figure), "alarm": each.alarm} for each in one.follows
        ],
        "spans": spans
        and {
            "before": {"from": spans.before[0].isoformat(), "to": spans.before[1].isoformat()},
            "measures": spans.measures.isoformat(),
            "after": {"from": spans.after[0].isoformat(), "to": spans.after[1].isoformat()},
        },
        "next": say(one.next) or None,
        "reason": say(one.words) or None,
    }


def _cited_document(said: Said | None, figures: Figures) -> Document:
    """Return what is cited; "what" is null where its words are not there any more."""
    if said is None or said.cited is None:
        return {"what": None}
    return {**said.cited.document, **figures.cited(said.cited)}


def _cause_document(found: Told, n: int, cause: Cause, figures: Figures) -> Document:
    rows = [_evidence_document(found, each.words, figures) for each in cause.evidence]
    return {
        "n": n,
        "name": found.said(cause.words),
        "bone": cause.bone,
        "bone_name": found.said(cause.own_bone) if cause.bone == OWN_BONE else None,
        "judgement": str(cause.judgement),
        "judged_by": cause.judged_by,
        "judged": iso(found.setup, cause.judged),
        "evidence": [{"n": at, **row} for at, row in enumerate(rows, start=1)],
    }


def _evidence_document(found: Told, kept: str, figures: Figures) -> Document:
    said = found.read(kept)
    if said is None:
        return {"kind": None, "note": ""}
    row: Document = {"kind": str(said.kind), "note": said.note}
    match said.kind:
        case Kind.FIGURE:
            return row | _cited_document(said, figures)
        case Kind.COMPARE:
            return row | compared_document(said, figures)
        case Kind.TICKETS:
            return row | {"tickets": [{"date": day.isoformat(), "ticket": label} for day, label in said.tickets]}
        case Kind.CASES:
            return row | {"cases": [{"number": one, "state": found.cases.get(one)} for one in said.cases]}
        case Kind.COUNT:
            return row | {"count": said.n, "of": said.of or None}


def compared_document(said: Said, figures: Figures) -> Document:
    """Return two groups as they are counted now, with how far the first lies above the second; "few": below 30 rows in
    one of them nothing is compared."""
    if said.groups is None:
        return {}
    then = said.groups
    is_dated = said.first is not None and said.last is not None
    now = said
    if said.first is not None and said.last is not None:
        now = said.counted(figures.parts(said.first, said.last))
    groups = now.groups or then
    found = with_less_without(groups) if is_enough(groups) else None
    verdict = None
    if found is not None and found.low is not None and found.high is not None:
        verdict = "higher" if found.low > 0 else "lower" if found.high < 0 else "cannot_tell"
    return {
        "from": said.first.isoformat() if said.first else None,
        "to": said.last.isoformat() if said.last else None,
        **{
            name: {
                "figure": group.path,
                "n": group.n,
                "of": group.of,
                "rate": group.part.rate,
                "then_n": was.n,
                "then_of": was.of,
            }
            for name, group, was in zip(("with", "without"), groups, then, strict=True)
        },
        "live": is_dated,
        "few": found is None,
        "fewest": FEWEST,
        "difference": found and found.difference,
        "low": found and found.low,
        "high": found and found.high,
        "verdict": verdict,
    }


def _measure_document(found: Told, n: int, one: Measure) -> Document:
    made = one.standard
    says = found.said(made.words) if made else ""
    told = Made.read(made.place, made.ref, says) if made and says else None
    return {
        "n": n,
        "what": found.said(one.words),
        "who": one.who,
        "due": one.due.isoformat(),
        "where": found.said(one.where) or None,
        "cost": one.cost,
        "causes": list(one.causes),
        "done": one.done.isoformat() if one.done else None,
        "overdue": one.done is None and one.due < found.today,
        "standard": made
        and {
            "place": str(made.place),
            "ref": made.ref,
            "by": made.by,
            "at": iso(found.setup, made.at),
            "text": told.text if told else "",
            "value": told.value if told else "",
            "asked": made.is_asked,
            "asked_by": made.asked_by,
        },
    }
