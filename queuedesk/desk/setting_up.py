"""Creates a hall and changes its set-up: rows, rules, features, prepared sentences, the whole file.

A hall begins with its first event, in its own database or one with other halls; a preset provides its first set-up."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Struct

from queuedesk.core import features
from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.log.event import Event
from queuedesk.core.log.state import APPOINTMENTS
from queuedesk.core.network.roles import Role
from queuedesk.core.queue.hallday import business_date
from queuedesk.core.queue.ticket import WindowState
from queuedesk.core.setup import file as setup_files
from queuedesk.core.setup import presets
from queuedesk.core.setup import sentences as hall_sentences
from queuedesk.core.setup.field_kinds import text_key_in_language
from queuedesk.core.setup.hall import CALENDAR, calendar_with_changed_days
from queuedesk.core.setup.rows import FACTS, Setup, hall_languages
from queuedesk.core.staffing.roster import rows_without_removed_code
from queuedesk.desk.change import Ask, Desk, Document, HallChange, runs_in_transaction
from queuedesk.desk.queue.opening import end_lending_of_removed_services, store_pin
from queuedesk.desk.talk.devices import record_all_hall_voices_stopped
from queuedesk.files.reading import read_program_file
from queuedesk.paths import resource_path
from queuedesk.store.engine import address, database, types
from queuedesk.store.log import events, journal
from queuedesk.store.log.book import HallWriter
from queuedesk.store.parts import halls, part_tables, tickets


def create_first_hall(db: database.Database, setup: Setup, ask: Ask) -> Desk:
    """Create the first hall of an empty database. Raises RuleError "exists" where another command made one."""
    with db.write() as tx:
        existing = halls.hall_ids_and_codes(tx)
        if existing:
            return Desk(db, _hall_of_same_command(tx, existing[0][0], db, ask))
        _write_hall_and_first_event(tx, 1, setup, ask)
    return Desk(db, 1)


def add_hall(db: database.Database, setup: Setup, ask: Ask) -> Desk:
    """Create a hall beside others. Raises RuleError "exists" where another command made one with its code."""
    try:
        with db.write() as tx:
            halls.lock_against_new_halls(tx)
            existing = halls.hall_ids_and_codes(tx)
            same = next((id for id, code in existing if code == setup.hall.code), None)
            if same is not None:
                return Desk(db, _hall_of_same_command(tx, same, db, ask))
            hall = max((id for id, _code in existing), default=0) + 1
            _write_hall_and_first_event(tx, hall, setup, ask)
    except BaseException:
        db.dispose()
        raise
    return Desk(db, hall)


def _hall_of_same_command(tx: types.Transaction, hall: int, db: database.Database, ask: Ask) -> int:
    """Return the existing hall if this command made it. Raises RuleError "exists", "id_used"."""
    stored = events.answer_of_command(tx, hall, ask.command) if ask.command else None
    if stored is None:
        raise RuleError("exists", path=db.place)
    if stored[0] != ask.words:
        raise RuleError("id_used", command=ask.command)
    return hall


def _write_hall_and_first_event(tx: types.Transaction, hall: int, setup: Setup, ask: Ask) -> None:
    now = ask.now.astimezone(UTC)
    halls.insert_hall_row_with_id(tx, hall, setup.hall.code)
    book = HallWriter(tx, hall)
    data = {"setup": dict(setup.document), "date": business_date(setup, now).isoformat()}
    book.record_event(Event(seq=1, at=now, time=now, kind="set-up", actor=ask.who.name, command=ask.command, data=data))
    book.close()
    if ask.command is not None:
        events.store_command_answer(tx, hall, ask.command, words=ask.words, seq=1, document={"hall": setup.hall.code})


def open_or_create_server_database(url: str) -> database.Database:
    """Open a server's database, or create its tables if there are none."""
    try:
        return database.Database.open(url)
    except OutsideError as error:
        if error.code != "database_missing":
            raise
    try:
        return database.Database.create(url)
    except RuleError as error:  # another PC made them at this moment
        if error.code != "exists":
            raise
        return database.Database.open(url)


