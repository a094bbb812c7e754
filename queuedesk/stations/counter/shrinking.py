"""What the counter's window may shrink to, over other programs: the counter's full window alone is the core's."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from queuedesk.core.features import features, load
from queuedesk.stations.counter.controller import CounterController
from queuedesk.stations.widgets.questions.dialogs import Dialog
from queuedesk.stations.window.context import StationContext


class Shrinking(QObject):
    """A window that stays as it is: a feature's (`small` of its register) takes its place and does what is asked here.

    `pressed` carries an act, `key` a key press in what the window shrank to, `restored` says that the window is back.
    """

    pressed = Signal(str)
    primary_pressed = Signal()
    more_wanted = Signal()
    key = Signal(object)
    restored = Signal()
    is_possible = False
    """Whether the window can shrink: where it can't, nothing offers it."""

    def __init__(self, context: StationContext, controller: CounterController, page: QWidget) -> None:
        super().__init__(page)
        self._context, self._controller, self._page = context, controller, page
        self.on = False
        self.bar: QWidget | None = None

    @property
    def more_button(self) -> QWidget | None:
        """What opens the menu of acts there, None while the full window is shown."""
        return None

    def shrink(self, *, room: int | None = None) -> None:
        """Show something smaller in place of the window, as wide as its screen allows or as `room` does."""

    def restore(self) -> None:
        """Show the window again."""

    def stop(self) -> None:
        """Close what it shrank to: the page goes."""

    def show_now(self) -> None:
        """Show the current state, unless a message is shown."""

    def say(self, kind: str, sentence: str) -> None:
        """Show a refusal or warning there for a while."""

    def quiet(self) -> None:
        """Remove the message."""

    def show_away(self, fact: str) -> None:
        """Show that the hall's file can't be opened; "" when it can."""

    def show_emergency(self, line: str) -> None:
        """Show an emergency until it is over, "" then; calls go on beside it."""

    def count_cases(self, n: int) -> None:
        """Show how much there is to do in own cases."""

    def set_busy(self, busy: bool) -> None:
        """Accept no press while a command runs."""

    def host(self) -> QWidget:
        """Return the widget that a question covers."""
        return self._page

    def show_question(self, dialog: Dialog) -> None:
        """Show a question beside what the window shrank to."""

    def hide_questions(self) -> None:
        """No question is open any more."""


def shrinking(context: StationContext, controller: CounterController, page: QWidget) -> Shrinking:
    """Return what shrinks a counter's window."""
    named = next((one.small for one in features() if one.small), "")
    made: Shrinking = (load(named) if named else Shrinking)(context, controller, page)
    return made
