"""Outside the log: refusals for lack of rights, PINs, comments, and what was shown and spoken; and which of these words
are customers', by what the log holds of them."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime
from operator import itemgetter
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import ColumnElement, Row, and_, bindparam, insert, select, text
from sqlalchemy.exc import DBAPIError

from queuedesk.core.errors import RuleError
from queuedesk.core.log.event import is_recorded_on_paper
from queuedesk.core.log.state import CASES, FORUMS
from queuedesk.core.quality.case import CITE, NO_END, Case, id_of_words_entry
from queuedesk.core.quality.thanks import Forum
from queuedesk.core.talk.announcement import SILENT, AnnouncementRecord
from queuedesk.store import schema
from queuedesk.store.engine.types import FixedStatement, Transaction
from queuedesk.store.parts import part_tables
from queuedesk.store.rights.withheld_ratings import may_read_ratings
from queuedesk.store.schema import events, upsert_rows

# Refusals that are kept: somebody asked for what the role may not do, or did not prove who it was.
KEPT = frozenset({"not_your_role", "not_your_window", "wrong_pin", "wrong_password", "who_are_you", "pin_needed"})
POSSIBLE = KEPT | {"not_for_you"}
"""What the access journal may hold: also what was refused to who only wanted to read."""
CALLS = ("call", "recall")
NOTICE = "notice"
PAUSE = "QD002"
"""What a server says when too many PINs were wrong."""
OF_EVENT = ("seq", "kind", "time", "ticket", "window", "data")
OF_REPORT = ("station", "shown", "spoken", "link", "text", "sound_ms", "delay_ms", "cause")
_PINS = FixedStatement(select(schema.pins).where(schema.pins.c.hall == bindparam("key")))
_SALTS_THERE = text("SELECT person, salt FROM public.qd_pin_salts(:hall)")


class CallWithOutcome(Struct, frozen=True, kw_only=True):
    """A call of the log with its outcome: when a screen first drew it, when a voice first said it."""

    seq: int
    time: datetime
    kind: str
    ticket: str
    window: str
    paper: bool
    shown: datetime | None
    spoken: datetime | None
    silent: bool


def write_refusal(tx: Transaction, hall: int, *, at: datetime, actor: str, verb: str, code: str) -> None:
    """Write one refusal into the access journal. Raises ValueError for a code that is not POSSIBLE there."""
    if code not in POSSIBLE:
        raise ValueError(code)
    # Without asking for its number back: a PC may add a line and read none.
    tx.execute(insert(schema.access).inline().values(hall=hall, at=at, actor=actor, verb=verb, code=code))


def refusals_in_journal(
    tx: Transaction, hall: int, since: datetime | None = None, until: datetime | None = None, last: int | None = None
) -> list[tuple[datetime, str, str, str]]:
    """Return the access journal as (at, actor, verb, code), oldest first: from `since` on and before `until`, the
    `last` so many."""
    bounds = [*([schema.access.c.at >= since] if since else []), *([schema.access.c.at < until] if until else [])]
    statement = (
        select(schema.access)
        .where(schema.access.c.hall == hall, *bounds)
        .order_by(schema.access.c.id.desc())
        .limit(last)
    )
    return [(row.at, row.actor, row.verb, row.code) for row in tx.execute(statement)][::-1]


def pin_salts(tx: Transaction, hall: int) -> dict[str, str]:
    """Return the salts of the PINs that are set, by staff code: a PIN and its salt make the key that
    staff_code_matching_pin_key() takes."""
    if tx.dialect.name == "sqlite":
        return {row.staff: row.hash.partition(":")[0] for row in _PINS.fetch_rows(tx, {"key": hall})}
    rows = tx.execute(_SALTS_THERE, {"hall": hall})
    return {row.person: row.salt for row in rows}


def staff_code_matching_pin_key(tx: Transaction, hall: int, keys: Mapping[str, str]) -> str | None:
    """Return the staff code whose given key is that of its PIN; None if none is. A server hands out no hashes: it
    compares, and counts wrong tries, so this needs a write transaction. Raises RuleError "pin_pause" (seconds) after
    too many wrong tries."""
    if tx.dialect.name == "sqlite":
        rows = tx.execute(select(schema.pins).where(schema.pins.c.hall == hall, schema.pins.c.staff.in_(keys)))
        digests = {row.staff: row.hash.split(":")[1] for row in rows}
        return next((code for code in digests if hmac.compare_digest(digests[code], keys[code])), None)
    asked = {"hall": hall, "people": list(keys), "keys": list(keys.values())}
    try:
        found = tx.execute(text("SELECT public.qd_pin_of(:hall, :people, :keys)"), asked).scalar_one()
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) != PAUSE:
            raise
        raise RuleError("pin_pause", seconds=int(str(error.orig).split()[0])) from error
    return None if found is None else str(found)


def digest_of_pin_hash(hash: str) -> str:
    """Return what the log stores of a PIN's hash: enough to see that it was exchanged, not enough to try PINs with."""
    return hashlib.sha256(hash.encode()).hexdigest()


