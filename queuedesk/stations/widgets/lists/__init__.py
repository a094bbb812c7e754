"""Lists, rows and tiles."""
