"""What each kind of PC may do with each table of a shared hall, as data."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Table

from queuedesk.core.log.event import KINDS
from queuedesk.core.network.roles import MAY, Role
from queuedesk.core.network.sharing import PcKind
from queuedesk.store.parts.part_tables import FOLLOWING
from queuedesk.store.rights.withheld_ratings import HIDDEN, MANAGERS
from queuedesk.store.schema.beside import (
    access,
    announcements,
    backups,
    comments,
    contacts,
    database,
    joins,
    pcs,
    pin_tries,
    pins,
    thanks_words,
)
from queuedesk.store.schema.quality_cases import cases
from queuedesk.store.schema.tables import LEARNED, beats, commands, events, halls

PUBLIC, STAFF, MANAGER = PcKind.PUBLIC, PcKind.STAFF, PcKind.MANAGER
ALL = ("*",)
"""Every column, those of later versions included."""

# Queue commands of people, and what stations, customers and the hall do by themselves.
PUBLIC_EVENTS = MAY[Role.STATION] | MAY[Role.CUSTOMER] | MAY[Role.HALL]
_MANAGERS_ONLY = frozenset(
    {
        "set-up",
        "correct",
        "enter",
        "indicators",
        "channels",
        "comment-read",
        "case-owner",
        "forum",
        "texts",
        "sheet-decide",
        "training",
        "training-name",
        "wording",
        "sheet-close",
    }
) | {kind for kind in KINDS if kind.startswith(("inspect-", "project-"))}
_OWNERS_ONLY = frozenset({"restore", "set-right"})
EVENTS: dict[PcKind, frozenset[str]] = {
    PUBLIC: PUBLIC_EVENTS & KINDS,
    STAFF: KINDS - _MANAGERS_ONLY - _OWNERS_ONLY,
    MANAGER: KINDS - _OWNERS_ONLY,
}
"""The kinds of events that each may append; a PUBLIC one only in the name of itself, a customer or the hall."""


class Grant(Struct, frozen=True):
    """What one kind may do with one table: the columns it reads and changes, whether it inserts and deletes. UPDATE is
    always granted by column, because an UPDATE right on a whole table also allows locking it against everybody."""

    reads: tuple[str, ...] = ()
    inserts: bool = False
    updates: tuple[str, ...] = ()
    deletes: bool = False
    beyond: bool = False
    """Whether the rows of other halls that let this one look on are read too."""


_READ = Grant(reads=ALL, beyond=True)
_APPEND = Grant(reads=ALL, inserts=True, beyond=True)
_KEEP = Grant(reads=ALL, inserts=True, updates=ALL, beyond=True)
_ALL = Grant(reads=ALL, inserts=True, updates=ALL, deletes=True, beyond=True)
# The tables of which rows go while a hall works.
_GO = {"signed_in", "alarms", "pushed_notices", "day_notes", "channel_totals"}
_COUNTERS = ("seq", "hash", "at", "date", "normal_calls", "calls_date")
_OLD = ("hall", "id", "until")
_REFUSALS = Grant(inserts=True)


def _same(grant: Grant) -> dict[PcKind, Grant]:
    return dict.fromkeys(PcKind, grant)


def _untold(table: Table, grant: Grant) -> dict[PcKind, Grant]:
    """Return the grant, of which all but a manager's PC don't read how customers rated."""
    seen = tuple(column.name for column in table.columns if column.name not in HIDDEN.get(table, ()))
    return {kind: grant if kind is MANAGER else replace(grant, reads=seen) for kind in PcKind}


GRANTS: dict[Table, dict[PcKind, Grant]] = {
    **{table: _same(_ALL if table.name in _GO else _KEEP) for table in FOLLOWING},
    **{table: _untold(table, _KEEP) for table in HIDDEN},
    **{table: {MANAGER: _KEEP} for table in MANAGERS},
    # The column of which schema.py does not know, for a server alone has it, is not among these.
    events: _untold(events, _APPEND),
    commands: _same(Grant(reads=ALL, inserts=True, deletes=True)),
    halls: {
        PUBLIC: Grant(reads=ALL, updates=_COUNTERS, beyond=True),
        STAFF: Grant(reads=ALL, updates=_COUNTERS, beyond=True),
        MANAGER: Grant(reads=ALL, updates=(*_COUNTERS, "setup", "setup_hash", "code"), beyond=True),
    },
    announcements: _same(_KEEP),
    beats: _same(_ALL),
    **{table: _same(_ALL) for table in LEARNED},
    access: {
        PUBLIC: _REFUSALS,
        STAFF: _REFUSALS,
        MANAGER: Grant(reads=ALL, inserts=True),
    },
    # Who forgets the contacts whose date has come needs to know no more than that date.
    contacts: {
        PUBLIC: Grant(reads=_OLD, deletes=True),
        STAFF: Grant(reads=ALL, inserts=True, deletes=True),
        MANAGER: Grant(reads=ALL, inserts=True, deletes=True),
    },
    comments: {
        PUBLIC: Grant(inserts=True),
        STAFF: Grant(inserts=True),
        MANAGER: Grant(reads=ALL, inserts=True, deletes=True),
    },
    # Who was thanked, or briefed, reads it at any counter; the program shows each person the own thanks.
    thanks_words: {
        STAFF: Grant(reads=ALL, inserts=True),
        MANAGER: Grant(reads=ALL, inserts=True, deletes=True),
    },
    # Nobody's hashes are read by a PC, a manager's included: whoever took it away would know four digits in minutes.
    pins: {MANAGER: Grant(reads=("hall", "staff"), inserts=True, deletes=True)},
    # For who has a hall's file, and the owner of its database; the tries of a PC's login are counted where it can't
    # reach.
    pin_tries: {},
    backups: {MANAGER: Grant(reads=ALL)},
    database: _same(Grant(reads=ALL)),
    pcs: _same(Grant(reads=ALL, updates=("seen",))),
    joins: {MANAGER: Grant(reads=ALL, inserts=True, updates=ALL, deletes=True)},
}
"""What is not named here is refused: nobody's are UPDATE, DELETE and TRUNCATE of `events`."""

WITHHELD_ROWS: dict[Table, str] = {cases: " AND withheld = 0"}
"""The rows of a table that only a manager's PC reads, as what is true of the others."""
HALL_COLUMNS = {halls.name: "id"}
"""How a table names the hall of a row, where not by "hall"."""
OF_THE_DATABASE = frozenset({database.name})
"""Tables whose rows belong to no hall."""
