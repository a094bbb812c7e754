"""What a PC keeps of its shared hall: the main PC's certificate, its own password, and the hall's address."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from queuedesk.app.this_pc import config
from queuedesk.core.errors import OutsideError
from queuedesk.files.reading import read_program_file
from queuedesk.files.writing import write_private_file
from queuedesk.paths import passfile

_PINNED = "hall-{print}.pem"
_ESCAPED = re.compile(r"\\(.)")


def database_url(role: str, host: str, port: int, database: str, *, options: str = "", password: str = "") -> str:
    """Return a database's address; `options` are options of libpq."""
    known = f"{role}:{quote(password, safe='')}" if password else role
    place = f"[{host}]" if ":" in host else host
    return f"postgresql://{known}@{place}:{port}/{quote(database)}" + (f"?{options}" if options else "")


def libpq_certificate_options(file: Path) -> str:
    """Return the options that make libpq accept only the certificate in `file`."""
    return f"sslmode=verify-ca&sslrootcert={quote(str(file))}"


def pinned_certificate_path(fingerprint: str) -> Path:
    return config.config_file().with_name(_PINNED.format(print=fingerprint[:8]))


def store_database_password(role: str, host: str, port: int, database: str, password: str) -> None:
    """Store a credential's password where the database's driver looks for it, replacing any other for that database.
    Raises OutsideError "cannot_write"."""
    place = _passfile_line_prefix(host, port, database)
    kept = _passfile_lines_except(place)
    write_private_file(
        passfile(),
        "".join(
            f"{line}\n"
            for line in [*kept, f"{place}:{_escape_passfile_field(role)}:{_escape_passfile_field(password)}"]
        ).encode(),
    )


def stored_database_password(role: str, host: str, port: int, database: str) -> str | None:
    """Return the stored password of a credential, None if there is none. Raises OutsideError "cannot_read"."""
    before = f"{_passfile_line_prefix(host, port, database)}:{_escape_passfile_field(role)}:"
    found = [line.removeprefix(before) for line in _passfile_lines() if line.startswith(before)]
    return _ESCAPED.sub(r"\1", found[-1]) if found else None


def switch_to_hall(address: str, hall: str) -> None:
    """Make this PC work with the hall of that code at `address` from now on. Raises OutsideError
    "cannot_write"."""
    config.update_config({"db": address, "hall": hall, "moving_db": "", "moving_hall": ""})


def store_pending_hall_move(address: str, hall: str) -> None:
    """Make this PC work with that hall from the moment at which its file says that it has moved, even if nothing here
    lives to see it. Raises OutsideError "cannot_write"."""
    config.update_config({"moving_db": address, "moving_hall": hall})


def disconnect_shared_hall() -> str:
    """Disconnect this PC from its shared hall and delete its password; return the address, "" if there was none. Raises
    OutsideError "cannot_write"."""
    own = config.load_config().db
    if own:
        delete_database_password(own)
        config.update_config({"db": "", "hall": ""})
    return own


def delete_database_password(address: str) -> None:
    """Delete the password of the database at `address`. Raises OutsideError "cannot_write"."""
    known = urlsplit(address)
    place = _passfile_line_prefix(known.hostname or "", known.port or 0, unquote(known.path[1:]))
    write_private_file(passfile(), "".join(f"{line}\n" for line in _passfile_lines_except(place)).encode())


def _passfile_line_prefix(host: str, port: int, database: str) -> str:
    return ":".join(_escape_passfile_field(part) for part in (host, str(port), database))


def _passfile_lines_except(place: str) -> list[str]:
    return [line for line in _passfile_lines() if not line.startswith(f"{place}:")]


def _passfile_lines() -> list[str]:
    try:
        return read_program_file(passfile()).decode().splitlines()
    except FileNotFoundError:
        return []
    except (OSError, ValueError) as error:
        raise OutsideError("cannot_read", path=str(passfile())) from error


def _escape_passfile_field(part: str) -> str:
    """Return a field of the file as libpq reads it."""
    return part.replace("\\", "\\\\").replace(":", "\\:")
