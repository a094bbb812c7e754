"""An event of the log: its printed fields, its stored text, the chain of hashes, and what each kind of event holds.

The table of kinds and fields is what events are checked by. It names what applying or telling an event can't do
without, and no more: what any earlier program wrote fits it. An event that does not fit is set aside wherever it is
read (`unfit`); fields that are not named here are nobody's business.

Hashes are made of the one JSON text of a value: sorted keys, no spaces, non-ASCII kept.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct, field
from msgspec.structs import replace

from queuedesk.core.errors import RuleError

EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
LATEST = datetime(3000, 1, 1, tzinfo=UTC)
"""Between these lies every time of an event: `EARLIEST` is one, `LATEST` is none. Dates are held to the same years."""
MOST_OF_A_NUMBER = 2**63 - 1
"""What a table can keep of a whole number, either side of 0."""


class Type(StrEnum):
    """What a field of `data` may hold. Whole numbers are never true or false, and have no fraction."""

    TEXT = "text"
    DAY = "day"
    """A date as text, 2026-11-21."""
    TIME = "time"
    """A moment as text with its distance from UTC, 2026-11-21T01:12:00.000000+00:00."""
    NUMBER = "number"
    LEVEL = "level"
    """A whole number from 1 to 5."""
    FLAG = "flag"
    """True or false."""
    TEXTS = "texts"
    """A list of texts."""
    NUMBERS = "numbers"
    """A list of whole numbers."""
    OBJECT = "object"
    OBJECTS = "objects"
    """A list of objects."""
    NUMBERS_BY_NAME = "numbers_by_name"
    """An object whose values are whole numbers."""


class Shape(Struct, frozen=True, kw_only=True):
    """One form of a kind. It is an event's form where `data` has the key `when`; the last form of a kind has None and
    covers the rest. `columns` are those of ticket, service, window and staff that hold a text. `needs` must be in
    `data`, `may` may be: missing, null, or of its type."""

    when: str | None
    columns: tuple[str, ...]
    needs: Mapping[str, Type]
    may: Mapping[str, Type]


class Fault(NamedTuple):
    """Why an event is set aside. `code` is one of FAULTS; `field` is a column or a field of `data`, "" for the whole
    event."""

    code: str
    field: str


UNKNOWN_KIND, BAD_TIME, NO_DATA, MISSING, WRONG_TYPE = "unknown_kind", "bad_time", "no_data", "missing", "wrong_type"
REFERS, TWICE = "refers", "twice"
NOT_HERE = "not_here"
FAULTS = (UNKNOWN_KIND, BAD_TIME, NO_DATA, MISSING, WRONG_TYPE, REFERS, TWICE, NOT_HERE)
"""A kind that this program does not know; a time out of bounds; data that is no object; a field that is not there, or
not of its type. Of what has the right form: it is about something that is not there, or gives out a number that was
given out. NOT_HERE: of a feature whose folder is not there, which `field` names: kept unread, and no trouble of the
hall's."""

TEXT, DAY, TIME, NUMBER, LEVEL, FLAG = Type.TEXT, Type.DAY, Type.TIME, Type.NUMBER, Type.LEVEL, Type.FLAG
TEXTS, NUMBERS, OBJECT, OBJECTS, BY_NAME = Type.TEXTS, Type.NUMBERS, Type.OBJECT, Type.OBJECTS, Type.NUMBERS_BY_NAME
_NONE: Mapping[str, Type] = {}

# `shift` and `shifts` name the shifts of a day that was kept on paper.
EVERY_MAY: Mapping[str, Type] = {"date": DAY, "skew_s": NUMBER, "paper": FLAG, "shift": NUMBER, "shifts": BY_NAME}
"""What any kind may hold beside its own fields; a kind may need one of them."""


def _shape(
    columns: str = "", needs: Mapping[str, Type] = _NONE, may: Mapping[str, Type] = _NONE, when: str | None = None
) -> Shape:
    may = {name: kind for name, kind in {**EVERY_MAY, **may}.items() if name not in needs}
    return Shape(when=when, columns=tuple(columns.split()), needs=needs, may=may)


def _dated(columns: str = "", needs: Mapping[str, Type] = _NONE, **rest: Any) -> Shape:
    """Return a form that belongs to a business date."""
    return _shape(columns, {"date": DAY, **needs}, **rest)


