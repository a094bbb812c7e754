"""The forum of the demo's hall."""

from __future__ import annotations

from queuedesk.core.setup.rows import Setup
from queuedesk.desk.change import Ask, Desk
from queuedesk.features.forums import verbs
from queuedesk.sim.demo_words import typed
from queuedesk.sim.whole_hall import Happening

SAID = ("过户要带的材料，网上写的和窗口说的不一样", "中午只开两个窗口，等得太久")


def hold(happening: Happening, desk: Desk, setup: Setup, ask: Ask) -> None:
    """Note what the crowd of a happening said, and open a case of the last of it."""
    day, about = setup.local(ask.now).date(), typed(setup, happening.note)
    issues = [typed(setup, issue) for issue in SAID]
    found = verbs.add_forum(desk, ask, day, happening.crowd, about=about, issues=issues)
    verbs.open_case(desk, ask, found["forum"], len(issues))
