"""The forms of the hall's voice, with a call to read and hear, and of the ticket, with its picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from msgspec import Struct
from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from queuedesk.core.errors import QueueDeskError, RuleError
from queuedesk.core.features import Wording
from queuedesk.core.setup import hall as hall_setup
from queuedesk.core.setup.field_kinds import BASICS, fields_of_row_class, read_row
from queuedesk.core.setup.rows import Setup, field_and_choice_languages
from queuedesk.core.setup.time_of_day import clock_text, parse_clock_minutes
from queuedesk.i18n import _, error_sentence, list_text, n_, wording_in_current_language
from queuedesk.i18n.talk import call_spoken_by_word, milliseconds_as_seconds_text
from queuedesk.stations.manager.setup import fields_form
from queuedesk.stations.manager.setup.hours_text import clock_without_leading_zero
from queuedesk.stations.manager.setup_frame.draft import SetUpController, SetUpRowDraft
from queuedesk.stations.widgets import panels
from queuedesk.stations.widgets.buttons import IconButton, SecondaryButton, TextButton
from queuedesk.stations.widgets.lists.tiles import TickBox, ToggleChoice
from queuedesk.stations.widgets.paint import FollowsLook
from queuedesk.stations.widgets.questions.dialogs import DropDown, ErrorLine
from queuedesk.stations.widgets.questions.files import ask_file
from queuedesk.stations.window.context import HallPaperService, VoiceTester
from queuedesk.stations.window.frame import language_own_name
from queuedesk.stations.window.style import Look

LONGEST_NUMBER = 8
A_NUMBER = "017"


class TrialCall(Struct, frozen=True):
    """The call to try; `minute` of the hall's day, None for now."""

    ticket: str
    window: str
    recall: bool
    minute: int | None


class _LanguageRowLabels(Struct, frozen=True):
    language: panels.Label
    shown: panels.Label
    read: panels.Label


class VoicePreview(QObject):
    """Fills `card`. `changed`: another call is to be tried; `listen_wanted`, `hush_wanted`: start or stop its sound."""

    changed = Signal()
    listen_wanted = Signal()
    hush_wanted = Signal()

    def __init__(self, look: Look, card: QWidget) -> None:
        super().__init__(card)
        self._setup: Setup | None = None
        self._playing = False
        self.title = panels.Label(look, _("Try a call"), px=17, bold=True)
        self.number = QLineEdit()
        self.number.setAccessibleName(_("Number", context="placeholder"))
        self.number.setMaxLength(LONGEST_NUMBER)
        self.window, self.time = DropDown(look).set_minimum_letters(8), DropDown(look).set_minimum_letters(8)
        self.window.setAccessibleName(_("Window", context="placeholder"))
        self.time.setAccessibleName(_("Time of day", context="voice"))
        self.recall = TickBox(look, _("as a recall"))
        self._places = [_LanguageRowLabels(*_heading_text_and_note_labels(look)) for _lang in hall_setup.LANGUAGES]
        self.said: dict[str, _LanguageRowLabels] = {}
        self.button = SecondaryButton(look, "", icon="speaker-on", height=48)
        self.note = ErrorLine(look)
        column = QVBoxLayout(card)
        panels.set_scaled_margins(look, column, (18, 14, 18, 16), 8)
        column.addWidget(self.title)
        line = QHBoxLayout()
        panels.set_scaled_margins(look, line, spacing=8)
        line.addWidget(self.number, 2)
        line.addWidget(self.window, 3)
        column.addLayout(line)
        column.addWidget(self.time)
        column.addWidget(self.recall)
        for words in self._places:
            for label in (words.language, words.shown, words.read):
                column.addWidget(label)
        column.addWidget(self.button)
        column.addWidget(self.note)
        column.addStretch(1)
        self._look = look
        look.changed.connect(self._set_field_fonts)
        self._set_field_fonts()
        self.number.textEdited.connect(lambda _text: self.changed.emit())
        self.window.activated.connect(lambda _at: self.changed.emit())
        self.time.activated.connect(lambda _at: self.changed.emit())
        self.recall.clicked.connect(lambda _on: self.changed.emit())
        self.button.clicked.connect(self._emit_listen_or_hush)
        self.set_playing(False)

    def _set_field_fonts(self) -> None:
        for field in (self.number, self.window, self.time):
            field.setFont(self._look.font(17))

    def show_hall(self, setup: Setup, spec: hall_setup.VoiceSpec) -> None:
        self._setup = setup
        self.number.setPlaceholderText(self._sample_ticket_number())
        windows = {code: _("Window {window}", window=code) for code in setup.windows}
        _set_choices_keeping_chosen(self.window, windows)
        times = {str(row.start): _("at {time}", time=clock_text(row.start)) for row in spec.hours}
        _set_choices_keeping_chosen(self.time, {"": _("as now"), **times})
        self.time.setVisible(bool(times))

    def typed_trial_call(self) -> TrialCall:
        minute = str(self.time.currentData() or "")
        typed = self.number.text().strip().upper() or self._sample_ticket_number()
        window = str(self.window.currentData() or "")
        return TrialCall(typed, window, self.recall.isChecked(), int(minute) if minute else None)

    def show_texts(self, shown: Mapping[str, str], read: Mapping[str, str]) -> None:
        self.said = dict(zip(shown, self._places, strict=False))
        for lang, words in self.said.items():
            words.language.setText(language_own_name(lang))
            words.shown.setText(shown[lang])
            words.read.setText(_("read: {text}", text=read[lang]))
        for at, words in enumerate(self._places):
            for label in (words.language, words.shown, words.read):
                label.setVisible(at < len(self.said))

    def set_playing(self, playing: bool) -> None:
        self._playing = playing
        self.button.set_icon("close" if playing else "speaker-on")
        self.button.setText(_("Stop", context="sound") if playing else _("Listen"))

    def show_message(self, text: str, *, wrong: bool) -> None:
        self.note.show_message(text, refused=wrong)
        self.note.setVisible(bool(text))

    def _emit_listen_or_hush(self) -> None:
        (self.hush_wanted if self._playing else self.listen_wanted).emit()

    def _sample_ticket_number(self) -> str:
        services = self._setup.services.values() if self._setup is not None else ()
        return next((service.prefix for service in services), "A") + A_NUMBER


