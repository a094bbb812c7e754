"""Check a table: finds what is wrong in a table of satisfaction."""
