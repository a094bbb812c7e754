"""What each kind of PC may do with each table of a shared hall, as data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import BigInteger, Column, Double, Table

from queuedesk.core.log.apply import ADD_ROWS, CHANGE_ROWS, MANAGERS_KINDS, READ_ROWS, TABLES
from queuedesk.core.log.event import EARLIEST, LATEST, SHAPES
from queuedesk.core.network.roles import MAY, WEB_VERBS, Role
from queuedesk.core.network.sharing import PcKind
from queuedesk.core.quality.case import CaseOutcome, CaseState, CustomerVerdict
from queuedesk.core.queue.appointment import AppointmentState
from queuedesk.core.queue.ticket import TicketState, WindowState
from queuedesk.store import schema
from queuedesk.store.engine.types import EPOCH, MICROSECOND, FlagColumn, IsoDateColumn, JsonColumn, UtcMomentColumn
from queuedesk.store.log.events import ONE_NUMBER, OWN_ID
from queuedesk.store.parts.part_tables import CHANGING, FOLLOWING, ROWS
from queuedesk.store.parts.tickets import FIXED, LEG_FIXED
from queuedesk.store.rights.withheld_ratings import MANAGERS, hidden_columns

PUBLIC, WEB, STAFF, MANAGER = PcKind
ALL = ("*",)
"""Every column, those of later versions included."""

# Queue commands of people, and what stations, customers and the hall do by themselves.
WEB_EVENTS = MAY[Role.STATION] | MAY[Role.CUSTOMER] | MAY[Role.HALL]
PUBLIC_EVENTS = WEB_EVENTS - (WEB_VERBS - MAY[Role.STATION] - MAY[Role.HALL])
KINDS = frozenset(SHAPES)
_MANAGERS_ONLY = frozenset(
    {
        *MANAGERS_KINDS,
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
    WEB: (WEB_EVENTS | {"message"}) & KINDS,  # to the window that called, for a little more time
    STAFF: KINDS - _MANAGERS_ONLY - _OWNERS_ONLY,
    MANAGER: KINDS - _OWNERS_ONLY,
}
"""The kinds of events that each may append; a PUBLIC or WEB one only in the name of itself, a customer or the hall."""


class TableGrant(Struct, frozen=True):
    """What one kind may do with one table: the columns it reads and changes, whether it inserts and deletes. UPDATE is
    always granted by column, because an UPDATE right on a whole table also allows locking it against everybody; never
    of a key, and ALL leaves keys out."""

    reads: tuple[str, ...] = ()
    inserts: bool = False
    updates: tuple[str, ...] = ()
    deletes: bool = False
    beyond: bool = False
    """Whether the rows of other halls that let this one look on are read too."""


_APPEND = TableGrant(reads=ALL, inserts=True, beyond=True)
_KEEP = TableGrant(reads=ALL, inserts=True, updates=ALL, beyond=True)
_ALL = TableGrant(reads=ALL, inserts=True, updates=ALL, deletes=True, beyond=True)
_LOOK = TableGrant(reads=ALL, beyond=True)
_BESIDE = {
    READ_ROWS: TableGrant(reads=ALL),
    ADD_ROWS: TableGrant(reads=ALL, inserts=True),
    CHANGE_ROWS: TableGrant(reads=ALL, inserts=True, updates=ALL, deletes=True),
}
"""By the right to a feature's table beside the log."""
_GO = frozenset({"signed_in", "alarms", "pushed_notices", "day_notes", "channel_totals"})
"""The tables of which rows go while a hall works."""
_APPENDED = frozenset(rows.name for rows in ROWS.values() if rows.part.is_list)
"""Their rows stay as they were written."""
_FIXED = {schema.tickets: FIXED, schema.legs: LEG_FIXED}
# What stations, customers and the hall do by themselves changes these; the end of a day ends what is open in them.
_CHANGED_BY_PUBLIC = frozenset(
    {
        *("series", "legs", "tickets", "windows", "shifts", "ratings", "opinions", "appointments", "alarms"),
        *("devices", "outages", "help_calls", "card_runs", "tracker", "signed_in", "pushed_notices"),
    }
)
_ADDED_BY_PUBLIC = _CHANGED_BY_PUBLIC - {"pushed_notices"} | {"offers", "cases", "spoken_comments"}
_ONLY_BY_MANAGERS = frozenset({"channel_totals", "closings", "forums", "read_comments", "trainings", "wordings"})
_COUNTERS = ("seq", "hash", "at", "date", "normal_calls", "calls_date")
_OLD = ("hall", "id", "until")
_REFUSALS = TableGrant(inserts=True)


