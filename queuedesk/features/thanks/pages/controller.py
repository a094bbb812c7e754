"""Reads and notes thanks and warnings beside the window."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from msgspec import Struct
from PySide6.QtCore import QObject, Signal

from queuedesk.core.network.roles import ReadScope
from queuedesk.core.setup.rows import Setup
from queuedesk.desk.change import Ask, Desk, Document
from queuedesk.desk.quality import thanking
from queuedesk.desk.talk import alarms
from queuedesk.features.thanks import papers, verbs
from queuedesk.i18n import _, current_language
from queuedesk.i18n.names import UNKNOWN, service_name, staff_name
from queuedesk.i18n.quality.comment_words import warning_delivery_text, warning_seen_text
from queuedesk.i18n.queue.event_words import alarm_text
from queuedesk.stations.manager.parts.page_controller import PageController, PaperSaverAndPrinter
from queuedesk.stations.manager.quality.month_rows import THANKS, WARNINGS, FigureRowsSource, MonthRow, day_of
from queuedesk.stations.window.context import StationContext

DAYS = 30
NO_NOTES: Document = {"notes": [], "asked": 0, "valid": 0, "share": None}


class Texts(Struct, frozen=True):
    """The messages for the gateway with their numbers in part, how many have none, and whose numbers are kept."""

    rows: list[Document]
    without_number: int
    numbers: Mapping[str, str]


def print_or_save_warning_slip(papers: PaperSaverAndPrinter, row: Mapping[str, Any], *, send: bool) -> None:
    """Print the slip of a warning, or save it as a page."""
    desk, ask, by = papers.context.desk, papers.context.ask(), papers.context.who
    day, lang = date.fromisoformat(row["date"]), current_language()

    def write(path: Path) -> None:
        from queuedesk.reports.papers import slips  # what draws papers is loaded for the first

        name = by.name if by is not None else None
        slips.write_warning_slip_pdf(desk, ask, row["alarm"], path, lang=lang, day=day, printed_by=name)

    papers.make(f"warning-{row['alarm']}.pdf", write, send=send)


class ThanksAndWarningsController(PageController[tuple[list[Document], list[Document], Document]]):
    """Reads the thanks and warnings of the last 30 days and the notes by reference number, notes thanks and that a
    warning was seen, and deletes a note. `noted` gives who was thanked, `deleted` says that a note is, `texts_read`
    the messages for the gateway, `exported` what became of their file. `warnings` are those that nobody has seen and
    that still hold first, then the latest."""

    noted = Signal(str)
    deleted = Signal()
    texts_read = Signal(object)
    number_kept = Signal()
    exported = Signal(object)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(context, parent)
        self.papers = PaperSaverAndPrinter(context, self)
        self.thanks: list[Document] = []
        self.warnings: list[Document] = []
        self.notes: Document = NO_NOTES

    def _reader(self) -> Callable[[], tuple[list[Document], list[Document], Document]]:
        who, desk, ask, day = self.context.who, self.context.desk, self.context.ask(), self.context.feed.day
        if who is None:
            return lambda: ([], [], NO_NOTES)

        def read() -> tuple[list[Document], list[Document], Document]:
            warned = alarms.staff_warnings_between(desk, who, day - timedelta(days=DAYS - 1), ask.now, last=day)
            notes = thanking.notes_of(desk, ask) if ask.who.may_read(ReadScope.LOG) else NO_NOTES
            return thanking.readable_thanks_between(desk, who, ask.now), warned, notes

        return read

    def _take(self, read: tuple[list[Document], list[Document], Document]) -> None:
        thanks, found, notes = read
        warned = sorted(found, key=lambda row: (self.is_open(row), row["alarm"]), reverse=True)
        if (thanks, warned, notes) != (self.thanks, self.warnings, self.notes):
            self.thanks, self.warnings, self.notes = thanks, warned, notes
            self.changed.emit()

    @property
    def has_reference_notes(self) -> bool:
        """Whether the hall keeps notes by reference number, or some of before are there still."""
        setup = self.context.feed.setup
        return setup.uses("notes") and (setup.settings["reference_notes"] == "on" or bool(self.notes["notes"]))

    def delete_note(self, note: str) -> None:
        """Delete a note at once."""
        self.start("note", partial(thanking.end, self.context.desk, self.context.ask(), note), self._on_note_deleted)

    def _on_note_deleted(self, _document: Document) -> None:
        self.deleted.emit()
        self.refresh(anew=True)

    def is_open(self, row: Mapping[str, Any]) -> bool:
        """Whether a warning still holds and nobody has seen it."""
        return not row["acknowledged"] and not row["ended"] and row["date"] == self.context.feed.day.isoformat()

    def people_of(self, row: Mapping[str, Any]) -> list[str]:
        """Return whose a warning is."""
        return alarms.people_of_warning(row)

    def thank(self, staff: str, words: str) -> None:
        """Note thanks to somebody."""
        work = partial(thanking.thank, self.context.desk, self.context.ask(), staff, words=words)
        self.start("thanks", work, self._report_thanked_and_refresh)

    def _report_thanked_and_refresh(self, document: Document) -> None:
        self.noted.emit(document["staff"])
        self.refresh(anew=True)

    def see(self, row: Mapping[str, Any]) -> None:
        """Note that somebody has seen a warning."""
        about = {name: row[name] for name in ("service", "window", "ticket", "device", "station")}
        work = partial(alarms.acknowledge, self.context.desk, self.context.ask(), row["kind"], **about)
        self.start("ack", work, self._refresh_after_seen)

    def _refresh_after_seen(self, _document: Document) -> None:
        self.refresh(anew=True)

    # -- paper -------------------------------------------------------------------------------------------------------

    @property
    def can_print(self) -> bool:
        """Whether this PC has a folder and a printer of sheets to ask for."""
        return self.papers.can_print and self.papers.can_save

    def print_slip(self, row: Mapping[str, Any], *, send: bool) -> None:
        """Print the slip of a warning, or save it as a page."""
        print_or_save_warning_slip(self.papers, row, send=send)

    # -- text messages for the hall's gateway ------------------------------------------------------------------------

    def read_gateway_texts(self) -> None:
        """Read which messages there are, and whose numbers are kept."""
        desk, ask, lang = self.context.desk, self.context.ask(), current_language()

        def work() -> Texts:
            found = verbs.pending_gateway_texts(desk, ask)
            return Texts(
                papers.messages_with_masked_numbers(found, lang), found.without_number, verbs.masked_staff_numbers(desk)
            )

        self.start("texts", work, self.texts_read.emit)

    def save_staff_number(self, staff: str, number: str) -> None:
        """Keep somebody's number; an empty one deletes it."""
        work = partial(verbs.set_number, self.context.desk, self.context.ask(), staff, number)
        self.start("number", work, self._on_number_saved)

    def _on_number_saved(self, _document: Document) -> None:
        self.number_kept.emit()
        self.read_gateway_texts()

    def export(self) -> None:
        """Save the messages as a file in the folder of reports."""
        folder = self.context.services.folder
        if folder is None:
            return
        desk, ask, lang, setup = self.context.desk, self.context.ask(), current_language(), self.context.feed.setup
        name = f"{setup.hall.code}-texts-{setup.local(self.context.clock()):%Y%m%d-%H%M%S}.csv"
        self.start(
            "export",
            lambda: papers.export_messages_to_file(desk, ask, folder("reports") / name, lang),
            self.exported.emit,
        )


