"""What people do with lost property: note it, ask for it, give it back, dispose of it, look it up."""

from datetime import date
from typing import Any

from queuedesk.core.errors import RuleError
from queuedesk.core.log.event import utc_stamp
from queuedesk.core.log.state import RecordKind
from queuedesk.core.matching import have_common_word, is_search_match
from queuedesk.desk.change import Desk, Document, HallChange, runs_in_transaction
from queuedesk.desk.looking import documents_of_part_records, require_open_record
from queuedesk.desk.reading import delete_stored_person, store_person_outside_log, stored_people_by_id
from queuedesk.features.lost_property.rules import ASKED, CODE, DISPOSED, FOUND, KEPT, SIGNED
from queuedesk.store.parts.part_tables import objects_of_days, objects_still_open


@runs_in_transaction("lost")
def note_thing(
    change: HallChange, text: str, *, place: str = "", kept: str = "", photo: str = "", when: str = ""
) -> Document:
    """Note a thing that was found, now or at a time of this day. Raises RuleError "bad_value"."""
    what, time = change.required_text("what", text), utc_stamp(change.parse_earlier_time(when))
    n = max(objects_of_days(change.tx, change.book.id, FOUND), default=0) + 1
    code = change.tokens(change.date, f"lost {n}")
    where: dict[str, Any] = {"place": place or None, "kept": kept or None, "photo": photo or None}
    change.record("lost_property.found", n=n, text=what, code=code, time=time, **where)
    return {"n": n, "text": what, "code": code, "matches": _keys_of_similar_records(change, ASKED, what)}


@runs_in_transaction("lost")
def note_enquiry(change: HallChange, text: str, *, contact: str = "", name: str = "") -> Document:
    """Note that somebody asks for a thing; it answers what that may be. Raises RuleError "bad_value", "bad_contact"."""
    what = change.required_text("what", text)
    person = store_person_outside_log(change, name, contact, change.date + KEPT)
    seq = change.record("lost_property.asked", text=what, person=person).seq
    return {"n": seq, "text": what, "matches": _keys_of_similar_records(change, FOUND, what)}


@runs_in_transaction("lost")
def give_back(change: HallChange, n: int, name: str, code: str = "", *, asked: int | None = None) -> Document:
    """Give a thing back to who has its tag's code, typed or scanned, or signs; it settles what was `asked` for, or what
    somebody of that name did. Raises RuleError "lost_unknown", "lost_gone", "lost_wrong_code", "bad_value"."""
    thing, typed = require_open_record(change, FOUND, n, "lost_unknown", "lost_gone"), code.upper().split()
    to = change.required_text("name", name)
    if typed and typed[-1] != thing.code:
        raise RuleError("lost_wrong_code", n=n)
    asked = asked or _key_of_open_enquiry(change, to, thing.text)
    if asked is not None:
        delete_stored_person(change, require_open_record(change, ASKED, asked, "lost_unknown").person)
    person = store_person_outside_log(change, to, "", change.date + KEPT)
    change.record("lost_property.given", n=n, how=CODE if typed else SIGNED, person=person, asked=asked)
    return {"n": n, "text": thing.text}


@runs_in_transaction("lost-dispose")
def dispose(change: HallChange, n: int) -> Document:
    """Note that a thing was disposed of, after its days. Raises RuleError "lost_unknown", "lost_gone", "lost_kept"."""
    thing = require_open_record(change, FOUND, n, "lost_unknown", "lost_gone")
    if change.date <= thing.date + KEPT:
        raise RuleError("lost_kept", n=n, date=thing.date + KEPT)
    change.record("lost_property.disposed", n=n, how=DISPOSED)
    return {"n": n, "text": thing.text}


def searched(row: Document) -> tuple[object, ...]:
    return row["n"], row["text"], row["place"], row["kept"], row["name"]


def found_things(desk: Desk, *, search: str = "", everything: bool = False, named: bool = False) -> list[Document]:
    """Return what is here, or `everything`, the latest first, with what is asked for that it may be."""
    asked, rows = documents_of_part_records(desk, ASKED, named=named), []
    for one in reversed(documents_of_part_records(desk, FOUND, everything=everything, named=named)):
        row = {key: value for key, value in one.items() if key not in ("code", "contact")}
        row["until"] = (date.fromisoformat(row["date"]) + KEPT).isoformat()
        row["wanted"] = [each for each in asked if not row["how"] and have_common_word(each["text"], row["text"])]
        row["matches"] = [each["seq"] for each in row["wanted"]]
        rows.append(row)
    return [row for row in rows if is_search_match(search, *searched(row))]


def enquiries(desk: Desk) -> list[Document]:
    """Return what is asked for, with who asks and what it may be."""
    found = documents_of_part_records(desk, FOUND)
    rows = [{"n": one.pop("seq"), **one} for one in documents_of_part_records(desk, ASKED, named=True)]
    for row in rows:
        row["matches"] = [one["n"] for one in found if have_common_word(row["text"], one["text"])]
    return rows


def _keys_of_similar_records(change: HallChange, part: RecordKind[int, Any], text: str) -> list[int]:
    """Return the keys of what is open and may be the same."""
    found = objects_still_open(change.tx, change.book.id, part)
    return [key for key, one in found.items() if have_common_word(one.text, text)]


def _key_of_open_enquiry(change: HallChange, name: str, text: str) -> int | None:
    asked = {seq: change.book.get_record(ASKED, seq).person for seq in _keys_of_similar_records(change, ASKED, text)}
    people = stored_people_by_id(change.tx, change.book.id, asked.values())
    return next((seq for seq, person in asked.items() if person in people and people[person][0] == name), None)
