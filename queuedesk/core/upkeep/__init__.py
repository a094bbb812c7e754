"""Keeping the data: when backups are due, and whether a log is still the one a sheet was printed from.

`backup_rule.py` says when a backup is due, which stay and when their age deserves a warning. `check_code.py` makes the
code of the log's end that reports print, and judges what became of it (decisions/check-codes.md).
"""
