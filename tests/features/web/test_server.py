"""The process that serves web pages: what it answers and refuses, how it follows the hall, how it begins and ends."""

import asyncio
import json
import os
import re
import shlex
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import httpx
import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from queuedesk.app.hosting.gate import load_or_make_certificate
from queuedesk.core.log.pc_clock import JumpDetectingClock
from queuedesk.features.web import tables, verbs
from queuedesk.features.web.server import api, booking
from queuedesk.features.web.server import main as server
from queuedesk.features.web.server.main import _ClientConnection, listening_sockets
from queuedesk.features.web.server.site import FollowedHall, WebPagesSharedContext, WebSettings, web_app
from queuedesk.features.web.server.streams import EventStream, StreamHub, server_sent_event_text
from tests.bounded import BEAT_S, PATIENCE_S, Stopwatch, until
from tests.cli.commands import Console
from tests.features.web.serving import (
    NAME,
    PROGRAM,
    TRIAL,
    Served,
    begun,
    devices,
    ended,
    key_for,
    opened_stream,
    serving,
    until_device,
    web_hall,
)
from tests.features.web.trial_pages import TOKEN
from tests.hall import MANAGER, Hall, hall_of_today, simple_setup
from tests.networks import free_port
from tests.processes import ROOT, Loaded, anew, at_home, ran

pytestmark = pytest.mark.hall(make=web_hall)

HEADERS = {
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "x-robots-tag": "noindex",
}
WRONG = TOKEN[:-1] + "A"
ANEW = ("env",)
FEW_FILES = ("sh", "-c", 'ulimit -n 300; exec "$@"', "sh")


@pytest.fixture(params=[()])
def trial(hall: Hall, request: pytest.FixtureRequest) -> Iterator[Served]:
    with serving(hall, program=TRIAL, first=request.param) as served:
        yield served


def refused(hall: Hall, *words: str, **env: str) -> tuple[int, str]:
    """Return the exit status of a `queuedesk web` that does not begin, and what it says."""
    run = anew if env else ran
    done = run(*PROGRAM, "--db", hall.path, "--lang", "en", "web", *words, **{**at_home(hall.path.parent), **env})
    assert done.stdout == ""
    return done.returncode, done.stderr.splitlines()[-1]


def test_a_page_is_served_to_who_asks_by_a_name_of_the_hall(hall: Hall) -> None:
    with serving(hall, "--name", NAME.upper()) as served:
        for host in (f"127.0.0.1:{served.port}", f"localhost:{served.port}", NAME, f"{NAME}:{served.port}"):
            page = served.get("/", host=host)
            assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
            assert {name: page.headers[name] for name in HEADERS} == HEADERS
            assert "server" not in page.headers
            assert int(page.headers["content-length"]) < 61_440
        policy = page.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; style-src 'sha256-")
        assert "unsafe" not in policy
        for host in ("evil.test", "", "127.0.0.2", f"{NAME}.evil.test", f"evil@{NAME}", "[::1]"):
            assert served.get("/", host=host).status_code == 421
        assert served.get("/").text != served.get("/?lang=en").text
        english = served.get("/", accept_language="fr, en-GB;q=0.8, zh;q=0.5")
        assert (english.headers["content-language"], english.headers["vary"]) == ("en", "accept-language")
        assert '<html lang="en">' in english.text
        assert served.get("/?lang=zh", accept_language="en").headers["content-language"] == "zh-CN"
        assert served.get("/", accept_language="en;q=0, zh").headers["content-language"] == "zh-CN"
        for path in ("/nothing", "/static/../words.py", "/%2e%2e/etc/passwd"):
            missing = served.get(path)
            assert (missing.status_code, missing.text) == (404, "404\n")
        assert served.post("/").status_code == 405
        assert served.end() == 0
        assert served.said() == ""


