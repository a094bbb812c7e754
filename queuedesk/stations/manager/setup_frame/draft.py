"""A row of the set-up while it is changed: what was typed, what is wrong with it, what saving would write; rows and
fields in words; and what an admin changes: rows, their order, PINs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

from msgspec import Struct, field
from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from queuedesk.core import errors, features, imports
from queuedesk.core.figures.targets import target_from_setup_row
from queuedesk.core.log.state import HallState
from queuedesk.core.network.roles import Role
from queuedesk.core.queue.ticket import WindowState
from queuedesk.core.setup import field_kinds, time_of_day
from queuedesk.core.setup import file as setup_files
from queuedesk.core.setup import sentences as hall_sentences
from queuedesk.core.setup.file import WHOLE as ONE_ROW_PARTS
from queuedesk.core.setup.file import rows_of_part, setup_from_document
from queuedesk.core.setup.hall import CALENDAR
from queuedesk.core.setup.rows import ROWS, Setup, hall_languages
from queuedesk.core.talk.remarks import CHANNELS
from queuedesk.desk import looking, setting_up
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.queue import opening
from queuedesk.desk.setting_up import SetupRowEdit
from queuedesk.i18n import (
    _,
    codes_text,
    error_sentence,
    list_text,
    minutes_text,
    n_,
    name_in_language,
    role_word,
    wording_in_current_language,
)
from queuedesk.i18n.figures.figure_titles import measure_word, target_figure_text, target_with_unit
from queuedesk.i18n.names import preset_field_names_text, service_name, service_rename_side_effects
from queuedesk.i18n.talk import offered_channel_word
from queuedesk.stations.manager.setup.hours_text import clock_without_leading_zero, parse_hours
from queuedesk.stations.window.context import SingleCommandRunner, StationContext

T = TypeVar("T")


class SetUpRowChangesToSave(Struct, frozen=True, kw_only=True):
    """What saving writes: changed fields of a row, or a whole new one, the windows that serve a service, a PIN."""

    part: str
    code: str
    fields: Mapping[str, Any]
    new: bool = False
    windows: Mapping[str, Sequence[str]] = field(default_factory=dict)
    pin: str = ""


FIELDS_NAMED = 3
"""So many of the fields that a renamed service gives up have room in a message."""


class SetUpController(SingleCommandRunner):
    """`saved` gives part and code of the row, `renamed` a service's row after another name was saved and sentences on
    what it left behind, `removed` the part, `ordered` the part with the order before, `pin_removed` a person's code;
    `pin_known` the secret a person has; `taken_back` that the last change is undone; `decided` that suggestions were
    kept or dropped. `features_chosen` gives the names of the features that came on and that went off."""

    saved = Signal(str, str)
    renamed = Signal(dict, list)
    removed = Signal(str, str)
    ordered = Signal(str, list)
    pin_removed = Signal(str)
    pin_known = Signal(str, str)
    taken_back = Signal()
    decided = Signal()
    features_chosen = Signal(list, list)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(context, parent)
        self._last: tuple[Mapping[str, Any], Mapping[str, Any]] | None = None

    @property
    def setup(self) -> Setup:
        return self.context.feed.setup

    @property
    def may_change(self) -> bool:
        return self.context.who is not None and self.context.who.role is Role.ADMIN

    def former_name_and_losses(self, saving: SetUpRowChangesToSave) -> tuple[str, str]:
        """Return a service's former name and, in words, what saving leaves out with it; ("", "") if nothing."""
        if saving.part != "services" or saving.new:
            return "", ""
        was = self._service_row(saving.code)
        gone = setting_up.preset_fields_emptied_by_rename(was, saving.fields, hall_languages(self.setup)[0])
        words = preset_field_names_text(gone, most=FIELDS_NAMED)
        return (service_name(self.setup, saving.code), words) if words else ("", "")

    def save_renamed_keeping_preset_facts(self, saving: SetUpRowChangesToSave) -> None:
        """Write a service's other name and its other changes; what the preset said of it stays."""
        was = self._service_row(saving.code)
        self.save(
            replace(
                saving, fields=setting_up.row_of_only_renamed_service(was, saving.fields, hall_languages(self.setup)[0])
            )
        )

    def _service_row(self, code: str) -> Mapping[str, Any]:
        return next(row for row in rows_of_part(self.setup.document, "services") if row["code"] == code)

    def save(self, saving: SetUpRowChangesToSave) -> None:
        """Write all changes or none: the row first, which windows may then name."""
        edits = []
        fields = dict(saving.fields)
        if "pay_days" in fields and saving.part == "hall":
            edits.append(SetupRowEdit(part="pay_days", code="", row={"days": list(fields.pop("pay_days") or ())}))
        if saving.new or fields:
            edits.append(SetupRowEdit(part=saving.part, code=saving.code, row=fields, new=saving.new))
        for window, services in saving.windows.items():
            edits.append(SetupRowEdit(part="windows", code=window, row={"services": list(services)}))
        pins = {saving.code: saving.pin} if saving.pin else {}
        self.run_undoable_change(
            lambda desk, ask: setting_up.save_setup_rows(desk, ask, edits, pins),
            partial(self._emit_saved_and_renamed, saving),
        )

    def _emit_saved_and_renamed(self, saving: SetUpRowChangesToSave, answer: Mapping[str, Any]) -> None:
        self.saved.emit(saving.part, saving.code)
        if saving.part == "services" and saving.fields and not saving.new and self._last is not None:
            row = answer["rows"][0]
            before = setup_from_document(self._last[0])
            if lines := service_rename_side_effects(before, saving.code, row, saving.fields, most=FIELDS_NAMED):
                self.renamed.emit(row, lines)

    def decide_suggestions(self, service: str, answers: Mapping[str, str]) -> None:
        """Keep or drop suggestions of a service, by fact."""
        self.run_undoable_change(
            lambda desk, ask: setting_up.decide_suggestions(desk, ask, {service: answers}),
            lambda _d: self.decided.emit(),
        )

    def choose_features(self, on: Sequence[str], off: Sequence[str]) -> None:
        self.run_undoable_change(
            lambda desk, ask: setting_up.choose_features(desk, ask, on=on, off=off),
            lambda answer: self.features_chosen.emit(answer["on"], answer["off"]),
        )

    def remove_row(self, part: str, code: str) -> None:
        self.run_undoable_change(
            lambda desk, ask: setting_up.remove_setup_row(desk, ask, part, code),
            lambda _d: self.removed.emit(part, code),
        )

    def save_new_row_order(self, part: str, codes: Sequence[str]) -> None:
        """Reorder the rows of a part, as stations show them."""
        before = [str(row["code"]) for row in rows_of_part(self.setup.document, part)]
        if list(codes) != before:
            self.run_undoable_change(
                lambda desk, ask: setting_up.reorder_setup_rows(desk, ask, part, list(codes)),
                lambda _d: self.ordered.emit(part, before),
            )

    def remove_pin(self, staff: str) -> None:
        self._start_set_up_command(
            lambda desk, ask: opening.set_pin(desk, ask, staff, None), lambda _d: self.pin_removed.emit(staff)
        )

    def ask_whether_pin_is_set(self, staff: str) -> None:
        self.context.tasks.run(
            lambda: opening.needed_secret_kind(self.context.desk, staff),
            partial(self.pin_known.emit, staff),
            partial(self.refused.emit, "pin"),
        )

    @property
    def can_undo_last_change(self) -> bool:
        """Whether the last change made here can be undone: nobody has changed the same since."""
        if self._last is None:
            return False
        before, after = self._last
        now = self.setup.document
        return all(
            now.get(part) == after.get(part) for part in {*before, *after} if before.get(part) != after.get(part)
        )

    def undo_last_setup_edit(self) -> None:
        """Undo the last change made here, as a new one."""
        if self._last is not None:
            before, after = self._last
            self._start_set_up_command(
                lambda desk, ask: setting_up.undo_setup_change(desk, ask, before, after), self._emit_taken_back
            )

    def _emit_taken_back(self, _answer: object) -> None:
        self._last = None
        self.taken_back.emit()

    # -- running -----------------------------------------------------------------------------------------------------

    def _start_set_up_command(self, act: Callable[[Desk, Ask], T], done: Callable[[T], None]) -> None:
        desk, ask = self.context.desk, self.context.new_ask()
        self.start_unless_busy("set-up", lambda: act(desk, ask), done)

    def run_undoable_change(self, act: Callable[[Desk, Ask], T], done: Callable[[T], None]) -> None:
        """Run an act on the set-up and keep what it led from and to, so that it can be taken back."""
        before: list[Mapping[str, Any]] = []

        def act_keeping_documents(desk: Desk, ask: Ask) -> tuple[T, Mapping[str, Any], Mapping[str, Any]]:
            if not before:  # Asked again, it may have been done already.
                before.append(looking.setup_of_hall(desk).document)
            answer = act(desk, ask)
            return answer, before[0], looking.setup_of_hall(desk).document

        def keep_and_pass_answer(answer: tuple[T, Mapping[str, Any], Mapping[str, Any]]) -> None:
            self._last = answer[1:]
            done(answer[0])

        self._start_set_up_command(act_keeping_documents, keep_and_pass_answer)


