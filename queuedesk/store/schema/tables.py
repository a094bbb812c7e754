"""The tables. Current state is written with the events it follows from and can be rebuilt from them."""

from __future__ import annotations

from sqlalchemy import Column, Index, Text

from queuedesk.core.queue.appointment import Appointment
from queuedesk.core.queue.dispatch import Overtake
from queuedesk.core.queue.ticket import CallMade, NotReady, Rating
from queuedesk.core.setup.cards import CardRun
from queuedesk.core.talk.device import Device, Outage
from queuedesk.core.talk.messages import HelpCall
from queuedesk.core.talk.opening_checks import Check, Waiver
from queuedesk.core.talk.remarks import Alarm, DayNote, Offer, Opinion, PushedNotice
from queuedesk.store.engine.types import BigInt, Day, Flag, Json, LogData, LogDay, Moment, Real
from queuedesk.store.schema.beside import BESIDE
from queuedesk.store.schema.table import hall_column, only, record_table, strict_table

halls = strict_table(
    "halls",
    Column("id", BigInt, primary_key=True, autoincrement=False),
    Column("code", Text, nullable=False, unique=True),
    Column("seq", BigInt, nullable=False),
    Column("hash", Text, nullable=False),
    Column("at", Moment),
    Column("date", Day),
    Column("normal_calls", BigInt),
    Column("calls_date", Day),
    Column("setup_hash", Text, nullable=False),
    Column("setup", Json, nullable=False),
)

