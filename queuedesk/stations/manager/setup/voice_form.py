"""The form of the hall's voice: languages, the words of a call, how often, how fast and how loud when; with a call to read and to hear."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from queuedesk.core.setup.values import Setup
from queuedesk.core.setup.voice import VoiceSpec
from queuedesk.core.setup.voice_checks import LANGUAGES, MOST_TIMES, PLACEHOLDERS, voice_of
from queuedesk.i18n import _
from queuedesk.stations.manager.setup.form_parts import Toggles, still
from queuedesk.stations.manager.setup.preview_form import PreviewForm
from queuedesk.stations.manager.setup.voice_hours import VoiceHoursRows
from queuedesk.stations.manager.setup.voice_preview import VoicePreview
from queuedesk.stations.manager.setup_frame.draft import Draft
from queuedesk.stations.manager.setup_frame.voice_words import order_words, part_title, placeholder_word, times_word
from queuedesk.stations.widgets.buttons import SecondaryButton
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.lists.tiles import TickBox
from queuedesk.stations.widgets.panels import spread
from queuedesk.stations.window.hall_words import language_word
from queuedesk.stations.window.style import Look

TEMPLATES = tuple(f"{part}.{lang}" for lang in LANGUAGES for part in ("call", "recall"))


class VoiceForm(PreviewForm):
    """`sampled` says that the call to try, or its words, are others now; `left` that nobody looks at the form any more."""

    sampled = Signal()
    left = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.setup: Setup | None = None
        self.spec = VoiceSpec()
        self._typed_in = TEMPLATES[0]
        self.listening = VoicePreview(look, self.preview)
        self.orders = Toggles(look, self.column, one=True)
        self._words = Label(look, px=15, token="ink2", wrap=True)
        self.column.addWidget(self._words)
        self.placeholders = {name: SecondaryButton(look, "", height=40, px=15) for name in PLACEHOLDERS}
        row = QHBoxLayout()
        spread(look, row, spacing=8)
        for name, button in self.placeholders.items():
            row.addWidget(button)
            button.clicked.connect(partial(self._put_in, name))
        row.addStretch(1)
        self.column.addLayout(row)
        for key in TEMPLATES:
            self.add_row(key)
            self.fields[key].edit.installEventFilter(self)
        self.yao, self.chime = TickBox(look, ""), TickBox(look, "")
        self.column.addWidget(self.yao)
        self.column.addWidget(self.chime)
        self.times = Toggles(look, self.column, one=True)
        self.hours = VoiceHoursRows(look)
        self.column.addSpacing(6)
        self.column.addWidget(self.hours)
        self.column.addStretch(1)
        self.orders.pressed.connect(self._order)
        self.times.pressed.connect(self._repeat)
        self.yao.clicked.connect(partial(self._tick, "yao"))
        self.chime.clicked.connect(partial(self._tick, "chime"))
        self.hours.edited.connect(self._time)
        self.hours.added.connect(lambda: QTimer.singleShot(0, self, self._show_end))
        self.listening.changed.connect(self.sampled)

    def retranslate(self) -> None:
        for key in TEMPLATES:
            part, lang = key.split(".")
            self.fields[key].set_label(part_title(part, language_word(lang)))
        self._words.setText(_("What a call says; empty: as shown in grey. Put into it, where the cursor stands:"))
        for name, button in self.placeholders.items():
            button.setText(placeholder_word(name))
        self.yao.setText(_("Say the Chinese 1 as yao"))
        self.chime.setText(_("Two tones before each call"))
        self.hours.retranslate()
        self.listening.retranslate()

    # -- what is shown -----------------------------------------------------------------------------------------------

    def show_draft(self, setup: Setup, draft: Draft, problems: Mapping[str, str], *, may_change: bool) -> None:
        self.setup = setup
        super().show_draft(setup, draft, problems, may_change=may_change)
        wrong = next((text for key, text in problems.items() if key.split(".")[0] == "hours"), "")
        self.hours.say(wrong)
        self.orders.say(_("Languages"), _("in this order, each call in all of them"), problems.get("languages", ""))
        self.times.say(_("How often a call is said"), "", problems.get("times", ""))
        for button in self.placeholders.values():
            button.setVisible(may_change)
        self._words.setVisible(may_change)
        if not problems:
            self.spec = voice_of(draft.row)
        self.listening.show_hall(setup, self.spec)
        self.sampled.emit()
        self.arrange()

    def show_row(self, setup: Setup, draft: Draft) -> None:
        row, may = draft.row, self.may_change
        for key in TEMPLATES:
            part, lang = key.split(".")
            self.put(key, str((row.get(part) or {}).get(lang) or ""))
            self.fields[key].setVisible(lang in (row.get("languages") or LANGUAGES))
        chosen = ",".join(row.get("languages") or ())
        self.orders.set_choices(order_words(), [chosen], may_change=may)
        self.yao.setChecked(bool(row.get("yao")))
        self.chime.setChecked(bool(row.get("chime", True)))
        self.yao.setVisible("zh_CN" in (row.get("languages") or LANGUAGES))
        still(self.yao, may)
        still(self.chime, may)
        choices = {str(n): times_word(n) for n in range(1, MOST_TIMES + 1)}
        self.times.set_choices(choices, [str(row.get("times", 2))], may_change=may)
        if "hours" not in draft.unread:
            self.hours.show_rows(row.get("hours") or [], may_change=may)

    def show_usual(self, part: str, texts: Mapping[str, str]) -> None:
        """Show in grey, by language, what a call or recall says where the hall has no words of its own."""
        for lang in LANGUAGES:
            edit = self.fields[f"{part}.{lang}"].edit
            if isinstance(edit, QLineEdit):
                edit.setPlaceholderText(texts.get(lang, ""))

    def settle(self) -> None:
        super().settle()
        self.hours.settle()

    # -- what is typed and pressed -----------------------------------------------------------------------------------

    def take(self, draft: Draft, key: str, text: str) -> Draft:
        part, lang = key.split(".")
        return draft.with_value(part, {**(draft.row.get(part) or {}), lang: text.strip()})

    def _order(self, chosen: str, _on: bool) -> None:
        self._with("languages", chosen.split(",") if chosen else [])

    def _repeat(self, times: str, _on: bool) -> None:
        self._with("times", int(times))

    def _tick(self, key: str) -> None:
        self._with(key, {"yao": self.yao, "chime": self.chime}[key].isChecked())

    def _with(self, key: str, value: Any) -> None:
        if self.draft is not None:
            self.changed.emit(self.draft.with_value(key, value))

    def _time(self) -> None:
        if self.draft is not None:
            self.changed.emit(self.draft.read("hours", "", lambda _text: {"hours": self.hours.read()}))

    def _show_end(self) -> None:
        """Bring the row that was just added into sight, once it has its place."""
        self.ensureWidgetVisible(self.hours.add_button)

    def _put_in(self, name: str) -> None:
        """Put a placeholder where somebody was typing."""
        key = self._typed_in if self.fields[self._typed_in].isVisible() else self._first_seen()
        edit = self.fields[key].edit
        if self.draft is not None and self.may_change and isinstance(edit, QLineEdit):
            edit.setFocus()
            if not edit.text() and name != "ticket":
                edit.setText("{ticket}")
            edit.insert(f"{{{name}}}")
            edit.setModified(True)
            self.edited(key, edit.text())

    def _first_seen(self) -> str:
        return next((key for key in TEMPLATES if self.fields[key].isVisible()), TEMPLATES[0])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn:
            self._typed_in = next((key for key in TEMPLATES if self.fields[key].edit is watched), self._typed_in)
        return super().eventFilter(watched, event)

    def hideEvent(self, event: QHideEvent) -> None:
        self.left.emit()
        self.listening.say("", wrong=False)
        super().hideEvent(event)
