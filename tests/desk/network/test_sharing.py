"""A hall that moves to a server: all of it arrives or none of it, and its file is only looked at from then on."""

import os
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, nullcontext, suppress
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from sqlalchemy import func, select, text

from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.network.roles import CONSOLE, Actor, Role
from queuedesk.core.network.sharing import CODE_LENGTH, CODE_LETTERS, PcKind, derive_join_key
from queuedesk.desk import looking, network
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.queue import calling, issuing, opening
from queuedesk.desk.talk import devices
from queuedesk.desk.upkeep import examining, maintenance
from queuedesk.i18n import error_sentence
from queuedesk.store.engine import database
from queuedesk.store.engine.address import url_without_password
from queuedesk.store.engine.database import Database
from queuedesk.store.log import events, journal
from queuedesk.store.rights import grants
from queuedesk.store.schema import comments
from queuedesk.store.upkeep import exchange, pack
from tests import engines
from tests.bounded import PATIENCE_S, until
from tests.credentials import shared
from tests.desk.stage import stage
from tests.hall import GUIDE, Hall, simple_hall
from tests.postgres import WITH_RIGHTS, drop_database, new_database, open_to


def staged(folder: Path) -> Hall:
    hall = stage(folder)
    hall.do("set-pin", "M1", "2468")
    return hall


pytestmark = pytest.mark.hall(make=staged)


WHOLE = [("integrity", "ok"), ("chain", "ok"), ("tables", "ok"), ("beside", "ok")]


def status(db: Database) -> list[tuple[str, str]]:
    return [(one.name, one.status) for one in examining.examine_database(db)]


def test_all_of_it_stands_on_the_server_and_goes_on_there_alone(hall: Hall, empty_pg_url: str) -> None:
    """The file is only looked at from then on, and what a killed try left beside it is taken away."""
    before, log = hall.whole(), hall.log()
    left = hall.path.with_name(f".{hall.path.name}.moving")
    left.mkdir()
    (left / "halls").write_text("comments")

    told = network.move_halls_to_server(hall.path, empty_pg_url, hall.ask())

    moved = Desk(Database.open(empty_pg_url), 1)
    there = Hall(moved, hall.clock, hall.path)
    assert told["database"] == url_without_password(empty_pg_url)
    assert (told["halls"][0]["events"], told["halls"][0]["hash"]) == (before.now.seq, before.now.hash)
    assert there.log() == log
    assert there.whole() == before
    assert opening.needs_pin_or_password(moved, "M1")
    assert status(moved.db) == WHOLE
    assert not left.exists()
    tables = told["halls"][0]["tables"]
    with closing(sqlite3.connect(hall.path)) as file:
        here = {name: file.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in tables}
    assert tables == here
    assert tables["tickets"] > 0 and tables["events"] == before.now.seq

    # The file is only looked at, and moves once.
    for deed in (lambda: hall.queue("A"), lambda: network.move_halls_to_server(hall.path, empty_pg_url, hall.ask())):
        with pytest.raises(RuleError) as refused:
            deed()
        assert (refused.value.code, refused.value.details["to"]) == ("hall_moved", url_without_password(empty_pg_url))
    assert hall.whole() == before
    assert status(hall.desk.db) == [*WHOLE]
    assert network.address_halls_moved_to(hall.path) == url_without_password(empty_pg_url)

    calling.call_ticket(moved, hall.ask(), "1")
    assert [event.kind for event in looking.events_after(moved, before.now.seq)] == ["call"]
    moved.db.dispose()


def test_each_right_that_the_owner_lacks_is_named_with_what_mends_it(hall: Hall, empty_pg_url: str) -> None:
    parts, owner = urlsplit(empty_pg_url), f"poor_{os.getpid()}"
    groups = "qd_public, qd_web, qd_staff, qd_manager"
    url = parts._replace(netloc=f"{owner}:x@{parts.hostname}:{parts.port}").geturl()
    database = parts.path[1:]
    run: list[str] = []

    def settle(db: Database) -> None:
        network.install_pc_rights(db)
        network.create_pc_credential(db, "T", PcKind.MANAGER, name="main", by="console", now=hall.clock())

    with psycopg.connect(empty_pg_url, autocommit=True) as superuser:
        drop_database(new_database(WITH_RIGHTS))  # The groups are there: another hall's owner made them.
        superuser.execute(f"CREATE ROLE {owner} LOGIN PASSWORD 'x'".encode())
        superuser.execute(b"REVOKE CREATE ON SCHEMA public FROM PUBLIC")
        superuser.execute(f"GRANT CONNECT ON DATABASE {database} TO {owner}".encode())
        while len(run) < 4:
            try:
                network.move_halls_to_server(hall.path, url, hall.ask(), settle=settle)
            except OutsideError as refused:
                assert refused.code == "owner_lacks" and network.address_halls_moved_to(hall.path) is None
                statement = refused.details["statement"]
                assert error_sentence(refused, "en").endswith(f" run “{statement}”.")
                superuser.execute(statement.encode())
                run.append(statement)
            else:
                break
    assert run == [
        f"ALTER ROLE {owner} CREATEROLE",
        f"ALTER DATABASE {database} OWNER TO {owner}",
        f"GRANT {groups} TO {owner} WITH ADMIN OPTION",
    ]
    assert network.address_halls_moved_to(hall.path) == url_without_password(url)


