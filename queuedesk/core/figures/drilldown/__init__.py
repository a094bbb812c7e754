"""The tickets behind a figure."""
