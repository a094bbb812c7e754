"""Reading the person's sheets, a manager all of them, everybody the own one; closing a month; the own work."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import dropwhile

from msgspec.structs import replace

from queuedesk.core.appraisal import HANDLING, ITEMS, PART, SATISFACTION, Closing, Scheme, scheme_row
from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.figures.periods import MONTH, span_of
from queuedesk.core.log.state import CLOSINGS, DISPUTES
from queuedesk.core.network.roles import Actor, Read
from queuedesk.core.queue.hallday import business_date
from queuedesk.core.setup.field_kinds import read_row
from queuedesk.core.setup.rows import Setup
from queuedesk.desk.appraisal import named_for, trainings_of
from queuedesk.desk.change import Change, Desk, Document, changes, iso
from queuedesk.desk.reading import must_read, needed, words_of
from queuedesk.features.staff.rules.closed_text import sheets_of, text_of, with_later
from queuedesk.features.staff.rules.like_with_like import FEWEST
from queuedesk.features.staff.rules.own_change import MONTHS_BEFORE, own_change
from queuedesk.features.staff.rules.own_work import OwnWork, ended, own_day
from queuedesk.features.staff.rules.person_sheet import (
    FEWEST_TOLD,
    ItemResult,
    MonthSheets,
    PersonSheet,
    StoodScheme,
    team,
    told_ratings,
)
from queuedesk.features.staff.tables import month_rows, unnamed
from queuedesk.features.staff.verbs.disputing import document_of, words_about
from queuedesk.store.engine.types import Transaction
from queuedesk.store.figures.set_ups import SetUps
from queuedesk.store.log import journal
from queuedesk.store.parts import halls, part_tables
from queuedesk.store.rights.withheld_ratings import reads_ratings
from queuedesk.store.schema import closings, disputes


def month_sheets(
    desk: Desk, who: Actor, month: date, now: datetime, *, staff: str = "", version: int | None = None
) -> MonthSheets:
    """Return everybody's sheets of the month that contains `month`, for who reads figures. With `staff` that person's
    is among them whether there is anything to count or not, and a person may ask for the own one: nobody else's then
    is to be shown. A closed month is as it was closed last, or in another `version`; 0 is as it stands now.

    Raises RuleError "not_for_you" (the access journal keeps it), "pin_needed", "unknown_staff", "not_there" without
    such a version, "closed_gone" where its text was deleted.
    """
    own = ""
    if not who.may_read(Read.FIGURES):
        if not staff or staff != who.name:
            must_read(desk, who, Read.FIGURES, now)
        if who.unproven:  # It may be anybody who types the name.
            raise RuleError("pin_needed", staff=staff)
        own = staff
    first, last = span_of(MONTH, month)
    with desk.db.read() as tx:
        setup = halls.setup(tx, halls.load(tx, desk.hall))
        if staff and staff not in setup.staff:
            raise RuleError("unknown_staff", staff=staff)
        closed = part_tables.among(tx, desk.hall, CLOSINGS, closings.c.month == first)
        versions = {one.version: one for one in closed.values()}
        wanted = max(versions, default=0) if version is None else version
        if wanted and wanted not in versions:
            raise RuleError("not_there", kind="version", code=str(wanted))
        if wanted:
            found = _as_closed(tx, desk.hall, versions[wanted])
        else:
            found = at_present(tx, desk.hall, setup, (first, last), now, staff=staff, own=bool(own))
        nameless = 0 if own else len(unnamed(tx, desk.hall, (first, last)))
        asked = (*found.rows.disputes, *found.later)
        notes = words_about(tx, desk.hall, [one for one in asked if not own or one.staff == own])
    if (
        found.version
        and staff
        and (staff not in found.team.sheets or (own and found.team.sheets[staff].ratings < FEWEST_TOLD))
    ):
        found = replace(found, team=team(found.rows, found.stood.scheme, also=staff, own=bool(own)))
    return replace(found, own=own, notes=notes, versions=len(versions), unnamed=nameless)


def unnamed_events(desk: Desk, who: Actor, month: date, now: datetime) -> list[Document]:
    """Return the events of a month that name no person. Raises RuleError "not_for_you", "pin_needed"."""
    must_read(desk, who, Read.FIGURES, now)
    with desk.db.read() as tx:
        setup = halls.setup(tx, halls.load(tx, desk.hall))
        found = unnamed(tx, desk.hall, span_of(MONTH, month))
    return [{"seq": seq, "at": iso(setup, at), "kind": kind} for seq, at, kind in found]


def at_present(
    tx: Transaction,
    hall: int,
    setup: Setup,
    month: tuple[date, date],
    now: datetime,
    *,
    staff: str = "",
    own: bool = False,
    unrated: bool = False,
) -> MonthSheets:
    """Return a month's sheets as they stand, closed or not; `unrated` as if this PC were told of no rating. Who reads
    the `own` one is told of today's ratings from tomorrow on, and while the month runs of everybody's in fives: one
    after the other they would say who was not content.
    """
    first, last = month
    stood = _stood(tx, hall, setup, last)
    rows = month_rows(tx, hall, setup, month, now)
    if unrated:
        untold = tuple(replace(one, rated="") if one.rated else one for one in rows.disputes)
        rows = replace(rows, ratings=(), reads_ratings=False, disputes=untold)
    today = business_date(setup, now)
    if own:
        is_over = last + timedelta(days=setup.number("rating_days")) < today
        rows = replace(rows, ratings=told_ratings(rows.ratings, today=today, is_over=is_over))
    return MonthSheets(
        first=first,
        last=min(last, today),
        is_over=last < today,
        stood=stood,
        rows=rows,
        team=team(rows, stood.scheme, also=staff, own=own),
    )


def _as_closed(tx: Transaction, hall: int, one: Closing) -> MonthSheets:
    """Return a month as it was closed, with what was asked about its rows since; without ratings where this PC is told
    of none."""
    if not reads_ratings(tx):
        text = words_of(tx, hall, [one.told], journal.kept_for_staff).get(one.told)
    else:
        text = closed_text(tx, hall, one.rows)
    if text is None:
        raise RuleError("closed_gone", version=one.version)
    now = part_tables.among(tx, hall, DISPUTES, disputes.c.month == one.month).values()
    return replace(with_later(sheets_of(text), now), version=one.version, closed=one.time, closed_by=one.by)


def closed_text(tx: Transaction, hall: int, kept: str) -> str | None:
    """Return the text of a closed month by what the log holds of it, None if it is gone."""
    return words_of(tx, hall, [kept]).get(kept)


def scheme_now(desk: Desk, now: datetime) -> StoodScheme:
    """Return the scheme that stands today."""
    with desk.db.read() as tx:
        setup = halls.setup(tx, halls.load(tx, desk.hall))
        return _stood(tx, desk.hall, setup, business_date(setup, now))


def _stood(tx: Transaction, hall: int, setup: Setup, day: date) -> StoodScheme:
    """Return the scheme at a date's end. What changes nothing is no new one."""
    set_ups = SetUps(tx, hall, (PART,))
    at = set_ups.at(day)
    known: list[tuple[Scheme, date | None]] = []
    for n in range(at + 1):
        then = set_ups.of(n)
        scheme = read_row(Scheme, (setup.document if then is None else then).get(PART, {}))
        if not known or known[-1][0] != scheme:
            known.append((scheme, set_ups.since(n) if known else None))
    scheme, since = known[-1]
    return StoodScheme(scheme=scheme, number=len(known), since=since)


