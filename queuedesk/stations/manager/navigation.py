"""The manager's pages by their keys."""

from __future__ import annotations

TODAY, TICKETS, BOOKED, STAFF, NOTICES = "today", "tickets", "booked", "people", "notices"
REPORTS, WAITS, EQUIPMENT, PAPER, SETUP = "reports", "waits", "equipment", "paper", "setup"
