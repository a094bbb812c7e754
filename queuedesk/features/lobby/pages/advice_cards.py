"""The board's right side: always the next act to press, then the other alarms, then the day as far as there is room.
Its cards are a suggestion with its curves, an act that an alarm knows, and why no move helps."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from msgspec import Struct, field
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from queuedesk.core.charts.chart import SurfaceRect
from queuedesk.features.lobby.pages.board_buttons import TAKE, BoardAction
from queuedesk.features.lobby.rules.outlook import WaitCurves, lay_out_wait_curves
from queuedesk.i18n import _, list_text, n_
from queuedesk.stations.widgets import panels
from queuedesk.stations.widgets.buttons import AccentButton, PrimaryButton, SecondaryButton, TextButton
from queuedesk.stations.widgets.charts.chart_view import DayRibbonView, LookMeasures, paint_marks
from queuedesk.stations.widgets.paint import ELLIPSIS, GROUP, FollowsLook, Painter, centred_baseline_y, wrapped_lines
from queuedesk.stations.widgets.questions.dialogs import Dialog
from queuedesk.stations.window.style import Look

CURVES_WIDE, CURVES_LEAST, CURVES_HIGH = 246, 150, 108
ROOM_FOR_CURVES = 430
"""In a narrower card the number stands alone."""
ROOM_FOR_BOUNDS = 560
HOLD_MS = 350
"""A key that is held for so long shows what it would do, and does nothing."""
ROW, LEFT = 40, 32
ROW_SIZES = (17, 16, 15)


class WaitCurvesView(FollowsLook, QWidget):
    """The longest wait in the next half hour; screen readers get the card's words instead."""

    def __init__(self, look: Look, *, high: float = CURVES_HIGH, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.follow_look(look)
        self._high = high
        self.chart: WaitCurves | None = None
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    def set_chart(self, chart: WaitCurves | None) -> None:
        self.chart = chart
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(CURVES_WIDE), self.look.px(self._high))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.px(CURVES_LEAST), self.look.px(CURVES_HIGH * 0.8))

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.chart is not None:
            painter = Painter(self, self.look)
            room = SurfaceRect(0, 0, self.width(), self.height())
            paint_marks(painter, lay_out_wait_curves(self.chart, LookMeasures(self.look), room))


class _RankBadge(FollowsLook, QWidget):
    """The number of a suggestion in its round."""

    def __init__(self, look: Look, number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._number = number
        self.follow_look(look)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(32), self.look.px(32))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look, rect = Painter(self, self.look), self.look, QRectF(self.rect())
        painter.draw_box(rect, 16, "primary" if self._number == 1 else "ink2")
        token = "on_primary" if self._number == 1 else "surface"
        painter.draw_words_and_give_end_x(
            str(self._number), look.font(18, bold=True), token, rect, Qt.AlignmentFlag.AlignHCenter
        )


class SuggestionText(Struct, frozen=True, kw_only=True):
    """One move in words; `key` names it to the desk, `do` is the label of its button. `gain` is by how much the longest
    wait of a line becomes shorter, `line` in which line, `bounds` between what.

    `later` are how many will stand in each line in 20 minutes, without and with it; `window` and `there` say what would
    be at which window."""

    key: str
    title: str
    reason: str
    do: str
    gain: str = ""
    line: str = ""
    bounds: str = ""
    curves: WaitCurves | None = None
    later: dict[str, tuple[int, int]] = field(default_factory=dict)
    window: str = ""
    there: str = ""

    @property
    def spoken_text(self) -> str:
        """Return the card as a screen reader says it."""
        parts = self.title, self.reason, " ".join((self.gain, self.line, self.bounds)).strip()
        return list_text([part for part in parts if part])