HALL, SERVICES, WINDOWS, STAFF = "hall", "services", "windows", "staff"
CLASSES, NOTICES, TARGETS, RULES = "classes", "notices", "targets", "settings"
VOICE, TICKET, SENTENCES, CARDS = "voice", "ticket", "sentences", "cards"
PARTNERS = "partners"
WHOLE = (HALL, RULES, *ONE_ROW_PARTS)
"""Parts that are one row of their own."""
LETTERS = "ABCDEFGHJKLMNPRTUVWXY"
PIN_LENGTHS = range(4, 13)
NEW_CREDIT = 5
BY_CODE = (SERVICES, WINDOWS, STAFF, CLASSES, CARDS, PARTNERS)
Row = dict[str, Any]


class SetUpRowDraft(Struct, frozen=True, kw_only=True):
    """`base` is the row in the hall as it was `read_from` its set-up, `row` the changed one; `unread` are typed texts
    that say no value, by field. `served_by` are the windows that serve a service; `pin` a PIN to be set; `fresh` the
    fields that came up empty and that nobody has typed in yet: they are still to be filled in, not wrong."""

    part: str
    code: str
    base: Row
    row: Row
    read_from: Setup | None = None
    new: bool = False
    unread: Mapping[str, errors.RuleError] = field(default_factory=dict)
    was_served_by: frozenset[str] = frozenset()
    served_by: frozenset[str] = frozenset()
    pin: str = ""
    fresh: frozenset[str] = frozenset()

    @property
    def key(self) -> str:
        """Its name: its code, for a new row as typed."""
        return str(self.row.get("code") or self.code)

    @property
    def is_changed(self) -> bool:
        return (
            self.new or bool(self.changed_fields() or self.unread or self.pin) or self.served_by != self.was_served_by
        )

    def changed_fields(self) -> Row:
        return {
            key: value
            for key, value in self.row.items()
            if _comparable_value(value) != _comparable_value(self.base.get(key))
        }

    def with_value(self, key: str, value: object) -> SetUpRowDraft:
        unread = {name: error for name, error in self.unread.items() if name != key}
        return replace(self, row={**self.row, key: value}, unread=unread, fresh=self.fresh - {key})

    def without_fresh_marks_of_rows(self, *keys: str) -> SetUpRowDraft:
        return replace(self, fresh=self.fresh - set(keys))

    def read(self, key: str, text: str, reader: Callable[[str], Row]) -> SetUpRowDraft:
        """Return it with the fields that `reader` reads from a text, or with its refusal under `key`."""
        try:
            values = reader(text)
        except errors.RuleError as refusal:
            return replace(self, unread={**self.unread, key: refusal})
        unread = {name: error for name, error in self.unread.items() if name != key}
        return replace(self, row={**self.row, **values}, unread=unread)

    def with_window_serving_service(self, code: str, serves: bool) -> SetUpRowDraft:
        return replace(self, served_by=self.served_by | {code} if serves else self.served_by - {code})

    def with_typed_values_of(self, other: SetUpRowDraft) -> SetUpRowDraft:
        return replace(self, row={**self.row, **other.row}, unread=other.unread, fresh=frozenset())

    def with_pin(self, pin: str) -> SetUpRowDraft:
        return replace(self, pin=pin)

    def draft_marked_as_saved(self) -> SetUpRowDraft:
        return replace(self, base=dict(self.row), new=False, was_served_by=self.served_by, pin="", fresh=frozenset())

    def with_saved_row(self, row: Mapping[str, Any]) -> SetUpRowDraft:
        """Return it with the row that the hall has after saving, where that is another than was typed."""
        return replace(self, base=dict(row), row=dict(row))


