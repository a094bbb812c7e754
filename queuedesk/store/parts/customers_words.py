"""Which words beside the log are customers', by what the log holds of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select

from queuedesk.core.log.state import CASES, FORUMS
from queuedesk.core.quality.case import CITE, Case, id_of_words_entry
from queuedesk.core.quality.thanks import Forum
from queuedesk.store.engine.types import Transaction
from queuedesk.store.log import journal
from queuedesk.store.parts import part_tables
from queuedesk.store.rights.withheld_ratings import may_read_ratings
from queuedesk.store.schema import opinions, ratings, spoken_comments, thanks


def words_in_case(case: Case) -> tuple[str, ...]:
    """Return the customer's words and what was noted in a case; figures that it cites are nobody's words."""
    noted = (entry.text for entry in case.history if entry.step != CITE)
    return tuple(kept for kept in (case.words, *noted) if kept)


def words_in_forum(forum: Forum) -> tuple[str, ...]:
    return (*([forum.about] if forum.about else []), *(issue.words for issue in forum.issues))


def is_customer_comment(tx: Transaction, hall: int, id: str) -> bool:
    """Whether the words with that id are a comment of a customer."""
    return any(
        tx.execute(select(table.c.hall).where(table.c.hall == hall, table.c.comment.startswith(f"{id}:"))).first()
        for table in (ratings, opinions, spoken_comments)
    )


def words_due_for_deletion(tx: Transaction, hall: int, before: datetime) -> set[str]:
    """Return the ids of customers' words that were written before a moment, but for those of cases that were open then
    or since; none for a login that does not read them."""
    if not may_read_ratings(tx) or not (old := journal.word_ids_written_before(tx, hall, before)):
        return set()
    cases = part_tables.of_days(tx, hall, CASES).values()
    held = {
        id_of_words_entry(kept)
        for case in cases
        if case.closed is None or case.closed >= before
        for kept in words_in_case(case)
    }
    return (old & {id_of_words_entry(kept) for kept in _all_words_before(tx, hall, before)}) - held


def _all_words_before(tx: Transaction, hall: int, before: datetime) -> Iterator[str]:
    for table in (ratings, opinions, spoken_comments):
        asked = select(table.c.comment).where(table.c.hall == hall, table.c.comment.is_not(None), table.c.time < before)
        yield from tx.execute(asked).scalars()
    yield from (kept for day in part_tables.of_days(tx, hall, CASES).values() for kept in words_in_case(day))
    yield from (kept for day in part_tables.of_days(tx, hall, FORUMS).values() for kept in words_in_forum(day))
    yield from tx.execute(select(thanks.c.words).where(thanks.c.hall == hall, thanks.c.words.is_not(None))).scalars()
