"""Tells from a driver's error whether the world outside failed or the program has a bug."""

import errno
import re
import sqlite3

from sqlalchemy.exc import DBAPIError

from queuedesk.core.errors import OutsideError

# SQLite's primary result codes (sqlite.org/rescode.html). A lock that another process holds is `busy`; `locked` is a
# quarrel within one connection and stays our bug.
_SQLITE = {
    sqlite3.SQLITE_BUSY: "database_busy",
    sqlite3.SQLITE_PROTOCOL: "database_busy",
    sqlite3.SQLITE_FULL: "database_full",
    sqlite3.SQLITE_READONLY: "database_readonly",
    sqlite3.SQLITE_PERM: "database_readonly",
    sqlite3.SQLITE_CANTOPEN: "database_away",
    sqlite3.SQLITE_IOERR: "database_away",
    sqlite3.SQLITE_CORRUPT: "database_damaged",
    sqlite3.SQLITE_NOTADB: "database_damaged",
}
_SQLITE_EXTENDED = {
    sqlite3.SQLITE_READONLY_DBMOVED: "database_away",
    # The shared-memory file beside the database could not grow: only a full disk does that.
    sqlite3.SQLITE_IOERR_SHMSIZE: "database_full",
}
# PostgreSQL's SQLSTATE, whole or its first two letters.
_POSTGRESQL = {
    "08": "database_away",
    "25P03": "database_away",  # It was told that we fell asleep in the middle of a transaction.
    "57P": "database_away",
    "58": "database_away",
    "28": "pc_withdrawn",
    "42501": "not_this_pc",
    "QD001": "log_refused",  # An event that rights/functions.py lets nobody append.
    "3D": "database_missing",
    "40": "database_busy",
    "53": "database_busy",
    "53100": "database_full",
    "55P03": "database_busy",
    "57014": "database_busy",
    "25006": "database_readonly",
    "XX001": "database_damaged",
    "XX002": "database_damaged",
}
# What was said of a connection that did not come about where no SQLSTATE was told (server_login.py): by the library,
# which speaks English, or by a server to a system on which its code can't be had.
_SAID = (
    ("password authentication failed", "pc_withdrawn"),
    ("is not permitted to log in", "pc_withdrawn"),
    ("no pg_hba.conf entry", "pc_withdrawn"),
    ("no password supplied", "pc_withdrawn"),
    ("permission denied for database", "pc_withdrawn"),
    ("certificate", "wrong_certificate"),
    (' value: "', "bad_url"),  # of an option
    ("too many", "database_busy"),
    ("remaining connection slots", "database_busy"),
)
_NO_ROLE = re.compile(r'role ".*" does not exist')
_NO_DATABASE = re.compile(r'database ".*" does not exist')
_OS = {
    errno.ENOSPC: "database_full",
    errno.EDQUOT: "database_full",
    errno.EROFS: "database_readonly",
    errno.EACCES: "database_readonly",
    errno.EPERM: "database_readonly",
}


def outside_error_of(error: BaseException, path: object = None) -> OutsideError | None:
    """Return the OutsideError for a driver's or the system's error, or None for a bug of ours. `path` is the database's
    place as people know it, and becomes a detail of the error."""
    code = _trouble_code(error)
    if code is None:
        return None
    return OutsideError(code) if path is None else OutsideError(code, path=str(path))


def _trouble_code(error: BaseException) -> str | None:
    if isinstance(error, DBAPIError):
        if error.orig is None:
            return None
        return _trouble_code(error.orig) or ("database_away" if error.connection_invalidated else None)
    if isinstance(error, sqlite3.Error):
        number = getattr(error, "sqlite_errorcode", None)  # Absent where the driver itself complains: a bug.
        if number is None:
            return None
        return _SQLITE_EXTENDED.get(number) or _SQLITE.get(number & 0xFF)
    if isinstance(error, OSError):
        return _OS.get(error.errno or 0, "database_away")
    sqlstate = getattr(error, "sqlstate", None)
    if isinstance(sqlstate, str):
        # A login that may not use the tables' schema does not find the one that each transaction asks first.
        if sqlstate == "42P01" and "alembic_version" in str(error):
            return "not_this_pc"
        return next((_POSTGRESQL[part] for part in (sqlstate, sqlstate[:3], sqlstate[:2]) if part in _POSTGRESQL), None)
    # The driver is not loaded for those who never meet a server, so its error is known by its name.
    if any(kind.__name__ == "OperationalError" for kind in type(error).__mro__):
        return _connection_trouble_code(str(error))
    return None


def _connection_trouble_code(said: str) -> str:
    """Return what kept a connection from coming about, or ended it."""
    if _NO_ROLE.search(said):
        return "pc_withdrawn"
    if _NO_DATABASE.search(said):
        return "database_missing"
    return next((code for words, code in _SAID if words in said), "database_away")
