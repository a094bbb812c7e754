"""Rows of each table to core objects and back.

`part_tables.py` says for each part of the hall what its table is, what of it is open and how a row is written;
snapshots, rebuilds and comparisons walk through it. Tickets, single values and others that are stored in a way of their
own have a module each.

`sharing.py` keeps what past dates taught, beside the log and in no backup: made at the first change after a date, and
again when a date is corrected or the set-up is another."""
