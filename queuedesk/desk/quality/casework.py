"""Cases: opens them, notes each step until the customer's verdict, hands them over, shows a contact."""

from __future__ import annotations

from datetime import date
from typing import Any

from msgspec import Struct, to_builtins
from msgspec.structs import replace

from queuedesk.core.errors import RuleError
from queuedesk.core.log.state import CASES
from queuedesk.core.network.roles import Actor, ReadScope, Role
from queuedesk.core.quality import case as cases
from queuedesk.core.quality import case as contacts
from queuedesk.core.quality.case import UNTOLD_SOURCE, Case, Step, Verdict, case_number, deadlines
from queuedesk.core.quality.cited import CITED_FIGURE, CITED_TICKET, Citation
from queuedesk.core.queue.ticket import Ticket
from queuedesk.core.setup.rows import Setup
from queuedesk.desk.change import Ask, Change, Desk, Document, changes
from queuedesk.desk.quality.case_documents import case_document, clerks_of, may_know
from queuedesk.desk.reading import LONGEST_CITED, keep, keep_person
from queuedesk.store.log import journal
from queuedesk.store.parts import tickets

_MAY_OWN = (Role.CLERK, Role.GUIDE, Role.MANAGER, Role.ADMIN)


class Complaint(Struct, frozen=True, kw_only=True):
    """What a case is opened with. `source` is one of core.quality.case.SOURCES, `ref` names it: the seq of a help call,
    an inspection. `ticket` of `day`, by default today, is what it is about; its clerks are those it concerns, with
    `concerns`. `words` are the customer's own, `kept` words that are stored beside the log already, by id and digest.
    Without an owner the duty manager has it. `asked`: the customer was asked for a contact."""

    klass: str
    source: str = cases.SPOKEN
    title: str = ""
    words: str = ""
    kept: str | None = None
    ref: str | None = None
    ticket: str | None = None
    day: date | None = None
    concerns: tuple[str, ...] = ()
    owner: str | None = None
    contact: str = ""
    name: str = ""
    asked: bool = False


@changes("case")
def open_case(change: Change, complaint: Complaint) -> Document:
    """Open a case.

    Raises RuleError "unknown_ticket", "unknown_staff", "bad_value" for a class or source that the hall does not have
    or a title that holds a number or address by which somebody is reached, "case_there" where that ticket's rating has
    one already, "case_concerns" for an owner whom it concerns, "bad_contact", "not_for_you" for a rating's case by
    somebody who may not read how customers rated: the answer would tell.
    """
    if complaint.source == cases.RATING:
        change.who.must_read(ReadScope.FIGURES)
    return _answer(change, opened(change, complaint))


def opened(change: Change, complaint: Complaint) -> Case:
    """Open a case as part of another change. Raises as open_case."""
    setup, book = change.setup, change.book
    if complaint.klass not in setup.hall.case_classes:
        raise RuleError("bad_value", field="class", value=complaint.klass, why="not_a_choice")
    if complaint.source not in cases.SOURCES:
        raise RuleError("bad_value", field="source", value=complaint.source, why="not_a_choice")
    title = _short(complaint.title)
    ticket = change.ticket(complaint.ticket, complaint.day) if complaint.ticket else None
    if ticket is not None and complaint.source == cases.RATING:
        _must_be_new(change, ticket)
    concerns = tuple(dict.fromkeys((*clerks_of(ticket), *complaint.concerns)))
    for code in complaint.concerns:
        setup.person(code)
    owner = complaint.owner or default_owner(setup, change.who, concerns)
    _may_own(setup, owner, concerns)
    due = deadlines(setup, change.date, is_rating=complaint.source == cases.RATING)
    until = contacts.until(due.answer)
    kept = keep_person(change, complaint.name, complaint.contact, until) if complaint.contact.strip() else None
    words = complaint.kept or keep(change, "words", complaint.words)
    running = tickets.case_last_number(change.tx, book.id, change.date) + 1
    named: dict[str, Any] = {"class": complaint.klass}
    event = change.record(
        "case-open",
        number=case_number(change.date, running),
        title=title or None,
        owner=owner,
        contact_due=due.contact.isoformat(),
        act_due=due.act.isoformat(),
        answer_due=due.answer.isoformat(),
        limit=due.limit.isoformat(),
        source=complaint.source,
        ref=complaint.ref,
        about=ticket.label if ticket else None,
        about_date=ticket.date.isoformat() if ticket else None,
        concerns=list(concerns) or None,
        words=words,
        contact=kept,
        contact_until=until.isoformat() if kept else None,
        asked=True if kept or complaint.asked else None,
        salt=change.salts(),
        **named,
    )
    return book.get(CASES, event.seq)


