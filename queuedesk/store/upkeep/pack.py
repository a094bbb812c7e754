"""The file format of backups and exports (a ZIP of logs, some tables beside them, and checksums), and backups as such.

A backup has everything of a database that does not follow from its logs. It is proven, as the tables are, by working it
out in a throw-away database and comparing."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import sqlite3
import zipfile
import zlib
from collections.abc import Callable, Container, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from datetime import date, datetime
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any, Self

from msgspec import Struct
from sqlalchemy import Select, Table, bindparam, func, insert, select, type_coerce
from sqlalchemy.types import NULLTYPE

from queuedesk.core.errors import OutsideError
from queuedesk.core.figures.measures.document import ReportTally, figures_document
from queuedesk.core.figures.measures.figure import hall_figure_scope
from queuedesk.core.log.event import Event, EventFault, canonical_json, first_broken_seq, utc_stamp
from queuedesk.files import writing
from queuedesk.files.reading import LARGEST_OWN, lines_of_limited_length, parse_json_safely, require_regular_file
from queuedesk.store import schema
from queuedesk.store.engine import hall_file
from queuedesk.store.engine.types import UNREADABLE, IsoDateColumn, Transaction, UtcMomentColumn
from queuedesk.store.figures import measured
from queuedesk.store.log import book, events, log_dates
from queuedesk.store.log.book import HallWriter
from queuedesk.store.parts import halls
from queuedesk.store.parts.halls import LogEnd
from queuedesk.store.parts.part_tables import FOLLOWING
from queuedesk.store.rights.withheld_ratings import hall_id_of_login, hidden_columns, may_read_ratings
from queuedesk.store.schema import events as log
from queuedesk.store.schema import halls as HALLS  # noqa: N812

VERSION = 1
LOG = "events.jsonl"

_ZIP = b"PK\x03\x04"
_ROWS = 500
# As JSON writes it: an odd number of backslashes before it.
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    KeyError,
    TypeError,
    ValueError,
    AttributeError,
    RuntimeError,  # zipfile's word for a password or an unknown way of packing
)
_EVENT_FIELDS = frozenset(Event.__struct_fields__)
_TYPES: dict[str, Any] = {
    "seq": int,
    **dict.fromkeys(("kind", "actor", "prev", "hash"), str),
    **dict.fromkeys(("ticket", "service", "window", "staff", "command"), str | None),
}


class PackKind(Struct, frozen=True):
    """A kind of such file: its name in the manifest, the tables beside the logs, and the first word of its refusals'
    codes."""

    format: str
    beside: tuple[Table, ...]
    word: str


class HallCopy(Struct, frozen=True, kw_only=True):
    """A hall in such a file, under the id of its own database; `at` is the time of its last event."""

    id: int
    code: str
    seq: int
    hash: str
    at: datetime


def write_hall_archive(
    tx: Transaction,
    path: Path,
    kind: PackKind,
    ids: Sequence[int],
    *,
    program: str,
    made: datetime,
    there: Mapping[str, Container[str]] | None = None,
    without: Container[str] = (),
) -> None:
    """Write the halls `ids` as the transaction sees them; the file at `path` is replaced as a whole, readable by its
    owner only. `there` are the columns by table of a database of an earlier version, `without` the tables whose rows
    this login may not read: they are empty in the file, and it says so. Raises RuleError "own_file", OutsideError
    "cannot_write"."""
    with writing.open_for_atomic_write(path, private=True, pack=kind.format) as file:
        _write_archive_entries(tx, file, kind, ids, program=program, made=made, there=there, without=without)


def have_same_archived_halls(one: Path, other: Path) -> bool:
    """Whether two such files hold the same halls row by row, whenever they were written; False for other files."""
    try:
        left, right = (_read_manifest(zipfile.ZipFile(path)) for path in (one, other))
        return all(left[part] == right[part] for part in ("format", "halls", "files"))
    except (OSError, *DAMAGE):
        return False


def _read_manifest(pack: zipfile.ZipFile) -> Any:
    with pack.open(writing.MANIFEST) as file:
        content = file.read(LARGEST_OWN + 1)
    if len(content) > LARGEST_OWN:
        raise ValueError(writing.MANIFEST)
    return parse_json_safely(content)


def _write_archive_entries(
    tx: Transaction,
    file: Any,
    kind: PackKind,
    ids: Sequence[int],
    *,
    program: str,
    made: datetime,
    there: Mapping[str, Container[str]] | None,
    without: Container[str],
) -> None:
    files, copies = [], []
    codes = dict(halls.hall_ids_and_codes(tx))
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as pack:
        for id in ids:
            now = halls.load_hall_row(tx, id).now
            if now.at is None:
                continue
            copies.append({"id": id, "code": codes[id], "seq": now.seq, "hash": now.hash, "at": utc_stamp(now.at)})
            lines: Iterable[dict[str, Any]] = (event.printed_fields() for event in events.all_events(tx, id))
            files.append(_write_json_lines(pack, f"{id}/{LOG}", lines))
            for table in kind.beside:
                if there is None or table.name in there:
                    rows = _rows_of_table(tx, table, id, there) if table.name not in without else ()
                    if kind is BACKUP and table is schema.commands:  # Kept for years, it must not tell who came.
                        rows = (row for row in rows if not row["command"].startswith(events.ONE_NUMBER))
                    files.append(_write_json_lines(pack, f"{id}/{table.name}.jsonl", rows))
        manifest = {
            "format": kind.format,
            "version": VERSION,
            "program": program,
            "made": utc_stamp(made),
            "halls": copies,
            "files": files,
            "without": [table.name for table in kind.beside if table.name in without],
        }
        pack.writestr(writing.MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))


def _write_json_lines(pack: zipfile.ZipFile, name: str, rows: Iterable[dict[str, Any]]) -> dict[str, Any]:
    digest, count = hashlib.sha256(), 0
    with pack.open(name, "w", force_zip64=True) as file:
        for row in rows:
            line = canonical_json(row).encode() + b"\n"
            digest.update(line)
            file.write(line)
            count += 1
    return {"name": name, "lines": count, "sha256": digest.hexdigest()}


def _rows_of_table(
    tx: Transaction, table: Table, hall: int, there: Mapping[str, Container[str]] | None
) -> Iterator[dict[str, Any]]:
    columns = [c for c in table.c if c.name not in ("hall", "id") or (c.name == "id" and table is not schema.access)]
    if there is not None:
        columns = [c for c in columns if c.name in there[table.name]]
    statement = select(*(c for c in columns if c.name != "hall")).where(table.c.hall == hall)
    with tx.execute(statement.order_by(*table.primary_key).execution_options(yield_per=_ROWS)) as rows:
        for row in rows:
            yield {name: _json_value(value) for name, value in row._mapping.items()}


def _json_value(value: Any) -> Any:
    if isinstance(value, datetime):
        return utc_stamp(value)
    return value.isoformat() if isinstance(value, date) else value


class HallArchiveReader:
    """Such a file, open for reading; `close` it, or use it in a with statement."""

    KIND: PackKind

    def __init__(self, path: Path) -> None:
        """Open the file and read what it says of itself. Raises OutsideError "no_such_file", "cannot_read",
        "wrong_kind", and of its kind "…_damaged", "…_newer"."""
        self.path = path
        require_regular_file(path)
        try:
            with path.open("rb") as file:
                is_zip = file.read(len(_ZIP)) == _ZIP
        except (OSError, ValueError) as error:
            raise OutsideError("cannot_read", path=str(path)) from error
        if not is_zip:
            raise self._wrong_kind_error()
        try:
            self._pack = zipfile.ZipFile(path)
            manifest = _read_manifest(self._pack) if writing.MANIFEST in self._pack.namelist() else {}
        except OSError as error:
            raise OutsideError("cannot_read", path=str(path)) from error
        except DAMAGE as error:
            raise self.damaged_error() from error
        if not isinstance(manifest, dict) or manifest.get("format") != self.KIND.format:
            raise self._wrong_kind_error()
        if manifest.get("version") != VERSION:
            raise OutsideError(f"{self.KIND.word}_newer", path=str(path))
        self._manifest = manifest
        self._nul: tuple[str, int] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pack.close()

    @property
    def made(self) -> datetime:
        """When it was written. Raises OutsideError "…_damaged"."""
        try:
            made = datetime.fromisoformat(self._manifest["made"])
            if made.tzinfo is None:
                raise ValueError(made)
        except DAMAGE as error:
            raise self.damaged_error() from error
        return made

    def listed_hall_copies(self) -> list[HallCopy]:
        """Return the halls that the file lists, unverified; verified_hall_copies() reads them. Raises OutsideError
        "…_damaged"."""
        try:
            return [self._hall_copy_from_manifest(row) for row in self._manifest["halls"]]
        except DAMAGE as error:
            raise self.damaged_error() from error

    @property
    def tables_left_out(self) -> list[str]:
        """The tables whose rows the writer could not read."""
        return [str(name) for name in self._manifest.get("without", ())]

    def row_count_of_table(self, hall: int, table: Table) -> int:
        """Return how many rows of a table the file holds for a hall."""
        name = f"{hall}/{table.name}.jsonl"
        return next(int(entry["lines"]) for entry in self._manifest["files"] if entry["name"] == name)

    def verified_hall_copies(self) -> list[HallCopy]:
        """Read the whole file: sums, lines and the chain of every log. Raises OutsideError "…_damaged"."""
        try:
            self.made  # noqa: B018 - a file that does not say when is damaged
            for entry in self._manifest["files"]:
                self._verify_file_checksum(entry)
            copies = [self._hall_copy_from_manifest(row) for row in self._manifest["halls"]]
            for copy in copies:
                self._check_log(copy)
        except OSError as error:
            raise OutsideError("cannot_read", path=str(self.path)) from error
        except DAMAGE as error:
            raise self.damaged_error() from error
        if not copies:
            raise self.damaged_error()
        return copies

    def check_texts_for_server(self) -> None:
        """Check, for a verified file, that a server can store each text. Raises OutsideError "nul_in_text" (hall,
        table, row)."""
        if self._nul is not None:
            (id, _slash, name), row = self._nul[0].partition("/"), self._nul[1]
            code = next(str(copy["code"]) for copy in self._manifest["halls"] if str(copy["id"]) == id)
            raise OutsideError("nul_in_text", hall=code, table=name.removesuffix(".jsonl"), row=row)

    def events(self, hall: int) -> Generator[Event, None, None]:
        """Yield the log of a hall by its id in the file."""
        for line in self._rows_of_file(f"{hall}/{LOG}"):
            if set(line) != _EVENT_FIELDS or not all(isinstance(line[name], kind) for name, kind in _TYPES.items()):
                raise ValueError(line)
            yield events.event_from_log_line(line)

    def write_table_into_hall(
        self, tx: Transaction, table: Table, hall: int, into: int, *, since: int | None = None
    ) -> None:
        """Write the rows of a table beside the log into the hall `into`, which has none of them; only those after the
        seq `since` if given."""
        rows = []
        for line in self._rows_of_file(f"{hall}/{table.name}.jsonl"):
            if since is not None and line["seq"] <= since:
                continue
            rows.append(
                {"hall": into, **{name: _column_value_from_json(table, name, value) for name, value in line.items()}}
            )
            if len(rows) == _ROWS:
                tx.execute(insert(table), rows)
                rows = []
        if rows:
            tx.execute(insert(table), rows)

    def damaged_error(self) -> OutsideError:
        """Return the error for such a file that is damaged."""
        return OutsideError(f"{self.KIND.word}_damaged", path=str(self.path))

    def _wrong_kind_error(self) -> OutsideError:
        return OutsideError("wrong_kind", path=str(self.path), wanted=self.KIND.word)

    def _hall_copy_from_manifest(self, row: dict[str, Any]) -> HallCopy:
        return HallCopy(
            id=int(row["id"]),
            code=str(row["code"]),
            seq=int(row["seq"]),
            hash=str(row["hash"]),
            at=datetime.fromisoformat(row["at"]),
        )

    def _verify_file_checksum(self, entry: dict[str, Any]) -> None:
        digest, count = hashlib.sha256(), 0
        with self._pack.open(entry["name"]) as file:
            for line in lines_of_limited_length(file):
                digest.update(line)
                count += 1
                if self._nul is None and b"u0000" in line and _NUL.search(line):
                    self._nul = entry["name"], count
        if (digest.hexdigest(), count) != (entry["sha256"], entry["lines"]):
            raise ValueError(entry["name"])

    def _check_log(self, copy: HallCopy) -> None:
        last: Event | None = None

        def yield_events_remembering_last() -> Iterator[Event]:
            nonlocal last
            for event in self.events(copy.id):
                last = event
                yield event

        if (
            first_broken_seq(yield_events_remembering_last()) is not None
            or last is None
            or (last.seq, last.hash) != (copy.seq, copy.hash)
        ):
            raise ValueError(copy.code)
        for table in self.KIND.beside:
            for line in self._rows_of_file(f"{copy.id}/{table.name}.jsonl"):
                if not set(line) <= set(table.c.keys()):
                    raise ValueError(table.name)

    def _rows_of_file(self, name: str) -> Iterator[dict[str, Any]]:
        if all(entry["name"] != name for entry in self._manifest["files"]):
            return  # The program that wrote it had no such table yet.
        with self._pack.open(name) as file:
            for line in lines_of_limited_length(file):
                yield json.loads(line)


def _column_value_from_json(table: Table, name: str, value: Any) -> Any:
    kind = table.c[name].type
    if value is None:
        return None
    if isinstance(kind, UtcMomentColumn):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(kind, IsoDateColumn) else value


BEFORE_RESTORE = "-before-restore-"
"""In the names of the copies that a restore keeps."""
BACKUP = PackKind("queuedesk-backup", tuple(map(schema.table_named, schema.OUTSIDE)), "backup")


def write_backup_and_list_left_out(tx: Transaction, path: Path, *, program: str, made: datetime) -> list[str]:
    """Write every hall that the transaction sees completely, and return the tables that it could not read and left
    empty. The file at `path` is replaced as a whole. Raises OutsideError "cannot_write"."""
    # A PC of a shared hall may look on at others, without what stands beside their logs, and reads no PIN's hash.
    own = hall_id_of_login(tx)
    without = [] if own is None else [schema.pins.name]
    ids = [id for id, _ in halls.hall_ids_and_codes(tx) if own in (None, id)]
    write_hall_archive(tx, path, BACKUP, ids, program=program, made=made, without=without)
    return without


class BackupArchive(HallArchiveReader):
    """A backup file, open for reading: "backup_damaged", "backup_newer"."""

    KIND = BACKUP

    def load_hall(self, tx: Transaction, copy: HallCopy) -> None:
        """Write one of its halls into an empty database and build its tables from its log. Raises OutsideError
        "backup_damaged"."""
        halls.insert_hall_row_with_id(tx, copy.id, copy.code)
        self._fill_hall(tx, copy, copy.id)

    def restore_hall(self, tx: Transaction, copy: HallCopy, hall: int) -> None:
        """Replace the hall with that id by one from the backup; everything of the old one is removed, except PINs that
        the file lacks. Raises OutsideError "backup_damaged"."""
        for table in (*map(schema.table_named, (*schema.OUTSIDE, *FOLLOWING, *schema.LEARNED)), log):
            if table.name not in self.tables_left_out:
                tx.execute(table.delete().where(table.c.hall == hall))
        halls.reset_hall_row(tx, hall)
        self._fill_hall(tx, copy, hall)

    def _fill_hall(self, tx: Transaction, copy: HallCopy, hall: int) -> None:
        try:
            events.append_foreign_events(tx, hall, self.events(copy.id))
            for table in BACKUP.beside:
                self.write_table_into_hall(tx, table, copy.id, hall)
            book.rebuild_from_log_and_give_faults(tx, hall)
        except DAMAGE as error:
            raise self.damaged_error() from error


def replace_database_file_keeping_old(
    new: Path, target: Path, *, stamp_text: str, check: Callable[[], object] = bool
) -> Path | None:
    """Put the database file `new` at `target`, or where a link there leads; return the copy kept of what was there,
    None if nothing was. Nobody can write to the old one meanwhile, nor after `check`; processes that have it open
    notice the new file, but on Windows it is refused while they have. Raises RuleError "own_file" if another of the
    program's own files is there, OutsideError "cannot_write" (then the old one is unchanged), sqlite3.Error "busy" as
    database does."""
    try:
        writing.require_replaceable_by_hall(target)
        place = Path(os.path.realpath(target))
        if not target.exists():
            for file in {target, place}:
                hall_file.set_aside_or_remove_journals(file, keep=True)
            new.replace(place)
            return None
        folder = writing.ensure_private_folder(target.parent / hall_file.BACKUPS)
        path = _free_copy_path(folder, f"{target.stem}{BEFORE_RESTORE}{stamp_text}")
        with _write_lock_held(target) as lock:
            check()
            is_whole = _copy_database_and_tell_if_whole(target, path)
            if os.name == "nt":  # It replaces no open file: renamed to itself that fails, before anything is moved.
                lock.release()
                target.rename(target)
            for file in {target, place}:
                hall_file.set_aside_or_remove_journals(file, keep=not is_whole)
            writing.give_to_owner_of(target, folder, path, new)
            new.replace(place)
    except OSError as error:
        raise OutsideError("cannot_write", path=str(target)) from error
    return path


class _write_lock_held:  # noqa: N801 - a context manager, named like one
    """Holds the write lock of a database file, where it is one that still opens."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None

    def __enter__(self) -> Self:
        with suppress(sqlite3.Error):
            self._connection = hall_file.open_file_connection(self._path)
            self._connection.execute("PRAGMA busy_timeout=5000")
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            self._connection.execute("BEGIN IMMEDIATE")
        return self

    def release(self, *_: object) -> None:
        if self._connection is not None:
            self._connection.close()

    __exit__ = release