class SuggestionCard(panels.Card):
    """One suggestion: a short press makes the move, a long one only shows what it would do. The first has the filled
    button.

    `previewed` gives its key while the button is held, and "" afterwards."""

    taken = Signal(str)
    declined = Signal(str)
    previewed = Signal(str)

    def __init__(self, look: Look, number: int, parent: QWidget | None = None) -> None:
        super().__init__(look, chosen=number == 1, parent=parent)
        self.text_shown = SuggestionText(key="", title="", reason="", do="")
        self._pressed_key, self._is_held = "", False
        self._title = panels.Label(look, px=20, bold=True, wrap=True)
        self._reason = panels.Label(look, px=16, wrap=True)
        button = PrimaryButton if number == 1 else AccentButton
        self.do_button = button(look, "", height=44, px=17)
        self.no_button = TextButton(look, "", height=44, px=17)
        self._gain = panels.TextRunsLabel(look)
        self._average = panels.Label(look, px=13, token="ink2")
        self._curves = WaitCurvesView(look)
        self._hold = QTimer(self)
        self._hold.setSingleShot(True)
        self._hold.setInterval(HOLD_MS)
        self._hold.timeout.connect(self._start_preview_if_held)
        self._build_layout(look, number)
        self.do_button.pressed.connect(self._on_button_pressed)
        self.do_button.released.connect(self._end_preview_on_release)
        self.do_button.clicked.connect(self._emit_taken_unless_held)
        self.no_button.clicked.connect(self._emit_declined)

    def _build_layout(self, look: Look, number: int) -> None:
        self._whole = QVBoxLayout(self)
        row = self._row = QHBoxLayout()
        panels.set_scaled_margins(look, self._whole, (20, 11, 18, 11), 5)
        panels.set_scaled_margins(look, row, spacing=16)
        words = self._words = QVBoxLayout()
        panels.set_scaled_margins(look, words, spacing=5)
        head = QHBoxLayout()
        panels.set_scaled_margins(look, head, spacing=12)
        head.addWidget(_RankBadge(look, number), 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self._title, 1)
        self._keys = QWidget()
        keys = QHBoxLayout(self._keys)
        panels.set_scaled_margins(look, keys, spacing=8)
        keys.addWidget(self.do_button)
        keys.addWidget(self.no_button)
        keys.addStretch(1)
        words.addLayout(head)
        words.addWidget(self._reason)
        words.addStretch(1)
        words.addWidget(self._keys)
        figures = QVBoxLayout()
        panels.set_scaled_margins(look, figures, spacing=2)
        figures.addWidget(self._gain)
        figures.addWidget(self._average)
        figures.addWidget(self._curves, 1)
        row.addLayout(words, 3)
        row.addLayout(figures, 2)
        self._whole.addLayout(row, 1)

    def set_text(self, text: SuggestionText) -> None:
        """Say another suggestion, or the same with newer figures."""
        self.text_shown = text
        self._title.setText(text.title)
        self._reason.setText(text.reason)
        self._average.setText(_("average over the 30 min") if text.gain else "")
        self._show_gain_that_fits()
        self._curves.set_chart(text.curves)
        self.do_button.setText(text.do)
        not_now = _("Not now", context="move")
        self.no_button.setText(not_now)
        self.do_button.setAccessibleName(f"{text.do}: {text.title}")
        self.do_button.setAccessibleDescription(text.spoken_text)
        self.do_button.setToolTip("\n".join((text.do, _("Hold to preview the change on the board"))))
        self.no_button.setAccessibleName(f"{not_now}: {text.title}")
        self._show_curves_if_wide_enough()

    def set_busy(self, busy: bool) -> None:
        self.do_button.set_busy(busy)
        self.no_button.setEnabled(not busy)

    @property
    def is_held(self) -> bool:
        """Whether its key is held down now."""
        return self.do_button.isDown()

    @property
    def is_chosen(self) -> bool:
        """Whether one of its keys has the focus."""
        return self.do_button.hasFocus() or self.no_button.hasFocus()

    def _show_curves_if_wide_enough(self) -> None:
        """Show the curves where they have room; without them the words have what the gain leaves. The keys have the
        whole width where a name has no room beside the curves."""
        has_room = self.width() >= self.look.px(ROOM_FOR_CURVES)
        self._curves.setVisible(self.text_shown.curves is not None and has_room)
        self._average.setVisible(bool(self.text_shown.gain) and has_room)
        self._row.setStretch(1, 2 if has_room else 0)
        beside = (self.width() - self.look.gap(20 + 16 + 18)) * 3 // 5
        has_keys_beside = has_room and self._keys.sizeHint().width() <= beside
        to, other = (self._words, self._whole) if has_keys_beside else (self._whole, self._words)
        if to.indexOf(self._keys) < 0:
            other.removeWidget(self._keys)
            to.addWidget(self._keys)
        self._show_gain_that_fits()

    def _show_gain_that_fits(self) -> None:
        """Show the gain with its line and its bounds, as far as they have room."""
        text, look = self.text_shown, self.look
        gain = panels.TextRun(text.gain, 26, True, "primary")
        beside = [
            panels.TextRun(words, 15, token="ink2", gap=gap)
            for words, gap in ((text.line, 8), (text.bounds, 5))
            if words
        ]
        tries = [[gain, *beside[:n]] for n in range(len(beside), -1, -1)] if text.gain else [[]]
        room = (self.width() - look.px(20 + 16 + 18)) * 2 / 5
        self._gain.set_runs(next((one for one in tries if panels.text_runs_width(look, one) <= room), tries[-1]))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_curves_if_wide_enough()

    # -- presses -----------------------------------------------------------------------------------------------------

    def _on_button_pressed(self) -> None:
        self._pressed_key, self._is_held = self.text_shown.key, False
        self._hold.start()

    def _start_preview_if_held(self) -> None:
        if self.do_button.isDown():
            self._is_held = True
            self.previewed.emit(self._pressed_key)

    def _end_preview_on_release(self) -> None:
        self._hold.stop()
        if self._is_held:
            self.previewed.emit("")

    def _emit_taken_unless_held(self) -> None:
        if not self._is_held:
            self.taken.emit(self._pressed_key or self.text_shown.key)
        self._pressed_key, self._is_held = "", False

    def _emit_declined(self) -> None:
        self.declined.emit(self.text_shown.key)


