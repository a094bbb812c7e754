"""How often a command waits for the server: each time costs both sides more than what is asked."""

from __future__ import annotations

from collections.abc import Callable

from queuedesk.core.network.roles import CONSOLE
from queuedesk.core.network.sharing import PcKind
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.queue import calling, issuing, serving
from queuedesk.store.engine.database import Database
from tests.credentials import shared
from tests.hall import at
from tests.relay import relay

ASK = Ask(CONSOLE, at("9:00"))


def test_a_command_waits_for_the_server_a_few_times(pg_url: str) -> None:
    with shared(pg_url) as made, relay(made.pc(PcKind.STAFF)) as way:
        made.hall().open("1", "C1")
        desk = Desk(Database.open(way.url), 1)

        def trips(work: Callable[..., object], at: str) -> int:
            before = way.trips
            work(desk, ASK, at)
            return way.trips - before

        for _ in range(2):  # What is asked once for each connection is asked now.
            issuing.issue(desk, ASK, "A")
            calling.call(desk, ASK, "1")
            calling.start(desk, ASK, "1")
            serving.finish(desk, ASK, "1")
        issuing.issue(desk, ASK, "A")
        # Lock and read the hall; ask what the decision needs; write and commit; wake the others.
        asked = {"issue": trips(issuing.issue, "A"), "call": trips(calling.call, "1")}
        asked |= {"start": trips(calling.start, "1"), "finish": trips(serving.finish, "1")}
        assert asked == {"issue": 5, "call": 7, "start": 5, "finish": 5}
        desk.db.dispose()
