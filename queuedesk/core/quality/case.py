"""A case: a customer's complaint or request, followed up until the customer's own verdict.

open → contact → act → call back → verdict → close. The verdict "dissatisfied" reopens it after the contact.

Also rectifications after an inspection (an owner, a date, proof, and a second look by another person before closing),
the duties of a person in both, the comments that a case may answer, and the customers' contacts: valid phone numbers
and addresses, and how they are masked.

A case and a project cite a ticket, a figure, or the page of figures of a period, a chart or table of it; a project can
also cite a case, an inspection, or an item of one."""

from __future__ import annotations

import datetime as clock
import json
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from msgspec import Struct, field
from msgspec.structs import replace

from queuedesk.core.errors import RuleError
from queuedesk.core.matching import is_search_match
from queuedesk.core.queue.ticket import Rating, Ticket, TicketId, whole_seconds_between
from queuedesk.core.setup.hall import add_working_days, working_days_between
from queuedesk.core.setup.rows import Setup

CITED_TICKET, CITED_FIGURE, CITED_PAGE, CITED_CHART = "ticket", "figure", "page", "chart"
CITED_CASE, CITED_INSPECTION = "case", "inspection"
CITED_VIEWS = (CITED_PAGE, CITED_CHART)
OF_RATINGS = "why.by:"
"""The prefix of the path of the page of reasons ("why")."""
Figures = Mapping[str, float | None]
"""Figures by their paths within a view; None if there is no figure."""


def is_rating_reasons_page(path: str) -> bool:
    return path.startswith(OF_RATINGS)


