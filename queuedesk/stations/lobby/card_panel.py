"""A contingency card that is open, on the board: its steps to tick, whose each is, who did it when; the way to its
end."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from queuedesk.core.setup.cards import CardRun
from queuedesk.core.setup.values import Setup
from queuedesk.i18n import _, n_, named, time_hm
from queuedesk.i18n.names import staff_name
from queuedesk.i18n.talk.talk_words import card_name, role_of_step
from queuedesk.stations.widgets.buttons import PaintedButton, SecondaryButton, TextButton
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.lists.tiles import paint_tick
from queuedesk.stations.widgets.paint import Painter, width_of, wrap
from queuedesk.stations.widgets.panels import Card, GroundArea, spread
from queuedesk.stations.window.style import Look

ROW, LINE, TICK, MOST_LINES = 50, 22, 26, 2


class StepRow(PaintedButton):
    """One step; pressing ticks it, or takes the tick back."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._words, self._second = "", ""
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setCheckable(True)

    def set_step(self, words: str, second: str, *, done: bool) -> None:
        """Show what is to be done, and below whose it is or who did it."""
        self._words, self._second = words, second
        self.setText(words)
        self.setChecked(done)
        self.setAccessibleName(f"{words}, {second}")
        self.setToolTip(f"{words}\n{second}")
        self.update()

    def nextCheckState(self) -> None:
        """Wait for the log: what is ticked is what stands there."""

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(300), self.heightForWidth(self.width()))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.px(160), self.look.px(ROW))

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height in which the whole step stands, what is said of it beside or below."""
        lines = len(self._lines(width))
        return self.look.px(ROW if lines < 2 else 8 + LINE * (lines + 1))

    def _room(self, width: int) -> float:
        return width - self.look.px(6 + TICK + 12 + 6)

    def _lines(self, width: int) -> list[str]:
        """Return the step in lines, of which there are two where it has no room in one."""
        # Bold, whether ticked or not: a press must not move the rows below.
        return wrap(self.look.font(17, bold=True), self._words, self._room(width), MOST_LINES)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look = Painter(self, self.look), self.look
        if self.underMouse():
            painter.box(QRectF(self.rect()), 8, "sunken")
        side, pad = look.px(TICK), look.px(6)
        paint_tick(painter, QRectF(pad, (self.height() - side) / 2, side, side), self.isChecked())
        left = pad + side + look.px(12)
        room = self._room(self.width())
        font, small = look.font(17, bold=not self.isChecked()), look.font(15)
        second = width_of(small, self._second)
        high = look.px(LINE)
        token = "ink2" if self.isChecked() else "ink"
        if width_of(font, self._words) + look.px(16) + second <= room:
            painter.words_in(self._words, font, token, QRectF(left, 0, room, self.height()))
            painter.words_in(
                self._second, small, "ink2", QRectF(left, 0, room, self.height()), Qt.AlignmentFlag.AlignRight
            )
            return
        lines = self._lines(self.width())
        top = (self.height() - (len(lines) + 1) * high) / 2
        for line in lines:
            painter.words_in(line, font, token, QRectF(left, top, room, high))
            top += high
        painter.words_in(self._second, small, "ink2", QRectF(left, top, room, high))


class CardPanel(Card):
    """`ticked` and `unticked` give the card's number in the log and the step's, from 1; `end_wanted` and `note_wanted`
    the card."""

    ticked = Signal(int, int)
    unticked = Signal(int, int)
    end_wanted = Signal(object)
    note_wanted = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, chosen=True, parent=parent)
        self._runs: tuple[CardRun, ...] = ()
        self._shown_seq = 0
        self._setup: Setup | None = None
        self._title = Label(look, px=24, bold=True)
        self._since = Label(look, px=16, token="ink2")
        self.other_button = TextButton(look, "", height=40, px=16)
        self.rows: list[StepRow] = []
        self.end_button = SecondaryButton(look, "", height=48, px=17)
        self.note_button = TextButton(look, "", icon="document", height=48, px=16)
        column = QVBoxLayout(self)
        spread(look, column, (20, 14, 20, 14), 6)
        head = QHBoxLayout()
        spread(look, head, spacing=12)
        head.addWidget(self._title)
        head.addWidget(self._since, 1)
        head.addWidget(self.other_button)
        self._list = QWidget()
        self._steps = QVBoxLayout(self._list)
        spread(look, self._steps, spacing=2)
        self._steps.addStretch(1)
        foot = QHBoxLayout()
        spread(look, foot, spacing=12)
        foot.addWidget(self.end_button)
        foot.addWidget(self.note_button)
        foot.addStretch(1)
        column.addLayout(head)
        column.addWidget(GroundArea(self._list), 1)
        column.addLayout(foot)
        self.other_button.clicked.connect(self._turn)
        self.end_button.clicked.connect(self._end)
        self.note_button.clicked.connect(self._note)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.hide()

    def sizeHint(self) -> QSize:
        rows = max(1, len(self.rows))
        return QSize(self.look.px(400), self.look.px(ROW + 2) * rows + self.look.px(140))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.px(240), self.look.px(ROW * 3 + 140))

    def run(self) -> CardRun | None:
        """Return the card that is shown."""
        return next((run for run in self._runs if run.seq == self._shown_seq), None)

    def set_runs(self, setup: Setup, runs: Sequence[CardRun]) -> None:
        """Show the newest of the open cards, or the one chosen before; nothing where none is open."""
        fresh = {run.seq for run in runs} - {run.seq for run in self._runs}
        self._setup, self._runs = setup, tuple(runs)
        if runs and (fresh or self.run() is None):
            self._shown_seq = runs[0].seq
        self._show()

    def set_may(self, may: bool) -> None:
        """Let steps be pressed, or only read while the hall's file is away."""
        for widget in (*self.rows, self.end_button, self.note_button):
            widget.setEnabled(may)

    def retranslate(self) -> None:
        self.end_button.setText(_("End it", context="card"))
        self.note_button.setText(_("Note as a page"))
        self._show()

    def _show(self) -> None:
        run, setup = self.run(), self._setup
        self.setVisible(run is not None)
        if run is None or setup is None:
            return
        self._title.setText(card_name(run))
        self._since.setText(_("since {time}", time=time_hm(setup.local(run.started))))
        others = len(self._runs) - 1
        self.other_button.setText(n_("{n} more card is open", "{n} more cards are open", others))
        self.other_button.setVisible(others > 0)
        self._make_rows(len(run.steps))
        for number, (row, step) in enumerate(zip(self.rows, run.steps, strict=True), start=1):
            done = run.tick(number)
            second = role_of_step(step.role)
            if done is not None:
                time, name = time_hm(setup.local(done.time)), staff_name(setup, done.by)
                second = _("{time} {staff}", time=time, staff=name)
            row.set_step(named(step.text, step.text_en), second, done=done is not None)

    def _make_rows(self, count: int) -> None:
        while len(self.rows) > count:
            gone = self.rows.pop()
            self._steps.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        while len(self.rows) < count:
            row = StepRow(self.look)
            row.clicked.connect(partial(self._press, len(self.rows) + 1))
            self._steps.insertWidget(len(self.rows), row)
            self.rows.append(row)
        self.updateGeometry()

    def _press(self, step: int) -> None:
        run = self.run()
        if run is not None:
            (self.ticked if run.tick(step) is None else self.unticked).emit(run.seq, step)

    def _turn(self) -> None:
        seqs = [run.seq for run in self._runs]
        self._shown_seq = seqs[(seqs.index(self._shown_seq) + 1) % len(seqs)]
        self._show()

    def _end(self) -> None:
        self.end_wanted.emit(self.run())

    def _note(self) -> None:
        self.note_wanted.emit(self.run())
