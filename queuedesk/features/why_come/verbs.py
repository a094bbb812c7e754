"""Reads what people came for and where else they could have gone, and offers them the other way; reads the directory
of other places from a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from queuedesk.core.errors import RuleError
from queuedesk.core.figures.drilldown_rows import OFFERS, PARTNERS, WHOLE
from queuedesk.core.imports import half_width_text
from queuedesk.core.setup import field_kinds
from queuedesk.core.setup.file import check_and_read_setup, rows_of_part
from queuedesk.core.setup.rows import Setup
from queuedesk.core.setup.sentences import Partner, codes_of_given_services_and_items, refuse_unknown_services_in_takes
from queuedesk.core.talk.remarks import CHANNELS
from queuedesk.desk.change import Desk, Document, HallChange, runs_in_transaction
from queuedesk.desk.setting_up import rows_merged_by_code
from queuedesk.features.why_come.rules import WhereElseAdvice, advice_from_days
from queuedesk.files import table as table_files
from queuedesk.sim.player import channel_code_of_typed_word
from queuedesk.store.figures import measured
from queuedesk.store.figures.measured import HallReader
from queuedesk.store.parts import halls


def where_else_advice(desk: Desk, first: date, last: date, now: datetime) -> WhereElseAdvice:
    """Return the advice of the business dates from `first` to `last`, both included. Raises RuleError "bad_value"
    where they are in the wrong order, OutsideError when the database does not answer."""
    if first > last:
        raise RuleError("bad_value", field="date", value=last.isoformat(), why="out_of_range", limit=first.isoformat())
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        reader = HallReader(tx, desk.hall, setup, now)
        dates = reader.logged_dates_between(first, last)
        days = measured.query_days_with_parts(reader, dates, frozenset({WHOLE, OFFERS, PARTNERS}))
        return advice_from_days(days, first, last, len(setup.partners))


@runs_in_transaction("put-offer")
def switch_channel_offer_of_service(change: HallChange, service: str, to: str, *, wanted: bool = True) -> Document:
    """Let front desk, kiosk and displays offer a channel to who comes for a service, or no more. Raises RuleError
    "unknown_service", "bad_value"."""
    if to not in CHANNELS:
        raise RuleError("bad_value", field="to", value=to, why="not_a_choice", limit=list(CHANNELS))
    now = change.setup.service_by_code(service).elsewhere
    after = [one for one in CHANNELS if (one in now and one != to) or (one == to and wanted)]
    if tuple(after) != now:
        change.record("set-up", part="services", op="set", code=service, row={"elsewhere": after})
    return {"service": service, "elsewhere": after}


# -- the directory of other places: a row for each ---------------------------------------------------------------------

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "code": ("code", "代码", "编号", "网点编号"),
    "name": ("name", "名称", "网点", "网点名称", "site"),
    "name_en": ("english name", "name_en", "英文名称"),
    "kind": ("kind", "channel", "种类", "类别", "渠道"),
    "takes": ("takes", "takes what", "办理", "可办", "可办业务", "业务", "service", "services"),
    "hours": ("open", "hours", "营业时间", "开放时间"),
    "distance_m": ("distance in metres", "distance", "distance_m", "距离", "距离（米）", "距离(米)"),
    "address": ("address", "地址"),
    "region": ("region", "区域", "片区"),
}
NEEDED = ("name", "kind", "takes")
MOST = 2000


def read_partners_file(path: Path, setup: Setup) -> list[dict[str, Any]]:
    """Return the rows of a file as the set-up has them. A place without a code is the one of that name, or a new one;
    services and items go by code ("A", "A/invoice") or by name, the channel by its code or word. Raises RuleError
    "columns_missing", "bad_rows" with every line that can't be read, "no_rows", OutsideError as
    read_sheet_with_header()."""
    table = table_files.read_sheet_with_header(
        path, lambda cells: not _missing_columns(_partner_columns_in_table(cells))
    )
    columns = _partner_columns_in_table(table.columns)
    if lacking := _missing_columns(columns):
        raise RuleError("columns_missing", path=str(path), columns=lacking)
    table_files.refuse_duplicate_columns(table, columns.values())
    return _partner_rows_of_table(table, columns, setup)


def _partner_columns_in_table(cells: Sequence[str]) -> dict[str, str]:
    return {name: next((cell for cell in cells if cell in column), "") for name, column in COLUMNS.items()}


def _missing_columns(columns: Mapping[str, str]) -> list[str]:
    return [name for name in NEEDED if not columns[name]]


def _partner_rows_of_table(
    table: table_files.FileTable, columns: Mapping[str, str], setup: Setup
) -> list[dict[str, Any]]:
    named = {partner.name: code for code, partner in setup.partners.items()}
    what = _service_and_item_codes_by_name(setup)
    bad = list(table.bad)
    found: dict[str, tuple[int, dict[str, Any]]] = {}
    for line in table.rows[:MOST]:
        try:
            row = _partner_row_of_line(line, columns, what)
            code = row.get("code") or named.get(row["name"]) or _next_free_partner_code({*setup.partners, *found})
            if code in found:
                raise RuleError("line_twice", line=found[code][0])
            found[code] = (line.line, {**row, "code": code})
        except RuleError as error:
            bad.append(table_files.BadLine(line.line, error))
    bad += [table_files.BadLine(line.line, RuleError("too_many_rows", n=MOST)) for line in table.rows[MOST : MOST + 1]]
    if bad:
        raise table_files.bad_rows_refusal(table.path, bad)
    if not found:
        raise RuleError("no_rows", path=str(table.path))
    return [row for _line, row in found.values()]


def _partner_row_of_line(
    line: table_files.TableRow, columns: Mapping[str, str], what: Mapping[str, str]
) -> dict[str, Any]:
    pairs = [
        (name, text)
        for name in ("name", "name_en", "hours", "distance_m", "address", "region")
        if columns[name] and (text := line.cell_text(columns[name])) is not None
    ]
    row = field_kinds.row_from_typed_pairs("partners", Partner, pairs)
    if not row.get("name"):
        raise RuleError("bad_value", field="name", value=None, why="empty")
    if columns["code"] and (code := line.code(columns["code"])):
        row["code"] = code
    row["kind"] = channel_code_of_typed_word(line.cell_text(columns["kind"]) or "")
    typed = field_kinds.parse_typed_codes("takes", line.cell_text(columns["takes"]) or "")
    unknown = next((one for one in typed if _normalised_for_comparison(one) not in what), None)
    if unknown is not None:
        raise RuleError(
            "bad_value", field="takes", value=unknown[:40], why="not_a_choice", limit=sorted(set(what.values()))
        )
    row["takes"] = list(dict.fromkeys(what[_normalised_for_comparison(one)] for one in typed))
    return row


def _service_and_item_codes_by_name(setup: Setup) -> dict[str, str]:
    """Return what a place may take by every way to write it; a name that two items share names neither."""
    found: dict[str, str] = {}
    twice: set[str] = set()
    for code, service in setup.services.items():
        every = {code: (code, service.name, service.name_en)}
        every |= {f"{code}/{item.code}": (f"{code}/{item.code}", item.name, item.name_en) for item in service.items}
        for key, words in every.items():
            for word in {_normalised_for_comparison(one) for one in words if one}:
                if found.setdefault(word, key) != key:
                    twice.add(word)
    # A service's own name goes before that of one of its items.
    own = {
        _normalised_for_comparison(word): code
        for code, one in setup.services.items()
        for word in (code, one.name, one.name_en)
        if word
    }
    return {word: own.get(word, key) for word, key in found.items() if word not in twice or word in own}


def _normalised_for_comparison(text: str) -> str:
    return " ".join(half_width_text(text).split()).casefold()


def _next_free_partner_code(codes: set[str]) -> str:
    return next(f"P{n}" for n in range(1, len(codes) + 2) if f"P{n}" not in codes)


@runs_in_transaction("set-up")
def import_partners(change: HallChange, rows: Sequence[Mapping[str, Any]]) -> Document:
    """Import rows into the directory of other places: new ones are added, others changed, none removed. Without a
    difference nothing is recorded. Raises RuleError "bad_value"."""
    for row in rows:
        refuse_unknown_services_in_takes(
            f"partners.{row.get('code')}", row, codes_of_given_services_and_items(change.setup.services)
        )
    after = {
        **change.setup.document,
        "partners": rows_merged_by_code(rows_of_part(change.setup.document, "partners"), rows),
    }
    check_and_read_setup(after)
    counts = count_partner_changes(change.setup.document, rows)
    if counts["new"] or counts["changed"]:
        change.record("set-up", part="partners", op="order", setup=after)
    return counts


def count_partner_changes(document: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> Document:
    known = {row["code"]: row for row in rows_of_part(document, "partners")}
    new = sum(row["code"] not in known for row in rows)
    changed_rows = sum(row["code"] in known and {**known[row["code"]], **row} != known[row["code"]] for row in rows)
    return {"rows": len(rows), "new": new, "changed": changed_rows, "same": len(rows) - new - changed_rows}