def _copy_database_and_tell_if_whole(source: Path, target: Path) -> bool:
    """Copy a database with what its journal holds and return True; one that is damaged byte by byte, without it."""
    draft = target.with_name(f".{target.name}.new")
    draft.unlink(missing_ok=True)
    writing.create_empty_private_file(draft)
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


def _free_copy_path(folder: Path, stem: str) -> Path:
    names = (f"{stem}.sqlite" if n == 1 else f"{stem}-{n}.sqlite" for n in range(1, 10_000))
    return next(folder / name for name in names if not (folder / name).exists())


MOST_ROWS_NAMED = 3
Summary = dict[str, Any]
"""Of one hall: the log's end, the rows of every table, the figures of its last date."""


def database_summaries_by_hall_id(tx: Transaction) -> dict[int, Summary]:
    """Return what is compared for every hall that has a log, by its id."""
    return {end.id: _hall_summary(tx, end) for end in halls.log_ends_of_halls(tx) if end.seq}


def _hall_summary(tx: Transaction, end: LogEnd) -> Summary:
    found: Summary = {"log": (end.seq, end.hash)}
    for table in (log, *map(schema.table_named, (*schema.OUTSIDE, *FOLLOWING))):
        rows = select(func.count()).select_from(table).where(table.c.hall == end.id)
        found[table.name] = tx.execute(rows).scalar_one()
    try:
        found["figures"] = _figures_of_last_date(tx, end.id)
    except UNREADABLE as error:
        found["figures"] = type(error).__name__
    return found


