"""The tables. Current state is written with the events it follows from and can be rebuilt from them.

A table is made when it is first asked for, by import (`from queuedesk.store.schema import tickets`) or by its name:
most commands need a third of them. The tables outside every log (BESIDE) have rows that can be deleted, and what
concerns a database itself."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date, datetime
from functools import partial
from threading import Lock
from types import NoneType
from typing import Any, get_args

from msgspec import Struct
from msgspec.structs import FieldInfo, fields
from sqlalchemy import Column, ForeignKey, Index, MetaData, Table, Text, UniqueConstraint, text
from sqlalchemy.dialects.sqlite import insert as upsert_sqlite

from queuedesk.core.appraisal import AppraisalMonthClosing, PersonBehindNeedRequest, SheetDispute, TrainingSession
from queuedesk.core.improvement.project import Project, WordingTrial
from queuedesk.core.log.apply import TABLES, register_rules_of_all_features
from queuedesk.core.log.state import ADDED, RecordKind
from queuedesk.core.quality.case import Case, CommentReadMark, SpokenComment
from queuedesk.core.quality.inspection import Briefing, SignedOpeningOrClosing
from queuedesk.core.quality.thanks import Forum, Thanks
from queuedesk.core.queue.appointment import Appointment
from queuedesk.core.queue.dispatch import Overtake
from queuedesk.core.queue.ticket import Rating, VisitorLackingPapers, WindowCall
from queuedesk.core.setup.sentences import CardRun
from queuedesk.core.talk.device import CheckWaiver, Device, DeviceCheck, Outage
from queuedesk.core.talk.messages import HelpCall
from queuedesk.core.talk.remarks import Alarm, ChannelOffer, DayNote, PushedNotice, TicketlessOpinion
from queuedesk.store.engine.types import (
    BigInt,
    EventDataColumn,
    EventDateColumn,
    FixedStatement,
    FlagColumn,
    IsoDateColumn,
    JsonColumn,
    Real,
    Transaction,
    UtcMomentColumn,
)

register_rules_of_all_features()

COLUMNS: dict[type, Any] = {int: BigInt, float: Real, bool: FlagColumn, datetime: UtcMomentColumn, date: IsoDateColumn}
"""Column types by those of a record's fields; text in any form is text, all else JSON."""
_UPSERTS: dict[tuple[str, str], FixedStatement] = {}
_metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    }
)


def strict_table_definition(name: str, *columns: Column[Any] | Index | UniqueConstraint) -> Table:
    return Table(name, _metadata, *columns, sqlite_strict=True)


def new_table_for_records(
    name: str,
    record: type[Struct],
    *indexes: Index | UniqueConstraint,
    key: Collection[str] = ("seq",),
    later: Collection[str] = (),
) -> Table:
    """Make the table of a hall's records: a column for each field, in their order, of the type that its annotation
    says. The hall and `key` are the primary key; of rows older than the switches `later` these are off."""
    columns = [
        _column_of_field(field, is_key=field.name in key, is_later=field.name in later) for field in fields(record)
    ]
    return strict_table_definition(name, hall_column(), *columns, *indexes)


def _column_of_field(field: FieldInfo, *, is_key: bool, is_later: bool) -> Column[Any]:
    kinds = [arg for arg in get_args(field.type) if arg is not NoneType]
    is_optional = NoneType in get_args(field.type)
    kind = kinds[0] if is_optional and len(kinds) == 1 else field.type
    of = Text if isinstance(kind, type) and issubclass(kind, str) else COLUMNS.get(kind, JsonColumn)
    if is_key:
        return Column(field.name, of, primary_key=True, autoincrement=False)
    return Column(field.name, of, nullable=is_optional, server_default="0" if is_later else None)


def part_table_name(part: RecordKind[Any, Any]) -> str:
    return part.name.replace(".", "_")


def _table_of_feature_part(name: str, part: RecordKind[Any, Any]) -> Table:
    """Make the table of a feature's part: a column for each field, indexes of its dates and of what is open."""
    indexes = [Index(f"ix_{name}_{part.day}", "hall", part.day)] if part.day is not None else []
    if part.open_while:
        indexes.append(Index(f"ix_{name}_open", "hall", **partial_index_arguments(f"{part.open_while} IS NULL")))
    return new_table_for_records(name, part.kind, *indexes, key=part.key)


