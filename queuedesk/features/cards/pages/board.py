"""The contingency cards that are open on the lobby board, and the questions which to open and how one ended."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from queuedesk.core.setup.rows import Setup
from queuedesk.core.setup.sentences import CardRun
from queuedesk.features.cards.pages.line import ContingencyCardController
from queuedesk.features.cards.verbs import LONGEST_NOTE, open_cards_newest_first
from queuedesk.features.cards.words import card_name, step_role_text
from queuedesk.i18n import _, n_, name_in_language, time_hm
from queuedesk.i18n.names import staff_name
from queuedesk.stations.acts.feature_lines import FeatureBoardPanel
from queuedesk.stations.manager.parts.inputs import TextArea
from queuedesk.stations.widgets import buttons, paint, panels
from queuedesk.stations.widgets.lists.tiles import paint_check_box
from queuedesk.stations.widgets.questions.dialogs import ChoiceButtonsDialog, Dialog, DialogChoice
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.style import Look

# -- the open cards ----------------------------------------------------------------------------------------------------

ROW, LINE, TICK, MOST_LINES = 50, 22, 26, 2


class StepRow(buttons.PaintedButton):
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
        lines = len(self._wrapped_step_lines(width))
        return self.look.px(ROW if lines < 2 else 8 + LINE * (lines + 1))

    def _text_room(self, width: int) -> float:
        return width - self.look.px(6 + TICK + 12 + 6)

    def _wrapped_step_lines(self, width: int) -> list[str]:
        """Return the step in lines, of which there are two where it has no room in one."""
        # Bold, whether ticked or not: a press must not move the rows below.
        return paint.wrapped_lines(self.look.font(17, bold=True), self._words, self._text_room(width), MOST_LINES)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look = paint.Painter(self, self.look), self.look
        if self.underMouse():
            painter.draw_box(QRectF(self.rect()), 8, "sunken")
        side, pad = look.px(TICK), look.px(6)
        paint_check_box(painter, QRectF(pad, (self.height() - side) / 2, side, side), self.isChecked())
        left = pad + side + look.px(12)
        room = self._text_room(self.width())
        font, small = look.font(17, bold=not self.isChecked()), look.font(15)
        second = paint.width_of_text(small, self._second)
        high = look.px(LINE)
        token = "ink2" if self.isChecked() else "ink"
        if paint.width_of_text(font, self._words) + look.px(16) + second <= room:
            painter.draw_words_and_give_end_x(self._words, font, token, QRectF(left, 0, room, self.height()))
            painter.draw_words_and_give_end_x(
                self._second, small, "ink2", QRectF(left, 0, room, self.height()), Qt.AlignmentFlag.AlignRight
            )
            return
        lines = self._wrapped_step_lines(self.width())
        top = (self.height() - (len(lines) + 1) * high) / 2
        for line in lines:
            painter.draw_words_and_give_end_x(line, font, token, QRectF(left, top, room, high))
            top += high
        painter.draw_words_and_give_end_x(self._second, small, "ink2", QRectF(left, top, room, high))


class CardPanel(panels.Card):
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
        self._title = panels.Label(look, px=24, bold=True)
        self._since = panels.Label(look, px=16, token="ink2")
        self.other_button = buttons.TextButton(look, "", height=40, px=16)
        self.rows: list[StepRow] = []
        self.end_button = buttons.SecondaryButton(look, _("End it", context="card"), height=48, px=17)
        self.note_button = buttons.TextButton(look, _("Save note as a page"), icon="document", height=48, px=16)
        column = QVBoxLayout(self)
        panels.set_scaled_margins(look, column, (20, 14, 20, 14), 6)
        head = QHBoxLayout()
        panels.set_scaled_margins(look, head, spacing=12)
        head.addWidget(self._title)
        head.addWidget(self._since, 1)
        head.addWidget(self.other_button)
        self._list = QWidget()
        self._steps = QVBoxLayout(self._list)
        panels.set_scaled_margins(look, self._steps, spacing=2)
        self._steps.addStretch(1)
        foot = QHBoxLayout()
        panels.set_scaled_margins(look, foot, spacing=12)
        foot.addWidget(self.end_button)
        foot.addWidget(self.note_button)
        foot.addStretch(1)
        column.addLayout(head)
        column.addWidget(panels.VerticalScrollArea(self._list), 1)
        column.addLayout(foot)
        self.other_button.clicked.connect(self._show_next_open_card)
        self.end_button.clicked.connect(self._request_card_end)
        self.note_button.clicked.connect(self._request_card_note)
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

    def set_open_cards(self, setup: Setup, runs: Sequence[CardRun]) -> None:
        """Show the newest of the open cards, or the one chosen before; nothing if none is open."""
        fresh = {run.seq for run in runs} - {run.seq for run in self._runs}
        self._setup, self._runs = setup, tuple(runs)
        if runs and (fresh or self.run() is None):
            self._shown_seq = runs[0].seq
        self._show_open_card()

    def set_pressing_allowed(self, may: bool) -> None:
        """Allow pressing steps, or only reading while the hall's file is away."""
        for widget in (*self.rows, self.end_button, self.note_button):
            widget.setEnabled(may)

    def _show_open_card(self) -> None:
        run, setup = self.run(), self._setup
        self.setVisible(run is not None)
        if run is None or setup is None:
            return
        self._title.setText(card_name(run))
        self._since.setText(_("since {time}", time=time_hm(setup.to_hall_time(run.started))))
        others = len(self._runs) - 1
        self.other_button.setText(n_("{n} more card is open", "{n} more cards are open", others))
        self.other_button.setVisible(others > 0)
        self._set_row_count(len(run.steps))
        for number, (row, step) in enumerate(zip(self.rows, run.steps, strict=True), start=1):
            done = run.tick_of_step(number)
            second = step_role_text(step.role)
            if done is not None:
                time, name = time_hm(setup.to_hall_time(done.time)), staff_name(setup, done.by)
                second = _("{time} {staff}", time=time, staff=name)
            row.set_step(name_in_language(step.text, step.text_en), second, done=done is not None)

    def _set_row_count(self, count: int) -> None:
        while len(self.rows) > count:
            gone = self.rows.pop()
            self._steps.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        while len(self.rows) < count:
            row = StepRow(self.look)
            row.clicked.connect(partial(self._emit_tick_or_untick, len(self.rows) + 1))
            self._steps.insertWidget(len(self.rows), row)
            self.rows.append(row)
        self.updateGeometry()

    def _emit_tick_or_untick(self, step: int) -> None:
        run = self.run()
        if run is not None:
            (self.ticked if run.tick_of_step(step) is None else self.unticked).emit(run.seq, step)

    def _show_next_open_card(self) -> None:
        seqs = [run.seq for run in self._runs]
        self._shown_seq = seqs[(seqs.index(self._shown_seq) + 1) % len(seqs)]
        self._show_open_card()

    def _request_card_end(self) -> None:
        self.end_wanted.emit(self.run())

    def _request_card_note(self) -> None:
        self.note_wanted.emit(self.run())


