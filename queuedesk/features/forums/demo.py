"""The forum of the demo's hall."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from queuedesk.core.queue.hallday import hall_moment
from queuedesk.desk.change import Ask
from queuedesk.features.forums import verbs
from queuedesk.sim.demand import DemoPart, Happening, typed

TALK = "talk"
"""The happening whose listeners it is held with."""
SAID = (
    (
        "过户要带的材料，网上写的和窗口说的不一样",
        "For a change of name the web page asks for other papers than the window",
    ),
    ("中午只开两个窗口，等得太久", "Only two windows at noon, the wait is too long"),
)


class ForumsPart(DemoPart):
    """Who listened to a talk says what is wrong."""

    def happens(self, happening: Happening) -> None:
        if happening.name == TALK:
            self.day.plan(hall_moment(self.setup, self.day.day, happening.end), partial(self._hold, happening))

    def _hold(self, happening: Happening, now: datetime) -> None:
        """Note what they said, and open a case of the last of it."""
        ask, issues = Ask(self.day.manager, now), [typed(self.setup, issue) for issue in SAID]
        day, about = self.setup.local(now).date(), typed(self.setup, happening.note)
        found = verbs.add_forum(self.desk, ask, day, happening.crowd, about=about, issues=issues)
        verbs.open_case(self.desk, ask, found["forum"], len(issues))
