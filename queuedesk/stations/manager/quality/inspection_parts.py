"""The parts of pages of inspections: a channel's coverage, a mystery visit's wait, a question with a few fields."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import QLineF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from queuedesk.core.errors import QueueDeskError, RuleError
from queuedesk.core.imports.half_width import half_width
from queuedesk.core.quality.sheet import LONGEST_ITEM, MOST_ITEMS, Sheet, item_rows
from queuedesk.i18n import _, named, say
from queuedesk.i18n.catalogue import LANGUAGES
from queuedesk.i18n.quality.inspection_words import channel_word
from queuedesk.stations.widgets.buttons import IconButton, SecondaryButton
from queuedesk.stations.widgets.follow import Follows
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.paint import Painter
from queuedesk.stations.widgets.panels import FixedSize, GroundArea, spread
from queuedesk.stations.widgets.questions.dialogs import Dialog
from queuedesk.stations.widgets.questions.forms import DropDown, ErrorLine, FormField
from queuedesk.stations.widgets.spoken import TEXT
from queuedesk.stations.window.hall_words import language_word
from queuedesk.stations.window.services import Document
from queuedesk.stations.window.style import Look

BOX_WIDE, BOX_HIGH, BOX_GAP = 44, 18, 5
BARS_HIGH = 170
Answers = Mapping[str, str]
Fields = Mapping[str, tuple[str, str, Mapping[str, str] | None]]
"""What a question asks for, by name: label, what stands there at first, and the choices if there are some."""


class Boxes(Follows, QWidget):
    """A box for each planned visit of a channel, filled with a tick when it is done."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.follow(look)
        self._done = self._planned = 0

    def show_boxes(self, done: int, planned: int) -> None:
        self._done, self._planned = done, planned
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        n = max(1, min(4, self._planned))
        return QSize(self.look.px(BOX_WIDE * n + BOX_GAP * (n - 1)), self.look.px(BOX_HIGH + 2))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, look = Painter(self, self.look), self.look
        for at in range(min(4, self._planned)):
            left = look.px(at * (BOX_WIDE + BOX_GAP))
            rect, whole = QRectF(left, 1, look.px(BOX_WIDE), look.px(BOX_HIGH)), at < self._done
            painter.box(rect, 5, "primary" if whole else "surface", edge="" if whole else "edge")
            if whole:
                painter.icon("check", "on_primary", rect.center().x() - look.px(7), rect.center().y() - look.px(7), 14)
        painter.end()


class CoverageRow(QWidget):
    """A channel with its boxes, how many of them are done, and the month's rule."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.channel, self.n = Label(look, px=16), Label(look, px=16, bold=True, tabular=True)
        self.least, self.boxes = Label(look, px=15, token="ink2", tabular=True), Boxes(look)
        row = QHBoxLayout(self)
        spread(look, row, spacing=10)
        row.addWidget(self.channel, 1)
        for part in (self.boxes, self.n, self.least):
            row.addWidget(part)

    def show_row(self, one: Document) -> None:
        self.channel.setText(channel_word(one["channel"]))
        self.boxes.show_boxes(one["done"], one["planned"])
        self.n.setText(_("{done} of {planned}", done=one["done"], planned=one["planned"]))
        self.least.setText(_("at least {n}", n=one["least"]) if one["least"] else "")


class VisitBars(Follows, QWidget):
    """A mystery visitor's wait as written down and as logged, on one axis with the range that was told; minutes."""

    spoken_role = TEXT

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.follow(look)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._visit: Document = {}

    def show_visit(self, visit: Document) -> None:
        self._visit = visit
        said = [text for _key, text, value in self._rows() if value is not None]
        self.setAccessibleName(", ".join(said))
        self.update()

    def _rows(self) -> list[tuple[str, str, float | None]]:
        visit = self._visit
        claimed, logged = visit.get("claimed"), visit.get("logged")
        return [
            ("chart", _("on the sheet: {n} min", n=f"{claimed or 0:g}"), claimed),
            ("primary", _("in the log: {n} min", n=f"{logged or 0:g}"), logged),
        ]

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(300), self.look.px(BARS_HIGH))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.px(200), self.look.px(BARS_HIGH))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, look, visit = Painter(self, self.look), self.look, self._visit
        rows = [row for row in self._rows() if row[2] is not None]
        values = [value for _key, _text, value in rows if value is not None]
        top = max([*values, visit.get("high") or 0, 5]) * 1.15
        step = next(one for one in (1, 2, 5, 10, 20, 30, 60, 120, 1440) if top / one <= 6)
        wide, foot = self.width() - look.px(20), look.px(BARS_HIGH - 26)
        each = wide / top
        if visit.get("low") is not None:
            painter.box(QRectF(visit["low"] * each, 0, (visit["high"] - visit["low"]) * each, foot), 0, "soft")
        small, body = look.font(13), look.font(15, bold=True)
        for place, (token, text, value) in enumerate(rows):
            y = look.px(6 + place * 66)
            painter.words(text, body, "ink", 0, y + look.px(16))
            painter.box(QRectF(0, y + look.px(24), (value or 0) * each, look.px(24)), 3, token)
        painter.setPen(QPen(look.color("edge"), 1))
        painter.drawLine(QLineF(0, foot, wide, foot))
        for minutes in range(0, int(top) + 1, step):
            painter.words(str(minutes), small, "ink2", minutes * each, foot + look.px(18))
        painter.end()