def _figures_of_last_date(tx: Transaction, hall: int) -> Any:
    row = halls.load_hall_row(tx, hall)
    day, now = row.now.date, row.now.at
    if day is None or now is None:
        return None
    setup, tally = halls.setup_of_hall_row(tx, row), ReportTally()
    tally.add_day(measured.HallReader(tx, hall, setup, now).read_day(day))
    logged = log_dates.log_ranges_by_date(tx, hall, day, day)
    return figures_document(hall_figure_scope(setup, day, day), tally, measured.log_range(tx, hall, logged.values()))


def require_restorable_backup(file: Path, wanted: dict[int, Summary]) -> None:
    """Restore a backup into a throw-away hall and compare. Raises OutsideError "backup_unproven" (path, what: the first
    difference), and what a database without room raises."""
    wrong = first_difference(wanted, summaries_of_backup(file))
    if wrong is not None:
        raise OutsideError("backup_unproven", path=str(file), what=wrong)


def summaries_of_backup(file: Path) -> dict[int, Summary]:
    """Return the summaries of a backup's halls, restored into a throw-away database. Raises as
    require_restorable_backup() does."""
    try:
        with BackupArchive(file) as backup, hall_file.scratch_database_transaction() as tx:
            for copy in backup.verified_hall_copies():
                backup.load_hall(tx, copy)
            return database_summaries_by_hall_id(tx)
    except OutsideError as error:
        if error.code not in ("backup_damaged", "wrong_kind"):
            raise
        raise OutsideError("backup_unproven", path=str(file), what="file") from error


