"""The page of what people come for, and what reads it beside the window."""

from __future__ import annotations

from queuedesk.features.why_come.pages.controller import WhereElseController
from queuedesk.features.why_come.pages.page import WhereElsePage
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.pages import Controllers


def where_else_page(controller: ManagerController, own: Controllers) -> WhereElsePage:
    """Return the page with the section's controller."""
    return WhereElsePage(own(WhereElseController, controller.context))
