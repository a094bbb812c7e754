"""The page that tells why ratings are low, and what reads it beside the window."""

from __future__ import annotations

from queuedesk.features.low_ratings.pages.controller import WhyController
from queuedesk.features.low_ratings.pages.page import WhyPage
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.pages import Controllers


def why_page(controller: ManagerController, own: Controllers) -> WhyPage:
    """Return the page with the section's controller."""
    return WhyPage(own(WhyController, controller.context))