def _comparable_value(value: object) -> object:
    """Return a value as it is compared: everything empty is the same, but a figure 0 is none."""
    return value if value or (isinstance(value, int) and not isinstance(value, bool)) else None


def row_draft(setup: Setup, part: str, code: str) -> SetUpRowDraft | None:
    """Return the draft of an existing row, None if there is none."""
    if part == HALL:
        chosen = {
            "pay_days": list(setup.document.get("pay_days", ())),
            "rating_reasons": list(setup.hall.rating_reasons),
        }
        row: Row | None = {**setup.document["hall"], **chosen}
    elif part == RULES:
        row = dict(setup.settings)
    elif part == SENTENCES:
        row = {kind: hall_sentences.sentence_rows(getattr(setup.sentences, kind)) for kind in hall_sentences.LISTS}
    elif part in ONE_ROW_PARTS:
        usual = {key: one.usual for key, one in field_kinds.fields_of_row_class(ROWS[part]).items() if one.usual}
        row = {**usual, **setup.document.get(part, {})}
    else:
        rows = enumerate(setup_files.rows_of_part(setup.document, part))
        row = next((dict(one) for at, one in rows if setup_files.row_code_or_position(part, one, at) == code), None)
    if row is None:
        return None
    if len(setup.hall.languages) == 1:
        row = hall_sentences.setup_reduced_to_one_language(row, setup.hall.languages[0])
    served = _windows_of_service(setup, code) if part == SERVICES else frozenset()
    return SetUpRowDraft(
        part=part, code=code, base=row, row=dict(row), read_from=setup, was_served_by=served, served_by=served
    )