class CitedFigures(Struct, frozen=True, kw_only=True):
    """The figures of a period ("": any dates) as they were on the date `as_of`, which was not over if `was_running`.
    `against` is the first date of the period that they were compared with. `figures` are those of the whole period,
    `theirs` those of the other period's compared dates, `ours` those of the period's own compared dates (only on the
    page)."""

    period: str
    as_of: date
    was_running: bool = False
    against: date | None = None
    figures: Figures = field(default_factory=dict)
    ours: Figures = field(default_factory=dict)
    theirs: Figures = field(default_factory=dict)

    @property
    def document(self) -> dict[str, Any]:
        """The JSON that commands print and the database stores."""
        document: dict[str, Any] = {
            "period": self.period,
            "as_of": self.as_of.isoformat(),
            "running": self.was_running,
            "against": self.against.isoformat() if self.against else None,
            "figures": dict(self.figures),
        }
        if self.against is not None:
            document |= {"this": dict(self.ours), "other": dict(self.theirs)}
        return document

    @property
    def stored_text(self) -> str:
        return json.dumps(self.document, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> CitedFigures:
        return cls(
            period=document["period"],
            as_of=date.fromisoformat(document["as_of"]),
            was_running=document["running"],
            against=date.fromisoformat(document["against"]) if document["against"] else None,
            figures=document["figures"],
            ours=document.get("this", {}),
            theirs=document.get("other", {}),
        )


class FigureChange(Struct, frozen=True):
    """A figure of a view that has changed. `side` is "" for the whole period, else "this" or "other"."""

    name: str
    side: str
    then: float | None
    now: float | None


def changed_view_figures(then: CitedFigures, now: CitedFigures) -> list[FigureChange]:
    """Return the figures that differ between two states of a view, in order; a missing figure is None."""
    figure_changes = []
    for side in ("figures", "ours", "theirs"):
        old, new = getattr(then, side), getattr(now, side)
        word = {"figures": "", "ours": "this", "theirs": "other"}[side]
        figure_changes += [
            FigureChange(name, word, old.get(name), new.get(name))
            for name in dict.fromkeys((*old, *new))
            if old.get(name) != new.get(name)
        ]
    return figure_changes


class Citation(Struct, frozen=True, kw_only=True):
    """A citation: a ticket by its number and date, a figure by its path, for the dates from `first` to `last`, with its
    value when it was cited (None if it had none), or a page, chart or table of figures with its `view` at that time. It
    is stored with the words outside the log, as not everybody may read which ticket belongs to a case."""

    what: str
    name: str
    first: clock.date
    last: clock.date
    value: float | None = None
    view: CitedFigures | None = None

    @property
    def stored_text(self) -> str:
        value = "-" if self.value is None else repr(self.value)
        line = " ".join((self.first.isoformat(), self.last.isoformat(), value, self.name))
        return f"{line}\n{self.view.stored_text}" if self.view else line

    @classmethod
    def read(cls, what: str, words: str) -> Citation:
        """Parse the stored `words` of a citation of the kind `what`."""
        line, _end, view = words.partition("\n")
        first, last, value, name = line.split(" ", 3)
        return cls(
            what=what,
            name=name,
            first=clock.date.fromisoformat(first),
            last=clock.date.fromisoformat(last),
            value=None if value == "-" else int(value) if value.isdecimal() else float(value),
            view=CitedFigures.from_document(json.loads(view)) if view else None,
        )

    @property
    def document(self) -> dict[str, Any]:
        span = {"from": self.first.isoformat(), "to": self.last.isoformat()}
        view = self.view.document if self.view else {}
        return {"what": self.what, "name": self.name, **span, "value": self.value, **view}

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Citation:
        return cls(
            what=document["what"],
            name=document["name"],
            first=clock.date.fromisoformat(document["from"]),
            last=clock.date.fromisoformat(document["to"]),
            value=document["value"],
            view=CitedFigures.from_document(document) if document["what"] in CITED_VIEWS else None,
        )


class CaseDeadlines(NamedTuple):
    """The deadlines of a case: the last days for the first contact, the act and the answer, and the hard limit."""

    contact: date
    act: date
    answer: date
    limit: date


def case_deadlines_from(setup: Setup, start: date, *, is_rating: bool) -> CaseDeadlines:
    """Return the deadlines by the hall's rules of a case opened or reopened on `start`. The act is due half way between
    contact and answer."""
    contact, limit = setup.setting_as_int("case_contact_days"), setup.setting_as_int("case_limit_days")
    answer = max(contact, setup.setting_as_int("rating_fix_days" if is_rating else "case_answer_days"))
    limit = max(limit, answer)
    return CaseDeadlines(
        *(add_working_days(setup.calendar, start, n) for n in (contact, (contact + answer) // 2, answer, limit))
    )


def working_days_past_due(setup: Setup, due: date, today: date) -> int:
    """Return the working days by which `today` is past `due`, at least 1 if it is past; else the working days left, as
    0 or a negative number."""
    if today <= due:
        return -working_days_between(setup.calendar, today, due)
    return max(1, working_days_between(setup.calendar, due, today))


OPEN, PROVEN, CLOSED = "open", "proven", "closed"


class RectificationProof(Struct, frozen=True):
    """The owner's proof; `words` is the id of words stored outside the log."""

    at: datetime
    by: str
    words: str


class RectificationSecondLook(Struct, frozen=True):
    """A second look: whether the finding was put right, and the number of proofs at that time."""

    at: datetime
    by: str
    good: bool
    proofs: int


class Rectification(Struct, frozen=True, kw_only=True):
    """A finding that its owner must put right by `due`. `issue` is the id of its words outside the log; `item`, from 1,
    is the item of its inspection."""

    seq: int
    date: clock.date
    issue: str
    owner: str
    due: clock.date
    by: str
    inspection: int | None = None
    item: int | None = None
    proofs: tuple[RectificationProof, ...] = ()
    looks: tuple[RectificationSecondLook, ...] = ()
    reminded: datetime | None = None

    @property
    def proven_open_or_closed_state(self) -> str:
        if not self.is_open:
            return CLOSED
        return PROVEN if self.is_proven else OPEN

    @property
    def is_open(self) -> bool:
        return not (self.looks and self.looks[-1].good)

    @property
    def is_proven(self) -> bool:
        """Whether there is proof since the last look."""
        return len(self.proofs) > (self.looks[-1].proofs if self.looks else 0)

    @property
    def time_of_closing(self) -> datetime | None:
        return None if self.is_open else self.looks[-1].at

    def is_late(self, today: clock.date) -> bool:
        return self.is_open and self.due < today

    def require_open(self) -> None:
        """Raise RuleError "fix_closed"."""
        if not self.is_open:
            raise RuleError("fix_closed", fix=self.seq)

    def require_reviewable_by(self, who: str, *, is_person: bool) -> None:
        """Raise RuleError "fix_closed", "no_proof" (no new proof), "own_fix" (`who` is the owner) or "who_are_you" (not
        a named person)."""
        self.require_open()
        if not self.is_proven:
            raise RuleError("no_proof", fix=self.seq)
        if not is_person:
            raise RuleError("who_are_you")
        if who == self.owner:
            raise RuleError("own_fix", fix=self.seq, staff=who)

    def with_owner_proof(self, at: datetime, by: str, words: str) -> Rectification:
        return replace(self, proofs=(*self.proofs, RectificationProof(at, by, words)))

    def with_second_look(self, at: datetime, by: str, *, good: bool) -> Rectification:
        return replace(self, looks=(*self.looks, RectificationSecondLook(at, by, good, len(self.proofs))))


COMMENT_COMPLAINT, PRAISE, SUGGESTION, OTHER = "complaint", "praise", "suggestion", "other"
CLASSES = (COMMENT_COMPLAINT, PRAISE, SUGGESTION, OTHER)
"""The classes of spoken comments, in the order of the list on screens."""
COMMENT_RATING, OPINION, COMMENT_SPOKEN, TYPED = "rating", "opinion", "spoken", "typed"
"""The source of a comment: typed after a rating, typed after an opinion without a number, spoken to staff, or typed at
a kiosk without either."""
LONGEST_TYPED = 200
"""The most characters of a comment that a customer types."""


class SpokenComment(Struct, frozen=True, kw_only=True):
    """A comment recorded by `by` for a customer, or typed by a customer without a rating. `comment` is the id and
    salted digest of words stored outside the log. `ticket` is the number that it is about, of the date `day`; both may
    be None. `klass`, ticket and comment are empty if this PC's login may not read comments."""

    seq: int
    date: clock.date
    time: datetime
    klass: str
    day: clock.date | None
    ticket: str | None
    comment: str
    by: str


class CommentReadMark(Struct, frozen=True, kw_only=True):
    """A mark of the comment `id` as read, or with `read` False the removal of the mark."""

    id: str
    date: clock.date
    time: datetime
    by: str
    read: bool


def may_screen_ask_for_comment(rule: int | str, language: str) -> bool:
    """Whether a screen may ask for a comment: with a keyboard, or if the keys on the screen can write the language.
    `rule` is the hall's `rating_words`."""
    return rule == "keyboard" or (rule == "keys" and language != "zh_CN")


def id_of_words_entry(comment: str) -> str:
    """Return the id in a comment's log entry "id:digest"."""
    return comment.partition(":")[0]


class CustomerComment(Struct, frozen=True, kw_only=True):
    """A comment with its words, for managers. `kept` is its id and digest in the log; `level` is that of its rating,
    None without one; `by` recorded a spoken one. `ticket` is that of the visit it is about, `case` the number of the
    case that answers it."""

    id: str
    kept: str
    source: str
    date: clock.date
    time: datetime
    text: str
    klass: str = ""
    level: int | None = None
    tags: tuple[str, ...] = ()
    ticket: Ticket | None = None
    by: str | None = None
    read: CommentReadMark | None = None
    case: str | None = None

    @property
    def is_read(self) -> bool:
        return self.read is not None and self.read.read

    @property
    def is_praise(self) -> bool:
        """Whether it is classed as praise, or has no class and came with a rating above 3."""
        return self.klass == PRAISE or (not self.klass and self.level is not None and self.level > 3)

    def is_match_for_words(self, words: str) -> bool:
        """Whether it contains all of `words`, or is about the ticket that they name."""
        return is_search_match(words, self.text, self.ticket.label if self.ticket else None)


COMPLAINT = "complaint"
RATING, TICKET, COMMENT, SPOKEN, HELP, WAIT = "rating", "ticket", "comment", "spoken", "help", "wait"
INSPECTION, FORUM = "inspection", "forum"
SOURCES = (RATING, TICKET, COMMENT, SPOKEN, HELP, WAIT, INSPECTION, FORUM)
"""The sources of cases."""
LOW_LEVEL = 2
"""The highest level of a low rating."""
TRIES = 3
"""The number of vain call-backs after which a case may be closed without a verdict."""
LONGEST_TITLE = 60
UNTOLD_SOURCE = ""
"""The source of a case that is withheld from this PC's login."""


class CaseState(StrEnum):
    """The progress of a case, named by the last step that was done."""

    OPENED = "opened"
    CONTACTED = "contacted"
    ACTED = "acted"
    CALLED_BACK = "called_back"
    CLOSED = "closed"


class CaseStep(StrEnum):
    CONTACT = "contact"
    ACT = "act"
    CALL_BACK = "call-back"
    VERDICT = "verdict"
    CLOSE = "close"
    REOPEN = "reopen"


class CustomerVerdict(StrEnum):
    """The customer's verdict after the call-back."""

    SATISFIED = "satisfied"
    DISSATISFIED = "dissatisfied"
    NOT_GIVEN = "not_given"


class CaseOutcome(StrEnum):
    """The outcome of a closed case; only the first is the customer's own verdict."""

    SATISFIED = "satisfied"
    NOT_GIVEN = "not_given"
    NOT_REACHED = "not_reached"
    NO_CONTACT = "no_contact"


CITE = "cite"
"""The step of an entry that cites something."""
_RATED_PREFIX = "R"
RATED_NUMBERS = f"__-{_RATED_PREFIX}%"
"""The SQL pattern of the numbers of low_rating_case_number()."""
NO_ANSWER, REACHED = "no_answer", "reached"
"""The results of a call-back."""


class CaseHistoryEntry(Struct, frozen=True):
    """One line of a case's history. `step` is one of Step, or "open", "owner", "note", "shown", "consent", "cite";
    `text` is the id and digest of words stored outside the log; `result` is the step's result, the new owner or the
    kind of citation; `verdict` is the customer's."""

    seq: int
    time: datetime
    by: str
    step: str
    text: str | None = None
    result: str | None = None
    verdict: str | None = None


class Case(Struct, frozen=True, kw_only=True):
    """A case in its current state. `about` with `about_date` is its ticket; `concerns` are the codes of the people it
    is about, who may neither own nor close it. `ref` identifies its source: a ticket, the seq of a help call, an
    inspection. `words` and `contact` are ids and digests of texts stored outside the log, the contact until the end of
    `contact_until`. `asked`: the customer was asked for a contact. `withheld`: opened by a low rating, and visible only
    to managers' logins. `tries` counts the vain call-backs since the last act, `reopened` the reopenings."""

    seq: int
    number: str
    date: clock.date
    opened: datetime
    by: str
    klass: str
    title: str
    owner: str | None
    state: CaseState
    since: datetime
    contact_due: clock.date
    act_due: clock.date
    answer_due: clock.date
    limit: clock.date
    source: str
    ref: str | None = None
    about: str | None = None
    about_date: clock.date | None = None
    concerns: tuple[str, ...] = ()
    words: str | None = None
    contact: str | None = None
    contact_until: clock.date | None = None
    asked: bool = False
    withheld: bool = False
    tries: int = 0
    verdict: CustomerVerdict | None = None
    reopened: int = 0
    closed: datetime | None = None
    outcome: CaseOutcome | None = None
    history: tuple[CaseHistoryEntry, ...] = ()

    @property
    def is_open(self) -> bool:
        return self.closed is None

    @property
    def is_just_reopened(self) -> bool:
        """Whether it was reopened, and no step was done since."""
        return self.reopened > 0 and self.state is CaseState.CONTACTED

    @property
    def is_subject_readable(self) -> bool:
        """Whether this PC's login may read what the case is about."""
        return self.source != UNTOLD_SOURCE

    def can_be_reached(self, today: clock.date) -> bool:
        """Whether there is a contact that may still be used."""
        return self.contact is not None and self.contact_until is not None and today <= self.contact_until

    def next_step(self, today: clock.date) -> CaseStep | None:
        """Return the next step, None for a closed case."""
        match self.state:
            case CaseState.OPENED:
                return CaseStep.CONTACT if self.can_be_reached(today) else CaseStep.ACT
            case CaseState.CONTACTED:
                return CaseStep.ACT
            case CaseState.ACTED:
                return CaseStep.CLOSE if self._may_close_without_verdict(today) else CaseStep.CALL_BACK
            case CaseState.CALLED_BACK:
                return CaseStep.CLOSE if self.verdict is not None else CaseStep.VERDICT
            case CaseState.CLOSED:
                return None

    def is_step_allowed(self, step: CaseStep, today: clock.date) -> bool:
        """Whether a step is allowed now. Contact and call-back do not need a stored contact: the customer may have come
        in person."""
        match step:
            case CaseStep.CONTACT:
                return self.state is CaseState.OPENED
            case CaseStep.ACT:
                reached = self.state is CaseState.OPENED and not self.can_be_reached(today)
                return reached or self.state is CaseState.CONTACTED
            case CaseStep.CALL_BACK:
                return self.state is CaseState.ACTED
            case CaseStep.VERDICT:
                return self.state is CaseState.CALLED_BACK and self.verdict is None
            case CaseStep.CLOSE:
                return self.next_step(today) is CaseStep.CLOSE
            case CaseStep.REOPEN:
                return self.state is CaseState.CLOSED

    def require_step_allowed(self, step: CaseStep, today: clock.date) -> None:
        """Raise RuleError "case_closed", "case_open", "case_result_missing" (closing without a verdict), or
        "case_not_next" with the next step."""
        if self.is_step_allowed(step, today):
            return
        if not self.is_open:
            raise RuleError("case_closed", number=self.number)
        if step is CaseStep.REOPEN:
            raise RuleError("case_open", number=self.number)
        if step is CaseStep.CLOSE and self.state in (CaseState.ACTED, CaseState.CALLED_BACK):
            raise RuleError("case_result_missing", number=self.number)
        raise RuleError("case_not_next", number=self.number, step=step, next=self.next_step(today))

    def outcome_if_closed_now(self) -> CaseOutcome:
        """Return the outcome if it is closed now, which must be allowed."""
        if self.state is CaseState.CALLED_BACK:
            return CaseOutcome.SATISFIED if self.verdict is CustomerVerdict.SATISFIED else CaseOutcome.NOT_GIVEN
        return CaseOutcome.NOT_REACHED if self.tries >= TRIES else CaseOutcome.NO_CONTACT

    def next_step_due_date(self, today: clock.date) -> clock.date | None:
        """Return the last day for the next step, at most the hard limit; None for a closed case."""
        match self.next_step(today):
            case CaseStep.CONTACT:
                return min(self.contact_due, self.limit)
            case CaseStep.ACT:
                return min(self.act_due, self.limit)
            case CaseStep.CALL_BACK | CaseStep.VERDICT | CaseStep.CLOSE:
                return min(self.answer_due, self.limit)
            case _:
                return None

    def is_overdue(self, today: clock.date) -> bool:
        due = self.next_step_due_date(today)
        return due is not None and due < today

    def with_history_entry(self, entry: CaseHistoryEntry) -> Case:
        return replace(self, history=(*self.history, entry))

    def after_step(self, step: CaseStep, entry: CaseHistoryEntry, *, due: CaseDeadlines | None = None) -> Case:
        """Return the case after a step with the result in `entry`, which is added to its history. `due` are the new
        deadlines of a case that is reopened. Not checked: see require_step_allowed()."""
        case = replace(self.with_history_entry(entry), since=entry.time)
        match step:
            case CaseStep.CONTACT:
                return replace(case, state=CaseState.CONTACTED)
            case CaseStep.ACT:
                return replace(case, state=CaseState.ACTED, tries=0)
            case CaseStep.CALL_BACK if entry.result == NO_ANSWER:
                return replace(case, tries=self.tries + 1)
            case CaseStep.CALL_BACK | CaseStep.VERDICT if entry.verdict == CustomerVerdict.DISSATISFIED:
                return case._with_reopening(due, CustomerVerdict.DISSATISFIED)
            case CaseStep.CALL_BACK | CaseStep.VERDICT:
                verdict = CustomerVerdict(entry.verdict) if entry.verdict else None
                return replace(case, state=CaseState.CALLED_BACK, verdict=verdict)
            case CaseStep.CLOSE:
                outcome = CaseOutcome(entry.result) if entry.result else None
                return replace(case, state=CaseState.CLOSED, closed=entry.time, outcome=outcome)
            case CaseStep.REOPEN:
                return case._with_reopening(due, None)

    def _with_reopening(self, due: CaseDeadlines | None, verdict: CustomerVerdict | None) -> Case:
        case = self if due is None else replace(self, act_due=due.act, answer_due=due.answer, limit=due.limit)
        return replace(
            case,
            state=CaseState.CONTACTED,
            tries=0,
            verdict=verdict,
            reopened=self.reopened + 1,
            closed=None,
            outcome=None,
        )

    def _may_close_without_verdict(self, today: clock.date) -> bool:
        return self.tries >= TRIES or not self.can_be_reached(today)


def needs_case_for_rating(rating: Rating, marks: Mapping[str, CommentReadMark]) -> bool:
    """Whether a rating is low, counts, and has no comment marked as read; `marks` are by the id of the comment."""
    mark = marks.get(id_of_words_entry(rating.comment)) if rating.comment else None
    return rating.level <= LOW_LEVEL and not rating.excluded and not (mark is not None and mark.read)


def has_case_for_rating(ticket: TicketId, rated: datetime, cases: Iterable[Case]) -> bool:
    """Whether one of `cases` follows up the rating that a ticket got at `rated`: the rating's own case, or any about
    the ticket that was opened later."""
    own = (case for case in cases if (case.about_date, case.about) == ticket)
    return any(case.source == RATING or case.opened >= rated for case in own)


def was_called_later_than_quoted(ticket: Ticket) -> bool:
    """Whether a customer was called later than the quoted range, in whole minutes."""
    first, high = ticket.legs[0], ticket.promise.high
    return (
        first.called is not None
        and high is not None
        and round(whole_seconds_between(ticket.arrived, first.called) / 60) > high
    )


def case_number_of_help_call(cases: Iterable[Case], seq: int) -> str:
    """Return the number of the case opened for the call for help `seq`, "" if there is none."""
    return next((case.number for case in cases if case.source == HELP and case.ref == str(seq)), "")


def ticket_served_at(tickets: Iterable[Ticket], window: str | None, moment: datetime) -> Ticket | None:
    """Return the ticket that was called to or served at a window at `moment`, None if there was none."""
    for ticket in tickets:
        for leg in ticket.legs:
            since, until = leg.called or leg.started, leg.ended or leg.finished
            if leg.window == window and since is not None and since <= moment and (until is None or moment < until):
                return ticket
    return None


def format_case_number(day: date, running: int) -> str:
    """Return the number of a case: year and running number, 26-041."""
    return f"{day:%y}-{running:03d}"


def low_rating_case_number(day: date, seq: int) -> str:
    """Return the number of a case that a low rating opened itself, 26-R1042, from the seq of the rating's event, so
    that hidden cases leave no gaps in the numbers that everybody sees."""
    return f"{day:%y}-{_RATED_PREFIX}{seq}"


def case_sort_key(case: Case, today: date) -> tuple[date, str]:
    """Return the sort key of open cases, which puts the most overdue first."""
    return (case.next_step_due_date(today) or date.max, case.number)


class DueQualityTask(Struct, frozen=True, kw_only=True):
    """A task with the deadline `due`: the next step of a case, or a rectification."""

    due: clock.date
    case: Case | None = None
    fix: Rectification | None = None

    @property
    def key(self) -> str:
        """Its identity: the case's number, or the seq of the rectification."""
        return self.case.number if self.case is not None else str(self.fix.seq if self.fix is not None else 0)


def quality_duties_of_person(
    cases: Iterable[Case], fixes: Iterable[Rectification], who: str, today: clock.date
) -> list[DueQualityTask]:
    """Return the duties of `who`, the most urgent first: not rectifications with proof, which wait for another person's
    look, nor cases about `who`."""
    duties = [
        DueQualityTask(due=fix.due, fix=fix) for fix in fixes if fix.owner == who and fix.is_open and not fix.is_proven
    ]
    for case in cases:
        due = case.next_step_due_date(today) if case.owner == who and who not in case.concerns else None
        if due is not None:
            duties.append(DueQualityTask(due=due, case=case))
    return sorted(duties, key=lambda each: (each.due, each.case is None, each.key))


KEPT_DAYS = 90
"""The contact is deleted this many days after its case was closed."""
LONGEST_CONTACT = 80
NO_END = date(2999, 12, 31)
"""The last day of a staff member's contact, which is kept until it or the person is removed."""
_PHONE = re.compile(r"\+?[0-9](?:[ -]?[0-9]){5,14}")
_DIGITS = re.compile(r"[0-9](?:[ -]?[0-9]){6}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(?:\.[^@\s.]+)+")


def normalized_contact(text: str) -> str:
    """Return a contact with normalised blanks. Raises RuleError "bad_contact" if it is no phone number or address."""
    contact = " ".join(text.split())
    if len(contact) > LONGEST_CONTACT or not (_PHONE.fullmatch(contact) or _MAIL.fullmatch(contact)):
        raise RuleError("bad_contact")
    return contact


def has_contact_in_words(words: str) -> bool:
    """Whether `words` contain a mail address or at least seven digits in a row, like a phone number; not a date."""
    return bool(_MAIL.search(words) or _DIGITS.search(_DATE.sub("", words)))


def is_phone_number(contact: str) -> bool:
    return _PHONE.fullmatch(contact.strip()) is not None


def mask_contact(contact: str) -> str:
    """Return a contact with its middle hidden: recognisable to those who know it, useless to others."""
    name, at, place = contact.partition("@")
    if at:
        return f"{name[:1]}••••@{place}"
    digits = re.sub(r"[^0-9]", "", contact)
    ends = 4 if len(digits) > 8 else 2
    return f"{digits[: ends - 1]} •••• {digits[-ends:]}"


def contact_kept_until(answer_due: date) -> date:
    """Return the last day of a contact given now: KEPT_DAYS after the case's answer is due."""
    return answer_due + timedelta(days=KEPT_DAYS)


def contact_kept_last_day_of_closed_case(day: date, allowed: date) -> date:
    """Return the last day of the contact of a case closed on `day`; never later than `allowed`."""
    return min(allowed, day + timedelta(days=KEPT_DAYS))
