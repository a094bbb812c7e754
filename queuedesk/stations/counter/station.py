"""The counter as the program opens it."""

from __future__ import annotations

from queuedesk.stations.counter.controller import CounterController
from queuedesk.stations.counter.signing_in import SigningIn
from queuedesk.stations.counter.view import CounterView
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.page import StationPage

# The page asks for window and name itself: signing in here is opening a window.
ROLES: tuple[str, ...] = ()


def build(context: StationContext) -> StationPage:
    """Return the counter's page; option "window" names the window it stands at."""
    return CounterView(context, CounterController(context), SigningIn(context))
