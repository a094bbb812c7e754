"""What the records of quality add up to over a time, and the rows that each figure counts.

- Everything is as it stood at the end of the last date: what was done later changes no figure of an earlier time.
  While the last date runs it is as it stands now. Only a forum's issues, and whether they became cases, are as they
  stand now.
- cases: `opened` in the time, `reopened` in it after "still dissatisfied", `closed` in it and closed at its end; `open`
  and `overdue` at its end. A case counts once in each.
  `before` are those from before the time that stand open at its end or were closed in it: before + opened − closed is
  open. by_department counts a case at the department that its owner has at the end.
- days_to_close: working days of the hall's calendar from the day a case was opened to the day it was closed, of those
  that `closed` counts.
- call_backs and verdicts are counted each time: a case whose customer was asked twice has two. `not_reached` are cases
  closed after three tries, `no_contact` those whose customer nobody could ask; neither is anybody's word, so that the
  rate is satisfied ÷ (satisfied + dissatisfied).
- contacts: of the cases opened in the time, whose customer was asked for one, and who gave one that can be used.
- inspections belong to the date on which they were begun, planned ones to the day that was planned. A score is the mean
  of the signed ones. coverage is of the whole months that the time touches until now; a month wants inspections that
  the hall's log has whole.
- rectifications close only by somebody else's second look; `proven` wait for one.
- reasons: shares of all ratings that count (why.py); of fewer than thirty there is none.
- warnings: alerts for which the set-up has somebody warned. Forums are counted by the day they were held.
- What nobody can say is None, and `why` says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from statistics import mean, median
from typing import Any, NamedTuple

from msgspec import Struct

from queuedesk.core.figures.comparing import named_rows, path_of
from queuedesk.core.figures.satisfaction import SATISFIED_LEVELS, share, wilson_interval
from queuedesk.core.log.event import Event
from queuedesk.core.quality.case import NO_ANSWER, REACHED, SOURCES, Case, Outcome, Rectification, Step, Verdict
from queuedesk.core.quality.inspection import CHANNELS, DONE, Inspection, coverage, month_of
from queuedesk.core.setup.hall import Calendar, days_from, is_working, working_days_between

Document = dict[str, Any]
NOT_BEGUN = "not_begun"
NONE_CLOSED, NONE_SAID, NONE_ASKED, NONE_SCORED = "none_closed", "none_said", "none_asked", "none_scored"
NONE_ACKNOWLEDGED, DIFFERENT = "none_acknowledged", "different_calendars"
"""Why there is no figure."""
SAID = (*(str(one) for one in Verdict), str(Outcome.NOT_REACHED), str(Outcome.NO_CONTACT))
"""What comes of asking customers: their verdicts, and that nobody could ask."""
STANDING = ("opened", "open", "overdue", "reopened", "closed")
"""How cases are counted, of all, of a source and of a class."""


class CaseLine(NamedTuple):
    """A case over the time. `said` is what came of asking, each time; `days` its working days, None where it did not
    close in the time; `due` the last day for what comes next, None where it is closed."""

    number: str
    source: str
    klass: str
    opened: bool
    open: bool
    overdue: bool
    reopened: bool
    closed: bool
    reached: int
    no_answer: int
    said: tuple[str, ...]
    days: int | None
    asked: bool
    valid: bool
    department: str | None = None
    due: date | None = None


class InspectionLine(NamedTuple):
    """An inspection at the end of the time; `score` of a hundred where it is signed, `findings` are its deductions."""

    seq: int
    day: date
    channel: str
    is_done: bool
    score: int | None
    findings: int


class FixLine(NamedTuple):
    """What is to be put right, over the time."""

    seq: int
    opened: bool
    open: bool
    overdue: bool
    proven: bool
    closed: bool
    due: date | None = None


class WarningLine(NamedTuple):
    """An alert to somebody, and after how many seconds that person acknowledged it."""

    seq: int
    seconds: int | None


class RatingRow(NamedTuple):
    """A rating that counts, and was low or came with reasons."""

    day: date
    label: str
    level: int
    tags: tuple[str, ...]


class ForumLine(NamedTuple):
    """A forum; `cases` became of its issues."""

    seq: int
    attendees: int
    issues: int
    cases: tuple[str, ...]


class QualityRows(Struct, frozen=True, kw_only=True):
    """The rows behind the figures of the dates from `first` to `last`, of one hall or of several together.

    `until` is the date as of which things stand, `begun` when the hall's log begins. `covering` are the inspections of
    all its months, `least` what the hall wants of each channel a month. `comments` are their ids with whether somebody
    has read them, `ratings` how many count, `rated` those with something to say.
    `calendar` is None where halls have different ones.
    """

    first: date
    last: date
    until: date
    has_begun: bool
    calendar: Calendar | None
    begun: tuple[date, ...]
    least: tuple[Mapping[str, int], ...]
    cases: tuple[CaseLine, ...] = ()
    inspections: tuple[InspectionLine, ...] = ()
    covering: tuple[tuple[Inspection, ...], ...] = ()
    fixes: tuple[FixLine, ...] = ()
    comments: tuple[tuple[str, bool], ...] = ()
    ratings: int = 0
    rated: tuple[RatingRow, ...] = ()
    warnings: tuple[WarningLine, ...] = ()
    thanks: tuple[int, ...] = ()
    forums: tuple[ForumLine, ...] = ()


def together(found: Sequence[QualityRows]) -> QualityRows:
    """Return the rows of several halls as those of one."""

    def all_of(name: str) -> tuple[Any, ...]:
        return tuple(row for rows in found for row in getattr(rows, name))

    first, calendars = found[0], [rows.calendar for rows in found]
    own = ("begun", "least", "covering")
    lists = (*own, "cases", "inspections", "fixes", "comments", "rated", "warnings", "thanks", "forums")
    return QualityRows(
        first=first.first,
        last=first.last,
        until=first.until,
        has_begun=any(rows.has_begun for rows in found),
        ratings=sum(rows.ratings for rows in found),
        calendar=calendars[0] if all(calendar == calendars[0] for calendar in calendars) else None,
        **{name: all_of(name) for name in lists},
    )


# -- records as they stood at the end of a time ------------------------------------------------------------------------


class Dates(Struct, frozen=True):
    """The dates from `first` to `last`; `today` is the hall's, which may be earlier than the last."""

    first: date
    last: date
    today: date

    def has(self, day: date | None) -> bool:
        return day is not None and self.first <= day <= self.last

    @property
    def end(self) -> date:
        """The date as of which things stand."""
        return min(self.last, self.today)


