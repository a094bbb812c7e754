"""Opens the manager's station."""

from __future__ import annotations

from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.figures.reporting import Reporting
from queuedesk.stations.manager.setup_frame.set_up_controller import SetUpController
from queuedesk.stations.manager.today.day_controller import DayController
from queuedesk.stations.manager.view import ManagerView
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.page import StationPage

ROLES = ("manager", "admin")


def build(context: StationContext) -> StationPage:
    """Return the manager's page for the hall and person of `context`."""
    return ManagerView(
        context, ManagerController(context), Reporting(context), SetUpController(context), DayController(context)
    )
