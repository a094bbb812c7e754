"""Figures of business dates and how far they can be trusted.

`measures` adds up, `drilldown` finds the tickets behind a figure from its path in the document (`comparing.py`). Both
ask the same conditions, so a list has as many rows as its figure says.

`comparing.py` compares two spans on equal weekdays; both are worked out anew from the dates that are compared, never
from sums. `periods.py` says which reports are due from the log and the folder alone, so a process may die
anywhere.
"""