def case_of_rating(change: Change, ticket: Ticket, level: int) -> dict[str, Any] | None:
    """Return the case that a low rating opens by the hall's rule, as the rating's own event holds it; None where it
    opens none. An event of its own would tell everybody who counts the log's numbers that the rating was low."""
    if change.recorded or level > cases.LOW_LEVEL or change.setup.settings["low_rating"] != "auto":
        return None
    klass = rating_class(change.setup)
    if klass is None:
        return None
    concerns = tuple(clerks_of(ticket))
    due = deadlines(change.setup, change.date, is_rating=True)
    return {
        "date": change.date.isoformat(),
        "class": klass,
        "owner": default_owner(change.setup, change.who, concerns),
        "contact_due": due.contact.isoformat(),
        "act_due": due.act.isoformat(),
        "answer_due": due.answer.isoformat(),
        "limit": due.limit.isoformat(),
        "concerns": list(concerns),
    }


def rating_class(setup: Setup) -> str | None:
    """Return the class of a case of a low rating: a complaint, or the first that the hall has."""
    classes = setup.hall.case_classes
    return cases.COMPLAINT if cases.COMPLAINT in classes else next(iter(classes), None)


@changes("case")
def note_contact(change: Change, number: str, *, note: str = "") -> Document:
    """Note that the customer was spoken with. Raises RuleError "not_there", "not_your_case", "case_concerns" and as
    Case.must()."""
    return _stepped(change, number, Step.CONTACT, note)


@changes("case")
def note_act(change: Change, number: str, note: str) -> Document:
    """Note what was done. Raises RuleError "bad_value" without words, and as note_contact."""
    return _stepped(change, number, Step.ACT, _needed("note", note))


@changes("case")
def call_back(
    change: Change, number: str, *, reached: bool, verdict: Verdict | None = None, note: str = ""
) -> Document:
    """Note a call-back: in vain, or with the customer's verdict where it was given at once. "dissatisfied" opens the
    case again. Raises as note_contact."""
    result = cases.REACHED if reached else cases.NO_ANSWER
    return _stepped(change, number, Step.CALL_BACK, note, result=result, verdict=verdict if reached else None)


@changes("case")
def give_verdict(change: Change, number: str, verdict: Verdict, *, note: str = "") -> Document:
    """Note the customer's verdict after a call-back; "dissatisfied" opens the case again. Raises as note_contact."""
    return _stepped(change, number, Step.VERDICT, note, verdict=verdict)


@changes("case")
def close_case(change: Change, number: str, *, note: str = "") -> Document:
    """Close a case. Raises RuleError "case_result_missing" before the customer's verdict or the third vain call-back,
    and as note_contact."""
    case = _case(change, number)
    _must_act(change, case)
    case.must(Step.CLOSE, change.date)
    until = None
    if case.contact is not None and case.contact_until is not None:
        until = contacts.until_when_closed(change.date, case.contact_until)
        journal.forget_contact_on(change.tx, change.book.id, _id(case.contact), until)
    return _record(change, case, Step.CLOSE, note, result=str(case.outcome_now()), until=until)


@changes("case")
def reopen_case(change: Change, number: str, reason: str) -> Document:
    """Open a closed case again: the customer is still dissatisfied. Raises RuleError "reason_needed", "case_open", and
    as note_contact."""
    return _stepped(change, number, Step.REOPEN, change.reason(reason))


@changes("case-owner")
def assign(change: Change, number: str, owner: str) -> Document:
    """Give a case to somebody whom it does not concern; nobody whom it does hands it over.

    Raises RuleError "not_there", "case_closed", "case_concerns", "unknown_staff".
    """
    case = _case(change, number)
    if change.who.name in case.concerns:
        raise RuleError("case_concerns", number=number, staff=change.who.name)
    if not case.is_open:
        raise RuleError("case_closed", number=number)
    _may_own(change.setup, owner, case.concerns)
    if owner != case.owner and case.withheld and change.setup.staff[owner].role not in (Role.MANAGER, Role.ADMIN):
        change.record("case-owner", of=case.seq, owner=owner, case=_shown(case))
    elif owner != case.owner:
        change.record("case-owner", of=case.seq, owner=owner, **_withheld(change, case))
    return _answer(change, change.book.get(CASES, case.seq))