def row_code_after_changes(before: Setup, setup: Setup, part: str, code: str) -> str:
    """Return the code that the row `code` of an earlier set-up has now, "" if it is gone: rows without a code of their
    own go by their place, which moves when another row goes."""
    if part not in (NOTICES, TARGETS) or before is setup:
        return code
    rows, now = (setup_files.rows_of_part(one.document, part) for one in (before, setup))
    at = int(code) - 1
    row = rows[at] if at < len(rows) else None
    if row is None or now[at : at + 1] == [row]:
        return code
    if row in now:
        return str(now.index(row) + 1)
    return code if len(now) >= len(rows) else ""


def first_row_draft(setup: Setup, part: str) -> SetUpRowDraft | None:
    """Return what a part shows first: its first row, or all of it; None if there is no row yet."""
    if part in WHOLE:
        return row_draft(setup, part, setup.hall.code)
    rows = setup_files.rows_of_part(setup.document, part)
    return row_draft(setup, part, setup_files.row_code_or_position(part, rows[0], 0)) if rows else None


def new_row_draft(setup: Setup, part: str) -> SetUpRowDraft:
    document = setup.document
    row = new_row(part, setup_files.rows_of_part(document, part), list(setup.services))
    code = str(row.get("code") or len(setup_files.rows_of_part(document, part)) + 1)
    return SetUpRowDraft(
        part=part, code=code, base={}, row=row, new=True, fresh=field_kinds.empty_needed_fields(ROWS[part], row)
    )


def new_row(part: str, rows: Sequence[Mapping[str, Any]], services: Sequence[str]) -> Row:
    """Return the row that a form begins with, beside these `rows` of its part, in a hall with these `services`."""
    row = field_kinds.new_row_with_blank_fields(ROWS[part])
    codes = {one.get("code") for one in rows}
    if part == SERVICES:
        taken = codes | {one.get("prefix") for one in rows}
        row["prefix"] = next((one for one in LETTERS if one not in taken), "")
        row["code"] = row["prefix"] or _first_free_code("S", codes)
    elif part == WINDOWS:
        row |= {"code": _first_free_code("", codes), "services": list(services)}
    elif part == STAFF:
        row |= {"code": _first_free_code("P", codes), "role": str(Role.CLERK)}
    elif part == CLASSES:
        row |= {"code": _first_free_code("K", codes), "credit_minutes": NEW_CREDIT}
    elif part == CARDS:
        row["code"] = _first_free_code("K", codes)
    elif part == PARTNERS:
        row |= {"code": _first_free_code("P", codes), "kind": CHANNELS[0], "takes": []}
    return row


def _first_free_code(letter: str, codes: Collection[str | None]) -> str:
    return next(f"{letter}{n}" for n in range(1, len(codes) + 2) if f"{letter}{n}" not in codes)


def _windows_of_service(setup: Setup, service: str) -> frozenset[str]:
    return frozenset(code for code, window in setup.windows.items() if service in window.services)


# -- what is wrong -----------------------------------------------------------------------------------------------


def invalid_field_sentences(setup: Setup, draft: SetUpRowDraft) -> dict[str, str]:
    """Return the sentence for every invalid field, by field; "first" and "last" are "range"."""
    found = {key: _typing_error_text(key, error) for key, error in draft.unread.items()}
    row = {**draft.row, **{key: _stand_in_valid_value(draft, key) for key in draft.unread if key in draft.row}}
    while True:
        try:
            setup_files.checked_setup_document(set_up_document_with_row(setup.document, draft, row))
            if draft.part == TARGETS and (draft.new or not {"measure", "value"}.isdisjoint(draft.changed_fields())):
                setup_files.check_new_target(f"{TARGETS}.{draft.code}", row)
        except errors.RuleError as refusal:
            key = _refused_field(draft, refusal)
            if key in found or len(found) > _max_possible_error_count(draft, row):
                break
            found[key] = error_sentence(_refusal_error_beside_field(setup, draft, refusal))
            own = key.split(".")[0]
            if draft.part == SENTENCES and key != own:
                row[own] = _rows_with_sentence_made_valid(row[own], key)
                continue
            for name in ("first", "last") if own == "range" else (own,):
                row[name] = _stand_in_valid_value(draft, name)
            continue
        break
    if (
        draft.new
        and draft.part in BY_CODE
        and draft.key in {one["code"] for one in setup_files.rows_of_part(setup.document, draft.part)}
    ):
        found["code"] = error_sentence(errors.RuleError("already_there", kind=draft.part, code=draft.key))
    if draft.pin and not (draft.pin.isascii() and draft.pin.isdigit() and len(draft.pin) in PIN_LENGTHS):
        found["pin"] = _("4 to 12 digits")
    if draft.part == STAFF and is_last_admin(setup, draft.code) and draft.row.get("role") != "admin":
        found["role"] = _("The hall needs an admin; please name another one first.")
    return found


