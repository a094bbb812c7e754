"""The tab of kept reports, and what reads and writes them beside the window."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from queuedesk.features.kept_reports.pages.controller import KeptController
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.pages import Controllers

if TYPE_CHECKING:
    from queuedesk.features.kept_reports.pages.page import KeptPage


def can_list(controller: ManagerController, own: Controllers, _changed: Callable[[], None]) -> Callable[[], bool]:
    """Return what says whether this station can list them."""
    kept = own(KeptController, controller.context)
    return lambda: kept.can_list


def kept_page(controller: ManagerController, own: Controllers) -> KeptPage:
    """Return the page with the section's controller."""
    from queuedesk.features.kept_reports.pages.page import KeptPage  # late as the page is

    return KeptPage(controller.context.look, own(KeptController, controller.context))
