"""The set-up: hall, services, windows, people and the rest; the row chosen, its fields, what saving it changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from queuedesk.core.errors import QueueDeskError, RuleError
from queuedesk.core.setup.field_kinds import BASICS
from queuedesk.core.setup.rows import Setup
from queuedesk.i18n import _, named
from queuedesk.i18n.names import NORMAL
from queuedesk.stations.manager.improvement.made_standard import MadeStandard, made_in_setup
from queuedesk.stations.manager.improvement.standards_controller import StandardsController
from queuedesk.stations.manager.pages import Controllers
from queuedesk.stations.manager.parts.page import TOP
from queuedesk.stations.manager.parts.page_head import PageHead
from queuedesk.stations.manager.setup.forms import OwnPages, SetUpForms, SuggestionStrip
from queuedesk.stations.manager.setup.service_form import ServiceTabs, with_new_item
from queuedesk.stations.manager.setup_frame import words
from queuedesk.stations.manager.setup_frame.draft import (
    CLASSES,
    SERVICES,
    STAFF,
    WHOLE,
    WINDOWS,
    Draft,
    Past,
    draft_of,
    first_draft,
    is_last_admin,
    new_draft,
    problems,
    saving,
    still_stands,
)
from queuedesk.stations.manager.setup_frame.list_and_foot import RowList, SetUpFoot
from queuedesk.stations.manager.setup_frame.place_files import PlaceFiles
from queuedesk.stations.manager.setup_frame.set_up_controller import SetUpController
from queuedesk.stations.manager.setup_frame.words import parts_of, row_name
from queuedesk.stations.widgets.buttons import DangerButton, IconButton
from queuedesk.stations.widgets.panels import EmptyCard, EmptyState, OnePage, Panel, spread
from queuedesk.stations.widgets.questions.dialogs import Answer, PickDialog, confirm
from queuedesk.stations.widgets.topbar import SideNav
from queuedesk.stations.window.remaking import Leaves
from queuedesk.stations.window.style import PAGE, Look

# -- questions before something is lost --------------------------------------------------------------------------------

Then = Callable[[], None]


def ask_discard(host: QWidget, look: Look, then: Then) -> None:
    """Ask whether to discard what was typed."""
    confirm(
        host,
        look,
        then,
        title=_("Discard the changes?"),
        effect=_("What you typed is not saved yet."),
        safe=_("Go on editing"),
        act=_("Discard changes"),
    )


def ask_removal(host: QWidget, look: Look, name: str, then: Then) -> None:
    """Ask whether to remove a row."""
    confirm(
        host,
        look,
        then,
        title=_("Remove {name}?", name=name),
        effect=_("It disappears from every station at once. What was done stays in the log."),
        safe=_("Keep it"),
        act=_("Remove"),
    )


def ask_pin_removal(host: QWidget, look: Look, name: str, then: Then) -> None:
    """Ask whether to remove a person's PIN."""
    confirm(
        host,
        look,
        then,
        title=_("Remove the PIN of {name}?", name=name),
        effect=_("Anybody at a station can then choose this name."),
        safe=_("Keep it"),
        act=_("Remove the PIN"),
    )


# -- PINs --------------------------------------------------------------------------------------------------------------


class PinCare(QObject):
    """Updates the staff form with what the desk knows of the PIN of the person that `shown` gives; `said` is a notice
    with its icon."""

    said = Signal(str, str)

    def __init__(
        self,
        forms: SetUpForms,
        controller: SetUpController,
        host: QWidget,
        look: Look,
        shown: Callable[[], Draft | None],
    ) -> None:
        super().__init__(forms)
        self._forms, self._controller, self._host, self._look, self._shown = forms, controller, host, look, shown
        forms.pin_removal_wanted.connect(self._ask)
        controller.pin_known.connect(self._know)
        controller.pin_removed.connect(self._gone)

    def begin(self) -> None:
        """Find out whether the person shown has a PIN."""
        draft = self._shown()
        self._forms.staff.set_has_pin(None)
        if draft is not None and not draft.new:
            self._controller.look_for_pin(draft.code)

    def _know(self, staff: str, has: bool) -> None:
        draft = self._shown()
        if draft is not None and draft.code == staff:
            self._forms.staff.set_has_pin(has)

    def _ask(self) -> None:
        draft = self._shown()
        if draft is not None:
            ask_pin_removal(
                self._host, self._look, row_name(draft.row), partial(self._controller.remove_pin, draft.code)
            )

    def _gone(self, staff: str) -> None:
        self._know(staff, False)
        self.said.emit(_("The PIN is removed"), "check")


