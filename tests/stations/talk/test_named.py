"""Who was named for training is told at the own station, alone and once."""

from __future__ import annotations

from queuedesk.core.appraisal.training_needs import Act, needs_of
from queuedesk.desk.appraisal import training
from tests.hall import MANAGER
from tests.stations.talk.conftest import Talkers


def test_who_was_named_is_told_at_the_own_station_alone_and_once(talkers: Talkers) -> None:
    hall, people = talkers.hall, ("C1", "C2", "C3")
    rows = [
        Act("transfers", hall.date, f"A{n}", who, "A", "", int(who == "C3" and n < 40))
        for who in people
        for n in range(90)
    ]
    found = needs_of(hall.date, hall.date, rows)
    training.note_named(hall.desk, hall.ask(MANAGER), found, ("transfers", "A"), reason="coach")
    talkers.follow()

    told = talkers.says(talkers.counter)
    assert "40 of 90" in told and "To coach alone" in told
    assert talkers.says(talkers.guide) == talkers.says(talkers.manager) == ""
    assert talkers.knocks == []
    talkers.press(talkers.counter, "seen")
    assert talkers.says(talkers.counter) == ""
    assert [event.actor for event in talkers.log("training-seen")] == ["C3"]
