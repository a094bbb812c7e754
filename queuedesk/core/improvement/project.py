"""An improvement project: its eight steps, its causes with their evidence, its measures and their results; and a
wording trial, which `features/wording/rules.py` judges.

Texts that people write in a project (title, causes, measures …) are stored outside the log: the fields named `words`
and `title` hold their id and digest.

A trial shows two wordings of a kiosk's key or of a notice on alternating days. Its dates are fixed at its start:
`weeks`, an even number, from its first date on. The old words are shown on its first date and every second one after
it, the new ones on those between: over two weeks each weekday has each once. A trial ends by itself with its last
date; the set-up keeps its words until somebody decides.
"""

from __future__ import annotations

import datetime as clock
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core.log.event import utc_stamp
from queuedesk.core.setup.rows import Setup

T = TypeVar("T")


class ImprovementStep(StrEnum):
    """The eight steps, in order."""

    TOPIC = "topic"
    STATE = "state"
    TARGET = "target"
    CAUSES = "causes"
    EVIDENCE = "evidence"
    MEASURES = "measures"
    EFFECT = "effect"
    STANDARD = "standard"


class CauseJudgement(StrEnum):
    OPEN = "open"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    CANNOT_TELL = "cannot_tell"


class EvidenceKind(StrEnum):
    """The kind of evidence: a figure, page or chart; two groups compared; tickets; cases; a count by hand."""

    FIGURE = "figure"
    COMPARE = "compare"
    TICKETS = "tickets"
    CASES = "cases"
    COUNT = "count"


class ResultingStandard(StrEnum):
    """The standard that a measure becomes."""

    OPENING = "opening"
    CARD = "card"
    RULE = "rule"
    BRIEFING = "briefing"
    NOTHING = "nothing"


class ProjectEnding(StrEnum):
    """How a project ends."""

    CLOSED = "closed"
    DROPPED = "dropped"


class ProjectTarget(Struct, frozen=True, kw_only=True):
    """The `value` (a share in 0..1, or minutes) of a figure, by its path, to reach by a date. `words` is the reason."""

    figure: str
    value: float
    by: clock.date
    words: str


class EffectFigure(Struct, frozen=True):
    """A share or minutes to be compared before and after, by its path. The leader hears of a whole week beyond `alarm`,
    on the bad side."""

    figure: str
    alarm: float | None = None


class ComparedDateSpans(Struct, frozen=True, kw_only=True):
    """The dates before and after that are compared; the measures began on `measures`."""

    before: tuple[clock.date, clock.date]
    measures: clock.date
    after: tuple[clock.date, clock.date]


class Evidence(Struct, frozen=True):
    """A piece of evidence; its content is stored outside the log."""

    kind: EvidenceKind
    words: str


class ProjectCause(Struct, frozen=True, kw_only=True):
    """A cause. `bone` is one of BONES, `own_bone` the name of OWN_BONE. A removed cause keeps its number."""

    words: str
    bone: str
    own_bone: str | None = None
    evidence: tuple[Evidence, ...] = ()
    judgement: CauseJudgement = CauseJudgement.OPEN
    judged_by: str | None = None
    judged: datetime | None = None
    is_removed: bool = False


class MeasureStandard(Struct, frozen=True, kw_only=True):
    """The standard that a measure became: `ref` is the number of an opening check's item, a card's code, a rule's key
    or a briefing's seq; `words` the id of StandardContent.words. With `is_asked` it waits for a person who may change
    the set-up; once done, `asked_by` is who asked."""

    place: ResultingStandard
    ref: str = ""
    by: str
    at: datetime
    words: str | None = None
    is_asked: bool = False
    asked_by: str | None = None


class Measure(Struct, frozen=True, kw_only=True):
    """A measure against causes, numbered from 1: by `who` until `due`, at a `cost` in whole units of money; `done` is
    the date of completion. `where` is the id of words."""

    words: str
    who: str
    due: clock.date
    where: str | None = None
    cost: int | None = None
    causes: tuple[int, ...] = ()
    done: clock.date | None = None
    standard: MeasureStandard | None = None
    is_removed: bool = False


