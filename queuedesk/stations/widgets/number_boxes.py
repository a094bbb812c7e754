"""A ticket's number while it is typed: a box for each sign."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt

from queuedesk.stations.widgets.paint import Painter, fit_px

GAP = 16.0
# Shares of a box's height.
WIDE_EM, SIGN_EM = 0.79, 0.64
LEAST_SIGN = 36.0
AIR = 12.0


def paint_boxes(painter: Painter, room: QRectF, boxes: Sequence[str]) -> None:
    """Draw boxes from the left of `room`, as high as it is, narrower where they would not fit; the first empty one
    waits."""
    wide = min(WIDE_EM * room.height(), (room.width() + GAP) / max(1, len(boxes)) - GAP)
    waiting = next((place for place, sign in enumerate(boxes) if not sign), -1)
    for place, sign in enumerate(boxes):
        rect = QRectF(room.left() + place * (wide + GAP), room.top(), wide, room.height())
        waits = place == waiting
        painter.box(rect, 14, "surface", edge="primary" if waits else "edge", width=4 if waits else 1.5)
        if sign:
            px = fit_px(sign, wide - AIR, SIGN_EM * room.height(), bold=True, least=LEAST_SIGN)
            painter.words_in(sign, painter.look.font(px, bold=True), "ink", rect, Qt.AlignmentFlag.AlignHCenter)