def save_or_remove_pin_hash(tx: Transaction, hall: int, staff: str, hash: str | None) -> None:
    """Write one person's PIN hash; None removes the PIN."""
    # Taken away first, not changed: on a server that would need the right to read it.
    tx.execute(schema.pins.delete().where(schema.pins.c.hall == hall, schema.pins.c.staff == staff))
    if hash is not None:
        tx.execute(insert(schema.pins).values(hall=hall, staff=staff, hash=hash))


def store_comment(tx: Transaction, hall: int, id: str, *, salt: str, text: str, written: datetime) -> None:
    """Store a customer's comment; the log holds only its id and a salted digest."""
    tx.execute(insert(schema.comments).values(hall=hall, id=id, salt=salt, text=text, written=written))


def comments_written_between(tx: Transaction, hall: int, since: datetime, until: datetime) -> dict[str, str]:
    """Return the comments written from `since` on and before `until` that are still stored, by id."""
    written = (schema.comments.c.written >= since, schema.comments.c.written < until)
    return {
        row.id: row.text for row in tx.execute(select(schema.comments).where(schema.comments.c.hall == hall, *written))
    }


def has_comment(tx: Transaction, hall: int, id: str) -> bool:
    return (
        tx.execute(
            select(schema.comments.c.id).where(schema.comments.c.hall == hall, schema.comments.c.id == id)
        ).first()
        is not None
    )


def stored_comments_by_id(tx: Transaction, hall: int, ids: Collection[str]) -> dict[str, str]:
    """Return those of the named comments that are still stored, by id."""
    rows = tx.execute(select(schema.comments).where(schema.comments.c.hall == hall, schema.comments.c.id.in_(ids)))
    return {row.id: row.text for row in rows}


def store_words_for_staff(tx: Transaction, hall: int, id: str, *, salt: str, text: str, written: datetime) -> None:
    """Store words that staff reads, thanks and briefings; the log holds only the id and a salted digest."""
    tx.execute(insert(schema.thanks_words).values(hall=hall, id=id, salt=salt, text=text, written=written))


def stored_staff_words_by_id(tx: Transaction, hall: int, ids: Collection[str]) -> dict[str, str]:
    """Return such words that are still stored, by id."""
    rows = tx.execute(
        select(schema.thanks_words).where(schema.thanks_words.c.hall == hall, schema.thanks_words.c.id.in_(ids))
    )
    return {row.id: row.text for row in rows}


def _word_ids_written_before(tx: Transaction, hall: int, moment: datetime) -> set[str]:
    """Return the ids of all words, comments and those that staff reads, that were written before a moment."""
    both = (
        select(one.c.id).where(one.c.hall == hall, one.c.written < moment)
        for one in (schema.comments, schema.thanks_words)
    )
    return {id for statement in both for id in tx.execute(statement).scalars()}


def delete_words_by_id(tx: Transaction, hall: int, ids: Collection[str]) -> set[str]:
    """Delete words by their ids; return the ids of those that were there. Nothing of them stays in the hall's file."""
    if tx.dialect.name == "sqlite":
        tx.exec_driver_sql("PRAGMA secure_delete = ON")
    there = set(stored_comments_by_id(tx, hall, ids)) | set(stored_staff_words_by_id(tx, hall, ids))
    for table in (schema.comments, schema.thanks_words):
        tx.execute(table.delete().where(table.c.hall == hall, table.c.id.in_(there)))
    return there


