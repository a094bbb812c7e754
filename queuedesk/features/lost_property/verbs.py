"""What people do with lost property: note it, ask for it, give it back, dispose of it, look it up."""

from __future__ import annotations

from typing import Any

from msgspec import to_builtins

from queuedesk.core.errors import RuleError
from queuedesk.core.log.event import stamp
from queuedesk.desk.change import Change, Desk, Document, changes
from queuedesk.desk.kept_words import drop_person, keep_person, people_of
from queuedesk.features.lost_property.rules import ASKED, CODE, DISPOSED, FOUND, KEPT, SIGNED, Found, may_be
from queuedesk.store.parts.part_tables import find, of_days, still_open

NOBODY = ("", "")


@changes("lost")
def note(change: Change, text: str, *, place: str = "", kept: str = "", photo: str = "", when: str = "") -> Document:
    """Note a thing that was found, now or at a time of this day. Raises RuleError "bad_value"."""
    what, time = change.text("what", text), stamp(change.earlier(when))
    n = max(of_days(change.tx, change.book.id, FOUND), default=0) + 1
    code = change.tokens(change.date, f"lost {n}")
    more: dict[str, Any] = {"place": place or None, "kept": kept or None, "photo": photo or None}
    change.record("lost_property.found", n=n, text=what, code=code, time=time, **more)
    asked = still_open(change.tx, change.book.id, ASKED).values()
    return {"n": n, "text": what, "code": code, "matches": [one.seq for one in asked if may_be(one.text, what)]}


@changes("lost")
def ask_for(change: Change, text: str, *, contact: str = "", name: str = "") -> Document:
    """Note that somebody asks for a thing; it answers what that may be. Raises RuleError "bad_value", "bad_contact"."""
    what, person = change.text("what", text), keep_person(change, name, contact, change.date + KEPT)
    event = change.record("lost_property.asked", text=what, person=person)
    found = still_open(change.tx, change.book.id, FOUND).values()
    return {"n": event.seq, "text": what, "matches": [one.n for one in found if may_be(what, one.text)]}


@changes("lost")
def give(change: Change, n: int, name: str, code: str = "", *, asked: int | None = None) -> Document:
    """Give a thing back to who has the code of its tag, typed or scanned, or without it signs; it may settle what was
    asked for. Raises RuleError "lost_unknown", "lost_gone", "lost_wrong_code", "bad_value"."""
    thing, typed = _here(change, n), code.upper().split()
    if typed and typed[-1] != thing.code:
        raise RuleError("lost_wrong_code", n=n)
    request = change.book.find(ASKED, asked) if asked else None
    if asked and (request is None or request.found):
        raise RuleError("lost_unknown", n=asked)
    drop_person(change, request.person if request else None)
    person = keep_person(change, change.text("name", name), "", change.date + KEPT)
    change.record("lost_property.given", n=n, how=CODE if typed else SIGNED, person=person, asked=asked)
    return {"n": n, "text": thing.text}


@changes("lost-dispose")
def dispose(change: Change, n: int) -> Document:
    """Note that a thing was disposed of, after its days. Raises RuleError "lost_unknown", "lost_gone", "lost_kept"."""
    thing = _here(change, n)
    if change.date <= thing.date + KEPT:
        raise RuleError("lost_kept", n=n, date=thing.date + KEPT)
    change.record("lost_property.disposed", n=n, how=DISPOSED)
    return {"n": n, "text": thing.text}


def things(desk: Desk, *, search: str = "", everything: bool = False, named: bool = False) -> list[Document]:
    """Return what is here, or was too, the latest first; of a `search` what has that number or all those words, and
    where `named` to whom it was given."""
    with desk.db.read() as tx:
        found = (of_days if everything else still_open)(tx, desk.hall, FOUND).values()
        asked = still_open(tx, desk.hall, ASKED).values()
        people = people_of(tx, desk.hall, [one.person for one in found if named])
    words = search.casefold().split()
    return [
        {
            **{key: value for key, value in to_builtins(one).items() if key not in ("code", "person")},
            "until": (one.date + KEPT).isoformat(),
            "name": people.get(one.person, NOBODY)[0],
            "matches": [each.seq for each in asked if not one.how and may_be(each.text, one.text)],
        }
        for one in sorted(found, key=lambda one: -one.n)
        if search == str(one.n) or all(word in f"{one.text} {one.place} {one.kept}".casefold() for word in words)
    ]


def requests(desk: Desk) -> list[Document]:
    """Return what is asked for, with who asks and what it may be."""
    with desk.db.read() as tx:
        asked, found = still_open(tx, desk.hall, ASKED).values(), still_open(tx, desk.hall, FOUND).values()
        people = people_of(tx, desk.hall, [one.person for one in asked])
    rows = []
    for one in asked:
        name, contact = people.get(one.person, NOBODY)
        matches = [each.n for each in found if may_be(one.text, each.text)]
        told = {"n": one.seq, "date": one.date.isoformat(), "text": one.text, "name": name, "contact": contact}
        rows.append({**told, "matches": matches})
    return rows


def _here(change: Change, n: int) -> Found:
    found = find(change.tx, change.book.id, FOUND, n)
    if found is None or found.ended is not None:
        raise RuleError("lost_gone", n=n, date=found.ended) if found else RuleError("lost_unknown", n=n)
    return found