def test_changes_come_from_own_pages_or_no_browser_and_guesses_get_slower(trial: Served) -> None:
    own = f"http://127.0.0.1:{trial.port}"
    assert trial.post("/body", b"x" * 65_536).text == "65536"
    assert trial.post("/body", origin=own, sec_fetch_site="same-origin").status_code == 200
    # What browsers send from a page that gives no referrer.
    assert trial.post("/body", origin="null").status_code == 200
    for headers in (
        {"origin": "http://evil.test"},
        {"origin": f"{own}.evil.test"},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "cross-site", "origin": "null"},
        {"sec_fetch_site": "same-site", "origin": own},
    ):
        assert trial.post("/body", **headers).status_code == 403
    assert trial.post("/body", b"x" * 65_537).status_code == 413
    with trial.client() as client:
        unsaid = client.post("/body", content=iter([b"x" * 40_000] * 2))
    assert unsaid.status_code == 413
    # A wrong token tells nothing, and many have to wait, but never a right one.
    began = time.monotonic()
    with trial.client() as client:
        answers = [client.get(f"/T/{WRONG}") for _n in range(40)]
    later = [one for one in answers[20:] if one.status_code == 429]
    assert {one.status_code for one in answers[:20]} == {404}
    assert 20 - len(later) <= (time.monotonic() - began) / 3
    assert {one.content for one in answers[:20]} == {b"404\n"} == {trial.get("/nothing").content}
    assert all(1 <= int(one.headers["retry-after"]) <= 3 for one in later)
    assert trial.get(f"/T/{TOKEN}").text == "yours"
    # A client can't take another's name, without a proxy whose word is believed.
    assert trial.get("/client", x_forwarded_for="1.2.3.4").text == "127.0.0.1"


def test_a_proxy_says_who_asks(hall: Hall) -> None:
    with serving(hall, "--proxy", "127.0.0.1", program=TRIAL) as served:
        assert served.get("/client", x_forwarded_for="6.6.6.6, 1.2.3.4").text == "1.2.3.4"
        for last in range(30):
            assert served.get(f"/T/{WRONG}", x_forwarded_for=f"1.2.3.{last}").status_code == 404


def must_tell_nobody_a_token(trial: Served) -> None:
    """Assert that none stands in what it says, nor on its command line, nor where a page met a bug."""
    for path in (f"/T/{TOKEN}", f"/T/{WRONG}", f"/fails/{TOKEN}", f"/{TOKEN}/nothing"):
        trial.get(path)
    failed = trial.get(f"/fails/{TOKEN}")
    assert (failed.status_code, failed.text) == (500, "500\n")
    with socket.create_connection(("127.0.0.1", trial.port)) as broken:
        broken.sendall(f"GET /T/{TOKEN} HTTP/9.9\r\nHost\x01: x\r\n\r\n".encode())
        assert broken.recv(100).startswith(b"HTTP/1.1 400")
    said = trial.said()
    assert (trial.get("/state").json()["faults"], "LookupError" in said) == (["LookupError", 2], True)
    assert "in fails" in said
    line = Path(f"/proc/{trial.process.pid}/cmdline").read_text(encoding="utf-8")
    assert "tests.features.web.trial_pages" in line
    assert not any(token in text for token in (TOKEN, WRONG) for text in (said, line))


