"""Improve, projects: the list of the hall's improvement projects."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from queuedesk.i18n import _
from queuedesk.stations.manager.parts.page import Page, PageSpec
from queuedesk.stations.widgets.panels import EmptyCard, EmptyState
from queuedesk.stations.window.context import StationContext


class ProjectsPage(Page):
    """The projects, the newest first."""

    def __init__(self, context: StationContext, parent: QWidget | None = None) -> None:
        super().__init__(context.look, PageSpec(title=lambda: _("Improve", context="page")), parent)
        self._empty = EmptyState(context.look, "arrow-up")
        self.put(EmptyCard(context.look, self._empty), 1)

    def retranslate(self) -> None:
        super().retranslate()
        self._empty.set_texts(
            _("No project yet"),
            _(
                "A project takes a finding to its causes, and what was done to its effect: judged by the log's own rows."
            ),
        )