def _heading_text_and_note_labels(look: Look) -> tuple[panels.Label, panels.Label, panels.Label]:
    return (
        panels.Label(look, px=15, bold=True),
        panels.Label(look, px=17, wrap=True),
        panels.Label(look, px=15, token="ink2", wrap=True),
    )


def _set_choices_keeping_chosen(choice: DropDown, words: Mapping[str, str]) -> None:
    """Offer these, keeping what is chosen where it is still there."""
    known = [(str(choice.itemData(at)), choice.itemText(at)) for at in range(choice.count())]
    if known == list(words.items()):
        return
    chosen = choice.currentData()
    choice.clear()
    for key, word in words.items():
        choice.addItem(word, key)
    choice.setCurrentIndex(max(0, choice.findData(chosen)))


# -- words -------------------------------------------------------------------------------------------------------------

ORDERS = ("", "zh_CN,en", "en,zh_CN", *hall_setup.LANGUAGES)
"""The languages of a voice in their order; "" leaves them to the names of the hall."""


def language_order_choices() -> dict[str, str]:
    words = {order: list_text([language_own_name(lang) for lang in order.split(",")]) for order in ORDERS if order}
    return {"": _("As the hall's names", context="languages"), **words}


def placeholder_word(name: str) -> str:
    return {
        "ticket": _("Number", context="placeholder"),
        "window": _("Window", context="placeholder"),
        "zone": _("Zone", context="placeholder"),
        "hall": _("Hall's name", context="placeholder"),
    }[name]


def voice_trial_result(heard: Mapping[str, Any]) -> tuple[str, bool]:
    """Return the result of a trial in a line (engine, length, unspoken languages) and whether something is wrong."""
    wanted, links = heard["texts"], heard["links"]
    if not links:
        return _("Nothing on this PC can speak."), True
    if heard["muted"]:
        return _("At this time of day the volume is 0: nothing is heard."), True
    if not heard["played"]:
        return _("It could not be played: this PC has no sound."), True
    said = " · ".join(
        (
            list_text(list(dict.fromkeys(map(call_spoken_by_word, links.values())))),
            milliseconds_as_seconds_text(heard["sound_ms"]),
        )
    )
    missing = [language_own_name(lang) for lang in wanted if lang not in links]
    if missing:
        return _("{said}. Not spoken here: {languages}", said=said, languages=list_text(missing)), True
    return said, False


# -- speed and volume by time of day -----------------------------------------------------------------------------------

STEP_PCT = 10
TIME_PX = 110
Row = Mapping[str, Any]


