"""Opens the manager's station."""

from __future__ import annotations

from queuedesk.stations.context import StationContext
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.day_desk import DayDesk
from queuedesk.stations.manager.reporting import Reporting
from queuedesk.stations.manager.set_up_desk import SetUpDesk
from queuedesk.stations.manager.view import ManagerView
from queuedesk.stations.page import StationPage

ROLES = ("manager", "admin")


def build(context: StationContext) -> StationPage:
    """Return the manager's page for the hall and person of `context`."""
    return ManagerView(context, ManagerController(context), Reporting(context), SetUpDesk(context), DayDesk(context))
