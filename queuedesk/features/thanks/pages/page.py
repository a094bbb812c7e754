"""Thanks to people who work here and who was warned of what, with the text messages for the gateway; read and noted
beside the window."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from msgspec import Struct
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.imports import half_width_text
from queuedesk.core.network.roles import ReadScope
from queuedesk.core.setup.rows import Setup
from queuedesk.core.talk.messages import ALL
from queuedesk.desk.change import Ask, Desk, Document
from queuedesk.desk.quality import thanking
from queuedesk.desk.talk import messaging
from queuedesk.features.thanks import papers, verbs
from queuedesk.features.thanks.papers import write_warning_slip_pdf
from queuedesk.i18n import _, current_language, date_long, date_short, error_sentence, n_, time_hm
from queuedesk.i18n.names import UNKNOWN, service_name, staff_name
from queuedesk.i18n.quality import asked_note_share_text, warning_delivery_text, warning_seen_text
from queuedesk.i18n.queue.event_words import alarm_text, alert_kind_word
from queuedesk.stations.acts.ticket_acts import ICON as THANKS_ICON
from queuedesk.stations.acts.ticket_acts import ThanksDialog, thanks_noted_text
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.pages import ControllerCache
from queuedesk.stations.manager.parts.page import ManagerPage, PageAct, PageSpec
from queuedesk.stations.manager.parts.page_controller import PageController, PaperSaverAndPrinter
from queuedesk.stations.manager.parts.table import TableColumn, TableOrEmptyCard, TableSpec
from queuedesk.stations.manager.quality.case_texts import WordsDeletion, delete_words_act
from queuedesk.stations.manager.quality.month_rows import (
    THANKS,
    WARNINGS,
    FigureRowsSource,
    RowBehindFigure,
    short_date_of_row,
)
from queuedesk.stations.manager.today.alert_words import ButtonTarget, has_target_page
from queuedesk.stations.widgets.buttons import SecondaryButton
from queuedesk.stations.widgets.panels import CurrentPageSizedStack, FixedSizeKeeper, Label, set_scaled_margins
from queuedesk.stations.widgets.questions.dialogs import Dialog, DropDown, ErrorLine, FormField, ask_to_confirm
from queuedesk.stations.window.context import ServiceDocument, StationContext
from queuedesk.stations.window.style import Look

DAYS = 30
NO_NOTES: Document = {"notes": [], "asked": 0, "valid": 0, "share": None}


class GatewayTexts(Struct, frozen=True):
    """The messages for the gateway with their numbers in part, how many have none, and whose numbers are kept."""

    rows: list[Document]
    without_number: int
    numbers: Mapping[str, str]


def print_or_save_warning_slip(papers: PaperSaverAndPrinter, row: Mapping[str, Any], *, send: bool) -> None:
    """Print the slip of a warning, or save it as a page."""
    desk, ask, by = papers.context.desk, papers.context.new_ask(), papers.context.who
    day, lang = date.fromisoformat(row["date"]), current_language()

    def write(path: Path) -> None:
        name = by.name if by is not None else None
        write_warning_slip_pdf(desk, ask, row["alarm"], path, lang=lang, day=day, printed_by=name)

    papers.save_or_print(f"warning-{row['alarm']}.pdf", write, send=send)


class _ThanksAndWarningsController(PageController[tuple[list[Document], list[Document], Document]]):
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

    def _read_function(self) -> Callable[[], tuple[list[Document], list[Document], Document]]:
        who, desk, ask, day = (
            self.context.who,
            self.context.desk,
            self.context.new_ask(),
            self.context.feed.business_date,
        )
        if who is None:
            return lambda: ([], [], NO_NOTES)

        def read() -> tuple[list[Document], list[Document], Document]:
            warned = messaging.staff_warnings_between(desk, who, day - timedelta(days=DAYS - 1), ask.now, last=day)
            notes = thanking.all_customer_notes(desk, ask) if ask.who.may_read(ReadScope.LOG) else NO_NOTES
            return thanking.readable_thanks_between(desk, who, ask.now), warned, notes

        return read

    def _store_found(self, read: tuple[list[Document], list[Document], Document]) -> None:
        thanks, found, notes = read
        warned = sorted(found, key=lambda row: (self.is_open_warning(row), row["alarm"]), reverse=True)
        if (thanks, warned, notes) != (self.thanks, self.warnings, self.notes):
            self.thanks, self.warnings, self.notes = thanks, warned, notes
            self.changed.emit()

    @property
    def has_reference_notes(self) -> bool:
        """Whether the hall keeps notes by reference number, or some of before are there still."""
        setup = self.context.feed.setup
        return setup.has_feature("notes") and (setup.settings["reference_notes"] == "on" or bool(self.notes["notes"]))

    def delete_note(self, note: str) -> None:
        """Delete a note at once."""
        self.start_unless_busy(
            "note",
            partial(thanking.delete_customer_note, self.context.desk, self.context.new_ask(), note),
            self._on_note_deleted,
        )

    def _on_note_deleted(self, _document: Document) -> None:
        self.deleted.emit()
        self.refresh(anew=True)

    def is_open_warning(self, row: Mapping[str, Any]) -> bool:
        """Whether a warning still holds and nobody has seen it."""
        return (
            not row["acknowledged"] and not row["ended"] and row["date"] == self.context.feed.business_date.isoformat()
        )

    def people_of_warning_row(self, row: Mapping[str, Any]) -> list[str]:
        """Return whose a warning is."""
        return messaging.people_of_warning(row)

    def note_thanks(self, staff: str, words: str) -> None:
        """Note thanks to somebody."""
        work = partial(thanking.record_thanks, self.context.desk, self.context.new_ask(), staff, words=words)
        self.start_unless_busy("thanks", work, self._report_thanked_and_refresh)

    def _report_thanked_and_refresh(self, document: Document) -> None:
        self.noted.emit(document["staff"])
        self.refresh(anew=True)

    def mark_warning_seen(self, row: Mapping[str, Any]) -> None:
        """Note that somebody has seen a warning."""
        about = {name: row[name] for name in ("service", "window", "ticket", "device", "station")}
        work = partial(messaging.acknowledge_alert, self.context.desk, self.context.new_ask(), row["kind"], **about)
        self.start_unless_busy("ack", work, self._refresh_after_seen)

    def _refresh_after_seen(self, _document: Document) -> None:
        self.refresh(anew=True)

    # -- paper -------------------------------------------------------------------------------------------------------

    @property
    def can_print(self) -> bool:
        """Whether this PC has a folder and a printer of sheets to ask for."""
        return self.papers.can_print and self.papers.can_save

    def print_or_save_slip(self, row: Mapping[str, Any], *, send: bool) -> None:
        """Print the slip of a warning, or save it as a page."""
        print_or_save_warning_slip(self.papers, row, send=send)

    # -- text messages for the hall's gateway ------------------------------------------------------------------------

    def read_gateway_texts(self) -> None:
        """Read which messages there are, and whose numbers are kept."""
        desk, ask, lang = self.context.desk, self.context.new_ask(), current_language()

        def read_texts_and_numbers() -> GatewayTexts:
            found = verbs.pending_gateway_texts(desk, ask)
            return GatewayTexts(
                papers.messages_with_masked_numbers(found, lang), found.without_number, verbs.masked_staff_numbers(desk)
            )

        self.start_unless_busy("texts", read_texts_and_numbers, self.texts_read.emit)

    def save_staff_number(self, staff: str, number: str) -> None:
        """Keep somebody's number; an empty one deletes it."""
        work = partial(verbs.set_staff_number, self.context.desk, self.context.new_ask(), staff, number)
        self.start_unless_busy("number", work, self._on_number_saved)

    def _on_number_saved(self, _document: Document) -> None:
        self.number_kept.emit()
        self.read_gateway_texts()

    def export_messages(self) -> None:
        """Save the messages as a file in the folder of reports."""
        folder = self.context.services.folder
        if folder is None:
            return
        desk, ask, lang, setup = self.context.desk, self.context.new_ask(), current_language(), self.context.feed.setup
        name = f"{setup.hall.code}-texts-{setup.to_hall_time(self.context.clock()):%Y%m%d-%H%M%S}.csv"
        self.start_unless_busy(
            "export",
            lambda: papers.export_messages_to_file(desk, ask, folder("reports") / name, lang),
            self.exported.emit,
        )


