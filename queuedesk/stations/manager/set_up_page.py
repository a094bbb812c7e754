"""The set-up: services, windows, people; the row chosen, its fields, what saving it changes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.setup import Setup
from queuedesk.i18n import _, listing, n_, named, say
from queuedesk.stations.manager.form_parts import Form
from queuedesk.stations.manager.item_form import ItemForm, with_new_item
from queuedesk.stations.manager.page_head import MoreButton
from queuedesk.stations.manager.place_forms import StaffForm, WindowForm
from queuedesk.stations.manager.service_form import ServiceForm
from queuedesk.stations.manager.set_up_asks import ask_discard, ask_pin_removal, ask_removal
from queuedesk.stations.manager.set_up_desk import SetUpDesk
from queuedesk.stations.manager.set_up_draft import (
    SERVICES,
    STAFF,
    WINDOWS,
    Draft,
    draft_of,
    is_last_admin,
    new_draft,
    problems,
    saving,
)
from queuedesk.stations.manager.set_up_rows import RowList
from queuedesk.stations.manager.set_up_words import list_rows, new_word, part_word, row_name
from queuedesk.stations.style import Look
from queuedesk.stations.widgets.buttons import DangerButton, PrimaryButton, SecondaryButton
from queuedesk.stations.widgets.forms import ErrorLine
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.panels import LetterBadge, Panel, spread
from queuedesk.stations.widgets.topbar import SideNav

PARTS = (SERVICES, WINDOWS, STAFF)
LARGE_TEXT = 1.4


class SetUpPage(QWidget):
    """`said` is a notice with its icon; `left` the page of the side list that the person goes on to after letting changes go."""

    said = Signal(str, str)
    left = Signal(str)

    def __init__(self, look: Look, desk: SetUpDesk, host: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._desk, self._host = look, desk, host
        self._part = SERVICES
        self._draft: Draft | None = None
        self._problems: dict[str, str] = {}
        self._refusal = ""
        self.nav = SideNav(look, width=168, plain=True)
        self.list = RowList(look)
        self.more = MoreButton(look)
        self.badge = LetterBadge(look, "", side=44)
        self.title = Label(look, px=26, bold=True)
        self.remove_button = DangerButton(look, "", icon="remove", height=44)
        self.service_form, self.item_form = ServiceForm(look), ItemForm(look)
        self.window_form, self.staff_form = WindowForm(look), StaffForm(look)
        self.forms = QStackedWidget()
        for form in self._all_forms():
            self.forms.addWidget(form)
        self.note = ErrorLine(look)
        self.discard_button = SecondaryButton(look, "")
        self.save_button = PrimaryButton(look, "", height=48, px=17)
        self._build()
        self._connect()

    def _all_forms(self) -> tuple[Form, ...]:
        return (self.service_form, self.item_form, self.window_form, self.staff_form)

    def _build(self) -> None:
        look = self._look
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        line.addWidget(self.nav)
        line.addWidget(self.list)
        ground = Panel(look, "surface")
        column = QVBoxLayout(ground)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = QHBoxLayout()
        spread(look, head, (32, 16, 12, 8), 12)
        head.addWidget(self.badge)
        head.addWidget(self.title, 1)
        head.addWidget(self.remove_button)
        head.addWidget(self.more)
        column.addLayout(head)
        column.addWidget(self.forms, 1)
        foot = Panel(look, "surface", edge="top")
        row = QHBoxLayout(foot)
        spread(look, row, (32, 10, 32, 10), 12)
        row.addWidget(self.note, 1, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.discard_button)
        row.addWidget(self.save_button)
        column.addWidget(foot)
        line.addWidget(ground, 1)

    def _connect(self) -> None:
        desk = self._desk
        self.nav.picked.connect(self._pick_part)
        self.list.picked.connect(self._pick_row)
        self.list.add_wanted.connect(self._add)
        self.list.ordered.connect(self._order)
        for form in self._all_forms():
            form.changed.connect(self._take)
        self.service_form.item_wanted.connect(self._open_item)
        self.item_form.back.connect(self._leave_item)
        self.staff_form.pin_removal_wanted.connect(self._ask_pin)
        self.remove_button.clicked.connect(self.ask_remove)
        self.discard_button.clicked.connect(self._discard)
        self.save_button.clicked.connect(self.save)
        desk.saved.connect(self._saved)
        desk.removed.connect(self._removed)
        desk.ordered.connect(self._ordered)
        desk.pin_known.connect(self._know_pin)
        desk.pin_removed.connect(self._pin_gone)
        desk.refused.connect(self._refused)
        desk.busy_changed.connect(self.save_button.set_busy)

    # -- what is shown -----------------------------------------------------------------------------------------------

    @property
    def draft(self) -> Draft | None:
        return self._draft

    @property
    def is_changed(self) -> bool:
        return self._draft is not None and self._draft.is_changed

    def refresh(self, setup: Setup) -> None:
        """Follow the set-up; a row that is being changed here stays as it was typed."""
        if self._draft is not None and not self._draft.is_changed:
            self._draft = draft_of(setup, self._part, str(self._draft.row["code"]))
        if self._draft is None:
            first = next(iter(setup.document.get(self._part, ())), None)
            self._draft = draft_of(setup, self._part, str(first["code"])) if first else None
            if self._draft is not None:
                self._shown_another()
        self._show()

    def open_row(self, part: str, code: str) -> None:
        """Show a row of a part."""
        self._part = part
        self.nav.set_current(part)
        self._show_words()
        self._draft = draft_of(self._desk.setup, part, code)
        self._shown_another()
        self.refresh(self._desk.setup)

    def _show(self) -> None:
        setup, draft, may = self._desk.setup, self._draft, self._desk.may_change
        self.list.set_may_change(may)
        chosen = str(draft.row["code"]) if draft is not None and not draft.new else ""
        self.list.set_rows(list_rows(setup, self._part), chosen)
        if draft is None:
            return
        self._problems = problems(setup, draft) if may else {}
        for form in self._all_forms():
            if form is self.forms.currentWidget():
                form.show_draft(setup, draft, self._problems, may_change=may)
        self._show_head(draft)
        self._show_foot(draft, may)

    def _show_head(self, draft: Draft) -> None:
        letter = str(draft.row.get("prefix") or "") if self._part == SERVICES else str(draft.row["code"])
        self.badge.setVisible(self._part != STAFF and not self._is_large)
        self.badge.set_letter(letter)
        name = _("Window {window}", window=draft.row["code"]) if self._part == WINDOWS else row_name(draft.row)
        self.title.setText(name or new_word(self._part))
        in_item = self.forms.currentWidget() is self.item_form
        self.remove_button.setVisible(self.may_remove and not in_item and not self._is_large)

    @property
    def _is_large(self) -> bool:
        """Whether large text leaves no room for what can be had elsewhere."""
        return self._look.scale.text >= LARGE_TEXT

    @property
    def may_remove(self) -> bool:
        """Whether the row shown may be removed by the person here."""
        return self._desk.may_change and self._draft is not None and not self._draft.new

    def _show_foot(self, draft: Draft, may: bool) -> None:
        for button in (self.discard_button, self.save_button):
            button.setVisible(may)
        if not may:
            admins = [named(p.name, p.name_en) for p in self._desk.setup.staff.values() if p.role == "admin"]
            self.note.say(_("You can look; only an admin changes this: {names}", names=listing(admins)), refused=False)
            return
        if self._refusal:
            self.note.say(self._refusal, refused=True)
        else:
            self.note.say(_("Counts from the next ticket; issued numbers stay"), refused=False)
        self.note.setVisible(bool(self._refusal) or not self._is_large)
        self.discard_button.setVisible(draft.is_changed)
        wrong = len(self._problems)
        if not draft.is_changed:
            self.save_button.block(_("Nothing changed yet"))
        elif wrong:
            self.save_button.block(n_("Put {n} thing right first", "Put {n} things right first", wrong))
        else:
            self.save_button.allow(_("Save"))

    def _shown_another(self) -> None:
        """Begin with another row: its own form, nothing left of what was typed before."""
        form: Form = {SERVICES: self.service_form, WINDOWS: self.window_form, STAFF: self.staff_form}[self._part]
        self.forms.setCurrentWidget(form)
        self._refusal = ""
        for one in self._all_forms():
            one.settle()
            one.verticalScrollBar().setValue(0)
        if self._part == STAFF and self._draft is not None:
            self.staff_form.set_has_pin(None)
            if not self._draft.new:
                self._desk.look_for_pin(self._draft.code)

    def _take(self, draft: Draft) -> None:
        self._draft, self._refusal = draft, ""
        self._show()

    # -- rows --------------------------------------------------------------------------------------------------------

    def _pick_part(self, part: str) -> None:
        if part != self._part:
            self._after_asking(partial(self._open_part, part))
            self.nav.set_current(self._part)

    def _open_part(self, part: str) -> None:
        self._part, self._draft = part, None
        self.nav.set_current(part)
        self._show_words()
        self.refresh(self._desk.setup)

    def _pick_row(self, code: str) -> None:
        if self._draft is None or code != self._draft.row["code"] or self._draft.new:
            self._after_asking(partial(self._open_row, code))
            self._show()

    def _open_row(self, code: str) -> None:
        self._draft = draft_of(self._desk.setup, self._part, code)
        self._shown_another()
        self._show()

    def _add(self) -> None:
        self._after_asking(self._start_new)

    def _start_new(self) -> None:
        self._draft = new_draft(self._desk.setup, self._part)
        self._shown_another()
        self._show()
        form = self.forms.currentWidget()
        if isinstance(form, Form):
            form.fields["code" if self._part == WINDOWS else "name"].edit.setFocus()

    def _after_asking(self, then: Callable[[], None]) -> None:
        """Go on at once, or ask first whether what was typed may go."""
        if self.is_changed:
            ask_discard(self._host, self._look, then)
        else:
            then()

    def may_leave(self, key: str) -> bool:
        """Whether another page may be shown now; if not, the person is asked, and `left` says so later."""
        if not self.is_changed:
            return True
        self._after_asking(partial(self._let_go, key))
        return False

    def _let_go(self, key: str) -> None:
        self._discard()
        self.left.emit(key)

    # -- items -------------------------------------------------------------------------------------------------------

    def _open_item(self, at: int) -> None:
        if self._draft is None:
            return
        if at < 0:
            self._draft = with_new_item(self._draft)
            at = len(self._draft.row["items"]) - 1
        self.item_form.settle()
        self.item_form.at = at
        self.forms.setCurrentWidget(self.item_form)
        self._show()
        if not self.item_form.fields["name"].value():
            self.item_form.fields["name"].edit.setFocus()

    def _leave_item(self) -> None:
        self.service_form.settle()
        self.forms.setCurrentWidget(self.service_form)
        self._show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.forms.currentWidget() is self.item_form:
            self._leave_item()
        else:
            super().keyPressEvent(event)

    # -- saving ------------------------------------------------------------------------------------------------------

    def save(self) -> None:
        """Write what changed."""
        if self._draft is not None and self.save_button.isEnabled():
            self._desk.save(saving(self._desk.setup, self._draft))

    def _saved(self, part: str, code: str) -> None:
        if self._draft is not None and part == self._part:
            had_pin = bool(self._draft.pin)
            self._draft = self._draft.saved()
            if self.forms.currentWidget() is not self.item_form:
                self._shown_another()
            if had_pin:
                self.staff_form.set_has_pin(True)
            self._show()
        self.said.emit(_("Saved; it counts from the next ticket"), "check")

    def _discard(self) -> None:
        draft = self._draft
        if draft is not None:
            self._draft = None if draft.new else draft_of(self._desk.setup, self._part, draft.code)
            self._shown_another()
            self.refresh(self._desk.setup)

    def _order(self, codes: list[str]) -> None:
        self._desk.order(self._part, codes)

    def _ordered(self, _part: str, _before: list[str]) -> None:
        self.said.emit(_("The order is changed"), "check")

    def ask_remove(self) -> None:
        """Ask whether the row shown may go."""
        draft = self._draft
        if draft is None:
            return
        if self._part == STAFF and is_last_admin(self._desk.setup, draft.code):
            self._refusal = _("The hall needs an admin; please name another one first.")
            self._show()
            return
        remove = partial(self._desk.remove, self._part, draft.code)
        ask_removal(self._host, self._look, self.title.text(), remove)

    def _removed(self, part: str, code: str) -> None:
        if part == self._part and self._draft is not None and self._draft.code == code:
            self._draft = None
        self.said.emit(_("Removed"), "check")

    def _refused(self, trouble: QueueDeskError) -> None:
        self._refusal = say(trouble)
        self.list.set_rows([], "")  # cards that were dragged go back to the order in force
        self._show()

    # -- PINs --------------------------------------------------------------------------------------------------------

    def _know_pin(self, staff: str, has: bool) -> None:
        if self._draft is not None and self._draft.code == staff:
            self.staff_form.set_has_pin(has)

    def _ask_pin(self) -> None:
        if self._draft is not None:
            remove = partial(self._desk.remove_pin, self._draft.code)
            ask_pin_removal(self._host, self._look, self.title.text(), remove)

    def _pin_gone(self, staff: str) -> None:
        self._know_pin(staff, False)
        self.said.emit(_("The PIN is removed"), "check")

    # -- words -------------------------------------------------------------------------------------------------------

    def retranslate(self) -> None:
        self.nav.set_entries([(part, "", part_word(part)) for part in PARTS])
        self.nav.set_current(self._part)
        self.more.retranslate()
        self.discard_button.setText(_("Discard changes"))
        self.remove_button.setText(_("Remove"))
        for form in self._all_forms():
            form.retranslate()
        self._show_words()

    def _show_words(self) -> None:
        hint = {
            SERVICES: _("Drag to change the order on the front desk"),
            WINDOWS: _("Drag to change the order on the manager's page"),
            STAFF: _("Drag to change the order in which names are offered"),
        }[self._part]
        self.list.set_words(part_word(self._part), _("Add"), hint)
