"""What a lobby board adds to a hall."""

from queuedesk.core.features import Feature
from queuedesk.core.wording import Wording

FEATURE = Feature(
    name="lobby",
    title=Wording("Lobby board", context="feature"),
    about=Wording("Who waits, alarms, what to do now", context="feature"),
    where=Wording("a screen for the lobby manager, manager", context="feature"),
    pages=("waits/lobby",),
    events=("move",),
)