def save_announcement_result(
    tx: Transaction,
    hall: int,
    seq: int,
    station: str,
    *,
    shown: datetime | None = None,
    spoken: datetime | None = None,
    link: str | None = None,
    text: str | None = None,
    sound_ms: int | None = None,
    delay_ms: int | None = None,
    cause: str | None = None,
) -> None:
    """Note that a station has shown or spoken the call `seq`, or with `link` "none" that it stayed silent because of
    `cause`. `text` is what was said, in `sound_ms`, begun `delay_ms` after the picture."""
    statement = select(schema.announcements).where(
        schema.announcements.c.hall == hall,
        schema.announcements.c.seq == seq,
        schema.announcements.c.station == station,
    )
    row = tx.execute(statement).first()
    upsert_rows(
        tx,
        schema.announcements,
        {
            "hall": hall,
            "seq": seq,
            "station": station,
            "shown": (row.shown if row else None) or shown,
            "spoken": spoken or (row.spoken if row else None),
            "link": link or (row.link if row else None),
            "text": text or (row.text if row else None),
            "sound_ms": sound_ms if sound_ms is not None else (row.sound_ms if row else None),
            "delay_ms": delay_ms if delay_ms is not None else (row.delay_ms if row else None),
            "cause": cause if link else (row.cause if row else None),
        },
    )


def call_announcement_results(
    tx: Transaction, hall: int, seq: int
) -> list[tuple[str, datetime | None, datetime | None, str | None]]:
    """Return what stations did with the call `seq`: (station, shown, spoken, link)."""
    statement = select(schema.announcements).where(
        schema.announcements.c.hall == hall, schema.announcements.c.seq == seq
    )
    return [(r.station, r.shown, r.spoken, r.link) for r in tx.execute(statement)]


def calls_with_outcomes(tx: Transaction, hall: int, day: date, ticket: str | None = None) -> list[CallWithOutcome]:
    """Return a business date's calls and recalls, of one ticket if named, in order, with what stations did."""
    e, a = events.c, schema.announcements.c
    both = events.outerjoin(schema.announcements, and_(a.hall == e.hall, a.seq == e.seq))
    statement = (
        select(e.seq, e.time, e.kind, e.ticket, e.window, e.data, a.shown, a.spoken, a.link)
        .select_from(both)
        .where(e.hall == hall, e.date == day, e.kind.in_(CALLS))
    )
    if ticket is not None:
        statement = statement.where(e.ticket == ticket)
    found: dict[int, CallWithOutcome] = {}
    for seq, time, kind, label, window, data, shown, spoken, link in sorted(tx.execute(statement), key=itemgetter(0)):
        before = found.get(seq)
        found[seq] = CallWithOutcome(
            seq=seq,
            time=time,
            kind=kind,
            ticket=label,
            window=window or "",
            paper=is_recorded_on_paper(data),
            shown=_earlier_of_two_moments_or_none(before.shown, shown) if before else shown,
            spoken=_earlier_of_two_moments_or_none(before.spoken, spoken) if before else spoken,
            silent=link == SILENT or bool(before and before.silent),
        )
    return list(found.values())


def announcement_records_of_day(tx: Transaction, hall: int, day: date, since: int = 0) -> list[AnnouncementRecord]:
    """Return the calls, recalls and spoken notices of a business date from the seq `since` on, in order; none of a
    paper day."""
    e, a = events.c, schema.announcements.c
    both = events.outerjoin(schema.announcements, and_(a.hall == e.hall, a.seq == e.seq))
    # By the index of dates alone, which tells kind and seq of each event; a bare seq would have SQLite go through the
    # whole log.
    wanted = select(e.seq).where(e.hall == hall, e.date == day, e.kind.in_((*CALLS, NOTICE)), e.seq + 0 >= since)
    statement = (
        select(*(e[name] for name in OF_EVENT), *(a[name] for name in OF_REPORT))
        .select_from(both)
        .where(e.hall == hall, e.seq.in_(wanted.scalar_subquery()))
        .order_by(e.seq)
    )
    found: dict[int, AnnouncementRecord] = {}
    for row in tx.execute(statement):
        if is_recorded_on_paper(row.data) or (row.kind == NOTICE and row.link is None):
            continue
        record = found.get(row.seq) or AnnouncementRecord(
            seq=row.seq, kind=row.kind, time=row.time, ticket=row.ticket, window=row.window
        )
        found[row.seq] = _record_with_better_report(
            replace(record, shown=_earlier_of_two_moments_or_none(record.shown, row.shown)), row
        )
    return list(found.values())