class VoiceHoursRow(QWidget):
    edited = Signal()
    removed = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.start = QLineEdit()
        self.start.setAccessibleName(_("From", context="field"))
        self.start.setPlaceholderText("8:00")
        self.speed, self.volume = DropDown(look).set_minimum_letters(5), DropDown(look).set_minimum_letters(5)
        self.speed.setAccessibleName(_("Speed", context="field"))
        self.volume.setAccessibleName(_("Volume", context="field"))
        self.remove_button = IconButton(look, "remove", "")
        self.remove_button.setAccessibleName(_("Remove this time of day"))
        self.remove_button.setToolTip(_("Remove this time of day"))
        panels.FixedSizeKeeper(look, self.start, width=TIME_PX)
        line = QHBoxLayout(self)
        panels.set_scaled_margins(look, line, spacing=12)
        line.addWidget(self.start)
        line.addWidget(self.speed, 1)
        line.addWidget(self.volume, 1)
        line.addWidget(self.remove_button)
        for pct in range(hall_setup.SPEEDS_PCT[1], hall_setup.SPEEDS_PCT[0] - 1, -STEP_PCT):
            self.speed.addItem(_("speed {n} %", n=pct), pct)
        for pct in range(hall_setup.VOLUMES_PCT[1], hall_setup.VOLUMES_PCT[0] - 1, -STEP_PCT):
            self.volume.addItem(_("volume {n} %", n=pct), pct)
        for choice in (self.speed, self.volume):
            choice.activated.connect(lambda _at: self.edited.emit())
        self.start.textEdited.connect(lambda _text: self.edited.emit())
        self.remove_button.clicked.connect(self.removed)

    def show_row(self, row: Row) -> None:
        """Show a row of the set-up; a time in which somebody is typing stays."""
        if not (self.start.hasFocus() and self.start.isModified()):
            self.start.setText(clock_without_leading_zero(str(row.get("from") or "")))
        _select_percentage(self.speed, int(row.get("speed", hall_setup.USUAL_PCT)))
        _select_percentage(self.volume, int(row.get("volume", hall_setup.USUAL_PCT)))

    def typed_row(self) -> Row:
        return {
            "from": self.start.text().replace("：", ":").strip(),
            "speed": self.speed.currentData(),
            "volume": self.volume.currentData(),
        }


class VoiceHoursRows(QWidget):
    """`edited`: a row was changed, added or removed; `read` gives the rows or refuses a time. `added`: a new row."""

    edited = Signal()
    added = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._may_change = True
        self.rows: list[VoiceHoursRow] = []
        self.title = panels.Label(
            look,
            wording_in_current_language(fields_of_row_class(hall_setup.VoiceSpec)["hours"].title),
            px=20,
            bold=True,
        )
        self.line = ErrorLine(look)
        self.add_button = SecondaryButton(look, _("Add a time of day"), icon="plus", height=44)
        self.add_button.clicked.connect(self._add_hours_row)
        look.changed.connect(self._set_start_field_fonts)
        self._column = QVBoxLayout(self)
        panels.set_scaled_margins(look, self._column, spacing=8)
        self._column.addWidget(self.title)
        self._column.addWidget(self.line)
        foot = QHBoxLayout()
        foot.addWidget(self.add_button)
        foot.addStretch(1)
        self._column.addLayout(foot)

    def show_rows(self, rows: Sequence[Row], *, may_change: bool) -> None:
        """Show the rows of a draft; those on the screen keep their places."""
        self._may_change = may_change
        panels.resize_row_list(self.rows, len(rows), self._insert_hours_row, self._column)
        for widget, row in zip(self.rows, rows, strict=True):
            widget.show_row(row)
            widget.start.setReadOnly(not may_change)
            fields_form.set_control_changeable(widget.speed, may_change)
            fields_form.set_control_changeable(widget.volume, may_change)
            widget.remove_button.setVisible(may_change)
        self.add_button.setVisible(may_change and len(rows) < hall_setup.MOST_HOURS)

    def show_error_or_hint(self, error: str) -> None:
        """Show what is wrong with a row, or else what the rows are for."""
        hint = (
            _("Empty: the same speed and volume all day.")
            if not self.rows
            else _("The last one applies until the first.")
        )
        self.line.show_message(error or hint, refused=bool(error))

    def clear_modified_flags(self) -> None:
        for row in self.rows:
            row.start.setModified(False)

    def read(self) -> list[Row]:
        """Return the current rows. Raises RuleError "bad_value" for anything but a time of day."""
        rows = [row.typed_row() for row in self.rows]
        for row in rows:
            try:
                parse_clock_minutes(row["from"])
            except ValueError:
                raise RuleError("bad_value", field="voice.hours", value=row["from"], why="not_a_time") from None
        return rows

    def _set_start_field_fonts(self) -> None:
        for row in self.rows:
            row.start.setFont(self._look.font(17))

    def _insert_hours_row(self) -> VoiceHoursRow:
        row = VoiceHoursRow(self._look)
        row.start.setFont(self._look.font(17))
        row.edited.connect(self.edited)
        row.removed.connect(partial(self._remove_hours_row, row))
        self._column.insertWidget(1 + len(self.rows), row)
        row.show()
        return row

    def _add_hours_row(self) -> None:
        rows = [row.typed_row() for row in self.rows]
        self.show_rows(
            [*rows, {"from": _next_free_start_time([row["from"] for row in rows])}], may_change=self._may_change
        )
        self.rows[-1].start.setFocus()
        self.edited.emit()
        self.added.emit()

    def _remove_hours_row(self, row: VoiceHoursRow) -> None:
        left = [one.typed_row() for one in self.rows if one is not row]
        self.clear_modified_flags()
        self.show_rows(left, may_change=self._may_change)
        self.edited.emit()


