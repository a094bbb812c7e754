"""Finds the hall of this PC where none is named, and moves a password out of an address."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from queuedesk.app.hosting.credentials import write_database_password_to_file
from queuedesk.app.this_pc import config
from queuedesk.core.talk.screen import station_name_at_pc
from queuedesk.paths import default_hall_file
from queuedesk.store.engine.address import (
    has_main_pc_certificate,
    is_server_address,
    parse_server_address,
    password_in_url,
    url_without_password,
)

if TYPE_CHECKING:
    from queuedesk.desk.change import Desk

PASSWORD = "PGPASSWORD"
"""What libpq reads where neither the address nor a file gives one; processes that this one starts have it too."""


def joined_hall_url_and_code() -> tuple[str | None, str | None]:
    """Return the server's address and the hall's code that this PC got when it joined; None for what it did not get."""
    own = config.load_config()
    return (own.db, own.hall or None) if own.db else (None, None)


def join_addresses_of_hall() -> list[str] | None:
    """Return where other PCs join this PC's hall, [] if unknown; None if it joined none or shares its own."""
    own = config.load_config()
    if has_main_pc_certificate(own.db):
        from queuedesk.core.network.sharing import format_address  # most commands ask nothing of it

        return [format_address(*host) for host in parse_server_address(own.db).hosts]
    return [] if own.db and not own.shared_file else None


def is_main_pc_not_sharing() -> bool:
    """Whether this is the main PC of a hall that is not shared at the moment."""
    from queuedesk.app.hosting.server import SharingProcessNote  # most commands ask nothing of it

    own = config.load_config()
    return (
        bool(own.db and own.shared_file)
        and not has_main_pc_certificate(own.db)
        and not SharingProcessNote().is_some_process_sharing()
    )


def is_sharing_moved_halls_of(file: Path) -> bool:
    """Whether this PC shares at the moment the halls that have moved out of this file."""
    from queuedesk.app.hosting.server import SharingProcessNote

    return SharingProcessNote().is_some_process_sharing() and has_hall_moved(str(file))


def requested_place_and_hall_code(db: str | None, hall: str | None) -> tuple[str, str | None]:
    """Return the address or file path and the code of the requested hall; no code where the database holds only one. A
    file whose halls moved to a server stands for this PC's hall there, if it has one."""
    known = config.load_config()
    if known.moving_db and has_hall_moved(db or str(default_hall_file())):
        return known.moving_db, hall or known.moving_hall
    own, code = joined_hall_url_and_code()
    if own is not None and (db is None or has_hall_moved(db)):
        return own, hall or code
    return (db, hall) if db is not None else (str(default_hall_file()), hall)


def pc_name_in_hall(desk: Desk) -> str:
    """Return this PC's name in a hall of several PCs: the one it joined with, else its system's; "" in a hall of one
    PC. Raises OutsideError."""
    if not desk.db.is_shared:
        return ""
    import socket

    from queuedesk.core.network.sharing import normalized_pc_name
    from queuedesk.desk import network

    own = network.own_pc(desk)
    return own.name if own is not None else normalized_pc_name(socket.gethostname())


def kiosk_name_in_log(desk: Desk) -> str:
    """Return this PC's kiosk's name in the log, with the PC's in a hall of several PCs. Raises OutsideError."""
    return station_name_at_pc(config.load_config().kiosk, pc_name_in_hall(desk))


def has_hall_moved(db: str) -> bool:
    """Whether a file says that its halls went to a server; no for anything else, of which whoever opens it is told."""
    from queuedesk.store.engine.hall_file import (
        new_place_of_moved_halls,  # commands without a hall do without the database's libraries
    )

    return not is_server_address(db) and new_place_of_moved_halls(Path(db)) is not None


def shared_database_owner_url() -> str | None:
    """Return the shared database's owner's address, with password, or None. Raises OutsideError "cannot_read"."""
    from queuedesk.app.hosting.server import (
        FOLDER,
        SharingProcessNote,  # most commands ask nothing of it
        hall_server_for_folder,
    )

    note = SharingProcessNote().read()
    return hall_server_for_folder(Path(note["file"]).parent / FOLDER, None).owner_url() if note is not None else None


def store_environment_password(words: Sequence[str]) -> None:
    """Store the password of the server that a command line names, for programs that open it later without this
    environment. Does nothing if there is none. Raises OutsideError "cannot_write", "bad_url"."""
    password = os.environ.get(PASSWORD)
    address = words[words.index("--db") + 1] if "--db" in words else ""
    if password and is_server_address(address):
        write_database_password_to_file(parse_server_address(address), password)


def move_password_to_environment(address: str) -> str:
    """Return the address without its password, which moves into the environment: no command line then shows it."""
    password = password_in_url(address)
    if password is None:
        return address
    os.environ[PASSWORD] = password
    return url_without_password(address)
