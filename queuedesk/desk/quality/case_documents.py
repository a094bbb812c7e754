"""The JSON documents of cases: list rows, and one case with its words and history, as far as the reader may see."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from queuedesk.core.errors import RuleError
from queuedesk.core.log.state import CASES, RATINGS, READ_COMMENTS
from queuedesk.core.network.roles import Actor, ReadScope
from queuedesk.core.quality import case as cases
from queuedesk.core.quality import case as contacts
from queuedesk.core.quality.case import Case, Citation, FigureChange, changed_view_figures, working_days_past_due
from queuedesk.core.queue.hallday import begin_of_day, business_date
from queuedesk.core.queue.ticket import Rating, Ticket
from queuedesk.core.setup.rows import Setup
from queuedesk.desk.change import Desk, Document, iso_local
from queuedesk.desk.reading import stored_words
from queuedesk.store.engine.types import Transaction
from queuedesk.store.log import journal
from queuedesk.store.parts import halls, part_tables, tickets
from queuedesk.store.rights.withheld_ratings import may_read_ratings

ASKED_FOR = timedelta(days=7)
"""How long a low rating is listed as one that needs a case."""


def cases_open_or_of_month(desk: Desk, who: Actor, month: date | None, now: datetime) -> list[Document]:
    """Return the open cases, most overdue first; with `month` those opened or closed in the month of that date, by
    number. A reader who may not read figures gets only the own cases, without their source."""
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        today = business_date(setup, now)
        if month is None:
            still_open = part_tables.objects_still_open(tx, desk.hall, CASES).values()
            rows = sorted(still_open, key=lambda case: cases.case_sort_key(case, today))
        else:
            first, last = month.replace(day=1), (month.replace(day=28) + timedelta(days=4)).replace(day=1)
            last -= timedelta(days=1)
            since, until = begin_of_day(setup, first), begin_of_day(setup, last + timedelta(days=1))
            among = tickets.cases_active_in_period(tx, desk.hall, first, last, closed=(since, until))
            rows = [case for case in among if first <= case.date <= last or not case.is_open]
        return _readable_case_rows(tx, setup, rows, who, today)


def cases_open_not_about_reader(desk: Desk, who: Actor, now: datetime) -> list[Document]:
    """Return the open cases as cases_open_or_of_month() does, without those about `who`."""
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        today = business_date(setup, now)
        rows = [
            case
            for case in part_tables.objects_still_open(tx, desk.hall, CASES).values()
            if who.name not in case.concerns
        ]
        return _readable_case_rows(
            tx, setup, sorted(rows, key=lambda case: cases.case_sort_key(case, today)), who, today
        )


def case_documents_for_numbers(desk: Desk, who: Actor, numbers: Sequence[str], now: datetime) -> list[Document]:
    """Return the cases with these numbers in the given order, as cases_open_or_of_month() does; unknown numbers
    are left out."""
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        rows = [case for number in numbers if (case := tickets.case_with_number(tx, desk.hall, number)) is not None]
        return _readable_case_rows(tx, setup, rows, who, business_date(setup, now))


def _readable_case_rows(tx: Transaction, setup: Setup, rows: Sequence[Case], who: Actor, today: date) -> list[Document]:
    sees_source = who.may_read(ReadScope.FIGURES) and may_read_ratings(tx)
    return [
        {**case_list_row(setup, case, today), **({"source": case.source or None} if sees_source else {})}
        for case in rows
        if may_read_case(who, case)
    ]


def next_number(desk: Desk, now: datetime) -> str:
    with desk.db.read() as tx:
        today = business_date(halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall)), now)
        return cases.format_case_number(today, tickets.last_case_number_of_year(tx, desk.hall, today) + 1)


def low_ratings_without_case(desk: Desk, who: Actor, now: datetime) -> list[Document]:
    """Return the low ratings of the last days without a case or a mark as read, newest first, if the hall's rule
    low_rating is "ask". `concerns` are the clerks, `kept` is the "id:digest" of the comment. Empty for readers who may
    not see ratings."""
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        if setup.settings["low_rating"] != "ask" or not (who.may_read(ReadScope.FIGURES) and may_read_ratings(tx)):
            return []
        today = business_date(setup, now)
        rated = part_tables.objects_of_days(tx, desk.hall, RATINGS, today - ASKED_FOR, today).values()
        about_tickets = tickets.cases_about_tickets_since_date(tx, desk.hall, today - ASKED_FOR)
        marks = part_tables.objects_of_days(tx, desk.hall, READ_COMMENTS, today - ASKED_FOR)
        low = [rating for rating in rated if cases.needs_case_for_rating(rating, marks)]
        texts = stored_words(tx, desk.hall, (rating.comment for rating in low))
        return [
            {
                "ticket": rating.label,
                "date": rating.date.isoformat(),
                "level": rating.level,
                "at": iso_local(setup, rating.time),
                "concerns": clerks_of_ticket(tickets.find_ticket(tx, desk.hall, (rating.date, rating.label))),
                "tags": list(rating.tags),
                "kept": rating.comment,
                "comment": texts.get(rating.comment or ""),
            }
            for rating in sorted(low, key=lambda rating: rating.time, reverse=True)
            if not cases.has_case_for_rating((rating.date, rating.label), rating.time, about_tickets)
        ]


def clerks_of_ticket(ticket: Ticket | None) -> list[str]:
    """Return the codes of the clerks who served a ticket; a case about the ticket concerns them."""
    return [] if ticket is None else list(dict.fromkeys(leg.staff for leg in ticket.legs if leg.staff))


def case_document_if_permitted(desk: Desk, who: Actor, number: str, now: datetime) -> Document:
    """Return one case with its words and history. Raises RuleError "not_there", "not_your_case"."""
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        case = tickets.case_with_number(tx, desk.hall, number)
        if case is None or not may_know_case_exists(who, case):
            raise RuleError("not_there", kind="case", code=number)
        if not may_read_case(who, case):
            raise RuleError("not_your_case", number=number, owner=case.owner or "–")
        return case_document(tx, desk.hall, case, who=who, setup=setup, today=business_date(setup, now))


def may_know_case_exists(who: Actor, case: Case) -> bool:
    """Whether a person may learn that a case exists; a withheld one would reveal a low rating."""
    return not case.withheld or may_read_case(who, case)


def may_read_case(who: Actor, case: Case) -> bool:
    return who.may_read(ReadScope.FIGURES) or who.name == case.owner


def case_list_row(setup: Setup, case: Case, today: date) -> Document:
    """Return a case's row in lists. `over` is the number of working days past the deadline of the next step, negative
    if some are left."""
    due = case.next_step_due_date(today)
    return {
        "number": case.number,
        "class": case.klass,
        "title": case.title,
        "owner": case.owner,
        "state": str(case.state),
        "reopened": case.reopened,
        "next": case.next_step(today),
        "due": _iso_date(due),
        "over": working_days_past_due(setup, due, today) if due is not None else None,
        "overdue": case.is_overdue(today),
        "opened": iso_local(setup, case.opened),
        "closed": iso_local(setup, case.closed),
        "outcome": case.outcome,
        "ticket": case.about,
        "date": _iso_date(case.about_date),
    }


def case_document(tx: Transaction, hall: int, case: Case, *, who: Actor, setup: Setup, today: date) -> Document:
    """Return a case as far as `who` may read it: words, reasons, source and people concerned only for readers who may
    see ratings; the contact always masked."""
    sees_ratings = who.may_read(ReadScope.FIGURES) and may_read_ratings(tx)
    texts = stored_words(tx, hall, (case.words, *(entry.text for entry in case.history))) if sees_ratings else {}
    rating = _rating_of_case(tx, hall, case) if sees_ratings else None
    restricted = {
        "source": case.source or None,
        "ref": case.ref,
        "concerns": list(case.concerns),
        "words": texts.get(case.words or ""),
        "reasons": list(rating.tags) if rating is not None else [],
    }
    return {
        **case_list_row(setup, case, today),
        **(restricted if sees_ratings else {}),
        "by": case.by,
        "since": iso_local(setup, case.since),
        "contact_due": _iso_date(case.contact_due),
        "act_due": _iso_date(case.act_due),
        "answer_due": _iso_date(case.answer_due),
        "limit": _iso_date(case.limit),
        "contact": _masked_contact(tx, hall, case, today) if sees_ratings or who.name == case.owner else None,
        "contact_until": _iso_date(case.contact_until),
        "contact_asked": case.asked,
        "tries": case.tries,
        "verdict": case.verdict,
        "history": [
            {
                "at": iso_local(setup, entry.time),
                "by": entry.by,
                "step": entry.step,
                "result": entry.result,
                "verdict": entry.verdict,
                **_text_or_citation(entry, texts.get(entry.text or "")),
            }
            for entry in case.history
        ],
    }


def _rating_of_case(tx: Transaction, hall: int, case: Case) -> Rating | None:
    """Return the rating that a case was opened for, None for a case from another source."""
    day, label = case.about_date, case.about
    if case.source != cases.RATING or day is None or label is None:
        return None
    return part_tables.objects_of_days(tx, hall, RATINGS, day, day).get((day, label))


def _text_or_citation(entry: cases.CaseHistoryEntry, text: str | None) -> Document:
    """Return the words of an entry, or its citation with the figures of that time."""
    if entry.step != cases.CITE or text is None:
        return {"text": text, "cites": None}
    return {"text": None, "cites": Citation.read(entry.result or "", text).document}


def changed_figures_of_citation(desk: Desk, who: Actor, cites: Document, now: datetime) -> list[FigureChange]:
    """Return the figures of a cited page or chart that have changed since; takes seconds for a year of many tickets.
    Raises RuleError "not_for_you", OutsideError."""
    from queuedesk.desk.figures import (
        current_figures_of_cited_view,  # Slow to import, and not needed for lists of cases.
    )

    who.require_read_right(ReadScope.FIGURES)
    cited = Citation.from_document(cites)
    then = cited.view
    if then is None:
        return []
    return changed_view_figures(then, current_figures_of_cited_view(desk, cited, then, now))


def _masked_contact(tx: Transaction, hall: int, case: Case, today: date) -> str | None:
    if case.contact is None or not case.can_be_reached(today):
        return None
    id = case.contact.partition(":")[0]
    person = journal.stored_contacts_by_id(tx, hall, [id]).get(id)
    return contacts.mask_contact(person[1]) if person else None


def _iso_date(day: date | None) -> str | None:
    return day.isoformat() if day else None
