"""The counter: its page holds head, stage and rail, and takes every key and press."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from itertools import pairwise

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QAction, QHideEvent, QIcon, QKeyEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMenu, QStackedLayout, QVBoxLayout, QWidget

from queuedesk.core.errors import OutsideError, QueueDeskError
from queuedesk.core.queue.overview import set_up
from queuedesk.core.queue.ticket import TicketState
from queuedesk.core.talk.messages import place_of_window
from queuedesk.i18n import _, time_hm
from queuedesk.stations.acts.feature_lines import FeatureMessageLines
from queuedesk.stations.acts.own_cases import OwnCasesController
from queuedesk.stations.acts.ticket_acts import TicketReprinter
from queuedesk.stations.counter import scene as scenes
from queuedesk.stations.counter import words
from queuedesk.stations.counter.asking import CounterQuestions
from queuedesk.stations.counter.controller import CounterController, WindowShrinker, make_window_shrinker
from queuedesk.stations.counter.signing_in import (
    CounterSignIn,
    SameWindowOnOtherPcWatch,
    SignInStage,
    WindowHandoverController,
)
from queuedesk.stations.counter.stage import CounterRail, CounterStage, CounterTopBar
from queuedesk.stations.talk import HELP_KEY, MESSAGE_KEY, TalkController, TalkPresenter
from queuedesk.stations.widgets.panels import screen_under_widget, set_scaled_margins
from queuedesk.stations.window.away import hall_away_texts, show_or_clear_hall_away_message
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.frame import MenuEntry, StationPage
from queuedesk.stations.window.style import STAFF_HEIGHT, STAFF_WIDTH, TEXT_SIZES_PCT, Look

# -- the ⋯ menu ----------------------------------------------------------------------------------------------------

ICON_PX = 20


def clerk_acts_menu(
    host: QWidget,
    scene: scenes.WindowScene,
    press: Callable[[str], None],
    asking: CounterQuestions,
    *,
    full: Callable[[], None] | None = None,
    own_cases: OwnCasesController | None = None,
    away: bool = False,
) -> QMenu:
    """Return the menu of `scene`; `full` leads back from the small bar and is all that works while `away`."""
    menu = _ClerkActsMenu(asking.look, host)
    if not away:
        _add_act_entries(menu, scene, press, asking)
    if own_cases is not None and own_cases.duties and not away:
        menu.addSeparator()
        menu.add_entry("cases", own_cases.duty_counts_line, own_cases.open_case_duties, icon="star")
    if full is not None:
        menu.addSeparator()
        menu.add_entry("full", _("Full window"), full, icon="window", key="F12")
    return menu


def _add_act_entries(
    menu: _ClerkActsMenu, scene: scenes.WindowScene, press: Callable[[str], None], asking: CounterQuestions
) -> None:
    first = scenes.primary_act(scene)
    for act in scenes.possible_acts(scene):
        key = _("Space") if act is first else scenes.KEYS.get(act, "")
        menu.add_entry(str(act), words.act_word(act, scene), partial(press, str(act)), icon=words.ICONS[act], key=key)
    if scene.aside:
        menu.addSeparator()
    for ticket in scene.aside:
        label = ticket.label
        if ticket.state is TicketState.MISSED:
            text = _("{ticket} back in line", ticket=label)
            menu.add_entry(f"reinstate {label}", text, partial(asking.reinstate, label), icon="missed")
            continue
        if scene.is_free:
            text = _("Continue {ticket}", ticket=label)
            menu.add_entry(f"unpark {label}", text, partial(asking.unpark, label), icon="pause")
        text = _("{ticket} has left", ticket=label, context="act")
        menu.add_entry(f"leave {label}", text, partial(asking.confirm_customer_left, label), icon="leave")


class _ClerkActsMenu(QMenu):
    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look

    def add_entry(self, name: str, text: str, act: Callable[[], None], *, icon: str, key: str = "") -> None:
        """Add a line; `name` is how tests find it."""
        picture = QIcon(self._look.icon(icon, "ink2", ICON_PX, self.devicePixelRatioF()))
        action = QAction(picture, f"{text}\t{key}" if key else text, self)
        action.setObjectName(name)
        action.triggered.connect(lambda _checked: act())
        self.addAction(action)


# -- messages, help and emergencies --------------------------------------------------------------------------------


class CounterMessagePresenter(QObject):
    """Messages wait while a number is called and while a command is under way; help and emergencies do not."""

    def __init__(
        self,
        page: StationPage,
        controller: CounterController,
        shown: tuple[CounterRail, CounterStage],
        compact: WindowShrinker,
        asking: CounterQuestions,
    ) -> None:
        super().__init__(page)
        self._controller, self._compact, self._asking = controller, compact, asking
        rail, self._stage = shown
        talk_controller = TalkController(page.context, self._window_place_or_empty)
        self.talking = TalkPresenter(page, talk_controller, host=compact.host_widget, put=asking.putting.open_question)
        self.own_cases = OwnCasesController(
            page, rail.cases, host=compact.host_widget, put=asking.putting.open_question
        )
        self.feature_lines = FeatureMessageLines(page)
        self.own_cases.counted.connect(compact.show_case_count)
        for part in (self.own_cases, self.feature_lines):
            part.said.connect(self._say_on_stage_and_bar)
        self.talking.said.connect(self._say_on_stage_and_bar)
        self.talking.told.connect(self._say_in_small_bar)
        self.talking.alarmed.connect(compact.show_emergency)
        controller.changed.connect(self._hold_messages_while_busy)
        controller.busy_changed.connect(self._hold_messages_while_busy)
        controller.lost.connect(self.talking.refresh)
        rail.help_button.clicked.connect(self.open_help_dialog)
        rail.message_button.clicked.connect(self.open_message_dialog)
        compact.key.connect(self._handle_small_bar_key)
        for key, act in ((MESSAGE_KEY, self.open_message_dialog), (HELP_KEY, self.open_help_dialog)):
            QShortcut(QKeySequence(key), page).activated.connect(act)
        self.feature_lines.refresh()
        self.own_cases.refresh()
        self.talking.refresh()

    def open_message_dialog(self) -> None:
        if not self._asking.is_open:
            self.talking.open_message_dialog()

    def open_help_dialog(self) -> None:
        if not self._asking.is_open:
            self.talking.open_help_dialog()

    def _window_place_or_empty(self) -> str:
        return place_of_window(self._controller.code) if self._controller.scene is not None else ""

    def _hold_messages_while_busy(self, _busy: bool = False) -> None:
        scene = self._controller.scene
        under_way = self._controller.is_busy or (scene is not None and scene.kind is scenes.CounterState.CALLED)
        self.talking.set_messages_held_back(under_way)
        self.own_cases.refresh()
        self.talking.refresh()

    def _say_on_stage_and_bar(self, sentence: str, icon: str) -> None:
        kind = "amber" if icon == "warning" else "blue"
        (self._stage.show_warning if kind == "amber" else self._stage.tell)(sentence)
        self._compact.show_message(kind, sentence)

    def _say_in_small_bar(self, text: str) -> None:
        self._compact.show_message("blue", text)

    def _handle_small_bar_key(self, event: QKeyEvent) -> None:
        if not event.modifiers() & Qt.KeyboardModifier.AltModifier or event.isAutoRepeat():
            return
        if event.key() == Qt.Key.Key_H:
            self.open_help_dialog()
        elif event.key() == Qt.Key.Key_N:
            self.open_message_dialog()


# -- the page ------------------------------------------------------------------------------------------------------

FUNCTION_KEYS = {Qt.Key(Qt.Key.Key_F1.value + n): f"F{n + 1}" for n in range(12)}
PRIMARY_KEYS = (Qt.Key.Key_Space, Qt.Key.Key_Enter, Qt.Key.Key_Return)


class CounterView(StationPage):
    """One window's page: first the sign-in, then the work."""

    def __init__(
        self,
        context: StationContext,
        controller: CounterController,
        signing_in: CounterSignIn,
        taken_twice: SameWindowOnOtherPcWatch | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(context, parent)
        self.controller, self.signing_in = controller, signing_in
        look = context.look
        self.taken_twice = taken_twice or SameWindowOnOtherPcWatch(context)
        self.taken_twice.setParent(self)
        self._away: datetime | None = None
        self._customer: object = None
        self._stops: list[QWidget] = []
        self._changes_window = False
        self.acts_menu: QMenu | None = None
        self.compact = make_window_shrinker(context, controller, self)
        self.bar = CounterTopBar(look, has_small=self.compact.is_possible)
        self.bar.set_more_button_name(_("More"))
        self.bar.menu_wanted.connect(self.menu_wanted)
        self.bar.pause_button.clicked.connect(lambda: self._press_function_key(scenes.KEYS[scenes.ClerkAct.PAUSE]))
        self.messages.attach_over_bar(self.bar, self.bar.free_middle_rect)
        self.sign_in = SignInStage(context, signing_in)
        self.stage = CounterStage(look, sounds=self._was_last_sound_heard)
        self.rail = CounterRail(look)
        self.work = QWidget()
        beside = QHBoxLayout(self.work)
        set_scaled_margins(look, beside)
        beside.addWidget(self.stage, 1)
        beside.addWidget(self.rail)
        self._stack = QStackedLayout()
        column = QVBoxLayout(self)
        set_scaled_margins(look, column)
        column.addWidget(self.bar)
        column.addLayout(self._stack, 1)
        for page in (self.sign_in, self.work):
            # The page not shown must not hold the window open.
            page.setMinimumSize(1, 1)
            self._stack.addWidget(page)
        self.asking = CounterQuestions(
            self, controller, WindowHandoverController(context, parent=self), self.compact.host_widget, self.work
        )
        self.messages.put = self.asking.putting.open_question
        self.reprinting = TicketReprinter(self, context)
        self.talk = CounterMessagePresenter(self, controller, (self.rail, self.stage), self.compact, self.asking)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._connect_signals()
        self._show_window_in_bar()
        if taken_twice is None:
            signing_in.begin_sign_in(str(context.options.get("window") or ""), go_on=True)
        else:
            self._restore_former_page_state()

    def state_to_restore(self) -> str | None:
        return None if self.compact.on else self.sign_in.pad.pin

    def restore_state(self, left: str) -> None:
        for digit in left:
            self.sign_in.pad.add_digit(digit)

    def remade_page(self) -> CounterView:
        return CounterView(self.context, self.controller, self.signing_in, self.taken_twice)

    def _restore_former_page_state(self) -> None:
        """Show what the page before this one showed, in another language."""
        if self.controller.scene is None:
            self.sign_in.show_step()
            return
        self._stack.setCurrentWidget(self.work)
        self._show_scene()
        self.stage.set_busy(self.controller.is_busy)

    def _connect_signals(self) -> None:
        self.signing_in.signed_in.connect(self._begin_work_at_window)
        self.controller.changed.connect(self._show_scene)
        self.context.look.changed.connect(self._set_rail_width_for_page)
        self.controller.refused.connect(self._say_refusal_with_sound)
        self.controller.busy_changed.connect(self._show_busy)
        self.controller.unserved.connect(self._warn_of_unserved_services)
        self.controller.lost.connect(self._show_sign_in)
        self.controller.came.connect(self._play_knock)
        self.controller.nudged.connect(self._play_knock)
        self.controller.left_here.connect(self._say_customers_taken_over)
        self.controller.went_on.connect(self.stage.tell_where_customer_goes_on)
        self.controller.relieved.connect(self._say_who_took_over)
        self.taken_twice.told.connect(self._say_window_open_elsewhere)
        self.bar.small_button.clicked.connect(self.compact.shrink)
        self.compact.pressed.connect(self._act_or_say_refusal)
        self.asking.acted.connect(self._act_or_say_refusal)
        self.compact.primary_pressed.connect(self._press_primary)
        self.compact.more_wanted.connect(self.show_acts_menu)
        self.compact.key.connect(self._handle_small_bar_key)
        self.compact.restored.connect(self.setFocus)
        self.asking.putting.opened.connect(self.compact.show_question)
        self.asking.putting.answered.connect(self.compact.hide_questions)
        self.stage.acted.connect(self._act_or_say_refusal)
        self.stage.more.connect(self.show_acts_menu)
        self.rail.taken.connect(self._take_back_set_aside)
        self.rail.reinstated.connect(self._reinstate_unless_hall_offline)

    @property
    def largest_text_pct(self) -> int:
        """The largest text size that the window has room for: 150 % fits in 1366×768, less in a smaller window."""
        window = self.window()
        share = min(1.0, window.width() / STAFF_WIDTH, window.height() / STAFF_HEIGHT)
        return max(TEXT_SIZES_PCT[0], round(TEXT_SIZES_PCT[-1] * share))

    # -- what the window asks ------------------------------------------------------------------------------------

    def tick(self, now: datetime) -> None:
        if self._away is None:
            self.bar.set_clock(time_hm(set_up(self.context.feed.state).to_hall_time(now)))
            self.controller.tick(now)

    def show_hall_away(self, since: datetime | None) -> None:
        self._away = since
        self.stage.set_hall_away(since is not None)
        self.rail.set_hall_away(since is not None)
        self.sign_in.setEnabled(since is None)
        show_or_clear_hall_away_message(self.messages, self.context.feed, since)
        self.compact.show_hall_away(hall_away_texts(self.context.feed, since)[0] if since is not None else "")
        if self.controller.scene is not None:
            self._show_scene()

    def menu_entries(self) -> list[MenuEntry]:
        scene = self.controller.scene
        if scene is None:
            asked = self.signing_in.step != "window" and not self.signing_in.busy
            return (
                [MenuEntry(_("Another window"), self.signing_in.begin_sign_in, enabled=self._away is None)]
                if asked
                else []
            )
        free = scene.ticket is None and self._away is None
        return [
            *([MenuEntry(_("Small bar"), self.compact.shrink, "F12")] if self.compact.is_possible else []),
            *self.reprinting.menu_entries(scene.ticket),
            *self.talk.talking.customer_menu_entries(scene.ticket.label if scene.ticket is not None else ""),
            *self.talk.talking.own_menu_entries(),
            *self.asking.own_menu_entries(free=free),
            MenuEntry(_("Sign out and close the window"), self.sign_out, scenes.KEYS[scenes.ClerkAct.CLOSE], free),
            MenuEntry(_("Another window"), self.close_and_choose_window, enabled=free),
        ]

    def sign_out(self) -> None:
        self._act_or_say_refusal(scenes.ClerkAct.CLOSE)

    def close_and_choose_window(self) -> None:
        self._act_or_say_refusal(scenes.ClerkAct.CLOSE)
        self._changes_window = True
        if self.asking.dialog is not None:
            self.asking.dialog.refused.connect(self._cancel_window_change)

    def _cancel_window_change(self) -> None:
        self._changes_window = False

    def bring_to_front(self) -> None:
        self.compact.restore()

    def page_openers(self) -> Mapping[str, Callable[[], None]]:
        small = {"bar": lambda: self.compact.shrink(room=self.window().width())} if self.compact.is_possible else {}
        return {**small, **self.asking.page_openers()}

    def small_window(self) -> QWidget | None:
        return self.compact.bar if self.compact.on else None

    def continue_from_context(self, before: StationContext) -> None:
        self.signing_in.continue_from_context(before)

    def own_window_code(self) -> str:
        return self.signing_in.window

    def may_close(self) -> bool:
        return self.controller.scene is None or self.controller.scene.ticket is None

    def closing_effect_text(self) -> str:
        return _("Somebody is called or served here; the ticket stays as it is.")

    def stop(self) -> None:
        self.compact.stop()
        if not self.is_replaced:
            self.taken_twice.sign_out_noted_clerk_here()
            self.controller.forget_window()

    # -- who is here ---------------------------------------------------------------------------------------------

    def _begin_work_at_window(self, window: str) -> None:
        self._stack.setCurrentWidget(self.work)
        self._customer = None
        self.controller.begin_at_window(window)
        self._show_window_in_bar()
        self.setFocus()
        self.taken_twice.record_sign_in_here(window)

    def _show_sign_in(self) -> None:
        self.asking.close()
        self.compact.restore()
        window = self.signing_in.window
        self.stage.clear_message()
        self._stack.setCurrentWidget(self.sign_in)
        self.signing_in.begin_sign_in("" if self._changes_window else window)
        self._changes_window = False
        if self.controller.scene is None:
            self.taken_twice.sign_out_noted_clerk_here()
            self.sign_in.show_note(words.sign_in_again_reason_line(window, was_put_back=self.context.feed.was_put_back))
            self._show_window_in_bar()
            self.sign_in.setFocus()

    def _show_window_in_bar(self) -> None:
        self.bar.show_window_and_hall(self.controller.scene, set_up(self.context.feed.state))

    def _say_who_took_over(self) -> None:
        self._show_window_in_bar()
        if self.controller.scene is not None:
            self._say_on_stage_and_bar("blue", words.clerk_took_over_line(self.controller.scene))
            self.taken_twice.record_sign_in_here(self.controller.code)

    # -- what is shown -------------------------------------------------------------------------------------------

    def _show_scene(self) -> None:
        scene = self.controller.scene
        if scene is None:
            return
        customer = (scene.kind, scene.ticket.id if scene.ticket else None)
        if customer != self._customer:
            self._customer = customer
            self.asking.close()
            self._return_keyboard_to_page()
        self.bar.show_scene(scene, self.controller.day, away=self._away is not None)
        done = words.delivered_line(
            scene.setup,
            self.controller.delivered.counts(scene.ticket),
            form_free=self.controller.is_without_form_or_none_if_usual,
        )
        self.stage.show_scene(scene, self.controller.announcement_state, done)
        nudge = self.controller.current_nudge
        self.stage.show_nudge(words.nudge_line(nudge) if nudge is not None else "")
        self.rail.show_scene(scene)
        self.compact.show_current_state()
        self._set_tab_order()

    def _show_busy(self, busy: bool) -> None:
        if busy:
            self.stage.clear_message()
        else:
            # The primary lives again only when what it would now do is to be seen.
            self.stage.repaint()
        self.stage.set_busy(busy)
        self.compact.set_busy(busy)

    def _return_keyboard_to_page(self) -> None:
        """Give the keyboard back to the primary: a focus left on a button that went away would land anywhere."""
        if self._stack.currentWidget() is self.work and self.isVisible() and not self.asking.is_open:
            self.setFocus()

    def _set_tab_order(self) -> None:
        stops = [
            self,
            *self.stage.tab_stops(),
            *self.rail.tab_stops(),
            self.bar.pause_button,
            *([self.bar.small_button] if self.compact.is_possible else []),
            self.bar.more_button,
        ]
        if stops != self._stops:
            self._stops = stops
            for first, second in pairwise(stops):
                QWidget.setTabOrder(first, second)

    def _say_refusal_with_sound(self, trouble: QueueDeskError) -> None:
        kind = "amber" if isinstance(trouble, OutsideError) else "red"
        self._say_on_stage_and_bar(kind, words.refusal_line(self.controller.scene, trouble))
        self._play_sound("tick")

    def _say_on_stage_and_bar(self, kind: str, sentence: str) -> None:
        {"red": self.stage.show_refusal, "amber": self.stage.show_warning, "blue": self.stage.tell}[kind](sentence)
        self.compact.show_message(kind, sentence)

    def clear_no_answer_message(self) -> None:
        self.stage.clear_no_answer_message()

    def _warn_of_unserved_services(self, services: list[str]) -> None:
        setup = set_up(self.context.feed.state)
        self._say_on_stage_and_bar("amber", words.unserved_services_line(setup, services))
        self.sign_in.show_note(words.unserved_services_line(setup, services))

    def _say_window_open_elsewhere(self, pc: str) -> None:
        self._say_on_stage_and_bar("amber", words.window_open_twice_line(self.controller.code, pc))
        self._play_knock()

    def _say_customers_taken_over(self, window: str) -> None:
        self._say_on_stage_and_bar("amber", words.customers_taken_over_line(window))
        self._play_knock()

    def _play_knock(self) -> None:
        self._play_sound("knock")

    def _was_last_sound_heard(self) -> bool | None:
        sounds = self.context.services.sounds
        return False if sounds is None else sounds.was_last_sound_heard()

    def _play_sound(self, sound: str) -> None:
        if (sounds := self.context.services.sounds) is not None:
            sounds.play(sound)

    # -- keys and presses ----------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        scene = self.controller.scene
        if scene is None and self.sign_in.handle_key(event):
            return  # The keyboard was at ⋯, or nowhere, when the person typed on.
        if scene is None or event.isAutoRepeat():
            super().keyPressEvent(event)
            return
        self._act_on_shortcut_key(event, self.window().focusWidget() in (self, self.stage.primary))

    def _handle_small_bar_key(self, event: QKeyEvent) -> None:
        if self.controller.scene is not None and not event.isAutoRepeat():
            self._act_on_shortcut_key(event, QApplication.focusWidget() in (self.compact.bar, None))

    def _act_on_shortcut_key(self, event: QKeyEvent, at_primary: bool) -> None:
        key, modifiers = Qt.Key(event.key()), event.modifiers()
        on_pad = bool(modifiers & Qt.KeyboardModifier.KeypadModifier)
        with_control = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
        if (key in PRIMARY_KEYS and at_primary) or (key == Qt.Key.Key_F9 and with_control):
            self._press_primary()
        elif key == Qt.Key.Key_F12:
            self._toggle_small_bar()
        elif key == Qt.Key.Key_M and modifiers & Qt.KeyboardModifier.AltModifier:
            self.show_acts_menu()
        elif key in FUNCTION_KEYS or (on_pad and event.text() in scenes.PAD):
            self._press_function_key(FUNCTION_KEYS.get(key) or scenes.PAD[event.text()])
        else:
            event.ignore()

    def _toggle_small_bar(self) -> None:
        self.asking.close_read_only_dialog()
        if self.compact.on:
            self.compact.restore()
        elif self.isVisible() and not self.asking.is_open:
            self.compact.shrink()

    def _press_primary(self) -> None:
        scene = self.controller.scene
        act = scenes.primary_act(scene) if scene is not None else None
        if act is not None:
            self._act_or_say_refusal(act)

    def _press_function_key(self, cap: str) -> None:
        scene = self.controller.scene
        act = scenes.act_of_function_key(cap, scene) if scene is not None else None
        if act is not None:
            self._act_or_say_refusal(act)

    def _act_or_say_refusal(self, name: str) -> None:
        scene = self.controller.scene
        self.asking.close_read_only_dialog()
        if scene is None or self.controller.is_busy or self._away is not None or self.asking.is_open:
            return
        act, self._changes_window = scenes.ClerkAct(name), False
        self.stage.clear_message()
        self.compact.clear_message()
        if act in scenes.possible_acts(scene):
            self.asking.do_or_ask_act(act, scene)
        else:
            self._say_refusal_with_sound(scenes.reason_act_is_impossible(act, scene))

    def _take_back_set_aside(self, ticket: str) -> None:
        if self._away is None:
            self.controller.unpark(ticket)

    def _reinstate_unless_hall_offline(self, ticket: str) -> None:
        if self._away is None:
            self.controller.reinstate(ticket)

    # -- menus ---------------------------------------------------------------------------------------------------

    def show_acts_menu(self, corner: QPoint | None = None) -> None:
        """Show the menu of possible acts; `corner` (global) is its lower right corner, by default that of ⋯."""
        if corner is None:
            button = self.compact.more_button or self.stage.more_button
            corner = button.mapToGlobal(QPoint(button.width(), -self.context.look.px(8)))
        scene = self.controller.scene
        if scene is None or self.asking.is_open or (self._away is not None and not self.compact.on):
            return
        full = self.compact.restore if self.compact.on else None
        menu = clerk_acts_menu(
            self,
            scene,
            self._act_or_say_refusal,
            self.asking,
            full=full,
            own_cases=self.talk.own_cases,
            away=self._away is not None,
        )
        self.acts_menu = menu
        size = menu.sizeHint()
        over = corner.y() - size.height()
        bar = self.small_window()
        if bar is not None and over < screen_under_widget(bar).availableGeometry().top():
            over = bar.geometry().bottom() + self.context.look.px(8)
        menu.popup(QPoint(corner.x() - size.width(), over))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._set_rail_width_for_page()

    def _set_rail_width_for_page(self) -> None:
        self.rail.set_width_for_page(self.width())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        (self if self._stack.currentWidget() is self.work else self.sign_in).setFocus()

    def hideEvent(self, event: QHideEvent) -> None:
        if not self.compact.on:
            self.asking.close()
        super().hideEvent(event)


# The page asks for window and name itself: signing in here is opening a window.
ROLES: tuple[str, ...] = ()


def build_station_page(context: StationContext) -> StationPage:
    """Return the counter's page; option "window" names the window it stands at."""
    return CounterView(context, CounterController(context), CounterSignIn(context))
