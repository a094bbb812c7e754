"""Tries what is checked before the hall opens, and tells what was checked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from queuedesk.core.errors import RuleError
from queuedesk.core.log.event import stamp
from queuedesk.core.log.state import CHECKS, DEVICES, WAIVERS
from queuedesk.core.queue.hallday import business_date
from queuedesk.core.setup.rows import Setup
from queuedesk.core.talk.opening_checks import Waiver, Wanted, is_asked, wanted
from queuedesk.desk.change import Change, Desk, Document, changes, iso, wanted_document
from queuedesk.desk.talk import checking
from queuedesk.store.parts import halls, part_tables

TRIAL_S = 30
"""How long a display shows that it is being tried."""


@changes("check")
def try_out(change: Change, device: str, station: str | None = None, *, text: str, text_en: str = "") -> Document:
    """Make a voice say `text`, a display show it, or a station's printer print a slip, so that somebody can judge it;
    raises as check()."""
    for field, value in (("text", text), ("text_en", text_en)):
        if len(value) > checking.LONGEST_WORDS:
            raise RuleError("bad_value", field=field, value=value[:20], why="too_long")
    at = checking.place_of(change, device, station)
    until = change.now + timedelta(seconds=TRIAL_S)
    event = change.record(
        "check", device=device, station=at, trial=True, text=text, text_en=text_en or None, until=stamp(until)
    )
    return {"seq": event.seq, "device": device, "station": at, "until": iso(change.setup, until)}


def checks_on(desk: Desk, now: datetime, day: date | None = None) -> Document:
    """Return the checks of `day` (else today), the windows opened without them, and, for today, what is still
    unchecked."""
    with desk.db.read() as tx:
        setup = halls.setup(tx, halls.load(tx, desk.hall))
        today = business_date(setup, now)
        done = part_tables.of_days(tx, desk.hall, CHECKS, day or today, day or today).values()
        waived = part_tables.of_days(tx, desk.hall, WAIVERS, day or today, day or today).values()
        known = part_tables.of_days(tx, desk.hall, DEVICES)
    asked: Sequence[Wanted] = wanted(setup, known, done, now) if (day or today) == today and is_asked(setup) else ()
    return {
        "date": (day or today).isoformat(),
        "asked": is_asked(setup),
        "checks": [checking.check_document(setup, one) for one in done],
        "missing": [wanted_document(one) for one in asked if one.lack is not None],
        "waivers": [_waiver_document(setup, one) for one in waived],
    }


def _waiver_document(setup: Setup, one: Waiver) -> Document:
    return {
        "window": one.window,
        "staff": one.staff,
        "reason": one.reason,
        "missing": list(one.missing),
        "time": iso(setup, one.time),
        "by": one.by,
    }
