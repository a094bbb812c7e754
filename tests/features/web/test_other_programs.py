"""Other programs: what they ask a real server for, events that are sent to them, the examples of the documentation."""

import ast
import hashlib
import hmac
import json
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
import pytest

from queuedesk.features.web import verbs
from queuedesk.features.web.rules import SCOPES, SIGNATURE
from queuedesk.features.web.server import interface_documents as documents
from queuedesk.features.web.server.api import AT_ONCE, MOST_STREAMS, OPERATIONS
from tests.bounded import PATIENCE_S, until
from tests.features.web.serving import (
    BASE,
    BOOKING,
    QUICK,
    Program,
    Served,
    begun,
    ended,
    key_for,
    opened_stream,
    services_that_take,
    serving,
    until_device,
    web_hall,
)
from tests.hall import ADMIN, Hall, hall_of_today
from tests.networks import free_port
from tests.processes import ROOT, at_home, ran
from tests.relay import Relay

EVERYTHING = {"read", "issue", "call", "book", "rate", "events"}
PROMISED = """
GET /hall /services /windows /waits /calls /tickets/{ticket} /events /calls/stream /events/stream /appointments
POST /tickets /tickets/{ticket}/rate /appointments
POST /windows/{window}/call /windows/{window}/recall /windows/{window}/start /windows/{window}/finish
POST /windows/{window}/miss
DELETE /appointments/{number}
"""
STATUSES = {400, 401, 403, 404, 405, 409, 413, 415, 429, 503}


@pytest.fixture(scope="module")
def shared_hall(tmp_path_factory: pytest.TempPathFactory) -> Hall:
    return hall_of_today(tmp_path_factory.mktemp("interface"), hall=BOOKING)


@pytest.fixture
def asked_hall(shared_hall: Hall) -> Hall:
    """The hall, where what a test does by itself happens when it does it, as what it asks the server for."""
    shared_hall.clock.now = datetime.now(UTC)
    return shared_hall


@pytest.fixture(scope="module")
def served(shared_hall: Hall) -> Iterator[Served]:
    shared_hall.open("1", "C1")
    shared_hall.open("3", "C3")
    with serving(shared_hall) as one:
        until(lambda: shared_hall.last().kind == "device", "the server is part of the equipment")
        yield one


@pytest.fixture
def program(asked_hall: Hall, served: Served) -> Iterator[Program]:
    """A program that may do everything but read ratings, with a key of its own: what one test asks slows no other."""
    name = "program"
    yield Program(served, key_for(asked_hall, *sorted(EVERYTHING), name=name)).until_known()
    verbs.remove_key(asked_hall.desk, asked_hall.ask(), name)


def described(id: str, document: dict[str, Any]) -> None:
    """Assert that a document is just as the interface describes it."""
    kind = next(one for one in OPERATIONS if one.id == id).answer
    assert msgspec.to_builtins(msgspec.convert(document, kind)) == document


def from_command_line(hall: Hall, *words: str) -> Any:
    line = ("-m", "queuedesk", "--db", hall.path, "--lang", "en", "--json", *words)
    done = ran(*line, **at_home(hall.path.parent))
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_visit_from_the_number_to_the_rating(asked_hall: Hall, program: Program) -> None:
    since = asked_hall.length()
    ticket = program.post("/tickets", {"service": "A", "class": "elderly", "ref": "case 12"})
    assert (ticket["state"], ticket["class"]) == ("waiting", "elderly")
    label = ticket["ticket"]
    assert program.get(f"/tickets/{label}") == ticket
    assert program.get(f"/tickets/{label}?date={asked_hall.date}")["ticket"] == label
    called = program.post("/windows/1/call")
    assert (called["ticket"], called["state"], called["staff"]) == (label, "called", "C1")
    assert program.get("/calls")["calls"][0]["ticket"] == label
    assert program.post("/windows/1/recall", {})["calls"] == 2
    assert program.post("/windows/1/start", {})["state"] == "serving"
    done = program.post("/windows/1/finish", {"note": "all papers there", "then": []})
    assert done["state"] == "finished"
    rated = program.post(f"/tickets/{label}/rate", {"level": 2, "comment": "too long", "attitude": 4})
    assert "rating" not in rated
    events = [event for event in asked_hall.log(since) if event.ticket == label]
    assert [(event.kind, event.actor) for event in events] == [
        *[(kind, "key:program") for kind in ("issue", "call", "recall", "start", "finish")],
        ("rate", "customer"),
    ]
    for id, document in (("issue", ticket), ("call", called), ("finish", done), ("rate", rated)):
        described(id, document)


