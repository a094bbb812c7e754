"""The counter's page: the stage with the number, the one primary and the acts beside it, and the head and the rail."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QVBoxLayout, QWidget

from queuedesk.core.queue.ticket import Ticket, TicketId, TicketState, current_leg_handling_s
from queuedesk.core.setup.rows import Setup
from queuedesk.core.talk.number_block import NumberAndWindow, WindowLabel
from queuedesk.i18n import _, minutes_seconds, minutes_text, n_, name_in_language, names, window_state_word
from queuedesk.stations.acts.own_cases import OwnCasesCard
from queuedesk.stations.counter import scene as scenes
from queuedesk.stations.counter import words
from queuedesk.stations.widgets import buttons, cards, number_block, paint, panels, topbar
from queuedesk.stations.widgets.lists.lists import TicketList
from queuedesk.stations.widgets.lists.strips import AlertBanner, SetAsideTicketRow
from queuedesk.stations.window.style import XL, XXXL, L, Look, M, S

# -- what else the visit needs -------------------------------------------------------------------------------------

SHOWN = 3


class VisitStepsLine(QWidget):
    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._first, self._last = panels.Label(look, px=18, token="ink2"), panels.Label(look, px=18, token="ink2")
        self._pills = [buttons.Pill(look, "", px=16, height=30) for _n in range(SHOWN)]
        line = QHBoxLayout(self)
        panels.set_scaled_margins(look, line, spacing=9)
        for part in (self._first, *self._pills, self._last):
            line.addWidget(part)
        line.addStretch(1)

    def show_steps(self, scene: scenes.WindowScene, ticket: Ticket) -> None:
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
LEAVE_FIRST = (
    scenes.ClerkAct.REDIRECT,
    scenes.ClerkAct.TRANSFER,
    scenes.ClerkAct.SERVE,
    scenes.ClerkAct.REOPEN,
    scenes.ClerkAct.PARK,
)
RIGHT = Qt.AlignmentFlag.AlignRight


class BigSentenceLabel(panels.BigNumberLabel):
    """A few big words in place of a number, with room for descenders."""

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        return QSize(hint.width(), round(hint.height() * 1.25))

    def minimumSizeHint(self) -> QSize:
        # Beside a long refusal it gives up size rather than push the primary away.
        return QSize(super().minimumSizeHint().width(), round(self.sizeHint().height() * 0.6))


class CounterStage(panels.Panel):
    """The current state of the window. `acted`: the act pressed; `more`: all acts; `sounds`: this PC can be heard."""

    acted = Signal(str)
    more = Signal()

    def __init__(
        self, look: Look, parent: QWidget | None = None, *, sounds: Callable[[], bool | None] = lambda: False
    ) -> None:
        super().__init__(look, parent=parent)
        self._sounds = sounds
        self._act: scenes.ClerkAct | None = None
        self._scene: scenes.WindowScene | None = None
        self._done = ""
        self._nudging = self._has_bar = False
        self._away = False
        self._build_state_line(look)
        self._build_number_and_timer(look)
        self.banner = AlertBanner(look, height=48)
        self.banner.hide()
        self.primary = buttons.PrimaryButton(look, height=112)
        self.primary.clicked.connect(self._press_primary)
        self.row = buttons.ButtonRow(look)
        # What finds no room in the row is under ⋯; the row itself must not widen the stage.
        self.row.setMinimumWidth(1)
        self.buttons: dict[scenes.ClerkAct, buttons.SecondaryButton] = {}
        self.more_button = buttons.IconButton(look, "more", "", side=64, framed=True)
        self.more_button.clicked.connect(self.more)
        column = QVBoxLayout(self)
        panels.set_scaled_margins(look, column, (48, 32, 48, 32), 0)
        column.addWidget(self._top)
        column.addStretch(1)
        column.addWidget(self._block)
        column.addStretch(1)
        column.addWidget(self.banner)
        foot = QVBoxLayout()
        panels.set_scaled_margins(look, foot, (0, 14, 0, 0), 14)
        foot.addWidget(self.primary)
        foot.addWidget(self.row)
        column.addLayout(foot)
        look.changed.connect(self._hide_what_does_not_fit)
        self._hide_what_does_not_fit()

    def _build_state_line(self, look: Look) -> None:
        self._top = QWidget()
        self.pill = buttons.StatePill(look, "idle", "", px=18, height=35)
        self.status = panels.Label(look, px=L, token="ink2", wrap=True)
        line = QHBoxLayout(self._top)
        panels.set_scaled_margins(look, line, spacing=12)
        line.addWidget(self.pill)
        line.addWidget(self.status, 1, Qt.AlignmentFlag.AlignVCenter)

    def _build_number_and_timer(self, look: Look) -> None:
        self._block = QWidget()
        self.caption = panels.Label(look, px=XL, token="ink2")
        self.hero = number_block.NumberAndWindowLabel(look, px=CALLED_PX)
        self.sentence = BigSentenceLabel(look, px=SENTENCE_PX)
        self.class_pill = buttons.ClassPill(look, "", px=L)
        self.timer = panels.Label(look, px=XXXL, bold=True, tabular=True, align=RIGHT, elide=False)
        self.timer_note = panels.Label(look, px=M, token="ink2", align=RIGHT, elide=False)
        self._clock = QWidget()
        times = QVBoxLayout(self._clock)
        panels.set_scaled_margins(look, times, (0, 0, 0, 8), 0)
        times.addStretch(1)
        times.addWidget(self.timer)
        times.addWidget(self.timer_note)
        self.bar = paint.ServiceTimeBar(look)
        self.service = panels.Label(look, px=XL, bold=True)
        self.facts = panels.TextRunsLabel(look)
        self.note = panels.Label(look, px=L, bold=True, token="primary", wrap=True)
        self.steps = VisitStepsLine(look)
        number = QHBoxLayout()
        panels.set_scaled_margins(look, number, spacing=26)
        number.addWidget(self.hero)
        number.addStretch(1)
        number.addWidget(self._clock)
        column = QVBoxLayout(self._block)
        panels.set_scaled_margins(look, column, spacing=6)
        column.addWidget(self.caption)
        column.addLayout(number)
        column.addWidget(self.sentence)
        self._air = QWidget()
        panels.FixedSizeKeeper(look, self._air, height=14)
        column.addWidget(self._air)
        column.addWidget(self.bar)
        what = QHBoxLayout()
        panels.set_scaled_margins(look, what, spacing=12)
        what.addWidget(self.service)
        what.addWidget(self.class_pill)
        what.addStretch(1)
        column.addLayout(what)
        column.addWidget(self.facts)
        column.addWidget(self.steps)
        column.addWidget(self.note)

    # -- what is shown -------------------------------------------------------------------------------------------

    def show_scene(self, scene: scenes.WindowScene, heard: scenes.AnnouncementState, done: str = "") -> None:
        """Show the window as it stands; `done` says what was delivered to the customer so far."""
        self._done = done
        self._scene = scene
        status = words.stage_status(scene, heard)
        if (self.pill.state, self.pill.text()) != (status.state, status.word):
            self.pill.set_state(status.state, status.word)
        self.status.setText(status.beside)
        self.status.set_color_token(status.token)
        self._show_customer_pause_or_next(scene)
        self._show_primary_act(scene)
        self._show_act_buttons(scene)
        self._hide_what_does_not_fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._scene is not None:
            self._show_act_buttons(self._scene)
        self._hide_what_does_not_fit()

    def _hide_what_does_not_fit(self) -> None:
        """With large text in a low window give up air, then the usual minutes, then the grey line at a refusal."""
        look = self.look
        self.timer.set_font_px(XXXL * look.large_px(1000) / look.px(1000))
        self._shrink_status_to_fit()
        tight = self.height() < look.px(TIGHT_PX)
        scene = self._scene
        if scene is None:
            return
        serving = scene.kind is scenes.CounterState.SERVING
        self._air.setVisible(scene.ticket is not None and not tight)
        self.timer_note.setVisible(bool(self.timer_note.text()) and not (tight and serving))
        crowded = tight and not self.banner.isHidden()
        steps = scene.ticket is not None and bool(scene.ticket.steps)
        self.caption.setVisible(bool(self.caption.text()) and not crowded)
        self.steps.setVisible(steps and not crowded)
        noted = scene.ticket is not None and bool(self.note.text())
        self.note.set_font_px(S if tight else L)
        self.bar.setVisible(self._has_bar and not (tight and noted))
        self.facts.setVisible(not steps and not crowded and not (tight and noted))

    def _shrink_status_to_fit(self) -> None:
        """Let what stands beside the pill be read whole: smaller first, then in a second line."""
        look = self.look
        room = self.width() - 2 * look.gap(48) - self.pill.sizeHint().width() - look.gap(12)
        self.status.set_font_px(
            paint.largest_fitting_px(self.status.text(), max(1, room), look.px(L), least=look.px(S)) / look.scale.k
        )

    def _show_customer_pause_or_next(self, scene: scenes.WindowScene) -> None:
        match scene.kind:
            case scenes.CounterState.CALLED | scenes.CounterState.SERVING if scene.ticket is not None:
                self._show_customer(scene, scene.ticket)
            case scenes.CounterState.PAUSED:
                self._show_pause(scene)
            case _ if scene.next_ticket is not None:
                self._show_next(scene, scene.next_ticket)
            case _:
                self._set_stage_parts(sentence=_("Nobody is waiting"))
                sounds = self._sounds()
                heard, seen = _("A sound tells you of the next ticket"), _("The next ticket appears here")
                self.service.setText(heard if sounds else seen)
                silent = _("This computer makes no sound") if sounds is False else ""
                self._show_facts_line(_("No need to watch the screen") if sounds else silent)

    def _show_customer(self, scene: scenes.WindowScene, ticket: Ticket) -> None:
        serving = scene.kind is scenes.CounterState.SERVING
        self._set_stage_parts(
            hero=ticket.label,
            window=names.window_label_for_customers(scene.setup, scene.window.code),
            px=QUIET_PX if serving else CALLED_PX,
            klass=names.ticket_marks_text(scene.setup, ticket),
            clock=True,
            bar=serving and scenes.handling_target_of_ticket(scene, ticket) is not None,
        )
        self.service.setText(words.service_and_item_line(scene.setup, ticket))
        self._show_previous_clerk_note(ticket)
        done = [panels.TextRun(f" · {self._done}", L, True, token="primary")] if self._done else []
        self.facts.set_runs([*words.wait_and_history_runs(scene, ticket, px=L), *done])
        self.steps.show_steps(scene, ticket)
        if not serving:
            self._show_timer(words.seconds_since_ticket_last_called(scene, ticket), _("on the way"))
            return
        usual = scenes.usual_minutes_of_item(scene, ticket)
        self._show_timer(
            current_leg_handling_s(ticket, scene.now), _("usually {minutes} min", minutes=usual) if usual else ""
        )
        target = scenes.handling_target_of_ticket(scene, ticket)
        if target:
            share = current_leg_handling_s(ticket, scene.now) / (target * 60)
            self.bar.set_progress(share, _("target {minutes}", minutes=minutes_text(target)), late=share > 1)
            self.timer.set_color_token("red" if share > 1 else "ink")

    def _show_next(self, scene: scenes.WindowScene, ticket: Ticket) -> None:
        self._set_stage_parts(
            hero=ticket.label,
            px=QUIET_PX,
            token="ink2",
            caption=_("Next", context="customer"),
            klass=names.ticket_marks_text(scene.setup, ticket),
        )
        self.service.setText(words.service_and_item_line(scene.setup, ticket))
        self._show_previous_clerk_note(ticket)
        if not self.note.text():
            self.note.setText(words.later_same_language_line(scene))
            self.note.setVisible(bool(self.note.text()))
        promise, token = words.quote_check_text_and_colour(scene, ticket)
        told = [panels.TextRun(f" · {promise}", L, token == "red", token=token)] if promise else []
        self.facts.set_runs([*words.wait_and_history_runs(scene, ticket, px=L), *told])

    def _show_previous_clerk_note(self, ticket: Ticket) -> None:
        """Show what the clerk before wrote, also before the call."""
        self.note.setText(words.note_line(ticket))
        self.note.setVisible(bool(self.note.text()))

    def _show_pause(self, scene: scenes.WindowScene) -> None:
        back, late, cover = words.return_time_and_cover_lines(scene)
        since = scene.window.since
        gone = minutes_seconds((scene.now - since).total_seconds() if since else 0)
        self._set_stage_parts(sentence=gone, caption=_("Paused for"))
        self.service.setText(back)
        self.service.set_color_token("red" if late else "ink")
        self._show_facts_line(cover)

    def _set_stage_parts(
        self,
        *,
        hero: str = "",
        window: WindowLabel | None = None,
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
        self.hero.set_font_px(px)
        self.hero.set_color_token(token)
        self.hero.set_block(NumberAndWindow(hero, window))
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
        self.service.set_color_token("ink")
        self.timer.set_color_token("ink")

    def _show_facts_line(self, line: str) -> None:
        self.facts.set_runs([panels.TextRun(line, L, token="ink2")])

    def _show_timer(self, seconds: float, note: str) -> None:
        self.timer.setText(minutes_seconds(seconds))
        self.timer_note.setText(note)

    # -- the buttons ---------------------------------------------------------------------------------------------

    def _show_primary_act(self, scene: scenes.WindowScene) -> None:
        self._act = scenes.primary_act(scene)
        if self._act is None:
            self.primary.disable_with_reason(_("Nobody to call now"))
            return
        word = words.act_word(self._act, scene)
        self.primary.set_key(_("Space"))
        if self._away:
            self.primary.disable_with_reason(word)
        elif self.primary.text() != word or not self.primary.isEnabled():
            self.primary.enable_with_label(word)

    def _show_act_buttons(self, scene: scenes.WindowScene) -> None:
        acts = scenes.acts_beside_primary(scene)
        for act in acts:
            button = self._button_for_act(act)
            self._update_act_button(button, act, scene)
            able = not self._away and (act is not scenes.ClerkAct.CALL_CHOSEN or bool(scene.order))
            button.setEnabled(able)
        shown: list[buttons.Button] = [self.buttons[act] for act in self._acts_that_fit_in_row(acts)]
        if [b for b in self.row.findChildren(buttons.Button) if not b.isHidden()] != [*shown, self.more_button]:
            self.row.set_buttons([*shown, self.more_button])
        self.more_button.setEnabled(not self._away)
        self.more_button.setAccessibleName(_("Everything you can do now"))
        self.more_button.setToolTip(_("Everything you can do now"))

    def _acts_that_fit_in_row(self, acts: list[scenes.ClerkAct]) -> list[scenes.ClerkAct]:
        room = self.width() - 2 * self.look.px(48) - self.look.px(64)
        fitting = list(acts)
        for act in LEAVE_FIRST:
            widths = [self.buttons[one].minimumSizeHint().width() + self.look.px(12 + 4) for one in fitting]
            if sum(widths) > room and act in fitting:
                fitting.remove(act)
        return fitting

    def _button_for_act(self, act: scenes.ClerkAct) -> buttons.SecondaryButton:
        if act not in self.buttons:
            button = buttons.SecondaryButton(self.look, icon=words.ICONS[act], key=scenes.KEYS.get(act, ""), height=64)
            button.setObjectName(act)
            button.clicked.connect(self._emit_clicked_act)
            self.buttons[act] = button
        return self.buttons[act]

    def _update_act_button(
        self, button: buttons.SecondaryButton, act: scenes.ClerkAct, scene: scenes.WindowScene
    ) -> None:
        word = words.act_word(act, scene)
        if act is scenes.ClerkAct.CLOSE and paint.width_of_text(self.look.font(M, bold=True), word) > self.width() / 2:
            word = _("Close window")
        if button.text() != word:
            button.setText(word)
        if act is scenes.ClerkAct.RECALL and scene.ticket is not None:
            gap_over = words.seconds_since_ticket_last_called(scene, scene.ticket) >= scene.setup.setting_as_int(
                "call_gap_s"
            )
            last = scene.recalls_left == 0
            hint = _("the next call marks it as missed") if last else _("not here yet: call again") if gap_over else ""
            button.ink, button.edge = ("primary", "primary") if gap_over and not last else ("ink", "edge")
            button.set_second_line(hint)

    def set_hall_away(self, away: bool) -> None:
        self._away = away

    def set_busy(self, busy: bool) -> None:
        for button in (self.primary, *self.buttons.values()):
            button.set_busy(busy)

    def show_refusal(self, sentence: str) -> None:
        self._show_banner("red", sentence)

    def show_warning(self, sentence: str) -> None:
        self._show_banner("amber", sentence)

    def tell(self, sentence: str) -> None:
        self._show_banner("blue", sentence, icon="info")

    def tell_where_customer_goes_on(self, gone: scenes.SentOnCustomer) -> None:
        """Say where the customer goes who was finished as the next one was called; of a free window the status does."""
        if self._scene is not None and not self._scene.is_free:
            self.tell(words.goes_on_to_service_line(self._scene.setup, gone))

    def show_nudge(self, sentence: str) -> None:
        """Show who waits for the free window, if nothing else is shown; "" when nobody does any more."""
        if not sentence:
            if self._nudging:
                self.clear_message()
        elif self._nudging or self.banner.isHidden():
            if not self._nudging or self.banner.title() != sentence:
                self._show_banner("amber", sentence, icon="hourglass")
            self._nudging = True

    def clear_message(self) -> None:
        self._nudging = False
        self.banner.hide()
        self._hide_what_does_not_fit()

    def clear_no_answer_message(self) -> None:
        if self.banner.title() == words.no_answer_message():
            self.clear_message()

    def _show_banner(self, kind: str, sentence: str, *, icon: str = "") -> None:
        self._nudging = False
        self.banner.set_alert_content(kind, sentence, icon=icon)
        self.banner.show()
        self._hide_what_does_not_fit()

    def _press_primary(self) -> None:
        if self._act is not None:
            self.acted.emit(self._act)

    def _emit_clicked_act(self) -> None:
        self.acted.emit(self.sender().objectName())

    def tab_stops(self) -> list[QWidget]:
        """Return the widgets that Tab visits, in order: the primary first."""
        return [
            self.primary,
            *(self.buttons[act] for act in self.buttons if self.buttons[act].isVisible()),
            self.more_button,
        ]


# -- the head ------------------------------------------------------------------------------------------------------


class CounterTopBar(topbar.TopBar):
    """The counter's top bar. Without a scene it shows the station and the hall; `has_small`: the window can shrink."""

    def __init__(self, look: Look, parent: QWidget | None = None, *, has_small: bool = False) -> None:
        super().__init__(look, height=60, parent=parent)
        self._has_small = has_small
        self._scene: scenes.WindowScene | None = None
        self._day = scenes.ClerkDayTotals()
        self._items: list[topbar.TopBarFact] = []
        self.pause_button = buttons.SecondaryButton(look, key="F10", height=40, px=16)
        self.small_button = buttons.SecondaryButton(look, key="F12", height=40, px=16)
        for button in (self.pause_button, self.small_button):
            self.add_button(button)
        look.changed.connect(self._show_clerk_and_day)

    def show_window_and_hall(self, scene: scenes.WindowScene | None, setup: Setup) -> None:
        self._scene = scene
        self.pause_button.setVisible(scene is not None)
        self.small_button.setVisible(scene is not None and self._has_small)
        if scene is not None:
            self.set_window_number_sign(scene.window.code)
            self.set_title_and_hall(names.window_name(scene.window.code), words.window_specials_text(scene))
            return
        self.set_window_number_sign("")
        self.set_title_and_hall(_("Counter", context="station"), name_in_language(setup.hall.name, setup.hall.name_en))
        self.set_state_pill("", "")
        self._set_items_if_changed([])

    def show_scene(self, scene: scenes.WindowScene, day: scenes.ClerkDayTotals, *, away: bool) -> None:
        if self._scene is None or self._scene.window.extra != scene.window.extra:
            self.set_title_and_hall(names.window_name(scene.window.code), words.window_specials_text(scene))
        self._scene, self._day = scene, day
        state = str(scene.window.state)
        self.set_state_pill(state, window_state_word(state))
        act = scenes.ClerkAct.RESUME if scene.kind is scenes.CounterState.PAUSED else scenes.ClerkAct.PAUSE
        self.pause_button.set_icon(words.ICONS[act])
        self.pause_button.setText(_("Resume") if act is scenes.ClerkAct.RESUME else words.act_word(act, scene))
        self.pause_button.setEnabled(not away and act in scenes.possible_acts(scene))
        self.small_button.setText(_("Small bar"))
        self._show_clerk_and_day()

    def _show_clerk_and_day(self) -> None:
        """Show the clerk's full name and as much of the day as fits; the bar's button is dropped before the name."""
        scene = self._scene
        if scene is None:
            return
        who = topbar.TopBarFact(runs=words.clerk_name_runs(scene), rule=True)
        room = topbar.width_left_for_items(self)
        if not self.small_button.isHidden():
            room += self._small_button_width()
        has_small = self._has_small and topbar.items_width(self, [who]) + self._small_button_width() <= room
        # Asked only where it changes: showing a button lays the whole bar out anew.
        if has_small == self.small_button.isHidden():
            self.small_button.setVisible(has_small)
        room -= self._small_button_width() if has_small else 0
        forms = [
            [topbar.TopBarFact(runs=runs), who] if runs else [who] for runs in words.clerk_day_run_variants(self._day)
        ]
        self._set_items_if_changed(
            next((items for items in forms if topbar.items_width(self, items) <= room), forms[-1])
        )

    def _small_button_width(self) -> int:
        layout = self.layout()
        return self.small_button.sizeHint().width() + (layout.spacing() if layout is not None else 0)

    def _set_items_if_changed(self, items: list[topbar.TopBarFact]) -> None:
        if items != self._items:
            self._items = items
            self.set_items(items)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_clerk_and_day()


