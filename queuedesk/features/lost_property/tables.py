"""The tables of lost property."""

from sqlalchemy import Index

from queuedesk.features.lost_property.rules import ASKED, FOUND, Asked, Found
from queuedesk.store.parts.rows import Rows
from queuedesk.store.schema.table import only, record_table

_found = record_table(
    "lost_found",
    Found,
    Index("ix_lost_found_date", "hall", "date"),
    Index("ix_lost_found_here", "hall", **only("how IS NULL")),
    key=("n",),
)
_asked = record_table(
    "lost_asked",
    Asked,
    Index("ix_lost_asked_date", "hall", "date"),
    Index("ix_lost_asked_open", "hall", **only("found IS NULL")),
)
ROWS = (Rows(FOUND, _found, _found.c.how.is_(None)), Rows(ASKED, _asked, _asked.c.found.is_(None)))
