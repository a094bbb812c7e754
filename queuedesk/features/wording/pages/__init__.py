"""Wording trials as a list, and what one of them says."""

from __future__ import annotations

from queuedesk.features.wording.pages.page import TrialsPage
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.pages import Controllers


def trials_page(controller: ManagerController, _own: Controllers) -> TrialsPage:
    """Return the page; a list has its own controller."""
    return TrialsPage(controller.context)
