"""Follows one window for its plate: its state, its customer, and which other windows serve the same."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct
from PySide6.QtCore import QObject, Signal, Slot

from queuedesk.core.log.event import Event
from queuedesk.core.queue.dispatch import line_of
from queuedesk.core.queue.ticket import State, Window, WindowState
from queuedesk.core.setup.rows import Setup
from queuedesk.core.talk.remarks import PushedNotice
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.hall_words import emergency_here


class Stands(StrEnum):
    """What a passer-by has to know of the window."""

    CALLED = "called"
    SERVING = "serving"
    OPEN = "open"
    PAUSED = "paused"
    CLOSED = "closed"


_LATE = timedelta(minutes=1)


class Scene(Struct, frozen=True, kw_only=True):
    """The window now. `back` is when a pause is to end, None from a minute after that on; `elsewhere` names, for each
    of its services, the open windows that serve it instead."""

    stands: Stands
    ticket: str = ""
    back: datetime | None = None
    services: tuple[str, ...] = ()
    elsewhere: tuple[tuple[str, tuple[str, ...]], ...] = ()


class PlateController(QObject):
    """Follows one window of the hall. `changed` says that something has changed, `called` that a customer is called
    here, or again."""

    changed = Signal()
    called = Signal()

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.window = str(context.options.get("window") or "")
        context.feed.changed.connect(self._follow)
        context.feed.replaced.connect(self.changed)

    @property
    def setup(self) -> Setup:
        return self._context.feed.setup

    def emergency(self) -> PushedNotice | None:
        """Return the emergency for the plate now."""
        spec = self.setup.windows.get(self.window)
        names = (self._context.name, self._context.options.get("display"))
        return emergency_here(
            self._context.feed.state,
            self.setup,
            self._context.clock(),
            zone=spec.zone if spec is not None else "",
            names=names,
        )

    def scene(self) -> Scene:
        """Return the window as it is now."""
        state, setup = self._context.feed.state, self.setup
        window = state.window(self.window)
        at_work = window.state is not WindowState.CLOSED
        serves = setup.served_by(window if at_work else Window(code=self.window))
        services = tuple(code for code in setup.services if code in serves)
        ticket = state.tickets.get(window.ticket) if window.ticket else None
        if ticket is not None:
            stands = Stands.CALLED if ticket.state is State.CALLED else Stands.SERVING
            return Scene(stands=stands, ticket=ticket.label, services=services)
        if window.state is WindowState.OPEN:
            return Scene(stands=Stands.OPEN, services=services)
        elsewhere = tuple((code, self._open_windows(code)) for code in services)
        stands = Stands.PAUSED if window.state is WindowState.PAUSED else Stands.CLOSED
        back = window.back
        if back is not None and self._context.clock() - back >= _LATE:
            # A time that is over tells nobody how long they wait; the clerk's own window says how late it is.
            back = None
        return Scene(stands=stands, back=back, services=services, elsewhere=elsewhere)

    def _open_windows(self, service: str) -> tuple[str, ...]:
        line = line_of(self.setup, self._context.feed.state.windows.values(), service)
        open_now = {window.code for window in line.windows if window.state is WindowState.OPEN}
        return tuple(code for code in self.setup.windows if code in open_now)

    @Slot(list)
    def _follow(self, events: list[Event]) -> None:
        self.changed.emit()
        if any(event.kind in ("call", "recall") and event.window == self.window for event in events):
            self.called.emit()
