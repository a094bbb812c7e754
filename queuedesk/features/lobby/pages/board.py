"""The lobby board: the hall at the left, at the right what to do about it. The manager's station shows it too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from msgspec.structs import replace
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from queuedesk.core.setup.cards import CardRun
from queuedesk.core.setup.rows import Setup
from queuedesk.features.lobby.pages.advice_cards import SuggestionText
from queuedesk.features.lobby.pages.advice_column import AdviceColumn
from queuedesk.features.lobby.pages.board_buttons import CellText, ServiceBar, ServiceText, WindowCell
from queuedesk.features.lobby.pages.texts import NowText, tried_text
from queuedesk.i18n import _, n_, named, time_hm
from queuedesk.i18n.names import staff_name
from queuedesk.i18n.talk.talk_words import card_name, role_of_step
from queuedesk.stations.manager.today.alert_words import Place
from queuedesk.stations.widgets.buttons import PaintedButton, SecondaryButton, TextButton
from queuedesk.stations.widgets.labels import Label, Run, RunsLabel, runs_width
from queuedesk.stations.widgets.lists.tiles import paint_tick
from queuedesk.stations.widgets.paint import Painter, width_of, wrap
from queuedesk.stations.widgets.panels import Card, EvenGrid, GroundArea, discard, spread
from queuedesk.stations.window.style import Look

ROW, LINE, TICK, MOST_LINES = 50, 22, 26, 2


class StepRow(PaintedButton):
    """One step; pressing ticks it, or unticks it."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._words, self._second = "", ""
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setCheckable(True)

    def set_step(self, words: str, second: str, *, done: bool) -> None:
        """Show the step, and below it its role or who did it."""
        self._words, self._second = words, second
        self.setText(words)
        self.setChecked(done)
        self.setAccessibleName(f"{words}, {second}")
        self.setToolTip(f"{words}\n{second}")
        self.updateGeometry()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.updateGeometry()  # It is as high as its lines, and never higher than it says here.

    def nextCheckState(self) -> None:
        """Keep the state until the log has the tick."""

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(300), self.heightForWidth(self.width()))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.px(160), self.look.px(ROW))

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height that holds the whole step, with its remark beside or below."""
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
        """Return the card shown."""
        return next((run for run in self._runs if run.seq == self._shown_seq), None)

    def set_runs(self, setup: Setup, runs: Sequence[CardRun]) -> None:
        """Show the newest of the open cards, or the one chosen before; nothing if none is open."""
        fresh = {run.seq for run in runs} - {run.seq for run in self._runs}
        self._setup, self._runs = setup, tuple(runs)
        if runs and (fresh or self.run() is None):
            self._shown_seq = runs[0].seq
        self._show()

    def set_may(self, may: bool) -> None:
        """Allow pressing steps, or only reading while the hall's file is away."""
        for widget in (*self.rows, self.end_button, self.note_button):
            widget.setEnabled(may)

    def retranslate(self) -> None:
        self.end_button.setText(_("End it", context="card"))
        self.note_button.setText(_("Save note as a page"))
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


SHARES, NARROW_SHARES, NARROW = (62, 65), (400, 532), 1200
SMALLEST_SHARE, LARGEST_OF_LARGE, LARGE_TEXT = 0.5, 0.7, 1.4
MOST_UNDER_SERVICES = 9


