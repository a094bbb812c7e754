"""Records that features keep, as documents for lists and commands, and found for who changes one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import to_builtins
from msgspec.structs import asdict

from queuedesk.core.errors import RuleError
from queuedesk.core.log.state import K, Part, T
from queuedesk.desk import looking
from queuedesk.desk.change import Change, Desk, Document
from queuedesk.desk.reading import people_of
from queuedesk.store.parts.part_tables import find, of_days, still_open


def documents(desk: Desk, part: Part[Any, Any], *, everything: bool = False, named: bool = False) -> list[Document]:
    """Return what is open of a part, or all of it, the latest last: its fields by their names, moments on the hall's
    clock. In place of a `person`, who stands beside the log, are `name` and `contact`: "" unless they are asked for as
    `named`, and once they are deleted."""
    with desk.db.read() as tx:
        found = [asdict(one) for one in (of_days if everything else still_open)(tx, desk.hall, part).values()]
        people = [one.pop("person", None) for one in found]
        names = people_of(tx, desk.hall, people) if named else {}
    fields, local = part.kind.__struct_fields__, looking.setup_of(desk).local
    for one, person in zip(found, people, strict=True):
        for name, value in one.items():
            if isinstance(value, datetime):
                one[name] = local(value).isoformat(timespec="seconds")
        if "person" in fields:
            one["name"], one["contact"] = names.get(person, ("", ""))
    return [to_builtins(one) for one in found]


def one_of(desk: Desk, part: Part[K, T], key: K, unknown: str) -> T:
    """Return an object. Raises RuleError `unknown` (n) where there is none."""
    with desk.db.read() as tx:
        found = find(tx, desk.hall, part, key)
    if found is None:
        raise RuleError(unknown, n=key)
    return found


def still_there(change: Change, part: Part[K, T], key: K, unknown: str, gone: str = "") -> T:
    """Return an object that is open. Raises RuleError `unknown` (n) where there is none, and `gone` (n, date), or
    `unknown`, where it was over on a date."""
    found = change.book.find(part, key)
    if found is None:
        raise RuleError(unknown, n=key)
    if not part.holds_open(found):
        raise RuleError(gone or unknown, n=key, date=getattr(found, part.open_while))
    return found
