"""Notices that go to the displays at once, and end by themselves."""

from __future__ import annotations

from datetime import datetime, timedelta

from queuedesk.core.errors import RuleError
from queuedesk.core.event import stamp
from queuedesk.core.remarks import PushedNotice
from queuedesk.core.setup import Setup
from queuedesk.desk.change import Change, Desk, Document, changes
from queuedesk.desk.documents import iso
from queuedesk.store import halls, remarks

LONGEST_NOTICE = 100  # what the displays show in two lines
LONGEST_MINUTES = 24 * 60


@changes("notice")
def push(
    change: Change, text: str, *, text_en: str = "", minutes: int | None = None, zone: str | None = None
) -> Document:
    """Put a notice on the displays: for `minutes`, else until it is withdrawn or the day ends; in `zone`, else everywhere.

    Raises RuleError "bad_value": an empty text or one of more than 100 characters, minutes outside 1 to 1,440, a zone that no window has.
    """
    words, words_en = text.strip(), text_en.strip()
    for field, value in (("text", words), ("text_en", words_en)):
        if len(value) > LONGEST_NOTICE:
            raise RuleError("bad_value", field=field, value=value[:20], why="too_long")
    if not words:
        raise RuleError("bad_value", field="text", value=None, why="empty")
    if minutes is not None and not 1 <= minutes <= LONGEST_MINUTES:
        raise RuleError("bad_value", field="minutes", value=minutes, why="out_of_range")
    until = change.now + timedelta(minutes=minutes) if minutes is not None else None
    event = change.record(
        "notice",
        text=words,
        text_en=words_en or None,
        zone=_zone(change.setup, zone) if zone is not None else None,
        until=stamp(until) if until else None,
    )
    return notice_document(change.setup, _of_seq(change, event.seq))


@changes("notice")
def withdraw(change: Change, seq: int) -> Document:
    """Take a pushed notice off the displays. Raises RuleError "not_there" when none of that number is on them."""
    gone = _of_seq(change, seq)
    change.record("notice", withdrawn=seq)
    return notice_document(change.setup, gone)


def pushed_now(desk: Desk, now: datetime) -> list[Document]:
    """Return the notices that are on the displays now, oldest first."""
    with desk.db.read() as tx:
        setup = halls.setup(tx, halls.load(tx, desk.hall))
        found = remarks.pushed(tx, desk.hall)
    return [notice_document(setup, notice) for notice in found if notice.is_on(now)]


def notice_document(setup: Setup, notice: PushedNotice) -> Document:
    """Return a pushed notice; `seq` is the number it is withdrawn by, `until` is null while only a person or the day-end ends it."""
    return {
        "seq": notice.seq,
        "text": notice.text,
        "text_en": notice.text_en,
        "zone": notice.zone,
        "since": iso(setup, notice.since),
        "until": iso(setup, notice.until),
    }


def _of_seq(change: Change, seq: int) -> PushedNotice:
    for notice in remarks.pushed(change.tx, change.book.id):
        if notice.seq == seq and notice.is_on(change.now):
            return notice
    raise RuleError("not_there", kind="notices", code=str(seq))


def _zone(setup: Setup, name: str) -> str:
    """Return the zone in the hall's own language; it may be named in either."""
    zones = {spec.zone: spec.zone_en for spec in setup.windows.values() if spec.zone}
    wanted = name.strip().casefold()
    for zone, zone_en in zones.items():
        if wanted in (zone.casefold(), zone_en.casefold()):
            return zone
    raise RuleError("bad_value", field="zone", value=name, why="not_a_choice", limit=list(zones))
