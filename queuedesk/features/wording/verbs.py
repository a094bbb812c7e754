"""Tries other words for a kiosk's key or a notice: starts and ends such trials, and reads what they say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from queuedesk.core.errors import RuleError
from queuedesk.core.figures.drilldown_rows import WHOLE
from queuedesk.core.improvement.project import KEPT, NEW, OLD, PARTS, STOPPED, USED, WEEKS, WordingTrial
from queuedesk.core.log.state import WORDINGS
from queuedesk.core.queue.hallday import business_date
from queuedesk.core.setup.rows import LONGEST_TEXT
from queuedesk.desk.change import Desk, Document, HallChange, runs_in_transaction
from queuedesk.desk.setting_up import rename_service, set_row_in_change
from queuedesk.features.wording.rules import TrialData, trial_counts_of_day, trial_result_as_of_today
from queuedesk.store.engine.types import Transaction
from queuedesk.store.figures import measured
from queuedesk.store.figures.measured import HallReader
from queuedesk.store.log.log_dates import SetUpVersions
from queuedesk.store.parts import halls, part_tables


@runs_in_transaction("wording")
def start_name_trial(
    change: HallChange, service: str, label: str, label_en: str = "", *, first: date | None = None, weeks: int = 4
) -> Document:
    """Try the name `label` for the key of `service` on every second date of `weeks` weeks from `first` on, from
    tomorrow if not given; without `label_en` the English name stays.

    Raises RuleError "unknown_service", "bad_value" for a name that is empty, too long or the same, a number of weeks
    that is no choice or a date that is not to come, "wording_runs" while another trial that counts some of the same
    tickets has not been ended."""
    spec = change.setup.service_by_code(service)
    words = _checked_words((spec.name, spec.name_en), (label, label_en))
    return _record_trial_start(change, words, (service,), first, weeks, service=service)


@runs_in_transaction("wording")
def start_notice_trial(
    change: HallChange,
    notice: int,
    label: str,
    label_en: str = "",
    *,
    services: Sequence[str] = (),
    first: date | None = None,
    weeks: int = 4,
) -> Document:
    """Try the words `label` for a notice of the set-up, named by its place from 1 on, judged by the tickets of
    `services`, of all without any; otherwise like start_name_trial.

    Raises RuleError as that, and "not_there" where there is no such notice, "bad_value" where its own dates leave out
    some of the trial's."""
    notices = change.setup.notices
    if not 1 <= notice <= len(notices):
        raise RuleError("not_there", kind="notices", code=str(notice))
    spec = notices[notice - 1]
    words = _checked_words((spec.text, spec.text_en), (label, label_en))
    for code in services:
        change.setup.service_by_code(code)
    begins = first or change.date + timedelta(days=1)
    last = begins + timedelta(weeks=min(weeks, WEEKS[-1]), days=-1)
    if (spec.end and spec.end < last.isoformat()) or (spec.start and spec.start > begins.isoformat()):
        own = f"{spec.start} … {spec.end}".strip()
        raise RuleError("bad_value", field="date", value=f"{begins} … {last}", why="out_of_range", limit=own)
    counted = [code for code in change.setup.services if code in services]
    return _record_trial_start(change, words, counted, first, weeks, services=counted)


def _checked_words(old: tuple[str, str], new: tuple[str, str]) -> dict[str, Any]:
    label, label_en = new[0].strip(), new[1].strip() or old[1]
    for field, text in (("label", label), ("label_en", label_en)):
        if len(text) > LONGEST_TEXT:
            raise RuleError("bad_value", field=field, value=text[:40], why="too_long", limit=LONGEST_TEXT)
    if not label or (label, label_en) == old:
        raise RuleError("bad_value", field="label", value=label or None, why="not_a_choice" if label else "empty")
    return {"name": old[0], "name_en": old[1], "label": label, "label_en": label_en}


def _record_trial_start(
    change: HallChange, words: dict[str, Any], counted: Sequence[str], first: date | None, weeks: int, **about: Any
) -> Document:
    begins = first or change.date + timedelta(days=1)
    if begins <= change.date:
        after = change.date.isoformat()
        raise RuleError("bad_value", field="date", value=begins.isoformat(), why="out_of_range", limit=f"> {after}")
    if weeks not in WEEKS:
        raise RuleError("bad_value", field="weeks", value=weeks, why="not_a_choice", limit=list(WEEKS))
    standing = [one for one in _all_trials(change.tx, change.book.id) if one.is_open]
    running = next((one for one in standing if one.is_judged_by_some_same_tickets(counted)), None)
    if running is not None:
        raise RuleError("wording_runs", wording=running.seq, service=running.service or None)
    event = change.record("wording", **about, **words, first=begins.isoformat(), weeks=weeks)
    return trial_setup_document(change.book.get_record(WORDINGS, event.seq))