@pytest.mark.parametrize("trial", [ANEW], indirect=True)
def test_it_follows_the_hall_without_a_window_goes_on_by_itself_once_it_was_away_and_tells_nobody_a_token(
    hall: Hall, trial: Served, tmp_path: Path
) -> None:
    def state() -> dict[str, object]:
        return dict(trial.get("/state").json())

    until_device(hall, "up")
    shown = until(lambda: verbs.serving_process_documents(hall.desk, datetime.now(UTC)))
    told = [(row["station"], row["address"], row["looking"], row["fault"]) for row in shown]
    assert told == [("web", trial.address, 0, None)]
    hall.issue("A")
    until(lambda: state()["seq"] == hall.last().seq)
    assert state() == {
        "seq": hall.last().seq,
        "asked": hall.last().seq,
        "current": True,
        "day": hall.date.isoformat(),
        "tickets": 1,
        "streams": 0,
        "qt": False,
        "faults": ["", 0],
    }
    must_tell_nobody_a_token(trial)
    # It says since when it is behind, and goes on by itself.
    away = tmp_path / "elsewhere.sqlite"
    hall.desk.db.dispose()
    hall.path.rename(away)
    until(lambda: not state()["current"])
    assert state()["tickets"] == 1
    away.rename(hall.path)
    until(lambda: state()["current"])
    hall.issue("A")
    until(lambda: state()["tickets"] == 2)
    # An older copy in its place has another end: it is read afresh, and nothing goes round in circles.
    copy = tmp_path / "copy.sqlite"
    hall.desk.db.dispose()
    with closing(sqlite3.connect(hall.path)) as now, closing(sqlite3.connect(copy)) as then:
        now.backup(then)
    hall.issue("A")
    until(lambda: state()["tickets"] == 3)
    hall.desk.db.dispose()
    for ending in ("-wal", "-shm"):
        hall.path.with_name(hall.path.name + ending).unlink(missing_ok=True)
    copy.replace(hall.path)
    until(lambda: state()["tickets"] == 2)
    assert state()["current"]
    assert trial.end() == 0
    assert "Recursion" not in trial.said()
    assert verbs.serving_process_documents(hall.desk, datetime.now(UTC)) == []


def test_streams_tell_what_changed_and_seven_tabs_of_one_visit_are_all_answered(hall: Hall, trial: Served) -> None:
    until_device(hall, "up")
    label = hall.issue("A")
    hall.open("1", "C1")
    until(lambda: trial.get("/state").json()["seq"] == hall.last().seq)
    streams = [opened_stream(trial, f"/stream/{label}?owner=one") for _n in range(2)]
    begins = [one.next() for one in streams]
    assert all(re.fullmatch("retry: [0-9]{4,5}", begin) for begin in begins)
    assert [int(one.data()) for one in streams] == [hall.last().seq] * 2
    hall.call("1")
    with Stopwatch() as took:
        assert [one.data() for one in streams] == [f"called {hall.last().seq}"] * 2
    hall.issue("A")
    until(lambda: int(streams[0].data()) == hall.last().seq)
    for one in streams:
        one.close()
    until(lambda: trial.get("/state").json()["streams"] == 0)
    assert took.s < 2
    # A browser opens six connections to a place: streams may take two of them.
    with trial.client(limits=httpx.Limits(max_connections=6)) as browser, ExitStack() as tabs:
        lines: list[Iterator[str]] = []
        for n in range(7):
            assert browser.get(f"/T/{TOKEN}").status_code == 200
            stream = tabs.enter_context(browser.stream("GET", "/stream/A001?owner=one"))
            lines.append(stream.iter_lines())
            assert next(lines[n]).startswith("retry: ")
            if n >= 2:
                assert "event: poll" in list(lines[n - 2])
        assert trial.get("/state").json()["streams"] == 2


