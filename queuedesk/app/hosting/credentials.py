"""What a PC keeps of its shared hall: the main PC's certificate, its own password, and the hall's address."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

from msgspec.structs import replace

from queuedesk.app.this_pc import config
from queuedesk.core.errors import OutsideError
from queuedesk.files.reading import read_program_file
from queuedesk.files.writing import write_private_file
from queuedesk.paths import password_file
from queuedesk.store.engine.address import ServerAddress, parse_server_address

_PINNED = "hall-{print}.pem"
_ESCAPED = re.compile(r"\\(.)")


def libpq_certificate_options(file: Path) -> str:
    """Return the options that make libpq accept only the certificate in `file`."""
    return f"sslmode=verify-ca&sslrootcert={quote(str(file))}"


def pinned_certificate_path(fingerprint: str) -> Path:
    return config.config_file().with_name(_PINNED.format(print=fingerprint[:8]))


def write_database_password_to_file(address: ServerAddress, password: str) -> None:
    """Store a credential's password where the database's driver looks for it, at each host, replacing any other for
    that database. Raises OutsideError "cannot_write"."""
    role, secret = _escape_passfile_field(address.role), _escape_passfile_field(password)
    lines = [*_passfile_lines_except(address), *(f"{place}:{role}:{secret}" for place in _passfile_prefixes(address))]
    write_private_file(password_file(), "".join(f"{line}\n" for line in lines).encode())


def stored_database_password(address: ServerAddress) -> str | None:
    """Return the stored password of a credential, None if there is none. Raises OutsideError "cannot_read"."""
    places = [f"{place}:{_escape_passfile_field(address.role)}:" for place in _passfile_prefixes(address)]
    found = [line.removeprefix(place) for line in _passfile_lines() for place in places if line.startswith(place)]
    return _ESCAPED.sub(r"\1", found[-1]) if found else None


def switch_to_hall(address: str, hall: str) -> None:
    """Make this PC work with the hall of that code at `address` from now on. Raises OutsideError "cannot_write"."""
    config.update_config({"db": address, "hall": hall, "moving_db": "", "moving_hall": ""})


def store_address_of_moving_hall(address: str, hall: str) -> None:
    """Make this PC work with that hall from the moment at which its file says that it has moved, even if nothing here
    lives to see it. Raises OutsideError "cannot_write"."""
    config.update_config({"moving_db": address, "moving_hall": hall})


def disconnect_shared_hall() -> str:
    """Disconnect this PC from its shared hall and delete its password; return the address, "" if there was none. Raises
    OutsideError "cannot_write"."""
    own = config.load_config().db
    if own:
        delete_database_password(parse_server_address(own))
        config.update_config({"db": "", "hall": ""})
    return own


def delete_database_password(address: ServerAddress, *, but_of: ServerAddress | None = None) -> None:
    """Delete the password of the database at `address`, but not at hosts that another address has too. Raises
    OutsideError "cannot_write"."""
    kept = but_of.hosts if but_of is not None and but_of.database == address.database else ()
    gone = replace(address, hosts=tuple(host for host in address.hosts if host not in kept))
    lines = _passfile_lines_except(gone)
    write_private_file(password_file(), "".join(f"{line}\n" for line in lines).encode())


def _passfile_prefixes(address: ServerAddress) -> list[str]:
    """Return how the lines of a database begin: one for each host, as the driver's library looks for that of a host."""
    return [
        ":".join(_escape_passfile_field(part) for part in (host, str(port), address.database))
        for host, port in address.hosts
    ]


def _passfile_lines_except(address: ServerAddress) -> list[str]:
    places = tuple(f"{place}:" for place in _passfile_prefixes(address))
    return [line for line in _passfile_lines() if not line.startswith(places)]


def _passfile_lines() -> list[str]:
    try:
        return read_program_file(password_file()).decode().splitlines()
    except FileNotFoundError:
        return []
    except (OSError, ValueError) as error:
        raise OutsideError("cannot_read", path=str(password_file())) from error


def _escape_passfile_field(part: str) -> str:
    """Return a field of the file as libpq reads it."""
    return part.replace("\\", "\\\\").replace(":", "\\:")
