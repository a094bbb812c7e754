"""The register of parts in their tables: table, open condition, and what a row stores differently.

A feature's tables are a tuple of such PartStorage. The ledger of other channels' totals is read by time, too, beside
what the hall itself finished."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cache, cached_property
from operator import attrgetter
from typing import Any, Generic

from msgspec import Struct
from msgspec.structs import asdict
from sqlalchemy import ColumnElement, Row, Select, Table, TextClause, bindparam, func, insert, select, text, update

from queuedesk.core.imports import ChannelTotal
from queuedesk.core.improvement.project import encoded_project_fields, project_fields_from_row
from queuedesk.core.log import state
from queuedesk.core.log.event import utc_stamp
from queuedesk.core.log.state import TOTALS, K, RecordKind, T
from queuedesk.core.network.roles import UNTOLD
from queuedesk.core.quality import case as cases
from queuedesk.core.quality import inspection as inspections
from queuedesk.core.quality.sheet import sheet_item_rows, sheet_items_from_rows
from queuedesk.core.quality.thanks import Forum, ForumIssue
from queuedesk.core.queue.appointment import Appointment, AppointmentState
from queuedesk.core.queue.ticket import FINISHED_ENDS, LentService, Pause, Shift, Window, WindowState
from queuedesk.core.setup.sentences import CardRun, CardStepTick, card_step_rows, card_steps_from_rows
from queuedesk.core.staffing.roster import AnsweredMove, ForecastMoveEffect, StaffingMove
from queuedesk.core.talk.messages import Message, ReadReceipt
from queuedesk.store import schema
from queuedesk.store.engine.types import UNREADABLE, FixedStatement, Transaction
from queuedesk.store.rights.withheld_ratings import MANAGERS, columns_with_withheld_replaced, may_read_ratings
from queuedesk.store.schema import legs, upsert_rows

Values = Mapping[str, Any]


def _empty_values(_one: Any) -> Values:
    return {}


class PartStorage(Struct, Generic[K, T], frozen=True, eq=False, dict=True):
    """How a part of the hall is stored in the table `name`: each field in the column of its name. `to_row` and `of_row`
    convert the columns and fields for which that does not hold. `said` are the columns, by their values, that a login
    may overwrite although it may not read the rest (store/rights/withheld_ratings.py); a row that came so withheld has
    the value `untold` in that column. `is_open` is the part's `is_open` in SQL; `order` are the sort fields of parts
    with dates, if not their key."""

    part: RecordKind[K, T]
    name: str
    is_open: str | None = None
    to_row: Callable[[T], Values] = _empty_values
    of_row: Callable[[Row[Any]], Values] = _empty_values
    order: tuple[str, ...] = ()
    said: Callable[[Values], Sequence[str]] | None = None
    untold: tuple[str, object] = ("level", UNTOLD)

    @cached_property
    def table(self) -> Table:
        return schema.table_named(self.name)

    @property
    def open_condition(self) -> str | None:
        """The condition of what is open in SQL, None where nothing ever is."""
        return f"{self.part.open_while} IS NULL" if self.part.open_while else self.is_open

    @cached_property
    def plain_fields_with_row_index(self) -> list[tuple[str, int]]:
        """The fields with a column of their name, each with its index in a row."""
        places = {column.name: place for place, column in enumerate(self.table.c)}
        return [(name, places[name]) for name in self.part.kind.__struct_fields__ if name in places]

    def row_values(self, hall: int, one: T) -> dict[str, Any]:
        return {
            "hall": hall,
            **{name: getattr(one, name) for name, _place in self.plain_fields_with_row_index},
            **self.to_row(one),
        }

    def object_of_row(self, row: Row[Any]) -> T:
        return self.part.kind(
            **{**{name: row[place] for name, place in self.plain_fields_with_row_index}, **self.of_row(row)}
        )

    def objects_of_rows(self, rows: Iterable[Row[Any]]) -> Iterator[T]:
        """Yield the objects of rows; one that holds what no reader can take is set aside, and doctor names it."""
        for row in rows:
            try:
                yield self.object_of_row(row)
            except UNREADABLE:
                continue


# -- what differs ----------------------------------------------------------------------------------------------------


def _window_to_row(one: Window) -> Values:
    return {
        "state": str(one.state),
        "ticket_date": one.ticket[0] if one.ticket else None,
        "ticket": one.ticket[1] if one.ticket else None,
        "last_date": one.last[0] if one.last else None,
        "last": one.last[1] if one.last else None,
        "extra": sorted(one.extra) or None,
    }


def _window_fields_from_row(row: Row[Any]) -> Values:
    return {
        "state": WindowState(row.state),
        "ticket": (row.ticket_date, row.ticket) if row.ticket else None,
        "last": (row.last_date, row.last) if row.last else None,
        "extra": frozenset(row.extra or ()),
    }


def _shift_to_row(one: Shift) -> Values:
    return {
        "pauses": [[_iso_text(p.start), _iso_text(p.end), p.reason] for p in one.pauses],
        "lent": [[s.service, _iso_text(s.start), _iso_text(s.end)] for s in one.lent] or None,
    }


def _shift_fields_from_row(row: Row[Any]) -> Values:
    return {
        "pauses": tuple(Pause(start=_time(s), end=_time(e) if e else None, reason=why) for s, e, why in row.pauses),
        "lent": tuple(
            LentService(service=n, start=_time(s), end=_time(e) if e else None) for n, s, e in row.lent or ()
        ),
    }


_time = datetime.fromisoformat


def _iso_text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _message_to_row(one: Message) -> Values:
    seen = [[receipt.place, receipt.by, utc_stamp(receipt.at)] for receipt in one.seen]
    return {"seen": seen, "waits_for": one.to if one.is_unread_by_addressee else None}


def _seen_field_of_message_row(row: Row[Any]) -> Values:
    return {"seen": tuple(ReadReceipt(place, by, _time(at)) for place, by, at in row.seen)}


def _steps_and_ticks_of_card_run(run: CardRun) -> Values:
    ticks = [{"step": tick.step, "time": utc_stamp(tick.time), "by": tick.by} for tick in run.ticks]
    return {"steps": card_step_rows(run.steps), "ticks": ticks}


def _card_steps_and_ticks_from_row(row: Row[Any]) -> Values:
    ticks = tuple(CardStepTick(tick["step"], _time(tick["time"]), tick["by"]) for tick in row.ticks)
    return {"steps": card_steps_from_rows(row.steps), "ticks": ticks}


_OF_A_MOVE = ("kind", "window", "staff", "service", "to", "minutes")


def _move_to_row(made: AnsweredMove) -> Values:
    move = made.move
    return {
        **{name: getattr(move, name) for name in _OF_A_MOVE},
        "services": list(move.services),
        "effect": asdict(move.effect) if move.effect is not None else None,
        "base": dict(made.base),
    }


def _move_fields_from_row(row: Row[Any]) -> Values:
    effect = ForecastMoveEffect(**row.effect) if row.effect is not None else None
    own = {name: getattr(row, name) for name in _OF_A_MOVE}
    return {"move": StaffingMove(**own, services=tuple(row.services), effect=effect), "base": dict(row.base)}


def _inspection_to_row(one: inspections.Inspection) -> Values:
    return {
        "items": sheet_item_rows(one.items),
        "marks": _inspection_marks_to_rows(one.marks),
        "visit_date": one.visit[0] if one.visit else None,
        "visit": one.visit[1] if one.visit else None,
    }


def _inspection_fields_from_row(row: Row[Any]) -> Values:
    return {
        "items": sheet_items_from_rows(row.items),
        "marks": _marks_from_rows(row.marks),
        "visit": (row.visit_date, row.visit) if row.visit else None,
    }


def _inspection_marks_to_rows(marks: Iterable[inspections.InspectionItemResult]) -> list[Values]:
    return [{**asdict(mark), "reasons": list(mark.reasons), "photos": list(mark.photos)} for mark in marks]


def _marks_from_rows(rows: Iterable[Values]) -> tuple[inspections.InspectionItemResult, ...]:
    return tuple(
        inspections.InspectionItemResult(**{**row, "reasons": tuple(row["reasons"]), "photos": tuple(row["photos"])})
        for row in rows
    )


def _receipts_field_of_briefing_row(one: inspections.Briefing) -> Values:
    return {"receipts": [[utc_stamp(receipt.at), receipt.by] for receipt in one.receipts]}


def _briefing_fields_from_row(row: Row[Any]) -> Values:
    return {"receipts": tuple(inspections.BriefingReceipt(_time(at), by) for at, by in row.receipts)}


def _signed_hall_opening_to_row(one: inspections.SignedOpeningOrClosing) -> Values:
    return {"items": sheet_item_rows(one.items), "marks": _inspection_marks_to_rows(one.marks)}


def _opening_fields_from_row(row: Row[Any]) -> Values:
    return {"items": sheet_items_from_rows(row.items), "marks": _marks_from_rows(row.marks)}


def _rectification_to_row(one: cases.Rectification) -> Values:
    return {
        "proofs": [[utc_stamp(proof.at), proof.by, proof.words] for proof in one.proofs],
        "looks": [[utc_stamp(look.at), look.by, look.good, look.proofs] for look in one.looks],
        "closed": one.time_of_closing,
    }


def _rectification_fields_from_row(row: Row[Any]) -> Values:
    return {
        "proofs": tuple(cases.RectificationProof(_time(at), by, words) for at, by, words in row.proofs),
        "looks": tuple(
            cases.RectificationSecondLook(_time(at), by, good, proofs) for at, by, good, proofs in row.looks
        ),
    }


def _forum_to_row(one: Forum) -> Values:
    return {"issues": [[issue.words, issue.case] for issue in one.issues]}


def _forum_fields_from_row(row: Row[Any]) -> Values:
    return {"issues": tuple(ForumIssue(words, case) for words, case in row.issues)}


def _tuple_list_converters(*names: str) -> dict[str, Any]:
    """Return what puts tuples into lists and back."""
    return {
        "to_row": lambda one: {name: list(getattr(one, name)) for name in names},
        "of_row": lambda row: {name: tuple(getattr(row, name)) for name in names},
    }


def _overwritable_rating_columns(values: Values) -> Sequence[str]:
    marks = [name for name in ("attitude", "competence") if values[name] is not None]
    return ("tags", "comment", "reasons", *marks)


def _overwritable_opinion_columns(_values: Values) -> Sequence[str]:
    return ("tags", "comment", "explained")


def _overwritable_comment_columns(_values: Values) -> Sequence[str]:
    return ()


def _case_fields_to_row(one: cases.Case) -> Values:
    history = [[e.seq, utc_stamp(e.time), e.by, e.step, e.text, e.result, e.verdict] for e in one.history]
    return {
        "state": str(one.state),
        "concerns": list(one.concerns),
        "verdict": one.verdict and str(one.verdict),
        "outcome": one.outcome and str(one.outcome),
        "history": history,
    }


def _case_fields_from_row(row: Row[Any]) -> Values:
    return {
        "state": cases.CaseState(row.state),
        "concerns": tuple(row.concerns or ()),
        "verdict": cases.CustomerVerdict(row.verdict) if row.verdict else None,
        "outcome": cases.CaseOutcome(row.outcome) if row.outcome else None,
        "history": tuple(cases.CaseHistoryEntry(e[0], _time(e[1]), *e[2:]) for e in row.history),
    }


def _changeable_columns_function_of(table: str) -> Callable[[Values], Sequence[str]]:
    """Return the columns that somebody may change who does not read all of a row: they tell nothing of the rest."""
    return lambda _values: CHANGING[table]


def _appointment_state_columns(one: Appointment) -> Values:
    return {"state": one.state.value}


# -- the register ----------------------------------------------------------------------------------------------------

ROWS: dict[RecordKind[Any, Any], PartStorage[Any, Any]] = {
    rows.part: rows
    for rows in (
        PartStorage(state.CALLS, "calls"),
        PartStorage(state.OVERTAKES, "overtakes", order=("seq", "label")),
        PartStorage(state.WINDOWS, "windows", to_row=_window_to_row, of_row=_window_fields_from_row),
        PartStorage(state.SHIFTS, "shifts", to_row=_shift_to_row, of_row=_shift_fields_from_row),
        PartStorage(
            state.RATINGS,
            "ratings",
            **_tuple_list_converters("tags"),
            order=("time",),
            said=_overwritable_rating_columns,
        ),
        PartStorage(state.NOT_READY, "not_ready"),
        PartStorage(state.OFFERS, "offers"),
        PartStorage(state.TOTALS, "channel_totals", order=("first", "last", "channel", "site", "service")),
        PartStorage(state.PUSHED, "pushed_notices"),
        PartStorage(state.DAY_NOTES, "day_notes"),
        PartStorage(state.OPINIONS, "opinions", **_tuple_list_converters("tags"), said=_overwritable_opinion_columns),
        PartStorage(
            state.APPOINTMENTS,
            "appointments",
            f"state = '{AppointmentState.BOOKED}'",
            _appointment_state_columns,
            lambda row: {"state": AppointmentState(row.state)},
            order=("at", "seq"),
        ),
        PartStorage(state.ALARMS, "alarms"),
        PartStorage(state.DEVICES, "devices"),
        PartStorage(state.OUTAGES, "outages"),
        PartStorage(state.MESSAGES, "messages", "waits_for IS NOT NULL", _message_to_row, _seen_field_of_message_row),
        PartStorage(state.HELP_CALLS, "help_calls"),
        PartStorage(state.CHECKS, "checks"),
        PartStorage(state.WAIVERS, "waivers", **_tuple_list_converters("missing")),
        PartStorage(state.SPOKEN_COMMENTS, "spoken_comments", said=_overwritable_comment_columns),
        PartStorage(state.READ_COMMENTS, "read_comments"),
        PartStorage(
            state.CARD_RUNS, "card_runs", to_row=_steps_and_ticks_of_card_run, of_row=_card_steps_and_ticks_from_row
        ),
        PartStorage(state.MOVES, "moves", to_row=_move_to_row, of_row=_move_fields_from_row),
        PartStorage(
            state.CASES,
            "cases",
            to_row=_case_fields_to_row,
            of_row=_case_fields_from_row,
            said=_changeable_columns_function_of("cases"),
            untold=("source", cases.UNTOLD_SOURCE),
        ),
        PartStorage(
            state.INSPECTIONS,
            "inspections",
            "signed IS NULL AND dropped IS NULL",
            _inspection_to_row,
            _inspection_fields_from_row,
        ),
        PartStorage(
            state.RECTIFICATIONS,
            "rectifications",
            "closed IS NULL",
            _rectification_to_row,
            _rectification_fields_from_row,
            said=_changeable_columns_function_of("rectifications"),
            untold=("inspection", None),
        ),
        PartStorage(state.FORUMS, "forums", to_row=_forum_to_row, of_row=_forum_fields_from_row),
        PartStorage(state.THANKS, "thanks"),
        PartStorage(
            state.BRIEFINGS, "briefings", to_row=_receipts_field_of_briefing_row, of_row=_briefing_fields_from_row
        ),
        PartStorage(state.OPENINGS, "openings", to_row=_signed_hall_opening_to_row, of_row=_opening_fields_from_row),
        PartStorage(state.CLOSINGS, "closings"),
        PartStorage(state.DISPUTES, "disputes", said=_changeable_columns_function_of("disputes"), untold=("rated", "")),
        PartStorage(state.PROJECTS, "projects", to_row=encoded_project_fields, of_row=project_fields_from_row),
        PartStorage(state.WORDINGS, "wordings", **_tuple_list_converters("services")),
        PartStorage(state.TRAININGS, "trainings", **_tuple_list_converters("attended")),
        PartStorage(state.NAMED_NEEDS, "named_needs"),
    )
}
ROWS.update((part, PartStorage(part, schema.part_table_name(part))) for part in state.ADDED)
"""Every part but tickets: they and their legs are store/parts/tickets.py."""
CHANGING: Mapping[str, tuple[str, ...]] = {
    "shifts": ("closed", "pauses", "lent"),
    "ratings": ("level", "staff", "tags", "comment", "attitude", "competence", "reasons", "excluded"),
    "opinions": ("tags", "comment", "explained"),
    "appointments": ("state", "ticket"),
    "alarms": ("acknowledged", "by"),
    "devices": ("known", "since", "outage", "cause"),
    "outages": ("start", "end"),
    "messages": ("seen", "waits_for"),
    "help_calls": ("acknowledged", "helper", "ended", "end", "ended_by", "reason"),
    "card_runs": ("ticks", "ended", "end", "ended_by", "note"),
    "moves": (),
    "cases": (
        *("owner", "state", "since", "act_due", "answer_due", "limit", "contact", "contact_until", "asked", "tries"),
        "withheld",
        *("verdict", "reopened", "closed", "outcome", "history"),
    ),
    "rectifications": ("proofs", "looks", "reminded", "closed"),
    "forums": ("issues",),
    "thanks": ("seen",),
    "briefings": ("receipts",),
    "openings": (),
    "closings": (),
    "disputes": ("decided", "decided_by", "excluded", "answer"),
    "wordings": ("ended", "end"),
    "trainings": ("dropped",),
    "named_needs": ("seen",),
}
"""The columns in which later events change a row; in tables that are not here all of them. The others stay as they were
first written, and no login of a server may change them."""
FOLLOWING = ("series", "legs", "tickets", *(rows.name for rows in ROWS.values()), "signed_in", "tracker")
"""The tables that follow from the log alone, in the order in which a rebuild empties them."""


# -- reading and writing ---------------------------------------------------------------------------------------------


def find_object(tx: Transaction, hall: int, part: RecordKind[K, T], key: K) -> T | None:
    """Return a part's object with a key; None without one, and where this login may not read the part."""
    if _is_part_withheld(tx, part):
        return None
    values = key if isinstance(key, tuple) else (key,)
    named = {f"key_{name}": value for name, value in zip(part.key, values, strict=True)}
    found = _fixed_select_statement(part, _may_read_all_columns(tx, part), "key").fetch_rows(
        tx, {"hall": hall, **named}
    )
    return next(ROWS[part].objects_of_rows(found), None)


