"""The file format of backups and exports: a ZIP of logs, some tables beside them, and checksums."""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
import zlib
from collections.abc import Container, Generator, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Self

from msgspec import Struct
from sqlalchemy import Table, insert, select

from queuedesk.core.errors import OutsideError
from queuedesk.core.log.event import Event, broken_at, canonical, stamp
from queuedesk.files.own import MANIFEST
from queuedesk.files.reading import LARGEST_OWN, lines_of, must_be_file, parsed_json
from queuedesk.files.writing import whole_file
from queuedesk.store.engine.types import Day, Moment, Transaction
from queuedesk.store.log import events
from queuedesk.store.parts import halls
from queuedesk.store.schema.beside import access

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


class Kind(Struct, frozen=True):
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


def write_pack(
    tx: Transaction,
    path: Path,
    kind: Kind,
    ids: Sequence[int],
    *,
    program: str,
    made: datetime,
    there: Mapping[str, Container[str]] | None = None,
    without: Container[str] = (),
) -> None:
    """Write the halls `ids` as the transaction sees them; the file at `path` is replaced as a whole, readable by its
    owner only.

    `there` are the columns by table of a database of an earlier version, `without` the tables whose rows this login may
    not read: they are empty in the file, and it says so. Raises RuleError "own_file", OutsideError "cannot_write".
    """
    with whole_file(path, private=True, pack=kind.format) as file:
        _write(tx, file, kind, ids, program=program, made=made, there=there, without=without)


def hold_the_same(one: Path, other: Path) -> bool:
    """Whether two such files hold the same halls row by row, whenever they were written; False for other files."""
    try:
        left, right = (_manifest_in(zipfile.ZipFile(path)) for path in (one, other))
        return all(left[part] == right[part] for part in ("format", "halls", "files"))
    except (OSError, *DAMAGE):
        return False


def _manifest_in(pack: zipfile.ZipFile) -> Any:
    with pack.open(MANIFEST) as file:
        content = file.read(LARGEST_OWN + 1)
    if len(content) > LARGEST_OWN:
        raise ValueError(MANIFEST)
    return parsed_json(content)


