"""Opens the lobby board."""

from __future__ import annotations

from queuedesk.stations.lobby.view import LobbyView
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.page import StationPage

ROLES = ("guide", "manager", "admin")


def build(context: StationContext) -> StationPage:
    """Return the board for the hall and person of `context`."""
    return LobbyView(context)