def set_up_document_with_row(document: Mapping[str, Any], draft: SetUpRowDraft, row: Row) -> dict[str, Any]:
    """Return the hall's set-up document with `row` in the draft's place."""
    if draft.part == HALL:
        hall = {key: value for key, value in row.items() if key != "pay_days"}
        after = setup_files.document_after_change(
            document, {"part": HALL, "op": "set", "code": draft.code, "row": hall}
        )
        return {**after, "pay_days": row.get("pay_days") or []}
    op = "add" if draft.new else "set"
    return setup_files.document_after_change(document, {"part": draft.part, "op": op, "code": draft.code, "row": row})


def _typing_error_text(key: str, error: errors.RuleError) -> str:
    return _("Please write the numbers as 001–499.") if key == "range" else error_sentence(error)


def is_last_admin(setup: Setup, code: str) -> bool:
    return [p.code for p in setup.staff.values() if p.role == "admin"] == [code]


def _refused_field(draft: SetUpRowDraft, refusal: errors.RuleError) -> str:
    if refusal.code != "bad_value":
        return "code"
    steps = str(refusal.details.get("field", "")).split(".")
    if draft.part in ONE_ROW_PARTS and steps[0] == draft.part:
        return ".".join(steps[1:]) or draft.part
    if draft.part == HALL and steps[0] not in (HALL, "pay_days"):
        return "closes"  # a service's own hours no longer fit those of the hall
    own = ".".join(steps[2:]) if len(steps) > 2 and draft.part not in WHOLE else steps[-1]
    if steps[0] == "pay_days":
        return "pay_days"
    return "range" if own in ("first", "last") else own


def _refusal_error_beside_field(setup: Setup, draft: SetUpRowDraft, refusal: errors.RuleError) -> errors.RuleError:
    """Return the refusal said beside its field: without the row's name, with the bound that it breaks."""
    details = dict(refusal.details)
    steps = str(details.get("field", "")).split(".")
    if draft.part == HALL and steps[0] == SERVICES:
        return refusal
    if draft.part not in ONE_ROW_PARTS:  # whose fields have words by their whole names
        details["field"] = next((step for step in reversed(steps) if not step.isdigit()), steps[-1])
    if draft.part == RULES:
        details["field"] = wording_in_current_language(setup_files.HALL_RULES[str(details["field"])].title)
    if details.get("why") == "after_close":
        spans = draft.row.get("hours") or ()
        ends = [time_of_day.parse_clock_minutes(str(span["to"])) for span in spans] or [setup.hall.closes]
        details["limit"] = clock_without_leading_zero(f"{max(ends) // 60}:{max(ends) % 60:02}")
    return errors.RuleError(refusal.code, **details)


def _stand_in_valid_value(draft: SetUpRowDraft, key: str) -> object:
    """Return a value of a field that is right by itself, to find what else is wrong."""
    return draft.base[key] if key in draft.base else value_field_never_refuses(draft.part, key)


def value_field_never_refuses(part: str, key: str) -> object:
    """Return a value that a part's field never refuses; None for a name that is no field of its rows."""
    field_of_row = field_kinds.fields_of_row_class(ROWS[part]).get(key) if part in ROWS else None
    return field_of_row.kind.right if field_of_row is not None else None


def _max_possible_error_count(draft: SetUpRowDraft, row: Row) -> int:
    return sum(2 * len(rows) + 1 for rows in row.values()) if draft.part == SENTENCES else len(row)


def _rows_with_sentence_made_valid(rows: Sequence[Row], key: str) -> list[Row]:
    """Return a list of sentences with a right text in the place that `key` names, to find the other wrong ones."""
    _kind, number, field_name = key.split(".")
    return [{**row, field_name: "-"} if at == int(number) else row for at, row in enumerate(rows, start=1)]


# -- what is written ---------------------------------------------------------------------------------------------


def changes_to_save(setup: Setup, draft: SetUpRowDraft) -> SetUpRowChangesToSave:
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
    fields = draft.row if draft.new else draft.changed_fields()
    if draft.part == SENTENCES:
        fields = {kind: hall_sentences.sentence_rows_to_store(kind, rows) for kind, rows in fields.items()}
    return SetUpRowChangesToSave(
        part=draft.part, code=draft.key, fields=fields, new=draft.new, windows=windows, pin=draft.pin
    )


# -- a row before its changes ------------------------------------------------------------------------------------------


class UndoSteps:
    """The undo steps: what is typed in one field without touching anything else is one step, and so is every press."""

    def __init__(self) -> None:
        self._steps: list[SetUpRowDraft] = []
        self._typed_in: QWidget | None = None

    def remember_step(self, before: SetUpRowDraft, field: QWidget | None) -> None:
        """Remember the state before a change; `field` has the focus."""
        typed_in = field if isinstance(field, (QLineEdit, QPlainTextEdit)) else None
        if typed_in is None or typed_in is not self._typed_in or not self._steps:
            self._steps.append(before)
        self._typed_in = typed_in

    def pop_last_step(self) -> SetUpRowDraft | None:
        self._typed_in = None
        return self._steps.pop() if self._steps else None

    def clear(self) -> None:
        self._steps.clear()
        self._typed_in = None


