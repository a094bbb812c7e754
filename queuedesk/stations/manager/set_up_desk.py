"""What an admin changes of the hall: rows of the set-up, their order, PINs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.people import Role
from queuedesk.core.setup import Setup
from queuedesk.desk import setting_up, signing
from queuedesk.desk.change import Ask, Desk, Document
from queuedesk.desk.setting_up import RowEdit
from queuedesk.stations.context import StationContext

Act = Callable[..., Document]


@dataclass(frozen=True, slots=True, kw_only=True)
class Saving:
    """What one press on save writes: the fields of a row that changed, a new row whole, the windows that serve a service, a PIN."""

    part: str
    code: str
    fields: Mapping[str, Any]
    new: bool = False
    windows: Mapping[str, Sequence[str]] = field(default_factory=dict)
    pin: str = ""


class SetUpDesk(QObject):
    """`saved` gives part and code of the row, `removed` the part, `ordered` the part with the order before, `pin_removed` a person's code;
    `refused` the trouble; `pin_known` whether a person has a PIN."""

    saved = Signal(str, str)
    removed = Signal(str, str)
    ordered = Signal(str, list)
    pin_removed = Signal(str)
    pin_known = Signal(str, bool)
    refused = Signal(object)
    busy_changed = Signal(bool)

    def __init__(
        self,
        context: StationContext,
        *,
        save_rows: Act = setting_up.save_rows,
        remove_row: Act = setting_up.remove_row,
        order_rows: Act = setting_up.order_rows,
        set_pin: Act = signing.set_pin,
        has_pin: Callable[[Desk, str], bool] = signing.has_pin,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.context = context
        self._save_rows, self._remove, self._order = save_rows, remove_row, order_rows
        self._set_pin, self._has_pin = set_pin, has_pin
        self.busy = False

    @property
    def setup(self) -> Setup:
        return self.context.feed.setup

    @property
    def may_change(self) -> bool:
        """Whether the person here may change the set-up: an admin."""
        return self.context.who is not None and self.context.who.role is Role.ADMIN

    def save(self, saving: Saving) -> None:
        """Write what changed, all of it or nothing: the row first, which windows may then name."""
        edits = []
        if saving.new or saving.fields:
            edits.append(RowEdit(part=saving.part, code=saving.code, row=dict(saving.fields), new=saving.new))
        for window, services in saving.windows.items():
            edits.append(RowEdit(part="windows", code=window, row={"services": list(services)}))
        pins = {saving.code: saving.pin} if saving.pin else {}
        self._ask(lambda desk, ask: self._save_rows(desk, ask, edits, pins), partial(self._saved, saving))

    def _saved(self, saving: Saving, _nothing: object) -> None:
        self.saved.emit(saving.part, saving.code)

    def remove(self, part: str, code: str) -> None:
        self._ask(lambda desk, ask: self._remove(desk, ask, part, code), lambda _d: self.removed.emit(part, code))

    def order(self, part: str, codes: Sequence[str]) -> None:
        """Put the rows of a part into another order, as stations show them."""
        before = [str(row["code"]) for row in self.setup.document.get(part, ())]
        if list(codes) != before:
            self._ask(
                lambda desk, ask: self._order(desk, ask, part, list(codes)), lambda _d: self.ordered.emit(part, before)
            )

    def remove_pin(self, staff: str) -> None:
        self._ask(lambda desk, ask: self._set_pin(desk, ask, staff, None), lambda _d: self.pin_removed.emit(staff))

    def look_for_pin(self, staff: str) -> None:
        """Ask whether a person has a PIN."""
        self.context.tasks.run(
            lambda: self._has_pin(self.context.desk, staff), partial(self.pin_known.emit, staff), self.refused.emit
        )

    # -- running -----------------------------------------------------------------------------------------------------

    def _ask(self, act: Callable[[Desk, Ask], object], done: Callable[[Any], None]) -> None:
        desk, ask = self.context.desk, self.context.ask()
        self._run(lambda: act(desk, ask), done)

    def _run(self, work: Callable[[], object], done: Callable[[Any], None]) -> None:
        if self.busy:
            return
        self._set_busy(True)
        self.context.tasks.run(work, partial(self._done, done), self._refused)

    def _done(self, then: Callable[[Any], None], answer: object) -> None:
        self._set_busy(False)
        then(answer)

    def _refused(self, trouble: QueueDeskError) -> None:
        self._set_busy(False)
        self.refused.emit(trouble)

    def _set_busy(self, busy: bool) -> None:
        self.busy = busy
        self.busy_changed.emit(busy)
