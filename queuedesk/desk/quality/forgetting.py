"""Deletes customers' words when their date has come, or on request. The log keeps an id and a salted digest."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct

from queuedesk.core.errors import RuleError
from queuedesk.core.log.state import FORUMS, THANKS
from queuedesk.core.quality.case import Case, id_of_words_entry
from queuedesk.core.queue.hallday import business_date
from queuedesk.core.upkeep import monthly_backup_kept_until
from queuedesk.desk.change import Ask, Desk, Document, HallChange, request_time, runs_in_transaction
from queuedesk.desk.quality.casework import require_right_to_act_on_case
from queuedesk.desk.upkeep import dayend
from queuedesk.store.log import journal
from queuedesk.store.parts import customers_words, halls, tickets

COMMENT, CASE, THANKED, FORUM = "comment", "case", "thanks", "forum"
KINDS = (COMMENT, CASE, THANKED, FORUM)
"""The kinds of words that can be deleted."""
_ID_LENGTH = 16


class StoredCustomerWords(Struct, frozen=True):
    """The words of one comment, case, thanks or forum: the "id:digest" of each text in the log, and the case that they
    belong to."""

    kind: str
    kept: tuple[str, ...]
    case: Case | None = None


@runs_in_transaction("comment-read")
def delete_stored_words(change: HallChange, named: str) -> Document:
    """Delete the words of a comment by its id, of a case by its number, or of thanks or a forum by theirs. The title of
    a case is in the log and stays. Raises RuleError "not_there" if they are deleted, "unknown_comment", and as
    casework.require_right_to_act_on_case() for a case."""
    words = _find_customer_words(change, named)
    if words.case is not None:
        require_right_to_act_on_case(change.who, words.case)
    deleted = journal.delete_words_by_id(change.tx, change.book.id, [id_of_words_entry(kept) for kept in words.kept])
    if not deleted:
        raise RuleError("not_there", kind="words", code=named)
    for id in sorted(deleted):
        change.record("comment-read", comment=id, read=True, forgotten=True)
    title = words.case.title if words.case is not None and words.kind == CASE else ""
    return {"of": named, "kind": words.kind, "forgotten": len(deleted), "title": title or None}


def _find_customer_words(change: HallChange, named: str) -> StoredCustomerWords:
    tx, hall = change.tx, change.book.id
    if "-" in named:
        case = tickets.case_with_number(tx, hall, named)
        if case is None:
            raise RuleError("not_there", kind="case", code=named)
        return StoredCustomerWords(CASE, customers_words.words_in_case(case), case)
    if named.isdecimal() and len(named) < _ID_LENGTH:
        thanks, forum = change.book.find(THANKS, int(named)), change.book.find(FORUMS, int(named))
        if thanks is not None:
            return StoredCustomerWords(THANKED, (thanks.words,) if thanks.words else ())
        return StoredCustomerWords(FORUM, customers_words.words_in_forum(forum) if forum is not None else ())
    if not customers_words.is_customer_comment(tx, hall, named):
        raise RuleError("unknown_comment", comment=named)
    return StoredCustomerWords(COMMENT, (named,), tickets.case_answering_words(tx, hall, named))


def delete_expired_customer_words(desk: Desk, ask: Ask) -> Document:
    """Delete the words whose date has come: a chore of the main PC, which may read them; in a file the first change of
    a date does it. Locks the hall only if there are any."""
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        due = dayend.customer_words_to_delete(tx, desk.hall, setup, business_date(setup, request_time(tx, ask)))
    if due:
        with desk.db.write(desk.hall) as tx:
            journal.delete_words_by_id(tx, desk.hall, due)
    return {"forgotten": len(due)}


def backups_with_deleted_words(known: Mapping[str, Any]) -> Document:
    """Return the number of known backups, which still contain words deleted now, when the newest was made, and until
    when the program keeps it if a backup is made each month."""
    made = sorted(datetime.fromisoformat(row["made"]) for row in (*known["backups"], *known["copies"]))
    until = monthly_backup_kept_until(max(made)).isoformat() if made else None
    return {"n": len(made), "newest": made[-1].isoformat() if made else None, "until": until}