def test_a_bug_of_one_page_leaves_the_others_told(hall: Hall, trial: Served) -> None:
    until_device(hall, "up")
    streams = [opened_stream(trial, f"/stream/{topic}") for topic in ("lacking", "A001")]
    for _n in range(2):
        hall.issue("A")
        until(lambda: int(streams[1].data()) == hall.last().seq)
    kind, count = trial.get("/state").json()["faults"]
    assert kind == "KeyError" and count >= 4, "two for each number, and more where the date is looked at meanwhile"
    assert TOKEN not in trial.said()
    for one in streams:
        one.close()
    with trial.client() as client:
        head = client.head("/stream/A001")
    assert (head.status_code, head.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the program of these tests cut off sooner than it promises: who is slow, and who asks for nothing more."""
    assert (server.HEADER_S, server.KEEP_ALIVE_S) == (10, 20)
    monkeypatch.setenv("HEADER_S", "1")
    monkeypatch.setenv("KEEP_ALIVE_S", "2")


def test_more_streams_than_files_are_told_to_poll_and_pages_open_all_the_same(hurried, hall: Hall) -> None:
    with serving(hall, program=TRIAL, first=FEW_FILES) as served, ExitStack() as open_ones:
        streams = [opened_stream(served, f"/stream/A{n:03}") for n in range(160)]
        for one in streams:
            open_ones.callback(one.close)
        answers = [one.status for one in streams]
        assert answers == [200] * 100 + [503] * 60
        with Stopwatch() as took:
            assert served.get(f"/T/{TOKEN}").text == "yours"
        assert took.s < 2
        # Connections that ask for nothing take only what is left beside the hall's own files.
        for _n in range(250):
            open_ones.enter_context(socket.create_connection(("127.0.0.1", served.port)))
        hall.issue("A")
        until(lambda: served.get("/state").status_code == 200)
        assert served.get("/state").json()["tickets"] == 1
        assert len(served.said().splitlines()) < 20


def test_who_is_slow_to_ask_is_cut_off_and_who_never_reads_costs_little(hurried, hall: Hall, trial: Served) -> None:
    until_device(hall, "up")
    with ExitStack() as open_ones:
        slow = [open_ones.enter_context(socket.create_connection(("127.0.0.1", trial.port))) for _n in range(20)]
        for one in slow:
            one.sendall(b"GET /T/")
        deaf = [opened_stream(trial, f"/stream/A{n:03}") for n in range(50)]
        for one in deaf:
            open_ones.callback(one.close)
        before_mb = trial.memory_mb()
        for _n in range(60):
            hall.issue("A")
        until(lambda: trial.get("/state").json()["seq"] == hall.last().seq)
        began = time.monotonic()
        for one in slow:
            one.settimeout(PATIENCE_S)
            assert one.recv(1) == b""
        assert time.monotonic() - began < server.HEADER_S
        assert trial.memory_mb() - before_mb < 20
    # Who keeps a connection without asking is cut off too.
    asked = f"GET /nothing HTTP/1.1\r\nHost: 127.0.0.1:{trial.port}\r\n\r\n".encode()
    began = time.monotonic()
    with ExitStack() as open_ones:
        for said in (b"", b"\r\n", asked, asked + b"\r\n", asked + b"G"):
            one = open_ones.enter_context(socket.create_connection(("127.0.0.1", trial.port), PATIENCE_S))
            one.sendall(said)
            open_ones.callback(lambda one=one: [*iter(lambda: one.recv(4096), b"")])
    assert time.monotonic() - began < server.KEEP_ALIVE_S


def test_who_reads_again_gets_the_newest_text_alone_and_who_asks_for_more_is_cut_off() -> None:
    hub, most = StreamHub(), 3000

    async def told() -> str:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            await EventStream(hub, "topic", server_sent_event_text("begin"))(scope, receive, send)

        (listening,) = listening_sockets("127.0.0.1", 0)
        config = uvicorn.Config(app, http=partial(_ClientConnection, 10), lifespan="off", log_config=None)  # type: ignore[arg-type]
        server = uvicorn.Server(config)
        serves = asyncio.create_task(server.serve([listening]))
        while not server.started:
            await asyncio.sleep(BEAT_S)
        reader, writer = await asyncio.open_connection(*listening.getsockname(), limit=4096)
        writer.write(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        while not hub.has_listeners_of_topic("topic"):
            await asyncio.sleep(BEAT_S)
        for n in range(most):
            hub.tell("topic", server_sent_event_text(f"{n:06}" + " " * 4096))
            await asyncio.sleep(0)
        read = b""
        while f"data: {most - 1:06}".encode() not in read:
            read += await reader.read(65_536)
        writer.write(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        with suppress(ConnectionError):
            while rest := await reader.read(65_536):
                read += rest
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()
        server.should_exit = True
        await serves
        listening.close()
        return read.decode()

    numbers = [int(number) for number in re.findall(r"data: ([0-9]{6})", asyncio.run(told()))]
    assert numbers == sorted(numbers) and len(numbers) < most // 2
    assert len(hub) == 0


def test_it_ends_in_time_with_streams_open_and_is_said_to_be_stopped(hall: Hall, trial: Served) -> None:
    until_device(hall, "up")
    with ExitStack() as open_ones:
        streams = [opened_stream(trial, f"/stream/A{n:03}") for n in range(300)]
        for one in streams:
            open_ones.callback(one.close)
        until(lambda: trial.get("/state").json()["streams"] == 300)
        with Stopwatch() as took:
            assert trial.end() == 0
        assert took.s < 5
    assert set(devices(hall).values()) == {"stopped"}
    assert trial.said() == ""


def test_one_that_was_killed_is_begun_again_at_the_same_address(hall: Hall) -> None:
    first = begun(hall, program=TRIAL)
    try:
        until_device(hall, "up")
        stream = opened_stream(first, "/stream/A001")
        assert stream.next().startswith("retry: ")
        first.process.kill()
        first.process.wait(PATIENCE_S)
        assert not any("poll" in one for one in iter(stream.next, ""))
        stream.close()
        hall.issue("A")
        second = begun(hall, program=TRIAL, port=first.port)
        try:
            assert second.get("/state").json()["tickets"] == 1
            lost = [event.data["cause"] for event in hall.log() if event.kind == "device"]
            until(lambda: "lost" in [event.data["cause"] for event in hall.log() if event.kind == "device"])
            until_device(hall, "up")
            assert "stopped" not in lost
        finally:
            ended(second)
    finally:
        ended(first)


def test_what_keeps_it_from_beginning_is_said_in_a_sentence(hall: Hall, tmp_path: Path) -> None:
    taken = free_port()
    with socket.socket() as other:
        other.bind(("127.0.0.1", taken))
        other.listen()
        for kept in ((), ("--kept",)):  # Nor is it begun again.
            status, said = refused(hall, *kept, "--listen", f"127.0.0.1:{taken}")
            assert (status, f"127.0.0.1:{taken}" in said) == (1, True)
    assert refused(hall, "--listen", f"192.0.2.7:{taken}")[0] == 1
    # Without the rights of the system's own programs.
    code = (
        "import encodings.idna, os\n"
        "from queuedesk.core.errors import OutsideError\n"
        "from queuedesk.features.web.server.main import listening_sockets\n"
        "os.setuid(65534)\n"
        "try:\n    listening_sockets('127.0.0.1', 80)\n"
        "except OutsideError as trouble:\n    print(trouble.code)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], env=at_home(tmp_path), capture_output=True, text=True)
    assert done.stdout == "web_port_refused\n", done.stderr
    assert refused(hall, "--listen", "nonsense:99999999")[0] == 2
    assert refused(hall, "--cert", "c.pem")[0] == 2
    nothing = tmp_path / "nothing.pem"
    status, said = refused(hall, "--listen", f"127.0.0.1:{taken}", "--cert", str(nothing), "--key", str(nothing))
    assert (status, str(nothing) in said) == (1, True)
    length = hall.length()
    # Packages of the extra that can't be found, as where it was not installed.
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    hidden.joinpath("sitecustomize.py").write_text(
        "import sys\n"
        "class Hidden:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.partition('.')[0] in {'starlette', 'uvicorn'}:\n"
        "            raise ModuleNotFoundError(name=name)\n"
        "sys.meta_path.insert(0, Hidden())\n",
        encoding="utf-8",
    )
    status, said = refused(hall, PYTHONPATH=f"{hidden}:{ROOT}")
    assert (status, "queuedesk[web]" in said) == (1, True)
    assert hall.length() == length
    hall.do("set-hall", {"features": []})
    assert refused(hall)[0] == 1


def test_as_a_pc_starts_it_waits_for_its_address_and_for_the_hall(hall: Hall, tmp_path: Path) -> None:
    port, away = free_port(), hall.path.with_name("away.sqlite")
    words = ["--db", str(hall.path), "--lang", "en", "web", "--listen", f"127.0.0.1:{port}", "--wait"]
    hall.desk.db.dispose()
    hall.path.rename(away)
    with socket.create_server(("127.0.0.1", port)) as other:
        web = Loaded([*PROGRAM, *words], at_home(tmp_path, PYTHONUNBUFFERED="1"))
        try:
            assert str(hall.path) in web.stderr.readline()
            away.rename(hall.path)
            assert "Another program on this PC already uses" in web.stderr.readline()
            other.close()
            assert f"Web pages are served at http://127.0.0.1:{port}." in web.stdout.readline()
            page = httpx.get(f"http://127.0.0.1:{port}/", trust_env=False, timeout=PATIENCE_S)
            assert page.status_code == 200
        finally:
            web.kill()
            web.communicate()


def test_only_this_command_loads_what_serves(hall: Hall) -> None:
    code = (
        "import sys\n"
        "from queuedesk.app.main import main\n"
        f"main(['--db', {str(hall.path)!r}, '--json', 'state'])\n"
        "import queuedesk.stations.counter.station\n"
        "print(sorted({'starlette', 'uvicorn', 'httptools', 'jinja2', 'anyio'} & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=at_home(hall.path.parent), capture_output=True, encoding="utf-8", check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"
    assert json.loads(done.stdout.splitlines()[0])


class SetClock:
    """A clock that tests set by hand, watched as this PC's clock is."""

    def __init__(self) -> None:
        self.ahead = timedelta()
        self.watched = JumpDetectingClock(lambda: datetime.now(UTC) + self.ahead, time.monotonic)


def test_by_a_clock_that_was_set_days_ahead_nothing_is_changed(hall: Hall, tmp_path: Path) -> None:
    hall.open("1", "C1")
    hall.queue("A")
    key, clock = key_for(hall, "issue"), SetClock()
    states = tmp_path / "states.csv"
    states.write_text("reference,state\nGZ-1,In review\n", encoding="utf-8")
    verbs.import_case_progress(hall.desk, hall.ask(MANAGER), str(states))
    before = hall.length()

    async def asked() -> httpx.Response:
        site = site_of(hall, clock)
        transport = httpx.ASGITransport(web_app(site, [*api.routes(site), *booking.routes(site)]))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as program:
            clock.ahead = timedelta(days=2)
            assert "In review" in (await program.post("/progress", data={"reference": "GZ-1"})).text
            headers = {"Authorization": f"Bearer {key}", "Accept-Language": "en"}
            return await program.post("/api/v1/tickets", json={"service": "A"}, headers=headers)

    answer = asyncio.run(asked())
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "clock_ahead")
    assert hall.length() == before


