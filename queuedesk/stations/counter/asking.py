"""Turns an act into its command: at once, or after the one question it needs."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from queuedesk.core.queue.ticket import Ticket
from queuedesk.i18n import _, listing, n_, names
from queuedesk.stations.counter import words
from queuedesk.stations.counter.acts import Act
from queuedesk.stations.counter.controller import CounterController
from queuedesk.stations.counter.delivering import DeliveredDialog
from queuedesk.stations.counter.putting import Putting
from queuedesk.stations.counter.questions import NumberDialog, TransferDialog, service_dialog
from queuedesk.stations.counter.relieving import Relieving
from queuedesk.stations.counter.scene import Scene
from queuedesk.stations.counter.stopping import Stopping
from queuedesk.stations.widgets.questions.dialogs import ConfirmDialog, Dialog, ReasonDialog
from queuedesk.stations.window.page import StationPage


class Asking(QObject):
    """Puts the questions of the counter; one at a time."""

    def __init__(
        self, page: StationPage, controller: CounterController, relieving: Relieving, host: Callable[[], QWidget]
    ) -> None:
        super().__init__(page)
        self._controller = controller
        self.look = page.context.look
        self.putting = Putting(self, self.look, host)
        self._stopping = Stopping(self.putting, controller, relieving)
        controller.reason_wanted.connect(self._ask_why_passed)

    @property
    def is_open(self) -> bool:
        return self.putting.dialog is not None

    @property
    def dialog(self) -> Dialog | None:
        """The question on the screen."""
        return self.putting.dialog

    def close(self) -> None:
        """Take the question away: what it was about is not so any more."""
        self.putting.close()

    def act(self, act: Act, scene: Scene) -> None:
        """Do `act`, or ask what it needs."""
        controller = self._controller
        at_once: dict[Act, Callable[[], None]] = {
            Act.CALL: controller.call,
            Act.START: controller.start,
            Act.RECALL: controller.recall,
            Act.REOPEN: controller.reopen,
            Act.UNSTALL: controller.unstall,
            Act.EXTEND: controller.extend,
            Act.RESUME: controller.resume,
        }
        if act in at_once:
            at_once[act]()
            return
        asked: dict[Act, Callable[[Scene], None]] = {
            Act.FINISH: self._finish,
            Act.FINISH_CALL: self._finish_call,
            Act.CALL_CHOSEN: self._ask_number,
            Act.SERVE: self._serve,
            Act.PAUSE: self._stopping.pause,
            Act.CLOSE: self._stopping.close,
            Act.HAND_OVER: self._stopping.hand_over,
        }
        if act in asked:
            asked[act](scene)
            return
        if scene.ticket is None:
            return
        with_customer: dict[Act, Callable[[Scene, Ticket], None]] = {
            Act.MISS: self._miss,
            Act.GIVE_BACK: self._give_back,
            Act.PARK: self._park,
            Act.STALL: self._stall,
            Act.ADD: self._add,
            Act.DELIVERED: self._count_delivered,
            Act.REDIRECT: self._redirect,
            Act.TRANSFER: self._transfer,
        }
        with_customer[act](scene, scene.ticket)

    def unpark(self, ticket: str) -> None:
        self._controller.unpark(ticket)

    def reinstate(self, ticket: str) -> None:
        self._controller.reinstate(ticket)

    def leave(self, ticket: str) -> None:
        """Ask once more before a ticket set aside is ended."""
        self.putting.confirm(
            title=_("Has the customer of {ticket} left?", ticket=ticket),
            effect=_("The ticket ends and can't be taken back."),
            safe=_("Keep it set aside"),
            act=_("{ticket} has left", ticket=ticket, context="act"),
            done=lambda: self._controller.leave(ticket),
        )

    # -- with a customer -----------------------------------------------------------------------------------------

    def _finish(self, _scene: Scene) -> None:
        self._end(then_call=False)

    def _finish_call(self, _scene: Scene) -> None:
        self._end(then_call=True)

    def _end(self, *, then_call: bool) -> None:
        controller = self._controller
        if not controller.outcome_required:
            controller.finish(then_call=then_call)
            return
        dialog = ReasonDialog(
            self.putting.host(),
            self.look,
            title=_("How did it end?"),
            effect=_("This hall notes the outcome of every visit."),
            reasons=[
                ("done", _("Done", context="outcome")),
                ("part", _("Done in part, the customer comes again")),
                ("not_done", _("Could not be done")),
            ],
            missing=_("Choose an outcome first"),
            no=_("Not finished yet"),
            yes=_("Finish"),
        )
        dialog.done.connect(lambda outcome: controller.finish(outcome, then_call=then_call))
        self.putting.open(dialog)

    def _miss(self, scene: Scene, ticket: Ticket) -> None:
        controller = self._controller
        if scene.calls_left == 0:
            controller.miss()
            return
        calls = scene.setup.number("calls_before_missed")
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
        self.putting.open(dialog)

    def _give_back(self, _scene: Scene, ticket: Ticket) -> None:
        self.putting.ask_reason(
            "return",
            title=_("Why put {ticket} back in line?", ticket=ticket.label),
            effect=_("It waits again at its own place; this call does not count as missed."),
            no=_("Don't put back"),
            yes=_("Put {ticket} back in line", ticket=ticket.label),
            done=self._controller.give_back,
        )

    def _park(self, _scene: Scene, ticket: Ticket) -> None:
        self.putting.ask_reason(
            "park",
            title=_("Why set {ticket} aside?", ticket=ticket.label),
            effect=_("The window is free for the next one. The handling time of {ticket} stops.", ticket=ticket.label),
            no=_("Don't set aside"),
            yes=_("Set {ticket} aside", ticket=ticket.label),
            done=self._controller.park,
        )

    def _stall(self, _scene: Scene, ticket: Ticket) -> None:
        self.putting.ask_reason(
            "stall",
            title=_("What is {ticket} waiting for?", ticket=ticket.label),
            effect=_("The customer stays; these minutes do not count as your handling."),
            no=_("Not waiting"),
            yes=_("Waiting for a system"),
            done=self._controller.stall,
        )

    def _add(self, scene: Scene, ticket: Ticket) -> None:
        dialog = service_dialog(
            self.putting.host(),
            self.look,
            title=_("What else does {ticket} need?", ticket=ticket.label),
            effect=_("After Finish it waits for that by its own arrival."),
            services=self._services(scene),
            no=_("Don't add"),
            yes=_("Add a service"),
        )
        dialog.done.connect(self._controller.add)
        self.putting.open(dialog)

    def _count_delivered(self, scene: Scene, ticket: Ticket) -> None:
        dialog = DeliveredDialog(
            self.putting.host(),
            self.look,
            title=_("What was done for {ticket}?", ticket=ticket.label),
            services=[(s, self._plain_text(scene, s)) for s in scene.setup.services],
            counts=self._controller.delivered.counts(ticket),
        )
        dialog.done.connect(self._controller.note_delivered)
        self.putting.open(dialog)

    def _redirect(self, scene: Scene, ticket: Ticket) -> None:
        dialog = service_dialog(
            self.putting.host(),
            self.look,
            title=_("Which line is right for {ticket}?", ticket=ticket.label),
            effect=_("It keeps its arrival time there and is called first-come."),
            services=self._services(scene, without=ticket.service),
            no=_("Stay here"),
            yes=_("Wrong counter: send on"),
        )
        dialog.done.connect(self._controller.redirect)
        self.putting.open(dialog)

    def _transfer(self, scene: Scene, ticket: Ticket) -> None:
        setup = scene.setup
        windows = [
            (code, names.window_name(code), (*spec.services, *scene.windows[code].extra))
            for code, spec in setup.windows.items()
            if code != scene.window.code
        ]
        people = [
            (p.code, names.staff_name(setup, p.code), tuple(s for s in setup.services if p.can(s)))
            for p in setup.staff.values()
            if p.role == "clerk" and p.code != scene.window.staff
        ]
        dialog = TransferDialog(
            self.putting.host(),
            self.look,
            title=_("Where does {ticket} go next?", ticket=ticket.label),
            effect=_("Your part ends here. A named window or person is waited for up to 15 minutes."),
            services=self._services(scene),
            windows=windows,
            people=people,
            yes=_("Transfer {ticket}", ticket=ticket.label),
        )
        dialog.chosen.connect(self._send_on)
        self.putting.open(dialog)

    def _send_on(self, service: str, place: str, window: str, staff: str) -> None:
        def go(reason: str | None = None) -> None:
            self._controller.transfer(
                service, place=place, to_window=window or None, to_staff=staff or None, reason=reason
            )

        if place != "front":
            go()
            return
        self.putting.ask_reason(
            "front",
            title=_("Why first in line?"),
            effect=_("Those who are passed are told apart by the reason."),
            no=_("Don't transfer"),
            yes=_("Transfer"),
            done=go,
        )

    # -- without a customer --------------------------------------------------------------------------------------

    def _ask_number(self, scene: Scene) -> None:
        dialog = NumberDialog(self.putting.host(), self.look, [words.row_of(scene, ticket) for ticket in scene.order])
        dialog.done.connect(self._controller.call)
        self.putting.open(dialog)

    def _serve(self, scene: Scene) -> None:
        if len(scene.services) == 1:
            self._controller.serve(scene.services[0])
            return
        dialog = service_dialog(
            self.putting.host(),
            self.look,
            title=_("What is served without a ticket?"),
            effect=_("A number is given and begun in one step."),
            services=[(s, self._service_text(scene, s)) for s in scene.services],
            no=_("Don't serve"),
            yes=_("Serve without a ticket"),
        )
        dialog.done.connect(self._controller.serve)
        self.putting.open(dialog)

    def _ask_why_passed(self, verb: str, passed: list[str], again: Callable[[str], None]) -> None:
        shown = listing(passed[:3])
        rest = len(passed) - 3
        if rest > 0:
            shown = n_("{tickets} and {n} more", "{tickets} and {n} more", rest, tickets=shown)
        without = verb == "serve"
        self.putting.ask_reason(
            "no_ticket" if without else "chosen",
            title=_("Why without a ticket?") if without else _("Why out of order?"),
            effect=_("This passes {tickets}. It is noted for each of them.", tickets=shown),
            no=_("Don't serve") if without else _("Don't call"),
            yes=_("Serve without a ticket") if without else _("Call out of order"),
            done=again,
        )

    def _services(self, scene: Scene, *, without: str = "") -> list[tuple[str, str]]:
        return [(s, self._service_text(scene, s)) for s in scene.setup.services if s != without]

    @staticmethod
    def _plain_text(scene: Scene, code: str) -> str:
        return f"{scene.setup.services[code].prefix} {names.service_name(scene.setup, code)}"

    def _service_text(self, scene: Scene, code: str) -> str:
        waiting, plain = scene.waiting[code], self._plain_text(scene, code)
        told = n_("{n} waiting", "{n} waiting", waiting)
        return f"{plain} · {told}" if waiting else plain
