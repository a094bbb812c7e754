"""Customers' comments as cards beside their ticket's facts: those that nobody has read, or all, searched."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from queuedesk.core.quality.case import Comment
from queuedesk.core.quality.thanks import served_by
from queuedesk.core.queue.ticket import seconds
from queuedesk.core.setup.rows import Setup
from queuedesk.i18n import _, moment_short, n_, rating_level
from queuedesk.i18n.figures.rating_reasons import rating_reason
from queuedesk.i18n.moments import listing
from queuedesk.i18n.names import item_name, service_name
from queuedesk.i18n.quality.comment_words import comment_source
from queuedesk.i18n.queue.wait_words import promise_text
from queuedesk.stations.rating.view import draw_face
from queuedesk.stations.widgets.buttons import Button, IconButton, PrimaryButton, SecondaryButton, TextButton
from queuedesk.stations.widgets.follow import Follows
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.paint import Painter
from queuedesk.stations.widgets.panels import Card, EmptyState, GroundArea, discard, spread
from queuedesk.stations.widgets.questions.forms import SearchField
from queuedesk.stations.widgets.spoken import GROUP
from queuedesk.stations.window.style import Look

FACE = 18
MOST_SHOWN = 60
"""More cards than that are found by searching."""


def facts(setup: Setup, one: Comment) -> tuple[str, str, str]:
    """Return what a card says besides the words: what for, how it was rated, how long it waited against what was
    told."""
    ticket = one.ticket
    level = rating_level(one.level) if one.level else ""
    reasons = listing([rating_reason(tag) for tag in one.tags]) if one.tags else ""
    said = " · ".join(part for part in (level, reasons) if part)
    if ticket is None:
        return "", said, ""
    leg = ticket.legs[0]
    what = " · ".join(
        part for part in (service_name(setup, ticket.service), item_name(setup, ticket.service, ticket.item)) if part
    )
    waited = ""
    if leg.called is not None:
        minutes = seconds(leg.joined, leg.called) // 60
        waited = _("wait {n} min", n=minutes) if minutes else _("called at once")
        if minutes and ticket.promise.low is not None:
            waited = _("wait {n} min, estimate {told}", n=minutes, told=promise_text(ticket.promise))
    return what, said, waited


class FaceMark(Follows, QWidget):
    """The face of a rating, as small as a letter."""

    def __init__(self, look: Look, level: int) -> None:
        super().__init__()
        self._level = level
        self.follow(look)

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(FACE), self.look.px(FACE))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        side = self.look.px(FACE) - 2
        rect = QRectF(1, (self.height() - side) / 2, side, side)
        draw_face(Painter(self, self.look), rect, self._level, self.look.color("ink"))


class CommentCard(Card):
    """One comment. `read_wanted` says whether it is to be marked as read, `story_wanted` leads to its ticket,
    `case_wanted` to its case, or asks for one."""

    spoken_role = GROUP

    read_wanted = Signal(bool)
    story_wanted = Signal()
    case_wanted = Signal()
    thanks_wanted = Signal()
    forget_wanted = Signal()

    def __init__(self, look: Look, setup: Setup, one: Comment, *, held: bool, first: bool) -> None:
        super().__init__(look)
        self.comment = one
        column = QVBoxLayout(self)
        spread(look, column, (16, 14, 16, 10), 6)
        local = setup.local(one.time)
        when = f"{moment_short(local)} · {comment_source(setup, one)}"
        head = QHBoxLayout()
        spread(look, head, spacing=10)
        label = one.ticket.label if one.ticket is not None else "—"
        head.addWidget(Label(look, label, px=20, bold=True), 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(Label(look, when, px=15, token="ink2", wrap=True), 1)
        self.story_button = TextButton(look, _("History"), trailing="arrow-right", height=44, px=16)
        self.story_button.setAccessibleName(_("History of {ticket}", ticket=label))
        self.story_button.setVisible(one.ticket is not None)
        self.story_button.clicked.connect(self.story_wanted)
        head.addWidget(self.story_button, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(head)
        column.addWidget(Label(look, one.text, px=18, wrap=True))
        what, said, waited = facts(setup, one)
        if what:
            column.addWidget(Label(look, what, px=15, token="ink2", wrap=True))
        if said:
            row = QHBoxLayout()
            spread(look, row, spacing=8)
            if one.level:
                row.addWidget(FaceMark(look, one.level), 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(Label(look, said, px=15, bold=True, wrap=True), 1)
            column.addLayout(row)
        if waited:
            column.addWidget(Label(look, waited, px=15, token="ink2", wrap=True))
        self.setAccessibleName(", ".join(part for part in (label, when, one.text, what, said, waited) if part))
        keys = QHBoxLayout()
        spread(look, keys, spacing=12)
        kind = PrimaryButton if first else SecondaryButton
        words = _("Case {number}", number=one.case, context="story") if one.case else _("Open a case")
        self.case_button: Button = kind(look, words, trailing="arrow-right" if one.case else None, height=44, px=16)
        self.case_button.setVisible(not one.is_praise or one.case is not None)
        self.case_button.set_held(held and one.case is None)
        self.case_button.clicked.connect(self.case_wanted)
        keys.addWidget(self.case_button)
        self.thanks_button = SecondaryButton(look, _("Pass on thanks"), height=44, px=16)
        self.thanks_button.setVisible(one.is_praise and served_by(one.ticket) is not None and setup.uses("thanks"))
        self.thanks_button.set_held(held)
        self.thanks_button.clicked.connect(self.thanks_wanted)
        keys.addWidget(self.thanks_button)
        words = _("Mark as unread") if one.is_read else _("Mark as read")
        self.read_button = TextButton(look, words, height=44, px=16)
        self.read_button.set_held(held)
        self.read_button.clicked.connect(partial(self.read_wanted.emit, not one.is_read))
        self.forget_button = IconButton(look, "remove", _("Delete these words …"))
        self.forget_button.set_held(held)
        self.forget_button.clicked.connect(self.forget_wanted)
        keys.addStretch(1)
        keys.addWidget(self.forget_button)
        keys.addWidget(self.read_button)
        column.addLayout(keys)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)


class CommentCards(QWidget):
    """The column of comments. `read_wanted` gives a comment and whether it is to be read, `story_wanted` a Ticket,
    `case_wanted` a comment, `thanks_wanted` one whose clerk is to be thanked, `forget_wanted` one to be deleted.

    ↑ ↓ or J K go from card to card, R marks the one with the focus, C opens a case.
    """

    read_wanted = Signal(object, bool)
    story_wanted = Signal(object)
    case_wanted = Signal(object)
    thanks_wanted = Signal(object)
    forget_wanted = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._setup: Setup | None = None
        self._comments: tuple[Comment, ...] = ()
        self._held = False
        self._shown: object = None
        self.is_all = False
        self.cards: list[CommentCard] = []
        self.title = Label(look, px=18, bold=True, wrap=True)
        self.all_button = TextButton(look, "", height=44, px=16)
        self.all_button.clicked.connect(self._switch)
        self.search = SearchField(look, height=48, px=17)
        self.search.set_texts(_("Words, or a number"), "")
        self.search.typed.connect(self._fill)
        self.search.hide()
        self.empty = EmptyState(look, "message")
        inside = QWidget()
        self._list = QVBoxLayout(inside)
        spread(look, self._list, (0, 0, 8, 0), 10)
        self._list.addWidget(self.empty)
        self._list.addStretch(1)
        self.area = GroundArea(inside)
        head = QHBoxLayout()
        spread(look, head, spacing=12)
        head.addWidget(self.title, 1, Qt.AlignmentFlag.AlignVCenter)
        head.addWidget(self.all_button)
        column = QVBoxLayout(self)
        spread(look, column, spacing=6)
        column.addLayout(head)
        column.addWidget(self.search)
        column.addWidget(self.area, 1)
        self._fill()

    def show_comments(self, setup: Setup, comments: Sequence[Comment]) -> None:
        """Show other comments, newest first."""
        self._setup, self._comments = setup, tuple(comments)
        self._fill()

    def set_held(self, held: bool) -> None:
        """While the hall is away one can read, but mark nothing."""
        self._held = held
        for card in self.cards:
            card.read_button.set_held(held)
            card.case_button.set_held(held and card.comment.case is None)
            card.thanks_button.set_held(held)
            card.forget_button.set_held(held)

    def _switch(self) -> None:
        self.show_all(not self.is_all)

    def show_all(self, is_all: bool) -> None:
        """Show all comments, or those that nobody has read."""
        self.is_all = is_all
        self.search.setVisible(is_all)
        self._fill()

    def _fill(self, _typed: str = "") -> None:
        unread = [one for one in self._comments if not one.is_read]
        n = len(unread)
        self.title.setText(n_("{n} unread comment", "{n} unread comments", n))
        self.all_button.setText(_("Unread") if self.is_all else _("All {n}", n=len(self._comments)))
        words = self.search.edit.text() if self.is_all else ""
        found = [one for one in self._comments if one.has(words)] if self.is_all else unread
        shown = found[:MOST_SHOWN]
        if self._setup is None or shown == self._shown:
            return
        self._shown = shown
        had = next((at for at, card in enumerate(self.cards) if card.isAncestorOf(self.focusWidget() or self)), None)
        discard(self.cards, self._list)
        first = next((at for at, one in enumerate(shown) if not (one.is_praise or one.case)), None)
        self.cards = [self._card(self._setup, one, first=at == first) for at, one in enumerate(shown)]
        for at, card in enumerate(self.cards):
            self._list.insertWidget(at, card)
        if had is not None and self.cards:
            self.cards[min(had, len(self.cards) - 1)].setFocus()
        if words:
            self.empty.set_texts(_("No comment has these words"))
        elif self._comments:
            self.empty.set_texts(_("All comments are read"), _("New ones appear here by themselves."))
        else:
            self.empty.set_texts(
                _("No comments yet"), _("What customers type after a rating, or tell somebody here, is shown here.")
            )
        self.empty.setVisible(not self.cards)

    def _card(self, setup: Setup, one: Comment, *, first: bool) -> CommentCard:
        card = CommentCard(self._look, setup, one, held=self._held, first=first)
        card.case_wanted.connect(partial(self.case_wanted.emit, one))
        card.thanks_wanted.connect(partial(self.thanks_wanted.emit, one))
        card.forget_wanted.connect(partial(self.forget_wanted.emit, one))
        card.read_wanted.connect(partial(self.read_wanted.emit, one))
        card.story_wanted.connect(partial(self.story_wanted.emit, one.ticket))
        return card

    def keyPressEvent(self, event: QKeyEvent) -> None:
        at = next(
            (
                n
                for n, card in enumerate(self.cards)
                if card.hasFocus() or card.isAncestorOf(self.focusWidget() or self)
            ),
            None,
        )
        step = {Qt.Key.Key_J: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_K: -1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        if step is not None and self.cards:
            to = 0 if at is None else min(max(0, at + step), len(self.cards) - 1)
            self.cards[to].setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.area.ensureWidgetVisible(self.cards[to])
        elif event.key() == Qt.Key.Key_R and at is not None and not self._held:
            one = self.cards[at].comment
            self.read_wanted.emit(one, not one.is_read)
        elif event.key() == Qt.Key.Key_C and at is not None and self.cards[at].case_button.isVisible():
            self.cards[at].case_button.click()
        else:
            super().keyPressEvent(event)
