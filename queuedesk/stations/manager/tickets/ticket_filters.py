"""Which tickets of a date are meant: what was typed, and the filters' chips."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from queuedesk.core.log.state import HallState
from queuedesk.core.queue.numbering import parts
from queuedesk.core.queue.ticket import Ticket
from queuedesk.core.setup.values import Setup
from queuedesk.i18n import _, ticket_state
from queuedesk.i18n.names import class_name, item_name, letter_of, staff_name, window_name

NUMBER = re.compile(r"^([a-z]{0,3})-?(\d{1,4})$")
# The states a list can be narrowed to, in the order of a visit.
STATES = ("waiting", "called", "serving", "parked", "missed", "finished", "left", "void")
# What a ticket is marked by beside its own flags.
OVERTAKEN, REDIRECTED, RETURN = "overtaken", "redirected", "return_visit"
MARKS = (
    OVERTAKEN,
    REDIRECTED,
    "no_show",
    "corrected",
    "rating_excluded",
    "corrected_alone",
    "paper",
    RETURN,
    "repeat_papers",
    "kiosk",
    "deferred",
    "early_place",
    "start_assumed",
    "inaccurate",
    "day_end",
)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which tickets are shown: "" leaves a service, window, state, class or mark open; `words` are what was typed."""

    words: str = ""
    service: str = ""
    window: str = ""
    state: str = ""
    klass: str = ""
    mark: str = ""


def mark_word(mark: str) -> str:
    """Return what a mark of a ticket is called."""
    words: dict[str, Callable[[], str]] = {
        OVERTAKEN: lambda: _("Overtaken", context="mark"),
        REDIRECTED: lambda: _("Wrong counter", context="mark"),
        "no_show": lambda: _("Did not come", context="mark"),
        "corrected": lambda: _("Corrected", context="mark"),
        "rating_excluded": lambda: _("Rating not counted", context="mark"),
        "corrected_alone": lambda: _("Corrected by one person alone", context="mark"),
        "paper": lambda: _("From paper", context="mark"),
        RETURN: lambda: _("Return visit", context="mark"),
        "repeat_papers": lambda: _("Again for papers", context="mark"),
        "kiosk": lambda: _("From the kiosk", context="mark"),
        "deferred": lambda: _("Put off to the next day", context="mark"),
        "early_place": lambda: _("Early place", context="mark"),
        "start_assumed": lambda: _("Start not pressed", context="mark"),
        "inaccurate": lambda: _("Never finished", context="mark"),
        "day_end": lambda: _("Ended by the day-end", context="mark"),
    }
    return words[mark]() if mark in words else mark


def marks_of(ticket: Ticket) -> set[str]:
    """Return everything a ticket is marked by."""
    marks = set(ticket.flags)
    if ticket.overtaken:
        marks.add(OVERTAKEN)
    if any(leg.end == "redirect" for leg in ticket.legs):
        marks.add(REDIRECTED)
    if ticket.return_of or ticket.ref:
        marks.add(RETURN)
    return marks


def marks_in(state: HallState, day: date) -> list[str]:
    """Return the marks that tickets of a date have, in their order."""
    there = {mark for ticket in state.tickets.values() if ticket.date == day for mark in marks_of(ticket)}
    return [mark for mark in MARKS if mark in there]


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
        and (not wanted.klass or t.klass == wanted.klass)
        and (not wanted.mark or wanted.mark in marks_of(t))
        and (not words or _has_all(setup, t, words))
    ]
    return sorted(kept, key=lambda t: (t.arrived, t.seq), reverse=True)


def _was_at(ticket: Ticket, window: str) -> bool:
    return window in {leg.window for leg in ticket.legs} or ticket.to_window == window


def _has_all(setup: Setup, ticket: Ticket, words: list[str]) -> bool:
    """Whether every word is found somewhere in a ticket; its texts are made only for words that are no number of it."""
    left = [word for word in words if not _is_number(ticket, word)]
    if not left:
        return True
    windows = {(leg.window or "").casefold() for leg in ticket.legs}
    text = "\n".join(_texts(setup, ticket)).casefold()
    return all(word in windows or word in text for word in left)


def _is_number(ticket: Ticket, word: str) -> bool:
    if word in ticket.label.casefold():
        return True
    number = NUMBER.match(word)
    if number is None:
        return False
    prefix, digits = parts(ticket.label) or ("", 0)
    return int(number[2]) == digits and number[1] in ("", prefix.casefold())


def _texts(setup: Setup, ticket: Ticket) -> list[str]:
    """Return everything by which a ticket may be looked for: services and items, windows, people, state, class, marks,
    reference."""
    texts = [ticket_state(ticket.state), class_name(setup, ticket.klass), ticket.ref or "", ticket.return_of or ""]
    texts += [mark_word(mark) for mark in marks_of(ticket)]
    for leg in ticket.legs:
        spec = setup.services.get(leg.service)
        texts += [letter_of(setup, leg.service), *((spec.name, spec.name_en) if spec else ())]
        if leg.window:
            texts.append(window_name(leg.window))
        person = setup.staff.get(leg.staff or "")
        texts += [leg.staff or "", *((person.name, person.name_en) if person else ())]
    if ticket.item:
        texts.append(item_name(setup, ticket.service, ticket.item))
    if ticket.guide:
        texts.append(staff_name(setup, ticket.guide))
    return texts
