"""What asks to be looked at, in finished words with the place that its button leads to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from queuedesk.core.overview import Alert, alerts
from queuedesk.core.state import HallState
from queuedesk.i18n import _, listing, n_
from queuedesk.i18n.alerts import alert_words

NAMED_CALLS = 4


@dataclass(frozen=True, slots=True)
class Place:
    """Where a button leads: the tickets of a service or window, one ticket, or a service of the set-up."""

    page: str
    service: str = ""
    window: str = ""
    ticket: str = ""


@dataclass(frozen=True, slots=True)
class AlertText:
    """One strip: level, bold fact, figures, the word of its button and where that leads."""

    level: str
    title: str
    second: str
    button: str
    place: Place


def alert_texts(state: HallState, now: datetime) -> list[AlertText]:
    """Return every alert, the worst first."""
    return [_text(state, alert, now) for alert in alerts(state, now)]


def _text(state: HallState, alert: Alert, now: datetime) -> AlertText:
    words, service = alert_words(state, alert, now), alert.service or ""
    places = {
        "long_wait": Place("tickets", service=service),
        "no_window": Place("tickets", service=service),
        "crowd": Place("tickets"),
        "long_serving": Place("tickets", ticket=alert.ticket or ""),
        "series_ending": Place("setup", service=service),
    }
    place = places.get(alert.kind, Place("tickets", window=alert.window or ""))
    button = _("Set-up") if place.page == "setup" else _("Show")
    return AlertText(alert.level, words.fact, words.figures, button, place)


@dataclass(frozen=True, slots=True)
class Unspoken:
    """A call that a voice tried to say and could not: its seq, ticket, window, and hall time as text."""

    seq: int
    ticket: str
    window: str
    time: str


def unspoken_text(calls: Sequence[Unspoken]) -> AlertText:
    """Return the strip for calls that nobody heard, the latest named first."""
    named = [
        _("{ticket} to window {window} at {time}", ticket=call.ticket, window=call.window, time=call.time)
        for call in list(calls)[::-1][:NAMED_CALLS]
    ]
    title = n_("{n} call was shown but not spoken", "{n} calls were shown but not spoken", len(calls))
    return AlertText("amber", title, listing(named), _("Noted"), Place(""))