# -- questions ---------------------------------------------------------------------------------------------------------

NOTE_OF = "note:"
MOST_ENDED = 3


def make_card_choice_dialog(host: QWidget, look: Look, setup: Setup, runs: Sequence[CardRun]) -> ChoiceButtonsDialog:
    """Return the question which card to open; below are today's finished ones, for their notes: picked as "note:N"."""
    opened = {run.card: run for run in runs if run.is_open}
    answers = []
    for card in setup.cards.values():
        run = opened.get(card.code)
        second = n_("{n} step", "{n} steps", len(card.steps))
        if run is not None:
            second = _("open since {time}", time=time_hm(setup.to_hall_time(run.started)))
        answers.append(DialogChoice(card.code, name_in_language(card.name, card.name_en), second, open=run is None))
    over = sorted((run for run in runs if not run.is_open), key=lambda run: -run.seq)[:MOST_ENDED]
    for run in over:
        at = time_hm(setup.to_hall_time(run.started))
        answers.append(
            DialogChoice(f"{NOTE_OF}{run.seq}", _("Note: {card}", card=card_name(run)), _("of {time}", time=at))
        )
    return ChoiceButtonsDialog(
        host,
        look,
        title=_("What has happened?"),
        effect=_("Every station shows the card's next step until somebody ends it."),
        answers=answers,
        no=_("Nothing", context="card"),
    )


