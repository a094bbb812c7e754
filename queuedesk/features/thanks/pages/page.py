"""Thanks to people who work here and who was warned of what, with the text messages for the gateway; read and noted
beside the window."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from msgspec import Struct
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.imports import half_width_text
from queuedesk.core.network.roles import ReadScope
from queuedesk.core.setup.rows import Setup
from queuedesk.core.talk.messages import ALL
from queuedesk.desk.change import Ask, Desk, Document
from queuedesk.desk.looking import business_date_of_change
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
from queuedesk.stations.manager.parts import page_controller
from queuedesk.stations.manager.parts.records import RecordAct, RecordFilter, RecordPage, RecordPageSpec
from queuedesk.stations.manager.parts.table import TableColumn
from queuedesk.stations.manager.quality import month_rows
from queuedesk.stations.manager.quality.case_texts import WordsDeletion
from queuedesk.stations.manager.today.alert_words import ButtonTarget, has_target_page
from queuedesk.stations.widgets.buttons import SecondaryButton
from queuedesk.stations.widgets.panels import FixedSizeKeeper, Label, set_scaled_margins
from queuedesk.stations.widgets.questions.dialogs import Dialog, DropDown, ErrorLine, FormField, ask_and_do_if_confirmed
from queuedesk.stations.window.context import ServiceDocument, StationContext
from queuedesk.stations.window.style import Look

DAYS = 30
NO_NOTES: Document = {"notes": [], "asked": 0, "valid": 0, "share": None}


class GatewayTexts(Struct, frozen=True):
    """The messages for the gateway with their numbers in part, how many have none, and whose numbers are kept."""

    rows: list[Document]
    without_number: int
    numbers: Mapping[str, str]


def print_or_save_warning_slip(
    papers: page_controller.PaperSaverAndPrinter, row: Mapping[str, Any], *, send: bool
) -> None:
    """Print the slip of a warning, or save it as a page."""
    desk, ask, by = papers.context.desk, papers.context.new_ask(), papers.context.who
    day, lang = date.fromisoformat(row["date"]), current_language()

    def write(path: Path) -> None:
        name = by.name if by is not None else None
        write_warning_slip_pdf(desk, ask, row["alarm"], path, lang=lang, day=day, printed_by=name)

    papers.save_or_print(f"warning-{row['alarm']}.pdf", write, send=send)


# -- the rows behind figures of the month ------------------------------------------------------------------------------


def _staff_warnings(desk: Desk, ask: Ask, first: date, last: date) -> tuple[str, list[Document]]:
    return "alarm", messaging.warnings_sent_to_staff_between(desk, ask.who, first, ask.now, last=last)


def _thanks_kind_and_rows_in_dates(desk: Desk, ask: Ask, first: date, last: date) -> tuple[str, list[Document]]:
    return "thanks", thanking.readable_thanks_between(desk, ask.who, ask.now, first=first, last=last)


def _warning_row_content(setup: Setup, one: Mapping[str, Any]) -> month_rows.RowBehindFigure:
    return month_rows.RowBehindFigure(
        key=month_rows.short_date_of_row(one),
        kind=service_name(setup, one["service"]) if one["service"] else one["window"] or UNKNOWN,
        what=alarm_text(setup, one),
        who=warning_delivery_text(setup, one),
        when=warning_seen_text(setup, one),
        late=one["acknowledged"] is None and not one["ended"],
        tab=month_rows.THANKS,
    )


def _thanks_row(setup: Setup, one: Mapping[str, Any]) -> month_rows.RowBehindFigure:
    return month_rows.RowBehindFigure(
        key=month_rows.short_date_of_row(one),
        kind=one["ticket"] or UNKNOWN,
        what=one["words"] or _("without words"),
        who=staff_name(setup, one["staff"]),
        when=_("seen", context="thanks") if one["seen"] else _("not seen yet"),
        tab=month_rows.THANKS,
    )


MONTH = {
    month_rows.WARNINGS: month_rows.FigureRowsSource(_staff_warnings, _warning_row_content),
    month_rows.THANKS: month_rows.FigureRowsSource(_thanks_kind_and_rows_in_dates, _thanks_row),
}
"""What lists the warnings and the thanks that a figure of a month counts."""


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
        self.keep_button.clicked.connect(self._emit_typed_phone_number)
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
            self.yes_button.enable_with_label(_("Save as a file"))
        else:
            self.yes_button.disable_with_reason(_("Nothing to save"))

    def clear_number_field(self) -> None:
        """Clear what was typed: the number is kept, and shown in part."""
        self.number.set_value("")
        self.trouble.hide()

    def show_trouble(self, trouble: QueueDeskError) -> None:
        self.trouble.show_refusal(error_sentence(trouble))

    def _emit_typed_phone_number(self) -> None:
        self.number_wanted.emit(str(self.people.currentData()), half_width_text(self.number.value()).strip())

    def first_focus_widget(self) -> QWidget:
        return self.yes_button if self.yes_button.isEnabled() else self.people


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


# -- the lists ---------------------------------------------------------------------------------------------------------

SPANS = (1, 7, DAYS)


def _staff_codes_of_row(row: Document) -> list[str]:
    return [row["staff"]] if "staff" in row else messaging.people_of_warning(row)


def _names_and_everybody(context: StationContext, rows: Sequence[Document]) -> Mapping[str, str]:
    people = dict.fromkeys(code for row in rows for code in _staff_codes_of_row(row))
    names = {code: staff_name(context.feed.setup, code) or code for code in people}
    return {ALL: _("Everybody", context="place"), **names}


SPAN = RecordFilter[Document](
    key="span",
    name=lambda: _("Period"),
    choices=lambda _context, _rows: {str(n): _("Today") if n == 1 else n_("{n} day", "{n} days", n) for n in SPANS},
    keeps=lambda context, row, days: (
        row["date"] >= (context.feed.business_date - timedelta(days=int(days) - 1)).isoformat()
    ),
    first=str(DAYS),
)
PERSON = RecordFilter[Document](
    key="person",
    name=lambda: _("Person", context="filter"),
    choices=_names_and_everybody,
    keeps=lambda _context, row, person: person == ALL or person in _staff_codes_of_row(row),
    first=ALL,
    letters=8,
)
KIND = RecordFilter[Document](
    key="kind",
    name=lambda: _("Kind", context="filter"),
    choices=lambda _context, rows: {
        ALL: _("All", context="filter"),
        **{row["kind"]: alert_kind_word(row["kind"]) for row in rows},
    },
    keeps=lambda _context, row, kind: kind in (ALL, row["kind"]),
    first=ALL,
)


def _nothing_matches_texts() -> tuple[str, ...]:
    return _("Nothing matches"), _("Choose another period, person or kind.")


def _is_open_warning(day: date, row: Mapping[str, Any]) -> bool:
    """Whether a warning still holds on `day`, and nobody has seen it."""
    return not row["acknowledged"] and not row["ended"] and row["date"] == day.isoformat()


def _read_warnings(desk: Desk, ask: Ask) -> list[Document]:
    """Return those that nobody has seen and that still hold first, then the latest."""
    day = business_date_of_change(desk, ask.now)
    found = messaging.warnings_sent_to_staff_between(desk, ask.who, day - timedelta(days=DAYS - 1), ask.now, last=day)
    return sorted(found, key=lambda row: (_is_open_warning(day, row), row["alarm"]), reverse=True)


def _open_warnings_line(context: StationContext, rows: Sequence[Document]) -> str:
    if open_now := sum(_is_open_warning(context.feed.business_date, row) for row in rows):
        return n_("{n} alert not marked as seen", "{n} alerts not marked as seen", open_now)
    return _("Alerts: who they were sent to, and when they were marked as seen")


def _mark_warning_seen(desk: Desk, ask: Ask, row: Mapping[str, Any]) -> Document:
    about = {name: row[name] for name in ("service", "window", "ticket", "device", "station")}
    return messaging.acknowledge_alert(desk, ask, row["kind"], **about)


def _button_target_of_warning(context: StationContext, row: Document) -> ButtonTarget:
    """Return where the thing is that a warning is about."""
    if row["device"]:
        return ButtonTarget("equipment")
    day = date.fromisoformat(row["date"])
    service, window, ticket = (row[name] or "" for name in ("service", "window", "ticket"))
    return ButtonTarget("tickets", service, window, ticket, day if day != context.feed.business_date else None)


def _ask_print_or_save_warning_slip(
    papers: page_controller.PaperSaverAndPrinter, page: RecordPage[Document], row: Document
) -> None:
    under = next(one for one in page.buttons if one.text() == _("Print slip"))
    entries = {_("Print"): True, _("As a page to print (.pdf)"): False}
    page.open_menu(
        under, [(text, partial(print_or_save_warning_slip, papers, row, send=send)) for text, send in entries.items()]
    )


def _warnings_page_spec(
    context: StationContext, papers: page_controller.PaperSaverAndPrinter
) -> RecordPageSpec[Document]:
    def is_open(row: Document) -> bool:
        return _is_open_warning(context.feed.business_date, row)

    def empty() -> tuple[str, ...]:
        if not any(person.warned_of for person in context.feed.setup.staff.values()):
            return (
                _("Nobody is responsible for an alert yet"),
                _('Set-up, Staff, "Warned of" says who is warned of which services and kinds of alerts.'),
                "",
            )
        return (
            _("No alert was sent in the last 30 days"),
            _("A warning appears here as soon as there is an alert that somebody is responsible for."),
            "",
        )

    return RecordPageSpec[Document](
        title=lambda: _("Quality", context="page"),
        line=lambda: _open_warnings_line(context, ()),
        told=_open_warnings_line,
        name=lambda: _("Alerts", context="tab"),
        icon="bell",
        read=_read_warnings,
        key=lambda row: row["alarm"],
        wraps=True,
        empty=empty,
        unmatched=_nothing_matches_texts,
        filters=(SPAN, PERSON, KIND),
        leads=partial(_button_target_of_warning, context),
        columns=lambda context: [
            TableColumn(title=_("When", context="warning"), text=_date_and_time_text),
            TableColumn(
                title=_("What", context="warning"),
                text=lambda row: alarm_text(context.feed.setup, row),
                bold=True,
                gives=True,
                least=190,
            ),
            TableColumn(
                title=_("Sent to", context="warning"),
                text=lambda row: warning_delivery_text(context.feed.setup, row),
                gives=True,
                least=200,
                grows=True,
                token=lambda row: "red" if row["told"] == [] else "ink",
            ),
            TableColumn(
                title=_("Seen", context="warning"),
                text=lambda row: warning_seen_text(context.feed.setup, row),
                bold=is_open,
                token=lambda row: "red" if is_open(row) else "ink",
                icon=lambda row: "bell" if is_open(row) else "",
            ),
        ],
        acts=(
            RecordAct(
                text=lambda: _("Text messages"),
                verb="texts",
                icon="message",
                asks=lambda page, _row: _read_and_show_gateway_texts(page),
                stands_alone=True,
            ),
            RecordAct(
                text=lambda: _("Print slip"),
                icon="print",
                asks=partial(_ask_print_or_save_warning_slip, papers),
                offered=lambda _context: papers.can_print and papers.can_save,
                changes_hall=False,
            ),
            RecordAct(
                text=lambda: _("Show"),
                icon="arrow-right",
                asks=lambda page, row: page.place_wanted.emit(_button_target_of_warning(context, row)),
                when=lambda row: has_target_page(context.feed.setup, _button_target_of_warning(context, row)),
                changes_hall=False,
            ),
            RecordAct(
                text=lambda: _("Seen", context="message"),
                verb="ack",
                call=_mark_warning_seen,
                args=lambda row: (row,),
                when=is_open,
                said=None,
                is_main=True,
            ),
        ),
    )


def _ask_whom_to_thank(page: RecordPage[Document], note: RecordAct[Document]) -> None:
    context = page.context
    own = context.who.name if context.who is not None else ""
    if people := [code for code in context.feed.setup.staff if code != own]:
        wanted = lambda staff, words: page.controller.do_record_act(note, None, staff, words=words)  # noqa: E731
        ThanksDialog(page.host_widget, context.look, context.feed.setup, people, wanted).open_dialog()


def _thanks_page_spec(context: StationContext) -> RecordPageSpec[Document]:
    def ask_to_forget_words(page: RecordPage[Document], row: Document) -> None:
        again = partial(page.controller.refresh, anew=True)
        WordsDeletion(context, page, again).ask_words_deletion(str(row["thanks"]))

    note = RecordAct[Document](
        text=lambda: _("Note thanks"),
        verb="thanks",
        icon=THANKS_ICON,
        call=thanking.record_thanks,
        asks=lambda page, _row: _ask_whom_to_thank(page, note),
        stands_alone=True,
        said=lambda told, _row: thanks_noted_text(context.feed.setup, told["staff"]),
        is_main=True,
    )
    return RecordPageSpec[Document](
        title=lambda: _("Quality", context="page"),
        line=lambda: _("Thanks of customers to people who work here"),
        name=lambda: _("Thanks", context="tab"),
        icon=THANKS_ICON,
        read=lambda desk, ask: thanking.readable_thanks_between(desk, ask.who, ask.now),
        key=lambda row: row["thanks"],
        wraps=True,
        empty=lambda: (
            _("Nobody was thanked in the last 30 days"),
            _("Front desk and manager note thanks here, or at a ticket."),
        ),
        unmatched=_nothing_matches_texts,
        filters=(SPAN, PERSON),
        columns=lambda context: [
            TableColumn(title=_("Date"), text=lambda row: date_short(date.fromisoformat(row["date"]))),
            TableColumn(
                title=_("To", context="thanks"),
                text=lambda row: staff_name(context.feed.setup, row["staff"]),
                bold=True,
            ),
            TableColumn(
                title=_("What the customer said"),
                text=lambda row: row["words"] or "–",
                gives=True,
                least=200,
                grows=True,
            ),
            TableColumn(title=_("Ticket"), text=lambda row: row["ticket"] or "–"),
            TableColumn(title=_("Noted by"), text=lambda row: staff_name(context.feed.setup, row["by"])),
            TableColumn(title=_("Read", context="thanks"), text=_time_seen_text),
        ],
        acts=(
            note,
            RecordAct(
                text=lambda: _("Delete …", context="words"),
                verb="comment-read",
                icon="remove",
                asks=ask_to_forget_words,
                when=lambda row: row["words"] is not None,
            ),
        ),
    )


def _read_notes_about_customers(desk: Desk, ask: Ask) -> Document:
    return thanking.all_notes_about_customers(desk, ask) if ask.who.may_read(ReadScope.LOG) else NO_NOTES


def _are_notes_kept(context: StationContext, found: Document | None) -> bool:
    """Whether the hall keeps notes by reference number, or some of before are there still."""
    setup = context.feed.setup
    return setup.has_feature("notes") and (setup.settings["reference_notes"] == "on" or bool(found and found["notes"]))


def _ask_to_delete_note(page: RecordPage[Document], row: Document) -> None:
    ask_and_do_if_confirmed(
        page.host_widget,
        page.context.look,
        partial(page.controller.do_record_act, DELETE_NOTE, row, row["note"]),
        title=_("Delete this note?"),
        effect=_("{reference} · {words}. It can't be brought back.", **row),
        safe=_("Keep it", context="note"),
        act=_("Delete it"),
    )


DELETE_NOTE = RecordAct[Document](
    text=lambda: _("Delete …"),
    verb="notes",
    icon="remove",
    call=thanking.delete_note_about_customer,
    asks=_ask_to_delete_note,
    said=lambda _told, _row: _("Deleted."),
)


def _agreement_date_and_staff_text(setup: Setup, row: Document) -> str:
    if row["at"] is None:
        return "–"
    return f"{date_short(datetime.fromisoformat(row['at']).date())} · {staff_name(setup, row['by']) or row['by']}"


NOTES = RecordPageSpec[Document](
    title=lambda: _("Quality", context="page"),
    line=lambda: kept_notes_summary(NO_NOTES),
    told=lambda _context, found: kept_notes_summary(found),
    name=lambda: _("Notes by reference number"),
    icon="lock",
    read=_read_notes_about_customers,
    rows=lambda found: found["notes"],
    offered=_are_notes_kept,
    key=lambda row: row["note"],
    wraps=True,
    empty=lambda: (
        _("No note is kept"),
        _("Front desk and counters keep one under ⋯ for a customer who agrees to it."),
    ),
    columns=lambda context: [
        TableColumn(title=_("Number", context="notes"), text=lambda row: row["reference"], bold=True),
        TableColumn(title=_("Note", context="notes"), text=lambda row: row["words"], gives=True, least=200, grows=True),
        TableColumn(title=_("The customer agreed"), text=partial(_agreement_date_and_staff_text, context.feed.setup)),
        TableColumn(title=_("Kept until"), text=lambda row: date_long(date.fromisoformat(row["until"]))),
    ],
    acts=(DELETE_NOTE,),
)


# -- text messages for the hall's gateway ------------------------------------------------------------------------------


def _read_and_show_gateway_texts(page: RecordPage[Document]) -> None:
    """Read which messages there are and whose numbers are kept, and show them."""
    desk, ask, lang = page.context.desk, page.context.new_ask(), current_language()

    def read_texts_and_numbers() -> GatewayTexts:
        found = verbs.pending_gateway_texts(desk, ask)
        return GatewayTexts(
            papers.messages_with_masked_numbers(found, lang),
            found.without_number,
            verbs.masked_staff_phone_numbers(desk),
        )

    page.controller.start_unless_busy("texts", read_texts_and_numbers, partial(_show_gateway_texts_in_dialog, page))


def _show_gateway_texts_in_dialog(page: RecordPage[Any], texts: GatewayTexts) -> None:
    asked: Any = page.dialog
    if asked is not None:
        asked.show_texts(texts)
        return
    dialog = GatewayTextsDialog(page.host_widget, page.context.look, page.context.feed.setup, texts)
    dialog.wanted.connect(partial(_export_messages, page))
    dialog.number_wanted.connect(partial(_save_staff_phone_number, page))
    page.open_question(dialog)


def _save_staff_phone_number(page: RecordPage[Any], staff: str, number: str) -> None:
    """Keep somebody's number; an empty one deletes it."""

    def clear_field_and_reload_texts(_document: Document) -> None:
        asked: Any = page.dialog
        if asked is not None:
            asked.clear_number_field()
        _read_and_show_gateway_texts(page)

    work = partial(verbs.set_staff_phone_number, page.context.desk, page.context.new_ask(), staff, number)
    page.controller.start_unless_busy("number", work, clear_field_and_reload_texts)


