"""What goes on paper, taken from the set-up and the ticket, in the hall's own language."""

from __future__ import annotations

from datetime import date, datetime

from queuedesk.core.errors import RuleError
from queuedesk.core.hallday import clock_text
from queuedesk.core.languages import languages
from queuedesk.core.overview import set_up, standing
from queuedesk.core.setup import Hours, Paper, Service, Setup
from queuedesk.core.state import HallState
from queuedesk.core.ticket import State, Ticket
from queuedesk.core.waiting import Wait
from queuedesk.core.window import WindowState
from queuedesk.i18n import codes_text, date_long, figure_range, named, tr, weekday_short
from queuedesk.i18n.names import item_name, priority_name, service_name
from queuedesk.printing import slip
from queuedesk.printing.qr import ticket_text

_A_MONDAY = date(2024, 1, 1)
__all__ = ["languages", "papers_slip", "ticket_slip"]


def ticket_slip(state: HallState, day: date, label: str, now: datetime, *, reprint: bool = False) -> slip.TicketSlip:
    """Return a ticket's slip with what was told at issue; the reprint of one that still waits says what holds now.

    Raises RuleError "unknown_ticket".
    """
    setup = set_up(state)
    ticket = state.tickets.get((day, label))
    if ticket is None:
        raise RuleError("unknown_ticket", ticket=label, date=day)
    lang = languages(setup)[0]
    service = setup.services.get(ticket.service)
    ahead, low, high = _wait(state, ticket, now) if reprint else _told(ticket)
    codes = _windows(state, setup, ticket.service)
    zones = {(setup.windows[c].zone, setup.windows[c].zone_en, setup.windows[c].arrow) for c in codes}
    zone = zones.pop() if len(zones) == 1 else ("", "", "")
    steps = (ticket.service, *ticket.steps)
    return slip.TicketSlip(
        lang=lang,
        hall=named(setup.hall.name, setup.hall.name_en, lang),
        label=ticket.label,
        service=service_name(setup, ticket.service, lang),
        item=item_name(setup, ticket.service, ticket.item, lang) or None,
        class_name=priority_name(setup, ticket.klass, lang) or None,
        issued_at=setup.local(ticket.arrived),
        qr_text=ticket_text(setup.hall.code, day, ticket.label, ticket.token),
        token=ticket.token,
        ahead=ahead,
        wait_low=low,
        wait_high=high,
        windows=codes_text(codes, lang) or None,
        zone=named(zone[0], zone[1], lang) or None,
        arrow=zone[2] or None,
        papers=_papers(service, ticket.item, lang),
        steps=tuple(service_name(setup, code, lang) for code in steps) if ticket.steps else (),
        phone=setup.hall.phone or None,
    )


def papers_slip(setup: Setup, service_code: str, item: str | None, now: datetime) -> slip.PapersSlip:
    """Return the list of papers of a service or of one item. Raises RuleError "unknown_service", "unknown_item"."""
    service = setup.service(service_code)
    if item is not None:
        service.item(item)
    lang = languages(setup)[0]
    return slip.PapersSlip(
        lang=lang,
        hall=named(setup.hall.name, setup.hall.name_en, lang),
        service=service_name(setup, service_code, lang),
        item=item_name(setup, service_code, item, lang) or None,
        issued_at=setup.local(now),
        papers=_papers(service, item, lang),
        version=_version(service, lang),
        steps=_lines(named(service.steps, service.steps_en, lang)),
        fees=_lines(named(service.fees, service.fees_en, lang)),
        hours=_hours(setup, service, lang),
        phone=setup.hall.phone or None,
    )


def _told(ticket: Ticket) -> tuple[int | None, int | None, int | None]:
    return ticket.promise.ahead, ticket.promise.low, ticket.promise.high


def _wait(state: HallState, ticket: Ticket, now: datetime) -> tuple[int | None, int | None, int | None]:
    if ticket.state is not State.WAITING:
        return _told(ticket)
    stands = standing(state, ticket, now)
    if isinstance(stands.wait, Wait):
        return stands.ahead, stands.wait.low, stands.wait.high
    return stands.ahead, None, None


def _windows(state: HallState, setup: Setup, service: str) -> list[str]:
    """Return the windows that serve `service`: those open or paused now, all that may when there is none."""
    able = [code for code, spec in setup.windows.items() if service in spec.services]
    here = [code for code in able if state.window(code).state is not WindowState.CLOSED]
    return here or able


def _papers(service: Service | None, item: str | None, lang: str) -> tuple[slip.Paper, ...]:
    if service is None:
        return ()
    found = next((known for known in service.items if known.code == item), None)
    papers: tuple[Paper, ...] = found.papers if found and found.papers else service.papers
    return tuple(slip.Paper(named(p.name, p.name_en, lang), named(p.note, p.note_en, lang)) for p in papers)


def _version(service: Service, lang: str) -> str | None:
    """Return the date of the list, its number where it has none."""
    if service.papers_date:
        return date_long(date.fromisoformat(service.papers_date), lang)
    return service.papers_version or None


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _hours(setup: Setup, service: Service, lang: str) -> tuple[str, ...]:
    every_day = Hours(days=frozenset(range(1, 8)), start=setup.hall.opens, end=setup.hall.closes)
    lines: dict[tuple[int, ...], list[str]] = {}
    for hours in service.hours or (every_day,):
        span = figure_range(clock_text(hours.start), clock_text(hours.end))
        lines.setdefault(tuple(sorted(hours.days)), []).append(span)
    return tuple(
        tr(lang, "{days} {hours}", days=_days(days, lang), hours=" ".join(spans)) for days, spans in lines.items()
    )


def _days(days: tuple[int, ...], lang: str) -> str:
    names = [weekday_short(_A_MONDAY.replace(day=day), lang) for day in days]
    if len(days) > 1 and days[-1] - days[0] == len(days) - 1:
        return figure_range(names[0], names[-1])
    return " ".join(names)
