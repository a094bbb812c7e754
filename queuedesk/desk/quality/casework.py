"""Opens cases, records their steps up to the customer's verdict, assigns them, shows contacts, and deletes customers'
words when their date has come, or on request: the log keeps an id and a salted digest."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from msgspec import Struct, to_builtins
from msgspec.structs import replace

from queuedesk.core.errors import RuleError
from queuedesk.core.log.state import CASES, FORUMS, THANKS
from queuedesk.core.network.roles import Actor, ReadScope, Role
from queuedesk.core.quality import case as cases
from queuedesk.core.quality import case as contacts
from queuedesk.core.queue.hallday import business_date
from queuedesk.core.queue.ticket import Ticket
from queuedesk.core.setup.rows import Setup
from queuedesk.core.upkeep import monthly_backup_kept_until
from queuedesk.desk.change import Ask, Desk, Document, HallChange, request_time, runs_in_transaction
from queuedesk.desk.quality.case_documents import case_document, clerks_of_ticket, may_know_case_exists
from queuedesk.desk.reading import LONGEST_CITED, store_person_outside_log, store_words_and_give_log_reference
from queuedesk.desk.upkeep import dayend
from queuedesk.store.log import journal
from queuedesk.store.parts import halls, tickets

_OWNER_ROLES = (Role.CLERK, Role.GUIDE, Role.MANAGER, Role.ADMIN)


class NewCaseData(Struct, frozen=True, kw_only=True):
    """The data of a new case. `source` is one of core.quality.case.SOURCES, `ref` identifies it: the seq of a help
    call, an inspection. The case is about `ticket` of `day` (default: today), and concerns its clerks and `concerns`.
    `words` are the customer's own; `kept` is the "id:digest" of words already stored outside the log. Without an
    `owner`, default_case_owner() applies. `asked`: the customer was asked for a contact."""

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


@runs_in_transaction("case")
def open_case(change: HallChange, complaint: NewCaseData) -> Document:
    """Open a case. Raises RuleError "unknown_ticket", "unknown_staff", "bad_value" for an unknown class or source or a
    title with a phone number or address, "case_there" if the ticket's rating has a case already, "case_concerns" if the
    case is about its owner, "bad_contact", "not_for_you" for a rating's case by an actor who may not see ratings, as
    the answer would reveal the rating."""
    if complaint.source == cases.RATING:
        change.who.require_read_right(ReadScope.FIGURES)
    return _case_document_for_actor(change, open_case_in_change(change, complaint))


def open_case_in_change(change: HallChange, complaint: NewCaseData) -> cases.Case:
    """Open a case as part of another change. Raises as open_case()."""
    setup, book = change.setup, change.book
    if complaint.klass not in setup.hall.case_classes:
        raise RuleError("bad_value", field="class", value=complaint.klass, why="not_a_choice")
    if complaint.source not in cases.SOURCES:
        raise RuleError("bad_value", field="source", value=complaint.source, why="not_a_choice")
    title = _checked_case_title(complaint.title)
    ticket = change.ticket_by_label(complaint.ticket, complaint.day) if complaint.ticket else None
    if ticket is not None and complaint.source == cases.RATING:
        _require_no_case_of_rating(change, ticket)
    concerns = tuple(dict.fromkeys((*clerks_of_ticket(ticket), *complaint.concerns)))
    for code in complaint.concerns:
        setup.person_by_code(code)
    owner = complaint.owner or default_case_owner(setup, change.who, concerns)
    _require_possible_case_owner(setup, owner, concerns)
    due = cases.case_deadlines_from(setup, change.date, is_rating=complaint.source == cases.RATING)
    until = contacts.contact_kept_until(due.answer)
    contact = (
        store_person_outside_log(change, complaint.name, complaint.contact, until)
        if complaint.contact.strip()
        else None
    )
    words = complaint.kept or store_words_and_give_log_reference(change, "words", complaint.words)
    running = tickets.last_case_number_of_year(change.tx, book.id, change.date) + 1
    named: dict[str, Any] = {"class": complaint.klass}
    event = change.record(
        "case-open",
        number=cases.format_case_number(change.date, running),
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
        contact=contact,
        contact_until=until.isoformat() if contact else None,
        asked=True if contact or complaint.asked else None,
        salt=change.salts(),
        **named,
    )
    return book.get_record(CASES, event.seq)


def case_data_of_low_rating(change: HallChange, ticket: Ticket, level: int) -> dict[str, Any] | None:
    """Return the data of the case that a low rating opens by the hall's rule, None if it opens none. The rating's event
    holds it, as another event would show everybody who counts the log's seqs that the rating was low."""
    if change.recorded or level > cases.LOW_LEVEL or change.setup.settings["low_rating"] != "auto":
        return None
    klass = case_class_of_low_rating(change.setup)
    if klass is None:
        return None
    concerns = tuple(clerks_of_ticket(ticket))
    due = cases.case_deadlines_from(change.setup, change.date, is_rating=True)
    return {
        "date": change.date.isoformat(),
        "class": klass,
        "owner": default_case_owner(change.setup, change.who, concerns),
        "contact_due": due.contact.isoformat(),
        "act_due": due.act.isoformat(),
        "answer_due": due.answer.isoformat(),
        "limit": due.limit.isoformat(),
        "concerns": list(concerns),
    }


