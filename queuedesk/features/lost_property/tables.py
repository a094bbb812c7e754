"""The tables of lost property."""

from queuedesk.features.lost_property.rules import ASKED, FOUND, Asked, Found
from queuedesk.store.parts.rows import Rows
from queuedesk.store.schema.table import record_table

_found, _asked = record_table("lost_found", Found, key=("n",)), record_table("lost_asked", Asked)
ROWS = (Rows(FOUND, _found, _found.c.how.is_(None)), Rows(ASKED, _asked, _asked.c.found.is_(None)))
