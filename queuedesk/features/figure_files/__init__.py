"""The figures of a report as files for other programs, and two periods compared as a file."""