def case_class_of_low_rating(setup: Setup) -> str | None:
    """Return the class of a low rating's case: complaint, else the hall's first class."""
    classes = setup.hall.case_classes
    return cases.COMPLAINT if cases.COMPLAINT in classes else next(iter(classes), None)


@runs_in_transaction("case")
def record_first_contact(change: HallChange, number: str, *, note: str = "") -> Document:
    """Record the first contact with the customer. Raises RuleError "not_there", "not_your_case", "case_concerns" and as
    Case.require_step_allowed()."""
    return _check_and_record_step(change, number, cases.CaseStep.CONTACT, note)


@runs_in_transaction("case")
def record_case_action(change: HallChange, number: str, note: str) -> Document:
    """Record the action taken. Raises RuleError "bad_value" without a note, and as record_first_contact()."""
    return _check_and_record_step(change, number, cases.CaseStep.ACT, _require_text("note", note))


@runs_in_transaction("case")
def record_call_back(
    change: HallChange, number: str, *, reached: bool, verdict: cases.CustomerVerdict | None = None, note: str = ""
) -> Document:
    """Record a call-back, with the verdict if the customer gave it at once; "dissatisfied" reopens the case. Raises as
    record_first_contact()."""
    result = cases.REACHED if reached else cases.NO_ANSWER
    return _check_and_record_step(
        change, number, cases.CaseStep.CALL_BACK, note, result=result, verdict=verdict if reached else None
    )


@runs_in_transaction("case")
def record_customer_verdict(
    change: HallChange, number: str, verdict: cases.CustomerVerdict, *, note: str = ""
) -> Document:
    """Record the customer's verdict after a call-back; "dissatisfied" reopens the case. Raises as
    record_first_contact()."""
    return _check_and_record_step(change, number, cases.CaseStep.VERDICT, note, verdict=verdict)


@runs_in_transaction("case")
def close_case(change: HallChange, number: str, *, note: str = "") -> Document:
    """Close a case. Raises RuleError "case_result_missing" before the verdict or the third vain call-back, and as
    record_first_contact()."""
    case = _find_case(change, number)
    _require_actor_may_act_on_case(change, case)
    case.require_step_allowed(cases.CaseStep.CLOSE, change.date)
    until = None
    if case.contact is not None and case.contact_until is not None:
        until = contacts.contact_kept_last_day_of_closed_case(change.date, case.contact_until)
        journal.set_contact_deletion_date(change.tx, change.book.id, cases.id_of_words_entry(case.contact), until)
    return _record_step(change, case, cases.CaseStep.CLOSE, note, result=str(case.outcome_if_closed_now()), until=until)


@runs_in_transaction("case")
def reopen_case(change: HallChange, number: str, reason: str) -> Document:
    """Reopen a closed case of a customer who is still dissatisfied. Raises RuleError "reason_needed", "case_open", and
    as record_first_contact()."""
    return _check_and_record_step(change, number, cases.CaseStep.REOPEN, change.required_reason(reason))


@runs_in_transaction("case-owner")
def assign_case(change: HallChange, number: str, owner: str) -> Document:
    """Assign a case. Neither the actor nor the new owner may be a person the case is about. Raises RuleError
    "not_there", "case_closed", "case_concerns", "unknown_staff"."""
    case = _find_case(change, number)
    if change.who.name in case.concerns:
        raise RuleError("case_concerns", number=number, staff=change.who.name)
    if not case.is_open:
        raise RuleError("case_closed", number=number)
    _require_possible_case_owner(change.setup, owner, case.concerns)
    if owner != case.owner and case.withheld and change.setup.staff[owner].role not in (Role.MANAGER, Role.ADMIN):
        change.record("case-owner", of=case.seq, owner=owner, case=_case_without_restricted_fields(case))
    elif owner != case.owner:
        change.record("case-owner", of=case.seq, owner=owner, **_fields_hiding_withheld_case(change, case))
    return _case_document_for_actor(change, change.book.get_record(CASES, case.seq))


