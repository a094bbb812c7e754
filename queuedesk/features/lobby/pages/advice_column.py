"""The board's right side: always the next act to press, then the other alarms, then the day as far as there is room."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from msgspec import Struct
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from queuedesk.features.lobby.pages.advice_cards import (
    ROW,
    ROW_SIZES,
    ActCard,
    ActRow,
    CalmCard,
    CalmText,
    NoMoveCard,
    NoMoveText,
    SuggestionCard,
    SuggestionText,
)
from queuedesk.features.lobby.pages.next_acts import TAKE, NextAct
from queuedesk.i18n import _, n_
from queuedesk.stations.widgets.buttons import TextButton
from queuedesk.stations.widgets.charts.ribbon_view import RibbonView
from queuedesk.stations.widgets.panels import Label, Run, RunsLabel, runs_width, spread
from queuedesk.stations.widgets.questions.dialogs import Dialog
from queuedesk.stations.window.style import Look

MOST_CARDS, MOST_ACT_CARDS, MOST_TRIED = 2, 4, 3
GAP, HEAD = 11, 30
LARGE_TEXT, NARROW = 1.4, 420
CARD, ACT_CARD = 166, 126
DASH = "—"


class AdviceText(Struct, frozen=True, kw_only=True):
    """What stands on the right: suggestions, or one card that says why no move helps, or a calm one; then `acts` with
    cards before rows. `line` is the letter whose curves are shown."""

    suggestions: tuple[SuggestionText, ...] = ()
    no_move: NoMoveText | None = None
    calm: CalmText | None = None
    acts: tuple[NextAct, ...] = ()
    soon: CalmText | None = None
    line: str = ""
    foot: str = ""


class ActsDialog(Dialog):
    """The alarms for which the board has no room."""

    pressed = Signal(object)

    def __init__(self, host: QWidget, look: Look, acts: Sequence[NextAct]) -> None:
        super().__init__(host, look, title=_("Needs attention now"), width=760)
        self.rows: list[ActRow] = []
        for act in acts:
            row = ActRow(self.look)
            row.set_act(act)
            row.pressed.connect(self._press)
            self.body.addWidget(row)
            self.rows.append(row)
        self.put_answers(_("Back"))

    def _press(self, act: NextAct) -> None:
        self.close_dialog()
        self.pressed.emit(act)


class AdviceColumn(QWidget):
    """`taken` and `declined` give a suggestion's key, `pressed` and `put_off` a NextAct; `previewed` the key of the
    suggestion whose button is held, "" afterwards; `day_wanted` says that the ribbon is to be filled."""

    taken = Signal(str)
    declined = Signal(str)
    previewed = Signal(str)
    pressed = Signal(object)
    put_off = Signal(object)
    card_wanted = Signal()
    tell_wanted = Signal()
    day_wanted = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.text_shown = AdviceText()
        self._busy = self._away = False
        self._head = QWidget(self)
        head = QHBoxLayout(self._head)
        spread(look, head, spacing=16)
        self._title = Label(look, _("Suggestions"), px=24, bold=True, elide=False)
        self._legend = RunsLabel(look, align=Qt.AlignmentFlag.AlignRight)
        head.addWidget(self._title)
        head.addWidget(self._legend, 1)
        self.cards: list[SuggestionCard] = []
        for number in range(1, MOST_CARDS + 1):
            card = SuggestionCard(look, number, self)
            card.taken.connect(self.taken)
            card.declined.connect(self.declined)
            card.previewed.connect(self.previewed)
            self.cards.append(card)
        self.no_move = NoMoveCard(look, self)
        self.no_move.card_wanted.connect(self.card_wanted)
        self.no_move.tell_wanted.connect(self.tell_wanted)
        self.calm = CalmCard(look, self)
        self.act_cards = [ActCard(look, self) for _n in range(MOST_ACT_CARDS)]
        for one in self.act_cards:
            one.pressed.connect(self.pressed)
            one.put_off.connect(self.put_off)
        self.rows: list[ActRow] = []
        self.more = TextButton(look, "", height=36, px=17, parent=self)
        self.more.clicked.connect(self._show_more)
        self.soon = CalmCard(look, self)
        self.ribbon = RibbonView(look, parent=self)
        self.ribbon.hide()
        self.foot = Label(look, px=15, token="ink2", wrap=True, parent=self)
        self._hidden_acts: list[NextAct] = []
        look.changed.connect(self._lay_out)

    # -- what is shown -----------------------------------------------------------------------------------------------

    def set_advice(self, text: AdviceText) -> None:
        """Show what is to be done; while a button is held the picture stands still."""
        if any(card.is_held for card in self.cards) or text == self.text_shown:
            return
        self.text_shown = text
        self._lay_out()

    @property
    def suggestions(self) -> list[SuggestionCard]:
        """The cards of suggestions that are shown."""
        return [card for card in self.cards if not card.isHidden()]

    @property
    def shown_acts(self) -> list[NextAct]:
        """The acts that are shown as cards or rows."""
        shown: list[ActCard | ActRow] = [*self.act_cards, *self.rows]
        return [one.act for one in shown if not one.isHidden() and one.act is not None]

    def set_busy(self, busy: bool) -> None:
        """Accept no other press while a command is under way."""
        self._busy = busy
        self._hold_keys()

    def set_away(self, away: bool) -> None:
        """While the hall is away one can look, but not act."""
        self._away = away
        self._hold_keys()

    def _hold_keys(self) -> None:
        for card in self.cards:
            card.setEnabled(not self._away)
            card.set_busy(self._busy)
        keyed: list[ActCard | ActRow | NoMoveCard] = [*self.act_cards, *self.rows, self.no_move]
        for one in keyed:
            one.set_busy(self._busy or self._away)

    def take_key(self, key: int) -> bool:
        """Take a key that nothing else wants: 1 and 2 choose a suggestion, Backspace puts the chosen one off. Return
        whether it was one of these."""
        shown = self.suggestions
        number = key - Qt.Key.Key_1
        if 0 <= number < len(shown):
            shown[number].do_button.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return True
        chosen = next((card for card in shown if card.is_chosen), None)
        if key == Qt.Key.Key_Backspace and chosen is not None:
            chosen.no_button.click()
            return True
        return False

    # -- places ------------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def _lay_out(self) -> None:
        """Share the height: the most useful keeps its card, what has no room for one is a row, and what has none for
        that is counted."""
        look, text = self._look, self.text_shown
        # With nothing above them more acts have cards.
        most = MOST_CARDS if text.suggestions or text.no_move is not None else MOST_ACT_CARDS
        for suggestions, acts in (
            (MOST_CARDS, most),
            (MOST_CARDS, MOST_CARDS),
            (MOST_CARDS, 0),
            (1, MOST_CARDS),
            (1, 0),
        ):
            cards = text.suggestions[:suggestions]
            in_cards = [act for act in text.acts if act.is_card][:acts]
            rest = [_as_row(one) for one in text.suggestions[suggestions:MOST_CARDS]]
            rest += [act for act in text.acts if act not in in_cards]
            top = self._place_cards(cards, in_cards)
            if top + (look.px(ROW) if rest else 0) <= self.height():
                break
        self._place_rows(rest, top)
        self._hold_keys()

    def _place_cards(self, cards: Sequence[SuggestionText], acts: Sequence[NextAct]) -> int:
        """Place head and cards from the top; return where the rows begin."""
        look, text, width = self._look, self.text_shown, self.width()
        gap = look.gap(GAP)
        top = 0
        self._head.setGeometry(0, 0, width, look.px(HEAD))
        self._show_legend()
        top = look.px(HEAD) + look.gap(8)
        # What they show depends on how wide they are.
        for one in (*self.cards, self.no_move, self.calm):
            one.resize(width, one.height())
        for n, card in enumerate(self.cards):
            card.setVisible(n < len(cards))
            if n < len(cards):
                card.set_text(cards[n])
                top = self._put(card, top, look.px(CARD)) + gap
        self.no_move.setVisible(text.no_move is not None)
        if text.no_move is not None:
            self.no_move.set_text(text.no_move, MOST_TRIED if self.height() >= look.px(600) else 0)
            top = self._put(self.no_move, top, 0) + gap
        self.calm.setVisible(text.calm is not None)
        if text.calm is not None:
            self.calm.set_text(text.calm)
            top = self._put(self.calm, top, 0) + gap
        return self._place_act_cards(acts, top)

    def _place_act_cards(self, acts: Sequence[NextAct], top: int) -> int:
        look, width, gap = self._look, self.width(), self._look.gap(GAP)
        is_stacked = look.scale.text >= LARGE_TEXT or width < look.px(NARROW)
        columns = 1 if is_stacked else 2
        each = (width - gap * (columns - 1)) // columns
        shown = self.act_cards[: len(acts)]
        for n, card in enumerate(self.act_cards):
            card.setVisible(n < len(acts))
        for card, act in zip(shown, acts, strict=False):
            card.resize(each, card.height())
            card.set_act(act)
        for first in range(0, len(shown), columns):
            row = shown[first : first + columns]
            # One that is left over has the whole width.
            wide = each if len(row) == columns else width
            high = max(look.px(ACT_CARD), *(_height(card, wide) for card in row))
            for n, card in enumerate(row):
                card.setGeometry(n * (each + gap), top, wide, high)
            top += high + gap
        return top

    def _put(self, card: QWidget, top: int, least: int) -> int:
        """Place a card across the column; return where it ends."""
        card.setGeometry(0, top, self.width(), card.height())
        high = max(least, _height(card, self.width()))
        card.setGeometry(0, top, self.width(), high)
        return top + high

    def _place_rows(self, acts: Sequence[NextAct], top: int) -> None:
        """Place as many rows as there is room for, one for the others; then what comes, and the source of the
        figures."""
        width, high = self.width(), self._look.px(ROW)
        n = max(0, (self.height() - top) // high)
        if n < len(acts):
            n = max(0, n - 1)
        self._make_rows(len(acts[:n]))
        for row, act in zip(self.rows, acts[:n], strict=False):
            row.set_act(act)
            row.setGeometry(0, top, width, high)
            row.show()
            top += high
        shown = self.rows[: len(acts[:n])]
        # Rows below each other have letters of one size.
        px = next((px for px in ROW_SIZES if all(row.fits(px) for row in shown)), ROW_SIZES[1])
        for row in shown:
            row.set_px(px)
        self._hidden_acts = list(acts[n:])
        self.more.setVisible(bool(self._hidden_acts))
        if self._hidden_acts:
            self.more.setText(n_("{n} more", "{n} more", len(self._hidden_acts), context="alerts"))
            self.more.setGeometry(self._look.px(22), top, self.more.sizeHint().width(), high)
            top += high
        self._place_rest(top)

    def _place_rest(self, top: int) -> None:
        """Fill what is left: the source of the figures at the foot, above it what comes."""
        look, width, text = self._look, self.width(), self.text_shown
        gap, bottom = look.gap(GAP), self.height()
        self.foot.setText(text.foot)
        foot = self.foot.heightForWidth(width) if text.foot else 0
        has_foot = bool(text.foot) and bottom - top >= foot + look.px(4)
        self.foot.setVisible(has_foot)
        if has_foot:
            bottom -= foot
            self.foot.setGeometry(0, bottom, width, foot)
            bottom -= gap
        self.soon.hide()
        if text.soon is not None:
            self.soon.set_text(text.soon)
            high = _height(self.soon, width)
            if bottom - top >= high + gap:
                self.soon.setGeometry(0, top + gap, width, high)
                self.soon.show()
                top += gap + high
        # The day as Today shows it, wherever it can be read.
        room = bottom - top - gap
        has_day = room >= self.ribbon.minimumSizeHint().height()
        is_new = has_day and self.ribbon.isHidden()
        self.ribbon.setVisible(has_day)
        if is_new:
            self.day_wanted.emit()
        if has_day:
            self.ribbon.setGeometry(0, top + gap, width, min(room, self.ribbon.most_height()))

    def _make_rows(self, count: int) -> None:
        while len(self.rows) < count:
            row = ActRow(self._look, self)
            row.pressed.connect(self.pressed)
            self.rows.append(row)
        for row in self.rows[count:]:
            row.hide()
            row.act = None

    def _show_legend(self) -> None:
        text = self.text_shown
        long, short = _("Longest wait in {letter}, min", letter=text.line), _("Longest wait, min")
        name = long if text.line else short
        runs = []
        if text.suggestions:
            runs = [
                Run(_("{name}:", context="curve", name=name), 16, token="ink2"),
                Run(DASH, 16, True, "edge", gap=10),
                Run(_("as it is", context="curve"), 16, token="ink2", gap=5),
                Run(DASH, 16, True, "primary", gap=12),
                Run(_("with it", context="curve"), 16, True, "primary", gap=5),
            ]
        elif text.no_move is not None and text.no_move.curves is not None:
            runs = [Run(name, 16, token="ink2")]
        room = self.width() - self._title.sizeHint().width() - self._look.gap(16)
        if runs_width(self._look, runs) > room:
            runs = runs[1:]
        self._legend.set_runs(runs if runs_width(self._look, runs) <= room else [])

    def _show_more(self) -> None:
        dialog = ActsDialog(self.window(), self._look, self._hidden_acts)
        dialog.pressed.connect(partial(self.pressed.emit))
        dialog.open_dialog()


def _height(widget: QWidget, width: int) -> int:
    layout = widget.layout()
    if layout is None:
        return widget.sizeHint().height()
    layout.activate()
    return layout.totalHeightForWidth(width) if layout.hasHeightForWidth() else layout.totalSizeHint().height()


def _as_row(one: SuggestionText) -> NextAct:
    return NextAct(
        id=one.key,
        icon="info",
        token="primary",
        title=one.title,
        second=" ".join(part for part in (one.gain, one.line, one.bounds) if part),
        press=one.do,
        verb=TAKE,
        key=one.key,
    )
