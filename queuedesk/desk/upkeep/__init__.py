"""The day's end, backups, checks and repairs of the data."""