def _grant_on_log_table(table: Table, kind: PcKind) -> TableGrant:
    """Return what a kind of PC may do with a table that follows from the log: what the events need that it appends."""
    name, fixed = table.name, _FIXED.get(table, frozenset())
    if kind is not MANAGER and name in _ONLY_BY_MANAGERS:
        return _LOOK
    is_staffed = kind not in (PUBLIC, WEB) or (kind is WEB and name == "messages")
    inserts = is_staffed or name in _ADDED_BY_PUBLIC
    updates = name not in _APPENDED and (is_staffed or name in _CHANGED_BY_PUBLIC)
    deletes = name in _GO and (is_staffed or name in _CHANGED_BY_PUBLIC)
    changing = CHANGING.get(name, tuple(column.name for column in table.columns if not column.primary_key))
    columns = tuple(column for column in changing if column not in fixed)
    return TableGrant(reads=ALL, inserts=inserts, updates=columns if updates else (), deletes=deletes, beyond=True)


def _same_grant_by_pc_kind(grant: TableGrant) -> dict[PcKind, TableGrant]:
    return dict.fromkeys(PcKind, grant)


def _grants_without_ratings(table: Table, grants: dict[PcKind, TableGrant]) -> dict[PcKind, TableGrant]:
    """Return the grants, of which all but a manager's PC don't read how customers rated."""
    hidden = hidden_columns(table)
    seen = tuple(column.name for column in table.columns if column.name not in hidden)
    return {kind: grant if kind is MANAGER else replace(grant, reads=seen) for kind, grant in grants.items()}


GRANTS: dict[Table, dict[PcKind, TableGrant]] = {
    **{
        table: _grants_without_ratings(table, {kind: _grant_on_log_table(table, kind) for kind in PcKind})
        for table in map(schema.table_named, FOLLOWING)
    },
    **{schema.table_named(name): {MANAGER: _KEEP} for name in MANAGERS},
    # The column of which store/schema does not know, for a server alone has it, is not among these.
    schema.events: _grants_without_ratings(schema.events, _same_grant_by_pc_kind(_APPEND)),
    schema.commands: _same_grant_by_pc_kind(TableGrant(reads=ALL, inserts=True, deletes=True)),
    schema.halls: {
        **_same_grant_by_pc_kind(TableGrant(reads=ALL, updates=_COUNTERS, beyond=True)),
        MANAGER: TableGrant(reads=ALL, updates=(*_COUNTERS, "setup", "setup_hash", "code"), beyond=True),
    },
    schema.announcements: _same_grant_by_pc_kind(_KEEP),
    schema.beats: _same_grant_by_pc_kind(_ALL),
    **{schema.table_named(name): _same_grant_by_pc_kind(_ALL) for name in schema.LEARNED},
    schema.access: {**_same_grant_by_pc_kind(_REFUSALS), MANAGER: TableGrant(reads=ALL, inserts=True)},
    # Who forgets the contacts whose date has come needs to know no more than that date.
    schema.contacts: {
        PUBLIC: TableGrant(reads=_OLD, deletes=True),
        WEB: TableGrant(reads=_OLD, inserts=True, deletes=True),
        STAFF: TableGrant(reads=ALL, inserts=True, deletes=True),
        MANAGER: TableGrant(reads=ALL, inserts=True, deletes=True),
    },
    schema.comments: {
        **_same_grant_by_pc_kind(TableGrant(inserts=True)),
        MANAGER: TableGrant(reads=ALL, inserts=True, deletes=True),
    },
    # Who was thanked, or briefed, reads it at any counter; the program shows each person the own thanks.
    schema.thanks_words: {
        STAFF: TableGrant(reads=ALL, inserts=True),
        MANAGER: TableGrant(reads=ALL, inserts=True, deletes=True),
    },
    # Nobody's hashes are read by a PC, a manager's included: whoever took it away would know four digits in minutes.
    schema.pins: {MANAGER: TableGrant(reads=("hall", "staff"), inserts=True, deletes=True)},
    # For who has a hall's file, and the owner of its database; the tries of a PC's login are counted where it can't
    # reach.
    schema.pin_tries: {},
    schema.backups: {MANAGER: TableGrant(reads=ALL)},
    schema.database: _same_grant_by_pc_kind(TableGrant(reads=ALL)),
    schema.pcs: _same_grant_by_pc_kind(TableGrant(reads=ALL, updates=("seen", "version"))),
    schema.joins: {MANAGER: TableGrant(reads=ALL, inserts=True, updates=ALL, deletes=True)},
    **{
        schema.table_named(table.name): {kind: _BESIDE[right] for kind, right in table.rights.items()}
        for table in TABLES
    },
}
"""What is not named here is refused: nobody's are UPDATE, DELETE and TRUNCATE of `events`."""

WITHHELD_ROWS: dict[Table, str] = {schema.cases: " AND withheld = 0"}
"""The rows of a table that only a manager's PC reads, as what is true of the others."""
DELETES: dict[Table, str] = {
    schema.contacts: "public.qd_may_forget(hall, id, until)",
    # Another's id, given again, would be carried out a second time.
    schema.commands: f"(starts_with(command, '{OWN_ID}') OR starts_with(command, '{ONE_NUMBER}'))",
}
"""Which of the rows of its hall a login may delete, in SQL, where not all."""