def objects_of_days(
    tx: Transaction, hall: int, part: RecordKind[K, T], first: date | None = None, last: date | None = None
) -> dict[K, T]:
    """Return the objects of the dates `first` to `last`, both included, or all, by their key and in order."""
    if _is_part_withheld(tx, part):
        return {}
    among = {name: day for name, day in (("first", first), ("last", last)) if day is not None}
    return _sorted_part_objects(
        part,
        _fixed_select_statement(part, _may_read_all_columns(tx, part), *among).fetch_rows(tx, {"hall": hall, **among}),
    )


def parts_with_rows_or_open(
    tx: Transaction, hall: int, parts: Iterable[RecordKind[Any, Any]], day: date
) -> set[tuple[str, str]]:
    """Return by name which of `parts` have objects of `day` ("day") and open ones of any date ("open"), in one
    statement: most parts have none, and a process takes a millisecond for the first use of each statement."""
    questions, statement = _parts_with_rows_query(tuple(part for part in parts if not _is_part_withheld(tx, part)))
    row = tx.execute(statement, {"hall": hall, "day": day.isoformat()}).one()
    return {question for question, is_there in zip(questions, row, strict=True) if is_there}


def objects_still_open(tx: Transaction, hall: int, part: RecordKind[K, T]) -> dict[K, T]:
    """Return the open objects of any date, in the order of their keys."""
    if _is_part_withheld(tx, part):
        return {}
    return _sorted_part_objects(
        part, tx.execute(_select_statement(part, _may_read_all_columns(tx, part), "open"), {"hall": hall}), part.key
    )


