"""The set-up: the list of a part's rows, the row chosen with its fields and what saving it changes; and the
directory of other places as a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from msgspec.structs import replace
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QPaintEvent, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from queuedesk.core.errors import QueueDeskError, RuleError
from queuedesk.core.features import import_reference, references_of_command_additions
from queuedesk.core.setup.field_kinds import BASICS
from queuedesk.core.setup.rows import ITEMS, Setup
from queuedesk.i18n import _, error_sentence, list_text, n_, name_in_language
from queuedesk.i18n.names import NORMAL
from queuedesk.i18n.value_refusals import field_word
from queuedesk.stations.manager import improvement
from queuedesk.stations.manager.pages import ControllerCache
from queuedesk.stations.manager.parts.inputs import ReorderableCardColumn
from queuedesk.stations.manager.parts.page import TOP, PageHead
from queuedesk.stations.manager.setup.fields_form import FormTabs
from queuedesk.stations.manager.setup.forms import SetUpFormStack, SetUpFramePages, SuggestionStrip
from queuedesk.stations.manager.setup.service_form import with_new_item
from queuedesk.stations.manager.setup_frame import draft as words
from queuedesk.stations.manager.setup_frame.draft import SetUpController
from queuedesk.stations.widgets import buttons, paint, panels, topbar
from queuedesk.stations.widgets.lists.tiles import TileButton
from queuedesk.stations.widgets.questions import dialogs
from queuedesk.stations.window.frame import RestorablePart, attach_messages_over_head
from queuedesk.stations.window.style import PAGE, Look, font_of_size

# -- the list ----------------------------------------------------------------------------------------------------------

WIDTH, CARD, UNBOUND = 317, 68, 16777215


class SetUpRowCard(TileButton):
    def __init__(self, look: Look, text: words.RowText, *, drags: bool) -> None:
        super().__init__(look, width=276, height=CARD)
        self._said, self._drags = text, drags
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_row(text)

    def set_row(self, text: words.RowText) -> None:
        self._said = text
        self.setText(text.title)
        self.setAccessibleName(f"{text.badge} {text.title}".strip())
        self.setAccessibleDescription(text.second)
        self.setToolTip(f"{text.title}\n{text.second}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.look.large_px(276), self.look.px(CARD))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.px(160), self.look.px(CARD))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look, said = paint.Painter(self, self.look), self.look, self._said
        self.paint_background(painter)
        x = look.px(16)
        if self._drags:
            painter.draw_icon("drag", "ink2", x - look.px(2), (self.height() - look.px(18)) / 2, 18)
            x += look.px(27)
        side = look.px(40)
        place = QRectF(x, (self.height() - side) / 2, side, side)
        if said.badge:
            painter.draw_badge(place, said.badge)
        else:
            painter.draw_box(place, 8, "soft", edge="primary" if look.theme.outlined else "")
            painter.draw_icon(said.icon, "primary", x + look.px(9), place.top() + look.px(9), 22)
        x += side + look.px(12)
        room = self.width() - x - look.px(10)
        high, names = look.px(24), [said.title]
        title = paint.squeezed_font(look, said.title, 17, room, bold=True)
        if paint.width_of_text(title, said.title) > room:
            high, title = look.px(19), look.font(15, bold=True)
            names = paint.wrapped_lines(title, said.title, room, max_lines=2)
        top = (self.height() - (len(names) + 1) * high + look.px(3)) / 2
        for name in names:
            painter.draw_words_and_give_end_x(name, title, "ink", QRectF(x, top, room, high))
            top += high
        # Large letters give up what they have gained before a word is cut.
        px = paint.largest_fitting_px(
            said.second, room, look.px(14.5), least=min(look.px(11.5), look.px(14.5) / look.scale.text)
        )
        painter.draw_words_and_give_end_x(
            said.second, font_of_size(px), "ink2", QRectF(x, top - look.px(2), room, high)
        )


class SetUpRowList(panels.Panel):
    """`picked` gives the code of the row pressed, `ordered` all codes in a new order."""

    picked = Signal(str)
    ordered = Signal(list)
    add_wanted = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, "paper", edge="right", parent=parent)
        self._alone = False
        look.changed.connect(self._fit_alone_or_beside)
        self.cards: dict[str, SetUpRowCard] = {}
        self._texts: list[words.RowText] = []
        self._may_change = True
        column = QVBoxLayout(self)
        panels.set_scaled_margins(look, column, (20, 20, 20, 12), 10)
        head = QHBoxLayout()
        self._title = panels.ShrinkingLabel(look, px=24, bold=True, least=12)
        self.add_button = buttons.SecondaryButton(look, "", icon="plus", height=44)
        self.more = buttons.MoreButton(look, _("More"))
        head.addWidget(self._title, 1)
        head.addWidget(self.add_button)
        head.addWidget(self.more)
        column.addLayout(head)
        self.nothing = panels.Label(look, px=17, token="ink2", wrap=True)
        column.addWidget(self.nothing)
        self.column = ReorderableCardColumn(look)
        column.addWidget(panels.VerticalScrollArea(self.column, keys=True), 1)
        self._hint = panels.Label(look, px=15, token="ink2", wrap=True)
        column.addWidget(self._hint)
        self.file_keys = QWidget()
        keys = QHBoxLayout(self.file_keys)
        panels.set_scaled_margins(look, keys, spacing=8)
        self.read_button = buttons.SecondaryButton(
            look, _("Import", context="calendar"), icon="folder", height=44, px=16
        )
        self.write_button = buttons.SecondaryButton(look, _("Save", context="table"), icon="save", height=44, px=16)
        for key in (self.read_button, self.write_button):
            keys.addWidget(key, 1)
        self.file_keys.hide()
        column.addWidget(self.file_keys)
        self.add_button.clicked.connect(self.add_wanted)
        self.column.ordered.connect(self.ordered)
        self._fit_alone_or_beside()

    def set_full_width(self, alone: bool) -> None:
        """Take the whole room, without the form beside it."""
        if alone != self._alone:
            self._alone = alone
            self._fit_alone_or_beside()
            self._attach_messages_over_list()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._attach_messages_over_list()

    def _attach_messages_over_list(self) -> None:
        """Let messages lie here while the form's head is not seen."""
        if self._alone and self.isVisible():
            attach_messages_over_head(self, self._message_rect)

    def _message_rect(self) -> QRect:
        """Return the room of the title, as high as the button beside it: up to that, and above the rows without it."""
        place, key = self._title.geometry(), self.add_button
        high, has_key = key.sizeHint().height(), not key.isHidden()
        low = key.geometry().bottom() if has_key else place.bottom()
        return QRect(place.left(), low + 1 - high, place.width() - (self.look.px(12) if has_key else 0), high)

    def _fit_alone_or_beside(self) -> None:
        wide = self.look.large_px(WIDTH)
        self.setMinimumWidth(0 if self._alone else wide)
        self.setMaximumWidth(UNBOUND if self._alone else wide)
        # Beside the list the form's head has the one, and the form's place says the other.
        self.more.setVisible(self._alone)
        self.nothing.setVisible(self._alone and not self._texts)

    def set_words(self, title: str, add: str, hint: str, nothing: Sequence[str]) -> None:
        self._title.setText(title)
        self.add_button.setText(add)
        self._hint.setText(hint)
        self._hint.setVisible(self._may_change and bool(hint))
        self.nothing.setText("\n".join(nothing))

    def set_may_change(self, may: bool) -> None:
        """Show the buttons that change rows, or hide them from people who may only look."""
        self._may_change = may
        self.add_button.setVisible(may)
        self.read_button.setVisible(may)
        self._hint.setVisible(may and bool(self._hint.text()))
        self.column.set_reorder_allowed(may)

    def set_rows(self, texts: Sequence[words.RowText], chosen: str) -> None:
        if [text.code for text in texts] != self.column.keys():
            self.cards = {text.code: SetUpRowCard(self.look, text, drags=self._may_change) for text in texts}
            for code, card in self.cards.items():
                card.clicked.connect(partial(self.picked.emit, code))
            self.column.set_cards(list(self.cards.items()))
        self._texts = list(texts)
        self.nothing.setVisible(self._alone and not texts)
        for text in texts:
            self.cards[text.code].set_row(text)
        self.mark_row(chosen)

    def mark_row(self, code: str) -> None:
        """Mark the row with this code; none for a new one."""
        for one, card in self.cards.items():
            card.setAutoExclusive(False)
            card.setChecked(one == code)
            card.setAutoExclusive(True)


