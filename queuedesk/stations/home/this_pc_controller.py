"""Changes the settings of this PC: what each screen shows, its size, folders, and what opens at log-in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct
from PySide6.QtCore import QObject, Signal

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.talk.screen import ScreenState
from queuedesk.stations.window.context import StationServices

SCREENS = "screens"


class PcSystemActions(Struct, frozen=True, kw_only=True):
    """What the page may do on this PC; `app` provides it. Each raises OutsideError "cannot_write", `change` also
    RuleError "bad_value". `change(screen, fields)` says what a screen shows, `remove(screen)` that it shows nothing;
    `open(words)` opens all of them in the hall that the words name. `opening()` names what opens at log-in.
    `folder(part)` and `choose_folder(part, path)` are about "media" and "clips"; `printer()` names the one chosen for
    this PC, "" for the system's own; `services` are those that choose another."""

    shown: Callable[[], list[ScreenState]]
    change: Callable[[str, Mapping[str, Any]], object]
    remove: Callable[[str], object]
    open: Callable[[list[str]], object]
    opening: Callable[[], list[str]]
    open_at_start: Callable[[str, list[str] | None], object]
    folder: Callable[[str], str]
    choose_folder: Callable[[str, str], object]
    printer: Callable[[], str]
    services: StationServices


class ThisPcController(QObject):
    """`changed` when something has changed, `refused` with a screen's name ("" for none) and the trouble."""

    changed = Signal()
    opened = Signal()
    refused = Signal(str, object)

    def __init__(
        self, deeds: PcSystemActions, hall_words: Callable[[], list[str]], parent: QObject | None = None
    ) -> None:
        """`hall_words` are the words before a command that name the hall."""
        super().__init__(parent)
        self.deeds, self._hall_words = deeds, hall_words

    def rows(self) -> list[ScreenState]:
        return self.deeds.shown()

    def show_on(self, screen: str, station: str, *, window: str = "") -> None:
        """Show a station on a screen, "" for nothing of the hall; a plate needs its window at once."""
        if station:
            fields = {"station": station, **({"window": window} if window else {})}
            self._run_and_emit_outcome(screen, lambda: self.deeds.change(screen, fields))
        else:
            self._run_and_emit_outcome(screen, lambda: self.deeds.remove(screen))

    def change(self, screen: str, **fields: Any) -> None:
        self._run_and_emit_outcome(screen, lambda: self.deeds.change(screen, fields))

    def open(self) -> None:
        """Open what the screens show; open ones are reopened with the changes."""
        if self._run_and_emit_outcome("", lambda: self.deeds.open(self._hall_words())):
            self.opened.emit()

    def is_opened_at_login(self) -> bool:
        return SCREENS in self.deeds.opening()

    def open_at_start(self, wanted: bool) -> None:
        words = [*self._hall_words(), SCREENS] if wanted else None
        self._run_and_emit_outcome("", lambda: self.deeds.open_at_start(SCREENS, words))

    def choose_folder(self, part: str, path: str) -> None:
        self._run_and_emit_outcome("", lambda: self.deeds.choose_folder(part, path))

    def _run_and_emit_outcome(self, screen: str, work: Callable[[], object]) -> bool:
        try:
            work()
        except QueueDeskError as trouble:
            self.refused.emit(screen, trouble)
            return False
        self.changed.emit()
        return True
