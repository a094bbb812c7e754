"""The tickets of a date as rows of a list: searched, filtered, the newest first."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from queuedesk.core.numbering import parts
from queuedesk.core.overview import joined, wait_level
from queuedesk.core.setup import Setup
from queuedesk.core.state import HallState
from queuedesk.core.ticket import State, Ticket, seconds
from queuedesk.i18n import _, minutes_text, n_, ticket_state
from queuedesk.i18n.names import item_name, letter_of, service_name, staff_name, window_name
from queuedesk.i18n.reasons import reason_short, reason_words
from queuedesk.stations.theme import TICKET_MARKS
from queuedesk.stations.widgets.lists import TicketRow

NUMBER = re.compile(r"^([a-z]{0,3})-?(\d{1,4})$")
# The states a list can be narrowed to, in the order of a visit.
STATES = ("waiting", "called", "serving", "parked", "missed", "finished", "left", "void")


@dataclass(frozen=True, slots=True)
class Filter:
    """Which tickets are shown: "" leaves a service, window or state open; `words` are what was typed."""

    words: str = ""
    service: str = ""
    window: str = ""
    state: str = ""


def found(state: HallState, setup: Setup, day: date, wanted: Filter) -> list[Ticket]:
    """Return the tickets of `day` that `wanted` leaves, the newest first."""
    of_day = (t for t in state.tickets.values() if t.date == day)
    words = wanted.words.casefold().split()
    kept = [
        t
        for t in of_day
        if (not wanted.service or wanted.service in {leg.service for leg in t.legs})
        and (not wanted.window or _was_at(t, wanted.window))
        and (not wanted.state or t.state == wanted.state)
        and all(_matches(setup, t, word) for word in words)
    ]
    return sorted(kept, key=lambda t: (t.arrived, t.seq), reverse=True)


def _was_at(ticket: Ticket, window: str) -> bool:
    return window in {leg.window for leg in ticket.legs} or ticket.to_window == window


def _matches(setup: Setup, ticket: Ticket, word: str) -> bool:
    """Whether a word is found in the number, the services and items, the windows or the people of a ticket."""
    label = ticket.label.casefold()
    if word in label:
        return True
    number = NUMBER.match(word)
    if number:
        prefix, digits = parts(ticket.label) or ("", 0)
        if int(number[2]) == digits and number[1] in ("", prefix.casefold()):
            return True
    texts = []
    for leg in ticket.legs:
        spec = setup.services.get(leg.service) or setup.former.services.get(leg.service)
        texts += [letter_of(setup, leg.service), *((spec.name, spec.name_en) if spec else ())]
        if leg.window:
            texts.append(window_name(leg.window))
            if word == leg.window.casefold():
                return True
        person = setup.staff.get(leg.staff or "") or setup.former.staff.get(leg.staff or "")
        texts += [leg.staff or "", *((person.name, person.name_en) if person else ())]
    if ticket.item:
        texts.append(item_name(setup, ticket.service, ticket.item))
    if ticket.guide:
        texts.append(staff_name(setup, ticket.guide))
    return any(word in text.casefold() for text in texts)


def rows(setup: Setup, tickets: list[Ticket], now: datetime) -> list[TicketRow]:
    """Return a row for each ticket: number, state with its mark, and what matters most of it at the right."""
    return [_row(setup, ticket, now) for ticket in tickets]


def _row(setup: Setup, ticket: Ticket, now: datetime) -> TicketRow:
    mark = TICKET_MARKS[ticket.state]
    minutes = seconds(joined(ticket), now) // 60
    level = wait_level(setup, minutes) if ticket.state is State.WAITING else ""
    return TicketRow(
        id=ticket.label,
        number=ticket.label,
        service=ticket_state(ticket.state),
        icon=mark.icon,
        token="primary" if mark.token == "on_soft" else mark.token,
        wait=_right(ticket, minutes),
        level=level,
        spoken=" ".join((ticket.label, service_name(setup, ticket.service), ticket_state(ticket.state))),
    )


def _right(ticket: Ticket, minutes: int) -> str:
    leg = ticket.leg
    if ticket.state is State.WAITING:
        return minutes_text(minutes)
    if ticket.state is State.MISSED:
        return n_("called once", "called {n} times", leg.calls)
    if ticket.state is State.VOID:
        return reason_words(ticket.reason or "")
    if ticket.state is State.PARKED:
        return reason_short(ticket.reason or "")
    if ticket.state is State.LEFT:
        if "no_show" in ticket.flags:
            return _("did not come")
        return _("after {minutes} min", minutes=seconds(ticket.arrived, leg.ended) // 60)
    return _("No. {window}", context="row", window=leg.window) if leg.window else ""