def case_line(
    case: Case, log: Iterable[Event], dates: Dates, calendar: Calendar, department: str | None = None
) -> CaseLine:
    """Return a case as it stood at the end, with its events until then; `department` is its owner's."""
    reached = no_answer = 0
    reopened, said, closed = False, list[str](), None
    for event in log:
        data, day = event.data, event.date
        step, verdict = data.get("step"), data.get("verdict")
        closed = day if step == Step.CLOSE else closed
        if not dates.has(day):
            continue
        reopened = reopened or step == Step.REOPEN or verdict == Verdict.DISSATISFIED
        if step == Step.CALL_BACK:
            reached += data.get("result") == REACHED
            no_answer += data.get("result") == NO_ANSWER
        if verdict:
            said.append(verdict)
        elif step == Step.CLOSE and data.get("result") in (Outcome.NOT_REACHED, Outcome.NO_CONTACT):
            said.append(data["result"])
    is_new, is_closed = dates.has(case.date), not case.is_open and dates.has(closed)
    return CaseLine(
        number=case.number,
        source=case.source,
        klass=case.klass,
        opened=is_new,
        open=case.is_open,
        overdue=case.is_overdue(dates.end),
        reopened=reopened,
        closed=is_closed,
        reached=reached,
        no_answer=no_answer,
        said=tuple(said),
        days=working_days_between(calendar, case.date, closed) if is_closed and closed else None,
        asked=is_new and (case.asked or case.contact is not None),
        valid=is_new and case.contact is not None,
        department=department,
        due=case.due(dates.end),
    )


def inspection_line(one: Inspection) -> InspectionLine:
    """Return an inspection as it stood."""
    is_done = one.state == DONE
    score = one.score.per_hundred if is_done else None
    return InspectionLine(one.seq, one.date, one.channel, is_done, score, sum(bool(mark.taken) for mark in one.marks))


