"""Improve: projects that mend what the figures show, behind one row of tabs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from queuedesk.i18n import _
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.pages import IMPROVE, TabbedPages
from queuedesk.stations.manager.today.alert_words import ButtonTarget

PROJECTS, PROJECT = "projects", "project"


class ImproveSection(TabbedPages):
    """Its pages call themselves Improve in their heads; their tabs tell them apart. `days_wanted` is behind_wanted with
    the dates that are left out."""

    key = IMPROVE
    days_wanted = Signal(str, object, object, str, tuple)

    def __init__(self, controller: ManagerController, parent: QWidget | None = None) -> None:
        super().__init__(controller, parent)
        self._add_features()

    def _signal_handlers(self, key: str) -> dict[str, Any]:
        return {**super()._signal_handlers(key), "back": self._return_to_projects, "days_wanted": self.days_wanted}

    def name(self) -> str:
        return _("Improve", context="page")

    # -- one project ---------------------------------------------------------------------------------------------------

    @property
    def project(self) -> Any:
        """The page of a project, which the feature of that name adds."""
        return self.pages.page(PROJECT)

    def open_project(self, number: int) -> None:
        self.show_tabs(shown=False)
        self.project.open_project(number)
        self.pages.open(PROJECT)

    def extra_page_routes(self) -> Mapping[str, Callable[[], None]]:
        going_on = [one.number for one in self._controller.state.projects.values()]
        return {PROJECT: partial(self.open_project, max(going_on))} if going_on and self.pages.has(PROJECT) else {}

    def _return_to_projects(self) -> None:
        self.open_tab(PROJECTS)

    def open_tab(self, key: str) -> None:
        self.show_tabs()
        super().open_tab(key)

    def go(self, place: ButtonTarget) -> None:
        if place.project:
            self.open_project(place.project)
        else:
            self.open_tab(PROJECTS)