def _select_percentage(choice: DropDown, pct: int) -> None:
    """Show a figure; one that is no step of the list comes into it, in its order."""
    at = choice.findData(pct)
    if at < 0:
        at = next((n for n in range(choice.count()) if choice.itemData(n) < pct), choice.count())
        said = choice.itemText(0).replace(str(choice.itemData(0)), str(pct))
        choice.insertItem(at, said, pct)
    choice.setCurrentIndex(at)


def _next_free_start_time(taken: Sequence[str]) -> str:
    """Return a time that no row has: the opening of a usual day first, then its parts."""
    known = {text.zfill(5) for text in taken}
    usual = ("08:00", "12:00", "14:00", "18:00", *(f"{hour:02}:00" for hour in range(24)))
    return next(text for text in usual if text not in known)


TEMPLATES = tuple(f"{part}.{lang}" for lang in hall_setup.LANGUAGES for part in ("call", "recall"))


class VoiceForm(fields_form.PreviewForm):
    """The voice's settings. `sampled`: the call to try or its words have changed; `left`: the form is hidden."""

    sampled = Signal()
    left = Signal()
    lead = 1

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, hall_setup.VoiceSpec, parent)
        self.setup: Setup | None = None
        self.spec = hall_setup.VoiceSpec()
        self._typed_in = TEMPLATES[0]
        self.listening = VoicePreview(look, self.preview)
        self.spoken = self.add_tick_box("spoken")
        self.orders = self.add_choices(
            "languages", fields_form.one_list_of_several_choices(lambda _setup: language_order_choices())
        )
        self.add_heading(_("Tones and repeats"))
        self.times = self.add_choices(
            "times",
            fields_form.single_code_field_choices(
                lambda _setup: {str(n): n_("Once", "{n} times", n) for n in range(1, hall_setup.MOST_TIMES + 1)}, int
            ),
        )
        self.chime = self.add_tick_box("chime")
        self.hours = VoiceHoursRows(look)
        self.column.addSpacing(12)
        self.column.addWidget(self.hours)
        self.add_heading(_("What a call says"))
        self._words = panels.Label(
            look, _("An empty field says the words in grey. Insert at the cursor:"), px=15, token="ink2", wrap=True
        )
        self.column.addWidget(self._words)
        self.placeholders = {
            name: SecondaryButton(look, placeholder_word(name), height=40, px=15) for name in hall_setup.PLACEHOLDERS
        }
        row = QHBoxLayout()
        panels.set_scaled_margins(look, row, spacing=8)
        for name, button in self.placeholders.items():
            row.addWidget(button)
            button.clicked.connect(partial(self._insert_placeholder, name))
        row.addStretch(1)
        self.column.addLayout(row)
        for key in TEMPLATES:
            self.add_row(key)
            self.fields[key].edit.installEventFilter(self)
        self.yao = self.add_tick_box("yao")
        self.column.addStretch(1)
        self.hours.edited.connect(self._emit_draft_with_typed_hours)
        self.hours.added.connect(lambda: QTimer.singleShot(0, self, self._scroll_to_add_button))
        self.listening.changed.connect(self.sampled)

    # -- what is shown -----------------------------------------------------------------------------------------------

    def show_draft(self, setup: Setup, draft: SetUpRowDraft, problems: Mapping[str, str], *, may_change: bool) -> None:
        self.setup = setup
        super().show_draft(setup, draft, problems, may_change=may_change)
        self.orders.set_group_visible(len(field_and_choice_languages(setup)) > 1)
        wrong = next((text for key, text in problems.items() if key.split(".")[0] == "hours"), "")
        self.hours.show_error_or_hint(wrong)
        for button in self.placeholders.values():
            button.setVisible(may_change)
        self._words.setVisible(may_change)
        if not problems:
            self.spec = read_row(hall_setup.VoiceSpec, draft.row)
        self.listening.show_hall(setup, self.spec)
        self.sampled.emit()
        self.arrange()

    def show_row(self, setup: Setup, draft: SetUpRowDraft) -> None:
        super().show_row(setup, draft)
        used = field_and_choice_languages(setup)
        spoken = [lang for lang in draft.row.get("languages") or used if lang in used] or used
        for key in TEMPLATES:
            self.fields[key].setVisible(key.rpartition(".")[2] in spoken)
        self.yao.setVisible("zh_CN" in spoken)
        if "hours" not in draft.unread:
            self.hours.show_rows(draft.row.get("hours") or [], may_change=self.may_change)

    def show_default_words(self, part: str, texts: Mapping[str, str]) -> None:
        """Show in grey, by language, the default words of a call or recall."""
        for lang in hall_setup.LANGUAGES:
            edit = self.fields[f"{part}.{lang}"].edit
            if isinstance(edit, QLineEdit):
                edit.setPlaceholderText(texts.get(lang, ""))

    def clear_modified_flags(self) -> None:
        super().clear_modified_flags()
        self.hours.clear_modified_flags()

    # -- what is typed and pressed -----------------------------------------------------------------------------------

    def _emit_draft_with_typed_hours(self) -> None:
        if self.draft is not None:
            self.changed.emit(self.draft.read("hours", "", lambda _text: {"hours": self.hours.read()}))

    def _scroll_to_add_button(self) -> None:
        """Bring the row that was just added into sight, once it has its place."""
        self.ensureWidgetVisible(self.hours.add_button)

    def _insert_placeholder(self, name: str) -> None:
        """Put a placeholder where somebody was typing."""
        key = self._typed_in if self.fields[self._typed_in].isVisible() else self._first_visible_template()
        edit = self.fields[key].edit
        if self.draft is not None and self.may_change and isinstance(edit, QLineEdit):
            edit.setFocus()
            if not edit.text() and name != "ticket":
                edit.setText("{ticket}")
            edit.insert(f"{{{name}}}")
            edit.setModified(True)
            self.emit_edited_draft(key, edit.text())

    def _first_visible_template(self) -> str:
        return next((key for key in TEMPLATES if self.fields[key].isVisible()), TEMPLATES[0])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn:
            self._typed_in = next((key for key in TEMPLATES if self.fields[key].edit is watched), self._typed_in)
        return super().eventFilter(watched, event)

    def hideEvent(self, event: QHideEvent) -> None:
        self.left.emit()
        self.listening.show_message("", wrong=False)
        super().hideEvent(event)


