"""Figures that somebody else measured or added up: read, checked, kept as they were reported.

Totals of other channels (`channel.py`), as yearly indicators, come in by files and stand in the log as reported; the
last report counts. They are never averaged or filled in.
`files/table.py` reads the sheets of a workbook or a CSV file for both.
"""
