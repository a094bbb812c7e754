"""What an admin changes of the hall: rows of the set-up, their order, PINs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

from msgspec import Struct, field
from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal

from queuedesk.core.network.roles import Role
from queuedesk.core.setup.file import rows_of_part, setup_from_document
from queuedesk.core.setup.rows import Setup, hall_languages
from queuedesk.desk import looking, setting_up
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.queue import sign_in_and_pins
from queuedesk.desk.setting_up import SetupRowEdit
from queuedesk.i18n.names import preset_field_names_text, service_name, service_rename_side_effects
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
            lambda desk, ask: sign_in_and_pins.set_pin(desk, ask, staff, None), lambda _d: self.pin_removed.emit(staff)
        )

    def ask_whether_pin_is_set(self, staff: str) -> None:
        self.context.tasks.run(
            lambda: sign_in_and_pins.needed_secret_kind(self.context.desk, staff),
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