class AlarmActOrMoveResultCard(panels.Card):
    """An act that an alarm knows, or what became of a move."""

    pressed = Signal(object)
    put_off = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent=parent)
        self.act: BoardAction | None = None
        self._title = panels.TextRunsLabel(look)
        self._second = panels.Label(look, px=16, token="ink2", wrap=True)
        self.button = SecondaryButton(look, "", height=44, px=17)
        self.no_button = TextButton(look, "", height=44, px=17)
        column = QVBoxLayout(self)
        panels.set_scaled_margins(look, column, (16, 9, 12, 10), 4)
        keys = QHBoxLayout()
        panels.set_scaled_margins(look, keys, spacing=8)
        keys.addWidget(self.button)
        keys.addWidget(self.no_button)
        keys.addStretch(1)
        column.addWidget(self._title)
        column.addWidget(self._second)
        column.addStretch(1)
        column.addLayout(keys)
        self.button.clicked.connect(self._emit_act_pressed)
        self.no_button.clicked.connect(self._emit_put_off)

    def set_act(self, act: BoardAction) -> None:
        self.act = act
        self._title.set_runs([panels.TextRun(act.title, 17, True, icon="")])
        self._title.setToolTip(act.title)
        self._second.setText(act.second)
        self.button.setText(act.press)
        self.button.setAccessibleName(f"{act.press}: {act.title}, {act.second}")
        not_now = _("Not now", context="move")
        self.no_button.setText(not_now)
        self.no_button.setAccessibleName(f"{not_now}: {act.title}")
        self.no_button.setVisible(act.put_off)
        self._fit_title_size()

    def _fit_title_size(self) -> None:
        """Put the sign before the title, and make that as large as its length allows."""
        act = self.act
        if act is None:
            return
        look, room = self.look, self.width() - self.look.gap(28)
        for px in (17, 16, 15, 14, 13):
            runs = [panels.TextRun("", px, icon=act.icon, token=act.token), panels.TextRun(act.title, px, True, gap=6)]
            if panels.text_runs_width(look, runs) <= room:
                break
        self._title.set_runs(runs)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_title_size()

    def set_busy(self, busy: bool) -> None:
        self.button.setEnabled(not busy)
        self.no_button.setEnabled(not busy)

    def _emit_act_pressed(self) -> None:
        self.pressed.emit(self.act)

    def _emit_put_off(self) -> None:
        self.put_off.emit(self.act)


