"""The screens of a PC: the station on each, its size, and its name in the log."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from math import hypot
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict

from queuedesk.core import errors
from queuedesk.core.features import feature_stations_by_name
from queuedesk.core.imports import half_width_text

HALL_SCREENS = ("display", "plate", "line", "kiosk", "rating")
"""The stations for customers, which fill a screen; those that are installed: customer_stations()."""
OF_FEATURES = ("plate", "line", "kiosk")
"""Those of them that features add. Logs and this PC's settings name them, so they are here too."""
STAFF_STATIONS = ("guide", "counter", "manager")
"""Those of the core; all of them: staff_stations()."""
LAYOUTS = ("auto", "standard", "calls", "portrait", "zones", "order")
"""Layouts of a display; "auto" is portrait on an upright screen, else standard."""
AT_A_WINDOW = ("plate",)
OF_ITS_PLACE = ("display", "line")
MM_PER_INCH = 25.4
INCHES, WIDTHS_MM, DISTANCES_M = (5.0, 200.0), (100, 6000), (1.0, 50.0)
USUAL_DISTANCE_M = 10.0
LONGEST_TEXT = 40

OWN_SIGNS = str.maketrans(dict.fromkeys("#/@", " "))
"""For str.translate: the separators of a station's name from its number, hall and PC become spaces in names."""
_SIZE_PATTERN = re.compile(r"(\d+(?:\.\d+)?)\s*(mm|in|\"|″|寸|英寸|毫米|)", re.IGNORECASE)


def staff_stations() -> tuple[str, ...]:
    return (*STAFF_STATIONS, *(name for name, at in feature_stations_by_name().items() if not at.for_customers))


def customer_stations() -> tuple[str, ...]:
    """Return the stations for customers, without those of features that are not installed."""
    return tuple(name for name in HALL_SCREENS if name not in OF_FEATURES or name in feature_stations_by_name())


def all_stations() -> tuple[str, ...]:
    return (*staff_stations(), *customer_stations())


class ScreenSpec(Struct, frozen=True, kw_only=True):
    """The station on one screen of this PC. `screen` is its number from left to right or its name; `size` its diagonal
    in inches ("55") or its width ("1210mm"), "" if not measured; `distance_m` the distance from which it has to be
    readable."""

    screen: str
    station: str = "display"
    layout: str = "auto"
    zone: str = ""
    window: str = ""
    size: str = ""
    distance_m: float = USUAL_DISTANCE_M


class Monitor(Struct, frozen=True, kw_only=True):
    """A connected screen: number from left to right, name, px, and the width in mm that it reports (0: none)."""

    number: int
    name: str
    width_px: int
    height_px: int
    said_mm: int = 0

    def has_this_number_or_name(self, screen: str) -> bool:
        return screen in (str(self.number), self.name)


class ScreenState(Struct, frozen=True, kw_only=True):
    """One screen: its monitor (None: not connected), and its station (None: nothing of the hall). `size_mm` is
    its measured width and height, else the reported ones if plausible; None if unknown."""

    monitor: Monitor | None
    spec: ScreenSpec | None
    size_mm: tuple[float, float] | None = None

    @property
    def screen_number_or_name(self) -> str:
        """The number or name that commands take."""
        if self.spec is not None:
            return self.spec.screen
        return str(self.monitor.number) if self.monitor is not None else ""


RUNNING, AWAY, OPENING, CLOSED = "running", "away", "opening", "closed"


class RunningStation(Struct, frozen=True, kw_only=True):
    """A station opened on this PC, as it reports itself. `key` identifies it for bringing it to the front or closing
    it; `words` open it again. `who` was signed in last, `screen` is the number of its monitor, `missing` what it lacks
    while AWAY: its "screen" or its "hall". `since` is the start of its state; `fell`: closed, but by nobody."""

    key: str
    station: str
    window: str = ""
    words: tuple[str, ...] = ()
    state: str = RUNNING
    who: str = ""
    screen: str = ""
    is_full: bool = False
    missing: str = ""
    since: datetime | None = None
    fell: bool = False


KEYS = ScreenSpec.__struct_fields__


