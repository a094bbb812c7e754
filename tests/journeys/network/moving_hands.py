"""Runs one station of a hall that is being shared and presses its buttons; told "work", "rest", "share" or "look"."""

import os
import sys
import time
from collections.abc import Callable
from itertools import cycle
from typing import Any

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from queuedesk.app.main import main
from queuedesk.app.station import station_process
from queuedesk.app.station.wiring import Station
from queuedesk.core.errors import QueueDeskError
from queuedesk.stations.counter.station import CounterView
from queuedesk.stations.guide.station import GuideView
from queuedesk.stations.manager.network.sharing_page import SharingPage
from queuedesk.stations.manager.station import ManagerView
from queuedesk.stations.signing_in import SignInView
from queuedesk.stations.widgets.buttons import PaintedButton
from queuedesk.stations.window.away import UnavailablePage
from queuedesk.stations.window.context import StationTaskLanes
from queuedesk.stations.window.frame import OnePageWindow, StationPage
from tests.journeys.network.shared_hands import Ears, Pulse, pressed
from tests.journeys.network.shared_hands import tell as told_by
from tests.journeys.stations.once_open import once_open

PRESS_MS, LOOK_MS = 650, 50
PAGES = ("today", "tickets", "quality", "waits")


class Hands(QObject):
    """The hands and eyes of whoever sits at this station, whichever window it has at the moment."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.built: Station | None = None
        self._seen, self._line = "", ""
        self._works = self._rests = self._shares = self._looks = False
        self._signed_in = False
        self._turn = cycle(range(12))
        for every_ms, act in ((PRESS_MS, self._press), (LOOK_MS, self._look)):
            timer = QTimer(self)
            timer.setInterval(every_ms)
            timer.timeout.connect(act)
            timer.start()

    def tell(self, what: str, **more: object) -> None:
        told_by(self.name, what, **more)

    def hear(self, line: str) -> None:
        if line in ("work", "rest"):
            self._works, self._rests = line == "work", line == "rest"
        elif line == "look":
            self._looks = True
        elif line == "share":
            self._shares = True

    def take(self, built: Station) -> Station:
        """Tell what becomes of what this window asks for; while it is built, presses go to the one before."""
        if self.built is not None:
            self.tell("late", in_sight=self.built.window.isVisible())
            if self.built.window.isVisible():
                self._press()
        self.built, tasks, own_name = built, built.context.tasks, self.name
        assert isinstance(tasks, StationTaskLanes)
        run = tasks.run

        def asked(work: Callable[[], Any], done: Callable[[Any], None], refused: Callable[[Any], None]) -> None:
            began = time.monotonic()
            told_by(own_name, "asked")

            def answered(answer: Any) -> None:
                told_by(own_name, "answered")
                if isinstance(answer, dict) and answer.get("ticket"):
                    told_by(own_name, "done", ticket=str(answer["ticket"]), after_s=time.monotonic() - began)
                done(answer)

            def failed(trouble: QueueDeskError) -> None:
                told_by(own_name, "answered")
                why, after_s = str(trouble.__cause__ or "")[:160], round(time.monotonic() - began, 2)
                verb = trouble.details.get("verb")
                told_by(own_name, "refused", code=trouble.code, after_s=after_s, verb=verb, why=why)
                refused(trouble)

            run(work, answered, failed)

        tasks.run = asked  # type: ignore[method-assign]
        self.tell("built", db=built.db)
        return built

    def _page(self) -> Any:
        frames = [one for one in QApplication.topLevelWidgets() if isinstance(one, OnePageWindow) and one.isVisible()]
        if self.built is not None and self.built.window in frames:
            return self.built.window.current_page
        return frames[-1].current_page if frames else None

    def _look(self) -> None:
        """Tell what a person sees, when it is something else than before."""
        page = self._page()
        if self._rests and self.built is not None and not self.built.context.tasks.has_unanswered_requests:
            self._rests = False
            self.tell("at rest")
        if page is None:
            seen = "nothing"
        elif isinstance(page, UnavailablePage):
            seen = f"unavailable {page.sentence.text()}"
        elif self.built is not None and self.built.context.feed.away_since is not None:
            trouble = self.built.context.feed.trouble
            seen = f"away {trouble.code if trouble is not None else ''}"
        elif isinstance(page, SignInView):
            seen = "signing in"
        else:
            seen = "works"
        if seen != self._seen:
            self._seen = seen
            self.tell("seen", seen=seen)
        if isinstance(page, ManagerView) and (several := _several(page)) is not None:
            line = several.start.line.text()
            if line != self._line:
                self._line = line
                self.tell("line", text=line, refused=several.start.line.is_refusal)

    def _press(self) -> None:
        page = self._page()
        if isinstance(page, ManagerView):
            self._manage(page)
        if isinstance(page, SignInView) and not self._signed_in:  # once: whoever was here stays
            self._signed_in = pressed(page.tiles.get({"guide": "G1", "manager": "M1"}[self.name]))
        if not self._works:
            return
        if isinstance(page, GuideView):
            button = page.print_rail.print_button
            if not pressed(button):
                pressed(page.front.board.tiles["AABC"[next(self._turn) % 4]])
        elif isinstance(page, CounterView):
            if page.sign_in.isVisible():
                page.signing_in.choose_person_by_code(f"C{self.name[-1]}")
            else:
                pressed(page.stage.primary)
        elif self.name == "kiosk" and isinstance(page, StationPage):
            view, does = page.view, page.controller
            if next(self._turn) % 3:
                return  # a page that is drummed on waits until that is over
            if str(does.stage) == "ticket":
                pressed(view.ticket.done_key)
            elif str(does.stage) == "greeting":
                pressed(view.greeting.services["ABC"[next(self._turn) % 3]])

    def _manage(self, page: ManagerView) -> None:
        several = _several(page)
        if (self._shares or self._looks) and several is None:
            if not page.visible_page_key().startswith("setup"):
                pressed(entry(page.nav, "setup"))
            else:
                pressed(entry(page.setup_page.nav, "pcs"))
        elif self._shares and pressed(several.start.share_button):
            self._shares = False
            self.tell("pressed")
        elif self._works and several is None:
            pressed(entry(page.nav, PAGES[next(self._turn) % len(PAGES)]))


def _several(page: ManagerView) -> SharingPage | None:
    """Return the set-up's part about the hall's PCs, if it is the page that is seen."""
    return page.setup_page.own.page_if_already_made("pcs") if page.visible_page_key() == "setup pcs" else None


def entry(nav: Any, key: str) -> QWidget | None:
    return nav.findChild(PaintedButton, key)


def run() -> None:
    name, *words = sys.argv[1:]
    app = QApplication(sys.argv[:1])
    hands = Hands(name)
    build = station_process.open_hall_and_build_station
    station_process.open_hall_and_build_station = lambda *args, **named: hands.take(build(*args, **named))
    ears, pulse = Ears(), Pulse()
    ears.told.connect(hands.hear)

    def end() -> None:
        pulse.stop()
        hands.tell("end")
        sys.stdout.flush()
        os._exit(0)  # a counter that serves would ask first

    ears.ended.connect(end)
    once_open(lambda: hands.tell("ready"))
    status = main(["--lang", "en", *words])
    hands.tell("left", status=status)
    app.quit()
    sys.exit(status)


if __name__ == "__main__":
    run()
