"""Alerts in words: the fact, and the figures that belong to it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct

from queuedesk.core.log.state import HallState
from queuedesk.core.queue.overview import Alert, next_for, set_up
from queuedesk.core.setup.rows import Setup
from queuedesk.core.talk.device import STOPPED
from queuedesk.i18n.catalogue import current, mark, ntr, tr
from queuedesk.i18n.moments import date_short, time_hm
from queuedesk.i18n.names import letter_of, service_name, staff_name, window_name
from queuedesk.i18n.talk.talk_words import cause_words, device_name

_KINDS = {
    "long_wait": mark("long wait", context="alert"),
    "no_window": mark("no open window", context="alert"),
    "crowd": mark("full hall", context="alert"),
    "no_call": mark("nobody called", context="alert"),
    "long_serving": mark("long at the window", context="alert"),
    "late_back": mark("late back", context="alert"),
    "series_ending": mark("numbers running out", context="alert"),
    "device_down": mark("device out of order", context="alert"),
}


class AlertWords(Struct, frozen=True):
    """An alert as a fact and its figures, both without a full stop."""

    fact: str
    figures: str


def alert_kind(code: str, lang: str | None = None) -> str:
    """Return the short words for an alert's kind; an unknown code unchanged."""
    return tr(lang or current(), _KINDS[code], context="alert") if code in _KINDS else code


def alert_kinds(lang: str | None = None) -> dict[str, str]:
    """Return the kinds of alerts with their short words."""
    return {code: alert_kind(code, lang) for code in _KINDS}


def alarm_text(setup: Setup, alarm: Mapping[str, Any], lang: str | None = None) -> str:
    """Return what an alarm is about: where, and of what kind. It needs `kind`, and what of `service`, `window`,
    `device` and `station` it names."""
    lang = lang or current()
    what, where = alert_kind(alarm["kind"], lang), ""
    if alarm.get("service"):
        where = service_name(setup, alarm["service"], lang)
    elif alarm.get("window"):
        where = window_name(alarm["window"], lang)
    elif alarm.get("device"):
        where = device_name(alarm["device"], alarm.get("station") or "", lang)
    return tr(lang, "{where}, {what}", context="alert", where=where, what=what) if where else what


def alert_text(state: HallState, alert: Alert, now: datetime, lang: str | None = None) -> str:
    """Return an alert as one sentence."""
    lang = lang or current()
    words = alert_words(state, alert, now, lang)
    return tr(lang, "{fact}; {figures}.", context="alert", fact=words.fact, figures=words.figures)


def alert_words(state: HallState, alert: Alert, now: datetime, lang: str | None = None) -> AlertWords:
    """Return an alert's words; `now` counts the people who could be called."""
    lang = lang or current()
    setup, window, n = set_up(state), alert.window, alert.minutes
    service = service_name(setup, alert.service, lang)
    if alert.kind == "long_wait":
        letter, target = letter_of(setup, alert.service or ""), setup.number("wait_target_minutes")
        return AlertWords(
            tr(lang, "{letter} {service}: long wait", letter=letter, service=service),
            tr(lang, "longest {n} min, target {target} min", n=n, target=target),
        )
    if alert.kind == "no_window":
        return AlertWords(
            tr(
                lang,
                "{letter} {service}: no open window",
                letter=letter_of(setup, alert.service or ""),
                service=service,
            ),
            ntr(lang, "{n} person waits for one", "{n} people wait for one", n),
        )
    if alert.kind == "crowd":
        return AlertWords(
            ntr(lang, "{n} person waiting in the hall", "{n} people waiting in the hall", n),
            tr(lang, "more than {n} is a crowd by the hall's rules", n=setup.number("crowd")),
        )
    if alert.kind == "long_serving":
        spec = setup.services.get(alert.service or "")
        target = (spec.handling_target if spec else None) or n
        return AlertWords(
            tr(lang, "Window {window} serving for {n} min", window=window, n=n),
            tr(lang, "{ticket} {service}, target {n} min", ticket=alert.ticket, service=service, n=target),
        )
    if alert.kind == "late_back":
        return AlertWords(
            ntr(
                lang,
                "Window {window} is {n} minute late back",
                "Window {window} is {n} minutes late back",
                n,
                window=window,
            ),
            staff_name(setup, state.window(window or "").staff, lang),
        )
    if alert.kind == "device_down":
        return AlertWords(
            tr(
                lang,
                "{device}: {cause}",
                context="alert",
                device=device_name(alert.device or "", alert.station or "", lang),
                cause=cause_words(alert.cause or "", lang),
            ),
            _down_since(setup, alert, now, lang),
        )
    if alert.kind == "no_call":
        return AlertWords(
            ntr(
                lang,
                "Window {window} has called nobody for {n} minute",
                "Window {window} has called nobody for {n} minutes",
                n,
                window=window,
            ),
            ntr(
                lang,
                "{n} person could be called there",
                "{n} people could be called there",
                len(next_for(state, window or "", now)),
            ),
        )
    return AlertWords(
        ntr(lang, "{service}: {n} number left today", "{service}: {n} numbers left today", n, service=service),
        tr(lang, "please widen the range in the set-up"),
    )


def _down_since(setup: Setup, alert: Alert, now: datetime, lang: str) -> str:
    since = setup.local(alert.since)
    if alert.cause == STOPPED:
        return tr(lang, "since {time}, and customers have no other", time=time_hm(since))
    if since.date() == setup.local(now).date():
        return tr(lang, "out of order since {time}", time=time_hm(since))
    return tr(lang, "out of order since {day}, {time}", day=date_short(since.date(), lang), time=time_hm(since))