def _write(
    tx: Transaction,
    file: Any,
    kind: Kind,
    ids: Sequence[int],
    *,
    program: str,
    made: datetime,
    there: Mapping[str, Container[str]] | None,
    without: Container[str],
) -> None:
    files, copies = [], []
    codes = dict(halls.listed(tx))
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as pack:
        for id in ids:
            now = halls.load(tx, id).now
            if now.at is None:
                continue
            copies.append({"id": id, "code": codes[id], "seq": now.seq, "hash": now.hash, "at": stamp(now.at)})
            lines: Iterable[dict[str, Any]] = (event.printed() for event in events.all_of(tx, id))
            files.append(_write_lines(pack, f"{id}/{LOG}", lines))
            for table in kind.beside:
                if there is None or table.name in there:
                    rows = _rows(tx, table, id, there) if table.name not in without else ()
                    files.append(_write_lines(pack, f"{id}/{table.name}.jsonl", rows))
        manifest = {
            "format": kind.format,
            "version": VERSION,
            "program": program,
            "made": stamp(made),
            "halls": copies,
            "files": files,
            "without": [table.name for table in kind.beside if table.name in without],
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


def _rows(
    tx: Transaction, table: Table, hall: int, there: Mapping[str, Container[str]] | None
) -> Iterator[dict[str, Any]]:
    columns = [c for c in table.c if c.name not in ("hall", "id") or (c.name == "id" and table is not access)]
    if there is not None:
        columns = [c for c in columns if c.name in there[table.name]]
    statement = select(*(c for c in columns if c.name != "hall")).where(table.c.hall == hall)
    with tx.execute(statement.order_by(*table.primary_key).execution_options(yield_per=_ROWS)) as rows:
        for row in rows:
            yield {name: _plain(value) for name, value in row._mapping.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return stamp(value)
    return value.isoformat() if isinstance(value, date) else value


class Pack:
    """Such a file, open for reading; `close` it, or use it in a with statement."""

    KIND: Kind

    def __init__(self, path: Path) -> None:
        """Open the file and read what it says of itself.

        Raises OutsideError "no_such_file", "cannot_read", "wrong_kind", and of its kind "…_damaged", "…_newer".
        """
        self.path = path
        must_be_file(path)
        try:
            with path.open("rb") as file:
                is_zip = file.read(len(_ZIP)) == _ZIP
        except (OSError, ValueError) as error:
            raise OutsideError("cannot_read", path=str(path)) from error
        if not is_zip:
            raise self._wrong_kind()
        try:
            self._pack = zipfile.ZipFile(path)
            manifest = _manifest_in(self._pack) if MANIFEST in self._pack.namelist() else {}
        except OSError as error:
            raise OutsideError("cannot_read", path=str(path)) from error
        except DAMAGE as error:
            raise self.damaged() from error
        if not isinstance(manifest, dict) or manifest.get("format") != self.KIND.format:
            raise self._wrong_kind()
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
            raise self.damaged() from error
        return made

    def named_halls(self) -> list[HallCopy]:
        """Return the halls that the file lists, unverified; check() reads them. Raises OutsideError "…_damaged"."""
        try:
            return [self._copy(row) for row in self._manifest["halls"]]
        except DAMAGE as error:
            raise self.damaged() from error

    @property
    def without(self) -> list[str]:
        """The tables whose rows the writer could not read."""
        return [str(name) for name in self._manifest.get("without", ())]

    def lines_of(self, hall: int, table: Table) -> int:
        """Return how many rows of a table the file holds for a hall."""
        name = f"{hall}/{table.name}.jsonl"
        return next(int(entry["lines"]) for entry in self._manifest["files"] if entry["name"] == name)

    def check(self) -> list[HallCopy]:
        """Read the whole file: sums, lines and the chain of every log. Raises OutsideError "…_damaged"."""
        try:
            self.made  # noqa: B018 - a file that does not say when is damaged
            for entry in self._manifest["files"]:
                self._check_sum(entry)
            copies = [self._copy(row) for row in self._manifest["halls"]]
            for copy in copies:
                self._check_log(copy)
        except OSError as error:
            raise OutsideError("cannot_read", path=str(self.path)) from error
        except DAMAGE as error:
            raise self.damaged() from error
        if not copies:
            raise self.damaged()
        return copies

    def must_suit_servers(self) -> None:
        """Check, for a verified file, that a server can store each text. Raises OutsideError "nul_in_text" (hall,
        table, row)."""
        if self._nul is not None:
            (id, _slash, name), row = self._nul[0].partition("/"), self._nul[1]
            code = next(str(copy["code"]) for copy in self._manifest["halls"] if str(copy["id"]) == id)
            raise OutsideError("nul_in_text", hall=code, table=name.removesuffix(".jsonl"), row=row)

    def events(self, hall: int) -> Generator[Event, None, None]:
        """Yield the log of a hall by its id in the file."""
        for line in self._lines(f"{hall}/{LOG}"):
            if set(line) != _EVENT_FIELDS or not all(isinstance(line[name], kind) for name, kind in _TYPES.items()):
                raise ValueError(line)
            yield events.read_line(line)

    def load_table(self, tx: Transaction, table: Table, hall: int, into: int, *, since: int | None = None) -> None:
        """Write the rows of a table beside the log into the hall `into`, which has none of them; only those after the
        seq `since` if given."""
        rows = []
        for line in self._lines(f"{hall}/{table.name}.jsonl"):
            if since is not None and line["seq"] <= since:
                continue
            rows.append({"hall": into, **{name: _value(table, name, value) for name, value in line.items()}})
            if len(rows) == _ROWS:
                tx.execute(insert(table), rows)
                rows = []
        if rows:
            tx.execute(insert(table), rows)

    def damaged(self) -> OutsideError:
        """Return the error for such a file that is damaged."""
        return OutsideError(f"{self.KIND.word}_damaged", path=str(self.path))

    def _wrong_kind(self) -> OutsideError:
        return OutsideError("wrong_kind", path=str(self.path), wanted=self.KIND.word)

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
            for line in lines_of(file):
                digest.update(line)
                count += 1
                if self._nul is None and b"u0000" in line and _NUL.search(line):
                    self._nul = entry["name"], count
        if (digest.hexdigest(), count) != (entry["sha256"], entry["lines"]):
            raise ValueError(entry["name"])

    def _check_log(self, copy: HallCopy) -> None:
        last: Event | None = None

        def remembered() -> Iterator[Event]:
            nonlocal last
            for event in self.events(copy.id):
                last = event
                yield event

        if broken_at(remembered()) is not None or last is None or (last.seq, last.hash) != (copy.seq, copy.hash):
            raise ValueError(copy.code)
        for table in self.KIND.beside:
            for line in self._lines(f"{copy.id}/{table.name}.jsonl"):
                if not set(line) <= set(table.c.keys()):
                    raise ValueError(table.name)

    def _lines(self, name: str) -> Iterator[dict[str, Any]]:
        if all(entry["name"] != name for entry in self._manifest["files"]):
            return  # The program that wrote it had no such table yet.
        with self._pack.open(name) as file:
            for line in lines_of(file):
                yield json.loads(line)


def _value(table: Table, name: str, value: Any) -> Any:
    kind = table.c[name].type
    if value is None:
        return None
    if isinstance(kind, Moment):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(kind, Day) else value
