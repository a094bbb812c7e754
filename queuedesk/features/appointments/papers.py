"""An appointment on paper, to take home: when, for what, where, with which papers."""

from __future__ import annotations

from datetime import datetime

from queuedesk.core.queue.appointment import Appointment
from queuedesk.core.setup.rows import Setup
from queuedesk.core.talk.number_block import WindowWords
from queuedesk.desk import looking
from queuedesk.desk.change import Desk
from queuedesk.features.appointments import verbs
from queuedesk.features.appointments.rules import code_text
from queuedesk.i18n import day_ticket, named, time_hm, tr
from queuedesk.i18n.names import item_name, service_name, windows_words
from queuedesk.printing.slip_contents import AddedSlip, Paper, in_languages, papers_in
from queuedesk.printing.slip_layout import (
    slips_of,
    write_both,
    write_foot_words,
    write_head,
    write_papers,
    write_row,
    write_services,
)
from queuedesk.printing.slip_painter import Sheet, SheetWriter


class AppointmentSlip(AddedSlip, frozen=True, kw_only=True):
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

    @property
    def title(self) -> str:
        return self.service

    @property
    def name(self) -> str:
        return f"appointment-{self.number}"

    def lay_out(self, width: int) -> Sheet:
        return _laid_out(self, width)


def slip_of(desk: Desk, now: datetime, number: int) -> AppointmentSlip:
    """Return the slip of an appointment. Raises RuleError "not_there"."""
    kept, setup = verbs.appointment(desk, number), looking.setup_of(desk)
    codes = [code for code, spec in setup.windows.items() if kept.service in spec.services]
    return in_languages(setup, lambda lang: _worded(setup, kept, codes, now, lang))


def _worded(setup: Setup, one: Appointment, codes: list[str], now: datetime, lang: str) -> AppointmentSlip:
    return AppointmentSlip(
        lang=lang,
        hall=named(setup.hall.name, setup.hall.name_en, lang),
        issued_at=setup.local(now),
        number=one.seq,
        service=service_name(setup, one.service, lang),
        item=item_name(setup, one.service, one.item, lang) or None,
        at=setup.local(one.at),
        qr_text=code_text(setup.hall.code, one.date, one.seq),
        ref=one.ref,
        window=windows_words(setup, codes, lang),
        papers=papers_in(setup.services.get(one.service), one.item, lang),
        grace_until=setup.local(one.freed_at(setup)),
        phone=setup.hall.phone or None,
    )


TIME_DOTS = 150


def _laid_out(slip: AppointmentSlip, width: int) -> Sheet:
    slips, writer = slips_of(slip), SheetWriter(width)
    design = slip.design
    write_head(writer, slip)
    writer.gap(18)
    write_both(writer.centred, [tr(one.lang, "Appointment", context="slip") for one in slips], 34, bold=True)
    write_both(writer.centred, [day_ticket(slip.at.date(), one.lang) for one in slips], 34, leading=1.5)
    writer.gap(26)
    writer.hero(time_hm(slip.at), TIME_DOTS)
    writer.gap(30)
    write_services(writer, [(one.service, one.item) for one in slips])
    writer.gap(14)
    writer.rule(4)
    writer.gap(12)
    _where(writer, slip)
    writer.gap(12)
    writer.rule()
    if slip.papers and design.shows("papers"):
        writer.gap(12)
        titles = [tr(one.lang, "Please bring these papers") for one in slips]
        write_papers(writer, titles, [(one.lang, one.papers) for one in slips])
        writer.gap(15)
        writer.rule()
    lines = [line for one in slips for line in _advice(one)]
    title = tr(slip.lang, "Show this at the front desk")
    if design.shows("code"):
        writer.code(slip.qr_text, title, lines)
    else:
        writer.gap(12)
        writer.paragraph(title, 28, bold=True)
        for line in lines:
            writer.paragraph(line, 26)
    writer.gap(12)
    write_foot_words(writer, slip)
    if slip.phone and design.shows("phone"):
        writer.ends(" ".join(tr(one.lang, "To change it, call") for one in slips), slip.phone, 22)
    return writer.finish()


def _where(writer: SheetWriter, slip: AppointmentSlip) -> None:
    slips, design = slips_of(slip), slip.design
    write_row(writer, [tr(one.lang, "Appointment no.") for one in slips], str(slip.number))
    if slip.ref:
        write_row(writer, [tr(one.lang, "Reference", context="slip") for one in slips], slip.ref, size=34)
    window = slip.window
    if window is not None and design.shows("windows"):
        write_row(writer, [tr(one.lang, "Go to") for one in slips], window.called)
    if window is not None and window.zone and design.shows("zone"):
        labels = [tr(one.lang, "Where", context="ticket") for one in slips]
        write_row(writer, labels, window.zone, size=34, arrow=window.arrow)


def _advice(slip: AppointmentSlip) -> list[str]:
    said = [
        tr(slip.lang, "You will get a number there. It is called at your appointment time, not in order of arrival.")
    ]
    if slip.grace_until is not None:
        kept = time_hm(slip.grace_until)
        said.append(tr(slip.lang, "Your place is kept until {time}.", time=kept))
    return said
