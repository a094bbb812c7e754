"""The tables of thanks and of forums."""

from __future__ import annotations

from sqlalchemy import Index

from queuedesk.core.quality.thanks import Forum, Thanks
from queuedesk.store.schema.table import only, record_table

thanks = record_table(
    "thanks",
    Thanks,
    Index("ix_thanks_date", "hall", "date"),
    Index("ix_thanks_unseen", "hall", "seen", **only("seen IS NULL")),
)

forums = record_table(
    "forums",
    Forum,
    Index("ix_forums_date", "hall", "date"),
)
