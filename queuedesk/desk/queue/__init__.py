"""The life of a ticket: issued, called, served, moved, rated."""