class Board(QWidget):
    """`place_wanted` gives the place that was pressed. What is to be done stands in `advice`, which gives way to the
    contingency cards that are open."""

    place_wanted = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._title = Label(look, px=24, bold=True, elide=False)
        self._mark = Label(look, px=17, token="ink2", align=Qt.AlignmentFlag.AlignRight)
        self.count = RunsLabel(look)
        self._runs: tuple[Run, ...] = ()
        self.bars: dict[str, ServiceBar] = {}
        self.cells: dict[str, WindowCell] = {}
        self.windows = EvenGrid(look, gap=10, share_last=False)
        self.card = CardPanel(look)
        self.advice = AdviceColumn(look)
        self.advice.previewed.connect(self._preview)
        self.advice.ribbon.picked.connect(partial(self._pick, "ticket"))
        self._services: tuple[ServiceText, ...] = ()
        self._windows: dict[str, CellText] = {}
        self._tried: SuggestionText | None = None
        self._build()
        look.changed.connect(self._fit)

    def _build(self) -> None:
        look = self._look
        self._whole = whole = QVBoxLayout(self)
        spread(look, whole, (32, 16, 32, 16), 12)
        self._row = row = QHBoxLayout()
        spread(look, row, spacing=32)
        whole.addLayout(row, 1)
        self._left = left = QVBoxLayout()
        spread(look, left, spacing=10)
        head = QHBoxLayout()
        spread(look, head, spacing=16)
        head.addWidget(self._title)
        head.addWidget(self._mark, 1)
        self._list = QWidget()
        self._bars_column = QVBoxLayout(self._list)
        spread(look, self._bars_column, spacing=0)
        left.addLayout(head)
        left.addWidget(self.count)
        left.addWidget(GroundArea(self._list), 1)
        left.addWidget(self.windows)
        right = QVBoxLayout()
        spread(look, right, spacing=12)
        right.addWidget(self.card, 1)
        right.addWidget(self.advice, 1)
        row.addLayout(left, SHARES[0])
        row.addLayout(right, SHARES[1])

    def retranslate(self) -> None:
        self._title.setText(_("Now", context="board"))
        self.advice.retranslate()
        self.card.retranslate()

    # -- the hall ----------------------------------------------------------------------------------------------------

    def set_now(self, text: NowText) -> None:
        """Show how many wait."""
        self._runs = text.runs
        self._mark.setText(text.mark)
        self._fit_runs()

    def _fit_runs(self) -> None:
        """Make the line as large as its whole length allows: a number without its words says little.

        Large texts leave it less: the services below need the height.
        """
        most = LARGEST_OF_LARGE if self._look.scale.text >= LARGE_TEXT else 1.0
        room, whole = self._left_width(), runs_width(self._look, self._runs)
        share = max(SMALLEST_SHARE, min(most, 0.97 * room / whole)) if whole > 0 and room > 0 else most
        self.count.set_runs([replace(run, px=run.px * share, gap=run.gap * share) for run in self._runs])

    def _left_width(self) -> float:
        """Return the width of the left side, which its widgets have only once they are laid out."""
        look, (left, right) = self._look, self._shares()
        return (self.width() - 2 * look.gap(32) - look.gap(32)) * left / (left + right)

    def _shares(self) -> tuple[int, int]:
        return SHARES if self.width() >= self._look.px(NARROW) else NARROW_SHARES

    def set_services(self, texts: Sequence[ServiceText]) -> None:
        """Show a row for each service; rows are kept while the set-up has the same services."""
        if [text.code for text in texts] != list(self.bars):
            discard(self.bars.values(), self._bars_column)
            self.bars = {text.code: ServiceBar(self._look, text) for text in texts}
            for code, bar in self.bars.items():
                bar.clicked.connect(partial(self._pick, "service", code))
                self._bars_column.addWidget(bar)
        self._services = tuple(texts)
        self._fill_services()

    def _fill_services(self) -> None:
        later = self._tried.later if self._tried is not None else {}
        for text in self._services:
            tried = tried_text(text, *later[text.code]) if text.code in later else text
            self.bars[text.code].set_service(tried)

    def set_windows(self, texts: Mapping[str, CellText]) -> None:
        """Show a cell for each window; cells are kept while the set-up has the same windows."""
        if list(texts) != list(self.cells):
            discard(self.cells.values())
            self.cells = {code: WindowCell(self._look, text) for code, text in texts.items()}
            for code, cell in self.cells.items():
                cell.clicked.connect(partial(self._pick, "window", code))
            self.windows.set_widgets(list(self.cells.values()))
            self._place_windows()
        self._windows = dict(texts)
        self._fill_windows()

    def _fill_windows(self) -> None:
        tried = self._tried
        for code, text in self._windows.items():
            is_tried = tried is not None and tried.window == code and bool(tried.there)
            self.cells[code].set_window(
                replace(text, what=tried.there, is_tried=True) if tried is not None and is_tried else text
            )

    def _preview(self, key: str) -> None:
        """Show the hall as it would be with a suggestion, while its button is held; as it is with ""."""
        shown = [card.text_shown for card in self.advice.suggestions]
        self._tried = next((one for one in shown if one.key == key), None) if key else None
        self._fill_services()
        self._fill_windows()

    def _place_windows(self) -> None:
        """Let many windows stand in one line each across the whole foot: under the services they would leave those no
        room."""
        are_many = len(self.cells) > MOST_UNDER_SERVICES
        for cell in self.cells.values():
            cell.set_flat(are_many)
        for layout in (self._left, self._whole):
            layout.removeWidget(self.windows)
        (self._whole if are_many else self._left).addWidget(self.windows)
        self.windows.relook()

    def _pick(self, what: str, code: str) -> None:
        place = {"service": "", "window": "", "ticket": "", what: code}
        self.place_wanted.emit(Place("tickets", place["service"], place["window"], place["ticket"]))

    # -- what to do --------------------------------------------------------------------------------------------------

    def show_open_card(self, setup: Setup, runs: Sequence[CardRun]) -> None:
        """Show the open contingency cards; meanwhile nothing else is suggested."""
        self.card.set_runs(setup, runs)
        self.advice.setVisible(self.card.isHidden())

    def _fit(self) -> None:
        is_large = self._look.scale.text >= LARGE_TEXT
        self._title.setVisible(not is_large)
        self._mark.setVisible(not is_large)
        for n, share in enumerate(self._shares()):
            self._row.setStretch(n, share)
        self._fit_runs()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
