"""Carries over to a page made anew, in another language, what a person would miss: scroll, chosen rows, typed words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, TypeVar, runtime_checkable

from msgspec import Struct
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QAbstractScrollArea, QLineEdit, QPlainTextEdit, QWidget

from queuedesk.stations.widgets.questions.dialogs import Dialog
from queuedesk.stations.window.page import page_of

T = TypeVar("T")
WAIT_MS = 3000
"""So long what a page is filled with may take, for it to be brought back to where it was scrolled."""


@runtime_checkable
class Leaves(Protocol):
    """A page, or a part of one, that knows what is chosen in it.

    `left_as` gives that, None while it must not be made anew: something in it is nowhere else. `take_up` gets it in
    one just made, before it is shown.
    """

    def left_as(self) -> Any: ...
    def take_up(self, left: Any) -> None: ...


Way = tuple[type, ...]
"""The classes from a page down to one of its parts. Parts come in another order where some are made when they are
opened, but each stays in what it is in."""


class Spot(Struct, frozen=True):
    """What was scrolled, in px, and typed by hand into each field, None where nothing was; what tables and other parts
    knew; each by the way to its parts. And to which part, and the how manieth there, the keyboard went."""

    scrolled: Mapping[Way, Sequence[int]]
    typed: Mapping[Way, Sequence[str | None]]
    parts: Mapping[Way, Sequence[object]]
    focused: tuple[Way, int] | None


def parts_of(page: QWidget) -> list[QWidget]:
    """Return a page, and its head and tools where it has lent them to a section."""
    lent = (getattr(page, name, None) for name in ("head", "tools"))
    return [page, *(part for part in lent if isinstance(part, QWidget) and not page.isAncestorOf(part))]


def is_asked(page: QWidget) -> bool:
    """Whether a question is open in a page's window: what it is about must stay."""
    return any(one.isVisible() for one in page.window().findChildren(Dialog))


def spot_of(page: QWidget) -> Spot:
    """Return where a page stands now."""
    parts = _by_way(page)
    return Spot(
        _told(parts, QAbstractScrollArea, lambda one: one.verticalScrollBar().value()),
        _told(parts, QLineEdit | QPlainTextEdit, _typed),
        _told(parts, Leaves, lambda one: one.left_as()),
        # Also in a window that is not at the front: the keyboard is there when somebody comes back.
        _place_of(page.window().focusWidget(), parts),
    )


def bring_to(page: QWidget, spot: Spot) -> None:
    """Bring a page to a spot, as soon as there is so much in it."""
    for edit, text in _alike(page, spot.typed):
        if text is not None:
            _type(edit, text)
    for part, left in _alike(page, spot.parts):
        if left is not None:
            part.take_up(left)
    for area, value in _alike(page, spot.scrolled):
        if value:
            _ScrollLater(area, value)
    if spot.focused is not None:
        way, at = spot.focused
        for one in _by_way(page).get(way, [])[at : at + 1]:
            one.setFocus()


def take_place(page: QWidget) -> None:
    """Delete a page that another one stands in for; what its station tells may lie over it, and stays."""
    station = page_of(page)
    for part in parts_of(page):
        if station is not None:
            station.messages.come_off(part)
        part.hide()
        part.deleteLater()


def _by_way(page: QWidget) -> dict[Way, list[Any]]:
    """Return the parts of a page by the way to them."""
    tops = {page, *(part for name in ("head", "tools") if isinstance(part := getattr(page, name, None), QWidget))}
    found: dict[Way, list[Any]] = {}
    for top in parts_of(page):
        for part in top.findChildren(QWidget):
            way: list[type] = []
            above: QWidget | None = part
            while above is not None and above not in tops:
                way.append(type(above))
                above = above.parentWidget()
            way.append(type(above))
            found.setdefault(tuple(way), []).append(part)
    return found


def _told(parts: Mapping[Way, list[Any]], kind: Any, tells: Callable[[Any], T]) -> dict[Way, list[T]]:
    """Return what the parts of a kind tell."""
    return {way: [tells(one) for one in alike] for way, alike in parts.items() if isinstance(alike[0], kind)}


def _alike(page: QWidget, told: Mapping[Way, Sequence[T]]) -> list[tuple[Any, T]]:
    """Return the parts of a page with what was told of them, where there are as many as then."""
    parts = _by_way(page)
    return [
        pair
        for way, all_told in told.items()
        if len(parts.get(way, ())) == len(all_told)
        for pair in zip(parts[way], all_told, strict=True)
    ]


def _place_of(focused: QWidget | None, parts: Mapping[Way, list[Any]]) -> tuple[Way, int] | None:
    return next(((way, alike.index(focused)) for way, alike in parts.items() if focused in alike), None)


def _typed(edit: QLineEdit | QPlainTextEdit) -> str | None:
    if isinstance(edit, QLineEdit):
        return edit.text() if edit.isModified() else None
    return edit.toPlainText() if edit.document().isModified() else None


def _type(edit: QLineEdit | QPlainTextEdit, text: str) -> None:
    """Put a text in as if it was typed, so that the page hears of it."""
    edit.selectAll()
    if isinstance(edit, QLineEdit):
        edit.insert(text)
        edit.setModified(True)
    else:
        edit.insertPlainText(text)


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
