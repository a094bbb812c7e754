"""The page of a station: what the window round it expects of every station."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QWidget

from queuedesk.core.event import Event
from queuedesk.stations.context import StationContext


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """One line of the ⋯ menu: finished text, what it does, its key cap if it has one."""

    text: str
    act: Callable[[], None]
    key: str = ""
    enabled: bool = True


class StationPage(QWidget):
    """A station's content. The window calls the methods below; a page overrides what concerns it.

    Emit `menu_wanted` (global position) when ⋯ is pressed: the window shows the page's own entries, then language, text size, contrast, help,
    sign out. Emit `help_wanted` with a page of the user guide to have it shown.
    """

    menu_wanted = Signal(QPoint)
    sign_out_wanted = Signal()
    help_wanted = Signal(str)
    # Width and height of a full-screen canvas; None for staff stations laid out in logical pixels.
    canvas: tuple[int, int] | None = None

    def __init__(self, context: StationContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context

    def retranslate(self) -> None:
        """Set every text anew: the language has changed."""

    def tick(self, now: datetime) -> None:
        """Bring clocks, timers and waits up to `now`; called about once a second, and once before a picture is taken."""

    def show_away(self, since: datetime | None) -> None:
        """Say that the hall's file can't be opened since then and that the picture is of that time; None: it is back."""

    def take_outcome(self, event: Event) -> None:
        """Know that a command of this page that got no answer was done: `event` is its own."""

    def menu_entries(self) -> list[MenuEntry]:
        """Return the page's own entries of the ⋯ menu."""
        return []

    def seen(self) -> str:
        """Return what is seen, for `see` of a page that is built anew in this one's place; "" for what it shows first."""
        return ""

    def see(self, what: str) -> None:
        """Show what the page before had `seen`."""

    def may_close(self) -> bool:
        """Whether the window may be closed now without asking."""
        return True

    def may_sign_out(self) -> bool:
        """Whether the person may go now without being asked; if not, `closing_effect` says what would be lost."""
        return True

    def closing_effect(self) -> str:
        """Return what closing the window would do now, said where `may_close` or `may_sign_out` makes it ask."""
        return ""

    def may_leave(self, go: Callable[[], None]) -> bool:
        """Whether the way home is open; a page that asks first returns False and does `go` when it may be done."""
        return True

    def stop(self) -> None:
        """Let go of timers and threads before the window dies."""
