"""The interface for other programs: documents, rights, ids, streams and refusals of a real server."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from queuedesk.features.web.rules import SCOPES
from queuedesk.features.web.server import interface_documents as documents
from queuedesk.features.web.server.api import AT_ONCE, MOST_STREAMS
from queuedesk.features.web.server.operations import OPERATIONS
from queuedesk.features.web.verbs import keys
from tests.bounded import until
from tests.features.web.interface import BASE, Program, key_for
from tests.features.web.serving import Served, begun, ended, opened_stream, serving
from tests.hall import ADMIN, Hall, hall_of_today, simple_setup
from tests.processes import at_home, ran

FEATURES = ["web", "appointments"]
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
def hall(tmp_path_factory: pytest.TempPathFactory) -> Hall:
    return hall_of_today(tmp_path_factory.mktemp("interface"), hall={**simple_setup()["hall"], "features": FEATURES})


@pytest.fixture(autouse=True)
def now(hall: Hall) -> None:
    """What a test does by itself happens when it does it, as what it asks the server for."""
    hall.clock.now = datetime.now(UTC)


@pytest.fixture(scope="module")
def served(hall: Hall) -> Iterator[Served]:
    hall.open("1", "C1")
    hall.open("3", "C3")
    with serving(hall) as one:
        until(lambda: hall.last().kind == "device", "the server is part of the equipment")
        yield one


@pytest.fixture
def program(hall: Hall, served: Served) -> Iterator[Program]:
    """A program that may do everything but read ratings, with a key of its own: what one test asks slows no other."""
    name = "program"
    yield Program(served, key_for(hall, *sorted(EVERYTHING), name=name)).until_known()
    keys.remove_key(hall.desk, hall.ask(), name)


def described(id: str, document: dict[str, Any]) -> None:
    """Assert that a document is just as the interface describes it."""
    kind = next(one for one in OPERATIONS if one.id == id).answer
    assert msgspec.to_builtins(msgspec.convert(document, kind)) == document


def from_command_line(hall: Hall, *words: str) -> Any:
    line = ("-m", "queuedesk", "--db", hall.path, "--lang", "en", "--json", *words)
    done = ran(*line, **at_home(hall.path.parent))
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_visit_from_the_number_to_the_rating(hall: Hall, program: Program) -> None:
    since = hall.length()
    ticket = program.post("/tickets", {"service": "A", "class": "elderly", "ref": "case 12"})
    assert (ticket["state"], ticket["class"]) == ("waiting", "elderly")
    label = ticket["ticket"]
    assert program.get(f"/tickets/{label}") == ticket
    assert program.get(f"/tickets/{label}?date={hall.date}")["ticket"] == label
    called = program.post("/windows/1/call")
    assert (called["ticket"], called["state"], called["staff"]) == (label, "called", "C1")
    assert program.get("/calls")["calls"][0]["ticket"] == label
    assert program.post("/windows/1/recall", {})["calls"] == 2
    assert program.post("/windows/1/start", {})["state"] == "serving"
    done = program.post("/windows/1/finish", {"note": "all papers there", "then": []})
    assert done["state"] == "finished"
    rated = program.post(f"/tickets/{label}/rate", {"level": 2, "comment": "too long", "attitude": 4})
    assert "rating" not in rated
    events = [event for event in hall.log(since) if event.ticket == label]
    assert [(event.kind, event.actor) for event in events] == [
        *[(kind, "key:program") for kind in ("issue", "call", "recall", "start", "finish")],
        ("rate", "customer"),
    ]
    for id, document in (("issue", ticket), ("call", called), ("finish", done), ("rate", rated)):
        described(id, document)


def test_what_is_looked_at_is_what_the_commands_print(hall: Hall, program: Program) -> None:
    label = program.post("/tickets", {"service": "C"})["ticket"]
    for id, path, words in (
        ("services", "/services", ("service", "list")),
        ("windows", "/windows", ("window", "list")),
        ("ticket", f"/tickets/{label}", ("wait", label)),
        ("hall", "/hall", ("state",)),
        ("appointments", "/appointments", ("appointment", "list")),
    ):
        told, printed = program.get(path), from_command_line(hall, *words)
        described(id, told)
        assert steady(told) == steady(printed), id
    waits = program.get("/waits")
    described("waits", waits)
    assert [row["service"] for row in waits["waits"]] == ["A", "B", "C"]
    assert steady(waits["waits"][2]) == steady(from_command_line(hall, "wait", "--service", "C"))
    calls = program.get("/calls")
    described("calls", calls)
    assert calls["calls"] == program.get("/hall")["recent_calls"]
    events = program.get("/events?after=0")
    described("events", events)
    assert [event["seq"] for event in events["events"]] == list(range(1, hall.length() + 1))
    assert program.get("/events?after=3&limit=2")["events"] == events["events"][3:5]


def steady(document: Any) -> Any:
    """Return a document without what goes on with time while nothing happens."""
    if isinstance(document, dict):
        moves = ("wait", "wait_reason", "alerts")
        return {name: steady(value) for name, value in document.items() if name not in moves}
    return [steady(one) for one in document] if isinstance(document, list) else document


def test_a_person_gets_one_number_by_a_program_too_and_stands_nowhere(hall: Hall, program: Program) -> None:
    hall.do("set-setting", "one_number", "on", who=ADMIN)
    wish = {"service": "B", "person": "13800138000"}
    own = program.post("/tickets", wish, id="mine")["ticket"]
    assert program.post("/tickets", wish, id="mine")["ticket"] == own
    assert program.refusal("POST", "/tickets", wish) == (409, "has_number")
    assert program.post("/tickets", {**wish, "waive": "for her mother"})["ticket"] == f"B{int(own[1:]) + 1:03}"
    assert hall.log()[-1].data["waive"] == "for her mother"
    hall.desk.db.dispose()
    assert b"13800138000" not in b"".join(file.read_bytes() for file in hall.path.parent.glob("hall.sqlite*"))
    hall.do("set-setting", "one_number", "off", who=ADMIN)  # Who comes in other tests may have several.


def test_a_change_with_an_id_is_done_once(hall: Hall, program: Program) -> None:
    before = hall.length()
    wish = {"service": "B", "ref": "Wang"}
    with ThreadPoolExecutor(4) as several:
        answers = list(several.map(lambda _n: program.ask("POST", "/tickets", wish, id="order-1"), range(4)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({json.dumps(answer.json(), sort_keys=True) for answer in answers}) == 1
    assert hall.length() == before + 1
    assert program.refusal("POST", "/tickets", {"service": "B"}, id="order-1") == (409, "id_used")
    assert program.refusal("POST", "/windows/1/start", {}, id="order-1") == (409, "id_used")
    # Whoever has another key does not get the answer to this one's request.
    other = Program(program.served, key_for(hall, "issue", name="other"))
    assert other.refusal("POST", "/tickets", wish, id="order-1") == (409, "id_used")
    # A refused change leaves no id behind.
    assert program.refusal("POST", "/tickets", {"service": "Z"}, id="order-2") == (409, "unknown_service")
    assert program.post("/tickets", wish, id="order-2")["service"] == "B"
    for wrong in ("", "two words", "x" * 201):
        answer = program.ask("POST", "/tickets", wish, **{"Idempotency-Key": wrong})
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "not_understood")
    assert hall.length() == before + 3  # two numbers and the other key


def test_an_appointment_is_made_seen_and_called_off(hall: Hall, program: Program) -> None:
    day = str(hall.date + timedelta(days=1))
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
    stored = hall.path.read_bytes() + Path(f"{hall.path}-wal").read_bytes()
    assert b"Li Lei" not in stored, "a name that came with a refused request stays nowhere"


@pytest.mark.parametrize("scope", [*SCOPES, ""])
def test_a_key_does_what_its_scope_says_and_nothing_else(hall: Hall, served: Served, scope: str) -> None:
    key = key_for(hall, scope, name=f"only-{scope}") if scope else ""
    program, before = Program(served, key), hall.length()
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
    assert hall.length() == before


def test_ratings_are_for_keys_that_may_read_them(hall: Hall, served: Served) -> None:
    blind = Program(served, key_for(hall, "read", "events", name="blind"))
    seeing = Program(served, key_for(hall, "read", "events", "ratings", name="seeing"))
    hall.issue("A")
    label = hall.serve_out("1", minutes=0)
    hall.do("rate", label, 1, tags=["waiting"], comment="Nobody came")
    until(lambda: blind.get(f"/tickets/{label}")["state"] == "finished", "the web has followed")
    assert "rating" not in blind.get(f"/tickets/{label}")
    assert seeing.get(f"/tickets/{label}")["rating"] == 1
    after = hall.length() - 1
    (hidden,) = blind.get(f"/events?after={after}")["events"]
    (whole,) = seeing.get(f"/events?after={after}")["events"]
    assert (hidden["kind"], hidden["data"]) == ("rate", {"date": str(hall.date), "untold": True})
    assert whole["data"]["level"] == 1
    assert whole == from_command_line(hall, "events", "--since", str(after))
    for secret in ("waiting", '"level"', whole["data"]["salt"], whole["data"]["comment"]):
        assert secret not in json.dumps(hidden)


def test_calls_and_events_come_as_they_happen_and_none_twice(hall: Hall, served: Served) -> None:
    key = key_for(hall, "read", "events", name="listener")
    Program(served, key).until_known()
    since, headers = hall.length(), {"Authorization": f"Bearer {key}"}
    calls = opened_stream(served, f"{BASE}/calls/stream", **headers)
    log = opened_stream(served, f"{BASE}/events/stream?after={since - 2}", **headers)
    assert (calls.status, log.status) == (200, 200)
    assert [json.loads(log.data())["seq"] for _ in range(2)] == [since - 1, since]
    label = hall.issue("A")
    hall.do("call", "1")
    hall.do("recall", "1")
    hall.do("miss", "1")
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


def test_what_is_refused_is_said_in_json_and_in_the_language_asked_for(hall: Hall, program: Program) -> None:
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


def test_a_new_key_of_an_old_name_begins_with_a_quota_of_its_own(hall: Hall, served: Served) -> None:
    first = Program(served, key_for(hall, "read", name="again"))
    with served.client() as client:
        headers = {"Authorization": f"Bearer {first.key}"}
        until(lambda: client.get(f"{BASE}/services", headers=headers).status_code == 429, "it has asked too often")
    keys.remove_key(hall.desk, hall.ask(), "again")
    second = Program(served, key_for(hall, "read", name="again")).until_known()
    assert {second.ask("GET", "/services").status_code for _ in range(AT_ONCE - 1)} == {200}


def test_a_key_works_as_soon_as_it_is_made_and_no_longer_than_it_is_there(hall: Hall, served: Served) -> None:
    made = Program(served, key_for(hall, "read", name="short")).until_known()
    stream = opened_stream(served, f"{BASE}/calls/stream", Authorization=f"Bearer {made.key}")
    keys.remove_key(hall.desk, hall.ask(), "short")
    assert all(text.startswith((":", "retry")) for text in iter(stream.next, "")), "it ends, and tells of no call"
    stream.close()
    until(lambda: made.ask("GET", "/services").status_code in (401, 429), "the key opens nothing")


def test_a_program_that_asks_too_often_waits_and_holds_up_no_other(hall: Hall, served: Served) -> None:
    hasty, calm = (Program(served, key_for(hall, "read", name=name)).until_known() for name in ("hasty", "calm"))
    with served.client() as client:
        headers = {"Authorization": f"Bearer {hasty.key}"}
        answers = iter(lambda: client.get(f"{BASE}/services", headers=headers), None)
        assert {next(answers).status_code for _ in range(AT_ONCE - 1)} == {200}
        refused = next(answer for answer in answers if answer.status_code == 429)
    assert refused.json()["error"]["code"] == "too_often"
    assert int(refused.headers["retry-after"]) >= 1
    assert calm.get("/services")


def test_the_interface_describes_itself(hall: Hall, served: Served) -> None:
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
    hall = hall_of_today(tmp_path, hall={**simple_setup()["hall"], "features": ["web"]})
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
