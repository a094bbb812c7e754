"""Words of trials of words: what the key says when, and what came of it."""

from __future__ import annotations

from datetime import date

from queuedesk.core.improvement.wording import KEPT, STOPPED, USED, WordTrial
from queuedesk.core.improvement.wording_effect import FEWEST, FEWEST_DAYS, Judged, Side, Verdict
from queuedesk.i18n.catalogue import current, mark, tr
from queuedesk.i18n.moments import date_short, figure_range
from queuedesk.i18n.numerals import percent, whole
from queuedesk.i18n.words import named

_ENDS = {
    STOPPED: mark("stopped", context="wording"),
    KEPT: mark("old name kept", context="wording"),
    USED: mark("new name used", context="wording"),
}


def old_name(trial: WordTrial, lang: str | None = None) -> str:
    return named(trial.name, trial.name_en, lang)


def new_name(trial: WordTrial, lang: str | None = None) -> str:
    return named(trial.label, trial.label_en, lang)


def state_text(trial: WordTrial, today: date, lang: str | None = None) -> str:
    """Return whether a trial is to come, runs, or is over, and how it was ended."""
    lang = lang or current()
    if trial.end is not None:
        return tr(lang, _ENDS[trial.end], context="wording")
    if today < trial.first:
        return tr(lang, "to come", context="wording")
    return tr(lang, "running", context="wording") if today <= trial.last else tr(lang, "over", context="wording")


def days_text(trial: WordTrial, lang: str | None = None) -> str:
    """Return which dates have which name."""
    lang = lang or current()
    return tr(
        lang,
        "{first} to {last}: the old name on {first} and every second date, the new one on those between",
        first=date_short(trial.first, lang),
        last=date_short(trial.last, lang),
    )


def side_text(one: Side, lang: str | None = None) -> str:
    """Return "31 of 388 wrong, 8.0 %, 14 days"."""
    lang = lang or current()
    return tr(
        lang,
        "{n} of {of} to the wrong counter, {rate} %, days: {days}",
        n=whole(one.wrong),
        of=whole(one.of),
        rate=percent(one.rate),
        days=one.days,
    )


def verdict_text(found: Judged, lang: str | None = None) -> str:
    """Return what can be said of the new name, with the interval of the difference in percentage points."""
    lang = lang or current()
    if found.difference is None or found.low is None or found.high is None:
        return tr(
            lang,
            "Too early: nothing is said under {n} tickets and {days} days of each name.",
            n=FEWEST,
            days=FEWEST_DAYS,
        )
    texts = {
        Verdict.BETTER: mark("With the new name fewer went to the wrong counter: {points} points ({range})."),
        Verdict.WORSE: mark("With the new name more went to the wrong counter: {points} points ({range})."),
        Verdict.CANNOT_TELL: mark("Can't tell the names apart: {points} points ({range})."),
    }
    ends = figure_range(f"{found.low * 100:+.1f}", f"{found.high * 100:+.1f}".replace("+0.0", "0.0"))
    return tr(lang, texts[found.verdict], points=f"{found.difference * 100:+.1f}", range=ends.replace("–", " … "))