class AskDialog(Dialog):
    """Asks for a few things and stays open until they were taken; a field with choices is a list."""

    def __init__(
        self,
        host: QWidget,
        look: Look,
        title: str,
        fields: Fields,
        *,
        yes: str,
        do: Callable[[Answers], object],
    ) -> None:
        super().__init__(host, look, title=title, width=600)
        self._do_it = do
        self.fields: dict[str, FormField | DropDown] = {}
        for name, (label, value, choices) in fields.items():
            if choices is None:
                field = FormField(self.look, label)
                field.set_value(value)
                self.fields[name] = field
                self.body.addWidget(field)
            else:
                down = DropDown(self.look)
                down.show_choice(value, dict(choices))
                down.share_width(20)
                self.fields[name] = down
                self.body.addWidget(FormField(self.look, label, edit=down, has_line=False))
        self.trouble = ErrorLine(self.look)
        self.trouble.hide()
        self.body.addWidget(self.trouble)
        self.put_answers(_("Leave it"), yes, self._do)

    def answers(self) -> dict[str, str]:
        return {
            name: str(field.currentData()) if isinstance(field, DropDown) else field.value().strip()
            for name, field in self.fields.items()
        }

    def _do(self) -> None:
        self.trouble.hide()
        try:
            self._do_it(self.answers())
        except RuleError as error:
            self.show_trouble(error)

    def show_trouble(self, trouble: QueueDeskError) -> None:
        self.trouble.refuse(say(trouble))
        self.trouble.show()

    def first_focus(self) -> QWidget:
        first = next(iter(self.fields.values()))
        return first.edit if isinstance(first, FormField) else first

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not event.isAutoRepeat():
                self._do()
            event.accept()
        else:
            super().keyPressEvent(event)


# -- the score sheets --------------------------------------------------------------------------------------------------

ITEMS_HIGH, WEIGHT_WIDE, FIELD_HIGH = 372, 104, 48
_BETWEEN = re.compile("[,，、;；]")


class ItemEdit(QWidget):
    """An item of a score sheet in one language: its text, its weight, its reasons. `removed` takes it away."""

    edited = Signal()
    removed = Signal()

    def __init__(self, look: Look, place: int, item: dict[str, Any], lang: str, *, may_change: bool) -> None:
        super().__init__()
        self.item, self._key = item, "text_en" if lang == "en" else "text"
        # What stood there before somebody typed: each letter is an edit.
        self._own, self._known = item["text"], list(item["reasons"])
        usual = [one[self._key] or one["text"] for one in item["reasons"]]
        self.text, self.weight = QLineEdit(item[self._key] or item["text"]), QLineEdit(str(item["weight"] or ""))
        self.reasons = QLineEdit(", ".join(usual))
        row = QHBoxLayout(self)
        spread(look, row, (0, 0, 8, 0), 8)
        number = Label(look, str(place), px=15, token="ink2", tabular=True)
        number.setMinimumWidth(look.px(24))
        row.addWidget(number)
        for edit, name, share in (
            (self.text, _("Item {n}", n=place, context="sheet"), 5),
            (self.weight, _("Weight of item {n}", n=place), 0),
            (self.reasons, _("Reasons of item {n}", n=place), 4),
        ):
            edit.setAccessibleName(name)
            edit.setReadOnly(not may_change)
            edit.setFont(look.font(16))
            edit.setCursorPosition(0)
            edit.textEdited.connect(self._take)
            FixedSize(look, edit, height=FIELD_HIGH)
            row.addWidget(edit, share)
        FixedSize(look, self.weight, width=WEIGHT_WIDE)
        self.text.setMaxLength(LONGEST_ITEM)
        self.weight.setMaxLength(3)
        self.remove_button = IconButton(look, "remove", _("Take item {n} away", n=place))
        self.remove_button.clicked.connect(self.removed)
        self.remove_button.setVisible(may_change)
        row.addWidget(self.remove_button)

    def _take(self, *_typed: str) -> None:
        """Put what is typed into the item; the other language stays, or begins with the same words."""
        item, key, text = self.item, self._key, self.text.text().strip()
        item[key], item["text"] = text, (self._own if key == "text_en" and self._own else text)
        weight = half_width(self.weight.text()).strip()
        item["weight"] = int(weight) if weight.isdecimal() else 0
        typed = [one.strip() for one in _BETWEEN.split(self.reasons.text()) if one.strip()]
        known = [*self._known, *({"text": "", "text_en": ""} for _n in typed)]
        item["reasons"] = [
            {**old, key: new, "text": old["text"] if key == "text_en" and old["text"] else new}
            for old, new in zip(known, typed, strict=False)
        ]
        self.edited.emit()