_NEW_TICKET = {"token": TEXT, "class": TEXT}
_TICKET_MAY = {
    "item": TEXT,
    "credit_s": NUMBER,
    "steps": TEXTS,
    "guide": TEXT,
    "return_of": TEXT,
    "ref": TEXT,
    "repeat": FLAG,
    "place": TIME,
    "promise": OBJECT,
    "appointment": NUMBER,
    "not_before": TIME,
    "closing": TEXT,
    "why": TEXT,
    "passed": TEXTS,
    "reason": TEXT,
    "need": TEXT,
    "speaks": TEXT,
}
_SERIES = {"prefix": TEXT, "number": NUMBER}
_ORDER_MAY = {
    "rule": TEXT,
    "cap": NUMBER,
    "guard": NUMBER,
    "fast": NUMBER,
    "fast_passes": NUMBER,
    "languages": TEXTS,
    "jump": FLAG,
    "normal": NUMBER,
    "by_skill": NUMBER,
    "held_back": TEXT,
    "held_by": TEXT,
    "why": TEXT,
    "reason": TEXT,
}
_SENT_MAY = {
    "credit_s": NUMBER,
    "from": TEXT,
    "place": TEXT,
    "to_window": TEXT,
    "to_staff": TEXT,
    "held_until": TIME,
    "note": TEXT,
}
_PLACE = {"place": TIME, "turn": NUMBER}
_RATED_MAY = {"tags": TEXTS, "comment": TEXT, "attitude": LEVEL, "competence": LEVEL, "salt": TEXT}
# Of a case of which only managers' logins are told.
_WITHHELD_MAY = {"withheld": FLAG, "salt": TEXT}
# What a login is given to read that is not told how customers rated; no log holds it.
_UNTOLD = {"untold": FLAG}
_UNTOLD_MAY = {"explained": FLAG}
_WORDS_MAY = {"text_en": TEXT}
_DEVICE = {"device": TEXT, "station": TEXT}
_ABOUT_MAY = {"device": TEXT, "station": TEXT, "was": NUMBER}
_CASE = {"number": TEXT, "class": TEXT, "contact_due": DAY, "act_due": DAY, "answer_due": DAY, "limit": DAY}
_CASE_MAY = {"title": TEXT, "owner": TEXT, "contact": TEXT, "contact_until": DAY, "asked": FLAG}
# What says whom a case is about, which not every login is told.
_CASE_ABOUT = {"ref": TEXT, "about": TEXT, "about_date": DAY, "concerns": TEXTS, "words": TEXT, "salt": TEXT}
_OF = {"of": NUMBER}
_TWO_NAMES = dict.fromkeys(("name", "name_en", "label", "label_en"), TEXT)
_STEP_MAY = {
    **_WITHHELD_MAY,
    "text": TEXT,
    "result": TEXT,
    "verdict": TEXT,
    "contact_until": DAY,
    **dict.fromkeys(("act_due", "answer_due", "limit"), DAY),
}
_ROWS = {"rows": OBJECTS}
_ENDS = dict.fromkeys(("waiting", "gone", "finished", "windows", "stations"), TEXTS)
_ENDS_MAY = {**dict.fromkeys(("notices", "help_calls", "cards", "appointments"), NUMBERS), "early": FLAG}
_REASON = {"reason": TEXT}
# Who looks: a person of the hall, a number, or the id of a name beside the log.
_SALTED = {"salt": TEXT}
_DISPUTE = {"month": DAY, "item": TEXT, "words": TEXT}
_LOOKER = {"who": TEXT, "visitor": NUMBER, "outsider": TEXT}
_SHEET = {"sheet": TEXT, "version": NUMBER, "name": TEXT, "items": OBJECTS, "name_en": TEXT}
_TRAINING_MAY = {"led": TEXT, "need": TEXT, "limit_min": NUMBER, "from": DAY, "to": DAY}
_NOT_TOLD = _dated("", _UNTOLD, may={"of": NUMBER}, when="untold")

