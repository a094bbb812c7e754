"""The PCs that share a hall, and the codes by which they join: rows to core objects and back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict
from sqlalchemy import ColumnElement, Row, insert, literal_column, select, type_coerce, update

from queuedesk.core.network.sharing import PcKind, SharedPc
from queuedesk.store.engine.types import Moment, Transaction
from queuedesk.store.schema.beside import joins, pcs
from queuedesk.store.schema.tables import halls

SAME_CLOCK = timedelta(seconds=5)
"""Clocks that differ by less are taken for one."""
_SESSION: ColumnElement[str] = literal_column("session_user")
# Signs of many PCs are held against each other: by the server's clock, because some PC's own is always wrong.
_CLOCK = type_coerce(literal_column("(extract(epoch FROM clock_timestamp()) * 1000000)::bigint"), Moment)
_SAW = update(pcs).where(pcs.c.role == _SESSION).values(seen=_CLOCK)
_CODES = select(joins, _CLOCK.label("clock"))
_PCS = select(pcs, halls.c.code, _CLOCK.label("clock")).join(halls, halls.c.id == pcs.c.hall)


class KeptCode(Struct, frozen=True, kw_only=True):
    """A stored code: what it is checked with, never the code itself. `salt` and `key` are in hex."""

    id: str
    hall: int
    kind: PcKind
    salt: str
    key: str
    made: datetime
    made_by: str
    tries_left: int
    used: datetime | None = None
    is_open: bool = True
    """Whether a PC may join by it now; its time is up by the server's clock, whatever the PCs' own say."""


def keep_code(tx: Transaction, code: KeptCode, lasts: timedelta) -> None:
    """Store a new code for so long, replacing the hall's former ones."""
    tx.execute(joins.delete().where(joins.c.hall == code.hall))
    kept = asdict(code) | {"kind": str(code.kind)}
    del kept["is_open"]
    tx.execute(insert(joins).values(kept | {"expires": clock(tx) + lasts}))


def codes(tx: Transaction, *, hold: bool = False) -> list[KeptCode]:
    """Return the stored codes of all halls, the newest first; with `hold` nobody else can use or try one before this
    transaction ends."""
    wanted = _CODES.order_by(joins.c.made.desc(), joins.c.id)
    return [_code(row) for row in tx.execute(wanted.with_for_update() if hold else wanted)]


def code_of(tx: Transaction, hall: int) -> KeptCode | None:
    """Return the hall's last code."""
    row = tx.execute(_CODES.where(joins.c.hall == hall)).first()
    return _code(row) if row else None


def take_try(tx: Transaction, ids: Iterable[str]) -> None:
    """Count a wrong try against each of these codes."""
    tx.execute(update(joins).where(joins.c.id.in_(list(ids))).values(tries_left=joins.c.tries_left - 1))


def use_code(tx: Transaction, id: str, now: datetime) -> None:
    """Note that a PC joined with this code."""
    tx.execute(update(joins).where(joins.c.id == id).values(used=now))


def shared_pcs(tx: Transaction, hall: int, now: datetime | None = None) -> list[SharedPc]:
    """Return the hall's PCs in the order in which they joined, withdrawn ones too. `now` is the time that `seen` is
    relative to, by default the server's."""
    rows = tx.execute(_PCS.where(pcs.c.hall == hall).order_by(pcs.c.made, pcs.c.role))
    return [
        SharedPc(
            role=row.role,
            hall=row.code,
            name=row.name,
            kind=PcKind(row.kind),
            made=row.made,
            made_by=row.made_by,
            seen=_told_by(now, row.clock, row.seen),
            withdrawn=row.withdrawn,
        )
        for row in rows
    ]


def clock(tx: Transaction) -> datetime:
    """Return the server's time."""
    now: datetime = tx.execute(select(_CLOCK)).scalar_one()
    return now


def own_role(tx: Transaction) -> str:
    """Return this PC's role on the server."""
    return str(tx.execute(select(_SESSION)).scalar_one())


def is_beside(tx: Transaction, hall: int) -> bool:
    """Return whether this PC's credential is for another hall and only lets it look at this one."""
    own = tx.execute(select(pcs.c.hall).where(pcs.c.role == own_role(tx))).scalar_one_or_none()
    return own not in (None, hall)


def saw(tx: Transaction) -> None:
    """Write the sign of life of the PC whose credential this connection has; nothing for the server's owner and a
    file."""
    if tx.dialect.name == "postgresql":
        tx.execute(_SAW)


def saw_pc(tx: Transaction, role: str) -> None:
    """Write the sign of life of a PC that is known otherwise than by its credential; for the server's owner."""
    tx.execute(update(pcs).where(pcs.c.role == role).values(seen=_CLOCK))


def _code(row: Row[Any]) -> KeptCode:
    kept = row._asdict()
    in_time = kept.pop("clock") < kept.pop("expires")
    is_open = in_time and kept["used"] is None and kept["tries_left"] > 0
    return KeptCode(**kept | {"kind": PcKind(row.kind), "is_open": is_open})


def _told_by(now: datetime | None, clock: datetime, seen: datetime | None) -> datetime | None:
    """Return by the clock that says `now` what happened at `seen` by the one that says `clock`."""
    if now is None or seen is None or abs(now - clock) < SAME_CLOCK:
        return seen
    return seen + timedelta(seconds=round((now - clock).total_seconds()))
