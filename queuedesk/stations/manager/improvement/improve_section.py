"""Improve: projects that mend what the figures show, behind one row of tabs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from queuedesk.i18n import _
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.pages import TabbedPages

if TYPE_CHECKING:
    from queuedesk.stations.manager.improvement.projects_page import ProjectsPage

PROJECTS = "projects"


class ImproveSection(TabbedPages):
    """Its pages call themselves Improve in their heads; their tabs tell them apart."""

    def __init__(self, controller: ManagerController, parent: QWidget | None = None) -> None:
        super().__init__(controller, parent)
        # In the order of the tabs, one line a page.
        self.pages.add_late(PROJECTS, "", lambda: _("Projects", context="tab"), self._make_projects)

    # Each loads its module when it is made: the first frame waits for none of them.

    def _make_projects(self) -> ProjectsPage:
        from queuedesk.stations.manager.improvement.projects_page import ProjectsPage

        return ProjectsPage(self._controller.context)

    def name(self) -> str:
        return _("Improve", context="page")