def part_objects_by_hall(tx: Transaction, among: Collection[int], part: RecordKind[K, T]) -> dict[int, dict[K, T]]:
    """Return all objects of each of several halls, like objects_of_days()."""
    found: dict[int, list[Row[Any]]] = {hall: [] for hall in among}
    if not _is_part_withheld(tx, part):
        for row in tx.execute(
            _select_statement(part, _may_read_all_columns(tx, part), "halls"), {"halls": list(among)}
        ):
            found[row.hall].append(row)
    return {hall: _sorted_part_objects(part, rows) for hall, rows in found.items()}


def objects_where(tx: Transaction, hall: int, part: RecordKind[K, T], *conditions: ColumnElement[bool]) -> dict[K, T]:
    """Return the objects that meet conditions on their table."""
    if _is_part_withheld(tx, part):
        return {}
    table = ROWS[part].table
    read = columns_with_withheld_replaced(table, told=_may_read_all_columns(tx, part))
    return _sorted_part_objects(part, tx.execute(select(*read).where(table.c.hall == hall, *conditions)))


def save_objects(tx: Transaction, hall: int, part: RecordKind[K, T], *things: T) -> None:
    """Write objects: those of a list are added, others replace the one with their key."""
    rows = ROWS[part]
    values = [rows.row_values(hall, thing) for thing in things]
    if not values:
        return
    if part.is_list:
        for value in values:
            _insert_statement(part).execute(tx, value)
    elif rows.said is not None and not may_read_ratings(tx):
        for value in values:
            _write_rating_or_comment_row(tx, rows, value, rows.said(value))
    else:
        upsert_rows(tx, rows.table, values, CHANGING.get(rows.name))


