"""Carries an act out: at once, or after the question that it needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.features import FeatureCounterMenuEntry, features_used_by_hall, import_reference
from queuedesk.core.network.roles import Actor
from queuedesk.core.queue.ticket import Ticket
from queuedesk.i18n import _, error_sentence, list_text, n_, names, role_word, time_hm
from queuedesk.stations import signing_in
from queuedesk.stations.acts.written_talk import ClerkTalkDialog, ClerkTalkEndpoint, written_talk_socket_name
from queuedesk.stations.counter import questions, words
from queuedesk.stations.counter import scene as scenes
from queuedesk.stations.counter.controller import CounterController
from queuedesk.stations.counter.signing_in import WindowHandoverController
from queuedesk.stations.widgets.buttons import SecondaryButton
from queuedesk.stations.widgets.panels import FixedSizeKeeper, VerticalScrollArea, set_scaled_margins
from queuedesk.stations.widgets.questions.dialogs import REPEATS, ConfirmDialog, Dialog, ErrorLine, ReasonDialog
from queuedesk.stations.window.frame import MenuEntry, StationPage
from queuedesk.stations.window.style import Look

# -- who goes on at the window, and the PIN that proves it ---------------------------------------------------------

WIDTH, SHEET_PAD, ROWS_SHOWN, ROW_PX = 720, 32, 4, 108
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class PersonPickDialog(Dialog):
    """One of several people: a touch, or a digit for the first nine. `done` gives the code."""

    done = Signal(str)

    def __init__(
        self, host: QWidget, look: Look, *, title: str, effect: str, people: Sequence[tuple[str, str, str]], no: str
    ) -> None:
        super().__init__(host, look, title=title, effect=effect, width=WIDTH)
        self.tiles: dict[str, signing_in.PersonTile] = {}
        inside = QWidget()
        grid = QGridLayout(inside)
        set_scaled_margins(self.look, grid, (4, 4, 4, 4), signing_in.GAP)
        for number, (code, name, second) in enumerate(people, start=1):
            tile = signing_in.PersonTile(self.look)
            tile.set_person(name, second)
            tile.set_key(str(number) if number <= 9 else "")
            tile.setObjectName(code)
            tile.clicked.connect(self._finish_with_touched_person)
            self.tiles[code] = tile
        room = self.look.large_px(WIDTH) - 2 * self.look.gap(SHEET_PAD)
        columns = min(2, signing_in.tile_columns_that_fit(self.look, [name for _code, name, _second in people], room))
        signing_in.arrange_tiles_in_grid(grid, list(self.tiles.values()), columns)
        self.area = VerticalScrollArea(inside)
        rows = min(-(-len(people) // columns), ROWS_SHOWN)
        FixedSizeKeeper(self.look, self.area, height=rows * (ROW_PX + signing_in.GAP))
        self.body.addWidget(self.area)
        self.no_button = SecondaryButton(self.look, no, key="Esc", height=56, px=18)
        self.no_button.clicked.connect(self.refuse)
        self.buttons.addWidget(self.no_button)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        digit, codes = event.text(), list(self.tiles)
        if digit.isdecimal() and 1 <= int(digit) <= min(9, len(codes)):
            self._close_and_emit_person(codes[int(digit) - 1])
        else:
            super().keyPressEvent(event)

    def _finish_with_touched_person(self) -> None:
        self._close_and_emit_person(self.sender().objectName())

    def _close_and_emit_person(self, code: str) -> None:
        self.close_dialog()
        self.done.emit(code)


class PinDialog(Dialog):
    """Asks for one person's PIN or password and gives it by `given`; stays open until it is right or it is closed."""

    given = Signal(str)
    done = Signal()

    def __init__(self, host: QWidget, look: Look, *, secret: str, name: str) -> None:
        title, hint = signing_in.secret_question(secret, name)
        super().__init__(host, look, title=title)
        self.setProperty(REPEATS, True)
        self.line = ErrorLine(self.look)
        self.line.show_message(hint, refused=False)
        self.pad = signing_in.PinPad(self.look)
        self.pad.ask_for_secret(secret)
        self.pad.back.clicked.connect(self.refuse)
        self.pad.enter.clicked.connect(lambda: self.given.emit(self.pad.pin))
        self.body.addWidget(self.line)
        self.body.addWidget(self.pad)

    def show_refusal(self, refusal: str) -> None:
        self.pad.clear()
        self.line.show_message(refusal, refused=True)

    def close_as_proved(self) -> None:
        self.close_dialog()
        self.done.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.pad.handle_key(event):
            super().keyPressEvent(event)