def first_difference(wanted: dict[int, Summary], found: dict[int, Summary]) -> str | None:
    """Return the first difference between `wanted` and `found`, None if there is none."""
    if set(found) != set(wanted):
        return "halls"
    return next((key for id, one in wanted.items() for key in sorted(one) if one[key] != found[id].get(key)), None)


def check_same_summaries(tx: Transaction, wanted: dict[int, Summary]) -> None:
    """Check that the halls have the same summaries as their throw-away copy. Raises ValueError (what differs)."""
    if (wrong := first_difference(wanted, database_summaries_by_hall_id(tx))) is not None:
        raise ValueError(wrong)


# -- whether the tables follow from the log: what that comes to is worked out in a database of its own ---------------


def tables_differing_from_log(tx: Transaction, hall: int) -> tuple[list[str], dict[int, EventFault]]:
    """Return the tables that do not follow from the log, with the keys of a few rows that differ, and its events that
    can't be applied. They are compared row by row, so that a long log needs no more memory than a short one. What this
    login may not read is skipped."""
    with hall_file.scratch_database_transaction() as fresh:
        halls.insert_hall_row_with_id(fresh, hall, "")
        aside = HallWriter(fresh, hall).replay_log(events.all_events(tx, hall))
        wrong = []
        for table in (*map(schema.table_named, FOLLOWING), HALLS):
            names = [
                column.name for column in table.c if may_read_ratings(tx) or column.name not in hidden_columns(table)
            ]
            if names and _row_count_and_checksum_of_table(tx, table, names, hall) != _row_count_and_checksum_of_table(
                fresh, table, names, hall
            ):
                wrong.append(_table_name_with_wrong_row_keys(tx, fresh, table, names, hall))
        # A wrong time of an event that was set aside may stand in the row of an old hall: load_hall() knows better.
        if not wrong and halls.load_hall_row(tx, hall).now != halls.load_hall_row(fresh, hall).now:
            wrong = [HALLS.name]
    return wrong, aside