def _write_rating_or_comment_row(
    tx: Transaction, rows: PartStorage[Any, Any], values: dict[str, Any], said: Sequence[str]
) -> None:
    """Write a row of what a customer said. Who is not told all that stands there changes no more than the columns
    `said`."""
    table, (name, untold) = rows.table, rows.untold
    if values[name] != untold:
        tx.execute(insert(table), values)
    else:
        own = [column == values[column.name] for column in table.primary_key]
        tx.execute(update(table).where(*own).values({name: values[name] for name in said}))


def _may_read_all_columns(tx: Transaction, part: RecordKind[Any, Any]) -> bool:
    return ROWS[part].said is None or may_read_ratings(tx)


def _is_part_withheld(tx: Transaction, part: RecordKind[Any, Any]) -> bool:
    """Whether this login reads nothing of that part; to such a one there is none."""
    return ROWS[part].name in MANAGERS and not may_read_ratings(tx)


def delete_objects(tx: Transaction, hall: int, part: RecordKind[K, T], key: K | None = None) -> None:
    table = ROWS[part].table
    values = () if key is None else key if isinstance(key, tuple) else (key,)
    one = [table.c[name] == value for name, value in zip(part.key, values, strict=False)]
    tx.execute(table.delete().where(table.c.hall == hall, *one))


