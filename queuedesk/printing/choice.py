"""The names by which a PC's choice of a printer says something else than a printer of the system."""

NO_PRINTER = "none:"
"""Nothing is printed; numbers are written down by hand."""
PICTURES = "png:"
"""Every slip becomes a PNG in the folder named after it."""
