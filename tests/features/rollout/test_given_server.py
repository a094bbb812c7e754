"""A hall on a server that is there already: the window's check and way there, and the rights of each role."""

import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import psycopg
import pytest
from PySide6.QtWidgets import QLineEdit

from queuedesk.app.hosting import autostart
from queuedesk.app.hosting.server import SharingProcessNote
from queuedesk.app.services.sharing import SharingTools
from queuedesk.core.errors import OutsideError, QueueDeskError
from queuedesk.desk import network
from queuedesk.features.rollout import verbs
from queuedesk.features.rollout.pages import ask_hall_server_address, show_server_check
from queuedesk.features.rollout.rules import HostState, ServerCheck
from queuedesk.features.rollout.words import server_check_lines
from queuedesk.stations.manager.network.sharing_page import SharingController, SharingPage
from queuedesk.stations.manager.parts.records import RecordDialog
from queuedesk.stations.window.context import StationServices
from queuedesk.store.engine.address import parse_server_address
from tests.bounded import PATIENCE_S, until
from tests.hall import MANAGER, Hall, make_hall
from tests.main_pc import own_pc
from tests.postgres import drop_database, make_role, new_database, server_url
from tests.standby import two_servers
from tests.stations.shapes import ROOMY
from tests.stations.whole_words import Sights

Open = Callable[[], tuple[Any, SharingPage]]
PARTS = ROOMY
PATIENCE_MS = int(PATIENCE_S * 1000)


@pytest.fixture
def owner(empty_pg_url: str) -> Iterator[str]:
    """The address of an owner with the least rights, of an empty database."""
    parts = urlsplit(empty_pg_url)
    name = f"owner_{parts.path[1:]}"
    with psycopg.connect(empty_pg_url, autocommit=True) as superuser:
        for group in ("qd_public", "qd_web", "qd_staff", "qd_manager", "qd_reports"):
            make_role(superuser, group)
        superuser.execute(
            f"CREATE ROLE {name} LOGIN CREATEROLE PASSWORD 'correct-horse';"
            f" GRANT qd_public, qd_web, qd_staff, qd_manager TO {name} WITH ADMIN OPTION;"
            f" ALTER DATABASE {parts.path[1:]} OWNER TO {name}".encode()
        )
    yield parts._replace(netloc=f"{name}:correct-horse@{parts.hostname}:{parts.port}").geturl()
    drop_database(empty_pg_url)
    with psycopg.connect(new_database("template0"), autocommit=True) as superuser:
        superuser.execute(f"DROP OWNED BY {name}; DROP ROLE {name}".encode())


@pytest.fixture
def open_pcs(
    open_office: Any, context: Any, hall: Hall, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Open]:
    own_pc(tmp_path / "pc", monkeypatch)
    context.services = StationServices(sharing=SharingTools(hall.desk, str(hall.path), hall.clock))

    def go() -> tuple[Any, SharingPage]:
        office = open_office(MANAGER)
        office.page.ways.open_set_up_part("pcs")
        return office, office.page.setup_page.own.get_or_make_page("pcs")

    yield go
    with suppress(QueueDeskError):
        SharingProcessNote().stop_sharing_and_wait()
    autostart.remove_from_autostart()


def content_now(path: Path) -> bytes:
    """Return what a file holds, nothing for a folder, or one that the process that shares has removed meanwhile."""
    with suppress(OSError):
        return path.read_bytes()
    return b""


def press(office: Any, page: SharingPage, words: str) -> None:
    office.touch(next(button for button in page.buttons if button.text() == words))


def fill(office: Any, page: SharingPage, url: str, **other: str) -> RecordDialog:
    """Type an owner's address into the form's fields, and press its button."""
    dialog = page.dialog
    place = parse_server_address(url)
    typed = {
        "addresses": ", ".join(f"{host}:{port}" for host, port in place.hosts),
        "database": place.database,
        "user": place.role,
        "password": unquote(urlsplit(url).password or ""),
        **other,
    }
    for key, text in typed.items():
        office.write(dialog.fields[key].edit, text)
    office.touch(dialog.yes_button)
    return dialog


@pytest.mark.filterwarnings("ignore:Exception ignored in:pytest.PytestUnraisableExceptionWarning")
def test_a_window_shares_the_hall_on_a_server_after_its_check(open_pcs, owner, hall, qtbot, tmp_path):
    office, page = open_pcs()
    press(office, page, "Share on an existing server …")
    dialog = fill(office, page, owner, password="wrong")
    edit = dialog.fields["password"].edit
    assert isinstance(edit, QLineEdit) and edit.echoMode() == QLineEdit.EchoMode.Password
    found = page.dialog
    place = parse_server_address(owner)
    assert [line.text() for line in found.lines] == [
        f"The server {place.hosts_text} does not accept the user {place.role} with this password."
    ]
    assert not hasattr(found, "yes_button")
    office.touch(found.no_button)
    # Back in the form everything stands there but for what was wrong.
    fill(office, page, owner)
    found = page.dialog
    texts = [line.text() for line in found.lines]
    assert texts[0] == f"{place.hosts_text} answers." and texts[-1] == "The database is empty."
    assert not (hall.path.parent / "postgres").exists(), "nothing has changed by the check"
    with psycopg.connect(owner) as server:
        assert server.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)

    office.touch(found.yes_button)
    assert page.start.share_button.text() == "Sharing the hall …"
    qtbot.waitUntil(lambda: page.is_waiting_to_follow_hall or page.start.line.is_refusal, timeout=PATIENCE_MS)
    assert page.start.line.text() == "The hall is shared now. This window opens again there."
    assert network.address_halls_moved_to(hall.path) == owner.replace(":correct-horse", "")
    note = until(SharingProcessNote().read)
    assert parse_server_address(note["database"]).hosts == place.hosts
    # The owner's password is where the command keeps it, and nowhere else.
    kept = [path for path in tmp_path.rglob("*") if b"correct-horse" in content_now(path)]
    assert [path.name for path in kept] == ["server.json"]
    assert kept[0].stat().st_mode & 0o77 == 0


