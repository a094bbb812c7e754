"""Who is in the hall as finished rows: the waiting in call order, the missed, one ticket with what may be done to
it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct

from queuedesk.core.log.state import HallState
from queuedesk.core.network.roles import Role
from queuedesk.core.queue.hallday import parts
from queuedesk.core.queue.overview import joined, set_up, standing, to_fetch, wait_level, whole_order
from queuedesk.core.queue.ticket import FETCHED, MOVES, State, Ticket, seconds
from queuedesk.core.setup.rows import Setup
from queuedesk.i18n import _, minutes_text, n_, need_word, ticket_state, time_hm
from queuedesk.i18n.names import priority_name, service_name, ticket_marks
from queuedesk.i18n.queue.line_words import fetch_by, why_now
from queuedesk.i18n.queue.wait_words import ahead_word, shares_windows, step_words, wait_text
from queuedesk.stations.acts.thanks_question import THANKS, may_thank
from queuedesk.stations.guide.choices import Choice, full_title
from queuedesk.stations.guide.figures import windows_row
from queuedesk.stations.models.service_words import able_windows
from queuedesk.stations.widgets.lists.lists import TicketRow

NUMBER = re.compile(r"^\s*([A-Za-z]{0,3})\s*-?\s*(\d{1,4})\s*$")
FINDS_SHOWN = 6
# What a guide may do to a ticket, in the order in which it is offered.
ACTS = ("fetched", "reinstate", "redirect", "postpone", "need", "leave", "void", THANKS)


class MissedRow(Struct, frozen=True, kw_only=True):
    """A ticket whose holder did not come: number, since when in words, and the minutes."""

    label: str
    since: str
    minutes: str = ""


class Person(Struct, frozen=True, kw_only=True):
    """Somebody in a card of the rail: `key` is what the card knows them by, such as a ticket's number; `late` stands in
    place of `second` where something is overdue."""

    key: int | str
    head: str
    first: str
    second: str
    late: str = ""


class TicketFacts(Struct, frozen=True, kw_only=True):
    """A ticket's card. `acts` are the verbs possible now, except reprint; `why` says in one sentence why it still
    waits. It `offers` other ways where the hall notes them."""

    label: str
    state: str
    word: str
    title: str
    class_text: str
    facts: tuple[tuple[str, str], ...]
    acts: tuple[str, ...]
    service: str
    has_paper: bool
    offers: bool
    why: str = ""


def minutes_since(moment: datetime | None, now: datetime) -> int:
    return seconds(moment, now) // 60


def waiting_rows(state: HallState, now: datetime) -> list[TicketRow]:
    """Return everyone who waits, in call order."""
    setup = set_up(state)
    return [_waiting_row(setup, ticket, now) for ticket in whole_order(state)]


def waiting_head(setup: Setup, count: int, away_since: datetime | None) -> str:
    """Return how many wait, and as of when if the hall's file is away."""
    if away_since is None:
        return n_("{n} waiting", "{n} waiting", count)
    return n_("{n} waiting at {time}", "{n} waiting at {time}", count, time=time_hm(setup.local(away_since)))


def _waiting_row(setup: Setup, ticket: Ticket, now: datetime) -> TicketRow:
    minutes = minutes_since(joined(ticket), now)
    return TicketRow(
        id=ticket.label,
        number=ticket.label,
        service=service_name(setup, ticket.service),
        class_text=ticket_marks(setup, ticket),
        wait=minutes_text(minutes),
        level=wait_level(setup, minutes),
    )


def people_to_fetch(state: HallState, now: datetime) -> list[Person]:
    """Return who has to be fetched now, the most urgent first."""
    return [
        Person(
            key=ticket.label,
            head=ticket.label,
            first=need_word(ticket.need),
            second=fetch_by(ahead, ticket.window),
            late=fetch_by(ahead, ticket.window) if ticket.window else "",
        )
        for ticket, ahead in to_fetch(state, now)
    ]


def missed_rows(state: HallState, now: datetime) -> list[MissedRow]:
    """Return the missed tickets, the latest first."""
    missed = sorted(state.in_state(State.MISSED), key=lambda t: t.missed_at or t.arrived, reverse=True)
    return [_missed_row(ticket.label, minutes_since(ticket.missed_at, now)) for ticket in missed]


def _missed_row(label: str, minutes: int) -> MissedRow:
    since = _("missed {minutes} min ago", minutes=minutes) if minutes else _("missed just now")
    return MissedRow(label=label, since=since, minutes=minutes_text(minutes))


def today(state: HallState, label: str) -> Ticket | None:
    """Return the ticket with that number of the current business date."""
    return next((t for t in state.tickets.values() if t.label == label and t.date == state.now.date), None)


def last_of(state: HallState, who: str) -> Ticket | None:
    """Return the last ticket that this person issued today."""
    return max(_issued_by(state, who), key=lambda t: t.seq, default=None)


