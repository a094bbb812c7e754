"""What the main PC does for a shared hall while no station is open."""

from queuedesk.app.host_chores import HostChores
from queuedesk.core.sharing import PcKind
from queuedesk.desk import join_codes, sharing
from tests.credentials import shared


def test_the_main_pc_works_while_it_shares_the_hall_though_no_station_is_open(pg_url):
    with shared(pg_url, "T") as there:
        role, _password = sharing.admit(there.owner, "T", PcKind.MANAGER, name="main", by="console", now=there.clock())
        chores = HostChores(there.owner, there.clock, role)
        chores.start()
        chores.stop()  # what it began it ends

        (row,) = join_codes.pc_rows(there.hall().desk, there.clock())
        assert (row["name"], row["state"]) == ("main", "here")
        with there.owner.read() as tx:
            assert tx.exec_driver_sql("SELECT count(*) FROM events WHERE kind <> 'set-up'").scalar_one() == 0
