"""The set-up file: reading it into a Setup, checking and changing it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from queuedesk.core.appraisal.scheme import PART as SCHEME
from queuedesk.core.appraisal.scheme import check_weights
from queuedesk.core.errors import RuleError
from queuedesk.core.figures.targets import MEASURES, MOST_MINUTES, PERCENT, WAITS, measure_of, target_of
from queuedesk.core.quality.sheet import USUAL_SHEETS, Sheet
from queuedesk.core.queue.numbering import rounds
from queuedesk.core.setup import field_checks as field_kinds
from queuedesk.core.setup.calendar import CALENDAR, Calendar, check_calendar, law_of, read_calendar, with_days
from queuedesk.core.setup.cards import USUAL_CARDS, Card
from queuedesk.core.setup.field_kinds import Around, check_part, check_row, fields_of, read_row
from queuedesk.core.setup.hall import HallSpec
from queuedesk.core.setup.hall_words import rows_in_words
from queuedesk.core.setup.partners import Partner
from queuedesk.core.setup.rows import (
    FIRST,
    LAST,
    ROWS,
    Former,
    FormerName,
    Notice,
    PriorityClass,
    Service,
    Setup,
    StaffMember,
    TargetRow,
    WindowSpec,
)
from queuedesk.core.setup.rules import HALL_RULES, SETTINGS
from queuedesk.core.setup.sentences import Sentences, alone, in_one_language, in_words
from queuedesk.core.setup.ticket_design import TicketDesign
from queuedesk.core.setup.time_of_day import Hours, clock_text, minutes_of
from queuedesk.core.setup.voice import VoiceSpec
from queuedesk.core.staffing.roster import RosterRow, check_shift

EVERY_DAY = frozenset(range(1, 8))
FORMER_PARTS = ("services", "windows", "staff")


def check_service(field: str, row: Mapping[str, Any], closes: int) -> None:
    """Refuse a service whose fields don't fit, or that gives its last ticket after it closes."""
    check_row(Service, field, row)
    ends = [minutes_of(str(hours["to"])) for hours in row.get("hours") or ()]
    if row.get("last_ticket") and minutes_of(row["last_ticket"]) > max(ends, default=closes):
        raise field_kinds.bad(f"{field}.last_ticket", row["last_ticket"], "after_close")


def check_series(services: Sequence[Mapping[str, Any]]) -> None:
    """Services that share a prefix share one series, so their ranges must be the same. The letters of numbers that
    start again belong to nobody else, and the usual next steps are services of the hall."""
    ranges: dict[str, tuple[object, ...]] = {}
    for row in services:
        span = (row.get("first", FIRST), row.get("last", LAST), bool(row.get("again_last")), _starts(row))
        if ranges.setdefault(row["prefix"], span) != span:
            raise field_kinds.bad(f"services.{row['code']}.first", row["prefix"], "series_overlap")
    for row in services:
        field_kinds.codes(f"services.{row['code']}.then", row.get("then") or [], {one["code"] for one in services})
        starts, at_last = len(_starts(row)), bool(row.get("again_last"))
        if not starts and not at_last:
            continue
        letters = rounds(row["prefix"], at_last=at_last, times=starts)
        if len(letters) <= max(starts, at_last) or any(one in ranges for one in letters[1:]):
            field = "again_at" if starts else "again_last"
            raise field_kinds.bad(f"services.{row['code']}.{field}", row["prefix"], "series_again")


def _starts(row: Mapping[str, Any]) -> tuple[int, ...]:
    return tuple(sorted({minutes_of(one) for one in row.get("again_at") or ()}))


def check_judged(field: str, row: Mapping[str, Any]) -> None:
    """Refuse a new target that could never be judged; a set-up that has one from the time when any text was accepted
    still loads."""
    check_row(TargetRow, field, row)
    measure = measure_of(row["measure"])
    if measure is None:
        raise field_kinds.bad(f"{field}.measure", row["measure"], "not_a_choice", limit=list(MEASURES))
    if target_of(row) is None:
        limit = f"1–{MOST_MINUTES}" if measure in WAITS else f"0–{PERCENT}"
        raise field_kinds.bad(f"{field}.value", row["value"], "out_of_range", limit=limit)


def check_former(parts: Mapping[str, Any]) -> None:
    for part, rows in parts.items():
        field_kinds.choice("former", part, FORMER_PARTS)
        for code, row in field_kinds.mapping(f"former.{part}", rows).items():
            field_kinds.code(f"former.{part}", code)
            check_row(FormerName, f"former.{part}", field_kinds.mapping(f"former.{part}", row))


NORMAL = {"code": "normal", "name": "普通", "name_en": "Regular", "credit_minutes": 0}
PARTS = ("services", "windows", "staff", "classes", "notices", "targets", "cards", "sheets", "partners")
USUAL = {"cards": USUAL_CARDS, "sheets": USUAL_SHEETS}
"""The rows of parts that a hall has until it writes its own."""
WHOLE = ("voice", "ticket", "sentences", SCHEME)
"""Parts that are one row of their own and may be missing."""
PUSHES = "pushes"
"""What a set-up event names in place of a part when it tells of a push to other halls and changes nothing here."""