@runs_in_transaction("case")
def add_case_note(change: HallChange, number: str, text: str) -> Document:
    """Add a note to a case's history. Raises RuleError "bad_value", and as record_first_contact()."""
    case = _find_case(change, number)
    _require_actor_may_act_on_case(change, case)
    stored = store_words_and_give_log_reference(change, "note", _require_text("note", text))
    change.record("case-note", of=case.seq, text=stored, **_fields_hiding_withheld_case(change, case))
    return _case_document_for_actor(change, change.book.get_record(CASES, case.seq))


@runs_in_transaction("case")
def cite_ticket_in_case(change: HallChange, number: str, label: str, *, day: date | None = None) -> Document:
    """Cite a ticket in a case; `day` is by default today. Raises RuleError "unknown_ticket", and as
    record_first_contact()."""
    case = _find_case(change, number)
    _require_actor_may_act_on_case(change, case)
    ticket = change.ticket_by_label(label, day)
    return _record_citation(
        change, case, cases.Citation(what=cases.CITED_TICKET, name=ticket.label, first=ticket.date, last=ticket.date)
    )


def cite_figure_in_case(
    desk: Desk, ask: Ask, number: str, path: str, *, first: date, last: date, against: str = ""
) -> Document:
    """Cite in a case a figure of the dates from `first` to `last` with its present value, or the page, a chart or a
    table of a period's figures with their present values and the comparison `against` (comparing.date_to_compare()).
    Takes seconds for a year of many tickets. Raises RuleError "bad_value" for an unknown path, future dates, or a page
    of dates that are no period; "same_period", "not_for_you", and as record_first_contact()."""
    cited = cases.Citation(what=cases.CITED_FIGURE, name=path, first=first, last=last)
    # Read before the hall's lock is taken, as it takes long. An actor without the right is refused in the change.
    if ask.who.may_read(ReadScope.FIGURES):
        from queuedesk.desk.figures import new_citation_of_current_figure  # Slow to import, and rarely needed.

        cited = new_citation_of_current_figure(desk, ask.now, path, first=first, last=last, against=against)
    return _record_figure_citation(desk, ask, number, cited)


@runs_in_transaction("case")
def _record_figure_citation(change: HallChange, number: str, cited: cases.Citation) -> Document:
    case = _find_case(change, number)
    _require_actor_may_act_on_case(change, case)
    change.who.require_read_right(ReadScope.FIGURES)
    return _record_citation(change, case, cited)


def _record_citation(change: HallChange, case: cases.Case, cited: cases.Citation) -> Document:
    stored = store_words_and_give_log_reference(change, "cited", cited.stored_text, longest=LONGEST_CITED)
    change.record("case-note", of=case.seq, cites=cited.what, text=stored, **_fields_hiding_withheld_case(change, case))
    return _case_document_for_actor(change, change.book.get_record(CASES, case.seq))


@runs_in_transaction("case")
def store_customer_contact(change: HallChange, number: str, contact: str, *, name: str = "") -> Document:
    """Store the customer's contact, with consent; an empty one records that the customer was asked, and deletes the
    stored one. Raises RuleError "bad_contact", "case_closed", and as record_first_contact()."""
    case = _find_case(change, number)
    _require_actor_may_act_on_case(change, case)
    if not case.is_open:
        raise RuleError("case_closed", number=number)
    until = contacts.contact_kept_until(max(case.answer_due, change.date))
    stored = store_person_outside_log(change, name, contact, until) if contact.strip() else None
    if case.contact is not None:
        journal.delete_stored_contact(change.tx, change.book.id, cases.id_of_words_entry(case.contact))
    last = until.isoformat() if stored else None
    hidden = _fields_hiding_withheld_case(change, case)
    change.record("case-note", of=case.seq, asked=True, contact=stored, contact_until=last, **hidden)
    return _case_document_for_actor(change, change.book.get_record(CASES, case.seq))


@runs_in_transaction("case")
def reveal_customer_contact(change: HallChange, number: str) -> Document:
    """Return the customer's full contact, and record in the case's history that it was shown. Raises RuleError
    "no_contact", and as record_first_contact()."""
    case = _find_case(change, number)
    _require_actor_may_act_on_case(change, case)
    person = None
    if case.contact is not None and case.can_be_reached(change.date):
        id = cases.id_of_words_entry(case.contact)
        person = journal.stored_contacts_by_id(change.tx, change.book.id, [id]).get(id)
    if person is None:
        raise RuleError("no_contact", number=number)
    change.record("case-note", of=case.seq, shown=True, **_fields_hiding_withheld_case(change, case))
    return {"number": case.number, "name": person[0], "contact": person[1]}


