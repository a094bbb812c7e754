"""The rows that figures are made from.

`measured.py` reads the rows of figures and those behind one figure, a date at a time; `arrivals.py` counts past dates
in one statement."""
