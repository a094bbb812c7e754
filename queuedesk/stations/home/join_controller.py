"""What joining a hall does: asks the hall's main PC to let this one in by a code."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.network.sharing import typed_code
from queuedesk.stations.window.tasks import Lanes

Join = Callable[[str, str, str], object]


class JoinController(QObject):
    """`joined` once this PC works in another hall, `left` once it works in none that is shared, `refused` with the
    trouble.

    `join(address, code, name)` lets this PC in, without a code one that the same main PC let in before, and keeps what
    it takes to come again; it is given by `app`, takes seconds, and raises RuleError "bad_address", "bad_code",
    "code_spent" and the like, OutsideError "host_unreachable", "host_not_proven". `name` is what this PC is called.
    `leave()` raises OutsideError "cannot_write".
    """

    joined = Signal()
    left = Signal()
    refused = Signal(object)
    busy_changed = Signal(bool)

    def __init__(
        self, tasks: Lanes, join: Join, leave: Callable[[], object], name: str, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.name = name
        self._tasks, self._join, self._leave = tasks, join, leave
        self._busy = False

    def join(self, address: str, code: str, name: str) -> None:
        """Join the hall whose main PC is at `address`."""
        if self._busy:
            return
        self._set_busy(True)
        join, words = self._join, (address.strip(), typed_code(code), name.strip() or self.name)
        self._tasks.run_long(lambda: join(*words), self._done, self._refuse)

    def leave(self) -> None:
        """Work in no shared hall any more; `left` or `refused` follows."""
        if not self._busy:
            self._set_busy(True)
            self._tasks.run_long(self._leave, self._gone, self._refuse)

    def _done(self, _answer: object) -> None:
        self._set_busy(False)
        self.joined.emit()

    def _gone(self, _answer: object) -> None:
        self._set_busy(False)
        self.left.emit()

    def _refuse(self, trouble: QueueDeskError) -> None:
        self._set_busy(False)
        self.refused.emit(trouble)

    def _set_busy(self, busy: bool) -> None:
        self._busy = busy
        self.busy_changed.emit(busy)
