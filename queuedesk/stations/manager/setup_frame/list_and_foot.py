"""The list of the set-up's rows, and the foot of its page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.i18n import _, listing, n_, say
from queuedesk.i18n.value_refusals import field_word
from queuedesk.stations.manager.parts.inputs import DragColumn
from queuedesk.stations.manager.setup_frame.draft import Draft
from queuedesk.stations.manager.setup_frame.words import RowText
from queuedesk.stations.widgets.buttons import PrimaryButton, SecondaryButton
from queuedesk.stations.widgets.labels import FittedLabel, Label
from queuedesk.stations.widgets.lists.tiles import Tile
from queuedesk.stations.widgets.paint import Painter, fit_px
from queuedesk.stations.widgets.panels import GroundArea, Panel, spread
from queuedesk.stations.widgets.questions.forms import ErrorLine
from queuedesk.stations.window.fonts import font_of
from queuedesk.stations.window.page import bring_messages
from queuedesk.stations.window.style import PAGE, Look

# -- the list ----------------------------------------------------------------------------------------------------------

WIDTH, CARD, UNBOUND = 317, 68, 16777215


class RowCard(Tile):
    """One row: the drag handle, a badge, the name, a second line."""

    def __init__(self, look: Look, text: RowText, *, drags: bool) -> None:
        super().__init__(look, width=276, height=CARD)
        self._said, self._drags = text, drags
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_row(text)

    def set_row(self, text: RowText) -> None:
        self._said = text
        self.setText(text.title)
        self.setAccessibleName(f"{text.badge} {text.title}".strip())
        self.setAccessibleDescription(text.second)
        self.setToolTip(f"{text.title}\n{text.second}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.look.wide(276), self.look.px(CARD))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.px(160), self.look.px(CARD))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look, said = Painter(self, self.look), self.look, self._said
        self.paint_ground(painter)
        x = look.px(16)
        if self._drags:
            painter.icon("drag", "ink2", x - look.px(2), (self.height() - look.px(18)) / 2, 18)
            x += look.px(27)
        side = look.px(40)
        place = QRectF(x, (self.height() - side) / 2, side, side)
        if said.badge:
            painter.badge(place, said.badge)
        else:
            painter.box(place, 8, "soft", edge="primary" if look.theme.outlined else "")
            painter.icon(said.icon, "primary", x + look.px(9), place.top() + look.px(9), 22)
        x += side + look.px(12)
        room = self.width() - x - look.px(10)
        high = look.px(24)
        top = (self.height() - 2 * high + look.px(3)) / 2
        painter.words_in(said.title, look.font(17, bold=True), "ink", QRectF(x, top, room, high))
        px = fit_px(said.second, room, look.px(14.5), least=look.px(11.5))
        painter.words_in(said.second, font_of(px), "ink2", QRectF(x, top + high - look.px(2), room, high))


class RowList(Panel):
    """`picked` gives the code of the row pressed, `ordered` all codes in a new order."""

    picked = Signal(str)
    ordered = Signal(list)
    add_wanted = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, "paper", edge="right", parent=parent)
        self._alone = False
        look.changed.connect(self._fit)
        self.cards: dict[str, RowCard] = {}
        self._texts: list[RowText] = []
        self._may_change = True
        column = QVBoxLayout(self)
        spread(look, column, (20, 20, 20, 12), 10)
        head = QHBoxLayout()
        self._title = FittedLabel(look, px=24, bold=True, least=12)
        self.add_button = SecondaryButton(look, "", icon="plus", height=44)
        head.addWidget(self._title, 1)
        head.addWidget(self.add_button)
        column.addLayout(head)
        self.column = DragColumn(look)
        column.addWidget(GroundArea(self.column, keys=True), 1)
        self._hint = Label(look, px=15, token="ink2", wrap=True)
        column.addWidget(self._hint)
        self.file_keys = QWidget()
        keys = QHBoxLayout(self.file_keys)
        spread(look, keys, spacing=8)
        self.read_button = SecondaryButton(look, "", icon="folder", height=44, px=16)
        self.write_button = SecondaryButton(look, "", icon="save", height=44, px=16)
        for key in (self.read_button, self.write_button):
            keys.addWidget(key, 1)
        self.file_keys.hide()
        column.addWidget(self.file_keys)
        self.add_button.clicked.connect(self.add_wanted)
        self.column.ordered.connect(self.ordered)
        self._fit()

    def set_alone(self, alone: bool) -> None:
        """Take the whole room, without the form beside it."""
        if alone != self._alone:
            self._alone = alone
            self._fit()
            self._bring_messages()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._bring_messages()

    def _bring_messages(self) -> None:
        """Let messages lie here while the form's head is not seen."""
        if self._alone and self.isVisible():
            bring_messages(self, self._middle)

    def _middle(self) -> QRect:
        """Return the room of the title, as high as the button beside it: up to that, and above the rows without it."""
        place, key = self._title.geometry(), self.add_button
        high, has_key = key.sizeHint().height(), not key.isHidden()
        low = key.geometry().bottom() if has_key else place.bottom()
        return QRect(place.left(), low + 1 - high, place.width() - (self.look.px(12) if has_key else 0), high)

    def _fit(self) -> None:
        wide = self.look.wide(WIDTH)
        self.setMinimumWidth(0 if self._alone else wide)
        self.setMaximumWidth(UNBOUND if self._alone else wide)

    def set_words(self, title: str, add: str, hint: str) -> None:
        self._title.setText(title)
        self.add_button.setText(add)
        self._hint.setText(hint)
        self._hint.setVisible(self._may_change and bool(hint))

    def set_may_change(self, may: bool) -> None:
        """Show the buttons that change rows, or hide them from people who may only look."""
        self._may_change = may
        self.add_button.setVisible(may)
        self.read_button.setVisible(may)
        self._hint.setVisible(may and bool(self._hint.text()))
        self.column.set_may_order(may)

    def set_rows(self, texts: Sequence[RowText], chosen: str) -> None:
        """Show these rows; cards are kept while the codes and their order are the same."""
        if [text.code for text in texts] != self.column.keys():
            self.cards = {text.code: RowCard(self.look, text, drags=self._may_change) for text in texts}
            for code, card in self.cards.items():
                card.clicked.connect(partial(self.picked.emit, code))
            self.column.set_cards(list(self.cards.items()))
        self._texts = list(texts)
        for text in texts:
            self.cards[text.code].set_row(text)
        self.choose(chosen)

    def choose(self, code: str) -> None:
        """Mark the row with this code; none for a new one."""
        for one, card in self.cards.items():
            card.setAutoExclusive(False)
            card.setChecked(one == code)
            card.setAutoExclusive(True)