class AlarmActionRow(FollowsLook, QWidget):
    """An alarm in one line, with one quiet key."""

    spoken_role = GROUP

    pressed = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.follow_look(look)
        self.act: BoardAction | None = None
        self._px = ROW_SIZES[0]
        self.button = TextButton(look, "", height=36, px=17, parent=self)
        self.button.clicked.connect(self._emit_act_pressed)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_act(self, act: BoardAction) -> None:
        self.act = act
        self.button.setText(act.press)
        self.button.setAccessibleName(f"{act.press}: {act.title}, {act.second}".rstrip(", "))
        self.setAccessibleName(f"{act.title}, {act.second}".rstrip(", "))
        self.setToolTip(f"{act.title}\n{act.second}".strip())
        self._place_button()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(300), self.look.px(ROW))

    def _place_button(self) -> None:
        size = self.button.sizeHint()
        self.button.setGeometry(
            self.width() - size.width(), (self.height() - size.height()) // 2, size.width(), size.height()
        )

    def measure_again(self) -> None:
        super().measure_again()
        self._place_button()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_button()

    def paintEvent(self, event: QPaintEvent) -> None:
        act = self.act
        if act is None:
            return
        painter, look, high = Painter(self, self.look), self.look, self.height()
        painter.draw_divider(QPointF(0, 0), QPointF(self.width(), 0))
        painter.draw_icon(act.icon, act.token, 0, (high - look.px(20)) / 2, 20)
        left, room = look.px(LEFT), self._text_room_px()
        runs = self._title_text_runs(self._px)
        if panels.text_runs_width(look, runs) > room:
            # Half of what is beside the title would say nothing.
            alone = [[panels.TextRun(act.title, px, True)] for px in (self._px, 15, 14, 13)]
            fewer = [*(self._title_text_runs(px, briefly=True) for px in (self._px, 15)), *alone]
            runs = next((one for one in fewer if panels.text_runs_width(look, one) <= room), fewer[-1])
            if panels.text_runs_width(look, runs) > room:
                self._paint_title_in_two_lines(painter, QRectF(left, 0, room, high))
                return
        baseline = centred_baseline_y(look.font(runs[0].px, bold=True), 0, high)
        panels.paint_text_runs(painter, runs, left, baseline, limit=left + room)

    def _paint_title_in_two_lines(self, painter: Painter, room: QRectF) -> None:
        look, title = self.look, self.act.title if self.act is not None else ""
        for px in (15, 14, 13):
            font = look.font(px, bold=True)
            lines = wrapped_lines(font, title, room.width(), 2)
            if not lines[-1].endswith(ELLIPSIS):
                break
        high = room.height() / 2
        for n, line in enumerate(lines):
            place = QRectF(room.left(), n * high, room.width(), high)
            painter.draw_words_and_give_end_x(line, font, "ink", place)

    def does_text_fit(self, px: int) -> bool:
        """Whether title and details have room in letters of that size."""
        return panels.text_runs_width(self.look, self._title_text_runs(px)) <= self._text_room_px()

    def set_font_px(self, px: int) -> None:
        """Use letters of that size."""
        self._px = px
        self.update()

    def _text_room_px(self) -> int:
        return self.button.x() - self.look.px(8 + LEFT)

    def _title_text_runs(self, px: int, *, briefly: bool = False) -> list[panels.TextRun]:
        act = self.act
        if act is None:
            return []
        second = act.figures if briefly else act.second
        beside = [panels.TextRun(second, px - 1, token="ink2", gap=12)] if second else []
        return [panels.TextRun(act.title, px, True), *beside]

    def set_busy(self, busy: bool) -> None:
        self.button.setEnabled(not busy)

    def _emit_act_pressed(self) -> None:
        self.pressed.emit(self.act)


