"""What people of the hall read and sign: the day's briefing, told at the stations of staff until it was read, once a
person and version; each item of the sheet by which the hall is opened or closed. The morning is read and its acts are
done beside the window."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from msgspec import Struct
from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.imports import half_width_text
from queuedesk.core.quality import inspection as inspections
from queuedesk.core.quality.sheet import ScoreSheetItem
from queuedesk.core.setup.file import score_sheets_of_hall
from queuedesk.core.talk.device import is_opening_check_required_in_hall, unmet_device_checks
from queuedesk.desk import appraisal
from queuedesk.desk.change import Document
from queuedesk.features.morning import verbs
from queuedesk.i18n import _, current_language, error_sentence, n_, name_in_language, time_hm
from queuedesk.stations.manager.parts.page_controller import PageController, PaperSaverAndPrinter
from queuedesk.stations.talk import FeatureMessage, FeatureTalkExtension
from queuedesk.stations.widgets import panels
from queuedesk.stations.widgets.lists.tiles import ToggleChoice
from queuedesk.stations.widgets.message_place import MessageButtonVerbAndWord, StationMessage
from queuedesk.stations.widgets.paint import GROUP
from queuedesk.stations.widgets.questions.dialogs import Dialog, ErrorLine, FormField
from queuedesk.stations.window.context import ServiceDocument, SingleCommandRunner, StationContext
from queuedesk.stations.window.frame import MenuEntry
from queuedesk.stations.window.style import Look


class MorningData(Struct, frozen=True):
    """What was read of today: the briefing with who read it, how the hall was signed open and closed, who is there,
    points that were said before, and the trainings of the last weeks, the latest first."""

    briefing: Document | None
    opening: Document
    attendance: Document
    stock: tuple[Mapping[str, str], ...]
    sessions: tuple[Document, ...] = ()


LATELY = timedelta(days=31)


class BriefingAndTrainingController(PageController[MorningData]):
    """Reads today's morning, writes its briefing and notes its training. `written` once the briefing is, `trained` once
    a session is noted or taken back."""

    written, trained = Signal(dict), Signal(dict)

    def _read_function(self) -> Callable[[], MorningData]:
        desk, now, day = self.context.desk, self.context.clock(), self.context.feed.business_date
        who = self.context.who if self.may_use_verb("training") else None

        def read() -> MorningData:
            return MorningData(
                verbs.last_briefing_document(desk, None, now)["briefing"],
                verbs.signed_opening_and_closing_document(desk, None, now),
                verbs.attendance_document(desk, None, now),
                tuple(verbs.reusable_briefing_points(desk, now)),
                tuple(appraisal.readable_trainings_between(desk, who, day - LATELY, day)) if who is not None else (),
            )

        return read

    def write(self, points: Sequence[str], points_en: Sequence[str]) -> None:
        """Write today's briefing, or its next version."""
        work = partial(verbs.write_briefing_version, self.context.desk, self.context.new_ask(), points, points_en)
        self.start_unless_busy("briefing", work, self._report_briefing_and_refresh)

    def note_training(self, minutes: int, topic: str, attended: Sequence[str]) -> None:
        """Note a session of today, as Improve > Training does."""
        work = partial(appraisal.add_training, self.context.desk, self.context.new_ask(), topic, minutes, attended)
        self.start_unless_busy("training", work, self._report_training_and_refresh)

    def drop_training(self, seq: int) -> None:
        """Take a session back that was noted by mistake."""
        work = partial(appraisal.drop_training, self.context.desk, self.context.new_ask(), seq)
        self.start_unless_busy("training", work, self._report_training_and_refresh)

    def _report_training_and_refresh(self, document: Document) -> None:
        self.trained.emit(document)
        self.refresh(anew=True)

    def _report_briefing_and_refresh(self, document: Document) -> None:
        self.written.emit(document)
        self.refresh(anew=True)


def save_or_print_morning_page(papers: PaperSaverAndPrinter, *, send: bool) -> None:
    """Save the morning's page in the folder of reports, or `send` it to this PC's printer."""
    from queuedesk.features.morning.papers import write_morning_pdf

    context = papers.context
    writing = partial(
        write_morning_pdf,
        context.desk,
        None,
        lang=current_language(),
        now=context.clock(),
        printed_by=papers.printed_by(),
    )
    papers.save_or_print(f"morning-{context.feed.business_date.isoformat()}.pdf", writing, send=send)


