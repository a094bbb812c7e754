"""Paper days: numbers on paper, entered later."""
