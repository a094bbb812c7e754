"""Improve: projects that mend what the figures show, behind one row of tabs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from queuedesk.i18n import _
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.pages import TabbedPages

if TYPE_CHECKING:
    from queuedesk.stations.manager.improvement.projects_page import ProjectsPage
    from queuedesk.stations.manager.improvement.where_else_page import WhereElsePage

PROJECTS = "projects"
WHERE_ELSE = "where-else"


class ImproveSection(TabbedPages):
    """Its pages call themselves Improve in their heads; their tabs tell them apart."""

    def __init__(self, controller: ManagerController, parent: QWidget | None = None) -> None:
        super().__init__(controller, parent)
        # In the order of the tabs, one line a page.
        self.pages.add_late(PROJECTS, "", lambda: _("Projects", context="tab"), self._make_projects)
        self.pages.add_late(WHERE_ELSE, "", lambda: _("Why people come"), self._make_where_else)

    # Each loads its module when it is made: the first frame waits for none of them.

    def _make_projects(self) -> ProjectsPage:
        from queuedesk.stations.manager.improvement.projects_page import ProjectsPage

        return ProjectsPage(self._controller.context)

    def _make_where_else(self) -> WhereElsePage:
        from queuedesk.stations.manager.improvement.where_else_controller import WhereElseController
        from queuedesk.stations.manager.improvement.where_else_page import WhereElsePage

        return WhereElsePage(WhereElseController(self._controller.context, parent=self))

    def name(self) -> str:
        return _("Improve", context="page")