# -- the rows behind figures of the month ------------------------------------------------------------------------------


def _staff_warnings(desk: Desk, ask: Ask, first: date, last: date) -> tuple[str, list[Document]]:
    return "alarm", messaging.staff_warnings_between(desk, ask.who, first, ask.now, last=last)


def _thanks_rows_in_dates(desk: Desk, ask: Ask, first: date, last: date) -> tuple[str, list[Document]]:
    return "thanks", thanking.readable_thanks_between(desk, ask.who, ask.now, first=first, last=last)


def _warning_row(setup: Setup, one: Mapping[str, Any]) -> RowBehindFigure:
    return RowBehindFigure(
        key=short_date_of_row(one),
        kind=service_name(setup, one["service"]) if one["service"] else one["window"] or UNKNOWN,
        what=alarm_text(setup, one),
        who=warning_delivery_text(setup, one),
        when=warning_seen_text(setup, one),
        late=one["acknowledged"] is None and not one["ended"],
        tab=THANKS,
    )


def _thanks_row(setup: Setup, one: Mapping[str, Any]) -> RowBehindFigure:
    return RowBehindFigure(
        key=short_date_of_row(one),
        kind=one["ticket"] or UNKNOWN,
        what=one["words"] or _("without words"),
        who=staff_name(setup, one["staff"]),
        when=_("seen", context="thanks") if one["seen"] else _("not seen yet"),
        tab=THANKS,
    )