class Project(Struct, frozen=True, kw_only=True):
    """A project. `finding` is its origin, `state` the citations of its present state: ids of words that
    EvidenceContent.read parses. Causes and measures are numbered from 1."""

    seq: int
    number: int
    date: clock.date
    title: str
    leader: str
    by: str
    finding: str | None = None
    state: tuple[str, ...] = ()
    target: ProjectTarget | None = None
    causes: tuple[ProjectCause, ...] = ()
    measures: tuple[Measure, ...] = ()
    follows: tuple[EffectFigure, ...] = ()
    spans: ComparedDateSpans | None = None
    next: str | None = None
    ended: datetime | None = None
    ending: ProjectEnding | None = None
    words: str | None = None
    """Why it ended."""

    @property
    def is_open(self) -> bool:
        return self.ended is None

    @property
    def numbered_unremoved_causes(self) -> tuple[tuple[int, ProjectCause], ...]:
        return tuple((n, cause) for n, cause in enumerate(self.causes, start=1) if not cause.is_removed)

    @property
    def numbered_unremoved_measures(self) -> tuple[tuple[int, Measure], ...]:
        return tuple((n, measure) for n, measure in enumerate(self.measures, start=1) if not measure.is_removed)

    def cause_by_number(self, n: int) -> ProjectCause | None:
        """Return a cause that was not removed, by its number."""
        return dict(self.numbered_unremoved_causes).get(n)

    def measure_by_number(self, n: int) -> Measure | None:
        return dict(self.numbered_unremoved_measures).get(n)

    def missing_step_parts(self, step: ImprovementStep, today: clock.date) -> tuple[str, ...]:
        """Return codes of what a step still lacks; nothing for a finished one."""
        return tuple(code for code, is_there in self._step_conditions_with_status(step, today) if not is_there)

    def _step_conditions_with_status(self, step: ImprovementStep, today: clock.date) -> list[tuple[str, bool]]:
        causes, measures = (
            [row for _n, row in self.numbered_unremoved_causes],
            [row for _n, row in self.numbered_unremoved_measures],
        )
        match step:
            case ImprovementStep.TOPIC:
                return [("finding", self.finding is not None)]
            case ImprovementStep.STATE:
                return [("state", bool(self.state))]
            case ImprovementStep.TARGET:
                return [("target", self.target is not None)]
            case ImprovementStep.CAUSES:
                return [("cause", bool(causes))]
            case ImprovementStep.EVIDENCE:
                judged = all(cause.judgement is not CauseJudgement.OPEN for cause in causes)
                return [("cause", bool(causes)), ("judgement", judged)]
            case ImprovementStep.MEASURES:
                done = all(measure.done is not None for measure in measures)
                return [("measure", bool(measures)), ("done", done)]
            case ImprovementStep.EFFECT:
                is_over = self.spans is not None and self.spans.after[1] < today
                return [("follows", bool(self.follows)), ("spans", self.spans is not None), ("days", is_over)]
            case ImprovementStep.STANDARD:
                placed = all(measure.standard is not None and not measure.standard.is_asked for measure in measures)
                return [("measure", bool(measures)), ("standard", placed)]

    def current_step(self, today: clock.date) -> ImprovementStep | None:
        """Return the first unfinished step, None after the last."""
        return next((step for step in ImprovementStep if self.missing_step_parts(step, today)), None)

    # -- changes by events -------------------------------------------------------------------------------------------

    def with_cause(self, n: int, cause: ProjectCause) -> Project:
        """Return the project with that cause replaced; the next number adds one. Raises KeyError."""
        return replace(self, causes=_with_row_replaced_or_added(self.causes, n, cause))

    def with_measure(self, n: int, measure: Measure) -> Project:
        """Return the project with that measure replaced; the next number adds one. Raises KeyError."""
        return replace(self, measures=_with_row_replaced_or_added(self.measures, n, measure))


def _with_row_replaced_or_added(rows: tuple[T, ...], n: int, row: T) -> tuple[T, ...]:
    if not 1 <= n <= len(rows) + 1:
        raise KeyError(n)
    return (*rows[: n - 1], row, *rows[n:])


# -- rows of the table -----------------------------------------------------------------------------------------------

_date_of, _time_of = clock.date.fromisoformat, datetime.fromisoformat


def encoded_project_fields(project: Project) -> Mapping[str, Any]:
    """Return the fields that a table row stores in another form than the project."""
    target, spans = project.target, project.spans
    return {
        "state": list(project.state),
        "target": [target.figure, target.value, target.by.isoformat(), target.words] if target else None,
        "causes": [_cause_to_row(cause) for cause in project.causes],
        "measures": [_measure_to_row(measure) for measure in project.measures],
        "follows": [[followed.figure, followed.alarm] for followed in project.follows],
        "spans": [day.isoformat() for day in (*spans.before, spans.measures, *spans.after)] if spans else None,
        "ending": project.ending and str(project.ending),
    }