# -- what the form asks for --------------------------------------------------------------------------------------------


class VoiceTrial(QObject):
    """Fills the form's preview; if nothing can speak there is none."""

    def __init__(self, form: VoiceForm, controller: SetUpController) -> None:
        super().__init__(form)
        self._form, self._controller = form, controller
        preview = form.listening
        preview.button.setVisible(self._voice_tester is not None)
        form.sampled.connect(self._show_trial_call_texts)
        form.left.connect(self._stop_trial_sound)
        preview.hush_wanted.connect(self._stop_trial_sound)
        preview.listen_wanted.connect(self._start_playing_sample)

    @property
    def _voice_tester(self) -> VoiceTester | None:
        return self._controller.context.services.voice_trials

    def _show_trial_call_texts(self) -> None:
        form, setup, trials = self._form, self._form.setup, self._voice_tester
        if setup is None or trials is None:
            return
        sample, texts = form.listening.typed_trial_call(), trials.trial_call_texts
        found = texts(setup, form.spec, sample.ticket, sample.window, recall=sample.recall)
        form.listening.show_texts(found["texts"], found["spoken"])
        for part, call in (("call", {}), ("recall", form.spec.call)):
            # A recall without words of its own has those of the call.
            usual = hall_setup.VoiceSpec(languages=hall_setup.LANGUAGES, call=call)
            form.show_default_words(part, texts(setup, usual, sample.ticket, sample.window)["texts"])

    def _start_playing_sample(self) -> None:
        form, setup, context, trials = self._form, self._form.setup, self._controller.context, self._voice_tester
        if setup is None or trials is None:
            return
        sample = form.listening.typed_trial_call()
        now = setup.to_hall_time(context.clock())
        minute = sample.minute if sample.minute is not None else now.hour * 60 + now.minute
        hear = partial(
            trials.play_trial_call, setup, form.spec, sample.ticket, sample.window, minute, recall=sample.recall
        )
        form.listening.set_playing(True)
        form.listening.show_message("", wrong=False)
        context.tasks.run_in_long_work_lane(hear, self._show_playing_result, self._show_playing_trouble, may_drop=True)

    def _show_playing_result(self, heard: Mapping[str, Any]) -> None:
        self._form.listening.set_playing(False)
        if not heard.get("hushed"):
            text, wrong = voice_trial_result(heard)
            self._form.listening.show_message(text, wrong=wrong)

    def _show_playing_trouble(self, trouble: QueueDeskError) -> None:
        self._form.listening.set_playing(False)
        self._form.listening.show_message(error_sentence(trouble), wrong=True)

    def _stop_trial_sound(self) -> None:
        if self._voice_tester is not None:
            self._voice_tester.stop_playing()