@cache
def _select_statement(part: RecordKind[Any, Any], told: bool, *asked: str) -> Select[Any]:
    """Return the one statement for what is asked; a fixed shape is built once."""
    rows = ROWS[part]
    table = rows.table
    several = table.c.hall.in_(bindparam("halls", expanding=True))
    conditions: list[ColumnElement[bool] | TextClause] = [
        several if "halls" in asked else table.c.hall == bindparam("hall")
    ]
    if "key" in asked:
        conditions += [table.c[name] == bindparam(f"key_{name}") for name in part.key]
    if "open" in asked and rows.open_condition is not None:
        conditions.append(text(rows.open_condition))
    if part.day is not None and "first" in asked:
        conditions.append(table.c[part.day] >= bindparam("first"))
    if part.day is not None and "last" in asked:
        conditions.append(table.c[part.day] <= bindparam("last"))
    return select(*columns_with_withheld_replaced(table, told=told)).where(*conditions)


@cache
def _fixed_select_statement(part: RecordKind[Any, Any], told: bool, *asked: str) -> FixedStatement:
    return FixedStatement(_select_statement(part, told, *asked))


@cache
def _parts_with_rows_query(parts: tuple[RecordKind[Any, Any], ...]) -> tuple[list[tuple[str, str]], TextClause]:
    """As text: put together from its expressions, it takes as long as the statements that it spares."""
    asked: dict[tuple[str, str], str] = {}
    for part in parts:
        table, is_open = ROWS[part].name, ROWS[part].open_condition
        begin = f"EXISTS (SELECT 1 FROM {table} WHERE {table}.hall = :hall"
        asked[part.name, "day"] = begin + (f" AND {table}.{part.day} = :day)" if part.day is not None else ")")
        if is_open is not None:
            asked[part.name, "open"] = f"{begin} AND {is_open})"
    return list(asked), text(f"SELECT {', '.join(asked.values())} FROM halls WHERE halls.id = :hall")


