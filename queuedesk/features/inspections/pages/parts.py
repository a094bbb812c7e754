"""The parts of pages of inspections: a channel's coverage, a mystery visit's wait, a question with a few fields; and
what reads inspections and what is to be put right, and notes what is done with them, beside the window.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from itertools import count
from typing import Any

from msgspec import Struct
from PySide6.QtCore import QLineF, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.imports import half_width_text
from queuedesk.core.quality.sheet import LONGEST_FULL, LONGEST_ITEM, MOST_ITEMS, ScoreSheet, sheet_item_rows
from queuedesk.core.setup.field_kinds import text_key_in_language
from queuedesk.desk import setting_up
from queuedesk.desk.change import Document
from queuedesk.desk.quality import inspecting
from queuedesk.features.inspections import verbs
from queuedesk.i18n import _, error_sentence, list_text, name_in_language
from queuedesk.i18n.catalogue import LANGUAGES
from queuedesk.i18n.quality import inspection_channel_word
from queuedesk.stations.manager.parts.page_controller import PageController
from queuedesk.stations.widgets import panels
from queuedesk.stations.widgets.buttons import IconButton, SecondaryButton, TextButton
from queuedesk.stations.widgets.paint import TEXT, FollowsLook, Painter
from queuedesk.stations.widgets.questions.dialogs import Dialog, DropDown, ErrorLine
from queuedesk.stations.window import context as window_context
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.frame import language_own_name
from queuedesk.stations.window.style import Look

BOX_WIDE, BOX_HIGH, BOX_GAP = 44, 18, 5
BARS_HIGH = 170
"""What a question asks for, by name: label, what stands there at first, and the choices if there are some."""


class PlannedVisitBoxes(FollowsLook, QWidget):
    """A box for each planned visit of a channel, filled when it is done, with a tick where no more are asked for."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.follow_look(look)
        self._done = self._planned = 0
        self._ticks = True

    def show_coverage_boxes(self, done: int, planned: int, *, ticks: bool) -> None:
        self._done, self._planned, self._ticks = done, planned, ticks
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
            painter.draw_box(rect, 5, "primary" if whole else "surface", edge="" if whole else "edge")
            if whole and self._ticks:
                painter.draw_icon(
                    "check", "on_primary", rect.center().x() - look.px(7), rect.center().y() - look.px(7), 14
                )
        painter.end()


class ChannelInspectionCoverageRow(QWidget):
    """A channel with its boxes, how many of them are done, and the month's rule."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.channel, self.n = panels.Label(look, px=16, wrap=True), panels.Label(look, px=16, bold=True, tabular=True)
        self.least, self.boxes = panels.Label(look, px=15, token="ink2", tabular=True), PlannedVisitBoxes(look)
        row = QHBoxLayout(self)
        panels.set_scaled_margins(look, row, spacing=10)
        row.addWidget(self.channel, 1)
        for part in (self.boxes, self.n, self.least):
            row.addWidget(part)

    def show_row(self, one: window_context.ServiceDocument) -> None:
        self.channel.setText(inspection_channel_word(one["channel"]))
        is_short = one["done"] < one["least"]
        self.boxes.show_coverage_boxes(one["done"], one["planned"], ticks=not is_short)
        self.n.setText(_("{done} of {planned}", done=one["done"], planned=one["planned"]))
        self.least.setText(_("at least {n}", n=one["least"]) if one["least"] else "")
        self.least.set_color_token("amber" if is_short else "ink2")


class MysteryVisitWaitBars(FollowsLook, QWidget):
    """A mystery visitor's wait as written down and as logged, on one axis with the range that was told; minutes."""

    spoken_role = TEXT

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.follow_look(look)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._visit: window_context.ServiceDocument = {}

    def show_visit(self, visit: window_context.ServiceDocument) -> None:
        self._visit = visit
        said = [text for _key, text, value in self._wait_bars() if value is not None]
        self.setAccessibleName(", ".join(said))
        self.update()

    def _wait_bars(self) -> list[tuple[str, str, float | None]]:
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
        rows = [row for row in self._wait_bars() if row[2] is not None]
        values = [value for _key, _text, value in rows if value is not None]
        top = max([*values, visit.get("high") or 0, 5]) * 1.15
        step = next(one for one in (1, 2, 5, 10, 20, 30, 60, 120, 1440) if top / one <= 6)
        wide, foot = self.width() - look.px(20), look.px(BARS_HIGH - 26)
        each = wide / top
        if visit.get("high") is not None:
            painter.draw_box(QRectF(visit["low"] * each, 0, (visit["high"] - visit["low"]) * each, foot), 0, "soft")
        small, body = look.font(13), look.font(15, bold=True)
        for place, (token, text, value) in enumerate(rows):
            y = look.px(6 + place * 66)
            painter.draw_words(text, body, "ink", 0, y + look.px(16))
            painter.draw_box(QRectF(0, y + look.px(24), (value or 0) * each, look.px(24)), 3, token)
        painter.setPen(QPen(look.color("edge"), 1))
        painter.drawLine(QLineF(0, foot, wide, foot))
        for minutes in range(0, int(top) + 1, step):
            painter.draw_words(str(minutes), small, "ink2", minutes * each, foot + look.px(18))
        painter.end()