class TriedMoveText(Struct, frozen=True):
    """A move that was tried: what, why not, what it would change, between which bounds."""

    title: str
    why: str
    gain: str
    bounds: str


class NoMoveText(Struct, frozen=True, kw_only=True):
    """Why no move helps: its title, the reason, when it ends by itself, what was tried and for which line; `card` and
    `tell` are the labels of its keys, "" for none."""

    title: str
    why: str
    ends: str
    tried: tuple[TriedMoveText, ...] = ()
    tried_for: str = ""
    curves: WaitCurves | None = None
    card: str = ""
    tell: str = ""


class NoHelpfulMoveCard(panels.Card):
    """One card that says why no move helps, with the contingency card's key."""

    card_wanted = Signal()
    tell_wanted = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent=parent)
        self.text_shown: NoMoveText | None = None
        self._title = panels.TextRunsLabel(look)
        self._why = panels.Label(look, px=17, wrap=True)
        self._ends = panels.Label(look, px=17, wrap=True)
        self._curves = WaitCurvesView(look, high=CURVES_HIGH * 1.5)
        self._tried = panels.Label(look, px=15, token="ink2")
        self._rows = QWidget()
        self._grid = QGridLayout(self._rows)
        panels.set_scaled_margins(look, self._grid, spacing=0)
        self.card_button = PrimaryButton(look, "", icon="warning", height=48, px=17)
        self.tell_button = SecondaryButton(look, "", icon="speaker-on", height=48, px=17)
        column = QVBoxLayout(self)
        panels.set_scaled_margins(look, column, (20, 14, 18, 16), 8)
        top = QHBoxLayout()
        panels.set_scaled_margins(look, top, spacing=20)
        words = QVBoxLayout()
        panels.set_scaled_margins(look, words, spacing=8)
        words.addWidget(self._why)
        words.addWidget(self._ends)
        words.addStretch(1)
        top.addLayout(words, 3)
        top.addWidget(self._curves, 2)
        keys = QHBoxLayout()
        panels.set_scaled_margins(look, keys, spacing=12)
        keys.addWidget(self.card_button)
        keys.addWidget(self.tell_button)
        keys.addStretch(1)
        column.addWidget(self._title)
        column.addLayout(top)
        column.addWidget(self._tried)
        column.addWidget(self._rows)
        column.addLayout(keys)
        self.card_button.clicked.connect(self.card_wanted)
        self.tell_button.clicked.connect(self.tell_wanted)

    def set_text(self, text: NoMoveText, most: int) -> None:
        """Say why, with at most so many of the moves that were tried."""
        self.text_shown = text
        self._title.set_runs(
            [panels.TextRun("", 22, icon="info", token="amber"), panels.TextRun(text.title, 24, True, gap=6)]
        )
        self._why.setText(text.why)
        self._ends.setText(text.ends)
        self._ends.setVisible(bool(text.ends))
        self._curves.set_chart(text.curves)
        self._curves.setVisible(text.curves is not None and self.width() >= self.look.px(ROOM_FOR_CURVES))
        self._tried.setText(text.tried_for)
        tried = text.tried[:most]
        self._tried.setVisible(bool(tried))
        self._rows.setVisible(bool(tried))
        self._rebuild_tried_move_rows(tried, has_bounds=self.width() >= self.look.px(ROOM_FOR_BOUNDS))
        for button, words in ((self.card_button, text.card), (self.tell_button, text.tell)):
            button.setText(words)
            button.setVisible(bool(words))

    def _rebuild_tried_move_rows(self, tried: Sequence[TriedMoveText], *, has_bounds: bool) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        look, right = self.look, Qt.AlignmentFlag.AlignRight
        self._grid.setColumnStretch(0, 4)
        self._grid.setColumnStretch(1, 4)
        for n, one in enumerate(tried):
            self._grid.addWidget(panels.DividerLine(look), 2 * n, 0, 1, 4)
            words = (
                panels.Label(look, one.title, px=16, bold=True),
                panels.Label(look, one.why, px=16, token="ink2"),
                panels.Label(look, one.gain, px=16, bold=True, align=right, elide=False),
                panels.Label(look, one.bounds, px=16, token="ink2", align=right, elide=False),
            )
            for column, label in enumerate(words if has_bounds else words[:-1]):
                self._grid.addWidget(label, 2 * n + 1, column)
            self._grid.setRowMinimumHeight(2 * n + 1, look.px(37))
        self._grid.setHorizontalSpacing(look.px(12))
        self._rows.updateGeometry()

    def set_busy(self, busy: bool) -> None:
        self.card_button.setEnabled(not busy)
        self.tell_button.setEnabled(not busy)


