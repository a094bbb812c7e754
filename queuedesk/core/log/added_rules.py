"""What features add to the log: their events, what these leave behind and change, and who may do what.

`load_rules` takes in what IN_LOG of queuedesk.features names, before anything of a log is read: queuedesk.store calls
it. A feature's kinds and parts are called by its name and a dot, "lost_property.found": so the events of one whose
folder is not there are known, and kept unread.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from typing import Any, get_args

from msgspec import Struct, convert
from msgspec.structs import fields, replace

from queuedesk.core.features import in_log, load
from queuedesk.core.log.apply import CHANGES
from queuedesk.core.log.event import Event, stamp
from queuedesk.core.log.event_kinds import DAY, EVERY_MAY, SHAPES, Shape, Type, feature_of
from queuedesk.core.log.parts import Part
from queuedesk.core.log.state import ADDED, PARTS
from queuedesk.core.network.roles import Role, add_verb

DOOR_AND_COUNTER = (Role.GUIDE, Role.CLERK)


class Verb(Struct, frozen=True):
    """Who may do something. An id that is given again remembers of its answer no more than the fields `keeps`, as its
    words may name a customer."""

    roles: Collection[Role]
    keeps: tuple[str, ...]


class AddedEvent(Struct, frozen=True):
    """What an event of some kind holds, and what it changes: as in core/log/apply.py, but no part except the feature's
    own, as new tables are filled from its own events alone. On a shared server any PC of staff may append it, or only a
    `managers`."""

    shape: Shape
    change: Callable[[Event, Any], None]
    managers: bool = False


class AddedRules(Struct, frozen=True, kw_only=True):
    """What a feature adds: parts by which it is remembered, kinds of events, and verbs."""

    parts: tuple[Part[Any, Any], ...]
    events: Mapping[str, AddedEvent]
    verbs: Mapping[str, Verb]


_TYPES = {int: Type.NUMBER, str: Type.TEXT, bool: Type.FLAG, date: Type.DAY, datetime: Type.TIME}
VERBS: dict[str, Verb] = {}
"""By name, of every feature that is there."""
MANAGERS_KINDS: set[str] = set()
_taken: list[str] = []


def holds(needs: Mapping[str, Type], may: Mapping[str, Type] | None = None) -> Shape:
    """Return the form of an event whose data need these fields, beside its date, and may have those."""
    needed = {"date": DAY, **needs}
    return Shape(
        when=None,
        columns=(),
        needs=needed,
        may={name: kind for name, kind in {**EVERY_MAY, **(may or {})}.items() if name not in needed},
    )


def kept(part: Part[Any, Any]) -> AddedEvent:
    """Return an event that is kept as it is, as an object of a part: each field from the data under its name; seq,
    date, time and by from the event, unless the data say another time."""
    named = [one for one in fields(part.kind) if one.name not in ("seq", "date", "by")]

    def put(event: Event, board: Any) -> None:
        told = {"seq": event.seq, "time": stamp(event.time), "by": event.actor, **event.data}
        board.put(part, convert({one.name: told.get(one.name) for one in fields(part.kind) if one.required}, part.kind))

    needs = {one.name: _type(one.type) for one in named if one.required and one.type in _TYPES and one.name != "time"}
    may = {one.name: _type(one.type) for one in named if one.required and one.type not in _TYPES}
    return AddedEvent(holds(needs, {**may, "time": Type.TIME}), put)


def changed(
    part: Part[int, Any],
    key: str,
    *told: str,
    may: tuple[str, ...] = (),
    if_named: bool = False,
    managers: bool = False,
    **of_event: str,
) -> AddedEvent:
    """Return an event that changes one object of a part. Its data hold the object's key under the name `key`, and the
    fields that are `told` and those that they `may` tell, each under its name; the rest comes from the event itself,
    `ended="date"`: "date", "time", "seq" or "actor". With `if_named` it changes nothing where no key is told."""
    kinds = {one.name: one.type for one in fields(part.kind)}

    def change(event: Event, board: Any) -> None:
        if if_named and event.data.get(key) is None:
            return
        new = {name: convert(event.data.get(name), kinds[name]) for name in (*told, *may)}
        new |= {name: getattr(event, of) for name, of in of_event.items()}
        board.put(part, replace(board.get(part, event.data[key]), **new))

    needs, may_be = {name: _type(kinds[name]) for name in told}, {name: _type(kinds[name]) for name in may}
    (may_be if if_named else needs)[key] = Type.NUMBER
    return AddedEvent(holds(needs, may_be), change, managers)


def both(one: AddedEvent, other: AddedEvent) -> AddedEvent:
    """Return an event that changes what both change."""

    def change(event: Event, board: Any) -> None:
        one.change(event, board)
        other.change(event, board)

    shape = holds({**one.shape.needs, **other.shape.needs}, {**one.shape.may, **other.shape.may})
    return AddedEvent(shape, change, one.managers or other.managers)


def _type(kind: Any) -> Type:
    """Return what an event holds for a field of such a type, which may be none too."""
    return _TYPES[kind] if kind in _TYPES else _TYPES[get_args(kind)[0]]


def load_rules() -> None:
    """Take in what features add, once."""
    for feature in in_log():
        if feature.name not in _taken:
            _taken.append(feature.name)
            _take_in(feature.name, load(feature.log))


def kinds_of(name: str) -> tuple[str, ...]:
    """Return the kinds of a feature that is there."""
    return tuple(kind for kind in SHAPES if feature_of(kind) == name)


def _take_in(name: str, rules: AddedRules) -> None:
    if not all(feature_of(one) == name for one in (*rules.events, *(part.name for part in rules.parts))):
        raise ValueError(name)
    for kind, event in rules.events.items():
        SHAPES[kind] = (event.shape,)
        CHANGES[kind] = event.change
        if event.managers:
            MANAGERS_KINDS.add(kind)
    PARTS.extend(rules.parts)
    ADDED.extend(rules.parts)
    for verb, of in rules.verbs.items():
        add_verb(verb, of.roles)
        VERBS[verb] = of