@changes("case")
def add_note(change: Change, number: str, text: str) -> Document:
    """Write something into a case's history. Raises RuleError "bad_value", and as note_contact."""
    case = _case(change, number)
    _must_act(change, case)
    kept = keep(change, "note", _needed("note", text))
    change.record("case-note", of=case.seq, text=kept, **_withheld(change, case))
    return _answer(change, change.book.get(CASES, case.seq))


@changes("case")
def cite_ticket(change: Change, number: str, label: str, *, day: date | None = None) -> Document:
    """Let a case cite a ticket, of today unless a date is named. Raises RuleError "unknown_ticket", and as
    note_contact."""
    case = _case(change, number)
    _must_act(change, case)
    ticket = change.ticket(label, day)
    return _cite(change, case, Citation(what=CITED_TICKET, name=ticket.label, first=ticket.date, last=ticket.date))


def cite_figure(
    desk: Desk, ask: Ask, number: str, path: str, *, first: date, last: date, against: str = ""
) -> Document:
    """Let a case cite a figure of the dates from `first` to `last`, with its value as it is now, or the page of figures
    of a period, a chart or a table of it, with all that it says now and what it is held `against` (as
    comparing.against_day() names it); a year of many tickets takes some seconds. Raises RuleError "bad_value" for what
    is neither, dates to come or, of a page, dates that are no period; "same_period", "not_for_you" for who may not read
    figures, and as note_contact."""
    cited = Citation(what=CITED_FIGURE, name=path, first=first, last=last)
    # Read before the hall is held, for that is long. Who may not read it is refused below.
    if ask.who.may_read(ReadScope.FIGURES):
        from queuedesk.desk.figures.comparing import as_cited  # all of the figures: most who have cases cite none

        cited = as_cited(desk, ask.now, path, first=first, last=last, against=against)
    return _cite_figure(desk, ask, number, cited)


@changes("case")
def _cite_figure(change: Change, number: str, cited: Citation) -> Document:
    case = _case(change, number)
    _must_act(change, case)
    change.who.must_read(ReadScope.FIGURES)
    return _cite(change, case, cited)


def _cite(change: Change, case: Case, cited: Citation) -> Document:
    kept = keep(change, "cited", cited.words, longest=LONGEST_CITED)
    change.record("case-note", of=case.seq, cites=cited.what, text=kept, **_withheld(change, case))
    return _answer(change, change.book.get(CASES, case.seq))


@changes("case")
def set_contact(change: Change, number: str, contact: str, *, name: str = "") -> Document:
    """Keep how the customer may be reached, with the customer's consent; an empty contact notes that there is none and
    deletes what was kept. Raises RuleError "bad_contact", "case_closed", and as note_contact."""
    case = _case(change, number)
    _must_act(change, case)
    if not case.is_open:
        raise RuleError("case_closed", number=number)
    until = contacts.until(max(case.answer_due, change.date))
    kept = keep_person(change, name, contact, until) if contact.strip() else None
    if case.contact is not None:
        journal.drop_contact(change.tx, change.book.id, _id(case.contact))
    last = until.isoformat() if kept else None
    hidden = _withheld(change, case)
    change.record("case-note", of=case.seq, asked=True, contact=kept, contact_until=last, **hidden)
    return _answer(change, change.book.get(CASES, case.seq))


@changes("case")
def show_contact(change: Change, number: str) -> Document:
    """Return how the customer of a case is reached, whole; that it was looked at goes into the case's history. Raises
    RuleError "no_contact" where none is kept, and as note_contact."""
    case = _case(change, number)
    _must_act(change, case)
    found = None
    if case.contact is not None and case.can_be_reached(change.date):
        found = journal.contacts_of(change.tx, change.book.id, [_id(case.contact)]).get(_id(case.contact))
    if found is None:
        raise RuleError("no_contact", number=number)
    change.record("case-note", of=case.seq, shown=True, **_withheld(change, case))
    return {"number": case.number, "name": found[0], "contact": found[1]}


# -- who may -----------------------------------------------------------------------------------------------------------


def owners(setup: Setup, concerns: tuple[str, ...]) -> list[str]:
    """Return who may own a case, managers last but for where nobody else is: everybody whom it does not concern."""
    return [code for code, person in setup.staff.items() if person.role in _MAY_OWN and code not in concerns]


