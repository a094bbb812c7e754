"""Windows, shifts, ratings and the other small tables of the hall's current state: rows to core objects and back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from operator import attrgetter
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Row, Table, bindparam, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert_sqlite

from queuedesk.core.fairness import Overtake
from queuedesk.core.remarks import UNTOLD
from queuedesk.core.state import CallMade, NotReady, Rating, TicketId
from queuedesk.core.window import Lent, Pause, Shift, Window, WindowState
from queuedesk.store.schema import calls, not_ready, overtakes, ratings, series, shifts, signed_in, windows
from queuedesk.store.transaction import Transaction
from queuedesk.store.untold import columns, is_told

_T = TypeVar("_T")
_UPSERTS: dict[tuple[str, str], Any] = {}
_ALL_WINDOWS = select(windows).where(windows.c.hall == bindparam("hall"))
_ONE_WINDOW = _ALL_WINDOWS.where(windows.c.code == bindparam("code"))
_ADD_CALL = insert(calls)
_SERIES = select(series.c.number).where(
    series.c.hall == bindparam("hall"), series.c.date == bindparam("day"), series.c.prefix == bindparam("prefix")
)


def upsert(tx: Transaction, table: Table, values: dict[str, Any]) -> None:
    """Write one row by its primary key, whether it is there or not."""
    engine = tx.dialect.name
    statement = _UPSERTS.get((engine, table.name))
    if statement is None:
        fresh: Any = upsert_sqlite(table)
        if engine != "sqlite":
            from sqlalchemy.dialects.postgresql import insert as upsert_postgresql

            fresh = upsert_postgresql(table)
        key = [c.name for c in table.primary_key]
        rest = {c.name: fresh.excluded[c.name] for c in table.c if c.name not in key}
        statement = fresh.on_conflict_do_update(index_elements=key, set_=rest)
        _UPSERTS[(engine, table.name)] = statement
    tx.execute(statement, values)


def save_said(tx: Transaction, table: Table, values: dict[str, Any], *, added: Sequence[str]) -> None:
    """Write a row of what a customer said. Who is not told the level that stands there changes no more than these columns."""
    if is_told(tx):
        upsert(tx, table, values)
    elif values["level"] != UNTOLD:
        tx.execute(insert(table), values)
    else:
        own = [column == values[column.name] for column in table.primary_key]
        tx.execute(update(table).where(*own).values({name: values[name] for name in added}))


# -- windows ---------------------------------------------------------------------------------------------------------------


def all_windows(tx: Transaction, hall: int) -> dict[str, Window]:
    return {row.code: _window(row) for row in tx.execute(_ALL_WINDOWS, {"hall": hall})}


def window(tx: Transaction, hall: int, code: str) -> Window:
    """Return the window as it stands; one that nobody ever opened is closed."""
    row = tx.execute(_ONE_WINDOW, {"hall": hall, "code": code}).first()
    return _window(row) if row else Window(code=code)


def save_window(tx: Transaction, hall: int, one: Window) -> None:
    upsert(
        tx,
        windows,
        {
            "hall": hall,
            "code": one.code,
            "state": str(one.state),
            "staff": one.staff,
            "ticket_date": one.ticket[0] if one.ticket else None,
            "ticket": one.ticket[1] if one.ticket else None,
            "since": one.since,
            "reason": one.reason,
            "back": one.back,
            "last_date": one.last[0] if one.last else None,
            "last": one.last[1] if one.last else None,
            "shift": one.shift,
            "extra": sorted(one.extra) or None,
        },
    )


def _window(row: Row[Any]) -> Window:
    return Window(
        code=row.code,
        state=WindowState(row.state),
        staff=row.staff,
        ticket=(row.ticket_date, row.ticket) if row.ticket else None,
        since=row.since,
        reason=row.reason,
        back=row.back,
        last=(row.last_date, row.last) if row.last else None,
        shift=row.shift,
        extra=frozenset(row.extra or ()),
    )


# -- shifts ----------------------------------------------------------------------------------------------------------------


def shift(tx: Transaction, hall: int, id: int) -> Shift:
    """Return the shift that the event `id` began. Raises KeyError."""
    row = tx.execute(select(shifts).where(shifts.c.hall == hall, shifts.c.id == id)).first()
    if row is None:
        raise KeyError(id)
    return _shift(row)


def shifts_of(tx: Transaction, hall: int, day: date | None = None) -> list[Shift]:
    """Return the shifts of a business date, or all of them, in the order of their opening."""
    conditions = [shifts.c.hall == hall, *([shifts.c.date == day] if day else [])]
    return _in_order((_shift(row) for row in tx.execute(select(shifts).where(*conditions))), "id")


def open_shifts(tx: Transaction, hall: int) -> list[Shift]:
    """Return the shifts that are not closed, of any date."""
    statement = select(shifts).where(shifts.c.hall == hall, shifts.c.closed.is_(None))
    return _in_order((_shift(row) for row in tx.execute(statement)), "id")


def shifts_since(tx: Transaction, hall: int, closed: datetime) -> list[Shift]:
    """Return the shifts that were closed after that time."""
    statement = select(shifts).where(shifts.c.hall == hall, shifts.c.closed > closed)
    return _in_order((_shift(row) for row in tx.execute(statement)), "id")


def save_shift(tx: Transaction, hall: int, one: Shift) -> None:
    values = {
        "hall": hall,
        "id": one.id,
        "window": one.window,
        "staff": one.staff,
        "date": one.date,
        "opened": one.opened,
        "closed": one.closed,
        "pauses": [[_iso(p.start), _iso(p.end), p.reason] for p in one.pauses],
        "lent": [[s.service, _iso(s.start), _iso(s.end)] for s in one.lent] or None,
    }
    upsert(tx, shifts, values)


def _shift(row: Row[Any]) -> Shift:
    pauses = tuple(
        Pause(start=datetime.fromisoformat(start), end=datetime.fromisoformat(end) if end else None, reason=reason)
        for start, end, reason in row.pauses
    )
    lent = tuple(
        Lent(service=service, start=datetime.fromisoformat(start), end=datetime.fromisoformat(end) if end else None)
        for service, start, end in row.lent or ()
    )
    return Shift(
        id=row.id,
        window=row.window,
        staff=row.staff,
        date=row.date,
        opened=row.opened,
        closed=row.closed,
        pauses=pauses,
        lent=lent,
    )


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


# -- series, calls, overtakes ------------------------------------------------------------------------------------------------


def last_number(tx: Transaction, hall: int, day: date, prefix: str) -> int | None:
    """Return the last number given in a series on a date, None when none was."""
    return tx.execute(_SERIES, {"hall": hall, "day": day, "prefix": prefix}).scalar()


def all_series(tx: Transaction, hall: int, day: date | None = None) -> dict[tuple[date, str], int]:
    conditions = [series.c.hall == hall, *([series.c.date == day] if day else [])]
    return {(row.date, row.prefix): row.number for row in tx.execute(select(series).where(*conditions))}


def save_series(tx: Transaction, hall: int, day: date, prefix: str, number: int) -> None:
    upsert(tx, series, {"hall": hall, "date": day, "prefix": prefix, "number": number})


def calls_of(tx: Transaction, hall: int, day: date | None = None) -> list[CallMade]:
    conditions = [calls.c.hall == hall, *([calls.c.date == day] if day else [])]
    return [_call(row) for row in tx.execute(select(calls).where(*conditions).order_by(calls.c.seq))]


def add_call(tx: Transaction, hall: int, call: CallMade) -> None:
    tx.execute(_ADD_CALL, _plain(call) | {"hall": hall})


def _call(row: Row[Any]) -> CallMade:
    return CallMade(**_own(row))


def overtakes_of(tx: Transaction, hall: int, day: date | None = None, label: str | None = None) -> list[Overtake]:
    conditions: list[ColumnElement[bool]] = [overtakes.c.hall == hall]
    if day is not None:
        conditions.append(overtakes.c.date == day)
    if label is not None:
        conditions.append(overtakes.c.label == label)
    return _in_order(
        (Overtake(**_own(row)) for row in tx.execute(select(overtakes).where(*conditions))), "seq", "label"
    )


def add_overtakes(tx: Transaction, hall: int, new: Sequence[Overtake]) -> None:
    if new:
        tx.execute(insert(overtakes), [_plain(one) | {"hall": hall} for one in new])


# -- ratings, visitors without papers, people at stations ----------------------------------------------------------------------


def rating(tx: Transaction, hall: int, id: TicketId) -> Rating | None:
    own = ratings.c.hall == hall, ratings.c.date == id[0], ratings.c.label == id[1]
    row = tx.execute(select(*columns(ratings, told=is_told(tx))).where(*own)).first()
    return _rating(row) if row else None


def ratings_of(tx: Transaction, hall: int, day: date | None = None) -> list[Rating]:
    conditions = [ratings.c.hall == hall, *([ratings.c.date == day] if day else [])]
    statement = select(*columns(ratings, told=is_told(tx))).where(*conditions).order_by(ratings.c.time)
    return [_rating(row) for row in tx.execute(statement)]


def save_rating(tx: Transaction, hall: int, one: Rating) -> None:
    values = _plain(one) | {"hall": hall, "tags": list(one.tags)}
    marks = [name for name in ("attitude", "competence") if values[name] is not None]
    save_said(tx, ratings, values, added=("tags", "comment", "reasons", *marks))


def _rating(row: Row[Any]) -> Rating:
    return Rating(**_own(row) | {"tags": tuple(row.tags)})


def not_ready_of(tx: Transaction, hall: int, day: date | None = None) -> list[NotReady]:
    conditions = [not_ready.c.hall == hall, *([not_ready.c.date == day] if day else [])]
    return _in_order((NotReady(**_own(row)) for row in tx.execute(select(not_ready).where(*conditions))), "seq")


def add_not_ready(tx: Transaction, hall: int, entry: NotReady) -> None:
    tx.execute(insert(not_ready), _plain(entry) | {"hall": hall})


def people_at_stations(tx: Transaction, hall: int) -> dict[str, str]:
    """Return who is signed in at which station (windows are not among them)."""
    return {row.station: row.staff for row in tx.execute(select(signed_in).where(signed_in.c.hall == hall))}


def save_signed_in(tx: Transaction, hall: int, station: str, staff: str | None) -> None:
    if staff is None:
        tx.execute(signed_in.delete().where(signed_in.c.hall == hall, signed_in.c.station == station))
    else:
        upsert(tx, signed_in, {"hall": hall, "station": station, "staff": staff})


def _in_order(found: Iterable[_T], *names: str) -> list[_T]:
    """Sort here: asked for an order that a primary key has, SQLite would walk through all rows rather than use a day's index."""
    return sorted(found, key=attrgetter(*names))


def _own(row: Row[Any]) -> dict[str, Any]:
    return {name: value for name, value in row._mapping.items() if name != "hall"}


def _plain(one: Any) -> dict[str, Any]:
    return {name: getattr(one, name) for name in one.__dataclass_fields__}