def test_whatever_keeps_a_hall_from_moving_leaves_it_in_its_file_to_move_another_time(hall: Hall, pg_url: str) -> None:
    def must_stay(code: str, url: str = pg_url, who: Actor = CONSOLE, **how: Callable[[Database], None]):
        with pytest.raises((RuleError, OutsideError)) as refused:
            network.move_halls_to_server(hall.path, url, Ask(who, hall.clock()), **how)
        assert refused.value.code == code
        assert network.address_halls_moved_to(hall.path) is None
        hall.queue("A")
        with psycopg.connect(pg_url) as server:
            assert server.execute("SELECT count(*) FROM events").fetchone() == (0,), "no copy is left there"
        return refused.value

    def lose(table: str) -> None:
        with psycopg.connect(pg_url) as server:
            server.execute(f"CREATE RULE lost AS ON INSERT TO {table} DO INSTEAD NOTHING")

    def find(table: str) -> None:
        with psycopg.connect(pg_url) as server:
            server.execute(f"DROP RULE lost ON {table}")

    must_stay("not_your_role", who=Actor("G1", Role.GUIDE))
    must_stay("database_away", "postgresql://nobody@127.0.0.1:1/none")
    as_it_was = hall.log()[3].actor
    engines.execute(hall.desk.db, "UPDATE events SET actor = 'M1' WHERE seq = 4")
    assert must_stay("database_damaged").details["path"] == str(hall.path), "its log is not whole"
    engines.execute(hall.desk.db, f"UPDATE events SET actor = '{as_it_was}' WHERE seq = 4")

    lose("ratings")
    assert must_stay("move_incomplete").details["table"] == "ratings"
    find("ratings")

    with hall.desk.db.write(1) as tx:
        journal.store_comment(tx, 1, "a", salt="s", text=r"a backslash and u0000: \u0000", written=hall.clock())
        journal.store_comment(tx, 1, "zz", salt="s", text="cut\0off", written=hall.clock())
        rows = tx.execute(select(func.count()).select_from(comments)).scalar_one()
    assert must_stay("nul_in_text").details == {"hall": "T", "table": "comments", "row": rows}
    with hall.desk.db.write(1) as tx:
        tx.execute(comments.delete().where(comments.c.id == "zz"))

    def spoil(_db: Database) -> None:
        hall.queue("A")
        lose("tickets")

    assert must_stay("move_incomplete", settle=spoil).details["table"] == "tickets"
    find("tickets")

    def settle_nothing(_db: Database) -> None:
        raise OutsideError("cannot_write", path="passfile")

    must_stay("cannot_write", settle=settle_nothing)

    tries: list[str] = []

    def settle(_db: Database) -> None:
        tries.append("settle")
        if len(tries) == 1:
            raise OutsideError("database_busy")

    network.move_halls_to_server(hall.path, pg_url, hall.ask(), settle=settle)
    assert len(tries) == 2, "a server that had no time is asked again"
    assert network.address_halls_moved_to(hall.path) is not None


def test_a_try_that_broke_off_before_the_mark_is_made_again_but_never_over_work_there(hall: Hall, pg_url: str) -> None:
    def abort_connection() -> None:
        with closing(sqlite3.connect(hall.path)) as file, file:
            file.execute("UPDATE database SET moved_to = NULL")

    network.move_halls_to_server(hall.path, pg_url, hall.ask())
    abort_connection()
    hall.queue("A", "B")
    last = hall.last()

    told = network.move_halls_to_server(hall.path, pg_url, hall.ask())

    assert (told["halls"][0]["events"], told["halls"][0]["hash"]) == (last.seq, last.hash)
    moved = Hall(Desk(Database.open(pg_url), 1), hall.clock, hall.path)
    assert status(moved.desk.db) == WHOLE

    abort_connection()
    moved.queue("A")
    worked = moved.last()
    network.move_halls_to_server(hall.path, pg_url, hall.ask())
    assert moved.last() == worked != last
    assert network.address_halls_moved_to(hall.path) == url_without_password(pg_url)
    moved.desk.db.dispose()


