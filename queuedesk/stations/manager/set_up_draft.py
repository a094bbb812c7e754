"""A row of the set-up while it is changed: what was typed, what is wrong with it, what saving would write."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from queuedesk.core.errors import RuleError
from queuedesk.core.hallday import minutes_of
from queuedesk.core.setup import Setup
from queuedesk.core.setup_file import changed, check_setup
from queuedesk.i18n import _, say
from queuedesk.stations.manager.hours_text import clock
from queuedesk.stations.manager.set_up_desk import Saving

SERVICES, WINDOWS, STAFF = "services", "windows", "staff"
LETTERS = "ABCDEFGHJKLMNPRTUVWXY"
PIN_LENGTHS = range(4, 13)
Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """`base` is the row as the hall has it, `row` as it would be; `unread` are typed texts that say no value, by field.

    `served_by` are the windows that serve a service; `pin` a PIN to be set.
    """

    part: str
    code: str
    base: Row
    row: Row
    new: bool = False
    unread: Mapping[str, RuleError] = field(default_factory=dict)
    was_served_by: frozenset[str] = frozenset()
    served_by: frozenset[str] = frozenset()
    pin: str = ""

    @property
    def is_changed(self) -> bool:
        return self.new or bool(self.fields() or self.unread or self.pin) or self.served_by != self.was_served_by

    def fields(self) -> Row:
        """Return the fields that differ from the row in force."""
        return {key: value for key, value in self.row.items() if (value or None) != (self.base.get(key) or None)}

    def with_value(self, key: str, value: object) -> Draft:
        """Return it with another value in a field."""
        unread = {name: error for name, error in self.unread.items() if name != key}
        return replace(self, row={**self.row, key: value}, unread=unread)

    def read(self, key: str, text: str, reader: Callable[[str], Row]) -> Draft:
        """Return it with what `reader` makes of a typed text: several fields, or a refusal that is kept under `key`."""
        try:
            values = reader(text)
        except RuleError as refusal:
            return replace(self, unread={**self.unread, key: refusal})
        unread = {name: error for name, error in self.unread.items() if name != key}
        return replace(self, row={**self.row, **values}, unread=unread)

    def with_window(self, code: str, serves: bool) -> Draft:
        return replace(self, served_by=self.served_by | {code} if serves else self.served_by - {code})

    def with_pin(self, pin: str) -> Draft:
        return replace(self, pin=pin)

    def saved(self) -> Draft:
        """Return it as it stands after saving."""
        return replace(self, base=dict(self.row), new=False, was_served_by=self.served_by, pin="")


def draft_of(setup: Setup, part: str, code: str) -> Draft | None:
    """Return a row as it is in force, None when there is none."""
    row = next((dict(one) for one in setup.document.get(part, ()) if one["code"] == code), None)
    if row is None:
        return None
    served = _served_by(setup, code) if part == SERVICES else frozenset()
    return Draft(part=part, code=code, base=row, row=dict(row), was_served_by=served, served_by=served)


def new_draft(setup: Setup, part: str) -> Draft:
    """Return an empty row to be filled in."""
    codes = {str(one["code"]) for one in setup.document.get(part, ())}
    if part == SERVICES:
        prefixes = {service.prefix for service in setup.services.values()}
        letter = next((one for one in LETTERS if one not in prefixes and one not in codes), "")
        code = letter or _free("S", codes)
        row: Row = {"code": code, "name": "", "name_en": "", "prefix": letter, "first": 1, "last": 999, "items": []}
        return Draft(part=part, code=code, base={}, row=row, new=True)
    if part == WINDOWS:
        code = str(next(n for n in range(1, len(codes) + 2) if str(n) not in codes))
        row = {"code": code, "services": list(setup.services), "zone": "", "zone_en": "", "arrow": ""}
        return Draft(part=part, code=code, base={}, row=row, new=True)
    code = _free("P", codes)
    return Draft(part=part, code=code, base={}, row={"code": code, "name": "", "role": "clerk", "skills": []}, new=True)


def _free(letter: str, codes: set[str]) -> str:
    return next(f"{letter}{n}" for n in range(1, len(codes) + 2) if f"{letter}{n}" not in codes)


def _served_by(setup: Setup, service: str) -> frozenset[str]:
    return frozenset(code for code, window in setup.windows.items() if service in window.services)


# -- what is wrong -----------------------------------------------------------------------------------------------


def problems(setup: Setup, draft: Draft) -> dict[str, str]:
    """Return the sentence for every field that can't be saved, by field; "first" and "last" are "range"."""
    found = {key: _unread_text(key, error) for key, error in draft.unread.items()}
    row = {**draft.row, **{key: _good(draft, key) for key in draft.unread if key in draft.row}}
    while True:
        try:
            check_setup(changed(setup.document, _edit(draft, row)))
        except RuleError as refusal:
            key = _field_of(refusal)
            if key in found or len(found) > len(row):
                break
            found[key] = say(_told(setup, draft, refusal))
            own = key.split(".")[0]
            for name in ("first", "last") if own == "range" else (own,):
                row[name] = _good(draft, name)
            continue
        break
    if draft.new and any(one["code"] == draft.row["code"] for one in setup.document.get(draft.part, ())):
        found["code"] = say(RuleError("already_there", kind=draft.part, code=draft.row["code"]))
    if draft.pin and not (draft.pin.isascii() and draft.pin.isdigit() and len(draft.pin) in PIN_LENGTHS):
        found["pin"] = _("4 to 12 digits")
    if draft.part == STAFF and is_last_admin(setup, draft.code) and draft.row.get("role") != "admin":
        found["role"] = _("The hall needs an admin; please name another one first.")
    return found


