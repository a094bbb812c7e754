"""Figures measured by others: parsed, checked, and stored as reported.

Totals of other channels (`channel.py`) and yearly indicators are imported from files and stored in the log; the last
report counts. They are never averaged or interpolated. `files/table.py` reads the workbook or CSV file for both.
"""
