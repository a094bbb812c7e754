"""Short messages between places of a hall, and calls for help."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from queuedesk.core.errors import RuleError
from queuedesk.core.log.state import DEVICES, HELP_CALLS, MESSAGES
from queuedesk.core.network.roles import Actor, Role
from queuedesk.core.queue.hallday import business_date
from queuedesk.core.setup.rows import Setup
from queuedesk.core.talk.messages import (
    ALL,
    CONSOLE,
    GUIDE,
    MANAGER,
    HelpCall,
    Message,
    addressee,
    help_place,
    open_at,
    window_at,
    window_place,
)
from queuedesk.core.talk.screen import apart, is_meant
from queuedesk.desk.change import Change, Desk, Document, changes
from queuedesk.desk.documents import iso
from queuedesk.store.parts import halls, part_tables

LONGEST_MESSAGE = 100  # what a strip shows in two lines
_PLACES = {Role.GUIDE: GUIDE, Role.MANAGER: MANAGER, Role.ADMIN: MANAGER, Role.CONSOLE: CONSOLE}


@changes("message")
def send(change: Change, to: str, text: str, *, text_en: str = "", origin: str | None = None) -> Document:
    """Send a message to "guide", "manager", "all" or a window; `origin` is its place, by default that of the sender's
    role.

    Raises RuleError "bad_value": an empty text or one of more than 100 characters, nobody of that name, a message to
    oneself. "not_your_window" for a clerk who sends from another's window, "not_your_role" from a place of other roles,
    "no_place" for a clerk without a window.
    """
    return message_document(change.setup, post(change, to, text, text_en=text_en, origin=origin))


@changes("message")
def mark_seen(change: Change, seq: int, *, place: str | None = None) -> Document:
    """Note that a message was read at `place`, by default the reader's. A second reading there is not noted.

    Raises RuleError "not_there" for a message that is not waiting, "not_for_you" where it goes elsewhere, and as send.
    """
    message = change.book.find(MESSAGES, seq)
    if message is None or not (message.is_open or message.date == change.date):
        raise RuleError("not_there", kind="message", code=str(seq))
    here = _place(change, place if place is not None else _reading_place(change, message))
    if not message.is_for(here):
        raise RuleError("not_for_you", seq=seq)
    if message.is_unread_at(here):
        change.record("message", seen=seq, place=here)
        message = change.book.get(MESSAGES, seq)
    return message_document(change.setup, message)


def messages_of(desk: Desk, day: date | None, now: datetime) -> list[Document]:
    """Return the messages of a date, by default today, and unread ones of earlier dates; the oldest first."""
    with desk.db.read() as tx:
        setup = halls.setup(tx, halls.load(tx, desk.hall))
        of = day or business_date(setup, now)
        found = part_tables.of_days(tx, desk.hall, MESSAGES, of, of)
        if day is None:
            found = part_tables.still_open(tx, desk.hall, MESSAGES) | found
    return [message_document(setup, found[seq]) for seq in sorted(found)]


def post(change: Change, to: str, text: str, *, text_en: str = "", origin: str | None = None) -> Message:
    """Send a message as part of another change. Raises as send."""
    words, words_en = text.strip(), text_en.strip()
    if not words:
        raise RuleError("bad_value", field="text", value=None, why="empty")
    for field, value in (("text", words), ("text_en", words_en)):
        if len(value) > LONGEST_MESSAGE:
            raise RuleError("bad_value", field=field, value=value[:20], why="too_long")
    goes_to, comes_from = addressee(change.setup, to), _place(change, origin)
    if goes_to == comes_from:
        raise RuleError("bad_value", field="to", value=to, why="not_a_choice")
    event = change.record("message", origin=comes_from, to=goes_to, text=words, text_en=words_en or None)
    return change.book.get(MESSAGES, event.seq)


def message_document(setup: Setup, message: Message) -> Document:
    """Return a message; `from` and `to` are places, `seen` where, when and by whom it was read."""
    return {
        "seq": message.seq,
        "at": iso(setup, message.time),
        "by": message.by,
        "from": message.origin,
        "to": message.to,
        "text": message.text,
        "text_en": message.text_en,
        "seen": [{"place": one.place, "by": one.by, "at": iso(setup, one.at)} for one in message.seen],
    }


def _reading_place(change: Change, message: Message) -> str | None:
    """Return where the console reads a message: as whoever it goes to, the duty manager for one to all."""
    if change.who.role is not Role.CONSOLE:
        return None
    return MANAGER if message.to == ALL else message.to


def _place(change: Change, named: str | None) -> str:
    """Return the place of somebody who writes or reads. A clerk is at the own window and nowhere else, a guide not at
    the duty manager's."""
    who = change.who
    if named is None:
        return _PLACES.get(who.role) or _window_of(change, who)
    if named == CONSOLE and who.role is Role.CONSOLE:
        return CONSOLE
    place = addressee(change.setup, named)
    if place == ALL:
        raise RuleError("bad_value", field="place", value=named, why="not_a_choice")
    if (code := window_at(place)) is not None:
        change.window(code)
    elif who.role is Role.CLERK or (who.role is Role.GUIDE and place != GUIDE):
        raise RuleError("not_your_role", verb="message", role=str(who.role))
    return place


