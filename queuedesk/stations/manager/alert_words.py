"""What asks to be looked at, in finished words with the place that its button leads to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from queuedesk.core.overview import Alert, alerts, next_for, set_up
from queuedesk.core.setup import Setup
from queuedesk.core.state import HallState
from queuedesk.i18n import _, listing, n_
from queuedesk.i18n.names import letter_of, service_name, staff_name

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
    return [_text(state, set_up(state), alert, now) for alert in alerts(state, now)]


def _text(state: HallState, setup: Setup, alert: Alert, now: datetime) -> AlertText:
    service, window, n = alert.service or "", alert.window or "", alert.minutes
    look = _("Show")
    if alert.kind == "long_wait":
        title = _(
            "{letter} {service}: long wait", letter=letter_of(setup, service), service=service_name(setup, service)
        )
        second = _("longest {n} min, target {target} min", n=n, target=setup.number("wait_target_minutes"))
        return AlertText(alert.level, title, second, look, Place("tickets", service=service))
    if alert.kind == "crowd":
        title = n_("{n} person waiting in the hall", "{n} people waiting in the hall", n)
        second = _("more than {n} is a crowd by the hall's rules", n=setup.number("crowd"))
        return AlertText(alert.level, title, second, look, Place("tickets"))
    if alert.kind == "long_serving":
        code = alert.service or ""
        target = setup.services[code].handling_target if code in setup.services else None
        title = _("Window {window} serving for {n} min", window=window, n=n)
        second = _(
            "{ticket} {service}, target {n} min", ticket=alert.ticket, service=service_name(setup, code), n=target
        )
        return AlertText(alert.level, title, second, look, Place("tickets", ticket=alert.ticket or ""))
    if alert.kind == "late_back":
        person = staff_name(setup, state.window(window).staff)
        title = n_(
            "Window {window} is {n} minute late back", "Window {window} is {n} minutes late back", n, window=window
        )
        return AlertText(alert.level, title, person, look, Place("tickets", window=window))
    if alert.kind == "no_call":
        could = len(next_for(state, window, now))
        title = n_(
            "Window {window} has called nobody for {n} minute",
            "Window {window} has called nobody for {n} minutes",
            n,
            window=window,
        )
        second = n_("{n} person could be called there", "{n} people could be called there", could)
        return AlertText(alert.level, title, second, look, Place("tickets", window=window))
    name = service_name(setup, service)
    title = n_("{service}: {n} number left today", "{service}: {n} numbers left today", n, service=name)
    second = _("Widen the range in the set-up")
    return AlertText(alert.level, title, second, _("Set-up"), Place("setup", service=service))


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
