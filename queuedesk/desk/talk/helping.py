"""Calls for help: pressed, answered, ended."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from queuedesk.core.errors import RuleError
from queuedesk.core.log.state import DEVICES, HELP_CALLS
from queuedesk.core.network.people import Role
from queuedesk.core.queue.hallday import business_date
from queuedesk.core.setup.values import Setup
from queuedesk.core.talk.help_call import HelpCall, open_at
from queuedesk.core.talk.place import help_place, window_at
from queuedesk.core.talk.screen import apart, is_meant
from queuedesk.desk.change import Change, Desk, Document, changes
from queuedesk.desk.documents import iso
from queuedesk.store.parts import halls, register

LONGEST_ABOUT = 100
_STATION = "station:"


@changes("help")
def press(change: Change, place: str | None = None, *, about: str = "", about_en: str = "") -> Document:
    """Call for help at `place`: a window by its code, or a station by its name such as "kiosk-2"; a station calls to
    itself alone, with its PC's name or without.

    Raises RuleError "help_called" while somebody is called there already, "bad_value" for no such place or more than
    100 characters, "not_your_window" for a clerk at another's.
    """
    where = _place(change, place)
    words, words_en = about.strip(), about_en.strip()
    for field, value in (("text", words), ("text_en", words_en)):
        if len(value) > LONGEST_ABOUT:
            raise RuleError("bad_value", field=field, value=value[:20], why="too_long")
    before = open_at(register.still_open(change.tx, change.book.id, HELP_CALLS).values(), where)
    if before is not None:
        raise RuleError("help_called", seq=before.seq, place=where, time=f"{change.setup.local(before.pressed):%H:%M}")
    event = change.record("help", window=window_at(where), place=where, about=words or None, about_en=words_en or None)
    return help_document(change.setup, change.book.get(HELP_CALLS, event.seq))


@changes("help-answer")
def acknowledge(change: Change, seq: int) -> Document:
    """Note that the actor is coming. Raises RuleError "not_there", "help_answered" when somebody said so before."""
    call = _open(change, seq)
    if call.helper is not None:
        raise RuleError("help_answered", staff=call.helper)
    return _noted(change, call, ack=seq)


@changes("help")
def arrived(change: Change, seq: int) -> Document:
    """Note that somebody is there, pressed by that person or at the place itself: the call is over. Raises RuleError
    "not_there"."""
    call = _open(change, seq)
    _must_be_there(change, call)
    return _noted(change, call, arrived=seq)


@changes("help")
def cancel(change: Change, seq: int, *, reason: str) -> Document:
    """Take a call for help back, pressed where it was made or by who would come. Raises RuleError "not_there",
    "reason_needed"."""
    call = _open(change, seq)
    _must_be_there(change, call)
    return _noted(change, call, cancelled=seq, reason=change.reason(reason.strip()))


def calls_of(desk: Desk, day: date | None, now: datetime) -> list[Document]:
    """Return the calls for help of a date, today unless one is named, the oldest first."""
    with desk.db.read() as tx:
        setup = halls.setup(tx, halls.load(tx, desk.hall))
        of = day or business_date(setup, now)
        found = register.of_days(tx, desk.hall, HELP_CALLS, of, of)
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


def _place(change: Change, named: str | None) -> str:
    who = change.who
    if who.role is Role.STATION:
        own = who.name.removeprefix(_STATION)
        if named is not None and not is_meant(named, own):
            raise RuleError("bad_value", field="place", value=named, why="not_a_choice")
        return own
    if named is None:
        raise RuleError("bad_value", field="place", value=None, why="empty")
    there = [one.station for one in register.of_days(change.tx, change.book.id, DEVICES).values()]
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
    """A station and a clerk speak for their own place only; a guide or a manager for every place."""
    if change.who.role is Role.STATION and change.who.name != f"{_STATION}{call.place}":
        raise RuleError("not_there", kind="help_call", code=str(call.seq))
    if (code := window_at(call.place)) is not None:
        change.window(code)
    elif change.who.role is Role.CLERK:
        raise RuleError("not_your_role", verb="help", role=str(change.who.role))


def _noted(change: Change, call: HelpCall, **data: Any) -> Document:
    change.record("help", window=window_at(call.place), place=call.place, **data)
    return help_document(change.setup, change.book.get(HELP_CALLS, call.seq))
