"""The tables of improvement projects and of trials of words."""

from __future__ import annotations

from sqlalchemy import Index

from queuedesk.core.improvement.project import Project
from queuedesk.core.improvement.wording import WordTrial
from queuedesk.store.schema.table import only, record_table

projects = record_table(
    "projects",
    Project,
    Index("ix_projects_date", "hall", "date"),
    Index("ix_projects_open", "hall", "ended", **only("ended IS NULL")),
)

wordings = record_table(
    "wordings",
    WordTrial,
    Index("ix_wordings_date", "hall", "date"),
    Index("ix_wordings_open", "hall", "ended", **only("ended IS NULL")),
)