def _window_of(change: Change, who: Actor) -> str:
    for code, window in sorted(change.book.windows().items()):
        if window.staff == who.name:
            return window_place(code)
    raise RuleError("no_place", staff=who.name)


# -- calls for help: pressed, answered, ended ------------------------------------------------------------------------

LONGEST_ABOUT = 100
_STATION = "station:"


@changes("help")
def press_help(change: Change, place: str | None = None, *, about: str = "", about_en: str = "") -> Document:
    """Call for help at `place`: a window by its code, or a station by its name such as "kiosk-2"; a station calls only
    to itself, with or without its PC's name.

    Raises RuleError "help_called" while a call is open there already, "bad_value" for no such place or more than 100
    characters, "not_your_window" for a clerk at another's.
    """
    where = _place_of_call(change, place)
    words, words_en = about.strip(), about_en.strip()
    for field, value in (("text", words), ("text_en", words_en)):
        if len(value) > LONGEST_ABOUT:
            raise RuleError("bad_value", field=field, value=value[:20], why="too_long")
    before = open_at(part_tables.still_open(change.tx, change.book.id, HELP_CALLS).values(), where)
    if before is not None:
        raise RuleError("help_called", seq=before.seq, place=where, time=f"{change.setup.local(before.pressed):%H:%M}")
    event = change.record("help", window=window_at(where), place=where, about=words or None, about_en=words_en or None)
    return help_document(change.setup, change.book.get(HELP_CALLS, event.seq))


@changes("help-answer")
def acknowledge_help(change: Change, seq: int) -> Document:
    """Note that the actor is coming. Raises RuleError "not_there", "help_answered" when somebody said so before,
    "not_your_role" for the clerk at the window that calls."""
    call = _open(change, seq)
    code, who = window_at(call.place), change.who
    if code is not None and who.role is Role.CLERK and change.book.window(code).staff == who.name:
        raise RuleError("not_your_role", verb="help-answer", role=str(who.role))
    if call.helper is not None:
        raise RuleError("help_answered", staff=call.helper)
    return _noted(change, call, ack=seq)


@changes("help")
def help_arrived(change: Change, seq: int) -> Document:
    """Note that a helper has arrived, reported by that person or at the place itself: the call is over. Raises
    RuleError "not_there"."""
    call = _open(change, seq)
    _must_be_there(change, call)
    return _noted(change, call, arrived=seq)


@changes("help")
def cancel_help(change: Change, seq: int, *, reason: str) -> Document:
    """Cancel a call for help, where it was made or by a helper. Raises RuleError "not_there", "reason_needed"."""
    call = _open(change, seq)
    _must_be_there(change, call)
    return _noted(change, call, cancelled=seq, reason=change.reason(reason.strip()))


def help_calls_of(desk: Desk, day: date | None, now: datetime) -> list[Document]:
    """Return the calls for help of a date, by default today, the oldest first."""
    with desk.db.read() as tx:
        setup = halls.setup(tx, halls.load(tx, desk.hall))
        of = day or business_date(setup, now)
        found = part_tables.of_days(tx, desk.hall, HELP_CALLS, of, of)
    return [help_document(setup, call) for call in found.values()]


def help_document(setup: Setup, call: HelpCall) -> Document:
    """Return a call for help; `end` is "arrived", "cancelled", "day_end" or null while it goes on."""
    return {
        "seq": call.seq,
        "place": call.place,
        "about": call.about,
        "about_en": call.about_en,
        "pressed": iso(setup, call.pressed),
        "by": call.by,
        "acknowledged": iso(setup, call.acknowledged),
        "helper": call.helper,
        "ended": iso(setup, call.ended),
        "end": call.end,
        "ended_by": call.ended_by,
        "reason": call.reason,
    }


def _place_of_call(change: Change, named: str | None) -> str:
    who = change.who
    if who.role is Role.STATION:
        own = who.name.removeprefix(_STATION)
        if named is not None and not is_meant(named, own):
            raise RuleError("bad_value", field="place", value=named, why="not_a_choice")
        return own
    if named is None:
        raise RuleError("bad_value", field="place", value=None, why="empty")
    there = [one.station for one in part_tables.of_days(change.tx, change.book.id, DEVICES).values()]
    stations = {*there, *(apart(one)[0] for one in there)}
    place = help_place(change.setup, named, stations)
    if (code := window_at(place)) is not None:
        change.window(code)
    return place


def _open(change: Change, seq: int) -> HelpCall:
    call = change.book.find(HELP_CALLS, seq)
    if call is None or not call.is_open:
        raise RuleError("not_there", kind="help_call", code=str(seq))
    return call


def _must_be_there(change: Change, call: HelpCall) -> None:
    """A station speaks for its own place only, a clerk for the own window and where that person is going; a guide or a
    manager for every place."""
    if change.who.role is Role.STATION and change.who.name != f"{_STATION}{call.place}":
        raise RuleError("not_there", kind="help_call", code=str(call.seq))
    if call.helper == change.who.name:
        return
    if (code := window_at(call.place)) is not None:
        change.window(code)
    elif change.who.role is Role.CLERK:
        raise RuleError("not_your_role", verb="help", role=str(change.who.role))


def _noted(change: Change, call: HelpCall, **data: Any) -> Document:
    change.record("help", window=window_at(call.place), place=call.place, **data)
    return help_document(change.setup, change.book.get(HELP_CALLS, call.seq))