# -- the foot ----------------------------------------------------------------------------------------------------------

NARROW_PX = 480


class SetUpFoot(Panel):
    """Shows a draft's state; its buttons are the page's to connect."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, "surface", edge="top", parent=parent)
        self.note = ErrorLine(look)
        self.back_button = SecondaryButton(look, _("Undo the last save"), icon="undo", height=48)
        self.discard_button = SecondaryButton(look, _("Discard changes"), height=48)
        self.save_button = PrimaryButton(look, "", height=48, px=17)
        self._is_refused = False
        row = QHBoxLayout(self)
        spread(look, row, (PAGE, 10, PAGE, 10), 12)
        row.addWidget(self.note, 1, Qt.AlignmentFlag.AlignVCenter)
        for button in (self.back_button, self.discard_button, self.save_button):
            row.addWidget(button)

    def _make_room(self) -> None:
        """Leave the hint to the buttons where there is little room; a refusal always stays."""
        narrow = self.look.scale.is_large or self.width() < self.look.px(NARROW_PX)
        self.note.setVisible(self._is_refused or not narrow)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def show_reader(self, admins: Iterable[str]) -> None:
        """Show who may change this page, which is read-only for the person here."""
        for button in (self.back_button, self.discard_button, self.save_button):
            button.hide()
        self._is_refused = True  # what only this line says
        self._make_room()
        names = listing(list(admins))
        self.note.say(_("You can view this; only an admin can change it: {names}", names=names), refused=False)

    def show_draft(
        self, draft: Draft, problems: Mapping[str, str], refusal: QueueDeskError | None, *, effect: str, undoable: bool
    ) -> None:
        """Show whether a draft can be saved, and what is missing; `effect` says when a change takes effect."""
        self.note.say(say(refusal) if refusal else effect, refused=refusal is not None)
        self._is_refused = refusal is not None
        self._make_room()
        self.back_button.setVisible(undoable and not draft.is_changed)
        self.discard_button.setVisible(draft.is_changed)
        self.save_button.setVisible(True)
        wrong = [key for key in problems if key not in draft.fresh]
        empty = [key for key in problems if key in draft.fresh]
        if not draft.is_changed:
            self.save_button.block(_("Nothing to save yet"))
        elif wrong:
            self.save_button.block(n_("Fix {n} thing first", "Fix {n} things first", len(wrong)))
        elif empty:
            words = dict.fromkeys(field_word("papers" if "papers" in key else key.split(".")[-1]) for key in empty)
            self.save_button.block(_("Still to fill in: {fields}", fields=listing(list(words))))
        else:
            self.save_button.allow(_("Save"))