def fix_line(one: Rectification, closed: date | None, dates: Dates) -> FixLine:
    """Return what is to be put right as it stood; `closed` is the date of the look that closed it."""
    return FixLine(
        seq=one.seq,
        opened=dates.has(one.date),
        open=one.is_open,
        overdue=one.is_late(dates.end),
        proven=one.is_open and one.is_proven,
        closed=not one.is_open and dates.has(closed),
        due=one.due,
    )


def warning_line(alarm: Event, acknowledged: datetime | None) -> WarningLine:
    """Return an alert with how long it took until it was acknowledged."""
    took = None if acknowledged is None else round((acknowledged - alarm.time).total_seconds())
    return WarningLine(alarm.seq, took)


# -- figures with their rows -------------------------------------------------------------------------------------------


class Cell(Struct, frozen=True):
    """A figure, and what names the rows that it counts: numbers of cases, of inspections, ids of comments, tickets as
    "2026-11-19 A012"."""

    value: object
    rows: tuple[str, ...] = ()


def cells(found: QualityRows) -> dict[str, Cell]:
    """Return every figure by its path in the document, such as "cases.by_source.rating.opened", with its rows."""
    return dict(_walk((), _tree(found)))


def document(found: QualityRows) -> Document:
    """Return the figures as commands print them."""
    plain: Document = _plain(_tree(found))
    return plain


def case_figures(found: QualityRows) -> Document:
    """Return the three figures of cases that stand among those of the queue."""
    own = document(found)
    return {name: own["cases"][name] if found.has_begun else None for name in ("opened", "closed", "overdue")}


NOTED = {"inspections": "done", "comments": "n", "warnings": "told", "thanks": "n", "forums": "n"}
"""What people note beside cases, each with the figure that says how many."""


def is_quiet(quality: Mapping[str, Any]) -> bool:
    """Whether a document, or what is left of it where a hall uses less, says that nothing of all this was noted in its
    time, and nothing is open from before. Reasons of ratings come by themselves."""
    if "why" in quality:
        return True
    cases = quality["cases"]
    return not (
        any(cases[name] for name in STANDING)
        or cases["call_backs"]["n"]
        or any(quality.get("rectifications", {}).values())
        or any(quality.get(name, {}).get(n) for name, n in NOTED.items())
    )


def _walk(before: tuple[str, ...], tree: Any) -> Iterator[tuple[str, Cell]]:
    if isinstance(tree, Cell):
        yield path_of(*before), tree
    elif isinstance(tree, Mapping):
        for key, inner in tree.items():
            yield from _walk((*before, key), inner)
    else:
        for (name, _row), inner in zip(named_rows(_plain(tree)), tree, strict=True):
            yield from _walk((*before, name), inner)


def _plain(tree: Any) -> Any:
    if isinstance(tree, Cell):
        return tree.value
    if isinstance(tree, Mapping):
        return {key: _plain(value) for key, value in tree.items()}
    return [_plain(row) for row in tree]


def _tree(found: QualityRows) -> Document:
    if not found.has_begun:
        return {"why": Cell(NOT_BEGUN)}
    return {
        "cases": _cases(found.cases),
        "inspections": _inspections(found),
        "rectifications": {
            name: _of(str(fix.seq) for fix in found.fixes if getattr(fix, name))
            for name in ("opened", "open", "overdue", "proven", "closed")
        },
        "comments": {
            "n": _of(id for id, _is_read in found.comments),
            "unread": _of(id for id, is_read in found.comments if not is_read),
        },
        "reasons": _reasons(found.rated, found.ratings),
        "warnings": _warnings(found.warnings),
        "thanks": {"n": _of(map(str, found.thanks))},
        "forums": _forums(found.forums),
        "calendar": _calendar(found),
    }


def _of(rows: Iterable[str]) -> Cell:
    own = tuple(rows)
    return Cell(len(own), own)


def _sum(rows: Iterable[tuple[str, int]]) -> Cell:
    """Return a count to which a row may add more than one."""
    own = [(row, n) for row, n in rows if n]
    return Cell(sum(n for _row, n in own), tuple(row for row, _n in own))


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(float(value), digits)