def _unread_text(key: str, error: RuleError) -> str:
    return _("Please write the numbers as 001–499.") if key == "range" else say(error)


def is_last_admin(setup: Setup, code: str) -> bool:
    """Whether nobody but `code` may change the set-up."""
    return [p.code for p in setup.staff.values() if p.role == "admin"] == [code]


def _edit(draft: Draft, row: Row) -> Row:
    return {"part": draft.part, "op": "add" if draft.new else "set", "code": draft.code, "row": row}


def _field_of(refusal: RuleError) -> str:
    if refusal.code != "bad_value":
        return "code"
    steps = str(refusal.details.get("field", "")).split(".")
    own = ".".join(steps[2:]) if len(steps) > 2 else steps[-1]
    return "range" if own in ("first", "last") else own


def _told(setup: Setup, draft: Draft, refusal: RuleError) -> RuleError:
    """Return the refusal said beside its field: without the row's name, with the bound that it breaks."""
    details = dict(refusal.details)
    details["field"] = str(details.get("field", "")).split(".")[-1]
    if details.get("why") == "after_close":
        spans = draft.row.get("hours") or ()
        ends = [minutes_of(str(span["to"])) for span in spans] or [setup.hall.closes]
        details["limit"] = clock(f"{max(ends) // 60}:{max(ends) % 60:02}")
    return RuleError(refusal.code, **details)


def _good(draft: Draft, key: str) -> object:
    """Return a value of a field that is right by itself, to find what else is wrong."""
    if key in draft.base:
        return draft.base[key]
    return {"name": "-", "prefix": "A", "first": 1, "last": 9999, "role": "clerk", "items": [], "services": []}.get(key)


# -- what is written ---------------------------------------------------------------------------------------------


def saving(setup: Setup, draft: Draft) -> Saving:
    """Return what saving the draft writes."""
    windows: dict[str, Sequence[str]] = {}
    for code in sorted(draft.served_by ^ draft.was_served_by):
        window = setup.windows.get(code)
        if window is not None:
            without = [one for one in window.services if one != draft.code]
            # In the order of the set-up's services, as everywhere.
            wanted = {*without, draft.code} if code in draft.served_by else set(without)
            order = [*setup.services, draft.code]
            windows[code] = sorted(wanted, key=order.index)
    fields = draft.row if draft.new else draft.fields()
    return Saving(
        part=draft.part, code=str(draft.row["code"]), fields=fields, new=draft.new, windows=windows, pin=draft.pin
    )
