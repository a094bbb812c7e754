"""What the set-up does for a hall that several PCs share: shares it, gives codes, lists the PCs and withdraws them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct
from PySide6.QtCore import QObject, QTimer, Signal

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.network.sharing import JoinCode, PcKind, SharedPc, SharingStatus
from queuedesk.stations.manager.parts.page_controller import PageController
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.services import Answer, Sharing

ASK_MS = 250
OVER, USED = "over", "used"
"""Why a code is no longer shown: its time has passed, or a PC has used it up."""


class _Read(Struct, frozen=True):
    """What was read at once: how the hall stands, its PCs, and whether the code that was shown then is still good."""

    status: SharingStatus
    pcs: tuple[SharedPc, ...] | None  # None where the server does not answer: which there were stays
    code: JoinCode | None
    is_open: bool


class SharingController(PageController[_Read]):
    """`changed` says that what is known is other than before, `shared` that the hall is shared now, `refused` tells the
    trouble and of what.

    `ended` tells why the last code is shown no more.
    """

    shared = Signal()

    def __init__(self, context: StationContext, *, parent: QObject | None = None) -> None:
        super().__init__(context, parent)
        self.status: SharingStatus | None = None
        self.pcs: Sequence[SharedPc] = ()
        self.code: JoinCode | None = None
        self.ended = ""
        self.newest: SharedPc | None = None
        self.has_moved = False
        self._answer: Answer | None = None
        self._asks = QTimer(self)
        self._asks.setInterval(ASK_MS)
        self._asks.timeout.connect(self._look_for_answer)

    @staticmethod
    def is_offered(context: StationContext) -> bool:
        """Whether this station has the services for it."""
        return context.services.sharing is not None

    @property
    def _sharing(self) -> Sharing:
        sharing = self.context.services.sharing
        assert sharing is not None  # else the page is not offered
        return sharing

    @property
    def may_share(self) -> bool:
        """Whether the person here may share the hall and let PCs in."""
        return self.may("share")

    @property
    def is_sharing(self) -> bool:
        """Whether the hall is being shared at this moment."""
        return self._answer is not None

    def _reader(self) -> Callable[[], _Read]:
        """Return what reads how the hall stands and which PCs there are."""
        sharing, code = self._sharing, self.code

        def work() -> _Read:
            status = sharing.status()
            if not status.is_shared:
                return _Read(status, (), code, is_open=True)
            try:
                return _Read(status, tuple(sharing.pcs()), code, code is None or sharing.code_is_open())
            except QueueDeskError:
                # The page's banner says when the hall's data is away; how it is shared is known all the same.
                return _Read(status, None, code, is_open=True)

        return work

    def _take(self, read: _Read) -> None:
        known = {pc.role for pc in self.pcs}
        before = (self.status, self.pcs)
        self.status = read.status
        if read.pcs is not None:
            self.pcs = read.pcs
        if self.newest is not None and any(pc.withdrawn for pc in self.pcs if pc.role == self.newest.role):
            self.newest, self.ended = None, ""
        if not read.is_open and read.code is self.code:
            self.newest = next((pc for pc in self.pcs if pc.role not in known), None)
            self._end_code(USED)
        elif before != (self.status, self.pcs):
            self.changed.emit()

    # -- sharing -----------------------------------------------------------------------------------------------------

    def share(self) -> None:
        """Let other PCs into this hall from now on; `shared` or `refused` follows."""
        if self.busy or self.is_sharing:
            return
        share, ask = self._sharing.share, self.context.ask()
        # Not a command of the hall: where sharing has stopped its server answers none, and this is what starts it
        # again.
        self._run("share", lambda: share(ask), self._begun, is_long=True)

    def stop_sharing(self) -> None:
        """Keep all PCs out of this hall until it is shared again; `changed` or `refused` follows."""
        stop, ask = self._sharing.stop, self.context.ask()
        # Not a command of the hall, which is away once it is done.
        self._run("stop", lambda: stop(ask), lambda _done: self.look(), is_long=True)

    def _begun(self, answer: Answer) -> None:
        self._answer = answer
        self._asks.start()
        self.changed.emit()

    def _look_for_answer(self) -> None:
        if self._answer is None:
            return
        try:
            done = self._answer()
        except QueueDeskError as trouble:
            self._end()
            self.refused.emit("share", trouble)
            return
        if done is not None:
            # A hall that was a file goes on elsewhere: this station follows it there, and opens anew.
            self.has_moved = self.status is None or not self.status.is_shared
            self._end()
            self.shared.emit()

    def _end(self) -> None:
        self._asks.stop()
        self._answer = None
        self.changed.emit()
        self.look()

    # -- PCs ---------------------------------------------------------------------------------------------------------

    def make_code(self, kind: PcKind) -> None:
        """Make a code with which one PC of a kind joins; it replaces an earlier one."""
        make, ask = self._sharing.code, self.context.ask()
        self._run("code", lambda: make(ask, kind), self._know_code)

    def _know_code(self, code: JoinCode) -> None:
        self.code, self.ended, self.newest = code, "", None
        self.changed.emit()

    def forget_code(self) -> None:
        """Stop showing the code: it has expired."""
        self._end_code(OVER)

    def _end_code(self, why: str) -> None:
        self.code, self.ended = None, why
        self.changed.emit()

    def withdraw(self, pc: SharedPc) -> None:
        """Keep a PC out of the hall from now on; what it did stays."""
        withdraw, ask = self._sharing.withdraw, self.context.ask()
        self._run("withdraw", lambda: withdraw(ask, pc.role), lambda _done: self.look())
