"""The one way to write a file: whole, for its owner alone where it must be, and never over the program's own."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from stat import S_IMODE, S_ISCHR, S_ISFIFO, S_ISREG
from typing import IO

from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.files.own import must_not_be_own

SHOWN_OF_NAME = 50
"""Signs of a file's name in that of its draft: with all of them the draft's could be longer than a disk takes."""
ANSWERS = 1
"""The stream on which a command answers: no file is written into it, or nobody could read the answer."""
STREAMS = (ANSWERS, 2)
_COPIED = 1_000_000


def write_file(path: Path, content: bytes, *, private: bool = False) -> None:
    """Write an output completely or not at all; a new file is readable by this user alone. Raises as whole_file()."""
    with whole_file(path, private=private) as file:
        file.write(content)


def write_own(path: Path, content: bytes) -> None:
    """Write a file that only this user may read, at a place that the program chose itself. Raises OutsideError
    "cannot_write"."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _replaced(path, private=True, pack=None) as file:
            file.write(content)
    except (OSError, ValueError) as error:
        raise OutsideError("cannot_write", path=str(path)) from error


@contextmanager
def whole_file(path: Path, *, private: bool, pack: str = "") -> Iterator[IO[bytes]]:
    """Open a new file that replaces `path` once it is complete. Only its owner can read it, but for one that takes the
    place of another, which keeps its rights unless it is `private`. `pack` is as in must_not_be_own(). Raises RuleError
    "own_file", "own_output" (path), OutsideError "cannot_write"."""
    try:
        must_not_be_own(path, pack=pack)
        stream = _stream(path)
        with _replaced(path, private=private, pack=pack) if stream is None else _streamed(stream) as file:
            yield file
    except (OSError, ValueError) as error:
        raise OutsideError("cannot_write", path=str(path)) from error


def write_beside(folder: Path, names: Iterable[str], content: bytes, part_name: str) -> Path:
    """Write a whole file under the first free one of `names` in `folder`, and return it; nothing is ever overwritten.

    Only its owner may read it. Raises OutsideError "cannot_write".
    """
    part = folder / part_name
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)
            _flush(file)
        for name in names:
            if _take_place(part, folder / name):
                return folder / name
    except OSError as error:
        raise OutsideError("cannot_write", path=str(folder)) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    raise OutsideError("cannot_write", path=str(folder))


@contextmanager
def _replaced(path: Path, *, private: bool, pack: str | None) -> Iterator[IO[bytes]]:
    """Give the draft of a file; `pack` is None where the program chose the place. Raises RuleError "own_file",
    OSError."""
    real = Path(os.path.realpath(path))  # A link goes on leading to its file.
    before = _status(real)
    handle, draft = tempfile.mkstemp(prefix=f".{real.name[:SHOWN_OF_NAME]}.", dir=real.parent)
    try:
        with os.fdopen(handle, "w+b") as file:
            yield file
            _flush(file)
        if not private and before is not None:
            Path(draft).chmod(S_IMODE(before.st_mode))
        if pack is not None and not _is_same(_status(real), before):
            must_not_be_own(real, pack=pack)  # Somebody put another file there meanwhile.
        if real.exists() and not real.is_file():
            raise FileExistsError(real)
        Path(draft).replace(real)
        draft = ""
    finally:
        if draft:
            with suppress(OSError):
                Path(draft).unlink()


@contextmanager
def _streamed(stream: int) -> Iterator[IO[bytes]]:
    """Give a file whose content goes to an open stream once it is whole. Raises OSError."""
    with os.fdopen(stream, "wb", buffering=0) as out, tempfile.TemporaryFile() as file:
        yield file
        file.seek(0)
        while part := memoryview(file.read(_COPIED)):
            while part:
                part = part[out.write(part) :]


def _stream(path: Path) -> int | None:
    """Return what stands at `path` opened for writing where it is a stream, None where a file may take the place.

    Raises OSError for what is neither, and for a pipe that nobody reads.
    """
    status = _status(path)
    if status is None:
        return None
    is_file = S_ISREG(status.st_mode)
    if not is_file or _is_named_stream(path):
        for number in STREAMS:
            with suppress(OSError):
                if not _is_same(os.fstat(number), status):
                    continue
                if number == ANSWERS and not _is_nothing(status):
                    raise RuleError("own_output", path=str(path))
                return os.dup(number)
    if is_file:
        return None
    if not (S_ISCHR(status.st_mode) or S_ISFIFO(status.st_mode)):
        raise FileExistsError(path)
    # Without waiting for a reader who may never come; then at the reader's pace.
    stream = os.open(path, os.O_WRONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0))
    os.set_blocking(stream, True)
    return stream


def _is_nothing(status: os.stat_result) -> bool:
    """Whether that is where everything is thrown away."""
    with suppress(OSError):
        return S_ISCHR(status.st_mode) and Path(os.devnull).stat().st_rdev == status.st_rdev
    return False


def _is_named_stream(path: Path) -> bool:
    """Whether a path is a way of naming what this process has open, such as /dev/stdout."""
    return path.absolute().parts[1:2] in (("dev",), ("proc",))


def _take_place(part: Path, target: Path) -> bool:
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


def _flush(file: IO[bytes]) -> None:
    file.flush()
    os.fsync(file.fileno())


def _status(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None


def _is_same(one: os.stat_result | None, other: os.stat_result | None) -> bool:
    if one is None or other is None:
        return one is other
    return (one.st_dev, one.st_ino) == (other.st_dev, other.st_ino)


# Makes files and folders that only their owner may read; on Windows a user's folders are private already.

_OTHERS = 0o077


def make_private(path: Path) -> None:
    """Make an empty file that only its owner may read, before anything is written into it. Raises OSError,
    FileExistsError."""
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def private_folder(path: Path) -> Path:
    """Return a folder that only its owner can look into, made with its parents if missing. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.mkdir(mode=0o700, exist_ok=True)
    keep_private(path)
    return path


def keep_private(path: Path) -> None:
    """Remove others' rights to a file or folder of this user; other users' files are left alone."""
    if os.name == "nt":
        return
    with suppress(OSError):
        status = path.stat()
        if status.st_mode & _OTHERS and status.st_uid == os.geteuid():
            path.chmod(S_IMODE(status.st_mode) & ~_OTHERS)


def is_private(path: Path) -> bool:
    """Whether only its owner may do anything with a file or folder; True if it does not exist."""
    if os.name == "nt":
        return True
    try:
        return not path.stat().st_mode & _OTHERS
    except OSError:
        return True
