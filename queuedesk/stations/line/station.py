"""The LED-style line in words: calls first, one after the other; else what the window or the hall has to say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from PySide6.QtCore import QPoint, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from queuedesk.core.queue.ticket import State
from queuedesk.i18n import _, named, time_hm
from queuedesk.stations.display import texts
from queuedesk.stations.display.controller import DisplayController
from queuedesk.stations.display.rows import CallRow
from queuedesk.stations.line.dots import ARROW
from queuedesk.stations.line.view import HEIGHT, WIDTH, LineView
from queuedesk.stations.plate.controller import PlateController, Scene, Stands
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.page import StationPage

ROLES: tuple[str, ...] = ()
LEAST_S, BASE_S, PER_CHARACTER_S = 3.0, 1.5, 0.25
MOST_CALLS = 3
DOT = " · "


@dataclass(frozen=True, slots=True)
class Saying:
    """One thing the line says. `call` is the place in the log of a call that is fresh, 0 for everything else; what is
    `urgent` is said at once."""

    text: str
    call: int = 0
    alarm: bool = False
    urgent: bool = False


def step_s(text: str) -> float:
    """Return how long a step stays."""
    return max(LEAST_S, BASE_S + PER_CHARACTER_S * len(text))


class LinePage(StationPage):
    """Says in turn what the hall, a zone or one window has to say. Options: window, zone, display (its name in the
    log)."""

    canvas = (WIDTH, HEIGHT)

    def __init__(self, context: StationContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.calls = DisplayController(context, self)
        self.window_code = str(context.options.get("window") or "")
        self.plate = PlateController(context, self) if self.window_code else None
        self.view = LineView(still=context.look.still, parent=self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        self._away_since: datetime | None = None
        self._sayings: list[Saying] = []
        self._at = self._step = 0
        self._steps: list[str] = [""]
        self._since: datetime | None = None
        self._blinked = max((row.seq for row in self.calls.rows.split(MOST_CALLS)[0]), default=0)
        self.view.menu_asked.connect(self._ask_menu)
        self.view.resized.connect(self._begin_again)
        self.calls.called.connect(self._follow)
        self.calls.hall_changed.connect(self._follow)
        self.calls.replaced.connect(self._follow)
        self._follow()

    def retranslate(self) -> None:
        self._sayings = []
        self._follow()

    def tick(self, now: datetime) -> None:
        self._take(self._say(now))
        if self._since is None or now < self._since:
            self._since = now
        elif now - self._since >= timedelta(seconds=step_s(self._steps[self._step])):
            self._go_on(now)

    def show_away(self, since: datetime | None) -> None:
        self._away_since = since
        self._follow()

    def stop(self) -> None:
        self.view.stop()

    # -- what is said --
    @Slot()
    def _follow(self, *_called: object) -> None:
        self._take(self._say(self.calls.now()))

    def _say(self, now: datetime) -> list[Saying]:
        """Return all that is to be said now: an emergency and fresh calls leave room for nothing else."""
        emergency = self.calls.emergency(now)
        fresh = [self._call(row) for row in self._rows() if row.is_fresh(now)]
        if emergency is not None:
            head = _("Emergency", context="display")
            return [*fresh, Saying(head + DOT + named(emergency.text, emergency.text_en), alarm=True, urgent=True)]
        if fresh:
            return fresh
        said = self._of_window(self.plate.scene()) if self.plate is not None else self._of_hall(now)
        said += [Saying(named(n.text, n.text_en)) for n in self.calls.pushed(now)]
        if self._away_since is not None:
            words = _("No news since {time}", context="plate", time=time_hm(self._away_since))
            said = [Saying(words, urgent=True), *said]
        return said

    def _rows(self) -> list[CallRow]:
        windows = (self.window_code,) if self.window_code else None
        return self.calls.rows.split(MOST_CALLS, windows)[0]

    def _call(self, row: CallRow) -> Saying:
        return Saying(f"{row.label} {ARROW} {self._window(row.window)}", call=row.seq)

    def _window(self, code: str) -> str:
        window = texts.window_text(self.calls.setup, code)
        return " ".join(part for part in (window.before, window.number, window.behind) if part)

    def _of_hall(self, now: datetime) -> list[Saying]:
        state, setup = self.calls.state, self.calls.setup
        coming = [row for row in self._rows() if self._is_coming(row)]
        said = [Saying(self._call(row).text) for row in coming]
        closed = texts.closed_text(state, now)
        if closed is not None:
            return [Saying(closed.title), *([Saying(closed.opens)] if closed.opens else [])]
        hall = named(setup.hall.name, setup.hall.name_en)
        return [*said, Saying(f"{hall}  {time_hm(setup.local(now))}")]

    def _is_coming(self, row: CallRow) -> bool:
        ticket = self.calls.state.tickets.get(row.id)
        return ticket is not None and ticket.state is State.CALLED

    def _of_window(self, scene: Scene) -> list[Saying]:
        window = self._window(self.window_code)
        if scene.stands is Stands.CALLED:
            return [Saying(f"{scene.ticket} {ARROW} {window}")]
        if scene.stands is Stands.SERVING:
            words = _("Serving {ticket}", context="line", ticket=scene.ticket)
        elif scene.stands is Stands.OPEN:
            words = _("Please wait for your number")
        elif scene.stands is Stands.CLOSED:
            words = _("Closed", context="plate")
        elif scene.back is None:
            words = _("Paused", context="plate") + DOT + _("Back soon")
        else:
            back = _("Back at about {time}", time=time_hm(self.calls.setup.local(scene.back)))
            words = _("Paused", context="plate") + DOT + back
        return [Saying(f"{window}  {words}")]

    # -- one step after another --
    def _take(self, sayings: list[Saying]) -> None:
        if sayings == self._sayings:
            return
        shown = self._sayings[self._at] if self._sayings else None
        urgent = [n for n, each in enumerate(sayings) if each.urgent and each not in self._sayings]
        self._sayings = sayings
        fresh = [each.call for each in sayings if each.call > self._blinked]
        if fresh:
            self._blinked = max(fresh)
            self._show(next(n for n, each in enumerate(sayings) if each.call == self._blinked), blink=True)
        elif urgent:
            self._show(urgent[0])
        elif shown in sayings:
            self._at = sayings.index(shown)
        else:
            self._show(0)

    def _show(self, at: int, *, blink: bool = False) -> None:
        self._at, self._step, self._since = at, 0, self.calls.now()
        self._steps = self.view.steps_of(self._sayings[at].text)
        self._paint(blink=blink)

    def _paint(self, *, blink: bool = False) -> None:
        self.view.show_text(self._steps[self._step], blink=blink, alarm=self._sayings[self._at].alarm)

    def _go_on(self, now: datetime) -> None:
        if self._step + 1 < len(self._steps):
            self._step, self._since = self._step + 1, now
            self._paint()
        elif len(self._sayings) > 1 or len(self._steps) > 1:
            self._show((self._at + 1) % len(self._sayings))

    @Slot()
    def _begin_again(self) -> None:
        if self._sayings:
            self._show(self._at)

    @Slot(object)
    def _ask_menu(self, place: QPoint) -> None:
        self.menu_wanted.emit(place)


def build(context: StationContext) -> LinePage:
    """Return the line's page."""
    return LinePage(context)
