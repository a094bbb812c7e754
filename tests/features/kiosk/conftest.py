"""A power hall and its kiosk, following the log as a real one does."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from queuedesk.core.network.roles import actor_of_station
from queuedesk.desk.talk import devices
from queuedesk.features.kiosk.pages.controller import KioskController
from queuedesk.features.kiosk.pages.station import KioskPage
from queuedesk.features.kiosk.pages.taking import ANOTHER_S
from queuedesk.features.kiosk.pages.view import KioskView
from queuedesk.features.web import verbs
from queuedesk.stations.window.context import StationServices
from queuedesk.stations.window.style import LIGHT
from tests.hall import MANAGER, Hall, hall_of, make_hall
from tests.stations.english import english  # noqa: F401
from tests.stations.hands import UNHURRIED_MS, UnhurriedHands
from tests.stations.stubs import Paper, Voice
from tests.three_halls import Kind

UPRIGHT, WIDE, SMALL = (1080, 1920), (1920, 1080), (1366, 768)


@dataclass
class Kiosk(UnhurriedHands):
    """The page, its hall, its printer, and a steady clock that tests move."""

    page: KioskPage
    paper: Paper
    ms: list[int]
    voice: Voice = field(default_factory=Voice)

    def __post_init__(self) -> None:
        self.view: KioskView = self.page.view
        self.does: KioskController = self.page.controller

    @property
    def stage(self) -> str:
        return str(self.does.stage)

    @property
    def sheet(self) -> str:
        return str(self.does.sheet)

    def stands(self) -> tuple[str, str]:
        """Return which page is seen and what is asked over it, as what a customer does returns it."""
        return self.stage, self.sheet

    def touch(self, *widgets: QWidget, settled: bool = True) -> tuple[str, str]:
        for widget in widgets:
            super().touch(widget, settled=settled)
            self.follow()
        return self.stands()

    def service(self, *codes: str, settled: bool = True) -> tuple[str, str]:
        return self.touch(*(self.view.greeting.services[code] for code in codes), settled=settled)

    def side(self, name: str, *answers: str, anew: bool = False) -> None:
        """Touch a key beside the services, after the page went back to them if `anew`, and answer what it asks."""
        if anew:
            self.does.go_home()
        self.touch(self.view.greeting.sides[name])
        for code in answers:
            self.answer(code)

    def look_up(self, number: str) -> None:
        """Ask for the place in line of a number, from any page."""
        self.side("where", anew=True)
        self.pad(number)

    def answer(self, code: str) -> tuple[str, str]:
        return self.touch(self.view.sheet.keys[code])

    def pad(self, keys: str, *, anew: bool = False) -> None:
        """Type a number at the place in line, where there is another already `anew`."""
        for key in [*(["clear"] if anew else []), *keys]:
            self.touch(self.view.where.pad[key], settled=False)

    def type_in(self, digits: str) -> None:
        for digit in digits:
            self.touch(self.view.sheet.pad[digit], settled=False)

    def key(self, key: Qt.Key) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.view, key)

    def pass_seconds(self, seconds: float) -> tuple[str, str]:
        self.ms[0] += round(seconds * 1000)
        self.page.tick(self.hall.clock())
        return self.stands()

    def next_customer(self, side: str = "") -> None:
        """Let the page go back and so much time pass that a ticket is for somebody else, who touches a key first."""
        self.does.go_home()
        self.pass_seconds(ANOTHER_S)
        if side:
            self.side(side)

    def issued(self) -> list[Any]:
        return self.log("issue")

    def press(self, *keys: Qt.Key) -> None:
        """Press keys where the keyboard is, one long after the other."""
        for key in keys:
            self.ms[0] += UNHURRIED_MS
            self.key(key)
            self.wait_quietly()
            self.follow()


STATES = (
    "reference,state,since,note,state_en,note_en\n"
    "GZ-2026-17,审核中,2026-11-20,请带身份证到三号窗口领取,In review,Please bring your ID to window 3\n"
    "GZ 18,可领取,,,Ready,\n"
)


def import_states(hall: Hall) -> None:
    """Import how far two cases are."""
    file = hall.path.with_name("states.csv")
    file.write_text(STATES, encoding="utf-8")
    verbs.import_case_progress(hall.desk, hall.ask(MANAGER), str(file))


def morning(folder: Path) -> Hall:
    hall = make_hall(folder, time="10:00")
    for number in range(1, 7):
        hall.open(str(number), f"C{number}")
    devices.record_station_start(hall.desk, hall.ask(actor_of_station("display")), "display", "display")
    devices.record_device_state(hall.desk, hall.ask(actor_of_station("display")), "voice", "display", None)
    hall.queue("A", "A", "B")
    return hall


@pytest.fixture
def hall(tmp_path: Path, request: pytest.FixtureRequest) -> Hall:
    """The power hall's morning, or what a test's mark makes, or the kind of hall that it names."""
    if "kind" not in request.fixturenames:
        return hall_of(request, tmp_path, morning)
    kind: Kind = request.getfixturevalue("kind")
    return kind.make(tmp_path, time="9:00")


@pytest.fixture
def make_kiosk(stand: Callable[..., Any], qtbot: QtBot) -> Callable[..., Kiosk]:
    def make(hall: Hall, size: tuple[int, int] = UPRIGHT, **has: Any) -> Kiosk:
        """Open the kiosk of a hall: `printer`, `voice` (a loudspeaker), `screen_mm` and `theme` are what it has."""
        paper, ms, own = Paper(), [1_000_000], Voice()
        printer, speech = paper if has.get("printer", True) else None, own if has.get("voice") else None
        services = StationServices(paper=printer, speech=speech)
        about: dict[str, Any] = {"theme": has.get("theme", LIGHT), "options": {"screen_mm": has.get("screen_mm", 0)}}
        about |= {"of": hall, "is_drawn": False, "who": actor_of_station("K1"), "services": services}
        controller = partial(KioskController, steady_ms=lambda: ms[0])
        page = stand("kiosk", lambda context: KioskPage(context, controller(context)), size, **about)
        return Kiosk(hall, page, qtbot.waitUntil, paper, ms, own)

    return make


@pytest.fixture
def kiosk(make_kiosk: Callable[..., Kiosk], hall: Hall) -> Kiosk:
    return make_kiosk(hall)
