"""An open transaction, as every store function takes it: a module of its own, so that none of them imports the doors to
the database."""

from __future__ import annotations

from sqlalchemy import Connection

Transaction = Connection
"""What Database.read() and Database.write() give."""
