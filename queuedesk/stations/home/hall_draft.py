"""A hall before it is made: the preset's set-up with what a person changed of it, and what is wrong with that."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from queuedesk.core.errors import RuleError
from queuedesk.core.setup.field_kinds import still_empty
from queuedesk.core.setup.file import check_setup
from queuedesk.core.setup.presets import cleared, is_renamed, without_nobody
from queuedesk.core.setup.rows import ROWS
from queuedesk.core.setup.time_of_day import minutes_of
from queuedesk.i18n import _, current, named, say
from queuedesk.i18n.names import code_of
from queuedesk.stations.manager.setup.hours_text import read_hours
from queuedesk.stations.manager.setup_frame.draft import BY_CODE, PIN_LENGTHS, new_row, right_value

Row = Mapping[str, Any]
MOST_ROUNDS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class HallDraft:
    """`base` is the preset, `document` what it has become; `off` are services left out, `pins` PINs by staff, `unread`
    typed hours that say none, by service; `own_hours` the services whose hours were typed: those of the others follow
    the hall's; `fresh` the fields of new rows that nobody has typed in yet: still to be filled in, not wrong."""

    preset: str
    base: Mapping[str, Any]
    document: Mapping[str, Any]
    off: frozenset[str] = frozenset()
    pins: Mapping[str, str] = field(default_factory=dict)
    unread: Mapping[str, str] = field(default_factory=dict)
    own_hours: frozenset[str] = frozenset()
    fresh: frozenset[str] = frozenset()

    # -- reading -----------------------------------------------------------------------------------------------------

    @property
    def hall(self) -> Row:
        return dict(self.document["hall"])

    def rows(self, part: str) -> list[Row]:
        """Return the rows of a part for the hall, including services left out."""
        rows = list(self.document.get(part, ()))
        return [self._following(row) for row in rows] if part == "services" else rows

    def finished(self) -> dict[str, Any]:
        """Return the set-up document of the hall to be made: a code by its name where it has none, nobody who has no
        name, and of a service that was given another name nothing that the preset says of the former one."""
        kept = [self._own(row) for row in self.rows("services") if row["code"] not in self.off]
        codes = {row["code"] for row in kept}
        windows = [{**row, "services": _among(row.get("services"), codes)} for row in self.rows("windows")]
        people = without_nobody(self.rows("staff"))
        staff = [{**row, "skills": _among(row.get("skills"), codes)} for row in people]
        hall = self.hall
        if not hall.get("code"):
            hall = {**hall, "code": code_of(named(str(hall.get("name") or ""), hall.get("name_en")))}
        return {**self.document, "hall": hall, "services": kept, "windows": windows, "staff": staff}

    def _own(self, row: Row) -> Row:
        was = next((one for one in self.base.get("services", ()) if one["code"] == row["code"]), None)
        return row if was is None or not is_renamed(row, was, current()) else {**row, **cleared(row, was, current())}

    def _following(self, row: Row) -> Row:
        """Return a service whose hours follow those of the hall where they were the preset's."""
        hall, was = self.document["hall"], self.base["hall"]
        if row["code"] in self.own_hours or (hall["opens"], hall["closes"]) == (was["opens"], was["closes"]):
            return row
        try:
            shift = minutes_of(str(hall["closes"])) - minutes_of(str(was["closes"]))
            minutes_of(str(hall["opens"]))
            last = minutes_of(str(row["last_ticket"])) + shift if row.get("last_ticket") else None
        except ValueError:
            return row
        moved = {was["opens"]: hall["opens"], was["closes"]: hall["closes"]}
        spans = [
            {**s, "from": moved.get(s["from"], s["from"]), "to": moved.get(s["to"], s["to"])}
            for s in row.get("hours") or ()
        ]
        if last is not None and not 0 <= last < 24 * 60:
            last = None
        text = f"{last // 60:02}:{last % 60:02}" if last is not None else None
        return {**row, "hours": spans or None, "last_ticket": text}

    # -- changing ----------------------------------------------------------------------------------------------------

    def with_hall(self, **fields: object) -> HallDraft:
        return replace(self, document={**self.document, "hall": {**self.hall, **fields}})

    def with_row(self, part: str, code: str, **fields: object) -> HallDraft:
        """Return it with other values in a row."""
        rows = [{**row, **fields} if row["code"] == code else row for row in self.document.get(part, ())]
        fresh = self.fresh - {f"{part}.{code}.{key}" for key in fields}
        return replace(self, document={**self.document, part: rows}, fresh=fresh)

    def with_prefix(self, code: str, prefix: str) -> HallDraft:
        """Return it with another letter for a service; services with one letter share their numbers."""
        others = [row for row in self.document["services"] if row["code"] != code and row.get("prefix") == prefix]
        span = {key: others[0][key] for key in ("first", "last") if key in others[0]} if others else {}
        return self.with_row("services", code, prefix=prefix, **span)

    def with_hours(self, code: str, text: str) -> HallDraft:
        """Return it with the typed hours of a service."""
        unread = {key: typed for key, typed in self.unread.items() if key != code}
        try:
            hours = read_hours(text)
        except RuleError:
            return replace(self, unread={**unread, code: text})
        draft = replace(self, unread=unread, own_hours=self.own_hours | {code})
        return draft.with_row("services", code, hours=hours, last_ticket=None)

    def with_service(self, code: str, on: bool) -> HallDraft:
        """Return it with a service included or left out."""
        return replace(self, off=self.off - {code} if on else self.off | {code})

    def serving(self, window: str, service: str, on: bool) -> HallDraft:
        """Return it with a window that serves a service, or no longer does."""
        row = next(row for row in self.document["windows"] if row["code"] == window)
        have = set(row.get("services") or ()) - {service} | ({service} if on else set())
        order = [one["code"] for one in self.document["services"] if one["code"] in have]
        return self.with_row("windows", window, services=order)

    def added(self, part: str) -> HallDraft:
        """Return it with one more service, window or person."""
        rows = list(self.document.get(part, ()))
        row = new_row(part, rows, [one["code"] for one in self.document["services"]])
        code = row["code"]
        empty = {f"{part}.{code}.{key}" for key in still_empty(ROWS[part], row)}
        draft = replace(self, fresh=self.fresh | empty)._with(part, [*rows, row])
        return draft._served_everywhere(code) if part == "services" else draft

    def without(self, part: str, code: str) -> HallDraft:
        """Return it without a row."""
        pins = {staff: pin for staff, pin in self.pins.items() if staff != code}
        left = [row for row in self.document[part] if row["code"] != code]
        return replace(self, pins=pins, document={**self.document, part: left})

    def with_pin(self, staff: str, pin: str) -> HallDraft:
        kept = {code: one for code, one in self.pins.items() if code != staff}
        return replace(self, pins={**kept, staff: pin} if pin else kept)

    def _with(self, part: str, rows: Iterable[Row]) -> HallDraft:
        return replace(self, document={**self.document, part: list(rows)})

    def _served_everywhere(self, code: str) -> HallDraft:
        """Let a new service be served where every other one is."""
        others = {row["code"] for row in self.document["services"] if row["code"] != code}
        rows = [
            {**row, "services": [*row["services"], code]} if others <= set(row["services"]) else row
            for row in self.document["windows"]
        ]
        return self._with("windows", rows)


