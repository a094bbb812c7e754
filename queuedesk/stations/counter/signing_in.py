"""Signs a clerk in at a window: the window, the name, the PIN if one is set; opens the window or goes on there."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.features import features_used_by_hall, import_reference
from queuedesk.core.log.event import Event
from queuedesk.core.network.roles import HALL, PIN, Actor, Role
from queuedesk.core.queue.overview import set_up
from queuedesk.core.queue.ticket import Window, WindowState
from queuedesk.core.setup.rows import StaffMember
from queuedesk.core.talk.screen import split_station_and_pc, station_name_at_pc
from queuedesk.desk import looking
from queuedesk.desk.queue import opening
from queuedesk.i18n import _, error_sentence, name_in_language, names, role_word, window_state_word
from queuedesk.stations.signing_in import SIDE_PX, PersonTile, SignInLayout, secret_question, tile_columns_that_fit
from queuedesk.stations.widgets import buttons, cards, panels
from queuedesk.stations.widgets.questions.dialogs import REPEATS
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.style import Look, Scale

T = TypeVar("T")

AT_COUNTERS = (Role.CLERK, Role.MANAGER, Role.ADMIN)


class SignInPerson(Struct, frozen=True):
    """A person who may sit at the window; `window` is where the person already sits."""

    person: StaffMember
    window: str | None


class CounterSignIn(QObject):
    """Chooses window and name. `step` is "window", "name" or "pin", which asks for the `secret` that a person has, a
    password in place of a PIN; `signed_in` carries the window's code.
    `checks_wanted` carries the person if the hall wants checks before opening; open_window_as() continues then. This PC
    remembers the window. An open window continues with its clerk, who is asked at most for a PIN."""

    changed = Signal()
    refused = Signal(object)
    busy_changed = Signal(bool)
    signed_in = Signal(str)
    checks_wanted = Signal(object)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.step = "window"
        self.window = ""
        self.staff = self.secret = ""
        self.busy = False
        self.active = False
        self._chosen_here = False
        self._proved: Actor | None = None

    def begin_sign_in(self, window: str = "", *, go_on: bool = False) -> None:
        """Ask for window and name; with `window` only for the name. With `go_on` (a restarted station) only for a PIN,
        if the window's clerk is still signed in."""
        self.active, self.staff, self._context.who = True, "", None
        self._chosen_here = False
        known = window in set_up(self._context.feed.state).windows
        self.window = window if known else ""
        self.step = "name" if known else "window"
        self._set_busy_and_emit(False)
        self.changed.emit()
        person_at_chosen_window = self.person_at_chosen_window()
        if go_on and known and person_at_chosen_window is not None:
            self.choose_person_by_code(person_at_chosen_window.code)

    def continue_from_context(self, before: StationContext) -> None:
        """Continue as the person who worked in `before`, this station's window until its hall's log was opened
        elsewhere. Asks for the PIN if the log is another one, or the window is no longer theirs."""
        who, now = before.who, before.feed.state.now
        mine = [
            window.code
            for window in self.windows()
            if who is not None and window.staff == who.name and window.state is not WindowState.CLOSED
        ]
        if who is None or not mine:
            return
        person, desk = set_up(self._context.feed.state).staff.get(who.name), self._context.desk
        if person is None or person.role is not who.role:
            return
        self.window = self.window if self.window in mine else mine[0]
        self._set_busy_and_emit(True)

        def on_log_compared(same: bool) -> None:
            self._set_busy_and_emit(False)
            if same and self.active:
                self._finish_or_wait_for_window(who)

        self._context.tasks.run(
            partial(looking.is_log_continuing_from, desk, now), on_log_compared, self._on_sign_in_refused
        )

    def windows(self) -> list[Window]:
        state = self._context.feed.state
        return [state.window(code) for code in set_up(state).windows]

    def selectable_people(self) -> list[SignInPerson]:
        """Return the people who may sit at the chosen window, clerks first; at an open window only its clerk."""
        state = self._context.feed.state
        setup = set_up(state)
        person_at_chosen_window = self.person_at_chosen_window()
        if person_at_chosen_window is not None:
            return [SignInPerson(person_at_chosen_window, self.window)]
        at = {w.staff: w.code for w in self.windows() if w.state is not WindowState.CLOSED}
        people = sorted(
            (p for p in setup.staff.values() if p.role in AT_COUNTERS), key=lambda p: AT_COUNTERS.index(p.role)
        )
        return [SignInPerson(person, at.get(person.code)) for person in people]

    def person_at_chosen_window(self) -> StaffMember | None:
        if not self.window:
            return None
        state = self._context.feed.state
        window = state.window(self.window)
        if window.state is WindowState.CLOSED or window.staff is None:
            return None
        return set_up(state).staff.get(window.staff)

    def choose_window(self, code: str) -> None:
        self.window, self.step, self._chosen_here = code, "name", True
        self.changed.emit()

    def choose_person_by_code(self, staff: str) -> None:
        """Continue as `staff`: at once, or after the PIN if there is one."""
        if self.busy:
            return
        self.staff = staff
        self._set_busy_and_emit(True)
        context = self._context

        def ask_for_pin_or_open_window(secret: str) -> None:
            self._set_busy_and_emit(False)
            if secret:
                self.step, self.secret = "pin", secret
                self.changed.emit()
            else:
                self._check_pin_and_open_window(None)

        context.tasks.run(
            lambda: opening.needed_secret_kind(context.desk, staff),
            ask_for_pin_or_open_window,
            self._on_sign_in_refused,
        )

    def check_typed_pin(self, pin: str) -> None:
        if not self.busy:
            self._check_pin_and_open_window(pin)

    def go_back_one_step(self) -> None:
        if self.step == "pin":
            self.step = "name"
        elif self.step == "name":
            self.step, self.window = "window", ""
        self.changed.emit()

    def _check_pin_and_open_window(self, pin: str | None) -> None:
        self._set_busy_and_emit(True)
        context, window, staff = self._context, self.window, self.staff
        person_at_chosen_window = self.person_at_chosen_window()
        going_on = person_at_chosen_window is not None and person_at_chosen_window.code == staff
        self._proved = None
        ask = context.new_ask(HALL)  # until it is known who it is

        def identify_and_open_window() -> Actor:
            actor = opening.require_and_get_proven_actor(context.desk, staff, pin=pin, now=ask.now)
            self._proved = actor
            if not going_on:
                opening.open_window(context.desk, replace(ask, who=actor), window, staff=staff)
            return actor

        context.tasks.run(identify_and_open_window, self._finish_or_wait_for_window, self._on_sign_in_refused)

    def open_window_as(self, actor: Actor, waive: str | None = None) -> None:
        """Open the window as somebody already proven; `waive` is the reason for opening although checks are missing."""
        self._set_busy_and_emit(True)
        context, window = self._context, self.window
        ask = context.new_ask(actor)

        def open_window_for_actor() -> Actor:
            opening.open_window(context.desk, ask, window, staff=actor.name, waive=waive)
            return actor

        context.tasks.run(open_window_for_actor, self._finish_or_wait_for_window, self._on_sign_in_refused)

    def _finish_or_wait_for_window(self, actor: Actor) -> None:
        self._context.who = actor
        if self._is_own_window_open():
            self._finish_sign_in()
        else:
            self._context.feed.changed.connect(self._continue_once_window_opens)

    def _continue_once_window_opens(self, _events: object) -> None:
        if self._is_own_window_open():
            self._context.feed.changed.disconnect(self._continue_once_window_opens)
            self._finish_sign_in()

    def _is_own_window_open(self) -> bool:
        window, who = self._context.feed.state.window(self.window), self._context.who
        return window.state is not WindowState.CLOSED and who is not None and window.staff == who.name

    def _finish_sign_in(self) -> None:
        self._set_busy_and_emit(False)
        self.active = False
        if self._chosen_here:
            self._remember_window_on_pc()
        self.signed_in.emit(self.window)

    def _remember_window_on_pc(self) -> None:
        """Let this PC know its window, so that the next start goes on there."""
        own, window = self._context.services.own_choices, self.window
        if own is not None:
            self._context.tasks.run_in_long_work_lane(
                lambda: own.store_counter_window(window), _ignore_answer, _ignore_answer
            )

    def _on_sign_in_refused(self, error: QueueDeskError) -> None:
        self._set_busy_and_emit(False)
        if error.code == "checks_missing" and self._proved is not None:
            self.checks_wanted.emit(self._proved)
            return
        self.refused.emit(error)
        if error.code == "clock_ahead" and (who := self._proved) is not None:
            self._context.confirm_clock(error, who, lambda: self.open_window_as(who))

    def _set_busy_and_emit(self, busy: bool) -> None:
        if busy != self.busy:
            self.busy = busy
            self.busy_changed.emit(busy)


