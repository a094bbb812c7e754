"""Backups, exports, moves of a whole database."""
