"""The counter's page: the stage with the number, the one primary and the acts beside it, and the head and the rail."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QVBoxLayout, QWidget

from queuedesk.core.queue.ticket import State, Ticket, TicketId, handling_s
from queuedesk.core.setup.rows import Setup
from queuedesk.core.talk.number_block import Block, WindowWords
from queuedesk.i18n import _, m_ss, minutes_text, n_, named, names, window_state
from queuedesk.stations.acts.own_cases import OwnCasesCard
from queuedesk.stations.counter import words
from queuedesk.stations.counter.scene import (
    KEYS,
    Act,
    ClerksDay,
    GoneOn,
    Heard,
    Kind,
    Scene,
    beside,
    possible,
    primary,
    target_minutes,
    usual_minutes,
)
from queuedesk.stations.widgets.buttons import (
    Button,
    ButtonRow,
    ClassPill,
    IconButton,
    Pill,
    PrimaryButton,
    SecondaryButton,
    StatePill,
)
from queuedesk.stations.widgets.cards import NextCard, NextText
from queuedesk.stations.widgets.lists.lists import TicketList
from queuedesk.stations.widgets.lists.strips import Banner, StackedRow
from queuedesk.stations.widgets.number_block import NumberBlock
from queuedesk.stations.widgets.paint import ProgressBar, fit_px, width_of
from queuedesk.stations.widgets.panels import (
    EmptyState,
    FixedSize,
    GroundArea,
    HeroLabel,
    Label,
    Panel,
    RunsLabel,
    TextRun,
    spread,
)
from queuedesk.stations.widgets.topbar import TopBar, TopItem, items_width, room_for_items
from queuedesk.stations.window.style import XL, XXXL, L, Look, M, S

# -- what else the visit needs -------------------------------------------------------------------------------------

SHOWN = 3


class StepsLine(QWidget):
    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._first, self._last = Label(look, px=18, token="ink2"), Label(look, px=18, token="ink2")
        self._pills = [Pill(look, "", px=16, height=30) for _n in range(SHOWN)]
        line = QHBoxLayout(self)
        spread(look, line, spacing=9)
        for part in (self._first, *self._pills, self._last):
            line.addWidget(part)
        line.addStretch(1)

    def show_steps(self, scene: Scene, ticket: Ticket) -> None:
        self._first.setText(_("Also needs"))
        for place, pill in enumerate(self._pills):
            pill.setVisible(place < len(ticket.steps))
            if place < len(ticket.steps):
                code = ticket.steps[place]
                service = scene.setup.services.get(code)
                letter = service.prefix if service else code
                pill.setText(f"{letter} {names.service_name(scene.setup, code)}")
        more = len(ticket.steps) - len(self._pills)
        after = _("joins that line by itself after Finish")
        self._last.setText(n_("and {n} more", "and {n} more", more) if more > 0 else after)


CALLED_PX, QUIET_PX, SENTENCE_PX = 204, 154, 88
TIGHT_PX = 560  # under this height the stage gives up what is not needed for the work
LEAVE_FIRST = (Act.REDIRECT, Act.TRANSFER, Act.SERVE, Act.REOPEN, Act.PARK)
RIGHT = Qt.AlignmentFlag.AlignRight


class Sentence(HeroLabel):
    """A few big words in place of a number, with room for descenders."""

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        return QSize(hint.width(), round(hint.height() * 1.25))

    def minimumSizeHint(self) -> QSize:
        # Beside a long refusal it gives up size rather than push the primary away.
        return QSize(super().minimumSizeHint().width(), round(self.sizeHint().height() * 0.6))


class Stage(Panel):
    """The current state of the window. `acted`: the act pressed; `more`: all acts; `sounds`: this PC can be heard."""

    acted = Signal(str)
    more = Signal()

    def __init__(
        self, look: Look, parent: QWidget | None = None, *, sounds: Callable[[], bool | None] = lambda: False
    ) -> None:
        super().__init__(look, parent=parent)
        self._sounds = sounds
        self._act: Act | None = None
        self._scene: Scene | None = None
        self._done = ""
        self._nudging = self._has_bar = False
        self._away = False
        self._head(look)
        self._middle(look)
        self.banner = Banner(look, height=48)
        self.banner.hide()
        self.primary = PrimaryButton(look, height=112)
        self.primary.clicked.connect(self._press_primary)
        self.row = ButtonRow(look)
        # What finds no room in the row is under ⋯; the row itself must not widen the stage.
        self.row.setMinimumWidth(1)
        self.buttons: dict[Act, SecondaryButton] = {}
        self.more_button = IconButton(look, "more", "", side=64, framed=True)
        self.more_button.clicked.connect(self.more)
        column = QVBoxLayout(self)
        spread(look, column, (48, 32, 48, 32), 0)
        column.addWidget(self._top)
        column.addStretch(1)
        column.addWidget(self._block)
        column.addStretch(1)
        column.addWidget(self.banner)
        foot = QVBoxLayout()
        spread(look, foot, (0, 14, 0, 0), 14)
        foot.addWidget(self.primary)
        foot.addWidget(self.row)
        column.addLayout(foot)
        look.changed.connect(self._fit)
        self._fit()

    def _head(self, look: Look) -> None:
        self._top = QWidget()
        self.pill = StatePill(look, "idle", "", px=18, height=35)
        self.status = Label(look, px=L, token="ink2", wrap=True)
        line = QHBoxLayout(self._top)
        spread(look, line, spacing=12)
        line.addWidget(self.pill)
        line.addWidget(self.status, 1, Qt.AlignmentFlag.AlignVCenter)

    def _middle(self, look: Look) -> None:
        self._block = QWidget()
        self.caption = Label(look, px=XL, token="ink2")
        self.hero = NumberBlock(look, px=CALLED_PX)
        self.sentence = Sentence(look, px=SENTENCE_PX)
        self.class_pill = ClassPill(look, "", px=L)
        self.timer = Label(look, px=XXXL, bold=True, tabular=True, align=RIGHT, elide=False)
        self.timer_note = Label(look, px=M, token="ink2", align=RIGHT, elide=False)
        self._clock = QWidget()
        times = QVBoxLayout(self._clock)
        spread(look, times, (0, 0, 0, 8), 0)
        times.addStretch(1)
        times.addWidget(self.timer)
        times.addWidget(self.timer_note)
        self.bar = ProgressBar(look)
        self.service = Label(look, px=XL, bold=True)
        self.facts = RunsLabel(look)
        self.note = Label(look, px=L, bold=True, token="primary", wrap=True)
        self.steps = StepsLine(look)
        number = QHBoxLayout()
        spread(look, number, spacing=26)
        number.addWidget(self.hero)
        number.addStretch(1)
        number.addWidget(self._clock)
        column = QVBoxLayout(self._block)
        spread(look, column, spacing=6)
        column.addWidget(self.caption)
        column.addLayout(number)
        column.addWidget(self.sentence)
        self._air = QWidget()
        FixedSize(look, self._air, height=14)
        column.addWidget(self._air)
        column.addWidget(self.bar)
        what = QHBoxLayout()
        spread(look, what, spacing=12)
        what.addWidget(self.service)
        what.addWidget(self.class_pill)
        what.addStretch(1)
        column.addLayout(what)
        column.addWidget(self.facts)
        column.addWidget(self.steps)
        column.addWidget(self.note)

    # -- what is shown -------------------------------------------------------------------------------------------

    def show_scene(self, scene: Scene, heard: Heard, done: str = "") -> None:
        """Show the window as it stands; `done` says what was delivered to the customer so far."""
        self._done = done
        self._scene = scene
        status = words.status_of(scene, heard)
        if (self.pill.state, self.pill.text()) != (status.state, status.word):
            self.pill.set_state(status.state, status.word)
        self.status.setText(status.beside)
        self.status.set_token(status.token)
        self._show_middle(scene)
        self._show_primary(scene)
        self._show_row(scene)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._scene is not None:
            self._show_row(self._scene)
        self._fit()

    def _fit(self) -> None:
        """With large text in a low window give up air, then the usual minutes, then the grey line at a refusal."""
        look = self.look
        self.timer.set_px(XXXL * look.wide(1000) / look.px(1000))
        self._fit_status()
        tight = self.height() < look.px(TIGHT_PX)
        scene = self._scene
        if scene is None:
            return
        serving = scene.kind is Kind.SERVING
        self._air.setVisible(scene.ticket is not None and not tight)
        self.timer_note.setVisible(bool(self.timer_note.text()) and not (tight and serving))
        crowded = tight and not self.banner.isHidden()
        steps = scene.ticket is not None and bool(scene.ticket.steps)
        self.caption.setVisible(bool(self.caption.text()) and not crowded)
        self.steps.setVisible(steps and not crowded)
        noted = scene.ticket is not None and bool(self.note.text())
        self.note.set_px(S if tight else L)
        self.bar.setVisible(self._has_bar and not (tight and noted))
        self.facts.setVisible(not steps and not crowded and not (tight and noted))

    def _fit_status(self) -> None:
        """Let what stands beside the pill be read whole: smaller first, then in a second line."""
        look = self.look
        room = self.width() - 2 * look.gap(48) - self.pill.sizeHint().width() - look.gap(12)
        self.status.set_px(fit_px(self.status.text(), max(1, room), look.px(L), least=look.px(S)) / look.scale.k)

    def _show_middle(self, scene: Scene) -> None:
        match scene.kind:
            case Kind.CALLED | Kind.SERVING if scene.ticket is not None:
                self._show_customer(scene, scene.ticket)
            case Kind.PAUSED:
                self._show_pause(scene)
            case _ if scene.next is not None:
                self._show_next(scene, scene.next)
            case _:
                self._parts(sentence=_("Nobody is waiting"))
                sounds = self._sounds()
                heard, seen = _("A sound tells you of the next ticket"), _("The next ticket appears here")
                self.service.setText(heard if sounds else seen)
                silent = _("This computer makes no sound") if sounds is False else ""
                self._tell(_("No need to watch the screen") if sounds else silent)

    def _show_customer(self, scene: Scene, ticket: Ticket) -> None:
        serving = scene.kind is Kind.SERVING
        self._parts(
            hero=ticket.label,
            window=names.window_words(scene.setup, scene.window.code),
            px=QUIET_PX if serving else CALLED_PX,
            klass=names.ticket_marks(scene.setup, ticket),
            clock=True,
            bar=serving and target_minutes(scene, ticket) is not None,
        )
        self.service.setText(words.service_line(scene.setup, ticket))
        self._show_note(ticket)
        done = [TextRun(f" · {self._done}", L, True, token="primary")] if self._done else []
        self.facts.set_runs([*words.facts_of(scene, ticket, px=L), *done])
        self.steps.show_steps(scene, ticket)
        if not serving:
            self._time(words.way_seconds(scene, ticket), _("on the way"))
            return
        usual = usual_minutes(scene, ticket)
        self._time(handling_s(ticket, scene.now), _("usually {minutes} min", minutes=usual) if usual else "")
        target = target_minutes(scene, ticket)
        if target:
            share = handling_s(ticket, scene.now) / (target * 60)
            self.bar.set_progress(share, _("target {minutes}", minutes=minutes_text(target)), late=share > 1)
            self.timer.set_token("red" if share > 1 else "ink")

    def _show_next(self, scene: Scene, ticket: Ticket) -> None:
        self._parts(
            hero=ticket.label,
            px=QUIET_PX,
            token="ink2",
            caption=_("Next", context="customer"),
            klass=names.ticket_marks(scene.setup, ticket),
        )
        self.service.setText(words.service_line(scene.setup, ticket))
        self._show_note(ticket)
        if not self.note.text():
            self.note.setText(words.language_line(scene))
            self.note.setVisible(bool(self.note.text()))
        promise, token = words.promise_of(scene, ticket)
        told = [TextRun(f" · {promise}", L, token == "red", token=token)] if promise else []
        self.facts.set_runs([*words.facts_of(scene, ticket, px=L), *told])

    def _show_note(self, ticket: Ticket) -> None:
        """Show what the clerk before wrote, also before the call."""
        self.note.setText(words.note_line(ticket))
        self.note.setVisible(bool(self.note.text()))

    def _show_pause(self, scene: Scene) -> None:
        back, late, cover = words.pause_lines(scene)
        since = scene.window.since
        gone = m_ss((scene.now - since).total_seconds() if since else 0)
        self._parts(sentence=gone, caption=_("Paused for"))
        self.service.setText(back)
        self.service.set_token("red" if late else "ink")
        self._tell(cover)

    def _parts(
        self,
        *,
        hero: str = "",
        window: WindowWords | None = None,
        sentence: str = "",
        px: float = QUIET_PX,
        token: str = "ink",
        caption: str = "",
        klass: str = "",
        clock: bool = False,
        bar: bool = False,
    ) -> None:
        self.caption.setText(caption)
        self.caption.setVisible(bool(caption))
        self.hero.set_px(px)
        self.hero.set_token(token)
        self.hero.set_block(Block(hero, window))
        self.hero.setVisible(bool(hero))
        self.sentence.setText(sentence)
        self.sentence.setVisible(bool(sentence))
        self.class_pill.setText(klass)
        self.class_pill.setVisible(bool(klass))
        self.note.setText("")
        self.note.setVisible(False)
        self._clock.setVisible(clock)
        self._has_bar = bar
        self.bar.setVisible(bar)
        self.service.set_token("ink")
        self.timer.set_token("ink")

    def _tell(self, line: str) -> None:
        self.facts.set_runs([TextRun(line, L, token="ink2")])

    def _time(self, seconds: float, note: str) -> None:
        self.timer.setText(m_ss(seconds))
        self.timer_note.setText(note)

    # -- the buttons ---------------------------------------------------------------------------------------------

    def _show_primary(self, scene: Scene) -> None:
        self._act = primary(scene)
        if self._act is None:
            self.primary.block(_("Nobody to call now"))
            return
        word = words.act_word(self._act, scene)
        self.primary.set_key(_("Space"))
        if self._away:
            self.primary.block(word)
        elif self.primary.text() != word or not self.primary.isEnabled():
            self.primary.allow(word)

    def _show_row(self, scene: Scene) -> None:
        acts = beside(scene)
        for act in acts:
            button = self._button(act)
            self._dress(button, act, scene)
            able = not self._away and (act is not Act.CALL_CHOSEN or bool(scene.order))
            button.setEnabled(able)
        shown: list[Button] = [self.buttons[act] for act in self._that_fit(acts)]
        if [b for b in self.row.findChildren(Button) if not b.isHidden()] != [*shown, self.more_button]:
            self.row.set_buttons([*shown, self.more_button])
        self.more_button.setEnabled(not self._away)
        self.more_button.setAccessibleName(_("Everything you can do now"))
        self.more_button.setToolTip(_("Everything you can do now"))

    def _that_fit(self, acts: list[Act]) -> list[Act]:
        room = self.width() - 2 * self.look.px(48) - self.look.px(64)
        fitting = list(acts)
        for act in LEAVE_FIRST:
            widths = [self.buttons[one].minimumSizeHint().width() + self.look.px(12 + 4) for one in fitting]
            if sum(widths) > room and act in fitting:
                fitting.remove(act)
        return fitting

    def _button(self, act: Act) -> SecondaryButton:
        if act not in self.buttons:
            button = SecondaryButton(self.look, icon=words.ICONS[act], key=KEYS.get(act, ""), height=64)
            button.setObjectName(act)
            button.clicked.connect(self._press_beside)
            self.buttons[act] = button
        return self.buttons[act]

    def _dress(self, button: SecondaryButton, act: Act, scene: Scene) -> None:
        word = words.act_word(act, scene)
        if act is Act.CLOSE and width_of(self.look.font(M, bold=True), word) > self.width() / 2:
            word = _("Close window")
        if button.text() != word:
            button.setText(word)
        if act is Act.RECALL and scene.ticket is not None:
            gap_over = words.way_seconds(scene, scene.ticket) >= scene.setup.number("call_gap_s")
            last = scene.calls_left == 0
            hint = _("the next call marks it as missed") if last else _("not here yet: call again") if gap_over else ""
            button.ink, button.edge = ("primary", "primary") if gap_over and not last else ("ink", "edge")
            button.set_second(hint)

    def set_away(self, away: bool) -> None:
        self._away = away

    def set_busy(self, busy: bool) -> None:
        for button in (self.primary, *self.buttons.values()):
            button.set_busy(busy)

    def refuse(self, sentence: str) -> None:
        self._say("red", sentence)

    def warn(self, sentence: str) -> None:
        self._say("amber", sentence)

    def tell(self, sentence: str) -> None:
        self._say("blue", sentence, icon="info")

    def tell_gone_on(self, gone: GoneOn) -> None:
        """Say where the customer goes who was finished as the next one was called; of a free window the status does."""
        if self._scene is not None and not self._scene.is_free:
            self.tell(words.gone_on_line(self._scene.setup, gone))

    def nudge(self, sentence: str) -> None:
        """Show who waits for the free window, if nothing else is shown; "" when nobody does any more."""
        if not sentence:
            if self._nudging:
                self.quiet()
        elif self._nudging or self.banner.isHidden():
            if not self._nudging or self.banner.title() != sentence:
                self._say("amber", sentence, icon="hourglass")
            self._nudging = True

    def quiet(self) -> None:
        self._nudging = False
        self.banner.hide()
        self._fit()

    def forget_unanswered(self) -> None:
        if self.banner.title() == words.unanswered_line():
            self.quiet()

    def _say(self, kind: str, sentence: str, *, icon: str = "") -> None:
        self._nudging = False
        self.banner.set_banner(kind, sentence, icon=icon)
        self.banner.show()
        self._fit()

    def _press_primary(self) -> None:
        if self._act is not None:
            self.acted.emit(self._act)

    def _press_beside(self) -> None:
        self.acted.emit(self.sender().objectName())

    def stops(self) -> list[QWidget]:
        """Return the widgets that Tab visits, in order: the primary first."""
        return [
            self.primary,
            *(self.buttons[act] for act in self.buttons if self.buttons[act].isVisible()),
            self.more_button,
        ]


# -- the head ------------------------------------------------------------------------------------------------------


class Head(TopBar):
    """The counter's top bar. Without a scene it shows the station and the hall; `has_small`: the window can shrink."""

    def __init__(self, look: Look, parent: QWidget | None = None, *, has_small: bool = False) -> None:
        super().__init__(look, height=60, parent=parent)
        self._has_small = has_small
        self._scene: Scene | None = None
        self._day = ClerksDay()
        self._items: list[TopItem] = []
        self.pause_button = SecondaryButton(look, key="F10", height=40, px=16)
        self.small_button = SecondaryButton(look, key="F12", height=40, px=16)
        for button in (self.pause_button, self.small_button):
            self.add_button(button)
        look.changed.connect(self._fill)

    def show_place(self, scene: Scene | None, setup: Setup) -> None:
        self._scene = scene
        self.pause_button.setVisible(scene is not None)
        self.small_button.setVisible(scene is not None and self._has_small)
        if scene is not None:
            self.set_sign(scene.window.code)
            self.set_place(names.window_name(scene.window.code), words.lent_words(scene))
            return
        self.set_sign("")
        self.set_place(_("Counter", context="station"), named(setup.hall.name, setup.hall.name_en))
        self.set_pill("", "")
        self._set_items([])

    def show_scene(self, scene: Scene, day: ClerksDay, *, away: bool) -> None:
        if self._scene is None or self._scene.window.extra != scene.window.extra:
            self.set_place(names.window_name(scene.window.code), words.lent_words(scene))
        self._scene, self._day = scene, day
        state = str(scene.window.state)
        self.set_pill(state, window_state(state))
        act = Act.RESUME if scene.kind is Kind.PAUSED else Act.PAUSE
        self.pause_button.set_icon(words.ICONS[act])
        self.pause_button.setText(_("Resume") if act is Act.RESUME else words.act_word(act, scene))
        self.pause_button.setEnabled(not away and act in possible(scene))
        self.small_button.setText(_("Small bar"))
        self._fill()

    def _fill(self) -> None:
        """Show the clerk's full name and as much of the day as fits; the bar's button is dropped before the name."""
        scene = self._scene
        if scene is None:
            return
        who = TopItem(runs=words.who_runs(scene), rule=True)
        room = room_for_items(self)
        if not self.small_button.isHidden():
            room += self._small_width()
        has_small = self._has_small and items_width(self, [who]) + self._small_width() <= room
        # Asked only where it changes: showing a button lays the whole bar out anew.
        if has_small == self.small_button.isHidden():
            self.small_button.setVisible(has_small)
        room -= self._small_width() if has_small else 0
        forms = [[TopItem(runs=runs), who] if runs else [who] for runs in words.day_forms(self._day)]
        self._set_items(next((items for items in forms if items_width(self, items) <= room), forms[-1]))

    def _small_width(self) -> int:
        layout = self.layout()
        return self.small_button.sizeHint().width() + (layout.spacing() if layout is not None else 0)

    def _set_items(self, items: list[TopItem]) -> None:
        if items != self._items:
            self._items = items
            self.set_items(items)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fill()