def partial_index_arguments(condition: str) -> dict[str, Any]:
    """Limit an index to the rows that meet `condition`, which migrate.build also tells PostgreSQL. Naming that engine
    here would load its whole dialect, 40 ms of every start."""
    return {"sqlite_where": text(condition), "info": {"only": condition}}


def hall_column(*, primary: bool = True) -> Column[int]:
    return Column("hall", BigInt, ForeignKey("halls.id"), primary_key=primary, autoincrement=False, nullable=False)


_DEFINITIONS: dict[str, Callable[[str], Table]] = {
    "disputes": lambda name: new_table_for_records(
        name,
        SheetDispute,
        Index("ix_disputes_date", "hall", "date"),
        Index("ix_disputes_month", "hall", "month"),
        Index("ix_disputes_open", "hall", "decided", **partial_index_arguments("decided IS NULL")),
    ),
    "trainings": lambda name: new_table_for_records(
        name, TrainingSession, Index("ix_trainings_date", "hall", "date"), Index("ix_trainings_day", "hall", "day")
    ),
    "named_needs": lambda name: new_table_for_records(
        name,
        PersonBehindNeedRequest,
        Index("ix_named_needs_date", "hall", "date"),
        Index("ix_named_needs_unseen", "hall", "seen", **partial_index_arguments("seen IS NULL")),
    ),
    "closings": lambda name: new_table_for_records(
        name,
        AppraisalMonthClosing,
        Index("ix_closings_date", "hall", "date"),
        Index("ix_closings_month", "hall", "month"),
    ),
    "pins": lambda name: strict_table_definition(
        name, hall_column(), Column("staff", Text, primary_key=True), Column("hash", Text, nullable=False)
    ),
    "comments": lambda name: strict_table_definition(
        name,
        hall_column(),
        Column("id", Text, primary_key=True),
        Column("salt", Text, nullable=False),
        Column("text", Text, nullable=False),
        Column("written", UtcMomentColumn, nullable=False),
    ),
    # What customers said in thanks, and what briefings say: apart from comments, as those who work here read it.
    "thanks_words": lambda name: strict_table_definition(
        name,
        hall_column(),
        Column("id", Text, primary_key=True),
        Column("salt", Text, nullable=False),
        Column("text", Text, nullable=False),
        Column("written", UtcMomentColumn, nullable=False),
    ),
    "contacts": lambda name: strict_table_definition(
        name,
        hall_column(),
        Column("id", Text, primary_key=True),
        Column("salt", Text, nullable=False),
        Column("name", Text, nullable=False),
        Column("contact", Text, nullable=False),
        Column("until", IsoDateColumn, nullable=False),
    ),
    "access": lambda name: strict_table_definition(
        name,
        Column("id", BigInt, primary_key=True, autoincrement=True),
        Column("hall", BigInt, ForeignKey("halls.id"), nullable=False),
        Column("at", UtcMomentColumn, nullable=False),
        Column("actor", Text, nullable=False),
        Column("verb", Text, nullable=False),
        Column("code", Text, nullable=False),
    ),
    # In no backup either: what somebody still owes here for wrong PINs, in microseconds, and the clock by which that
    # was so.
    "pin_tries": lambda name: strict_table_definition(
        name,
        hall_column(),
        Column("person", Text, primary_key=True),
        Column("owed", BigInt, nullable=False),
        Column("clock", BigInt, nullable=False),
    ),
    "announcements": lambda name: strict_table_definition(
        name,
        hall_column(),
        Column("seq", BigInt, primary_key=True, autoincrement=False),
        Column("station", Text, primary_key=True),
        Column("shown", UtcMomentColumn),
        Column("spoken", UtcMomentColumn),
        Column("link", Text),
        Column("text", Text),
        Column("sound_ms", BigInt),
        Column("delay_ms", BigInt),
        Column("cause", Text),
        UniqueConstraint("hall", "seq", "station"),
    ),
    # -- a database itself: epoch, joined PCs, codes, backups; in no log and no backup ---------------------------------
    "database": lambda name: strict_table_definition(
        name,
        Column("id", BigInt, primary_key=True, autoincrement=False),
        Column("epoch", Text, nullable=False),
        Column("moved_to", Text),
        Column("oldest", Text),
    ),
    "pcs": lambda name: strict_table_definition(
        name,
        Column("role", Text, primary_key=True),
        hall_column(primary=False),
        Column("name", Text, nullable=False),
        Column("kind", Text, nullable=False),
        Column("made", UtcMomentColumn, nullable=False),
        Column("made_by", Text, nullable=False),
        Column("seen", UtcMomentColumn),
        Column("withdrawn", UtcMomentColumn),
        Column("version", Text),
    ),
    "joins": lambda name: strict_table_definition(
        name,
        Column("id", Text, primary_key=True),
        hall_column(primary=False),
        Column("kind", Text, nullable=False),
        Column("salt", Text, nullable=False),
        Column("key", Text, nullable=False),
        Column("made", UtcMomentColumn, nullable=False),
        Column("made_by", Text, nullable=False),
        Column("expires", UtcMomentColumn, nullable=False),
        Column("tries_left", BigInt, nullable=False),
        Column("used", UtcMomentColumn),
    ),
    "backups": lambda name: strict_table_definition(
        name,
        hall_column(),
        Column("made", UtcMomentColumn),
        Column("proven", UtcMomentColumn),
        Column("seq", BigInt),
        Column("hash", Text),
        Column("place", Text, nullable=False),
        Column("pc", Text, nullable=False),
        Column("same_disk", BigInt, nullable=False),
        Column("tried", UtcMomentColumn),
        Column("code", Text),
    ),
    "spoken_comments": lambda name: new_table_for_records(
        name, SpokenComment, Index("ix_spoken_comments_date", "hall", "date")
    ),
    "read_comments": lambda name: new_table_for_records(
        name, CommentReadMark, Index("ix_read_comments_date", "hall", "date"), key=("id",)
    ),
    "projects": lambda name: new_table_for_records(
        name,
        Project,
        Index("ix_projects_date", "hall", "date"),
        Index("ix_projects_open", "hall", "ended", **partial_index_arguments("ended IS NULL")),
    ),
    "wordings": lambda name: new_table_for_records(
        name,
        WordingTrial,
        Index("ix_wordings_date", "hall", "date"),
        Index("ix_wordings_open", "hall", "ended", **partial_index_arguments("ended IS NULL")),
    ),
    "cases": lambda name: new_table_for_records(
        name,
        Case,
        Index("ix_cases_number", "hall", "number"),
        Index("ix_cases_date", "hall", "date"),
        Index("ix_cases_open", "hall", "closed", **partial_index_arguments("closed IS NULL")),
        later=("withheld",),
    ),
    "inspections": lambda name: strict_table_definition(
        name,
        hall_column(),
        Column("seq", BigInt, primary_key=True, autoincrement=False),
        Column("date", IsoDateColumn, nullable=False),
        Column("channel", Text, nullable=False),
        Column("sheet", Text, nullable=False),
        Column("by", Text, nullable=False),
        Column("planned", FlagColumn, nullable=False),
        Column("staff", Text),
        Column("visitor", BigInt),
        Column("outsider", Text),
        Column("version", BigInt),
        Column("name", Text, nullable=False),
        Column("name_en", Text, nullable=False),
        Column("items", JsonColumn, nullable=False),
        Column("started", UtcMomentColumn),
        Column("marks", JsonColumn, nullable=False),
        Column("visit_date", IsoDateColumn),
        Column("visit", Text),
        Column("claimed_s", BigInt),
        Column("signed", UtcMomentColumn),
        Column("signed_by", Text),
        Column("dropped", UtcMomentColumn),
        Column("reason", Text),
        Index("ix_inspections_date", "hall", "date"),
        Index("ix_inspections_open", "hall", "signed", **partial_index_arguments("signed IS NULL AND dropped IS NULL")),
    ),
    "rectifications": lambda name: strict_table_definition(
        name,
        hall_column(),
        Column("seq", BigInt, primary_key=True, autoincrement=False),
        Column("date", IsoDateColumn, nullable=False),
        Column("issue", Text, nullable=False),
        Column("owner", Text, nullable=False),
        Column("due", IsoDateColumn, nullable=False),
        Column("by", Text, nullable=False),
        Column("inspection", BigInt),
        Column("item", BigInt),
        Column("proofs", JsonColumn, nullable=False),
        Column("looks", JsonColumn, nullable=False),
        Column("reminded", UtcMomentColumn),
        Column("closed", UtcMomentColumn),
        Index("ix_rectifications_date", "hall", "date"),
        Index("ix_rectifications_open", "hall", "closed", **partial_index_arguments("closed IS NULL")),
    ),
    "briefings": lambda name: new_table_for_records(name, Briefing, Index("ix_briefings_date", "hall", "date")),
    "openings": lambda name: new_table_for_records(
        name, SignedOpeningOrClosing, Index("ix_openings_date", "hall", "date")
    ),
    "thanks": lambda name: new_table_for_records(
        name,
        Thanks,
        Index("ix_thanks_date", "hall", "date"),
        Index("ix_thanks_unseen", "hall", "seen", **partial_index_arguments("seen IS NULL")),
    ),
    "forums": lambda name: new_table_for_records(name, Forum, Index("ix_forums_date", "hall", "date")),
    "halls": lambda name: strict_table_definition(
        name,
        Column("id", BigInt, primary_key=True, autoincrement=False),
        Column("code", Text, nullable=False, unique=True),
        Column("seq", BigInt, nullable=False),
        Column("hash", Text, nullable=False),
        Column("at", UtcMomentColumn),
        Column("date", IsoDateColumn),
        Column("normal_calls", BigInt),
        Column("calls_date", IsoDateColumn),
        Column("setup_hash", Text, nullable=False),
        Column("setup", JsonColumn, nullable=False),
    ),
    "events": lambda name: strict_table_definition(
        name,
        hall_column(),
        Column("seq", BigInt, primary_key=True, autoincrement=False),
        Column("at", UtcMomentColumn, nullable=False),
        Column("time", UtcMomentColumn, nullable=False),
        Column("kind", Text, nullable=False),
        Column("actor", Text, nullable=False),
        Column("date", EventDateColumn),
        Column("ticket", Text),
        Column("service", Text),
        Column("window", Text),
        Column("staff", Text),
        Column("command", Text),
        Column("data", EventDataColumn, nullable=False),
        Column("prev", Text, nullable=False),
        Column("hash", Text, nullable=False),
        # With kind and seq in it, which part of the log a date is, and which few of its events are of a kind, takes no
        # look at the events.
        Index("ix_events_day", "hall", "date", "ticket", "kind", "seq"),
        Index("ix_events_indicators", "hall", "kind", "seq", **partial_index_arguments("kind = 'indicators'")),
        Index("ix_events_set_right", "hall", "kind", "seq", **partial_index_arguments("kind = 'set-right'")),
        Index("ix_events_set_up", "hall", "kind", "seq", **partial_index_arguments("kind = 'set-up'")),
    ),
    "commands": lambda name: strict_table_definition(
        name,
        hall_column(),
        Column("command", Text, primary_key=True),
        Column("words", Text, nullable=False),
        Column("seq", BigInt, nullable=False),
        Column("answer", JsonColumn, nullable=False),
    ),
    "series": lambda name: strict_table_definition(
        name,
        hall_column(),
        Column("date", IsoDateColumn, primary_key=True),
        Column("prefix", Text, primary_key=True),
        Column("number", BigInt, nullable=False),
    ),
    "tickets": lambda name: strict_table_definition(
        name,
        hall_column(),
        Column("date", IsoDateColumn, primary_key=True),
        Column("label", Text, primary_key=True),
        Column("service", Text, nullable=False),
        Column("state", Text, nullable=False),
        Column("arrived", UtcMomentColumn, nullable=False),
        Column("place", UtcMomentColumn, nullable=False),
        Column("seq", BigInt, nullable=False),
        Column("turn", BigInt, nullable=False),
        Column("token", Text, nullable=False),
        Column("item", Text),
        Column("klass", Text, nullable=False),
        Column("credit_s", BigInt, nullable=False),
        Column("has_credit", FlagColumn, nullable=False),
        Column("steps", JsonColumn, nullable=False),
        Column("window", Text),
        Column("to_window", Text),
        Column("to_staff", Text),
        Column("held_until", UtcMomentColumn),
        Column("not_before", UtcMomentColumn),
        Column("round_calls", BigInt, nullable=False),
        Column("misses", BigInt, nullable=False),
        Column("missed_at", UtcMomentColumn),
        Column("postponed", BigInt, nullable=False),
        Column("overtaken", BigInt, nullable=False),
        Column("since", UtcMomentColumn),
        Column("stalled_since", UtcMomentColumn),
        Column("reason", Text),
        Column("guide", Text),
        Column("promise_ahead", BigInt),
        Column("promise_low", BigInt),
        Column("promise_high", BigInt),
        Column("promise_point_s", BigInt),
        Column("promise_reason", Text),
        Column("promise_sd_s", BigInt),
        Column("promise_naive_s", BigInt),
        Column("promise_bounds", JsonColumn),
        Column("promise_made_of", JsonColumn),
        Column("promise_leads", Text),
        Column("flags", JsonColumn, nullable=False),
        Column("rating", BigInt),
        Column("return_of", Text),
        Column("ref", Text),
        # Partial indexes hold the column of their condition too: with it they beat all others that begin with the hall.
        Index("ix_tickets_waiting", "hall", "state", "service", **partial_index_arguments("state = 'waiting'")),
        Index(
            "ix_tickets_aside",
            "hall",
            "state",
            **partial_index_arguments("state IN ('called', 'serving', 'parked', 'missed')"),
        ),
        Index("ix_tickets_day", "hall", "date", "service"),
    ),
    "legs": lambda name: strict_table_definition(
        name,
        hall_column(),
        Column("date", IsoDateColumn, primary_key=True),
        Column("label", Text, primary_key=True),
        Column("n", BigInt, primary_key=True, autoincrement=False),
        Column("service", Text, nullable=False),
        Column("joined", UtcMomentColumn, nullable=False),
        Column("called", UtcMomentColumn),
        Column("last_called", UtcMomentColumn),
        Column("calls", BigInt, nullable=False),
        Column("started", UtcMomentColumn),
        Column("finished", UtcMomentColumn),
        Column("window", Text),
        Column("staff", Text),
        Column("end", Text),
        Column("ended", UtcMomentColumn),
        Column("held_us", BigInt, nullable=False),
        Column("stalled_us", BigInt, nullable=False),
        Column("item", Text),
        Column("outcome", Text),
        Column("note", Text),
        Column("form_free", FlagColumn, nullable=False),
        Column("delivered", JsonColumn, nullable=False),
        Column("start_assumed", FlagColumn, nullable=False),
        Column("inaccurate", FlagColumn, nullable=False),
    ),
    "calls": lambda name: new_table_for_records(
        name,
        WindowCall,
        Index("ix_calls_date", "hall", "date", "seq"),
        Index("ix_calls_missed", "hall", "service", "time"),
    ),
    "overtakes": lambda name: new_table_for_records(
        name, Overtake, Index("ix_overtakes_date", "hall", "date", "label"), key=("seq", "date", "label")
    ),
    "windows": lambda name: strict_table_definition(
        name,
        hall_column(),
        Column("code", Text, primary_key=True),
        Column("state", Text, nullable=False),
        Column("staff", Text),
        Column("ticket_date", IsoDateColumn),
        Column("ticket", Text),
        Column("since", UtcMomentColumn),
        Column("reason", Text),
        Column("back", UtcMomentColumn),
        Column("last_date", IsoDateColumn),
        Column("last", Text),
        Column("shift", BigInt),
        Column("extra", JsonColumn),
    ),
    "shifts": lambda name: strict_table_definition(
        name,
        hall_column(),
        Column("id", BigInt, primary_key=True, autoincrement=False),
        Column("window", Text, nullable=False),
        Column("staff", Text, nullable=False),
        Column("date", IsoDateColumn, nullable=False),
        Column("opened", UtcMomentColumn, nullable=False),
        Column("closed", UtcMomentColumn),
        Column("pauses", JsonColumn, nullable=False),
        Column("lent", JsonColumn),
        Index("ix_shifts_date", "hall", "date"),
        Index("ix_shifts_open", "hall", "closed", **partial_index_arguments("closed IS NULL")),
    ),
    "ratings": lambda name: new_table_for_records(name, Rating, key=("date", "label")),
    "not_ready": lambda name: new_table_for_records(
        name, VisitorLackingPapers, Index("ix_not_ready_date", "hall", "date")
    ),
    "signed_in": lambda name: strict_table_definition(
        name, hall_column(), Column("station", Text, primary_key=True), Column("staff", Text, nullable=False)
    ),
    "offers": lambda name: new_table_for_records(name, ChannelOffer, Index("ix_offers_date", "hall", "date")),
    "channel_totals": lambda name: strict_table_definition(
        name,
        hall_column(),
        Column("first", IsoDateColumn, primary_key=True),
        Column("last", IsoDateColumn, primary_key=True),
        Column("channel", Text, primary_key=True),
        Column("site", Text, primary_key=True),
        Column("service", Text, primary_key=True),
        Column("n", BigInt, nullable=False),
        Column("amount_cents", BigInt),
    ),
    "pushed_notices": lambda name: new_table_for_records(name, PushedNotice, later=("spoken", "emergency")),
    "day_notes": lambda name: new_table_for_records(name, DayNote, Index("ix_day_notes_day", "hall", "day")),
    "appointments": lambda name: new_table_for_records(
        name,
        Appointment,
        Index("ix_appointments_date", "hall", "date"),
        Index("ix_appointments_kept", "hall", "state", **partial_index_arguments("state = 'booked'")),
    ),
    "opinions": lambda name: new_table_for_records(name, TicketlessOpinion, Index("ix_opinions_date", "hall", "date")),
    "alarms": lambda name: new_table_for_records(name, Alarm),
    # -- suggested moves: taken or turned down, with what was expected of them -----------------------------------------
    "moves": lambda name: strict_table_definition(
        name,
        hall_column(),
        Column("seq", BigInt, primary_key=True, autoincrement=False),
        Column("date", IsoDateColumn, nullable=False),
        Column("time", UtcMomentColumn, nullable=False),
        Column("by", Text, nullable=False),
        Column("kind", Text, nullable=False),
        Column("taken", FlagColumn, nullable=False),
        Column("window", Text),
        Column("staff", Text),
        Column("service", Text),
        Column("to", Text),
        Column("minutes", BigInt),
        Column("services", JsonColumn, nullable=False),
        Column("effect", JsonColumn),
        Column("base", JsonColumn, nullable=False),
        Index("ix_moves_date", "hall", "date"),
    ),
    # -- wait promises: the bounds in use, which follow from the log, and what dates taught, made again from the tables
    "tracker": lambda name: strict_table_definition(
        name,
        hall_column(),
        Column("low", Real, nullable=False),
        Column("high", Real, nullable=False),
        Column("upto", BigInt, nullable=False),
        Column("at", UtcMomentColumn, nullable=False),
        Column("date", IsoDateColumn, nullable=False),
    ),
    "learned_days": lambda name: strict_table_definition(
        name,
        hall_column(),
        Column("date", IsoDateColumn, primary_key=True),
        Column("version", BigInt, nullable=False),
        Column("taught", JsonColumn, nullable=False),
    ),
    "learned": lambda name: strict_table_definition(
        name,
        hall_column(),
        Column("date", IsoDateColumn, primary_key=True),
        Column("setup_hash", Text, nullable=False),
        Column("learned", JsonColumn, nullable=False),
    ),
    # -- what people of the hall say to each other: messages between stations, calls for help --------------------------
    "messages": lambda name: strict_table_definition(
        name,
        hall_column(),
        Column("seq", BigInt, primary_key=True, autoincrement=False),
        Column("date", IsoDateColumn, nullable=False),
        Column("time", UtcMomentColumn, nullable=False),
        Column("by", Text, nullable=False),
        Column("origin", Text, nullable=False),
        Column("to", Text, nullable=False),
        Column("text", Text, nullable=False),
        Column("text_en", Text, nullable=False),
        Column("seen", JsonColumn, nullable=False),
        Column("waits_for", Text),
        Index("ix_messages_date", "hall", "date"),
        Index("ix_messages_open", "hall", "waits_for", **partial_index_arguments("waits_for IS NOT NULL")),
    ),
    "help_calls": lambda name: new_table_for_records(
        name,
        HelpCall,
        Index("ix_help_calls_date", "hall", "date"),
        Index("ix_help_calls_open", "hall", "ended", **partial_index_arguments("ended IS NULL")),
    ),
    # -- contingency cards that were opened ----------------------------------------------------------------------------
    "card_runs": lambda name: new_table_for_records(
        name,
        CardRun,
        Index("ix_card_runs_date", "hall", "date"),
        Index("ix_card_runs_open", "hall", "ended", **partial_index_arguments("ended IS NULL")),
    ),
    # -- what was checked before the hall opened, and of windows that were opened without ------------------------------
    "checks": lambda name: new_table_for_records(name, DeviceCheck, Index("ix_checks_date", "hall", "date")),
    "waivers": lambda name: new_table_for_records(name, CheckWaiver, Index("ix_waivers_date", "hall", "date")),
    # -- the hall's equipment: what follows from the log, and the signs of life beside it ------------------------------
    "devices": lambda name: new_table_for_records(name, Device, key=("device", "station")),
    "outages": lambda name: new_table_for_records(name, Outage, Index("ix_outages_end", "hall", "end")),
    # The last sign of life of each station: of this moment and this PC, so that no copy of a hall takes it along.
    "beats": lambda name: strict_table_definition(
        name,
        hall_column(),
        Column("device", Text, primary_key=True),
        Column("station", Text, primary_key=True),
        Column("time", UtcMomentColumn, nullable=False),
    ),
}
_DEFINITIONS.update((part_table_name(part), partial(_table_of_feature_part, part=part)) for part in ADDED)
_DEFINITIONS.update((own.name, partial(new_table_for_records, record=own.record, key=own.key)) for own in TABLES)

