"""The tab of kept reports, and what reads and writes them beside the window."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from queuedesk.features.kept_reports.pages.controller import KeptReportsController
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.pages import ControllerCache

if TYPE_CHECKING:
    from queuedesk.features.kept_reports.pages.page import KeptReportsPage


def kept_reports_list_check(
    controller: ManagerController, own: ControllerCache, _changed: Callable[[], None]
) -> Callable[[], bool]:
    """Return what says whether this station can list them."""
    kept = own(KeptReportsController, controller.context)
    return lambda: kept.has_kept_reports_service


def kept_reports_page(controller: ManagerController, own: ControllerCache) -> KeptReportsPage:
    """Return the page with the section's controller."""
    from queuedesk.features.kept_reports.pages.page import KeptReportsPage  # late as the page is

    return KeptReportsPage(controller.context.look, own(KeptReportsController, controller.context))