# -- the rail ------------------------------------------------------------------------------------------------------

RAIL_WIDTH, RAIL_SHARE, ROWS_SHOWN, ROW_PX = 400, 0.4, 4, 52
PARKED = "parked"  # dynamic property of a row: set aside, not missed


class WholeRows(QWidget):
    """A list of tickets in whole rows, with how many more there are below them; it is scrolled row by row."""

    def __init__(self, look: Look, tickets: TicketList, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.list, self.more = tickets, Label(look, px=S, token="ink2")
        for part in (tickets, self.more):
            part.setParent(self)
        tickets.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self._shown = 0
        tickets.verticalScrollBar().valueChanged.connect(self._count)
        look.changed.connect(self.arrange)

    def minimumSizeHint(self) -> QSize:
        return self.list.minimumSizeHint() + QSize(0, self.more.sizeHint().height())

    def sizeHint(self) -> QSize:
        return self.list.sizeHint()

    def arrange(self) -> None:
        row, count = self.list.look.px(self.list.row_height), self.list.tickets.rowCount()
        line = self.more.sizeHint().height()
        fits = self.height() // row >= count
        shown = count if fits else max(1, (self.height() - line) // row)
        self.list.setGeometry(0, 0, self.width(), self.height() if fits else shown * row)
        gap = min(self.list.look.px(4), self.height() - shown * row - line)
        self.more.setGeometry(0, shown * row + max(0, gap), self.width(), line)
        self._shown = shown
        self._count()

    def _count(self) -> None:
        below = self.list.tickets.rowCount() - self._shown - self.list.verticalScrollBar().value()
        self.more.setText(n_("{n} more", "{n} more", below, context="tickets") if below > 0 else "")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.arrange()


class Rail(Panel):
    """The lists on the right. `taken` carries the number of a ticket set aside, `reinstated` that of a missed one."""

    taken = Signal(str)
    reinstated = Signal(str)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, "surface", edge="left", parent=parent)
        self._away = self._low = False
        self.mine = Label(look, px=M, bold=True)
        self.hall = Label(look, px=S, token="ink2", align=Qt.AlignmentFlag.AlignRight, elide=False)
        self.card = NextCard(look)
        self.after = Label(look, px=S, bold=True, token="ink2")
        self.list = TicketList(look, inset=4)
        self.rest = WholeRows(look, self.list)
        self.empty = EmptyState(look, "waiting")
        self.aside_title = Label(look, px=S, bold=True, token="ink2")
        self.rows: dict[TicketId, StackedRow] = {}
        self._box = QWidget()
        self._aside = QVBoxLayout(self._box)
        self._aside.setContentsMargins(0, 0, 0, 0)
        self._aside.setSpacing(0)
        self.shelf = GroundArea(self._box)
        head = QHBoxLayout()
        spread(look, head, (0, 0, 0, 8), 8)
        head.addWidget(self.mine, 1)
        head.addWidget(self.hall)
        column = QVBoxLayout(self)
        spread(look, column, (25, 20, 24, 20), 6)
        column.addLayout(head)
        column.addWidget(self.card)
        column.addWidget(self.after)
        column.addWidget(self.rest, 1)
        column.addWidget(self.empty, 1, Qt.AlignmentFlag.AlignVCenter)
        self.shelf.verticalScrollBar().valueChanged.connect(self._keep_whole)
        aside = self._aside_part = QVBoxLayout()
        spread(look, aside, (0, 10, 0, 0), 4)
        aside.addWidget(self.aside_title)
        aside.addWidget(self.shelf)
        column.addLayout(aside)
        self.cases = OwnCasesCard(look)
        self.message_button = SecondaryButton(look, _("Message", context="talk"), icon="message", height=44, px=15)
        self.help_button = SecondaryButton(look, _("Call for help"), icon="bell", height=44, px=15)
        keys = ButtonRow(look, gap=10)
        keys.set_buttons([self.message_button, self.help_button])
        column.addSpacing(6)
        column.addWidget(self.cases)
        column.addSpacing(4)
        column.addWidget(keys)
        look.changed.connect(self._fit)

    def share(self, width: int) -> None:
        """Take the usual width of a page so wide, or less where large letters leave the stage little."""
        self.setFixedWidth(min(self.look.wide(RAIL_WIDTH), int(width * RAIL_SHARE)))

    def show_scene(self, scene: Scene) -> None:
        self.mine.setText(n_("{n} for this window", "{n} for this window", len(scene.order)))
        self.hall.setText(n_("{n} in the hall", "{n} in the hall", scene.in_hall))
        on_stage = scene.kind is Kind.IDLE
        self.card.setVisible(bool(scene.order) and not on_stage)
        if scene.next is not None:
            self._show_next(scene, scene.next)
        rest = scene.order[1:]
        self.after.setText(_("After that"))
        self.list.setAccessibleName(_("After that"))
        self.after.setVisible(on_stage and bool(rest))
        self.list.set_rows([words.row_of(scene, ticket) for ticket in rest])
        self.rest.setVisible(bool(scene.order))
        self.rest.arrange()
        self.empty.setVisible(not scene.order)
        if not scene.order:
            self.empty.set_texts(*words.empty_lines(scene))
        self._show_aside(scene)

    def _show_next(self, scene: Scene, ticket: Ticket) -> None:
        wait, level = words.wait_of(scene, ticket)
        promise, token = words.promise_of(scene, ticket)
        self.card.set_next(
            NextText(
                caption=_("Next", context="customer"),
                number=ticket.label,
                service=words.service_line(scene.setup, ticket),
                short=names.item_name(scene.setup, ticket.service, ticket.item),
                wait=wait,
                level=level,
                class_text=names.ticket_marks(scene.setup, ticket),
                promise=promise,
                promise_token=token,
            )
        )

    def _show_aside(self, scene: Scene) -> None:
        self.aside_title.setVisible(bool(scene.aside))
        self.shelf.setVisible(bool(scene.aside))
        wanted = [ticket.id for ticket in scene.aside]
        for gone in [id for id in self.rows if id not in wanted]:
            row = self.rows.pop(gone)
            self._aside.removeWidget(row)
            row.hide()
            row.deleteLater()
        for place, ticket in enumerate(scene.aside):
            row = self.rows.get(ticket.id) or self._new_row(ticket)
            if self._aside.indexOf(row) != place:
                self._aside.insertWidget(place, row)
            parked = ticket.state is State.PARKED
            row.set_row(
                "parked" if parked else "missed",
                ticket.label,
                words.aside_line(scene, ticket),
                _("Continue") if parked else _("Back in line", context="button"),
                spoken=_("Continue {ticket}", ticket=ticket.label)
                if parked
                else _("{ticket} back in line", ticket=ticket.label),
            )
            row.setProperty(PARKED, parked)
            row.button().setEnabled(not self._away and (not parked or scene.is_free))
        self._fit()

    def _new_row(self, ticket: Ticket) -> StackedRow:
        row = StackedRow(self.look, height=ROW_PX, rule=True)
        row.setObjectName(ticket.label)
        row.acted.connect(self._press)
        self.rows[ticket.id] = row
        return row

    def _fit(self, *, is_laid_out: bool = False) -> None:
        """Show as many whole rows of who is set aside as the rail has room for, and say how many more there are."""
        column, row = self.layout(), self.look.px(ROW_PX)
        if column is None:
            return
        if not is_laid_out:  # Measuring anew asks for a layout, so that it would never end where one was just made.
            self._aside_part.invalidate()
            column.invalidate()
        held = self.shelf.minimumHeight() if self.shelf.isVisibleTo(self) else 0
        wraps = column.hasHeightForWidth()
        whole = column.totalMinimumHeightForWidth(self.width()) if wraps else column.totalMinimumSize().height()
        others = whole - held
        most = min(ROWS_SHOWN, len(self.rows))
        room = self.height() - others
        # Lower it gives up two lines at most.
        if self._low and room >= (most > 0) * row + self.look.px(60):
            self._set_low(False)
        elif not self._low and room < (most > 0) * row:
            self._set_low(True)
        shown = max(1, min(most, room // row)) if most else 0
        if self.shelf.minimumHeight() != row * shown:
            self.shelf.setFixedHeight(row * shown)
        # Large letters need the width; the wheel and Tab go on to the other rows.
        bar = Qt.ScrollBarPolicy
        self.shelf.setVerticalScrollBarPolicy(
            bar.ScrollBarAlwaysOff if self.look.scale.is_large else bar.ScrollBarAsNeeded
        )
        more, title = len(self.rows) - shown, _("Set aside and missed")
        below = n_("{n} more", "{n} more", more, context="tickets")
        self.aside_title.setText(f"{title} · {below}" if more else title)

    def _set_low(self, low: bool) -> None:
        self._low = low
        self.cases.set_low(low)

    def _keep_whole(self, top: int) -> None:
        row = self.look.px(ROW_PX)
        self.shelf.verticalScrollBar().setValue(round(top / row) * row)

    def event(self, event: QEvent) -> bool:
        # A card below that came, went or says more leaves other room.
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            self._fit(is_laid_out=True)
        return super().event(event)

    def set_away(self, away: bool) -> None:
        self._away = away
        for button in (self.message_button, self.help_button):
            button.setEnabled(not away)
        self.cases.set_away(away)

    def _press(self) -> None:
        row = self.sender()
        if row is not None:
            signal = self.taken if row.property(PARKED) else self.reinstated
            signal.emit(row.objectName())

    def stops(self) -> list[QWidget]:
        return [
            *(row.button() for row in self.rows.values()),
            *self.cases.stops(),
            self.message_button,
            self.help_button,
        ]
