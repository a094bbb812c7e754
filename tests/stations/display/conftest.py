"""A power hall on its day and the display in a window, following the log as a real one does."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QTimer, QVariantAnimation
from PySide6.QtGui import QImage

from queuedesk.core.network.roles import actor_of_station
from queuedesk.stations.display.station import DisplayPage, build_station_page
from queuedesk.stations.window.context import StationServices
from queuedesk.stations.window.style import HALL
from tests.hall import Hall, made_once, six_windows
from tests.stations.english import english  # noqa: F401
from tests.stations.hands import Hands
from tests.stations.whole_words import drawn

NEVER_MS = 10**9


@dataclass
class Display(Hands):
    """The page with its hall; `shown` are the calls it reported as painted."""

    page: DisplayPage
    shown: list[int] = field(default_factory=list)

    def rows(self) -> list[tuple[str, str, bool]]:
        """Return the calls that are shown large: number, window, whether amber."""
        return [
            (row.label, row.window.number, row.fresh) for part in self.page.calls_by_screen_part() for row in part.rows
        ]

    def call(self, *windows: str, of: str = "A") -> None:
        """Let somebody take a number of a service, and be called to each of these windows."""
        self.hall.queue(*of * len(windows))
        for window in windows:
            self.hall.call(window)
        self.follow()

    def play(self, *deeds: str | float) -> None:
        self.hall.play(*deeds)
        self.follow()

    def hold_still(self) -> None:
        """Let rows slide and blink only as a test moves them, however long this machine takes to paint one."""
        for panel in self.page.view.panels:
            for motion in panel.motion.findChildren(QVariantAnimation):
                motion.setDuration(NEVER_MS)
            panel.motion.findChild(QTimer).setInterval(NEVER_MS)

    def words(self) -> set[str]:
        return {word.text for word in drawn(self.page.view).words}

    def picture(self) -> QImage:
        self.page.tick(self.hall.clock())
        return self.page.grab().toImage()


def voice(*silent: int, last: bool | None = True, speaks: bool = True) -> Any:
    """Return how a voice does: whether the last call was spoken, and the calls that turned out `silent`."""
    call = None if last is None else SimpleNamespace(seq=1, spoken=last)
    unheard = tuple(SimpleNamespace(seq=seq, spoken=False) for seq in silent)
    return SimpleNamespace(is_speaker=speaks, languages=("zh_CN",) if speaks else (), last=call, silent=unheard)


@pytest.fixture
def hall(tmp_path) -> Hall:
    return made_once(tmp_path, six_windows)


@pytest.fixture
def make_display(hall: Hall, stand, qtbot):
    def make(*, still: bool = True, services: StationServices | None = None, **options: Any) -> Display:
        shown: list[int] = []
        lent = replace(services or StationServices(), note_shown=shown.append)
        about: dict[str, Any] = {"who": actor_of_station("display"), "services": lent, "options": options}
        page = stand("display", build_station_page, (1920, 1080), theme=HALL, still=still, **about)
        return Display(hall, page, qtbot.waitUntil, shown)

    return make


@pytest.fixture
def display(make_display) -> Display:
    return make_display()