def site_of(hall: Hall, clock: SetClock) -> WebPagesSharedContext:
    return WebPagesSharedContext(
        FollowedHall(hall.desk, clock.watched),
        WebSettings(host="127.0.0.1", port=80),
        verbs.visit_link_secret(hall.desk),
        hub=StreamHub(),
    )


def test_what_is_not_current_says_since_when_by_the_clock_as_it_was_set_since(hall: Hall, tmp_path: Path) -> None:
    clock = SetClock()

    async def followed() -> list[datetime | None]:
        web = FollowedHall(hall.desk, clock.watched)
        web.start()
        told = asyncio.Event()
        web.add_change_listener(lambda _events: told.set())
        hall.desk.db.dispose()
        hall.path.rename(tmp_path / "elsewhere.sqlite")
        await asyncio.wait_for(told.wait(), PATIENCE_S)
        found = [web.away_since, web.moment_pc_clock_was_set]
        clock.ahead = timedelta(hours=-1)
        found += [web.away_since, web.moment_pc_clock_was_set]
        web.stop()
        return found

    began = datetime.now(UTC)
    since, never, later, at = asyncio.run(followed())
    assert since is not None and later is not None and at is not None and never is None
    assert began <= since <= datetime.now(UTC)
    assert abs(since - later - timedelta(hours=1)) < timedelta(seconds=PATIENCE_S)
    assert at < since


