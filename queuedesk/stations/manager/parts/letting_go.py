"""Lets go of the pages that were left a while ago, and brings a page back to the spot at which it was left."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache, partial
from typing import Any, Protocol, runtime_checkable

from msgspec import Struct
from PySide6.QtCore import QTimer, SignalInstance
from PySide6.QtWidgets import QAbstractScrollArea, QLineEdit, QPlainTextEdit, QWidget

from queuedesk.stations.manager.parts.table import Table
from queuedesk.stations.window.page import page_of
from queuedesk.stations.window.tasks import Lanes

KEPT_WIDGETS = 250
"""Of the pages that were left the last stay as they are, up to so many widgets, about three pages: most ways lead back
to one of them."""
WAIT_MS = 3000
"""So long what a page is filled with may take, for it to be brought back to where it was scrolled."""


@runtime_checkable
class Leaves(Protocol):
    """A page that may be let go when somebody left it.

    `left_as` gives what is chosen in it, None while it must stay: something in it is nowhere else. `take_up` gets that
    in a page just made, before its first words.
    """

    def left_as(self) -> Any: ...
    def take_up(self, left: Any) -> None: ...


class Spot(Struct, frozen=True):
    """How far a page's areas are scrolled, in px, and the keys of the rows chosen in its tables, None for no row; both
    in the order of the page."""

    scrolled: tuple[int, ...]
    chosen: tuple[object, ...]


def parts_of(page: QWidget) -> list[QWidget]:
    """Return a page, and its head and tools where it has lent them to a section."""
    lent = (getattr(page, name, None) for name in ("head", "tools"))
    return [page, *(part for part in lent if isinstance(part, QWidget) and not page.isAncestorOf(part))]


def must_stay(page: QWidget) -> bool:
    """Whether somebody sees a page, typed into it or sorted a table of it, or what the station tells lies over it."""
    station = page_of(page)
    for part in parts_of(page):
        if part.isVisible() or (station is not None and part.isAncestorOf(station.messages)):
            return True
        if any(one.isModified() for one in part.findChildren(QLineEdit)):
            return True
        if any(one.document().isModified() for one in part.findChildren(QPlainTextEdit)):
            return True
        if any(one.rows.sorted_by for one in part.findChildren(Table)):
            return True
    return False


def spot_of(page: QWidget) -> Spot:
    """Return where a page stands now."""
    areas, tables = page.findChildren(QAbstractScrollArea), page.findChildren(Table)
    return Spot(tuple(one.verticalScrollBar().value() for one in areas), tuple(one.chosen_key() for one in tables))


def bring_to(page: QWidget, spot: Spot) -> None:
    """Bring a page to a spot, as soon as there is so much in it."""
    for table, key in zip(page.findChildren(Table), spot.chosen, strict=False):
        table.choose_later(key)
    for area, value in zip(page.findChildren(QAbstractScrollArea), spot.scrolled, strict=False):
        if value:
            _ScrollLater(area, value)


class _ScrollLater(QTimer):
    """Scrolls an area once there is so much in it, unless somebody scrolls it first or it takes too long."""

    def __init__(self, area: QAbstractScrollArea, value: int) -> None:
        super().__init__(area, singleShot=True, interval=WAIT_MS)
        self._bar, self._value = area.verticalScrollBar(), value
        self._bar.rangeChanged.connect(self._try)
        self._bar.actionTriggered.connect(self._end)
        self.timeout.connect(self._end)
        self.start()
        self._try()

    def _try(self) -> None:
        if self._bar.maximum() >= self._value:
            self._bar.setValue(self._value)

    def _end(self) -> None:
        self._bar.rangeChanged.disconnect(self._try)
        self._bar.actionTriggered.disconnect(self._end)
        self.deleteLater()


class LetsGo(Protocol):
    """What holds pages by their keys. `opened` gives the one that came to the front; `weight` is how many widgets a
    page has, 0 for one that is not there or always stays; `let_go` deletes one and says whether it may."""

    @property
    def opened(self) -> SignalInstance: ...
    def weight(self, key: str) -> int: ...
    def let_go(self, key: str) -> bool: ...


class RecentPages:
    """The pages of a window in the order in which they were opened."""

    def __init__(self, tasks: Lanes) -> None:
        self._tasks = tasks
        self._opened: list[tuple[LetsGo, str]] = []
        self._is_due = False

    def follow(self, *holders: LetsGo) -> None:
        """Let go of the pages of these from now on."""
        for pages in holders:
            pages.opened.connect(partial(self._note, pages))

    def _note(self, pages: LetsGo, key: str) -> None:
        if (pages, key) in self._opened:
            self._opened.remove((pages, key))
        self._opened.append((pages, key))
        self._is_due = True

    def let_go(self) -> None:
        """Let go of the pages that were left a while ago, unless somebody waits for an answer: it might be the page."""
        if not self._is_due or self._tasks.owes_answers:
            return
        self._is_due, room, gone = False, KEPT_WIDGETS, []
        for one in reversed(self._opened[:-1]):
            pages, key = one
            room -= pages.weight(key)
            if room < 0 and pages.let_go(key):
                gone.append(one)
        if gone:
            self._opened = [one for one in self._opened if one not in gone]
            # Qt deletes them as soon as this has ended, and this comes after it.
            QTimer.singleShot(0, give_back_memory)


def give_back_memory() -> None:
    """Give the system what the C library holds for later: what was deleted lies between what is still there."""
    if (trim := _trim()) is not None:
        trim(0)


@cache
def _trim() -> Callable[[int], int] | None:
    """Return what does so; only glibc has it."""
    if not sys.platform.startswith("linux"):
        return None
    import ctypes  # once a page was let go, not for the first frame

    found: Callable[[int], int] | None = getattr(ctypes.CDLL(None), "malloc_trim", None)
    return found
