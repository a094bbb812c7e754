"""Whether all is well: twelve alarms as a line with an exit status, for Prometheus, and in the set-up."""

import json
import socket
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from msgspec.structs import replace

from queuedesk.app.main import command_services
from queuedesk.app.services import printers
from queuedesk.app.this_pc.settings import autostart_folder
from queuedesk.core.network.roles import Actor
from queuedesk.core.network.sharing import PcKind
from queuedesk.desk import looking, network
from queuedesk.desk.talk import announcing, devices
from queuedesk.features.health import verbs
from queuedesk.features.health.rules import ALARMS
from queuedesk.features.health.verbs import PcFacts
from queuedesk.features.health.words import alarm_text
from tests.bounded import PATIENCE_S
from tests.cli.commands import Console, loaded
from tests.credentials import Shared
from tests.desk.stage import DISPLAY, PRINTER, VOICE, as_, look
from tests.desk.stage import start as start_devices
from tests.features.web.serving import STARTING
from tests.hall import ADMIN, MANAGER, Hall
from tests.networks import free_port
from tests.processes import Loaded
from tests.stations.manager.conftest import Office
from tests.stations.stubs import lend

WELL = dict.fromkeys(ALARMS, "ok")


def statuses(console: Console, status: int) -> dict[str, str]:
    """Return how each alarm stands, and check the exit status."""
    answer = console.say("--json", "health")
    assert (answer.status, answer.err) == (status, "")
    assert answer.document["status"] == ("ok", "warning", "failed")[status]
    assert all((one["do"] is None) is (one["status"] == "ok") for one in answer.document["alarms"])
    return {one["name"]: one["status"] for one in answer.document["alarms"]}


def test_a_hall_that_is_not_there_is_not_well_and_one_that_is_says_who_waits(bare: Console) -> None:
    missing = bare.say("health")
    assert (missing.status, missing.err) == (2, "")
    assert missing.out.startswith("QueueDesk failed · The hall's data: There is no hall")
    assert statuses(bare, 2)["database"] == "failed"
    bare.ask("init", "--preset", "power", "--all-hours", "--hall", "CD")
    bare.ask("open", "1", "--staff", "C1")
    bare.ask("issue", "A")
    assert statuses(bare, 0) == WELL
    assert bare.say("health").out == "QueueDesk ok · CD: 1 waiting, 1 window open\n"
    assert bare.refused("--hall", "ZZ", "health") == "unknown_hall"
    bare.db.write_bytes(bare.db.read_bytes()[:100] + bytes(4000))
    assert statuses(bare, 2)["database"] == "failed"


def test_devices_backups_and_calls_that_nobody_saw_need_attention(console: Console) -> None:
    hall = console.hall()
    hall.do("open", "1", staff="C1")
    start_devices(hall, DISPLAY)
    for key, cause in ((VOICE, "no_sound"), (PRINTER, "out_of_paper")):
        devices.record_device_state(hall.desk, as_(hall, key[1]), *key, None)
        devices.record_device_state(hall.desk, as_(hall, key[1]), *key, cause)
    assert statuses(console, 1) == WELL | {"voice": "warning", "printers": "warning"}
    for key in (VOICE, PRINTER):
        devices.record_device_state(hall.desk, as_(hall, key[1]), *key, None)
    hall.queue("A", "A")
    hall.call("1")
    seq = looking.events_after(hall.desk, 0)[-1].seq
    announcing.record_call_shown(hall.desk, seq, "display", hall.clock() + timedelta(seconds=2))
    (figures,) = console.ask("health")["halls"]
    assert (figures["feed_lag_s"], figures["waiting"]["A"], figures["windows"]["open"]) == (2.0, 1, 1)
    hall.do("finish", "1")
    hall.call("1")
    hall.clock.move(minutes=2)
    devices.record_sign_of_life(hall.desk, as_(hall, "display"), *DISPLAY)
    assert statuses(console, 1) == WELL | {"calls": "warning"}
    hall.clock.move(minutes=5)
    assert look(hall) == [DISPLAY]
    told = statuses(console, 2)
    assert (told["screens"], told["calls"]) == ("failed", "warning"), "customers have no display left"
    assert "Calls on screens: CD: 1 call of the last hour was not shown." in console.say("health").out
    hall.clock.move(days=3)
    assert statuses(console, 2)["backups"] == "warning"
    assert "Backups: CD: no checked backup yet. ·" in console.say("health").out


