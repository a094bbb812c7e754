"""The one question that staff is asked where it is not certain that the time has come: a banner, and Yes or No."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from queuedesk.core.clocks import Doubt
from queuedesk.core.errors import QueueDeskError
from queuedesk.core.people import Actor
from queuedesk.i18n import _, say
from queuedesk.i18n.clock_words import answers_effect, question_words
from queuedesk.stations.context import StationContext
from queuedesk.stations.widgets.dialogs import ConfirmDialog
from queuedesk.stations.widgets.strips import Banner

STAFF_KINDS = ("guide", "counter", "manager", "lobby")


class ClockQuestion(QObject):
    """Asks whoever is at a station of staff; screens of customers say meanwhile that the front desk helps.

    `banner` lies above the page while the question stands: it asks again after a No. `answered` says that somebody said yes,
    `place_changed` that the banner came, went or says something else.
    """

    answered = Signal()
    place_changed = Signal()

    def __init__(
        self,
        context: StationContext,
        host: QWidget,
        *,
        is_staff: bool,
        confirm: Callable[..., object],
    ) -> None:
        """`confirm` is the desk's, of desk, ask and the time that was seen."""
        super().__init__(host)
        self._context, self._host, self._is_staff, self._confirm = context, host, is_staff, confirm
        self._doubt: Doubt | None = None
        self._refused = ""
        self.dialog: ConfirmDialog | None = None
        self.banner = Banner(context.look, full=True, parent=host)
        self.banner.acted.connect(self._ask_here)
        self.banner.hide()

    @Slot(object)
    def doubt(self, trouble: QueueDeskError) -> None:
        """Know that nothing goes on until somebody has answered; whoever is signed in here is asked at once, the first time."""
        first, self._doubt = self._doubt is None, self._taken(trouble)
        if self._doubt is None:
            return
        if not self._is_staff:
            self._context.feed.hold(trouble, self._doubt.last.astimezone(UTC))
            return
        self.retranslate()
        if first:
            self._ask_here()

    @Slot()
    def settle(self) -> None:
        """Know that the time is certain: it was confirmed, or the clock was set right."""
        self._doubt, self._refused = None, ""
        self._context.feed.go_on()
        self.banner.hide()
        self.place_changed.emit()
        if self.dialog is not None:
            self.dialog.close_dialog()
            self.dialog = None

    def ask(self, trouble: QueueDeskError, who: Actor, again: Callable[[], object]) -> None:
        """Ask `who`, who has proven to be here; after a Yes go on with `again`, which was refused."""
        self._doubt = self._taken(trouble) or self._doubt
        self._open(who, again)

    def retranslate(self) -> None:
        """Set the banner's texts anew."""
        if self._doubt is None or not self._is_staff:
            return
        is_here = self._context.who is not None and self._context.who.is_staff
        second = self._refused or (answers_effect(self._doubt) if is_here else _("Whoever signs in can say so."))
        self.banner.set_banner(
            "amber", question_words(self._doubt), second, button=_("Answer") if is_here else "", icon="clock"
        )
        self.banner.show()
        self.banner.raise_()
        self.place_changed.emit()

    @staticmethod
    def _taken(trouble: QueueDeskError) -> Doubt | None:
        found = trouble.details.get("doubt")
        return found if isinstance(found, Doubt) else None

    @Slot()
    def _ask_here(self) -> None:
        who = self._context.who
        if who is not None and who.is_staff:
            self._open(who, lambda: None)

    def _open(self, who: Actor, again: Callable[[], object]) -> None:
        if self._doubt is None or self.dialog is not None:
            return
        asked = self._doubt
        self.dialog = ConfirmDialog(
            self._host,
            self._context.look,
            title=question_words(asked),
            effect=answers_effect(asked),
            safe=_("No", context="clock"),
            act=_("Yes", context="clock"),
            danger=False,
        )
        self.dialog.done.connect(lambda: self._say_yes(asked, who, again))
        self.dialog.refused.connect(self._say_no)
        self.dialog.open_dialog()

    def _say_yes(self, asked: Doubt, who: Actor, again: Callable[[], object]) -> None:
        self.dialog = None
        desk, ask = self._context.desk, self._context.ask(who)

        def confirmed(_document: object) -> None:
            self.settle()
            self.answered.emit()
            again()

        self._context.tasks.run(lambda: self._confirm(desk, ask, asked.now), confirmed, self._not_confirmed)

    def _not_confirmed(self, trouble: QueueDeskError) -> None:
        if trouble.code == "nothing_to_confirm":  # Somebody else was first.
            self.settle()
            self.answered.emit()
            return
        self._doubt = self._taken(trouble) or self._doubt
        self._refused = say(trouble) if trouble.code != "clock_ahead" else ""
        self.retranslate()

    def _say_no(self) -> None:
        self.dialog = None
        self._refused = _("Please set the clock of this PC right; then everything goes on by itself.")
        self.retranslate()
