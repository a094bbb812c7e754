"""Comments, the figures of their reasons, and cases; inspections and their findings.

Words, names and paths of photos are stored outside the log (`desk/reading.py`). On a server only managers' logins may
read inspections, as staff who know of a mystery visit would treat the visitor better than other customers."""
