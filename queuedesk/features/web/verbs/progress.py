"""How far the back office is with a case: states that it drops as a file, found again by their reference."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from msgspec.structs import asdict

from queuedesk.core.errors import RuleError
from queuedesk.core.log.event import require_storable
from queuedesk.desk.change import Desk, Document, HallChange, runs_in_transaction
from queuedesk.features.web import tables
from queuedesk.features.web.rules import Progress
from queuedesk.files.table import BadLine, TableRow, bad_rows_refusal, check_columns, read_table

COLUMNS, NEEDED = ("reference", "state", "since", "note"), ("reference", "state")
FIELDS = {"reference": "ref"}
"""Columns that the catalogue knows by another name."""
LONGEST = {"reference": 60, "state": 60, "since": 30, "note": 300}


def read_progress_file(path: Path) -> list[Progress]:
    """Return the states of a file. Raises OutsideError as read_table(), RuleError "bad_rows" with every line that can't
    be read, also one whose reference an earlier line has."""
    table = read_table(path)
    check_columns(table, COLUMNS, NEEDED)
    bad, rows = list(table.bad), {}
    for row in table.rows:
        try:
            progress = _progress_from_row(row)
            if progress.reference in rows:
                raise RuleError("web_case_twice", reference=progress.reference)
            rows[progress.reference] = progress
        except RuleError as error:
            bad.append(BadLine(row.line, error))
    if bad:
        raise bad_rows_refusal(path, bad)
    return list(rows.values())


def _progress_from_row(row: TableRow) -> Progress:
    texts = {name: (row.text(name) or "").strip() for name in COLUMNS}
    for name, text in texts.items():
        field = FIELDS.get(name, name)
        if not text and name in NEEDED:
            raise RuleError("bad_value", field=field, value="", why="empty")
        if len(text) > LONGEST[name]:
            raise RuleError("bad_value", field=field, value=text[:20], why="too_long")
        require_storable(field, text)
    return Progress(plain_reference(texts["reference"]), texts["state"], texts["since"], texts["note"])


def plain_reference(text: str) -> str:
    """Return a reference as it is compared: without spaces, in capitals."""
    return "".join(text.split()).upper()


@runs_in_transaction("web-progress")
def replace_progress(change: HallChange, rows: Sequence[Progress]) -> Document:
    """Store these states in place of all that were there."""
    tables.replace_progress(change.tx, change.book.id, rows)
    return {"rows": len(rows)}


def progress_document(desk: Desk, reference: str) -> Document:
    """Return the state of a case. Raises RuleError "web_unknown_reference"."""
    with desk.db.read() as tx:
        found = tables.progress_of(tx, desk.hall, plain_reference(reference))
    if found is None:
        raise RuleError("web_unknown_reference", reference=reference[:60])
    return asdict(found)


def has_progress(desk: Desk) -> bool:
    with desk.db.read() as tx:
        return tables.has_progress(tx, desk.hall)