# -- the sample --------------------------------------------------------------------------------------------------------

ROLLS = {80: 576, 58: 384}
"""Dots of the head by the width of the roll in millimetres."""
LEAST_PX, SMALL_PX = 260, 150
_NO_LIMIT = 16_777_215  # Qt's own
_EDGE_PX = 10


class SlipPicture(FollowsLook, QWidget):
    """A slip in its true proportion, drawn narrower for a narrow roll."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.follow_look(look)
        self._image: QImage | None = None
        self._roll = 80
        self._most = 0
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_image(self, image: QImage, roll: int) -> None:
        """Show a slip for a roll of so many millimetres."""
        self._image, self._roll = image, roll
        self.updateGeometry()
        self.update()

    def set_max_picture_width(self, most: int) -> None:
        """Draw at most so many px wide; 0 for as wide as there is room."""
        if most != self._most:
            self._most = most
            self.updateGeometry()
            self.update()

    def image(self) -> QImage | None:
        return self._image

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        if self._image is None:
            return self.look.px(LEAST_PX)
        return round(self._image.height() * self._px_per_dot(width)) + 2 * self.look.px(_EDGE_PX)

    def sizeHint(self) -> QSize:
        width = max(self.width(), self.look.px(200))
        return QSize(width, self.heightForWidth(width))

    def _px_per_dot(self, width: int) -> float:
        """Return px of the screen for one dot, the paper of 80 mm as wide as there is room."""
        room = width - 2 * self.look.px(_EDGE_PX)
        room = min(room, self._most) if self._most else room
        return room * self._roll / 80 / ROLLS[self._roll]

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._image is None:
            return
        scale, edge = self._px_per_dot(self.width()), self.look.px(_EDGE_PX)
        wide, high = self._image.width() * scale, self._image.height() * scale
        paper = QRectF((self.width() - wide) / 2, edge, wide, high)
        painter = QPainter(self)
        ratio = self.devicePixelRatioF()
        # Shrunk once with all its dots: a painter would leave out lines of one dot.
        shrunk = self._image.convertToFormat(QImage.Format.Format_Grayscale8).scaled(
            round(wide * ratio),
            round(high * ratio),
            Qt.AspectRatioMode.IgnoreAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        painter.drawImage(paper, shrunk)
        painter.setPen(self.look.color("line"))
        painter.drawRect(paper)
        painter.end()


class PrintedTicketPreview(QWidget):
    """The ticket's picture, the choice of the roll and the print button; `rolled`: another width was chosen."""

    rolled = Signal()
    print_wanted = Signal()

    def __init__(self, look: Look, card: QWidget) -> None:
        super().__init__(card)
        self._look, self.roll = look, 80
        self.title = panels.Label(look, _("As printed"), px=17, bold=True, elide=False)
        self.picture = SlipPicture(look)
        self.picture.setAccessibleName(_("Sample ticket"))
        self.area = panels.VerticalScrollArea(self.picture, keys=True)
        self.rolls = {mm: ToggleChoice(look, f"{mm} mm", height=40, px=15) for mm in ROLLS}
        for mm, choice in self.rolls.items():
            choice.setObjectName(str(mm))
            choice.setAccessibleName(_("Paper of {mm} mm", mm=mm))
            choice.setChecked(mm == self.roll)
            choice.clicked.connect(self._choose_pressed_roll)
        self.button = SecondaryButton(look, _("Print a sample"), icon="print", height=48)
        self.button.clicked.connect(self.print_wanted)
        self.note = ErrorLine(look)
        self.note.hide()
        head = QHBoxLayout()
        panels.set_scaled_margins(look, head, spacing=8)
        head.addWidget(self.title, 1)
        for choice in self.rolls.values():
            head.addWidget(choice)
        column = QVBoxLayout(card)
        panels.set_scaled_margins(look, column, (14, 12, 14, 14), 8)
        column.addLayout(head)
        column.addWidget(self.area, 1)
        column.addWidget(self.button)
        column.addWidget(self.note)

    def set_height_compact_or_full(self, small: bool) -> None:
        """Leave room for the fields below it, or use all that there is."""
        self.picture.set_max_picture_width(self._look.px(SMALL_PX) if small else 0)
        self.area.setMaximumHeight(self._look.px(SMALL_PX) if small else _NO_LIMIT)

    def hideEvent(self, event: QHideEvent) -> None:
        # What was said of a printer need not be true when somebody comes back.
        self.show_message("", wrong=False)
        super().hideEvent(event)

    def show_message(self, text: str, *, wrong: bool) -> None:
        self.note.show_message(text, refused=wrong)
        self.note.setVisible(bool(text))

    def _choose_pressed_roll(self) -> None:
        self.roll = int(self.sender().objectName())
        for mm, choice in self.rolls.items():
            choice.setChecked(mm == self.roll)
        self.rolled.emit()


