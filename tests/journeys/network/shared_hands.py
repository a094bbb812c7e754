"""Runs the stations of one PC of a shared hall, told what to press in lines of JSON; what happens is told with `t`."""

import json
import os
import sys
import threading
import time
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from queuedesk import i18n, paths
from queuedesk.app.station.own_hall import requested_place_and_hall_code
from queuedesk.app.station.program import HALL_THEMES, GarbageCollector
from queuedesk.app.station.wiring import Station, StationBuildRequest, open_hall_and_build_station
from queuedesk.app.this_pc import config
from queuedesk.core.errors import QueueDeskError
from queuedesk.core.log.event import Event
from queuedesk.core.network.roles import Actor
from queuedesk.desk.change import Ask
from queuedesk.printing.spooler import PICTURES
from queuedesk.stations.guide.station import GuideView
from queuedesk.stations.guide.ticket_stage import NumberOrPapersToReadOutStage
from queuedesk.stations.rating.controller import RatingStage
from queuedesk.stations.window.context import StationTaskLanes
from queuedesk.stations.window.frame import Preferences
from queuedesk.stations.window.style import Look, apply_look_to_app

AGAIN_MS = 200
PULSE_MS, PULSES = 50, 60  # of the last three seconds


def tell(station: str, what: str, **more: object) -> None:
    line = {"t": time.monotonic(), "station": station, "what": what, "late_s": Pulse.late_s, **more}
    print(json.dumps(line), flush=True)


class Pulse(QTimer):
    """How late this process is by its own clockwork: a busy machine says nothing of the stations."""

    late_s = 0.0

    def __init__(self) -> None:
        super().__init__()
        self.setInterval(PULSE_MS)
        self._last, self._lates = time.monotonic(), [0.0] * PULSES
        self.timeout.connect(self._send_heartbeat)
        self.start()

    def _send_heartbeat(self) -> None:
        now = time.monotonic()
        self._lates = [*self._lates[1:], max(0.0, now - self._last - PULSE_MS / 1000)]
        self._last = now
        Pulse.late_s = max(self._lates)


class Ears(QObject):
    """Hears the lines of standard input on the GUI thread; at its end the stations are closed."""

    told = Signal(str)
    ended = Signal()

    def __init__(self) -> None:
        super().__init__()
        threading.Thread(target=self._hear, daemon=True).start()

    def _hear(self) -> None:
        for line in sys.stdin:
            self.told.emit(line.strip())
        self.ended.emit()


