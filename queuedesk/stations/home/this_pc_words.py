"""The words of the page about this PC."""

from __future__ import annotations

from queuedesk.core.talk.screen import Shown
from queuedesk.i18n import _
from queuedesk.i18n.talk.device_words import device_kind
from queuedesk.stations.home.reach import Better, is_enough


def station_word(station: str) -> str:
    """Return what a screen shows, "" being nothing of the hall."""
    return device_kind(station) if station else _("Nothing of the hall")


def layout_word(layout: str) -> str:
    """Return what a layout is called."""
    words = {
        "auto": _("By its shape", context="layout"),
        "standard": _("Calls and waiting", context="layout"),
        "calls": _("Calls only", context="layout"),
        "portrait": _("Upright", context="layout"),
        "zones": _("By zone", context="layout"),
        "order": _("Order list", context="layout"),
    }
    return words.get(layout, layout)


def screen_title(shown: Shown) -> str:
    """Return a screen's number, name and px, or that it is not connected."""
    one = shown.monitor
    if one is None:
        return _("Screen {screen} · not connected", screen=shown.screen)
    return _(
        "Screen {number} · {name} · {width} × {height}",
        number=one.number,
        name=one.name,
        width=one.width_px,
        height=one.height_px,
    )


def verdict(shown: Shown, found_m: float | None) -> tuple[str, bool]:
    """Return from how far a screen can be read, and whether that is too near."""
    spec = shown.spec
    if spec is None:
        return "", False
    if shown.monitor is None:
        return _("It opens by itself as soon as the screen is connected."), False
    if spec.station not in ("display", "plate"):
        return "", False
    if shown.size_mm is None:
        return _(
            "Please measure the screen from corner to corner: without that nobody knows how far it can be read."
        ), True
    if found_m is None:
        return "", False
    if is_enough(spec, found_m):
        return _("Can be read from {metres} m", metres=f"{found_m:.1f}"), False
    return (
        _(
            "At this size it can be read from {metres} m only, people are {distance} m away.",
            metres=f"{found_m:.1f}",
            distance=f"{spec.distance_m:g}",
        ),
        True,
    )


def offer_words(better: Better) -> str:
    """Return what would help, "" where nothing is known to."""
    if better.layout:
        return _("Change to: {layout}", layout=layout_word(better.layout))
    return _("A screen of {inches} inches would do.", inches=better.inches) if better.inches else ""


def opening_word(name: str) -> str:
    """Return what opens with the PC, by its name: "counter-3" is the counter of window 3."""
    station, _dash, place = name.partition("-")
    word = device_kind(station) if station else _("QueueDesk")
    return f"{word} {place}".strip()
