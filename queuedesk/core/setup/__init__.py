"""How a hall is set up: its values, their checks and the set-up file.

`rows.py` declares services, windows, staff, hours and the rest with all of their fields, `file.py` the hall's rules;
`field_kinds.py` is what such a declaration can say, and `file.py` reads and writes the set-up file.
"""
