"""What differs from a PC's file on this PC, and setting the PC up from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from msgspec import Struct

from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.network.sharing import may_open_station
from queuedesk.core.talk.screen import ScreenSpec, screen_spec_row
from queuedesk.desk import looking, network
from queuedesk.features.rollout.rules import (
    ADDRESS,
    AT_LOGIN,
    ENDING,
    LANGUAGE,
    PRINTER,
    SCREENS,
    STATION,
    WINDOW,
    PcDifference,
    PcFile,
    parse_pc_file,
    pc_file_text,
)
from queuedesk.files.reading import MB, read_input_file, read_program_file
from queuedesk.files.writing import write_file, write_private_file
from queuedesk.store.engine.database import Database

if TYPE_CHECKING:
    from queuedesk.core.network.sharing import PcKind
    from queuedesk.core.setup.rows import Setup

STORED = f"this-pc{ENDING}"
"""The file in the folder of this PC's settings that holds what the PC was set up from last."""
LARGEST = MB


class Choices(Protocol):
    """This PC's own choices, as in app/this_pc/config.py."""

    def config_file(self) -> Path: ...
    def load_config(self) -> Any: ...
    def update_config(self, choices: Mapping[str, object]) -> object: ...


class Settings(Protocol):
    """This PC's screens, and what opens at log-in."""

    def change_screen_choices(self, screen: str, changes: Mapping[str, Any]) -> object: ...
    def stop_using_screen(self, screen: str) -> None: ...
    def open_at_start(self, name: str, words: Sequence[str] | None) -> None: ...
    def autostart_names(self) -> list[str]: ...


class Printers(Protocol):
    """This PC's printers."""

    def require_known_printer(self, choice: str) -> None: ...
    def stored_printer_choice(self) -> str: ...
    def choose_printer(self, printer: str) -> None: ...


class JoiningService(Protocol):
    """How this PC joins a shared hall, or follows it to another address."""

    def join(self, address: str, code: str, *, name: str | None = None) -> object: ...
    def rejoin_hall(self, address: str) -> object: ...


class ThisPc(Struct, frozen=True):
    """What a file can change. `joined_at` are the addresses of the main PC that this PC has joined, [] where they are
    not known, None where it has joined none; `hall` gives the place and the code of its hall."""

    choices: Choices
    settings: Settings
    printers: Printers
    joining: Callable[[], JoiningService]
    joined_at: Callable[[], list[str] | None]
    hall: Callable[[], tuple[Path | str, str | None]]


# -- the file ----------------------------------------------------------------------------------------------------------


def read_pc_file(path: Path, printers: Printers, *, name: str = "", window: str = "") -> PcFile:
    """Return what a file says of a PC, with another name or window where one is given. Raises OutsideError as
    read_input_file(), RuleError "pc_file_faults" with every fault."""
    content = read_input_file(path, LARGEST)
    return parse_pc_file(content, str(path), printers.require_known_printer, name=name, window=window)


def write_pc_file(path: Path, file: PcFile) -> None:
    """Write a file for other PCs. Raises RuleError "own_file", OutsideError "cannot_write"."""
    write_file(path, pc_file_text(file).encode())


def stored_pc_file(pc: ThisPc) -> PcFile | None:
    """Return what this PC was set up from last, None for nothing. Raises OutsideError "cannot_read", RuleError
    "pc_file_faults"."""
    path = _stored_path(pc)
    try:
        content = read_program_file(path, LARGEST)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise OutsideError("cannot_read", path=str(path)) from error
    return parse_pc_file(content, str(path), None)


def _stored_path(pc: ThisPc) -> Path:
    return pc.choices.config_file().with_name(STORED)


# -- this PC -----------------------------------------------------------------------------------------------------------


def needs_joining(file: PcFile, pc: ThisPc) -> bool:
    """Whether this PC works with another main PC than the file's. Of a hall whose server is no main PC's nothing can be
    told: it counts as the file's."""
    joined = pc.joined_at()
    return bool(file.address) and (joined is None or (joined != [] and file.address not in joined))


def differences(file: PcFile, pc: ThisPc) -> list[PcDifference]:
    """Return what is otherwise on this PC, in the order of the file's keys. The name counts only while joining: the
    hall may have added a number to it."""
    found = []
    kept = pc.choices.load_config()
    if needs_joining(file, pc):
        found.append(PcDifference(key=ADDRESS, now=", ".join(pc.joined_at() or []), wanted=file.address))
    for key, now in (
        (LANGUAGE, kept.language),
        (PRINTER, pc.printers.stored_printer_choice()),
        (STATION, kept.station),
        (WINDOW, kept.window),
    ):
        wanted = getattr(file, key)
        if wanted and wanted != now:
            found.append(PcDifference(key=key, now=now, wanted=wanted))
    if file.screens is not None:
        found += _differences_of_screens(kept.screens, file.screens)
    if file.open_at_login is not None:
        now, wanted = sorted(pc.settings.autostart_names()), sorted(_wanted_at_login(file))
        if now != wanted:
            found.append(PcDifference(key=AT_LOGIN, now=", ".join(now), wanted=", ".join(wanted)))
    return found


