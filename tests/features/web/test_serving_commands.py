"""Web pages over https, where they are served, and how they start with the PC."""

import os
import shlex
import signal
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import httpx
import pytest

from queuedesk.app.hosting.gate import load_or_make_certificate
from queuedesk.features.web import tables
from queuedesk.features.web.verbs import serving as served_pages
from tests.bounded import PATIENCE_S, until
from tests.cli.commands import Console
from tests.features.web.serving import PROGRAM, serving, web_hall
from tests.hall import Hall, hall_of_today, simple_setup
from tests.processes import at_home, ran


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return web_hall(tmp_path)


def test_where_pages_are_served_and_how_many_look_is_said(hall: Hall, console: Console) -> None:
    assert console.ask("web", "status") == {"serving": [], "autostart": None}
    with serving(hall) as served:
        (row,) = until(lambda: console.ask("web", "status")["serving"])
        assert (row["station"], row["address"], row["looking"], row["faults"]) == ("web", served.address, 0, 0)
        assert served.address in console.say("web", "status").out
        assert served.end() == 0
    assert console.ask("web", "status") == {"serving": [], "autostart": None}


def test_a_certificate_makes_it_https(hall: Hall, tmp_path: Path) -> None:
    made = load_or_make_certificate(tmp_path / "own", datetime.now(UTC))
    with serving(hall, "--cert", str(made.file), "--key", str(made.key_file)) as served:
        assert served.address.startswith("https://127.0.0.1:")
        page = httpx.get(served.address, verify=False, trust_env=False)
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


def test_what_can_not_serve_is_not_begun_again(hall: Hall) -> None:
    with serving(hall) as first:
        line = (*PROGRAM, "--db", hall.path, "--lang", "en", "web", "--kept", "--listen", f"127.0.0.1:{first.port}")
        told = ran(*line, **at_home(hall.path.parent))
    assert (told.returncode, str(first.port) in told.stderr) == (1, True)


def test_it_ends_as_somebody_asks_for_it_in_the_hall_and_the_next_one_does_not(hall: Hall, console: Console) -> None:
    assert console.ask("web", "stop") == {"ending": []}
    with serving(hall, "--kept") as kept:
        until(lambda: console.ask("web", "status")["serving"], "it says that it serves")
        assert console.ask("web", "stop") == {"ending": ["web"]}
        assert kept.process.wait(PATIENCE_S) == 0
        assert console.ask("web", "status")["serving"] == []
    with serving(hall) as served:
        until(lambda: console.ask("web", "status")["serving"], "it says that it serves")
        assert served.get("/").status_code == 200
        with hall.desk.db.read() as tx:
            rows = tables.serving_processes(tx, hall.desk.hall)
        assert not any(served_pages.is_end_wanted(hall.desk, row) for row in rows)
        assert served.end() == 0