# -- the rows behind figures of the month ------------------------------------------------------------------------------


def _warned(desk: Desk, ask: Ask, first: date, last: date) -> tuple[str, list[Document]]:
    return "alarm", alarms.staff_warnings_between(desk, ask.who, first, ask.now, last=last)


def _thanks_rows_in_dates(desk: Desk, ask: Ask, first: date, last: date) -> tuple[str, list[Document]]:
    return "thanks", thanking.readable_thanks_between(desk, ask.who, ask.now, first=first, last=last)


def _warning_row(setup: Setup, one: Mapping[str, Any]) -> MonthRow:
    return MonthRow(
        key=day_of(one),
        kind=service_name(setup, one["service"]) if one["service"] else one["window"] or UNKNOWN,
        what=alarm_text(setup, one),
        who=warning_delivery_text(setup, one),
        when=warning_seen_text(setup, one),
        late=one["acknowledged"] is None and not one["ended"],
        tab=THANKS,
    )


def _thanks_row(setup: Setup, one: Mapping[str, Any]) -> MonthRow:
    return MonthRow(
        key=day_of(one),
        kind=one["ticket"] or UNKNOWN,
        what=one["words"] or _("without words"),
        who=staff_name(setup, one["staff"]),
        when=_("seen", context="thanks") if one["seen"] else _("not seen yet"),
        tab=THANKS,
    )


MONTH = {
    WARNINGS: FigureRowsSource(_warned, _warning_row),
    THANKS: FigureRowsSource(_thanks_rows_in_dates, _thanks_row),
}
"""What lists the warnings and the thanks that a figure of a month counts."""
