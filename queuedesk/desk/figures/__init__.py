"""Figures read, compared and corrected.

`comparing.py` follows several halls of one database side by side: it asks for the ends of all logs in one
statement, each second while the page is seen, and reads on only where one has grown. A follower for each hall would be
a connection for each; the figures of another hall may be a second late.
"""