events = strict_table(
    "events",
    hall_column(),
    Column("seq", BigInt, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("time", Moment, nullable=False),
    Column("kind", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("date", LogDay),
    Column("ticket", Text),
    Column("service", Text),
    Column("window", Text),
    Column("staff", Text),
    Column("command", Text),
    Column("data", LogData, nullable=False),
    Column("prev", Text, nullable=False),
    Column("hash", Text, nullable=False),
)
# With kind and seq in it, which part of the log a date is, and which few of its events are of a kind, takes no look at
# the events.
DATE_INDEX = Index("ix_events_day", *(events.c[name] for name in ("hall", "date", "ticket", "kind", "seq")))

Index("ix_events_indicators", events.c.hall, events.c.kind, events.c.seq, **only("kind = 'indicators'"))
Index("ix_events_set_right", events.c.hall, events.c.kind, events.c.seq, **only("kind = 'set-right'"))
SET_UP_INDEX = Index("ix_events_set_up", events.c.hall, events.c.kind, events.c.seq, **only("kind = 'set-up'"))

commands = strict_table(
    "commands",
    hall_column(),
    Column("command", Text, primary_key=True),
    Column("words", Text, nullable=False),
    Column("seq", BigInt, nullable=False),
    Column("answer", Json, nullable=False),
)

series = strict_table(
    "series",
    hall_column(),
    Column("date", Day, primary_key=True),
    Column("prefix", Text, primary_key=True),
    Column("number", BigInt, nullable=False),
)

tickets = strict_table(
    "tickets",
    hall_column(),
    Column("date", Day, primary_key=True),
    Column("label", Text, primary_key=True),
    Column("service", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("arrived", Moment, nullable=False),
    Column("place", Moment, nullable=False),
    Column("seq", BigInt, nullable=False),
    Column("turn", BigInt, nullable=False),
    Column("token", Text, nullable=False),
    Column("item", Text),
    Column("klass", Text, nullable=False),
    Column("credit_s", BigInt, nullable=False),
    Column("has_credit", Flag, nullable=False),
    Column("steps", Json, nullable=False),
    Column("window", Text),
    Column("to_window", Text),
    Column("to_staff", Text),
    Column("held_until", Moment),
    Column("not_before", Moment),
    Column("round_calls", BigInt, nullable=False),
    Column("misses", BigInt, nullable=False),
    Column("missed_at", Moment),
    Column("postponed", BigInt, nullable=False),
    Column("overtaken", BigInt, nullable=False),
    Column("since", Moment),
    Column("stalled_since", Moment),
    Column("reason", Text),
    Column("guide", Text),
    Column("promise_ahead", BigInt),
    Column("promise_low", BigInt),
    Column("promise_high", BigInt),
    Column("promise_point_s", BigInt),
    Column("promise_reason", Text),
    Column("promise_sd_s", BigInt),
    Column("promise_naive_s", BigInt),
    Column("promise_bounds", Json),
    Column("promise_made_of", Json),
    Column("promise_leads", Text),
    Column("flags", Json, nullable=False),
    Column("rating", BigInt),
    Column("return_of", Text),
    Column("ref", Text),
)
# Partial indexes hold the column of their condition too: with it they beat every other index that begins with the hall.
Index(
    "ix_tickets_waiting",
    tickets.c.hall,
    tickets.c.state,
    tickets.c.service,
    **only("state = 'waiting'"),
)
Index(
    "ix_tickets_aside",
    tickets.c.hall,
    tickets.c.state,
    **only("state IN ('called', 'serving', 'parked', 'missed')"),
)
Index("ix_tickets_day", tickets.c.hall, tickets.c.date, tickets.c.service)

legs = strict_table(
    "legs",
    hall_column(),
    Column("date", Day, primary_key=True),
    Column("label", Text, primary_key=True),
    Column("n", BigInt, primary_key=True, autoincrement=False),
    Column("service", Text, nullable=False),
    Column("joined", Moment, nullable=False),
    Column("called", Moment),
    Column("last_called", Moment),
    Column("calls", BigInt, nullable=False),
    Column("started", Moment),
    Column("finished", Moment),
    Column("window", Text),
    Column("staff", Text),
    Column("end", Text),
    Column("ended", Moment),
    Column("held_us", BigInt, nullable=False),
    Column("stalled_us", BigInt, nullable=False),
    Column("item", Text),
    Column("outcome", Text),
    Column("note", Text),
    Column("form_free", Flag, nullable=False),
    Column("delivered", Json, nullable=False),
    Column("start_assumed", Flag, nullable=False),
    Column("inaccurate", Flag, nullable=False),
)

calls = record_table(
    "calls",
    CallMade,
    Index("ix_calls_date", "hall", "date", "seq"),
    Index("ix_calls_missed", "hall", "service", "time"),
)

overtakes = record_table(
    "overtakes",
    Overtake,
    Index("ix_overtakes_date", "hall", "date", "label"),
    key=(
        "seq",
        "date",
        "label",
    ),
)

windows = strict_table(
    "windows",
    hall_column(),
    Column("code", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("staff", Text),
    Column("ticket_date", Day),
    Column("ticket", Text),
    Column("since", Moment),
    Column("reason", Text),
    Column("back", Moment),
    Column("last_date", Day),
    Column("last", Text),
    Column("shift", BigInt),
    Column("extra", Json),
)

shifts = strict_table(
    "shifts",
    hall_column(),
    Column("id", BigInt, primary_key=True, autoincrement=False),
    Column("window", Text, nullable=False),
    Column("staff", Text, nullable=False),
    Column("date", Day, nullable=False),
    Column("opened", Moment, nullable=False),
    Column("closed", Moment),
    Column("pauses", Json, nullable=False),
    Column("lent", Json),
    Index("ix_shifts_date", "hall", "date"),
    Index("ix_shifts_open", "hall", "closed", **only("closed IS NULL")),
)

ratings = record_table(
    "ratings",
    Rating,
    key=(
        "date",
        "label",
    ),
)

not_ready = record_table(
    "not_ready",
    NotReady,
    Index("ix_not_ready_date", "hall", "date"),
)

signed_in = strict_table(
    "signed_in",
    hall_column(),
    Column("station", Text, primary_key=True),
    Column("staff", Text, nullable=False),
)

offers = record_table(
    "offers",
    Offer,
    Index("ix_offers_date", "hall", "date"),
)

channel_totals = strict_table(
    "channel_totals",
    hall_column(),
    Column("first", Day, primary_key=True),
    Column("last", Day, primary_key=True),
    Column("channel", Text, primary_key=True),
    Column("site", Text, primary_key=True),
    Column("service", Text, primary_key=True),
    Column("n", BigInt, nullable=False),
    Column("amount_cents", BigInt),
)

pushed_notices = record_table("pushed_notices", PushedNotice, later=("spoken", "emergency"))

day_notes = record_table(
    "day_notes",
    DayNote,
    Index("ix_day_notes_day", "hall", "day"),
)

appointments = record_table(
    "appointments",
    Appointment,
    Index("ix_appointments_date", "hall", "date"),
)
Index(
    "ix_appointments_kept",
    appointments.c.hall,
    appointments.c.state,
    **only("state = 'booked'"),
)

opinions = record_table(
    "opinions",
    Opinion,
    Index("ix_opinions_date", "hall", "date"),
)

alarms = record_table(
    "alarms",
    Alarm,
)

# What a log does not bring with it: the answers kept for ids, and what stands outside the log.
OUTSIDE = (commands, *BESIDE)


# -- tables of suggested moves: taken or turned down, with what was expected of them ---------------------------------

moves = strict_table(
    "moves",
    hall_column(),
    Column("seq", BigInt, primary_key=True, autoincrement=False),
    Column("date", Day, nullable=False),
    Column("time", Moment, nullable=False),
    Column("by", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("taken", Flag, nullable=False),
    Column("window", Text),
    Column("staff", Text),
    Column("service", Text),
    Column("to", Text),
    Column("minutes", BigInt),
    Column("services", Json, nullable=False),
    Column("effect", Json),
    Column("base", Json, nullable=False),
    Index("ix_moves_date", "hall", "date"),
)


# The tables of wait promises: the bounds in use, which follow from the log, and what dates taught, which is made from
# the tables again when it is not there.

tracker = strict_table(
    "tracker",
    hall_column(),
    Column("low", Real, nullable=False),
    Column("high", Real, nullable=False),
    Column("upto", BigInt, nullable=False),
    Column("at", Moment, nullable=False),
    Column("date", Day, nullable=False),
)

learned_days = strict_table(
    "learned_days",
    hall_column(),
    Column("date", Day, primary_key=True),
    Column("version", BigInt, nullable=False),
    Column("taught", Json, nullable=False),
)

learned = strict_table(
    "learned",
    hall_column(),
    Column("date", Day, primary_key=True),
    Column("setup_hash", Text, nullable=False),
    Column("learned", Json, nullable=False),
)

LEARNED = (learned_days, learned)
"""Neither in the log nor in a backup: only kept to spare the work."""


# -- the tables of what people of the hall say to each other: messages between stations, calls for help --------------

messages = strict_table(
    "messages",
    hall_column(),
    Column("seq", BigInt, primary_key=True, autoincrement=False),
    Column("date", Day, nullable=False),
    Column("time", Moment, nullable=False),
    Column("by", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("to", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("text_en", Text, nullable=False),
    Column("seen", Json, nullable=False),
    Column("waits_for", Text),
    Index("ix_messages_date", "hall", "date"),
)
Index("ix_messages_open", messages.c.hall, messages.c.waits_for, **only("waits_for IS NOT NULL"))

help_calls = record_table(
    "help_calls",
    HelpCall,
    Index("ix_help_calls_date", "hall", "date"),
    Index("ix_help_calls_open", "hall", "ended", **only("ended IS NULL")),
)


# -- the table of contingency cards that were opened -----------------------------------------------------------------

card_runs = record_table(
    "card_runs",
    CardRun,
    Index("ix_card_runs_date", "hall", "date"),
    Index("ix_card_runs_open", "hall", "ended", **only("ended IS NULL")),
)


# -- the tables of what was checked before the hall opened, and of windows that were opened without ------------------

checks = record_table(
    "checks",
    Check,
    Index("ix_checks_date", "hall", "date"),
)

waivers = record_table(
    "waivers",
    Waiver,
    Index("ix_waivers_date", "hall", "date"),
)


# -- the tables of the hall's equipment: what follows from the log, and the signs of life beside it ------------------

devices = record_table(
    "devices",
    Device,
    key=(
        "device",
        "station",
    ),
)

outages = record_table(
    "outages",
    Outage,
    Index("ix_outages_end", "hall", "end"),
)

beats = strict_table(
    "beats",
    hall_column(),
    Column("device", Text, primary_key=True),
    Column("station", Text, primary_key=True),
    Column("time", Moment, nullable=False),
)
"""The last sign of life of each station: of this moment and this PC, so that no copy of a hall takes it along."""
