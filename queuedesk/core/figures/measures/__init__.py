"""Adds up the figures of business dates.

`document.py` makes a day's figures from the tickets, shifts and ratings of that date; PDF, JSON and the manager's
screen show that one result. Minutes are exact until they are shown. `figures.py` declares the counted figures in the
form of `figure.py`; `day.py` has the kinds of rows. Other figures have tallies of their own (`figure.py`,
`document.py`, `day.py`, `targets_reached.py`). `rows.py` has all conditions for counting.

A year is read from columns, and from the log only for tickets without a plain course (`store/figures/measured.py`)."""
