"""The one way to write a file: whole, for its owner alone where it must be, and never over the program's own; and a
file lock kept by the operating system: it is released however its holder ends.

A file of the program's own is known by what it holds and by its inode, never by how its path is spelled.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from stat import S_IMODE, S_ISCHR, S_ISDIR, S_ISFIFO, S_ISREG
from typing import IO, BinaryIO

from queuedesk import paths
from queuedesk.core.errors import OutsideError, RuleError

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


def note_database_open(path: Path) -> None:
    """Note that this process has the database at `path` open. Never open and close such a file just to look at it: the
    system would then drop SQLite's locks on it in this process."""
    _HELD[path] += 1


def note_database_closed(path: Path) -> None:
    _HELD[path] -= 1
    if _HELD[path] <= 0:
        del _HELD[path]


def require_overwritable_output(path: Path, *, pack: str = "") -> None:
    """Check that `path` may be overwritten with an output. A file of halls (a backup, an export) is replaced only by
    one of the same format, which `pack` names. Raises RuleError "own_file" (path), OSError."""
    if _is_program_file(path, pack):
        raise RuleError("own_file", path=str(path))


def require_replaceable_by_hall(path: Path) -> None:
    """Check that `path` may be replaced by a database: it is a hall, or no longer a hall. Raises RuleError "own_file"
    (path), OSError for what is no file."""
    if not path.exists():
        return
    if not path.is_file():
        raise FileExistsError(path)
    real = Path(os.path.realpath(path))
    if is_open_database_file(real):
        return
    if _hall_file_format(real) or real.name.endswith(JOURNALS) or _is_in_settings_folder(real):
        raise RuleError("own_file", path=str(path))


def is_hall_database(path: Path) -> bool:
    """Whether the file at `path`, which this process does not have open, is a database of halls, of any version. Raises
    OSError."""
    with path.open("rb") as file:
        return _is_hall_header(file.read(_HEADER_BYTES))


def _is_program_file(path: Path, pack: str) -> bool:
    real = Path(os.path.realpath(path))
    if _is_in_settings_folder(real) or any(folder.joinpath(_SERVER_MARK).is_file() for folder in real.parents):
        return True
    if any(real.name.endswith(ending) and _is_hall_at(_without_ending(real, ending)) for ending in JOURNALS):
        return True
    try:
        status = real.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    if not S_ISREG(status.st_mode):
        return False
    if is_open_database_file(real):
        return True
    if (status.st_dev, status.st_ino) in _file_identities(paths.config_folder()) or (
        real.suffix == ".lock" and not status.st_size
    ):
        return True
    try:
        with real.open("rb") as file:
            head = file.read(_HEADER_BYTES)
    except PermissionError:  # What this user may not even read is not replaced either.
        return True
    if _is_hall_header(head) or head.startswith(_JOURNAL_MARKS) or _is_same_file(real, paths.default_hall_file()):
        return True
    return head.startswith(_ZIP) and _hall_file_format(real) not in ("", pack)


def _is_hall_header(head: bytes) -> bool:
    mark = APPLICATION_ID.to_bytes(4, "big")
    return head.startswith(_SQLITE) and head[_APPLICATION_AT : _APPLICATION_AT + 4] == mark


def _is_hall_at(path: Path) -> bool:
    with suppress(OSError):
        return is_open_database_file(path) or is_hall_database(path)
    return False


def is_open_database_file(path: Path) -> bool:
    """Whether a file is a database that this process has open, or a journal of one."""
    names = (hall.with_name(hall.name + ending) for hall in tuple(_HELD) for ending in ("", *JOURNALS))
    return any(_is_same_file(path, name) for name in names)


def _without_ending(path: Path, ending: str) -> Path:
    return path.with_name(path.name.removesuffix(ending) or path.name)


def _is_in_settings_folder(path: Path) -> bool:
    """Whether a file stands right in the folder of this PC's settings, which has no folders of its own. On Windows it
    is the folder of the data too: what stands in backups/ or reports/ there is an output like any other."""
    return Path(os.path.realpath(paths.config_folder())) == path.parent


def _is_same_file(one: Path, other: Path) -> bool:
    with suppress(OSError):
        return one.samefile(other)
    return False


def _file_identities(folder: Path) -> Iterator[tuple[int, int]]:
    """Yield device and inode of each file right in a folder: another name of one of them is that file too."""
    with suppress(OSError):
        for path in folder.iterdir():
            with suppress(OSError):
                status = path.stat()
                yield status.st_dev, status.st_ino


def _hall_file_format(path: Path) -> str:
    """Return the format of a file of halls, "" of any other ZIP."""
    import zipfile

    with suppress(*_NO_PACK, zipfile.BadZipFile):
        with zipfile.ZipFile(path) as pack, pack.open(MANIFEST) as manifest:
            said = manifest.read(_MANIFEST_BYTES).decode("utf-8", errors="replace")
        found = json.loads(f'"{said.split(_FORMAT, 1)[1].split(chr(34), 1)[0]}"') if _FORMAT in said else ""
        return found if found.startswith("queuedesk-") else ""
    return ""