# -- rights ------------------------------------------------------------------------------------------------------------


def possible_case_owners(setup: Setup, concerns: tuple[str, ...]) -> list[str]:
    return [code for code, person in setup.staff.items() if person.role in _OWNER_ROLES and code not in concerns]


def default_case_owner(setup: Setup, who: Actor, concerns: tuple[str, ...]) -> str | None:
    """Return the owner of a case opened without one: `who` as a manager or admin, else the first manager, else the
    first admin; None if the case is about all of them."""
    allowed = possible_case_owners(setup, concerns)
    if who.role in (Role.MANAGER, Role.ADMIN) and who.name in allowed:
        return who.name
    for role in (Role.MANAGER, Role.ADMIN):
        for code in allowed:
            if setup.staff[code].role is role:
                return code
    return None


def require_right_to_act_on_case(who: Actor, case: cases.Case) -> None:
    """Raise RuleError "case_concerns" or "not_your_case" unless `who` may act on a case: its owner, or a person who may
    read figures and whom it does not concern."""
    if who.name in case.concerns:
        raise RuleError("case_concerns", number=case.number, staff=who.name)
    if who.name == case.owner:
        return
    # A login that may not read the case can't check whom it concerns.
    if not (who.may_read(ReadScope.FIGURES) and case.is_subject_readable):
        raise RuleError("not_your_case", number=case.number, owner=case.owner or "–")


def _require_actor_may_act_on_case(change: HallChange, case: cases.Case) -> None:
    require_right_to_act_on_case(change.who, case)


def _require_possible_case_owner(setup: Setup, owner: str | None, concerns: tuple[str, ...]) -> None:
    if owner is None:
        return
    setup.person_by_code(owner)
    if owner in concerns:
        raise RuleError("case_concerns", number="", staff=owner)


def _require_no_case_of_rating(change: HallChange, ticket: Ticket) -> None:
    existing = tickets.case_of_low_rating(change.tx, change.book.id, ticket.id)
    if existing is not None:
        raise RuleError("case_there", number=existing.number, ticket=ticket.label)


# -- steps, words ------------------------------------------------------------------------------------------------------


def _check_and_record_step(
    change: HallChange,
    number: str,
    step: cases.CaseStep,
    note: str,
    *,
    result: str | None = None,
    verdict: cases.CustomerVerdict | None = None,
) -> Document:
    case = _find_case(change, number)
    _require_actor_may_act_on_case(change, case)
    case.require_step_allowed(step, change.date)
    return _record_step(change, case, step, note, result=result, verdict=verdict)


def _record_step(
    change: HallChange,
    case: cases.Case,
    step: cases.CaseStep,
    note: str,
    *,
    result: str | None = None,
    verdict: cases.CustomerVerdict | None = None,
    until: date | None = None,
) -> Document:
    due = _fields_hiding_withheld_case(change, case)
    if step is cases.CaseStep.REOPEN or verdict is cases.CustomerVerdict.DISSATISFIED:
        fresh = cases.case_deadlines_from(change.setup, change.date, is_rating=case.source == cases.RATING)
        days = {"act_due": fresh.act, "answer_due": fresh.answer, "limit": fresh.limit}
        due.update({name: day.isoformat() for name, day in days.items()})
    change.record(
        "case-step",
        of=case.seq,
        step=str(step),
        text=store_words_and_give_log_reference(change, "note", note),
        result=result,
        verdict=str(verdict) if verdict else None,
        contact_until=until.isoformat() if until else None,
        **due,
    )
    return _case_document_for_actor(change, change.book.get_record(CASES, case.seq))


def _fields_hiding_withheld_case(change: HallChange, case: cases.Case) -> dict[str, Any]:
    """Return the data that hide an event from logins that may not know a withheld case."""
    return {"withheld": True, "salt": change.salts()} if case.withheld else {}


def _case_without_restricted_fields(case: cases.Case) -> dict[str, Any]:
    """Return a withheld case without its restricted fields, for the logins that see it once a clerk owns it."""
    visible = replace(case, source=cases.UNTOLD_SOURCE, ref=None, about=None, about_date=None, concerns=(), words=None)
    data: dict[str, Any] = to_builtins(replace(visible, withheld=False))
    return data


