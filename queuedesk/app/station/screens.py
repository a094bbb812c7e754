"""The screens of this PC: which there are, which one a station fills, how large it is."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from zlib import crc32

from PySide6.QtCore import QRect
from PySide6.QtGui import QGuiApplication, QScreen

from queuedesk.app.this_pc.config import Config, config_file
from queuedesk.core.talk.screen import ScreenSpec, screen_size_mm
from queuedesk.files.reading import read_program_file

LIKELY_WIDTHS_MM = range(200, 3000)


def screens_left_to_right() -> list[QScreen]:
    """Return the PC's screens as people count them: from left to right, and those above each other from the top."""
    return sorted(QGuiApplication.screens(), key=_screen_left_and_top)


def screen_by_number_or_name(screen: str) -> QScreen | None:
    """Return the screen of that number or name, None where it is not there: switched off, or its cable is out."""
    there = screens_left_to_right()
    for n, one in enumerate(there, start=1):
        if screen == one.name() or screen == str(n):
            return one
    return None


def announce_screen_claim(screen: str, token: str) -> None:
    """Announce that the station with `token` fills a screen now, "" for none; the one before sees that and leaves."""
    _write_token_if_possible(_screen_marker_path(screen, "claim"), token)


def is_screen_claimed_by(screen: str, token: str) -> bool:
    """Whether the station with `token` is still the one that fills a screen."""
    return _has_token(_screen_marker_path(screen, "claim"), token)


def announce_station_in_front(screen: QScreen, token: str) -> None:
    """Announce that somebody has the station with `token` in front on a screen that several fill."""
    _write_token_if_possible(_screen_marker_path(screen.name(), "front"), token)


def is_station_in_front(screen: QScreen, token: str) -> bool:
    """Whether no other station came to the front of a screen since the one with `token` did."""
    return _has_token(_screen_marker_path(screen.name(), "front"), token)


def _write_token_if_possible(file: Path, token: str) -> None:
    with suppress(OSError):  # Where nothing can be written, stations stand above each other.
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(token, encoding="utf-8")


def _has_token(file: Path, token: str) -> bool:
    try:
        return read_program_file(file) == token.encode()
    except (OSError, ValueError):
        return True


def _screen_marker_path(screen: str, ending: str) -> Path:
    there = screen_by_number_or_name(screen)
    name = there.name() if there is not None else screen
    return config_file().with_name(f"screen-{crc32(name.encode()):08x}.{ending}")


def configured_screen_spec(config: Config, screen: str | None) -> ScreenSpec | None:
    """Return a screen's choices; without a screen the first one's, if the PC has only that."""
    if screen is not None:
        return next((one for one in config.screens if one.screen == screen), None)
    return config.screens[0] if len(config.screens) == 1 and config.screens[0].screen == "1" else None


def screen_size_pair_or_width_mm(config: Config, screen: str | None, *, guess: bool) -> tuple[float, float] | int:
    """Return the measured width and height in mm, else the width alone, 0 where nothing is known. With `guess` the
    screen's own information is used where it is plausible."""
    there = screen_by_number_or_name(screen) if screen is not None else QGuiApplication.primaryScreen()
    spec = configured_screen_spec(config, screen)
    if spec is not None and there is not None:
        pixels = there.geometry()
        measured = screen_size_mm(spec.size, pixels.width(), pixels.height())
        if measured is not None:
            return measured
    if screen is None and config.screen_mm:
        return config.screen_mm
    width_mm = round(there.physicalSize().width()) if there is not None and guess else 0
    return width_mm if width_mm in LIKELY_WIDTHS_MM else 0


def _screen_left_and_top(screen: QScreen) -> tuple[int, int]:
    at: QRect = screen.geometry()
    return at.x(), at.y()
