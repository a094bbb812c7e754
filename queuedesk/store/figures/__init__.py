"""The rows that figures are made from.

`measured.py` reads only the columns that figures need, a date at a time; `drilldown.py` the rows behind one figure;
`arrivals.py` counts who came on past dates in one statement.
"""