class FilledSheetDialog(Dialog):
    """An inspection as it was filled in, to be read. `gone_on` asks to fill it in where it is not signed."""

    gone_on = Signal()

    def __init__(
        self, host: QWidget, look: Look, one: window_context.ServiceDocument, *, title: str, effect: str, go_on: str
    ) -> None:
        super().__init__(host, look, title=title, effect=effect, width=760)
        inside = QWidget()
        column = QVBoxLayout(inside)
        panels.set_scaled_margins(self.look, column, (0, 0, 12, 0), 4)
        for item in one["items"]:
            column.addLayout(self._new_item_line(item))
            for words, token in ((deduction_reasons_text(item), "amber"), (list_text(item["photos"]), "ink2")):
                if words:
                    said = panels.Label(self.look, words, px=15, token=token, wrap=True)
                    said.setContentsMargins(self.look.px(34), 0, 0, 0)
                    column.addWidget(said)
        if not one["items"]:
            column.addWidget(panels.Label(self.look, _("Nothing is filled in yet."), px=16, token="ink2"))
        column.addStretch(1)
        self.area = panels.VerticalScrollArea(inside, keys=True)
        self.area.setAccessibleName(title)
        lines = sum(1 + bool(deduction_reasons_text(item)) + bool(item["photos"]) for item in one["items"])
        panels.FixedSizeKeeper(self.look, self.area, height=min(ITEMS_HIGH, 30 * max(1, lines) + 20))
        self.body.addWidget(self.area)
        self.add_answer_buttons(_("Back"), go_on or None, self.gone_on.emit)

    def _new_item_line(self, item: window_context.ServiceDocument) -> QHBoxLayout:
        line = QHBoxLayout()
        panels.set_scaled_margins(self.look, line, spacing=10)
        number = panels.Label(self.look, str(item["n"]), px=15, token="ink2", tabular=True)
        number.setFixedWidth(self.look.px(24))
        taken = item["weight"] - (item["taken"] or 0)
        points = {"open": "—", "not_applicable": _("did not apply")}.get(item["state"], f"{taken} / {item['weight']}")
        top = Qt.AlignmentFlag.AlignTop
        line.addWidget(number, 0, top)
        line.addWidget(panels.Label(self.look, name_in_language(item["text"], item["text_en"]), px=16, wrap=True), 1)
        line.addWidget(
            panels.Label(self.look, points, px=16, bold=bool(item["taken"]), tabular=True, elide=False), 0, top
        )
        return line

    def first_focus_widget(self) -> QWidget:
        return self.area