def _ignore_answer(_said: object) -> None:
    """A choice that could not be kept holds for this run; only the next start asks again."""


class WindowHandoverController(QObject):
    """Hands a window over. `pin_wanted` carries who must give which secret, `proved` the Actor, `refused` why not."""

    pin_wanted = Signal(str, str)
    proved = Signal(object)
    refused = Signal(object)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._busy = False

    def prove_or_ask_pin(self, staff: str) -> None:
        """Prove `staff`, or ask for the PIN first."""
        desk = self._context.desk

        def needed_secret_or_actor() -> Actor | str:
            return opening.needed_secret_kind(desk, staff) or opening.require_and_get_proven_actor(desk, staff)

        def emit_pin_wanted_or_proved(found: Actor | str) -> None:
            self._busy = False
            if isinstance(found, str):
                self.pin_wanted.emit(staff, found)
            else:
                self.proved.emit(found)

        self._run_unless_busy(needed_secret_or_actor, emit_pin_wanted_or_proved)

    def prove_by_pin(self, staff: str, pin: str) -> None:
        desk, now = self._context.desk, self._context.clock()

        def on_proved(who: Actor) -> None:
            self._busy = False
            self.proved.emit(who)

        self._run_unless_busy(lambda: opening.require_and_get_proven_actor(desk, staff, pin=pin, now=now), on_proved)

    def _run_unless_busy(self, work: Callable[[], T], done: Callable[[T], None]) -> None:
        if not self._busy:
            self._busy = True
            self._context.tasks.run(work, done, self._emit_relief_refusal)

    def _emit_relief_refusal(self, trouble: QueueDeskError) -> None:
        self._busy = False
        self.refused.emit(trouble)