# -- the rail ------------------------------------------------------------------------------------------------------

RAIL_WIDTH, RAIL_SHARE, ROWS_SHOWN, ROW_PX = 400, 0.4, 4, 52
PARKED = "parked"  # dynamic property of a row: set aside, not missed


class WholeRowsTicketList(QWidget):
    """A list of tickets in whole rows, with how many more there are below them; it is scrolled row by row."""

    def __init__(self, look: Look, tickets: TicketList, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.list, self.more = tickets, panels.Label(look, px=S, token="ink2")
        for part in (tickets, self.more):
            part.setParent(self)
        tickets.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self._shown = 0
        tickets.verticalScrollBar().valueChanged.connect(self._show_count_of_rows_below)
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
        self._show_count_of_rows_below()

    def _show_count_of_rows_below(self) -> None:
        below = self.list.tickets.rowCount() - self._shown - self.list.verticalScrollBar().value()
        self.more.setText(n_("{n} more", "{n} more", below, context="tickets") if below > 0 else "")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.arrange()


class CounterRail(panels.Panel):
    """The lists on the right. `taken` carries the number of a ticket set aside, `reinstated` that of a missed one."""

    taken = Signal(str)
    reinstated = Signal(str)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, "surface", edge="left", parent=parent)
        self._away = self._low = False
        self.mine = panels.Label(look, px=M, bold=True)
        self.hall = panels.Label(look, px=S, token="ink2", align=Qt.AlignmentFlag.AlignRight, elide=False)
        self.card = cards.NextCustomerCard(look)
        self.after = panels.Label(look, px=S, bold=True, token="ink2")
        self.list = TicketList(look, inset=4)
        self.rest = WholeRowsTicketList(look, self.list)
        self.empty = panels.EmptyState(look, "waiting")
        self.aside_title = panels.Label(look, px=S, bold=True, token="ink2")
        self.rows: dict[TicketId, SetAsideTicketRow] = {}
        self._box = QWidget()
        self._aside = QVBoxLayout(self._box)
        self._aside.setContentsMargins(0, 0, 0, 0)
        self._aside.setSpacing(0)
        self.shelf = panels.VerticalScrollArea(self._box)
        head = QHBoxLayout()
        panels.set_scaled_margins(look, head, (0, 0, 0, 8), 8)
        head.addWidget(self.mine, 1)
        head.addWidget(self.hall)
        column = QVBoxLayout(self)
        panels.set_scaled_margins(look, column, (25, 20, 24, 20), 6)
        column.addLayout(head)
        column.addWidget(self.card)
        column.addWidget(self.after)
        column.addWidget(self.rest, 1)
        column.addWidget(self.empty, 1, Qt.AlignmentFlag.AlignVCenter)
        self.shelf.verticalScrollBar().valueChanged.connect(self._scroll_to_whole_row)
        aside = self._aside_part = QVBoxLayout()
        panels.set_scaled_margins(look, aside, (0, 10, 0, 0), 4)
        aside.addWidget(self.aside_title)
        aside.addWidget(self.shelf)
        column.addLayout(aside)
        self.cases = OwnCasesCard(look)
        self.message_button = buttons.SecondaryButton(
            look, _("Message", context="talk"), icon="message", height=44, px=15
        )
        self.help_button = buttons.SecondaryButton(look, _("Call for help"), icon="bell", height=44, px=15)
        keys = buttons.ButtonRow(look, gap=10)
        keys.set_buttons([self.message_button, self.help_button])
        column.addSpacing(6)
        column.addWidget(self.cases)
        column.addSpacing(4)
        column.addWidget(keys)
        look.changed.connect(self._fit_set_aside_rows)

    def set_width_for_page(self, width: int) -> None:
        """Take the usual width of a page so wide, or less where large letters leave the stage little."""
        self.setFixedWidth(min(self.look.large_px(RAIL_WIDTH), int(width * RAIL_SHARE)))

    def show_scene(self, scene: scenes.WindowScene) -> None:
        self.mine.setText(n_("{n} for this window", "{n} for this window", len(scene.order)))
        self.hall.setText(n_("{n} in the hall", "{n} in the hall", scene.in_hall))
        on_stage = scene.kind is scenes.CounterState.IDLE
        self.card.setVisible(bool(scene.order) and not on_stage)
        if scene.next_ticket is not None:
            self._show_next(scene, scene.next_ticket)
        rest = scene.order[1:]
        self.after.setText(_("After that"))
        self.list.setAccessibleName(_("After that"))
        self.after.setVisible(on_stage and bool(rest))
        self.list.set_rows([words.row_of_ticket(scene, ticket) for ticket in rest])
        is_last_on_stage = on_stage and bool(scene.order) and not rest
        self.rest.setVisible(bool(scene.order) and not is_last_on_stage)
        self.rest.arrange()
        self.empty.setVisible(not scene.order or is_last_on_stage)
        if is_last_on_stage:
            self.empty.set_texts(_("Nobody else is waiting for this window"), "")
        elif not scene.order:
            self.empty.set_texts(*words.nobody_waits_here_lines(scene))
        self._show_set_aside_tickets(scene)

    def _show_next(self, scene: scenes.WindowScene, ticket: Ticket) -> None:
        wait, level = words.wait_text_and_level(scene, ticket)
        promise, token = words.quote_check_text_and_colour(scene, ticket)
        self.card.set_next_customer(
            cards.NextCustomerCardText(
                caption=_("Next", context="customer"),
                number=ticket.label,
                service=words.service_and_item_line(scene.setup, ticket),
                short=names.item_name(scene.setup, ticket.service, ticket.item),
                wait=wait,
                level=level,
                class_text=names.ticket_marks_text(scene.setup, ticket),
                promise=promise,
                promise_token=token,
            )
        )

    def _show_set_aside_tickets(self, scene: scenes.WindowScene) -> None:
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
            parked = ticket.state is TicketState.PARKED
            row.set_row(
                "parked" if parked else "missed",
                ticket.label,
                words.set_aside_reason_and_minutes_text(scene, ticket),
                _("Continue") if parked else _("Back in line", context="button"),
                spoken=_("Continue {ticket}", ticket=ticket.label)
                if parked
                else _("{ticket} back in line", ticket=ticket.label),
            )
            row.setProperty(PARKED, parked)
            row.button().setEnabled(not self._away and (not parked or scene.is_free))
        self._fit_set_aside_rows()

    def _new_row(self, ticket: Ticket) -> SetAsideTicketRow:
        row = SetAsideTicketRow(self.look, height=ROW_PX, rule=True)
        row.setObjectName(ticket.label)
        row.acted.connect(self._emit_pressed_row)
        self.rows[ticket.id] = row
        return row

    def _fit_set_aside_rows(self, *, is_laid_out: bool = False) -> None:
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
            self._set_low_height(False)
        elif not self._low and room < (most > 0) * row:
            self._set_low_height(True)
        shown = max(1, min(most, room // row)) if most else 0
        if self.shelf.minimumHeight() != row * shown:
            self.shelf.setFixedHeight(row * shown)
        # Large letters need the width; the wheel and Tab go on to the other rows.
        bar = Qt.ScrollBarPolicy
        self.shelf.setVerticalScrollBarPolicy(
            bar.ScrollBarAlwaysOff if self.look.scale.is_text_large else bar.ScrollBarAsNeeded
        )
        more, title = len(self.rows) - shown, _("Set aside and missed")
        below = n_("{n} more", "{n} more", more, context="tickets")
        self.aside_title.setText(f"{title} · {below}" if more else title)

    def _set_low_height(self, low: bool) -> None:
        self._low = low
        self.cases.set_rail_is_low(low)

    def _scroll_to_whole_row(self, top: int) -> None:
        row = self.look.px(ROW_PX)
        self.shelf.verticalScrollBar().setValue(round(top / row) * row)

    def event(self, event: QEvent) -> bool:
        # A card below that came, went or says more leaves other room.
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            self._fit_set_aside_rows(is_laid_out=True)
        return super().event(event)

    def set_hall_away(self, away: bool) -> None:
        self._away = away
        for button in (self.message_button, self.help_button):
            button.setEnabled(not away)
        self.cases.set_hall_away(away)

    def _emit_pressed_row(self) -> None:
        row = self.sender()
        if row is not None:
            signal = self.taken if row.property(PARKED) else self.reinstated
            signal.emit(row.objectName())

    def tab_stops(self) -> list[QWidget]:
        return [
            *(row.button() for row in self.rows.values()),
            *self.cases.tab_stops(),
            self.message_button,
            self.help_button,
        ]
