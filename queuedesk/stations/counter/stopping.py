"""Questions before a window pauses, closes or is handed over."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.network.people import Actor
from queuedesk.i18n import _, names, role, say, time_hm
from queuedesk.stations.counter import words
from queuedesk.stations.counter.controller import CounterController
from queuedesk.stations.counter.leaving import Taker, left_by, reliefs, takers
from queuedesk.stations.counter.putting import Putting
from queuedesk.stations.counter.questions import PauseDialog
from queuedesk.stations.counter.relieving import Relieving
from queuedesk.stations.counter.scene import Scene
from queuedesk.stations.signing_in.people import GAP, PersonTile, arrange, columns_for
from queuedesk.stations.signing_in.view import SHORTEST_PIN, PinPad
from queuedesk.stations.widgets.buttons import SecondaryButton
from queuedesk.stations.widgets.panels import FixedSize, GroundArea, spread
from queuedesk.stations.widgets.questions.dialogs import Dialog, ReasonDialog
from queuedesk.stations.widgets.questions.forms import ErrorLine
from queuedesk.stations.widgets.questions.guard import REPEATS
from queuedesk.stations.window.style import Look

# Who goes on at the window, and the PIN that proves it.

WIDTH, SHEET_PAD, ROWS_SHOWN, ROW_PX = 720, 32, 4, 108
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class PeopleDialog(Dialog):
    """One of several people: a touch, or a digit for the first nine. `done` gives the code."""

    done = Signal(str)

    def __init__(
        self, host: QWidget, look: Look, *, title: str, effect: str, people: Sequence[tuple[str, str, str]], no: str
    ) -> None:
        super().__init__(host, look, title=title, effect=effect, width=WIDTH)
        self.tiles: dict[str, PersonTile] = {}
        inside = QWidget()
        grid = QGridLayout(inside)
        spread(self.look, grid, (4, 4, 4, 4), GAP)
        for number, (code, name, second) in enumerate(people, start=1):
            tile = PersonTile(self.look)
            tile.set_person(name, second)
            tile.set_key(str(number) if number <= 9 else "")
            tile.setObjectName(code)
            tile.clicked.connect(self._touched)
            self.tiles[code] = tile
        room = self.look.wide(WIDTH) - 2 * self.look.gap(SHEET_PAD)
        columns = min(2, columns_for(self.look, [name for _code, name, _second in people], room))
        arrange(grid, list(self.tiles.values()), columns)
        self.area = GroundArea(inside)
        rows = min(-(-len(people) // columns), ROWS_SHOWN)
        FixedSize(self.look, self.area, height=rows * (ROW_PX + GAP))
        self.body.addWidget(self.area)
        self.no_button = SecondaryButton(self.look, no, key="Esc", height=56, px=18)
        self.no_button.clicked.connect(self.refuse)
        self.buttons.addWidget(self.no_button)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        digit, codes = event.text(), list(self.tiles)
        if digit.isdecimal() and 1 <= int(digit) <= min(9, len(codes)):
            self._do(codes[int(digit) - 1])
        else:
            super().keyPressEvent(event)

    def _touched(self) -> None:
        self._do(self.sender().objectName())

    def _do(self, code: str) -> None:
        self.close_dialog()
        self.done.emit(code)


class PinDialog(Dialog):
    """The PIN of one person. `given` carries it; the question stays until it is proved or taken away."""

    given = Signal(str)
    done = Signal()

    def __init__(self, host: QWidget, look: Look, *, title: str) -> None:
        super().__init__(host, look, title=title)
        self.setProperty(REPEATS, True)
        self.line = ErrorLine(self.look)
        self.line.say(_("4 to 12 digits"), refused=False)
        self.pad = PinPad(self.look)
        self.pad.retranslate()
        self.pad.back.clicked.connect(self.refuse)
        self.pad.enter.clicked.connect(self._give)
        self.body.addWidget(self.line)
        self.body.addWidget(self.pad)

    def say(self, refusal: str) -> None:
        """Say why it was not right; another try begins."""
        self.pad.clear()
        self.line.say(refusal, refused=True)

    def proved(self) -> None:
        """Take the question away: it is answered."""
        self.close_dialog()
        self.done.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        digit = event.text()
        if len(digit) == 1 and digit in "0123456789":
            self.pad.give(digit)
        elif event.key() == Qt.Key.Key_Backspace:
            self.pad.take_back()
        elif event.key() in _ENTER and not event.isAutoRepeat():
            self._give()
        else:
            super().keyPressEvent(event)

    def _give(self) -> None:
        if len(self.pad.pin) >= SHORTEST_PIN:
            self.given.emit(self.pad.pin)


HAND_OVER, TELL = "@hand-over", "@manager"  # no window's code has an @


class Stopping(QObject):
    """Asks who takes those who wait for this window alone; nothing is chosen beforehand."""

    def __init__(self, putting: Putting, controller: CounterController, relieving: Relieving) -> None:
        super().__init__(putting)
        self._putting, self._controller, self._relieving = putting, controller, relieving
        self._pin: PinDialog | None = None
        relieving.pin_wanted.connect(self._ask_pin)
        relieving.proved.connect(self._go_over)
        relieving.refused.connect(self._say_refusal)

    def pause(self, scene: Scene) -> None:
        """Ask why and for how long, and then who takes those left."""
        left = left_by(scene)
        effect = words.left_line(scene, left) if left else words.cover_line(scene)
        dialog = PauseDialog(self._putting.host(), self._putting.look, effect=effect, over=bool(reliefs(scene)))

        def paused(reason: str, minutes: int) -> None:
            def go(left_to: str | None = None) -> None:
                self._controller.pause(reason, minutes or None, left_to)

            if left:
                title = _("Pause window {window}? Who takes them?", window=scene.window.code)
                self._ask_taker(scene, title=title, no=_("Don't pause"), yes=_("Pause"), done=go)
            else:
                go()

        dialog.paused.connect(paused)
        dialog.over_wanted.connect(lambda: self.hand_over(scene))
        self._putting.open(dialog)

    def close(self, scene: Scene) -> None:
        """Close at once, or ask first who takes those left."""
        if not left_by(scene):
            self._controller.close()
            return
        title = _("Close window {window}? Who takes them?", window=scene.window.code)
        yes = _("Close window")
        self._ask_taker(scene, title=title, no=_("Stay open"), yes=yes, done=self._controller.close)

    def hand_over(self, scene: Scene) -> None:
        """Ask who goes on here."""
        people = [
            (code, names.staff_name(scene.setup, code), role(str(scene.setup.staff[code].role)))
            for code in reliefs(scene)
        ]
        dialog = PeopleDialog(
            self._putting.host(),
            self._putting.look,
            title=_("Hand window {window} over to whom?", window=scene.window.code),
            effect=_("Your shift ends and theirs begins in one step; the window stays open."),
            people=people,
            no=_("Don't hand over"),
        )
        dialog.done.connect(self._relieving.begin)
        self._putting.open(dialog)

    def _ask_taker(self, scene: Scene, *, title: str, no: str, yes: str, done: Callable[[str], None]) -> None:
        left = left_by(scene)
        choices = [(taker.window, _taker_text(scene, taker)) for taker in takers(scene, left)]
        if reliefs(scene):
            choices.append((HAND_OVER, _("A colleague here: hand over to …")))
        choices.append((TELL, _("I tell the duty manager")))
        dialog = ReasonDialog(
            self._putting.host(),
            self._putting.look,
            title=title,
            effect=words.left_line(scene, left),
            reasons=choices,
            missing=_("Choose who takes them first"),
            no=no,
            yes=yes,
        )
        dialog.done.connect(lambda code: self.hand_over(scene) if code == HAND_OVER else done(code))
        self._putting.open(dialog)

    # -- who goes on ---------------------------------------------------------------------------------------------

    def _ask_pin(self, staff: str) -> None:
        scene = self._controller.scene
        if scene is None:
            return
        title = _("{name}, your PIN", name=names.staff_name(scene.setup, staff))
        self._pin = PinDialog(self._putting.host(), self._putting.look, title=title)
        self._pin.given.connect(lambda pin: self._relieving.prove(staff, pin))
        self._pin.refused.connect(self._forget_pin)
        self._putting.open(self._pin)

    def _go_over(self, relief: Actor) -> None:
        if self._pin is not None:
            self._pin.proved()
            self._pin = None
        self._controller.hand_over(relief)

    def _say_refusal(self, trouble: QueueDeskError) -> None:
        if self._pin is not None:
            self._pin.say(say(trouble))
        else:
            self._controller.refused.emit(trouble)

    def _forget_pin(self) -> None:
        self._pin = None


def _taker_text(scene: Scene, taker: Taker) -> str:
    """Return "Window 4, Chen Jing, back at about 10:50"."""
    who, where = names.staff_name(scene.setup, taker.staff), names.window_name(taker.window)
    if taker.back is None:
        return _("{window}, {name}, paused now", window=where, name=who)
    back = time_hm(scene.setup.local(taker.back))
    return _("{window}, {name}, back {time}", window=where, name=who, time=back)