def read_setup(document: Mapping[str, Any]) -> Setup:
    """Return the set-up of a document that `check_setup` accepts; in a hall with one language every text is in that
    one."""
    whole, document = document, _in_its_language(document)
    hall = read_row(HallSpec, document["hall"])
    sentences = in_words(read_row(Sentences, document.get("sentences", {})), hall.words.window, hall.words.ticket)
    classes = [row for row in document.get("classes", ()) if row["code"] != "normal"]
    normal = next((row for row in document.get("classes", ()) if row["code"] == "normal"), NORMAL)
    if len(hall.languages) == 1:
        normal = in_one_language(normal, hall.languages[0])
        sentences = alone(sentences, hall.languages[0])
    return Setup(
        hall=hall,
        services={row["code"]: read_row(Service, row) for row in document["services"]},
        windows={row["code"]: read_row(WindowSpec, row) for row in document["windows"]},
        staff={row["code"]: read_row(StaffMember, row) for row in document.get("staff", ())},
        classes={row["code"]: read_row(PriorityClass, row) for row in (normal, *classes)},
        settings={**SETTINGS, **document.get("settings", {})},
        notices=tuple(read_row(Notice, row) for row in document.get("notices", ())),
        targets=tuple(document.get("targets", ())),
        roster=tuple(read_row(RosterRow, row) for row in document.get("roster", ())),
        **{one.name: one.kind.read(document.get(key, ())) for key, one in fields_of(Setup).items()},
        calendar=_calendar(document, hall),
        former=_former(document.get("former", {})),
        voice=read_row(VoiceSpec, document.get("voice", {})),
        ticket_design=read_row(TicketDesign, document.get("ticket", {})),
        sentences=sentences,
        cards={row["code"]: read_row(Card, row) for row in rows_of(document, "cards")},
        partners={row["code"]: read_row(Partner, row) for row in document.get("partners", ())},
        document=whole,
    )


def _calendar(document: Mapping[str, Any], hall: HallSpec) -> Calendar:
    rows = (read_row(Service, row).hours for row in document["services"])
    open_days = frozenset[int]().union(*(EVERY_DAY if one is None else _days_of(one) for one in rows))
    law = law_of(hall.country, hall.timezone)
    return read_calendar(document.get(CALENDAR, {}), open_days=open_days, law=law)


def _days_of(hours: Sequence[Hours]) -> frozenset[int]:
    return frozenset[int]().union(*(one.days for one in hours))


def _in_its_language(document: Mapping[str, Any]) -> Mapping[str, Any]:
    chosen: Sequence[str] = document["hall"].get("languages") or ()
    if len(chosen) != 1:
        return document
    usual = {part: rows_of(document, part) for part in USUAL}
    own: dict[str, Any] = in_one_language({**document, **usual}, chosen[0])
    return own


