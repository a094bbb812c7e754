"""Finds a place for a notice that hides no button and not the big number."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QLineEdit, QWidget

from queuedesk.stations.widgets.labels import HeroLabel
from queuedesk.stations.window.style import Look

MARGIN, FOOT, TOP, STEP = 16, 28, 2, 13  # drawn px
_IN_USE = (QAbstractButton, QAbstractItemView, QLineEdit, HeroLabel)


def in_use(host: QWidget, but: QWidget) -> list[QRect]:
    """Return where `host` shows something to press or type into, or its big number; `but` and what is in it do not
    count."""
    return [
        QRect(widget.mapTo(host, QPoint(0, 0)), widget.size())
        for widget in host.findChildren(QWidget)
        if isinstance(widget, _IN_USE) and widget.isVisible() and not but.isAncestorOf(widget)
    ]


def free_place(look: Look, host: QRect, size: QSize, taken: list[QRect]) -> QRect:
    """Return the best place for `size`: the foot, the top, then the lowest free line; else where it hides least."""
    found = [(sum(_area(place & one) for one in taken), place) for place in _places(look, host, size)]
    return min(found, key=lambda hidden: hidden[0])[1]


def _places(look: Look, host: QRect, size: QSize) -> Iterator[QRect]:
    """Yield places from the best on: a notice is looked for at the foot."""
    low = host.height() - size.height() - look.px(FOOT)
    left = look.px(MARGIN)
    columns = [(host.width() - size.width()) // 2, left, host.width() - size.width() - left]
    for y in (low, look.px(TOP), *range(low, look.px(TOP), -look.px(STEP))):
        for x in columns:
            yield QRect(QPoint(x, y), size)


def _area(rect: QRect) -> int:
    return max(0, rect.width()) * max(0, rect.height())
