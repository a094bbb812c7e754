"""The documents of cases: what a list shows, and one case with its words and history, as far as somebody may read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from queuedesk.core.errors import RuleError
from queuedesk.core.log.state import CASES, RATINGS, READ_COMMENTS
from queuedesk.core.network.roles import Actor, ReadScope
from queuedesk.core.quality import case as cases
from queuedesk.core.quality import case as contacts
from queuedesk.core.quality.case import Case, working_days_over
from queuedesk.core.quality.cited import Citation, FigureChange, changes
from queuedesk.core.queue.hallday import business_date, day_begins
from queuedesk.core.queue.ticket import Rating, Ticket
from queuedesk.core.setup.rows import Setup
from queuedesk.desk.change import Desk, Document, iso
from queuedesk.desk.reading import words_of
from queuedesk.store.engine.types import Transaction
from queuedesk.store.log import journal
from queuedesk.store.parts import halls, part_tables, tickets
from queuedesk.store.rights.withheld_ratings import reads_ratings

ASKED_FOR = timedelta(days=7)
"""For how long a low rating asks for a case."""


def cases_of(desk: Desk, who: Actor, month: date | None, now: datetime) -> list[Document]:
    """Return the open cases, the most overdue first; with `month` those opened or closed in that date's month, in the
    order of their numbers. Who may not read figures gets the own ones, without where they came from."""
    with desk.db.read() as tx:
        setup = halls.setup(tx, halls.load(tx, desk.hall))
        today = business_date(setup, now)
        if month is None:
            found = sorted(
                part_tables.still_open(tx, desk.hall, CASES).values(), key=lambda one: cases.order_of(one, today)
            )
        else:
            first, last = month.replace(day=1), (month.replace(day=28) + timedelta(days=4)).replace(day=1)
            last -= timedelta(days=1)
            since, until = day_begins(setup, first), day_begins(setup, last + timedelta(days=1))
            among = tickets.opened_or_closed(tx, desk.hall, first, last, closed=(since, until))
            found = [one for one in among if first <= one.date <= last or not one.is_open]
        return _listed(tx, setup, found, who, today)


def cases_to_act_on(desk: Desk, who: Actor, now: datetime) -> list[Document]:
    """Return the open cases as `cases_of` does, without those that concern `who`."""
    with desk.db.read() as tx:
        setup = halls.setup(tx, halls.load(tx, desk.hall))
        today = business_date(setup, now)
        found = [one for one in part_tables.still_open(tx, desk.hall, CASES).values() if who.name not in one.concerns]
        return _listed(tx, setup, sorted(found, key=lambda one: cases.order_of(one, today)), who, today)


def cases_named(desk: Desk, who: Actor, numbers: Sequence[str], now: datetime) -> list[Document]:
    """Return the cases with these numbers, in their order, as `cases_of` does; one that is not there is left out."""
    with desk.db.read() as tx:
        setup = halls.setup(tx, halls.load(tx, desk.hall))
        found = [case for number in numbers if (case := tickets.by_number(tx, desk.hall, number)) is not None]
        return _listed(tx, setup, found, who, business_date(setup, now))


def _listed(tx: Transaction, setup: Setup, found: Sequence[Case], who: Actor, today: date) -> list[Document]:
    is_told = who.may_read(ReadScope.FIGURES) and reads_ratings(tx)
    return [
        {**list_document(setup, case, today), **({"source": case.source or None} if is_told else {})}
        for case in found
        if may_see(who, case)
    ]


def next_number(desk: Desk, now: datetime) -> str:
    """Return the number that the next case gets."""
    with desk.db.read() as tx:
        today = business_date(halls.setup(tx, halls.load(tx, desk.hall)), now)
        return cases.case_number(today, tickets.case_last_number(tx, desk.hall, today) + 1)


def low_ratings_of(desk: Desk, who: Actor, now: datetime) -> list[Document]:
    """Return the low ratings of the last days that have no case and whose comment nobody has read, the newest first,
    where the hall's rule asks for one: ticket, date, level, whom they concern, and the comment as the log holds it,
    with its text. Nobody else than who may read ratings is told any."""
    with desk.db.read() as tx:
        setup = halls.setup(tx, halls.load(tx, desk.hall))
        if setup.settings["low_rating"] != "ask" or not (who.may_read(ReadScope.FIGURES) and reads_ratings(tx)):
            return []
        today = business_date(setup, now)
        rated = part_tables.of_days(tx, desk.hall, RATINGS, today - ASKED_FOR, today).values()
        found = tickets.about_tickets(tx, desk.hall, today - ASKED_FOR)
        marks = part_tables.of_days(tx, desk.hall, READ_COMMENTS, today - ASKED_FOR)
        low = [one for one in rated if cases.asks_for_case(one, marks)]
        texts = words_of(tx, desk.hall, (one.comment for one in low))
        return [
            {
                "ticket": one.label,
                "date": one.date.isoformat(),
                "level": one.level,
                "at": iso(setup, one.time),
                "concerns": clerks_of(tickets.find(tx, desk.hall, (one.date, one.label))),
                "tags": list(one.tags),
                "kept": one.comment,
                "comment": texts.get(one.comment or ""),
            }
            for one in sorted(low, key=lambda one: one.time, reverse=True)
            if not cases.is_answered((one.date, one.label), one.time, found)
        ]


def clerks_of(ticket: Ticket | None) -> list[str]:
    """Return everybody who served a ticket: a case about it concerns them."""
    return [] if ticket is None else list(dict.fromkeys(leg.staff for leg in ticket.legs if leg.staff))


def case_of(desk: Desk, who: Actor, number: str, now: datetime) -> Document:
    """Return one case with its words and history. Raises RuleError "not_there", "not_your_case"."""
    with desk.db.read() as tx:
        setup = halls.setup(tx, halls.load(tx, desk.hall))
        case = tickets.by_number(tx, desk.hall, number)
        if case is None or not may_know(who, case):
            raise RuleError("not_there", kind="case", code=number)
        if not may_see(who, case):
            raise RuleError("not_your_case", number=number, owner=case.owner or "–")
        return case_document(tx, desk.hall, case, who=who, setup=setup, today=business_date(setup, now))


def may_know(who: Actor, case: Case) -> bool:
    """Whether somebody may learn that a case exists: one that a low rating opened tells of the rating."""
    return not case.withheld or may_see(who, case)


def may_see(who: Actor, case: Case) -> bool:
    """Whether somebody may look at a case: whoever may read ratings, and its owner."""
    return who.may_read(ReadScope.FIGURES) or who.name == case.owner


def list_document(setup: Setup, case: Case, today: date) -> Document:
    """Return a case as lists show it. `over` counts working days past the last day of what comes next; negative: how
    many are left."""
    due = case.due(today)
    return {
        "number": case.number,
        "class": case.klass,
        "title": case.title,
        "owner": case.owner,
        "state": str(case.state),
        "reopened": case.reopened,
        "next": case.next_step(today),
        "due": _day(due),
        "over": working_days_over(setup, due, today) if due is not None else None,
        "overdue": case.is_overdue(today),
        "opened": iso(setup, case.opened),
        "closed": iso(setup, case.closed),
        "outcome": case.outcome,
        "ticket": case.about,
        "date": _day(case.about_date),
    }


def case_document(tx: Transaction, hall: int, case: Case, *, who: Actor, setup: Setup, today: date) -> Document:
    """Return a case with what `who` may read of it: the customer's words and reasons, its source and whom it concerns
    only who may read ratings, the contact never whole."""
    is_told = who.may_read(ReadScope.FIGURES) and reads_ratings(tx)
    texts = words_of(tx, hall, (case.words, *(entry.text for entry in case.history))) if is_told else {}
    rating = _rating_behind(tx, hall, case) if is_told else None
    told = {
        "source": case.source or None,
        "ref": case.ref,
        "concerns": list(case.concerns),
        "words": texts.get(case.words or ""),
        "reasons": list(rating.tags) if rating is not None else [],
    }
    return {
        **list_document(setup, case, today),
        **(told if is_told else {}),
        "by": case.by,
        "since": iso(setup, case.since),
        "contact_due": _day(case.contact_due),
        "act_due": _day(case.act_due),
        "answer_due": _day(case.answer_due),
        "limit": _day(case.limit),
        "contact": _masked(tx, hall, case, today) if is_told or who.name == case.owner else None,
        "contact_until": _day(case.contact_until),
        "contact_asked": case.asked,
        "tries": case.tries,
        "verdict": case.verdict,
        "history": [
            {
                "at": iso(setup, entry.time),
                "by": entry.by,
                "step": entry.step,
                "result": entry.result,
                "verdict": entry.verdict,
                **_said(entry, texts.get(entry.text or "")),
            }
            for entry in case.history
        ],
    }


def _rating_behind(tx: Transaction, hall: int, case: Case) -> Rating | None:
    """Return the rating that a case was opened from, None for any other case."""
    day, label = case.about_date, case.about
    if case.source != cases.RATING or day is None or label is None:
        return None
    return part_tables.of_days(tx, hall, RATINGS, day, day).get((day, label))


def _said(entry: cases.Entry, text: str | None) -> Document:
    """Return the words of an entry, or what it cites; of figures what they were then."""
    if entry.step != cases.CITE or text is None:
        return {"text": text, "cites": None}
    return {"text": None, "cites": Citation.read(entry.result or "", text).document}


def cited_now(desk: Desk, who: Actor, cites: Document, now: datetime) -> list[FigureChange]:
    """Return which figures of a cited page or chart are others now than they were; of a year of many tickets that takes
    some seconds. Raises RuleError "not_for_you", OutsideError when the database does not answer."""
    from queuedesk.desk.figures.comparing import seen_again  # all of the figures, which no list of cases needs

    who.must_read(ReadScope.FIGURES)
    cited = Citation.of(cites)
    then = cited.view
    if then is None:
        return []
    return changes(then, seen_again(desk, cited, then, now))


def _masked(tx: Transaction, hall: int, case: Case, today: date) -> str | None:
    if case.contact is None or not case.can_be_reached(today):
        return None
    id = case.contact.partition(":")[0]
    found = journal.contacts_of(tx, hall, [id]).get(id)
    return contacts.masked(found[1]) if found else None


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
