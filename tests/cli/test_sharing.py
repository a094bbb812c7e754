"""Commands about shared halls: by an address as by a file, joining a real main PC, and sharing that can't start."""

import json
import os
import sqlite3
import threading
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from msgspec.structs import replace

from queuedesk import __version__
from queuedesk.app.clock import real_clock
from queuedesk.app.hosting import autostart as host_autostart
from queuedesk.app.hosting import joining
from queuedesk.app.hosting.gate import load_or_make_certificate
from queuedesk.app.hosting.server import SharingProcessNote
from queuedesk.app.main import command_services
from queuedesk.app.station.own_hall import kiosk_name_in_log, move_password_to_environment, pc_name_in_hall
from queuedesk.app.this_pc import config, settings
from queuedesk.cli.main import run_command_line
from queuedesk.core.errors import OutsideError
from queuedesk.core.network.roles import actor_of_station
from queuedesk.core.network.sharing import PcKind
from queuedesk.core.talk.screen import station_name_at_pc
from queuedesk.desk import network
from queuedesk.desk.talk import devices
from tests.bounded import until
from tests.cli.commands import ALONE, Answer, Console
from tests.hall import ADMIN, hall_of_today, noon_zone
from tests.main_pc import open_host, this_process_shares
from tests.networks import free_port
from tests.processes import ran
from tests.relay import relay


@pytest.fixture
def host(shared_url, tmp_path):
    with open_host(shared_url, load_or_make_certificate(tmp_path / "host", real_clock())) as opened:
        yield opened


@pytest.fixture
def console(host, own_choices, capsys):
    """Return a console on a PC of its own; its commands name the hall's database as the owner."""
    return Console(Path(host.hall.url), capsys.readouterr, host.hall.clock)


def words(console: Console, *line: object) -> Console:
    return console.say("--hall", "T", *line)


def test_a_pc_joins_is_listed_and_withdrawn(console, host):
    console.db = host.hall.url
    told = words(console, "join", host.address, host.code().code, "--name", "Window 3")
    assert (told.status, told.err) == (0, "")
    assert "as Window 3." in told.out and "queuedesk home" in told.out
    listed = words(console, "--json", "pcs", "list").document["pcs"]
    assert len(listed) == 1
    assert {"name": "Window 3", "kind": "staff", "state": "new", "withdrawn": None}.items() <= listed[0].items()
    assert "Window 3  Staff PC  not seen yet" in words(console, "pcs", "list").out
    assert listed[0]["version"] is None
    network.record_pc_alive(host.hall.owner, listed[0]["role"])
    assert words(console, "--json", "pcs", "list").document["pcs"][0]["version"] == __version__
    assert words(console, "pcs", "list").out.rstrip().endswith(f"  QueueDesk {__version__}")
    assert "Window 3" in words(console, "pcs", "withdraw", "Window 3").out
    assert words(console, "--json", "pcs", "withdraw", "Window 3").refusal == "unknown_pc"
    assert words(console, "--json", "pcs", "list").document["pcs"][0]["state"] == "withdrawn"


def test_the_station_that_was_named_opens_and_without_a_screen_it_is_said_how_it_starts(console, host):
    def no_screen(_request):
        raise OutsideError("no_screen")

    console.db = host.hall.url
    opened = []
    console.openers = {"counter": lambda request: opened.append((request, console.read()[0])) or 3, "rating": no_screen}

    def joined(station: str) -> Answer:
        return words(console, "join", host.address, host.code().code, "--station", station, "--window", "3")

    assert joined("counter").status == 3  # that of the station, which the command has become
    ((one, printed),) = opened
    assert (one.name, one.window, one.db, one.hall) == ("counter", "3", None, None)
    assert "This PC now works in" in printed
    told = joined("rating")
    assert told.status == 0 and "queuedesk rating --window 3" in told.out


def test_what_is_refused_is_said_and_tried_by_nobody_and_the_answer_has_no_password(console, host):
    code = host.code().code
    for line, refused in (
        (["nowhere at all", code], "bad_address"),
        ([host.address, "7KMX"], "not_a_code"),
        ([host.address, code[::-1] if code != code[::-1] else "22222222"], "bad_code"),
    ):
        answer = console.say("--json", "join", *line)
        assert (answer.status, answer.refusal) == (1, refused)
    joined = console.ask("join", host.address, *code, "--name", "door")  # each letter a word of its own
    assert (joined["hall"], joined["name"], joined["kind"]) == ("T", "door", "staff")
    assert "password" not in str(joined)
    assert console.ask("unjoin")["database"] == joined["database"]