HALL_COLUMNS = {schema.halls.name: "id"}
"""How a table names the hall of a row, where not by "hall"."""
OF_THE_DATABASE = frozenset({schema.database.name})
"""Tables whose rows belong to no hall."""

# What a row must hold that a PC's login writes: dates, times, JSON and states that every reader can take. The server
# refuses anything else, whatever program sends it: a row that nobody can read would stop the whole hall.

WORDS: Mapping[Column[object], type[StrEnum]] = {
    schema.tickets.c.state: TicketState,
    schema.windows.c.state: WindowState,
    schema.appointments.c.state: AppointmentState,
    schema.cases.c.state: CaseState,
    schema.cases.c.verdict: CustomerVerdict,
    schema.cases.c.outcome: CaseOutcome,
}
_LEVELS = frozenset(
    {
        *(
            schema.tickets.c.rating,
            schema.ratings.c.level,
            schema.ratings.c.attitude,
            schema.ratings.c.competence,
            schema.opinions.c.level,
        )
    }
)
_OBJECTS = frozenset({"answer", "base", "effect", "learned", "setup", "taught"})
"""The JSON columns that hold an object; the others hold a list."""
_TEXTS = frozenset(
    {
        *(
            schema.tickets.c.flags,
            schema.tickets.c.steps,
            schema.legs.c.delivered,
            schema.ratings.c.tags,
            schema.opinions.c.tags,
            schema.windows.c.extra,
        ),
        *(
            schema.moves.c.services,
            schema.waivers.c.missing,
            schema.cases.c.concerns,
            schema.wordings.c.services,
            schema.trainings.c.attended,
        ),
    }
)
"""The JSON columns that hold a list of texts."""
_FIRST_US, _LAST_US = (EARLIEST - EPOCH) // MICROSECOND, (LATEST - EPOCH) // MICROSECOND
_DAY_US, _LONGEST_DAYS = 86_400_000_000, 400
"""A step of a visit happens about when it was joined: a day's figures have half-hours from its first moment to its
last."""
_LARGEST = 10**15
# More seconds or minutes than these, added to a time of today, leave the calendar.
_LARGEST_SPAN = 10**9
_FREE = frozenset({schema.events, schema.halls.c.at, schema.halls.c.setup})
"""What is checked elsewhere: events and the set-up by triggers, the hall's time by the log's end, which an old log may
have outside the calendar. A condition on the set-up would be worked out at each command, as each counts in that row."""


def valid_row_conditions(table: Table, quote: Callable[[str], str]) -> Iterator[str]:
    """Yield the conditions, in SQL, that a row of the table must meet; `quote` quotes a column's name."""
    if table in _FREE:
        return
    for column in table.columns:
        if column not in _FREE:
            for condition in _valid_value_sql_conditions(column, quote(column.name)):
                yield f"({quote(column.name)} IS NULL OR {condition})" if column.nullable else condition
    if table is schema.legs:
        for name in ("called", "last_called", "started", "finished", "ended"):
            yield f"({name} IS NULL OR {name} BETWEEN joined - {_DAY_US} AND joined + {_LONGEST_DAYS * _DAY_US})"


def _valid_value_sql_conditions(column: Column[object], name: str) -> Iterable[str]:
    kind = column.type
    if column in WORDS:
        words = ", ".join(f"'{word.value}'" for word in WORDS[column])
        return [f"{name} IN ({words})"]
    if isinstance(kind, IsoDateColumn):  # A date that no calendar has is refused by the cast itself.
        return [f"{name} ~ '^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}$' AND {name}::date IS NOT NULL"]
    if isinstance(kind, JsonColumn):
        shape = "object" if column.name in _OBJECTS else "array"
        is_texts = f"NOT jsonb_path_exists({name}::jsonb, 'strict $[*] ? (@.type() != \"string\")')"
        return [f"jsonb_typeof({name}::jsonb) = '{shape}'", *([is_texts] if column in _TEXTS else [])]
    if isinstance(kind, UtcMomentColumn):
        return [f"{name} BETWEEN {_FIRST_US} AND {_LAST_US}"]
    if isinstance(kind, FlagColumn):
        return [f"{name} IN (0, 1)"]
    if isinstance(kind, Double):  # NaN is larger than any number there.
        return [f"{name} BETWEEN {-_LARGEST_SPAN} AND {_LARGEST_SPAN}"]
    if column in _LEVELS:
        return [f"{name} BETWEEN 0 AND 5"]
    if isinstance(kind, BigInteger):
        is_span = column.name.endswith("_s") or column.name in ("low", "high", "minutes", "promise_low", "promise_high")
        largest = _LARGEST_SPAN if is_span else _LARGEST
        if column.name.endswith("_us"):  # The end of a day adds what passed since any moment that a row may hold.
            largest = 2 * (_LAST_US - _FIRST_US)
        return [f"{name} BETWEEN {-largest} AND {largest}"]
    return []
