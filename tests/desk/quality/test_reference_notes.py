"""Notes by reference number: found by who types it, read by nobody else, deleted after their date."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from queuedesk.core.errors import RuleError
from queuedesk.desk import looking
from queuedesk.desk.quality import thanking as notes
from queuedesk.desk.setup import setting_up
from queuedesk.features.appointments import verbs as booking
from queuedesk.store.schema import contacts
from queuedesk.store.upkeep import beside_log
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import ADMIN, GUIDE, MANAGER, Hall, clerk, simple_hall

NUMBER = "4100-2233 4471"


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return simple_hall(tmp_path, settings={"reference_notes": "on"})


def words(hall: Hall, number: str = NUMBER) -> list[str]:
    return [row["words"] for row in notes.notes_for(hall.desk, hall.ask(clerk("C1")), number)]


@ON_BOTH_ENGINES
def test_a_note_is_found_by_its_number_alone_and_deleted_after_its_date(hall: Hall) -> None:
    until = hall.date + timedelta(days=3)
    kept = notes.add(hall.desk, hall.ask(GUIDE), NUMBER, "Hears badly on the left", until=until)

    assert kept["reference"] == "••• 471"
    assert words(hall) == words(hall, "410022334471") == ["Hears badly on the left"]
    assert words(hall, "410022334472") == []
    assert "Hears" not in str(hall.log())
    with hall.desk.db.read() as tx:
        kept_rows = tx.execute(select(contacts)).all()
        assert NUMBER not in str(kept_rows) and "410022334" not in str(kept_rows) and len(kept_rows) == 1
        assert list(beside_log.faults(tx, hall.desk.hall, looking.setup_of(hall.desk))) == []
    notes.decline(hall.desk, hall.ask(GUIDE))
    found = notes.notes_of(hall.desk, hall.ask(MANAGER))
    assert (found["asked"], found["valid"], found["share"]) == (2, 1, 0.5)
    assert found["notes"][0]["by"] == "G1"

    hall.clock.move(days=4)
    assert words(hall) == [], "its date has come"
    booking.free_due(hall.desk, hall.ask())
    assert notes.notes_of(hall.desk, hall.ask(MANAGER)) == {"notes": [], "asked": 2, "valid": 0, "share": 0.0}


@ON_BOTH_ENGINES
def test_a_note_is_deleted_on_request(hall: Hall) -> None:
    kept = notes.add(hall.desk, hall.ask(GUIDE), NUMBER, "x")
    notes.end(hall.desk, hall.ask(clerk("C1")), kept["note"])
    assert words(hall) == []
    with pytest.raises(RuleError, match="not_there"):
        notes.end(hall.desk, hall.ask(MANAGER), kept["note"])


def test_nothing_is_kept_where_the_rule_is_off_or_the_date_is_far(hall: Hall) -> None:
    with pytest.raises(RuleError, match="bad_value"):
        notes.add(hall.desk, hall.ask(GUIDE), NUMBER, "x", until=hall.date + timedelta(days=999))
    with pytest.raises(RuleError, match="bad_value"):
        notes.add(hall.desk, hall.ask(GUIDE), "12", "x")
    setting_up.change_part(hall.desk, hall.ask(ADMIN), "settings", {"reference_notes": "off"})
    for act in (lambda: notes.add(hall.desk, hall.ask(GUIDE), NUMBER, "x"), lambda: words(hall)):
        with pytest.raises(RuleError, match="notes_off"):
            act()
