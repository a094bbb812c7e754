"""Events applied one after the other come to the same hall, in memory as in the tables, whatever happened."""

from pathlib import Path

from queuedesk.core.appraisal import TRANSFERS
from queuedesk.core.log.apply import CHANGES
from queuedesk.core.log.event import QUEUE_KINDS, SHAPES
from queuedesk.core.network.roles import Actor, Role, actor_of_station
from queuedesk.desk import looking
from queuedesk.desk.talk import devices
from queuedesk.features.staff import verbs
from queuedesk.features.staff.rules.training import RowCountedForTrainingNeed, training_needs
from tests.cli.commands import Console, begun_once
from tests.cli.transcripts import carry_out
from tests.core.added import own_kinds

NOTHING_ELSE = {"clock", "enter", "indicators", "drumming", "texts", "notes", "slip"}
"""What changes nothing but the hall's counters."""
LIVED = Path(__file__).parent / "golden" / "lived.txt"
"""What is typed in that day."""


def begun(console: Console) -> None:
    carry_out(console, LIVED.read_text(encoding="utf-8").splitlines())
    hall = console.hall()
    do, ask = hall.do, hall.ask()
    do("emergency", "Leave the hall")
    do("emergency", "Stay where you are")
    do("end-emergency")
    do("wording-end", next(iter(hall.whole().wordings)), use=True)
    rows = [
        RowCountedForTrainingNeed(TRANSFERS, hall.date, f"A{n}", f"C{n % 3}", "A", "", int(n % 3 == 1))
        for n in range(180)
    ]
    found = training_needs(hall.date, hall.date, rows)
    [seq] = verbs.record_staff_of_revealed_need(hall.desk, ask, found, (TRANSFERS, "A"), reason="coach")["named"]
    do("training-seen", seq, who=Actor("C1", Role.CLERK))
    do("help", who=actor_of_station("K1"))
    do("help-cancel", hall.last().seq, reason="mistake", who=actor_of_station("K1"))
    devices.record_station_start(hall.desk, ask, "display", "display")
    devices.record_device_state(hall.desk, ask, "printer", "K1", "offline")
    devices.record_device_state(hall.desk, ask, "printer", "K1", None)
    hall.clock.move(minutes=20)
    devices.record_lost_stations(hall.desk, hall.ask())
    do("raise-due")
    do("ack", "long_wait")
    do("try", "voice", text="test")
    do("day-end")
    do("open", "3", staff="C3", waive="other")
    do("close", "3")
    do("sheet-close", who=Actor("M1", Role.MANAGER))
    hall.desk.db.dispose()


def test_the_day_holds_every_kind_of_event_and_the_tables_follow_from_its_log(console: Console) -> None:
    hall = begun_once(console, begun).hall()
    assert {event.kind for event in hall.log()} == own_kinds() - NOTHING_ELSE - {"restore", "set-right"}
    assert set(CHANGES) == SHAPES.keys() - NOTHING_ELSE
    assert set(CHANGES) >= QUEUE_KINDS
    hall.must_follow_from_its_log()
    screen, whole = looking.hall_state_now(hall.desk, hall.clock()), hall.whole()
    assert whole.overtakes
    for part in ("tickets", "calls", "series", "shifts"):
        assert getattr(screen, part) == getattr(whole, part)
    hall.desk.db.dispose()