def test_a_second_hall_stands_beside_the_first_but_not_another_of_its_code(hall: Hall, tmp_path: Path, pg_url: str):
    (tmp_path / "other").mkdir()
    other = simple_hall(tmp_path / "other", hall={"code": "U", "name": "U", "timezone": "Asia/Shanghai"})
    other.queue("B")
    for one in (hall, other):
        network.move_halls_to_server(one.path, pg_url, one.ask(), settle=network.install_pc_rights)

    db = Database.open(pg_url)
    both = network.hall_ids_by_code(db)
    assert list(both) == ["T", "U"]
    for code, one in (("T", hall), ("U", other)):
        there = Hall(Desk(db, both[code]), one.clock, one.path)
        there.queue("A")
        assert there.log()[:-1] == one.log()
    assert {finding.status for finding in examining.examine_database(db)} == {"ok"}
    db.dispose()

    (tmp_path / "third").mkdir()
    third = stage(tmp_path / "third")
    third.queue("B")
    with pytest.raises(RuleError, match="hall_there"):
        network.move_halls_to_server(third.path, pg_url, third.ask())
    third.queue("A")


def test_a_hall_that_went_back_to_its_file_by_a_backup_moves_again_and_its_pcs_stay(hall, tmp_path, pg_url) -> None:
    network.move_halls_to_server(hall.path, pg_url, hall.ask(), settle=network.install_pc_rights)
    db = Database.open(pg_url)
    role, _password = network.create_pc_credential(db, "T", PcKind.STAFF, name="Door", by="M1", now=hall.clock())
    with db.read() as tx:
        epoch = events.epoch(tx)
    Hall(Desk(db, 1), hall.clock, hall.path).queue("B")
    maintenance.write_database_backup(db, CONSOLE, tmp_path / "copy", hall.clock())
    maintenance.restore_database(tmp_path / "copy", hall.path, hall.ask(), replace=True)
    alone = Hall(Desk(Database.open(hall.path), 1), hall.clock, hall.path)
    assert network.address_halls_moved_to(hall.path) is None
    assert [event.kind for event in alone.log()[-2:]] == ["issue", "restore"]
    alone.queue("A")
    last = alone.last()
    alone.desk.db.dispose()

    network.move_halls_to_server(hall.path, pg_url, hall.ask(), settle=network.install_pc_rights)

    again = Desk(db, 1)
    assert looking.events_after(again, 0)[-1] == last
    assert [pc.role for pc in network.pcs_of_hall(again, hall.clock())] == [role]
    assert {finding.status for finding in examining.examine_database(db)} == {"ok"}
    with db.read() as tx:
        assert events.epoch(tx) != epoch
    db.dispose()


def test_who_changes_the_hall_while_it_moves_is_on_one_side_or_refused(hall: Hall, pg_url: str) -> None:
    issued, refused = [], []

    def go_on() -> None:
        while not refused:
            try:
                issued.extend(hall.queue("A"))
            except (RuleError, OutsideError) as refusal:
                refused.append(refusal.code)

    before = len(hall.whole().tickets)
    guide = threading.Thread(target=go_on)
    guide.start()
    network.move_halls_to_server(hall.path, pg_url, hall.ask())
    guide.join()
    with psycopg.connect(pg_url) as server:
        there = server.execute("SELECT count(*) FROM tickets").fetchone()
    assert there == (before + len(issued),)
    assert refused == ["hall_moved"]


@pytest.mark.parametrize("stays", [False, True], ids=["shared", "in its file"])
def test_who_waits_for_the_move_is_never_refused_for_want_of_time(hall, pg_url, monkeypatch, stays) -> None:
    monkeypatch.setattr(database, "LOCK_WAIT_S", 0.5)
    said: list[str] = []

    def press() -> None:
        try:
            said.extend(hall.queue("A"))
        except (RuleError, OutsideError) as refusal:
            said.append(refusal.code)

    people = [threading.Thread(target=press) for _ in range(6)]
    console = psycopg.connect(pg_url)

    def hold_up() -> None:
        """Let all of them wait for the file longer than for a lock, while the server is waited for."""
        until(lambda: "Lock" in open_to(pg_url))
        for one in people:
            one.start()
        threading.Event().wait(0.7)
        console.close()

    holding = threading.Thread(target=hold_up)

    def settle(_db: Database) -> None:
        if stays:
            console.execute("CREATE RULE lost AS ON INSERT TO events DO INSTEAD NOTHING")
            console.commit()
            hall.queue("A")
        console.execute("LOCK TABLE tickets IN ACCESS EXCLUSIVE MODE")
        holding.start()

    with suppress(OutsideError):
        network.move_halls_to_server(hall.path, pg_url, hall.ask(), settle=settle)
    for one in (holding, *people):
        one.join()

    if stays:
        assert "database_busy" not in said and len(set(said)) == 6
    else:
        assert said == ["hall_moved"] * 6


