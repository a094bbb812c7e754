"""An improvement project: its eight steps, its causes with their evidence, its measures and what became of them.

What people write in it (the title, a cause, a measure …) stands beside the log: the fields named `words` and `title`
hold the id and digest of it.
"""

from __future__ import annotations

import datetime as clock
import json
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core.log.event import stamp

T = TypeVar("T")


class Step(StrEnum):
    """The eight steps, in order."""

    TOPIC = "topic"
    STATE = "state"
    TARGET = "target"
    CAUSES = "causes"
    EVIDENCE = "evidence"
    MEASURES = "measures"
    EFFECT = "effect"
    STANDARD = "standard"


class Judgement(StrEnum):
    """What was said of a cause."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    CANNOT_TELL = "cannot_tell"


class Kind(StrEnum):
    """What a piece of evidence is: a figure, page or chart; two groups compared; tickets; cases; something counted by
    hand, as remarks or the ticks of a checklist."""

    FIGURE = "figure"
    COMPARE = "compare"
    TICKETS = "tickets"
    CASES = "cases"
    COUNT = "count"


class Place(StrEnum):
    """What a measure becomes."""

    OPENING = "opening"
    CARD = "card"
    RULE = "rule"
    BRIEFING = "briefing"
    NOTHING = "nothing"


class Ending(StrEnum):
    """How a project ends."""

    CLOSED = "closed"
    DROPPED = "dropped"


class Target(Struct, frozen=True, kw_only=True):
    """A figure, by its path, that is to reach `value` by a date, a share in 0..1 or minutes. `words` is the reason."""

    figure: str
    value: float
    by: clock.date
    words: str


class EffectFigure(Struct, frozen=True):
    """A share or minutes whose effect is asked, by its path. `alarm`: a whole week beyond it, on the bad side, is told
    the leader."""

    figure: str
    alarm: float | None = None


class Spans(Struct, frozen=True, kw_only=True):
    """The dates before and after that are compared; the measures began on `measures`."""

    before: tuple[clock.date, clock.date]
    measures: clock.date
    after: tuple[clock.date, clock.date]


class Evidence(Struct, frozen=True):
    """A piece of evidence; what it says stands beside the log."""

    kind: Kind
    words: str


class Cause(Struct, frozen=True, kw_only=True):
    """A cause. `bone` is one of BONES, `own_bone` the words of its name where it is OWN_BONE. What is removed stays
    in its place, so that a number always means the same cause."""

    words: str
    bone: str
    own_bone: str | None = None
    evidence: tuple[Evidence, ...] = ()
    judgement: Judgement = Judgement.OPEN
    judged_by: str | None = None
    judged: datetime | None = None
    is_removed: bool = False


class Standard(Struct, frozen=True, kw_only=True):
    """What a measure became: `ref` names it, as the number of an opening check's item, a card's code, a rule's key, a
    briefing's seq; `words` are the id of what it says there, Made.words. With `is_asked` it waits for somebody who may
    change the set-up; once done, `asked_by` is who asked."""

    place: Place
    ref: str = ""
    by: str
    at: datetime
    words: str | None = None
    is_asked: bool = False
    asked_by: str | None = None


class Measure(Struct, frozen=True, kw_only=True):
    """What is done against causes, numbered from 1: `who` until `due`, at what `cost` in whole units of money; `done`
    is the date on which it was. `where` is the id of words."""

    words: str
    who: str
    due: clock.date
    where: str | None = None
    cost: int | None = None
    causes: tuple[int, ...] = ()
    done: clock.date | None = None
    standard: Standard | None = None
    is_removed: bool = False


class Project(Struct, frozen=True, kw_only=True):
    """A project as it stands. `finding` is what it came from, `state` what its present state cites: ids of words that
    evidence.Said reads. Causes and measures are numbered from 1."""

    seq: int
    number: int
    date: clock.date
    title: str
    leader: str
    by: str
    finding: str | None = None
    state: tuple[str, ...] = ()
    target: Target | None = None
    causes: tuple[Cause, ...] = ()
    measures: tuple[Measure, ...] = ()
    follows: tuple[EffectFigure, ...] = ()
    spans: Spans | None = None
    next: str | None = None
    ended: datetime | None = None
    ending: Ending | None = None
    words: str | None = None
    """Why it ended."""

    @property
    def is_open(self) -> bool:
        return self.ended is None

    @property
    def standing_causes(self) -> tuple[tuple[int, Cause], ...]:
        """The causes that were not removed, with their numbers."""
        return tuple((n, cause) for n, cause in enumerate(self.causes, start=1) if not cause.is_removed)

    @property
    def standing_measures(self) -> tuple[tuple[int, Measure], ...]:
        return tuple((n, measure) for n, measure in enumerate(self.measures, start=1) if not measure.is_removed)

    def cause(self, n: int) -> Cause | None:
        """Return a cause that was not removed, by its number."""
        return dict(self.standing_causes).get(n)

    def measure(self, n: int) -> Measure | None:
        return dict(self.standing_measures).get(n)

    def missing(self, step: Step, today: clock.date) -> tuple[str, ...]:
        """Return what a step lacks until it is done, by codes; nothing for one that is done."""
        return tuple(code for code, is_there in self._needs(step, today) if not is_there)

    def _needs(self, step: Step, today: clock.date) -> list[tuple[str, bool]]:
        causes, measures = [one for _n, one in self.standing_causes], [one for _n, one in self.standing_measures]
        match step:
            case Step.TOPIC:
                return [("finding", self.finding is not None)]
            case Step.STATE:
                return [("state", bool(self.state))]
            case Step.TARGET:
                return [("target", self.target is not None)]
            case Step.CAUSES:
                return [("cause", bool(causes))]
            case Step.EVIDENCE:
                judged = all(cause.judgement is not Judgement.OPEN for cause in causes)
                return [("cause", bool(causes)), ("judgement", judged)]
            case Step.MEASURES:
                done = all(measure.done is not None for measure in measures)
                return [("measure", bool(measures)), ("done", done)]
            case Step.EFFECT:
                is_over = self.spans is not None and self.spans.after[1] < today
                return [("follows", bool(self.follows)), ("spans", self.spans is not None), ("days", is_over)]
            case Step.STANDARD:
                placed = all(measure.standard is not None and not measure.standard.is_asked for measure in measures)
                return [("measure", bool(measures)), ("standard", placed)]

    def current(self, today: clock.date) -> Step | None:
        """Return the first step that is not done, None where all are."""
        return next((step for step in Step if self.missing(step, today)), None)

    # -- what events change --------------------------------------------------------------------------------------------

    def with_cause(self, n: int, cause: Cause) -> Project:
        """Return it with another cause of that number; one more is the next number. Raises KeyError."""
        return replace(self, causes=_placed(self.causes, n, cause))

    def with_measure(self, n: int, measure: Measure) -> Project:
        """Return it with another measure of that number; one more is the next number. Raises KeyError."""
        return replace(self, measures=_placed(self.measures, n, measure))


def _placed(rows: tuple[T, ...], n: int, one: T) -> tuple[T, ...]:
    if not 1 <= n <= len(rows) + 1:
        raise KeyError(n)
    return (*rows[: n - 1], one, *rows[n:])


# -- rows of the table -------------------------------------------------------------------------------------------------

_day, _time = clock.date.fromisoformat, datetime.fromisoformat


def project_row(one: Project) -> Mapping[str, Any]:
    """Return what a row of the table stores otherwise than the project has it."""
    target, spans = one.target, one.spans
    return {
        "state": list(one.state),
        "target": [target.figure, target.value, target.by.isoformat(), target.words] if target else None,
        "causes": [_cause_row(cause) for cause in one.causes],
        "measures": [_measure_row(measure) for measure in one.measures],
        "follows": [[followed.figure, followed.alarm] for followed in one.follows],
        "spans": [day.isoformat() for day in (*spans.before, spans.measures, *spans.after)] if spans else None,
        "ending": one.ending and str(one.ending),
    }


def project_fields(row: Any) -> Mapping[str, Any]:
    """Return these fields of a row."""
    spans = [_day(text) for text in row.spans or ()]
    return {
        "state": tuple(row.state),
        "target": _target(*row.target) if row.target else None,
        "causes": tuple(map(_cause, row.causes)),
        "measures": tuple(map(_measure, row.measures)),
        "follows": tuple(EffectFigure(*follow) for follow in row.follows),
        "spans": Spans(before=(spans[0], spans[1]), measures=spans[2], after=(spans[3], spans[4])) if spans else None,
        "ending": Ending(row.ending) if row.ending else None,
    }


def _target(figure: str, value: float, by: str, words: str) -> Target:
    return Target(figure=figure, value=value, by=_day(by), words=words)


def _cause_row(one: Cause) -> Mapping[str, Any]:
    return {
        "words": one.words,
        "bone": one.bone,
        "own_bone": one.own_bone,
        "evidence": [[str(evidence.kind), evidence.words] for evidence in one.evidence],
        "judgement": str(one.judgement),
        "judged_by": one.judged_by,
        "judged": stamp(one.judged) if one.judged else None,
        "is_removed": one.is_removed,
    }


def _cause(row: Mapping[str, Any]) -> Cause:
    return Cause(
        **{
            **row,
            "evidence": tuple(Evidence(Kind(kind), words) for kind, words in row["evidence"]),
            "judgement": Judgement(row["judgement"]),
            "judged": _time(row["judged"]) if row["judged"] else None,
        }
    )


def _measure_row(one: Measure) -> Mapping[str, Any]:
    made = one.standard
    return {
        "words": one.words,
        "who": one.who,
        "due": one.due.isoformat(),
        "where": one.where,
        "cost": one.cost,
        "causes": list(one.causes),
        "done": one.done.isoformat() if one.done else None,
        "standard": _standard_row(made) if made else None,
        "is_removed": one.is_removed,
    }


def _standard_row(one: Standard) -> list[Any]:
    return [str(one.place), one.ref, one.by, stamp(one.at), one.words, one.is_asked, one.asked_by]


def _standard(place: str, ref: str, by: str, at: str, *later: Any) -> Standard:
    # Rows of earlier programs end here.
    words, is_asked, asked_by = later or (None, False, None)
    return Standard(place=Place(place), ref=ref, by=by, at=_time(at), words=words, is_asked=is_asked, asked_by=asked_by)


def _measure(row: Mapping[str, Any]) -> Measure:
    made = row["standard"]
    return Measure(
        **{
            **row,
            "due": _day(row["due"]),
            "causes": tuple(row["causes"]),
            "done": _day(row["done"]) if row["done"] else None,
            "standard": _standard(*made) if made else None,
        }
    )


# -- what somebody writes down -----------------------------------------------------------------------------------------


class Finding(Struct, frozen=True, kw_only=True):
    """What a project or a piece of evidence cites: a figure, page or chart by `path` of the dates from `first` to
    `last`, a `ticket` of a date, a `case`, an `inspection` by its seq or an item of it, "12/3"."""

    path: str = ""
    first: clock.date | None = None
    last: clock.date | None = None
    ticket: str = ""
    case: str = ""
    inspection: str = ""


class StandardItem(Struct, frozen=True, kw_only=True):
    """What a measure becomes: `text` is the item, the step or the point, `card` the card's code, `key` and `value`
    those of a rule."""

    place: Place
    text: str = ""
    text_en: str = ""
    card: str = ""
    key: str = ""
    value: str = ""

    @property
    def words(self) -> str:
        """What it says, as it stands beside the log."""
        return json.dumps([self.text, self.text_en, self.value], ensure_ascii=False)

    @classmethod
    def read(cls, place: Place, ref: str, words: str) -> StandardItem:
        """Return what somebody asked for, by words beside the log."""
        text, text_en, value = json.loads(words)
        card, key = (ref if place is one else "" for one in (Place.CARD, Place.RULE))
        return cls(place=place, text=text, text_en=text_en, card=card, key=key, value=value)