SHOWN_OF_NAME = 50
"""Signs of a file's name in that of its draft: with all of them the draft's could be longer than a disk takes."""
ANSWERS = 1
"""The stream on which a command answers: no file is written into it, or nobody could read the answer."""
STREAMS = (ANSWERS, 2)
_COPIED = 1_000_000
REPLACED_TRIES, REPLACED_PAUSE_S = 50, 0.02


def write_file(path: Path, content: bytes, *, private: bool = False) -> None:
    """Write an output completely or not at all; a new file is readable by this user alone. Raises as
    open_for_atomic_write()."""
    with open_for_atomic_write(path, private=private) as file:
        file.write(content)


def write_private_file(path: Path, content: bytes) -> None:
    """Write a file that only this user may read, at a place that the program chose itself. Raises OutsideError
    "cannot_write"."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _open_draft_for(path, private=True, pack=None) as file:
            file.write(content)
    except (OSError, ValueError) as error:
        raise OutsideError("cannot_write", path=str(path)) from error


@contextmanager
def open_for_atomic_write(path: Path, *, private: bool, pack: str = "") -> Iterator[IO[bytes]]:
    """Open a new file that replaces `path` once it is complete. Only its owner can read it, but for one that takes the
    place of another, which keeps its rights unless it is `private`. `pack` is as in require_overwritable_output().
    Raises RuleError "own_file", "own_output" (path), OutsideError "cannot_write"."""
    try:
        require_overwritable_output(path, pack=pack)
        stream = _open_if_stream(path)
        with (
            _open_draft_for(path, private=private, pack=pack)
            if stream is None
            else _open_draft_for_stream(stream) as file
        ):
            yield file
    except (OSError, ValueError) as error:
        raise OutsideError("cannot_write", path=str(path)) from error


def write_under_free_name(folder: Path, names: Iterable[str], content: bytes, part_name: str) -> Path:
    """Write a whole file under the first free one of `names` in `folder`, and return it; nothing is ever overwritten.
    Only its owner may read it. Raises OutsideError "cannot_write"."""
    part = folder / part_name
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)
            _flush_to_disk(file)
        for name in names:
            if _rename_if_free(part, folder / name):
                return folder / name
    except OSError as error:
        raise OutsideError("cannot_write", path=str(folder)) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    raise OutsideError("cannot_write", path=str(folder))


@contextmanager
def _open_draft_for(path: Path, *, private: bool, pack: str | None) -> Iterator[IO[bytes]]:
    """Give the draft of a file; `pack` is None where the program chose the place. Raises RuleError "own_file",
    OSError."""
    real = Path(os.path.realpath(path))  # A link goes on leading to its file.
    before = _stat_or_none(real)
    handle, draft = tempfile.mkstemp(prefix=f".{real.name[:SHOWN_OF_NAME]}.", dir=real.parent)
    try:
        with os.fdopen(handle, "w+b") as file:
            yield file
            _flush_to_disk(file)
        if not private and before is not None:
            Path(draft).chmod(S_IMODE(before.st_mode))
        if pack is not None and not _is_same_inode(_stat_or_none(real), before):
            require_overwritable_output(real, pack=pack)  # Somebody put another file there meanwhile.
        if real.exists() and not real.is_file():
            raise FileExistsError(real)
        replace_file(Path(draft), real)
        draft = ""
    finally:
        if draft:
            with suppress(OSError):
                Path(draft).unlink()


def replace_file(draft: Path, place: Path) -> None:
    """Put a file in the place of another. On Windows nobody may replace one that somebody reads at that moment, a
    virus scanner for one: it is tried for a second. Raises OSError."""
    for left in reversed(range(REPLACED_TRIES)):
        try:
            draft.replace(place)
            return
        except PermissionError:
            if os.name != "nt" or not left:
                raise
            time.sleep(REPLACED_PAUSE_S)


@contextmanager
def _open_draft_for_stream(stream: int) -> Iterator[IO[bytes]]:
    """Give a file whose content goes to an open stream once it is whole. Raises OSError."""
    with os.fdopen(stream, "wb", buffering=0) as out, tempfile.TemporaryFile() as file:
        yield file
        file.seek(0)
        while part := memoryview(file.read(_COPIED)):
            while part:
                part = part[out.write(part) :]


def _open_if_stream(path: Path) -> int | None:
    """Return what stands at `path` opened for writing where it is a stream, None where a file may take the place.
    Raises OSError for what is neither, and for a pipe that nobody reads."""
    status = _stat_or_none(path)
    if status is None:
        return None
    is_file = S_ISREG(status.st_mode)
    is_named_stream = path.absolute().parts[1:2] in (("dev",), ("proc",))  # such as /dev/stdout
    if os.name != "nt" and (not is_file or is_named_stream):  # Windows gives every stream the same numbers.
        for number in STREAMS:
            with suppress(OSError):
                if not _is_same_inode(os.fstat(number), status):
                    continue
                if number == ANSWERS and not _is_null_device(status):
                    raise RuleError("own_output", path=str(path))
                return os.dup(number)
    if is_file:
        return None
    if not (S_ISCHR(status.st_mode) or S_ISFIFO(status.st_mode)):
        raise FileExistsError(path)
    # Without waiting for a reader who may never come; then at the reader's pace.
    stream = os.open(path, os.O_WRONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0))
    if os.name != "nt":  # Its NUL and its ports never make a writer wait, and it can't set this.
        os.set_blocking(stream, True)
    return stream


def _is_null_device(status: os.stat_result) -> bool:
    """Whether that is where everything is thrown away."""
    with suppress(OSError):
        return S_ISCHR(status.st_mode) and Path(os.devnull).stat().st_rdev == status.st_rdev
    return False


def _rename_if_free(part: Path, target: Path) -> bool:
    """Give `part` its name unless that is taken; a link refuses it in the same moment, which not every disk has."""
    try:
        os.link(part, target)
    except FileExistsError:
        return False
    except OSError:
        if target.exists():
            return False
        part.rename(target)
    return True


def _flush_to_disk(file: IO[bytes]) -> None:
    file.flush()
    os.fsync(file.fileno())


def _stat_or_none(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None


def _is_same_inode(one: os.stat_result | None, other: os.stat_result | None) -> bool:
    if one is None or other is None:
        return one is other
    return (one.st_dev, one.st_ino) == (other.st_dev, other.st_ino)


# Makes files and folders that only their owner may read; on Windows a user's folders are private already.

_OTHERS = 0o077


def create_empty_private_file(path: Path) -> None:
    """Make an empty file that only its owner may read, before anything is written into it. Raises OSError,
    FileExistsError."""
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def ensure_private_folder(path: Path) -> Path:
    """Return a folder that only its owner can look into, made with its parents if missing. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.mkdir(mode=0o700, exist_ok=True)
    remove_others_rights(path)
    return path