@cache
def _insert_statement(part: RecordKind[Any, Any]) -> FixedStatement:
    return FixedStatement(insert(ROWS[part].table))


def _sorted_part_objects(part: RecordKind[K, T], found: Iterable[Row[Any]], order: tuple[str, ...] = ()) -> dict[K, T]:
    """Sort here: asked for an order that a primary key has, SQLite would walk through all rows rather than use a day's
    index."""
    rows: PartStorage[K, T] = ROWS[part]
    things = sorted(rows.objects_of_rows(found), key=attrgetter(*(order or rows.order or part.key)))
    return part.records_by_key(things)


def channel_totals(
    tx: Transaction, hall: int, first: date | None = None, last: date | None = None
) -> list[ChannelTotal]:
    """Return the totals whose whole month or date lies between `first` and `last`, the earliest first."""
    totals = ROWS[TOTALS].table
    conditions = [*([totals.c.first >= first] if first else []), *([totals.c.last <= last] if last else [])]
    return list(objects_where(tx, hall, TOTALS, *conditions).values())


def finished_legs_by_service_and_date(
    tx: Transaction, hall: int, first: date, last: date
) -> dict[tuple[str, date], int]:
    """Return how many legs the hall finished by service and date, as the figures of its services count them."""
    statement = (
        select(legs.c.service, legs.c.date, func.count())
        .where(legs.c.hall == hall, legs.c.date >= first, legs.c.date <= last)
        .where(legs.c.finished.is_not(None), legs.c.end.in_(sorted(FINISHED_ENDS)))
        .group_by(legs.c.service, legs.c.date)
    )
    return {(service, day): n for service, day, n in tx.execute(statement)}