NARROW_PX, ALONE_UNDER = 900, 1000


class SetUpPage(QWidget):
    """The set-up's page. `said` is a notice with its icon, `menu_wanted` the place where ⋯ was pressed; `left` the page
    of the side list to open after discarding changes; `place_wanted` leads to the project that something came from."""

    said = Signal(str, str)
    menu_wanted = Signal(QPoint)
    left = Signal(str)
    place_wanted = Signal(object)

    def __init__(
        self,
        look: Look,
        controller: SetUpController,
        host: QWidget,
        own: Controllers,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look, self._controller, self._host = look, controller, host
        self.part = SERVICES
        self._draft: Draft | None = None
        self._past = Past()
        self._problems: dict[str, str] = {}
        self._refusal: QueueDeskError | None = None
        self._shows_form = False
        self.nav = SideNav(look, width=168, plain=True)
        self.list = RowList(look)
        self.rows_button = IconButton(look, "arrow-left", _("Back to the list"), framed=True)
        self.head = PageHead(look, names=True)
        self.title = self.head.title
        self.remove_button = DangerButton(look, _("Remove"), icon="remove", height=44)
        self.tabs = ServiceTabs(look)
        self.forms = SetUpForms(look, controller)
        self._pins = PinCare(self.forms, controller, host, look, lambda: self._draft)
        self.place_files = PlaceFiles(self.list, controller, host, look, self)
        self.own = OwnPages(look, controller, own, self)
        self.file_page = self.own.file_page
        self.standards, self.made = (
            StandardsController(controller.context, self),
            MadeStandard(look, (PAGE, 0, PAGE, 6)),
        )
        self.suggestions = SuggestionStrip(look, controller, host, (PAGE, 0, PAGE, 6))
        self.empty, self.foot = EmptyState(look, "info"), SetUpFoot(look)
        self.note, self.save_button = self.foot.note, self.foot.save_button
        self.hall_acts = (
            *(self.save_button, self.remove_button, self.foot.back_button),
            *(self.file_page.take_button, self.list.read_button),
        )
        self._build()
        self._connect()
        # Before it is laid out for the first time: rows and form together would make a narrow window grow.
        self._show_rows(True)
        self._show_parts()
        self._show_words()

    def _build(self) -> None:
        look = self._look
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        line.addWidget(self.nav)
        line.addWidget(self.list)
        self._ground = Panel(look, "surface")
        column = QVBoxLayout(self._ground)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._top = QWidget()
        head = QHBoxLayout(self._top)
        spread(look, head, (PAGE, TOP, PAGE, 8))
        self.head.add_button(self.remove_button)
        head.addWidget(self.rows_button)
        head.addWidget(self.head)
        column.addWidget(self._top)
        self._tab_ground = QWidget()
        tabs = QHBoxLayout(self._tab_ground)
        spread(look, tabs, (PAGE, 0, PAGE, 6))
        tabs.addWidget(self.tabs)
        column.addWidget(self._tab_ground)
        column.addWidget(self.suggestions)
        column.addWidget(self.made)
        self._stage = OnePage()
        self._stage.addWidget(self.forms)
        for page in self.own.pages.values():
            self._stage.addWidget(page)
        self._nothing = EmptyCard(look, self.empty, bare=True)
        self._stage.addWidget(self._nothing)
        column.addWidget(self._stage, 1)
        column.addWidget(self.foot)
        line.addWidget(self._ground, 1)

    def _connect(self) -> None:
        controller = self._controller
        self.nav.picked.connect(self._pick_part)
        self.list.picked.connect(self._pick_row)
        self.list.add_wanted.connect(self._add)
        self.rows_button.clicked.connect(self.leave_form)
        self.empty.acted.connect(self._add)
        self.list.ordered.connect(lambda codes: controller.order(self.part, codes))
        self.tabs.picked.connect(self._pick_tab)
        self.forms.changed.connect(self._take)
        self.forms.item_wanted.connect(self._open_item)
        self.forms.item_left.connect(partial(self._pick_tab, BASICS))
        self._pins.said.connect(self.said)
        self.place_files.said.connect(self.said)
        self.own.said.connect(self.said)
        self.own.menu_wanted.connect(self.menu_wanted)
        self.head.more.wanted.connect(self.menu_wanted)
        QShortcut(QKeySequence.StandardKey.Undo, self).activated.connect(self.undo)
        self.remove_button.clicked.connect(self.ask_remove)
        self.foot.discard_button.clicked.connect(self._discard)
        self.save_button.clicked.connect(self.save)
        self.foot.back_button.clicked.connect(controller.take_back)
        self.standards.changed.connect(self._show)
        self.made.picked.connect(self.place_wanted)
        self.suggestions.said.connect(self.said)
        controller.saved.connect(self._saved)
        controller.renamed.connect(self._renamed)
        controller.removed.connect(self._removed)
        controller.ordered.connect(self._ordered)
        controller.taken_back.connect(self._taken_back)
        controller.refused.connect(self._refused)
        controller.busy_changed.connect(self.save_button.set_busy)

    # -- what is shown -----------------------------------------------------------------------------------------------

    @property
    def is_changed(self) -> bool:
        return self.own.calendar.is_changed or (self._draft is not None and self._draft.is_changed)

    def refresh(self, setup: Setup) -> None:
        """Follow the set-up; a row that is being changed here stays as typed."""
        if self.part not in self.parts() and not self.is_changed:
            self.open_part(SERVICES)
            return
        self._show_parts()
        self.standards.look()
        refusal, state = self._refusal, self._controller.context.feed.state
        if refusal is not None and self._draft is not None and not still_stands(refusal, state, self._draft.code):
            self._refusal = None
        if self._draft is not None and not self._draft.is_changed:
            self._draft = draft_of(setup, self.part, self._draft.key)
        if self._draft is None and self.part not in self.own.pages:
            self._draft = first_draft(setup, self.part)
            if self._draft is not None:
                self._shown_another()
        self._show()

    def left_as(self) -> tuple[Any, ...] | None:
        """Return what is shown and typed, None while a text that cannot be read, a change of the calendar, a file or a
        backup that is looked into stands on the page alone."""
        draft, own = self._draft, self.own
        must_stay = any(isinstance(one, Leaves) and one.left_as() is None for one in own.pages.values())
        if must_stay or own.calendar.is_changed or (draft is not None and draft.unread):
            return None
        return self.part, draft, self._past, self._refusal, self._shows_form, self.forms.left_as(), self.tabs.current()

    def take_up(self, left: tuple[Any, ...]) -> None:
        self.part, self._draft, self._past, self._refusal, self._shows_form, form, tab = left
        self.forms.take_up(form)
        self.tabs.choose(tab)
        if self.part == STAFF:
            self._pins.begin()
        self._show_words()
        self.refresh(self._controller.setup)

    def _show_parts(self) -> None:
        self.nav.set_entries([(part, "", words.entry_word(part)) for part in self.parts()])
        self.nav.set_current(self.part)

    def parts(self) -> list[str]:
        """Return the parts of what the hall uses."""
        return parts_of(self._controller.setup.hall, self.own.parts())

    def open_row(self, part: str, code: str) -> None:
        """Show a row of a part."""
        self.part, self._shows_form = part, True
        self.nav.set_current(part)
        self._show_words()
        self._draft = draft_of(self._controller.setup, part, code)
        self._shown_another()
        self.refresh(self._controller.setup)

    def _show(self) -> None:
        setup, draft, may = self._controller.setup, self._draft, self._controller.may_change
        own = self.own.pages.get(self.part)
        has_rows = own is None and self.part not in WHOLE
        self._show_rows(has_rows)
        self.list.set_may_change(may)
        if has_rows:
            chosen = draft.code if draft is not None and not draft.new else ""
            self.list.set_rows(words.list_rows(setup, self.part), chosen)
        # What goes goes first: what comes is laid out at once, and would make the window grow for both.
        self._show_head(draft)
        has_foot = own is None and draft is not None
        self.foot.setVisible(has_foot or (not may and own in (None, self.own.features)))
        self.made.show_rows(made_in_setup(self.standards, draft))
        self._stage.setCurrentWidget(own or (self.forms if draft is not None else self._nothing))
        if not may:
            self._name_admins()
        if own is not None:
            own.show_setup(setup, may_change=may)
        if draft is None:
            return
        self._problems = problems(setup, draft) if may else {}
        wrong = {key: text for key, text in self._problems.items() if key not in draft.fresh}
        self.tabs.show_problems(wrong)
        self.forms.shown().show_draft(setup, draft, wrong, may_change=may)
        if may:
            self._show_foot(draft)

    def _show_head(self, draft: Draft | None) -> None:
        in_item = self.forms.is_item_shown
        self._tab_ground.setVisible(self.part == SERVICES and draft is not None and not in_item)
        letter = str(draft.row.get("prefix") or "") if draft is not None and self.part == SERVICES else ""
        if draft is not None and self.part == WINDOWS:
            letter = draft.key
        self.suggestions.show_service(draft if self.part == SERVICES and not in_item else None)
        self.head.badge.setVisible(bool(letter) and not self._is_large)
        self.head.badge.set_letter(letter)
        self._top.setVisible(self.part not in self.own.pages)
        named = draft is not None and words.title_of(self.part, draft.row, draft.key)
        self.head.set_title(named or ("" if draft is None else words.new_word(self.part)))
        self.remove_button.setVisible(self.may_remove and not in_item and not self._is_large)

    def _show_rows(self, has_rows: bool) -> None:
        """Show the rows beside the form, or in large letters one of both where there is no room for two."""
        look = self._look
        alone = has_rows and look.scale.is_large and self.width() < look.wide(ALONE_UNDER)
        self.list.set_alone(alone)
        self.rows_button.setVisible(alone)
        seen = (
            (self.list, has_rows and not (alone and self._shows_form)),
            (self._ground, not alone or self._shows_form),
        )
        # What goes goes first: for both the window would grow.
        for part, is_seen in sorted(seen, key=lambda one: one[1]):
            part.setVisible(is_seen)

    def leave_form(self) -> None:
        """Go back to the rows, where there is room for one of both."""
        self._shows_form = False
        self._show()

    @property
    def _is_large(self) -> bool:
        """Whether large text or a small window leaves no room for what can be had elsewhere."""
        return self._look.scale.is_large or self.width() < self._look.px(NARROW_PX)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_rows(self.part not in (*WHOLE, *self.own.pages))
        self._show_head(self._draft)

    @property
    def may_remove(self) -> bool:
        """Whether the row shown may be removed by the person here."""
        draft = self._draft
        if draft is None or draft.new or draft.part in WHOLE or (draft.part, draft.code) == (CLASSES, NORMAL):
            return False
        return self._controller.may_change

    def _name_admins(self) -> None:
        people = self._controller.setup.staff.values()
        self.foot.show_reader(named(one.name, one.name_en) for one in people if one.role == "admin")

    def _show_foot(self, draft: Draft) -> None:
        effect, undoable = words.effect_text(self.part), self._controller.can_take_back
        self.foot.show_draft(draft, self._problems, self._refusal, effect=effect, undoable=undoable)

    def _shown_another(self) -> None:
        """Begin with another row: its own form, nothing left of what was typed before."""
        self.forms.begin(self.part)
        self._past.clear()
        self.tabs.choose(BASICS)
        self._refusal = None
        if self.part == STAFF:
            self._pins.begin()

    def _take(self, draft: Draft) -> None:
        if self._draft is not None:
            self._past.note(self._draft, QApplication.focusWidget())
        self._draft, self._refusal = draft, None
        self._show()

    def undo(self) -> None:
        """Undo the last typing or press; a field with the focus undoes by itself."""
        if (before := self._past.back()) is not None:
            self._draft = before
            self.forms.settle()
            self.forms.keep_to_items(len(self._draft.row.get("items") or ()))
            self._show()

    def set_away(self, away: bool) -> None:
        """Leave what the hall uses to be looked at while the hall is away."""
        self.own.features.set_away(away)

    # -- rows --------------------------------------------------------------------------------------------------------

    def _pick_part(self, part: str) -> None:
        if part != self.part:
            self._after_asking(partial(self.open_part, part))
            self.nav.set_current(self.part)

    def open_part(self, part: str) -> None:
        """Show a part, and its first row if it has any; one that the hall does not use gives way to the first one."""
        part = part if part in self.parts() else SERVICES
        self.part, self._draft, self._refusal = part, None, None
        self._shows_form = False
        self.own.calendar.discard()
        if part in (*WHOLE, *self.own.pages):
            self.list.hide()
        if part in self.own.pages:
            self.forms.show_none()
        self.nav.set_current(part)
        self._show_words()
        self.refresh(self._controller.setup)

    def _pick_row(self, code: str) -> None:
        self._shows_form = True
        self._show_rows(True)
        if self._draft is None or code != self._draft.code or self._draft.new:
            self._after_asking(partial(self._open_row, code))
            self._show()

    def _open_row(self, code: str) -> None:
        self._draft = draft_of(self._controller.setup, self.part, code)
        self._shown_another()
        self._show()

    def _add(self) -> None:
        self._after_asking(self._start_new)

    def _start_new(self) -> None:
        self._draft, self._shows_form = new_draft(self._controller.setup, self.part), True
        self._shown_another()
        self._show()
        self.forms.shown().first_edit().setFocus()

    def _pick_tab(self, tab: str) -> None:
        self.forms.open_tab(tab)
        self._show()

    def _after_asking(self, then: Callable[[], None]) -> None:
        """Go on at once, or ask first whether what was typed may go."""
        if self.is_changed:
            ask_discard(self._host, self._look, then)
        else:
            then()

    def may_leave(self, key: str) -> bool:
        """Whether another page may be shown now; if not, the person is asked, and `left` follows later."""
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
        self.forms.open_item(at)
        self._show()
        self.forms.item.first_edit().setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.forms.is_item_shown:
            self._pick_tab(BASICS)
        else:
            super().keyPressEvent(event)

    # -- saving ------------------------------------------------------------------------------------------------------

    def save(self) -> None:
        """Save the changes; with another name of a service ask first what that means."""
        if self._draft is None or not self.save_button.isEnabled():
            return
        controller, wanted = self._controller, saving(self._controller.setup, self._draft)
        name, fields = controller.goes_with_name(wanted)
        if not fields:
            controller.save(wanted)
            return
        question = PickDialog(
            self._host,
            self._look,
            title=_("Is it still the same service?"),
            effect=_(
                "{fields} were written for {name}. Its tickets and figures stay either way.", name=name, fields=fields
            ),
            answers=[
                Answer("other", _("No, another one"), _("what the preset filled in is dropped")),
                Answer("same", _("Yes, only its name"), _("everything stays")),
            ],
            no=_("Back"),
            in_column=True,
        )
        acts = {"other": controller.save, "same": controller.save_whole}
        question.picked.connect(lambda key: acts[key](wanted))
        question.open_dialog()

    def _saved(self, part: str, code: str) -> None:
        if self._draft is not None and part == self.part:
            had_pin = bool(self._draft.pin)
            self._draft = self._draft.saved()
            self._past.clear()
            self.forms.settle()
            if had_pin:
                self.forms.staff.set_has_pin(True)
            self._show()
        self.said.emit(words.saved_text(part), "check")

    def _renamed(self, row: Mapping[str, Any], lines: list[str]) -> None:
        """Show what a service has kept under its other name, and say what it has not."""
        if self._draft is not None and self.part == SERVICES and self._draft.code == row["code"]:
            self._draft = self._draft.with_saved_row(row)
            self.forms.keep_to_items(len(row.get("items") or ()))
            self._show()
        self.said.emit(" ".join(lines), "check")

    def _discard(self) -> None:
        draft = self._draft
        self.own.calendar.discard()
        if draft is not None:
            self._draft = None if draft.new else draft_of(self._controller.setup, self.part, draft.code)
            self._shown_another()
            self.refresh(self._controller.setup)

    def _taken_back(self) -> None:
        self._draft = None
        self.refresh(self._controller.setup)
        self.said.emit(_("The last change is undone"), "undo")

    def _ordered(self, _part: str, _before: list[str]) -> None:
        self._refusal = None
        self.said.emit(_("The order is changed"), "check")

    def ask_remove(self) -> None:
        """Ask whether to remove the row shown."""
        draft = self._draft
        if draft is None:
            return
        if self.part == STAFF and is_last_admin(self._controller.setup, draft.code):
            self._refused(RuleError("last_admin"))
            return
        remove = partial(self._controller.remove, self.part, draft.code)
        ask_removal(self._host, self._look, self.title.text(), remove)

    def _removed(self, part: str, code: str) -> None:
        if part == self.part and self._draft is not None and self._draft.code == code:
            self._draft = None
        self.said.emit(_("Removed"), "check")

    def _refused(self, trouble: QueueDeskError) -> None:
        self._refusal = trouble
        self.list.set_rows([], "")  # cards that were dragged go back to the order in force
        self._show()
        if self.part in self.own.pages:
            self.own.pages[self.part].show_trouble(trouble)

    # -- words -------------------------------------------------------------------------------------------------------

    def _show_words(self) -> None:
        if self.part not in (*WHOLE, *self.own.pages):
            self.list.set_words(words.part_word(self.part), _("Add"), words.order_hint(self.part))
            act = words.new_word(self.part) if self._controller.may_change else ""
            self.empty.set_texts(*words.empty_texts(self.part), act)
        self.place_files.show_for(self.part)