# -- refusals that no longer hold --------------------------------------------------------------------------------------


def is_row_still_refused_by_hall(refusal: errors.QueueDeskError, state: HallState, code: str) -> bool:
    """Whether the hall would still refuse this for the row `code`; True where the state can't tell."""
    if refusal.code == "in_use":
        return is_row_in_use(state, str(refusal.details.get("kind", "")), str(refusal.details.get("code", code)))
    if refusal.code == "last_admin" and state.setup_now is not None:
        return is_last_admin(state.setup_now, code)
    return True


def is_row_in_use(state: HallState, part: str, code: str) -> bool:
    """Whether open tickets or people at work need a row."""
    left = [ticket for ticket in state.tickets.values() if ticket.is_open]
    if part == SERVICES:
        return any(ticket.service == code or code in ticket.steps for ticket in left)
    if part == WINDOWS:
        window = state.windows.get(code)
        is_open = window is not None and window.state is not WindowState.CLOSED
        return is_open or any(ticket.to_window == code for ticket in left)
    if part == STAFF:
        at_work = any(window.staff == code for window in state.windows.values())
        return at_work or any(ticket.to_staff == code for ticket in left)
    return any(ticket.klass == code for ticket in left)


FEATURES, FILE, WEB, PCS, BACKUPS, HEALTH, UPDATE = "features", "file", "web", "pcs", "backups", "health", "update"
DIRECTORY = "directory"
PARTS = (
    HALL,
    FEATURES,
    SERVICES,
    WINDOWS,
    STAFF,
    CALENDAR,
    CLASSES,
    NOTICES,
    SENTENCES,
    CARDS,
    PARTNERS,
    TARGETS,
    VOICE,
    TICKET,
    RULES,
    FILE,
    DIRECTORY,
    WEB,
    HEALTH,
    UPDATE,
)
MADE_BY_FEATURES = (CARDS, CALENDAR, FILE, DIRECTORY, WEB, HEALTH, UPDATE)
"""Parts of which there is a form or page only where there is a feature's folder."""
AT_ONCE = (HALL, STAFF, NOTICES, SENTENCES, CARDS, PARTNERS, TARGETS, RULES)
"""Parts whose changes touch no ticket's number: they count at once."""
LONGEST_COUNT = 6
RANGE = re.compile(r"^\s*(\d{1,5})\s*[-–—~～至]\s*(\d{1,5})\s*$")
MINUTES = re.compile(r"^\s*(\d{1,4})\s*(分钟|分|min|minutes?)?\s*$", re.IGNORECASE)
WordRow = Mapping[str, Any]


def used_setup_part_names(hall: features.HallFeatureChoice, parts: Iterable[str] = PARTS) -> list[str]:
    """Return those parts of the set-up that a hall uses."""
    made = {at.key_in_section for at in features.pages_in("setup")}
    there = (part for part in parts if part not in MADE_BY_FEATURES or part in made)
    return [part for part in there if features.has_hall_manager_page(hall, f"setup/{part}")]


class RowText(Struct, frozen=True):
    """A row of the list: its badge, or else its icon, its name, a small second line."""

    code: str
    badge: str
    title: str
    second: str
    icon: str = "person"


def row_texts_of_setup_list(setup: Setup, part: str) -> list[RowText]:
    return [
        _row_text(setup, part, setup_files.row_code_or_position(part, row, at), row)
        for at, row in enumerate(setup_files.rows_of_part(setup.document, part))
    ]


def _row_text(setup: Setup, part: str, code: str, row: WordRow) -> RowText:
    if part == CLASSES:
        minutes = int(row.get("credit_minutes") or 0)
        credit = n_("{n} minute ahead", "{n} minutes ahead", minutes) if minutes else _("no credit")
        return RowText(code, "", row_name(row), credit, "people")
    if part == CARDS:
        steps = len(row.get("steps") or ())
        return RowText(code, "", row_name(row), n_("{n} step", "{n} steps", steps), "warning")
    if part == PARTNERS:
        where = [
            offered_channel_word(str(row["kind"])),
            "" if row.get("distance_m") is None else f"{row['distance_m']:,} m",
        ]
        return RowText(code, "", row_name(row), " · ".join(filter(None, where)), "arrow-right")
    if part == NOTICES:
        return RowText(code, "", name_in_language(str(row["text"]), row.get("text_en")), dates_text(row), "bell")
    if part == TARGETS:
        since = _("from {day}", day=row["from"]) if row.get("from") else _("always")
        found = target_from_setup_row(row)
        goal = (
            target_with_unit(found.measure, target_figure_text(found.measure, found.figure))
            if found
            else str(row["value"])
        )
        return RowText(code, "", measure_word(row["measure"]), f"{goal} · {since}", "check")
    if part == SERVICES:
        windows = [window for window, spec in setup.windows.items() if code in spec.services]
        of = codes_text(windows)
        at = n_("window {windows}", "windows {windows}", len(windows), windows=of) if windows else _("no window yet")
        return RowText(code, str(row.get("prefix", "")), row_name(row), f"{number_range_text(row)} · {at}")
    if part == WINDOWS:
        zone = name_in_language(str(row.get("zone") or ""), row.get("zone_en"))
        letters = list_text([setup.services[s].prefix for s in row.get("services", ()) if s in setup.services])
        return RowText(
            code, code, _("Window {window}", window=code), " · ".join(part for part in (letters, zone) if part)
        )
    skills = [service_name(setup, one) for one in row.get("skills") or ()]
    second = " · ".join((role_word(str(row["role"])), list_text(skills))) if skills else role_word(str(row["role"]))
    return RowText(code, "", row_name(row), second)