def test_people_work_on_while_a_hall_is_copied_and_all_of_it_arrives(hall: Hall, tmp_path: Path, empty_pg_url: str):
    with hall.desk.db.write(1) as tx:
        for id in ("kept", "forgotten"):
            journal.store_comment(tx, 1, id, salt="s", text=id, written=hall.clock())
        journal.write_refusal(tx, 1, at=hall.clock(), actor="G1", verb="share", code="not_your_role")

    def work(_db: Database) -> None:
        hall.play("queue A B", "call 1")
        with hall.desk.db.write(1) as tx:
            tx.execute(comments.delete().where(comments.c.id == "forgotten"))
            tx.execute(comments.update().where(comments.c.id == "kept").values(text="太慢了"))
            journal.write_refusal(tx, 1, at=hall.clock(), actor="G1", verb="share", code="not_your_role")

    told = network.move_halls_to_server(hall.path, empty_pg_url, hall.ask(), settle=work)

    moved = Database.open(empty_pg_url)
    for db, name in ((hall.desk.db, "here"), (moved, "there")):
        with db.read() as tx:
            exchange.write_whole_database(tx, tmp_path / name, program="", made=hall.clock())
    assert pack.have_same_archived_halls(tmp_path / "here", tmp_path / "there")
    assert told["halls"][0]["events"] == hall.last().seq
    moved.dispose()


def test_work_in_the_file_and_on_the_server_at_once_moves_nothing(hall: Hall, pg_url: str) -> None:
    there: list[Hall] = []

    def work(_db: Database) -> None:
        there.append(Hall(Desk(Database.open(pg_url), 1), hall.clock, hall.path))
        there[0].queue("A")
        hall.queue("B")

    with pytest.raises(RuleError, match="hall_there"):
        network.move_halls_to_server(hall.path, pg_url, hall.ask(), settle=work)
    assert network.address_halls_moved_to(hall.path) is None
    assert there[0].last().service == "A"
    there[0].desk.db.dispose()


def test_rights_are_renewed_while_stations_read_and_what_is_there_is_not_waited_for(hall: Hall, pg_url: str) -> None:
    network.move_halls_to_server(hall.path, pg_url, hall.ask(), settle=network.install_pc_rights)
    db = Database.open(pg_url)
    with db.write() as tx:
        tx.exec_driver_sql("COMMENT ON FUNCTION public.qd_hall() IS NULL")  # as an older program left them
    renewing = threading.Thread(target=network.install_pc_rights, args=(db,))

    with db.read() as tx:
        tx.execute(text("SELECT count(*) FROM tickets"))
        renewing.start()
        until(lambda: "Lock" in open_to(pg_url))
        for name in ("halls", "events", "legs", "windows"):  # of what whoever renews has taken already
            tx.execute(text(f"SELECT count(*) FROM {name}"))
    renewing.join(PATIENCE_S)

    assert not renewing.is_alive()
    with db.write() as tx:
        assert grants.are_rights_current(tx)
    with db.read() as tx:
        tx.execute(text("SELECT count(*) FROM tickets"))
        network.install_pc_rights(db)  # all rights are there: it waits for nobody who reads
    db.dispose()


def test_what_is_asked_of_the_file_is_done_on_the_server_once_known_and_only_there_has_an_id(hall: Hall, pg_url: str):
    ask = Ask.ask_from_clock(hall.clock, GUIDE, looking.new_command_id(), is_for_server=True)
    issuing.issue_ticket(hall.desk, ask, "A")
    assert hall.last().command is None and not looking.command_outcome(hall.desk, str(ask.command)).is_done
    network.move_halls_to_server(hall.path, pg_url, hall.ask(), settle=network.install_pc_rights)
    with pytest.raises(RuleError, match="hall_moved"):
        hall.issue("A")
    hall.desk.db.redirect_writes_to(Database.open(pg_url))
    # As its station asks: again, where the answer was lost.
    ask = Ask.ask_from_clock(hall.clock, GUIDE, looking.new_command_id(), is_for_server=True)
    first, again = issuing.issue_ticket(hall.desk, ask, "A"), issuing.issue_ticket(hall.desk, ask, "A")
    there = Database.open(pg_url)
    last = looking.events_after(Desk(there, 1), 0)[-1]
    assert (last.kind, last.ticket, last.command) == ("issue", first["ticket"], ask.command)
    assert again["ticket"] == first["ticket"] and looking.command_outcome(Desk(there, 1), str(ask.command)).is_done
    there.dispose()


