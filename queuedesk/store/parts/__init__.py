"""Rows of each table to core objects and back."""
