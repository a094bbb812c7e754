"""The base of a station's page: what the window round it expects."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from PySide6.QtCore import QPoint, QRect, Signal
from PySide6.QtWidgets import QWidget

from queuedesk.stations.widgets.message_place import MessagePlace

if TYPE_CHECKING:  # A window's first frame comes before anything that reads a hall.
    from queuedesk.core.log.event import Event
    from queuedesk.stations.window.context import StationContext


class MenuEntry(Struct, frozen=True):
    """One line of the ⋯ menu: finished text, what it does, its key cap if it has one."""

    text: str
    act: Callable[[], None]
    key: str = ""
    enabled: bool = True


class WindowPage(QWidget):
    """The content of a window. The window calls the methods below; a page overrides those it needs.

    Emit `menu_wanted` (global position) when ⋯ is pressed: the window shows the page's own entries, then what every
    window has.
    """

    menu_wanted = Signal(QPoint)
    anew_wanted = Signal()
    # `place_words` says something else.
    place_changed = Signal()
    # Width and height of a full-screen canvas; None for pages laid out in logical pixels.
    canvas: tuple[int, int] | None = None
    is_replaced = False
    """Whether one made anew stands in its place, with what outlives both."""
    is_stale = False
    """Whether the page is to be made anew, in the language and with the words of the moment."""

    def want_anew(self) -> None:
        """Have the window make the page anew, as soon as nothing is under way."""
        self.is_stale = True
        self.anew_wanted.emit()

    def left_as(self) -> Any:
        """Return what is chosen and shown on the page, for `take_up` of one made anew; None while it must stay."""
        return ()

    def take_up(self, left: Any) -> None:
        """Show what the page before had, once it has its place."""

    def make_anew(self) -> bool:
        """Make what the page shows anew, in the language of the moment; return whether it did. Otherwise the window
        makes the page itself anew."""
        return False

    def tick(self, now: datetime) -> None:
        """Bring clocks, timers and waits up to `now`; called about once a second, and once before a picture is
        taken."""

    def pages(self) -> Mapping[str, Callable[[], None]]:
        """Return the ways to what else this page shows, by name, for pictures of it; none of them writes."""
        return {}

    def menu_entries(self) -> list[MenuEntry]:
        """Return the page's own entries of the ⋯ menu."""
        return []

    def may_close(self) -> bool:
        """Whether the window may be closed now without asking."""
        return True

    def place_words(self) -> str:
        """Return what the title bar says behind the window's name, "" for nothing."""
        return ""

    def small_window(self) -> QWidget | None:
        """Return the small window that stands in the page's place now, if one does."""
        return None

    def come_forward(self) -> None:
        """Take the window back from whatever small one stands in its place: it is to be in front."""

    def closing_effect(self) -> str:
        """Return what closing the window would do now, for a page that makes the window ask."""
        return ""

    def may_leave(self, go: Callable[[], None]) -> bool:
        """Whether the way home is open; a page that asks first returns False and does `go` once it may."""
        return True

    def stop(self) -> None:
        """Stop timers and threads before the window is deleted."""


class StationPage(WindowPage):
    """A station's content: the page of a hall, whose menu also leads to language, text size, contrast, help and signing
    out.

    Emit `help_wanted` with a page of the user guide to have it shown. `messages` is where it tells what comes and
    goes: at its top, unless it lets them lie over a bar.
    """

    sign_out_wanted = Signal()
    help_wanted = Signal(str)

    def __init__(self, context: StationContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.messages = MessagePlace(context.look, self)

    def anew(self) -> StationPage | None:
        """Return the page that goes on in this one's place, in another language, with the same controllers; None where
        there is nothing to go on with."""
        return None

    def show_away(self, since: datetime | None) -> None:
        """Show that the hall's file can't be opened since then and that the page is as of that time; None: it is
        back."""

    def take_outcome(self, event: Event) -> None:
        """Handle a command of this page that got no answer but was done: `event` is its own."""

    def forget_unanswered(self) -> None:
        """Go on after a command that got no answer: what became of it is known, and shown, now."""

    def stands_at(self) -> str:
        """Return the code of the window that this station stands at, "" for none."""
        return str(self.context.options.get("window") or "")

    def seen(self) -> str:
        """Return what is visible, for `see` of a rebuilt page; "" for what it shows first."""
        return ""

    def see(self, what: str) -> None:
        """Show what the page before had `seen`."""

    def go_on(self, before: StationContext) -> None:
        """Continue with the person of `before`, of the window that this one replaces, where the page itself asks who
        is here."""

    def may_sign_out(self) -> bool:
        """Whether the person may leave now without being asked; if not, `closing_effect` says what would be lost."""
        return True


def page_of(part: QWidget) -> StationPage | None:
    """Return the station's page that a part of it stands in."""
    found = part.parentWidget()
    while found is not None and not isinstance(found, StationPage):
        found = found.parentWidget()
    return found


def bring_messages(head: QWidget, middle: Callable[[], QRect]) -> None:
    """Let the messages of the page lie over the head that is seen now, within its `middle`."""
    page = page_of(head)
    if page is not None:
        page.messages.lie_over(head, middle)