def parse_screen_row(row: Mapping[str, Any]) -> ScreenSpec:
    """Parse a row, with defaults for missing keys. Raises RuleError "bad_value"."""
    for key in row:
        if key not in KEYS:
            raise _bad_value("screen", key, "not_a_choice", KEYS)
    station = _checked_choice("station", row.get("station", "display"), HALL_SCREENS)
    spec = ScreenSpec(
        screen=_checked_text("screen", row.get("screen", "")),
        station=station,
        layout=_checked_choice("layout", row.get("layout") or "auto", LAYOUTS),
        zone=_checked_text("zone", row.get("zone") or ""),
        window=_checked_text("window", row.get("window") or ""),
        size=_checked_screen_size_text(row.get("size") or ""),
        distance_m=_parse_distance_m(row.get("distance_m", USUAL_DISTANCE_M)),
    )
    if not spec.screen:
        raise _bad_value("screen", "", "empty")
    if spec.station in AT_A_WINDOW and not spec.window:
        raise _bad_value("window", "", "empty")
    return spec


def screen_spec_row(spec: ScreenSpec) -> dict[str, Any]:
    return asdict(spec)


def screen_command_line(spec: ScreenSpec) -> list[str]:
    """Return the watched command line that fills this screen; the station reads the rest from this PC's settings."""
    words = [spec.station, "--screen", spec.screen, "--kept"]
    if spec.window and spec.station != "display":
        words += ["--window", spec.window]
    if spec.zone and spec.station in OF_ITS_PLACE:
        words += ["--zone", spec.zone]
    return words


def screen_size_mm(size: str, width_px: float, height_px: float) -> tuple[float, float] | None:
    """Return width and height of a screen with square px; None if it was not measured."""
    match = _SIZE_PATTERN.fullmatch(size)
    if match is None or width_px <= 0 or height_px <= 0:
        return None
    given = float(match[1])
    if match[2].lower() in ("mm", "毫米"):
        return given, given * height_px / width_px
    per_px = given * MM_PER_INCH / hypot(width_px, height_px)
    return per_px * width_px, per_px * height_px


def station_name(station: str, *, window: str | None = None, zone: str | None = None, screen: str | None = None) -> str:
    """Return a station's name in the log: "counter-3", "plate-3", "display", "display-2" of the second screen,
    "display-east"."""
    if window and station != "display":
        return f"{station}-{window}"
    place = screen or zone if station in OF_ITS_PLACE else None
    return f"{station}-{place.translate(OWN_SIGNS)}" if place else station


def station_name_at_pc(station: str, pc: str) -> str:
    """Return the name of a station at one of several PCs: "display@Hall 2"; unchanged where `pc` is ""."""
    name = " ".join(pc.translate(OWN_SIGNS).split())
    return f"{station}@{name}" if name else station


def split_station_and_pc(station: str) -> tuple[str, str]:
    """Split a station's name from its PC's, "" if none: "display@Hall 2#2" gives "display#2", "Hall 2"."""
    name, _at, rest = station.partition("@")
    pc, sign, n = rest.partition("#")
    return f"{name}{sign}{n}", pc


def is_name_of_station(named: str, station: str) -> bool:
    """Whether a station's name given by a person fits this one; without a PC's name it fits on every PC."""
    return named in (station, split_station_and_pc(station)[0])


def _checked_text(field: str, value: object) -> str:
    text = half_width_text(str(value)).strip()
    if len(text) > LONGEST_TEXT:
        raise _bad_value(field, text, "too_long")
    return text


def _checked_choice(field: str, value: object, choices: tuple[str, ...]) -> str:
    if value not in choices:
        raise _bad_value(field, value, "not_a_choice", choices)
    return str(value)


def _checked_screen_size_text(value: object) -> str:
    """Read "55", "55 in", "1210 mm": inches of the diagonal, or millimetres of the width."""
    text = half_width_text(str(value)).strip()
    if not text:
        return ""
    match = _SIZE_PATTERN.fullmatch(text)
    if match is None:
        raise _bad_value("size", value, "not_a_number")
    given, is_mm = float(match[1]), match[2].lower() in ("mm", "毫米")
    least, most = WIDTHS_MM if is_mm else INCHES
    if not least <= given <= most:
        raise _bad_value("size", value, "out_of_range", f"{least:g}–{most:g}")
    return f"{given:g}mm" if is_mm else f"{given:g}"


def _parse_distance_m(value: object) -> float:
    text = half_width_text(str(value)).strip().lower().removesuffix("m").removesuffix("米").strip()
    try:
        distance_m = float(text)
    except ValueError:
        raise _bad_value("distance_m", value, "not_a_number") from None
    least, most = DISTANCES_M
    if not least <= distance_m <= most:
        raise _bad_value("distance_m", value, "out_of_range", f"{least:g}–{most:g}")
    return distance_m


def _bad_value(field: str, value: object, why: str, limit: object = None) -> errors.RuleError:
    limits = {} if limit is None else {"limit": list(limit) if isinstance(limit, tuple) else limit}
    return errors.RuleError("bad_value", field=field, value=value, why=why, **limits)
