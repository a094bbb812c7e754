"""The page of a month of quality, and what reads it beside the window."""

from __future__ import annotations

from queuedesk.features.quality_month.pages.controller import MonthController
from queuedesk.features.quality_month.pages.page import MonthPage
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.pages import Controllers


def month_page(controller: ManagerController, own: Controllers) -> MonthPage:
    """Return the page with the section's controller."""
    return MonthPage(own(MonthController, controller.context, controller.first_day))
