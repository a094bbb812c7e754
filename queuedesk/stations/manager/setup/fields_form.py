"""A form of fields that a row of the set-up declares: their labels, what they show, how a typed text is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NamedTuple

from PySide6.QtWidgets import QWidget

from queuedesk.core.setup.fields import COUNT, FLAG, HOURS, LETTERS, MINUTES, TEXT, TIME, Field, Wording, fields_of
from queuedesk.core.setup.time_of_day import clock_text
from queuedesk.core.setup.values import Setup
from queuedesk.i18n import _
from queuedesk.stations.manager.setup.form_parts import Form, still
from queuedesk.stations.manager.setup.hours_text import hours_text
from queuedesk.stations.manager.setup_frame.draft import Draft
from queuedesk.stations.manager.setup_frame.words import (
    read_count,
    read_hours_field,
    read_minutes,
    read_time,
    target_text,
    time_text,
)
from queuedesk.stations.widgets.lists.tiles import TickBox
from queuedesk.stations.window.style import Look


class Shown(NamedTuple):
    """How a value of a kind is shown as text, and what a typed text makes of a draft."""

    text: Callable[[Any], str]
    take: Callable[[Draft, str, str], Draft]


def _read(reader: Callable[[str, str], dict[str, Any]]) -> Callable[[Draft, str, str], Draft]:
    return lambda draft, key, text: draft.read(key, text, partial(reader, key))


SHOWN: Mapping[str, Shown] = {
    TEXT: Shown(lambda value: str(value or ""), lambda draft, key, text: draft.with_value(key, text.strip())),
    LETTERS: Shown(
        lambda value: str(value or ""), lambda draft, key, text: draft.with_value(key, text.strip().upper())
    ),
    COUNT: Shown(lambda value: "" if value is None else str(value), _read(read_count)),
    MINUTES: Shown(target_text, _read(read_minutes)),
    TIME: Shown(lambda value: clock_text(value) if isinstance(value, int) else time_text(value), _read(read_time)),
    HOURS: Shown(hours_text, _read(read_hours_field)),
}


class FieldsForm(Form):
    """A form for a kind of row. Its own fields beside the declared ones are its subclass's care."""

    def __init__(self, look: Look, row: type, tab: str = "", parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.declared = fields_of(row)
        self.ticks: dict[str, TickBox] = {}
        if tab:
            self.lay(tab)
            self.column.addStretch(1)

    def lay(
        self, tab: str, *, behind: Mapping[str, str] | None = None, shares: Mapping[str, int] | None = None
    ) -> None:
        """Put the declared fields of a tab below each other; `behind` names fields of the form's own that stand behind
        one of them, `shares` how wide those are."""
        lines: list[list[str]] = []
        for key, field in sorted(self.declared.items(), key=lambda one: one[1].rank):
            if field.tab != tab or field.kind.form not in (FLAG, *SHOWN):
                continue
            if not (field.beside and lines):
                lines.append([])
            lines[-1] += [key, *([behind[key]] if behind and key in behind else [])]
        for keys in lines:
            first = self.declared[keys[0]]
            if first.kind.form == FLAG:
                self.add_tick(keys[0])
            elif first.lines > 1:
                self.add_areas(*keys, rows=first.lines)
            else:
                widths = {**{key: field.share for key, field in self.declared.items()}, **(shares or {})}
                self.add_row(*keys, stretches=[widths[key] for key in keys])

    def add_tick(self, key: str) -> None:
        """Put a switch below what is there."""
        tick = self.ticks[key] = TickBox(self.look, "")
        self.column.addWidget(tick)
        tick.clicked.connect(partial(self._tick, key))

    def retranslate(self) -> None:
        for key, field in self._own().items():
            self.fields[key].set_label(said(field.title))
            self.fields[key].set_hint(said(Wording(field.hint)))
        for key, tick in self.ticks.items():
            tick.setText(said(self.declared[key].title))

    def show_row(self, setup: Setup, draft: Draft) -> None:
        for key, field in self._own().items():
            if key not in draft.unread and field.kind.form in SHOWN:
                value = draft.row.get(key)
                self.put(key, SHOWN[field.kind.form].text(field.usual if value is None else value))
        for key, tick in self.ticks.items():
            tick.setChecked(bool(draft.row.get(key)))
            still(tick, self.may_change)

    def take(self, draft: Draft, key: str, text: str) -> Draft:
        return SHOWN[self.declared[key].kind.form].take(draft, key, text)

    def _own(self) -> Mapping[str, Field]:
        return {key: field for key, field in self.declared.items() if key in self.fields}

    def _tick(self, key: str, on: bool) -> None:
        if self.draft is not None:
            self.changed.emit(self.draft.with_value(key, on))


def said(words: Wording) -> str:
    """Return a declared text in the station's language."""
    return _(words.text, context=words.context) if words.text else ""
