"""Opens the front desk."""

from __future__ import annotations

from queuedesk.stations.guide.controller import GuideController
from queuedesk.stations.guide.view import GuideView
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.page import StationPage

ROLES = ("guide", "manager", "admin")


def build(context: StationContext) -> StationPage:
    """Return the front desk's page for the hall and person of `context`."""
    return GuideView(context, GuideController(context))