def test_what_is_looked_at_is_what_the_commands_print(asked_hall: Hall, program: Program) -> None:
    label = program.post("/tickets", {"service": "C"})["ticket"]
    for id, path, words in (
        ("services", "/services", ("service", "list")),
        ("windows", "/windows", ("window", "list")),
        ("ticket", f"/tickets/{label}", ("wait", label)),
        ("hall", "/hall", ("state",)),
        ("appointments", "/appointments", ("appointment", "list")),
    ):
        told, printed = program.get(path), from_command_line(asked_hall, *words)
        described(id, told)
        assert steady(told) == steady(printed), id
    waits = program.get("/waits")
    described("waits", waits)
    assert [row["service"] for row in waits["waits"]] == ["A", "B", "C"]
    assert steady(waits["waits"][2]) == steady(from_command_line(asked_hall, "wait", "--service", "C"))
    calls = program.get("/calls")
    described("calls", calls)
    assert calls["calls"] == program.get("/hall")["recent_calls"]
    events = program.get("/events?after=0")
    described("events", events)
    assert [event["seq"] for event in events["events"]] == list(range(1, asked_hall.length() + 1))
    assert program.get("/events?after=3&limit=2")["events"] == events["events"][3:5]


def steady(document: Any) -> Any:
    """Return a document without what goes on with time while nothing happens."""
    if isinstance(document, dict):
        moves = ("wait", "wait_reason", "alerts")
        return {name: steady(value) for name, value in document.items() if name not in moves}
    return [steady(one) for one in document] if isinstance(document, list) else document


def test_a_person_gets_one_number_by_a_program_too_and_stands_nowhere(asked_hall: Hall, program: Program) -> None:
    asked_hall.do("set-setting", "one_number", "on", who=ADMIN)
    wish = {"service": "B", "person": "13800138000"}
    own = program.post("/tickets", wish, id="mine")["ticket"]
    assert program.post("/tickets", wish, id="mine")["ticket"] == own
    assert program.refusal("POST", "/tickets", wish) == (409, "has_number")
    assert program.post("/tickets", {**wish, "waive": "for her mother"})["ticket"] == f"B{int(own[1:]) + 1:03}"
    assert asked_hall.log()[-1].data["waive"] == "for her mother"
    asked_hall.desk.db.dispose()
    assert b"13800138000" not in b"".join(file.read_bytes() for file in asked_hall.path.parent.glob("hall.sqlite*"))
    asked_hall.do("set-setting", "one_number", "off", who=ADMIN)  # Who comes in other tests may have several.