def deduction_reasons_text(item: window_context.ServiceDocument) -> str:
    """Return why points were taken off an item."""
    reasons = [item["reasons"][place - 1] for place in item["why"]]
    return list_text(
        [
            *(name_in_language(one["text"], one["text_en"]) for one in reasons),
            *([item["words"]] if item["words"] else []),
        ]
    )


# -- the score sheets --------------------------------------------------------------------------------------------------

ITEMS_HIGH, WEIGHT_WIDE, FIELD_HIGH, NAME_WIDE = 330, 104, 48, 360
_BETWEEN = re.compile("[,，、;；]")


class ScoreSheetItemEditor(QWidget):
    """An item of a score sheet in one language: its text, its weight, its reasons; under `more_button` its section and
    what full marks mean. `moved` gives -1 for up and 1 for down (Alt and an arrow too), `removed` takes it away,
    `opened` tells that more of it is shown or no longer."""

    edited = Signal()
    moved = Signal(int)
    opened = Signal(bool)
    removed = Signal()

    def __init__(self, look: Look, place: int, count: int, item: dict[str, Any], lang: str, *, may_change: bool):
        super().__init__()
        self.item, self._in = item, "_en" if lang == "en" else ""
        self._key = f"text{self._in}"
        self._may, self._place, self._count = may_change, place, count
        # What stood there before somebody typed: each letter is an edit.
        self._own, self._known = item["text"], list(item["reasons"])
        usual = [one[self._key] or one["text"] for one in item["reasons"]]
        self.text, self.weight = QLineEdit(item[self._key] or item["text"]), QLineEdit(str(item["weight"] or ""))
        self.reasons = QLineEdit(", ".join(usual))
        self.section, self.full = (QLineEdit(item[f"{name}{self._in}"]) for name in ("section", "full"))
        self.more = QWidget()
        column = QVBoxLayout(self)
        panels.set_scaled_margins(look, column, (0, 0, 8, 0), 6)
        first = QWidget()
        for holder, fields in (
            (first, ((self.text, 5), (self.weight, 0), (self.reasons, 4))),
            (self.more, ((self.section, 3), (self.full, 6))),
        ):
            row = QHBoxLayout(holder)
            panels.set_scaled_margins(look, row, spacing=8)
            number = panels.Label(look, str(place) if holder is first else "", px=15, token="ink2", tabular=True)
            number.setMinimumWidth(look.px(24))
            row.addWidget(number)
            for edit, share in fields:
                edit.setReadOnly(not may_change)
                panels.FixedFontSizeKeeper(look, edit, 16)
                edit.textEdited.connect(self._store_typed_item)
                panels.FixedSizeKeeper(look, edit, height=FIELD_HIGH)
                row.addWidget(edit, share)
            column.addWidget(holder)
            if holder is first:
                self._add_item_buttons(look, row)
        self._set_field_labels()
        panels.FixedSizeKeeper(look, self.weight, width=WEIGHT_WIDE)
        for edit, longest in ((self.text, LONGEST_ITEM), (self.weight, 3), (self.full, LONGEST_FULL)):
            edit.setMaxLength(longest)
        for edit in (self.text, self.reasons, self.section, self.full):
            edit.setCursorPosition(0)
        self.more.hide()

    def _set_field_labels(self) -> None:
        """Say what each field is: in its place where nothing stands, and to readers."""
        n = self._place
        self.section.setPlaceholderText(_("Section"))
        self.full.setPlaceholderText(_("What full marks need"))
        for edit, name in (
            (self.text, _("Item {n}", n=n, context="sheet")),
            (self.weight, _("Weight of item {n}", n=n)),
            (self.reasons, _("Reasons for item {n}", n=n)),
            (self.section, _("Section of item {n}", n=n)),
            (self.full, _("What full marks of item {n} need", n=n)),
        ):
            edit.setAccessibleName(name)
            edit.setToolTip(name)

    def _add_item_buttons(self, look: Look, row: QHBoxLayout) -> None:
        n = self._place
        self.more_button = IconButton(look, "more", _("More of item {n}", n=n))
        self.more_button.setCheckable(True)
        self.more_button.toggled.connect(self.set_item_details_shown)
        self.up_button = IconButton(look, "arrow-up", _("Item {n} up", n=n))
        self.down_button = IconButton(look, "arrow-down", _("Item {n} down", n=n))
        self.remove_button = IconButton(look, "remove", _("Remove item {n}", n=n))
        self.remove_button.clicked.connect(self.removed)
        for key, way, at in ((self.up_button, -1, 1), (self.down_button, 1, self._count)):
            key.clicked.connect(partial(self.moved.emit, way))
            key.setEnabled(n != at)
        row.addWidget(self.more_button)
        for key in (self.up_button, self.down_button, self.remove_button):
            key.setVisible(self._may)
            row.addWidget(key)

    def set_item_details_shown(self, on: bool) -> None:
        """Show the section and what full marks need, or no longer."""
        self.more_button.setChecked(on)
        self.more.setVisible(on)
        self.opened.emit(on)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        way = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if way and self._may and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            if 1 <= self._place + way <= self._count:
                self.moved.emit(way)
            return
        super().keyPressEvent(event)

    def _store_typed_item(self, *_typed: str) -> None:
        """Put what is typed into the item; the other language stays, or begins with the same words."""
        item, key, text = self.item, self._key, self.text.text().strip()
        item[key], item["text"] = text, (self._own if key == "text_en" and self._own else text)
        item[f"section{self._in}"] = self.section.text().strip()
        item[f"full{self._in}"] = self.full.text().strip()
        weight = half_width_text(self.weight.text()).strip()
        item["weight"] = int(weight) if weight.isdecimal() else 0
        typed = [one.strip() for one in _BETWEEN.split(self.reasons.text()) if one.strip()]
        known = [*self._known, *({"text": "", "text_en": ""} for _n in typed)]
        item["reasons"] = [
            {**old, key: new, "text": old["text"] if key == "text_en" and old["text"] else new}
            for old, new in zip(known, typed, strict=False)
        ]
        self.edited.emit()


