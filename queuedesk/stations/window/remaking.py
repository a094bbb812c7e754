"""Carries over to a page made anew, in another language, what a person would miss: scroll, chosen rows, typed words."""

from __future__ import annotations

from typing import Any, Protocol, runtime_checkable

from msgspec import Struct
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QAbstractScrollArea, QLineEdit, QPlainTextEdit, QWidget

from queuedesk.stations.widgets.questions.dialogs import Dialog
from queuedesk.stations.window.page import page_of

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


class Spot(Struct, frozen=True):
    """What was scrolled, in px, and typed by hand into each field, None where nothing was; what its tables and other
    parts knew, each in the order of the page; and of which class the part is that had the keyboard, and the how manieth
    of this class that is seen, None for none."""

    scrolled: tuple[int, ...]
    typed: tuple[tuple[type, str | None], ...]
    parts: tuple[object, ...]
    focused: tuple[type, int] | None


def parts_of(page: QWidget) -> list[QWidget]:
    """Return a page, and its head and tools where it has lent them to a section."""
    lent = (getattr(page, name, None) for name in ("head", "tools"))
    return [page, *(part for part in lent if isinstance(part, QWidget) and not page.isAncestorOf(part))]


def is_asked(page: QWidget) -> bool:
    """Whether a question is open in a page's window: what it is about must stay."""
    return any(one.isVisible() for one in page.window().findChildren(Dialog))


def spot_of(page: QWidget) -> Spot:
    """Return where a page stands now."""
    parts = _inside(page)
    return Spot(
        tuple(one.verticalScrollBar().value() for one in parts if isinstance(one, QAbstractScrollArea)),
        tuple((type(one), _typed(one)) for one in parts if isinstance(one, QLineEdit | QPlainTextEdit)),
        tuple(one.left_as() for one in parts if isinstance(one, Leaves)),
        _place_of(page.window().focusWidget(), page),
    )


def bring_to(page: QWidget, spot: Spot) -> None:
    """Bring a page to a spot, as soon as there is so much in it."""
    parts = _inside(page)
    edits = [one for one in parts if isinstance(one, QLineEdit | QPlainTextEdit)]
    if [type(one) for one in edits] == [kind for kind, _text in spot.typed]:
        for edit, (_kind, text) in zip(edits, spot.typed, strict=True):
            if text is not None:
                _type(edit, text)
    for part, left in zip((one for one in parts if isinstance(one, Leaves)), spot.parts, strict=False):
        part.take_up(left)
    areas = (one for one in parts if isinstance(one, QAbstractScrollArea))
    for area, value in zip(areas, spot.scrolled, strict=False):
        if value:
            _ScrollLater(area, value)
    if spot.focused is not None:
        kind, at = spot.focused
        for one in _alike(page, kind)[at : at + 1]:
            one.setFocus()


def take_place(page: QWidget) -> None:
    """Delete a page that another one stands in for; what its station tells may lie over it, and stays."""
    station = page_of(page)
    for part in parts_of(page):
        if station is not None:
            station.messages.come_off(part)
        part.hide()
        part.deleteLater()


def _inside(page: QWidget) -> list[QWidget]:
    return [one for part in parts_of(page) for one in part.findChildren(QWidget)]


def _place_of(focused: QWidget | None, page: QWidget) -> tuple[type, int] | None:
    """Return where the keyboard is, also in a window that is not at the front: there it is when somebody comes back."""
    alike = _alike(page, type(focused))
    return (type(focused), alike.index(focused)) if focused in alike else None


def _alike(page: QWidget, kind: type) -> list[QWidget]:
    return [one for one in _inside(page) if type(one) is kind and one.isVisibleTo(page)]


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