class Hand:
    """One station of this PC, and what a person does there."""

    def __init__(self, name: str, look: Look) -> None:
        kind, _, window = name.partition("-")
        db, hall = requested_place_and_hall_code(os.environ.get("QUEUEDESK_DB"), None)
        self.name = name
        wish = StationBuildRequest(name=kind, db=db, hall=hall, window=window or None)
        own, kept = config.load_config(), Preferences(lambda _name, _value: None)
        self.built: Station = open_hall_and_build_station(wish, config=own, look=look, preferences=kept, on_bug=_fail)
        window_, context = self.built.window, self.built.context
        self._own_ask = context.new_ask
        context.new_ask = self._ask  # type: ignore[method-assign]
        feed = context.feed
        feed.away.connect(self._away)
        feed.back.connect(partial(tell, name, "back"))
        feed.changed.connect(self._log)
        window_.unanswered.told.connect(lambda text, is_done: tell(name, "told", text=text, done=is_done))
        if isinstance(context.tasks, StationTaskLanes):
            self._own_run = context.tasks.run
            context.tasks.run = self._run  # type: ignore[method-assign]
            lost = context.tasks.unanswered
            lost.connect(lambda trouble: tell(name, "unanswered", command=trouble.details["command"]))
        window_.resize(1366, 768)
        window_.show()
        self.built.start()

    @property
    def page(self) -> Any:
        return self.built.window.current_page

    def _ask(self, who: Actor | None = None) -> Ask:
        """Tell of every command under its id: what became of it is held against the log."""
        ask = self._own_ask(who)
        tell(self.name, "asked", command=ask.command)
        return ask

    def _run(self, work: Callable[[], Any], done: Callable[[Any], None], refused: Callable[[Any], None]) -> None:
        def told(trouble: QueueDeskError) -> None:
            tell(self.name, "refused", code=trouble.code, command=trouble.details.get("command"))
            refused(trouble)

        self._own_run(work, done, told)

    def _away(self, _since: datetime) -> None:
        trouble = self.built.context.feed.trouble
        tell(self.name, "away", code=trouble.code if trouble is not None else "")

    def _log(self, events: list[Event]) -> None:
        if self.name.startswith("display"):
            shown = [row.label for row in self.page.view.all_call_rows()]
            for event in events:
                if event.kind == "call" and event.ticket in shown:
                    tell(self.name, "shown", ticket=event.ticket)
        for event in events:
            tell(self.name, "log", kind=event.kind, ticket=event.ticket, seq=event.seq)

    # -- what a person does --
    def sign_in(self, staff: str) -> None:
        if self.name == "guide":
            self.built.window.sign_in(staff)
        else:
            self.page.signing_in.choose_person_by_code(staff)

    def issue(self, service: str) -> None:
        """Press a service and print, as soon as each can be; a slip that did not come out is written first."""
        page = self.page
        if isinstance(page, GuideView):  # whoever is here may be signing in just now
            tile, button, draft = page.front.board.tiles[service], page.print_rail.print_button, page.draft
            if isinstance(page.stage.currentWidget(), NumberOrPapersToReadOutStage):
                QTest.keyClick(page, Qt.Key.Key_Return)
            elif draft is None or draft.first.service != service:
                pressed(tile)
            elif pressed(button):
                tell(self.name, "pressed", key=service)
                return
        QTimer.singleShot(AGAIN_MS, partial(self.issue, service))

    def press(self) -> None:
        _press_when(self.page.stage.primary, lambda: tell(self.name, "pressed", key=self.page.stage.primary.text()))

    def rate(self, level: str) -> None:
        """Touch an answer until it is taken, as people do."""
        does, face = self.page.controller, self.page.view.faces[5 - int(level)]
        if does.stage is RatingStage.THANKS:
            tell(self.name, "thanks")
            return
        if face.isVisible() and does.stage is RatingStage.ASKING and not does.chosen:
            QTest.mouseClick(face, Qt.MouseButton.LeftButton)
        QTimer.singleShot(AGAIN_MS, partial(self.rate, level))


def _press_when(widget: QWidget, then: Callable[[], None]) -> None:
    if pressed(widget):
        then()
    else:
        QTimer.singleShot(AGAIN_MS, partial(_press_when, widget, then))


def pressed(widget: QWidget | None) -> bool:
    """Press what can be pressed; return whether it could."""
    if widget is None or not widget.isVisible() or not widget.isEnabled():
        return False
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)
    return True


def _fail(bug: BaseException) -> None:
    sys.excepthook(type(bug), bug, bug.__traceback__)
    os._exit(1)


def main(names: list[str], kind: type[Hand] = Hand) -> None:
    app = QApplication([])
    i18n.choose_language("en")
    config.update_config({"printer": f"{PICTURES}{paths.data_folder() / 'slips'}", "voice": False})
    look = Look(HALL_THEMES.get(names[0], Look().theme))
    apply_look_to_app(app, look)
    hands = {name: kind(name, look) for name in names}
    collector = GarbageCollector()  # as the program has it
    collector.start()
    for hand in hands.values():
        hand.built.window.person_left.connect(collector.schedule_full_collection)
    ears = Ears()

    def do(line: str) -> None:
        name, verb, *words = line.split()
        getattr(hands[name], verb)(*words)

    ears.told.connect(do)
    ears.ended.connect(lambda: app.exit(0))  # quit() would ask the windows, and one with a customer says no
    pulse = Pulse()
    tell("", "ready")
    app.exec()
    pulse.stop()
    collector.stop()
    for hand in hands.values():
        hand.built.window.close_without_asking()
        hand.built.stop()


if __name__ == "__main__":
    main(sys.argv[1:])