# -- the foot ----------------------------------------------------------------------------------------------------------

LIST_NARROW_PX = 480


class SetUpFoot(panels.Panel):
    """Shows a draft's state; its buttons are the page's to connect. `blocked` says that Save was pressed while there is
    something to fix first."""

    blocked = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, "surface", edge="top", parent=parent)
        self.note = dialogs.ErrorLine(look)
        self.back_button = buttons.SecondaryButton(look, _("Undo the last save"), icon="undo", height=48)
        self.discard_button = buttons.SecondaryButton(look, _("Discard changes"), height=48)
        self.save_button = buttons.PrimaryButton(look, "", height=48, px=17)
        self.save_button.installEventFilter(self)
        self._is_refused = False
        row = QHBoxLayout(self)
        panels.set_scaled_margins(look, row, (PAGE, 10, PAGE, 10), 12)
        row.addWidget(self.note, 1, Qt.AlignmentFlag.AlignVCenter)
        for button in (self.back_button, self.discard_button, self.save_button):
            row.addWidget(button)

    def _hide_hint_if_narrow(self) -> None:
        """Leave the hint to the buttons where there is little room; a refusal always stays."""
        narrow = self.look.scale.is_text_large or self.width() < self.look.px(LIST_NARROW_PX)
        self.note.setVisible(self._is_refused or not narrow)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._hide_hint_if_narrow()

    def eventFilter(self, button: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.MouseButtonPress and not self.save_button.isEnabled():
            self.blocked.emit()  # a disabled button would swallow it
        return super().eventFilter(button, event)

    def show_read_only_with_admins(self, admins: Iterable[str]) -> None:
        """Show who may change this page, which is read-only for the person here."""
        for button in (self.back_button, self.discard_button, self.save_button):
            button.hide()
        self._is_refused = True  # what only this line says
        self._hide_hint_if_narrow()
        names = list_text(list(admins))
        self.note.show_message(_("You can view this; only an admin can change it: {names}", names=names), refused=False)

    def show_draft(
        self,
        draft: words.SetUpRowDraft,
        problems: Mapping[str, str],
        refusal: QueueDeskError | None,
        *,
        effect: str,
        undoable: bool,
    ) -> None:
        """Show whether a draft can be saved, and what is missing; `effect` says when a change takes effect."""
        self.note.show_message(error_sentence(refusal) if refusal else effect, refused=refusal is not None)
        self._is_refused = refusal is not None
        self._hide_hint_if_narrow()
        self.back_button.setVisible(undoable and not draft.is_changed)
        self.discard_button.setVisible(draft.is_changed)
        self.save_button.setVisible(True)
        wrong = [key for key in problems if key not in draft.fresh]
        empty = [key for key in problems if key in draft.fresh]
        if not draft.is_changed:
            self.save_button.disable_with_reason(_("Nothing to save yet"))
        elif wrong:
            self.save_button.disable_with_reason(n_("Fix {n} thing first", "Fix {n} things first", len(wrong)))
        elif empty:
            words = dict.fromkeys(field_word("papers" if "papers" in key else key.split(".")[-1]) for key in empty)
            self.save_button.disable_with_reason(_("Still to fill in: {fields}", fields=list_text(list(words))))
        else:
            self.save_button.enable_with_label(_("Save"))


# -- questions before something is lost --------------------------------------------------------------------------------

Then = Callable[[], None]


def ask_to_discard_then(host: QWidget, look: Look, then: Then) -> None:
    dialogs.ask_and_do_if_confirmed(
        host,
        look,
        then,
        title=_("Discard the changes?"),
        effect=_("What you typed is not saved yet."),
        safe=_("Go on editing"),
        act=_("Discard changes"),
    )


def ask_to_remove_row_then(host: QWidget, look: Look, name: str, then: Then) -> None:
    dialogs.ask_and_do_if_confirmed(
        host,
        look,
        then,
        title=_("Remove {name}?", name=name),
        effect=_("It disappears from every station at once. What was done stays in the log."),
        safe=_("Keep it"),
        act=_("Remove"),
    )


def ask_to_confirm_pin_removal(host: QWidget, look: Look, name: str, then: Then) -> None:
    dialogs.ask_and_do_if_confirmed(
        host,
        look,
        then,
        title=_("Remove the PIN of {name}?", name=name),
        effect=_("Anybody at a station can then choose this name."),
        safe=_("Keep it"),
        act=_("Remove the PIN"),
    )


# -- PINs --------------------------------------------------------------------------------------------------------------


class StaffPinStatusPresenter(QObject):
    """Shows in the staff form what is known of the PIN of the person that `shown` gives; `said`: notice and icon."""

    said = Signal(str, str)

    def __init__(
        self,
        forms: SetUpFormStack,
        controller: SetUpController,
        host: QWidget,
        look: Look,
        shown: Callable[[], words.SetUpRowDraft | None],
    ) -> None:
        super().__init__(forms)
        self._forms, self._controller, self._host, self._look, self._shown = forms, controller, host, look, shown
        forms.pin_removal_wanted.connect(self._ask_to_remove_pin)
        controller.pin_known.connect(self._show_has_pin)
        controller.pin_removed.connect(self._report_pin_removed)

    def refresh_whether_pin_is_set(self) -> None:
        draft = self._shown()
        self._forms.staff_form.set_has_pin(None)
        if draft is not None and not draft.new:
            self._controller.ask_whether_pin_is_set(draft.code)

    def _show_has_pin(self, staff: str, has: str) -> None:
        draft = self._shown()
        if draft is not None and draft.code == staff:
            self._forms.staff_form.set_has_pin(has)

    def _ask_to_remove_pin(self) -> None:
        draft = self._shown()
        if draft is not None:
            ask_to_confirm_pin_removal(
                self._host, self._look, words.row_name(draft.row), partial(self._controller.remove_pin, draft.code)
            )

    def _report_pin_removed(self, staff: str) -> None:
        self._show_has_pin(staff, "")
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
        own: ControllerCache,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look, self._controller, self._host = look, controller, host
        self.part = words.SERVICES
        self._draft: words.SetUpRowDraft | None = None
        self._past = words.UndoSteps()
        self._problems: dict[str, str] = {}
        self._refusal: QueueDeskError | None = None
        self._shows_form = False
        self.nav = topbar.SideNav(look, width=168, plain=True)
        self.list = SetUpRowList(look)
        self.rows_button = buttons.IconButton(look, "arrow-left", _("Back to the list"), framed=True)
        self.head = PageHead(look, names=True)
        self.title = self.head.title
        self.remove_button = buttons.DangerButton(look, _("Remove"), icon="remove", height=44)
        self.tabs = FormTabs(look)
        self.forms = SetUpFormStack(look, controller)
        self._pins = StaffPinStatusPresenter(self.forms, controller, host, look, lambda: self._draft)
        parts = map(import_reference, references_of_command_additions("setup"))
        self.table_files = [part(self.list, controller, host, look, self) for part in parts]
        self.own = SetUpFramePages(look, controller, own)
        self.standards, self.made = (
            improvement.ProjectStandardsController(controller.context, self),
            improvement.ProjectStandardRows(look, (PAGE, 0, PAGE, 6)),
        )
        self.suggestions = SuggestionStrip(look, controller, host, (PAGE, 0, PAGE, 6))
        self.empty, self.foot = panels.EmptyState(look, "info"), SetUpFoot(look)
        self.note, self.save_button = self.foot.note, self.foot.save_button
        self.hall_acts = (self.save_button, self.remove_button, self.foot.back_button, self.list.read_button)
        self._build_layout()
        self._connect_signals()
        # Before it is laid out for the first time: rows and form together would make a narrow window grow.
        self._show_list_or_form_or_both(True)
        self._show_parts_in_nav()
        self._set_list_words_for_part()

    def _build_layout(self) -> None:
        look = self._look
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        line.addWidget(self.nav)
        line.addWidget(self.list)
        self._ground = panels.Panel(look, "surface")
        column = QVBoxLayout(self._ground)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._top = QWidget()
        head = QHBoxLayout(self._top)
        panels.set_scaled_margins(look, head, (PAGE, TOP, PAGE, 8))
        self.head.add_button(self.remove_button)
        head.addWidget(self.rows_button)
        head.addWidget(self.head)
        column.addWidget(self._top)
        self._tab_ground = QWidget()
        tabs = QHBoxLayout(self._tab_ground)
        panels.set_scaled_margins(look, tabs, (PAGE, 0, PAGE, 6))
        tabs.addWidget(self.tabs)
        column.addWidget(self._tab_ground)
        column.addWidget(self.suggestions)
        column.addWidget(self.made)
        self.own.addWidget(self.forms)
        self._nothing = panels.EmptyStateCard(look, self.empty, bare=True)
        self.own.addWidget(self._nothing)
        column.addWidget(self.own, 1)
        column.addWidget(self.foot)
        line.addWidget(self._ground, 1)

    def _connect_signals(self) -> None:
        controller = self._controller
        self.nav.picked.connect(self._pick_part)
        self.list.picked.connect(self._pick_row)
        self.list.add_wanted.connect(self._ask_then_start_new_row)
        self.rows_button.clicked.connect(self.return_to_rows)
        self.empty.acted.connect(self._ask_then_start_new_row)
        self.list.ordered.connect(lambda codes: controller.save_new_row_order(self.part, codes))
        self.tabs.picked.connect(self._pick_tab)
        self.forms.changed.connect(self._accept_changed_draft)
        self.forms.item_wanted.connect(self._open_item)
        self.forms.item_left.connect(partial(self._pick_tab, ITEMS))
        self._pins.said.connect(self.said)
        for files in self.table_files:
            files.said.connect(self.said)
        self.own.said.connect(self.said)
        self.own.menu_wanted.connect(self.menu_wanted)
        for more in (self.head.more, self.list.more):
            more.wanted.connect(self.menu_wanted)
        QShortcut(QKeySequence.StandardKey.Undo, self).activated.connect(self.undo)
        self.remove_button.clicked.connect(self.ask_row_removal)
        self.foot.discard_button.clicked.connect(self._discard_draft)
        self.save_button.clicked.connect(self.save)
        self.foot.blocked.connect(self.open_first_problem)
        self.foot.back_button.clicked.connect(controller.undo_last_setup_edit)
        self.standards.changed.connect(self._show_list_and_form)
        self.made.picked.connect(self.place_wanted)
        self.suggestions.said.connect(self.said)
        controller.saved.connect(self._show_saved_row)
        controller.renamed.connect(self._on_service_renamed)
        controller.removed.connect(self._say_row_removed)
        controller.ordered.connect(self._on_order_changed)
        controller.taken_back.connect(self._on_change_undone)
        controller.refused.connect(self._show_refusal)
        controller.busy_changed.connect(self.save_button.set_busy)

    # -- what is shown -----------------------------------------------------------------------------------------------

    @property
    def is_changed(self) -> bool:
        return self.own.is_changed or (self._draft is not None and self._draft.is_changed)

    def unsaved_text(self) -> str:
        return _("What you typed in the set-up is not saved yet.") if self.is_changed else ""

    def refresh(self, setup: Setup) -> None:
        """Follow the set-up; a row that is being changed here stays as typed."""
        if self.part not in self.set_up_part_keys() and not self.is_changed:
            self.open_set_up_part(words.SERVICES)
            return
        self._show_parts_in_nav()
        self.standards.refresh()
        self._follow_row_without_code(setup)
        refusal, state = self._refusal, self._controller.context.feed.state
        if (
            refusal is not None
            and self._draft is not None
            and not words.is_row_still_refused_by_hall(refusal, state, self._draft.code)
        ):
            self._refusal = None
        if self._draft is not None and not self._draft.is_changed:
            self._draft = words.row_draft(setup, self.part, self._draft.key)
        if self._draft is None and self.part not in self.own.all_keys:
            self._draft = words.first_row_draft(setup, self.part)
            if self._draft is not None:
                self._reset_form_for_row()
        self._show_list_and_form()

    def _follow_row_without_code(self, setup: Setup) -> None:
        """Keep to the same row where others moved; what is typed in one that is gone becomes a new one."""
        draft = self._draft
        if draft is None or draft.new or draft.read_from is None:
            return
        code = words.row_code_after_changes(draft.read_from, setup, draft.part, draft.code)
        if code:
            self._draft = replace(draft, code=code, read_from=setup)
        elif draft.is_changed:
            self._draft = words.new_row_draft(setup, draft.part).with_typed_values_of(draft)
            self._past.clear()
            self._refusal = RuleError("not_there", kind=draft.part, code=draft.code)
        else:
            self._draft = None

    def state_to_restore(self) -> tuple[Any, ...] | None:
        """Return what is shown and typed, None while a text that cannot be read, a change of the calendar, a file or a
        backup that is looked into stands on the page alone."""
        draft, own = self._draft, self.own
        must_stay = any(
            isinstance(one, RestorablePart) and one.state_to_restore() is None for one in own.created_pages()
        )
        if must_stay or own.is_changed or (draft is not None and draft.unread):
            return None
        return (
            self.part,
            draft,
            self._past,
            self._refusal,
            self._shows_form,
            self.forms.state_to_restore(),
            self.tabs.current_tab_key(),
        )

    def restore_state(self, left: tuple[Any, ...]) -> None:
        self.part, self._draft, self._past, self._refusal, self._shows_form, form, tab = left
        self.forms.restore_state(form)
        self.tabs.set_tabs(self.forms.tab_words(self.part), tab)
        if self.part == words.STAFF:
            self._pins.refresh_whether_pin_is_set()
        self._set_list_words_for_part()
        self.refresh(self._controller.setup)

    def _show_parts_in_nav(self) -> None:
        self.nav.set_entries([(part, "", words.part_name_for_narrow_list(part)) for part in self.set_up_part_keys()])
        self.nav.select_without_signal(self.part)

    def set_up_part_keys(self) -> list[str]:
        return words.used_setup_part_names(self._controller.setup.hall, self.own.set_up_part_keys())

    def open_row(self, part: str, code: str) -> None:
        self.part, self._shows_form = part, True
        self.nav.select_without_signal(part)
        self._set_list_words_for_part()
        self._draft = words.row_draft(self._controller.setup, part, code)
        self._reset_form_for_row()
        self.refresh(self._controller.setup)

    def _show_list_and_form(self) -> None:
        setup, draft, may = self._controller.setup, self._draft, self._controller.may_change
        own: Any = self.own.get_or_make_page(self.part) if self.part in self.own.all_keys else None
        has_rows = own is None and self.part not in words.WHOLE
        self._show_list_or_form_or_both(has_rows)
        self.list.set_may_change(may)
        if has_rows:
            chosen = draft.code if draft is not None and not draft.new else ""
            self.list.set_rows(words.row_texts_of_setup_list(setup, self.part), chosen)
        # What goes goes first: what comes is laid out at once, and would make the window grow for both.
        self._refresh_heading(draft)
        has_foot = own is None and draft is not None
        self.foot.setVisible(has_foot or (not may and (own is None or self.part == words.FEATURES)))
        self.made.show_rows(improvement.project_standards_in_draft(self.standards, draft))
        self.own.setCurrentWidget(own or (self.forms if draft is not None else self._nothing))
        if not may:
            self._name_admins_in_footer()
        if own is not None:
            own.show_setup(setup, may_change=may)
        if draft is None:
            return
        self._problems = words.invalid_field_sentences(setup, draft) if may else {}
        wrong = {key: text for key, text in self._problems.items() if key not in draft.fresh}
        self.tabs.mark_problem_tabs(Counter(self.forms.tab_of_field(self.part, key) for key in wrong))
        self.forms.shown_form().show_draft(setup, draft, wrong, may_change=may)
        if may:
            self._update_footer(draft)

    def _refresh_heading(self, draft: words.SetUpRowDraft | None) -> None:
        in_item = self.forms.is_item_form_shown
        self._tab_ground.setVisible(bool(self.tabs.tabs) and draft is not None and not in_item)
        letter = str(draft.row.get("prefix") or "") if draft is not None and self.part == words.SERVICES else ""
        if draft is not None and self.part == words.WINDOWS:
            letter = draft.key
        self.suggestions.show_service_suggestions(draft if self.part == words.SERVICES and not in_item else None)
        self.head.badge.setVisible(bool(letter) and not self._needs_compact_layout)
        self.head.badge.set_letter(letter)
        self._top.setVisible(self.part not in self.own.all_keys)
        named = draft is not None and words.row_title(self.part, draft.row, draft.key)
        self.head.set_title(named or ("" if draft is None else words.new_row_title(self.part)))
        self.remove_button.setVisible(self.may_remove_row and not in_item and not self._needs_compact_layout)

    def _show_list_or_form_or_both(self, has_rows: bool) -> None:
        """Show the rows beside the form, or in large letters one of both where there is no room for two."""
        look = self._look
        alone = has_rows and look.scale.is_text_large and self.width() < look.large_px(ALONE_UNDER)
        self.list.set_full_width(alone)
        self.rows_button.setVisible(alone)
        seen = (
            (self.list, has_rows and not (alone and self._shows_form)),
            (self._ground, not alone or self._shows_form),
        )
        # What goes goes first: for both the window would grow.
        for part, is_seen in sorted(seen, key=lambda one: one[1]):
            part.setVisible(is_seen)

    def return_to_rows(self) -> None:
        """Go back to the rows, where there is room for one of both."""
        self._shows_form = False
        self._show_list_and_form()

    @property
    def _needs_compact_layout(self) -> bool:
        """Whether large text or a small window leaves no room for what can be had elsewhere."""
        return self._look.scale.is_text_large or self.width() < self._look.px(NARROW_PX)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_list_or_form_or_both(self.part not in (*words.WHOLE, *self.own.all_keys))
        self._refresh_heading(self._draft)

    @property
    def may_remove_row(self) -> bool:
        draft = self._draft
        if (
            draft is None
            or draft.new
            or draft.part in words.WHOLE
            or (draft.part, draft.code) == (words.CLASSES, NORMAL)
        ):
            return False
        return self._controller.may_change

    def _name_admins_in_footer(self) -> None:
        people = self._controller.setup.staff.values()
        self.foot.show_read_only_with_admins(
            name_in_language(one.name, one.name_en) for one in people if one.role == "admin"
        )

    def _update_footer(self, draft: words.SetUpRowDraft) -> None:
        effect, undoable = words.change_effect_text(self.part), self._controller.can_undo_last_change
        self.foot.show_draft(draft, self._problems, self._refusal, effect=effect, undoable=undoable)

    def _reset_form_for_row(self) -> None:
        """Begin with another row: its own form, nothing left of what was typed before."""
        self.forms.open_part_without_typed_changes(self.part)
        self._past.clear()
        self.tabs.set_tabs(self.forms.tab_words(self.part), BASICS)
        self._refusal = None
        if self.part == words.STAFF:
            self._pins.refresh_whether_pin_is_set()

    def _accept_changed_draft(self, draft: words.SetUpRowDraft) -> None:
        if self._draft is not None:
            self._past.remember_step(self._draft, QApplication.focusWidget())
        self._draft, self._refusal = draft, None
        self._show_list_and_form()

    def undo(self) -> None:
        """Undo the last typing or press; a field with the focus undoes by itself."""
        if self._draft is not None and (before := self._past.pop_last_step()) is not None:
            self._draft = replace(before, code=self._draft.code, read_from=self._draft.read_from)
            self.forms.clear_modified_flags()
            self.forms.leave_missing_item(len(self._draft.row.get("items") or ()))
            self._show_list_and_form()

    def set_hall_away(self, away: bool) -> None:
        """Let the parts with a page of their own only be looked at while the hall is away."""
        self.own.set_hall_away(away)

    # -- rows --------------------------------------------------------------------------------------------------------

    def _pick_part(self, part: str) -> None:
        if part != self.part:
            self._ask_to_discard_then_go_on(partial(self.open_set_up_part, part))
            self.nav.select_without_signal(self.part)

    def open_set_up_part(self, part: str) -> None:
        """Show a part, and its first row if it has any; one that the hall does not use gives way to the first one."""
        part = part if part in self.set_up_part_keys() else words.SERVICES
        self.part, self._draft, self._refusal = part, None, None
        self._shows_form = False
        self.own.discard()
        if part in (*words.WHOLE, *self.own.all_keys):
            self.list.hide()
        if part in self.own.all_keys:
            self.forms.show_no_form()
        self.nav.select_without_signal(part)
        self._set_list_words_for_part()
        self.refresh(self._controller.setup)

    def _pick_row(self, code: str) -> None:
        self._shows_form = True
        self._show_list_or_form_or_both(True)
        if self._draft is None or code != self._draft.code or self._draft.new:
            self._ask_to_discard_then_go_on(partial(self._open_row, code))
            self._show_list_and_form()

    def _open_row(self, code: str) -> None:
        self._draft = words.row_draft(self._controller.setup, self.part, code)
        self._reset_form_for_row()
        self._show_list_and_form()

    def _ask_then_start_new_row(self) -> None:
        self._ask_to_discard_then_go_on(self._start_new_row)

    def _start_new_row(self) -> None:
        self._draft, self._shows_form = words.new_row_draft(self._controller.setup, self.part), True
        self._reset_form_for_row()
        self._show_list_and_form()
        self.forms.shown_form().first_edit().setFocus()

    def _pick_tab(self, tab: str) -> None:
        self.forms.open_tab(self.part, tab)
        self._show_list_and_form()

    def open_first_problem(self) -> None:
        """Lead to the first field that is to be fixed or filled in, on whichever tab it is."""
        wrong = {self.forms.tab_of_field(self.part, key) for key in self._problems}
        tab = next((tab for tab in self.tabs.tabs if tab in wrong), self.tabs.current_tab_key())
        if tab != self.tabs.current_tab_key():
            self.tabs.tabs[tab].click()
        form = self.forms.shown_form()
        field = next((field for key, field in form.fields.items() if key in self._problems), None)
        if field is not None:
            form.ensureWidgetVisible(field)
            field.edit.setFocus()

    def _ask_to_discard_then_go_on(self, then: Callable[[], None]) -> None:
        """Go on at once, or ask first whether what was typed may go."""
        if self.is_changed:
            ask_to_discard_then(self._host, self._look, then)
        else:
            then()

    def may_leave(self, key: str) -> bool:
        """Whether another page may be shown now; if not, the person is asked, and `left` follows later."""
        if not self.is_changed:
            return True
        self._ask_to_discard_then_go_on(partial(self._discard_and_leave, key))
        return False

    def _discard_and_leave(self, key: str) -> None:
        self._discard_draft()
        self.left.emit(key)

    # -- items -------------------------------------------------------------------------------------------------------

    def _open_item(self, at: int) -> None:
        if self._draft is None:
            return
        if at < 0:
            self._draft = with_new_item(self._draft)
            at = len(self._draft.row["items"]) - 1
        self.forms.open_item_form(at)
        self._show_list_and_form()
        self.forms.item_form.first_edit().setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.forms.is_item_form_shown:
            self._pick_tab(ITEMS)
        else:
            super().keyPressEvent(event)

    # -- saving ------------------------------------------------------------------------------------------------------

    def save(self) -> None:
        """Save the changes; with another name of a service ask first what that means."""
        if self._draft is None or not self.save_button.isEnabled():
            return
        controller, wanted = self._controller, words.changes_to_save(self._controller.setup, self._draft)
        name, fields = controller.former_name_and_losses(wanted)
        if not fields:
            controller.save(wanted)
            return
        question = dialogs.ChoiceButtonsDialog(
            self._host,
            self._look,
            title=_("Is it still the same service?"),
            effect=_(
                "{fields} were written for {name}. Its tickets and figures stay either way.", name=name, fields=fields
            ),
            answers=[
                dialogs.DialogChoice("other", _("No, another one"), _("what the preset filled in is dropped")),
                dialogs.DialogChoice("same", _("Yes, only its name"), _("everything stays")),
            ],
            no=_("Back"),
            in_column=True,
        )
        acts = {"other": controller.save, "same": controller.save_renamed_keeping_preset_facts}
        question.picked.connect(lambda key: acts[key](wanted))
        question.open_dialog()

    def _show_saved_row(self, part: str, code: str) -> None:
        if self._draft is not None and part == self.part:
            had_pin = bool(self._draft.pin)
            self._draft = self._draft.draft_marked_as_saved()
            self._past.clear()
            self.forms.clear_modified_flags()
            if had_pin:
                self.forms.staff_form.set_has_pin("pin")
            self._show_list_and_form()
        self.said.emit(words.part_saved_text(part), "check")

    def _on_service_renamed(self, row: Mapping[str, Any], lines: list[str]) -> None:
        """Show what a service has kept under its other name, and say what it has not."""
        if self._draft is not None and self.part == words.SERVICES and self._draft.code == row["code"]:
            self._draft = self._draft.with_saved_row(row)
            self.forms.leave_missing_item(len(row.get("items") or ()))
            self._show_list_and_form()
        self.said.emit(" ".join(lines), "check")

    def _discard_draft(self) -> None:
        draft = self._draft
        self.own.discard()
        if draft is not None:
            self._draft = None if draft.new else words.row_draft(self._controller.setup, self.part, draft.code)
            self._reset_form_for_row()
            self.refresh(self._controller.setup)

    def _on_change_undone(self) -> None:
        self._draft = None
        self.refresh(self._controller.setup)
        self.said.emit(_("The last change is undone"), "undo")

    def _on_order_changed(self, _part: str, _before: list[str]) -> None:
        self._refusal = None
        self.said.emit(_("The order is changed"), "check")

    def ask_row_removal(self) -> None:
        draft = self._draft
        if draft is None:
            return
        if self.part == words.STAFF and words.is_last_admin(self._controller.setup, draft.code):
            self._show_refusal("pin", RuleError("last_admin"))
            return
        remove = partial(self._remove_row_asked_about, self._controller.setup, self.part, draft.code)
        ask_to_remove_row_then(self._host, self._look, self.title.text(), remove)

    def _remove_row_asked_about(self, asked: Setup, part: str, code: str) -> None:
        now = words.row_code_after_changes(asked, self._controller.setup, part, code)
        if now:
            self._controller.remove_row(part, now)
        else:
            self._show_refusal("", RuleError("not_there", kind=part, code=code))

    def _say_row_removed(self, part: str, code: str) -> None:
        if part == self.part and self._draft is not None and self._draft.code == code:
            self._draft = None
        self.said.emit(_("Removed"), "check")

    def _show_refusal(self, _verb: str, trouble: QueueDeskError) -> None:
        self._refusal = trouble
        self.list.set_rows([], "")  # cards that were dragged go back to the order in force
        self._show_list_and_form()
        if self.part in self.own.all_keys:
            self.own.page_if_already_made(self.part).show_trouble(trouble)

    # -- words -------------------------------------------------------------------------------------------------------

    def _set_list_words_for_part(self) -> None:
        if self.part not in (*words.WHOLE, *self.own.all_keys):
            nothing = words.empty_part_texts(self.part)
            self.list.set_words(words.part_word(self.part), _("Add"), words.row_order_hint(self.part), nothing)
            act = words.new_row_title(self.part) if self._controller.may_change else ""
            self.empty.set_texts(*nothing, act)
        for files in self.table_files:
            files.show_or_hide_file_buttons(self.part)
