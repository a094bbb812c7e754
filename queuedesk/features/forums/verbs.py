"""Forums with customers: when, how many came, what they said, and which of it became a case."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from queuedesk.core.errors import RuleError
from queuedesk.core.log.state import FORUMS
from queuedesk.core.quality.case import FORUM
from queuedesk.core.quality.thanks import Forum
from queuedesk.desk.change import Desk, Document, HallChange, runs_in_transaction
from queuedesk.desk.quality.casework import NewCaseData, case_class_of_low_rating, open_case_in_change
from queuedesk.desk.reading import store_required_words, store_words_and_give_log_reference, stored_words
from queuedesk.store.engine.types import Transaction
from queuedesk.store.parts import part_tables, tickets

LONGEST_ABOUT, LONGEST_ISSUE = 60, 300
MOST_ATTENDEES = 9999


@runs_in_transaction("forum")
def add_forum(
    change: HallChange, day: date, attendees: int, *, about: str = "", issues: Sequence[str] = ()
) -> Document:
    """Note a forum held on `day`, with what was said. Raises RuleError "bad_value"."""
    if day > change.date:
        raise RuleError("bad_value", field="day", value=day.isoformat(), why="not_held")
    if not 1 <= attendees <= MOST_ATTENDEES:
        limit = f"1–{MOST_ATTENDEES}"
        raise RuleError("bad_value", field="attendees", value=attendees, why="out_of_range", limit=limit)
    words = store_words_and_give_log_reference(change, "about", about, longest=LONGEST_ABOUT)
    event = change.record("forum", day=day.isoformat(), attendees=attendees, words=words)
    for issue in issues:
        _record_issue(change, event.seq, issue)
    return _changed_forum_document(change, event.seq)


@runs_in_transaction("forum")
def add_forum_issue(change: HallChange, seq: int, words: str) -> Document:
    """Add what was said at a forum. Raises RuleError "not_there", "bad_value"."""
    _record_issue(change, _require_forum(change, seq).seq, words)
    return _changed_forum_document(change, seq)


@runs_in_transaction("forum")
def open_case_of_issue(
    change: HallChange, seq: int, issue: int, *, klass: str | None = None, owner: str | None = None
) -> Document:
    """Open a case of an issue, counted from 1: a complaint unless another class is named.

    Raises RuleError "not_there", "case_there" where it has one, and as casework.open_case."""
    forum = _require_forum(change, seq)
    found = forum.issue_by_number(issue)
    if found is None:
        raise RuleError("not_there", kind="issue", code=f"{seq}/{issue}")
    if found.case is not None:
        raise RuleError("case_there", number=found.case, ticket=f"{seq}/{issue}")
    of = klass or case_class_of_low_rating(change.setup) or ""
    case = open_case_in_change(
        change, NewCaseData(klass=of, source=FORUM, ref=f"{seq}/{issue}", kept=found.words, owner=owner)
    )
    change.record("forum", of=seq, issue=issue, case=case.number)
    return _changed_forum_document(change, seq)


def forums_between(desk: Desk, first: date | None = None, last: date | None = None) -> list[Document]:
    """Return the forums held from `first` to `last`, the latest first."""
    with desk.db.read() as tx:
        found = part_tables.objects_of_days(tx, desk.hall, FORUMS).values()
        rows = [one for one in found if (first is None or one.day >= first) and (last is None or one.day <= last)]
        return [
            _forum_document(tx, desk.hall, one)
            for one in sorted(rows, key=lambda one: (one.day, one.seq), reverse=True)
        ]


def existing_forum_document(desk: Desk, seq: int) -> Document:
    """Return a forum. Raises RuleError "not_there"."""
    with desk.db.read() as tx:
        found = part_tables.find_object(tx, desk.hall, FORUMS, seq)
        if found is None:
            raise RuleError("not_there", kind="forum", code=str(seq))
        return _forum_document(tx, desk.hall, found)


def _record_issue(change: HallChange, seq: int, words: str) -> None:
    change.record("forum", of=seq, words=store_required_words(change, "said", words, longest=LONGEST_ISSUE))


def _require_forum(change: HallChange, seq: int) -> Forum:
    found = change.book.find_record(FORUMS, seq)
    if found is None:
        raise RuleError("not_there", kind="forum", code=str(seq))
    return found


def _changed_forum_document(change: HallChange, seq: int) -> Document:
    return _forum_document(change.tx, change.book.id, change.book.get_record(FORUMS, seq))


def _forum_document(tx: Transaction, hall: int, one: Forum) -> Document:
    words = stored_words(tx, hall, [one.about, *(issue.words for issue in one.issues)])
    issues = []
    for n, issue in enumerate(one.issues, start=1):
        case = tickets.case_with_number(tx, hall, issue.case) if issue.case else None
        state = str(case.state) if case else None
        issues.append({"n": n, "words": words.get(issue.words), "case": issue.case, "state": state})
    return {
        "forum": one.seq,
        "date": one.day.isoformat(),
        "attendees": one.attendees,
        "about": words.get(one.about or ""),
        "by": one.by,
        "issues": issues,
    }
