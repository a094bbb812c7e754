"""Asks staff whether the time is right where that is doubtful.

Where the log runs ahead of the clock the same banner says so, and leads managers to setting it right.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.log.clocks import Ahead, Doubt
from queuedesk.core.network.people import Actor
from queuedesk.i18n import _, say
from queuedesk.i18n.upkeep.clock_words import ahead_words, answers_effect, leap_text, question_words
from queuedesk.stations.widgets.lists.strips import Banner
from queuedesk.stations.widgets.questions.dialogs import ConfirmDialog
from queuedesk.stations.window.context import StationContext

STAFF_KINDS = ("guide", "counter", "manager", "lobby")


class ClockQuestion(QObject):
    """Asks whoever is at a station of staff; screens of customers say meanwhile that the front desk helps.

    `banner` lies above the page while the question stands: it asks again after a No. `answered` says that somebody said
    yes, `place_changed` that the banner came, went or says something else.
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
        leap_of_log: Callable[..., object],
        set_log_right: Callable[..., object],
    ) -> None:
        """All three are the desk's: `confirm` of desk, ask and the time that was seen, `leap_of_log` of desk and ask,
        `set_log_right` of those, the first wrong event and the time that was seen."""
        super().__init__(host)
        self._leap_of_log, self._set_log_right = leap_of_log, set_log_right
        self._ahead: Ahead | None = None
        self._context, self._host, self._is_staff, self._confirm = context, host, is_staff, confirm
        self._doubt: Doubt | None = None
        self._refused = ""
        self.dialog: ConfirmDialog | None = None
        self.banner = Banner(context.look, full=True, parent=host)
        self.banner.acted.connect(self._ask_here)
        self.banner.hide()

    @Slot(object)
    def doubt(self, trouble: QueueDeskError) -> None:
        """Know that nothing goes on until somebody has answered; whoever is signed in here is asked at once, the first
        time."""
        first, self._doubt = self._doubt is None, self._taken(trouble)
        self._ahead = None
        if self._doubt is None:
            return
        if not self._is_staff:
            self._context.feed.hold(trouble, self._doubt.last.astimezone(UTC))
            return
        self.retranslate()
        if first:
            self._ask_here()

    @Slot(object)
    def is_certain(self, ahead: Ahead | None) -> None:
        """Know that the time is certain; `ahead` where the log runs ahead of it all the same, which is said until
        somebody has set it right."""
        if ahead is None or not self._is_staff:
            self.settle()
            return
        if self._ahead is None:
            self.settle()
        self._ahead = ahead
        self.retranslate()

    @Slot()
    def settle(self) -> None:
        """Know that the time is certain: it was confirmed, or the clock or the log was set right."""
        self._doubt, self._ahead, self._refused = None, None, ""
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
        if self._ahead is not None:
            self._say_ahead(self._ahead)
            return
        if self._doubt is None or not self._is_staff:
            return
        is_here = self._context.who is not None and self._context.who.is_staff
        second = self._refused or (answers_effect(self._doubt) if is_here else _("Whoever signs in can say so."))
        self.banner.set_banner(
            "amber", question_words(self._doubt), second, button=_("Answer") if is_here else "", icon="clock"
        )
        self._show_banner()

    def _show_banner(self) -> None:
        self.banner.show()
        self.banner.raise_()
        self.place_changed.emit()

    # -- a log that runs ahead --
    def _say_ahead(self, ahead: Ahead) -> None:
        may = self._may_set_right() and not self._context.feed.is_shared
        if self._context.feed.is_shared:
            second = _("A manager can set it right on the main PC: queuedesk clock set-right.")
        elif may:
            second = _("If this is so, the log can be set right.")
        else:
            second = _("A manager who signs in can set it right.")
        button = _("Set right") if may else ""
        self.banner.set_banner("amber", ahead_words(ahead), self._refused or second, button=button, icon="clock")
        self._show_banner()

    def _may_set_right(self) -> bool:
        who = self._context.who
        return who is not None and who.may("set-right")

    def _look_at_leap(self) -> None:
        who, desk = self._context.who, self._context.desk
        if who is not None and self.dialog is None:
            ask = self._context.ask(who)
            self._context.tasks.run(lambda: self._leap_of_log(desk, ask), partial(self._show_leap, who), self._not_set)

    def _show_leap(self, who: Actor, leap: object) -> None:
        if self._ahead is None or self.dialog is not None or not isinstance(leap, dict):
            return
        self.dialog = ConfirmDialog(
            self._host,
            self._context.look,
            title=ahead_words(self._ahead),
            effect=leap_text(leap),
            safe=_("Not now", context="clock"),
            act=_("Set right"),
            danger=False,
        )
        self.dialog.done.connect(lambda: self._set_right(who, leap))
        self.dialog.refused.connect(self._leave_it)
        self.dialog.open_dialog()

    def _set_right(self, who: Actor, leap: Mapping[str, Any]) -> None:
        self.dialog = None
        desk, ask, seen = self._context.desk, self._context.ask(who), datetime.fromisoformat(leap["now"])
        self._context.tasks.run(
            lambda: self._set_log_right(desk, ask, leap["first"], seen), self._was_set_right, self._not_set
        )

    def _was_set_right(self, _document: object) -> None:
        self.settle()
        self.answered.emit()

    def _not_set(self, trouble: QueueDeskError) -> None:
        if trouble.code == "log_not_ahead":  # Somebody else was first.
            self._was_set_right(None)
            return
        self._refused = say(trouble)
        self.retranslate()

    def _leave_it(self) -> None:
        self.dialog = None

    @staticmethod
    def _taken(trouble: QueueDeskError) -> Doubt | None:
        found = trouble.details.get("doubt")
        return found if isinstance(found, Doubt) else None

    @Slot()
    def _ask_here(self) -> None:
        if self._ahead is not None:
            self._look_at_leap()
            return
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
