"""Warnings: whoever is responsible for an alert is told at the own station until it was seen."""

from __future__ import annotations

import pytest

from queuedesk.core.errors import RuleError
from queuedesk.desk.setup import setting_up
from queuedesk.desk.talk import alarms
from tests.hall import ADMIN, MANAGER, clerk
from tests.stations.talk.conftest import Talkers


def test_the_responsible_clerk_is_warned_and_has_seen_it(talkers: Talkers) -> None:
    hall = talkers.hall
    setting_up.set_row(hall.desk, hall.ask(ADMIN), "staff", "C3", {"warned_of": ["B"]})
    hall.clock.move(minutes=40)
    alarms.raise_due(hall.desk, hall.ask())
    talkers.follow()

    assert talkers.says(talkers.counter).startswith("Warning, ")
    assert not talkers.says(talkers.guide).startswith("Warning, ")
    with pytest.raises(RuleError, match="not_your_role"):
        alarms.acknowledge(hall.desk, hall.ask(clerk("C3")), "long_wait", service="A")
    hall.clock.move(seconds=30)
    talkers.press(talkers.counter, "seen")
    assert not talkers.says(talkers.counter).startswith("Warning, ")
    own = alarms.warnings_of(hall.desk, clerk("C3"), None, hall.clock())
    assert [(row["service"], row["people"], row["by"], row["seconds"]) for row in own] == [("B", ["C3"], "C3", 30)]
    assert alarms.warnings_of(hall.desk, clerk("C1"), None, hall.clock()) == []
    assert alarms.warnings_of(hall.desk, MANAGER, None, hall.clock()) == own
