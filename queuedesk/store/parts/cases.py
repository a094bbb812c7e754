"""Cases, asked for by number and date."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import or_, select

from queuedesk.core.log.state import CASES
from queuedesk.core.quality.case import RATED_NUMBERS, RATING, Case
from queuedesk.core.queue.ticket import TicketId
from queuedesk.store.engine.types import Transaction
from queuedesk.store.parts import part_tables
from queuedesk.store.rights.withheld_ratings import reads_ratings
from queuedesk.store.schema.quality_cases import cases as table


def last_number(tx: Transaction, hall: int, year: date) -> int:
    """Return the last running number of the year of a date, 0 if none was given. Cases that low ratings opened by
    themselves have other numbers."""
    statement = (
        select(table.c.number)
        .where(table.c.hall == hall, table.c.number.startswith(f"{year:%y}-"), table.c.number.not_like(RATED_NUMBERS))
        .order_by(table.c.seq.desc())
        .limit(1)
    )
    found = tx.execute(statement).scalar()
    return int(found.partition("-")[2]) if found else 0


def by_number(tx: Transaction, hall: int, number: str) -> Case | None:
    """Return the case with that number, None if there is none."""
    found = part_tables.among(tx, hall, CASES, table.c.number == number)
    return next(iter(found.values()), None)


def of_rating(tx: Transaction, hall: int, ticket: TicketId) -> Case | None:
    """Return the case of a ticket's low rating, None if there is none."""
    about = (table.c.source == RATING, table.c.about_date == ticket[0], table.c.about == ticket[1])
    found = part_tables.among(tx, hall, CASES, *about) if reads_ratings(tx) else {}
    return next(iter(found.values()), None)


def with_words(tx: Transaction, hall: int, id: str) -> Case | None:
    """Return the case that answers the words with that id, None if there is none."""
    found = part_tables.among(tx, hall, CASES, table.c.words.startswith(f"{id}:"))
    return next(iter(found.values()), None)


def about_ratings(tx: Transaction, hall: int, since: date) -> set[TicketId]:
    """Return the tickets, of the dates from `since` on, whose low rating has a case."""
    statement = select(table.c.about_date, table.c.about).where(
        table.c.hall == hall, table.c.source == RATING, table.c.about_date >= since
    )
    return {(row.about_date, row.about) for row in tx.execute(statement)}


def answering(tx: Transaction, hall: int, since: date) -> tuple[dict[str, str], dict[TicketId, str]]:
    """Return the numbers of cases opened from a date on: by what the log holds of the words that each answers, and by
    the ticket where it answers a rating."""
    statement = select(table).where(table.c.hall == hall, table.c.date >= since).order_by(table.c.seq)
    rows = tx.execute(statement).all() if reads_ratings(tx) else []
    words = {row.words: row.number for row in rows if row.words}
    return words, {(row.about_date, row.about): row.number for row in rows if row.source == RATING}


def opened_or_closed(
    tx: Transaction, hall: int, first: date, last: date, *, closed: tuple[datetime, datetime]
) -> list[Case]:
    """Return the cases opened on the dates from `first` to `last`, closed from the first of two moments on and before
    the second, or still open; in the order in which they were opened."""
    opened = table.c.date.between(first, last)
    then = table.c.closed.is_not(None) & (table.c.closed >= closed[0]) & (table.c.closed < closed[1])
    found = part_tables.among(tx, hall, CASES, or_(opened, then, table.c.closed.is_(None)))
    return sorted(found.values(), key=lambda case: case.seq)
