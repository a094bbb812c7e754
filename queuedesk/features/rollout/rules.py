"""The file by which a PC is set up: reading and writing it, with every fault.

A station for staff and the screens for customers, the printer, the language, the main PC's address and what opens at
log-in. A join code never stands in it: it is good for ten minutes and one PC."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any

from msgspec import Struct

from queuedesk.core.errors import OutsideError, QueueDeskError, RuleError
from queuedesk.core.network.sharing import format_address, normalized_pc_name, parse_host_and_port
from queuedesk.core.setup.field_kinds import require_field_code
from queuedesk.core.setup.hall import LANGUAGES
from queuedesk.core.talk.screen import KEYS, ScreenSpec, parse_screen_row, screen_spec_row, staff_stations

ADDRESS, NAME, LANGUAGE, PRINTER = "address", "name", "language", "printer"
STATION, WINDOW, AT_LOGIN, SCREENS = "station", "window", "open_at_login", "screens"
TEXTS = (ADDRESS, NAME, LANGUAGE, PRINTER, STATION, WINDOW)
PC_KEYS = (*TEXTS, AT_LOGIN, SCREENS)
CODE_KEYS = ("code", "join_code", "pin", "password")
"""Keys that somebody may try, and whose values belong in no file."""
AT_A_WINDOW = ("counter", "plate", "line", "rating")
"""Stations and screens of one window: the file's, where a screen names none."""
ENDING = ".toml"
LONGEST_LINE = 1000
"""Of a key with many dots Python's reader would make hours."""
_LINE = re.compile(r"\(at line (\d+),")
_HEADER = "# QueueDesk: what a PC is for. The join code is typed at the PC."


class PcFile(Struct, frozen=True, kw_only=True):
    """What a file says of a PC. Empty texts and None: it says nothing of it. `address` has its port, `screens` are all
    that this PC uses."""

    address: str = ""
    name: str = ""
    language: str = ""
    printer: str = ""
    station: str = ""
    window: str = ""
    open_at_login: bool | None = None
    screens: tuple[ScreenSpec, ...] | None = None

    @property
    def login_commands(self) -> dict[str, list[str]]:
        """What opens at log-in, by its name there, as command lines."""
        found = {}
        if self.station:
            name = f"{self.station}-{self.window}" if self.window else self.station
            found[name] = [self.station, *(["--window", self.window] if self.window else [])]
        if self.screens:
            found[SCREENS] = [SCREENS]
        return found


class BadLine:
    """What is wrong with a line of a file: a key of BAD_LINES, with its details."""

    def __init__(self, why: str, **details: object) -> None:
        self.why, self.details = why, details


class FileFault(Struct, frozen=True, kw_only=True):
    """What is wrong in a file: the line, 0 where none is known, the key, "" for none, and why."""

    line: int
    key: str
    error: BadLine | QueueDeskError


class PcDifference(Struct, frozen=True, kw_only=True):
    """A key of the file with what this PC has instead, "" for nothing."""

    key: str
    now: str
    wanted: str


def parse_pc_file(
    content: bytes, path: str, check_printer: Callable[[str], None] | None, *, name: str = "", window: str = ""
) -> PcFile:
    """Return what a file says of a PC, with another name or window where one is given. Raises OutsideError
    "wrong_kind", RuleError "pc_file_faults" with every fault; `check_printer` raises RuleError for none."""
    faults: list[FileFault] = []
    try:
        text = content.decode("utf-8-sig")
        for number, written in enumerate(text.splitlines(), start=1):
            if len(written) > LONGEST_LINE:
                raise ValueError(f"too long (at line {number}, column {LONGEST_LINE})")
        document = tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise OutsideError("wrong_kind", path=path) from error
    except (ValueError, RecursionError) as error:
        said = _LINE.search(str(error))
        fault = FileFault(line=int(said[1]) if said else text.count("\n") + 1, key="", error=BadLine("form"))
        raise RuleError("pc_file_faults", path=path, faults=[fault]) from error
    lines = _line_number_by_key(text)
    values = {**document, **({NAME: name} if name else {}), **({WINDOW: window} if window else {})}
    for key, refusal in _pc_file_faults(values, check_printer):
        line = lines.get(key) or lines.get(" ".join(key.split()[:2]), 0)  # of a screen that lacks the key
        faults.append(FileFault(line=line, key=key, error=refusal))
    if faults:
        raise RuleError("pc_file_faults", path=path, faults=sorted(faults, key=lambda fault: fault.line))
    screens = values.get(SCREENS)
    address = values.get(ADDRESS)
    return PcFile(
        **{key: value for key, value in values.items() if key not in (ADDRESS, SCREENS)},
        address=format_address(*parse_host_and_port(address)) if address else "",
        screens=tuple(_screen_spec(row, values.get(WINDOW)) for row in screens) if screens is not None else None,
    )


def _line_number_by_key(text: str) -> dict[str, int]:
    """Return the line of each key, of those of the second screen as "screens 2 layout"."""
    found: dict[str, int] = {}
    part, screens = "", 0
    for number, line in enumerate(text.splitlines(), start=1):
        head = re.match(r"\s*\[+\s*([\w-]+)", line)
        key = re.match(r"""\s*["']?([\w-]+)["']?\s*[=.]""", line)
        if head:
            screens += head[1] == SCREENS
            part = f"{SCREENS} {screens} " if head[1] == SCREENS else f"{head[1]} "
            found.setdefault(part.strip(), number)
            found.setdefault(head[1], number)
        elif key:
            found.setdefault(f"{part}{key[1]}", number)
    return found