@runs_in_transaction("wording")
def end_wording_trial(change: HallChange, number: int, *, use: bool | None = None) -> Document:
    """End a trial: stop it (`use` None), keep the old words, or use the new ones as the hall's own from now on.

    Raises RuleError "not_there" for a trial that there is not, or that was ended, and where the notice is to have other
    words that is no longer there."""
    trial = next((one for one in _all_trials(change.tx, change.book.id) if one.seq == number and one.is_open), None)
    if trial is None:
        raise RuleError("not_there", kind="wording", code=str(number))
    if use and trial.is_notice_trial:
        _replace_notice_text(change, trial)
    elif use:
        rename_service(change, trial.service, trial.label, trial.label_en)
    end = STOPPED if use is None else USED if use else KEPT
    change.record("wording", of=number, end=end, day=change.date.isoformat())
    return trial_setup_document(change.book.get_record(WORDINGS, number))


def _replace_notice_text(change: HallChange, trial: WordingTrial) -> None:
    old = (trial.name, trial.name_en)
    places = [n for n, one in enumerate(change.setup.notices, start=1) if (one.text, one.text_en) == old]
    if not places:
        raise RuleError("not_there", kind="notices", code=trial.name[:40])
    for place in places:
        set_row_in_change(change, "notices", str(place), {"text": trial.label, "text_en": trial.label_en})


def trials_with_data(desk: Desk, now: datetime) -> list[TrialData]:
    """Return every trial, the latest first, with what it says of its dates that are over; weeks of many tickets take
    a moment."""
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        today = business_date(setup, now)
        reader, set_ups = HallReader(tx, desk.hall, setup, now), SetUpVersions(tx, desk.hall, PARTS)
        found = []
        for trial in sorted(_all_trials(tx, desk.hall), key=lambda one: one.seq, reverse=True):
            over = [day for day in trial.running_dates() if day < today]
            left_out = [
                day for day in over if not all(trial.has_old_words_on(one, day) for one in set_ups.versions_on(day))
            ]
            counted = [day for day in over if day not in left_out]
            dates = [
                trial_counts_of_day(trial, day)
                for day in measured.query_days_with_parts(reader, counted, frozenset({WHOLE}))
            ]
            stands = trial.has_old_words_on(setup.document, today)
            found.append(TrialData(trial, trial_result_as_of_today(trial, dates, today), dates, left_out, stands))
    return found


def _all_trials(tx: Transaction, hall: int) -> list[WordingTrial]:
    return list(part_tables.objects_of_days(tx, hall, WORDINGS).values())


def trial_setup_document(trial: WordingTrial) -> Document:
    """Return a trial as commands print it, without what it says."""
    return {
        "wording": trial.seq,
        "about": "notice" if trial.is_notice_trial else "key",
        "service": trial.service or None,
        "services": list(trial.services),
        "old": {"name": trial.name, "name_en": trial.name_en},
        "new": {"name": trial.label, "name_en": trial.label_en},
        "from": trial.first.isoformat(),
        "to": trial.last_date.isoformat(),
        "ended": trial.ended and trial.ended.isoformat(),
        "end": trial.end,
    }


def trial_document(one: TrialData) -> Document:
    """Return a trial with its judgement as commands print it."""
    found = one.found
    sides: dict[str, Any] = {
        which: {"days": side.days, "wrong": side.wrong, "of": side.of, "rate": _rounded_to_six(side.rate)}
        for which, side in ((OLD, found.old), (NEW, found.new))
    }
    own = trial_setup_document(one.trial)
    return {
        **own,
        OLD: {**own[OLD], **sides[OLD]},
        NEW: {**own[NEW], **sides[NEW]},
        "difference": _rounded_to_six(found.difference),
        "low": _rounded_to_six(found.low),
        "high": _rounded_to_six(found.high),
        "design_effect": _rounded_to_six(found.effect),
        "verdict": str(found.verdict),
        "dates": [
            {"date": day.day.isoformat(), "which": day.which, "wrong": day.wrong, "of": day.of} for day in one.dates
        ],
        "left_out": [day.isoformat() for day in one.left_out],
        "stands": one.stands,
    }


def _rounded_to_six(value: float | None) -> float | None:
    return None if value is None else round(value, 6)
