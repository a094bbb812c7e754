"""Text messages as a file for the hall's own gateway: this program sends nothing. And the slip of one warning."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from queuedesk.core.errors import RuleError
from queuedesk.core.quality.case import mask_contact
from queuedesk.core.setup.rows import Setup
from queuedesk.desk import looking
from queuedesk.desk.change import Ask, Desk, Document, iso_local
from queuedesk.desk.talk import messaging
from queuedesk.features.thanks import verbs
from queuedesk.features.thanks.verbs import (
    AFTER,
    CALLED,
    JOINED,
    NEAR,
    CustomerOrStaffGatewayMessage,
    PendingGatewayTexts,
)
from queuedesk.files.writing import write_file
from queuedesk.i18n import name_in_language, time_hm, tr
from queuedesk.i18n.names import service_name, window_name
from queuedesk.i18n.queue.event_words import alarm_text

COLUMNS = ("id", "time", "kind", "number", "text", "valid_until")


def gateway_message_text(setup: Setup, one: CustomerOrStaffGatewayMessage, lang: str) -> str:
    """Return what a message says."""
    hall = name_in_language(setup.hall.name, setup.hall.name_en, lang)
    if one.warning is not None:
        what = alarm_text(setup, one.warning, lang)
        return tr(
            lang, "{hall}: warning, {time}: {what}", hall=hall, time=time_hm(setup.to_hall_time(one.at)), what=what
        )
    said = {
        JOINED: tr(
            lang, "{hall}: your number is {ticket}, {ahead} before you.", hall=hall, ticket=one.ticket, ahead=one.ahead
        ),
        NEAR: tr(lang, "{hall}: {ticket} will be called soon, please come back.", hall=hall, ticket=one.ticket),
        CALLED: tr(
            lang,
            "{hall}: {ticket}, please come now. {window}.",
            hall=hall,
            ticket=one.ticket,
            window=window_name(one.window, lang),
        ),
        AFTER: tr(
            lang,
            "{hall}: thank you for your visit for {service}.",
            hall=hall,
            service=service_name(setup, one.service, lang),
        ),
    }
    return said[one.kind]


def messages_with_masked_numbers(found: PendingGatewayTexts, lang: str) -> list[Document]:
    """Return the messages as they are looked at: without the whole numbers."""
    return [_message_row(found.setup, one, mask_contact(one.number), lang) for one in found.texts]


def export_messages_to_file(desk: Desk, ask: Ask, path: str | Path, lang: str, *, again: int | None = None) -> Document:
    """Write the messages that are worth sending now and were in no file before, or with `again` those of that export,
    and note that they were handed over. Where there are none no file is written. Raises RuleError "not_there",
    OutsideError "cannot_write": then nothing counts as handed over."""
    found = verbs.pending_gateway_texts(desk, ask, again=again)
    target = Path(path)

    def write(ids: Sequence[str]) -> None:
        if ids:
            chosen = [one for one in found.texts if one.id in ids]
            write_file(
                target,
                _documents_csv_bytes([_message_row(found.setup, one, one.number, lang) for one in chosen]),
                private=True,
            )

    done = verbs.hand_over_messages(desk, ask, [one.id for one in found.texts], write, again=again)
    file = str(target) if done["export"] else None
    return {**done, "file": file, "without_number": found.without_number}


def _message_row(setup: Setup, one: CustomerOrStaffGatewayMessage, number: str, lang: str) -> Document:
    values = (
        one.id,
        iso_local(setup, one.at),
        one.kind,
        number,
        gateway_message_text(setup, one, lang),
        iso_local(setup, one.until),
    )
    return dict(zip(COLUMNS, values, strict=True))


def _documents_csv_bytes(rows: Sequence[Document]) -> bytes:
    text = io.StringIO(newline="")
    table = csv.DictWriter(text, COLUMNS)
    table.writeheader()
    table.writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def write_warning_slip_pdf(
    desk: Desk, ask: Ask, seq: int, path: Path, *, lang: str, day: date | None = None, printed_by: str | None = None
) -> Path:
    """Write the slip of a warning of a date, by default today, as a PDF. Raises RuleError "not_there", OutsideError
    "cannot_write"."""
    from queuedesk.reports.papers import tickets  # what draws papers is loaded for the first

    rows = messaging.warnings_sent_to_staff_between(desk, ask.who, day, ask.now)
    row = next((one for one in rows if one["alarm"] == seq), None)
    if row is None:
        raise RuleError("not_there", kind="warning", code=str(seq))
    write_file(path, tickets.warning_slip_pdf(looking.setup_of_hall(desk), row, lang, ask.now, printed_by))
    return path
