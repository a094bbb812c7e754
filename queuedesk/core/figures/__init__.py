"""Figures of business dates and how far they can be trusted.

`measures` adds up, `drilldown` finds the tickets behind a figure from its path in the document (`comparing.py`). Both
use the same conditions, so a list has as many rows as its figure counts.

`comparing.py` compares two spans on equal weekdays, each by the figures of its compared dates alone. `periods.py`
decides from the log and the folder alone which reports are due, so a process may die at any time."""