@pytest.fixture
def there(shared_url):
    with shared(shared_url, "T") as made:
        yield made


def console(there) -> Ask:
    return Ask(CONSOLE, there.clock())


def let_in(there, code: str, name: str = "PC"):
    salts = dict(network.latest_join_code_ids_and_salts(there.owner))
    return network.create_credential_for_known_code(
        there.owner, lambda id, key: key == derive_join_key(code, salts[id]), name, there.clock()
    )


def test_managers_let_pcs_in_and_out_by_codes_that_are_told_once_and_open_until_used_or_ten_minutes_old(there):
    desk = there.hall().desk
    assert not network.is_join_code_open(desk)
    made = network.make_join_code(desk, console(there), PcKind.PUBLIC)
    assert (made.hall, made.kind, len(made.code)) == ("T", PcKind.PUBLIC, CODE_LENGTH)
    assert set(made.code) <= set(CODE_LETTERS)
    with there.owner.read() as tx:
        assert made.code not in str(tx.exec_driver_sql("SELECT * FROM joins").all()), "it is not kept"

    assert network.is_join_code_open(desk)
    let_in(there, made.code)
    assert not network.is_join_code_open(desk)
    for role in (Role.CLERK, Role.GUIDE, Role.STATION, Role.MANAGER, Role.ADMIN):
        ask, name = Ask(Actor("X1", role), there.clock()), f"PC of a {role}"
        let_in(there, network.make_join_code(desk, console(there), PcKind.STAFF).code, name)
        for deed, about in ((network.make_join_code, PcKind.STAFF), (network.withdraw_shared_pc, name)):
            may = role in (Role.MANAGER, Role.ADMIN)
            with nullcontext() if may else pytest.raises(RuleError, match="not_your_role"):
                deed(desk, ask, about)

    network.make_join_code(desk, console(there), PcKind.STAFF)
    there.clock.move(minutes=10)
    assert network.is_join_code_open(desk), "the server's clock says so, not a PC's"
    there.pass_by(minutes=10)
    assert not network.is_join_code_open(desk)


def test_wrong_tries_at_the_same_moment_are_five_in_all(there):
    desk = there.hall().desk
    code = network.make_join_code(desk, console(there), PcKind.STAFF).code

    def guess(_n: int) -> str:
        with pytest.raises(RuleError) as refused:
            network.create_credential_for_known_code(there.owner, lambda _id, _key: False, "PC", there.clock())
        return refused.value.code

    with ThreadPoolExecutor(6) as many:
        said = sorted(many.map(guess, range(9)))
    assert said == ["bad_code"] * 4 + ["code_spent"] * 5
    with pytest.raises(RuleError, match="code_spent"):
        let_in(there, code)


def test_a_pc_stands_by_the_signs_that_its_stations_give_whatever_its_clock_says(there):
    desk = there.hall().desk
    joined = let_in(there, network.make_join_code(desk, console(there), PcKind.STAFF).code, "Window 3")

    def state() -> str:
        (row,) = network.pc_rows(desk, there.clock())
        return row["state"]

    states = [state()]
    parts = there.url.partition("@")
    own = there.desk(f"postgresql://{joined.role}:{joined.password}@{parts[2]}")
    devices.record_station_start(own, console(there), "counter", "counter-3")
    states.append(state())
    there.clock.move(hours=5)
    assert state() == "here", "only the server's clock went on"
    with there.owner.write() as tx:
        tx.execute(text("UPDATE pcs SET seen = seen - 300000000"))
    states.append(state())
    devices.record_sign_of_life(own, console(there), "counter", "counter-3")
    states.append(state())
    network.withdraw_shared_pc(desk, console(there), "Window 3")

    assert [*states, state()] == ["new", "here", "silent", "here", "withdrawn"]


def test_a_hall_in_a_file_is_not_shared(tmp_path):
    hall = simple_hall(tmp_path)
    for deed in (
        lambda: network.make_join_code(hall.desk, Ask(CONSOLE, hall.clock()), PcKind.STAFF),
        lambda: network.pcs_of_hall(hall.desk, hall.clock()),
        lambda: network.pc_rows(hall.desk, hall.clock()),
        lambda: network.withdraw_shared_pc(hall.desk, Ask(CONSOLE, hall.clock()), "Window 3"),
    ):
        with pytest.raises(RuleError, match="not_shared"):
            deed()
