"""Sends, answers and lists the messages, calls for help and emergencies of one staff station; no widgets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Concatenate, ParamSpec

from PySide6.QtCore import QObject, Signal

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.log.state import HallState
from queuedesk.core.network.roles import MAY, Role
from queuedesk.core.quality.case import case_of_call
from queuedesk.core.setup.sentences import Sentence
from queuedesk.core.talk.remarks import PushedNotice
from queuedesk.desk.change import Ask, Desk, Document
from queuedesk.desk.quality import thanking
from queuedesk.desk.talk import messaging
from queuedesk.stations.talk.items import Item, items_at
from queuedesk.stations.window.context import StationContext

P = ParamSpec("P")
_CALLED_FIRST = (Role.GUIDE, Role.MANAGER, Role.ADMIN)


class TalkController(QObject):
    """`place` gives where this station is in the hall, "" while nobody works there.

    `done` gives the verb (send, seen, press, coming, arrived, cancel, declare, end, and those of features) and its
    document, `refused` the verb and the trouble. Its commands run independently of the station's others.
    """

    done = Signal(str, dict)
    refused = Signal(str, object)

    def __init__(
        self,
        context: StationContext,
        place: Callable[[], str],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.context, self._place = context, place
        self._under_way: set[tuple[object, ...]] = set()

    @property
    def state(self) -> HallState:
        return self.context.feed.state

    @property
    def place(self) -> str:
        return self._place()

    @property
    def may_declare(self) -> bool:
        """Whether the person here may declare an emergency, and end it."""
        return self.context.who is not None and "emergency" in MAY[self.context.who.role]

    @property
    def is_at_window(self) -> bool:
        """Whether a clerk is here, who says to be coming before being there."""
        return self.context.who is not None and self.context.who.role is Role.CLERK

    @property
    def answers(self) -> bool:
        """Whether calls for help are shown here: to the front desk and managers, and at windows while none of these is
        signed in anywhere."""
        who, setup = self.context.who, self.state.setup_now
        if who is None or "help-answer" not in MAY[who.role] or setup is None:
            return False
        if not self.is_at_window:
            return True
        others = (setup.staff.get(code) for code in self.state.signed_in.values())
        return not any(one is not None and one.role in _CALLED_FIRST for one in others)

    def may_open_case(self, item: Item) -> bool:
        """Whether the person here may make a case of a call for help that has none."""
        who, call = self.context.who, item.call
        return bool(call and who and who.may("case") and not case_of_call(self.state.cases.values(), call.seq))

    def items(self, *, quiet: bool = False) -> list[Item]:
        """Return what is to be shown here, the most urgent first; while `quiet` no messages."""
        who = self.context.who
        if who is None or not self.place:
            return []
        return items_at(self.state, self.place, who.name, answers=self.answers, quiet=quiet)

    def emergency(self) -> PushedNotice | None:
        """Return the running emergency."""
        return next((one for one in reversed(self.state.pushed) if one.emergency), None)

    def ready(self, kind: str) -> Sequence[Sentence]:
        """Return the hall's ready sentences: messages, announcements, help or emergency."""
        found: Sequence[Sentence] = getattr(self.context.feed.setup.sentences, kind)
        return found

    # -- commands ------------------------------------------------------------------------------------------------

    def send(self, to: str, text: str, text_en: str = "") -> None:
        self.run("send", messaging.send, to, text, text_en=text_en, origin=self.place)

    def seen(self, item: Item) -> None:
        """Note that a message was read here."""
        self.run("seen", messaging.mark_seen, item.seq, place=self.place)

    def press(self, about: str = "", about_en: str = "") -> None:
        """Call for help to this place."""
        self.run("press", messaging.press_help, self.place, about=about, about_en=about_en)

    def coming(self, seq: int) -> None:
        self.run("coming", messaging.acknowledge_help, seq)

    def arrived(self, seq: int) -> None:
        self.run("arrived", messaging.help_arrived, seq)

    def cancel(self, seq: int, reason: str) -> None:
        self.run("cancel", messaging.cancel_help, seq, reason=reason)

    def declare(self, text: str, text_en: str) -> None:
        """Put an emergency on every screen."""
        self.run("declare", messaging.declare_emergency, text, text_en=text_en)

    def end(self) -> None:
        """End the running emergency."""
        self.run("end", messaging.end_emergency)

    def run(
        self, verb: str, act: Callable[Concatenate[Desk, Ask, P], Document], *args: P.args, **words: P.kwargs
    ) -> None:
        """Do what a verb says for the person here, unless the same is under way."""
        key = (verb, *args)
        if key in self._under_way:
            return
        self._under_way.add(key)
        ask, desk = self.context.ask(), self.context.desk
        self.context.tasks.run(
            lambda: act(desk, ask, *args, **words), partial(self._done, key, verb), partial(self._refused, key, verb)
        )

    def _done(self, key: tuple[object, ...], verb: str, document: Document) -> None:
        self._under_way.discard(key)
        self.done.emit(verb, document)

    def _refused(self, key: tuple[object, ...], verb: str, trouble: QueueDeskError) -> None:
        self._under_way.discard(key)
        self.refused.emit(verb, trouble)


def note_spoken(
    context: StationContext,
    said: tuple[str, str, str],
    done: Callable[[], None],
    refused: Callable[[QueueDeskError], None],
) -> None:
    """Note a customer's words, what they are, and the number they are about or ""; then call the one or the other."""
    words, klass, ticket = said
    desk, ask = context.desk, context.ask()
    context.tasks.run(
        lambda: thanking.note(desk, ask, words, klass=klass, ticket=ticket or None), lambda _noted: done(), refused
    )
