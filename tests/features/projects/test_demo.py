"""The improvement projects of the demo's weeks, on a small hall."""

from __future__ import annotations

from queuedesk.desk import improvement, looking
from queuedesk.features.projects.demo import STANDARD, go_on, lead_first, lead_noon
from tests.hall import MANAGER, simple_hall


def test_what_the_weeks_improve(tmp_path):
    """One project with six of nine causes judged; one that ended, its measure a step of the card for a full hall."""
    hall = simple_hall(tmp_path)
    setup = looking.setup_of(hall.desk)
    for days, does in ((0, lead_noon), (11, lead_first), (14, go_on)):
        hall.clock.move(days=days)
        does(hall.desk, setup, hall.ask(MANAGER))

    rows = improvement.projects_of(hall.desk, hall.clock())
    assert [(row["ending"], row["step"], row["judged_count"], row["cause_count"]) for row in rows] == [
        (None, "evidence", 6, 9),
        ("closed", None, 1, 1),
    ]
    assert looking.setup_of(hall.desk).cards["crowd"].steps[-1].text == STANDARD[1]
