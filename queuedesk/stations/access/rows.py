"""The keys that can be seen, row by row as the eye reads them, and the nearest one in a direction."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QAbstractButton, QWidget

LAST = "comes-last"  # dynamic property of what holds keys that come after all others
# Keys whose middles are closer than this share of the lower one stand in one row.
SAME_ROW = 0.5
ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}

Keys = list[QAbstractButton]
Places = dict[QAbstractButton, QRect]


def keys_in(host: QWidget) -> Keys:
    """Return the keys in `host` that can be seen and pressed, in rows from the top, each from the left."""
    return [key for row in rows_of(host) for key in row]


def places_in(host: QWidget) -> Places:
    """Return the same keys, each with where it stands in `host`."""
    at = _found(host)
    return {key: at[key] for row in _rows(at) for key in row}


def rows_of(host: QWidget) -> list[Keys]:
    """Return the keys in `host` that can be seen and pressed, row by row."""
    return _rows(_found(host))


def _found(host: QWidget) -> Places:
    keys = host.findChildren(QAbstractButton)
    return {one: place(one, host) for one in keys if one.isVisible() and one.isEnabled()}


def _rows(at: Places) -> list[Keys]:
    last = {key: comes_last(key) for key in at}
    rows: list[Keys] = []
    for key in sorted(at, key=lambda key: (last[key], at[key].center().y(), at[key].left())):
        if rows:
            before, first, now = rows[-1][0], at[rows[-1][0]], at[key]
            near = SAME_ROW * min(first.height(), now.height())
            if last[before] == last[key] and abs(now.center().y() - first.center().y()) < near:
                rows[-1].append(key)
                continue
        rows.append([key])
    for row in rows:
        row.sort(key=lambda key: at[key].left())
    return rows


def place(key: QWidget, host: QWidget) -> QRect:
    """Return where a key stands in `host`."""
    return QRect(key.mapTo(host, QPoint(0, 0)), key.size())


def nearest(places: Places, key: QAbstractButton, arrow: Qt.Key) -> QAbstractButton | None:
    """Return the next key in the arrow's direction, None if there is none."""
    across, down = ARROWS[arrow]
    here = places[key].center()
    best: tuple[float, QAbstractButton] | None = None
    for other, at in places.items():
        there = at.center()
        ahead = (there.x() - here.x()) * across + (there.y() - here.y()) * down
        aside = abs((there.x() - here.x()) * down) + abs((there.y() - here.y()) * across)
        if other is key or ahead <= 0 or (across and aside > max(places[key].height(), at.height()) * SAME_ROW):
            continue
        far = ahead + 2.0 * aside
        if best is None or far < best[0]:
            best = (far, other)
    return best[1] if best else None


def comes_last(key: QWidget) -> bool:
    """Whether a key belongs to a part beside the page, which comes last."""
    holder = key.parentWidget()
    return holder is not None and bool(holder.property(LAST))