# -- documents ---------------------------------------------------------------------------------------------------------


def scheme_document(stood: StoodScheme) -> Document:
    """Return a scheme as commands print it."""
    row = scheme_row(stood.scheme)
    return {
        **_named(stood),
        "items": [{"code": code, **row[code]} for code in ITEMS],
        **{key: value for key, value in row.items() if key not in ITEMS},
    }


def sheet_document(setup: Setup, found: MonthSheets, staff: str) -> Document:
    """Return a person's sheet as commands print it: of the own one neither the hall's figures nor rows of ratings."""
    one = found.team.sheets[staff]
    own = bool(found.own)
    return {
        "staff": staff,
        **_month(found),
        "items": [_item(item, own=own) for item in one.items],
        "known_weight": one.known_weight,
        "by_weight": _round(one.by_weight, 2),
        "praise": {"n": len(one.praise), "points": _round(one.praise_points, 2), "rows": list(one.praise)},
        "faults": {"n": len(one.faults), "points": _round(-one.fault_points, 2), "rows": list(one.faults)},
        "total": _round(one.total, 2),
        "deposit": _round(one.deposit, 2),
        "ratings": one.ratings,
        "redirects": {"n": len(one.redirects), "rows": list(one.redirects)},
        "stalled_minutes": _round(one.stalled, 2),
        **_told(found, one),
        "disputes": [
            {**document_of(setup, each, found.notes, own=found.own), "since_closed": each in found.later}
            for each in (*found.rows.disputes, *found.later)
            if each.staff == staff
        ],
    }


def team_document(found: MonthSheets) -> Document:
    """Return everybody's total of a month, by name and not by place."""
    return {
        **_month(found),
        "median": _round(found.team.median, 2),
        "compared": len(found.team.compared),
        "fewest": FEWEST,
        "team": [
            {
                "staff": code,
                "total": _round(one.total, 2),
                "by_weight": _round(one.by_weight, 2),
                "known_weight": one.known_weight,
                "deposit": _round(one.deposit, 2),
                "ratings": one.ratings,
                **_told(found, one),
            }
            for code, one in found.team.sheets.items()
        ],
    }


def _month(found: MonthSheets) -> Document:
    """Return which month it is, by which scheme."""
    dates = {"from": found.first.isoformat(), "to": found.last.isoformat(), "is_over": found.is_over}
    closed = {
        "version": found.version,
        "of": found.versions,
        "by": found.closed_by or None,
        "excluded_since": len(found.later_of(found.own)) if found.own else len(found.later),
    }
    return {**dates, "scheme": _named(found.stood), "closed": closed if found.versions else None}