def test_a_try_that_fails_leaves_the_hall_in_its_file_to_be_shared_another_way(open_pcs, owner, hall, qtbot):
    place = parse_server_address(owner)
    with psycopg.connect(_console(owner), autocommit=True) as superuser:
        superuser.execute(f"ALTER ROLE {place.role} PASSWORD ' correct horse '".encode())
    office, page = open_pcs()
    press(office, page, "Share on an existing server …")
    # Addresses are read as they are meant, and a password as it is.
    dialog = fill(office, page, owner, addresses=",")
    assert page.dialog is dialog, "there is no server in it"
    for key, text in {"addresses": f"{place.hosts_text}, {place.hosts_text}", "password": " correct horse "}.items():
        office.write(dialog.fields[key].edit, text)
    office.touch(dialog.yes_button)
    found = page.dialog
    assert [line.text() for line in found.lines][::4] == [f"{place.hosts_text} answers.", "The database is empty."]
    # Between the check and the move the server loses a right that it had.
    with psycopg.connect(_console(owner), autocommit=True) as superuser:
        superuser.execute(f"ALTER ROLE {place.role} NOCREATEROLE".encode())
        superuser.execute(f"REVOKE qd_staff FROM {place.role}".encode())
    office.touch(found.yes_button)
    qtbot.waitUntil(lambda: page.start.line.is_refusal, timeout=PATIENCE_MS)
    assert page.start.line.text() == (
        f"The server's owner lacks a right; please let whoever looks after the server run “ALTER ROLE {place.role} CREATEROLE”."
    )
    assert network.address_halls_moved_to(hall.path) is None
    assert not (hall.path.parent / "postgres" / "server.json").exists()
    hall.queue("A")
    assert page.start.share_button.isEnabled() and not page.start.share_button.is_busy()


def _console(url: str) -> str:
    """Return the superuser's address of the same database."""
    return urlsplit(server_url())._replace(path=urlsplit(url).path).geturl()


# -- what the check says -----------------------------------------------------------------------------------------------


def check(hall: Hall, url: str, **ahead: float) -> ServerCheck:
    password = unquote(urlsplit(url).password or "")
    return verbs.check_server(
        hall.desk, parse_server_address(url), password, lambda: datetime.now(UTC) - timedelta(**ahead)
    )


def last(found: ServerCheck) -> str:
    return server_check_lines(found)[-1][0]


@pytest.fixture
def alone(tmp_path: Path) -> Hall:
    made = make_hall(tmp_path)
    made.queue("A")
    return made


def test_each_lack_of_the_owner_is_named_before_anything_changes_and_its_statement_mends_it(alone, owner):
    place = parse_server_address(owner)
    name, database = place.role, place.database
    takes = {
        f'ALTER ROLE "{name}" LOGIN': f"ALTER ROLE {name} NOLOGIN",
        f'GRANT CONNECT ON DATABASE "{database}" TO "{name}"': f"ALTER DATABASE {database} OWNER TO CURRENT_USER;"
        f" REVOKE CONNECT ON DATABASE {database} FROM PUBLIC, {name}",
        f"ALTER DATABASE {database} OWNER TO {name}": "SELECT 1",
        f"ALTER ROLE {name} CREATEROLE": f"ALTER ROLE {name} NOCREATEROLE",
        f"GRANT qd_public, qd_web, qd_staff, qd_manager TO {name} WITH ADMIN OPTION": f"REVOKE qd_web FROM {name}",
    }
    with psycopg.connect(_console(owner), autocommit=True) as superuser:
        for mends, takes_away in takes.items():
            superuser.execute(takes_away.encode())
            found = check(alone, owner)
            assert found.trouble is not None and found.trouble.details.get("statement") == mends, found
            assert last(found).endswith(f"run “{mends}”.")
            superuser.execute(mends.encode())
        assert check(alone, owner).trouble is None
    missing = owner.replace(f"/{database}", f"/{database}_x")
    assert last(check(alone, missing)).endswith(f'run “CREATE DATABASE "{database}_x" OWNER "{name}"”.')


