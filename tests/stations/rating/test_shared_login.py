"""A rating screen with the login of a public PC, among counters, a kiosk and a manager's PC with theirs: it works, and
only the manager's learns the level."""

import pytest

from queuedesk.core.network.roles import UNTOLD, station
from queuedesk.core.network.sharing import PcKind
from queuedesk.store.figures import measured
from queuedesk.store.parts import halls
from tests.credentials import shared
from tests.hall import Hall

pytestmark = pytest.mark.pg


def levels(hall: Hall) -> list[int | None]:
    return [hall.ticket(label).rating for label in ("A001", "A002")]


def test_all_kinds_of_pc_work_together_and_the_managers_reports_levels(shared_url, make_screen):
    with shared(shared_url, "A") as place:
        kiosk = place.hall(place.pc(PcKind.PUBLIC))
        counters = [place.hall(place.pc(PcKind.STAFF)) for _ in range(2)]
        manager = place.hall(place.pc(PcKind.MANAGER))
        screen = make_screen(of=place.hall(place.pc(PcKind.PUBLIC)), window="1")
        for number, counter in enumerate(counters, start=1):
            counter.open(str(number), f"C{number}")
        for counter, window in zip(counters, ("1", "2"), strict=True):
            kiosk.do("issue", "A", who=station("kiosk"))
            for verb in ("call", "start", "finish"):
                counter.do(verb, window)

        screen.until(lambda: screen.stage == "asking")
        screen.touch(screen.face(2))
        screen.until(lambda: screen.stage == "reasons")
        screen.follow()

        assert [levels(one) for one in (*counters, manager)] == [[UNTOLD, None], [UNTOLD, None], [2, None]]
        with manager.desk.db.read() as tx:
            setup = halls.setup(tx, halls.load(tx, 1))
            day = measured.Reader(tx, 1, setup, place.clock()).day(place.clock().date())
        assert [(row.level, row.staff) for row in day.ratings] == [(2, "C1")]
        kiosk.do("issue", "A", who=station("kiosk"))
        counters[0].do("call", "1")
        assert [event.kind for event in counters[1].log()] == [event.kind for event in manager.log()]