def _why(is_known: object, why: str) -> Cell:
    return Cell(None if is_known else why)


def _cases(rows: Sequence[CaseLine]) -> Document:
    days = [(row.number, row.days) for row in rows if row.days is not None]
    closed = tuple(number for number, _days in days)
    asked, valid = ([row.number for row in rows if getattr(row, name)] for name in ("asked", "valid"))
    classes = sorted({row.klass for row in rows})
    return {
        **_standing(rows),
        "before": _of(row.number for row in rows if _is_from_before(row)),
        "days_to_close": {
            "n": Cell(len(days), closed),
            "median": Cell(_rounded(median(n for _number, n in days), 1) if days else None, closed),
            "why": _why(days, NONE_CLOSED),
        },
        "call_backs": {
            "n": _sum((row.number, row.reached + row.no_answer) for row in rows),
            "reached": _sum((row.number, row.reached) for row in rows),
            "no_answer": _sum((row.number, row.no_answer) for row in rows),
        },
        "verdicts": _verdicts(rows),
        "contacts": {
            "valid": _of(valid),
            "asked": _of(asked),
            "rate": Cell(_rounded(len(valid) / len(asked), 6) if asked else None, tuple(asked)),
            "why": _why(asked, NONE_ASKED),
        },
        "by_source": _groups(rows, SOURCES, lambda one: one.source),
        "by_class": _groups(rows, classes, lambda one: one.klass),
        "by_department": _departments(rows),
    }


def _standing(rows: Iterable[CaseLine]) -> Document:
    known = list(rows)
    return {name: _of(one.number for one in known if getattr(one, name)) for name in STANDING}


def _groups(rows: Sequence[CaseLine], codes: Sequence[str], of: Callable[[CaseLine], str]) -> list[Document]:
    """Return a row for each code of which there is anything to say."""
    found = [{"code": Cell(code), **_standing(one for one in rows if of(one) == code)} for code in codes]
    return [row for row in found if any(row[name].value for name in STANDING)]


def _is_from_before(one: CaseLine) -> bool:
    return not one.opened and (one.open or one.closed)


def _departments(rows: Sequence[CaseLine]) -> list[Document]:
    """Return a row for each department that has any, the hall's own last."""
    known = [row for row in rows if row.opened or row.open or row.closed]
    codes = sorted({one.department for one in known}, key=lambda name: (name is None, name or ""))
    found = []
    for code in codes:
        own = [one for one in known if one.department == code]
        before = _of(one.number for one in own if _is_from_before(one))
        counts = {name: _of(one.number for one in own if getattr(one, name)) for name in ("opened", "closed", "open")}
        overdue = _of(one.number for one in own if one.overdue)
        found.append({"code": Cell(code), "before": before, **counts, "overdue": overdue})
    return found


def _verdicts(rows: Sequence[CaseLine]) -> Document:
    said = {name: _sum((row.number, row.said.count(name)) for row in rows) for name in SAID}
    satisfied, against = said[Verdict.SATISFIED], said[Verdict.DISSATISFIED]
    good = sum(row.said.count(Verdict.SATISFIED) for row in rows)
    n = good + sum(row.said.count(Verdict.DISSATISFIED) for row in rows)
    behind = tuple(dict.fromkeys((*satisfied.rows, *against.rows)))
    ends = wilson_interval(good, n) if n else None
    return {
        **said,
        "rate": Cell(_rounded(good / n, 6) if n else None, behind),
        "low": Cell(_rounded(ends.low, 6) if ends else None, behind),
        "high": Cell(_rounded(ends.high, 6) if ends else None, behind),
        "why": _why(n, NONE_SAID),
    }


def _inspections(found: QualityRows) -> Document:
    rows = found.inspections
    return {
        **_looked(rows),
        "findings": _sum((str(row.seq), row.findings) for row in rows if row.is_done),
        "by_channel": [
            {"code": Cell(channel), **_looked(own)}
            for channel in CHANNELS
            if (own := [row for row in rows if row.channel == channel])
        ],
        "coverage": _coverage(found),
    }