# -- words -------------------------------------------------------------------------------------------------------------

USUAL, BOTH_ZH, BOTH_EN = "", "zh_CN,en", "en,zh_CN"


def ticket_part_names() -> dict[str, str]:
    words = {
        "logo": _("Logo", context="ticket part"),
        "hall": _("Hall", context="ticket part"),
        "time": _("Date and time", context="ticket part"),
        "class": _("Priority", context="ticket part"),
        "ahead": _("People ahead", context="ticket part"),
        "wait": _("Wait", context="ticket part"),
        "windows": _("Windows", context="ticket part"),
        "zone": _("Zone", context="ticket part"),
        "steps": _("Steps", context="ticket part"),
        "papers": _("Papers", context="ticket part"),
        "code": _("QR code", context="ticket part"),
        "advice": _("Advice", context="ticket part"),
        "token": _("Code letters", context="ticket part"),
        "phone": _("Phone", context="ticket part"),
    }
    return {part: words[part] for part in hall_setup.PARTS}


def number_size_names() -> dict[str, str]:
    return {
        "large": _("Large", context="number size"),
        "medium": _("Medium", context="number size"),
        "small": _("Small", context="number size"),
    }


def ticket_language_order_names() -> dict[str, str]:
    """Return the languages of the paper in every order, keyed by lists separated by commas."""
    chinese, english = language_own_name("zh_CN"), language_own_name("en")
    return {
        USUAL: _("As the hall", context="language"),
        "zh_CN": chinese,
        "en": english,
        BOTH_ZH: f"{chinese} + {english}",
        BOTH_EN: f"{english} + {chinese}",
    }


PICTURES = "*.png *.jpg *.jpeg *.bmp *.webp"


