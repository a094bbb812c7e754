"""The keys of the manager's pages."""

from __future__ import annotations

TODAY, TICKETS, BOOKED, STAFF, NOTICES = "today", "tickets", "booked", "people", "notices"
REPORTS, WAITS, EQUIPMENT, PAPER, SETUP = "reports", "waits", "equipment", "paper", "setup"