def test_a_public_pc_does_what_its_kiosk_and_its_customers_do_and_nothing_in_a_persons_name(console, host):
    console.db = host.hall.pc(PcKind.PUBLIC)
    console.services = replace(ALONE, own_kiosk=kiosk_name_in_log, pc_here=pc_name_in_hall)
    assert console.ask("issue", "A")["ticket"] == "A001"
    assert console.log()[-1]["actor"] == "station:K1@public PC"
    assert console.ask("help-call", "press", "K1@public PC")["by"] == "station:K1@public PC"
    assert console.refused("--as", "C1", "call", "1") == "public_pc"
    assert console.refused("help-call", "press", "K1") == "help_called"
    told = console.say("call", "1")
    assert told.status == 1 and "at a staff PC" in told.err
    worked = host.hall.hall()
    worked.play("open 1 staff=C1", "call 1", "finish 1")
    assert console.ask("rate", "A001", "5")["rating"] == 5
    assert console.log()[-1]["actor"] == "customer"
    worked.do("set-pin", "C1", "1357", who=ADMIN)
    assert console.refused("issue", "A") == "public_pc"


def test_a_pc_that_is_withdrawn_takes_its_stations_out_of_use_and_people_sign_in_where_they_are(console, host):
    console.db = host.hall.url
    console.services = replace(ALONE, pc_here=pc_name_in_hall)
    staff = host.hall.hall(host.hall.pc(PcKind.STAFF))
    name = pc_name_in_hall(staff.desk)
    display = staff.ask(actor_of_station("display"))
    devices.record_station_start(staff.desk, display, "display", station_name_at_pc("display", name))
    console.db = host.hall.pc(PcKind.STAFF)
    assert console.refused("pcs", "withdraw", name) == "not_this_pc"
    console.db = host.hall.url
    assert words(console, "pcs", "withdraw", name).status == 0
    (row,) = words(console, "--json", "device", "list").document["devices"]
    assert (name, row["station"], row["cause"]) == ("staff PC", "display@staff PC", "stopped")
    own = station_name_at_pc("guide", pc_name_in_hall(host.hall.hall().desk))
    for given, meant in (("guide", own), ("guide@Door", "guide@Door")):
        assert words(console, "--json", "sign-in", given, "G1").document["station"] == meant


def test_a_managers_pc_that_has_joined_lets_others_in_and_has_no_hall_of_its_own_to_share(console, host):
    joining.join_hall(host.address, host.code(PcKind.MANAGER).code, name="office")

    def said(*line: str) -> dict[str, Any]:
        run_command_line(["--json", *line], openers={}, clock=console.clock, services=command_services())
        document: dict[str, Any] = json.loads(console.read()[0])
        return document

    made = said("host", "code", "--for", "public")
    assert (made["for"], made["addresses"]) == ("public", [host.address])
    assert joining.join_hall(host.address, made["code"], name="hall").kind == "public"
    assert said("host")["error"]["code"] == "not_main_pc"


def test_the_main_pc_keeps_its_own_stations_in_the_hall_that_it_shares(console, host):
    console.services = command_services()
    with this_process_shares():
        for line in (("join", host.address, host.code().code), ("join", host.address), ("unjoin",)):
            assert console.refused(*line) == "main_pc"
    assert console.ask("unjoin")["database"] is None


