"""The forum of the demo's hall."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from queuedesk.core.queue.hallday import utc_moment_of_hall_minute
from queuedesk.desk.change import Ask
from queuedesk.features.forums import verbs
from queuedesk.sim.demand import DemoIncident, FeatureDemoPart, hall_language_text

TALK = "talk"
"""The happening whose listeners it is held with."""
SAID = (
    (
        "过户要带的材料，网上写的和窗口说的不一样",
        "For a change of name the web page asks for other papers than the window",
    ),
    ("中午只开两个窗口，等得太久", "Only two windows at noon, the wait is too long"),
)


class ForumsDemoPart(FeatureDemoPart):
    """Who listened to a talk says what is wrong."""

    def act_on_incident(self, happening: DemoIncident) -> None:
        if happening.name == TALK:
            self.day.plan_act(
                utc_moment_of_hall_minute(self.setup, self.day.day, happening.end),
                partial(self._record_forum_and_open_case, happening),
            )

    def _record_forum_and_open_case(self, happening: DemoIncident, now: datetime) -> None:
        """Note what they said, and open a case of the last of it."""
        ask, issues = Ask(self.day.manager, now), [hall_language_text(self.setup, issue) for issue in SAID]
        day, about = self.setup.to_hall_time(now).date(), hall_language_text(self.setup, happening.note)
        found = verbs.add_forum(self.desk, ask, day, happening.crowd, about=about, issues=issues)
        verbs.open_case_of_issue(self.desk, ask, found["forum"], len(issues))
