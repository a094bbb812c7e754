"""Adds up the figures of business dates.

`document.py` works a day's figures out of the tickets, shifts and ratings of that date; PDF, JSON and the manager's
screen show that one result. Minutes are exact until they are shown. `figures.py` declares the figures that are counted,
in the form of `figure.py`; `day.py` says what rows there are. What is no such count is a tally of its own (`figure.py`,
`document.py`, `day.py`, `targets_reached.py`). What counts in a figure is asked in one place, `rows.py`.

A year is read from columns, and from the log only for tickets that did not take the plain course
(`store/figures/measured.py`).
"""