def _pc_file_faults(
    values: Mapping[str, Any], check_printer: Callable[[str], None] | None
) -> Iterator[tuple[str, BadLine | QueueDeskError]]:
    """Yield each key with what is wrong with it."""
    for key, value in values.items():
        if key in CODE_KEYS:
            yield key, BadLine("secret")
        elif key not in PC_KEYS:
            yield key, BadLine("unknown_key", known=list(PC_KEYS))
        elif key in TEXTS and (not isinstance(value, str) or not value.strip() or not value.isprintable()):
            yield key, BadLine("text")
        elif key == AT_LOGIN and not isinstance(value, bool):
            yield key, BadLine("yes_no")
        else:
            yield from _faults_of_value(key, value, values, check_printer)


def _faults_of_value(
    key: str, value: Any, values: Mapping[str, Any], check_printer: Callable[[str], None] | None
) -> Iterator[tuple[str, BadLine | QueueDeskError]]:
    if key == ADDRESS:
        yield from _fault_if_refused(key, lambda: parse_host_and_port(value))
    elif key == NAME and normalized_pc_name(value) != value:
        yield key, BadLine("name", name=normalized_pc_name(value))
    elif key == LANGUAGE and value not in LANGUAGES:
        yield key, BadLine("choice", known=list(LANGUAGES))
    elif key == PRINTER and check_printer is not None:
        yield from _fault_if_refused(key, lambda: check_printer(value))
    elif key == STATION and value not in staff_stations():
        yield key, BadLine("choice", known=list(staff_stations()))
    elif key == WINDOW and not {*_stations_named(values)} & {*AT_A_WINDOW}:
        yield key, BadLine("window", known=list(AT_A_WINDOW))
    elif key == WINDOW:  # What opens at log-in is a file with this name, also where no hall says what is a window.
        yield from _fault_if_refused(key, lambda: require_field_code(key, value))
    elif key == AT_LOGIN and value and not values.get(STATION) and not values.get(SCREENS):
        yield key, BadLine("opens_nothing")
    elif key == SCREENS:
        yield from _faults_of_screens(value, values.get(WINDOW))


def _stations_named(values: Mapping[str, Any]) -> Iterator[object]:
    yield str(values.get(STATION))
    rows = values.get(SCREENS)
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, dict):
            yield str(row.get(STATION, "display"))


def _faults_of_screens(rows: Any, window: Any) -> Iterator[tuple[str, BadLine | QueueDeskError]]:
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        yield SCREENS, BadLine("screens")
        return
    seen = set()
    for number, row in enumerate(rows, start=1):
        place = f"{SCREENS} {number}"
        strange = [key for key in row if key not in KEYS]
        for key in strange:
            yield f"{place} {key}", BadLine("unknown_key", known=list(KEYS))
        if not all(map(_is_text_or_number, row.values())):
            yield place, BadLine("screens")
        elif not strange:
            try:
                spec = _screen_spec(row, window)
            except RuleError as refusal:
                yield f"{place} {refusal.details.get('field', '')}".strip(), refusal
                continue
            if spec.screen in seen:
                yield place, BadLine("screen_twice", screen=spec.screen)
            seen.add(spec.screen)


def _is_text_or_number(value: object) -> bool:
    if isinstance(value, str):
        return value.isprintable()
    return isinstance(value, int | float) and not isinstance(value, bool)


def _screen_spec(row: Mapping[str, Any], window: Any) -> ScreenSpec:
    own = {WINDOW: window} if isinstance(window, str) and row.get(STATION) in AT_A_WINDOW else {}
    return parse_screen_row({**own, **row})


def _fault_if_refused(key: str, check: Callable[[], object]) -> Iterator[tuple[str, BadLine | QueueDeskError]]:
    try:
        check()
    except QueueDeskError as refusal:
        yield key, refusal


def pc_file_text(file: PcFile) -> str:
    """Return a file in the form in which it is read."""
    lines = [_HEADER]
    for key in TEXTS:
        if value := getattr(file, key):
            lines.append(f"{key} = {_quoted(value)}")
    if file.open_at_login is not None:
        lines.append(f"{AT_LOGIN} = {str(file.open_at_login).lower()}")
    if file.screens == ():
        lines.append(f"{SCREENS} = []")
    for spec in file.screens or ():
        lines += ["", f"[[{SCREENS}]]"]
        plain = ScreenSpec(screen="")
        for key, value in screen_spec_row(spec).items():
            if key == STATION or value != getattr(plain, key):
                lines.append(f"{key} = {_quoted(value) if isinstance(value, str) else value}")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


# -- a server for the hall ---------------------------------------------------------------------------------------------

CLOCKS_APART = timedelta(minutes=2)
"""Clocks of a server and this PC that differ by more are spoken of."""


class HostState(Struct, frozen=True, kw_only=True):
    """One of the servers of an address: `leads`, stands by, or `trouble`."""

    address: str
    leads: bool = False
    trouble: QueueDeskError | None = None


class ServerCheck(Struct, frozen=True, kw_only=True):
    """What a server is like. `url` is its owner's address with password, for sharing there: where all servers encrypt
    it insists on that. `trouble` keeps the hall from being shared there. `halls` are the codes of others there;
    `ahead` says by how much the server's clock is ahead of this PC's."""

    url: str
    hosts: tuple[HostState, ...]
    version: int = 0
    is_encrypted: bool = False
    is_own_pc: bool = False
    ahead: timedelta = timedelta()
    halls: tuple[str, ...] = ()
    has_earlier_copy: bool = False
    trouble: QueueDeskError | None = None