SHAPES: dict[str, tuple[Shape, ...]] = {
    "issue": (
        _dated("ticket service", {**_NEW_TICKET, **_SERIES}, may=_TICKET_MAY, when="number"),
        _dated("ticket service", _NEW_TICKET, may=_TICKET_MAY),
    ),
    "serve": (
        _dated("ticket service window", {**_NEW_TICKET, **_SERIES}, may=_TICKET_MAY, when="number"),
        _dated("ticket service window", _NEW_TICKET, may=_TICKET_MAY),
    ),
    "call": (
        _dated("ticket window", {"passed": TEXTS, "why": TEXT}, may=_ORDER_MAY, when="passed"),
        _dated("ticket window", may=_ORDER_MAY),
    ),
    "recall": (_dated("ticket"),),
    "start": (_dated("ticket window"),),
    "miss": (_dated("ticket", may={"asked": TEXT}),),
    "return": (_dated("ticket", _REASON),),
    "leave": (_dated("ticket"),),
    "void": (_dated("ticket", _REASON),),
    "reinstate": (_dated("ticket", _PLACE, may={"early": FLAG}),),
    "finish": (
        _dated(
            "ticket window",
            may={
                "outcome": TEXT,
                "note": TEXT,
                "form_free": FLAG,
                "delivered": TEXTS,
                "start_assumed": FLAG,
                "then": TEXTS,
                "credit_s": NUMBER,
            },
        ),
    ),
    "add": (_dated("ticket", {"added": TEXT}),),
    "stall": (_dated("ticket", _REASON),),
    "unstall": (_dated("ticket"),),
    "park": (_dated("ticket", _REASON),),
    "unpark": (_dated("ticket window"),),
    "transfer": (
        _dated("ticket service", {"to": TEXT, "place_at": TIME, "turn": NUMBER}, may=_SENT_MAY, when="place_at"),
        _dated("ticket service", {"to": TEXT}, may=_SENT_MAY),
    ),
    "redirect": (_dated("ticket service", {"to": TEXT}, may={"from": TEXT, "credit_s": NUMBER}),),
    "reopen": (_dated("ticket window"),),
    "defer": (_dated("ticket"),),
    "postpone": (_dated("ticket", _PLACE),),
    "need": (_dated("ticket", {"fetched": FLAG}, when="fetched"), _dated("ticket", {"need": TEXT})),
    "rate": (
        _dated("ticket", _UNTOLD, may=_UNTOLD_MAY, when="untold"),
        _dated("ticket", {"level": LEVEL}, may={**_RATED_MAY, "case": OBJECT}),
    ),
    "reasons": (_dated("ticket", may=_RATED_MAY),),
    "open": (_dated("window", may={"waive": TEXT, "missing": TEXTS}),),
    "pause": (_shape("window", _REASON, may={"back": TIME, "left_to": TEXT}),),
    "resume": (_shape("window"),),
    "close": (_shape("window", may={"left_to": TEXT, "handed_to": TEXT}),),
    "clock": (_shape("", {"was": TIME}, may={"waiting": NUMBER, "windows": NUMBER}),),
    "set-right": (
        _dated(
            "",
            {"first": NUMBER, "since": TIME, "was": TIME, "day": DAY, "series": BY_NAME},
            may={"tickets": NUMBER, "ratings": NUMBER, "appointments": NUMBERS},
        ),
    ),
    "lend": (_shape("window service", may={"back": FLAG}),),
    "day-end": (_dated("", _ENDS, may=_ENDS_MAY),),
    "sign-in": (_shape("staff", {"station": TEXT}),),
    "sign-out": (_shape("", {"station": TEXT}),),
    "set-up": (
        _shape("", {"setup": OBJECT}, may={"part": TEXT, "op": TEXT, "code": TEXT}, when="setup"),
        _shape("", {"part": TEXT, "op": TEXT}, may={"code": TEXT, "row": OBJECT, "set": FLAG}),
    ),
    "restore": (_dated("", {"series": BY_NAME}, may={"backup": TEXT, "lost_since": TIME}),),
    "not-ready": (_dated("service", may={"item": TEXT, "guide": TEXT}),),
    "opinion": (
        _shape("", {"of": NUMBER}, may=_RATED_MAY, when="of"),
        _dated("", _UNTOLD, may=_UNTOLD_MAY, when="untold"),
        _dated("", {"level": LEVEL}, may=_RATED_MAY),
    ),
    "comment": (
        _dated("", _UNTOLD, when="untold"),
        _dated("", {"class": TEXT, "comment": TEXT}, may={"about": TEXT, "day": DAY, "salt": TEXT}),
    ),
    "comment-read": (_dated("", {"comment": TEXT, "read": FLAG}, may={"forgotten": FLAG}),),
    "book": (
        _shape("service", {"day": DAY, "for": TIME, "class": TEXT}, may={"item": TEXT, "ref": TEXT, "person": TEXT}),
    ),
    "unbook": (_shape("", {"of": NUMBERS}, may=_REASON),),
    "offer": (_dated("service", {"to": TEXT, "accepted": FLAG}, may={"item": TEXT}),),
    "notice": (
        _shape("", {"withdrawn": NUMBER}, when="withdrawn"),
        _dated(
            "",
            {"text": TEXT},
            may={
                **_WORDS_MAY,
                "zone": TEXT,
                "display": TEXT,
                "begins": TIME,
                "until": TIME,
                "spoken": FLAG,
                "emergency": FLAG,
            },
        ),
    ),
    "day-note": (
        _shape("", {"removed": NUMBER}, may={"day": DAY, "reason": TEXT}, when="removed"),
        _shape("", {"day": DAY, "kind": TEXT, "text": TEXT}, may={"from": NUMBER, "to": NUMBER}),
    ),
    "alarm": (
        _shape("", {"over": NUMBER, "kind": TEXT}, may=_ABOUT_MAY, when="over"),
        _shape("", {"kind": TEXT, "level": TEXT, "since": TIME}, may={**_ABOUT_MAY, "told": OBJECT, "instead": FLAG}),
    ),
    "slip": (_shape("", {"alarm": NUMBER, "date": DAY}, may={"cause": TEXT}),),
    "ack": (_shape("", {"alarm": NUMBER, "kind": TEXT}, may=_ABOUT_MAY),),
    "correct": (
        _dated(
            "ticket", {"leg": NUMBER, "old": OBJECT, "new": OBJECT}, may={"reason": TEXT, "second": TEXT, "salt": TEXT}
        ),
    ),
    "enter": (_dated("", {"file": TEXT}, may={"rows": NUMBER, "tickets": NUMBER}),),
    "indicators": (_shape("", _ROWS),),
    "channels": (_shape("", _ROWS, may={"sha256": TEXT}),),
    "device": (_shape("", {**_DEVICE, "state": TEXT}, may={"cause": TEXT}),),
    "message": (
        _shape("", {"seen": NUMBER, "place": TEXT}, when="seen"),
        _dated("", {"origin": TEXT, "to": TEXT, "text": TEXT}, may=_WORDS_MAY),
    ),
    "thanks": (
        _shape("", {"seen": NUMBER}, when="seen"),
        _dated("staff", may={"source": TEXT, "words": TEXT}),
    ),
    "texts": (
        _dated("", {"messages": TEXTS}, may={"again": NUMBER}, when="messages"),
        _dated("staff", may={"contact": TEXT}),
    ),
    "notes": (
        _dated("", {"ended": TEXT}, when="ended"),
        _dated("", {"asked": FLAG}, may={"note": TEXT, "until": DAY}),
    ),
    "forum": (
        _shape("", {"of": NUMBER, "issue": NUMBER, "case": TEXT}, when="case"),
        _shape("", {"of": NUMBER, "words": TEXT}, when="of"),
        _dated("", {"day": DAY, "attendees": NUMBER}, may={"words": TEXT}),
    ),
    "wording": (
        _shape("", {"of": NUMBER, "end": TEXT, "day": DAY}, when="of"),
        _dated("", {**_TWO_NAMES, "first": DAY, "weeks": NUMBER, "services": TEXTS}, when="services"),
        _dated("service", {**_TWO_NAMES, "first": DAY, "weeks": NUMBER}),
    ),
    "training": (
        _shape("", {"of": NUMBER}, when="of"),
        _dated("", {"day": DAY, "minutes": NUMBER, "attended": TEXTS, "words": TEXT}, may=_TRAINING_MAY),
    ),
    "training-name": (
        _dated("staff", {"need": TEXT, "reason": TEXT, "from": DAY, "to": DAY, "n": NUMBER, "all": NUMBER}),
    ),
    "training-seen": (_shape("", {"seen": NUMBER}),),
    "briefing": (
        _shape("", {"read": NUMBER}, when="read"),
        _dated("", {"version": NUMBER, "text": TEXT}, may={"text_en": TEXT}),
    ),
    "opening": (
        _dated("", {"what": TEXT, **_SHEET, "marks": OBJECTS}, may={"temperature": NUMBER, "humidity": NUMBER}),
    ),
    "help": (
        _shape("", {"ack": NUMBER}, when="ack"),
        _shape("", {"arrived": NUMBER}, when="arrived"),
        _shape("", {"cancelled": NUMBER, "reason": TEXT}, when="cancelled"),
        _dated("", {"place": TEXT}, may={"about": TEXT, "about_en": TEXT}),
    ),
    "check": (
        _dated("", {**_DEVICE, "text": TEXT, "until": TIME}, may={"trial": FLAG, **_WORDS_MAY}, when="trial"),
        _dated("", {**_DEVICE, "passed": FLAG}, may={"cause": TEXT}),
    ),
    "drumming": (_shape("", {"station": TEXT, "presses": NUMBER, "seconds": NUMBER}),),
    "card": (
        _shape("", _OF, may={"card": TEXT, "tick": NUMBER, "untick": NUMBER, "note": TEXT}, when="of"),
        _dated("", {"card": TEXT, "name": TEXT, "steps": OBJECTS}, may={"name_en": TEXT}),
    ),
    "case-open": (
        _dated("", {**_CASE, **_UNTOLD}, may=_CASE_MAY, when="untold"),
        _dated("", {**_CASE, "source": TEXT}, may={**_CASE_MAY, **_CASE_ABOUT}),
    ),
    "case-step": (_NOT_TOLD, _dated("", {**_OF, "step": TEXT}, may=_STEP_MAY)),
    "case-owner": (_NOT_TOLD, _dated("", _OF, may={"owner": TEXT, "case": OBJECT, **_WITHHELD_MAY})),
    "case-note": (
        _NOT_TOLD,
        _dated("", {**_OF, "shown": FLAG}, may=_WITHHELD_MAY, when="shown"),
        _dated("", {**_OF, "asked": FLAG}, may={"contact": TEXT, "contact_until": DAY, **_WITHHELD_MAY}, when="asked"),
        _dated("", {**_OF, "cites": TEXT, "text": TEXT}, may=_WITHHELD_MAY, when="cites"),
        _dated("", {**_OF, "text": TEXT}, may=_WITHHELD_MAY),
    ),
    "inspect-plan": (
        _NOT_TOLD,
        _dated("", {"of": NUMBER, "dropped": FLAG}, may={**_REASON, **_SALTED}, when="dropped"),
        _dated("", {"day": DAY, "sheet": TEXT, "channel": TEXT}, may={**_LOOKER, **_SALTED}),
    ),
    "inspect-start": (
        _NOT_TOLD,
        _dated("", {"of": NUMBER, **_SHEET}, may=_SALTED, when="of"),
        _dated("", {"channel": TEXT, **_SHEET}, may={**_LOOKER, **_SALTED}),
    ),
    "inspect-score": (
        _NOT_TOLD,
        _dated(
            "",
            {"of": NUMBER, "item": NUMBER},
            may={"taken": NUMBER, "why": NUMBERS, "words": TEXT, "photos": TEXTS, **_SALTED},
        ),
    ),
    "inspect-tie": (
        _NOT_TOLD,
        _dated("", {"of": NUMBER}, may={"day": DAY, "label": TEXT, "claimed_s": NUMBER, **_SALTED}),
    ),
    "inspect-sign": (_NOT_TOLD, _dated("", {"of": NUMBER, "points": NUMBER, "possible": NUMBER}, may=_SALTED)),
    "inspect-fix": (
        _NOT_TOLD,
        _dated("", {"of": NUMBER, "proof": TEXT}, may=_SALTED, when="proof"),
        _dated("", {"of": NUMBER, "good": FLAG}, may=_SALTED, when="good"),
        _dated("", {"of": NUMBER, "reminded": FLAG}, may=_SALTED, when="reminded"),
        _dated("", {"issue": TEXT, "owner": TEXT, "due": DAY}, may={"inspection": NUMBER, "item": NUMBER, **_SALTED}),
    ),
    "fix-proof": (_dated("", {"of": NUMBER, "proof": TEXT}),),
    "sheet-dispute": (
        _dated("staff", {**_DISPUTE, **_UNTOLD}, may={"row": TEXT}, when="untold"),
        _dated("staff", _DISPUTE, may={"row": TEXT, "rated": TEXT, **_SALTED}),
    ),
    "sheet-close": (_dated("", {"month": DAY, "version": NUMBER, "rows": TEXT, "told": TEXT}),),
    "sheet-decide": (_dated("", {"of": NUMBER, "excluded": FLAG, "words": TEXT}),),
    "project-open": (
        _NOT_TOLD,
        _dated("", {"number": NUMBER, "title": TEXT, "leader": TEXT}, may={"finding": TEXT, **_SALTED}),
    ),
    "project-set": (
        _NOT_TOLD,
        _dated(
            "",
            {**_OF, "figure": TEXT, "value": NUMBER, "by": DAY, "words": TEXT},
            may=_SALTED,
            when="figure",
        ),
        _dated(
            "",
            {**_OF, **dict.fromkeys(("first", "last", "measures", "then", "until"), DAY)},
            may=_SALTED,
            when="measures",
        ),
        _dated(
            "",
            _OF,
            may={
                **dict.fromkeys(("title", "leader", "finding", "next"), TEXT),
                "state": TEXTS,
                "follows": OBJECTS,
                **_SALTED,
            },
        ),
    ),
    "project-cause": (
        _NOT_TOLD,
        _dated("", {**_OF, "n": NUMBER, "removed": FLAG}, may=_SALTED, when="removed"),
        _dated("", {**_OF, "n": NUMBER, "words": TEXT, "bone": TEXT}, may={"own_bone": TEXT, **_SALTED}),
    ),
    "project-evidence": (
        _NOT_TOLD,
        _dated("", {**_OF, "n": NUMBER, "removed": NUMBER}, may=_SALTED, when="removed"),
        _dated("", {**_OF, "n": NUMBER, "kind": TEXT, "words": TEXT}, may=_SALTED),
    ),
    "project-judge": (_NOT_TOLD, _dated("", {**_OF, "n": NUMBER, "judgement": TEXT}, may=_SALTED)),
    "project-measure": (
        _NOT_TOLD,
        _dated(
            "",
            {**_OF, "n": NUMBER},
            may={
                **dict.fromkeys(("words", "who", "where"), TEXT),
                **dict.fromkeys(("due", "done"), DAY),
                "cost": NUMBER,
                "causes": NUMBERS,
                "removed": FLAG,
                **_SALTED,
            },
        ),
    ),
    "project-standard": (
        _NOT_TOLD,
        _dated(
            "",
            {**_OF, "n": NUMBER, "place": TEXT},
            may={"ref": TEXT, "words": TEXT, "asked": FLAG, "asked_by": TEXT, **_SALTED},
        ),
    ),
    "project-end": (_NOT_TOLD, _dated("", {**_OF, "ending": TEXT}, may={"words": TEXT, **_SALTED})),
    "move": (
        _dated(
            "",
            {"kind": TEXT},
            may={
                "to": TEXT,
                "minutes": NUMBER,
                "services": TEXTS,
                "effect": OBJECT,
                "base": BY_NAME,
                "declined": FLAG,
            },
        ),
    ),
}
"""Every kind with its forms, the first that fits by `when`; those of features are added (apply.py)."""


