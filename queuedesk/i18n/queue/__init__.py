"""Words of tickets, lines and waits."""
