"""Noting and reading what customers say, and what is counted of their reasons."""
