"""The form of the ready sentences: what goes between stations, to the displays, with a call for help, in an
emergency."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QWidget

from queuedesk.core.setup.sentence_checks import LISTS, own_rows, usual_rows
from queuedesk.core.setup.values import Setup
from queuedesk.i18n import _
from queuedesk.stations.manager.setup.form_parts import Form
from queuedesk.stations.manager.setup.sentence_list import SentenceList
from queuedesk.stations.manager.setup_frame.draft import Draft
from queuedesk.stations.window.style import Look

LONG = ("announcements", "emergency")
"""Lists whose sentences are read from a display: they need the whole width."""
BESIDE_FROM_PX = 760
NEW = {"text": "", "text_en": ""}


class SentencesForm(Form):
    """Four lists; the usual sentences stand in one that the hall has none of its own for."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.lists = {kind: SentenceList(look, kind) for kind in LISTS}
        for kind, shown in self.lists.items():
            self.column.addWidget(shown)
            self.column.addSpacing(look.gap(16))
            shown.edited.connect(partial(self._type, kind))
            shown.moved.connect(partial(self._move, kind))
            shown.removed.connect(partial(self._remove, kind))
            shown.added.connect(partial(self._add, kind))
            shown.usual_wanted.connect(partial(self._go_back, kind))
        self.column.addStretch(1)
        look.changed.connect(self._arrange)
        self._arrange()

    def retranslate(self) -> None:
        for shown in self.lists.values():
            shown.retranslate()

    def show_draft(self, setup: Setup, draft: Draft, problems: Mapping[str, str], *, may_change: bool) -> None:
        super().show_draft(setup, draft, problems, may_change=may_change)
        for kind, shown in self.lists.items():
            shown.say(_hint(kind), problems)
        self._lay_out()

    def show_row(self, setup: Setup, draft: Draft) -> None:
        for kind, shown in self.lists.items():
            rows = draft.row[kind]
            shown.show_rows(rows, usual=not own_rows(kind, rows), may_change=self.may_change)

    def settle(self) -> None:
        for shown in self.lists.values():
            shown.settle()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()
        super().resizeEvent(event)

    def _arrange(self) -> None:
        """Put short sentences beside their English where both can be read."""
        has_room = self.width() >= self.look.px(BESIDE_FROM_PX)
        for kind, shown in self.lists.items():
            shown.put_beside(has_room and kind not in LONG)

    def _lay_out(self) -> None:
        """Give rows that have just come their places at once, not only when the next event says so."""
        for shown in self.lists.values():
            shown.measure_again()
        self.column.activate()

    # -- what is typed and pressed -----------------------------------------------------------------------------------

    def _type(self, kind: str, place: int, key: str, text: str) -> None:
        if self.draft is not None:
            rows = list(self.draft.row[kind])
            rows[place] = {**rows[place], key: text.strip()}
            fresh = f"{kind}.{place + 1}.{key}"
            self.changed.emit(self.draft.with_value(kind, rows).touched(fresh))

    def _add(self, kind: str) -> None:
        if self.draft is None:
            return
        self._with_rows(kind, [*_marked(self.draft, kind), (NEW, True)])
        shown = self.lists[kind]
        shown.rows[-1].edits["text"].setFocus()
        QTimer.singleShot(0, self, partial(self.ensureWidgetVisible, shown.add_button))

    def _move(self, kind: str, place: int, by: int) -> None:
        """Let a sentence change places with its neighbour; the keyboard goes with it."""
        if self.draft is None:
            return
        rows = _marked(self.draft, kind)
        if not 0 <= place + by < len(rows):
            return
        before, after = self.lists[kind].rows[place], self.lists[kind].rows[place + by]
        focus = QApplication.focusWidget()  # asked before the button under it may go
        rows[place], rows[place + by] = rows[place + by], rows[place]
        self._with_rows(kind, rows)
        for one, others in (
            *((before.edits[key], (after.edits[key],)) for key in before.edits),
            (before.up_button, (after.up_button, after.down_button)),
            (before.down_button, (after.down_button, after.up_button)),
        ):
            if one is focus:
                next(other for other in others if other.isVisibleTo(after)).setFocus()
        self.ensureWidgetVisible(after)

    def _remove(self, kind: str, place: int) -> None:
        if self.draft is None:
            return
        rows = _marked(self.draft, kind)
        del rows[place]
        if rows:
            self._with_rows(kind, rows)

    def _go_back(self, kind: str) -> None:
        self._with_rows(kind, [(row, False) for row in usual_rows(kind)])

    def _with_rows(self, kind: str, rows: Sequence[tuple[Mapping[str, Any], bool]]) -> None:
        """Take other rows, each with whether it is still to be filled in."""
        if self.draft is None:
            return
        fresh = {key for key in self.draft.fresh if key.split(".")[0] != kind}
        fresh |= {_text_key(kind, place) for place, (_row, is_fresh) in enumerate(rows) if is_fresh}
        self.lists[kind].settle()
        draft = self.draft.with_value(kind, [dict(row) for row, _is_fresh in rows])
        self.changed.emit(replace(draft, fresh=frozenset(fresh)))


def _marked(draft: Draft, kind: str) -> list[tuple[Mapping[str, Any], bool]]:
    """Return a list's rows, each with whether nobody has typed in it yet."""
    return [(row, _text_key(kind, place) in draft.fresh) for place, row in enumerate(draft.row[kind])]


def _text_key(kind: str, place: int) -> str:
    return f"{kind}.{place + 1}.text"


def _hint(kind: str) -> str:
    """Return where the sentences of a list are offered."""
    return {
        "messages": _("offered under Message, at every station; the first nine by their digit"),
        "announcements": _("offered on the page Announce, for the displays"),
        "help": _("offered under Call for help: what it is about"),
        "emergency": _("offered behind the red key; the second press sends one to every screen"),
    }[kind]
