"""The web in the demo's weeks, and its pages drawn by a browser of this PC."""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from queuedesk.core.network.sharing import format_address
from queuedesk.core.queue.ticket import Ticket, TicketState
from queuedesk.core.setup.rows import Setup
from queuedesk.desk import looking
from queuedesk.desk.change import Ask, Desk, Document
from queuedesk.features.web import verbs
from queuedesk.features.web.rules import PATH, PLACES, visit_token
from queuedesk.files.writing import write_file
from queuedesk.i18n import _
from queuedesk.paths import resource_path
from queuedesk.sim.demand import Act, FeatureDemoPart
from queuedesk.store.engine.database import Database
from queuedesk.store.upkeep.exchange import copy_hall_file_at_one_moment

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
PHONE, SCREEN = (393, 852, 2), (1920, 1080, 1)
"""Width and height in the page's pixels, and dots of the picture for each."""
ANSWER_S, END_S = 60.0, 10.0
SHOWN = "document.fonts.ready.then(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))))"
"""Waits until what a page says is painted."""
TO_BROWSER, FROM_BROWSER = 3, 4
"""The files by which a browser is driven are these to it."""
BEGIN = f"""
import fcntl, os, sys
pipes = [fcntl.fcntl(int(number), fcntl.F_DUPFD_CLOEXEC, 10) for number in sys.argv[1:3]]
for number, pipe in zip(({TO_BROWSER}, {FROM_BROWSER}), pipes):
    os.dup2(pipe, number)
os.execv(sys.argv[3], sys.argv[3:])
"""


class WebDemoPart(FeatureDemoPart):
    """The hall's links, ready to be printed; an address is for whoever tries the demo to set. On the days before, a few
    asked how far their cases are."""

    @staticmethod
    def acts_of_demo_day(ago: int) -> Iterator[tuple[int, Act]]:
        if ago == 0:
            yield 480, lambda desk, _setup, _ask: verbs.visit_link_secret(desk)
        for n in range(ago % 4):
            place = PLACES[(ago + n) % len(PLACES)]
            yield 600 + 40 * n, partial(_ask_about_case, place)

    @staticmethod
    def draw_demo_pictures(desk: Desk, lang: str, now: datetime, folder: Path) -> str:
        """Draw a visit that waits, one that is called, the page for everybody and the display."""
        browser = find_browser()
        if browser is None:
            return _("No Chromium is on this PC: pictures of the web pages are left out.")
        try:
            with _BrowserPipe(browser) as driven:
                driven.wait_until_it_answers()  # before a copy of the hall is made and served for it
                with _serve_hall_copy(desk, now) as (address, paths):
                    for name, path in paths.items():
                        size = SCREEN if name == "web-display" else PHONE
                        picture = driven.page_as_png(f"{address}{path}?lang={lang}", *size)
                        write_file(folder / f"{name}-{lang}.png", picture)
        except (OSError, ValueError, LookupError):
            return _("{browser} draws nothing here: pictures of the web pages are left out.", browser=browser)
        return ""


def _ask_about_case(place: str, desk: Desk, _setup: Setup, ask: Ask) -> Document:
    return verbs.record_case_enquiry(desk, ask, place)


def find_browser() -> str | None:
    """Return the program of a browser that draws pages without a screen; None on Windows, where it can't be driven."""
    if os.name == "nt":
        return None
    return next((path for path in map(shutil.which, BROWSERS) if path is not None), None)


