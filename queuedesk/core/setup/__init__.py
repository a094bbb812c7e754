"""How a hall is set up: its values, their checks and the set-up file."""
