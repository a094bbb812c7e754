"""Figures read, compared, taken over and corrected."""
