"""The page of thanks and warnings, and what reads and notes them beside the window."""

from __future__ import annotations

from queuedesk.features.thanks.pages.controller import ThanksAndWarningsController
from queuedesk.features.thanks.pages.page import ThanksAndWarningsPage
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.pages import Controllers


def thanks_page(controller: ManagerController, own: Controllers) -> ThanksAndWarningsPage:
    """Return the page with the section's controller."""
    return ThanksAndWarningsPage(own(ThanksAndWarningsController, controller.context))
