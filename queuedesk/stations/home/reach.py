"""Works out from how far a screen can be read, and what would help if that is not enough."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication

from queuedesk.core.features import feature_stations_by_name, import_reference
from queuedesk.core.setup.rows import Setup
from queuedesk.core.talk import display
from queuedesk.core.talk.screen import INCHES, Monitor, ScreenSpec, screen_size_mm
from queuedesk.stations.display.view import DisplayView, display_readability
from queuedesk.stations.window.style import HALL, Look, load_fonts

NEAR_ENOUGH_M = 0.05
"""What a person at a tape measure would call the same."""
USUAL_INCHES = (32, 43, 50, 55, 65, 75, 85, 98, 110)
WIDE_LAYOUTS, TALL_LAYOUTS = ("standard", "calls"), ("portrait", "calls")


class ReadabilityRemedy(Struct, frozen=True):
    """What would make a screen readable from its distance: a layout, or the least usual diagonal (0: none)."""

    layout: str = ""
    inches: int = 0


def reading_distance_m(
    spec: ScreenSpec, monitor: Monitor, screen_size_in_mm: tuple[float, float], setup: Setup | None = None
) -> float | None:
    """Return the distance from which its calls can be read, None for a station that is read at its counter. Without the
    hall's set-up, whose windows take room from the numbers, it is the layout's maximum."""
    added = feature_stations_by_name().get(spec.station)
    reach = added.reach if added is not None else ""
    if spec.station != "display" and not reach:
        return None
    load_fonts()  # a command has no window that did
    if reach:
        number_px, canvas = import_reference(reach)(spec.window, setup)
        mm_per_px = display.mm_per_px(screen_size_in_mm, monitor.width_px, monitor.height_px, canvas)
        return display.readable_distance_m(number_px, mm_per_px)
    if setup is not None:
        pixels = (monitor.width_px, monitor.height_px)
        return display_readability(
            setup, spec.layout, pixels, screen_size_in_mm, spec.distance_m, zone=spec.zone
        ).readable_m
    view = DisplayView(Look(HALL), spec.layout)
    size = QSize(monitor.width_px, monitor.height_px)
    view.resize(size)
    # A view that nobody sees is not told of its size by itself.
    QApplication.sendEvent(view, QResizeEvent(size, size))
    view.set_screen_size_and_distance(screen_size_in_mm, spec.distance_m)
    found = view.readable_m()
    view.deleteLater()
    return found


def is_readable_enough(spec: ScreenSpec, found_m: float | None) -> bool:
    return found_m is None or found_m >= spec.distance_m - NEAR_ENOUGH_M


def readability_remedy(
    spec: ScreenSpec, monitor: Monitor, screen_size_in_mm: tuple[float, float], setup: Setup | None = None
) -> ReadabilityRemedy:
    if spec.station == "display":
        for layout in TALL_LAYOUTS if monitor.height_px > monitor.width_px else WIDE_LAYOUTS:
            other = replace(spec, layout=layout)
            if layout != spec.layout and is_readable_enough(
                other, reading_distance_m(other, monitor, screen_size_in_mm, setup)
            ):
                return ReadabilityRemedy(layout=layout)
    for inches in USUAL_INCHES:
        larger = screen_size_mm(str(inches), monitor.width_px, monitor.height_px)
        if larger is None or larger[0] <= screen_size_in_mm[0] or inches > INCHES[1]:
            continue
        if is_readable_enough(spec, reading_distance_m(spec, monitor, larger, setup)):
            return ReadabilityRemedy(inches=inches)
    return ReadabilityRemedy()
