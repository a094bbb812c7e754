"""Plays whole days, and reads the tables in which they were recorded."""
