"""Tries a standby: a second server follows the first by PostgreSQL's own replication, the first dies in the middle of
the work, the second takes over.

    python scripts/bench/standby.py [--rounds 100]

Both run on this PC, under the wheel's programs. Prints what a command takes alone, with a standby that may be a moment
behind, and with one that every commit waits for; then how long taking over takes. Ends with status 1 when the log there
is broken, when anything that was answered is missing, or when the work does not go on.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from city_day import OPENS, set_up

from queuedesk.app.hosting.pg_server import LOOPBACK, PgServer
from queuedesk.core.log.event import first_broken_seq
from queuedesk.core.network.roles import CONSOLE
from queuedesk.core.setup.file import check_and_read_setup
from queuedesk.desk import setting_up
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.queue import calling, issuing, opening
from queuedesk.store.engine.database import Database
from queuedesk.store.log import events
from queuedesk.store.rights import grants
from tests.standby import NAME, follow, tell


def serve(desk: Desk, first: int, rounds: int) -> str:
    """Let one clerk work; return what a command took."""
    took_s = []
    for n in range(first, first + rounds):
        now = OPENS + timedelta(minutes=n)
        for command, at in ((issuing.issue, "A"), (calling.call, "1"), (calling.start, "1"), (calling.finish, "1")):
            begun = time.perf_counter()
            command(desk, Ask(CONSOLE, now), at)
            took_s.append(time.perf_counter() - begun)
    took_s.sort()
    return f"p50 {statistics.median(took_s) * 1000:6.1f} ms, p99 {took_s[int(len(took_s) * 0.99)] * 1000:6.1f} ms"


def last(desk: Desk) -> tuple[int, str]:
    with desk.db.read() as tx:
        log = list(events.all_of(tx, desk.hall))
    if (seq := first_broken_seq(log)) is not None:
        sys.exit(f"the log is broken at {seq}")
    return log[-1].seq, log[-1].hash


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=100)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory(prefix="queuedesk-standby-") as folder:
        servers = [PgServer(Path(folder, "first"))]
        try:
            try_on(servers, Path(folder, "second"), rounds)
        finally:
            for server in servers:
                server.stop("immediate")


def try_on(servers: list[PgServer], folder: Path, rounds: int) -> None:
    first = servers[0]
    first.make()
    first.start()
    db = Database.create(first.url())
    with db.write() as tx:
        grants.install_rights(tx)
    desk = setting_up.add_hall(db, check_and_read_setup(set_up(1, 4)), Ask(CONSOLE, OPENS))
    opening.open_window(desk, Ask(CONSOLE, OPENS), "1", staff="C1")
    print(f"alone                  {serve(desk, 0, rounds)}", flush=True)
    second = PgServer(folder)
    servers.append(second)
    with (first.data / "pg_hba.conf").open("a", encoding="ascii") as file:
        file.write(f"host replication all {LOOPBACK}/32 scram-sha-256\n")
    tell(first, "SELECT pg_reload_conf()")
    follow(first, second)
    print(f"a standby behind it    {serve(desk, rounds, rounds)}", flush=True)
    tell(first, f"ALTER SYSTEM SET synchronous_standby_names = '{NAME}'")
    tell(first, "SELECT pg_reload_conf()")
    print(f"commits wait for it    {serve(desk, 2 * rounds, rounds)}", flush=True)
    answered = last(desk)
    first.stop("immediate")
    db.dispose()
    begun = time.monotonic()
    tell(second, "ALTER SYSTEM RESET synchronous_standby_names")
    tell(second, "SELECT pg_promote(true, 60)")
    there = Desk(Database.open(second.url()), desk.hall)
    serve(there, 3 * rounds, 1)
    print(f"taken over, with a customer served, in {time.monotonic() - begun:.1f} s", flush=True)
    with there.db.read() as tx:
        kept = events.one(tx, there.hall, answered[0]).hash
    last(there)
    there.db.dispose()
    if kept != answered[1]:
        sys.exit("the standby has another log")
    print(f"all {answered[0]} events that were answered are there, and the log is whole")


if __name__ == "__main__":
    main()
