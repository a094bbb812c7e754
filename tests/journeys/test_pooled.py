"""Two counters and a lobby board behind PgBouncer, for some customers (long: `python -m tests.journeys.pooled_run`)."""

from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest

from queuedesk.app.clock import real_clock
from queuedesk.core.errors import OutsideError
from queuedesk.core.network.roles import CONSOLE
from queuedesk.desk import looking, setting_up
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.queue import issuing
from queuedesk.store.engine.database import Database
from tests.bounded import until
from tests.hall import noon_zone, simple_setup
from tests.journeys.pooled_run import MODES, SEEN_WITHIN_S, run
from tests.standby import two_servers
from tests.store.engine.pooler import pooler

# Each statement that a customer needs is sent more often than the driver waits before it has it prepared.
CUSTOMERS = 8


@pytest.mark.journey
@pytest.mark.parametrize("mode", MODES)
def test_stations_work_behind_a_pooler(tmp_path: Path, mode: str) -> None:
    hall = run(mode, tmp_path, lambda served: served < CUSTOMERS, processes=1)
    assert max(hall.waits_s) < SEEN_WITHIN_S + hall.late_s()


@pytest.mark.journey
@pytest.mark.parametrize("mode", MODES)
def test_a_hall_finds_its_leader_behind_poolers_that_speak_for_what_their_servers_were(tmp_path: Path, mode: str):
    """The one before the leader that died still accepts whoever comes, and the other one still calls its server a
    standby: nobody tells them that the roles changed."""
    with ExitStack() as stack:
        pair = stack.enter_context(two_servers(tmp_path))
        places = []
        for server in (pair.first, pair.second):
            own = stack.enter_context(pooler(server.owner_url(), server.folder, mode))
            psycopg.connect(own).close()
            places.append(own.rpartition("@")[2].partition("/")[0])
        url = own.replace(places[-1], ",".join(places))
        now = real_clock()
        desk = setting_up.create_hall(url, simple_setup(timezone=noon_zone(now)), Ask(CONSOLE, now))
        stack.callback(desk.db.dispose)
        issuing.issue_ticket(desk, Ask(CONSOLE, real_clock(), command="before"), "A")

        pair.first.stop("immediate")
        pair.promote()
        until(lambda: _has_issued(desk, "after"), "who worked before goes on")
        begun_anew = Desk(Database.open(url), 1)
        stack.callback(begun_anew.db.dispose)
        assert _has_issued(begun_anew, "begun anew"), "at the first try"
        commands = [event.command for event in looking.events_after(begun_anew, 0) if event.kind == "issue"]
        assert commands == ["before", "after", "begun anew"]


def _has_issued(desk: Desk, command: str) -> bool:
    """Ask for a number, by the same command each time; tell whether it was answered."""
    try:
        issuing.issue_ticket(desk, Ask(CONSOLE, real_clock(), command=command), "A")
    except OutsideError:
        return False
    return True