def _find_case(change: HallChange, number: str) -> cases.Case:
    case = tickets.case_with_number(change.tx, change.book.id, number)
    if case is None or not may_know_case_exists(change.who, case):
        raise RuleError("not_there", kind="case", code=number)
    return case


def _case_document_for_actor(change: HallChange, case: cases.Case) -> Document:
    return case_document(change.tx, change.book.id, case, who=change.who, setup=change.setup, today=change.date)


def _checked_case_title(title: str) -> str:
    words = " ".join(title.split())
    if len(words) > cases.LONGEST_TITLE:
        raise RuleError("bad_value", field="title", value=words[:20], why="too_long")
    # Titles are in the log for good, where every PC can read them.
    if contacts.has_contact_in_words(words):
        raise RuleError("bad_value", field="title", value=words[:20], why="has_contact")
    return words


def _require_text(field: str, text: str) -> str:
    if not text.strip():
        raise RuleError("bad_value", field=field, value=None, why="empty")
    return text


COMMENT, CASE, THANKED, FORUM = "comment", "case", "thanks", "forum"
KINDS = (COMMENT, CASE, THANKED, FORUM)
"""The kinds of words that can be deleted."""
_ID_LENGTH = 16


class StoredWordsIdsAndCase(Struct, frozen=True):
    """The words of one comment, case, thanks or forum: the "id:digest" of each text in the log, and the case that they
    belong to."""

    kind: str
    kept: tuple[str, ...]
    case: cases.Case | None = None


@runs_in_transaction("comment-read")
def delete_words_of_comment_or_case(change: HallChange, named: str) -> Document:
    """Delete the words of a comment by its id, of a case by its number, or of thanks or a forum by theirs. The title of
    a case is in the log and stays. Raises RuleError "not_there" if they are deleted, "unknown_comment", and as
    casework.require_right_to_act_on_case() for a case."""
    words = _find_words_of_case_thanks_forum(change, named)
    if words.case is not None:
        require_right_to_act_on_case(change.who, words.case)
    deleted = journal.delete_words_by_id(
        change.tx, change.book.id, [cases.id_of_words_entry(kept) for kept in words.kept]
    )
    if not deleted:
        raise RuleError("not_there", kind="words", code=named)
    for id in sorted(deleted):
        change.record("comment-read", comment=id, read=True, forgotten=True)
    title = words.case.title if words.case is not None and words.kind == CASE else ""
    return {"of": named, "kind": words.kind, "forgotten": len(deleted), "title": title or None}


def _find_words_of_case_thanks_forum(change: HallChange, named: str) -> StoredWordsIdsAndCase:
    tx, hall = change.tx, change.book.id
    if "-" in named:
        case = tickets.case_with_number(tx, hall, named)
        if case is None:
            raise RuleError("not_there", kind="case", code=named)
        return StoredWordsIdsAndCase(CASE, journal.words_in_case(case), case)
    if named.isdecimal() and len(named) < _ID_LENGTH:
        thanks, forum = change.book.find_record(THANKS, int(named)), change.book.find_record(FORUMS, int(named))
        if thanks is not None:
            return StoredWordsIdsAndCase(THANKED, (thanks.words,) if thanks.words else ())
        return StoredWordsIdsAndCase(FORUM, journal.words_in_forum(forum) if forum is not None else ())
    if not journal.is_id_of_customer_comment(tx, hall, named):
        raise RuleError("unknown_comment", comment=named)
    return StoredWordsIdsAndCase(COMMENT, (named,), tickets.case_of_words_entry(tx, hall, named))


def delete_expired_customer_words(desk: Desk, ask: Ask) -> Document:
    """Delete the words whose date has come: a chore of the main PC, which may read them; in a file the first change of
    a date does it. Locks the hall only if there are any."""
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        due = dayend.customer_word_ids_to_delete(tx, desk.hall, setup, business_date(setup, request_time(tx, ask)))
    if due:
        with desk.db.write(desk.hall) as tx:
            journal.delete_words_by_id(tx, desk.hall, due)
    return {"forgotten": len(due)}


def deleted_words_backups_document(known: Mapping[str, Any]) -> Document:
    """Return the number of known backups, which still contain words deleted now, when the newest was made, and until
    when the program keeps it if a backup is made each month."""
    made = sorted(datetime.fromisoformat(row["made"]) for row in (*known["backups"], *known["copies"]))
    until = monthly_backup_kept_until(max(made)).isoformat() if made else None
    return {"n": len(made), "newest": made[-1].isoformat() if made else None, "until": until}