def feature_of(kind: str) -> str:
    """Return the feature that a kind of events belongs to, by its name: "lost_property" of "lost_property.found"; "" of
    the core's."""
    return kind.partition(".")[0] if "." in kind else ""


def shape_of(kind: str, data: Mapping[str, Any]) -> Shape | None:
    """Return the required form of an event of this kind and data, None for an unknown kind."""
    return next((shape for shape in SHAPES.get(kind, ()) if shape.when is None or shape.when in data), None)


def unfit(
    kind: str,
    data: object,
    *,
    at: datetime,
    time: datetime,
    ticket: object,
    service: object,
    window: object,
    staff: object,
) -> Fault | None:
    """Return why an event can't be read, None for one that can."""
    if kind not in SHAPES:
        return Fault(NOT_HERE, feature_of(kind)) if feature_of(kind) else Fault(UNKNOWN_KIND, "kind")
    if not EARLIEST <= at < LATEST:
        return Fault(BAD_TIME, "at")
    if not EARLIEST <= time < LATEST:
        return Fault(BAD_TIME, "time")
    if not isinstance(data, dict):
        return Fault(NO_DATA, "data")
    shape = next(one for one in SHAPES[kind] if one.when is None or one.when in data)
    for name, held in (("ticket", ticket), ("service", service), ("window", window), ("staff", staff)):
        if held is None:
            if name in shape.columns:
                return Fault(MISSING, name)
        elif not isinstance(held, str):
            return Fault(WRONG_TYPE, name)
    return unfit_data(shape, data)


