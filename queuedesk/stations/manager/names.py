"""Names of what the set-up holds, in the current language; a code that is no longer set up stands for itself."""

from __future__ import annotations

from queuedesk.core.setup import Setup
from queuedesk.core.ticket import Ticket
from queuedesk.i18n import _, named

NORMAL = "normal"


def service_name(setup: Setup, code: str | None) -> str:
    service = setup.services.get(code or "")
    return named(service.name, service.name_en) if service else code or ""


def letter_of(setup: Setup, code: str) -> str:
    """Return the letter that stands for a service."""
    service = setup.services.get(code)
    return service.prefix if service else code


def lettered(setup: Setup, code: str) -> str:
    """Return a service by letter and name: "B Account services"."""
    return f"{letter_of(setup, code)} {service_name(setup, code)}"


def item_name(setup: Setup, service: str, code: str | None) -> str:
    """Return an item's name; "" without one."""
    spec = setup.services.get(service)
    item = next((one for one in spec.items if one.code == code), None) if spec and code else None
    return named(item.name, item.name_en) if item else code or ""


def staff_name(setup: Setup, code: str | None) -> str:
    person = setup.staff.get(code or "")
    return named(person.name, person.name_en) if person else code or ""


def class_name(setup: Setup, code: str) -> str:
    klass = setup.classes.get(code)
    return named(klass.name, klass.name_en) if klass else code


def window_name(code: str | None) -> str:
    return _("Window {window}", window=code)


def line_of_ticket(setup: Setup, ticket: Ticket) -> str:
    """Return service, item and class of a ticket: "Account services · Change of name · Normal"."""
    first = ticket.legs[0]
    parts = [service_name(setup, first.service), item_name(setup, first.service, _first_item(ticket))]
    if ticket.service != first.service:
        parts = [service_name(setup, leg.service) for leg in ticket.legs]
    return " · ".join(part for part in (*parts, class_name(setup, ticket.klass)) if part)


def _first_item(ticket: Ticket) -> str | None:
    return ticket.item if len(ticket.legs) == 1 else None
