"""How often a command waits for the server: each time costs both sides more than what is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median

from queuedesk.core.network.roles import CONSOLE
from queuedesk.core.network.sharing import PcKind
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.queue import calling, issuing
from queuedesk.store.engine.database import Database
from tests.credentials import shared
from tests.hall import at
from tests.relay import relay

ASK = Ask(CONSOLE, at("9:00"))


ROUNDS = 9


def test_a_command_waits_for_the_server_a_few_times(shared_url: str) -> None:
    """The middle of several rounds: the word to others is not waited for, and on a busy PC counts with the next
    command."""
    with shared(shared_url) as made, relay(made.pc(PcKind.STAFF)) as way:
        made.hall().open("1", "C1")
        with closing_database(way.url) as desk:

            def trips(work: Callable[..., object], at: str) -> int:
                before = way.trips
                work(desk, ASK, at)
                return way.trips - before

            def asked() -> dict[str, int]:
                issuing.issue(desk, ASK, "A")
                found = {"issue": trips(issuing.issue, "A"), "call": trips(calling.call, "1")}
                return found | {"start": trips(calling.start, "1"), "finish": trips(calling.finish, "1")}

            for _ in range(2):
                asked()  # What is asked once for each connection is asked now.
            rounds = [asked() for _ in range(ROUNDS)]
        # Lock and read the hall; ask what the decision needs; write and commit; wake the others.
        usual = {command: median(one[command] for one in rounds) for command in rounds[0]}
        assert usual == {"issue": 4, "call": 7, "start": 5, "finish": 5}


@contextmanager
def closing_database(url: str) -> Iterator[Desk]:
    db = Database.open(url)
    try:
        yield Desk(db, 1)
    finally:
        db.dispose()