def default_owner(setup: Setup, who: Actor, concerns: tuple[str, ...]) -> str | None:
    """Return who has a case that nobody was given: the manager who opens it, else the first manager, else an admin."""
    allowed = owners(setup, concerns)
    if who.role in (Role.MANAGER, Role.ADMIN) and who.name in allowed:
        return who.name
    for role in (Role.MANAGER, Role.ADMIN):
        for code in allowed:
            if setup.staff[code].role is role:
                return code
    return None


def must_act(who: Actor, case: Case) -> None:
    """Check that somebody may act on a case: the owner, or a manager whom it does not concern. Raises RuleError
    "case_concerns", "not_your_case"."""
    if who.name in case.concerns:
        raise RuleError("case_concerns", number=case.number, staff=who.name)
    if who.name == case.owner:
        return
    # A login that is not told whom a case concerns can't know that it is somebody else.
    if not (who.may_read(ReadScope.FIGURES) and case.is_told):
        raise RuleError("not_your_case", number=case.number, owner=case.owner or "–")


def _must_act(change: Change, case: Case) -> None:
    must_act(change.who, case)


def _may_own(setup: Setup, owner: str | None, concerns: tuple[str, ...]) -> None:
    if owner is None:
        return
    setup.person(owner)
    if owner in concerns:
        raise RuleError("case_concerns", number="", staff=owner)


def _must_be_new(change: Change, ticket: Ticket) -> None:
    """Refuse a second case of one rating."""
    there = tickets.of_rating(change.tx, change.book.id, ticket.id)
    if there is not None:
        raise RuleError("case_there", number=there.number, ticket=ticket.label)


# -- steps, words ------------------------------------------------------------------------------------------------------


def _stepped(
    change: Change,
    number: str,
    step: Step,
    note: str,
    *,
    result: str | None = None,
    verdict: Verdict | None = None,
) -> Document:
    case = _case(change, number)
    _must_act(change, case)
    case.must(step, change.date)
    return _record(change, case, step, note, result=result, verdict=verdict)


def _record(
    change: Change,
    case: Case,
    step: Step,
    note: str,
    *,
    result: str | None = None,
    verdict: Verdict | None = None,
    until: date | None = None,
) -> Document:
    due = _withheld(change, case)
    if step is Step.REOPEN or verdict is Verdict.DISSATISFIED:
        fresh = deadlines(change.setup, change.date, is_rating=case.source == cases.RATING)
        days = {"act_due": fresh.act, "answer_due": fresh.answer, "limit": fresh.limit}
        due.update({name: day.isoformat() for name, day in days.items()})
    change.record(
        "case-step",
        of=case.seq,
        step=str(step),
        text=keep(change, "note", note),
        result=result,
        verdict=str(verdict) if verdict else None,
        contact_until=until.isoformat() if until else None,
        **due,
    )
    return _answer(change, change.book.get(CASES, case.seq))


def _withheld(change: Change, case: Case) -> dict[str, Any]:
    """Return what keeps an event from logins that are not told of a case."""
    return {"withheld": True, "salt": change.salts()} if case.withheld else {}


def _shown(case: Case) -> dict[str, Any]:
    """Return a case as logins read it that were not told of it so far: one that a clerk gets to own."""
    told = replace(case, source=UNTOLD_SOURCE, ref=None, about=None, about_date=None, concerns=(), words=None)
    shown: dict[str, Any] = to_builtins(replace(told, withheld=False))
    return shown


def _case(change: Change, number: str) -> Case:
    case = tickets.by_number(change.tx, change.book.id, number)
    if case is None or not may_know(change.who, case):
        raise RuleError("not_there", kind="case", code=number)
    return case


def _answer(change: Change, case: Case) -> Document:
    return case_document(change.tx, change.book.id, case, who=change.who, setup=change.setup, today=change.date)


def _short(title: str) -> str:
    words = " ".join(title.split())
    if len(words) > cases.LONGEST_TITLE:
        raise RuleError("bad_value", field="title", value=words[:20], why="too_long")
    # Every PC reads a title, and the log keeps it for good.
    if contacts.is_in(words):
        raise RuleError("bad_value", field="title", value=words[:20], why="has_contact")
    return words


def _needed(field: str, text: str) -> str:
    if not text.strip():
        raise RuleError("bad_value", field=field, value=None, why="empty")
    return text


def _id(kept: str) -> str:
    return kept.partition(":")[0]
