"""Adds up the figures of business dates.

`document.py` works a day's figures out of the tickets, shifts and ratings of that date; PDF, JSON and the manager's
screen show that one result. Minutes are exact until they are shown. Each area beyond the counts of a day is a tally of
its own (`lines.py`, `diversion.py`, `devices.py`, `targets.py`), read by its own reader in the store. What
counts in a figure is asked in one place, `conditions.py`.

A year is read from columns, and from the log only for tickets that did not take the plain course
(`store/figures/measured.py`).
"""