# -- over https, where pages are served, and how they start with the PC ------------------------------------------------
def test_a_certificate_makes_it_https(hall: Hall, tmp_path: Path) -> None:
    made = load_or_make_certificate(tmp_path / "own", datetime.now(UTC))
    with serving(hall, "--cert", str(made.file), "--key", str(made.key_file)) as served:
        assert served.address.startswith("https://127.0.0.1:")
        page = httpx.get(served.address, verify=False, trust_env=False, timeout=PATIENCE_S)
        assert (page.status_code, "strict-transport-security" in page.headers) == (200, False)
        with pytest.raises(httpx.TransportError):
            httpx.get(served.address.replace("https", "http"), trust_env=False)
        assert (served.end(), served.said()) == (0, "")


def test_it_starts_with_the_pc_by_the_options_that_were_said(hall: Hall, console: Console, tmp_path: Path) -> None:
    files = tmp_path / "a b.pem", tmp_path / "key.pem"
    options = ["--listen", "192.168.1.20:8080", "--name", "hall.test", "--cert", str(files[0]), "--key", str(files[1])]
    on = console.ask("web", *options, "autostart", "on")
    entry = Path(on["autostart"])
    line = next(one for one in entry.read_text(encoding="utf-8").splitlines() if one.startswith("Exec="))
    assert shlex.split(line)[-13:] == ["--db", str(hall.path), "web", "--kept", "--wait", *options]
    assert console.ask("web", "status")["autostart"] == on["autostart"]
    # Another hall's pages start with the PC too.
    folder = tmp_path / "大厅 2"
    folder.mkdir()
    other = hall_of_today(folder, hall={**simple_setup()["hall"], "code": "T2", "features": ["web"]})
    console.db = other.path
    second = Path(console.ask("web", "autostart", "on")["autostart"])
    assert str(other.path) in second.read_text(encoding="utf-8")
    console.db = hall.path
    assert console.ask("web", "autostart", "off") == {"autostart": None}
    assert (entry.exists(), second.exists()) == (False, True)
    assert console.say("web", "autostart", "sometimes").status == 2


