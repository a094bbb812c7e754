"""Reads what projects made standard."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, Signal

from queuedesk.core.improvement.project import Place as Standing
from queuedesk.desk.change import Document
from queuedesk.desk.improvement import standards_of
from queuedesk.stations.manager.parts.page_controller import OneReading
from queuedesk.stations.window.context import StationContext


class StandardsController(QObject):
    """Reads what projects made standard, anew when a project has changed; `changed` once `rows` are others."""

    changed = Signal()

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._reading = OneReading(context, self)
        self._known: object = ()
        self.rows: list[Document] = []

    def refresh(self) -> None:
        """Read again if a project has changed since; none in a hall without projects."""
        if not self._context.feed.setup.uses("projects"):
            self._known = ()
            self._take([])
            return
        known = tuple(self._context.feed.state.projects.values())
        if known != self._known and not self._reading.is_on:
            self._known = known
            self._reading.read(partial(standards_of, self._context.desk), self._take)

    def _take(self, rows: list[Document]) -> None:
        if rows != self.rows:
            self.rows = rows
            self.changed.emit()

    def at(self, standing: Standing, texts: Sequence[str], ref: str = "") -> list[Document]:
        """Return what was made at a place and still stands there among `texts`, of a rule its value; `ref` is the card
        or the rule."""
        return [
            row
            for row in self.rows
            if row["place"] == standing
            and not row["asked"]
            and ref in ("", row["ref"])
            and not set(texts).isdisjoint([row["value"]] if standing is Standing.RULE else row["texts"])
        ]