def _export_messages(page: RecordPage[Any]) -> None:
    """Save the messages as a file in the folder of reports."""
    context, folder = page.context, page.context.services.folder
    if folder is None:
        return

    def tell(done: Document) -> None:
        page.close_question()
        page.show_saved_file(Path(done["file"]))

    desk, ask, lang, setup = context.desk, context.new_ask(), current_language(), context.feed.setup
    name = f"{setup.hall.code}-texts-{setup.to_hall_time(context.clock()):%Y%m%d-%H%M%S}.csv"
    page.controller.start_unless_busy(
        "export", lambda: papers.export_messages_to_file(desk, ask, folder("reports") / name, lang), tell
    )


# -- the page ----------------------------------------------------------------------------------------------------------


class ThanksAndWarningsPage(RecordPage[Document]):
    """The warnings and the thanks of the last 30 days, and the notes by reference number."""

    def __init__(self, context: StationContext) -> None:
        slips = page_controller.PaperSaverAndPrinter(context)
        super().__init__(context, _warnings_page_spec(context, slips), _thanks_page_spec(context), NOTES)
        self._slips = slips
        slips.setParent(self)
        self.connect_paper_signals(slips, self.buttons[1])

    def stop(self) -> None:
        """Delete what was made for the printer."""
        self._slips.stop()


def _date_and_time_text(row: ServiceDocument) -> str:
    return f"{date_short(date.fromisoformat(row['date']))} {time_hm(datetime.fromisoformat(row['at']))}"


def _time_seen_text(row: ServiceDocument) -> str:
    if row["seen"] is None:
        return _("not yet", context="thanks")
    seen, noted = datetime.fromisoformat(row["seen"]), datetime.fromisoformat(row["at"])
    return time_hm(seen) if seen.date() == noted.date() else date_short(seen.date())


def thanks_page(controller: ManagerController, _own: ControllerCache) -> ThanksAndWarningsPage:
    """Return the page; each of its lists has its own controller."""
    return ThanksAndWarningsPage(controller.context)