@pytest.mark.parametrize(
    ("said", "code", "statement"),
    [
        ('password authentication failed for user "own er"', "server_password", None),
        ('database "hall" does not exist', "owner_lacks", 'CREATE DATABASE "hall" OWNER "own er"'),
        ('permission denied for database "hall"', "owner_lacks", 'GRANT CONNECT ON DATABASE "hall" TO "own er"'),
        ('role "own er" is not permitted to log in', "owner_lacks", 'ALTER ROLE "own er" LOGIN'),
        ('no pg_hba.conf entry for host "10.0.0.7", user "own er"', "server_not_let_in", None),
        ("the database system is starting up", "database_away", None),
    ],
)
def test_why_an_owner_is_not_let_in_is_understood_without_the_servers_code(said, code, statement):
    """As on Windows, where the driver's library does not tell it."""
    place = parse_server_address("postgresql://own%20er@db.example/hall")
    error = psycopg.OperationalError(f'connection to server at "10.0.0.1", port 5432 failed: FATAL:  {said}')
    trouble = verbs.server_login_error(error, place)
    assert trouble is not None and (trouble.code, trouble.details.get("statement")) == (code, statement)


def test_servers_that_cannot_have_the_hall_or_have_others_or_it_already_say_so(
    alone: Hall, owner: str, tmp_path: Path
) -> None:
    place = parse_server_address(owner)
    with socket.create_server(("127.0.0.1", 0)) as frozen:  # it takes a connection and says nothing
        silent = owner.replace(place.hosts_text, f"127.0.0.1:{frozen.getsockname()[1]}")
        assert "does not answer; please try again in a moment." in last(check(alone, silent))
    with psycopg.connect(owner, autocommit=True) as server:
        server.execute("CREATE TABLE patients (id int)")
        told = f"The database {place.database} has tables of another program; please name an empty one."
        assert last(check(alone, owner)) == told
        server.execute("DROP TABLE patients")
    ahead, behind = (server_check_lines(check(alone, owner, minutes=m)) for m in (7, -7))
    assert any(text.startswith("The server's clock is 7 minutes ahead of this PC's.") for text, _good in ahead)
    assert any(text.startswith("The server's clock is 7 minutes behind this PC's.") for text, _good in behind)
    assert not any("clock" in text for text, _good in server_check_lines(check(alone, owner)))
    # A database with another hall and with this one says so.
    (tmp_path / "other").mkdir()
    other = make_hall(tmp_path / "other", hall={"code": "U", "name": "U", "timezone": "Asia/Shanghai"})
    network.move_halls_to_server(other.path, owner, other.ask(), settle=network.install_pc_rights)
    found = check(alone, owner)
    assert (found.trouble, found.halls) == (None, ("U",))
    assert last(found) == "Other halls are there and stay as they are: U"
    (tmp_path / "same").mkdir()
    same = make_hall(tmp_path / "same")
    same.queue("B")
    network.move_halls_to_server(same.path, owner, same.ask(), settle=network.install_pc_rights)
    assert last(check(alone, owner)) == "That server already has another hall CD; nothing was moved."
    assert check(same, owner).has_earlier_copy


def test_of_several_servers_the_one_that_leads_is_named_and_two_that_lead_are_refused(alone, tmp_path, empty_pg_url):
    with two_servers(tmp_path / "pair") as pair:
        url = pair.url()
        first, second = (f"{host}:{port}" for host, port in parse_server_address(url).hosts)
        lines = [text for text, _good in server_check_lines(check(alone, url))]
        assert lines[:2] == [f"{first} leads.", f"{second} is a standby."]
        only_second = url.replace(f"{first},", "")
        told = f"Only standbys are named ({second}); please also name the server that leads."
        assert last(check(alone, only_second)) == told
        pair.second.stop()
        found = check(alone, url)
        assert found.trouble is None and [host.leads for host in found.hosts] == [True, False]
        pair.second.start()
        pair.promote()
        assert "each lead" in last(check(alone, url))


def test_its_questions_are_whole(open_pcs: Open, context: Any, shapes: Any) -> None:
    office, _page = open_pcs()
    controller = SharingController(context)
    servers = ("db1.hall.example:5432", "db2.hall.example:5432")

    def now() -> SharingPage:
        found: SharingPage = office.page.setup_page.own.get_or_make_page("pcs")
        return found

    def ask() -> None:
        now().close_question()  # that of before may have gone back to it
        ask_hall_server_address(now(), controller, {})

    def show(trouble: QueueDeskError | None) -> None:
        now().close_question()
        hosts = (HostState(address=servers[0], leads=True), HostState(address=servers[1]))
        about = {"version": 15, "ahead": timedelta(minutes=7), "halls": ("B2", "C3"), "trouble": trouble}
        found = ServerCheck(url="", hosts=hosts, **about)
        show_server_check(now(), controller, {}, found)

    sights = Sights(office.page, context.look, servers, shapes)
    sights.take_closely("one quiet button")
    lacks = OutsideError("owner_lacks", statement="ALTER ROLE queuedesk_owner CREATEROLE")
    sights.take_questions({"server": ask, "good": lambda: show(None), "lacks": lambda: show(lacks)})
    sights.must_be_whole()
