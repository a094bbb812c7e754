"""One station of a hall tried for many days: told `work N` it presses by itself each N ms, told `rest` no more."""

import random
import sys
from collections.abc import Callable
from datetime import datetime
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from queuedesk.core.queue.ticket import WindowState
from queuedesk.stations.counter.station import CounterView
from queuedesk.stations.guide.station import GuideView
from queuedesk.stations.manager.station import ManagerView
from queuedesk.stations.rating.controller import RatingStage
from queuedesk.stations.signing_in import SignInView
from queuedesk.stations.window.style import Look
from tests.journeys.network import shared_hands
from tests.journeys.network.shared_hands import Hand, pressed, tell

STAFF = {"guide": "G1", "manager": "M1"}


class OwnHand(Hand):
    def __init__(self, name: str, look: Look) -> None:
        super().__init__(name, look)
        self._draw = random.Random(name)
        self._turn = 0
        self._timer = QTimer()
        self._timer.timeout.connect(self._do)

    def _run(self, work: Callable[[], Any], done: Callable[[Any], None], refused: Callable[[Any], None]) -> None:
        """Tell what the hall answered: that much a person was told."""

        def told(answer: Any) -> None:
            if isinstance(answer, dict) and {"ticket", "state", "arrived"} <= answer.keys():
                day = datetime.fromisoformat(answer["arrived"]).date().isoformat()
                tell(self.name, "answered", ticket=answer["ticket"], day=day, state=answer["state"])
            done(answer)

        super()._run(work, told, refused)

    def work(self, every_ms: str) -> None:
        self._timer.start(int(every_ms))

    def rest(self) -> None:
        self._timer.stop()
        tell(self.name, "rests")

    def _do(self) -> None:
        getattr(self, f"_{self.name.partition('-')[0]}")()

    def _signs_in(self) -> bool:
        if isinstance(self.page, SignInView):
            self.built.window.sign_in(STAFF[self.name])
            return True
        return False

    def _guide(self) -> None:
        if self._signs_in() or not isinstance(self.page, GuideView):
            return
        tiles = self.page.front.board.tiles
        if pressed(tiles[self._draw.choice(sorted(tiles))]):
            pressed(self.page.print_rail.print_button)

    def _kiosk(self) -> None:
        view = self.page.view
        if view.ticket.isVisible():
            pressed(view.ticket.done_key)
            return
        keys = [key for key in view.greeting.services.values() if key.isVisible() and key.isEnabled()]
        if keys:
            pressed(self._draw.choice(keys))
        else:
            self.page.controller.go_home()

    def _counter(self) -> None:
        assert isinstance(self.page, CounterView)
        window = self.name.partition("-")[2]
        hall = self.built.context.feed.state
        if hall.window(window).state is WindowState.CLOSED:
            self.page.signing_in.choose_person_by_code(f"C{window}")
            return
        pressed(self.page.stage.primary)

    def _rating(self) -> None:
        does = self.page.controller
        if does.stage is RatingStage.ASKING and not does.chosen:
            pressed(self.page.view.faces[self._draw.choice((0, 0, 0, 1, 4))])

    def _manager(self) -> None:
        if self._signs_in() or not isinstance(self.page, ManagerView):
            return
        keys = [key for key in self.page.nav.findChildren(QWidget) if key.objectName() and key.isVisible()]
        if keys:
            pressed(keys[self._turn % len(keys)])
            self._turn += 1


if __name__ == "__main__":
    shared_hands.main(sys.argv[1:], OwnHand)