BESIDE = ("pins", "comments", "thanks_words", "contacts", "access", "announcements")
OUTSIDE = ("commands", *BESIDE)
"""What a log does not bring with it: the answers kept for ids, and what stands outside the log."""
OWN = ("database", "pcs", "joins", "backups")
LEARNED = ("learned_days", "learned")
"""Neither in the log nor in a backup: only kept to spare the work."""
MOVING_FEATURE_TABLES = tuple(own.name for own in TABLES if own.moves)
_making = Lock()


def __getattr__(name: str) -> Table:
    """Return a table that another module imports from here."""
    if name not in _DEFINITIONS:
        raise AttributeError(name)
    return table_named(name)


def table_named(name: str) -> Table:
    with _making:
        made = _metadata.tables.get(name)
        return _DEFINITIONS[name](name) if made is None else made


def metadata_of_all_tables() -> MetaData:
    for name in _DEFINITIONS:
        table_named(name)
    return _metadata


def upsert_rows(
    tx: Transaction,
    table: Table,
    values: dict[str, Any] | list[dict[str, Any]],
    changing: Collection[str] | None = None,
) -> None:
    """Write one row or several by the primary key, whether it is there or not. Of a row that is there only the columns
    `changing` are written, without them all; they are the same for a table each time."""
    engine = tx.dialect.name
    statement = _UPSERTS.get((engine, table.name))
    if statement is None:
        fresh: Any = upsert_sqlite(table)
        if engine != "sqlite":
            from sqlalchemy.dialects.postgresql import insert as upsert_postgresql

            fresh = upsert_postgresql(table)
        key = [c.name for c in table.primary_key]
        names = [c.name for c in table.c if c.name not in key and (changing is None or c.name in changing)]
        rest = {name: fresh.excluded[name] for name in names}
        changed = fresh.on_conflict_do_update(index_elements=key, set_=rest) if rest else fresh
        statement = FixedStatement(changed)
        _UPSERTS[(engine, table.name)] = statement
    for value in values if isinstance(values, list) else (values,):
        statement.execute(tx, value)