def _record_with_better_report(known: AnnouncementRecord, row: Row[Any]) -> AnnouncementRecord:
    """Return a call with what one station's voice made of it; one that spoke counts before one that stayed silent."""
    if row.link is None or (known.link is not None and (known.spoken is not None or row.spoken is None)):
        return known
    return replace(
        known,
        spoken=row.spoken,
        station=row.station,
        link=row.link,
        text=row.text,
        sound_ms=row.sound_ms,
        delay_ms=row.delay_ms,
        cause=row.cause,
    )


def _earlier_of_two_moments_or_none(one: datetime | None, other: datetime | None) -> datetime | None:
    return min((moment for moment in (one, other) if moment is not None), default=None)


# -- names and contacts of appointments: beside the log, until their date has passed ---------------------------------


def store_appointment_contact(
    tx: Transaction, hall: int, id: str, *, salt: str, name: str, contact: str, until: date
) -> None:
    """Store an appointment's name and contact; the log holds only the id and a salted digest."""
    tx.execute(insert(schema.contacts).values(hall=hall, id=id, salt=salt, name=name, contact=contact, until=until))


def set_contact_deletion_date(tx: Transaction, hall: int, id: str, until: date) -> None:
    """Let a contact that is stored be deleted after `until`."""
    # Written anew, not changed: no login may change one.
    row = tx.execute(select(schema.contacts).where(schema.contacts.c.hall == hall, schema.contacts.c.id == id)).first()
    if row is not None:
        tx.execute(schema.contacts.delete().where(schema.contacts.c.hall == hall, schema.contacts.c.id == id))
        tx.execute(insert(schema.contacts).values(**{**row._mapping, "until": until}))


def delete_stored_contact(tx: Transaction, hall: int, id: str) -> None:
    tx.execute(schema.contacts.delete().where(schema.contacts.c.hall == hall, schema.contacts.c.id == id))


def stored_contacts_by_id(
    tx: Transaction, hall: int, ids: list[str], today: date | None = None
) -> dict[str, tuple[str, str]]:
    """Return the names and contacts that are still stored, by id; with `today` only those whose date has not come."""
    among = [
        schema.contacts.c.hall == hall,
        schema.contacts.c.id.in_(ids),
        *([schema.contacts.c.until >= today] if today else []),
    ]
    rows = tx.execute(select(schema.contacts).where(*among))
    return {row.id: (row.name, row.contact) for row in rows}


def store_staff_phone_number(tx: Transaction, hall: int, id: str, *, salt: str, staff: str, number: str) -> None:
    """Store the number of somebody who works here, among the contacts under the code as name."""
    store_appointment_contact(tx, hall, id, salt=salt, name=staff, contact=number, until=NO_END)


def delete_staff_phone_number(tx: Transaction, hall: int, staff: str) -> None:
    tx.execute(schema.contacts.delete().where(*_staff_phone_contact_conditions(hall), schema.contacts.c.name == staff))


def staff_phone_numbers(tx: Transaction, hall: int) -> dict[str, str]:
    """Return the numbers of those who work here, by their codes."""
    return {
        row.name: row.contact
        for row in tx.execute(select(schema.contacts).where(*_staff_phone_contact_conditions(hall)))
    }


def _staff_phone_contact_conditions(hall: int) -> tuple[ColumnElement[bool], ...]:
    return schema.contacts.c.hall == hall, schema.contacts.c.until == NO_END


_REFERENCE = "ref"


def reference_digest_as_contact(found: str, tail: str) -> str:
    """Return what stands in place of the contact of a note by reference number: the digest by which it is found, and
    the number's last letters."""
    return f"{_REFERENCE}:{found}:{tail}"


