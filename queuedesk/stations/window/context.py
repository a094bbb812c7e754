"""What every station is built from; `app` makes one for each window it opens."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.network.roles import Actor
from queuedesk.core.talk.screen import at_pc
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.looking import own_id
from queuedesk.stations.window.feed_bridge import HallFeed
from queuedesk.stations.window.services import Services
from queuedesk.stations.window.style import Look
from queuedesk.stations.window.tasks import Lanes


@dataclass
class StationContext:
    """The hall, its feed, the clock and the lanes of one station's process.

    `name` is the station as its PC calls it ("guide", "counter-3", "display"), `pc` what a hall of several PCs calls
    that, "" in one of one PC; `who` acts there, None until somebody signed in. `services` is what `app` does for a
    station (printing a slip, writing the day's PDF, speaking).
    """

    desk: Desk
    feed: HallFeed
    tasks: Lanes
    look: Look
    clock: Callable[[], datetime]
    name: str
    who: Actor | None = None
    services: Services = field(default_factory=Services)
    options: Mapping[str, Any] = field(default_factory=dict)
    pc: str = ""
    confirm_clock: Callable[[QueueDeskError, Actor, Callable[[], object]], object] = lambda _trouble, _who, _again: None
    """Asks who has just proven to be here whether the time is right, which was refused as "clock_ahead", and goes on
    with what was refused."""

    @property
    def own_name(self) -> str:
        """The station's name among those of all PCs in the hall, for signing in and for who has shown and said a
        call."""
        return at_pc(self.name, self.pc)

    def ask(self, who: Actor | None = None) -> Ask:
        """Return a request by the person here, or `who`, as of now: for one desk function, made before its work goes to
        a lane.

        It has an id, by which the command lane may ask a server again where no answer came.
        """
        who = who or self.who
        if who is None:
            raise ValueError("nobody is at this station")
        return Ask.by(self.clock, who, own_id(), is_for_server=True)
