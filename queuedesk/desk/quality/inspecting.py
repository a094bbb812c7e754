"""What the hall's log says of inspections and of what they found; and the proof that something was put right, which its
owner gives at any station. How they are planned, filled in, signed and read with their items is the feature's own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from queuedesk.core.errors import RuleError
from queuedesk.core.log.state import INSPECTIONS, RECTIFICATIONS
from queuedesk.core.quality.case import Rectification
from queuedesk.core.quality.inspection import (
    ChannelCoverage,
    Inspection,
    coverage,
    least_of,
    month_of,
    warns_from,
)
from queuedesk.core.queue.hallday import business_date
from queuedesk.core.setup.file import sheets_of
from queuedesk.core.setup.rows import Setup
from queuedesk.desk.change import Change, Desk, Document, changes, iso
from queuedesk.desk.reading import needed, words_of
from queuedesk.store.engine.types import Transaction
from queuedesk.store.log import journal
from queuedesk.store.parts import halls, part_tables
from queuedesk.store.rights.withheld_ratings import reads_ratings
from queuedesk.store.schema import inspections, rectifications

LONGEST_PROOF = 400


def visit_of(desk: Desk, day: date, ticket: str) -> int | None:
    """Return the mystery visit that took this ticket, None where there is none or it is not signed: until then
    nobody is led to it."""
    with desk.db.read() as tx:
        own = (inspections.c.visit_date == day, inspections.c.visit == ticket, inspections.c.signed.is_not(None))
        return max(part_tables.among(tx, desk.hall, INSPECTIONS, *own), default=None)


def month(desk: Desk, day: date | None, now: datetime) -> Document:
    """Return the inspections of the month that `day` belongs to (else this one) in order, without their items, with
    what each channel covered."""
    with desk.db.read() as tx:
        setup = halls.setup(tx, halls.load(tx, desk.hall))
        first, last = month_of(day or business_date(setup, now))
        found = list(part_tables.of_days(tx, desk.hall, INSPECTIONS, first, last).values())
        names = words_of(tx, desk.hall, [inspection.outsider for inspection in found])
        rows = sorted(found, key=lambda one: (one.date, one.seq))
        return {
            "from": first.isoformat(),
            "to": last.isoformat(),
            "inspections": [head_document(setup, row, names) for row in rows],
            "warns_from": warns_from(setup, last).isoformat(),
            "coverage": [_covered(channel_coverage) for channel_coverage in coverage(found, least_of(setup))],
        }


def inspections_named(desk: Desk, seqs: Sequence[int]) -> list[Document]:
    """Return the inspections of these numbers without their items, by date."""
    with desk.db.read() as tx:
        setup = halls.setup(tx, halls.load(tx, desk.hall))
        found = part_tables.among(tx, desk.hall, INSPECTIONS, inspections.c.seq.in_(seqs)).values()
        names = words_of(tx, desk.hall, [one.outsider for one in found])
        return [head_document(setup, one, names) for one in sorted(found, key=lambda one: (one.date, one.seq))]


def head_document(setup: Setup, one: Inspection, words: dict[str, str]) -> Document:
    """Return an inspection without its items; `words` are its texts by what the log keeps of them."""
    spec = None if one.version else sheets_of(setup).get(one.sheet)
    return {
        "inspection": one.seq,
        "date": one.date.isoformat(),
        "sheet": one.sheet,
        "version": one.version,
        "name": spec.name if spec else one.name or one.sheet,
        "name_en": spec.name_en if spec else one.name_en,
        "channel": one.channel,
        "state": one.state,
        "planned": one.planned,
        "staff": one.staff,
        "visitor": one.visitor,
        "outsider": words.get(one.outsider or ""),
        "started": iso(setup, one.started),
        "points": one.score.points,
        "of": one.score.of,
        "score": one.score.per_hundred,
        "looked_at": len(one.items) - len(one.left),
        "count": len(one.items),
        "signed": iso(setup, one.signed),
        "signed_by": one.signed_by,
        "reason": one.reason,
    }


def _covered(one: ChannelCoverage) -> Document:
    return {
        "channel": one.channel,
        "done": one.done,
        "planned": one.planned,
        "least": one.least,
        "short": one.is_short,
    }


def not_there(seq: int) -> RuleError:
    return RuleError("not_there", kind="inspection", code=str(seq))


# -- what is to be put right ----------------------------------------------------------------------------------------


@changes("fix-proof")
def prove_fix(change: Change, seq: int, proof: str) -> Document:
    """Note what shows that it was put right: words, or a photo's path. Who does not inspect proves the own ones.

    Raises RuleError "not_there", for somebody else's too, "fix_closed", "bad_value".
    """
    rectification = fix_of(change, seq)
    if not change.who.may("inspect") and change.who.name != rectification.owner:
        raise RuleError("not_there", kind="rectification", code=str(seq))
    rectification.must_be_open()
    kept = needed(change, "proof", proof.strip(), longest=LONGEST_PROOF, put=journal.keep_for_staff)
    change.record("fix-proof", of=seq, proof=kept)
    return fix_answer(change, seq)


def fixes_of(desk: Desk, day: date | None, now: datetime) -> list[Document]:
    """Return what is open, the most urgent first, and last what was closed in the month that `day` belongs to (else
    this one)."""
    with desk.db.read() as tx:
        setup = halls.setup(tx, halls.load(tx, desk.hall))
        today = business_date(setup, now)
        first, last = month_of(day or today)
        known = dict(part_tables.still_open(tx, desk.hall, RECTIFICATIONS))
        closed = part_tables.among(tx, desk.hall, RECTIFICATIONS, rectifications.c.closed.is_not(None)).values()
        ended = [one for one in closed if one.closed and first <= business_date(setup, one.closed) <= last]
        rows = sorted(known.values(), key=lambda one: (one.due, one.seq)) + sorted(
            ended, key=lambda one: (one.closed or now, one.seq)
        )
        return _fix_documents(tx, desk.hall, setup, rows, today)


def fixes_named(desk: Desk, seqs: Sequence[int], now: datetime) -> list[Document]:
    """Return what is to be put right, of these numbers, as `fixes_of` does."""
    with desk.db.read() as tx:
        setup = halls.setup(tx, halls.load(tx, desk.hall))
        rows = list(part_tables.among(tx, desk.hall, RECTIFICATIONS, rectifications.c.seq.in_(seqs)).values())
        return _fix_documents(tx, desk.hall, setup, rows, business_date(setup, now))


def _fix_documents(tx: Transaction, hall: int, setup: Setup, rows: list[Rectification], today: date) -> list[Document]:
    kept = [id for row in rows for id in (row.issue, *(proof.words for proof in row.proofs))]
    words = words_of(tx, hall, kept, journal.kept_for_staff)
    if reads_ratings(tx):  # Those of an earlier program stand with the comments, which managers alone read.
        words |= words_of(tx, hall, [id for id in kept if id not in words])
    asked = inspections.c.seq.in_({row.inspection for row in rows if row.inspection is not None})
    sources = part_tables.among(tx, hall, INSPECTIONS, asked)
    return [_fix_document(setup, row, sources.get(row.inspection or 0), words, today) for row in rows]


_SOURCE = ("inspection", "channel", "item", "item_en")


def _fix_document(
    setup: Setup, one: Rectification, source: Inspection | None, words: dict[str, str], today: date
) -> Document:
    item = source.items[one.item - 1] if source and one.item else None
    return {
        "rectification": one.seq,
        "date": one.date.isoformat(),
        "state": one.state,
        "issue": words.get(one.issue) or (item.text if item else ""),
        "inspection": one.inspection,
        "channel": source.channel if source else None,
        "found": source.date.isoformat() if source else one.date.isoformat(),
        "item": item.text if item else None,
        "item_en": item.text_en if item else None,
        "owner": one.owner,
        "due": one.due.isoformat(),
        "late": one.is_late(today),
        "proofs": [
            {"at": iso(setup, proof.at), "by": proof.by, "proof": words.get(proof.words, "")} for proof in one.proofs
        ],
        "looks": [{"at": iso(setup, look.at), "by": look.by, "good": look.good} for look in one.looks],
        "reminded": iso(setup, one.reminded),
        "closed": iso(setup, one.closed),
    }


def fix_answer(change: Change, seq: int) -> Document:
    """Return what is to be put right as who asks for the change may read it."""
    rectification = change.book.get(RECTIFICATIONS, seq)
    document = _fix_documents(change.tx, change.book.id, change.setup, [rectification], change.date)[0]
    # Where it was found is for those who inspect.
    return document if change.who.may("inspect") else {**document, **dict.fromkeys(_SOURCE)}


def fix_of(change: Change, seq: int) -> Rectification:
    """Return what is to be put right. Raises RuleError "not_there"."""
    rectification = change.book.find(RECTIFICATIONS, seq)
    if rectification is None:
        raise RuleError("not_there", kind="rectification", code=str(seq))
    return rectification
