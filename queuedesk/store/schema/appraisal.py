"""The tables of disputed rows of the person's sheets, of months closed, of training sessions and of who was named for
training."""

from __future__ import annotations

from sqlalchemy import Index

from queuedesk.core.appraisal import Closing, Dispute, NamedNeed, Training
from queuedesk.store.schema.table import only, record_table

disputes = record_table(
    "disputes",
    Dispute,
    Index("ix_disputes_date", "hall", "date"),
    Index("ix_disputes_month", "hall", "month"),
    Index("ix_disputes_open", "hall", "decided", **only("decided IS NULL")),
)

trainings = record_table(
    "trainings",
    Training,
    Index("ix_trainings_date", "hall", "date"),
    Index("ix_trainings_day", "hall", "day"),
)

named_needs = record_table(
    "named_needs",
    NamedNeed,
    Index("ix_named_needs_date", "hall", "date"),
    Index("ix_named_needs_unseen", "hall", "seen", **only("seen IS NULL")),
)

closings = record_table(
    "closings",
    Closing,
    Index("ix_closings_date", "hall", "date"),
    Index("ix_closings_month", "hall", "month"),
)
