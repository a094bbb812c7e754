"""Figures that somebody else measured or added up: read, checked, kept as they were reported.

Yearly indicators (`indicator.py`) and totals of other channels (`channel.py`) come in by files and stand in the log as
reported; the last report counts. They are never averaged or filled in. `table_audit.py` checks a table of satisfied and
dissatisfied counts against its stated percentages; `audit_reading.py` decides how such a table's numbers are written.
`sim/table.py` reads the sheets of a workbook or a CSV file for all three.
"""
