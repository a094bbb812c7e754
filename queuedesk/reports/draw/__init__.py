"""Draws on sheets of A4: text, tables, charts."""
