"""A feature's page of records at the front desk."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtWidgets import QWidget

from queuedesk.core.features import load, uses

if TYPE_CHECKING:
    from queuedesk.stations.manager.parts.record_page import RecordStage
    from queuedesk.stations.window.context import StationContext


class Host(Protocol):
    """What it needs of the front desk's view."""

    context: StationContext
    acts: Any

    @property
    def is_away(self) -> bool: ...
    def put_stage(self, stage: RecordStage) -> RecordStage: ...
    def show_stage(self, stage: QWidget) -> None: ...
    def show_front(self) -> None: ...
    def back(self) -> None: ...
    def now(self) -> datetime: ...


class RecordPart:
    """What the front desk has of a feature that is a page of records: no card in the rail, and the page on a stage.
    `page` is the reference of its specification, loaded when the page is first opened."""

    card = None

    def __init__(self, view: Host, feature: str, page: str) -> None:
        self._view, self._feature, self._page = view, feature, page

    @cached_property
    def stage(self) -> RecordStage:
        # A start waits for no page.
        from queuedesk.stations.manager.parts.record_page import RecordPage, RecordStage

        view = self._view
        page = RecordPage(view.context, load(self._page))
        stage = view.put_stage(RecordStage(page))
        page.said.connect(view.acts.say)
        stage.back_button.clicked.connect(view.back)
        self.set_away(view.is_away)
        return stage

    def open(self) -> None:
        self.stage.page.refresh(self._view.now())
        self._view.show_stage(self.stage)

    def refresh(self) -> None:
        """Read again what is shown, from time to time; leave it once the hall does not use it, unless somebody is being
        asked."""
        if "stage" not in vars(self) or not self.stage.isVisible():
            return
        if uses(self._view.context.feed.setup.hall, self._feature) or self.stage.page.dialog is not None:
            self.stage.page.refresh(self._view.now())
        else:
            self._view.show_front()

    def has_stage(self, stage: QWidget | None) -> bool:
        return "stage" in vars(self) and self.stage is stage

    def set_away(self, away: bool) -> None:
        """While the hall is away one can look, but not act."""
        for button in self.stage.page.hall_acts if "stage" in vars(self) else ():
            button.set_held(away)
