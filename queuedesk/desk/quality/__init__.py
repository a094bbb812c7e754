"""Noting and reading what customers say, what is counted of their reasons, the cases that follow; inspections, and what
they found.

Words, names and paths of photos stand beside the log (`desk/reading.py`). On a server only managers' logins read
what is inspected: who knows of a mystery visit beforehand serves it as nobody else is served.
"""
