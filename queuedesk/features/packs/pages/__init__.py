"""The page of packs, and what reads and makes them beside the window."""

from __future__ import annotations

from queuedesk.features.packs.pages.controller import PacksController
from queuedesk.features.packs.pages.page import PacksPage
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.pages import Controllers


def packs_page(controller: ManagerController, own: Controllers) -> PacksPage:
    """Return the page with the section's controller."""
    return PacksPage(own(PacksController, controller.context))
