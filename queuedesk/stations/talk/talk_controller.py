"""Messages, calls for help and emergencies of one staff station: sent, answered, listed in order of urgency and worded;
no widgets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from functools import partial
from typing import Concatenate, ParamSpec

from msgspec import Struct
from PySide6.QtCore import QObject, Signal

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.log.state import HallState
from queuedesk.core.network.roles import MAY, Role
from queuedesk.core.quality.case import case_number_of_help_call
from queuedesk.core.setup.rows import Setup
from queuedesk.core.setup.sentences import BilingualSentence
from queuedesk.core.talk.messages import (
    ARRIVED,
    CANCELLED,
    DAY_END,
    HelpCall,
    Message,
    open_at,
    open_help_calls,
    unread_messages_at,
)
from queuedesk.core.talk.remarks import PushedNotice
from queuedesk.desk.change import Ask, Desk, Document
from queuedesk.desk.quality import thanking
from queuedesk.desk.talk import messaging
from queuedesk.i18n import _, name_in_language, time_hm
from queuedesk.i18n.names import staff_name
from queuedesk.i18n.queue.line_words import reason_words
from queuedesk.i18n.talk import place_words
from queuedesk.stations.widgets.message_place import Press, StationMessage
from queuedesk.stations.window.context import StationContext


class TalkItemKind(StrEnum):
    """Somebody waits for help; this person is on the way there; help was called here; somebody wrote."""

    HELP = "help"
    COMING = "coming"
    OWN = "own"
    MESSAGE = "message"


class TalkItem(Struct, frozen=True):
    """One thing to show: a call for help or a message."""

    kind: TalkItemKind
    call: HelpCall | None = None
    message: Message | None = None

    @property
    def seq(self) -> int:
        about = self.call or self.message
        return about.seq if about is not None else 0

    @property
    def key(self) -> tuple[str, int, bool]:
        """Its identity, which changes when somebody answers."""
        return (self.kind, self.seq, self.call is not None and self.call.helper is not None)


def talk_items_to_show(state: HallState, place: str, who: str, *, answers: bool, quiet: bool = False) -> list[TalkItem]:
    """Return what to show to `who` at `place`; a person who `answers` sees every open call, and those to which they are
    going. While `quiet` messages wait, but not calls for help."""
    own = open_at(state.help_calls.values(), place)
    found = [TalkItem(TalkItemKind.OWN, call=own)] if own is not None else []
    if answers:
        calls = [one for one in open_help_calls(state.help_calls.values()) if one is not own]
        found += [TalkItem(TalkItemKind.HELP, call=one) for one in calls if one.is_unanswered]
        found += [TalkItem(TalkItemKind.COMING, call=one) for one in calls if one.helper == who]
    if not quiet:
        found += [
            TalkItem(TalkItemKind.MESSAGE, message=one) for one in unread_messages_at(state.messages.values(), place)
        ]
    return found


# -- keys, the same at every staff station -------------------------------------------------------------------------

HELP_KEY, MESSAGE_KEY = "Alt+H", "Alt+N"


P = ParamSpec("P")
_CALLED_FIRST = (Role.GUIDE, Role.MANAGER, Role.ADMIN)


class TalkController(QObject):
    """`place`: where this station is, "" while nobody works there. `done` gives the verb (send, seen, press, coming,
    arrived, cancel, declare, end, features' verbs) and its document, `refused` verb and trouble. Its commands do not
    wait for the station's others."""

    done = Signal(str, dict)
    refused = Signal(str, object)

    def __init__(self, context: StationContext, place: Callable[[], str], parent: QObject | None = None) -> None:
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
    def may_declare_emergency(self) -> bool:
        return self.context.who is not None and "emergency" in MAY[self.context.who.role]

    @property
    def is_used_by_clerk(self) -> bool:
        """Whether a clerk is here, who says to be coming before being there."""
        return self.context.who is not None and self.context.who.role is Role.CLERK

    @property
    def answers(self) -> bool:
        """Whether calls for help are shown here; at windows only while no front desk or manager is signed in."""
        who, setup = self.context.who, self.state.setup_now
        if who is None or "help-answer" not in MAY[who.role] or setup is None:
            return False
        if not self.is_used_by_clerk:
            return True
        others = (setup.staff.get(code) for code in self.state.signed_in.values())
        return not any(one is not None and one.role in _CALLED_FIRST for one in others)

    def may_open_case_of_call(self, item: TalkItem) -> bool:
        """Whether the person here may make a case of a call for help that has none."""
        who, call = self.context.who, item.call
        return bool(
            call and who and who.may("case") and not case_number_of_help_call(self.state.cases.values(), call.seq)
        )

    def items(self, *, quiet: bool = False) -> list[TalkItem]:
        """Return what is to be shown here, the most urgent first; while `quiet` no messages."""
        who = self.context.who
        if who is None or not self.place:
            return []
        return talk_items_to_show(self.state, self.place, who.name, answers=self.answers, quiet=quiet)

    def emergency(self) -> PushedNotice | None:
        return next((one for one in reversed(self.state.pushed) if one.emergency), None)

    def ready(self, kind: str) -> Sequence[BilingualSentence]:
        found: Sequence[BilingualSentence] = getattr(self.context.feed.setup.sentences, kind)
        return found

    # -- commands ------------------------------------------------------------------------------------------------

    def send(self, to: str, text: str, text_en: str = "") -> None:
        self.run("send", messaging.send, to, text, text_en=text_en, origin=self.place)

    def seen(self, item: TalkItem) -> None:
        self.run("seen", messaging.mark_seen, item.seq, place=self.place)

    def press(self, about: str = "", about_en: str = "") -> None:
        self.run("press", messaging.call_for_help_at, self.place, about=about, about_en=about_en)

    def coming(self, seq: int) -> None:
        self.run("coming", messaging.acknowledge_help, seq)

    def arrived(self, seq: int) -> None:
        self.run("arrived", messaging.record_helper_arrival, seq)

    def cancel(self, seq: int, reason: str) -> None:
        self.run("cancel", messaging.cancel_help, seq, reason=reason)

    def declare(self, text: str, text_en: str) -> None:
        self.run("declare", messaging.declare_emergency, text, text_en=text_en)

    def end(self) -> None:
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
            lambda: act(desk, ask, *args, **words),
            partial(self._end_command_and_emit_done, key, verb),
            partial(self._end_command_and_emit_refused, key, verb),
        )

    def _end_command_and_emit_done(self, key: tuple[object, ...], verb: str, document: Document) -> None:
        self._under_way.discard(key)
        self.done.emit(verb, document)

    def _end_command_and_emit_refused(self, key: tuple[object, ...], verb: str, trouble: QueueDeskError) -> None:
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