# -- one window on two PCs ---------------------------------------------------------------------------------------------


class SameWindowOnOtherPcWatch(QObject):
    """Where several PCs share the hall, notes in the log at which window this counter stands, and tells when another
    PC's stands there too: `told` carries that PC's name. Both see it, the one that came first and the one after."""

    told = Signal(str)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._noted: tuple[str, Actor] | None = None
        context.feed.changed.connect(self._tell_of_other_sign_ins)

    def record_sign_in_here(self, window: str) -> None:
        context, who = self._context, self._context.who
        station = station_name_at_pc(f"counter-{window}", context.pc)
        if who is None or not context.pc:
            return
        if self._noted != (station, who):
            self.sign_out_noted_clerk_here()
            self._noted = (station, who)
            ask = context.new_ask()
            context.tasks.run(
                lambda: opening.sign_in(context.desk, ask, station, who.name), _ignore_answer, _ignore_answer
            )
        for other in context.feed.state.signed_in:
            self._report_pc_at_same_window(other)

    def sign_out_noted_clerk_here(self) -> None:
        if self._noted is None:
            return
        context, (station, who) = self._context, self._noted
        self._noted = None
        ask = context.new_ask(who)
        context.tasks.run(
            lambda: opening.sign_out_at_station(context.desk, ask, station), _ignore_answer, _ignore_answer
        )

    def _tell_of_other_sign_ins(self, events: list[Event]) -> None:
        for event in events:
            if event.kind == "sign-in":
                self._report_pc_at_same_window(str(event.data.get("station", "")))

    def _report_pc_at_same_window(self, other: str) -> None:
        if self._noted is None:
            return
        (own, own_pc), (name, pc) = split_station_and_pc(self._noted[0]), split_station_and_pc(other)
        if name == own and pc not in ("", own_pc):
            self.told.emit(pc)


