"""Contingency cards on the lobby board, as a line at every station of staff, and in the set-up."""