def _named(stood: StoodScheme) -> Document:
    return {"scheme": stood.number, "since": stood.since.isoformat() if stood.since else None}


def _told(found: MonthSheets, one: PersonSheet) -> Document:
    """Return what is said of a total."""
    return {
        "team": {"median": _round(found.team.median, 2), "n": len(found.team.compared)},
        "chance": {"low": _round(one.low, 2), "high": _round(one.high, 2)},
        "verdict": one.verdict,
    }


def _item(item: ItemResult, *, own: bool) -> Document:
    digits = 6 if item.code != HANDLING else 4
    document: Document = {
        "path": f"items.{item.code}",
        "code": item.code,
        "weight": item.weight,
        "value": _round(item.value, digits),
        "n": item.n,
        "of": item.of,
        "low": _round(item.low, digits),
        "high": _round(item.high, digits),
        "median": _round(item.median, digits),
        "verdict": item.verdict,
        "points": _round(item.points, 2),
        "why": item.why,
    }
    if not own:
        document |= {
            "hall": _round(item.hall, digits),
            "hall_n": item.hall_n,
            "difference": {
                "value": _round(item.difference, digits),
                "low": _round(item.difference_low, digits),
                "high": _round(item.difference_high, digits),
            },
        }
    if not own or item.code != SATISFACTION:
        document |= {"rows": list(item.rows), "apart": list(item.apart)}
    return document


def _round(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)


LONGEST = 20_000_000


@changes("sheet-close")
def close_month(change: Change, month: date | None = None) -> Document:
    """Close a month, the last one unless `month` lies in another: its sheets stay as they are now. Closed again after a
    correction it has one more version; each is kept.

    Raises RuleError "month_runs" while it is not over, "disputes_wait" while rows wait for a decision, "month_closed"
    where nothing has changed since, "who_are_you" for somebody who gives no name, OutsideError "not_this_pc".
    """
    if not change.who.is_staff:
        raise RuleError("who_are_you")
    first, last = span_of(MONTH, month or change.date.replace(day=1) - timedelta(days=1))
    if last >= change.date:
        raise RuleError("month_runs", month=f"{first:%Y-%m}")
    if not reads_ratings(change.tx):
        raise OutsideError("not_this_pc")
    hall = change.book.id
    found = at_present(change.tx, hall, change.setup, (first, last), change.now)
    if waiting := sum(one.is_open for one in found.rows.disputes):
        raise RuleError("disputes_wait", n=waiting)
    before = part_tables.among(change.tx, hall, CLOSINGS, closings.c.month == first).values()
    latest = max(before, key=lambda one: one.version, default=None)
    text = text_of(found)
    if latest is not None and closed_text(change.tx, hall, latest.rows) == text:
        raise RuleError("month_closed", month=f"{first:%Y-%m}", version=latest.version)
    unrated = at_present(change.tx, hall, change.setup, (first, last), change.now, unrated=True)
    event = change.record(
        "sheet-close",
        month=first.isoformat(),
        version=latest.version + 1 if latest is not None else 1,
        rows=needed(change, "rows", text, longest=LONGEST),
        told=needed(change, "told", text_of(unrated), longest=LONGEST, put=journal.keep_for_staff),
    )
    return {
        "month": f"{first:%Y-%m}",
        "version": event.data["version"],
        "people": len(found.team.sheets),
        "at": iso(change.setup, event.time),
    }


def own_work(desk: Desk, who: Actor, month: date, now: datetime) -> OwnWork:
    """Return the own work of `who` in the month that `month` lies in, with the five months before; one of those whose
    text was deleted is left out. Raises what `month_sheets` raises."""
    staff = who.name
    whole = month_sheets(desk, who, month, now, staff=staff)
    months = [*_before(desk, who, whole.first, now), ended(whole, staff)]
    first, last = span_of(MONTH, month)
    named = [one for one in named_for(desk, who) if first.isoformat() <= one["date"] <= last.isoformat()]
    sessions = trainings_of(desk, who, first, last, staff=staff)
    with desk.db.read() as tx:
        wanted = halls.setup(tx, halls.load(tx, desk.hall)).number("training_minutes")
    return OwnWork(
        staff=staff,
        months=tuple(months),
        whole=whole,
        day=own_day(whole, staff),
        change=own_change(months, staff, HANDLING),
        named=tuple(named),
        sessions=tuple(sessions),
        minutes=sum(one["minutes"] for one in sessions),
        wanted=wanted,
    )


def _before(desk: Desk, who: Actor, first: date, now: datetime) -> list[MonthSheets]:
    """Return the months before, oldest first, from the first in which the hall served anybody."""
    found = []
    for _n in range(MONTHS_BEFORE):
        first = (first - timedelta(days=1)).replace(day=1)
        try:
            found.append(month_sheets(desk, who, first, now, staff=who.name))
        except RuleError as refused:
            if refused.code != "closed_gone":
                raise
    return [*dropwhile(_is_empty, found[::-1])]


def _is_empty(one: MonthSheets) -> bool:
    return not (one.rows.handled or one.rows.ratings or one.version)