def fits(kind: str, data: object) -> bool:
    """Whether the data of an event of this kind can be read; its columns and times are checked when the whole event is
    read."""
    if not isinstance(data, dict):
        return False
    shape = shape_of(kind, data)
    return shape is not None and unfit_data(shape, data) is None


def unfit_data(shape: Shape, data: Mapping[str, Any]) -> Fault | None:
    """Return the field of `data` that does not fit the form, None if all do."""
    for name, kind in shape.needs.items():
        if name not in data:
            return Fault(MISSING, name)
        if not _IS[kind](data[name]):
            return Fault(WRONG_TYPE, name)
    for name, value in data.items():
        may = shape.may.get(name)
        if may is not None and value is not None and not _IS[may](value):
            return Fault(WRONG_TYPE, name)
    return None


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_number(value: object) -> bool:
    return type(value) is int and -MOST_OF_A_NUMBER <= value <= MOST_OF_A_NUMBER


def _is_day(value: object) -> bool:
    if not isinstance(value, str) or len(value) != 10:
        return False
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return False
    return EARLIEST.year <= day.year < LATEST.year


def _is_time(value: object) -> bool:
    if not isinstance(value, str):
        return False
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return False
    return moment.tzinfo is not None and EARLIEST <= moment < LATEST


def _is_list_of(test: Callable[[object], bool]) -> Callable[[object], bool]:
    return lambda value: isinstance(value, list) and all(map(test, value))