def row_name(row: WordRow) -> str:
    return name_in_language(str(row.get("name") or ""), row.get("name_en"))


def change_effect_text(part: str) -> str:
    if part == VOICE:
        return _("Applies from the next call")
    if part == RULES:
        return _("Takes effect at once; figures of earlier days are recalculated")
    return _("Takes effect at once") if part in AT_ONCE else _("Applies from the next ticket; issued numbers stay")


def part_saved_text(part: str) -> str:
    if part == VOICE:
        return _("Saved; it applies from the next call")
    return _("Saved; it takes effect at once") if part in AT_ONCE else _("Saved; it applies from the next ticket")


def part_word(part: str) -> str:
    return {
        HALL: _("Hall", context="set-up"),
        FEATURES: _("What this hall uses"),
        SERVICES: _("Services"),
        WINDOWS: _("Windows", context="set-up"),
        STAFF: _("Staff", context="set-up"),
        CLASSES: _("Classes", context="field"),
        NOTICES: _("Notices", context="set-up"),
        SENTENCES: _("Ready sentences", context="set-up"),
        CARDS: _("Contingency cards", context="set-up"),
        PARTNERS: _("Other places"),
        TARGETS: _("Targets", context="set-up"),
        VOICE: _("Voice", context="set-up"),
        TICKET: _("Ticket design", context="set-up"),
        RULES: _("Rules", context="set-up"),
        CALENDAR: _("Calendar", context="field"),
        FILE: _("Set-up file", context="set-up"),
        WEB: _("Phones and web pages", context="set-up"),
        PCS: _("Several PCs", context="set-up"),
        BACKUPS: _("Backups", context="set-up"),
        HEALTH: _("Is all well?", context="set-up"),
        DIRECTORY: _("Sign-in by the directory", context="feature"),
        UPDATE: _("Update", context="set-up"),
    }[part]


def part_name_for_narrow_list(part: str) -> str:
    """Return a part's name in the list of parts, which is narrow at large text sizes."""
    short = {
        FEATURES: _("In use", context="set-up"),
        SENTENCES: _("Sentences", context="set-up"),
        CARDS: _("Cards", context="set-up"),
        WEB: _("Web pages", context="set-up"),
        DIRECTORY: _("Directory", context="set-up"),
    }
    return short.get(part) or part_word(part)


def empty_part_texts(part: str) -> tuple[str, str]:
    """Return the texts for a part without rows: that there are none, and what they would be for."""
    return {
        NOTICES: (_("No notices yet"), _("What the hall's display tells people between the calls.")),
        CARDS: (_("No cards yet"), _("What to do when something goes wrong, step by step.")),
        PARTNERS: (
            _("No other places yet"),
            _("Machines, partners and the phone: where else people can do what they come for."),
        ),
        TARGETS: (_("No targets yet"), _("What the hall has promised, and from which day.")),
        STAFF: (_("Nobody yet"), _("People who sign in at the stations.")),
        SERVICES: (_("No services yet"), _("What customers come for; each has a letter and a line of its own.")),
        WINDOWS: (_("No windows yet"), _("Where customers are served, and which services each window offers.")),
    }.get(part, ("", ""))


def new_row_title(part: str) -> str:
    return {
        SERVICES: _("New service"),
        WINDOWS: _("New window"),
        STAFF: _("New person"),
        CLASSES: _("New class"),
        NOTICES: _("New notice"),
        TARGETS: _("New target"),
        CARDS: _("New card"),
        PARTNERS: _("New place"),
    }[part]


def row_order_hint(part: str) -> str:
    return {
        SERVICES: _("Drag to change the order on the front desk"),
        WINDOWS: _("Drag to change the order on the manager's page"),
        STAFF: _("Drag to change the order in which names are offered"),
        CLASSES: _("Drag to change the order in which classes are offered"),
        NOTICES: _("Drag to change the order on the display"),
        TARGETS: "",
        CARDS: _("Drag to change the order in which cards are offered"),
        PARTNERS: "",
    }[part]


def row_title(part: str, row: WordRow, code: str) -> str:
    """Return a row's title at the head of its form; "" for a new one without a name."""
    if part == WINDOWS:
        return _("Window {window}", window=code)
    if part in WHOLE:
        return part_word(part)
    if part == NOTICES:
        return name_in_language(str(row.get("text") or ""), row.get("text_en"))
    if part == TARGETS:
        return measure_word(row["measure"]) if row.get("measure") else ""
    return row_name(row)