def store_note_by_reference_number(
    tx: Transaction, hall: int, id: str, *, salt: str, words: str, found: str, tail: str, until: date
) -> None:
    """Store a note by reference number among the contacts, its words as name."""
    store_appointment_contact(
        tx, hall, id, salt=salt, name=words, contact=reference_digest_as_contact(found, tail), until=until
    )


def delete_reference_note_if_there(tx: Transaction, hall: int, id: str) -> bool:
    """Delete a note by reference number; return whether there was one."""
    there = (
        tx.execute(
            select(schema.contacts.c.id).where(*_reference_contact_conditions(hall), schema.contacts.c.id == id)
        ).first()
        is not None
    )
    if there:
        delete_stored_contact(tx, hall, id)
    return there


def reference_notes(tx: Transaction, hall: int, today: date) -> list[tuple[str, str, str, str, str, date]]:
    """Return the notes whose date has not come, those that end first first: id, salt, words, the digest of the number,
    its last letters, the last day."""
    statement = select(schema.contacts).where(*_reference_contact_conditions(hall), schema.contacts.c.until >= today)
    rows = tx.execute(statement.order_by(schema.contacts.c.until, schema.contacts.c.id))
    return [(row.id, row.salt, row.name, *row.contact.split(":")[1:], row.until) for row in rows]


def _reference_contact_conditions(hall: int) -> tuple[ColumnElement[bool], ...]:
    return schema.contacts.c.hall == hall, schema.contacts.c.contact.startswith(f"{_REFERENCE}:")


def delete_expired_contacts(tx: Transaction, hall: int, today: date) -> None:
    tx.execute(schema.contacts.delete().where(schema.contacts.c.hall == hall, schema.contacts.c.until < today))


def has_expired_contacts(tx: Transaction, hall: int, today: date) -> bool:
    old = select(schema.contacts.c.id).where(schema.contacts.c.hall == hall, schema.contacts.c.until < today).limit(1)
    return tx.execute(old).first() is not None


def words_in_case(case: Case) -> tuple[str, ...]:
    """Return the customer's words and what was noted in a case; figures that it cites are nobody's words."""
    noted = (entry.text for entry in case.history if entry.step != CITE)
    return tuple(kept for kept in (case.words, *noted) if kept)


def words_in_forum(forum: Forum) -> tuple[str, ...]:
    return (*([forum.about] if forum.about else []), *(issue.words for issue in forum.issues))


def is_id_of_customer_comment(tx: Transaction, hall: int, id: str) -> bool:
    """Whether the words with that id are a comment of a customer."""
    return any(
        tx.execute(select(table.c.hall).where(table.c.hall == hall, table.c.comment.startswith(f"{id}:"))).first()
        for table in (schema.ratings, schema.opinions, schema.spoken_comments)
    )


def word_ids_due_for_deletion(tx: Transaction, hall: int, before: datetime) -> set[str]:
    """Return the ids of customers' words that were written before a moment, but for those of cases that were open then
    or since; none for a login that does not read them."""
    if not may_read_ratings(tx) or not (old := _word_ids_written_before(tx, hall, before)):
        return set()
    cases = part_tables.objects_of_days(tx, hall, CASES).values()
    held = {
        id_of_words_entry(kept)
        for case in cases
        if case.closed is None or case.closed >= before
        for kept in words_in_case(case)
    }
    return (old & {id_of_words_entry(kept) for kept in _all_words_entries_before(tx, hall, before)}) - held


def _all_words_entries_before(tx: Transaction, hall: int, before: datetime) -> Iterator[str]:
    for table in (schema.ratings, schema.opinions, schema.spoken_comments):
        asked = select(table.c.comment).where(table.c.hall == hall, table.c.comment.is_not(None), table.c.time < before)
        yield from tx.execute(asked).scalars()
    yield from (kept for day in part_tables.objects_of_days(tx, hall, CASES).values() for kept in words_in_case(day))
    yield from (kept for day in part_tables.objects_of_days(tx, hall, FORUMS).values() for kept in words_in_forum(day))
    yield from tx.execute(
        select(schema.thanks.c.words).where(schema.thanks.c.hall == hall, schema.thanks.c.words.is_not(None))
    ).scalars()
