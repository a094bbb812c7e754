"""The form of the hall itself: names, phone, hours, time zone, what it calls windows and tickets, pay days."""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import available_timezones

from PySide6.QtWidgets import QWidget

from queuedesk.core.setup.values import WORDS, HallSpec, Setup
from queuedesk.i18n import _
from queuedesk.stations.manager.parts.page_head import DropDown
from queuedesk.stations.manager.setup.fields_form import FieldsForm, Toggles, one_of
from queuedesk.stations.manager.setup_frame.draft import Draft
from queuedesk.stations.manager.setup_frame.words import read_days
from queuedesk.stations.widgets.questions.forms import FormField
from queuedesk.stations.window.hall_words import language_word, ticket_word, window_word
from queuedesk.stations.window.style import Look

LANGUAGE = one_of(lambda _setup: {lang: language_word(lang) for lang in ("zh_CN", "en")})._replace(
    chosen=lambda value, _codes: [value or "zh_CN"]
)


class HallForm(FieldsForm):
    """Everything of the hall but its rows and rules; who may look on from other halls, where there may be others
    (`has_neighbours`)."""

    def __init__(self, look: Look, *, has_neighbours: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(look, HallSpec, parent=parent)
        self.zone = DropDown(look)
        self.zone.addItems(sorted(available_timezones()))
        self.zone.setMaxVisibleItems(12)
        self.zone.setSizeAdjustPolicy(DropDown.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.zone.setMinimumContentsLength(8)
        self.fields["timezone"] = FormField(look, "", edit=self.zone)
        self.add_row("name", "name_en")
        self.add_row("phone", "timezone")
        self.add_row("opens", "closes")
        self.window_words = Toggles(look, self.column, one=True)
        self.ticket_words = Toggles(look, self.column, one=True)
        self.langs = self.add_choices("lang", LANGUAGE)
        self.add_row("pay_days", "report_owner", stretches=(3, 2))
        if has_neighbours:
            self.add_row("seen_by")
        self.column.addStretch(1)
        self.window_words.pressed.connect(lambda word, _on: self._call("window", word))
        self.ticket_words.pressed.connect(lambda word, _on: self._call("ticket", word))

    def retranslate(self) -> None:
        super().retranslate()
        self.fields["pay_days"].set_label(_("Pay days", context="field"))
        self.fields["pay_days"].set_hint(_("days on which many come, with commas: 2026-11-25, 2026-12-25"))

    def show_row(self, setup: Setup, draft: Draft) -> None:
        row = draft.row
        super().show_row(setup, draft)
        if "pay_days" not in draft.unread:
            self.put("pay_days", ", ".join(row.get("pay_days") or ()))
        self._show_zone(str(row.get("timezone") or "Asia/Shanghai"))
        words: Mapping[str, str] = row.get("words") or {}
        may = self.may_change
        choices = {word: window_word(word) for word in WORDS["window"]}
        self.window_words.set_choices(choices, [words.get("window") or WORDS["window"][0]], may_change=may)
        self.window_words.say(_("What the hall calls a window"))
        choices = {word: ticket_word(word) for word in WORDS["ticket"]}
        self.ticket_words.set_choices(choices, [words.get("ticket") or WORDS["ticket"][0]], may_change=may)
        self.ticket_words.say(_("What the hall calls a ticket"))

    def _show_zone(self, zone: str) -> None:
        self.zone.blockSignals(True)
        if self.zone.findText(zone) < 0:
            self.zone.insertItem(0, zone)
        self.zone.setCurrentText(zone)
        self.zone.blockSignals(False)

    def take(self, draft: Draft, key: str, text: str) -> Draft:
        if key == "pay_days":
            return draft.read(key, text, read_days)
        if key == "timezone":
            return draft.with_value(key, text)
        return super().take(draft, key, text)

    def _call(self, what: str, word: str) -> None:
        if self.draft is not None:
            self.write("words", {**(self.draft.row.get("words") or {}), what: word})
