"""Figures that somebody else measured or added up: read, checked, kept as they were reported."""