class ScoreSheetsDialog(Dialog):
    """The hall's score sheets, each with its items in one language at a time. `saved` gives a sheet's code and items;
    without `may_change` they are only read."""

    saved = Signal(str, list)

    def __init__(self, host: QWidget, look: Look, sheets: Mapping[str, Sheet], lang: str, *, may_change: bool) -> None:
        effect = _("What you save is a new version; sheets that are filled in keep theirs.")
        if not may_change:
            effect = _("An admin changes them; sheets that are filled in keep the version they were filled in by.")
        super().__init__(host, look, title=_("Score sheets"), effect=effect, width=980)
        self._sheets, self._may = sheets, may_change
        self.rows: list[ItemEdit] = []
        self.items: list[dict[str, Any]] = []
        self._drafts: dict[str, list[dict[str, Any]]] = {}
        self.which, self.language = DropDown(self.look), DropDown(self.look)
        self.which.setAccessibleName(_("Sheet"))
        self.language.setAccessibleName(_("Language"))
        self.which.show_choice(next(iter(sheets)), {code: named(one.name, one.name_en) for code, one in sheets.items()})
        self.language.show_choice(lang, {code: language_word(code) for code in LANGUAGES})
        self.sum = Label(self.look, px=17, bold=True, tabular=True)
        head = QHBoxLayout()
        spread(self.look, head, spacing=12)
        head.addWidget(self.which)
        head.addWidget(self.language)
        head.addStretch(1)
        head.addWidget(self.sum)
        self.body.addLayout(head)
        hint = _("Item, weight in points, and up to three reasons for a deduction with commas between them")
        self.body.addWidget(Label(self.look, hint, px=15, token="ink2", wrap=True))
        inside = QWidget()
        self._lines = QVBoxLayout(inside)
        spread(self.look, self._lines, spacing=6)
        self._lines.addStretch(1)
        area = GroundArea(inside)
        FixedSize(self.look, area, height=ITEMS_HIGH)
        self.body.addWidget(area)
        self.trouble = ErrorLine(self.look)
        self.body.addWidget(self.trouble)
        self.add_button = SecondaryButton(self.look, _("Another item"), icon="plus", height=56, px=17)
        self.add_button.clicked.connect(self._add)
        self.buttons.insertWidget(0, self.add_button)
        self.put_answers(_("Do not save") if may_change else _("Close"), _("Save", context="dialog"), self._do)
        for key in (self.add_button, self.yes_button):
            key.setVisible(may_change)
        self.which.activated.connect(self._open_sheet)
        self.language.activated.connect(self._lay)
        self._open_sheet()

    @property
    def code(self) -> str:
        return str(self.which.currentData())

    def first_focus(self) -> QWidget:
        return self.which

    def _open_sheet(self, *_place: int) -> None:
        """Show the sheet that is chosen; what was changed in another one stays until it is saved."""
        self.items = self._drafts.setdefault(self.code, item_rows(self._sheets[self.code].items))
        self._lay()

    def _lay(self, *_place: int) -> None:
        """Show the items anew."""
        for old in self.rows:
            self._lines.removeWidget(old)
            old.hide()
            old.deleteLater()
        lang = str(self.language.currentData())
        self.rows = [
            ItemEdit(self.look, place, item, lang, may_change=self._may)
            for place, item in enumerate(self.items, start=1)
        ]
        for at, row in enumerate(self.rows):
            row.edited.connect(self._count)
            row.removed.connect(partial(self._remove, at))
            row.remove_button.setEnabled(len(self.items) > 1)
            self._lines.insertWidget(at, row)
        self._count()

    def _add(self) -> None:
        section = {key: self.items[-1][key] for key in ("section", "section_en")} if self.items else {}
        new = {"text": "", "text_en": "", "weight": 0, "full": "", "full_en": "", "reasons": []}
        self.items.append({"section": "", "section_en": "", **new, **section})
        self._lay()
        self.rows[-1].text.setFocus()

    def _remove(self, at: int) -> None:
        del self.items[at]
        self._lay()

    def _count(self) -> None:
        self.trouble.say("", refused=False)
        self.sum.setText(_("Weights add up to {n}", n=sum(item["weight"] for item in self.items)))
        self.add_button.setEnabled(len(self.items) < MOST_ITEMS)

    def _do(self) -> None:
        changed = {code: rows for code, rows in self._drafts.items() if rows != item_rows(self._sheets[code].items)}
        for code, rows in changed.items():
            if wrong := next((n for n, one in enumerate(rows, 1) if not one["text"] or not one["weight"]), 0):
                sheet = named(self._sheets[code].name, self._sheets[code].name_en)
                text = _("{sheet}: item {n} needs its text and a weight from 1 to 100", sheet=sheet, n=wrong)
                self.trouble.refuse(text)
                return
        for code, rows in changed.items():
            self.saved.emit(code, rows)
        if not changed:
            self.refuse()

    def show_trouble(self, trouble: QueueDeskError) -> None:
        self.trouble.refuse(say(trouble))
