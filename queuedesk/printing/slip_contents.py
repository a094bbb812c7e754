"""What goes on paper, in words and figures only: no Qt, no database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from msgspec import Struct

from queuedesk.core.queue.line import NO_FIGURES, NoWait, Wait
from queuedesk.core.setup.rows import Setup, languages
from queuedesk.core.setup.ticket_design import TicketDesign
from queuedesk.core.talk.number_block import WindowWords
from queuedesk.i18n import named

USUAL = TicketDesign()


class Paper(Struct, frozen=True):
    """A paper that the customer brings, e.g. ("ID card of the new owner", "original")."""

    name: str
    note: str = ""


class HallSlip(Struct, frozen=True, kw_only=True):
    """What all slips of a hall share: `design` says what is on them, `also` is the same slip in the paper's second
    language."""

    lang: str
    hall: str
    issued_at: datetime  # in the hall's own time zone
    design: TicketDesign = USUAL
    also: HallSlip | None = None
    phone: str | None = None


class TicketSlip(HallSlip, frozen=True, kw_only=True):
    """A ticket to be printed, with every name in the slip's language. `steps` names all services of the visit in
    order, with their windows from the second on; with fewer than two it is left out. `ahead_of_all`: of those ahead
    some may wait for other services, or come from another one."""

    label: str  # as called, e.g. "B031"
    service: str
    qr_text: str
    token: str  # printed small, to be typed where the code can't be read
    item: str | None = None
    class_name: str | None = None  # None for the normal class
    ahead: int | None = None
    ahead_of_all: bool = False
    wait: Wait | NoWait = NO_FIGURES
    window: WindowWords | None = None  # several as one, e.g. "3–6"
    papers: tuple[Paper, ...] = ()
    steps: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()  # that it may not be called today, and what then
    elsewhere: str = ""  # other ways at a peak, in one line


class PapersSlip(HallSlip, frozen=True, kw_only=True):
    """The list given to a visitor whose papers are not ready; no ticket, no number."""

    service: str
    papers: tuple[Paper, ...]
    item: str | None = None
    version: str | None = None  # which edition of the list, e.g. "2026-11"
    steps: tuple[str, ...] = ()  # one line each, in their order
    fees: tuple[str, ...] = ()
    hours: tuple[str, ...] = ()  # one line each, e.g. "Mon–Fri 8:30–17:30"


class AppointmentSlip(HallSlip, frozen=True, kw_only=True):
    """An appointment to take home, without name and contact."""

    number: int  # by which the hall finds it
    service: str
    at: datetime  # in the hall's own time zone
    qr_text: str
    item: str | None = None
    ref: str | None = None
    window: WindowWords | None = None
    papers: tuple[Paper, ...] = ()
    grace_until: datetime | None = None  # until when the place is kept for somebody who is late


class QuietSlip(HallSlip, frozen=True, kw_only=True):
    """When the next days are quiet, to take home: `days` are (day, its quiet times or ""), both in words."""

    days: tuple[tuple[str, str], ...]


class LabelSlip(HallSlip, frozen=True, kw_only=True):
    """A label for a thing: what it is in large signs, such as its number, lines below it, and a code to scan."""

    title: str
    lines: tuple[str, ...]
    qr_text: str


Slip = TicketSlip | PapersSlip | AppointmentSlip | QuietSlip | LabelSlip


def label(setup: Setup, now: datetime, title: str, lines: Callable[[str], tuple[str, ...]], qr_text: str) -> LabelSlip:
    """Return a label in the first language of the hall's papers; `lines` gives what stands below in a language."""
    lang = languages(setup)[0]
    return LabelSlip(
        lang=lang,
        hall=named(setup.hall.name, setup.hall.name_en, lang),
        issued_at=setup.local(now),
        title=title,
        lines=lines(lang),
        qr_text=qr_text,
    )
