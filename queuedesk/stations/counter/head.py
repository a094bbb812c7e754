"""How much room the head of the counter has for what it tells, and how much that takes."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from queuedesk.stations.widgets.labels import RunsLabel, runs_width
from queuedesk.stations.widgets.panels import Rule
from queuedesk.stations.widgets.topbar import TopBar, TopItem

HERE = Qt.FindChildOption.FindDirectChildrenOnly
RULE_PX = 1


def room_for_items(bar: TopBar) -> int:
    """Return the width in px that all else in the top bar leaves for its items."""
    layout = bar.layout()
    if layout is None:
        return 0
    parts = [part for part in bar.findChildren(QWidget, options=HERE) if not isinstance(part, (RunsLabel, Rule))]
    shown = [part.sizeHint().width() for part in parts if not part.isHidden()]
    margins = layout.contentsMargins()
    # One gap more than between the parts: the items themselves stand among them.
    return bar.width() - margins.left() - margins.right() - sum(shown) - layout.spacing() * len(shown)


def items_width(bar: TopBar, items: Sequence[TopItem]) -> int:
    """Return the width in px that `items`, given as runs, take where nothing is elided, gaps and rules included."""
    layout = bar.layout()
    gap = layout.spacing() if layout is not None else 0
    widths = []
    for item in items:
        widths += [RULE_PX] if item.rule else []
        widths.append(ceil(runs_width(bar.look, item.runs)))
    return sum(widths) + gap * max(0, len(widths) - 1)
