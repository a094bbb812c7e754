"""The one way to read a file that a person gave or may have touched: within limits.

No device, no pipe and no file larger than its kind can be makes the program wait or takes its memory."""

from __future__ import annotations

import json
import os
import select
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from typing import IO, Any

from msgspec import Struct

from queuedesk.core.errors import OutsideError

MB = 1_000_000
LARGEST_TABLE = 50 * MB
"""A year of a large hall's tickets."""
LARGEST_UNPACKED = 400 * MB
"""What a workbook, which is packed, comes to."""
LARGEST_SETUP = 20 * MB
LARGEST_PICTURE = 30 * MB
LARGEST_SOUND = 50 * MB
LARGEST_OWN = 4 * MB
"""For what the program wrote itself: this PC's choices, notes, passwords."""
LARGEST_REPORT = 200 * MB
LARGEST_LINE = 8 * MB
"""For a line of a backup or an export: an event holds a whole set-up at most."""
MOST_ROWS, MOST_CELLS = 500_000, 10_000_000
DEEPEST = 64
"""What a set-up and an event nest is less than ten levels deep."""
PATIENCE_S, LONGEST_S = 5.0, 60.0
"""How long a pipe or a terminal may be silent, and how long it may take in all."""
_PART = 1_000_000
OPENED_TRIES, OPENED_PAUSE_S = 50, 0.02


