"""Words of trials of words: what key or notice says when, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from queuedesk.core.improvement.project import KEPT, STOPPED, USED, WordingTrial
from queuedesk.core.setup.rows import Setup
from queuedesk.features.wording.rules import (
    FEWEST,
    FEWEST_DAYS,
    TrialResult,
    WordingVerdict,
    WrongTicketCountsOfWording,
)
from queuedesk.i18n import moments
from queuedesk.i18n.catalogue import current_language, mark, ntr, tr
from queuedesk.i18n.figures.figure_titles import dates_or_count_text, signed_decimal
from queuedesk.i18n.names import percent_text, service_name, whole_number_text

_ENDS = {
    STOPPED: mark("stopped", context="wording"),
    KEPT: mark("old words kept", context="wording"),
    USED: mark("new words used", context="wording"),
}


def trial_subject_text(setup: Setup, trial: WordingTrial, lang: str | None = None) -> str:
    """Return what is tried: a key by its service, or a notice with the services by whose tickets it is judged."""
    lang = lang or current_language()
    if not trial.is_notice_trial:
        return tr(lang, "Button “{service}”", service=service_name(setup, trial.service, lang))
    if not trial.services:
        return tr(lang, "Notice, all services")
    return tr(
        lang,
        "Notice, {services}",
        services=moments.list_text([service_name(setup, c, lang) for c in trial.services], lang),
    )


def old_wording(trial: WordingTrial, lang: str | None = None) -> str:
    return moments.name_in_language(trial.name, trial.name_en, lang)


def new_wording(trial: WordingTrial, lang: str | None = None) -> str:
    return moments.name_in_language(trial.label, trial.label_en, lang)


def trial_state_text(trial: WordingTrial, today: date, lang: str | None = None) -> str:
    """Return whether a trial is to come, runs, or is over, and how it was ended."""
    lang = lang or current_language()
    if trial.end is not None:
        return tr(lang, _ENDS[trial.end], context="wording")
    if today < trial.first:
        return tr(lang, "to come", context="wording")
    return tr(lang, "running", context="wording") if today <= trial.last_date else tr(lang, "over", context="wording")


def wording_dates_text(trial: WordingTrial, lang: str | None = None) -> str:
    """Return which dates have which wording."""
    lang = lang or current_language()
    return tr(
        lang,
        "{first} to {last}: the old words on {first} and every second date, the new ones on those between",
        first=moments.date_short(trial.first, lang),
        last=moments.date_short(trial.last_date, lang),
    )


def counted_days_text(found: TrialResult, lang: str | None = None) -> str:
    """Return how many days of either wording were counted, for a trial without a result."""
    lang = lang or current_language()
    old, new = (ntr(lang, "{n} day", "{n} days", side.days) for side in (found.old, found.new))
    return tr(lang, "Counted so far: {old} with the old words, {new} with the new.", old=old, new=new)


def wrong_window_rate_text(one: WrongTicketCountsOfWording, lang: str | None = None) -> str:
    """Return "31 of 388 wrong, 8.0 %, 14 days"."""
    lang = lang or current_language()
    return tr(
        lang,
        "{n} of {of} to the wrong window, {rate} %, days: {days}",
        n=whole_number_text(one.wrong),
        of=whole_number_text(one.of),
        rate=percent_text(one.rate),
        days=one.days,
    )


def trial_verdict_text(found: TrialResult, lang: str | None = None) -> str:
    """Return what can be said of the new words, with the interval of the difference in percentage points."""
    lang = lang or current_language()
    if found.verdict is WordingVerdict.EARLY and found.until is None:
        return tr(lang, "Ended before its planned end: nothing can be said.")
    if found.verdict is WordingVerdict.EARLY and found.until is not None:
        return tr(
            lang,
            "The result comes on {date}. Checked earlier, even equal words would often differ by chance.",
            date=moments.date_long(found.until, lang),
        )
    if found.difference is None or found.low is None or found.high is None:
        return tr(
            lang,
            "Too early: nothing is said under {n} tickets and {days} days of either wording.",
            n=FEWEST,
            days=FEWEST_DAYS,
        )
    texts = {
        WordingVerdict.BETTER: mark("With the new words fewer went to the wrong window: {points} points ({range})."),
        WordingVerdict.WORSE: mark("With the new words more went to the wrong window: {points} points ({range})."),
        WordingVerdict.CANNOT_TELL: mark("Can't tell them apart: {points} points ({range})."),
    }
    low, points, high = (signed_decimal(100 * one) for one in (found.low, found.difference, found.high))
    span = tr(lang, "{low} to {high}", context="points", low=low.removeprefix("+"), high=high.removeprefix("+"))
    return tr(lang, texts[found.verdict], points=points, range=span)


def left_out_dates_text(trial: WordingTrial, days: Sequence[date], lang: str | None = None) -> str:
    """Return which dates of a trial are not counted and why, "" without any."""
    lang = lang or current_language()
    if not days:
        return ""
    why = (
        mark("Not counted: {dates}, as the notice was changed or taken off, or is not for these dates.")
        if trial.is_notice_trial
        else mark("Not counted: {dates}, because the button's own name was changed.")
    )
    return tr(lang, why, dates=dates_or_count_text(days, lang))


def old_words_gone_text(trial: WordingTrial, lang: str | None = None) -> str:
    """Return what to say where the set-up no longer has the old words of a trial that runs."""
    lang = lang or current_language()
    if trial.is_notice_trial:
        return tr(lang, "The notice was changed or taken off: neither wording is shown, and nothing more is counted.")
    return tr(lang, "The button's own name was changed: the new words are not shown, and nothing more is counted.")
