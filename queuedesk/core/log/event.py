"""An event of the log: its printed fields, its stored text, the chain of hashes, and the shape of each kind of event.

Events are checked against the table of kinds and fields. It lists only the fields that applying or describing an event
needs, so that the events of any earlier program fit. An event that does not fit is set aside wherever it is read
(`fault_of_event`); fields that are not listed here are ignored.

Hashes are made of the canonical JSON text of a value: sorted keys, no spaces, non-ASCII kept."""

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
"""The range of the times and dates of events: `EARLIEST` is within it, `LATEST` is not."""
MOST_OF_A_NUMBER = 2**63 - 1
"""The largest absolute value of a whole number that a table can store."""


class EventFieldType(StrEnum):
    """The type of a field of `data`. JSON's true and false are not whole numbers."""

    TEXT = "text"
    DAY = "day"
    """A date as text, 2026-11-21."""
    TIME = "time"
    """A moment as text with its offset from UTC, 2026-11-21T01:12:00.000000+00:00."""
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


class EventShape(Struct, frozen=True, kw_only=True):
    """One form of a kind of event, for events whose `data` have the key `when`; the last form of a kind has None and
    covers the rest. `columns` are those of ticket, service, window and staff that must hold a text. `data` must have
    the fields `needs`; the fields `may` may be missing, null, or of their type."""

    when: str | None
    columns: tuple[str, ...]
    needs: Mapping[str, EventFieldType]
    may: Mapping[str, EventFieldType]


class EventFault(NamedTuple):
    """Why an event is set aside: `code` is one of FAULTS, `field` a column or field of `data` ("": the whole event)."""

    code: str
    field: str


UNKNOWN_KIND, BAD_TIME, NO_DATA, MISSING, WRONG_TYPE = "unknown_kind", "bad_time", "no_data", "missing", "wrong_type"
REFERS, TWICE = "refers", "twice"
NOT_HERE = "not_here"
FAULTS = (UNKNOWN_KIND, BAD_TIME, NO_DATA, MISSING, WRONG_TYPE, REFERS, TWICE, NOT_HERE)
"""Faults of form: a kind unknown to this program, a time out of range, data that are no object, a missing field, a
field of the wrong type. Of events in the right form: REFERS to a missing subject, or gives a number out TWICE.
NOT_HERE: an event of the feature `field`, whose folder is missing; it is kept unread and not reported as a fault."""

TEXT, DAY, TIME, NUMBER, LEVEL, FLAG = (
    EventFieldType.TEXT,
    EventFieldType.DAY,
    EventFieldType.TIME,
    EventFieldType.NUMBER,
    EventFieldType.LEVEL,
    EventFieldType.FLAG,
)
TEXTS, NUMBERS, OBJECT, OBJECTS, BY_NAME = (
    EventFieldType.TEXTS,
    EventFieldType.NUMBERS,
    EventFieldType.OBJECT,
    EventFieldType.OBJECTS,
    EventFieldType.NUMBERS_BY_NAME,
)
_NONE: Mapping[str, EventFieldType] = {}

# `shift` and `shifts` name the shifts of a day that was kept on paper.
EVERY_MAY: Mapping[str, EventFieldType] = {
    "date": DAY,
    "skew_s": NUMBER,
    "paper": FLAG,
    "shift": NUMBER,
    "shifts": BY_NAME,
}
"""The fields that any kind may have; a kind may also need one of them."""


def _event_shape_of_fields(
    columns: str = "",
    needs: Mapping[str, EventFieldType] = _NONE,
    may: Mapping[str, EventFieldType] = _NONE,
    when: str | None = None,
) -> EventShape:
    may = {name: kind for name, kind in {**EVERY_MAY, **may}.items() if name not in needs}
    return EventShape(when=when, columns=tuple(columns.split()), needs=needs, may=may)


def _dated_event_shape(columns: str = "", needs: Mapping[str, EventFieldType] = _NONE, **rest: Any) -> EventShape:
    return _event_shape_of_fields(columns, {"date": DAY, **needs}, **rest)