def read_input_file(path: Path, most: int) -> bytes:
    """Return the content of `path`, a file or a pipe: at most `most` bytes. Raises OutsideError "no_such_file",
    "cannot_read", "too_large" (mb)."""
    try:
        content = _read_if_not_larger(path, most)
    except FileNotFoundError as error:
        raise OutsideError("no_such_file", path=str(path)) from error
    except (OSError, ValueError) as error:
        raise OutsideError("cannot_read", path=str(path)) from error
    if content is None:
        raise too_large_error(path, mb=most // MB)
    return content


def read_program_file(path: Path, most: int = LARGEST_OWN) -> bytes:
    """Return the content of one of the program's own files. Raises OSError, or ValueError if it is larger than
    possible."""
    content = _read_if_not_larger(path, most)
    if content is None:
        raise ValueError(path)
    return content


def parse_json_safely(content: bytes | str, *, decimals: Callable[[str], Any] = float) -> Any:
    """Return the value of a JSON text; `decimals` reads decimal fractions, and NaN and infinity. Raises ValueError,
    TooDeepError for a deeper nesting than anything of ours."""
    try:
        found = json.loads(content, parse_float=decimals, parse_constant=decimals)
    except RecursionError as error:
        raise TooDeepError(str(error)) from error
    if _is_nested_deeper_than(found, DEEPEST):
        raise TooDeepError
    return found


class TooDeepError(ValueError):
    """A JSON text is nested too deeply for the program."""


def lines_of_limited_length(file: IO[bytes]) -> Any:
    """Yield the lines of an open file. Raises ValueError for one that is longer than any of ours."""
    while line := file.readline(LARGEST_LINE + 1):
        if len(line) > LARGEST_LINE:
            raise ValueError(len(line))
        yield line


def require_regular_file(path: Path) -> None:
    """Check that `path` is a file, not a device, pipe or folder. Raises OutsideError "no_such_file", "cannot_read"."""
    try:
        if S_ISREG(path.stat().st_mode):
            return
    except FileNotFoundError as error:
        raise OutsideError("no_such_file", path=str(path)) from error
    except (OSError, ValueError) as error:
        raise OutsideError("cannot_read", path=str(path)) from error
    raise OutsideError("cannot_read", path=str(path))


def too_large_error(path: Path, **limit: int) -> OutsideError:
    """Return the refusal of an input past its limit: `mb`, `rows` or `levels`."""
    return OutsideError("too_large", path=str(path), **limit)


def _read_if_not_larger(path: Path, most: int) -> bytes | None:
    """Return the whole content, None where it is more than `most` bytes. Raises OSError, ValueError."""
    # A pipe is opened without waiting for somebody who may never write, a terminal without becoming this process's own.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)
    opened = _open_patiently(path, flags)
    with os.fdopen(opened, "rb") as file:
        status = os.fstat(opened)
        if S_ISDIR(status.st_mode):
            raise IsADirectoryError(path)
        if not S_ISREG(status.st_mode):
            return _read_stream(opened, most)
        if status.st_size > most:
            return None
        content = file.read(most + 1)  # It may grow while it is read.
        return content if len(content) <= most else None


def _open_patiently(path: Path, flags: int) -> int:
    """Open a file; on Windows it can't be opened in the moment in which it is replaced, which is tried for a second.
    Raises OSError."""
    for _left in range(OPENED_TRIES if sys.platform == "win32" and path.is_file() else 0):
        with suppress(PermissionError):
            return os.open(path, flags)
        time.sleep(OPENED_PAUSE_S)
    return os.open(path, flags)


def _read_stream(opened: int, most: int) -> bytes | None:
    """Return what comes out of a pipe or a device until its end. Raises TimeoutError where it is silent or does not
    end."""
    if sys.platform == "win32":  # It has no such files.
        raise FileExistsError
    content, end = bytearray(), time.monotonic() + LONGEST_S
    waiting = select.poll()
    waiting.register(opened, select.POLLIN)
    while len(content) <= most:
        if not waiting.poll(PATIENCE_S * 1000) or time.monotonic() > end:
            raise TimeoutError
        try:
            part = os.read(opened, _PART)
        except BlockingIOError:
            continue
        if not part:
            return bytes(content)
        content += part
    return None


def _is_nested_deeper_than(value: Any, levels: int) -> bool:
    """Whether lists and objects stand in one another more than `levels` deep; goes through them level by level."""
    level = [value]
    for _each in range(levels):
        level = [
            inner
            for one in level
            if isinstance(one, (list, dict))
            for inner in (one.values() if isinstance(one, dict) else one)
            if isinstance(inner, (list, dict))
        ]
        if not level:
            return False
    return True


# -- the hall's pictures and films -------------------------------------------------------------------------------------

PICTURES = frozenset({".png", ".jpg", ".jpeg", ".webp"})
FILMS = frozenset({".mp4", ".webm"})
PICTURE_S = 10.0
MOST_FILES = 200


class MediaFileVersion(Struct, frozen=True):
    """A picture or film as it is now; a file that was replaced is another one."""

    path: str
    changed_ns: int
    size: int

    @property
    def file_name(self) -> str:
        return Path(self.path).name

    @property
    def is_film(self) -> bool:
        return Path(self.path).suffix.lower() in FILMS


def is_folder(folder: str) -> bool:
    """Whether the folder is there; one on a server that is away is not."""
    try:
        return Path(folder).is_dir()
    except OSError:
        return False


def media_files_in_folder(folder: str) -> list[MediaFileVersion]:
    """Return the pictures and films in `folder` in order of name; none if there is no such folder."""
    found = []
    try:
        paths = sorted(Path(folder).iterdir(), key=lambda path: path.name.casefold())
    except OSError:
        return []
    for path in paths:
        if path.suffix.lower() not in PICTURES | FILMS or path.name.startswith("."):
            continue
        try:
            about = path.stat()
        except OSError:
            continue
        if S_ISREG(about.st_mode):
            found.append(MediaFileVersion(str(path), about.st_mtime_ns, about.st_size))
    return found[:MOST_FILES]


def has_leading_bytes(path: Path, mark: bytes) -> bool:
    """Whether a file begins with these bytes; what can't be read at all does not."""
    try:
        if not path.is_file():  # A pipe gives its first bytes once only.
            return False
        with path.open("rb") as file:
            return file.read(len(mark)) == mark
    except (OSError, ValueError):
        return False