def _is_object(value: object) -> bool:
    return isinstance(value, dict)


_IS: Mapping[Type, Callable[[object], bool]] = {
    TEXT: _is_text,
    DAY: _is_day,
    TIME: _is_time,
    NUMBER: _is_number,
    LEVEL: lambda value: type(value) is int and 1 <= value <= 5,
    FLAG: lambda value: isinstance(value, bool),
    TEXTS: _is_list_of(_is_text),
    NUMBERS: _is_list_of(_is_number),
    OBJECT: _is_object,
    OBJECTS: _is_list_of(_is_object),
    BY_NAME: lambda value: isinstance(value, dict) and all(map(_is_number, value.values())),
}


_patiently = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode
_quickly = msgspec.json.Encoder(order="sorted").encode
_NOT_QUICKLY = (TypeError, ValueError, OverflowError, RecursionError)
_LEAVES = frozenset({str, int, bool, type(None)})
_NESTED = frozenset({dict, list, tuple})
_PLAIN = _LEAVES | _NESTED


def canonical(value: object) -> str:
    """Return the one JSON text of `value`. Raises TypeError for foreign objects."""
    quick = quick_text(value)
    return _patiently(value) if quick is None else quick


def canonical_with(fields: Mapping[str, object], name: str, value: object, text: str) -> str:
    """Return canonical() of `fields` with `value` under `name`, whose own canonical text is `text`: to write it out
    again takes longer than all the rest."""
    if _LEAVES.issuperset(map(type, fields.values())):
        try:
            return _quickly({**fields, name: msgspec.Raw(text.encode())}).decode()
        except _NOT_QUICKLY:
            pass
    return canonical({**fields, name: value})


