"""Says which files are the program's own and must never be replaced by an output.

A file is known by what it holds and by its inode, never by how its path is spelled.
"""

from __future__ import annotations

import json
import os
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from stat import S_ISREG

from queuedesk import paths
from queuedesk.core.errors import RuleError

APPLICATION_ID = 0x51446573
"""What SQLite keeps in the header of each of our files ("QDes")."""
MANIFEST = "manifest.json"
JOURNALS = ("-wal", "-shm", "-journal", "-told", "-told.before", "-sums")

_SQLITE = b"SQLite format 3\0"
_APPLICATION_AT = 68
_HEADER_BYTES = 100
_JOURNAL_MARKS = (
    b"\x37\x7f\x06\x82",  # a journal that is written ahead, in either order of bytes
    b"\x37\x7f\x06\x83",
    b"\x18\xe2\x2d\x00",  # the index of one, on little-endian machines and on others
    b"\x00\x2d\xe2\x18",
    b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7",  # a journal for going back
)
_ZIP = b"PK\x03\x04"
_MANIFEST_BYTES = 4096
_NO_PACK = (OSError, ValueError, KeyError, RuntimeError, EOFError, zlib.error)
_FORMAT = '"format": "'
_SERVER_MARK = "PG_VERSION"


_HELD: Counter[Path] = Counter()


def hold(path: Path) -> None:
    """Note that this process has the database at `path` open.

    Never open and close such a file just to look at it: the system would then drop SQLite's locks on it in this
    process.
    """
    _HELD[path] += 1


def let_go(path: Path) -> None:
    """Note that it is closed."""
    _HELD[path] -= 1
    if _HELD[path] <= 0:
        del _HELD[path]


def must_not_be_own(path: Path, *, pack: str = "") -> None:
    """Check that `path` may be overwritten with an output. A file of halls (a backup, an export) is replaced only by
    one of the same format, which `pack` names. Raises RuleError "own_file" (path), OSError."""
    if _is_own(path, pack):
        raise RuleError("own_file", path=str(path))


def must_suit_a_hall(path: Path) -> None:
    """Check that `path` may be replaced by a database: it is a hall, or no longer a hall.

    Raises RuleError "own_file" (path), OSError for what is no file.
    """
    if not path.exists():
        return
    if not path.is_file():
        raise FileExistsError(path)
    real = Path(os.path.realpath(path))
    if is_held(real):
        return
    if _format_of(real) or real.name.endswith(JOURNALS) or _is_setting(real):
        raise RuleError("own_file", path=str(path))


def is_hall(path: Path) -> bool:
    """Whether the file at `path`, which this process does not have open, is a database of halls, of any version. Raises
    OSError."""
    with path.open("rb") as file:
        return _is_hall_header(file.read(_HEADER_BYTES))


def _is_own(path: Path, pack: str) -> bool:
    real = Path(os.path.realpath(path))
    if _is_setting(real) or any(_is_server(folder) for folder in real.parents):
        return True
    if any(real.name.endswith(ending) and _is_hall_at(_without(real, ending)) for ending in JOURNALS):
        return True
    try:
        status = real.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    if is_held(real):
        return True
    if not S_ISREG(status.st_mode):
        return False
    if (status.st_dev, status.st_ino) in _identities(paths.config_folder()) or (
        real.suffix == ".lock" and not status.st_size
    ):
        return True
    try:
        with real.open("rb") as file:
            head = file.read(_HEADER_BYTES)
    except PermissionError:  # What this user may not even read is not replaced either.
        return True
    if _is_hall_header(head) or head.startswith(_JOURNAL_MARKS) or _is_same(real, paths.hall_file()):
        return True
    return head.startswith(_ZIP) and _format_of(real) not in ("", pack)


def _is_hall_header(head: bytes) -> bool:
    mark = APPLICATION_ID.to_bytes(4, "big")
    return head.startswith(_SQLITE) and head[_APPLICATION_AT : _APPLICATION_AT + 4] == mark


def _is_hall_at(path: Path) -> bool:
    with suppress(OSError):
        return is_held(path) or is_hall(path)
    return False


def is_held(path: Path) -> bool:
    """Whether a file is a database that this process has open, or a journal of one."""
    names = (hall.with_name(hall.name + ending) for hall in tuple(_HELD) for ending in ("", *JOURNALS))
    return any(_is_same(path, name) for name in names)


def _without(path: Path, ending: str) -> Path:
    return path.with_name(path.name.removesuffix(ending) or path.name)


def _is_setting(path: Path) -> bool:
    """Whether a file stands right in the folder of this PC's settings, which has no folders of its own.

    On Windows it is the folder of the data too: what stands in backups/ or reports/ there is an output like any other.
    """
    return Path(os.path.realpath(paths.config_folder())) == path.parent


def _is_server(folder: Path) -> bool:
    return folder.joinpath(_SERVER_MARK).is_file()


def _is_same(one: Path, other: Path) -> bool:
    with suppress(OSError):
        return one.samefile(other)
    return False


def _identities(folder: Path) -> Iterator[tuple[int, int]]:
    """Yield device and inode of each file right in a folder: another name of one of them is that file too."""
    with suppress(OSError):
        for path in folder.iterdir():
            with suppress(OSError):
                status = path.stat()
                yield status.st_dev, status.st_ino


def _format_of(path: Path) -> str:
    """Return the format of a file of halls, "" of any other ZIP."""
    import zipfile

    with suppress(*_NO_PACK, zipfile.BadZipFile):
        with zipfile.ZipFile(path) as pack, pack.open(MANIFEST) as manifest:
            said = manifest.read(_MANIFEST_BYTES).decode("utf-8", errors="replace")
        found = json.loads(f'"{said.split(_FORMAT, 1)[1].split(chr(34), 1)[0]}"') if _FORMAT in said else ""
        return found if found.startswith("queuedesk-") else ""
    return ""
