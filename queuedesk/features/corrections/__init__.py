"""Correcting what a ticket's story has wrong: its fields with a reason, what counts in figures by two people."""