def quick_text(value: object) -> str | None:
    """Return canonical() by msgspec; None for what it might write otherwise or not at all: fractions, keys that are no
    texts, half a pair of surrogates, hundreds of lists within another, types that JSON has not."""
    kind = type(value)
    if kind in _NESTED:
        if not value:
            return "{}" if kind is dict else "[]"  # four of five lists of a ticket are empty
    elif kind not in _LEAVES:
        return None
    try:
        return _quickly(value).decode() if kind in _LEAVES or _is_plain(value) else None
    except _NOT_QUICKLY:
        return None


def _is_plain(value: Any) -> bool:
    held = value.values() if type(value) is dict else value
    kinds = set(map(type, held))
    if kinds <= _LEAVES:
        return True
    if not kinds <= _PLAIN:
        return False
    for one in held:  # noqa: SIM110 - a generator for each list would take half as long again
        if type(one) in _NESTED and not _is_plain(one):
            return False
    return True


FIRST_PREV = "0" * 64

# The queue commands keep their own names.
QUEUE_KINDS = frozenset(
    [
        "issue",
        "serve",
        "call",
        "recall",
        "start",
        "miss",
        "return",
        "leave",
        "void",
        "reinstate",
        "finish",
        "add",
        "stall",
        "unstall",
        "park",
        "unpark",
        "transfer",
        "redirect",
        "reopen",
        "defer",
        "postpone",
        "rate",
        "open",
        "pause",
        "resume",
        "close",
    ]
)
SET_ASIDE = "set-aside"
"""The kind under which an event that can't be read is given on: nobody does anything with it."""


class Event(Struct, frozen=True, kw_only=True):
    """One thing that happened. `seq` is the order; `at` is when the log took it, `time` when it happened, both UTC.

    `data` holds JSON values without decimal fractions. `data["date"]` is the ticket's business date wherever `ticket`
    is set.
    """

    seq: int
    at: datetime
    time: datetime
    kind: str
    actor: str
    ticket: str | None = None
    service: str | None = None
    window: str | None = None
    staff: str | None = None
    command: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    prev: str = FIRST_PREV
    hash: str = ""

    @property
    def date(self) -> date | None:
        """The business date it belongs to, where it has one."""
        text = self.data.get("date")
        return date.fromisoformat(text) if text else None

    @property
    def is_paper(self) -> bool:
        """Whether it happened on a day that was kept on paper, and was put in afterwards."""
        return is_on_paper(self.data)

    def fault(self) -> Fault | None:
        """Why it can't be read, None if it can."""
        return unfit(
            self.kind,
            self.data,
            at=self.at,
            time=self.time,
            ticket=self.ticket,
            service=self.service,
            window=self.window,
            staff=self.staff,
        )

    def printed(self) -> dict[str, Any]:
        """Return the fields as the log prints them, `prev` and `hash` included."""
        return {**self._body(), "prev": self.prev, "hash": self.hash}

    def line(self) -> str:
        """Return printed() as one JSON text."""
        return canonical(self.printed())

    def chained(self, prev: str) -> Event:
        """Return it with `prev` and the resulting hash."""
        return self._with(prev, chain_hash(prev, self._body()))

    def chained_with(self, prev: str, data_text: str) -> Event:
        """Return chained(); `data_text` is the JSON text of `data`."""
        return self._with(prev, _hash(prev, canonical_with(self._head(), "data", self.data, data_text)))

    def _with(self, prev: str, digest: str) -> Event:
        return Event(
            seq=self.seq,
            at=self.at,
            time=self.time,
            kind=self.kind,
            actor=self.actor,
            ticket=self.ticket,
            service=self.service,
            window=self.window,
            staff=self.staff,
            command=self.command,
            data=self.data,
            prev=prev,
            hash=digest,
        )

    def _body(self) -> dict[str, Any]:
        return {**self._head(), "data": self.data}

    def _head(self) -> dict[str, Any]:
        at = stamp(self.at)
        return {
            "seq": self.seq,
            "at": at,
            "time": at if self.time is self.at else stamp(self.time),
            "kind": self.kind,
            "actor": self.actor,
            "ticket": self.ticket,
            "service": self.service,
            "window": self.window,
            "staff": self.staff,
            "command": self.command,
        }