def _table_name_with_wrong_row_keys(
    tx: Transaction, fresh: Transaction, table: Table, names: list[str], hall: int
) -> str:
    """Return a table's name with the keys of the first rows that are missing, too many or different."""
    keys = [column.name for column in table.primary_key if column.name not in ("hall", "id")]
    if not keys or not set(keys) <= set(names):
        return table.name
    here, there = (set(map(repr, _stored_hall_rows(connection, table, names, hall))) for connection in (tx, fresh))
    astray = {
        " ".join(str(row[names.index(key)]) for key in keys): None
        for connection, other in ((tx, there), (fresh, here))
        for row in _stored_hall_rows(connection, table, names, hall)
        if repr(row) not in other
    }
    named = [*islice(astray, MOST_ROWS_NAMED), *(["…"] if len(astray) > MOST_ROWS_NAMED else [])]
    return f"{table.name} ({', '.join(named)})" if named else table.name


def _stored_hall_rows(tx: Transaction, table: Table, names: list[str], hall: int) -> Iterator[tuple[Any, ...]]:
    with tx.execute(_stored_values_statement(table, *names), {"of": hall}) as found:
        yield from map(tuple, found)


@cache
def _stored_values_statement(table: Table, *names: str) -> Select[Any]:
    """To build it takes as long as to carry it out."""
    columns: list[Any] = [type_coerce(table.c[name], NULLTYPE) for name in names]
    rows = select(*columns).where((HALLS.c.id if table is HALLS else table.c.hall) == bindparam("of"))
    return rows.execution_options(yield_per=events.PAGE)


def _row_count_and_checksum_of_table(tx: Transaction, table: Table, names: list[str], hall: int) -> tuple[int, int]:
    """Return how many rows a table holds of a hall and what they come to as they are stored, in whatever order."""
    count = total = 0
    for row in _stored_hall_rows(tx, table, [name for name in names if table.c[name] is not HALLS.c.at], hall):
        count += 1
        total += hash(repr(row))
    return count, total