WINDOWS_IN_ROW = 4
PAD_TOP_PX, PAD_PX = 175, 450  # what stands over the pad, and the pad, as drawn
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class SignInStage(panels.Panel):
    """Asks for window, name and PIN, one after the other; everything works with digits, Enter, Esc and Tab."""

    def __init__(self, context: StationContext, controller: CounterSignIn, parent: QWidget | None = None) -> None:
        look = context.look
        super().__init__(look, parent=parent)
        self._context, self._controller = context, controller
        self._trouble: QueueDeskError | None = None
        self._note = ""
        # The pad is as large as the window allows: with large text its last row would be cut off.
        self._pad_look = Look(look.theme, look.scale, self)
        self._block = SignInLayout(look, self._pad_look)
        self.setLayout(self._block)
        self.title, self.line, self.pad = self._block.title, self._block.line, self._block.pad
        self._choices, self._grid = self._block.choices, self._block.grid
        self.back = buttons.TextButton(look, icon="arrow-left", height=44)
        self.back.clicked.connect(self._go_back_one_step)
        self._block.head.addWidget(self.back)
        self.windows: dict[str, cards.WindowCard] = {}
        self.names: dict[str, PersonTile] = {}
        self.pad.enter.clicked.connect(self._check_entered_pin)
        self.pad.back.clicked.connect(self._go_back_one_step)
        # A PIN may have the same digit twice, on the number pad too.
        self.setProperty(REPEATS, True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        look.changed.connect(self._scale_pin_pad)
        controller.changed.connect(self.show_step)
        controller.refused.connect(self._clear_pin_and_show_trouble)
        controller.checks_wanted.connect(self._ask_opening_checks)
        controller.busy_changed.connect(self._choices.setDisabled)
        controller.busy_changed.connect(self.pad.enter.set_busy)
        context.feed.changed.connect(self._list_again_on_window_events)
        self._rebuild_tiles_of_step()
        self._show_step_title_and_hint()

    def show_note(self, sentence: str) -> None:
        self._note = sentence
        self._show_step_title_and_hint()

    def show_step(self) -> None:
        self._trouble = None
        self._rebuild_tiles_of_step()
        self._block.show_pin_pad(self._controller.step == "pin")
        if self.isVisible():
            self.setFocus()
        self.pad.ask_for_secret(self._controller.secret if self._controller.step == "pin" else PIN)
        self._show_step_title_and_hint()

    def trouble_text(self) -> str:
        return error_sentence(self._trouble) if self._trouble else ""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.handle_key(event):
            super().keyPressEvent(event)

    def handle_key(self, event: QKeyEvent) -> bool:
        """Do what a key means at this step, wherever the focus is; return whether it meant anything."""
        step, text = self._controller.step, event.text()
        if event.key() == Qt.Key.Key_Escape:
            self._go_back_one_step()
        elif step == "pin":
            return self.pad.handle_key(event)
        elif step == "window" and text in self.windows:
            self.windows[text].click()
        elif step == "name" and text.isdecimal() and 0 < int(text) <= len(self.names):
            list(self.names.values())[int(text) - 1].click()
        elif event.key() in _ENTER and not event.isAutoRepeat() and len(self._window_and_name_tiles()) == 1:
            self._window_and_name_tiles()[0].click()
        else:
            return False
        return True

    def _window_and_name_tiles(self) -> list[buttons.PaintedButton]:
        return [*self.windows.values(), *self.names.values()]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._scale_pin_pad()
        self._arrange_tiles()

    def _scale_pin_pad(self) -> None:
        room = self.height() - self.look.px(PAD_TOP_PX)
        self._pad_look.set_theme(self.look.theme)
        self._pad_look.set_scale(Scale(max(0.7, min(self.look.scale.k, room / PAD_PX))))

    # -- what is shown --
    def _rebuild_tiles_of_step(self) -> None:
        for tile in self._window_and_name_tiles():
            self._grid.removeWidget(tile)
            tile.hide()
            tile.deleteLater()
        self.windows, self.names = {}, {}
        step = self._controller.step
        if step == "window":
            self._list_windows()
        elif step == "name":
            self._list_people_tiles()

    def _arrange_tiles(self) -> None:
        width = self.width() - 2 * self.look.gap(SIDE_PX)
        names = [tile.text() for tile in self.names.values()]
        most = tile_columns_that_fit(self.look, names, width) if names else WINDOWS_IN_ROW
        self._block.arrange_tiles(self._window_and_name_tiles(), most, self.width())

    def _list_windows(self) -> None:
        setup = set_up(self._context.feed.state)
        for window in self._controller.windows():
            is_open = window.state is not WindowState.CLOSED
            spec = setup.windows[window.code]
            card = cards.WindowCard(
                self.look,
                cards.WindowCardText(
                    number=names.window_name(window.code),
                    staff=names.staff_name(setup, window.staff) if is_open else "",
                    ticket=" ".join(setup.services[s].prefix for s in spec.services if s in setup.services),
                    state=str(window.state),
                    word=window_state_word(str(window.state)),
                    time=name_in_language(spec.zone, spec.zone_en),
                ),
            )
            card.setObjectName(window.code)
            card.clicked.connect(self._choose_clicked_window)
            self.windows[window.code] = card

    def _list_people_tiles(self) -> None:
        for place, name in enumerate(self._controller.selectable_people(), start=1):
            tile = PersonTile(self.look)
            told = role_word(str(name.person.role))
            if name.window is not None:
                told = _("at window {window}", window=name.window)
            full = name_in_language(name.person.name, name.person.name_en)
            tile.set_person(full, told)
            tile.setEnabled(name.window in (None, self._controller.window))
            tile.setObjectName(name.person.code)
            tile.clicked.connect(self._choose_clicked_person)
            tile.set_key(str(place) if place <= 9 else "")
            tile.setToolTip(_("Key {key}", key=place) if place <= 9 else "")
            self.names[name.person.code] = tile

    def _show_step_title_and_hint(self) -> None:
        step, setup = self._controller.step, set_up(self._context.feed.state)
        window = self._controller.window
        self.back.setText(_("Another window"))
        self.back.setVisible(step == "name")
        if step == "window":
            self.title.setText(_("Which window is this?"))
            hint = _("Touch it, or type its number.")
        elif step == "name":
            going_on = self._controller.person_at_chosen_window() is not None
            self.title.setText(_("Who is at window {window}?", window=window))
            hint = (
                _("This window is already open. Touch the name or press Enter to carry on.")
                if going_on
                else _("Touch your name, or type its number in the list, to open the window.")
            )
        else:
            title, hint = secret_question(self.pad.secret, names.staff_name(setup, self._controller.staff))
            self.title.setText(title)
        trouble = self.trouble_text()
        self.line.show_message(trouble or self._note or hint, refused=bool(trouble))
        self._arrange_tiles()

    # -- what is pressed --
    def _choose_clicked_window(self) -> None:
        self._note = ""
        self._controller.choose_window(self.sender().objectName())

    def _choose_clicked_person(self) -> None:
        self._note, self._trouble = "", None
        self._controller.choose_person_by_code(self.sender().objectName())

    def _check_entered_pin(self) -> None:
        self._controller.check_typed_pin(self.pad.pin)

    def _go_back_one_step(self) -> None:
        if self._controller.step != "window":
            self._controller.go_back_one_step()

    def _ask_opening_checks(self, who: Actor) -> None:
        """Let the person check the equipment first, or say why not."""

        def open_with_waiver(reason: str) -> None:
            self._controller.open_window_as(who, reason or None)

        for one in features_used_by_hall(self._context.feed.setup.hall):
            if one.before_opening:
                ask = import_reference(one.before_opening)
                ask(
                    self,
                    self._context,
                    who,
                    window=self._controller.window,
                    go=open_with_waiver,
                    stay=self._controller.changed.emit,
                )

    def _clear_pin_and_show_trouble(self, trouble: QueueDeskError) -> None:
        self._trouble = trouble
        self.pad.clear()
        self._show_step_title_and_hint()

    def _list_again_on_window_events(self, events: list[object]) -> None:
        kinds = {getattr(event, "kind", "") for event in events}
        if (
            self._controller.active
            and kinds & {"open", "close", "pause", "resume", "set-up"}
            and not self._controller.busy
        ):
            self._rebuild_tiles_of_step()
            self._show_step_title_and_hint()
