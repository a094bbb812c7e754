"""Pausing, closing and handing over: what is asked before a window stops."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.network.people import Actor
from queuedesk.i18n import _, names, role, say, time_hm
from queuedesk.stations.counter import words
from queuedesk.stations.counter.controller import CounterController
from queuedesk.stations.counter.leaving import Taker, left_by, reliefs, takers
from queuedesk.stations.counter.putting import Putting
from queuedesk.stations.counter.questions import PauseDialog
from queuedesk.stations.counter.relief_dialogs import PeopleDialog, PinDialog
from queuedesk.stations.counter.relieving import Relieving
from queuedesk.stations.counter.scene import Scene
from queuedesk.stations.widgets.questions.dialogs import ReasonDialog

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