def test_a_change_with_an_id_is_done_once(asked_hall: Hall, program: Program) -> None:
    before = asked_hall.length()
    wish = {"service": "B", "ref": "Wang"}
    with ThreadPoolExecutor(4) as several:
        answers = list(several.map(lambda _n: program.ask("POST", "/tickets", wish, id="order-1"), range(4)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({json.dumps(answer.json(), sort_keys=True) for answer in answers}) == 1
    assert asked_hall.length() == before + 1
    assert program.refusal("POST", "/tickets", {"service": "B"}, id="order-1") == (409, "id_used")
    assert program.refusal("POST", "/windows/1/start", {}, id="order-1") == (409, "id_used")
    # Whoever has another key does not get the answer to this one's request.
    other = Program(program.served, key_for(asked_hall, "issue", name="other"))
    assert other.refusal("POST", "/tickets", wish, id="order-1") == (409, "id_used")
    # A refused change leaves no id behind.
    assert program.refusal("POST", "/tickets", {"service": "Z"}, id="order-2") == (409, "unknown_service")
    assert program.post("/tickets", wish, id="order-2")["service"] == "B"
    for wrong in ("", "two words", "x" * 201):
        answer = program.ask("POST", "/tickets", wish, **{"Idempotency-Key": wrong})
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "not_understood")
    assert asked_hall.length() == before + 3  # two numbers and the other key


def test_an_appointment_is_made_seen_and_called_off(asked_hall: Hall, program: Program) -> None:
    day = str(asked_hall.date + timedelta(days=1))
    wish = {"service": "A", "date": day, "at": "9:30", "name": "Wang Fang", "contact": "138 0013 2201", "ref": "77"}
    booked = program.post("/appointments", wish, id="book-1")
    described("book", booked)
    assert program.post("/appointments", wish, id="book-1") == booked
    assert program.refusal("POST", "/appointments", {**wish, "name": "Li Lei"}, id="book-1") == (409, "id_used")
    assert program.refusal("POST", "/appointments", wish) == (409, "already_booked")
    (kept,) = program.get(f"/appointments?date={day}")["appointments"]
    described("appointments", {"appointments": [kept]})
    assert (kept["name"], kept["contact"], kept["at"][11:16]) == ("Wang Fang", "138 0013 2201", "09:30")
    number = booked["appointment"]
    assert program.refusal("DELETE", f"/appointments/{number}") == (400, "not_understood")
    gone = program.ask("DELETE", f"/appointments/{number}?reason=ill")
    described("callOff", gone.json())
    assert gone.json()["state"] == "cancelled"
    assert program.refusal("DELETE", f"/appointments/{number}?reason=ill") == (409, "appointment_over")
    for unknown in ("999999", "x", "1e3", "٣", "1%0A", "%E2%80%A8"):
        assert program.refusal("DELETE", f"/appointments/{unknown}?reason=ill") == (404, "not_there")
    stored = asked_hall.path.read_bytes() + Path(f"{asked_hall.path}-wal").read_bytes()
    assert b"Li Lei" not in stored, "a name that came with a refused request stays nowhere"


@pytest.mark.parametrize("scope", [*SCOPES, ""])
def test_a_key_does_what_its_scope_says_and_nothing_else(asked_hall: Hall, served: Served, scope: str) -> None:
    key = key_for(asked_hall, scope, name=f"only-{scope}") if scope else ""
    program, before = Program(served, key), asked_hall.length()
    for one in OPERATIONS:
        if one.stream is not None and one.scope == scope:
            continue  # It answers without an end.
        path = one.path.replace("{ticket}", "Z999").replace("{window}", "none").replace("{number}", "0")
        status = program.ask_until_heard(one.method, path, {}).status_code
        if not scope:
            assert status == 401
        elif one.scope != scope:
            assert status == 403, one.id
        else:
            assert status in (200, 400, 404, 409), (one.id, status)
    assert asked_hall.length() == before


def test_ratings_are_for_keys_that_may_read_them(asked_hall: Hall, served: Served) -> None:
    blind = Program(served, key_for(asked_hall, "read", "events", name="blind"))
    seeing = Program(served, key_for(asked_hall, "read", "events", "ratings", name="seeing"))
    asked_hall.issue("A")
    label = asked_hall.serve_out("1", minutes=0)
    asked_hall.do("rate", label, 1, tags=["waiting"], comment="Nobody came")
    until(lambda: blind.get(f"/tickets/{label}")["state"] == "finished", "the web has followed")
    assert "rating" not in blind.get(f"/tickets/{label}")
    assert seeing.get(f"/tickets/{label}")["rating"] == 1
    after = asked_hall.length() - 1
    (hidden,) = blind.get(f"/events?after={after}")["events"]
    (whole,) = seeing.get(f"/events?after={after}")["events"]
    assert (hidden["kind"], hidden["data"]) == ("rate", {"date": str(asked_hall.date), "untold": True})
    assert whole["data"]["level"] == 1
    assert whole == from_command_line(asked_hall, "events", "--since", str(after))
    for secret in ("waiting", '"level"', whole["data"]["salt"], whole["data"]["comment"]):
        assert secret not in json.dumps(hidden)


def test_calls_and_events_come_as_they_happen_and_none_twice(asked_hall: Hall, served: Served) -> None:
    key = key_for(asked_hall, "read", "events", name="listener")
    Program(served, key).until_known()
    since, headers = asked_hall.length(), {"Authorization": f"Bearer {key}"}
    calls = opened_stream(served, f"{BASE}/calls/stream", **headers)
    log = opened_stream(served, f"{BASE}/events/stream?after={since - 2}", **headers)
    assert (calls.status, log.status) == (200, 200)
    assert [json.loads(log.data())["seq"] for _ in range(2)] == [since - 1, since]
    label = asked_hall.issue("A")
    asked_hall.do("call", "1")
    asked_hall.do("recall", "1")
    asked_hall.do("miss", "1")
    told = [json.loads(calls.data()) for _ in range(2)]
    assert [(one["ticket"], one["window"]) for one in told] == [(label, "1"), (label, "1")]
    assert [json.loads(log.data())["kind"] for _ in range(4)] == ["issue", "call", "recall", "miss"]
    log.close()
    # Whoever comes back says which event was the last that it got.
    log = opened_stream(served, f"{BASE}/events/stream?after=0", Last_Event_ID=str(since + 2), **headers)
    assert json.loads(log.data())["seq"] == since + 3
    more = [opened_stream(served, f"{BASE}/events/stream", **headers) for _ in range(MOST_STREAMS)]
    assert "event: poll\ndata: {}" in iter(calls.next, "")  # so many and no more: the first of them ends
    for stream in (calls, log, *more):
        stream.close()


def test_what_is_refused_is_said_in_json_and_in_the_language_asked_for(asked_hall: Hall, program: Program) -> None:
    refusal = program.refusal
    assert refusal("GET", "/nothing") == (404, "no_such_path")
    assert refusal("GET", "/tickets/Z999") == (404, "unknown_ticket")
    for year in ("0001", "9999"):
        assert refusal("GET", f"/tickets/Z999?date={year}-01-01") == (400, "not_understood")
        assert refusal("POST", "/windows/1/call", {"date": f"{year}-12-31"}) == (400, "not_understood")
    assert refusal("POST", "/windows/9/call") == (404, "unknown_window")
    assert refusal("POST", "/windows/2/call") == (409, "window_closed")
    assert refusal("POST", "/windows/1/call", {"ticket": "Z999"}) == (409, "unknown_ticket")
    assert refusal("PUT", "/tickets", {"service": "A"}) == (405, "wrong_method")
    assert program.ask("DELETE", "/appointments").headers["allow"] == "GET, POST"
    for body in (b"", b"{", b"[]", b"null", b'{"service":1}', b'{"service":"A","more":1}', b'{"service":"\\u0000"}'):
        assert refusal("POST", "/tickets", body, **{"Content-Type": "application/json"}) == (400, "not_understood")
    assert refusal("POST", "/tickets", b"[" * 60_000, **{"Content-Type": "application/json"})[0] == 400
    assert refusal("POST", "/tickets", b'{"service":"A"}', **{"Content-Type": "text/plain"}) == (415, "not_json")
    for query in ("after=-1", "after=x", "limit=0", "limit=1001", "more=1", "after=1&after=2"):
        assert refusal("GET", f"/events?{query}") == (400, "not_understood"), query
    for level in (0, 6, "5", 4.5):
        assert refusal("POST", "/tickets/A001/rate", {"level": level}) == (400, "not_understood")
    assert refusal("POST", "/tickets/A001/rate", {}) == (409, "nothing_said")
    assert refusal("POST", "/tickets/Z999/rate", {"level": 4.0}) == (404, "unknown_ticket"), "that is the number 4"
    large = b'{"service":"' + b"A" * 70_000 + b'"}'
    assert refusal("POST", "/tickets", large, **{"Content-Type": "application/json"}) == (413, "too_large")
    chinese = program.ask("POST", "/windows/9/call", lang="zh-CN").json()["error"]["message"]
    assert chinese == "本厅没有 9 号窗口。" or ("9" in chinese and not chinese.isascii())


def test_who_has_no_key_gets_nothing_and_who_guesses_waits_alone(served: Served, program: Program) -> None:
    """From an address of its own: a key that was made a moment ago is a guess until the server hears of it, and other
    tests make such keys."""
    with served.elsewhere() as guesser:
        for given in ("", "Bearer", "Basic abc", "Bearer qd_wrong", "bearer x y"):
            answer = guesser.get(f"{BASE}/hall", headers={"Authorization": given})
            assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
        tried = (guesser.get(f"{BASE}/hall", headers={"Authorization": f"Bearer qd_{n}"}) for n in range(40))
        assert {answer.status_code for answer in tried} == {401, 429}
        tokens = [guesser.get(f"/T/{'A' * 26}").status_code for _ in range(5)]
        assert 429 in tokens, "tokens of visits are counted with them"
        key = {"Authorization": f"Bearer {program.key}"}
        right = {guesser.get(f"{BASE}/services", headers=key).status_code for _ in range(AT_ONCE - 1)}
        assert right == {200}, "a right key has its own"
    assert served.get(f"/T/{'A' * 26}").status_code == 404, "others don't wait"


def test_a_new_key_of_an_old_name_begins_with_a_quota_of_its_own(asked_hall: Hall, served: Served) -> None:
    first = Program(served, key_for(asked_hall, "read", name="again"))
    with served.client() as client:
        headers = {"Authorization": f"Bearer {first.key}"}
        until(lambda: client.get(f"{BASE}/services", headers=headers).status_code == 429, "it has asked too often")
    verbs.remove_key(asked_hall.desk, asked_hall.ask(), "again")
    second = Program(served, key_for(asked_hall, "read", name="again")).until_known()
    assert {second.ask("GET", "/services").status_code for _ in range(AT_ONCE - 1)} == {200}


def test_a_key_works_as_soon_as_it_is_made_and_no_longer_than_it_is_there(asked_hall: Hall, served: Served) -> None:
    made = Program(served, key_for(asked_hall, "read", name="short")).until_known()
    stream = opened_stream(served, f"{BASE}/calls/stream", Authorization=f"Bearer {made.key}")
    verbs.remove_key(asked_hall.desk, asked_hall.ask(), "short")
    assert all(text.startswith((":", "retry")) for text in iter(stream.next, "")), "it ends, and tells of no call"
    stream.close()
    until(lambda: made.ask("GET", "/services").status_code in (401, 429), "the key opens nothing")


def test_a_program_that_asks_too_often_waits_and_holds_up_no_other(asked_hall: Hall, served: Served) -> None:
    hasty, calm = (Program(served, key_for(asked_hall, "read", name=name)).until_known() for name in ("hasty", "calm"))
    with served.client() as client:
        headers = {"Authorization": f"Bearer {hasty.key}"}
        answers = iter(lambda: client.get(f"{BASE}/services", headers=headers), None)
        assert {next(answers).status_code for _ in range(AT_ONCE - 1)} == {200}
        refused = next(answer for answer in answers if answer.status_code == 429)
    assert refused.json()["error"]["code"] == "too_often"
    assert int(refused.headers["retry-after"]) >= 1
    assert calm.get("/services")


def test_the_interface_describes_itself(asked_hall: Hall, served: Served) -> None:
    document = served.get(f"{BASE}/openapi.json").json()
    assert document["openapi"] == "3.1.0"
    promised = [line.split() for line in PROMISED.strip().splitlines()]
    assert {(one.method, one.path) for one in OPERATIONS} == {
        (method, path) for method, *paths in promised for path in paths
    }
    assert set(documents.REFUSALS) == STATUSES
    listed = {(method.upper(), path) for path, methods in document["paths"].items() for method in methods}
    assert listed == {(one.method, one.path) for one in OPERATIONS}
    text = json.dumps(document)
    for reference in {part.split('"')[0] for part in text.split('"$ref": "')[1:]}:
        assert reference.removeprefix("#/components/schemas/") in document["components"]["schemas"]
    assert document["servers"] == [{"url": BASE}]
    for lang, words in (("en", "QueueDesk for other programs"), ("zh-CN", "供其他程序使用的 QueueDesk")):
        page = served.get(f"{BASE}/", accept_language=lang)
        assert (page.status_code, page.headers["content-language"]) == (200, lang)
        assert f"<h1>{words}</h1>" in page.text
        assert all(f"{one.method} {BASE}{one.path}" in page.text for one in OPERATIONS)
        assert "http://" not in page.text and "https://" not in page.text
        assert "unsafe" not in page.headers["content-security-policy"]
    assert served.post(f"{BASE}/openapi.json").status_code == 405


def test_while_the_hall_is_away_that_is_said_nothing_is_lost_and_one_without_appointments_makes_none(tmp_path):
    hall = web_hall(tmp_path)
    program = Program(begun(hall), key_for(hall, "read", "issue", name="program"))
    booking = Program(program.served, key_for(hall, "book"))
    try:
        assert program.post("/tickets", {"service": "A"}, id="1")["ticket"] == "A001"
        away = hall.path.with_name("away.sqlite")
        hall.path.rename(away)
        until(lambda: program.ask("GET", "/waits").status_code == 503, "the hall is away")
        answer = program.ask("POST", "/tickets", {"service": "A"}, id="2")
        assert (answer.status_code, answer.json()["error"]["code"][:8]) == (503, "database")
        assert str(tmp_path) not in answer.text
        assert int(answer.headers["retry-after"]) > 0
        away.rename(hall.path)
        until(lambda: program.ask("GET", "/waits").status_code == 200, "the hall is back")
        assert program.post("/tickets", {"service": "A"}, id="2")["ticket"] == "A002"
        assert program.refusal("GET", "/appointments") == (403, "scope_needed")
        # A hall without appointments makes none.
        assert booking.refusal("GET", "/appointments") == (409, "feature_off")
        wish = {"service": "A", "date": str(hall.date), "at": "23:59"}
        assert booking.refusal("POST", "/appointments", wish) == (409, "feature_off")
    finally:
        ended(program.served)


def one_window(folder: Path) -> Hall:
    """Make a hall that uses the web and knows how long its visits take, with a clerk at its first window."""
    hall = web_hall(folder, services=services_that_take(5))
    hall.open("1", "C1")
    return hall


pytestmark = pytest.mark.hall(make=one_window)


@dataclass
class Receiver:
    """Another program that takes events; it answers with `statuses` one after the other, then with 200."""

    server: ThreadingHTTPServer
    statuses: list[int] = field(default_factory=list)
    got: list[tuple[str, bytes, str]] = field(default_factory=list)
    silent: threading.Event = field(default_factory=threading.Event)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}/events?token=s3cret"

    def seqs(self) -> list[int]:
        return [json.loads(body)["seq"] for _path, body, _signature in self.got]

    def until_has(self, seq: int) -> None:
        until(lambda: self.got and self.seqs()[-1] >= seq, f"event {seq} is sent")