class NothingToDoText(Struct, frozen=True, kw_only=True):
    """A title and a sentence; `icon` stands before the title."""

    title: str
    second: str
    icon: str = "check"


class NothingToDoCard(panels.Card):
    """What is coming where nothing has to be done."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent=parent)
        column = QVBoxLayout(self)
        panels.set_scaled_margins(look, column, (20, 12, 20, 14), 2)
        self._title = panels.TextRunsLabel(look)
        self._second = panels.Label(look, px=16, token="ink2", wrap=True)
        column.addWidget(self._title)
        column.addWidget(self._second)

    def set_text(self, text: NothingToDoText) -> None:
        token = "primary" if text.icon == "check" else "ink2"
        self._title.set_runs(
            [panels.TextRun("", 18, icon=text.icon, token=token), panels.TextRun(text.title, 18, True, gap=6)]
        )
        self._second.setText(text.second)
        self._second.setVisible(bool(text.second))

    def shown_text(self) -> str:
        return " ".join(part for part in (self._title.text().strip(), self._second.text()) if part)


MOST_CARDS, MOST_ACT_CARDS, MOST_TRIED = 2, 4, 3
GAP, HEAD = 11, 30
LARGE_TEXT, NARROW = 1.4, 420
CARD, ACT_CARD = 166, 126
DASH = "—"


class AdviceColumnContent(Struct, frozen=True, kw_only=True):
    """What stands on the right: suggestions, or one card that says why no move helps, or a calm one; then `acts` with
    cards before rows. `line` is the letter whose curves are shown."""

    suggestions: tuple[SuggestionText, ...] = ()
    no_move: NoMoveText | None = None
    calm: NothingToDoText | None = None
    acts: tuple[BoardAction, ...] = ()
    soon: NothingToDoText | None = None
    line: str = ""
    foot: str = ""


class AlarmsWithoutRoomDialog(Dialog):
    """The alarms for which the board has no room."""

    pressed = Signal(object)

    def __init__(self, host: QWidget, look: Look, acts: Sequence[BoardAction]) -> None:
        super().__init__(host, look, title=_("Needs attention now"), width=760)
        self.rows: list[AlarmActionRow] = []
        for act in acts:
            row = AlarmActionRow(self.look)
            row.set_act(act)
            row.pressed.connect(self._close_and_emit_act)
            self.body.addWidget(row)
            self.rows.append(row)
        self.add_answer_buttons(_("Back"))

    def _close_and_emit_act(self, act: BoardAction) -> None:
        self.close_dialog()
        self.pressed.emit(act)


class AdviceColumn(QWidget):
    """`taken` and `declined` give a suggestion's key, `pressed` and `put_off` a BoardAction; `previewed` the key of the
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
        self.text_shown = AdviceColumnContent()
        self._busy = self._away = False
        self._head = QWidget(self)
        head = QHBoxLayout(self._head)
        panels.set_scaled_margins(look, head, spacing=16)
        self._title = panels.Label(look, _("Suggestions"), px=24, bold=True, elide=False)
        self._legend = panels.TextRunsLabel(look, align=Qt.AlignmentFlag.AlignRight)
        head.addWidget(self._title)
        head.addWidget(self._legend, 1)
        self.cards: list[SuggestionCard] = []
        for number in range(1, MOST_CARDS + 1):
            card = SuggestionCard(look, number, self)
            card.taken.connect(self.taken)
            card.declined.connect(self.declined)
            card.previewed.connect(self.previewed)
            self.cards.append(card)
        self.no_move = NoHelpfulMoveCard(look, self)
        self.no_move.card_wanted.connect(self.card_wanted)
        self.no_move.tell_wanted.connect(self.tell_wanted)
        self.calm = NothingToDoCard(look, self)
        self.act_cards = [AlarmActOrMoveResultCard(look, self) for _n in range(MOST_ACT_CARDS)]
        for one in self.act_cards:
            one.pressed.connect(self.pressed)
            one.put_off.connect(self.put_off)
        self.rows: list[AlarmActionRow] = []
        self.more = TextButton(look, "", height=36, px=17, parent=self)
        self.more.clicked.connect(self._open_hidden_acts_dialog)
        self.soon = NothingToDoCard(look, self)
        self.ribbon = DayRibbonView(look, parent=self)
        self.ribbon.hide()
        self.foot = panels.Label(look, px=15, token="ink2", wrap=True, parent=self)
        self._hidden_acts: list[BoardAction] = []
        look.changed.connect(self._share_height_among_cards)

    # -- what is shown -----------------------------------------------------------------------------------------------

    def set_advice(self, text: AdviceColumnContent) -> None:
        """Show what is to be done; while a button is held the picture stands still."""
        if any(card.is_held for card in self.cards) or text == self.text_shown:
            return
        self.text_shown = text
        self._share_height_among_cards()

    @property
    def shown_suggestion_cards(self) -> list[SuggestionCard]:
        """The cards of suggestions that are shown."""
        return [card for card in self.cards if not card.isHidden()]

    @property
    def shown_alarm_actions(self) -> list[BoardAction]:
        """The acts that are shown as cards or rows."""
        shown: list[AlarmActOrMoveResultCard | AlarmActionRow] = [*self.act_cards, *self.rows]
        return [one.act for one in shown if not one.isHidden() and one.act is not None]

    def set_busy(self, busy: bool) -> None:
        """Accept no other press while a command is under way."""
        self._busy = busy
        self._update_buttons_busy()

    def set_hall_away(self, away: bool) -> None:
        """While the hall is away one can look, but not act."""
        self._away = away
        self._update_buttons_busy()

    def _update_buttons_busy(self) -> None:
        for card in self.cards:
            card.setEnabled(not self._away)
            card.set_busy(self._busy)
        keyed: list[AlarmActOrMoveResultCard | AlarmActionRow | NoHelpfulMoveCard] = [
            *self.act_cards,
            *self.rows,
            self.no_move,
        ]
        for one in keyed:
            one.set_busy(self._busy or self._away)

    def handle_shortcut_key(self, key: int) -> bool:
        """Take a key that nothing else wants: 1 and 2 choose a suggestion, Backspace puts the chosen one off. Return
        whether it was one of these."""
        shown = self.shown_suggestion_cards
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
        self._share_height_among_cards()

    def _share_height_among_cards(self) -> None:
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
            rest = [_board_action_of_suggestion(one) for one in text.suggestions[suggestions:MOST_CARDS]]
            rest += [act for act in text.acts if act not in in_cards]
            top = self._place_cards(cards, in_cards)
            if top + (look.px(ROW) if rest else 0) <= self.height():
                break
        self._place_alarm_rows(rest, top)
        self._update_buttons_busy()

    def _place_cards(self, cards: Sequence[SuggestionText], acts: Sequence[BoardAction]) -> int:
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
                top = self._place_card_return_bottom(card, top, look.px(CARD)) + gap
        self.no_move.setVisible(text.no_move is not None)
        if text.no_move is not None:
            self.no_move.set_text(text.no_move, MOST_TRIED if self.height() >= look.px(600) else 0)
            top = self._place_card_return_bottom(self.no_move, top, 0) + gap
        self.calm.setVisible(text.calm is not None)
        if text.calm is not None:
            self.calm.set_text(text.calm)
            top = self._place_card_return_bottom(self.calm, top, 0) + gap
        return self._place_act_cards(acts, top)

    def _place_act_cards(self, acts: Sequence[BoardAction], top: int) -> int:
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
            high = max(look.px(ACT_CARD), *(_height_for_width(card, wide) for card in row))
            for n, card in enumerate(row):
                card.setGeometry(n * (each + gap), top, wide, high)
            top += high + gap
        return top

    def _place_card_return_bottom(self, card: QWidget, top: int, least: int) -> int:
        """Place a card across the column; return where it ends."""
        card.setGeometry(0, top, self.width(), card.height())
        high = max(least, _height_for_width(card, self.width()))
        card.setGeometry(0, top, self.width(), high)
        return top + high

    def _place_alarm_rows(self, acts: Sequence[BoardAction], top: int) -> None:
        """Place as many rows as there is room for, one for the others; then what comes, and the source of the
        figures."""
        width, high = self.width(), self._look.px(ROW)
        n = max(0, (self.height() - top) // high)
        if n < len(acts):
            n = max(0, n - 1)
        self._set_row_count(len(acts[:n]))
        for row, act in zip(self.rows, acts[:n], strict=False):
            row.set_act(act)
            row.setGeometry(0, top, width, high)
            row.show()
            top += high
        shown = self.rows[: len(acts[:n])]
        # Rows below each other have letters of one size.
        px = next((px for px in ROW_SIZES if all(row.does_text_fit(px) for row in shown)), ROW_SIZES[1])
        for row in shown:
            row.set_font_px(px)
        self._hidden_acts = list(acts[n:])
        self.more.setVisible(bool(self._hidden_acts))
        if self._hidden_acts:
            self.more.setText(n_("{n} more", "{n} more", len(self._hidden_acts), context="alerts"))
            self.more.setGeometry(self._look.px(22), top, self.more.sizeHint().width(), high)
            top += high
        self._place_foot_and_forecast(top)

    def _place_foot_and_forecast(self, top: int) -> None:
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
            high = _height_for_width(self.soon, width)
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
            self.ribbon.setGeometry(0, top + gap, width, min(room, self.ribbon.greatest_useful_height()))

    def _set_row_count(self, count: int) -> None:
        while len(self.rows) < count:
            row = AlarmActionRow(self._look, self)
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
                panels.TextRun(_("{name}:", context="curve", name=name), 16, token="ink2"),
                panels.TextRun(DASH, 16, True, "edge", gap=10),
                panels.TextRun(_("as it is", context="curve"), 16, token="ink2", gap=5),
                panels.TextRun(DASH, 16, True, "primary", gap=12),
                panels.TextRun(_("with it", context="curve"), 16, True, "primary", gap=5),
            ]
        elif text.no_move is not None and text.no_move.curves is not None:
            runs = [panels.TextRun(name, 16, token="ink2")]
        room = self.width() - self._title.sizeHint().width() - self._look.gap(16)
        if panels.text_runs_width(self._look, runs) > room:
            runs = runs[1:]
        self._legend.set_runs(runs if panels.text_runs_width(self._look, runs) <= room else [])

    def _open_hidden_acts_dialog(self) -> None:
        dialog = AlarmsWithoutRoomDialog(self.window(), self._look, self._hidden_acts)
        dialog.pressed.connect(partial(self.pressed.emit))
        dialog.open_dialog()


def _height_for_width(widget: QWidget, width: int) -> int:
    layout = widget.layout()
    if layout is None:
        return widget.sizeHint().height()
    layout.activate()
    return layout.totalHeightForWidth(width) if layout.hasHeightForWidth() else layout.totalSizeHint().height()


def _board_action_of_suggestion(one: SuggestionText) -> BoardAction:
    return BoardAction(
        id=one.key,
        icon="info",
        token="primary",
        title=one.title,
        second=" ".join(part for part in (one.gain, one.line, one.bounds) if part),
        press=one.do,
        verb=TAKE,
        key=one.key,
    )