def _differences_of_screens(now: tuple[ScreenSpec, ...], wanted: tuple[ScreenSpec, ...]) -> Iterator[PcDifference]:
    had, want = ({spec.screen: spec for spec in specs} for specs in (now, wanted))
    for screen in dict.fromkeys((*want, *had)):
        if had.get(screen) != want.get(screen):
            yield PcDifference(
                key=f"{SCREENS} {screen}", now=_screen_text(had.get(screen)), wanted=_screen_text(want.get(screen))
            )


def _screen_text(spec: ScreenSpec | None) -> str:
    if spec is None:
        return ""
    is_read_from_afar = spec.station in ("display", "plate")
    layout = spec.layout if spec.station == "display" and spec.layout != "auto" else ""
    size = f"{spec.size}″" if spec.size.isdecimal() else spec.size
    far = f"{spec.distance_m:g} m" if is_read_from_afar else ""
    return " · ".join(filter(None, (f"{spec.station} {spec.window}".strip(), spec.zone, layout, size, far)))


def _wanted_at_login(file: PcFile) -> dict[str, list[str]]:
    return file.opens if file.open_at_login else {}


def set_up_pc(file: PcFile, pc: ThisPc, code: str = "") -> list[PcDifference]:
    """Set this PC up as the file says, and return what was changed. A PC that has not joined the file's hall needs a
    join code; one that has only moves to another address. What the hall refuses changes nothing but that the PC has
    joined by then.

    Raises RuleError "code_needed", "pc_file_window_unknown", "pc_file_not_here" and as joining, OutsideError
    "cannot_write", "cannot_read" and as Database.open does."""
    found = differences(file, pc)
    if needs_joining(file, pc):
        if code:
            pc.joining().join(file.address, code, name=file.name or None)
        elif pc.joined_at() is None:
            raise RuleError("code_needed")
        else:
            pc.joining().rejoin_hall(file.address)
    if found:
        require_fit_in_hall(file, pc)
    _store(file, pc)
    choices: dict[str, object] = {key: getattr(file, key) for key in (LANGUAGE, STATION, WINDOW) if getattr(file, key)}
    if file.open_at_login is not None:
        choices["open_at_start"] = file.open_at_login
    if any(one.key in (*choices, AT_LOGIN) for one in found):
        pc.choices.update_config(choices)
    changed = {one.key for one in found}
    if PRINTER in changed:
        pc.printers.choose_printer(file.printer)
    for screen in [key.partition(" ")[2] for key in changed if key.startswith(f"{SCREENS} ")]:
        spec = next((spec for spec in file.screens or () if spec.screen == screen), None)
        if spec is None:
            pc.settings.stop_using_screen(screen)
        else:
            pc.settings.change_screen_choices(screen, screen_spec_row(spec))
    if AT_LOGIN in changed:
        wanted = _wanted_at_login(file)
        for name in {*pc.settings.autostart_names()} - wanted.keys():
            pc.settings.open_at_start(name, None)
        for name, words in wanted.items():
            pc.settings.open_at_start(name, words)
    return found


def _store(file: PcFile, pc: ThisPc) -> None:
    """Keep what this PC is set up from, before the first change: what one that fails leaves undone is told by it."""
    path, content = _stored_path(pc), pc_file_text(file).encode()
    try:
        if read_program_file(path, LARGEST) == content:
            return
    except (OSError, ValueError):
        pass
    write_private_file(path, content)


def require_fit_in_hall(file: PcFile, pc: ThisPc) -> None:
    """Check windows and stations against the hall of this PC; without a hall there is nothing to check. Raises
    RuleError "pc_file_window_unknown", "pc_file_not_here", OutsideError as Database.open does."""
    hall = _hall_of(pc)
    if hall is None:
        return
    setup, kind = hall
    for station, window in ((file.station, file.window), *((one.station, one.window) for one in file.screens or ())):
        if window and window not in setup.windows:
            raise RuleError("pc_file_window_unknown", window=window, known=list(setup.windows))
        if station and not may_open_station(kind, station):
            raise RuleError("pc_file_not_here", station=station)


def _hall_of(pc: ThisPc) -> tuple[Setup, PcKind | None] | None:
    place, code = pc.hall()
    if isinstance(place, Path) and not place.exists():
        return None
    db = Database.open(place)
    try:
        desk, setup = looking.open_desk_and_setup(db, code)
        return setup, network.own_pc_kind(desk)
    finally:
        db.dispose()
