"""The demo's month, with few customers."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from queuedesk.desk.change import Desk
from queuedesk.features.demo_hall.verbs import halls, story
from tests.reports.days import kept

MONDAY = date(2026, 11, 23)


@kept
def month(folder: Path) -> Desk:
    """Return the demo's hall with its weeks, the morning before its day."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(story, "CUSTOMERS", 11)  # on a usual day, for the test's time
        patch.setattr(halls, "SEEDS", ())  # of the day itself nothing is shown, so no busy one is looked for
        desk, _day = halls.make_invented_hall(folder / "hall.sqlite", MONDAY)
    return desk