class TicketDesignForm(fields_form.PreviewForm):
    """The ticket's design. `sampled`: the ticket looks different now; `logo_chosen` carries an image file."""

    sampled = Signal()
    logo_chosen = Signal(str)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, hall_setup.TicketDesign, parent)
        self.setup: Setup | None = None
        self.design = hall_setup.TicketDesign()
        self.sample = PrintedTicketPreview(look, self.preview)
        self.parts = self.add_choices(
            "hidden", fields_form.choices_stored_as_exclusions(lambda _setup: ticket_part_names())
        )
        self.numbers = self.add_choices(
            "number", fields_form.single_code_field_choices(lambda _setup: number_size_names())
        )
        self.orders = self.add_choices(
            "languages", fields_form.one_list_of_several_choices(lambda _setup: ticket_language_order_names())
        )
        self.lay_out_fields(BASICS)
        self.logo_title = panels.Label(look, wording_in_current_language(self.declared["logo"].title), px=15, bold=True)
        self.logo_button = SecondaryButton(look, _("Choose a picture …"), icon="folder", height=44, px=16)
        self.remove_button = TextButton(look, _("Remove the logo"), height=44, px=16)
        self.logo_line = ErrorLine(look)
        row = QHBoxLayout()
        panels.set_scaled_margins(look, row, spacing=8)
        row.addWidget(self.logo_button)
        row.addWidget(self.remove_button)
        row.addStretch(1)
        self.column.addWidget(self.logo_title)
        self.column.addLayout(row)
        self.column.addWidget(self.logo_line)
        self.column.addStretch(1)
        self.sample.rolled.connect(self.sampled)
        self.logo_button.clicked.connect(self._ask_logo)
        self.remove_button.clicked.connect(lambda: self.write("logo", ""))

    # -- what is shown -----------------------------------------------------------------------------------------------

    def show_draft(self, setup: Setup, draft: SetUpRowDraft, problems: Mapping[str, str], *, may_change: bool) -> None:
        self.setup = setup
        super().show_draft(setup, draft, problems, may_change=may_change)
        self.orders.set_group_visible(len(field_and_choice_languages(setup)) > 1)
        for button in (self.logo_button, self.remove_button):
            button.setVisible(may_change)
        self.remove_button.setVisible(may_change and bool(draft.row.get("logo")))
        self.show_logo_message(problems.get("logo", ""), wrong=bool(problems.get("logo")))
        if not problems:
            self.design = read_row(hall_setup.TicketDesign, draft.row)
        self.sampled.emit()
        self.arrange()

    def show_logo_message(self, text: str, *, wrong: bool) -> None:
        self.logo_line.show_message(
            text or wording_in_current_language(Wording(self.declared["logo"].hint)), refused=wrong
        )

    def arrange(self) -> None:
        """Let the ticket use all the height beside the fields."""
        super().arrange()
        self.sample.set_height_compact_or_full(not self._is_beside)
        if self._is_beside:
            box = self.preview.geometry()
            self.preview.setGeometry(
                box.x(), box.y(), box.width(), self.height() - self.look.gap(fields_form.EDGE) // 2
            )

    # -- what is typed and pressed -----------------------------------------------------------------------------------

    def set_logo(self, text: str) -> None:
        self.write("logo", text)

    def _ask_logo(self) -> None:
        ask_file(self, _("Choose a picture …"), PICTURES, self.logo_chosen.emit)


# -- what the form asks for --------------------------------------------------------------------------------------------


class TicketDesignTrial(QObject):
    """Fills the form's preview; if nothing can print there is none."""

    def __init__(self, form: TicketDesignForm, controller: SetUpController) -> None:
        super().__init__(form)
        self._form, self._controller = form, controller
        form.sampled.connect(self._show_sample_ticket)
        form.logo_chosen.connect(self._read_logo_into_form)
        form.sample.print_wanted.connect(self._start_printing_sample)
        form.sample.button.setVisible(self._paper_printing_service is not None)

    @property
    def _paper_printing_service(self) -> HallPaperService | None:
        return self._controller.context.services.paper

    def _show_sample_ticket(self) -> None:
        """Draw at once: a slip takes some milliseconds, and what is typed is to be seen while typing."""
        form, paper = self._form, self._paper_printing_service
        if form.setup is not None and paper is not None:
            roll = form.sample.roll
            form.sample.picture.show_image(paper.draw_sample_ticket(form.setup, form.design, ROLLS[roll]), roll)

    def _start_printing_sample(self) -> None:
        form, paper = self._form, self._paper_printing_service
        if paper is not None:
            form.sample.button.set_busy(True)
            form.sample.show_message("", wrong=False)
            work = partial(paper.print_sample_ticket, form.design)
            self._controller.context.tasks.run_in_long_work_lane(
                work, self._show_printing_result, self._show_printing_trouble
            )

    def _show_printing_result(self, done: Mapping[str, Any]) -> None:
        self._form.sample.button.set_busy(False)
        if done["printed"]:
            self._form.sample.show_message(_("Printed on {printer}.", printer=done["printer"]), wrong=False)
        else:
            self._form.sample.show_message(error_sentence(done["error"]), wrong=True)

    def _show_printing_trouble(self, trouble: QueueDeskError) -> None:
        self._form.sample.button.set_busy(False)
        self._form.sample.show_message(error_sentence(trouble), wrong=True)

    def _read_logo_into_form(self, path: str) -> None:
        from queuedesk.printing.slip_contents import logo_file_as_setup_text

        work = partial(logo_file_as_setup_text, Path(path))
        self._controller.context.tasks.run_in_long_work_lane(work, self._form.set_logo, self._show_logo_refusal)

    def _show_logo_refusal(self, trouble: QueueDeskError) -> None:
        self._form.show_logo_message(error_sentence(trouble), wrong=True)