_NEW_TICKET = {"token": TEXT, "class": TEXT}
_TICKET_MAY = {
    **dict.fromkeys(("item", "guide", "return_of", "ref", "waive", "closing", "why", "reason", "need", "speaks"), TEXT),
    **dict.fromkeys(("credit_s", "appointment"), NUMBER),
    **dict.fromkeys(("steps", "passed"), TEXTS),
    **dict.fromkeys(("place", "not_before"), TIME),
    "repeat": FLAG,
    "promise": OBJECT,
}
_SERIES = {"prefix": TEXT, "number": NUMBER}
_ORDER_MAY = {"languages": TEXTS, "jump": FLAG} | {
    **dict.fromkeys(("rule", "held_back", "held_by", "why", "reason"), TEXT),
    **dict.fromkeys(("cap", "guard", "fast", "fast_passes", "normal", "by_skill"), NUMBER),
}
_SENT_MAY = dict.fromkeys(("from", "place", "to_window", "to_staff", "note"), TEXT) | {
    "credit_s": NUMBER,
    "held_until": TIME,
}
_PLACE = {"place": TIME, "turn": NUMBER}
_RATED_MAY = {"tags": TEXTS, "comment": TEXT, "attitude": LEVEL, "competence": LEVEL, "salt": TEXT}
# Of a withheld case, which only managers' logins may see.
_WITHHELD_MAY = {"withheld": FLAG, "salt": TEXT}
# What a login that may not see ratings receives in their place; no log holds it.
_UNTOLD = {"untold": FLAG}
_UNTOLD_MAY = {"explained": FLAG}
_WORDS_MAY = {"text_en": TEXT}
_DEVICE = {"device": TEXT, "station": TEXT}
_ABOUT_MAY = {"device": TEXT, "station": TEXT, "was": NUMBER}
_CASE = {"number": TEXT, "class": TEXT, "contact_due": DAY, "act_due": DAY, "answer_due": DAY, "limit": DAY}
_CASE_MAY = {"title": TEXT, "owner": TEXT, "contact": TEXT, "contact_until": DAY, "asked": FLAG}
# Fields that identify the people a case is about; not every login receives them.
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
# The inspector: a person of the hall, a visitor's number, or the id of a name stored outside the log.
_SALTED = {"salt": TEXT}
_DISPUTE = {"month": DAY, "item": TEXT, "words": TEXT}
_LOOKER = {"who": TEXT, "visitor": NUMBER, "outsider": TEXT}
_SHEET = {"sheet": TEXT, "version": NUMBER, "name": TEXT, "items": OBJECTS, "name_en": TEXT}
_TRAINING_MAY = {"led": TEXT, "need": TEXT, "limit_min": NUMBER, "from": DAY, "to": DAY}
_NOT_TOLD = _dated_event_shape("", _UNTOLD, may={"of": NUMBER}, when="untold")

