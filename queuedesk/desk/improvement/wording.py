"""Tries another name for a kiosk's key: starts and ends such trials, and reads what they say."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from queuedesk.core.errors import RuleError
from queuedesk.core.figures.drilldown.rows import WHOLE
from queuedesk.core.improvement.wording import KEPT, NEW, OLD, STOPPED, USED, WEEKS, WordTrial
from queuedesk.core.improvement.wording_effect import Judged, Told, judged, told
from queuedesk.core.log.state import WORDINGS
from queuedesk.core.queue.hallday import business_date
from queuedesk.core.setup.rows import LONGEST_TEXT
from queuedesk.desk.change import Change, Desk, Document, changes
from queuedesk.desk.setup.setting_up import rename_service
from queuedesk.store.engine.types import Transaction
from queuedesk.store.figures import measured
from queuedesk.store.figures.measured import Reader
from queuedesk.store.parts import halls, part_tables


@changes("wording")
def start_wording(
    change: Change, service: str, label: str, label_en: str = "", *, first: date | None = None, weeks: int = 4
) -> Document:
    """Try the name `label` for the key of `service` on every second date of `weeks` weeks from `first` on, from
    tomorrow if not given; without `label_en` the English name stays.

    Raises RuleError "unknown_service", "bad_value" for a name that is empty, too long or the same, a number of weeks
    that is no choice or a date that is not to come, "wording_runs" while another trial of the key has not been ended.
    """
    spec = change.setup.service(service)
    name, name_en = label.strip(), label_en.strip() or spec.name_en
    for field, text in (("label", name), ("label_en", name_en)):
        if len(text) > LONGEST_TEXT:
            raise RuleError("bad_value", field=field, value=text[:40], why="too_long", limit=LONGEST_TEXT)
    if not name or (name, name_en) == (spec.name, spec.name_en):
        raise RuleError("bad_value", field="label", value=name or None, why="not_a_choice" if name else "empty")
    begins = first or change.date + timedelta(days=1)
    if begins <= change.date:
        after = change.date.isoformat()
        raise RuleError("bad_value", field="date", value=begins.isoformat(), why="out_of_range", limit=f"> {after}")
    if weeks not in WEEKS:
        raise RuleError("bad_value", field="weeks", value=weeks, why="not_a_choice", limit=list(WEEKS))
    running = next((one for one in _all(change.tx, change.book.id) if one.is_open and one.service == service), None)
    if running is not None:
        raise RuleError("wording_runs", wording=running.seq, service=service)
    event = change.record(
        "wording",
        service=service,
        name=spec.name,
        name_en=spec.name_en,
        label=name,
        label_en=name_en,
        first=begins.isoformat(),
        weeks=weeks,
    )
    return facts(change.book.get(WORDINGS, event.seq))


@changes("wording")
def end_wording(change: Change, number: int, *, use: bool | None = None) -> Document:
    """End a trial: stop it (`use` None), keep the old name, or use the new one as the service's own from now on.

    Raises RuleError "not_there" for a trial that there is not, or that was ended.
    """
    trial = next((one for one in _all(change.tx, change.book.id) if one.seq == number and one.is_open), None)
    if trial is None:
        raise RuleError("not_there", kind="wording", code=str(number))
    if use:
        rename_service(change, trial.service, trial.label, trial.label_en)
    end = STOPPED if use is None else USED if use else KEPT
    change.record("wording", of=number, end=end, day=change.date.isoformat())
    return facts(change.book.get(WORDINGS, number))


def trials(desk: Desk, now: datetime) -> list[tuple[WordTrial, Judged, list[Told]]]:
    """Return every trial, the latest first, with what it says and its dates that are over; weeks of many tickets take
    a moment."""
    with desk.db.read() as tx:
        setup = halls.setup(tx, halls.load(tx, desk.hall))
        today = business_date(setup, now)
        reader = Reader(tx, desk.hall, setup, now)
        found = []
        for trial in sorted(_all(tx, desk.hall), key=lambda one: one.seq, reverse=True):
            over = [day for day in trial.dates() if day < today]
            dates = [told(trial, day) for day in measured.days_behind(reader, over, frozenset({WHOLE}))]
            found.append((trial, judged(dates), dates))
    return found


def _all(tx: Transaction, hall: int) -> list[WordTrial]:
    return list(part_tables.of_days(tx, hall, WORDINGS).values())


def facts(trial: WordTrial) -> Document:
    """Return a trial as commands print it, without what it says."""
    return {
        "wording": trial.seq,
        "service": trial.service,
        "old": {"name": trial.name, "name_en": trial.name_en},
        "new": {"name": trial.label, "name_en": trial.label_en},
        "from": trial.first.isoformat(),
        "to": trial.last.isoformat(),
        "ended": trial.ended and trial.ended.isoformat(),
        "end": trial.end,
    }


def document_of(trial: WordTrial, found: Judged, dates: list[Told]) -> Document:
    """Return a trial with its judgement as commands print it."""
    sides: dict[str, Any] = {
        which: {"days": side.days, "wrong": side.wrong, "of": side.of, "rate": _six(side.rate)}
        for which, side in ((OLD, found.old), (NEW, found.new))
    }
    own = facts(trial)
    return {
        **own,
        OLD: {**own[OLD], **sides[OLD]},
        NEW: {**own[NEW], **sides[NEW]},
        "difference": _six(found.difference),
        "low": _six(found.low),
        "high": _six(found.high),
        "design_effect": _six(found.effect),
        "verdict": str(found.verdict),
        "dates": [{"date": one.day.isoformat(), "which": one.which, "wrong": one.wrong, "of": one.of} for one in dates],
    }


def _six(value: float | None) -> float | None:
    return None if value is None else round(value, 6)