def open_or_create_empty_database(target: str | Path) -> database.Database:
    """Create a database, or open one without a hall."""
    try:
        return database.Database.create(target)
    except RuleError as error:
        if error.code != "exists":
            raise
        try:
            return database.Database.open(target)
        except OutsideError:
            raise error from None


# -- presets -----------------------------------------------------------------------------------------------------------


def preset_setup_document(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(resource_path("presets", f"{name}.json").read_text(encoding="utf-8"))
    return document


def demo_setup_of_preset(name: str) -> dict[str, Any]:
    """Return the set-up of a preset's demo hall, or of the preset if it has none."""
    file = resource_path("demo", f"{name}.json")
    if not file.exists():
        return preset_setup_document(name)
    return presets.preset_merged_with_story(preset_setup_document(name), json.loads(file.read_text(encoding="utf-8")))


def preset_service_with_name(name: str, lang: str) -> Mapping[str, Any] | None:
    """Return the preset service with this name in this language, None without one."""
    rows = (row for kind in presets.PRESETS for row in preset_setup_document(kind)["services"])
    return next((row for row in rows if name and row[text_key_in_language("name", lang)] == name), None)


# -- finds the time zone of this PC, for a hall that is made on it ---------------------------------------------------

DEFAULT_TIMEZONE = "Asia/Shanghai"
_LOCALTIME_LINK, _TIMEZONE_FILE = Path("/etc/localtime"), Path("/etc/timezone")


def system_timezone(environ: Mapping[str, str] = os.environ) -> str:
    """Return the name of this PC's time zone, or "Asia/Shanghai" where the system has none (as on Windows)."""
    for name in (environ.get("TZ", "").lstrip(":"), _timezone_of_localtime_link(), _timezone_of_timezone_file()):
        if name and _is_known_timezone(name):
            return name
    return DEFAULT_TIMEZONE


def _timezone_of_localtime_link() -> str:
    try:
        parts = _LOCALTIME_LINK.readlink().parts
    except OSError:
        return ""
    return "/".join(parts[parts.index("zoneinfo") + 1 :]) if "zoneinfo" in parts else ""


def _timezone_of_timezone_file() -> str:
    try:
        return read_program_file(_TIMEZONE_FILE).decode().strip()
    except (OSError, ValueError):
        return ""


def _is_known_timezone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


CODED_PARTS = ("services", "windows", "staff", "classes", "cards", "sheets", "partners")
SINGLE_ROWS = ("hall", "settings", "pay_days", *setup_files.WHOLE)
ALL_HOURS = [{"days": "1-7", "from": "00:00", "to": "24:00"}]
SENTENCE_END = re.compile(r"(?<=[。.!?！？])(?=\D)")


class SetupRowEdit(Struct, frozen=True, kw_only=True):
    """A change to one row of a part: the changed fields, or with `new` the whole row. The parts "hall", "settings",
    "voice", "ticket" and "sentences" are single rows; that of "pay_days" holds all of them as `days`."""

    part: str
    code: str
    row: Mapping[str, Any]
    new: bool = False


def setup_document_for_new_hall(
    document: Mapping[str, Any],
    *,
    code: str | None = None,
    name: str | None = None,
    timezone: str | None = None,
    lang: str | None = None,
    languages: Sequence[str] = (),
    all_hours: bool = False,
) -> dict[str, Any]:
    """Return a set-up for a new hall with its code, name, time zone, and with `all_hours` tickets at any hour.
    `languages` are those in use; without them both, `lang` first."""
    after = dict(document)
    given = {"code": code, "name": name, "timezone": timezone, "lang": lang, "languages": list(languages)}
    after["hall"] = {**_without_simulation_marks(document["hall"]), **{k: v for k, v in given.items() if v}}
    if name:
        after["hall"]["name_en"] = name
    if all_hours:
        after["services"] = [{**row, "hours": ALL_HOURS, "last_ticket": None} for row in document["services"]]
        ends = {str(row["last_ticket"]) for row in document["services"] if row.get("last_ticket")}
        notices = [_notice_without_last_ticket_time(notice, ends) for notice in document.get("notices") or ()]
        after["notices"] = [notice for notice in notices if notice["text"]]
    return hall_sentences.setup_reduced_to_one_language(after, languages[0]) if len(languages) == 1 else after


def _notice_without_last_ticket_time(notice: Mapping[str, Any], ends: Collection[str]) -> dict[str, Any]:
    """Remove the sentences of a notice that give the time of a last ticket."""
    result = dict(notice)
    for field in ("text", "text_en"):
        sentences = SENTENCE_END.split(str(notice.get(field) or ""))
        result[field] = "".join(sentence for sentence in sentences if not any(end in sentence for end in ends)).strip()
    return result


def create_hall(target: str | Path, document: Mapping[str, Any], ask: Ask) -> Desk:
    """Make the database at `target` with one hall, ready to use; the whole set-up is its log's first event. On a server
    missing tables are made, and existing halls stay beside the new one. Raises RuleError "exists", on a server where a
    hall has the same code, "bad_value", OutsideError "cannot_write", "not_this_pc" … A refused set-up leaves no file
    behind."""
    setup = setup_files.check_and_read_setup(document)
    if address.is_server_address(target):
        return add_hall(open_or_create_server_database(str(target)), setup, ask)
    return create_first_hall(open_or_create_empty_database(target), setup, ask)


@runs_in_transaction("set-up")
def add_setup_row(change: HallChange, part: str, row: Mapping[str, Any]) -> Document:
    """Add a service, window, person, class, notice or target. Raises RuleError "already_there", "bad_value"."""
    return _append_row(change, part, row)


def _append_row(change: HallChange, part: str, row: Mapping[str, Any]) -> Document:
    _require_known_setup_part(part)
    rows = setup_files.rows_of_part(_current_setup_document(change), part)
    code = str(len(rows) + 1) if part in ("notices", "targets") else str(row.get("code", ""))
    if code in _row_codes(change, part):
        raise RuleError("already_there", kind=part, code=code)
    if part == "targets":
        setup_files.check_new_target(f"{part}.{code}", row)
    if part == "partners":
        hall_sentences.refuse_unknown_services_in_takes(
            f"{part}.{code}", row, hall_sentences.codes_of_given_services_and_items(change.setup.services)
        )
    _record_row_edit(change, part=part, op="add", code=code, row=dict(row))
    return _find_row(change, part, code)


@runs_in_transaction("set-up")
def change_row_fields(change: HallChange, part: str, code: str, row: Mapping[str, Any]) -> Document:
    """Change fields of a row; its code stays. A renamed service loses its preset's items, papers, steps and the like,
    except those that the hall has changed, that `row` sets, or that open tickets need. Raises RuleError "not_there",
    "bad_value", "last_admin"."""
    return set_row_in_change(change, part, code, row)


def set_row_in_change(change: HallChange, part: str, code: str, row: Mapping[str, Any]) -> Document:
    """Change fields of a row as part of another change, which checks the rights. Raises as change_row_fields()."""
    if part in SINGLE_ROWS:
        return _set_single_row_part_and_get_answer(change, part, row)
    _require_known_setup_part(part)
    if code not in _row_codes(change, part):
        raise RuleError("not_there", kind=part, code=code)
    row = _row_in_only_language(change, row, _find_row(change, part, code))
    if row.get("code", code) != code:
        raise RuleError("bad_value", field=f"{part}.{code}.code", value=row["code"], why="not_a_choice")
    if part == "targets" and not {"measure", "value"}.isdisjoint(row):
        setup_files.check_new_target(
            f"{part}.{code}", {**setup_files.rows_of_part(_current_setup_document(change), part)[int(code) - 1], **row}
        )
    if part == "partners":
        hall_sentences.refuse_unknown_services_in_takes(
            f"{part}.{code}", row, hall_sentences.codes_of_given_services_and_items(change.setup.services)
        )
    if part == "services":
        row = {**_service_fields_emptied_by_rename(change, code, row), **row}
    _record_row_edit(change, part=part, op="set", code=code, row=dict(row))
    return _find_row(change, part, code)


def preset_fields_emptied_by_rename(before: Mapping[str, Any], row: Mapping[str, Any], lang: str) -> Document:
    """Return the emptied fields of a service that `row` renames: those that are its preset's. Fields that are removed
    with it are not included. Empty where it keeps its name."""
    after = {**before, **row}
    preset_row = preset_service_with_name(
        str(before.get(text_key_in_language("name", lang)) or before.get("name") or ""), lang
    )
    if preset_row is None or not presets.is_renamed_to_different_thing(after, before, lang):
        return {}
    emptied = presets.service_fields_to_clear_on_rename(
        after, preset_row, lang
    ) | presets.service_fields_to_clear_on_rename(
        after, hall_sentences.setup_reduced_to_one_language(preset_row, lang), lang
    )
    return {key: value for key, value in emptied.items() if key not in row}


def row_of_only_renamed_service(before: Mapping[str, Any], row: Mapping[str, Any], lang: str) -> Document:
    """Return the row of a service that is only renamed: no field is emptied."""
    return {**{key: before[key] for key in preset_fields_emptied_by_rename(before, row, lang)}, **row}


def _service_fields_emptied_by_rename(change: HallChange, code: str, row: Mapping[str, Any]) -> Document:
    before = _find_row(change, "services", code)
    emptied = preset_fields_emptied_by_rename(before, row, hall_languages(change.setup)[0])
    if "items" in emptied:
        needed = {t.item for t in tickets.open_tickets(change.tx, change.book.id) if t.item}
        emptied["items"] = [item for item in before["items"] if item in emptied["items"] or item["code"] in needed]
    return emptied


def _set_single_row_part_and_get_answer(change: HallChange, part: str, row: Mapping[str, Any]) -> Document:
    if part == "pay_days":
        document = {**_current_setup_document(change), part: list(row["days"])}
        setup_files.check_and_read_setup(document)
        change.record("set-up", part=part, op="set", setup=document)
        return {part: document[part]}
    row = _row_in_only_language(change, row, _current_setup_document(change).get(part, {}))
    hall = change.setup.hall.code
    if part == "hall":
        if row.get("code", hall) != hall:
            raise RuleError("bad_value", field="hall.code", value=row["code"], why="not_a_choice")
        _record_row_edit(change, part=part, op="set", code=hall, row=dict(row))
    elif part in setup_files.WHOLE:
        _record_row_edit(change, part=part, op="set", code=part, row=dict(row))
    else:
        for key, value in row.items():
            _record_row_edit(
                change, part=part, op="set", code=key, row={key: setup_files.checked_setting_value(key, value)}
            )
    return dict(_current_setup_document(change).get(part, {}))


@runs_in_transaction("set-up")
def save_setup_rows(
    change: HallChange, edits: Sequence[SetupRowEdit], pins: Mapping[str, str] | None = None
) -> Document:
    """Add and change rows that belong together, and set PINs by staff: all or nothing, each as an event of its own, in
    order. A row may refer to one added before it. Raises as add_row and set_row, and "not_your_role" for PINs."""
    rows = [
        _append_row(change, e.part, e.row) if e.new else set_row_in_change(change, e.part, e.code, e.row) for e in edits
    ]
    for staff, pin in (pins or {}).items():
        change.who.require_may("people")
        if staff not in _row_codes(change, "staff"):
            raise RuleError("unknown_staff", staff=staff)
        store_pin(change, staff, pin)
    return {"rows": rows}


@runs_in_transaction("set-up")
def remove_setup_row(change: HallChange, part: str, code: str) -> Document:
    """Remove a row, with a person's PIN. A service lent to windows is taken back first. Raises RuleError "not_there",
    "in_use" while tickets are open or a person works there, "last_one", "last_admin"."""
    _require_known_setup_part(part)
    if code not in _row_codes(change, part):
        raise RuleError("not_there", kind=part, code=code)
    if part in ("services", "windows") and len(_row_codes(change, part)) == 1:
        raise RuleError("last_one", kind=part)
    if _is_row_in_use(change, part, code):
        raise RuleError("in_use", kind=part, code=code)
    document = setup_files.document_after_change(change.setup.document, {"part": part, "op": "remove", "code": code})
    if part == "services":
        document["windows"] = [_remove_code_from_row_list(row, "services", code) for row in document["windows"]]
        document["services"] = [_remove_code_from_row_list(row, "then", code) for row in document["services"]]
        people = document.get("staff", [])
        document["staff"] = [_remove_code_from_row_list(row, "skills", code) for row in people]
        if any(row.get("skills") == [code] for row in people):  # empty skills would mean every service
            raise RuleError("in_use", kind=part, code=code)
    if part in ("windows", "staff") and document.get("roster"):
        document["roster"] = rows_without_removed_code(document["roster"], part, code)
    setup_files.check_and_read_setup(document)
    _require_admin_remains(change, document)
    end_lending_of_removed_services(change, {row["code"] for row in document["services"]})
    change.record("set-up", part=part, op="remove", code=code, setup=document)
    if part == "staff":
        _delete_pin_and_phone_number(change, code)
    return {"removed": code}


def _delete_pin_and_phone_number(change: HallChange, code: str) -> None:
    """Delete a removed person's data outside the log."""
    journal.save_or_remove_pin_hash(change.tx, change.book.id, code, None)
    journal.delete_staff_phone_number(change.tx, change.book.id, code)


@runs_in_transaction("set-up")
def reorder_setup_rows(change: HallChange, part: str, codes: list[str]) -> Document:
    """Reorder a part's rows, as stations show them. Raises RuleError "bad_value" unless `codes` are all of them."""
    _require_known_setup_part(part)
    rows = {
        setup_files.row_code_or_position(part, row, i): row
        for i, row in enumerate(setup_files.rows_of_part(change.setup.document, part))
    }
    if sorted(codes) != sorted(rows):
        raise RuleError("bad_value", field=part, value=codes, why="not_a_choice")
    document = {**change.setup.document, part: [rows[code] for code in codes]}
    change.record("set-up", part=part, op="order", setup=document)
    return {part: codes}


@runs_in_transaction("set-up")
def decide_suggestions(change: HallChange, answers: Mapping[str, Mapping[str, str]]) -> Document:
    """Accept or drop (KEEP, DROP) suggestions by service and fact; facts that are not open are ignored. Raises
    RuleError "unknown_service", "bad_value"."""
    done = []
    for code, by_fact in answers.items():
        change.setup.service_by_code(code)
        for fact in by_fact:
            if fact not in FACTS:
                raise RuleError("bad_value", field="facts", value=fact, why="not_a_choice", limit=list(FACTS))
        row = _find_row(change, "services", code)
        if fields := presets.fields_changed_by_suggestion_answers(row, by_fact):
            _record_row_edit(change, part="services", op="set", code=code, row=fields)
            done.append(
                {
                    "code": code,
                    "facts": [fact for fact in presets.undecided_suggestions_by_fact(row) if fact in by_fact],
                }
            )
    return {"services": done}


def rename_service(change: HallChange, service: str, name: str, name_en: str) -> None:
    _record_row_edit(change, part="services", op="set", code=service, row={"name": name, "name_en": name_en})


@runs_in_transaction("set-up")
def change_setting(change: HallChange, key: str, value: object) -> Document:
    """Change one of the hall's rules. Raises RuleError "unknown_setting", "bad_value"."""
    stored = setup_files.checked_setting_value(key, value)
    _record_row_edit(change, part="settings", op="set", code=key, row={key: stored})
    return {"key": key, "value": stored}


@runs_in_transaction("set-up")
def change_hall(change: HallChange, row: Mapping[str, Any]) -> Document:
    """Change the hall's own fields (name, phone, hours …); its code stays. Raises RuleError "bad_value"."""
    return _set_single_row_part_and_get_answer(change, "hall", row)


@runs_in_transaction("set-up")
def change_single_row_part(change: HallChange, part: str, row: Mapping[str, Any]) -> Document:
    """Change keys of "voice", "ticket" or "sentences" and return the whole part. Raises RuleError "bad_value"."""
    return _set_single_row_part_and_get_answer(change, part, row)


@runs_in_transaction("set-up")
def import_setup(change: HallChange, document: Mapping[str, Any]) -> Document:
    """Add the rows of `document` and change those with the same code; nothing is removed, and the hall keeps its own
    code. Raises RuleError "bad_value"."""
    after = merged_set_up(change.setup.document, document)
    setup_files.check_and_read_setup(after)
    _require_admin_remains(change, after)
    if after != change.setup.document:
        change.record("set-up", setup=after)
        _stop_voices_if_calls_are_silent(change, after)
    return {"services": len(after["services"]), "windows": len(after["windows"]), "staff": len(after.get("staff", []))}


def merged_set_up(have: Mapping[str, Any], document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the set-up `have` with the additions and changes of `document`. Raises RuleError "bad_value" where
    `document` is no set-up."""
    setup_files.check_and_read_setup(document)
    after = dict(have)
    after["hall"] = {**have["hall"], **_without_simulation_marks(document["hall"]), "code": have["hall"]["code"]}
    for part in ("settings", *setup_files.WHOLE):
        if document.get(part):
            after[part] = {**after.get(part, {}), **document[part]}
    if document.get(CALENDAR):
        after[CALENDAR] = calendar_with_changed_days(after.get(CALENDAR, {}), document[CALENDAR])
    for part in (*setup_files.PARTS, "roster", "pay_days"):
        old, new = setup_files.rows_of_part(after, part), document.get(part, [])
        if new:
            after[part] = (
                rows_merged_by_code(old, new)
                if part in CODED_PARTS
                else [*old, *(row for row in new if row not in old)]
            )
    if "former" in after or "former" in document:
        after["former"] = _merge_former_names(after, document.get("former") or {})
    return after


@runs_in_transaction("set-up")
def undo_setup_change(change: HallChange, before: Mapping[str, Any], after: Mapping[str, Any]) -> Document:
    """Undo the change from the set-up `before` to `after`, as one more change; an added person's PIN is removed, others
    stay. Raises RuleError "changed_since" where the same part was changed in the meantime, "in_use" while an added row
    is needed, "last_admin"."""
    now = change.setup.document
    parts = {part for part in {*before, *after} if before.get(part) != after.get(part)}
    if any(now.get(part) != after.get(part) for part in parts):
        raise RuleError("changed_since")
    document = {part: rows for part, rows in now.items() if part not in parts}
    document |= {part: before[part] for part in parts if part in before}
    replace_set_up(change, document, op="back")
    return {"parts": sorted(parts)}


def replace_set_up(
    change: HallChange, document: Mapping[str, Any], op: str, push: Mapping[str, Any] | None = None
) -> None:
    """Replace the hall's set-up, as one event; `push` describes the push it comes from. Raises RuleError "bad_value",
    "in_use" while a removed row is needed, "last_admin"."""
    now = _current_setup_document(change)
    for part in CODED_PARTS:
        codes = {row["code"] for row in document.get(part, [])}
        for row in now.get(part, []):
            if row["code"] not in codes and _is_row_in_use(change, part, row["code"]):
                raise RuleError("in_use", kind=part, code=row["code"])
    setup_files.check_and_read_setup(document)
    _require_admin_remains(change, document)
    end_lending_of_removed_services(change, {row["code"] for row in document["services"]})
    change.record("set-up", op=op, push=push, setup=document)
    _stop_voices_if_calls_are_silent(change, document)
    staff = {row["code"] for row in document.get("staff", [])}
    for row in now.get("staff", []):
        if row["code"] not in staff:
            _delete_pin_and_phone_number(change, row["code"])


def _without_simulation_marks(hall: Mapping[str, Any]) -> dict[str, Any]:
    """Return a hall's fields without the marks of a simulation, which are not part of a set-up."""
    return {key: value for key, value in hall.items() if key not in ("simulated", "replayed")}


def rows_merged_by_code(have: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return both lists as one; of a row in both the new fields apply, and items of both stay."""
    rows = {row["code"]: row for row in have}
    for row in new:
        before = rows.get(row["code"], {})
        rows[row["code"]] = {**before, **row}
        if before.get("items") and "items" in row:
            rows[row["code"]] = {**before, **row, "items": rows_merged_by_code(before["items"], row["items"] or [])}
    return list(rows.values())


def _merge_former_names(after: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """Merge the names of removed rows, without codes that are in use."""
    former = after.get("former", {})
    both = {part: {**new.get(part, {}), **former.get(part, {})} for part in {**former, **new}}
    used = {part: {row["code"] for row in after.get(part, [])} for part in both}
    unused = {part: {c: row for c, row in both[part].items() if c not in used[part]} for part in both}
    return {part: rows for part, rows in unused.items() if rows}


def _record_row_edit(change: HallChange, *, part: str, op: str, code: str, row: dict[str, Any]) -> None:
    edit: dict[str, Any] = {"part": part, "op": op, "code": code, "row": row}
    document = setup_files.document_after_change(_current_setup_document(change), edit)
    setup_files.check_and_read_setup(document)
    _require_admin_remains(change, document)
    change.record("set-up", **edit)
    if part == "voice":
        _stop_voices_if_calls_are_silent(change, document)


def _stop_voices_if_calls_are_silent(change: HallChange, document: Mapping[str, Any]) -> None:
    """Mark the voices as stopped in a hall whose calls are only shown."""
    if not setup_files.setup_from_document(document).voice.spoken and not change.setup.hall.simulated:
        record_all_hall_voices_stopped(change)


def _row_in_only_language(change: HallChange, row: Mapping[str, Any], was: Mapping[str, Any]) -> Mapping[str, Any]:
    return presets.row_clearing_other_language(row, was) if len(change.setup.hall.languages) == 1 else row


def _require_admin_remains(change: HallChange, document: Mapping[str, Any]) -> None:
    """Raise RuleError "last_admin" when the change would leave no admin."""
    if _admin_codes(change.setup.document) and not _admin_codes(document):
        raise RuleError("last_admin")


def _admin_codes(document: Mapping[str, Any]) -> list[str]:
    return [row["code"] for row in document.get("staff", []) if row["role"] == Role.ADMIN]


def _current_setup_document(change: HallChange) -> Mapping[str, Any]:
    return (change.book.setup() or change.setup).document


def _remove_code_from_row_list(row: Mapping[str, Any], key: str, code: str) -> Mapping[str, Any]:
    codes = row.get(key) or []
    return {**row, key: [other for other in codes if other != code]} if code in codes else row


def _require_known_setup_part(part: str) -> None:
    if part not in setup_files.PARTS:
        raise RuleError("bad_value", field="part", value=part, why="not_a_choice")


def _row_codes(change: HallChange, part: str) -> list[str]:
    return [
        setup_files.row_code_or_position(part, row, i)
        for i, row in enumerate(setup_files.rows_of_part(_current_setup_document(change), part))
    ]


def _find_row(change: HallChange, part: str, code: str) -> Document:
    return next(
        dict(row)
        for i, row in enumerate(setup_files.rows_of_part(_current_setup_document(change), part))
        if setup_files.row_code_or_position(part, row, i) == code
    )


def _is_row_in_use(change: HallChange, part: str, code: str) -> bool:
    active = tickets.open_tickets(change.tx, change.book.id)
    if part == "windows":
        return change.book.window(code).state is not WindowState.CLOSED or any(t.to_window == code for t in active)
    if part == "staff":
        return any(w.staff == code for w in change.book.windows().values()) or any(t.to_staff == code for t in active)
    booked = part_tables.objects_still_open(change.tx, change.book.id, APPOINTMENTS).values()
    if part == "services":
        return any(t.service == code or code in t.steps for t in active) or any(a.service == code for a in booked)
    if part == "classes":
        is_kept = any(t.klass == code for t in active) or any(a.klass == code for a in booked)
        return code == "normal" or is_kept
    return False


# -- single prepared sentences -----------------------------------------------------------------------------------------

SENTENCES = "sentences"


def sentence_list(setup: Setup, kind: str) -> Document:
    """Return a list as the stations show it, and whether it is the default one; `kind` is one of LISTS."""
    sentences: tuple[hall_sentences.BilingualSentence, ...] = getattr(setup.sentences, kind)
    rows = hall_sentences.sentence_rows(sentences)
    return {"kind": kind, "usual": hall_sentences.sentence_rows_to_store(kind, rows) == [], "sentences": rows}


@runs_in_transaction("set-up")
def add_sentence(change: HallChange, kind: str, text: str, text_en: str = "") -> Document:
    """Add a sentence at the end. Raises RuleError "bad_value"."""
    return _save_sentences(change, kind, [*_sentence_rows_of(change, kind), _sentence_row(text, text_en)])


@runs_in_transaction("set-up")
def set_sentence(change: HallChange, kind: str, number: int, text: str, text_en: str | None = None) -> Document:
    """Replace a sentence, counted from 1; its English stays unless given. Raises RuleError "not_there", "bad_value"."""
    rows = _sentence_rows_of(change, kind)
    before = rows[_sentence_index(rows, number)]
    rows[number - 1] = _sentence_row(text, before["text_en"] if text_en is None else text_en)
    return _save_sentences(change, kind, rows)


@runs_in_transaction("set-up")
def remove_sentence(change: HallChange, kind: str, number: int) -> Document:
    """Remove a sentence, counted from 1; the last one only from lists for customers. Raises RuleError "not_there",
    "last_one"."""
    rows = _sentence_rows_of(change, kind)
    del rows[_sentence_index(rows, number)]
    if not rows and kind not in hall_sentences.MAY_BE_NONE:
        raise RuleError("last_one", kind="sentence")
    return _save_sentences(change, kind, rows)


@runs_in_transaction("set-up")
def restore_default_sentences(change: HallChange, kind: str) -> Document:
    return _save_sentences(change, kind, hall_sentences.default_sentence_rows(kind))


def _sentence_rows_of(change: HallChange, kind: str) -> list[dict[str, str]]:
    return hall_sentences.sentence_rows(getattr(change.setup.sentences, kind))


def _sentence_row(text: str, text_en: str) -> dict[str, str]:
    return {"text": text.strip(), "text_en": text_en.strip()}


def _sentence_index(rows: Sequence[object], number: int) -> int:
    if not 1 <= number <= len(rows):
        raise RuleError("not_there", kind="sentence", code=number)
    return number - 1


def _save_sentences(change: HallChange, kind: str, rows: Sequence[Mapping[str, Any]]) -> Document:
    edit: dict[str, Any] = {
        "part": SENTENCES,
        "op": "set",
        "code": SENTENCES,
        "row": {kind: hall_sentences.sentence_rows_to_store(kind, rows)},
    }
    setup = setup_files.check_and_read_setup(setup_files.document_after_change(change.setup.document, edit))
    change.record("set-up", **edit)
    return sentence_list(setup, kind)


@runs_in_transaction("set-up")
def choose_features(change: HallChange, on: Sequence[str] = (), off: Sequence[str] = ()) -> Document:
    """Switch features of the hall off, then on: off with those that need them, on with those that they need. A hall
    without a choice begins with what it uses now; unknown features stay chosen. Returns all chosen features, those
    added and those removed; without a difference nothing is recorded. Raises RuleError "unknown_feature"."""
    hall = change.setup.hall
    before, known = features.feature_names_chosen_by_hall(hall), features.choosable_feature_names()
    for name in (*on, *off):
        if name not in known and not (name in off and name in before):
            raise RuleError("unknown_feature", feature=name, known=list(known))
    after = features.feature_choice_after_switch(hall, on, off)
    added = [name for name in after if name not in before and not name.startswith(features.LEFT_OUT)]
    removed = [name for name in before if name not in after]
    if added or removed:
        set_row_in_change(change, "hall", hall.code, {"features": list(after)})
    return {"features": list(after), "on": added, "off": removed}
