"""An appointment on paper, to take home: when, for what, where, with which papers."""

from __future__ import annotations

from datetime import datetime

from queuedesk.core.queue.appointment import Appointment
from queuedesk.core.setup.rows import Setup
from queuedesk.core.talk.number_block import WindowLabel
from queuedesk.desk import looking
from queuedesk.desk.change import Desk
from queuedesk.features.appointments import verbs
from queuedesk.features.appointments.rules import appointment_code_text
from queuedesk.i18n import date_for_ticket, name_in_language, time_hm, tr
from queuedesk.i18n.names import combined_windows_words, item_name, service_name
from queuedesk.printing import slip_layout
from queuedesk.printing.slip_contents import FeatureSlip, PaperToBring, papers_in_language, slip_in_paper_languages
from queuedesk.printing.slip_painter import SlipLayoutWriter, SlipSheet


class AppointmentSlip(FeatureSlip, frozen=True, kw_only=True):
    """An appointment to take home, without name and contact."""

    number: int  # by which the hall finds it
    service: str
    at: datetime  # in the hall's own time zone
    qr_text: str
    item: str | None = None
    ref: str | None = None
    window: WindowLabel | None = None
    papers: tuple[PaperToBring, ...] = ()
    grace_until: datetime | None = None  # until when the place is kept for somebody who is late

    @property
    def title(self) -> str:
        return self.service

    @property
    def picture_file_name(self) -> str:
        return f"appointment-{self.number}"

    def lay_out(self, width: int) -> SlipSheet:
        return _layout_for_width(self, width)


def appointment_slip(desk: Desk, now: datetime, number: int) -> AppointmentSlip:
    """Return the slip of an appointment. Raises RuleError "not_there"."""
    kept, setup = verbs.appointment_by_number(desk, number), looking.setup_of_hall(desk)
    codes = [code for code, spec in setup.windows.items() if kept.service in spec.services]
    return slip_in_paper_languages(setup, lambda lang: _slip_in_language(setup, kept, codes, now, lang))


def _slip_in_language(setup: Setup, one: Appointment, codes: list[str], now: datetime, lang: str) -> AppointmentSlip:
    return AppointmentSlip(
        lang=lang,
        hall=name_in_language(setup.hall.name, setup.hall.name_en, lang),
        issued_at=setup.to_hall_time(now),
        number=one.seq,
        service=service_name(setup, one.service, lang),
        item=item_name(setup, one.service, one.item, lang) or None,
        at=setup.to_hall_time(one.at),
        qr_text=appointment_code_text(setup.hall.code, one.date, one.seq),
        ref=one.ref,
        window=combined_windows_words(setup, codes, lang),
        papers=papers_in_language(setup.services.get(one.service), one.item, lang),
        grace_until=setup.to_hall_time(one.reserved_until(setup)),
        phone=setup.hall.phone or None,
    )


TIME_DOTS = 150


def _layout_for_width(slip: AppointmentSlip, width: int) -> SlipSheet:
    slips, writer = slip_layout.slip_contents_in_each_language(slip), SlipLayoutWriter(width)
    design = slip.design
    slip_layout.write_slip_head(writer, slip)
    writer.skip_down(18)
    slip_layout.write_in_both_languages(
        writer.draw_centred, [tr(one.lang, "Appointment", context="slip") for one in slips], 34, bold=True
    )
    slip_layout.write_in_both_languages(
        writer.draw_centred, [date_for_ticket(slip.at.date(), one.lang) for one in slips], 34, leading=1.5
    )
    writer.skip_down(26)
    writer.write_main_number(time_hm(slip.at), TIME_DOTS)
    writer.skip_down(30)
    slip_layout.write_service_in_both_languages(writer, [(one.service, one.item) for one in slips])
    writer.skip_down(14)
    writer.draw_rule(4)
    writer.skip_down(12)
    _write_number_and_directions(writer, slip)
    writer.skip_down(12)
    writer.draw_rule()
    if slip.papers and design.shows_part("papers"):
        writer.skip_down(12)
        titles = [tr(one.lang, "Please bring these papers") for one in slips]
        slip_layout.write_papers(writer, titles, [(one.lang, one.papers) for one in slips])
        writer.skip_down(15)
        writer.draw_rule()
    lines = [line for one in slips for line in _advice_sentences(one)]
    title = tr(slip.lang, "Show this at the front desk")
    if design.shows_part("code"):
        writer.code(slip.qr_text, title, lines)
    else:
        writer.skip_down(12)
        writer.draw_paragraph(title, 28, bold=True)
        for line in lines:
            writer.draw_paragraph(line, 26)
    writer.skip_down(12)
    slip_layout.write_hall_foot_text(writer, slip)
    if slip.phone and design.shows_part("phone"):
        writer.draw_at_both_ends(" ".join(tr(one.lang, "To change it, call") for one in slips), slip.phone, 22)
    return writer.finished_slip_sheet()


def _write_number_and_directions(writer: SlipLayoutWriter, slip: AppointmentSlip) -> None:
    slips, design = slip_layout.slip_contents_in_each_language(slip), slip.design
    slip_layout.write_row(writer, [tr(one.lang, "Appointment no.") for one in slips], str(slip.number))
    if slip.ref:
        slip_layout.write_row(writer, [tr(one.lang, "Reference", context="slip") for one in slips], slip.ref, size=34)
    window = slip.window
    if window is not None and design.shows_part("windows"):
        slip_layout.write_row(writer, [tr(one.lang, "Go to") for one in slips], window.number_with_word)
    if window is not None and window.zone and design.shows_part("zone"):
        labels = [tr(one.lang, "Where", context="ticket") for one in slips]
        slip_layout.write_row(writer, labels, window.zone, size=34, arrow=window.arrow)


def _advice_sentences(slip: AppointmentSlip) -> list[str]:
    said = [
        tr(slip.lang, "You will get a number there. It is called at your appointment time, not in order of arrival.")
    ]
    if slip.grace_until is not None:
        kept = time_hm(slip.grace_until)
        said.append(tr(slip.lang, "Your place is kept until {time}.", time=kept))
    return said
