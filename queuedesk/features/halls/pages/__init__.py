"""Several halls side by side: now, in a period, and what one pushes to the others; and what reads them now, which asks
from the start whether there are several."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.log.state import HallState
from queuedesk.core.network.roles import Actor
from queuedesk.features.halls.rules import HallOverviewRow
from queuedesk.features.halls.verbs import HallsOverviewReader
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.pages import ControllerCache
from queuedesk.stations.window.context import StationContext

LOOK_MS, ASK_MS = 1000, 60_000


class HallsController(QObject):
    """`looked` says that `rows` are current, `failed` that they could not be read and stay as they were; `several` that
    `are_several` has changed.

    It reads one at a time: a result of `hall_day_state` is valid until the slots of `looked` have returned."""

    looked = Signal()
    failed = Signal(object)
    several = Signal()

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.rows: Sequence[HallOverviewRow] = ()
        self.are_several = False
        self._opened = ""
        self._side = HallsOverviewReader(context.desk)
        self._is_reading = False
        self._looking, self._asking = QTimer(self), QTimer(self)
        self._looking.setInterval(LOOK_MS)
        self._looking.timeout.connect(self.refresh)
        self._asking.setInterval(ASK_MS)
        self._asking.timeout.connect(self.check_if_may_see_other_halls)

    def start(self) -> None:
        """Find out whether there are several halls, now and from then on."""
        self.check_if_may_see_other_halls()
        self._asking.start()

    def set_reading_every_second(self, on: bool) -> None:
        """Read every second, or stop."""
        if on and not self.context.look.still:
            self._looking.start()
        else:
            self._looking.stop()

    def stop(self) -> None:
        self._looking.stop()
        self._asking.stop()

    def refresh(self) -> None:
        """Read the halls' current state."""
        if (who := self._mark_reading_and_give_actor()) is not None:
            work = partial(self._side.read_hall_rows, who, self.context.clock(), self._opened)
            self.context.tasks.run_in_side_lane(
                work, partial(self._store_hall_rows, self._opened), self._on_reading_failed, may_drop=True
            )

    def keep_reading_whole_day_of_hall(self, code: str) -> None:
        """Read the whole day of this hall too from now on, of none for ""."""
        self._opened = code
        if code:
            self.refresh()

    def check_if_may_see_other_halls(self) -> None:
        """Find out whether the person may look at other halls."""
        if (who := self._mark_reading_and_give_actor()) is not None:
            self.context.tasks.run_in_side_lane(
                partial(self._side.may_see_several_halls, who),
                self._store_may_see_other_halls,
                self._end_reading_after_failure,
                may_drop=True,
            )

    def alert_state_of_hall(self, code: str) -> HallState | None:
        """Return what the alerts of a hall depend on as last read."""
        return self._side.alert_state_of_hall(code)

    def hall_day_state(self, code: str) -> HallState | None:
        """Return the opened hall as last read, None before that."""
        return self._side.hall_day_state(code)

    def _mark_reading_and_give_actor(self) -> Actor | None:
        """Begin to read, for the person who is here; None while nobody is or something is being read."""
        if self._is_reading or self.context.who is None:
            return None
        self._is_reading = True
        return self.context.who

    def _store_hall_rows(self, opened: str, rows: Sequence[HallOverviewRow]) -> None:
        self.rows = rows
        self.looked.emit()
        self._is_reading = False
        if self._opened not in (opened, ""):
            self.refresh()

    def _on_reading_failed(self, trouble: QueueDeskError) -> None:
        self._is_reading = False
        self.failed.emit(trouble)

    def _store_may_see_other_halls(self, are_several: bool) -> None:
        self._is_reading = False
        if are_several != self.are_several:
            self.are_several = are_several
            self.several.emit()

    def _end_reading_after_failure(self, _trouble: QueueDeskError) -> None:
        self._is_reading = False  # The banner says when the database is away; asked again in a minute.


def may_see_several_halls_function(
    controller: ManagerController, own: ControllerCache, changed: Callable[[], None]
) -> Callable[[], bool]:
    """Return what says whether a person is here who may look at several halls."""
    halls = own(HallsController, controller.context)
    halls.several.connect(changed)
    # Not before the station is built: who asks at once may be answered at once.
    QTimer.singleShot(0, halls, halls.start)
    return lambda: halls.are_several