SHAPES: dict[str, tuple[EventShape, ...]] = {
    "issue": (
        _dated_event_shape("ticket service", {**_NEW_TICKET, **_SERIES}, may=_TICKET_MAY, when="number"),
        _dated_event_shape("ticket service", _NEW_TICKET, may=_TICKET_MAY),
    ),
    "serve": (
        _dated_event_shape("ticket service window", {**_NEW_TICKET, **_SERIES}, may=_TICKET_MAY, when="number"),
        _dated_event_shape("ticket service window", _NEW_TICKET, may=_TICKET_MAY),
    ),
    "call": (
        _dated_event_shape("ticket window", {"passed": TEXTS, "why": TEXT}, may=_ORDER_MAY, when="passed"),
        _dated_event_shape("ticket window", may=_ORDER_MAY),
    ),
    "recall": (_dated_event_shape("ticket"),),
    "start": (_dated_event_shape("ticket window"),),
    "miss": (_dated_event_shape("ticket", may={"asked": TEXT}),),
    "return": (_dated_event_shape("ticket", _REASON),),
    "leave": (_dated_event_shape("ticket"),),
    "void": (_dated_event_shape("ticket", _REASON),),
    "reinstate": (_dated_event_shape("ticket", _PLACE, may={"early": FLAG}),),
    "finish": (
        _dated_event_shape(
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
    "add": (_dated_event_shape("ticket", {"added": TEXT}),),
    "stall": (_dated_event_shape("ticket", _REASON),),
    "unstall": (_dated_event_shape("ticket"),),
    "park": (_dated_event_shape("ticket", _REASON),),
    "unpark": (_dated_event_shape("ticket window"),),
    "transfer": (
        _dated_event_shape(
            "ticket service", {"to": TEXT, "place_at": TIME, "turn": NUMBER}, may=_SENT_MAY, when="place_at"
        ),
        _dated_event_shape("ticket service", {"to": TEXT}, may=_SENT_MAY),
    ),
    "redirect": (_dated_event_shape("ticket service", {"to": TEXT}, may={"from": TEXT, "credit_s": NUMBER}),),
    "reopen": (_dated_event_shape("ticket window"),),
    "defer": (_dated_event_shape("ticket"),),
    "postpone": (_dated_event_shape("ticket", _PLACE),),
    "need": (
        _dated_event_shape("ticket", {"fetched": FLAG}, when="fetched"),
        _dated_event_shape("ticket", {"need": TEXT}),
    ),
    "rate": (
        _dated_event_shape("ticket", _UNTOLD, may=_UNTOLD_MAY, when="untold"),
        _dated_event_shape("ticket", {"level": LEVEL}, may={**_RATED_MAY, "case": OBJECT}),
    ),
    "reasons": (_dated_event_shape("ticket", may=_RATED_MAY),),
    "open": (_dated_event_shape("window", may={"waive": TEXT, "missing": TEXTS}),),
    "pause": (_event_shape_of_fields("window", _REASON, may={"back": TIME, "left_to": TEXT}),),
    "resume": (_event_shape_of_fields("window"),),
    "close": (_event_shape_of_fields("window", may={"left_to": TEXT, "handed_to": TEXT}),),
    "clock": (_event_shape_of_fields("", {"was": TIME}, may={"waiting": NUMBER, "windows": NUMBER}),),
    "set-right": (
        _dated_event_shape(
            "",
            {"first": NUMBER, "since": TIME, "was": TIME, "day": DAY, "series": BY_NAME},
            may={"tickets": NUMBER, "ratings": NUMBER, "appointments": NUMBERS},
        ),
    ),
    "lend": (_event_shape_of_fields("window service", may={"back": FLAG}),),
    "day-end": (_dated_event_shape("", _ENDS, may=_ENDS_MAY),),
    "sign-in": (_event_shape_of_fields("staff", {"station": TEXT}),),
    "sign-out": (_event_shape_of_fields("", {"station": TEXT}),),
    "set-up": (
        _event_shape_of_fields("", {"setup": OBJECT}, may={"part": TEXT, "op": TEXT, "code": TEXT}, when="setup"),
        _event_shape_of_fields("", {"part": TEXT, "op": TEXT}, may={"code": TEXT, "row": OBJECT, "set": FLAG}),
    ),
    "restore": (_dated_event_shape("", {"series": BY_NAME}, may={"backup": TEXT, "lost_since": TIME}),),
    "not-ready": (_dated_event_shape("service", may={"item": TEXT, "guide": TEXT}),),
    "opinion": (
        _event_shape_of_fields("", {"of": NUMBER}, may=_RATED_MAY, when="of"),
        _dated_event_shape("", _UNTOLD, may=_UNTOLD_MAY, when="untold"),
        _dated_event_shape("", {"level": LEVEL}, may=_RATED_MAY),
    ),
    "comment": (
        _dated_event_shape("", _UNTOLD, when="untold"),
        _dated_event_shape("", {"class": TEXT, "comment": TEXT}, may={"about": TEXT, "day": DAY, "salt": TEXT}),
    ),
    "comment-read": (_dated_event_shape("", {"comment": TEXT, "read": FLAG}, may={"forgotten": FLAG}),),
    "book": (
        _event_shape_of_fields(
            "service", {"day": DAY, "for": TIME, "class": TEXT}, may={"item": TEXT, "ref": TEXT, "person": TEXT}
        ),
    ),
    "unbook": (_event_shape_of_fields("", {"of": NUMBERS}, may=_REASON),),
    "offer": (_dated_event_shape("service", {"to": TEXT, "accepted": FLAG}, may={"item": TEXT}),),
    "notice": (
        _event_shape_of_fields("", {"withdrawn": NUMBER}, when="withdrawn"),
        _dated_event_shape(
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
        _event_shape_of_fields("", {"removed": NUMBER}, may={"day": DAY, "reason": TEXT}, when="removed"),
        _event_shape_of_fields("", {"day": DAY, "kind": TEXT, "text": TEXT}, may={"from": NUMBER, "to": NUMBER}),
    ),
    "alarm": (
        _event_shape_of_fields("", {"over": NUMBER, "kind": TEXT}, may=_ABOUT_MAY, when="over"),
        _event_shape_of_fields(
            "", {"kind": TEXT, "level": TEXT, "since": TIME}, may={**_ABOUT_MAY, "told": OBJECT, "instead": FLAG}
        ),
    ),
    "slip": (_event_shape_of_fields("", {"alarm": NUMBER, "date": DAY}, may={"cause": TEXT}),),
    "ack": (_event_shape_of_fields("", {"alarm": NUMBER, "kind": TEXT}, may=_ABOUT_MAY),),
    "correct": (
        _dated_event_shape(
            "ticket", {"leg": NUMBER, "old": OBJECT, "new": OBJECT}, may={"reason": TEXT, "second": TEXT, "salt": TEXT}
        ),
    ),
    "enter": (_dated_event_shape("", {"file": TEXT}, may={"rows": NUMBER, "tickets": NUMBER}),),
    "indicators": (_event_shape_of_fields("", _ROWS),),
    "channels": (_event_shape_of_fields("", _ROWS, may={"sha256": TEXT}),),
    "device": (_event_shape_of_fields("", {**_DEVICE, "state": TEXT}, may={"cause": TEXT}),),
    "message": (
        _event_shape_of_fields("", {"seen": NUMBER, "place": TEXT}, when="seen"),
        _dated_event_shape("", {"origin": TEXT, "to": TEXT, "text": TEXT}, may=_WORDS_MAY),
    ),
    "thanks": (
        _event_shape_of_fields("", {"seen": NUMBER}, when="seen"),
        _dated_event_shape("staff", may={"source": TEXT, "words": TEXT}),
    ),
    "texts": (
        _dated_event_shape("", {"messages": TEXTS}, may={"again": NUMBER}, when="messages"),
        _dated_event_shape("staff", may={"contact": TEXT}),
    ),
    "notes": (
        _dated_event_shape("", {"ended": TEXT}, when="ended"),
        _dated_event_shape("", {"asked": FLAG}, may={"note": TEXT, "until": DAY}),
    ),
    "forum": (
        _event_shape_of_fields("", {"of": NUMBER, "issue": NUMBER, "case": TEXT}, when="case"),
        _event_shape_of_fields("", {"of": NUMBER, "words": TEXT}, when="of"),
        _dated_event_shape("", {"day": DAY, "attendees": NUMBER}, may={"words": TEXT}),
    ),
    "wording": (
        _event_shape_of_fields("", {"of": NUMBER, "end": TEXT, "day": DAY}, when="of"),
        _dated_event_shape("", {**_TWO_NAMES, "first": DAY, "weeks": NUMBER, "services": TEXTS}, when="services"),
        _dated_event_shape("service", {**_TWO_NAMES, "first": DAY, "weeks": NUMBER}),
    ),
    "training": (
        _event_shape_of_fields("", {"of": NUMBER}, when="of"),
        _dated_event_shape("", {"day": DAY, "minutes": NUMBER, "attended": TEXTS, "words": TEXT}, may=_TRAINING_MAY),
    ),
    "training-name": (
        _dated_event_shape("staff", {"need": TEXT, "reason": TEXT, "from": DAY, "to": DAY, "n": NUMBER, "all": NUMBER}),
    ),
    "training-seen": (_event_shape_of_fields("", {"seen": NUMBER}),),
    "briefing": (
        _event_shape_of_fields("", {"read": NUMBER}, when="read"),
        _dated_event_shape("", {"version": NUMBER, "text": TEXT}, may={"text_en": TEXT}),
    ),
    "opening": (
        _dated_event_shape(
            "", {"what": TEXT, **_SHEET, "marks": OBJECTS}, may={"temperature": NUMBER, "humidity": NUMBER}
        ),
    ),
    "help": (
        _event_shape_of_fields("", {"ack": NUMBER}, when="ack"),
        _event_shape_of_fields("", {"arrived": NUMBER}, when="arrived"),
        _event_shape_of_fields("", {"cancelled": NUMBER, "reason": TEXT}, when="cancelled"),
        _dated_event_shape("", {"place": TEXT}, may={"about": TEXT, "about_en": TEXT}),
    ),
    "check": (
        _dated_event_shape(
            "", {**_DEVICE, "text": TEXT, "until": TIME}, may={"trial": FLAG, **_WORDS_MAY}, when="trial"
        ),
        _dated_event_shape("", {**_DEVICE, "passed": FLAG}, may={"cause": TEXT}),
    ),
    "drumming": (_event_shape_of_fields("", {"station": TEXT, "presses": NUMBER, "seconds": NUMBER}),),
    "card": (
        _event_shape_of_fields("", _OF, may={"card": TEXT, "tick": NUMBER, "untick": NUMBER, "note": TEXT}, when="of"),
        _dated_event_shape("", {"card": TEXT, "name": TEXT, "steps": OBJECTS}, may={"name_en": TEXT}),
    ),
    "case-open": (
        _dated_event_shape("", {**_CASE, **_UNTOLD}, may=_CASE_MAY, when="untold"),
        _dated_event_shape("", {**_CASE, "source": TEXT}, may={**_CASE_MAY, **_CASE_ABOUT}),
    ),
    "case-step": (_NOT_TOLD, _dated_event_shape("", {**_OF, "step": TEXT}, may=_STEP_MAY)),
    "case-owner": (_NOT_TOLD, _dated_event_shape("", _OF, may={"owner": TEXT, "case": OBJECT, **_WITHHELD_MAY})),
    "case-note": (
        _NOT_TOLD,
        _dated_event_shape("", {**_OF, "shown": FLAG}, may=_WITHHELD_MAY, when="shown"),
        _dated_event_shape(
            "", {**_OF, "asked": FLAG}, may={"contact": TEXT, "contact_until": DAY, **_WITHHELD_MAY}, when="asked"
        ),
        _dated_event_shape("", {**_OF, "cites": TEXT, "text": TEXT}, may=_WITHHELD_MAY, when="cites"),
        _dated_event_shape("", {**_OF, "text": TEXT}, may=_WITHHELD_MAY),
    ),
    "inspect-plan": (
        _NOT_TOLD,
        _dated_event_shape("", {"of": NUMBER, "dropped": FLAG}, may={**_REASON, **_SALTED}, when="dropped"),
        _dated_event_shape("", {"day": DAY, "sheet": TEXT, "channel": TEXT}, may={**_LOOKER, **_SALTED}),
    ),
    "inspect-start": (
        _NOT_TOLD,
        _dated_event_shape("", {"of": NUMBER, **_SHEET}, may=_SALTED, when="of"),
        _dated_event_shape("", {"channel": TEXT, **_SHEET}, may={**_LOOKER, **_SALTED}),
    ),
    "inspect-score": (
        _NOT_TOLD,
        _dated_event_shape(
            "",
            {"of": NUMBER, "item": NUMBER},
            may={"taken": NUMBER, "why": NUMBERS, "words": TEXT, "photos": TEXTS, **_SALTED},
        ),
    ),
    "inspect-tie": (
        _NOT_TOLD,
        _dated_event_shape("", {"of": NUMBER}, may={"day": DAY, "label": TEXT, "claimed_s": NUMBER, **_SALTED}),
    ),
    "inspect-sign": (
        _NOT_TOLD,
        _dated_event_shape("", {"of": NUMBER, "points": NUMBER, "possible": NUMBER}, may=_SALTED),
    ),
    "inspect-fix": (
        _NOT_TOLD,
        _dated_event_shape("", {"of": NUMBER, "proof": TEXT}, may=_SALTED, when="proof"),
        _dated_event_shape("", {"of": NUMBER, "good": FLAG}, may=_SALTED, when="good"),
        _dated_event_shape("", {"of": NUMBER, "reminded": FLAG}, may=_SALTED, when="reminded"),
        _dated_event_shape(
            "", {"issue": TEXT, "owner": TEXT, "due": DAY}, may={"inspection": NUMBER, "item": NUMBER, **_SALTED}
        ),
    ),
    "fix-proof": (_dated_event_shape("", {"of": NUMBER, "proof": TEXT}),),
    "sheet-dispute": (
        _dated_event_shape("staff", {**_DISPUTE, **_UNTOLD}, may={"row": TEXT}, when="untold"),
        _dated_event_shape("staff", _DISPUTE, may={"row": TEXT, "rated": TEXT, **_SALTED}),
    ),
    "sheet-close": (_dated_event_shape("", {"month": DAY, "version": NUMBER, "rows": TEXT, "told": TEXT}),),
    "sheet-decide": (_dated_event_shape("", {"of": NUMBER, "excluded": FLAG, "words": TEXT}),),
    "project-open": (
        _NOT_TOLD,
        _dated_event_shape("", {"number": NUMBER, "title": TEXT, "leader": TEXT}, may={"finding": TEXT, **_SALTED}),
    ),
    "project-set": (
        _NOT_TOLD,
        _dated_event_shape(
            "", {**_OF, "figure": TEXT, "value": NUMBER, "by": DAY, "words": TEXT}, may=_SALTED, when="figure"
        ),
        _dated_event_shape(
            "",
            {**_OF, **dict.fromkeys(("first", "last", "measures", "then", "until"), DAY)},
            may=_SALTED,
            when="measures",
        ),
        _dated_event_shape(
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
        _dated_event_shape("", {**_OF, "n": NUMBER, "removed": FLAG}, may=_SALTED, when="removed"),
        _dated_event_shape("", {**_OF, "n": NUMBER, "words": TEXT, "bone": TEXT}, may={"own_bone": TEXT, **_SALTED}),
    ),
    "project-evidence": (
        _NOT_TOLD,
        _dated_event_shape("", {**_OF, "n": NUMBER, "removed": NUMBER}, may=_SALTED, when="removed"),
        _dated_event_shape("", {**_OF, "n": NUMBER, "kind": TEXT, "words": TEXT}, may=_SALTED),
    ),
    "project-judge": (_NOT_TOLD, _dated_event_shape("", {**_OF, "n": NUMBER, "judgement": TEXT}, may=_SALTED)),
    "project-measure": (
        _NOT_TOLD,
        _dated_event_shape(
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
        _dated_event_shape(
            "",
            {**_OF, "n": NUMBER, "place": TEXT},
            may={"ref": TEXT, "words": TEXT, "asked": FLAG, "asked_by": TEXT, **_SALTED},
        ),
    ),
    "project-end": (_NOT_TOLD, _dated_event_shape("", {**_OF, "ending": TEXT}, may={"words": TEXT, **_SALTED})),
    "move": (
        _dated_event_shape(
            "",
            {"kind": TEXT},
            may={"to": TEXT, "minutes": NUMBER, "services": TEXTS, "effect": OBJECT, "base": BY_NAME, "declined": FLAG},
        ),
    ),
}
"""The forms of every kind; the first that fits by `when` applies. apply.py adds those of features."""


def owning_feature_name(kind: str) -> str:
    """Return the feature of a kind of event: "lost_property" for "lost_property.found"; "" for the core's kinds."""
    return kind.partition(".")[0] if "." in kind else ""


def shape_for_event_data(kind: str, data: Mapping[str, Any]) -> EventShape | None:
    """Return the form that an event of this kind and data must have, None for an unknown kind."""
    return next((shape for shape in SHAPES.get(kind, ()) if shape.when is None or shape.when in data), None)


def fault_of_event(
    kind: str,
    data: object,
    *,
    at: datetime,
    time: datetime,
    ticket: object,
    service: object,
    window: object,
    staff: object,
) -> EventFault | None:
    """Return why an event can't be read, None for one that can."""
    if kind not in SHAPES:
        return (
            EventFault(NOT_HERE, owning_feature_name(kind))
            if owning_feature_name(kind)
            else EventFault(UNKNOWN_KIND, "kind")
        )
    if not EARLIEST <= at < LATEST:
        return EventFault(BAD_TIME, "at")
    if not EARLIEST <= time < LATEST:
        return EventFault(BAD_TIME, "time")
    if not isinstance(data, dict):
        return EventFault(NO_DATA, "data")
    shape = next(form for form in SHAPES[kind] if form.when is None or form.when in data)
    for name, value in (("ticket", ticket), ("service", service), ("window", window), ("staff", staff)):
        if value is None:
            if name in shape.columns:
                return EventFault(MISSING, name)
        elif not isinstance(value, str):
            return EventFault(WRONG_TYPE, name)
    return fault_of_data(shape, data)


def are_event_data_readable(kind: str, data: object) -> bool:
    """Whether the data of an event of this kind can be read; columns and times are fault_of_event()'s part."""
    if not isinstance(data, dict):
        return False
    shape = shape_for_event_data(kind, data)
    return shape is not None and fault_of_data(shape, data) is None


def fault_of_data(shape: EventShape, data: Mapping[str, Any]) -> EventFault | None:
    """Return the first field of `data` that does not fit the form, None if all fit."""
    for name, kind in shape.needs.items():
        if name not in data:
            return EventFault(MISSING, name)
        if not _TYPE_TESTS[kind](data[name]):
            return EventFault(WRONG_TYPE, name)
    for name, value in data.items():
        may = shape.may.get(name)
        if may is not None and value is not None and not _TYPE_TESTS[may](value):
            return EventFault(WRONG_TYPE, name)
    return None


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_int_within_bounds(value: object) -> bool:
    return type(value) is int and -MOST_OF_A_NUMBER <= value <= MOST_OF_A_NUMBER


def _is_date_text(value: object) -> bool:
    day = date_of_text(value)
    return day is not None and EARLIEST.year <= day.year < LATEST.year


def date_of_text(value: object) -> date | None:
    """Return the date that a value is, of any year, None for none."""
    if not isinstance(value, str) or len(value) != 10:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _is_moment_text(value: object) -> bool:
    if not isinstance(value, str):
        return False
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return False
    return moment.tzinfo is not None and EARLIEST <= moment < LATEST


def _list_predicate(test: Callable[[object], bool]) -> Callable[[object], bool]:
    return lambda value: isinstance(value, list) and all(map(test, value))


def _is_json_object(value: object) -> bool:
    return isinstance(value, dict)


_TYPE_TESTS: Mapping[EventFieldType, Callable[[object], bool]] = {
    TEXT: _is_text,
    DAY: _is_date_text,
    TIME: _is_moment_text,
    NUMBER: _is_int_within_bounds,
    LEVEL: lambda value: type(value) is int and 1 <= value <= 5,
    FLAG: lambda value: isinstance(value, bool),
    TEXTS: _list_predicate(_is_text),
    NUMBERS: _list_predicate(_is_int_within_bounds),
    OBJECT: _is_json_object,
    OBJECTS: _list_predicate(_is_json_object),
    BY_NAME: lambda value: isinstance(value, dict) and all(map(_is_int_within_bounds, value.values())),
}

_encode_by_json = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode
_encode_by_msgspec = msgspec.json.Encoder(order="sorted").encode
_MSGSPEC_ERRORS = (TypeError, ValueError, OverflowError, RecursionError)
_LEAVES = frozenset({str, int, bool, type(None)})
_NESTED = frozenset({dict, list, tuple})
_PLAIN = _LEAVES | _NESTED


def canonical_json(value: object) -> str:
    """Return the canonical JSON text of `value`. Raises TypeError for objects that JSON can't hold."""
    quick = fast_canonical_json(value)
    return _encode_by_json(value) if quick is None else quick


def canonical_json_with_encoded_part(fields: Mapping[str, object], name: str, value: object, text: str) -> str:
    """Return canonical_json() of `fields` with `value` under `name`; `text` is the canonical text of `value`, not
    encoded again, as that takes longer than the rest."""
    if _LEAVES.issuperset(map(type, fields.values())):
        try:
            return _encode_by_msgspec({**fields, name: msgspec.Raw(text.encode())}).decode()
        except _MSGSPEC_ERRORS:
            pass
    return canonical_json({**fields, name: value})


def fast_canonical_json(value: object) -> str | None:
    """Return canonical_json() by msgspec, which is faster; None for values it may encode differently or not at all:
    fractions, keys other than texts, lone surrogates, hundreds of nested lists, types that JSON lacks."""
    kind = type(value)
    if kind in _NESTED:
        if not value:
            return "{}" if kind is dict else "[]"  # four of five lists of a ticket are empty
    elif kind not in _LEAVES:
        return None
    try:
        return _encode_by_msgspec(value).decode() if kind in _LEAVES or _has_only_json(value) else None
    except _MSGSPEC_ERRORS:
        return None


def _has_only_json(value: Any) -> bool:
    items = value.values() if type(value) is dict else value
    kinds = set(map(type, items))
    if kinds <= _LEAVES:
        return True
    if not kinds <= _PLAIN:
        return False
    for item in items:  # noqa: SIM110 - a generator for each list would take half as long again
        if type(item) in _NESTED and not _has_only_json(item):
            return False
    return True


FIRST_PREV = "0" * 64

# The kinds of the queue commands, which have the same names.
QUEUE_KINDS = frozenset(
    {"issue", "serve", "call", "recall", "start", "miss", "return", "leave", "void", "reinstate", "finish", "add"}
    | {"stall", "unstall", "park", "unpark", "transfer", "redirect", "reopen", "defer", "postpone", "rate"}
    | {"open", "pause", "resume", "close"}
)
SET_ASIDE = "set-aside"
"""The kind of an event that can't be read; it changes nothing."""


class Event(Struct, frozen=True, kw_only=True):
    """An entry of the log. `seq` is the order; `at` is when it was logged, `time` when it happened, both UTC. `data`
    holds JSON values without decimal fractions. `data["date"]` is the ticket's business date wherever `ticket` is
    set."""

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
        text = self.data.get("date")
        return date.fromisoformat(text) if text else None

    @property
    def is_paper(self) -> bool:
        """Whether it was recorded on paper and entered afterwards."""
        return is_recorded_on_paper(self.data)

    def reading_fault(self) -> EventFault | None:
        """Return why it can't be read, None if it can."""
        return fault_of_event(
            self.kind,
            self.data,
            at=self.at,
            time=self.time,
            ticket=self.ticket,
            service=self.service,
            window=self.window,
            staff=self.staff,
        )

    def printed_fields(self) -> dict[str, Any]:
        """Return the fields as the log prints them, `prev` and `hash` included."""
        return {**self._hashed_fields(), "prev": self.prev, "hash": self.hash}

    def json_line(self) -> str:
        """Return printed_fields() as one JSON text."""
        return canonical_json(self.printed_fields())

    def with_chain_hash(self, prev: str) -> Event:
        """Return it with `prev` and the hash that follows from it."""
        return self._with_hash(prev, chain_hash(prev, self._hashed_fields()))

    def chained_with_encoded_data(self, prev: str, data_text: str) -> Event:
        """Return with_chain_hash(); `data_text` is the JSON text of `data`."""
        return self._with_hash(
            prev,
            _sha256_chained(
                prev, canonical_json_with_encoded_part(self._fields_without_data(), "data", self.data, data_text)
            ),
        )

    def _with_hash(self, prev: str, digest: str) -> Event:
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

    def _hashed_fields(self) -> dict[str, Any]:
        return {**self._fields_without_data(), "data": self.data}

    def _fields_without_data(self) -> dict[str, Any]:
        at = utc_stamp(self.at)
        return {
            "seq": self.seq,
            "at": at,
            "time": at if self.time is self.at else utc_stamp(self.time),
            "kind": self.kind,
            "actor": self.actor,
            "ticket": self.ticket,
            "service": self.service,
            "window": self.window,
            "staff": self.staff,
            "command": self.command,
        }


class SetAsideEvent(Event, frozen=True, kw_only=True):
    """An event of the log that can't be read: its place in the chain (seq, prev, hash) counts, its content does not.
    `stored` are its printed fields without prev and hash, as in the log."""

    why: EventFault
    stored: Mapping[str, Any]

    def with_chain_hash(self, prev: str) -> Event:
        return replace(self, prev=prev, hash=chain_hash(prev, self.stored))

    def _hashed_fields(self) -> dict[str, Any]:
        return dict(self.stored)


def is_recorded_on_paper(data: object) -> bool:
    """Whether an event's data say that it was recorded on paper."""
    return isinstance(data, dict) and bool(data.get("paper"))


def event_or_set_aside(event: Event, *, at: str | None = None, time: str | None = None) -> Event:
    """Return an event of the log, or a SetAsideEvent if it can't be read. `at` and `time` are the stored texts of times
    that no datetime can hold."""
    fault = event.reading_fault()
    if fault is None:
        return event
    texts = {name: text for name, text in (("at", at), ("time", time)) if text is not None}
    stored = event._hashed_fields() | texts
    return SetAsideEvent(
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


def utc_stamp(moment: datetime) -> str:
    """Format a time as the log stores it: UTC with six decimals and +00:00."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def chain_hash(prev: str, body: Mapping[str, Any]) -> str:
    """Return the SHA-256 in hex of `prev` and the canonical JSON of an event's other printed fields."""
    return _sha256_chained(prev, canonical_json(body))


def _sha256_chained(prev: str, text: str) -> str:
    return hashlib.sha256((prev + text).encode()).hexdigest()


def is_next_in_log(event: Event, prev: str, seq: int, *, reads_ratings: bool) -> bool:
    """Whether an event continues a log that ends with the hash `prev` and `seq`. A login that may not see ratings can't
    compute the hashes of their events; these are checked by `prev` alone."""
    if event.seq != seq + 1 or event.prev != prev:
        return False
    return event.with_chain_hash(prev).hash == event.hash or (not reads_ratings and event.data.get("untold") is True)


def first_broken_seq(
    events: Iterable[Event], prev: str = FIRST_PREV, seq: int = 0, *, reads_ratings: bool = True
) -> int | None:
    """Return the first seq where the chain of hashes is broken, None if nowhere. `reads_ratings` as in
    is_next_in_log()."""
    for event in events:
        if not is_next_in_log(event, prev, seq, reads_ratings=reads_ratings):
            return event.seq
        prev, seq = event.hash, event.seq
    return None


# -- checks that every database can store a text and every screen can show it ------------------------------------------

# Control characters except tab and line breaks; marks that reverse the direction of text can disguise a name.
_HIDDEN = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069"
_BAD_SIGN = re.compile(f"[{_HIDDEN}]")
# The same in a JSON text, where characters below the space are escaped.
_BAD_IN_JSON = re.compile(rf"[{_HIDDEN}]|\\u00[01]|\\[bf]")


def require_storable(field: str, value: object, text: str | None = None) -> None:
    """Check every text in a JSON value, keys included; `text` is its JSON text, if known. Raises RuleError "bad_value"
    with the field that holds a lone surrogate, a control character or a mark that changes the direction of text."""
    if text is None:
        text = value if isinstance(value, str) else canonical_json(value)
    # What is printable and escapes nothing holds none of them, and that is found out sooner.
    if text.isprintable() and "\\" not in text:
        return
    if _BAD_IN_JSON.search(text) or not _has_no_lone_surrogate(text):
        _raise_on_forbidden_character(field, value)


def _raise_on_forbidden_character(field: str, value: object) -> None:
    if isinstance(value, str):
        if _BAD_SIGN.search(value) or not _has_no_lone_surrogate(value):
            raise RuleError("bad_value", field=field, why="bad_sign")
    elif isinstance(value, Mapping):
        for key, each in value.items():
            _raise_on_forbidden_character(field, key)
            _raise_on_forbidden_character(f"{field}.{key}" if field else str(key), each)
    elif isinstance(value, (list, tuple)):
        for each in value:
            _raise_on_forbidden_character(field, each)


def _has_no_lone_surrogate(text: str) -> bool:
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