# -- the hall signed open or closed ------------------------------------------------------------------------------------


def next_sheet_to_sign(context: StationContext) -> str:
    """Return what the person here can sign next today: the opening, then the closing; "" where they may not, or the
    hall has no sheet for it."""
    who, feed = context.who, context.feed
    if who is None or not who.is_staff or not who.may("opening") or feed.setup.hall.replayed:
        return ""
    if not feed.setup.has_feature("morning"):
        return ""
    is_open = any(
        one.date == feed.business_date and one.what == inspections.OPENING for one in feed.state.openings.values()
    )
    what = inspections.CLOSING if is_open else inspections.OPENING
    return what if inspections.SHEETS[what] in score_sheets_of_hall(feed.setup) else ""


def all_items_of_sheet_to_sign(context: StationContext, what: str) -> tuple[ScoreSheetItem, ...]:
    return score_sheets_of_hall(context.feed.setup)[inspections.SHEETS[what]].items


class HallOpeningAndClosingSigner(SingleCommandRunner):
    """Signs the hall open or closed in the name of the person here."""

    def missing_check_count(self) -> int:
        """Return how many checks of equipment are missing, 0 where the hall asks for none."""
        context, state = self.context, self.context.feed.state
        if not is_opening_check_required_in_hall(context.feed.setup):
            return 0
        done = [check for check in state.checks if check.date == context.feed.business_date]
        return len(unmet_device_checks(context.feed.setup, state.devices, done, context.clock()))

    def sign_opening_or_closing(self, what: str, marks: Sequence[Mapping[str, Any]], **air: int | None) -> None:
        self.run_desk_function("opening", verbs.sign_opening_or_closing, what, marks, **air)


GOOD, LACKING = "good", "lacking"
KEY_HIGH, REASON_HIGH, ROWS_HIGH, WIDTH_PX = 48, 44, 424, 900


class ItemRow(QWidget):
    """One item with its two keys; what is not in order asks for a reason below."""

    spoken_role = GROUP
    changed = Signal()

    def __init__(self, look: Look, number: int, item: ScoreSheetItem) -> None:
        super().__init__()
        self.number, self.item, self.state = number, item, ""
        text = name_in_language(item.text, item.text_en)
        self.setAccessibleName(text)
        self.keys = {GOOD: _("In order"), LACKING: _("Not in order")}
        self.buttons = {state: ToggleChoice(look, word, height=KEY_HIGH, px=16) for state, word in self.keys.items()}
        self.why = [
            ToggleChoice(look, name_in_language(one.text, one.text_en), height=REASON_HIGH, px=16)
            for one in item.reasons
        ]
        self.words = QLineEdit(placeholderText=_("Another reason"))
        self.words.setAccessibleName(_("Another reason"))
        self.words.setMaxLength(100)
        head = QHBoxLayout()
        panels.set_scaled_margins(look, head, spacing=10)
        words = QVBoxLayout()
        panels.set_scaled_margins(look, words, spacing=0)
        words.addWidget(panels.Label(look, text, px=17, bold=True, wrap=True))
        if full := name_in_language(item.full, item.full_en):
            words.addWidget(panels.Label(look, full, px=15, token="ink2", wrap=True))
        head.addLayout(words, 1)
        for state, button in self.buttons.items():
            button.setAccessibleName(f"{text}: {button.text()}")
            button.clicked.connect(partial(self._choose_state, state))
            head.addWidget(button)
        self.below = QWidget()
        below = QHBoxLayout(self.below)
        panels.set_scaled_margins(look, below, spacing=8)
        grid = panels.EqualCellGrid(look, gap=8)
        grid.set_maximum_columns(3)
        grid.set_widgets(list(self.why))
        below.addWidget(grid, 3)
        below.addWidget(self.words, 2)
        panels.FixedSizeKeeper(look, self.words, height=REASON_HIGH)
        for one in self.why:
            one.clicked.connect(self.changed)
        self.words.textChanged.connect(self.changed)
        self.below.hide()
        column = QVBoxLayout(self)
        panels.set_scaled_margins(look, column, (0, 8, 8, 0), 8)
        column.addLayout(head)
        column.addWidget(self.below)
        column.addWidget(panels.DividerLine(look))

    def _choose_state(self, state: str) -> None:
        self.state = state
        for one, button in self.buttons.items():
            button.setChecked(one == state)
        self.below.setVisible(state == LACKING)
        self.changed.emit()

    @property
    def is_answered(self) -> bool:
        """Whether it was looked at, and has a reason where it needs one."""
        if self.state == LACKING:
            return any(one.isChecked() for one in self.why) or bool(self.words.text().strip())
        return bool(self.state)

    def item_result(self) -> dict[str, object]:
        why = [place for place, one in enumerate(self.why, start=1) if one.isChecked()]
        more = {"why": why, "words": self.words.text()} if self.state == LACKING else {}
        return {"item": self.number, "state": self.state, **more}