def test_one_that_is_cut_off_is_begun_again_and_ends_with_whoever_keeps_it(hall: Hall) -> None:
    def own_process(*others: int) -> int | None:
        """Return the process that serves now, of the one that keeps it."""
        listed = Path(f"/proc/{kept.process.pid}/task/{kept.process.pid}/children").read_text(encoding="ascii")
        return next((int(pid) for pid in listed.split() if int(pid) not in others), None)

    def answer() -> bool:
        with suppress(httpx.HTTPError):
            return kept.get("/").status_code == 200
        return False

    with serving(hall, "--kept") as kept:
        first = until(own_process, "it serves")
        os.kill(first, signal.SIGKILL)
        second = until(partial(own_process, first), "it was begun again")
        until(answer, "it serves again")
        assert kept.end() == 0
        until(lambda: not Path(f"/proc/{second}").exists(), "what it kept has ended")


def test_where_pages_are_served_is_said_until_they_end_as_somebody_asks_in_the_hall_and_the_next_ones_do_not(
    hall: Hall, console: Console
) -> None:
    assert console.ask("web", "status") == {"serving": [], "autostart": None}
    assert console.ask("web", "stop") == {"ending": []}
    with serving(hall, "--kept") as kept:
        (row,) = until(lambda: console.ask("web", "status")["serving"], "it says that it serves")
        assert (row["station"], row["address"], row["looking"], row["faults"]) == ("web", kept.address, 0, 0)
        assert kept.address in console.say("web", "status").out
        assert console.ask("web", "stop") == {"ending": ["web"]}
        assert kept.process.wait(PATIENCE_S) == 0
        assert console.ask("web", "status")["serving"] == []
    with serving(hall) as served:
        until(lambda: console.ask("web", "status")["serving"], "it says that it serves")
        assert served.get("/").status_code == 200
        with hall.desk.db.read() as tx:
            rows = tables.serving_processes(tx, hall.desk.hall)
        assert not any(verbs.is_end_wanted(hall.desk, row) for row in rows)
        assert served.end() == 0
