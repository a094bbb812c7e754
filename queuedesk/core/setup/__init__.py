"""How a hall is set up: its values, their checks and the set-up file.

`rows.py` declares services, windows, staff, hours and the rest with all of their fields, `hall.py` those of the hall
itself; `field_kinds.py` is what such a declaration can say. `file.py` declares the hall's rules, and reads and writes
the set-up file."""