class SigningDialog(Dialog):
    """Asks about each item of what is signed, and for the air where the hall is opened; `done` once it is signed."""

    done = Signal()

    def __init__(
        self,
        host: QWidget,
        look: Look,
        signing: HallOpeningAndClosingSigner,
        what: str,
        items: tuple[ScoreSheetItem, ...],
    ) -> None:
        is_opening = what == inspections.OPENING
        title = _("Open the hall") if is_opening else _("Close the hall")
        super().__init__(
            host, look, title=title, effect=_("Look at each item, then sign with your name."), width=WIDTH_PX
        )
        self._signing, self._what = signing, what
        self.rows = [ItemRow(self.look, number, item) for number, item in enumerate(items, start=1)]
        self._inside = QWidget()
        column = self._lines = QVBoxLayout(self._inside)
        panels.set_scaled_margins(self.look, column)
        for row in self.rows:
            row.changed.connect(self._update_sign_button)
            column.addWidget(row)
        column.addStretch(1)
        self.area = panels.VerticalScrollArea(self._inside)
        panels.FixedSizeKeeper(self.look, self.area, height=ROWS_HIGH)
        self.body.addWidget(self.area)
        self.air = {
            "temperature": FormField(self.look, _("Temperature, °C")),
            "humidity": FormField(self.look, _("Humidity, %")),
        }
        air = QHBoxLayout()
        panels.set_scaled_margins(self.look, air, spacing=16)
        for field in self.air.values():
            field.edited.connect(self._clear_air_errors)
            air.addWidget(field)
            field.setVisible(is_opening)
            if isinstance(field.edit, QLineEdit):
                field.edit.setPlaceholderText(_("optional"))
        self.body.addLayout(air)
        self.line = ErrorLine(self.look)
        self.body.addWidget(self.line)
        if (missing := signing.missing_check_count()) and is_opening:
            text = n_("{n} check of equipment is missing", "{n} checks of equipment are missing", missing)
            self.line.show_message(text, refused=False)
        self.add_answer_buttons(_("Not now", context="signing"), "", self._check_air_and_sign)
        signing.done.connect(self._close_after_signing)
        signing.refused.connect(self._show_refusal)
        self._update_sign_button()

    def first_focus_widget(self) -> QWidget:
        return self.rows[0].buttons[GOOD] if self.rows else self.no_button

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_height_to_items()

    def _fit_height_to_items(self) -> None:
        """Be as high as all items need: a scrolled area takes wrapped lines for one."""
        self._lines.activate()
        self._inside.setMinimumHeight(self._lines.totalHeightForWidth(self.area.viewport().width()))

    def _update_sign_button(self) -> None:
        self._fit_height_to_items()
        left = sum(not row.is_answered for row in self.rows)
        if left:
            self.yes_button.disable_with_reason(n_("{n} item left", "{n} items left", left))
        else:
            self.yes_button.enable_with_label(
                _("Sign: open") if self._what == inspections.OPENING else _("Sign: closed")
            )

    def _clear_air_errors(self, *_said: object) -> None:
        for field in self.air.values():
            field.set_error("")

    def _check_air_and_sign(self) -> None:
        found: dict[str, int | None] = {}
        for (name, field), allowed in zip(
            self.air.items(), (inspections.TEMPERATURES, inspections.HUMIDITIES), strict=True
        ):
            text = half_width_text(field.value()).strip().replace("−", "-")
            try:
                found[name] = int(text) if text else None
            except ValueError:
                found[name] = allowed.stop
            if found[name] is not None and found[name] not in allowed:
                field.set_error(_("A whole number from {low} to {high}", low=allowed[0], high=allowed[-1]))
                return
        self._signing.sign_opening_or_closing(self._what, [row.item_result() for row in self.rows], **found)

    def _close_after_signing(self, _verb: str, _document: object) -> None:
        self.close_dialog()
        self.done.emit()

    def _show_refusal(self, _verb: str, trouble: QueueDeskError) -> None:
        self.line.show_refusal(error_sentence(trouble))


