"""The type of an open transaction, in a module of its own so that nothing imports the whole database for it."""

from __future__ import annotations

from sqlalchemy import Connection

Transaction = Connection
"""What Database.read() and Database.write() give."""
