"""The figures of a report, in words, in tables and in files."""