@contextmanager
def receiving(port: int = 0) -> Iterator[Receiver]:
    class Taker(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            body = self.rfile.read(length)
            if len(body) < length:  # cut off while it was sent
                return
            receiver.got.append((self.path, body, self.headers[SIGNATURE]))
            if receiver.silent.is_set():
                self.close_connection = True
                return
            self.send_response(receiver.statuses.pop(0) if receiver.statuses else 200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Taker)
    server.daemon_threads = True
    receiver = Receiver(server)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join(PATIENCE_S)


def test_events_are_sent_in_order_signed_and_again_until_they_are_taken(hall: Hall) -> None:
    """On a connection that is not kept open for the next event: the other end may close it meanwhile."""
    with receiving() as receiver:
        receiver.statuses += [500, 500]
        hook = verbs.add_hook(hall.desk, hall.ask(), receiver.address, 1)
        with serving(hall, program=QUICK) as served:
            port = f":{receiver.server.server_address[1]:04X} "

            def is_open() -> bool:
                lines = Path(f"/proc/{served.process.pid}/net/tcp").read_text(encoding="ascii").splitlines()
                return any(port in line.split(maxsplit=2)[2] and " 01 " in line for line in lines[1:])

            until_device(hall, "up")
            receiver.until_has(hall.length())
            until(lambda: not is_open(), "the connection is closed")
            hall.clock.now = datetime.now(UTC)
            hall.issue("A")
            label = hall.serve_out("1", minutes=0)
            hall.do("rate", label, 1, comment="Nobody came")
            last = hall.length()
            receiver.until_has(last)
        assert receiver.seqs()[:3] == [1, 1, 1], "refused twice, then taken"
        assert receiver.seqs()[2:] == list(range(1, receiver.seqs()[-1] + 1)), "each once"
        for path, body, signature in receiver.got:
            assert path == "/events?token=s3cret"
            assert signature == f"sha256={hmac.new(hook['secret'].encode(), body, hashlib.sha256).hexdigest()}"
        sent = [json.loads(body) for _path, body, _signature in receiver.got[2 : 2 + last]]
        log = hall.log()[:last]
        assert [one["kind"] for one in sent] == [event.kind for event in log]
        rated = next(one for one in sent if one["kind"] == "rate")
        assert rated["data"] == {"date": str(hall.date), "untold": True}, "no rating leaves the hall"
        called = next(one for one in sent if one["kind"] == "call")
        assert called == next(event.printed_fields() for event in log if event.kind == "call")


def test_an_address_that_does_not_answer_costs_the_hall_nothing_and_gets_all_of_it_later(hall: Hall) -> None:
    with receiving() as receiver, receiving() as other:
        receiver.silent.set()
        verbs.add_hook(hall.desk, hall.ask(), receiver.address, 1)
        verbs.add_hook(hall.desk, hall.ask(), other.address, 1)
        with serving(hall, program=QUICK) as served:
            until_device(hall, "up")
            other.until_has(hall.length())
            hall.clock.now = datetime.now(UTC)
            before_mb = served.memory_mb()
            for _ in range(300):
                hall.issue("A")
            other.until_has(hall.length())
            assert served.memory_mb() - before_mb < 20
            assert set(receiver.seqs()) == {1}, "none is left out for one that was not taken"
            behind = {row["hook"]: row["behind"] for row in verbs.hook_documents(hall.desk)}
            assert behind[1] == hall.length()
            receiver.silent.clear()
            receiver.until_has(hall.length())
            assert receiver.seqs()[-hall.length() :] == list(range(1, hall.length() + 1))
            until(lambda: {row["behind"] for row in verbs.hook_documents(hall.desk)} == {0}, "it is written down")
        assert served.said() == ""


def test_after_a_restart_it_goes_on_where_it_was_and_a_removed_address_gets_nothing(hall: Hall) -> None:
    with receiving() as receiver, receiving() as other:
        verbs.add_hook(hall.desk, hall.ask(), receiver.address, 1)
        served = begun(hall, program=QUICK)
        until_device(hall, "up")
        receiver.until_has(hall.length())
        until(lambda: {row["behind"] for row in verbs.hook_documents(hall.desk)} == {0}, "it is written down")
        assert served.end() == 0
        ended(served)
        sent = len(receiver.got)
        hall.clock.now = datetime.now(UTC)
        hall.issue("A")
        served = begun(hall, program=QUICK)
        try:
            until_device(hall, "up")
            receiver.until_has(hall.length())
            seqs = receiver.seqs()
            assert seqs == sorted(seqs) and set(seqs) == set(range(1, seqs[-1] + 1))
            assert len(seqs) <= seqs[-1] + 1, "at most the one that was under way at the end comes a second time"
            assert len(receiver.got) > sent
            # Added and removed while it runs.
            verbs.add_hook(hall.desk, hall.ask(), receiver.address.replace("events", "second"))
            hall.issue("A")
            until(lambda: any(path.startswith("/second") for path, _body, _signature in receiver.got), "both get it")
            verbs.remove_hook(hall.desk, hall.ask(), 1)
            verbs.remove_hook(hall.desk, hall.ask(), 2)
            # What a new address gets is sent by who has read that the others are gone.
            verbs.add_hook(hall.desk, hall.ask(), other.address)
            hall.issue("A")
            other.until_has(gone := hall.length())
            hall.issue("A")
            other.until_has(hall.length())
            assert served.end() == 0
            assert max(receiver.seqs()) <= gone
        finally:
            ended(served)


def test_an_address_that_was_removed_and_added_again_skips_nothing_and_gets_nothing_of_the_other(hall: Hall) -> None:
    with receiving() as receiver, receiving() as other, serving(hall, program=QUICK) as served:
        verbs.add_hook(hall.desk, hall.ask(), receiver.address, 1)
        verbs.add_hook(hall.desk, hall.ask(), other.address, 1)
        until_device(hall, "up")
        hall.clock.now = datetime.now(UTC)
        receiver.until_has(hall.length())
        other.until_has(hall.length())
        other.silent.set()
        last = hall.length()
        hall.issue("A")
        until(lambda: other.seqs()[-1] == last + 1, "it is being sent")
        for number in (2, 1):
            verbs.remove_hook(hall.desk, hall.ask(), number)
        assert verbs.add_hook(hall.desk, hall.ask(), receiver.address.replace("events", "again"), 1)["hook"] == 1
        assert verbs.add_hook(hall.desk, hall.ask(), receiver.address.replace("events", "next"))["hook"] == 2
        begin = hall.length() + 1
        hall.issue("A")
        last = hall.length()

        def sent(path: str) -> list[int]:
            return [json.loads(body)["seq"] for at, body, _signature in receiver.got if at.startswith(path)]

        until(lambda: sent("/again")[-1:] == [last] and sent("/next")[-1:] == [last], "both have it all")
        assert sent("/again") == list(range(1, last + 1))
        assert sent("/next") == list(range(begin, last + 1))
        until(lambda: {row["behind"] for row in verbs.hook_documents(hall.desk)} == {0}, "it is written down")
    assert served.said() == ""


# -- the examples of the documentation, each against a real server -----------------------------------------------------
EXAMPLES = ROOT / "resources" / "docs" / "examples"
MOST_LINES = 30


@contextmanager
def running(name: str, served: Served, key: str, what: str) -> Iterator[subprocess.Popen[str]]:
    line = [sys.executable, str(EXAMPLES / name), served.address, key, what]
    pipe = subprocess.PIPE
    process = subprocess.Popen(
        line, stdin=pipe, stdout=pipe, stderr=pipe, encoding="utf-8", env=at_home(served.log.parent)
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate(timeout=PATIENCE_S)


def said(process: subprocess.Popen[str], line: str) -> str:
    """Write a line to a program and return the line that it answers."""
    process.stdin.write(f"{line}\n")
    process.stdin.flush()
    return process.stdout.readline().strip()


def test_a_clerk_calls_another_web_site_shows_the_waits_and_in_a_rush_at_the_door_everybody_gets_one_number(hall):
    label = hall.issue("A")
    with serving(hall) as served:
        with running("call_next.py", served, key_for(hall, "call"), "1") as program:
            assert said(program, "call") == f"{label}: called"
            assert said(program, "recall") == f"{label}: called"
            assert said(program, "start") == f"{label}: serving"
            assert said(program, "finish") == f"{label}: finished"
            assert said(program, "call") == "Nobody is waiting for this window."
        assert [event.actor for event in hall.log() if event.kind in ("call", "finish")] == ["key:call"] * 2
        hall.clock.now = datetime.now(UTC)
        hall.queue("A", "A")
        port, key = free_port(), key_for(hall, "read")
        with running("show_waits.py", served, key, str(port)):

            def page() -> str:
                try:
                    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=PATIENCE_S) as answer:
                        return str(answer.read().decode())
                except OSError:
                    return ""

            shown = until(page, "the page is there")
        assert "<td>A<td>" in shown and "minutes" in shown
        assert "<td>C<td>–" in shown, "no window is open for it"
        assert key not in shown
        # More people at once than a key may ask for.
        people = AT_ONCE + 15
        with running("door_counter.py", served, key_for(hall, "issue"), "B") as program:
            told, _errors = program.communicate("\n" * people, timeout=PATIENCE_S)
    assert told.split() == [f"B{n:03}" for n in range(1, people + 1)]
    assert [event.ticket for event in hall.log() if event.kind == "issue" and event.service == "B"] == told.split()


def test_an_answer_that_was_lost_costs_no_second_number(hall: Hall) -> None:
    with serving(hall) as served:
        until_device(hall, "up")
        cut = Relay(served.address)
        cut.silent_after = b'"service"'
        way = Served(served.process, f"http://127.0.0.1:{urlsplit(cut.url).port}", served.log)
        with running("door_counter.py", way, key_for(hall, "issue"), "B") as program:
            program.stdin.write("\n")
            program.stdin.flush()
            until(lambda: hall.last().kind == "issue", "the number is given out")
            cut.close()
            again = Relay(served.address, port=way.port)
            assert program.stdout.readline() == "B001\n"
            again.close()
    assert [event.ticket for event in hall.log() if event.kind == "issue"] == ["B001"]


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.py")), ids=lambda path: path.name)
def test_an_example_is_short_and_needs_the_standard_library_alone(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert len(source.splitlines()) <= MOST_LINES
    nodes = list(ast.walk(ast.parse(source)))
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
    assert {name.partition(".")[0] for name in names} <= sys.stdlib_module_names