def project_fields_from_row(row: Any) -> Mapping[str, Any]:
    """Return the fields of encoded_project_fields from a row."""
    spans = [_date_of(text) for text in row.spans or ()]
    return {
        "state": tuple(row.state),
        "target": _target_from_row(*row.target) if row.target else None,
        "causes": tuple(map(_cause_from_row, row.causes)),
        "measures": tuple(map(_measure_from_row, row.measures)),
        "follows": tuple(EffectFigure(*follow) for follow in row.follows),
        "spans": ComparedDateSpans(before=(spans[0], spans[1]), measures=spans[2], after=(spans[3], spans[4]))
        if spans
        else None,
        "ending": ProjectEnding(row.ending) if row.ending else None,
    }


def _target_from_row(figure: str, value: float, by: str, words: str) -> ProjectTarget:
    return ProjectTarget(figure=figure, value=value, by=_date_of(by), words=words)


def _cause_to_row(cause: ProjectCause) -> Mapping[str, Any]:
    return {
        "words": cause.words,
        "bone": cause.bone,
        "own_bone": cause.own_bone,
        "evidence": [[str(evidence.kind), evidence.words] for evidence in cause.evidence],
        "judgement": str(cause.judgement),
        "judged_by": cause.judged_by,
        "judged": utc_stamp(cause.judged) if cause.judged else None,
        "is_removed": cause.is_removed,
    }


def _cause_from_row(row: Mapping[str, Any]) -> ProjectCause:
    return ProjectCause(
        **{
            **row,
            "evidence": tuple(Evidence(EvidenceKind(kind), words) for kind, words in row["evidence"]),
            "judgement": CauseJudgement(row["judgement"]),
            "judged": _time_of(row["judged"]) if row["judged"] else None,
        }
    )


def _measure_to_row(measure: Measure) -> Mapping[str, Any]:
    standard = measure.standard
    return {
        "words": measure.words,
        "who": measure.who,
        "due": measure.due.isoformat(),
        "where": measure.where,
        "cost": measure.cost,
        "causes": list(measure.causes),
        "done": measure.done.isoformat() if measure.done else None,
        "standard": _standard_to_row(standard) if standard else None,
        "is_removed": measure.is_removed,
    }


def _standard_to_row(row: MeasureStandard) -> list[Any]:
    return [str(row.place), row.ref, row.by, utc_stamp(row.at), row.words, row.is_asked, row.asked_by]


def _standard_from_row(place: str, ref: str, by: str, at: str, *later: Any) -> MeasureStandard:
    # Rows of earlier versions end before `later`.
    words, is_asked, asked_by = later or (None, False, None)
    return MeasureStandard(
        place=ResultingStandard(place),
        ref=ref,
        by=by,
        at=_time_of(at),
        words=words,
        is_asked=is_asked,
        asked_by=asked_by,
    )


def _measure_from_row(row: Mapping[str, Any]) -> Measure:
    standard = row["standard"]
    return Measure(
        **{
            **row,
            "due": _date_of(row["due"]),
            "causes": tuple(row["causes"]),
            "done": _date_of(row["done"]) if row["done"] else None,
            "standard": _standard_from_row(*standard) if standard else None,
        }
    )


# -- input -----------------------------------------------------------------------------------------------------------


class EvidenceCitation(Struct, frozen=True, kw_only=True):
    """A citation of a project or a piece of evidence: a figure, page or chart by `path` for the dates from `first` to
    `last`, a `ticket` of a date, a `case`, an `inspection` by its seq or an item of it, "12/3"."""

    path: str = ""
    first: clock.date | None = None
    last: clock.date | None = None
    ticket: str = ""
    case: str = ""
    inspection: str = ""


class StandardContent(Struct, frozen=True, kw_only=True):
    """The standard that a measure becomes: `text` is the item, step or point, `card` the card's code, `key` and `value`
    those of a rule."""

    place: ResultingStandard
    text: str = ""
    text_en: str = ""
    card: str = ""
    key: str = ""
    value: str = ""

    @property
    def stored_text(self) -> str:
        """Its content, as stored outside the log."""
        return json.dumps([self.text, self.text_en, self.value], ensure_ascii=False)

    @classmethod
    def read(cls, place: ResultingStandard, ref: str, words: str) -> StandardContent:
        """Parse the `words` of a requested standard."""
        text, text_en, value = json.loads(words)
        card, key = (ref if place is kind else "" for kind in (ResultingStandard.CARD, ResultingStandard.RULE))
        return cls(place=place, text=text, text_en=text_en, card=card, key=key, value=value)