def _former(parts: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> Former:
    return Former(
        **{part: {code: read_row(FormerName, row) for code, row in rows.items()} for part, rows in parts.items()}
    )


def rows_of(document: Mapping[str, Any], part: str) -> list[Mapping[str, Any]]:
    """Return the rows of a part; a hall without contingency cards or score sheets of its own has the default ones, in
    its words."""
    if part in USUAL and part not in document:
        words = read_row(HallSpec, document["hall"]).words
        return list(rows_in_words(USUAL[part], words.window, words.ticket))
    return list(document.get(part, ()))


def sheets_of(setup: Setup) -> dict[str, Sheet]:
    """Return the score sheets of a hall. They are read when they are asked for: few who read a set-up need them."""
    rows = rows_of(setup.document, "sheets")
    if len(setup.hall.languages) == 1:
        rows = in_one_language(rows, setup.hall.languages[0])
    return {row["code"]: read_row(Sheet, row) for row in rows}


def changed(document: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """Return `document` with one change of a set-up event: `part`, `op` (add, set, remove), `code`, `row`.

    Settings, the hall itself and the parts of WHOLE have the op `set` with the row of what changes, the calendar with
    its rows by date, None for one that goes; PINs and what tells of a push change nothing here. The
    name of what is removed stays in `former` until its code is taken again.
    """
    part, op = change["part"], change["op"]
    after = dict(document)
    if op == "pin" or part == PUSHES:
        return after
    if part in ("settings", "hall", *WHOLE):
        after[part] = {**document.get(part, {}), **change["row"]}
        return after
    if part == CALENDAR:
        after[part] = with_days(document.get(part, {}), change["row"])
        return after
    rows = rows_of(document, part)
    code = str(change["code"])
    if op == "add":
        after[part] = [*rows, change["row"]]
        return _with_former(after, part, code, None)
    if op == "remove":
        gone = [row for i, row in enumerate(rows) if row_code(part, row, i) == code]
        after[part] = [row for i, row in enumerate(rows) if row_code(part, row, i) != code]
        return _with_former(after, part, code, gone[0] if gone else None)
    after[part] = [{**row, **change["row"]} if row_code(part, row, i) == code else row for i, row in enumerate(rows)]
    return after


def _with_former(document: dict[str, Any], part: str, code: str, gone: Mapping[str, Any] | None) -> dict[str, Any]:
    """Keep the name of the row that is gone; with None forget what once had that code."""
    known = document.get("former", {}).get(part, {})
    if part not in FORMER_PARTS or (gone is None and code not in known):
        return document
    names = {other: row for other, row in known.items() if other != code}
    if gone is not None:
        names[code] = {"name": gone.get("name") or "", "name_en": gone.get("name_en") or ""}
    parts = {**document.get("former", {}), part: names}
    document["former"] = {which: kept for which, kept in parts.items() if kept}
    return document


def row_code(part: str, row: Mapping[str, Any], index: int) -> str:
    """Return the name of a row: its code; notices and targets go by their position from 1."""
    return str(index + 1) if part in ("notices", "targets") else str(row["code"])


def check_setup(document: object) -> Setup:
    """Return the set-up of `document`. Raises RuleError "bad_value" naming the field and what is wrong with it."""
    return read_setup(checked(document))


def checked(document: object) -> Mapping[str, Any]:
    """Refuse what `check_setup` refuses without reading the rest: a form asks at every key that is pressed."""
    doc = field_kinds.mapping("setup", document)
    field_kinds.loggable("setup", doc)
    hall = field_kinds.mapping("hall", doc.get("hall"))
    field_kinds.code("hall.code", hall.get("code"))
    check_row(HallSpec, "hall", hall)
    opens, closes = minutes_of(str(hall.get("opens", "8:30"))), minutes_of(str(hall.get("closes", "17:30")))
    if opens >= closes:
        raise field_kinds.bad("hall.closes", hall.get("closes"), "before_opening", limit=clock_text(opens))
    services = _rows(doc, "services", required=True)
    for i, row in enumerate(services):
        check_service(f"services.{row.get('code', i + 1)}", row, closes)
    check_series(services)
    codes = {"services": [row["code"] for row in services]}
    kinds: Mapping[str, type] = {
        "windows": WindowSpec,
        "staff": StaffMember,
        "classes": PriorityClass,
        "cards": Card,
        "sheets": Sheet,
        "partners": Partner,
    }
    for part, kind in kinds.items():
        for row in _rows(doc, part, required=part == "windows"):
            check_row(kind, f"{part}.{row['code']}", row, codes)
    _check_unnamed(doc)
    check_former(field_kinds.mapping("former", doc.get("former", {})))
    check_calendar(doc.get(CALENDAR, {}))
    for key, value in field_kinds.mapping("settings", doc.get("settings", {})).items():
        check_setting(key, value)
    for part in WHOLE:
        check_part(ROWS[part], part, field_kinds.mapping(part, doc.get(part, {})))
    check_weights(doc.get(SCHEME, {}))
    return doc


def check_setting(key: str, value: object) -> int | str:
    """Return the value as the hall stores it. Raises RuleError "unknown_setting" or "bad_value"."""
    if key not in HALL_RULES:
        raise RuleError("unknown_setting", key=key)
    kind = HALL_RULES[key].kind
    kind.check(key, value, Around({}))
    kept: int | str = kind.read(value)
    return kept


def _check_unnamed(doc: Mapping[str, Any]) -> None:
    """Check the parts whose rows have no code: they go by their position from 1."""
    codes = {part: [row["code"] for row in doc.get(part, [])] for part in ("windows", "staff")}
    checks: dict[str, Callable[[str, Mapping[str, Any]], None]] = {
        "notices": partial(check_row, Notice),
        "targets": partial(check_row, TargetRow),
        "roster": lambda field, row: check_shift(field, row, codes),
    }
    for part, check in checks.items():
        for i, row in enumerate(field_kinds.listed(part, doc.get(part, []))):
            check(f"{part}.{i + 1}", field_kinds.mapping(f"{part}.{i + 1}", row))
    for key, one in fields_of(Setup).items():
        one.kind.check(key, doc.get(key, []), Around(doc))


def _rows(doc: Mapping[str, Any], part: str, *, required: bool = False) -> list[Mapping[str, Any]]:
    rows = [field_kinds.mapping(part, row) for row in field_kinds.listed(part, doc.get(part, []))]
    if required and not rows:
        raise field_kinds.bad(part, None, "empty")
    seen: set[str] = set()
    for i, row in enumerate(rows):
        field_kinds.code(f"{part}.{i + 1}.code", row.get("code"))
        if row["code"] in seen:
            raise RuleError("already_there", kind=part, code=row["code"])
        seen.add(row["code"])
    return rows