def _looked(rows: Sequence[InspectionLine]) -> Document:
    scored = [row for row in rows if row.score is not None]
    seqs = tuple(str(one.seq) for one in scored)
    score = mean(one.score or 0 for one in scored) if scored else None
    return {
        "planned": _of(str(row.seq) for row in rows),
        "done": _of(str(row.seq) for row in rows if row.is_done),
        "score": {
            "n": Cell(len(scored), seqs),
            "mean": Cell(_rounded(score, 2), seqs),
            "why": _why(scored, NONE_SCORED),
        },
    }


def _coverage(found: QualityRows) -> list[Document]:
    months = sorted({day.replace(day=1) for day in days_from(found.first, min(found.last, found.until))})
    rows = []
    for first in months:
        last = month_of(first)[1]
        counts: dict[str, Counter[str]] = {}
        seqs: dict[str, list[str]] = {}
        for own, begun, least in zip(found.covering, found.begun, found.least, strict=True):
            within = [one for one in own if first <= one.date <= last]
            for one in coverage(within, least if begun <= first else {}):
                counts.setdefault(one.channel, Counter()).update(done=one.done, planned=one.planned, least=one.least)
            for each in within:
                if each.state == DONE:
                    seqs.setdefault(each.channel, []).append(str(each.seq))
        for channel in (one for one in CHANNELS if one in counts):
            done, planned, wanted = (counts[channel][name] for name in ("done", "planned", "least"))
            behind = tuple(seqs.get(channel, ()))
            rows.append(
                {
                    "month": Cell(f"{first:%Y-%m}"),
                    "channel": Cell(channel),
                    "done": Cell(done, behind),
                    "planned": Cell(planned, behind),
                    "least": Cell(wanted),
                    "short": Cell(max(0, wanted - done), behind),
                }
            )
    return rows


def _reasons(rated: Sequence[RatingRow], ratings: int) -> Document:
    names = {one: f"{one.day.isoformat()} {one.label}" for one in rated}
    tags: dict[str, list[str]] = {}
    for one in rated:
        for tag in dict.fromkeys(one.tags):
            tags.setdefault(tag, []).append(names[one])
    rows = []
    for tag, own in sorted(tags.items(), key=lambda row: (-len(row[1]), row[0])):
        part, behind = share(len(own), ratings), tuple(own)
        ends = {name: Cell(_rounded(getattr(part, name), 6), behind) for name in ("rate", "low", "high")}
        rows.append({"code": Cell(tag), "n": Cell(part.n, behind), "of": Cell(part.of), **ends})
    return {
        "ratings": Cell(ratings),
        "low": _of(names[one] for one in rated if one.level not in SATISFIED_LEVELS),
        "tags": rows,
    }


def _warnings(rows: Sequence[WarningLine]) -> Document:
    seen = [(str(row.seq), row.seconds) for row in rows if row.seconds is not None]
    behind = tuple(seq for seq, _seconds in seen)
    return {
        "told": _of(str(row.seq) for row in rows),
        "acknowledged": Cell(len(seen), behind),
        "median_seconds": Cell(_rounded(median(s for _seq, s in seen), 1) if seen else None, behind),
        "why": _why(seen, NONE_ACKNOWLEDGED),
    }


def _forums(rows: Sequence[ForumLine]) -> Document:
    cases = [number for row in rows for number in row.cases]
    return {
        "n": _of(str(row.seq) for row in rows),
        "attendees": _sum((str(row.seq), row.attendees) for row in rows),
        "issues": _sum((str(row.seq), row.issues) for row in rows),
        "cases": _of(cases),
    }


def _calendar(found: QualityRows) -> Document:
    days = days_from(found.first, found.last)
    calendar = found.calendar
    if calendar is None:
        return {"days": Cell(len(days)), "working": Cell(None), "marked": [], "why": Cell(DIFFERENT)}
    marked = [(day, known) for day in days if (known := calendar.on(day)) is not None]
    return {
        "days": Cell(len(days)),
        "working": _of(day.isoformat() for day in days if is_working(calendar, day)),
        "marked": [
            {
                "date": Cell(day.isoformat()),
                "kind": Cell(calendar_day.kind),
                "working": Cell(is_working(calendar, day)),
            }
            for day, calendar_day in marked
        ],
        "why": Cell(None),
    }
