"""What is told quietly at the stations: who was named for training, alone and once, and the morning's briefing, read
with one key, once a person and version."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel

from queuedesk.features.morning.pages.signing import BriefingDialog
from queuedesk.features.staff import verbs
from queuedesk.features.staff.rules.training import Act, needs_of
from tests.hall import MANAGER
from tests.stations.talk.conftest import Talkers


def test_who_was_named_and_who_has_not_read_the_briefing_is_told_until_a_key_says_so(talkers: Talkers) -> None:
    hall, people = talkers.hall, ("C1", "C2", "C3")
    rows = [
        Act("transfers", hall.date, f"A{n}", who, "A", "", int(who == "C3" and n < 40))
        for who in people
        for n in range(90)
    ]
    found = needs_of(hall.date, hall.date, rows)
    verbs.note_named(hall.desk, hall.ask(MANAGER), found, ("transfers", "A"), reason="coach")
    talkers.follow()

    told = talkers.says(talkers.counter)
    assert "40 of 90" in told and "To coach alone" in told
    assert talkers.says(talkers.guide) == talkers.says(talkers.manager) == ""
    assert talkers.knocks == []
    talkers.press(talkers.counter, "seen")
    assert talkers.says(talkers.counter) == ""
    assert [event.actor for event in talkers.log("training-seen")] == ["C3"]

    talkers.hall.do("briefing", ["新的收费表"], ["New fees"], who=MANAGER)
    talkers.follow()
    pages = (talkers.guide, talkers.counter, talkers.manager)
    assert [talkers.says(page) for page in pages] == ["Please read today's briefing"] * 2 + [""]
    assert talkers.knocks == [], "a briefing is quiet"

    talkers.press(talkers.counter, "briefing")
    dialog = talkers.dialog(talkers.counter)
    assert isinstance(dialog, BriefingDialog)
    assert "• New fees" in [label.text() for label in dialog.findChildren(QLabel)]
    assert len(talkers.log("briefing")) == 1, "looking is no receipt"
    talkers.touch(dialog.yes_button)
    assert (talkers.says(talkers.counter), talkers.says(talkers.guide)) == ("", "Please read today's briefing")
    assert [(event.actor, "read" in event.data) for event in talkers.log("briefing")] == [("M1", False), ("C3", True)]

    talkers.hall.do("briefing", ["新的收费表从下周起"], who=MANAGER)
    talkers.follow()
    assert [talkers.says(page) for page in pages] == ["Today's briefing has changed"] * 2 + [""]