# -- before a window pauses, closes or is handed over --------------------------------------------------------------

HAND_OVER, TELL = "@hand-over", "@manager"  # no window's code has an @


class WindowStopQuestions(QObject):
    """Asks who takes over the customers that only this window serves; nothing is preselected."""

    def __init__(
        self, putting: questions.SingleQuestionHost, controller: CounterController, relieving: WindowHandoverController
    ) -> None:
        super().__init__(putting)
        self._putting, self._controller, self._relieving = putting, controller, relieving
        self._pin: PinDialog | None = None
        relieving.pin_wanted.connect(self._ask_pin)
        relieving.proved.connect(self._hand_window_over)
        relieving.refused.connect(self._say_refusal_at_pin_or_page)

    def ask_before_pause(self, scene: scenes.WindowScene) -> None:
        """Ask in one question why, for how long and, where paused windows could take those who wait, which one does."""
        left = scenes.lines_left_if_window_stops(scene)
        effect = (
            words.customers_left_unserved_line(scene, left) if left else words.services_still_served_where_line(scene)
        )
        able = [
            (taker.window, _taker_with_return_text(scene, taker))
            for taker in scenes.paused_windows_able_to_take_over(scene, left)
        ]
        dialog = questions.PauseDialog(
            self._putting.host(),
            self._putting.look,
            effect=effect,
            takers=[*able, (TELL, _("I'll tell the duty manager"))] if able else (),
            over=bool(scenes.staff_who_could_take_over_window(scene)),
        )

        def pause_as_answered(reason: str, minutes: int, taker: str) -> None:
            self._controller.pause(reason, minutes or None, taker or (TELL if left else None))

        dialog.paused.connect(pause_as_answered)
        dialog.over_wanted.connect(lambda: self.ask_who_relieves(scene))
        self._putting.open_question(dialog)

    def close(self, scene: scenes.WindowScene) -> None:
        if not scenes.lines_left_if_window_stops(scene):
            self._controller.close()
            return
        title = _("Close window {window}? Who takes them?", window=scene.window.code)
        yes = _("Close window")
        self._ask_who_takes_customers(scene, title=title, no=_("Stay open"), yes=yes, done=self._controller.close)

    def ask_who_relieves(self, scene: scenes.WindowScene) -> None:
        people = [
            (code, names.staff_name(scene.setup, code), role_word(str(scene.setup.staff[code].role)))
            for code in scenes.staff_who_could_take_over_window(scene)
        ]
        dialog = PersonPickDialog(
            self._putting.host(),
            self._putting.look,
            title=_("Hand window {window} over to whom?", window=scene.window.code),
            effect=_("Your shift ends and theirs starts in one step; the window stays open."),
            people=people,
            no=_("Don't hand over"),
        )
        dialog.done.connect(self._relieving.prove_or_ask_pin)
        self._putting.open_question(dialog)

    def _ask_who_takes_customers(
        self, scene: scenes.WindowScene, *, title: str, no: str, yes: str, done: Callable[[str], None]
    ) -> None:
        left = scenes.lines_left_if_window_stops(scene)
        choices = [
            (taker.window, _taker_with_return_text(scene, taker))
            for taker in scenes.paused_windows_able_to_take_over(scene, left)
        ]
        if scenes.staff_who_could_take_over_window(scene):
            choices.append((HAND_OVER, _("A colleague here: hand over to …")))
        choices.append((TELL, _("I'll tell the duty manager")))
        dialog = ReasonDialog(
            self._putting.host(),
            self._putting.look,
            title=title,
            effect=words.customers_left_unserved_line(scene, left),
            reasons=choices,
            missing=_("Choose who takes them first"),
            no=no,
            yes=yes,
        )
        dialog.done.connect(lambda code: self.ask_who_relieves(scene) if code == HAND_OVER else done(code))
        self._putting.open_question(dialog)

    # -- who goes on ---------------------------------------------------------------------------------------------

    def _ask_pin(self, staff: str, secret: str) -> None:
        scene = self._controller.scene
        if scene is None:
            return
        name = names.staff_name(scene.setup, staff)
        self._pin = PinDialog(self._putting.host(), self._putting.look, secret=secret, name=name)
        self._pin.given.connect(lambda pin: self._relieving.prove_by_pin(staff, pin))
        self._pin.refused.connect(self._forget_pin_dialog)
        self._putting.open_question(self._pin)

    def _hand_window_over(self, relief: Actor) -> None:
        if self._pin is not None:
            self._pin.close_as_proved()
            self._pin = None
        self._controller.hand_over(relief)

    def _say_refusal_at_pin_or_page(self, trouble: QueueDeskError) -> None:
        if self._pin is not None:
            self._pin.show_refusal(error_sentence(trouble))
        else:
            self._controller.refused.emit(trouble)

    def _forget_pin_dialog(self) -> None:
        self._pin = None


