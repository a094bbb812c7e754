"""Words what is printed on slips, from the set-up and the ticket, in the hall's own language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from queuedesk.core.errors import RuleError
from queuedesk.core.log.state import HallState
from queuedesk.core.queue.dispatch import NoWait, Wait, promised_wait
from queuedesk.core.queue.hallday import label as ticket_label
from queuedesk.core.queue.offers import closes_at, elsewhere_now
from queuedesk.core.queue.overview import set_up, standing
from queuedesk.core.queue.ticket import State, Ticket, WindowState
from queuedesk.core.setup.hall import TicketDesign
from queuedesk.core.setup.rows import Service, Setup
from queuedesk.i18n import date_long, date_short, named, tr
from queuedesk.i18n.calendar_words import days_ahead_text
from queuedesk.i18n.moments import weekday_short
from queuedesk.i18n.names import hours_lines, item_name, priority_name, service_name, windows_words
from queuedesk.i18n.queue.line_words import not_today_text
from queuedesk.i18n.queue.wait_words import shares_windows, step_words
from queuedesk.i18n.staffing.staffing_words import quiet_times
from queuedesk.i18n.talk import elsewhere_text
from queuedesk.printing import slip_contents
from queuedesk.printing.qr import ticket_text

if TYPE_CHECKING:
    from queuedesk.core.waits.arrival_forecast import Span

_A_MONDAY = date(2024, 1, 1)
SAMPLE_NUMBER, SAMPLE_TOKEN, SAMPLE_AHEAD, SAMPLE_WAIT = 38, "8KR2WT", 6, (20, 30)
__all__ = [
    "papers_slip",
    "quiet_slip",
    "sample_slip",
    "ticket_slip",
]


def ticket_slip(
    state: HallState, day: date, label: str, now: datetime, *, reprint: bool = False
) -> slip_contents.TicketSlip:
    """Return a ticket's slip with what the customer was told at issue; a reprint for somebody who still waits says what
    holds now.

    Raises RuleError "unknown_ticket".
    """
    setup = set_up(state)
    ticket = state.tickets.get((day, label))
    if ticket is None:
        raise RuleError("unknown_ticket", ticket=label, date=day)
    stands = _standing(state, ticket, now) if reprint else _promised(state, ticket, now)
    codes = _windows(state, setup, ticket.service)
    further = [_windows(state, setup, service) for service in ticket.steps]
    return slip_contents.in_languages(setup, lambda lang: _ticket(setup, ticket, [codes, *further], stands, lang))


def _ticket(
    setup: Setup, ticket: Ticket, windows: list[list[str]], stands: _Stands, lang: str
) -> slip_contents.TicketSlip:
    """Return a ticket's slip; `windows` are those of its service, then those of each further one."""
    codes = windows[0]
    further = [step_words(setup, *step, lang) for step in zip(ticket.steps, windows[1:], strict=True)]
    return slip_contents.TicketSlip(
        lang=lang,
        hall=named(setup.hall.name, setup.hall.name_en, lang),
        label=ticket.label,
        service=service_name(setup, ticket.service, lang),
        item=item_name(setup, ticket.service, ticket.item, lang) or None,
        class_name=_public_class(setup, ticket.klass, lang),
        issued_at=setup.local(ticket.arrived),
        qr_text=ticket_text(setup.hall.code, ticket.date, ticket.label, ticket.token),
        token=ticket.token,
        ahead=stands.ahead,
        ahead_of_all=stands.coming or shares_windows(setup, codes),
        wait=stands.wait,
        window=windows_words(setup, codes, lang),
        papers=slip_contents.papers_in(setup.services.get(ticket.service), ticket.item, lang),
        steps=(service_name(setup, ticket.service, lang), *further) if further else (),
        phone=setup.hall.phone or None,
        warnings=_warnings(setup, ticket, lang),
        elsewhere=elsewhere_text(elsewhere_now(setup, ticket.service, stands.wait), lang),
    )


def _public_class(setup: Setup, code: str, lang: str) -> str | None:
    """Return a priority class as the customer's paper names it: not one that the hall offers to nobody in public."""
    known = setup.classes.get(code)
    return None if known is not None and known.staff_only else priority_name(setup, code, lang) or None


def _warnings(setup: Setup, ticket: Ticket, lang: str) -> tuple[str, ...]:
    """Return that a ticket may not be called on its day, and what it is worth then."""
    service = setup.services.get(ticket.service)
    at = closes_at(setup, service, ticket.arrived) if service is not None else None
    if "may_not_be_called" not in ticket.flags or at is None:
        return ()
    late = not_today_text(setup, at, lang)
    if setup.settings["overnight"] != "early_place":
        return (late,)
    return late, tr(lang, "If you are not called, bring this ticket on the next open day: it will have an early place.")


