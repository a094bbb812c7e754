"""The words of messages and calls for help as stations show them."""

from __future__ import annotations

from queuedesk.core.setup.rows import Setup
from queuedesk.core.talk.messages import ARRIVED, CANCELLED, DAY_END, HelpCall, Message
from queuedesk.core.talk.remarks import PushedNotice
from queuedesk.i18n import _, named, time_hm
from queuedesk.i18n.names import staff_name
from queuedesk.i18n.queue.line_words import reason_words
from queuedesk.i18n.talk import place_words
from queuedesk.stations.talk.items import Item, Kind
from queuedesk.stations.widgets.message_place import Press, Told

SEEN, REPLY = "seen", "reply"
COMING, HERE, CANCEL, CASE = "coming", "arrived", "cancel", "case"


def told_text(setup: Setup, item: Item, *, offers_case: bool = False, at_window: bool = False) -> Told:
    """Return what a message or a call for help tells, with its buttons; where it `offers_case`
    also the one that makes a case of the call. `at_window` a clerk says to be coming before being there."""
    if item.message is not None:
        answers = (Press(SEEN, _("Seen", context="message")), Press(REPLY, _("Reply")))
        return Told("blue", "message", message_line(setup, item.message), presses=answers, key=item.seq)
    assert item.call is not None
    tint, text, presses = _of_call(setup, item.kind, item.call)
    if at_window and item.kind is Kind.HELP:
        presses = presses[:1]
    if offers_case and item.kind in (Kind.HELP, Kind.COMING):
        presses = (*presses, Press(CASE, _("Open a case")))
    return Told(tint, "bell", text, presses=presses, key=item.seq)


def _of_call(setup: Setup, kind: Kind, call: HelpCall) -> tuple[str, str, tuple[Press, ...]]:
    where, why, since = place_words(call.place), named(call.about, call.about_en), time_hm(setup.local(call.pressed))
    if kind is Kind.HELP:
        text = _("{place} calls for help, {time}", place=where, time=since)
        presses = (Press(COMING, _("I'm coming")), Press(HERE, _("I'm there")))
        return "red", _dots(text, why), presses
    if kind is Kind.COMING:
        text = _("You are on the way to {place}", place=where)
        presses = (Press(HERE, _("I'm there")), Press(CANCEL, _("Not needed")))
        return "amber", _dots(text, why), presses
    if call.helper is None:
        text = _("Help was called at {time}; nobody has answered yet", time=since)
        return "amber", _dots(text, why), (Press(CANCEL, _("Not needed")),)
    text = _("{name} is coming", name=helper_name(setup, call))
    presses = (Press(HERE, _("Someone is here")), Press(CANCEL, _("Not needed")))
    return "blue", _dots(text, why), presses


def message_line(setup: Setup, message: Message) -> str:
    """Return a message with its sender and time: "Front desk, 10:42: Please come over"."""
    return _(
        "{origin}, {time}: {text}",
        origin=place_words(message.origin),
        time=time_hm(setup.local(message.time)),
        text=named(message.text, message.text_en),
    )


def emergency_line(notice: PushedNotice) -> str:
    """Return an emergency's words, preceded by the word for it unless they contain it."""
    text, word = named(notice.text, notice.text_en), _("Emergency", context="talk")
    return text if text.casefold().startswith(word.casefold()) else _("Emergency: {text}", text=text)


def helper_name(setup: Setup, call: HelpCall) -> str:
    """Return the person who is coming, or came."""
    return staff_name(setup, call.helper or call.ended_by)


def call_end(setup: Setup, call: HelpCall) -> str:
    """Return the outcome of a call for help, in one line."""
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
    """Return who has read a message, and when."""
    if not message.seen:
        return _("not seen yet")
    last = message.seen[-1]
    at = time_hm(setup.local(last.at))
    if len(message.seen) == 1:
        return _("seen by {place}, {time}", place=place_words(last.place), time=at)
    return _("seen at {n} places, last {time}", n=len(message.seen), time=at)


def _dots(*parts: str) -> str:
    return " · ".join(part for part in parts if part)
