"""How large the kiosk's keys and letters are on its real screen, and how much larger they must be drawn on a small
one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import pi

from queuedesk.stations.kiosk.keys import LEAST_PX

FINGER_MM = 15.0
READ_AT_MM = 600
# Of EN 301 549, 5.1.4: a capital is seen under at least 0.7 degrees.
CAPITAL_MM = 0.7 * pi * READ_AT_MM / 180
# Inter's capitals, as a share of the font's size.
CAPITAL_EM = 0.7275
LEAST_KEY_PX = 76.0
# What the pages can take: beyond it they would no longer hold their words.
MOST = 1.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What a screen gives: the least key and the least capital in mm, and from how far that capital can be read."""

    key_mm: float
    capital_mm: float
    read_at_mm: int

    @property
    def is_enough(self) -> bool:
        """Whether a finger hits every key and letters can be read where people stand."""
        return self.key_mm >= FINGER_MM - 0.05 and self.capital_mm >= CAPITAL_MM - 0.05


def screen_width_mm(measured: object) -> float:
    """Return the width of what was measured: one width, or width and height; 0 for nothing."""
    if isinstance(measured, Sequence) and not isinstance(measured, str):
        measured = measured[0] if measured else 0
    return float(measured) if isinstance(measured, (int, float)) else 0.0


def growth(mm_per_px: float) -> float:
    """Return how many times larger everything is drawn where a px of the usual canvas is that many mm, 0 for not
    known."""
    if mm_per_px <= 0:
        return 1.0
    wanted = max(CAPITAL_MM / (LEAST_PX * CAPITAL_EM * mm_per_px), FINGER_MM / (LEAST_KEY_PX * mm_per_px))
    return min(MOST, max(1.0, wanted))


def reach(mm_per_px: float) -> Reach:
    """Return what a canvas px of that many mm, growth included, gives."""
    capital = LEAST_PX * CAPITAL_EM * mm_per_px
    return Reach(
        key_mm=LEAST_KEY_PX * mm_per_px, capital_mm=capital, read_at_mm=round(capital / CAPITAL_MM * READ_AT_MM)
    )