def sample_slip(setup: Setup, design: TicketDesign, now: datetime) -> slip_contents.TicketSlip:
    """Return a sample ticket with every part that a design may show."""
    service = max(setup.services.values(), key=lambda one: (bool(one.papers or any(i.papers for i in one.items)),))
    item = next((one.code for one in service.items if one.papers), None)
    number = min(service.last, max(service.first, SAMPLE_NUMBER))
    steps = tuple(code for code in setup.services if code != service.code)[:1]
    klass = next((code for code in setup.classes if code != "normal"), "normal")
    token = SAMPLE_TOKEN
    day = setup.local(now).date()
    ticket = Ticket(
        date=day,
        label=ticket_label(service.prefix, number),
        service=service.code,
        arrived=now,
        place=now,
        seq=0,
        turn=0,
        token=token,
        item=item,
        klass=klass,
        credit_s=0,
        steps=steps,
        legs=(),
        since=now,
    )
    windows = [[code for code, spec in setup.windows.items() if one in spec.services] for one in (service.code, *steps)]
    stands = _Stands(SAMPLE_AHEAD, Wait(*SAMPLE_WAIT))
    return slip_contents.in_languages(setup, lambda lang: _ticket(setup, ticket, windows, stands, lang), design)


def papers_slip(setup: Setup, service_code: str, item: str | None, now: datetime) -> slip_contents.PapersSlip:
    """Return the list of papers of a service or of one item. Raises RuleError "unknown_service", "unknown_item"."""
    service = setup.service(service_code)
    if item is not None:
        service.item(item)
    return slip_contents.in_languages(setup, lambda lang: _papers_list(setup, service, item, now, lang))


def _papers_list(
    setup: Setup, service: Service, item: str | None, now: datetime, lang: str
) -> slip_contents.PapersSlip:
    return slip_contents.PapersSlip(
        lang=lang,
        hall=named(setup.hall.name, setup.hall.name_en, lang),
        service=service_name(setup, service.code, lang),
        item=item_name(setup, service.code, item, lang) or None,
        issued_at=setup.local(now),
        papers=slip_contents.papers_in(service, item, lang),
        version=_version(service, lang),
        steps=_lines(named(service.steps, service.steps_en, lang)),
        fees=_lines(named(service.fees, service.fees_en, lang)),
        hours=(*hours_lines(setup, service, lang), *_days_ahead(setup, now, lang)),
        phone=setup.hall.phone or None,
    )


def _days_ahead(setup: Setup, now: datetime, lang: str) -> tuple[str, ...]:
    told = days_ahead_text(setup.calendar, setup.local(now).date(), lang)
    return (told,) if told else ()


def quiet_slip(setup: Setup, week: Mapping[date, Sequence[Span]], now: datetime) -> slip_contents.QuietSlip:
    """Return when the days of `week` are quiet. Raises RuleError "quiet_hours_unknown" for a hall without a past."""
    if not week:
        raise RuleError("quiet_hours_unknown")
    return slip_contents.in_languages(setup, lambda lang: _quiet(setup, week, now, lang))


def _quiet(setup: Setup, week: Mapping[date, Sequence[Span]], now: datetime, lang: str) -> slip_contents.QuietSlip:
    return slip_contents.QuietSlip(
        lang=lang,
        hall=named(setup.hall.name, setup.hall.name_en, lang),
        issued_at=setup.local(now),
        days=tuple(
            (
                f"{weekday_short(day, lang)} {date_short(day, lang)}",
                quiet_times(spans, lang),
            )
            for day, spans in week.items()
        ),
        phone=setup.hall.phone or None,
    )


class _Stands(NamedTuple):
    """What a slip says of the line; `coming`: some of those ahead come from another service."""

    ahead: int | None
    wait: Wait | NoWait
    coming: bool = False


def _promised(state: HallState, ticket: Ticket, now: datetime) -> _Stands:
    """Return what was told at issue. The log has the wait and who stood in line; who is on the way to it is as now."""
    ahead, wait = ticket.promise.ahead, promised_wait(ticket.promise)
    goes_on = ticket.state is State.WAITING and any(one.steps for one in state.open_tickets())
    coming = standing(state, ticket, now).coming if goes_on and ahead is not None else 0
    return _Stands((ahead or 0) + coming, wait, True) if coming else _Stands(ahead, wait)


def _standing(state: HallState, ticket: Ticket, now: datetime) -> _Stands:
    if ticket.state is not State.WAITING:
        return _promised(state, ticket, now)
    stands = standing(state, ticket, now)
    return _Stands(stands.before, stands.wait, stands.coming > 0)


def _windows(state: HallState, setup: Setup, service: str) -> list[str]:
    """Return the windows that serve `service`: those open or paused now, all that may when there is none."""
    able = [code for code, spec in setup.windows.items() if service in spec.services]
    here = [code for code in able if state.window(code).state is not WindowState.CLOSED]
    return here or able


def _version(service: Service, lang: str) -> str | None:
    """Return the date of the list, its number where it has none."""
    if service.papers_date:
        return date_long(date.fromisoformat(service.papers_date), lang)
    return service.papers_version or None


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())
