"""One file with everything that a database holds beyond what follows from its logs; the same for every engine."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Table, insert, select

from queuedesk.core.errors import OutsideError
from queuedesk.core.event import Event, broken_at, canonical, stamp
from queuedesk.store import events, halls, snapshot
from queuedesk.store.database import Transaction, connect, set_aside_journals
from queuedesk.store.schema import access, announcements, commands, comments, pins
from queuedesk.store.types import Day, Moment

FORMAT = "queuedesk-backup"
VERSION = 1
MANIFEST = "manifest.json"
LOG = "events.jsonl"
BESIDE_THE_LOG: tuple[Table, ...] = (commands, pins, comments, access, announcements)

_ZIP = b"PK\x03\x04"
_ROWS = 500
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    KeyError,
    TypeError,
    ValueError,
    AttributeError,
    RuntimeError,  # zipfile's word for a password or an unknown way of packing
)
_EVENT_FIELDS = frozenset(Event.__dataclass_fields__)


@dataclass(frozen=True, slots=True, kw_only=True)
class HallCopy:
    """A hall as a backup holds it: `at` is the time of its last event, after which the log is lost."""

    id: int
    code: str
    seq: int
    hash: str
    at: datetime


def write_backup(tx: Transaction, path: Path, *, program: str, made: datetime) -> None:
    """Write everything the transaction sees; the file at `path` is replaced as a whole. Raises OutsideError "cannot_write"."""
    draft: str | None = None
    try:
        handle, draft = tempfile.mkstemp(prefix=f".{path.name[:50]}.", dir=path.parent)
        with os.fdopen(handle, "w+b") as file:
            _pack(tx, file, program, made)
            file.flush()
            os.fsync(file.fileno())
        Path(draft).replace(path)
        draft = None
    except (OSError, ValueError) as error:
        raise OutsideError("cannot_write", path=str(path)) from error
    finally:
        if draft is not None:
            with suppress(OSError):
                Path(draft).unlink()


def _pack(tx: Transaction, file: Any, program: str, made: datetime) -> None:
    files, copies = [], []
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as pack:
        for id, code in halls.listed(tx):
            now = halls.load(tx, id).now
            if now.at is None:
                continue
            copies.append({"id": id, "code": code, "seq": now.seq, "hash": now.hash, "at": stamp(now.at)})
            lines: Iterable[dict[str, Any]] = (event.printed() for event in events.all_of(tx, id))
            files.append(_write_lines(pack, f"{id}/{LOG}", lines))
            for table in BESIDE_THE_LOG:
                files.append(_write_lines(pack, f"{id}/{table.name}.jsonl", _rows(tx, table, id)))
        manifest = {
            "format": FORMAT,
            "version": VERSION,
            "program": program,
            "made": stamp(made),
            "halls": copies,
            "files": files,
        }
        pack.writestr(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))


def _write_lines(pack: zipfile.ZipFile, name: str, rows: Iterable[dict[str, Any]]) -> dict[str, Any]:
    digest, count = hashlib.sha256(), 0
    with pack.open(name, "w", force_zip64=True) as file:
        for row in rows:
            line = canonical(row).encode() + b"\n"
            digest.update(line)
            file.write(line)
            count += 1
    return {"name": name, "lines": count, "sha256": digest.hexdigest()}


def _rows(tx: Transaction, table: Table, hall: int) -> Iterator[dict[str, Any]]:
    columns = [c for c in table.c if c.name not in ("hall", "id") or (c.name == "id" and table is not access)]
    statement = select(*(c for c in columns if c.name != "hall")).where(table.c.hall == hall)
    for row in tx.execute(statement.order_by(*table.primary_key)):
        yield {name: _plain(value) for name, value in row._mapping.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return stamp(value)
    return value.isoformat() if isinstance(value, date) else value


class Backup:
    """A backup file, open for reading; `close` it, or use it in a with statement."""

    def __init__(self, path: Path) -> None:
        """Open the file and read what it says of itself.

        Raises OutsideError "no_such_file", "cannot_read", "wrong_kind", "backup_damaged", "backup_newer".
        """
        self.path = path
        try:
            with path.open("rb") as file:
                is_zip = file.read(len(_ZIP)) == _ZIP
        except FileNotFoundError as error:
            raise OutsideError("no_such_file", path=str(path)) from error
        except (OSError, ValueError) as error:
            raise OutsideError("cannot_read", path=str(path)) from error
        if not is_zip:
            raise OutsideError("wrong_kind", path=str(path))
        try:
            self._pack = zipfile.ZipFile(path)
            names = self._pack.namelist()
            manifest = json.loads(self._pack.read(MANIFEST)) if MANIFEST in names else {}
        except OSError as error:
            raise OutsideError("cannot_read", path=str(path)) from error
        except _DAMAGE as error:
            raise self._damaged() from error
        if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
            raise OutsideError("wrong_kind", path=str(path))
        if manifest.get("version") != VERSION:
            raise OutsideError("backup_newer", path=str(path))
        self._manifest = manifest

    def __enter__(self) -> Backup:
        return self

    def __exit__(self, *_: object) -> None:
        self._pack.close()

    @property
    def made(self) -> datetime:
        """When it was written."""
        return datetime.fromisoformat(self._manifest["made"])

    def check(self) -> list[HallCopy]:
        """Read the whole file: sums, lines and the chain of every log. Raises OutsideError "backup_damaged"."""
        try:
            if self.made.tzinfo is None:
                raise ValueError(self.made)
            for entry in self._manifest["files"]:
                self._check_sum(entry)
            copies = [self._copy(row) for row in self._manifest["halls"]]
            for copy in copies:
                self._check_log(copy)
        except OSError as error:
            raise OutsideError("cannot_read", path=str(self.path)) from error
        except _DAMAGE as error:
            raise self._damaged() from error
        if not copies:
            raise self._damaged()
        return copies

    def load(self, tx: Transaction, copy: HallCopy) -> None:
        """Write a hall of it into an empty database and build its tables from its log. Raises OutsideError "backup_damaged"."""
        try:
            halls.create(tx, copy.id, copy.code)
            for event in self._events(copy.id):
                events.append(tx, copy.id, event)
            for table in BESIDE_THE_LOG:
                self._load_table(tx, table, copy.id)
            snapshot.rebuild(tx, copy.id)
        except _DAMAGE as error:
            raise self._damaged() from error

    def _load_table(self, tx: Transaction, table: Table, hall: int) -> None:
        rows = []
        for line in self._lines(f"{hall}/{table.name}.jsonl"):
            rows.append({"hall": hall, **{name: _value(table, name, value) for name, value in line.items()}})
            if len(rows) == _ROWS:
                tx.execute(insert(table), rows)
                rows = []
        if rows:
            tx.execute(insert(table), rows)

    def _copy(self, row: dict[str, Any]) -> HallCopy:
        return HallCopy(
            id=int(row["id"]),
            code=str(row["code"]),
            seq=int(row["seq"]),
            hash=str(row["hash"]),
            at=datetime.fromisoformat(row["at"]),
        )

    def _check_sum(self, entry: dict[str, Any]) -> None:
        digest, count = hashlib.sha256(), 0
        with self._pack.open(entry["name"]) as file:
            for line in file:
                digest.update(line)
                count += 1
        if (digest.hexdigest(), count) != (entry["sha256"], entry["lines"]):
            raise ValueError(entry["name"])

    def _check_log(self, copy: HallCopy) -> None:
        last: Event | None = None

        def remembered() -> Iterator[Event]:
            nonlocal last
            for event in self._events(copy.id):
                last = event
                yield event

        if broken_at(remembered()) is not None or last is None or (last.seq, last.hash) != (copy.seq, copy.hash):
            raise ValueError(copy.code)
        for table in BESIDE_THE_LOG:
            for line in self._lines(f"{copy.id}/{table.name}.jsonl"):
                if not set(line) <= set(table.c.keys()):
                    raise ValueError(table.name)

    def _events(self, hall: int) -> Iterator[Event]:
        for line in self._lines(f"{hall}/{LOG}"):
            if set(line) != _EVENT_FIELDS:
                raise ValueError(line)
            times = {key: datetime.fromisoformat(line[key]) for key in ("at", "time")}
            yield Event(**line | times)

    def _lines(self, name: str) -> Iterator[dict[str, Any]]:
        with self._pack.open(name) as file:
            for line in file:
                yield json.loads(line)

    def _damaged(self) -> OutsideError:
        return OutsideError("backup_damaged", path=str(self.path))


def _value(table: Table, name: str, value: Any) -> Any:
    kind = table.c[name].type
    if value is None:
        return None
    if isinstance(kind, Moment):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(kind, Day) else value


def put_in_place(new: Path, target: Path, *, stamp_text: str) -> Path | None:
    """Let the database file `new` stand at `target`; return the copy that was kept of what stood there, None if nothing did.

    Nobody writes to the old one meanwhile; who has it open notices that another file is there.

    Raises OutsideError "cannot_write" (then the old one stands unchanged), sqlite3.Error "busy" as database does.
    """
    try:
        if not target.exists():
            set_aside_journals(target, keep=True)
            new.replace(target)
            return None
        folder = target.parent / "backups"
        folder.mkdir(exist_ok=True)
        kept = _free_name(folder, f"{target.stem}-before-restore-{stamp_text}")
        with _held(target):
            is_whole = _copy_database(target, kept)
            set_aside_journals(target, keep=not is_whole)
            new.replace(target)
    except OSError as error:
        raise OutsideError("cannot_write", path=str(target)) from error
    return kept


class _held:  # noqa: N801 - a context manager, named like one
    """Holds the write lock of a database file, where it is one that still opens."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None

    def __enter__(self) -> None:
        with suppress(sqlite3.Error):
            self._connection = connect(self._path)
            self._connection.execute("PRAGMA busy_timeout=5000")
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            self._connection.execute("BEGIN IMMEDIATE")

    def __exit__(self, *_: object) -> None:
        if self._connection is not None:
            self._connection.close()


def _copy_database(source: Path, target: Path) -> bool:
    """Copy a database with what its journal holds and return True; one that is damaged byte by byte, without it."""
    draft = target.with_name(f".{target.name}.new")
    try:
        try:
            with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(draft)) as new:
                old.backup(new)
            is_whole = True
        except sqlite3.Error:
            shutil.copyfile(source, draft)
            is_whole = False
        draft.replace(target)
        return is_whole
    finally:
        draft.unlink(missing_ok=True)


def _free_name(folder: Path, stem: str) -> Path:
    names = (f"{stem}.sqlite" if n == 1 else f"{stem}-{n}.sqlite" for n in range(1, 10_000))
    return next(folder / name for name in names if not (folder / name).exists())