MONTH = {
    WARNINGS: FigureRowsSource(_staff_warnings, _warning_row),
    THANKS: FigureRowsSource(_thanks_rows_in_dates, _thanks_row),
}
"""What lists the warnings and the thanks that a figure of a month counts."""

ICON = "lock"


class GatewayTextsDialog(Dialog):
    """Shows the text messages for the gateway, and keeps the numbers of staff. `wanted` asks for their file,
    `number_wanted` gives a code and the number to keep."""

    wanted = Signal()
    number_wanted = Signal(str, str)
    SHOWN = 4

    def __init__(self, host: QWidget, look: Look, setup: Setup, texts: GatewayTexts) -> None:
        effect = _(
            "This program sends nothing itself: the hall's own gateway takes the file. Each message is in one file only."
        )
        super().__init__(host, look, title=_("Text messages"), effect=effect, width=760)
        self._setup = setup
        self.rows = Label(self.look, px=15, wrap=True)
        self.body.addWidget(self.rows)
        self.people = DropDown(self.look).set_minimum_letters(12)
        self.number = FormField(self.look, _("Number for warnings"), hint=_("empty: delete it"))
        self.keep_button = SecondaryButton(self.look, _("Keep it"), height=48)
        self.keep_button.clicked.connect(self._emit_number_wanted)
        line = QHBoxLayout()
        set_scaled_margins(self.look, line, spacing=12)
        FixedSizeKeeper(self.look, self.people, height=48)
        line.addWidget(FormField(self.look, _("Person", context="filter"), edit=self.people), 1)
        line.addWidget(self.number, 1)
        line.addWidget(self.keep_button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.body.addLayout(line)
        self.trouble = ErrorLine(self.look)
        self.trouble.hide()
        self.body.addWidget(self.trouble)
        self.add_answer_buttons(_("Back"), _("Save as a file"), self.wanted.emit)
        self.show_texts(texts)

    def show_texts(self, texts: GatewayTexts) -> None:
        """Show the messages that are there now."""
        lines = [
            f"{time_hm(datetime.fromisoformat(row['time']))} · {row['number']} · {row['text']}" for row in texts.rows
        ]
        told = lines[: self.SHOWN] or [_("No message waits for the gateway.")]
        if (more := len(lines) - self.SHOWN) > 0:
            told.append(n_("{n} more", "{n} more", more, context="list"))
        if texts.without_number:
            n = texts.without_number
            told.append(n_("{n} warning has no number to go to", "{n} warnings have no number to go to", n))
        self.rows.setText("\n".join(told))
        staff = self._setup.staff
        first = next((code for code, one in staff.items() if one.warned_of), next(iter(staff), ""))
        chosen = self.people.currentData() or first
        none = _("no number")
        people = {code: f"{staff_name(self._setup, code)} · {texts.numbers.get(code, none)}" for code in staff}
        self.people.show_choice(str(chosen), people)
        if lines:
            self.yes_button.allow_press(_("Save as a file"))
        else:
            self.yes_button.disable_with_reason(_("Nothing to save"))

    def clear_saved_number(self) -> None:
        """Clear what was typed: the number is kept, and shown in part."""
        self.number.set_value("")
        self.trouble.hide()

    def show_trouble(self, trouble: QueueDeskError) -> None:
        self.trouble.show_refusal(error_sentence(trouble))

    def _emit_number_wanted(self) -> None:
        self.number_wanted.emit(str(self.people.currentData()), half_width_text(self.number.value()).strip())

    def first_focus_widget(self) -> QWidget:
        return self.yes_button if self.yes_button.isEnabled() else self.people


class NotesList(TableOrEmptyCard[ServiceDocument]):
    """Each note with the end of its number, when the customer agreed and who noted that, and its last day."""

    def __init__(self, look: Look) -> None:
        self._setup: Setup | None = None
        spec = TableSpec[ServiceDocument](
            name=lambda: _("Notes by reference number"),
            columns=self._note_columns,
            key=lambda row: row["note"],
            chooses=True,
            wraps=True,
        )
        super().__init__(look, spec, ICON)

    def show_notes(self, setup: Setup, notes: list[ServiceDocument]) -> None:
        self._setup = setup
        self.show_rows(notes)
        self.set_empty_texts(
            _("No note is kept"), _("Front desk and counters keep one under ⋯ for a customer who agrees to it.")
        )

    def _note_columns(self) -> list[TableColumn[ServiceDocument]]:
        return [
            TableColumn(title=_("Number", context="notes"), text=lambda row: row["reference"], bold=True),
            TableColumn(
                title=_("Note", context="notes"), text=lambda row: row["words"], gives=True, least=200, grows=True
            ),
            TableColumn(title=_("The customer agreed"), text=self._agreement_text),
            TableColumn(title=_("Kept until"), text=lambda row: date_long(date.fromisoformat(row["until"]))),
        ]

    def _agreement_text(self, row: ServiceDocument) -> str:
        if row["at"] is None or self._setup is None:
            return "–"
        who = staff_name(self._setup, row["by"]) or row["by"]
        return f"{date_short(datetime.fromisoformat(row['at']).date())} · {who}"


def kept_notes_summary(found: ServiceDocument) -> str:
    """Return how many notes are kept, and how many of those who were asked in the last year have one."""
    kept = n_("{n} note is kept", "{n} notes are kept", len(found["notes"]))
    return f"{kept} · {asked_note_share_text(found)}" if found["asked"] else kept


class OwnThanksDialog(Dialog):
    """What customers said in thanks to the person here, the latest first. Nothing is asked, so `done` never comes."""

    done = Signal()
    SHOWN = 5

    def __init__(self, host: QWidget, look: Look, rows: Sequence[ServiceDocument]) -> None:
        effect = _("From the last 30 days. Only you and managers can read them.")
        if not rows:
            effect = _("There are none from the last 30 days.")
        super().__init__(host, look, title=_("Thanks to you"), effect=effect)
        for row in rows[: self.SHOWN]:
            at = datetime.fromisoformat(row["at"])
            when = [date_short(at.date()), row["ticket"] or _("without a number", context="thanks")]
            self.body.addWidget(Label(self.look, row["words"] or _("A customer said thank you"), px=17, wrap=True))
            self.body.addWidget(Label(self.look, " · ".join(when), px=15, token="ink2"))
        if (more := len(rows) - self.SHOWN) > 0:
            self.body.addWidget(Label(self.look, n_("{n} more", "{n} more", more, context="list"), px=15, token="ink2"))
        self.add_answer_buttons(_("Back"))

    def first_focus_widget(self) -> QWidget:
        return self.no_button


WARNINGS_TAB, THANKS_TAB, NOTES = "warnings", "thanks", "notes"
SPANS = (1, 7, DAYS)


class ThanksAndWarningsPage(ManagerPage):
    """The warnings and the thanks of the last 30 days. `place_wanted` leads to what a warning is about."""

    place_wanted = Signal(object)

    def __init__(self, controller: _ThanksAndWarningsController) -> None:
        self._controller = controller
        look, may = controller.context.look, controller.may_use_verb
        page = PageSpec(
            title=lambda: _("Quality", context="page"),
            line=self._head_line_text,
            acts=(
                PageAct(
                    text=lambda: _("Text messages"),
                    do=controller.read_gateway_texts,
                    icon="message",
                    changes_hall=True,
                    offered=lambda: self.shown == WARNINGS_TAB and may("texts"),
                ),
                PageAct(
                    text=lambda: _("Print slip"),
                    do=self.ask_print_or_save,
                    icon="print",
                    offered=lambda: self.shown == WARNINGS_TAB and controller.can_print,
                ),
                PageAct(
                    text=lambda: _("Show"),
                    do=self.open_warning_target,
                    icon="arrow-right",
                    offered=self._shown_list_check(WARNINGS_TAB),
                ),
                PageAct(
                    text=lambda: _("Seen", context="message"),
                    do=self.mark_chosen_warning_seen,
                    icon="check",
                    is_main=True,
                    changes_hall=True,
                    offered=lambda: self.shown == WARNINGS_TAB and may("ack"),
                ),
                PageAct(
                    text=lambda: _("Note thanks"),
                    do=self.ask_whom_to_thank,
                    icon=THANKS_ICON,
                    is_main=True,
                    changes_hall=True,
                    offered=lambda: self.shown == THANKS_TAB and may("thanks"),
                ),
                delete_words_act(self.ask_to_forget_words, lambda: self.shown == THANKS_TAB and may("comment-read")),
                PageAct(
                    text=lambda: _("Delete …"),
                    do=self.ask_to_delete_note,
                    icon="remove",
                    changes_hall=True,
                    offered=self._shown_list_check(NOTES),
                ),
            ),
        )
        self.shown = WARNINGS_TAB
        super().__init__(look, page)
        self.lists: dict[str, TableOrEmptyCard[ServiceDocument]] = {
            WARNINGS_TAB: TableOrEmptyCard(look, self._warnings_spec(), "bell"),
            THANKS_TAB: TableOrEmptyCard(look, self._thanks_spec(), THANKS_ICON),
            NOTES: (notes := NotesList(look)),
        }
        self.notes = notes
        self.ways = DropDown(look)
        self.ways.setAccessibleName(_("What is listed"))
        self.spans, self.people, self.kinds = DropDown(look), DropDown(look).set_minimum_letters(8), DropDown(look)
        self.spans.setAccessibleName(_("Period"))
        self.people.setAccessibleName(_("Person", context="filter"))
        self.kinds.setAccessibleName(_("Kind", context="filter"))
        for field in (self.ways, self.spans, self.people, self.kinds):
            field.activated.connect(self._switch_list)
        self.add_tools(self.ways, self.spans, self.people, self.kinds)
        self.stack = CurrentPageSizedStack()
        for one in self.lists.values():
            self.stack.addWidget(one)
        self.add_part(self.stack, 1)
        self.lists[WARNINGS_TAB].table.opened.connect(self._emit_place_of_row)
        self.lists[THANKS_TAB].empty.acted.connect(self.ask_whom_to_thank)
        self.hall_acts = (*self.hall_acts, self.lists[THANKS_TAB].empty.button)
        for one in (self.lists[WARNINGS_TAB], self.lists[THANKS_TAB], notes):
            one.table.selectionModel().selectionChanged.connect(self._update_buttons)
        controller.changed.connect(self._show_current_list)
        controller.noted.connect(self._announce_thanks_noted)
        controller.deleted.connect(self._announce_deleted)
        controller.refused.connect(self.show_act_refusal)
        controller.texts_read.connect(self._show_texts)
        controller.number_kept.connect(self._on_number_saved)
        controller.exported.connect(self._announce_export)
        self.connect_paper_signals(controller.papers, self.buttons[1])
        self.forgetting = WordsDeletion(controller.context, self, partial(controller.refresh, anew=True))
        self.spans.show_choice(
            str(DAYS), {str(n): _("Today") if n == 1 else n_("{n} day", "{n} days", n) for n in SPANS}
        )
        self._show_current_list()

    # -- what is shown -----------------------------------------------------------------------------------------------

    def _shown_list_check(self, which: str) -> Callable[[], bool]:
        return lambda: self.shown == which

    @property
    def _hall_setup(self) -> Setup:
        return self._controller.context.feed.setup

    def _head_line_text(self) -> str:
        if self.shown == THANKS_TAB:
            return _("Thanks of customers to people who work here")
        if self.shown == NOTES:
            return kept_notes_summary(self._controller.notes)
        open_now = sum(map(self._controller.is_open_warning, self._controller.warnings))
        if open_now:
            return n_("{n} alert not marked as seen", "{n} alerts not marked as seen", open_now)
        return _("Alerts: who they were sent to, and when they were marked as seen")

    def _warnings_spec(self) -> TableSpec[ServiceDocument]:
        return TableSpec(
            name=lambda: _("Alerts", context="tab"),
            columns=self._warning_columns,
            key=lambda row: row["alarm"],
            chooses=True,
            wraps=True,
        )

    def _warning_columns(self) -> list[TableColumn[ServiceDocument]]:
        setup = self._hall_setup
        return [
            TableColumn(title=_("When", context="warning"), text=_date_and_time_text),
            TableColumn(
                title=_("What", context="warning"),
                text=lambda row: alarm_text(setup, row),
                bold=True,
                gives=True,
                least=190,
            ),
            TableColumn(
                title=_("Sent to", context="warning"),
                text=lambda row: warning_delivery_text(setup, row),
                gives=True,
                least=200,
                grows=True,
                token=lambda row: "red" if row["told"] == [] else "ink",
            ),
            TableColumn(
                title=_("Seen", context="warning"),
                text=lambda row: warning_seen_text(setup, row),
                bold=self._controller.is_open_warning,
                token=lambda row: "red" if self._controller.is_open_warning(row) else "ink",
                icon=lambda row: "bell" if self._controller.is_open_warning(row) else "",
            ),
        ]

    def _thanks_spec(self) -> TableSpec[ServiceDocument]:
        return TableSpec(
            name=lambda: _("Thanks", context="tab"),
            columns=self._thanks_columns,
            key=lambda row: row["thanks"],
            chooses=True,
            wraps=True,
        )

    def _thanks_columns(self) -> list[TableColumn[ServiceDocument]]:
        setup = self._hall_setup
        return [
            TableColumn(title=_("Date"), text=lambda row: date_short(date.fromisoformat(row["date"]))),
            TableColumn(title=_("To", context="thanks"), text=lambda row: staff_name(setup, row["staff"]), bold=True),
            TableColumn(
                title=_("What the customer said"),
                text=lambda row: row["words"] or "–",
                gives=True,
                least=200,
                grows=True,
            ),
            TableColumn(title=_("Ticket"), text=lambda row: row["ticket"] or "–"),
            TableColumn(title=_("Noted by"), text=lambda row: staff_name(setup, row["by"])),
            TableColumn(title=_("Read", context="thanks"), text=_time_seen_text),
        ]

    def refresh(self, _now: datetime) -> None:
        self._controller.refresh()

    def stop(self) -> None:
        """Delete what was made for the printer."""
        self._controller.papers.stop()

    def _announce_deleted(self) -> None:
        self.said.emit(_("Deleted."), "check")

    def state_to_restore(self) -> tuple[str, list[str]]:
        fields = (self.spans, self.people, self.kinds)
        return self.shown, [str(one.currentData() or "") for one in fields]

    def restore_state(self, left: tuple[str, list[str]]) -> None:
        self.shown, (days, *chosen) = left
        self.spans.setCurrentIndex(self.spans.findData(days))
        for field, one in zip((self.people, self.kinds), chosen, strict=True):
            field.show_choice(one, {one: ""} if one else {})
        self._show_current_list()

    def _switch_list(self) -> None:
        self.shown = str(self.ways.currentData())
        self._show_current_list()

    def _show_current_list(self) -> None:
        ways = {WARNINGS_TAB: _("Alerts", context="tab"), THANKS_TAB: _("Thanks", context="tab")}
        if self._controller.has_reference_notes:
            ways[NOTES] = _("Notes by reference number")
        self.shown = self.shown if self.shown in ways else WARNINGS_TAB
        self.ways.show_choice(self.shown, ways)
        self.spans.setVisible(self.shown != NOTES)
        self.people.setVisible(self.shown != NOTES)
        self.kinds.setVisible(self.shown == WARNINGS_TAB)
        if self.shown == NOTES:
            self.notes.show_notes(self._hall_setup, self._controller.notes["notes"])
        else:
            self._show_chosen()
        self.stack.setCurrentWidget(self.lists[self.shown])
        self.refresh_act_buttons()
        self.head.set_subtitle(self._head_line_text())
        self._update_buttons()

    def _show_chosen(self) -> None:
        setup, rows = (
            self._hall_setup,
            self._controller.thanks if self.shown == THANKS_TAB else self._controller.warnings,
        )
        people = dict.fromkeys(code for row in rows for code in self._staff_codes_of_row(row))
        names = {code: staff_name(setup, code) or code for code in people}
        self.people.show_choice(
            self._chosen_or_all(self.people, names), {ALL: _("Everybody", context="place"), **names}
        )
        kinds = {row["kind"]: alert_kind_word(row["kind"]) for row in self._controller.warnings}
        self.kinds.show_choice(self._chosen_or_all(self.kinds, kinds), {ALL: _("All", context="filter"), **kinds})
        first = self._controller.context.feed.business_date - timedelta(days=int(self.spans.currentData() or DAYS) - 1)
        person, kind = self.people.currentData(), self.kinds.currentData()
        chosen = [
            row
            for row in rows
            if row["date"] >= first.isoformat()
            and (person == ALL or person in self._staff_codes_of_row(row))
            and (self.shown == THANKS_TAB or kind in (ALL, row["kind"]))
        ]
        self.lists[self.shown].show_rows(chosen)
        self.lists[self.shown].set_empty_texts(*self._empty_list_texts(is_filtered=bool(rows)))

    def _chosen_or_all(self, field: DropDown, there: Collection[str]) -> str:
        """Return what is chosen, as long as it is among what there is."""
        chosen = str(field.currentData() or ALL)
        return chosen if chosen in there else ALL

    def _empty_list_texts(self, *, is_filtered: bool) -> tuple[str, ...]:
        if is_filtered:
            return _("Nothing matches"), _("Choose another period, person or kind.")
        if self.shown == THANKS_TAB:
            return (
                _("Nobody was thanked in the last 30 days"),
                _("Front desk and manager note thanks here, or at a ticket."),
                _("Note thanks") if self._controller.may_use_verb("thanks") else "",
            )
        if not any(person.warned_of for person in self._hall_setup.staff.values()):
            return (
                _("Nobody is responsible for an alert yet"),
                _('Set-up, Staff, "Warned of" says who is warned of which services and kinds of alerts.'),
            )
        return (
            _("No alert was sent in the last 30 days"),
            _("A warning appears here as soon as there is an alert that somebody is responsible for."),
        )

    def _staff_codes_of_row(self, row: ServiceDocument) -> list[str]:
        return [row["staff"]] if "staff" in row else self._controller.people_of_warning_row(row)

    # -- what is done ------------------------------------------------------------------------------------------------

    def _update_buttons(self, *_said: object) -> None:
        """Let be opened what is chosen, and be seen what nobody has."""
        row = self.lists[WARNINGS_TAB].table.chosen_row()
        _texts, slip, show, seen, _thanks, forget, delete = self.buttons
        thanked = self.lists[THANKS_TAB].table.chosen_row()
        forget.setEnabled(thanked is not None and thanked["words"] is not None)
        delete.setEnabled(self.notes.table.chosen_row() is not None)
        slip.setEnabled(row is not None)
        show.setEnabled(row is not None and has_target_page(self._hall_setup, self._place_of_warning(row)))
        seen.setEnabled(row is not None and self._controller.is_open_warning(row))

    def open_warning_target(self) -> None:
        """Open what the chosen warning is about."""
        row = self.lists[WARNINGS_TAB].table.chosen_row()
        if row is not None:
            self._emit_place_of_row(row)

    def _emit_place_of_row(self, row: ServiceDocument) -> None:
        self.place_wanted.emit(self._place_of_warning(row))

    def _place_of_warning(self, row: ServiceDocument) -> ButtonTarget:
        """Return where the thing is that a warning is about."""
        if row["device"]:
            return ButtonTarget("equipment")
        day = date.fromisoformat(row["date"])
        past = day if day != self._controller.context.feed.business_date else None
        service, window, ticket = (row[name] or "" for name in ("service", "window", "ticket"))
        return ButtonTarget("tickets", service, window, ticket, past)

    def ask_print_or_save(self) -> None:
        """Ask whether to print the chosen warning or to save it as a page."""
        row = self.lists[WARNINGS_TAB].table.chosen_row()
        if row is not None:
            self.open_menu(
                self.buttons[1],
                [
                    (_("Print"), partial(self._controller.print_or_save_slip, row, send=True)),
                    (_("As a page to print (.pdf)"), partial(self._controller.print_or_save_slip, row, send=False)),
                ],
            )

    def mark_chosen_warning_seen(self) -> None:
        """Note that the chosen warning was seen."""
        row = self.lists[WARNINGS_TAB].table.chosen_row()
        if row is not None and self._controller.is_open_warning(row):
            self._controller.mark_warning_seen(row)

    def ask_to_forget_words(self) -> None:
        """Ask whether the words of the chosen thanks are forgotten."""
        if (row := self.lists[THANKS_TAB].table.chosen_row()) is not None:
            self.forgetting.ask_words_deletion(str(row["thanks"]))

    def ask_to_delete_note(self) -> None:
        """Ask whether the chosen note is deleted."""
        if (row := self.notes.table.chosen_row()) is not None:
            ask_to_confirm(
                self.host_widget,
                self._look,
                partial(self._controller.delete_note, row["note"]),
                title=_("Delete this note?"),
                effect=_("{reference} · {words}. It can't be brought back.", **row),
                safe=_("Keep it", context="note"),
                act=_("Delete it"),
            )

    def ask_whom_to_thank(self) -> None:
        """Ask whom a customer thanked."""
        context = self._controller.context
        own = context.who.name if context.who is not None else ""
        people = [code for code in self._hall_setup.staff if code != own]
        if people:
            ThanksDialog(
                self.host_widget, context.look, self._hall_setup, people, self._controller.note_thanks
            ).open_dialog()

    def _announce_thanks_noted(self, staff: str) -> None:
        self.said.emit(thanks_noted_text(self._hall_setup, staff), THANKS_ICON)

    def _show_texts(self, texts: GatewayTexts) -> None:
        if self.dialog is not None:
            self.dialog.show_texts(texts)
            return
        dialog = GatewayTextsDialog(self.host_widget, self._look, self._hall_setup, texts)
        dialog.wanted.connect(self._controller.export_messages)
        dialog.number_wanted.connect(self._controller.save_staff_number)
        self.open_question(dialog)

    def _on_number_saved(self) -> None:
        if self.dialog is not None:
            self.dialog.clear_saved_number()

    def _announce_export(self, done: ServiceDocument) -> None:
        self.close_question()
        self.show_saved_file(Path(done["file"]))


def _date_and_time_text(row: ServiceDocument) -> str:
    return f"{date_short(date.fromisoformat(row['date']))} {time_hm(datetime.fromisoformat(row['at']))}"


def _time_seen_text(row: ServiceDocument) -> str:
    if row["seen"] is None:
        return _("not yet", context="thanks")
    seen, noted = datetime.fromisoformat(row["seen"]), datetime.fromisoformat(row["at"])
    return time_hm(seen) if seen.date() == noted.date() else date_short(seen.date())


def thanks_page(controller: ManagerController, own: ControllerCache) -> ThanksAndWarningsPage:
    """Return the page with the section's controller."""
    return ThanksAndWarningsPage(own(_ThanksAndWarningsController, controller.context))
