"""Adds up the figures of business dates.

`document.py` works a day's figures out of the tickets, shifts and ratings of that date; PDF, JSON and the manager's
screen show that one result. Minutes are exact until they are shown. `figures.py` declares the figures that are counted
of tickets and legs, `other_figures.py` those of other rows, `within_target.py` the share called within the target;
`sources.py` says what rows there are. What is no such count is a tally of its own (`lines.py`, `diversion.py`,
`devices.py`, `promise.py`, `targets_reached.py`). What counts in a figure is asked in one place, `conditions.py`.

A year is read from columns, and from the log only for tickets that did not take the plain course
(`store/figures/measured.py`).
"""