def remove_others_rights(path: Path) -> None:
    """Remove others' rights to a file or folder of this user; other users' files are left alone."""
    if os.name == "nt":
        return
    with suppress(OSError):
        status = path.stat()
        if status.st_mode & _OTHERS and status.st_uid == os.geteuid():
            path.chmod(S_IMODE(status.st_mode) & ~_OTHERS)


def give_to_owner_of(place: Path, *made: Path) -> None:
    """Give what root has just made to the owner of the hall's file or folder `place`, who could not use it otherwise.
    A link is never followed: another user may have put it there."""
    if os.name == "nt" or os.geteuid() != 0:
        return
    with suppress(OSError):
        owner = place.stat()
        for path in made if owner.st_uid else ():
            _give_if_made_by_root(path, owner)


def _give_if_made_by_root(path: Path, owner: os.stat_result) -> None:
    with suppress(OSError):
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
        try:
            status = os.fstat(handle)
            if status.st_uid == 0 and (S_ISDIR(status.st_mode) or status.st_nlink == 1):
                os.fchown(handle, owner.st_uid, owner.st_gid)
        finally:
            os.close(handle)


def is_private(path: Path) -> bool:
    """Whether only its owner may do anything with a file or folder; True if it does not exist."""
    if os.name == "nt":
        return True
    try:
        return not path.stat().st_mode & _OTHERS
    except OSError:
        return True


if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


class FileLock:
    """The right to do something that only one process at a time may do. The file remains; only the lock on it
    counts."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: BinaryIO | None = None

    @property
    def is_held_by_this_object(self) -> bool:
        """Whether this very object holds the lock."""
        return self._file is not None

    def try_to_take(self) -> bool:
        """Take the lock without waiting; return whether this object holds it now. Raises OSError where the file can't
        be made."""
        if self._file is not None:
            return True
        self._path.parent.mkdir(parents=True, exist_ok=True)
        file = os.fdopen(os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab")
        give_to_owner_of(self._path.parent, self._path)
        try:
            _lock_file_or_raise(file.fileno())
        except OSError:
            file.close()
            return False
        self._file = file
        return True

    def is_taken(self) -> bool:
        """Whether some process holds the lock, or this object. Where the file can't be opened nobody does. Whoever asks
        is never taken for a holder, except on Windows for a moment: its lock knows no sharing."""
        if self._file is not None:
            return True
        try:
            descriptor = os.open(self._path, os.O_RDWR)
        except OSError:
            return False
        try:
            _lock_file_or_raise(descriptor, shared=True)
        except OSError:
            return True
        finally:
            os.close(descriptor)
        return False

    def release(self) -> None:
        """Release the lock."""
        if self._file is not None:
            self._file.close()
            self._file = None


def _lock_file_or_raise(descriptor: int, *, shared: bool = False) -> None:
    """Lock the file without waiting, `shared` with others that do so. Raises OSError when another process holds it."""
    if sys.platform == "win32":
        os.lseek(descriptor, 0, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    else:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