class SetAside(Event, frozen=True, kw_only=True):
    """An event of the log that can't be read. Its place counts (seq, prev, hash), its content does not.

    `stored` are its printed fields without prev and hash, as the log holds them.
    """

    why: Fault
    stored: Mapping[str, Any]

    def chained(self, prev: str) -> Event:
        return replace(self, prev=prev, hash=chain_hash(prev, self.stored))

    def _body(self) -> dict[str, Any]:
        return dict(self.stored)


def is_on_paper(data: object) -> bool:
    """Whether an event's data say that it was kept on paper."""
    return isinstance(data, dict) and bool(data.get("paper"))


def as_read(event: Event, *, at: str | None = None, time: str | None = None) -> Event:
    """Return an event of the log, or what stands for one that can't be read. `at` and `time` are given as texts where
    no datetime can hold them."""
    fault = event.fault()
    if fault is None:
        return event
    texts = {name: text for name, text in (("at", at), ("time", time)) if text is not None}
    stored = event._body() | texts
    return SetAside(
        seq=event.seq,
        at=event.at,
        time=event.time,
        kind=SET_ASIDE,
        actor=event.actor,
        prev=event.prev,
        hash=event.hash,
        why=fault,
        stored=stored,
    )


def stamp(moment: datetime) -> str:
    """Return a UTC time as the log stores it: six decimals and +00:00."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def chain_hash(prev: str, body: Mapping[str, Any]) -> str:
    """Return SHA-256 in hex of `prev` followed by the canonical JSON of an event's other printed fields."""
    return _hash(prev, canonical(body))


def _hash(prev: str, text: str) -> str:
    return hashlib.sha256((prev + text).encode()).hexdigest()


def follows(event: Event, prev: str, seq: int, *, reads_ratings: bool) -> bool:
    """Whether an event continues a log that ends with that hash and seq.

    A login that may not see ratings can't compute the hashes of such events: they are trusted by their place between
    their neighbours.
    """
    if event.seq != seq + 1 or event.prev != prev:
        return False
    return event.chained(prev).hash == event.hash or (not reads_ratings and event.data.get("untold") is True)


def broken_at(
    events: Iterable[Event], prev: str = FIRST_PREV, seq: int = 0, *, reads_ratings: bool = True
) -> int | None:
    """Return the first seq at which the chain does not follow from the events before it, None when it is whole.
    `reads_ratings` as in follows()."""
    for event in events:
        if not follows(event, prev, seq, reads_ratings=reads_ratings):
            return event.seq
        prev, seq = event.hash, event.seq
    return None


# -- checks that every database can store a text, and every screen show it ---------------------------------------------

# Control characters but tab and line breaks, and what reverses the letters behind it: a name could read as another one.
_HIDDEN = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069"
_BAD_SIGN = re.compile(f"[{_HIDDEN}]")
# The same in a JSON text, which has those below the blank written out.
_BAD_IN_JSON = re.compile(rf"[{_HIDDEN}]|\\u00[01]|\\[bf]")


def must_be_storable(field: str, value: object, text: str | None = None) -> None:
    """Check every text of a JSON value, keys included; `text` is its JSON text, where it is known. Raises RuleError
    "bad_value" with the field that holds half of a surrogate pair, a control character or one that turns the direction
    of letters."""
    if text is None:
        text = value if isinstance(value, str) else canonical(value)
    if _BAD_IN_JSON.search(text) or not _is_unicode(text):
        _look_at(field, value)


def _look_at(field: str, value: object) -> None:
    if isinstance(value, str):
        if _BAD_SIGN.search(value) or not _is_unicode(value):
            raise RuleError("bad_value", field=field, why="bad_sign")
    elif isinstance(value, Mapping):
        for key, each in value.items():
            _look_at(field, key)
            _look_at(f"{field}.{key}" if field else str(key), each)
    elif isinstance(value, (list, tuple)):
        for each in value:
            _look_at(field, each)


def _is_unicode(text: str) -> bool:
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
