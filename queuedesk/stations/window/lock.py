"""The way out of a customers' station: free while no manager has a PIN, else by PIN."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from queuedesk.core.errors import QueueDeskError
from queuedesk.desk.queue import sign_in_and_pins
from queuedesk.stations.window.context import StationContext

LONGEST_PIN, SHORTEST_PIN = 12, 4


class Lock(QObject):
    """Knows whether there is a PIN, collects its digits and unlocks. `changed` with every digit and answer."""

    changed = Signal()

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._go: Callable[[], None] | None = None
        self._checking = False
        self.pin = ""
        self.trouble: QueueDeskError | None = None
        self.is_locked = False
        self.is_granted = False
        self.look()

    def is_open(self) -> bool:
        """Whether the window may be closed now."""
        return self.is_granted or not self.is_locked

    @property
    def is_asking(self) -> bool:
        return self._go is not None

    def look(self) -> None:
        """Find out whether a manager or admin has a PIN."""
        desk = self._context.desk
        self._context.tasks.run(lambda: sign_in_and_pins.manager_has_pin(desk), self._know, self._unknown)

    def _know(self, locked: bool) -> None:
        self.is_locked = locked

    def _unknown(self, _trouble: QueueDeskError) -> None:
        """The hall's file is away: what was known holds."""

    def opens(self, go: Callable[[], None]) -> bool:
        """Do `go` at once if nothing is locked; else remember it and return False."""
        if not self.is_locked:
            go()
            return True
        self._go, self.pin, self.trouble = go, "", None
        return False

    def give(self, digit: str) -> None:
        """Add a digit; "" deletes the last one."""
        self.trouble = None
        self.pin = (self.pin + digit)[:LONGEST_PIN] if digit else self.pin[:-1]
        self.changed.emit()

    def prove(self) -> None:
        """Check whether it is a manager's PIN, and unlock."""
        if self._checking or len(self.pin) < SHORTEST_PIN or self._go is None:
            return
        self._checking = True
        desk, pin, now = self._context.desk, self.pin, self._context.clock()
        self._context.tasks.run(
            lambda: sign_in_and_pins.manager_of_pin(desk, pin, now=now), self._granted, self._refused
        )

    def _granted(self, _who: object) -> None:
        go, self._go, self._checking, self.pin = self._go, None, False, ""
        self.changed.emit()
        self.is_granted = True
        if go is not None:
            go()

    def _refused(self, trouble: QueueDeskError) -> None:
        self._checking, self.pin, self.trouble = False, "", trouble
        self.changed.emit()

    def forget(self) -> None:
        """Note that nobody wants to leave any more."""
        was_asking, self._go, self.pin, self.trouble = self.is_asking, None, "", None
        self.is_granted = False
        if was_asking:
            self.changed.emit()