def _blank_item_in_same_section(before: Mapping[str, Any]) -> dict[str, Any]:
    """Return an item to write, of the section of the one before."""
    section = {key: before.get(key, "") for key in ("section", "section_en")}
    return {"text": "", "text_en": "", **section, "weight": 0, "full": "", "full_en": "", "reasons": []}


_HOLDS = ("text", "weight", "reasons", "section", "full", "up_button", "down_button")
"""What of an item has the focus when it is moved."""


class ScoreSheetsDialog(Dialog):
    """The hall's score sheets, each with its name and items in one of its languages at a time. `saved` gives a sheet's
    code and what is new of it, `added` that of a new sheet; without `may_change` they are only read."""

    saved = Signal(str, dict)
    added = Signal(str, dict)

    def __init__(
        self, host: QWidget, look: Look, sheets: Mapping[str, ScoreSheet], languages: Sequence[str], *, may_change: bool
    ) -> None:
        effect = _("What you save is a new version; sheets that are filled in keep theirs.")
        if not may_change:
            effect = _("An admin changes them; sheets that are filled in keep the version they were filled in by.")
        super().__init__(host, look, title=_("Score sheets"), effect=effect, width=980)
        self._sheets, self._may = sheets, may_change
        self.rows: list[ScoreSheetItemEditor] = []
        self.items: list[dict[str, Any]] = []
        self._drafts: dict[str, dict[str, Any]] = {}
        self._open: set[int] = set()
        self.which, self.language = DropDown(self.look), DropDown(self.look)
        self.which.setAccessibleName(_("Sheet"))
        self.language.setAccessibleName(_("Language"))
        self.name = QLineEdit()
        self.name.setAccessibleName(_("Name of the sheet"))
        self.name.setPlaceholderText(_("Name of the sheet"))
        self.name.setReadOnly(not may_change)
        self.name.setMaxLength(LONGEST_ITEM)
        self.name.textEdited.connect(self._store_typed_name)
        panels.FixedSizeKeeper(self.look, self.name, width=NAME_WIDE, height=FIELD_HIGH)
        panels.FixedFontSizeKeeper(self.look, self.name, 16)
        self.new_button = TextButton(self.look, _("New sheet"), icon="plus", height=44, px=16)
        self.new_button.clicked.connect(self._begin_new_sheet)
        self.language.show_choice(languages[0], {code: language_own_name(code) for code in languages})
        self.language.setVisible(len(languages) > 1)
        self.sum = panels.Label(self.look, px=17, bold=True, tabular=True)
        head = QHBoxLayout()
        panels.set_scaled_margins(self.look, head, spacing=12)
        head.addWidget(self.which)
        head.addWidget(self.language)
        head.addWidget(self.new_button)
        head.addStretch(1)
        self.body.addLayout(head)
        named_line = QHBoxLayout()
        panels.set_scaled_margins(self.look, named_line, spacing=12)
        named_line.addWidget(self.name)
        named_line.addStretch(1)
        named_line.addWidget(self.sum)
        self.body.addLayout(named_line)
        hint = _("Item, weight, up to three reasons separated by commas; under ⋯ its section and what full marks need")
        self.body.addWidget(panels.Label(self.look, hint, px=15, token="ink2", wrap=True))
        inside = QWidget()
        self._lines = QVBoxLayout(inside)
        panels.set_scaled_margins(self.look, self._lines, spacing=6)
        self._lines.addStretch(1)
        area = panels.VerticalScrollArea(inside)
        panels.FixedSizeKeeper(self.look, area, height=ITEMS_HIGH)
        self.body.addWidget(area)
        self.trouble = ErrorLine(self.look)
        self.body.addWidget(self.trouble)
        self.add_button = SecondaryButton(self.look, _("Another item"), icon="plus", height=56, px=17)
        self.add_button.clicked.connect(self._add_item)
        self.buttons.insertWidget(0, self.add_button)
        self.add_answer_buttons(
            _("Do not save") if may_change else _("Close"), _("Save", context="dialog"), self._emit_valid_changes
        )
        for key in (self.add_button, self.new_button, self.yes_button):
            key.setVisible(may_change)
        self.which.activated.connect(self._open_sheet)
        self.language.activated.connect(self._rebuild_name_and_items)
        if sheets:
            self._fill_sheet_choice(next(iter(sheets)))
            self._open_sheet()
        else:
            self._begin_new_sheet()

    @property
    def code(self) -> str:
        return str(self.which.currentData())

    @property
    def shown_sheet_draft(self) -> dict[str, Any]:
        """The sheet that is shown, as it is now."""
        return self._drafts[self.code]

    def first_focus_widget(self) -> QWidget:
        return self.which

    def _fill_sheet_choice(self, chosen: str) -> None:
        """Offer the sheets there are and the new ones."""
        words = {code: name_in_language(one.name, one.name_en) for code, one in self._sheets.items()}
        new = {
            code: name_in_language(one["name"], one["name_en"])
            for code, one in self._drafts.items()
            if code not in words
        }
        self.which.show_choice(chosen, words | {code: name or _("New sheet") for code, name in new.items()})

    def _saved_sheet_draft(self, code: str) -> dict[str, Any]:
        one = self._sheets[code]
        return {"name": one.name, "name_en": one.name_en, "items": sheet_item_rows(one.items)}

    def _open_sheet(self, *_place: int) -> None:
        """Show the sheet that is chosen; what was changed in another one stays until it is saved."""
        if self.code not in self._drafts:
            self._drafts[self.code] = self._saved_sheet_draft(self.code)
        self.items = self.shown_sheet_draft["items"]
        self._rebuild_name_and_items()

    def _begin_new_sheet(self) -> None:
        """Begin a new sheet; its code is a number that no other has."""
        code = next(f"sheet{n}" for n in count(1) if f"sheet{n}" not in {*self._sheets, *self._drafts})
        self._drafts[code] = {"name": "", "name_en": "", "items": [_blank_item_in_same_section({})]}
        self._fill_sheet_choice(code)
        self._open_sheet()
        self.name.setFocus()

    @property
    def _written_language(self) -> str:
        """The language that is written; a hall with one has its texts in the plain fields."""
        return str(self.language.currentData()) if self.language.count() > 1 else LANGUAGES[0]

    @property
    def _key_of_name_in_language(self) -> str:
        return text_key_in_language("name", self._written_language)

    def _store_typed_name(self, typed: str) -> None:
        self.shown_sheet_draft[self._key_of_name_in_language] = typed.strip()
        self._fill_sheet_choice(self.code)

    def _rebuild_name_and_items(self, *_place: int) -> None:
        """Show the name and the items anew."""
        for old in self.rows:
            self._lines.removeWidget(old)
            old.hide()
            old.deleteLater()
        lang = self._written_language
        self.name.setText(self.shown_sheet_draft[self._key_of_name_in_language])
        self.name.setCursorPosition(0)
        self.rows = [
            ScoreSheetItemEditor(self.look, place, len(self.items), item, lang, may_change=self._may)
            for place, item in enumerate(self.items, start=1)
        ]
        for at, row in enumerate(self.rows):
            row.set_item_details_shown(id(row.item) in self._open)
            row.edited.connect(self._show_sum_of_weights)
            row.moved.connect(partial(self._move_sheet_item, at))
            row.opened.connect(partial(self._remember_item_expanded, id(row.item)))
            row.removed.connect(partial(self._remove_item, at))
            row.remove_button.setEnabled(len(self.items) > 1)
            self._lines.insertWidget(at, row)
        self._show_sum_of_weights()

    def _remember_item_expanded(self, item: int, on: bool) -> None:
        (self._open.add if on else self._open.discard)(item)

    def _add_item(self) -> None:
        self.items.append(_blank_item_in_same_section(self.items[-1] if self.items else {}))
        self._rebuild_name_and_items()
        self.rows[-1].text.setFocus()

    def _move_sheet_item(self, at: int, way: int) -> None:
        """Put an item one place up or down; the focus goes with it."""
        held = next((name for name in _HOLDS if getattr(self.rows[at], name).hasFocus()), "text")
        self.items.insert(at + way, self.items.pop(at))
        self._rebuild_name_and_items()
        getattr(self.rows[at + way], held).setFocus()

    def _remove_item(self, at: int) -> None:
        del self.items[at]
        self._rebuild_name_and_items()

    def _show_sum_of_weights(self) -> None:
        self.trouble.show_message("", refused=False)
        self.sum.setText(_("Weights add up to {n}", n=sum(item["weight"] for item in self.items)))
        self.add_button.setEnabled(len(self.items) < MOST_ITEMS)

    def _emit_valid_changes(self) -> None:
        new = {code: one for code, one in self._drafts.items() if code not in self._sheets}
        changed = {
            code: {key: value for key, value in one.items() if value != was[key]}
            for code, one in self._drafts.items()
            if code in self._sheets and one != (was := self._saved_sheet_draft(code))
        }
        for code in (*new, *changed):
            draft = self._drafts[code]
            sheet = name_in_language(draft["name"], draft["name_en"])
            if not sheet:
                self.trouble.show_refusal(_("A sheet needs a name"))
                return
            if wrong := next((n for n, row in enumerate(draft["items"], 1) if not (row["text"] and row["weight"])), 0):
                text = _("{sheet}: item {n} needs its text and a weight from 1 to 100", sheet=sheet, n=wrong)
                self.trouble.show_refusal(text)
                return
        for signal, rows in ((self.added, new), (self.saved, changed)):
            for code, one in rows.items():
                signal.emit(code, one)
        if not new and not changed:
            self.refuse()

    def show_trouble(self, trouble: QueueDeskError) -> None:
        self.trouble.show_refusal(error_sentence(trouble))


