"""What features add to the log: their events, what these leave behind and change, and who may do what.

`load_rules` takes in what IN_LOG of queuedesk.features names, before anything of a log is read: queuedesk.store calls
it. A feature's kinds and parts are called by its name and a dot, "lost_property.found": so the events of one whose
folder is not there are known, and kept unread.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from msgspec import Struct

from queuedesk.core.features import in_log, load
from queuedesk.core.log.apply import CHANGES
from queuedesk.core.log.event import Event
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


class AddedRules(Struct, frozen=True, kw_only=True):
    """What a feature adds. `changes` are applied as those of core/log/apply.py, and touch no part but the feature's
    own: its tables are filled from its own events alone where they are new. On a shared server any PC of staff may
    append its events, but those of `managers`, a manager's alone."""

    parts: tuple[Part[Any, Any], ...]
    shapes: Mapping[str, Shape]
    changes: Mapping[str, Callable[[Event, Any], None]]
    verbs: Mapping[str, Verb]
    managers: frozenset[str] = frozenset()


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
    named = [*rules.shapes, *(part.name for part in rules.parts)]
    if not all(feature_of(one) == name for one in named) or set(rules.changes) != set(rules.shapes):
        raise ValueError(name)
    SHAPES.update((kind, (shape,)) for kind, shape in rules.shapes.items())
    CHANGES.update(rules.changes)
    PARTS.extend(rules.parts)
    ADDED.extend(rules.parts)
    MANAGERS_KINDS.update(rules.managers)
    for verb, of in rules.verbs.items():
        add_verb(verb, of.roles)
        VERBS[verb] = of