class EndCardDialog(Dialog):
    """`done` gives what was written down, "" for nothing."""

    done = Signal(str)

    def __init__(self, host: QWidget, look: Look, run: CardRun) -> None:
        left = len(run.steps) - len(run.ticks)
        effect = (
            n_("{n} step is not ticked.", "{n} steps are not ticked.", left) if left else _("All steps are ticked.")
        )
        super().__init__(host, look, title=_("End {card}?", card=card_name(run)), effect=effect, width=680)
        self.body.addWidget(panels.Label(self.look, _("What happened, and what to do better"), px=17, bold=True))
        self.note = TextArea(self.look, 4)
        panels.FixedFontSizeKeeper(self.look, self.note, 17)
        self.note.setAccessibleName(_("What happened, and what to do better"))
        self.note.typed.connect(self._enable_end_if_note_fits)
        self.body.addWidget(self.note)
        self.body.addWidget(panels.Label(self.look, _("Printed on the note; optional."), px=15, token="ink2"))
        self.add_answer_buttons(_("Leave it open"), _("End it", context="card"), self._close_and_emit_note)

    def first_focus_widget(self) -> QWidget:
        return self.note

    def _enable_end_if_note_fits(self, text: str) -> None:
        if len(text.strip()) > LONGEST_NOTE:
            self.yes_button.disable_with_reason(_("At most {n} characters", n=LONGEST_NOTE))
        else:
            self.yes_button.enable_with_label(_("End it", context="card"))

    def _close_and_emit_note(self) -> None:
        self.close_dialog()
        self.done.emit(self.note.text().strip())


# -- what is pressed ---------------------------------------------------------------------------------------------------

CROWD = "crowd"
"""The card for a line that is too long."""


class CardsBoardPanel(FeatureBoardPanel):
    """Opens, ticks and ends cards."""

    panel: CardPanel

    def __init__(self, page: QWidget, context: StationContext) -> None:
        super().__init__(page, context, CardPanel(context.look))
        self._page = page
        self._controller = controller = ContingencyCardController(context, self)
        controller.said.connect(self.said)
        self.panel.ticked.connect(controller.tick_step)
        self.panel.unticked.connect(controller.untick_step)
        self.panel.end_wanted.connect(self.ask_to_end_card)
        self.panel.note_wanted.connect(controller.save_card_note_pdf)

    @property
    def is_feature_key_enabled(self) -> bool:
        return bool(self.context.feed.setup.cards)

    def refresh(self) -> None:
        feed = self.context.feed
        runs = open_cards_newest_first(feed.state.card_runs.values()) if feed.setup.has_feature("cards") else []
        self.panel.set_open_cards(feed.setup, runs)
        self.panel.set_pressing_allowed(feed.away_since is None)

    def act_on_feature_key(self) -> None:
        """Ask what has happened."""
        feed = self.context.feed
        runs = [run for run in feed.state.card_runs.values() if run.date == feed.business_date or run.is_open]
        dialog = make_card_choice_dialog(self._page, self.context.look, feed.setup, runs)
        dialog.picked.connect(self._start_card_or_save_note_pdf)
        dialog.open_dialog()

    def help_with_long_line(self) -> None:
        """Open the card for a crowd; where the hall has none, ask which."""
        if CROWD in self.context.feed.setup.cards:
            self._controller.start_card(CROWD)
        else:
            self.act_on_feature_key()

    def _start_card_or_save_note_pdf(self, picked: str) -> None:
        if not picked.startswith(NOTE_OF):
            self._controller.start_card(picked)
        elif (run := self.context.feed.state.card_runs.get(int(picked.removeprefix(NOTE_OF)))) is not None:
            self._controller.save_card_note_pdf(run)

    def ask_to_end_card(self, run: CardRun) -> None:
        """Ask what happened; the card ends with the answer."""
        dialog = EndCardDialog(self._page, self.context.look, run)
        dialog.done.connect(partial(self._controller.end_card, run.seq))
        dialog.open_dialog()
