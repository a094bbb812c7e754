"""What a PC keeps of the shared hall it works in: the main PC's certificate, its own password, and the hall's address."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from queuedesk.app import config
from queuedesk.core.errors import OutsideError
from queuedesk.paths import passfile

_PINNED = "hall-{print}.pem"


def address(role: str, host: str, port: int, database: str, *, options: str = "", password: str = "") -> str:
    """Return a database's address; `options` are those of libpq, as they stand in one."""
    known = f"{role}:{quote(password, safe='')}" if password else role
    place = f"[{host}]" if ":" in host else host
    return f"postgresql://{known}@{place}:{port}/{quote(database)}" + (f"?{options}" if options else "")


def pinning(file: Path) -> str:
    """Return the options by which a server must show the certificate in `file`."""
    return f"sslmode=verify-ca&sslrootcert={quote(str(file))}"


def pinned_file(fingerprint: str) -> Path:
    """Return where the certificate with that fingerprint is kept."""
    return config.config_file().with_name(_PINNED.format(print=fingerprint[:8]))


def keep_file(path: Path, content: str) -> None:
    """Write a file that only this user may read, as a whole. Raises OutsideError "cannot_write"."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.touch(mode=0o600)
        draft.write_text(content, encoding="utf-8")
        draft.replace(path)
    except OSError as error:
        raise OutsideError("cannot_write", path=str(path)) from error
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


def keep_password(role: str, host: str, port: int, database: str, password: str) -> None:
    """Keep a credential's password where the database's driver looks for it, in place of any other for that database. Raises OutsideError "cannot_write"."""
    place = _place(host, port, database)
    kept = _lines_but(place)
    keep_file(passfile(), "".join(f"{line}\n" for line in [*kept, f"{place}:{_escaped(role)}:{_escaped(password)}"]))


def choose_hall(address: str, hall: str) -> None:
    """Let this PC work with the hall of that code at `address` from now on. Raises OutsideError "cannot_write"."""
    config.remember({"db": address, "hall": hall})


def forget_hall() -> str:
    """Let this PC work in no shared hall any more, and its password be gone; return the address, "" where there was none. Raises OutsideError "cannot_write"."""
    own = config.load().db
    if own:
        known = urlsplit(own)
        place = _place(known.hostname or "", known.port or 0, unquote(known.path[1:]))
        keep_file(passfile(), "".join(f"{line}\n" for line in _lines_but(place)))
        config.remember({"db": "", "hall": ""})
    return own


def _place(host: str, port: int, database: str) -> str:
    return ":".join(_escaped(part) for part in (host, str(port), database))


def _lines_but(place: str) -> list[str]:
    """Return the passwords that are kept for other databases."""
    try:
        lines = passfile().read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise OutsideError("cannot_write", path=str(passfile())) from error
    return [line for line in lines if not line.startswith(f"{place}:")]


def _escaped(part: str) -> str:
    """Return a field of the file as libpq reads it."""
    return part.replace("\\", "\\\\").replace(":", "\\:")
