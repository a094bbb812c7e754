"""The commands by which PCs come to share a hall, against a real main PC; and a whole process that joins and works."""

import json
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from queuedesk import __version__
from queuedesk.app import main
from queuedesk.app.clock import real_clock
from queuedesk.app.hosting import joining
from queuedesk.app.hosting.gate import load_or_make_certificate
from queuedesk.app.station.own_hall import kiosk_name_in_log, pc_name_in_hall
from queuedesk.cli.main import run_command_line
from queuedesk.core.errors import OutsideError
from queuedesk.core.network.roles import actor_of_station
from queuedesk.core.network.sharing import PcKind
from queuedesk.core.talk.screen import station_name_at_pc
from queuedesk.desk import network
from queuedesk.desk.talk import devices
from tests.cli.commands import Answer, Console
from tests.cli.services import ALONE
from tests.hall import ADMIN
from tests.main_pc import open_host, this_process_shares


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
        run_command_line(["--json", *line], openers={}, clock=console.clock, services=main.command_services())
        document: dict[str, Any] = json.loads(console.read()[0])
        return document

    made = said("host", "code", "--for", "public")
    assert (made["for"], made["addresses"]) == ("public", [host.address])
    assert joining.join_hall(host.address, made["code"], name="hall").kind == "public"
    assert said("host")["error"]["code"] == "not_main_pc"


def test_the_main_pc_keeps_its_own_stations_in_the_hall_that_it_shares(console, host):
    console.services = main.command_services()
    with this_process_shares():
        for line in (("join", host.address, host.code().code), ("join", host.address), ("unjoin",)):
            assert console.refused(*line) == "main_pc"
    assert console.ask("unjoin")["database"] is None