def _among(codes: Iterable[str] | None, known: set[str]) -> list[str]:
    return [code for code in codes or () if code in known]


# -- what is wrong -----------------------------------------------------------------------------------------------


def problems(draft: HallDraft) -> dict[str, str]:
    """Return the sentence for every invalid field: "hall.name", "services.A.hours", "staff.P1.pin", "services"."""
    found: dict[str, str] = {}
    for code, text in draft.unread.items():
        refusal = RuleError("bad_value", field="hours", value=text, why="bad_hours")
        if code not in draft.off:
            found[f"services.{code}.hours"] = say(refusal)
    document = draft.finished()
    if not document["services"]:
        return found | {"services": _("Please keep at least one service.")}
    for _round in range(MOST_ROUNDS):
        try:
            check_setup(document)
        except RuleError as refusal:
            key = _key(refusal)
            if key in found:
                break
            found[key] = _told(refusal)
            document = _mended(document, draft.base, key)
            continue
        break
    for staff, pin in draft.pins.items():
        if not (pin.isascii() and pin.isdigit() and len(pin) in PIN_LENGTHS):
            found[f"staff.{staff}.pin"] = _("4 to 12 digits")
    if not any(row.get("role") == "admin" for row in document["staff"]):
        found["staff"] = _("The hall needs an admin, who may change the set-up.")
    return found


def _key(refusal: RuleError) -> str:
    if refusal.code != "bad_value":
        return str(refusal.details.get("kind", ""))
    key = str(refusal.details.get("field", ""))
    return key.replace(".first", ".prefix").replace(".last_ticket", ".hours")


def _told(refusal: RuleError) -> str:
    """Return the refusal as it is said beside its field: without the row's name."""
    own = str(refusal.details.get("field", "")).split(".")[-1]
    return say(RuleError(refusal.code, **{**refusal.details, "field": own}))


def _mended(document: dict[str, Any], base: Mapping[str, Any], key: str) -> dict[str, Any]:
    """Return the document with a value at `key` that is right by itself, to find what else is wrong."""
    part, *rest = key.split(".")
    if part == "hall" and rest:
        return {**document, "hall": {**document["hall"], rest[0]: base["hall"].get(rest[0], "-")}}
    if part not in BY_CODE or len(rest) < 2:
        return document
    code, own = rest[0], rest[1]
    before = next((row for row in base.get(part, ()) if row["code"] == code), None)
    right = {own: before.get(own) if before is not None else right_value(part, own)}
    if own == "hours":
        right["last_ticket"] = None
    return {**document, part: [{**row, **right} if row["code"] == code else row for row in document[part]]}


def step_of(key: str) -> str:
    """Return the step of the wizard for a field: hall, services, windows or staff."""
    return key.split(".", maxsplit=1)[0]
