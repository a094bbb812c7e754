"""The database login of the web's PC: what customers and programs may do by it, and nothing that staff may."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import psycopg
import pytest

from queuedesk.app.this_pc import config
from queuedesk.core.log.pc_clock import JumpDetectingClock
from queuedesk.core.network.roles import CUSTOMER, actor_of_station
from queuedesk.core.network.sharing import PcKind
from queuedesk.desk import looking, network
from queuedesk.desk.change import Desk
from queuedesk.desk.queue import calling, rating
from queuedesk.desk.talk.devices import device_rows
from queuedesk.desk.upkeep import clocks
from queuedesk.features.appointments.verbs import AppointmentRequest, book_appointment
from queuedesk.features.web.rules import FRONT_DESK, KIOSK, PHONE, PLACES
from queuedesk.features.web.verbs import keys, progress, visits
from queuedesk.features.web.verbs.serving import request_end_if_web_serving, serving_process_documents
from queuedesk.features.web.verbs.visits import give_up_place, tell_window_customer_needs_time
from queuedesk.store.engine.database import Database
from queuedesk.store.rights.tables import EVENTS
from tests.bounded import PATIENCE_S, until
from tests.credentials import Shared, denied, raw, shared
from tests.features.web.interface import Program, key_for
from tests.features.web.serving import PROGRAM, TRIAL, Served, devices, opened_stream, serving, until_device, web_hall
from tests.features.web.test_hooks import receiving
from tests.features.web.test_visit import page_of, until_followed
from tests.hall import GUIDE, MANAGER, Hall, at, simple_setup
from tests.networks import free_port
from tests.processes import at_home
from tests.relay import Relay

FEATURES = {"features": ["web", "appointments"], "web_address": "http://192.168.1.20:8080"}


@pytest.fixture
def one(shared_url: str) -> Iterator[Shared]:
    with shared(shared_url, "T", hall={**simple_setup()["hall"], **FEATURES}) as made:
        yield made


@pytest.fixture
def since_now(shared_url: str) -> Iterator[Shared]:
    hall = {**simple_setup()["hall"], **FEATURES}
    with shared(shared_url, "T", since=datetime.now(UTC), hall=hall) as made:
        made.hall().open("1", "C1")
        yield made


FOR_OTHERS = (
    *("UPDATE events SET actor = 'x'", "UPDATE halls SET setup = '{}'", "DELETE FROM events", "SELECT hash FROM pins"),
    *("SELECT name, contact FROM contacts", "SELECT text FROM comments", "SELECT level FROM ratings"),
    *("DELETE FROM web_secrets", "UPDATE web_secrets SET secret = ''", "SELECT * FROM joins"),
    *("UPDATE pcs SET kind = 'manager'", "SELECT name FROM contacts"),
)


def test_it_does_what_customers_do_and_only_that_is_more_than_a_public_screen_may(one: Shared):
    server, counter = one.pc(PcKind.WEB), one.hall()
    web = one.hall(server)
    visits.visit_link_secret(counter.desk)
    counter.open("1", "C1")
    counter.queue("A", "A", "A", "A")
    ask = web.ask(CUSTOMER)
    calling.postpone_ticket(web.desk, ask, "A001")
    assert counter.call("1") == "A002"
    tell_window_customer_needs_time(web.desk, ask, "A002", text="A002 还需要两分钟")
    counter.do("miss", "1")
    calling.reinstate_missed_ticket(web.desk, ask, "A002")
    calling.record_customer_left(web.desk, ask, "A003")
    assert counter.call("1") == "A001"
    give_up_place(web.desk, ask, "A001", text="A001 不来")
    served = counter.serve_out("1")
    rating.rate_visit(web.desk, ask, served, 2, comment="Too loud")
    wish = AppointmentRequest(service="A", at=at("15:00"), name="Wang Fang", contact="138 0013 2201")
    booked = book_appointment(web.desk, ask, wish)["appointment"]
    for statement in FOR_OTHERS:
        with raw(server) as login, pytest.raises(psycopg.errors.InsufficientPrivilege):
            login.execute(statement)
    told = [(event.kind, event.ticket) for event in counter.log() if event.actor == "customer"]
    assert told == [
        ("postpone", "A001"),
        ("message", None),
        ("reinstate", "A002"),
        ("leave", "A003"),
        ("leave", "A001"),
        ("message", None),
        ("rate", served),
        ("book", None),
    ]
    assert booked == counter.length()
    assert EVENTS[PcKind.WEB] - EVENTS[PcKind.PUBLIC] == {"leave", "reinstate", "book", "message"}
    display = one.hall(one.pc(PcKind.PUBLIC))
    waiting, missed = counter.issue("A"), counter.call("1")
    counter.do("miss", "1")
    with denied():
        calling.record_customer_left(display.desk, display.ask(CUSTOMER), waiting)
    with denied():
        calling.reinstate_missed_ticket(display.desk, display.ask(CUSTOMER), missed)
    # It appends no call, and nothing in the name of staff.
    with denied():
        web.call("1")
    with denied():
        calling.record_customer_left(web.desk, web.ask(), waiting)
    assert counter.ticket(waiting).state == "waiting"


def test_every_pc_that_prints_makes_the_same_links_and_a_manager_s_alone_withdraws_them(one: Shared):
    one.hall().queue("A")

    def link(kind: PcKind) -> str:
        return str(visits.link_document(one.hall(one.pc(kind)).desk, "A001", one.clock())["link"])

    before = {link(kind) for kind in PcKind}
    assert len(before) == 1
    for kind in set(PcKind) - {PcKind.MANAGER}:
        other = one.hall(one.pc(kind))
        with denied():
            visits.withdraw_all_visit_links(other.desk, other.ask())
    assert {link(kind) for kind in PcKind} == before
    manager = one.hall(one.pc(PcKind.MANAGER))
    visits.withdraw_all_visit_links(manager.desk, manager.ask())
    assert {link(kind) for kind in PcKind}.isdisjoint(before)


def test_pages_of_a_shared_hall_are_served_by_that_login(since_now: Shared, tmp_path: Path):
    counter = since_now.hall()
    counter.path = tmp_path / "hall.sqlite"
    counter.queue("A", "A")
    with serving(counter, program=TRIAL, place=since_now.pc(PcKind.WEB)) as served:
        until_device(counter, "up")
        stream = opened_stream(served, "/stream/A001")
        assert int(stream.data()) <= counter.last().seq
        label = counter.call("1")
        until(lambda: f"called {counter.last().seq}" in stream.data())
        assert label == "A001"
        told = served.get("/state").json()
        assert (told["current"], told["tickets"], told["asked"]) == (True, 2, counter.last().seq)
        stream.close()
        assert (served.end(), served.said()) == (0, "")
    assert set(devices(counter).values()) == {"stopped"}
    # It says that its PC's clock is wrong.
    fast = JumpDetectingClock(lambda: datetime.now(UTC) + timedelta(minutes=7), time.monotonic)
    clocks.report_clock_skew(since_now.desk(since_now.pc(PcKind.WEB)), fast, "Web")
    told = {row["station"]: row["cause"] for row in device_rows(counter.desk)}
    assert told["clock@Web"] == "ahead 7"


def test_as_a_pc_starts_the_web_waits_for_the_hall_s_server(since_now: Shared, tmp_path: Path):
    server, port = since_now.pc(PcKind.WEB), free_port()
    there = f"{server.rpartition('@')[0]}@127.0.0.1:{port}/{server.rpartition('/')[2]}"
    listen = ["--listen", f"127.0.0.1:{free_port()}", "--wait"]
    line = [sys.executable, *PROGRAM, "--db", there, "--lang", "en", "web", *listen]
    env, pipe = at_home(tmp_path, PYTHONUNBUFFERED="1"), subprocess.PIPE
    with subprocess.Popen(line, env=env, stdout=pipe, stderr=pipe, encoding="utf-8") as web:
        try:
            assert f"127.0.0.1:{port}" in web.stderr.readline()
            with closing(Relay(server, port=port)):
                assert "Web pages are served at" in web.stdout.readline()
        finally:
            web.kill()


def test_pages_go_on_where_a_hall_moves_to_a_server_meanwhile(empty_pg_url, tmp_path, monkeypatch):
    hall = web_hall(tmp_path)
    label = hall.issue("A")
    path = page_of(hall, label)
    with serving(hall) as served:
        until_followed(served, path, "waiting")
        network.move_halls_to_server(hall.path, empty_pg_url, hall.ask())
        monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
        config.update_config({"db": empty_pg_url, "hall": looking.setup_of_hall(hall.desk).hall.code})
        moved = Hall(Desk(Database.open(empty_pg_url), 1), hall.clock, hall.path)
        try:
            moved.open("1", "C1")
            moved.call("1")
            until(lambda: is_called(served, path), "the page shows the call")
        finally:
            moved.desk.db.dispose()
        assert served.end() == 0


def is_called(served: Served, path: str) -> bool:
    """Whether a page shows a call; not, while nothing is served."""
    try:
        return '"state":"called"' in served.get(f"{path}/now").text
    except httpx.TransportError:
        return False


def test_pages_of_two_halls_of_one_server_are_served_and_ended_each_for_itself(shared_url: str, tmp_path: Path):
    hall = {**simple_setup()["hall"], **FEATURES}
    with shared(shared_url, "T", "U", since=datetime.now(UTC), hall=hall) as made, ExitStack() as served:
        halls, processes = [made.hall(hall=number) for number in (1, 2)], []
        for number in (1, 2):
            folder = tmp_path / str(number)
            folder.mkdir()
            home = Hall(halls[number - 1].desk, made.clock, folder / "hall")
            processes.append(served.enter_context(serving(home, place=made.pc(PcKind.WEB, number))))
        for one in halls:
            until_device(one, "up")
            assert list(devices(one)) == ["web@web PC"]
        until(lambda: request_end_if_web_serving(halls[0].desk, "web@web PC"), "it is noted where it serves")
        assert processes[0].process.wait(PATIENCE_S) == 0
        until_device(halls[0], "stopped")
        assert (set(devices(halls[1]).values()), processes[1].get("/").status_code) == ({"up"}, 200)


def test_kiosk_phone_and_front_desk_tell_how_far_a_case_is_and_count_it(one: Shared, tmp_path: Path):
    file = tmp_path / "states.csv"
    file.write_text("reference,state,state_en\nGZ-1,审核中,In review\n", encoding="utf-8")
    public, web, staff = (one.hall(one.pc(kind)) for kind in (PcKind.PUBLIC, PcKind.WEB, PcKind.STAFF))
    manager = one.hall(one.pc(PcKind.MANAGER))
    progress.import_case_progress(manager.desk, manager.ask(MANAGER), str(file))
    for hall, who, place in (
        (public, actor_of_station("K1"), KIOSK),
        (web, CUSTOMER, PHONE),
        (staff, GUIDE, FRONT_DESK),
    ):
        assert progress.case_progress_document(hall.desk, "gz1", "en")["state"] == "In review"
        progress.record_case_enquiry(hall.desk, hall.ask(who), place)
    (day,) = progress.enquiry_count_rows_by_date(manager.desk, manager.date, manager.date)
    assert [day[name] for name in (*PLACES, "all")] == [1, 1, 1, 3]
    with denied():
        progress.import_case_progress(public.desk, public.ask(MANAGER), str(file))


# -- keys, events and the interface: what each kind of PC's login may do with them -------------------------------------
SERVES = (PcKind.WEB, PcKind.STAFF, PcKind.MANAGER)


def served_by(since_now: Shared, kind: PcKind, folder: Path) -> AbstractContextManager[Served]:
    return serving(Hall(since_now.hall().desk, since_now.clock, folder / "hall"), place=since_now.pc(kind))


def test_who_serves_reads_keys_and_only_a_manager_s_pc_changes_them(since_now: Shared) -> None:
    owner = since_now.hall()
    keys.add_key(owner.desk, owner.ask(), "site", ["read"])
    keys.add_hook(owner.desk, owner.ask(), "https://other.example/x", 1)
    for kind in sorted(PcKind, key=lambda one: one is PcKind.MANAGER):
        login = since_now.hall(since_now.pc(kind))
        if kind not in SERVES:
            for reads in (keys.current_api_keys, keys.web_hooks_with_last_seq):
                with denied():
                    reads(login.desk)
            continue
        assert [key.name for key in keys.current_api_keys(login.desk)] == ["site"]
        ((hook, seq),) = keys.web_hooks_with_last_seq(login.desk)
        for further in (1, 2):
            keys.store_hook_position(login.desk, hook, seq + further)
        assert keys.web_hooks_with_last_seq(login.desk) == [(hook, seq + 2)]
        if kind is PcKind.MANAGER:
            keys.add_key(login.desk, login.ask(), "mine", ["call"])
            keys.remove_key(login.desk, login.ask(), "site")
            keys.remove_hook(login.desk, login.ask(), 1)
            continue
        for statement in ("UPDATE web_keys SET scopes = '[]'", "DELETE FROM web_keys", "DELETE FROM web_hooks"):
            with raw(since_now.pc(kind)) as direct, pytest.raises(psycopg.errors.InsufficientPrivilege):
                direct.execute(statement)
        with denied():
            keys.add_key(login.desk, login.ask(), "mine", ["call"])


def test_the_web_s_own_login_serves_customers_programs_and_no_staff_s(since_now: Shared, tmp_path: Path) -> None:
    owner = since_now.hall()
    everything = key_for(owner, "read", "issue", "call", "book", "rate", "events", name="all")
    with receiving() as receiver, served_by(since_now, PcKind.WEB, tmp_path) as served:
        keys.add_hook(owner.desk, owner.ask(), receiver.address)
        program = Program(served, everything)
        before = owner.length()
        assert program.refusal("POST", "/tickets", {"service": "A"}) == (403, "staff_login")
        assert program.refusal("POST", "/windows/1/call") == (403, "staff_login")
        assert program.refusal("GET", "/appointments") == (403, "staff_login")
        label = owner.issue("A")
        owner.serve_out("1", minutes=0)
        until(lambda: program.get(f"/tickets/{label}")["state"] == "finished", "the web has followed")
        assert program.post(f"/tickets/{label}/rate", {"level": 5, "comment": "quick"})["ticket"] == label
        day = str(owner.date + timedelta(days=1))
        wish = {"service": "A", "date": day, "at": "10:00", "name": "Wang Fang"}
        booked = program.post("/appointments", wish, id="web-1")
        assert program.post("/appointments", wish, id="web-1") == booked
        gone = program.ask("DELETE", f"/appointments/{booked['appointment']}?reason=ill")
        assert gone.json()["state"] == "cancelled"
        told = [(event.kind, event.actor) for event in owner.log(before) if event.actor == "customer"]
        assert told == [("rate", "customer"), ("book", "customer"), ("unbook", "customer")]
        assert "Wang Fang" not in str([event.data for event in owner.log()])
        (rated,) = [one for one in program.get("/events?after=0")["events"] if one["kind"] == "rate"]
        assert "level" not in rated["data"]
        receiver.until_has(owner.length())
        until(lambda: {row["behind"] for row in keys.hook_documents(owner.desk)} == {0}, "it is written down")


def test_where_two_pcs_serve_an_event_is_sent_once_and_that_of_staff_goes_on_for_programs_that_issue_and_call(
    since_now, tmp_path
):
    owner = since_now.hall()
    key = key_for(owner, "issue", "call", "book", name="desk")
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    with (
        receiving() as receiver,
        served_by(since_now, PcKind.WEB, tmp_path / "a") as first,
        served_by(since_now, PcKind.STAFF, tmp_path / "b") as second,
    ):
        until(lambda: len(serving_process_documents(owner.desk, datetime.now(UTC))) == 2, "both serve")
        keys.add_hook(owner.desk, owner.ask(), receiver.address, 1)
        for _ in range(5):
            owner.issue("A")
        receiver.until_has(owner.length())
        assert receiver.seqs() == list(range(1, receiver.seqs()[-1] + 1))
        until(lambda: {row["behind"] for row in keys.hook_documents(owner.desk)} == {0}, "it is written down")
        assert first.end() == 0
        program = Program(second, key)
        label = program.post("/tickets", {"service": "A"}, id="1")["ticket"]
        assert program.post("/tickets", {"service": "A"}, id="1")["ticket"] == label
        assert program.refusal("POST", "/tickets", {"service": "B"}, id="1") == (409, "id_used")
        assert program.post("/windows/1/call")["ticket"] == "A001"
        assert program.get("/appointments") == {"appointments": []}
        assert [event.actor for event in owner.log() if event.kind in ("issue", "call")][-2:] == ["key:desk"] * 2
        receiver.until_has(owner.length())
        assert len(receiver.seqs()) <= receiver.seqs()[-1] + 1, "at most the one that was under way comes twice"
        assert set(receiver.seqs()) == set(range(1, receiver.seqs()[-1] + 1))
