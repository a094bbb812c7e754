"""The text of a month of sheets that was closed: what they said then, whatever is corrected afterwards."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from msgspec.structs import asdict, replace

from queuedesk.core.appraisal import Dispute, Scheme, scheme_row
from queuedesk.core.setup.field_kinds import read_row
from queuedesk.features.staff.rules.person_sheet import (
    Called,
    Due,
    Given,
    Handled,
    ItemResult,
    MonthRows,
    MonthSheets,
    Noted,
    PersonSheet,
    Planned,
    Redirected,
    StoodScheme,
    Team,
)

_ROWS: Mapping[str, type[NamedTuple]] = {
    "handled": Handled,
    "redirected": Redirected,
    "ratings": Given,
    "calls": Called,
    "cases": Due,
    "shifts": Planned,
    "thanks": Noted,
    "faults": Noted,
}
_DATES = {"day", "due", "date", "month"}
_TIMES = {"time", "decided"}


def text_of(found: MonthSheets) -> str:
    """Return a month's rows, scheme and figures as one text, the same for the same."""
    document = {
        "first": found.first.isoformat(),
        "last": found.last.isoformat(),
        "reads_ratings": found.rows.reads_ratings,
        "rows": {name: [[_plain(value) for value in row] for row in getattr(found.rows, name)] for name in _ROWS},
        "disputes": [_fields_of(one) for one in found.rows.disputes],
        "scheme": scheme_row(found.stood.scheme),
        "number": found.stood.number,
        "since": _plain(found.stood.since),
        "sheets": {
            code: {**_fields_of(one), "items": [_fields_of(item) for item in one.items]}
            for code, one in found.team.sheets.items()
        },
        "median": found.team.median,
        "compared": list(found.team.compared),
    }
    packed = json.dumps(document, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return base64.b64encode(zlib.compress(packed.encode(), 9)).decode()


def sheets_of(text: str) -> MonthSheets:
    """Return what a text of `text_of` holds."""
    document = json.loads(zlib.decompress(base64.b64decode(text)))
    first, last = date.fromisoformat(document["first"]), date.fromisoformat(document["last"])
    rows: dict[str, Any] = {
        name: [kind(*_values(kind._fields, row)) for row in document["rows"][name]] for name, kind in _ROWS.items()
    }
    sheets = {
        code: PersonSheet(**{**_read(one), "items": tuple(ItemResult(**_read(item)) for item in one["items"])})
        for code, one in document["sheets"].items()
    }
    since = document["since"]
    return MonthSheets(
        first=first,
        last=last,
        is_over=True,
        stood=StoodScheme(
            scheme=read_row(Scheme, document["scheme"]),
            number=document["number"],
            since=date.fromisoformat(since) if since else None,
        ),
        rows=MonthRows(
            first=first,
            last=last,
            reads_ratings=document["reads_ratings"],
            disputes=tuple(Dispute(**_read(one)) for one in document["disputes"]),
            **rows,
        ),
        team=Team(sheets=sheets, median=document["median"], compared=tuple(document["compared"])),
    )


def with_later(found: MonthSheets, now: Iterable[Dispute]) -> MonthSheets:
    """Return a closed month with what was asked about its rows since. Rows excluded since stand apart: its sheets count
    them."""
    known = {one.seq for one in found.rows.disputes}
    new = [one for one in now if one.seq not in known]
    rows = replace(found.rows, disputes=(*found.rows.disputes, *(one for one in new if not one.excluded)))
    return replace(found, rows=rows, later=tuple(one for one in new if one.excluded))


def _fields_of(one: Any) -> dict[str, Any]:
    return {name: _plain(value) for name, value in asdict(one).items() if name != "items"}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _values(names: Iterable[str], row: Iterable[Any]) -> list[Any]:
    return [_typed(name, value) for name, value in zip(names, row, strict=False)]


def _read(one: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _typed(name, value) for name, value in one.items()}


def _typed(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name in _DATES:
        return date.fromisoformat(value)
    if name in _TIMES:
        return datetime.fromisoformat(value)
    return tuple(value) if isinstance(value, list) else value