def test_calls_where_no_display_was_ever_open_are_not_good(console: Console) -> None:
    hall = console.hall()
    hall.do("open", "1", staff="C1")
    hall.queue("A")
    hall.call("1")
    assert statuses(console, 0) == WELL
    hall.clock.move(minutes=2)
    assert statuses(console, 1) == WELL | {"calls": "warning"}


def test_a_chosen_printer_whose_print_service_is_off_is_not_good(
    own_choices: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CUPS_SERVER", "127.0.0.1:9")
    printers.choose_printer("Front")
    chosen = printers.stored_printer_choice()
    assert (chosen, verbs.printer_status_unknown_cause(chosen, printers.printer_status)) == ("Front", "no_spooler")
    assert not verbs.printer_status_unknown_cause("", printers.printer_status)


def test_every_kind_of_pc_of_a_shared_hall_can_look_and_one_that_falls_silent_is_named(place: Shared) -> None:
    for kind in PcKind:
        hall = place.hall(place.pc(kind))
        found = verbs.read_health(hall.desk.db, [hall.desk.hall], PcFacts(is_sharing=True), hall.clock)
        assert {one.name for one in found.alarms} == set(ALARMS)
        stopped = verbs.read_health(hall.desk.db, [hall.desk.hall], PcFacts(is_sharing=False), hall.clock)
        assert stopped.worst_status == 2
    hall = place.hall(place.pc(PcKind.MANAGER))
    network.record_own_pc_alive(hall.desk)
    with place.owner.write() as tx:
        tx.exec_driver_sql("UPDATE pcs SET seen = seen - 5 * 60 * 1000000")
    found = verbs.read_health(hall.desk.db, [hall.desk.hall], PcFacts(is_sharing=True), hall.clock)
    pcs = next(one for one in found.alarms if one.name == "pcs")
    assert (pcs.status, alarm_text(pcs)) == (1, "No sign of life from manager PC.")


def certificate_until(file: Path, until: datetime) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hall")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(until - timedelta(days=365)).not_valid_after(until)
    file.write_bytes(made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))


def test_a_certificate_is_told_a_month_before_its_end_of_several_the_last_to_end_counts_and_of_none_nothing(
    tmp_path: Path, console: Console
) -> None:
    hall, file = console.hall(), tmp_path / "main.pem"

    def told() -> tuple[datetime | None, int]:
        facts = PcFacts(file=hall.path, certificate=str(file))
        found = verbs.read_health(hall.desk.db, [hall.desk.hall], facts, hall.clock)
        return found.certificate_ends, found.worst_status

    ends, begun = {}, []
    for days, status in ((20, 1), (40, 0), (-1, 2)):
        ends[days] = (hall.clock() + timedelta(days=days)).astimezone(UTC).replace(microsecond=0)
        certificate_until(file, ends[days])
        assert told() == (ends[days], status)
        begun.append(file.read_bytes())
    damaged = begun[0].replace(b"\nM", b"\nA", 1)
    for content, end in ((b"".join(begun), ends[40]), (damaged, None), (b"nothing", None)):
        file.write_bytes(content)
        assert told() == (end, 0)


def test_prometheus_reads_figures_that_name_nobody_by_this_pc_s_own_address_alone_from_its_start_until_it_is_off(
    live: Console, own_choices: None
) -> None:
    live.services = replace(command_services(), host_autostart=lambda: STARTING)
    live.ask("open", "1", "--staff", "C1")
    live.ask("issue", "A")
    port = free_port()
    assert live.ask("health", "status") == {"autostart": None, "listening": None}
    entry = Path(live.ask("health", "--serve", port, "autostart", "on")["autostart"])
    assert f"--serve {port}" in entry.read_text().replace('"', "") and str(live.db) in entry.read_text()
    serving = loaded(live.db, "--json", "health", "--serve", port)
    try:
        address = json.loads(serving.stdout.readline())["listening"]
        assert live.ask("health", "status") == {"autostart": str(entry), "listening": address}
        with httpx.Client(trust_env=False, timeout=PATIENCE_S) as client:
            text = client.get(address).text
            wrong = [client.get(address, headers={"Host": "example.org"}), client.get(f"{address}/more")]
        assert 'queuedesk_waiting{hall="CD",service="A"} 1' in text.splitlines()
        assert "queuedesk_health_status 0" in text.splitlines()
        assert "A001" not in text and "C1" not in text
        assert [answer.status_code for answer in wrong] == [404, 404]
        assert live.refused("health", "--serve", port) == "health_port_taken"
        with pytest.raises(OSError), socket.create_connection(("127.0.0.2", port), 1):
            raise AssertionError("it listens elsewhere too")
        assert live.ask("health", "autostart", "off")["autostart"] is None
        assert serving.wait(PATIENCE_S) == 0
    finally:
        serving.kill()
        serving.communicate()
    assert live.ask("health", "status") == {"autostart": None, "listening": None}
    for more in ((), ("autostart", "on")):
        assert live.say("health", "--serve", "70000", *more).status == 2


