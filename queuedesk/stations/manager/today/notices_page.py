"""Notices put on the displays: written with a display beside them that shows them, and taken off again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

from msgspec import Struct
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.log.state import HallState
from queuedesk.core.quality.case import case_number_of_help_call
from queuedesk.core.queue.overview import set_up
from queuedesk.core.setup.rows import Setup, field_and_choice_languages
from queuedesk.core.setup.sentences import BilingualSentence
from queuedesk.core.setup.time_of_day import parse_clock_minutes
from queuedesk.core.talk.device import DISPLAY, PLATE
from queuedesk.core.talk.remarks import PushedNotice
from queuedesk.i18n import _, error_sentence, n_, name_in_language, time_hm
from queuedesk.i18n.talk import place_words
from queuedesk.i18n.value_refusals import field_word
from queuedesk.stations.display.station import DisplayPreview
from queuedesk.stations.manager.parts.page import ManagerPage, PageSpec
from queuedesk.stations.talk import help_call_outcome_text, seen_by_text, sender_time_message_text
from queuedesk.stations.widgets import panels
from queuedesk.stations.widgets.buttons import PrimaryButton, SecondaryButton, TextButton
from queuedesk.stations.widgets.questions.dialogs import DropDown, ErrorLine, FormField, ask_and_do_if_confirmed
from queuedesk.stations.window.style import Look

# -- calls for help and messages of today ------------------------------------------------------------------------------

MOST_ROWS = 60
Row = tuple[str, str, str]
"""A line, what became of it, and the token of that."""


class MessageAndHelpLog(QWidget):
    """Messages and calls for help, the newest first. `case_wanted` gives the seq of the call for help of which a
    case is to be made or shown."""

    case_wanted = Signal(int)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._shown: tuple[Row, ...] | None = None
        self._cases: dict[int, str] = {}
        self.case_buttons: dict[int, TextButton] = {}
        self._lines: list[QWidget] = []
        self.title = panels.Label(look, _("Help and messages today"), px=20, bold=True, wrap=True)
        self.empty = panels.Label(
            look, _("Nobody has called for help or written today"), px=16, token="ink2", wrap=True
        )
        self._column = QVBoxLayout(self)
        panels.set_scaled_margins(look, self._column, spacing=6)
        for part in (self.title, panels.DividerLine(look), self.empty):
            self._column.addWidget(part)

    def shown_rows(self) -> tuple[Row, ...]:
        return self._shown or ()

    def refresh(self, state: HallState, setup: Setup, day: date) -> None:
        """Show those of `state` on `day`, and unread ones of earlier dates."""
        found = [
            (call.seq, _help_call_display_parts(setup, state, call.seq))
            for call in state.help_calls.values()
            if call.date == day
        ]
        found += [
            (one.seq, _message_row_texts(setup, state, one.seq))
            for one in state.messages.values()
            if one.date == day or one.is_unread_by_addressee
        ]
        newest = sorted(found, reverse=True)[:MOST_ROWS]
        rows = tuple(row for _seq, row in newest)
        cases = {
            seq: case_number_of_help_call(state.cases.values(), seq) for seq, _row in newest if seq in state.help_calls
        }
        if (rows, cases) == (self._shown, self._cases):
            return
        self._shown, self._cases = rows, cases
        panels.remove_and_delete_widgets(self._lines, self._column)
        self._lines = []
        self.case_buttons = {}
        for seq, (text, became, token) in newest:
            line, second = (
                panels.Label(self._look, text, px=16, bold=True, wrap=True),
                panels.Label(self._look, became, px=15),
            )
            second.set_color_token(token)
            self._lines += [
                line,
                self._line_with_case_button(seq, second) if seq in cases else second,
                panels.DividerLine(self._look),
            ]
        for widget in self._lines:
            self._column.addWidget(widget)
        self.empty.setVisible(not rows)

    def _line_with_case_button(self, seq: int, words: panels.Label) -> QWidget:
        number, both = self._cases[seq], QWidget()
        row = QHBoxLayout(both)
        panels.set_scaled_margins(self._look, row, spacing=12)
        row.addWidget(words, 1)
        said = _("Case {number}", number=number, context="story") if number else _("Open a case")
        button = TextButton(self._look, said, trailing="arrow-right" if number else None, height=44, px=15)
        button.clicked.connect(partial(self.case_wanted.emit, seq))
        row.addWidget(button)
        self.case_buttons[seq] = button
        return both


def _help_call_display_parts(setup: Setup, state: HallState, seq: int) -> Row:
    call = state.help_calls[seq]
    text = _(
        "{time} {place} called for help", time=time_hm(setup.to_hall_time(call.pressed)), place=place_words(call.place)
    )
    why = name_in_language(call.about, call.about_en)
    token = "red" if call.is_unanswered or call.end == "day_end" else "ink2"
    return (f"{text} · {why}" if why else text, help_call_outcome_text(setup, call), token)


def _message_row_texts(setup: Setup, state: HallState, seq: int) -> Row:
    message = state.messages[seq]
    to = _("to {place}", context="message", place=place_words(message.to))
    return (
        sender_time_message_text(setup, message),
        f"{to} · {seen_by_text(setup, message)}",
        "amber" if message.is_unread_by_addressee else "ink2",
    )


# -- the page ----------------------------------------------------------------------------------------------------------

LONGEST = 100
MINUTES = (10, 30, 60, 120)
USUAL_MINUTES = 30
DAY_MINUTES = 24 * 60
FORM_SHARE, LIST_SHARE, LEAST_FORM = 480, 598, 440


class NoticeRow(QWidget):
    """A notice that is on the displays, or will be, with the button that takes it off."""

    def __init__(
        self, look: Look, icon: str, text: str, line: str, *, lit: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._row, said = QBoxLayout(QBoxLayout.Direction.LeftToRight, self), QHBoxLayout()
        panels.set_scaled_margins(look, self._row)
        panels.set_scaled_margins(look, said, spacing=12)
        said.addWidget(panels.IconBadge(look, icon, bare=not lit))
        words = QVBoxLayout()
        panels.set_scaled_margins(look, words, (0, 4, 0, 4), 0)
        words.addWidget(panels.Label(look, text, px=17, bold=True, wrap=True))
        words.addWidget(panels.Label(look, line, px=15, token="ink2", wrap=True))
        said.addLayout(words, 1)
        self._row.addLayout(said, 1)
        self.off_button = TextButton(look, _("Take down"), height=44, px=16)
        self.off_button.ink = "red"
        self.off_button.setAccessibleName(_("Take down: {text}", text=text))
        self._row.addWidget(self.off_button, 0, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        look.changed.connect(self._place_button)
        self._place_button()

    def _place_button(self) -> None:
        """Large letters leave no room for the button beside the words: it stands below."""
        below = self._look.scale.is_text_large
        self._row.setDirection(QBoxLayout.Direction.TopToBottom if below else QBoxLayout.Direction.LeftToRight)


class NoticeDraft(Struct, frozen=True, kw_only=True):
    """A notice as typed. `minutes` None: until closing; no `zone` and no `display`: everywhere; `begins` "": now."""

    text: str
    text_en: str
    minutes: int | None
    zone: str | None
    display: str | None
    begins: str
    spoken: bool


class NoticesPage(ManagerPage):
    """`push_wanted` gives a NoticeDraft; `withdraw_wanted` a seq; `message_wanted` asks for a message to be written,
    `case_wanted` for the case of a call for help, by its seq."""

    push_wanted = Signal(object)
    case_wanted = Signal(int)
    message_wanted = Signal()
    withdraw_wanted = Signal(int)

    def __init__(self, look: Look, preview: DisplayPreview, parent: QWidget | None = None) -> None:
        spec = PageSpec(
            title=lambda: _("Announce", context="page"), line=lambda: _("on the displays now or from a set time")
        )
        super().__init__(look, spec, parent)
        self._shown: tuple[object, ...] | None = None
        self._places: tuple[tuple[object, str], ...] | None = None
        self._sentences: Sequence[BilingualSentence] = ()
        self._displays: list[str] = []
        self._now = ""
        self.ready: QComboBox = DropDown(look).set_minimum_letters()
        self._ready = FormField(look, _("Ready sentence"), edit=self.ready, has_line=False)
        self.text = FormField(look, _("Notice", context="field"))
        self.text_en = FormField(look, _("In English", context="field"))
        self.where: QComboBox = DropDown(look).set_minimum_letters()
        self.long: QComboBox = DropDown(look).set_minimum_letters()
        self._where = FormField(look, _("Where", context="field"), edit=self.where, has_line=False)
        self._long = FormField(look, _("How long", context="field"), edit=self.long, has_line=False)
        self.begins = FormField(look, field_word("begins"))
        self.begins.set_hint(_("a time such as 16:30"))
        self.aloud: QComboBox = DropDown(look).set_minimum_letters()
        self._aloud = FormField(look, _("Voice", context="notice"), edit=self.aloud, has_line=False)
        self.push_button = PrimaryButton(look, "", icon="screen", height=60, px=20)
        self.trouble = ErrorLine(look)
        self.preview = preview
        self.preview.setAccessibleName(_("Preview of a display"))
        self._preview_title = panels.Label(look, _("Preview"), px=20, bold=True)
        self._preview_line = panels.Label(look, px=15, token="ink2", wrap=True)
        self._running_title = panels.Label(look, _("On the displays now and later"), px=20, bold=True, wrap=True)
        self.running: dict[int, NoticeRow] = {}
        self._empty = panels.Label(
            look, _("Only the notices from Set-up, on their dates"), px=16, token="ink2", wrap=True
        )
        self.log = MessageAndHelpLog(look)
        self.message_button = SecondaryButton(look, _("Message", context="talk"), icon="message", height=48, px=17)
        self.hall_acts = (self.push_button, self.message_button)
        self._is_away = False
        self._build_layout()
        for field in (self.text, self.text_en):
            field.edited.connect(partial(self._preview_typed_text, field))
        self.begins.edited.connect(self._label_durations_with_end_time)
        self.begins.edited.connect(self._clear_refusal_text)
        for choice in (self.where, self.long, self.aloud):
            choice.activated.connect(self._clear_refusal_text)
        self.push_button.clicked.connect(self._emit_push_wanted)
        self.ready.activated.connect(self._set_text_to_ready_sentence)
        self.where.currentIndexChanged.connect(self._preview_chosen_display)
        self.message_button.clicked.connect(self.message_wanted)
        self.log.case_wanted.connect(self.case_wanted)
        self.aloud.addItem(_("Only shown"), False)
        self.aloud.addItem(_("Read aloud too"), True)
        for minutes in MINUTES:
            self.long.addItem("", minutes)
        self.long.addItem(_("Until the day ends"), None)
        self.long.setCurrentIndex(self.long.findData(USUAL_MINUTES))
        self._show_character_counts()
        self._label_durations_with_end_time()

    def _build_layout(self) -> None:
        look = self._look
        row = QHBoxLayout()
        panels.set_scaled_margins(look, row, spacing=16)
        self.add_part(row, 1)
        form = self._form = panels.Card(look)
        whole = QVBoxLayout(form)
        panels.set_scaled_margins(look, whole, (22, 14, 22, 18), 8)
        inner = QWidget()
        fields = QVBoxLayout(inner)
        panels.set_scaled_margins(look, fields, (2, 2, 2, 2), 8)
        fields.addWidget(self._ready)
        fields.addWidget(self.text)
        fields.addWidget(self.text_en)
        for pair in ((self._where, self._long), (self.begins, self._aloud)):
            beside = QHBoxLayout()
            panels.set_scaled_margins(look, beside, spacing=16)
            for field, share in zip(pair, (6, 7), strict=True):
                beside.addWidget(field, share, Qt.AlignmentFlag.AlignTop)
            fields.addLayout(beside)
        fields.addStretch(1)
        whole.addWidget(panels.VerticalScrollArea(inner), 1)
        whole.addWidget(self.trouble)
        whole.addWidget(self.push_button)
        row.addWidget(form, FORM_SHARE)
        right = QVBoxLayout()
        panels.set_scaled_margins(look, right, spacing=12)
        head = self._preview_head = QHBoxLayout()
        panels.set_scaled_margins(look, head, spacing=16)
        head.addWidget(self._preview_title)
        head.addWidget(self._preview_line, 1)
        right.addLayout(head)
        right.addWidget(self.preview)
        lists = QWidget()
        column = QVBoxLayout(lists)
        panels.set_scaled_margins(look, column, (0, 4, 8, 0), 12)
        running = self._list = QVBoxLayout()
        panels.set_scaled_margins(look, running, spacing=6)
        for part in (self._running_title, panels.DividerLine(look), self._empty):
            running.addWidget(part)
        column.addLayout(running)
        column.addWidget(self.log)
        column.addStretch(1)
        right.addWidget(panels.VerticalScrollArea(lists, keys=True), 1)
        right.addWidget(self.message_button)
        row.addLayout(right, LIST_SHARE)
        for choice in (self.where, self.long, self.ready, self.aloud):
            panels.FixedSizeKeeper(look, choice, height=48)
        look.changed.connect(self._fit_form_to_text_size)
        self._fit_form_to_text_size()

    def _fit_form_to_text_size(self) -> None:
        """Keep the form wide enough for two choices beside each other. Large letters leave no room for a line beside
        the preview's title: it stands below."""
        self._form.setMinimumWidth(self._look.px(LEAST_FORM))
        below = self._look.scale.is_text_large
        way = QBoxLayout.Direction.TopToBottom if below else QBoxLayout.Direction.LeftToRight
        self._preview_head.setDirection(way)

    # -- what is shown -----------------------------------------------------------------------------------------------

    def refresh(self, state: HallState, now: datetime, day: date) -> None:
        """Show the current and coming notices, the latest first, and the calls and messages of `day`."""
        setup = set_up(state)
        self._aloud.setVisible(setup.voice.spoken)
        self._fill_display_choices(setup, state)
        self._fill_ready_sentence_choices(setup.sentences.announcements)
        self._keep_begin_time_current(time_hm(setup.to_hall_time(now)))
        self.log.refresh(state, setup, day)
        self.preview.tick(now)
        notices = tuple(n for n in reversed(state.pushed) if not n.is_over(now) and not n.emergency)
        said = tuple(
            (n.seq, name_in_language(n.text, n.text_en), notice_time_and_place_text(setup, n), n.is_shown_at(now))
            for n in notices
        )
        if said == self._shown:
            return
        self._shown = said
        panels.remove_and_delete_widgets(self.running.values(), self._list)
        self.running = {}
        for seq, text, line, is_on in said:
            row = NoticeRow(self._look, "screen" if is_on else "clock", text, line, lit=is_on)
            row.off_button.clicked.connect(partial(self._ask_notice_removal, seq, text))
            row.off_button.set_disabled_while_away(self._is_away)
            self._list.addWidget(row)
            self.running[seq] = row
        self._empty.setVisible(not said)

    def _ask_notice_removal(self, seq: int, text: str) -> None:
        ask_and_do_if_confirmed(
            self.host_widget,
            self._look,
            partial(self.withdraw_wanted.emit, seq),
            title=_("Remove this notice from the displays?"),
            effect=text,
            safe=_("Leave it there"),
            act=_("Take it down"),
        )

    def set_hall_away(self, away: bool) -> None:
        self._is_away = away
        for key in (*(row.off_button for row in self.running.values()), *self.log.case_buttons.values()):
            key.set_disabled_while_away(away)

    def stop(self) -> None:
        self.preview.stop()

    def _fill_display_choices(self, setup: Setup, state: HallState) -> None:
        """Offer all displays, each zone, each working display; keep the choice, or it would go everywhere."""
        self.text_en.setVisible(len(field_and_choice_languages(setup)) > 1)
        chosen = self.where.currentData()
        zones = {spec.zone: name_in_language(spec.zone, spec.zone_en) for spec in setup.windows.values() if spec.zone}
        showing = sorted(one.station for one in state.devices.values() if one.device in (DISPLAY, PLATE) and one.is_up)
        n = len(showing)
        everywhere = _("All {n} displays", n=n) if n > 1 else _("All displays")
        wanted: list[tuple[object, str]] = [(None, everywhere)]
        wanted += [(("zone", zone), _("Displays of {zone}", zone=name)) for zone, name in zones.items()]
        wanted += [(("display", name), place_words(name)) for name in showing if n > 1]
        places = [place for place, _words in wanted]
        if chosen is not None and chosen[0] == "display" and chosen not in places:
            places.append(chosen)
            wanted.append((chosen, place_words(chosen[1])))
        if tuple(wanted) == self._places:
            return
        self._places, self._displays = tuple(wanted), showing
        self.where.blockSignals(True)
        self.where.clear()
        for place, words in wanted:
            self.where.addItem(words, place)
        self.where.setCurrentIndex(places.index(chosen) if chosen in places else 0)
        self.where.blockSignals(False)
        self._preview_chosen_display()

    def _preview_chosen_display(self) -> None:
        """Show the display that was chosen, and from where its numbers can be read."""
        kind, name = self.where.currentData() or ("", "")
        self.preview.show_display_of_zone(name if kind == "zone" else "", name if kind == "display" else "")
        reach = _("65-inch screen, readable from {distance} m", distance=f"{self.preview.readable_m():.0f}")
        self._preview_line.setText(reach)
        self._update_push_button()

    def _keep_begin_time_current(self, now: str) -> None:
        """Keep the time at which a notice begins at the current one, unless somebody typed another."""
        if now == self._now:
            return
        was_now, self._now = self.begins.value().strip() in ("", self._now), now
        if was_now and not self.begins.edit.hasFocus():
            self.begins.set_value(now)
        self._label_durations_with_end_time()

    def _typed_begin_time(self) -> str:
        typed = self.begins.value().strip()
        return "" if typed == self._now else typed

    def _label_durations_with_end_time(self) -> None:
        """Say until when each choice of minutes goes."""
        try:
            start = parse_clock_minutes((self.begins.value().strip() or self._now).replace("：", ":"))
        except ValueError:
            start = -1
        for at, minutes in enumerate(MINUTES):
            n, end = minutes, (start + minutes) % DAY_MINUTES
            text = _("{n} min", context="how long", n=n)
            if start >= 0:
                text = _("{n} min, to {time}", n=n, time=f"{end // 60}:{end % 60:02}")
            self.long.setItemText(at, text)
        self._update_push_button()

    def _fill_ready_sentence_choices(self, sentences: Sequence[BilingualSentence]) -> None:
        if sentences == self._sentences and self.ready.count():
            return
        self._sentences = sentences
        self.ready.clear()
        self.ready.addItem(_("Choose, or write below"))
        typed = self.text.value(), self.text_en.value()
        for at, one in enumerate(sentences, 1):
            self.ready.addItem(name_in_language(one.text, one.text_en))
            if (one.text, one.text_en) == typed:
                self.ready.setCurrentIndex(at)

    def _set_text_to_ready_sentence(self, at: int) -> None:
        if 1 <= at <= len(self._sentences):
            one = self._sentences[at - 1]
            self.text.set_value(one.text)
            self.text_en.set_value(one.text_en)
            self._preview_and_check_texts(name_in_language(one.text, one.text_en))

    def _preview_typed_text(self, field: FormField, text: str) -> None:
        """Show in the preview what is written just now, in whichever language."""
        self._preview_and_check_texts(text.strip() or self.text.value().strip())

    def _preview_and_check_texts(self, shown: str) -> None:
        self.preview.show_draft(shown)
        for field in (self.text, self.text_en):
            text = field.value().strip()
            if len(text) > LONGEST:
                field.set_error(_("{n} characters; at most {most} fit", n=len(text), most=LONGEST))
            elif text and self.preview.is_notice_cut(text):
                field.set_error(_("The end does not fit on the display; please shorten it."))
            else:
                field.set_error("")
        self._show_character_counts()
        self._clear_refusal_text()
        self._update_push_button()

    def _clear_refusal_text(self) -> None:
        """What was refused is no longer what stands there."""
        self.trouble.show_message("", refused=False)

    def _show_character_counts(self) -> None:
        text, text_en = self.text.value().strip(), self.text_en.value().strip()
        counted = [_("{n} of {most} characters", n=len(each), most=LONGEST) for each in (text, text_en)]
        self.text.set_hint(counted[0] if text else _("as short as possible: people read it while walking"))
        self.text_en.set_hint(counted[1] if text_en else _("optional"))

    def _update_push_button(self) -> None:
        """Say on the button what it does now, or what is missing."""
        texts = (self.text.value().strip(), self.text_en.value().strip())
        kind, _name = self.where.currentData() or ("", "")
        n = {"": len(self._displays), "display": 1}.get(kind, 0)
        if not texts[0]:
            self.push_button.disable_with_reason(_("Write the notice first"))
        elif any(len(text) > LONGEST for text in texts):
            self.push_button.disable_with_reason(_("Make it shorter first"))
        elif later := self._typed_begin_time():
            self.push_button.enable_with_label(_("Show it at {time}", time=later))
        elif n:
            self.push_button.enable_with_label(n_("Show on {n} display now", "Show on {n} displays now", n))
        else:
            self.push_button.enable_with_label(_("Show on the displays now"))

    def _emit_push_wanted(self) -> None:
        kind, name = self.where.currentData() or ("", None)
        self.push_wanted.emit(
            NoticeDraft(
                text=self.text.value().strip(),
                text_en=self.text_en.value().strip(),
                minutes=self.long.currentData(),
                zone=name if kind == "zone" else None,
                display=name if kind == "display" else None,
                begins=self._typed_begin_time(),
                spoken=bool(self.aloud.currentData()),
            )
        )

    def reset_page(self) -> None:
        """Empty the form: its notice is on the displays."""
        for field in (self.text, self.text_en):
            field.set_value("")
        self.begins.set_value(self._now)
        for choice in (self.ready, self.aloud):
            choice.setCurrentIndex(0)
        self._preview_and_check_texts("")
        self._label_durations_with_end_time()
        self.text.edit.setFocus()

    def show_trouble(self, trouble: QueueDeskError) -> None:
        """Show beside the button why the notice was refused."""
        self.trouble.show_message(error_sentence(trouble), refused=True)

    def set_busy(self, busy: bool) -> None:
        self.push_button.set_busy(busy)

    def state_to_restore(self) -> tuple[Any, ...]:
        chosen = self.where.currentData(), self.long.currentData(), self.aloud.currentData()
        return (*chosen, self.text.value(), self.text_en.value(), self._typed_begin_time())

    def restore_state(self, left: tuple[Any, ...]) -> None:
        where, minutes, aloud, text, text_en, later = left
        if where is not None:
            self.where.addItem("", where)  # with its words as soon as the hall is shown
        self.long.setCurrentIndex(self.long.findData(minutes))
        self.aloud.setCurrentIndex(self.aloud.findData(aloud))
        self.text.set_value(text)
        self.text_en.set_value(text_en)
        self.begins.set_value(later)
        self._preview_and_check_texts(name_in_language(text, text_en))
        self._label_durations_with_end_time()


def notice_time_and_place_text(setup: Setup, notice: PushedNotice) -> str:
    """Return when a notice is shown, where if not everywhere, and whether it is read aloud."""
    zone_en = next((spec.zone_en for spec in setup.windows.values() if spec.zone == notice.zone), "")
    where = _("Displays of {zone}", zone=name_in_language(notice.zone, zone_en)) if notice.zone else ""
    where = place_words(notice.display) if notice.display else where
    since = time_hm(setup.to_hall_time(notice.begins or notice.since))
    if notice.until is None:
        when = _("from {since} until the day ends", since=since)
    else:
        when = _("{since} to {until}", since=since, until=time_hm(setup.to_hall_time(notice.until)))
    is_read = notice.spoken and setup.voice.spoken
    return " · ".join(filter(None, (where, when, _("read aloud", context="notice") if is_read else "")))
