"""The demo's last mornings, on a small hall: two briefings that most have read, an opening that lacks something."""

from __future__ import annotations

from pathlib import Path

from queuedesk.desk import looking
from queuedesk.desk.quality import morning
from queuedesk.features.morning import verbs
from queuedesk.features.morning.demo import MorningPart
from tests.hall import MANAGER, simple_hall


def test_what_the_last_mornings_are(tmp_path: Path) -> None:
    hall = simple_hall(tmp_path)
    setup = looking.setup_of(hall.desk)
    for ago in (2, 1, 0):
        for _minute, does in MorningPart.acts(ago):
            does(hall.desk, setup, hall.ask(MANAGER))
        hall.clock.move(days=1 if ago else 0)

    signed = verbs.opening_of(hall.desk, None, hall.clock())
    assert (signed["opening"]["lacking"], signed["closing"]) == (1, None)
    told = morning.briefing_of(hall.desk, None, hall.clock())["briefing"]
    assert (len(told["points"]), bool(told["read"]), len(told["unread"])) == (3, True, 1)
    assert len(verbs.briefings_of(hall.desk, None, None, hall.clock())) == 2
    hall.must_follow_from_its_log()