def dates_text(row: WordRow) -> str:
    start, end = str(row.get("from") or ""), str(row.get("to") or "")
    if start and end:
        return f"{start} – {end}"
    if start:
        return _("from {day}", day=start)
    return _("until {day}", day=end) if end else _("always")


# -- values as text ----------------------------------------------------------------------------------------------


def number_range_text(row: WordRow) -> str:
    first, last = row.get("first", 1), row.get("last", 999)
    return f"{first:03}–{last:03}" if isinstance(first, int) and isinstance(last, int) else ""


def target_minutes_text(minutes: object) -> str:
    return minutes_text(minutes) if isinstance(minutes, int) else ""


def clock_or_empty_text(text: object) -> str:
    return clock_without_leading_zero(str(text)) if text else ""


def joined_words_text(words: Sequence[str] | None) -> str:
    return list_text(list(words or ()))


def rule_value_text(rule: field_kinds.SetupRowField, value: object) -> str:
    if rule.kind.choices:
        return wording_in_current_language(rule.kind.choices[str(value)])
    if rule.kind.form == field_kinds.TIME:
        return clock_without_leading_zero(str(value))
    unit = _counted_units(value).get(rule.unit.text) if isinstance(value, int) else None
    return _("{value} {unit}", value=value, unit=unit or wording_in_current_language(rule.unit))


def _counted_units(n: int) -> Mapping[str, str]:
    return {
        "people": n_("person", "people", n, context="unit"),
        "tickets": n_("ticket", "tickets", n, context="unit"),
        "days": n_("day", "days", n, context="unit"),
        "calls": n_("call", "calls", n, context="unit"),
        "times": n_("time", "times", n, context="unit"),
    }


# -- text as values ----------------------------------------------------------------------------------------------


def parse_number_range(text: str) -> dict[str, Any]:
    """Return first and last of "001–499". Raises RuleError "bad_value"."""
    found = RANGE.match(text.replace("\u2060", ""))
    if found is None:
        raise errors.RuleError("bad_value", field="first", value=text, why="not_a_number")
    return {"first": int(found[1]), "last": int(found[2])}


def parsed_minutes_by_field(key: str, text: str) -> dict[str, Any]:
    """Return whole minutes, None for an empty text. Raises RuleError "bad_value"."""
    if not text.strip():
        return {key: None}
    found = MINUTES.match(text)
    if found is None:
        raise errors.RuleError("bad_value", field=key, value=text, why="not_a_number")
    return {key: int(found[1])}


def parse_time_text(key: str, text: str) -> dict[str, Any]:
    """Return a time as the set-up file has it, None for an empty text; the field's kind checks it."""
    plain = imports.half_width_text(text).strip()
    try:
        return {key: time_of_day.padded_clock_text(time_of_day.parse_clock_minutes(plain))}
    except ValueError:
        return {key: plain or None}


def parse_hours_into_field_dict(key: str, text: str) -> dict[str, Any]:
    return {key: parse_hours(text)}


def split_typed_words(text: str) -> list[str]:
    """Return what stands between commas; Chinese words may also have a space between them."""
    parts = re.split(r"[、,，;；]+|(?<=[^\x00-\x7f])\s+(?=[^\x00-\x7f])", text)
    return [part.strip() for part in parts if part.strip()]


def parse_count_as_field_change(key: str, text: str) -> dict[str, Any]:
    """Return a whole number, None for an empty text. Raises RuleError "bad_value"."""
    plain = text.strip()
    if plain and not (plain.isascii() and plain.isdigit() and len(plain) <= LONGEST_COUNT):
        raise errors.RuleError("bad_value", field=key, value=text, why="not_a_number")
    return {key: int(plain) if plain else None}


def parse_target_figure(text: str) -> int | str | None:
    """Return a target's figure in the log's form: a whole number, or the text of another."""
    plain = text.strip().removesuffix("%").strip()
    whole = plain.isascii() and plain.isdigit() and len(plain) <= LONGEST_COUNT
    return int(plain) if whole else plain or None


def rule_value_by_key_from_text(key: str, text: str) -> dict[str, Any]:
    """Return the value of a rule from a typed text, ignoring its unit. Raises RuleError "bad_value"."""
    rule = setup_files.HALL_RULES[key]
    if rule.kind.form == field_kinds.TIME:
        return {key: text.replace("：", ":").strip()}
    plain = text.strip().casefold().removesuffix(wording_in_current_language(rule.unit).casefold()).strip()
    if not (plain.isascii() and plain.isdigit() and len(plain) <= LONGEST_COUNT):
        raise errors.RuleError(
            "bad_value", field=wording_in_current_language(rule.title), value=text, why="not_a_number"
        )
    return {key: int(plain)}