@contextmanager
def _serve_hall_copy(desk: Desk, now: datetime) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Serve a copy of a hall whose clock stands at `now`; yield the address and the paths of the pictures' pages. The
    hall itself stays as it is: serving leaves its traces. Raises ValueError where it can't be served."""
    with TemporaryDirectory() as folder:
        copy = Path(folder, "hall.sqlite")
        copy_hall_file_at_one_moment(Path(str(desk.db.path)), copy)
        hall = Desk(Database.open(copy), desk.hall)
        secret = verbs.visit_link_secret(hall)
        hall.db.dispose()
        paths = {
            name: PATH + visit_token(secret, one.date, one.label, one.token)
            for name, one in _visits_shown_in_pictures(desk, now).items()
        }
        with socket.create_server(("127.0.0.1", 0)) as free:
            address = format_address(*free.getsockname())
        words = ["--db", str(copy), "--at", now.isoformat(), "--json", "web", "--listen", address]
        process = subprocess.Popen(
            [sys.executable, "-m", "queuedesk", *words],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert process.stdout is not None
        with process.stdout:
            try:
                yield (
                    json.loads(process.stdout.readline())["listening"],
                    {**paths, "phone-public": "/", "web-display": "/display"},
                )
            finally:
                _end_process(process)


def _visits_shown_in_pictures(desk: Desk, now: datetime) -> dict[str, Ticket]:
    """Return the visits that the pictures show, by the pictures' names: whoever was called last, and somebody who waits
    for the same in the middle of the line."""
    state = looking.hall_state_now(desk, now)
    called = [one for one in state.tickets.values() if one.state is TicketState.CALLED]
    if not called:
        return {}
    latest = max(called, key=lambda one: one.current_leg.last_called or one.arrived)
    waiting = [one for one in state.waiting_tickets() if one.service == latest.service and not one.steps]
    found = {"phone-called": latest}
    if waiting:
        found["phone-waiting"] = state.tickets[waiting[len(waiting) // 2].id]
    return found


def _end_process(process: subprocess.Popen[Any]) -> None:
    process.terminate()
    try:
        process.wait(END_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class _BrowserPipe:
    """A browser without a window, driven by its own protocol. Raises OSError, ValueError or LookupError where it does
    not answer as it should."""

    def __init__(self, browser: str) -> None:
        self._browser = browser
        self._folder = TemporaryDirectory(ignore_cleanup_errors=True)
        self._count, self._read = 0, b""

    def __enter__(self) -> _BrowserPipe:
        theirs_in, self._out = os.pipe()
        self._in, theirs_out = os.pipe()
        words = [
            "--headless",
            "--no-sandbox",  # only this PC's own pages are shown
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--hide-scrollbars",
            "--no-first-run",
            "--remote-debugging-pipe",
            f"--user-data-dir={self._folder.name}",
        ]
        self._process = subprocess.Popen(
            [sys.executable, "-c", BEGIN, str(theirs_in), str(theirs_out), self._browser, *words],
            pass_fds=(theirs_in, theirs_out),
            env={**os.environ, "FONTCONFIG_FILE": str(self._written_fonts_config_path())},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(theirs_in)
        os.close(theirs_out)
        return self

    def __exit__(self, *_error: object) -> None:
        os.close(self._out)
        os.close(self._in)
        _end_process(self._process)
        self._folder.cleanup()

    def wait_until_it_answers(self) -> None:
        self._ask_browser("Browser.getVersion")

    def page_as_png(self, address: str, width: int, height: int, dots: int) -> bytes:
        """Return a page as PNG, on a screen of its own."""
        page = self._ask_browser("Target.createTarget", url="about:blank")["targetId"]
        tab = self._ask_browser("Target.attachToTarget", targetId=page, flatten=True)["sessionId"]
        screen = {"width": width, "height": height, "deviceScaleFactor": dots, "mobile": dots > 1}
        self._ask_browser("Emulation.setDeviceMetricsOverride", tab, **screen)
        self._ask_browser("Page.enable", tab)
        self._ask_browser("Page.navigate", tab, url=address)
        self._next_matching_message(
            lambda said: said.get("method") == "Page.loadEventFired" and said.get("sessionId") == tab
        )
        self._ask_browser("Runtime.evaluate", tab, expression=SHOWN, awaitPromise=True)
        drawn = self._ask_browser("Page.captureScreenshot", tab, format="png")["data"]
        self._ask_browser("Target.closeTarget", targetId=page)
        return base64.b64decode(drawn)

    def _written_fonts_config_path(self) -> Path:
        """Return a description of this PC's fonts and the program's own: not every PC has Chinese ones."""
        file = Path(self._folder.name, "fonts.conf")
        usual = os.environ.get("FONTCONFIG_FILE", "/etc/fonts/fonts.conf")
        own = resource_path("fonts")
        file.write_text(
            f'<fontconfig><include ignore_missing="yes">{usual}</include><dir>{own}</dir></fontconfig>',
            encoding="utf-8",
        )
        return file

    def _ask_browser(self, method: str, tab: str = "", **params: object) -> dict[str, Any]:
        self._count += 1
        asked = {"id": self._count, "method": method, "params": params, **({"sessionId": tab} if tab else {})}
        os.write(self._out, json.dumps(asked).encode() + b"\0")
        return dict(self._next_matching_message(lambda said: said.get("id") == asked["id"])["result"])

    def _next_matching_message(self, is_it: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Return the next message that is the one."""
        end = time.monotonic() + ANSWER_S
        while True:
            while b"\0" in self._read:
                message, _end, self._read = self._read.partition(b"\0")
                said = json.loads(message)
                if is_it(said):
                    return dict(said)
            if not select.select([self._in], [], [], max(0.0, end - time.monotonic()))[0]:
                raise TimeoutError
            more = os.read(self._in, 1 << 20)
            if not more:
                raise ConnectionError
            self._read += more