class BriefingDialog(Dialog):
    """The day's briefing, a point a line. `done` gives its number once somebody says that it is read."""

    done = Signal(int)

    def __init__(self, host: QWidget, look: Look, briefing: ServiceDocument) -> None:
        version = briefing["version"]
        title = _("Today's briefing") if version == 1 else _("Today's briefing, version {n}", n=version)
        at = time_hm(datetime.fromisoformat(briefing["at"]))
        effect = _("Written at {time}. When you confirm, your name and the time are noted.", time=at)
        super().__init__(host, look, title=title, effect=effect)
        self._seq = briefing["briefing"]
        in_english = briefing["points_en"] or [""] * len(briefing["points"])
        for text, text_en in zip(briefing["points"], in_english, strict=False):
            self.body.addWidget(panels.Label(self.look, f"• {name_in_language(text, text_en)}", px=18, wrap=True))
        self.add_answer_buttons(_("Later", context="briefing"), _("I have read it"), self._close_and_emit_read)

    def first_focus_widget(self) -> QWidget:
        return self.yes_button

    def _close_and_emit_read(self) -> None:
        self.close_dialog()
        self.done.emit(self._seq)


def ask_signature(host: QWidget, context: StationContext, signed: Callable[[], None] | None = None) -> None:
    """Let the person here sign the hall open, or closed once it is; then `signed` is called."""
    if what := next_sheet_to_sign(context):
        dialog = SigningDialog(
            host,
            context.look,
            HallOpeningAndClosingSigner(context, host),
            what,
            all_items_of_sheet_to_sign(context, what),
        )
        if signed is not None:
            dialog.done.connect(signed)
        dialog.open_dialog()


def open_or_close_hall_menu_entries(host: QWidget, context: StationContext) -> list[MenuEntry]:
    """Return the menu's line that lets the person here sign the hall open, or closed once it is."""
    what = next_sheet_to_sign(context)
    if not what:
        return []
    word = _("Open the hall …") if what == inspections.OPENING else _("Close the hall …")
    return [MenuEntry(word, partial(ask_signature, host, context), enabled=context.feed.away_since is None)]


class UnreadBriefingMessages(FeatureTalkExtension):
    """Tells of the briefing, shows it and notes who says that it is read."""

    def items(self, who: str) -> Iterator[FeatureMessage]:
        feed = self.context.feed
        one = _unread_briefing(feed.state.briefings.values(), feed.business_date, who)
        if one is not None:
            text = _("Please read today's briefing") if one.version == 1 else _("Today's briefing has changed")
            told = StationMessage(
                "blue", "book", text, presses=(MessageButtonVerbAndWord("briefing", _("Read it")),), key=one.seq
            )
            yield FeatureMessage(told=told, press=self._load_and_show_briefing)

    def _load_and_show_briefing(self) -> None:
        context = self.context
        asked = partial(verbs.last_briefing_document, context.desk, None, context.clock())
        context.tasks.run(asked, self._show_briefing_dialog, partial(self.talking.controller.refused.emit, "briefing"))

    def _show_briefing_dialog(self, document: Document) -> None:
        # once a day, and a station starts sooner

        if document["briefing"] is not None:
            dialog = BriefingDialog(self.talking.host(), self.context.look, document["briefing"])
            dialog.done.connect(self._record_briefing_read)
            self.talking.show_dialog(dialog)

    def _record_briefing_read(self, seq: int) -> None:
        self.talking.controller.run("briefing", verbs.mark_briefing_read, seq)


def _unread_briefing(briefings: Iterable[inspections.Briefing], day: date, staff: str) -> inspections.Briefing | None:
    """Return the date's briefing if `staff` has not read it; its author need not read it."""
    last = inspections.last_briefing_of_date(briefings, day)
    return last if last is not None and last.by != staff and last.receipt_of_person(staff) is None else None