def latest_of(state: HallState, who: str, count: int) -> list[Ticket]:
    """Return the last tickets that this person issued today and that are still open, the newest first."""
    alive = [t for t in _issued_by(state, who) if t.is_open]
    return sorted(alive, key=lambda t: t.seq, reverse=True)[:count]


def _issued_by(state: HallState, who: str) -> Iterator[Ticket]:
    return (t for t in state.tickets.values() if t.guide == who and t.date == state.now.date)


def find_numbers(state: HallState, query: str) -> list[Ticket]:
    """Return today's tickets whose number begins as typed ("b03", "38"), exact matches and open ones first."""
    typed = NUMBER.match(query)
    if typed is None:
        return []
    letters, digits = typed[1].upper(), typed[2]
    found = []
    for ticket in state.tickets.values():
        prefix, number = parts(ticket.label) or ("", -1)
        written = ticket.label[len(prefix) :]
        exact = number == int(digits)
        if ticket.date == state.now.date and prefix.startswith(letters) and (exact or written.startswith(digits)):
            found.append((not exact, not ticket.is_open, ticket.label, ticket))
    return [row[-1] for row in sorted(found, key=lambda row: row[:3])][:FINDS_SHOWN]


def newest(state: HallState) -> list[Ticket]:
    """Return today's open tickets, the newest first, as many as a search shows."""
    alive = [t for t in state.tickets.values() if t.is_open and t.date == state.now.date]
    return sorted(alive, key=lambda t: t.seq, reverse=True)[:FINDS_SHOWN]


def is_number(query: str) -> bool:
    """Return whether what was typed can only be a ticket's number."""
    return NUMBER.match(query) is not None


def short_facts(state: HallState, ticket: Ticket, now: datetime) -> str:
    """Return a ticket's state for the right end of a row."""
    if ticket.state is State.WAITING:
        stands = standing(state, ticket, now)
        ahead = n_("{n} ahead", "{n} ahead", stands.before)
        return f"{ahead} · {wait_text(stands.wait, ahead=stands.before)}"
    return state_text(ticket)


def state_text(ticket: Ticket) -> str:
    """Return a ticket's state in words, with its window if it is at one."""
    word = ticket_state(str(ticket.state))
    return _("{state}, window {window}", state=word, window=ticket.window) if ticket.window else word


def ticket_facts(state: HallState, ticket: Ticket, now: datetime, role: Role | None) -> TicketFacts:
    """Return everything on a ticket's card; `role` is the viewer's."""
    setup = set_up(state)
    rows: list[tuple[str, str]] = []
    if ticket.state is State.WAITING:
        stands = standing(state, ticket, now)
        windows = able_windows(state, ticket.service)
        rows.append(
            (
                ahead_word(stands.coming > 0 or shares_windows(setup, windows)),
                n_("{n} person", "{n} people", stands.before),
            )
        )
        about = _("First wait") if ticket.steps else _("Expected wait")
        rows.append((about, wait_text(stands.wait, ahead=stands.before)))
        rows.append(windows_row(windows))
    arrived = time_hm(setup.local(ticket.arrived))
    if ticket.is_open:
        minutes = minutes_since(ticket.arrived, now)
        rows.append((_("Arrived"), _("{time}, {minutes} min ago", time=arrived, minutes=minutes)))
    else:
        rows.append((_("Arrived"), arrived))
    if ticket.need:
        fetched = FETCHED in ticket.flags
        word = need_word(ticket.need)
        rows.append((_("Needs fetching"), _("{need}, fetched", need=word) if fetched else word))
    if ticket.speaks:
        rows.append((_("Language"), ticket.speaks))
    if (sent := ticket.sent_with) is not None:
        rows.append((_("Note"), str(sent.note)))
    if ticket.steps:
        names = " · ".join(step_words(setup, code, able_windows(state, code)) for code in ticket.steps)
        rows.append((_("Then", context="further services"), names))
    return TicketFacts(
        label=ticket.label,
        state=str(ticket.state),
        word=state_text(ticket),
        title=full_title(setup, Choice(ticket.service, ticket.item)),
        class_text=priority_name(setup, ticket.klass),
        facts=tuple(rows),
        acts=tuple(act for act in ACTS if _allows(setup, ticket, act, role)),
        service=ticket.service,
        has_paper=ticket.is_open,
        offers=ticket.is_open and setup.uses("why_come"),
        why=why_now(state, ticket, now),
    )


def _allows(setup: Setup, ticket: Ticket, act: str, role: Role | None) -> bool:
    if act == THANKS:
        return role is not None and setup.uses("thanks") and may_thank(ticket)
    if ticket.state not in MOVES[act]:
        return False
    if act == "redirect":
        return len(setup.services) > 1
    if act == "fetched":
        return bool(ticket.need) and FETCHED not in ticket.flags
    if act == "postpone":
        return ticket.postponed < setup.number("postponements")
    return role is not None