OLD, NEW = "old", "new"
WEEKS = (2, 4, 6, 8)
STOPPED, KEPT, USED = "stopped", "kept", "used"
"""Ends of a trial by hand: early, or with the old or the new words for good."""
PARTS = ("services", "notices")
"""The parts of a set-up that trials can reword."""


class WordingTrial(Struct, frozen=True, kw_only=True):
    """A trial of a service's name on the kiosk's key, or of a notice on the displays (`service` ""), judged by the
    tickets of `services`, or of all if empty. `name` is the old wording, `label` the new one; `ended` is when it was
    ended by hand, by `end`."""

    seq: int
    date: clock.date
    by: str
    service: str
    services: tuple[str, ...] = ()
    name: str
    name_en: str
    label: str
    label_en: str
    first: clock.date
    weeks: int
    ended: clock.date | None = None
    end: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether it was not ended by hand; its last date may have passed."""
        return self.ended is None

    @property
    def is_notice_trial(self) -> bool:
        return not self.service

    @property
    def last_date(self) -> clock.date:
        # A merged event may have more weeks than the calendar.
        days = 7 * min(self.weeks, WEEKS[-1]) - 1
        return self.first + timedelta(days=min(days, (clock.date.max - self.first).days))

    def is_judged_by_some_same_tickets(self, services: Iterable[str]) -> bool:
        """Whether a trial judged by the tickets of `services` (all if empty) would count some of this one's, so that
        their effects could not be separated."""
        own, theirs = frozenset(self.services or filter(None, (self.service,))), frozenset(services)
        return not own or not theirs or not own.isdisjoint(theirs)

    def is_running_on(self, day: clock.date) -> bool:
        return self.first <= day <= self.last_date and (self.ended is None or day < self.ended)

    def wording_on(self, day: clock.date) -> str:
        return old_or_new_wording_on(self.first, day)

    def running_dates(self) -> Iterator[clock.date]:
        every = (self.first + timedelta(days=n) for n in range((self.last_date - self.first).days + 1))
        return (day for day in every if self.is_running_on(day))

    def has_old_words_on(self, document: Mapping[str, Any], day: clock.date) -> bool:
        """Whether a set-up has the trial's object with its old words on a date; a key or notice changed since shows
        neither wording as planned."""
        if not self.is_notice_trial:
            rows = (row for row in document.get("services", ()) if row["code"] == self.service)
            return any(self._has_old_words(row.get("name"), row.get("name_en")) for row in rows)
        return any(
            self._has_old_words(row.get("text"), row.get("text_en"))
            and is_date_within_notice_dates(row.get("from"), row.get("to"), day)
            for row in document.get("notices", ())
        )

    def _has_old_words(self, words: str | None, words_en: str | None) -> bool:
        return (words or "", words_en or "") == (self.name, self.name_en)


def old_or_new_wording_on(first: clock.date, day: clock.date) -> str:
    return NEW if (day - first).days % 2 else OLD


def is_date_within_notice_dates(start: str | None, end: str | None, day: clock.date) -> bool:
    """Whether a date is within a notice's dates, both included."""
    return (not start or start <= day.isoformat()) and (not end or day.isoformat() <= end)


def setup_with_trial_notices(setup: Setup, trials: Iterable[WordingTrial], day: clock.date) -> Setup:
    """Return the set-up with its notices as the displays show them on a date."""
    new = new_words_on(setup, trials, day)
    if not new:
        return setup
    notices = (
        replace(row, text=words[0], text_en=words[1]) if (words := new.get(("", row.text, row.text_en))) else row
        for row in setup.notices
    )
    return replace(setup, notices=tuple(notices))


def new_words_on(
    setup: Setup, trials: Iterable[WordingTrial], day: clock.date
) -> dict[tuple[str, str, str], tuple[str, str]]:
    """Return the new words of a date in both languages, by service and old words; none in a hall without trials."""
    if not setup.has_feature("wording"):
        return {}
    running = (trial for trial in trials if trial.is_running_on(day) and trial.wording_on(day) == NEW)
    return {(active.service, active.name, active.name_en): (active.label, active.label_en) for active in running}