SEEN, REPLY = "seen", "reply"
COMING, HERE, CANCEL, CASE = "coming", "arrived", "cancel", "case"


def told_text(setup: Setup, item: TalkItem, *, offers_case: bool = False, at_window: bool = False) -> StationMessage:
    """Return what a message or a call for help tells, with its buttons; where it `offers_case`
    also the one that makes a case of the call. `at_window` a clerk says to be coming before being there."""
    if item.message is not None:
        answers = (Press(SEEN, _("Seen", context="message")), Press(REPLY, _("Reply")))
        return StationMessage(
            "blue", "message", sender_time_message_text(setup, item.message), presses=answers, key=item.seq
        )
    assert item.call is not None
    tint, text, presses = _help_call_display_parts(setup, item.kind, item.call)
    if at_window and item.kind is TalkItemKind.HELP:
        presses = presses[:1]
    if offers_case and item.kind in (TalkItemKind.HELP, TalkItemKind.COMING):
        presses = (*presses, Press(CASE, _("Open a case")))
    return StationMessage(tint, "bell", text, presses=presses, key=item.seq)


def _help_call_display_parts(setup: Setup, kind: TalkItemKind, call: HelpCall) -> tuple[str, str, tuple[Press, ...]]:
    where, why, since = (
        place_words(call.place),
        name_in_language(call.about, call.about_en),
        time_hm(setup.local(call.pressed)),
    )
    if kind is TalkItemKind.HELP:
        text = _("{place} calls for help, {time}", place=where, time=since)
        presses = (Press(COMING, _("I'm coming")), Press(HERE, _("I'm there")))
        return "red", _join_with_middle_dots(text, why), presses
    if kind is TalkItemKind.COMING:
        text = _("You are on the way to {place}", place=where)
        presses = (Press(HERE, _("I'm there")), Press(CANCEL, _("Not needed")))
        return "amber", _join_with_middle_dots(text, why), presses
    if call.helper is None:
        text = _("Help was called at {time}; nobody has answered yet", time=since)
        return "amber", _join_with_middle_dots(text, why), (Press(CANCEL, _("Not needed")),)
    text = _("{name} is coming", name=helper_name(setup, call))
    presses = (Press(HERE, _("Someone is here")), Press(CANCEL, _("Not needed")))
    return "blue", _join_with_middle_dots(text, why), presses


def sender_time_message_text(setup: Setup, message: Message) -> str:
    """Return a message with its sender and time: "Front desk, 10:42: Please come over"."""
    return _(
        "{origin}, {time}: {text}",
        origin=place_words(message.origin),
        time=time_hm(setup.local(message.time)),
        text=name_in_language(message.text, message.text_en),
    )


def emergency_text_with_prefix(notice: PushedNotice) -> str:
    """Return an emergency's words, preceded by the word for it unless they contain it."""
    text, word = name_in_language(notice.text, notice.text_en), _("Emergency", context="talk")
    return text if text.casefold().startswith(word.casefold()) else _("Emergency: {text}", text=text)


def helper_name(setup: Setup, call: HelpCall) -> str:
    return staff_name(setup, call.helper or call.ended_by)


def help_call_outcome_text(setup: Setup, call: HelpCall) -> str:
    if call.end == ARRIVED and call.ended is not None:
        minutes = (call.ended - call.pressed).total_seconds() / 60
        return _("help arrived after {minutes} min", minutes=f"{minutes:.1f}")
    if call.end == CANCELLED:
        return _("taken back: {reason}", reason=reason_words(call.reason or ""))
    if call.end == DAY_END:
        return _("nobody came", context="help")
    if call.helper is not None:
        return _("{name} is coming", name=helper_name(setup, call))
    return _("nobody has answered", context="help")


def seen_line(setup: Setup, message: Message) -> str:
    if not message.seen:
        return _("not seen yet")
    last = message.seen[-1]
    at = time_hm(setup.local(last.at))
    if len(message.seen) == 1:
        return _("seen by {place}, {time}", place=place_words(last.place), time=at)
    return _("seen at {n} places, last {time}", n=len(message.seen), time=at)


def _join_with_middle_dots(*parts: str) -> str:
    return " · ".join(part for part in parts if part)
