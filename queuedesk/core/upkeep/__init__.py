"""Keeping the data: when backups are due, and whether a log is still what a sheet was printed from."""