def test_the_set_up_shows_each_alarm_what_to_press_and_no_switch_to_who_may_not_change_it(
    open_office: Callable[[Actor], Office], hall: Hall
) -> None:
    office = open_office(ADMIN)
    page = office.page.setup_page
    office.go("setup")
    page.open_set_up_part("health")
    shown = page.own.get_or_make_page("health")
    office.until(lambda: shown.health.found is not None)
    lines = shown.lines
    assert list(lines) == list(ALARMS) and all(line.advice.isHidden() for line in lines.values())
    assert "All is well" in shown.head.line.text()
    devices.record_device_state(hall.desk, as_(hall, "display"), *VOICE, None)
    devices.record_device_state(hall.desk, as_(hall, "display"), *VOICE, "no_sound")
    office.follow()
    shown.again_button.click()
    office.until(lambda: not lines["voice"].advice.isHidden())
    assert "Out of order" in lines["voice"].state.text() and "loudspeaker" in lines["voice"].advice.text()
    assert lines["printers"].advice.isHidden()
    office = open_office(MANAGER)
    office.page.ways.open_set_up_part("health")
    assert not office.page.setup_page.own.get_or_make_page("health").switch.isEnabled()


@pytest.fixture
def start_command(
    hall: Hall, bare: Console, own_choices: None, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[Sequence[str]], Callable[[], str | None]]]:
    """Starts commands as a station does; what would touch the services of this PC's system is run here without them."""
    monkeypatch.setattr(verbs, "PORT", free_port())
    bare.db, bare.services = hall.path, replace(command_services(), host_autostart=lambda: STARTING)
    begun: list[Loaded] = []

    def begin(words: Sequence[str]) -> Callable[[], str | None]:
        if {"autostart", "status"} & set(words):
            out = bare.say("--json", *words).out
            return lambda: out
        running = loaded(hall.path, "--json", *words)
        begun.append(running)
        return lambda: None if running.poll() is None else running.communicate()[0]

    yield begin
    for running in begun:
        running.kill()
        running.communicate()


def test_a_monitor_is_answered_from_the_set_up_until_it_is_switched_off(
    admin_office: Office, start_command: Callable[[Sequence[str]], Callable[[], str | None]], tmp_path: Path
) -> None:
    office = admin_office
    lend(office.page.context, start_command=start_command)
    office.page.ways.open_set_up_part("health")
    page = office.page.setup_page.own.get_or_make_page("health")
    office.until(lambda: page.monitor.is_on is False)
    assert "Switched on, Prometheus" in page.monitor_state.text() and not page.switch.isChecked()
    with socket.create_server(("127.0.0.1", verbs.PORT)):
        office.touch(page.switch)
        office.until(lambda: bool(page.monitor.failure) and not page.monitor.is_busy)
    assert "already uses" in page.monitor_state.text() and not page.switch.isChecked()
    office.touch(page.switch)
    office.until(lambda: bool(page.monitor.address))
    assert (page.monitor.failure, page.switch.isChecked()) == ("", True)
    assert page.monitor.address in page.monitor_state.text()
    assert "queuedesk_health_status" in httpx.get(page.monitor.address, trust_env=False, timeout=PATIENCE_S).text
    assert [file.stem for file in autostart_folder().glob("queuedesk*")] == ["queuedesk-health"]
    office.touch(page.switch)
    office.until(lambda: page.monitor.is_on is False)
    assert list(autostart_folder().glob("queuedesk*")) == []
    office.until(lambda: not verbs.is_answering(verbs.PORT))