@pytest.fixture
def main_pc(bare: Console, own_choices: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Console:
    monkeypatch.setenv("APPDATA", str(tmp_path / "own"))
    bare.services = command_services()
    return bare


def test_a_hall_is_shared_though_it_cannot_start_with_the_pc(main_pc, tmp_path, monkeypatch):
    hall_of_today(main_pc.db.parent).desk.db.dispose()
    monkeypatch.setenv("HOME", str(tmp_path / "own"))
    folder = settings.autostart_file(settings.HOST).parent
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_text("no folder")
    without_services = SimpleNamespace(add_to_autostart=partial(host_autostart.add_to_autostart, systemd=False))
    main_pc.services = replace(main_pc.services, host_autostart=lambda: without_services)

    def stop() -> None:
        until(lambda: SharingProcessNote().read() is not None)
        SharingProcessNote().stop_sharing_and_wait()

    stopping = threading.Thread(target=stop)
    stopping.start()
    answer = main_pc.say("host", "--no-code", "--listen", "127.0.0.1:" + str(free_port()))
    stopping.join()
    assert (answer.status, str(folder) in answer.err) == (0, True)


def test_a_backup_is_not_put_back_beside_the_hall_that_is_shared(main_pc, tmp_path):
    hall_of_today(main_pc.db.parent).desk.db.dispose()
    copy = tmp_path / "copy.zip"
    main_pc.ask("backup", copy)
    with closing(sqlite3.connect(main_pc.db)) as file, file:
        file.execute("UPDATE database SET moved_to = 'postgresql://qd_1@127.0.0.1:7432/queuedesk'")
    before = main_pc.db.read_bytes()
    with this_process_shares():
        assert main_pc.refused("restore", copy, "--yes") == "main_pc"
        assert main_pc.db.read_bytes() == before
    assert main_pc.ask("restore", copy, "--yes")["halls"][0]["hall"] == "T"


def test_the_main_pc_knows_why_its_server_is_away(main_pc, tmp_path):
    own = f"postgresql://qd_1@127.0.0.1:{free_port()}/queuedesk"
    config.update_config({"db": own, "hall": "T", "shared_file": str(tmp_path / "hall.sqlite")})

    def said() -> str:
        line = ["--lang", "en", "state"]
        assert run_command_line(line, openers={}, clock=main_pc.clock, services=main_pc.services) == 3
        return main_pc.read()[1]

    assert "queuedesk host starts it again" in said()
    config.update_config({"shared_file": ""})
    assert "does not answer" in said()


@pytest.fixture
def shared(bare: Console, pg_url: str, monkeypatch: pytest.MonkeyPatch) -> Console:
    """A console of a server's database with the halls A and B."""
    monkeypatch.setenv("PGPASSWORD", "")
    monkeypatch.setenv("TZ", noon_zone(datetime.now(UTC)))
    bare.db, bare.clock.now = pg_url, datetime.now(UTC)  # some tests ask by a process, which has this PC's clock
    bare.services = replace(bare.services, put_away_password=move_password_to_environment)
    made = [bare.ask("init", "--preset", "power", "--all-hours", "--hall", code) for code in ("A", "B")]
    assert [one["hall"] for one in made] == ["A", "B"]
    assert {one["database"] for one in made} == {pg_url.replace(password_in(pg_url), "")}
    return bare


def password_in(url: str) -> str:
    return ":" + url.partition("//")[2].partition("@")[0].partition(":")[2]


def test_a_hall_is_chosen_by_its_code_and_no_answer_has_the_password(shared):
    """The environment of a process may have the address too."""
    for code, tickets in (("A", 1), ("B", 2)):
        for _ in range(tickets):
            shared.ask("--hall", code, "issue", "A")
    waiting = {code: len(shared.ask("--hall", code, "state")["waiting"]) for code in ("A", "B")}
    assert waiting == {"A": 1, "B": 2}
    assert shared.refused("state") == "hall_needed"
    assert shared.refused("--hall", "C", "state") == "unknown_hall"
    assert shared.refused("init", "--preset", "bank", "--hall", "B") == "exists"
    assert len(shared.ask("--hall", "B", "service", "list")["services"]) == 4
    password = password_in(shared.db)[1:]
    answers = [shared.say(*words) for words in (["doctor"], ["init", "--preset", "bank", "--hall", "A"], ["state"])]
    assert not [answer for answer in answers if password in answer.out + answer.err]
    told = ran("-m", "queuedesk", "--hall", "A", "--json", "issue", "A", QUEUEDESK_DB=shared.db)
    assert (told.returncode, told.stderr, json.loads(told.stdout)["ticket"]) == (0, "", "A002")


def test_a_station_that_is_started_again_is_told_the_address_without_the_password(shared, monkeypatch):
    monkeypatch.setenv("PGPASSWORD", "")
    asked = []
    shared.openers = {"display": lambda request: asked.append(request) or 0}
    shared.say("--hall", "B", "display", "--kept")
    (request,) = asked
    words = ["--db", shared.db.replace(password_in(shared.db), ""), "--hall", "B", "--lang", "en", "display"]
    assert request.command_line_words() == words
    assert os.environ["PGPASSWORD"] == password_in(shared.db)[1:]


def test_a_joined_pc_works_with_its_own_hall_and_names_nothing(shared, monkeypatch):
    monkeypatch.delenv("PGPASSWORD")
    url, asked = shared.db, []
    services = replace(ALONE, own_hall=lambda: (url, "B"))
    openers = {"display": lambda request: asked.append(request) or 0}
    for words in (["issue", "A"], ["display"]):
        assert run_command_line(["--lang", "en", *words], openers=openers, clock=shared.clock, services=services) == 0
    shared.read()
    assert (asked[0].db, asked[0].hall) == (None, None)
    assert len(shared.ask("--hall", "B", "state")["waiting"]) == 1
    assert shared.ask("--hall", "A", "state")["waiting"] == []


@pytest.mark.parametrize("asked", [b"alembic_version", b"FOR NO KEY UPDATE"], ids=["opening", "locking"])
def test_a_command_ends_where_the_server_freezes_once_it_let_it_in(shared, asked):
    """As behind a pooler, which answers for a server whose processes stand still."""
    line = ("-m", "queuedesk", "--lang", "en", "--hall", "A", "issue", "A")
    with relay(shared.db) as way:
        way.silent_after = asked
        told = ran(*line, QUEUEDESK_DB=way.url)
        assert (told.returncode, told.stdout) == (3, "")
        assert "does not answer; please try again in a moment." in told.stderr
        way.silent = False
        assert "A001" in ran(*line, QUEUEDESK_DB=way.url).stdout
