"""Opens the lobby board."""

from __future__ import annotations

from queuedesk.stations.context import StationContext
from queuedesk.stations.lobby.view import LobbyView
from queuedesk.stations.page import StationPage

ROLES = ("guide", "manager", "admin")


def build(context: StationContext) -> StationPage:
    """Return the board for the hall and person of `context`."""
    return LobbyView(context)