_ACTS: Mapping[str, Callable[..., Document]] = {
    "start": verbs.start_inspection,
    "score": verbs.score_item,
    "sign": verbs.sign_inspection,
    "sheet": setting_up.change_row_fields,
    "sheet-add": setting_up.add_setup_row,
}


class MonthInspections(Struct, frozen=True):
    """What was read: the month with its coverage, what is to be put right, and the month's last mystery visit."""

    month: Document
    fixes: tuple[Document, ...]
    visit: Document | None


class InspectionsController(PageController[MonthInspections]):
    """Reads this month. `sheet` gives an inspection as it is after something was done with it, `done` any other
    answer."""

    sheet = Signal(object)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(context, parent)
        self._ticket: tuple[date, str] | None = None

    @property
    def day(self) -> date:
        return self.context.feed.business_date

    def _dependency_key(self) -> object:
        state = self.context.feed.state
        return self.day, tuple(state.inspections.values()), tuple(state.rectifications.values())

    def _read_function(self) -> Callable[[], MonthInspections]:
        return partial(_read_month_and_visit, self.context, self._ticket)

    def show_visit(self, day: date, ticket: str) -> None:
        """Read the mystery visit of a ticket in place of the month's last one."""
        self._ticket = day, ticket
        self.refresh(anew=True)

    def read_inspection_sheet(self, seq: int) -> None:
        """Read one inspection with its items."""
        work = partial(verbs.inspection_document, self.context.desk, seq)
        self.context.tasks.run_in_side_lane(work, self.sheet.emit, partial(self.refused.emit, "sheet"))

    def start_score_or_sign_sheet(self, act: str, *args: Any, **words: Any) -> None:
        """Start, score or sign a sheet."""
        self._run_act_in_background(self._emit_or_reload_sheet, act, *args, **words)

    def _emit_or_reload_sheet(self, document: Document) -> None:
        """Tell of the sheet; an act asked for again was answered with its number alone."""
        if "items" in document:
            self.sheet.emit(document)
        else:
            self.read_inspection_sheet(document["inspection"])

    def run_act(self, act: str, *args: Any, **words: Any) -> None:
        """Write a score sheet."""
        self._run_act_in_background(partial(self.done.emit, act), act, *args, **words)

    def _run_act_in_background(self, then: Callable[[Document], None], act: str, *args: Any, **words: Any) -> None:
        # Each in its turn, as fast as somebody scores: a touch while another is kept must not be lost.
        work = partial(_ACTS[act], self.context.desk, self.context.new_ask(), *args, **words)
        self.context.tasks.run(work, then, partial(self.refused.emit, act))

    @property
    def is_left_handed(self) -> bool:
        """With which hand score sheets are filled in at this PC."""
        return bool(self.context.options.get("left_handed"))

    def store_writing_hand(self, *, left: bool) -> None:
        """Remember the hand at this PC; where that can't be written it holds until the station ends."""
        own = self.context.services.own_choices
        if own is not None:
            self.context.tasks.run_in_long_work_lane(
                lambda: own.store_writing_hand(left=left), _ignore_outcome, _ignore_outcome
            )


def _ignore_outcome(_outcome: object) -> None:
    pass


def _read_month_and_visit(context: StationContext, ticket: tuple[date, str] | None) -> MonthInspections:
    desk, now = context.desk, context.clock()
    month = inspecting.inspections_of_month(desk, None, now)
    visits = [one for one in month["inspections"] if one["channel"] == "mystery" and one["started"]]
    of_ticket = inspecting.signed_mystery_visit_seq(desk, *ticket) if ticket else None
    wanted = of_ticket or (visits[-1]["inspection"] if visits else None)
    visit = verbs.inspection_document(desk, wanted) if wanted else None
    return MonthInspections(month, tuple(inspecting.open_and_month_rectifications(desk, None, now)), visit)
