"""Improve: projects that mend what the figures show, behind one row of tabs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from queuedesk.i18n import _
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.pages import IMPROVE, TabbedPages
from queuedesk.stations.manager.today.alert_words import Place

if TYPE_CHECKING:
    from queuedesk.stations.manager.improvement.project_page import ProjectPage
    from queuedesk.stations.manager.improvement.projects_page import ProjectsPage

PROJECTS, PROJECT = "projects", "project"


class ImproveSection(TabbedPages):
    """Its pages call themselves Improve in their heads; their tabs tell them apart. `days_wanted` is behind_wanted with
    the dates that are left out."""

    key = IMPROVE
    days_wanted = Signal(str, object, object, str, tuple)

    def __init__(self, controller: ManagerController, parent: QWidget | None = None) -> None:
        super().__init__(controller, parent)
        # In the order of the tabs, one line a page.
        self.pages.add_late(PROJECTS, "", lambda: _("Projects", context="tab"), self._make_projects)
        # A project is opened from the list, and takes the whole page.
        self.pages.add_late(PROJECT, "", str, self._make_project, offered=lambda: False)
        self._add_features()

    # Each loads its module when it is made: the first frame waits for none of them.

    def _make_projects(self) -> ProjectsPage:
        from queuedesk.stations.manager.improvement.projects_page import ProjectsPage

        page = ProjectsPage(self._controller.context)
        page.project_wanted.connect(self.open_project)
        return page

    def _make_project(self) -> ProjectPage:
        from queuedesk.stations.manager.improvement.project_page import ProjectPage
        from queuedesk.stations.manager.improvement.projects_controller import ProjectsController

        page = ProjectPage(ProjectsController(self._controller.context))
        page.back.connect(self._leave_project)
        return page

    def _connect(self, key: str, page: QWidget) -> None:
        super()._connect(key, page)
        if hasattr(page, "days_wanted"):
            page.days_wanted.connect(self.days_wanted)

    def name(self) -> str:
        return _("Improve", context="page")

    # -- one project ---------------------------------------------------------------------------------------------------

    @property
    def project(self) -> ProjectPage:
        """The page of a project."""
        return cast("ProjectPage", self.pages.page(PROJECT))

    def open_project(self, number: int) -> None:
        """Show a project over the whole page."""
        self.show_tabs(shown=False)
        self.project.open_project(number)
        self.pages.open(PROJECT)

    def more_ways(self) -> Mapping[str, Callable[[], None]]:
        """Return the way to the newest project that goes on."""
        going_on = [one.number for one in self._controller.state.projects.values()]
        return {PROJECT: partial(self.open_project, max(going_on))} if going_on and self.pages.has(PROJECT) else {}

    def _leave_project(self) -> None:
        self.open_tab(PROJECTS)

    def open_tab(self, key: str) -> None:
        self.show_tabs()
        super().open_tab(key)

    def go(self, place: Place) -> None:
        """Show a project, or without a number the list."""
        if place.project:
            self.open_project(place.project)
        else:
            self.open_tab(PROJECTS)
