"""The table of cases."""

from __future__ import annotations

from sqlalchemy import Index

from queuedesk.core.quality.case import Case
from queuedesk.store.schema.table import only, record_table

cases = record_table(
    "cases",
    Case,
    Index("ix_cases_number", "hall", "number"),
    Index("ix_cases_date", "hall", "date"),
    Index("ix_cases_open", "hall", "closed", **only("closed IS NULL")),
    later=("withheld",),
)