def _taker_with_return_text(scene: scenes.WindowScene, taker: scenes.PausedWindowAbleToServe) -> str:
    """Return "Window 4, Chen Jing, back at about 10:50"."""
    who, where = names.staff_name(scene.setup, taker.staff), names.window_name(taker.window)
    if taker.back is None:
        return _("{window}, {name}, paused now", window=where, name=who)
    back = time_hm(scene.setup.to_hall_time(taker.back))
    return _("{window}, {name}, back {time}", window=where, name=who, time=back)


# -- every question ------------------------------------------------------------------------------------------------


class CounterQuestions(QObject):
    """Shows the counter's questions one at a time, and own cases over `work`; `acted` carries the act pressed."""

    acted = Signal(str)

    def __init__(
        self,
        page: StationPage,
        controller: CounterController,
        relieving: WindowHandoverController,
        host: Callable[[], QWidget],
        work: QWidget,
    ) -> None:
        super().__init__(page)
        self.work = work
        self.controller, self.context = controller, page.context
        self.look = page.context.look
        self.putting = questions.SingleQuestionHost(self, self.look, host)
        self._stopping = WindowStopQuestions(self.putting, controller, relieving)
        controller.reason_wanted.connect(self._ask_overtake_reason)

    @property
    def is_open(self) -> bool:
        return self.putting.dialog is not None

    @property
    def dialog(self) -> Dialog | None:
        return self.putting.dialog

    def close(self) -> None:
        self.putting.close()

    def close_read_only_dialog(self) -> None:
        """Close what only is read: an act of the window comes before it."""
        if self.dialog is not None and self.dialog.gives_way:
            self.close()

    def do_or_ask_act(self, act: scenes.ClerkAct, scene: scenes.WindowScene) -> None:
        controller = self.controller
        at_once: dict[scenes.ClerkAct, Callable[[], None]] = {
            scenes.ClerkAct.CALL: controller.call,
            scenes.ClerkAct.START: controller.start,
            scenes.ClerkAct.RECALL: controller.recall,
            scenes.ClerkAct.REOPEN: controller.reopen,
            scenes.ClerkAct.UNSTALL: controller.unstall,
            scenes.ClerkAct.FORM_FREE: controller.toggle_customer_without_form,
            scenes.ClerkAct.EXTEND: controller.extend_absence,
            scenes.ClerkAct.RESUME: controller.resume,
        }
        if act in at_once:
            at_once[act]()
            return
        asked: dict[scenes.ClerkAct, Callable[[scenes.WindowScene], None]] = {
            scenes.ClerkAct.FINISH: self._finish_without_next_call,
            scenes.ClerkAct.FINISH_CALL: self._finish_and_call_next,
            scenes.ClerkAct.FINISH_THEN: self._finish_and_send_on,
            scenes.ClerkAct.CALL_CHOSEN: self._ask_number_to_call,
            scenes.ClerkAct.SERVE: self._serve_without_ticket,
            scenes.ClerkAct.PAUSE: self._stopping.ask_before_pause,
            scenes.ClerkAct.CLOSE: self._stopping.close,
            scenes.ClerkAct.HAND_OVER: self._stopping.ask_who_relieves,
        }
        if act in asked:
            asked[act](scene)
            return
        if scene.ticket is None:
            return
        with_customer: dict[scenes.ClerkAct, Callable[[scenes.WindowScene, Ticket], None]] = {
            scenes.ClerkAct.MISS: self._mark_missed_after_asking,
            scenes.ClerkAct.GIVE_BACK: self._ask_why_put_back,
            scenes.ClerkAct.PARK: self._ask_why_set_aside,
            scenes.ClerkAct.STALL: self._ask_stall_reason,
            scenes.ClerkAct.ADD: self._ask_which_service_to_add,
            scenes.ClerkAct.DELIVERED: self._ask_delivered_counts,
            scenes.ClerkAct.WRITE: self._open_written_talk,
            scenes.ClerkAct.REDIRECT: self._ask_right_service_line_of_ticket,
            scenes.ClerkAct.TRANSFER: self._ask_transfer_target,
        }
        with_customer[act](scene, scene.ticket)

    def unpark(self, ticket: str) -> None:
        self.controller.unpark(ticket)

    def reinstate(self, ticket: str) -> None:
        self.controller.reinstate(ticket)

    def confirm_customer_left(self, ticket: str) -> None:
        self.putting.ask_confirmation(
            title=_("Has the customer of {ticket} left?", ticket=ticket),
            effect=_("This ends the ticket; it can't be continued later."),
            safe=_("Keep it set aside"),
            act=_("{ticket} has left", ticket=ticket, context="act"),
            done=lambda: self.controller.leave(ticket),
        )

    # -- with a customer -----------------------------------------------------------------------------------------

    def _finish_without_next_call(self, _scene: scenes.WindowScene) -> None:
        self._finish_visit_after_asking_outcome(then_call=False)

    def _finish_and_call_next(self, _scene: scenes.WindowScene) -> None:
        self._finish_visit_after_asking_outcome(then_call=True)

    def _finish_and_send_on(self, scene: scenes.WindowScene) -> None:
        self._finish_visit_after_asking_outcome(then_call=False, then=scene.usual_next_steps_of_service)

    def _finish_visit_after_asking_outcome(self, *, then_call: bool, then: Sequence[str] = ()) -> None:
        controller = self.controller
        if not controller.is_outcome_required:
            controller.finish(then_call=then_call, then=then)
            return
        dialog = ReasonDialog(
            self.putting.host(),
            self.look,
            title=_("What was the outcome?"),
            effect=_("This hall records the outcome of every visit."),
            reasons=[
                ("done", _("Done", context="outcome")),
                ("part", _("Done in part, the customer comes again")),
                ("not_done", _("Could not be done")),
            ],
            missing=_("Choose an outcome first"),
            no=_("Not finished yet"),
            yes=_("Finish"),
        )
        dialog.done.connect(lambda outcome: controller.finish(outcome, then_call=then_call, then=then))
        self.putting.open_question(dialog)

    def _mark_missed_after_asking(self, scene: scenes.WindowScene, ticket: Ticket) -> None:
        controller = self.controller
        if scene.recalls_left == 0:
            controller.miss()
            return
        calls = scene.setup.setting_as_int("calls_before_missed")
        dialog = ConfirmDialog(
            self.putting.host(),
            self.look,
            title=_("Called fewer than {n} times. Mark as missed now?", n=calls),
            effect=n_(
                "{ticket} was called once. Missed customers can come back in line.",
                "{ticket} was called {n} times. Missed customers can come back in line.",
                ticket.round_calls,
                ticket=ticket.label,
            ),
            safe=_("Call again"),
            act=_("Mark as missed"),
            esc="",
        )
        # The safe answer is an act of its own here; Esc alone does nothing.
        dialog.safe_button.clicked.connect(controller.recall)
        dialog.done.connect(controller.miss)
        self.putting.open_question(dialog)

    def _ask_why_put_back(self, _scene: scenes.WindowScene, ticket: Ticket) -> None:
        self.putting.ask_reason(
            "return",
            title=_("Why put {ticket} back in line?", ticket=ticket.label),
            effect=_("It goes back to its own place; this call does not count as missed."),
            no=_("Don't put back"),
            yes=_("Put {ticket} back in line", ticket=ticket.label),
            done=self.controller.give_back,
        )

    def _ask_why_set_aside(self, _scene: scenes.WindowScene, ticket: Ticket) -> None:
        self.putting.ask_reason(
            "park",
            title=_("Why set {ticket} aside?", ticket=ticket.label),
            effect=_(
                "The window is free for the next customer. The handling time of {ticket} stops.", ticket=ticket.label
            ),
            no=_("Don't set aside"),
            yes=_("Set {ticket} aside", ticket=ticket.label),
            done=self.controller.park,
        )

    def _ask_stall_reason(self, _scene: scenes.WindowScene, ticket: Ticket) -> None:
        self.putting.ask_reason(
            "stall",
            title=_("What is {ticket} waiting for?", ticket=ticket.label),
            effect=_("The customer stays; these minutes do not count as your handling time."),
            no=_("Not waiting"),
            yes=_("Waiting for a system"),
            done=self.controller.stall,
        )

    def _ask_which_service_to_add(self, scene: scenes.WindowScene, ticket: Ticket) -> None:
        dialog = questions.choose_service_dialog(
            self.putting.host(),
            self.look,
            title=_("What else does {ticket} need?", ticket=ticket.label),
            effect=_("After Finish, it waits for that service by its original arrival time."),
            services=self._service_choices(scene),
            no=_("Don't add"),
            yes=_("Add a service"),
        )
        dialog.done.connect(self.controller.add_service)
        self.putting.open_question(dialog)

    def _ask_delivered_counts(self, scene: scenes.WindowScene, ticket: Ticket) -> None:
        dialog = questions.DeliveredDialog(
            self.putting.host(),
            self.look,
            title=_("What was done for {ticket}?", ticket=ticket.label),
            services=[(s, self._service_letter_and_name(scene, s)) for s in scene.setup.services],
            counts=self.controller.delivered.counts(ticket),
        )
        dialog.done.connect(self.controller.store_delivered_counts)
        self.putting.open_question(dialog)

    def _open_written_talk(self, scene: scenes.WindowScene, ticket: Ticket) -> None:
        end = ClerkTalkEndpoint(written_talk_socket_name(self.context, scene.window.code))
        self.putting.open_question(ClerkTalkDialog(self.putting.host(), self.look, end, ticket=ticket.label))

    def _ask_right_service_line_of_ticket(self, scene: scenes.WindowScene, ticket: Ticket) -> None:
        dialog = questions.choose_service_dialog(
            self.putting.host(),
            self.look,
            title=_("Which line is right for {ticket}?", ticket=ticket.label),
            effect=_("It keeps its arrival time and is called in that order."),
            services=self._service_choices(scene, without=ticket.service),
            no=_("Stay here"),
            yes=_("Wrong window: send on"),
        )
        dialog.done.connect(self.controller.redirect)
        self.putting.open_question(dialog)

    def _ask_transfer_target(self, scene: scenes.WindowScene, ticket: Ticket) -> None:
        setup = scene.setup
        windows = [
            (code, names.window_name(code), (*spec.services, *scene.windows[code].extra))
            for code, spec in setup.windows.items()
            if code != scene.window.code
        ]
        people = [
            (p.code, names.staff_name(setup, p.code), tuple(s for s in setup.services if p.can_serve(s)))
            for p in setup.staff.values()
            if p.role == "clerk" and p.code != scene.window.staff
        ]
        dialog = questions.TransferDialog(
            self.putting.host(),
            self.look,
            title=_("Where does {ticket} go next?", ticket=ticket.label),
            effect=_("Your part ends here. If you name a window or person, it is held for them for up to 15 min."),
            services=self._service_choices(scene),
            windows=windows,
            people=people,
            yes=_("Transfer {ticket}", ticket=ticket.label),
        )
        dialog.chosen.connect(self._send_customer_to_next_service)
        self.putting.open_question(dialog)

    def _send_customer_to_next_service(self, service: str, place: str, window: str, staff: str, note: str) -> None:
        def transfer_for_reason(reason: str | None = None) -> None:
            self.controller.transfer(
                service, place=place, to_window=window or None, to_staff=staff or None, reason=reason, note=note
            )

        if place != "front":
            transfer_for_reason()
            return
        self.putting.ask_reason(
            "front",
            title=_("Why first in line?"),
            effect=_("Recorded: which tickets this one goes ahead of, and why."),
            no=_("Don't transfer"),
            yes=_("Transfer"),
            done=transfer_for_reason,
        )

    # -- without a customer --------------------------------------------------------------------------------------

    def _ask_number_to_call(self, scene: scenes.WindowScene) -> None:
        dialog = questions.CallNumberDialog(
            self.putting.host(), self.look, [words.row_of_ticket(scene, ticket) for ticket in scene.order]
        )
        dialog.done.connect(self.controller.call)
        self.putting.open_question(dialog)

    def own_menu_entries(self, *, free: bool) -> list[MenuEntry]:
        """Return what opens something of one's own, while nobody is called or served."""
        return [
            MenuEntry(
                _(at.name.text, context=at.name.context), partial(self._open_feature_menu_entry, at), enabled=free
            )
            for at in self._feature_counter_entries()
        ]

    def _feature_counter_entries(self) -> list[FeatureCounterMenuEntry]:
        return [at for one in features_used_by_hall(self.context.feed.setup.hall) for at in one.own_at]

    def _open_feature_menu_entry(self, at: FeatureCounterMenuEntry, tab: str = "") -> None:
        import_reference(at.open)(self, tab)

    def page_openers(self) -> Mapping[str, Callable[[], None]]:
        """Return the ways to what is one's own, for pictures of it."""
        return {
            tab: partial(self._reopen_feature_entry, at, tab)
            for at in self._feature_counter_entries()
            for tab in at.tabs
        }

    def _reopen_feature_entry(self, at: FeatureCounterMenuEntry, tab: str) -> None:
        self.close()
        if self.context.who is not None:
            self._open_feature_menu_entry(at, tab)

    def _serve_without_ticket(self, scene: scenes.WindowScene) -> None:
        if len(scene.services) == 1:
            self.controller.serve(scene.services[0])
            return
        dialog = questions.choose_service_dialog(
            self.putting.host(),
            self.look,
            title=_("What is served without a ticket?"),
            effect=_("A ticket is issued and started in one step."),
            services=[(s, self._service_with_waiting_text(scene, s)) for s in scene.services],
            no=_("Don't serve"),
            yes=_("Serve without a ticket"),
        )
        dialog.done.connect(self.controller.serve)
        self.putting.open_question(dialog)

    def _ask_overtake_reason(self, verb: str, passed: list[str], again: Callable[[str], None]) -> None:
        shown = list_text(passed[:3])
        rest = len(passed) - 3
        if rest > 0:
            shown = n_("{tickets} and {n} more", "{tickets} and {n} more", rest, tickets=shown)
        without = verb == "serve"
        self.putting.ask_reason(
            "no_ticket" if without else "chosen",
            title=_("Why without a ticket?") if without else _("Why out of order?"),
            effect=_("This goes ahead of {tickets}; it is recorded with the reason.", tickets=shown),
            no=_("Don't serve") if without else _("Don't call"),
            yes=_("Serve without a ticket") if without else _("Call out of order"),
            done=again,
        )

    def _service_choices(self, scene: scenes.WindowScene, *, without: str = "") -> list[tuple[str, str]]:
        return [(s, self._service_with_waiting_text(scene, s)) for s in scene.setup.services if s != without]

    @staticmethod
    def _service_letter_and_name(scene: scenes.WindowScene, code: str) -> str:
        return f"{scene.setup.services[code].prefix} {names.service_name(scene.setup, code)}"

    def _service_with_waiting_text(self, scene: scenes.WindowScene, code: str) -> str:
        waiting, plain = scene.waiting[code], self._service_letter_and_name(scene, code)
        told = n_("{n} waiting", "{n} waiting", waiting)
        return f"{plain} · {told}" if waiting else plain
